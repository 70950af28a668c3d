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
    Parts::of(cluster).after(lost, loss)
}

/// Where the parts of a cluster's control plane are: looked up once, for many questions.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// A component and a node that one of its pods is on.
    components: Vec<(Component, NodeId)>,
    /// Nodes labelled as control plane.
    labelled: Vec<NodeId>,
}

impl Parts {
    pub fn of(cluster: &Cluster) -> Self {
        let labels = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];
        let keys: Vec<_> = labels.iter().filter_map(|l| cluster.names().get(l)).collect();
        let is_labelled =
            |n: &NodeId| keys.iter().any(|&k| cluster.node_labels(*n).get(k).is_some());
        Self {
            components: cluster
                .pods()
                .iter()
                .filter_map(|pod| Some((pod.component?, pod.node?)))
                .collect(),
            labelled: cluster.node_ids().filter(is_labelled).collect(),
        }
    }

    /// See [`control_plane_after`].
    pub fn after(&self, lost: &[NodeId], loss: Loss) -> ControlPlane {
        if loss == Loss::Drained {
            return ControlPlane::default();
        }
        let mut all = [0u32; 4];
        let mut left = [0u32; 4];
        for (component, node) in &self.components {
            all[*component as usize] += 1;
            left[*component as usize] += u32::from(!lost.contains(node));
        }
        if self.components.is_empty() {
            let all_lost = self.labelled.iter().all(|n| lost.contains(n));
            let assumed_down = !self.labelled.is_empty() && all_lost;
            return ControlPlane { down: Vec::new(), assumed_down };
        }
        let is_down = |c: &Component| {
            let (all, left) = (all[*c as usize], left[*c as usize]);
            match c {
                Component::Etcd => all > 0 && left < all / 2 + 1,
                _ => all > 0 && left == 0,
            }
        };
        let parts = [
            Component::ApiServer,
            Component::Scheduler,
            Component::ControllerManager,
            Component::Etcd,
        ];
        ControlPlane { down: parts.into_iter().filter(is_down).collect(), assumed_down: false }
    }
}
