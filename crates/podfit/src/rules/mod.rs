//! What is allowed: may this pod run on this node, and if not, why, in the scheduler's order and words.
//!
//! In: a [`Cluster`], and for what depends on other pods a [`State`] of it (the cluster as it is, or after
//! a [`Change`](crate::model::Change)). Out: [`Refusal`]s, as data and as sentences, and an [`Explanation`]
//! over all nodes. A rule is a file:
//!
//! | file | rule | static |
//! |---|---|---|
//! | `cordon` | the node is cordoned | yes |
//! | `node_name` | the pod names another node | yes |
//! | `taints` | an untolerated taint | yes |
//! | `node_affinity` | node selector, required node affinity | yes |
//! | `host_ports` | a port is taken | |
//! | `resources` | a resource or the pod slots are short | |
//! | `cards` | GPU cards are short | |
//! | `volumes` | a bound volume is out of reach | yes |
//! | `spread` | hard topology spread | |
//! | `inter_pod` | pod affinity, own and others' anti-affinity | |
//!
//! A lost node refuses everything first. The static rules need no state: [`static_refusal`] serves problem
//! building. The rest of the folder is `state` (who is where), `counters` (how many pods of a kind per
//! domain, for spread and affinity), `refusal` and `explain` (text).
//!
//! Not judged here, for want of data in the model: volume counts, ReadWriteOncePod and zone conflicts of
//! volumes, resource claims. A pod's [`gaps`](crate::model::Pod::gaps) name them.

mod amount;
mod cards;
mod cordon;
mod counters;
mod explain;
mod host_ports;
mod inter_pod;
mod node_affinity;
mod node_name;
mod refusal;
mod resources;
mod rule;
mod spread;
mod state;
mod taints;
#[cfg(test)]
mod tests;
mod volumes;

pub use amount::format_amount;
pub use explain::{Explanation, explain};
pub use refusal::{Detail, Refusal, sentence};
pub(crate) use refusal::{format_port, format_taint};
pub use rule::{Rule, RuleSet};
pub use state::State;

use crate::model::{Cluster, NodeId, PodId, Shape};
use state::View;
pub(crate) use taints::{UNREACHABLE, UNSCHEDULABLE, tolerates, tolerates_all};

/// The first static rule that keeps pods of `shape` off `node`, in filter order; `None` where all allow it.
/// The answer is the same for nodes of equal name (if the shape looks at it), labels, taints and cordon.
///
/// # Panics
/// If `node` is not of `cluster`.
pub fn static_refusal(
    cluster: &Cluster,
    shape: &Shape,
    node: NodeId,
    rules: RuleSet,
) -> Option<Refusal> {
    Rule::ALL
        .into_iter()
        .filter(|&rule| rule.is_static() && rules.contains(rule))
        .find_map(|rule| refused_by_static(rule, cluster, shape, node, rules))
}

/// Every reason why `pod` may not be placed on `node` now: all the shortages of the first rule that
/// refuses ([`Rule::Resources`] names each short resource, the others one reason). Empty: it is allowed.
///
/// `pod` is judged as a newcomer: if it is somewhere in `state`, [`State::remove`] it first.
///
/// # Panics
/// If `pod` or `node` is not of the state's cluster.
pub fn refusals(state: &State, pod: PodId, node: NodeId, rules: RuleSet) -> Vec<Refusal> {
    judge(&View::new(state, pod, rules), node)
}

fn judge(view: &View, node: NodeId) -> Vec<Refusal> {
    let mut found = Vec::new();
    for rule in Rule::ALL {
        if view.rules.contains(rule) {
            refused_by(rule, view, node, &mut found);
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

fn refused_by_static(
    rule: Rule,
    cluster: &Cluster,
    shape: &Shape,
    node: NodeId,
    rules: RuleSet,
) -> Option<Refusal> {
    match rule {
        Rule::Cordon => cordon::refuse(cluster, shape, node),
        Rule::NodeName => node_name::refuse(cluster, shape, node),
        Rule::Taints => taints::refuse(cluster, shape, node, rules),
        Rule::NodeAffinity => node_affinity::refuse(cluster, shape, node),
        Rule::Volumes => volumes::refuse(cluster, shape, node),
        Rule::Lost
        | Rule::HostPorts
        | Rule::Resources
        | Rule::Cards
        | Rule::Spread
        | Rule::InterPodAffinity
        | Rule::InterPodAntiAffinity
        | Rule::ExistingAntiAffinity => None,
    }
}

fn refused_by(rule: Rule, view: &View, node: NodeId, found: &mut Vec<Refusal>) {
    match rule {
        Rule::Lost => found.extend(
            view.state.loss_of(node).map(|loss| Refusal::new(rule, node, Detail::Lost(loss))),
        ),
        Rule::Cordon | Rule::NodeName | Rule::Taints | Rule::NodeAffinity | Rule::Volumes => {
            let cluster = view.state.cluster();
            found.extend(refused_by_static(rule, cluster, view.shape, node, view.rules));
        }
        Rule::HostPorts => found.extend(host_ports::refuse(view, node)),
        Rule::Resources => resources::refuse(view, node, found),
        Rule::Cards => found.extend(cards::refuse(view, node)),
        Rule::Spread => found.extend(spread::refuse(view, node)),
        Rule::InterPodAffinity => found.extend(inter_pod::refuse_affinity(view, node)),
        Rule::InterPodAntiAffinity => found.extend(inter_pod::refuse_anti_affinity(view, node)),
        Rule::ExistingAntiAffinity => found.extend(inter_pod::refuse_existing(view, node)),
    }
}
