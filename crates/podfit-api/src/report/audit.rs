//! The answer to "which losses does the cluster survive?".

use super::common::{Certificate, Scope, StageCode, StopCode, Verdict, plural};
use super::host;
use super::predict::{self, HintReport};
use super::reason::{Why, WhyCode};
use super::what_if::{down, judged, taken_as_absent};
use super::{API_VERSION, Context, Outcome};
use crate::names::Failed;
use crate::request::AuditRequest;
use crate::time::Span;
use crate::vocabulary::Mode;
use podfit::device::HostId;
use podfit::model::{Interval, Kind, NodeId};
use podfit::planner::{self, Audit, Planner, Stall, WhatIf};
use podfit::solve::Cut;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answer to an audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `AuditReport`.
    pub kind: String,
    /// The worst verdict of all cases, `does-not-fit` before `unknown`; `unknown` where cases were not
    /// asked and none of the others failed.
    pub verdict: Verdict,
    /// Why.
    pub why: Why,
    /// What may be moved in each case.
    pub scope: Scope,
    /// How many pods on surviving nodes may be moved in each case.
    pub moves_allowed: u64,
    /// Seeds of the scheduler's simulation asked for; null: as many as the size allows.
    pub predict: Option<u32>,
    /// Sets of up to so many nodes.
    pub k: u32,
    /// The label whose values are the failure domains, if they were asked for.
    pub domain: Option<String>,
    /// How nodes are lost.
    pub mode: Mode,
    /// How many cases there are.
    pub cases_all: u64,
    /// How many were asked.
    pub cases_asked: usize,
    /// Nodes without the label, which are in no case.
    pub nodes_without_domain: usize,
    /// Cases by verdict.
    pub counts: VerdictCounts,
    /// The cases: hosts of the edge device, then nodes in the order of the input (or domains in that of
    /// their names), then pairs and so on.
    pub cases: Vec<AuditCase>,
    /// Until the last pod that comes back by itself is ready, in the slowest case; null where none is known.
    #[serde(default)]
    pub recovered_after_seconds: Option<Span>,
    /// What is left of each resource in the worst case for it: what the nodes left have free once all that is displaced or
    /// pending has taken its part, a sum over nodes in whole numbers, negative where it is short. Whether pods fit is what
    /// the verdicts say.
    #[serde(default)]
    pub headroom: BTreeMap<String, i64>,
    /// Pods that state no CPU or no memory request: "fits" says little of them.
    #[serde(default)]
    pub unrequested_pods: usize,
    /// What the verdicts rest on beside the input, in short clauses.
    pub assumed: Vec<String>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

/// Cases by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // the names are those of Verdict
pub struct VerdictCounts {
    pub survives: usize,
    pub survives_with_losses: usize,
    pub survives_if_placed_well: usize,
    pub does_not_fit: usize,
    pub unknown: usize,
    pub stalls: usize,
    pub down: usize,
}

/// One loss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditCase {
    /// Names of the nodes lost.
    pub failed: Vec<String>,
    /// The host of the edge device that they are lost with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The failure domain that they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub why: Why,
    /// Whether something was cut short, and by what.
    #[serde(default)]
    pub stop: StopCode,
    /// Which stage was, if one was: those before it were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_stage: Option<StageCode>,
    /// What it rests on.
    pub certificate: Option<Certificate>,
    /// What may be moved.
    pub scope: Scope,
    /// How often the default scheduler places everything: `certain`, or seeds as `200/200`; empty where nothing
    /// needs a place or it was not asked.
    pub predicted: String,
    /// What to do beforehand, where the scheduler may miss the placement and something helps; looked for in the first
    /// ten such cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<HintReport>,
    /// Whether the control plane is down.
    pub control_plane_down: bool,
    /// Until the last pod that comes back by itself is ready; null where none does, or when is not known.
    #[serde(default)]
    pub recovered_after_seconds: Option<Span>,
    /// Pods by verdict.
    pub counts: CaseCounts,
}

/// Pods of a case by verdict; those that were pending before are counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // the names are those of PodVerdict
pub struct CaseCounts {
    pub moves: usize,
    pub pending: usize,
    pub waiting: usize,
    pub lost: usize,
    pub stuck: usize,
    pub not_evaluated: usize,
    /// Pods that were pending before and find no place.
    pub still_pending: usize,
}

impl Outcome for AuditReport {
    fn is_good(&self, accept_losses: bool) -> bool {
        let losses = self.cases.iter().any(|c| c.has_losses());
        let only = |c: &AuditCase| c.counts.waiting + c.counts.still_pending == 0;
        let accept = accept_losses && self.cases.iter().all(only);
        self.verdict.is_good(self.predict != Some(0), losses, accept)
    }

    fn bad_code(&self) -> u8 {
        self.verdict.code()
    }
}

impl AuditCase {
    /// See [`Report::is_good`](super::Report::is_good).
    pub(crate) fn is_good(&self, asked: bool) -> bool {
        self.verdict.is_good(asked, self.has_losses(), false)
    }

