use super::{
    baseline::{Baseline, Holding},
    tally::{Deltas, SpreadDomains, TallyId},
    violation::{Violation, ViolationKind},
};
use crate::model::{Change, Cluster, Loss, NodeId, PodId, Removal, ShapeId, Step, Sym};
use rustc_hash::{FxHashMap, FxHashSet};

/// A pod that was evicted and is terminating where it was.
#[derive(Clone, Debug)]
struct Leaving {
    pod: PodId,
    node: NodeId,
    /// Its cards, if a step had placed it; else it ran there in the input.
    placed: Option<Vec<u16>>,
}

/// A change being replayed: what differs from the baseline so far. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Replay<'r> {
    pub(super) cluster: &'r Cluster,
    pub(super) baseline: &'r Baseline,
    pub(super) deltas: Deltas,
    loss: Loss,
    lost: FxHashSet<NodeId>,
    /// The same in order, each once.
    lost_list: Vec<NodeId>,
    /// By [`Baseline::domains`]: the domains that went with the lost nodes.
    gone: Vec<Vec<u32>>,
    removed: FxHashSet<PodId>,
    /// Pods of the input that are on no node any more: removed without lingering, or gone.
    left: FxHashSet<PodId>,
    /// Where the steps so far put which pods, with their cards.
    placed: FxHashMap<PodId, (NodeId, Vec<u16>)>,
    /// Pods that were evicted and are not gone yet, in this order.
    leaving: Vec<Leaving>,
    /// By namespace and claim for one pod or one node: pods placed that use it.
    claims: FxHashMap<(Sym, Sym), Vec<PodId>>,
    /// Nodes whose holding differs from the baseline.
    holdings: FxHashMap<NodeId, Holding>,
    /// Steps seen, refused ones included.
    steps: usize,
}

impl<'r> Replay<'r> {
    pub(super) fn start(
        cluster: &'r Cluster,
        baseline: &'r Baseline,
        change: &Change,
    ) -> (Self, Vec<Violation>) {
        let mut replay = Self {
            cluster,
            baseline,
            deltas: Deltas::default(),
            loss: change.loss,
            lost: FxHashSet::default(),
            lost_list: Vec::new(),
            gone: Vec::new(),
            removed: FxHashSet::default(),
            left: FxHashSet::default(),
            placed: FxHashMap::default(),
            leaving: Vec::new(),
            claims: FxHashMap::default(),
            holdings: FxHashMap::default(),
            steps: 0,
        };
        let mut violations = Vec::new();
        for &node in &change.lost {
            if let Err(kind) = replay.lose(node) {
                violations.push(Violation { step: None, pod: None, node: Some(node), kind });
            }
        }
        replay.gone = replay.find_gone();
        for removal in &change.removed {
            if let Err(kind) = replay.remove(removal) {
                violations.push(Violation { step: None, pod: Some(removal.pod), node: None, kind });
            }
        }
        if change.loss == Loss::Deleted {
            replay.find_left_behind(&mut violations);
        }
        (replay, violations)
    }

    /// The rules that `step` would break now; nothing is changed. Empty: it may be placed.
    pub fn judge(&self, step: &Step) -> Vec<ViolationKind> {
        match self.refusal(step) {
            Some(kind) => vec![kind],
            None => self.judge_rules(step),
        }
    }

    /// Places `step` and says what it breaks. A step that makes no sense places nothing; any other is
    /// there from now on, whatever it breaks.
    pub fn place(&mut self, step: &Step) -> Vec<Violation> {
        let kinds = self.judge(step);
        if self.refusal(step).is_none() {
            let shape = self.cluster.incoming_of(step.pod);
            let holding = self.holding_mut(step.node);
            holding.charge(shape, &step.cards, 1);
            holding.ports.extend(shape.host_ports.iter().map(|&port| (port, step.pod)));
            for &claim in shape.one_pod_claims.iter().chain(&shape.one_node_claims) {
                self.claims.entry((shape.namespace, claim)).or_default().push(step.pod);
            }
            let shape = self.cluster.pod(step.pod).incoming;
            self.count(shape, step.node, 1);
            self.count_spread_of(shape, step.node, 1);
            self.placed.insert(step.pod, (step.node, step.cards.clone()));
        }
        let index = self.steps;
        self.steps += 1;
        let violation = |kind| Violation {
            step: Some(index),
            pod: Some(step.pod),
            node: Some(step.node),
            kind,
        };
        kinds.into_iter().map(violation).collect()
    }

    /// Evicts a pod that runs in the input or that a step placed. It is terminating from then on, until it is
    /// [gone](Self::gone): it holds what it holds, counts for affinity and not for spread; and may be placed again, which
    /// is its replacement. A violation where it is on no node, or was being deleted.
    pub fn evict(&mut self, pod: PodId) -> Vec<Violation> {
        let kind = if pod.index() >= self.cluster.pods().len() {
            Some(ViolationKind::UnknownPod)
        } else if let Some((node, cards)) = self.placed.remove(&pod) {
            self.count_spread_of(self.cluster.pod(pod).incoming, node, -1);
            self.leaving.push(Leaving { pod, node, placed: Some(cards) });
            None
        } else if let Some(node) = self.stands(pod).filter(|_| !self.cluster.pod(pod).terminating) {
            self.leaving.push(Leaving { pod, node, placed: None });
            self.remove(&Removal { pod, lingers: true }).err()
        } else {
            Some(ViolationKind::NotThere)
        };
        let violation = |kind| Violation { step: None, pod: Some(pod), node: None, kind };
        kind.map(violation).into_iter().collect()
    }

