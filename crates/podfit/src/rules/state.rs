mod nominated;
mod residents;

pub(crate) use residents::{Lifted, Resident};

use super::{
    RuleSet,
    counters::{Counters, Coupling, Facts},
    paged::Paged,
};
use crate::model::{Card, Change, Cluster, Loss, NodeId, PodId, ResourceId, Shape, ShapeId, Sym};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock, RwLockReadGuard};

const NOWHERE: u32 = u32::MAX;
const UNPOISONED: &str = "nothing panics while counting";

/// Where every pod is and which nodes are lost: what counters are counted from.
#[derive(Clone, Debug)]
pub(super) struct Standing<'a> {
    pub cluster: &'a Cluster,
    /// What no change changes, made when first asked for.
    facts: Arc<OnceLock<Facts>>,
    /// By pod: its node, or [`NOWHERE`].
    at: Paged<u32>,
    /// By pod: placed here by [`State::place`], so a live replacement even where the pod of the input
    /// was terminating.
    fresh: Paged<bool>,
    /// By node, the first that left first.
    lingering: Arc<BTreeMap<NodeId, Vec<Lingering>>>,
    /// Pods that were put or removed since the input, each once, and by pod whether it is among them.
    touched: Vec<PodId>,
    is_touched: Paged<bool>,
    /// By node.
    loss: Vec<Option<Loss>>,
}

/// A pod that stays Terminating on the node that it left.
#[derive(Clone, Debug)]
pub(crate) struct Lingering {
    pub pod: PodId,
    pub node: NodeId,
    /// What it was while it ran there.
    pub shape: ShapeId,
    /// We had placed it there.
    placed: bool,
    cards: Box<[u16]>,
}

impl Standing<'_> {
    /// The shape of the pod where it is: what it holds if it ran there in the input, what a newcomer asks if it
    /// was placed since.
    pub fn shape_of(&self, pod: PodId) -> ShapeId {
        let object = self.cluster.pod(pod);
        if self.fresh[pod.index()] { object.incoming } else { object.shape }
    }

    pub fn node_of(&self, pod: PodId) -> Option<NodeId> {
        let node = self.at[pod.index()];
        (node != NOWHERE).then_some(NodeId(node))
    }

    fn put(&mut self, pod: PodId, at: u32) {
        *self.at.get_mut(pod.index()) = at;
        if !self.is_touched[pod.index()] {
            *self.is_touched.get_mut(pod.index()) = true;
            self.touched.push(pod);
        }
    }

    /// Whether the pod counts for spread where it is.
    pub fn is_live(&self, pod: PodId) -> bool {
        self.fresh[pod.index()] || !self.cluster.pod(pod).terminating
    }

    pub fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| Facts::of(self.cluster))
    }

    pub fn touched(&self) -> &[PodId] {
        &self.touched
    }

    pub fn lingering(&self) -> impl Iterator<Item = &Lingering> {
        self.lingering.values().flatten()
    }

    pub fn lingering_on(&self, node: NodeId) -> &[Lingering] {
        self.lingering.get(&node).map_or(&[], Vec::as_slice)
    }

    pub fn loss_of(&self, node: NodeId) -> Option<Loss> {
        self.loss[node.index()]
    }

    /// Whether the Node object is gone, and with it its domains.
    pub fn is_deleted(&self, node: NodeId) -> bool {
        self.loss_of(node) == Some(Loss::Deleted)
    }
}

/// A cluster at one moment of a plan, to ask on: what is free where, and how many pods of a kind are in
/// which domain. Free amounts are kept; counts for spread and affinity are made when first asked for, once
/// per distinct term, and kept up to date from then on.
///
/// Clones share what they do not change: to ask many changes of one cluster, make one state and
/// [`apply`](Self::apply) each change to a clone.
///
/// ```
/// use podfit::model::{ClusterBuilder, NodeId, NodeSpec, PodId, PodSpec, ResourceId, Resources};
/// use podfit::rules::{RuleSet, State, refusals, sentence};
/// let mut b = ClusterBuilder::new();
/// let allocatable = Resources::new().with(ResourceId::CPU, 1000).with(ResourceId::PODS, 10);
/// b.add_node(NodeSpec { name: "a".into(), allocatable, ..NodeSpec::default() }, 0);
/// let shape = b.shape("default", Resources::new().with(ResourceId::CPU, 600));
/// b.add_pod(PodSpec::new("web-1", shape.clone()), 1);
/// b.add_pod(PodSpec::new("web-2", shape), 2);
/// let cluster = b.build().expect("valid");
/// let mut state = State::new(&cluster);
/// assert!(refusals(&state, PodId(0), NodeId(0), RuleSet::ALL).is_empty());
/// state.place(PodId(0), NodeId(0), &[]);
/// let why = refusals(&state, PodId(1), NodeId(0), RuleSet::ALL);
/// assert_eq!(sentence(&cluster, &why[0]), "short of cpu: needs 600m, free 400m");
/// ```
#[derive(Debug)]
pub struct State<'a> {
    standing: Standing<'a>,
    /// Node after node, one amount a resource; below zero where a node is overcommitted.
    free: Paged<i64>,
    /// By node: pods placed by us, with their cards.
    arrived: FxHashMap<NodeId, Vec<Arrived>>,
    /// By namespace and claim for one pod or one node: the pods that use it, with their nodes; those that linger too.
    claims: Arc<Claims>,
    /// Pending pods for which room is being made, and where.
    nominated: Vec<(PodId, NodeId)>,
    counters: RwLock<Counters>,
}

