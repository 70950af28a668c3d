//! Reasons as data: a code to act on, a sentence to read, and what the sentence is made from.

use podfit::model::{Cluster, Gap, OwnerKind, PodId};
use podfit::planner::{self, Fate, Open};
use podfit::rules::RefusalGroup;
use podfit::solve::Stop;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a verdict is what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Why {
    /// What decides.
    pub code: WhyCode,
    /// In a sentence, without its full stop.
    pub text: String,
}

impl Why {
    pub(crate) fn new(code: WhyCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// Why a verdict is open.
    pub(crate) fn open(open: &Open) -> Self {
        let code = match open {
            Open::NotEvaluated { .. } => WhyCode::NotEvaluated,
            Open::Prediction { stop: Stop::Cancelled, .. } => WhyCode::Cancelled,
            Open::Prediction { .. } => WhyCode::TimeLimit,
            Open::Search { stop, .. } => match stop {
                Stop::TimeLimit => WhyCode::TimeLimit,
                Stop::Cancelled => WhyCode::Cancelled,
                Stop::WorkLimit => WhyCode::WorkLimit,
                Stop::Faulty(_) => WhyCode::SolverFault,
                Stop::MethodEnds => WhyCode::GreedyOnly,
                Stop::NoSolver => WhyCode::NoSolver,
                Stop::TooLarge => WhyCode::TooLarge,
                Stop::Proved => WhyCode::NoProof,
            },
        };
        Self::new(code, open.sentence())
    }
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// What decides a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhyCode {
    /// No pod needs a place.
    NothingToPlace,
    /// Every pod that needs a place has one.
    AllPlaced,
    /// Some pods find no place.
    SomeUnplaced,
    /// The control plane is down, so nothing is recreated until it is back.
    ControlPlane,
    /// Every node is lost.
    AllNodesLost,
    /// Too many nodes are not ready: the node controller evicts nothing.
    EvictionHalted,
    /// A disruption budget keeps the drain waiting.
    DrainHangs,
    /// Admission refuses what owners make: a quota or a limit range.
    Refused,
    /// Stuck pods find no place once an operator has acted.
    NoRoomAfterwards,
    /// The machines of the edge device do not all run on the surviving host.
    HostTooSmall,
    /// Something about some pods could not be evaluated.
    NotEvaluated,
    /// The time limit ended the search for a proof.
    TimeLimit,
    /// The search for a proof was cancelled.
    Cancelled,
    /// The limit of work ended the search.
    WorkLimit,
    /// What the solver that was given says cannot be true.
    SolverFault,
    /// Only the greedy solver was asked, which proves no more.
    GreedyOnly,
    /// The input would need an exact solver, and none was at hand.
    NoSolver,
    /// The problem is too large for the exact solver.
    TooLarge,
    /// The search ended without a proof.
    NoProof,
    /// The verdict sums up cases, findings, pods or violations; the sentence counts them.
    Counted,
    /// The scenario has faults.
    Faulty,
    /// The control plane works, and survives what was asked.
    ControlPlaneWorks,
    /// The control plane works now, and fewer failures than were asked stop it.
    SingleLossStops,
    /// Whether the control plane works is not known.
    ControlPlaneNotKnown,
    /// A control plane was planned.
    Planned,
}

/// Why a pod ends as it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodReason {
    /// What decides.
    pub code: PodReasonCode,
    /// In words, never empty.
    pub text: String,
    /// Of a pod that no node takes: what the nodes say, the commonest reason first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodesReason>,
    /// What about the pod could not be evaluated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_evaluated: Vec<GapReport>,
}

impl PodReason {
    pub(crate) fn new(code: PodReasonCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), nodes: Vec::new(), not_evaluated: Vec::new() }
    }

    /// No node takes the pod.
    pub(crate) fn no_node(cluster: &Cluster, why: Option<&planner::Why>) -> Self {
        let Some(why) = why else { return Self::new(PodReasonCode::NoNode, "no node takes it") };
        let groups = why.explanation.groups(cluster);
        let nodes = groups.iter().map(|group| NodesReason::of(cluster, group)).collect();
        Self { nodes, ..Self::new(PodReasonCode::NoNode, why.sentence.clone()) }
    }

    /// The same with what could not be evaluated about the pod.
    pub(crate) fn with_gaps(mut self, cluster: &Cluster, pod: PodId) -> Self {
        let gap = |gap: &Gap| GapReport {
            code: gap.code.into(),
            what: Some(cluster.str(gap.what)).filter(|w| !w.is_empty()).map(Into::into),
        };
        self.not_evaluated = cluster.pod(pod).gaps.iter().map(gap).collect();
        self
    }
}

