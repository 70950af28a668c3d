//! Counters of a cluster: who is counted where, and which shapes look at the count.
//!
//! Distinct definitions that count the same pods over the same domains become one counter.

use super::{NO_DOMAIN, Need, SpreadRow};
use crate::model::{
    Cluster, Effect, HostPort, NamespaceSet, NodePolicy, PodTerm, Requirement, Selector, Shape,
    ShapeId, Spread, Sym,
};
use crate::rules::{Rule, RuleSet, UNREACHABLE, UNSCHEDULABLE, tolerates, tolerates_all};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The nodes cut into domains.
#[derive(Debug)]
pub(super) struct Partition {
    pub(super) domain_of: Arc<Vec<u32>>,
    /// Nodes in each domain: a domain is there as long as one of them is.
    pub(super) sizes: Vec<u32>,
}

/// Whether a lost node whose object remains is still among the domains (spread looks at taints by policy).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct KeepsLost {
    pub(super) not_ready: bool,
    pub(super) drained: bool,
}

#[derive(Debug)]
pub(super) struct CounterDef {
    pub(super) partition: usize,
    /// Terminating pods are not counted (spread); they are for affinity and ports.
    pub(super) live_only: bool,
    pub(super) keeps_lost: KeepsLost,
    /// Pods counted in each domain of the cluster as it is.
    pub(super) base: Vec<i64>,
}

/// How each shape is coupled to others.
#[derive(Clone, Debug, Default)]
pub(super) struct Coupling {
    pub(super) forbids: Vec<u32>,
    pub(super) needs: Vec<Need>,
    /// With `minDomains` beside each row.
    pub(super) spread: Vec<(SpreadRow, i64)>,
    pub(super) counts_in: Vec<u32>,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) partitions: Vec<Partition>,
    pub(super) defs: Vec<CounterDef>,
    /// By shape.
    pub(super) couplings: Vec<Coupling>,
}

/// What cuts the nodes into domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Cut {
    /// The values of a label.
    Label(Sym),
    /// Each node is one.
    Nodes,
    /// All nodes are one, also those that lack every label.
    Whole,
}

const ALWAYS: KeepsLost = KeepsLost { not_ready: true, drained: true };
const NEVER: KeepsLost = KeepsLost { not_ready: false, drained: false };

/// Makes the counters that the rules in `rules` need for the shapes of `cluster`.
pub(super) fn count(cluster: &Cluster, rules: RuleSet) -> Counters {
    let mut maker = Maker::new(cluster);
    if rules.contains(Rule::HostPorts) {
        maker.host_ports();
    }
    if rules.contains(Rule::VolumeRestrictions) {
        maker.one_pod_claims();
    }
    maker.anti_affinity(
        rules.contains(Rule::InterPodAntiAffinity),
        rules.contains(Rule::ExistingAntiAffinity),
    );
    if rules.contains(Rule::InterPodAffinity) {
        maker.affinity();
    }
    if rules.contains(Rule::SharedVolume) {
        maker.shared_volumes();
    }
    if rules.contains(Rule::Spread) {
        maker.spread();
    }
    maker.finish()
}

struct Maker<'a> {
    cluster: &'a Cluster,
    by_namespace: FxHashMap<Sym, Vec<ShapeId>>,
    by_label: FxHashMap<(Sym, Sym), Vec<ShapeId>>,
    partitions: FxHashMap<(Cut, Option<FixedBitSet>), usize>,
    /// What makes two counters the same: domains, pods counted, and how they are counted.
    known: FxHashMap<(usize, Vec<ShapeId>, bool, KeepsLost), u32>,
    out: Counters,
}

impl<'a> Maker<'a> {
    fn new(cluster: &'a Cluster) -> Self {
        let mut by_namespace: FxHashMap<Sym, Vec<ShapeId>> = FxHashMap::default();
        let mut by_label: FxHashMap<(Sym, Sym), Vec<ShapeId>> = FxHashMap::default();
        for (i, shape) in cluster.shapes().iter().enumerate() {
            by_namespace.entry(shape.namespace).or_default().push(ShapeId(i as u32));
            for label in shape.labels.iter() {
                by_label.entry(label).or_default().push(ShapeId(i as u32));
            }
        }
        let out = Counters {
            couplings: vec![Coupling::default(); cluster.shapes().len()],
            ..Counters::default()
        };
        Self {
            cluster,
            by_namespace,
            by_label,
            partitions: FxHashMap::default(),
            known: FxHashMap::default(),
            out,
        }
    }

