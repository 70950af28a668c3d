//! Hall's argument: pods that may go only to the nodes of a set need more than that set has free.

use super::flow::{Flow, SINK, SOURCE};
use super::{Asked, Cause, CauseCut};
use crate::model::{NodeId, PodId, ResourceId, Sym};
use crate::problem::Problem;
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

/// Distinct selections of nodes looked at; a cluster of many local volumes may have more.
const SELECTIONS_MAX: usize = 512;
/// Sets listed for one resource.
const SETS_MAX: usize = 8;

/// What is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Short {
    /// A resource, in its unit; [`ResourceId::PODS`] are pod slots.
    Resource(ResourceId),
    /// GPU cards, in thousandths of one.
    Cards,
}

/// Surviving nodes that the same displaced shapes may enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeGroup {
    /// The nodes.
    pub nodes: Vec<NodeId>,
    /// How many displaced pods may enter them.
    pub pods: usize,
}

/// Pods that may go only to `nodes`, and need more than these have free in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupShortage {
    /// The resource.
    pub short: Short,
    /// Nodes they may enter, all of them.
    pub nodes: Vec<NodeId>,
    /// The pods.
    pub pods: Vec<PodId>,
    /// What they need in all.
    pub need: i64,
    /// What the nodes have free in all: of several, overcommitted ones have nothing; one alone may be below zero.
    pub free: i64,
    /// Labels that each of them asks of its node (`nodeSelector`): mostly what confines them.
    pub labels: Vec<(Sym, Sym)>,
}

impl GroupShortage {
    /// How much is missing.
    pub fn missing(&self) -> i64 {
        self.need - self.free
    }
}

/// Demand of one item of a class.
pub(super) fn demand(problem: &Problem, class: usize, short: Short) -> i64 {
    let c = &problem.classes[class];
    match short {
        Short::Resource(r) => c.demand[r.index()],
        Short::Cards => i64::from(c.cards.count) * c.cards.milli_each,
    }
}

/// What a node has free in all, never less than nothing.
pub(super) fn free(problem: &Problem, node: usize, short: Short) -> i64 {
    match short {
        Short::Resource(r) => problem.free_of(node)[r.index()].max(0),
        Short::Cards => problem.card_free[problem.cards_of(node)].iter().map(|f| (*f).max(0)).sum(),
    }
}

/// All that can be short in this problem.
pub(super) fn shorts(problem: &Problem) -> impl Iterator<Item = Short> + use<> {
    let resources = (0..problem.dims as u16).map(|r| Short::Resource(ResourceId(r)));
    resources.chain([Short::Cards])
}

/// Classes by the nodes that they may enter, and nodes by the classes that may enter them.
struct Network {
    /// Classes of each selection.
    classes: Vec<Vec<usize>>,
    /// Groups of each selection.
    groups_of: Vec<FixedBitSet>,
    groups: Vec<Vec<NodeId>>,
}

impl Network {
    fn new(problem: &Problem, cuts: &mut Vec<CauseCut>) -> Self {
        let mut known: FxHashMap<FixedBitSet, usize> = FxHashMap::default();
        let mut selections: Vec<FixedBitSet> = Vec::new();
        let mut classes: Vec<Vec<usize>> = Vec::new();
        for class in 0..problem.classes.len() {
            let mut open = FixedBitSet::with_capacity(problem.bins());
            (0..problem.bins())
                .filter(|&b| problem.may_enter(class, b))
                .for_each(|b| open.insert(b));
            let at = *known.entry(open).or_insert_with_key(|open| {
                selections.push(open.clone());
                classes.push(Vec::new());
                selections.len() - 1
            });
            classes[at].push(class);
        }
        if selections.len() > SELECTIONS_MAX {
            cuts.push(CauseCut::Kinds { seen: SELECTIONS_MAX, all: selections.len() });
            selections.truncate(SELECTIONS_MAX);
            classes.truncate(SELECTIONS_MAX);
        }
        let mut signatures: FxHashMap<FixedBitSet, usize> = FxHashMap::default();
        let mut groups: Vec<Vec<NodeId>> = Vec::new();
        for bin in (0..problem.bins()).filter(|&b| !problem.closed.contains(b)) {
            let mut signature = FixedBitSet::with_capacity(selections.len());
            (0..selections.len())
                .filter(|&s| selections[s].contains(bin))
                .for_each(|s| signature.insert(s));
            let next = groups.len();
            let at = *signatures.entry(signature).or_insert(next);
            if at == next {
                groups.push(Vec::new());
            }
            groups[at].push(NodeId(bin as u32));
        }
        let groups_of = selections
            .iter()
            .map(|s| {
                let mut of = FixedBitSet::with_capacity(groups.len());
                (0..groups.len()).filter(|&g| s.contains(groups[g][0].index())).for_each(|g| {
                    of.insert(g);
                });
                of
            })
            .collect();
        Self { classes, groups_of, groups }
    }

