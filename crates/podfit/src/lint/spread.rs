//! Hard topology spread that refuses the replacement: found by losing nodes and domains one after the other.
//!
//! The numbers are those of `problem/`, amounts left aside: what is counted where after the loss, in which domains
//! that stay although they are empty. One problem a loss serves all workloads that lose a pod by it.

use super::groups::Group;
use super::{Finding, Lint, LintQuestion};
use crate::model::{NodeId, PodId, ShapeId, Sym};
use crate::planner::{Displaced, Fate, Planner};
use crate::problem::{Class, NO_DOMAIN, Problem, Query};
use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};

/// Up to so many nodes, each that runs a pod is lost once. Beyond, `LOSSES_MAX` of the nodes of each shape are.
const NODES_ALL_MAX: usize = 256;
const LOSSES_MAX: usize = 4;
/// Domains of more than one node lost, over all keys.
const DOMAINS_MAX: usize = 256;
/// Replacements placed one after the other.
const REPLACEMENTS_MAX: u32 = 64;

/// What is lost: nodes, and the domain that they are.
struct Lost {
    nodes: Vec<NodeId>,
    domain: Option<Sym>,
}

pub(super) fn lint(
    planner: &Planner,
    question: &LintQuestion,
    groups: &[Group],
    lints: &mut Vec<Lint>,
) {
    let cluster = planner.cluster().as_ref();
    // The workload and the topology keys of each shape that spreads.
    let mut group_of: FxHashMap<PodId, usize> = FxHashMap::default();
    let mut spreading: Vec<(usize, ShapeId, &[PodId])> = Vec::new();
    for (g, group) in groups.iter().enumerate() {
        for (shape, pods) in &group.shapes {
            if !cluster.shape(*shape).spread.is_empty() {
                spreading.push((g, *shape, pods));
                group_of.extend(pods.iter().map(|&p| (p, g)));
            }
        }
    }
    let mut found_for: Vec<Option<Lint>> = vec![None; groups.len()];
    for lost in losses(planner, &spreading) {
        ask(planner, question, groups, &group_of, &lost, &mut found_for);
    }
    lints.extend(found_for.into_iter().flatten());
}

/// Single nodes first, then domains of several nodes.
fn losses(planner: &Planner, spreading: &[(usize, ShapeId, &[PodId])]) -> Vec<Lost> {
    let cluster = planner.cluster();
    let most = if cluster.nodes().len() > NODES_ALL_MAX { LOSSES_MAX } else { usize::MAX };
    let mut chosen = FixedBitSet::with_capacity(cluster.nodes().len());
    let mut keys: Vec<Sym> = Vec::new();
    for (_, shape, pods) in spreading {
        let mut on: Vec<NodeId> = pods.iter().filter_map(|&p| cluster.pod(p).node).collect();
        on.sort_unstable();
        let mut own: Vec<(usize, NodeId)> =
            on.chunk_by(|a, b| a == b).map(|run| (run.len(), run[0])).collect();
        // Nodes with the fewest and with the most pods of the shape are the likeliest to matter.
        own.sort_unstable();
        let last = own.len().saturating_sub(1);
        own.swap(last, 1.min(last));
        let mut asked = own.iter().filter(|(_, n)| chosen.contains(n.index())).count();
        for (_, node) in own {
            if asked < most && !chosen.put(node.index()) {
                asked += 1;
            }
        }
        keys.extend(cluster.shape(*shape).spread.iter().map(|s| s.topology_key));
    }
    keys.sort_unstable();
    keys.dedup();
    let node = |n: usize| Lost { nodes: vec![NodeId(n as u32)], domain: None };
    let mut losses: Vec<Lost> = chosen.ones().map(node).collect();
    let domains = keys.into_iter().flat_map(|key| planner.domains(cluster.str(key)).0);
    let several =
        domains.filter(|(_, nodes)| nodes.len() > 1 && nodes.len() < cluster.nodes().len());
    losses.extend(
        several
            .take(DOMAINS_MAX)
            .map(|(name, nodes)| Lost { nodes, domain: cluster.names().get(&name) }),
    );
    losses
}

