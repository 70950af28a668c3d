//! An integer program in plain numbers, for a solver that is not linked in: HiGHS as WebAssembly beside us, say.
//!
//! In: a [`Program`] of good_lp. Out: an [`IntegerProgram`] to the caller's function, whose [`IntegerAnswer`] is
//! believed no more than that of a linked solver: rounded, replayed and judged in integers.

use super::super::control::Control;
use super::super::outcome::{SolverFault, Stop};
use super::backend::{Program, Solved, round_up};
use good_lp::{Expression, IntoAffineExpression, Variable};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::time::Duration;

/// Minimise `offset + cost · x` over integers `0 ≤ x ≤ most` that keep the rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IntegerProgram {
    /// Most of each column.
    pub most: Vec<f64>,
    /// Cost of each column.
    pub cost: Vec<f64>,
    /// What the objective is where all columns are 0.
    pub offset: f64,
    /// Where the entries of each row begin, and after the last row their number.
    pub row_starts: Vec<u32>,
    /// The column of each entry, rising within a row.
    pub columns: Vec<u32>,
    /// The coefficient of each entry.
    pub values: Vec<f64>,
    /// Least sum of each row: negative infinity, or the same as its most.
    pub row_least: Vec<f64>,
    /// Most sum of each row.
    pub row_most: Vec<f64>,
    /// A complete point that keeps all rows, to start from.
    pub start: Vec<f64>,
    /// For what the solver draws at random.
    pub seed: u32,
    /// Time left; `None` is no limit.
    pub time_limit: Option<Duration>,
}

impl IntegerProgram {
    /// What cannot be true of these columns, rounded: limits and rows.
    fn fault_of(&self, columns: &[f64]) -> Option<SolverFault> {
        if columns.len() != self.most.len() {
            return Some(SolverFault::ColumnCount {
                given: columns.len(),
                wanted: self.most.len(),
            });
        }
        let within = |(x, most): (&f64, &f64)| (0.0..=*most).contains(&x.round());
        if let Some(column) = columns.iter().zip(&self.most).position(|pair| !within(pair)) {
            return Some(SolverFault::Column { column });
        }
        let keeps = |row: usize| {
            let entries = self.row_starts[row] as usize..self.row_starts[row + 1] as usize;
            let sum: f64 =
                entries.map(|i| self.values[i] * columns[self.columns[i] as usize].round()).sum();
            let noise = 1e-9 * self.row_most[row].abs().max(1.0);
            (self.row_least[row] - noise..=self.row_most[row] + noise).contains(&sum)
        };
        let row = (0..self.row_most.len()).find(|&row| !keeps(row))?;
        Some(SolverFault::Row { row })
    }

    /// The objective of these columns, rounded.
    fn objective(&self, columns: &[f64]) -> f64 {
        let costs = self.cost.iter().zip(columns);
        self.offset + costs.map(|(cost, x)| cost * x.round()).sum::<f64>()
    }

    /// What cannot be true of an answer.
    fn fault_in(&self, answer: &IntegerAnswer) -> Option<SolverFault> {
        let has_columns = !answer.columns.is_empty() || self.most.is_empty();
        if answer.stop == Stop::Proved && !(has_columns && answer.bound.is_finite()) {
            return Some(SolverFault::NothingProved);
        }
        if has_columns && let Some(fault) = self.fault_of(&answer.columns) {
            return Some(fault);
        }
        let known = [&self.start, &answer.columns];
        let known = known.into_iter().filter(|columns| columns.len() == self.most.len());
        let bound = round_up(answer.bound)? as f64;
        let is_above = |columns: &Vec<f64>| bound > self.objective(columns) + 0.5;
        known.into_iter().any(is_above).then_some(SolverFault::BoundTooHigh)
    }
}

/// What the solver says.
#[derive(Clone, Debug, PartialEq)]
pub struct IntegerAnswer {
    /// [`Stop::Proved`]: these columns are the best. Else why it stopped.
    pub stop: Stop,
    /// No point is below it; not finite where nothing is known.
    pub bound: f64,
    /// The best point found; empty where there is none.
    pub columns: Vec<f64>,
}

/// A solver of the caller: one call, one program.
#[derive(Clone)]
pub struct Outside(Arc<dyn Fn(&IntegerProgram) -> IntegerAnswer + Send + Sync>);

impl Outside {
    /// Programs go to `solve`, from whatever thread works.
    pub fn new(solve: impl Fn(&IntegerProgram) -> IntegerAnswer + Send + Sync + 'static) -> Self {
        Self(Arc::new(solve))
    }
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outside")
    }
}

pub(super) fn solve(program: &Program, outside: &Outside, seed: u64, control: &Control) -> Solved {
    let mut numbers = in_numbers(program);
    numbers.seed = (seed & 0x7fff_ffff) as u32;
    numbers.time_limit = control.time_left();
    let answer = (outside.0)(&numbers);
    if let Some(fault) = numbers.fault_in(&answer) {
        return Solved::Stopped { bound: None, columns: None, stop: Stop::Faulty(fault) };
    }
    let bound = round_up(answer.bound);
    let IntegerAnswer { stop, columns, .. } = answer;
    match (stop, bound) {
        (Stop::Proved, Some(bound)) => Solved::Optimal { bound, columns },
        // Out of the range of an objective.
        (Stop::Proved, None) => {
            Solved::Stopped { bound: None, columns: None, stop: Stop::TooLarge }
        }
        (stop, bound) => {
            let columns = (columns.len() == numbers.most.len()).then_some(columns);
            Solved::Stopped { bound, columns, stop }
        }
    }
}

/// Entries of good_lp's expressions come in no order; here they are sorted, so that the program is the same each time.
pub(super) fn in_numbers(program: &Program) -> IntegerProgram {
    let index: FxHashMap<Variable, u32> =
        program.order.iter().zip(0..).map(|(&v, i)| (v, i)).collect();
    let entries = |expression: &Expression| {
        let mut entries: Vec<(u32, f64)> =
            expression.linear_coefficients().map(|(v, c)| (index[&v], c)).collect();
        entries.sort_unstable_by_key(|&(column, _)| column);
        entries
    };
    let mut numbers = IntegerProgram {
        most: program.columns.iter_variables_with_def().map(|(_, def)| def.get_max()).collect(),
        cost: vec![0.0; program.order.len()],
        offset: program.objective.constant(),
        row_starts: vec![0],
        start: program.start.clone(),
        ..IntegerProgram::default()
    };
    for (column, cost) in entries(&program.objective) {
        numbers.cost[column as usize] = cost;
    }
    for row in &program.rows {
        for (column, value) in entries(row.expression()) {
            numbers.columns.push(column);
            numbers.values.push(value);
        }
        numbers.row_starts.push(numbers.columns.len() as u32);
        // good_lp holds a row as "expression with its constant is at most (or equal to) 0".
        let most = 0.0 - row.expression().constant();
        numbers.row_least.push(if row.is_equality() { most } else { f64::NEG_INFINITY });
        numbers.row_most.push(most);
    }
    numbers
}
