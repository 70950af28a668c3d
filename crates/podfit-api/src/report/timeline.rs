//! The answer to "when is everything back after these nodes are lost?".

use super::common::{StageCode, StopCode, Verdict, plural};
use super::paths::{PathReport, Paths};
use super::pods::{Judge, PodReport, PodVerdict, pods};
use super::reason::{ObjectRef, PodReason, Why, WhyCode};
use super::what_if::{down, judged};
use super::{API_VERSION, Context, Outcome, host};
use crate::names::Failed;
use crate::request::TimelineRequest;
use crate::select::{Listed, Selection};
use crate::time::Span;
use crate::vocabulary::Mode;
use podfit::planner::{self, Action, PodTimeline, Return, Timeline, WhatIf};
use podfit::solve::Cut;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether everything comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TimelineVerdict {
    /// All pods that the loss takes come back by themselves, or none is taken.
    Recovers,
    /// Some do, others need an operator, room, or are lost.
    RecoversPartly,
    /// None of those taken comes back by itself, or when is not known.
    DoesNotRecover,
}

/// The answer to a timeline request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `TimelineReport`.
    pub kind: String,
    /// Whether everything comes back by itself.
    pub verdict: TimelineVerdict,
    /// Why.
    pub why: Why,
    /// The verdict of the what-if behind it.
    pub what_if: Verdict,
    /// Whether something was cut short, and by what.
    #[serde(default)]
    pub stop: StopCode,
    /// Which stage was, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_stage: Option<StageCode>,
    /// Names of the nodes lost.
    pub failed: Vec<String>,
    /// Names of the hosts of the edge device that are lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_hosts: Vec<String>,
    /// How they are lost.
    pub mode: Mode,
    /// Whether silent nodes are cut off rather than dead: their pods run on.
    pub isolated: bool,
    /// The version of Kubernetes, if it was given.
    pub kubernetes: Option<String>,
    /// Until the first lost node has its taint, as a path; null where none gets one, or when is not known.
    pub tainted_path: Option<u32>,
    /// Until the last pod that comes back by itself is ready; null where none does.
    pub recovered_after_seconds: Option<Span>,
    /// Pods that the loss touches.
    pub pods: Vec<TimelinePod>,
    /// Set where the list of pods was filtered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pods_listed: Option<Listed>,
    /// How the times come about.
    pub paths: Vec<PathReport>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

/// Whether a pod comes back, and by whom.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnCode {
    /// By itself.
    Back,
    /// It is never away: it runs on where it is.
    RunsOn,
    /// Once an operator acts, or its node is back.
    Operator,
    /// Once the control plane is back, and when that is is not known.
    ControlPlane,
    /// Once there is room, a gate is lifted, a quota allows it or its turn comes.
    NoPlace,
    /// With its node: DaemonSet and static pods.
    WithNode,
    /// Nothing makes it again, or nobody wants it to.
    Never,
}

impl From<Return> for ReturnCode {
    fn from(returns: Return) -> Self {
        match returns {
            Return::Back => Self::Back,
            Return::RunsOn => Self::RunsOn,
            Return::Acts => Self::Operator,
            Return::ControlPlane => Self::ControlPlane,
            Return::NoPlace => Self::NoPlace,
            Return::WithNode => Self::WithNode,
            Return::Never => Self::Never,
        }
    }
}

/// A pod that the loss touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelinePod {
    /// Namespace.
    pub namespace: String,
    /// Name; a replacement goes by the name of the pod it replaces.
    pub name: String,
    /// The controller whose template it has; null for bare and static pods.
    pub workload: Option<ObjectRef>,
    /// Node it runs on now.
    pub from: Option<String>,
    /// Where it goes.
    pub to: Option<String>,
    /// What becomes of it.
    pub verdict: PodVerdict,
    /// Whether it comes back, and by whom.
    pub returns: ReturnCode,
    /// Why.
    pub reason: PodReason,
    /// From the failure until it is evicted; null where it is not, or when is not known.
    pub evicted_after_seconds: Option<Span>,
    /// How that comes about, as a position in `paths`.
    pub evicted_path: Option<u32>,
    /// From the failure until it is ready again; null where it does not come back by itself, or when is not known.
    pub back_after_seconds: Option<Span>,
    /// How that comes about, as a position in `paths`.
    pub back_path: Option<u32>,
    /// How long it does not run, where that is known: of a drain from its eviction on.
    pub down_seconds: Option<Span>,
    /// Whether the old pod runs on meanwhile, on a node that is cut off.
    pub runs_meanwhile: bool,
    /// What an operator may do where it waits for one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ActionReport>,
}

/// What an operator may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActionReport {
    /// What.
    pub action: ActionCode,
    /// From then on until the pod is ready; its node is known not to be ready then.
    pub back_after_seconds: Span,
    /// How that comes about, as a position in `paths`.
    pub path: u32,
}

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ActionCode {
    /// Taints the node `node.kubernetes.io/out-of-service`.
    OutOfService,
    /// Deletes the pod by force.
    ForceDelete,
    /// Deletes the Node object.
    DeleteNode,
}

impl From<Action> for ActionCode {
    fn from(action: Action) -> Self {
        match action {
            Action::OutOfService => Self::OutOfService,
            Action::ForceDelete => Self::ForceDelete,
            Action::DeleteNode => Self::DeleteNode,
        }
    }
}

impl Outcome for TimelineReport {
    fn is_good(&self, accept_losses: bool) -> bool {
        match self.verdict {
            TimelineVerdict::Recovers => true,
            TimelineVerdict::RecoversPartly => accept_losses,
            TimelineVerdict::DoesNotRecover => false,
        }
    }
}

