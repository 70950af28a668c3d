//! The simulated scheduler against the exact solvers, the referee and its own proofs.

use crate::oracle::{Case, Random, case, roomy_case};
use crate::solvers::query;
use podfit::check::Referee;
use podfit::model::{
    ClusterBuilder, Loss, NodeId, NodeSpec, NodeTerm, Owner, OwnerKind, PodId, PodSpec, ResourceId,
    Resources, Toleration,
};
use podfit::planner::{
    Certainty, HintKind, Options, Plan, Planner, Scope, Verdict, WhatIf, WhatIfQuestion,
};
use podfit::rules::{RuleSet, State, explain, refusals};
use podfit::schedule::{self, Arrival, Event, Order, Run, Scheduler};
use std::sync::Arc;

const SEEDS: u64 = 6;

/// Everything displaced arrives at once.
fn arrivals(case: &Case) -> Vec<Arrival> {
    case.displaced.iter().map(|&pod| Arrival { pod, at: 0 }).collect()
}

/// Whether somebody leaves: is evicted, or was being deleted in the input and is waited for. A plan counts on neither.
fn evicts(run: &Run) -> bool {
    run.events.iter().any(|e| matches!(e, Event::Evict { .. } | Event::Gone { .. }))
}

/// Replays a run; the state it ends in.
fn replay<'c>(case: &'c Case, referee: &Referee<'_>, run: &Run) -> State<'c> {
    let (mut replay, mut found) = referee.start(&case.change());
    let mut state = State::with_change(&case.cluster, &case.change());
    for event in &run.events {
        match event {
            Event::Bind(step) => {
                found.extend(replay.place(step));
                state.place(step.pod, step.node, &step.cards);
            }
            Event::Evict { pod, .. } => {
                found.extend(replay.evict(*pod));
                state.remove(*pod, true);
            }
            Event::Gone { pod, node } => {
                found.extend(replay.gone(*pod, *node));
                if state.depart(*pod, *node).is_none() {
                    state.remove(*pod, false);
                }
            }
        }
    }
    // The scheduler does not see where pods do not start.
    found.retain(|v| !v.kind.is_after_scheduling());
    assert!(found.is_empty(), "{found:?}\n{run:?}");
    state
}

#[test]
fn a_run_passes_the_referee_and_agrees_with_every_proof() {
    let (mut complete, mut proofs, mut certain, mut missed, mut preempted) = (0, 0, 0, 0, 0);
    for seed in podfit_soak::seeds(1500, 100_000) {
        let case = case(seed);
        let cluster = Arc::new(case.cluster.clone());
        let planner = Planner::new(cluster.clone());
        let whole = planner.solve(&query(&case), &Options::default()).expect("refereed");
        // What is certain holds for all rules; what does not fit, for those that the scheduler looks at.
        let seen = Planner::with_rules(cluster, RuleSet::SCHEDULER);
        let exact = seen.solve(&query(&case), &Options::default()).expect("not refereed");
        let exact = Plan { certain: whole.certain, ..exact };
        let fits = exact.unplaced.is_empty();
        let scheduler = Scheduler::new(State::with_change(&case.cluster, &case.change()));
        let referee = planner.referee();
        certain += u32::from(exact.certain.is_some());
        for scheduler_seed in 0..SEEDS {
            let run =
                scheduler.run(&arrivals(&case), scheduler_seed, &schedule::Options::default());
            let state = replay(&case, &referee, &run);
            let (all, evicts) = (run.pending.is_empty(), evicts(&run));
            let told = || format!("seed {seed}/{scheduler_seed}: {run:?}\n{exact:?}");
            assert!(exact.certain.is_none() || (all && !evicts), "certain: {}", told());
            if evicts {
                preempted += 1;
                continue;
            }
            assert!(!all || fits, "placed what the exact solver says does not fit: {}", told());
            assert!(!(exact.unplaced_bound.0 >= 1 && all), "a proof is wrong: {}", told());
            for &pod in &run.pending {
                let still = explain(&state, pod, RuleSet::SCHEDULER);
                assert!(still.allowed().next().is_none(), "left a place unused: {}", told());
            }
            complete += u32::from(all);
            proofs += u32::from(!fits);
            missed += u32::from(fits && !all);
        }
    }
    println!(
        "runs complete {complete}, proofs of no fit {proofs}, misses of what fits {missed}, with preemption \
         {preempted}; certain cases {certain}"
    );
    assert!([complete, proofs, certain, missed, preempted].iter().all(|&n| n > 5));
}

/// Places all in a random order, each where a random node or the fullest one takes it: whoever finds none.
fn stranded_by_an_adversary(case: &Case, r: &mut Random) -> Option<PodId> {
    let cluster = &case.cluster;
    let mut state = State::with_change(cluster, &case.change());
    let mut pods = case.displaced.clone();
    let fullest = r.percent(50);
    while !pods.is_empty() {
        let pod = pods.swap_remove(r.range(0, pods.len() as i64 - 1) as usize);
        let takes = |&node: &NodeId| refusals(&state, pod, node, RuleSet::SCHEDULER).is_empty();
        let open: Vec<NodeId> = cluster.node_ids().filter(takes).collect();
        if open.is_empty() {
            return Some(pod);
        }
        let tightest = || open.iter().min_by_key(|&&n| state.free(n, ResourceId::MEMORY)).copied();
        let node = if fullest { tightest() } else { None }.unwrap_or_else(|| r.pick(&open));
        let cards = vec![];
        assert_eq!(cluster.incoming_of(pod).gpu.cards, 0, "certain without cards");
        state.place(pod, node, &cards);
    }
    None
}

