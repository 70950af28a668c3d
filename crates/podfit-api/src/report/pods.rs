//! A verdict and a reason for every pod.

use super::reason::{
    FateCode, ObjectRef, PodReason, PodReasonCode, gaps, owner, owner_words, workload,
};
use crate::select::Selection;
use podfit::model::{Cluster, Loss, OwnerKind, PodId};
use podfit::planner::{self, Fate, PodOutcome, WhatIf};
use podfit::rules::{RuleSet, State, explain};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What becomes of a pod.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PodVerdict {
    /// Finds no place.
    Pending,
    /// Has a place by all that is known, but something about it could not be evaluated.
    NotEvaluated,
    /// Not recreated until an operator acts or the node returns.
    Stuck,
    /// Bare: not recreated.
    Lost,
    /// Would be recreated, but the control plane is down.
    Waiting,
    /// Recreated, or moved to make room, on another node.
    Moves,
    /// Went with its node, as it should.
    Gone,
    /// Runs on where it is.
    Stays,
}

impl PodVerdict {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::NotEvaluated => "not-evaluated",
            Self::Stuck => "stuck",
            Self::Lost => "lost",
            Self::Waiting => "waiting",
            Self::Moves => "moves",
            Self::Gone => "gone",
            Self::Stays => "stays",
        }
    }
}

impl From<planner::PodVerdict> for PodVerdict {
    fn from(verdict: planner::PodVerdict) -> Self {
        use planner::PodVerdict as P;
        match verdict {
            P::Moves => Self::Moves,
            P::Stays => Self::Stays,
            P::Pending => Self::Pending,
            P::Waiting => Self::Waiting,
            P::Lost => Self::Lost,
            P::Gone => Self::Gone,
            P::Stuck => Self::Stuck,
            P::NotEvaluated => Self::NotEvaluated,
        }
    }
}

/// A live pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodReport {
    /// Namespace.
    pub namespace: String,
    /// Name; a replacement goes by the name of the pod it replaces.
    pub name: String,
    /// What becomes of it.
    pub verdict: PodVerdict,
    /// Node it runs on now; null: it was pending before.
    pub from: Option<String>,
    /// Where it goes; of a waiting pod, once the control plane is back.
    pub to: Option<String>,
    /// Why.
    pub reason: PodReason,
    /// The nearest fix, where no node takes it and one was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<NearestFix>,
    /// What becomes of it by its owner, if its node is lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fate: Option<FateCode>,
    /// In how many seeds of the prediction it found room; null where the scheduler was not asked about it, or where
    /// it is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<u32>,
    /// What a move costs: data lost, volumes to detach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What owns it; null for a bare pod, the node for a static one.
    pub owner: Option<ObjectRef>,
    /// The controller whose template it has, a Deployment rather than its ReplicaSet; null for bare and static pods.
    pub workload: Option<ObjectRef>,
    /// Priority.
    pub priority: i32,
    /// What it requests, by resource, in whole numbers.
    pub requests: BTreeMap<String, i64>,
}

/// The first of the nearest fixes: all of them are with the cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NearestFix {
    /// Stable code, as `move` or `lower-request`.
    pub code: String,
    /// In words.
    pub text: String,
}

/// What the verdicts on pods are made from.
pub(crate) struct Judge<'a> {
    pub cluster: &'a Cluster,
    pub answer: &'a WhatIf,
    pub loss: Loss,
    /// Why nothing is recreated, if so: `kube-apiserver is down`.
    pub down: Option<&'a str>,
}