    /// A pod that is terminating on a node has left it: of several of this id the one that was evicted first, or one that
    /// was being deleted in the input. A violation where there is none.
    pub fn gone(&mut self, pod: PodId, node: NodeId) -> Vec<Violation> {
        let evicted = self.leaving.iter().position(|l| (l.pod, l.node) == (pod, node));
        let kind = if pod.index() >= self.cluster.pods().len() {
            Some(ViolationKind::UnknownPod)
        } else if let Some(at) = evicted {
            match self.leaving.remove(at).placed {
                Some(cards) => self.take_back(pod, node, &cards),
                None => self.take_off(pod, node),
            }
            None
        } else if self.stands(pod) == Some(node) && self.cluster.pod(pod).terminating {
            self.remove(&Removal { pod, lingers: false }).err()
        } else {
            Some(ViolationKind::NotThere)
        };
        let violation = |kind| Violation { step: None, pod: Some(pod), node: Some(node), kind };
        kind.map(violation).into_iter().collect()
    }

    /// Where a pod of the input still is as it was there, and not as one that lingers.
    fn stands(&self, pod: PodId) -> Option<NodeId> {
        let gone = |node| self.loss == Loss::Deleted && self.lost.contains(&node);
        let node = self.cluster.pod(pod).node.filter(|&node| !gone(node))?;
        (!self.removed.contains(&pod)).then_some(node)
    }

    /// A pod that a step had placed, and that is terminating, is gone.
    fn take_back(&mut self, pod: PodId, node: NodeId, cards: &[u16]) {
        let shape = self.cluster.incoming_of(pod);
        let holding = self.holding_mut(node);
        holding.charge(shape, cards, -1);
        holding.free_ports(shape, pod);
        for &claim in shape.one_pod_claims.iter().chain(&shape.one_node_claims) {
            let users = self.claims.entry((shape.namespace, claim)).or_default();
            if let Some(at) = users.iter().position(|&p| p == pod) {
                users.remove(at);
            }
        }
        self.count(self.cluster.pod(pod).incoming, node, -1);
    }

    /// A pod of the input that holds its room on a node is gone from it.
    fn take_off(&mut self, pod: PodId, node: NodeId) {
        let object = self.cluster.pod(pod);
        self.left.insert(pod);
        self.count(object.shape, node, -1);
        let shape = self.cluster.shape(object.shape);
        let holding = self.holding_mut(node);
        holding.charge(shape, &object.cards, -1);
        holding.free_ports(shape, pod);
    }

    /// Counts a live pod of this shape for spread.
    fn count_spread_of(&mut self, shape: ShapeId, node: NodeId, sign: i64) {
        for &id in &self.baseline.ties[shape.index()].spread_counted {
            self.count_spread(id, node, sign);
        }
    }

    /// A pod that uses a ReadWriteOncePod claim of this namespace.
    pub(super) fn claim_holder(&self, namespace: Sym, claim: Sym) -> Option<PodId> {
        let key = (namespace, claim);
        let gone = |(pod, node): &(PodId, NodeId)| {
            self.left.contains(pod) || (self.loss == Loss::Deleted && self.lost.contains(node))
        };
        let ran = self.baseline.claims.get(&key).into_iter().flatten().find(|h| !gone(h));
        ran.map(|h| h.0).or_else(|| self.claims.get(&key)?.first().copied())
    }

    /// A pod that uses a claim of this namespace on a node that lives; `None` if one does on this node.
    pub(super) fn user_elsewhere(&self, namespace: Sym, claim: Sym, node: NodeId) -> Option<PodId> {
        let key = (namespace, claim);
        let lives = |n: &NodeId| !self.lost.contains(n) && !self.cluster.node(*n).down;
        let ran = self.baseline.claims.get(&key).into_iter().flatten();
        let stands = ran.filter(|(pod, _)| !self.left.contains(pod)).copied();
        let placed = self.claims.get(&key).into_iter().flatten();
        let put = placed.filter_map(|pod| Some((*pod, self.placed.get(pod)?.0)));
        let users: Vec<(PodId, NodeId)> = stands.chain(put).collect();
        let is_here = users.iter().any(|&(_, n)| n == node);
        let first = users.iter().find(|(_, n)| lives(n)).map(|&(pod, _)| pod);
        first.filter(|_| !is_here)
    }

