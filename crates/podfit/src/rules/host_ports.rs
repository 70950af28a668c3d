//! Host ports: two pods of a node cannot hold clashing ones.

use super::{Detail, Refusal, Rule, state::View};
use crate::model::{NodeId, PodId};

pub(super) fn refuse(view: &View, node: NodeId) -> Option<Refusal> {
    let wanted = &view.shape.host_ports;
    if wanted.is_empty() {
        return None;
    }
    let cluster = view.state.cluster();
    let clash = |holder: PodId| {
        let held = &cluster.shape_of(holder).host_ports;
        wanted.iter().find(|w| held.iter().any(|h| w.clashes(h)))
    };
    let (port, holder) = view.state.pods_on(node).find_map(|pod| Some((*clash(pod)?, pod)))?;
    Some(Refusal::new(Rule::HostPorts, node, Detail::HostPort { port, holder }))
}
