//! The nearest fix: a small cluster for each kind, the order among them, and brute force over one move.

use crate::oracle::{Case, brute_force_moving, case};
use podfit::check::{Referee, ViolationKind, check};
use podfit::model::{
    Card, Change, Cluster, ClusterBuilder, Effect, Gap, GpuRequest, HostPort, Labels, Loss,
    NamespaceSet, NodeId, NodePolicy, NodeSpec, NodeTerm, Owner, OwnerKind, PodId, PodSpec,
    PodTerm, Protocol, Requirement, ResourceId, Resources, Selector, Spread, Step, Taint, Workload,
};
use podfit::planner::{Fix, FixKind, Fixes, Options, Planner};
use podfit::rules::{RuleSet, State, refusals};
use std::sync::Arc;

pub type B = ClusterBuilder;

/// Adds a node with room for so much CPU (milli) and memory (GiB), changed by `change`.
pub fn node(b: &mut B, name: &str, cpu: i64, gib: i64, change: impl FnOnce(&mut B, &mut NodeSpec)) {
    let allocatable = Resources::new()
        .with(ResourceId::PODS, 10)
        .with(ResourceId::CPU, cpu)
        .with(ResourceId::MEMORY, gib << 30);
    let labels = Labels::new([(b.intern("host"), b.intern(name))]);
    let mut spec = NodeSpec { name: name.into(), labels, allocatable, ..NodeSpec::default() };
    change(b, &mut spec);
    b.add_node(spec, 0);
}

/// Adds a pod of a ReplicaSet that asks for CPU (milli) and memory (MiB), changed by `change`.
pub fn pod(
    b: &mut B,
    name: &str,
    on: Option<&str>,
    cpu: i64,
    mib: i64,
    change: impl FnOnce(&mut B, &mut PodSpec),
) {
    let requests = Resources::new().with(ResourceId::CPU, cpu).with(ResourceId::MEMORY, mib << 20);
    let mut shape = b.shape("default", requests);
    let app = name.split('-').next().expect("split gives one at least");
    shape.labels = Labels::new([(b.intern("app"), b.intern(app))]);
    let mut spec = PodSpec {
        node: on.map(str::to_string),
        owner: Owner { kind: OwnerKind::ReplicaSet, name: None },
        ..PodSpec::new(name, shape)
    };
    change(b, &mut spec);
    b.add_pod(spec, 0);
}

pub fn plain<T>(_: &mut B, _: &mut T) {}

fn find(cluster: &Cluster, name: &str) -> PodId {
    cluster
        .pod_ids()
        .find(|&p| cluster.str(cluster.pod(p).name) == name)
        .expect("the cluster has it")
}

/// What is found for the pending pod `web-1`, with its planner.
fn ask(b: B) -> (Planner, Fixes) {
    let planner = Planner::new(Arc::new(b.build().expect("valid")));
    let cluster = planner.cluster().clone();
    let pod = find(&cluster, "web-1");
    let state = State::new(&cluster);
    let fixes = planner.nearest_fix(&state, &Change::default(), pod, &Options::default());
    (planner, fixes)
}

/// The sentences, cheapest first.
fn told(b: B) -> Vec<String> {
    let (planner, Fixes { fixes, cut, .. }) = ask(b);
    assert!(!cut, "small clusters are searched to the end");
    assert!(fixes.is_sorted_by_key(|f| f.cost()));
    fixes.iter().map(|f| f.sentence(planner.cluster())).collect()
}

fn selecting(b: &mut B, app: &str) -> Selector {
    Selector::new(vec![Requirement::In(b.intern("app"), vec![b.intern(app)])])
}

pub fn term(b: &mut B, app: &str, key: &str) -> PodTerm {
    PodTerm {
        namespaces: NamespaceSet::All,
        selector: selecting(b, app),
        topology_key: b.intern(key),
    }
}

