//! A wrong answer of every kind is caught, the right one beside it is not. A file of rows a theme; `evict` is the
//! referee's eviction, step by step; `words` is what people read of each kind.

mod affinity;
mod change;
mod evict;
mod node;
mod spread;
mod volumes;
mod words;

use podfit::check::check;
use podfit::model::{
    Card, Change, ClaimKind, Cluster, ClusterBuilder, Effect, GpuRequest, HostPort, Labels, Loss,
    NamespaceSet, NodeId, NodePolicy, NodeSelector, NodeSpec, PodId, PodSpec, PodTerm, Protocol,
    Removal, Requirement, ResourceId, Resources, Selector, Shape, Spread, Step, Sym, Taint,
    Toleration, VolumeClaim,
};

const OLD: usize = 0;
const NEW: usize = 1;
const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);
const C: NodeId = NodeId(2);

/// Nodes a and b in zone z1 and c in z2, each with 10 of everything and two cards; pod `old` runs on a
/// and `new` goes to a, both labelled app=web.
struct Scene {
    b: ClusterBuilder,
    nodes: Vec<NodeSpec>,
    pods: Vec<PodSpec>,
    change: Change,
}

impl Scene {
    fn new() -> Self {
        let mut b = ClusterBuilder::new();
        let amounts =
            |cpu, pods| Resources::new().with(ResourceId::CPU, cpu).with(ResourceId::PODS, pods);
        let mut node = |name: &str, zone: &str| NodeSpec {
            name: name.into(),
            labels: Labels::new([
                (b.intern("host"), b.intern(name)),
                (b.intern("zone"), b.intern(zone)),
            ]),
            allocatable: amounts(10, 10),
            cards: vec![Card::of(b.intern("m1")), Card::of(b.intern("m2"))],
            ..NodeSpec::default()
        };
        let nodes = vec![node("a", "z1"), node("b", "z1"), node("c", "z2")];
        let mut shape = b.shape("default", amounts(1, 1));
        shape.labels = Labels::new([(b.intern("app"), b.intern("web"))]);
        let old = PodSpec { node: Some("a".into()), ..PodSpec::new("old", shape.clone()) };
        let pods = vec![old, PodSpec::new("new", shape)];
        let mut scene = Self { b, nodes, pods, change: Change::default() };
        scene.step(NEW, A);
        scene
    }

    fn step(&mut self, pod: usize, node: NodeId) {
        self.change.steps.push(Step { pod: PodId(pod as u32), node, cards: vec![] });
    }

    fn go(&mut self, node: NodeId) {
        self.change.steps[0].node = node;
    }

    fn remove(&mut self, pod: usize, lingers: bool) {
        self.change.removed.push(Removal { pod: PodId(pod as u32), lingers });
    }

    fn lose(&mut self, node: NodeId, loss: Loss) {
        self.change.lost.push(node);
        self.change.loss = loss;
    }

    fn sym(&mut self, s: &str) -> Sym {
        self.b.intern(s)
    }

    fn shape(&mut self, pod: usize) -> &mut Shape {
        &mut self.pods[pod].shape
    }

    fn ask(&mut self, pod: usize, resource: ResourceId, amount: i64) {
        self.shape(pod).requests.set(resource, amount);
    }

    fn offer(&mut self, node: NodeId, resource: ResourceId, amount: i64) {
        self.nodes[node.index()].allocatable.set(resource, amount);
    }

    /// One more pod like `old`, running there.
    fn run(&mut self, node: &str) -> usize {
        let name = format!("more-{}", self.pods.len());
        let shape = self.pods[OLD].shape.clone();
        self.pods.push(PodSpec { node: Some(node.into()), ..PodSpec::new(name, shape) });
        self.pods.len() - 1
    }

    fn gpu(&mut self, pod: usize, cards: u16, milli_each: i64, model: Option<&str>, given: &[u16]) {
        let models = model.map(|m| self.sym(m)).into_iter().collect();
        self.shape(pod).gpu = GpuRequest { cards, milli_each, models };
        match pod {
            NEW => self.change.steps[0].cards = given.to_vec(),
            _ => self.pods[pod].cards = given.to_vec(),
        }
    }

    fn label(&mut self, node: NodeId, key: &str, value: &str) {
        let pair = (self.sym(key), self.sym(value));
        let labels = &mut self.nodes[node.index()].labels;
        *labels = Labels::new(labels.iter().chain([pair]));
    }

    fn unlabel(&mut self, node: NodeId, key: &str) {
        let key = self.sym(key);
        let labels = &mut self.nodes[node.index()].labels;
        *labels = Labels::new(labels.iter().filter(|&(k, _)| k != key));
    }

    fn relabel(&mut self, pod: usize, value: &str) {
        let pair = (self.sym("app"), self.sym(value));
        self.shape(pod).labels = Labels::new([pair]);
    }

    fn taint(&mut self, node: NodeId, effect: Effect) {
        let (key, value) = (self.sym("team"), self.sym("red"));
        self.nodes[node.index()].taints.push(Taint { key, value, effect });
    }

