//! The least that one node must have more of, so that everything fits.
//!
//! Whether it fits depends on a node's amount only through the sums of demands that it holds, so the amounts to
//! try are such sums less what is free. More never makes it worse, so the least is found by halving.

pub use super::trial::What;

use super::shortage::{Short, demand};
use super::trial::{Fit, Trials};
use super::{Asked, CauseCut};
use crate::model::{Card, Edit, NodeChange, NodeId, ResourceId, Sym};
use crate::planner::Planner;
use crate::planner::plan::Refused;
use crate::problem::{Problem, Query};
use crate::solve::Certificate;
use std::sync::Arc;

/// Nodes tried.
const NODES_MAX: usize = 32;
/// Additions returned.
const FOUND_MAX: usize = 3;
/// Distinct sums of demands listed one by one; beyond it the common divisor of the demands is the step.
const SUMS_MAX: usize = 4_096;
/// Models of cards tried on a node.
const MODELS_MAX: usize = 4;
const PPM: i128 = 1_000_000;

/// How much more of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Of what.
    pub what: What,
    /// How much more: in the resource's unit, or whole cards.
    pub amount: i64,
    /// What the claim rests on that any less, all else equal, would not do; `None`: less might do.
    pub least: Option<Certificate>,
}

/// More of one node that makes everything fit, confirmed by solving the cluster with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The node.
    pub node: NodeId,
    /// What it must have more; several where no single one is enough, each the least given the others.
    pub amounts: Vec<Amount>,
    /// Size: the sum of the amounts as shares of the node's allocatable, in millionths (of the largest node's
    /// where the node has none of it).
    pub share_ppm: u64,
}

impl Addition {
    /// The edit that carries it out.
    pub fn edit(&self) -> Edit {
        let (mut add, mut cards) = (Vec::new(), Vec::new());
        for more in &self.amounts {
            match more.what {
                What::Resource(r) => add.push((r, more.amount)),
                What::Cards(model) => {
                    let count = usize::try_from(more.amount).unwrap_or(0);
                    cards.extend(std::iter::repeat_n(Card::of(model), count));
                }
            }
        }
        Edit::Node { node: self.node, change: NodeChange::Enlarge { add, cards } }
    }
}

/// The best additions, smallest share first.
pub(super) fn smallest(
    asked: &Asked<'_>,
    trials: &mut Trials,
    cuts: &mut Vec<CauseCut>,
) -> Result<Vec<Addition>, Refused> {
    let nodes = promising(asked);
    if nodes.len() > NODES_MAX {
        cuts.push(CauseCut::Nodes { seen: NODES_MAX, all: nodes.len() });
    }
    let mut found: Vec<Addition> = Vec::new();
    for node in nodes.into_iter().take(NODES_MAX) {
        if trials.are_over() {
            break;
        }
        for addition in of_node(asked, trials, node, &found) {
            found.push(addition);
            found.sort_by_key(|a| (a.share_ppm, a.node));
            found.truncate(FOUND_MAX);
        }
    }
    let mut confirmed = Vec::with_capacity(found.len());
    for addition in found {
        if trials.is_rest_over() {
            break;
        }
        trials.count();
        if confirms(asked, trials, &addition)? {
            confirmed.push(addition);
        }
    }
    Ok(confirmed)
}

/// Surviving nodes that some displaced pod may enter, those first that lack least for one of the unplaced pods
/// once the plan's pods are in place.
fn promising(asked: &Asked<'_>) -> Vec<NodeId> {
    let problem = &asked.problem;
    let mut free = problem.free.clone();
    for step in &asked.plan.change.steps {
        let shape = asked.planner.cluster().incoming_of(step.pod);
        let row = &mut free[step.node.index() * problem.dims..];
        row.iter_mut().zip(shape.requests.as_slice()).for_each(|(f, d)| *f -= d);
    }
    let unplaced = asked.unplaced();
    let lack = |bin: usize| {
        let of_class = |class: usize| {
            let demand = &problem.classes[class].demand;
            let row = &free[bin * problem.dims..(bin + 1) * problem.dims];
            let short = demand.iter().zip(row).enumerate().filter(|(_, (d, f))| **d > 0 && d > f);
            short
                .map(|(r, (d, f))| {
                    let what = What::Resource(ResourceId(r as u16));
                    share(asked, NodeId(bin as u32), what, d - f)
                })
                .sum::<u64>()
        };
        let enters = unplaced.iter().filter(|(class, _)| problem.may_enter(*class, bin));
        enters.map(|(class, _)| of_class(*class)).min()
    };
    let enterable =
        |bin: &usize| (0..problem.classes.len()).any(|class| problem.may_enter(class, *bin));
    let mut nodes: Vec<(bool, u64, NodeId)> = (0..problem.bins())
        .filter(enterable)
        .map(|bin| {
            let lack = lack(bin);
            (lack.is_none(), lack.unwrap_or(0), NodeId(bin as u32))
        })
        .collect();
    nodes.sort_unstable();
    nodes.into_iter().map(|(.., node)| node).collect()
}

