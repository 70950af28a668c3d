//! The cluster as the answer to a what-if leaves it.

use super::Sequence;
use crate::model::{Cluster, Draft, Edit, Loss, ModelError, NodeChange, NodeId, PodId, Step, Sym};
use crate::planner::ask::{PodOutcome, WhatIf, WhatIfQuestion};
use crate::planner::loss::Fate;
use crate::planner::plan::Verdict;
use rustc_hash::FxHashMap;

impl Sequence<'_> {
    /// The cluster becomes what `answer`, the answer of [`planner`](Self::planner) to `question`, says. Where nobody is left to
    /// act, nodes fall silent and nothing else happens.
    ///
    /// Pods that wait for an operator stay on their silent nodes, and are part of the next question again; what a volume keeps
    /// from starting elsewhere is among them. Pods that tolerate the loss for more than an hour are taken as not evicted yet.
    ///
    /// # Errors
    /// What the cluster cannot be: see [`Draft::build`].
    ///
    /// # Panics
    /// If the answer is to another cluster.
    pub fn follow(
        &mut self,
        question: &WhatIfQuestion,
        answer: &WhatIf,
    ) -> Result<(), Vec<ModelError>> {
        // With every node silent the node controller evicts nobody either.
        let all_silent = answer.verdict == Verdict::Down && question.loss == Loss::NotReady;
        if answer.control_plane.is_down() || all_silent {
            return self.fall_silent(question);
        }
        let cluster = self.cluster().clone();
        let mut draft = Draft::of(&cluster);
        let steps: FxHashMap<PodId, &Step> =
            answer.change().steps.iter().map(|s| (s.pod, s)).collect();
        for outcome in &answer.pods {
            match then(&cluster, question, outcome) {
                Then::Stays => {}
                Then::StaysEvicted => {
                    self.evicted.insert(key(&cluster, outcome.pod));
                }
                Then::Goes => draft.lose(&[outcome.pod]),
                Then::Waits { gated, made } => draft.unplace(outcome.pod, gated, made),
                Then::ComesBack => match (steps.get(&outcome.pod), outcome.fate) {
                    (Some(step), _) => draft.place(step.pod, step.node, &step.cards),
                    (None, Some(_)) => draft.unplace(outcome.pod, false, true),
                    (None, None) => {}
                },
            }
        }
        for &node in &question.lost {
            match question.loss {
                Loss::NotReady => draft.fail(node),
                Loss::Deleted => draft.remove_node(node),
                Loss::Drained => cordon(&mut draft, node),
            }
        }
        self.become_draft(draft)
    }

    /// Nodes that are lost as not ready fall silent, and nobody acts on it.
    ///
    /// # Errors
    /// As [`follow`](Self::follow).
    ///
    /// # Panics
    /// If a node is not of the cluster.
    pub fn fall_silent(&mut self, question: &WhatIfQuestion) -> Result<(), Vec<ModelError>> {
        let mut draft = Draft::of(self.cluster());
        if question.loss == Loss::NotReady {
            question.lost.iter().for_each(|&node| draft.fail(node));
        }
        self.become_draft(draft)
    }
}

pub(super) fn cordon(draft: &mut Draft, node: NodeId) {
    draft.apply(&Edit::Node { node, change: NodeChange::Cordon }, 0);
}

/// What a pod is known by in all states: namespace and name.
pub(super) fn key(cluster: &Cluster, pod: PodId) -> (Sym, Sym) {
    (cluster.shape_of(pod).namespace, cluster.pod(pod).name)
}

/// What becomes of a pod in the next state.
enum Then {
    /// It is where it was.
    Stays,
    /// The same, but it is being deleted: it does not run on when its node returns.
    StaysEvicted,
    /// It is gone for good.
    Goes,
    /// It has no place, and is made or not.
    Waits { gated: bool, made: bool },
    /// It is where a step puts it, and waits where none does.
    ComesBack,
}

fn then(cluster: &Cluster, question: &WhatIfQuestion, outcome: &PodOutcome) -> Then {
    let node = cluster.pod(outcome.pod).node;
    let was_down = node.is_some_and(|n| cluster.node(n).down);
    let is_silent = was_down
        || question.loss == Loss::NotReady && node.is_some_and(|n| question.lost.contains(&n));
    match outcome.fate {
        None => Then::ComesBack,
        Some(fate) => match fate {
            Fate::RunsOn
            | Fate::StaysPut
            | Fate::StuckNeverEvicted
            | Fate::Halted
            | Fate::RecreatedLate => Then::Stays,
            Fate::Gone | Fate::WasTerminating if is_silent => Then::Stays,
            Fate::Gone
            | Fate::WasTerminating
            | Fate::NotWanted
            | Fate::Lost
            | Fate::Orphaned
            | Fate::NamespaceEnds
            | Fate::JobFails => Then::Goes,
            Fate::StuckStatefulSet | Fate::StuckJob | Fate::StuckVolume => Then::StaysEvicted,
            Fate::Gated => Then::Waits { gated: true, made: true },
            Fate::InOrder => Then::Waits { gated: false, made: true },
            Fate::Refused => Then::Waits { gated: false, made: false },
            Fate::Recreated | Fate::RecreatedAssumed | Fate::RefusedAtFirst | Fate::Preempted => {
                Then::ComesBack
            }
        },
    }
}

/// The cluster with budgets that allow as much less than in `base` as fewer of their pods are healthy. More healthy pods
/// than then allow nothing more: by how many they were short is not known.
pub(super) fn with_budgets(cluster: Cluster, base: &Cluster) -> Cluster {
    if base.budgets().is_empty() {
        return cluster;
    }
    let (before, now) = (healthy(base), healthy(&cluster));
    let allowed = base.budgets().iter().enumerate();
    cluster.with_allowed(allowed.map(|(i, b)| b.allowed - (before[i] - now[i]).max(0)))
}

/// By budget how many of its pods are ready on nodes that live.
fn healthy(cluster: &Cluster) -> Vec<i64> {
    let mut healthy = vec![0; cluster.budgets().len()];
    let of_shape: Vec<Vec<usize>> =
        cluster.shapes().iter().map(|s| cluster.budgets_of(s).collect()).collect();
    for pod in cluster.pods() {
        let lives = pod.node.is_some_and(|n| !cluster.node(n).down);
        if lives && pod.ready && !pod.terminating {
            of_shape[pod.shape.index()].iter().for_each(|&b| healthy[b] += 1);
        }
    }
    healthy
}