    /// The nodes cut into domains; only nodes in `included`.
    fn partition(&mut self, cut: Cut, included: Option<FixedBitSet>) -> usize {
        let cluster = self.cluster;
        let out = &mut self.out;
        *self.partitions.entry((cut, included)).or_insert_with_key(|(cut, included)| {
            let mut domains: FxHashMap<Option<Sym>, u32> = FxHashMap::default();
            let mut sizes: Vec<u32> = Vec::new();
            let domain_of = cluster
                .node_ids()
                .map(|n| {
                    if included.as_ref().is_some_and(|i| !i.contains(n.index())) {
                        return NO_DOMAIN;
                    }
                    let value = match *cut {
                        Cut::Label(key) => match cluster.domain(n, key) {
                            None => return NO_DOMAIN,
                            value => value,
                        },
                        Cut::Nodes => Some(cluster.node(n).name),
                        Cut::Whole => None,
                    };
                    let d = *domains.entry(value).or_insert(sizes.len() as u32);
                    if d as usize == sizes.len() {
                        sizes.push(0);
                    }
                    sizes[d as usize] += 1;
                    d
                })
                .collect();
            out.partitions.push(Partition { domain_of: Arc::new(domain_of), sizes });
            out.partitions.len() - 1
        })
    }

    /// The counter of `members` (sorted) over a partition.
    fn counter(
        &mut self,
        partition: usize,
        members: Vec<ShapeId>,
        live_only: bool,
        keeps_lost: KeepsLost,
    ) -> u32 {
        let out = &mut self.out;
        *self.known.entry((partition, members, live_only, keeps_lost)).or_insert_with_key(
            |(_, members, ..)| {
                let id = out.defs.len() as u32;
                for shape in members {
                    out.couplings[shape.index()].counts_in.push(id);
                }
                let base = vec![0; out.partitions[partition].sizes.len()];
                out.defs.push(CounterDef { partition, live_only, keeps_lost, base });
                id
            },
        )
    }

    fn forbid(&mut self, shape: ShapeId, counter: u32) {
        let forbids = &mut self.out.couplings[shape.index()].forbids;
        if !forbids.contains(&counter) {
            forbids.push(counter);
        }
    }

    /// Shapes of `namespaces` that `selector` picks, sorted. Where it asks for a label of one value, only shapes
    /// that have it are looked at: with as many selectors as shapes all else would be quadratic.
    fn selected(&self, namespaces: &NamespaceSet, selector: &Selector) -> Vec<ShapeId> {
        let names = self.cluster.names();
        let exact = |r: &Requirement| match r {
            Requirement::In(key, values) if values.len() == 1 => Some((*key, values[0])),
            _ => None,
        };
        let labelled = selector.all.iter().find_map(exact).map(|l| self.by_label.get(&l));
        let mut ids: Vec<ShapeId> = match (labelled, namespaces) {
            (Some(list), _) => list.cloned().unwrap_or_default(),
            (None, NamespaceSet::All) => {
                (0..self.cluster.shapes().len() as u32).map(ShapeId).collect()
            }
            (None, NamespaceSet::Of(list)) => {
                list.iter().filter_map(|ns| self.by_namespace.get(ns)).flatten().copied().collect()
            }
        };
        ids.retain(|&id| {
            let shape = self.cluster.shape(id);
            namespaces.contains(shape.namespace) && selector.matches(&shape.labels, names)
        });
        ids.sort_unstable();
        ids
    }

