//! Budgets that block a drain, and a control plane that hangs on one node.

use super::{About, Finding, Lint, Severity};
use crate::control_plane::{Failures, Topology, tolerated};
use crate::model::{Cluster, Component, NodeId, PodId};

/// Nodes asked for: a control plane has a handful.
const CONTROL_NODES_MAX: usize = 16;

pub(super) fn budgets(cluster: &Cluster, lints: &mut Vec<Lint>) {
    if cluster.budgets().is_empty() {
        return;
    }
    let of_shape: Vec<Vec<usize>> =
        cluster.shapes().iter().map(|s| cluster.budgets_of(s).collect()).collect();
    let mut pods: Vec<Vec<PodId>> = vec![Vec::new(); cluster.budgets().len()];
    for id in cluster.pod_ids() {
        let pod = cluster.pod(id);
        // A drain leaves these where they are, or has evicted them already.
        if pod.terminating || pod.node.is_none() || pod.owner.kind.stays_with_node() {
            continue;
        }
        of_shape[pod.shape.index()].iter().for_each(|&b| pods[b].push(id));
    }
    for (i, (budget, pods)) in cluster.budgets().iter().zip(pods).enumerate() {
        if budget.allowed > 0 || pods.is_empty() {
            continue;
        }
        let mut nodes: Vec<NodeId> = pods.iter().filter_map(|&p| cluster.pod(p).node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        lints.push(Lint {
            severity: Severity::Warning,
            about: About::Budget(i),
            pods,
            nodes,
            finding: Finding::BudgetBlocks { allowed: budget.allowed },
        });
    }
}

/// Machines whose loss alone stops the control plane. A drain stops no static pod, so it is asked as not ready.
pub(super) fn control_plane(cluster: &Cluster, lints: &mut Vec<Lint>) {
    let topology = Topology::of(cluster);
    let (mut nodes, mut machines, mut down) = (Vec::new(), Vec::new(), Vec::new());
    for (i, machine) in topology.machines.iter().enumerate().take(CONTROL_NODES_MAX) {
        let mut failures = Failures::none(&topology);
        failures.machine(&topology, i);
        let outages = topology.outages(&failures);
        if outages.is_empty() {
            continue;
        }
        down.extend(outages.iter().map(|o| o.part));
        match machine.node {
            Some(node) => nodes.push(node),
            None => machines.push(machine.name.clone()),
        }
    }
    nodes.sort_unstable();
    down.sort_unstable();
    down.dedup();
    let of = |p: PodId| cluster.pod(p).node.filter(|_| cluster.pod(p).component.is_some());
    let lint = |severity, finding, nodes: Vec<NodeId>| Lint {
        severity,
        about: About::ControlPlane,
        pods: cluster.pod_ids().filter(|&p| of(p).is_some_and(|n| nodes.contains(&n))).collect(),
        nodes,
        finding,
    };
    if !down.is_empty() {
        let finding = Finding::ControlPlaneSingle { down, machines };
        lints.push(lint(Severity::Error, finding, nodes));
    }
    let members = topology.of_part(Component::Etcd).count() as u32;
    if topology.etcd_is_counted && members > 0 && members.is_multiple_of(2) {
        let finding = Finding::EtcdEven { members, tolerated: tolerated(members) };
        let all = topology.of_part(Component::Etcd).map(|m| topology.members[m].machine);
        let nodes = all.filter_map(|m| topology.machines[m].node).collect();
        lints.push(lint(Severity::Warning, finding, nodes));
    }
}

/// Nodes that are down now, each with the pods that should run on it.
pub(super) fn down(cluster: &Cluster, lints: &mut Vec<Lint>) {
    for node in cluster.node_ids().filter(|&node| cluster.node(node).down) {
        let moves = |p: &PodId| !cluster.pod(*p).owner.kind.stays_with_node();
        lints.push(Lint {
            severity: Severity::Error,
            about: About::Node(node),
            pods: cluster.pods_on(node).iter().copied().filter(moves).collect(),
            nodes: vec![node],
            finding: Finding::NodeDown,
        });
    }
}
