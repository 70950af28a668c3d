//! The answer to "what if these things happen, one after the other?".

use super::common::{StageCode, StopCode, Verdict, plural};
use super::host::{HostReport, NoteReport};
use super::paths::PathReport;
use super::pods::PodReport;
use super::predict::PredictionReport;
use super::reason::{Why, WhyCode};
use super::what_if::{ControlPlaneLoss, PodCounts, WhatIfReport};
use super::{API_VERSION, Context, Outcome};
use crate::request::SequenceStep;
use crate::time::Span;
use podfit::device::{self, KUBERNETES_UPDATE, Update};
use podfit::model::{Card, Cluster, Interval};
use podfit::planner::{self, Away, Fate, Path, TermCode, WhatIf};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The answer to a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SequenceReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `SequenceReport`.
    pub kind: String,
    /// The worst verdict of all states.
    pub verdict: Verdict,
    /// Why: which step comes to it first.
    pub why: Why,
    /// Position in `states` of the first with the worst verdict.
    pub worst: Option<usize>,
    /// Whether it was cancelled before its end.
    #[serde(default)]
    pub stop: StopCode,
    /// The states, one a step. In each, pods that something becomes of.
    pub states: Vec<SequenceState>,
    /// How many steps there are; fewer states where it was cancelled.
    pub steps: usize,
    /// How long all states last, one after the other; of an update of Kubernetes at least what its vendor claims.
    pub total_seconds: Span,
    /// What the pages of an edge device's vendor say of it, and where they contradict each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteReport>,
    /// What the verdict rests on beside the input, in short clauses.
    pub assumed: Vec<String>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

/// What a step makes of the state before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SequenceState {
    /// What happens.
    pub step: SequenceStep,
    /// Names of the hosts of the edge device that it happens to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// Names of the nodes that it happens to.
    pub nodes: Vec<String>,
    /// The verdict on what it does.
    pub verdict: Verdict,
    /// Why.
    pub why: Why,
    /// Whether something was cut short, and by what.
    #[serde(default)]
    pub stop: StopCode,
    /// Which stage was, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_stage: Option<StageCode>,
    /// What the default scheduler would do; null where it was not asked.
    pub prediction: Option<PredictionReport>,
    /// Pods by verdict, in the whole cluster.
    pub counts: PodCounts,
    /// Pods that are lost or stuck, as `namespace/name`.
    pub losses: Vec<String>,
    /// Whether nothing else keeps the verdict from the good one.
    pub only_losses: bool,
    /// The control plane.
    pub control_plane: ControlPlaneLoss,
    /// The edge device, if the cluster is described as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostReport>,
    /// How long it lasts.
    pub seconds: Span,
    /// How that comes about, as a position in `paths`.
    pub path: u32,
    /// How many pods do not run for some of that time, or all of it.
    pub offline_pods: usize,
    /// Pods that may be evicted from silent nodes before these are back, or not: taken as evicted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_be_evicted: Vec<String>,
    /// Whether what is deployed is accepted.
    pub deployments: DeploymentsReport,
    /// Position in `states` of the return that ends it, where nothing is recreated or nothing runs, and it passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_with: Option<usize>,
    /// Pods that something becomes of; names and nodes are those of this state.
    pub pods: Vec<PodReport>,
    /// How times come about.
    pub paths: Vec<PathReport>,
    /// Nodes that are down afterwards.
    pub down: Vec<String>,
    /// Nodes that take no pods afterwards though they live.
    pub cordoned: Vec<String>,
}

/// Whether what is deployed meanwhile is accepted: a matter of the API server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentsReport {
    /// Whether it is.
    pub accepted: AcceptedCode,
    /// From when on; null unless `accepted` is `later`.
    pub after_seconds: Option<Span>,
    /// In words.
    pub text: String,
}

/// Whether the API server takes what is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AcceptedCode {
    /// It does.
    Yes,
    /// Once the control plane is up again.
    Later,
    /// Not in this state.
    No,
    /// The input does not show where the control plane runs.
    NotKnown,
}

/// What a step does, beside its what-if.
pub(crate) struct Happened<'a> {
    pub step: &'a SequenceStep,
    pub hosts: Vec<String>,
    pub nodes: Vec<String>,
    pub answer: &'a WhatIf,
    pub lasts: Path,
    pub away: Away,
    pub open: Vec<String>,
    /// Pods of silent nodes run on.
    pub runs_on: bool,
}

