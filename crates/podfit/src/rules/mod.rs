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
//! | `volume_restrictions` | a claim for one pod alone is in use | |
//! | `volume_limits` | too many volumes attached | |
//! | `volumes` | a claim cannot be met there; a bound volume is in another zone | yes |
//! | `spread` | hard topology spread | |
//! | `inter_pod` | pod affinity, own and others' anti-affinity | |
//! | `kubelet` | the node is down, goes or runs another system | yes |
//! | | a volume of one node at a time is on another | |
//!
//! A lost node refuses everything first; then speaks `pre_filter`, what the scheduler settles before it looks at
//! nodes one by one; then the rules in their order. The static rules need no state: [`static_refusal`] serves problem
//! building. The rest of the folder is `state` (who is where), `counters` (how many pods of a kind per
//! domain, for spread and affinity), `refusal` and `explain` (text).
//!
//! Not judged here, for want of data in the model: resource claims. A pod's
//! [`gaps`](crate::model::Pod::gaps) name them.

mod amount;
mod cards;
mod cordon;
mod counters;
mod explain;
mod host_ports;
mod inter_pod;
mod kubelet;
mod node_affinity;
mod node_name;
mod paged;
mod pre_filter;
mod refusal;
mod resources;
mod rule;
mod spread;
mod state;
mod taints;
#[cfg(test)]
mod tests;
mod volume_limits;
mod volume_restrictions;
mod volumes;

pub use amount::format_amount;
pub(crate) use amount::format_apart;
pub(crate) use cards::first_free as first_free_cards;
pub use explain::{Explanation, RefusalGroup, explain};
pub use refusal::format_taint;
pub use refusal::{Detail, Refusal, sentence};
pub(crate) use refusal::{driver, format_port};
pub use rule::{Rule, RuleSet};
pub use state::State;

use crate::model::{Cluster, Effect, Loss, NodeId, PodId, Shape};
pub(crate) use kubelet::{gets_volumes, starts};
pub(crate) use paged::Paged;
pub(crate) use refusal::scheduler_reason;
use state::View;
pub(crate) use state::{Lifted, Resident, Start};
pub use taints::UNSCHEDULABLE;
pub(crate) use taints::{UNREACHABLE, tolerates, tolerates_all};

/// The first static rule that keeps pods of `shape` off `node`, in the scheduler's order; `None` where all
/// allow it.
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
    pre_filter::refuse(cluster, shape, node, rules).or_else(|| {
        let mut found = Vec::new();
        for rule in Rule::ALL.into_iter().filter(|&r| rules.contains(r)) {
            refused_by_static(rule, cluster, shape, node, rules, &mut found);
            if !found.is_empty() {
                break;
            }
        }
        found.into_iter().next()
    })
}

/// Every reason why `pod` may not be placed on `node` now, as the scheduler would give them: what its PreFilter
/// stage refuses (contradicting node affinity, claims that are missing or unbound, nodes that the affinity does
/// not name), else all that the first rule to refuse has to say ([`Rule::Resources`] names each short resource,
/// [`Rule::Volumes`] up to two claims, the others one reason). Empty: it is allowed. A lost node refuses first.
///
/// The pod is judged by its [`incoming`](crate::model::Pod::incoming) shape. Where room is being made for others
/// ([`State::nominate`]) it must fit beside them too.
///
/// `pod` is judged as a newcomer: if it is somewhere in `state`, [`State::remove`] it first.
///
/// # Panics
/// If `pod` or `node` is not of the state's cluster.
pub fn refusals(state: &State, pod: PodId, node: NodeId, rules: RuleSet) -> Vec<Refusal> {
    match state.reserved_before(pod).contains(&node) {
        true => refusals_beside(&mut state.clone(), pod, node, rules),
        false => judge(&View::new(state, pod, rules), node),
    }
}

