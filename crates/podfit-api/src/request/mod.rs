//! The questions as data. Unknown fields are refused; names are resolved in `names/`.

mod sequence;

pub use sequence::{Rolling, SequenceRequest, SequenceStep};

use crate::questions::questions;
use crate::time::{Seconds, Span};
use crate::vocabulary::{LeaderGoes, Mode, NetworkPart};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! request {
    ($($(#[$doc:meta])* $kind:ident, $request:ident, $report:ident;)*) => {
        /// A question.
        ///
        /// ```
        /// use podfit_api::Request;
        /// let text = r#"{"kind": "WhatIf", "fail": ["node-a"], "mode": "deleted"}"#;
        /// let request: Request = serde_json::from_str(text).unwrap();
        /// assert!(matches!(request, Request::WhatIf(_)));
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "kind")]
        pub enum Request {
            $($(#[$doc])* $kind($request),)*
        }

        impl Request {
            /// The kinds of questions, as a request names them.
            pub const KINDS: &[&str] = &[$(stringify!($kind)),*];
        }
    };
}
questions!(request);

/// What if these nodes are lost?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhatIfRequest {
    /// What is lost, all at once: names of nodes; on an edge device `A` or `B` for a host; or
    /// `label=value` for all nodes of a failure domain, as `topology.kubernetes.io/zone=zone-a`.
    pub fail: Vec<String>,
    /// How.
    #[serde(default)]
    pub mode: Mode,
    /// How many pods on surviving nodes may be moved to make room.
    #[serde(default)]
    pub moves: u64,
    /// How many seeds of the default scheduler's simulation to ask; null: 200, fewer where pods times nodes are
    /// many; 0: none, so that nothing is said of the scheduler.
    #[serde(default)]
    pub predict: Option<u32>,
    /// What times rest on.
    #[serde(default)]
    pub timing: Timing,
}

/// When is everything back after these nodes are lost?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TimelineRequest {
    /// What is lost, as in a what-if.
    pub fail: Vec<String>,
    /// How.
    #[serde(default)]
    pub mode: Mode,
    /// How many seeds of the default scheduler's simulation to ask, as in a what-if.
    #[serde(default)]
    pub predict: Option<u32>,
    /// What times rest on.
    #[serde(default)]
    pub timing: Timing,
}

/// What times rest on. What is not given is a default of Kubernetes, or assumed; reports say which.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Timing {
    /// Version of Kubernetes, as `1.31`: since 1.32 the grace period is 50 s, before it 40 s. Null: either.
    pub kubernetes: Option<String>,
    /// Nodes that are silent are cut off from the others rather than dead: their pods run on, and the edge device waits
    /// before it restarts their machines elsewhere.
    pub isolated: bool,
    /// `--node-monitor-grace-period`, where it is not the default of the version.
    pub grace_seconds: Option<Span>,
    /// From the loss of the control plane until its API answers again; on an edge device from when the device notices the
    /// loss until its master machine is up on the other host (assumed: 2 to 5 minutes). Null elsewhere: not known.
    pub control_plane_seconds: Option<Span>,
    /// Until the edge device notices that a host is silent (assumed: 10 s).
    pub host_seconds: Option<Span>,
    /// To make and schedule a replacement (assumed: up to 1 s).
    pub schedule_seconds: Option<Span>,
    /// To attach a volume (assumed: up to 20 s).
    pub attach_seconds: Option<Span>,
    /// To pull the image, start, and become ready (assumed: 1 s to 30 s).
    pub start_seconds: Option<Span>,
    /// The same for the pods of some workloads.
    pub starts: Vec<StartTime>,
}

/// How long pods of a workload take to start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartTime {
    /// A controller, or a pod of it, by name.
    pub workload: String,
    /// To pull the image, start, and become ready.
    pub seconds: Span,
}