    fn host_ports(&mut self) {
        let shapes = self.cluster.shapes().iter().enumerate();
        let users: Vec<ShapeId> = shapes
            .filter(|(_, s)| !s.host_ports.is_empty())
            .map(|(i, _)| ShapeId(i as u32))
            .collect();
        let nodes = self.partition(Cut::Nodes, None);
        let mut clashing: FxHashMap<HostPort, u32> = FxHashMap::default();
        for &user in &users {
            for port in &self.cluster.shape(user).host_ports {
                let counter = match clashing.get(port) {
                    Some(&c) => c,
                    None => {
                        let holders = users
                            .iter()
                            .copied()
                            .filter(|&s| {
                                self.cluster.shape(s).host_ports.iter().any(|p| p.clashes(port))
                            })
                            .collect();
                        let c = self.counter(nodes, holders, false, ALWAYS);
                        clashing.insert(*port, c);
                        c
                    }
                };
                self.forbid(user, counter);
            }
        }
    }

    /// A claim of this kind serves one pod of its namespace, wherever that runs: a domain of all nodes, lost ones
    /// too, for a pod that lingers there uses it still.
    fn one_pod_claims(&mut self) {
        let mut users: FxHashMap<(Sym, Sym), Vec<ShapeId>> = FxHashMap::default();
        for (i, shape) in self.cluster.shapes().iter().enumerate() {
            for &claim in &shape.one_pod_claims {
                let list = users.entry((shape.namespace, claim)).or_default();
                if list.last() != Some(&ShapeId(i as u32)) {
                    list.push(ShapeId(i as u32));
                }
            }
        }
        for (i, shape) in self.cluster.shapes().iter().enumerate() {
            for &claim in &shape.one_pod_claims {
                let whole = self.partition(Cut::Whole, None);
                let members = users[&(shape.namespace, claim)].clone();
                let counter = self.counter(whole, members, false, ALWAYS);
                self.forbid(ShapeId(i as u32), counter);
            }
        }
    }

    /// Own terms look at the pods selected; the pods selected look at those who carry the term.
    fn anti_affinity(&mut self, own: bool, existing: bool) {
        let cluster = self.cluster;
        let mut carriers: Vec<(&PodTerm, Vec<ShapeId>)> = Vec::new();
        let mut known: FxHashMap<&PodTerm, usize> = FxHashMap::default();
        for (i, shape) in cluster.shapes().iter().enumerate() {
            for term in &shape.anti_affinity {
                let at = *known.entry(term).or_insert(carriers.len());
                if at == carriers.len() {
                    carriers.push((term, Vec::new()));
                }
                let list = &mut carriers[at].1;
                if list.last() != Some(&ShapeId(i as u32)) {
                    list.push(ShapeId(i as u32));
                }
            }
        }
        for (term, carriers) in carriers {
            let selected = self.selected(&term.namespaces, &term.selector);
            let partition = self.partition(Cut::Label(term.topology_key), None);
            if own {
                let of_selected = self.counter(partition, selected.clone(), false, ALWAYS);
                carriers.iter().for_each(|&s| self.forbid(s, of_selected));
            }
            if existing {
                let of_carriers = self.counter(partition, carriers, false, ALWAYS);
                selected.into_iter().for_each(|s| self.forbid(s, of_carriers));
            }
        }
    }

    /// Only pods that match *all* terms of the incoming pod count for any of them.
    fn affinity(&mut self) {
        let cluster = self.cluster;
        let mut known: FxHashMap<&[PodTerm], (Vec<u32>, Vec<ShapeId>)> = FxHashMap::default();
        for (i, shape) in cluster.shapes().iter().enumerate() {
            let terms = shape.affinity.as_slice();
            let Some(first) = terms.first() else { continue };
            if !known.contains_key(terms) {
                let mut matching = self.selected(&first.namespaces, &first.selector);
                matching.retain(|&s| {
                    terms.iter().all(|t| t.matches(cluster.shape(s), cluster.names()))
                });
                let counters = terms
                    .iter()
                    .map(|t| {
                        let partition = self.partition(Cut::Label(t.topology_key), None);
                        self.counter(partition, matching.clone(), false, ALWAYS)
                    })
                    .collect();
                known.insert(terms, (counters, matching));
            }
            let (counters, matching) = &known[terms];
            let self_match = matching.binary_search(&ShapeId(i as u32)).is_ok();
            self.out.couplings[i].needs.push(Need { counters: counters.clone(), self_match });
        }
    }

