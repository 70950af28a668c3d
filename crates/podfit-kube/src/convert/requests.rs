//! What a pod asks for: the effective request of component-helpers' `resource/helpers.go`.
//!
//! Per resource: the larger of (containers + sidecars) and, for each init container in order, (sidecars before
//! it + itself); pod-level requests replace cpu, memory and huge pages; then the overhead. Sums are exact and
//! rounded up once.

use super::Out;
use crate::{
    fault::{Faults, Path},
    quantity::Quantity,
    wire::{Container, ContainerStatus, Leaf, Map, Pod, PodSpec, Resources as Stated},
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

    fn has(&self, id: ResourceId) -> bool {
        self.0.iter().any(|&(i, _)| i == id)
    }

    fn get(&self, id: ResourceId) -> Quantity {
        self.0.iter().find(|&&(i, _)| i == id).map_or(Quantity::ZERO, |&(_, q)| q)
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

/// Amounts of a pod, rounded to the units of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Effective requests, one pod slot included.
    pub amounts: Resources,
    /// As the score LeastAllocated counts them; `None` where nothing was defaulted.
    pub scored: Option<[i64; 2]>,
    /// The same while the pod is the one to be placed, see [`Soft::arriving`](podfit::model::Soft::arriving).
    pub arriving: Option<[i64; 2]>,
}

/// What a pod asks for, and whether cpu or memory is missing from it.
pub(super) struct Requests {
    /// What the pod holds where it runs; of a pending pod what it asks.
    pub held: Asked,
    /// What its spec asks, where that is not what it holds.
    pub incoming: Option<Asked>,
    pub unrequested: bool,
}

/// CPU in thousandths that the score LeastAllocated counts for a container that requests none
/// (`DefaultMilliCPURequest` in `pkg/scheduler/util/pod_resources.go`).
pub const SCORED_CPU_MILLI: i64 = 100;
/// Memory in bytes that it counts for a container that requests none (`DefaultMemoryRequest`).
pub const SCORED_MEMORY_BYTES: i64 = 200 << 20;

/// The effective request of a pod, one pod slot included; `assumed` fills missing cpu and memory.
///
/// A pod that runs holds, per container, the most of its spec, of `status.resources` and of
/// `status.allocatedResources`, wherever the kubelet states `status.resources` (not only during a resize: at
/// rest they are equal); with a resize that is `Infeasible`, without the spec. A newcomer asks its spec.
pub(super) fn effective(
    pod: &Pod,
    assumed: &[(ResourceId, i64)],
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Requests {
    let at = root.field("spec");
    let containers = containers(pod, &at, out);
    let overhead = read(pod.spec.overhead.as_ref(), &at.field("overhead"), out);
    let level = pod_level(&pod.spec, &total(&containers, spec_of, &[]), &at, out);
    let asked = |of: Of, level: &Amounts| asked(&containers, of, level, &overhead, assumed);
    let incoming = asked(spec_of, &level);
    let unrequested = {
        let stated = sum(&containers, spec_of, &[], &level, &overhead);
        [ResourceId::CPU, ResourceId::MEMORY].iter().any(|&id| stated.get(id) == Quantity::ZERO)
    };
    let runs = !pod.spec.node_name.is_empty();
    let held = runs.then(|| {
        let level = held_level(pod, level, &overhead, root, out);
        asked(held_of, &level)
    });
    match held {
        Some(held) if held != incoming => Requests { held, incoming: Some(incoming), unrequested },
        _ => Requests { held: incoming, incoming: None, unrequested },
    }
}

/// A container: what its spec asks and what it holds.
struct Own {
    spec: Amounts,
    /// `None` where the kubelet states nothing else.
    held: Option<Amounts>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Container,
    Init,
    Sidecar,
}

/// Which of a container's amounts count.
type Of = fn(&Own) -> &Amounts;

fn spec_of(own: &Own) -> &Amounts {
    &own.spec
}

fn held_of(own: &Own) -> &Amounts {
    own.held.as_ref().unwrap_or(&own.spec)
}

fn asked(
    containers: &[Own],
    of: Of,
    level: &Amounts,
    overhead: &Amounts,
    assumed: &[(ResourceId, i64)],
) -> Asked {
    let exact = sum(containers, of, &[], level, overhead);
    let mut amounts = Resources::new().with(ResourceId::PODS, 1);
    for &(id, q) in exact.0.iter().filter(|&&(id, _)| id != ResourceId::PODS) {
        amounts.set(id, q.in_unit_of(id));
    }
    // With pod-level requests only what the pod as a whole does not state is defaulted
    // (`getNonMissingContainerRequests` in `pkg/scheduler/framework/types.go`).
    let defaults: Vec<_> = scored_defaults()
        .into_iter()
        .filter(|&(id, _)| level.0.is_empty() || !exact.has(id))
        .collect();
    let scored = sum(containers, of, &defaults, level, overhead);
    let pair = [ResourceId::CPU, ResourceId::MEMORY];
    let mut scored = pair.map(|id| scored.get(id).in_unit_of(id));
    let arriving = sum(containers, spec_of, &scored_defaults(), &Amounts::default(), overhead);
    let mut arriving = pair.map(|id| arriving.get(id).in_unit_of(id));
    for &(id, amount) in assumed {
        if amounts.get(id) == 0 {
            // As if the pod had stated it.
            amounts.set(id, amount);
            (scored[id.index()], arriving[id.index()]) = (amount, amount);
        }
    }
    let defaulted = scored != pair.map(|id| amounts.get(id));
    // Without pod-level requests the two differ by a resize alone, and what arrives asks its spec.
    let differs = !level.0.is_empty() && arriving != scored;
    Asked { amounts, scored: defaulted.then_some(scored), arriving: differs.then_some(arriving) }
}

fn scored_defaults() -> [(ResourceId, Quantity); 2] {
    let cpu = Quantity::milli(SCORED_CPU_MILLI);
    [(ResourceId::CPU, cpu), (ResourceId::MEMORY, Quantity::whole(SCORED_MEMORY_BYTES))]
}

/// All of a pod: containers, the pod level instead of them where it speaks, and the overhead.
fn sum(
    containers: &[Own],
    of: Of,
    defaults: &[(ResourceId, Quantity)],
    level: &Amounts,
    overhead: &Amounts,
) -> Amounts {
    let mut total = total(containers, of, defaults);
    for &(id, q) in &level.0 {
        *total.slot(id) = q;
    }
    total.add(overhead);
    total
}

/// The containers of a pod; `defaults` stand in for what one of them does not state.
fn total(containers: &[Own], of: Of, defaults: &[(ResourceId, Quantity)]) -> Amounts {
    let (mut running, mut peak, mut sidecars) =
        (Amounts::default(), Amounts::default(), Amounts::default());
    for container in containers {
        let mut own = of(container).clone();
        for &(id, q) in defaults {
            if !own.has(id) {
                *own.slot(id) = q;
            }
        }
        match container.kind {
            Kind::Container => running.add(&own),
            Kind::Sidecar => {
                sidecars.add(&own);
                // While it starts it is the last of the sidecars.
                peak.raise_to(&sidecars);
            }
            Kind::Init => {
                own.add(&sidecars);
                peak.raise_to(&own);
            }
        }
    }
    running.add(&sidecars);
    running.raise_to(&peak);
    running
}

fn containers(pod: &Pod, spec: &Path<'_>, out: &mut Out<'_>) -> Vec<Own> {
    let mut all = Vec::new();
    let infeasible = is_infeasible(pod);
    let lists = [
        ("containers", &pod.spec.containers, &pod.status.container_statuses),
        ("initContainers", &pod.spec.init_containers, &pod.status.init_container_statuses),
    ];
    for (field, list, statuses) in lists {
        let at = spec.field(field);
        for (i, c) in list.iter().flatten().enumerate() {
            let kind = match field {
                "containers" => Kind::Container,
                _ if is_sidecar(c) => Kind::Sidecar,
                _ => Kind::Init,
            };
            let at = at.index(i);
            let own = container(c, &at, out);
            // Plain init containers cannot be resized.
            let status = statuses.iter().flatten().find(|s| s.name == c.name);
            let held = status
                .filter(|_| kind != Kind::Init && !c.name.is_empty())
                .and_then(|s| held(&own, s, infeasible, &at, out));
            all.push(Own { spec: own, held, kind });
        }
    }
    all
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
            if !requests.has(id) {
                requests.0.push((id, q));
            }
        }
    }
    requests
}

