//! The worked numbers of the device (Pro GPU, two nodes, unless said otherwise), and bad input.

use super::*;
use crate::model::{Card, ClusterBuilder, Effect, PodSpec, ResourceId, Resources};
use std::collections::BTreeSet;

fn plan(device: &Device) -> Plan {
    device.validate().expect("a valid device")
}

fn pro_gpu() -> Device {
    Device::new(Model::ProGpu, 2)
}

fn survivor(plan: &Plan, lost: HostId) -> HostFit {
    match after_loss(plan, lost) {
        HostOutcome::Survives(fit) => fit,
        other => panic!("expected a survivor, not {other:?}"),
    }
}

fn other_vm(name: &str, host: HostId, highly_available: bool, size: Size) -> OtherVm {
    OtherVm { name: name.into(), host, highly_available, size }
}

fn memory(bytes: i64) -> Size {
    Size { vcpu_milli: 0, memory_bytes: bytes }
}

fn codes(device: &Device) -> Vec<(&'static str, String)> {
    let errors = device.validate().expect_err("an invalid device");
    errors.into_iter().map(|e| (e.code, e.field)).collect()
}

fn noted(notes: &[Note], code: &str) -> bool {
    notes.iter().any(|n| n.code == code && !n.page.is_empty() && !n.text.is_empty())
}

/// The cluster with these requests (name, worker, vCPU, GiB) running on it.
fn cluster_with(plan: &Plan, pods: &[(&str, &str, i64, i64)]) -> crate::model::Cluster {
    let mut b = ClusterBuilder::new();
    for node in plan.kube_nodes(&mut b) {
        b.add_node(node, 0);
    }
    for &(name, node, vcpu, gib) in pods {
        let requests =
            Resources::new().with(ResourceId::CPU, vcpu * 1000).with(ResourceId::MEMORY, gib * GIB);
        let shape = b.shape("default", requests);
        b.add_pod(PodSpec { node: Some(node.into()), ..PodSpec::new(name, shape) }, 0);
    }
    b.build().expect("valid")
}

fn allocatable(cluster: &crate::model::Cluster, node: &str) -> Size {
    let node = cluster.node(cluster.find_node(node).expect("there"));
    Size {
        vcpu_milli: node.allocatable.get(ResourceId::CPU),
        memory_bytes: node.allocatable.get(ResourceId::MEMORY),
    }
}

#[test]
fn worked_1_machines_before_and_after() {
    let plan = plan(&pro_gpu());
    let layout: Vec<_> = plan
        .vms
        .iter()
        .map(|vm| (vm.name.as_str(), vm.kind, vm.host, vm.highly_available))
        .collect();
    assert_eq!(
        layout,
        [
            ("master", VmKind::Master, HostId::A, true),
            ("worker-a", VmKind::Worker, HostId::A, false),
            ("worker-b", VmKind::Worker, HostId::B, false),
        ]
    );
    assert_eq!(load_now(&plan, HostId::A).unwrap().needed, Size::of(16, 36));
    assert_eq!(load_now(&plan, HostId::B).unwrap().needed, Size::of(12, 32));
    let fit = survivor(&plan, HostId::A);
    assert_eq!((fit.host, fit.needed, fit.usable), (HostId::B, Size::of(16, 36), Size::of(40, 96)));
    assert_eq!(
        (fit.restarted, fit.down),
        (vec!["master".to_string()], vec!["worker-a".to_string()])
    );
    let fit = survivor(&plan, HostId::B);
    assert_eq!((fit.host, fit.needed), (HostId::A, Size::of(16, 36)));
    assert_eq!((fit.restarted.len(), fit.down), (0, vec!["worker-b".to_string()]));
    assert_eq!(plan.kube_nodes_lost(HostId::A), ["worker-a"]);
    assert_eq!(plan.kube_nodes_lost(HostId::B), ["worker-b"]);
}

