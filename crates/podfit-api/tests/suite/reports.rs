//! What holds for every report.

use crate::cases::{Case, GAP, ROOMY, WITH_LOSSES, all, answer, fail, open};
use podfit_api::render::{Format, RenderOptions, render};
use podfit_api::report::{CheckVerdict, PodVerdict, Report, Verdict, WhatIfReport};
use podfit_api::{
    AnswerOptions, AuditRequest, CancelToken, CheckPlan, CheckRequest, Envelope, Progress, Request,
    Selection, Snapshot, Solver, WhatIfRequest,
};
use std::collections::BTreeSet;
use std::sync::Arc;

fn what_if(case: &Case) -> Option<WhatIfReport> {
    match answer(case).report {
        Report::WhatIf(report) => Some(report),
        _ => None,
    }
}

#[test]
fn the_door_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Snapshot>();
    shared::<Envelope>();
}

#[test]
fn verdicts_are_as_expected() {
    for case in all() {
        let json = serde_json::to_value(answer(&case).report).unwrap();
        assert_eq!(json["verdict"], case.verdict, "{}", case.name);
    }
}

#[test]
fn every_pod_has_one_verdict_and_a_reason() {
    for case in all() {
        let Some(report) = what_if(&case) else { continue };
        let names: BTreeSet<_> = report.pods.iter().map(|p| (&p.namespace, &p.name)).collect();
        assert_eq!(names.len(), open(case.cluster).cluster().pods().len(), "{}", case.name);
        assert_eq!(names.len(), report.pods.len(), "{}", case.name);
        for pod in &report.pods {
            assert!(!pod.reason.text.is_empty(), "{pod:?}");
            let goes = matches!(pod.verdict, PodVerdict::Moves | PodVerdict::NotEvaluated);
            assert!(!goes || pod.to.is_some() && pod.to != pod.from, "{pod:?}");
        }
        let c = report.counts;
        let sum = c.moves
            + c.placed
            + c.pending
            + c.waiting
            + c.lost
            + c.stuck
            + c.not_evaluated
            + c.gone
            + c.stays;
        assert_eq!(sum, report.pods.len(), "{}", case.name);
    }
}

#[test]
fn plans_in_reports_pass_the_check() {
    let mut replayed = 0;
    for case in all() {
        let Some(report) = what_if(&case) else { continue };
        replayed += report.steps.len();
        let plan: CheckPlan =
            serde_json::from_value(serde_json::to_value(&report).unwrap()).unwrap();
        let request = Request::Check(CheckRequest { plan: Some(plan) });
        let checked = open(case.cluster).answer(&request, &AnswerOptions::default()).unwrap();
        let Report::Check(checked) = checked.report else { panic!("a check") };
        assert_eq!(checked.verdict, CheckVerdict::Legal, "{}: {:?}", case.name, checked.violations);
    }
    assert!(replayed >= 6, "{replayed}");
}

#[test]
fn reports_come_back_from_json_and_do_not_depend_on_threads() {
    for case in all() {
        let snapshot = open(case.cluster);
        let with = |threads| {
            let options = AnswerOptions { threads: Some(threads), ..AnswerOptions::default() };
            snapshot.answer(&case.request, &options).unwrap().report
        };
        let one = serde_json::to_string(&with(1)).unwrap();
        assert_eq!(one, serde_json::to_string(&with(4)).unwrap(), "{}", case.name);
        let back: Report = serde_json::from_str(&one).unwrap();
        assert_eq!(back, with(2), "{}", case.name);
    }
}

#[test]
fn the_solver_asked_for_is_used_and_a_cancelled_search_still_answers() {
    let snapshot = open(ROOMY);
    let request = Request::WhatIf(fail(&["a"]));
    let cancel = CancelToken::default();
    cancel.cancel();
    for solver in [Solver::Auto, Solver::Greedy, Solver::Exact] {
        let options = AnswerOptions { solver, cancel: cancel.clone(), ..AnswerOptions::default() };
        let report = snapshot.answer(&request, &options).unwrap().report;
        assert!(report.is_good(false), "{solver:?}");
    }
}

