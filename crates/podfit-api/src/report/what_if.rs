//! The answer to "what if these nodes are lost?".

use super::CauseReport;
use super::common::{
    Certificate, Level, Scope, StageCode, Status, StopCode, Unrequested, Verdict, levels, plural,
};
use super::host::{self, HostReport};
use super::nodes::{NodeReport, nodes};
use super::pods::{Judge, NearestFix, PodReport, PodVerdict, pods};
use super::predict::{self, HintReport, PredictionReport};
use super::proof;
use super::reason::{Why, WhyCode};
use super::{API_VERSION, Context, Outcome};
use crate::names::Failed;
use crate::request::{PlanStep, WhatIfRequest};
use crate::select::{Listed, Selection};
use crate::vocabulary::Mode;
use podfit::control_plane::ControlPlane;
use podfit::model::{Change, Cluster, Component, PodId};
use podfit::planner::{self, PodOutcome, WhatIf};
use podfit::solve::Cut;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The answer to a what-if.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `WhatIfReport`.
    pub kind: String,
    /// The verdict on the whole.
    pub verdict: Verdict,
    /// Why.
    pub why: Why,
    /// Whether something was cut short, and by what.
    #[serde(default)]
    pub stop: StopCode,
    /// Which stage was, if one was: those before it were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_stage: Option<StageCode>,
    /// What may be moved: the claim holds within it.
    pub scope: Scope,
    /// How many pods on surviving nodes may be moved.
    pub moves_allowed: u64,
    /// What the verdict rests on; null where nothing is claimed.
    pub certificate: Option<Certificate>,
    /// The same as a sentence with its figures.
    pub proof: Option<String>,
    /// What the default scheduler would do; null where it was not asked.
    pub prediction: Option<PredictionReport>,
    /// What to do beforehand, where the scheduler may miss the placement and something helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<HintReport>,
    /// Why it does not fit, and the least that would make it fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<CauseReport>,
    /// Names of the nodes lost.
    pub failed: Vec<String>,
    /// Names of the hosts of the edge device that are lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_hosts: Vec<String>,
    /// How they are lost.
    pub mode: Mode,
    /// How good the placement is.
    pub status: Status,
    /// Objective, bound and gap of each level, the first matters most.
    pub levels: Vec<Level>,
    /// How many pods that need a place state no request.
    pub unrequested: Unrequested,
    /// Pods by verdict, in the whole cluster.
    pub counts: PodCounts,
    /// Pods that are lost or stuck, as `namespace/name`.
    pub losses: Vec<String>,
    /// The control plane.
    pub control_plane: ControlPlaneReport,
    /// What the verdict is once the control plane is back; null while it works, or if no node is left.
    pub after_recovery: Option<AfterRecovery>,
    /// The edge device, if the cluster is described as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostReport>,
    /// Every pod, unless the list was filtered.
    pub pods: Vec<PodReport>,
    /// Set where the list of pods was filtered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pods_listed: Option<Listed>,
    /// Every node.
    pub nodes: Vec<NodeReport>,
    /// The plan, in an order in which every step is allowed: `check` replays it. Where the default scheduler finds room
    /// in any case it is what the scheduler does in the first seed, else the solver's.
    pub steps: Vec<PlanStep>,
    /// Running pods that the plan evicts and that get no new place, as `namespace/name`: they are being deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evicted: Vec<String>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

/// Pods by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // the names are those of PodVerdict
pub struct PodCounts {
    pub moves: usize,
    pub pending: usize,
    pub waiting: usize,
    pub lost: usize,
    pub stuck: usize,
    pub not_evaluated: usize,
    pub gone: usize,
    pub stays: usize,
}

/// What the loss does to the control plane.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlPlaneReport {
    /// Parts that are down. While any is, nothing is recreated.
    pub down: Vec<String>,
    /// It is taken to be down because all nodes labelled as control plane are lost, or because the device's
    /// master machine cannot start; the input shows none of its pods.
    pub assumed_down: bool,
}

