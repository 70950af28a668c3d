//! What is cut short is said; and what is found hangs on no clock.

use crate::cases::{TIGHT, all, answer, fail, open};
use podfit_api::report::{Report, StageCode, StopCode, Verdict, WhatIfReport};
use podfit_api::{AnswerOptions, CancelToken, Progress, Request, Scenario, sweep};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The most important pod goes first, and then the others fill the other node: so in each seed, and no sum says so.
const IN_ORDER: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: b, allocatable: {cpu: 900m, memory: 8Gi}}
  - {name: c, allocatable: {cpu: 900m, memory: 8Gi}}
workloads:
  - {name: big, replicas: 1, runsOn: [a], requests: {cpu: 900m, memory: 1Gi}, priority: 100}
  - {name: mid, replicas: 1, runsOn: [a], requests: {cpu: 500m, memory: 1Gi}}
  - {name: small, replicas: 1, runsOn: [a], requests: {cpu: 400m, memory: 1Gi}}
";

fn what_if(cluster: &str, node: &str, options: &AnswerOptions) -> WhatIfReport {
    match open(cluster).answer(&Request::WhatIf(fail(&[node])), options).unwrap().report {
        Report::WhatIf(report) => report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cancelled_simulation_leaves_the_verdict_open() {
    let whole = what_if(IN_ORDER, "a", &AnswerOptions::default());
    assert_eq!((whole.verdict, whole.stop), (Verdict::Survives, StopCode::Done));
    assert!(whole.prediction.is_some_and(|p| p.seeds > 0), "it is no proof");
    let cancel = CancelToken::default();
    cancel.cancel();
    let cut = what_if(IN_ORDER, "a", &AnswerOptions { cancel, ..AnswerOptions::default() });
    assert_eq!(cut.verdict, Verdict::Unknown, "{}", cut.why);
    assert_eq!((cut.stop, cut.cut_stage), (StopCode::Cancelled, Some(StageCode::Prediction)));
}

#[test]
fn a_time_limit_is_for_the_whole_question_and_names_the_stage() {
    let time_limit = Some(Duration::ZERO);
    let options = AnswerOptions { time_limit, ..AnswerOptions::default() };
    let cut = what_if(IN_ORDER, "a", &options);
    assert_eq!((cut.verdict, cut.stop), (Verdict::Unknown, StopCode::TimeLimit));
    assert_eq!(
        cut.cut_stage,
        Some(StageCode::Prediction),
        "a small problem is placed all the same"
    );
    let short = what_if(TIGHT, "node-a", &options);
    assert_eq!((short.verdict, short.stop), (Verdict::DoesNotFit, StopCode::TimeLimit));
    assert!(short.cause.is_some_and(|c| c.additions.is_empty() && !c.cuts.is_empty()));
    let rows = Mutex::new(Vec::new());
    let scenario = Scenario { fail: vec!["a".into()], ..Scenario::default() };
    sweep(&open(IN_ORDER), &[scenario], &options, |row| rows.lock().unwrap().push(row));
    let rows = rows.into_inner().unwrap();
    assert_eq!(rows[0].verdict.as_deref(), Some("unknown"));
    assert_eq!((rows[0].stop, rows[0].cut_stage), (StopCode::TimeLimit, cut.cut_stage));
}

#[test]
fn fixes_come_after_the_verdict_and_may_be_left_out() {
    for verdict_only in [false, true] {
        let seen = Arc::new(AtomicBool::new(false));
        let told = seen.clone();
        let progress = Arc::new(move |p| {
            told.fetch_or(matches!(p, Progress::LookingForFixes), Ordering::Relaxed);
        });
        let options =
            AnswerOptions { verdict_only, progress: Some(progress), ..AnswerOptions::default() };
        let report = what_if(TIGHT, "node-a", &options);
        assert_eq!(seen.load(Ordering::Relaxed), !verdict_only);
        assert_eq!(report.cause.is_some(), !verdict_only);
        assert_eq!((report.verdict, report.stop), (Verdict::DoesNotFit, StopCode::Done));
    }
}

/// Other work on the processors changes no byte.
#[test]
fn the_same_bytes_come_out_whatever_the_load() {
    let bytes = || -> Vec<String> {
        all().iter().map(|c| serde_json::to_string(&answer(c).report).unwrap()).collect()
    };
    let idle = bytes();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        for run in podfit_soak::seeds(3, 100) {
            assert_eq!(bytes(), idle, "run {run}");
        }
        stop.store(true, Ordering::Relaxed);
    });
}
