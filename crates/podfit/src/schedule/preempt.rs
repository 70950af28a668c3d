//! Preemption: whom the default scheduler evicts to make room for a pod that fits nowhere.
//!
//! As kube-scheduler 1.34 does it, in kubernetes/kubernetes `pkg/scheduler/framework/preemption/preemption.go`
//! (which nodes are tried, which one is taken, the message) and
//! `pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go` (who goes on a node).
//!
//! Left out, for want of data or because the simulation has no such moment:
//! * a budget's list of pods already evicted (`status.disruptedPods`), and scheduler extenders;
//! * that the scheduler tries nodes in parallel and so may look at a few more than it needs;
//! * that a *terminating* victim is taken off the counts of the preemptor's spread, which had not counted it.

#[cfg(test)]
mod tests;

use super::chance::{Chance, Draw};
use crate::model::{Cluster, NodeId, PodId, ResourceId, Shape, ShapeId};
use crate::rules::{
    Detail, Lifted, Refusal, Resident, Rule, RuleSet, State, explain, refusals_beside,
    scheduler_reason,
};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The search ends once this share of the nodes, in percent, are candidates (`minCandidateNodesPercentage`),
const CANDIDATES_PERCENT: usize = 10;
/// but not below this number of them (`minCandidateNodesAbsolute`).
const CANDIDATES_MIN: usize = 100;
/// Added to each priority before they are summed, so that none is negative and more victims never look cheaper.
const PRIORITY_OFFSET: i64 = 1 << 31;

/// Room made for a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preemption {
    /// Where the pod fits once the victims are gone, and those that are leaving.
    pub node: NodeId,
    /// Who is evicted, the most important first.
    pub victims: Vec<PodId>,
    /// Who must be gone too, but is terminating already. Together with the victims at least one.
    pub leaving: Vec<PodId>,
    /// How many of them all a disruption budget does not allow to evict. The scheduler avoids them, no more.
    pub violations: usize,
}

/// Why a pod evicts nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declined {
    /// What keeps it off holds for every node at once and has nothing to do with other pods.
    EveryNode,
    /// Its `preemptionPolicy` is Never.
    Policy,
    /// Room was made for it on this node, and pods that the scheduler evicts there are not gone yet.
    Waits(NodeId),
    /// No node gains by it: every node that is still there, in the cluster's order.
    Nodes(Vec<(NodeId, Spared)>),
}

/// Why nobody is evicted on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spared {
    /// What keeps the pod off does not go away with other pods.
    NotHelpful,
    /// No pod of lower priority is there.
    NoVictims,
    /// Even without all pods of lower priority the node refuses.
    Refused(Vec<Refusal>),
}

/// Whom to evict for `pod`, which no node takes (ask [`refusals`](crate::rules::refusals) before; it must not be placed). The state is
/// not changed: the caller [nominates](State::nominate) the pod, and removes the victims such that they linger until
/// they have [departed](State::depart).
///
/// `budgets` are the disruptions left, by position in [`Cluster::budgets`]; see [`budgets_left`]. On success
/// the victims are taken off them. `draw(n)` gives one of `0..n`: the scheduler starts its search at a random
/// node and breaks ties by the random order of a map.
///
/// # Errors
/// [`Declined`], if nobody is evicted.
///
/// # Panics
/// If `pod` is not of the state's cluster, `budgets` is shorter than the cluster's, or `draw(n)` is not below `n`.
pub fn preempt(
    state: &State,
    pod: PodId,
    budgets: &mut [i64],
    draw: &mut impl FnMut(usize) -> usize,
) -> Result<Preemption, Declined> {
    preempt_by(state, pod, budgets, &mut Draw(draw))
}

/// The same where `chance` decides.
pub(super) fn preempt_by(
    state: &State,
    pod: PodId,
    budgets: &mut [i64],
    chance: &mut impl Chance,
) -> Result<Preemption, Declined> {
    let cluster = state.cluster();
    let explanation = explain(state, pod, RuleSet::SCHEDULER);
    if explanation.is_for_all_nodes() {
        return Err(Declined::EveryNode);
    }
    if !cluster.incoming_of(pod).preempts {
        return Err(Declined::Policy);
    }
    if let Some(node) = state.nomination(pod)
        && waits_on(state, pod, node, explanation.refusals_of(node))
    {
        return Err(Declined::Waits(node));
    }
    let helped = |(_, why): &&(NodeId, Vec<Refusal>)| is_resolvable(cluster, pod, why);
    let nodes: Vec<NodeId> = explanation.per_node.iter().filter(helped).map(|n| n.0).collect();
    let mut dry_run = DryRun::new(state, pod, budgets);
    let (candidates, mut spared) = dry_run.search(&nodes, chance);
    let Some(chosen) = choose(pod, candidates, chance) else {
        let mut spared = |node| spared.remove(&node).unwrap_or(Spared::NotHelpful);
        let nodes = explanation.per_node.iter().map(|&(node, _)| node);
        return Err(Declined::Nodes(nodes.map(|node| (node, spared(node))).collect()));
    };
    let is_live = |r: &Resident| r.is_live(cluster);
    let (evicted, leaving): (Vec<Resident>, _) = chosen.victims.into_iter().partition(is_live);
    for victim in &evicted {
        cluster.budgets_of(cluster.shape(victim.shape)).for_each(|budget| budgets[budget] -= 1);
    }
    let ids = |residents: Vec<Resident>| residents.into_iter().map(|r| r.pod).collect();
    Ok(Preemption {
        node: chosen.node,
        victims: ids(evicted),
        leaving: ids(leaving),
        violations: chosen.violations,
    })
}