    /// Sets of groups whose pods need more than is free: each selection by itself, and what the smallest cut of
    /// the whole leaves over, in parts that share no group. Smallest sets first; a larger one is left out where it
    /// misses no more than a part of it does.
    fn sets(&self, need: &[i64], free: &[i64]) -> Vec<FixedBitSet> {
        let missing = |set: &FixedBitSet| {
            let need: i64 = self.inside(set).map(|s| need[s]).sum();
            need - set.ones().map(|g| free[g]).sum::<i64>()
        };
        let mut sets: Vec<FixedBitSet> = self.groups_of.clone();
        sets.extend(self.cut(need, free));
        let mut sets: Vec<(i64, FixedBitSet)> = sets
            .into_iter()
            .map(|s| (missing(&s), s))
            .filter(|(missing, _)| *missing > 0)
            .collect();
        let size = |s: &FixedBitSet| s.ones().map(|g| self.groups[g].len()).sum::<usize>();
        sets.sort_by_cached_key(|(missing, s)| (size(s), -missing, s.ones().collect::<Vec<_>>()));
        let mut kept: Vec<(i64, FixedBitSet)> = Vec::new();
        for (missing, set) in sets {
            if !kept.iter().any(|(m, k)| k.is_subset(&set) && *m >= missing) {
                kept.push((missing, set));
            }
        }
        kept.into_iter().map(|(_, set)| set).take(SETS_MAX).collect()
    }

    /// Selections that lie within a set of groups.
    fn inside(&self, set: &FixedBitSet) -> impl Iterator<Item = usize> {
        (0..self.groups_of.len()).filter(move |&s| self.groups_of[s].is_subset(set))
    }

    fn cut(&self, need: &[i64], free: &[i64]) -> Vec<FixedBitSet> {
        let (selection, group) = (|s: usize| 2 + s, |g: usize| 2 + self.groups_of.len() + g);
        let mut flow = Flow::new(group(self.groups.len()));
        for (s, of) in self.groups_of.iter().enumerate() {
            flow.edge(SOURCE, selection(s), need[s]);
            of.ones().for_each(|g| flow.edge(selection(s), group(g), need[s]));
        }
        (0..self.groups.len()).for_each(|g| flow.edge(group(g), SINK, free[g]));
        let reached = flow.fill();
        let mut parts: Vec<FixedBitSet> = Vec::new();
        for s in (0..self.groups_of.len()).filter(|&s| reached[selection(s)]) {
            let mut part = self.groups_of[s].clone();
            parts.retain(|p| {
                let apart = p.is_disjoint(&part);
                if !apart {
                    part.union_with(p);
                }
                apart
            });
            parts.push(part);
        }
        parts
    }
}

/// Fills in `groups` and `shortages`.
pub(super) fn add(asked: &Asked<'_>, cause: &mut Cause) {
    let problem = &asked.problem;
    let network = Network::new(problem, &mut cause.cuts);
    let count = |s: usize| network.classes[s].iter().map(|&c| problem.classes[c].count as usize);
    cause.groups = (0..network.groups.len())
        .map(|g| {
            let enter = (0..network.groups_of.len()).filter(|&s| network.groups_of[s].contains(g));
            NodeGroup { nodes: network.groups[g].clone(), pods: enter.flat_map(count).sum() }
        })
        .collect();
    for short in shorts(problem) {
        let need: Vec<i64> = network
            .classes
            .iter()
            .map(|classes| {
                let all =
                    |&c: &usize| demand(problem, c, short) * i64::from(problem.classes[c].count);
                classes.iter().map(all).sum()
            })
            .collect();
        if need.iter().all(|&n| n == 0) {
            continue;
        }
        let in_group =
            |nodes: &Vec<NodeId>| nodes.iter().map(|n| free(problem, n.index(), short)).sum();
        let free: Vec<i64> = network.groups.iter().map(in_group).collect();
        for set in network.sets(&need, &free) {
            cause.shortages.push(shortage(asked, &network, short, &set, &need, &free));
        }
    }
}

fn shortage(
    asked: &Asked<'_>,
    network: &Network,
    short: Short,
    set: &FixedBitSet,
    need: &[i64],
    free: &[i64],
) -> GroupShortage {
    let cluster = asked.planner.cluster();
    let mut nodes: Vec<NodeId> = set.ones().flat_map(|g| &network.groups[g]).copied().collect();
    nodes.sort_unstable();
    let wants = |c: &&usize| demand(&asked.problem, **c, short) > 0;
    let classes: Vec<usize> = network
        .inside(set)
        .flat_map(|s| network.classes[s].iter().filter(wants))
        .copied()
        .collect();
    let mut pods: Vec<PodId> =
        classes.iter().flat_map(|&c| &asked.mapping.pods[c]).copied().collect();
    pods.sort_unstable();
    let mut labels: Option<Vec<(Sym, Sym)>> = None;
    for &pod in &pods {
        let own = &cluster.incoming_of(pod).node_selector.labels;
        match &mut labels {
            None => labels = Some(own.clone()),
            Some(all) => all.retain(|l| own.contains(l)),
        }
    }
    GroupShortage {
        short,
        pods,
        need: network.inside(set).map(|s| need[s]).sum(),
        free: match (short, nodes.as_slice()) {
            (Short::Resource(r), [node]) => asked.problem.free_of(node.index())[r.index()],
            _ => set.ones().map(|g| free[g]).sum(),
        },
        nodes,
        labels: labels.unwrap_or_default(),
    }
}
