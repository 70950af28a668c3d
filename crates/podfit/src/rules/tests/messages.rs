//! What people and the scheduler read.

use super::*;
use crate::rules::{amount::format_apart, explain, format_amount};

#[test]
fn amounts() {
    let cases = [
        ("cpu", 0, "0"),
        ("cpu", 1, "1m"),
        ("cpu", 999, "999m"),
        ("cpu", 1000, "1"),
        ("cpu", 1500, "1.5"),
        ("cpu", 12_034, "12.034"),
        ("cpu", -1500, "-1.5"),
        ("memory", 0, "0"),
        ("memory", 1023, "1023"),
        ("memory", 1024, "1Ki"),
        ("memory", 4 << 30, "4Gi"),
        ("memory", 3_500_000_000, "3.2Gi"),
        ("memory", (4 << 30) - 1, "3.9Gi"),
        ("memory", -(3 << 20), "-3Mi"),
        ("memory", i64::MAX, "7.9Ei"),
        ("memory", i64::MIN, "-8Ei"),
        ("ephemeral-storage", 1 << 40, "1Ti"),
        ("hugepages-2Mi", 4 << 20, "4Mi"),
        ("pods", 110, "110"),
        ("nvidia.com/gpu", 4096, "4096"),
    ];
    for (name, amount, want) in cases {
        assert_eq!(format_amount(name, amount), want, "{name} {amount}");
    }
}

#[test]
fn amounts_that_differ_look_different() {
    let apart = |a, b| format_apart("memory", a, b);
    let gib = 1 << 30;
    assert_eq!(apart(4 * gib, 3 * gib), ("4Gi".into(), "3Gi".into()));
    assert_eq!(apart(4 * gib + (40 << 20), 4 * gib), ("4136Mi".into(), "4096Mi".into()));
    assert_eq!(apart(4 * gib + 1, 4 * gib), ("4294967297".into(), "4294967296".into()));
    assert_eq!(apart(gib, gib), ("1Gi".into(), "1Gi".into()));
}

/// Five nodes: c and two more short of memory (c the least), one tainted, one too full for the spread.
fn five_nodes() -> Cluster {
    let mut world = World::new();
    for (name, free_mib) in [("a", 1024), ("b", 2048), ("c", 3300)] {
        let mut node = world.node_spec(name, &[("topology.kubernetes.io/zone", "z1")]);
        node.allocatable.set(ResourceId::MEMORY, free_mib << 20);
        world.0.add_node(node, 0);
    }
    let mut tainted = world.node_spec("d", &[("topology.kubernetes.io/zone", "z1")]);
    tainted.taints.push(world.taint("gpu", "true", Effect::NoSchedule));
    world.0.add_node(tainted, 0);
    world.node("e", &[("topology.kubernetes.io/zone", "z2")]);
    let mut web = world.shape(&[("app", "web")]);
    web.requests.set(ResourceId::MEMORY, 4 << 30);
    world.pod("web-1", Some("e"), &web);
    web.spread.push(world.spread(&[("app", "web")], "topology.kubernetes.io/zone", 1));
    world.pod("web-7", None, &web);
    world.build()
}

#[test]
fn the_wanted_line() {
    let cluster = five_nodes();
    let told = explain(&State::new(&cluster), pod_named(&cluster, "web-7"), RuleSet::ALL);
    assert_eq!(
        told.sentence(&cluster),
        "0/5 nodes. 3 short of memory (need 4Gi, best free 3.2Gi on c), 1 taint gpu=true:NoSchedule, 1 zone spread"
    );
    assert_eq!(
        told.scheduler_message(&cluster),
        "0/5 nodes are available: 1 node(s) didn't match pod topology spread constraints, \
         1 node(s) had untolerated taint(s), 3 Insufficient memory."
    );
    assert_eq!(
        words(&cluster, &told.per_node[4].1),
        "topology-spread: spread over topology.kubernetes.io/zone: z2 would have 2, the emptiest has 0, at most 1 more allowed"
    );
}

