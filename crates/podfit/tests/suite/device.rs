//! The worked numbers of the two-node device that need a solver: 2, 3 and 6. The others are in `device/`.

use podfit::device::{Device, HostId, Model, Part, Size, fail};
use podfit::model::{
    Card, Cluster, ClusterBuilder, Edit, GpuRequest, NodeChange, NodeId, NodeSpec, Owner,
    OwnerKind, PodSpec, ResourceId, Resources,
};
use podfit::planner::{Options, Planner, Verdict, WhatIf, WhatIfQuestion};
use std::sync::Arc;

const GIB: i64 = 1 << 30;

/// Deployment pods (cpu milli, memory bytes) on worker A and on worker B of a Pro GPU.
fn pods_on(reserve: Size, on_a: &[(i64, i64)], on_b: &[(i64, i64)]) -> Cluster {
    let device = Device {
        kubelet_reserve: reserve,
        ..Device::new(Model::parse("pro-gpu").expect("a model"), 2)
    };
    let plan = device.validate().expect("a device of the catalogue");
    let mut b = ClusterBuilder::new();
    for node in plan.kube_nodes(&mut b) {
        b.add_node(node, 0);
    }
    for (host, pods) in [(HostId::A, on_a), (HostId::B, on_b)] {
        for (i, &(cpu, memory)) in pods.iter().enumerate() {
            let requests =
                Resources::new().with(ResourceId::CPU, cpu).with(ResourceId::MEMORY, memory);
            let shape = b.shape("default", requests);
            let owner = Owner { kind: OwnerKind::ReplicaSet, name: None };
            let node = Some(host.worker_name().to_string());
            b.add_pod(PodSpec { node, owner, ..PodSpec::new(format!("{host:?}-{i}"), shape) }, 0);
        }
    }
    b.build().expect("valid")
}

fn lose(cluster: Cluster, node: &str) -> WhatIf {
    let lost = vec![cluster.find_node(node).expect("the device has it")];
    let question = WhatIfQuestion { lost, ..WhatIfQuestion::default() };
    Planner::new(Arc::new(cluster)).what_if(&question, &Options::default()).expect("refereed")
}

/// Six pods of 1 vCPU and 16/6 GiB: half of a worker of 12 vCPU and 32 GiB.
fn half() -> Vec<(i64, i64)> {
    vec![(1000, 16 * GIB / 6); 6]
}

#[test]
fn two_halves_fill_one_worker_exactly_and_not_beside_a_reserve() {
    let answer = lose(pods_on(Size::default(), &half(), &half()), "worker-a");
    assert_eq!(answer.verdict, Verdict::Survives);
    let reserve = Size { vcpu_milli: 500, memory_bytes: GIB };
    let answer = lose(pods_on(reserve, &half(), &half()), "worker-a");
    assert_eq!(answer.verdict, Verdict::DoesNotFit);
    assert_eq!(answer.plan.unplaced.len(), 1);
}

#[test]
fn half_is_not_necessary() {
    // 5 vCPU/20 GiB on A break the 50 % rule for memory; with 6/10 on B they are 11/30 of 12/32.
    let on_a = vec![(1000, 4 * GIB); 5];
    let on_b = vec![(3000, 5 * GIB); 2];
    assert_eq!(lose(pods_on(Size::default(), &on_a, &on_b), "worker-a").verdict, Verdict::Survives);
}

/// One card a node, a pod on each that wants `milli` of a card.
fn gpu_pods(milli: i64) -> WhatIf {
    lose(gpu_cluster(milli, &["worker-a", "worker-b"]), "worker-a")
}

