//! Scores by hand, from the formulas in the cited files of Kubernetes.

use super::*;

#[test]
fn taint_toleration_counts_what_is_not_tolerated() {
    let mut w = World::new();
    w.nodes(&[("a", "")]);
    let taint = |w: &mut World, key, effect| Taint { key: w.sym(key), value: w.sym(""), effect };
    for (name, keys) in [("b", &["x"][..]), ("c", &["x", "y", "borne"])] {
        let mut node = w.node(name, "");
        node.taints = keys.iter().map(|k| taint(&mut w, k, Effect::PreferNoSchedule)).collect();
        // Not counted: it filters.
        node.taints.push(taint(&mut w, "hard", Effect::NoExecute));
        w.0.add_node(node, 0);
    }
    let mut shape = w.shape("new", 100, GIB);
    let key = Some(w.sym("borne"));
    shape.tolerations = vec![Toleration { key, value: None, effect: None, seconds: None }];
    // A toleration of another effect bears no PreferNoSchedule.
    let key = Some(w.sym("x"));
    let effect = Some(Effect::NoSchedule);
    shape.tolerations.push(Toleration { key, value: None, effect, seconds: None });
    w.pod("new", "", &shape);
    // Not tolerated: 0, 1, 2. Reversed: 100 - 100·0/2, 100 - 100·1/2, 100 - 100·2/2.
    assert_eq!(column(&w.build(), Plugin::TaintToleration), [100, 50, 0]);
}

#[test]
fn taints_alike_are_all_the_best() {
    let mut w = World::new();
    for name in ["a", "b"] {
        let mut node = w.node(name, "");
        let (key, value) = (w.sym("x"), w.sym(""));
        node.taints = vec![Taint { key, value, effect: Effect::PreferNoSchedule }];
        w.0.add_node(node, 0);
    }
    let mut shape = w.shape("new", 100, GIB);
    shape.tolerations = vec![Toleration { key: None, value: None, effect: None, seconds: None }];
    w.pod("new", "", &shape);
    // The most is 0: reversed all get 100.
    assert_eq!(column(&w.build(), Plugin::TaintToleration), [100, 100]);
}

#[test]
fn node_affinity_sums_the_weights() {
    let mut w = World::new();
    w.nodes(&[("a", "z"), ("b", "y"), ("c", "z"), ("d", "")]);
    let mut shape = w.shape("new", 100, GIB);
    let zone = Requirement::In(w.sym(ZONE), vec![w.sym("z")]);
    let host = Requirement::In(w.sym(HOST), vec![w.sym("b"), w.sym("c")]);
    let term = |labels| NodeTerm { labels, names: vec![] };
    // The empty term matches nothing.
    shape.soft.nodes =
        vec![(10, term(vec![zone])), (30, term(vec![host])), (50, NodeTerm::default())];
    w.pod("new", "", &shape);
    // 10, 30, 40, 0 of 40.
    assert_eq!(column(&w.build(), Plugin::NodeAffinity), [25, 75, 100, 0]);
}

#[test]
fn least_allocated_is_the_mean_of_what_stays_free() {
    let mut w = World::new();
    w.nodes(&[("a", ""), ("b", ""), ("c", "")]);
    let mut node = w.node("d", "");
    node.allocatable = Resources::new().with(ResourceId::CPU, 1000).with(ResourceId::PODS, 9);
    w.0.add_node(node, 0);
    let running = w.shape("running", 1000, 4 * GIB);
    w.pod("on-a", "a", &running);
    // Without requests it counts 100m and 200 MiB.
    let mut silent = w.shape("silent", 0, 0);
    silent.soft.scored = Some([100, 200 * MIB]);
    w.pod("on-b", "b", &silent);
    let new = w.shape("new", 500, GIB);
    w.pod("new", "", &new);
    // a: cpu (4000-1500)·100/4000 = 62, memory (8-5)·100/8 = 37: (62+37)/2 = 49.
    // b: cpu (4000-600)/4000 = 85, memory (8192-1224)/8192 = 85.06: 85.
    // c: cpu (4000-500)/4000 = 87, memory (8-1)/8 = 87: 87.
    // d: no memory at all, so cpu alone: (1000-500)/1000 = 50.
    assert_eq!(column(&w.build(), Plugin::LeastAllocated), [49, 85, 87, 50]);
}

