//! A dump without the objects of one kind never gets a stronger verdict without a word: what is taken as absent stands in the
//! verdict line.

use crate::round_trip::Random;
use podfit_api::report::{Report, Verdict, WhatIfReport};
use podfit_api::{AnswerOptions, Mode, Request, WhatIfRequest};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The better a verdict, the higher.
fn strength(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Down => 0,
        Verdict::Stalls => 1,
        Verdict::DoesNotFit => 2,
        Verdict::Unknown => 3,
        Verdict::SurvivesIfPlacedWell => 4,
        Verdict::SurvivesWithLosses => 5,
        Verdict::Survives => 6,
    }
}

/// What kubectl calls the kinds that a cluster here has.
const KINDS: [(&str, &str); 21] = [
    ("ReplicaSet", "rs"),
    ("StatefulSet", "sts"),
    ("Deployment", "deploy"),
    ("Job", "jobs"),
    ("DaemonSet", "ds"),
    ("Namespace", "ns"),
    ("ResourceQuota", "quota"),
    ("LimitRange", "limits"),
    ("PodDisruptionBudget", "pdb"),
    ("CSIDriver", "csidrivers"),
    ("Service", "svc"),
    ("PersistentVolumeClaim", "pvc"),
    ("ReplicationController", "rc"),
    ("PriorityClass", "pc"),
    ("PersistentVolume", "pv"),
    ("StorageClass", "sc"),
    ("CSINode", "csinodes"),
    ("VolumeAttachment", "volumeattachments"),
    ("CSIStorageCapacity", "csistoragecapacities"),
    ("HorizontalPodAutoscaler", "hpa"),
    ("CronJob", "cronjobs"),
];

fn template(app: &str, cpu: u64) -> Value {
    json!({"metadata": {"labels": {"app": app}},
        "spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": format!("{cpu}00m"), "memory": "64Mi"}}}]}})
}

/// One controller with its pods.
fn workload(r: &mut Random, i: u64, nodes: u64, items: &mut Vec<Value>) {
    let kind = r.pick(&["ReplicaSet", "ReplicaSet", "StatefulSet", "Job", "ReplicationController"]);
    let (app, cpu) = (format!("w{i}"), 1 + r.below(9));
    let meta = |r: &mut Random| {
        let mut meta = json!({"name": app, "namespace": "d", "uid": app});
        if r.below(12) == 0 {
            meta["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        }
        meta
    };
    let there = r.below(4);
    let wanted = (there + r.below(3)).saturating_sub(r.below(2));
    let asks = if r.below(5) == 0 { cpu + 5 } else { cpu };
    let (api, spec, status) = match kind {
        "Job" => (
            "batch/v1",
            json!({"parallelism": wanted, "completions": 9, "backoffLimit": r.below(3), "suspend": r.below(6) == 0,
                "podReplacementPolicy": r.pick(&["Failed", "TerminatingOrFailed"]), "template": template(&app, asks)}),
            json!({"active": there}),
        ),
        "ReplicationController" => (
            "v1",
            json!({"replicas": wanted, "selector": {"app": app}, "template": template(&app, asks)}),
            json!({"replicas": there}),
        ),
        _ => (
            "apps/v1",
            json!({"replicas": wanted, "selector": {"matchLabels": {"app": app}}, "template": template(&app, asks)}),
            json!({"replicas": there}),
        ),
    };
    items.push(json!({"apiVersion": api, "kind": kind, "metadata": meta(r), "spec": spec, "status": status}));
    for p in 0..there {
        let mut spec = template(&app, cpu)["spec"].clone();
        if r.below(8) > 0 {
            spec["nodeName"] = json!(format!("n{}", r.below(nodes)));
        }
        if r.below(4) == 0 {
            let claim = r.pick(&["data", "data", "late"]);
            spec["volumes"] = json!([{"name": "v", "persistentVolumeClaim": {"claimName": claim}}]);
        }
        if r.below(6) == 0 {
            spec["priorityClassName"] = json!("high");
            if r.below(3) > 0 {
                spec["priority"] = json!(1000);
            }
        }
        let phase = if spec["nodeName"].is_null() { "Pending" } else { "Running" };
        let owner =
            json!([{"apiVersion": api, "kind": kind, "name": app, "uid": app, "controller": true}]);
        items.push(json!({"apiVersion": "v1", "kind": "Pod", "status": {"phase": phase}, "spec": spec,
            "metadata": {"name": format!("{app}-{p}"), "namespace": "d", "labels": {"app": app}, "ownerReferences": owner}}));
    }
}

fn cluster(r: &mut Random) -> Vec<Value> {
    let nodes = 2 + r.below(3);
    let mut items: Vec<Value> = (0..nodes)
        .map(|i| {
            let room = json!({"cpu": format!("{}00m", 8 + r.below(20)), "memory": "8Gi", "pods": "20"});
            json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": format!("n{i}")}, "status": {"allocatable": room}})
        })
        .collect();
    (0..1 + r.below(3)).for_each(|i| workload(r, i, nodes, &mut items));
    let one = |api: &str, kind: &str, name: &str, spec: Value, status: Value| json!({"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": "d"}, "spec": spec, "status": status});
    let phase = if r.below(6) == 0 { "Terminating" } else { "Active" };
    let mut others = vec![
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "d"}, "status": {"phase": phase}}),
        one(
            "v1",
            "ResourceQuota",
            "q",
            json!({"hard": {"pods": (2 + r.below(8)).to_string()}}),
            json!({}),
        ),
        one(
            "v1",
            "LimitRange",
            "l",
            json!({"limits": [{"type": "Container", "max": {"cpu": format!("{}00m", 4 + r.below(10))}}]}),
            json!({}),
        ),
        one(
            "policy/v1",
            "PodDisruptionBudget",
            "b",
            json!({"selector": {}}),
            json!({"disruptionsAllowed": r.below(3)}),
        ),
        one(
            "apps/v1",
            "Deployment",
            "more",
            json!({"replicas": 1, "selector": {"matchLabels": {"app": "more"}}, "template": template("more", 4)}),
            json!({}),
        ),
        one(
            "apps/v1",
            "DaemonSet",
            "each",
            json!({"selector": {"matchLabels": {"app": "each"}}, "template": template("each", 2)}),
            json!({"currentNumberScheduled": 0, "desiredNumberScheduled": nodes}),
        ),
        one("v1", "Service", "s", json!({"selector": {"app": "w0"}}), json!({})),
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver", "metadata": {"name": "disk.example.com"}, "spec": {"attachRequired": r.below(2) == 0}}),
        json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "high"}, "value": 1000}),
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "VolumeAttachment", "metadata": {"name": "va"}, "status": {"attached": true},
            "spec": {"attacher": "disk.example.com", "nodeName": "n0", "source": {"persistentVolumeName": "pv"}}}),
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "CSIStorageCapacity", "metadata": {"name": "c", "namespace": "d"},
            "storageClassName": "late", "nodeTopology": {}, "capacity": r.pick(&["0", "9Gi"])}),
        one(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            "h",
            json!({"maxReplicas": 9, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "w0"}}),
            json!({}),
        ),
        one(
            "batch/v1",
            "CronJob",
            "j",
            json!({"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": template("j", 9)}}}),
            json!({}),
        ),
    ];
    if r.below(3) > 0 {
        others.extend((0..nodes).map(|i| {
            json!({"apiVersion": "storage.k8s.io/v1", "kind": "CSINode", "metadata": {"name": format!("n{i}")},
                "spec": {"drivers": [{"name": "disk.example.com", "nodeID": format!("n{i}"), "allocatable": {"count": r.below(2)}}]}})
        }));
    }
    others.push(json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "late"},
        "provisioner": "disk.example.com", "volumeBindingMode": r.pick(&["WaitForFirstConsumer", "Immediate"])}));
    others.push(json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "late", "namespace": "d"},
        "spec": {"storageClassName": "late", "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        "status": {"phase": "Pending"}}));
    others.retain(|_| r.below(3) > 0);
    items.extend(others);
    items.push(json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": "d"},
        "spec": {"volumeName": "pv", "accessModes": [r.pick(&["ReadWriteOnce", "ReadWriteMany"])], "resources": {"requests": {"storage": "1Gi"}}},
        "status": {"phase": "Bound"}}));
    items.push(json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pv"}, "status": {"phase": "Bound"},
        "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "claimRef": {"namespace": "d", "name": "data"},
            "csi": {"driver": "disk.example.com", "volumeHandle": "x"}}}));
    items
}

