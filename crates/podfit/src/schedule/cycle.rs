//! One pod after the other: filter, score, choose, bind (`pkg/scheduler/schedule_one.go`).
//!
//! A pod that finds no node is parked. Kube-scheduler tries it again when something happens that may help it
//! (`QueueingHint`s of the plugins that refused it): here, when a pod was evicted, or one was bound that its
//! required affinity or its hard spread looks for. In life it waits out a backoff first; so it is tried when the
//! queue is empty. Each pod is tried at most [`TRIES_MAX`] times.

use super::{
    Arrival, Event, Options, Run, Scheduler, nodes,
    preempt::preempt,
    queue::{Queue, Waiting, waves},
    random::Random,
    tally::Tally,
};
use crate::model::{Cluster, NodeId, OwnerKind, PodId, Shape, ShapeId, Step};
use crate::rules::{self, RuleSet, State};

/// How often a pod is tried in one run: a bound against circles, far above what a snapshot needs.
const TRIES_MAX: u8 = 100;

pub(super) fn run(
    scheduler: &Scheduler,
    arrivals: &[Arrival],
    seed: u64,
    options: &Options,
) -> Run {
    let mut random = Random::new(seed);
    let waves = waves(arrivals, &mut random, options);
    // What the rules count is counted in the base, once for all seeds.
    for arrival in arrivals {
        let _ = rules::filter(&scheduler.base, arrival.pod, RuleSet::ALL);
    }
    let mut cycle = Cycle::new(scheduler, random, options);
    for wave in waves {
        wave.into_iter().for_each(|pod| cycle.arrive(pod));
        cycle.work_off();
    }
    cycle.finish()
}

/// A pod that found no node.
struct Parked {
    waiting: Waiting,
    /// How many events there were when it was tried.
    since: usize,
}

struct Cycle<'s, 'c> {
    scheduler: &'s Scheduler<'c>,
    cluster: &'c Cluster,
    state: State<'c>,
    random: Random,
    /// How many feasible nodes are enough.
    enough: usize,
    /// Position in the scheduler's nodes where the next search starts.
    start: usize,
    queue: Queue<'c>,
    parked: Vec<Parked>,
    /// Disruptions left, by position in the cluster's budgets.
    budgets: Vec<i64>,
    events: Vec<Event>,
    /// By pod: how often it was tried.
    tries: Vec<u8>,
    /// By pod: it entered the queue in this run.
    arrived: Vec<bool>,
    /// By shape: number of events when its pods were last known to fit nowhere.
    hopeless: Vec<Option<usize>>,
    /// Number of events up to the last eviction.
    evicted: usize,
    /// By shape: number of events up to the last bind of one of its pods.
    bound: Vec<usize>,
    feasible: Vec<NodeId>,
    tally: Tally<'s, 'c>,
}

impl<'s, 'c> Cycle<'s, 'c> {
    fn new(scheduler: &'s Scheduler<'c>, mut random: Random, options: &Options) -> Self {
        let state = scheduler.base.clone();
        let cluster = state.cluster();
        let nodes = scheduler.index.nodes.len();
        Self {
            scheduler,
            cluster,
            state,
            enough: nodes::enough(nodes, options.percentage_of_nodes_to_score),
            // The scheduler has been at work before: where its next search starts is anybody's guess.
            start: random.below(nodes),
            random,
            queue: Queue::new(cluster, options.order),
            parked: Vec::new(),
            budgets: scheduler.budgets.clone(),
            events: Vec::new(),
            tries: vec![0; cluster.pods().len()],
            arrived: vec![false; cluster.pods().len()],
            hopeless: vec![None; cluster.shapes().len()],
            evicted: 0,
            bound: vec![0; cluster.shapes().len()],
            feasible: Vec::new(),
            tally: Tally::new(&scheduler.index, cluster.shapes().len()),
        }
    }

    fn arrive(&mut self, pod: PodId) {
        if !self.arrived[pod.index()] && self.state.node_of(pod).is_none() {
            self.arrived[pod.index()] = true;
            self.queue.enter(pod, None);
        }
    }