#[test]
fn worked_2_pods_half_each_is_exactly_full_and_a_reserve_breaks_it() {
    let half_each = [("a", "worker-a", 6, 16), ("b", "worker-b", 6, 16)];
    let bare = plan(&pro_gpu());
    let cluster = cluster_with(&bare, &half_each);
    let (a, b) = (allocatable(&cluster, "worker-a"), allocatable(&cluster, "worker-b"));
    assert_eq!((a.plus(b), b), (Size::of(24, 64), Size::of(12, 32)));
    let requests = bare.pod_requests(&cluster);
    let all = requests[0].1.plus(requests[1].1);
    assert_eq!(b.minus(all), Size::default());
    let lint = half_rule(&bare, Denominator::Worker, 50, &requests);
    assert_eq!(lint.len(), 4);
    assert!(lint.iter().all(|l| l.verdict == LintVerdict::Pass));

    let reserve = Size { vcpu_milli: 500, memory_bytes: GIB };
    let reserved = plan(&Device { kubelet_reserve: reserve, ..pro_gpu() });
    let b = allocatable(&cluster_with(&reserved, &half_each), "worker-b");
    assert_eq!(b.minus(all), Size { vcpu_milli: -500, memory_bytes: -GIB });
}

#[test]
fn worked_3_half_is_not_necessary() {
    let plan = plan(&pro_gpu());
    let cluster = cluster_with(&plan, &[("a", "worker-a", 5, 20), ("b", "worker-b", 6, 10)]);
    let requests = plan.pod_requests(&cluster);
    assert_eq!(requests, [(HostId::A, Size::of(5, 20)), (HostId::B, Size::of(6, 10))]);
    let left = allocatable(&cluster, "worker-b").minus(requests[0].1.plus(requests[1].1));
    assert_eq!(left, Size::of(1, 2));
    let failing: Vec<_> = half_rule(&plan, Denominator::Worker, 50, &requests)
        .into_iter()
        .filter(|l| l.verdict == LintVerdict::Fail)
        .map(|l| (l.host, l.resource, l.used, l.of))
        .collect();
    assert_eq!(failing, [(HostId::A, HostResource::Memory, Some(20 * GIB), 32 * GIB)]);
    // Without knowledge of the pods the lint says so instead of passing.
    let unknown = half_rule(&plan, Denominator::Worker, 50, &requests[..1]);
    assert_eq!(unknown[2].verdict, LintVerdict::NotEvaluated);
    assert_eq!(unknown[2].host, HostId::B);
}

#[test]
fn worked_4_room_for_other_machines() {
    assert_eq!(survivor(&plan(&pro_gpu()), HostId::A).slack().memory_bytes, 60 * GIB);
    let with = |on_a: i64, on_b: i64| {
        let other_vms = vec![
            other_vm("video", HostId::A, true, memory(on_a)),
            other_vm("archive", HostId::B, true, memory(on_b)),
        ];
        plan(&Device { other_vms, ..pro_gpu() })
    };
    // The exact limit, wherever they run and whichever host is lost.
    for on_a in [0, 30 * GIB, 60 * GIB] {
        for lost in [HostId::A, HostId::B] {
            let exact = survivor(&with(on_a, 60 * GIB - on_a), lost);
            assert!(exact.fits());
            assert_eq!((exact.slack().memory_bytes, exact.binding()), (0, HostResource::Memory));
            assert!(!survivor(&with(on_a, 60 * GIB - on_a + 1), lost).fits());
        }
    }
    // Half of each host: 48 - 36 on A and 48 - 32 on B are 28 GiB in all.
    let passes = |plan: &Plan| {
        half_rule(plan, Denominator::UsableHost, 50, &[])
            .iter()
            .all(|l| l.verdict == LintVerdict::Pass)
    };
    assert!(passes(&with(12 * GIB, 16 * GIB)));
    assert!(!passes(&with(12 * GIB + 1, 16 * GIB)));
    assert!(!passes(&with(12 * GIB, 16 * GIB + 1)));
    // Of the raw 128 GiB it would be 28 on A alone.
    let raw = half_rule(&with(28 * GIB, 32 * GIB + 1), Denominator::RawHost, 50, &[]);
    let verdicts: Vec<_> = raw.iter().map(|l| l.verdict).collect();
    use LintVerdict::{Fail, Pass};
    assert_eq!(verdicts, [Pass, Pass, Pass, Fail]);
}

