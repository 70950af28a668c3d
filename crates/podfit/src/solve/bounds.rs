//! Lower bounds from sums of integers: what nobody has to believe, anyone can redo.

use super::control::Control;
use super::cover::cheapest_cover;
use super::outcome::Shortage;
use super::packing::Packing;
use crate::problem::{Problem, Term};
use fixedbitset::FixedBitSet;

/// What one class can do alone: computed once, used by every level's bound.
pub(super) struct Bounds<'p> {
    problem: &'p Problem,
    /// Items of the class that some bin could take if nothing else were placed and all movable items left.
    room: Vec<u64>,
    /// Bins it could enter.
    bins: Vec<FixedBitSet>,
    control: &'p Control,
}

impl<'p> Bounds<'p> {
    /// Where `control` ends it, classes that were not looked at are taken to fit everywhere: what is proved is less, and
    /// true.
    pub(super) fn new(problem: &'p Problem, control: &'p Control) -> Self {
        let empty = Packing::emptied(problem);
        let mut room = Vec::with_capacity(problem.classes.len());
        let mut bins = Vec::with_capacity(problem.classes.len());
        for class in 0..problem.classes.len() {
            let mut open = FixedBitSet::with_capacity(problem.bins());
            if control.spent(problem.bins()) {
                open.insert_range(..);
                room.push(u64::from(problem.classes[class].count));
                bins.push(open);
                continue;
            }
            let fits = (0..problem.bins()).filter(|&b| empty.fits_for_good(class, b));
            fits.for_each(|b| open.insert(b));
            room.push(room_alone(problem, &empty, class, &open));
            bins.push(open);
        }
        Self { problem, room, bins, control }
    }

    /// A lower bound of level `level` alone, given what the levels above reach (they are closed), and the
    /// sum behind it.
    pub(super) fn level(&self, level: usize, above: &[i64]) -> (i64, Option<Shortage>) {
        let weights = |l: usize| unplaced_weights(self.problem, l);
        let Some(own) = weights(level) else { return (self.other(level, above), None) };
        let (alone, shortage) = self.unplaced(&own);
        // All levels so far together: what the ones above reach is part of that sum.
        let mut together = own;
        let mut reached = 0;
        for (l, value) in above.iter().enumerate() {
            let Some(w) = weights(l) else { continue };
            together.iter_mut().zip(w).for_each(|(t, w)| *t += w);
            reached += value;
        }
        let (sum, shortage_together) = self.unplaced(&together);
        if sum - reached > alone { (sum - reached, shortage_together) } else { (alone, shortage) }
    }

    /// A lower bound of Σ weight × unplaced over all classes with a positive weight.
    pub(super) fn unplaced(&self, weight: &[i64]) -> (i64, Option<Shortage>) {
        let problem = self.problem;
        let mut sure = 0i64;
        let mut shortage = None;
        let mut rest: Vec<(usize, u64)> = Vec::new();
        for (class, c) in problem.classes.iter().enumerate() {
            if c.origin.is_some() || weight[class] <= 0 {
                continue;
            }
            let placed = self.room[class].min(u64::from(c.count));
            let short = u64::from(c.count) - placed;
            if short > 0 && shortage.is_none() {
                shortage = Some(Shortage::Class { class, items: c.count, room: self.room[class] });
            }
            sure += weight[class] * short as i64;
            rest.push((class, placed));
        }
        let mut best = 0;
        for within in self.distinct_bins(&rest) {
            // A sum over fewer sets proves less, and is true.
            if self.control.spent(rest.len() * (problem.dims + 1)) {
                break;
            }
            let inside: Vec<(usize, u64)> =
                rest.iter().copied().filter(|(c, _)| self.bins[*c].is_subset(&within)).collect();
            for resource in 0..problem.dims + 1 {
                let (short, sum) = self.knapsack(&inside, weight, &within, resource);
                if short > best {
                    best = short;
                    shortage = Some(sum);
                }
            }
        }
        (sure + best, shortage)
    }

