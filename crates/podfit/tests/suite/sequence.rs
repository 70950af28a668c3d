//! Sequences of losses and returns, against a small simulation of pods that all ask the same.

use crate::oracle::Random;
use podfit::model::{
    Budget, Cluster, ClusterBuilder, Effect, Interval, Labels, Loss, NodeId, NodeSpec, Owner,
    OwnerKind, PodId, PodSpec, ResourceId, Resources, Selector, Toleration,
};
use podfit::planner::{
    Options, Planner, PodVerdict, Sequence, Times, Verdict, WhatIf, WhatIfQuestion, standing,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const NODES: usize = 5;
/// More silent nodes than this halt the evictions of a small zone.
const DOWN_MAX: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Lose(Loss),
    Return,
}

/// Where everything is, worked out by hand.
#[derive(Default)]
struct World {
    room: BTreeMap<String, i64>,
    /// By pod its kind and its node.
    pods: BTreeMap<String, (OwnerKind, Option<String>)>,
    down: BTreeSet<String>,
    cordoned: BTreeSet<String>,
    evicted: BTreeSet<String>,
}

impl World {
    /// Who needs a place after this; those are on no node.
    fn happens(&mut self, step: Step, node: &str) {
        match step {
            Step::Lose(Loss::NotReady) => drop(self.down.insert(node.into())),
            Step::Lose(Loss::Drained) => drop(self.cordoned.insert(node.into())),
            Step::Lose(Loss::Deleted) => drop(self.room.remove(node)),
            Step::Return => {
                self.down.remove(node);
                self.cordoned.remove(node);
            }
        }
        let mut gone = Vec::new();
        for (name, (kind, at)) in &mut self.pods {
            if at.as_deref() != Some(node) {
                continue;
            }
            match (step, *kind) {
                (Step::Return, _) if self.evicted.remove(name) => *at = None,
                (Step::Return, _) => {}
                (Step::Lose(Loss::Deleted), OwnerKind::DaemonSet) => gone.push(name.clone()),
                (_, OwnerKind::DaemonSet) => {}
                (_, OwnerKind::Bare) => gone.push(name.clone()),
                (Step::Lose(Loss::NotReady), OwnerKind::StatefulSet) => {
                    self.evicted.insert(name.clone());
                }
                _ => *at = None,
            }
        }
        gone.iter().for_each(|name| drop(self.pods.remove(name)));
    }

    fn takes_pods(&self, node: &str) -> bool {
        !self.down.contains(node) && !self.cordoned.contains(node)
    }

    /// How many of those that need a place find none.
    fn left(&self) -> i64 {
        let needs = self.pods.values().filter(|p| p.1.is_none()).count() as i64;
        let free = |(node, room): (&String, &i64)| {
            let on = self
                .pods
                .values()
                .filter(|(kind, at)| *kind != OwnerKind::DaemonSet && at.as_ref() == Some(node));
            room - on.count() as i64
        };
        let room: i64 = self.room.iter().filter(|(n, _)| self.takes_pods(n)).map(free).sum();
        (needs - room).max(0)
    }

    /// Compares with the cluster, and takes over where it has put what needed a place.
    fn meet(&mut self, planner: &Planner, about: &str) {
        let cluster = planner.cluster();
        let left = self.left();
        let there: BTreeSet<&str> = cluster.node_ids().map(|n| cluster.node_name(n)).collect();
        assert!(there.iter().eq(self.room.keys()), "{about}: nodes {there:?}");
        let names: Vec<&str> =
            cluster.pod_ids().map(|p| cluster.str(cluster.pod(p).name)).collect();
        assert_eq!(names.len(), self.pods.len(), "{about}: {names:?}");
        let mut pending = 0;
        for id in cluster.pod_ids() {
            let name = cluster.str(cluster.pod(id).name);
            let at = cluster.pod(id).node.map(|n| cluster.node_name(n).to_string());
            let takes = at.as_deref().is_some_and(|n| self.takes_pods(n));
            let (_, expected) =
                self.pods.get_mut(name).unwrap_or_else(|| panic!("{about}: {name}"));
            match (&*expected, &at) {
                (None, None) => pending += 1,
                (None, Some(_)) => assert!(takes, "{about}: {name} was put on {at:?}"),
                (there, found) => assert_eq!(*there, *found, "{about}: {name}"),
            }
            *expected = at;
        }
        assert_eq!(pending, left, "{about}: pods without a place");
        let mut broken = standing(planner);
        broken.retain(|v| v.node.is_none_or(|n| self.takes_pods(cluster.node_name(n))));
        assert!(broken.is_empty(), "{about}: {broken:?}");
    }
}

