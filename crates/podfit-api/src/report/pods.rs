//! A verdict and a reason for every pod.

use super::reason::{
    FateCode, ObjectRef, PodReason, PodReasonCode, gaps, owner, owner_words, workload,
};
use crate::select::Selection;
use crate::time::Span;
use podfit::model::{Cluster, Loss, Manner, OwnerKind, PodId};
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
    /// Nothing recreates it.
    Lost,
    /// Is recreated once something else has happened: the control plane is back, a gate is lifted, its turn comes.
    Waiting,
    /// Recreated, or moved to make room, on another node.
    Moves,
    /// Was pending before, and has a place.
    Placed,
    /// Went with its node, as it should, or is wanted no more.
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
            Self::Placed => "placed",
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
            P::Placed => Self::Placed,
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
    /// From the failure until it is ready again, where it comes back by itself and when is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_after_seconds: Option<Box<Span>>, // few pods have one, and a report may have 100,000
    /// How that comes about: the position of its terms in the `paths` of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_path: Option<u32>,
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
    /// When pods are back, and by which path.
    pub back: BTreeMap<PodId, (Span, u32)>,
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
        let state = state.get_or_init(|| State::with_change(cluster, judge.answer.change()));
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
            back_after_seconds: judge.back.get(&id).map(|b| Box::new(b.0)),
            back_path: judge.back.get(&id).map(|b| b.1),
            notes: notes.iter().map(|&n| cluster.str(n).to_string()).collect(),
            to,
            ..pod_report(cluster, id, judge.verdict(outcome), judge.reason(outcome, &later))
        }
    };
    let selected = |id: &PodId| list.selects(cluster, *id);
    let listed: Vec<PodId> = if list.with_unchanged() {
        cluster.pod_ids().filter(selected).collect()
    } else {
        let waits = |o: &&PodOutcome| o.fate == Some(Fate::StaysPut);
        let changed = outcomes.iter().filter(|o| judge.verdict(o) != PodVerdict::Stays || waits(o));
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
        back_after_seconds: None,
        back_path: None,
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

    /// The deadline of the pod's Job, where that is over before the pod is evicted.
    fn deadline_of(&self, pod: PodId) -> Option<i64> {
        let manner = &self.cluster.workload(self.cluster.pod(pod).workload?).manner;
        let Manner::Job { deadline: Some(end), .. } = manner else { return None };
        (self.answer.displaced.at(pod)? >= *end).then_some(*end)
    }

    fn reason(&self, o: &PodOutcome, later: &dyn Fn(PodId) -> String) -> PodReason {
        use PodReasonCode as Code;
        if let Some(down) = self.waits(o) {
            return self.waiting(o, down, later);
        }
        let owner = || owner_words(self.cluster, o.pod);
        let because = || self.answer.displaced.why(o.pod).unwrap_or("someone has to act");
        let Some(fate) = o.fate else { return self.without_fate(o) };
        match fate {
            Fate::Lost => PodReason::new(Code::Bare, "bare pod: no controller makes it again"),
            Fate::Orphaned => PodReason::new(
                Code::OwnerGone,
                format!("{} is not in the input, which has others: nothing makes it again", owner()),
            ),
            Fate::NamespaceEnds => PodReason::new(
                Code::NamespaceEnds,
                "its namespace is being deleted: nothing can be made there",
            ),
            Fate::JobFails => PodReason::new(
                Code::JobFails,
                match self.deadline_of(o.pod) {
                    Some(seconds) => format!(
                        "{} is over before the pod is evicted: activeDeadlineSeconds {seconds}",
                        owner()
                    ),
                    None => format!("{} fails over it: it may fail no more pods", owner()),
                },
            ),
            Fate::NotWanted => {
                PodReason::new(Code::NotWanted, format!("{} wants no replacement", owner()))
            }
            Fate::Gone => {
                PodReason::new(Code::WithNode, format!("{}: goes with its node", owner()))
            }
            Fate::WasTerminating => {
                PodReason::new(Code::WasTerminating, "was being deleted already")
            }
            Fate::StuckStatefulSet => self.stuck(
                o.pod,
                Code::StatefulSet,
                format!(
                    "{} makes no replacement until the old pod is known to be gone: delete the node, \
                     force-delete the pod, or taint the node out-of-service",
                    owner()
                ),
            ),
            Fate::StuckJob => self.stuck(
                o.pod,
                Code::JobWaits,
                format!(
                    "{} makes no replacement until the old pod is known to have failed \
                     (podReplacementPolicy): delete the node, or force-delete the pod",
                    owner()
                ),
            ),
            Fate::StuckNeverEvicted => self.stuck(
                o.pod,
                Code::NeverEvicted,
                "tolerates an unreachable node for ever, so it is never evicted".into(),
            ),
            Fate::Halted => {
                PodReason::new(Code::EvictionHalted, format!("is not evicted: {}", because()))
            }
            Fate::Gated => PodReason::new(
                Code::Gate,
                format!("{} makes it with a scheduling gate: it waits until that is lifted", owner()),
            ),
            Fate::InOrder => {
                PodReason::new(Code::InOrder, format!("{}: {}", owner(), because()))
            }
            Fate::Refused => {
                let barred = self.cluster.pod(o.pod).barred.is_some();
                let code = if barred { Code::LimitRange } else { Code::Quota };
                PodReason::new(code, format!("is not made: {}", because()))
            }
            Fate::RunsOn => {
                let text = format!("{}: runs on through a drain", owner());
                PodReason::new(Code::RunsThroughDrain, text)
            }
            Fate::StaysPut => PodReason::new(
                Code::StaysPut,
                "its node is back before it would be evicted: it starts there again",
            ),
            Fate::Preempted => {
                let reason = PodReason::no_node(self.cluster, o.why.as_deref());
                let text = format!(
                    "evicted for a pod of higher priority, and finds no place: {}",
                    reason.text
                );
                PodReason { code: Code::Preempted, text, ..reason }
            }
            Fate::Recreated
            | Fate::RecreatedAssumed
            | Fate::RecreatedLate
            | Fate::RefusedAtFirst
            | Fate::StuckVolume => self.displaced(o, fate),
        }
    }

    /// A stuck pod, with what becomes of it once an operator has acted.
    fn stuck(&self, pod: PodId, code: PodReasonCode, text: String) -> PodReason {
        let later = self.answer.aftermath.as_ref().and_then(|a| {
            let at = a.pods.binary_search_by_key(&pod, |p| p.0).ok()?;
            Some(match &a.pods[at].1 {
                Ok(node) => {
                    format!("; once the node is deleted, it fits {}", self.cluster.node_name(*node))
                }
                Err(why) => {
                    format!("; once the node is deleted, there is no place: {}", why.sentence)
                }
            })
        });
        PodReason::new(code, text + &later.unwrap_or_default())
    }

    /// A pod whose node is not lost.
    fn without_fate(&self, o: &PodOutcome) -> PodReason {
        use PodReasonCode as Code;
        let cluster = self.cluster;
        let gaps = gaps(cluster, o.pod);
        let unjudged = match gaps.is_empty() {
            true => String::new(),
            false => format!(", not evaluated: {gaps}"),
        };
        let was_pending = cluster.pod(o.pod).node.is_none();
        let preempts =
            self.answer.scope == planner::Scope::Preemption || self.answer.happens.is_some();
        match o.to.map(|n| cluster.node_name(n)) {
            None if cluster.pod(o.pod).gated => {
                PodReason::new(Code::Gate, "was pending before: a scheduling gate holds it back")
            }
            None => {
                let mut reason = PodReason::no_node(cluster, o.why.as_deref());
                reason.text = format!("was pending before; {}{unjudged}", reason.text);
                reason.with_gaps(cluster, o.pod)
            }
            Some(node) if was_pending => {
                let text = format!("was pending before; fits {node}{unjudged}");
                PodReason::new(Code::Placed, text).with_gaps(cluster, o.pod)
            }
            Some(_) if preempts => {
                let text = format!(
                    "evicted for a pod of higher priority, and finds a new place{unjudged}"
                );
                PodReason::new(Code::Preempted, text).with_gaps(cluster, o.pod)
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
        let (code, what) = match fate {
            Fate::StuckVolume => {
                let claims = &cluster.pod(o.pod).attached;
                let claims: Vec<&str> = claims.iter().map(|&c| cluster.str(c)).collect();
                let what = format!(
                    ", but does not start: {} stays attached to the silent node until the old pod is deleted by \
                     force or the node is deleted or tainted out-of-service",
                    claims.join(", ")
                );
                (PodReasonCode::VolumeAttached, what)
            }
            Fate::RecreatedLate => {
                let after = self.answer.displaced.at(o.pod).map_or_else(String::new, duration);
                (
                    PodReasonCode::Late,
                    format!(", but only {after} after the loss, which it tolerates"),
                )
            }
            Fate::RefusedAtFirst => {
                let why = self.answer.displaced.why(o.pod).unwrap_or("the quota is used up");
                let what = format!(
                    ", but is refused for some minutes: {why}, as long as the old pod is charged"
                );
                (PodReasonCode::Quota, what)
            }
            _ => (code, String::new()),
        };
        let text = match gaps.is_empty() {
            true => format!("{how}{by}; fits {to}{what}"),
            false => format!("{how}{by}; {to} has a place, not evaluated: {gaps}{what}"),
        };
        PodReason::new(code, text).with_gaps(cluster, o.pod)
    }
}

/// Seconds for people: `30 days`, `2 h`, `6 min`.
fn duration(seconds: i64) -> String {
    let rounded = |unit: i64| (seconds + unit / 2) / unit;
    match seconds {
        172_800.. => format!("{} days", rounded(86_400)),
        7_200.. => format!("{} h", rounded(3_600)),
        _ => format!("{} min", rounded(60)),
    }
}