    /// Pods that share a volume of one node at a time need each other near, or come first.
    fn shared_volumes(&mut self) {
        let cluster = self.cluster;
        let mut users: FxHashMap<(Sym, Sym), Vec<ShapeId>> = FxHashMap::default();
        for (i, shape) in cluster.shapes().iter().enumerate() {
            for &claim in &shape.one_node_claims {
                users.entry((shape.namespace, claim)).or_default().push(ShapeId(i as u32));
            }
        }
        if users.is_empty() {
            return;
        }
        let mut up = FixedBitSet::with_capacity(cluster.nodes().len());
        cluster.node_ids().for_each(|n| up.set(n.index(), !cluster.node(n).down));
        for (i, shape) in cluster.shapes().iter().enumerate() {
            for &claim in &shape.one_node_claims {
                let nodes = self.partition(Cut::Nodes, Some(up.clone()));
                let users = users[&(shape.namespace, claim)].clone();
                let counters = vec![self.counter(nodes, users, false, NEVER)];
                self.out.couplings[i].needs.push(Need { counters, self_match: true });
            }
        }
    }

    fn spread(&mut self) {
        let cluster = self.cluster;
        for (i, shape) in cluster.shapes().iter().enumerate() {
            for spread in &shape.spread {
                let included = included_nodes(cluster, shape, spread);
                let partition = self.partition(Cut::Label(spread.topology_key), Some(included));
                let names = cluster.names();
                // Under an empty selector the scheduler counts nobody but the pod itself.
                let counted = if spread.selector.is_empty() {
                    Vec::new()
                } else {
                    self.selected(&NamespaceSet::Of(vec![shape.namespace]), &spread.selector)
                };
                let self_match = spread.selector.matches(&shape.labels, names);
                let counter =
                    self.counter(partition, counted, true, keeps_lost(cluster, shape, spread));
                // Whether the least is zero is judged when the problem is made: a lost node may take its
                // domain with it.
                let row = SpreadRow {
                    counter,
                    max_skew: spread.max_skew,
                    self_match,
                    least_is_zero: false,
                };
                self.out.couplings[i].spread.push((row, spread.min_domains));
            }
        }
    }

    fn finish(mut self) -> Counters {
        for pod in self.cluster.pods() {
            let Some(node) = pod.node else { continue };
            for &c in &self.out.couplings[pod.shape.index()].counts_in {
                let def = &mut self.out.defs[c as usize];
                if def.live_only && pod.terminating {
                    continue;
                }
                let domain = self.out.partitions[def.partition].domain_of[node.index()];
                if domain != NO_DOMAIN {
                    def.base[domain as usize] += 1;
                }
            }
        }
        self.out
    }
}

/// Nodes that make up the domains of a spread constraint: they carry every topology key that the pod
/// spreads over, and pass the policies.
fn included_nodes(cluster: &Cluster, shape: &Shape, spread: &Spread) -> FixedBitSet {
    let honors_taints = spread.node_taints_policy == NodePolicy::Honor;
    let honors_affinity = spread.node_affinity_policy == NodePolicy::Honor;
    let mut included = FixedBitSet::with_capacity(cluster.nodes().len());
    for id in cluster.node_ids() {
        let node = cluster.node(id);
        let keys = shape.spread.iter().all(|s| node.labels.get(s.topology_key).is_some());
        let affinity = !honors_affinity
            || shape.node_selector.matches(node.name, &node.labels, cluster.names());
        let taints = !honors_taints || tolerates_all(cluster, &shape.tolerations, id, None);
        included.set(id.index(), keys && affinity && taints);
    }
    included
}

fn keeps_lost(cluster: &Cluster, shape: &Shape, spread: &Spread) -> KeepsLost {
    match spread.node_taints_policy {
        NodePolicy::Ignore => ALWAYS,
        NodePolicy::Honor => {
            let tolerated = |key, effect| tolerates(cluster, &shape.tolerations, key, effect);
            KeepsLost {
                not_ready: tolerated(UNREACHABLE, Effect::NoSchedule)
                    && tolerated(UNREACHABLE, Effect::NoExecute),
                drained: tolerated(UNSCHEDULABLE, Effect::NoSchedule),
            }
        }
    }
}
