//! Hand-made clusters and the message that kube-scheduler 1.34 prints for them, to the letter. Each row names the
//! source of its words, under `pkg/scheduler` of kubernetes/kubernetes.

use super::*;
use crate::rules::explain;

const HOST: &str = "host";
const WEB: &[(&str, &str)] = &[("app", "web")];

/// Nodes a, b and c, the pod `old` on a, and the pod `new` that finds no place.
struct Scene {
    world: World,
    nodes: Vec<NodeSpec>,
    old: Shape,
    new: Shape,
    change: Change,
}

impl Scene {
    fn new() -> Self {
        let mut world = World::new();
        let nodes = ["a", "b", "c"].map(|n| world.node_spec(n, &[(HOST, n), ("zone", "z")]));
        let (old, new) = (world.shape(WEB), world.shape(&[("app", "new")]));
        Self { world, nodes: nodes.into(), old, new, change: Change::default() }
    }

    fn each(&mut self, change: impl Fn(&mut World, &mut NodeSpec)) {
        let Self { world, nodes, .. } = self;
        nodes.iter_mut().for_each(|node| change(world, node));
    }

    fn ask(&mut self, resource: &str, amount: i64) {
        let id = self.world.0.resource(resource);
        self.new.requests.set(id, amount);
    }

    fn named(&mut self, names: &[&str]) {
        named(&mut self.world, &mut self.new, names);
    }

    fn claim(&mut self, kind: ClaimKind) {
        claim(&mut self.world, &mut self.new, kind);
    }

    fn lose(&mut self, node: u32, loss: Loss) {
        self.change = Change { lost: vec![NodeId(node)], loss, ..Change::default() };
    }

    fn tolerate(&mut self, key: &str, effect: Option<Effect>) {
        let toleration = self.world.toleration(key, "*", effect);
        self.new.tolerations.push(toleration);
    }

    fn message(mut self) -> String {
        for node in self.nodes.drain(..) {
            self.world.0.add_node(node, 0);
        }
        self.world.pod("new", None, &self.new);
        self.world.pod("old", Some("a"), &self.old);
        let cluster = self.world.build();
        let state = State::with_change(&cluster, &self.change);
        explain(&state, PodId(0), RuleSet::ALL).scheduler_message(&cluster)
    }
}

type Tune = fn(&mut Scene);

fn cordon(s: &mut Scene) {
    s.each(|_, n| n.unschedulable = true);
}

fn taint(s: &mut Scene) {
    s.each(|w, n| n.taints.push(w.taint("team", "red", Effect::NoSchedule)));
}

