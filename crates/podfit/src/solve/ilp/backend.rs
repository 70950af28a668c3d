//! Where the program goes: HiGHS with its options, bound and interrupt, microlp in pure Rust, or a solver outside.

use super::super::control::Control;
use super::super::outcome::Stop;
use super::outside::{self, Outside};
#[cfg(feature = "highs")]
use good_lp::SolverModel;
use good_lp::{Constraint, Expression, ProblemVariables, Variable};

/// Which integer programming solver.
#[derive(Clone, Debug, Default)]
pub enum Backend {
    /// HiGHS, one thread, gap 0: the default where it is there.
    #[cfg(feature = "highs")]
    #[default]
    Highs,
    /// microlp: small cases.
    #[cfg(feature = "microlp")]
    #[cfg_attr(not(feature = "highs"), default)]
    Microlp,
    /// A solver of the caller.
    Outside(Outside),
    /// None: what sums and enumeration do not prove stays open. The default of a build without solvers.
    #[cfg_attr(not(any(feature = "highs", feature = "microlp")), default)]
    Absent,
}

/// A program in good_lp's terms, with a complete starting point.
pub(in super::super) struct Program {
    pub(in super::super) columns: ProblemVariables,
    pub(in super::super) order: Vec<Variable>,
    pub(in super::super) start: Vec<f64>,
    pub(in super::super) rows: Vec<Constraint>,
    pub(in super::super) objective: Expression,
}

/// What a backend says. We hold a feasible point, so "infeasible" is an error of the backend. Bounds are rounded up, as every objective is an integer.
pub(in super::super) enum Solved {
    Optimal { bound: i64, columns: Vec<f64> },
    Stopped { bound: Option<i64>, columns: Option<Vec<f64>>, stop: Stop },
}

/// A float bound as an integer one: up, unless it is an integer but for noise.
pub(super) fn round_up(bound: f64) -> Option<i64> {
    (bound.is_finite() && bound.abs() < 9e15)
        .then(|| (bound - 1e-6 * bound.abs().max(1.0)).ceil() as i64)
}

pub(in super::super) fn solve(
    program: Program,
    backend: &Backend,
    seed: u64,
    control: &Control,
) -> Solved {
    match backend {
        #[cfg(feature = "highs")]
        Backend::Highs => highs::solve(program, seed, control),
        // microlp draws no random numbers.
        #[cfg(feature = "microlp")]
        Backend::Microlp => microlp::solve(&program, control),
        Backend::Outside(solver) => outside::solve(&program, solver, seed, control),
        Backend::Absent => Solved::Stopped { bound: None, columns: None, stop: Stop::NoSolver },
    }
}

/// microlp, a few nodes at a time: it asks nobody whether to go on.
#[cfg(feature = "microlp")]
mod microlp {
    use super::super::outside::{IntegerProgram, in_numbers};
    use super::{Control, Program, Solved, Stop, round_up};
    use microlp::{ComparisonOp, Error, OptimizationDirection, ResumeOptions, SolveOptions};
    use microlp::{LinearExpr, SolveOutcome, Variable};

    /// Nodes of the search between two looks at the control: by number and not by time, so that the search is the same
    /// under every load.
    const NODES_A_SLICE: u64 = 16;

    pub(super) fn solve(program: &Program, control: &Control) -> Solved {
        let numbers = in_numbers(program);
        let stopped = |columns, stop| Solved::Stopped { bound: None, columns, stop };
        let (problem, columns) = problem(&numbers);
        let mut options = SolveOptions::default();
        options.warm_start =
            Some(columns.iter().copied().zip(numbers.start.iter().copied()).collect());
        options.node_limit = Some(NODES_A_SLICE);
        options.time_limit = control.time_left();
        let mut outcome: Result<SolveOutcome, Error> = problem.solve_with(options);
        loop {
            let Ok(solved) = outcome else {
                return stopped(None, control.should_stop().unwrap_or(Stop::TooLarge));
            };
            let values = solved.solution().map(|solution| {
                let values = columns.iter().map(|&column| solution.var_value(column));
                (solution.objective() + numbers.offset, values.collect::<Vec<f64>>())
            });
            if solved.is_optimal() {
                return match values.map(|(objective, values)| (round_up(objective), values)) {
                    Some((Some(bound), columns)) => Solved::Optimal { bound, columns },
                    _ => stopped(None, Stop::TooLarge),
                };
            }
            let work = NODES_A_SLICE as usize * (numbers.most.len() + numbers.row_most.len());
            if control.spent(work) {
                let stop = control.should_stop().unwrap_or(Stop::TooLarge);
                return stopped(values.map(|(_, columns)| columns), stop);
            }
            let mut slice = ResumeOptions::default();
            slice.node_limit = Some(NODES_A_SLICE);
            slice.time_limit = control.time_left();
            outcome = solved.resume_with(slice);
        }
    }