/// The verdict once the control plane is back and the failed nodes are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AfterRecovery {
    /// Whether the displaced pods have a place; null where that is open.
    pub fits: Option<bool>,
    /// The verdict then.
    pub verdict: Verdict,
    /// Why.
    pub why: Why,
}

/// The report of `answer`.
pub(crate) fn what_if(
    context: &Context<'_>,
    request: &WhatIfRequest,
    failed: &Failed,
    answer: &WhatIf,
    list: &Selection,
) -> WhatIfReport {
    let cluster = context.cluster;
    let host = context.device.map(|d| host::host(d, cluster, &failed.hosts));
    let down = down(&answer.control_plane, host.as_ref());
    let judge = Judge { cluster, answer, loss: request.mode.into(), down: down.as_deref() };
    let pods = pods(&judge, list);
    let unrequested = unrequested(cluster, answer);
    let counts = count(&judge);
    let judged = judged(context, failed, answer, host.as_ref(), down.is_some());
    let master_down = host.as_ref().is_some_and(HostReport::master_cannot_start);
    let survivors = proof::survivors(cluster, &failed.nodes);
    WhatIfReport {
        api_version: API_VERSION.into(),
        kind: "WhatIfReport".into(),
        verdict: judged.verdict,
        why: judged.why,
        stop: StopCode::Done,
        cut_stage: None,
        scope: answer.scope.into(),
        moves_allowed: request.moves,
        certificate: judged.certificate,
        proof: judged.proof,
        prediction: answer.prediction.as_ref().map(|p| predict::prediction(cluster, p)),
        hint: answer.hint.as_ref().map(|h| predict::hint(cluster, h)),
        cause: None,
        failed: failed.nodes.iter().map(|&n| cluster.node_name(n).into()).collect(),
        failed_hosts: failed.hosts.iter().map(|h| h.name().into()).collect(),
        mode: request.mode,
        status: Status::of(answer.plan.status, judged.verdict),
        levels: levels(&answer.plan.levels),
        unrequested,
        counts,
        losses: losses(&judge),
        control_plane: ControlPlaneReport {
            down: answer.control_plane.down.iter().map(|&c| component(c).into()).collect(),
            assumed_down: answer.control_plane.assumed_down || master_down,
        },
        after_recovery: (down.is_some() && survivors > 0).then(|| after_recovery(answer)),
        host,
        pods_listed: list.listed(pods.len(), cluster.pods().len()),
        pods,
        nodes: nodes(cluster, &answer.plan.change),
        steps: steps(cluster, &answer.plan.change),
        evicted: evicted(cluster, &answer.plan.change),
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}

impl Outcome for WhatIfReport {
    fn is_good(&self, accept_losses: bool) -> bool {
        self.verdict.is_good(self.prediction.is_some(), self.has_losses(), accept_losses)
    }
}

impl WhatIfReport {
    /// Says what was cut short.
    pub(crate) fn with_cut(mut self, cut: Option<Cut>) -> Self {
        (self.stop, self.cut_stage) = (StopCode::of(cut), StageCode::of(cut));
        self
    }

    /// Whether pods are lost or stuck, or nothing is recreated as the control plane is down.
    pub(crate) fn has_losses(&self) -> bool {
        let plane = &self.control_plane;
        !self.losses.is_empty() || !plane.down.is_empty() || plane.assumed_down
    }

    /// Adds why it does not fit, and the nearest fix to the reasons of the pods without a place.
    pub(crate) fn with_cause(mut self, cause: CauseReport) -> Self {
        let nearest = cause.nearest();
        for pod in self.pods.iter_mut().filter(|p| p.verdict == PodVerdict::Pending) {
            if let Some(fix) = nearest.get(format!("{}/{}", pod.namespace, pod.name).as_str()) {
                pod.fix = Some(NearestFix { code: fix.code.clone(), text: fix.text.clone() });
            }
        }
        self.cause = Some(cause);
        self
    }
}

/// A verdict with its sentence and what it rests on. Audits use it case by case.
pub(crate) struct Judged {
    pub verdict: Verdict,
    pub why: Why,
    pub certificate: Option<Certificate>,
    pub proof: Option<String>,
}

pub(crate) fn judged(
    context: &Context<'_>,
    failed: &Failed,
    answer: &WhatIf,
    host: Option<&HostReport>,
    down: bool,
) -> Judged {
    if let Some(short) = host.and_then(HostReport::shortage) {
        return Judged {
            verdict: Verdict::DoesNotFit,
            why: Why::new(
                WhyCode::HostTooSmall,
                "the machines of the device do not all run on the surviving host",
            ),
            certificate: Some(Certificate::IntegerSum),
            proof: Some(format!("proved: {short} (integer sum)")),
        };
    }
    let cluster = context.cluster;
    let survivors = proof::survivors(cluster, &failed.nodes);
    let all_down = survivors == 0 || host.is_some_and(|h| h.all_down);
    let why = match (&answer.verdict, all_down) {
        (_, true) => Why::new(WhyCode::AllNodesLost, "every node is lost: everything is down"),
        (planner::Verdict::Unknown(open), _) => Why::open(open),
        _ if down => Why::new(
            WhyCode::ControlPlane,
            format!(
                "the control plane is down, nothing is recreated until it is back; {}",
                fit_and_losses(answer).text
            ),
        ),
        _ => fit_and_losses(answer),
    };
    let verdict = (&answer.verdict).into();
    // A placement that is confirmed as far as podfit knows the rules proves nothing about the rest.
    let claim = answer.proof.filter(|_| verdict != Verdict::Unknown);
    Judged {
        verdict,
        why,
        certificate: claim.map(Into::into),
        proof: proof::sentence(cluster, &answer.plan, claim, survivors),
    }
}

/// Fit and losses, the control plane left aside.
fn fit_and_losses(answer: &WhatIf) -> Why {
    let count = |v| answer.pods.iter().filter(|p| p.verdict == v && p.fate.is_some()).count();
    let displaced = displaced(answer);
    let unplaced = answer.plan.unplaced.len();
    let code = match (displaced, unplaced) {
        (0, _) => WhyCode::NothingToPlace,
        (_, 0) => WhyCode::AllPlaced,
        _ => WhyCode::SomeUnplaced,
    };
    let mut why = match (displaced, unplaced) {
        (0, _) => "no pod needs a new place".into(),
        (1, 0) => "the one displaced pod has a place".into(),
        (2, 0) => "both displaced pods have a place".into(),
        (n, 0) => format!("all {n} displaced pods have a place"),
        (1, _) => "the one displaced pod finds no place".into(),
        (n, u) => format!(
            "{u} of {} find{} no place",
            plural(n, "displaced pod"),
            if u == 1 { "s" } else { "" }
        ),
    };
    let (lost, stuck) = (count(planner::PodVerdict::Lost), count(planner::PodVerdict::Stuck));
    let losses: Vec<String> = [(lost, "lost"), (stuck, "stuck")]
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} {} {what}", if *n == 1 { "is" } else { "are" }))
        .collect();
    if !losses.is_empty() {
        why += &format!("{}{}", if unplaced == 0 { ", but " } else { ", " }, losses.join(" and "));
    }
    Why::new(code, why)
}

