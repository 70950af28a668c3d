//! The most that one bin can be worth: a bounded knapsack with several resources, cards and clashes, exact by branch and
//! bound, in integers.
//!
//! Items are taken in the order of profit for a surrogate weight: a sum of their shares of the resources, weighted by what
//! the relaxation's dual says each is worth here. No set is worth more than the surrogate knapsack, filled in that order with the
//! last item cut, which is what cuts the search.

use super::cards::{CardFit, cards_fit};
use super::relaxation::{Kind, Pattern, Relaxation, WHOLE};
use super::worth::resource_worth;
use std::cmp::Reverse;

/// Profits are at most this, so that a profit times a share of a bin stays within 64 bits.
pub(super) const PROFIT_MAX: i64 = 1 << 36;

/// Weights of resources in a surrogate sum to about this.
const WEIGHTS: f64 = 65_536.0;
/// With fewer candidates it does not pay to weigh them anew.
const WEIGHED_MIN: usize = 10;
/// Patterns that are kept of one search.
const FOUND_MAX: usize = 16;

/// What is asked of one bin.
pub(super) struct Asked<'a> {
    pub(super) relaxation: &'a Relaxation,
    pub(super) kind: usize,
    /// By item, at most [`PROFIT_MAX`].
    pub(super) profit: &'a [i64],
    /// By item: at most so many.
    pub(super) most: &'a [u32],
    /// Only what is worth more is of interest.
    pub(super) beat: i64,
}

/// What a search says.
#[derive(Debug)]
pub(super) struct Filled {
    /// Nothing is worth more; `beat` where nothing beats that.
    pub(super) upper: i64,
    /// Patterns that beat it, each better than the one before; some may want cards that are not there (see `cards.rs`).
    pub(super) found: Vec<(i64, Pattern)>,
    /// Candidates looked at.
    pub(super) steps: u64,
    /// Whether the search was cut.
    pub(super) cut: bool,
}

/// What may still be taken: positions with their surrogate weights, the best first; what is left of the surrogate.
struct Node {
    list: Vec<(u32, i64)>,
    room: i64,
}

/// One bin, ready to be searched.
pub(super) struct Knapsack<'a> {
    asked: &'a Asked<'a>,
    kind: &'a Kind,
    /// Items that fit, in the order of the search: those that are worth nothing come last.
    order: Vec<u32>,
    /// By position.
    demand: Vec<i64>,
    share: Vec<u32>,
    profit: Vec<i64>,
    most: Vec<u32>,
    dims: usize,
    taken: Vec<u32>,
    value: i64,
    best: i64,
    /// The largest bound of what was not looked at.
    open: i64,
    found: Vec<(i64, Pattern)>,
    /// Where all are wanted: how many at most.
    all: Option<usize>,
    steps: u64,
    steps_max: u64,
}

impl<'a> Knapsack<'a> {
    pub(super) fn new(asked: &'a Asked<'a>) -> Self {
        let relaxation = asked.relaxation;
        let kind = &relaxation.kinds[asked.kind];
        let most = |i: u32| asked.most[i as usize].min(kind.most[i as usize]);
        let mut knapsack = Self {
            kind,
            demand: Vec::new(),
            share: Vec::new(),
            profit: Vec::new(),
            most: Vec::new(),
            dims: relaxation.dims,
            taken: Vec::new(),
            order: (0..relaxation.items.len() as u32).filter(|&i| most(i) > 0).collect(),
            asked,
            value: 0,
            best: asked.beat,
            open: asked.beat,
            found: Vec::new(),
            all: None,
            steps: 0,
            steps_max: 0,
        };
        let size = |i: u32| relaxation.shares(kind, i as usize).iter().map(|&s| u64::from(s)).sum();
        let ratio = |i: u32| asked.profit[i as usize] as f64 / (u64::max(size(i), 1) as f64);
        knapsack.order.sort_by(|&a, &b| ratio(b).total_cmp(&ratio(a)).then(a.cmp(&b)));
        knapsack.lay_out();
        // Once more in the order that the resources' worth gives.
        let list: Vec<u32> = (0..knapsack.order.len() as u32).collect();
        let whole = vec![WHOLE; knapsack.dims];
        let node = knapsack.surrogate(&list, &whole);
        knapsack.order = node.list.iter().map(|&(p, _)| knapsack.order[p as usize]).collect();
        knapsack.lay_out();
        knapsack
    }

