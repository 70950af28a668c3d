//! What becomes of a pod whose node is lost, before anyone looks for a new place.

use crate::model::{Cluster, Loss, NodeId, OwnerKind, PodId, Removal};
use crate::schedule::{Arrival, Eviction, Zones, tolerates_loss_for_ever};

/// The taint by which an operator says that a node will not come back by itself.
const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";

/// The fate of a pod on a lost node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its controller makes a replacement, which needs a place.
    Recreated,
    /// A custom resource owns it; we assume that its operator makes a replacement.
    RecreatedAssumed,
    /// Bare: nothing makes it again.
    Lost,
    /// DaemonSet or static pod: it goes with its node and is missed nowhere else.
    Gone,
    /// It was being deleted already.
    WasTerminating,
    /// StatefulSet: no replacement until the old pod is known to be gone.
    StuckStatefulSet,
    /// It tolerates an unreachable node without limit, so it is never evicted.
    StuckNeverEvicted,
    /// It would be evicted, but is not until someone acts: too many nodes are down, or a disruption budget keeps
    /// the drain waiting.
    Halted,
    /// The node is drained, and pods of this kind run on.
    RunsOn,
}

impl Fate {
    /// Whether a replacement needs a place.
    pub fn is_displaced(self) -> bool {
        matches!(self, Self::Recreated | Self::RecreatedAssumed)
    }

    /// Whether the old pod leaves (it may linger as Terminating).
    pub fn leaves(self, loss: Loss) -> bool {
        match self {
            Self::Recreated | Self::RecreatedAssumed | Self::Lost | Self::StuckStatefulSet => true,
            Self::WasTerminating => loss != Loss::NotReady,
            Self::Gone | Self::StuckNeverEvicted => loss == Loss::Deleted,
            Self::RunsOn | Self::Halted => false,
        }
    }
}

/// The fate of `pod` when its node alone is lost in this way, budgets left aside. What holds for several nodes
/// together is in [`Displaced`].
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

/// The fate by owner alone.
fn by_kind(cluster: &Cluster, id: PodId, loss: Loss) -> Fate {
    let pod = cluster.pod(id);
    let kind = pod.owner.kind;
    if kind.stays_with_node() {
        return if loss == Loss::Drained { Fate::RunsOn } else { Fate::Gone };
    }
    if pod.terminating {
        return Fate::WasTerminating;
    }
    match kind {
        OwnerKind::Bare => Fate::Lost,
        OwnerKind::StatefulSet if loss == Loss::NotReady && !is_out_of_service(cluster, id) => {
            Fate::StuckStatefulSet
        }
        OwnerKind::Custom(_) => Fate::RecreatedAssumed,
        _ => Fate::Recreated,
    }
}

/// Whether the pod's node is tainted out-of-service: once the node is not ready, the garbage collector deletes by
/// force what is terminating there, tolerations or not (`gcTerminating` of `pkg/controller/podgc/gc_controller.go`).
fn is_out_of_service(cluster: &Cluster, id: PodId) -> bool {
    let taints = cluster.pod(id).node.map(|n| &cluster.node(n).taints);
    taints.is_some_and(|t| t.iter().any(|t| cluster.str(t.key) == OUT_OF_SERVICE))
}

/// What a loss does to the pods on its nodes.
#[derive(Clone, Debug, Default)]
pub struct Displaced {
    /// Pods on the lost nodes with their fates, by pod.
    pub fates: Vec<(PodId, Fate)>,
    /// Why pods of fate [`Fate::Halted`] are not evicted, by pod.
    pub halted: Vec<(PodId, String)>,
    /// Pods that leave.
    pub removed: Vec<Removal>,
    /// Pods whose replacement needs a place, by pod.
    pub place: Vec<PodId>,
    /// The same with the time at which they enter the scheduler's queue.
    pub arrivals: Vec<Arrival>,
}

impl Displaced {
    /// What the loss of these nodes does.
    ///
    /// # Panics
    /// If a node is not of `cluster`.
    pub fn by(cluster: &Cluster, lost: &[NodeId], loss: Loss) -> Self {
        Self::among(cluster, &Zones::of(cluster), lost, loss)
    }

    /// The same where the zones were counted before.
    pub(in crate::planner) fn among(
        cluster: &Cluster,
        zones: &Zones,
        lost: &[NodeId],
        loss: Loss,
    ) -> Self {
        let mut evictions = zones.evictions(cluster, lost, loss);
        evictions.sort_by_key(|e| e.0);
        // With no node left nothing is evicted, but not for want of somebody to act: there is no place.
        let all_lost = cluster.node_ids().all(|node| lost.contains(&node));
        let mut displaced = Self::default();
        for (pod, eviction) in evictions {
            let fate = match (by_kind(cluster, pod, loss), eviction) {
                (fate @ (Fate::Gone | Fate::RunsOn | Fate::WasTerminating), _) => fate,
                (_, Eviction::Never) => Fate::StuckNeverEvicted,
                (_, Eviction::Halted(why)) if !all_lost => {
                    displaced.halted.push((pod, why));
                    Fate::Halted
                }
                (fate, eviction) => {
                    if fate.is_displaced() {
                        let at = if let Eviction::At(at) = eviction { at } else { 0 };
                        displaced.place.push(pod);
                        displaced.arrivals.push(Arrival { pod, at });
                    }
                    fate
                }
            };
            let forced = is_out_of_service(cluster, pod);
            if fate.leaves(loss) || fate == Fate::WasTerminating && forced {
                let lingers = loss == Loss::NotReady && !forced;
                displaced.removed.push(Removal { pod, lingers });
            }
            displaced.fates.push((pod, fate));
        }
        displaced
    }

    /// The fate of a pod, if its node is lost.
    pub fn fate_of(&self, pod: PodId) -> Option<Fate> {
        self.fates.binary_search_by_key(&pod, |f| f.0).ok().map(|i| self.fates[i].1)
    }
}