/// Source; what the cluster is; what comes after "0/3 nodes are available: ".
const FILTERS: &[(&str, Tune, &str)] = &[
    (
        "framework/plugins/nodeunschedulable/node_unschedulable.go",
        cordon,
        "3 node(s) were unschedulable.",
    ),
    (
        "framework/plugins/nodename/node_name.go",
        |s| s.new.node_name = Some(s.world.sym("z")),
        "3 node(s) didn't match the requested node name.",
    ),
    // Since 1.34.2 (kubernetes/kubernetes#134740, #135023) the taints are not named, so they are counted together.
    (
        "framework/plugins/tainttoleration/taint_toleration.go",
        |s| {
            taint(s);
            s.nodes[1].taints[0].key = s.world.sym("other");
            s.nodes[2].taints[0].effect = Effect::NoExecute;
        },
        "3 node(s) had untolerated taint(s).",
    ),
    (
        "framework/plugins/nodeaffinity/node_affinity.go",
        |s| s.new.node_selector.labels.push((s.world.sym("disk"), s.world.sym("ssd"))),
        "3 node(s) didn't match Pod's node affinity/selector.",
    ),
    (
        "framework/plugins/nodeports/node_ports.go",
        |s| {
            let port = HostPort { protocol: Protocol::Tcp, port: 80, ip: None };
            s.old.host_ports.push(port);
            s.new.host_ports.push(port);
            s.nodes.truncate(1);
        },
        "1 node(s) didn't have free ports for the requested pod ports.",
    ),
    // All that is short of a node is told; pods count as "Too many pods" and the rest by name.
    (
        "framework/plugins/noderesources/fit.go",
        |s| {
            s.ask("cpu", 5000);
            s.ask("nvidia.com/gpu", 1);
            s.nodes[0].allocatable.set(ResourceId::PODS, 1);
        },
        "1 Too many pods, 3 Insufficient cpu, 3 Insufficient nvidia.com/gpu.",
    ),
    (
        "framework/plugins/volumerestrictions/volume_restrictions.go",
        |s| {
            let claim = s.world.sym("alone");
            s.old.one_pod_claims.push(claim);
            s.new.one_pod_claims.push(claim);
        },
        "3 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod.",
    ),
    (
        "framework/plugins/nodevolumelimits/csi.go",
        |s| {
            s.ask("attachable-volumes-csi-a.example.com", 1);
            s.ask("attachable-volumes-csi-b.example.com", 1);
        },
        "3 node(s) exceed max volume count.",
    ),
    (
        "framework/plugins/volumebinding/binder.go",
        |s| {
            s.claim(ClaimKind::Bound);
            s.claim(ClaimKind::Bound);
            s.claim(ClaimKind::Waits);
        },
        "3 node(s) didn't find available persistent volumes to bind, \
         3 node(s) didn't match PersistentVolume's node affinity.",
    ),
    (
        "framework/plugins/volumezone/volume_zone.go",
        |s| s.claim(ClaimKind::Zone),
        "3 node(s) had no available volume zone.",
    ),
    (
        "framework/plugins/podtopologyspread/plugin.go",
        |s| {
            s.new.labels = s.old.labels.clone();
            let spread = s.world.spread(WEB, HOST, 1);
            s.new.spread.push(Spread { min_domains: 9, max_skew: 1, ..spread });
            s.nodes.truncate(1);
        },
        "1 node(s) didn't match pod topology spread constraints.",
    ),
    (
        "framework/plugins/podtopologyspread/plugin.go",
        |s| s.new.spread.push(s.world.spread(WEB, "rack", 1)),
        "3 node(s) didn't match pod topology spread constraints (missing required label).",
    ),
    (
        "framework/plugins/interpodaffinity/filtering.go",
        |s| s.new.affinity.push(s.world.term(&[("app", "db")], HOST)),
        "3 node(s) didn't match pod affinity rules.",
    ),
    // A missing topology key has no words of its own here.
    (
        "framework/plugins/interpodaffinity/filtering.go",
        |s| s.new.affinity.push(s.world.term(WEB, "rack")),
        "3 node(s) didn't match pod affinity rules.",
    ),
    (
        "framework/plugins/interpodaffinity/filtering.go",
        |s| s.new.anti_affinity.push(s.world.term(WEB, "zone")),
        "3 node(s) didn't match pod anti-affinity rules.",
    ),
    (
        "framework/plugins/interpodaffinity/filtering.go",
        |s| s.old.anti_affinity.push(s.world.term(&[("app", "new")], "zone")),
        "3 node(s) didn't satisfy existing pods anti-affinity rules.",
    ),
];

/// The stage before the filters, and how it all is put together.
const AROUND: &[(&str, Tune, &str)] = &[
    // Told once, without a count, whatever the filters would say.
    (
        "framework/plugins/volumebinding/volume_binding.go",
        |s| (cordon(s), s.claim(ClaimKind::Unbound)).1,
        "pod has unbound immediate PersistentVolumeClaims.",
    ),
    (
        "framework/plugins/volumerestrictions/volume_restrictions.go",
        |s| {
            s.claim(ClaimKind::Unbound);
            s.claim(ClaimKind::Missing);
        },
        "persistentvolumeclaim \"data\" not found.",
    ),
    (
        "framework/plugins/nodeaffinity/node_affinity.go",
        |s| {
            s.named(&["a", "b"]);
            s.claim(ClaimKind::Missing);
        },
        "pod affinity terms conflict.",
    ),
    // Nodes that the affinity does not name are not looked at: b's cordon and taint are not told.
    (
        "schedule_one.go",
        |s| {
            s.named(&["a"]);
            s.nodes[1].unschedulable = true;
            s.ask("cpu", 5000);
        },
        "1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity].",
    ),
    ("schedule_one.go", |s| s.named(&["z"]), "3 node(s) didn't satisfy plugin(s) [NodeAffinity]."),
    (
        "schedule_one.go",
        |s| {
            s.named(&["a"]);
            s.named(&["b"]);
            let slow = Requirement::Exists(s.world.sym("slow"));
            let terms = s.new.node_selector.terms.as_mut().expect("two terms");
            terms[1].labels.push(slow);
            s.nodes[0].unschedulable = true;
        },
        "1 node(s) didn't match Pod's node affinity/selector, \
         1 node(s) didn't satisfy plugin(s) [NodeAffinity], 1 node(s) were unschedulable.",
    ),
    // One filter speaks for a node, the first in this order.
    (
        "apis/config/v1/default_plugins.go",
        |s| (cordon(s), taint(s)).0,
        "3 node(s) were unschedulable.",
    ),
    (
        "apis/config/v1/default_plugins.go",
        |s| {
            taint(s);
            s.new.node_name = Some(s.world.sym("z"));
        },
        "3 node(s) didn't match the requested node name.",
    ),
    (
        "apis/config/v1/default_plugins.go",
        |s| {
            s.ask("cpu", 5000);
            s.claim(ClaimKind::Bound);
            s.claim(ClaimKind::Zone);
            s.nodes[0].allocatable.set(ResourceId::CPU, 6000);
            s.nodes[1].allocatable.set(ResourceId::CPU, 6000);
            let b = Some(vec![NodeTerm { labels: vec![], names: vec![(s.world.sym("b"), true)] }]);
            s.new.volumes[0].nodes.terms = b;
        },
        "1 Insufficient cpu, 1 node(s) didn't match PersistentVolume's node affinity, \
         1 node(s) had no available volume zone.",
    ),
    // Sorted as text, so 10 comes before 2.
    (
        "framework/types.go",
        |s| {
            s.ask("memory", 9 << 30);
            s.nodes[0].unschedulable = true;
            s.nodes[1].allocatable.set(ResourceId::PODS, 0);
        },
        "1 Too many pods, 1 node(s) were unschedulable, 2 Insufficient memory.",
    ),
];