#[test]
fn a_cancelled_audit_tells_the_cases_that_were_asked() {
    let cancel = CancelToken::default();
    let stop = cancel.clone();
    let after_one = Arc::new(move |p| {
        if matches!(p, Progress::Cases { done: 1, .. }) {
            stop.cancel();
        }
    });
    let options = AnswerOptions {
        threads: Some(1),
        cancel,
        progress: Some(after_one),
        ..AnswerOptions::default()
    };
    let audit = Request::Audit(AuditRequest::default());
    match open(ROOMY).answer(&audit, &options).unwrap().report {
        Report::Audit(r) => {
            assert_eq!((r.cases_asked, r.cases_all, r.cases.len()), (1, 3, 1));
            assert_eq!(r.verdict, Verdict::Unknown, "{}", r.why);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_filter_changes_the_list_and_nothing_else() {
    let snapshot = open(ROOMY);
    let request = Request::WhatIf(fail(&["a"]));
    let with = |list| {
        let options = AnswerOptions { list, ..AnswerOptions::default() };
        match snapshot.answer(&request, &options).unwrap().report {
            Report::WhatIf(r) => r,
            other => panic!("{other:?}"),
        }
    };
    let all = with(Selection::default());
    let mut some = with(Selection::new(Some("shop"), Some("app=web")).unwrap());
    assert_eq!((some.pods.len(), all.pods.len()), (3, 6));
    let listed = some.pods_listed.take().unwrap();
    assert_eq!((listed.shown, listed.all, listed.filter.as_str()), (3, 6, "-n shop -l app=web"));
    some.pods = all.pods.clone();
    assert_eq!(some, all);
}

#[test]
fn only_what_changes_can_be_listed() {
    let mut left_out = 0;
    for case in all() {
        let Some(mut whole) = what_if(&case) else { continue };
        let list = Selection::default().changed(true);
        let options = AnswerOptions { list, ..AnswerOptions::default() };
        let answer = open(case.cluster).answer(&case.request, &options).unwrap();
        let Report::WhatIf(mut short) = answer.report else { panic!("{}", case.name) };
        let pods = whole.pods.len();
        whole.pods.retain(|p| p.verdict != PodVerdict::Stays);
        assert_eq!(whole.pods.len() + whole.counts.stays, pods, "{}", case.name);
        let listed = short.pods_listed.take().unwrap();
        let said = (listed.shown, listed.all, listed.filter.as_str());
        assert_eq!(said, (whole.pods.len(), pods, "--changed"), "{}", case.name);
        assert_eq!(short, whole, "{}", case.name);
        left_out += whole.counts.stays;
    }
    assert!(left_out > 0);
}

#[test]
fn losses_are_good_only_if_accepted() {
    let envelope = answer(&all()[2]);
    assert!(!envelope.report.is_good(false));
    assert!(envelope.report.is_good(true));
    assert!(!answer(&all()[3]).report.is_good(true));
    assert!(!answer(&all()[6]).report.is_good(true));
    // Not to ask the scheduler hides no losses.
    let ask = Request::WhatIf(WhatIfRequest { predict: Some(0), ..fail(&["a"]) });
    let unasked = |cluster| open(cluster).answer(&ask, &AnswerOptions::default()).unwrap().report;
    assert!(!unasked(WITH_LOSSES).is_good(false));
    assert!(unasked(WITH_LOSSES).is_good(true));
    assert!(unasked(ROOMY).is_good(false));
}

#[test]
fn a_custom_owner_and_missing_data_are_told() {
    let Report::WhatIf(report) =
        open(GAP).answer(&Request::WhatIf(fail(&["a"])), &AnswerOptions::default()).unwrap().report
    else {
        panic!("a what-if")
    };
    assert_eq!(report.pods[0].verdict, PodVerdict::NotEvaluated);
    assert!(
        report.pods[0].reason.text.contains("recreated by Database (assumed)"),
        "{:?}",
        report.pods[0]
    );
    assert!(report.pods[0].reason.text.contains("data-db-0"), "{:?}", report.pods[0]);
    assert!(!report.pods[1].notes.is_empty(), "{:?}", report.pods[1]);
    assert_eq!((report.unrequested.displaced, report.unrequested.unrequested), (2, 1));
}

#[test]
fn text_keeps_the_width_and_steers_no_terminal() {
    for case in all() {
        let envelope = answer(&case);
        for (width, format) in [(80, Format::Table), (120, Format::Wide), (40, Format::Table)] {
            let options = RenderOptions { width, format, ..RenderOptions::default() };
            let text = render(&envelope, &options).unwrap();
            let body = text.trim_end().rsplit_once('\n').map_or("", |(body, _verdict)| body);
            for line in body.lines() {
                // Bars are drawn at least four columns wide, names are never cut.
                let most = if width == 40 { 80 } else { width };
                assert!(line.chars().count() <= most, "{} {width}: {line}", case.name);
            }
            assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{}", case.name);
            let colored = render(&envelope, &RenderOptions { color: true, ..options }).unwrap();
            assert!(colored.contains('\u{1b}'));
            assert_eq!(strip(&colored), text, "{}", case.name);
        }
    }
}

fn strip(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out += &rest[..at];
        rest = &rest[at..];
        rest = &rest[rest.find('m').unwrap() + 1..];
    }
    out + rest
}

#[test]
fn lists_are_sorted_by_any_column_or_resource() {
    let envelope = answer(&all()[3]);
    let with = |column: &str| {
        let options = RenderOptions {
            format: Format::Csv,
            sort_by: Some(column.into()),
            ..RenderOptions::default()
        };
        render(&envelope, &options).map(|csv| {
            csv.lines()
                .skip(1)
                .map(|l| l.split(',').nth(1).unwrap().to_string())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(with("name").unwrap(), ["api-0", "api-1", "cache-0", "cache-1", "codec-0"]);
    assert_eq!(with("memory").unwrap(), ["codec-0", "api-0", "api-1", "cache-0", "cache-1"]);
    assert_eq!(with("example.com/fpga").unwrap().last().unwrap(), "codec-0");
    let error = with("colour").unwrap_err();
    assert!(error.to_string().contains("namespace, name, verdict"), "{error}");
}

#[test]
fn names_from_outside_steer_no_terminal() {
    let evil = GAP.replace("\"web\"", r#""web\u001b[2J\u202e""#);
    let input = podfit_api::Input::new("evil", evil.as_bytes());
    // A reader that refuses such a name is as good.
    let Ok(snapshot) = podfit_api::open(vec![input], &podfit_api::OpenOptions::default()) else {
        return;
    };
    let envelope =
        snapshot.answer(&Request::WhatIf(fail(&["a"])), &AnswerOptions::default()).unwrap();
    for format in [Format::Table, Format::Wide, Format::Csv, Format::Json, Format::Yaml] {
        let text =
            render(&envelope, &RenderOptions { format, ..RenderOptions::default() }).unwrap();
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{format:?}: {text:?}");
    }
}

#[test]
fn json_and_yaml_are_laid_out_as_their_writers_do_it() {
    for case in all() {
        let envelope = open(case.cluster).answer(&case.request, &AnswerOptions::default()).unwrap();
        let text = |format| {
            render(&envelope, &RenderOptions { format, ..RenderOptions::default() }).unwrap()
        };
        let json = serde_json::to_string_pretty(&envelope).unwrap() + "\n";
        assert_eq!(text(Format::Json), json, "{}", case.name);
        let yaml = serde_saphyr::to_string(&envelope).unwrap();
        assert_eq!(text(Format::Yaml), yaml, "{}", case.name);
    }
}

/// A server whose Node object is deleted does not become a machine beside the cluster that works on.
#[test]
fn a_deleted_server_is_gone() {
    let down = |steps: &str| {
        let ask = crate::cases::steps(steps);
        let answer = open(crate::cases::THREE_SERVERS)
            .answer(&Request::Sequence(ask), &AnswerOptions::default())
            .expect("an answer");
        let Report::Sequence(report) = answer.report else { panic!("another report") };
        report.states.last().expect("a state").control_plane.down.clone()
    };
    assert_eq!(down(r#"[{"step": "delete", "nodes": ["m1"]}]"#), [""; 0]);
    let two = r#"[{"step": "delete", "nodes": ["m1"]}, {"step": "lose", "nodes": ["m2"]}]"#;
    assert_eq!(down(two), ["etcd"]);
}
