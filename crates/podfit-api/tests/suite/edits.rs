//! Edits: what reports suggest does what it says, and what each does alone.

use crate::cases::open;
use crate::files;
use podfit_api::report::{ClusterReport, PodCounts, Report, Verdict, WhatIfReport};
use podfit_api::{AnswerOptions, Edit, Mode, Request, ShowRequest, Snapshot, WhatIfRequest};
use serde_json::json;

fn what_if(snapshot: &Snapshot, request: &Request) -> WhatIfReport {
    match snapshot.answer(request, &AnswerOptions::default()).unwrap().report {
        Report::WhatIf(report) => report,
        other => panic!("{other:?}"),
    }
}

fn show(snapshot: &Snapshot) -> ClusterReport {
    match snapshot.answer(&Request::Show(ShowRequest {}), &AnswerOptions::default()) {
        Ok(envelope) => match envelope.report {
            Report::Show(report) => report,
            other => panic!("{other:?}"),
        },
        Err(e) => panic!("{e}"),
    }
}

/// What is suggested for the whole makes the whole fit; a fix for one pod leaves fewer without a place.
#[test]
fn what_a_report_suggests_does_what_it_says() {
    let (mut tried, mut unneeded) = ([0; 5], 0);
    for (path, snapshot, request) in files::all() {
        let Request::WhatIf(asked) = &request else { continue };
        let report = what_if(&snapshot, &request);
        let Some(cause) = report.cause.as_ref().filter(|_| report.counts.waiting == 0) else {
            continue;
        };
        let after = |edits: &[Edit]| {
            let edited =
                snapshot.edited(edits).unwrap_or_else(|e| panic!("{path:?} {edits:?}: {e:?}"));
            what_if(&edited, &request)
        };
        let fits = |edits: &[Edit], what: &str| {
            let report = after(edits);
            assert_eq!(report.counts.pending, 0, "{path:?} {what} {edits:?}: {}", report.why);
        };
        for addition in &cause.additions {
            tried[0] += 1;
            fits(&addition.edits, &addition.text);
        }
        for drop in &cause.drops {
            tried[1] += 1;
            fits(&drop.edits, &drop.text);
        }
        for node in &cause.new_nodes {
            tried[2] += 1;
            fits(&[Edit::CopyNode { node: node.clone(), count: 1 }], node);
        }
        if let Some(repair) = &cause.repair {
            tried[4] += 1;
            fits(&repair.edits, "together");
            let shorter = |i: &usize| {
                let others = repair.steps.iter().enumerate().filter(|(k, _)| k != i);
                let edits: Vec<Edit> = others.flat_map(|(_, s)| s.edits.clone()).collect();
                snapshot
                    .edited(&edits)
                    .is_ok_and(|s| what_if(&s, &request).counts.pending <= repair.without.len())
            };
            unneeded += (0..repair.steps.len()).filter(shorter).count();
        }
        for fix in cause.hindrances.iter().flat_map(|h| &h.fixes) {
            tried[3] += 1;
            let after = match fix.code.as_str() {
                // No edit does it, as the question names the node.
                "delete-node" => {
                    let deleted = WhatIfRequest { mode: Mode::Deleted, ..asked.clone() };
                    what_if(&snapshot, &Request::WhatIf(deleted))
                }
                _ => {
                    assert!(!fix.edits.is_empty(), "{path:?}: {}", fix.text);
                    after(&fix.edits)
                }
            };
            // Who is stuck or waits behind a pod without a place may come to be without one then.
            let left = |c: &PodCounts| c.pending + c.stuck + c.waiting;
            // Or the fix is for what comes once an operator has acted.
            let fewer = after.verdict != Verdict::DoesNotFit
                || after.counts.pending < report.counts.pending
                || left(&after.counts) < left(&report.counts);
            assert!(fewer, "{path:?} {} {:?}: {}", fix.text, fix.edits, after.why);
        }
    }
    println!(
        "additions, drops, new nodes, fixes, repairs: {tried:?}; steps not needed: {unneeded}"
    );
    assert!(tried.iter().all(|&n| n > 3), "{tried:?}");
}

const SMALL: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}, labels: {zone: x}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}, labels: {zone: y}}
workloads:
  - {name: web, replicas: 2, runsOn: [a, b], requests: {cpu: 500m, memory: 1Gi}}
  - {name: db, kind: StatefulSet, replicas: 1, runsOn: [a], requests: {cpu: 1, memory: 2Gi}}
";