#[test]
fn worked_4_machines_that_are_not_highly_available_stay_where_they_are() {
    let other_vms = vec![
        other_vm("pinned-a", HostId::A, false, Size::of(1, 10)),
        other_vm("pinned-b", HostId::B, false, Size::of(2, 20)),
    ];
    let plan = plan(&Device { other_vms, ..pro_gpu() });
    let fit = survivor(&plan, HostId::A);
    assert_eq!(fit.needed, Size::of(12 + 4 + 2, 32 + 4 + 20));
    assert_eq!(fit.down, ["worker-a", "pinned-a"]);
}

#[test]
fn worked_5_workers_at_60_percent() {
    let sizing =
        Sizing { cpu: Share::Percent(60), memory: Share::Percent(60), ..Sizing::default() };
    let plan = plan(&Device { sizing, ..pro_gpu() });
    let tenths = |tenths: i64| tenths * GIB / 10;
    let worker = plan.worker(HostId::B).unwrap().size;
    assert_eq!(worker, Size { vcpu_milli: 24_000, memory_bytes: tenths(768) });
    let fit = survivor(&plan, HostId::A);
    assert_eq!(fit.needed, Size { vcpu_milli: 28_000, memory_bytes: tenths(808) });
    assert!(fit.fits());
    // 15.2 GiB, to the byte that the cut of 76.8 GiB leaves.
    assert_eq!(fit.slack().memory_bytes, tenths(152) + 1);
    assert_eq!(fit.binding(), HostResource::Memory);
    let lint = half_rule(&plan, Denominator::UsableHost, 50, &[]);
    assert!(lint.iter().all(|l| l.verdict == LintVerdict::Fail));
    assert!(plan.warnings.iter().all(|w| w.code != "worker-size-not-recommended"));
}

#[test]
fn worked_6_cards_of_the_survivor() {
    for (gpus, model) in [(1, Model::ProGpu), (2, Model::Pro2With256G6T2Gpu)] {
        let plan = plan(&Device::new(model, 2));
        let cluster = cluster_with(&plan, &[]);
        let lost = plan.kube_nodes_lost(HostId::A);
        let cards: Vec<_> = cluster
            .nodes()
            .iter()
            .filter(|n| !lost.contains(&cluster.str(n.name)))
            .flat_map(|n| &n.cards)
            .collect();
        // What survives is one host's cards: a whole-card pod of each host leaves one of them pending.
        assert_eq!(cards.len(), gpus);
        assert!(cards.iter().all(|c| Some(cluster.str(c.model)) == model.spec().gpu_model));
    }
    let fits = |shares: [i64; 2]| shares.iter().sum::<i64>() <= Card::WHOLE_MILLI;
    assert!(fits([500, 500]));
    assert!(!fits([600, 600]));
    assert!(noted(&plan(&pro_gpu()).assumptions, "gpus"));
    assert!(noted(&plan(&pro_gpu()).assumptions, "gpus-to-worker"));
}

#[test]
fn worked_9_mini_r_on_one_node() {
    let plan = plan(&Device::new(Model::MiniR, 1));
    assert_eq!(plan.vms.len(), 2);
    assert!(plan.vms.iter().all(|vm| !vm.highly_available));
    assert_eq!(plan.worker(HostId::A).unwrap().size.memory_bytes, 12 * GIB);
    let now = load_now(&plan, HostId::A).unwrap();
    assert_eq!((now.needed.memory_bytes, now.usable.memory_bytes), (16 * GIB, 32 * GIB));
    assert_eq!(after_loss(&plan, HostId::A), HostOutcome::AllDown);
    assert_eq!(after_loss(&plan, HostId::B), HostOutcome::NoSuchHost);
    assert_eq!(plan.kube_nodes_lost(HostId::A), ["master", "worker-a"]);
    assert!(plan.kube_nodes_lost(HostId::B).is_empty());
    assert!(noted(&plan.assumptions, "accelerator-not-evaluated"));
    assert!(plan.warnings.is_empty());
}

