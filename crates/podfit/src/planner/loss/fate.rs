//! What may become of a pod whose node is lost.

use crate::model::{Cluster, Loss, OwnerKind, PodId};
use crate::schedule::tolerates_loss_for_ever;

/// The taint by which an operator says that a node will not come back by itself.
const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";

/// The fate of a pod on a lost node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// Its controller makes a replacement, which needs a place.
    Recreated,
    /// A custom resource owns it; we assume that its operator makes a replacement.
    RecreatedAssumed,
    /// As recreated, but only after more than an hour: it tolerates the loss for that long.
    RecreatedLate,
    /// A replacement is made and needs a place, but does not start there: the volume stays attached to the silent node.
    StuckVolume,
    /// As recreated, but a quota refuses the replacement until it no longer charges for the old pod: when the grace period
    /// is over and the quota has been counted anew (`--resource-quota-sync-period`, 5 min), and the owner tries again.
    RefusedAtFirst,
    /// Its owner wants no replacement: it has as many pods as it wants, is done, suspended or being deleted.
    NotWanted,
    /// Bare: nothing makes it again.
    Lost,
    /// Its owner is gone, so nothing makes it again.
    Orphaned,
    /// Its namespace is being deleted: nothing can be made there.
    NamespaceEnds,
    /// Its Job fails over it.
    JobFails,
    /// DaemonSet or static pod: it goes with its node and is missed nowhere else.
    Gone,
    /// It was being deleted already.
    WasTerminating,
    /// StatefulSet: no replacement until the old pod is known to be gone.
    StuckStatefulSet,
    /// Job with `podReplacementPolicy: Failed`: no replacement until the old pod is known to have failed.
    StuckJob,
    /// It tolerates an unreachable node without limit, so it is never evicted.
    StuckNeverEvicted,
    /// It would be evicted, but is not until someone acts: too many nodes are down, or a disruption budget keeps
    /// the drain waiting.
    Halted,
    /// Its replacement is held back by a scheduling gate of the template.
    Gated,
    /// Its StatefulSet makes it only once those of lower numbers are ready.
    InOrder,
    /// Admission refuses what its owner makes: a quota or a limit range.
    Refused,
    /// The scheduler evicts it for a pod of higher priority, and its controller makes it anew.
    Preempted,
    /// The node is drained, and pods of this kind run on.
    RunsOn,
    /// Its node is back before it would be evicted: it stays bound to it, and starts there again if it had stopped.
    StaysPut,
}

impl Fate {
    /// Whether a replacement needs a place.
    pub fn is_displaced(self) -> bool {
        matches!(
            self,
            Self::Recreated
                | Self::RecreatedAssumed
                | Self::RecreatedLate
                | Self::RefusedAtFirst
                | Self::StuckVolume
                | Self::Preempted
        )
    }

    /// Whether a replacement will need a place once an operator has acted.
    pub fn comes_later(self) -> bool {
        matches!(self, Self::StuckStatefulSet | Self::StuckJob | Self::StuckNeverEvicted)
    }

    /// Whether the pod is lost or stuck, whatever place there is for it.
    pub fn is_loss(self) -> bool {
        matches!(
            self,
            Self::Lost
                | Self::Orphaned
                | Self::NamespaceEnds
                | Self::JobFails
                | Self::StuckStatefulSet
                | Self::StuckJob
                | Self::StuckNeverEvicted
                | Self::StuckVolume
                | Self::Halted
        )
    }

    /// Whether the old pod leaves (it may linger as Terminating).
    pub fn leaves(self, loss: Loss) -> bool {
        match self {
            Self::Recreated
            | Self::RecreatedAssumed
            | Self::RecreatedLate
            | Self::RefusedAtFirst
            | Self::StuckVolume
            | Self::NotWanted
            | Self::Lost
            | Self::Orphaned
            | Self::NamespaceEnds
            | Self::JobFails
            | Self::StuckStatefulSet
            | Self::StuckJob
            | Self::Gated
            | Self::InOrder
            | Self::Refused
            | Self::Preempted => true,
            Self::WasTerminating => loss != Loss::NotReady,
            Self::Gone | Self::StuckNeverEvicted => loss == Loss::Deleted,
            Self::RunsOn | Self::StaysPut | Self::Halted => false,
        }
    }
}

/// The fate of `pod` when its node alone is lost in this way, by its kind: what its owner wants, budgets and quotas left
/// aside. What holds for several pods together is in [`Displaced`](super::Displaced).
///
/// Sources: taint-based eviction, non-graceful node shutdown (the taint out-of-service), force-delete of StatefulSet
/// pods, DaemonSet and static pods, all on the Kubernetes website.
pub fn fate(cluster: &Cluster, id: PodId, loss: Loss) -> Fate {
    match by_kind(cluster, id, loss) {
        Fate::Gone => Fate::Gone,
        fate if loss != Loss::NotReady || fate == Fate::WasTerminating => fate,
        _ if tolerates_loss_for_ever(cluster, id) => Fate::StuckNeverEvicted,
        fate => fate,
    }
}

/// The fate by owner and kind alone.
pub(super) fn by_kind(cluster: &Cluster, id: PodId, loss: Loss) -> Fate {
    let pod = cluster.pod(id);
    let kind = pod.owner.kind;
    if kind.stays_with_node() {
        return if loss == Loss::Drained { Fate::RunsOn } else { Fate::Gone };
    }
    let silent = loss == Loss::NotReady && !is_out_of_service(cluster, id);
    let waits_for_old = is_numbered(cluster, id) || is_replaced_after_failure(cluster, id);
    if pod.terminating && !waits_for_old {
        return Fate::WasTerminating;
    }
    match kind {
        _ if cluster.is_ending(cluster.shape_of(id).namespace) => Fate::NamespaceEnds,
        OwnerKind::Bare => Fate::Lost,
        _ if pod.orphan => Fate::Orphaned,
        OwnerKind::StatefulSet if silent => Fate::StuckStatefulSet,
        OwnerKind::Job if silent && waits_for_old => Fate::StuckJob,
        _ if silent && !pod.attached.is_empty() => Fate::StuckVolume,
        OwnerKind::Custom(_) => Fate::RecreatedAssumed,
        _ => Fate::Recreated,
    }
}

fn is_numbered(cluster: &Cluster, id: PodId) -> bool {
    cluster.pod(id).owner.kind == OwnerKind::StatefulSet
}

fn is_replaced_after_failure(cluster: &Cluster, id: PodId) -> bool {
    use crate::model::Manner;
    let workload = cluster.pod(id).workload.map(|w| cluster.workload(w));
    workload.is_some_and(|w| matches!(w.manner, Manner::Job { after_failure: true, .. }))
}

/// Whether the pod's node is tainted out-of-service: once the node is not ready, the garbage collector deletes by
/// force what is terminating there, tolerations or not (`gcTerminating` of `pkg/controller/podgc/gc_controller.go`).
pub(super) fn is_out_of_service(cluster: &Cluster, id: PodId) -> bool {
    let taints = cluster.pod(id).node.map(|n| &cluster.node(n).taints);
    taints.is_some_and(|t| t.iter().any(|t| cluster.str(t.key) == OUT_OF_SERVICE))
}
