//! What scores rest on that is the same for all states of a cluster: counted once where many are asked about.

use super::nodes;
use crate::model::{Cluster, Effect, NodeId, ResourceId, Shape, ShapeId, Sym};
use crate::rules::{self, Paged, RuleSet, State};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

/// Spread over this key counts node by node, whatever its value.
const HOSTNAME: &str = "kubernetes.io/hostname";

/// What is the same for all states of a cluster; made once where many are asked about.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(super) zones: Vec<Vec<NodeId>>,
    /// By node: allocatable CPU (milli) and memory (bytes).
    pub(super) allocatable: Vec<[i64; 2]>,
    /// By node: the requests of its pods as LeastAllocated counts them.
    scored: Paged<[i64; 2]>,
    /// Shapes with terms that score other pods: required affinity and preferred terms.
    pub(super) carriers: Vec<ShapeId>,
    pub(super) hostname: Option<Sym>,
    /// Whether some node has a taint PreferNoSchedule.
    pub(super) prefers: bool,
    /// The least priority of all shapes: nobody of it can evict.
    pub(super) priority_min: i32,
    pub(super) images: Arc<Images>,
    /// By shape: nodes that the static rules allow.
    allowed: Vec<OnceLock<Arc<FixedBitSet>>>,
    /// By shape: the rules that have something to say of its pods.
    pub(super) rules: Vec<OnceLock<RuleSet>>,
}

/// By image: size, and how many nodes have it.
pub(super) type Images = FxHashMap<Sym, (i64, usize)>;

impl Shared {
    pub fn of(cluster: &Cluster) -> Self {
        let mut scored = vec![[0; 2]; cluster.nodes().len()];
        for pod in cluster.pods() {
            if let Some(node) = pod.node {
                let amounts = scored_requests(cluster.shape(pod.shape));
                add(&mut scored[node.index()], amounts, 1);
            }
        }
        let weighs = |s: &Shape| !s.affinity.is_empty() || !s.soft.pods.is_empty();
        Self {
            zones: nodes::by_zone(cluster),
            allocatable: cluster
                .nodes()
                .iter()
                .map(|n| [ResourceId::CPU, ResourceId::MEMORY].map(|r| n.allocatable.get(r)))
                .collect(),
            scored: scored.into(),
            carriers: shape_ids(cluster).filter(|&s| weighs(cluster.shape(s))).collect(),
            hostname: cluster.names().get(HOSTNAME),
            prefers: (cluster.nodes().iter().flat_map(|n| &n.taints))
                .any(|t| t.effect == Effect::PreferNoSchedule),
            priority_min: cluster.shapes().iter().map(|s| s.priority).min().unwrap_or(0),
            images: Arc::new(images(cluster, cluster.node_ids())),
            allowed: cluster.shapes().iter().map(|_| OnceLock::new()).collect(),
            rules: cluster.shapes().iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The same where it is known already which nodes the static rules allow to each shape.
    pub fn with_allowed<'b>(
        cluster: &Cluster,
        allowed: impl Iterator<Item = &'b Arc<FixedBitSet>>,
    ) -> Self {
        let allowed = allowed.map(|nodes| OnceLock::from(nodes.clone())).collect();
        Self { allowed, ..Self::of(cluster) }
    }

    pub(super) fn allowed(&self, cluster: &Cluster, id: ShapeId) -> &FixedBitSet {
        self.allowed[id.index()].get_or_init(|| {
            let allows = |n: &NodeId| {
                rules::static_refusal(cluster, cluster.shape(id), *n, RuleSet::SCHEDULER).is_none()
            };
            let mut allowed = FixedBitSet::with_capacity(cluster.nodes().len());
            cluster.node_ids().filter(allows).for_each(|n| allowed.insert(n.index()));
            Arc::new(allowed)
        })
    }
}

pub(super) fn images(cluster: &Cluster, nodes: impl Iterator<Item = NodeId>) -> Images {
    let mut images = Images::default();
    for node in nodes {
        for &(image, size) in &cluster.node(node).images {
            // Kube-scheduler keeps the size that the first node states.
            images.entry(image).or_insert((size, 0)).1 += 1;
        }
    }
    images
}

/// CPU (milli) and memory (bytes) as LeastAllocated counts them.
pub(super) fn scored_requests(shape: &Shape) -> [i64; 2] {
    let requests = [ResourceId::CPU, ResourceId::MEMORY].map(|r| shape.requests.get(r));
    shape.soft.scored.unwrap_or(requests)
}

fn add(sums: &mut [i64; 2], amounts: [i64; 2], sign: i64) {
    sums.iter_mut().zip(amounts).for_each(|(sum, amount)| *sum += sign * amount);
}

/// By node: the requests of its pods as LeastAllocated counts them, those that linger there included. What it
/// says of deleted nodes is of no matter.
pub(super) fn scored(shared: &Shared, base: &State) -> Paged<[i64; 2]> {
    let cluster = base.cluster();
    let mut scored = shared.scored.clone();
    let mut count = |shape: ShapeId, node: NodeId, sign: i64| {
        add(scored.get_mut(node.index()), scored_requests(cluster.shape(shape)), sign);
    };
    for &id in rules::touched(base) {
        let pod = cluster.pod(id);
        if let Some(node) = pod.node {
            count(pod.shape, node, -1);
        }
        if let Some(node) = base.node_of(id) {
            count(if base.is_placed(id) { pod.incoming } else { pod.shape }, node, 1);
        }
    }
    rules::lingering(base).for_each(|(shape, node)| count(shape, node, 1));
    scored
}

pub(super) fn shape_ids(cluster: &Cluster) -> impl Iterator<Item = ShapeId> + use<> {
    (0..cluster.shapes().len() as u32).map(ShapeId)
}
