//! Terms and their sums.

use crate::model::Interval;

/// What a term counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// What a setting or the input says must pass.
    Setting,
    /// What loops of controllers add to it, which look now and then.
    Loop,
    /// What has passed already when the node fails: it is subtracted.
    Elapsed,
}

/// What happens in a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // `words` says it
pub enum TermCode {
    HostSilent,
    HostIsolated,
    ControlPlaneBack,
    LeaseExpires,
    LeaderLost,
    HeartbeatAge,
    GracePeriod,
    NodeMonitor,
    TaintQueue,
    Toleration,
    Quarantine,
    GarbageCollector,
    Termination,
    Budget,
    Preemption,
    Quota,
    Order,
    Detach,
    Attach,
    Schedule,
    Start,
    StepTime,
    Settles,
    HostUpdate,
    MachineUpdate,
}

impl TermCode {
    /// What passes, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::HostSilent => "the device notices that the host is silent",
            Self::HostIsolated => {
                "the device waits for a host that is isolated before it restarts its machines"
            }
            Self::ControlPlaneBack => "the control plane is away",
            Self::LeaseExpires => {
                "the restarted controller-manager waits for the lease of the old one"
            }
            Self::LeaderLost => "another controller-manager takes over, if the leader was lost",
            Self::HeartbeatAge => "the last heartbeat was before the failure",
            Self::GracePeriod => "no heartbeat: grace period",
            Self::NodeMonitor => "the node controller looks, and taints one look later",
            Self::TaintQueue => "nodes of a zone are tainted one after the other",
            Self::Toleration => "the pod tolerates the taint",
            Self::Quarantine => "the garbage collector waits for the missing node",
            Self::GarbageCollector => "the garbage collector looks",
            Self::Termination => "the old pod ends",
            Self::Budget => "the drain waits for its budget",
            Self::Preemption => "pods of lower priority end",
            Self::Quota => "a quota charges for the old pod until it is counted anew",
            Self::Order => "pods of lower numbers become ready first",
            Self::Detach => "the volume is detached from the old node",
            Self::Attach => "the volume is attached to the new node",
            Self::Schedule => "the replacement is made and scheduled",
            Self::Start => "the image is pulled, and the pod starts and becomes ready",
            Self::StepTime => "the step lasts, as it was given",
            Self::Settles => "pods that come back by themselves are ready",
            Self::HostUpdate => "the host is updated and restarts, as the vendor claims",
            Self::MachineUpdate => {
                "Kubernetes is updated on the machine, which no page gives a time for"
            }
        }
    }

    /// Where that is stated: a setting, a file of kubernetes/kubernetes, or a page.
    pub const fn source(self) -> &'static str {
        match self {
            Self::HostSilent | Self::HostIsolated => {
                "failover clustering: heartbeat, ResiliencyDefaultPeriod (240 s)"
            }
            Self::ControlPlaneBack => "the input",
            Self::LeaseExpires | Self::LeaderLost => {
                "--leader-elect-lease-duration 15 s, --leader-elect-retry-period 2 s (client-go \
                 tools/leaderelection/leaderelection.go: jitter factor 1.2)"
            }
            Self::HeartbeatAge => {
                "nodeLeaseDurationSeconds 40, renewed each quarter (component-helpers/apimachinery/lease/controller.go: \
                 jitter factor 0.04)"
            }
            Self::GracePeriod => "--node-monitor-grace-period: 40 s, 50 s since 1.32",
            Self::NodeMonitor => {
                "--node-monitor-period 5 s (pkg/controller/nodelifecycle/node_lifecycle_controller.go)"
            }
            Self::TaintQueue => {
                "--node-eviction-rate 0.1, --secondary-node-eviction-rate 0.01 \
                 (pkg/controller/nodelifecycle/node_lifecycle_controller.go)"
            }
            Self::Toleration => {
                "tolerationSeconds of the pod (300 by admission: DefaultTolerationSeconds)"
            }
            Self::Quarantine | Self::GarbageCollector => {
                "quarantineTime 40 s, gcCheckPeriod 20 s (pkg/controller/podgc/gc_controller.go)"
            }
            Self::Termination => "terminationGracePeriodSeconds of the pod",
            Self::Budget => "the eviction API, which kubectl drain asks again each 5 s",
            Self::Preemption => "terminationGracePeriodSeconds of the pods evicted",
            Self::Quota => "--resource-quota-sync-period 5 min, and the owner's back-off",
            Self::Order => "pkg/controller/statefulset/stateful_set_control.go: OrderedReady",
            Self::Detach => {
                "maxWaitForUnmountDuration 6 min, unless out of service \
                 (pkg/controller/volume/attachdetach/reconciler/reconciler.go)"
            }
            Self::Attach | Self::Schedule | Self::Start | Self::StepTime => "the input",
            Self::Settles => "the timeline of what the step sets off",
            Self::HostUpdate => {
                "azure-stack-edge-gpu-install-update (2022-08-04): about 60 to 75 minutes a node"
            }
            Self::MachineUpdate => {
                "azure-stack-edge-gpu-kubernetes-failover-scenarios (2022-02-15): 30 minutes or more for all of it"
            }
        }
    }
}

