//! From a question about a cluster to a [`Problem`](super::Problem), and back from its answer to pods and nodes.

use super::counters::KeepsLost;
use super::index::Index;
use super::{Class, Counter, Level, NO_DOMAIN, Origin, Problem, Put, SpreadRow, Term};
use crate::model::{Change, Cluster, Loss, NodeId, PodId, Removal, Step};
use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};

/// Name of the level that counts moves.
pub const MOVES: &str = "moves";
/// Name of the level that counts nodes used.
pub const NODES_USED: &str = "nodes used";

/// What is asked of a cluster, in the core's terms.
#[derive(Clone, Debug, Default)]
pub struct Query<'q> {
    /// Nodes lost.
    pub lost: &'q [NodeId],
    /// How.
    pub loss: Loss,
    /// Pods that leave (those to be placed again included, if they run now).
    pub removed: &'q [Removal],
    /// Pods to place: pending ones, or replacements of removed ones.
    pub place: &'q [PodId],
    /// Running pods that may be moved to make room. Those in the middle of an in-place resize are left where they
    /// are: they would ask something else elsewhere, and an item has one demand.
    pub movable: &'q [PodId],
    /// How many of them at most.
    pub moves_max: u64,
    /// Whether the last level is the number of nodes used that were empty before.
    pub fewest_nodes: bool,
}

/// The way back from classes and bins to pods and nodes.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Pods of each class; interchangeable, taken in this order.
    pub pods: Vec<Vec<PodId>>,
}

impl Mapping {
    /// The change that `puts` describe for `query`: first pods of a class are put first; movable pods that
    /// are put elsewhere are added to the removals.
    pub fn change(&self, query: &Query<'_>, problem: &Problem, puts: &[Put]) -> Change {
        let mut next = vec![0usize; self.pods.len()];
        let mut removed = query.removed.to_vec();
        let mut steps = Vec::with_capacity(puts.len());
        for put in puts {
            let class = put.class as usize;
            let pod = self.pods[class][next[class]];
            next[class] += 1;
            if problem.classes[class].origin.is_some() {
                removed.push(Removal { pod, lingers: false });
            }
            steps.push(Step { pod, node: NodeId(put.bin), cards: put.cards.clone() });
        }
        Change { lost: query.lost.to_vec(), loss: query.loss, removed, steps }
    }
}

/// What makes pods interchangeable: the kind, and for movable ones the node and the cards they are on.
type ClassKey<'c> = (u32, Option<(NodeId, &'c [u16])>);

impl Index {
    /// The numbers of `query`. Levels: unplaced pods of each priority from high to low; moves, if any are
    /// allowed; nodes used, if asked for.
    pub fn problem(&self, query: &Query<'_>) -> (Problem, Mapping) {
        let (mut classes, mapping) = self.classes(query);
        let counters = self.used_counters(query, &mut classes);
        let mut problem = Problem {
            dims: self.dims,
            free: self.free.clone(),
            card_start: self.card_start.clone(),
            card_free: self.card_free.clone(),
            card_model: self.card_model.clone(),
            closed: FixedBitSet::with_capacity(self.cluster.nodes().len()),
            classes,
            counters,
            moves_max: query.moves_max,
            ..Problem::default()
        };
        query.lost.iter().for_each(|n| problem.closed.insert(n.index()));
        for pod in self.leaving(query) {
            self.give_back(&mut problem, pod);
        }
        problem.levels = self.levels(query, &problem, &mapping);
        (problem, mapping)
    }

