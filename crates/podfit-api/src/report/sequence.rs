//! The answer to "what if these things happen, one after the other?".

use super::common::{StageCode, StopCode, Verdict, plural};
use super::host::HostReport;
use super::pods::PodReport;
use super::predict::PredictionReport;
use super::reason::{Why, WhyCode};
use super::what_if::{ControlPlaneLoss, PodCounts, WhatIfReport};
use super::{API_VERSION, Context, Outcome};
use crate::request::SequenceStep;
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
    /// Pods that something becomes of; names and nodes are those of this state.
    pub pods: Vec<PodReport>,
    /// Nodes that are down afterwards.
    pub down: Vec<String>,
    /// Nodes that take no pods afterwards though they live.
    pub cordoned: Vec<String>,
}

impl SequenceState {
    pub(crate) fn new(
        step: SequenceStep,
        (hosts, nodes): (Vec<String>, Vec<String>),
        report: WhatIfReport,
        after: &podfit::model::Cluster,
    ) -> Self {
        let named = |is: fn(&podfit::model::Node) -> bool| {
            let ids = after.node_ids().filter(|&n| is(after.node(n)));
            ids.map(|n| after.node_name(n).to_string()).collect()
        };
        Self {
            step,
            hosts,
            nodes,
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
            SequenceStep::Edit { edits } => plural(edits.len(), "edit"),
        }
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

/// The report of these states.
pub(crate) fn sequence(
    context: &Context<'_>,
    states: Vec<SequenceState>,
    steps: usize,
    assumed: Vec<String>,
) -> SequenceReport {
    let worst = (0..states.len()).min_by_key(|&i| (std::cmp::Reverse(states[i].verdict.rank()), i));
    let (mut verdict, mut why) = match worst {
        Some(i) => {
            let state = &states[i];
            let words = state.words();
            let text = match state.verdict {
                Verdict::Survives => format!("all {}", plural(states.len(), "state")),
                _ => format!("step {} of {steps} ({words}): {}", i + 1, state.why.text),
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
        states,
        steps,
        assumed,
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}