/// A part of the time that a pod is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// What happens.
    pub code: TermCode,
    /// How long it takes.
    pub interval: Interval,
    /// What it counts as.
    pub part: Part,
    /// Whether it is assumed: neither the input nor Kubernetes states it.
    pub assumed: bool,
}

impl Term {
    /// What a setting or the input states.
    pub const fn setting(code: TermCode, interval: Interval) -> Self {
        Self { code, interval, part: Part::Setting, assumed: false }
    }

    /// What loops add.
    pub const fn looped(code: TermCode, interval: Interval) -> Self {
        Self { code, interval, part: Part::Loop, assumed: false }
    }

    /// What has passed already.
    pub const fn elapsed(code: TermCode, interval: Interval) -> Self {
        Self { code, interval, part: Part::Elapsed, assumed: false }
    }

    /// A time of the input, or an assumed one.
    pub const fn given(code: TermCode, (interval, assumed): (Interval, bool)) -> Self {
        Self { code, interval, part: Part::Setting, assumed }
    }
}

/// Terms one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(Vec<Term>);

impl Path {
    /// The terms, in order.
    pub fn terms(&self) -> &[Term] {
        &self.0
    }

    /// The same with this term at its end, unless it takes no time.
    #[must_use]
    pub fn then(mut self, term: Term) -> Self {
        if term.interval != Interval::ZERO {
            self.0.push(term);
        }
        self
    }

    /// The same with all of these.
    #[must_use]
    pub fn and(self, terms: impl IntoIterator<Item = Term>) -> Self {
        terms.into_iter().fold(self, Self::then)
    }

    /// How long it takes from the failure on: what has elapsed before is subtracted.
    pub fn total(&self) -> Interval {
        let sum = |is: &dyn Fn(Part) -> bool| -> Interval {
            self.0.iter().filter(|t| is(t.part)).map(|t| t.interval).sum()
        };
        let (waits, elapsed) = (sum(&|p| p != Part::Elapsed), sum(&|p| p == Part::Elapsed));
        let min = elapsed.max_ms().map_or(0, |e| waits.min_ms().saturating_sub(e));
        match waits.max_ms() {
            Some(max) => Interval::between(min, max.saturating_sub(elapsed.min_ms())),
            None => Interval::at_least(min),
        }
    }

    /// The sum of the settings: as if the last heartbeat came with the failure, and controllers looked at once. It is what
    /// documents compute.
    pub fn by_settings(&self) -> Interval {
        self.0.iter().filter(|t| t.part == Part::Setting).map(|t| t.interval).sum()
    }

    /// What there is to wait for after it, so that both it and `other` have passed, which began together. With it at the
    /// end the sum is the greater of the two at each end, or a little wider where the wait is longest for what is quickest.
    pub fn until(&self, other: Interval) -> Interval {
        let own = self.total();
        let both = own.both(other);
        let min = both.min_ms().saturating_sub(own.min_ms());
        match (both.max_ms(), own.max_ms()) {
            (Some(both), Some(own)) => Interval::between(min, both.saturating_sub(own)),
            // Without an end, the sum has none either.
            _ => Interval::at_least(min),
        }
    }
}
