//! Taints: NoSchedule and NoExecute keep off pods that do not tolerate them (rules 6 and 7).

use super::{Detail, Refusal, Rule, RuleSet};
use crate::model::{Cluster, Effect, Loss, NodeId, Shape, Taint, Toleration};

/// The taint that the node controller puts on a cordoned node.
/// Key of the taint of a cordoned node.
pub const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";
/// The taint that the node controller puts on a node whose kubelet is silent.
pub(crate) const UNREACHABLE: &str = "node.kubernetes.io/unreachable";

pub(super) fn refuse(
    cluster: &Cluster,
    shape: &Shape,
    node: NodeId,
    rules: RuleSet,
) -> Option<Refusal> {
    let object = cluster.node(node);
    // With the cordon rule off the question is "what if it were uncordoned": its taint goes with it.
    let uncordoned = object.unschedulable && !rules.contains(Rule::Cordon);
    let taint = object
        .taints
        .iter()
        .filter(|t| !(uncordoned && cluster.str(t.key) == UNSCHEDULABLE))
        .find(|t| keeps_off(&shape.tolerations, t))?;
    Some(Refusal::new(Rule::Taints, node, Detail::Taint(*taint)))
}

fn keeps_off(tolerations: &[Toleration], taint: &Taint) -> bool {
    taint.effect != Effect::PreferNoSchedule && !tolerations.iter().any(|t| t.tolerates(taint))
}

/// Whether one of the tolerations is for a taint of this key without value that need not be in the model.
pub(crate) fn tolerates(
    cluster: &Cluster,
    tolerations: &[Toleration],
    key: &str,
    effect: Effect,
) -> bool {
    tolerations.iter().any(|t| {
        t.effect.is_none_or(|e| e == effect)
            && t.key.is_none_or(|k| cluster.str(k) == key)
            && t.value.is_none_or(|v| cluster.str(v).is_empty())
    })
}

/// Whether the tolerations are for all taints of a node, those included that a cordon or a loss brings. It decides
/// which nodes are spread domains under `nodeTaintsPolicy: Honor`.
pub(crate) fn tolerates_all(
    cluster: &Cluster,
    tolerations: &[Toleration],
    node: NodeId,
    loss: Option<Loss>,
) -> bool {
    let object = cluster.node(node);
    let cordoned = object.unschedulable || loss == Some(Loss::Drained);
    let tolerated = |key, effect| tolerates(cluster, tolerations, key, effect);
    !object.taints.iter().any(|t| keeps_off(tolerations, t))
        && (!cordoned || tolerated(UNSCHEDULABLE, Effect::NoSchedule))
        && (loss != Some(Loss::NotReady)
            || (tolerated(UNREACHABLE, Effect::NoSchedule)
                && tolerated(UNREACHABLE, Effect::NoExecute)))
}
