//! Whether anybody is left to recreate pods: API server, scheduler, controller-manager, etcd majority.

use crate::model::{Cluster, Component, Loss, NodeId};

/// What the loss does to the control plane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ControlPlane {
    /// Parts that are down; empty: it works (or does not run on nodes of this cluster).
    pub down: Vec<Component>,
    /// The input shows no control-plane pods, only nodes labelled as control plane, and all of them are lost:
    /// it is taken to be down.
    pub assumed_down: bool,
}

impl ControlPlane {
    /// Whether nothing is recreated until it is back.
    pub fn is_down(&self) -> bool {
        !self.down.is_empty() || self.assumed_down
    }
}

/// The control plane after `lost` are gone. Draining stops no static pod, so it stops no control plane.
///
/// etcd needs a majority of its members (n/2 + 1), the others one instance each.
pub fn control_plane_after(cluster: &Cluster, lost: &[NodeId], loss: Loss) -> ControlPlane {
    if loss == Loss::Drained {
        return ControlPlane::default();
    }
    let mut all = [0u32; 4];
    let mut left = [0u32; 4];
    let parts =
        [Component::ApiServer, Component::Scheduler, Component::ControllerManager, Component::Etcd];
    for pod in cluster.pods() {
        let (Some(component), Some(node)) = (pod.component, pod.node) else { continue };
        all[component as usize] += 1;
        left[component as usize] += u32::from(!lost.contains(&node));
    }
    if all.iter().all(|&n| n == 0) {
        return ControlPlane { down: Vec::new(), assumed_down: labelled_nodes_lost(cluster, lost) };
    }
    let is_down = |c: &Component| {
        let (all, left) = (all[*c as usize], left[*c as usize]);
        match c {
            Component::Etcd => all > 0 && left < all / 2 + 1,
            _ => all > 0 && left == 0,
        }
    };
    ControlPlane { down: parts.into_iter().filter(is_down).collect(), assumed_down: false }
}

fn labelled_nodes_lost(cluster: &Cluster, lost: &[NodeId]) -> bool {
    let labels = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];
    let keys: Vec<_> = labels.iter().filter_map(|l| cluster.names().get(l)).collect();
    let mut labelled = cluster
        .node_ids()
        .filter(|&n| keys.iter().any(|&k| cluster.node_labels(n).get(k).is_some()))
        .peekable();
    labelled.peek().is_some() && labelled.all(|n| lost.contains(&n))
}
