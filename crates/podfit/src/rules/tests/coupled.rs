//! Rules that look at other pods: spread and inter-pod affinity, and what the modes of loss do to them.

use super::*;
use crate::rules::Rule;

const ZONE: &str = "zone";
const WEB: &[(&str, &str)] = &[("app", "web")];

/// Nodes a1, a2 in zone a, b1 in zone b, x without zone.
fn zones() -> World {
    let mut world = World::new();
    world.node("a1", &[(ZONE, "a"), ("host", "a1")]);
    world.node("a2", &[(ZONE, "a"), ("host", "a2")]);
    world.node("b1", &[(ZONE, "b"), ("host", "b1")]);
    world.node("x", &[("host", "x")]);
    world
}

fn lose(node: &str, loss: Loss, removed: &[(&str, bool)], cluster: &Cluster) -> Change {
    let removal = |&(pod, lingers)| Removal { pod: pod_named(cluster, pod), lingers };
    Change {
        lost: vec![node_named(cluster, node)],
        loss,
        removed: removed.iter().map(removal).collect(),
        steps: Vec::new(),
    }
}

#[test]
fn own_and_others_anti_affinity() {
    let mut world = zones();
    let mut quiet = world.shape(WEB);
    quiet.anti_affinity.push(world.term(&[("app", "loud")], ZONE));
    world.pod("quiet", Some("a1"), &quiet);
    let loud = world.shape(&[("app", "loud")]);
    world.pod("loud", None, &loud);
    let mut shy = world.shape(&[("app", "shy")]);
    shy.anti_affinity.push(world.term(WEB, ZONE));
    world.pod("shy", None, &shy);
    // Another namespace is not meant.
    let mut far = loud.clone();
    far.namespace = world.sym("other");
    world.pod("far", None, &far);
    let cluster = world.build();
    let mut state = State::new(&cluster);
    let existing = "existing-anti-affinity: anti-affinity of default/quiet, which is in zone=a";
    assert_eq!(why(&state, "loud", "a2"), existing);
    assert_eq!(why(&state, "far", "a2"), "");
    assert_eq!(why(&state, "loud", "b1"), "");
    assert_eq!(why(&state, "loud", "x"), "", "no label, no domain");
    let own = "pod-anti-affinity: pod anti-affinity: default/quiet is in zone=a";
    assert_eq!(why(&state, "shy", "a1"), own);
    assert_eq!(why(&state, "shy", "b1"), "");
    state.place(pod_named(&cluster, "quiet"), node_named(&cluster, "b1"), &[]);
    assert_eq!(why(&state, "shy", "a1"), "");
    assert_eq!(why(&state, "shy", "b1"), own.replace("zone=a", "zone=b"));
    assert_eq!(why(&state, "loud", "b1"), existing.replace("zone=a", "zone=b"));
    assert_eq!(
        why_under(&state, "loud", "b1", RuleSet::ALL.without(Rule::ExistingAntiAffinity)),
        ""
    );
}

#[test]
fn affinity_needs_one_pod_for_all_terms() {
    let mut world = zones();
    let (db, fast) = (world.shape(&[("app", "db")]), world.shape(&[("tier", "fast")]));
    let both = world.shape(&[("app", "db"), ("tier", "fast")]);
    world.pod("db", Some("a1"), &db);
    world.pod("fast", Some("a1"), &fast);
    world.pod("both", None, &both);
    let mut new = world.shape(WEB);
    new.affinity.push(world.term(&[("app", "db")], ZONE));
    new.affinity.push(world.term(&[("tier", "fast")], "host"));
    world.pod("new", None, &new);
    let cluster = world.build();
    let mut state = State::new(&cluster);
    let unmet = "pod-affinity: pod affinity: no pod it wants to be with in ";
    assert_eq!(why(&state, "new", "a1"), format!("{unmet}zone=a"), "two pods do not add up");
    let missing =
        "topology-label-missing: node has no label zone, which the pod's affinity asks for";
    assert_eq!(why(&state, "new", "x"), missing);
    state.place(pod_named(&cluster, "both"), node_named(&cluster, "a2"), &[]);
    assert_eq!(why(&state, "new", "a2"), "");
    assert_eq!(why(&state, "new", "a1"), format!("{unmet}host=a1"), "second term");
    assert_eq!(why(&state, "new", "b1"), format!("{unmet}zone=b"));
}