pub fn spread(b: &mut B, key: &str, max_skew: i64) -> Spread {
    Spread {
        max_skew,
        topology_key: b.intern(key),
        selector: selecting(b, "web"),
        min_domains: 1,
        node_affinity_policy: NodePolicy::Honor,
        node_taints_policy: NodePolicy::Ignore,
    }
}

pub fn taint(b: &mut B, key: &str) -> Taint {
    Taint { key: b.intern(key), value: b.intern("true"), effect: Effect::NoSchedule }
}

fn prioritised(priority: i32) -> impl FnOnce(&mut B, &mut PodSpec) {
    move |_, p| p.shape.priority = priority
}

#[test]
fn the_smallest_pod_that_helps_moves_to_the_first_node_with_room() {
    let mut b = B::new();
    node(&mut b, "a", 1000, 4, plain);
    node(&mut b, "c", 600, 4, plain);
    node(&mut b, "b", 600, 4, plain);
    for (name, on, cpu) in [("big-1", "a", 500), ("cache-2", "a", 300), ("small-1", "a", 100)] {
        pod(&mut b, name, Some(on), cpu, 0, plain);
    }
    for on in ["b", "c"] {
        pod(&mut b, &format!("fill-{on}"), Some(on), 250, 0, plain);
    }
    pod(&mut b, "web-1", None, 400, 0, plain);
    let expected = [
        "move cache-2 → b",
        "lower the cpu request from 400m to 350m (then b takes it)",
        "add 50m cpu to b",
    ];
    assert_eq!(told(b), expected);
}

/// One pod of 300m on a, that pod changed; b has room for it; web-1 asks 600m of 800m.
fn one_in_the_way(change: impl FnOnce(&mut B, &mut PodSpec)) -> Vec<String> {
    let mut b = B::new();
    node(&mut b, "a", 800, 4, plain);
    node(&mut b, "b", 400, 4, plain);
    pod(&mut b, "q-1", Some("a"), 300, 0, change);
    pod(&mut b, "web-1", None, 600, 0, prioritised(100));
    told(b)
}

#[test]
fn only_what_is_made_anew_moves() {
    let first = |change: fn(&mut B, &mut PodSpec)| one_in_the_way(change).remove(0);
    assert_eq!(first(plain), "move q-1 → b");
    assert_eq!(first(|_, p| p.owner.kind = OwnerKind::StatefulSet), "move q-1 → b");
    let lower = "lower the cpu request from 600m to 500m (then a takes it)";
    let stays: [fn(&mut B, &mut PodSpec); 5] = [
        |_, p| p.owner.kind = OwnerKind::DaemonSet,
        |_, p| p.owner.kind = OwnerKind::Static,
        |_, p| p.owner.kind = OwnerKind::Bare,
        |_, p| p.terminating = true,
        |b, p| p.gaps = vec![Gap { code: "claim-not-in-input", what: b.intern("data") }],
    ];
    for change in stays {
        assert_eq!(first(change), lower);
    }
}

#[test]
fn the_least_important_is_preempted_and_only_if_less_important() {
    let last = |change: fn(&mut B, &mut PodSpec)| one_in_the_way(change).pop().expect("some");
    assert_eq!(last(plain), "preempt q-1 on a (priority 0 < 100)");
    assert_eq!(last(|_, p| p.shape.priority = 100), "add 100m cpu to a");
    assert_eq!(last(|_, p| p.owner.kind = OwnerKind::DaemonSet), "add 100m cpu to a");
    let mut b = B::new();
    node(&mut b, "a", 1000, 4, plain);
    node(&mut b, "b", 1000, 4, plain);
    for (name, on, cpu, priority) in
        [("mid-1", "a", 900, 5), ("low-b", "b", 450, 0), ("low-a", "b", 450, 0)]
    {
        pod(&mut b, name, Some(on), cpu, 0, prioritised(priority));
    }
    pod(&mut b, "web-1", None, 550, 0, |_, p| {
        (p.shape.priority, p.shape.preempts) = (7, false);
    });
    let by_hand = "preempt low-a on b (priority 0 < 7, by hand: preemptionPolicy Never)";
    assert_eq!(told(b).last().map(String::as_str), Some(by_hand));
}

