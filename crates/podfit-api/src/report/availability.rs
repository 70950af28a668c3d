//! The answer to "how long are workloads down in a year?".

use super::common::plural;
use super::reason::{Why, WhyCode};
use super::{API_VERSION, Context, Outcome};
use crate::request::{AvailabilityRequest, PartSums, RunPart, WorkloadSums};
use crate::time::{Decimal, Seconds};
use podfit::planner::{self, Availability, FailureCause, Subject, Sums};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Outages seen before an interval is told, and runs.
const OUTAGES_MIN: u64 = 10;
const RUNS_MIN: u32 = 30;
/// Standard errors to either side: 95 % of a normal distribution.
const STANDARD_ERRORS: f64 = 1.96;

/// Whether all that was down was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AvailabilityVerdict {
    /// It was.
    Estimated,
    /// Sets of nodes were down that were not asked about: pods count as down meanwhile.
    Partly,
}

/// The answer to an availability request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `AvailabilityReport`.
    pub kind: String,
    /// Whether all that was down was asked about.
    pub verdict: AvailabilityVerdict,
    /// Why.
    pub why: Why,
    /// Runs asked for, each of a year.
    pub runs: u32,
    /// Runs that the estimates are of: fewer than `runs` in a part.
    pub runs_made: u32,
    /// What decided the chance.
    pub seed: u64,
    /// What fails.
    pub failures: Vec<FailureReport>,
    /// Workloads, the one that is down longest first; then pods without a controller as such.
    pub workloads: Vec<WorkloadAvailability>,
    /// Time in a year while some node is down.
    pub some_node_down_seconds: Seconds,
    /// Time in a year while sets of nodes are down that were not asked about.
    pub not_asked_seconds: Seconds,
    /// Sets of nodes that were down in some run.
    pub sets_seen: usize,
    /// Sets that were asked about.
    pub sets_asked: usize,
    /// Pods of DaemonSets, static ones, and those that do not run now: nothing is said of them.
    pub not_watched: usize,
    /// What parts made elsewhere are added up by.
    pub sums: PartSums,
    /// What is supposed of how nodes fail and pods come back.
    pub assumed: Vec<String>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

/// Nodes that fail together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FailureReport {
    /// The nodes.
    pub nodes: Vec<String>,
    /// Mean time from a repair to the next failure.
    pub between_failures_seconds: Seconds,
    /// Mean time to repair.
    pub repair_seconds: Seconds,
}

/// A workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadAvailability {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Kind, as `Deployment`; `Pod` for a pod without a controller.
    pub kind: String,
    /// How many pods it has.
    pub pods: u32,
    /// Share of the time with a ready pod, from 0 to 1.
    pub availability: Decimal,
    /// Time in a year without any ready pod.
    pub down_seconds: Estimate,
    /// Time in a year with fewer ready pods than now.
    pub degraded_seconds: Estimate,
    /// How often a year it goes down.
    pub outages_per_year: Decimal,
}

/// A mean over runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// The mean.
    pub mean: Seconds,
    /// The lower end of the 95 % confidence interval; null where there were too few outages or runs for one.
    pub low: Option<Seconds>,
    /// The upper end.
    pub high: Option<Seconds>,
}

impl Outcome for AvailabilityReport {
    fn is_good(&self, _accept_losses: bool) -> bool {
        self.verdict == AvailabilityVerdict::Estimated
    }
}

impl Estimate {
    fn of(sums: &Sums, runs: u32, outages: u64) -> Self {
        let n = f64::from(runs.max(1));
        let mean = sums.sum_ms as f64 / n;
        let known = runs >= RUNS_MIN && outages >= OUTAGES_MIN;
        let variance = (sums.squares as f64 / n - mean * mean).max(0.0) * n / (n - 1.0).max(1.0);
        let error = STANDARD_ERRORS * (variance / n).sqrt();
        let end = |ms: f64| known.then(|| Seconds::from_ms(ms.round() as i64));
        Self {
            mean: Seconds::from_ms(mean.round() as i64),
            low: end((mean - error).max(0.0)),
            high: end(mean + error),
        }
    }
}

