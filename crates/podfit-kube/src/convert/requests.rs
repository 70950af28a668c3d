//! What a pod asks for: the effective request of component-helpers' `resource/helpers.go`.
//!
//! Per resource: the larger of (containers + sidecars) and, for each init container in order, (sidecars before
//! it + itself); pod-level requests replace cpu, memory and huge pages; then the overhead. Sums are exact and
//! rounded up once.

use super::Out;
use crate::{
    fault::{Faults, Path},
    quantity::Quantity,
    wire::{Container, Leaf, Map, Pod, PodSpec, Resources as Stated},
};
use podfit::model::{AMOUNT_MAX, ResourceId, Resources};

/// Exact amounts by resource; a pod states few, so a list is quickest.
#[derive(Clone, Default)]
struct Amounts(Vec<(ResourceId, Quantity)>);

impl Amounts {
    fn slot(&mut self, id: ResourceId) -> &mut Quantity {
        let at = self.0.iter().position(|(i, _)| *i == id).unwrap_or_else(|| {
            self.0.push((id, Quantity::ZERO));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    fn add(&mut self, other: &Self) {
        for &(id, q) in &other.0 {
            let slot = self.slot(id);
            *slot = slot.plus(q);
        }
    }

    fn raise_to(&mut self, other: &Self) {
        for &(id, q) in &other.0 {
            let slot = self.slot(id);
            *slot = q.max(*slot);
        }
    }
}

/// What a pod asks for, and whether cpu or memory is missing from it.
pub(super) struct Requests {
    pub amounts: Resources,
    pub unrequested: bool,
}

/// The effective request of a pod, one pod slot included; `assumed` fills missing cpu and memory.
pub(super) fn effective(
    pod: &Pod,
    assumed: &[(ResourceId, i64)],
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Requests {
    let spec = &pod.spec;
    let at = root.field("spec");
    let mut total = containers(pod, &at, out);
    pod_level(spec, &mut total, &at, out);
    total.add(&read(spec.overhead.as_ref(), &at.field("overhead"), out));
    let mut amounts = Resources::new().with(ResourceId::PODS, 1);
    for &(id, q) in &total.0 {
        if id != ResourceId::PODS {
            amounts.set(id, q.in_unit_of(id));
        }
    }
    let unrequested = amounts.get(ResourceId::CPU) == 0 || amounts.get(ResourceId::MEMORY) == 0;
    for &(id, amount) in assumed {
        if amounts.get(id) == 0 {
            amounts.set(id, amount);
        }
    }
    Requests { amounts, unrequested }
}

fn containers(pod: &Pod, spec: &Path<'_>, out: &mut Out<'_>) -> Amounts {
    let resizing = resizing(pod);
    if resizing {
        out.gap("resize-in-progress", "spec.containers");
    }
    let (mut running, mut peak, mut sidecars) =
        (Amounts::default(), Amounts::default(), Amounts::default());
    let at = spec.field("containers");
    for (i, c) in pod.spec.containers.iter().flatten().enumerate() {
        let mut own = container(c, &at.index(i), out);
        if resizing {
            own.raise_to(&allocated(pod, c, &at.index(i), out));
        }
        running.add(&own);
    }
    let at = spec.field("initContainers");
    for (i, c) in pod.spec.init_containers.iter().flatten().enumerate() {
        let own = container(c, &at.index(i), out);
        if is_sidecar(c) {
            sidecars.add(&own);
            // While it starts it is the last of the sidecars.
            peak.raise_to(&sidecars);
        } else {
            let mut with = sidecars.clone();
            with.add(&own);
            peak.raise_to(&with);
        }
    }
    running.add(&sidecars);
    running.raise_to(&peak);
    running
}

/// Whether an init container runs on beside the containers.
pub(super) fn is_sidecar(c: &Container) -> bool {
    c.restart_policy.as_str() == Some("Always")
}

fn container(c: &Container, path: &Path<'_>, out: &mut Out<'_>) -> Amounts {
    let Some(stated) = &c.resources else { return Amounts::default() };
    with_defaults(stated, &path.field("resources"), out)
}

/// Requests, with what only the limits state, as admission fills it in.
fn with_defaults(stated: &Stated, path: &Path<'_>, out: &mut Out<'_>) -> Amounts {
    let mut requests = read(stated.requests.as_ref(), &path.field("requests"), out);
    if stated.limits.is_some() {
        for (id, q) in read(stated.limits.as_ref(), &path.field("limits"), out).0 {
            if !requests.0.iter().any(|&(i, _)| i == id) {
                requests.0.push((id, q));
            }
        }
    }
    requests
}

fn pod_level(spec: &PodSpec, total: &mut Amounts, at: &Path<'_>, out: &mut Out<'_>) {
    let Some(stated) = &spec.resources else { return };
    let at = at.field("resources");
    let counts = |name: &str| name == "cpu" || name == "memory" || name.starts_with("hugepages-");
    let requests = read_if(counts, stated.requests.as_ref(), &at.field("requests"), out);
    let limits = read_if(counts, stated.limits.as_ref(), &at.field("limits"), out);
    for &(id, q) in &limits.0 {
        // A limit stands in only where neither the pod nor a container requests anything.
        let slot = total.slot(id);
        if *slot == Quantity::ZERO {
            *slot = q;
        }
    }
    for &(id, q) in &requests.0 {
        *total.slot(id) = q;
    }
}

/// Whether an in-place resize is under way: then the node holds what the status says.
fn resizing(pod: &Pod) -> bool {
    let status = &pod.status;
    !status.resize.is_empty()
        || status.conditions.iter().flatten().any(|c| {
            matches!(c.kind.as_str(), Some("PodResizePending" | "PodResizeInProgress"))
                && c.status.as_str() == Some("True")
        })
}

fn allocated(pod: &Pod, c: &Container, path: &Path<'_>, out: &mut Out<'_>) -> Amounts {
    let mut most = Amounts::default();
    let statuses = pod.status.container_statuses.iter().flatten();
    for status in statuses.filter(|s| s.name == c.name) {
        let at = path.field("status");
        most.raise_to(&read(status.allocated_resources.as_ref(), &at, out));
        if let Some(resources) = &status.resources {
            most.raise_to(&read(resources.requests.as_ref(), &at, out));
        }
    }
    most
}

fn read(map: Option<&Map>, path: &Path<'_>, out: &mut Out<'_>) -> Amounts {
    read_if(|_| true, map, path, out)
}

fn read_if(
    counts: impl Fn(&str) -> bool,
    map: Option<&Map>,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Amounts {
    let mut amounts = Amounts::default();
    for (name, leaf) in map.iter().flat_map(|m| &m.0).filter(|(name, _)| counts(name)) {
        let at = path.field(name);
        if let Some(q) = amount(name, leaf, &at, out.faults) {
            *amounts.slot(out.builder.resource(name)) = q;
        }
    }
    amounts
}

/// One amount of a resource, checked: a quantity from 0 to 2^53 units, whole for extended resources.
/// `None` when it is wrong, which is reported, and for resources that the scheduler does not look at.
pub fn amount(name: &str, leaf: &Leaf, path: &Path<'_>, faults: &mut Faults) -> Option<Quantity> {
    let builtin = ResourceId::FIXED.contains(&name);
    // The scheduler knows its own four, huge pages and names with a domain; others are quota's.
    if !builtin && !name.contains('/') && !name.starts_with("hugepages-") {
        return None;
    }
    let q = leaf.quantity(path, faults)?;
    let unit = if name == "cpu" { ResourceId::CPU } else { ResourceId::MEMORY };
    if q.in_unit_of(unit) > AMOUNT_MAX {
        let cause = format!("{leaf} of {name} is more than 2^53");
        faults.push(path, "amount-out-of-range", cause, "correct the quantity");
        return None;
    }
    if fraction_is_wrong(name) && !q.is_whole() {
        let cause = format!("{leaf} of {name}: extended resources are whole numbers");
        faults.push(path, "quantity-fraction", cause, "write a whole number");
        return None;
    }
    Some(q)
}

/// Whether a resource can only be had whole: extended resources and pod slots.
pub fn fraction_is_wrong(name: &str) -> bool {
    name.contains('/') || name == "pods"
}
