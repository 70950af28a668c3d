//! One move, or one preemption: a pod leaves, then the pod without a place fits.
//!
//! A pair is a node and a pod whose leaving may lift the reason that the node gives: one that holds enough of
//! what is short, the holder of the port, a pod that anti-affinity shuns, one that spread counts. Pairs are tried
//! from the smallest pod up on one state that is put back after each try. Where the cluster is small enough, all
//! moves are tried if no pair gives one: a move may also *bring* a pod (to one that wants it near, or to the
//! emptiest domain).

use super::{Case, Fix, FixKind, STEPS_A_LOOK};
use crate::model::{Card, Cluster, NodeId, OwnerKind, PodId, Removal, ResourceId, ShapeId, Step};
use crate::planner::loss::is_remade_elsewhere;
use crate::rules::{Detail, Refusal, Rule, RuleSet, State, refusals, static_refusal};
use rustc_hash::{FxHashMap, FxHashSet};

/// Questions "may this pod run there" that one search may ask.
const JUDGED_MAX: usize = 40_000;
/// Pairs that are tried.
const PAIRS_MAX: usize = 4_000;
/// Nodes tried for a pod that moves.
const ROOMS_MAX: usize = 32;
/// All moves are tried where they are so few: pods × nodes to go to × nodes made free.
const ALL_MOVES_MAX: usize = 30_000;
/// The highest priority that users may give; those above are the system's.
const PRIORITY_MAX: i32 = 1_000_000_000;
/// Nodes of one overfull domain that are tried.
const SPREAD_NODES_MAX: usize = 4;

/// A pod that may leave so that `node` takes the other.
#[derive(Clone, Copy)]
struct Pair {
    node: NodeId,
    leaver: PodId,
    /// How much it holds.
    size: i64,
}

pub(super) struct Search<'s, 'a, 'c> {
    case: &'s Case<'a, 'c>,
    state: State<'c>,
    /// By node: its place among the names.
    rank: Vec<u32>,
    /// The nodes in the order of their names.
    by_name: Vec<NodeId>,
    pairs: Vec<Pair>,
    /// Nodes with room for pods of a shape as far as amounts and static rules go, in the order of names.
    rooms: FxHashMap<ShapeId, Vec<NodeId>>,
    judged: usize,
    cut: bool,
}

impl<'s, 'a, 'c> Search<'s, 'a, 'c> {
    /// `state` has the pod nowhere.
    pub fn new(case: &'s Case<'a, 'c>, state: State<'c>) -> Self {
        let cluster = case.cluster;
        let mut by_name: Vec<NodeId> = case.nodes.iter().map(|&(node, _)| node).collect();
        by_name.retain(|&node| state.loss_of(node).is_none());
        by_name.sort_unstable_by_key(|&node| cluster.node_name(node));
        let mut rank = vec![u32::MAX; cluster.nodes().len()];
        for (i, node) in by_name.iter().enumerate() {
            rank[node.index()] = i as u32;
        }
        let mut search = Self {
            case,
            state,
            rank,
            by_name,
            pairs: Vec::new(),
            rooms: FxHashMap::default(),
            judged: 0,
            cut: false,
        };
        search.pairs = search.find_pairs();
        search
    }

    /// Whether a limit ended the search.
    pub fn cut(&self) -> bool {
        self.cut
    }

    /// The move of the smallest pod that makes room.
    pub fn nearest_move(&mut self) -> Option<Fix> {
        self.judged = 0;
        let pairs = self.tried(|s, p| s.may_move(p.leaver), |_, p| p.size);
        for pair in pairs {
            let found = self.with_out(pair.leaver, |s, home| s.move_for(pair, home));
            if found.is_some() {
                // Pairs left out are of larger pods.
                self.cut = false;
                return found;
            }
        }
        self.any_move()
    }

    /// The eviction of the least important pod, of these of the smallest, that makes room.
    pub fn nearest_preemption(&mut self) -> Option<Fix> {
        let shape = self.case.shape();
        let (priority, by_scheduler) = (shape.priority, shape.preempts);
        let kind = |victim| FixKind::Preempt { victim, priority, by_scheduler };
        self.nearest_eviction(|cluster, victim| cluster.shape_of(victim).priority < priority, kind)
    }

    /// Of a pod that may run on one node only: whom it would evict there with a higher priority.
    pub fn nearest_priority(&mut self) -> Option<Fix> {
        let case = self.case;
        let priority = case.shape().priority;
        if case.cluster.pod(case.pod).owner.kind != OwnerKind::DaemonSet {
            return None;
        }
        let kind = |victim: PodId| {
            let to = case.cluster.shape_of(victim).priority.saturating_add(1);
            FixKind::RaisePriority { victim, to }
        };
        let most = PRIORITY_MAX;
        let outranks = |cluster: &Cluster, victim: PodId| {
            (priority..most).contains(&cluster.shape_of(victim).priority)
        };
        self.nearest_eviction(outranks, kind)
    }

