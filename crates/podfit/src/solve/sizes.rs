//! What greedy orders and choices go by: how large items are, which bin fits best.

use super::control::Control;
use super::packing::Packing;
use crate::problem::{Problem, Term};

/// The order in which classes of one rank are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
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
pub(super) enum Choice {
    /// The one with least left over.
    Tightest,
    /// The one with most left over.
    Roomiest,
}

/// What orders and choices need to know of a problem, in shifted integers: one resource's largest amount is
/// about as large as another's.
pub(super) struct Sizes {
    shift: Vec<u32>,
    /// Rank of each class: the first level that counts it unplaced.
    pub(super) rank: Vec<usize>,
    /// How large one item of each class is.
    pub(super) size: Vec<i64>,
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

    /// Classes in an order; those of one rank together, the first rank first.
    pub(super) fn order(&self, problem: &Problem, order: Order, seed: u64) -> Vec<usize> {
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
    pub(super) fn score(
        &self,
        packing: &Packing<'_>,
        class: usize,
        bin: usize,
        choice: Choice,
    ) -> (i64, i64) {
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
    pub(super) fn best_bin(
        &self,
        packing: &Packing<'_>,
        class: usize,
        choice: Choice,
        control: &Control,
    ) -> Option<usize> {
        control.spend(packing.problem.bins());
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