#[test]
fn lost_nodes_in_both_messages() {
    let cluster = five_nodes();
    let message = |loss| {
        let change = Change { lost: vec![NodeId(3)], loss, ..Change::default() };
        let state = State::with_change(&cluster, &change);
        let told = explain(&state, pod_named(&cluster, "web-7"), RuleSet::ALL);
        let tail = |s: String| s.split(", 3 Ins").next().unwrap_or("").to_owned();
        (tail(told.scheduler_message(&cluster)), told.sentence(&cluster))
    };
    let spread = "1 node(s) didn't match pod topology spread constraints";
    let memory = "3 short of memory (need 4Gi, best free 3.2Gi on c)";
    let (scheduler, people) = message(Loss::NotReady);
    let unreachable = "1 node(s) had untolerated taint(s)";
    assert_eq!(scheduler, format!("0/5 nodes are available: {spread}, {unreachable}"));
    assert_eq!(people, format!("0/5 nodes. {memory}, 1 zone spread, 1 lost"));
    let (scheduler, _) = message(Loss::Drained);
    let unschedulable = "1 node(s) were unschedulable";
    assert_eq!(scheduler, format!("0/5 nodes are available: {spread}, {unschedulable}"));
    let (scheduler, people) = message(Loss::Deleted);
    assert_eq!(scheduler, format!("0/4 nodes are available: {spread}"));
    assert_eq!(people, format!("0/4 nodes. {memory}, 1 zone spread"));
}

#[test]
fn counts_sort_as_text_and_two_shortages_count_twice() {
    let mut world = World::new();
    for i in 0..12 {
        let mut node = world.node_spec(&format!("n{i}"), &[]);
        if i < 2 {
            node.allocatable.set(ResourceId::PODS, 0);
        }
        if i == 11 {
            node.allocatable.set(ResourceId::CPU, 9000);
        }
        world.0.add_node(node, 0);
    }
    let mut shape = world.shape(&[]);
    shape.requests.set(ResourceId::CPU, 5000);
    world.pod("new", None, &shape);
    let cluster = world.build();
    let told = explain(&State::new(&cluster), PodId(0), RuleSet::ALL);
    assert_eq!(
        told.scheduler_message(&cluster),
        "1/12 nodes are available: 11 Insufficient cpu, 2 Too many pods."
    );
    assert_eq!(
        told.sentence(&cluster),
        "1/12 nodes. 11 short of cpu (need 5, best free 4 on n0), 2 too many pods"
    );
    assert_eq!(told.allowed().collect::<Vec<_>>(), [NodeId(11)]);
}

#[test]
fn no_nodes_and_many_reasons() {
    let mut world = World::new();
    let shape = world.shape(&[]);
    world.pod("new", None, &shape);
    let cluster = world.build();
    let told = explain(&State::new(&cluster), PodId(0), RuleSet::ALL);
    assert_eq!(told.scheduler_message(&cluster), "no nodes available to schedule pods");
    assert_eq!(told.sentence(&cluster), "0/0 nodes");

    let taints = |count| {
        let mut world = World::new();
        for i in 0..count {
            let mut node = world.node_spec(&format!("n{i}"), &[]);
            node.taints.push(world.taint(&format!("t{i}"), "", Effect::NoExecute));
            world.0.add_node(node, 0);
        }
        let shape = world.shape(&[]);
        world.pod("new", None, &shape);
        let cluster = world.build();
        explain(&State::new(&cluster), PodId(0), RuleSet::ALL).sentence(&cluster)
    };
    let told = taints(10);
    assert!(told.starts_with("0/10 nodes. 1 taint t0:NoExecute, 1 taint t1:NoExecute, "), "{told}");
    assert!(told.ends_with("1 taint t7:NoExecute, 2 more reasons"), "{told}");
    let told = taints(8);
    assert!(told.ends_with("1 taint t7:NoExecute"), "all are told: {told}");
}

