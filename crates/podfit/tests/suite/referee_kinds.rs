//! A wrong answer of every kind is caught, the right one beside it is not.

use podfit::check::check;
use podfit::model::{
    Card, Change, ClaimKind, ClusterBuilder, Effect, GpuRequest, HostPort, Labels, Loss,
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
            cards: vec![Card { model: b.intern("m1") }, Card { model: b.intern("m2") }],
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

    fn codes(mut self) -> Vec<&'static str> {
        for (i, node) in self.nodes.into_iter().enumerate() {
            self.b.add_node(node, i as u32);
        }
        for (i, pod) in self.pods.into_iter().enumerate() {
            self.b.add_pod(pod, i as u32);
        }
        let cluster = self.b.build().expect("a valid scene");
        check(&cluster, &self.change).iter().map(|v| v.kind.code()).collect()
    }
}

type Tune = fn(&mut Scene);

/// Code of the only violation, what makes it, and the neighbour that is right.
#[rustfmt::skip]
const ROWS: &[(&str, Tune, Tune)] = &[
    // The change itself.
    ("unknown-pod", |s| s.step(9, A), |_| {}),
    ("unknown-pod", |s| s.remove(9, false), |s| s.remove(OLD, false)),
    ("unknown-node", |s| s.go(NodeId(9)), |s| s.go(B)),
    ("unknown-node", |s| s.lose(NodeId(9), Loss::NotReady), |s| s.lose(B, Loss::NotReady)),
    ("lost-twice", |s| s.change.lost = vec![B, B], |s| s.change.lost = vec![B, C]),
    ("removed-twice", |s| (s.remove(OLD, true), s.remove(OLD, false)).0, |s| s.remove(OLD, true)),
    (
        "not-removed",
        |s| (s.lose(A, Loss::Deleted), s.go(B)).0,
        |s| {
            s.lose(A, Loss::Deleted);
            s.remove(OLD, false);
            s.go(B);
        },
    ),
    ("lost-node", |s| s.lose(A, Loss::NotReady), |s| (s.lose(A, Loss::NotReady), s.go(B)).0),
    (
        "lost-node",
        |s| (s.lose(A, Loss::Drained), s.tolerate(None, None, None)).0,
        |s| s.lose(B, Loss::Drained),
    ),
    ("still-running", |s| s.step(OLD, B), |s| (s.remove(OLD, true), s.step(OLD, B)).0),
    ("placed-twice", |s| s.step(NEW, B), |s| (s.remove(OLD, false), s.step(OLD, B)).0),
    // Resources: exact fit; what is not asked is not looked at; what others hold counts.
    ("resource", |s| s.ask(NEW, ResourceId::CPU, 10), |s| s.ask(NEW, ResourceId::CPU, 9)),
    ("resource", |s| s.offer(A, ResourceId::PODS, 1), |s| s.offer(A, ResourceId::PODS, 2)),
    (
        "resource",
        |s| s.ask(OLD, ResourceId::CPU, 20),
        |s| {
            s.ask(OLD, ResourceId::CPU, 20);
            s.ask(NEW, ResourceId::CPU, 0);
        },
    ),
    (
        "resource",
        |s| {
            let gpu = s.b.resource("gpu");
            s.ask(NEW, gpu, 1)
        },
        |s| {
            let gpu = s.b.resource("gpu");
            s.ask(NEW, gpu, 1);
            s.offer(A, gpu, 1);
        },
    ),
    (
        "resource",
        |s| (s.ask(NEW, ResourceId::CPU, 10), s.remove(OLD, true)).0,
        |s| {
            s.ask(NEW, ResourceId::CPU, 10);
            s.remove(OLD, false);
        },
    ),
    (
        "resource",
        |s| (s.ask(NEW, ResourceId::CPU, 10), s.pods[OLD].terminating = true).0,
        |s| {
            s.ask(NEW, ResourceId::CPU, 10);
            s.go(B);
        },
    ),
    // Cards.
    ("card-count", |s| s.gpu(NEW, 1, 500, None, &[]), |s| s.gpu(NEW, 1, 500, None, &[0])),
    ("card-count", |s| s.gpu(NEW, 0, 0, None, &[0]), |s| s.gpu(NEW, 0, 0, None, &[])),
    ("card-unknown", |s| s.gpu(NEW, 1, 500, None, &[2]), |s| s.gpu(NEW, 1, 500, None, &[1])),
    (
        "card-repeated",
        |s| s.gpu(NEW, 2, 1000, None, &[0, 0]),
        |s| s.gpu(NEW, 2, 1000, None, &[0, 1]),
    ),
    (
        "card-model",
        |s| s.gpu(NEW, 1, 500, Some("m2"), &[0]),
        |s| s.gpu(NEW, 1, 500, Some("m2"), &[1]),
    ),
    (
        "card-full",
        |s| (s.gpu(OLD, 1, 600, None, &[0]), s.gpu(NEW, 1, 500, None, &[0])).0,
        |s| {
            s.gpu(OLD, 1, 600, None, &[0]);
            s.gpu(NEW, 1, 400, None, &[0]);
        },
    ),
    (
        "card-full",
        |s| (s.gpu(OLD, 1, 1, None, &[0]), s.gpu(NEW, 1, 1000, None, &[0])).0,
        |s| {
            s.gpu(OLD, 1, 1, None, &[0]);
            s.gpu(NEW, 1, 1000, None, &[1]);
        },
    ),
    // What the node says, what the pod says.
    ("unschedulable", |s| s.nodes[0].unschedulable = true, |s| {
        s.nodes[0].unschedulable = true;
        s.tolerate(Some("node.kubernetes.io/unschedulable"), Some(""), Some(Effect::NoSchedule));
    }),
    ("unschedulable", |s| {
        s.nodes[0].unschedulable = true;
        s.tolerate(Some("node.kubernetes.io/unschedulable"), None, Some(Effect::NoExecute));
    }, |s| (s.nodes[0].unschedulable = true, s.tolerate(None, None, None)).0),
    ("unschedulable", |s| {
        s.nodes[0].unschedulable = true;
        s.tolerate(Some("node.kubernetes.io/unschedulable"), Some("yes"), None);
    }, |s| {
        s.nodes[0].unschedulable = true;
        s.tolerate(None, None, Some(Effect::NoSchedule));
    }),
    ("taint", |s| s.taint(A, Effect::NoSchedule), |s| s.taint(A, Effect::PreferNoSchedule)),
    (
        "taint",
        |s| s.taint(A, Effect::NoExecute),
        |s| {
            s.taint(A, Effect::NoExecute);
            s.tolerate(Some("team"), Some("red"), None);
        },
    ),
    (
        "taint",
        |s| {
            s.taint(A, Effect::NoExecute);
            s.tolerate(Some("team"), Some("blue"), None);
            s.tolerate(Some("team"), None, Some(Effect::NoSchedule));
        },
        |s| (s.taint(A, Effect::NoExecute), s.tolerate(Some("team"), None, None)).0,
    ),
    (
        "node-name",
        |s| {
            let b = s.sym("b");
            s.shape(NEW).node_name = Some(b)
        },
        |s| {
            let a = s.sym("a");
            s.shape(NEW).node_name = Some(a);
        },
    ),
    (
        "node-selector",
        |s| s.shape(NEW).node_selector.terms = Some(vec![]),
        |s| {
            s.shape(NEW).node_selector = s.selector("zone", "z1");
        },
    ),
    (
        "node-selector",
        |s| s.shape(NEW).node_selector = s.selector("zone", "z2"),
        |s| {
            s.shape(NEW).node_selector = s.selector("zone", "z2");
            s.go(C);
        },
    ),
    (
        "volume",
        |s| {
            let (claim, z1, z2) =
                (s.sym("data"), s.selector("zone", "z1"), s.selector("zone", "z2"));
            s.shape(NEW).volumes.extend([z1, z2].map(|nodes| VolumeClaim { claim, kind: ClaimKind::Bound, nodes }));
        },
        |s| {
            let (claim, nodes) = (s.sym("data"), s.selector("zone", "z1"));
            s.shape(NEW).volumes.push(VolumeClaim { claim, kind: ClaimKind::Bound, nodes });
        },
    ),
    (
        "host-port",
        |s| [OLD, NEW].iter().for_each(|&p| s.port(p, Protocol::Tcp, 80, None)),
        |s| {
            s.port(OLD, Protocol::Tcp, 80, None);
            s.port(NEW, Protocol::Udp, 80, None);
        },
    ),
    (
        "host-port",
        |s| {
            s.port(OLD, Protocol::Tcp, 80, Some("10.0.0.1"));
            s.port(NEW, Protocol::Tcp, 80, None);
        },
        |s| {
            s.port(OLD, Protocol::Tcp, 80, Some("10.0.0.1"));
            s.port(NEW, Protocol::Tcp, 80, Some("10.0.0.2"));
        },
    ),
    (
        "host-port",
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.port(p, Protocol::Tcp, 80, None));
            s.remove(OLD, true);
        },
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.port(p, Protocol::Tcp, 80, None));
            s.remove(OLD, false);
        },
    ),
    (
        "host-port",
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.port(p, Protocol::Tcp, 80, None));
            s.remove(OLD, false);
            s.step(OLD, A);
        },
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.port(p, Protocol::Tcp, 80, None));
            s.remove(OLD, false);
            s.step(OLD, B);
        },
    ),
    // Affinity: in the domain, in the namespace, all terms at once, the first pod, those that linger.
    (
        "affinity-key",
        |s| s.need("web", "rack"),
        |s| (s.label(A, "rack", "r"), s.need("web", "rack")).0,
    ),
    ("affinity", |s| (s.need("web", "zone"), s.go(C)).0, |s| (s.need("web", "zone"), s.go(B)).0),
    (
        "affinity",
        |s| {
            let t = s.term("other", "web", "zone");
            s.shape(NEW).affinity.push(t)
        },
        |s| {
            let other = s.sym("other");
            s.shape(OLD).namespace = other;
            let term = s.term("other", "web", "zone");
            s.shape(NEW).affinity.push(term);
        },
    ),
    (
        "affinity",
        |s| (s.need("web", "host"), s.go(B), s.relabel(NEW, "x")).0,
        |s| {
            s.need("web", "host");
            s.relabel(OLD, "x");
            s.go(B);
        },
    ),
    (
        "affinity",
        |s| (s.need("web", "host"), s.remove(OLD, true), s.go(B)).0,
        |s| {
            s.need("web", "host");
            s.remove(OLD, false);
            s.go(B);
        },
    ),
    (
        "affinity",
        |s| {
            s.need("web", "host");
            s.lose(A, Loss::NotReady);
            s.remove(OLD, true);
            s.go(B);
        },
        |s| {
            s.need("web", "zone");
            s.lose(A, Loss::NotReady);
            s.remove(OLD, true);
            s.go(B);
        },
    ),
    ("anti-affinity", |s| s.shun(NEW, "web", "host"), |s| (s.shun(NEW, "web", "host"), s.go(B)).0),
    (
        "anti-affinity",
        |s| (s.shun(NEW, "web", "zone"), s.go(B)).0,
        |s| {
            s.shun(NEW, "web", "zone");
            s.unlabel(A, "zone");
        },
    ),
    (
        "anti-affinity",
        |s| (s.shun(NEW, "web", "host"), s.pods[OLD].terminating = true).0,
        |s| {
            s.shun(NEW, "web", "host");
            s.remove(OLD, false);
        },
    ),
    (
        "anti-affinity",
        |s| {
            s.shun(NEW, "web", "zone");
            s.lose(A, Loss::NotReady);
            s.remove(OLD, true);
            s.go(B);
        },
        |s| {
            s.shun(NEW, "web", "zone");
            s.lose(A, Loss::Deleted);
            s.remove(OLD, true);
            s.go(B);
        },
    ),
    ("others-anti-affinity", |s| s.shun(OLD, "web", "host"), |s| s.shun(OLD, "db", "host")),
    (
        "others-anti-affinity",
        |s| (s.shun(OLD, "web", "zone"), s.remove(OLD, true), s.go(B)).0,
        |s| {
            s.shun(OLD, "web", "zone");
            s.remove(OLD, true);
            s.go(C);
        },
    ),
    (
        "others-anti-affinity",
        |s| {
            s.shun(OLD, "web", "zone");
            s.remove(OLD, false);
            s.change.steps.insert(0, Step { pod: PodId(OLD as u32), node: B, cards: vec![] });
        },
        |s| {
            s.shun(OLD, "web", "zone");
            s.remove(OLD, false);
            s.change.steps.insert(0, Step { pod: PodId(OLD as u32), node: C, cards: vec![] });
        },
    ),
    // Spread: hosts a, b, c with 1, 0, 0 pods.
    (
        "spread-key",
        |s| {
            s.spread("rack");
        },
        |s| {
            s.label(A, "rack", "r");
            s.spread("rack");
        },
    ),
    (
        "spread",
        |s| {
            s.spread("host");
        },
        |s| {
            s.spread("host");
            s.go(B)
        },
    ),
    (
        "spread",
        |s| {
            s.spread("host");
        },
        |s| s.spread("host").max_skew = 2,
    ),
    (
        "spread",
        |s| {
            s.spread("host");
        },
        |s| {
            s.spread("host");
            s.run("b");
            s.run("c");
        },
    ),
    // A pod that its constraint does not select adds nothing.
    (
        "spread",
        |s| {
            s.spread("host");
            s.run("a");
            s.relabel(NEW, "x")
        },
        |s| {
            s.spread("host");
            s.relabel(NEW, "x");
        },
    ),
    // Too few domains: the emptiest counts as 0.
    (
        "spread",
        |s| {
            s.spread("host").min_domains = 4;
            s.run("b");
            s.run("c");
        },
        |s| {
            s.spread("host").min_domains = 3;
            s.run("b");
            s.run("c");
        },
    ),
    // Terminating and lingering pods do not count.
    ("spread", |s| { s.spread("host"); }, |s| { s.spread("host"); s.pods[OLD].terminating = true }),
    ("spread", |s| { s.spread("host"); }, |s| { s.spread("host"); s.remove(OLD, true) }),
    // An empty selector counts nobody.
    ("spread", |s| { s.spread("host"); }, |s| s.spread("host").selector = Selector::new(vec![])),
    // Other namespaces do not count.
    (
        "spread",
        |s| {
            s.spread("host");
        },
        |s| {
            s.spread("host");
            s.shape(OLD).namespace = s.b.intern("other");
        },
    ),
    // Honoured affinity: only a and b are domains, or c too.
    (
        "spread",
        |s| {
            s.spread("zone").node_affinity_policy = NodePolicy::Ignore;
            s.shape(NEW).node_selector = s.selector("zone", "z1");
        },
        |s| {
            s.spread("zone");
            s.shape(NEW).node_selector = s.selector("zone", "z1");
        },
    ),
    // Tainted and cordoned nodes are domains unless taints are honoured.
    (
        "spread",
        |s| {
            s.spread("zone");
            s.taint(C, Effect::NoExecute)
        },
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.taint(C, Effect::NoExecute);
        },
    ),
    (
        "spread",
        |s| {
            s.spread("zone");
            s.nodes[2].unschedulable = true
        },
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.nodes[2].unschedulable = true;
        },
    ),
    // A node not ready stays a domain; deleted it is none; with honoured taints neither.
    (
        "spread",
        |s| {
            s.spread("zone");
            s.lose(C, Loss::NotReady)
        },
        |s| {
            s.spread("zone");
            s.lose(C, Loss::Deleted);
        },
    ),
    (
        "spread",
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.tolerate(Some("node.kubernetes.io/unreachable"), None, None);
            s.lose(C, Loss::NotReady);
        },
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.tolerate(Some("node.kubernetes.io/unreachable"), None, Some(Effect::NoExecute));
            s.lose(C, Loss::NotReady);
        },
    ),
    (
        "spread",
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.tolerate(Some("node.kubernetes.io/unschedulable"), None, None);
            s.lose(C, Loss::Drained);
        },
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.lose(C, Loss::Drained);
        },
    ),
    // What stays on a node not ready counts where the node is still a domain, and not where it is none.
    (
        "spread",
        |s| {
            s.spread("zone");
            s.lose(A, Loss::NotReady);
            s.go(B)
        },
        |s| {
            s.spread("zone").node_taints_policy = NodePolicy::Honor;
            s.lose(A, Loss::NotReady);
            s.go(B);
        },
    ),
    // A node without the key of the *other* constraint is no domain of this one.
    (
        "spread",
        |s| {
            s.spread("zone");
            s.spread("host").max_skew = 9
        },
        |s| {
            s.spread("zone");
            s.spread("host").max_skew = 9;
            s.unlabel(C, "host");
        },
    ),
];

#[test]
fn wrong_answers_are_caught_and_right_ones_are_not() {
    for (i, (code, wrong, right)) in ROWS.iter().enumerate() {
        for (tune, expected) in [(wrong, vec![*code]), (right, vec![])] {
            let mut scene = Scene::new();
            tune(&mut scene);
            assert_eq!(scene.codes(), expected, "row {i}, {code}");
        }
    }
}

#[test]
fn every_kind_has_a_row() {
    let mut codes: Vec<&str> = ROWS.iter().map(|row| row.0).collect();
    codes.sort();
    codes.dedup();
    // As many as `ViolationKind` has variants.
    assert_eq!(codes.len(), 26, "{codes:?}");
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