/// A cluster of pods that ask one thousandth of a core each, and the same by hand. DaemonSet pods ask nothing.
fn random_world(r: &mut Random) -> (World, Cluster) {
    let (mut world, mut b) = (World::default(), ClusterBuilder::new());
    for i in 0..NODES {
        let (name, room) = (format!("n{i}"), r.range(0, 5));
        let allocatable = Resources::new().with(ResourceId::PODS, 110).with(ResourceId::CPU, room);
        b.add_node(NodeSpec { name: name.clone(), allocatable, ..NodeSpec::default() }, 0);
        let kinds = [OwnerKind::ReplicaSet, OwnerKind::StatefulSet, OwnerKind::Bare];
        let running = (0..r.range(0, room)).map(|_| (r.pick(&kinds), 1));
        let all: Vec<(OwnerKind, i64)> = running.chain([(OwnerKind::DaemonSet, 0)]).collect();
        for (at, (kind, cpu)) in all.into_iter().enumerate() {
            let pod = format!("p{i}-{at}");
            let shape = b.shape("d", Resources::new().with(ResourceId::CPU, cpu));
            let of = (kind != OwnerKind::Bare).then(|| b.intern("of"));
            let owner = Owner { kind, name: of };
            let plain = PodSpec::new(pod.clone(), shape);
            b.add_pod(PodSpec { owner, node: Some(name.clone()), ..plain }, 0);
            world.pods.insert(pod, (kind, Some(name.clone())));
        }
        world.room.insert(name, room);
    }
    (world, b.build().expect("valid"))
}

fn ask(sequence: &mut Sequence<'_>, lost: Vec<NodeId>, loss: Loss) -> WhatIf {
    let options = Options { seeds: Some(1), ..Options::default() };
    let question = WhatIfQuestion { lost, loss, ..WhatIfQuestion::default() };
    let answer = sequence.planner().what_if(&question, &options).expect("refereed");
    sequence.follow(&question, &answer).expect("it can be so");
    answer
}

#[test]
fn each_state_is_what_the_one_before_it_makes() {
    let (mut came_back, mut without) = (0, 0);
    for seed in podfit_soak::seeds(300, 100_000) {
        let mut r = Random::new(seed);
        let (mut world, cluster) = random_world(&mut r);
        let planner = Planner::new(Arc::new(cluster));
        let mut sequence = Sequence::of(&planner);
        for i in 0..8 {
            let names: Vec<String> = world.room.keys().cloned().collect();
            let name = names[r.range(0, names.len() as i64 - 1) as usize].clone();
            let loss = r.pick(&[Loss::NotReady, Loss::NotReady, Loss::Drained, Loss::Deleted]);
            let is_up = world.takes_pods(&name);
            let step = match is_up {
                true if loss == Loss::NotReady && world.down.len() >= DOWN_MAX => continue,
                true if loss == Loss::Deleted && names.len() < NODES => continue,
                true => Step::Lose(loss),
                false => Step::Return,
            };
            let about = format!("seed {seed}, step {i}: {step:?} {name}");
            let node = sequence.cluster().find_node(&name).expect("it is there");
            world.happens(step, &name);
            match step {
                Step::Lose(loss) => drop(ask(&mut sequence, vec![node], loss)),
                Step::Return => {
                    let waited = world.pods.values().filter(|p| p.1.is_none()).count();
                    sequence.bring_back(&[node]).expect("it can be so");
                    let answer = ask(&mut sequence, Vec::new(), Loss::NotReady);
                    // Those that no node could hold are set aside.
                    let asked = answer.was_pending() + answer.displaced.aside.len();
                    assert_eq!(asked, waited, "{about}");
                    came_back += answer.count(PodVerdict::Placed);
                }
            }
            world.meet(sequence.planner(), &about);
            without += world.pods.values().filter(|p| p.1.is_none()).count();
        }
    }
    assert!(came_back > 50 && without > 50, "{came_back} {without}");
}

