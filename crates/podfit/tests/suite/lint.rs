//! Hidden anti-availability: for each lint a cluster that has it, and its neighbour that has not.

use podfit::lint::{Finding, Lint, LintQuestion, Severity};
use podfit::model::{
    Budget, ClaimKind, Cluster, ClusterBuilder, Component, Effect, EtcdPlace, Labels, Loss,
    NamespaceSet, NodePolicy, NodeSelector, NodeSpec, Owner, OwnerKind, PlaneSpec, PodSpec,
    PodTerm, Requirement, ResourceId, Resources, Selector, Spread, Taint, Toleration, VolumeClaim,
};
use podfit::planner::Planner;
use std::sync::Arc;
use std::time::Instant;

const HOST: &str = "kubernetes.io/hostname";
const ZONE: &str = "zone";

/// Nodes n1, n2 … each with its host label, in zones z1, z2 in turn.
fn cluster(nodes: usize, fill: impl FnOnce(&mut ClusterBuilder)) -> Cluster {
    let mut b = ClusterBuilder::new();
    for i in 1..=nodes {
        let spec = node(&mut b, i);
        b.add_node(spec, 0);
    }
    fill(&mut b);
    b.build().expect("valid")
}

fn node(b: &mut ClusterBuilder, i: usize) -> NodeSpec {
    let name = format!("n{i}");
    let zone = if i % 2 == 1 { "z1" } else { "z2" };
    let labels = [(b.intern(HOST), b.intern(&name)), (b.intern(ZONE), b.intern(zone))];
    let allocatable = Resources::new().with(ResourceId::PODS, 110).with(ResourceId::CPU, 8000);
    NodeSpec { name, labels: Labels::new(labels), allocatable, ..NodeSpec::default() }
}

/// A pod of the ReplicaSet `app`, labelled with it.
fn pod(b: &mut ClusterBuilder, app: &str, index: usize, on: usize) -> PodSpec {
    let mut shape = b.shape("default", Resources::new().with(ResourceId::CPU, 100));
    shape.labels = Labels::new([(b.intern("app"), b.intern(app))]);
    let owner = Owner { kind: OwnerKind::ReplicaSet, name: Some(b.intern(app)) };
    PodSpec { node: Some(format!("n{on}")), owner, ..PodSpec::new(format!("{app}-{index}"), shape) }
}

/// A pod of `web` on each of these nodes, changed.
fn web(b: &mut ClusterBuilder, on: &[usize], change: impl Fn(&mut ClusterBuilder, &mut PodSpec)) {
    for (i, &n) in on.iter().enumerate() {
        let mut spec = pod(b, "web", i, n);
        change(b, &mut spec);
        b.add_pod(spec, 0);
    }
}

fn selects(b: &mut ClusterBuilder, app: &str) -> Selector {
    Selector::new(vec![Requirement::In(b.intern("app"), vec![b.intern(app)])])
}

fn term(b: &mut ClusterBuilder, app: &str, key: &str) -> PodTerm {
    let selector = selects(b, app);
    PodTerm { namespaces: NamespaceSet::All, selector, topology_key: b.intern(key) }
}

fn spread(b: &mut ClusterBuilder, key: &str, max_skew: i64) -> Spread {
    Spread {
        max_skew,
        topology_key: b.intern(key),
        selector: selects(b, "web"),
        min_domains: 1,
        node_affinity_policy: NodePolicy::Honor,
        node_taints_policy: NodePolicy::Ignore,
    }
}

fn lints(cluster: &Cluster) -> Vec<Lint> {
    Planner::new(Arc::new(cluster.clone())).lint(&LintQuestion::default())
}

fn codes(cluster: &Cluster) -> Vec<&'static str> {
    lints(cluster).iter().map(Lint::code).collect()
}

/// The lint of this code.
fn found(cluster: &Cluster, code: &str) -> Lint {
    let all = lints(cluster);
    let lint = all.iter().find(|l| l.code() == code);
    lint.unwrap_or_else(|| panic!("no {code} among {all:?}")).clone()
}

fn plain(_: &mut ClusterBuilder, _: &mut PodSpec) {}

#[test]
fn replicas_on_several_nodes_are_no_lint() {
    assert_eq!(codes(&cluster(2, |b| web(b, &[1, 2], plain))), [""; 0]);
}

