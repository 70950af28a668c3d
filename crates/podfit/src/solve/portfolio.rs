//! Who is asked in which order: greedy, bounds, enumeration, integer program.

use super::bounds::Bounds;
use super::columns::Columns;
use super::control::{Control, Progress};
use super::enumerate::{Enumerated, enumerate};
use super::greedy::{complete, greedy};
use super::ilp::{Backend, close_levels};
use super::incumbent::Incumbent;
use super::options::{Method, Options};
use super::outcome::{Certificate, LevelOutcome, Outcome, Shortage, Status, Stop};
use super::packing::Packing;
use super::search;
use crate::problem::{Flaw, Problem, Term};
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};

/// States that the enumeration visits unless the options say otherwise: a tenth of a second.
const ENUMERATION_STATES_MAX: usize = 20_000;

/// Steps that the search for better placements may do unless the options say otherwise: for each pair of an item and a bin
/// so many, and at most about two seconds.
const SEARCH_STEPS_A_PAIR: u64 = 2_000;
const SEARCH_STEPS_MAX: u64 = 200_000_000;

/// Steps in which what still fits is put after the time is up: a tenth of a second.
const GRACE_STEPS: u64 = 10_000_000;

/// As [`solve`], of numbers that nobody has looked at.
///
/// # Errors
/// Every flaw that [`Problem::validate`] finds.
pub fn try_solve(problem: &Problem, options: &Options) -> Result<Outcome, Vec<Flaw>> {
    problem.validate()?;
    Ok(solve(problem, options))
}

/// Solves a problem as well as `options` allow.
///
/// The placement is legal step by step in the order given. The same problem and options give the same outcome, except where
/// the time limit or a cancel ends it. Nothing is looked at twice: of a problem that [`Problem::validate`] refuses the
/// answer means nothing, if there is one; [`try_solve`] asks first.
pub fn solve(problem: &Problem, options: &Options) -> Outcome {
    let control = &options.control.metered(options.work_max);
    let proofs = Proofs::new(problem, control);
    let mut incumbent = start(problem, options, &proofs, control);
    incumbent.report(control);
    let (mut levels, mut stop) = proofs.close_by_sums(&incumbent);
    let exact = match options.method {
        Method::Greedy => false,
        Method::Auto => stop.is_none(),
        Method::Exact => true,
    };
    if exact {
        let states = options.enumeration_states_max.unwrap_or(ENUMERATION_STATES_MAX);
        let floor = proofs.floor(&incumbent.value);
        let known = (incumbent.value.clone(), incumbent.puts.clone());
        match enumerate(problem, known, &floor, states, control) {
            Enumerated::Best(value, puts) => {
                if value < incumbent.value {
                    incumbent = Incumbent { value, puts, provenance: "enumeration" };
                    incumbent.report(control);
                }
                levels = proofs.enumerated(&incumbent);
                stop = Some(Stop::Proved);
            }
            // Search and program know counts alone.
            Enumerated::GaveUp if let Some(feature) = problem.beyond_counts() => {
                stop = stop.or(control.should_stop()).or(Some(Stop::Unsupported(feature)));
            }
            Enumerated::GaveUp => {
                if options.method == Method::Auto && !options.cold_start {
                    search(problem, &mut incumbent, &proofs, options, control);
                    (levels, stop) = proofs.close_by_sums(&incumbent);
                }
                if options.method == Method::Exact || stop.is_none() {
                    let ended =
                        close(problem, &mut incumbent, &mut levels, &proofs, options, control);
                    stop = Some(ended);
                }
            }
        }
    }
    let stop = stop.or(control.should_stop()).unwrap_or(Stop::MethodEnds);
    finish(problem, &proofs, incumbent, levels, stop, control)
}