/// An amount as a share of what the node has, in millionths.
fn share(asked: &Asked<'_>, node: NodeId, what: What, amount: i64) -> u64 {
    let cluster = asked.planner.cluster();
    let has = |n: NodeId| match what {
        What::Resource(r) => cluster.node(n).allocatable.get(r),
        What::Cards(_) => cluster.node(n).cards.len() as i64,
    };
    let mut whole = has(node);
    if whole == 0 {
        whole = cluster.node_ids().map(has).max().unwrap_or(0).max(1);
    }
    u64::try_from(i128::from(amount) * PPM / i128::from(whole)).unwrap_or(u64::MAX / 64)
}

/// One thing that the node may have too little of, and the amounts of it worth trying.
struct Axis {
    what: What,
    steps: Steps,
}

enum Steps {
    /// These amounts.
    Listed(Vec<i64>),
    /// `first`, then every `step` more; `len` in all.
    Even { first: i64, step: i64, len: usize },
}

impl Axis {
    fn len(&self) -> usize {
        match &self.steps {
            Steps::Listed(list) => list.len(),
            Steps::Even { len, .. } => *len,
        }
    }

    /// The amount of step `at`, counted from 1; step 0 adds nothing.
    fn amount(&self, at: usize) -> i64 {
        match (&self.steps, at.checked_sub(1)) {
            (_, None) => 0,
            (Steps::Listed(list), Some(i)) => list[i],
            (Steps::Even { first, step, .. }, Some(i)) => first + step * i as i64,
        }
    }
}

/// What the node could hold more of if it had it.
fn axes(asked: &Asked<'_>, problem: &Problem, node: NodeId) -> Vec<Axis> {
    let cluster = asked.planner.cluster();
    let enter: Vec<usize> =
        (0..problem.classes.len()).filter(|&c| problem.may_enter(c, node.index())).collect();
    let resources = (0..problem.dims as u16)
        .map(ResourceId)
        // How many volumes a node can have attached is nothing that one could buy.
        .filter(|&r| !cluster.is_volume_limit(r));
    let mut axes: Vec<Axis> = resources
        .filter_map(|r| {
            let short = Short::Resource(r);
            let demands =
                enter.iter().map(|&c| (demand(problem, c, short), problem.classes[c].count));
            let steps = steps(demands.collect(), problem.free_of(node.index())[r.index()])?;
            Some(Axis { what: What::Resource(r), steps })
        })
        .collect();
    let wanting = enter.iter().map(|&c| &problem.classes[c]).filter(|c| c.cards.count > 0);
    let most: i64 = wanting.map(|c| i64::from(c.cards.count) * i64::from(c.count)).sum();
    if most > 0 {
        axes.extend(models(asked, &enter, node).into_iter().map(|model| Axis {
            what: What::Cards(model),
            steps: Steps::Even { first: 1, step: 1, len: most as usize },
        }));
    }
    axes
}

/// Models of cards worth adding: those that the pods name; where one takes any, the node's own or the first that
/// some node has.
fn models(asked: &Asked<'_>, enter: &[usize], node: NodeId) -> Vec<Sym> {
    let cluster = asked.planner.cluster();
    let mut models: Vec<Sym> = Vec::new();
    for &class in enter {
        let Some(&pod) = asked.mapping.pods[class].first() else { continue };
        let gpu = &cluster.incoming_of(pod).gpu;
        if gpu.cards == 0 {
            continue;
        }
        models.extend(&gpu.models);
        if gpu.models.is_empty() {
            let all = cluster.nodes().iter().flat_map(|n| &n.cards);
            let any = cluster.node(node).cards.iter().chain(all).next();
            models.extend(any.map(|c| c.model));
        }
    }
    models.sort_unstable();
    models.dedup();
    models.truncate(MODELS_MAX);
    models
}

/// Amounts that let the node hold one sum of demands more each; `None` where all of them fit already.
fn steps(mut demands: Vec<(i64, u32)>, free: i64) -> Option<Steps> {
    demands.retain(|&(d, _)| d > 0);
    demands.sort_unstable();
    let most: i64 = demands.iter().map(|&(d, n)| d * i64::from(n)).sum();
    if most <= free.max(0) {
        return None;
    }
    if let Some(sums) = sums(&demands) {
        let more = sums.into_iter().filter(|&s| s > 0 && s > free);
        return Some(Steps::Listed(more.map(|s| s - free).collect()));
    }
    let step = demands.iter().fold(0, |g, &(d, _)| gcd(g, d));
    let first = (free.max(0) / step + 1) * step;
    let len = usize::try_from((most - first) / step + 1).unwrap_or(usize::MAX);
    Some(Steps::Even { first: first - free, step, len })
}