    /// The pod of the same Deployment, made by an older ReplicaSet, whose place the pod can have.
    pub fn nearest_older(&mut self) -> Option<Fix> {
        let (cluster, pod) = (self.case.cluster, self.case.pod);
        let (controller, made_by) = (cluster.controller(pod)?, cluster.pod(pod).workload?);
        if controller.kind != OwnerKind::Deployment {
            return None;
        }
        let older = |cluster: &Cluster, other: PodId| {
            let workload = cluster.pod(other).workload;
            cluster.controller(other) == Some(controller) && workload.is_some_and(|w| w != made_by)
        };
        self.nearest_eviction(older, |old| FixKind::Replace { old })
    }

    /// The eviction of one of these pods that makes room, the least important and smallest first.
    fn nearest_eviction(
        &mut self,
        may_go: impl Fn(&Cluster, PodId) -> bool,
        kind: impl Fn(PodId) -> FixKind,
    ) -> Option<Fix> {
        self.judged = 0;
        let cut_before = self.cut;
        let (cluster, pod) = (self.case.cluster, self.case.pod);
        let wanted = |s: &Self, p: &Pair| {
            let victim = cluster.pod(p.leaver);
            s.state.node_of(p.leaver) == Some(p.node)
                && may_go(cluster, p.leaver)
                && !victim.terminating
                && !victim.owner.kind.stays_with_node()
        };
        let rank = |_: &Self, p: &Pair| (cluster.shape_of(p.leaver).priority, p.size);
        for Pair { node, leaver: victim, .. } in self.tried(wanted, rank) {
            let step =
                self.with_out(victim, |s, _| s.fits(pod, node).then(|| step(&s.state, pod, node)));
            let Some(step) = step else { continue };
            if let Some(fix) = self.confirm(kind(victim), victim, vec![step], node) {
                self.cut = cut_before;
                return Some(fix);
            }
        }
        None
    }

    /// The pairs to try, in the order of `key`, then of names.
    fn tried<K: Ord + Copy>(
        &mut self,
        wanted: impl Fn(&Self, &Pair) -> bool,
        key: impl Fn(&Self, &Pair) -> K,
    ) -> Vec<Pair> {
        let all = self.pairs.iter().filter(|p| wanted(self, p));
        let mut keyed: Vec<(K, PodId, Pair)> = all.map(|p| (key(self, p), p.leaver, *p)).collect();
        let order = |a: &(K, PodId, Pair)| (a.0, a.1, a.2.node);
        if keyed.len() > PAIRS_MAX {
            keyed.select_nth_unstable_by_key(PAIRS_MAX, order);
            keyed.truncate(PAIRS_MAX);
            self.cut = true;
        }
        let cluster = self.case.cluster;
        keyed.sort_unstable_by(|a, b| {
            let name = |p: PodId| cluster.str(cluster.pod(p).name);
            let rank = |p: &Pair| self.rank[p.node.index()];
            (a.0.cmp(&b.0))
                .then_with(|| name(a.1).cmp(name(b.1)))
                .then_with(|| (rank(&a.2), a.1).cmp(&(rank(&b.2), b.1)))
        });
        keyed.into_iter().map(|(_, _, pair)| pair).collect()
    }

    fn find_pairs(&mut self) -> Vec<Pair> {
        let case = self.case;
        let change = &case.change;
        let planned: FxHashSet<PodId> = change
            .removed
            .iter()
            .map(|r| r.pod)
            .chain(change.steps.iter().map(|s| s.pod))
            .collect();
        let mut pairs = Vec::new();
        let mut tried_in_domain: FxHashMap<_, usize> = FxHashMap::default();
        for (node, reasons) in &case.nodes {
            let fixed = static_refusal(case.cluster, case.shape(), *node, RuleSet::ALL).is_some();
            if fixed || self.state.loss_of(*node).is_some() {
                continue;
            }
            if let Some(Refusal { detail: Detail::Spread { key, domain, .. }, .. }) =
                reasons.first()
            {
                let tried = tried_in_domain.entry((*key, *domain)).or_default();
                *tried += 1;
                if *tried > SPREAD_NODES_MAX {
                    continue;
                }
            }
            for leaver in self.in_the_way(*node, reasons) {
                let home = case.cluster.pod(leaver).node;
                if home.is_some()
                    && self.state.node_of(leaver) == home
                    && !planned.contains(&leaver)
                {
                    pairs.push(Pair { node: *node, leaver, size: size(case.cluster, leaver) });
                }
            }
        }
        pairs
    }