/// The selected pods of the cluster, in the order of the input.
pub(crate) fn pods(judge: &Judge<'_>, list: &Selection) -> Vec<PodReport> {
    let cluster = judge.cluster;
    // The planner lists the pods it touched in the order of the input.
    let outcomes = &judge.answer.pods;
    let found = judge.answer.prediction.as_ref().map_or(&[][..], |p| &p.found);
    let predicted = |id: PodId| found.binary_search_by_key(&id, |f| f.0).ok().map(|i| found[i].1);
    // Made for waiting pods only: the planner explains pending ones itself.
    let state = OnceLock::new();
    let later = |pod: PodId| {
        let state = state.get_or_init(|| State::with_change(cluster, &judge.answer.plan.change));
        explain(state, pod, RuleSet::ALL).sentence(cluster)
    };
    let report = |id: PodId| {
        let outcome = outcomes.binary_search_by_key(&id, |o| o.pod).ok().map(|i| &outcomes[i]);
        let Some(outcome) = outcome else {
            return pod_report(cluster, id, PodVerdict::Stays, judge.stays(id));
        };
        let to = outcome.to.map(|n| cluster.node_name(n).to_string());
        let notes = if to.is_some() { &cluster.pod(id).notes[..] } else { &[] };
        PodReport {
            fate: outcome.fate.map(Into::into),
            predicted: predicted(id),
            notes: notes.iter().map(|&n| cluster.str(n).to_string()).collect(),
            to,
            ..pod_report(cluster, id, judge.verdict(outcome), judge.reason(outcome, &later))
        }
    };
    let selected = |id: &PodId| list.selects(cluster, *id);
    let listed: Vec<PodId> = if list.with_unchanged() {
        cluster.pod_ids().filter(selected).collect()
    } else {
        let changed = outcomes.iter().filter(|o| judge.verdict(o) != PodVerdict::Stays);
        changed.map(|o| o.pod).filter(selected).collect()
    };
    in_parallel(listed, report)
}

/// 100,000 pods are a million small strings: worth two threads. The order stays.
fn in_parallel<T: Send>(ids: Vec<PodId>, make: impl Fn(PodId) -> T + Send + Sync) -> Vec<T> {
    #[cfg(feature = "rayon")]
    {
        use rayon::prelude::*;
        ids.into_par_iter().with_min_len(4096).map(make).collect()
    }
    #[cfg(not(feature = "rayon"))]
    ids.into_iter().map(make).collect()
}

pub(crate) fn pod_report(
    cluster: &Cluster,
    id: PodId,
    verdict: PodVerdict,
    reason: PodReason,
) -> PodReport {
    let (pod, shape) = (cluster.pod(id), cluster.shape_of(id));
    PodReport {
        namespace: cluster.str(shape.namespace).into(),
        name: cluster.str(pod.name).into(),
        verdict,
        from: pod.node.map(|n| cluster.node_name(n).to_string()),
        to: None,
        reason,
        fix: None,
        fate: None,
        predicted: None,
        notes: Vec::new(),
        owner: owner(cluster, id),
        workload: workload(cluster, id),
        priority: shape.priority,
        requests: requests(cluster, id),
    }
}

/// What a pod requests, by resource.
pub(crate) fn requests(cluster: &Cluster, id: PodId) -> BTreeMap<String, i64> {
    let shape = cluster.shape_of(id);
    let named = |(id, amount)| (cluster.resource_name(id).to_string(), amount);
    let mut requests: BTreeMap<String, i64> = shape.requests.iter().map(named).collect();
    if shape.gpu.cards > 0 {
        let milli = i64::from(shape.gpu.cards) * shape.gpu.milli_each;
        requests.insert(super::GPU_RESOURCE.to_string(), milli);
    }
    requests
}