#[test]
fn one_replica_and_all_on_one_node() {
    let one = cluster(2, |b| web(b, &[1], plain));
    assert_eq!(codes(&one), ["single-replica"]);
    let lint = &lints(&one)[0];
    assert_eq!((lint.severity, lint.pods.len()), (Severity::Warning, 1));
    assert_eq!(lint.subject(&one), "ReplicaSet default/web");
    assert_eq!(lint.cause(&one), "one replica: the loss of its node interrupts it");
    let same = cluster(2, |b| web(b, &[1, 1], plain));
    assert_eq!(codes(&same), ["replicas-on-one-node"]);
    assert_eq!(lints(&same)[0].cause(&same), "both replicas run on n1");
    // A Job runs once.
    let job = cluster(2, |b| web(b, &[1], |_, p| p.owner.kind = OwnerKind::Job));
    assert_eq!(codes(&job), [""; 0]);
}

#[test]
fn replicas_wanted_count_not_those_there() {
    let wanted = |replicas| {
        cluster(2, |b| {
            let (namespace, name) = (b.intern("default"), b.intern("web"));
            let kind = OwnerKind::ReplicaSet;
            let workload = podfit::model::Workload::new(namespace, kind, name, replicas);
            let id = b.add_workload(workload);
            web(b, &[1], |_, p| p.workload = Some(id));
        })
    };
    assert_eq!(codes(&wanted(1)), ["single-replica"]);
    assert_eq!(codes(&wanted(2)), [""; 0]);
}

#[test]
fn system_namespaces_are_told_daemons_and_the_dying_are_not() {
    let system = cluster(2, |b| {
        let ns = b.intern("kube-system");
        web(b, &[1], |_, p| p.shape.namespace = ns);
    });
    assert_eq!(lints(&system)[0].subject(&system), "ReplicaSet kube-system/web");
    let daemon = cluster(2, |b| web(b, &[1], |_, p| p.owner.kind = OwnerKind::DaemonSet));
    assert_eq!(codes(&daemon), [""; 0]);
    let dying = cluster(2, |b| web(b, &[1], |_, p| p.terminating = true));
    assert_eq!(codes(&dying), [""; 0]);
}

#[test]
fn anti_affinity_needs_a_spare_domain() {
    let on = |nodes: usize, pods: &[usize], key: &str, app: &str| {
        cluster(nodes, |b| {
            let term = term(b, app, key);
            web(b, pods, |_, p| p.shape.anti_affinity = vec![term.clone()]);
        })
    };
    let full = on(3, &[1, 2, 3], HOST, "web");
    assert_eq!(codes(&full), ["anti-affinity-cannot-survive"]);
    let lint = &lints(&full)[0];
    let Finding::AntiAffinity { replicas, domains, .. } = lint.finding else { panic!("{lint:?}") };
    assert_eq!((replicas, domains, lint.severity), (3, 3, Severity::Warning));
    let cause = "hard anti-affinity over kubernetes.io/hostname: 3 replicas in 3 domains, so the \
                 replacement of a lost one has none left";
    assert_eq!(lint.cause(&full), cause);
    assert_eq!(codes(&on(4, &[1, 2, 3], HOST, "web")), [""; 0], "a spare node");
    assert_eq!(codes(&on(4, &[1, 2], ZONE, "web")), ["anti-affinity-cannot-survive"], "2 zones");
    assert_eq!(codes(&on(3, &[1, 2, 3], HOST, "other")), [""; 0], "it shuns others");
}

#[test]
fn a_node_without_the_key_or_that_refuses_is_no_domain() {
    let with = |change: fn(&mut ClusterBuilder, &mut NodeSpec)| {
        let mut b = ClusterBuilder::new();
        for i in 1..=3 {
            let mut spec = node(&mut b, i);
            if i == 3 {
                change(&mut b, &mut spec);
            }
            b.add_node(spec, 0);
        }
        let term = term(&mut b, "web", HOST);
        web(&mut b, &[1, 2], |_, p| p.shape.anti_affinity = vec![term.clone()]);
        codes(&b.build().expect("valid"))
    };
    assert_eq!(with(|_, _| ()), [""; 0]);
    assert_eq!(with(|_, n| n.unschedulable = true), ["anti-affinity-cannot-survive"]);
    let taint = |b: &mut ClusterBuilder, n: &mut NodeSpec| {
        let (key, value) = (b.intern("gpu"), b.intern(""));
        n.taints = vec![Taint { key, value, effect: Effect::NoSchedule }];
    };
    assert_eq!(with(taint), ["anti-affinity-cannot-survive"]);
    // Where the node lacks the label any number may go.
    assert_eq!(with(|_, n| n.labels = Labels::default()), [""; 0]);
}