/// With every node silent nobody is evicted: what was there runs on when they return.
#[test]
fn nobody_is_evicted_while_every_node_is_silent() {
    let (_, cluster) = random_world(&mut Random::new(1));
    let place = |c: &Cluster| -> Vec<_> { c.pods().iter().map(|p| (p.name, p.node)).collect() };
    let before = place(&cluster);
    assert!(before.len() > NODES, "{before:?}");
    let planner = Planner::new(Arc::new(cluster));
    let mut sequence = Sequence::of(&planner);
    let all: Vec<NodeId> = planner.cluster().node_ids().collect();
    let answer = ask(&mut sequence, all.clone(), Loss::NotReady);
    assert_eq!(answer.verdict, Verdict::Down);
    sequence.bring_back(&all).expect("it can be so");
    let back = ask(&mut sequence, Vec::new(), Loss::Drained);
    assert_eq!(back.was_pending(), 0);
    assert_eq!(place(sequence.cluster()), before);
}

/// Node after node, a budget of one: each drain waits for a place for the pods of the one before.
#[test]
fn a_budget_is_spent_by_what_waits_and_refilled_by_what_is_placed() {
    let mut b = ClusterBuilder::new();
    for (name, room) in [("a", 1), ("b", 1), ("c", 0)] {
        let allocatable = Resources::new().with(ResourceId::PODS, 110).with(ResourceId::CPU, room);
        b.add_node(NodeSpec { name: name.into(), allocatable, ..NodeSpec::default() }, 0);
    }
    let (namespace, name, app) = (b.intern("d"), b.intern("web"), b.intern("app"));
    b.add_budget(Budget::new(namespace, name, Selector::default(), 1));
    for node in ["a", "b"] {
        let mut shape = b.shape("d", Resources::new().with(ResourceId::CPU, 1));
        shape.labels = Labels::new([(app, name)]);
        let owner = Owner { kind: OwnerKind::ReplicaSet, name: Some(name) };
        let plain = PodSpec::new(format!("web-{node}"), shape);
        b.add_pod(PodSpec { owner, node: Some(node.into()), ..plain }, 0);
    }
    let planner = Planner::new(Arc::new(b.build().expect("valid")));
    let mut sequence = Sequence::of(&planner);
    let [a, b] = [0, 1].map(NodeId);
    let first = ask(&mut sequence, vec![a], Loss::Drained);
    assert_eq!(first.count(PodVerdict::Pending), 1, "no room elsewhere");
    let second = ask(&mut sequence, vec![b], Loss::Drained);
    assert_eq!(second.count(PodVerdict::Stuck), 1, "one is away already");
    sequence.bring_back(&[a]).expect("it can be so");
    let back = ask(&mut sequence, Vec::new(), Loss::Drained);
    assert_eq!(back.count(PodVerdict::Placed), 1);
    let third = ask(&mut sequence, vec![b], Loss::Drained);
    assert_eq!((third.count(PodVerdict::Stuck), third.count(PodVerdict::Pending)), (0, 1));
}

/// Two nodes with room for all; on a five pods that tolerate its silence for as long as given, for ever if that is none.
fn tolerant(pods: &[(&str, OwnerKind, Option<i64>)]) -> Cluster {
    let mut b = ClusterBuilder::new();
    for name in ["a", "b"] {
        let allocatable = Resources::new().with(ResourceId::PODS, 110).with(ResourceId::CPU, 9);
        b.add_node(NodeSpec { name: name.into(), allocatable, ..NodeSpec::default() }, 0);
    }
    for &(name, kind, seconds) in pods {
        let mut shape = b.shape("d", Resources::new().with(ResourceId::CPU, 1));
        let key = b.intern("node.kubernetes.io/unreachable");
        let effect = Some(Effect::NoExecute);
        shape.tolerations.push(Toleration { key: Some(key), value: None, effect, seconds });
        let of = (kind != OwnerKind::Bare).then(|| b.intern(name));
        let owner = Owner { kind, name: of };
        b.add_pod(PodSpec { owner, node: Some("a".into()), ..PodSpec::new(name, shape) }, 0);
    }
    b.build().expect("valid")
}