/// The same with pods on these nodes.
fn gpu_cluster(milli: i64, pods: &[&str]) -> Cluster {
    let mut b = ClusterBuilder::new();
    let model = b.intern("T4");
    for name in ["worker-a", "worker-b"] {
        let allocatable = Resources::new().with(ResourceId::PODS, 110);
        let cards = vec![Card::of(model)];
        b.add_node(NodeSpec { name: name.into(), allocatable, cards, ..NodeSpec::default() }, 0);
    }
    for &name in pods {
        let mut shape = b.shape("default", Resources::new());
        shape.gpu = GpuRequest { cards: 1, milli_each: milli, models: Vec::new() };
        let owner = Owner { kind: OwnerKind::ReplicaSet, name: None };
        b.add_pod(PodSpec { node: Some(name.into()), owner, ..PodSpec::new(name, shape) }, 0);
    }
    let cluster = b.build().expect("valid");
    assert_eq!(cluster.find_node("worker-a"), Some(NodeId(0)));
    cluster
}

/// An update switches sharing off: what asks a share finds none there, what asks a whole card does.
#[test]
fn of_cards_that_are_not_shared_no_share_is_to_be_had() {
    for (milli, shared, fits) in [
        (500, true, Verdict::Survives),
        (500, false, Verdict::DoesNotFit),
        (1000, true, Verdict::Survives),
        (1000, false, Verdict::Survives),
    ] {
        let cluster = gpu_cluster(milli, &["worker-a"]);
        let change = NodeChange::ShareCards(shared);
        let edited = cluster.edited(&[Edit::Node { node: NodeId(1), change }]).expect("valid");
        assert_eq!(lose(edited.cluster, "worker-a").verdict, fits, "{milli} {shared}");
    }
}

#[test]
fn a_whole_card_each_leaves_one_pending_and_shares_fit_up_to_the_card() {
    assert_eq!(gpu_pods(1000).verdict, Verdict::DoesNotFit);
    assert_eq!(gpu_pods(500).verdict, Verdict::Survives);
    assert_eq!(gpu_pods(600).verdict, Verdict::DoesNotFit);
}

/// The vendor's failure table, a row each: parts that fail, the hosts that are lost.
#[test]
fn the_failure_table() {
    let hosts = |model: Model, nodes: u32, names: &str| -> String {
        let plan = Device::new(model, nodes).validate().expect("valid");
        let parts: Vec<Part> = names
            .split(' ')
            .flat_map(|n| Part::parse(n).unwrap_or_else(|| panic!("{n}")))
            .collect();
        let failures = fail(&plan, &parts);
        assert!(!failures.rulings.is_empty(), "{names}");
        failures.lost.iter().map(|h| h.name()).collect()
    };
    for (names, lost) in [
        ("A:disk", ""),
        ("A:disk B:disk", "AB"),
        ("A:psu1", ""),
        ("A:psu2 B:psu1", ""),
        ("A:psus", "A"),
        ("A:psu1 A:psu2", "A"),
        ("A:psus B:psu1", "A"),
        ("A:psus B:psus", "AB"),
        ("A:port1", ""),
        ("B:port2", ""),
        ("A:port5 A:port6", ""),
        ("A:port3", "A"),
        ("B:port4", "B"),
        ("A:port3 A:port4", "A"),
        ("A:core", "A"),
        ("A:core B:core", "AB"),
        ("A:reboot", "A"),
        ("A:reboot B:reboot", "AB"),
        ("A:update", "A"),
        ("A:update B:psus", "AB"),
        ("A:update B:core", "AB"),
        ("witness", ""),
        ("witness A:disk", ""),
        ("witness A:core", "AB"),
    ] {
        assert_eq!(hosts(Model::ProGpu, 2, names), lost, "{names}");
    }
    let pro_2 = Model::Pro2With128G4T1Gpu;
    assert_eq!(hosts(pro_2, 2, "A:psu1"), "A", "the only supply");
    assert_eq!(hosts(pro_2, 2, "A:port3"), "A", "ambiguous: asked as a loss");
    assert_eq!(hosts(Model::ProGpu, 1, "A:psu1"), "");
    assert_eq!(hosts(Model::ProGpu, 1, "A:core"), "A");
    for name in ["A", "C:disk", "A:port7", "A:port0", "A:portx", "A:", ":disk", "A:psu3", "psus"] {
        assert_eq!(Part::parse(name), None, "{name}");
    }
}
