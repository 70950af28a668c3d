//! The questions: what if nodes are lost, which losses does the cluster survive, where do pending pods go, is
//! a placement legal.
//!
//! In: a [`Planner`] on one cluster, and a question. Out: an answer in the core's terms (ids, integers), made by
//! `problem/` and `solve/` and confirmed by the referee; `podfit-api` turns it into a report.
//!
//! | folder | what it is for; each may use those above it |
//! |---|---|
//! | `plan.rs`, `reasons.rs`, `words.rs` | a solved query with what is claimed of it; why a pod is pending; words that answers share |
//! | `loss/` | what becomes of the pods of lost nodes |
//! | `forecast/` | what the default scheduler would do: many seeds, certainty, hints |
//! | `advice/` | why something does not fit, and the nearest fix |
//! | `ask/` | the questions, a file each |
//! | `timeline/` | when pods are back |
//! | `availability/` | how long workloads are down in a year |
//! | `repair/` | several changes that together make everything fit |
//! | `sequence/` | one thing after the other, each state from the one before |
//! | `absent.rs` | kinds of objects that an answer takes as absent |
//! | `headroom.rs` | what is left of each resource after a loss |

mod absent;
mod advice;
mod ask;
mod availability;
mod forecast;
mod headroom;
mod loss;
mod plan;
mod reasons;
mod repair;
mod sequence;
mod timeline;
pub(crate) mod words;

pub use advice::{
    Addition, Amount, Cause, CauseCut, Drop, Fix, FixKind, Fixes, GroupShortage, Hindrance,
    NewNode, NodeGroup, Obstacle, Short, What, node_kinds,
};
pub use ask::{
    Audit, AuditCase, AuditQuestion, ControlPlaneAnswer, ControlPlaneQuestion, Crashed,
    ExplainQuestion, Explained, Placed, PodOutcome, PodVerdict, Renewal, WhatIf, WhatIfQuestion,
    standing, standing_of,
};
pub use availability::{Availability, AvailabilityQuestion, Estimate, FailureCause, Subject, Sums};
pub use forecast::{Hint, HintKind, Prediction, Share};
pub use headroom::Headroom;
pub use loss::{Displaced, Fate, fate};
pub use plan::{Certainty, Open, Plan, PlanShortage, Proof, Refused, Scope, Stall, Verdict};
pub use reasons::Why;
pub use repair::{Repair, RepairQuestion, RepairSearch, RepairStep};
pub use sequence::Sequence;
pub use timeline::{
    Acted, Action, Away, Part, Path, PodTimeline, Return, Term, TermCode, Timeline, Times,
    grace_period,
};

use crate::check::{Baseline, Referee, Violation};
use crate::control_plane::Topology;
use crate::model::{Change, Cluster, Loss, NodeId, PodId, ShapeId};
use crate::problem::{Index, Mapping, Problem, Query};
use crate::rules::{self, Rule, RuleSet, Start, State, static_refusal};
use crate::schedule::{self, Scheduler, Zones};
use crate::solve::{self, Control, Outcome, Shortage, Stage};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// One cluster, indexed for many questions. Shared between threads by reference.
#[derive(Debug)]
pub struct Planner {
    cluster: Arc<Cluster>,
    index: Index,
    baseline: Arc<Baseline>,
    /// The least priority of a running pod: nobody of this or less can evict.
    least_priority: i32,
    /// Pods that run nowhere.
    pending: Vec<PodId>,
    zones: Zones,
    parts: Topology,
    /// Whether the scheduler may put some pod where it does not start, by its node.
    may_not_start: bool,
    /// Whether some pods share volumes that one node at a time may have.
    shares_volumes: bool,
    /// Of them, those that no node could hold.
    nowhere: OnceLock<Vec<PodId>>,
    /// Where states and the simulated scheduler begin, made when first asked for.
    start: OnceLock<Start>,
    shared: OnceLock<Arc<schedule::Shared>>,
}

/// How to answer.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Solver, backend, seed; its control carries cancel and progress.
    pub solve: solve::Options,
    /// Time for one question (each case of an audit is one), all its stages together; `None` is no limit.
    pub time_limit: Option<Duration>,
    /// How many seeds of the scheduler's simulation to ask; `None`: 200, fewer where pods times nodes are many;
    /// 0: none.
    pub seeds: Option<u32>,
}

impl Options {
    /// The same with the clock running: a question starts, and its answers to come share the time.
    #[must_use]
    pub fn started(&self) -> Self {
        let mut options = self.clone();
        if let Some(limit) = options.time_limit.take() {
            options.solve.control = options.solve.control.with_time_limit(limit);
        }
        options
    }