#[test]
fn the_first_pod_of_a_group_may_go_anywhere_with_the_key() {
    let mut world = zones();
    let mut web = world.shape(WEB);
    web.affinity.push(world.term(WEB, ZONE));
    world.pod("web-1", None, &web);
    world.pod("web-2", None, &web);
    let mut other = world.shape(&[("app", "other")]);
    other.affinity.push(world.term(&[("app", "nothing")], ZONE));
    world.pod("other", None, &other);
    let cluster = world.build();
    let mut state = State::new(&cluster);
    assert_eq!(why(&state, "web-1", "b1"), "");
    assert!(why(&state, "web-1", "x").starts_with("topology-label-missing"));
    assert!(why(&state, "other", "b1").starts_with("pod-affinity"), "it does not match itself");
    state.place(pod_named(&cluster, "web-1"), node_named(&cluster, "b1"), &[]);
    assert_eq!(why(&state, "web-2", "b1"), "");
    assert!(why(&state, "web-2", "a1").starts_with("pod-affinity"), "no longer the first");
    state.remove(pod_named(&cluster, "web-1"), false);
    assert_eq!(why(&state, "web-2", "a1"), "");
}

fn spread_world(change: fn(&mut World, &mut Spread)) -> Cluster {
    let mut world = zones();
    let old = world.shape(WEB);
    world.pod("old", Some("a1"), &old);
    let mut new = world.shape(WEB);
    let mut spread = world.spread(WEB, ZONE, 1);
    change(&mut world, &mut spread);
    new.spread.push(spread);
    world.pod("new", None, &new);
    world.build()
}

#[test]
fn spread_variants() {
    type Adjust = fn(&mut World, &mut Spread);
    let full = "topology-spread: spread over zone: a would have 2, the emptiest has 0, at most 1 more allowed";
    // change of the constraint; why not a2; why not b1
    let cases: [(&str, Adjust, &str, &str); 5] = [
        ("skew 1", |_, _| {}, full, ""),
        ("skew 2", |_, s| s.max_skew = 2, "", ""),
        ("does not select itself", |w, s| s.selector = w.selector(&[("app", "old")]), "", ""),
        ("empty selector counts nothing", |_, s| s.selector = Selector::default(), "", ""),
        ("three domains wanted", |_, s| s.min_domains = 3, full, ""),
    ];
    for (name, change, a2, b1) in cases {
        let cluster = spread_world(change);
        let state = State::new(&cluster);
        assert_eq!(why(&state, "new", "a2"), a2, "{name}");
        assert_eq!(why(&state, "new", "b1"), b1, "{name}");
        let missing = "topology-label-missing: node has no label zone, over which the pod spreads";
        assert_eq!(why(&state, "new", "x"), missing, "{name}");
    }
}

#[test]
fn min_domains_makes_the_least_zero() {
    for (min_domains, refused) in [(2, false), (3, true)] {
        let mut world = zones();
        let mut web = world.shape(WEB);
        world.pod("w1", Some("a1"), &web);
        world.pod("w2", Some("b1"), &web);
        web.spread.push(Spread { min_domains, ..world.spread(WEB, ZONE, 1) });
        world.pod("new", None, &web);
        let cluster = world.build();
        let found = why(&State::new(&cluster), "new", "a2");
        assert_eq!(!found.is_empty(), refused, "{min_domains}: {found}");
    }
}

#[test]
fn spread_domains_follow_the_policies() {
    use NodePolicy::{Honor, Ignore};
    // Zone b is out of the pod's node selector and tainted: is it a domain with nothing in it?
    for (affinity, taints, b_is_domain) in [
        (Ignore, Ignore, true),
        (Honor, Ignore, false),
        (Ignore, Honor, false),
        (Honor, Honor, false),
    ] {
        let mut world = World::new();
        world.node("a1", &[(ZONE, "a"), ("use", "web")]);
        let mut b1 = world.node_spec("b1", &[(ZONE, "b")]);
        b1.taints.push(world.taint("t", "", Effect::NoSchedule));
        world.0.add_node(b1, 0);
        let mut web = world.shape(WEB);
        world.pod("old", Some("a1"), &web);
        web.node_selector.labels.push((world.sym("use"), world.sym("web")));
        web.spread.push(Spread {
            node_affinity_policy: affinity,
            node_taints_policy: taints,
            ..world.spread(WEB, ZONE, 1)
        });
        world.pod("new", None, &web);
        let cluster = world.build();
        let found = why(&State::new(&cluster), "new", "a1");
        assert_eq!(found.starts_with("topology-spread"), b_is_domain, "{affinity:?} {taints:?}");
    }
}

