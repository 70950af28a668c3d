//! Why is this pod where it is not, and what is the nearest fix?

use super::what_if::WhatIfQuestion;
use crate::model::{Change, Cluster, Loss, NodeId, PodId, ShapeId};
use crate::planner::advice::Fixes;
use crate::planner::loss::{Displaced, Fate};
use crate::planner::plan::Refused;
use crate::planner::reasons::{Reasons, Why};
use crate::planner::words::short_name;
use crate::planner::{Options, Planner};
use crate::rules::{RuleSet, State, explain};
use crate::schedule::{budgets_left, preempt};
use crate::solve::Stage;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The question.
#[derive(Clone, Debug, Default)]
pub struct ExplainQuestion<'q> {
    /// Pods to explain, in this order: one, a workload's, all that are pending.
    pub pods: &'q [PodId],
    /// Nodes lost; none: the cluster as it stands.
    pub lost: &'q [NodeId],
    /// How.
    pub loss: Loss,
    /// What became of the others, as [`WhatIf::plan`](super::WhatIf::plan) has it; `None` asks
    /// [`Planner::what_if`], without moves.
    pub plan: Option<&'q Change>,
}

/// The answer for one pod.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The pod.
    pub pod: PodId,
    /// Where it is: where it runs, or where the plan puts it after the loss. It is judged as if it were not
    /// there.
    pub node: Option<NodeId>,
    /// What becomes of it by its owner, if its node is lost.
    pub fate: Option<Fate>,
    /// Node by node, as a newcomer; and in one line.
    pub why: Arc<Why>,
    /// What kube-scheduler writes into the pod's condition:
    /// [`Explanation::scheduler_message`](crate::rules::Explanation::scheduler_message), and why preemption does not
    /// help, if it does not.
    pub message: String,
    /// What would give it a place, if no node does. Empty for pods that have one.
    pub fixes: Arc<Fixes>,
    /// The node that takes it once pods that are being deleted have ended, where none does before.
    pub later: Option<NodeId>,
    /// All of it in one line, as `web-7 ✗ after node-a fails: 0/5 nodes. 3 short of memory (need 4Gi, best free
    /// 3.2Gi on node-c), 1 taint gpu=true:NoSchedule, 1 zone spread. Nearest fix: move cache-2 → node-d.` Lost
    /// nodes are named once and not counted.
    pub line: String,
}

/// What pods of one shape without a place share: why, what would help, and which nodes take them once pods that are being
/// deleted have ended.
type Shared = (Arc<Why>, Arc<Fixes>, Arc<[NodeId]>);

impl Planner {
    /// Explains pods: as they stand (a pod that runs is judged as a newcomer, itself taken out), or after a loss
    /// with all others placed. The nodes of a pod that no node would take even before the others were placed
    /// are given as of then. Pods of one shape without a place share their answer.
    ///
    /// # Errors
    /// [`Refused`], if a plan is to be made and the referee finds fault with it.
    ///
    /// # Panics
    /// If a pod, a node or the plan is not of the planner's cluster.
    pub fn explain(
        &self,
        question: &ExplainQuestion<'_>,
        options: &Options,
    ) -> Result<Vec<Explained>, Refused> {
        let change = self.plan_for(question, options)?;
        let after = self.state(&change);
        let mut explainer = Explainer {
            planner: self,
            question,
            options,
            ended: without_ending(&after),
            after,
            reasons: Reasons::new(&self.cluster, &change),
            displaced: self.displaced(question.lost, question.loss),
            change: &change,
            shared: FxHashMap::default(),
        };
        Ok(question.pods.iter().map(|&pod| explainer.explain(pod)).collect())
    }

    fn plan_for(
        &self,
        question: &ExplainQuestion<'_>,
        options: &Options,
    ) -> Result<Change, Refused> {
        if let Some(change) = question.plan {
            return Ok(change.clone());
        }
        if question.lost.is_empty() {
            return Ok(Change::default());
        }
        let what_if = WhatIfQuestion {
            lost: question.lost.to_vec(),
            loss: question.loss,
            ..WhatIfQuestion::default()
        };
        Ok(self.what_if(&what_if, options)?.plan.change)
    }
}

