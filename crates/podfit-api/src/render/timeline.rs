//! The table of a timeline: pods with their times, and how these come about.

use super::list::{Item, Key, SortError, csv, sort};
use super::page::{Cell, Page, Tone};
use super::what_if::{listed_note, notes, workload_or_pod};
use super::{Format, Render, RenderOptions};
use crate::report::{
    ActionCode, PartCode, PathReport, ReturnCode, TimelinePod, TimelineReport, TimelineVerdict,
    cut_words,
};
use crate::time::Span;
use std::collections::BTreeMap;

/// Lines of pods in a table before the rest is counted.
const LINES_MAX: usize = 40;
/// Paths shown in a table before the rest is counted.
const PATHS_MAX: usize = 3;

fn returns(code: ReturnCode) -> &'static str {
    match code {
        ReturnCode::Back => "back",
        ReturnCode::RunsOn => "runs on",
        ReturnCode::Operator => "stuck",
        ReturnCode::ControlPlane => "waits",
        ReturnCode::NoPlace => "no place",
        ReturnCode::WithNode => "with node",
        ReturnCode::Never => "lost",
    }
}

fn action(code: ActionCode) -> &'static str {
    match code {
        ActionCode::OutOfService => "the node is tainted out-of-service",
        ActionCode::ForceDelete => "the pod is deleted by force",
        ActionCode::DeleteNode => "the node is deleted",
    }
}

impl Item for TimelinePod {
    const COLUMNS: &'static [&'static str] = &[
        "namespace",
        "name",
        "from",
        "to",
        "verdict",
        "returns",
        "evicted-after-min-ms",
        "evicted-after-max-ms",
        "back-after-min-ms",
        "back-after-max-ms",
        "reason",
    ];

    fn key(&self, column: &str) -> Key {
        let min = |span: Option<Span>| span.map_or(Key::None, |s| s.min.ms().into());
        let max =
            |span: Option<Span>| span.and_then(|s| s.max).map_or(Key::None, |m| m.ms().into());
        match column {
            "namespace" => self.namespace.as_str().into(),
            "name" => self.name.as_str().into(),
            "from" => self.from.as_deref().into(),
            "to" => self.to.as_deref().into(),
            "verdict" => self.verdict.name().into(),
            "returns" => returns(self.returns).into(),
            "evicted-after-min-ms" => min(self.evicted_after_seconds),
            "evicted-after-max-ms" => max(self.evicted_after_seconds),
            "back-after-min-ms" => min(self.back_after_seconds),
            "back-after-max-ms" => max(self.back_after_seconds),
            _ => self.reason.text.as_str().into(),
        }
    }
}

impl Render for TimelineReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let mut pods: Vec<&TimelinePod> = self.pods.iter().collect();
        match &options.sort_by {
            None => pods.sort_by_key(|p| p.returns),
            Some(column) => sort(&mut pods, Some(column))?,
        }
        headline(page, self);
        page.blank();
        pod_table(page, &pods, wide);
        if let Some(listed) = &self.pods_listed {
            page.wrapped(&listed_note(listed), Tone::Dim, 2);
        }
        paths(page, self, &pods, wide);
        page.blank();
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let (symbol, tone, word) = match self.verdict {
            TimelineVerdict::Recovers => (page.glyphs.good, Tone::Good, "RECOVERS"),
            TimelineVerdict::RecoversPartly => (page.glyphs.warn, Tone::Warn, "RECOVERS PARTLY"),
            TimelineVerdict::DoesNotRecover => (page.glyphs.bad, Tone::Bad, "DOES NOT RECOVER"),
        };
        page.put(&format!("{symbol} {word}"), tone);
        let cut = cut_words(self.stop, self.cut_stage).map_or(String::new(), |c| format!(" {c}"));
        page.line(&format!(": {}.{cut}", self.why.text), Tone::Plain);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.pods.iter().collect(), sort_by)
    }
}

fn headline(page: &mut Page, report: &TimelineReport) {
    let hosts = report.failed_hosts.iter().map(|host| format!("host {host}"));
    let what: Vec<String> = match report.failed_hosts.is_empty() {
        false => hosts.collect(),
        true => report.failed.clone(),
    };
    page.put(&format!("Timeline: {} lost", what.join(" and ")), Tone::Head);
    let version = match &report.kubernetes {
        Some(version) => format!("Kubernetes {version}"),
        None => "any version of Kubernetes".into(),
    };
    let isolated = if report.isolated { ", isolated: the old pods run on" } else { "" };
    page.put(&format!("  ({}{isolated}; {version})", report.mode.name()), Tone::Dim);
    page.end();
}

