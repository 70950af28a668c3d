//! Node name: a pod whose template names a node goes there or nowhere.

use super::{Detail, Refusal, Rule};
use crate::model::{Cluster, NodeId, Shape};

pub(super) fn refuse(cluster: &Cluster, shape: &Shape, node: NodeId) -> Option<Refusal> {
    let wanted = shape.node_name.filter(|&name| name != cluster.node(node).name)?;
    Some(Refusal::new(Rule::NodeName, node, Detail::NamesNode(wanted)))
}
