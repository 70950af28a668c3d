//! Wire types that several reports share.

use podfit::planner;
use podfit::solve;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The verdict on the whole.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every pod that should come back does; none is lost or stuck.
    Survives,
    /// All that can come back by itself fits, but some pods are lost, stuck or must wait.
    SurvivesWithLosses,
    /// A placement of all exists, but the default scheduler may miss it (or was not asked).
    SurvivesIfPlacedWell,
    /// Proved: some pod finds no place in this scope.
    DoesNotFit,
    /// Neither a complete placement nor a proof.
    Unknown,
    /// Recovery does not go on by itself: the control plane is down, evictions are halted, or a drain hangs.
    Stalls,
    /// Nothing is left to run on.
    Down,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Survives => "survives",
            Self::SurvivesWithLosses => "survives with losses",
            Self::SurvivesIfPlacedWell => "survives if placed well",
            Self::DoesNotFit => "does not fit",
            Self::Unknown => "unknown",
            Self::Stalls => "stalls",
            Self::Down => "down",
        }
    }
}

impl Verdict {
    /// The greater, the worse: the verdict on several is the worst of them.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Self::Survives => 0,
            Self::SurvivesWithLosses => 1,
            Self::SurvivesIfPlacedWell => 2,
            Self::Unknown => 3,
            Self::DoesNotFit => 4,
            Self::Stalls => 5,
            Self::Down => 6,
        }
    }

    /// See [`Report::exit_code`](super::Report::exit_code).
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Survives => 0,
            Self::DoesNotFit => 10,
            Self::SurvivesWithLosses => 11,
            Self::SurvivesIfPlacedWell => 12,
            Self::Unknown => 13,
            Self::Stalls => 14,
            Self::Down => 15,
        }
    }

    /// Whether it is the good one; `asked` is whether the default scheduler was, `losses` whether pods are lost or
    /// stuck by their kind.
    pub(crate) fn is_good(self, asked: bool, losses: bool, accept_losses: bool) -> bool {
        match self {
            Self::Survives => true,
            Self::SurvivesWithLosses => accept_losses,
            Self::SurvivesIfPlacedWell => !asked && (accept_losses || !losses),
            Self::DoesNotFit | Self::Unknown | Self::Stalls | Self::Down => false,
        }
    }
}

impl From<&planner::Verdict> for Verdict {
    fn from(verdict: &planner::Verdict) -> Self {
        match verdict {
            planner::Verdict::Survives => Self::Survives,
            planner::Verdict::SurvivesWithLosses => Self::SurvivesWithLosses,
            planner::Verdict::SurvivesIfPlacedWell => Self::SurvivesIfPlacedWell,
            planner::Verdict::DoesNotFit => Self::DoesNotFit,
            planner::Verdict::Unknown(_) => Self::Unknown,
            planner::Verdict::Stalls(_) => Self::Stalls,
            planner::Verdict::Down => Self::Down,
        }
    }
}

/// What may be moved: every claim is made within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Only displaced pods find new places; all others stay.
    SurvivorsFixed,
    /// Some others may be moved to make room (`movesAllowed` says how many).
    MovesAllowed,
    /// Pods of lower priority may be evicted, as the scheduler does it, and find new places too.
    Preemption,
}

impl From<planner::Scope> for Scope {
    fn from(scope: planner::Scope) -> Self {
        match scope {
            planner::Scope::SurvivorsFixed => Self::SurvivorsFixed,
            planner::Scope::MovesAllowed(_) => Self::MovesAllowed,
            planner::Scope::Preemption => Self::Preemption,
        }
    }
}

impl Scope {
    pub(crate) fn of(moves_max: u64) -> Self {
        if moves_max == 0 { Self::SurvivorsFixed } else { Self::MovesAllowed }
    }

    /// In words.
    pub fn words(self, moves_allowed: u64) -> String {
        match self {
            Self::SurvivorsFixed => "survivors fixed".into(),
            Self::Preemption => "pods of lower priority may be evicted".into(),
            Self::MovesAllowed if moves_allowed == 1 => "one other pod may move".into(),
            Self::MovesAllowed => format!("up to {moves_allowed} other pods may move"),
        }
    }
}

/// What a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certificate {
    /// The placement itself, confirmed by the referee.
    Placement,
    /// Sums of integers that anyone can redo.
    IntegerSum,
    /// What every pod is worth, and the most that a node holds of that, in integers that anyone can price anew.
    IntegerDual,
    /// Every reachable state was visited.
    Enumeration,
    /// The word of a floating-point solver; placements themselves are re-judged in integers.
    SolverFloat,
}

impl Certificate {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Placement => "placement",
            Self::IntegerSum => "integer-sum",
            Self::IntegerDual => "integer-dual",
            Self::Enumeration => "enumeration",
            Self::SolverFloat => "solver-float",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Placement => "the placement, confirmed by the referee",
            Self::IntegerSum => "integer sum",
            Self::IntegerDual => "dual solution, priced in integers",
            Self::Enumeration => "all states enumerated",
            Self::SolverFloat => "bound of a floating-point solver",
        }
    }
}

