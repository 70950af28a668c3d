use super::tally::{SpreadDomains, Tally, TallyId, Topology};
use crate::model::{
    Cluster, Effect, HostPort, NodeId, NodePolicy, NodeSelector, PodId, PodTerm, Requirement,
    Selector, Shape, Spread, Sym, Toleration,
};
use rustc_hash::FxHashMap;

/// What a node holds.
#[derive(Clone, Debug)]
pub(super) struct Holding {
    /// By resource.
    pub(super) used: Vec<i64>,
    /// By card, in thousandths.
    pub(super) cards: Vec<i64>,
    /// Host ports with their holders.
    pub(super) ports: Vec<(HostPort, PodId)>,
}

impl Holding {
    /// Adds (`sign` 1) or takes (−1) a pod's resources and cards. Cards the node does not have are none.
    pub(super) fn charge(&mut self, shape: &Shape, cards: &[u16], sign: i64) {
        for (id, amount) in shape.requests.iter() {
            self.used[id.index()] += sign * amount;
        }
        for &card in cards {
            if let Some(used) = self.cards.get_mut(usize::from(card)) {
                *used += sign * shape.gpu.milli_each;
            }
        }
    }

    /// Takes off the ports that `pod` held in this shape, once each: another of its id may be here, its replacement.
    pub(super) fn free_ports(&mut self, shape: &Shape, pod: PodId) {
        for &port in &shape.host_ports {
            if let Some(at) = self.ports.iter().position(|&held| held == (port, pod)) {
                self.ports.remove(at);
            }
        }
    }
}

/// Two tallies of one anti-affinity term: the pods it selects, and the pods that carry it.
#[derive(Clone, Copy, Debug)]
pub(super) struct AntiTerm {
    pub(super) key: Sym,
    pub(super) selected: TallyId,
    pub(super) carriers: TallyId,
}

/// What pods of a shape look at, and what looks at them.
#[derive(Clone, Debug, Default)]
pub(super) struct Ties {
    /// Tallies that count its pods, alive or terminating.
    pub(super) counted: Vec<TallyId>,
    /// Spread tallies that count its live pods.
    pub(super) spread_counted: Vec<TallyId>,
    /// By own affinity term: pods that all of them select, in the domains of the term's key.
    pub(super) affinity: Vec<TallyId>,
    /// Whether its pods match all their own affinity terms.
    pub(super) affinity_self: bool,
    /// By own anti-affinity term: index into [`Baseline::anti`].
    pub(super) anti_own: Vec<u32>,
    /// The terms of anyone that select its pods: indexes into [`Baseline::anti`], ascending.
    pub(super) anti_others: Vec<u32>,
    /// By own spread constraint.
    pub(super) spread: Vec<TallyId>,
}

/// A cluster, counted once.
#[derive(Debug)]
pub struct Baseline {
    /// By node.
    pub(super) holdings: Vec<Holding>,
    pub(super) topologies: Vec<Topology>,
    pub(super) domains: Vec<SpreadDomains>,
    pub(super) tallies: Vec<Tally>,
    pub(super) anti: Vec<AntiTerm>,
    /// By shape.
    pub(super) ties: Vec<Ties>,
    /// By namespace and claim for one pod or one node: the pods that run and use it, with their nodes.
    pub(super) claims: FxHashMap<(Sym, Sym), Vec<(PodId, NodeId)>>,
}

impl Baseline {
    /// Counts a cluster.
    pub fn new(cluster: &Cluster) -> Self {
        let mut counting = Counting::new(cluster);
        for shape in 0..cluster.shapes().len() {
            counting.tie(shape);
        }
        let Counting { topologies, domains, mut tallies, anti, ties, .. } = counting;
        for pod in cluster.pods() {
            let Some(node) = pod.node else { continue };
            let ties = &ties[pod.shape.index()];
            let spread = if pod.terminating { &[][..] } else { &ties.spread_counted };
            for &id in ties.counted.iter().chain(spread) {
                let tally = &mut tallies[id as usize];
                if tally.domains.is_some_and(|d| !domains[d].is_eligible(node)) {
                    continue;
                }
                if let Some(domain) = topologies[tally.topology].domain(node) {
                    tally.see(domain);
                }
            }
        }
        tallies.iter_mut().for_each(Tally::finish);
        let (holdings, claims) = (holdings(cluster), claims(cluster));
        Self { holdings, topologies, domains, tallies, anti, ties, claims }
    }

    /// The domain of a node under a tally's topology key.
    pub(super) fn domain(&self, tally: TallyId, node: NodeId) -> Option<u32> {
        self.topologies[self.tallies[tally as usize].topology].domain(node)
    }

    /// Which of the domains a spread tally has.
    pub(super) fn domains_of(&self, tally: TallyId) -> usize {
        self.tallies[tally as usize].domains.expect("asked of spread tallies only")
    }
}

