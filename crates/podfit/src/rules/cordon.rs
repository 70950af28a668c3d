//! Cordon: refused unless the taint that Kubernetes puts beside it is tolerated (rule 6).

use super::{Detail, Refusal, Rule, taints};
use crate::model::{Cluster, Effect, NodeId, Shape};

pub(super) fn refuse(cluster: &Cluster, shape: &Shape, node: NodeId) -> Option<Refusal> {
    let refused = cluster.node(node).unschedulable
        && !taints::tolerates(
            cluster,
            &shape.tolerations,
            taints::UNSCHEDULABLE,
            Effect::NoSchedule,
        );
    refused.then(|| Refusal::new(Rule::Cordon, node, Detail::Cordoned))
}
