//! What should be different before asking: edits as data, carried out one after the other on a copy.
//!
//! In: a cluster and [`Edit`]s, from a person, a scenario of a [`sweep`](fn@crate::sweep), or a fix in a report. Out: the
//! cluster as it would be, validated like any input, or every wrong name and amount at once. Edits judge nothing: a pod
//! is moved to wherever the edit says; the next question says what that does. `read` makes edits of the core of those on
//! the wire, `write` the reverse.

mod read;
mod write;

pub(crate) use read::edited;
pub(crate) use write::written;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One change. A pod is named as `namespace/name`, a controller, which means all of its pods, as
/// `StatefulSet/namespace/name`; a shorter name will do where it means one thing. Where a list of pods is empty, every pod
/// that is no DaemonSet's, static, bare or part of the control plane is meant.
/// Amounts are quantities as Kubernetes writes them.
///
/// ```
/// use podfit_api::Edit;
/// let edit: Edit = serde_json::from_str(r#"{"op": "move-pod", "pod": "default/web-1", "to": "b"}"#).unwrap();
/// assert_eq!(edit, Edit::MovePod { pod: "default/web-1".into(), to: "b".into() });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "op",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Edit {
    /// The pod runs on this node.
    MovePod {
        /// The pod.
        pod: String,
        /// The node.
        to: String,
    },
    /// The pods are not there.
    DeletePods {
        /// Which; the full name of a pod means that pod alone.
        pods: Vec<String>,
    },
    /// A controller has so many pods: further ones are pending, surplus ones go, pending and last ones first.
    Replicas {
        /// The controller.
        workload: String,
        /// How many pods.
        count: u32,
    },
    /// Controllers have so many percent of their pods, rounded up.
    ScaleReplicas {
        /// 100 is as now.
        percent: u32,
        /// Which; empty: all.
        #[serde(default)]
        pods: Vec<String>,
    },
    /// Pending pods run where they find room (as in the answer to a place request of greedy effort, where the default
    /// scheduler puts them if it always finds room); the others stay pending.
    PlacePending {},
    /// The pods request this; resources that are not named stay as they are.
    SetRequests {
        /// Which.
        pods: Vec<String>,
        /// Quantities by resource.
        requests: BTreeMap<String, String>,
    },
    /// The pods request so many percent of CPU, memory and other amounts (not of pod slots and devices), rounded up.
    ScaleRequests {
        /// 100 is as now.
        percent: u32,
        /// Which; empty: all.
        #[serde(default)]
        pods: Vec<String>,
    },
    /// The pods have this priority.
    SetPriority {
        /// Which.
        pods: Vec<String>,
        /// The priority.
        priority: i32,
        /// Whether they may evict others for it.
        #[serde(default)]
        preempts: bool,
    },
    /// The node takes no new pods.
    Cordon {
        /// The node.
        node: String,
    },
    /// The node takes new pods again.
    Uncordon {
        /// The node.
        node: String,
    },
    /// The node is ready again.
    ReturnNode {
        /// The node.
        node: String,
    },
    /// The node has this label.
    LabelNode {
        /// The node.
        node: String,
        /// Key.
        key: String,
        /// Value.
        value: String,
    },
    /// The node has more.
    EnlargeNode {
        /// The node.
        node: String,
        /// How much more, by resource.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        add: BTreeMap<String, String>,
        /// How many more GPU cards, by model.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        cards: BTreeMap<String, u16>,
    },
    /// The node's GPU cards are shared among pods, or serve pods that ask whole cards alone.
    ShareGpus {
        /// The node.
        node: String,
        /// Whether they are shared.
        shared: bool,
    },
    /// The node has this allocatable; resources that are not named stay as they are.
    ResizeNode {
        /// The node.
        node: String,
        /// Quantities by resource.
        allocatable: BTreeMap<String, String>,
    },
    /// There are more nodes like this one, empty but for DaemonSet and static pods.
    CopyNode {
        /// The node.
        node: String,
        /// How many.
        #[serde(default = "one")]
        count: u32,
    },
    /// The pods tolerate a taint.
    Tolerate {
        /// Which.
        pods: Vec<String>,
        /// Key of the taint.
        key: String,
        /// Its value.
        #[serde(default)]
        value: String,
        /// Its effect: `NoSchedule`, `NoExecute` or `PreferNoSchedule`.
        effect: String,
    },
    /// Hard spread constraints allow more.
    RaiseSkew {
        /// Which pods.
        pods: Vec<String>,
        /// Topology key.
        topology_key: String,
        /// maxSkew.
        max_skew: u32,
    },
    /// Hard spread constraints count no domain of nodes whose taints the pod does not tolerate (`nodeTaintsPolicy: Honor`).
    HonorTaints {
        /// Which pods.
        pods: Vec<String>,
        /// Topology key.
        topology_key: String,
    },
    /// Hard spread constraints become `ScheduleAnyway`.
    SpreadAnyway {
        /// Which pods.
        pods: Vec<String>,
        /// Topology key.
        topology_key: String,
    },
    /// Required pod affinity becomes preferred.
    PreferAffinity {
        /// Which pods.
        pods: Vec<String>,
        /// Topology key.
        topology_key: String,
    },
    /// Required pod anti-affinity becomes preferred.
    PreferAntiAffinity {
        /// Which pods.
        pods: Vec<String>,
        /// Topology key.
        topology_key: String,
    },
    /// The nodeSelector asks one label less.
    DropSelector {
        /// Which pods.
        pods: Vec<String>,
        /// Key.
        key: String,
        /// Value.
        value: String,
    },
    /// The required node affinity accepts this node too, and a template that names another node names none.
    AcceptNode {
        /// Which pods.
        pods: Vec<String>,
        /// The node.
        node: String,
    },
    /// The pods take this host port no more.
    DropHostPort {
        /// Which pods.
        pods: Vec<String>,
        /// Port number.
        port: u16,
        /// `TCP`, `UDP` or `SCTP`.
        #[serde(default = "tcp")]
        protocol: String,
    },
}

fn one() -> u32 {
    1
}

fn tcp() -> String {
    "TCP".into()
}
