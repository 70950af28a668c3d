//! What bins hold and what is counted: whether an item may enter a bin is judged here and nowhere else.

use crate::problem::{NO_DOMAIN, Problem};

/// Free amounts, free cards and counts, as items come and go.
#[derive(Clone, Debug)]
pub(super) struct Room<'p> {
    pub(super) problem: &'p Problem,
    free: Vec<i64>,
    card_free: Vec<i64>,
    counts: Vec<Counts>,
    /// Items in each bin, movable ones that stay included.
    items_in: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Counts {
    /// `i64::MAX` where the domain is not there: it is never the least.
    at: Vec<i64>,
    total: i64,
    least: i64,
    /// How many domains hold the least; 0 asks for a recount.
    at_least: u32,
}

impl Counts {
    fn recount(&mut self) {
        self.least = self.at.iter().copied().min().unwrap_or(i64::MAX);
        self.at_least = self.at.iter().filter(|&&n| n == self.least).count() as u32;
    }

    fn add(&mut self, domain: u32, by: i64) {
        let slot = &mut self.at[domain as usize];
        if *slot == i64::MAX {
            return;
        }
        let before = *slot;
        *slot += by;
        let after = *slot;
        self.total += by;
        if after < self.least {
            (self.least, self.at_least) = (after, 1);
        } else if after == self.least {
            self.at_least += 1;
        } else if before == self.least {
            self.at_least -= 1;
            if self.at_least == 0 {
                self.recount();
            }
        }
    }
}

impl<'p> Room<'p> {
    /// No item anywhere: items with an origin are not booked there yet.
    pub(super) fn new(problem: &'p Problem) -> Self {
        let counts = problem
            .counters
            .iter()
            .map(|c| {
                let at: Vec<i64> = c.base.iter().map(|n| n.unwrap_or(i64::MAX)).collect();
                let total = c.base.iter().flatten().sum();
                let mut counts = Counts { at, total, least: 0, at_least: 0 };
                counts.recount();
                counts
            })
            .collect();
        Self {
            problem,
            free: problem.free.clone(),
            card_free: problem.card_free.clone(),
            counts,
            items_in: vec![0; problem.bins()],
        }
    }

    /// Free amounts of a bin now.
    pub(super) fn free_of(&self, bin: usize) -> &[i64] {
        let d = self.problem.dims;
        &self.free[bin * d..(bin + 1) * d]
    }

    /// Whether `class` may enter `bin` by what does not grow with placing more: eligibility, room, cards,
    /// clashes. Once false it stays false while items are only added.
    pub(super) fn fits_for_good(&self, class: usize, bin: usize) -> bool {
        let c = &self.problem.classes[class];
        self.problem.may_enter(class, bin)
            && self.has_room(class, bin)
            && self.is_apart(class, bin)
            && (c.cards.count == 0 || self.has_cards(class, bin))
    }

    /// Whether none of what an item forbids is there.
    pub(super) fn is_apart(&self, class: usize, bin: usize) -> bool {
        let forbids = &self.problem.classes[class].forbids;
        forbids.iter().all(|&k| self.count_at(k, bin) == 0)
    }

    /// Whether the free amounts suffice for one item.
    pub(super) fn has_room(&self, class: usize, bin: usize) -> bool {
        let demand = &self.problem.classes[class].demand;
        demand.iter().zip(self.free_of(bin)).all(|(&d, &f)| d == 0 || d <= f)
    }

    /// Whether one item of `class` may be put into `bin` now.
    pub(super) fn may_put(&self, class: usize, bin: usize) -> bool {
        self.fits_for_good(class, bin) && self.order_allows(class, bin)
    }

    /// Needs and spread, which depend on what is there already.
    pub(super) fn order_allows(&self, class: usize, bin: usize) -> bool {
        let c = &self.problem.classes[class];
        let needs = c.needs.iter().all(|need| {
            let domain = |&k: &u32| self.problem.counters[k as usize].domain_of[bin] != NO_DOMAIN;
            need.counters.iter().all(domain)
                && (need.counters.iter().all(|&k| self.count_at(k, bin) > 0)
                    || need.self_match
                        && need.counters.iter().all(|&k| self.counts[k as usize].total == 0))
        });
        needs
            && c.spread.iter().all(|row| {
                let counts = &self.counts[row.counter as usize];
                let domain = self.problem.counters[row.counter as usize].domain_of[bin];
                let least = if row.least_is_zero { 0 } else { counts.least };
                domain != NO_DOMAIN
                    && counts.at[domain as usize] + i64::from(row.self_match) - least
                        <= row.max_skew
            })
    }

    /// Items counted in the domain of `bin`; 0 where it has none.
    fn count_at(&self, counter: u32, bin: usize) -> i64 {
        match self.problem.counters[counter as usize].domain_of[bin] {
            NO_DOMAIN => 0,
            domain => self.counts[counter as usize].at[domain as usize],
        }
    }

    /// Whether enough cards are free for one item.
    fn has_cards(&self, class: usize, bin: usize) -> bool {
        let count = usize::from(self.problem.classes[class].cards.count);
        self.fitting_cards(class, bin).take(count).count() == count
    }

