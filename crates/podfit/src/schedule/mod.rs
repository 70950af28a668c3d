//! The default scheduler on a snapshot: where kube-scheduler would put pods, were they to come now.
//!
//! In: a [`State`] (a cluster after losses and removals) and [`Arrival`]s, the pods that enter the queue. Out:
//! a [`Run`], what happens in order. Where the scheduler rolls dice, a seed decides: many seeds are a sample of
//! what may happen. The model is Kubernetes 1.34 with the default profile; files named in this folder are of
//! the repository kubernetes/kubernetes.
//!
//! | file | what it is for |
//! |---|---|
//! | `nodes` | in which order nodes are looked at, and how many (`node_tree.go`, `schedule_one.go`) |
//! | `queue` | priority, then time of entry (`plugins/queuesort/priority_sort.go`) |
//! | `parked` | pods that found no node, and what makes the scheduler try them again (`backend/queue`) |
//! | `cycle` | one pod after the other: filter, score, choose, bind, or make room |
//! | `shared` | what scores rest on that is the same for all states of a cluster |
//! | `index` | the same for one state, counted once for all seeds |
//! | `tally` | the same as it stands in a run, and the scores of the nodes that passed |
//! | `score` | the formulas of the score plugins |
//! | `preempt` | whom to evict for a pod that fits nowhere (`plugins/defaultpreemption`) |
//! | `eviction` | when the pods of a lost node are evicted (`pkg/controller/nodelifecycle`, `pkg/controller/tainteviction`) |
//! | `chance` | what life leaves open, decided by a seed or from outside |
//!
//! Not in it: other profiles, weights, scheduler names and extenders; scores that are off by default
//! (VolumeBinding) or rest on what the model lacks (DynamicResources); the time that a try or a start takes. Evicted
//! pods take all the time that they may, `terminationGracePeriodSeconds`. Nodes are looked at one by one, where
//! kube-scheduler looks at some at a time and may meet a few more; the order of nodes within a zone and where the first
//! search starts are accidents of its past: the order of the input, and the seed.

mod chance;
mod cycle;
mod eviction;
mod index;
mod nodes;
mod parked;
mod preempt;
mod queue;
mod score;
mod shared;
mod tally;
#[cfg(test)]
mod tests;

pub use chance::Chance;
pub use eviction::{
    Departure, Eviction, GRACE_SECONDS, QUARANTINE_SECONDS, Turn, Zones, evictions,
    tolerates_loss_for_ever,
};
pub use preempt::{Declined, Preemption, Spared, budgets_left, preempt};
pub(crate) use shared::Shared;

use crate::model::{NodeId, PodId, Step};
use crate::rules::{self, RuleSet, State};
use std::ops::Range;
use std::sync::Arc;

/// One thing that happens. A pod evicted by preemption may be bound again, perhaps before it is gone: then it is the
/// replacement that its controller makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A pod gets a node.
    Bind(Step),
    /// A running pod is to make room for one of higher priority. From now on it is terminating: it holds what it holds,
    /// counts for inter-pod affinity and not for spread.
    Evict {
        /// The pod that goes.
        pod: PodId,
        /// The pod that it makes room for.
        by: PodId,
    },
    /// A pod that was evicted, or was terminating in the input, is gone.
    Gone {
        /// The pod. Of several of this id that are terminating there it is the one that was evicted first.
        pod: PodId,
        /// The node that it leaves.
        node: NodeId,
    },
}

/// A pod and when it enters the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The pod. It is nowhere: pending, or removed from the node that is lost.
    pub pod: PodId,
    /// Seconds after the loss; pods that were pending before may have any time up to 0.
    pub at: i64,
}

/// In which order pods are tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// As in life: by time of arrival, among those in the queue by priority; arrivals of one time enter in an
    /// order that the seed decides.
    #[default]
    Seeded,
    /// As the arrivals are listed, whatever their time and priority: a hint that somebody follows.
    Given,
}

/// How to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// `percentageOfNodesToScore` of the scheduler's configuration, 1 to 100; `None` is its adaptive default.
    pub percentage_of_nodes_to_score: Option<u32>,
    /// In which order pods are tried.
    pub order: Order,
    /// Evicted pods are gone at once, whatever time they may take.
    pub at_once: bool,
}

/// What happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// In order.
    pub events: Vec<Event>,
    /// Arrivals that found no room and evicted pods whose replacement found none, ascending. An evicted pod without
    /// a controller is gone and not among them.
    pub pending: Vec<PodId>,
}

impl Run {
    /// Where each pod went that has a place at the end, in the order in which they got it.
    pub fn placed(&self) -> Vec<&Step> {
        let mut steps: Vec<&Step> = Vec::new();
        for event in &self.events {
            match event {
                Event::Bind(step) => steps.push(step),
                Event::Evict { pod, .. } => steps.retain(|step| step.pod != *pod),
                Event::Gone { .. } => {}
            }
        }
        steps
    }
}

