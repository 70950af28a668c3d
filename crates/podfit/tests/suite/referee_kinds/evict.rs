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
        let still: Vec<_> = replay.judge(&with_card(like, A)).iter().map(|k| k.code()).collect();
        assert_eq!(still.len(), refused.len(), "it holds all that until it is gone: {still:?}");
        assert_eq!(replay.gone(id(NEW), A), []);
        assert_eq!(replay.judge(&with_card(like, A)), []);
        assert_eq!(replay.place(&with_card(NEW, B)), []);
        assert_eq!(codes(replay.gone(id(NEW), B)), ["not-there"], "it is not terminating");
        assert_eq!(replay.evict(id(NEW)), []);
        assert_eq!(codes(replay.gone(id(NEW), A)), ["not-there"], "it is terminating elsewhere");
        assert_eq!(replay.gone(id(NEW), B), []);
        assert_eq!(replay.place(&with_card(like, B)), []);
    });
}

#[test]
fn a_runner_leaves_and_may_come_back() {
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
        // Terminating, it does not count for spread any more, and for all the rest it does.
        let mut still = replay.judge(&step(NEW, A)).iter().map(|k| k.code()).collect::<Vec<_>>();
        still.sort_unstable();
        assert_eq!(still, ["anti-affinity", "claim-in-use", "resource"]);
        assert_eq!(replay.gone(id(OLD), A), []);
        assert_eq!(codes(replay.gone(id(OLD), A)), ["not-there"], "gone before");
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
        assert_eq!(replay.gone(id(OLD), B), []);
        assert_eq!(replay.judge(&step(NEW, B)), []);
    });
}

#[test]
fn what_is_nowhere_cannot_be_evicted() {
    with(
        |_| {},
        |replay| {
            assert_eq!(codes(replay.evict(id(9))), ["unknown-pod"]);
            assert_eq!(codes(replay.gone(id(9), A)), ["unknown-pod"]);
            assert_eq!(codes(replay.gone(id(OLD), A)), ["not-there"], "it is not terminating");
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

/// A pod of the input that is being deleted is evicted by nobody, but may be gone.
#[test]
fn who_is_being_deleted_is_not_evicted() {
    let tune = |s: &mut Scene| {
        [OLD, NEW].iter().for_each(|&p| s.ask(p, ResourceId::CPU, 10));
        s.pods[OLD].terminating = true;
    };
    with(tune, |replay| {
        assert_eq!(codes(replay.evict(id(OLD))), ["not-there"]);
        assert_eq!(codes(replay.gone(id(OLD), B)), ["not-there"]);
        assert!(!replay.judge(&step(NEW, A)).is_empty());
        assert_eq!(replay.gone(id(OLD), A), []);
        assert_eq!(replay.judge(&step(NEW, A)), []);
    });
}

/// A replay with evictions ends where one without them ends that removes the evicted runners first, those that are not
/// gone such that they linger, and places only what stays placed. (Those that were placed are all gone: a change has no
/// word for such a one that lingers.)
#[test]
fn evictions_leave_no_trace() {
    let (mut evicted, mut deleted) = ([0; 2], 0);
    for seed in podfit_soak::seeds(1500, 500_000) {
        let case = case(seed);
        if case.cluster.pods().is_empty() {
            continue;
        }
        let referee = Referee::new(&case.cluster);
        let (mut replay, _) = referee.start(&case.change());
        let mut plain = case.change();
        let mut leaving: Vec<(Step, bool)> = Vec::new();
        let mut r = Random::new(!seed);
        for _ in 0..r.range(4, 24) {
            if r.percent(50) {
                let step = random_step(&mut r, &case.cluster);
                let makes_sense = replay.judge(&step).iter().all(|k| !is_nonsense(k.code()));
                replay.place(&step);
                plain.steps.extend(makes_sense.then_some(step));
            } else if r.percent(70) {
                let pod = random_pod(&mut r, &case.cluster);
                let ran = case.cluster.pod(pod).node;
                let placed = plain.steps.iter().position(|s| s.pod == pod);
                if replay.evict(pod).is_empty() {
                    evicted[usize::from(placed.is_some())] += 1;
                    leaving.push(match placed {
                        Some(at) => (plain.steps.remove(at), true),
                        None => {
                            plain.removed.push(Removal { pod, lingers: true });
                            (step(pod.index(), ran.expect("it ran")), false)
                        }
                    });
                } else if let Some(node) = ran
                    && replay.gone(pod, node).is_empty()
                {
                    match leaving.iter().position(|(step, _)| (step.pod, step.node) == (pod, node))
                    {
                        Some(at) => depart(&mut plain, &leaving.remove(at)),
                        None => {
                            deleted += 1;
                            plain.removed.push(Removal { pod, lingers: false });
                        }
                    }
                }
            } else if !leaving.is_empty() {
                let at = r.range(0, leaving.len() as i64 - 1) as usize;
                let here = |l: &(Step, bool)| (l.0.pod, l.0.node);
                let first = leaving.iter().position(|l| here(l) == here(&leaving[at]));
                let left = leaving.remove(first.expect("itself at least"));
                assert_eq!(replay.gone(left.0.pod, left.0.node), []);
                depart(&mut plain, &left);
            }
        }
        // Of several of one id on a node the first is gone first, so all of them are.
        let again = |left: &(Step, bool)| {
            leaving.iter().any(|l| l.1 && (l.0.pod, l.0.node) == (left.0.pod, left.0.node))
        };
        for left in leaving.iter().filter(|left| again(left) || r.percent(50)) {
            assert_eq!(replay.gone(left.0.pod, left.0.node), []);
            depart(&mut plain, left);
        }
        same_verdicts(&case, &referee, &replay, &plain, seed);
    }
    assert!(evicted.iter().all(|&n| n > 500), "runners and placed pods: {evicted:?}");
    assert!(deleted > 20, "deleted in the input, then gone: {deleted}");
}

/// A pod that was evicted is gone; who was placed is out of the change already.
fn depart(plain: &mut Change, (step, placed): &(Step, bool)) {
    if !placed {
        let removal = plain.removed.iter_mut().find(|r| r.pod == step.pod && r.lingers);
        removal.expect("it lingers").lingers = false;
    }
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
