//! Why something does not fit, with what would help: what the answers to a what-if and to a place share.

use super::{Asked, Fault};
use crate::report::{self, CauseReport};
use podfit::model::{Change, PodId};
use podfit::planner::{Cause, Options, RepairQuestion};
use podfit::rules::State;
use podfit::solve::{Progress, Stage};

/// Steps of the search for a cause, for the fixes of all kinds of pods, and for a repair: some seconds each, where much is
/// to be looked at. Steps and no time: the same is found under every load.
const CAUSE_STEPS: u64 = 500_000_000;
const FIXES_STEPS: u64 = 200_000_000;
const REPAIR_STEPS: u64 = 300_000_000;
/// Steps of each solve among them, a tenth of a second: there may be some hundred, and many a quick one finds more than a
/// few that puzzle.
const SOLVE_STEPS: u64 = 5_000_000;

/// Says that the verdict is there and the search for what would help begins. Options for the many small questions behind a
/// cause: `asked` are those of the question.
pub(super) fn brief(asked: &Options) -> Options {
    asked.control().report(Progress::LookingForFixes);
    limited(asked, Stage::Cause, CAUSE_STEPS)
}

fn limited(asked: &Options, stage: Stage, steps: u64) -> Options {
    Options { seeds: Some(0), ..asked.at(stage).limited(steps, SOLVE_STEPS) }
}

/// A cause with the nearest fixes for each kind of pod without a place, and with changes that together make all fit.
#[inline(never)]
pub(super) fn cause_report(
    asked: &Asked<'_>,
    cause: &Cause,
    change: &Change,
    question: &RepairQuestion<'_>,
) -> Result<CauseReport, Fault> {
    let planner = asked.snapshot.planner();
    let cluster = asked.snapshot.cluster();
    let state = State::with_change(cluster, change);
    let options = limited(&asked.solve, Stage::Fixes, FIXES_STEPS);
    let fixes = |pods: &[PodId]| {
        let Some(&pod) = pods.first() else { return Vec::new() };
        let fixes = planner.nearest_fix(&state, change, pod, &options);
        fixes.fixes.iter().map(|f| report::fix(cluster, f, pods)).collect()
    };
    let report = report::cause(cluster, cause, fixes);
    let options = limited(&asked.solve, Stage::Repair, REPAIR_STEPS);
    Ok(report.with_repair(cluster, &planner.repair(question, cause, &options)?))
}
