//! Which refusals eviction may change, and what is said where it does not help.

use super::*;
use crate::rules::{Explanation, refusals};

/// For each refusal: whether evicting the pod of lower priority, which fills the node, is tried.
fn tried(change: impl FnOnce(&mut World, &mut NodeSpec, &mut Shape, &mut Shape)) -> bool {
    let mut w = World::new();
    let mut node = w.node("a");
    let (mut low, mut high) = (w.shape(0, 1), w.shape(9, 1));
    change(&mut w, &mut node, &mut low, &mut high);
    w.builder.add_node(node, 0);
    w.add(Some("a"), &low, |_| {});
    let pod = w.add(None, &high, |_| {});
    let c = w.build();
    let state = State::new(&c);
    assert!(!refusals(&state, pod, NodeId(0), RuleSet::ALL).is_empty(), "refused to begin with");
    match ask(&c, pod) {
        Ok(_) => true,
        Err(declined) => {
            assert_eq!(declined, Declined::Nodes(vec![(NodeId(0), Spared::NotHelpful)]));
            false
        }
    }
}

#[test]
fn what_eviction_can_change() {
    assert!(tried(|_, _, low, _| low.requests.set(ResourceId::CPU, 10)));
    assert!(tried(|_, node, _, _| node.allocatable.set(ResourceId::PODS, 1)));
    assert!(tried(|_, _, low, high| {
        let port = HostPort { protocol: Protocol::Tcp, port: 80, ip: None };
        (low.host_ports, high.host_ports) = (vec![port], vec![port]);
    }));
    let term = |w: &mut World| PodTerm {
        namespaces: NamespaceSet::All,
        selector: w.selector("web"),
        topology_key: w.builder.intern("host"),
    };
    assert!(tried(|w, _, _, high| high.anti_affinity = vec![term(w)]));
    assert!(tried(|w, _, low, _| low.anti_affinity = vec![term(w)]));
    assert!(tried(|w, _, low, high| {
        let claim = w.builder.intern("data");
        (low.one_pod_claims, high.one_pod_claims) = (vec![claim], vec![claim]);
    }));
    assert!(tried(|w, node, low, high| {
        let card = Card::of(w.builder.intern("m1"));
        node.cards = vec![card];
        low.gpu = GpuRequest { cards: 1, milli_each: 500, models: vec![] };
        high.gpu = GpuRequest { cards: 1, milli_each: 1000, models: vec![card.model] };
    }));
}

#[test]
fn what_eviction_cannot_change() {
    // More than the node has in all.
    assert!(!tried(|_, _, _, high| high.requests.set(ResourceId::CPU, 11)));
    assert!(!tried(|_, node, _, _| node.unschedulable = true));
    assert!(!tried(|w, node, _, _| {
        let (key, value) = (w.builder.intern("t"), w.builder.intern(""));
        node.taints = vec![Taint { key, value, effect: Effect::NoSchedule }];
    }));
    assert!(!tried(|w, _, _, high| high.node_name = Some(w.builder.intern("b"))));
    let elsewhere = |w: &mut World| {
        let pair = (w.builder.intern("host"), w.builder.intern("b"));
        NodeSelector { labels: vec![pair], terms: None }
    };
    assert!(!tried(|w, _, _, high| high.node_selector = elsewhere(w)));
    assert!(!tried(|w, _, _, high| {
        let (claim, nodes) = (w.builder.intern("data"), elsewhere(w));
        high.volumes = vec![VolumeClaim { claim, kind: ClaimKind::Bound, nodes }];
    }));
    // A pod that must be with another which is nowhere.
    assert!(!tried(|w, _, _, high| {
        let selector = w.selector("nobody");
        let topology_key = w.builder.intern("host");
        high.affinity = vec![PodTerm { namespaces: NamespaceSet::All, selector, topology_key }];
    }));
    assert!(!tried(|w, _, _, high| high.spread = vec![spread(w, "absent")]));
    assert!(!tried(|w, node, _, high| {
        node.cards = vec![Card::of(w.builder.intern("m1"))];
        high.gpu = GpuRequest { cards: 2, milli_each: 1000, models: vec![] };
    }));
    assert!(!tried(|w, node, _, high| {
        node.cards = vec![Card::of(w.builder.intern("m1"))];
        high.gpu = GpuRequest { cards: 1, milli_each: 500, models: vec![w.builder.intern("m2")] };
    }));
}