    /// Until the queue is empty and nothing that happened helps those that are parked.
    /// It ends: to be tried again takes an event that came later, and only a try within its bound makes one.
    fn work_off(&mut self) {
        loop {
            while let Some(waiting) = self.queue.next() {
                self.attempt(waiting);
            }
            let parked = std::mem::take(&mut self.parked);
            let (again, still): (Vec<_>, Vec<_>) =
                parked.into_iter().partition(|parked| self.was_helped(parked));
            self.parked = still;
            if again.is_empty() {
                return;
            }
            again.into_iter().for_each(|parked| self.queue.back(parked.waiting));
        }
    }

    fn finish(self) -> Run {
        let mut pending: Vec<PodId> = self.parked.iter().map(|p| p.waiting.pod).collect();
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
        if gives_up || self.is_hopeless(&waiting, shape) {
            return self.park(waiting);
        }
        self.find_feasible(&waiting);
        if let Some(node) = self.choose(shape) {
            self.bind(pod, node);
        } else if let Some((node, victims)) = self.preempt(&waiting) {
            victims.into_iter().for_each(|victim| self.evict(victim, pod));
            // Kube-scheduler nominates the node, waits until the victims are gone and tries the pod again, there
            // first. Meanwhile pods of no higher priority are kept from the room, and those of higher priority
            // were before it in the queue. So binding it at once comes to the same.
            self.bind(pod, node);
        } else {
            if waiting.only.is_none() {
                self.hopeless[shape.index()] = Some(self.events.len());
            }
            self.park(waiting);
        }
    }

    /// Whether another pod of the shape found no node and nothing has happened since that could help.
    fn is_hopeless(&self, waiting: &Waiting, shape: ShapeId) -> bool {
        waiting.only.is_none()
            && self.hopeless[shape.index()].is_some_and(|since| !self.helps(shape, since))
    }

    fn park(&mut self, mut waiting: Waiting) {
        self.queue.leave(&mut waiting);
        self.parked.push(Parked { waiting, since: self.events.len() });
    }

    fn was_helped(&self, parked: &Parked) -> bool {
        self.helps(self.cluster.pod(parked.waiting.pod).incoming, parked.since)
    }

    /// Whether something happened since that may help pods of the shape. A bind takes room and helps nobody,
    /// except where required affinity or hard spread looks for the pod.
    fn helps(&self, shape: ShapeId, since: usize) -> bool {
        let shape = self.cluster.shape(shape);
        let looks = !shape.affinity.is_empty() || !shape.spread.is_empty();
        self.evicted > since
            || (looks
                && (self.bound.iter().zip(self.cluster.shapes()))
                    .any(|(&at, other)| at > since && looks_for(self.cluster, shape, other)))
    }

    /// Fills `feasible` with nodes that pass the filters: from where the last search ended, until enough are
    /// found (`findNodesThatPassFilters`). Kube-scheduler looks at several nodes at a time and so may look at some
    /// more than it needs; here they come one by one.
    fn find_feasible(&mut self, waiting: &Waiting) {
        self.feasible.clear();
        let index = &self.scheduler.index;
        let shape = index.shape(self.cluster.pod(waiting.pod).incoming);
        let passes = rules::filter(&self.state, waiting.pod, shape.rules);
        let nodes = &index.nodes;
        let mut seen = 0;
        for &node in nodes[self.start..].iter().chain(&nodes[..self.start]) {
            seen += 1;
            let asked = waiting.only.is_none_or(|only| only == node);
            if asked && shape.allowed.contains(node.index()) && passes(node) {
                self.feasible.push(node);
                if self.feasible.len() == self.enough {
                    break;
                }
            }
        }
        self.start = (self.start + seen) % nodes.len().max(1);
    }