    /// The distinct bin sets of the classes, at most 64 of them, and their union: places to count.
    fn distinct_bins(&self, classes: &[(usize, u64)]) -> Vec<FixedBitSet> {
        let mut union = FixedBitSet::with_capacity(self.problem.bins());
        let mut sets: Vec<FixedBitSet> = Vec::new();
        for (class, _) in classes {
            let bins = &self.bins[*class];
            union.union_with(bins);
            if sets.len() < 64 && !sets.contains(bins) {
                sets.push(bins.clone());
            }
        }
        if !sets.contains(&union) {
            sets.push(union);
        }
        sets
    }

    /// What movable items take of `within` in any case: those that can neither be nor go outside it. Where they
    /// stay on a bin that is overcommitted, only what there is of it is taken; where they leave, all they ask.
    fn held_by_movable(
        &self,
        within: &FixedBitSet,
        demand: impl Fn(usize) -> i64,
        free: impl Fn(usize) -> i64,
    ) -> i64 {
        let mut at: Vec<(usize, i64)> = Vec::new();
        for (class, c) in self.problem.classes.iter().enumerate() {
            let Some(origin) = c.origin.as_ref().map(|o| o.bin as usize) else { continue };
            if within.contains(origin) && self.bins[class].is_subset(within) {
                at.push((origin, demand(class) * i64::from(c.count)));
            }
        }
        at.sort_unstable();
        let of_bin = |run: &[(usize, i64)]| {
            run.iter().map(|(_, d)| d).sum::<i64>().min(free(run[0].0).max(0))
        };
        at.chunk_by(|a, b| a.0 == b.0).map(of_bin).sum()
    }

    /// Largest weight that fits by one resource alone (the one past the last is cards), fractional and
    /// rounded down; returns the weight that stays out.
    fn knapsack(
        &self,
        classes: &[(usize, u64)],
        weight: &[i64],
        within: &FixedBitSet,
        resource: usize,
    ) -> (i64, Shortage) {
        let problem = self.problem;
        let cards = resource == problem.dims;
        let demand = |class: usize| {
            let c = &problem.classes[class];
            if cards { i64::from(c.cards.count) * c.cards.milli_each } else { c.demand[resource] }
        };
        let free_in = |bin: usize| -> i64 {
            if cards {
                problem.card_free[problem.cards_of(bin)].iter().sum()
            } else {
                self.free_if_all_left(bin, resource).max(0)
            }
        };
        let all: i64 = within.ones().map(free_in).sum();
        let free = all - self.held_by_movable(within, demand, free_in);
        let mut wanting: Vec<(usize, u64)> =
            classes.iter().copied().filter(|&(c, n)| demand(c) > 0 && n > 0).collect();
        // Most weight per unit first; cross-multiplied in wide integers.
        wanting.sort_by(|&(a, _), &(b, _)| {
            let left = i128::from(weight[a]) * i128::from(demand(b));
            let right = i128::from(weight[b]) * i128::from(demand(a));
            right.cmp(&left).then(a.cmp(&b))
        });
        let mut remaining = free;
        let (mut need, mut out, mut partial) = (0i64, 0i128, 0i128);
        for (class, n) in wanting {
            let d = demand(class);
            need += d * n as i64;
            let fit = n.min((remaining / d) as u64);
            remaining -= d * fit as i64;
            if fit < n {
                // What is left over of the resource is worth a part of the first item that stays out.
                if partial == 0 {
                    partial = i128::from(weight[class]) * i128::from(remaining) / i128::from(d);
                    remaining = 0;
                }
                out += i128::from(weight[class]) * i128::from(n - fit);
            }
        }
        let short = (out - partial).max(0) as i64;
        let bins = within.count_ones(..);
        let bin = within.minimum().unwrap_or(0);
        let sum = if cards {
            Shortage::Cards { need, free, bins, bin }
        } else {
            Shortage::Resource { resource, need, free, bins, bin }
        };
        (short, sum)
    }

