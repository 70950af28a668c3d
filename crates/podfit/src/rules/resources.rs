//! Resources: requests against what is free of the node's allocatable (rule 4). What is asked as zero is
//! not looked at, so a pod that asks for no memory fits a node that is overcommitted in memory.

use super::{Detail, Refusal, Rule, state::View};
use crate::model::{NodeId, ResourceId};

pub(super) fn refuse(view: &View, node: NodeId, found: &mut Vec<Refusal>) {
    let short = |(resource, need): (ResourceId, i64)| {
        let free = view.state.free(node, resource);
        (need > free).then(|| Refusal {
            resource: Some(resource),
            need: Some(need),
            free: Some(free),
            ..Refusal::new(Rule::Resources, node, Detail::Short(resource))
        })
    };
    found.extend(view.shape.requests.iter().filter_map(short));
    // The scheduler counts pods before it looks at amounts.
    found.sort_by_key(|r| r.resource != Some(ResourceId::PODS));
}