#[test]
fn amounts_are_lowered_at_most_by_half_and_never_told_too_small() {
    let ask = |mib: i64| {
        let mut b = B::new();
        node(&mut b, "a", 800, 4, plain);
        pod(&mut b, "q-1", Some("a"), 0, 823, plain);
        pod(&mut b, "web-1", None, 0, mib, plain);
        told(b)
    };
    let lowered = "lower the memory request from 4Gi to 3.1Gi (then a takes it)";
    assert_eq!(ask(4096), [lowered, "add 823Mi memory to a"]);
    // 4096 + 823 + 2500 - 4096 = 3.245…Gi
    assert_eq!(ask(4096 + 2500), ["add 3.3Gi memory to a"]);
    let mut b = B::new();
    node(&mut b, "a", 800, 4, |_, n| n.allocatable.set(ResourceId::PODS, 1));
    pod(&mut b, "q-1", Some("a"), 0, 1, plain);
    pod(&mut b, "web-1", None, 0, 1, plain);
    assert_eq!(told(b), ["let a take 1 more pod"]);
}

/// A number in the wrong unit: no node has so much, and the smaller unit would do.
#[test]
fn a_slip_of_the_unit_is_asked_about() {
    let mut b = B::new();
    node(&mut b, "a", 8000, 4, plain);
    pod(&mut b, "web-1", None, 500_000, 0, plain);
    let asked = "check the cpu request of 500: no node is that large (the largest has 8); was 500m meant? (then a takes it)";
    assert_eq!(told(b), [asked]);
    let mut b = B::new();
    node(&mut b, "a", 8000, 4, plain);
    pod(&mut b, "web-1", None, 10_000, 0, plain);
    assert!(told(b).iter().all(|fix| !fix.contains("was 10m meant")), "no whole node is missing");
}

/// One empty node and one pod, changed.
fn lone(
    on: impl FnOnce(&mut B, &mut NodeSpec),
    change: impl FnOnce(&mut B, &mut PodSpec),
) -> Vec<String> {
    let mut b = B::new();
    node(&mut b, "a", 800, 4, on);
    pod(&mut b, "web-1", None, 100, 0, change);
    told(b)
}

#[test]
fn what_the_node_refuses_by_itself() {
    assert_eq!(lone(|_, n| n.unschedulable = true, plain), ["uncordon a"]);
    let gpu = |b: &mut B, n: &mut NodeSpec| n.taints = vec![taint(b, "gpu")];
    assert_eq!(lone(gpu, plain), ["tolerate taint gpu=true:NoSchedule (then a takes it)"]);
    let two = |b: &mut B, n: &mut NodeSpec| n.taints = vec![taint(b, "gpu"), taint(b, "db")];
    assert_eq!(lone(two, plain), [""; 0], "two tolerations are two steps");
    let sick = |b: &mut B, n: &mut NodeSpec| {
        n.taints = vec![taint(b, "node.kubernetes.io/memory-pressure")];
    };
    assert_eq!(lone(sick, plain), [""; 0], "a node's condition is not to be tolerated");
    let leaving = [
        "ToBeDeletedByClusterAutoscaler",
        "DeletionCandidateOfClusterAutoscaler",
        "karpenter.sh/disrupted",
    ];
    for key in leaving {
        let leaves = |b: &mut B, n: &mut NodeSpec| n.taints = vec![taint(b, key)];
        assert_eq!(lone(leaves, plain), [""; 0], "{key}: the node goes");
    }
    let starting = [
        "node.cilium.io/agent-not-ready",
        "node.cloudprovider.kubernetes.io/uninitialized",
        "karpenter.sh/unregistered",
    ];
    for key in starting {
        let starts = |b: &mut B, n: &mut NodeSpec| n.taints = vec![taint(b, key)];
        let wait =
            format!("wait until a has started: the taint {key}=true:NoSchedule goes by itself");
        assert_eq!(lone(starts, plain), [wait]);
        let starts = |b: &mut B, n: &mut NodeSpec| n.taints = vec![taint(b, key), taint(b, "gpu")];
        assert_eq!(lone(starts, plain), [""; 0], "waiting does not lift the other");
    }
    let down = |b: &mut B, n: &mut NodeSpec| {
        let keys = ["node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready"];
        n.taints = keys.map(|key| taint(b, key)).to_vec();
    };
    assert_eq!(lone(down, plain), ["bring a back"]);
    let both = |b: &mut B, n: &mut NodeSpec| {
        n.unschedulable = true;
        n.taints = vec![taint(b, "gpu")];
    };
    assert_eq!(lone(both, plain), [""; 0], "one step lifts one of the two");
}