fn ask(
    planner: &Planner,
    question: &LintQuestion,
    groups: &[Group],
    group_of: &FxHashMap<PodId, usize>,
    lost: &Lost,
    found_for: &mut [Option<Lint>],
) {
    let cluster = planner.cluster().as_ref();
    let loss = question.loss;
    let Displaced { fates, removed, .. } = planner.displaced(&lost.nodes, loss);
    // A StatefulSet's pod is replaced too, once the operator has acted.
    let comes = |f: &Fate| f.is_displaced() || *f == Fate::StuckStatefulSet;
    let place: Vec<PodId> = fates.iter().filter(|(_, f)| comes(f)).map(|&(p, _)| p).collect();
    // All that come anew are in the problem: they may fill a domain that is empty.
    let open = |p: &PodId| group_of.get(p).is_some_and(|&g| found_for[g].is_none());
    if !place.iter().any(open) {
        return;
    }
    let query =
        Query { lost: &lost.nodes, loss, removed: &removed, place: &place, ..Query::default() };
    let (problem, mapping) = planner.problem(&query);
    for (class, pods) in mapping.pods.iter().enumerate() {
        if problem.classes[class].spread.is_empty() {
            continue;
        }
        let Some(refused) = Rows::new(&problem, class).refused() else { continue };
        // Pods of one class may be of several workloads.
        for &pod in pods {
            let Some(&g) = group_of.get(&pod) else { continue };
            if found_for[g].is_some() {
                continue;
            }
            let shape = cluster.pod(pod).incoming;
            let Some(spread) = cluster.shape(shape).spread.get(refused.row) else { continue };
            let key = spread.topology_key;
            let alike = groups[g].shapes.iter().filter(|(s, _)| *s == shape);
            let finding = Finding::Spread {
                key,
                domain: lost.domain,
                would_have: refused.would_have,
                least: refused.least,
                max_skew: problem.classes[class].spread[refused.row].max_skew,
            };
            let pods = alike.flat_map(|(_, pods)| pods).copied().collect();
            let lint = groups[g].lint(lost.domain.is_none(), pods, finding);
            found_for[g] = Some(Lint { nodes: lost.nodes.clone(), ..lint });
        }
    }
}

/// The row that refuses, and its numbers.
struct Refused {
    row: usize,
    would_have: i64,
    least: i64,
}

/// The spread rows of one class with their counts, as its items are placed.
struct Rows<'p> {
    problem: &'p Problem,
    class: &'p Class,
    number: usize,
    counts: Vec<Vec<Option<i64>>>,
}

impl<'p> Rows<'p> {
    fn new(problem: &'p Problem, number: usize) -> Self {
        let class = &problem.classes[number];
        let counts = class
            .spread
            .iter()
            .map(|r| problem.counters[r.counter as usize].base.clone())
            .collect();
        Self { problem, class, number, counts }
    }

    /// Places the items one after the other, each where least is; the refusal once no node takes the next. `None`
    /// if all find one, or if it is not sure: another order might do, or other pods might fill the emptiest domain.
    fn refused(mut self) -> Option<Refused> {
        let least = self.least();
        let mut open = (0..self.problem.bins()).filter(|&b| self.may_hold(b));
        if self.class.count == 1 && open.any(|b| self.judge(b, &least).is_ok()) {
            return None; // the common case, over at the first node that takes it
        }
        let bins = self.different();
        for item in 0..self.class.count.min(REPLACEMENTS_MAX) {
            let Some(bin) = self.emptiest(&bins) else {
                let refused = self.nearest(&bins)?;
                let sure = item == 0 || self.class.spread.len() == 1;
                return (sure && self.stays(refused.row, refused.least)).then_some(refused);
            };
            self.put(bin);
        }
        None
    }

