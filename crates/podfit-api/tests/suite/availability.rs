//! Availability: the same whatever the threads and the parts; every fault of a request at once.

use crate::cases::{ROOMY, TWO_WORKERS, open, rate};
use podfit_api::report::{AvailabilityReport, AvailabilityVerdict};
use podfit_api::{
    AnswerError, AnswerOptions, AvailabilityRequest, FailureRate, Report, Request, RequestError,
    RunPart, Seconds,
};

fn ask(
    cluster: &str,
    request: &AvailabilityRequest,
    threads: Option<usize>,
) -> Result<AvailabilityReport, Vec<RequestError>> {
    let options = AnswerOptions { threads, ..AnswerOptions::default() };
    match open(cluster).answer(&Request::Availability(request.clone()), &options) {
        Ok(envelope) => match envelope.report {
            Report::Availability(report) => Ok(report),
            other => panic!("{other:?}"),
        },
        Err(AnswerError::Request(errors)) => Err(errors),
        Err(other) => panic!("{other:?}"),
    }
}

fn question() -> AvailabilityRequest {
    AvailabilityRequest {
        failures: vec![rate(&["*"], false), rate(&["worker-a", "worker-b"], true)],
        runs: 120,
        seed: 5,
        ..AvailabilityRequest::default()
    }
}

#[test]
fn the_same_comes_out_whatever_the_threads_and_the_parts() {
    let whole = ask(TWO_WORKERS, &question(), None).unwrap();
    for threads in [1, 3] {
        assert_eq!(ask(TWO_WORKERS, &question(), Some(threads)).unwrap(), whole);
    }
    let part = |first, count| {
        let part = Some(RunPart { first, count });
        ask(TWO_WORKERS, &AvailabilityRequest { part, ..question() }, Some(1)).unwrap().sums
    };
    let sums = vec![part(70, 50), part(0, 1), part(1, 69)];
    let added = ask(TWO_WORKERS, &AvailabilityRequest { sums, ..question() }, None).unwrap();
    assert_eq!(added, whole);
    let other = ask(TWO_WORKERS, &AvailabilityRequest { seed: 6, ..question() }, None).unwrap();
    assert_ne!(other.workloads, whole.workloads);
}

#[test]
fn sums_that_are_not_of_all_runs_are_refused() {
    let part = |first, count| {
        let part = Some(RunPart { first, count });
        ask(TWO_WORKERS, &AvailabilityRequest { part, ..question() }, Some(1)).unwrap().sums
    };
    let mut broken = part(0, 120);
    broken.workloads[0].down_ms = "many".into();
    for sums in
        [vec![part(0, 60)], vec![part(0, 60), part(0, 60)], vec![part(10, 110)], vec![broken]]
    {
        let errors =
            ask(TWO_WORKERS, &AvailabilityRequest { sums, ..question() }, None).unwrap_err();
        assert_eq!(errors[0].code, "bad-sums");
    }
}

#[test]
fn limits_are_told_and_what_is_beyond_counts_as_down() {
    let few = AvailabilityRequest { sets_max: 1, ..question() };
    let report = ask(TWO_WORKERS, &few, None).unwrap();
    assert_eq!((report.verdict, report.sets_asked), (AvailabilityVerdict::Partly, 1));
    let whole = ask(TWO_WORKERS, &question(), None).unwrap();
    assert!(report.workloads[0].down_seconds.mean > whole.workloads[0].down_seconds.mean);
    assert!(report.not_asked_seconds > Seconds::default());
}

#[test]
fn domains_fail_together() {
    let domain = FailureRate { domain: Some("zone".into()), nodes: vec![], ..rate(&[], true) };
    let request = AvailabilityRequest { failures: vec![domain], ..question() };
    let nodes: Vec<_> =
        ask(ROOMY, &request, None).unwrap().failures.into_iter().map(|f| f.nodes).collect();
    assert_eq!(nodes, [vec!["a", "b"], vec!["c"]]);
}

#[test]
fn hosts_fail_as_one_and_nodes_each_for_itself() {
    let groups = |cluster: &str, names: &[&str]| -> Vec<Vec<String>> {
        let request = AvailabilityRequest { failures: vec![rate(names, false)], ..question() };
        ask(cluster, &request, None).unwrap().failures.into_iter().map(|f| f.nodes).collect()
    };
    // The master machine fails over: it is down only where both hosts are.
    assert_eq!(groups(TWO_WORKERS, &["A", "B"]), [["worker-a"], ["worker-b"]]);
    assert_eq!(groups(ROOMY, &["zone=x", "a"]), [["a"], ["b"]]);
    assert_eq!(groups(ROOMY, &["*"]), [["a"], ["b"], ["c"]]);
}

#[test]
fn every_fault_of_a_request_is_told() {
    let codes = |request: AvailabilityRequest| -> Vec<(&'static str, String)> {
        let errors = ask(ROOMY, &request, None).unwrap_err();
        errors.into_iter().map(|e| (e.code, e.place)).collect()
    };
    let expect = |found: Vec<(&'static str, String)>, expected: &[(&str, &str)]| {
        let found: Vec<(&str, &str)> = found.iter().map(|(c, p)| (*c, p.as_str())).collect();
        assert_eq!(found, expected);
    };
    let none = AvailabilityRequest { runs: 0, sets_max: 0, ..AvailabilityRequest::default() };
    let three = [("nothing-fails", "failures"), ("out-of-range", "runs"), ("too-few", "setsMax")];
    expect(codes(none), &three);
    let zero =
        FailureRate { repair_seconds: Seconds::default(), ..rate(&["zz", "a", "zone=q"], false) };
    let both = FailureRate { domain: Some("zone".into()), ..rate(&["a"], false) };
    let nothing = rate(&[], false);
    let request = AvailabilityRequest {
        failures: vec![zero, both, nothing],
        part: Some(RunPart { first: 100, count: 21 }),
        ..question()
    };
    let six = [
        ("out-of-range", "part"),
        ("out-of-range", "failures[0].repairSeconds"),
        ("unknown-node", "failures[0].nodes[0]"),
        ("unknown-label", "failures[0].nodes[2]"),
        ("two-ways", "failures[1].domain"),
        ("nothing-fails", "failures[2].nodes"),
    ];
    expect(codes(request), &six);
    let second = Seconds::from_ms(1000);
    let often = FailureRate { between_failures_seconds: second, ..rate(&["*"], false) };
    let often = FailureRate { repair_seconds: second, ..often };
    expect(
        codes(AvailabilityRequest { failures: vec![often], ..question() }),
        &[("too-much", "runs")],
    );
}
