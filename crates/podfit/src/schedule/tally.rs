//! Scores as they stand in the middle of a run: counters that follow every bind and eviction, and the sum over all
//! plugins for the nodes that passed the filters.

use super::{
    index::{Counter, Index, NO_DOMAIN, ShapeScores},
    score::*,
};
use crate::model::{NodeId, ResourceId, ShapeId};
use crate::rules::{Paged, State};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A pod that came or left, or began to terminate.
#[derive(Clone, Copy, Debug)]
struct Movement {
    shape: ShapeId,
    node: NodeId,
    /// 1: one more that is not being deleted; -1: one less; else 0.
    live: i64,
    /// The same for those that are there, being deleted or not.
    there: i64,
}

/// A counter of the index and its counts now.
#[derive(Debug)]
struct Running {
    counter: Arc<Counter>,
    counts: Paged<i64>,
}

impl Running {
    fn follow(&mut self, movement: &Movement, weight: i64) {
        let change = if self.counter.live_only { movement.live } else { movement.there };
        if change != 0
            && let Some(domain) = self.counter.counts_in(movement.node, true)
        {
            *self.counts.get_mut(domain) += change * weight;
        }
    }
}

/// Positions in [`Tally::running`] of a shape's counters, in the order of its constraints and keys.
#[derive(Clone, Debug, Default)]
struct Watched {
    spread: Vec<usize>,
    inter_pod: Vec<usize>,
}

/// Scores of the nodes in question by plugin, each 0 to 100; empty where the plugin has nothing to say.
pub(super) type Table = [Vec<i64>; Plugin::ALL.len()];

/// See the head of this file.
#[derive(Debug)]
pub(super) struct Tally<'s, 'c> {
    index: &'s Index<'c>,
    running: Vec<Running>,
    /// By address of the index's counter.
    known: FxHashMap<*const Counter, usize>,
    /// By shape: the counters that count its pods, and what a pod weighs.
    counted: Vec<Vec<(u32, i64)>>,
    watched: Vec<Option<Watched>>,
    movements: Vec<Movement>,
    /// By node: requests as LeastAllocated counts them.
    scored: Paged<[i64; 2]>,
    table: Table,
    raw: Vec<Option<i64>>,
    /// By domain: number of the search in which it was last met.
    met: Vec<u32>,
    searches: u32,
    totals: Vec<i64>,
}

impl<'s, 'c> Tally<'s, 'c> {
    pub fn new(index: &'s Index<'c>, shapes: usize) -> Self {
        Self {
            index,
            running: Vec::new(),
            known: FxHashMap::default(),
            counted: vec![Vec::new(); shapes],
            watched: vec![None; shapes],
            movements: Vec::new(),
            scored: index.scored.clone(),
            table: Table::default(),
            raw: Vec::new(),
            met: Vec::new(),
            searches: 0,
            totals: Vec::new(),
        }
    }

    /// A pod of the shape was put on the node.
    pub fn came(&mut self, shape: ShapeId, node: NodeId) {
        self.follow(Movement { shape, node, live: 1, there: 1 });
    }

    /// A pod of the shape began to terminate on the node.
    pub fn terminates(&mut self, shape: ShapeId, node: NodeId) {
        self.follow(Movement { shape, node, live: -1, there: 0 });
    }

    /// A pod of the shape that was terminating is gone from the node.
    pub fn gone(&mut self, shape: ShapeId, node: NodeId) {
        self.follow(Movement { shape, node, live: 0, there: -1 });
    }

    fn follow(&mut self, movement: Movement) {
        for &(running, weight) in &self.counted[movement.shape.index()] {
            self.running[running as usize].follow(&movement, weight);
        }
        let amounts = self.index.scored_of(movement.shape);
        let sums = self.scored.get_mut(movement.node.index());
        sums.iter_mut().zip(amounts).for_each(|(sum, a)| *sum += movement.there * a);
        self.movements.push(movement);
    }

    /// The sum over all plugins, each with its weight, for each of the nodes.
    pub fn totals(&mut self, state: &State, shape: ShapeId, nodes: &[NodeId]) -> &[i64] {
        self.fill(state, shape, nodes);
        self.totals.clear();
        self.totals.resize(nodes.len(), 0);
        for (plugin, scores) in Plugin::ALL.into_iter().zip(&self.table) {
            for (total, score) in self.totals.iter_mut().zip(scores) {
                *total += plugin.weight() * score;
            }
        }
        &self.totals
    }

    /// The same by plugin.
    #[cfg(test)]
    pub fn table(&mut self, state: &State, shape: ShapeId, nodes: &[NodeId]) -> &Table {
        self.fill(state, shape, nodes);
        &self.table
    }

