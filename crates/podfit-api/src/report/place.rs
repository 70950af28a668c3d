//! The answer to "where do pending pods go?".

use super::CauseReport;
use super::common::{
    Certificate, Level, Scope, StageCode, Status, StopCode, Unrequested, levels, plural,
};
use super::nodes::{NodeReport, nodes};
use super::pods::{NearestFix, requests};
use super::predict::{self, HintReport, PredictionReport};
use super::proof;
use super::reason::{ObjectRef, PodReason, PodReasonCode, Why, WhyCode, gaps, owner, workload};
use super::what_if::{evicted, steps, taken_as_absent};
use super::{API_VERSION, Context, Outcome};
use crate::request::PlanStep;
use crate::select::{Listed, Selection};
use podfit::model::{Cluster, Kind, PodId};
use podfit::planner::{self, Placed};
use podfit::solve::Cut;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether the pending pods fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceVerdict {
    /// Every one has a place.
    Fits,
    /// Every one has a place, but the default scheduler may miss it (or was not asked).
    FitsIfPlacedWell,
    /// Proved: some pod finds none.
    DoesNotFit,
    /// Neither.
    Unknown,
}

impl PlaceVerdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::FitsIfPlacedWell => "fits if placed well",
            Self::DoesNotFit => "does not fit",
            Self::Unknown => "unknown",
        }
    }
}

/// The answer to a place request. Running pods stay where they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `PlaceReport`.
    pub kind: String,
    /// The verdict on the whole.
    pub verdict: PlaceVerdict,
    /// Why.
    pub why: Why,
    /// Whether something was cut short, and by what.
    #[serde(default)]
    pub stop: StopCode,
    /// Which stage was, if one was: those before it were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_stage: Option<StageCode>,
    /// What the verdict rests on; null where nothing is claimed.
    pub certificate: Option<Certificate>,
    /// The same as a sentence with its figures.
    pub proof: Option<String>,
    /// What may be moved.
    pub scope: Scope,
    /// What the default scheduler would do; null where it was not asked.
    pub prediction: Option<PredictionReport>,
    /// What to do, where the scheduler may miss the placement and something helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<HintReport>,
    /// Why it does not fit, and the least that would make it fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<CauseReport>,
    /// Whether as few empty nodes as can be are used.
    pub fewest_nodes: bool,
    /// How good the placement is.
    pub status: Status,
    /// Objective, bound and gap of each level, the first matters most.
    pub levels: Vec<Level>,
    /// How many of the pods state no request.
    pub unrequested: Unrequested,
    /// Every pending pod, unless the list was filtered.
    pub pods: Vec<PlacePod>,
    /// Set where the list of pods was filtered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pods_listed: Option<Listed>,
    /// Every node.
    pub nodes: Vec<NodeReport>,
    /// The plan, in an order in which every step is allowed: `check` replays it.
    pub steps: Vec<PlanStep>,
    /// Running pods that the plan evicts and that get no new place, as `namespace/name`: they are being deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evicted: Vec<String>,
    /// What the verdict rests on beside the input, in short clauses.
    pub assumed: Vec<String>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

/// What becomes of a pending pod.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PlacePodVerdict {
    /// Finds no place.
    Pending,
    /// Has a place by all that is known, but something about it could not be evaluated.
    NotEvaluated,
    /// Has a place.
    Placed,
}

impl PlacePodVerdict {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::NotEvaluated => "not-evaluated",
            Self::Placed => "placed",
        }
    }
}

/// A pending pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacePod {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// What becomes of it.
    pub verdict: PlacePodVerdict,
    /// Where it goes.
    pub to: Option<String>,
    /// Why.
    pub reason: PodReason,
    /// The nearest fix, where no node takes it and one was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<NearestFix>,
    /// What owns it; null for a bare pod.
    pub owner: Option<ObjectRef>,
    /// The controller whose template it has, a Deployment rather than its ReplicaSet; null for a bare pod.
    pub workload: Option<ObjectRef>,
    /// Priority.
    pub priority: i32,
    /// What it requests, by resource, in whole numbers.
    pub requests: BTreeMap<String, i64>,
}

impl Outcome for PlaceReport {
    fn is_good(&self, _accept_losses: bool) -> bool {
        match self.verdict {
            PlaceVerdict::Fits => true,
            PlaceVerdict::FitsIfPlacedWell => self.prediction.is_none(),
            PlaceVerdict::DoesNotFit | PlaceVerdict::Unknown => false,
        }
    }

    fn bad_code(&self) -> u8 {
        match self.verdict {
            PlaceVerdict::Fits => 0,
            PlaceVerdict::DoesNotFit => 10,
            PlaceVerdict::FitsIfPlacedWell => 12,
            PlaceVerdict::Unknown => 13,
        }
    }
}

impl PlaceReport {
    /// Says what was cut short.
    pub(crate) fn with_cut(mut self, cut: Option<Cut>) -> Self {
        (self.stop, self.cut_stage) = (StopCode::of(cut), StageCode::of(cut));
        self
    }

    /// Adds why it does not fit, and the nearest fix to the reasons of the pods without a place.
    pub(crate) fn with_cause(mut self, cause: CauseReport) -> Self {
        let nearest = cause.nearest();
        for pod in self.pods.iter_mut().filter(|p| p.verdict == PlacePodVerdict::Pending) {
            if let Some(fix) = nearest.get(format!("{}/{}", pod.namespace, pod.name).as_str()) {
                pod.fix = Some(NearestFix { code: fix.code.clone(), text: fix.text.clone() });
            }
        }
        self.cause = Some(cause);
        self
    }
}