    /// The same for another question, its clock running and nothing of it cut short yet.
    #[must_use]
    pub fn for_question(&self) -> Self {
        let mut options = self.started();
        options.solve.control = options.solve.control.for_question();
        options
    }

    /// The same for a stage of the question.
    #[must_use]
    pub fn at(&self, stage: Stage) -> Self {
        let mut options = self.started();
        options.solve.control = options.solve.control.at(stage);
        options
    }

    /// The same for a search that may do so many steps, and each of its solves so many.
    #[must_use]
    pub fn limited(&self, steps_max: u64, steps_of_solve_max: u64) -> Self {
        let mut options = self.started();
        options.solve.control = options.solve.control.metered(Some(steps_max));
        options.solve.work_max = Some(steps_of_solve_max);
        options
    }

    /// The same for [`solve::solve`].
    fn solve_options(&self) -> solve::Options {
        self.started().solve
    }

    /// Deadline, cancel, progress.
    pub fn control(&self) -> &Control {
        &self.solve.control
    }
}

impl Planner {
    /// Indexes a cluster. Cost: some milliseconds a thousand nodes.
    pub fn new(cluster: Arc<Cluster>) -> Self {
        Self::with_rules(cluster, RuleSet::ALL)
    }

    /// As [`new`](Self::new), obeying only `rules`: "what if this rule were relaxed". Answers of such a planner
    /// may break the rules left out, so the referee is not asked.
    pub fn with_rules(cluster: Arc<Cluster>, rules: RuleSet) -> Self {
        let running = cluster.pods().iter().filter(|p| p.node.is_some());
        let priorities = running.map(|p| cluster.shape(p.shape).priority);
        Self {
            least_priority: priorities.min().unwrap_or(i32::MAX),
            index: Index::new(cluster.clone(), rules),
            baseline: Arc::new(Baseline::new(&cluster)),
            pending: cluster.pod_ids().filter(|&p| cluster.pod(p).node.is_none()).collect(),
            nowhere: OnceLock::new(),
            zones: Zones::of(&cluster),
            parts: Topology::of(&cluster),
            may_not_start: cluster.nodes().iter().any(|n| n.down || n.ending)
                || cluster.shapes().iter().any(|s| s.os.is_some()),
            shares_volumes: cluster.shapes().iter().any(|s| !s.one_node_claims.is_empty()),
            start: OnceLock::new(),
            shared: OnceLock::new(),
            cluster,
        }
    }