/// A lost node as the scheduler sees it. Only its taint or cordon tells it that something is wrong.
const LOST: &[(&str, Tune, &str)] = &[
    (
        "a silent node is tainted",
        |s| (s.ask("cpu", 5000), s.lose(0, Loss::NotReady)).0,
        "1 node(s) had untolerated taint(s), 2 Insufficient cpu.",
    ),
    (
        "its cordon comes first",
        |s| {
            s.ask("cpu", 5000);
            s.nodes[0].unschedulable = true;
            s.lose(0, Loss::NotReady);
        },
        "1 node(s) were unschedulable, 2 Insufficient cpu.",
    ),
    (
        "a pod that tolerates the taint is judged by the rest",
        |s| {
            s.ask("cpu", 5000);
            s.tolerate("node.kubernetes.io/unreachable", None);
            s.lose(0, Loss::NotReady);
        },
        "3 Insufficient cpu.",
    ),
    (
        "it must tolerate both effects",
        |s| {
            s.ask("cpu", 5000);
            s.tolerate("node.kubernetes.io/unreachable", Some(Effect::NoExecute));
            s.lose(0, Loss::NotReady);
        },
        "1 node(s) had untolerated taint(s), 2 Insufficient cpu.",
    ),
    (
        "what lingers there holds its port",
        |s| {
            let port = HostPort { protocol: Protocol::Tcp, port: 80, ip: None };
            s.old.host_ports.push(port);
            s.new.host_ports.push(port);
            s.tolerate("node.kubernetes.io/unreachable", None);
            s.nodes.truncate(1);
            s.lose(0, Loss::NotReady);
            s.change.removed.push(Removal { pod: PodId(1), lingers: true });
        },
        "1 node(s) didn't have free ports for the requested pod ports.",
    ),
    (
        "where nothing refuses, the words are ours",
        |s| {
            s.nodes.truncate(1);
            s.tolerate("node.kubernetes.io/unreachable", None);
            s.lose(0, Loss::NotReady);
        },
        "1 node(s) were lost.",
    ),
    (
        "a drained node is cordoned",
        |s| (s.ask("cpu", 5000), s.lose(0, Loss::Drained)).0,
        "1 node(s) were unschedulable, 2 Insufficient cpu.",
    ),
    (
        "a pod that tolerates the cordon is judged by the rest",
        |s| {
            s.ask("cpu", 5000);
            s.tolerate("node.kubernetes.io/unschedulable", None);
            s.lose(0, Loss::Drained);
        },
        "3 Insufficient cpu.",
    ),
    (
        "before all filters it is a node like others",
        |s| (s.claim(ClaimKind::Unbound), s.lose(0, Loss::NotReady)).0,
        "pod has unbound immediate PersistentVolumeClaims.",
    ),
    (
        "also if it is the only one",
        |s| {
            s.claim(ClaimKind::Unbound);
            s.nodes.truncate(1);
            s.lose(0, Loss::NotReady);
        },
        "pod has unbound immediate PersistentVolumeClaims.",
    ),
];

#[test]
fn messages_are_the_schedulers_own() {
    for (source, tune, want) in [FILTERS, AROUND, LOST].into_iter().flatten() {
        let mut scene = Scene::new();
        tune(&mut scene);
        let nodes = scene.nodes.len();
        let want = format!("0/{nodes} nodes are available: {want}");
        assert_eq!(scene.message(), want, "{source}");
    }
}

#[test]
fn without_nodes_there_are_other_words() {
    // schedule_one.go, ErrNoNodesAvailable.
    let mut scene = Scene::new();
    scene.nodes.truncate(1);
    scene.lose(0, Loss::Deleted);
    assert_eq!(scene.message(), "no nodes available to schedule pods");
}