/// Whether `pod` leaves others alone for now: on its nominated node, unless that is beyond help, somebody of lower
/// priority whom the scheduler evicts is not gone yet (`PodEligibleToPreemptOthers`).
fn waits_on(state: &State, pod: PodId, node: NodeId, why: &[Refusal]) -> bool {
    let cluster = state.cluster();
    let lower = |r: &Resident| priority(cluster, r) < cluster.incoming_of(pod).priority;
    (why.is_empty() || is_resolvable(cluster, pod, why))
        && state.residents(node).any(|r| lower(&r) && r.is_preempted(cluster))
}

/// What disruption budgets allow once `down` are not ready any more, by position in [`Cluster::budgets`]: pods
/// of a lost node are no longer healthy, whether or not they are evicted. Terminating pods never counted
/// (`countHealthyPods` in kubernetes/kubernetes `pkg/controller/disruption/disruption.go`). Below zero: so many
/// must become healthy before one may be evicted again.
///
/// # Panics
/// If a pod is not of `cluster`.
pub fn budgets_left(cluster: &Cluster, down: impl IntoIterator<Item = PodId>) -> Vec<i64> {
    let mut left: Vec<i64> = cluster.budgets().iter().map(|b| b.allowed).collect();
    for pod in down.into_iter().filter(|&pod| !cluster.pod(pod).terminating) {
        cluster.budgets_of(cluster.shape_of(pod)).for_each(|budget| left[budget] -= 1);
    }
    left
}

impl Declined {
    /// What kube-scheduler 1.34 appends, after a space, to its message about a pod that fits nowhere (see
    /// [`Explanation::scheduler_message`](crate::rules::Explanation::scheduler_message)): `no new claims to
    /// deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption
    /// victims found for incoming pod.` The first part is of the plugin DynamicResources, for pods without resource
    /// claims; it came with 1.34. Of a pod that is refused for every node at once it is `not found`: that plugin misses
    /// what it had not come to note. Empty if there is no node at all.
    ///
    /// Sources: `FitError.Error` in kubernetes/kubernetes `pkg/scheduler/framework/types.go`, `PostFilter` in
    /// `plugins/dynamicresources/dynamicresources.go` and in `plugins/defaultpreemption/default_preemption.go`.
    ///
    /// # Panics
    /// If it is not about a pod of `cluster`.
    pub fn line(&self, cluster: &Cluster) -> String {
        let why = match self {
            Self::EveryNode => return "not found".into(),
            Self::Nodes(nodes) if nodes.is_empty() => return String::new(),
            Self::Policy => "not eligible due to preemptionPolicy=Never.".into(),
            Self::Waits(_) => "not eligible due to a terminating pod on the nominated node.".into(),
            Self::Nodes(nodes) => spared_on(cluster, nodes),
        };
        format!("no new claims to deallocate, preemption: {why}")
    }
}

fn spared_on(cluster: &Cluster, nodes: &[(NodeId, Spared)]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |reason: String| *counts.entry(reason).or_default() += 1;
    for (_, spared) in nodes {
        match spared {
            Spared::NotHelpful => count("Preemption is not helpful for scheduling".into()),
            Spared::NoVictims => count("No preemption victims found for incoming pod".into()),
            Spared::Refused(why) => why.iter().for_each(|r| count(scheduler_reason(cluster, r))),
        }
    }
    let mut reasons: Vec<String> =
        counts.into_iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    // As text: 10 comes before 9.
    reasons.sort();
    format!("0/{} nodes are available: {}.", nodes.len(), reasons.join(", "))
}

