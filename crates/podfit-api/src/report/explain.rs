//! The answer to "why does no node take this pod?": pods by nodes, with reasons.

use super::common::plural;
use super::reason::{Why, WhyCode};
use super::{API_VERSION, Context, Outcome};
use crate::edit::{Edit, written};
use crate::names::Failed;
use crate::request::ExplainRequest;
use crate::vocabulary::Mode;
use podfit::model::{Cluster, PodId};
use podfit::planner::{self, Explained};
use podfit::rules::{Refusal, sentence};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether the pods asked for have a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExplainVerdict {
    /// Each has one, or some node would take it.
    Placed,
    /// Some node takes none of them.
    Pending,
}

/// The answer to an explain request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplainReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `ExplainReport`.
    pub kind: String,
    /// Whether the pods asked for have a place.
    pub verdict: ExplainVerdict,
    /// Why.
    pub why: Why,
    /// Names of the nodes lost, if it was asked for the time after a loss.
    pub failed: Vec<String>,
    /// How they are lost.
    pub mode: Mode,
    /// The pods.
    pub pods: Vec<ExplainedPod>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

impl Outcome for ExplainReport {
    fn is_good(&self, _accept_losses: bool) -> bool {
        self.verdict == ExplainVerdict::Placed
    }
}

/// One pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedPod {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Where it runs, or where the plan puts it after the loss; null: nowhere. Nodes are asked as if it were not
    /// there.
    pub node: Option<String>,
    /// Everything in a line, with the nearest fix.
    pub line: String,
    /// What kube-scheduler writes into the pod's condition.
    pub message: String,
    /// Every node.
    pub nodes: Vec<NodeAnswer>,
    /// The node that takes it once pods that are being deleted have ended, where none does before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<String>,
    /// What would give it a place, the cheapest first; empty for a pod that has one.
    pub fixes: Vec<FixReport>,
    /// The search for moves and preemptions ended at its limit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixes_cut: bool,
}

/// What a node says to a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeAnswer {
    /// The node.
    pub node: String,
    /// Whether it takes the pod.
    pub takes: bool,
    /// Why not: all shortages of the first rule that refuses, in the scheduler's order.
    pub reasons: Vec<Reason>,
}

/// Why a node does not take a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// Code of the rule.
    pub rule: String,
    /// Code of the reason, finer than the rule's.
    pub code: String,
    /// In words.
    pub text: String,
    /// The resource that is short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What is needed, in whole numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<i64>,
    /// What is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<i64>,
}

/// A step that gives a pod a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FixReport {
    /// Stable code, as `move` or `lower-request`.
    pub code: String,
    /// A rank: the smaller is the cheaper.
    pub cost: u32,
    /// Where the pod can go then.
    pub node: String,
    /// In words.
    pub text: String,
    /// The same as edits of the input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
}

/// A fix for one of `pods`, which are of one kind.
pub(crate) fn fix(cluster: &Cluster, fix: &planner::Fix, pods: &[PodId]) -> FixReport {
    FixReport {
        code: fix.kind.code().into(),
        cost: fix.cost(),
        node: cluster.node_name(fix.node).into(),
        text: fix.sentence(cluster),
        edits: written(cluster, &fix.edits(cluster, pods)),
    }
}

pub(crate) fn explain(
    context: &Context<'_>,
    request: &ExplainRequest,
    failed: &Failed,
    explained: &[Explained],
) -> ExplainReport {
    let cluster = context.cluster;
    let pods: Vec<ExplainedPod> = explained.iter().map(|e| pod(cluster, e)).collect();
    let without = pods.iter().filter(|p| !p.has_place()).count();
    let verdict = if without == 0 { ExplainVerdict::Placed } else { ExplainVerdict::Pending };
    let why: String = match (without, pods.len()) {
        (_, 0) => "no pod is without a place".into(),
        (0, 1) => "it has a place, or some node takes it".into(),
        (1, 1) => "no node takes it".into(),
        (0, n) => format!("all {} have a place, or some node takes them", plural(n, "pod")),
        (w, n) => format!("no node takes {w} of {}", plural(n, "pod")),
    };
    ExplainReport {
        api_version: API_VERSION.into(),
        kind: "ExplainReport".into(),
        verdict,
        why: Why::new(WhyCode::Counted, why),
        failed: failed.nodes.iter().map(|&n| cluster.node_name(n).into()).collect(),
        mode: request.mode,
        pods,
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}

impl ExplainedPod {
    /// Whether it is somewhere, or some node would take it.
    pub fn has_place(&self) -> bool {
        self.node.is_some() || self.later.is_some() || self.nodes.iter().any(|n| n.takes)
    }
}

fn pod(cluster: &Cluster, explained: &Explained) -> ExplainedPod {
    let nodes = explained.why.explanation.per_node.iter().map(|(node, refusals)| NodeAnswer {
        node: cluster.node_name(*node).into(),
        takes: refusals.is_empty(),
        reasons: refusals.iter().map(|r| reason(cluster, r)).collect(),
    });
    ExplainedPod {
        namespace: cluster.str(cluster.shape_of(explained.pod).namespace).into(),
        name: cluster.str(cluster.pod(explained.pod).name).into(),
        node: explained.node.map(|n| cluster.node_name(n).into()),
        line: explained.line.clone(),
        message: explained.message.clone(),
        nodes: nodes.collect(),
        later: explained.later.map(|n| cluster.node_name(n).into()),
        fixes: (explained.fixes.fixes.iter()).map(|f| fix(cluster, f, &[explained.pod])).collect(),
        fixes_cut: explained.fixes.cut,
    }
}

fn reason(cluster: &Cluster, refusal: &Refusal) -> Reason {
    Reason {
        rule: refusal.rule.code().into(),
        code: refusal.code.into(),
        text: sentence(cluster, refusal),
        resource: refusal.resource.map(|r| cluster.resource_name(r).into()),
        need: refusal.need,
        free: refusal.free,
    }
}
