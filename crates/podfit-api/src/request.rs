//! The questions as data. Unknown fields are refused; names are resolved in `names/`.

use crate::edit::Edit;
use crate::questions::questions;
use crate::time::Seconds;
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
        }
    }
}

/// What if these things happen, one after the other?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SequenceRequest {
    /// What happens, in order. After each step pods that wait get a place, if there is one.
    pub steps: Vec<SequenceStep>,
    /// Every node in turn instead: drained, away while it restarts, back.
    pub rolling: Option<Rolling>,
    /// How many seeds of the default scheduler's simulation to ask in each state; null: 200, fewer where pods times nodes
    /// are many; 0: none, so that nothing is said of the scheduler.
    pub predict: Option<u32>,
}

/// One thing that happens. Nodes are named as what a what-if loses: nodes, hosts of an edge device, `label=value`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SequenceStep {
    /// The nodes take no new pods.
    Cordon {
        /// Which.
        nodes: Vec<String>,
    },
    /// The nodes are cordoned and drained, as budgets allow it.
    Drain {
        /// Which.
        nodes: Vec<String>,
    },
    /// The kubelets of the nodes fall silent, and stay so for longer than pods tolerate it.
    Lose {
        /// Which.
        nodes: Vec<String>,
    },
    /// The Node objects are deleted.
    Delete {
        /// Which.
        nodes: Vec<String>,
    },
    /// The nodes are ready and take pods again.
    Return {
        /// Which.
        nodes: Vec<String>,
    },
    /// Somebody changes the cluster.
    Edit {
        /// How, in order.
        edits: Vec<Edit>,
    },
}

/// Every node in turn: of an edge device every host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rolling {
    /// So many nodes at a time.
    pub batch: u32,
    /// Failure domains at a time instead: a node label.
    pub domain: Option<String>,
}

impl Default for Rolling {
    fn default() -> Self {
        Self { batch: 1, domain: None }
    }
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
    /// Of a loss: how long a pod takes from its place to ready; null: not known.
    pub start_up_seconds: Option<Seconds>,
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
