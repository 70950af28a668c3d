//! Budgets that block a drain, and a control plane that hangs on one node.

use super::{About, Finding, Lint, Severity};
use crate::control_plane::Topology;
use crate::model::{Cluster, Loss, NodeId, PodId};

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

/// Nodes whose loss alone stops the control plane. A drain stops no static pod, so it is asked as not ready.
pub(super) fn control_plane(cluster: &Cluster, loss: Loss, lints: &mut Vec<Lint>) {
    let loss = if loss == Loss::Drained { Loss::NotReady } else { loss };
    let of = |p: PodId| cluster.pod(p).node.filter(|_| cluster.pod(p).component.is_some());
    let parts = Topology::of(cluster);
    let mut nodes = Vec::new();
    let mut down = Vec::new();
    for node in parts.nodes().into_iter().take(CONTROL_NODES_MAX) {
        let after = parts.after(&[node], loss);
        if after.is_down() {
            nodes.push(node);
            down.extend(after.down.iter().map(|o| o.part));
        }
    }
    if nodes.is_empty() {
        return;
    }
    down.sort_unstable();
    down.dedup();
    let on = |p: &PodId| of(*p).is_some_and(|n| nodes.contains(&n));
    let pods = cluster.pod_ids().filter(on).collect();
    let finding = Finding::ControlPlaneSingle { down };
    lints.push(Lint {
        severity: Severity::Error,
        about: About::ControlPlane,
        pods,
        nodes,
        finding,
    });
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
