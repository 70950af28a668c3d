//! What a placement is worth: the objective of each level, in integers.

use super::{Problem, Term};

/// The objective of each level when `placed[class]` items of each class were put somewhere (for a class
/// with an origin: left it) and `used` says which bins hold an item.
pub fn levels_of(problem: &Problem, placed: &[u32], used: impl Fn(usize) -> bool) -> Vec<i64> {
    let term_value = |term: &Term| match term {
        Term::Unplaced(weight) => problem
            .classes
            .iter()
            .enumerate()
            .filter(|(_, c)| c.origin.is_none())
            .map(|(i, c)| weight[i] * i64::from(c.count - placed[i]))
            .sum(),
        Term::Moves(cost) => problem
            .classes
            .iter()
            .enumerate()
            .filter(|(_, c)| c.origin.is_some())
            .map(|(i, _)| cost[i] * i64::from(placed[i]))
            .sum(),
        Term::BinsUsed(cost) => {
            (0..problem.bins()).filter(|&b| used(b)).map(|b| cost[b]).sum::<i64>()
        }
    };
    problem.levels.iter().map(|l| l.terms.iter().map(term_value).sum()).collect()
}
