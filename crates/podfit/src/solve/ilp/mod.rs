//! The exact solver for what is too large to enumerate: an integer program on final counts, level by level.
//!
//! The program relaxes the order of placing, so its bound holds for every order. Its answer is ordered; where
//! no order exists, that answer is cut off and the program solved again. Floats stay in here: answers are
//! rounded, and judged in integers by the packing they are replayed on.

mod backend;
mod coupling;
mod formulation;
mod objective;
mod outside;

pub use backend::Backend;
#[cfg(feature = "highs")]
pub(super) use backend::{Program, Solved, solve as solve_program};
pub use outside::{IntegerAnswer, IntegerProgram, Outside};

use super::control::{Control, Progress};
use super::incumbent::Incumbent;
use super::outcome::{Certificate, LevelOutcome, Stop};
use super::packing::Packing;
use super::sequence::{Sequence, sequence};
use crate::problem::{Problem, Put};
#[cfg(not(feature = "highs"))]
use backend::Solved;
use formulation::{Cut, Formulation};

/// More columns than this are not attempted.
const COLUMNS_MAX: usize = 400_000;
/// Nor more than this where there is a time limit: the presolve of HiGHS heeds none, and takes minutes then.
const COLUMNS_MAX_IN_TIME: usize = 20_000;
/// A step of work for each column and this, where work is limited: what building and presolving take.
const STEPS_A_COLUMN: u64 = 1_000;
/// Steps in which an answer is put in order after the time is up.
const GRACE_STEPS: u64 = 5_000_000;
/// Cuts against answers without an order before a level is left open.
const CUTS_MAX: usize = 200;

/// Improves `incumbent` and closes `levels` in order, from the first that is open. Returns why it stopped. `before` is asked
/// for the bound of a level before the program is made, and may improve the incumbent too.
pub(super) fn close_levels(
    problem: &Problem,
    incumbent: &mut Incumbent,
    levels: &mut [LevelOutcome],
    before: &dyn Fn(usize, &mut Incumbent) -> (i64, Certificate),
    backend: &Backend,
    seed: u64,
    control: &Control,
) -> Stop {
    let mut cuts: Vec<Cut> = Vec::new();
    for level in 0..levels.len() {
        let known = before(level, incumbent);
        let (bound, certificate, stop) = if incumbent.value[level] <= known.0 {
            (known.0, known.1, None)
        } else {
            control.report(Progress::Solving { solver: "ilp", level });
            close(problem, incumbent, level, known, &mut cuts, backend, seed, control)
        };
        levels[level].bound = Some(bound);
        levels[level].certificate = Some(certificate);
        for (l, v) in levels.iter_mut().zip(&incumbent.value) {
            l.objective = *v;
        }
        if let Some(stop) = stop {
            return stop;
        }
    }
    Stop::Proved
}

/// Solves one level to its end, or as far as limits allow.
#[allow(clippy::too_many_arguments)] // the whole state of the exact solver, used here and above only
fn close(
    problem: &Problem,
    incumbent: &mut Incumbent,
    level: usize,
    (mut bound, mut certificate): (i64, Certificate),
    cuts: &mut Vec<Cut>,
    backend: &Backend,
    seed: u64,
    control: &Control,
) -> (i64, Certificate, Option<Stop>) {
    for _ in 0..CUTS_MAX {
        if let Some(stop) = control.should_stop() {
            return (bound, certificate, Some(stop));
        }
        let most = columns_max(control);
        let Some(formulation) = Formulation::new(problem, level, incumbent, cuts, most) else {
            return (bound, certificate, Some(Stop::TooLarge));
        };
        control.spend(formulation.program.order.len() * STEPS_A_COLUMN as usize);
        let solved = backend::solve(formulation.program, backend, seed, control);
        let (columns, proved) = match solved {
            Solved::Stopped { bound: b, columns, stop } => {
                if let Some(b) = b.filter(|&b| b > bound) {
                    (bound, certificate) = (b, Certificate::SolverFloat);
                }
                if let Some(columns) = columns {
                    let answer = formulation.layout.read(problem, &columns);
                    adopt(problem, incumbent, answer, &control.grace(GRACE_STEPS));
                }
                return (bound.min(incumbent.value[level]), certificate, Some(stop));
            }
            Solved::Optimal { bound, columns } => (columns, bound),
        };
        if proved > bound {
            (bound, certificate) = (proved, Certificate::SolverFloat);
        }
        let answer = formulation.layout.read(problem, &columns);
        let counts = answer.counts();
        let adopted = adopt(problem, incumbent, answer, control);
        if incumbent.value[level] <= bound {
            return (bound.min(incumbent.value[level]), certificate, None);
        }
        match adopted {
            Adopted::Impossible { coupled_alone } => cuts.push(Cut { counts, coupled_alone }),
            // A legal answer meets the bound; if it does not, the backend's word does not hold.
            Adopted::Legal | Adopted::GaveUp => return (bound, certificate, Some(Stop::TooLarge)),
        }
    }
    (bound, certificate, Some(Stop::TooLarge))
}

