//! Names mean what they say: two workloads of one name, pods named as their controllers, static pods. What a report
//! suggests touches nobody else, whether it is carried out by id or read back from the wire.

use crate::cases::open;
use podfit::model::{Cluster, PodId};
use podfit::planner::{Options, Planner, RepairQuestion, Verdict, WhatIfQuestion};
use podfit_api::report::{ClusterReport, Report, WhatIfReport};
use podfit_api::{
    AnswerOptions, Edit, ExplainRequest, Mode, Request, ShowRequest, Snapshot, WhatIfRequest,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

fn node(name: &str, memory_gib: i64, labels: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels},
        "status": {"allocatable": {"cpu": "8", "memory": format!("{memory_gib}Gi"), "pods": "110"}}})
}

/// A controller as the input has it, and the owner that its pods name.
#[derive(Clone, Debug)]
struct Controller {
    kind: &'static str,
    name: &'static str,
    namespace: &'static str,
    memory_gib: i64,
    /// Node of each pod.
    runs_on: Vec<&'static str>,
    /// The first pod has the controller's own name.
    namesake: bool,
    picky: bool,
}

const KINDS: [&str; 7] =
    ["Deployment", "ReplicaSet", "StatefulSet", "Job", "ReplicationController", "Database", "Pod"];

impl Controller {
    fn items(&self, number: usize) -> Vec<Value> {
        let (kind, name, namespace) = (self.kind, self.name, self.namespace);
        let own = json!({"name": name, "namespace": namespace});
        let spec = json!({"replicas": self.runs_on.len(), "parallelism": self.runs_on.len(),
            "selector": {"matchLabels": {"n": number.to_string()}}});
        let group = match kind {
            "Job" => "batch/v1",
            "ReplicationController" => "v1",
            "Database" => "example.com/v1",
            _ => "apps/v1",
        };
        let mut items = Vec::new();
        let (owner_kind, owner_name) = match kind {
            "Deployment" => ("ReplicaSet", format!("{name}-7d9")),
            _ => (kind, name.to_string()),
        };
        match kind {
            "Deployment" => {
                items.push(
                    json!({"apiVersion": group, "kind": kind, "metadata": own, "spec": spec}),
                );
                let owner = json!([{"kind": kind, "name": name, "controller": true}]);
                items.push(json!({"apiVersion": group, "kind": "ReplicaSet", "spec": spec,
                    "metadata": {"name": owner_name, "namespace": namespace, "ownerReferences": owner}}));
            }
            "ReplicaSet" | "StatefulSet" | "Job" => {
                items.push(
                    json!({"apiVersion": group, "kind": kind, "metadata": own, "spec": spec}),
                );
            }
            _ => {}
        }
        for (i, on) in self.runs_on.iter().enumerate() {
            let pod = match (i, self.namesake || kind == "Pod") {
                (0, true) => name.to_string(),
                _ => format!("{name}-{kind}-{number}-{i}").to_lowercase(),
            };
            let mut metadata = json!({"name": pod, "namespace": namespace,
                "labels": {"n": number.to_string()}});
            if kind != "Pod" {
                metadata["ownerReferences"] = json!([{"apiVersion": group, "kind": owner_kind,
                    "name": owner_name, "controller": true}]);
            }
            let memory = format!("{}Gi", self.memory_gib);
            let mut spec = json!({"nodeName": on, "containers": [{"name": "c",
                "resources": {"requests": {"cpu": "1", "memory": memory}}}]});
            if self.picky {
                spec["nodeSelector"] = json!({"disk": "ssd"});
            }
            items.push(
                json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec,
                "status": {"phase": "Running"}}),
            );
        }
        items
    }
}

/// Few names for many objects, so that they meet.
fn clusters() -> impl Strategy<Value = String> {
    let controller = (
        prop::sample::select(&KINDS[..]),
        prop::sample::select(&["web", "db"][..]),
        prop::sample::select(&["default", "prod"][..]),
        1i64..6,
        prop::collection::vec(prop::sample::select(&["a", "b", "c"][..]), 1..3),
        any::<bool>(),
        prop::bool::weighted(0.3),
    );
    let controller =
        controller.prop_map(|(kind, name, namespace, memory_gib, runs_on, namesake, picky)| {
            Controller { kind, name, namespace, memory_gib, runs_on, namesake, picky }
        });
    (prop::collection::vec(controller, 2..6), [6i64..14, 4..10, 4..10]).prop_map(
        |(controllers, rooms)| {
            let mut items = vec![
                node("a", rooms[0], json!({"disk": "ssd"})),
                node("b", rooms[1], json!({})),
                node("c", rooms[2], json!({})),
            ];
            // An API server would not hold two objects of one kind and name.
            let mut seen = BTreeSet::new();
            for (number, controller) in controllers.iter().enumerate() {
                let twice = !seen.insert((controller.kind, controller.namespace, controller.name));
                let pod = (controller.namespace, controller.name);
                let named = controller.namesake || controller.kind == "Pod";
                if twice || named && !seen.insert(("a pod's name", pod.0, pod.1)) {
                    continue;
                }
                items.extend(controller.items(number));
            }
            json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string()
        },
    )
}

