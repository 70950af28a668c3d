//! How long the referee takes on a large cluster.

use podfit::check::Referee;
use podfit::model::{
    Change, Cluster, ClusterBuilder, Labels, Loss, NamespaceSet, NodeId, NodePolicy, NodeSpec,
    PodSpec, PodTerm, Removal, Requirement, ResourceId, Resources, Selector, Shape, Spread, Step,
};
use std::time::Instant;

const NODES: usize = 5000;
const PODS: usize = 100_000;
const SHAPES: usize = 200;
/// One shape in this many has anti-affinity to itself, affinity and spread by host and zone.
const COUPLED: usize = 10;

/// `cargo test -p podfit --test suite referee_figures -- --ignored --nocapture`
#[test]
#[ignore = "measures and prints; asserts nothing about time: run with --ignored --nocapture"]
fn referee_figures() {
    for (name, shapes) in [("200 shapes", SHAPES), ("all distinct", PODS)] {
        let cluster = large_cluster(shapes, true);
        let start = Instant::now();
        let referee = Referee::new(&cluster);
        println!("{name}: baseline {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
        for loss in [Loss::NotReady, Loss::Deleted] {
            let changes: Vec<Change> =
                (0..1000).map(|node| change(&cluster, NodeId(node), loss)).collect();
            let steps: usize = changes.iter().map(|c| c.steps.len()).sum();
            let start = Instant::now();
            let found: usize = changes.iter().map(|c| referee.check(c).len()).sum();
            let micros = start.elapsed().as_secs_f64() * 1e6 / changes.len() as f64;
            println!(
                "  {loss:?}: {micros:.1} µs a change of {} steps, {found} violations",
                steps / changes.len()
            );
        }
    }
}

/// A tenth of the nodes at once, and all pods placed in one change.
#[test]
#[ignore = "measures and prints; asserts nothing about time: run with --ignored --nocapture"]
fn referee_figures_of_large_changes() {
    let cluster = large_cluster(SHAPES, true);
    let zone: Vec<NodeId> = cluster.node_ids().filter(|n| n.0 % 10 == 0).collect();
    let mut whole = Change::default();
    for &node in &zone {
        let one = change(&cluster, node, Loss::NotReady);
        whole.lost.push(node);
        whole.removed.extend(one.removed);
        whole.steps.extend(one.steps);
    }
    println!("a zone: {}", timed(&cluster, &whole));
    let cluster = large_cluster(SHAPES, false);
    let node = |i: u32| NodeId((i * 7 + i / NODES as u32) % NODES as u32);
    let steps =
        cluster.pod_ids().map(|pod| Step { pod, node: node(pod.0), cards: vec![] }).collect();
    println!("everything: {}", timed(&cluster, &Change { steps, ..Change::default() }));
}

fn timed(cluster: &Cluster, change: &Change) -> String {
    let referee = Referee::new(cluster);
    let start = Instant::now();
    let found = referee.check(change).len();
    let ms = start.elapsed().as_secs_f64() * 1e3;
    format!("{ms:.0} ms for {} steps, {found} violations", change.steps.len())
}

fn large_cluster(shapes: usize, placed: bool) -> Cluster {
    let mut b = ClusterBuilder::new();
    for i in 0..NODES {
        let labels = Labels::new([
            (b.intern("host"), b.intern(&format!("n{i}"))),
            (b.intern("zone"), b.intern(&format!("z{}", i % 10))),
        ]);
        let allocatable =
            Resources::new().with(ResourceId::CPU, 64_000).with(ResourceId::PODS, 110);
        b.add_node(
            NodeSpec { name: format!("n{i}"), labels, allocatable, ..NodeSpec::default() },
            0,
        );
    }
    let shapes: Vec<Shape> = (0..shapes).map(|i| shape(&mut b, i)).collect();
    for i in 0..PODS {
        let shape = shapes[i % shapes.len()].clone();
        let node = (i * 7919 + i / NODES) % NODES;
        b.add_pod(
            PodSpec {
                node: placed.then(|| format!("n{node}")),
                ..PodSpec::new(format!("p{i}"), shape)
            },
            0,
        );
    }
    b.build().expect("valid")
}

fn shape(b: &mut ClusterBuilder, i: usize) -> Shape {
    let requests = Resources::new().with(ResourceId::CPU, 100 + i as i64);
    let mut shape = b.shape("default", requests);
    let app = (b.intern("app"), b.intern(&format!("app-{i}")));
    shape.labels = Labels::new([app, (b.intern("team"), b.intern("one"))]);
    if i.is_multiple_of(COUPLED) {
        let selector = Selector::new(vec![Requirement::In(app.0, vec![app.1])]);
        let spread = |key| Spread {
            max_skew: 1,
            topology_key: key,
            selector: selector.clone(),
            min_domains: 1,
            node_affinity_policy: NodePolicy::Honor,
            node_taints_policy: NodePolicy::Honor,
        };
        shape.spread = vec![spread(b.intern("host")), spread(b.intern("zone"))];
        let term = |key| PodTerm {
            namespaces: NamespaceSet::Of(vec![shape.namespace]),
            selector: selector.clone(),
            topology_key: key,
        };
        shape.anti_affinity = vec![term(b.intern("host"))];
        shape.affinity = vec![term(b.intern("zone"))];
    }
    shape
}

/// All pods of the node go elsewhere.
fn change(cluster: &Cluster, node: NodeId, loss: Loss) -> Change {
    let pods = cluster.pods_on(node);
    let to = |i: usize| NodeId((node.0 + 1 + 37 * i as u32) % NODES as u32);
    Change {
        lost: vec![node],
        loss,
        removed: pods.iter().map(|&pod| Removal { pod, lingers: false }).collect(),
        steps: pods
            .iter()
            .enumerate()
            .map(|(i, &pod)| Step { pod, node: to(i), cards: vec![] })
            .collect(),
    }
}
