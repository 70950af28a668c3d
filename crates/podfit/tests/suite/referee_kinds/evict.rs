//! Eviction in the middle of a replay.

use super::{A, B, NEW, OLD, Scene};
use crate::oracle::{Case, Random, case};
use podfit::check::{Referee, Replay, Violation};
use podfit::model::{Change, Cluster, Loss, NodeId, PodId, Protocol, Removal, ResourceId, Step};

fn id(pod: usize) -> PodId {
    PodId(pod as u32)
}

fn step(pod: usize, node: NodeId) -> Step {
    Step { pod: id(pod), node, cards: vec![] }
}

fn codes(found: Vec<Violation>) -> Vec<&'static str> {
    found.iter().map(|v| v.kind.code()).collect()
}

/// Replays on the scene, its own steps left aside.
fn with(tune: fn(&mut Scene), play: impl Fn(&mut Replay)) {
    let mut scene = Scene::new();
    tune(&mut scene);
    let (cluster, change) = scene.build();
    let referee = Referee::new(&cluster);
    let (mut replay, wrong) = referee.start(&change);
    assert_eq!(wrong, []);
    play(&mut replay);
}

#[test]
fn what_is_placed_and_evicted_may_be_placed_elsewhere() {
    let tune = |s: &mut Scene| {
        s.ask(NEW, ResourceId::CPU, 9);
        s.port(NEW, Protocol::Tcp, 80, None);
        s.alone(NEW, "data");
        s.gpu(NEW, 1, 1000, None, &[]);
        let like = s.pods[NEW].shape.clone();
        s.pods.push(podfit::model::PodSpec::new("like", like));
    };
    let like = NEW + 1;
    let with_card = |pod, node| Step { cards: vec![0], ..step(pod, node) };
    with(tune, |replay| {
        assert_eq!(replay.place(&with_card(NEW, A)), []);
        let refused = replay.judge(&with_card(like, A));
        let mut refused: Vec<_> = refused.iter().map(|k| k.code()).collect();
        refused.sort_unstable();
        assert_eq!(refused, ["card-full", "claim-in-use", "host-port", "resource"]);
        assert_eq!(codes(replay.place(&with_card(NEW, B))), ["placed-twice"]);
        assert_eq!(replay.evict(id(NEW)), []);
        assert_eq!(replay.judge(&with_card(like, A)), []);
        assert_eq!(replay.place(&with_card(NEW, B)), []);
        assert_eq!(replay.evict(id(NEW)), []);
        assert_eq!(replay.place(&with_card(like, B)), []);
    });
}

#[test]
fn a_runner_leaves_at_once_and_may_come_back() {
    let tune = |s: &mut Scene| {
        [OLD, NEW].iter().for_each(|&p| s.alone(p, "data"));
        s.ask(OLD, ResourceId::CPU, 5);
        s.ask(NEW, ResourceId::CPU, 10);
        s.resize(OLD, 6);
        s.shun(NEW, "web", "zone");
        s.spread("host");
    };
    with(tune, |replay| {
        let mut before = replay.judge(&step(NEW, A)).iter().map(|k| k.code()).collect::<Vec<_>>();
        before.sort_unstable();
        assert_eq!(before, ["anti-affinity", "claim-in-use", "resource", "spread"]);
        assert_eq!(codes(replay.place(&step(OLD, B))), ["still-running"]);
        assert_eq!(replay.evict(id(OLD)), []);
        assert_eq!(replay.judge(&step(NEW, A)), []);
        assert_eq!(replay.place(&step(OLD, B)), []);
        let needs = replay.judge(&step(NEW, B));
        let short = needs.iter().find(|k| k.code() == "resource").expect("6 of 10 are taken");
        let cpu = ResourceId::CPU;
        assert_eq!(
            *short,
            podfit::check::ViolationKind::Resource { resource: cpu, need: 10, free: 4 }
        );
        assert_eq!(replay.evict(id(OLD)), []);
        assert_eq!(replay.judge(&step(NEW, B)), []);
    });
}