#[test]
fn balanced_allocation_is_half_the_difference() {
    let mut w = World::new();
    w.nodes(&[("a", ""), ("b", ""), ("c", "")]);
    let cpu = w.shape("cpu", 1000, 0);
    w.pod("on-b", "b", &cpu);
    // Above what there is counts as all of it.
    let glutton = w.shape("glutton", 8000, 0);
    w.pod("on-c", "c", &glutton);
    let mut new = w.shape("new", 1000, 4 * GIB);
    // What LeastAllocated assumes is not looked at.
    new.soft.scored = Some([3000, 5 * GIB]);
    w.pod("new", "", &new);
    // a: 1/4 and 4/8: (1 - 0.25/2)·100 = 87.5. b: 2/4 and 4/8. c: 1 and 1/2: (1 - 0.5/2)·100.
    assert_eq!(column(&w.build(), Plugin::BalancedAllocation), [87, 100, 75]);
}

/// With one resource alone there is no difference.
#[test]
fn balanced_allocation_passes_over_what_a_node_lacks() {
    let mut w = World::new();
    for (name, lacks) in [("a", ResourceId::MEMORY), ("b", ResourceId::CPU)] {
        let mut node = w.node(name, "");
        node.allocatable.set(lacks, 0);
        w.0.add_node(node, 0);
    }
    let new = w.shape("new", 1000, GIB);
    w.pod("new", "", &new);
    assert_eq!(column(&w.build(), Plugin::BalancedAllocation), [100, 100]);
}

#[test]
fn balanced_allocation_leaves_best_effort_pods_alone() {
    let mut w = World::new();
    w.nodes(&[("a", ""), ("b", "")]);
    let mut new = w.shape("new", 0, 0);
    new.soft.scored = Some([100, 200 * MIB]);
    w.pod("new", "", &new);
    assert!(column(&w.build(), Plugin::BalancedAllocation).is_empty());
}

#[test]
fn images_count_by_size_and_how_many_nodes_have_them() {
    let mut w = World::new();
    let (big, small, other) = (w.sym("big:1"), w.sym("small:1"), w.sym("other:1"));
    for (name, images) in [
        ("a", vec![(big, 600 * MIB), (small, 300 * MIB)]),
        ("b", vec![(big, 600 * MIB), (other, 900 * MIB)]),
        ("c", vec![]),
    ] {
        let mut node = w.node(name, "");
        node.images = images;
        w.0.add_node(node, 0);
    }
    let mut new = w.shape("new", 100, GIB);
    new.soft.images = vec![big, small];
    w.pod("new", "", &new);
    // MiB: big is on 2 of 3 nodes: 600·2/3 = 400; small on 1 of 3: 100. Two containers: from 23 to 2000.
    // a: 100·(500-23)/1977 = 24.1; b: 100·(400-23)/1977 = 19.07; c: below 23 is 23.
    assert_eq!(column(&w.build(), Plugin::ImageLocality), [24, 19, 0]);
}

#[test]
fn soft_spread_of_the_pod() {
    let mut w = World::new();
    w.nodes(&[("a1", "a"), ("a2", "a"), ("b1", "b"), ("none", "")]);
    let mut new = w.shape("x", 100, GIB);
    new.soft.spread = vec![w.spread("x", ZONE, 1)];
    let running = w.shape("x", 100, GIB);
    for (name, node) in [("1", "a1"), ("2", "a1"), ("3", "a2"), ("4", "b1"), ("5", "none")] {
        w.pod(name, node, &running);
    }
    let leaving = PodSpec {
        node: Some("b1".into()),
        terminating: true,
        ..PodSpec::new("leaving", running.clone())
    };
    w.0.add_pod(leaving, 0);
    let other = w.shape("y", 100, GIB);
    w.pod("6", "b1", &other);
    w.pod("new", "", &new);
    // Two domains: ln 4 = 1.386. a: 3·1.386 = 4.16, rounded 4. b: 1.386, rounded 1 (the terminating pod and the
    // other app do not count). `none` lacks the key: 0.
    // Most 4, least 1: 100·(4+1-4)/4 = 25, 100·(4+1-1)/4 = 100.
    assert_eq!(column(&w.build(), Plugin::PodTopologySpread), [25, 25, 100, 0]);
}

