//! The answer to a problem, and what is claimed of it.

use crate::problem::{Feature, Put};

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
    /// A dual solution in integers, priced anew in integers: a linear program only proposed it.
    IntegerDual,
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
    /// The limit of steps is reached.
    WorkLimit,
    /// Sums and enumeration prove no more, and there is no backend for the ILP.
    NoSolver,
    /// The ILP would be too large, or its backend gave up.
    TooLarge,
    /// Sums and enumeration prove no more, and no other exact solver knows this part of the problem.
    Unsupported(Feature),
    /// What the caller's solver says cannot be true: nothing rests on it.
    Faulty(SolverFault),
}

/// What cannot be true in the answer of a solver of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SolverFault {
    /// There are more or fewer numbers than columns.
    ColumnCount {
        /// Numbers given.
        given: usize,
        /// Columns of the program.
        wanted: usize,
    },
    /// A column is no number, or outside its limits.
    Column {
        /// Which, from 0.
        column: usize,
    },
    /// The columns break a row.
    Row {
        /// Which, from 0.
        row: usize,
    },
    /// An answer is said to be the best, without the columns or with a bound that is no number.
    NothingProved,
    /// The bound is above the objective of the columns that come with it, or above that of the starting point.
    BoundTooHigh,
}

impl SolverFault {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::ColumnCount { .. } => "solver-columns",
            Self::Column { .. } => "solver-column-invalid",
            Self::Row { .. } => "solver-row-broken",
            Self::NothingProved => "solver-nothing-proved",
            Self::BoundTooHigh => "solver-bound-too-high",
        }
    }
}

impl std::fmt::Display for SolverFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ColumnCount { given, wanted } => {
                write!(f, "it gives {given} numbers for {wanted} columns")
            }
            Self::Column { column } => {
                write!(f, "column {column} is no number, or outside its limits")
            }
            Self::Row { row } => write!(f, "its columns break row {row}"),
            Self::NothingProved => {
                f.write_str("it calls an answer the best without columns or without a bound")
            }
            Self::BoundTooHigh => {
                f.write_str("its bound is above what a known point reaches, which cannot be")
            }
        }
    }
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
    /// Steps that it took; see [`control`](super::control).
    pub work: u64,
    /// Which solver's placement this is, as `greedy`.
    pub provenance: &'static str,
}

/// The sum that proves that something stays unplaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// `items` items of a class, of which only `room` find a bin even if they are alone.
    Class {
        /// The class.
        class: usize,
        /// How many there are.
        items: u32,
        /// How many bins and amounts allow.
        room: u64,
    },
    /// All items together want `need` of a resource where `bins` bins have `free`.
    Resource {
        /// The resource.
        resource: usize,
        /// Wanted in all.
        need: i64,
        /// Free in all.
        free: i64,
        /// Number of bins they may use.
        bins: usize,
        /// One of these bins.
        bin: usize,
    },
    /// All items together want `need` thousandths of cards where `bins` bins have `free`.
    Cards {
        /// Wanted in all.
        need: i64,
        /// Free in all.
        free: i64,
        /// Number of bins they may use.
        bins: usize,
        /// One of these bins.
        bin: usize,
    },
}
