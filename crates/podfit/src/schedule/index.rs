//! What scores rest on and no run changes: made once for a state, shared by all seeds, shape by shape when a pod
//! of it first arrives.

use super::{
    nodes,
    score::{image_locality, image_part},
    shared::{Images, Shared, images, scored, scored_requests, shape_ids},
};
use crate::model::{
    Cluster, Effect, NodeId, NodePolicy, NodeSelector, PodTerm, ResourceId, Selector, Shape,
    ShapeId, Spread, Sym, Toleration,
};
use crate::rules::{self, Paged, Rule, RuleSet, State};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

/// A node without the topology key.
pub(super) const NO_DOMAIN: u32 = u32::MAX;
/// `hardPodAffinityWeight`: what a required affinity term of a pod that is there weighs for the pods it selects
/// (`pkg/scheduler/apis/config/v1/defaults.go`).
const HARD_AFFINITY_WEIGHT: i64 = 1;

/// By node: the domain under a topology key, or [`NO_DOMAIN`].
#[derive(Debug)]
pub(super) struct Domains {
    pub of_node: Vec<u32>,
    pub count: usize,
}

/// Pods by domain, each pod with the weight of its shape: what spread and affinity scores are sums of.
#[derive(Debug)]
pub(super) struct Counter {
    /// Shapes that count, ascending, and what each of their pods weighs.
    pub members: Vec<(ShapeId, i64)>,
    pub domains: Arc<Domains>,
    /// Every node that has the key is its own domain, whatever the value.
    pub by_node: bool,
    /// Pods that are being deleted do not count.
    pub live_only: bool,
    /// Nodes whose pods count; `None` is all.
    eligible: Option<FixedBitSet>,
    /// By domain, before anything is scheduled.
    pub base: Paged<i64>,
}

impl Counter {
    pub fn domain(&self, node: NodeId) -> Option<usize> {
        let domain = self.domains.of_node[node.index()];
        (domain != NO_DOMAIN).then_some(domain as usize)
    }

    /// The domain in which a pod on the node counts.
    pub fn counts_in(&self, node: NodeId, live: bool) -> Option<usize> {
        let counts = (live || !self.live_only)
            && self.eligible.as_ref().is_none_or(|e| e.contains(node.index()));
        if counts { self.domain(node) } else { None }
    }
}

/// One soft spread constraint of a shape.
#[derive(Debug)]
pub(super) struct SpreadScore {
    pub max_skew: i64,
    pub counter: Arc<Counter>,
}

/// What scores of a shape's pods rest on. `None` and empty: the plugin has nothing to say.
#[derive(Debug)]
pub(super) struct ShapeScores {
    /// Nodes that are not lost and that the static rules allow.
    pub allowed: FixedBitSet,
    /// The other rules, as far as they have something to say of such pods.
    pub rules: RuleSet,
    /// CPU (milli) and memory (bytes).
    pub requests: [i64; 2],
    /// The same as LeastAllocated counts them for a pod that arrives.
    pub scored: [i64; 2],
    /// By node: taints PreferNoSchedule that are not tolerated.
    pub taints: Option<Vec<i64>>,
    /// By node: sum of the weights of the preferred terms that match.
    pub affinity: Option<Vec<i64>>,
    /// By node: score.
    pub images: Option<Vec<i64>>,
    pub spread: Vec<SpreadScore>,
    /// Nodes that lack a topology key of the pod's own constraints: spread gives them nothing.
    pub ignored: FixedBitSet,
    /// One a topology key.
    pub inter_pod: Vec<Arc<Counter>>,
}

/// All that decides on a spread counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct SpreadKey {
    namespace: Sym,
    selector: Selector,
    topology_key: Sym,
    /// Keys that a node must have for its pods to count.
    required_keys: Vec<Sym>,
    node_selector: Option<NodeSelector>,
    tolerations: Option<Vec<Toleration>>,
}

/// See the head of this file.
#[derive(Debug)]
pub(super) struct Index<'c> {
    cluster: &'c Cluster,
    shared: Arc<Shared>,
    /// Where everything is before anything is scheduled.
    base: State<'c>,
    /// The nodes that there are, in the order in which the scheduler looks at them.
    pub nodes: Vec<NodeId>,
    /// By node: the requests of its pods as LeastAllocated counts them.
    pub scored: Paged<[i64; 2]>,
    images: Arc<Images>,
    domains: Mutex<FxHashMap<Sym, Arc<Domains>>>,
    /// Nodes with a hostname.
    hosts: OnceLock<Arc<Domains>>,
    spread: Mutex<FxHashMap<SpreadKey, Arc<Counter>>>,
    shapes: Vec<OnceLock<ShapeScores>>,
}

