//! Answers at once: classes in several orders, each item into the bin it fits best, then repairs that make
//! room by moving one thing.

use super::packing::Packing;
use crate::problem::{Problem, Term};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// How many (item, bin) pairs a repair may look at before it gives up, and how many puts it may make again in
/// all (each try makes some of them again).
const REPAIR_TRIES_MAX: usize = 20_000;
const REPAIR_PUTS_MAX: usize = 2_000_000;

/// With fewer items of a class, ordering the bins costs more than looking at them for each item.
const ORDERED_ITEMS_MIN: u32 = 4;
/// With so many items a bin, balance between resources decides more than tightness does.
const ITEMS_A_BIN_MANY: u64 = 16;

/// The order in which classes of one rank are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// Largest first: what is hard to place is placed while there is room.
    LargestFirst,
    /// Those with rules first, then fewest bins, then largest.
    ConstrainedFirst,
    /// Smallest first: places most items where not all fit.
    SmallestFirst,
    /// By one resource, largest first.
    LargestOf(usize),
    /// As given.
    AsGiven,
}

/// Which of the bins that fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// The one with least left over.
    Tightest,
    /// The one with most left over.
    Roomiest,
}

/// The best of several greedy passes, repaired. Stops at the first that leaves nothing unplaced unless
/// there are levels below that a later pass may improve.
pub(super) fn greedy<'p>(problem: &'p Problem, seed: u64) -> Packing<'p> {
    let sizes = Sizes::new(problem);
    let only_unplaced = problem
        .levels
        .iter()
        .all(|l| l.terms.iter().all(|t| matches!(t, Term::Unplaced(_) | Term::Moves(_))));
    let mut best: Option<(Vec<i64>, Packing<'p>)> = None;
    for (order, choice) in passes(problem) {
        let mut packing = Packing::new(problem);
        fill(&mut packing, &sizes, order, choice, seed);
        if !all_zero(&packing) {
            repair(&mut packing, &sizes);
        }
        let value = packing.levels();
        let done = only_unplaced && value.iter().all(|&v| v == 0);
        if best.as_ref().is_none_or(|(b, _)| value < *b) {
            best = Some((value, packing));
        }
        if done {
            break;
        }
    }
    // There is always a first pass.
    best.map_or_else(|| Packing::new(problem), |(_, packing)| packing)
}

/// Puts what waits and still fits, most important first.
pub(super) fn complete(packing: &mut Packing<'_>) {
    let sizes = Sizes::new(packing.problem);
    fill(packing, &sizes, Order::LargestFirst, Choice::Tightest, 0);
}

fn passes(problem: &Problem) -> Vec<(Order, Choice)> {
    let mut passes = vec![
        (Order::ConstrainedFirst, Choice::Tightest),
        (Order::LargestFirst, Choice::Tightest),
        (Order::SmallestFirst, Choice::Tightest),
        (Order::LargestFirst, Choice::Roomiest),
        (Order::ConstrainedFirst, Choice::Roomiest),
        (Order::AsGiven, Choice::Tightest),
    ];
    // Ids 0 and 1 are CPU and memory in a cluster; in other problems simply the first two.
    passes.extend((0..problem.dims.min(2)).map(|r| (Order::LargestOf(r), Choice::Tightest)));
    if problem.items() > ITEMS_A_BIN_MANY * problem.bins() as u64 {
        passes.sort_by_key(|(_, choice)| *choice == Choice::Tightest);
    }
    passes
}

fn all_zero(packing: &Packing<'_>) -> bool {
    (0..packing.problem.classes.len()).all(|c| packing.waiting(c) == 0)
}

/// What orders and choices need to know of a problem, in shifted integers: one resource's largest amount is
/// about as large as another's.
struct Sizes {
    shift: Vec<u32>,
    /// Rank of each class: the first level that counts it unplaced.
    rank: Vec<usize>,
    size: Vec<i64>,
    eligible: Vec<usize>,
    open_cost: Option<Vec<i64>>,
}

const SHIFTED_MAX: i64 = 1 << 20;
/// Items beyond any bin are all equally large: sums of sizes stay far from the limits of 64 bits.
const SIZE_MAX: i128 = 1 << 40;