impl From<planner::Proof> for Certificate {
    fn from(proof: planner::Proof) -> Self {
        match proof {
            planner::Proof::Placement => Self::Placement,
            planner::Proof::Bound(solve::Certificate::IntegerSum) => Self::IntegerSum,
            planner::Proof::Bound(solve::Certificate::IntegerDual) => Self::IntegerDual,
            planner::Proof::Bound(solve::Certificate::Enumeration) => Self::Enumeration,
            planner::Proof::Bound(solve::Certificate::SolverFloat) => Self::SolverFloat,
        }
    }
}

/// Whether something was cut short, and by what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StopCode {
    /// Nothing was: all that is looked for was looked for, as far as the solvers go.
    #[default]
    Done,
    /// The time limit ended it.
    TimeLimit,
    /// The caller cancelled.
    Cancelled,
    /// The limit of work ended it: the same on every machine.
    WorkLimit,
}

impl StopCode {
    pub(crate) fn of(cut: Option<solve::Cut>) -> Self {
        match cut.map(|cut| cut.stop) {
            Some(solve::Stop::Cancelled) => Self::Cancelled,
            Some(solve::Stop::WorkLimit) => Self::WorkLimit,
            Some(solve::Stop::TimeLimit) => Self::TimeLimit,
            _ => Self::Done,
        }
    }
}

/// A part of a question, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StageCode {
    /// Is there a place for all?
    Placement,
    /// Does the default scheduler find it?
    Prediction,
    /// What to do beforehand, so that it does.
    Hint,
    /// Why does it not fit, and what is the least that would make it fit?
    Cause,
    /// What gives one kind of pods a place?
    Fixes,
    /// What gives all a place?
    Repair,
}

impl StageCode {
    pub(crate) fn of(cut: Option<solve::Cut>) -> Option<Self> {
        Some(match cut?.stage {
            solve::Stage::Placement => Self::Placement,
            solve::Stage::Prediction => Self::Prediction,
            solve::Stage::Hint => Self::Hint,
            solve::Stage::Cause => Self::Cause,
            solve::Stage::Fixes => Self::Fixes,
            solve::Stage::Repair => Self::Repair,
        })
    }

    /// What was looked for.
    fn words(self) -> &'static str {
        match self {
            Self::Placement => "the search for a placement",
            Self::Prediction => "the simulation of the scheduler",
            Self::Hint => "the search for a hint",
            Self::Cause => "the search for the cause",
            Self::Fixes => "the search for fixes",
            Self::Repair => "the search for several changes at once",
        }
    }
}

/// What was cut short, as a sentence; `None` where nothing was.
pub(crate) fn cut_words(stop: StopCode, stage: Option<StageCode>) -> Option<String> {
    let who = match stop {
        StopCode::Done => return None,
        StopCode::TimeLimit => "the time limit",
        StopCode::Cancelled => "a cancel",
        StopCode::WorkLimit => "the limit of work",
    };
    Some(format!("Cut short: {who} ended {}.", stage?.words()))
}

/// How good the placement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Every level is at its bound: no placement is better.
    Optimal,
    /// A legal placement; some level's bound is open.
    Feasible,
    /// As feasible, and it is open whether everything fits.
    Unknown,
}

impl Status {
    /// `fits`: whether everything has a place, if that is known.
    pub(crate) fn of(status: solve::Status, fits: Option<bool>) -> Self {
        match (status, fits) {
            (solve::Status::Optimal, _) => Self::Optimal,
            (solve::Status::Feasible, None) => Self::Unknown,
            (solve::Status::Feasible, Some(_)) => Self::Feasible,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::Feasible => "feasible",
            Self::Unknown => "unknown",
        }
    }
}

/// One objective; levels are lexicographic, the first matters most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Level {
    /// What is made least, as `unplaced (priority 100)`.
    pub name: String,
    /// What the placement reaches.
    pub objective: i64,
    /// No placement as good on the levels above reaches less; null while one above is open.
    pub bound: Option<i64>,
    /// Objective less bound.
    pub gap: Option<i64>,
}

pub(crate) fn levels(levels: &[solve::LevelOutcome]) -> Vec<Level> {
    let level = |l: &solve::LevelOutcome| Level {
        name: l.name.clone(),
        objective: l.objective,
        bound: l.bound,
        gap: l.gap(),
    };
    levels.iter().map(level).collect()
}

/// How many of the pods that need a place state no CPU or no memory request: "fits" says little of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unrequested {
    /// Pods that need a place.
    pub displaced: usize,
    /// Of these, pods without a CPU or memory request.
    pub unrequested: usize,
}

/// The name on the wire of a variant without fields.
pub(crate) fn wire_name(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(), // no such variant has fields
    }
}

pub(crate) fn plural(n: usize, one: &str) -> String {
    if n == 1 { format!("{n} {one}") } else { format!("{n} {one}s") }
}
