//! Several moves at once: the solver's answer, on small clusters.

use super::{Case, Fix, FixKind};
use crate::model::{NodeId, PodId};
use crate::planner::Options;
use crate::planner::loss::is_remade_elsewhere;
use crate::problem::Query;
use crate::rules::State;
use rustc_hash::FxHashSet;

/// Larger clusters are not asked about.
const NODES_MAX: usize = 32;
/// Nor those with more pods that may move.
const MOVABLE_MAX: usize = 120;
/// Moves allowed.
const MOVES_MAX: u64 = 4;
/// For the solver: half a second.
const STEPS_MAX: u64 = 50_000_000;

/// The fewest moves, two to four, with which the pod and all that were placed before have a place.
pub(super) fn moves(case: &Case, state: &State, options: &Options) -> Option<Fix> {
    let cluster = case.cluster;
    let change = &case.change;
    let gone: FxHashSet<PodId> = change.removed.iter().map(|r| r.pod).collect();
    let survivors = cluster.node_ids().filter(|&n| state.loss_of(n).is_none());
    let movable: Vec<PodId> = survivors
        .flat_map(|n| cluster.pods_on(n))
        .copied()
        .filter(|p| is_remade_elsewhere(cluster, *p) && !gone.contains(p))
        .collect();
    if movable.is_empty() || movable.len() > MOVABLE_MAX || cluster.nodes().len() > NODES_MAX {
        return None;
    }
    let place: Vec<PodId> = change.steps.iter().map(|s| s.pod).chain([case.pod]).collect();
    let query = Query {
        lost: &change.lost,
        loss: change.loss,
        removed: &change.removed,
        place: &place,
        movable: &movable,
        moves_max: MOVES_MAX,
        ..Query::default()
    };
    let mut options = options.clone();
    options.solve.work_max = Some(options.solve.work_max.map_or(STEPS_MAX, |w| w.min(STEPS_MAX)));
    // A refused answer is a bug of the solver, reported where its answer is asked for; here it is no fix.
    let plan = case.planner.solve(&query, &options).ok()?;
    let steps = &plan.change.steps;
    let node = steps.iter().find(|s| s.pod == case.pod).filter(|_| plan.unplaced.is_empty())?.node;
    let moved = |pod: PodId| pod != case.pod && !place.contains(&pod);
    let moves: Vec<(PodId, NodeId)> =
        steps.iter().filter(|s| moved(s.pod)).map(|s| (s.pod, s.node)).collect();
    (moves.len() > 1).then(|| Fix {
        kind: FixKind::Moves { moves },
        node,
        change: Some(plan.change.clone()),
    })
}