/// The default scheduler over one state. Made once, run with many seeds.
///
/// ```
/// use podfit::model::{ClusterBuilder, NodeId, NodeSpec, PodId, PodSpec, ResourceId, Resources};
/// use podfit::rules::State;
/// use podfit::schedule::{Arrival, Event, Options, Scheduler};
/// let mut b = ClusterBuilder::new();
/// let allocatable = Resources::new().with(ResourceId::CPU, 1000).with(ResourceId::PODS, 10);
/// b.add_node(NodeSpec { name: "a".into(), allocatable, ..NodeSpec::default() }, 0);
/// let shape = b.shape("default", Resources::new().with(ResourceId::CPU, 600));
/// b.add_pod(PodSpec::new("web-1", shape.clone()), 1);
/// b.add_pod(PodSpec::new("web-2", shape), 2);
/// let cluster = b.build().expect("valid");
/// let scheduler = Scheduler::new(State::new(&cluster));
/// let arrivals = [0, 1].map(|pod| Arrival { pod: PodId(pod), at: 0 });
/// let run = scheduler.run(&arrivals, 7, &Options::default());
/// assert_eq!(run.events.len(), 1);
/// assert_eq!(run.pending.len(), 1);
/// ```
#[derive(Debug)]
pub struct Scheduler<'c> {
    base: State<'c>,
    index: index::Index<'c>,
    /// Disruptions left, by position in the cluster's budgets: pods of lost nodes are no longer healthy.
    budgets: Vec<i64>,
    end: End,
}

/// Asked before each try of a pod: whether to end.
#[derive(Clone, Default)]
struct End(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl std::fmt::Debug for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("End")
    }
}

impl<'c> Scheduler<'c> {
    /// A scheduler that starts from `base`: the state after losses and removals.
    pub fn new(base: State<'c>) -> Self {
        let shared = Arc::new(Shared::of(base.cluster()));
        Self::with_shared(base, shared)
    }

    /// The same where what states of the cluster share was made before.
    pub(crate) fn with_shared(base: State<'c>, shared: Arc<Shared>) -> Self {
        let index = index::Index::new(&base, shared);
        let cluster = base.cluster();
        let lost = cluster.node_ids().filter(|&n| base.loss_of(n).is_some());
        let budgets = budgets_left(cluster, lost.flat_map(|n| cluster.pods_on(n)).copied());
        Self { base, index, budgets, end: End::default() }
    }

    /// The same where a run tries no further pod once `is_over` holds. What such a run says is not what the scheduler
    /// does: who asked for it asks `is_over` again, and throws it away.
    #[must_use]
    pub(crate) fn until(self, is_over: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { end: End(Some(Arc::new(is_over))), ..self }
    }

    fn is_over(&self) -> bool {
        self.end.0.as_ref().is_some_and(|is_over| is_over())
    }

    /// What happens to the arrivals with this seed. Equal arguments give equal runs.
    ///
    /// Arrivals that are somewhere in the state already, or are listed twice, count once at most. Pods held by
    /// a scheduling gate stay pending.
    ///
    /// # Panics
    /// If an arrival is not of the state's cluster.
    pub fn run(&self, arrivals: &[Arrival], seed: u64, options: &Options) -> Run {
        self.run_by(arrivals, &mut crate::random::Random::new(seed), options)
    }

    /// The same where `chance` decides what life leaves open. It is asked in one order whenever what it gave before is
    /// the same.
    ///
    /// # Panics
    /// As [`run`](Self::run), and if `chance` gives what it was not asked for.
    pub fn run_by(&self, arrivals: &[Arrival], chance: &mut impl Chance, options: &Options) -> Run {
        cycle::run(self, arrivals, chance, options)
    }

    /// The scores of `pod` in the state that the scheduler starts from, for the nodes that it may go to: the sum over all
    /// plugins, each with its weight. The best are those that it chooses from.
    ///
    /// # Panics
    /// If `pod` is not of the state's cluster.
    pub fn scores(&self, pod: PodId) -> Vec<(NodeId, i64)> {
        let cluster = self.base.cluster();
        let passes = rules::filter(&self.base, pod, RuleSet::SCHEDULER);
        let nodes: Vec<NodeId> =
            self.index.nodes.iter().copied().filter(|&node| passes(node)).collect();
        let mut tally = tally::Tally::new(&self.index, cluster.shapes().len());
        let totals = tally.totals(&self.base, cluster.pod(pod).incoming, &nodes).to_vec();
        nodes.into_iter().zip(totals).collect()
    }

    /// A run for each seed, in the order of the seeds; on all threads of rayon's pool where the feature
    /// `rayon` is on. The runs are the same as one by one.
    ///
    /// # Panics
    /// As [`run`](Self::run).
    pub fn run_many(&self, arrivals: &[Arrival], seeds: Range<u64>, options: &Options) -> Vec<Run> {
        let run = |seed| self.run(arrivals, seed, options);
        #[cfg(feature = "rayon")]
        {
            use rayon::prelude::*;
            seeds.into_par_iter().map(run).collect()
        }
        #[cfg(not(feature = "rayon"))]
        seeds.map(run).collect()
    }
}
