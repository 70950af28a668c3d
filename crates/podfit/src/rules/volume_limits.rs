//! Volume limits: how many volumes of a CSI driver may be attached to a node. Their numbers are resources of the
//! model ([`is_volume_limit`](crate::model::Cluster::is_volume_limit)); the scheduler judges them apart, and
//! gives one reason however many drivers are over their limit (`nodevolumelimits/csi.go`).

use super::{Detail, Refusal, Rule, resources, state::View};
use crate::model::NodeId;

pub(super) fn refuse(view: &View, node: NodeId) -> Option<Refusal> {
    let cluster = view.state.cluster();
    let (resource, need, free) =
        resources::short(view, node).find(|&(resource, ..)| cluster.is_volume_limit(resource))?;
    Some(Refusal {
        resource: Some(resource),
        need: Some(need),
        free: Some(free),
        ..Refusal::new(Rule::VolumeLimits, node, Detail::Volumes(resource))
    })
}
