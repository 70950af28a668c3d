//! Preemption: whom the default scheduler evicts to make room for a pod that fits nowhere.
//!
//! As kube-scheduler 1.34 does it, in kubernetes/kubernetes `pkg/scheduler/framework/preemption/preemption.go`
//! (which nodes are tried, which one is taken, the message) and
//! `pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go` (who goes on a node).
//!
//! Left out, for want of data or because the simulation has no such moment:
//! * nominated nodes: we place the preemptor as soon as its victims are gone, so nobody waits for one, and
//!   nobody is refused for "a terminating pod on the nominated node";
//! * a budget's list of pods already evicted (`status.disruptedPods`), and scheduler extenders;
//! * that the scheduler tries nodes in parallel and so may look at a few more than it needs;
//! * that a *terminating* victim is taken off the counts of the preemptor's spread, which had not counted it.

#[cfg(test)]
mod tests;

use crate::model::{Cluster, NodeId, PodId, ResourceId, Shape, ShapeId};
use crate::rules::{
    Detail, Lifted, Refusal, Rule, RuleSet, State, explain, refusals, scheduler_reason,
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
    /// Where the pod fits once the victims are gone.
    pub node: NodeId,
    /// Who is evicted, the most important first; never empty. Some may be terminating already.
    pub victims: Vec<PodId>,
    /// How many of them a disruption budget does not allow to evict. The scheduler avoids them, no more.
    pub violations: usize,
}

/// Why a pod evicts nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declined {
    /// Its `preemptionPolicy` is Never.
    Policy,
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

/// Whom to evict for `pod`, which no node takes (ask [`refusals`] before; it must not be placed). The state is
/// not changed: the caller removes the victims and places the pod.
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
    let cluster = state.cluster();
    if !cluster.incoming_of(pod).preempts {
        return Err(Declined::Policy);
    }
    let explanation = explain(state, pod, RuleSet::ALL);
    let helped = |(_, why): &&(NodeId, Vec<Refusal>)| is_resolvable(cluster, pod, why);
    let nodes: Vec<NodeId> = explanation.per_node.iter().filter(helped).map(|n| n.0).collect();
    let mut dry_run = DryRun::new(state, pod, budgets);
    let (candidates, mut spared) = dry_run.search(&nodes, draw);
    let Some(chosen) = choose(candidates, draw) else {
        let mut spared = |node| spared.remove(&node).unwrap_or(Spared::NotHelpful);
        let nodes = explanation.per_node.iter().map(|&(node, _)| node);
        return Err(Declined::Nodes(nodes.map(|node| (node, spared(node))).collect()));
    };
    for &victim in &chosen.victims {
        take_off(cluster, victim, state.is_placed(victim), budgets);
    }
    Ok(Preemption { node: chosen.node, victims: chosen.victims, violations: chosen.violations })
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
    down.into_iter().for_each(|pod| take_off(cluster, pod, false, &mut left));
    left
}

fn take_off(cluster: &Cluster, pod: PodId, placed: bool, budgets: &mut [i64]) {
    if placed || !cluster.pod(pod).terminating {
        cluster.budgets_of(cluster.shape_of(pod)).for_each(|budget| budgets[budget] -= 1);
    }
}

impl Declined {
    /// What kube-scheduler 1.34 appends, after a space, to its message about a pod that fits nowhere (see
    /// [`Explanation::scheduler_message`](crate::rules::Explanation::scheduler_message)): `preemption: 0/3 nodes
    /// are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming
    /// pod.` Empty if there is no node at all. Up to 1.28 or so the text ended in two stops.
    ///
    /// Source: `FitError.Error` in kubernetes/kubernetes `pkg/scheduler/framework/types.go`.
    ///
    /// # Panics
    /// If it is not about a pod of `cluster`.
    pub fn line(&self, cluster: &Cluster) -> String {
        let nodes = match self {
            Self::Policy => {
                return "preemption: not eligible due to preemptionPolicy=Never.".into();
            }
            Self::Nodes(nodes) if nodes.is_empty() => return String::new(),
            Self::Nodes(nodes) => nodes,
        };
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut count = |reason: String| *counts.entry(reason).or_default() += 1;
        for (_, spared) in nodes {
            match spared {
                Spared::NotHelpful => count("Preemption is not helpful for scheduling".into()),
                Spared::NoVictims => count("No preemption victims found for incoming pod".into()),
                Spared::Refused(why) => {
                    why.iter().for_each(|r| count(scheduler_reason(cluster, r)))
                }
            }
        }
        let mut reasons: Vec<String> =
            counts.into_iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        // As text: 10 comes before 9.
        reasons.sort();
        format!("preemption: 0/{} nodes are available: {}.", nodes.len(), reasons.join(", "))
    }
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
        | Rule::VolumeZone => false,
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
            let accepted = cards.filter(|c| gpu.models.is_empty() || gpu.models.contains(&c.model));
            accepted.count() >= usize::from(gpu.cards)
        }
    }
}

