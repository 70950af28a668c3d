//! What becomes of a pod whose node is lost, before anyone looks for a new place.

use crate::model::{Cluster, Effect, Loss, OwnerKind, PodId, Toleration};
use crate::rules::{UNREACHABLE, tolerates};

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
            Self::RunsOn => false,
        }
    }
}

/// The fate of `pod` when its node is lost in this way.
///
/// Sources: taint-based eviction (a toleration without seconds is for ever), force-delete of StatefulSet pods,
/// DaemonSet and static pods, all on the Kubernetes website.
pub fn fate(cluster: &Cluster, id: PodId, loss: Loss) -> Fate {
    let pod = cluster.pod(id);
    let kind = pod.owner.kind;
    if kind.stays_with_node() {
        return if loss == Loss::Drained { Fate::RunsOn } else { Fate::Gone };
    }
    if pod.terminating {
        return Fate::WasTerminating;
    }
    if loss == Loss::NotReady {
        if never_evicted(cluster, id) {
            return Fate::StuckNeverEvicted;
        }
        if kind == OwnerKind::StatefulSet {
            return Fate::StuckStatefulSet;
        }
    }
    match kind {
        OwnerKind::Bare => Fate::Lost,
        OwnerKind::Custom(_) => Fate::RecreatedAssumed,
        _ => Fate::Recreated,
    }
}

/// Every toleration of the unreachable taint is without a limit, and there is one.
fn never_evicted(cluster: &Cluster, id: PodId) -> bool {
    let bears = |t: &Toleration| {
        tolerates(cluster, std::slice::from_ref(t), UNREACHABLE, Effect::NoExecute)
    };
    let mut matching = cluster.shape_of(id).tolerations.iter().filter(|t| bears(t)).peekable();
    matching.peek().is_some() && matching.all(|t| t.seconds.is_none())
}