/// Skew: node b is empty but cordoned, so only evicting on a helps.
#[test]
fn too_full_a_domain_can_be_emptied() {
    let mut w = World::new();
    w.nodes(&["a"]);
    let cordoned = NodeSpec { unschedulable: true, ..w.node("b") };
    w.builder.add_node(cordoned, 0);
    let low = w.runs("a", 0, 1);
    let mut shape = w.shape(9, 1);
    shape.spread = vec![spread(&mut w, "host")];
    let pod = w.add(None, &shape, |_| {});
    assert_eq!(victims(&w.build(), pod), [low]);
}

/// More volumes than the node takes in all is thought resolvable all the same.
#[test]
fn a_volume_limit_is_always_tried() {
    let mut w = World::new();
    let limit = w.builder.resource("attachable-volumes-csi-disk.example.com");
    let mut node = w.node("a");
    node.allocatable.set(limit, 2);
    w.builder.add_node(node, 0);
    w.runs("a", 0, 1);
    let mut shape = w.shape(9, 1);
    shape.requests.set(limit, 3);
    let pod = w.add(None, &shape, |_| {});
    let c = w.build();
    let Err(Declined::Nodes(nodes)) = ask(&c, pod) else { panic!("it never fits") };
    assert!(matches!(nodes.as_slice(), [(_, Spared::Refused(_))]), "{nodes:?}");
}

#[test]
fn a_lost_node_is_no_candidate() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs("a", 0, 10);
    w.runs("b", 1, 10);
    let pod = w.waits(9, 10);
    let c = w.build();
    for loss in [Loss::NotReady, Loss::Drained, Loss::Deleted] {
        let change = Change { lost: vec![NodeId(0)], loss, ..Change::default() };
        let answer = ask_in(&State::with_change(&c, &change), pod).expect("b is left");
        assert_eq!(c.node_name(answer.node), "b");
    }
}

/// The event of a pod that fits nowhere and helps itself nowhere is the message and the line.
#[test]
fn message_and_line_are_the_event() {
    let mut w = World::new();
    w.nodes(&["a", "b", "c"]);
    let cordoned = NodeSpec { unschedulable: true, ..w.node("d") };
    w.builder.add_node(cordoned, 0);
    w.runs("a", 9, 10);
    w.runs("b", 9, 10);
    w.runs("c", 9, 5);
    w.runs("c", 0, 5);
    let pod = w.waits(9, 6);
    let c = w.build();
    let state = State::new(&c);
    let explanation: Explanation = explain(&state, pod, RuleSet::ALL);
    let declined = ask(&c, pod).expect_err("only c has a victim, and it is too small");
    assert_eq!(
        format!("{} {}", explanation.scheduler_message(&c), declined.line(&c)),
        "0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient cpu. \
         no new claims to deallocate, preemption: 0/4 nodes are available: 1 Insufficient cpu, 1 Preemption is not helpful for \
         scheduling, 2 No preemption victims found for incoming pod."
    );
}

/// What keeps a pod off every node at once ends the plugins' work before one of them that is asked again later.
#[test]
fn a_refusal_for_every_node_has_no_preemption_part() {
    let mut w = World::new();
    w.nodes(&["a"]);
    w.runs("a", 0, 10);
    let mut shape = w.shape(9, 6);
    let (claim, nodes) = (w.builder.intern("data"), NodeSelector::default());
    shape.volumes = vec![VolumeClaim { claim, kind: ClaimKind::Unbound, nodes }];
    shape.preempts = false;
    let pod = w.add(None, &shape, |_| {});
    let c = w.build();
    let declined = ask(&c, pod).expect_err("no node is asked");
    assert_eq!(declined, Declined::EveryNode);
    let message = explain(&State::new(&c), pod, RuleSet::ALL).scheduler_message(&c);
    assert_eq!(
        format!("{message} {}", declined.line(&c)),
        "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
    );
}

#[test]
fn counts_are_sorted_as_text_and_no_node_says_nothing() {
    let mut w = World::new();
    let names: Vec<String> = (0..12).map(|i| format!("n{i}")).collect();
    w.nodes(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let tired = NodeSpec { unschedulable: true, ..w.node("tired") };
    let also = NodeSpec { unschedulable: true, ..w.node("also") };
    w.builder.add_node(tired, 0);
    w.builder.add_node(also, 0);
    for name in &names {
        w.runs(name, 0, 10);
    }
    let pod = w.waits(0, 1);
    let c = w.build();
    let declined = ask(&c, pod).expect_err("nobody is below 0");
    assert_eq!(
        declined.line(&c),
        "no new claims to deallocate, preemption: 0/14 nodes are available: 12 No preemption victims found for \
         incoming pod, 2 Preemption is not helpful for scheduling."
    );
    let mut w = World::new();
    let pod = w.waits(0, 1);
    let c = w.build();
    assert_eq!(ask(&c, pod).expect_err("no node").line(&c), "");
}
