//! How times come about: sums of terms.

use crate::time::Span;
use podfit::planner::{Part, Path, Term};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Terms one after the other, from a failure on, or from when an operator acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PathReport {
    /// The sum of all terms, those that had passed before subtracted.
    pub seconds: Span,
    /// The sum of the settings alone, as documents compute it: as if the last heartbeat came with the failure, and
    /// controllers looked at once.
    pub by_settings_seconds: Span,
    /// The terms, in order.
    pub terms: Vec<TermReport>,
}

/// A part of a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermReport {
    /// What happens.
    pub code: TermCode,
    /// The same in words.
    pub text: String,
    /// How long it takes.
    pub seconds: Span,
    /// What it counts as.
    pub part: PartCode,
    /// Whether it is assumed: neither the input nor Kubernetes states it.
    pub assumed: bool,
    /// Where it is stated: a setting with its default, a file of kubernetes/kubernetes, or the input.
    pub source: String,
}

/// What a term counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartCode {
    /// What a setting or the input says must pass.
    Setting,
    /// What loops of controllers add to it, which look now and then.
    Loop,
    /// What has passed already when the node fails: it is subtracted.
    Elapsed,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident,)*) => {
        /// What happens in a term.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum TermCode {
            $($(#[$doc])* $code,)*
        }

        impl From<podfit::planner::TermCode> for TermCode {
            fn from(code: podfit::planner::TermCode) -> Self {
                match code {
                    $(podfit::planner::TermCode::$code => Self::$code,)*
                }
            }
        }
    };
}
codes! {
    /// The edge device notices that a host is silent.
    HostSilent,
    /// It waits for a host that is isolated.
    HostIsolated,
    /// The control plane is away.
    ControlPlaneBack,
    /// A restarted controller-manager waits for the lease of the old one.
    LeaseExpires,
    /// Another controller-manager takes over, if the leader was lost.
    LeaderLost,
    /// The last heartbeat was before the failure.
    HeartbeatAge,
    /// `--node-monitor-grace-period`.
    GracePeriod,
    /// The node controller looks now and then.
    NodeMonitor,
    /// Nodes of a zone are tainted one after the other.
    TaintQueue,
    /// The pod tolerates the taint.
    Toleration,
    /// The garbage collector waits for a node that is missing.
    Quarantine,
    /// The garbage collector looks now and then.
    GarbageCollector,
    /// The old pod ends.
    Termination,
    /// A drain waits for a budget.
    Budget,
    /// Pods of lower priority end.
    Preemption,
    /// A quota charges for the old pod.
    Quota,
    /// Pods of lower numbers become ready first.
    Order,
    /// The volume is detached from the old node.
    Detach,
    /// The volume is attached to the new node.
    Attach,
    /// The replacement is made and scheduled.
    Schedule,
    /// The image is pulled, and the pod becomes ready.
    Start,
    /// A step lasts as long as it was given.
    StepTime,
    /// Pods that come back by themselves are ready.
    Settles,
    /// A host of an edge device is updated and restarts.
    HostUpdate,
    /// Kubernetes is updated on a machine.
    MachineUpdate,
}

impl From<&Term> for TermReport {
    fn from(term: &Term) -> Self {
        Self {
            code: term.code.into(),
            text: term.code.words().into(),
            seconds: term.interval.into(),
            part: match term.part {
                Part::Setting => PartCode::Setting,
                Part::Loop => PartCode::Loop,
                Part::Elapsed => PartCode::Elapsed,
            },
            assumed: term.assumed,
            source: term.code.source().into(),
        }
    }
}

impl From<&Path> for PathReport {
    fn from(path: &Path) -> Self {
        Self {
            seconds: path.total().into(),
            by_settings_seconds: path.by_settings().into(),
            terms: path.terms().iter().map(Into::into).collect(),
        }
    }
}

/// The paths of a report, each once: pods name theirs by its position.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    list: Vec<Path>,
    at: FxHashMap<Path, u32>,
}

impl Paths {
    /// The position of a path. Where nodes are tainted one after the other each node's differs.
    pub fn position(&mut self, path: &Path) -> u32 {
        if let Some(&at) = self.at.get(path) {
            return at;
        }
        let at = self.list.len() as u32;
        self.list.push(path.clone());
        self.at.insert(path.clone(), at);
        at
    }

    pub fn reports(&self) -> Vec<PathReport> {
        self.list.iter().map(Into::into).collect()
    }
}