    /// Pods whose amounts are free in the problem: those removed for good, and those that may move.
    fn leaving<'s>(&'s self, query: &'s Query<'_>) -> impl Iterator<Item = PodId> + 's {
        let removed = query.removed.iter().filter(|r| !r.lingers).map(|r| r.pod);
        removed.chain(self.movable(query))
    }

    /// Those of `query.movable` that ask the same wherever they are.
    fn movable<'s>(&'s self, query: &'s Query<'_>) -> impl Iterator<Item = PodId> + 's {
        query.movable.iter().copied().filter(|&id| {
            let pod = self.cluster.pod(id);
            pod.incoming == pod.shape
        })
    }

    fn give_back(&self, problem: &mut Problem, id: PodId) {
        let pod = self.cluster.pod(id);
        let Some(node) = pod.node else { return };
        let kind = self.kind(pod.shape);
        let start = node.index() * self.dims;
        for (free, demand) in problem.free[start..].iter_mut().zip(&kind.demand) {
            *free += demand;
        }
        if kind.cards.count > 0 {
            let cards = problem.cards_of(node.index()).start;
            for &card in &pod.cards {
                problem.card_free[cards + usize::from(card)] += kind.cards.milli_each;
            }
        }
    }

    /// Groups interchangeable pods. Counters are still numbered as in the index.
    fn classes(&self, query: &Query<'_>) -> (Vec<Class>, Mapping) {
        let mut known: FxHashMap<ClassKey<'_>, usize> = FxHashMap::default();
        let mut classes: Vec<Class> = Vec::new();
        let mut pods: Vec<Vec<PodId>> = Vec::new();
        let placed = query.place.iter().map(|&p| (p, false));
        let moved = self.movable(query).map(|p| (p, true));
        for (id, movable) in placed.chain(moved) {
            let pod = self.cluster.pod(id);
            let kind = self.kind(pod.incoming);
            let origin = pod.node.filter(|_| movable);
            let cards = if kind.cards.count > 0 { pod.cards.as_slice() } else { &[] };
            let key = (kind.id, origin.map(|n| (n, cards)));
            let at = *known.entry(key).or_insert(classes.len());
            if at == classes.len() {
                let coupling = self.coupling(pod.incoming);
                classes.push(Class {
                    count: 0,
                    demand: kind.demand.clone(),
                    cards: kind.cards.clone(),
                    eligible: Some(kind.eligible.clone()),
                    origin: origin.map(|n| Origin { bin: n.0, cards: cards.to_vec() }),
                    forbids: coupling.forbids.clone(),
                    needs: coupling.needs.clone(),
                    spread: coupling
                        .spread
                        .iter()
                        .map(|(row, min_domains)| SpreadRow {
                            least_is_zero: self.domains_left(row.counter, query) < *min_domains,
                            ..row.clone()
                        })
                        .collect(),
                    counts_in: coupling.counts_in.clone(),
                });
                pods.push(Vec::new());
            }
            classes[at].count += 1;
            pods[at].push(id);
        }
        (classes, Mapping { pods })
    }

    /// Keeps the counters that some class looks at, and numbers them anew.
    fn used_counters(&self, query: &Query<'_>, classes: &mut [Class]) -> Vec<Counter> {
        let mut new_id: FxHashMap<u32, u32> = FxHashMap::default();
        let mut used: Vec<u32> = Vec::new();
        let mut renumber = |id: &mut u32| {
            let next = used.len() as u32;
            let new = *new_id.entry(*id).or_insert(next);
            if new == next {
                used.push(*id);
            }
            *id = new;
        };
        for class in classes.iter_mut() {
            class.forbids.iter_mut().for_each(&mut renumber);
            class.needs.iter_mut().flat_map(|n| &mut n.counters).for_each(&mut renumber);
            class.spread.iter_mut().for_each(|s| renumber(&mut s.counter));
        }
        for class in classes {
            class.counts_in =
                class.counts_in.iter().filter_map(|c| new_id.get(c).copied()).collect();
        }
        let mut counters: Vec<Counter> = used.iter().map(|&c| self.counter(c, query)).collect();
        self.discount(query, &new_id, &mut counters);
        counters
    }

    /// Counter `id` over the nodes that are left, pods still counted as they run now.
    fn counter(&self, id: u32, query: &Query<'_>) -> Counter {
        let def = &self.counters.defs[id as usize];
        let partition = &self.counters.partitions[def.partition];
        let mut base: Vec<Option<i64>> = def.base.iter().map(|&n| Some(n)).collect();
        if !kept(def.keeps_lost, query.loss) {
            for (domain, left) in self.sizes_left(def.partition, query) {
                if left == 0 {
                    base[domain as usize] = None;
                }
            }
        }
        Counter { domain_of: partition.domain_of.clone(), base }
    }

    /// Domains of a partition that lose nodes, and how many nodes each keeps.
    fn sizes_left(&self, partition: usize, query: &Query<'_>) -> Vec<(u32, u32)> {
        let partition = &self.counters.partitions[partition];
        let mut hit: Vec<u32> = query
            .lost
            .iter()
            .map(|n| partition.domain_of[n.index()])
            .filter(|&d| d != NO_DOMAIN)
            .collect();
        hit.sort_unstable();
        hit.chunk_by(|a, b| a == b)
            .map(|run| (run[0], partition.sizes[run[0] as usize] - run.len() as u32))
            .collect()
    }

    fn domains_left(&self, counter: u32, query: &Query<'_>) -> i64 {
        let def = &self.counters.defs[counter as usize];
        let all = self.counters.partitions[def.partition].sizes.len() as i64;
        if kept(def.keeps_lost, query.loss) {
            return all;
        }
        all - self.sizes_left(def.partition, query).iter().filter(|(_, n)| *n == 0).count() as i64
    }

    /// Takes out of the counts every pod that left, may move, or runs on a node that no longer counts.
    fn discount(&self, query: &Query<'_>, new_id: &FxHashMap<u32, u32>, counters: &mut [Counter]) {
        let cluster = &self.cluster;
        let lost: FxHashSet<NodeId> = query.lost.iter().copied().collect();
        let removed: FxHashSet<PodId> = query.removed.iter().map(|r| r.pod).collect();
        let mut gone = |id: PodId, counts: &dyn Fn(&super::counters::CounterDef) -> bool| {
            let pod = cluster.pod(id);
            let Some(node) = pod.node else { return };
            for &c in &self.coupling(pod.shape).counts_in {
                let Some(&new) = new_id.get(&c) else { continue };
                let def = &self.counters.defs[c as usize];
                if (def.live_only && pod.terminating) || counts(def) {
                    continue;
                }
                let counter = &mut counters[new as usize];
                let domain = counter.domain_of[node.index()];
                if domain == NO_DOMAIN {
                    continue;
                }
                if let Some(n) = &mut counter.base[domain as usize] {
                    *n -= 1;
                }
            }
        };
        for r in query.removed {
            let lost = cluster.pod(r.pod).node.is_some_and(|n| lost.contains(&n));
            gone(r.pod, &|def| {
                r.lingers && !def.live_only && (!lost || kept(def.keeps_lost, query.loss))
            });
        }
        self.movable(query).for_each(|p| gone(p, &|_| false));
        for &node in query.lost {
            for &pod in cluster.pods_on(node) {
                if !removed.contains(&pod) {
                    gone(pod, &|def| kept(def.keeps_lost, query.loss));
                }
            }
        }
    }

    fn levels(&self, query: &Query<'_>, problem: &Problem, mapping: &Mapping) -> Vec<Level> {
        let priority = |class: usize| {
            let first = mapping.pods[class][0];
            self.cluster.incoming_of(first).priority
        };
        let classes = 0..problem.classes.len();
        let mut priorities: Vec<i32> = classes
            .clone()
            .filter(|&c| problem.classes[c].origin.is_none())
            .map(priority)
            .collect();
        priorities.sort_unstable_by(|a, b| b.cmp(a));
        priorities.dedup();
        let mut levels: Vec<Level> = priorities
            .iter()
            .map(|&p| Level {
                name: format!("unplaced (priority {p})"),
                terms: vec![Term::Unplaced(
                    classes
                        .clone()
                        .map(|c| i64::from(problem.classes[c].origin.is_none() && priority(c) == p))
                        .collect(),
                )],
            })
            .collect();
        if !query.movable.is_empty() {
            let cost = vec![1; problem.classes.len()];
            levels.push(Level { name: MOVES.into(), terms: vec![Term::Moves(cost)] });
        }
        if query.fewest_nodes {
            levels.push(Level {
                name: NODES_USED.into(),
                terms: vec![Term::BinsUsed(self.costs(query))],
            });
        }
        levels
    }

    /// 1 for each node on which only DaemonSet and static pods (or none) stay.
    fn costs(&self, query: &Query<'_>) -> Vec<i64> {
        let cluster: &Cluster = &self.cluster;
        let leaving: FxHashSet<PodId> = self.leaving(query).collect();
        cluster
            .node_ids()
            .map(|n| {
                let holds = cluster
                    .pods_on(n)
                    .iter()
                    .any(|p| !cluster.pod(*p).owner.kind.stays_with_node() && !leaving.contains(p));
                i64::from(!holds)
            })
            .collect()
    }
}

/// Whether a lost node still counts among the domains.
fn kept(keeps: KeepsLost, loss: Loss) -> bool {
    match loss {
        Loss::NotReady => keeps.not_ready,
        Loss::Deleted => false,
        Loss::Drained => keeps.drained,
    }
}
