//! The best value of a small problem, from its definition: every item into every bin, in every order.

use crate::problem::{NO_DOMAIN, Problem, Term};
use std::collections::BTreeSet;

/// A class, a bin, its cards.
type At = (usize, usize, Vec<usize>);

/// The lexicographically least levels of all placements of items that have no origin.
pub(super) fn best(problem: &Problem) -> Vec<i64> {
    let mut seen: BTreeSet<Vec<At>> = BTreeSet::new();
    let mut open: Vec<Vec<At>> = vec![Vec::new()];
    let mut best: Option<Vec<i64>> = None;
    while let Some(state) = open.pop() {
        let value = value(problem, &state);
        if best.as_ref().is_none_or(|b| value < *b) {
            best = Some(value);
        }
        for class in 0..problem.classes.len() {
            let there = state.iter().filter(|(c, ..)| *c == class).count();
            if there >= problem.classes[class].count as usize {
                continue;
            }
            for bin in 0..problem.bins() {
                for cards in card_choices(problem, &state, class, bin) {
                    let mut next = state.clone();
                    next.push((class, bin, cards));
                    if is_allowed(problem, &state, class, bin) {
                        next.sort();
                        if seen.insert(next.clone()) {
                            open.push(next);
                        }
                    }
                }
            }
        }
    }
    best.expect("nothing placed is a placement")
}

fn value(problem: &Problem, state: &[At]) -> Vec<i64> {
    let term = |term: &Term| -> i64 {
        match term {
            Term::Unplaced(weight) => (0..problem.classes.len())
                .map(|c| {
                    let there = state.iter().filter(|(class, ..)| *class == c).count();
                    weight[c] * (i64::from(problem.classes[c].count) - there as i64)
                })
                .sum(),
            Term::BinsUsed(cost) => (0..problem.bins())
                .filter(|b| state.iter().any(|(_, bin, _)| bin == b))
                .map(|b| cost[b])
                .sum(),
            Term::Moves(_) => 0,
            _ => unreachable!("the problems of these tests have no other terms"),
        }
    };
    problem.levels.iter().map(|l| l.terms.iter().map(term).sum()).collect()
}

fn is_allowed(problem: &Problem, state: &[At], class: usize, bin: usize) -> bool {
    let c = &problem.classes[class];
    if problem.closed.contains(bin) || c.eligible.as_ref().is_some_and(|e| !e.contains(bin)) {
        return false;
    }
    for d in 0..problem.dims {
        let inside = state.iter().filter(|(_, b, _)| *b == bin);
        let taken: i64 = inside.map(|(c, ..)| problem.classes[*c].demand[d]).sum();
        if c.demand[d] > 0 && taken + c.demand[d] > problem.free_of(bin)[d] {
            return false;
        }
    }
    c.forbids.iter().all(|&k| {
        let counter = &problem.counters[k as usize];
        let domain = counter.domain_of[bin];
        let counted = state.iter().filter(|(c, b, _)| {
            problem.classes[*c].counts_in.contains(&k) && counter.domain_of[*b] == domain
        });
        domain == NO_DOMAIN || (counter.base[domain as usize] == Some(0) && counted.count() == 0)
    })
}

/// Every set of cards that the item could take; one empty set where it wants none.
fn card_choices(problem: &Problem, state: &[At], class: usize, bin: usize) -> Vec<Vec<usize>> {
    let want = &problem.classes[class].cards;
    let cards: Vec<usize> = problem.cards_of(bin).collect();
    let free = |card: usize| {
        let on_it = state.iter().filter(|(.., cards)| cards.contains(&card));
        problem.card_free[card]
            - on_it.map(|(c, ..)| problem.classes[*c].cards.milli_each).sum::<i64>()
    };
    let takes = |card: usize| {
        free(card) >= want.milli_each
            && (want.models.is_empty() || want.models.contains(&problem.card_model[card]))
    };
    (0..1u32 << cards.len())
        .filter(|set| set.count_ones() == u32::from(want.count))
        .map(|set| (0..cards.len()).filter(|i| set & (1 << i) != 0).map(|i| cards[i]).collect())
        .filter(|set: &Vec<usize>| set.iter().all(|&card| takes(card)))
        .collect()
}
