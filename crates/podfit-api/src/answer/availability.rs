//! How long are workloads down in a year?

use super::timeline::away;
use super::{Asked, Fault, Question};
use crate::names::{self, RequestError, at};
use crate::report::{self, AvailabilityReport};
use crate::request::{AvailabilityRequest, FailureRate, PartSums, RunPart, WorkloadSums};
use crate::snapshot::Snapshot;
use podfit::device::HostId;
use podfit::model::NodeId;
use podfit::planner::{Availability, AvailabilityQuestion, Estimate, FailureCause, Sums, WhatIf};

/// A run: 365 days.
const YEAR_MS: i64 = 365 * 86_400_000;
const RUNS_MAX: u32 = 1_000_000;
/// Failures and repairs of all runs together, on average: some minutes of work.
const EVENTS_MAX: f64 = 50_000_000.0;
/// Shorter mean times than a second are no failures of nodes.
const MEAN_MIN_MS: i64 = 1000;

impl Question for AvailabilityRequest {
    type Report = AvailabilityReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<AvailabilityReport, Fault> {
        asked.must_have_pods()?;
        let snapshot = asked.snapshot;
        let (cluster, planner) = (snapshot.cluster(), snapshot.planner());
        let times = super::times::times(cluster, &self.timing);
        let (causes, times) = names::both(causes(asked, self), times)?;
        let whole = RunPart { first: 0, count: self.runs };
        let part = self.part.unwrap_or(whole);
        if !self.sums.is_empty() {
            let answer = added_up(asked, self)?;
            return Ok(report::availability(
                &asked.context(),
                self,
                &causes,
                &answer,
                whole,
                YEAR_MS,
            ));
        }
        let question = AvailabilityQuestion {
            causes,
            horizon_ms: YEAR_MS,
            runs: self.runs,
            part: part.first..part.first + part.count,
            seed: self.seed,
            sets_max: self.sets_max as usize,
            times,
        };
        let away = |down: &[NodeId], answer: &WhatIf| {
            away(
                (cluster, snapshot.device()),
                &hosts_down(snapshot, down),
                answer.control_plane.is_down(),
                false,
                &self.timing,
            )
        };
        let answer = planner.availability(&question, away, &asked.with_seeds(Some(0)))?;
        let causes = &question.causes;
        Ok(report::availability(&asked.context(), self, causes, &answer, part, YEAR_MS))
    }
}

/// The device's hosts whose worker is down: they are taken to be down with it.
fn hosts_down(snapshot: &Snapshot, down: &[NodeId]) -> Vec<HostId> {
    let is_down = |host: &HostId| {
        let worker = snapshot.device().and_then(|d| d.worker(*host));
        let node = worker.and_then(|vm| snapshot.cluster().find_node(&vm.name));
        node.is_some_and(|node| down.binary_search(&node).is_ok())
    };
    let hosts = snapshot.device().into_iter().flat_map(|d| &d.hosts);
    hosts.map(|host| host.id).filter(is_down).collect()
}

/// What fails, with every fault of the request.
fn causes(
    asked: &Asked<'_>,
    request: &AvailabilityRequest,
) -> Result<Vec<FailureCause>, Vec<RequestError>> {
    let (mut causes, mut errors) = (Vec::new(), Vec::new());
    let mut fault = |place: String, code, cause: &str, fix: &str| {
        errors.push(at(place, (code, cause.into(), fix.into())));
    };
    if request.failures.is_empty() {
        let fix = "name nodes with the mean times between their failures and to repair them";
        fault("failures".into(), "nothing-fails", "nothing is said to fail", fix);
    }
    if !(1..=RUNS_MAX).contains(&request.runs) {
        fault("runs".into(), "out-of-range", "there are no so many runs", "give 1 to 1000000");
    }
    if request.sets_max == 0 {
        fault("setsMax".into(), "too-few", "0 asks nothing", "give 1 or more");
    }
    if let Some(part) = request.part
        && part.first.checked_add(part.count).is_none_or(|end| end > request.runs)
    {
        fault("part".into(), "out-of-range", "it goes beyond the runs", "give a part of 0 to runs");
    }
    for (i, rate) in request.failures.iter().enumerate() {
        let times = [
            ("betweenFailuresSeconds", rate.between_failures_seconds),
            ("repairSeconds", rate.repair_seconds),
        ];
        for (field, _) in times.into_iter().filter(|(_, time)| time.ms() < MEAN_MIN_MS) {
            let place = format!("failures[{i}].{field}");
            fault(place, "out-of-range", "a mean time is a second at least", "give more");
        }
    }
    for (i, rate) in request.failures.iter().enumerate() {
        match groups(asked, rate) {
            Ok(groups) => {
                let (up_ms, repair_ms) =
                    (rate.between_failures_seconds.ms(), rate.repair_seconds.ms());
                let cause = |nodes| FailureCause { nodes, up_ms, repair_ms };
                causes.extend(groups.into_iter().map(cause));
            }
            Err(faults) => errors.extend(faults.into_iter().map(|fault| RequestError {
                place: format!("failures[{i}].{}", fault.place.replacen("fail", "nodes", 1)),
                ..fault
            })),
        }
    }
    let cycles = |c: &FailureCause| YEAR_MS as f64 / (c.up_ms + c.repair_ms).max(1) as f64;
    let events = 2.0 * f64::from(request.runs) * causes.iter().map(cycles).sum::<f64>();
    if errors.is_empty() && events > EVENTS_MAX {
        let cause = format!("{events:.0} failures and repairs are too many to go through");
        let fix = format!(
            "ask for fewer runs: {:.0} are possible",
            f64::from(request.runs) * EVENTS_MAX / events
        );
        errors.push(at("runs", ("too-much", cause, fix)));
    }
    if errors.is_empty() { Ok(causes) } else { Err(errors) }
}

