//! How many pods of a kind are in each domain: the numbers behind spread and affinity.
//!
//! A counter is made when a shape that needs it is first judged, shared by all shapes that ask the same,
//! and follows every pod that comes or leaves. A domain is a number: the nodes with one value of a topology key.

use super::{paged::Paged, state::Standing, taints};
use crate::model::{
    Cluster, NodeId, NodePolicy, NodeSelector, PodId, PodTerm, Shape, ShapeId, Spread, Sym,
    Toleration,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

const NO_DOMAIN: u32 = u32::MAX;
/// [`Counter::first`] of a domain without a pod.
const NO_POD: u32 = u32::MAX;
/// [`Counter::first`] of a domain whose first pod left: to be looked up.
const UNKNOWN_POD: u32 = u32::MAX - 1;

/// A counter, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CounterId(u32);

impl CounterId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a counter counts; equal keys share a counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// Pods that match all these terms, by the domains of this key.
    Matching(Vec<PodTerm>, Sym),
    /// Pods that carry this one of [`Counters::anti_terms`], by the domains of its key.
    Carrying(usize),
    /// Live pods of the namespace that the constraint selects, on the nodes that are its domains.
    Spread(Box<SpreadKey>),
}

/// All that decides on a spread constraint's counts and domains.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct SpreadKey {
    spread: Spread,
    namespace: Sym,
    /// Keys of all the pod's constraints: a node that lacks one is a domain of none.
    topology_keys: Vec<Sym>,
    /// Where `nodeAffinityPolicy` is Honor.
    node_selector: Option<NodeSelector>,
    /// Where `nodeTaintsPolicy` is Honor.
    tolerations: Option<Vec<Toleration>>,
}

/// Nodes by the value of one topology key.
#[derive(Clone, Debug)]
struct Domains {
    key: Sym,
    of_node: Vec<u32>,
    names: Vec<Sym>,
}

impl Domains {
    fn new(standing: &Standing, key: Sym) -> Self {
        let cluster = standing.cluster;
        let mut names = Vec::new();
        let mut numbers: FxHashMap<Sym, u32> = FxHashMap::default();
        let of_node = cluster
            .node_ids()
            .map(|node| match cluster.domain(node, key) {
                Some(value) if !standing.is_deleted(node) => {
                    *numbers.entry(value).or_insert_with(|| {
                        names.push(value);
                        names.len() as u32 - 1
                    })
                }
                _ => NO_DOMAIN,
            })
            .collect();
        Self { key, of_node, names }
    }

    fn of(&self, node: NodeId) -> Option<usize> {
        let domain = self.of_node[node.index()];
        (domain != NO_DOMAIN).then_some(domain as usize)
    }
}

/// What only spread counters have.
#[derive(Clone, Debug)]
struct SpreadPart {
    /// By node: whether its pods count.
    eligible: Arc<[bool]>,
    /// By domain: whether it has an eligible node.
    exists: Arc<[bool]>,
    /// How many domains exist.
    existing: i64,
    /// The least count of those; 0 where there is none.
    least: i64,
}

/// Pods of a kind by domain.
#[derive(Clone, Debug)]
pub(super) struct Counter {
    domains: usize,
    /// Shapes that count, ascending.
    members: Arc<[ShapeId]>,
    counts: Paged<i64>,
    total: i64,
    /// By domain: the counted pod with the smallest id, for the report.
    first: Paged<u32>,
    spread: Option<SpreadPart>,
}

impl Counter {
    pub fn count(&self, domain: usize) -> i64 {
        self.counts[domain]
    }

    pub fn total(&self) -> i64 {
        self.total
    }

    /// The least count of the domains; 0 where there are fewer than `min_domains`.
    pub fn least(&self, min_domains: i64) -> i64 {
        self.spread.as_ref().filter(|s| s.existing >= min_domains).map_or(0, |s| s.least)
    }

    fn counts_on(&self, node: NodeId) -> bool {
        self.spread.as_ref().is_none_or(|s| s.eligible[node.index()])
    }

    fn add(&mut self, domain: usize, pod: PodId) {
        let count = self.counts.get_mut(domain);
        let before = *count;
        *count += 1;
        self.total += 1;
        if self.first[domain] != UNKNOWN_POD {
            let first = self.first.get_mut(domain);
            *first = pod.0.min(*first);
        }
        if self.spread.as_ref().is_some_and(|s| s.least == before) {
            self.find_least();
        }
    }

