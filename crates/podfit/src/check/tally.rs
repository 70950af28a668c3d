//! Pods counted per domain, at the start ([`Tally`]) and what a change adds or takes ([`Deltas`]).

use crate::model::{Cluster, NodeId, Sym};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Position of a tally in the baseline.
pub(super) type TallyId = u32;

/// The domains of one topology key, numbered from 0.
#[derive(Debug)]
pub(super) struct Topology {
    domain_of: Vec<Option<u32>>,
    domain_count: usize,
}

impl Topology {
    pub(super) fn new(cluster: &Cluster, key: Sym) -> Self {
        let mut number = FxHashMap::default();
        let domain_of = cluster
            .node_ids()
            .map(|node| {
                let value = cluster.domain(node, key)?;
                let next = number.len() as u32;
                Some(*number.entry(value).or_insert(next))
            })
            .collect();
        Self { domain_of, domain_count: number.len() }
    }

    /// The domain of a node; `None` where the node lacks the key.
    pub(super) fn domain(&self, node: NodeId) -> Option<u32> {
        self.domain_of[node.index()]
    }
}

/// The domains that a spread constraint knows: those of its eligible nodes. Pods on other nodes do not
/// count. Many constraints share one.
#[derive(Debug)]
pub(super) struct SpreadDomains {
    topology: usize,
    /// By node: has all keys of the pod's constraints and passes the policies.
    eligible: Vec<bool>,
    /// By domain: how many eligible nodes it has; with none it is no domain.
    nodes: Vec<u32>,
    /// How many domains there are.
    count: usize,
    /// `nodeTaintsPolicy: Honor` and no toleration of `unreachable`: a node not ready is not eligible.
    pub(super) leaves_not_ready: bool,
    /// `nodeTaintsPolicy: Honor` and no toleration of `unschedulable`: a drained node is not eligible.
    pub(super) leaves_drained: bool,
}

impl SpreadDomains {
    pub(super) fn new(eligible: Vec<bool>, topology: usize, topologies: &[Topology]) -> Self {
        let of = &topologies[topology];
        let mut nodes = vec![0; of.domain_count];
        for (domain, _) in of.domain_of.iter().zip(&eligible).filter(|(_, e)| **e) {
            nodes[domain.expect("an eligible node has the key") as usize] += 1;
        }
        let count = nodes.iter().filter(|&&n| n > 0).count();
        Self { topology, eligible, nodes, count, leaves_not_ready: false, leaves_drained: false }
    }

    /// The domains that lose their last eligible node with `lost` (each once).
    pub(super) fn gone(&self, topologies: &[Topology], lost: &[NodeId]) -> Vec<u32> {
        let of = lost.iter().filter(|n| self.is_eligible(**n));
        let mut gone: Vec<u32> = of.filter_map(|n| topologies[self.topology].domain(*n)).collect();
        gone.sort_unstable();
        let whole = |c: &&[u32]| c.len() == self.nodes[c[0] as usize] as usize;
        gone.chunk_by(|a, b| a == b).filter(whole).map(|c| c[0]).collect()
    }

    /// Whether a node is part of a domain, before any loss.
    pub(super) fn is_eligible(&self, node: NodeId) -> bool {
        self.eligible[node.index()]
    }
}

/// How many pods of a kind stand in each domain of a topology.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) topology: usize,
    /// Only for spread: which [`SpreadDomains`].
    pub(super) domains: Option<usize>,
    /// While counting: the domain of each pod.
    seen: Vec<u32>,
    /// (domain, pods), ascending, without domains of none.
    pods: Vec<(u32, i64)>,
    /// Over all domains.
    total: i64,
    /// Only for spread: (pods, how many domains have as many), ascending, without domains of none.
    histogram: Vec<(i64, usize)>,
}

impl Tally {
    pub(super) fn new(topology: usize, domains: Option<usize>) -> Self {
        Self { topology, domains, seen: vec![], pods: vec![], total: 0, histogram: vec![] }
    }

