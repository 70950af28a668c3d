//! The referee's rules once more, as slow and as plain as can be: no counts, no index, every question
//! answered by going through all pods and nodes.

use podfit::check::ViolationKind as K;
use podfit::model::{
    Card, Change, ClaimKind, Cluster, Effect, Loss, NodeId, NodePolicy, PodId, Shape, ShapeId,
    Spread, Step, Toleration,
};

/// Step, pod, node and rule of a violation.
pub type Fault = (Option<usize>, Option<PodId>, Option<NodeId>, K);

struct There {
    pod: PodId,
    node: NodeId,
    shape: ShapeId,
    cards: Vec<u16>,
    terminating: bool,
}

struct World<'a> {
    cluster: &'a Cluster,
    change: &'a Change,
    there: Vec<There>,
}

pub fn replay(cluster: &Cluster, change: &Change) -> Vec<Fault> {
    let mut world = World { cluster, change, there: Vec::new() };
    for id in cluster.pod_ids() {
        let pod = cluster.pod(id);
        if let Some(node) = pod.node {
            world.there.push(There {
                pod: id,
                node,
                shape: pod.shape,
                cards: pod.cards.clone(),
                terminating: pod.terminating,
            });
        }
    }
    let mut faults = world.lose();
    for (i, step) in change.steps.iter().enumerate() {
        let kinds = match world.refusal(i, step) {
            Some(kind) => vec![kind],
            None => world.judge(step),
        };
        if world.refusal(i, step).is_none() {
            world.there.push(There {
                pod: step.pod,
                node: step.node,
                shape: cluster.pod(step.pod).incoming,
                cards: step.cards.clone(),
                terminating: false,
            });
        }
        faults.extend(kinds.into_iter().map(|k| (Some(i), Some(step.pod), Some(step.node), k)));
    }
    faults
}