/// Node a is silent for these times, one state after the other: who is on it still, and who may be or not in each state.
fn silent(cluster: Cluster, lasts: &[Interval]) -> (Vec<String>, Vec<Vec<String>>) {
    let planner = Planner::new(Arc::new(cluster));
    let mut sequence = Sequence::of(&planner);
    let mut open = Vec::new();
    let times = Times { grace: Interval::seconds(40), ..Times::default() };
    let named = |c: &Cluster, pods: &[PodId]| -> Vec<String> {
        pods.iter().map(|&p| c.str(c.pod(p).name).to_string()).collect()
    };
    for (i, &time) in lasts.iter().enumerate() {
        let lost = if i == 0 { vec![NodeId(0)] } else { Vec::new() };
        let mut question = WhatIfQuestion { lost, ..WhatIfQuestion::default() };
        let may_go = sequence.within(&mut question, time, &times);
        open.push(named(sequence.cluster(), &may_go));
        let options = Options { seeds: Some(1), ..Options::default() };
        let answer = sequence.planner().what_if(&question, &options).expect("refereed");
        sequence.follow(&question, &answer).expect("it can be so");
    }
    sequence.bring_back(&[NodeId(0)]).expect("it can be so");
    ask(&mut sequence, Vec::new(), Loss::Drained);
    let cluster = sequence.cluster();
    (named(cluster, cluster.pods_on(NodeId(0))), open)
}

/// 40 s of grace, less a heartbeat of up to 10.4 s before, and 5 s to 15.1 s of looks: the taint comes after 34.6 s to 55.1 s.
#[test]
fn pods_stay_where_their_node_is_back_before_they_are_evicted() {
    let kinds = [
        ("web", OwnerKind::ReplicaSet, Some(300)),
        ("quick", OwnerKind::ReplicaSet, Some(30)),
        ("set", OwnerKind::StatefulSet, Some(300)),
        ("bare", OwnerKind::Bare, Some(300)),
        ("for-ever", OwnerKind::ReplicaSet, None),
        ("agent", OwnerKind::DaemonSet, None),
    ];
    let exactly = |ms| Interval::exactly(ms);
    let after = |lasts: &[Interval]| silent(tolerant(&kinds), lasts);
    let all = ["web", "quick", "set", "bare", "for-ever", "agent"];
    let (there, open) = after(&[exactly(60_000)]);
    assert_eq!(there, all, "none is evicted before 64.6 s");
    assert!(open[0].is_empty());
    let (there, open) = after(&[exactly(64_600)]);
    assert!(!there.contains(&"quick".to_string()), "{there:?}");
    assert_eq!(open, [["quick"]], "it may be evicted at the moment of the return");
    let (there, open) = after(&[exactly(334_599)]);
    assert_eq!(there, ["web", "set", "bare", "for-ever", "agent"]);
    assert!(open[0].is_empty(), "the quick one is evicted for sure");
    let (_, open) = after(&[Interval::between(100_000, 340_000)]);
    assert_eq!(open, [["web", "set", "bare"]]);
    let (there, open) = after(&[exactly(355_100)]);
    // Who was evicted is deleted by its kubelet and made anew: a bare pod is not, and others have gone to b.
    assert!(!there.contains(&"web".into()) && !there.contains(&"bare".into()), "{there:?}");
    assert!(open[0].is_empty() && there.contains(&"for-ever".into()));
}

/// Silence goes on from state to state.
#[test]
fn times_of_states_in_which_a_node_is_silent_add_up() {
    let kinds =
        [("web", OwnerKind::ReplicaSet, Some(300)), ("long", OwnerKind::ReplicaSet, Some(3000))];
    let minutes = |n: i64| Interval::seconds(n * 60);
    let (there, _) = silent(tolerant(&kinds), &[minutes(3), minutes(2)]);
    assert_eq!(there, ["web", "long"], "300 s are less than 334.6 s");
    let (there, open) = silent(tolerant(&kinds), &[minutes(3), minutes(3)]);
    assert_eq!(there, ["long"], "360 s are more than 355.1 s");
    assert_eq!(open, [Vec::<String>::new(), Vec::new()]);
    let (_, open) = silent(tolerant(&kinds), &[minutes(3), Interval::between(120_000, 170_000)]);
    assert_eq!(open[1], ["web"], "300 s to 350 s may be or not");
}