#[test]
fn sizing_by_basis_rounding_and_amount() {
    let worker = |model, sizing: Sizing| {
        let plan = plan(&Device { sizing, ..Device::new(model, 1) });
        (plan.worker(HostId::A).unwrap().size, plan)
    };
    let basis = |cpu_basis, cpu_rounding| Sizing { cpu_basis, cpu_rounding, ..Sizing::default() };
    for (sizing, vcpu_milli) in [
        (basis(CpuBasis::UsableVcpu, Rounding::Down), 12_000),
        (basis(CpuBasis::RawVcpu, Rounding::Exact), 14_400),
        (basis(CpuBasis::PhysicalCores, Rounding::Exact), 7_200),
        (basis(CpuBasis::PhysicalCores, Rounding::Down), 7_000),
        (basis(CpuBasis::PhysicalCores, Rounding::Nearest), 7_000),
        (basis(CpuBasis::PhysicalCores, Rounding::Up), 8_000),
    ] {
        assert_eq!(worker(Model::ProGpu, sizing.clone()).0.vcpu_milli, vcpu_milli, "{sizing:?}");
    }
    let (size, pro_2) = worker(Model::Pro2With64G2T, Sizing::default());
    assert_eq!(size, Size::of(9, 16));
    assert!(pro_2.assumptions.iter().any(|a| a.text.ends_with("rounded down to 9")));
    let nearest = Sizing { cpu_rounding: Rounding::Nearest, ..Sizing::default() };
    assert_eq!(worker(Model::Pro2With64G2T, nearest).0.vcpu_milli, 10_000);

    // The vendor's own sample: 16 processors and 32 GB, within the recommended 15 to 60 %.
    let amounts = |vcpu: i64, gib: i64| Sizing {
        cpu: Share::Amount(vcpu * 1000),
        memory: Share::Amount(gib * GIB),
        ..Sizing::default()
    };
    let (size, sample) = worker(Model::ProGpu, amounts(16, 32));
    assert_eq!(size, Size::of(16, 32));
    assert!(!noted(&sample.warnings, "worker-size-not-recommended"));
    for (sizing, warned) in [
        (amounts(6, 32), 0),
        (amounts(5, 32), 1),
        (amounts(25, 77), 2),
        (Sizing { cpu: Share::Percent(14), ..Sizing::default() }, 1),
        (Sizing { memory: Share::Percent(15), ..Sizing::default() }, 0),
        (Sizing { memory: Share::Percent(61), ..Sizing::default() }, 1),
    ] {
        let (_, plan) = worker(Model::ProGpu, sizing.clone());
        let of_size = plan.warnings.iter().filter(|w| w.code == "worker-size-not-recommended");
        assert_eq!(of_size.count(), warned, "{sizing:?}");
    }
    let all = Sizing { memory: Share::Percent(100), ..Sizing::default() };
    assert!(noted(&worker(Model::ProGpu, all).1.warnings, "host-overfull"));
}

#[test]
fn kubernetes_nodes_carry_host_taint_and_cards() {
    let plan = plan(&Device { gpus: Some(2), ..pro_gpu() });
    let cluster = cluster_with(&plan, &[]);
    let names: Vec<_> = cluster.node_ids().map(|n| cluster.node_name(n)).collect();
    assert_eq!(names, ["master", "worker-a", "worker-b"]);
    let label = |node: usize, key: &str| {
        let key = cluster.names().get(key)?;
        Some(cluster.str(cluster.nodes()[node].labels.get(key)?))
    };
    assert_eq!(label(0, "podfit.dev/host"), Some("A"));
    assert_eq!(label(2, "podfit.dev/host"), Some("B"));
    assert_eq!(label(1, "kubernetes.io/hostname"), Some("worker-a"));
    let role = "node-role.kubernetes.io/control-plane";
    assert_eq!((label(0, role), label(1, role)), (Some(""), None));
    let taint = cluster.nodes()[0].taints[0];
    assert_eq!((cluster.str(taint.key), taint.effect), (role, Effect::NoSchedule));
    let cards: Vec<_> = cluster.nodes().iter().map(|n| n.cards.len()).collect();
    assert_eq!(cards, [0, 2, 2]);
    assert!(cluster.nodes().iter().all(|n| n.allocatable.get(ResourceId::PODS) == 110));
}

