//! Resources: requests against what is free of the node's allocatable (rule 4). What is asked as zero is
//! not looked at, so a pod that asks for no memory fits a node that is overcommitted in memory.

use super::{Detail, Refusal, Rule, state::View};
use crate::model::{NodeId, ResourceId};

pub(super) fn refuse(view: &View, node: NodeId, found: &mut Vec<Refusal>) {
    let cluster = view.state.cluster();
    let shortages = short(view, node).filter(|&(resource, ..)| !cluster.is_volume_limit(resource));
    found.extend(shortages.map(|(resource, need, free)| Refusal {
        resource: Some(resource),
        need: Some(need),
        free: Some(free),
        ..Refusal::new(Rule::Resources, node, Detail::Short(resource))
    }));
    // The scheduler counts pods before it looks at amounts.
    found.sort_by_key(|r| r.resource != Some(ResourceId::PODS));
}

/// What is short, with need and free; attached volumes too.
pub(super) fn short(view: &View, node: NodeId) -> impl Iterator<Item = (ResourceId, i64, i64)> {
    let requests = view.shape.requests.iter();
    requests
        .map(move |(resource, need)| (resource, need, view.state.free(node, resource)))
        .filter(|&(_, need, free)| need > free)
}
