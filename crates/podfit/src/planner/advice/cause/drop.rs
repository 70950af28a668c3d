//! Whom to leave out so that all others are placed, the least by priority.

use super::trial::limited;
use super::{Asked, CauseCut};
use crate::model::{Card, Change, Edit, NodeId, PodId, Removal, Step};
use crate::planner::plan::{Plan, Refused};
use crate::problem::{Level, NO_DOMAIN, Origin, Problem, Query, Term};
use crate::solve::{self, Outcome, Status};
use fixedbitset::FixedBitSet;
use std::sync::Arc;

/// Survivors offered for dropping.
const SURVIVORS_MAX: usize = 2_000;

/// A set of pods without which all others are placed; the referee agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drop {
    /// Displaced (or pending) pods that get no place.
    pub displaced: Vec<PodId>,
    /// Survivors of lower priority that leave their nodes.
    pub survivors: Vec<PodId>,
    /// Whether no set is better: fewer pods of the highest priority, then of the next, and so on.
    pub proved_least: bool,
}

impl Drop {
    /// The edit that carries it out.
    pub fn edit(&self) -> Edit {
        Edit::Delete { pods: [&self.displaced[..], &self.survivors[..]].concat() }
    }
}

/// The plan's own: only displaced pods are left out.
pub(super) fn displaced(plan: &Plan) -> Drop {
    let levels = plan.levels.iter();
    Drop {
        displaced: plan.unplaced.clone(),
        survivors: Vec::new(),
        proved_least: levels.into_iter().all(solve::LevelOutcome::is_closed),
    }
}

/// The best set if survivors of lower priority than the unplaced pods may go as well. They are items that may
/// leave their node for a bin outside the cluster, at the price of an unplaced pod of their priority.
pub(super) fn with_survivors(
    asked: &Asked<'_>,
    cuts: &mut Vec<CauseCut>,
) -> Result<Option<Drop>, Refused> {
    let mut survivors = survivors(asked);
    let all = survivors.len();
    // A pod in the middle of a resize holds and asks two amounts; as an item that may stay it has but one.
    let cluster = asked.planner.cluster();
    survivors.retain(|&p| cluster.pod(p).shape == cluster.pod(p).incoming);
    if survivors.len() > SURVIVORS_MAX {
        survivors.truncate(SURVIVORS_MAX);
        cuts.push(CauseCut::Survivors { seen: SURVIVORS_MAX, all });
    }
    if survivors.is_empty() || asked.is_over() {
        return Ok(None);
    }
    let moves_max = survivors.len() as u64;
    let query = Query { movable: &survivors, moves_max, ..asked.query.clone() };
    let (mut problem, mapping) = asked.planner.index.problem(&query);
    let outside = add_outside(&mut problem);
    problem.levels = levels(asked, &problem, &mapping.pods);
    let outcome = solve::solve(&problem, &limited(asked.options, &problem).solve_options());
    let (change, dropped) = read(asked, &problem, &mapping.pods, &outcome, outside);
    let placed: rustc_hash::FxHashSet<PodId> = change.steps.iter().map(|s| s.pod).collect();
    let left: Vec<PodId> =
        asked.query.place.iter().copied().filter(|p| !placed.contains(p)).collect();
    if dropped.is_empty() || !is_better(asked, &left, &dropped) {
        return Ok(None);
    }
    asked.planner.confirm(&change, outcome.provenance)?;
    // One pod of the lowest priority there is: only none at all would be better.
    let lowest = survivors.first().map(|&p| asked.planner.cluster().shape_of(p).priority);
    let one = left.is_empty()
        && dropped.len() == 1
        && dropped.first().map(|&p| asked.planner.cluster().shape_of(p).priority) == lowest
        && asked.plan.unplaced_bound.0 > 0;
    let proved_least = one || outcome.status == Status::Optimal && all == survivors.len();
    Ok(Some(Drop { displaced: left, survivors: dropped, proved_least }))
}

/// Survivors of lower priority than some unplaced pod, lowest priority first. DaemonSet and static pods come
/// back at once, parts of the control plane are not ours to drop, and who is being deleted goes anyway.
fn survivors(asked: &Asked<'_>) -> Vec<PodId> {
    let cluster = asked.planner.cluster();
    let problem = &asked.problem;
    let priority = |p: PodId| cluster.incoming_of(p).priority;
    let Some(top) = asked.plan.unplaced.iter().map(|&p| priority(p)).max() else {
        return Vec::new();
    };
    let mut leaving = FixedBitSet::with_capacity(cluster.pods().len());
    asked.query.removed.iter().for_each(|r| leaving.insert(r.pod.index()));
    // Without rules about other pods, room matters only where some displaced pod may go.
    let coupled = problem
        .classes
        .iter()
        .any(|c| !c.forbids.is_empty() || !c.needs.is_empty() || !c.spread.is_empty());
    let matters = |n: NodeId| {
        !problem.closed.contains(n.index())
            && (coupled || (0..problem.classes.len()).any(|c| problem.may_enter(c, n.index())))
    };
    let nodes = cluster.node_ids().filter(|&n| matters(n));
    let may_go = |p: &PodId| {
        let pod = cluster.pod(*p);
        !leaving.contains(p.index())
            && !pod.terminating
            && pod.component.is_none()
            && !pod.owner.kind.stays_with_node()
            && cluster.shape_of(*p).priority < top
    };
    let mut found: Vec<PodId> =
        nodes.flat_map(|n| cluster.pods_on(n)).copied().filter(may_go).collect();
    found.sort_by_key(|&p| (cluster.shape_of(p).priority, p));
    found
}