    /// `free` already counts movable items as gone.
    fn free_if_all_left(&self, bin: usize, resource: usize) -> i64 {
        self.problem.free[bin * self.problem.dims + resource]
    }

    /// Bounds of levels that are not of unplaced items alone.
    fn other(&self, level: usize, above: &[i64]) -> i64 {
        let terms = &self.problem.levels[level].terms;
        terms
            .iter()
            .map(|t| match t {
                Term::BinsUsed(cost) => self.cover(cost, &self.surely_placed(level, above)),
                _ => 0,
            })
            .sum()
    }

    /// Classes of which every placement in question places all items: a level above counts them, and it is at 0.
    fn surely_placed(&self, level: usize, above: &[i64]) -> Vec<bool> {
        let mut sure = vec![false; self.problem.classes.len()];
        for l in (0..level).filter(|&l| above[l] == 0) {
            for (class, weight) in unplaced_weights(self.problem, l).iter().flatten().enumerate() {
                sure[class] |= *weight > 0 && self.problem.classes[class].origin.is_none();
            }
        }
        sure
    }

    /// Cheapest bins that hold all demand of one resource. Only classes in `placed`
    /// count; movable items are taken to be gone.
    fn cover(&self, cost: &[i64], placed: &[bool]) -> i64 {
        let problem = self.problem;
        let one = |resource: usize| -> i64 {
            let need: i128 = problem
                .classes
                .iter()
                .zip(placed)
                .filter(|(_, placed)| **placed)
                .map(|(c, _)| i128::from(c.demand[resource]) * i128::from(c.count))
                .sum();
            let bins = (0..problem.bins())
                .filter(|&b| !problem.closed.contains(b))
                .map(|b| (cost[b], self.free_if_all_left(b, resource)));
            let (least, steps) = cheapest_cover(bins.collect(), need);
            self.control.spend(steps / 8);
            least
        };
        (0..problem.dims).map(one).max().unwrap_or(0)
    }
}

/// The weights of a level that is of unplaced items alone.
fn unplaced_weights(problem: &Problem, level: usize) -> Option<Vec<i64>> {
    match problem.levels[level].terms.as_slice() {
        [Term::Unplaced(weights)] => Some(weights.clone()),
        _ => None,
    }
}

/// How many items of a class its bins could take, were it alone: amounts, cards, and one a domain where the
/// class forbids itself.
fn room_alone(problem: &Problem, empty: &Packing<'_>, class: usize, open: &FixedBitSet) -> u64 {
    let c = &problem.classes[class];
    let in_bin = |bin: usize| -> u64 {
        let amounts = c.demand.iter().zip(empty.free_of(bin)).filter(|&(&d, _)| d > 0);
        let by_amount = amounts.map(|(d, f)| (f / d) as u64).min().unwrap_or(u64::MAX);
        let by_cards = match u64::from(c.cards.count) {
            0 => u64::MAX,
            n => {
                let accepts = |i: &usize| {
                    c.cards.models.is_empty()
                        || c.cards.models.binary_search(&problem.card_model[*i]).is_ok()
                };
                let each = c.cards.milli_each.max(1);
                let cards = problem.cards_of(bin).filter(accepts);
                cards.map(|i| (problem.card_free[i] / each) as u64).sum::<u64>() / n
            }
        };
        by_amount.min(by_cards).min(u64::from(c.count))
    };
    let total: u64 = open.ones().map(in_bin).sum();
    let by_domains = c.forbids.iter().filter(|k| c.counts_in.contains(k)).map(|&k| {
        let domain_of = &problem.counters[k as usize].domain_of;
        let mut domains: Vec<u32> = open.ones().map(|b| domain_of[b]).collect();
        let outside = domains.iter().filter(|&&d| d == crate::problem::NO_DOMAIN).count() as u64;
        domains.retain(|&d| d != crate::problem::NO_DOMAIN);
        domains.sort_unstable();
        domains.dedup();
        // Outside every domain nothing is forbidden.
        if outside > 0 { u64::MAX } else { domains.len() as u64 }
    });
    by_domains.fold(total, u64::min)
}