/// Looks for a better placement, with half of the steps that are left at most.
fn search(
    problem: &Problem,
    incumbent: &mut Incumbent,
    proofs: &Proofs<'_>,
    options: &Options,
    control: &Control,
) {
    let items: u64 = problem.classes.iter().map(|c| u64::from(c.count)).sum();
    let pairs = items.saturating_mul(problem.bins() as u64);
    let by_size = pairs.saturating_mul(SEARCH_STEPS_A_PAIR).min(SEARCH_STEPS_MAX);
    let steps = options.search_steps_max.unwrap_or(by_size);
    let steps = control.steps_left().map_or(steps, |left| steps.min(left / 2));
    let control = control.metered(Some(steps));
    search::improve(problem, incumbent, |value| proofs.floor(value), options.seed, &control);
}

/// Closes what is open by columns and an integer program, if there is a backend for it.
fn close(
    problem: &Problem,
    incumbent: &mut Incumbent,
    levels: &mut Vec<LevelOutcome>,
    proofs: &Proofs<'_>,
    options: &Options,
    control: &Control,
) -> Stop {
    if matches!(options.backend, Backend::Absent) {
        // What sums have closed stays so.
        return control.should_stop().unwrap_or(Stop::NoSolver);
    }
    *levels = proofs.open(incumbent);
    let before =
        |level: usize, incumbent: &mut Incumbent| proofs.by_columns(level, incumbent, options);
    close_levels(problem, incumbent, levels, &before, &options.backend, options.seed, control)
}

/// What the exact solvers start from.
fn start(
    problem: &Problem,
    options: &Options,
    proofs: &Proofs<'_>,
    control: &Control,
) -> Incumbent {
    control.report(Progress::Solving { solver: "greedy", level: 0 });
    let mut packing = match options.cold_start {
        true => Packing::new(problem),
        false => greedy(problem, options.seed, control, |v| proofs.floor(v) == v),
    };
    // A small problem has an answer however late it is asked.
    if matches!(control.should_stop(), Some(Stop::TimeLimit | Stop::Cancelled)) {
        complete(&mut packing, &control.grace(GRACE_STEPS));
    }
    // Greedy does not look at the end: to leave everything as it is keeps the rules.
    if !packing.is_complete() {
        packing = Packing::new(problem);
    }
    Incumbent { value: packing.levels(), puts: packing.puts, provenance: "greedy" }
}

/// What no placement of a level goes below, and the shortage that says so.
type Bound = (i64, Option<Shortage>);

/// Bounds of one problem, made when first asked for: an answer that leaves nothing open needs none.
struct Proofs<'p> {
    problem: &'p Problem,
    control: &'p Control,
    bounds: OnceCell<Bounds<'p>>,
    /// By level and what the levels above reach.
    known: RefCell<FxHashMap<(usize, Vec<i64>), Bound>>,
}

impl<'p> Proofs<'p> {
    fn new(problem: &'p Problem, control: &'p Control) -> Self {
        Self { problem, control, bounds: OnceCell::new(), known: RefCell::default() }
    }