/// A node that would take the pod, and whom it costs.
#[derive(Clone, Debug)]
struct Candidate {
    node: NodeId,
    victims: Vec<PodId>,
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
        draw: &mut impl FnMut(usize) -> usize,
    ) -> (Vec<Candidate>, FxHashMap<NodeId, Spared>) {
        let (mut clean, mut violating) = (Vec::new(), Vec::new());
        let mut spared = FxHashMap::default();
        if nodes.is_empty() {
            return (clean, spared);
        }
        let enough = (nodes.len() * CANDIDATES_PERCENT / 100).max(CANDIDATES_MIN).min(nodes.len());
        let offset = draw(nodes.len());
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
        let state = self.state;
        let mut lower: Vec<PodId> =
            state.pods_on(node).filter(|&p| priority(state, p) < self.priority).collect();
        if lower.is_empty() {
            return Err(Spared::NoVictims);
        }
        lower.sort_by_key(|&p| (Reverse(priority(state, p)), start(state, p)));
        let violates = self.violations(&lower);
        let pod = self.pod;
        let scratch = self.scratch.get_or_insert_with(|| state.clone());
        let mut out: Vec<Option<Lifted>> = lower.iter().map(|&p| scratch.lift(p)).collect();
        let why = refusals(scratch, pod, node, RuleSet::ALL);
        if why.is_empty() {
            let order = (0..lower.len()).filter(|&i| violates[i]);
            for i in order.chain((0..lower.len()).filter(|&i| !violates[i])) {
                out[i].take().into_iter().for_each(|lifted| scratch.put_back(lifted));
                if !refusals(scratch, pod, node, RuleSet::ALL).is_empty() {
                    out[i] = scratch.lift(lower[i]);
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
        let victims: Vec<PodId> = gone.into_iter().map(|i| lower[i]).collect();
        let cost = cost(state, &victims, violations);
        Ok(Candidate { node, victims, violations, cost })
    }

    /// For each of these pods of a node, in this order, whether evicting it violates a budget: each pod takes
    /// one off all its budgets, also where it will be spared (`filterPodsWithPDBViolation`).
    fn violations(&mut self, pods: &[PodId]) -> Vec<bool> {
        let cluster = self.state.cluster();
        let mut left = self.budgets.to_vec();
        let mut violates = |&pod: &PodId| {
            let shape = shape_of(self.state, pod);
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

fn shape_of(state: &State, pod: PodId) -> ShapeId {
    let object = state.cluster().pod(pod);
    if state.is_placed(pod) { object.incoming } else { object.shape }
}

fn priority(state: &State, pod: PodId) -> i32 {
    state.cluster().shape(shape_of(state, pod)).priority
}

/// When the pod started, seconds since 1970. The scheduler takes a pod without a start time as started now.
fn start(state: &State, pod: PodId) -> i64 {
    match state.cluster().pod(pod).started {
        started if started != 0 && !state.is_placed(pod) => started,
        _ => i64::MAX,
    }
}

/// `victims`: at least one, the most important first.
fn cost(state: &State, victims: &[PodId], violations: usize) -> Cost {
    let priorities = victims.iter().map(|&p| priority(state, p));
    let highest_priority = priorities.clone().max().unwrap_or(i32::MIN);
    let highest = victims.iter().filter(|&&p| priority(state, p) == highest_priority);
    Cost {
        violations,
        highest_priority,
        priority_sum: priorities.map(|p| i64::from(p) + PRIORITY_OFFSET).sum(),
        victims: victims.len(),
        earliest_start: Reverse(highest.map(|&p| start(state, p)).min().unwrap_or(i64::MAX)),
    }
}

fn choose(candidates: Vec<Candidate>, draw: &mut impl FnMut(usize) -> usize) -> Option<Candidate> {
    let least = candidates.iter().map(|c| c.cost).min()?;
    let mut best: Vec<Candidate> = candidates.into_iter().filter(|c| c.cost == least).collect();
    let chosen = if best.len() > 1 { draw(best.len()) } else { 0 };
    Some(best.swap_remove(chosen))
}