/// The report of `placed`.
pub(crate) fn place(
    context: &Context<'_>,
    fewest_nodes: bool,
    placed: &Placed,
    absent: &[Kind],
    list: &Selection,
) -> PlaceReport {
    let cluster = context.cluster;
    let plan = &placed.plan;
    let verdict = match placed.verdict {
        planner::Verdict::DoesNotFit => PlaceVerdict::DoesNotFit,
        planner::Verdict::Unknown(_) => PlaceVerdict::Unknown,
        planner::Verdict::SurvivesIfPlacedWell => PlaceVerdict::FitsIfPlacedWell,
        _ => PlaceVerdict::Fits,
    };
    let refused = placed.refused.len();
    let (all, unplaced) = (placed.pods.len() + refused, plan.unplaced.len() + refused);
    let why = match &placed.verdict {
        planner::Verdict::Unknown(open) => Why::open(open),
        _ if all == 0 => Why::new(WhyCode::NothingToPlace, "no pod is pending"),
        _ if unplaced == refused && refused > 0 => {
            let text = format!("{} not made: admission refuses", plural(refused, "pod"));
            Why::new(WhyCode::Refused, text)
        }
        _ if unplaced == 0 => {
            Why::new(WhyCode::AllPlaced, format!("{} placed", plural(all, "pending pod")))
        }
        _ if unplaced == all && all == 1 => {
            Why::new(WhyCode::SomeUnplaced, "the one pending pod finds no place")
        }
        _ => {
            let text = format!("{unplaced} of {} without a place", plural(all, "pending pod"));
            Why::new(WhyCode::SomeUnplaced, text)
        }
    };
    let gated = match placed.gated.as_slice() {
        [] => String::new(),
        [one] => format!("; {} waits for its scheduling gate", cluster.pod_name(*one)),
        more => format!("; {} more wait for their scheduling gates", more.len()),
    };
    let why = Why { text: why.text + &gated, ..why };
    let pods = pods(cluster, placed, list);
    let claim = placed.proof.filter(|_| verdict != PlaceVerdict::Unknown && all > 0);
    let without = placed.pods.iter().filter(|&&p| cluster.pod(p).unrequested).count();
    PlaceReport {
        api_version: API_VERSION.into(),
        kind: "PlaceReport".into(),
        verdict,
        why,
        stop: StopCode::Done,
        cut_stage: None,
        certificate: claim.map(Into::into),
        proof: proof::sentence(cluster, plan, claim, cluster.nodes().len()),
        scope: placed.scope.into(),
        prediction: placed.prediction.as_ref().map(|p| predict::prediction(cluster, p)),
        hint: placed.hint.as_ref().map(|h| predict::hint(cluster, h)),
        cause: None,
        fewest_nodes,
        status: Status::of(plan.status, plan.claim().0),
        levels: levels(&plan.levels),
        unrequested: Unrequested { displaced: all, unrequested: without },
        pods_listed: list.listed(pods.len(), all),
        pods,
        nodes: nodes(cluster, &plan.change),
        steps: steps(cluster, &plan.change),
        evicted: evicted(cluster, &plan.change),
        assumed: taken_as_absent(absent).into_iter().collect(),
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}

fn pods(cluster: &Cluster, placed: &Placed, list: &Selection) -> Vec<PlacePod> {
    let targets: BTreeMap<_, _> =
        placed.plan.change.steps.iter().map(|s| (s.pod, cluster.node_name(s.node))).collect();
    let why: BTreeMap<_, _> = placed.explanations.iter().map(|(p, why)| (*p, why)).collect();
    let refused: BTreeMap<_, _> = placed.refused.iter().map(|(p, why)| (*p, why)).collect();
    let pod = |&id: &PodId| {
        let to = targets.get(&id).copied();
        let gaps = gaps(cluster, id);
        let (verdict, reason) = match to {
            None if let Some(refused) = refused.get(&id) => {
                let barred = cluster.pod(id).barred.is_some();
                let code = if barred { PodReasonCode::LimitRange } else { PodReasonCode::Quota };
                (PlacePodVerdict::Pending, PodReason::new(code, format!("is not made: {refused}")))
            }
            None => {
                let why = why.get(&id).map(|why| &***why);
                let mut reason = PodReason::no_node(cluster, why);
                if !gaps.is_empty() {
                    reason.text += &format!("; not evaluated: {gaps}");
                }
                (PlacePodVerdict::Pending, reason.with_gaps(cluster, id))
            }
            Some(to) if gaps.is_empty() => {
                let reason = PodReason::new(PodReasonCode::Placed, format!("fits {to}"));
                (PlacePodVerdict::Placed, reason)
            }
            Some(to) => {
                let text = format!("{to} has a place, not evaluated: {gaps}");
                let reason = PodReason::new(PodReasonCode::Placed, text).with_gaps(cluster, id);
                (PlacePodVerdict::NotEvaluated, reason)
            }
        };
        PlacePod {
            namespace: cluster.str(cluster.shape_of(id).namespace).into(),
            name: cluster.str(cluster.pod(id).name).into(),
            verdict,
            to: to.map(Into::into),
            reason,
            fix: None,
            owner: owner(cluster, id),
            workload: workload(cluster, id),
            priority: cluster.shape_of(id).priority,
            requests: requests(cluster, id),
        }
    };
    let mut all: Vec<PodId> = placed.pods.iter().chain(refused.keys()).copied().collect();
    all.sort_unstable();
    all.iter().filter(|&&id| list.selects(cluster, id)).map(pod).collect()
}
