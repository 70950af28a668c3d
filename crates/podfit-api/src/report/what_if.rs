//! The answer to "what if these nodes are lost?".

use super::CauseReport;
use super::common::{
    Certificate, Level, Scope, StageCode, Status, StopCode, Unrequested, Verdict, levels, plural,
};
use super::host::{self, HostReport};
use super::network::{ServiceLossReport, without_endpoint};
use super::nodes::{NodeReport, nodes};
use super::paths::{PathReport, Paths};
use super::pods::{Judge, NearestFix, PodReport, PodVerdict, pods};
use super::predict::{self, HintReport, PredictionReport};
use super::proof;
use super::reason::{Why, WhyCode};
use super::{API_VERSION, Context, Outcome};
use crate::names::Failed;
use crate::request::{PlanStep, WhatIfRequest};
use crate::select::{Listed, Selection};
use crate::time::Span;
use crate::vocabulary::Mode;
use podfit::control_plane::{ControlPlane, name};
use podfit::model::{Change, Cluster, Kind, PodId};
use podfit::network::NetworkLoss;
use podfit::planner::{self, Fate, PodOutcome, Stall, Timeline, WhatIf};
use podfit::solve::Cut;
use podfit_kube::short_name;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Parts of the edge device that fail, as they were named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_parts: Vec<String>,
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
    /// Whether nothing else keeps the verdict from the good one: no pod waits for more than that, none that was pending
    /// before finds no place.
    pub only_losses: bool,
    /// The control plane.
    pub control_plane: ControlPlaneLoss,
    /// What the verdict is once the control plane is back; null while it works, or if no node is left.
    pub after_recovery: Option<AfterRecovery>,
    /// The edge device, if the cluster is described as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostReport>,
    /// Until the last pod that comes back by itself is ready; null where none does, or when is not known.
    #[serde(default)]
    pub recovered_after_seconds: Option<Span>,
    /// Every pod, unless the list was filtered.
    pub pods: Vec<PodReport>,
    /// Set where the list of pods was filtered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pods_listed: Option<Listed>,
    /// Every node.
    pub nodes: Vec<NodeReport>,
    /// Services that lose their last ready endpoint, for a while or for good.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceLossReport>,
    /// The plan, in an order in which every step is allowed: `check` replays it. Where the default scheduler finds room
    /// in any case it is what the scheduler does in the first seed, else the solver's.
    pub steps: Vec<PlanStep>,
    /// How the times until pods are back come about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<PathReport>,
    /// Running pods that the plan evicts and that get no new place, as `namespace/name`: they are being deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evicted: Vec<String>,
    /// What the verdict rests on beside the input, in short clauses: who is taken to make pods anew, what is taken as
    /// absent because the input has none of it.
    pub assumed: Vec<String>,
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
    pub placed: usize,
    /// Of the pending, placed, waiting and not evaluated: pods that were pending before the loss.
    pub pending_before: usize,
}

/// What the loss does to the control plane.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlPlaneLoss {
    /// Parts that are down. While any is, nothing is recreated.
    pub down: Vec<String>,
    /// Why, in words: `etcd has 1 of 3 members, and needs 2`; null while it works, as far as is known.
    pub why: Option<String>,
    /// Whether the input shows where it runs: pods, labelled nodes, or the device's master machine. If not, nothing is
    /// known of it.
    pub known: bool,
    /// It is taken to be down by labels of nodes, or because the device's master machine cannot start; the input shows
    /// none of its pods.
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
    (answer, timeline): (&WhatIf, &Timeline),
    absent: &[Kind],
    list: &Selection,
) -> WhatIfReport {
    let cluster = context.cluster;
    let host = context.device.map(|d| host::host(d, cluster, &failed.hosts, &failed.rulings));
    let down = down(&answer.control_plane, host.as_ref());
    let mut paths = Paths::default();
    let back = timeline.pods.iter().filter_map(|pod| {
        let path = pod.back.as_ref()?;
        Some((pod.pod, (path.total().into(), paths.position(path))))
    });
    let (loss, back) = (request.mode.into(), back.collect());
    let judge = Judge { cluster, answer, loss, down: down.as_deref(), back };
    let pods = pods(&judge, list);
    let unrequested = unrequested(cluster, answer);
    let counts = count(&judge);
    let judged = judged(context, failed, answer, host.as_ref(), down.as_deref());
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
        failed_parts: failed.parts.clone(),
        mode: request.mode,
        status: Status::of(answer.plan.status, answer.fits),
        levels: levels(&answer.plan.levels),
        unrequested,
        counts,
        losses: losses(&judge),
        only_losses: answer.count_of_loss(planner::PodVerdict::Waiting) == 0
            && answer.still_pending() == 0,
        control_plane: ControlPlaneLoss {
            down: answer.control_plane.down.iter().map(|o| name(o.part).into()).collect(),
            known: answer.control_plane.is_known || host.is_some(),
            assumed_down: master_down || answer.control_plane.down.iter().any(|o| o.assumed),
            why: down.clone(),
        },
        after_recovery: (down.is_some() && survivors > 0).then(|| after_recovery(answer)),
        host,
        recovered_after_seconds: timeline.recovered.map(Into::into),
        paths: paths.reports(),
        pods_listed: list.listed(pods.len(), cluster.pods().len()),
        pods,
        nodes: nodes(cluster, answer.change()),
        services: Vec::new(),
        steps: steps(cluster, answer.change()),
        evicted: evicted(cluster, answer.change()),
        assumed: assumed(cluster, answer, absent),
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}