/// A pod placed by us, with its cards.
type Arrived = (PodId, Box<[u16]>);
type Claims = FxHashMap<(Sym, Sym), Vec<(PodId, NodeId)>>;

/// Where a state of a cluster begins: counted once, by reference to no cluster, so that who owns the cluster can
/// keep it.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    facts: Arc<OnceLock<Facts>>,
    at: Paged<u32>,
    fresh: Paged<bool>,
    free: Paged<i64>,
    claims: Arc<Claims>,
}

impl Start {
    pub fn of(cluster: &Cluster) -> Self {
        let width = cluster.resource_count();
        let mut free = vec![0; cluster.nodes().len() * width];
        for (node, row) in cluster.nodes().iter().zip(free.chunks_exact_mut(width)) {
            node.allocatable.iter().for_each(|(id, amount)| row[id.index()] = amount);
        }
        let mut at = Vec::with_capacity(cluster.pods().len());
        let mut claims = Claims::default();
        for (pod, id) in cluster.pods().iter().zip(cluster.pod_ids()) {
            at.push(pod.node.map_or(NOWHERE, |node| node.0));
            if let Some(node) = pod.node {
                let row = &mut free[node.index() * width..];
                let shape = cluster.shape(pod.shape);
                let requests = shape.requests.as_slice();
                row.iter_mut().zip(requests).for_each(|(free, amount)| *free -= amount);
                for &claim in shape.one_pod_claims.iter().chain(&shape.one_node_claims) {
                    claims.entry((shape.namespace, claim)).or_default().push((id, node));
                }
            }
        }
        Self {
            facts: Arc::default(),
            at: at.into(),
            fresh: vec![false; cluster.pods().len()].into(),
            free: free.into(),
            claims: Arc::new(claims),
        }
    }
}

impl Clone for State<'_> {
    fn clone(&self) -> Self {
        Self {
            standing: self.standing.clone(),
            free: self.free.clone(),
            arrived: self.arrived.clone(),
            claims: self.claims.clone(),
            nominated: self.nominated.clone(),
            counters: RwLock::new(self.counters.read().expect(UNPOISONED).clone()),
        }
    }
}

impl<'a> State<'a> {
    /// The cluster as it is.
    pub fn new(cluster: &'a Cluster) -> Self {
        Self::begin(cluster, &Start::of(cluster))
    }

    /// The same where the start was counted before, of this cluster.
    pub(crate) fn begin(cluster: &'a Cluster, start: &Start) -> Self {
        let standing = Standing {
            cluster,
            facts: start.facts.clone(),
            at: start.at.clone(),
            fresh: start.fresh.clone(),
            lingering: Arc::default(),
            touched: Vec::new(),
            is_touched: start.fresh.clone(), // false for all, like this
            loss: vec![None; cluster.nodes().len()],
        };
        Self {
            standing,
            free: start.free.clone(),
            arrived: FxHashMap::default(),
            claims: start.claims.clone(),
            nominated: Vec::new(),
            counters: RwLock::default(),
        }
    }

    fn take_claims(&mut self, shape: ShapeId, pod: PodId, node: NodeId) {
        let shape = self.standing.cluster.shape(shape);
        for &claim in shape.one_pod_claims.iter().chain(&shape.one_node_claims) {
            let claims = Arc::make_mut(&mut self.claims);
            claims.entry((shape.namespace, claim)).or_default().push((pod, node));
        }
    }

    fn leave_claims(&mut self, shape: ShapeId, pod: PodId, node: NodeId) {
        let shape = self.standing.cluster.shape(shape);
        for &claim in shape.one_pod_claims.iter().chain(&shape.one_node_claims) {
            let claims = Arc::make_mut(&mut self.claims);
            let holders = claims.entry((shape.namespace, claim)).or_default();
            if let Some(at) = holders.iter().position(|&held| held == (pod, node)) {
                holders.remove(at);
            }
        }
    }