#[test]
fn what_is_nowhere_cannot_be_evicted() {
    with(
        |_| {},
        |replay| {
            assert_eq!(codes(replay.evict(id(9))), ["unknown-pod"]);
            assert_eq!(codes(replay.evict(id(NEW))), ["not-there"], "pending");
            assert_eq!(replay.evict(id(OLD)), []);
            let twice = replay.evict(id(OLD));
            assert_eq!((twice[0].step, twice[0].pod, twice[0].node), (None, Some(id(OLD)), None));
            assert_eq!(codes(twice), ["not-there"], "evicted before");
        },
    );
    for lingers in [true, false] {
        let tune: fn(&mut Scene) = match lingers {
            true => |s| s.remove(OLD, true),
            false => |s| s.remove(OLD, false),
        };
        with(tune, |replay| assert_eq!(codes(replay.evict(id(OLD))), ["not-there"], "removed"));
    }
    let deleted = |s: &mut Scene| (s.lose(A, Loss::Deleted), s.remove(OLD, false)).0;
    with(deleted, |replay| assert_eq!(codes(replay.evict(id(OLD))), ["not-there"]));
}

/// A silent or drained node is still there, with the pods that were not removed; a deleted one is not.
#[test]
fn who_stays_on_a_lost_node_can_be_evicted() {
    for (loss, want) in
        [(Loss::NotReady, &[][..]), (Loss::Drained, &[]), (Loss::Deleted, &["not-there"])]
    {
        let mut scene = Scene::new();
        scene.lose(A, loss);
        let (cluster, change) = scene.build();
        let referee = Referee::new(&cluster);
        let (mut replay, _) = referee.start(&change);
        assert_eq!(codes(replay.evict(id(OLD))), want, "{loss:?}");
    }
}

/// A replay with evictions ends where one without them ends that removes the evicted runners first and places
/// only what stays placed.
#[test]
fn evictions_leave_no_trace() {
    let mut evicted = [0; 2];
    for seed in podfit_soak::seeds(1500, 500_000) {
        let case = case(seed);
        if case.cluster.pods().is_empty() {
            continue;
        }
        let referee = Referee::new(&case.cluster);
        let (mut replay, _) = referee.start(&case.change());
        let mut plain = case.change();
        let mut r = Random::new(!seed);
        for _ in 0..r.range(4, 24) {
            if r.percent(60) {
                let step = random_step(&mut r, &case.cluster);
                let makes_sense = replay.judge(&step).iter().all(|k| !is_nonsense(k.code()));
                replay.place(&step);
                plain.steps.extend(makes_sense.then_some(step));
            } else {
                let pod = random_pod(&mut r, &case.cluster);
                let placed = plain.steps.iter().position(|s| s.pod == pod);
                if replay.evict(pod).is_empty() {
                    evicted[usize::from(placed.is_some())] += 1;
                    match placed {
                        Some(at) => drop(plain.steps.remove(at)),
                        None => plain.removed.push(Removal { pod, lingers: false }),
                    }
                }
            }
        }
        same_verdicts(&case, &referee, &replay, &plain, seed);
    }
    assert!(evicted.iter().all(|&n| n > 500), "runners and placed pods: {evicted:?}");
}

fn same_verdicts(case: &Case, referee: &Referee, replay: &Replay, plain: &Change, seed: u64) {
    let (mut fresh, _) = referee.start(plain);
    plain.steps.iter().for_each(|step| drop(fresh.place(step)));
    for pod in case.cluster.pod_ids() {
        for node in case.cluster.node_ids() {
            let cards = (0..case.cluster.incoming_of(pod).gpu.cards).collect();
            let step = Step { pod, node, cards };
            assert_eq!(replay.judge(&step), fresh.judge(&step), "seed {seed}: {plain:#?}");
        }
    }
}

fn is_nonsense(code: &str) -> bool {
    ["placed-twice", "still-running", "lost-node"].contains(&code)
}

fn random_pod(r: &mut Random, cluster: &Cluster) -> PodId {
    PodId(r.range(0, cluster.pods().len() as i64 - 1) as u32)
}

fn random_step(r: &mut Random, cluster: &Cluster) -> Step {
    let pod = random_pod(r, cluster);
    let node = NodeId(r.range(0, cluster.nodes().len() as i64 - 1) as u32);
    Step { pod, node, cards: (0..cluster.incoming_of(pod).gpu.cards).collect() }
}