#[test]
fn a_node_that_lacks_one_key_counts_for_no_constraint() {
    // x has a host but no zone: it is no host domain either, and its pods do not count.
    let mut world = zones();
    let mut web = world.shape(WEB);
    for (name, node) in [("w1", "a1"), ("w2", "a2"), ("w3", "b1")] {
        world.pod(name, Some(node), &web);
    }
    web.spread.push(world.spread(WEB, "host", 1));
    world.pod("host-only", None, &web);
    web.spread.push(world.spread(WEB, ZONE, 9));
    world.pod("both", None, &web);
    let cluster = world.build();
    let state = State::new(&cluster);
    assert!(why(&state, "host-only", "a1").starts_with("topology-spread"), "x is empty");
    assert_eq!(why(&state, "both", "a1"), "", "x is no domain");
}

#[test]
fn loss_modes_and_spread() {
    // One web pod on each of two nodes, hostname spread: where may the displaced one go?
    let mut world = World::new();
    world.node("a", &[("host", "a")]);
    world.node("b", &[("host", "b")]);
    let mut web = world.shape(WEB);
    web.spread.push(world.spread(WEB, "host", 1));
    world.pod("web-a", Some("a"), &web);
    world.pod("web-b", Some("b"), &web);
    let mut honor = web.clone();
    honor.spread[0].node_taints_policy = NodePolicy::Honor;
    world.pod("honor", None, &honor);
    honor.tolerations.push(world.toleration("node.kubernetes.io/unreachable", "*", None));
    world.pod("bears-unreachable", None, &honor);
    honor.tolerations =
        vec![world.toleration("node.kubernetes.io/unreachable", "*", Some(Effect::NoSchedule))];
    world.pod("bears-half", None, &honor);
    honor.tolerations[0].effect = Some(Effect::NoExecute);
    world.pod("bears-other-half", None, &honor);
    honor.tolerations = vec![world.toleration("node.kubernetes.io/unschedulable", "*", None)];
    world.pod("bears-cordon", None, &honor);
    let cluster = world.build();
    // loss; who is refused on b, for the lost node is an empty domain
    let cases = [
        (Loss::NotReady, vec!["web-a", "bears-unreachable"]),
        (Loss::Drained, vec!["web-a", "bears-cordon"]),
        (Loss::Deleted, vec![]),
    ];
    for (loss, refused) in cases {
        let change = lose("a", loss, &[("web-a", loss == Loss::NotReady)], &cluster);
        let state = State::with_change(&cluster, &change);
        for pod in [
            "web-a",
            "honor",
            "bears-unreachable",
            "bears-half",
            "bears-other-half",
            "bears-cordon",
        ] {
            assert_eq!(why(&state, pod, "a"), "node-lost: node is lost");
            let found = why(&state, pod, "b");
            assert_eq!(
                found.starts_with("topology-spread"),
                refused.contains(&pod),
                "{loss:?} {pod}"
            );
        }
    }
}

#[test]
fn loss_modes_and_affinity() {
    // a1 and a2 share zone a; "guard" on a1 keeps "loud" out of its zone, and "friend" wants to be with it.
    let mut world = zones();
    let mut guard = world.shape(&[("app", "guard")]);
    guard.anti_affinity.push(world.term(&[("app", "loud")], ZONE));
    world.pod("guard", Some("a1"), &guard);
    let loud = world.shape(&[("app", "loud")]);
    world.pod("loud", None, &loud);
    let mut friend = world.shape(&[("app", "friend")]);
    friend.affinity.push(world.term(&[("app", "guard")], ZONE));
    world.pod("friend", None, &friend);
    let cluster = world.build();
    // loss, removed (and lingers): does the guard count in zone a?
    let cases = [
        (Loss::NotReady, None, true),
        (Loss::NotReady, Some(true), true),
        (Loss::NotReady, Some(false), false),
        (Loss::Drained, None, true),
        (Loss::Drained, Some(false), false),
        (Loss::Deleted, None, false),
        (Loss::Deleted, Some(true), false),
    ];
    for (loss, removed, counts) in cases {
        let removed: Vec<_> = removed.map(|lingers| ("guard", lingers)).into_iter().collect();
        let state = State::with_change(&cluster, &lose("a1", loss, &removed, &cluster));
        let found = why(&state, "loud", "a2");
        assert_eq!(found.starts_with("existing-anti-affinity"), counts, "{loss:?} {removed:?}");
        assert_eq!(why(&state, "friend", "a2").is_empty(), counts, "{loss:?} {removed:?}");
    }
}