/// Which losses does the cluster survive?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AuditRequest {
    /// Sets of up to so many nodes.
    pub k: u32,
    /// Failure domains instead: a node label, each of whose values is one case.
    pub domain: Option<String>,
    /// Cases asked at most.
    pub cases_max: u32,
    /// How nodes are lost.
    pub mode: Mode,
    /// How many pods on surviving nodes may be moved to make room, in each case.
    pub moves: u64,
    /// How many seeds of the default scheduler's simulation to ask in each case; null: 200, fewer where pods times nodes are
    /// many; 0: none, so that nothing is said of the scheduler.
    pub predict: Option<u32>,
    /// What times rest on.
    pub timing: Timing,
}

impl Default for AuditRequest {
    fn default() -> Self {
        Self {
            k: 1,
            domain: None,
            cases_max: 10_000,
            mode: Mode::NotReady,
            moves: 0,
            predict: None,
            timing: Timing::default(),
        }
    }
}

/// How long are workloads down in a year, on average, where nodes fail and are repaired by chance?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AvailabilityRequest {
    /// What fails, how often and for how long; at least one.
    pub failures: Vec<FailureRate>,
    /// Runs, each of a year: the more, the narrower the intervals.
    pub runs: u32,
    /// Decides what chance leaves open.
    pub seed: u64,
    /// Sets of nodes that are asked about at most, those that are down longest; pods count as down while another set is.
    pub sets_max: u32,
    /// Runs to make, where others make the rest; the report has their sums. Null: all.
    pub part: Option<RunPart>,
    /// Sums of parts that were made elsewhere: nothing is run, they are added up.
    pub sums: Vec<PartSums>,
    /// What times rest on.
    pub timing: Timing,
}

impl Default for AvailabilityRequest {
    fn default() -> Self {
        Self {
            failures: Vec::new(),
            runs: 1000,
            seed: 0,
            sets_max: 2000,
            part: None,
            sums: Vec::new(),
            timing: Timing::default(),
        }
    }
}

/// Something that fails and is repaired, by chance, at exponential times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FailureRate {
    /// Nodes, hosts of an edge device, `label=value` for all nodes of a failure domain, or `*` for all nodes.
    #[serde(default)]
    pub nodes: Vec<String>,
    /// A node label, instead: the nodes of each of its values fail together.
    #[serde(default)]
    pub domain: Option<String>,
    /// Whether the nodes fail together (a common cause), not each for itself.
    #[serde(default)]
    pub together: bool,
    /// Mean time from a repair to the next failure, in seconds.
    pub between_failures_seconds: Seconds,
    /// Mean time to repair, in seconds.
    pub repair_seconds: Seconds,
}

/// Some of the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunPart {
    /// The first, from 0.
    pub first: u32,
    /// How many.
    pub count: u32,
}

/// Sums over some of the runs. Times are whole milliseconds; those that may be large are decimal numbers in text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartSums {
    /// Which runs.
    pub part: RunPart,
    /// By workload, in the order of the report.
    pub workloads: Vec<WorkloadSums>,
    /// Sets of nodes that were down in some run.
    pub sets_seen: usize,
    /// Sets that were asked about.
    pub sets_asked: usize,
    /// Time while sets were down that were not asked about.
    pub not_asked_ms: String,
    /// Time while some node was down.
    pub some_down_ms: String,
    /// Pods that have a place by all that is known, though something about them could not be evaluated.
    pub not_evaluated: usize,
}

/// Sums of one workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkloadSums {
    /// Time without a ready pod.
    pub down_ms: String,
    /// The squares, run by run.
    pub down_squares: String,
    /// Time with fewer than all.
    pub degraded_ms: String,
    /// The squares, run by run.
    pub degraded_squares: String,
    /// How often it went down.
    pub outages: u64,
}

/// Where do pending pods go?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PlaceRequest {
    /// Use as few nodes that are empty now as can be.
    pub fewest_nodes: bool,
    /// How many seeds of the default scheduler's simulation to ask; null: 200, fewer where pods times nodes are
    /// many; 0: none, so that nothing is said of the scheduler.
    pub predict: Option<u32>,
}