    /// The columns of the table by the order of the items.
    fn lay_out(&mut self) {
        let items = &self.asked.relaxation.items;
        let order = || self.order.iter().map(|&i| i as usize);
        self.demand = order().flat_map(|i| items[i].demand.iter().copied()).collect();
        self.share =
            order().flat_map(|i| self.asked.relaxation.shares(self.kind, i)).copied().collect();
        self.profit = order().map(|i| self.asked.profit[i].max(0)).collect();
        self.most = order().map(|i| self.asked.most[i].min(self.kind.most[i])).collect();
        self.taken = vec![0; self.order.len()];
    }

    /// The best that there is, or as far as `steps_max` candidates allow.
    pub(super) fn solve(mut self, steps_max: u64) -> Filled {
        self.run(steps_max);
        let mut found = std::mem::take(&mut self.found);
        found.iter_mut().for_each(|(value, pattern)| *value = self.top_up(pattern));
        let upper = self.best.max(self.open);
        Filled { upper, found, steps: self.steps, cut: self.steps >= steps_max }
    }

    /// All patterns to which nothing can be added and that beat `beat`, and the steps that it took; `None` where there are
    /// more than `patterns_max`, or `steps_max` ends it.
    pub(super) fn all(
        mut self,
        patterns_max: usize,
        steps_max: u64,
    ) -> (Option<Vec<Pattern>>, u64) {
        self.all = Some(patterns_max);
        self.run(steps_max);
        let complete = self.steps < steps_max && self.found.len() <= patterns_max;
        let found = complete.then(|| self.found.into_iter().map(|(_, pattern)| pattern).collect());
        (found, self.steps)
    }

    fn run(&mut self, steps_max: u64) {
        self.steps_max = steps_max;
        let list: Vec<u32> = (0..self.order.len() as u32).collect();
        let whole = vec![WHOLE; self.dims];
        let node = self.surrogate(&list, &whole);
        let free = self.kind.free.clone();
        self.visit(&node, &free, &whole);
    }

    /// Fills the bin in order, once with each of the first `tries` items forced in: patterns that beat `beat`, the best
    /// first, at no great cost.
    pub(super) fn greedy(mut self, tries: usize) -> (Vec<(i64, Pattern)>, u64) {
        let mut found: Vec<(i64, Pattern)> = Vec::new();
        for first in 0..self.order.len().min(tries) {
            self.taken.fill(0);
            self.value = 0;
            let mut free = self.kind.free.clone();
            self.take(first, 1, &mut free);
            self.steps += self.order.len() as u64 / 4 + 1;
            self.fill_up(&mut free);
            if self.value > self.asked.beat {
                let pattern = self.pattern();
                if found.iter().all(|(_, known)| *known != pattern) {
                    found.push((self.value, pattern));
                }
            }
        }
        found.sort_by_key(|&(value, _)| Reverse(value));
        (found, self.steps)
    }

    fn take(&mut self, p: usize, n: u32, free: &mut [i64]) {
        let demand = &self.demand[p * self.dims..(p + 1) * self.dims];
        free.iter_mut().zip(demand).for_each(|(f, d)| *f -= d * i64::from(n));
        self.taken[p] += n;
        self.value += self.profit[p] * i64::from(n);
    }

    fn has_room(&self, p: usize, free: &[i64]) -> bool {
        let demand = &self.demand[p * self.dims..(p + 1) * self.dims];
        demand.iter().zip(free).all(|(d, f)| d <= f)
    }

    /// How many of `p` the amounts hold.
    fn room(&self, p: usize, free: &[i64]) -> u32 {
        let demand = &self.demand[p * self.dims..(p + 1) * self.dims];
        let room = demand.iter().zip(free).filter(|(d, _)| **d > 0).map(|(d, f)| f / d).min();
        let most = self.most[p] - self.taken[p];
        room.map_or(most, |r| u32::try_from(r.max(0)).unwrap_or(u32::MAX).min(most))
    }

    fn clash(&self, p: usize, q: usize) -> bool {
        let clashes = |c: &Vec<_>| {
            let with: &fixedbitset::FixedBitSet = &c[self.order[p] as usize];
            with.contains(self.order[q] as usize)
        };
        p != q && self.kind.clashes.as_deref().is_some_and(clashes)
    }

