use crate::model::{Cluster, OwnerKind, PodId, Unready};

/// Whether the pod may be evicted, and a controller makes it anew elsewhere, by all that is known: its owner is there and
/// wants it, and its disruption budget allows it now.
pub fn is_remade_elsewhere(cluster: &Cluster, id: PodId) -> bool {
    let pod = cluster.pod(id);
    let kind = pod.owner.kind;
    let recreated = !kind.stays_with_node() && kind != OwnerKind::Bare && !pod.orphan;
    recreated
        && !pod.terminating
        && pod.gaps.is_empty()
        && pod.barred.is_none()
        && !cluster.is_ending(cluster.shape_of(id).namespace)
        && pod.workload.is_none_or(|w| {
            let workload = cluster.workload(w);
            !workload.deleting && !workload.gated && workload.replicas > 0
        })
        && budget_allows(cluster, id)
}

/// Whether the eviction API takes the pod now: at most one budget speaks of it, and that one allows a disruption.
fn budget_allows(cluster: &Cluster, id: PodId) -> bool {
    let mut budgets = cluster.budgets_of(cluster.shape_of(id)).map(|i| &cluster.budgets()[i]);
    match (budgets.next(), budgets.next()) {
        (None, _) => true,
        (Some(_), Some(_)) => false,
        (Some(budget), None) => {
            budget.allowed > 0 || (!cluster.pod(id).ready && budget.unready == Unready::MayGo)
        }
    }
}

/// Whether a solver may move the pod: it is made anew elsewhere, and asks there what it holds here. A pod in the middle
/// of an in-place resize does not.
pub fn may_move(cluster: &Cluster, id: PodId) -> bool {
    let pod = cluster.pod(id);
    is_remade_elsewhere(cluster, id) && pod.incoming == pod.shape
}