#[test]
fn spread_over_hosts_with_the_empty_domain_staying() {
    let on = |pods: &[usize], skew, loss| {
        let cluster = cluster(2, |b| {
            let spread = spread(b, HOST, skew);
            web(b, pods, |_, p| p.shape.spread = vec![spread.clone()]);
        });
        Planner::new(Arc::new(cluster)).lint(&LintQuestion { loss })
    };
    let found = on(&[1, 2], 1, Loss::NotReady);
    let found: Vec<&Finding> = found.iter().map(|l| &l.finding).collect();
    let [Finding::Spread { domain: None, would_have: 2, least: 0, max_skew: 1, .. }] = found[..]
    else {
        panic!("{found:?}")
    };
    assert_eq!(on(&[1, 2], 2, Loss::NotReady), []);
    assert_eq!(on(&[1, 2], 1, Loss::Deleted), [], "the domain goes with its node");
    // Two a node: the first replacement is refused at skew 2, and the second at skew 3.
    assert_eq!(on(&[1, 1, 2, 2], 2, Loss::NotReady).len(), 1);
    assert_eq!(on(&[1, 1, 2, 2], 3, Loss::NotReady).len(), 1);
    assert_eq!(on(&[1, 1, 2, 2], 4, Loss::NotReady), []);
}

#[test]
fn a_tainted_lost_node_is_no_domain_if_taints_are_honoured() {
    let with = |policy| {
        codes(&cluster(2, |b| {
            let spread = Spread { node_taints_policy: policy, ..spread(b, HOST, 1) };
            web(b, &[1, 2], |_, p| p.shape.spread = vec![spread.clone()]);
        }))
    };
    assert_eq!(with(NodePolicy::Ignore), ["spread-cannot-survive"]);
    assert_eq!(with(NodePolicy::Honor), [""; 0]);
}

#[test]
fn spread_over_zones_survives_a_node_and_not_the_zone() {
    let on = |pods: &[usize], skew| {
        cluster(4, |b| {
            let spread = spread(b, ZONE, skew);
            web(b, pods, |_, p| p.shape.spread = vec![spread.clone()]);
        })
    };
    let zones = on(&[1, 2], 1);
    let lint = found(&zones, "spread-cannot-survive");
    let names: Vec<&str> = lint.nodes.iter().map(|&n| zones.node_name(n)).collect();
    assert_eq!(names, ["n1", "n3"], "the zone, not the node");
    let cause = "hard spread over zone: once the domain z1 is lost, any domain would have 2 or more, \
                 the emptiest has 0, and at most 1 more is allowed";
    assert_eq!(lint.cause(&zones), cause);
    assert_eq!(codes(&on(&[1, 2], 2)), [""; 0]);
}

/// Lost n2 has web-0, which may enter z2 alone, and another pod, which may go to z1; n4 in z2 has one counted pod.
/// Counted or not, the other one decides whether z1 stays empty.
#[test]
fn a_domain_that_other_displaced_pods_may_fill_is_not_sure_to_stay_empty() {
    let with = |other: &str| {
        codes(&cluster(4, |b| {
            let ignore = NodePolicy::Ignore;
            let spread = Spread { node_affinity_policy: ignore, ..spread(b, ZONE, 1) };
            let labels = vec![(b.intern(ZONE), b.intern("z2"))];
            let mut own = pod(b, "web", 0, 2);
            own.shape.spread = vec![spread];
            own.shape.node_selector = NodeSelector { labels, terms: None };
            let mut other = pod(b, other, 1, 2);
            other.owner.name = Some(b.intern("other"));
            let mut agent = pod(b, "web", 2, 4);
            agent.owner.kind = OwnerKind::DaemonSet;
            [own, other, agent].into_iter().for_each(|p| b.add_pod(p, 0));
        }))
    };
    assert!(with("api").contains(&"spread-cannot-survive"), "{:?}", with("api"));
    assert!(!with("web").contains(&"spread-cannot-survive"), "{:?}", with("web"));
}

