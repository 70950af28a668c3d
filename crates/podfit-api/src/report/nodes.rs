//! Nodes before and after.

use podfit::model::{Card, Change, Cluster, Loss, NodeId, ResourceId, Shape};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name under which GPU cards that are bins of their own appear among the resources, in thousandths of a
/// card.
pub const GPU_RESOURCE: &str = "podfit.dev/gpu-milli";

/// A resource of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    /// Requested by the pods there.
    pub used: i64,
    /// What pods may use.
    pub allocatable: i64,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NodeReport {
    /// Name.
    pub name: String,
    /// Whether it is lost.
    pub lost: bool,
    /// Resources now, by name: CPU in thousandths of a core, bytes, pieces.
    pub before: BTreeMap<String, Amount>,
    /// Resources after the change; empty for a node that is lost and takes its resources along.
    pub after: BTreeMap<String, Amount>,
}

/// Amounts in use, a row a node: every resource, then cards in thousandths.
struct Used {
    width: usize,
    rows: Vec<i64>,
}

impl Used {
    /// By the pods that run.
    fn now(cluster: &Cluster) -> Self {
        let width = cluster.resource_count() + 1;
        let mut used = Self { width, rows: vec![0i64; cluster.nodes().len() * width] };
        for node in cluster.node_ids() {
            for &pod in cluster.pods_on(node) {
                used.add(cluster.shape_of(pod), node, cluster.pod(pod).cards.len(), 1);
            }
        }
        used
    }

    fn add(&mut self, shape: &Shape, node: NodeId, cards: usize, sign: i64) {
        let row = &mut self.rows[node.index() * self.width..][..self.width];
        shape.requests.iter().for_each(|(id, amount)| row[id.index()] += sign * amount);
        row[self.width - 1] += sign * shape.gpu.milli_each * cards as i64;
    }

    fn of(&self, node: NodeId) -> &[i64] {
        &self.rows[node.index() * self.width..][..self.width]
    }
}

/// Every node's resources as they are, in the order of the cluster.
pub(crate) fn amounts_now(cluster: &Cluster) -> Vec<BTreeMap<String, Amount>> {
    let used = Used::now(cluster);
    cluster.node_ids().map(|n| amounts(cluster, n, used.of(n))).collect()
}

/// Every node before and after `change`, in the order of the cluster.
pub(crate) fn nodes(cluster: &Cluster, change: &Change) -> Vec<NodeReport> {
    let before = Used::now(cluster);
    let mut used = Used { width: before.width, rows: before.rows.clone() };
    for removal in &change.removed {
        if let Some(node) = cluster.pod(removal.pod).node {
            let cards = cluster.pod(removal.pod).cards.len();
            used.add(cluster.shape_of(removal.pod), node, cards, -1);
        }
    }
    for step in &change.steps {
        used.add(cluster.incoming_of(step.pod), step.node, step.cards.len(), 1);
    }
    let mut lost = vec![false; cluster.nodes().len()];
    change.lost.iter().for_each(|n| lost[n.index()] = true);
    let report = |node: NodeId| {
        let row = |used: &Used| amounts(cluster, node, used.of(node));
        let lost = lost[node.index()];
        let gone = lost && change.loss != Loss::Drained;
        NodeReport {
            name: cluster.node_name(node).into(),
            lost,
            before: row(&before),
            after: if gone { BTreeMap::new() } else { row(&used) },
        }
    };
    cluster.node_ids().map(report).collect()
}

fn amounts(cluster: &Cluster, node: NodeId, used: &[i64]) -> BTreeMap<String, Amount> {
    let spec = cluster.node(node);
    let mut amounts = BTreeMap::new();
    for id in (0..cluster.resource_count()).map(|i| ResourceId(i as u16)) {
        let amount = Amount { used: used[id.index()], allocatable: spec.allocatable.get(id) };
        if amount != Amount::default() {
            amounts.insert(cluster.resource_name(id).to_string(), amount);
        }
    }
    let cards = Amount {
        used: used[cluster.resource_count()],
        allocatable: spec.cards.len() as i64 * Card::WHOLE_MILLI,
    };
    if cards != Amount::default() {
        amounts.insert(GPU_RESOURCE.to_string(), cards);
    }
    amounts
}