impl DeploymentsReport {
    fn of(report: &WhatIfReport, away: &Away) -> Self {
        let (accepted, after_seconds, text) = match (&report.control_plane.why, away) {
            _ if report.verdict == Verdict::Down => {
                (AcceptedCode::No, None, "everything is down".into())
            }
            (Some(why), _) => (AcceptedCode::No, None, format!("the control plane is down: {why}")),
            (None, Away::For(terms)) => {
                // The API answers before the controllers have their leases.
                let up = terms.iter().filter(|t| t.code != TermCode::LeaseExpires);
                let after: Interval = up.map(|t| t.interval).sum();
                let text = "there is no API until the master machine is up on the other host";
                (AcceptedCode::Later, Some(after.into()), text.into())
            }
            (None, _) if report.control_plane.known => {
                (AcceptedCode::Yes, None, "the API answers".into())
            }
            (None, _) => {
                let text = "the input does not show where the control plane runs";
                (AcceptedCode::NotKnown, None, text.into())
            }
        };
        Self { accepted, after_seconds, text }
    }
}

/// How many pods do not run for some time.
fn offline(happened: &Happened<'_>) -> usize {
    use planner::PodVerdict;
    let is = |o: &&planner::PodOutcome| match (o.verdict, o.fate) {
        (PodVerdict::Stays, Some(Fate::StaysPut)) => !happened.runs_on,
        (PodVerdict::Stays, _) | (_, Some(Fate::NotWanted)) => false,
        // A drain leaves it alone.
        (_, Some(Fate::Halted)) => {
            matches!(happened.step, SequenceStep::Lose { .. } | SequenceStep::Delete { .. })
        }
        _ => true,
    };
    happened.answer.pods.iter().filter(is).count()
}

impl SequenceState {
    pub(crate) fn new(
        happened: Happened<'_>,
        report: WhatIfReport,
        after: &podfit::model::Cluster,
    ) -> Self {
        let deployments = DeploymentsReport::of(&report, &happened.away);
        let mut paths = report.paths;
        let path = paths.len() as u32;
        paths.push((&happened.lasts).into());
        let named = |is: fn(&podfit::model::Node) -> bool| {
            let ids = after.node_ids().filter(|&n| is(after.node(n)));
            ids.map(|n| after.node_name(n).to_string()).collect()
        };
        Self {
            seconds: happened.lasts.total().into(),
            path,
            offline_pods: offline(&happened),
            deployments,
            ends_with: None,
            may_be_evicted: happened.open,
            paths,
            step: happened.step.clone(),
            hosts: happened.hosts,
            nodes: happened.nodes,
            verdict: report.verdict,
            why: report.why,
            stop: report.stop,
            cut_stage: report.cut_stage,
            prediction: report.prediction,
            counts: report.counts,
            losses: report.losses,
            only_losses: report.only_losses,
            control_plane: report.control_plane,
            host: report.host,
            pods: report.pods,
            down: named(|n| n.down),
            cordoned: named(|n| n.unschedulable && !n.down),
        }
    }

    /// What happens in words, as `drain a, b`.
    pub(crate) fn words(&self) -> String {
        let named = match self.nodes.as_slice() {
            [one, two, three, rest @ ..] if !rest.is_empty() => {
                format!("{one}, {two}, {three} and {} more", rest.len())
            }
            all => all.join(", "),
        };
        let named = match self.hosts.as_slice() {
            [] => named,
            hosts => format!("host {}", hosts.join(" and ")),
        };
        match &self.step {
            SequenceStep::Cordon { .. } => format!("cordon {named}"),
            SequenceStep::Drain { .. } => format!("drain {named}"),
            SequenceStep::Lose { .. } => format!("lose {named}"),
            SequenceStep::Delete { .. } => format!("delete {named}"),
            SequenceStep::Return { .. } => format!("return {named}"),
            SequenceStep::FailOver { .. } => format!("fail over {named}"),
            SequenceStep::Share { .. } => format!("GPU sharing on, {named}"),
            SequenceStep::Unshare { .. } => format!("GPU sharing off, {named}"),
            SequenceStep::Edit { edits } => plural(edits.len(), "edit"),
        }
    }

    /// Whether nothing is recreated or nothing runs, for want of nodes.
    fn is_down(&self) -> bool {
        self.verdict == Verdict::Down || self.control_plane.why.is_some()
    }

    fn is_good(&self, accept_losses: bool) -> bool {
        let accept = accept_losses && self.only_losses;
        self.verdict.is_good(self.prediction.is_some(), !self.losses.is_empty(), accept)
    }
}