    /// Whether pods are lost or stuck, or nothing is recreated as the control plane is down.
    pub(crate) fn has_losses(&self) -> bool {
        self.control_plane_down || self.counts.lost + self.counts.stuck > 0
    }
}

impl CaseCounts {
    fn of(count: impl Fn(planner::PodVerdict) -> usize, still_pending: usize) -> Self {
        use planner::PodVerdict as P;
        Self {
            moves: count(P::Moves),
            pending: count(P::Pending),
            waiting: count(P::Waiting),
            lost: count(P::Lost),
            stuck: count(P::Stuck),
            not_evaluated: count(P::NotEvaluated),
            still_pending,
        }
    }

    fn why(&self, verdict: &planner::Verdict, control_plane_down: bool) -> Why {
        let outcome = self.outcome();
        let (code, head) = match verdict {
            planner::Verdict::Down => {
                return Why::new(WhyCode::AllNodesLost, "no node is left to run on");
            }
            _ if control_plane_down => (WhyCode::ControlPlane, "the control plane is down"),
            planner::Verdict::Unknown(open) => return Why::open(open),
            planner::Verdict::Stalls(Stall::DrainHangs) => (WhyCode::DrainHangs, "the drain hangs"),
            planner::Verdict::Stalls(_) => (WhyCode::EvictionHalted, "nothing is evicted"),
            _ => return outcome,
        };
        Why::new(code, format!("{head}; {}", outcome.text))
    }

    fn outcome(&self) -> Why {
        let named = [
            (self.pending, "without a place"),
            (self.waiting, "waiting"),
            (self.lost, "lost"),
            (self.stuck, "stuck"),
            (self.not_evaluated, "not evaluated"),
            (self.still_pending, "pending as before"),
        ];
        let parts: Vec<String> =
            named.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        let code = match (self.pending + self.waiting + self.still_pending, self.moves) {
            (1.., _) => WhyCode::SomeUnplaced,
            (0, 0) => WhyCode::NothingToPlace,
            (0, _) => WhyCode::AllPlaced,
        };
        let text = match (parts.is_empty(), self.moves) {
            (true, 0) => "no pod needs a new place".into(),
            (true, n) => {
                format!("{} find{} a place", plural(n, "pod"), if n == 1 { "s" } else { "" })
            }
            (false, 0) => parts.join(", "),
            (false, n) => format!(
                "{} move{}, {}",
                plural(n, "pod"),
                if n == 1 { "s" } else { "" },
                parts.join(", ")
            ),
        };
        Why::new(code, text)
    }
}

/// A host of the edge device, with the answer about it and until when all is back.
pub(crate) type HostCase = (HostId, Failed, WhatIf, Option<Cut>, Option<Interval>);

/// The report of `audit`; `hosts` are the answers for the hosts of the edge device.
pub(crate) fn audit(
    planner: &Planner,
    context: &Context<'_>,
    request: &AuditRequest,
    (audit, recovered): (&Audit, &[Option<Interval>]),
    hosts: &[HostCase],
    absent: &[Kind],
) -> AuditReport {
    let of_host = |(_, failed, answer, cut, recovered): &HostCase| AuditCase {
        recovered_after_seconds: recovered.map(Into::into),
        ..case(context, failed, answer, *cut)
    };
    let mut cases: Vec<AuditCase> = hosts.iter().map(of_host).collect();
    cases.extend(audit.cases.iter().zip(recovered).map(|(case, recovered)| AuditCase {
        recovered_after_seconds: recovered.map(Into::into),
        ..audited(context, case)
    }));
    let all_recovered = hosts.iter().filter_map(|h| h.4).chain(recovered.iter().copied().flatten());
    let lost = hosts.iter().map(|h| &h.1.nodes).chain(audit.cases.iter().map(|c| &c.lost));
    let mut counts = VerdictCounts::default();
    for case in &cases {
        match case.verdict {
            Verdict::Survives => counts.survives += 1,
            Verdict::SurvivesWithLosses => counts.survives_with_losses += 1,
            Verdict::SurvivesIfPlacedWell => counts.survives_if_placed_well += 1,
            Verdict::DoesNotFit => counts.does_not_fit += 1,
            Verdict::Unknown => counts.unknown += 1,
            Verdict::Stalls => counts.stalls += 1,
            Verdict::Down => counts.down += 1,
        }
    }
    let cases_all =
        u64::try_from(audit.cases_all).unwrap_or(u64::MAX).saturating_add(hosts.len() as u64);
    let left_out = cases_all - cases.len() as u64;
    let verdict = match counts {
        VerdictCounts { down: 1.., .. } => Verdict::Down,
        VerdictCounts { stalls: 1.., .. } => Verdict::Stalls,
        VerdictCounts { does_not_fit: 1.., .. } => Verdict::DoesNotFit,
        VerdictCounts { unknown: 1.., .. } => Verdict::Unknown,
        _ if left_out > 0 => Verdict::Unknown,
        VerdictCounts { survives_if_placed_well: 1.., .. } => Verdict::SurvivesIfPlacedWell,
        VerdictCounts { survives_with_losses: 1.., .. } => Verdict::SurvivesWithLosses,
        _ => Verdict::Survives,
    };
    AuditReport {
        api_version: API_VERSION.into(),
        kind: "AuditReport".into(),
        verdict,
        why: why(&counts, cases.len(), left_out),
        scope: Scope::of(request.moves),
        moves_allowed: request.moves,
        predict: request.predict,
        k: request.k,
        domain: request.domain.clone(),
        mode: request.mode,
        cases_all,
        cases_asked: cases.len(),
        nodes_without_domain: audit.nodes_without_domain,
        counts,
        cases,
        recovered_after_seconds: all_recovered.reduce(Interval::both).map(Into::into),
        headroom: headroom(planner, lost),
        unrequested_pods: context.cluster.pods().iter().filter(|p| p.unrequested).count(),
        assumed: taken_as_absent(absent).into_iter().collect(),
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}

/// What is left of each resource in the worst case for it.
fn headroom<'n>(
    planner: &Planner,
    cases: impl Iterator<Item = &'n Vec<NodeId>>,
) -> BTreeMap<String, i64> {
    let (cluster, headroom) = (planner.cluster(), planner.headroom());
    let mut least: BTreeMap<String, i64> = BTreeMap::new();
    for lost in cases {
        for (resource, left) in headroom.after(lost) {
            if !cluster.is_volume_limit(resource) {
                let name = cluster.resource_name(resource).to_string();
                least.entry(name).and_modify(|l| *l = (*l).min(left)).or_insert(left);
            }
        }
    }
    least
}