    /// The cluster after a change, or after the first steps of one.
    ///
    /// # Panics
    /// If the change names a node or pod that is not of `cluster`.
    pub fn with_change(cluster: &'a Cluster, change: &Change) -> Self {
        let mut state = Self::new(cluster);
        state.apply(change);
        state
    }

    /// Loses the nodes of `change`, then removes its pods, then places those of its steps. On nodes lost as
    /// [`Loss::Deleted`] every pod is gone, named or not.
    ///
    /// # Panics
    /// As [`with_change`](Self::with_change).
    pub fn apply(&mut self, change: &Change) {
        for &node in &change.lost {
            self.standing.loss[node.index()] = Some(change.loss);
        }
        if !change.lost.is_empty() {
            self.counters = RwLock::default();
        }
        if change.loss == Loss::Deleted {
            for &node in &change.lost {
                let here: Vec<PodId> = self.pods_on(node).collect();
                here.into_iter().for_each(|pod| self.remove(pod, false));
            }
        }
        for removal in &change.removed {
            self.remove(removal.pod, removal.lingers);
        }
        for step in &change.steps {
            self.place(step.pod, step.node, &step.cards);
        }
    }

    /// Puts `pod` on `node`, with these cards of it, in its [`incoming`](crate::model::Pod::incoming) shape.
    /// Nothing is judged: ask [`refusals`](super::refusals)
    /// before. A pod that is somewhere leaves there first.
    ///
    /// # Panics
    /// If `pod` or `node` is not of the cluster.
    pub fn place(&mut self, pod: PodId, node: NodeId, cards: &[u16]) {
        self.remove(pod, false);
        self.standing.put(pod, node.0);
        *self.standing.fresh.get_mut(pod.index()) = true;
        self.arrived.entry(node).or_default().push((pod, cards.into()));
        let shape = self.standing.shape_of(pod);
        self.add_free(shape, node, -1);
        self.take_claims(shape, pod, node);
        self.counters.get_mut().expect(UNPOISONED).pod_came(&self.standing, pod, node);
    }

    /// Takes `pod` from its node; no effect if it is nowhere. If it `lingers`, it stays Terminating there:
    /// it holds its resources and counts for affinity, not for spread. It can be placed anew all the same.
    /// Once its node is deleted it counts nowhere.
    ///
    /// # Panics
    /// If `pod` is not of the cluster.
    pub fn remove(&mut self, pod: PodId, lingers: bool) {
        let Some(node) = self.standing.node_of(pod) else { return };
        let shape = self.standing.shape_of(pod);
        let counters = self.counters.get_mut().expect(UNPOISONED);
        counters.pod_left(&self.standing, pod, node, lingers);
        self.standing.put(pod, NOWHERE);
        let placed = self.standing.fresh[pod.index()];
        let mut cards = None;
        if placed {
            *self.standing.fresh.get_mut(pod.index()) = false;
            let arrived = self.arrived.entry(node).or_default();
            let at = arrived.iter().position(|&(other, _)| other == pod);
            cards = at.map(|at| arrived.remove(at).1);
        }
        if lingers {
            let own = || self.standing.cluster.pod(pod).cards.as_slice().into();
            let cards = cards.unwrap_or_else(own);
            let there = Arc::make_mut(&mut self.standing.lingering).entry(node).or_default();
            there.push(Lingering { pod, node, shape, placed, cards });
        } else {
            self.add_free(shape, node, 1);
            self.leave_claims(shape, pod, node);
        }
    }

    fn add_free(&mut self, shape: ShapeId, node: NodeId, sign: i64) {
        let cluster = self.standing.cluster;
        let row = node.index() * cluster.resource_count();
        for (i, amount) in cluster.shape(shape).requests.as_slice().iter().enumerate() {
            if *amount != 0 {
                *self.free.get_mut(row + i) += sign * amount;
            }
        }
    }

