//! What many questions on one cluster share: eligibility per shape, residuals per node, counters.

use super::counters::{Counters, Coupling, count};
use super::{CardDemand, SpreadRow};
use crate::model::{Card, Cluster, NodeId, ResourceId, Shape, ShapeId, Sym};
use crate::rules::{Rule, RuleSet, static_refusal};
use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The numeric index of one cluster: built once, asked often. See [`Index::problem`].
#[derive(Debug)]
pub struct Index {
    pub(super) cluster: Arc<Cluster>,
    pub(super) rules: RuleSet,
    pub(super) dims: usize,
    /// Free amounts per node with every pod in its place.
    pub(super) free: Vec<i64>,
    pub(super) card_start: Vec<u32>,
    pub(super) card_free: Vec<i64>,
    pub(super) card_model: Vec<u32>,
    /// By shape: what is the same for all its pods.
    pub(super) kinds: Vec<Kind>,
    pub(super) counters: Counters,
}

/// A shape in numbers. Shapes with the same `id` are interchangeable.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) id: u32,
    pub(super) demand: Vec<i64>,
    pub(super) cards: CardDemand,
    pub(super) eligible: Arc<FixedBitSet>,
}

impl Index {
    /// Indexes `cluster` under `rules` (normally [`RuleSet::ALL`]; a rule left out is not obeyed).
    /// Cost: nodes × distinct constraints + pods × counters.
    pub fn new(cluster: Arc<Cluster>, rules: RuleSet) -> Self {
        let judged = rules.contains(Rule::Resources) || rules.contains(Rule::VolumeLimits);
        let dims = if judged { cluster.resource_count() } else { 0 };
        let counters = count(&cluster, rules);
        let kinds = kinds(&cluster, rules, dims, &counters.couplings);
        let mut index = Self {
            dims,
            free: Vec::with_capacity(cluster.nodes().len() * dims),
            card_start: vec![0],
            card_free: Vec::new(),
            card_model: Vec::new(),
            kinds,
            counters,
            rules,
            cluster,
        };
        let cluster = index.cluster.clone();
        for node in cluster.node_ids() {
            index.push_node(&cluster, node);
        }
        index
    }

    /// The cluster indexed.
    pub fn cluster(&self) -> &Arc<Cluster> {
        &self.cluster
    }

    /// The rules obeyed.
    pub fn rules(&self) -> RuleSet {
        self.rules
    }

    /// Nodes that pods of this shape may enter by what does not depend on other pods or on amounts.
    pub(crate) fn eligible(&self, shape: ShapeId) -> &FixedBitSet {
        &self.kind(shape).eligible
    }

    /// The same of every shape, in their order.
    pub(crate) fn all_eligible(&self) -> impl Iterator<Item = &Arc<FixedBitSet>> {
        self.kinds.iter().map(|kind| &kind.eligible)
    }

    fn push_node(&mut self, cluster: &Cluster, id: NodeId) {
        let node = cluster.node(id);
        let start = self.free.len();
        self.free.extend((0..self.dims).map(|r| node.allocatable.get(ResourceId(r as u16))));
        let cards = self.card_free.len();
        self.card_free.extend(node.cards.iter().map(|_| Card::WHOLE_MILLI));
        self.card_model.extend(node.cards.iter().map(card_number));
        self.card_start.push(self.card_free.len() as u32);
        for &pod in cluster.pods_on(id) {
            let pod = cluster.pod(pod);
            let kind = &self.kinds[pod.shape.index()];
            for (free, demand) in self.free[start..].iter_mut().zip(&kind.demand) {
                *free -= demand;
            }
            for &card in &pod.cards {
                self.card_free[cards + usize::from(card)] -= kind.cards.milli_each;
            }
        }
    }

    pub(super) fn coupling(&self, shape: ShapeId) -> &Coupling {
        &self.counters.couplings[shape.index()]
    }

    pub(super) fn kind(&self, shape: ShapeId) -> &Kind {
        &self.kinds[shape.index()]
    }
}

/// What distinguishes shapes in the numbers; labels and names that nothing looks at do not.
type Identity =
    (Vec<i64>, CardDemand, i32, usize, Vec<u32>, Vec<super::Need>, Vec<(SpreadRow, i64)>, Vec<u32>);

fn kinds(cluster: &Cluster, rules: RuleSet, dims: usize, couplings: &[Coupling]) -> Vec<Kind> {
    let mut eligibility = Eligibility::new(cluster, rules);
    // Attached volumes are amounts like any other here, though another rule judges them.
    let judged: Vec<bool> = (0..dims)
        .map(|r| match cluster.is_volume_limit(ResourceId(r as u16)) {
            true => rules.contains(Rule::VolumeLimits),
            false => rules.contains(Rule::Resources),
        })
        .collect();
    let whole = models_if_whole(cluster);
    let mut ids: FxHashMap<Identity, u32> = FxHashMap::default();
    cluster
        .shapes()
        .iter()
        .zip(couplings)
        .map(|(shape, coupling)| {
            let mut demand = vec![0; dims];
            for ((d, a), judged) in demand.iter_mut().zip(shape.requests.as_slice()).zip(&judged) {
                *d = if *judged { *a } else { 0 };
            }
            let cards = card_demand(shape, rules, &whole);
            let (static_id, eligible) = eligibility.of(shape);
            let next = ids.len() as u32;
            let identity = (
                demand.clone(),
                cards.clone(),
                shape.priority,
                static_id,
                coupling.forbids.clone(),
                coupling.needs.clone(),
                coupling.spread.clone(),
                coupling.counts_in.clone(),
            );
            let id = *ids.entry(identity).or_insert(next);
            Kind { id, demand, cards, eligible }
        })
        .collect()
}