impl std::fmt::Display for PodReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// What decides how a pod ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PodReasonCode {
    /// Its node survives.
    NodeSurvives,
    /// Its node is drained, and pods of its kind run on.
    RunsThroughDrain,
    /// Its node is back before it would be evicted.
    StaysPut,
    /// It is being deleted, on a node that survives.
    Terminating,
    /// Its controller makes it again, and a node takes it.
    Recreated,
    /// As `recreated`, by a custom controller: that it does so is assumed.
    RecreatedAssumed,
    /// It was pending, and a node takes it.
    Placed,
    /// It is moved to make room for others.
    MakesRoom,
    /// It is evicted for a pod of higher priority, and finds a new place.
    Preempted,
    /// No node takes it.
    NoNode,
    /// The control plane is down.
    ControlPlane,
    /// Nothing makes it again: it has no controller.
    Bare,
    /// Nothing makes it again: its controller is gone.
    OwnerGone,
    /// Nothing makes it again: its namespace is being deleted.
    NamespaceEnds,
    /// Nothing makes it again: its Job fails over the loss.
    JobFails,
    /// Its owner wants no replacement.
    NotWanted,
    /// A quota refuses the replacement.
    Quota,
    /// A limit range refuses the replacement.
    LimitRange,
    /// A scheduling gate holds it back.
    Gate,
    /// Its StatefulSet makes it once those of lower numbers are ready.
    InOrder,
    /// It is made again only after it has tolerated the loss for more than an hour.
    Late,
    /// Its Job makes no replacement until the old pod is known to have failed.
    JobWaits,
    /// Its replacement does not start while the volume is attached to the silent node.
    VolumeAttached,
    /// It goes with its node: it is a DaemonSet's, or static.
    WithNode,
    /// It was being deleted already.
    WasTerminating,
    /// Its StatefulSet makes no replacement until the old pod is known to be gone.
    StatefulSet,
    /// It tolerates an unreachable node for ever.
    NeverEvicted,
    /// Its eviction is halted: too many nodes are down, or a disruption budget allows none.
    EvictionHalted,
}

impl PodReasonCode {
    /// The name on the wire.
    pub fn name(self) -> String {
        super::common::wire_name(&self)
    }
}

/// What some nodes say to a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NodesReason {
    /// Code of the rule.
    pub rule: String,
    /// Code of the reason, finer than the rule's.
    pub code: String,
    /// In words, as `short of memory`.
    pub text: String,
    /// How many nodes say so.
    pub nodes: usize,
    /// The resource that is short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What is needed, in whole numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<i64>,
    /// The most that is free on one of these nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<i64>,
    /// The node where that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
}

impl NodesReason {
    fn of(cluster: &Cluster, group: &RefusalGroup<'_>) -> Self {
        let best = group.best;
        Self {
            rule: best.rule.code().into(),
            code: best.code.into(),
            text: group.label.clone(),
            nodes: group.nodes,
            resource: best.resource.map(|r| cluster.resource_name(r).into()),
            need: best.need,
            free: best.free,
            node: best.free.map(|_| cluster.node_name(best.node).into()),
        }
    }
}

/// Something about a pod that could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GapReport {
    /// Stable code, as `claim-not-in-input`.
    pub code: String,
    /// What it is about: a claim's name, a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