/// Why does no node take these pods? What each node says, the scheduler's message, the nearest fix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ExplainRequest {
    /// Pods, as `name` or `namespace/name`; a controller's name means its pods. Empty: every pod without a place.
    pub pods: Vec<String>,
    /// What is lost, as in a what-if; empty: the cluster as it stands.
    pub fail: Vec<String>,
    /// How.
    pub mode: Mode,
}

/// What is less available than it looks?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LintRequest {
    /// How nodes would be lost.
    pub mode: Mode,
}

/// Who gets which address, what reaches what, which way do packets take?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct NetworkRequest {
    /// Which of these.
    pub about: NetworkPart,
    /// Of reach: who sends: `outside`, a pod, a service (for its pods) or a node. Null: a pod somewhere in the cluster.
    pub from: Option<String>,
    /// Of reach: a service, a pod or an address; null: all services. Of routes: an address.
    pub to: Option<String>,
    /// Of reach: what is lost, as in a what-if; empty: the cluster as it stands.
    pub fail: Vec<String>,
    /// How.
    pub mode: Mode,
    /// Of a loss: what times rest on.
    pub timing: Timing,
    /// Of a plan: so many services more should get an address from outside.
    pub more_services: u32,
    /// Of a plan: so many nodes more.
    pub more_nodes: u32,
    /// Custom routes to leave out, before others are added; a field that is null matches any.
    pub remove_routes: Vec<RouteChange>,
    /// Custom routes to add.
    pub add_routes: Vec<RouteChange>,
}

/// A custom route, to add or to leave out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RouteChange {
    /// The subnet or the address that it is for.
    pub destination: String,
    /// The next hop; needed to add one.
    pub next_hop: Option<String>,
    /// The interface; needed to add one.
    pub interface: Option<String>,
    /// Of those to one destination the least wins; null: 256.
    pub metric: Option<u32>,
}

/// Is it legal? Without a plan, what runs now where it runs now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CheckRequest {
    /// A plan to replay, from an earlier report.
    pub plan: Option<CheckPlan>,
}

/// The part of a what-if or place report that the referee replays. Other fields of a report are ignored,
/// so a whole report may be given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct CheckPlan {
    /// Names of the nodes lost.
    pub failed: Vec<String>,
    /// How.
    pub mode: Mode,
    /// What goes where, in order.
    pub steps: Vec<PlanStep>,
    /// Running pods that are evicted and get no new place, as `namespace/name`.
    pub evicted: Vec<String>,
}

/// One pod put on a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanStep {
    /// Namespace of the pod.
    pub namespace: String,
    /// Its name; for a replacement, the name of the pod it replaces.
    pub name: String,
    /// The node.
    pub to: String,
    /// Indices of the node's GPU cards that it gets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<u16>,
}

/// What is the edge device made of, and what does it do when parts of it fail?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DeviceRequest {}

/// What works of the control plane while something fails, and what would survive more?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ControlPlaneRequest {
    /// What fails, all at once: a part on a machine as `m1:etcd`, a machine or node, `lb` for the balancers (or one by its
    /// name), a host of an edge device, `label=value`, or a pod that crashes as `pod/NAMESPACE/NAME`. Empty: each single part,
    /// machine and balancer is asked.
    pub fail: Vec<String>,
    /// How leaders go that fail themselves.
    pub leader: LeaderGoes,
    /// Where nothing is said to fail: each set of up to so many machines and balancers is asked.
    pub k: u32,
    /// Sets asked at most.
    pub cases_max: u32,
    /// Plan a control plane of which any so many machines may fail, 0 to 3.
    pub survive: Option<u32>,
    /// Plan one with so many members of etcd, an odd number up to 7.
    pub members: Option<u32>,
}

impl Default for ControlPlaneRequest {
    fn default() -> Self {
        Self {
            fail: Vec::new(),
            leader: LeaderGoes::Crash,
            k: 1,
            cases_max: 10_000,
            survive: None,
            members: None,
        }
    }
}

/// What is there: nodes with what they have and hold, and pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ShowRequest {}
