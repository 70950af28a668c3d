//! Columns against brute force: random small problems, and every placement of them.

mod bounds;
mod oracle;
mod pricing;
mod worth;

use crate::problem::{CardDemand, Class, Counter, Level, NO_DOMAIN, Problem, Term};
use fixedbitset::FixedBitSet;
use std::sync::Arc;

/// xorshift: tests need no better.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        (0..4).for_each(|_| {
            random.below(2);
        });
        random
    }

    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below((most - least + 1) as u64) as i64
    }
}

/// A few bins and items, with cards, clashes, weights, costs and levels as they come.
pub(super) fn random_problem(r: &mut Random) -> Problem {
    let dims = 1 + r.below(2) as usize;
    let bins = 1 + r.below(3) as usize;
    let sizes: Vec<i64> = (0..dims).map(|_| r.between(5, 12)).collect();
    let rows = (0..bins).map(|_| {
        let same = r.chance(60);
        sizes.iter().map(|&s| if same { s } else { r.between(-1, 12) }).collect()
    });
    let mut problem = Problem::new(dims, rows.collect());
    let with_cards = r.chance(40);
    if with_cards {
        problem.card_start = vec![0];
        for _ in 0..bins {
            for _ in 0..r.below(3) {
                problem.card_free.push(if r.chance(80) { 1000 } else { 400 });
                problem.card_model.push(r.below(2) as u32);
            }
            problem.card_start.push(problem.card_free.len() as u32);
        }
    }
    if r.chance(15) {
        problem.closed.insert(r.below(bins as u64) as usize);
    }
    random_counters(r, &mut problem);
    let mut items = 0;
    while items < 4 {
        let class = random_class(r, &problem, with_cards);
        items += class.count;
        problem.add_class(class);
    }
    random_levels(r, &mut problem);
    problem
}

/// Counters in pairs over the same domains: what one side forbids counts the other, as solvers take for granted.
fn random_counters(r: &mut Random, problem: &mut Problem) {
    for _ in 0..r.below(3) {
        let wide = r.chance(30);
        let domain_of: Vec<u32> = (0..problem.bins() as u32)
            .map(|b| {
                if r.chance(10) {
                    NO_DOMAIN
                } else if wide {
                    0
                } else {
                    b
                }
            })
            .collect();
        let domains = if wide { 1 } else { problem.bins() };
        let base: Vec<Option<i64>> = (0..domains).map(|_| Some(i64::from(r.chance(10)))).collect();
        let counter = Counter { domain_of: Arc::new(domain_of), base };
        problem.counters.extend([counter.clone(), counter]);
    }
}

fn random_class(r: &mut Random, problem: &Problem, with_cards: bool) -> Class {
    let demand = (0..problem.dims).map(|_| if r.chance(15) { 0 } else { r.between(1, 7) });
    let demand = demand.collect();
    let mut class = Class::new(1 + r.below(3) as u32, demand);
    if with_cards && r.chance(70) {
        class.cards = match r.below(3) {
            0 => CardDemand { count: 1, milli_each: r.between(2, 7) * 100, models: vec![] },
            1 => CardDemand { count: 1, milli_each: 1000, models: vec![r.below(2) as u32] },
            _ => CardDemand { count: 2, milli_each: 1000, models: vec![] },
        };
    }
    if r.chance(25) {
        let mut eligible = FixedBitSet::with_capacity(problem.bins());
        (0..problem.bins()).filter(|_| r.chance(70)).for_each(|b| eligible.insert(b));
        class.eligible = Some(Arc::new(eligible));
    }
    for (one, other) in (0..problem.counters.len() as u32 / 2).map(|pair| (2 * pair, 2 * pair + 1))
    {
        for (counted, forbidden) in [(one, other), (other, one)] {
            if r.chance(40) {
                class.counts_in.push(counted);
                class.forbids.push(forbidden);
            }
        }
    }
    class
}

fn random_levels(r: &mut Random, problem: &mut Problem) {
    let classes = problem.classes.len();
    let unplaced = |r: &mut Random, most: i64| -> Term {
        Term::Unplaced((0..classes).map(|_| r.between(0, most)).collect())
    };
    let used = |r: &mut Random, bins: usize| -> Term {
        let step = r.between(1, 3);
        Term::BinsUsed((0..bins).map(|_| r.between(0, 4) * step).collect())
    };
    let bins = problem.bins();
    let mut add = |terms| problem.levels.push(Level { name: "level".into(), terms });
    match r.below(5) {
        0 => add(vec![unplaced(r, 3)]),
        1 => {
            add(vec![Term::Unplaced(vec![1; classes])]);
            add(vec![used(r, bins)]);
        }
        2 => {
            add(vec![unplaced(r, 2)]);
            add(vec![unplaced(r, 3)]);
            add(vec![used(r, bins), unplaced(r, 1)]);
        }
        3 => add(vec![used(r, bins), unplaced(r, 5)]),
        _ => {
            add(vec![Term::BinsUsed(vec![1; bins]), unplaced(r, 2)]);
            add(vec![unplaced(r, 3)]);
        }
    }
}
