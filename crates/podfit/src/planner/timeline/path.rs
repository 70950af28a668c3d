//! From a failure to the eviction of a pod, and from there to its start.

use super::term::{Path, Term, TermCode};
use super::times::{
    Action, Away, DETACH_AT_ONCE, FORCE_DETACH, GARBAGE_COLLECTOR, HEARTBEAT_AGE, LOOK, MONITOR,
    MONITOR_ANEW, OUT_OF_SERVICE, QUARANTINE, TAINT_LOOP_MS, Times,
};
use crate::model::{Cluster, Interval, Loss, Manner, OwnerKind, PodId};
use crate::schedule::{Departure, Turn};

/// What all paths of a question share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Roads<'a> {
    pub cluster: &'a Cluster,
    pub times: &'a Times,
    /// Until another controller-manager leads, where the loss takes the one that leads, or may.
    pub leader_lost: Option<Interval>,
}

impl Roads<'_> {
    /// Until somebody acts for the control plane: none where nobody is known to.
    fn led(&self) -> Option<Path> {
        let path = match &self.times.away {
            Away::Unknown => return None,
            Away::For(terms) => Path::default().and(terms.iter().copied()),
            Away::No => {
                Path::default().and(self.leader_lost.map(|t| Term::looped(TermCode::LeaderLost, t)))
            }
        };
        Some(path)
    }

    /// Until a silent node is tainted, its turn in the queue left aside: none where that is not known.
    pub fn tainted(&self) -> Option<Path> {
        let looks = match self.times.away {
            Away::For(_) => MONITOR_ANEW,
            _ => MONITOR,
        };
        self.silent(looks)
    }

    /// Until pods of lost nodes are no endpoints any more: none where that is not known.
    pub fn noticed(&self, loss: Loss) -> Option<Path> {
        match loss {
            Loss::NotReady => self.silent(LOOK),
            Loss::Deleted => Some(self.led()?.and(collected())),
            Loss::Drained => Some(Path::default()),
        }
    }

    /// The grace period, and what looks add.
    fn silent(&self, looks: Interval) -> Option<Path> {
        let age = match self.times.away {
            // Its first look counts as a heartbeat.
            Away::For(_) => Interval::ZERO,
            _ => HEARTBEAT_AGE,
        };
        Some(self.led()?.and([
            Term::elapsed(TermCode::HeartbeatAge, age),
            Term::setting(TermCode::GracePeriod, self.times.grace),
            Term::looped(TermCode::NodeMonitor, looks),
        ]))
    }

    /// Until the pod is evicted, if it is and when that is known.
    pub fn evicted(&self, departure: &Departure) -> Option<Path> {
        match departure {
            Departure::Taint(turn, seconds) => {
                let (path, toleration) = match *turn {
                    // Since when it is tainted is not known: some of the time may be over.
                    Turn::Before => {
                        (self.led()?, Interval::between(0, seconds.saturating_mul(1000)))
                    }
                    Turn::At { all, interval_seconds, .. } => {
                        let each =
                            interval_seconds.saturating_mul(1000).saturating_add(TAINT_LOOP_MS);
                        let queue = Interval::between(0, (all - 1).saturating_mul(each));
                        let queue = Term::setting(TermCode::TaintQueue, queue);
                        (self.tainted()?.then(queue), Interval::seconds(*seconds))
                    }
                };
                Some(path.then(Term::setting(TermCode::Toleration, toleration)))
            }
            Departure::Collected => Some(self.led()?.and(collected())),
            Departure::Drained => Some(Path::default()),
            Departure::WasEnding | Departure::Never | Departure::Halted(_) => None,
        }
    }

    /// From the eviction until the replacement is made and may be placed: of some kinds once the old pod is gone.
    pub fn made(&self, path: Path, pod: PodId, loss: Loss) -> Path {
        match loss == Loss::Drained && self.waits_for_end(pod) {
            true => path.then(self.ends(pod)),
            false => path,
        }
    }

    /// From then on until it is ready; `evicted` is until its eviction.
    pub fn ready(&self, made: Path, evicted: &Path, pod: PodId, loss: Loss) -> Path {
        let free = match loss {
            Loss::Deleted => Some(FORCE_DETACH),
            // A volume is free once its pod has ended.
            Loss::Drained if !self.waits_for_end(pod) => Some(self.ends(pod).interval),
            Loss::Drained | Loss::NotReady => None,
        };
        self.started(made, free.map(|free| (evicted, free)), pod)
    }

    /// Scheduled, its volume attached and started. The volume is free so long after a path.
    fn started(&self, made: Path, free: Option<(&Path, Interval)>, pod: PodId) -> Path {
        let mut path = made.then(Term::given(TermCode::Schedule, self.times.schedule));
        if !self.cluster.pod(pod).attached.is_empty() {
            if let Some((gone, after)) = free {
                path = detached(path, gone, after);
            }
            path = path.then(Term::given(TermCode::Attach, self.times.attach));
        }
        let of_controller = self.cluster.controller(pod).and_then(|c| self.times.starts.get(&c));
        let start = of_controller.map_or(self.times.start, |&interval| (interval, false));
        path.then(Term::given(TermCode::Start, start))
    }

    /// Until a pod that is stuck is ready, from when an operator acts on; its node is not ready then.
    pub fn acted(&self, action: Action, pod: PodId) -> Path {
        let (gone, detach) = match action {
            Action::OutOfService => {
                let look = Term::looped(TermCode::GarbageCollector, OUT_OF_SERVICE);
                (Path::default().then(look), DETACH_AT_ONCE)
            }
            Action::ForceDelete => (Path::default(), FORCE_DETACH),
            Action::DeleteNode => (Path::default().and(collected()), FORCE_DETACH),
        };
        self.started(gone.clone(), Some((&gone, detach)), pod)
    }

    /// Until the old pod has ended.
    pub fn ends(&self, pod: PodId) -> Term {
        let grace = self.cluster.pod(pod).grace.saturating_mul(1000);
        Term::setting(TermCode::Termination, Interval::between(0, grace))
    }

    /// Whether its owner replaces it only once it is gone.
    fn waits_for_end(&self, pod: PodId) -> bool {
        let pod = self.cluster.pod(pod);
        let manner = pod.workload.map(|w| &self.cluster.workload(w).manner);
        pod.owner.kind == OwnerKind::StatefulSet
            || matches!(manner, Some(Manner::Job { after_failure: true, .. }))
    }
}

/// When the pod is scheduled, which `path` says, and the volume is free, so long `after` its old pod is `gone`.
fn detached(path: Path, gone: &Path, after: Interval) -> Path {
    let detached = gone.clone().then(Term::setting(TermCode::Detach, after));
    let (own, free) = (path.total(), detached.total());
    if own.max_ms().is_some_and(|max| max <= free.min_ms()) {
        // It is scheduled meanwhile.
        return detached;
    }
    let wait = path.until(free);
    path.then(Term::setting(TermCode::Detach, wait))
}

fn collected() -> [Term; 2] {
    [
        Term::setting(TermCode::Quarantine, QUARANTINE),
        Term::looped(TermCode::GarbageCollector, GARBAGE_COLLECTOR),
    ]
}
