//! How long nobody leads: what client-go's leader election does when a leader goes.
//!
//! kube-scheduler and kube-controller-manager run on every server, and one of each works: the holder of a Lease in
//! `kube-system` (`kube-scheduler`, `kube-controller-manager`). From `tools/leaderelection/leaderelection.go`:
//!
//! * the leader renews, and once that succeeded waits for the retry period (`wait.Until`, no jitter);
//! * the others look every retry period with a jitter of up to 1.2 of it on top (`wait.JitterUntil`, `JitterFactor`), and take
//!   the lease once they have seen it unchanged for its duration, by their own clock; one without a holder at once;
//! * a leader that cannot renew for the renew deadline gives up: its process ends.
//!
//! Requests to the API take no time here.

use crate::model::{Interval, LeaseTimes};

/// `JitterFactor` of client-go, in tenths.
const JITTER_TENTHS: i64 = 12;

const RETRY: &str =
    "client-go leaderelection.go, acquire: JitterUntil(RetryPeriod, JitterFactor 1.2)";
const RENEW: &str =
    "client-go leaderelection.go, renew: Until(RetryPeriod), given up after RenewDeadline";
const DURATION: &str =
    "client-go leaderelection.go, tryAcquireOrRenew: unchanged for LeaseDuration since it was seen";

/// How a leader goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Goes {
    /// Its process or its machine ends without a word.
    #[default]
    Crash,
    /// It is told to stop, and gives the lease back. kube-scheduler does; kube-controller-manager only with the feature gate
    /// `ControllerManagerReleaseLeaderElectionLockOnExit` (alpha in 1.36, off by default).
    Release,
    /// It lives, and no longer reaches the API.
    CutOff,
}

/// One summand of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// What takes the time.
    pub name: &'static str,
    /// At least, in milliseconds; what began before the failure is negative.
    pub min_ms: i64,
    /// At most, in milliseconds.
    pub max_ms: i64,
    /// Where the rule is from.
    pub source: &'static str,
}

/// From the failure until there is a leader again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// How the old leader goes.
    pub goes: Goes,
    /// How long it takes: the sum of the terms.
    pub time: Interval,
    /// The summands.
    pub terms: Vec<Term>,
    /// Of a leader that is cut off: from then until it gives up. It does nothing to the cluster meanwhile, as it does not
    /// reach it.
    pub old_stops: Option<Interval>,
}

impl HandOver {
    fn of(goes: Goes, terms: Vec<Term>, old_stops: Option<Interval>) -> Self {
        let min = terms.iter().fold(0i64, |sum, t| sum.saturating_add(t.min_ms));
        let max = terms.iter().fold(0i64, |sum, t| sum.saturating_add(t.max_ms));
        Self { goes, time: Interval::between(min, max), terms, old_stops }
    }
}

/// From the failure of a leader until another one leads, where one waits.
///
/// ```
/// use podfit::control_plane::{Goes, hand_over};
/// use podfit::model::LeaseTimes;
/// let after_a_crash = hand_over(&LeaseTimes::default(), Goes::Crash);
/// assert_eq!(after_a_crash.time.to_string(), "13 s to 23.8 s");
/// ```
pub fn hand_over(times: &LeaseTimes, goes: Goes) -> HandOver {
    let next = next_try_ms(times);
    let (lease, retry) = (times.lease_ms, times.retry_ms);
    let expires = || {
        vec![
            Term {
                name: "age of the last renewal when the leader goes",
                min_ms: -retry,
                max_ms: 0,
                source: RENEW,
            },
            Term {
                name: "until a standby sees that renewal",
                min_ms: 0,
                max_ms: next,
                source: RETRY,
            },
            Term { name: "lease unchanged", min_ms: lease, max_ms: lease, source: DURATION },
            Term { name: "until its next try", min_ms: 0, max_ms: next, source: RETRY },
        ]
    };
    match goes {
        Goes::Crash => HandOver::of(goes, expires(), None),
        Goes::Release => {
            let next_try =
                Term { name: "until a standby's next try", min_ms: 0, max_ms: next, source: RETRY };
            HandOver::of(goes, vec![next_try], None)
        }
        Goes::CutOff => HandOver::of(goes, expires(), Some(gives_up(times))),
    }
}

/// From the start of a process until it leads, where the lease of one that ended (its own former self, too) still stands
/// and nobody waits for it.
pub fn after_restart(times: &LeaseTimes) -> HandOver {
    let lease = times.lease_ms;
    let terms = vec![
        Term {
            name: "lease seen at the start, unchanged",
            min_ms: lease,
            max_ms: lease,
            source: DURATION,
        },
        Term { name: "until its next try", min_ms: 0, max_ms: next_try_ms(times), source: RETRY },
    ];
    HandOver::of(Goes::Crash, terms, None)
}

/// From when a leader is cut off until it gives up: what is left of the wait after its last renewal, and the renew deadline.
pub fn gives_up(times: &LeaseTimes) -> Interval {
    Interval::between(times.renew_ms, times.renew_ms.saturating_add(times.retry_ms))
}

/// Whether a leader that is cut off may still take itself for one when the next begins: its lease is up before it gives up.
pub fn may_overlap(times: &LeaseTimes) -> bool {
    times.lease_ms < times.renew_ms.saturating_add(times.retry_ms)
}

/// The longest time between two tries of one that waits.
fn next_try_ms(times: &LeaseTimes) -> i64 {
    let jitter = times.retry_ms.saturating_mul(JITTER_TENTHS) / 10;
    times.retry_ms.saturating_add(jitter)
}

/// What is wrong with times of leader election, by the rules of client-go's `NewLeaderElector`; empty: nothing.
pub fn faults(times: &LeaseTimes) -> Vec<&'static str> {
    let mut faults = Vec::new();
    if times.lease_ms < 1 || times.renew_ms < 1 || times.retry_ms < 1 {
        faults.push("each time must be greater than 0");
    }
    if times.lease_ms <= times.renew_ms {
        faults.push("the lease duration must be greater than the renew deadline");
    }
    if times.renew_ms.saturating_mul(10) <= times.retry_ms.saturating_mul(JITTER_TENTHS) {
        faults.push("the renew deadline must be greater than the retry period times 1.2");
    }
    faults
}
