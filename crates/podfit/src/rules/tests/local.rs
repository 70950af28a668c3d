//! Rules that look at one node and what is on it; the order of all.

use super::fixed::volume;
use super::*;
use crate::rules::Rule;

#[test]
fn the_first_reason_follows_the_filter_order() {
    // Everything refuses at once; rules are switched off one by one in filter order.
    let mut world = World::new();
    let mut a = world.node_spec("a", &[("zone", "z1")]);
    a.unschedulable = true;
    a.taints.push(world.taint("gpu", "true", Effect::NoSchedule));
    a.allocatable = Resources::new();
    a.down = true;
    world.0.add_node(a, 0);
    world.node("b", &[("zone", "z2")]);
    let disks = world.0.resource("attachable-volumes-csi-disk.example.com");
    let port = HostPort { protocol: Protocol::Tcp, port: 80, ip: None };
    let mut old = world.shape(&[("app", "web")]);
    old.host_ports.push(port);
    old.anti_affinity.push(world.term(&[("app", "web")], "zone"));
    old.one_pod_claims.push(world.sym("data"));
    world.pod("old", Some("a"), &old);
    let mut new = old.clone();
    new.one_node_claims.push(world.sym("shared"));
    new.requests.set(disks, 1);
    new.priority = 1;
    new.node_name = Some(world.sym("b"));
    new.node_selector.labels.push((world.sym("disk"), world.sym("hdd")));
    new.gpu = GpuRequest { cards: 1, milli_each: 1000, models: Vec::new() };
    volume(&mut world, &mut new, "b", ClaimKind::Bound);
    volume(&mut world, &mut new, "b", ClaimKind::Zone);
    new.spread.push(Spread {
        node_affinity_policy: NodePolicy::Ignore,
        ..world.spread(&[("app", "web")], "zone", 1)
    });
    new.affinity.push(world.term(&[("app", "db")], "zone"));
    world.pod("new", None, &new);
    let mut other = world.shape(&[]);
    other.one_node_claims.clone_from(&new.one_node_claims);
    world.pod("other", Some("b"), &other);
    let cluster = world.build();
    let lost = Change { lost: vec![NodeId(0)], ..Change::default() };
    let state = State::with_change(&cluster, &lost);
    let mut rules = RuleSet::ALL;
    for rule in Rule::ALL {
        let found = refusals(&state, PodId(1), NodeId(0), rules);
        assert_eq!(found.first().map(|r| r.rule), Some(rule));
        assert!(found.iter().all(|r| r.rule == rule), "only the first rule speaks");
        rules = rules.without(rule);
    }
    assert_eq!(rules, RuleSet::NONE);
    assert!(refusals(&state, PodId(1), NodeId(0), rules).is_empty());
    assert_eq!(
        RuleSet::NONE.with(Rule::Cards),
        RuleSet::NONE.with(Rule::Cards).without(Rule::Lost)
    );
    assert!(RuleSet::default().contains(Rule::ExistingAntiAffinity));
}

#[test]
fn rule_codes_are_distinct_and_static_ones_marked() {
    let mut codes: Vec<_> = Rule::ALL.iter().map(|r| r.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Rule::ALL.len());
    assert!(Rule::ALL.is_sorted());
    // A variant that is not in ALL would leave a hole, or come after the last.
    let last = Rule::ALL.len() - 1;
    assert!(Rule::ALL.iter().enumerate().all(|(i, &rule)| rule as usize == i));
    assert_eq!(Rule::SharedVolume as usize, last, "the last variant is the last of ALL");
    let fixed: Vec<_> = Rule::ALL.into_iter().filter(|r| r.is_static()).map(Rule::code).collect();
    let expected =
        ["cordon", "node-name", "taints", "node-affinity", "volumes", "volume-zone", "kubelet"];
    assert_eq!(fixed, expected);
}

