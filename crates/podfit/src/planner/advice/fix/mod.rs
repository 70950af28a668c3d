//! The nearest fix: the cheapest single step that gives a pod a place.
//!
//! In: a [`State`] with everything else in place, the [`Change`] that led there, and a pod that no node takes.
//! Out: [`Fixes`], cheapest first, each checked by applying it: moves and preemptions are a change that the
//! referee passes; altered requests, rules and nodes are tried on an altered cluster. `kind` is what a fix can
//! be, what it costs and its words; `search` finds moves and preemptions, `relax` the rest, `several` asks
//! the solver for a few moves at once where one does not do.

mod edits;
mod kind;
mod relax;
mod search;
mod several;

pub use kind::{Fix, FixKind};

use crate::model::{Change, Cluster, NodeId, PodId, Removal, Shape};
use crate::planner::{Options, Planner};
use crate::rules::{Refusal, Rule, RuleSet, State, explain, refusals};
use crate::solve::Control;

/// Steps of the question whether a pod may run on a node.
const STEPS_A_LOOK: usize = 100;
/// Kinds of fix returned: the nearest and three others.
const KINDS_MAX: usize = 4;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Fixes {
    /// Cheapest first, each of another kind; at most four. Empty where some node takes the pod as it is.
    pub fixes: Vec<Fix>,
    /// Whether the search ended at its limit: there may be nearer ones.
    pub cut: bool,
}

impl Fixes {
    /// The nearest.
    pub fn nearest(&self) -> Option<&Fix> {
        self.fixes.first()
    }
}

impl Planner {
    /// The cheapest fixes for `pod`, which finds no place in `state`. See [`FixKind::cost`] for the order.
    ///
    /// `state` is the planner's cluster after `change`; `pod` must be nowhere in it. If it runs in the input,
    /// `change` should name it among the removed; else that is added. Looks at some ten thousand pairs of pod
    /// and node, then stops and says so.
    ///
    /// # Panics
    /// If `pod` or `change` is not of the planner's cluster.
    pub fn nearest_fix(
        &self,
        state: &State<'_>,
        change: &Change,
        pod: PodId,
        options: &Options,
    ) -> Fixes {
        let options = &options.started();
        let control = options.control();
        let cluster = state.cluster();
        // A copy of the state, and a look at every node.
        let size = cluster.pods().len() + cluster.nodes().len() * STEPS_A_LOOK;
        if control.spent(size) {
            control.note_stop();
            return Fixes { fixes: Vec::new(), cut: true };
        }
        let mut state = state.clone();
        state.remove(pod, false);
        let nodes = explain(&state, pod, RuleSet::ALL).per_node;
        if nodes.iter().any(|(_, refusals)| refusals.is_empty()) {
            return Fixes::default();
        }
        let change = without(cluster, change, pod);
        let case = Case { planner: self, cluster, change, pod, nodes, control };
        let mut search = search::Search::new(&case, state.clone());
        let mut fixes: Vec<Fix> = search.nearest_move().into_iter().collect();
        fixes.extend(search.nearest_preemption());
        fixes.extend(search.nearest_priority());
        fixes.extend(search.nearest_older());
        let mut cut = search.cut();
        fixes.extend(relax::fixes(&case, &state));
        fixes.sort_by_key(Fix::cost);
        if fixes.first().is_none_or(|f| f.cost() > kind::SEVERAL_MOVES) {
            fixes.extend(several::moves(&case, &state, options));
            fixes.sort_by_key(Fix::cost);
        }
        fixes.truncate(KINDS_MAX);
        cut |= control.note_stop();
        Fixes { fixes, cut }
    }
}

/// `change` without a place for `pod`, which leaves where it runs.
fn without(cluster: &Cluster, change: &Change, pod: PodId) -> Change {
    let mut change = change.clone();
    change.steps.retain(|s| s.pod != pod);
    let leaves = change.removed.iter().any(|r| r.pod == pod);
    if cluster.pod(pod).node.is_some() && !leaves {
        change.removed.push(Removal { pod, lingers: false });
    }
    change
}

/// What all searches look at.
struct Case<'a, 'c> {
    planner: &'a Planner,
    cluster: &'c Cluster,
    /// What happened so far, the pod without a place.
    change: Change,
    pod: PodId,
    control: &'a Control,
    /// Every node that is there, and why it refuses.
    nodes: Vec<(NodeId, Vec<Refusal>)>,
}

impl<'c> Case<'_, 'c> {
    /// What the pod asks.
    fn shape(&self) -> &'c Shape {
        self.cluster.incoming_of(self.pod)
    }

    /// Whether another pod is of the same template.
    fn is_sibling(&self, other: PodId) -> bool {
        let [pod, other] = [self.pod, other].map(|p| self.cluster.pod(p));
        pod.incoming == other.shape && pod.owner == other.owner
    }

    /// Whether `node` takes the pod once the rule that it gives as its reason is off.
    fn only_reason(&self, state: &State, reason: &Refusal) -> bool {
        let mut others = RuleSet::ALL.without(reason.rule);
        let apart = [Rule::InterPodAntiAffinity, Rule::ExistingAntiAffinity];
        if apart.contains(&reason.rule) {
            // Two sides of one term, where pods of one template shun each other.
            others = apart.into_iter().fold(others, RuleSet::without);
        }
        if reason.rule == Rule::Taints && self.cluster.node(reason.node).down {
            // Its taint and its condition say the same.
            others = others.without(Rule::Kubelet);
        }
        refusals(state, self.pod, reason.node, others).is_empty()
    }
}