    fn sub(&mut self, domain: usize, pod: PodId) {
        let count = self.counts.get_mut(domain);
        *count -= 1;
        let now = *count;
        self.total -= 1;
        if now == 0 {
            *self.first.get_mut(domain) = NO_POD;
        } else if self.first[domain] == pod.0 {
            *self.first.get_mut(domain) = UNKNOWN_POD;
        }
        if let Some(s) = &mut self.spread {
            s.least = s.least.min(now);
        }
    }

    fn find_least(&mut self) {
        if let Some(s) = &mut self.spread {
            let counts = self.counts.iter().zip(s.exists.iter());
            s.least = counts.filter(|&(_, &exists)| exists).map(|(&c, _)| c).min().unwrap_or(0);
        }
    }
}

/// The counters that a shape looks at.
#[derive(Clone, Debug, Default)]
pub(super) struct Coupling {
    /// One a term.
    pub affinity: Vec<CounterId>,
    pub matches_own_affinity: bool,
    /// One a term.
    pub anti_affinity: Vec<CounterId>,
    /// One for each distinct anti-affinity term of other shapes that selects this one.
    pub existing: Vec<CounterId>,
    /// One a constraint, and whether the shape matches it itself.
    pub spread: Vec<(CounterId, bool)>,
}

/// All counters of a state. Clones share what they do not change.
#[derive(Clone, Debug, Default)]
pub(super) struct Counters {
    domains: Vec<Arc<Domains>>,
    counters: Vec<Arc<Counter>>,
    known: Arc<Known>,
}

/// Which counters there are.
#[derive(Clone, Debug, Default)]
struct Known {
    domains_of_key: FxHashMap<Sym, usize>,
    counter_of_key: FxHashMap<Key, CounterId>,
    /// By shape: counters that count its pods.
    of_shape: Vec<Vec<CounterId>>,
    couplings: Vec<Option<Coupling>>,
}

/// What is the same for all states of a cluster.
#[derive(Debug)]
pub(super) struct Facts {
    /// The distinct anti-affinity terms of all shapes, with the shapes that carry them.
    anti_terms: Vec<(PodTerm, Vec<ShapeId>)>,
    /// By shape: the pods that have it where they run or would have it where they are placed.
    pub pods_of_shape: Vec<Vec<PodId>>,
}

impl Facts {
    pub fn of(cluster: &Cluster) -> Self {
        let mut pods_of_shape = vec![Vec::new(); cluster.shapes().len()];
        for (pod, id) in cluster.pods().iter().zip(cluster.pod_ids()) {
            pods_of_shape[pod.shape.index()].push(id);
            if pod.incoming != pod.shape {
                pods_of_shape[pod.incoming.index()].push(id);
            }
        }
        let mut anti_terms: Vec<(PodTerm, Vec<ShapeId>)> = Vec::new();
        let mut index: FxHashMap<&PodTerm, usize> = FxHashMap::default();
        for (shape, id) in cluster.shapes().iter().zip((0..).map(ShapeId)) {
            for term in &shape.anti_affinity {
                let i = *index.entry(term).or_insert_with(|| {
                    anti_terms.push((term.clone(), Vec::new()));
                    anti_terms.len() - 1
                });
                let carriers = &mut anti_terms[i].1;
                // A shape may carry one term twice.
                if carriers.last() != Some(&id) {
                    carriers.push(id);
                }
            }
        }
        Self { anti_terms, pods_of_shape }
    }
}

impl Counters {
    pub fn is_ready(&self, shape: ShapeId) -> bool {
        self.known.couplings.get(shape.index()).is_some_and(Option::is_some)
    }

    /// Makes what pods of `shape` look at.
    pub fn prepare(&mut self, standing: &Standing, shape: ShapeId) {
        if self.known.couplings.is_empty() {
            self.start(standing);
        }
        if !self.is_ready(shape) {
            let coupling = self.couple(standing, shape);
            Arc::make_mut(&mut self.known).couplings[shape.index()] = Some(coupling);
        }
    }

    pub fn coupling(&self, shape_index: usize) -> &Coupling {
        self.known.couplings[shape_index].as_ref().expect("prepared when the view was made")
    }

    pub fn counter(&self, id: CounterId) -> &Counter {
        &self.counters[id.index()]
    }

    pub fn key(&self, id: CounterId) -> Sym {
        self.domains[self.counter(id).domains].key
    }

    pub fn domain(&self, id: CounterId, node: NodeId) -> Option<usize> {
        self.domains[self.counter(id).domains].of(node)
    }

    pub fn domain_name(&self, id: CounterId, domain: usize) -> Sym {
        self.domains[self.counter(id).domains].names[domain]
    }