    /// Pods whose leaving may lift the reasons that the node gives.
    fn in_the_way(&self, node: NodeId, reasons: &[Refusal]) -> Vec<PodId> {
        let cluster = self.case.cluster;
        let Some(first) = reasons.first() else { return Vec::new() };
        match (first.rule, first.detail) {
            (Rule::Resources, _) => {
                let enough = |pod: &PodId| {
                    let held = &cluster.shape_of(*pod).requests;
                    reasons.iter().all(|r| {
                        let (need, free) = (r.need.unwrap_or(0), r.free.unwrap_or(0));
                        r.resource.is_some_and(|id| held.get(id) >= need - free)
                    })
                };
                self.state.pods_on(node).filter(enough).collect()
            }
            (Rule::Cards, _) => {
                let holds = |pod: &PodId| cluster.shape_of(*pod).gpu.cards > 0;
                self.state.pods_on(node).filter(holds).collect()
            }
            (_, Detail::HostPort { holder, .. }) => vec![holder],
            (_, Detail::AntiAffinity { pod, .. } | Detail::ExistingAntiAffinity { pod, .. }) => {
                vec![pod]
            }
            (_, Detail::Spread { key, domain, .. }) => {
                let shape = self.case.shape();
                let counted = |pod: &PodId| {
                    let other = cluster.shape_of(*pod);
                    let spread = shape.spread.iter().filter(|s| s.topology_key == key);
                    other.namespace == shape.namespace
                        && spread
                            .into_iter()
                            .any(|s| s.selector.matches(&other.labels, cluster.names()))
                };
                let nodes =
                    self.by_name.iter().filter(|&&n| cluster.domain(n, key) == Some(domain));
                nodes.flat_map(|&n| self.state.pods_on(n)).filter(counted).collect()
            }
            // Nothing that leaves brings a friend; what else refuses may be about a pod of the node.
            (Rule::InterPodAffinity, _) | (_, Detail::LabelMissing { .. }) => Vec::new(),
            _ => self.state.pods_on(node).collect(),
        }
    }

    /// Whether a controller makes the pod anew elsewhere, by all that is known.
    fn may_move(&self, pod: PodId) -> bool {
        is_remade_elsewhere(self.case.cluster, pod)
    }