    fn tolerate(&mut self, key: Option<&str>, value: Option<&str>, effect: Option<Effect>) {
        let (key, value) = (key.map(|k| self.sym(k)), value.map(|v| self.sym(v)));
        self.shape(NEW).tolerations.push(Toleration { key, value, effect, seconds: None });
    }

    fn port(&mut self, pod: usize, protocol: Protocol, port: u16, ip: Option<&str>) {
        let ip = ip.map(|ip| self.sym(ip));
        self.shape(pod).host_ports.push(HostPort { protocol, port, ip });
    }

    fn selector(&mut self, key: &str, value: &str) -> NodeSelector {
        NodeSelector { labels: vec![(self.sym(key), self.sym(value))], terms: None }
    }

    fn term(&mut self, namespace: &str, app: &str, key: &str) -> PodTerm {
        let requirement = Requirement::In(self.sym("app"), vec![self.sym(app)]);
        PodTerm {
            namespaces: NamespaceSet::Of(vec![self.sym(namespace)]),
            selector: Selector::new(vec![requirement]),
            topology_key: self.sym(key),
        }
    }

    fn need(&mut self, app: &str, key: &str) {
        let term = self.term("default", app, key);
        self.shape(NEW).affinity.push(term);
    }

    fn shun(&mut self, pod: usize, app: &str, key: &str) {
        let term = self.term("default", app, key);
        self.shape(pod).anti_affinity.push(term);
    }

    /// At most one `web` more than in the emptiest domain.
    fn spread(&mut self, key: &str) -> &mut Spread {
        let term = self.term("default", "web", key);
        self.shape(NEW).spread.push(Spread {
            max_skew: 1,
            topology_key: term.topology_key,
            selector: term.selector,
            min_domains: 1,
            node_affinity_policy: NodePolicy::Honor,
            node_taints_policy: NodePolicy::Ignore,
        });
        self.shape(NEW).spread.last_mut().expect("just pushed")
    }

    /// A claim of the new pod, its volume in this zone.
    fn claim(&mut self, kind: ClaimKind, zone: &str) {
        let (claim, nodes) = (self.sym("data"), self.selector("zone", zone));
        self.shape(NEW).volumes.push(VolumeClaim { claim, kind, nodes });
    }

    /// A ReadWriteOncePod claim.
    fn alone(&mut self, pod: usize, claim: &str) {
        let claim = self.sym(claim);
        self.shape(pod).one_pod_claims.push(claim);
    }

    /// What the pod asks when it is placed anew.
    fn resize(&mut self, pod: usize, cpu: i64) {
        let mut incoming = self.pods[pod].shape.clone();
        incoming.requests.set(ResourceId::CPU, cpu);
        self.pods[pod].incoming = Some(incoming);
    }

    fn build(mut self) -> (Cluster, Change) {
        for (i, node) in self.nodes.into_iter().enumerate() {
            self.b.add_node(node, i as u32);
        }
        for (i, pod) in self.pods.into_iter().enumerate() {
            self.b.add_pod(pod, i as u32);
        }
        (self.b.build().expect("a valid scene"), self.change)
    }

    fn codes(self) -> Vec<&'static str> {
        let (cluster, change) = self.build();
        check(&cluster, &change).iter().map(|v| v.kind.code()).collect()
    }
}

type Tune = fn(&mut Scene);

/// Code of the only violation, what makes it, and the neighbour that is right.
type Row = (&'static str, Tune, Tune);

fn rows() -> impl Iterator<Item = &'static Row> {
    [change::ROWS, node::ROWS, volumes::ROWS, affinity::ROWS, spread::ROWS].into_iter().flatten()
}

#[test]
fn wrong_answers_are_caught_and_right_ones_are_not() {
    for (i, (code, wrong, right)) in rows().enumerate() {
        for (tune, expected) in [(wrong, vec![*code]), (right, vec![])] {
            let mut scene = Scene::new();
            tune(&mut scene);
            assert_eq!(scene.codes(), expected, "row {i}, {code}");
        }
    }
}

#[test]
fn every_kind_has_a_row() {
    let mut codes: Vec<&str> = rows().map(|row| row.0).collect();
    codes.sort();
    codes.dedup();
    // As many as `ViolationKind` has variants, less `NotThere`: no change evicts.
    assert_eq!(codes.len(), 31, "{codes:?}");
}

#[test]
fn existing_faults_are_not_reported() {
    let mut scene = Scene::new();
    scene.offer(A, ResourceId::CPU, 0);
    scene.shun(OLD, "web", "host");
    scene.run("a");
    scene.taint(A, Effect::NoExecute);
    scene.go(B);
    assert_eq!(scene.codes(), [""; 0]);
}

#[test]
fn order_decides() {
    let affinity = |order: [usize; 2]| {
        let mut scene = Scene::new();
        scene.relabel(OLD, "db");
        scene.remove(OLD, false);
        scene.need("db", "zone");
        scene.change.steps.clear();
        order.iter().for_each(|&pod| scene.step(pod, B));
        scene.codes()
    };
    assert_eq!(affinity([OLD, NEW]), [""; 0]);
    assert_eq!(affinity([NEW, OLD]), ["affinity"]);
}