struct Explainer<'d, 'c> {
    planner: &'d Planner,
    question: &'d ExplainQuestion<'d>,
    options: &'d Options,
    change: &'d Change,
    after: State<'c>,
    /// The same once pods that are being deleted on nodes that live have ended; `None` where there is none.
    ended: Option<State<'c>>,
    reasons: Reasons<'c>,
    displaced: Displaced,
    shared: FxHashMap<ShapeId, Shared>,
}

impl Explainer<'_, '_> {
    fn explain(&mut self, pod: PodId) -> Explained {
        let cluster = self.after.cluster();
        let node = self.after.node_of(pod);
        let (why, fixes, later) = if node.is_some() {
            (self.elsewhere(pod), Arc::default(), [].into())
        } else {
            self.without_a_place(pod)
        };
        let nominated = cluster.pod(pod).nominated.filter(|node| later.contains(node));
        let later = nominated.or_else(|| later.first().copied());
        let is_lost = |home: &NodeId| self.question.lost.contains(home);
        let lost_with = cluster.pod(pod).node.filter(is_lost);
        let fate = lost_with.and_then(|_| self.displaced.fate_of(pod));
        let message = self.message(pod, node, &why);
        let mut line = self.line(pod, (node, later), &why, &fixes);
        if let Some(fate) = fate.filter(|f| !f.is_displaced()) {
            line += " ";
            line += fate_words(fate);
        }
        if cluster.pod(pod).gated {
            line += " A scheduling gate holds it back: it is in no queue.";
        }
        Explained { pod, node, fate, why, message, fixes, later, line }
    }

    /// The nodes that take the pod once those that are being deleted have ended.
    fn once_others_have_ended(&self, pod: PodId) -> Arc<[NodeId]> {
        match &self.ended {
            Some(ended) => explain(ended, pod, RuleSet::ALL).allowed().collect(),
            None => [].into(),
        }
    }

    /// The scheduler's message; for a pod without a place with the line on preemption, unless it would evict
    /// somebody.
    fn message(&self, pod: PodId, node: Option<NodeId>, why: &Why) -> String {
        let cluster = self.after.cluster();
        let message = why.explanation.scheduler_message(cluster);
        if node.is_some() || why.explanation.allowed().next().is_some() {
            return message;
        }
        let runs = |pod: &PodId| cluster.pod(*pod).node.is_some();
        let down = self.displaced.fates.iter().map(|f| f.0).filter(runs);
        let mut budgets = budgets_left(cluster, down);
        match preempt(&self.after, pod, &mut budgets, &mut |_| 0) {
            Err(declined) => format!("{message} {}", declined.line(cluster)).trim_end().into(),
            Ok(_) => message,
        }
    }

    /// For a pod that has a place: the nodes with itself taken out.
    fn elsewhere(&self, pod: PodId) -> Arc<Why> {
        let mut state = self.after.clone();
        state.remove(pod, false);
        let explanation = explain(&state, pod, RuleSet::ALL);
        Arc::new(Why { sentence: explanation.sentence(state.cluster()), explanation })
    }

    fn without_a_place(&mut self, pod: PodId) -> Shared {
        let shape = self.after.cluster().pod(pod).incoming;
        if let Some(known) = self.shared.get(&shape) {
            return known.clone();
        }
        let why = self.reasons.of(pod);
        let is_refused = why.explanation.allowed().next().is_none();
        let later = if is_refused { self.once_others_have_ended(pod) } else { [].into() };
        let fixes = match later.is_empty() {
            true => {
                let options = self.options.at(Stage::Fixes);
                self.planner.nearest_fix(&self.after, self.change, pod, &options)
            }
            false => Fixes::default(),
        };
        let shared = (why, Arc::new(fixes), later);
        self.shared.insert(shape, shared.clone());
        shared
    }

