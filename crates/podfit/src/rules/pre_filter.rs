//! What the scheduler settles before it looks at nodes one by one: its PreFilter stage. A refusal here holds for
//! every node and is given once; nodes that a required node affinity does not name are set aside unjudged.
//!
//! Sources in `pkg/scheduler`: `framework/runtime/framework.go` (order, the first refusal ends it),
//! `schedule_one.go` (nodes set aside), plugins `nodeaffinity/node_affinity.go`,
//! `volumerestrictions/volume_restrictions.go` (looks up every claim), `volumebinding/volume_binding.go`.

use super::{Detail, Refusal, Rule, RuleSet};
use crate::model::{ClaimKind, Cluster, NodeId, NodeTerm, Shape, Sym};

/// Why the pod or the node is out before any filter runs.
pub(super) fn refuse(
    cluster: &Cluster,
    shape: &Shape,
    node: NodeId,
    rules: RuleSet,
) -> Option<Refusal> {
    let named = rules.contains(Rule::NodeAffinity).then(|| named_nodes(shape)).flatten();
    if named.as_ref().is_some_and(Vec::is_empty) {
        return Some(Refusal::new(Rule::NodeAffinity, node, Detail::TermsConflict));
    }
    if rules.contains(Rule::Volumes) {
        let claim = |kind| shape.volumes.iter().find(|v| v.kind == kind).map(|v| v.claim);
        let missing = claim(ClaimKind::Missing).map(|claim| Detail::ClaimMissing { claim });
        let unbound = || claim(ClaimKind::Unbound).map(|claim| Detail::ClaimUnbound { claim });
        if let Some(detail) = missing.or_else(unbound) {
            return Some(Refusal::new(Rule::Volumes, node, detail));
        }
    }
    let set_aside = named?.iter().all(|&name| name != cluster.node(node).name);
    set_aside.then(|| Refusal::new(Rule::NodeAffinity, node, Detail::NotNamed))
}

/// The nodes that the required node affinity names, if each of its terms names some; empty where every term
/// contradicts itself.
fn named_nodes(shape: &Shape) -> Option<Vec<Sym>> {
    let terms = shape.node_selector.terms.as_ref().filter(|terms| !terms.is_empty())?;
    let mut named = Vec::new();
    for term in terms {
        named.extend(named_by(term)?);
    }
    Some(named)
}

/// The node that a term names: none (`Some(None)`) where it names two.
fn named_by(term: &NodeTerm) -> Option<Option<Sym>> {
    let mut names = term.names.iter().filter(|(_, is)| *is).map(|&(name, _)| name);
    let first = names.next()?;
    Some(names.all(|name| name == first).then_some(first))
}