fn lose(snapshot: &Snapshot, fail: &str) -> WhatIfReport {
    let request = Request::WhatIf(WhatIfRequest {
        fail: vec![fail.into()],
        mode: Mode::Deleted,
        moves: 0,
        predict: None,
        ..WhatIfRequest::default()
    });
    match snapshot.answer(&request, &AnswerOptions::default()).unwrap().report {
        Report::WhatIf(report) => report,
        other => panic!("{other:?}"),
    }
}

fn show(snapshot: &Snapshot) -> ClusterReport {
    let request = Request::Show(ShowRequest {});
    match snapshot.answer(&request, &AnswerOptions::default()).unwrap().report {
        Report::Show(report) => report,
        other => panic!("{other:?}"),
    }
}

/// The pods that `edits` name, by the rule that a full name means one pod and a name with a kind one controller.
fn meant(before: &ClusterReport, edits: &[Edit]) -> BTreeSet<(String, String)> {
    let mut names: Vec<String> = Vec::new();
    for edit in edits {
        let edit = serde_json::to_value(edit).unwrap();
        names.extend(edit["pod"].as_str().map(Into::into));
        let list = edit["pods"].as_array().into_iter().flatten();
        names.extend(list.filter_map(|n| n.as_str().map(Into::into)));
    }
    let is_named = |p: &&podfit_api::report::ClusterPod| {
        let full = format!("{}/{}", p.namespace, p.name);
        let controller = p.workload.as_ref().map(|w| {
            format!("{}/{}/{}", w.kind, p.namespace, w.name.as_deref().unwrap_or_default())
        });
        names.iter().any(|n| *n == full || Some(n) == controller.as_ref())
    };
    let pods = before.pods.iter().filter(is_named);
    pods.map(|p| (p.namespace.clone(), p.name.clone())).collect()
}

/// Everything of a pod but what an edit of another could change without naming it: nothing.
fn others_are_unchanged(before: &ClusterReport, after: &ClusterReport, edits: &[Edit]) {
    let meant = meant(before, edits);
    for pod in &before.pods {
        if !meant.contains(&(pod.namespace.clone(), pod.name.clone())) {
            assert!(after.pods.contains(pod), "{pod:?} is another after {edits:?}");
        }
    }
}

/// Pods by their full names, with all that bears on where they run.
fn pods(cluster: &Cluster) -> BTreeSet<String> {
    let pod = |p: PodId| {
        let shape = cluster.incoming_of(p);
        let node = cluster.pod(p).node.map(|n| cluster.node_name(n));
        format!("{} {node:?} {:?} {:?}", cluster.pod_name(p), shape.requests, shape.node_selector)
    };
    cluster.pod_ids().map(pod).collect()
}

/// A repair, carried out by id and read back from the wire, is the same, does what it says, and leaves every workload
/// that it does not name as it is. So does every nearest fix.
#[test]
fn what_is_suggested_touches_whom_it_names() {
    let (fixes, repairs) = (Cell::new(0), Cell::new(0));
    for config in podfit_soak::rounds(150, 20_000) {
        proptest!(config, |(text in clusters())| {
            let snapshot = open(&text);
            let report = lose(&snapshot, "a");
            let before = show(&snapshot);
            let Some(cause) = report.cause else { return Ok(()) };
            for fix in cause.hindrances.iter().flat_map(|h| &h.fixes) {
                let after = snapshot.edited(&fix.edits).expect("names that podfit writes");
                others_are_unchanged(&before, &show(&after), &fix.edits);
                fixes.set(fixes.get() + 1);
            }
            let Some(repair) = cause.repair else { return Ok(()) };
            let wired = snapshot.edited(&repair.edits).expect("names that podfit writes");
            others_are_unchanged(&before, &show(&wired), &repair.edits);
            prop_assert_eq!(lose(&wired, "a").counts.pending, 0, "{:?}", repair);
            prop_assert_eq!(pods(&repaired_by_id(&snapshot)), pods(wired.cluster()));
            repairs.set(repairs.get() + 1);
        });
    }
    let (fixes, repairs) = (fixes.get(), repairs.get());
    assert!(fixes > 50 && repairs > 10, "{fixes} fixes and {repairs} repairs were seen");
}

/// The cluster with the repair carried out as the core gives it.
fn repaired_by_id(snapshot: &Snapshot) -> Cluster {
    let planner = Planner::new(Arc::new(snapshot.cluster().clone()));
    let lost = vec![snapshot.cluster().find_node("a").expect("there")];
    let loss = podfit::model::Loss::Deleted;
    let question = WhatIfQuestion { lost, loss, ..WhatIfQuestion::default() };
    let options = Options::default();
    let answer = planner.what_if(&question, &options).expect("refereed");
    assert_eq!(answer.verdict, Verdict::DoesNotFit);
    let cause = planner.cause(&question, &answer, &options).expect("refereed");
    let asked = RepairQuestion::WhatIf { question: &question, may_add_nodes: true };
    let found = planner.repair(&asked, &cause, &options).expect("refereed");
    let repair = found.repair.expect("the report has one");
    snapshot.cluster().edited(&repair.edits()).expect("valid").cluster
}

