//! A solved query, and what is claimed of it.

use crate::check::Violation;
use crate::model::{Change, PodId};
use crate::problem::{MOVES, NODES_USED};
use crate::solve::{Certificate, LevelOutcome, Shortage, Status, Stop};

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
    /// Neither a complete placement nor a proof.
    Unknown(Open),
    /// Recovery does not go on by itself.
    Stalls(Stall),
    /// Nothing is left to run on.
    Down,
}

/// What recovery waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stall {
    /// The control plane is down: nobody makes or places pods. What runs, runs on.
    ControlPlane,
    /// Too many nodes are not ready: the node controller evicts nothing.
    EvictionHalted,
    /// A budget keeps the drain waiting; what is not evicted runs on.
    DrainHangs,
}

impl Verdict {
    /// The same, but `open` where it is whether the scheduler misses the placement, as its simulation was cut short.
    pub(super) fn unless_cut(self, open: Option<Open>) -> Self {
        match (self, open) {
            (Self::SurvivesIfPlacedWell, Some(open)) => Self::Unknown(open),
            (verdict, _) => verdict,
        }
    }
}

/// Why a verdict is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// So many pods found no place, and the search for a proof that they have none ended for this reason.
    Search {
        /// Pods.
        unplaced: usize,
        /// Why it ended.
        stop: Stop,
    },
    /// A placement of all is known, but so many of the runs of the simulated scheduler that were wanted were made.
    Prediction {
        /// Made; each placed everything.
        runs: u32,
        /// Wanted.
        wanted: u32,
        /// Why it ended.
        stop: Stop,
    },
    /// All have a place by all that is known, but something about so many of them could not be evaluated.
    NotEvaluated {
        /// Pods.
        pods: usize,
    },
}

impl Open {
    /// In words.
    pub fn sentence(&self) -> String {
        match self {
            Self::Search { unplaced, stop } => {
                let why = match stop {
                    Stop::TimeLimit => "the time limit ended the search",
                    Stop::Cancelled => "the search was cancelled",
                    Stop::WorkLimit => "the limit of work ended the search",
                    Stop::Faulty(fault) => {
                        return format!(
                            "{unplaced} pod(s) found no place, and the solver that was given is not believed: {fault}"
                        );
                    }
                    Stop::MethodEnds => "the greedy solver proves no more (try --solver exact)",
                    Stop::NoSolver => {
                        "sums and enumeration prove no more (no exact solver was at hand)"
                    }
                    Stop::TooLarge => "the exact solver could not finish a problem of this size",
                    Stop::Unsupported(_) => "the exact solver does not know a part of the problem",
                    Stop::Proved => "no bound says that it cannot fit",
                };
                format!("{unplaced} pod(s) found no place, and {why}")
            }
            Self::Prediction { runs, wanted, stop } => {
                let why = match stop {
                    Stop::Cancelled => "the simulation of the scheduler was cancelled",
                    _ => "the time limit ended the simulation of the scheduler",
                };
                format!("a placement of all exists, and {why} after {runs} of {wanted} runs")
            }
            Self::NotEvaluated { pods } => format!(
                "{pods} pod(s) could not be evaluated: the input lacks data, or podfit a rule"
            ),
        }
    }
}

/// What a claim rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The placement itself, passed by the referee.
    Placement,
    /// A lower bound on what stays unplaced.
    Bound(Certificate),
}

/// Why no choice of the scheduler can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Nothing needs a place.
    NothingToPlace,
    /// There is no choice: each pod has one node that it may enter at all, and all fit there together.
    OneNodeEach,
    /// For each pod all the others together cannot fill every node that it may enter.
    RoomToSpare,
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

impl Plan {
    /// Objectives of the levels of unplaced pods: all but a last level of moves.
    pub(super) fn unplaced_levels(&self) -> Vec<i64> {
        let unplaced = self.levels.iter().filter(|l| l.name != MOVES);
        unplaced.map(|l| l.objective).collect()
    }

    /// The same plan without what was proved about it, but that nothing is below zero.
    pub(super) fn unproved(mut self) -> Self {
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

    /// The same with this placement of everything, which makes no moves. Nodes used are no longer a level: nobody
    /// tried to use few.
    pub(super) fn completed(mut self, change: Change) -> Self {
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
    pub fn claim(&self) -> (Option<bool>, Option<Proof>) {
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

    /// Why the claim is open, where it is.
    pub(super) fn open(&self) -> Open {
        Open::Search { unplaced: self.unplaced.len(), stop: self.stop }
    }
}