/// What an answer rests on beside the input.
fn assumed(cluster: &Cluster, answer: &WhatIf, absent: &[Kind]) -> Vec<String> {
    let mut makers: BTreeMap<&str, usize> = BTreeMap::new();
    for &(pod, fate) in &answer.displaced.fates {
        if fate == Fate::RecreatedAssumed {
            *makers.entry(cluster.kind_name(cluster.pod(pod).owner.kind)).or_default() += 1;
        }
    }
    let makes = |(kind, n): (&str, usize)| format!("{kind} makes {} anew", plural(n, "pod"));
    makers.into_iter().map(makes).chain(taken_as_absent(absent)).collect()
}

/// Kinds that the input has none of, as one clause.
pub(crate) fn taken_as_absent(absent: &[Kind]) -> Option<String> {
    let names: Vec<&str> = absent.iter().map(|&kind| short_name(kind)).collect();
    (!names.is_empty()).then(|| format!("no {} (not in the input)", names.join(", ")))
}

impl Outcome for WhatIfReport {
    fn is_good(&self, accept_losses: bool) -> bool {
        let accept = accept_losses && self.only_losses;
        self.verdict.is_good(self.prediction.is_some(), self.has_losses(), accept)
    }

    fn bad_code(&self) -> u8 {
        self.verdict.code()
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
    /// With the services that lose their last ready endpoint.
    pub(crate) fn with_services(mut self, cluster: &Cluster, loss: &NetworkLoss) -> Self {
        self.services = without_endpoint(cluster, loss);
        self
    }

    pub(crate) fn with_cause(mut self, cause: CauseReport) -> Self {
        let nearest = cause.nearest();
        let without =
            |p: &&mut PodReport| matches!(p.verdict, PodVerdict::Pending | PodVerdict::Stuck);
        for pod in self.pods.iter_mut().filter(without) {
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
    down: Option<&str>,
) -> Judged {
    let cluster = context.cluster;
    let survivors = proof::survivors(cluster, &failed.nodes);
    let short = host.and_then(HostReport::shortage);
    let (verdict, why) = match (&answer.verdict, &short) {
        (planner::Verdict::Down, _) => all_down(),
        _ if survivors == 0 || host.is_some_and(|h| h.all_down) => all_down(),
        (_, Some(_)) => {
            let text = "the machines of the device do not all run on the surviving host";
            (Verdict::DoesNotFit, Why::new(WhyCode::HostTooSmall, text))
        }
        (_, None) if let Some(down) = down => (Verdict::Stalls, without_api(answer, down)),
        (verdict, None) => (verdict.into(), why(answer)),
    };
    if let (Verdict::DoesNotFit, Some(short)) = (verdict, short) {
        let proof = Some(format!("proved: {short} (integer sum)"));
        return Judged { verdict, why, certificate: Some(Certificate::IntegerSum), proof };
    }
    // A placement that is confirmed as far as podfit knows the rules proves nothing about the rest.
    let claim = answer.proof.filter(|_| verdict != Verdict::Unknown);
    Judged {
        verdict,
        why,
        certificate: claim.map(Into::into),
        proof: proof::sentence(cluster, &answer.plan, claim, survivors),
    }
}

fn all_down() -> (Verdict, Why) {
    let text = "no node is left to run on: everything is down";
    (Verdict::Down, Why::new(WhyCode::AllNodesLost, text))
}

/// The control plane is down.
fn without_api(answer: &WhatIf, down: &str) -> Why {
    let then = match &answer.recovered {
        planner::Verdict::Unknown(open) => open.sentence(),
        _ => fit_and_losses(answer).text,
    };
    let text = format!(
        "the control plane is down ({down}): what runs on the other nodes runs on, but nothing is made again or \
         placed until it is back; {then}"
    );
    Why::new(WhyCode::ControlPlane, text)
}

/// Why the verdict is what it is while there is a control plane.
fn why(answer: &WhatIf) -> Why {
    let fit = fit_and_losses(answer);
    let halted = || answer.count(planner::PodVerdict::Stuck);
    match &answer.verdict {
        planner::Verdict::Unknown(open) => Why::open(open),
        planner::Verdict::Stalls(Stall::DrainHangs) => {
            let text = format!(
                "the drain hangs: {} not evicted and run{} on where {}; {}",
                is_are(halted()),
                if halted() == 1 { "s" } else { "" },
                if halted() == 1 { "it is" } else { "they are" },
                fit.text
            );
            Why::new(WhyCode::DrainHangs, text)
        }
        planner::Verdict::Stalls(_) => {
            let reason = answer.displaced.because.first().map_or("", |b| &b.1);
            let text = format!("nothing is evicted ({reason}): {}", fit.text);
            Why::new(WhyCode::EvictionHalted, text)
        }
        planner::Verdict::DoesNotFit if answer.fits == Some(true) => match &answer.aftermath {
            Some(later) if later.fits == Some(false) => {
                let without = later.pods.iter().filter(|p| p.1.is_err()).count();
                let text = format!(
                    "{}; once their nodes are deleted {} of the stuck pods find{} no place",
                    fit.text,
                    without,
                    if without == 1 { "s" } else { "" }
                );
                Why::new(WhyCode::NoRoomAfterwards, text)
            }
            _ => Why::new(WhyCode::Refused, fit.text),
        },
        _ => fit,
    }
}

fn is_are(n: usize) -> String {
    if n == 1 { "1 pod is".into() } else { format!("{n} pods are") }
}

/// Fit and losses, the control plane left aside.
fn fit_and_losses(answer: &WhatIf) -> Why {
    let (displaced, before) = (answer.displaced_count(), answer.was_pending());
    let all = displaced + before;
    let unplaced = answer.plan.unplaced.len();
    let code = match (all, unplaced) {
        (0, _) => WhyCode::NothingToPlace,
        (_, 0) => WhyCode::AllPlaced,
        _ => WhyCode::SomeUnplaced,
    };
    let who = match (displaced, before) {
        (n, 0) => plural(n, "displaced pod"),
        (0, n) => format!("{} that {} pending before", plural(n, "pod"), was_were(n)),
        (n, m) => format!("{all} pods ({n} displaced, {m} pending before)"),
    };
    let mut why = match (all, unplaced) {
        (0, _) => "no pod needs a new place".into(),
        (1, 0) if before == 0 => "the one displaced pod has a place".into(),
        (1, 0) => "the one pod that was pending before has a place".into(),
        (2, 0) if before == 0 => "both displaced pods have a place".into(),
        (_, 0) => format!("all {who} have a place"),
        (1, _) if before == 0 => "the one displaced pod finds no place".into(),
        (1, _) => "the one pod that was pending before finds no place".into(),
        (_, u) => format!("{u} of {who} find{} no place", if u == 1 { "s" } else { "" }),
    };
    if unplaced > 0 && answer.happens.is_some() {
        why += " without evicting others";
    }
    let losses = losses_in_words(answer);
    if !losses.is_empty() {
        why += &format!("{}{}", if unplaced == 0 { ", but " } else { ", " }, losses.join(" and "));
    }
    Why::new(code, why)
}

fn was_were(n: usize) -> &'static str {
    if n == 1 { "was" } else { "were" }
}

/// What else keeps pods from running, as `1 is lost`.
fn losses_in_words(answer: &WhatIf) -> Vec<String> {
    let count = |v| answer.pods.iter().filter(|p| p.verdict == v && p.fate.is_some()).count();
    let fated = |fates: &[Fate]| {
        answer.displaced.fates.iter().filter(|(_, fate)| fates.contains(fate)).count()
    };
    let waits = fated(&[Fate::Gated, Fate::InOrder, Fate::RecreatedLate, Fate::RefusedAtFirst]);
    [
        (count(planner::PodVerdict::Lost), "lost"),
        (count(planner::PodVerdict::Stuck), "stuck"),
        (waits, "waiting"),
        (fated(&[Fate::Refused]), "refused by admission"),
        (answer.displaced.aside.len(), "pending whatever happens"),
    ]
    .iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{n} {} {what}", if *n == 1 { "is" } else { "are" }))
    .collect()
}

fn unrequested(cluster: &Cluster, answer: &WhatIf) -> Unrequested {
    let needs = |p: &&planner::PodOutcome| p.fate.is_some_and(|f| f.is_displaced());
    let without = |p: &&planner::PodOutcome| cluster.pod(p.pod).unrequested;
    Unrequested {
        displaced: answer.displaced_count(),
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
        counts.pending_before += usize::from(judge.cluster.pod(outcome.pod).node.is_none());
        let n = match judge.verdict(outcome) {
            PodVerdict::Moves => &mut counts.moves,
            PodVerdict::Placed => &mut counts.placed,
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
    control_plane.words()
}

fn after_recovery(answer: &WhatIf) -> AfterRecovery {
    let why = match &answer.recovered {
        planner::Verdict::Unknown(open) => Why::open(open),
        _ => fit_and_losses(answer),
    };
    AfterRecovery { fits: answer.fits, verdict: (&answer.recovered).into(), why }
}

/// Pods that leave a node that stays, and go nowhere.
pub(crate) fn evicted(cluster: &Cluster, change: &Change) -> Vec<String> {
    let placed: BTreeSet<PodId> = change.steps.iter().map(|s| s.pod).collect();
    let removed = change.removed.iter().map(|r| r.pod).filter(|pod| !placed.contains(pod));
    let is_evicted = |pod: &PodId| {
        let object = cluster.pod(*pod);
        !object.terminating
            && object.node.is_some_and(|n| !change.lost.contains(&n) && !cluster.node(n).down)
    };
    removed.filter(is_evicted).map(|pod| cluster.pod_name(pod)).collect()
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