    /// The pod with the smallest id that counts in the domain.
    pub fn first(&self, standing: &Standing, id: CounterId, domain: usize) -> Option<PodId> {
        match self.counter(id).first[domain] {
            NO_POD => None,
            UNKNOWN_POD => self
                .counted(standing, self.counter(id))
                .filter(|&(_, node)| self.domain(id, node) == Some(domain))
                .map(|(pod, _)| pod)
                .min(),
            pod => Some(PodId(pod)),
        }
    }

    /// A pod was put on a node, or back on it.
    pub fn pod_came(&mut self, standing: &Standing, pod: PodId, node: NodeId) {
        let live = standing.is_live(pod);
        let shape = standing.shape_of(pod);
        self.follow(shape, pod, node, |c| live || c.spread.is_none(), Counter::add);
    }

    /// A pod is about to leave its node. If it lingers, affinity counts it still.
    pub fn pod_left(&mut self, standing: &Standing, pod: PodId, node: NodeId, lingers: bool) {
        let live = standing.is_live(pod);
        let shape = standing.shape_of(pod);
        let counted = |c: &Counter| if c.spread.is_some() { live } else { !lingers };
        self.follow(shape, pod, node, counted, Counter::sub);
    }

    /// A pod that lingers where spread does not count it comes (back) to its node.
    pub fn lingering_came(&mut self, shape: ShapeId, pod: PodId, node: NodeId) {
        self.follow(shape, pod, node, |c| c.spread.is_none(), Counter::add);
    }

    /// A pod that lingers is gone.
    pub fn lingering_left(&mut self, shape: ShapeId, pod: PodId, node: NodeId) {
        self.follow(shape, pod, node, |c| c.spread.is_none(), Counter::sub);
    }

    fn follow(
        &mut self,
        shape: ShapeId,
        pod: PodId,
        node: NodeId,
        concerned: impl Fn(&Counter) -> bool,
        apply: impl Fn(&mut Counter, usize, PodId),
    ) {
        for id in self.known.of_shape.get(shape.index()).into_iter().flatten() {
            let counter = &mut self.counters[id.index()];
            if !counter.counts_on(node) || !concerned(counter) {
                continue;
            }
            if let Some(domain) = self.domains[counter.domains].of(node) {
                apply(Arc::make_mut(counter), domain, pod);
            }
        }
    }

    fn start(&mut self, standing: &Standing) {
        let shapes = standing.cluster.shapes().len();
        let known = Arc::make_mut(&mut self.known);
        known.couplings = vec![None; shapes];
        known.of_shape = vec![Vec::new(); shapes];
    }

    fn couple(&mut self, standing: &Standing, id: ShapeId) -> Coupling {
        let names = standing.cluster.names();
        let shape = standing.cluster.shape(id);
        let terms = &shape.affinity;
        let affinity = terms
            .iter()
            .map(|t| self.intern(standing, Key::Matching(terms.clone(), t.topology_key)))
            .collect();
        let anti_affinity = shape
            .anti_affinity
            .iter()
            .map(|t| self.intern(standing, Key::Matching(vec![t.clone()], t.topology_key)))
            .collect();
        let anti_terms = &standing.facts().anti_terms;
        let existing = (0..anti_terms.len())
            .filter(|&i| anti_terms[i].0.matches(shape, names))
            .map(|i| self.intern(standing, Key::Carrying(i)))
            .collect();
        let spread = shape
            .spread
            .iter()
            .map(|s| {
                let key = Key::Spread(Box::new(spread_key(shape, s)));
                (self.intern(standing, key), s.selector.matches(&shape.labels, names))
            })
            .collect();
        let matches_own_affinity = terms.iter().all(|t| t.matches(shape, names));
        Coupling { affinity, matches_own_affinity, anti_affinity, existing, spread }
    }

    /// The counter of this key, counted if new.
    fn intern(&mut self, standing: &Standing, key: Key) -> CounterId {
        if let Some(&id) = self.known.counter_of_key.get(&key) {
            return id;
        }
        let topology_key = match &key {
            Key::Matching(_, topology_key) => *topology_key,
            Key::Carrying(i) => standing.facts().anti_terms[*i].0.topology_key,
            Key::Spread(spread) => spread.spread.topology_key,
        };
        let members = self.members(standing, &key);
        let known = Arc::make_mut(&mut self.known);
        let domains = *known.domains_of_key.entry(topology_key).or_insert_with(|| {
            self.domains.push(Arc::new(Domains::new(standing, topology_key)));
            self.domains.len() - 1
        });
        let of = &self.domains[domains];
        let spread = match &key {
            Key::Spread(spread) => Some(spread_part(standing, spread, of)),
            _ => None,
        };
        let id = CounterId(self.counters.len() as u32);
        members.iter().for_each(|shape| known.of_shape[shape.index()].push(id));
        known.counter_of_key.insert(key, id);
        let counter = self.count(standing, domains, members, spread);
        self.counters.push(Arc::new(counter));
        id
    }

