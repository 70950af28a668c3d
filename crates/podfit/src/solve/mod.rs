//! Problem → [`Outcome`]: the best placement found, its order, and how far from the best it can be.
//!
//! In: a [`Problem`](crate::problem::Problem) and [`Options`]. Out: puts in an order that is legal step by step, the objective and
//! bound of each level, what the bound rests on, and why the search stopped. Nothing here knows Kubernetes.
//! `greedy` answers at once, `bounds` prove in integers, `enumerate` tries all states of a small problem,
//! `ilp` does the rest; `portfolio` is the order in which they are asked.

mod bounds;
pub mod control;
mod enumerate;
mod greedy;
mod ilp;
mod packing;
mod portfolio;
mod sequence;

pub use bounds::Shortage;
pub use control::{CancelToken, Control, Progress};
pub use ilp::{Backend, IntegerAnswer, IntegerProgram, Outside};
pub use portfolio::solve;

use crate::problem::Put;

/// Which solvers may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Greedy first; exact where bounds do not prove its answer.
    #[default]
    Auto,
    /// Greedy and bounds only.
    Greedy,
    /// As `Auto`, but the exact solvers run although bounds prove the greedy answer.
    Exact,
}

/// How to solve.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which solvers.
    pub method: Method,
    /// Backend of the ILP.
    pub backend: Backend,
    /// Breaks ties among equally good orders of the greedy solver.
    pub seed: u64,
    /// States the enumeration may visit before it gives way to the ILP; `None` is 20,000, 0 leaves it out.
    pub enumeration_states_max: Option<usize>,
    /// Exact solvers start from nothing instead of the greedy answer: to see what they do by themselves.
    pub cold_start: bool,
    /// Deadline, cancel, progress.
    pub control: Control,
}

/// The claim made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Every level is at its bound.
    Optimal,
    /// A legal placement; some level's bound is open.
    Feasible,
}

/// What a bound rests on, from strongest to weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certificate {
    /// Sums of integers that anyone can redo.
    IntegerSum,
    /// Every reachable state was visited.
    Enumeration,
    /// The word of a floating-point solver, rounded up; the placement itself was re-judged in integers.
    SolverFloat,
}

/// Why the search stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// All levels closed.
    Proved,
    /// The method asked for does no more.
    MethodEnds,
    /// Time is up.
    TimeLimit,
    /// The caller cancelled.
    Cancelled,
    /// Sums and enumeration prove no more, and there is no backend for the ILP.
    NoSolver,
    /// The ILP would be too large, or its backend gave up.
    TooLarge,
}

/// One level's objective and bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelOutcome {
    /// Name, from the problem.
    pub name: String,
    /// What the placement reaches.
    pub objective: i64,
    /// No placement that is as good on the levels above reaches less; `None` while one above is open.
    pub bound: Option<i64>,
    /// What the bound rests on.
    pub certificate: Option<Certificate>,
}

impl LevelOutcome {
    /// Objective − bound, 0 when closed.
    pub fn gap(&self) -> Option<i64> {
        self.bound.map(|b| self.objective - b)
    }

    /// Whether objective and bound meet.
    pub fn is_closed(&self) -> bool {
        self.gap() == Some(0)
    }
}

/// The answer to a problem.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Items put, in an order that is legal step by step.
    pub puts: Vec<Put>,
    /// The claim.
    pub status: Status,
    /// Objectives and bounds, level by level.
    pub levels: Vec<LevelOutcome>,
    /// Fewest unplaced items, all levels and classes together, that any placement leaves.
    pub unplaced_bound: i64,
    /// What that bound rests on.
    pub unplaced_certificate: Option<Certificate>,
    /// The shortage that proves it, where a sum does.
    pub shortage: Option<Shortage>,
    /// Why it stopped.
    pub stop: Stop,
    /// Which solver's placement this is, as `greedy`.
    pub provenance: &'static str,
}
