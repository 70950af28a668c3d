//! What fails of a control plane, by names.
//!
//! | written | means |
//! |---|---|
//! | `m1:etcd` | one part on a machine |
//! | `m1` | a machine of the control plane with all that runs on it |
//! | `lb` | the balancer of that name; every balancer, where none has it |
//! | `pod/default/web-0` | a pod that crashes; a controller's name means its pods |
//! | anything else | nodes, hosts of a device, failure domains, as in a what-if |

use super::{Fault, RequestError, at, did_you_mean, listed, lost, pods};
use podfit::control_plane::{self, Failures, PARTS, Topology};
use podfit::device::{HostId, Plan as Device};
use podfit::model::{Cluster, NodeId, PodId};

/// The word for every balancer.
const BALANCER: &str = "lb";

/// What fails.
#[derive(Debug)]
pub(crate) struct PlaneFailed {
    /// Parts and balancers.
    pub failures: Failures,
    /// Nodes that are lost, each once.
    pub nodes: Vec<NodeId>,
    /// Hosts of the edge device, each once.
    pub hosts: Vec<HostId>,
    /// Pods that crash, each once.
    pub pods: Vec<PodId>,
}

/// What these names mean; none is fine.
pub(crate) fn plane_failed(
    cluster: &Cluster,
    device: Option<&Device>,
    topology: &Topology,
    names: &[String],
) -> Result<PlaneFailed, Vec<RequestError>> {
    let mut failed = PlaneFailed {
        failures: Failures::none(topology),
        nodes: Vec::new(),
        hosts: Vec::new(),
        pods: Vec::new(),
    };
    let (mut errors, mut others, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for (i, name) in names.iter().enumerate() {
        let place = format!("fail[{i}]");
        if let Some(pod) = name.strip_prefix("pod/") {
            match pods(cluster, &[pod.to_string()]) {
                Ok(found) => failed.pods.extend(found),
                Err(faults) => {
                    errors.extend(
                        faults.into_iter().map(|e| RequestError { place: place.clone(), ..e }),
                    );
                }
            }
        } else if let Some(balancers) = balancers(topology, name) {
            match balancers {
                Ok(which) => which.into_iter().for_each(|b| failed.failures.balancers[b] = true),
                Err(fault) => errors.push(at(place, fault)),
            }
        } else if let Some(machine) = topology.machine(name) {
            failed.failures.machine(topology, machine);
            failed.nodes.extend(topology.machines[machine].node);
        } else if let Some((machine, part)) = name.rsplit_once(':') {
            match member(topology, machine, part) {
                Ok(member) => failed.failures.members[member] = true,
                Err(fault) => errors.push(at(place, fault)),
            }
        } else {
            others.push(name.clone());
            places.push(place);
        }
    }
    match lost(cluster, device, &others) {
        Ok(lost) => {
            failed.nodes.extend(lost.nodes);
            failed.hosts = lost.hosts;
        }
        Err(faults) => errors.extend(faults.into_iter().map(|e| replaced(e, &places, topology))),
    }
    failed.nodes.sort_unstable();
    failed.nodes.dedup();
    failed.pods.sort_unstable();
    failed.pods.dedup();
    if errors.is_empty() {
        return Ok(failed);
    }
    errors.sort_by_key(|e| index(&e.place));
    Err(errors)
}

/// A fault of the names that are left, at its place among all; machines may be named too.
fn replaced(error: RequestError, places: &[String], topology: &Topology) -> RequestError {
    let place = index(&error.place).and_then(|i| places.get(i)).cloned().unwrap_or(error.place);
    let mut fix = error.fix;
    let machines = topology.machines.iter().filter(|m| m.node.is_none()).map(|m| m.name.clone());
    let machines: Vec<String> =
        machines.chain(topology.balancers.iter().flatten().cloned()).collect();
    if !machines.is_empty() {
        fix += &format!("; of the control plane: {}", listed(machines.into_iter()));
    }
    RequestError { place, fix, ..error }
}

/// The number in `fail[3]`.
fn index(place: &str) -> Option<usize> {
    place.strip_prefix("fail[")?.strip_suffix(']')?.parse().ok()
}

/// The balancers that a name means; `None` where it means something else.
fn balancers(topology: &Topology, name: &str) -> Option<Result<Vec<usize>, Fault>> {
    let known = topology.balancers.as_deref().unwrap_or_default();
    if let Some(one) = known.iter().position(|b| b == name) {
        return Some(Ok(vec![one]));
    }
    if name != BALANCER || topology.machine(name).is_some() {
        return None;
    }
    if known.is_empty() {
        let cause = "the input names no balancer".into();
        let fix = "describe it: controlPlane.balancers in a podfit/v1 document".into();
        return Some(Err(("no-balancer", cause, fix)));
    }
    Some(Ok((0..known.len()).collect()))
}

/// The member that `m1:etcd` means.
fn member(topology: &Topology, machine: &str, part: &str) -> Result<usize, Fault> {
    let names = PARTS.map(control_plane::name);
    let Some(part) = control_plane::part(part) else {
        let fix = format!("{}parts: {}", did_you_mean(part, names.into_iter()), names.join(", "));
        return Err((
            "unknown-component",
            format!("there is no part {part:?} of a control plane"),
            fix,
        ));
    };
    if !topology.is_known() {
        let cause = "the input shows no control plane".into();
        let fix = "gather the pods of kube-system too, or describe it: controlPlane in a podfit/v1 document";
        return Err(("no-control-plane", cause, fix.into()));
    }
    let with_part: Vec<&str> = topology
        .of_part(part)
        .map(|m| topology.machines[topology.members[m].machine].name.as_str())
        .collect();
    let known = || {
        format!(
            "machines with {}: {}",
            control_plane::name(part),
            listed(with_part.iter().map(ToString::to_string))
        )
    };
    let Some(at) = topology.machine(machine) else {
        let names = topology.machines.iter().map(|m| m.name.as_str());
        let fix = format!("{}{}", did_you_mean(machine, names), known());
        return Err((
            "unknown-machine",
            format!("there is no machine {machine:?} in the control plane"),
            fix,
        ));
    };
    topology.on(at).find(|&m| topology.members[m].part == part).ok_or_else(|| {
        ("unknown-component", format!("{machine} has no {}", control_plane::name(part)), known())
    })
}
