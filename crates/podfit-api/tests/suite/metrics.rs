//! Metrics: read by the format's own grammar, and held against the report.

use crate::cases::{TIGHT, TWO_WORKERS, all, answer, open};
use crate::golden::agrees;
use podfit_api::render::{Format, RenderError, RenderOptions, render};
use podfit_api::{AnswerOptions, AuditRequest, Envelope, Report, Request};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

fn text(envelope: &Envelope) -> Result<String, RenderError> {
    let options = RenderOptions { format: Format::Prometheus, ..RenderOptions::default() };
    render(envelope, &options)
}

fn audit(cluster: &str, request: AuditRequest) -> Envelope {
    open(cluster).answer(&Request::Audit(request), &AnswerOptions::default()).unwrap()
}

type Labels = BTreeMap<String, String>;

/// The samples of a text in the format; any line that the grammar does not have is a fault.
fn parsed(text: &str) -> BTreeMap<(String, Labels), f64> {
    assert!(text.ends_with('\n'), "the last line ends too");
    let (mut samples, mut typed, mut done) = (BTreeMap::new(), None, BTreeSet::new());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, docs) = help.split_once(' ').expect("a name and a text");
            unescaped(docs, false);
            let next = lines.next().expect("a type after the help");
            assert_eq!(next, format!("# TYPE {name} gauge"));
            assert!(done.insert(name.to_string()), "{name} comes once, all its samples together");
            typed = Some(name.to_string());
            continue;
        }
        let (name, labels, value) = sample(line);
        assert_eq!(typed.as_ref(), Some(&name), "{line}");
        assert!(samples.insert((name, labels), value).is_none(), "{line} comes twice");
    }
    samples
}

fn is_name(text: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
    text.starts_with(starts) && text.chars().all(|c| starts(c) || c.is_ascii_digit())
}

fn sample(line: &str) -> (String, Labels, f64) {
    let end = line.find(['{', ' ']).expect("a value after the name");
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name), "{line}");
    let mut labels = Labels::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            let (key, after) = rest.split_once("=\"").expect("key=\"value\"");
            assert!(is_name(key), "{line}");
            let mut escape = false;
            let end = after.find(|c| {
                let ends = c == '"' && !escape;
                escape = c == '\\' && !escape;
                ends
            });
            let end = end.expect("the value's quote");
            assert!(labels.insert(key.into(), unescaped(&after[..end], true)).is_none(), "{line}");
            rest = &after[end + 1..];
            match rest.strip_prefix(',') {
                Some(more) => rest = more,
                None => break,
            }
        }
        rest = rest.strip_prefix('}').expect("}");
    }
    let value = rest.strip_prefix(' ').expect("one blank");
    (name.into(), labels, value.parse().unwrap_or_else(|_| panic!("{line}: no number")))
}

fn unescaped(text: &str, is_value: bool) -> String {
    let (mut out, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        assert!(c != '"' || !is_value, "{text}");
        match c {
            '\\' => match chars.next() {
                Some('\\') => out.push('\\'),
                Some('n') => out.push('\n'),
                Some('"') if is_value => out.push('"'),
                other => panic!("{text}: \\{other:?}"),
            },
            c => out.push(c),
        }
    }
    out
}

fn value(samples: &BTreeMap<(String, Labels), f64>, name: &str, labels: &[(&str, &str)]) -> f64 {
    let labels = labels.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    *samples.get(&(name.into(), labels)).unwrap_or_else(|| panic!("{name} in {samples:#?}"))
}

#[test]
fn audits_have_metrics_that_say_what_the_report_says() {
    for case in all() {
        let envelope = answer(&case);
        let Report::Audit(report) = &envelope.report else {
            assert_eq!(text(&envelope), Err(RenderError::NoMetrics), "{}", case.name);
            continue;
        };
        let text = text(&envelope).unwrap();
        let path = format!("tests/golden/{}.prom", case.name);
        agrees(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path), &text);
        let samples = parsed(&text);
        assert_eq!(value(&samples, "podfit_unrequested_pods", &[]), report.unrequested_pods as f64);
        let memory = report.headroom["memory"] as f64;
        assert_eq!(value(&samples, "podfit_headroom", &[("resource", "memory")]), memory);
        let cpu = report.headroom["cpu"] as f64 / 1000.0;
        assert_eq!(value(&samples, "podfit_headroom", &[("resource", "cpu")]), cpu);
    }
}

#[test]
fn losses_are_counted_by_what_is_lost() {
    let losses = |cluster: &str, request| {
        let envelope = audit(cluster, request);
        parsed(&text(&envelope).unwrap())
    };
    let of = |of: &'static str| [("of", of)];
    let (k1, k2) = (AuditRequest::default(), AuditRequest { k: 2, ..AuditRequest::default() });
    let roomy = losses(crate::cases::ROOMY, k1.clone());
    assert_eq!(value(&roomy, "podfit_survivable_losses", &of("node")), 1.0);
    // Three nodes of 4 cores, a pod of 1 core on each: two may go, and no third was asked for.
    let roomy = losses(crate::cases::ROOMY, k2);
    assert_eq!(value(&roomy, "podfit_survivable_losses", &of("node")), 2.0);
    assert_eq!(value(&losses(TIGHT, k1.clone()), "podfit_survivable_losses", &of("node")), 0.0);
    let cut = AuditRequest { cases_max: 2, ..k1.clone() };
    let cut = losses(crate::cases::ROOMY, cut);
    assert!(value(&cut, "podfit_survivable_losses", &of("node")).is_nan(), "one was not asked");
    let device = losses(TWO_WORKERS, k1);
    assert_eq!(value(&device, "podfit_survivable_losses", &of("host")), 1.0);
    let lost = [("lost", "B"), ("of", "host")];
    assert_eq!(value(&device, "podfit_loss_survived", &lost), 1.0);
    let bound = |bound| [("lost", "B"), ("of", "host"), ("bound", bound)];
    assert_eq!(value(&device, "podfit_recovery_seconds", &bound("min")), 335.6);
    assert_eq!(value(&device, "podfit_recovery_seconds", &bound("max")), 396.1);
}