    /// The cluster that this is a state of.
    pub fn cluster(&self) -> &'a Cluster {
        self.standing.cluster
    }

    /// How `node` was lost, if it was.
    pub fn loss_of(&self, node: NodeId) -> Option<Loss> {
        self.standing.loss_of(node)
    }

    /// Where `pod` is; `None` where it is pending or was removed.
    pub fn node_of(&self, pod: PodId) -> Option<NodeId> {
        self.standing.node_of(pod)
    }

    /// The shape of `pod` where it is: its own where it ran in the input, its
    /// [`incoming`](crate::model::Pod::incoming) one once it was placed here.
    ///
    /// # Panics
    /// If `pod` is not of the cluster.
    pub fn shape_of(&self, pod: PodId) -> &'a Shape {
        self.cluster().shape(self.standing.shape_of(pod))
    }

    /// Allocatable less the requests of all pods on the node, in the resource's unit; below zero where the
    /// node is overcommitted.
    ///
    /// # Panics
    /// If `node` or `resource` is not of the cluster.
    pub fn free(&self, node: NodeId, resource: ResourceId) -> i64 {
        let width = self.cluster().resource_count();
        assert!(resource.index() < width, "a resource of the cluster");
        self.free[node.index() * width + resource.index()]
    }

    /// Whether `pod` was put where it is by [`place`](Self::place), so it is not there in the input.
    pub(crate) fn is_placed(&self, pod: PodId) -> bool {
        self.standing.fresh[pod.index()]
    }

    /// Free thousandths of each card of the node.
    pub fn free_cards(&self, node: NodeId) -> Vec<i64> {
        let cluster = self.cluster();
        let mut free = vec![Card::WHOLE_MILLI; cluster.node(node).cards.len()];
        if free.is_empty() {
            return free;
        }
        let mut take = |shape: &Shape, cards: &[u16]| {
            for &card in cards {
                free[usize::from(card)] -= shape.gpu.milli_each;
            }
        };
        self.stayed(node).for_each(|pod| take(self.shape_of(pod), &cluster.pod(pod).cards));
        self.arrived_on(node).iter().for_each(|(pod, cards)| take(self.shape_of(*pod), cards));
        let lingering = self.standing.lingering_on(node).iter();
        lingering.for_each(|l| take(cluster.shape(l.shape), &l.cards));
        free
    }

    /// Pods on the node now (terminating ones too): those of the input that are still there, then those
    /// placed since. Removed ones that linger are not among them.
    pub fn pods_on(&self, node: NodeId) -> impl Iterator<Item = PodId> + '_ {
        self.stayed(node).chain(self.arrived_on(node).iter().map(|&(pod, _)| pod))
    }

    fn arrived_on(&self, node: NodeId) -> &[Arrived] {
        self.arrived.get(&node).map_or(&[], Vec::as_slice)
    }

    fn stayed(&self, node: NodeId) -> impl Iterator<Item = PodId> + '_ {
        let standing = &self.standing;
        let stays =
            move |pod: &PodId| standing.at[pod.index()] == node.0 && !standing.fresh[pod.index()];
        standing.cluster.pods_on(node).iter().copied().filter(stays)
    }

    /// Pods that left the node and linger there, in the shape that they had.
    pub(super) fn lingering_on(&self, node: NodeId) -> impl Iterator<Item = (PodId, &'a Shape)> {
        let cluster = self.cluster();
        let here = self.standing.lingering_on(node).iter();
        here.map(move |l| (l.pod, cluster.shape(l.shape)))
    }

    /// The first pod that uses a ReadWriteOncePod claim of this namespace on a node that is not deleted.
    pub(super) fn claim_holder(&self, namespace: Sym, claim: Sym) -> Option<PodId> {
        let holders = self.claims.get(&(namespace, claim))?;
        let there = holders.iter().filter(|(_, node)| !self.standing.is_deleted(*node));
        there.map(|&(pod, _)| pod).min()
    }

    /// The first pod that uses a claim of this namespace on a node that lives; `None` if one does on this node.
    pub(super) fn user_elsewhere(&self, namespace: Sym, claim: Sym, node: NodeId) -> Option<PodId> {
        let holders = self.claims.get(&(namespace, claim))?;
        let lives = |n: NodeId| self.loss_of(n).is_none() && !self.cluster().node(n).down;
        if holders.iter().any(|&(_, n)| n == node) {
            return None;
        }
        holders.iter().filter(|&&(_, n)| lives(n)).map(|&(pod, _)| pod).min()
    }

    pub(super) fn standing(&self) -> &Standing<'a> {
        &self.standing
    }
}

/// A state seen with the eyes of one pod: all that a rule needs, its counters made.
pub(super) struct View<'s> {
    pub state: &'s State<'s>,
    pub shape: &'s Shape,
    pub rules: RuleSet,
    counters: RwLockReadGuard<'s, Counters>,
    shape_index: usize,
}

impl<'s> View<'s> {
    pub fn new(state: &'s State<'s>, pod: PodId, rules: RuleSet) -> Self {
        let cluster = state.cluster();
        let id = cluster.pod(pod).incoming;
        if !state.counters.read().expect(UNPOISONED).is_ready(id) {
            state.counters.write().expect(UNPOISONED).prepare(&state.standing, id);
        }
        Self {
            state,
            shape: cluster.shape(id),
            rules,
            counters: state.counters.read().expect(UNPOISONED),
            shape_index: id.index(),
        }
    }

    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    pub fn coupling(&self) -> &Coupling {
        self.counters.coupling(self.shape_index)
    }
}
