//! One pod after the other: filter, score, choose, bind (`pkg/scheduler/schedule_one.go`).
//!
//! To try a pod takes no time. Time goes on when nothing can be tried any more: to the next pods that arrive, or that
//! have terminated, or that have waited so long that they are tried whatever happened. Each pod is tried at most
//! [`TRIES_MAX`] times.
//!
//! A pod that evicts others is not bound with that: they are terminating, and hold their room until they are gone.
//! Until then its node is nominated, which keeps pods of no higher priority from the room, and others are tried.

use super::{
    Arrival, Event, Options, Run, Scheduler,
    chance::Chance,
    nodes,
    parked::{Happened, Lot, Parked},
    preempt::{Declined, Preemption, preempt_by},
    queue::{Queue, Waiting, waves},
    tally::Tally,
};
use crate::model::{Cluster, NodeId, OwnerKind, PodId, Shape, ShapeId, Step};
use crate::rules::{self, RuleSet, State};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How often a pod is tried in one run: a bound against circles, far above what a snapshot needs.
const TRIES_MAX: u8 = 100;

pub(super) fn run(
    scheduler: &Scheduler,
    arrivals: &[Arrival],
    chance: &mut impl Chance,
    options: &Options,
) -> Run {
    let mut waves = waves(arrivals, chance, options);
    // What the rules count is counted in the base, once for all seeds.
    for arrival in arrivals {
        let _ = rules::filter(&scheduler.base, arrival.pod, RuleSet::SCHEDULER);
    }
    let mut cycle = Cycle::new(scheduler, chance, options);
    cycle.now = waves.front().map_or(0, |wave| wave.0);
    waves.iter().flat_map(|wave| &wave.1).for_each(|&pod| cycle.recall_nomination(pod));
    loop {
        let next = cycle.next_time().into_iter().chain(waves.front().map(|wave| wave.0)).min();
        let Some(next) = next else { return cycle.finish() };
        cycle.go_on_to(next);
        while waves.front().is_some_and(|wave| wave.0 <= cycle.now) {
            let (_, pods) = waves.pop_front().expect("there is one in front");
            pods.into_iter().for_each(|pod| cycle.arrive(pod));
        }
        cycle.work_off();
    }
}

/// A pod that is terminating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Leaving {
    /// When it is gone.
    at: i64,
    /// Its number, in the order in which they became known.
    number: usize,
    pod: PodId,
    node: NodeId,
    /// It was terminating in the input; else it is evicted here.
    was_leaving: bool,
}

struct Cycle<'s, 'c, C> {
    scheduler: &'s Scheduler<'c>,
    cluster: &'c Cluster,
    state: State<'c>,
    chance: &'s mut C,
    /// Seconds after the loss.
    now: i64,
    /// Whether evicted pods are gone at once.
    at_once: bool,
    /// How many feasible nodes are enough.
    enough: usize,
    /// Position in the scheduler's nodes where the next search starts.
    start: usize,
    queue: Queue<'c>,
    lot: Lot,
    leaving: BinaryHeap<Reverse<Leaving>>,
    /// By pod: it was terminating in the input, and somebody waits until it is gone.
    awaited: Vec<bool>,
    /// Disruptions left, by position in the cluster's budgets.
    budgets: Vec<i64>,
    events: Vec<Event>,
    /// By pod: how often it was tried.
    tries: Vec<u8>,
    /// By pod: it entered the queue in this run.
    arrived: Vec<bool>,
    /// How many things happened.
    happened: usize,
    /// The number of the last that made room.
    freed: usize,
    /// The number of the last eviction: its pod does not count for spread any more.
    evicted: usize,
    /// By shape: the number of the last bind of one of its pods.
    bound: Vec<usize>,
    /// By shape: what had happened when its pods were last known to fit nowhere, and the rules that refused them.
    hopeless: Vec<Option<(usize, RuleSet)>>,
    feasible: Vec<NodeId>,
    tally: Tally<'s, 'c>,
}

impl<'s, 'c, C: Chance> Cycle<'s, 'c, C> {
    fn new(scheduler: &'s Scheduler<'c>, chance: &'s mut C, options: &Options) -> Self {
        let state = scheduler.base.clone();
        let cluster = state.cluster();
        let nodes = scheduler.index.nodes.len();
        Self {
            scheduler,
            cluster,
            state,
            now: 0,
            at_once: options.at_once,
            enough: nodes::enough(nodes, options.percentage_of_nodes_to_score),
            // The scheduler has been at work before: where its next search starts is anybody's guess.
            start: chance.below(nodes),
            chance,
            queue: Queue::new(cluster, options.order),
            lot: Lot::default(),
            leaving: BinaryHeap::new(),
            awaited: vec![false; cluster.pods().len()],
            budgets: scheduler.budgets.clone(),
            events: Vec::new(),
            tries: vec![0; cluster.pods().len()],
            arrived: vec![false; cluster.pods().len()],
            happened: 0,
            freed: 0,
            evicted: 0,
            bound: vec![0; cluster.shapes().len()],
            hopeless: vec![None; cluster.shapes().len()],
            feasible: Vec::new(),
            tally: Tally::new(&scheduler.index, cluster.shapes().len()),
        }
    }