/// Larger clusters with room: what is called certain holds for every seed, in every order, and whichever of the
/// allowed nodes each pod gets.
#[test]
fn certain_is_certain() {
    let (mut one_node, mut to_spare) = (0, 0);
    for seed in podfit_soak::seeds(4000, 100_000) {
        let case = roomy_case(seed);
        let planner = Planner::new(Arc::new(case.cluster.clone()));
        let plan = planner.solve(&query(&case), &Options::default()).expect("refereed");
        match plan.certain {
            None | Some(Certainty::NothingToPlace) => continue,
            Some(Certainty::OneNodeEach) => one_node += 1,
            Some(Certainty::RoomToSpare) => to_spare += 1,
        }
        let mut r = Random::new(seed);
        for _ in 0..50 {
            let left = stranded_by_an_adversary(&case, &mut r);
            assert_eq!(left, None, "seed {seed}: {plan:?}");
        }
        let scheduler = Scheduler::new(State::with_change(&case.cluster, &case.change()));
        for scheduler_seed in 0..50 {
            // Half of them in an order of ours, which heeds no priority; all at times of their own.
            let order = if scheduler_seed % 2 == 0 { Order::Seeded } else { Order::Given };
            let options = schedule::Options { order, ..schedule::Options::default() };
            let mut arrivals = arrivals(&case);
            for i in 0..arrivals.len() {
                arrivals.swap(i, r.range(0, i as i64) as usize);
            }
            arrivals.iter_mut().for_each(|a| a.at = r.range(0, 3));
            let run = scheduler.run(&arrivals, scheduler_seed, &options);
            assert!(run.pending.is_empty() && !evicts(&run), "seed {seed}: {run:?}\n{plan:?}");
        }
    }
    println!("certain: {one_node} with one node each, {to_spare} with room to spare");
    assert!(one_node > 5 && to_spare > 100);
}

/// Nodes of so many cores, and pods by name: node, cores, priority.
fn small(
    nodes: &[(&str, i64)],
    pods: &[(&str, Option<&str>, i64, i32)],
    mut tune: impl FnMut(&mut ClusterBuilder, &mut PodSpec),
) -> Planner {
    let mut b = ClusterBuilder::new();
    for &(name, cores) in nodes {
        let allocatable =
            Resources::new().with(ResourceId::PODS, 110).with(ResourceId::CPU, 1000 * cores);
        b.add_node(NodeSpec { name: name.into(), allocatable, ..NodeSpec::default() }, 0);
    }
    for &(name, node, cores, priority) in pods {
        let mut shape = b.shape("default", Resources::new().with(ResourceId::CPU, 1000 * cores));
        shape.priority = priority;
        let owner = Owner { kind: OwnerKind::ReplicaSet, name: None };
        let node = node.map(str::to_owned);
        let mut spec = PodSpec { node, owner, ..PodSpec::new(name, shape) };
        tune(&mut b, &mut spec);
        b.add_pod(spec, 0);
    }
    Planner::new(Arc::new(b.build().expect("valid")))
}

/// `first` makes room on a and waits for it. `second` would find room there once that is done; until then it evicts
/// `cheap`, and one of the two that are evicted has no place. So the scheduler misses a placement that there is.
#[test]
fn what_preemption_misses_for_the_time_it_takes_is_a_placement_all_the_same() {
    let pods = [
        ("dear", Some("a"), 4, 5),
        ("cheap", Some("b"), 4, 1),
        ("first", None, 2, 20),
        ("second", None, 2, 10),
    ];
    for (grace, complete, verdict) in
        [(0, 50, Verdict::Survives), (30, 0, Verdict::SurvivesIfPlacedWell)]
    {
        let planner = small(&[("a", 4), ("b", 4), ("c", 4)], &pods, |b, spec| {
            spec.grace = grace;
            // Node c is for the evicted alone.
            let nodes: &[&str] = match spec.name.as_str() {
                "first" => &["a"],
                "second" => &["a", "b"],
                _ => return,
            };
            let term =
                |name: &&str| NodeTerm { labels: vec![], names: vec![(b.intern(name), true)] };
            spec.shape.node_selector.terms = Some(nodes.iter().map(term).collect());
        });
        let options = Options { seeds: Some(50), ..Options::default() };
        let placed = planner.place(false, &options).expect("refereed");
        let share = placed.prediction.as_ref().expect("asked").share;
        assert_eq!((share.complete, share.seeds), (complete, 50), "{grace}: {placed:?}");
        assert_eq!((placed.verdict, placed.scope), (verdict, Scope::Preemption), "{grace}");
        assert!(placed.plan.unplaced.is_empty());
    }
}