/// The same for a state that may be changed for the moment, which saves copying it.
pub(crate) fn refusals_beside(
    state: &mut State,
    pod: PodId,
    node: NodeId,
    rules: RuleSet,
) -> Vec<Refusal> {
    let why = |state: &State| judge(&View::new(state, pod, rules), node);
    if state.reserved_before(pod).contains(&node) {
        let beside = state.as_if_there(pod, node, why);
        if !beside.is_empty() {
            return beside;
        }
    }
    why(state)
}

/// The nodes that refuse the pod because room is being made there for others.
pub(crate) fn reserved(
    state: &mut State,
    pod: PodId,
    rules: RuleSet,
) -> Vec<(NodeId, Vec<Refusal>)> {
    let nodes = state.reserved_before(pod).into_iter();
    let why = |node| (node, refusals_beside(state, pod, node, rules));
    nodes.map(why).filter(|(_, why)| !why.is_empty()).collect()
}

fn reserved_in(state: &State, pod: PodId, rules: RuleSet) -> Vec<(NodeId, Vec<Refusal>)> {
    match state.reserved_before(pod).is_empty() {
        true => Vec::new(),
        false => reserved(&mut state.clone(), pod, rules),
    }
}

fn judge(view: &View, node: NodeId) -> Vec<Refusal> {
    if let Some(loss) = view.state.loss_of(node)
        && view.rules.contains(Rule::Lost)
    {
        return vec![Refusal::new(Rule::Lost, node, Detail::Lost(loss))];
    }
    judge_by(view, node, |_| None)
}

/// What the scheduler, to whom a node is never lost, says of one that is: its cordon, its taint, or what comes
/// later where the pod tolerates that. Empty: it would go there.
fn judge_lost(view: &View, node: NodeId, loss: Loss) -> Vec<Refusal> {
    judge_by(view, node, |rule| {
        let cluster = view.state.cluster();
        let tolerates = |key, effect| tolerates(cluster, &view.shape.tolerations, key, effect);
        let detail = match (rule, loss) {
            (Rule::Cordon, Loss::Drained) => {
                (!tolerates(UNSCHEDULABLE, Effect::NoSchedule)).then_some(Detail::Cordoned)
            }
            (Rule::Taints, Loss::NotReady) => {
                let borne = tolerates(UNREACHABLE, Effect::NoSchedule)
                    && tolerates(UNREACHABLE, Effect::NoExecute);
                (!borne).then_some(Detail::Lost(loss))
            }
            _ => None,
        };
        detail.map(|detail| Refusal::new(rule, node, detail))
    })
}