fn why(counts: &VerdictCounts, asked: usize, left_out: u64) -> Why {
    let mut why = format!("{} of {} survived", counts.survives, plural(asked, "case"));
    let others = [
        (counts.survives_with_losses, "with losses"),
        (counts.survives_if_placed_well, "if placed well"),
        (counts.does_not_fit, "do not fit"),
        (counts.unknown, "unknown"),
        (counts.stalls, "stall"),
        (counts.down, "down"),
    ];
    for (n, what) in others.iter().filter(|(n, _)| *n > 0) {
        why += &format!(", {n} {}", if *n == 1 { singular(what) } else { what });
    }
    if left_out > 0 {
        why += &format!("; {left_out} more were not asked (limit)");
    }
    Why::new(WhyCode::Counted, why)
}

fn singular(verb: &'static str) -> &'static str {
    match verb {
        "do not fit" => "does not fit",
        "stall" => "stalls",
        other => other,
    }
}

fn audited(context: &Context<'_>, case: &planner::AuditCase) -> AuditCase {
    let cluster = context.cluster;
    let count = |v| case.counts.iter().find(|(w, _)| *w == v).map_or(0, |(_, n)| *n);
    let counts = CaseCounts::of(count, case.still_pending);
    let unknown = matches!(case.verdict, planner::Verdict::Unknown(_));
    let claim = case.proof.filter(|_| !unknown);
    AuditCase {
        failed: case.lost.iter().map(|&n| cluster.node_name(n).into()).collect(),
        host: None,
        domain: case.domain.clone(),
        verdict: (&case.verdict).into(),
        why: counts.why(&case.verdict, case.control_plane_down),
        stop: StopCode::of(case.cut),
        cut_stage: StageCode::of(case.cut),
        certificate: claim.map(Into::into),
        scope: case.scope.into(),
        predicted: predict::brief(case.prediction.as_ref()),
        hint: case.hint.as_ref().map(|h| predict::hint(cluster, h)),
        control_plane_down: case.control_plane_down,
        recovered_after_seconds: None,
        counts,
    }
}

/// A what-if as a case: of hosts of the device, or of nodes.
pub(crate) fn case(
    context: &Context<'_>,
    failed: &Failed,
    answer: &WhatIf,
    cut: Option<Cut>,
) -> AuditCase {
    let cluster = context.cluster;
    let host = context.device.map(|d| host::host(d, cluster, &failed.hosts, &failed.rulings));
    let down = down(&answer.control_plane, host.as_ref());
    let judged = judged(context, failed, answer, host.as_ref(), down.as_deref());
    let counts = CaseCounts::of(|v| answer.count_of_loss(v), answer.still_pending());
    let short = host.is_some_and(|h| h.shortage().is_some());
    AuditCase {
        failed: failed.nodes.iter().map(|&n| cluster.node_name(n).into()).collect(),
        host: match failed.hosts.as_slice() {
            [] => None,
            hosts => Some(hosts.iter().map(|h| h.name()).collect::<Vec<_>>().join("+")),
        },
        domain: None,
        verdict: judged.verdict,
        why: match judged.verdict {
            Verdict::Down => judged.why,
            _ if short => judged.why,
            _ => counts.why(&answer.verdict, down.is_some()),
        },
        stop: StopCode::of(cut),
        cut_stage: StageCode::of(cut),
        certificate: judged.certificate,
        scope: answer.scope.into(),
        predicted: predict::brief(answer.prediction.as_ref().map(|p| &p.share)),
        hint: answer.hint.as_ref().map(|h| predict::hint(cluster, h)),
        control_plane_down: down.is_some(),
        recovered_after_seconds: None,
        counts,
    }
}
