//! Moving others to make room, against brute force over who moves and where to.

use crate::oracle::{Case, brute_force_moving, case};
use podfit::model::PodId;
use podfit::planner::{Options, Plan, Planner};
use podfit::problem::Query;
use podfit::solve::{self, Method, Status};
use std::sync::Arc;

/// Running pods of surviving nodes that are not being deleted.
fn running(case: &Case) -> Vec<PodId> {
    let cluster = &case.cluster;
    let survivors = cluster.node_ids().filter(|n| !case.lost.contains(n));
    survivors
        .flat_map(|n| cluster.pods_on(n))
        .copied()
        .filter(|&p| !cluster.pod(p).terminating)
        .collect()
}

/// Those of them that may move: what is in the middle of a resize is left where it is.
fn movable(case: &Case) -> Vec<PodId> {
    let resizing = |p: &PodId| case.cluster.pod(*p).incoming != case.cluster.pod(*p).shape;
    running(case).into_iter().filter(|p| !resizing(p)).collect()
}

/// (Unplaced by priority from high to low, moves), the best over all sets of at most `most` movers.
fn expected(case: &Case, movable: &[PodId], most: usize) -> Vec<i64> {
    let priority = |p: &PodId| case.cluster.incoming_of(*p).priority;
    let mut priorities: Vec<i32> = case.displaced.iter().map(priority).collect();
    priorities.sort_unstable_by(|a, b| b.cmp(a));
    priorities.dedup();
    let mut best: Option<Vec<i64>> = None;
    for set in 0u32..1 << movable.len() {
        if set.count_ones() as usize > most {
            continue;
        }
        let chosen: Vec<PodId> =
            (0..movable.len()).filter(|i| set >> i & 1 == 1).map(|i| movable[i]).collect();
        let Some(unplaced) = brute_force_moving(case, &chosen) else { continue };
        let count =
            |p: &i32| unplaced.iter().find(|(q, _)| q == p).map_or(0, |&(_, n)| i64::from(n));
        let mut value: Vec<i64> = priorities.iter().map(count).collect();
        value.push(i64::from(set.count_ones()));
        if best.as_ref().is_none_or(|b| value < *b) {
            best = Some(value);
        }
    }
    best.expect("nobody moving is a candidate")
}

fn solved(case: &Case, movable: &[PodId], most: usize, solve: solve::Options) -> Plan {
    let planner = Planner::new(Arc::new(case.cluster.clone()));
    let query = Query {
        lost: &case.lost,
        loss: case.loss,
        removed: &case.removed,
        place: &case.displaced,
        movable,
        moves_max: most as u64,
        ..Query::default()
    };
    planner.solve(&query, &Options { solve, ..Options::default() }).expect("refereed")
}

/// How many answers are the search's.
fn agrees(options: &solve::Options) -> u64 {
    let (mut helped, mut asked, mut searched) = (0, 0, 0);
    for seed in podfit_soak::seeds(400, 100_000) {
        let case = case(seed);
        let movable = movable(&case);
        if movable.is_empty() || movable.len() > 6 {
            continue;
        }
        let most = 1 + (seed % 2) as usize;
        let best = expected(&case, &movable, most);
        let plan = solved(&case, &running(&case), most, options.clone());
        let objectives: Vec<i64> = plan.levels.iter().map(|l| l.objective).collect();
        assert!(objectives >= best, "seed {seed}: {objectives:?} is better than the best {best:?}");
        if !matches!(options.backend, solve::Backend::Absent) {
            assert_eq!(plan.status, Status::Optimal, "seed {seed}: {plan:?}");
            assert_eq!(objectives, best, "seed {seed}: {plan:?}");
        }
        asked += 1;
        searched += u64::from(plan.provenance == "search");
        helped += u64::from(best.last() != Some(&0));
    }
    println!("{asked} cases, in {helped} a move helps");
    assert!(helped * 40 >= asked, "a move must matter in some cases");
    searched
}

#[test]
fn greedy_with_moves_is_legal_and_never_too_good() {
    agrees(&solve::Options {
        method: Method::Greedy,
        backend: solve::Backend::Absent,
        ..Default::default()
    });
}

#[test]
fn search_with_moves_is_legal_and_never_too_good() {
    let searched = agrees(&solve::Options {
        enumeration_states_max: Some(0),
        search_steps_max: Some(20_000),
        backend: solve::Backend::Absent,
        ..Default::default()
    });
    println!("{searched} answers are the search's");
    assert!(searched > 0);
}

#[test]
fn enumeration_with_moves_equals_brute_force() {
    agrees(&solve::Options { enumeration_states_max: Some(1 << 22), ..Default::default() });
}

#[cfg(feature = "highs")]
#[test]
fn the_integer_program_with_moves_equals_brute_force() {
    agrees(&solve::Options {
        method: Method::Exact,
        backend: solve::Backend::Highs,
        enumeration_states_max: Some(0),
        ..Default::default()
    });
}