/// The report of `answer`, which is of the runs of `part`.
pub(crate) fn availability(
    context: &Context<'_>,
    request: &AvailabilityRequest,
    causes: &[FailureCause],
    answer: &Availability,
    part: RunPart,
    year_ms: i64,
) -> AvailabilityReport {
    let cluster = context.cluster;
    let runs = f64::from(answer.runs.max(1));
    let mut workloads: Vec<WorkloadAvailability> =
        answer.estimates.iter().map(|e| workload(cluster, e, answer.runs, year_ms)).collect();
    workloads.sort_by(|a, b| {
        let key = |w: &WorkloadAvailability| {
            (std::cmp::Reverse(w.down_seconds.mean), std::cmp::Reverse(w.degraded_seconds.mean))
        };
        key(a)
            .cmp(&key(b))
            .then_with(|| (&a.namespace, &a.name, &a.kind).cmp(&(&b.namespace, &b.name, &b.kind)))
    });
    let per_run = |ms: i128| Seconds::from_ms((ms as f64 / runs).round() as i64);
    let verdict = match answer.not_asked_ms {
        0 => AvailabilityVerdict::Estimated,
        _ => AvailabilityVerdict::Partly,
    };
    let failure = |cause: &FailureCause| FailureReport {
        nodes: cause.nodes.iter().map(|&n| cluster.node_name(n).into()).collect(),
        between_failures_seconds: Seconds::from_ms(cause.up_ms),
        repair_seconds: Seconds::from_ms(cause.repair_ms),
    };
    AvailabilityReport {
        api_version: API_VERSION.into(),
        kind: "AvailabilityReport".into(),
        verdict,
        why: why(&workloads, answer),
        runs: request.runs,
        runs_made: answer.runs,
        seed: request.seed,
        failures: causes.iter().map(failure).collect(),
        workloads,
        some_node_down_seconds: per_run(answer.some_down_ms),
        not_asked_seconds: per_run(answer.not_asked_ms),
        sets_seen: answer.sets_seen,
        sets_asked: answer.sets_asked,
        not_watched: answer.not_watched,
        sums: sums(answer, part),
        assumed: assumed(answer),
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}

fn workload(
    cluster: &podfit::model::Cluster,
    estimate: &planner::Estimate,
    runs: u32,
    year_ms: i64,
) -> WorkloadAvailability {
    let (namespace, name, kind) = match estimate.subject {
        Subject::Workload(c) => (c.namespace, cluster.str(c.name), cluster.kind_name(c.kind)),
        Subject::Pod(pod) => {
            (cluster.shape_of(pod).namespace, cluster.str(cluster.pod(pod).name), "Pod")
        }
    };
    let n = f64::from(runs.max(1));
    let down = estimate.down.sum_ms as f64 / n / year_ms as f64;
    // Each degraded stretch that is no outage may be as rare; the number of outages is a lower bound for both.
    WorkloadAvailability {
        namespace: cluster.str(namespace).into(),
        name: name.into(),
        kind: kind.into(),
        pods: estimate.pods,
        availability: Decimal::near(1.0 - down),
        down_seconds: Estimate::of(&estimate.down, runs, estimate.outages),
        degraded_seconds: Estimate::of(&estimate.degraded, runs, estimate.outages),
        outages_per_year: Decimal::near(estimate.outages as f64 / n),
    }
}

fn sums(answer: &Availability, part: RunPart) -> PartSums {
    let one = |estimate: &planner::Estimate| WorkloadSums {
        down_ms: estimate.down.sum_ms.to_string(),
        down_squares: estimate.down.squares.to_string(),
        degraded_ms: estimate.degraded.sum_ms.to_string(),
        degraded_squares: estimate.degraded.squares.to_string(),
        outages: estimate.outages,
    };
    PartSums {
        part,
        workloads: answer.estimates.iter().map(one).collect(),
        sets_seen: answer.sets_seen,
        sets_asked: answer.sets_asked,
        not_asked_ms: answer.not_asked_ms.to_string(),
        some_down_ms: answer.some_down_ms.to_string(),
        not_evaluated: answer.not_evaluated,
    }
}

fn why(workloads: &[WorkloadAvailability], answer: &Availability) -> Why {
    let mut text = match workloads.first() {
        None => "no pod runs that something could take down".to_string(),
        Some(worst) => format!(
            "{}/{} is down longest, {} a year on average over {}",
            worst.namespace,
            worst.name,
            podfit::model::Interval::exactly(worst.down_seconds.mean.ms()),
            plural(answer.runs as usize, "run"),
        ),
    };
    if answer.sets_asked < answer.sets_seen {
        text += &format!(
            "; {} of {} were not asked about (limit), and pods count as down meanwhile",
            answer.sets_seen - answer.sets_asked,
            plural(answer.sets_seen, "set") + " of nodes",
        );
    }
    Why::new(WhyCode::Counted, text)
}

fn assumed(answer: &Availability) -> Vec<String> {
    let mut assumed = vec![
        "failures and repairs come at exponential times".to_string(),
        "a set of nodes is lost at once, whatever the order was".into(),
        "pods are back on their own nodes, without being away for it, once these are repaired"
            .into(),
        "pods that nothing makes again are made again with the repair".into(),
        "pods go where the solver places them".into(),
    ];
    if answer.not_evaluated > 0 {
        assumed.push(format!(
            "up to {} about which something could not be evaluated run where they have a place",
            plural(answer.not_evaluated, "pod")
        ));
    }
    assumed
}
