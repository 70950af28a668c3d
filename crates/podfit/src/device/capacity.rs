use super::{
    catalogue::ModelSpec,
    error::DeviceError,
    notes::Note,
    sizing::{GIB, Size},
};
use crate::model::AMOUNT_MAX;

/// Where the vendor's fields are listed: the management interface's "device capacity info".
const PAGE: &str = "REST API Microsoft.DataBoxEdge 2022-03-01, deviceCapacityInfo";

/// What the device itself states of its capacity, for the *whole* cluster of one or two nodes; what is
/// given wins over the catalogue. Bytes where the vendor has MB. The vendor does not define the fields;
/// how they are read here is an assumption of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VendorCapacity {
    /// `clusterTotalMemoryMb`: all memory; gives the raw memory of a node.
    pub memory_total_bytes: Option<i64>,
    /// `clusterHypervReserveMemoryMb`: kept by the hypervisor, so not usable.
    pub hyperv_reserve_bytes: Option<i64>,
    /// `clusterInfraVmMemoryMb`: taken by the vendor's own machines, so not usable.
    pub infra_vm_bytes: Option<i64>,
    /// `clusterFreeMemoryMb`; checked against the total.
    pub memory_free_bytes: Option<i64>,
    /// `clusterUsedMemoryMb`; checked against the total.
    pub memory_used_bytes: Option<i64>,
    /// `clusterFailoverMemoryMb`: held back for failing over; shown, not evaluated.
    pub memory_failover_bytes: Option<i64>,
    /// `gpuTotalUnitsCount`: all cards; gives the cards of a node.
    pub gpus_total: Option<i64>,
    /// `gpuUsedUnitsCount`; checked against the total.
    pub gpus_used: Option<i64>,
    /// `gpuFreeUnitsCount`; checked against the total.
    pub gpus_free: Option<i64>,
    /// `gpuReservedForFailoverUnitsCount`: held back for failing over; shown, not evaluated.
    pub gpus_reserved_for_failover: Option<i64>,
}

/// How a field of the vendor is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapacityUse {
    /// It gives what the nodes have.
    Has,
    /// It is not for the user's machines.
    Withheld,
    /// It is checked against the total.
    Checked,
    /// It is shown.
    Shown,
}

/// A field that is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapacityField {
    /// As the vendor calls it.
    pub name: &'static str,
    /// Bytes, or cards.
    pub amount: i64,
    /// Whether it counts cards.
    pub cards: bool,
    /// How it is read.
    pub read: CapacityUse,
}

impl VendorCapacity {
    /// The fields that are given, in the vendor's words.
    pub fn fields(&self) -> Vec<CapacityField> {
        use CapacityUse::{Checked, Has, Shown, Withheld};
        let all = [
            ("clusterTotalMemoryMb", self.memory_total_bytes, false, Has),
            ("clusterUsedMemoryMb", self.memory_used_bytes, false, Checked),
            ("clusterFreeMemoryMb", self.memory_free_bytes, false, Checked),
            ("clusterFailoverMemoryMb", self.memory_failover_bytes, false, Shown),
            ("clusterInfraVmMemoryMb", self.infra_vm_bytes, false, Withheld),
            ("clusterHypervReserveMemoryMb", self.hyperv_reserve_bytes, false, Withheld),
            ("gpuTotalUnitsCount", self.gpus_total, true, Has),
            ("gpuUsedUnitsCount", self.gpus_used, true, Checked),
            ("gpuFreeUnitsCount", self.gpus_free, true, Checked),
            ("gpuReservedForFailoverUnitsCount", self.gpus_reserved_for_failover, true, Shown),
        ];
        let field = |(name, amount, cards, read): (_, Option<i64>, _, _)| {
            Some(CapacityField { name, amount: amount?, cards, read })
        };
        all.into_iter().filter_map(field).collect()
    }
}

/// A node's hardware after the catalogue, the input's number of cards and the vendor's fields are merged.
pub(super) struct NodeCapacity {
    pub raw: Size,
    pub usable: Size,
    pub gpus: u16,
}

