//! Volumes: where a claim can be met. Bound claims by the volume's node affinity, waiting ones by where
//! a volume can be had, both in the filter VolumeBinding; bound ones once more by the volume's labels in the
//! filter VolumeZone. Claims that can be met nowhere are in [`pre_filter`](super::pre_filter).

use super::{Detail, Refusal, Rule};
use crate::model::{ClaimKind, Cluster, NodeId, Shape, Sym};

/// Up to three reasons, the bound claims' first, as `volumebinding/binder.go` lists them.
pub(super) fn refuse(cluster: &Cluster, shape: &Shape, node: NodeId) -> Vec<Refusal> {
    let bound = unmet(cluster, shape, node, ClaimKind::Bound).map(|claim| Detail::Volume { claim });
    let waits =
        unmet(cluster, shape, node, ClaimKind::Waits).map(|claim| Detail::NoVolume { claim });
    let space =
        unmet(cluster, shape, node, ClaimKind::Space).map(|claim| Detail::NoSpace { claim });
    [bound, waits, space]
        .into_iter()
        .flatten()
        .map(|d| Refusal::new(Rule::Volumes, node, d))
        .collect()
}

pub(super) fn refuse_zone(cluster: &Cluster, shape: &Shape, node: NodeId) -> Option<Refusal> {
    let claim = unmet(cluster, shape, node, ClaimKind::Zone)?;
    Some(Refusal::new(Rule::VolumeZone, node, Detail::VolumeZone { claim }))
}

/// The first claim of this kind that does not accept the node.
fn unmet(cluster: &Cluster, shape: &Shape, node: NodeId, kind: ClaimKind) -> Option<Sym> {
    let object = cluster.node(node);
    let accepts = |v: &crate::model::VolumeClaim| {
        v.nodes.matches(object.name, &object.labels, cluster.names())
    };
    shape.volumes.iter().find(|v| v.kind == kind && !accepts(v)).map(|v| v.claim)
}
