//! The questions: what if nodes are lost, which losses does the cluster survive, where do pending pods go, is
//! a placement legal. A file each.
//!
//! In: a [`Planner`] on one cluster, and a question. Out: an answer in the core's terms (ids, integers), made by
//! `problem/` and `solve/` and confirmed by the referee; `podfit-api` turns it into a report. A new question is a
//! new file here.

mod audit;
mod cause;
mod certain;
mod control_plane;
mod explain;
mod fate;
mod fix;
mod hint;
mod lint;
mod place;
mod predict;
mod verify;
mod what_if;
mod words;

pub use audit::{Audit, AuditCase, AuditQuestion};
pub use cause::{
    Addition, Amount, Cause, CauseCut, Drop, GroupShortage, Hindrance, NewNode, NodeGroup,
    Obstacle, Short, What, node_kinds,
};
pub use certain::Certainty;
use control_plane::Parts;
pub use control_plane::{ControlPlane, control_plane_after};
pub use explain::{ExplainQuestion, Explained};
pub use fate::{Displaced, Fate, fate};
pub use fix::{Fix, FixKind, Fixes};
pub use hint::{Hint, HintKind};
pub use lint::{About, Finding, Lint, LintQuestion, Severity};
pub use place::Placed;
pub use predict::{Prediction, Share};
pub use verify::{standing, standing_of};
pub use what_if::{PodOutcome, PodVerdict, WhatIf, WhatIfQuestion};

use crate::check::{Baseline, Referee, Violation};
use crate::model::{Change, Cluster, Loss, NodeId, PodId, ShapeId};
use crate::problem::{Index, MOVES, Mapping, NODES_USED, Problem, Query};
use crate::rules::{Explanation, RuleSet, Start, State, explain};
use crate::schedule::{self, Scheduler, Zones};
use crate::solve::{self, Certificate, Control, LevelOutcome, Outcome, Shortage, Status, Stop};
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
    parts: Parts,
    /// Where states and the simulated scheduler begin, made when first asked for.
    start: OnceLock<Start>,
    shared: OnceLock<Arc<schedule::Shared>>,
}

/// How to answer.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Solver, backend, seed; its control carries cancel and progress.
    pub solve: solve::Options,
    /// Time for one solve (each case of an audit is one); `None` is no limit.
    pub time_limit: Option<Duration>,
    /// How many seeds of the scheduler's simulation to ask; `None`: 200, fewer where pods times nodes are many;
    /// 0: none.
    pub seeds: Option<u32>,
}

impl Options {
    fn solve_options(&self) -> solve::Options {
        let mut options = self.solve.clone();
        if let Some(limit) = self.time_limit {
            options.control = options.control.with_time_limit(limit);
        }
        options
    }

    fn control(&self) -> &Control {
        &self.solve.control
    }
}

/// What may be moved: the claim "fits" or "does not fit" is made within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Only displaced pods find new places; all others stay.
    SurvivorsFixed,
    /// Up to so many others may be moved to make room.
    MovesAllowed(u64),
    /// Pods of lower priority may be evicted, as the scheduler does it, and find new places too.
    Preemption,
}

/// The verdict on the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every pod that should come back does, whatever the scheduler chooses or in every seed asked; none is lost
    /// or stuck.
    Survives,
    /// All that can come back by itself fits, but some pods are lost, stuck or must wait.
    SurvivesWithLosses,
    /// A placement of all exists, but the default scheduler may miss it, or was not asked.
    SurvivesIfPlacedWell,
    /// Proved: some pod finds no place in this scope.
    DoesNotFit,
    /// Neither a complete placement nor a proof; the reason.
    Unknown(String),
}

/// What a claim rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The placement itself, passed by the referee.
    Placement,
    /// A lower bound on what stays unplaced.
    Bound(Certificate),
}

/// The referee refused a placement that a solver made: a bug of ours, never a plan.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "internal error: the {provenance} solver's placement breaks {} rule(s), first: {first}; please report \
     it with the input", violations.len()
)]
pub struct Refused {
    /// Which solver made it.
    pub provenance: &'static str,
    /// What the referee found.
    pub violations: Vec<Violation>,
    /// The first of them as a sentence.
    pub first: String,
    /// What was refused.
    pub change: Box<Change>,
}

/// A solved and refereed query.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What happens, in order.
    pub change: Change,
    /// Pods that find no place.
    pub unplaced: Vec<PodId>,
    /// Optimal or feasible.
    pub status: Status,
    /// Objective, bound and gap of each level.
    pub levels: Vec<LevelOutcome>,
    /// At least so many pods stay unplaced in every placement, and what says so.
    pub unplaced_bound: (i64, Option<Certificate>),
    /// The sum behind the bound, if it is one.
    pub shortage: Option<PlanShortage>,
    /// Proved that the scheduler finds room for all, whatever it chooses. Not looked for where pods may move.
    pub certain: Option<Certainty>,
    /// Why the search stopped.
    pub stop: Stop,
    /// Which solver's placement it is.
    pub provenance: &'static str,
}

