//! One step against the state of a [`Replay`]: every rule, in the scheduler's order.

use super::{baseline::tolerates_cordon, replay::Replay, violation::ViolationKind};
use crate::model::{Card, ClaimKind, Effect, Node, Shape, Step, VolumeClaim};

type Found = Vec<ViolationKind>;

impl Replay<'_> {
    /// The rules that a sensible step breaks.
    pub(super) fn judge_rules(&self, step: &Step) -> Found {
        let mut found = Vec::new();
        let node = self.cluster.node(step.node);
        let shape = self.cluster.incoming_of(step.pod);
        self.judge_node(shape, node, &mut found);
        self.judge_ports(step, shape, &mut found);
        self.judge_resources(step, shape, node, &mut found);
        self.judge_cards(step, shape, node, &mut found);
        self.judge_claims_in_use(shape, &mut found);
        self.judge_volumes(shape, node, &mut found);
        self.judge_spread(step, shape, &mut found);
        self.judge_affinity(step, shape, &mut found);
        self.judge_anti_affinity(step, &mut found);
        self.judge_start(step, shape, node, &mut found);
        found
    }

    /// Whether the pod starts where it is put.
    fn judge_start(&self, step: &Step, shape: &Shape, node: &Node, found: &mut Found) {
        if node.down {
            found.push(ViolationKind::NodeDown);
        }
        if node.ending {
            found.push(ViolationKind::NodeEnding);
        }
        let key = self.cluster.names().get("kubernetes.io/os");
        let runs = key.and_then(|key| node.labels.get(key));
        if let (Some(_), Some(os)) = (shape.os.filter(|&wanted| runs != Some(wanted)), runs) {
            found.push(ViolationKind::Os { os });
        }
        for &claim in &shape.one_node_claims {
            if let Some(holder) = self.user_elsewhere(shape.namespace, claim, step.node) {
                found.push(ViolationKind::VolumeElsewhere { claim, holder });
            }
        }
    }

    fn judge_node(&self, shape: &Shape, node: &Node, found: &mut Found) {
        if node.unschedulable && !tolerates_cordon(&shape.tolerations, self.cluster) {
            found.push(ViolationKind::Unschedulable);
        }
        if let Some(wanted) = shape.node_name.filter(|&name| name != node.name) {
            found.push(ViolationKind::NodeName { wanted });
        }
        for taint in node.taints.iter().filter(|t| t.effect != Effect::PreferNoSchedule) {
            if !shape.tolerations.iter().any(|t| t.tolerates(taint)) {
                found.push(ViolationKind::Taint(*taint));
            }
        }
        if !shape.node_selector.matches(node.name, &node.labels, self.cluster.names()) {
            found.push(ViolationKind::NodeSelector);
        }
    }

    fn judge_ports(&self, step: &Step, shape: &Shape, found: &mut Found) {
        let ports = &self.holding(step.node).ports;
        for port in &shape.host_ports {
            if let Some(&(_, holder)) = ports.iter().find(|(held, _)| held.clashes(port)) {
                found.push(ViolationKind::HostPort { port: *port, holder });
            }
        }
    }

    /// A resource that the pod asks nothing of is not looked at, so a node may be overcommitted in it.
    fn judge_resources(&self, step: &Step, shape: &Shape, node: &Node, found: &mut Found) {
        let used = &self.holding(step.node).used;
        for (resource, need) in shape.requests.iter() {
            let free = node.allocatable.get(resource) - used[resource.index()];
            if need > free {
                found.push(match self.cluster.is_volume_limit(resource) {
                    true => ViolationKind::VolumeLimit { resource, need, free },
                    false => ViolationKind::Resource { resource, need, free },
                });
            }
        }
    }

    fn judge_cards(&self, step: &Step, shape: &Shape, node: &Node, found: &mut Found) {
        let gpu = &shape.gpu;
        if step.cards.len() != usize::from(gpu.cards) {
            found.push(ViolationKind::CardCount { want: gpu.cards, given: step.cards.len() });
        }
        let used = &self.holding(step.node).cards;
        for (i, &card) in step.cards.iter().enumerate() {
            let index = usize::from(card);
            let Some(&given) = node.cards.get(index) else {
                found.push(ViolationKind::CardUnknown { card });
                continue;
            };
            if step.cards[..i].contains(&card) {
                found.push(ViolationKind::CardRepeated { card });
                continue;
            }
            if !gpu.models.is_empty() && !gpu.models.contains(&given.model) {
                found.push(ViolationKind::CardModel { card });
            }
            if given.whole && gpu.milli_each < Card::WHOLE_MILLI {
                found.push(ViolationKind::CardNotShared { card });
            }
            let (need, free) = (gpu.milli_each, Card::WHOLE_MILLI - used[index]);
            if need > free {
                found.push(ViolationKind::CardFull { card, need, free });
            }
        }
    }

    fn judge_volumes(&self, shape: &Shape, node: &Node, found: &mut Found) {
        let names = self.cluster.names();
        let reaches = |v: &VolumeClaim| v.nodes.matches(node.name, &node.labels, names);
        for volume in &shape.volumes {
            let claim = volume.claim;
            match volume.kind {
                ClaimKind::Missing => found.push(ViolationKind::ClaimMissing { claim }),
                ClaimKind::Unbound => found.push(ViolationKind::ClaimUnbound { claim }),
                _ if reaches(volume) => {}
                ClaimKind::Zone => found.push(ViolationKind::VolumeZone { claim }),
                ClaimKind::Bound | ClaimKind::Waits | ClaimKind::Space => {
                    found.push(ViolationKind::Volume { claim });
                }
            }
        }
    }

    fn judge_claims_in_use(&self, shape: &Shape, found: &mut Found) {
        for &claim in &shape.one_pod_claims {
            if let Some(holder) = self.claim_holder(shape.namespace, claim) {
                found.push(ViolationKind::ClaimInUse { claim, holder });
            }
        }
    }

    fn judge_spread(&self, step: &Step, shape: &Shape, found: &mut Found) {
        let tallies = &self.baseline.tallies;
        let ties = &self.baseline.ties[self.cluster.pod(step.pod).incoming.index()];
        for (spread, &id) in shape.spread.iter().zip(&ties.spread) {
            let (key, max_skew) = (spread.topology_key, spread.max_skew);
            let Some(domain) = self.baseline.domain(id, step.node) else {
                found.push(ViolationKind::SpreadKey { key });
                continue;
            };
            let itself = spread.selector.matches(&shape.labels, self.cluster.names());
            let count = self.deltas.pods(tallies, id, domain) + i64::from(itself);
            let least = self.least(id, spread.min_domains);
            if count - least > max_skew {
                found.push(ViolationKind::Spread { key, count, least, max_skew });
            }
        }
    }

    fn judge_affinity(&self, step: &Step, shape: &Shape, found: &mut Found) {
        let tallies = &self.baseline.tallies;
        let ties = &self.baseline.ties[self.cluster.pod(step.pod).incoming.index()];
        let terms = || shape.affinity.iter().map(|t| t.topology_key).zip(&ties.affinity);
        let before = found.len();
        for (key, &id) in terms() {
            if self.baseline.domain(id, step.node).is_none() {
                found.push(ViolationKind::AffinityKey { key });
            }
        }
        let nobody = || ties.affinity.iter().all(|&id| self.deltas.total(tallies, id) == 0);
        if found.len() > before || (ties.affinity_self && nobody()) {
            return;
        }
        for (key, &id) in terms() {
            let domain = self.baseline.domain(id, step.node).expect("checked above");
            if self.deltas.pods(tallies, id, domain) == 0 {
                found.push(ViolationKind::Affinity { key });
            }
        }
    }

    /// Both ways. A node without the key is in no domain, so nothing there is in the way.
    fn judge_anti_affinity(&self, step: &Step, found: &mut Found) {
        let baseline = self.baseline;
        let ties = &baseline.ties[self.cluster.pod(step.pod).incoming.index()];
        let present = |id| {
            let domain = baseline.domain(id, step.node);
            domain.is_some_and(|d| self.deltas.pods(&baseline.tallies, id, d) > 0)
        };
        for anti in ties.anti_own.iter().map(|&a| baseline.anti[a as usize]) {
            if present(anti.selected) {
                found.push(ViolationKind::AntiAffinity { key: anti.key });
            }
        }
        for anti in ties.anti_others.iter().map(|&a| baseline.anti[a as usize]) {
            if present(anti.carriers) {
                found.push(ViolationKind::OthersAntiAffinity { key: anti.key });
            }
        }
    }
}