    /// One bin for each combination of domains.
    fn different(&self) -> Vec<usize> {
        let open = (0..self.problem.bins()).filter(|&b| self.may_hold(b));
        if self.class.spread.len() == 1 {
            let mut seen = vec![false; self.counts[0].len()];
            let is_new = |&b: &usize| {
                let seen = &mut seen[self.domain(0, b) as usize];
                !std::mem::replace(seen, true)
            };
            return open.filter(is_new).collect();
        }
        let mut known: FxHashSet<Vec<u32>> = FxHashSet::default();
        let domains = |bin| (0..self.class.spread.len()).map(|r| self.domain(r, bin)).collect();
        open.filter(|&b| known.insert(domains(b))).collect()
    }

    /// The bin that takes an item and whose domains are emptiest.
    fn emptiest(&self, bins: &[usize]) -> Option<usize> {
        let least = self.least();
        let floor: i64 = least.iter().sum();
        let mut best: Option<(i64, usize)> = None;
        for &bin in bins {
            let Ok(sum) = self.judge(bin, &least) else { continue };
            if best.is_none_or(|(s, _)| sum < s) {
                best = Some((sum, bin));
            }
            if sum <= floor {
                break; // no bin is emptier
            }
        }
        best.map(|(_, bin)| bin)
    }

    /// The refusal of the bin that comes nearest to taking one.
    fn nearest(&self, bins: &[usize]) -> Option<Refused> {
        let least = self.least();
        let refusals = bins.iter().filter_map(|&b| self.judge(b, &least).err());
        refusals.min_by_key(|(excess, _)| *excess).map(|(_, refused)| refused)
    }

    /// Whether the bin may be entered and is in a domain of every row.
    fn may_hold(&self, bin: usize) -> bool {
        self.problem.may_enter(self.number, bin)
            && (0..self.class.spread.len()).all(|r| self.domain(r, bin) != NO_DOMAIN)
    }

    fn domain(&self, row: usize, bin: usize) -> u32 {
        self.problem.counters[self.class.spread[row].counter as usize].domain_of[bin]
    }

    fn least(&self) -> Vec<i64> {
        let of = |(row, counts): (usize, &Vec<Option<i64>>)| {
            let least = counts.iter().flatten().copied().min().unwrap_or(0);
            if self.class.spread[row].least_is_zero { 0 } else { least }
        };
        self.counts.iter().enumerate().map(of).collect()
    }

    fn count(&self, row: usize, bin: usize) -> i64 {
        self.counts[row][self.domain(row, bin) as usize].unwrap_or(0)
    }

    /// How full the bin's domains are; or by how much the first row that refuses is exceeded.
    fn judge(&self, bin: usize, least: &[i64]) -> Result<i64, (i64, Refused)> {
        let mut sum = 0;
        for (row, spread) in self.class.spread.iter().enumerate() {
            let count = self.count(row, bin);
            let would_have = count + i64::from(spread.self_match);
            let excess = would_have - least[row] - spread.max_skew;
            if excess > 0 {
                return Err((excess, Refused { row, would_have, least: least[row] }));
            }
            sum += count;
        }
        Ok(sum)
    }

    fn put(&mut self, bin: usize) {
        for row in 0..self.class.spread.len() {
            let domain = self.domain(row, bin) as usize;
            if self.class.counts_in.contains(&self.class.spread[row].counter)
                && let Some(n) = &mut self.counts[row][domain]
            {
                *n += 1;
            }
        }
    }

    /// Whether the least of a row is there to stay: no other displaced pod counts, or some least domain has no node
    /// that could take one.
    fn stays(&self, row: usize, least: i64) -> bool {
        let counter = self.class.spread[row].counter;
        let other =
            |c: usize| c != self.number && self.problem.classes[c].counts_in.contains(&counter);
        if self.class.spread[row].least_is_zero || !(0..self.problem.classes.len()).any(other) {
            return true;
        }
        let domain_of = &self.problem.counters[counter as usize].domain_of;
        let mut open = vec![false; self.counts[row].len()];
        for bin in (0..self.problem.bins()).filter(|&b| !self.problem.closed.contains(b)) {
            if domain_of[bin] != NO_DOMAIN {
                open[domain_of[bin] as usize] = true;
            }
        }
        self.counts[row].iter().zip(open).any(|(n, open)| *n == Some(least) && !open)
    }
}