fn holdings(cluster: &Cluster) -> Vec<Holding> {
    let of_node = |node| {
        let mut holding = Holding {
            used: vec![0; cluster.resource_count()],
            cards: vec![0; cluster.node(node).cards.len()],
            ports: Vec::new(),
        };
        for &id in cluster.pods_on(node) {
            let shape = cluster.shape_of(id);
            holding.charge(shape, &cluster.pod(id).cards, 1);
            holding.ports.extend(shape.host_ports.iter().map(|&port| (port, id)));
        }
        holding
    };
    cluster.node_ids().map(of_node).collect()
}

fn claims(cluster: &Cluster) -> FxHashMap<(Sym, Sym), Vec<(PodId, NodeId)>> {
    let mut claims: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for id in cluster.pod_ids() {
        let shape = cluster.shape_of(id);
        if let Some(node) = cluster.pod(id).node {
            for &claim in shape.one_pod_claims.iter().chain(&shape.one_node_claims) {
                claims.entry((shape.namespace, claim)).or_default().push((id, node));
            }
        }
    }
    claims
}

/// Equal keys give equal spread domains: all topology keys of the pod's constraints, the constraint's own,
/// what the affinity policy looks at, what the taints policy looks at.
type DomainsKey = (Vec<Sym>, Sym, Option<NodeSelector>, Option<Vec<Toleration>>);

/// Equal keys give equal spread tallies: namespace, selector, domains.
type SpreadKey = (Sym, Selector, usize);

/// The state while tallies are laid out.
struct Counting<'a> {
    cluster: &'a Cluster,
    by_label: FxHashMap<(Sym, Sym), Vec<u32>>,
    all_shapes: Vec<u32>,
    topology_of: FxHashMap<Sym, usize>,
    topologies: Vec<Topology>,
    tallies: Vec<Tally>,
    anti: Vec<AntiTerm>,
    ties: Vec<Ties>,
    affinity_of: FxHashMap<Vec<PodTerm>, Vec<TallyId>>,
    anti_of: FxHashMap<PodTerm, u32>,
    domains_of: FxHashMap<DomainsKey, usize>,
    domains: Vec<SpreadDomains>,
    spread_of: FxHashMap<SpreadKey, TallyId>,
}

impl<'a> Counting<'a> {
    fn new(cluster: &'a Cluster) -> Self {
        let mut by_label: FxHashMap<_, Vec<u32>> = FxHashMap::default();
        for (i, shape) in cluster.shapes().iter().enumerate() {
            for pair in shape.labels.iter() {
                by_label.entry(pair).or_default().push(i as u32);
            }
        }
        Self {
            cluster,
            by_label,
            all_shapes: (0..cluster.shapes().len() as u32).collect(),
            topology_of: FxHashMap::default(),
            topologies: Vec::new(),
            tallies: Vec::new(),
            anti: Vec::new(),
            ties: vec![Ties::default(); cluster.shapes().len()],
            affinity_of: FxHashMap::default(),
            anti_of: FxHashMap::default(),
            domains_of: FxHashMap::default(),
            domains: Vec::new(),
            spread_of: FxHashMap::default(),
        }
    }

    /// Lays out the tallies that `shape` looks at or is counted in.
    fn tie(&mut self, index: usize) {
        let shape = &self.cluster.shapes()[index];
        if !shape.affinity.is_empty() {
            self.ties[index].affinity = self.affinity(&shape.affinity);
            let names = self.cluster.names();
            self.ties[index].affinity_self = shape.affinity.iter().all(|t| t.matches(shape, names));
        }
        for term in &shape.anti_affinity {
            let anti = self.anti(term);
            self.ties[index].anti_own.push(anti);
            let carriers = self.anti[anti as usize].carriers;
            self.ties[index].counted.push(carriers);
        }
        for spread in &shape.spread {
            let tally = self.spread(shape, spread);
            self.ties[index].spread.push(tally);
        }
    }

    fn tally(&mut self, key: Sym, domains: Option<usize>) -> TallyId {
        let topology = self.topology(key);
        self.tallies.push(Tally::new(topology, domains));
        self.tallies.len() as TallyId - 1
    }

    fn topology(&mut self, key: Sym) -> usize {
        let (cluster, topologies) = (self.cluster, &mut self.topologies);
        *self.topology_of.entry(key).or_insert_with(|| {
            topologies.push(Topology::new(cluster, key));
            topologies.len() - 1
        })
    }

    fn affinity(&mut self, terms: &[PodTerm]) -> Vec<TallyId> {
        if let Some(tallies) = self.affinity_of.get(terms) {
            return tallies.clone();
        }
        let tallies: Vec<_> = terms.iter().map(|t| self.tally(t.topology_key, None)).collect();
        let (cluster, first) = (self.cluster, &terms[0]);
        for shape in self.candidates(&first.selector).to_vec() {
            let candidate = &cluster.shapes()[shape as usize];
            if terms.iter().all(|t| t.matches(candidate, cluster.names())) {
                self.ties[shape as usize].counted.extend(&tallies);
            }
        }
        self.affinity_of.insert(terms.to_vec(), tallies.clone());
        tallies
    }

