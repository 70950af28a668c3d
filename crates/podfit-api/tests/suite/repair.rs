//! Several changes that together make everything fit.

use crate::cases::{fail, open};
use podfit_api::report::{RepairReport, Report, WhatIfReport};
use podfit_api::{
    AnswerOptions, CancelToken, CheckRequest, Edit, Mode, PlaceRequest, Request, Snapshot, Solver,
    WhatIfRequest,
};
use proptest::prelude::*;

fn lose(snapshot: &Snapshot, what: &str) -> WhatIfReport {
    // Drained, as the controller evicts nothing where most nodes are not ready.
    ask(snapshot, what, Solver::Auto)
}

fn ask(snapshot: &Snapshot, what: &str, solver: Solver) -> WhatIfReport {
    let names: Vec<&str> = what.split(',').collect();
    let request = Request::WhatIf(WhatIfRequest { mode: Mode::Drained, ..fail(&names) });
    let options = AnswerOptions { solver, ..AnswerOptions::default() };
    match snapshot.answer(&request, &options).unwrap().report {
        Report::WhatIf(report) => report,
        other => panic!("{other:?}"),
    }
}

fn repair(snapshot: &Snapshot) -> Option<RepairReport> {
    lose(snapshot, "a").cause.expect("it does not fit").repair
}

fn told(repair: &RepairReport) -> Vec<&str> {
    repair.steps.iter().map(|s| s.text.as_str()).collect()
}

/// A rule for one, too little memory for another once the first is there, and one that nothing helps.
const MIXED: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 8, memory: 16Gi}, labels: {disk: ssd}}
  - {name: b, allocatable: {cpu: 8, memory: 8Gi}}
workloads:
  - {name: rest, replicas: 1, runsOn: [b], requests: {cpu: 1, memory: 4Gi}}
  - {name: picky, replicas: 1, runsOn: [a], requests: {cpu: 1, memory: 3Gi}, nodeSelector: {disk: ssd}}
  - {name: big, replicas: 1, runsOn: [a], requests: {cpu: 1, memory: 4Gi}}
  - {name: bound, replicas: 1, runsOn: [a], requests: {cpu: 1},
     volumes: [{claim: data, class: local, node: a}]}
";

#[test]
fn rules_come_first_then_amounts_and_the_hopeless_are_left_out() {
    let mixed = open(MIXED);
    let repair = repair(&mixed).expect("a repair");
    assert_eq!(repair.without, ["default/bound-0"]);
    assert_eq!(repair.steps.len(), 2, "{:?}", told(&repair));
    assert_eq!(repair.steps[0].pods, ["default/picky-0"], "{:?}", told(&repair));
    let after = lose(&mixed.edited(&repair.edits).unwrap(), "a");
    assert_eq!(after.counts.pending, 0, "{}", after.why);
    for left in 0..2 {
        let fewer = repair.steps.iter().enumerate().filter(|(i, _)| *i != left);
        let edits: Vec<Edit> = fewer.flat_map(|(_, s)| s.edits.clone()).collect();
        let after = lose(&mixed.edited(&edits).unwrap(), "a");
        assert!(after.counts.pending > 1, "step {left} is needed");
    }
}

/// The nodes of the old pool are full, those of the new one have room for a pod.
fn pools(old: usize, memory: &str) -> Snapshot {
    let on = |pool: &str, pods: usize, each: usize| {
        let names: Vec<String> = (0..pods).map(|i| format!("{pool}-{}", i / each)).collect();
        names.join(", ")
    };
    let mut text = String::from("apiVersion: podfit/v1\nkind: Cluster\nnodes:\n");
    for (pool, nodes) in [("old", old), ("new", 2)] {
        for i in 0..nodes {
            let node = format!("name: {pool}-{i}, allocatable: {{cpu: 4, memory: {memory}}}");
            text += &format!("  - {{{node}, labels: {{pool: {pool}}}}}\n");
        }
    }
    text += "workloads:\n";
    for (name, runs_on, pods, cpu) in
        [("web", on("old", old * 3, 3), old * 3, "1300m"), ("near", on("new", 2, 1), 2, "2700m")]
    {
        let asks = format!("requests: {{cpu: {cpu}, memory: 1Gi}}");
        text += &format!("  - {{name: {name}, replicas: {pods}, runsOn: [{runs_on}], {asks}}}\n");
    }
    open(&text)
}

