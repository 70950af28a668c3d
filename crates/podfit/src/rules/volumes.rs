//! Volumes: a bound volume that only some nodes reach takes its pod to one of them (rule 13).

use super::{Detail, Refusal, Rule};
use crate::model::{Cluster, NodeId, Shape};

pub(super) fn refuse(cluster: &Cluster, shape: &Shape, node: NodeId) -> Option<Refusal> {
    let object = cluster.node(node);
    let claim = shape
        .volumes
        .iter()
        .find(|v| !v.nodes.matches(object.name, &object.labels, cluster.names()))?
        .claim;
    Some(Refusal::new(Rule::Volumes, node, Detail::Volume { claim }))
}