const UNPOISONED: &str = "nothing panics while counting";

impl<'c> Index<'c> {
    pub fn new(base: &State<'c>, shared: Arc<Shared>) -> Self {
        let cluster = base.cluster();
        let nodes = nodes::in_order(&shared.zones, base);
        let images = match nodes.len() < cluster.nodes().len() {
            true => Arc::new(images(cluster, nodes.iter().copied())),
            false => shared.images.clone(),
        };
        Self {
            cluster,
            base: base.clone(),
            scored: scored(&shared, base),
            images,
            nodes,
            shared,
            domains: Mutex::default(),
            hosts: OnceLock::new(),
            spread: Mutex::default(),
            shapes: cluster.shapes().iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// By node: allocatable CPU (milli) and memory (bytes).
    pub fn allocatable(&self) -> &[[i64; 2]] {
        &self.shared.allocatable
    }

    /// The least priority of all shapes: nobody of it can evict.
    pub fn priority_min(&self) -> i32 {
        self.shared.priority_min
    }

    /// What scores of this shape's pods rest on.
    pub fn shape(&self, id: ShapeId) -> &ShapeScores {
        self.shapes[id.index()].get_or_init(|| self.prepare(id))
    }

    /// CPU (milli) and memory (bytes) of a pod of the shape, as LeastAllocated counts them.
    pub fn scored_of(&self, shape: ShapeId) -> [i64; 2] {
        scored_requests(self.cluster.shape(shape))
    }

    fn prepare(&self, id: ShapeId) -> ShapeScores {
        let cluster = self.cluster;
        let shape = cluster.shape(id);
        let mut allowed = self.shared.allowed(cluster, id).clone();
        for node in cluster.node_ids().filter(|&n| self.base.loss_of(n).is_some()) {
            allowed.set(node.index(), false);
        }
        let soft = &shape.soft;
        let required = required_keys(shape);
        let mut ignored = FixedBitSet::with_capacity(cluster.nodes().len());
        if !required.is_empty() {
            for &node in self.nodes.iter().filter(|&&n| !self.has_all(n, &required)) {
                ignored.insert(node.index());
            }
        }
        ShapeScores {
            allowed,
            rules: *self.shared.rules[id.index()].get_or_init(|| self.rules(shape)),
            requests: [ResourceId::CPU, ResourceId::MEMORY].map(|r| shape.requests.get(r)),
            scored: shape.soft.arriving.unwrap_or_else(|| scored_requests(shape)),
            taints: self.shared.prefers.then(|| self.by_node(|n| self.unwelcome(shape, n))),
            affinity: (!soft.nodes.is_empty()).then(|| self.preferred(shape)),
            images: self.image_scores(shape),
            spread: soft.spread.iter().map(|s| self.spread_score(shape, s, &required)).collect(),
            ignored,
            inter_pod: self.inter_pod(shape),
        }
    }

    fn rules(&self, shape: &Shape) -> RuleSet {
        let names = self.cluster.names();
        let idle = |rule: &Rule| match rule {
            Rule::Lost => true,
            Rule::HostPorts => shape.host_ports.is_empty(),
            Rule::Cards => shape.gpu.cards == 0,
            Rule::VolumeRestrictions => shape.one_pod_claims.is_empty(),
            Rule::VolumeLimits => {
                !shape.requests.iter().any(|(id, _)| self.cluster.is_volume_limit(id))
            }
            Rule::Spread => shape.spread.is_empty(),
            Rule::InterPodAffinity => shape.affinity.is_empty(),
            Rule::InterPodAntiAffinity => shape.anti_affinity.is_empty(),
            Rule::ExistingAntiAffinity => {
                let mut others = self.cluster.shapes().iter().flat_map(|s| &s.anti_affinity);
                !others.any(|term| term.matches(shape, names))
            }
            rule => rule.is_static(),
        };
        Rule::ALL.into_iter().filter(idle).fold(RuleSet::SCHEDULER, RuleSet::without)
    }

    fn by_node(&self, score: impl Fn(NodeId) -> i64) -> Vec<i64> {
        let mut scores = vec![0; self.cluster.nodes().len()];
        self.nodes.iter().for_each(|&n| scores[n.index()] = score(n));
        scores
    }

    fn unwelcome(&self, shape: &Shape, node: NodeId) -> i64 {
        let taints = self.cluster.node(node).taints.iter();
        let counts = |taint: &&crate::model::Taint| {
            taint.effect == Effect::PreferNoSchedule
                && !shape.tolerations.iter().any(|t| t.tolerates(taint))
        };
        taints.filter(counts).count() as i64
    }

    fn preferred(&self, shape: &Shape) -> Vec<i64> {
        let terms: Vec<(i64, NodeSelector)> = (shape.soft.nodes.iter())
            .map(|(w, t)| (*w, NodeSelector { labels: vec![], terms: Some(vec![t.clone()]) }))
            .collect();
        let names = self.cluster.names();
        self.by_node(|n| {
            let node = self.cluster.node(n);
            let matching = terms.iter().filter(|(_, t)| t.matches(node.name, &node.labels, names));
            matching.map(|(weight, _)| weight).sum()
        })
    }

    fn image_scores(&self, shape: &Shape) -> Option<Vec<i64>> {
        let wanted = &shape.soft.images;
        if !wanted.iter().any(|i| self.images.contains_key(i)) {
            return None;
        }
        Some(self.by_node(|n| {
            let here = &self.cluster.node(n).images;
            let parts =
                wanted.iter().filter(|i| here.iter().any(|(name, _)| name == *i)).map(|i| {
                    let (size, nodes_with) = self.images[i];
                    image_part(size, nodes_with, self.nodes.len())
                });
            image_locality(parts.sum(), wanted.len())
        }))
    }

    fn spread_score(&self, shape: &Shape, spread: &Spread, required: &[Sym]) -> SpreadScore {
        let honor = |policy| policy == NodePolicy::Honor;
        let key = SpreadKey {
            namespace: shape.namespace,
            selector: spread.selector.clone(),
            topology_key: spread.topology_key,
            required_keys: required.to_vec(),
            node_selector: honor(spread.node_affinity_policy).then(|| shape.node_selector.clone()),
            tolerations: honor(spread.node_taints_policy).then(|| shape.tolerations.clone()),
        };
        let mut made = self.spread.lock().expect(UNPOISONED);
        let counter = made.entry(key).or_insert_with_key(|key| Arc::new(self.spread_counter(key)));
        SpreadScore { max_skew: spread.max_skew, counter: counter.clone() }
    }

    fn spread_counter(&self, key: &SpreadKey) -> Counter {
        let cluster = self.cluster;
        let counts = |s: &Shape| {
            s.namespace == key.namespace && key.selector.matches(&s.labels, cluster.names())
        };
        let members = match key.selector.is_empty() {
            true => Vec::new(),
            false => {
                shape_ids(cluster).filter(|&s| counts(cluster.shape(s))).map(|s| (s, 1)).collect()
            }
        };
        // On the host itself all pods count; the policies speak of the wider domains.
        let by_node = Some(key.topology_key) == self.shared.hostname;
        let all = by_node
            || (key.required_keys.is_empty()
                && key.tolerations.is_none()
                && key.node_selector.as_ref().is_none_or(|s| *s == NodeSelector::default()));
        let eligible = (!all).then(|| {
            let nodes = self.nodes.iter().filter(|&&n| self.is_eligible(key, n));
            nodes.map(|n| n.index()).collect()
        });
        let domains = match by_node {
            true => self.hosts(key.topology_key),
            false => self.domains(key.topology_key),
        };
        let base = Paged::default();
        self.count(Counter { members, domains, by_node, live_only: true, eligible, base })
    }

    fn is_eligible(&self, key: &SpreadKey, id: NodeId) -> bool {
        let node = self.cluster.node(id);
        let names = self.cluster.names();
        self.has_all(id, &key.required_keys)
            && (key.node_selector.as_ref())
                .is_none_or(|s| s.matches(node.name, &node.labels, names))
            && (key.tolerations.as_ref()).is_none_or(|tolerations| {
                rules::tolerates_all(self.cluster, tolerations, id, self.base.loss_of(id))
            })
    }

    fn has_all(&self, node: NodeId, keys: &[Sym]) -> bool {
        keys.iter().all(|&key| self.cluster.domain(node, key).is_some())
    }

    /// For each topology key a counter: own preferred terms weigh the pods that they select; the preferred and
    /// required affinity terms of pods that are there weigh those pods, where they select the newcomer
    /// (`processExistingPod` in `plugins/interpodaffinity/scoring.go`).
    fn inter_pod(&self, shape: &Shape) -> Vec<Arc<Counter>> {
        let cluster = self.cluster;
        let mut by_key: BTreeMap<Sym, BTreeMap<ShapeId, i64>> = BTreeMap::new();
        let mut add = |term: &PodTerm, shape: ShapeId, weight: i64| {
            *by_key.entry(term.topology_key).or_default().entry(shape).or_default() += weight;
        };
        for (weight, term) in &shape.soft.pods {
            for id in shape_ids(cluster) {
                if term.matches(cluster.shape(id), cluster.names()) {
                    add(term, id, *weight);
                }
            }
        }
        for &id in &self.shared.carriers {
            let carrier = cluster.shape(id);
            let required = carrier.affinity.iter().map(|t| (HARD_AFFINITY_WEIGHT, t));
            let preferred = carrier.soft.pods.iter().map(|(w, t)| (*w, t));
            for (weight, term) in required.chain(preferred) {
                if term.matches(shape, cluster.names()) {
                    add(term, id, weight);
                }
            }
        }
        let counter = |(key, members): (Sym, BTreeMap<ShapeId, i64>)| {
            Arc::new(self.count(Counter {
                members: members.into_iter().collect(),
                domains: self.domains(key),
                by_node: false,
                live_only: false,
                eligible: None,
                base: Paged::default(),
            }))
        };
        by_key.into_iter().map(counter).collect()
    }

    fn count(&self, mut counter: Counter) -> Counter {
        let mut base = vec![0; counter.domains.count];
        for &(shape, weight) in &counter.members {
            for &pod in rules::pods_of_shape(&self.base, shape) {
                let Some(node) = self.base.node_of(pod) else { continue };
                let placed = self.base.is_placed(pod);
                let object = self.cluster.pod(pod);
                if shape != if placed { object.incoming } else { object.shape } {
                    continue;
                }
                let live = placed || !object.terminating;
                if let Some(domain) = counter.counts_in(node, live) {
                    base[domain] += weight;
                }
            }
        }
        for (shape, node) in rules::lingering(&self.base) {
            if let Ok(at) = counter.members.binary_search_by_key(&shape, |m| m.0)
                && let Some(domain) = counter.counts_in(node, false)
            {
                base[domain] += counter.members[at].1;
            }
        }
        counter.base = base.into();
        counter
    }

    /// Every node that has the key is a domain.
    fn hosts(&self, key: Sym) -> Arc<Domains> {
        let make = || {
            let number = |n: NodeId| self.cluster.domain(n, key).map_or(NO_DOMAIN, |_| n.0);
            let of_node: Vec<u32> = self.cluster.node_ids().map(number).collect();
            let count = of_node.len();
            Arc::new(Domains { of_node, count })
        };
        self.hosts.get_or_init(make).clone()
    }

    fn domains(&self, key: Sym) -> Arc<Domains> {
        let mut made = self.domains.lock().expect(UNPOISONED);
        let make = || {
            let mut numbers: FxHashMap<Sym, u32> = FxHashMap::default();
            let mut of_node = vec![NO_DOMAIN; self.cluster.nodes().len()];
            for &node in &self.nodes {
                if let Some(value) = self.cluster.domain(node, key) {
                    let next = numbers.len() as u32;
                    of_node[node.index()] = *numbers.entry(value).or_insert(next);
                }
            }
            Arc::new(Domains { of_node, count: numbers.len() })
        };
        made.entry(key).or_insert_with(make).clone()
    }
}

/// Keys that a node must have to be scored for spread: those of the pod's own constraints. The scheduler's
/// default constraints ask for none, so that clusters without zones still spread over hosts.
fn required_keys(shape: &Shape) -> Vec<Sym> {
    match shape.soft.spread_is_default {
        true => Vec::new(),
        false => shape.soft.spread.iter().map(|s| s.topology_key).collect(),
    }
}