impl World<'_> {
    fn knows_pod(&self, pod: PodId) -> bool {
        self.cluster.pod_ids().any(|id| id == pod)
    }

    fn knows_node(&self, node: NodeId) -> bool {
        self.cluster.node_ids().any(|id| id == node)
    }

    fn lose(&mut self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (i, &node) in self.change.lost.iter().enumerate() {
            if !self.knows_node(node) {
                faults.push((None, None, Some(node), K::UnknownNode));
            } else if self.change.lost[..i].contains(&node) {
                faults.push((None, None, Some(node), K::LostTwice));
            }
        }
        for (i, removal) in self.change.removed.iter().enumerate() {
            let pod = removal.pod;
            if !self.knows_pod(pod) {
                faults.push((None, Some(pod), None, K::UnknownPod));
            } else if self.change.removed[..i].iter().any(|r| r.pod == pod) {
                faults.push((None, Some(pod), None, K::RemovedTwice));
            } else if removal.lingers {
                self.there.iter_mut().filter(|t| t.pod == pod).for_each(|t| t.terminating = true);
            } else {
                self.there.retain(|t| t.pod != pod);
            }
        }
        if self.change.loss == Loss::Deleted {
            for node in self.cluster.node_ids().filter(|n| self.change.lost.contains(n)) {
                for &pod in self.cluster.pods_on(node) {
                    if !self.change.removed.iter().any(|r| r.pod == pod) {
                        faults.push((None, Some(pod), Some(node), K::NotRemoved));
                    }
                }
                self.there.retain(|t| t.node != node);
            }
        }
        faults
    }

    fn refusal(&self, index: usize, step: &Step) -> Option<K> {
        let made_sense = |i: usize| self.refusal(i, &self.change.steps[i]).is_none();
        if !self.knows_pod(step.pod) {
            return Some(K::UnknownPod);
        }
        if !self.knows_node(step.node) {
            return Some(K::UnknownNode);
        }
        if (0..index).any(|i| self.change.steps[i].pod == step.pod && made_sense(i)) {
            return Some(K::PlacedTwice);
        }
        let removed = self.change.removed.iter().any(|r| r.pod == step.pod);
        if self.cluster.pod(step.pod).node.is_some() && !removed {
            return Some(K::StillRunning);
        }
        self.change.lost.contains(&step.node).then_some(K::LostNode)
    }

    fn shape(&self, there: &There) -> &Shape {
        self.cluster.shape(there.shape)
    }

    fn on(&self, node: NodeId) -> impl Iterator<Item = &There> {
        self.there.iter().filter(move |t| t.node == node)
    }

    fn judge(&self, step: &Step) -> Vec<K> {
        let shape = self.cluster.incoming_of(step.pod);
        let mut found = self.judge_node(shape, step.node);
        self.judge_room(step, shape, &mut found);
        self.judge_affinity(step, shape, &mut found);
        for spread in &shape.spread {
            found.extend(self.judge_spread(step, shape, spread));
        }
        self.judge_start(shape, step.node, &mut found);
        found
    }

    fn judge_node(&self, shape: &Shape, id: NodeId) -> Vec<K> {
        let (mut found, names) = (Vec::new(), self.cluster.names());
        let node = self.cluster.node(id);
        if node.unschedulable
            && !self.tolerated(shape, "node.kubernetes.io/unschedulable", "", NO_SCHEDULE)
        {
            found.push(K::Unschedulable);
        }
        for taint in &node.taints {
            let (key, value) = (self.cluster.str(taint.key), self.cluster.str(taint.value));
            if taint.effect != Effect::PreferNoSchedule
                && !self.tolerated(shape, key, value, taint.effect)
            {
                found.push(K::Taint(*taint));
            }
        }
        if let Some(wanted) = shape.node_name
            && self.cluster.str(wanted) != self.cluster.node_name(id)
        {
            found.push(K::NodeName { wanted });
        }
        if !shape.node_selector.matches(node.name, &node.labels, names) {
            found.push(K::NodeSelector);
        }
        for volume in &shape.volumes {
            let (claim, here) =
                (volume.claim, volume.nodes.matches(node.name, &node.labels, names));
            found.extend(match volume.kind {
                ClaimKind::Missing => Some(K::ClaimMissing { claim }),
                ClaimKind::Unbound => Some(K::ClaimUnbound { claim }),
                ClaimKind::Zone => (!here).then_some(K::VolumeZone { claim }),
                ClaimKind::Bound | ClaimKind::Waits | ClaimKind::Space => {
                    (!here).then_some(K::Volume { claim })
                }
            });
        }
        for &claim in &shape.one_pod_claims {
            let uses = |t: &&There| {
                let other = self.shape(t);
                other.namespace == shape.namespace && other.one_pod_claims.contains(&claim)
            };
            if let Some(holder) = self.there.iter().find(uses).map(|t| t.pod) {
                found.push(K::ClaimInUse { claim, holder });
            }
        }
        found
    }

    fn judge_start(&self, shape: &Shape, id: NodeId, found: &mut Vec<K>) {
        let node = self.cluster.node(id);
        found.extend(node.down.then_some(K::NodeDown));
        found.extend(node.ending.then_some(K::NodeEnding));
        let os = node.labels.iter().find(|(key, _)| self.cluster.str(*key) == "kubernetes.io/os");
        if let (Some(wanted), Some((_, os))) = (shape.os, os)
            && os != wanted
        {
            found.push(K::Os { os });
        }
        for &claim in &shape.one_node_claims {
            let users: Vec<&There> = self
                .there
                .iter()
                .filter(|t| {
                    let other = self.shape(t);
                    let lives = !self.change.lost.contains(&t.node)
                        && (t.node == id || !self.cluster.node(t.node).down);
                    lives
                        && other.namespace == shape.namespace
                        && other.one_node_claims.contains(&claim)
                })
                .collect();
            if let Some(holder) = users.first().filter(|_| users.iter().all(|t| t.node != id)) {
                found.push(K::VolumeElsewhere { claim, holder: holder.pod });
            }
        }
    }

    fn tolerated(&self, shape: &Shape, key: &str, value: &str, effect: Effect) -> bool {
        let bears = |t: &Toleration| {
            (t.key.is_none() || t.key.map(|k| self.cluster.str(k)) == Some(key))
                && (t.value.is_none() || t.value.map(|v| self.cluster.str(v)) == Some(value))
                && (t.effect.is_none() || t.effect == Some(effect))
        };
        shape.tolerations.iter().any(bears)
    }

    fn judge_room(&self, step: &Step, shape: &Shape, found: &mut Vec<K>) {
        let node = self.cluster.node(step.node);
        for (resource, need) in shape.requests.iter() {
            let used: i64 = self.on(step.node).map(|t| self.shape(t).requests.get(resource)).sum();
            let free = node.allocatable.get(resource) - used;
            let is_volumes =
                self.cluster.resource_name(resource).starts_with("attachable-volumes-");
            if need > free && is_volumes {
                found.push(K::VolumeLimit { resource, need, free });
            } else if need > free {
                found.push(K::Resource { resource, need, free });
            }
        }
        for port in &shape.host_ports {
            let holds = |t: &&There| self.shape(t).host_ports.iter().any(|p| p.clashes(port));
            if let Some(holder) = self.on(step.node).find(holds) {
                found.push(K::HostPort { port: *port, holder: holder.pod });
            }
        }
        if step.cards.len() != usize::from(shape.gpu.cards) {
            found.push(K::CardCount { want: shape.gpu.cards, given: step.cards.len() });
        }
        let mut before = Vec::new();
        for &card in &step.cards {
            if usize::from(card) >= node.cards.len() {
                found.push(K::CardUnknown { card });
            } else if before.contains(&card) {
                found.push(K::CardRepeated { card });
            } else {
                before.push(card);
                self.judge_card(step, shape, card, found);
            }
        }
    }

    fn judge_card(&self, step: &Step, shape: &Shape, card: u16, found: &mut Vec<K>) {
        let model = self.cluster.node(step.node).cards[usize::from(card)].model;
        if !(shape.gpu.models.is_empty() || shape.gpu.models.contains(&model)) {
            found.push(K::CardModel { card });
        }
        if self.cluster.node(step.node).cards[usize::from(card)].whole
            && shape.gpu.milli_each < 1000
        {
            found.push(K::CardNotShared { card });
        }
        let held = |t: &There| t.cards.iter().filter(|c| **c == card).count() as i64;
        let used: i64 = self.on(step.node).map(|t| held(t) * self.shape(t).gpu.milli_each).sum();
        let free = Card::WHOLE_MILLI - used;
        if shape.gpu.milli_each > free {
            found.push(K::CardFull { card, need: shape.gpu.milli_each, free });
        }
    }

    fn judge_affinity(&self, step: &Step, shape: &Shape, found: &mut Vec<K>) {
        let names = self.cluster.names();
        let domain = |node, key| self.cluster.domain(node, key);
        let here = |t: &There, key| {
            let place = domain(step.node, key);
            place.is_some() && place == domain(t.node, key)
        };
        let selected = |s: &Shape| shape.affinity.iter().all(|t| t.matches(s, names));
        let lacking: Vec<K> = (shape.affinity.iter().map(|t| t.topology_key))
            .filter(|&key| domain(step.node, key).is_none())
            .map(|key| K::AffinityKey { key })
            .collect();
        let in_any =
            |t: &There| shape.affinity.iter().any(|a| domain(t.node, a.topology_key).is_some());
        let nobody = !self.there.iter().any(|t| selected(self.shape(t)) && in_any(t));
        if lacking.is_empty() && !(nobody && selected(shape)) {
            for term in &shape.affinity {
                let key = term.topology_key;
                if !self.there.iter().any(|t| selected(self.shape(t)) && here(t, key)) {
                    found.push(K::Affinity { key });
                }
            }
        }
        found.extend(lacking);
        for term in &shape.anti_affinity {
            let key = term.topology_key;
            if self.there.iter().any(|t| term.matches(self.shape(t), names) && here(t, key)) {
                found.push(K::AntiAffinity { key });
            }
        }
        let mut terms = Vec::new();
        for t in &self.there {
            for term in &self.shape(t).anti_affinity {
                let key = term.topology_key;
                if term.matches(shape, names) && here(t, key) && !terms.contains(&term) {
                    terms.push(term);
                    found.push(K::OthersAntiAffinity { key });
                }
            }
        }
    }

    fn judge_spread(&self, step: &Step, shape: &Shape, spread: &Spread) -> Option<K> {
        let key = spread.topology_key;
        let Some(place) = self.cluster.domain(step.node, key) else {
            return Some(K::SpreadKey { key });
        };
        let counts = |t: &There| {
            let other = self.shape(t);
            !t.terminating
                && !spread.selector.all.is_empty()
                && other.namespace == shape.namespace
                && self.selects(spread, other)
        };
        let mut domains = Vec::new();
        for node in self.cluster.node_ids().filter(|&n| self.eligible(n, shape, spread)) {
            let value = self.cluster.domain(node, key).expect("eligible nodes have every key");
            let pods = self.on(node).filter(|t| counts(t)).count() as i64;
            match domains.iter_mut().find(|(v, _)| *v == value) {
                Some((_, sum)) => *sum += pods,
                None => domains.push((value, pods)),
            }
        }
        let mut least = domains.iter().map(|&(_, pods)| pods).min().unwrap_or(0);
        if (domains.len() as i64) < spread.min_domains {
            least = 0;
        }
        let count = domains.iter().find(|(v, _)| *v == place).map_or(0, |d| d.1)
            + i64::from(self.selects(spread, shape));
        let max_skew = spread.max_skew;
        (count - least > max_skew).then_some(K::Spread { key, count, least, max_skew })
    }

    fn selects(&self, spread: &Spread, shape: &Shape) -> bool {
        spread.selector.matches(&shape.labels, self.cluster.names())
    }

    /// Whether a node is part of a domain of the constraint.
    fn eligible(&self, id: NodeId, shape: &Shape, spread: &Spread) -> bool {
        let node = self.cluster.node(id);
        let lost = self.change.lost.contains(&id);
        let mut taints: Vec<(&str, &str, Effect)> = Vec::new();
        for taint in node.taints.iter().filter(|t| t.effect != Effect::PreferNoSchedule) {
            taints.push((self.cluster.str(taint.key), self.cluster.str(taint.value), taint.effect));
        }
        if node.unschedulable || (lost && self.change.loss == Loss::Drained) {
            taints.push(("node.kubernetes.io/unschedulable", "", NO_SCHEDULE));
        }
        if lost && self.change.loss == Loss::NotReady {
            taints.push(("node.kubernetes.io/unreachable", "", NO_SCHEDULE));
            taints.push(("node.kubernetes.io/unreachable", "", Effect::NoExecute));
        }
        !(lost && self.change.loss == Loss::Deleted)
            && shape.spread.iter().all(|s| node.labels.get(s.topology_key).is_some())
            && (spread.node_affinity_policy == NodePolicy::Ignore
                || shape.node_selector.matches(node.name, &node.labels, self.cluster.names()))
            && (spread.node_taints_policy == NodePolicy::Ignore
                || taints
                    .iter()
                    .all(|&(key, value, effect)| self.tolerated(shape, key, value, effect)))
    }
}

const NO_SCHEDULE: Effect = Effect::NoSchedule;