    /// One of the feasible nodes with the best score, each as likely as the others (`selectHost`).
    fn choose(&mut self, shape: ShapeId) -> Option<NodeId> {
        if self.feasible.len() < 2 {
            return self.feasible.first().copied();
        }
        let totals = self.tally.totals(&self.state, shape, &self.feasible);
        let best = totals.iter().copied().max()?;
        let mut best = self.feasible.iter().zip(totals).filter(|&(_, &total)| total == best);
        let among = best.clone().count();
        best.nth(self.random.below(among)).map(|(&node, _)| node)
    }

    /// The node and the pods to evict from it, so that the pod can be there.
    fn preempt(&mut self, waiting: &Waiting) -> Option<(NodeId, Vec<PodId>)> {
        let priority = self.cluster.incoming_of(waiting.pod).priority;
        if priority <= self.scheduler.index.priority_min() {
            return None;
        }
        let mut budgets = self.budgets.clone();
        let random = &mut self.random;
        let made =
            preempt(&self.state, waiting.pod, &mut budgets, &mut |n| random.below(n)).ok()?;
        if waiting.only.is_some_and(|only| only != made.node) {
            return None;
        }
        self.budgets = budgets;
        Some((made.node, made.victims))
    }

    fn bind(&mut self, pod: PodId, node: NodeId) {
        let cards = first_cards(&self.state, self.cluster.incoming_of(pod), node);
        self.state.place(pod, node, &cards);
        self.tally.came(self.cluster.pod(pod).incoming, node);
        self.events.push(Event::Bind(Step { pod, node, cards }));
        self.bound[self.cluster.pod(pod).incoming.index()] = self.events.len();
    }

    fn evict(&mut self, pod: PodId, by: PodId) {
        let Some(node) = self.state.node_of(pod) else { return };
        // A pod that was placed holds what it asked and is no longer being deleted.
        let placed = self.state.is_placed(pod);
        self.state.remove(pod, false);
        let object = self.cluster.pod(pod);
        let shape = if placed { object.incoming } else { object.shape };
        self.tally.left(shape, node, placed || !object.terminating);
        self.events.push(Event::Evict { pod, by });
        self.evicted = self.events.len();
        self.replace(pod, node, !placed && object.terminating);
    }

    /// The controller of an evicted pod makes another, which enters the queue: at once, or once the pod is gone
    /// where it has a place of its own (a name, a node). If the pod was being deleted anyway, the first kind has
    /// its other already.
    fn replace(&mut self, pod: PodId, node: NodeId, was_leaving: bool) {
        let kind = self.cluster.pod(pod).owner.kind;
        let has_place_of_its_own = matches!(kind, OwnerKind::StatefulSet | OwnerKind::DaemonSet);
        let nobody_makes_it = matches!(kind, OwnerKind::Bare | OwnerKind::Static);
        if nobody_makes_it || was_leaving && !has_place_of_its_own {
            return;
        }
        self.arrived[pod.index()] = true;
        let only = (kind == OwnerKind::DaemonSet).then_some(node);
        self.queue.enter(pod, only);
    }
}

/// Whether the required affinity or hard spread of `shape` counts pods like `other`.
fn looks_for(cluster: &Cluster, shape: &Shape, other: &Shape) -> bool {
    let names = cluster.names();
    shape.affinity.iter().any(|term| term.matches(other, names))
        || (shape.namespace == other.namespace
            && shape.spread.iter().any(|s| s.selector.matches(&other.labels, names)))
}

/// The first cards of the node that have an accepted model and enough room: as many as the pod wants.
fn first_cards(state: &State, shape: &Shape, node: NodeId) -> Vec<u16> {
    let gpu = &shape.gpu;
    if gpu.cards == 0 {
        return Vec::new();
    }
    let cards = state.cluster().node(node).cards.iter().zip(state.free_cards(node)).zip(0..);
    cards
        .filter(|((card, free), _)| {
            *free >= gpu.milli_each && (gpu.models.is_empty() || gpu.models.contains(&card.model))
        })
        .map(|(_, index)| index)
        .take(usize::from(gpu.cards))
        .collect()
}