    /// A pending pod for which the scheduler made room before the input was taken keeps its node, and those whom it
    /// evicted there will be gone.
    fn recall_nomination(&mut self, pod: PodId) {
        if let Some(node) = self.cluster.pod(pod).nominated
            && self.state.node_of(pod).is_none()
        {
            self.state.nominate(pod, Some(node));
            let priority = self.cluster.incoming_of(pod).priority;
            let evicted = self.state.residents(node).filter(|r| {
                r.is_preempted(self.cluster) && self.cluster.shape(r.shape).priority < priority
            });
            let evicted: Vec<PodId> = evicted.map(|r| r.pod).collect();
            evicted.into_iter().for_each(|victim| self.await_departure(victim, node));
        }
    }

    fn arrive(&mut self, pod: PodId) {
        if !self.arrived[pod.index()] && self.state.node_of(pod).is_none() {
            self.arrived[pod.index()] = true;
            self.queue.enter(pod, None);
        }
    }

    /// Until nothing can be tried.
    /// It ends: to be tried again takes something that happened since, and only a try within its bound makes it happen.
    fn work_off(&mut self) {
        while let Some(waiting) = self.queue.next() {
            self.attempt(waiting);
        }
    }

    /// When something happens by itself: a pod is gone, or has waited long enough.
    fn next_time(&self) -> Option<i64> {
        let gone = self.leaving.peek().map(|Reverse(leaving)| leaving.at);
        let leftover = self.lot.next_leftover(|shape| self.changed_for(shape));
        gone.into_iter().chain(leftover).min()
    }

    fn go_on_to(&mut self, time: i64) {
        self.now = self.now.max(time);
        while let Some(Reverse(leaving)) = self.leaving.peek().copied()
            && leaving.at <= self.now
        {
            self.leaving.pop();
            self.depart(leaving);
        }
        let mut lot = std::mem::take(&mut self.lot);
        let leftover = lot.take_leftover(|shape| self.changed_for(shape), self.now);
        leftover.into_iter().for_each(|waiting| self.queue.back(waiting));
        self.lot = lot;
    }

    fn finish(self) -> Run {
        let mut pending: Vec<PodId> = self.lot.iter().map(|parked| parked.waiting.pod).collect();
        pending.sort_unstable();
        Run { events: self.events, pending }
    }

    fn attempt(&mut self, waiting: Waiting) {
        if self.scheduler.is_over() {
            return;
        }
        let pod = waiting.pod;
        let shape = self.cluster.pod(pod).incoming;
        let tries = &mut self.tries[pod.index()];
        let gives_up = self.cluster.pod(pod).gated || *tries == TRIES_MAX;
        *tries = tries.saturating_add(1);
        if gives_up {
            return self.park(waiting, RuleSet::NONE);
        }
        self.chance.tried(&self.state, pod);
        let nominated = self.state.nomination(pod);
        let alike = waiting.only.is_none() && nominated.is_none();
        if alike && let Some(refused) = self.known_hopeless(shape) {
            return self.park(waiting, refused);
        }
        let refused = self.find_feasible(&waiting, nominated);
        if let Some(node) = self.choose(pod, shape) {
            return self.bind(pod, node);
        }
        match self.preempt(&waiting) {
            Ok(made) => self.make_room(waiting, refused, made),
            Err(declined) => {
                if alike {
                    self.hopeless[shape.index()] = Some((self.happened, refused));
                }
                self.park(waiting, refused);
                if nominated.is_some() && matches!(declined, Declined::Nodes(_)) {
                    self.release(pod);
                }
            }
        }
    }

    /// The rules that refused another pod of the shape, if it found no node and nothing has happened since that could
    /// make a difference.
    fn known_hopeless(&self, shape: ShapeId) -> Option<RuleSet> {
        let (since, refused) = self.hopeless[shape.index()]?;
        (self.changed_for(shape) <= since).then_some(refused)
    }

