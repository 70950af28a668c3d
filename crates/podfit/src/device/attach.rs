//! The device under a cluster that was read: which of its nodes are machines of which host.

use super::{
    catalogue::{KUBERNETES_PAGE, Model},
    error::DeviceError,
    kube::{CONTROL_PLANE, HOST_LABEL},
    notes::Note,
    plan::{Device, HostId, Plan, Vm, VmKind},
    sizing::Size,
};
use crate::model::{Cluster, NodeId, ResourceId};

/// The plan of a device of this model whose machines are nodes of `cluster`: by `hosts`, or where that is empty by the label
/// `podfit.dev/host` of the nodes. A node labelled as control plane is the master, which restarts on the other host of two;
/// others are workers. Machines are as large as what their nodes have to allocate.
///
/// # Errors
/// All at once: `no-hosts`, `node-count`, `unknown-node`, `duplicate-vm`, `no-worker`.
pub fn under(
    cluster: &Cluster,
    model: Model,
    hosts: &[(HostId, Vec<String>)],
) -> Result<Plan, Vec<DeviceError>> {
    let labelled;
    let hosts = match hosts {
        [] => {
            labelled = by_labels(cluster);
            &labelled[..]
        }
        given => given,
    };
    let mut errors = Vec::new();
    if hosts.is_empty() {
        let cause = format!(
            "it is not said which nodes are on which host, and no node has the label {HOST_LABEL}"
        );
        let fix = "name them, as A=worker-a,master";
        return Err(vec![DeviceError::new("no-hosts", "device.hosts", cause, fix)]);
    }
    let machines = machines(cluster, hosts, &mut errors);
    let mut ids: Vec<HostId> = hosts.iter().map(|h| h.0).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids[0] != HostId::A {
        let (cause, fix) = ("host B is named, and A is not", "call the only host A");
        errors.push(DeviceError::new("node-count", "device.hosts", cause, fix));
    }
    for &host in &ids {
        if !machines.iter().any(|vm| vm.host == host && vm.kind == VmKind::Worker)
            && errors.is_empty()
        {
            let cause = format!("host {} has no worker", host.name());
            let fix = "name its worker, a node without the label of the control plane";
            errors.push(DeviceError::new("no-worker", "device.hosts", cause, fix));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut plan = Device::new(model, ids.len() as u32).validate()?;
    plan.vms = machines;
    plan.assumptions.push(Note::new(
        "machine-size",
        "the machines are as large as what their nodes have to allocate",
        KUBERNETES_PAGE,
    ));
    Ok(plan)
}

/// Nodes by the label of their host.
fn by_labels(cluster: &Cluster) -> Vec<(HostId, Vec<String>)> {
    let Some(key) = cluster.names().get(HOST_LABEL) else { return Vec::new() };
    let on = |host: HostId| {
        let is_there = |&n: &NodeId| {
            let value = cluster.node_labels(n).get(key).map(|v| cluster.str(v));
            value.and_then(HostId::parse) == Some(host)
        };
        let nodes = cluster.node_ids().filter(is_there);
        (host, nodes.map(|n| cluster.node_name(n).to_string()).collect::<Vec<_>>())
    };
    [HostId::A, HostId::B].map(on).into_iter().filter(|(_, nodes)| !nodes.is_empty()).collect()
}

/// Masters first, then workers, each in the order of the hosts.
fn machines(
    cluster: &Cluster,
    hosts: &[(HostId, Vec<String>)],
    errors: &mut Vec<DeviceError>,
) -> Vec<Vm> {
    let role = cluster.names().get(CONTROL_PLANE);
    let two = hosts.iter().any(|h| h.0 == HostId::B);
    let mut machines: Vec<Vm> = Vec::new();
    for (host, names) in hosts {
        let field = format!("device.hosts.{}", host.name());
        for name in names {
            let Some(node) = cluster.find_node(name) else {
                let cause = format!("there is no node {name:?}");
                let known: Vec<&str> =
                    cluster.node_ids().take(20).map(|n| cluster.node_name(n)).collect();
                let fix = format!("known: {}", known.join(", "));
                errors.push(DeviceError::new("unknown-node", &field, cause, fix));
                continue;
            };
            if machines.iter().any(|vm| vm.name == *name) {
                let cause = format!("{name} is named twice");
                errors.push(DeviceError::new("duplicate-vm", &field, cause, "name it once"));
                continue;
            }
            let labels = cluster.node_labels(node);
            let is_master = role.is_some_and(|key| labels.get(key).is_some());
            let room = &cluster.node(node).allocatable;
            machines.push(Vm {
                name: name.clone(),
                kind: if is_master { VmKind::Master } else { VmKind::Worker },
                host: *host,
                highly_available: two && is_master,
                size: Size {
                    vcpu_milli: room.get(ResourceId::CPU),
                    memory_bytes: room.get(ResourceId::MEMORY),
                },
            });
        }
    }
    machines.sort_by_key(|vm| (vm.kind != VmKind::Master, vm.host));
    machines
}