/// What a running container holds (`determineContainerReqs` in `component-helpers/resource/helpers.go`);
/// `None` where the kubelet does not say.
fn held(
    spec: &Amounts,
    status: &ContainerStatus,
    infeasible: bool,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Option<Amounts> {
    let actual = status.resources.as_ref()?;
    let at = path.field("status");
    let mut most = if infeasible { Amounts::default() } else { spec.clone() };
    most.raise_to(&read(actual.requests.as_ref(), &at.field("resources"), out));
    let allocated = status.allocated_resources.as_ref();
    most.raise_to(&read(allocated, &at.field("allocatedResources"), out));
    Some(most)
}

/// Whether a resize is refused for good, so that the spec counts no more: a condition since 1.33, a field before.
fn is_infeasible(pod: &Pod) -> bool {
    let mut conditions = pod.status.conditions.iter().flatten();
    let pending = conditions.find(|c| c.kind.as_str() == Some("PodResizePending"));
    match pending {
        Some(condition) => condition.reason.as_str() == Some("Infeasible"),
        None => pod.status.resize.as_str() == Some("Infeasible"),
    }
}

/// Which resources may be stated for the pod as a whole.
fn counts_for_pods(name: &str) -> bool {
    name == "cpu" || name == "memory" || name.starts_with("hugepages-")
}

/// What the pod as a whole requests; it replaces what the containers do.
fn pod_level(spec: &PodSpec, containers: &Amounts, at: &Path<'_>, out: &mut Out<'_>) -> Amounts {
    let Some(stated) = &spec.resources else { return Amounts::default() };
    let at = at.field("resources");
    let requests = stated.requests.as_ref();
    let mut level = read_if(counts_for_pods, requests, &at.field("requests"), out);
    let limits = read_if(counts_for_pods, stated.limits.as_ref(), &at.field("limits"), out);
    for &(id, q) in &limits.0 {
        // A limit stands in only where neither the pod nor a container requests anything.
        if !level.has(id) && containers.get(id) == Quantity::ZERO {
            *level.slot(id) = q;
        }
    }
    level
}

/// The pod level of a running pod: the most of spec and status, where the status has it (1.35 and later,
/// `effectivePodLevelResources` in `component-helpers/resource/helpers.go`).
fn held_level(
    pod: &Pod,
    level: Amounts,
    overhead: &Amounts,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Amounts {
    let status = &pod.status;
    if level.0.is_empty() || (status.resources.is_none() && status.allocated_resources.is_none()) {
        return level;
    }
    let at = root.field("status");
    let mut most = if is_infeasible(pod) { Amounts::default() } else { level };
    let actual = status.resources.as_ref().and_then(|r| r.requests.as_ref());
    for (map, field) in
        [(actual, "resources"), (status.allocated_resources.as_ref(), "allocatedResources")]
    {
        let mut stated = read_if(counts_for_pods, map, &at.field(field), out);
        for (id, q) in &mut stated.0 {
            // The status includes the overhead.
            *q = q.without(overhead.get(*id));
        }
        most.raise_to(&stated);
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
