//! Topology spread.

use super::{A, B, C, NEW, OLD, Row};
use podfit::model::{Effect, Loss, NodePolicy, Selector};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // Spread: hosts a, b, c with 1, 0, 0 pods.
    (
        "spread-key",
        |s| {
            s.spread("rack");
        },
        |s| {
            s.label(A, "rack", "r");
            s.spread("rack");
        },
    ),
    (
        "spread",
        |s| {
            s.spread("host");
        },
        |s| {
            s.spread("host");
            s.go(B)
        },
    ),
    (
        "spread",
        |s| {
            s.spread("host");
        },
        |s| s.spread("host").max_skew = 2,
    ),
    (
        "spread",
        |s| {
            s.spread("host");
        },
        |s| {
            s.spread("host");
            s.run("b");
            s.run("c");
        },
    ),
    // A pod that its constraint does not select adds nothing.
    (
        "spread",
        |s| {
            s.spread("host");
            s.run("a");
            s.relabel(NEW, "x")
        },
        |s| {
            s.spread("host");
            s.relabel(NEW, "x");
        },
    ),
    // Too few domains: the emptiest counts as 0.
    (
        "spread",
        |s| {
            s.spread("host").min_domains = 4;
            s.run("b");
            s.run("c");
        },
        |s| {
            s.spread("host").min_domains = 3;
            s.run("b");
            s.run("c");
        },
    ),
    // Terminating and lingering pods do not count.
    ("spread", |s| { s.spread("host"); }, |s| { s.spread("host"); s.pods[OLD].terminating = true }),
    ("spread", |s| { s.spread("host"); }, |s| { s.spread("host"); s.remove(OLD, true) }),
    // An empty selector counts nobody.
    ("spread", |s| { s.spread("host"); }, |s| s.spread("host").selector = Selector::new(vec![])),
    // Other namespaces do not count.
    (
        "spread",
        |s| {
            s.spread("host");
        },
        |s| {
            s.spread("host");
            s.shape(OLD).namespace = s.b.intern("other");
        },
    ),
    // Honoured affinity: only a and b are domains, or c too.
    (
        "spread",
        |s| {
            s.spread("zone").node_affinity_policy = NodePolicy::Ignore;
            s.shape(NEW).node_selector = s.selector("zone", "z1");
        },
        |s| {
            s.spread("zone");
            s.shape(NEW).node_selector = s.selector("zone", "z1");
        },
    ),
    // Tainted and cordoned nodes are domains unless taints are honoured.
    (
        "spread",
        |s| {
            s.spread("zone");
            s.taint(C, Effect::NoExecute)
        },
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.taint(C, Effect::NoExecute);
        },
    ),
    (
        "spread",
        |s| {
            s.spread("zone");
            s.nodes[2].unschedulable = true
        },
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.nodes[2].unschedulable = true;
        },
    ),
    // A node not ready stays a domain; deleted it is none; with honoured taints neither.
    (
        "spread",
        |s| {
            s.spread("zone");
            s.lose(C, Loss::NotReady)
        },
        |s| {
            s.spread("zone");
            s.lose(C, Loss::Deleted);
        },
    ),
    (
        "spread",
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.tolerate(Some("node.kubernetes.io/unreachable"), None, None);
            s.lose(C, Loss::NotReady);
        },
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.tolerate(Some("node.kubernetes.io/unreachable"), None, Some(Effect::NoExecute));
            s.lose(C, Loss::NotReady);
        },
    ),
    (
        "spread",
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.tolerate(Some("node.kubernetes.io/unschedulable"), None, None);
            s.lose(C, Loss::Drained);
        },
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.lose(C, Loss::Drained);
        },
    ),
    // What stays on a node not ready counts where the node is still a domain, and not where it is none.
    (
        "spread",
        |s| {
            s.spread("zone");
            s.lose(A, Loss::NotReady);
            s.go(B)
        },
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.lose(A, Loss::NotReady);
            s.go(B);
        },
    ),
    // A node without the key of the *other* constraint is no domain of this one.
    (
        "spread",
        |s| {
            s.spread("zone");
            s.spread("host").max_skew = 9
        },
        |s| {
            s.spread("zone");
            s.spread("host").max_skew = 9;
            s.unlabel(C, "host");
        },
    ),
];
