//! Requests: what is refused, all at once and with the fix.

use crate::cases::{GAP, HOST_TOO_SMALL, ROOMY, TWO_HOSTS, fail, open, steps};
use podfit_api::{
    AnswerError, AnswerOptions, AuditRequest, CheckPlan, CheckRequest, Request, RequestError,
    Rolling, Seconds, SequenceRequest, Span, StartTime, TimelineRequest, Timing,
};

fn errors(cluster: &str, request: Request) -> Vec<RequestError> {
    match open(cluster).answer(&request, &AnswerOptions::default()) {
        Err(AnswerError::Request(errors)) => errors,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_wrong_name_is_told_with_what_there_is() {
    let found = errors(
        HOST_TOO_SMALL,
        Request::WhatIf(fail(&["worker-c", "A", "C", "zone=x", "podfit.dev/host=C"])),
    );
    let told: Vec<(&str, &str)> = found.iter().map(|e| (e.code, e.place.as_str())).collect();
    assert_eq!(
        told,
        [
            ("unknown-node", "fail[0]"),
            ("unknown-node", "fail[2]"),
            ("unknown-label", "fail[3]"),
            ("unknown-label", "fail[4]")
        ]
    );
    assert!(
        found[0].fix.starts_with("did you mean worker-a? known: A (host), B (host), master"),
        "{}",
        found[0].fix
    );
    assert!(found[3].fix.ends_with("A, B"), "{}", found[3].fix);
}

#[test]
fn nothing_to_ask_is_an_error() {
    assert_eq!(errors(ROOMY, Request::WhatIf(fail(&[])))[0].code, "nothing-fails");
    let audit =
        AuditRequest { k: 0, cases_max: 0, domain: Some("nope".into()), ..AuditRequest::default() };
    let codes: Vec<_> = errors(ROOMY, Request::Audit(audit)).iter().map(|e| e.code).collect();
    assert_eq!(codes, ["too-few", "too-few", "unknown-label"]);
}

#[test]
fn every_fault_of_the_times_is_told() {
    let span =
        |min: i64, max: i64| Span { min: Seconds::from_ms(min), max: Some(Seconds::from_ms(max)) };
    let timing = Timing {
        kubernetes: Some("latest".into()),
        start_seconds: Some(span(2, 1)),
        host_seconds: Some(span(5, 0)),
        starts: vec![StartTime { workload: "nobody".into(), seconds: span(1, 0) }],
        ..Timing::default()
    };
    let fail = vec!["zz".into()];
    let request = TimelineRequest { fail, timing, ..TimelineRequest::default() };
    let found = errors(ROOMY, Request::Timeline(request));
    let told: Vec<(&str, &str)> = found.iter().map(|e| (e.code, e.place.as_str())).collect();
    assert_eq!(
        told,
        [
            ("unknown-node", "fail[0]"),
            ("bad-version", "timing.kubernetes"),
            ("empty-span", "timing.startSeconds"),
            ("empty-span", "timing.hostSeconds"),
            ("empty-span", "timing.starts[0].seconds"),
            ("unknown-pod", "timing.starts[0].workload"),
        ]
    );
}

#[test]
fn a_sequence_tells_every_step_that_cannot_be() {
    let told = |cluster: &str, request: SequenceRequest| -> Vec<(&'static str, String)> {
        errors(cluster, Request::Sequence(request)).into_iter().map(|e| (e.code, e.place)).collect()
    };
    let unknown = steps(
        r#"[{"step": "lose", "nodes": ["a", "q"]}, {"step": "return", "nodes": []},
            {"step": "drain", "nodes": ["zone=x", "zone=w"]}]"#,
    );
    let expected = [
        ("unknown-node", "steps[0].nodes[1]"),
        ("nothing-fails", "steps[1].nodes"),
        ("unknown-label", "steps[2].nodes[1]"),
    ];
    assert_eq!(told(ROOMY, unknown), expected.map(|(code, at)| (code, at.to_string())));
    let one = |found: Vec<(&'static str, String)>| {
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().unwrap_or_default()
    };
    assert_eq!(one(told(ROOMY, SequenceRequest::default())).0, "no-steps");
    let silent = steps(r#"[{"step": "lose", "nodes": ["A"]}, {"step": "drain", "nodes": ["A"]}]"#);
    assert_eq!(one(told(TWO_HOSTS, silent)), ("node-down", "steps[1].nodes".into()));
    let gone = steps(r#"[{"step": "delete", "nodes": ["a"]}, {"step": "return", "nodes": ["a"]}]"#);
    assert_eq!(one(told(ROOMY, gone)), ("unknown-node", "steps[1].nodes[0]".into()));
    let edit = steps(r#"[{"step": "edit", "edits": [{"op": "cordon", "node": "q"}]}]"#);
    assert_eq!(one(told(ROOMY, edit)), ("unknown-node", "steps[0].edits[0].node".into()));
    let both = SequenceRequest {
        rolling: Some(Rolling { batch: 0, domain: None }),
        ..steps(r#"[{"step": "lose", "nodes": ["a"]}]"#)
    };
    assert_eq!(one(told(ROOMY, both.clone())).0, "both-given");
    let none = SequenceRequest { steps: Vec::new(), ..both };
    assert_eq!(one(told(ROOMY, none)), ("too-few", "rolling.batch".into()));
}

#[test]
fn a_plan_of_another_cluster_is_refused() {
    let plan: CheckPlan = serde_json::from_str(
        r#"{"failed": ["zz"], "mode": "deleted", "steps": [
            {"namespace": "default", "name": "nobody", "to": "a"},
            {"namespace": "default", "name": "web", "to": "zz"}], "verdict": "ignored"}"#,
    )
    .unwrap();
    let found = errors(GAP, Request::Check(CheckRequest { plan: Some(plan) }));
    let told: Vec<(&str, &str)> = found.iter().map(|e| (e.code, e.place.as_str())).collect();
    assert_eq!(
        told,
        [
            ("unknown-node", "plan.failed[0]"),
            ("unknown-node", "plan.steps[1].to"),
            ("unknown-pod", "plan.steps[0]")
        ]
    );
}

#[test]
fn unknown_fields_are_refused_and_defaults_filled() {
    let read = |text: &str| serde_json::from_str::<Request>(text);
    assert_eq!(read(r#"{"kind":"WhatIf","fail":["a"]}"#).unwrap(), Request::WhatIf(fail(&["a"])));
    assert_eq!(read(r#"{"kind":"Audit"}"#).unwrap(), Request::Audit(AuditRequest::default()));
    for bad in [
        r#"{"kind":"WhatIf","fail":["a"],"nodes":1}"#,
        r#"{"kind":"WhatIf"}"#,
        r#"{"kind":"WhatIf","fail":["a"],"mode":"gone"}"#,
        r#"{"kind":"Audit","k":-1}"#,
        r#"{"kind":"Place","fewest":true}"#,
        r#"{"fail":["a"]}"#,
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
}
