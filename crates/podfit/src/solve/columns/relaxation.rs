//! What columns see of a problem: items, kinds of equal bins, and the levels as costs. Everything that couples different
//! bins is dropped, so that a bound of it is one of the problem; a placement has to be judged anew.

use super::super::packing::Packing;
use crate::problem::{CardDemand, NO_DOMAIN, Problem, Term};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Larger relaxations are not made: kinds times items times resources.
const ENTRIES_MAX: usize = 20_000_000;

/// A whole bin, where amounts are told as shares of it.
pub(super) const WHOLE: i64 = 1 << 26;

/// The problem up to one level.
#[derive(Debug)]
pub(super) struct Relaxation {
    pub(super) items: Vec<Item>,
    pub(super) kinds: Vec<Kind>,
    /// Resources that some item asks for; where some ask for cards, two more: thousandths of cards in all, and cards that
    /// an item takes more than half of, which no other such item can share.
    pub(super) dims: usize,
    /// What each level above reaches.
    pub(super) above: Vec<i64>,
    /// Every value that the level can reach is a multiple of it.
    pub(super) step: i64,
}

/// A class that some level so far looks at.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) class: usize,
    pub(super) count: u32,
    /// By resource of the relaxation.
    pub(super) demand: Vec<i64>,
    pub(super) cards: CardDemand,
    /// What leaving one out costs, by level down to the one asked for; `None` where none may be left out.
    pub(super) weight: Option<Vec<i64>>,
}

/// Bins that are equal in all that is seen here.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) bins: Vec<u32>,
    /// How many of them a placement uses at most that is no worse than what is known.
    pub(super) used_max: u32,
    pub(super) free: Vec<i64>,
    /// Model and free thousandths of each card, sorted.
    pub(super) cards: Vec<(u32, i64)>,
    /// What using one costs, by level.
    pub(super) cost: Vec<i64>,
    /// By item: how many fit were they alone; 0 where they may not enter.
    pub(super) most: Vec<u32>,
    /// By item and resource: the share of the bin that one takes, rounded down.
    pub(super) share: Vec<u32>,
    /// By item: those that it cannot share a bin with.
    pub(super) clashes: Option<Arc<Vec<FixedBitSet>>>,
}

/// Items in one bin: item and how many, by item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    pub(super) kind: u32,
    pub(super) items: Vec<(u32, u32)>,
}

impl Relaxation {
    /// The problem down to `level`, where the levels above reach `above`, and the level itself is to reach `known` or less.
    /// `None` where there is nothing to pack, or too much to look at.
    pub(super) fn new(problem: &Problem, level: usize, above: &[i64], known: i64) -> Option<Self> {
        let items = items(problem, level, above);
        let dims: Vec<usize> = (0..problem.dims)
            .filter(|&d| items.iter().any(|i| problem.classes[i.class].demand[d] > 0))
            .collect();
        let entries = problem.bins().checked_mul(items.len())?;
        if items.is_empty() || entries > ENTRIES_MAX {
            return None;
        }
        let mut relaxation = Self {
            items,
            kinds: Vec::new(),
            dims: dims.len(),
            above: above[..level].to_vec(),
            step: 1,
        };
        for item in &mut relaxation.items {
            let demand = &problem.classes[item.class].demand;
            item.demand = dims.iter().map(|&d| demand[d].max(0)).collect();
        }
        let costs = costs(problem, level);
        relaxation.make_kinds(problem, &dims, &costs);
        if relaxation.items.iter().any(|i| i.cards.count > 0) {
            relaxation.count_cards();
        }
        if relaxation.kinds.len().checked_mul(relaxation.items.len() * relaxation.dims)?
            > ENTRIES_MAX
        {
            return None;
        }
        relaxation.fill_kinds();
        for kind in &mut relaxation.kinds {
            let bins = kind.bins.len() as i64;
            let values = above[..level].iter().chain([&known]);
            let by_cost = kind.cost.iter().zip(values).filter(|(c, _)| **c > 0).map(|(c, v)| v / c);
            kind.used_max = by_cost.fold(bins, i64::min).max(0) as u32;
        }
        relaxation.step = relaxation.common_step(level);
        Some(relaxation)
    }

