//! Pods by workload.

use super::{About, Finding, Lint, Severity};
use crate::model::{Cluster, NodeId, OwnerKind, PodId, ShapeId};
use rustc_hash::FxHashMap;

/// A workload's pods that are not being deleted.
pub(super) struct Group {
    pub(super) about: About,
    pub(super) kind: OwnerKind,
    pub(super) pods: Vec<PodId>,
    /// Replicas that are wanted, where the input says it; else those that are there.
    pub(super) replicas: usize,
    /// The pods by what a replacement of them asks, in the order of the shapes.
    pub(super) shapes: Vec<(ShapeId, Vec<PodId>)>,
    /// Whether all running pods are on this one node.
    pub(super) only_node: Option<NodeId>,
}

impl Group {
    /// A lint about `pods` of this workload. It is an error if the finding keeps pods from coming back (`stops`),
    /// and these are all that run, on one node.
    pub(super) fn lint(&self, stops: bool, pods: Vec<PodId>, finding: Finding) -> Lint {
        let all = stops && self.only_node.is_some() && pods.len() == self.pods.len();
        let severity = if all { Severity::Error } else { Severity::Warning };
        Lint { severity, about: self.about, pods, nodes: Vec::new(), finding }
    }
}

/// Workloads in the order in which their first pods come.
pub(super) fn groups(cluster: &Cluster) -> Vec<Group> {
    let mut known: FxHashMap<(About, Option<ShapeId>), usize> = FxHashMap::default();
    let mut groups: Vec<Group> = Vec::new();
    for id in cluster.pod_ids() {
        let pod = cluster.pod(id);
        if pod.terminating || pod.owner.kind.stays_with_node() {
            continue;
        }
        let namespace = cluster.incoming_of(id).namespace;
        let workload = pod.workload.map(|w| cluster.workload(w));
        let kind = workload.map_or(pod.owner.kind, |w| w.kind);
        let name = workload.map(|w| w.name).or(pod.owner.name);
        let about = match kind {
            OwnerKind::Bare => About::BarePods { namespace },
            _ => About::Workload { namespace, kind, name },
        };
        // Controllers without a name are distinguished by what their pods ask.
        let unnamed = (name.is_none() && kind != OwnerKind::Bare).then_some(pod.incoming);
        let next = groups.len();
        let at = *known.entry((about, unnamed)).or_insert(next);
        if at == next {
            let replicas = workload.map_or(0, |w| w.replicas as usize);
            groups.push(Group {
                about,
                kind,
                pods: Vec::new(),
                replicas,
                shapes: Vec::new(),
                only_node: None,
            });
        }
        groups[at].pods.push(id);
    }
    groups.iter_mut().for_each(|g| complete(cluster, g));
    groups
}

fn complete(cluster: &Cluster, group: &mut Group) {
    if group.replicas == 0 {
        group.replicas = group.pods.len();
    }
    let mut by_shape: Vec<(ShapeId, PodId)> =
        group.pods.iter().map(|&p| (cluster.pod(p).incoming, p)).collect();
    by_shape.sort_unstable();
    group.shapes = by_shape
        .chunk_by(|a, b| a.0 == b.0)
        .map(|run| (run[0].0, run.iter().map(|&(_, p)| p).collect()))
        .collect();
    let mut nodes = group.pods.iter().filter_map(|&p| cluster.pod(p).node);
    let first = nodes.next();
    group.only_node = first.filter(|&first| nodes.all(|n| n == first));
}