/// A pod that was pending before takes the room first, and needs it too.
#[test]
fn pods_that_were_pending_before_compete() {
    let ask = |pending: i64, room: i64| {
        let pods = [("web", Some("a"), 1, 0), ("other", None, pending, 0)];
        lose(&small(&[("a", 1), ("b", room)], &pods, |_, _| {}), Loss::Deleted)
    };
    let one = ask(1, 1);
    assert_eq!(
        (one.verdict.clone(), one.displaced_count(), one.was_pending()),
        (Verdict::DoesNotFit, 1, 1)
    );
    let both = ask(1, 2);
    let share = both.prediction.expect("asked").share;
    assert!(both.verdict == Verdict::Survives && share.certain.is_some());
    // What no node could hold is in nobody's way.
    let aside = ask(3, 2);
    assert_eq!((aside.verdict.clone(), aside.still_pending()), (Verdict::SurvivesWithLosses, 1));
}

/// Node a fails; its big pod needs all that b or c has left, its `small` pods together what the other has.
fn stranding(small: i64, size: i64) -> Planner {
    let mut b = ClusterBuilder::new();
    let room = small * size;
    for name in ["a", "b", "c"] {
        let allocatable = Resources::new()
            .with(ResourceId::PODS, 110)
            .with(ResourceId::CPU, 64_000)
            .with(ResourceId::MEMORY, if name == "a" { 4 * room } else { room } << 20);
        b.add_node(NodeSpec { name: name.into(), allocatable, ..NodeSpec::default() }, 0);
    }
    let mut pod = |name: String, memory: i64| {
        let requests =
            Resources::new().with(ResourceId::CPU, 100).with(ResourceId::MEMORY, memory << 20);
        let shape = b.shape("default", requests);
        let owner = Owner { kind: OwnerKind::ReplicaSet, name: None };
        let node = Some("a".to_string());
        b.add_pod(PodSpec { node, owner, ..PodSpec::new(name, shape) }, 0);
    };
    pod("big".into(), room);
    (0..small).for_each(|i| pod(format!("small-{i}"), size));
    Planner::new(Arc::new(b.build().expect("valid")))
}

#[test]
fn a_higher_priority_is_no_hint_for_pods_that_come_late() {
    let kinds = |late: bool| {
        let mut b = ClusterBuilder::new();
        for (name, memory) in [("a", 64), ("b", 4), ("c", 4)] {
            let allocatable = Resources::new()
                .with(ResourceId::PODS, 110)
                .with(ResourceId::CPU, 64_000)
                .with(ResourceId::MEMORY, memory << 20);
            b.add_node(NodeSpec { name: name.into(), allocatable, ..NodeSpec::default() }, 0);
        }
        let seconds = if late { 600 } else { 300 };
        let pod = |b: &mut ClusterBuilder, name: String, memory: i64, seconds: i64| {
            let requests = Resources::new().with(ResourceId::MEMORY, memory << 20);
            let mut shape = b.shape("default", requests);
            let unreachable = b.intern("node.kubernetes.io/unreachable");
            shape.tolerations.push(Toleration {
                key: Some(unreachable),
                value: None,
                effect: None,
                seconds: Some(seconds),
            });
            let owner = Owner { kind: OwnerKind::ReplicaSet, name: None };
            b.add_pod(PodSpec { node: Some("a".into()), owner, ..PodSpec::new(name, shape) }, 0);
        };
        pod(&mut b, "big".into(), 4, seconds);
        (0..4).for_each(|i| pod(&mut b, format!("small-{i}"), 1, 300));
        lose_a(&Planner::new(Arc::new(b.build().expect("valid")))).hint.map(|hint| hint.kind)
    };
    let first_is_big = |kind: &HintKind| matches!(kind, HintKind::First(p) if p == &[PodId(0)]);
    assert!(kinds(false).is_some_and(|kind| first_is_big(&kind)));
    assert!(kinds(true).is_none_or(|kind| !first_is_big(&kind)));
}

fn lose_a(planner: &Planner) -> WhatIf {
    lose(planner, Loss::NotReady)
}

fn lose(planner: &Planner, loss: Loss) -> WhatIf {
    let question =
        WhatIfQuestion { lost: vec![NodeId(0)], loss, hint: true, ..WhatIfQuestion::default() };
    let options = Options { seeds: Some(200), ..Options::default() };
    planner.what_if(&question, &options).expect("refereed")
}

#[test]
fn a_hint_saves_what_the_default_scheduler_strands() {
    for small in 2..8 {
        for size in [256, 512, 1000] {
            let answer = lose_a(&stranding(small, size));
            let share = answer.prediction.expect("asked").share;
            assert_eq!(answer.verdict, Verdict::SurvivesIfPlacedWell, "{small} of {size}");
            assert!(answer.plan.unplaced.is_empty());
            assert!(share.certain.is_none() && share.seeds == 200);
            assert!(share.missed() > 20, "{small} of {size}: {share:?}");
            let hint = answer.hint.unwrap_or_else(|| panic!("no hint for {small} of {size}"));
            assert_eq!(hint.seeds, 200, "{hint:?}");
        }
    }
}