    /// Why the step makes no sense at all.
    fn refusal(&self, step: &Step) -> Option<ViolationKind> {
        if step.pod.index() >= self.cluster.pods().len() {
            Some(ViolationKind::UnknownPod)
        } else if step.node.index() >= self.cluster.nodes().len() {
            Some(ViolationKind::UnknownNode)
        } else if self.placed.contains_key(&step.pod) {
            Some(ViolationKind::PlacedTwice)
        } else if self.cluster.pod(step.pod).node.is_some() && !self.removed.contains(&step.pod) {
            Some(ViolationKind::StillRunning)
        } else if self.lost.contains(&step.node) {
            Some(ViolationKind::LostNode)
        } else {
            None
        }
    }

    fn lose(&mut self, node: NodeId) -> Result<(), ViolationKind> {
        if node.index() >= self.cluster.nodes().len() {
            return Err(ViolationKind::UnknownNode);
        }
        if !self.lost.insert(node) {
            return Err(ViolationKind::LostTwice);
        }
        self.lost_list.push(node);
        for &pod in self.cluster.pods_on(node) {
            let pod = self.cluster.pod(pod);
            if self.loss == Loss::Deleted {
                self.count(pod.shape, node, -1);
            }
            if !pod.terminating {
                self.leave_spread(pod.shape, node);
            }
        }
        Ok(())
    }

    /// Whether lost nodes drop out of the domains of a spread tally.
    fn leaves(&self, tally: TallyId) -> bool {
        self.leaves_domains(&self.baseline.domains[self.baseline.domains_of(tally)])
    }

    fn leaves_domains(&self, domains: &SpreadDomains) -> bool {
        match self.loss {
            Loss::Deleted => true,
            Loss::NotReady => domains.leaves_not_ready,
            Loss::Drained => domains.leaves_drained,
        }
    }

    /// The domains that the lost nodes take along, for every spread constraint.
    fn find_gone(&self) -> Vec<Vec<u32>> {
        let gone = |domains: &SpreadDomains| match self.leaves_domains(domains) {
            true => domains.gone(&self.baseline.topologies, &self.lost_list),
            false => Vec::new(),
        };
        self.baseline.domains.iter().map(gone).collect()
    }

    /// The least count over the domains of a spread tally, see [`Deltas::least`].
    pub(super) fn least(&self, tally: TallyId, min_domains: i64) -> i64 {
        let (baseline, index) = (self.baseline, self.baseline.domains_of(tally));
        let (domains, gone) = (&baseline.domains[index], &self.gone[index]);
        self.deltas.least(&baseline.tallies, tally, domains, gone, min_domains)
    }

    /// A live pod on a lost node stops counting where the node is no longer eligible.
    fn leave_spread(&mut self, shape: ShapeId, node: NodeId) {
        for &id in &self.baseline.ties[shape.index()].spread_counted {
            if self.leaves(id) {
                self.count_spread(id, node, -1);
            }
        }
    }

    fn remove(&mut self, removal: &Removal) -> Result<(), ViolationKind> {
        if removal.pod.index() >= self.cluster.pods().len() {
            return Err(ViolationKind::UnknownPod);
        }
        if !self.removed.insert(removal.pod) {
            return Err(ViolationKind::RemovedTwice);
        }
        let pod = self.cluster.pod(removal.pod);
        let Some(node) = pod.node else { return Ok(()) };
        let is_lost = self.lost.contains(&node);
        if is_lost && self.loss == Loss::Deleted {
            return Ok(());
        }
        let ties = &self.baseline.ties[pod.shape.index()];
        if !pod.terminating {
            for &id in &ties.spread_counted {
                if !(is_lost && self.leaves(id)) {
                    self.count_spread(id, node, -1);
                }
            }
        }
        if !removal.lingers {
            self.take_off(removal.pod, node);
        }
        Ok(())
    }

    fn find_left_behind(&self, violations: &mut Vec<Violation>) {
        for &node in &self.lost_list {
            for &pod in self.cluster.pods_on(node).iter().filter(|p| !self.removed.contains(p)) {
                let kind = ViolationKind::NotRemoved;
                violations.push(Violation { step: None, pod: Some(pod), node: Some(node), kind });
            }
        }
    }

    /// Counts a pod for inter-pod affinity and anti-affinity.
    fn count(&mut self, shape: ShapeId, node: NodeId, sign: i64) {
        for &id in &self.baseline.ties[shape.index()].counted {
            if let Some(domain) = self.baseline.domain(id, node) {
                self.deltas.add(&self.baseline.tallies, id, domain, sign);
            }
        }
    }

    /// Counts a pod for spread if its node is eligible in the baseline.
    fn count_spread(&mut self, id: TallyId, node: NodeId, sign: i64) {
        if self.baseline.domains[self.baseline.domains_of(id)].is_eligible(node) {
            let domain = self.baseline.domain(id, node).expect("an eligible node has the key");
            self.deltas.add(&self.baseline.tallies, id, domain, sign);
        }
    }

    /// What a node holds now.
    pub(super) fn holding(&self, node: NodeId) -> &Holding {
        self.holdings.get(&node).unwrap_or(&self.baseline.holdings[node.index()])
    }

    fn holding_mut(&mut self, node: NodeId) -> &mut Holding {
        let base = &self.baseline.holdings[node.index()];
        self.holdings.entry(node).or_insert_with(|| base.clone())
    }
}