/// All sums of some of the demands, ascending; `None` if there are too many.
fn sums(demands: &[(i64, u32)]) -> Option<Vec<i64>> {
    let mut sums = vec![0i64];
    for &(demand, count) in demands {
        if count as usize > SUMS_MAX {
            return None;
        }
        let mut next: Vec<i64> = Vec::new();
        for &sum in &sums {
            next.extend((0..=i64::from(count)).map(|n| sum + n * demand));
            if next.len() > 16 * SUMS_MAX {
                return None;
            }
        }
        next.sort_unstable();
        next.dedup();
        if next.len() > SUMS_MAX {
            return None;
        }
        sums = next;
    }
    Some(sums)
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Additions to `node` that beat the worst of those found, if there are as many as are returned already.
fn of_node(
    asked: &Asked<'_>,
    trials: &mut Trials,
    node: NodeId,
    found: &[Addition],
) -> Vec<Addition> {
    let axes = axes(asked, trials.problem(), node);
    let limit = if found.len() < FOUND_MAX { u64::MAX } else { found[FOUND_MAX - 1].share_ppm };
    let mut additions = Vec::new();
    for axis in &axes {
        let others = [];
        let below = |at: usize| share(asked, node, axis.what, axis.amount(at)) < limit;
        let most = first_true(axis.len(), |at| !below(at + 1));
        if most == 0 || trials.fit(node, &[(axis.what, axis.amount(most))]) != Fit::Yes {
            continue;
        }
        let amount = least(trials, node, axis, most, &others);
        let share_ppm = share(asked, node, axis.what, amount.amount);
        additions.push(Addition { node, amounts: vec![amount], share_ppm });
    }
    if additions.is_empty() && limit == u64::MAX && axes.len() > 1 {
        additions.extend(several(asked, trials, node, &axes));
    }
    additions
}

/// How many of 0, 1, … `len` − 1 come before the first for which `is` holds (it holds for all later ones).
fn first_true(len: usize, is: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if is(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The least step of `axis` that does, with `others` added as well. Step `most` does, and step 0 is not known
/// unless `others` is empty: then it is the question itself.
fn least(
    trials: &mut Trials,
    node: NodeId,
    axis: &Axis,
    most: usize,
    others: &[(What, i64)],
) -> Amount {
    let (mut low, mut high) = (0usize, most);
    // What is known of the last step that does not do.
    let mut below = None;
    if others.is_empty() {
        below = Some(Fit::Open);
    }
    while high - low > 1 || (below.is_none() && high > low) {
        let middle = if below.is_none() { 0 } else { low + (high - low) / 2 };
        let mut added = others.to_vec();
        added.push((axis.what, axis.amount(middle)));
        match trials.fit(node, &added) {
            Fit::Yes => high = middle,
            fit => (low, below) = (middle, Some(fit)),
        }
    }
    if high > 0 && low == 0 && others.is_empty() {
        below = Some(trials.fit(node, &[]));
    }
    let certificate = match below {
        Some(Fit::No(certificate)) => Some(certificate),
        _ => None,
    };
    Amount { what: axis.what, amount: axis.amount(high), least: certificate }
}

/// Where nothing alone is enough: everything at its most, then each in turn as little as the others allow.
fn several(
    asked: &Asked<'_>,
    trials: &mut Trials,
    node: NodeId,
    axes: &[Axis],
) -> Option<Addition> {
    let mut steps: Vec<usize> = axes.iter().map(Axis::len).collect();
    let all: Vec<(What, i64)> =
        axes.iter().zip(&steps).map(|(a, &at)| (a.what, a.amount(at))).collect();
    if trials.fit(node, &all) != Fit::Yes {
        return None;
    }
    let mut amounts = Vec::new();
    for i in 0..axes.len() {
        let others: Vec<(What, i64)> = (0..axes.len())
            .filter(|&j| j != i && steps[j] > 0)
            .map(|j| (axes[j].what, axes[j].amount(steps[j])))
            .collect();
        let amount = least(trials, node, &axes[i], steps[i], &others);
        steps[i] = first_true(steps[i], |at| axes[i].amount(at) >= amount.amount);
        if amount.amount > 0 {
            amounts.push(amount);
        }
    }
    let share_ppm =
        amounts.iter().map(|a| share(asked, node, a.what, a.amount)).fold(0, u64::saturating_add);
    Some(Addition { node, amounts, share_ppm })
}

/// Solves the cluster with the addition in it: every pod has a place, and the referee agrees.
fn confirms(asked: &Asked<'_>, trials: &Trials, addition: &Addition) -> Result<bool, Refused> {
    let Ok(grown) = asked.planner.cluster().edited(&[addition.edit()]) else { return Ok(false) };
    let planner = Planner::with_rules(Arc::new(grown.cluster), asked.planner.index.rules());
    let query: &Query<'_> = asked.query;
    Ok(planner.solve(query, trials.rest())?.unplaced.is_empty())
}
