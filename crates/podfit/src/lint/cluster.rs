//! Budgets that block a drain, a control plane that hangs on one node, nodes that are down, DaemonSets without room.

use super::{About, Finding, Lint, Severity};
use crate::control_plane::{Failures, Topology, tolerated};
use crate::model::{Cluster, Component, NodeId, OwnerKind, PodId, ResourceId};
use crate::planner::Planner;
use std::collections::BTreeMap;

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

/// DaemonSets whose pods wait for room on the one node that each may run on, and could have it by evicting others.
pub(super) fn starving(planner: &Planner, lints: &mut Vec<Lint>) {
    let cluster = planner.cluster().as_ref();
    let mut found: BTreeMap<_, (PodId, Vec<PodId>, Vec<NodeId>)> = BTreeMap::new();
    for id in cluster.pod_ids() {
        let pod = cluster.pod(id);
        if pod.owner.kind != OwnerKind::DaemonSet || pod.node.is_some() || pod.gated {
            continue;
        }
        let mut nodes = planner.eligible(pod.incoming).ones().map(|n| NodeId(n as u32));
        let (Some(node), None) = (nodes.next(), nodes.next()) else { continue };
        if !is_short(cluster, id, node, |_| true) || is_short(cluster, id, node, |_| false) {
            continue;
        }
        let keeps_its_place = |p: PodId| {
            cluster.shape_of(p).priority >= cluster.incoming_of(id).priority
                || cluster.pod(p).owner.kind.stays_with_node()
        };
        // Where it outranks enough of them, the scheduler makes room by itself.
        if !is_short(cluster, id, node, keeps_its_place) {
            continue;
        }
        let key = (cluster.shape_of(id).namespace, pod.owner.name);
        let entry = found.entry(key).or_insert((id, Vec::new(), Vec::new()));
        entry.1.push(id);
        entry.2.push(node);
    }
    lints.extend(found.into_iter().map(|((namespace, name), (first, pods, nodes))| Lint {
        severity: Severity::Warning,
        about: About::Workload { namespace, kind: OwnerKind::DaemonSet, name },
        pods,
        nodes,
        finding: Finding::DaemonSetStarves { priority: cluster.incoming_of(first).priority },
    }));
}

/// Whether a node is short of some amount for a pod beside those of its pods that stay.
fn is_short(cluster: &Cluster, pod: PodId, node: NodeId, stays: impl Fn(PodId) -> bool) -> bool {
    let here = || cluster.pods_on(node).iter().filter(|&&p| stays(p));
    let held = |r: ResourceId| here().map(|&p| cluster.shape_of(p).requests.get(r)).sum::<i64>();
    let room = &cluster.node(node).allocatable;
    cluster
        .incoming_of(pod)
        .requests
        .iter()
        .any(|(r, need)| need > 0 && held(r) + need > room.get(r))
}