/// Each edit and what is different then.
#[test]
fn each_edit_does_its_own() {
    let small = open(SMALL);
    let after = |edit: serde_json::Value| {
        show(&small.edited(&[serde_json::from_value(edit).unwrap()]).unwrap())
    };
    let used = |r: &ClusterReport, node: usize, name: &str| r.nodes[node].resources[name].used;
    let has =
        |r: &ClusterReport, node: usize, name: &str| r.nodes[node].resources[name].allocatable;
    let web = |r: &ClusterReport| {
        r.pods
            .iter()
            .filter(|p| p.owner.as_ref().is_some_and(|o| o.name.as_deref() == Some("web")))
            .count()
    };
    let pending = |r: &ClusterReport| r.pods.iter().filter(|p| p.node.is_none()).count();

    let r = after(json!({"op": "move-pod", "pod": "db-0", "to": "b"}));
    assert_eq!((used(&r, 0, "cpu"), used(&r, 1, "cpu")), (500, 1500));
    let r = after(json!({"op": "delete-pods", "pods": ["default/web"]}));
    assert_eq!((web(&r), r.pods.len()), (0, 1));
    let r = after(json!({"op": "replicas", "workload": "web", "count": 5}));
    assert_eq!((web(&r), pending(&r)), (5, 3));
    let r = after(json!({"op": "replicas", "workload": "web", "count": 1}));
    assert_eq!((web(&r), pending(&r)), (1, 0));
    let r = after(json!({"op": "replicas", "workload": "web", "count": 0}));
    assert_eq!(web(&r), 0);
    let r = after(json!({"op": "scale-replicas", "percent": 150}));
    assert_eq!((web(&r), r.pods.len(), pending(&r)), (3, 5, 2));
    let r = after(json!({"op": "set-requests", "pods": ["web"], "requests": {"cpu": "2"}}));
    assert_eq!((used(&r, 0, "cpu"), used(&r, 1, "memory")), (3000, 1 << 30));
    let r = after(json!({"op": "scale-requests", "percent": 130}));
    assert_eq!((used(&r, 0, "cpu"), used(&r, 0, "pods")), (1950, 2));
    let r = after(json!({"op": "set-priority", "pods": ["db"], "priority": 7}));
    assert_eq!(r.pods.iter().map(|p| p.priority).max(), Some(7));
    assert!(after(json!({"op": "cordon", "node": "a"})).nodes[0].unschedulable);
    let label = after(json!({"op": "label-node", "node": "b", "key": "zone", "value": "z"}));
    assert_eq!(label.nodes[1].labels["zone"], "z");
    let r = after(
        json!({"op": "enlarge-node", "node": "a", "add": {"cpu": "1500m", "example.com/x": "2"}}),
    );
    assert_eq!((has(&r, 0, "cpu"), has(&r, 0, "example.com/x")), (5500, 2));
    let r = after(json!({"op": "enlarge-node", "node": "a", "cards": {"T4": 2}}));
    assert_eq!(has(&r, 0, "podfit.dev/gpu-milli"), 2000);
    let r = after(json!({"op": "resize-node", "node": "a", "allocatable": {"memory": "4Gi"}}));
    assert_eq!((has(&r, 0, "memory"), has(&r, 0, "cpu")), (4 << 30, 4000));
    let r = after(json!({"op": "copy-node", "node": "a", "count": 2}));
    assert_eq!((r.nodes.len(), has(&r, 3, "cpu"), used(&r, 3, "cpu")), (4, 4000, 0));
}

/// Cordons are lifted with their taint, and edits see what those before them did.
#[test]
fn edits_follow_one_another() {
    let edits: Vec<Edit> = serde_json::from_value(json!([
        {"op": "copy-node", "node": "a"},
        {"op": "move-pod", "pod": "db-0", "to": "a-copy"},
        {"op": "cordon", "node": "a-copy"},
        {"op": "uncordon", "node": "a-copy"},
    ]))
    .unwrap();
    let small = open(SMALL);
    let report = show(&small.edited(&edits).unwrap());
    assert_eq!(report.pods.iter().filter(|p| p.node.as_deref() == Some("a-copy")).count(), 1);
    assert!(!report.nodes[2].unschedulable);
    assert!(report.assumptions.iter().any(|a| a == "4 edits were carried out on the input"));
    assert_eq!(show(&small.edited(&[]).unwrap()), show(&small), "no edit changes nothing");
}

/// Every fault of every edit, each at its place.
#[test]
fn faults_come_at_once() {
    let edits: Vec<Edit> = serde_json::from_value(json!([
        {"op": "move-pod", "pod": "nobody", "to": "zz"},
        {"op": "move-pod", "pod": "web", "to": "a"},
        {"op": "set-requests", "pods": ["web", "nix"], "requests": {"cpu": "much", "memory": "-1Gi"}},
        {"op": "set-requests", "pods": ["web"], "requests": {"memory": "-1Gi"}},
        {"op": "replicas", "workload": "web", "count": 4_000_000_000u32},
        {"op": "copy-node", "node": "b", "count": 200_000},
        {"op": "delete-pods", "pods": []},
        {"op": "tolerate", "pods": ["web"], "key": "k", "effect": "Sometimes"},
        {"op": "drop-host-port", "pods": ["web"], "port": 80, "protocol": "ICMP"},
        {"op": "scale-requests", "percent": 4_000_000_000u32},
    ]))
    .unwrap();
    let faults = open(SMALL).edited(&edits).unwrap_err();
    let told: Vec<(&str, &str)> = faults.iter().map(|f| (f.place.as_str(), f.code)).collect();
    assert_eq!(
        told,
        [
            ("edits[0].pod", "unknown-pod"),
            ("edits[0].to", "unknown-node"),
            ("edits[1].pod", "too-many"),
            ("edits[2].pods[1]", "unknown-pod"),
            ("edits[2].requests.cpu", "quantity"),
            ("edits[3]", "amount-out-of-range"),
            ("edits[4].count", "too-many"),
            ("edits[5].count", "too-many"),
            ("edits[6].pods", "no-pods"),
            ("edits[7].effect", "unknown-effect"),
            ("edits[8].protocol", "unknown-protocol"),
            ("edits[9].percent", "too-many"),
        ]
    );
}

/// The verdict alone is the same verdict: only what would help is missing.
#[test]
fn a_verdict_alone_is_the_same_verdict() {
    let mut shorter = 0;
    for (path, snapshot, request) in files::all() {
        let Request::WhatIf(_) = &request else { continue };
        let mut full = what_if(&snapshot, &request);
        let options = AnswerOptions { verdict_only: true, ..AnswerOptions::default() };
        let Report::WhatIf(alone) = snapshot.answer(&request, &options).unwrap().report else {
            panic!("{path:?}: another report");
        };
        shorter += usize::from(full.cause.take().is_some() | full.hint.take().is_some());
        for pod in &mut full.pods {
            pod.fix = None;
        }
        assert_eq!(alone, full, "{path:?}");
    }
    assert!(shorter > 10, "{shorter} reports have more to say");
}