fn displaced(answer: &WhatIf) -> usize {
    answer.pods.iter().filter(|p| p.fate.is_some_and(|f| f.is_displaced())).count()
}

fn unrequested(cluster: &Cluster, answer: &WhatIf) -> Unrequested {
    let needs = |p: &&planner::PodOutcome| p.fate.is_some_and(|f| f.is_displaced());
    let without = |p: &&planner::PodOutcome| cluster.pod(p.pod).unrequested;
    Unrequested {
        displaced: displaced(answer),
        unrequested: answer.pods.iter().filter(needs).filter(without).count(),
    }
}

/// Pods that are lost or stuck.
fn losses(judge: &Judge<'_>) -> Vec<String> {
    let lost = |o: &&PodOutcome| matches!(judge.verdict(o), PodVerdict::Lost | PodVerdict::Stuck);
    judge.answer.pods.iter().filter(lost).map(|o| judge.cluster.pod_name(o.pod)).collect()
}

fn count(judge: &Judge<'_>) -> PodCounts {
    let touched = &judge.answer.pods;
    let stays = judge.cluster.pods().len() - touched.len();
    let mut counts = PodCounts { stays, ..PodCounts::default() };
    for outcome in touched {
        let n = match judge.verdict(outcome) {
            PodVerdict::Moves => &mut counts.moves,
            PodVerdict::Pending => &mut counts.pending,
            PodVerdict::Waiting => &mut counts.waiting,
            PodVerdict::Lost => &mut counts.lost,
            PodVerdict::Stuck => &mut counts.stuck,
            PodVerdict::NotEvaluated => &mut counts.not_evaluated,
            PodVerdict::Gone => &mut counts.gone,
            PodVerdict::Stays => &mut counts.stays,
        };
        *n += 1;
    }
    counts
}

