use super::{
    baseline::{Baseline, Holding},
    tally::{Deltas, SpreadDomains, TallyId},
    violation::{Violation, ViolationKind},
};
use crate::model::{Change, Cluster, Loss, NodeId, PodId, Removal, ShapeId, Step, Sym};
use rustc_hash::{FxHashMap, FxHashSet};

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
    /// Pods of the input that are on no node any more: removed without lingering, or evicted.
    left: FxHashSet<PodId>,
    /// Where the steps so far put which pods, with their cards.
    placed: FxHashMap<PodId, (NodeId, Vec<u16>)>,
    /// By namespace and ReadWriteOncePod claim: pods placed that use it.
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
            for &claim in &shape.one_pod_claims {
                self.claims.entry((shape.namespace, claim)).or_default().push(step.pod);
            }
            self.count_placed(step.pod, step.node, 1);
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

    /// Evicts a pod that runs in the input or that a step placed: it leaves at once and may be placed again.
    /// A violation where it is on no node.
    pub fn evict(&mut self, pod: PodId) -> Vec<Violation> {
        let kind = if pod.index() >= self.cluster.pods().len() {
            Some(ViolationKind::UnknownPod)
        } else if let Some((node, cards)) = self.placed.remove(&pod) {
            self.take_back(pod, node, &cards);
            None
        } else if self.stands(pod) {
            let removal = Removal { pod, lingers: false };
            self.remove(&removal).err()
        } else {
            Some(ViolationKind::NotThere)
        };
        let violation = |kind| Violation { step: None, pod: Some(pod), node: None, kind };
        kind.map(violation).into_iter().collect()
    }

    /// Whether a pod of the input is still where it ran, and not as one that lingers.
    fn stands(&self, pod: PodId) -> bool {
        let gone = |node| self.loss == Loss::Deleted && self.lost.contains(&node);
        self.cluster.pod(pod).node.is_some_and(|node| !gone(node)) && !self.removed.contains(&pod)
    }

    fn take_back(&mut self, pod: PodId, node: NodeId, cards: &[u16]) {
        let shape = self.cluster.incoming_of(pod);
        let holding = self.holding_mut(node);
        holding.charge(shape, cards, -1);
        holding.ports.retain(|&(_, holder)| holder != pod);
        for &claim in &shape.one_pod_claims {
            self.claims.entry((shape.namespace, claim)).or_default().retain(|&p| p != pod);
        }
        self.count_placed(pod, node, -1);
    }

    /// Counts a pod that a step places, for affinity and for spread.
    fn count_placed(&mut self, pod: PodId, node: NodeId, sign: i64) {
        let shape = self.cluster.pod(pod).incoming;
        self.count(shape, node, sign);
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
            self.left.insert(removal.pod);
            self.count(pod.shape, node, -1);
            let shape = self.cluster.shape(pod.shape);
            let holding = self.holding_mut(node);
            holding.charge(shape, &pod.cards, -1);
            holding.ports.retain(|&(_, holder)| holder != removal.pod);
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