#[test]
fn affinity_to_the_only_pod_of_its_kind() {
    let with = |caches: &[usize], own: &str| {
        cluster(3, |b| {
            for (i, &on) in caches.iter().enumerate() {
                let spec = pod(b, "cache", i, on);
                b.add_pod(spec, 0);
            }
            let term = term(b, own, HOST);
            web(b, &[1, 2], |_, p| p.shape.affinity = vec![term.clone()]);
        })
    };
    let single = with(&[1], "cache");
    let lint = found(&single, "affinity-to-single-pod");
    assert_eq!(
        lint.cause(&single),
        "2 pods must be near default/cache-0, of which there is one, on n1"
    );
    assert_eq!(codes(&with(&[1, 2], "cache")), [""; 0]);
    assert_eq!(codes(&with(&[1, 2], "web")), [""; 0], "each other's company");
}

fn volume(b: &mut ClusterBuilder, hosts: &[&str], kind: ClaimKind) -> VolumeClaim {
    let values = hosts.iter().map(|h| b.intern(h)).collect();
    let requirement = Requirement::In(b.intern(HOST), values);
    let term = podfit::model::NodeTerm { labels: vec![requirement], names: vec![] };
    let nodes = NodeSelector { labels: vec![], terms: Some(vec![term]) };
    VolumeClaim { claim: b.intern("data"), kind, nodes }
}

#[test]
fn a_volume_that_one_node_reaches() {
    let with = |pods: &[usize], hosts: &[&str], kind| {
        cluster(3, |b| {
            let volume = volume(b, hosts, kind);
            web(b, pods, |_, p| p.shape.volumes = vec![volume.clone()]);
        })
    };
    let local = with(&[1], &["n1"], ClaimKind::Bound);
    assert_eq!(codes(&local), ["local-volume", "single-replica"]);
    let lint = &lints(&local)[0];
    assert_eq!(lint.severity, Severity::Error, "n1 takes it down for good");
    assert_eq!(
        lint.cause(&local),
        "1 pod with volumes (claim data) that one node alone reaches: n1"
    );
    assert_eq!(codes(&with(&[1], &["n1", "n2"], ClaimKind::Bound)), ["single-replica"]);
    // A claim that is not in the cluster says nothing about nodes: none accepts a replacement.
    let missing = with(&[1], &["n1"], ClaimKind::Missing);
    assert_eq!(codes(&missing), ["no-eligible-node", "single-replica"]);
}

#[test]
fn replicas_with_local_volumes_on_several_nodes_are_a_warning() {
    let two = cluster(3, |b| {
        for (i, host) in ["n1", "n2"].into_iter().enumerate() {
            let mut spec = pod(b, "web", i, i + 1);
            spec.shape.volumes = vec![volume(b, &[host], ClaimKind::Bound)];
            b.add_pod(spec, 0);
        }
    });
    let lint = found(&two, "local-volume");
    assert_eq!((lint.severity, lint.pods.len(), lint.nodes.len()), (Severity::Warning, 2, 2));
    assert_eq!(lints(&two).len(), 1, "one lint a workload");
}

#[test]
fn budgets_that_allow_nothing() {
    let with = |allowed, app: &str| {
        cluster(2, |b| {
            web(b, &[1, 2], plain);
            let (namespace, name) = (b.intern("default"), b.intern("guard"));
            let selector = selects(b, app);
            b.add_budget(Budget::new(namespace, name, selector, allowed));
        })
    };
    let blocks = with(0, "web");
    let lint = found(&blocks, "budget-blocks-eviction");
    assert_eq!(lint.subject(&blocks), "budget default/guard");
    let cause =
        "allows 0 evictions now of the 2 pods that it selects, on n1, n2: a drain waits for them";
    assert_eq!(lint.cause(&blocks), cause);
    assert_eq!(codes(&with(1, "web")), [""; 0]);
    assert_eq!(codes(&with(0, "nobody")), [""; 0]);
}

#[test]
fn pods_without_requests() {
    let some = cluster(2, |b| {
        web(b, &[1, 2], |_, p| p.unrequested = p.name == "web-0");
    });
    assert_eq!(codes(&some), ["no-requests"]);
    let cause = "1 of 2 pods state no CPU or no memory request";
    assert_eq!(lints(&some)[0].cause(&some), cause);
}