    fn anti(&mut self, term: &PodTerm) -> u32 {
        if let Some(&anti) = self.anti_of.get(term) {
            return anti;
        }
        let anti = self.anti.len() as u32;
        let key = term.topology_key;
        let (selected, carriers) = (self.tally(key, None), self.tally(key, None));
        self.anti.push(AntiTerm { key, selected, carriers });
        let cluster = self.cluster;
        for shape in self.candidates(&term.selector).to_vec() {
            if term.matches(&cluster.shapes()[shape as usize], cluster.names()) {
                self.ties[shape as usize].counted.push(selected);
                self.ties[shape as usize].anti_others.push(anti);
            }
        }
        self.anti_of.insert(term.clone(), anti);
        anti
    }

    fn spread(&mut self, shape: &Shape, spread: &Spread) -> TallyId {
        let domains = self.spread_domains(shape, spread);
        let key = (shape.namespace, spread.selector.clone(), domains);
        if let Some(&tally) = self.spread_of.get(&key) {
            return tally;
        }
        let tally = self.tally(spread.topology_key, Some(domains));
        let cluster = self.cluster;
        // kube-scheduler counts no pods for `labelSelector: {}`.
        let is_empty = spread.selector.all.is_empty();
        let candidates = if is_empty { vec![] } else { self.candidates(&spread.selector).to_vec() };
        for index in candidates {
            let other = &cluster.shapes()[index as usize];
            let same = other.namespace == shape.namespace;
            if same && spread.selector.matches(&other.labels, cluster.names()) {
                self.ties[index as usize].spread_counted.push(tally);
            }
        }
        self.spread_of.insert(key, tally);
        tally
    }

    fn spread_domains(&mut self, shape: &Shape, spread: &Spread) -> usize {
        let honors = |policy| policy == NodePolicy::Honor;
        let key: DomainsKey = (
            shape.spread.iter().map(|s| s.topology_key).collect(),
            spread.topology_key,
            honors(spread.node_affinity_policy).then(|| shape.node_selector.clone()),
            honors(spread.node_taints_policy).then(|| shape.tolerations.clone()),
        );
        if let Some(&domains) = self.domains_of.get(&key) {
            return domains;
        }
        let cluster = self.cluster;
        let (keys, _, selector, tolerations) = &key;
        let eligible = cluster.nodes().iter().map(|node| {
            keys.iter().all(|&k| node.labels.get(k).is_some())
                && selector
                    .as_ref()
                    .is_none_or(|s| s.matches(node.name, &node.labels, cluster.names()))
                && tolerations.as_ref().is_none_or(|list| {
                    let tolerated = |taint| list.iter().any(|t| t.tolerates(taint));
                    node.taints
                        .iter()
                        .filter(|t| t.effect != Effect::PreferNoSchedule)
                        .all(tolerated)
                        && (!node.unschedulable || tolerates_cordon(list, cluster))
                })
        });
        let eligible = eligible.collect();
        let topology = self.topology(spread.topology_key);
        let mut domains = SpreadDomains::new(eligible, topology, &self.topologies);
        if let Some(tolerations) = tolerations {
            domains.leaves_drained = !tolerates_cordon(tolerations, cluster);
            domains.leaves_not_ready = !tolerates_unreachable(tolerations, cluster);
        }
        self.domains.push(domains);
        self.domains_of.insert(key, self.domains.len() - 1);
        self.domains.len() - 1
    }

    /// Shapes that may match: where the selector asks for a label of one value, only those that have it.
    /// Without this, a cluster of 100,000 distinct shapes would compare every one with every term.
    fn candidates(&self, selector: &Selector) -> &[u32] {
        let exact = |r: &Requirement| match r {
            Requirement::In(key, values) => match values[..] {
                [value] => Some(self.by_label.get(&(*key, value)).map_or(&[][..], Vec::as_slice)),
                _ => None,
            },
            _ => None,
        };
        selector.all.iter().filter_map(exact).min_by_key(|l| l.len()).unwrap_or(&self.all_shapes)
    }
}

/// Whether one of `tolerations` is for the taint of this key and effect, with an empty value.
/// The taint may be in no node of the cluster, so its key need not be among the names.
fn tolerates(tolerations: &[Toleration], cluster: &Cluster, key: &str, effect: Effect) -> bool {
    tolerations.iter().any(|t| {
        t.key.is_none_or(|k| cluster.str(k) == key)
            && t.value.is_none_or(|v| cluster.str(v).is_empty())
            && t.effect.is_none_or(|e| e == effect)
    })
}

/// Whether the pod may be put on a cordoned node.
pub(super) fn tolerates_cordon(tolerations: &[Toleration], cluster: &Cluster) -> bool {
    tolerates(tolerations, cluster, "node.kubernetes.io/unschedulable", Effect::NoSchedule)
}

fn tolerates_unreachable(tolerations: &[Toleration], cluster: &Cluster) -> bool {
    let key = "node.kubernetes.io/unreachable";
    tolerates(tolerations, cluster, key, Effect::NoSchedule)
        && tolerates(tolerations, cluster, key, Effect::NoExecute)
}
