//! A placement exists and the default scheduler may miss it: the smallest thing to do beforehand so that it does
//! not. Every hint is tried: the simulation with it places everything in every seed.

use super::predict::{Backlog, evicted};
use crate::model::{
    Change, Cluster, Edit, Effect, Loss, NodeChange, NodeId, PodId, ShapeId, TemplateChange,
};
use crate::planner::loss::may_move;
use crate::planner::{Options, Planner};
use crate::rules::{RuleSet, UNSCHEDULABLE, refusals, tolerates};
use crate::schedule::Arrival;
use crate::solve::Stage;
use std::collections::BTreeSet;
use std::iter::once_with;
use std::ops::Range;

/// Seeds that a candidate must pass before all are asked.
const TRIAL_SEEDS: u64 = 8;
/// Candidates tried of each kind.
const CANDIDATES_MAX: usize = 400;
/// Pods judged on nodes, all candidates together; the order of the placement is always tried.
const WORK_MAX: usize = 40_000_000;
/// Running pods judged on nodes to find those that could move.
const MOVES_JUDGED_MAX: usize = 200_000;

/// What to do beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HintKind {
    /// Let these pods (all of one kind) be scheduled before the others, as by a higher priority.
    First(Vec<PodId>),
    /// Cordon this node until all are placed.
    Cordon(NodeId),
    /// Move this pod before the loss.
    Move {
        /// The pod.
        pod: PodId,
        /// Where it goes.
        to: NodeId,
    },
    /// Let all pods be scheduled in this order.
    Order(Vec<PodId>),
}

/// A hint, and how often the simulated scheduler places everything with it: in all seeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What to do.
    pub kind: HintKind,
    /// Seeds asked, all of which placed everything.
    pub seeds: u32,
}

impl Hint {
    /// The edits that carry it out; none where an order of arrival is all that helps: a cluster has none.
    pub fn edits(&self, cluster: &Cluster) -> Vec<Edit> {
        match &self.kind {
            HintKind::First(pods) => {
                let highest = cluster.shapes().iter().map(|s| s.priority).max().unwrap_or(0);
                let priority = highest.saturating_add(1);
                let change = TemplateChange::Priority { priority, preempts: false };
                vec![Edit::Template { pods: pods.clone(), change }]
            }
            HintKind::Cordon(node) => {
                vec![Edit::Node { node: *node, change: NodeChange::Cordon }]
            }
            HintKind::Move { pod, to } => vec![Edit::Put { pod: *pod, node: *to }],
            HintKind::Order(_) => Vec::new(),
        }
    }
}

impl Planner {
    /// The smallest hint: one kind of pods first, one cordon, one move, at last the order of a known placement;
    /// of equals the first in the order of the input. `None`: none of those tried helps in every seed.
    pub(in crate::planner) fn hint(
        &self,
        backlog: &Backlog,
        placement: &Change,
        seeds: u32,
        options: &Options,
    ) -> Option<Hint> {
        let each =
            backlog.arrivals.len().max(1) * self.cluster.nodes().len() * TRIAL_SEEDS as usize;
        let kinds = self
            .firsts(backlog)
            .into_iter()
            .chain(once_with(|| self.cordons(backlog)).flatten())
            .chain(once_with(|| self.moves(backlog)).flatten())
            .take(WORK_MAX / each)
            .chain(once_with(|| self.order(backlog, placement)));
        let options = &options.at(Stage::Hint);
        for kind in kinds {
            if options.control().note_stop() {
                return None;
            }
            if self.succeeds(backlog, &kind, 0..TRIAL_SEEDS, options)
                && self.succeeds(backlog, &kind, TRIAL_SEEDS..u64::from(seeds), options)
            {
                return Some(Hint { kind, seeds });
            }
        }
        None
    }

    /// Whether the scheduler places everything in all these seeds, once the hint is followed.
    fn succeeds(
        &self,
        backlog: &Backlog,
        kind: &HintKind,
        seeds: Range<u64>,
        options: &Options,
    ) -> bool {
        let mut arrivals = backlog.arrivals.clone();
        let mut state = self.state(&backlog.before);
        match kind {
            HintKind::First(pods) => {
                let earliest = backlog.arrivals.iter().map(|a| a.at).min().unwrap_or(0);
                let first = arrivals.iter_mut().filter(|a| pods.contains(&a.pod));
                first.for_each(|a| a.at = earliest - 1);
            }
            HintKind::Cordon(node) => {
                let lost = vec![*node];
                state.apply(&Change { lost, loss: Loss::Drained, ..Change::default() });
            }
            HintKind::Move { pod, to } => {
                state.remove(*pod, false);
                state.place(*pod, *to, &[]);
            }
            HintKind::Order(pods) => {
                arrivals = pods.iter().zip(0..).map(|(&pod, at)| Arrival { pod, at }).collect();
            }
        }
        let control = options.control().clone();
        let scheduler = self.scheduler(state).until(move || control.should_stop().is_some());
        let runs = scheduler.run_many(&arrivals, seeds, &backlog.options);
        // A pod of higher priority cannot be evicted as it is here, and budgets do not count a cordoned node as down
        // as they do here: such a hint is given where neither matters.
        let as_in_life = |run| match kind {
            HintKind::First(_) | HintKind::Cordon(_) => evicted(run).next().is_none(),
            HintKind::Move { .. } | HintKind::Order(_) => true,
        };
        // Cut short, a run may have left out somebody who would not fit.
        !options.control().note_stop()
            && runs.iter().all(|run| self.is_complete(backlog, run) && as_in_life(run))
    }