/// What people read of the reasons that no other test reads: the label in the summary, the sentence of the node.
#[test]
fn labels_and_sentences() {
    type Adjust = fn(&mut World, &mut Shape);
    let cases: [(Adjust, &str, &str); 19] = [
        (
            |w, p| p.node_name = Some(w.sym("z")),
            "not the named node z",
            "pod names another node: z",
        ),
        (
            |w, p| p.node_selector.labels.push((w.sym("disk"), w.sym("ssd"))),
            "node selector disk=ssd",
            "node selector disk=ssd does not match",
        ),
        (
            |w, p| named(w, p, &["z"]),
            "not a node that the affinity names",
            "required node affinity names other nodes",
        ),
        (
            |w, p| named(w, p, &["a", "z"]),
            "contradicting node affinity",
            "the terms of the required node affinity contradict themselves",
        ),
        (
            |_, p| p.host_ports.push(HostPort { protocol: Protocol::Udp, port: 53, ip: None }),
            "host port 53/UDP taken",
            "host port 53/UDP is taken by default/old",
        ),
        (
            |w, p| {
                let ip = Some(w.sym("10.0.0.1"));
                p.host_ports.push(HostPort { protocol: Protocol::Udp, port: 53, ip });
            },
            "host port 10.0.0.1:53/UDP taken",
            "host port 10.0.0.1:53/UDP is taken by default/old",
        ),
        (
            |w, p| {
                let ip = Some(w.sym("fd00::1"));
                p.host_ports.push(HostPort { protocol: Protocol::Udp, port: 53, ip });
            },
            "host port [fd00::1]:53/UDP taken",
            "host port [fd00::1]:53/UDP is taken by default/old",
        ),
        (
            |_, p| p.gpu = GpuRequest { cards: 1, milli_each: 1000, models: Vec::new() },
            "no GPU card it accepts",
            "node has no GPU card that the pod accepts",
        ),
        (
            |w, p| p.one_pod_claims.push(w.sym("alone")),
            "claim alone in use by default/old",
            "claim alone is for one pod alone, and default/old uses it",
        ),
        (
            |w, p| p.requests.set(w.0.resource("attachable-volumes-csi-disk.example.com"), 2),
            "too many volumes of disk.example.com (need 2, best free 0 on a)",
            "too many volumes of disk.example.com: needs 2, room for 0",
        ),
        (
            |w, p| claim(w, p, ClaimKind::Bound),
            "volume of claim data elsewhere",
            "volume of claim data is bound to other nodes",
        ),
        (
            |w, p| claim(w, p, ClaimKind::Waits),
            "no volume for claim data",
            "no volume to be had here for claim data",
        ),
        (
            |w, p| claim(w, p, ClaimKind::Zone),
            "volume of claim data in another zone",
            "volume of claim data is in another zone",
        ),
        (
            |w, p| claim(w, p, ClaimKind::Unbound),
            "claim data not bound",
            "claim data is not bound, and its class does not wait for the pod",
        ),
        (
            |w, p| claim(w, p, ClaimKind::Missing),
            "claim data does not exist",
            "claim data does not exist",
        ),
        (
            |w, p| p.spread.push(w.spread(&[], "rack", 1)),
            "no label rack",
            "node has no label rack, over which the pod spreads",
        ),
        (
            |w, p| p.affinity.push(w.term(&[("app", "db")], "kubernetes.io/hostname")),
            "hostname affinity",
            "pod affinity: no pod it wants to be with in kubernetes.io/hostname=a",
        ),
        (
            |w, p| p.anti_affinity.push(w.term(&[("app", "dns")], "kubernetes.io/hostname")),
            "hostname anti-affinity",
            "pod anti-affinity: default/old is in kubernetes.io/hostname=a",
        ),
        (
            |w, p| p.labels = w.labels(&[("app", "loud")]),
            "hostname anti-affinity of others",
            "anti-affinity of default/old, which is in kubernetes.io/hostname=a",
        ),
    ];
    for (change, label, words) in cases {
        let mut world = World::new();
        world.node("a", &[("kubernetes.io/hostname", "a")]);
        let mut old = world.shape(&[("app", "dns")]);
        old.host_ports.push(HostPort { protocol: Protocol::Udp, port: 53, ip: None });
        old.anti_affinity.push(world.term(&[("app", "loud")], "kubernetes.io/hostname"));
        old.one_pod_claims.push(world.sym("alone"));
        world.pod("old", Some("a"), &old);
        let mut shape = world.shape(&[("app", "web")]);
        change(&mut world, &mut shape);
        world.pod("new", None, &shape);
        let cluster = world.build();
        let told = explain(&State::new(&cluster), PodId(1), RuleSet::ALL);
        assert_eq!(told.sentence(&cluster), format!("0/1 nodes. 1 {label}"));
        assert_eq!(sentence(&cluster, &told.per_node[0].1[0]), words);
    }
}

#[test]
fn adding_a_rule_twice_is_adding_it_once() {
    let all = crate::rules::RuleSet::ALL;
    assert_eq!(all.with(crate::rules::Rule::Taints), all);
}