/// The sum that proves a shortage, in pods and nodes. See [`Shortage`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanShortage {
    /// The sum.
    pub sum: Shortage,
    /// A pod of the class, where the sum is of one class.
    pub pod: Option<PodId>,
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
            zones: Zones::of(&cluster),
            parts: Parts::of(&cluster),
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
            Arc::new(match self.index.rules() == RuleSet::ALL {
                true => schedule::Shared::with_allowed(cluster, self.index.all_eligible()),
                false => schedule::Shared::of(cluster),
            })
        });
        Scheduler::with_shared(state, shared.clone())
    }

    /// What the loss of these nodes does to their pods.
    fn displaced(&self, lost: &[NodeId], loss: Loss) -> Displaced {
        Displaced::among(&self.cluster, &self.zones, lost, loss)
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
        let outcome = solve::solve(&problem, &options.solve_options());
        let change = mapping.change(query, &problem, &outcome.puts);
        if self.index.rules() == RuleSet::ALL {
            self.confirm(&change, outcome.provenance)?;
        }
        let mut plan = self.plan(query, &mapping, change, outcome);
        if query.movable.is_empty() {
            plan.certain = certain::certain(&problem, plan.unplaced.is_empty());
        }
        Ok(plan)
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

/// Why a pod stays pending. Pods of one shape share it.
#[derive(Debug)]
pub struct Why {
    /// Node by node.
    pub explanation: Explanation,
    /// In one line, as `0/5 nodes. 3 short of memory (need 4Gi, best free 3.2Gi on node-c), 1 zone spread`.
    pub sentence: String,
}

/// Explains pending pods: told of the state before anything was placed if no node takes the pod even then, else
/// of the state with all others in place.
struct Reasons<'c> {
    before: State<'c>,
    after: State<'c>,
    known: FxHashMap<ShapeId, Arc<Why>>,
}

impl<'c> Reasons<'c> {
    fn new(cluster: &'c Cluster, change: &Change) -> Self {
        let nothing_placed = Change { steps: Vec::new(), ..change.clone() };
        Self {
            before: State::with_change(cluster, &nothing_placed),
            after: State::with_change(cluster, change),
            known: FxHashMap::default(),
        }
    }

    fn of(&mut self, pod: PodId) -> Arc<Why> {
        let cluster = self.before.cluster();
        let shape = cluster.pod(pod).incoming;
        if let Some(why) = self.known.get(&shape) {
            return why.clone();
        }
        let alone = explain(&self.before, pod, RuleSet::ALL);
        let nowhere = alone.allowed().next().is_none();
        let explanation = if nowhere { alone } else { explain(&self.after, pod, RuleSet::ALL) };
        let why = Arc::new(Why { sentence: explanation.sentence(cluster), explanation });
        self.known.insert(shape, why.clone());
        why
    }
}

impl Plan {
    /// Objectives of the levels of unplaced pods: all but a last level of moves.
    fn unplaced_levels(&self) -> Vec<i64> {
        let unplaced = self.levels.iter().filter(|l| l.name != MOVES);
        unplaced.map(|l| l.objective).collect()
    }

    /// The same plan without what was proved about it, but that nothing is below zero.
    fn unproved(mut self) -> Self {
        let mut closed = true;
        for level in &mut self.levels {
            if level.objective != 0 || !closed {
                (level.bound, level.certificate) = (None, None);
            }
            closed &= level.is_closed();
        }
        (self.unplaced_bound, self.shortage) = ((0, None), None);
        if !closed {
            self.status = Status::Feasible;
            if self.stop == Stop::Proved {
                self.stop = Stop::TooLarge;
            }
        }
        self
    }

    /// The same with this placement of everything, which makes no moves. Nodes used are no longer told: nobody
    /// tried to use few.
    fn completed(mut self, change: Change) -> Self {
        let levels = self.levels.len();
        self.levels.retain(|l| l.name != NODES_USED);
        for level in &mut self.levels {
            level.objective = 0;
            (level.bound, level.certificate) = (Some(0), Some(Certificate::IntegerSum));
        }
        (self.unplaced_bound, self.shortage) = ((0, None), None);
        self.status = if self.levels.len() == levels { Status::Optimal } else { Status::Feasible };
        Self { change, unplaced: Vec::new(), provenance: "simulated scheduler", ..self }
    }

    /// Fits, does not fit, or unknown, and what that rests on.
    fn claim(&self) -> (Option<bool>, Option<Proof>) {
        if self.unplaced.is_empty() {
            return (Some(true), Some(Proof::Placement));
        }
        match self.unplaced_bound {
            (bound, Some(certificate)) if bound >= 1 => {
                (Some(false), Some(Proof::Bound(certificate)))
            }
            _ => (None, None),
        }
    }

    fn why_open(&self) -> String {
        let why = match self.stop {
            Stop::TimeLimit => "the time limit ended the search",
            Stop::Cancelled => "the search was cancelled",
            Stop::MethodEnds => "the greedy solver proves no more (try --solver exact)",
            Stop::NoSolver => "sums and enumeration prove no more (no exact solver was at hand)",
            Stop::TooLarge => "the exact solver could not finish a problem of this size",
            Stop::Proved => "no bound says that it cannot fit",
        };
        format!("{} pod(s) found no place, and {why}", self.unplaced.len())
    }
}