/// Cards that are not shared are of a model of their own, which no share is to be had of.
const WHOLE: u32 = 1 << 31;

fn card_number(card: &Card) -> u32 {
    let model = card.model.index() as u32;
    if card.whole { model | WHOLE } else { model }
}

/// The models of all cards, where some card is not shared.
fn models_if_whole(cluster: &Cluster) -> Vec<u32> {
    let cards = || cluster.nodes().iter().flat_map(|n| &n.cards);
    if !cards().any(|card| card.whole) {
        return Vec::new();
    }
    let mut models: Vec<u32> = cards().map(|card| card.model.index() as u32).collect();
    models.sort_unstable();
    models.dedup();
    models
}

/// `all` models, where some card is not shared.
fn card_demand(shape: &Shape, rules: RuleSet, all: &[u32]) -> CardDemand {
    if shape.gpu.cards == 0 || !rules.contains(Rule::Cards) {
        return CardDemand::default();
    }
    let mut models: Vec<u32> = shape.gpu.models.iter().map(|m| m.index() as u32).collect();
    let is_share = shape.gpu.milli_each < Card::WHOLE_MILLI;
    match (is_share, models.is_empty()) {
        (true, true) => models.extend(all),
        (false, false) if !all.is_empty() => {
            let whole: Vec<u32> = models.iter().map(|m| m | WHOLE).collect();
            models.extend(whole);
        }
        _ => {}
    }
    models.sort_unstable();
    CardDemand { count: shape.gpu.cards, milli_each: shape.gpu.milli_each, models }
}

/// Static eligibility, asked once per distinct constraint and distinct node signature.
struct Eligibility<'a> {
    cluster: &'a Cluster,
    rules: RuleSet,
    /// One node of each signature, and the signature of each node.
    representatives: Vec<NodeId>,
    signature_of: Vec<u32>,
    known: FxHashMap<StaticPart<'a>, (usize, Arc<FixedBitSet>)>,
}

type StaticPart<'a> = (
    Option<Sym>,
    &'a crate::model::NodeSelector,
    &'a [crate::model::Toleration],
    Vec<(crate::model::ClaimKind, &'a crate::model::NodeSelector)>,
    Option<Sym>,
);

impl<'a> Eligibility<'a> {
    fn new(cluster: &'a Cluster, rules: RuleSet) -> Self {
        let looked_at = Looked::of(cluster);
        let mut known: FxHashMap<_, u32> = FxHashMap::default();
        let mut representatives = Vec::new();
        let signature_of = cluster
            .node_ids()
            .map(|id| {
                let node = cluster.node(id);
                let labels: Vec<(Sym, Sym)> =
                    node.labels.iter().filter(|(k, _)| looked_at.keys.contains(k)).collect();
                let name = looked_at.names.contains(&node.name).then_some(node.name);
                let taints = node.taints.clone();
                let state = (node.unschedulable, node.down, node.ending);
                *known.entry((labels, name, taints, state)).or_insert_with(|| {
                    representatives.push(id);
                    representatives.len() as u32 - 1
                })
            })
            .collect();
        Self { cluster, rules, representatives, signature_of, known: FxHashMap::default() }
    }

    fn of(&mut self, shape: &'a Shape) -> (usize, Arc<FixedBitSet>) {
        let part = (
            shape.node_name,
            &shape.node_selector,
            shape.tolerations.as_slice(),
            shape.volumes.iter().map(|v| (v.kind, &v.nodes)).collect(),
            shape.os,
        );
        let id = self.known.len();
        let (cluster, rules) = (self.cluster, self.rules);
        let (representatives, signature_of) = (&self.representatives, &self.signature_of);
        self.known
            .entry(part)
            .or_insert_with(|| {
                let allowed: Vec<bool> = representatives
                    .iter()
                    .map(|&n| static_refusal(cluster, shape, n, rules).is_none())
                    .collect();
                let mut bits = FixedBitSet::with_capacity(signature_of.len());
                for (node, &signature) in signature_of.iter().enumerate() {
                    bits.set(node, allowed[signature as usize]);
                }
                (id, Arc::new(bits))
            })
            .clone()
    }
}

/// Label keys and node names that some pod's static constraints look at.
#[derive(Default)]
struct Looked {
    keys: FxHashSet<Sym>,
    names: FxHashSet<Sym>,
}

impl Looked {
    fn of(cluster: &Cluster) -> Self {
        let mut looked = Self::default();
        let os = cluster.names().get("kubernetes.io/os");
        for shape in cluster.shapes() {
            looked.keys.extend(os.filter(|_| shape.os.is_some()));
            looked.names.extend(shape.node_name);
            looked.selector(&shape.node_selector);
            shape.volumes.iter().for_each(|v| looked.selector(&v.nodes));
        }
        looked
    }

    fn selector(&mut self, selector: &crate::model::NodeSelector) {
        self.keys.extend(selector.labels.iter().map(|&(k, _)| k));
        for term in selector.terms.iter().flatten() {
            self.keys.extend(term.labels.iter().map(|r| r.key()));
            self.names.extend(term.names.iter().map(|&(n, _)| n));
        }
    }
}