#[test]
fn bare_pods_are_errors_one_lint_a_namespace() {
    let bare = cluster(2, |b| {
        web(b, &[1, 2], |_, p| p.owner = Owner { kind: OwnerKind::Bare, name: None });
    });
    assert_eq!(codes(&bare), ["bare-pod"]);
    let lint = &lints(&bare)[0];
    assert_eq!((lint.severity, lint.pods.len()), (Severity::Error, 2));
    assert_eq!(lint.subject(&bare), "bare pods of default");
}

#[test]
fn who_bears_an_unreachable_node_for_ever() {
    let with = |seconds| {
        cluster(2, |b| {
            let key = Some(b.intern("node.kubernetes.io/unreachable"));
            let effect = Some(Effect::NoExecute);
            let bears = Toleration { key, value: None, effect, seconds };
            web(b, &[1, 1], |_, p| p.shape.tolerations = vec![bears.clone()]);
        })
    };
    let ever = found(&with(None), "never-evicted");
    assert_eq!(ever.severity, Severity::Error, "both replicas are on n1");
    assert_eq!(codes(&with(Some(300))), ["replicas-on-one-node"]);
}

#[test]
fn a_stateful_set_waits_for_an_operator() {
    let with = |pods: &[usize], loss| {
        let cluster = cluster(2, |b| web(b, pods, |_, p| p.owner.kind = OwnerKind::StatefulSet));
        let lints = Planner::new(Arc::new(cluster)).lint(&LintQuestion { loss });
        lints.iter().map(|l| (l.code(), l.severity)).collect::<Vec<_>>()
    };
    let stuck = "statefulset-stuck";
    assert_eq!(with(&[1, 2], Loss::NotReady), [(stuck, Severity::Warning)]);
    assert_eq!(with(&[1], Loss::NotReady)[0], (stuck, Severity::Error));
    assert_eq!(with(&[1, 2], Loss::Deleted), []);
}

#[test]
fn templates_that_name_a_node() {
    let pinned = cluster(2, |b| {
        let n1 = b.intern("n1");
        web(b, &[1, 1], |_, p| p.shape.node_name = Some(n1));
    });
    let lint = found(&pinned, "node-name-pinned");
    assert_eq!((lint.severity, lint.pods.len()), (Severity::Error, 2));
    assert!(!codes(&pinned).contains(&"node-selector-single-node"), "told once");
}

#[test]
fn selectors_that_one_node_or_none_meets() {
    let with = |labels: &[(&str, &str)], nodes| {
        cluster(nodes, |b| {
            let labels = labels.iter().map(|(k, v)| (b.intern(k), b.intern(v))).collect();
            let selector = NodeSelector { labels, terms: None };
            web(b, &[1, 1], |_, p| p.shape.node_selector = selector.clone());
        })
    };
    let single = with(&[(HOST, "n1")], 3);
    let lint = found(&single, "node-selector-single-node");
    assert_eq!(lint.severity, Severity::Error);
    assert_eq!(
        lint.cause(&single),
        "n1 alone accepts 2 pods; others refuse: node-affinity on 2 nodes"
    );
    assert_eq!(codes(&with(&[(ZONE, "z1")], 3)), ["replicas-on-one-node"], "n1 and n3");
    let none = found(&with(&[(ZONE, "z9")], 3), "no-eligible-node");
    assert_eq!((none.severity, none.nodes.len()), (Severity::Error, 0));
    // With one node there is no other to ask for.
    assert_eq!(codes(&with(&[(HOST, "n1")], 1)), ["replicas-on-one-node"]);
}

#[test]
fn a_control_plane_on_one_node() {
    let with = |etcd: &[usize], apis: &[usize]| {
        cluster(3, |b| {
            let members = etcd.iter().map(|&n| (n, Component::Etcd));
            for (n, part) in members.chain(apis.iter().map(|&n| (n, Component::ApiServer))) {
                let mut spec = pod(b, &format!("{part:?}-{n}"), 0, n);
                (spec.owner.kind, spec.component) = (OwnerKind::Static, Some(part));
                b.add_pod(spec, 0);
            }
        })
    };
    let single = with(&[1, 2, 3], &[1]);
    let lint = found(&single, "control-plane-single");
    assert_eq!(lint.severity, Severity::Error);
    assert_eq!(lint.cause(&single), "the loss of n1 stops the API server");
    assert_eq!(codes(&with(&[1, 2, 3], &[1, 2])), [""; 0]);
    // Two members of etcd are worse than one: either stops it.
    let two = with(&[1, 2], &[1, 2]);
    assert_eq!(found(&two, "control-plane-single").nodes.len(), 2);
    let even = found(&two, "etcd-even-members");
    assert_eq!(even.severity, Severity::Warning);
    assert_eq!(even.cause(&two), "etcd has 2 members and needs both: two members tolerate no loss");
    assert!(codes(&with(&[1, 2, 3], &[1, 2])).iter().all(|c| *c != "etcd-even-members"));
}

