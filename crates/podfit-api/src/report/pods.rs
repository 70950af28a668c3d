//! A verdict and a reason for every pod.

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
    /// Why, never empty.
    pub reason: String,
    /// In how many seeds of the prediction it found room; null where the scheduler was not asked about it, or where
    /// it is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<u32>,
    /// What a move costs: data lost, volumes to detach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Its controller, as `StatefulSet mqtt-broker`; null for a bare pod.
    pub owner: Option<String>,
    /// Priority.
    pub priority: i32,
    /// What it requests, by resource, in whole numbers.
    pub requests: BTreeMap<String, i64>,
}

/// What the reasons are told by.
pub(crate) struct Told<'a> {
    pub cluster: &'a Cluster,
    pub answer: &'a WhatIf,
    pub loss: Loss,
    /// Why nothing is recreated, if so: `kube-apiserver is down`.
    pub down: Option<&'a str>,
}

/// The selected pods of the cluster, in the order of the input.
pub(crate) fn pods(told: &Told<'_>, list: &Selection) -> Vec<PodReport> {
    let cluster = told.cluster;
    // The planner lists the pods it touched in the order of the input.
    let outcomes = &told.answer.pods;
    let found = told.answer.prediction.as_ref().map_or(&[][..], |p| &p.found);
    let predicted = |id: PodId| found.binary_search_by_key(&id, |f| f.0).ok().map(|i| found[i].1);
    // Made for waiting pods only: the planner explains pending ones itself.
    let state = OnceLock::new();
    let later = |pod: PodId| {
        let state = state.get_or_init(|| State::with_change(cluster, &told.answer.plan.change));
        explain(state, pod, RuleSet::ALL).sentence(cluster)
    };
    let report = |id: PodId| {
        let outcome = outcomes.binary_search_by_key(&id, |o| o.pod).ok().map(|i| &outcomes[i]);
        let (verdict, reason) = match outcome {
            Some(outcome) => told.touched(outcome, &later),
            None => (PodVerdict::Stays, told.stays(id)),
        };
        let to = outcome.and_then(|o| o.to).map(|n| cluster.node_name(n).to_string());
        let mut report = pod_report(cluster, id, verdict, reason);
        if to.is_some() {
            report.notes =
                cluster.pod(id).notes.iter().map(|&n| cluster.str(n).to_string()).collect();
        }
        report.to = to;
        report.predicted = predicted(id);
        report
    };
    let selected = |id: &PodId| list.selects(cluster, *id);
    let listed: Vec<PodId> = if list.with_unchanged() {
        cluster.pod_ids().filter(selected).collect()
    } else {
        let changed = outcomes.iter().filter(|o| told.verdict(o) != PodVerdict::Stays);
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
    reason: String,
) -> PodReport {
    let (pod, shape) = (cluster.pod(id), cluster.shape_of(id));
    PodReport {
        namespace: cluster.str(shape.namespace).into(),
        name: cluster.str(pod.name).into(),
        verdict,
        from: pod.node.map(|n| cluster.node_name(n).to_string()),
        to: None,
        reason,
        predicted: None,
        notes: Vec::new(),
        owner: owner(cluster, id),
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

/// `ReplicaSet web`, or `None` for a bare pod.
pub(crate) fn owner(cluster: &Cluster, id: PodId) -> Option<String> {
    let owner = cluster.pod(id).owner;
    let kind = match owner.kind {
        OwnerKind::Static => return Some("static pod".into()),
        OwnerKind::Bare => return None,
        kind => cluster.kind_name(kind),
    };
    Some(match owner.name {
        Some(name) => format!("{kind} {}", cluster.str(name)),
        None => kind.to_string(),
    })
}

/// What could not be evaluated about a pod, as `claim-not-in-input (data-0)`.
pub(crate) fn gaps(cluster: &Cluster, id: PodId) -> String {
    let gap = |g: &podfit::model::Gap| match cluster.str(g.what) {
        "" => g.code.to_string(),
        what => format!("{} ({what})", g.code),
    };
    cluster.pod(id).gaps.iter().map(gap).collect::<Vec<_>>().join(", ")
}

impl Told<'_> {
    fn stays(&self, id: PodId) -> String {
        let pod = self.cluster.pod(id);
        let node = pod.node.map_or("no node", |n| self.cluster.node_name(n));
        if pod.terminating {
            return format!("is being deleted on {node}, which survives");
        }
        format!("runs on {node}, which survives")
    }

    /// What becomes of a pod that the loss or the plan touches.
    pub(crate) fn verdict(&self, o: &PodOutcome) -> PodVerdict {
        self.waits(o).map_or(o.verdict.into(), |_| PodVerdict::Waiting)
    }

    /// Why nobody makes it again yet, if so.
    fn waits(&self, o: &PodOutcome) -> Option<&str> {
        let recreated = matches!(o.fate, Some(Fate::Recreated | Fate::RecreatedAssumed));
        self.down.filter(|_| recreated)
    }

    fn touched(&self, o: &PodOutcome, later: &dyn Fn(PodId) -> String) -> (PodVerdict, String) {
        let reason = match self.waits(o) {
            Some(down) => self.waiting(o, down, later),
            None => self.reason(o),
        };
        (self.verdict(o), reason)
    }

    fn waiting(&self, o: &PodOutcome, down: &str, later: &dyn Fn(PodId) -> String) -> String {
        let then = match o.to {
            Some(node) if !self.cluster.pod(o.pod).gaps.is_empty() => format!(
                "then {} has a place, not evaluated: {}",
                self.cluster.node_name(node),
                gaps(self.cluster, o.pod)
            ),
            Some(node) => format!("then {} has a place", self.cluster.node_name(node)),
            None => format!("then no place: {}", later(o.pod)),
        };
        format!("waits, as {down}; {then}")
    }

    fn reason(&self, o: &PodOutcome) -> String {
        let cluster = self.cluster;
        let owner = || owner(cluster, o.pod).unwrap_or_else(|| "its controller".into());
        let to = o.to.map(|n| cluster.node_name(n));
        match o.fate {
            None if to.is_some() && self.answer.scope == planner::Scope::Preemption => {
                let gaps = gaps(cluster, o.pod);
                let found = "evicted for a pod of higher priority, and finds a new place";
                match gaps.is_empty() {
                    true => found.into(),
                    false => format!("{found}, not evaluated: {gaps}"),
                }
            }
            None if to.is_some() => "moved to make room".into(),
            None => "was pending before the loss, and is no part of the question".into(),
            Some(Fate::Lost) => "bare pod: no controller makes it again".into(),
            Some(Fate::Gone) => format!("{}: goes with its node", owner()),
            Some(Fate::WasTerminating) => "was being deleted already".into(),
            Some(Fate::StuckStatefulSet) => format!(
                "{} makes no replacement until the old pod is known to be gone: delete the node, \
                 force-delete the pod, or taint the node out-of-service",
                owner()
            ),
            Some(Fate::StuckNeverEvicted) => {
                "tolerates an unreachable node for ever, so it is never evicted".into()
            }
            Some(Fate::Halted) => {
                let halted = &self.answer.halted;
                let at = halted.binary_search_by_key(&o.pod, |h| h.0);
                let why = at.map_or("someone has to act", |i| &halted[i].1);
                format!("is not evicted: {why}")
            }
            Some(Fate::RunsOn) => format!("{}: runs on through a drain", owner()),
            Some(fate @ (Fate::Recreated | Fate::RecreatedAssumed)) => {
                self.displaced(o, fate, to, &owner())
            }
        }
    }

    fn displaced(&self, o: &PodOutcome, fate: Fate, to: Option<&str>, owner: &str) -> String {
        let cluster = self.cluster;
        let gaps = gaps(cluster, o.pod);
        let Some(to) = to else {
            let why = o.why.as_ref().map(|w| w.sentence.clone());
            let why = why.unwrap_or_else(|| "no node takes it".into());
            return if gaps.is_empty() { why } else { format!("{why}; not evaluated: {gaps}") };
        };
        let by = match (fate, cluster.pod(o.pod).owner.kind) {
            (Fate::RecreatedAssumed, OwnerKind::Custom(kind)) => {
                format!("recreated by {} (assumed)", cluster.str(kind))
            }
            _ => format!("recreated by {owner}"),
        };
        let how = if self.loss == Loss::Drained { "drained, " } else { "" };
        if gaps.is_empty() {
            format!("{how}{by}; fits {to}")
        } else {
            format!("{how}{by}; {to} has a place, not evaluated: {gaps}")
        }
    }
}
