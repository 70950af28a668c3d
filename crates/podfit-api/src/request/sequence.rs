//! One thing after the other, as data.

use super::Timing;
use crate::edit::Edit;
use crate::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// What times rest on.
    pub timing: Timing,
}

/// One thing that happens. Nodes are named as what a what-if loses: nodes, hosts of an edge device, `label=value`.
///
/// `forSeconds` is how long it lasts until the next step; of nodes that are lost, pods that tolerate it for longer are not
/// evicted. Null: until what it sets off has settled, evictions from silent nodes included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "step",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum SequenceStep {
    /// The nodes take no new pods.
    Cordon {
        /// Which.
        nodes: Vec<String>,
        /// How long.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_seconds: Option<Span>,
    },
    /// The nodes are cordoned and drained, as budgets allow it.
    Drain {
        /// Which.
        nodes: Vec<String>,
        /// How long.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_seconds: Option<Span>,
    },
    /// The kubelets of the nodes fall silent, and stay so for longer than pods tolerate it unless `forSeconds` says less.
    Lose {
        /// Which.
        nodes: Vec<String>,
        /// How long.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_seconds: Option<Span>,
    },
    /// The Node objects are deleted.
    Delete {
        /// Which.
        nodes: Vec<String>,
        /// How long.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_seconds: Option<Span>,
    },
    /// The nodes are ready and take pods again.
    Return {
        /// Which.
        nodes: Vec<String>,
        /// How long.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_seconds: Option<Span>,
    },
    /// What is highly available on a host of an edge device restarts on the other one, as the master machine does when
    /// Kubernetes is updated.
    FailOver {
        /// The host, `A` or `B`.
        nodes: Vec<String>,
        /// How long.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_seconds: Option<Span>,
    },
    /// Sharing of GPU cards is switched on.
    Share {
        /// Which.
        nodes: Vec<String>,
        /// How long.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_seconds: Option<Span>,
    },
    /// Sharing of GPU cards is switched off, as an update of an edge device does.
    Unshare {
        /// Which.
        nodes: Vec<String>,
        /// How long.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_seconds: Option<Span>,
    },
    /// Somebody changes the cluster.
    Edit {
        /// How, in order.
        edits: Vec<Edit>,
    },
}

impl SequenceStep {
    /// What it names; `None` of edits.
    pub(crate) fn nodes(&self) -> Option<&[String]> {
        match self {
            Self::Cordon { nodes, .. }
            | Self::Drain { nodes, .. }
            | Self::Lose { nodes, .. }
            | Self::Delete { nodes, .. }
            | Self::Return { nodes, .. }
            | Self::FailOver { nodes, .. }
            | Self::Share { nodes, .. }
            | Self::Unshare { nodes, .. } => Some(nodes),
            Self::Edit { .. } => None,
        }
    }

    /// How long it lasts, where it says.
    pub(crate) fn for_seconds(&self) -> Option<Span> {
        match self {
            Self::Cordon { for_seconds, .. }
            | Self::Drain { for_seconds, .. }
            | Self::Lose { for_seconds, .. }
            | Self::Delete { for_seconds, .. }
            | Self::Return { for_seconds, .. }
            | Self::FailOver { for_seconds, .. }
            | Self::Share { for_seconds, .. }
            | Self::Unshare { for_seconds, .. } => *for_seconds,
            Self::Edit { .. } => None,
        }
    }

    /// Whether nodes go with it.
    pub(crate) fn loses(&self) -> bool {
        matches!(self, Self::Lose { .. } | Self::Drain { .. } | Self::Delete { .. })
    }
}

/// Every node in turn: of an edge device every host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rolling {
    /// So many nodes at a time.
    pub batch: u32,
    /// Failure domains at a time instead: a node label.
    pub domain: Option<String>,
    /// Of an edge device an update of Kubernetes instead: the master machine restarts on the other host, then each worker is
    /// drained and comes back.
    pub kubernetes: bool,
    /// How long each node (host, batch) is away while it is updated. Null: of a device update what its vendor claims, else not
    /// known.
    pub update_seconds: Option<Span>,
    /// Of an edge device whose pods share GPU cards: sharing, which the update switches off, is switched on again on each host
    /// when it is back.
    pub share_again: bool,
}

impl Default for Rolling {
    fn default() -> Self {
        Self { batch: 1, domain: None, kubernetes: false, update_seconds: None, share_again: false }
    }
}
