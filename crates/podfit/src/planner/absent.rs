//! What an answer takes as absent: kinds of objects that the input has none of, and that could make it worse. A dump
//! cannot tell "there is none" from "it was not asked for".

use super::{Placed, Planner, Scope, WhatIf, WhatIfQuestion};
use crate::model::{Cluster, Kind, Loss, PodId};

/// Kinds whose objects may want pods that have not been made: whatever the input has, they would compete.
const OWNERS: [Kind; 6] = [
    Kind::ReplicaSets,
    Kind::ReplicationControllers,
    Kind::StatefulSets,
    Kind::Deployments,
    Kind::DaemonSets,
    Kind::Jobs,
];
/// Kinds that say whether a pod may be made.
const ADMISSION: [Kind; 3] = [Kind::Quotas, Kind::LimitRanges, Kind::Namespaces];
/// Kinds that say which volumes a node may have, and what detaches.
const VOLUMES: [Kind; 4] =
    [Kind::CsiNodes, Kind::CsiDrivers, Kind::StorageCapacities, Kind::Attachments];

impl Planner {
    /// Kinds that the answer takes as absent, in the order of [`Kind::ALL`].
    pub fn taken_as_absent(&self, question: &WhatIfQuestion, answer: &WhatIf) -> Vec<Kind> {
        let evicts = question.loss == Loss::Drained
            || question.moves_max > 0
            || answer.scope == Scope::Preemption;
        let pods: Vec<PodId> = answer.pods.iter().map(|p| p.pod).collect();
        let certain = answer.prediction.as_ref().is_some_and(|p| p.share.certain.is_some());
        absent(&self.cluster, &pods, evicts, certain)
    }

    /// The same of [`Planner::place`].
    pub fn taken_as_absent_in(&self, placed: &Placed) -> Vec<Kind> {
        let certain = placed.prediction.as_ref().is_some_and(|p| p.share.certain.is_some());
        absent(&self.cluster, &placed.pods, placed.scope == Scope::Preemption, certain)
    }

    /// The same of all losses together, as an audit asks about them.
    pub fn taken_as_absent_anywhere(&self, loss: Loss, moves_max: u64) -> Vec<Kind> {
        let pods: Vec<PodId> = self.cluster.pod_ids().collect();
        absent(&self.cluster, &pods, loss == Loss::Drained || moves_max > 0, false)
    }
}

/// Of the pods those that live and die with their node do not count. `evicts`: whether budgets are asked. `certain`:
/// whether it is the same for all that scores say.
fn absent(cluster: &Cluster, pods: &[PodId], evicts: bool, certain: bool) -> Vec<Kind> {
    let moves = |p: &&PodId| !cluster.pod(**p).owner.kind.stays_with_node();
    let pods: Vec<PodId> = pods.iter().filter(moves).copied().collect();
    let has_volumes = pods.iter().any(|&p| {
        let (pod, shape) = (cluster.pod(p), cluster.incoming_of(p));
        pod.claims
            || !pod.attached.is_empty()
            || !shape.volumes.is_empty()
            || !shape.one_node_claims.is_empty()
    });
    let extended = pods.iter().any(|&p| {
        let asks = cluster.incoming_of(p).requests.iter();
        let name = |id| cluster.resource_name(id);
        let mut asks = asks.filter(|&(id, _)| !cluster.is_volume_limit(id));
        asks.any(|(id, _)| name(id).contains('/'))
    });
    let bears = |kind: &Kind| match kind {
        kind if OWNERS.contains(kind) => true,
        kind if ADMISSION.contains(kind) => !pods.is_empty(),
        kind if VOLUMES.contains(kind) => has_volumes,
        Kind::Budgets => evicts && !pods.is_empty(),
        Kind::Services => !certain && !pods.is_empty(),
        Kind::DynamicResources => extended,
        // Pods that name what these kinds say have a gap without them; autoscalers are asked about on request.
        _ => false,
    };
    let known = cluster.known();
    Kind::ALL.into_iter().filter(|kind| !known.contains(*kind) && bears(kind)).collect()
}
