//! One thing after the other: each state of the cluster is what the answer to a what-if made of the one before.
//!
//! In: a [`Planner`], and from step to step what happens: edits, losses, returns. Out: after each step a [`WhatIf`] on the
//! cluster as it was before it, and the cluster as it is then, on which the next question is asked. A drain, a reboot, a
//! rolling update and a plan are such sequences.

mod follow;
mod outage;

use super::Planner;
use crate::model::{
    Cluster, DOWN_TAINTS, Draft, Edit, Interval, ModelError, NodeChange, NodeId, Sym,
};
use crate::rules::UNSCHEDULABLE;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// A cluster to which one thing after the other happens.
///
/// ```
/// use podfit::model::{ClusterBuilder, Loss, NodeSpec, PodSpec, ResourceId, Resources};
/// use podfit::planner::{Options, Planner, Sequence, WhatIfQuestion};
/// let mut b = ClusterBuilder::new();
/// let allocatable = Resources::new().with(ResourceId::CPU, 1000).with(ResourceId::PODS, 5);
/// for name in ["a", "b"] {
///     b.add_node(NodeSpec { name: name.into(), allocatable: allocatable.clone(), ..NodeSpec::default() }, 0);
/// }
/// let shape = b.shape("default", Resources::new().with(ResourceId::CPU, 800));
/// b.add_pod(PodSpec { node: Some("a".into()), ..PodSpec::new("web", shape) }, 0);
/// let planner = Planner::new(b.build().expect("valid").into());
/// let mut sequence = Sequence::of(&planner);
/// let a = sequence.cluster().find_node("a").expect("it is there");
/// let question = WhatIfQuestion { lost: vec![a], loss: Loss::Drained, ..WhatIfQuestion::default() };
/// let answer = sequence.planner().what_if(&question, &Options::default()).expect("no fault");
/// sequence.follow(&question, &answer).expect("it can be so");
/// assert!(sequence.cluster().node(a).unschedulable);
/// assert!(sequence.cluster().pods().is_empty(), "nothing makes a bare pod anew");
/// ```
#[derive(Debug)]
pub struct Sequence<'p> {
    base: &'p Planner,
    /// The cluster as it is now, once anything has happened.
    now: Option<Planner>,
    /// Pods on nodes that are down which were evicted there, by namespace and name: they do not run on when it returns.
    evicted: FxHashSet<(Sym, Sym)>,
    /// Pods on nodes that are silent, for too short a time until now: how long until they are evicted.
    left: FxHashMap<(Sym, Sym), Interval>,
}

impl<'p> Sequence<'p> {
    /// Nothing has happened yet.
    pub fn of(planner: &'p Planner) -> Self {
        Self { base: planner, now: None, evicted: FxHashSet::default(), left: FxHashMap::default() }
    }

    /// The planner on the cluster as it is now. Ids are those of this cluster: they change where pods or nodes go.
    pub fn planner(&self) -> &Planner {
        self.now.as_ref().unwrap_or(self.base)
    }

    /// The cluster as it is now.
    pub fn cluster(&self) -> &Arc<Cluster> {
        self.planner().cluster()
    }

    /// Somebody made this of the cluster: what waits has no place yet, until the next what-if gives it one.
    pub fn become_of(&mut self, cluster: Cluster) {
        self.now = Some(Planner::new(Arc::new(cluster)));
    }

    /// The nodes are cordoned.
    ///
    /// # Errors
    /// What the cluster cannot be: see [`Draft::build`].
    ///
    /// # Panics
    /// If a node is not of the cluster.
    pub fn cordon(&mut self, nodes: &[NodeId]) -> Result<(), Vec<ModelError>> {
        let mut draft = Draft::of(self.cluster());
        for &node in nodes {
            follow::cordon(&mut draft, node);
        }
        self.become_draft(draft)
    }

    /// The nodes are ready again and take pods. What was evicted on them while they were silent is deleted by their kubelets,
    /// and made anew by its owners; what was not runs on.
    ///
    /// # Errors
    /// As [`cordon`](Self::cordon).
    ///
    /// # Panics
    /// If a node is not of the cluster.
    pub fn bring_back(&mut self, nodes: &[NodeId]) -> Result<(), Vec<ModelError>> {
        self.forget(nodes);
        let cluster = self.cluster().clone();
        let mut draft = Draft::of(&cluster);
        let taints: Vec<Sym> = DOWN_TAINTS.iter().filter_map(|k| cluster.names().get(k)).collect();
        let cordon = cluster.names().get(UNSCHEDULABLE);
        for &node in nodes {
            let ready = NodeChange::Return { taints: taints.clone() };
            draft.apply(&Edit::Node { node, change: ready }, 0);
            draft.apply(&Edit::Node { node, change: NodeChange::Uncordon { taint: cordon } }, 0);
            for &pod in cluster.pods_on(node) {
                if self.evicted.remove(&follow::key(&cluster, pod)) {
                    draft.unplace(pod, false, true);
                }
            }
        }
        self.become_draft(draft)
    }

    fn become_draft(&mut self, draft: Draft) -> Result<(), Vec<ModelError>> {
        let cluster = draft.build()?.cluster;
        self.become_of(follow::with_budgets(cluster, self.base.cluster()));
        Ok(())
    }
}