fn ask(items: &[Value], mode: Mode) -> Option<WhatIfReport> {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string();
    let input = podfit_api::Input::new("dump", list.as_bytes());
    let snapshot = podfit_api::open(vec![input], &podfit_api::OpenOptions::default()).ok()?;
    let ask = WhatIfRequest {
        fail: vec!["n0".into()],
        mode,
        predict: Some(20),
        ..WhatIfRequest::default()
    };
    let options =
        AnswerOptions { threads: Some(1), verdict_only: true, ..AnswerOptions::default() };
    match snapshot.answer(&Request::WhatIf(ask), &options).ok()?.report {
        Report::WhatIf(report) => Some(report),
        _ => None,
    }
}

#[test]
fn a_kind_that_is_not_there_is_named_where_that_makes_the_verdict_stronger() {
    let mut stronger: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in podfit_soak::seeds(150, 2_000) {
        let mut r = Random(seed);
        let items = cluster(&mut r);
        let mode = r.pick(&[Mode::NotReady, Mode::Deleted, Mode::Drained]);
        let Some(whole) = ask(&items, mode) else { continue };
        for (kind, short) in KINDS {
            let is_it = |item: &Value| item["kind"] == kind;
            let named = |report: &WhatIfReport| {
                let word = |clause: &String| {
                    clause.split([' ', ',']).any(|w| w == short)
                        && clause.contains("not in the input")
                };
                report.assumed.iter().any(word)
            };
            if items.iter().any(is_it) {
                assert!(!named(&whole), "seed {seed}: {kind} is there, and taken as absent");
            }
            let rest: Vec<Value> = items.iter().filter(|i| !is_it(i)).cloned().collect();
            let Some(without) = ask(&rest, mode) else { continue };
            if strength(without.verdict) > strength(whole.verdict)
                && without.verdict != Verdict::Unknown
            {
                assert!(
                    named(&without),
                    "seed {seed}: without {kind} {:?} instead of {:?}: {}\n{}\n{:?}",
                    without.verdict,
                    whole.verdict,
                    without.why,
                    whole.why,
                    without.assumed
                );
                *stronger.entry(kind).or_default() += 1;
            }
        }
    }
    println!("{stronger:?}");
    assert!(stronger.len() > 4, "{stronger:?}");
}