#[test]
fn more_nodes_are_the_fewest_that_do() {
    // With much memory a node can be made larger for one pod after the other: that is no plan.
    for (old, memory) in (2..9).flat_map(|old| [(old, "8Gi"), (old, "64Gi")]) {
        let cluster = pools(old, memory);
        let lose = |s: &Snapshot| lose(s, "pool=old");
        let repair = lose(&cluster).cause.unwrap().repair.expect("a repair");
        let [Edit::CopyNode { node, count }] = repair.edits.as_slice() else {
            panic!("{repair:?}");
        };
        // Two find room in the new pool, three on each further node.
        assert_eq!(*count as usize, (old * 3 - 2).div_ceil(3));
        assert_eq!(lose(&cluster.edited(&repair.edits).unwrap()).counts.pending, 0);
        let fewer = Edit::CopyNode { node: node.clone(), count: count - 1 };
        assert!(lose(&cluster.edited(&[fewer]).unwrap()).counts.pending > 0);
    }
}

/// A further old node is lost with the others, and then so many are that nobody is evicted: no pod waits for a place.
#[test]
fn pods_that_are_stuck_by_a_change_are_not_placed_by_it() {
    let cluster = pools(2, "8Gi");
    let Report::WhatIf(report) = cluster
        .answer(&Request::WhatIf(fail(&["pool=old"])), &AnswerOptions::default())
        .unwrap()
        .report
    else {
        panic!("another report")
    };
    let repair = report.cause.unwrap().repair.unwrap();
    let [Edit::CopyNode { node, count: 2 }] = repair.edits.as_slice() else { panic!("{repair:?}") };
    assert!(node.starts_with("new"), "{node}");
}

fn steps_of(text: &str) -> (Vec<String>, Vec<String>) {
    let repair = repair(&open(text)).expect("a repair");
    (repair.steps.into_iter().map(|s| s.text).collect(), repair.without)
}

/// Where one fix does, it is the plan, although amounts aside another node would do as well.
#[test]
fn one_fix_that_does_is_the_plan() {
    let text = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 4Gi}, labels: {disk: ssd}}
  - {name: b, allocatable: {cpu: 4, memory: 4Gi}}
  - {name: c, allocatable: {cpu: 4, memory: 4Gi}}
workloads:
  - {name: full, replicas: 1, runsOn: [b], requests: {cpu: 4, memory: 1Gi}}
  - {name: web, replicas: 1, runsOn: [a], requests: {cpu: 2, memory: 1Gi}, nodeSelector: {disk: ssd}}
";
    assert_eq!(steps_of(text), (vec!["label c with disk=ssd".into()], vec![]));
}

/// What the referee finds wrong, after the repair, with the pods that it moves.
fn refused_moves(cluster: &Snapshot, repair: &RepairReport) -> Vec<String> {
    let edited = cluster.edited(&repair.edits).unwrap();
    let standing = Request::Check(CheckRequest { plan: None });
    let answer = edited.answer(&standing, &AnswerOptions::default()).unwrap();
    let Report::Check(check) = answer.report else { panic!("another report") };
    let is_moved = |name: &str| {
        let full = format!("default/{name}");
        repair.edits.iter().any(|e| matches!(e, Edit::MovePod { pod, .. } if *pod == full))
    };
    let moved = check.violations.into_iter().filter(|v| v.name.as_deref().is_some_and(is_moved));
    moved.map(|v| v.text).collect()
}