#[test]
fn what_the_pod_asks_of_the_node() {
    let ssd = |b: &mut B, p: &mut PodSpec| {
        p.shape.node_selector.labels = vec![(b.intern("disk"), b.intern("ssd"))];
    };
    let dropped = "drop disk=ssd from the node selector (then a takes it)";
    assert_eq!(lone(plain, ssd), ["label a with disk=ssd", dropped]);
    let hdd = |b: &mut B, n: &mut NodeSpec| {
        n.labels = Labels::new([(b.intern("disk"), b.intern("hdd"))]);
    };
    assert_eq!(lone(hdd, ssd), [dropped]);
    let two = |b: &mut B, p: &mut PodSpec| {
        ssd(b, p);
        p.shape.node_selector.labels.push((b.intern("room"), b.intern("1")));
    };
    assert_eq!(lone(plain, two), [""; 0]);
    let affinity = |b: &mut B, p: &mut PodSpec| {
        let labels = vec![Requirement::Exists(b.intern("disk"))];
        p.shape.node_selector.terms = Some(vec![NodeTerm { labels, names: vec![] }]);
    };
    assert_eq!(lone(plain, affinity), ["let the required node affinity accept a"]);
    let named = |b: &mut B, p: &mut PodSpec| p.shape.node_name = Some(b.intern("z"));
    assert_eq!(lone(plain, named), ["drop the node name z (then a takes it)"]);
}

#[test]
fn an_open_node_may_be_a_domain_that_spoils_the_fix() {
    let ask = |policy| {
        let mut b = B::new();
        node(&mut b, "a", 800, 4, |_, n| n.unschedulable = true);
        node(&mut b, "b", 10, 4, plain);
        pod(&mut b, "web-2", Some("a"), 100, 0, |_, p| p.owner.kind = OwnerKind::DaemonSet);
        pod(&mut b, "web-1", None, 100, 0, |b, p| {
            let spread = spread(b, "host", 1);
            p.shape.spread = vec![Spread { node_taints_policy: policy, ..spread }];
        });
        told(b)
    };
    // Closed, a is no domain under Honor and counts nothing; open, it has one web pod and b has none.
    assert!(!ask(NodePolicy::Honor).contains(&"uncordon a".to_string()));
    assert!(!ask(NodePolicy::Ignore).contains(&"uncordon a".to_string()));
}

