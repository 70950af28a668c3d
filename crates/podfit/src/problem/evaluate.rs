//! What a placement is worth: the objective of each level, in integers.
//!
//! Sums stay within 64 bits where [`Problem::validate`] passes.

use super::{Balance, MostMoves, MovesBetween, NO_GROUP, Problem, Put, Reserve, Term};

/// What the terms look at of a placement.
pub trait Placement {
    /// Items of a class that were put somewhere (for a class with an origin: left it).
    fn placed(&self, class: usize) -> u32;
    /// Whether a bin holds an item.
    fn is_used(&self, bin: usize) -> bool;
    /// What is left of a resource in a bin, what moved items still hold where they were not counted.
    fn left(&self, bin: usize, resource: usize) -> i64;
    /// The items put.
    fn puts(&self) -> &[Put];
}

/// The objective of each level.
pub fn levels_of(problem: &Problem, placement: &impl Placement) -> Vec<i64> {
    let (placed, used) = (|c: usize| placement.placed(c), |b: usize| placement.is_used(b));
    sums(problem, |term| match term {
        Term::Reserve(reserve) => short_of_reserve(problem, reserve, placement),
        Term::Balance(balance) => out_of_balance(problem, balance, placement),
        Term::MovesBetween(costs) => between(problem, costs, placement.puts()),
        Term::MostMoves(most) => most_moves(problem, most, placement),
        Term::Unplaced(_) | Term::Moves(_) | Term::BinsUsed(_) => {
            of_counts(problem, term, &placed, &used)
        }
    })
}

/// No more than the objective of each level, told from counts alone: other terms count as nothing.
pub fn levels_at_least(
    problem: &Problem,
    placed: impl Fn(usize) -> u32,
    used: impl Fn(usize) -> bool,
) -> Vec<i64> {
    sums(problem, |term| of_counts(problem, term, &placed, &used))
}

fn sums(problem: &Problem, value: impl Fn(&Term) -> i64) -> Vec<i64> {
    problem.levels.iter().map(|l| l.terms.iter().map(&value).sum()).collect()
}

fn of_counts(
    problem: &Problem,
    term: &Term,
    placed: &impl Fn(usize) -> u32,
    used: &impl Fn(usize) -> bool,
) -> i64 {
    let classes = problem.classes.iter().enumerate();
    match term {
        Term::Unplaced(weight) => classes
            .filter(|(_, c)| c.origin.is_none())
            .map(|(i, c)| weight[i] * i64::from(c.count - placed(i)))
            .sum(),
        Term::Moves(cost) => classes
            .filter(|(_, c)| c.origin.is_some())
            .map(|(i, _)| cost[i] * i64::from(placed(i)))
            .sum(),
        Term::BinsUsed(cost) => {
            (0..problem.bins()).filter(|&b| used(b)).map(|b| cost[b]).sum::<i64>()
        }
        Term::Reserve(_) | Term::Balance(_) | Term::MovesBetween(_) | Term::MostMoves(_) => 0,
    }
}

fn short_of_reserve(problem: &Problem, reserve: &Reserve, placement: &impl Placement) -> i64 {
    let short = |b: usize| (reserve.keep[b] - placement.left(b, reserve.resource)).max(0);
    reserve.cost * (0..problem.bins()).map(short).sum::<i64>()
}

fn out_of_balance(problem: &Problem, balance: &Balance, placement: &impl Placement) -> i64 {
    let short = |b: usize| {
        let wanted = balance.ratio * placement.left(b, balance.first);
        (wanted - placement.left(b, balance.second)).max(0)
    };
    balance.cost * (0..problem.bins()).map(short).sum::<i64>()
}

fn between(problem: &Problem, costs: &MovesBetween, puts: &[Put]) -> i64 {
    puts.iter()
        .filter_map(|put| {
            let origin = problem.classes[put.class as usize].origin.as_ref()?;
            Some(costs.cost(origin.bin as usize, put.bin as usize))
        })
        .sum()
}

fn most_moves(problem: &Problem, most: &MostMoves, placement: &impl Placement) -> i64 {
    let groups =
        most.group_of.iter().filter(|&&g| g != NO_GROUP).max().map_or(0, |&g| g as usize + 1);
    let mut moved = vec![0i64; groups];
    for (class, c) in problem.classes.iter().enumerate() {
        let group = most.group_of[class];
        if c.origin.is_some() && group != NO_GROUP {
            moved[group as usize] += i64::from(placement.placed(class));
        }
    }
    most.cost * moved.into_iter().max().unwrap_or(0)
}