    fn bounds(&self) -> &Bounds<'p> {
        self.bounds.get_or_init(|| Bounds::new(self.problem, self.control))
    }

    /// The integer bound of a level.
    fn level(&self, level: usize, above: &[i64]) -> Bound {
        let key = (level, above.to_vec());
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let found = self.bounds().level(level, above);
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    /// The bound of a level by sums, and by columns where those leave it open; columns may improve the incumbent.
    fn by_columns(
        &self,
        level: usize,
        incumbent: &mut Incumbent,
        options: &Options,
    ) -> (i64, Certificate) {
        let (sum, _) = self.level(level, &incumbent.value[..level]);
        if incumbent.value[level] <= sum {
            return (sum, Certificate::IntegerSum);
        }
        self.control.report(Progress::Solving { solver: "columns", level });
        self.control.spend(self.problem.bins() * self.problem.classes.len());
        match Columns::new(self.problem, level, &incumbent.value) {
            Some(columns) => {
                columns.close(incumbent, sum, &options.backend, options.seed, self.control)
            }
            None => (sum, Certificate::IntegerSum),
        }
    }

    fn open(&self, incumbent: &Incumbent) -> Vec<LevelOutcome> {
        let levels = self.problem.levels.iter().zip(&incumbent.value);
        levels
            .map(|(l, &objective)| LevelOutcome {
                name: l.name.clone(),
                objective,
                bound: None,
                certificate: None,
            })
            .collect()
    }

    /// Bounds from the top until one leaves a gap; whether all closed.
    fn close_by_sums(&self, incumbent: &Incumbent) -> (Vec<LevelOutcome>, Option<Stop>) {
        let mut levels = self.open(incumbent);
        for i in 0..levels.len() {
            // Objectives are never negative.
            let value = incumbent.value[i];
            let bound = if value == 0 { 0 } else { self.level(i, &incumbent.value[..i]).0 };
            levels[i].bound = Some(bound);
            levels[i].certificate = Some(Certificate::IntegerSum);
            debug_assert!(bound <= value, "a bound of {bound} on an objective of {value}");
            if bound != value {
                return (levels, None);
            }
        }
        (levels, Some(Stop::Proved))
    }

    /// A vector that nothing beats: the bounds of the levels as long as the incumbent is at them, then zeros.
    fn floor(&self, value: &[i64]) -> Vec<i64> {
        let mut floor = vec![0; value.len()];
        for i in 0..value.len() {
            floor[i] = if value[i] == 0 { 0 } else { self.level(i, &value[..i]).0 };
            if floor[i] < value[i] {
                break;
            }
        }
        floor
    }

    fn enumerated(&self, incumbent: &Incumbent) -> Vec<LevelOutcome> {
        let mut levels = self.open(incumbent);
        for (i, level) in levels.iter_mut().enumerate() {
            let by_sum =
                level.objective == 0 || self.level(i, &incumbent.value[..i]).0 == level.objective;
            level.bound = Some(level.objective);
            level.certificate =
                Some(if by_sum { Certificate::IntegerSum } else { Certificate::Enumeration });
        }
        levels
    }
}

fn finish(
    problem: &Problem,
    proofs: &Proofs<'_>,
    incumbent: Incumbent,
    levels: Vec<LevelOutcome>,
    stop: Stop,
    control: &Control,
) -> Outcome {
    let closed = levels.iter().all(LevelOutcome::is_closed);
    let items = problem.items();
    let placed =
        incumbent.puts.iter().filter(|p| problem.classes[p.class as usize].origin.is_none());
    let unplaced = items as i64 - placed.count() as i64;
    let (mut unplaced_bound, mut unplaced_certificate, mut shortage) = (0, None, None);
    if unplaced > 0 {
        let ones: Vec<i64> =
            problem.classes.iter().map(|c| i64::from(c.origin.is_none())).collect();
        let (sum, why) = proofs.bounds().unplaced(&ones);
        if sum > 0 {
            (unplaced_bound, unplaced_certificate, shortage) =
                (sum, Some(Certificate::IntegerSum), why);
        }
        // The first level with a positive bound holds for every placement that is at zero on those above; one
        // that is not leaves something unplaced there. Levels of moves or bins prove nothing of that kind.
        if unplaced_bound == 0
            && let Some(i) = levels.iter().position(|l| l.bound != Some(0))
            && let Some(bound) = levels[i].bound
            && problem.levels[..=i]
                .iter()
                .all(|l| matches!(l.terms.as_slice(), [Term::Unplaced(_)]))
        {
            (unplaced_bound, unplaced_certificate) = (bound.min(1), levels[i].certificate);
        }
    }
    Outcome {
        puts: incumbent.puts,
        status: if closed { Status::Optimal } else { Status::Feasible },
        levels,
        unplaced_bound,
        unplaced_certificate,
        shortage,
        stop,
        work: control.steps_done(),
        provenance: incumbent.provenance,
    }
}