    /// The leaver is out: the pod fits the pair's node, and the leaver somewhere else.
    fn move_for(&mut self, pair: Pair, home: NodeId) -> Option<Fix> {
        if !self.fits(self.case.pod, pair.node) {
            return None;
        }
        let shape = self.case.cluster.pod(pair.leaver).incoming;
        let rooms = self.rooms_of(shape, pair.leaver);
        let rooms = rooms.into_iter().filter(|&to| to != home && to != pair.node);
        for (i, to) in rooms.enumerate() {
            if i == ROOMS_MAX {
                self.cut = true;
                break;
            }
            let found = self.in_order([(pair.leaver, to), (self.case.pod, pair.node)], pair.leaver);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Any move at all, in either order, where there are few; the smallest pod first.
    fn any_move(&mut self) -> Option<Fix> {
        let (cluster, pod) = (self.case.cluster, self.case.pod);
        let nodes = self.by_name.clone();
        let planned: FxHashSet<PodId> = self.case.change.steps.iter().map(|s| s.pod).collect();
        let mut movers: Vec<PodId> = nodes
            .iter()
            .flat_map(|&n| self.state.pods_on(n))
            .filter(|&p| self.may_move(p) && !planned.contains(&p))
            .collect();
        if movers.len() * nodes.len() * nodes.len() > ALL_MOVES_MAX {
            self.cut |= self.may_miss();
            return None;
        }
        movers.sort_by_key(|&p| (size(cluster, p), cluster.str(cluster.pod(p).name), p));
        for mover in movers {
            let found = self.with_out(mover, |s, _| {
                let moves = nodes.iter().flat_map(|&to| nodes.iter().map(move |&at| (to, at)));
                moves.into_iter().find_map(|(to, at)| {
                    s.in_order([(mover, to), (pod, at)], mover)
                        .or_else(|| s.in_order([(pod, at), (mover, to)], mover))
                })
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Whether some node gives a reason that a pod which comes, not one that leaves, may lift.
    fn may_miss(&self) -> bool {
        self.case
            .nodes
            .iter()
            .flat_map(|(_, reasons)| reasons)
            .any(|r| matches!(r.detail, Detail::Spread { .. } | Detail::Affinity { .. }))
    }

    /// The move if both may be placed in this order; the state stays as it was.
    fn in_order(&mut self, placed: [(PodId, NodeId); 2], mover: PodId) -> Option<Fix> {
        let [(first, at), (second, then)] = placed;
        if !self.fits(first, at) {
            return None;
        }
        let one = step(&self.state, first, at);
        self.state.place(first, at, &one.cards);
        let two = self.fits(second, then).then(|| step(&self.state, second, then));
        self.state.remove(first, false);
        let (to, node) = if first == mover { (at, then) } else { (then, at) };
        self.confirm(FixKind::Move { pod: mover, to }, mover, vec![one, two?], node)
    }

    /// The referee's word on the whole: what was planned first, then these steps; else the first step of these
    /// before all others.
    fn confirm(&self, kind: FixKind, leaver: PodId, steps: Vec<Step>, node: NodeId) -> Option<Fix> {
        if self.case.control.spent(self.case.cluster.pods().len()) {
            return None;
        }
        let mut change = self.case.change.clone();
        change.removed.push(Removal { pod: leaver, lingers: false });
        let planned = change.steps.len();
        change.steps.extend(steps);
        let referee = self.case.planner.referee();
        if !referee.check(&change).is_empty() {
            change.steps[..=planned].rotate_right(1);
            if planned == 0 || !referee.check(&change).is_empty() {
                return None;
            }
        }
        Some(Fix { kind, node, change: Some(change) })
    }

    /// Does something while a running pod is out; then it is back.
    fn with_out<T>(&mut self, pod: PodId, act: impl FnOnce(&mut Self, NodeId) -> T) -> T {
        let home = self.state.node_of(pod).expect("only pods that run leave");
        let object = self.case.cluster.pod(pod);
        // What is placed asks as a newcomer does: a pod in the midst of a resize would not come back as it was.
        let resizing = object.shape != object.incoming;
        let before = resizing.then(|| self.state.clone());
        self.judged += if resizing { self.by_name.len() } else { 0 };
        self.state.remove(pod, false);
        let result = act(self, home);
        match before {
            Some(before) => self.state = before,
            None => self.state.place(pod, home, &object.cards),
        }
        result
    }

    fn fits(&mut self, pod: PodId, node: NodeId) -> bool {
        if self.judged >= JUDGED_MAX || self.case.control.spent(STEPS_A_LOOK) {
            self.cut = true;
            return false;
        }
        self.judged += 1;
        refusals(&self.state, pod, node, RuleSet::ALL).is_empty()
    }

    fn rooms_of(&mut self, id: ShapeId, pod: PodId) -> Vec<NodeId> {
        if let Some(rooms) = self.rooms.get(&id) {
            return rooms.clone();
        }
        let cluster = self.case.cluster;
        let shape = cluster.incoming_of(pod);
        let fits = |&node: &NodeId| {
            shape.requests.iter().all(|(id, need)| need <= self.state.free(node, id))
                && static_refusal(cluster, shape, node, RuleSet::ALL).is_none()
        };
        let rooms: Vec<NodeId> = self.by_name.iter().copied().filter(fits).collect();
        self.rooms.insert(id, rooms.clone());
        rooms
    }
}

/// How large a running pod is: the thousandths of its node that it asks for, all resources but the pod slot
/// added, each rounded up.
fn size(cluster: &Cluster, pod: PodId) -> i64 {
    let Some(node) = cluster.pod(pod).node else { return 0 };
    let allocatable = &cluster.node(node).allocatable;
    let thousandths = |(id, amount): (ResourceId, i64)| {
        let all = i128::from(allocatable.get(id).max(1));
        ((i128::from(amount) * 1000 + all - 1) / all) as i64
    };
    let shape = cluster.shape_of(pod);
    let amounts = shape.requests.iter().filter(|&(id, _)| id != ResourceId::PODS);
    let cards = i64::from(shape.gpu.cards) * shape.gpu.milli_each;
    amounts.map(thousandths).fold(cards, i64::saturating_add)
}

/// The step with cards that have room: of those that do, the fullest.
pub(super) fn step(state: &State, pod: PodId, node: NodeId) -> Step {
    let cluster = state.cluster();
    let gpu = &cluster.incoming_of(pod).gpu;
    if gpu.cards == 0 {
        return Step { pod, node, cards: Vec::new() };
    }
    let free = state.free_cards(node);
    let accepts = |card: &Card| gpu.accepts(card);
    let cards = cluster.node(node).cards.iter().zip(&free).enumerate();
    let mut fitting: Vec<(i64, u16)> = cards
        .filter(|(_, (card, free))| accepts(card) && **free >= gpu.milli_each)
        .map(|(i, (_, free))| (*free, i as u16))
        .collect();
    fitting.sort_unstable();
    fitting.truncate(usize::from(gpu.cards));
    let mut cards: Vec<u16> = fitting.into_iter().map(|(_, card)| card).collect();
    cards.sort_unstable();
    Step { pod, node, cards }
}
