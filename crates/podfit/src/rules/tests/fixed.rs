//! Rules that look at the pod and the node alone, and what comes before all filters.

use super::*;
use crate::rules::{Rule, static_refusal};

/// One node `a` and one pending pod `new`, each as the case makes them.
struct Case {
    name: &'static str,
    node: fn(&mut World, &mut NodeSpec),
    pod: fn(&mut World, &mut Shape),
    want: &'static str,
}

const PLAIN_NODE: fn(&mut World, &mut NodeSpec) = |_, _| {};
const PLAIN_POD: fn(&mut World, &mut Shape) = |_, _| {};
const CORDONED: fn(&mut World, &mut NodeSpec) = |_, n| n.unschedulable = true;
const TAINTED: fn(&mut World, &mut NodeSpec) =
    |w, n| n.taints = vec![w.taint("gpu", "true", Effect::NoSchedule)];

fn run(case: &Case, rules: RuleSet) -> (String, String) {
    let mut world = World::new();
    let mut node = world.node_spec("a", &[("disk", "ssd"), ("gen", "7")]);
    (case.node)(&mut world, &mut node);
    world.0.add_node(node, 0);
    let mut shape = world.shape(&[]);
    (case.pod)(&mut world, &mut shape);
    world.pod("new", None, &shape);
    let cluster = world.build();
    let state = State::new(&cluster);
    let shape = cluster.shape_of(PodId(0));
    let fixed: Vec<_> = static_refusal(&cluster, shape, NodeId(0), rules).into_iter().collect();
    (why_under(&state, "new", "a", rules), words(&cluster, &fixed))
}

#[test]
fn static_rules() {
    let cases = [
        Case { name: "plain", node: PLAIN_NODE, pod: PLAIN_POD, want: "" },
        Case {
            name: "cordon",
            node: CORDONED,
            pod: PLAIN_POD,
            want: "node-cordoned: node is cordoned",
        },
        Case {
            name: "cordon tolerated",
            node: CORDONED,
            pod: |w, p| {
                p.tolerations.push(w.toleration("node.kubernetes.io/unschedulable", "*", None));
            },
            want: "",
        },
        Case {
            name: "cordon tolerated by everything",
            node: CORDONED,
            pod: |w, p| p.tolerations.push(w.toleration("*", "*", Some(Effect::NoSchedule))),
            want: "",
        },
        Case {
            name: "cordon tolerated for another effect only",
            node: CORDONED,
            pod: |w, p| {
                let key = "node.kubernetes.io/unschedulable";
                p.tolerations.push(w.toleration(key, "", Some(Effect::NoExecute)));
            },
            want: "node-cordoned: node is cordoned",
        },
        Case {
            name: "cordon tolerated with another value",
            node: CORDONED,
            pod: |w, p| {
                p.tolerations.push(w.toleration("node.kubernetes.io/unschedulable", "x", None));
            },
            want: "node-cordoned: node is cordoned",
        },
        Case {
            name: "names this node",
            node: PLAIN_NODE,
            pod: |w, p| p.node_name = Some(w.sym("a")),
            want: "",
        },
        Case {
            name: "names another node",
            node: PLAIN_NODE,
            pod: |w, p| p.node_name = Some(w.sym("b")),
            want: "names-other-node: pod names another node: b",
        },
        Case {
            name: "taint",
            node: TAINTED,
            pod: PLAIN_POD,
            want: "untolerated-taint: taint gpu=true:NoSchedule is not tolerated",
        },
        Case {
            name: "taint tolerated",
            node: TAINTED,
            pod: |w, p| p.tolerations.push(w.toleration("gpu", "true", Some(Effect::NoSchedule))),
            want: "",
        },
        Case {
            name: "taint of another value tolerated",
            node: TAINTED,
            pod: |w, p| p.tolerations.push(w.toleration("gpu", "false", None)),
            want: "untolerated-taint: taint gpu=true:NoSchedule is not tolerated",
        },
        Case {
            name: "first of two taints tolerated",
            node: |w, n| {
                TAINTED(w, n);
                n.taints.push(w.taint("out", "", Effect::NoExecute));
            },
            pod: |w, p| p.tolerations.push(w.toleration("gpu", "*", None)),
            want: "untolerated-taint: taint out:NoExecute is not tolerated",
        },
        Case {
            name: "a taint that only scores",
            node: |w, n| n.taints.push(w.taint("slow", "", Effect::PreferNoSchedule)),
            pod: PLAIN_POD,
            want: "",
        },
        Case {
            name: "node selector",
            node: PLAIN_NODE,
            pod: |w, p| p.node_selector.labels.push((w.sym("disk"), w.sym("ssd"))),
            want: "",
        },
        Case {
            name: "node selector of another value",
            node: PLAIN_NODE,
            pod: |w, p| p.node_selector.labels.push((w.sym("disk"), w.sym("hdd"))),
            want: "node-selector: node selector disk=hdd does not match",
        },
        Case {
            name: "node affinity, second term",
            node: PLAIN_NODE,
            pod: |w, p| {
                let label = |r| NodeTerm { labels: vec![r], names: Vec::new() };
                let absent = label(Requirement::Exists(w.sym("fast")));
                let young = label(Requirement::Number(w.sym("gen"), NumericOp::Gt, 6));
                p.node_selector.terms = Some(vec![absent, young]);
            },
            want: "",
        },
        Case {
            name: "node affinity",
            node: PLAIN_NODE,
            pod: |w, p| {
                let young = Requirement::Number(w.sym("gen"), NumericOp::Gt, 7);
                p.node_selector.terms =
                    Some(vec![NodeTerm { labels: vec![young], names: Vec::new() }]);
            },
            want: "node-affinity: required node affinity does not match",
        },
        Case {
            name: "volume here",
            node: PLAIN_NODE,
            pod: |w, p| volume(w, p, "a", ClaimKind::Bound),
            want: "",
        },
        Case {
            name: "volume elsewhere",
            node: PLAIN_NODE,
            pod: |w, p| volume(w, p, "b", ClaimKind::Bound),
            want: "volume-elsewhere: volume of claim data-0 is bound to other nodes",
        },
        Case {
            name: "no volume to bind",
            node: PLAIN_NODE,
            pod: |w, p| volume(w, p, "b", ClaimKind::Waits),
            want: "no-volume-to-bind: no volume to be had here for claim data-0",
        },
        Case {
            name: "a volume to bind",
            node: PLAIN_NODE,
            pod: |w, p| volume(w, p, "a", ClaimKind::Waits),
            want: "",
        },
        Case {
            name: "volume in another zone",
            node: PLAIN_NODE,
            pod: |w, p| volume(w, p, "b", ClaimKind::Zone),
            want: "volume-zone: volume of claim data-0 is in another zone",
        },
        Case {
            name: "volume in this zone",
            node: PLAIN_NODE,
            pod: |w, p| volume(w, p, "a", ClaimKind::Zone),
            want: "",
        },
        Case {
            name: "claim not bound, wherever it looks",
            node: CORDONED,
            pod: |w, p| volume(w, p, "a", ClaimKind::Unbound),
            want: "claim-unbound: claim data-0 is not bound, and its class does not wait for the pod",
        },
        Case {
            name: "claim missing, told before one that is unbound",
            node: CORDONED,
            pod: |w, p| {
                volume(w, p, "a", ClaimKind::Unbound);
                volume(w, p, "a", ClaimKind::Missing);
            },
            want: "claim-missing: claim data-0 does not exist",
        },
        Case {
            name: "node affinity names this node",
            node: PLAIN_NODE,
            pod: |w, p| ["b", "a"].iter().for_each(|n| named(w, p, &[n, n])),
            want: "",
        },
        Case {
            name: "node affinity names other nodes: the cordon is not looked at",
            node: CORDONED,
            pod: |w, p| {
                named(w, p, &["b"]);
                named(w, p, &["c", "b"]);
            },
            want: "node-affinity: required node affinity names other nodes",
        },
        Case {
            name: "one term of two names nodes",
            node: CORDONED,
            pod: |w, p| {
                named(w, p, &["b"]);
                named(w, p, &[]);
            },
            want: "node-cordoned: node is cordoned",
        },
        Case {
            name: "terms that name two nodes at once",
            node: CORDONED,
            pod: |w, p| {
                named(w, p, &["a", "b"]);
                named(w, p, &["b", "c"]);
            },
            want: "node-affinity-conflict: the terms of the required node affinity contradict themselves",
        },
    ];
    for case in cases {
        let (all, fixed) = run(&case, RuleSet::ALL);
        assert_eq!(all, case.want, "{}", case.name);
        assert_eq!(fixed, case.want, "{} (static)", case.name);
    }
}

