//! The knapsack against all sets of items.

use super::super::cards::{CardFit, cards_fit};
use super::super::knapsack::{Asked, Knapsack};
use super::super::relaxation::{Pattern, Relaxation};
use super::{Random, random_problem};
use crate::problem::CardDemand;
use std::collections::BTreeSet;

/// Whether one bin of the kind holds `n[item]` of each.
fn holds(relaxation: &Relaxation, kind: usize, n: &[u32]) -> bool {
    let kind = &relaxation.kinds[kind];
    let items = || relaxation.items.iter().zip(n).filter(|(_, n)| **n > 0);
    let amounts = (0..relaxation.dims).all(|d| {
        let wanted: i64 = items().map(|(i, &n)| i.demand[d] * i64::from(n)).sum();
        let asked = items().any(|(i, _)| i.demand[d] > 0);
        !asked || wanted <= kind.free[d]
    });
    let there: Vec<usize> = (0..n.len()).filter(|&i| n[i] > 0).collect();
    let enters = there.iter().all(|&i| n[i] <= kind.most[i]);
    let clash = kind
        .clashes
        .as_ref()
        .is_some_and(|c| there.iter().any(|&i| there.iter().any(|&j| i != j && c[i].contains(j))));
    let wanted: Vec<_> = items().map(|(i, &n)| (&i.cards, n)).collect();
    amounts && enters && !clash && cards_fit(&kind.cards, &wanted) == CardFit::Fits
}

fn all_sets(most: &[u32]) -> Vec<Vec<u32>> {
    most.iter().fold(vec![Vec::new()], |sets, &most| {
        let with = |set: &Vec<u32>| {
            (0..=most).map(|n| set.iter().copied().chain([n]).collect()).collect::<Vec<_>>()
        };
        sets.iter().flat_map(with).collect()
    })
}

fn as_pattern(kind: usize, n: &[u32]) -> Pattern {
    let items = n.iter().enumerate().filter(|(_, n)| **n > 0);
    Pattern { kind: kind as u32, items: items.map(|(i, &n)| (i as u32, n)).collect() }
}

#[test]
fn the_most_that_a_bin_holds_is_exact() {
    let (mut all, mut worth) = (0, 0);
    for seed in podfit_soak::seeds(1500, 200_000) {
        let r = &mut Random::new(seed);
        let problem = random_problem(r);
        let Some(relaxation) = Relaxation::new(&problem, 0, &[], i64::MAX) else { continue };
        for kind in 0..relaxation.kinds.len() {
            all += 1;
            let profit: Vec<i64> = relaxation.items.iter().map(|_| r.between(0, 9)).collect();
            let most: Vec<u32> =
                relaxation.items.iter().map(|i| r.below(u64::from(i.count) + 1) as u32).collect();
            let beat = r.between(0, 4);
            let asked = Asked { relaxation: &relaxation, kind, profit: &profit, most: &most, beat };
            let value =
                |n: &[u32]| -> i64 { n.iter().zip(&profit).map(|(&n, p)| i64::from(n) * p).sum() };
            let sets: Vec<Vec<u32>> =
                all_sets(&most).into_iter().filter(|n| holds(&relaxation, kind, n)).collect();
            let best = sets.iter().map(|n| value(n)).max().expect("an empty bin").max(beat);
            let filled = Knapsack::new(&asked).solve(u64::MAX);
            assert_eq!(filled.upper, best, "seed {seed}");
            assert!(!filled.cut);
            let of = |p: &Pattern| {
                let mut n = vec![0; most.len()];
                p.items.iter().for_each(|&(i, k)| n[i as usize] = k);
                n
            };
            for (v, pattern) in filled.found.iter().chain(&Knapsack::new(&asked).greedy(9).0) {
                assert!(holds(&relaxation, kind, &of(pattern)), "seed {seed}: {pattern:?}");
                assert!(*v > beat && *v == value(&of(pattern)), "seed {seed}");
            }
            assert_eq!(filled.found.last().map_or(beat, |f| f.0), best, "seed {seed}");
            worth += u64::from(best > beat);
            // Cut at any place, the bound holds.
            let cut = Knapsack::new(&asked).solve(1 + r.below(5));
            assert!(cut.upper >= best, "seed {seed}: {} under {best}", cut.upper);
            let maximal: BTreeSet<Vec<(u32, u32)>> = sets
                .iter()
                .filter(|n| value(n) > beat)
                .filter(|n| {
                    !sets.iter().any(|m| *m != **n && m.iter().zip(*n).all(|(a, b)| a >= b))
                })
                .map(|n| as_pattern(kind, n).items)
                .collect();
            let (found, _) = Knapsack::new(&asked).all(usize::MAX, u64::MAX);
            let found: Vec<_> = found.expect("no limit").into_iter().map(|p| p.items).collect();
            assert_eq!(found.len(), maximal.len(), "seed {seed}: {found:?} {maximal:?}");
            assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), maximal, "seed {seed}");
        }
    }
    assert!(worth * 2 > all, "most bins are worth something: {worth} of {all}");
}

/// Whether the items find cards, by trying every set of cards for each.
fn find(cards: &mut [(u32, i64)], items: &[&CardDemand]) -> bool {
    let Some((want, rest)) = items.split_first() else { return true };
    (0..1u32 << cards.len()).filter(|s| s.count_ones() == u32::from(want.count)).any(|set| {
        let chosen: Vec<usize> = (0..cards.len()).filter(|i| set & (1 << i) != 0).collect();
        let takes = |&c: &usize| {
            cards[c].1 >= want.milli_each
                && (want.models.is_empty() || want.models.contains(&cards[c].0))
        };
        if !chosen.iter().all(takes) {
            return false;
        }
        chosen.iter().for_each(|&c| cards[c].1 -= want.milli_each);
        let found = find(cards, rest);
        chosen.iter().for_each(|&c| cards[c].1 += want.milli_each);
        found
    })
}

#[test]
fn cards_are_found_where_there_are_any() {
    let (mut fit, mut all) = (0, 0);
    for seed in podfit_soak::seeds(3000, 200_000) {
        all += 1;
        let r = &mut Random::new(seed);
        let mut cards: Vec<(u32, i64)> = (0..r.below(5))
            .map(|_| (r.below(2) as u32, if r.chance(60) { 1000 } else { r.between(0, 9) * 100 }))
            .collect();
        let wants: Vec<(CardDemand, u32)> = (0..1 + r.below(3))
            .map(|_| {
                let share = r.chance(60);
                let milli_each = if share { r.between(2, 8) * 100 } else { 1000 };
                let count = if share { 1 } else { 1 + r.below(2) as u16 };
                let models = if r.chance(40) { vec![r.below(2) as u32] } else { Vec::new() };
                (CardDemand { count, milli_each, models }, r.below(3) as u32)
            })
            .collect();
        let items: Vec<&CardDemand> =
            wants.iter().flat_map(|(w, n)| std::iter::repeat_n(w, *n as usize)).collect();
        let expected = find(&mut cards, &items);
        let wanted: Vec<(&CardDemand, u32)> = wants.iter().map(|(w, n)| (w, *n)).collect();
        let said = cards_fit(&cards, &wanted);
        assert_eq!(said == CardFit::Fits, expected, "seed {seed}: {cards:?} {wanted:?}");
        assert_ne!(said, CardFit::GaveUp, "seed {seed}: few choices");
        fit += u64::from(expected && !items.is_empty());
    }
    assert!(fit * 10 > all && fit * 10 < all * 9, "{fit} of {all} fit");
}