/// Adds the bin outside, in which nothing is counted and all fit, and lets movable items go there alone.
fn add_outside(problem: &mut Problem) -> usize {
    let outside = problem.bins();
    let movable = |problem: &Problem| -> Vec<usize> {
        (0..problem.classes.len()).filter(|&c| problem.classes[c].origin.is_some()).collect()
    };
    let classes = movable(problem);
    for r in 0..problem.dims {
        let asked = |&c: &usize| problem.classes[c].demand[r] * i64::from(problem.classes[c].count);
        let room = classes.iter().map(asked).sum();
        problem.free.push(room);
    }
    for &class in &classes {
        let c = &problem.classes[class];
        let Some(Origin { bin, cards }) = &c.origin else { continue };
        let start = problem.cards_of(*bin as usize).start;
        // It may run on a card that it would not get anew: outside is one that it accepts.
        let accepts =
            |model: &u32| c.cards.models.is_empty() || c.cards.models.binary_search(model).is_ok();
        let held = |&k: &u16| problem.card_model[start + usize::from(k)];
        let models: Vec<u32> = cards
            .iter()
            .map(held)
            .map(|model| if accepts(&model) { model } else { c.cards.models[0] })
            .collect();
        for _ in 0..c.count {
            problem.card_model.extend(&models);
            problem.card_free.extend(models.iter().map(|_| Card::WHOLE_MILLI));
        }
    }
    problem.card_start.push(problem.card_free.len() as u32);
    problem.closed.grow(outside + 1);
    for counter in &mut problem.counters {
        let mut domains = counter.domain_of.as_ref().clone();
        domains.push(NO_DOMAIN);
        counter.domain_of = Arc::new(domains);
    }
    let mut there = FixedBitSet::with_capacity(outside + 1);
    there.insert(outside);
    let there = Arc::new(there);
    for class in &mut problem.classes {
        if class.origin.is_some() {
            class.eligible = Some(there.clone());
            class.forbids.clear();
            class.needs.clear();
            class.spread.clear();
        } else {
            // The bin outside is for survivors alone, also where a class may go everywhere.
            let mut inside = FixedBitSet::with_capacity(outside + 1);
            match &class.eligible {
                Some(eligible) => inside.union_with(eligible),
                None => inside.insert_range(..outside),
            }
            class.eligible = Some(Arc::new(inside));
        }
    }
    outside
}

/// A level a priority, from high to low: displaced pods without a place, and survivors dropped.
fn levels(asked: &Asked<'_>, problem: &Problem, pods: &[Vec<PodId>]) -> Vec<Level> {
    let cluster = asked.planner.cluster();
    let priority = |class: usize| match problem.classes[class].origin {
        Some(_) => cluster.shape_of(pods[class][0]).priority,
        None => cluster.incoming_of(pods[class][0]).priority,
    };
    let priorities: Vec<i32> = (0..pods.len()).map(priority).collect();
    let mut distinct = priorities.clone();
    distinct.sort_unstable_by(|a, b| b.cmp(a));
    distinct.dedup();
    distinct
        .into_iter()
        .map(|p| {
            let weights = |moves: bool| -> Vec<i64> {
                let counts = |class: usize| {
                    priorities[class] == p && problem.classes[class].origin.is_some() == moves
                };
                (0..pods.len()).map(|class| i64::from(counts(class))).collect()
            };
            let terms = [Term::Unplaced(weights(false)), Term::Moves(weights(true))];
            let named = |t: &Term| match t {
                Term::Unplaced(w) | Term::Moves(w) => w.contains(&1),
                Term::BinsUsed(_) => false,
            };
            let terms = terms.into_iter().filter(named).collect();
            Level { name: format!("dropped (priority {p})"), terms }
        })
        .collect()
}

/// The change that the answer means, and the survivors that it drops.
fn read(
    asked: &Asked<'_>,
    problem: &Problem,
    pods: &[Vec<PodId>],
    outcome: &Outcome,
    outside: usize,
) -> (Change, Vec<PodId>) {
    let query = asked.query;
    let mut next = vec![0usize; pods.len()];
    let mut removed = query.removed.to_vec();
    let mut steps = Vec::new();
    let mut dropped = Vec::new();
    for put in &outcome.puts {
        let class = put.class as usize;
        let pod = pods[class][next[class]];
        next[class] += 1;
        if problem.classes[class].origin.is_some() {
            debug_assert_eq!(put.bin as usize, outside, "survivors may go nowhere else");
            removed.push(Removal { pod, lingers: false });
            dropped.push(pod);
        } else {
            steps.push(Step { pod, node: NodeId(put.bin), cards: put.cards.clone() });
        }
    }
    dropped.sort_unstable();
    (Change { lost: query.lost.to_vec(), loss: query.loss, removed, steps }, dropped)
}

/// Whether leaving out these is better, priority by priority, than what the plan leaves out.
fn is_better(asked: &Asked<'_>, left: &[PodId], dropped: &[PodId]) -> bool {
    let cluster = asked.planner.cluster();
    let incoming = |p: &PodId| cluster.incoming_of(*p).priority;
    let mut new: Vec<i32> = left.iter().map(incoming).collect();
    new.extend(dropped.iter().map(|&p| cluster.shape_of(p).priority));
    let mut old: Vec<i32> = asked.plan.unplaced.iter().map(incoming).collect();
    new.sort_unstable_by(|a, b| b.cmp(a));
    old.sort_unstable_by(|a, b| b.cmp(a));
    // From the highest priority down: at the first difference the lower one is better, and so is the shorter.
    new < old
}