#[test]
fn a_port_a_skew_a_term() {
    let port = |b: &mut B, p: &mut PodSpec| {
        let ip = Some(b.intern("10.0.0.1"));
        p.owner.kind = OwnerKind::DaemonSet;
        p.shape.host_ports = vec![HostPort { protocol: Protocol::Tcp, port: 80, ip }];
    };
    let mut b = B::new();
    node(&mut b, "a", 800, 4, plain);
    pod(&mut b, "q-1", Some("a"), 100, 0, port);
    pod(&mut b, "web-1", None, 100, 0, port);
    assert_eq!(told(b), ["use another host port than 10.0.0.1:80/TCP (then a takes it)"]);

    let skewed = |there: usize| {
        let mut b = B::new();
        node(&mut b, "a", 800, 4, plain);
        node(&mut b, "b", 10, 4, plain);
        for i in 0..there {
            let name = format!("web-9{i}");
            pod(&mut b, &name, Some("a"), 100, 0, |_, p| p.owner.kind = OwnerKind::DaemonSet);
        }
        pod(&mut b, "web-1", None, 100, 0, |b, p| p.shape.spread = vec![spread(b, "host", 1)]);
        told(b)
    };
    let (raise, anyway) = (
        "raise maxSkew over host from 1 to 2 (then a takes it)",
        "make the spread over host ScheduleAnyway (then a takes it)",
    );
    assert_eq!(skewed(1), [raise, anyway, "add 90m cpu to b"]);
    assert_eq!(skewed(2), [anyway, "add 90m cpu to b"]);

    let with = |anti: bool| {
        let mut b = B::new();
        node(&mut b, "a", 800, 4, plain);
        node(&mut b, "b", 800, 4, |_, n| n.unschedulable = true);
        for on in ["a", "b"] {
            pod(&mut b, &format!("db-{on}"), Some(on), 100, 0, |_, p| {
                p.owner.kind = OwnerKind::DaemonSet;
            });
        }
        pod(&mut b, "web-1", None, 100, 0, |b, p| {
            let terms = vec![term(b, if anti { "db" } else { "cache" }, "host")];
            if anti { p.shape.anti_affinity = terms } else { p.shape.affinity = terms }
        });
        told(b)
    };
    assert_eq!(with(true), ["make the pod anti-affinity over host preferred (then a takes it)"]);
    assert_eq!(with(false), ["make the pod affinity over host preferred (then a takes it)"]);
}

#[test]
fn who_shuns_the_pod_moves() {
    let mut b = B::new();
    node(&mut b, "a", 800, 4, plain);
    node(&mut b, "b", 800, 4, |b, n| n.taints = vec![taint(b, "db")]);
    pod(&mut b, "db-1", Some("a"), 100, 0, |b, p| {
        p.shape.anti_affinity = vec![term(b, "web", "host")];
        p.shape.tolerations = vec![podfit::model::Toleration {
            key: Some(b.intern("db")),
            value: None,
            effect: None,
            seconds: None,
        }];
    });
    pod(&mut b, "web-1", None, 100, 0, plain);
    assert_eq!(told(b), ["move db-1 → b", "tolerate taint db=true:NoSchedule (then b takes it)"]);
}

#[test]
fn a_friend_is_brought_where_the_pod_fits() {
    let mut b = B::new();
    node(&mut b, "a", 200, 4, plain);
    node(&mut b, "b", 800, 4, plain);
    pod(&mut b, "db-1", Some("a"), 150, 0, plain);
    pod(&mut b, "web-1", None, 100, 0, |b, p| p.shape.affinity = vec![term(b, "db", "host")]);
    assert_eq!(told(b)[0], "move db-1 → b");
}

#[test]
fn a_card_is_added_where_one_is_short() {
    let mut b = B::new();
    let card = Card::of(b.intern("T4"));
    node(&mut b, "a", 800, 4, |_, n| n.cards.push(card));
    let gpu = GpuRequest { cards: 1, milli_each: 1000, models: vec![] };
    for (name, on) in [("cam-0", Some("a")), ("web-1", None)] {
        let gpu = gpu.clone();
        pod(&mut b, name, on, 100, 0, |_, p| {
            p.shape.gpu = gpu;
            p.owner.kind = OwnerKind::DaemonSet;
        });
    }
    assert_eq!(told(b), ["add 1 GPU card (T4) to a"]);
}

/// Replicas that shun each other: what the template says is softened for all of them.
#[test]
fn siblings_that_keep_apart_are_let_together() {
    let mut b = B::new();
    node(&mut b, "a", 800, 4, plain);
    for (name, on) in [("web-0", Some("a")), ("web-1", None)] {
        pod(&mut b, name, on, 100, 0, |b, p| p.shape.anti_affinity = vec![term(b, "web", "host")]);
    }
    let softer = "make the pod anti-affinity over host preferred (then a takes it)";
    let told = told(b);
    assert!(told.iter().any(|fix| fix == softer), "{told:?}");
}