impl Sizes {
    pub(super) fn new(problem: &Problem) -> Self {
        let mut largest = vec![1i64; problem.dims];
        for row in problem.free.chunks_exact(problem.dims.max(1)) {
            for (l, f) in largest.iter_mut().zip(row) {
                *l = (*l).max(*f);
            }
        }
        let shift: Vec<u32> = largest
            .iter()
            .map(|&l| (64 - l.leading_zeros()).saturating_sub(64 - SHIFTED_MAX.leading_zeros()))
            .collect();
        let rank = (0..problem.classes.len())
            .map(|c| {
                let counts = |t: &Term| matches!(t, Term::Unplaced(w) if w[c] > 0);
                problem.levels.iter().position(|l| l.terms.iter().any(counts)).unwrap_or(usize::MAX)
            })
            .collect();
        let size = problem
            .classes
            .iter()
            .map(|c| {
                let relative = c.demand.iter().zip(&largest).map(|(d, l)| {
                    // Widened: demand times the common scale may pass 64 bits.
                    (i128::from(*d) * i128::from(SHIFTED_MAX) / i128::from(*l)).min(SIZE_MAX) as i64
                });
                relative.sum::<i64>()
                    + i64::from(c.cards.count) * c.cards.milli_each * (SHIFTED_MAX / 1000)
            })
            .collect();
        let eligible = problem
            .classes
            .iter()
            .map(|c| c.eligible.as_ref().map_or(problem.bins(), |e| e.count_ones(..)))
            .collect();
        let open_cost = problem.levels.iter().flat_map(|l| &l.terms).find_map(|t| match t {
            Term::BinsUsed(cost) => Some(cost.clone()),
            _ => None,
        });
        Self { shift, rank, size, eligible, open_cost }
    }

    fn order(&self, problem: &Problem, order: Order, seed: u64) -> Vec<usize> {
        let mut classes: Vec<usize> =
            (0..problem.classes.len()).filter(|&c| problem.classes[c].origin.is_none()).collect();
        let tie = |c: usize| mix(seed ^ c as u64) * u64::from(seed != 0);
        let coupled = |c: usize| {
            let class = &problem.classes[c];
            class.forbids.is_empty() && class.needs.is_empty() && class.spread.is_empty()
        };
        classes.sort_by_key(|&c| {
            let key = match order {
                Order::LargestFirst => (0, 0, -self.size[c]),
                Order::ConstrainedFirst => {
                    (i64::from(coupled(c)), self.eligible[c] as i64, -self.size[c])
                }
                Order::SmallestFirst => (0, 0, self.size[c]),
                Order::LargestOf(r) => (0, -problem.classes[c].demand[r], -self.size[c]),
                Order::AsGiven => (0, 0, 0),
            };
            (self.rank[c], key, tie(c))
        });
        classes
    }

    /// Less is better: cost of opening the bin, then what is left over (or, for the roomiest, its negative).
    fn score(&self, packing: &Packing<'_>, class: usize, bin: usize, choice: Choice) -> (i64, i64) {
        let demand = &packing.problem.classes[class].demand;
        let left: i64 = demand
            .iter()
            .zip(packing.free_of(bin))
            .zip(&self.shift)
            .map(|((d, f), shift)| (f - d) >> shift)
            .sum();
        let open = match &self.open_cost {
            Some(cost) if packing.is_empty(bin) => cost[bin],
            _ => 0,
        };
        (open, if choice == Choice::Tightest { left } else { -left })
    }

    /// The best bin for one item of `class` now.
    fn best_bin(&self, packing: &Packing<'_>, class: usize, choice: Choice) -> Option<usize> {
        let mut best: Option<((i64, i64), usize)> = None;
        for bin in 0..packing.problem.bins() {
            if !packing.has_room(class, bin) {
                continue;
            }
            let score = self.score(packing, class, bin, choice);
            if best.is_none_or(|(b, _)| score < b) && packing.may_put(class, bin) {
                best = Some((score, bin));
            }
        }
        best.map(|(_, bin)| bin)
    }
}

fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^ (x >> 33)
}

/// Puts what fits, class by class; classes that needed company get another turn after it arrived.
fn fill(packing: &mut Packing<'_>, sizes: &Sizes, order: Order, choice: Choice, seed: u64) {
    let classes = sizes.order(packing.problem, order, seed);
    let mut start = 0;
    while start < classes.len() {
        let rank = sizes.rank[classes[start]];
        let end = start + classes[start..].iter().take_while(|&&c| sizes.rank[c] == rank).count();
        // A lower rank may bring the company that a higher one needs: every turn starts from the top.
        while fill_once(packing, sizes, &classes[..end], choice) && packing.problem.order_matters()
        {
        }
        start = end;
    }
}

fn fill_once(packing: &mut Packing<'_>, sizes: &Sizes, classes: &[usize], choice: Choice) -> bool {
    let before = packing.puts.len();
    for &class in classes {
        if packing.waiting(class) < ORDERED_ITEMS_MIN {
            fill_by_scan(packing, sizes, class, choice);
        } else {
            fill_in_order(packing, sizes, class, choice);
        }
    }
    packing.puts.len() > before
}

