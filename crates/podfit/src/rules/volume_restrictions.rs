//! ReadWriteOncePod: a claim of this access mode serves one pod of the cluster, wherever that runs. Pods being
//! deleted count, and those that linger on a node that is not ready; what was on a deleted node does not
//! (`volumerestrictions/volume_restrictions.go` asks the snapshot of the nodes which claims are in use).

use super::{Detail, Refusal, Rule, state::View};
use crate::model::NodeId;

pub(super) fn refuse(view: &View, node: NodeId) -> Option<Refusal> {
    let detail = view.shape.one_pod_claims.iter().find_map(|&claim| {
        let holder = view.state.claim_holder(view.shape.namespace, claim)?;
        Some(Detail::ClaimInUse { claim, holder })
    })?;
    Some(Refusal::new(Rule::VolumeRestrictions, node, detail))
}
