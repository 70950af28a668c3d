mod brute;
mod dumps;
mod lease;
mod plan;

use super::*;
use crate::model::{ClusterBuilder, Labels, NodeSpec, Owner, OwnerKind, PodSpec, Resources};

/// Nodes n0, n1 …, of each whether it is up and its label, and a static pod of a part: node and whether it is ready.
fn cluster(nodes: &[(bool, Option<(&str, &str)>)], pods: &[(Component, usize, bool)]) -> Cluster {
    let mut b = ClusterBuilder::new();
    for (i, (up, label)) in nodes.iter().enumerate() {
        let labels = label.map(|(key, value)| (b.intern(key), b.intern(value)));
        let labels = Labels::new(labels);
        b.add_node(NodeSpec { name: format!("n{i}"), labels, down: !up, ..NodeSpec::default() }, 0);
    }
    for (i, &(part, node, ready)) in pods.iter().enumerate() {
        let shape = b.shape("kube-system", Resources::new());
        let owner = Owner { kind: OwnerKind::Static, name: None };
        let (node, component) = (Some(format!("n{node}")), Some(part));
        let plain = PodSpec::new(format!("p{i}"), shape);
        b.add_pod(PodSpec { node, owner, component, ready, ..plain }, 0);
    }
    b.build().expect("valid")
}

fn words(cluster: &Cluster, lost: &[u32]) -> Option<String> {
    let lost: Vec<NodeId> = lost.iter().map(|&n| NodeId(n)).collect();
    control_plane_after(cluster, &lost, Loss::NotReady).words()
}

const PLAIN: (bool, Option<(&str, &str)>) = (true, None);

/// Whatever members there are, and whoever of them works: etcd needs more than half of all, the others one.
#[test]
fn every_count_of_members() {
    for all in 1..=5usize {
        for states in 0..1u32 << all {
            let works = |i: usize| states >> i & 1 == 1;
            for (part, needed) in [(Component::Etcd, all / 2 + 1), (Component::ApiServer, 1)] {
                let pods: Vec<_> = (0..all).map(|i| (part, i, works(i))).collect();
                let c = cluster(&vec![PLAIN; all + 1], &pods);
                for lost in 0..all {
                    let left = (0..all).filter(|&i| works(i) && i != lost).count();
                    let down = words(&c, &[lost as u32]).is_some();
                    assert_eq!(down, left < needed, "{part:?} {all} {states:b} {lost}");
                }
            }
        }
    }
}

#[test]
fn a_member_on_a_node_that_is_down_does_not_work() {
    let pods = [0, 1, 2].map(|i| (Component::Etcd, i, true));
    let c = cluster(&[PLAIN, PLAIN, (false, None), PLAIN], &pods);
    assert_eq!(words(&c, &[0]).unwrap(), "etcd has 1 of 3 members, and needs 2");
    assert_eq!(words(&c, &[3]), None);
    // A drain stops no static pod.
    assert!(!control_plane_after(&c, &[NodeId(0)], Loss::Drained).is_down());
}

#[test]
fn labels_of_installers() {
    let of = |key: &'static str, value: &'static str, n: usize| {
        let mut nodes = vec![(true, Some((key, value))); n];
        nodes.push(PLAIN);
        cluster(&nodes, &[])
    };
    let kubeadm = "node-role.kubernetes.io/control-plane";
    // kubeadm runs etcd beside each API server: of two either is needed, of three one may go.
    assert!(words(&of(kubeadm, "", 2), &[0]).is_some());
    assert_eq!(words(&of(kubeadm, "", 3), &[0]), None);
    // k3s says true, and keeps its state elsewhere unless it labels members of etcd.
    assert_eq!(words(&of(kubeadm, "true", 2), &[0]), None);
    assert!(words(&of("node-role.kubernetes.io/etcd", "true", 2), &[0]).is_some());
    let rke = of("node-role.kubernetes.io/controlplane", "true", 1);
    assert_eq!(words(&rke, &[0]).unwrap(), "no node labelled as control plane is left");
    // Of a hosted control plane nothing is known.
    let hosted = control_plane_after(&cluster(&[PLAIN], &[]), &[NodeId(0)], Loss::NotReady);
    assert!(!hosted.is_known && !hosted.is_down());
}