    fn problem(numbers: &IntegerProgram) -> (microlp::Problem, Vec<Variable>) {
        let mut problem = microlp::Problem::new(OptimizationDirection::Minimize);
        let columns: Vec<Variable> = numbers
            .cost
            .iter()
            .zip(&numbers.most)
            .map(|(&cost, &most)| {
                problem.add_integer_var(cost, (0, most.min(f64::from(i32::MAX)) as i32))
            })
            .collect();
        for (row, ends) in numbers.row_starts.windows(2).enumerate() {
            let mut sum = LinearExpr::empty();
            for entry in ends[0] as usize..ends[1] as usize {
                sum.add(columns[numbers.columns[entry] as usize], numbers.values[entry]);
            }
            let most = numbers.row_most[row];
            let is_equality = numbers.row_least[row] == most;
            let op = if is_equality { ComparisonOp::Eq } else { ComparisonOp::Le };
            problem.add_constraint(sum, op, most);
        }
        (problem, columns)
    }
}

#[cfg(feature = "highs")]
mod highs {
    use super::{Control, Program, Solved, SolverModel, Stop, round_up};
    use highs::HighsModelStatus;
    use std::ffi::{c_char, c_int, c_void};
    use std::sync::atomic::{AtomicI64, Ordering};

    /// Presolve rules 12 (aggregator) and 13 (parallel rows and columns): together they made HiGHS 1.15.1 call
    /// an answer optimal that is off by one, on a program of 8 columns; without either it is right.
    const PRESOLVE_RULES_OFF: i32 = 1 << 12 | 1 << 13;

    /// Steps of an iteration of the simplex method for each column and row: with what goes on around it (cuts, heuristics,
    /// propagation), as measured on programs of a thousand columns.
    const STEPS_A_ROW: u64 = 5;

    pub(super) fn solve(program: Program, seed: u64, control: &Control) -> Solved {
        let failed = || Solved::Stopped { bound: None, columns: None, stop: Stop::TooLarge };
        let Program { columns, start, rows, objective, .. } = program;
        // good_lp hands HiGHS the linear part only.
        let constant = good_lp::IntoAffineExpression::constant(&objective);
        let mut model = columns.minimise(objective).using(good_lp::solvers::highs::highs);
        let rows_count = rows.len();
        for row in rows {
            model.add_constraint(row);
        }
        let Ok(mut model) = model.try_into_inner() else { return failed() };
        model.make_quiet();
        model.set_option("threads", 1);
        model.set_option("parallel", "off");
        model.set_option("mip_rel_gap", 0.0);
        model.set_option("mip_abs_gap", 0.0);
        model.set_option("presolve_rule_off", PRESOLVE_RULES_OFF);
        model.set_option("random_seed", (seed & 0x7fff_ffff) as i32);
        if let Some(left) = control.time_left() {
            model.set_option("time_limit", left.as_secs_f64());
        }
        // A starting point that HiGHS does not like costs time, not truth.
        let _ = model.try_set_solution(Some(&start), None, None, None);
        let size = (start.len() + rows_count) as u64;
        let watch =
            Watch { control, steps_each: size * STEPS_A_ROW, iterations: AtomicI64::new(0) };
        interrupt_at_end(&mut model, &watch);
        let Ok(solved) = model.try_solve() else { return failed() };
        let bound =
            solved.double_info_value(c"mip_dual_bound").ok().and_then(|b| round_up(b + constant));
        let primal = solved.int_info_value(c"primal_solution_status").ok();
        let has_solution = primal == Some(highs_sys::kHighsSolutionStatusFeasible.into());
        let columns = has_solution.then(|| solved.get_solution().columns().to_vec());
        match (solved.status(), bound, columns) {
            // No column at all: nothing can be placed, the objective is its constant.
            (HighsModelStatus::ModelEmpty, ..) => match round_up(constant) {
                Some(bound) => Solved::Optimal { bound, columns: Vec::new() },
                None => failed(),
            },
            (HighsModelStatus::Optimal, Some(bound), Some(columns)) => {
                Solved::Optimal { bound, columns }
            }
            (status, bound, columns) => {
                let stop = match status {
                    HighsModelStatus::ReachedTimeLimit => Stop::TimeLimit,
                    HighsModelStatus::ReachedInterrupt => {
                        control.should_stop().unwrap_or(Stop::Cancelled)
                    }
                    _ => Stop::TooLarge,
                };
                Solved::Stopped { bound, columns, stop }
            }
        }
    }