#[test]
fn default_spread_scores_nodes_without_a_zone() {
    let mut w = World::new();
    w.nodes(&[("a1", "a"), ("a2", "a"), ("b1", "b"), ("none", "")]);
    let mut new = w.shape("x", 100, GIB);
    new.soft.spread = vec![w.spread("x", ZONE, 5), w.spread("x", HOST, 3)];
    new.soft.spread_is_default = true;
    for (name, node) in [("1", "a1"), ("2", "a1"), ("3", "a2"), ("4", "b1")] {
        w.pod(name, node, &new);
    }
    w.pod("new", "", &new);
    // Zones: a, b and none: ln 5 = 1.609. Hosts: 4: ln 6 = 1.792. Each constraint adds maxSkew - 1 where the node
    // has the key.
    // a1: 3·1.609+4 + 2·1.792+2 = 14.41, 14. a2: 3·1.609+4 + 1.792+2 = 12.62, 13.
    // b1: 1.609+4 + 1.792+2 = 9.40, 9. none: 0·1.792+2 = 2.
    // Most 14, least 2: 100·(16-14)/14 = 14, 100·3/14 = 21, 100·7/14 = 50, 100·14/14 = 100.
    assert_eq!(column(&w.build(), Plugin::PodTopologySpread), [14, 21, 50, 100]);
}

#[test]
fn inter_pod_affinity_of_the_newcomer_and_of_those_there() {
    let mut w = World::new();
    w.nodes(&[("a1", "a"), ("a2", "a"), ("b1", "b"), ("c1", "c")]);
    let mut new = w.shape("web", 100, GIB);
    new.soft.pods = vec![(50, w.term("db", ZONE)), (-20, w.term("web", HOST))];
    let db = w.shape("db", 100, GIB);
    w.pod("db", "a1", &db);
    let mut web = w.shape("web", 101, GIB);
    web.affinity = vec![w.term("web", ZONE)];
    w.pod("web", "b1", &web);
    let mut shy = w.shape("shy", 100, GIB);
    shy.soft.pods = vec![(-10, w.term("web", HOST))];
    // Says nothing of the newcomer.
    shy.affinity = vec![w.term("db", ZONE)];
    w.pod("shy", "b1", &shy);
    w.pod("new", "", &new);
    // a1, a2: 50, the db of their zone. b1: -20 own, against the web there; +1, that web's required affinity;
    // -10, shy's. c1: 0. From -29 to 50: 100, 100, 0, 100·29/79 = 36.7.
    assert_eq!(column(&w.build(), Plugin::InterPodAffinity), [100, 100, 0, 36]);
}

#[test]
fn equal_inter_pod_scores_are_no_scores() {
    let mut w = World::new();
    w.nodes(&[("a1", "a"), ("a2", "a")]);
    let mut new = w.shape("web", 100, GIB);
    new.soft.pods = vec![(50, w.term("db", ZONE))];
    let db = w.shape("db", 100, GIB);
    w.pod("db", "a1", &db);
    w.pod("new", "", &new);
    assert_eq!(column(&w.build(), Plugin::InterPodAffinity), [0, 0]);
}

#[test]
fn weights_are_the_default_profile() {
    assert_eq!(Plugin::ALL.map(Plugin::weight), [3, 2, 2, 2, 1, 1, 1]);
    let mut w = World::new();
    w.nodes(&[("a", ""), ("b", "")]);
    let mut new = w.shape("new", 1000, 2 * GIB);
    let host = Requirement::In(w.sym(HOST), vec![w.sym("a")]);
    new.soft.nodes = vec![(1, NodeTerm { labels: vec![host], names: vec![] })];
    w.pod("new", "", &new);
    let cluster = w.build();
    let state = State::new(&cluster);
    let index =
        Index::new(&state, std::sync::Arc::new(crate::schedule::Shared::of(state.cluster())));
    let mut tally = Tally::new(&index, cluster.shapes().len());
    // Both: LeastAllocated 75, BalancedAllocation 100. a also: NodeAffinity 2·100.
    let totals = tally.totals(&state, ShapeId(0), &[NodeId(0), NodeId(1)]);
    assert_eq!(totals, [375, 175]);
}
