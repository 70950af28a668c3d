//! A partial answer that grows and shrinks item by item: what is free, what is counted, what was put.
//! Every heuristic and every search of this folder moves on it, so legality is judged in one place.

use crate::problem::{NO_DOMAIN, Placement, Problem, Put, levels_at_least, levels_of};

/// The state of a search on one problem.
#[derive(Clone, Debug)]
pub(super) struct Packing<'p> {
    pub(super) problem: &'p Problem,
    free: Vec<i64>,
    /// What items that left their origin still hold there, as `free`; empty where no resource is held.
    held: Vec<i64>,
    card_free: Vec<i64>,
    counts: Vec<Counts>,
    /// Items of each class that were put (for a class with an origin: that left and were put).
    pub(super) placed: Vec<u32>,
    /// Items of a class with an origin that left it, put again or not.
    left: Vec<u32>,
    /// Items in each bin, movable ones that stay included.
    items_in: Vec<u32>,
    /// In the order of placing.
    pub(super) puts: Vec<Put>,
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

impl<'p> Packing<'p> {
    /// Nothing put yet; items with an origin are there.
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
        let classes = problem.classes.len();
        let mut packing = Self {
            problem,
            free: problem.free.clone(),
            held: if problem.held_by_moved.is_clear() {
                Vec::new()
            } else {
                vec![0; problem.free.len()]
            },
            card_free: problem.card_free.clone(),
            counts,
            placed: vec![0; classes],
            left: vec![0; classes],
            items_in: vec![0; problem.bins()],
            puts: Vec::new(),
        };
        for (class, c) in problem.classes.iter().enumerate() {
            if let Some(origin) = &c.origin {
                for _ in 0..c.count {
                    packing.book(class, origin.bin as usize, &origin.cards, 1);
                }
            }
        }
        // Coming to its origin an item takes nothing of what it holds there: so far it was not taken.
        for (free, held) in packing.free.iter_mut().zip(&mut packing.held) {
            *free += std::mem::take(held);
        }
        packing
    }

    /// Nothing put yet and every movable item gone from its origin: the most room there can be.
    pub(super) fn emptied(problem: &'p Problem) -> Self {
        let mut packing = Self::new(problem);
        for (class, c) in problem.classes.iter().enumerate() {
            if c.origin.is_some() {
                (0..c.count).for_each(|_| packing.leave(class));
            }
        }
        packing
    }

    /// Free amounts of a bin now.
    pub(super) fn free_of(&self, bin: usize) -> &[i64] {
        let d = self.problem.dims;
        &self.free[bin * d..(bin + 1) * d]
    }

    /// Items of `class` that wait to be put: unplaced ones, or those that left their origin.
    pub(super) fn waiting(&self, class: usize) -> u32 {
        let c = &self.problem.classes[class];
        let all = if c.origin.is_some() { self.left[class] } else { c.count };
        all - self.placed[class]
    }

    /// Items that left their origin, over all classes.
    pub(super) fn moved(&self) -> u64 {
        self.left.iter().map(|&n| u64::from(n)).sum()
    }

    /// Items of a movable class still at their origin.
    pub(super) fn staying(&self, class: usize) -> u32 {
        self.problem.classes[class].count - self.left[class]
    }

    /// Whether `class` may enter `bin` by what does not grow with placing more: eligibility, room, cards,
    /// clashes. Once false it stays false while items are only added.
    pub(super) fn fits_for_good(&self, class: usize, bin: usize) -> bool {
        let c = &self.problem.classes[class];
        self.problem.may_enter(class, bin)
            && self.has_room(class, bin)
            && c.forbids.iter().all(|&k| self.count_at(k, bin) == 0)
            && (c.cards.count == 0 || self.choose_cards(class, bin).is_some())
    }

    /// Whether the free amounts suffice for one item.
    pub(super) fn has_room(&self, class: usize, bin: usize) -> bool {
        let demand = &self.problem.classes[class].demand;
        if self.holds_at(class, bin) {
            let held = &self.problem.held_by_moved;
            let mut amounts = demand.iter().zip(self.free_of(bin)).enumerate();
            return amounts
                .all(|(r, (&d, &f))| d == 0 || if held.contains(r) { f >= 0 } else { d <= f });
        }
        demand.iter().zip(self.free_of(bin)).all(|(&d, &f)| d == 0 || d <= f)
    }

    /// Whether items of `class` that moved away hold something in `bin`.
    fn holds_at(&self, class: usize, bin: usize) -> bool {
        let origin = || self.problem.classes[class].origin.as_ref();
        !self.held.is_empty() && origin().is_some_and(|o| o.bin as usize == bin)
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

    /// The cards an item of `class` would get in `bin`: the fullest that still take it.
    fn choose_cards(&self, class: usize, bin: usize) -> Option<Vec<u16>> {
        let want = &self.problem.classes[class].cards;
        let cards = self.problem.cards_of(bin);
        let start = cards.start;
        let mut fitting: Vec<usize> = cards
            .filter(|&c| self.card_free[c] >= want.milli_each)
            .filter(|&c| {
                want.models.is_empty()
                    || want.models.binary_search(&self.problem.card_model[c]).is_ok()
            })
            .collect();
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

    /// Puts one waiting item of `class` into `bin`, which [`may_put`](Self::may_put) allowed.
    pub(super) fn put(&mut self, class: usize, bin: usize) {
        let cards = match self.problem.classes[class].cards.count {
            0 => Vec::new(),
            _ => self.choose_cards(class, bin).unwrap_or_default(),
        };
        self.put_on(class, bin, cards);
    }

    /// As [`put`](Self::put), on these cards.
    pub(super) fn put_on(&mut self, class: usize, bin: usize, cards: Vec<u16>) {
        debug_assert!(self.waiting(class) > 0, "an item must wait to be put");
        self.book(class, bin, &cards, 1);
        self.placed[class] += 1;
        self.puts.push(Put { class: class as u32, bin: bin as u32, cards });
    }

    /// Takes the last put back.
    pub(super) fn unput(&mut self) {
        let put = self.puts.pop().expect("unput follows a put");
        self.placed[put.class as usize] -= 1;
        self.book(put.class as usize, put.bin as usize, &put.cards, -1);
    }

    /// Takes out the put at `at`, whatever the later ones rest on. [`put_back`](Self::put_back) undoes it.
    pub(super) fn lift(&mut self, at: usize) -> Put {
        let put = self.puts.remove(at);
        self.placed[put.class as usize] -= 1;
        self.book(put.class as usize, put.bin as usize, &put.cards, -1);
        put
    }

    /// Undoes [`lift`](Self::lift).
    pub(super) fn put_back(&mut self, at: usize, put: Put) {
        self.book(put.class as usize, put.bin as usize, &put.cards, 1);
        self.placed[put.class as usize] += 1;
        self.puts.insert(at, put);
    }

    /// Makes the puts be exactly `puts`, which were legal in this order before.
    pub(super) fn replay(&mut self, puts: &[Put]) {
        let same = self.puts.iter().zip(puts).take_while(|(a, b)| a == b).count();
        self.cut(same);
        for put in &puts[same..] {
            self.put_on(put.class as usize, put.bin as usize, put.cards.clone());
        }
    }

    /// Takes back all puts from position `len` on.
    pub(super) fn cut(&mut self, len: usize) {
        while self.puts.len() > len {
            self.unput();
        }
    }

    /// The least count over the domains that are there.
    pub(super) fn least(&self, counter: u32) -> i64 {
        self.counts[counter as usize].least
    }

    /// Puts as many of `puts` as are allowed in this order; whether that was all.
    fn put_all(&mut self, puts: &[Put]) -> bool {
        for put in puts {
            let (class, bin) = (put.class as usize, put.bin as usize);
            if !self.may_put(class, bin) {
                return false;
            }
            self.put_on(class, bin, put.cards.clone());
        }
        true
    }

    /// Whether the puts are allowed in their order once all who left are gone from the start.
    pub(super) fn is_legal_anew(&self) -> bool {
        let mut anew = Self::new(self.problem);
        for (class, &left) in self.left.iter().enumerate() {
            (0..left).for_each(|_| anew.leave(class));
        }
        anew.put_all(&self.puts)
    }

    /// Whether no item is in the bin.
    pub(super) fn is_empty(&self, bin: usize) -> bool {
        self.items_in[bin] == 0
    }

    /// One item of a movable class leaves its origin and waits.
    pub(super) fn leave(&mut self, class: usize) {
        self.book_origin(class, -1);
        self.left[class] += 1;
    }

    /// Undoes [`leave`](Self::leave).
    pub(super) fn unleave(&mut self, class: usize) {
        self.book_origin(class, 1);
        self.left[class] -= 1;
    }

    fn book_origin(&mut self, class: usize, by: i64) {
        let problem = self.problem;
        let origin =
            problem.classes[class].origin.as_ref().expect("only items with an origin leave");
        self.book(class, origin.bin as usize, &origin.cards, by);
    }

    fn book(&mut self, class: usize, bin: usize, cards: &[u16], by: i64) {
        let c = &self.problem.classes[class];
        let d = self.problem.dims;
        if self.holds_at(class, bin) {
            for (r, demand) in c.demand.iter().enumerate() {
                let is_held = self.problem.held_by_moved.contains(r);
                let amounts = if is_held { &mut self.held } else { &mut self.free };
                amounts[bin * d + r] -= demand * by;
            }
        } else {
            for (free, demand) in self.free[bin * d..(bin + 1) * d].iter_mut().zip(&c.demand) {
                *free -= demand * by;
            }
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

    /// How many items of `class` can go into `bin` one after the other without asking again: all that room
    /// and number allow where nothing couples the class and it wants no cards, else 1.
    pub(super) fn run_length(&self, class: usize, bin: usize) -> u32 {
        let c = &self.problem.classes[class];
        let coupled = !c.forbids.is_empty() || !c.needs.is_empty() || !c.spread.is_empty();
        if coupled || c.cards.count > 0 {
            return 1;
        }
        self.most(class, bin).min(self.waiting(class))
    }

    /// How many items of `class` the free amounts of `bin` hold, at most as many as there are.
    pub(super) fn most(&self, class: usize, bin: usize) -> u32 {
        let c = &self.problem.classes[class];
        if self.holds_at(class, bin) {
            return c.count;
        }
        let amounts = c.demand.iter().zip(self.free_of(bin)).filter(|&(&d, _)| d > 0);
        let room = amounts.map(|(d, f)| (f / d).max(0)).min();
        room.map_or(c.count, |r| u32::try_from(r).unwrap_or(u32::MAX).min(c.count))
    }

    /// The objective of each level as things stand.
    pub(super) fn levels(&self) -> Vec<i64> {
        levels_of(self.problem, self)
    }

    /// The objectives if `placed` items of each class were placed, bins and amounts left aside: no more than
    /// they would really be, term by term.
    pub(super) fn levels_if_placed(&self, placed: &[u32]) -> Vec<i64> {
        // Moves are judged by what left, which is at least what was put so far.
        let count = |class: usize| match self.problem.classes[class].origin {
            Some(_) => self.left[class],
            None => placed[class],
        };
        levels_at_least(self.problem, count, |b| self.items_in[b] > 0)
    }

    /// Whether the rules of the end hold as things stand.
    pub(super) fn ends_well(&self) -> bool {
        self.problem.ends_well(|counter, domain| {
            match self.counts[counter as usize].at[domain as usize] {
                i64::MAX => 0, // the domain is not there
                n => n,
            }
        })
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

    /// Whether this is an answer: every item that left its origin was put again, and the rules of the end hold.
    pub(super) fn is_complete(&self) -> bool {
        let mut classes = self.placed.iter().zip(&self.left).zip(&self.problem.classes);
        classes.all(|((p, l), c)| c.origin.is_none() || p == l) && self.ends_well()
    }
}

impl Placement for Packing<'_> {
    fn placed(&self, class: usize) -> u32 {
        self.placed[class]
    }

    fn is_used(&self, bin: usize) -> bool {
        self.items_in[bin] > 0
    }

    fn left(&self, bin: usize, resource: usize) -> i64 {
        let i = bin * self.problem.dims + resource;
        self.free[i] + self.held.get(i).copied().unwrap_or(0)
    }

    fn puts(&self) -> &[Put] {
        &self.puts
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
