//! What static pods name: one member each, several, and members that the input does not show.

use crate::control_plane::{Failures, Finding, Known, Layout, Topology, findings, installer};
use crate::model::{
    Cluster, ClusterBuilder, Component, Labels, Links, NodeSpec, Owner, OwnerKind, PodSpec,
    Resources,
};

/// Nodes n0 … and parts: of each its node, its own addresses, and the members of etcd that it names.
fn cluster(nodes: usize, pods: &[(Component, usize, &[&str], &[&str])]) -> Cluster {
    let mut b = ClusterBuilder::new();
    for i in 0..nodes {
        b.add_node(NodeSpec { name: format!("n{i}"), ..NodeSpec::default() }, 0);
    }
    for (i, (part, node, own, etcd)) in pods.iter().enumerate() {
        let shape = b.shape("kube-system", Resources::new());
        let owner = Owner { kind: OwnerKind::Static, name: None };
        let mut syms = |names: &[&str]| names.iter().map(|n| b.intern(n)).collect::<Vec<_>>();
        let links = Links { own: syms(own), etcd: syms(etcd) };
        let plain = PodSpec::new(format!("p{i}"), shape);
        let node = Some(format!("n{node}"));
        b.add_pod(
            PodSpec { node, owner, component: Some(*part), links: Some(Box::new(links)), ..plain },
            0,
        );
    }
    b.build().expect("valid")
}

fn named(topology: &Topology) -> Vec<Vec<String>> {
    topology
        .of_part(Component::ApiServer)
        .map(|s| topology.etcd_of(s).iter().map(|&m| topology.member_name(m)).collect())
        .collect()
}

const API: Component = Component::ApiServer;
const ETCD: Component = Component::Etcd;

#[test]
fn servers_are_connected_to_the_members_that_they_name() {
    let c = cluster(
        3,
        &[
            (API, 0, &["10.0.0.1"], &["127.0.0.1"]),
            (API, 1, &["10.0.0.2"], &["10.0.0.1"]),
            (API, 2, &["10.0.0.3"], &["elsewhere"]),
            (ETCD, 0, &["10.0.0.1"], &[]),
            (ETCD, 1, &["10.0.0.2"], &[]),
            (ETCD, 2, &["10.0.0.3"], &[]),
        ],
    );
    let topology = Topology::of(&c);
    assert_eq!(topology.layout(), Layout::Stacked);
    assert_eq!(
        named(&topology),
        [vec!["n0:etcd"], vec!["n0:etcd"], vec!["n0:etcd", "n1:etcd", "n2:etcd"]]
    );
    // Etcd keeps its majority without n0; the API servers that name it alone do not work.
    let mut failures = Failures::none(&topology);
    failures.members[3] = true;
    let state = topology.state(&failures);
    assert_eq!(
        (state.etcd_writes, state.members[0], state.members[1], state.members[2]),
        (Known::Yes, Known::No, Known::No, Known::Yes)
    );
    // That of its own machine is the stacked layout.
    let one = Finding::OneMemberNamed { servers: vec![1] };
    assert!(findings(&topology).contains(&one));
}

#[test]
fn members_that_are_only_named_are_not_known_to_work() {
    let all = ["10.1.0.1", "10.1.0.2", "10.1.0.3"];
    let c = cluster(2, &[(API, 0, &["10.0.0.1"], &all), (API, 1, &["10.0.0.2"], &all)]);
    let topology = Topology::of(&c);
    assert_eq!(topology.layout(), Layout::External);
    assert_eq!(topology.member_name(2), "10.1.0.1:etcd");
    let state = |lost: &[&str]| {
        let mut failures = Failures::none(&topology);
        lost.iter().for_each(|name| failures.machine(&topology, topology.machine(name).unwrap()));
        topology.state(&failures)
    };
    assert_eq!(state(&[]).api, Known::Unknown);
    assert_eq!(state(&["10.1.0.1"]).etcd_writes, Known::Unknown);
    // The list is the membership, as both name the same: two of three are no majority's loss to be hoped away.
    assert_eq!(state(&["10.1.0.1", "10.1.0.2"]).etcd_writes, Known::No);
    assert!(findings(&topology).contains(&Finding::EtcdNotShown { named: 3 }));
}

#[test]
fn one_named_member_each_does_not_tell_the_membership() {
    let c = cluster(2, &[(API, 0, &[], &["10.1.0.1"]), (API, 1, &[], &["10.1.0.2"])]);
    let topology = Topology::of(&c);
    assert!(!topology.etcd_is_counted);
    let mut failures = Failures::none(&topology);
    failures.machine(&topology, topology.machine("10.1.0.1").unwrap());
    let state = topology.state(&failures);
    assert_eq!(
        (state.etcd_writes, state.members[0], state.members[1]),
        (Known::Unknown, Known::No, Known::Unknown)
    );
}

#[test]
fn a_member_on_the_host_of_a_node_goes_with_the_node() {
    // Etcd as a service of the machines: no pod shows it, the addresses are those of the nodes.
    let all = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
    let c = cluster(
        3,
        &[
            (API, 0, &["10.0.0.1"], &all),
            (API, 1, &["10.0.0.2"], &all),
            (API, 2, &["10.0.0.3"], &all),
        ],
    );
    let topology = Topology::of(&c);
    assert_eq!((topology.layout(), topology.machines.len()), (Layout::Stacked, 3));
    let mut failures = Failures::none(&topology);
    failures.machine(&topology, 0);
    assert_eq!(topology.state(&failures).etcd_writes, Known::Unknown);
    failures.machine(&topology, 1);
    assert_eq!(topology.state(&failures).etcd_writes, Known::No);
}

#[test]
fn who_set_it_up_by_labels() {
    let with = |key: &str, value: &str| {
        let mut b = ClusterBuilder::new();
        let labels = Labels::new([(b.intern(key), b.intern(value))]);
        b.add_node(NodeSpec { name: "n".into(), labels, ..NodeSpec::default() }, 0);
        let cluster = b.build().expect("valid");
        (installer(&cluster).map(|i| i.name), Topology::of(&cluster).is_known())
    };
    assert_eq!(with("node.kubernetes.io/instance-type", "k3s"), (Some("k3s"), false));
    assert_eq!(with("node.kubernetes.io/instance-type", "m5.large"), (None, false));
    assert_eq!(with("eks.amazonaws.com/nodegroup", "a"), (Some("Amazon EKS"), false));
    assert_eq!(with("cloud.google.com/gke-nodepool", "a"), (Some("Google GKE"), false));
    assert_eq!(with("microk8s.io/cluster", "true"), (Some("MicroK8s"), false));
    let server = with("node.kubernetes.io/microk8s-controlplane", "microk8s-controlplane");
    assert_eq!(server, (Some("MicroK8s"), true));
    assert_eq!(with("kubernetes.io/hostname", "n"), (None, false));
}
