//! Explanations: the wanted line, runners judged as newcomers, pods of one shape, fates.

use crate::fix::{node, plain, pod};
use podfit::model::{
    Cluster, ClusterBuilder, Effect, Labels, Loss, NodePolicy, NodeSpec, OwnerKind, PodId, PodSpec,
    Requirement, Selector, Spread, Taint,
};
use podfit::planner::{ExplainQuestion, Explained, Options, Planner, WhatIfQuestion};
use std::sync::Arc;

type B = ClusterBuilder;

fn pods(cluster: &Cluster, names: &[&str]) -> Vec<PodId> {
    let find = |name: &&str| {
        cluster.pod_ids().find(|&p| cluster.str(cluster.pod(p).name) == *name).expect("there")
    };
    names.iter().map(find).collect()
}

fn explain(b: B, names: &[&str], lost: &[&str], loss: Loss) -> Vec<Explained> {
    let planner = Planner::new(Arc::new(b.build().expect("valid")));
    let lost: Vec<_> =
        lost.iter().map(|n| planner.cluster().find_node(n).expect("there")).collect();
    let pods = pods(planner.cluster(), names);
    let question = ExplainQuestion { pods: &pods, lost: &lost, loss, plan: None };
    planner.explain(&question, &Options::default()).expect("refereed")
}

fn zone(zone: &'static str) -> impl Fn(&mut B, &mut NodeSpec) {
    move |b, n| {
        let zone = (b.intern("topology.kubernetes.io/zone"), b.intern(zone));
        n.labels = Labels::new(n.labels.iter().chain([zone]));
    }
}

/// Spread over zones, as web pods do.
fn spreads(b: &mut B, p: &mut PodSpec) {
    let selector = Selector::new(vec![Requirement::In(b.intern("app"), vec![b.intern("web")])]);
    p.shape.spread = vec![Spread {
        max_skew: 1,
        topology_key: b.intern("topology.kubernetes.io/zone"),
        selector,
        min_domains: 1,
        node_affinity_policy: NodePolicy::Honor,
        node_taints_policy: NodePolicy::Ignore,
    }];
}

/// node-a to node-d are zone one, node-f zone two: web-8 and web-9 in zone two, none left in zone one once web-7
/// is gone. node-e has the GPU. cache-2 is all that is in the way on node-c.
fn wanted() -> B {
    let mut b = B::new();
    for (name, gib) in [("node-a", 8), ("node-b", 8), ("node-c", 8), ("node-d", 8)] {
        node(&mut b, name, 8000, gib, zone("one"));
    }
    node(&mut b, "node-e", 8000, 8, |b, n| {
        zone("one")(b, n);
        n.taints = vec![Taint {
            key: b.intern("gpu"),
            value: b.intern("true"),
            effect: Effect::NoSchedule,
        }];
    });
    node(&mut b, "node-f", 8000, 32, zone("two"));
    pod(&mut b, "web-7", Some("node-a"), 100, 4096, spreads);
    for (name, on, mib) in [
        ("db-1", "node-b", 7300),
        ("db-2", "node-c", 3900),
        ("cache-2", "node-c", 1014),
        ("db-3", "node-d", 5500),
    ] {
        pod(&mut b, name, Some(on), 100, mib, |_, p| {
            if name.starts_with("db") {
                p.owner.kind = OwnerKind::Bare;
            }
        });
    }
    pod(&mut b, "web-8", Some("node-f"), 100, 4096, spreads);
    b
}

#[test]
fn the_wanted_line() {
    let [explained] = &explain(wanted(), &["web-7"], &["node-a"], Loss::NotReady)[..] else {
        panic!("one pod asked, one explained")
    };
    assert_eq!(
        explained.line,
        "web-7 ✗ after node-a fails: 0/5 nodes. 3 short of memory (need 4Gi, best free 3.2Gi on node-c), \
         1 taint gpu=true:NoSchedule, 1 zone spread. Nearest fix: move cache-2 → node-d."
    );
    assert_eq!(
        explained.message,
        "0/6 nodes are available: 1 node(s) didn't match pod topology spread constraints, 2 node(s) had \
         untolerated taint(s), 3 Insufficient memory. no new claims to deallocate, preemption: 0/6 nodes are available: 2 Preemption is \
         not helpful for scheduling, 4 No preemption victims found for incoming pod."
    );
}

#[test]
fn a_plan_given_is_the_plan_used() {
    let planner = Planner::new(Arc::new(wanted().build().expect("valid")));
    let lost = [planner.cluster().find_node("node-a").expect("there")];
    let what_if = WhatIfQuestion { lost: lost.to_vec(), moves_max: 2, ..Default::default() };
    let answer = planner.what_if(&what_if, &Options::default()).expect("refereed");
    let pods = pods(planner.cluster(), &["web-7"]);
    let question = ExplainQuestion {
        pods: &pods,
        lost: &lost,
        plan: Some(&answer.plan.change),
        ..Default::default()
    };
    let explained = planner.explain(&question, &Options::default()).expect("refereed");
    assert_eq!(explained[0].node, planner.cluster().find_node("node-c"), "the plan moves cache-2");
    let line = &explained[0].line;
    assert!(line.starts_with("web-7 ✓ after node-a fails on node-c: 1/5 nodes."), "{line}");
    assert!(explained[0].fixes.fixes.is_empty());
}

#[test]
fn a_runner_is_judged_without_itself() {
    let explained = explain(wanted(), &["db-1", "web-8"], &[], Loss::NotReady);
    // db-1 of 7300Mi fits its own node and node-f.
    assert!(explained[0].line.starts_with("db-1 ✓ on node-b: 2/6 nodes."), "{}", explained[0].line);
    assert!(explained[0].fate.is_none() && explained[0].fixes.fixes.is_empty());
    assert!(explained[1].line.starts_with("web-8 ✓ on node-f: "), "{}", explained[1].line);
}

#[test]
fn pods_of_one_shape_share_and_the_lost_are_told() {
    let mut b = B::new();
    node(&mut b, "a", 1000, 4, plain);
    node(&mut b, "b", 1000, 4, plain);
    pod(&mut b, "bare-1", Some("a"), 100, 0, |_, p| p.owner.kind = OwnerKind::Bare);
    for i in 1..=3 {
        pod(&mut b, &format!("web-{i}"), None, 2000, 0, plain);
    }
    let names = ["web-1", "web-2", "bare-1"];
    let explained = explain(b, &names, &["a"], Loss::NotReady);
    assert!(Arc::ptr_eq(&explained[0].why, &explained[1].why));
    assert!(Arc::ptr_eq(&explained[0].fixes, &explained[1].fixes));
    let line = &explained[0].line;
    assert!(
        line.ends_with("Nearest fix: lower the cpu request from 2 to 1 (then b takes it)."),
        "{line}"
    );
    let line = &explained[2].line;
    assert!(line.ends_with("1/1 nodes. Nothing makes it anew: it has no controller."), "{line}");
}