#[test]
fn machines_of_the_control_plane_that_are_no_nodes() {
    let c = cluster(2, |b| {
        let name = |b: &mut ClusterBuilder, n: &str| b.intern(n);
        let servers = vec![name(b, "n1"), name(b, "m2")];
        let etcd = EtcdPlace::On(["e1", "e2", "e3", "e4"].map(|e| name(b, e)).into());
        b.describe_plane(PlaneSpec { servers, etcd, ..PlaneSpec::default() });
    });
    assert_eq!(codes(&c), ["etcd-even-members"], "any machine may go");
    assert_eq!(
        found(&c, "etcd-even-members").cause(&c),
        "etcd has 4 members, an even number: it tolerates the loss of 1, as with 3"
    );
    let two = cluster(2, |b| {
        let servers = ["n1", "m2"].map(|n| b.intern(n)).into();
        b.describe_plane(PlaneSpec { servers, ..PlaneSpec::default() });
    });
    assert_eq!(
        found(&two, "control-plane-single").cause(&two),
        "the loss of n1, m2 stops etcd's majority"
    );
}

#[test]
fn one_node_labelled_as_control_plane() {
    let with = |labelled: usize| {
        let mut b = ClusterBuilder::new();
        for i in 1..=3 {
            let mut spec = node(&mut b, i);
            if i <= labelled {
                let role = (b.intern("node-role.kubernetes.io/control-plane"), b.intern(""));
                spec.labels = Labels::new(spec.labels.iter().chain([role]).collect::<Vec<_>>());
            }
            b.add_node(spec, 0);
        }
        codes(&b.build().expect("valid"))
    };
    assert_eq!(with(1), ["control-plane-single"]);
    assert_eq!(with(0), [""; 0]);
    assert_eq!(with(3), [""; 0]);
}

#[test]
fn errors_come_first_and_every_lint_has_words() {
    let mixed = cluster(2, |b| {
        web(b, &[1], |_, p| p.unrequested = true);
        let mut bare = pod(b, "tool", 0, 2);
        bare.owner = Owner { kind: OwnerKind::Bare, name: None };
        b.add_pod(bare, 0);
    });
    let all = lints(&mixed);
    let codes: Vec<&str> = all.iter().map(Lint::code).collect();
    assert_eq!(codes, ["bare-pod", "no-requests", "single-replica"]);
    for lint in &all {
        assert!(!lint.cause(&mixed).is_empty() && !lint.fix(&mixed).is_empty());
    }
}

/// `cargo test -p podfit --test suite lint_figures -- --ignored --nocapture`
#[test]
#[ignore = "measures a large cluster and prints: run with --ignored --nocapture"]
fn lint_figures() {
    let (nodes, workloads, replicas) = (5000, 5000, 20);
    let large = cluster(nodes, |b| {
        for w in 0..workloads {
            let app = format!("app-{w}");
            let spread = Spread { selector: selects(b, &app), ..spread(b, [HOST, ZONE][w % 2], 1) };
            let shun = term(b, &app, HOST);
            let volume = volume(b, &[&format!("n{}", w % nodes + 1)], ClaimKind::Bound);
            for i in 0..replicas {
                let mut spec = pod(b, &app, i, (w * 7 + i * 13) % nodes + 1);
                match w % 4 {
                    0 | 1 => spec.shape.spread = vec![spread.clone()],
                    2 => spec.shape.anti_affinity = vec![shun.clone()],
                    _ => spec.shape.volumes = vec![volume.clone()],
                }
                b.add_pod(spec, 0);
            }
        }
    });
    let start = Instant::now();
    let planner = Planner::new(Arc::new(large));
    let indexed = start.elapsed();
    let start = Instant::now();
    let lints = planner.lint(&LintQuestion::default());
    println!(
        "{} pods, {nodes} nodes: index {indexed:?}, {} lints in {:?}",
        workloads * replicas,
        lints.len(),
        start.elapsed()
    );
}