impl Outcome for SequenceReport {
    fn is_good(&self, accept_losses: bool) -> bool {
        self.states.len() == self.steps && self.states.iter().all(|s| s.is_good(accept_losses))
    }

    fn bad_code(&self) -> u8 {
        self.verdict.code()
    }
}

/// Whether some pod asks a share of a GPU card.
pub(crate) fn shares_gpus(cluster: &Cluster) -> bool {
    cluster.shapes().iter().any(|s| s.gpu.cards > 0 && s.gpu.milli_each < Card::WHOLE_MILLI)
}

/// Tells states in which nothing is recreated or nothing runs which return ends them.
fn find_ends(states: &mut [SequenceState]) {
    let mut ends = None;
    for i in (0..states.len()).rev() {
        let state = &mut states[i];
        match (state.is_down(), &state.step) {
            (true, _) => state.ends_with = ends,
            (false, SequenceStep::Return { .. }) => ends = Some(i),
            // What ends it is the step before.
            (false, _) => ends = None,
        }
    }
}

/// How long the state at `i` lasts, and with what it ends, if it passes.
fn end_words(states: &[SequenceState], i: usize) -> String {
    let Some(end) = states[i].ends_with else { return String::new() };
    let until = &states[i..end];
    let seconds: Interval = until.iter().map(|s| Interval::from(s.seconds)).sum();
    let after = match seconds {
        Interval::ZERO => String::new(),
        seconds if seconds == Interval::at_least(0) => String::new(),
        seconds => format!(" after {}", Span::from(seconds).words()),
    };
    format!("; it ends{after} with step {} ({})", end + 1, states[end].words())
}

/// What the vendor's pages say of what happens on an edge device.
fn notes(
    context: &Context<'_>,
    states: &[SequenceState],
    update: Option<Update>,
) -> Vec<NoteReport> {
    let Some(device) = context.device else { return Vec::new() };
    let shares_gpus = shares_gpus(context.cluster);
    let of_update = update.map(|u| device::update_notes(u, device.hosts.len(), shares_gpus));
    let returns =
        |s: &SequenceState| matches!(s.step, SequenceStep::Return { .. }) && !s.hosts.is_empty();
    let back = states.iter().any(returns) && device.hosts.len() > 1;
    let notes = of_update.into_iter().flatten().chain(back.then(device::failback_note));
    notes.map(|n| NoteReport { code: n.code.into(), text: n.text, page: n.page.into() }).collect()
}

/// The report of these states.
pub(crate) fn sequence(
    context: &Context<'_>,
    mut states: Vec<SequenceState>,
    steps: usize,
    (update, is_given): (Option<Update>, bool),
    assumed: Vec<String>,
) -> SequenceReport {
    find_ends(&mut states);
    let sum: Interval = states.iter().map(|s| Interval::from(s.seconds)).sum();
    let total = match update {
        Some(Update::Kubernetes) if !is_given => sum.both(KUBERNETES_UPDATE),
        _ => sum,
    };
    let worst = (0..states.len()).min_by_key(|&i| (std::cmp::Reverse(states[i].verdict.rank()), i));
    let (mut verdict, mut why) = match worst {
        Some(i) => {
            let state = &states[i];
            let words = state.words();
            let text = match state.verdict {
                Verdict::Survives => format!("all {}", plural(states.len(), "state")),
                _ => {
                    let ends = end_words(&states, i);
                    format!("step {} of {steps} ({words}): {}{ends}", i + 1, state.why.text)
                }
            };
            (state.verdict, Why::new(state.why.code, text))
        }
        None => {
            (Verdict::Unknown, Why::new(WhyCode::Cancelled, "nothing was asked before it was cut"))
        }
    };
    let stop = match states.len() == steps {
        true => StopCode::Done,
        false => StopCode::Cancelled,
    };
    if stop != StopCode::Done && verdict.rank() < Verdict::Unknown.rank() {
        let text = format!("cancelled after {} of {steps}", plural(states.len(), "step"));
        (verdict, why) = (Verdict::Unknown, Why::new(WhyCode::Cancelled, text));
    }
    SequenceReport {
        api_version: API_VERSION.into(),
        kind: "SequenceReport".into(),
        verdict,
        why,
        worst,
        stop,
        total_seconds: total.into(),
        notes: notes(context, &states, update),
        states,
        steps,
        assumed,
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}