#[test]
fn a_lingering_pod_holds_its_resources_and_its_replacement_counts_too() {
    let mut world = zones();
    let mut guard = world.shape(&[("app", "guard")]);
    guard.anti_affinity.push(world.term(&[("app", "loud")], ZONE));
    world.pod("guard", Some("a1"), &guard);
    let loud = world.shape(&[("app", "loud")]);
    world.pod("loud", None, &loud);
    let cluster = world.build();
    let mut change = lose("a1", Loss::NotReady, &[("guard", true)], &cluster);
    change.steps.push(Step { pod: PodId(0), node: node_named(&cluster, "b1"), cards: vec![] });
    let mut state = State::with_change(&cluster, &change);
    assert_eq!(state.free(NodeId(0), ResourceId::CPU), 3900);
    assert_eq!(state.free(NodeId(2), ResourceId::CPU), 3900);
    assert_eq!(state.node_of(PodId(0)), Some(NodeId(2)));
    for node in ["a2", "b1"] {
        assert!(why(&state, "loud", node).starts_with("existing-anti-affinity"), "{node}");
    }
    state.remove(PodId(0), false);
    assert_eq!(why(&state, "loud", "b1"), "");
    assert!(why(&state, "loud", "a2").starts_with("existing-anti-affinity"), "it lingers on");
}

#[test]
fn terminating_pods_count_for_affinity_not_for_spread() {
    let mut world = World::new();
    world.node("a", &[("host", "a")]);
    world.node("b", &[("host", "b")]);
    let mut web = world.shape(WEB);
    let old =
        PodSpec { node: Some("a".into()), terminating: true, ..PodSpec::new("old", web.clone()) };
    world.0.add_pod(old, 0);
    web.spread.push(world.spread(WEB, "host", 1));
    world.pod("spreads", None, &web);
    web.spread.clear();
    web.anti_affinity.push(world.term(WEB, "host"));
    world.pod("shuns", None, &web);
    let cluster = world.build();
    let mut state = State::new(&cluster);
    assert_eq!(why(&state, "spreads", "a"), "");
    assert!(why(&state, "shuns", "a").starts_with("pod-anti-affinity"));
    assert_eq!(state.free(NodeId(0), ResourceId::CPU), 3900);
    // Its replacement is live.
    state.place(PodId(0), NodeId(0), &[]);
    assert!(why(&state, "spreads", "a").starts_with("topology-spread"));
}

#[test]
fn a_claim_for_one_pod_is_free_once_its_node_is_deleted() {
    let mut world = zones();
    let mut web = world.shape(WEB);
    web.one_pod_claims.push(world.sym("data"));
    world.pod("old", Some("a1"), &web);
    world.pod("new", None, &web);
    let cluster = world.build();
    let mut state = State::new(&cluster);
    let taken = "claim-in-use: claim data is for one pod alone, and default/old uses it";
    assert_eq!(why(&state, "new", "b1"), taken);
    state.apply(&lose("a1", Loss::NotReady, &[("old", true)], &cluster));
    assert_eq!(why(&state, "new", "b1"), taken, "it lingers");
    assert_eq!(why(&state, "old", "b1"), taken, "its own old self is in the way");
    state.apply(&lose("a1", Loss::Deleted, &[], &cluster));
    assert_eq!(why(&state, "new", "b1"), "");
}

#[test]
fn a_deleted_node_takes_every_pod_with_it() {
    let mut world = zones();
    let web = world.shape(WEB);
    world.pod("named", Some("a1"), &web);
    world.pod("unnamed", Some("a1"), &web);
    world.pod("far", Some("b1"), &web);
    let cluster = world.build();
    let change = lose("a1", Loss::Deleted, &[("named", false)], &cluster);
    let state = State::with_change(&cluster, &change);
    let nodes = cluster.pod_ids().map(|pod| state.node_of(pod)).collect::<Vec<_>>();
    assert_eq!(nodes, [None, None, Some(NodeId(2))]);
    assert_eq!(state.pods_on(NodeId(0)).count(), 0);
}