/// Merges the three. Faults go to `errors`; what is returned with them is of no use.
pub(super) fn node_capacity(
    spec: &ModelSpec,
    gpus: Option<u16>,
    given: &VendorCapacity,
    nodes: i64,
    assumptions: &mut Vec<Note>,
    errors: &mut Vec<DeviceError>,
) -> NodeCapacity {
    check_ranges(given, errors);
    check_sum(
        "memoryUsed",
        &[given.memory_used_bytes, given.memory_free_bytes],
        given.memory_total_bytes,
        errors,
    );
    check_sum("gpusUsed", &[given.gpus_used, given.gpus_free], given.gpus_total, errors);
    let mut raw = Size::of(spec.raw_vcpu, spec.raw_memory_gib);
    let mut usable = Size::of(spec.usable_vcpu, spec.usable_memory_gib);
    // An amount out of range is reported already; reckoning with it could overflow.
    if let Some(total) = given.memory_total_bytes.filter(|t| (1..=AMOUNT_MAX).contains(t)) {
        raw.memory_bytes = total / nodes;
        // Scaling the catalogue's share of usable memory would invent a figure; its difference is kept.
        usable.memory_bytes =
            (raw.memory_bytes - (spec.raw_memory_gib - spec.usable_memory_gib) * GIB).max(0);
    }
    if given.hyperv_reserve_bytes.is_some() || given.infra_vm_bytes.is_some() {
        let held = given
            .hyperv_reserve_bytes
            .unwrap_or(0)
            .saturating_add(given.infra_vm_bytes.unwrap_or(0));
        usable.memory_bytes = raw.memory_bytes.saturating_sub(held / nodes);
        if usable.memory_bytes < 0 {
            errors.push(DeviceError::new(
                "capacity-inconsistent",
                "device.capacity.hypervReserve",
                "hypervReserve and infraVm together exceed the memory of the device",
                "give all fields for the whole cluster, in one unit",
            ));
        }
    }
    if *given != VendorCapacity::default() {
        assumptions.push(Note::new(
            "vendor-capacity",
            "the device's own capacity fields are for all nodes together and equal on each; usable memory \
             is the total less hypervReserve and infraVm (which do not contain the Kubernetes machines), \
             or less what the catalogue withholds where neither is given; what is held back for failover \
             is shown, not evaluated",
            PAGE,
        ));
    }
    NodeCapacity { raw, usable, gpus: gpu_count(spec, gpus, given, nodes, assumptions, errors) }
}

fn gpu_count(
    spec: &ModelSpec,
    asked: Option<u16>,
    given: &VendorCapacity,
    nodes: i64,
    assumptions: &mut Vec<Note>,
    errors: &mut Vec<DeviceError>,
) -> u16 {
    if let Some(total) = given.gpus_total {
        if total % nodes != 0 {
            errors.push(DeviceError::new(
                "capacity-inconsistent",
                "device.capacity.gpusTotal",
                format!("{total} cards cannot be equal on {nodes} nodes"),
                "give the cards of the whole cluster",
            ));
        }
        if total > 0 && spec.gpu_model.is_none() {
            errors.push(DeviceError::new(
                "capacity-inconsistent",
                "device.capacity.gpusTotal",
                format!("a {} has no GPU cards", spec.name),
                "correct the model or leave the field out",
            ));
        }
        return u16::try_from(total / nodes).unwrap_or(0);
    }
    match asked {
        Some(n) if spec.gpu_choices.contains(&n) => n,
        Some(n) => {
            let choices: Vec<_> = spec.gpu_choices.iter().map(u16::to_string).collect();
            errors.push(DeviceError::new(
                "gpu-count",
                "device.gpus",
                format!("a {} has no {n} GPU cards", spec.name),
                format!("give {}, or leave it out", choices.join(" or ")),
            ));
            0
        }
        None => {
            if spec.gpu_choices.len() > 1 {
                assumptions.push(Note::new(
                    "gpus",
                    format!(
                        "{} GPU card on each node; the model is sold with up to {} (option gpus)",
                        spec.gpu_choices[0],
                        spec.gpu_choices.iter().max().expect("more than one choice")
                    ),
                    spec.page,
                ));
            }
            spec.gpu_choices[0]
        }
    }
}

/// The largest number of cards: a node's count must fit `u16` and no device has ten.
const GPUS_MAX: i64 = 1024;

fn check_ranges(given: &VendorCapacity, errors: &mut Vec<DeviceError>) {
    let fields = [
        ("memoryTotal", given.memory_total_bytes, 1, AMOUNT_MAX),
        ("hypervReserve", given.hyperv_reserve_bytes, 0, AMOUNT_MAX),
        ("infraVm", given.infra_vm_bytes, 0, AMOUNT_MAX),
        ("memoryFree", given.memory_free_bytes, 0, AMOUNT_MAX),
        ("memoryUsed", given.memory_used_bytes, 0, AMOUNT_MAX),
        ("memoryFailover", given.memory_failover_bytes, 0, AMOUNT_MAX),
        ("gpusTotal", given.gpus_total, 0, GPUS_MAX),
        ("gpusUsed", given.gpus_used, 0, GPUS_MAX),
        ("gpusFree", given.gpus_free, 0, GPUS_MAX),
        ("gpusReservedForFailover", given.gpus_reserved_for_failover, 0, GPUS_MAX),
    ];
    for (name, value, low, high) in fields {
        if value.is_some_and(|v| !(low..=high).contains(&v)) {
            errors.push(DeviceError::new(
                "amount-out-of-range",
                format!("device.capacity.{name}"),
                format!("{} is not within {low} to {high}", value.unwrap_or(0)),
                "correct the amount",
            ));
        }
    }
}

/// Parts may not exceed their total; that they fall short of it is no fault (reserves, fragmentation).
fn check_sum(
    field: &str,
    parts: &[Option<i64>],
    total: Option<i64>,
    errors: &mut Vec<DeviceError>,
) {
    let sum: i128 = parts.iter().flatten().map(|&p| i128::from(p)).sum();
    if total.is_some_and(|t| t >= 0 && sum > i128::from(t)) {
        errors.push(DeviceError::new(
            "capacity-inconsistent",
            format!("device.capacity.{field}"),
            format!("used and free are together {sum}, more than the total"),
            "give all fields for the whole cluster, in one unit",
        ));
    }
}
