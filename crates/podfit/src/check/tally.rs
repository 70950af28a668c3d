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
    pub(super) domain_count: usize,
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

/// How many pods of a kind stand in each domain of a topology.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) topology: usize,
    /// By domain.
    pub(super) pods: Vec<i64>,
    /// Over all domains.
    pub(super) total: i64,
    /// Only for spread.
    pub(super) spread: Option<SpreadDomains>,
}

/// What a spread constraint knows beyond the counts: its domains are those of its eligible nodes, and
/// pods on other nodes do not count.
#[derive(Debug)]
pub(super) struct SpreadDomains {
    /// By node: has all keys of the pod's constraints and passes the policies.
    pub(super) eligible: Vec<bool>,
    /// `nodeTaintsPolicy: Honor` and no toleration of `unreachable`: a node not ready is not eligible.
    pub(super) leaves_not_ready: bool,
    /// `nodeTaintsPolicy: Honor` and no toleration of `unschedulable`: a drained node is not eligible.
    pub(super) leaves_drained: bool,
    /// By domain: how many eligible nodes it has; with none it is no domain.
    pub(super) nodes: Vec<u32>,
    /// Pods per domain → how many domains have as many, ascending.
    histogram: Vec<(i64, u32)>,
    /// How many domains there are.
    domains: i64,
}

impl SpreadDomains {
    pub(super) fn new(eligible: Vec<bool>, topology: &Topology) -> Self {
        let mut nodes = vec![0; topology.domain_count];
        for (domain, _) in topology.domain_of.iter().zip(&eligible).filter(|(_, e)| **e) {
            nodes[domain.expect("an eligible node has the key") as usize] += 1;
        }
        Self {
            eligible,
            leaves_not_ready: false,
            leaves_drained: false,
            domains: nodes.iter().filter(|&&n| n > 0).count() as i64,
            nodes,
            histogram: Vec::new(),
        }
    }
}

impl Tally {
    pub(super) fn new(
        topology: usize,
        topologies: &[Topology],
        spread: Option<SpreadDomains>,
    ) -> Self {
        Self { topology, pods: vec![0; topologies[topology].domain_count], total: 0, spread }
    }

    /// To be called once all pods are counted.
    pub(super) fn finish(&mut self) {
        self.total = self.pods.iter().sum();
        let Some(spread) = &mut self.spread else { return };
        let mut counts = BTreeMap::new();
        for (&pods, _) in self.pods.iter().zip(&spread.nodes).filter(|(_, n)| **n > 0) {
            *counts.entry(pods).or_insert(0) += 1;
        }
        spread.histogram = counts.into_iter().collect();
    }
}

/// What a change does to one domain.
#[derive(Clone, Copy, Debug, Default)]
struct Delta {
    pods: i64,
    /// Eligible nodes (spread only).
    nodes: i32,
}

/// What a change does to the tallies: one entry a domain touched.
#[derive(Clone, Debug, Default)]
pub(super) struct Deltas(BTreeMap<(TallyId, u32), Delta>);

/// Stands for the sum over all domains; no cluster has as many domains.
const TOTAL: u32 = u32::MAX;

impl Deltas {
    pub(super) fn add_pods(&mut self, tally: TallyId, domain: u32, pods: i64) {
        self.0.entry((tally, domain)).or_default().pods += pods;
        self.0.entry((tally, TOTAL)).or_default().pods += pods;
    }

    pub(super) fn lose_node(&mut self, tally: TallyId, domain: u32) {
        self.0.entry((tally, domain)).or_default().nodes -= 1;
    }

    /// Pods of a domain now.
    pub(super) fn pods(&self, tallies: &[Tally], id: TallyId, domain: u32) -> i64 {
        tallies[id as usize].pods[domain as usize] + self.0.get(&(id, domain)).map_or(0, |d| d.pods)
    }

    /// Pods of all domains now.
    pub(super) fn total(&self, tallies: &[Tally], id: TallyId) -> i64 {
        tallies[id as usize].total + self.0.get(&(id, TOTAL)).map_or(0, |d| d.pods)
    }

    /// The count of the emptiest domain now; 0 if there are fewer domains than `min_domains` or none.
    /// Looks at the domains touched and the head of the histogram, not at all domains.
    pub(super) fn least(&self, tallies: &[Tally], id: TallyId, min_domains: i64) -> i64 {
        let tally = &tallies[id as usize];
        let spread = tally.spread.as_ref().expect("asked of spread tallies only");
        let mut domains = spread.domains;
        let mut least: Option<i64> = None;
        let mut touched = Vec::new();
        for (&(_, domain), delta) in self.0.range((id, 0)..(id, TOTAL)) {
            let (nodes, pods) = (spread.nodes[domain as usize], tally.pods[domain as usize]);
            if nodes == 0 {
                continue;
            }
            touched.push(pods);
            if i64::from(nodes) + i64::from(delta.nodes) > 0 {
                let now = pods + delta.pods;
                least = Some(least.map_or(now, |l| l.min(now)));
            } else {
                domains -= 1;
            }
        }
        if domains < min_domains {
            return 0;
        }
        touched.sort_unstable();
        let mut rest = touched.as_slice();
        for &(pods, count) in &spread.histogram {
            let same = rest.partition_point(|&p| p <= pods);
            rest = &rest[same..];
            if count as usize > same {
                return least.map_or(pods, |l| l.min(pods));
            }
        }
        least.unwrap_or(0)
    }
}