    fn line(
        &self,
        pod: PodId,
        (node, later): (Option<NodeId>, Option<NodeId>),
        why: &Why,
        fixes: &Fixes,
    ) -> String {
        let cluster = self.after.cluster();
        let mut left = why.explanation.clone();
        left.per_node.retain(|(node, _)| self.after.loss_of(*node).is_none());
        let takes = left.allowed().next().is_some();
        let mark = if node.is_some() || later.is_some() || takes { "✓" } else { "✗" };
        let mut line = format!("{} {mark}", short_name(cluster, pod));
        if !self.question.lost.is_empty() {
            line += &format!(" after {}", loss_words(cluster, self.question));
        }
        if let Some(node) = node {
            line += &format!(" on {}", cluster.node_name(node));
        }
        line += &format!(": {}.", left.sentence(cluster));
        if let Some(later) = later {
            let nominated = cluster.pod(pod).nominated == Some(later);
            let nominated = if nominated { " (where it is nominated)" } else { "" };
            line += &format!(
                " It waits for pods that are being deleted: then {}{nominated} takes it.",
                cluster.node_name(later)
            );
        }
        match fixes.nearest() {
            Some(fix) => line += &format!(" Nearest fix: {}.", fix.sentence(cluster)),
            None if !takes && node.is_none() && later.is_none() => {
                line += " No fix of one step found."
            }
            None => {}
        }
        if fixes.cut {
            line += " (The search for moves was cut.)";
        }
        line
    }
}

/// The state once pods that are being deleted on nodes that live have ended, if there are any.
fn without_ending<'c>(state: &State<'c>) -> Option<State<'c>> {
    let cluster = state.cluster();
    let is_ending = |&p: &PodId| {
        let object = cluster.pod(p);
        let lives = object.node.is_some_and(|n| !cluster.node(n).down);
        object.terminating && lives && state.node_of(p).is_some()
    };
    let ending: Vec<PodId> = cluster.pod_ids().filter(is_ending).collect();
    (!ending.is_empty()).then(|| {
        let mut state = state.clone();
        ending.into_iter().for_each(|p| state.remove(p, false));
        state
    })
}

fn loss_words(cluster: &Cluster, question: &ExplainQuestion<'_>) -> String {
    let (one, many) = match question.loss {
        Loss::NotReady => ("fails", "fail"),
        Loss::Deleted => ("is deleted", "are deleted"),
        Loss::Drained => ("is drained", "are drained"),
    };
    match question.lost {
        [node] => format!("{} {one}", cluster.node_name(*node)),
        nodes => {
            let names: Vec<&str> = nodes.iter().map(|&n| cluster.node_name(n)).collect();
            format!("{} {many}", names.join(", "))
        }
    }
}

/// Why a pod of a lost node looks for no place by itself.
fn fate_words(fate: Fate) -> &'static str {
    match fate {
        Fate::Recreated | Fate::RecreatedAssumed => "It is made anew.",
        Fate::RecreatedLate => "It is made anew only when it tolerates the loss no longer.",
        Fate::RefusedAtFirst => "A quota refuses it until the old pod is charged no longer.",
        Fate::StuckVolume => "Its volume stays attached to the node until the old pod is deleted.",
        Fate::NotWanted => "Its owner wants no other.",
        Fate::Lost => "Nothing makes it anew: it has no controller.",
        Fate::Orphaned => "Nothing makes it anew: its controller is gone.",
        Fate::NamespaceEnds => "Nothing makes it anew: its namespace is being deleted.",
        Fate::JobFails => "Nothing makes it anew: its Job fails.",
        Fate::Gone => "It goes with its node.",
        Fate::WasTerminating => "It was being deleted.",
        Fate::StuckStatefulSet | Fate::StuckJob => {
            "It is not made anew until the old pod is known to be gone."
        }
        Fate::Gated => "A scheduling gate of its template holds it back.",
        Fate::InOrder => "It is made once those of lower numbers are ready.",
        Fate::Refused => "Admission refuses it.",
        Fate::Preempted => "It is evicted for a pod of higher priority.",
        Fate::StuckNeverEvicted => {
            "It is never evicted: it tolerates an unreachable node for ever."
        }
        Fate::Halted => "It is not evicted until someone acts.",
        Fate::RunsOn => "It runs on.",
        Fate::StaysPut => "Its node is back before it would be evicted.",
    }
}
