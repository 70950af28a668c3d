//! What is left of each resource after a loss.

use super::Planner;
use crate::model::{Cluster, NodeId, PodId, ResourceId};

/// What nodes have free, counted once for many losses.
#[derive(Clone, Debug)]
pub struct Headroom {
    /// Of all nodes, what is pending taken off.
    all: Vec<i64>,
    /// Of each node: what is gone with it, free or needed elsewhere then.
    with_node: Vec<Vec<i64>>,
}

impl Planner {
    /// See [`Headroom::after`].
    pub fn headroom(&self) -> Headroom {
        let cluster = self.cluster();
        let mut all = vec![0i64; cluster.resource_count()];
        let mut with_node = Vec::with_capacity(cluster.nodes().len());
        for node in cluster.node_ids() {
            let object = cluster.node(node);
            let free = if object.down { displaced(cluster, node) } else { free(cluster, node) };
            all.iter_mut().zip(&free).for_each(|(all, free)| *all = all.saturating_add(*free));
            // With a node that is down nothing more goes.
            let anew = if object.down { free.clone() } else { displaced(cluster, node) };
            let goes = |(free, anew): (&i64, &i64)| free.saturating_sub(*anew);
            with_node.push(free.iter().zip(&anew).map(goes).collect());
        }
        self.pending.iter().for_each(|&pod| take(cluster, &mut all, pod));
        Headroom { all, with_node }
    }
}

impl Headroom {
    /// For each resource, what the nodes that are left have free once all that the loss displaces, and all that was pending
    /// before, have taken theirs: a sum over nodes, negative where it is short. Cordoned nodes and those that are down have
    /// nothing free; a node that is overcommitted has none to give.
    ///
    /// Whether pods fit is another question: what is left may be in pieces.
    ///
    /// # Panics
    /// If a node is not of the planner's cluster.
    pub fn after(&self, lost: &[NodeId]) -> Vec<(ResourceId, i64)> {
        let mut left = self.all.clone();
        for node in lost {
            let gone = &self.with_node[node.index()];
            left.iter_mut().zip(gone).for_each(|(left, gone)| *left = left.saturating_sub(*gone));
        }
        left.into_iter().enumerate().map(|(i, left)| (ResourceId(i as u16), left)).collect()
    }
}

/// What a node has to give.
fn free(cluster: &Cluster, node: NodeId) -> Vec<i64> {
    let object = cluster.node(node);
    let mut free = vec![0i64; cluster.resource_count()];
    if object.unschedulable || object.ending {
        return free;
    }
    object.allocatable.iter().for_each(|(resource, amount)| free[resource.index()] = amount);
    for &pod in cluster.pods_on(node) {
        for (resource, amount) in cluster.shape_of(pod).requests.iter() {
            free[resource.index()] = free[resource.index()].saturating_sub(amount);
        }
    }
    free.iter_mut().for_each(|free| *free = (*free).max(0));
    free
}

/// What its loss takes from others, below zero.
fn displaced(cluster: &Cluster, node: NodeId) -> Vec<i64> {
    let mut needed = vec![0i64; cluster.resource_count()];
    for &pod in cluster.pods_on(node) {
        let object = cluster.pod(pod);
        if !object.owner.kind.stays_with_node()
            && cluster.controller(pod).is_some()
            && !object.orphan
        {
            take(cluster, &mut needed, pod);
        }
    }
    needed
}

fn take(cluster: &Cluster, left: &mut [i64], pod: PodId) {
    for (resource, amount) in cluster.incoming_of(pod).requests.iter() {
        let left = &mut left[resource.index()];
        *left = left.saturating_sub(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClusterBuilder, NodeSpec, Owner, OwnerKind, PodSpec, Resources};
    use std::sync::Arc;

    /// CPU left after the loss of these nodes: a holds 2 of a Deployment and 1 of a DaemonSet, b 1, c is cordoned; 1 is
    /// pending.
    fn cpu_left(down: bool, lost: &[u32]) -> i64 {
        let mut b = ClusterBuilder::new();
        for (name, unschedulable) in [("a", false), ("b", false), ("c", true)] {
            let allocatable = Resources::new().with(ResourceId::CPU, 4);
            let down = down && name == "a";
            let node = NodeSpec {
                name: name.into(),
                allocatable,
                unschedulable,
                down,
                ..NodeSpec::default()
            };
            b.add_node(node, 0);
        }
        let pods = [
            ("p", Some("a"), 2, OwnerKind::Deployment),
            ("d", Some("a"), 1, OwnerKind::DaemonSet),
            ("q", Some("b"), 1, OwnerKind::Deployment),
            ("w", None, 1, OwnerKind::Deployment),
        ];
        for (name, node, cpu, kind) in pods {
            let shape = b.shape("default", Resources::new().with(ResourceId::CPU, cpu));
            let owner = Owner { kind, name: Some(b.intern(name)) };
            let node = node.map(str::to_string);
            b.add_pod(PodSpec { node, owner, ..PodSpec::new(name, shape) }, 0);
        }
        let planner = Planner::new(Arc::new(b.build().expect("valid")));
        let lost: Vec<NodeId> = lost.iter().map(|&n| NodeId(n)).collect();
        planner.headroom().after(&lost)[ResourceId::CPU.index()].1
    }

    #[test]
    fn what_is_lost_is_displaced_and_what_is_cordoned_is_not_free() {
        assert_eq!(cpu_left(false, &[]), 1 + 3 - 1);
        assert_eq!(cpu_left(false, &[0]), 3 - 1 - 2, "the DaemonSet's pod goes with its node");
        assert_eq!(cpu_left(false, &[1]), 1 - 1 - 1);
        assert_eq!(cpu_left(false, &[0, 1]), -1 - 2 - 1);
        assert_eq!(cpu_left(true, &[]), 3 - 1 - 2);
        assert_eq!(cpu_left(true, &[0]), 3 - 1 - 2, "it is lost already");
    }
}
