//! The edge device of a document.

use super::{
    super::walk::{Field, Fields},
    Doc, nodes,
};
use podfit::{
    device::{
        CpuBasis, Device, DeviceError, HostId, Model, OtherVm, Plan, Rounding, Share, Size, Sizing,
        VendorCapacity,
    },
    model::ResourceId,
};

/// Reads `device` and adds its nodes.
pub(super) fn read(field: &Field<'_, '_>, doc: &mut Doc<'_>) -> Option<Plan> {
    const KNOWN: [&str; 8] = [
        "model",
        "nodes",
        "gpus",
        "worker",
        "otherVms",
        "capacity",
        "kubeletReserve",
        "usagePercent",
    ];
    let fields = doc.report.fields(field, &KNOWN, &[("sizing", "worker"), ("vms", "otherVms")])?;
    doc.nodes.on_device = true;
    let model = model(&fields, field, doc);
    let number = doc.report.int(fields.get("nodes"), i64::from(u32::MIN), i64::from(u32::MAX));
    let number = number.unwrap_or(1) as u32;
    let gpus = doc.report.int(fields.get("gpus"), 0, i64::from(u16::MAX)).map(|n| n as u16);
    let percent = doc.report.int(fields.get("usagePercent"), 1, 100).map(|n| n as u8);
    let device = Device {
        usage_percent: percent.unwrap_or(50),
        gpus,
        sizing: fields.get("worker").map(|f| sizing(&f, doc)).unwrap_or_default(),
        other_vms: other_vms(fields.get("otherVms"), number == 2, doc),
        capacity: fields.get("capacity").map(|f| capacity(&f, doc)).unwrap_or_default(),
        kubelet_reserve: fields.get("kubeletReserve").map(|f| reserve(&f, doc)).unwrap_or_default(),
        // A stand-in keeps the other checks going where the model is wrong, which is reported.
        ..Device::new(model.unwrap_or(Model::ProGpu), number)
    };
    match device.validate() {
        Ok(plan) => {
            let specs = plan.kube_nodes(&mut doc.builder);
            nodes::add(specs, doc);
            model.map(|_| plan)
        }
        Err(errors) => {
            for e in errors {
                fault(field, e, doc);
            }
            // Names of the workers, so that pods on them are not reported too.
            let plan = Device::new(Model::ProGpu, 2).validate().expect("the plain device is valid");
            let specs = plan.kube_nodes(&mut doc.builder);
            nodes::add(specs, doc);
            None
        }
    }
}

/// A fault of the device carries its field from `device.` on.
fn fault(field: &Field<'_, '_>, e: DeviceError, doc: &mut Doc<'_>) {
    let inner = e.field.strip_prefix("device").unwrap_or(&e.field);
    let path = format!("{}{inner}", doc.place(field));
    doc.report.faults.push(&path, e.code, e.cause, e.fix);
}

fn model(fields: &Fields<'_, '_>, device: &Field<'_, '_>, doc: &mut Doc<'_>) -> Option<Model> {
    let Some(field) = fields.get("model") else {
        let fix = "write model: pro-gpu";
        doc.report.fault(device, "value-missing", "the device has no model", fix);
        return None;
    };
    match Model::parse(doc.report.text(Some(field))?) {
        Ok(model) => Some(model),
        Err(e) => {
            doc.report.fault(&field, e.code, e.cause, e.fix);
            None
        }
    }
}

fn sizing(field: &Field<'_, '_>, doc: &mut Doc<'_>) -> Sizing {
    const KNOWN: [&str; 5] = ["cpu", "memory", "cpuBasis", "cpuRounding", "memoryRounding"];
    const BASES: [(&str, CpuBasis); 3] = [
        ("usableVcpu", CpuBasis::UsableVcpu),
        ("rawVcpu", CpuBasis::RawVcpu),
        ("physicalCores", CpuBasis::PhysicalCores),
    ];
    const ROUNDINGS: [(&str, Rounding); 4] = [
        ("exact", Rounding::Exact),
        ("down", Rounding::Down),
        ("nearest", Rounding::Nearest),
        ("up", Rounding::Up),
    ];
    let plain = Sizing::default();
    let Some(fields) = doc.report.fields(field, &KNOWN, &[]) else { return plain };
    let report = &mut doc.report;
    Sizing {
        cpu_basis: report.choice(fields.get("cpuBasis"), &BASES).unwrap_or(plain.cpu_basis),
        cpu_rounding: report
            .choice(fields.get("cpuRounding"), &ROUNDINGS)
            .unwrap_or(plain.cpu_rounding),
        memory_rounding: report
            .choice(fields.get("memoryRounding"), &ROUNDINGS)
            .unwrap_or(plain.memory_rounding),
        cpu: share(fields.get("cpu"), ResourceId::CPU, doc).unwrap_or(plain.cpu),
        memory: share(fields.get("memory"), ResourceId::MEMORY, doc).unwrap_or(plain.memory),
    }
}