/// How large a program is attempted.
fn columns_max(control: &Control) -> usize {
    let in_time = match control.time_limit() {
        None => COLUMNS_MAX,
        Some(_) => COLUMNS_MAX_IN_TIME,
    };
    let in_work = control.steps_left().map_or(u64::MAX, |left| left / STEPS_A_COLUMN);
    in_time.min(usize::try_from(in_work).unwrap_or(usize::MAX))
}

enum Adopted {
    Legal,
    Impossible { coupled_alone: bool },
    GaveUp,
}

/// What the program's columns mean: who leaves, and what is put where.
pub(super) struct Answer {
    leavers: Vec<usize>,
    puts: Vec<Put>,
}

impl Answer {
    /// How many items of each class in each bin, where any; sorted.
    fn counts(&self) -> Vec<(u32, u32, u32)> {
        let mut at: Vec<(u32, u32)> = self.puts.iter().map(|p| (p.class, p.bin)).collect();
        at.sort_unstable();
        at.chunk_by(|a, b| a == b).map(|run| (run[0].0, run[0].1, run.len() as u32)).collect()
    }
}

/// Orders the answer; the incumbent becomes it, or as much of it as has an order, where that is better.
fn adopt(
    problem: &Problem,
    incumbent: &mut Incumbent,
    answer: Answer,
    control: &Control,
) -> Adopted {
    let (puts, adopted) = match sequence(problem, &answer.leavers, answer.puts, control) {
        Sequence::Found(puts) => (puts, Adopted::Legal),
        Sequence::Impossible(puts, coupled_alone) => (puts, Adopted::Impossible { coupled_alone }),
        Sequence::GaveUp(puts) => (puts, Adopted::GaveUp),
    };
    let mut packing = Packing::new(problem);
    answer.leavers.iter().for_each(|&c| packing.leave(c));
    packing.replay(&puts);
    keep(&packing, incumbent, control);
    // An answer of one level, or a beginning of one, may leave out what still fits (which may cost more than it is worth).
    super::greedy::complete(&mut packing, control);
    keep(&packing, incumbent, control);
    adopted
}

fn keep(packing: &Packing<'_>, incumbent: &mut Incumbent, control: &Control) {
    if packing.is_complete() {
        let value = packing.levels();
        if value < incumbent.value {
            *incumbent = Incumbent { value, puts: packing.puts.clone(), provenance: "ilp" };
            incumbent.report(control);
        }
    }
}

#[cfg(all(test, any(feature = "highs", feature = "microlp")))]
mod tests {
    use super::*;
    use crate::problem::Class;
    use std::time::Duration;

    /// `classes` items, each of its own class, and `bins` bins that all take any; nothing is placed.
    fn stop(classes: usize, bins: usize, control: &Control) -> Stop {
        let mut problem = Problem::new(1, vec![vec![1]; bins]);
        (0..classes).for_each(|_| {
            problem.add_class(Class::new(1, vec![1]));
        });
        problem.minimise_unplaced();
        let value = vec![classes as i64];
        let mut incumbent = Incumbent { value, puts: Vec::new(), provenance: "none" };
        let (bound, certificate) = (None, None);
        let mut levels =
            vec![LevelOutcome { name: "unplaced".into(), objective: 0, bound, certificate }];
        let below = |_: usize, _: &mut Incumbent| (0, Certificate::IntegerSum);
        let backend = Backend::default();
        close_levels(&problem, &mut incumbent, &mut levels, &below, &backend, 0, control)
    }

    #[test]
    fn a_program_too_large_for_a_time_limit_is_not_attempted() {
        let hour = Control::default().with_time_limit(Duration::from_secs(3600));
        assert_eq!(stop(1, COLUMNS_MAX_IN_TIME + 1, &hour), Stop::TooLarge);
        assert_eq!(stop(3, 4, &hour), Stop::Proved);
        assert_eq!(columns_max(&Control::default()), COLUMNS_MAX);
    }
}