/// A DaemonSet's pod has one node: it gets a priority above the least that is in its way. Those of the system stay.
#[test]
fn a_pod_with_one_node_gets_a_priority() {
    let mut b = B::new();
    node(&mut b, "a", 500, 4, plain);
    for (name, priority) in [("low-1", 7), ("high-1", 2_000_000_000)] {
        pod(&mut b, name, Some("a"), 250, 0, prioritised(priority));
    }
    pod(&mut b, "web-1", None, 100, 0, |_, p| p.owner.kind = OwnerKind::DaemonSet);
    let expected = [
        "give it a priority class of 8 or more, as it may run on a only: it evicts low-1 then",
        "add 100m cpu to a",
    ];
    assert_eq!(told(b), expected);
}

/// Of a rollout the older pod goes: of the same Deployment, and of another ReplicaSet.
#[test]
fn an_older_pod_makes_room_for_the_newer() {
    let mut b = B::new();
    node(&mut b, "a", 500, 4, plain);
    let (namespace, name) = (b.intern("default"), b.intern("web"));
    let parent = b.add_workload(Workload::new(namespace, OwnerKind::Deployment, name, 1));
    let [old, new] = ["web-old", "web-new"].map(|set| {
        let name = b.intern(set);
        let set = Workload::new(namespace, OwnerKind::ReplicaSet, name, 1);
        b.add_workload(Workload { parent: Some(parent), ..set })
    });
    for (name, on, workload) in [("old-1", Some("a"), old), ("web-1", None, new)] {
        pod(&mut b, name, on, 500, 0, |_, p| p.workload = Some(workload));
    }
    let told = told(b);
    assert_eq!(
        told[0],
        "delete old-1 on a, which it replaces (maxSurge 0 and maxUnavailable 1 let the rollout do it)"
    );
}

/// A spread counts a node that takes no pod: it honours the taint, or the Node of a lost one goes.
#[test]
fn domains_that_take_no_pods_count_no_more() {
    let mut b = B::new();
    for name in ["a", "b"] {
        node(&mut b, name, 500, 4, plain);
    }
    pod(&mut b, "web-0", Some("b"), 100, 0, plain);
    pod(&mut b, "web-1", Some("a"), 100, 0, |b, p| p.shape.spread = vec![spread(b, "host", 1)]);
    let planner = Planner::new(Arc::new(b.build().expect("valid")));
    let cluster = planner.cluster().clone();
    let change = Change { lost: vec![NodeId(0)], loss: Loss::NotReady, ..Change::default() };
    let state = State::with_change(&cluster, &change);
    let pod = find(&cluster, "web-1");
    let found = planner.nearest_fix(&state, &change, pod, &Options::default()).fixes;
    let codes: Vec<&str> = found.iter().map(|f| f.kind.code()).collect();
    assert_eq!(codes, ["move", "honor-taints", "delete-node", "raise-skew"]);
}

#[test]
fn several_moves_where_one_is_not_enough() {
    let mut b = B::new();
    for (name, cpu) in [("a", 1000), ("b", 300), ("c", 300)] {
        node(&mut b, name, cpu, 4, plain);
    }
    pod(&mut b, "q-1", Some("a"), 250, 0, plain);
    pod(&mut b, "r-1", Some("a"), 250, 0, plain);
    pod(&mut b, "web-1", None, 900, 0, plain);
    let (planner, fixes) = ask(b);
    let nearest = fixes.nearest().expect("two moves");
    assert!(matches!(&nearest.kind, FixKind::Moves { moves } if moves.len() == 2), "{nearest:?}");
    let change = nearest.change.as_ref().expect("refereed");
    assert_eq!(check(planner.cluster(), change), []);
    let sentence = nearest.sentence(planner.cluster());
    assert!(sentence.contains("move q-1 → ") && sentence.contains(", move "), "{sentence}");
}

