use crate::model::{Cluster, OwnerKind, PodId};

/// Whether a controller makes the pod anew elsewhere, by all that is known.
pub fn is_remade_elsewhere(cluster: &Cluster, id: PodId) -> bool {
    let pod = cluster.pod(id);
    let kind = pod.owner.kind;
    let recreated = !kind.stays_with_node() && kind != OwnerKind::Bare;
    recreated && !pod.terminating && pod.gaps.is_empty()
}

/// Whether a solver may move the pod: it is made anew elsewhere, and asks there what it holds here. A pod in the middle
/// of an in-place resize does not.
pub fn may_move(cluster: &Cluster, id: PodId) -> bool {
    let pod = cluster.pod(id);
    is_remade_elsewhere(cluster, id) && pod.incoming == pod.shape
}