/// The report of `timeline`, which is about `answer`.
pub(crate) fn timeline(
    context: &Context<'_>,
    request: &TimelineRequest,
    failed: &Failed,
    (answer, timeline): (&WhatIf, &Timeline),
    cut: Option<Cut>,
    list: &Selection,
) -> TimelineReport {
    let cluster = context.cluster;
    let host = context.device.map(|d| host::host(d, cluster, &failed.hosts, &failed.rulings));
    let down = down(&answer.control_plane, host.as_ref());
    let (loss, back) = (request.mode.into(), BTreeMap::new());
    let judge = Judge { cluster, answer, loss, down: down.as_deref(), back };
    let what_if = judged(context, failed, answer, host.as_ref(), down.as_deref()).verdict;
    let names = |p: &PodReport| (p.namespace.clone(), p.name.clone());
    let mut reports: BTreeMap<(String, String), PodReport> =
        pods(&judge, list).into_iter().map(|p| (names(&p), p)).collect();
    let mut paths = Paths::default();
    let tainted_path = timeline.tainted.as_ref().map(|path| paths.position(path));
    let isolated = request.timing.isolated && request.mode == Mode::NotReady;
    let mut listed = Vec::new();
    for pod in &timeline.pods {
        let namespace = cluster.str(cluster.shape_of(pod.pod).namespace).to_string();
        let name = cluster.str(cluster.pod(pod.pod).name).to_string();
        if let Some(report) = reports.remove(&(namespace, name)) {
            listed.push(one(pod, report, &mut paths, isolated));
        }
    }
    let (verdict, why) = summed_up(timeline, answer);
    TimelineReport {
        api_version: API_VERSION.into(),
        kind: "TimelineReport".into(),
        verdict,
        why,
        what_if,
        stop: StopCode::of(cut),
        cut_stage: StageCode::of(cut),
        failed: failed.nodes.iter().map(|&n| cluster.node_name(n).into()).collect(),
        failed_hosts: failed.hosts.iter().map(|h| h.name().into()).collect(),
        mode: request.mode,
        isolated,
        kubernetes: request.timing.kubernetes.clone(),
        tainted_path,
        recovered_after_seconds: timeline.recovered.map(Into::into),
        pods_listed: list.listed(listed.len(), timeline.pods.len()),
        pods: listed,
        paths: paths.reports(),
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}

fn one(pod: &PodTimeline, report: PodReport, paths: &mut Paths, isolated: bool) -> TimelinePod {
    let evicted_path = pod.evicted.as_ref().map(|path| paths.position(path));
    let back_path = pod.back.as_ref().map(|path| paths.position(path));
    let action = |acted: &planner::Acted| ActionReport {
        action: acted.action.into(),
        back_after_seconds: acted.path.total().into(),
        path: paths.position(&acted.path),
    };
    let actions = pod.acted.iter().map(action).collect();
    TimelinePod {
        namespace: report.namespace,
        name: report.name,
        workload: report.workload,
        from: report.from,
        to: report.to,
        verdict: report.verdict,
        returns: pod.returns.into(),
        reason: report.reason,
        evicted_after_seconds: pod.evicted.as_ref().map(|path| path.total().into()),
        evicted_path,
        back_after_seconds: pod.back.as_ref().map(|path| path.total().into()),
        back_path,
        down_seconds: pod.down.map(Into::into),
        runs_meanwhile: isolated && pod.returns != Return::RunsOn,
        actions,
    }
}

fn summed_up(timeline: &Timeline, answer: &WhatIf) -> (TimelineVerdict, Why) {
    use planner::Fate;
    let unwanted = |pod: &PodTimeline| {
        let fate = answer.displaced.fate_of(pod.pod);
        matches!(fate, Some(Fate::NotWanted | Fate::WasTerminating))
    };
    let count = |returns: Return| {
        timeline.pods.iter().filter(|p| p.returns == returns && !unwanted(p)).count()
    };
    let back = count(Return::Back);
    let rest = [
        (
            count(Return::Acts),
            "waits for an operator or its node",
            "wait for an operator or their nodes",
        ),
        (count(Return::ControlPlane), "waits for the control plane", "wait for the control plane"),
        (count(Return::NoPlace), "finds no place", "find no place"),
        (count(Return::Never), "is lost", "are lost"),
    ];
    let bad: usize = rest.iter().map(|r| r.0).sum();
    let verdict = match (back, bad) {
        (_, 0) => TimelineVerdict::Recovers,
        (0, _) => TimelineVerdict::DoesNotRecover,
        _ => TimelineVerdict::RecoversPartly,
    };
    let others = rest.iter().filter(|r| r.0 > 0);
    let others = others.map(|(n, one, many)| format!("{n} {}", if *n == 1 { one } else { many }));
    let first = match (back, timeline.recovered) {
        (0, _) | (_, None) if bad == 0 => Some("no pod is away".into()),
        (0, _) | (_, None) => None,
        (n, Some(recovered)) => Some(format!(
            "{} back by {} after {}",
            if n == 1 { "1 pod is".into() } else { format!("{} are", plural(n, "pod")) },
            if n == 1 { "itself" } else { "themselves" },
            Span::from(recovered).words(),
        )),
    };
    let code = match (back, bad) {
        (0, 0) => WhyCode::NothingToPlace,
        _ => WhyCode::Counted,
    };
    (verdict, Why::new(code, first.into_iter().chain(others).collect::<Vec<_>>().join(", ")))
}