#[test]
fn what_fits_needs_no_fix_and_what_runs_is_taken_out() {
    let mut b = B::new();
    node(&mut b, "a", 800, 4, plain);
    pod(&mut b, "web-1", Some("a"), 800, 0, plain);
    assert_eq!(told(b), [""; 0]);
}

/// The case with one displaced pod, all others that leave gone for good.
fn alone(case: &Case, pod: PodId) -> Case {
    Case { displaced: vec![pod], ..case.clone() }
}

fn movable(case: &Case) -> Vec<PodId> {
    let cluster = &case.cluster;
    let survivors = cluster.node_ids().filter(|n| !case.lost.contains(n));
    let running = survivors.flat_map(|n| cluster.pods_on(n)).copied();
    running.filter(|&p| !cluster.pod(p).terminating).collect()
}

/// Whether the fix lifts what the referee finds.
fn lifts(cluster: &Cluster, fix: &FixKind, broken: &ViolationKind) -> bool {
    use ViolationKind as V;
    match (fix, broken) {
        (FixKind::Uncordon, V::Unschedulable) => true,
        (FixKind::BringBack, V::NodeDown) => true,
        (FixKind::Uncordon, V::Taint(t)) => cluster.str(t.key).ends_with("/unschedulable"),
        (FixKind::Tolerate { taint }, V::Taint(t)) => taint == t,
        (FixKind::DropNodeName { name }, V::NodeName { wanted }) => name == wanted,
        (
            FixKind::LabelNode { .. } | FixKind::DropSelector { .. } | FixKind::ExtendAffinity,
            V::NodeSelector,
        ) => true,
        (FixKind::OtherPort { port }, V::HostPort { port: taken, .. }) => port == taken,
        (FixKind::LowerRequest { resource, to, .. }, V::Resource { resource: short, free, .. }) => {
            (resource, to) == (short, free)
        }
        (FixKind::EnlargeNode { resource, add }, V::Resource { resource: short, need, free }) => {
            (resource, *add) == (short, need - free)
        }
        (FixKind::RaiseSkew { key, to, .. }, V::Spread { key: over, count, least, .. }) => {
            (key, *to) == (over, count - least)
        }
        (FixKind::SpreadAnyway { key }, V::SpreadKey { key: over })
        | (FixKind::PreferAffinity { key }, V::AffinityKey { key: over })
        | (FixKind::PreferAntiAffinity { key }, V::AntiAffinity { key: over })
        // Of siblings the template is changed, so their terms go as well.
        | (FixKind::PreferAntiAffinity { key }, V::OthersAntiAffinity { key: over }) => key == over,
        // Nodes that lack the key of the constraint dropped are domains of the others then.
        (FixKind::SpreadAnyway { .. }, V::Spread { .. }) => true,
        // Without one term the others may all be met elsewhere: the referee names every term unmet.
        (FixKind::PreferAffinity { .. }, V::Affinity { .. }) => true,
        _ => false,
    }
}

/// What the referee finds with the pod on the fix's node: where the fix decides what is a domain, after it; else before it.
fn broken_after(cluster: &Cluster, change: &Change, pod: PodId, fix: &Fix) -> Vec<ViolationKind> {
    let step = Step { pod, node: fix.node, cards: vec![] };
    let judge = |cluster: &Cluster, change: &Change| {
        Referee::new(cluster).start(change).0.judge(&step).into_iter().collect()
    };
    match fix.kind {
        FixKind::DeleteNode { .. } => {
            judge(cluster, &Change { loss: Loss::Deleted, ..change.clone() })
        }
        FixKind::HonorTaints { .. } => {
            let edited = cluster.edited(&fix.edits(cluster, &[pod])).expect("valid").cluster;
            judge(&edited, change)
        }
        _ => judge(cluster, change),
    }
}

