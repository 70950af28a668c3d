//! Times: settings of Kubernetes, and what is given or assumed.

use super::term::{Term, TermCode};
use crate::control_plane::{Goes, after_restart, hand_over};
use crate::model::{Controller, Interval, LeaseTimes};
use std::collections::BTreeMap;

/// Until Kubernetes 1.31 and since 1.32.
const GRACE_PERIODS: [Interval; 2] = [Interval::seconds(40), Interval::seconds(50)];
/// The kubelet renews its lease each 10 s, up to 4 % later.
pub(super) const HEARTBEAT_AGE: Interval = Interval::between(0, 10_400);
/// A heartbeat is seen at the next look, up to 5 s later; the grace period ends at one, up to 5 s later; and the taint
/// comes one look later, by a loop of 100 ms.
pub(super) const MONITOR: Interval = Interval::between(5_000, 15_100);
/// Of these the look that finds the grace period over: pods are no endpoints from then on.
pub(super) const LOOK: Interval = Interval::between(0, 5_000);
/// The same of a controller that has just begun: its first look counts as a heartbeat.
pub(super) const MONITOR_ANEW: Interval = Interval::between(5_000, 10_100);
/// How often the loop looks that taints nodes.
pub(super) const TAINT_LOOP_MS: i64 = 100;
/// The garbage collector waits for a node that is missing.
pub(super) const QUARANTINE: Interval = Interval::seconds(40);
/// It looks each 20 s: once to miss the node, and once to delete.
pub(super) const GARBAGE_COLLECTOR: Interval = Interval::between(0, 40_000);
/// Once to find pods on nodes that are out of service.
pub(super) const OUT_OF_SERVICE: Interval = Interval::between(0, 20_000);
/// `kubectl drain` asks again after so long where a budget refuses.
pub(super) const DRAIN_RETRY: Interval = Interval::between(0, 5_000);
/// A volume that the node may still have mounted is detached after so long; the loop looks each 100 ms.
pub(super) const FORCE_DETACH: Interval = Interval::between(360_000, 360_100);
/// The same where the node is out of service.
pub(super) const DETACH_AT_ONCE: Interval = Interval::between(0, 100);

/// Until another controller-manager leads, where the one that led is lost for sure, or may be or not.
pub(super) fn leader_lost(lease: &LeaseTimes, is_certain: bool) -> Interval {
    let crash = hand_over(lease, Goes::Crash).time;
    if is_certain { crash } else { Interval::ZERO.hull(crash) }
}

/// The grace period of a version, minor version counted: 1.31 is 31. Where it is not known, that of any.
pub const fn grace_period(minor: Option<u32>) -> Interval {
    let [before, since] = GRACE_PERIODS;
    match minor {
        Some(..=31) => before,
        Some(_) => since,
        // 40 s to 50 s.
        None => Interval::between(before.min_ms(), since.min_ms()),
    }
}

/// A time, and whether it is assumed.
type Given = (Interval, bool);

/// How the control plane goes away with the loss.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Away {
    /// It does not, or nothing is known of it.
    #[default]
    No,
    /// It does, and when it is back is not known.
    Unknown,
    /// It is back after all of these.
    For(Vec<Term>),
}

impl Away {
    /// It is back after so long, and the controllers wait for the leases of those lost.
    pub fn returns(before: impl IntoIterator<Item = Term>, back: Given) -> Self {
        let back = Term::given(TermCode::ControlPlaneBack, back);
        let lease = after_restart(&LeaseTimes::default()).time;
        let lease = Term::setting(TermCode::LeaseExpires, lease);
        Self::For(before.into_iter().chain([back, lease]).collect())
    }
}

/// What an operator does for pods that do not come back by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Taints the node, which is not ready, `node.kubernetes.io/out-of-service`.
    OutOfService,
    /// Deletes the pod by force.
    ForceDelete,
    /// Deletes the Node object.
    DeleteNode,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::OutOfService, Self::ForceDelete, Self::DeleteNode];
}

/// Times that the answer rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    /// `--node-monitor-grace-period`.
    pub grace: Interval,
    /// What becomes of the control plane.
    pub away: Away,
    /// From the eviction until the replacement is bound to its node, where it has a place.
    pub schedule: Given,
    /// To attach a volume once it is detached elsewhere.
    pub attach: Given,
    /// From the binding until the pod is ready.
    pub start: Given,
    /// The same for pods of some controllers.
    pub starts: BTreeMap<Controller, Interval>,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            grace: grace_period(None),
            away: Away::No,
            schedule: (Interval::between(0, 1_000), true),
            attach: (Interval::between(0, 20_000), true),
            start: (Interval::between(1_000, 30_000), true),
            starts: BTreeMap::new(),
        }
    }
}