    /// The cluster after a change.
    fn state(&self, change: &Change) -> State<'_> {
        let start = self.start.get_or_init(|| Start::of(&self.cluster));
        let mut state = State::begin(&self.cluster, start);
        state.apply(change);
        state
    }

    /// The simulated scheduler over a state of the cluster.
    fn scheduler<'c>(&'c self, state: State<'c>) -> Scheduler<'c> {
        let shared = self.shared.get_or_init(|| {
            let cluster = &self.cluster;
            Arc::new(match self.index.rules() == RuleSet::ALL && !self.may_not_start {
                true => schedule::Shared::with_allowed(cluster, self.index.all_eligible()),
                false => schedule::Shared::of(cluster),
            })
        });
        Scheduler::with_shared(state, shared.clone())
    }

    /// The nodes that pods of a shape may enter by what never changes: rules that look at no other pod, at no amount.
    pub(crate) fn eligible(&self, shape: ShapeId) -> &FixedBitSet {
        self.index.eligible(shape)
    }

    /// What the loss of these nodes does. Pods that were pending before and that no node could hold, whatever ran on it,
    /// are set aside.
    pub(crate) fn displaced(&self, lost: &[NodeId], loss: Loss) -> Displaced {
        self.displaced_but((lost, loss), &[])
    }

    /// The same where these pods, in order, are not evicted, as their nodes are back before.
    fn displaced_but(&self, lost: (&[NodeId], Loss), stay: &[PodId]) -> Displaced {
        let mut displaced = Displaced::among(&self.cluster, &self.zones, lost, stay);
        displaced.set_aside(&self.cluster, self.nowhere());
        displaced
    }

    /// Pending pods that no node could hold, empty and in order: looked up once.
    fn nowhere(&self) -> &[PodId] {
        self.nowhere.get_or_init(|| {
            let mut known: FxHashMap<ShapeId, bool> = FxHashMap::default();
            let mut is_nowhere = |pod: &PodId| {
                let shape = self.cluster.pod(*pod).incoming;
                *known.entry(shape).or_insert_with(|| !self.is_placeable(shape))
            };
            self.pending.iter().filter(|pod| is_nowhere(pod)).copied().collect()
        })
    }

    /// Whether some node, empty, could hold such a pod; of nodes that are down taints do not count.
    fn is_placeable(&self, shape: ShapeId) -> bool {
        let cluster = &self.cluster;
        let eligible = self.eligible(shape);
        let shape = cluster.shape(shape);
        let healthy = self.index.rules().without(Rule::Taints).without(Rule::Kubelet);
        cluster.node_ids().any(|id| {
            let node = cluster.node(id);
            let may_enter = eligible.contains(id.index())
                || node.down && static_refusal(cluster, shape, id, healthy).is_none();
            may_enter && shape.requests.iter().all(|(r, n)| n <= node.allocatable.get(r))
        })
    }

    /// The cluster.
    pub fn cluster(&self) -> &Arc<Cluster> {
        &self.cluster
    }

    /// The referee of this cluster.
    pub fn referee(&self) -> Referee<'_> {
        Referee::with_baseline(&self.cluster, self.baseline.clone())
    }

    /// The numbers of a query, for benches and for other solvers.
    pub fn problem(&self, query: &Query<'_>) -> (Problem, Mapping) {
        self.index.problem(query)
    }

    /// Solves a query and lets the referee judge the answer.
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with it.
    pub fn solve(&self, query: &Query<'_>, options: &Options) -> Result<Plan, Refused> {
        let (problem, mapping) = self.index.problem(query);
        let mut options = options.started();
        if let Some(left) = options.control().time_left() {
            // The rest is for the simulation of the scheduler: without it a placement says little.
            options.solve.control = options.solve.control.with_time_limit(left * 4 / 5);
        }
        options.control().spend(problem.classes.len() * problem.bins());
        let outcome = solve::solve(&problem, &options.solve);
        options.control().note(outcome.stop);
        let change = mapping.change(query, &problem, &outcome.puts);
        if self.index.rules() == RuleSet::ALL {
            self.confirm(&change, outcome.provenance)?;
        }
        let mut plan = self.plan(query, &mapping, change, outcome);
        if query.movable.is_empty() && !self.is_misled(query) {
            plan.certain = forecast::certain(&problem, plan.unplaced.is_empty());
        }
        Ok(plan)
    }

    /// Whether a place for all of these pods may be had by something that was not evaluated.
    pub(in crate::planner) fn is_open(&self, unplaced: &[PodId]) -> bool {
        let may_fit =
            |pod: &PodId| self.cluster.pod(*pod).gaps.iter().any(|gap| gap.may_make_room());
        !unplaced.is_empty() && unplaced.iter().all(may_fit)
    }

    /// Whether the scheduler may put a pod of the query where it does not start.
    fn is_misled(&self, query: &Query<'_>) -> bool {
        if !self.may_not_start && !self.shares_volumes {
            return false;
        }
        let cluster = &self.cluster;
        let mut shapes: Vec<ShapeId> =
            query.place.iter().map(|&p| cluster.pod(p).incoming).collect();
        shapes.sort_unstable();
        shapes.dedup();
        shapes.into_iter().any(|id| {
            let shape = cluster.shape(id);
            let is_trap = |node: NodeId| {
                !query.lost.contains(&node)
                    && !rules::starts(cluster, shape, node)
                    && static_refusal(cluster, shape, node, RuleSet::SCHEDULER).is_none()
            };
            !shape.one_node_claims.is_empty() || cluster.node_ids().any(is_trap)
        })
    }

    /// Lets the referee judge a change.
    fn confirm(&self, change: &Change, provenance: &'static str) -> Result<(), Refused> {
        self.refuse_any(self.referee().check(change), provenance, || change.clone())
    }

    /// An error where there is a violation.
    fn refuse_any(
        &self,
        violations: Vec<Violation>,
        provenance: &'static str,
        change: impl FnOnce() -> Change,
    ) -> Result<(), Refused> {
        let Some(first) = violations.first() else { return Ok(()) };
        let first = first.display(&self.cluster).to_string();
        Err(Refused { provenance, violations, first, change: Box::new(change()) })
    }

    fn plan(&self, query: &Query<'_>, mapping: &Mapping, change: Change, outcome: Outcome) -> Plan {
        let placed: rustc_hash::FxHashSet<PodId> = change.steps.iter().map(|s| s.pod).collect();
        let shortage = outcome.shortage.map(|sum| {
            let pod = match sum {
                Shortage::Class { class, .. } => mapping.pods[class].first().copied(),
                _ => None,
            };
            PlanShortage { sum, pod }
        });
        Plan {
            unplaced: query.place.iter().copied().filter(|p| !placed.contains(p)).collect(),
            change,
            status: outcome.status,
            levels: outcome.levels,
            unplaced_bound: (outcome.unplaced_bound, outcome.unplaced_certificate),
            shortage,
            certain: None,
            stop: outcome.stop,
            provenance: outcome.provenance,
        }
    }
}