/// Amounts aside, the pod that is shunned could go to a node that is full.
#[test]
fn nobody_is_moved_to_where_there_is_no_room() {
    let text = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 4Gi}, labels: {disk: ssd}}
  - {name: b, allocatable: {cpu: 4, memory: 4Gi}, labels: {disk: ssd}}
  - {name: c, allocatable: {cpu: 2, memory: 4Gi}}
workloads:
  - {name: noise, replicas: 1, runsOn: [b], requests: {cpu: 2, memory: 1Gi}}
  - {name: filler, replicas: 1, runsOn: [c], requests: {cpu: 2, memory: 1Gi}}
  - {name: bound, replicas: 1, runsOn: [a], requests: {cpu: 1}, volumes: [{claim: data, class: local, node: a}]}
  - {name: web, replicas: 1, runsOn: [a], requests: {cpu: 2, memory: 1Gi}, nodeSelector: {disk: ssd},
     affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution:
       [{labelSelector: {matchLabels: {app: noise}}, topologyKey: kubernetes.io/hostname}]}}}
";
    let cluster = open(text);
    let repair = repair(&cluster).expect("a repair");
    assert_eq!(repair.without, ["default/bound-0"]);
    assert_eq!(refused_moves(&cluster, &repair), [""; 0], "{:?}", told(&repair));
}

/// Each fills a node, and takes two changes of rules to go to another: two more nodes place both.
#[test]
fn nobody_is_left_out_whom_more_nodes_place() {
    let cluster = open(
        "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 4Gi}, labels: {disk: ssd, gen: new}}
  - {name: b, allocatable: {cpu: 4, memory: 4Gi}, labels: {disk: ssd, gen: new}}
  - {name: c, allocatable: {cpu: 8, memory: 8Gi}}
workloads:
  - {name: twice, replicas: 2, runsOn: [a, b], requests: {cpu: 3, memory: 1Gi}, nodeSelector: {disk: ssd, gen: new}}
",
    );
    let repair = lose(&cluster, "a,b").cause.unwrap().repair.expect("a repair");
    assert_eq!(repair.without, [""; 0], "{:?}", told(&repair));
    assert_eq!(told(&repair), ["add 2 more nodes like a"]);
}

/// After the rule both cpu and memory are short: one larger node is one step.
#[test]
fn what_is_short_on_one_node_is_bought_at_once() {
    let text = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 9, memory: 9Gi}, labels: {disk: ssd}}
  - {name: b, allocatable: {cpu: 2, memory: 2Gi}}
workloads:
  - {name: full, replicas: 1, runsOn: [b], requests: {cpu: 2, memory: 2Gi}}
  - {name: web, replicas: 2, runsOn: [a, a], requests: {cpu: 2, memory: 3Gi}, nodeSelector: {disk: ssd}}
  - {name: bound, replicas: 1, runsOn: [a], requests: {cpu: 1}, volumes: [{claim: data, class: local, node: a}]}
";
    let repair = repair(&open(text)).expect("a repair");
    let [.., Edit::EnlargeNode { add, .. }] = repair.edits.as_slice() else { panic!("{repair:?}") };
    assert_eq!((repair.steps.len(), add.len()), (2, 2), "{:?}", told(&repair));
}

/// Five nodes are cordoned: that is nothing to buy hardware for.
#[test]
fn what_costs_nothing_goes_before_what_is_bought() {
    let mut text = String::from("apiVersion: podfit/v1\nkind: Cluster\nnodes:\n");
    text += "  - {name: a, allocatable: {cpu: 20, memory: 20Gi}}\n";
    for i in 0..5 {
        let node = format!("name: b{i}, allocatable: {{cpu: 4, memory: 8Gi}}");
        text += &format!("  - {{{node}, unschedulable: true}}\n");
    }
    text += "workloads:\n  - {name: w, replicas: 5, runsOn: [a, a, a, a, a], \
             requests: {cpu: 3, memory: 1Gi}}\n";
    let (steps, without) = steps_of(&text);
    assert_eq!((steps.len(), without.len()), (5, 0), "{steps:?}");
    assert!(steps.iter().all(|s| s.starts_with("uncordon b")), "{steps:?}");
}

