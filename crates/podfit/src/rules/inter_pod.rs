//! Required pod affinity and anti-affinity (rule 14). Anti-affinity is symmetric: the newcomer's own terms
//! and the terms of the pods already there. Lingering and terminating pods count.

use super::{Detail, Refusal, Rule, state::View};
use crate::model::NodeId;

/// Affinity: in the node's domain of every term must be a pod that matches *all* terms. Where such a pod is
/// nowhere, one that matches its own terms may be the first.
pub(super) fn refuse_affinity(view: &View, node: NodeId) -> Option<Refusal> {
    let coupling = view.coupling();
    let mut unmet = None;
    for (term, &id) in view.shape.affinity.iter().zip(&coupling.affinity) {
        let key = term.topology_key;
        let Some(domain) = view.counters().domain(id, node) else {
            // Not even the first pod may go where a topology key is missing.
            return Some(Refusal::new(Rule::InterPodAffinity, node, Detail::LabelMissing { key }));
        };
        if unmet.is_none() && view.counters().counter(id).count(domain) == 0 {
            let domain = view.counters().domain_name(id, domain);
            unmet = Some(Detail::Affinity { key, domain });
        }
    }
    let detail = unmet?;
    let nowhere = coupling.affinity.iter().all(|&id| view.counters().counter(id).total() == 0);
    if nowhere && coupling.matches_own_affinity {
        return None;
    }
    Some(Refusal::new(Rule::InterPodAffinity, node, detail))
}

/// Own anti-affinity: no pod that a term selects may be in the node's domain. A node without the key is in
/// no domain.
pub(super) fn refuse_anti_affinity(view: &View, node: NodeId) -> Option<Refusal> {
    let detail = view.coupling().anti_affinity.iter().find_map(|&id| {
        let (key, domain, pod) = met(view, id, node)?;
        Some(Detail::AntiAffinity { key, domain, pod })
    })?;
    Some(Refusal::new(Rule::InterPodAntiAffinity, node, detail))
}

/// Others' anti-affinity: no pod with a term that selects the newcomer may be in the node's domain.
pub(super) fn refuse_existing(view: &View, node: NodeId) -> Option<Refusal> {
    let detail = view.coupling().existing.iter().find_map(|&id| {
        let (key, domain, pod) = met(view, id, node)?;
        Some(Detail::ExistingAntiAffinity { key, domain, pod })
    })?;
    Some(Refusal::new(Rule::ExistingAntiAffinity, node, detail))
}

fn met(
    view: &View,
    id: super::counters::CounterId,
    node: NodeId,
) -> Option<(crate::model::Sym, crate::model::Sym, crate::model::PodId)> {
    let counters = view.counters();
    let domain = counters.domain(id, node)?;
    if counters.counter(id).count(domain) == 0 {
        return None;
    }
    let pod = counters.first(view.state.standing(), id, domain)?;
    Some((counters.key(id), counters.domain_name(id, domain), pod))
}