/// Pods by workload; in `wide`, each.
fn pod_table(page: &mut Page, pods: &[&TimelinePod], wide: bool) {
    let mut groups: Vec<(String, &TimelinePod, usize)> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for pod in pods {
        let (_, name) = workload_or_pod(pod.workload.as_ref().filter(|_| !wide), &pod.name);
        let name = format!("{}/{name}", pod.namespace);
        let times = (pod.evicted_path, pod.back_path, &pod.reason.text);
        let key = (name.clone(), &pod.from, &pod.to, pod.returns, times);
        let at = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.2 += 1,
            None => groups.push((name, pod, 1)),
        }
    }
    let shown = if wide { groups.len() } else { groups.len().min(LINES_MAX) };
    let (arrow, times) = (page.glyphs.arrow, page.glyphs.times);
    let rows: Vec<Vec<Cell>> = groups[..shown]
        .iter()
        .map(|(name, pod, n)| {
            let (symbol, tone) = match pod.returns {
                ReturnCode::Back => (page.glyphs.good, Tone::Good),
                ReturnCode::RunsOn | ReturnCode::WithNode => (" ", Tone::Dim),
                ReturnCode::Operator | ReturnCode::ControlPlane => (page.glyphs.warn, Tone::Warn),
                ReturnCode::NoPlace | ReturnCode::Never => (page.glyphs.bad, Tone::Bad),
            };
            let end = |n: &Option<String>| n.clone().unwrap_or_else(|| "-".into());
            vec![
                Cell::new(format!("{symbol} {}", returns(pod.returns)), tone),
                if *n > 1 { format!("{name} {times}{n}") } else { name.clone() }.into(),
                format!("{} {arrow} {}", end(&pod.from), end(&pod.to)).into(),
                remark(pod).into(),
            ]
        })
        .collect();
    page.table(&["", "WORKLOAD", "WAY", "TIMES"], &rows);
    if shown < groups.len() {
        let text = format!("{} {} more (-o wide)", page.glyphs.more, groups.len() - shown);
        page.line(&text, Tone::Dim);
    }
}

fn remark(pod: &TimelinePod) -> String {
    let span = |what: &str, span: Option<Span>| span.map(|s| format!("{what} after {}", s.words()));
    let back = span("back", pod.back_after_seconds);
    let evicted = span("evicted", pod.evicted_after_seconds);
    let away = pod.down_seconds.filter(|d| Some(*d) != pod.back_after_seconds);
    let away = away.map(|d| format!("away for {}", d.words()));
    let act = |a: &crate::report::ActionReport| {
        format!("once {}: back after {}", action(a.action), a.back_after_seconds.words())
    };
    let reason = match pod.returns {
        ReturnCode::Back | ReturnCode::WithNode => None,
        ReturnCode::Operator if !pod.actions.is_empty() => None,
        _ => Some(pod.reason.text.clone()),
    };
    back.into_iter()
        .chain(evicted)
        .chain(reason)
        .chain(away)
        .chain(pod.actions.iter().map(act))
        .collect::<Vec<_>>()
        .join("; ")
}

/// How the times of pods that come back come about, path by path.
fn paths(page: &mut Page, report: &TimelineReport, pods: &[&TimelinePod], wide: bool) {
    let mut users: BTreeMap<u32, Vec<&TimelinePod>> = BTreeMap::new();
    for pod in pods {
        // Of those that do not come back by themselves, until they are evicted.
        if let Some(path) = pod.back_path.or(pod.evicted_path) {
            users.entry(path).or_default().push(pod);
        }
    }
    let shown = if wide { users.len() } else { users.len().min(PATHS_MAX) };
    for (&at, pods) in users.iter().take(shown) {
        let Some(path) = report.paths.get(at as usize) else { continue };
        let name = format!("{}/{}", pods[0].namespace, pods[0].name);
        let more =
            if pods.len() > 1 { format!(" and {} more", pods.len() - 1) } else { String::new() };
        let what = if pods[0].back_path.is_some() { "back" } else { "evicted" };
        page.blank();
        page.line(&format!("Until {name}{more} is {what}:"), Tone::Plain);
        let evicted = pods[0].evicted_path.and_then(|at| report.paths.get(at as usize));
        terms(page, path, evicted, wide);
    }
    if shown < users.len() {
        let text = format!("{} {} more ways (-o wide)", page.glyphs.more, users.len() - shown);
        page.line(&text, Tone::Dim);
    }
}

/// The terms of a path, with the sum where the pod is evicted, if the path goes on from there.
fn terms(page: &mut Page, path: &PathReport, evicted: Option<&PathReport>, wide: bool) {
    let exact = |span: Span| podfit::model::Interval::from(span).to_string();
    let sum = |path: &PathReport, what: &str| -> Vec<Cell> {
        let by_settings = exact(path.by_settings_seconds);
        vec![
            format!("= {}", exact(path.seconds)).into(),
            format!("{what}; by the settings alone {by_settings}").into(),
        ]
    };
    let evicted = evicted.filter(|e| e.terms.len() < path.terms.len() && !e.terms.is_empty());
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (i, t) in path.terms.iter().enumerate() {
        if let Some(evicted) = evicted.filter(|e| e.terms.len() == i) {
            rows.push(sum(evicted, "it is evicted"));
        }
        let sign = if t.part == PartCode::Elapsed { "less " } else { "" };
        let assumed = if t.assumed { " (assumed)" } else { "" };
        let source = if wide { t.source.as_str() } else { "" };
        let (time, text) =
            (format!("  {sign}{}", exact(t.seconds)), format!("{}{assumed}", t.text));
        rows.push(vec![time.into(), text.into(), source.into()]);
    }
    rows.push(sum(path, "in all"));
    page.table(&[], &rows);
}
