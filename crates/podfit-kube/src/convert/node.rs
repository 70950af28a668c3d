//! Nodes.

use super::{
    Out, amount,
    bounds::{ENTRIES_MAX, within},
    images, labels,
    services::address,
    taints,
};
use crate::{
    fault::Path,
    wire::{Condition, Node},
};
use podfit::model::{Effect, NodeSpec, ResourceId, Resources, Taint};

/// A node as the scheduler sees it: allocatable, never capacity; taints, with those that its conditions bring.
pub(crate) fn node(node: &Node, name: &str, root: &Path<'_>, out: &mut Out<'_>) -> NodeSpec {
    let (metadata, spec, status) =
        (root.field("metadata"), root.field("spec"), root.field("status"));
    let at = status.field("allocatable");
    let mut allocatable = Resources::new();
    let stated = node.status.allocatable.as_ref().map(|m| m.0.as_slice());
    for (name, leaf) in within(stated, ENTRIES_MAX, &at, out) {
        if let Some(q) = amount(name, leaf, &at.field(name), out.faults) {
            let id = out.builder.resource(name);
            // Rounded up, as the scheduler does with what a node offers too.
            allocatable.set(id, q.in_unit_of(id));
        }
    }
    let stated =
        |name: &str| node.status.allocatable.as_ref().is_some_and(|m| m.get(name).is_some());
    for id in [ResourceId::CPU, ResourceId::MEMORY, ResourceId::PODS] {
        let name = ResourceId::FIXED[id.index()];
        if !stated(name) {
            let cause = format!("the node states no allocatable {name}");
            let fix = "print the node with its status, or write status.allocatable";
            out.faults.push(&at, "allocatable-missing", cause, fix);
        }
    }
    let own = node.status.addresses.iter().flatten().take(ENTRIES_MAX);
    let own = own.filter(|a| a.kind.as_str() == Some("InternalIP"));
    let addresses = own.filter_map(|a| address(&a.address, out)).collect();
    let mut taints = taints(node.spec.taints.as_deref(), &spec.field("taints"), out);
    taints_to_come(node.status.conditions.as_deref(), &mut taints, out);
    NodeSpec {
        name: name.into(),
        labels: labels(node.metadata.labels.as_ref(), &metadata.field("labels"), out),
        taints,
        unschedulable: node.spec.unschedulable.flag(&spec.field("unschedulable"), out.faults),
        allocatable,
        down: node.status.conditions.iter().flatten().any(is_not_ready),
        ending: !node.metadata.deletion_timestamp.is_empty(),
        cards: Vec::new(),
        // Those that no pod uses are dropped at the end of the input.
        images: images::on_node(node.status.images.as_deref(), &status.field("images"), out),
        addresses,
    }
}

/// Conditions for which the node controller gives a taint at once, and its key
/// (`nodeConditionToTaintKeyStatusMap` in `pkg/controller/nodelifecycle`).
const TAINTED: [(&str, &str); 4] = [
    ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
    ("DiskPressure", "node.kubernetes.io/disk-pressure"),
    ("PIDPressure", "node.kubernetes.io/pid-pressure"),
    ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
];

/// Taints that the node has within seconds by its conditions, where it lacks them yet.
fn taints_to_come(conditions: Option<&[Condition]>, taints: &mut Vec<Taint>, out: &mut Out<'_>) {
    let holds = |kind: &str| {
        let mut conditions = conditions.into_iter().flatten();
        conditions.any(|c| c.kind.as_str() == Some(kind) && c.status.as_str() == Some("True"))
    };
    for (_, key) in TAINTED.iter().filter(|(kind, _)| holds(kind)) {
        let taint = Taint {
            key: out.builder.intern(key),
            value: out.builder.intern(""),
            effect: Effect::NoSchedule,
        };
        if !taints.iter().any(|t| t.key == taint.key && t.effect == taint.effect) {
            taints.push(taint);
        }
    }
}

fn is_not_ready(condition: &Condition) -> bool {
    condition.kind.as_str() == Some("Ready")
        && condition.status.as_str().is_some_and(|s| s != "True")
}