#[test]
fn the_referee_accepts_each_and_brute_force_finds_no_move_that_was_missed() {
    let (mut asked, mut moved, mut preempted, mut relaxed) = (0, 0, 0, 0);
    for seed in podfit_soak::seeds(1200, 100_000) {
        let whole = case(seed);
        let planner = Planner::new(Arc::new(whole.cluster.clone()));
        for &pod in &whole.displaced {
            let case = alone(&whole, pod);
            let change = case.change();
            let state = State::with_change(&case.cluster, &change);
            let nodes = || case.cluster.node_ids();
            if nodes().any(|n| refusals(&state, pod, n, RuleSet::ALL).is_empty()) {
                continue;
            }
            let options = Options::default();
            let Fixes { fixes, cut, .. } = planner.nearest_fix(&state, &change, pod, &options);
            assert!(!cut, "seed {seed}");
            let found = fixes.iter().find(|f| matches!(f.kind, FixKind::Move { .. }));
            let possible: Vec<PodId> = movable(&case)
                .into_iter()
                .filter(|&mover| {
                    let best = brute_force_moving(&case, &[mover]);
                    best.is_some_and(|left| left.iter().all(|(_, n)| *n == 0))
                })
                .collect();
            match found.map(|f| &f.kind) {
                Some(FixKind::Move { pod: mover, .. }) => {
                    assert!(possible.contains(mover), "seed {seed}: {fixes:?}");
                }
                _ => assert_eq!(possible, [], "seed {seed}: missed for {pod:?}: {fixes:?}"),
            }
            for fix in &fixes {
                if let Some(change) = &fix.change {
                    assert_eq!(check(&case.cluster, change), [], "seed {seed}: {fix:?}");
                    let placed = change.steps.iter().find(|s| s.pod == pod).map(|s| s.node);
                    assert_eq!(placed, Some(fix.node), "seed {seed}: {fix:?}");
                }
                assert!(!fix.sentence(&case.cluster).contains("Sym("));
                if fix.change.is_none() && case.cluster.shape_of(pod).gpu.cards == 0 {
                    let broken = broken_after(&case.cluster, &change, pod, fix);
                    let lifted = broken.iter().all(|kind| lifts(&case.cluster, &fix.kind, kind));
                    assert!(lifted, "seed {seed}: {fix:?} lifts not all of {broken:?}");
                }
            }
            let any = |f: fn(&FixKind) -> bool| u32::from(fixes.iter().any(|x| f(&x.kind)));
            preempted += any(|k| matches!(k, FixKind::Preempt { .. }));
            relaxed += any(|k| (20..50).contains(&k.cost()) && !matches!(k, FixKind::Moves { .. }));
            moved += u32::from(found.is_some());
            asked += 1;
        }
    }
    println!(
        "{asked} pods without a place: {moved} by a move, {preempted} preempt, {relaxed} else"
    );
    assert!(moved * 40 > asked && preempted * 40 > asked && relaxed * 4 > asked);
}

#[test]
fn with_all_others_in_place_the_referee_accepts_too() {
    let mut found = 0;
    for seed in podfit_soak::seeds(600, 100_000) {
        let case = case(seed);
        let planner = Planner::new(Arc::new(case.cluster.clone()));
        let query = podfit::problem::Query {
            lost: &case.lost,
            loss: case.loss,
            removed: &case.removed,
            place: &case.displaced,
            ..Default::default()
        };
        let plan = planner.solve(&query, &Options::default()).expect("refereed");
        let state = State::with_change(&case.cluster, &plan.change);
        for &pod in &plan.unplaced {
            let fixes = planner.nearest_fix(&state, &plan.change, pod, &Options::default());
            for change in fixes.fixes.iter().filter_map(|f| f.change.as_ref()) {
                assert_eq!(check(&case.cluster, change), [], "seed {seed}: {fixes:?}");
                found += 1;
            }
        }
    }
    println!("{found} moves and preemptions");
    assert!(found > 100);
}
