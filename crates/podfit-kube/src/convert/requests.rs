//! What a running pod holds: more than its spec asks while it is resized in place.

use super::{
    Out,
    amounts::{Amounts, read, read_if},
    asks::{Asked, Asks, Kind, asked, counts_for_pods},
    bounds::{ENTRIES_MAX, within},
};
use crate::{
    fault::Path,
    wire::{ContainerStatus, Pod},
};
use podfit::model::ResourceId;

/// What the pod holds where it runs: per container, the most of its spec, of `status.resources` and of
/// `status.allocatedResources`, wherever the kubelet states `status.resources` (not only during a resize: at
/// rest they are equal); with a resize that is `Infeasible`, without the spec. `asks` is its spec.
pub(super) fn held(
    pod: &Pod,
    asks: &Asks,
    assumed: &[(ResourceId, i64)],
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Asked {
    let infeasible = is_infeasible(pod);
    let at = root.field("spec");
    let mut containers = asks.requests();
    let lists = [
        ("containers", &pod.spec.containers, &pod.status.container_statuses),
        ("initContainers", &pod.spec.init_containers, &pod.status.init_container_statuses),
    ];
    let mut slots = containers.iter_mut();
    for (field, list, statuses) in lists {
        let at = at.field(field);
        let of_status = within(statuses.as_deref(), ENTRIES_MAX, &at, out);
        for ((i, c), (kind, amounts)) in list.iter().flatten().enumerate().zip(&mut slots) {
            let status = of_status.iter().find(|s| s.name == c.name);
            // Plain init containers cannot be resized.
            if let Some(status) = status.filter(|_| *kind != Kind::Init && !c.name.is_empty()) {
                held_by_container(amounts, status, infeasible, &at.index(i), out);
            }
        }
    }
    let level = held_level(pod, asks, root, out);
    asked(&containers, &level, &asks.overhead, assumed)
}

/// What a running container holds (`determineContainerReqs` in `component-helpers/resource/helpers.go`): what its spec
/// asks, where the kubelet says nothing.
fn held_by_container(
    amounts: &mut Amounts,
    status: &ContainerStatus,
    infeasible: bool,
    path: &Path<'_>,
    out: &mut Out<'_>,
) {
    let Some(actual) = status.resources.as_ref() else { return };
    let at = path.field("status");
    if infeasible {
        *amounts = Amounts::default();
    }
    amounts.raise_to(&read(actual.requests.as_ref(), &at.field("resources"), out));
    let allocated = status.allocated_resources.as_ref();
    amounts.raise_to(&read(allocated, &at.field("allocatedResources"), out));
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

/// The pod level of a running pod: the most of spec and status, where the status has it (1.35 and later,
/// `effectivePodLevelResources` in `component-helpers/resource/helpers.go`).
fn held_level(pod: &Pod, asks: &Asks, root: &Path<'_>, out: &mut Out<'_>) -> Amounts {
    let (level, status) = (asks.level_requests(), &pod.status);
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
            *q = q.without(asks.overhead.get(*id));
        }
        most.raise_to(&stated);
    }
    most
}
