//! The referee: does a [`Change`] to a [`Cluster`] break a rule that was not broken before?
//!
//! In: a cluster and a change (nodes lost, pods removed, pods placed in order). Out: the *new*
//! violations, each with its step; none means that the change may be trusted. Pods that run already
//! are never judged, however badly they stand.
//!
//! It imports `model` alone: a fault in the rules or in a solver cannot hide here as well. The rules are
//! those of kube-scheduler 1.34's filters. Where the model leaves a detail open, this is what counts:
//!
//! * A step is judged against what is there when it is placed, and then *is* there for later steps,
//!   broken rules or not. Steps that make no sense (unknown ids, a pod that runs already, a lost node)
//!   place nothing.
//! * A placed pod is alive, also when the pod it replaces was terminating.
//! * A removed pod that lingers is terminating where it stands: it holds its resources, cards and ports,
//!   counts for inter-pod (anti-)affinity, carries its own anti-affinity, and counts for no spread.
//! * A node lost as deleted takes everything on it along: it is no domain, nothing on it counts.
//! * A node lost as not ready carries `node.kubernetes.io/unreachable` (NoSchedule and NoExecute), a
//!   drained one `node.kubernetes.io/unschedulable` (NoSchedule). That takes it out of the spread
//!   constraints with `nodeTaintsPolicy: Honor` of pods that do not tolerate it; of others it is a domain.
//!   A cordoned node is taken as tainted `unschedulable`, whether or not the input shows the taint.
//! * Affinity: a pod counts if *all* terms of the incoming pod select it, in the domains of the keys that
//!   its node has. The first-pod exception asks that no pod counts in any domain.
//! * Spread: a selector without requirements counts no pod that is there (kube-scheduler returns early),
//!   only the incoming one, so it never binds beyond asking for the topology key.
//! * Removing a pod that is pending changes nothing and is no fault.
//! * A pod has its [`shape`](crate::model::Pod::shape) where it runs in the input and lingers, its
//!   [`incoming`](crate::model::Pod::incoming) shape where a step places it.
//! * A ReadWriteOncePod claim is in use as long as a pod with it is on any node that is not deleted, terminating
//!   and lingering pods included.

mod baseline;
mod judge;
mod replay;
mod tally;
mod violation;

pub use replay::Replay;
pub use violation::{Violation, ViolationKind};

use crate::model::{Change, Cluster};
pub use baseline::Baseline;
use std::sync::Arc;

/// The new violations of `change`, in the order lost nodes, removed pods, steps. Use [`Referee`] to ask
/// about many changes to one cluster.
///
/// ```
/// use podfit::check::{ViolationKind, check};
/// use podfit::model::*;
/// let mut b = ClusterBuilder::new();
/// let allocatable = Resources::new().with(ResourceId::CPU, 400).with(ResourceId::PODS, 110);
/// b.add_node(NodeSpec { name: "a".into(), allocatable, ..NodeSpec::default() }, 0);
/// let shape = b.shape("default", Resources::new().with(ResourceId::CPU, 500));
/// b.add_pod(PodSpec::new("web-1", shape), 1);
/// let cluster = b.build().expect("valid");
/// let step = Step { pod: PodId(0), node: NodeId(0), cards: vec![] };
/// let found = check(&cluster, &Change { steps: vec![step], ..Change::default() });
/// assert_eq!(found[0].kind, ViolationKind::Resource { resource: ResourceId::CPU, need: 500, free: 400 });
/// assert_eq!(
///     found[0].display(&cluster).to_string(),
///     "step 1: pod default/web-1 on node a: short of cpu: needs 500, free 400"
/// );
/// ```
pub fn check(cluster: &Cluster, change: &Change) -> Vec<Violation> {
    Referee::new(cluster).check(change)
}

/// The referee of one cluster: what stands where is counted once, then each change costs as much as it
/// changes, whatever the size of the cluster. May be shared between threads.
#[derive(Debug)]
pub struct Referee<'a> {
    cluster: &'a Cluster,
    baseline: Arc<Baseline>,
}

impl<'a> Referee<'a> {
    /// Counts the cluster: usage per node, pods per domain of every term and spread constraint.
    pub fn new(cluster: &'a Cluster) -> Self {
        Self { cluster, baseline: Arc::new(Baseline::new(cluster)) }
    }

    /// The referee of a cluster that was counted before: costs nothing.
    pub fn with_baseline(cluster: &'a Cluster, baseline: Arc<Baseline>) -> Self {
        Self { cluster, baseline }
    }

    /// The cluster this referee knows.
    pub fn cluster(&self) -> &'a Cluster {
        self.cluster
    }

    /// The new violations of `change`, in the order lost nodes, removed pods, steps.
    pub fn check(&self, change: &Change) -> Vec<Violation> {
        let (mut replay, mut violations) = self.start(change);
        for step in &change.steps {
            violations.extend(replay.place(step));
        }
        violations
    }

    /// The state after the losses and removals of `change` and before its steps, with what is wrong
    /// with these. The steps are ignored: [`Replay::place`] them one by one.
    pub fn start(&self, change: &Change) -> (Replay<'_>, Vec<Violation>) {
        Replay::start(self.cluster, &self.baseline, change)
    }
}