pub(super) fn volume(world: &mut World, shape: &mut Shape, node: &str, kind: ClaimKind) {
    let term = NodeTerm { labels: Vec::new(), names: vec![(world.sym(node), true)] };
    let claim = world.sym("data-0");
    let nodes = NodeSelector { labels: Vec::new(), terms: Some(vec![term]) };
    shape.volumes.push(VolumeClaim { claim, kind, nodes });
}

#[test]
fn what_is_refused_before_filters_goes_with_its_rule() {
    let pod = |w: &mut World, p: &mut Shape| {
        named(w, p, &["b"]);
        volume(w, p, "a", ClaimKind::Missing);
    };
    let case = Case { name: "", node: PLAIN_NODE, pod, want: "" };
    let without = |rule| run(&case, RuleSet::ALL.without(rule)).0;
    assert!(without(Rule::NodeAffinity).starts_with("claim-missing"));
    assert!(without(Rule::Volumes).starts_with("node-affinity"));
    let neither = RuleSet::ALL.without(Rule::Volumes).without(Rule::NodeAffinity);
    assert_eq!(run(&case, neither).0, "");
}

#[test]
fn cordon_off_takes_the_cordons_own_taint_with_it() {
    let node = |w: &mut World, n: &mut NodeSpec| {
        n.unschedulable = true;
        n.taints.push(w.taint("node.kubernetes.io/unschedulable", "", Effect::NoSchedule));
    };
    let case = Case { name: "", node, pod: PLAIN_POD, want: "" };
    assert_eq!(run(&case, RuleSet::ALL).0, "node-cordoned: node is cordoned");
    assert_eq!(run(&case, RuleSet::ALL.without(Rule::Cordon)), (String::new(), String::new()));
    // Under the cordon rule a taint of that key with another effect stands for itself.
    let node = |w: &mut World, n: &mut NodeSpec| {
        n.unschedulable = true;
        n.taints.push(w.taint("node.kubernetes.io/unschedulable", "", Effect::NoExecute));
    };
    let pod = |w: &mut World, p: &mut Shape| {
        p.tolerations.push(w.toleration("*", "*", Some(Effect::NoSchedule)));
    };
    let found = run(&Case { name: "", node, pod, want: "" }, RuleSet::ALL).0;
    assert!(found.starts_with("untolerated-taint"), "{found}");
    // Without the cordon so does the taint itself.
    let node = |w: &mut World, n: &mut NodeSpec| {
        n.taints.push(w.taint("node.kubernetes.io/unschedulable", "", Effect::NoSchedule));
    };
    let case = Case { name: "", node, pod: PLAIN_POD, want: "" };
    assert_ne!(run(&case, RuleSet::ALL.without(Rule::Cordon)).0, "");
}
