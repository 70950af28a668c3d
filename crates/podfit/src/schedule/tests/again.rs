//! Who is tried again and in which order, and what an eviction leaves behind.

use super::runs::run_given;
use super::*;
use crate::schedule::{Arrival, Event, Options, Run, Scheduler};

/// `first` and `second` wait for room on a, in this order. What is bound after they were tried concerns neither, and
/// the db that `first` looks for was there before. So they keep their order until an eviction makes room for one.
#[test]
fn who_is_not_helped_keeps_its_place() {
    let mut w = World::new();
    w.nodes(&[("a", "a"), ("b", "b")]);
    let fat = w.shape("fat", 3500, 0);
    w.pod("fat", "a", &fat);
    let at = |w: &mut World, app, cpu, zone| {
        let mut shape = w.shape(app, cpu, 0);
        shape.node_selector.labels.push((w.sym(ZONE), w.sym(zone)));
        shape
    };
    let db = at(&mut w, "db", 100, "a");
    let mut first = at(&mut w, "first", 800, "a");
    first.affinity = vec![w.term("db", ZONE)];
    let second = at(&mut w, "second", 800, "a");
    let other = at(&mut w, "other", 100, "b");
    let mut high = at(&mut w, "high", 3000, "a");
    high.priority = 10;
    let in_turn = [("db", &db), ("first", &first), ("second", &second), ("other", &other)];
    for (name, shape) in in_turn.into_iter().chain([("high", &high)]) {
        w.pod(name, "", shape);
    }
    let cluster = w.build();
    // One after the other: each wave is worked off before the next.
    let arrivals: Vec<Arrival> =
        (1..6).map(|pod| Arrival { pod: PodId(pod), at: i64::from(pod) }).collect();
    let run = Scheduler::new(State::new(&cluster)).run(&arrivals, 1, &Options::default());
    let words = runs::words(&cluster, &run);
    assert_eq!(words, "db>a other>b fat!high fat<a high>a first>a | second");
}

/// A budget keeps `low` and so the daemon goes; its replacement may evict in turn, on its own node.
#[test]
fn a_daemons_replacement_makes_room_on_its_node() {
    let mut w = World::new();
    w.nodes(&[("a", "")]);
    let mut daemon = w.shape("daemon", 2000, 0);
    daemon.priority = 5;
    let owner = Owner { kind: OwnerKind::DaemonSet, name: None };
    let daemon = PodSpec { owner, node: Some("a".into()), ..PodSpec::new("daemon", daemon) };
    w.0.add_pod(daemon, 0);
    let low = w.shape("low", 1500, 0);
    w.pod("low", "a", &low);
    let (namespace, name, selector) = (w.sym("default"), w.sym("keep"), w.selects("low"));
    w.0.add_budget(Budget::new(namespace, name, selector, 0));
    let mut high = w.shape("high", 2000, 0);
    high.priority = 10;
    w.pod("high", "", &high);
    assert_eq!(run_given(&w.build()), "daemon!high daemon<a high>a low!daemon low<a daemon>a");
}

#[test]
fn spread_counts_follow_an_eviction() {
    let mut w = World::new();
    w.nodes(&[("a", ""), ("b", "")]);
    for (node, cpu) in [("a", 4000), ("b", 500)] {
        let x = w.shape("x", cpu, 0);
        w.pod(&format!("on-{node}"), node, &x);
    }
    let mut high = w.shape("high", 1000, 0);
    high.priority = 10;
    high.node_selector.labels.push((w.sym(HOST), w.sym("a")));
    w.pod("high", "", &high);
    let mut new = w.shape("new", 0, 0);
    new.soft.scored = Some([100, 0]);
    new.soft.spread = vec![w.spread("x", HOST, 1)];
    w.pod("new", "", &new);
    // LeastAllocated: a, which the victim still fills, (0 + 100) / 2 = 50, b (85 + 100) / 2 = 92. Spread, twice: no x
    // on a that is not terminating, 100; one on b, 0.
    assert_eq!(run_given(&w.build()), "on-a!high new>a on-a<a high>a");
}

#[test]
fn placed_are_those_that_stay() {
    let step = |pod, node| Step { pod: PodId(pod), node: NodeId(node), cards: vec![] };
    let events = vec![
        Event::Bind(step(0, 0)),
        Event::Bind(step(1, 0)),
        Event::Evict { pod: PodId(0), by: PodId(2) },
        Event::Bind(step(2, 0)),
        Event::Bind(step(0, 1)),
    ];
    let run = Run { events, pending: vec![] };
    assert_eq!(run.placed(), [&step(1, 0), &step(2, 0), &step(0, 1)]);
}