    /// What a share of the resources of `kind` one item takes.
    pub(super) fn shares<'k>(&self, kind: &'k Kind, item: usize) -> &'k [u32] {
        &kind.share[item * self.dims..(item + 1) * self.dims]
    }

    /// Groups the bins that some item may enter.
    fn make_kinds(&mut self, problem: &Problem, dims: &[usize], costs: &[Vec<i64>]) {
        let empty = Packing::emptied(problem);
        let looked_at = counters_that_clash(problem, &self.items);
        let mut known: FxHashMap<_, usize> = FxHashMap::default();
        let mut clashes: FxHashMap<Vec<bool>, Option<Arc<Vec<FixedBitSet>>>> = FxHashMap::default();
        for bin in 0..problem.bins() {
            // A level above that is at 0 uses none of the bins that it counts.
            let closed = (self.above.iter().zip(costs)).any(|(&v, cost)| v == 0 && cost[bin] > 0);
            let enters: Vec<bool> =
                self.items.iter().map(|i| !closed && empty.fits_for_good(i.class, bin)).collect();
            if !enters.contains(&true) {
                continue;
            }
            let free: Vec<i64> = dims.iter().map(|&d| problem.free_of(bin)[d].max(0)).collect();
            let range = problem.cards_of(bin);
            let mut cards: Vec<(u32, i64)> =
                range.map(|c| (problem.card_model[c], problem.card_free[c].max(0))).collect();
            cards.sort_unstable();
            let cost: Vec<i64> = costs.iter().map(|c| c[bin]).collect();
            let in_domain: Vec<bool> = looked_at
                .iter()
                .map(|&k| problem.counters[k as usize].domain_of[bin] != NO_DOMAIN)
                .collect();
            let clash = clashes
                .entry(in_domain.clone())
                .or_insert_with(|| clashes_of(problem, &self.items, &looked_at, &in_domain));
            let key = (free, cards, cost, enters, in_domain);
            let at = match known.get(&key) {
                Some(&at) => at,
                None => {
                    let at = self.kinds.len();
                    self.kinds.push(Kind {
                        bins: Vec::new(),
                        used_max: 0,
                        free: key.0.clone(),
                        cards: key.1.clone(),
                        cost: key.2.clone(),
                        most: key.3.iter().map(|&e| u32::from(e)).collect(),
                        share: Vec::new(),
                        clashes: clash.clone(),
                    });
                    known.insert(key, at);
                    at
                }
            };
            self.kinds[at].bins.push(bin as u32);
        }
    }

    /// Cards as two more resources: what fits the cards fits these amounts.
    fn count_cards(&mut self) {
        let all = self.kinds.iter().flat_map(|k| &k.cards);
        let largest = all.map(|&(_, free)| free).max().unwrap_or(0);
        for item in &mut self.items {
            let (count, each) = (i64::from(item.cards.count), item.cards.milli_each);
            item.demand.push(count.saturating_mul(each));
            item.demand.push(if each > largest / 2 { count } else { 0 });
        }
        for kind in &mut self.kinds {
            kind.free.push(kind.cards.iter().map(|&(_, free)| free).sum());
            kind.free
                .push(kind.cards.iter().filter(|&&(_, free)| free > largest / 2).count() as i64);
        }
        self.dims += 2;
    }

    fn fill_kinds(&mut self) {
        let (items, dims) = (&self.items, self.dims);
        for kind in &mut self.kinds {
            kind.share = Vec::with_capacity(items.len() * dims);
            for (i, item) in items.iter().enumerate() {
                let mut most = u64::from(item.count);
                for (&demand, &free) in item.demand.iter().zip(&kind.free) {
                    let share = if demand > 0 && free > 0 {
                        most = most.min((free / demand) as u64);
                        (i128::from(demand) * i128::from(WHOLE) / i128::from(free))
                            .min(i128::from(u32::MAX)) as u32
                    } else {
                        0
                    };
                    kind.share.push(share);
                }
                let alone = kind.clashes.as_ref().is_some_and(|c| c[i].contains(i));
                let most = if alone { most.min(1) } else { most };
                kind.most[i] = if kind.most[i] == 0 { 0 } else { most as u32 };
            }
        }
    }

    /// The greatest common divisor of what the level can be a sum of.
    fn common_step(&self, level: usize) -> i64 {
        let weights = self.items.iter().filter_map(|i| i.weight.as_ref()).map(|w| w[level]);
        let costs = self.kinds.iter().map(|k| k.cost[level]);
        weights.chain(costs).fold(0, gcd).max(1)
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Classes without an origin that some level so far counts: a placement may leave out the others for nothing.
fn items(problem: &Problem, level: usize, above: &[i64]) -> Vec<Item> {
    let weights: Vec<Vec<i64>> = (0..=level).map(|l| weights(problem, l)).collect();
    let counted = |class: &usize| {
        let c = &problem.classes[*class];
        c.origin.is_none() && c.count > 0 && weights.iter().any(|w| w[*class] > 0)
    };
    (0..problem.classes.len())
        .filter(counted)
        .map(|class| {
            let c = &problem.classes[class];
            let must = (0..level).any(|l| above[l] == 0 && weights[l][class] > 0);
            Item {
                class,
                count: c.count,
                demand: Vec::new(),
                cards: c.cards.clone(),
                weight: (!must).then(|| weights.iter().map(|w| w[class]).collect()),
            }
        })
        .collect()
}

/// By class: what an unplaced item costs at a level.
fn weights(problem: &Problem, level: usize) -> Vec<i64> {
    let mut sum = vec![0i64; problem.classes.len()];
    for term in &problem.levels[level].terms {
        if let Term::Unplaced(weight) = term {
            sum.iter_mut().zip(weight).for_each(|(s, w)| *s = s.saturating_add(*w));
        }
    }
    sum
}

/// By level and bin: what a bin costs that is used.
fn costs(problem: &Problem, level: usize) -> Vec<Vec<i64>> {
    let of_level = |l: usize| {
        let mut sum = vec![0i64; problem.bins()];
        for term in &problem.levels[l].terms {
            if let Term::BinsUsed(cost) = term {
                sum.iter_mut().zip(cost).for_each(|(s, c)| *s = s.saturating_add(*c));
            }
        }
        sum
    };
    (0..=level).map(of_level).collect()
}

/// Counters that forbid something to an item, sorted.
fn counters_that_clash(problem: &Problem, items: &[Item]) -> Vec<u32> {
    let mut counters: Vec<u32> =
        items.iter().flat_map(|i| &problem.classes[i.class].forbids).copied().collect();
    counters.sort_unstable();
    counters.dedup();
    counters
}

/// Items that no order lets share a bin: each of the two is counted where the other forbids. A domain holds its bins whole,
/// so that this is true of every counter that has one there.
fn clashes_of(
    problem: &Problem,
    items: &[Item],
    counters: &[u32],
    in_domain: &[bool],
) -> Option<Arc<Vec<FixedBitSet>>> {
    let mut barred = vec![FixedBitSet::with_capacity(items.len()); items.len()];
    for (&counter, _) in counters.iter().zip(in_domain).filter(|(_, there)| **there) {
        let counted: Vec<usize> = (0..items.len())
            .filter(|&i| problem.classes[items[i].class].counts_in.contains(&counter))
            .collect();
        let forbids = |i: usize| problem.classes[items[i].class].forbids.contains(&counter);
        for i in (0..items.len()).filter(|&i| forbids(i)) {
            counted.iter().for_each(|&j| barred[i].insert(j));
        }
    }
    let mut both = vec![FixedBitSet::with_capacity(items.len()); items.len()];
    let mut any = false;
    for i in 0..items.len() {
        for j in barred[i].ones().filter(|&j| barred[j].contains(i)) {
            both[i].insert(j);
            any = true;
        }
    }
    any.then(|| Arc::new(both))
}