    pub(super) fn see(&mut self, domain: u32) {
        self.seen.push(domain);
    }

    /// To be called once all pods are seen.
    pub(super) fn finish(&mut self) {
        let mut seen = std::mem::take(&mut self.seen);
        seen.sort_unstable();
        self.total = seen.len() as i64;
        self.pods = seen.chunk_by(|a, b| a == b).map(|c| (c[0], c.len() as i64)).collect();
        if self.domains.is_some() {
            let mut counts: Vec<i64> = self.pods.iter().map(|&(_, pods)| pods).collect();
            counts.sort_unstable();
            self.histogram = counts.chunk_by(|a, b| a == b).map(|c| (c[0], c.len())).collect();
        }
    }

    fn pods(&self, domain: u32) -> i64 {
        self.pods.binary_search_by_key(&domain, |&(d, _)| d).map_or(0, |i| self.pods[i].1)
    }
}

/// What a change adds to the tallies or takes from them.
#[derive(Clone, Debug, Default)]
pub(super) struct Deltas {
    pods: FxHashMap<(TallyId, u32), i64>,
    total: FxHashMap<TallyId, i64>,
    /// Of spread tallies: change of the histogram, by pods per domain.
    levels: BTreeMap<(TallyId, i64), i64>,
}

impl Deltas {
    pub(super) fn add(&mut self, tallies: &[Tally], id: TallyId, domain: u32, pods: i64) {
        let tally = &tallies[id as usize];
        let delta = self.pods.entry((id, domain)).or_default();
        if tally.domains.is_some() {
            let before = tally.pods(domain) + *delta;
            *self.levels.entry((id, before)).or_default() -= 1;
            *self.levels.entry((id, before + pods)).or_default() += 1;
        }
        *delta += pods;
        *self.total.entry(id).or_default() += pods;
    }

    /// Pods of a domain now.
    pub(super) fn pods(&self, tallies: &[Tally], id: TallyId, domain: u32) -> i64 {
        tallies[id as usize].pods(domain) + self.pods.get(&(id, domain)).unwrap_or(&0)
    }

    /// Pods of all domains now.
    pub(super) fn total(&self, tallies: &[Tally], id: TallyId) -> i64 {
        tallies[id as usize].total + self.total.get(&id).unwrap_or(&0)
    }

    /// The count of the emptiest domain now; 0 if there are fewer domains than `min_domains` or none.
    /// `gone` are the domains that lost all their nodes. Looks at the head of the histogram, not at all
    /// domains.
    pub(super) fn least(
        &self,
        tallies: &[Tally],
        id: TallyId,
        domains: &SpreadDomains,
        gone: &[u32],
        min_domains: i64,
    ) -> i64 {
        let tally = &tallies[id as usize];
        if ((domains.count - gone.len()) as i64) < min_domains {
            return 0;
        }
        let mut gone: Vec<i64> = gone.iter().map(|&d| self.pods(tallies, id, d)).collect();
        gone.sort_unstable();
        let none = (0, domains.count - tally.pods.len());
        let mut base = std::iter::once(none).chain(tally.histogram.iter().copied()).peekable();
        let mut delta = self.levels.range((id, i64::MIN)..=(id, i64::MAX)).peekable();
        loop {
            let heads = [base.peek().map(|b| b.0), delta.peek().map(|d| d.0.1)];
            let Some(level) = heads.into_iter().flatten().min() else { return 0 };
            let at_first = base.next_if(|b| b.0 == level).map_or(0, |b| b.1 as i64);
            let changed = delta.next_if(|d| d.0.1 == level).map_or(0, |d| *d.1);
            let lost = gone.partition_point(|&p| p <= level) - gone.partition_point(|&p| p < level);
            if at_first + changed > lost as i64 {
                return level;
            }
        }
    }
}