/// Looks at every bin for every item.
fn fill_by_scan(packing: &mut Packing<'_>, sizes: &Sizes, class: usize, choice: Choice) {
    while packing.waiting(class) > 0 {
        let Some(bin) = sizes.best_bin(packing, class, choice) else { break };
        packing.put(class, bin);
    }
}

/// Keeps the bins in order of their score: a put changes the score of its own bin only. What refuses an item for
/// good leaves the order; what refuses it for now is passed over.
fn fill_in_order(packing: &mut Packing<'_>, sizes: &Sizes, class: usize, choice: Choice) {
    let scored = |packing: &Packing<'_>, bin: usize| {
        packing.has_room(class, bin).then(|| (sizes.score(packing, class, bin, choice), bin))
    };
    let mut ordered: BTreeSet<((i64, i64), usize)> =
        (0..packing.problem.bins()).filter_map(|bin| scored(packing, bin)).collect();
    let mut refused = Vec::new();
    while packing.waiting(class) > 0 {
        let mut found = None;
        for &entry in &ordered {
            if !packing.fits_for_good(class, entry.1) {
                refused.push(entry);
            } else if packing.order_allows(class, entry.1) {
                found = Some(entry);
                break;
            }
        }
        refused.drain(..).for_each(|entry| {
            ordered.remove(&entry);
        });
        let Some(entry) = found else { break };
        let bin = entry.1;
        let run = if choice == Choice::Tightest { packing.run_length(class, bin) } else { 1 };
        (0..run).for_each(|_| packing.put(class, bin));
        ordered.remove(&entry);
        ordered.extend(scored(packing, bin));
    }
}

/// For each item left over: takes one put item out of a bin, or lets movable ones leave it, if the item then
/// fits and those find another place.
fn repair(packing: &mut Packing<'_>, sizes: &Sizes) {
    let mut tries = REPAIR_TRIES_MAX.min(REPAIR_PUTS_MAX / (packing.puts.len() + 1));
    for class in sizes.order(packing.problem, Order::LargestFirst, 0) {
        while packing.waiting(class) > 0 {
            let placed = swap_one(packing, sizes, class, &mut tries)
                || make_room(packing, sizes, class, &mut tries);
            if !placed {
                break;
            }
        }
        if tries == 0 {
            break;
        }
    }
}

/// Puts `class` where another put item is, and that one elsewhere.
fn swap_one(packing: &mut Packing<'_>, sizes: &Sizes, class: usize, tries: &mut usize) -> bool {
    let mut i = packing.puts.len();
    while i > 0 && *tries > 0 {
        i -= 1;
        let other = packing.puts[i].class as usize;
        let bin = packing.puts[i].bin as usize;
        if other == class || !packing.problem.may_enter(class, bin) {
            continue;
        }
        *tries -= 1;
        let saved = packing.puts.clone();
        if packing.drop_put(i) && packing.may_put(class, bin) {
            packing.put(class, bin);
            if let Some(elsewhere) = sizes.best_bin(packing, other, Choice::Tightest) {
                packing.put(other, elsewhere);
                return true;
            }
        }
        packing.replay(&saved);
    }
    false
}

/// Lets movable items leave a bin, smallest set first found, so that `class` fits there.
fn make_room(packing: &mut Packing<'_>, sizes: &Sizes, class: usize, tries: &mut usize) -> bool {
    let problem = packing.problem;
    if problem.moves_max == 0 {
        return false;
    }
    for most in 1..=problem.moves_max.saturating_sub(packing.moved()).min(4) {
        for bin in 0..problem.bins() {
            if *tries == 0 {
                return false;
            }
            if !problem.may_enter(class, bin) {
                continue;
            }
            *tries -= 1;
            let mark = packing.puts.len();
            let mut left: Vec<usize> = Vec::new();
            let here = |c: &usize| {
                problem.classes[*c].origin.as_ref().is_some_and(|o| o.bin as usize == bin)
            };
            let mut movers: Vec<usize> = (0..problem.classes.len()).filter(here).collect();
            movers.sort_by_key(|&m| Reverse(sizes.size[m]));
            for m in movers {
                while (left.len() as u64) < most
                    && packing.staying(m) > 0
                    && !packing.may_put(class, bin)
                {
                    packing.leave(m);
                    left.push(m);
                }
            }
            let done = packing.may_put(class, bin) && {
                packing.put(class, bin);
                left.iter().all(|&m| match sizes.best_bin(packing, m, Choice::Tightest) {
                    Some(elsewhere) => {
                        packing.put(m, elsewhere);
                        true
                    }
                    None => false,
                })
            };
            // Who leaves does so before anything is placed: earlier puts may have counted on their company.
            if done && (!problem.order_matters() || packing.is_legal_anew()) {
                return true;
            }
            packing.cut(mark);
            left.into_iter().rev().for_each(|m| packing.unleave(m));
        }
    }
    false
}