    fn members(&self, standing: &Standing, key: &Key) -> Vec<ShapeId> {
        let cluster = standing.cluster;
        let names = cluster.names();
        let matching = |wanted: &dyn Fn(&Shape) -> bool| {
            let shapes = cluster.shapes().iter().zip((0..).map(ShapeId));
            shapes.filter(|(shape, _)| wanted(shape)).map(|(_, id)| id).collect()
        };
        match key {
            Key::Matching(terms, _) => matching(&|s| terms.iter().all(|t| t.matches(s, names))),
            Key::Carrying(i) => standing.facts().anti_terms[*i].1.clone(),
            // The scheduler counts nothing under an empty selector (podtopologyspread/common.go), though
            // the pod itself matches: such a constraint asks only for the label.
            Key::Spread(key) if key.spread.selector == Default::default() => Vec::new(),
            Key::Spread(key) => matching(&|s| {
                s.namespace == key.namespace && key.spread.selector.matches(&s.labels, names)
            }),
        }
    }

    fn count(
        &self,
        standing: &Standing,
        domains: usize,
        members: Vec<ShapeId>,
        spread: Option<SpreadPart>,
    ) -> Counter {
        let of = &self.domains[domains];
        let mut counts = vec![0; of.names.len()];
        let mut first = vec![NO_POD; of.names.len()];
        let mut counter = Counter {
            domains,
            members: members.into(),
            counts: Paged::default(),
            total: 0,
            first: Paged::default(),
            spread,
        };
        for (pod, node) in self.counted(standing, &counter) {
            if let Some(domain) = of.of(node) {
                counts[domain] += 1;
                counter.total += 1;
                first[domain] = first[domain].min(pod.0);
            }
        }
        (counter.counts, counter.first) = (counts.into(), first.into());
        counter.find_least();
        counter
    }

    /// The pods that count and where, whether or not the node is in a domain.
    fn counted<'c>(
        &'c self,
        standing: &'c Standing,
        counter: &Counter,
    ) -> std::vec::IntoIter<(PodId, NodeId)> {
        let live_only = counter.spread.is_some();
        let mut pods = Vec::new();
        for shape in counter.members.iter() {
            for &pod in &standing.facts().pods_of_shape[shape.index()] {
                let Some(node) = standing.node_of(pod) else { continue };
                if standing.shape_of(pod) != *shape {
                    continue;
                }
                if counter.counts_on(node) && (!live_only || standing.is_live(pod)) {
                    pods.push((pod, node));
                }
            }
        }
        if !live_only {
            let members =
                standing.lingering().filter(|l| counter.members.binary_search(&l.shape).is_ok());
            pods.extend(members.map(|l| (l.pod, l.node)));
        }
        pods.into_iter()
    }
}

fn spread_key(shape: &Shape, spread: &Spread) -> SpreadKey {
    let honor = |policy| policy == NodePolicy::Honor;
    SpreadKey {
        spread: spread.clone(),
        namespace: shape.namespace,
        topology_keys: shape.spread.iter().map(|s| s.topology_key).collect(),
        node_selector: honor(spread.node_affinity_policy).then(|| shape.node_selector.clone()),
        tolerations: honor(spread.node_taints_policy).then(|| shape.tolerations.clone()),
    }
}

fn spread_part(standing: &Standing, key: &SpreadKey, domains: &Domains) -> SpreadPart {
    let cluster = standing.cluster;
    let eligible: Arc<[bool]> = cluster
        .node_ids()
        .map(|id| {
            let node = cluster.node(id);
            key.topology_keys.iter().all(|&k| node.labels.get(k).is_some())
                && key
                    .node_selector
                    .as_ref()
                    .is_none_or(|s| s.matches(node.name, &node.labels, cluster.names()))
                && key.tolerations.as_ref().is_none_or(|tolerations| {
                    taints::tolerates_all(cluster, tolerations, id, standing.loss_of(id))
                })
        })
        .collect();
    let mut exists = vec![false; domains.names.len()];
    for (node, _) in cluster.node_ids().zip(eligible.iter()).filter(|&(_, &eligible)| eligible) {
        if let Some(domain) = domains.of(node) {
            exists[domain] = true;
        }
    }
    let existing = exists.iter().filter(|&&e| e).count() as i64;
    SpreadPart { eligible, exists: exists.into(), existing, least: 0 }
}
