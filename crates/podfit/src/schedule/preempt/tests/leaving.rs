//! Pods that are terminating, and pods for which room is being made.

use super::*;
use crate::rules::refusals;

fn allows(state: &State, pod: PodId, node: NodeId) -> bool {
    refusals(state, pod, node, RuleSet::ALL).is_empty()
}

/// Who was evicted holds room, claim and place in affinity until it is gone, and counts for spread no more; lifted and
/// put back it is as before.
#[test]
fn a_victim_lingers_until_it_departs() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    let mut shape = w.shape(0, 6);
    shape.one_pod_claims = vec![w.builder.intern("data")];
    let victim = w.add(Some("a"), &shape, |_| {});
    let mut spreads = w.shape(0, 1);
    spreads.spread = vec![spread(&mut w, "host")];
    let spreads = w.add(None, &spreads, |_| {});
    let (large, claims) = (w.waits(9, 6), w.add(None, &shape, |_| {}));
    let c = w.build();
    let mut state = State::new(&c);
    let [a, b] = [NodeId(0), NodeId(1)];
    let all = |s: &State| [(spreads, a), (large, a), (claims, b)].map(|(p, n)| allows(s, p, n));
    assert_eq!(all(&state), [false, false, false]);
    state.remove(victim, true);
    assert_eq!((all(&state), state.node_of(victim)), ([true, false, false], None));
    let resident = state.residents(a).next().expect("it is there still");
    assert!(!resident.is_live(&c) && resident.is_preempted(&c));
    let lifted = state.lift(resident, a).expect("it is there still");
    assert_eq!((all(&state), state.residents(a).count()), ([true, true, true], 0));
    state.put_back(lifted);
    assert_eq!((all(&state), state.residents(a).count()), ([true, false, false], 1));
    // Its replacement is another pod of the same id.
    state.place(victim, b, &[]);
    assert!(state.depart(victim, a).is_some() && state.depart(victim, a).is_none());
    assert_eq!((all(&state), state.node_of(victim)), ([true, true, false], Some(b)));
}

/// A pod evicted twice is terminating twice, and the first is gone first.
#[test]
fn cards_of_a_terminating_pod_are_taken() {
    let mut w = World::new();
    let mut node = w.node("a");
    let model = w.builder.intern("m");
    node.cards = vec![Card::of(model); 2];
    w.builder.add_node(node, 0);
    let mut shape = w.shape(0, 1);
    shape.gpu = GpuRequest { cards: 1, milli_each: 1000, models: vec![] };
    let pod = w.add(None, &shape, |_| {});
    let c = w.build();
    let mut state = State::new(&c);
    let free = |s: &State| s.free_cards(NodeId(0));
    for card in [1, 0] {
        state.place(pod, NodeId(0), &[card]);
        state.remove(pod, true);
    }
    assert_eq!(free(&state), [0, 0]);
    state.depart(pod, NodeId(0));
    assert_eq!(free(&state), [0, 1000]);
    state.depart(pod, NodeId(0));
    assert_eq!(free(&state), [1000, 1000]);
}

/// What is terminating already is not evicted again, but the pod waits for it; its budget is asked all the same.
#[test]
fn terminating_pods_are_waited_for() {
    let mut w = World::new();
    w.nodes(&["a"]);
    let evicted = w.runs("a", 0, 4);
    let low = w.shape(1, 4);
    let dying = w.add(Some("a"), &low, |spec| spec.terminating = true);
    let lives = w.runs("a", 2, 2);
    let pod = w.waits(9, 10);
    w.budget("web", 2);
    let c = w.build();
    let mut state = State::new(&c);
    state.remove(evicted, true);
    let mut budgets = budgets_left(&c, []);
    let answer = preempt(&state, pod, &mut budgets, &mut |_| 0).expect("all three go");
    let want = Preemption {
        node: NodeId(0),
        victims: vec![lives],
        leaving: vec![dying, evicted],
        violations: 1,
    };
    assert_eq!((answer, budgets), (want, vec![1]));
}

/// Somebody for whom room is being made evicts nobody else until those are gone whom the scheduler evicted for it.
#[test]
fn a_nominated_pod_waits() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    let victim = w.runs("a", 0, 10);
    w.runs("b", 1, 10);
    let pod = w.waits(9, 10);
    let c = w.build();
    let mut state = State::new(&c);
    state.remove(victim, true);
    assert_eq!(ask_in(&state, pod).map(|p| (p.node, p.victims.len())), Ok((NodeId(0), 0)));
    state.nominate(pod, Some(NodeId(0)));
    let declined = ask_in(&state, pod).expect_err("it waits");
    assert_eq!(declined, Declined::Waits(NodeId(0)));
    assert_eq!(
        declined.line(&c),
        "no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node."
    );
    // Nobody is evicted on b, so nothing keeps it waiting there.
    state.nominate(pod, Some(NodeId(1)));
    assert!(ask_in(&state, pod).is_ok());
}

/// Of the input too, but only if it was the scheduler that evicted it.
#[test]
fn only_the_schedulers_own_victims_are_waited_for() {
    for preempted in [false, true] {
        let mut w = World::new();
        w.nodes(&["a"]);
        let low = w.shape(0, 10);
        w.add(Some("a"), &low, |spec| (spec.terminating, spec.preempted) = (true, preempted));
        let high = w.shape(9, 10);
        let pod = w.add(None, &high, |spec| spec.nominated = Some("a".into()));
        let c = w.build();
        assert_eq!(c.pod(pod).nominated, Some(NodeId(0)));
        let mut state = State::new(&c);
        state.nominate(pod, c.pod(pod).nominated);
        assert_eq!(ask_in(&state, pod).is_err(), preempted);
    }
}

/// Pods of no higher priority are kept from the room that is being made; they need to fit with the nominated pod and
/// without.
#[test]
fn room_that_is_being_made_is_kept() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    let host = w.builder.intern("host");
    let mut high = w.shape(5, 8);
    high.labels = w.labels("db");
    let nominated = w.add(None, &high, |_| {});
    let [lower, equal, higher] = [4, 5, 6].map(|priority| w.waits(priority, 4));
    let mut with = w.shape(0, 1);
    let selector = w.selector("db");
    with.affinity = vec![PodTerm { namespaces: NamespaceSet::All, selector, topology_key: host }];
    let with = w.add(None, &with, |_| {});
    let c = w.build();
    let mut state = State::new(&c);
    let [a, b] = [NodeId(0), NodeId(1)];
    state.nominate(nominated, Some(a));
    let asked = [lower, equal, higher, nominated, with];
    assert_eq!(asked.map(|pod| allows(&state, pod, a)), [false, false, true, true, false]);
    assert_eq!(asked.map(|pod| allows(&state, pod, b)), [true, true, true, true, false]);
    // The ways to ask agree.
    for pod in asked {
        let explanation = explain(&state, pod, RuleSet::ALL);
        let allowed: Vec<NodeId> = explanation.allowed().collect();
        let filter = crate::rules::filter(&state, pod, RuleSet::ALL);
        let passes = |&node: &NodeId| filter(node) && allows(&state, pod, node);
        assert_eq!(allowed, [a, b].into_iter().filter(passes).collect::<Vec<_>>());
    }
    // It takes no room itself.
    assert_eq!(state.free(a, ResourceId::CPU), 10);
    state.nominate(nominated, None);
    assert!(allows(&state, lower, a));
}