#[test]
fn resources_at_the_brim_and_one_above() {
    let gib = 1 << 30;
    // cpu, memory, extended; want
    let cases = [
        (4000, 8 * gib, 0, ""),
        (4001, 0, 0, "insufficient-resource: short of cpu: needs 4.001, free 4"),
        (
            4500,
            8 * gib + 1,
            1,
            "insufficient-resource: short of cpu: needs 4.5, free 4; \
             insufficient-resource: short of memory: needs 8589934593, free 8589934592; \
             insufficient-resource: short of example.com/dongle: needs 1, free 0",
        ),
    ];
    for (cpu, memory, dongles, want) in cases {
        let mut world = World::new();
        world.node("a", &[]);
        let dongle = world.0.resource("example.com/dongle");
        let mut shape = world.shape(&[]);
        shape.requests.set(ResourceId::CPU, cpu);
        shape.requests.set(ResourceId::MEMORY, memory);
        shape.requests.set(dongle, dongles);
        world.pod("new", None, &shape);
        assert_eq!(why(&State::new(&world.build()), "new", "a"), want);
    }
}

#[test]
fn a_zero_request_fits_an_overcommitted_node() {
    let mut world = World::new();
    world.node("a", &[]);
    let mut big = world.shape(&[]);
    big.requests.set(ResourceId::MEMORY, 9 << 30);
    world.pod("big", Some("a"), &big);
    let small = world.shape(&[]);
    world.pod("none", None, &small);
    let mut one = small.clone();
    one.requests.set(ResourceId::MEMORY, 1);
    world.pod("one", None, &one);
    let cluster = world.build();
    let state = State::new(&cluster);
    assert_eq!(state.free(NodeId(0), ResourceId::MEMORY), -(1 << 30));
    assert_eq!(why(&state, "none", "a"), "");
    assert_eq!(
        why(&state, "one", "a"),
        "insufficient-resource: short of memory: needs 1, free -1Gi"
    );
}

#[test]
fn a_volume_limit_tells_need_and_room() {
    let mut world = World::new();
    let disks = world.0.resource("attachable-volumes-csi-disk.example.com");
    let mut node = world.node_spec("a", &[]);
    node.allocatable.set(disks, 3);
    world.0.add_node(node, 0);
    let mut two = world.shape(&[]);
    two.requests.set(disks, 2);
    world.pod("old", Some("a"), &two);
    world.pod("new", None, &two);
    let cluster = world.build();
    let found = refusals(&State::new(&cluster), PodId(1), NodeId(0), RuleSet::ALL);
    let amounts: Vec<_> = found.iter().map(|r| (r.rule, r.resource, r.need, r.free)).collect();
    assert_eq!(amounts, [(Rule::VolumeLimits, Some(disks), Some(2), Some(1))]);
}

#[test]
fn pod_slots_are_counted_first() {
    let mut world = World::new();
    let mut node = world.node_spec("a", &[]);
    node.allocatable.set(ResourceId::PODS, 1);
    world.0.add_node(node, 0);
    let mut shape = world.shape(&[]);
    world.pod("old", Some("a"), &shape);
    shape.requests.set(ResourceId::CPU, 5000);
    world.pod("new", None, &shape);
    let cluster = world.build();
    let mut state = State::new(&cluster);
    let cpu = "insufficient-resource: short of cpu: needs 5, free 3.9";
    assert_eq!(
        why(&state, "new", "a"),
        format!("too-many-pods: too many pods: the node takes 1; {cpu}")
    );
    state.remove(pod_named(&cluster, "old"), false);
    assert_eq!(why(&state, "new", "a"), "insufficient-resource: short of cpu: needs 5, free 4");
}

#[test]
fn host_ports() {
    use Protocol::{Tcp, Udp};
    // wanted; taken is 80/TCP at 10.0.0.1
    let taken = "is taken by default/old";
    let cases = [
        (Tcp, 81, "", String::new()),
        (Udp, 80, "", String::new()),
        (Tcp, 80, "10.0.0.2", String::new()),
        (Tcp, 80, "10.0.0.1", format!("host-port-taken: host port 10.0.0.1:80/TCP {taken}")),
        (Tcp, 80, "", format!("host-port-taken: host port 80/TCP {taken}")),
    ];
    for (protocol, port, ip, want) in cases {
        let mut world = World::new();
        world.node("a", &[]);
        let mut shape = world.shape(&[]);
        world.pod("without", Some("a"), &shape);
        shape.host_ports =
            vec![HostPort { protocol: Tcp, port: 80, ip: Some(world.sym("10.0.0.1")) }];
        world.pod("old", Some("a"), &shape);
        let ip = (!ip.is_empty()).then(|| world.sym(ip));
        shape.host_ports = vec![HostPort { protocol, port, ip }];
        shape.priority = 1;
        world.pod("new", None, &shape);
        let cluster = world.build();
        let mut state = State::new(&cluster);
        assert_eq!(why(&state, "new", "a"), want);
        state.remove(pod_named(&cluster, "old"), false);
        assert_eq!(why(&state, "new", "a"), "");
        state.place(pod_named(&cluster, "old"), NodeId(0), &[]);
        assert_eq!(why(&state, "new", "a"), want, "placed again");
    }
}