impl Judge<'_> {
    /// A pod that neither the loss nor the plan touches.
    fn stays(&self, id: PodId) -> PodReason {
        let pod = self.cluster.pod(id);
        let node = pod.node.map_or("no node", |n| self.cluster.node_name(n));
        if pod.terminating {
            let text = format!("is being deleted on {node}, which survives");
            return PodReason::new(PodReasonCode::Terminating, text);
        }
        PodReason::new(PodReasonCode::NodeSurvives, format!("runs on {node}, which survives"))
    }

    /// What becomes of a pod that the loss or the plan touches.
    pub(crate) fn verdict(&self, o: &PodOutcome) -> PodVerdict {
        self.waits(o).map_or(o.verdict.into(), |_| PodVerdict::Waiting)
    }

    /// Why nobody makes it again yet, if so.
    fn waits(&self, o: &PodOutcome) -> Option<&str> {
        self.down.filter(|_| o.fate.is_some_and(Fate::is_displaced))
    }

    fn reason(&self, o: &PodOutcome, later: &dyn Fn(PodId) -> String) -> PodReason {
        use PodReasonCode as Code;
        if let Some(down) = self.waits(o) {
            return self.waiting(o, down, later);
        }
        let cluster = self.cluster;
        let owner = || owner_words(cluster, o.pod);
        match o.fate {
            None => self.without_fate(o),
            Some(Fate::Lost) => {
                PodReason::new(Code::Bare, "bare pod: no controller makes it again")
            }
            Some(Fate::Gone) => {
                PodReason::new(Code::WithNode, format!("{}: goes with its node", owner()))
            }
            Some(Fate::WasTerminating) => {
                PodReason::new(Code::WasTerminating, "was being deleted already")
            }
            Some(Fate::StuckStatefulSet) => PodReason::new(
                Code::StatefulSet,
                format!(
                    "{} makes no replacement until the old pod is known to be gone: delete the node, \
                     force-delete the pod, or taint the node out-of-service",
                    owner()
                ),
            ),
            Some(Fate::StuckNeverEvicted) => PodReason::new(
                Code::NeverEvicted,
                "tolerates an unreachable node for ever, so it is never evicted",
            ),
            Some(Fate::Halted) => {
                let halted = &self.answer.halted;
                let at = halted.binary_search_by_key(&o.pod, |h| h.0);
                let why = at.map_or("someone has to act", |i| &halted[i].1);
                PodReason::new(Code::EvictionHalted, format!("is not evicted: {why}"))
            }
            Some(Fate::RunsOn) => {
                let text = format!("{}: runs on through a drain", owner());
                PodReason::new(Code::RunsThroughDrain, text)
            }
            Some(fate @ (Fate::Recreated | Fate::RecreatedAssumed)) => self.displaced(o, fate),
        }
    }

    /// A pod whose node is not lost.
    fn without_fate(&self, o: &PodOutcome) -> PodReason {
        use PodReasonCode as Code;
        let preempts = self.answer.scope == planner::Scope::Preemption;
        match o.to {
            None => {
                let text = "was pending before the loss, and is no part of the question";
                PodReason::new(Code::PendingBefore, text)
            }
            Some(_) if preempts => {
                let gaps = gaps(self.cluster, o.pod);
                let mut text =
                    "evicted for a pod of higher priority, and finds a new place".to_string();
                if !gaps.is_empty() {
                    text += &format!(", not evaluated: {gaps}");
                }
                PodReason::new(Code::Preempted, text).with_gaps(self.cluster, o.pod)
            }
            Some(_) => PodReason::new(Code::MakesRoom, "moved to make room"),
        }
    }

    fn waiting(&self, o: &PodOutcome, down: &str, later: &dyn Fn(PodId) -> String) -> PodReason {
        let gaps = gaps(self.cluster, o.pod);
        let then = match o.to.map(|n| self.cluster.node_name(n)) {
            Some(node) if !gaps.is_empty() => {
                format!("then {node} has a place, not evaluated: {gaps}")
            }
            Some(node) => format!("then {node} has a place"),
            None => format!("then no place: {}", later(o.pod)),
        };
        let text = format!("waits, as {down}; {then}");
        PodReason::new(PodReasonCode::ControlPlane, text).with_gaps(self.cluster, o.pod)
    }

    /// A pod that is made again.
    fn displaced(&self, o: &PodOutcome, fate: Fate) -> PodReason {
        let cluster = self.cluster;
        let gaps = gaps(cluster, o.pod);
        let Some(to) = o.to.map(|n| cluster.node_name(n)) else {
            let mut reason = PodReason::no_node(cluster, o.why.as_deref());
            if !gaps.is_empty() {
                reason.text += &format!("; not evaluated: {gaps}");
            }
            return reason.with_gaps(cluster, o.pod);
        };
        let (code, by) = match (fate, cluster.pod(o.pod).owner.kind) {
            (Fate::RecreatedAssumed, OwnerKind::Custom(kind)) => {
                let by = format!("recreated by {} (assumed)", cluster.str(kind));
                (PodReasonCode::RecreatedAssumed, by)
            }
            _ => {
                let by = format!("recreated by {}", owner_words(cluster, o.pod));
                (PodReasonCode::Recreated, by)
            }
        };
        let how = if self.loss == Loss::Drained { "drained, " } else { "" };
        let text = match gaps.is_empty() {
            true => format!("{how}{by}; fits {to}"),
            false => format!("{how}{by}; {to} has a place, not evaluated: {gaps}"),
        };
        PodReason::new(code, text).with_gaps(cluster, o.pod)
    }
}