/// PreFilter, then rule by rule until one refuses; `also` may add to what a rule finds nothing against.
fn judge_by(view: &View, node: NodeId, also: impl Fn(Rule) -> Option<Refusal>) -> Vec<Refusal> {
    let mut found = Vec::new();
    found.extend(pre_filter::refuse(view.state.cluster(), view.shape, node, view.rules));
    for rule in Rule::ALL.into_iter().filter(|&rule| view.rules.contains(rule)) {
        if found.is_empty() {
            refused_by(rule, view, node, &mut found);
        }
        if found.is_empty() {
            found.extend(also(rule));
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
    found: &mut Vec<Refusal>,
) {
    match rule {
        Rule::Cordon => found.extend(cordon::refuse(cluster, shape, node)),
        Rule::NodeName => found.extend(node_name::refuse(cluster, shape, node)),
        Rule::Taints => found.extend(taints::refuse(cluster, shape, node, rules)),
        Rule::NodeAffinity => found.extend(node_affinity::refuse(cluster, shape, node)),
        Rule::Volumes => found.extend(volumes::refuse(cluster, shape, node)),
        Rule::VolumeZone => found.extend(volumes::refuse_zone(cluster, shape, node)),
        Rule::Kubelet => found.extend(kubelet::refuse(cluster, shape, node)),
        Rule::Lost
        | Rule::HostPorts
        | Rule::Resources
        | Rule::Cards
        | Rule::VolumeRestrictions
        | Rule::VolumeLimits
        | Rule::Spread
        | Rule::InterPodAffinity
        | Rule::InterPodAntiAffinity
        | Rule::ExistingAntiAffinity
        | Rule::SharedVolume => {}
    }
}

fn refused_by(rule: Rule, view: &View, node: NodeId, found: &mut Vec<Refusal>) {
    match rule {
        // Comes before PreFilter: see `judge`.
        Rule::Lost => {}
        Rule::Cordon
        | Rule::NodeName
        | Rule::Taints
        | Rule::NodeAffinity
        | Rule::Volumes
        | Rule::VolumeZone
        | Rule::Kubelet => {
            let cluster = view.state.cluster();
            refused_by_static(rule, cluster, view.shape, node, view.rules, found);
        }
        Rule::HostPorts => found.extend(host_ports::refuse(view, node)),
        Rule::Resources => resources::refuse(view, node, found),
        Rule::Cards => found.extend(cards::refuse(view, node)),
        Rule::VolumeRestrictions => found.extend(volume_restrictions::refuse(view, node)),
        Rule::VolumeLimits => found.extend(volume_limits::refuse(view, node)),
        Rule::Spread => found.extend(spread::refuse(view, node)),
        Rule::InterPodAffinity => found.extend(inter_pod::refuse_affinity(view, node)),
        Rule::InterPodAntiAffinity => found.extend(inter_pod::refuse_anti_affinity(view, node)),
        Rule::ExistingAntiAffinity => found.extend(inter_pod::refuse_existing(view, node)),
        Rule::SharedVolume => found.extend(kubelet::refuse_volume(view, node)),
    }
}

/// Whether `pod` may be placed on a node now, a yes or no for one pod and many nodes: `true` where
/// [`refusals`] is empty.
///
/// # Panics
/// If `pod` is not of the state's cluster; the closure, if its node is not.
pub fn filter<'s>(
    state: &'s State<'s>,
    pod: PodId,
    rules: RuleSet,
) -> impl Fn(NodeId) -> bool + use<'s> {
    let reserved = reserved_in(state, pod, rules);
    let first = first_refusal(state, pod, rules, reserved);
    move |node| first(node).is_none()
}

/// The same, with the rule that refuses first. `reserved` are the nodes that refuse beside others, see [`reserved`].
pub(crate) fn first_refusal<'s>(
    state: &'s State<'s>,
    pod: PodId,
    rules: RuleSet,
    reserved: Vec<(NodeId, Vec<Refusal>)>,
) -> impl Fn(NodeId) -> Option<Rule> + use<'s> {
    let view = View::new(state, pod, rules);
    let relevant: Vec<Rule> = Rule::ALL.into_iter().filter(|&r| rules.contains(r)).collect();
    move |node| {
        if rules.contains(Rule::Lost) && view.state.loss_of(node).is_some() {
            return Some(Rule::Lost);
        }
        if let Some((_, why)) = reserved.iter().find(|(there, _)| *there == node) {
            return why.first().map(|refusal| refusal.rule);
        }
        let refused = pre_filter::refuse(view.state.cluster(), view.shape, node, rules);
        if let Some(refusal) = refused {
            return Some(refusal.rule);
        }
        let mut found = Vec::new();
        relevant.iter().copied().find(|&rule| {
            refused_by(rule, &view, node, &mut found);
            !found.is_empty()
        })
    }
}

/// Pods that have the shape where they run or would have it where they are placed, ascending.
pub(crate) fn pods_of_shape<'s>(state: &'s State, shape: crate::model::ShapeId) -> &'s [PodId] {
    &state.standing().facts().pods_of_shape[shape.index()]
}

/// Pods that were put or removed since the input, each once.
pub(crate) fn touched<'s>(state: &'s State) -> &'s [PodId] {
    state.standing().touched()
}

/// Shapes of the pods that stay Terminating on the node that they left, and that node.
pub(crate) fn lingering(state: &State) -> impl Iterator<Item = (crate::model::ShapeId, NodeId)> {
    state.standing().lingering().map(|l| (l.shape, l.node))
}