/// Nine kinds that nothing helps come before the one that is easily helped.
#[test]
fn many_hopeless_kinds_hide_no_other() {
    let mut text = String::from(
        "apiVersion: podfit/v1\nkind: Cluster\nnodes:\n  - {name: a, allocatable: {cpu: 20, memory: 20Gi}, \
         labels: {disk: ssd}}\n  - {name: b, allocatable: {cpu: 20, memory: 20Gi}}\nworkloads:\n",
    );
    for i in 0..9 {
        let asks = "requests: {cpu: 1, memory: 1Gi}, priority: 9";
        let volume = format!("volumes: [{{claim: data-{i}, class: local, node: a}}]");
        text += &format!("  - {{name: db{i}, replicas: 1, runsOn: [a], {asks}, {volume}}}\n");
    }
    text += "  - {name: web, replicas: 1, runsOn: [a], requests: {cpu: 1, memory: 1Gi}, nodeSelector: {disk: ssd}}\n";
    let (steps, without) = steps_of(&text);
    assert_eq!((steps.len(), without.len()), (1, 9), "{steps:?}");
}

/// A bare pod goes by the name of a controller in its namespace: to leave it out costs the controller nothing.
#[test]
fn a_full_name_means_one_pod_where_pods_are_deleted() {
    let both = open(
        "
apiVersion: podfit/v1
kind: Cluster
nodes: [{name: a, allocatable: {cpu: 4, memory: 4Gi}}]
pods: [{name: web-0, node: a, requests: {cpu: 1, memory: 1Gi}}]
workloads:
  - {name: web-0, replicas: 2, runsOn: [a, a], requests: {cpu: 1, memory: 1Gi}}
",
    );
    let delete = |name: &str| Edit::DeletePods { pods: vec![name.into()] };
    let left = |name| both.edited(&[delete(name)]).map(|s| s.cluster().pods().len());
    assert_eq!((both.cluster().pods().len(), left("default/web-0")), (3, Ok(2)));
    assert_eq!(left("Deployment/default/web-0"), Ok(1));
    let faults = left("web-0").expect_err("it may mean either");
    assert_eq!((faults[0].code, faults[0].place.as_str()), ("ambiguous-name", "edits[0].pods[0]"));
}

#[test]
fn a_place_request_has_a_repair_too() {
    // All that ran on `a` is pending.
    let pending =
        MIXED.replace("runsOn: [a], ", "").replace("labels: {disk: ssd}", "unschedulable: true");
    let pending = open(&pending);
    let place = Request::Place(PlaceRequest { fewest_nodes: false, predict: None });
    let answer = |s: &Snapshot| match s.answer(&place, &AnswerOptions::default()).unwrap().report {
        Report::Place(report) => report,
        other => panic!("{other:?}"),
    };
    let repair = answer(&pending).cause.unwrap().repair.expect("a repair");
    let after = answer(&pending.edited(&repair.edits).unwrap());
    assert!(after.pods.iter().all(|p| p.to.is_some()), "{}", after.why);
}

#[test]
fn a_cancelled_search_says_so_and_tells_no_half() {
    let cancel = CancelToken::default();
    cancel.cancel();
    let options = AnswerOptions { cancel, ..AnswerOptions::default() };
    let answer = open(MIXED).answer(&Request::WhatIf(fail(&["a"])), &options).unwrap();
    let Report::WhatIf(report) = answer.report else { panic!("another report") };
    let Some(cause) = report.cause else { return };
    assert_eq!(cause.repair, None);
    assert!(cause.cuts.iter().any(|c| c.contains("several changes")), "{:?}", cause.cuts);
}