#[test]
fn gpu_cards() {
    // Three cards: A whole, A with 600 taken, B whole.
    let cases: [(u16, i64, &[&str], &str); 9] = [
        (0, 0, &[], ""),
        (2, 1000, &[], ""),
        (3, 1000, &[], "insufficient-gpu-cards: short of GPU cards: needs 3, free 2"),
        (1, 1000, &["A"], ""),
        (2, 1000, &["A"], "insufficient-gpu-cards: short of GPU cards: needs 2, free 1"),
        (2, 1000, &["B", "A"], ""),
        (1, 1000, &["C"], "no-gpu-card: node has no GPU card that the pod accepts"),
        (1, 999, &["B"], ""),
        (1, 400, &["A"], ""),
    ];
    for (cards, milli_each, models, want) in cases {
        let mut world = World::new();
        let mut node = world.node_spec("a", &[]);
        node.cards = ["A", "A", "B"].map(|m| Card::of(world.sym(m))).into();
        world.0.add_node(node, 0);
        let mut shape = world.shape(&[]);
        shape.gpu = GpuRequest { cards: 1, milli_each: 600, models: Vec::new() };
        let old = PodSpec {
            node: Some("a".into()),
            cards: vec![1],
            ..PodSpec::new("old", shape.clone())
        };
        world.0.add_pod(old, 0);
        let models = models.iter().map(|m| world.sym(m)).collect();
        shape.gpu = GpuRequest { cards, milli_each, models };
        world.pod("new", None, &shape);
        let cluster = world.build();
        assert_eq!(why(&State::new(&cluster), "new", "a"), want);
    }
}

#[test]
fn a_share_of_a_card_and_cards_of_placed_pods() {
    let mut world = World::new();
    let mut node = world.node_spec("a", &[]);
    node.cards = vec![Card::of(world.sym("A")); 2];
    world.0.add_node(node, 0);
    let mut shape = world.shape(&[]);
    shape.gpu = GpuRequest { cards: 1, milli_each: 700, models: Vec::new() };
    for name in ["p", "q", "new"] {
        world.pod(name, None, &shape);
    }
    let cluster = world.build();
    let mut state = State::new(&cluster);
    state.place(PodId(0), NodeId(0), &[1]);
    assert_eq!(state.free_cards(NodeId(0)), [1000, 300]);
    assert_eq!(why(&state, "new", "a"), "");
    state.place(PodId(1), NodeId(0), &[0]);
    assert_eq!(
        why(&state, "new", "a"),
        "insufficient-gpu-cards: short of GPU cards: needs 700/1000 of one, free 300/1000"
    );
    state.remove(PodId(0), false);
    assert_eq!(state.free_cards(NodeId(0)), [300, 1000]);
}

#[test]
fn cards_of_pods_that_come_back_or_linger() {
    let mut world = World::new();
    for name in ["a", "b"] {
        let mut node = world.node_spec(name, &[]);
        node.cards = vec![Card::of(world.sym("A")); 2];
        world.0.add_node(node, 0);
    }
    let mut shape = world.shape(&[]);
    shape.gpu = GpuRequest { cards: 1, milli_each: 700, models: Vec::new() };
    world.pod("p", Some("a"), &shape);
    let cluster = world.build();
    let mut back = State::new(&cluster);
    back.place(PodId(0), NodeId(0), &[1]);
    assert_eq!(back.free_cards(NodeId(0)), [1000, 300], "its old card is free");
    assert_eq!(back.pods_on(NodeId(0)).collect::<Vec<_>>(), [PodId(0)]);
    let mut lingers = State::new(&cluster);
    lingers.remove(PodId(0), true);
    assert_eq!(lingers.free_cards(NodeId(0)), [300, 1000]);
    assert_eq!(lingers.free_cards(NodeId(1)), [1000, 1000]);
    back.place(PodId(0), NodeId(1), &[0]);
    back.remove(PodId(0), true);
    assert_eq!(back.free_cards(NodeId(0)), [1000, 1000], "it lingers on the other node");
}