    /// The number of the last that happened which may make a difference for pods of the shape that fit nowhere, whether
    /// or not the scheduler looks at it. A bind takes room and helps nobody, except where required affinity or hard
    /// spread looks for the pod.
    fn changed_for(&self, shape: ShapeId) -> usize {
        let shape = self.cluster.shape(shape);
        let mut changed = self.freed;
        if !shape.spread.is_empty() {
            changed = changed.max(self.evicted);
        }
        if !shape.affinity.is_empty() || !shape.spread.is_empty() {
            let looked_for = self
                .bound
                .iter()
                .zip(self.cluster.shapes())
                .filter(|&(&at, other)| at > changed && looks_for(self.cluster, shape, other));
            changed = looked_for.map(|(&at, _)| at).max().unwrap_or(changed);
        }
        changed
    }

    fn park(&mut self, mut waiting: Waiting, refused: RuleSet) {
        self.queue.leave(&mut waiting);
        let shape = self.cluster.pod(waiting.pod).incoming;
        self.lot.park(shape, refused, Parked { waiting, since: self.happened, at: self.now });
    }

    fn wake(&mut self, happened: Happened<'c>) {
        self.lot.wake(self.cluster, happened, self.now, &mut self.queue);
    }

    /// Fills `feasible` with nodes that pass the filters: the nominated one alone if it does, else from where the last
    /// search ended, until enough are found (`findNodesThatPassFilters`). Kube-scheduler looks at several nodes at a
    /// time and so may look at some more than it needs; here they come one by one. Gives the rules by which nodes
    /// refused, static ones left out.
    fn find_feasible(&mut self, waiting: &Waiting, nominated: Option<NodeId>) -> RuleSet {
        self.feasible.clear();
        let index = &self.scheduler.index;
        let shape = index.shape(self.cluster.pod(waiting.pod).incoming);
        let reserved = rules::reserved(&mut self.state, waiting.pod, shape.rules);
        let first = rules::first_refusal(&self.state, waiting.pod, shape.rules, reserved);
        let asked = |node: NodeId| {
            waiting.only.is_none_or(|only| only == node) && shape.allowed.contains(node.index())
        };
        let mut refused = RuleSet::NONE;
        if let Some(node) = nominated.filter(|&node| asked(node) && first(node).is_none()) {
            self.feasible.push(node);
            return refused;
        }
        let nodes = &index.nodes;
        let mut seen = 0;
        for &node in nodes[self.start..].iter().chain(&nodes[..self.start]) {
            seen += 1;
            if !asked(node) {
                continue;
            }
            if let Some(rule) = first(node) {
                refused = refused.with(rule);
                continue;
            }
            self.feasible.push(node);
            if self.feasible.len() == self.enough {
                break;
            }
        }
        self.start = (self.start + seen) % nodes.len().max(1);
        refused
    }

    /// One of the feasible nodes with the best score, each as likely as the others (`selectHost`).
    fn choose(&mut self, pod: PodId, shape: ShapeId) -> Option<NodeId> {
        if self.feasible.len() < 2 {
            return self.feasible.first().copied();
        }
        let totals = self.tally.totals(&self.state, shape, &self.feasible);
        let best = totals.iter().copied().max()?;
        let best = self.feasible.iter().zip(totals).filter(|&(_, &total)| total == best);
        let best: Vec<NodeId> = best.map(|(&node, _)| node).collect();
        best.get(self.chance.node(pod, &best)).copied()
    }

    /// The node and the pods to evict from it, so that the pod can be there.
    fn preempt(&mut self, waiting: &Waiting) -> Result<Preemption, Declined> {
        let shape = self.cluster.incoming_of(waiting.pod);
        if !shape.preempts {
            return Err(Declined::Policy);
        }
        let nobody = || Err(Declined::Nodes(Vec::new()));
        if shape.priority <= self.scheduler.index.priority_min() {
            return nobody();
        }
        let mut budgets = self.budgets.clone();
        let made = preempt_by(&self.state, waiting.pod, &mut budgets, self.chance)?;
        if waiting.only.is_some_and(|only| only != made.node) {
            return nobody();
        }
        self.budgets = budgets;
        Ok(made)
    }

    fn bind(&mut self, pod: PodId, node: NodeId) {
        let was_nominated = self.state.nomination(pod).is_some();
        self.state.nominate(pod, None);
        let cards = rules::first_free_cards(&self.state, pod, node);
        self.state.place(pod, node, &cards);
        let shape = self.cluster.pod(pod).incoming;
        self.tally.came(shape, node);
        self.events.push(Event::Bind(Step { pod, node, cards }));
        self.happened += 1;
        self.bound[shape.index()] = self.happened;
        self.wake(Happened::Bound(self.cluster.shape(shape)));
        if was_nominated {
            self.freed = self.happened;
            self.wake(Happened::Released(self.cluster.shape(shape)));
        }
    }