/// Small clusters where amounts, selectors, taints and hosts to be shared or not are in each other's way.
fn random_cluster() -> impl Strategy<Value = String> {
    let node = (2u32..9, 2u32..9, any::<bool>(), 0u32..4);
    let workload = (1u32..4, 1u32..5, 1u32..5, 0u32..8, any::<prop::sample::Index>());
    let both = (prop::collection::vec(node, 2..5), prop::collection::vec(workload, 2..6));
    both.prop_map(|(nodes, workloads)| {
        let name = |i: usize| ["a", "b", "c", "d"][i];
        let mut text = String::from("apiVersion: podfit/v1\nkind: Cluster\nnodes:\n");
        for (i, (cpu, memory, ssd, taint)) in nodes.iter().enumerate() {
            let disk = if *ssd { ", labels: {disk: ssd}" } else { "" };
            let taint = if *taint == 0 { ", taints: [{key: gpu, value: x, effect: NoSchedule}]" } else { "" };
            let room = format!("allocatable: {{cpu: {cpu}, memory: {memory}Gi}}");
            text += &format!("  - {{name: {}, {room}{disk}{taint}}}\n", name(i));
        }
        text += "workloads:\n";
        for (i, (pods, cpu, memory, kind, home)) in workloads.iter().enumerate() {
            let homes: Vec<&str> = (0..*pods)
                .map(|k| name((home.index(nodes.len()) + k as usize) % nodes.len()))
                .collect();
            let asks = format!("requests: {{cpu: {cpu}, memory: {memory}Gi}}");
            let apart = format!(
                ", affinity: {{podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: \
                 [{{labelSelector: {{matchLabels: {{app: w{i}}}}}, topologyKey: kubernetes.io/hostname}}]}}}}"
            );
            let rule = match kind {
                0 => ", nodeSelector: {disk: ssd}",
                1 => apart.as_str(),
                2 => ", priority: 5",
                _ => "",
            };
            let runs = homes.join(", ");
            text +=
                &format!("  - {{name: w{i}, replicas: {pods}, runsOn: [{runs}], {asks}{rule}}}\n");
        }
        text
    })
}

#[test]
fn a_repair_repairs() {
    for config in podfit_soak::rounds(300, 50_000) {
        proptest!(config, |(text in random_cluster())| repairs(&text)?);
    }
}

/// Whatever is told makes it fit, and costs nobody else.
fn repairs(text: &str) -> Result<(), TestCaseError> {
    let cluster = open(text);
    let before = lose(&cluster, "a");
    let Some(repair) = before.cause.as_ref().and_then(|c| c.repair.clone()) else {
        return Ok(());
    };
    prop_assert!(!repair.steps.is_empty());
    prop_assert!(repair.without.len() < before.counts.pending, "{}\n{:?}", text, told(&repair));
    let edited = cluster.edited(&repair.edits);
    let after = lose(&edited.map_err(|e| TestCaseError::fail(format!("{e:?}\n{text}")))?, "a");
    prop_assert_eq!(after.counts.pending, 0, "{}\n{:?}", text, told(&repair));
    prop_assert!(after.losses.len() <= before.losses.len(), "{}\n{:?}", text, told(&repair));
    // No step can be spared, as the fast solver sees it.
    for spared in 0..repair.steps.len() {
        let kept = repair.steps.iter().enumerate().filter(|(i, _)| *i != spared);
        let gone = repair.edits.iter().take(usize::from(!repair.without.is_empty()));
        let edits: Vec<Edit> =
            gone.cloned().chain(kept.flat_map(|(_, s)| s.edits.clone())).collect();
        let does = |s: Snapshot| ask(&s, "a", Solver::Greedy).counts.pending == 0;
        prop_assert!(!cluster.edited(&edits).is_ok_and(does), "{}\n{:?}", text, told(&repair));
    }
    prop_assert_eq!(refused_moves(&cluster, &repair), [""; 0], "{}\n{:?}", text, told(&repair));
    Ok(())
}