/// Whether the refusals of one node may go away with other pods: the scheduler's status Unschedulable, not
/// UnschedulableAndUnresolvable. A node that allows the pod is no matter for preemption.
fn is_resolvable(cluster: &Cluster, pod: PodId, why: &[Refusal]) -> bool {
    let shape = cluster.incoming_of(pod);
    !why.is_empty() && why.iter().all(|refusal| may_go_away(cluster, shape, refusal))
}

/// One refusal. Each arm is the status that the filter plugin returns, in kubernetes/kubernetes
/// `pkg/scheduler/framework/plugins/`.
fn may_go_away(cluster: &Cluster, shape: &Shape, refusal: &Refusal) -> bool {
    match refusal.rule {
        // Ours: a lost node takes nothing, whatever the pod tolerates.
        Rule::Lost => false,
        Rule::Cordon
        | Rule::NodeName
        | Rule::Taints
        | Rule::NodeAffinity
        | Rule::Volumes
        | Rule::VolumeZone
        | Rule::Kubelet
        | Rule::SharedVolume => false,
        // interpodaffinity/filtering.go: who is missing does not come by evicting others.
        Rule::InterPodAffinity => false,
        Rule::HostPorts | Rule::InterPodAntiAffinity | Rule::ExistingAntiAffinity => true,
        // volumerestrictions/volume_restrictions.go, nodevolumelimits/csi.go
        Rule::VolumeRestrictions | Rule::VolumeLimits => true,
        // podtopologyspread/filtering.go
        Rule::Spread => !matches!(refusal.detail, Detail::LabelMissing { .. }),
        // noderesources/fit.go: a request beyond all that the node has. Pod slots are always thought resolvable.
        Rule::Resources => refusal.resource.is_none_or(|resource| {
            let allocatable = cluster.node(refusal.node).allocatable.get(resource);
            resource == ResourceId::PODS || refusal.need.is_none_or(|need| need <= allocatable)
        }),
        // Ours, in the same spirit: cards are what a device plugin's resource would be.
        Rule::Cards => {
            let gpu = &shape.gpu;
            let cards = cluster.node(refusal.node).cards.iter();
            let accepted = cards.filter(|c| gpu.accepts(c));
            accepted.count() >= usize::from(gpu.cards)
        }
    }
}

/// A node that would take the pod, and whom it costs.
#[derive(Clone, Debug)]
struct Candidate {
    node: NodeId,
    victims: Vec<Resident>,
    violations: usize,
    cost: Cost,
}

/// Less is better, field by field (`pickOneNodeForPreemption`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    violations: usize,
    highest_priority: i32,
    priority_sum: i64,
    victims: usize,
    /// The earliest start among the victims of highest priority: the later, the less work is lost.
    earliest_start: Reverse<i64>,
}

/// Tries nodes on a copy of the state, made when the first node has a victim to take out.
struct DryRun<'s, 'c> {
    state: &'s State<'c>,
    scratch: Option<State<'c>>,
    pod: PodId,
    priority: i32,
    budgets: &'s [i64],
    /// By shape of a victim: the budgets that preemption heeds.
    budgets_of: FxHashMap<ShapeId, Box<[usize]>>,
}

impl<'s, 'c> DryRun<'s, 'c> {
    fn new(state: &'s State<'c>, pod: PodId, budgets: &'s [i64]) -> Self {
        let priority = state.cluster().incoming_of(pod).priority;
        Self { state, scratch: None, pod, priority, budgets, budgets_of: FxHashMap::default() }
    }

    /// Tries `nodes` in a circle from a random one until there are enough candidates, one of them without a
    /// violated budget. Those without come first.
    fn search(
        &mut self,
        nodes: &[NodeId],
        chance: &mut impl Chance,
    ) -> (Vec<Candidate>, FxHashMap<NodeId, Spared>) {
        let (mut clean, mut violating) = (Vec::new(), Vec::new());
        let mut spared = FxHashMap::default();
        if nodes.is_empty() {
            return (clean, spared);
        }
        let enough = (nodes.len() * CANDIDATES_PERCENT / 100).max(CANDIDATES_MIN).min(nodes.len());
        let offset = chance.below(nodes.len());
        for &node in nodes[offset..].iter().chain(&nodes[..offset]) {
            match self.victims_on(node) {
                Ok(candidate) if candidate.violations == 0 => clean.push(candidate),
                Ok(candidate) if violating.len() < enough => violating.push(candidate),
                Ok(_) => {}
                Err(why) => {
                    spared.insert(node, why);
                }
            }
            if !clean.is_empty() && clean.len() + violating.len() >= enough {
                break;
            }
        }
        clean.append(&mut violating);
        (clean, spared)
    }