    fn fill(&mut self, state: &State, shape: ShapeId, nodes: &[NodeId]) {
        let watched = match self.watched[shape.index()].take() {
            Some(watched) => watched,
            None => self.watch(shape),
        };
        let scores = self.index.shape(shape);
        self.table.iter_mut().for_each(Vec::clear);
        let pick = |by_node: &Option<Vec<i64>>, column: &mut Vec<i64>| {
            column.extend(by_node.iter().flat_map(|s| nodes.iter().map(|n| s[n.index()])));
        };
        let [taints, affinity, spread, inter_pod, least, balanced, images] = &mut self.table;
        pick(&scores.taints, taints);
        stretch(taints, true);
        pick(&scores.affinity, affinity);
        stretch(affinity, false);
        pick(&scores.images, images);
        if !watched.inter_pod.is_empty() {
            inter_pod.extend(nodes.iter().map(|&node| {
                let running = watched.inter_pod.iter().map(|&i| &self.running[i]);
                running.filter_map(|r| Some(r.counts[r.counter.domain(node)?])).sum::<i64>()
            }));
            stretch_signed(inter_pod);
        }
        for &node in nodes {
            let allocatable = self.index.allocatable()[node.index()];
            let [cpu, memory] = self.scored[node.index()];
            let scored = [cpu + scores.scored[0], memory + scores.scored[1]];
            least.push(least_allocated(scored, allocatable));
            // Best-effort pods are not balanced.
            if scores.requests != [0, 0] {
                let used = |i: usize, resource| {
                    allocatable[i] - state.free(node, resource) + scores.requests[i]
                };
                let requested = [used(0, ResourceId::CPU), used(1, ResourceId::MEMORY)];
                balanced.push(balanced_allocation(requested, allocatable));
            }
        }
        if !watched.spread.is_empty() {
            let weights = spread_weights(scores, nodes, &mut self.met, &mut self.searches);
            self.raw.clear();
            self.raw.extend(nodes.iter().map(|&node| {
                let constraints = scores.spread.iter().zip(&watched.spread).zip(&weights);
                (!scores.ignored.contains(node.index())).then(|| {
                    let parts = constraints.filter_map(|((spread, &i), &weight)| {
                        let running = &self.running[i];
                        let count = running.counts[running.counter.domain(node)?];
                        Some(spread_part(count, spread.max_skew, weight))
                    });
                    parts.sum::<f64>().round() as i64
                })
            }));
            stretch_spread(&self.raw, spread);
        }
        self.watched[shape.index()] = Some(watched);
    }

    /// Makes the counters run that pods of the shape look at.
    fn watch(&mut self, shape: ShapeId) -> Watched {
        let scores = self.index.shape(shape);
        Watched {
            spread: scores.spread.iter().map(|s| self.run(&s.counter)).collect(),
            inter_pod: scores.inter_pod.iter().map(|c| self.run(c)).collect(),
        }
    }

    fn run(&mut self, counter: &Arc<Counter>) -> usize {
        let position = self.running.len();
        let known = *self.known.entry(Arc::as_ptr(counter)).or_insert(position);
        if known < position {
            return known;
        }
        let mut running = Running { counter: counter.clone(), counts: counter.base.clone() };
        for &(shape, weight) in &counter.members {
            self.counted[shape.index()].push((position as u32, weight));
        }
        for movement in &self.movements {
            let members = &counter.members;
            if let Ok(at) = members.binary_search_by_key(&movement.shape, |&(s, _)| s) {
                running.follow(movement, members[at].1);
            }
        }
        self.running.push(running);
        position
    }
}

/// The weight of each constraint: by the number of its domains among the nodes that passed
/// (`initPreScoreState` in `plugins/podtopologyspread/scoring.go`). For the default constraints the nodes without
/// the key are a domain too.
fn spread_weights(
    scores: &ShapeScores,
    nodes: &[NodeId],
    met: &mut Vec<u32>,
    searches: &mut u32,
) -> Vec<f64> {
    let scored = || nodes.iter().filter(|n| !scores.ignored.contains(n.index()));
    let count = |spread: &super::index::SpreadScore| {
        if spread.counter.by_node {
            return scored().count();
        }
        let domains = &spread.counter.domains;
        met.resize(met.len().max(domains.count), 0);
        *searches += 1;
        let (mut sizes, mut without) = (0, 0);
        for node in scored() {
            match domains.of_node[node.index()] {
                NO_DOMAIN => without = 1,
                domain if std::mem::replace(&mut met[domain as usize], *searches) != *searches => {
                    sizes += 1;
                }
                _ => {}
            }
        }
        sizes + without
    };
    scores.spread.iter().map(count).map(spread_weight).collect()
}