/// `30%` or a quantity.
fn share(field: Option<Field<'_, '_>>, id: ResourceId, doc: &mut Doc<'_>) -> Option<Share> {
    use podfit_kube::tree::Node;
    use podfit_kube::wire::Leaf;
    let field = field?;
    if let Node::Leaf(Leaf::Text(text)) = &field.tree.node
        && let Some(percent) = text.strip_suffix('%')
    {
        return match percent.trim().parse() {
            Ok(percent) => Some(Share::Percent(percent)),
            Err(_) => {
                let cause = format!("{} is no whole percentage", field.tree);
                doc.report.fault(&field, "percent-invalid", cause, "write 30%");
                None
            }
        };
    }
    amount(Some(field), id, doc).map(Share::Amount)
}

/// A quantity in the unit of a resource; too large a one saturates and is refused by the device.
fn amount(field: Option<Field<'_, '_>>, id: ResourceId, doc: &mut Doc<'_>) -> Option<i64> {
    doc.report.quantity(field).map(|q| q.in_unit_of(id))
}

fn other_vms(field: Option<Field<'_, '_>>, two: bool, doc: &mut Doc<'_>) -> Vec<OtherVm> {
    const KNOWN: [&str; 5] = ["name", "host", "vcpu", "memory", "highlyAvailable"];
    const HOSTS: [(&str, HostId); 2] = [("A", HostId::A), ("B", HostId::B)];
    let mut vms = Vec::new();
    for item in doc.report.list(field.as_ref()) {
        let fields = doc.report.fields(&item, &KNOWN, &[("cpu", "vcpu")]);
        let Some(fields) = fields else { continue };
        for name in ["name", "host", "vcpu", "memory"] {
            if fields.get(name).is_none() {
                let fix = "write {name: vm1, host: A, vcpu: 4, memory: 8Gi}";
                let cause = format!("the machine has no {name}");
                doc.report.fault(&item, "value-missing", cause, fix);
            }
        }
        let name = doc.report.text(fields.get("name"));
        let host = doc.report.choice(fields.get("host"), &HOSTS);
        let vcpu_milli = amount(fields.get("vcpu"), ResourceId::CPU, doc);
        let memory_bytes = amount(fields.get("memory"), ResourceId::MEMORY, doc);
        let highly_available = doc.report.flag(fields.get("highlyAvailable")).unwrap_or(two);
        let (Some(name), Some(host)) = (name, host) else { continue };
        let (Some(vcpu_milli), Some(memory_bytes)) = (vcpu_milli, memory_bytes) else { continue };
        let size = Size { vcpu_milli, memory_bytes };
        vms.push(OtherVm { name: name.into(), host, highly_available, size });
    }
    vms
}

fn capacity(field: &Field<'_, '_>, doc: &mut Doc<'_>) -> VendorCapacity {
    const KNOWN: [&str; 10] = [
        "memoryTotal",
        "hypervReserve",
        "infraVm",
        "memoryFree",
        "memoryUsed",
        "memoryFailover",
        "gpusTotal",
        "gpusUsed",
        "gpusFree",
        "gpusReservedForFailover",
    ];
    let Some(fields) = doc.report.fields(field, &KNOWN, &[]) else {
        return VendorCapacity::default();
    };
    let mut bytes = |name| amount(fields.get(name), ResourceId::MEMORY, doc);
    let [total, hyperv, infra, free, used, failover] =
        [KNOWN[0], KNOWN[1], KNOWN[2], KNOWN[3], KNOWN[4], KNOWN[5]].map(&mut bytes);
    let mut count = |name| doc.report.int(fields.get(name), i64::MIN, i64::MAX);
    VendorCapacity {
        memory_total_bytes: total,
        hyperv_reserve_bytes: hyperv,
        infra_vm_bytes: infra,
        memory_free_bytes: free,
        memory_used_bytes: used,
        memory_failover_bytes: failover,
        gpus_total: count("gpusTotal"),
        gpus_used: count("gpusUsed"),
        gpus_free: count("gpusFree"),
        gpus_reserved_for_failover: count("gpusReservedForFailover"),
    }
}

fn reserve(field: &Field<'_, '_>, doc: &mut Doc<'_>) -> Size {
    let Some(fields) = doc.report.fields(field, &["cpu", "memory"], &[]) else {
        return Size::default();
    };
    Size {
        vcpu_milli: amount(fields.get("cpu"), ResourceId::CPU, doc).unwrap_or(0),
        memory_bytes: amount(fields.get("memory"), ResourceId::MEMORY, doc).unwrap_or(0),
    }
}