/// Two workloads of one name in one namespace: the repair of one is no repair of the other.
#[test]
fn workloads_of_one_name_are_told_apart() {
    let deployment = Controller {
        kind: "Deployment",
        name: "web",
        namespace: "default",
        memory_gib: 6,
        runs_on: vec!["b"],
        namesake: false,
        picky: false,
    };
    let set = Controller { kind: "StatefulSet", memory_gib: 4, ..deployment.clone() };
    let set = Controller { runs_on: vec!["a", "a"], ..set };
    let mut items = vec![node("a", 16, json!({})), node("b", 8, json!({}))];
    items.extend(deployment.items(0));
    items.extend(set.items(1));
    let snapshot = open(&json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string());
    let report = lose(&snapshot, "a");
    let text = format!("{:?}", report.cause);
    assert!(!text.contains("\"default/web\""), "it means two workloads: {text}");
    let cause = report.cause.unwrap();
    assert_eq!(cause.repair, None, "to lower the requests of one of them does not do");
    assert_eq!(cause.new_nodes, ["a", "b"], "as one more node does, no repair is given");
    for fix in cause.hindrances.iter().flat_map(|h| &h.fixes) {
        let after = snapshot.edited(&fix.edits).unwrap();
        others_are_unchanged(&show(&snapshot), &show(&after), &fix.edits);
    }

    let lower = |name: &str| -> Vec<Edit> {
        let edit = json!([{"op": "set-requests", "pods": [name], "requests": {"memory": "1Gi"}}]);
        serde_json::from_value(edit).unwrap()
    };
    let faults = snapshot.edited(&lower("default/web")).unwrap_err();
    assert_eq!(faults[0].code, "ambiguous-name");
    assert!(faults[0].cause.contains("StatefulSet/default/web"), "{faults:?}");
    for (name, pods) in [("StatefulSet/default/web", 2), ("sts/web", 2), ("Deployment/web", 1)] {
        let edited = show(&snapshot.edited(&lower(name)).unwrap());
        let lowered = edited.pods.iter().filter(|p| p.requests["memory"] == 1 << 30);
        assert_eq!(lowered.count(), pods, "{name}");
    }
    let explain = ExplainRequest { pods: vec!["default/web".into()], ..ExplainRequest::default() };
    let asked = snapshot.answer(&Request::Explain(explain), &AnswerOptions::default()).unwrap();
    let Report::Explain(explained) = asked.report else { panic!("another report") };
    assert_eq!(explained.pods.len(), 3, "where nothing is changed, a name may mean several");
}

/// A pod with the name of its controller: the fix that moves it means that pod.
#[test]
fn a_pod_named_as_its_controller_is_moved_alone() {
    let cache = Controller {
        kind: "ReplicaSet",
        name: "cache",
        namespace: "default",
        memory_gib: 3,
        runs_on: vec!["b"],
        namesake: true,
        picky: false,
    };
    let mut items =
        vec![node("a", 16, json!({})), node("b", 4, json!({})), node("c", 3, json!({}))];
    items.extend(cache.items(0).into_iter().filter(|i| i["kind"] == "Pod"));
    let mut other = items[3].clone();
    other["metadata"]["name"] = json!("cache-2");
    other["spec"]["nodeName"] = json!("a");
    other["spec"]["containers"][0]["resources"]["requests"]["memory"] = json!("4Gi");
    items.push(other);
    let snapshot = open(&json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string());
    let report = lose(&snapshot, "a");
    let fixes: Vec<_> =
        report.cause.unwrap().hindrances.into_iter().flat_map(|h| h.fixes).collect();
    assert_eq!(fixes[0].code, "move");
    let after = snapshot.edited(&fixes[0].edits).expect("one pod is meant");
    assert_eq!(lose(&after, "a").counts.pending, 0);
    assert_eq!(snapshot.edited(&fixes[0].edits).unwrap().cluster().pods().len(), 2);
}

/// Each static pod is its own: they have a node for an owner, and no workload.
#[test]
fn static_pods_are_no_workload() {
    let pod = |name: &str| {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "kube-system",
            "annotations": {"kubernetes.io/config.mirror": "x"},
            "ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "a", "controller": true}]},
            "spec": {"nodeName": "a", "containers": [{"name": "c"}]}, "status": {"phase": "Running"}})
    };
    let items = vec![node("a", 16, json!({})), pod("proxy-a"), pod("etcd-a")];
    let shown =
        show(&open(&json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string()));
    for pod in &shown.pods {
        let owner = pod.owner.as_ref().expect("its node");
        assert_eq!((owner.kind.as_str(), owner.name.as_deref()), ("Node", Some("a")));
        assert_eq!(pod.workload, None);
    }
}