/// What becomes of a pod of a lost node by its owner, before anyone looks for a new place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FateCode {
    /// Its controller makes a replacement.
    Recreated,
    /// A custom resource owns it; that its controller makes a replacement is assumed.
    RecreatedAssumed,
    /// As recreated, but only after it has tolerated the loss for more than an hour.
    RecreatedLate,
    /// As recreated, but a quota refuses it until the old pod is charged no longer.
    RefusedAtFirst,
    /// A replacement is made, but does not start: the volume stays attached to the silent node.
    StuckVolume,
    /// Its owner wants no replacement.
    NotWanted,
    /// Nothing makes it again: it has no controller.
    Lost,
    /// Nothing makes it again: its controller is gone.
    Orphaned,
    /// Nothing makes it again: its namespace is being deleted.
    NamespaceEnds,
    /// Nothing makes it again: its Job fails.
    JobFails,
    /// It goes with its node and is missed nowhere else.
    Gone,
    /// It was being deleted already.
    WasTerminating,
    /// No replacement until the old pod is known to be gone.
    StuckStatefulSet,
    /// No replacement until the old pod is known to have failed.
    StuckJob,
    /// It is never evicted.
    StuckNeverEvicted,
    /// It is not evicted until someone acts.
    Halted,
    /// A scheduling gate holds its replacement back.
    Gated,
    /// It is made once those of lower numbers are ready.
    InOrder,
    /// Admission refuses what its owner makes.
    Refused,
    /// The scheduler evicts it for a pod of higher priority.
    Preempted,
    /// It runs on through a drain.
    RunsOn,
    /// Its node is back before it would be evicted.
    StaysPut,
}

impl From<Fate> for FateCode {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Recreated => Self::Recreated,
            Fate::RecreatedAssumed => Self::RecreatedAssumed,
            Fate::RecreatedLate => Self::RecreatedLate,
            Fate::RefusedAtFirst => Self::RefusedAtFirst,
            Fate::StuckVolume => Self::StuckVolume,
            Fate::NotWanted => Self::NotWanted,
            Fate::Lost => Self::Lost,
            Fate::Orphaned => Self::Orphaned,
            Fate::NamespaceEnds => Self::NamespaceEnds,
            Fate::JobFails => Self::JobFails,
            Fate::Gone => Self::Gone,
            Fate::WasTerminating => Self::WasTerminating,
            Fate::StuckStatefulSet => Self::StuckStatefulSet,
            Fate::StuckJob => Self::StuckJob,
            Fate::StuckNeverEvicted => Self::StuckNeverEvicted,
            Fate::Halted => Self::Halted,
            Fate::Gated => Self::Gated,
            Fate::InOrder => Self::InOrder,
            Fate::Refused => Self::Refused,
            Fate::Preempted => Self::Preempted,
            Fate::RunsOn => Self::RunsOn,
            Fate::StaysPut => Self::StaysPut,
        }
    }
}

/// An object of Kubernetes, in the namespace of the pod that it owns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ObjectRef {
    /// Kind, as `StatefulSet`.
    pub kind: String,
    /// Name; null where the input does not say.
    pub name: Option<String>,
}

impl ObjectRef {
    /// As `StatefulSet mqtt-broker`.
    pub fn words(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {name}", self.kind),
            None => self.kind.clone(),
        }
    }
}

/// What owns the pod, by its owner reference: of a static pod its node, of a bare one nothing.
pub(crate) fn owner(cluster: &Cluster, id: PodId) -> Option<ObjectRef> {
    let pod = cluster.pod(id);
    let name = match pod.owner.kind {
        OwnerKind::Bare => return None,
        OwnerKind::Static => pod.node.map(|n| cluster.node_name(n)),
        _ => pod.owner.name.map(|name| cluster.str(name)),
    };
    Some(ObjectRef { kind: cluster.kind_name(pod.owner.kind).into(), name: name.map(Into::into) })
}

/// The controller whose template it has: a Deployment rather than its ReplicaSet, where the input has it.
pub(crate) fn workload(cluster: &Cluster, id: PodId) -> Option<ObjectRef> {
    cluster.controller(id).map(|c| ObjectRef {
        kind: cluster.kind_name(c.kind).into(),
        name: Some(cluster.str(c.name).into()),
    })
}

/// The owner in words: `ReplicaSet web`, `static pod`.
pub(crate) fn owner_words(cluster: &Cluster, id: PodId) -> String {
    match cluster.pod(id).owner.kind {
        OwnerKind::Static => "static pod".into(),
        _ => owner(cluster, id).map_or_else(|| "its controller".into(), |o| o.words()),
    }
}

/// What could not be evaluated about a pod, as `claim-not-in-input (data-0)`; empty where nothing.
pub(crate) fn gaps(cluster: &Cluster, id: PodId) -> String {
    let gap = |g: &Gap| match cluster.str(g.what) {
        "" => g.code.to_string(),
        what => format!("{} ({what})", g.code),
    };
    cluster.pod(id).gaps.iter().map(gap).collect::<Vec<_>>().join(", ")
}
