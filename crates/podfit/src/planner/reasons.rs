//! Why a pod stays pending.

use crate::model::{Change, Cluster, PodId, ShapeId};
use crate::rules::{Explanation, RuleSet, State, explain};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Why a pod stays pending. Pods of one shape share it.
#[derive(Debug)]
pub struct Why {
    /// Node by node.
    pub explanation: Explanation,
    /// In one line, as `0/5 nodes. 3 short of memory (need 4Gi, best free 3.2Gi on node-c), 1 zone spread`.
    pub sentence: String,
}

/// Explains pending pods: by the state before anything was placed if no node takes the pod even then, else by the
/// state with all others in place.
pub(super) struct Reasons<'c> {
    before: State<'c>,
    after: State<'c>,
    known: FxHashMap<ShapeId, Arc<Why>>,
}

impl<'c> Reasons<'c> {
    pub fn new(cluster: &'c Cluster, change: &Change) -> Self {
        let nothing_placed = Change { steps: Vec::new(), ..change.clone() };
        Self {
            before: State::with_change(cluster, &nothing_placed),
            after: State::with_change(cluster, change),
            known: FxHashMap::default(),
        }
    }

    pub fn of(&mut self, pod: PodId) -> Arc<Why> {
        let cluster = self.before.cluster();
        let shape = cluster.pod(pod).incoming;
        if let Some(why) = self.known.get(&shape) {
            return why.clone();
        }
        let alone = explain(&self.before, pod, RuleSet::ALL);
        let nowhere = alone.allowed().next().is_none();
        let explanation = if nowhere { alone } else { explain(&self.after, pod, RuleSet::ALL) };
        let why = Arc::new(Why { sentence: explanation.sentence(cluster), explanation });
        self.known.insert(shape, why.clone());
        why
    }
}