    /// Cards of `bin` that have room for an item of `class`, as positions in `card_free`.
    fn fitting_cards(&self, class: usize, bin: usize) -> impl Iterator<Item = usize> + '_ {
        let want = &self.problem.classes[class].cards;
        let cards = self.problem.cards_of(bin).filter(|&c| self.card_free[c] >= want.milli_each);
        cards.filter(|&c| {
            want.models.is_empty() || want.models.binary_search(&self.problem.card_model[c]).is_ok()
        })
    }

    /// The cards an item of `class` would get in `bin`: the fullest that still take it.
    pub(super) fn choose_cards(&self, class: usize, bin: usize) -> Option<Vec<u16>> {
        let want = &self.problem.classes[class].cards;
        let start = self.problem.cards_of(bin).start;
        let mut fitting: Vec<usize> = self.fitting_cards(class, bin).collect();
        if fitting.len() < usize::from(want.count) {
            return None;
        }
        fitting.sort_by_key(|&c| self.card_free[c]);
        Some(fitting[..usize::from(want.count)].iter().map(|&c| (c - start) as u16).collect())
    }

    /// Whether these cards of `bin` are still free enough for an item of `class`.
    pub(super) fn cards_fit(&self, class: usize, bin: usize, cards: &[u16]) -> bool {
        let start = self.problem.cards_of(bin).start;
        let each = self.problem.classes[class].cards.milli_each;
        cards.iter().all(|&c| self.card_free[start + usize::from(c)] >= each)
    }

    /// By how much a put would stand above the least count, at worst over the spreads of the class.
    pub(super) fn surplus(&self, class: usize, bin: usize) -> i64 {
        let rows = self.problem.classes[class].spread.iter();
        rows.map(|r| self.count_at(r.counter, bin) - self.counts[r.counter as usize].least)
            .max()
            .unwrap_or(0)
    }

    /// The least count over the domains that are there.
    pub(super) fn least(&self, counter: u32) -> i64 {
        self.counts[counter as usize].least
    }

    /// How many items are in the bin.
    pub(super) fn items_in(&self, bin: usize) -> usize {
        self.items_in[bin] as usize
    }

    /// Whether no item is in the bin.
    pub(super) fn is_empty(&self, bin: usize) -> bool {
        self.items_in[bin] == 0
    }

    /// Books an item that comes (`by` 1) or goes (-1), whatever rules say.
    pub(super) fn book(&mut self, class: usize, bin: usize, cards: &[u16], by: i64) {
        let c = &self.problem.classes[class];
        let d = self.problem.dims;
        for (free, demand) in self.free[bin * d..(bin + 1) * d].iter_mut().zip(&c.demand) {
            *free -= demand * by;
        }
        let first = self.problem.cards_of(bin).start;
        for &card in cards {
            self.card_free[first + usize::from(card)] -= c.cards.milli_each * by;
        }
        for &k in &c.counts_in {
            let domain = self.problem.counters[k as usize].domain_of[bin];
            if domain != NO_DOMAIN {
                self.counts[k as usize].add(domain, by);
            }
        }
        self.items_in[bin] = self.items_in[bin].wrapping_add_signed(by as i32);
    }

    /// How many items of `class` the free amounts of `bin` hold, at most as many as there are.
    pub(super) fn most(&self, class: usize, bin: usize) -> u32 {
        let c = &self.problem.classes[class];
        let amounts = c.demand.iter().zip(self.free_of(bin)).filter(|&(&d, _)| d > 0);
        let room = amounts.map(|(d, f)| (f / d).max(0)).min();
        room.map_or(c.count, |r| u32::try_from(r).unwrap_or(u32::MAX).min(c.count))
    }

    /// The different choices of cards for one item of `class` in `bin`: cards of equal model that are equally
    /// full are the same choice. One empty choice where it wants none.
    pub(super) fn card_options(&self, class: usize, bin: usize) -> Vec<Vec<u16>> {
        let want = &self.problem.classes[class].cards;
        if want.count == 0 {
            return vec![Vec::new()];
        }
        let range = self.problem.cards_of(bin);
        let start = range.start;
        let mut kinds: Vec<((i64, u32), Vec<u16>)> = Vec::new();
        for c in range {
            let model = self.problem.card_model[c];
            let accepted = want.models.is_empty() || want.models.binary_search(&model).is_ok();
            if !accepted || self.card_free[c] < want.milli_each {
                continue;
            }
            let kind = (self.card_free[c], model);
            match kinds.iter_mut().find(|(k, _)| *k == kind) {
                Some((_, cards)) => cards.push((c - start) as u16),
                None => kinds.push((kind, vec![(c - start) as u16])),
            }
        }
        let mut options = Vec::new();
        choose(&kinds, usize::from(want.count), &mut Vec::new(), &mut options);
        options
    }
}

/// All ways to take `n` cards from kinds of equal cards.
fn choose(
    kinds: &[((i64, u32), Vec<u16>)],
    n: usize,
    taken: &mut Vec<u16>,
    out: &mut Vec<Vec<u16>>,
) {
    if n == 0 {
        out.push(taken.clone());
        return;
    }
    let Some(((_, cards), rest)) = kinds.split_first() else { return };
    for k in (0..=n.min(cards.len())).rev() {
        let len = taken.len();
        taken.extend(&cards[..k]);
        choose(rest, n - k, taken, out);
        taken.truncate(len);
    }
}
