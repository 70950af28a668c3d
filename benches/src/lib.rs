//! Clusters for benches: any number of nodes and pods, a chosen load, a tenth of the pods with anti-affinity and
//! spread if asked for; and the same as a kubectl dump.
//!
//! Deterministic: the same [`Size`] gives the same cluster.

mod dump;

pub use dump::write_dump;

use podfit::model::{
    Change, Cluster, ClusterBuilder, Labels, NamespaceSet, NodeId, NodePolicy, NodeSpec, Owner,
    OwnerKind, PodSpec, PodTerm, Removal, Requirement, ResourceId, Resources, Selector, Shape,
    Spread,
};
use podfit::schedule::Arrival;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Nodes, in three zones.
    pub nodes: usize,
    /// Running pods.
    pub pods: usize,
    /// Distinct shapes.
    pub shapes: usize,
    /// Percent of the memory (the binding resource) that the pods request.
    pub load_percent: i64,
    /// Whether a tenth of the shapes carry anti-affinity on the host and spread over zones.
    pub coupled: bool,
    /// Whether every shape has the scheduler's default spread constraints, and a tenth of them preferred
    /// anti-affinity: what scores look at.
    pub soft: bool,
    /// Whether pods run (else they are pending).
    pub running: bool,
}

impl Size {
    /// A quiet cluster: 40 % of the memory requested, nothing coupled.
    pub fn quiet(nodes: usize, pods: usize) -> Self {
        Self {
            nodes,
            pods,
            shapes: 200.min(pods),
            load_percent: 40,
            coupled: false,
            soft: false,
            running: true,
        }
    }

    /// A full cluster: 92 % of the memory requested, a tenth of the shapes coupled.
    pub fn full(nodes: usize, pods: usize) -> Self {
        Self { load_percent: 92, coupled: true, ..Self::quiet(nodes, pods) }
    }
}

/// The sizes to measure; the first alone where the bench is only tried (`cargo bench … -- --test`).
pub fn sizes<T>(all: &[T]) -> &[T] {
    let tried = std::env::args().any(|argument| argument == "--test");
    if tried { &all[..1] } else { all }
}

const MIB: i64 = 1 << 20;
const ZONE: &str = "topology.kubernetes.io/zone";
const HOST: &str = "kubernetes.io/hostname";

/// A cheap deterministic sequence (splitmix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The cluster of a size. Pods run round-robin, shape by shape, so that replicas are on different nodes.
pub fn cluster(size: Size) -> Cluster {
    let mut b = ClusterBuilder::new();
    let shapes: Vec<Shape> = (0..size.shapes).map(|i| shape(&mut b, i, size)).collect();
    // Pods of one shape come together: their replicas go to neighbouring nodes, none twice to one.
    let shape_of = |pod: usize| pod * size.shapes / size.pods.max(1);
    let requested: i64 =
        (0..size.pods).map(|p| shapes[shape_of(p)].requests.get(ResourceId::MEMORY)).sum();
    let memory = requested * 100 / size.load_percent / size.nodes as i64;
    let (zone, host) = (b.intern(ZONE), b.intern(HOST));
    for i in 0..size.nodes {
        let name = format!("node-{i:05}");
        let labels =
            Labels::new([(zone, b.intern(&format!("zone-{}", i % 3))), (host, b.intern(&name))]);
        let allocatable = Resources::new()
            .with(ResourceId::CPU, 64_000)
            .with(ResourceId::MEMORY, memory)
            .with(ResourceId::PODS, 250);
        b.add_node(NodeSpec { name, labels, allocatable, ..NodeSpec::default() }, i as u32);
    }
    for p in 0..size.pods {
        let node = size.running.then(|| format!("node-{:05}", p % size.nodes));
        let owner_name = b.intern(&format!("app-{:03}", shape_of(p)));
        let owner = Owner { kind: OwnerKind::ReplicaSet, name: Some(owner_name) };
        let shape = shapes[shape_of(p)].clone();
        b.add_pod(PodSpec { node, owner, ..PodSpec::new(format!("pod-{p:06}"), shape) }, p as u32);
    }
    b.build().expect("generated clusters are valid")
}

/// Requests vary by shape: 50 to 1,000 milli-CPU, 64 MiB to 4 GiB.
fn shape(b: &mut ClusterBuilder, i: usize, size: Size) -> Shape {
    let mut state = i as u64;
    let cpu = 50 + (next(&mut state) % 20) as i64 * 50;
    let memory = (64 + (next(&mut state) % 64) as i64 * 64) * MIB;
    let requests =
        Resources::new().with(ResourceId::CPU, cpu).with(ResourceId::MEMORY, memory + i as i64);
    let mut shape = b.shape("default", requests);
    let app = (b.intern("app"), b.intern(&format!("app-{i:03}")));
    shape.labels = Labels::new([app]);
    if size.coupled && i.is_multiple_of(10) {
        let selector = Selector::new(vec![Requirement::In(app.0, vec![app.1])]);
        shape.anti_affinity = vec![PodTerm {
            namespaces: NamespaceSet::Of(vec![shape.namespace]),
            selector: selector.clone(),
            topology_key: b.intern(HOST),
        }];
        shape.spread = vec![Spread {
            max_skew: 5,
            topology_key: b.intern(ZONE),
            selector,
            min_domains: 1,
            node_affinity_policy: NodePolicy::Honor,
            node_taints_policy: NodePolicy::Ignore,
        }];
    }
    if size.soft {
        let selector = Selector::new(vec![Requirement::In(app.0, vec![app.1])]);
        let spread = |max_skew, topology_key| Spread {
            max_skew,
            topology_key,
            selector: selector.clone(),
            min_domains: 1,
            node_affinity_policy: NodePolicy::Honor,
            node_taints_policy: NodePolicy::Ignore,
        };
        shape.soft.spread = vec![spread(5, b.intern(ZONE)), spread(3, b.intern(HOST))];
        shape.soft.spread_is_default = true;
        if i % 10 == 5 {
            let namespaces = NamespaceSet::Of(vec![shape.namespace]);
            let topology_key = b.intern(HOST);
            shape.soft.pods = vec![(-100, PodTerm { namespaces, selector, topology_key })];
        }
    }
    shape
}

/// What the scheduler is asked when nodes are lost.
#[derive(Debug)]
pub struct Prediction {
    /// Nodes lost and pods removed.
    pub change: Change,
    /// The same pods, as they come back.
    pub arrivals: Vec<Arrival>,
}

/// The first `lost` nodes are lost as not ready, all their pods come back at once.
pub fn prediction(cluster: &Cluster, lost: usize) -> Prediction {
    let lost: Vec<NodeId> = cluster.node_ids().take(lost).collect();
    let pods: Vec<_> = lost.iter().flat_map(|&n| cluster.pods_on(n)).copied().collect();
    Prediction {
        change: Change {
            removed: pods.iter().map(|&pod| Removal { pod, lingers: true }).collect(),
            lost,
            ..Change::default()
        },
        arrivals: pods.into_iter().map(|pod| Arrival { pod, at: 0 }).collect(),
    }
}

/// Every second pod leaves its node and comes back at once; no node is lost.
pub fn half_displaced(cluster: &Cluster) -> Prediction {
    let pods: Vec<_> = cluster.pod_ids().step_by(2).collect();
    let removed = pods.iter().map(|&pod| Removal { pod, lingers: false }).collect();
    let arrivals = pods.into_iter().map(|pod| Arrival { pod, at: 0 }).collect();
    Prediction { change: Change { removed, ..Change::default() }, arrivals }
}