#[test]
fn two_nodes_are_allowed_everywhere_and_doubts_name_their_page() {
    let codes = |model| {
        let warnings = plan(&Device::new(model, 2)).warnings;
        warnings.into_iter().map(|w| w.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(Model::ProGpu), ["two-node-frozen"]);
    assert_eq!(codes(Model::Pro2With64G2T), ["two-node-pages-differ", "two-node-frozen"]);
    assert_eq!(codes(Model::MiniR), ["two-node-not-documented", "two-node-frozen"]);
    assert_eq!(codes(Model::ProR), ["two-node-not-documented", "two-node-frozen"]);
    assert!(plan(&Device::new(Model::ProR, 1)).warnings.is_empty());
    let other_vms = vec![other_vm("vm", HostId::A, true, Size::of(1, 1))];
    let one = plan(&Device { other_vms, ..Device::new(Model::ProGpu, 1) });
    assert!(noted(&one.warnings, "ha-on-one-node") && !one.vms[2].highly_available);
}

#[test]
fn catalogue_is_consistent() {
    let names: BTreeSet<_> = Model::ALL.iter().map(|m| m.name()).collect();
    assert_eq!(names.len(), Model::ALL.len());
    for model in Model::ALL {
        assert_eq!(Model::parse(model.name()), Ok(model));
        assert_eq!(Model::parse(&model.name().to_uppercase()), Ok(model));
        let spec = model.spec();
        assert!(spec.cores < spec.usable_vcpu && spec.usable_vcpu < spec.raw_vcpu);
        assert_eq!(spec.raw_vcpu, 2 * spec.cores);
        assert!(spec.usable_memory_gib < spec.raw_memory_gib);
        assert_eq!(spec.gpu_model.is_some(), spec.gpu_choices[0] > 0);
        assert!(spec.page.ends_with("-technical-specifications-compliance"));
        // Every model stands by itself: its own machines fit it, alone and after a loss.
        for nodes in [1, 2] {
            let plan = plan(&Device::new(model, nodes));
            assert!(!noted(&plan.warnings, "host-overfull"));
            if nodes == 2 {
                assert!(survivor(&plan, HostId::A).fits());
            }
        }
    }
    let error = Model::parse("pro-3").unwrap_err();
    assert_eq!((error.code, error.field.as_str()), ("unknown-model", "device.model"));
    assert!(Model::ALL.iter().all(|m| error.fix.contains(m.name())));
    assert!(Model::parse(&"x".repeat(100_000)).unwrap_err().cause.len() < 200);
}

#[test]
fn vendor_fields_win_over_the_catalogue() {
    let capacity = VendorCapacity {
        memory_total_bytes: Some(512 * GIB),
        hyperv_reserve_bytes: Some(40 * GIB),
        infra_vm_bytes: Some(24 * GIB),
        gpus_total: Some(4),
        ..VendorCapacity::default()
    };
    let given = plan(&Device { capacity, ..pro_gpu() });
    let host = given.host(HostId::B).unwrap();
    assert_eq!((host.raw, host.usable, host.gpus), (Size::of(48, 256), Size::of(40, 224), 2));
    assert_eq!(given.worker(HostId::A).unwrap().size, Size::of(12, 64));
    assert!(noted(&given.assumptions, "vendor-capacity"));
    let total_only =
        VendorCapacity { memory_total_bytes: Some(192 * GIB), ..VendorCapacity::default() };
    let given = plan(&Device { capacity: total_only, ..pro_gpu() });
    assert_eq!(given.hosts[0].usable.memory_bytes, (96 - 32) * GIB);
    assert!(!noted(&plan(&pro_gpu()).assumptions, "vendor-capacity"));
}

#[test]
fn every_fault_comes_at_once() {
    let device = Device {
        gpus: Some(3),
        sizing: Sizing { cpu: Share::Percent(0), memory: Share::Amount(-1), ..Sizing::default() },
        other_vms: vec![
            other_vm("master", HostId::A, true, Size::of(1, 1)),
            other_vm("vm", HostId::B, true, memory(i64::MIN)),
        ],
        capacity: VendorCapacity { memory_used_bytes: Some(-1), ..VendorCapacity::default() },
        ..Device::new(Model::ProGpu, 3)
    };
    let expected = [
        ("node-count", "device.nodes"),
        ("amount-out-of-range", "device.capacity.memoryUsed"),
        ("gpu-count", "device.gpus"),
        ("percent-out-of-range", "device.worker.cpu"),
        ("amount-out-of-range", "device.worker.memory"),
        ("duplicate-vm", "device.otherVms[0].name"),
        ("unknown-host", "device.otherVms[1].host"),
        ("amount-out-of-range", "device.otherVms[1].memory"),
    ];
    assert_eq!(codes(&device), expected.map(|(code, field)| (code, field.to_string())));
}

#[test]
fn absurd_amounts_are_errors_not_panics() {
    for absurd in [i64::MIN, -1, i64::MAX] {
        let capacity = VendorCapacity {
            memory_total_bytes: Some(absurd),
            hyperv_reserve_bytes: Some(absurd),
            infra_vm_bytes: Some(absurd),
            memory_free_bytes: Some(absurd),
            memory_used_bytes: Some(absurd),
            memory_failover_bytes: Some(absurd),
            gpus_total: Some(absurd),
            gpus_used: Some(absurd),
            gpus_free: Some(absurd),
            gpus_reserved_for_failover: Some(absurd),
        };
        let share = Share::Percent(absurd);
        let sizing = Sizing { cpu: share, memory: share, ..Sizing::default() };
        let found = codes(&Device { capacity, sizing, ..pro_gpu() });
        let out_of_range = found.iter().filter(|(code, _)| *code == "amount-out-of-range").count();
        assert_eq!(out_of_range, 10, "{found:?}");
        let up = Sizing { memory_rounding: Rounding::Up, ..Sizing::default() };
        let total =
            VendorCapacity { memory_total_bytes: Some(absurd), ..VendorCapacity::default() };
        assert_eq!(codes(&Device { capacity: total, sizing: up, ..pro_gpu() }).len(), 1);
        let kubelet_reserve = Size { vcpu_milli: absurd, memory_bytes: absurd };
        assert_eq!(codes(&Device { kubelet_reserve, ..pro_gpu() }).len(), 2);
    }
    let most = crate::model::AMOUNT_MAX;
    let huge = |i: usize| {
        let size = Size { vcpu_milli: most, memory_bytes: most };
        other_vm(&format!("vm-{i}"), HostId::A, true, size)
    };
    let full = plan(&Device { other_vms: (0..256).map(huge).collect(), ..pro_gpu() });
    assert!(!survivor(&full, HostId::A).fits());
    let too_many = Device { other_vms: (0..257).map(huge).collect(), ..pro_gpu() };
    assert_eq!(codes(&too_many), [("too-many-vms", "device.otherVms".to_string())]);
}

#[test]
fn vendor_fields_that_contradict_each_other() {
    let faults =
        |model, capacity: VendorCapacity| codes(&Device { capacity, ..Device::new(model, 2) });
    let none = VendorCapacity::default;
    for (model, capacity, field) in [
        (
            Model::ProGpu,
            VendorCapacity {
                memory_total_bytes: Some(256 * GIB),
                memory_used_bytes: Some(200 * GIB),
                memory_free_bytes: Some(57 * GIB),
                ..none()
            },
            "memoryUsed",
        ),
        (
            Model::ProGpu,
            VendorCapacity {
                gpus_total: Some(2),
                gpus_used: Some(2),
                gpus_free: Some(1),
                ..none()
            },
            "gpusUsed",
        ),
        (Model::ProGpu, VendorCapacity { gpus_total: Some(3), ..none() }, "gpusTotal"),
        (Model::MiniR, VendorCapacity { gpus_total: Some(2), ..none() }, "gpusTotal"),
        (
            Model::ProGpu,
            VendorCapacity { hyperv_reserve_bytes: Some(300 * GIB), ..none() },
            "hypervReserve",
        ),
    ] {
        let expected = ("capacity-inconsistent", format!("device.capacity.{field}"));
        assert_eq!(faults(model, capacity), [expected]);
    }
}
