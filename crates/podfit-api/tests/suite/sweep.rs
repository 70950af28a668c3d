//! Sweeps: a row says what the report says, whatever the threads.

use crate::cases::{HOST_TOO_SMALL, open};
use crate::files;
use podfit_api::report::{ClusterPod, Report};
use podfit_api::{AnswerOptions, Edit, Request, Row, Scenario, ShowRequest, sweep};
use serde_json::{Value, json};
use std::sync::Mutex;

fn rows(snapshot: &podfit_api::Snapshot, scenarios: &[Scenario], threads: usize) -> Vec<Row> {
    let rows = Mutex::new(Vec::new());
    let options = AnswerOptions { threads: Some(threads), ..AnswerOptions::default() };
    sweep(snapshot, scenarios, &options, |row| rows.lock().unwrap().push(row));
    let mut rows = rows.into_inner().unwrap();
    rows.sort_by_key(|r| r.index);
    rows
}

/// Every what-if and place of the case files as a scenario: the same verdict as alone.
#[test]
fn a_row_says_what_the_report_says() {
    let mut seen = 0;
    for (path, snapshot, request) in files::all() {
        let scenario = match &request {
            Request::WhatIf(ask) => Scenario {
                fail: ask.fail.clone(),
                mode: ask.mode,
                moves: ask.moves,
                predict: ask.predict,
                ..Scenario::default()
            },
            Request::Place(ask) if !ask.fewest_nodes => {
                Scenario { predict: ask.predict, ..Scenario::default() }
            }
            _ => continue,
        };
        seen += 1;
        let alone = snapshot.answer(&request, &AnswerOptions::default()).unwrap().report;
        let report: Value = serde_json::to_value(&alone).unwrap();
        let row = snapshot.scenario(0, &scenario, &AnswerOptions::default());
        assert_eq!(report["verdict"], json!(row.verdict), "{path:?}");
        assert_eq!(report["certificate"], json!(row.certificate), "{path:?}");
        let of = |v: &str| {
            let pods = report["pods"].as_array().unwrap().iter();
            pods.filter(|p| {
                p["verdict"] == v && (p["from"] != Value::Null || report["kind"] == "PlaceReport")
            })
            .count()
        };
        assert_eq!(of("pending"), row.counts.pending, "{path:?}");
        assert_eq!(
            row.good,
            alone.is_good(false) && (scenario.fail.is_empty() || row.pending_before == 0),
            "{path:?}"
        );
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn rows_are_the_same_whatever_the_threads_and_errors_are_rows() {
    let mut scenarios: Vec<Scenario> = (80..140)
        .map(|percent| {
            serde_json::from_value(json!({
                "id": format!("{percent} %"),
                "edits": [{"op": "scale-requests", "percent": percent}],
                "fail": [if percent % 2 == 0 { "A" } else { "B" }],
                "seed": percent,
            }))
            .unwrap()
        })
        .collect();
    let wrong =
        json!({"edits": [{"op": "cordon", "node": "zz"}, {"op": "uncordon", "node": "yy"}]});
    scenarios.push(serde_json::from_value(wrong).unwrap());
    scenarios.push(serde_json::from_value(json!({"id": "lost", "fail": ["nowhere"]})).unwrap());
    let snapshot = open(HOST_TOO_SMALL);
    let one = rows(&snapshot, &scenarios, 1);
    assert_eq!(one, rows(&snapshot, &scenarios, 2));
    assert_eq!(one.len(), 62);
    assert_eq!(
        one[60].errors.iter().map(|e| e.place.as_str()).collect::<Vec<_>>(),
        ["edits[0].node", "edits[1].node"]
    );
    assert_eq!(
        (one[61].id.as_str(), one[61].verdict.as_deref(), one[61].good),
        ("lost", None, false)
    );
}

/// What grew is placed first; what finds no place is not forgotten.
#[test]
fn growth_is_placed_before_the_loss() {
    let cluster = open(
        "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - {name: web, replicas: 2, runsOn: [a, b], requests: {cpu: 1, memory: 1Gi}}
",
    );
    let grown = |count: u32| {
        let scenario: Scenario = serde_json::from_value(json!({"fail": ["a"], "edits": [
            {"op": "replicas", "workload": "web", "count": count}, {"op": "place-pending"}]}))
        .unwrap();
        let row = cluster.scenario(0, &scenario, &AnswerOptions::default());
        (row.verdict.unwrap(), row.good, row.pending_before)
    };
    assert_eq!(grown(4), ("survives".into(), true, 0));
    assert_eq!(grown(5), ("does-not-fit".into(), false, 0));
    assert_eq!(grown(9), ("does-not-fit".into(), false, 1));
    let without =
        json!({"fail": ["a"], "edits": [{"op": "replicas", "workload": "web", "count": 4}]});
    let row =
        cluster.scenario(0, &serde_json::from_value(without).unwrap(), &AnswerOptions::default());
    assert_eq!((row.good, row.pending_before), (false, 2), "two were pending, so it is not good");
}

/// Who makes room for a pod of higher priority runs where it goes then.
#[test]
fn pods_that_are_preempted_run_elsewhere_then() {
    let cluster = open(
        "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 2, memory: 8Gi}, labels: {disk: ssd}}
  - {name: b, allocatable: {cpu: 1, memory: 8Gi}}
workloads:
  - {name: low, replicas: 2, runsOn: [a, a], requests: {cpu: 1, memory: 1Gi}}
  - {name: high, replicas: 1, priority: 10, nodeSelector: {disk: ssd}, requests: {cpu: 1, memory: 1Gi}}
",
    );
    let edits: Vec<Edit> = serde_json::from_value(json!([{"op": "place-pending"}])).unwrap();
    let show = Request::Show(ShowRequest {});
    let placed = cluster.edited(&edits).unwrap().answer(&show, &AnswerOptions::default()).unwrap();
    let Report::Show(report) = placed.report else { panic!("{placed:?}") };
    let on = |node: &str, priority| {
        let there = |p: &&ClusterPod| p.node.as_deref() == Some(node) && p.priority == priority;
        report.pods.iter().filter(there).count()
    };
    assert_eq!((on("a", 10), on("a", 0), on("b", 0)), (1, 1, 1));
}

/// A pod that is being deleted gives its room to one of higher priority, and is gone then.
#[test]
fn pods_that_are_being_deleted_are_gone_then() {
    let pod = |name: &str, node: Option<&str>, deleted: Option<&str>| {
        let metadata = json!({"name": name, "namespace": "default", "deletionTimestamp": deleted});
        let container = json!({"name": "c", "resources": {"requests": {"cpu": "2"}}});
        let priority = if node.is_some() { 0 } else { 10 };
        let spec = json!({"nodeName": node, "containers": [container], "priority": priority});
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    };
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"},
        "status": {"allocatable": {"cpu": "2", "memory": "8Gi", "pods": "9"}}});
    let old = pod("old", Some("a"), Some("2026-01-01T00:00:00Z"));
    let items = [node, old, pod("new", None, None)];
    let cluster = open(&json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string());
    let edits: Vec<Edit> = serde_json::from_value(json!([{"op": "place-pending"}])).unwrap();
    let show = Request::Show(ShowRequest {});
    let placed = cluster.edited(&edits).unwrap().answer(&show, &AnswerOptions::default()).unwrap();
    let Report::Show(report) = placed.report else { panic!("{placed:?}") };
    let pods: Vec<_> = report.pods.iter().map(|p| (p.name.as_str(), p.node.as_deref())).collect();
    assert_eq!(pods, [("new", Some("a"))]);
}