    /// Whether `p` clashes with something taken.
    fn clashes(&self, p: usize) -> bool {
        self.kind.clashes.is_some()
            && (0..self.order.len()).any(|q| self.taken[q] > 0 && self.clash(p, q))
    }

    /// Whether one more of `p` finds cards beside what is taken.
    fn finds_cards(&self, p: usize) -> bool {
        let cards = |q: usize| &self.asked.relaxation.items[self.order[q] as usize].cards;
        if cards(p).count == 0 {
            return true;
        }
        let wanted: Vec<_> = (0..self.order.len())
            .map(|q| (cards(q), self.taken[q] + u32::from(q == p)))
            .filter(|&(want, n)| n > 0 && want.count > 0)
            .collect();
        cards_fit(&self.kind.cards, &wanted) != CardFit::Refused
    }

    /// How many of `p` at most, amounts and cards looked at.
    fn most_now(&mut self, p: usize, free: &[i64]) -> u32 {
        let room = self.room(p, free);
        let before = self.taken[p];
        let mut n = 0;
        while n < room && self.finds_cards(p) {
            if self.asked.relaxation.items[self.order[p] as usize].cards.count == 0 {
                return room;
            }
            n += 1;
            self.taken[p] += 1;
        }
        self.taken[p] = before;
        n
    }

    /// `node`: what has room beside what is taken; `free`: amounts left; `left`: the same in shares, rounded up.
    fn visit(&mut self, node: &Node, free: &[i64], left: &[i64]) {
        let mut ended = true;
        for (t, &(p, weight)) in node.list.iter().enumerate() {
            let p = p as usize;
            let bound = self.value + self.dantzig(&node.list[t..], node.room);
            if bound <= self.best {
                ended = false;
                break;
            }
            self.steps += 1 + (node.list.len() - t) as u64 / 4;
            if self.steps >= self.steps_max {
                self.open = self.open.max(bound);
                return;
            }
            for n in (1..=self.most_now(p, free)).rev() {
                let profit = self.profit[p] * i64::from(n);
                let rest = &node.list[t + 1..];
                let room = node.room - weight * i64::from(n);
                // Items come by worth, so that with fewer of this one the bound only falls.
                if self.value + profit + self.dantzig(rest, room) <= self.best {
                    break;
                }
                let (mut free, mut left) = (free.to_vec(), left.to_vec());
                self.take(p, n, &mut free);
                let shares = &self.share[p * self.dims..(p + 1) * self.dims];
                left.iter_mut().zip(shares).for_each(|(l, &s)| *l -= i64::from(s) * i64::from(n));
                self.note_better();
                let inner = self.inner(p, rest, room, &free, &left);
                self.visit(&inner, &free, &left);
                self.taken[p] -= n;
                self.value -= profit;
            }
        }
        if ended && self.all.is_some() {
            self.note_maximal(free);
        }
    }

    /// What of `rest` still has room once `p` is taken, weighed anew where that may pay.
    fn inner(
        &mut self,
        p: usize,
        rest: &[(u32, i64)],
        room: i64,
        free: &[i64],
        left: &[i64],
    ) -> Node {
        let fits =
            |&&(q, _): &&(u32, i64)| self.has_room(q as usize, free) && !self.clash(p, q as usize);
        let list: Vec<(u32, i64)> = rest.iter().filter(fits).copied().collect();
        if list.len() < WEIGHED_MIN || self.value + self.dantzig(&list, room) <= self.best {
            return Node { list, room };
        }
        self.steps += (list.len() * self.dims) as u64;
        let list: Vec<u32> = list.iter().map(|&(q, _)| q).collect();
        self.surrogate(&list, left)
    }

