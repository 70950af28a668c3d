//! The integer program over given patterns: the best placement of them, and, where they are all that a better placement
//! could use, the proof.

use super::super::control::Control;
use super::super::ilp::{Backend, Program, Solved, solve_program};
use super::super::incumbent::Incumbent;
use super::place::{adopt, patterns_of};
use super::relaxation::{Pattern, Relaxation};
use crate::problem::Problem;
use good_lp::{Expression, ProblemVariables, Variable, constraint, variable};
use rustc_hash::FxHashMap;

/// Solves the program over `patterns` and those of the incumbent, and keeps its placement where it is better. No placement of
/// these patterns is below what it gives: the word of a floating-point solver.
pub(super) fn solve(
    problem: &Problem,
    relaxation: &Relaxation,
    patterns: &[Pattern],
    incumbent: &mut Incumbent,
    backend: &Backend,
    seed: u64,
    control: &Control,
) -> Option<i64> {
    let mut all: Vec<Pattern> = Vec::with_capacity(patterns.len());
    let mut start: Vec<u32> = Vec::new();
    let mut at: FxHashMap<Pattern, usize> = FxHashMap::default();
    let known = patterns_of(problem, relaxation, incumbent);
    for (pattern, times) in
        known.into_iter().map(|p| (p, 1)).chain(patterns.iter().cloned().map(|p| (p, 0)))
    {
        let position = *at.entry(pattern.clone()).or_insert(all.len());
        if position == all.len() {
            all.push(pattern);
            start.push(0);
        }
        start[position] += times;
    }
    let (program, uses) = program(relaxation, &all, &start);
    let solved = solve_program(program, backend, seed, control);
    let (bound, columns) = match solved {
        Solved::Optimal { bound, columns } => (Some(bound), Some(columns)),
        Solved::Stopped { bound, columns, .. } => (bound, columns),
    };
    if let Some(columns) = columns.filter(|c| c.len() >= uses) {
        let used: Vec<(&Pattern, u32)> = all
            .iter()
            .zip(&columns)
            .map(|(p, x)| (p, x.round().max(0.0) as u32))
            .filter(|&(_, n)| n > 0)
            .collect();
        adopt(problem, relaxation, &used, incumbent, control);
    }
    bound
}

/// The program, and how many of its columns are uses of patterns (the first ones).
fn program(relaxation: &Relaxation, patterns: &[Pattern], start: &[u32]) -> (Program, usize) {
    let mut columns = ProblemVariables::new();
    let (mut order, mut point): (Vec<Variable>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut column = |most: u32, hint: u32| {
        let v = columns.add(variable().integer().min(0).max(f64::from(most)));
        order.push(v);
        point.push(f64::from(hint.min(most)));
        v
    };
    let mut items = vec![Expression::default(); relaxation.items.len()];
    let mut kinds = vec![Expression::default(); relaxation.kinds.len()];
    let levels = relaxation.above.len() + 1;
    let mut by_level = vec![Expression::default(); levels];
    let mut covered = vec![0u32; relaxation.items.len()];
    for (pattern, &times) in patterns.iter().zip(start) {
        let kind = &relaxation.kinds[pattern.kind as usize];
        let v = column(kind.bins.len() as u32, times);
        kinds[pattern.kind as usize] += v;
        for &(i, n) in &pattern.items {
            items[i as usize].add_mul(f64::from(n), v);
            covered[i as usize] += n * times;
        }
        for (sum, &cost) in by_level.iter_mut().zip(&kind.cost).filter(|(_, c)| **c != 0) {
            sum.add_mul(cost as f64, v);
        }
    }
    let mut rows = Vec::new();
    for (i, item) in relaxation.items.iter().enumerate() {
        let mut sum = std::mem::take(&mut items[i]);
        if let Some(weight) = &item.weight {
            let v = column(item.count, item.count.saturating_sub(covered[i]));
            sum += v;
            for (sum, &w) in by_level.iter_mut().zip(weight).filter(|(_, w)| **w != 0) {
                sum.add_mul(w as f64, v);
            }
        }
        let count = f64::from(item.count);
        rows.push(constraint!(sum >= count));
    }
    for (kind, sum) in relaxation.kinds.iter().zip(kinds) {
        let most = kind.bins.len() as f64;
        rows.push(constraint!(sum <= most));
    }
    let objective = by_level.pop().unwrap_or_default();
    for (sum, &value) in by_level.into_iter().zip(&relaxation.above) {
        let value = value as f64;
        rows.push(constraint!(sum <= value));
    }
    (Program { columns, order, start: point, rows, objective }, patterns.len())
}
