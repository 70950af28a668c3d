//! Whether anybody is left to recreate pods: API server, scheduler, controller-manager, etcd majority.
//!
//! Members are counted from static pods; where the input has none, from the labels that installers give to nodes
//! (kubeadm, k3s, RKE, RKE2). A member that is not ready, or whose node is down, does not work. A cluster without either
//! has its control plane elsewhere: of that nothing is known.

use crate::model::{Cluster, Component, Loss, NodeId};

#[cfg(test)]
mod tests;

/// Nodes with one of these labels run the API server, whatever the value (kubeadm, k3s and RKE2; the same before
/// Kubernetes 1.20; RKE).
const SERVERS: [&str; 3] = [
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
    "node-role.kubernetes.io/controlplane",
];
/// Nodes with this label are members of etcd (k3s and RKE2 with embedded etcd, RKE).
const MEMBERS: &str = "node-role.kubernetes.io/etcd";

/// What the loss does to the control plane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ControlPlane {
    /// Parts that are down; empty: it works, as far as is known.
    pub down: Vec<Outage>,
    /// Whether the input shows where it runs; if not, nothing is known of it.
    pub is_known: bool,
    /// Parts that are down whatever is lost.
    pub was_down: bool,
}

/// A part of the control plane that is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Which.
    pub part: Component,
    /// How many members work.
    pub left: u32,
    /// How many there are.
    pub all: u32,
    /// Told by labels of nodes: the input has no pod of it.
    pub assumed: bool,
}

impl Outage {
    /// As `etcd has 1 of 3 members, and needs 2` or `kube-apiserver is down`.
    pub fn words(&self) -> String {
        let Self { part, left, all, assumed } = *self;
        let by = if assumed { " (by node labels)" } else { "" };
        match part {
            Component::Etcd if left > 0 => {
                format!("etcd has {left} of {all} members{by}, and needs {}", majority(all))
            }
            _ => format!("{} is down{by}", name(part)),
        }
    }
}

/// The name of a part, as its pods have it.
pub fn name(part: Component) -> &'static str {
    match part {
        Component::ApiServer => "kube-apiserver",
        Component::Scheduler => "kube-scheduler",
        Component::ControllerManager => "kube-controller-manager",
        Component::Etcd => "etcd",
    }
}

impl ControlPlane {
    /// Whether nothing is recreated until it is back.
    pub fn is_down(&self) -> bool {
        !self.down.is_empty()
    }

    /// Why, as `etcd has 1 of 3 members, and needs 2; kube-scheduler is down`; `None` where it works.
    pub fn words(&self) -> Option<String> {
        if self.down.is_empty() {
            return None;
        }
        if self.down.iter().all(|o| o.assumed && o.left == 0) {
            return Some("no node labelled as control plane is left".into());
        }
        Some(self.down.iter().map(Outage::words).collect::<Vec<_>>().join("; "))
    }
}

/// The control plane after `lost` are gone. Draining stops no static pod, so it stops no control plane.
///
/// etcd needs a majority of its members (n/2 + 1), the others one instance each.
pub fn control_plane_after(cluster: &Cluster, lost: &[NodeId], loss: Loss) -> ControlPlane {
    Parts::of(cluster).after(lost, loss)
}

/// Members that etcd needs of so many.
fn majority(all: u32) -> u32 {
    all / 2 + 1
}

/// One instance of a part.
#[derive(Clone, Copy, Debug)]
struct Member {
    part: Component,
    node: NodeId,
    works: bool,
    assumed: bool,
}

/// Where the parts of a cluster's control plane are: looked up once, for many questions.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    members: Vec<Member>,
}

impl Parts {
    pub fn of(cluster: &Cluster) -> Self {
        let mut members: Vec<Member> = static_pods(cluster).collect();
        if members.is_empty() {
            members = labelled(cluster, Component::ApiServer, &SERVERS, |_| true);
            // kubeadm's label has no value; it runs a member of etcd beside each API server unless told otherwise.
            // k3s and RKE say `true`, and label the members of etcd apart.
            members.extend(labelled(cluster, Component::Etcd, &SERVERS, str::is_empty));
        }
        if !members.iter().any(|m| m.part == Component::Etcd) {
            members.extend(labelled(cluster, Component::Etcd, &[MEMBERS], |_| true));
        }
        Self { members }
    }

    /// Nodes on which some part runs, each once.
    pub fn nodes(&self) -> Vec<NodeId> {
        let mut nodes: Vec<NodeId> = self.members.iter().map(|m| m.node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    /// See [`control_plane_after`].
    pub fn after(&self, lost: &[NodeId], loss: Loss) -> ControlPlane {
        let lost = if loss == Loss::Drained { &[] } else { lost };
        let down = self.down(lost);
        let was_down = !self.down(&[]).is_empty();
        ControlPlane { down, is_known: !self.members.is_empty(), was_down }
    }

    fn down(&self, lost: &[NodeId]) -> Vec<Outage> {
        let parts = [
            Component::ApiServer,
            Component::Scheduler,
            Component::ControllerManager,
            Component::Etcd,
        ];
        parts.into_iter().filter_map(|part| self.outage(part, lost)).collect()
    }

    fn outage(&self, part: Component, lost: &[NodeId]) -> Option<Outage> {
        let members = || self.members.iter().filter(|m| m.part == part);
        let all = members().count() as u32;
        let left = members().filter(|m| m.works && !lost.contains(&m.node)).count() as u32;
        let needed = if part == Component::Etcd { majority(all) } else { 1 };
        let assumed = members().any(|m| m.assumed);
        (all > 0 && left < needed).then_some(Outage { part, left, all, assumed })
    }
}

fn static_pods(cluster: &Cluster) -> impl Iterator<Item = Member> {
    cluster.pods().iter().filter_map(|pod| {
        let (part, node) = (pod.component?, pod.node?);
        let works = pod.ready && !pod.terminating && !cluster.node(node).down;
        Some(Member { part, node, works, assumed: false })
    })
}

/// Nodes that have one of the labels with such a value.
fn labelled(
    cluster: &Cluster,
    part: Component,
    keys: &[&str],
    means: impl Fn(&str) -> bool,
) -> Vec<Member> {
    let keys: Vec<_> = keys.iter().filter_map(|key| cluster.names().get(key)).collect();
    let is_meant = |n: &NodeId| {
        let mut values = keys.iter().filter_map(|&key| cluster.node_labels(*n).get(key));
        values.any(|value| means(cluster.str(value)))
    };
    let member = |node| Member { part, node, works: !cluster.node(node).down, assumed: true };
    cluster.node_ids().filter(is_meant).map(member).collect()
}