    /// What HiGHS asks at its own interrupt points.
    struct Watch<'a> {
        control: &'a Control,
        /// Steps of one iteration of the simplex method.
        steps_each: u64,
        /// Iterations counted so far.
        iterations: AtomicI64,
    }

    impl Watch<'_> {
        /// Counts the iterations since the last time; whether to stop.
        fn is_over(&self, iterations: i64) -> bool {
            let before = self.iterations.fetch_max(iterations, Ordering::Relaxed);
            let new = u64::try_from(iterations - before).unwrap_or(0);
            let steps = new.saturating_mul(self.steps_each);
            self.control.spent(usize::try_from(steps).unwrap_or(usize::MAX))
        }
    }

    /// Makes HiGHS ask `watch` at its own interrupt points, which hang on no clock. The safe crate has no callbacks.
    #[allow(unsafe_code)]
    fn interrupt_at_end(model: &mut highs::Model, watch: &Watch<'_>) {
        let data = std::ptr::from_ref(watch).cast_mut().cast::<c_void>();
        // SAFETY: `watch` is borrowed from the caller's stack, which outlives the solve; the callback only
        // reads it, and HiGHS calls it on the thread that solves.
        unsafe {
            let highs = model.as_mut_ptr();
            highs_sys::Highs_setCallback(highs, Some(ask), data);
            highs_sys::Highs_startCallback(highs, highs_sys::kHighsCallbackMipInterrupt);
        }
    }

    /// # Safety
    /// Called by HiGHS with the pointer given to `Highs_setCallback`.
    #[allow(unsafe_code)]
    unsafe extern "C" fn ask(
        kind: c_int,
        _message: *const c_char,
        out: *const highs_sys::HighsCallbackDataOut,
        input: *mut highs_sys::HighsCallbackDataIn,
        data: *mut c_void,
    ) {
        let is_ours = kind == highs_sys::kHighsCallbackMipInterrupt;
        if !is_ours || out.is_null() || input.is_null() || data.is_null() {
            return;
        }
        // SAFETY: the pointers are HiGHS's and ours, checked above; see `interrupt_at_end`.
        unsafe {
            let watch = &*data.cast::<Watch<'_>>();
            let is_over = watch.is_over((*out).mip_total_lp_iterations);
            (*input).user_interrupt = c_int::from(is_over);
        }
    }
}

#[cfg(all(test, feature = "highs"))]
mod tests {
    use super::*;
    use good_lp::{constraint, variable};

    /// The program on which HiGHS 1.15.1 with its default presolve says -3: the best is -4.
    #[test]
    fn presolve_does_not_lose_the_best_answer() {
        let mut columns = ProblemVariables::new();
        let most = [3, 3, 1, 1, 1, 6, 1, 5];
        let x: Vec<Variable> =
            most.iter().map(|&m| columns.add(variable().integer().min(0).max(m))).collect();
        let rows = vec![
            constraint!(x[0] + x[1] <= 3),
            constraint!(x[2] + x[3] <= 1),
            constraint!(x[5] - x[0] - x[1] <= 1),
            constraint!(x[0] + x[1] - 3 * x[6] <= 0),
            constraint!(x[0] + x[1] - x[5] + 3 * x[6] <= 3),
            constraint!(x[7] <= 0),
            constraint!(1 - x[4] <= 0),
        ];
        let objective: Expression = -(x[0] + x[1] + x[2] + x[3]);
        let start = vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0];
        let program = Program { columns, order: x, start, rows, objective };
        let Solved::Optimal { bound, .. } = solve(program, &Backend::Highs, 0, &Control::default())
        else {
            panic!("a program of eight columns is solved to its end");
        };
        assert_eq!(bound, -4);
    }
}