    /// Each kind of displaced pods, if there are several, that comes no later than the others: a higher priority puts
    /// no pod before one that is there already.
    fn firsts(&self, backlog: &Backlog) -> Vec<HintKind> {
        let mut groups: Vec<(ShapeId, Vec<PodId>)> = Vec::new();
        for arrival in backlog.arrivals.iter() {
            let shape = self.cluster.pod(arrival.pod).incoming;
            match groups.iter_mut().find(|(s, _)| *s == shape) {
                Some((_, pods)) => pods.push(arrival.pod),
                None => groups.push((shape, vec![arrival.pod])),
            }
        }
        if groups.len() < 2 {
            return Vec::new();
        }
        let earliest = backlog.arrivals.iter().map(|a| a.at).min();
        let late: BTreeSet<PodId> = backlog
            .arrivals
            .iter()
            .filter_map(|a| (Some(a.at) != earliest).then_some(a.pod))
            .collect();
        let groups = groups.into_iter().map(|(_, pods)| pods);
        let in_time = groups.filter(|pods| pods.iter().all(|pod| !late.contains(pod)));
        in_time.map(HintKind::First).take(CANDIDATES_MAX).collect()
    }

    /// Each node that is left, if a cordon keeps all the pods off.
    fn cordons(&self, backlog: &Backlog) -> Vec<HintKind> {
        let cluster = &self.cluster;
        let tolerates_cordon = |a: &Arrival| {
            let tolerations = &cluster.incoming_of(a.pod).tolerations;
            tolerates(cluster, tolerations, UNSCHEDULABLE, Effect::NoSchedule)
        };
        if backlog.arrivals.iter().any(tolerates_cordon) {
            return Vec::new();
        }
        let left = cluster.node_ids().filter(|n| !backlog.before.lost.contains(n));
        let open = left.filter(|&n| !cluster.node(n).unschedulable);
        open.map(HintKind::Cordon).take(CANDIDATES_MAX).collect()
    }

    /// Pods that a controller would make again on another node that takes them today: one of each kind and node.
    /// None where moves are planned already: those change what is free where.
    fn moves(&self, backlog: &Backlog) -> Vec<HintKind> {
        let cluster = &self.cluster;
        if !backlog.before.steps.is_empty() {
            return Vec::new();
        }
        let mut state = self.state(&Change::default());
        let left: Vec<NodeId> =
            cluster.node_ids().filter(|n| !backlog.before.lost.contains(n)).collect();
        let mut kinds = Vec::new();
        let mut seen: BTreeSet<(NodeId, ShapeId)> = BTreeSet::new();
        for &from in &left {
            for &pod in cluster.pods_on(from) {
                let key = (from, cluster.pod(pod).shape);
                if !may_move(cluster, pod) || !seen.insert(key) {
                    continue;
                }
                if cluster.incoming_of(pod).gpu.cards > 0 {
                    continue; // which cards it would get is the solver's to say
                }
                state.remove(pod, false);
                let takes = |&&to: &&NodeId| {
                    to != from && refusals(&state, pod, to, RuleSet::ALL).is_empty()
                };
                kinds.extend(left.iter().filter(takes).map(|&to| HintKind::Move { pod, to }));
                state.place(pod, from, &cluster.pod(pod).cards);
                if kinds.len() >= CANDIDATES_MAX || seen.len() * left.len() >= MOVES_JUDGED_MAX {
                    kinds.truncate(CANDIDATES_MAX);
                    return kinds;
                }
            }
        }
        kinds
    }

    fn order(&self, backlog: &Backlog, placement: &Change) -> HintKind {
        let arrives = |pod: &PodId| backlog.arrivals.iter().any(|a| a.pod == *pod);
        HintKind::Order(placement.steps.iter().map(|s| s.pod).filter(arrives).collect())
    }
}