/// Sets of nodes, each of which fails together.
fn groups(asked: &Asked<'_>, rate: &FailureRate) -> Result<Vec<Vec<NodeId>>, Vec<RequestError>> {
    let snapshot = asked.snapshot;
    let cluster = snapshot.cluster();
    if let Some(label) = &rate.domain {
        if !rate.nodes.is_empty() {
            let cause = "it has both nodes and a domain".into();
            let fix = "give one of them".into();
            return Err(vec![at("domain", ("two-ways", cause, fix))]);
        }
        names::label_choices(cluster, label).map_err(|fault| vec![at("domain", fault)])?;
        let (domains, _) = snapshot.planner().domains(label);
        return Ok(domains.into_iter().map(|(_, nodes)| nodes).collect());
    }
    let all = cluster.node_ids();
    match (rate.nodes.as_slice(), rate.together) {
        ([star], true) if star == "*" => Ok(vec![all.collect()]),
        ([star], false) if star == "*" => Ok(all.map(|node| vec![node]).collect()),
        (names, true) => Ok(vec![names::lost_some(cluster, snapshot.device(), names)?.nodes]),
        (names, false) => {
            names::lost_some(cluster, snapshot.device(), names)?;
            let mut groups = Vec::new();
            for name in names {
                let failed = names::lost(cluster, snapshot.device(), std::slice::from_ref(name))?;
                // A host of the device is one thing that fails, whatever runs on it.
                match failed.hosts.is_empty() {
                    true => groups.extend(failed.nodes.into_iter().map(|node| vec![node])),
                    false => groups.push(failed.nodes),
                }
            }
            groups.sort_unstable();
            groups.dedup();
            Ok(groups)
        }
    }
}

/// Sums of parts, which must be all runs, each once, of this cluster.
fn added_up(asked: &Asked<'_>, request: &AvailabilityRequest) -> Result<Availability, Fault> {
    let planner = asked.snapshot.planner();
    let watched = planner.watched();
    let pods: u32 = watched.iter().map(|w| w.1).sum();
    let start = |(subject, pods): (_, u32)| {
        let (down, degraded) = (Sums::default(), Sums::default());
        Estimate { subject, pods, down, degraded, outages: 0 }
    };
    let mut answer = Availability {
        runs: request.runs,
        estimates: watched.into_iter().map(start).collect(),
        sets_seen: 0,
        sets_asked: 0,
        not_asked_ms: 0,
        some_down_ms: 0,
        not_watched: asked.snapshot.cluster().pods().len() - pods as usize,
        not_evaluated: 0,
    };
    let mut parts: Vec<(usize, &PartSums)> = request.sums.iter().enumerate().collect();
    parts.sort_by_key(|(_, sums)| sums.part.first);
    let mut next = 0;
    for (i, sums) in parts {
        let is_next = sums.part.first == next;
        next = sums.part.first.saturating_add(sums.part.count);
        if !is_next
            || sums.workloads.len() != answer.estimates.len()
            || add(&mut answer, sums).is_none()
        {
            return Err(bad_sums(i));
        }
    }
    if next != request.runs {
        return Err(bad_sums(request.sums.len() - 1));
    }
    Ok(answer)
}

fn bad_sums(i: usize) -> Fault {
    let cause = "it does not add up with the others to all runs of this question".into();
    let fix = "give the sums of the reports of parts of it, all and each once, as they are".into();
    Fault::Request(vec![at(format!("sums[{i}]"), ("bad-sums", cause, fix))])
}

fn add(answer: &mut Availability, sums: &PartSums) -> Option<()> {
    let number = |text: &str| text.parse::<i128>().ok();
    answer.not_asked_ms = answer.not_asked_ms.checked_add(number(&sums.not_asked_ms)?)?;
    answer.some_down_ms = answer.some_down_ms.checked_add(number(&sums.some_down_ms)?)?;
    answer.sets_seen = answer.sets_seen.max(sums.sets_seen);
    answer.sets_asked = answer.sets_asked.max(sums.sets_asked);
    answer.not_evaluated = answer.not_evaluated.max(sums.not_evaluated);
    for (estimate, sums) in answer.estimates.iter_mut().zip(&sums.workloads) {
        let WorkloadSums { down_ms, down_squares, degraded_ms, degraded_squares, outages } = sums;
        let add = |to: &mut Sums, ms: &str, squares: &str| {
            to.sum_ms = to.sum_ms.checked_add(number(ms)?)?;
            to.squares = to.squares.checked_add(squares.parse().ok()?)?;
            Some(())
        };
        add(&mut estimate.down, down_ms, down_squares)?;
        add(&mut estimate.degraded, degraded_ms, degraded_squares)?;
        estimate.outages = estimate.outages.checked_add(*outages)?;
    }
    Some(())
}