    /// The victims are evicted, and the pod waits for the room (`prepareCandidateAsync` in
    /// `pkg/scheduler/framework/preemption/preemption.go`).
    fn make_room(&mut self, waiting: Waiting, refused: RuleSet, made: Preemption) {
        let pod = waiting.pod;
        self.park(waiting, refused);
        if !made.victims.is_empty() {
            let priority = |pod| self.cluster.incoming_of(pod).priority;
            let lower = |&other: &PodId| priority(other) < priority(pod);
            let lower: Vec<PodId> = self.state.nominated_on(made.node).filter(lower).collect();
            lower.into_iter().for_each(|other| self.release(other));
        }
        self.state.nominate(pod, Some(made.node));
        made.leaving.iter().for_each(|&leaving| self.await_departure(leaving, made.node));
        made.victims.iter().for_each(|&victim| self.evict(victim, pod));
    }

    /// A pod has to look for another place than that where room was being made for it.
    fn release(&mut self, pod: PodId) {
        self.state.nominate(pod, None);
        self.happened += 1;
        self.freed = self.happened;
        self.wake(Happened::Released(self.cluster.incoming_of(pod)));
    }

    fn evict(&mut self, pod: PodId, by: PodId) {
        let Some(node) = self.state.node_of(pod) else { return };
        let object = self.cluster.pod(pod);
        let shape = if self.state.is_placed(pod) { object.incoming } else { object.shape };
        self.state.remove(pod, true);
        self.tally.terminates(shape, node);
        self.events.push(Event::Evict { pod, by });
        self.happened += 1;
        self.evicted = self.happened;
        if !waits_for_its_place(object.owner.kind) {
            self.replace(pod, node);
        }
        let leaving = self.leaves(pod, node, false);
        if self.at_once || object.grace <= 0 {
            self.depart(leaving);
        } else {
            self.leaving.push(Reverse(leaving));
        }
    }

    /// A pod that was terminating in the input, and for whose room somebody waits, will be gone.
    fn await_departure(&mut self, pod: PodId, node: NodeId) {
        let is_here = self.state.node_of(pod) == Some(node) && !self.state.is_placed(pod);
        if is_here && !std::mem::replace(&mut self.awaited[pod.index()], true) {
            let leaving = self.leaves(pod, node, true);
            self.leaving.push(Reverse(leaving));
        }
    }

    fn leaves(&self, pod: PodId, node: NodeId, was_leaving: bool) -> Leaving {
        let at = self.now.saturating_add(self.cluster.pod(pod).grace.max(0));
        Leaving { at, number: self.happened, pod, node, was_leaving }
    }

    fn depart(&mut self, leaving: Leaving) {
        let Leaving { pod, node, was_leaving, .. } = leaving;
        let object = self.cluster.pod(pod);
        let shape = match was_leaving {
            true => {
                self.state.remove(pod, false);
                Some(object.shape)
            }
            false => self.state.depart(pod, node),
        };
        let Some(shape) = shape else { return };
        self.tally.gone(shape, node);
        self.events.push(Event::Gone { pod, node });
        self.happened += 1;
        self.freed = self.happened;
        // Others than those have their replacement already.
        if waits_for_its_place(object.owner.kind) {
            self.replace(pod, node);
        }
        self.wake(Happened::Left(self.cluster.shape(shape)));
    }

    /// The controller of a pod that goes makes another, which enters the queue.
    fn replace(&mut self, pod: PodId, node: NodeId) {
        let kind = self.cluster.pod(pod).owner.kind;
        if matches!(kind, OwnerKind::Bare | OwnerKind::Static) {
            return;
        }
        self.arrived[pod.index()] = true;
        let only = (kind == OwnerKind::DaemonSet).then_some(node);
        self.queue.enter(pod, only);
    }
}

/// Whether a controller of this kind makes another pod only once the one before is gone: it has a place of its own, a
/// name or a node.
fn waits_for_its_place(kind: OwnerKind) -> bool {
    matches!(kind, OwnerKind::StatefulSet | OwnerKind::DaemonSet)
}

/// Whether the required affinity or hard spread of `shape` counts pods like `other`.
fn looks_for(cluster: &Cluster, shape: &Shape, other: &Shape) -> bool {
    let names = cluster.names();
    shape.affinity.iter().any(|term| term.matches(other, names))
        || (shape.namespace == other.namespace
            && shape.spread.iter().any(|s| s.selector.matches(&other.labels, names)))
}
