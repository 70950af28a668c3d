//! Host ports: two pods of a node cannot hold clashing ones.

use super::{Detail, Refusal, Rule, state::View};
use crate::model::{HostPort, NodeId, PodId, Shape};

pub(super) fn refuse(view: &View, node: NodeId) -> Option<Refusal> {
    let wanted = &view.shape.host_ports;
    if wanted.is_empty() {
        return None;
    }
    let clash = |(holder, shape): (PodId, &Shape)| {
        let clashes = |w: &&HostPort| shape.host_ports.iter().any(|h| w.clashes(h));
        wanted.iter().find(clashes).map(|&port| (port, holder))
    };
    let there = view.state.pods_on(node).map(|pod| (pod, view.state.shape_of(pod)));
    let (port, holder) = there.chain(view.state.lingering_on(node)).find_map(clash)?;
    Some(Refusal::new(Rule::HostPorts, node, Detail::HostPort { port, holder }))
}
