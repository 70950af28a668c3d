//! Requests: what is refused, all at once and with the fix.

use crate::cases::{
    EXTERNAL_ETCD, FIVE_NODES, GAP, HOST_TOO_SMALL, ROOMY, TWO_HOSTS, fail, open, plane, steps,
};
use podfit::device::HostId;
use podfit_api::{
    AnswerError, AnswerOptions, AuditRequest, CheckPlan, CheckRequest, ControlPlaneRequest,
    DeviceUnder, Input, NetworkPart, NetworkRequest, OpenOptions, Request, RequestError, Rolling,
    RouteChange, Seconds, SequenceRequest, Span, StartTime, TimelineRequest, Timing,
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
fn everything_wrong_about_a_control_plane_is_told_at_once() {
    let ask = ControlPlaneRequest {
        k: 0,
        cases_max: 0,
        survive: Some(9),
        members: Some(4),
        ..plane(&["m1:etdc", "m1", "m9:etcd", "w1:etcd", "zz", "pod/default/nope", "m1:etcd", "lb"])
    };
    let found = errors(FIVE_NODES, Request::ControlPlane(ask));
    let told: Vec<(&str, &str)> = found.iter().map(|e| (e.code, e.place.as_str())).collect();
    assert_eq!(
        told,
        [
            ("unknown-component", "fail[0]"),
            ("unknown-machine", "fail[2]"),
            ("unknown-machine", "fail[3]"),
            ("unknown-node", "fail[4]"),
            ("unknown-pod", "fail[5]"),
            ("too-few", "k"),
            ("too-few", "casesMax"),
            ("out-of-range", "survive"),
            ("even-members", "members"),
        ]
    );
    assert!(found[0].fix.starts_with("did you mean etcd?"), "{}", found[0].fix);
    assert!(found[8].fix.contains("3 or 5"), "{}", found[8].fix);
    let codes = |cluster, ask| {
        errors(cluster, Request::ControlPlane(ask)).iter().map(|e| e.code).collect::<Vec<_>>()
    };
    // What the input does not show cannot fail.
    assert_eq!(codes(ROOMY, plane(&["a:etcd", "lb"])), ["no-control-plane", "no-balancer"]);
    assert_eq!(codes(EXTERNAL_ETCD, plane(&["m2:etcd"])), ["unknown-component"]);
    for (members, code) in [
        (0, "too-few"),
        (2, "even-members"),
        (6, "even-members"),
        (8, "out-of-range"),
        (9, "out-of-range"),
    ] {
        let ask = ControlPlaneRequest { members: Some(members), ..plane(&[]) };
        assert_eq!(codes(ROOMY, ask), [code], "{members}");
    }
    let both = ControlPlaneRequest { members: Some(5), survive: Some(1), ..plane(&[]) };
    assert_eq!(codes(ROOMY, both), ["contradiction"]);
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
        rolling: Some(Rolling { batch: 0, ..Rolling::default() }),
        ..steps(r#"[{"step": "lose", "nodes": ["a"]}]"#)
    };
    assert_eq!(one(told(ROOMY, both.clone())).0, "both-given");
    let host = steps(r#"[{"step": "fail-over", "nodes": ["a"]}]"#);
    assert_eq!(one(told(ROOMY, host)), ("not-a-host", "steps[0].nodes".into()));
    let backward = steps(
        r#"[{"step": "lose", "nodes": ["a"], "forSeconds": {"min": 5, "max": 2}}, {"step": "return", "nodes": ["q"]}]"#,
    );
    let timing = Timing { kubernetes: Some("2".into()), ..Timing::default() };
    let expected = [
        ("empty-span", "steps[0].forSeconds"),
        ("unknown-node", "steps[1].nodes[0]"),
        ("bad-version", "timing.kubernetes"),
    ];
    let found = told(ROOMY, SequenceRequest { timing, ..backward });
    assert_eq!(found, expected.map(|(code, at)| (code, at.to_string())));
    let rolling = Some(Rolling { kubernetes: true, ..Rolling::default() });
    let update = SequenceRequest { rolling, ..SequenceRequest::default() };
    assert_eq!(one(told(ROOMY, update)), ("no-device", "rolling.kubernetes".into()));
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

/// A device under a dump: every wrong name at once, and hosts by the nodes' labels.
#[test]
fn a_device_under_a_dump_is_told_whole() {
    let node = |name: &str, host: &str, role: &str| {
        format!(
            "{{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {{\"name\": \"{name}\", \"labels\": {{{role}\"podfit.dev/host\": \
             \"{host}\"}}}}, \"status\": {{\"allocatable\": {{\"cpu\": \"4\", \"memory\": \"8Gi\", \"pods\": \"9\"}}}}}}"
        )
    };
    let role = "\"node-role.kubernetes.io/control-plane\": \"\", ";
    let nodes = [node("m", "A", role), node("x", "A", ""), node("y", "B", "")].join(",");
    let list = format!("{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{nodes}]}}");
    let open = |model: &str, hosts: &[(&str, &[&str])]| {
        let name = |n: &&str| (*n).to_string();
        let hosts = hosts.iter().map(|(h, n)| ((*h).into(), n.iter().map(name).collect()));
        let device = Some(DeviceUnder { model: model.into(), hosts: hosts.collect() });
        let options = OpenOptions { device, ..OpenOptions::default() };
        let opened = podfit_api::open(vec![Input::new("dump", list.as_bytes())], &options);
        opened.map_err(|errors| errors.iter().map(|e| e.code).collect::<Vec<_>>())
    };
    let codes =
        |model: &str, hosts: &[(&str, &[&str])]| open(model, hosts).err().unwrap_or_default();
    assert_eq!(codes("pro", &[("C", &["x"])]), ["unknown-host", "unknown-model"]);
    assert_eq!(codes("pro-gpu", &[("A", &["q", "x", "x"])]), ["unknown-node", "duplicate-vm"]);
    assert_eq!(codes("pro-gpu", &[("B", &["y"])]), ["node-count"]);
    assert_eq!(codes("pro-gpu", &[("A", &["m"]), ("B", &["y"])]), ["no-worker"]);
    let snapshot = open("pro-gpu", &[]).expect("the labels say it");
    let device = snapshot.device().expect("there is one");
    let on = |host| device.vms_on(host).map(|vm| vm.name.as_str()).collect::<Vec<_>>();
    assert_eq!((on(HostId::A), on(HostId::B)), (vec!["m", "x"], vec!["y"]));
}

const NETWORK: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes: [{name: a, allocatable: {cpu: 4, memory: 8Gi}}]
network: {ports: [{name: eth0, subnet: 10.0.0.0/24}]}
workloads: [{name: web, runsOn: [a], requests: {cpu: 1, memory: 1Gi}}]
services:
  - {name: web, selector: {app: web}, ports: [80]}
  - {name: web, namespace: shop, selector: {app: web}, ports: [80]}
";

fn told(cluster: &str, request: NetworkRequest) -> Vec<(&'static str, String, String)> {
    let errors = errors(cluster, Request::Network(request));
    errors.into_iter().map(|e| (e.code, e.place, e.fix)).collect()
}

#[test]
fn both_ends_of_a_way_are_told() {
    let ask = |from: Option<&str>, to: Option<&str>| NetworkRequest {
        about: NetworkPart::Reach,
        from: from.map(Into::into),
        to: to.map(Into::into),
        ..NetworkRequest::default()
    };
    let code = |cluster: &str, from, to| {
        let told = told(cluster, ask(from, to));
        told.into_iter().map(|(code, place, _)| format!("{place}: {code}")).collect::<Vec<_>>()
    };
    assert_eq!(
        code(NETWORK, Some("wob"), Some("web")),
        ["from: unknown-pod", "to: ambiguous-name"]
    );
    assert_eq!(
        code(NETWORK, Some("node/b"), Some("svc/x")),
        ["from: unknown-node", "to: unknown-service"]
    );
    assert_eq!(code(NETWORK, Some("web-0"), None), ["from: to-missing"]);
    assert_eq!(code(NETWORK, None, Some("outside")), ["to: address-missing"]);
    assert_eq!(code(NETWORK, Some("outside"), Some("192.0.2.1")), ["from: from-missing"]);
    assert_eq!(code(NETWORK, Some("192.0.2.1"), Some("shop/web")), ["from: unknown-sender"]);
    assert_eq!(code(ROOMY, Some("web-0"), Some("192.0.2.1")), ["input: no-network"]);
    let near = told(NETWORK, ask(Some("web-0"), Some("svc/wep")));
    assert!(near[0].2.starts_with("did you mean web?"), "{near:?}");
}

#[test]
fn fields_of_other_questions_about_the_network_are_told() {
    let ask = NetworkRequest {
        from: Some("web".into()),
        fail: vec!["a".into()],
        to: Some("web".into()),
        ..NetworkRequest::default()
    };
    let places: Vec<_> =
        told(NETWORK, ask).into_iter().map(|(code, place, _)| (code, place)).collect();
    let wrong = |place: &str| ("not-asked", place.to_string());
    assert_eq!(places, [wrong("from"), wrong("to"), wrong("fail")]);
    let plan = NetworkRequest::default();
    assert_eq!(told(ROOMY, plan)[0].0, "no-network");
}

#[test]
fn every_fault_of_changed_routes_is_told() {
    let route = |destination: &str, next_hop: Option<&str>, interface: Option<&str>| RouteChange {
        destination: destination.into(),
        next_hop: next_hop.map(Into::into),
        interface: interface.map(Into::into),
        metric: None,
    };
    let ask = NetworkRequest {
        about: NetworkPart::Routes,
        remove_routes: vec![route("10.1.0.0/16", None, None), route("x", None, Some("eth9"))],
        add_routes: vec![route("10.1.0.0/16", None, Some("eth9")), route("y", Some("z"), None)],
        ..NetworkRequest::default()
    };
    let found: Vec<_> =
        told(NETWORK, ask).into_iter().map(|(code, place, _)| (code, place)).collect();
    let fault = |code, place: &str| (code, place.to_string());
    assert_eq!(
        found,
        [
            fault("unknown-route", "removeRoutes[0]"),
            fault("subnet-invalid", "removeRoutes[1]"),
            fault("value-missing", "addRoutes[0]"),
            fault("unknown-port", "addRoutes[0]"),
            fault("subnet-invalid", "addRoutes[1]"),
            fault("address-invalid", "addRoutes[1]"),
            fault("value-missing", "addRoutes[1]"),
        ]
    );
}
