//! Why something does not fit, with what would help: what the answers to a what-if and to a place share.

use super::{Asked, Fault};
use crate::report::{self, CauseReport};
use podfit::model::{Change, PodId};
use podfit::planner::{Cause, Options, RepairQuestion};
use podfit::rules::State;
use std::time::Duration;

/// Time for each of the solves that look for a cause: there may be some hundred.
const SOLVE_MAX: Duration = Duration::from_millis(500);

/// Options for the many small questions behind a cause.
pub(super) fn brief(options: &Options) -> Options {
    let limit = options.time_limit.unwrap_or(SOLVE_MAX).min(SOLVE_MAX);
    Options { time_limit: Some(limit), seeds: Some(0), ..options.clone() }
}

/// A cause with the nearest fixes for each kind of pod without a place, and with changes that together make all fit.
#[inline(never)]
pub(super) fn cause_report(
    asked: &Asked<'_>,
    cause: &Cause,
    change: &Change,
    question: &RepairQuestion<'_>,
    options: &Options,
) -> Result<CauseReport, Fault> {
    let planner = asked.snapshot.planner();
    let cluster = asked.snapshot.cluster();
    let state = State::with_change(cluster, change);
    let fixes = |pods: &[PodId]| {
        let Some(&pod) = pods.first() else { return Vec::new() };
        let fixes = planner.nearest_fix(&state, change, pod, options);
        fixes.fixes.iter().map(|f| report::fix(cluster, f, pods)).collect()
    };
    let report = report::cause(cluster, cause, fixes);
    Ok(report.with_repair(cluster, &planner.repair(question, cause, options)?))
}
