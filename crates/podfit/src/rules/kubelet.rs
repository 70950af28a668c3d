//! What the scheduler does not look at, and what keeps a pod from starting where it was put: the node is not ready or is
//! being deleted, or runs another operating system; a volume that one node at a time may have is on another.
//!
//! Sources: kubernetes/kubernetes `pkg/kubelet/lifecycle/predicate.go` (`PodOSNotSupported`), and
//! `pkg/controller/volume/attachdetach/reconciler/reconciler.go` (a volume that is attached elsewhere is not attached
//! once more, "Multi-Attach error").

use super::{Detail, Refusal, Rule, State, state::View};
use crate::model::{Cluster, NodeId, PodId, Shape, Sym};

/// Every node says what it runs, since Kubernetes 1.14.
const OS: &str = "kubernetes.io/os";

pub(super) fn refuse(cluster: &Cluster, shape: &Shape, node: NodeId) -> Option<Refusal> {
    let object = cluster.node(node);
    let detail = match other_os(cluster, shape, node) {
        _ if object.ending => Detail::NodeEnding,
        Some(os) => Detail::Os { os },
        None if object.down => Detail::NodeDown,
        None => return None,
    };
    Some(Refusal::new(Rule::Kubelet, node, detail))
}

/// What the node runs, if the pod wants something else.
fn other_os(cluster: &Cluster, shape: &Shape, node: NodeId) -> Option<Sym> {
    let (wanted, key) = (shape.os?, cluster.names().get(OS)?);
    cluster.node_labels(node).get(key).filter(|&os| os != wanted)
}

pub(super) fn refuse_volume(view: &View, node: NodeId) -> Option<Refusal> {
    let detail = view.shape.one_node_claims.iter().find_map(|&claim| {
        let holder = view.state.user_elsewhere(view.shape.namespace, claim, node)?;
        Some(Detail::VolumeElsewhere { claim, holder })
    })?;
    Some(Refusal::new(Rule::SharedVolume, node, detail))
}

/// Whether the volumes of the pod can be attached to the node, as pods are now.
pub(crate) fn gets_volumes(state: &State, pod: PodId, node: NodeId) -> bool {
    let shape = state.cluster().incoming_of(pod);
    let elsewhere = |&claim: &Sym| state.user_elsewhere(shape.namespace, claim, node).is_some();
    !shape.one_node_claims.iter().any(elsewhere)
}

/// Whether a pod of this shape starts on the node, as far as the node decides.
pub(crate) fn starts(cluster: &Cluster, shape: &Shape, node: NodeId) -> bool {
    refuse(cluster, shape, node).is_none()
}