    /// The surrogate knapsack of `list` where `left` of each resource is there: weights and room are sums of shares, each
    /// rounded down, so that what fits the bin fits it too.
    fn surrogate(&self, list: &[u32], left: &[i64]) -> Node {
        let worth = self.worth(list, left);
        let total: f64 = worth.iter().sum();
        let scaled = |w: &f64| if total > 0.0 { (w / total * WEIGHTS).round() as i64 } else { 1 };
        let mut weights: Vec<i64> = worth.iter().map(scaled).collect();
        if weights.iter().all(|&w| w == 0) {
            weights.fill(1);
        }
        let shift = 64 - weights.iter().sum::<i64>().leading_zeros();
        let weight = |p: u32| -> i64 {
            let shares = &self.share[p as usize * self.dims..(p as usize + 1) * self.dims];
            shares.iter().zip(&weights).map(|(&s, w)| i64::from(s) * w).sum::<i64>() >> shift
        };
        let mut list: Vec<(u32, i64)> = list.iter().map(|&p| (p, weight(p))).collect();
        // Most profit for its weight first, to the last bit: products of 2^36 and 2^26.
        list.sort_by(|&(a, wa), &(b, wb)| {
            let profit = |p: u32| self.profit[p as usize];
            let none = |p| profit(p) <= 0;
            let ratio = (profit(b) * wa).cmp(&(profit(a) * wb));
            none(a).cmp(&none(b)).then(ratio).then(profit(b).cmp(&profit(a))).then(a.cmp(&b))
        });
        let room = left.iter().zip(&weights).map(|(l, w)| l * w).sum::<i64>() >> shift;
        Node { list, room }
    }

    /// What each resource is worth to `list`, from the linear relaxation. Any numbers would do; these cut well.
    fn worth(&self, list: &[u32], left: &[i64]) -> Vec<f64> {
        let whole = WHOLE as f64;
        let left = left.iter().map(|&l| l as f64 / whole).collect();
        let columns = list.iter().map(|&p| p as usize).filter(|&p| self.profit[p] > 0).map(|p| {
            let shares = self.share[p * self.dims..(p + 1) * self.dims].iter();
            let column = shares.map(|&s| f64::from(s) / whole).collect();
            (self.profit[p] as f64, f64::from(self.most[p]), column)
        });
        resource_worth(columns.collect(), left)
    }

    /// Keeps what is taken where only the best counts and it is that.
    fn note_better(&mut self) {
        if self.all.is_none() && self.value > self.best {
            self.best = self.value;
            if self.found.len() == FOUND_MAX {
                self.found.remove(0);
            }
            self.found.push((self.value, self.pattern()));
        }
    }

    /// Keeps what is taken where all count, it beats what is to be beaten and nothing can be added.
    fn note_maximal(&mut self, free: &[i64]) {
        let more = (0..self.order.len()).any(|p| {
            self.taken[p] < self.most[p]
                && self.has_room(p, free)
                && !self.clashes(p)
                && self.finds_cards(p)
        });
        if more || self.value <= self.best {
            return;
        }
        self.found.push((self.value, self.pattern()));
        if self.all.is_some_and(|most| self.found.len() > most) {
            self.steps = self.steps_max;
        }
    }

    /// Takes what still fits, in order.
    fn fill_up(&mut self, free: &mut [i64]) {
        for p in 0..self.order.len() {
            while self.taken[p] < self.most[p]
                && self.has_room(p, free)
                && !self.clashes(p)
                && self.finds_cards(p)
            {
                self.take(p, 1, free);
            }
        }
    }

    /// Adds what still fits, down to what is worth nothing: its row is covered at no cost. The value then.
    fn top_up(&mut self, pattern: &mut Pattern) -> i64 {
        let mut free = self.kind.free.clone();
        self.taken.fill(0);
        self.value = 0;
        for p in 0..self.order.len() {
            let n = pattern.items.iter().find(|(i, _)| *i == self.order[p]).map_or(0, |(_, n)| *n);
            self.take(p, n, &mut free);
        }
        self.fill_up(&mut free);
        *pattern = self.pattern();
        self.value
    }

    fn pattern(&self) -> Pattern {
        let taken = self.order.iter().zip(&self.taken).filter(|(_, n)| **n > 0);
        let mut items: Vec<(u32, u32)> = taken.map(|(&i, &n)| (i, n)).collect();
        items.sort_unstable();
        Pattern { kind: self.asked.kind as u32, items }
    }

    /// The surrogate knapsack over `list`, the last item cut, rounded down.
    fn dantzig(&self, list: &[(u32, i64)], mut room: i64) -> i64 {
        let mut sum = 0;
        for &(p, weight) in list {
            let profit = self.profit[p as usize];
            if profit == 0 {
                break;
            }
            let left = i64::from(self.most[p as usize]);
            let fit = if weight == 0 { left } else { left.min(room / weight) };
            sum += fit * profit;
            room -= fit * weight;
            if fit < left {
                // At most 2^36 times 2^26.
                return sum + profit * room / weight;
            }
        }
        sum
    }
}