    /// Takes all pods of lower priority out; if the pod fits then, lets them back in while it still fits: first
    /// those whose budget would be violated, and the more important before the less (`SelectVictimsOnNode`).
    fn victims_on(&mut self, node: NodeId) -> Result<Candidate, Spared> {
        let (state, cluster) = (self.state, self.state.cluster());
        let mut lower: Vec<Resident> =
            state.residents(node).filter(|r| priority(cluster, r) < self.priority).collect();
        if lower.is_empty() {
            return Err(Spared::NoVictims);
        }
        lower.sort_by_key(|r| (Reverse(priority(cluster, r)), start(cluster, r)));
        let violates = self.violations(&lower);
        let pod = self.pod;
        let scratch = self.scratch.get_or_insert_with(|| state.clone());
        let mut out: Vec<Option<Lifted>> = lower.iter().map(|&r| scratch.lift(r, node)).collect();
        let why = refusals_beside(scratch, pod, node, RuleSet::SCHEDULER);
        if why.is_empty() {
            let order = (0..lower.len()).filter(|&i| violates[i]);
            for i in order.chain((0..lower.len()).filter(|&i| !violates[i])) {
                out[i].take().into_iter().for_each(|lifted| scratch.put_back(lifted));
                if !refusals_beside(scratch, pod, node, RuleSet::SCHEDULER).is_empty() {
                    out[i] = scratch.lift(lower[i], node);
                }
            }
        }
        let gone: Vec<usize> = (0..lower.len()).filter(|&i| out[i].is_some()).collect();
        out.into_iter().flatten().for_each(|lifted| scratch.put_back(lifted));
        // The scheduler calls it an error of its own if the pod fits and nobody has to go.
        if !why.is_empty() || gone.is_empty() {
            return Err(Spared::Refused(why));
        }
        let violations = gone.iter().filter(|&&i| violates[i]).count();
        let victims: Vec<Resident> = gone.into_iter().map(|i| lower[i]).collect();
        let cost = cost(cluster, &victims, violations);
        Ok(Candidate { node, victims, violations, cost })
    }

    /// For each of these pods of a node, in this order, whether evicting it violates a budget: each pod takes
    /// one off all its budgets, also where it will be spared (`filterPodsWithPDBViolation`).
    fn violations(&mut self, pods: &[Resident]) -> Vec<bool> {
        let cluster = self.state.cluster();
        let mut left = self.budgets.to_vec();
        let mut violates = |&Resident { shape, .. }: &Resident| {
            let known = self.budgets_of.entry(shape);
            let budgets = known.or_insert_with(|| heeded(cluster, cluster.shape(shape)));
            let mut violated = false;
            for &budget in &*budgets {
                left[budget] -= 1;
                violated |= left[budget] < 0;
            }
            violated
        };
        pods.iter().map(&mut violates).collect()
    }
}

/// The budgets that preemption heeds for a victim. Unlike the eviction API it passes over budgets with an empty
/// selector and pods without labels.
fn heeded(cluster: &Cluster, shape: &Shape) -> Box<[usize]> {
    if shape.labels.iter().next().is_none() {
        return Box::default();
    }
    let asks = |&budget: &usize| !cluster.budgets()[budget].selector.is_empty();
    cluster.budgets_of(shape).filter(asks).collect()
}

fn priority(cluster: &Cluster, resident: &Resident) -> i32 {
    cluster.shape(resident.shape).priority
}

/// When the pod started, seconds since 1970. The scheduler takes a pod without a start time as started now.
fn start(cluster: &Cluster, resident: &Resident) -> i64 {
    match cluster.pod(resident.pod).started {
        started if started != 0 && !resident.placed => started,
        _ => i64::MAX,
    }
}

/// `victims`: at least one, the most important first.
fn cost(cluster: &Cluster, victims: &[Resident], violations: usize) -> Cost {
    let priorities = victims.iter().map(|r| priority(cluster, r));
    let highest_priority = priorities.clone().max().unwrap_or(i32::MIN);
    let highest = victims.iter().filter(|r| priority(cluster, r) == highest_priority);
    Cost {
        violations,
        highest_priority,
        priority_sum: priorities.map(|p| i64::from(p) + PRIORITY_OFFSET).sum(),
        victims: victims.len(),
        earliest_start: Reverse(highest.map(|r| start(cluster, r)).min().unwrap_or(i64::MAX)),
    }
}

fn choose(pod: PodId, candidates: Vec<Candidate>, chance: &mut impl Chance) -> Option<Candidate> {
    let least = candidates.iter().map(|c| c.cost).min()?;
    let mut best: Vec<Candidate> = candidates.into_iter().filter(|c| c.cost == least).collect();
    let nodes: Vec<NodeId> = best.iter().map(|c| c.node).collect();
    Some(best.swap_remove(chance.node(pod, &nodes)))
}
