//! Node selector and required node affinity.

use super::{Detail, Refusal, Rule};
use crate::model::{Cluster, NodeId, Shape};

pub(super) fn refuse(cluster: &Cluster, shape: &Shape, node: NodeId) -> Option<Refusal> {
    let object = cluster.node(node);
    if shape.node_selector.matches(object.name, &object.labels, cluster.names()) {
        return None;
    }
    let missing =
        shape.node_selector.labels.iter().find(|&&(k, v)| object.labels.get(k) != Some(v));
    let detail = match missing {
        Some(&(key, value)) => Detail::NodeLabel { key, value },
        None => Detail::NodeAffinity,
    };
    Some(Refusal::new(Rule::NodeAffinity, node, detail))
}