/// Why nothing is recreated, if so.
pub(crate) fn down(control_plane: &ControlPlane, host: Option<&HostReport>) -> Option<String> {
    if host.is_some_and(HostReport::master_cannot_start) {
        return Some("the master machine cannot start on the surviving host".into());
    }
    if control_plane.assumed_down {
        return Some("every control-plane node is lost".into());
    }
    let parts: Vec<&str> = control_plane.down.iter().map(|&c| component(c)).collect();
    match parts.as_slice() {
        [] => None,
        [one] => Some(format!("{one} is down")),
        [most @ .., last] => Some(format!("{} and {last} are down", most.join(", "))),
    }
}

fn component(component: Component) -> &'static str {
    match component {
        Component::ApiServer => "kube-apiserver",
        Component::Scheduler => "kube-scheduler",
        Component::ControllerManager => "kube-controller-manager",
        Component::Etcd => "etcd",
    }
}

fn after_recovery(answer: &WhatIf) -> AfterRecovery {
    let of_loss = |v| answer.pods.iter().any(|p| p.verdict == v && p.fate.is_some());
    let losses = of_loss(planner::PodVerdict::Lost) || of_loss(planner::PodVerdict::Stuck);
    let always = answer.prediction.as_ref().is_some_and(|p| p.share.is_always());
    let verdict = match (answer.fits, &answer.verdict) {
        (Some(false), _) => Verdict::DoesNotFit,
        (None, _) | (_, planner::Verdict::Unknown(_)) => Verdict::Unknown,
        (Some(true), _) if !always => Verdict::SurvivesIfPlacedWell,
        (Some(true), _) if losses => Verdict::SurvivesWithLosses,
        (Some(true), _) => Verdict::Survives,
    };
    let why = match &answer.verdict {
        planner::Verdict::Unknown(open) => Why::open(open),
        _ => fit_and_losses(answer),
    };
    AfterRecovery { fits: answer.fits, verdict, why }
}

/// Pods that leave a node that stays, and go nowhere.
pub(crate) fn evicted(cluster: &Cluster, change: &Change) -> Vec<String> {
    let placed: BTreeSet<PodId> = change.steps.iter().map(|s| s.pod).collect();
    let removed = change.removed.iter().map(|r| r.pod).filter(|pod| !placed.contains(pod));
    let stays = |pod: &PodId| cluster.pod(*pod).node.is_some_and(|n| !change.lost.contains(&n));
    removed.filter(stays).map(|pod| cluster.pod_name(pod)).collect()
}

pub(crate) fn steps(cluster: &Cluster, change: &Change) -> Vec<PlanStep> {
    let step = |s: &podfit::model::Step| PlanStep {
        namespace: cluster.str(cluster.shape_of(s.pod).namespace).into(),
        name: cluster.str(cluster.pod(s.pod).name).into(),
        to: cluster.node_name(s.node).into(),
        cards: s.cards.clone(),
    };
    change.steps.iter().map(step).collect()
}
