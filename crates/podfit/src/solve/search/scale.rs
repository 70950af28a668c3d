//! How much an item weighs and how tight a bin is, in one unit over all resources: what is scarce counts more.

use crate::problem::{CardDemand, Class, Problem};

/// One average bin, in the unit of [`Scale`].
const UNIT: i128 = 1 << 20;
/// Amounts are shifted to about so many bits before they are multiplied.
const BITS: u32 = 20;
/// Of one resource. Sums over all items and over what a bin has stay below a quarter of 64 bits.
const WEIGHT_MAX: i128 = 1 << 48;
const SUM_MAX: i64 = 1 << 61;
/// A resource that is hardly asked for counts a sixteenth of one of which all is asked for; one of which twice as much is
/// asked for as there is, twice.
const SCARCITY: (i128, i128) = (64, 2048);

/// Weights of resources, as integers.
pub(super) struct Scale {
    /// Of each resource: how far to shift an amount, and what to multiply it by.
    of: Vec<(u32, i64)>,
    /// The same for thousandths of cards.
    card: i64,
    /// Of each class: the weight of one item.
    pub(super) size: Vec<i64>,
}

impl Scale {
    pub(super) fn new(problem: &Problem) -> Self {
        let dims = problem.dims;
        let open: Vec<usize> =
            (0..problem.bins()).filter(|&b| !problem.closed.contains(b)).collect();
        let bins = open.len().max(1) as i128;
        let free = |d: usize| open.iter().map(|&b| i128::from(problem.free_of(b)[d].max(0))).sum();
        let of: Vec<(u32, i64)> = (0..dims)
            .map(|d| {
                let demands = problem.classes.iter();
                let asked = demands.map(|c| i128::from(c.count) * i128::from(c.demand[d])).sum();
                weigh(free(d), asked, bins)
            })
            .collect();
        let cards = open.iter().flat_map(|&b| problem.cards_of(b));
        let card_free = cards.map(|c| i128::from(problem.card_free[c].max(0))).sum();
        let asked = problem.classes.iter().map(|c| i128::from(c.count) * milli(&c.cards)).sum();
        let card = weigh(card_free, asked, bins).1;
        let mut scale = Self { of, card, size: Vec::new() };
        let items: i64 = problem.classes.iter().map(|c| i64::from(c.count)).sum();
        let most = SUM_MAX / items.max(1);
        let size = |c: &Class| {
            let amounts = scale.weight(c.demand.iter().copied());
            amounts.saturating_add(scale.of_cards(milli(&c.cards) as i64)).min(most)
        };
        scale.size = problem.classes.iter().map(size).collect();
        scale
    }

    /// The weight of all that a bin has free.
    pub(super) fn of_bin(&self, problem: &Problem, bin: usize) -> i64 {
        let milli = problem.cards_of(bin).map(|c| problem.card_free[c]).sum();
        let amounts = self.weight(problem.free_of(bin).iter().copied());
        amounts.saturating_add(self.of_cards(milli)).clamp(-SUM_MAX, SUM_MAX)
    }

    /// The weight of amounts, one a resource.
    fn weight(&self, amounts: impl Iterator<Item = i64>) -> i64 {
        let parts = amounts.zip(&self.of).map(|(amount, &(shift, by))| {
            (i128::from(amount >> shift) * i128::from(by)).clamp(-WEIGHT_MAX, WEIGHT_MAX) as i64
        });
        parts.fold(0, i64::saturating_add)
    }

    /// The weight of thousandths of cards.
    fn of_cards(&self, milli: i64) -> i64 {
        milli.saturating_mul(self.card)
    }
}

/// Thousandths of cards that an item wants in all.
pub(super) fn milli(cards: &CardDemand) -> i128 {
    i128::from(cards.count) * i128::from(cards.milli_each)
}

/// Shift and factor of a resource of which `free` is there in `bins` bins and `asked` is asked for.
fn weigh(free: i128, asked: i128, bins: i128) -> (u32, i64) {
    let scarcity = (asked.max(0) * 1024 / free.max(1)).clamp(SCARCITY.0, SCARCITY.1);
    let average = (free / bins).max(1);
    let shift = (128 - average.leading_zeros()).saturating_sub(BITS);
    let by = UNIT * scarcity / 1024 / (average >> shift).max(1);
    (shift, by.max(1) as i64)
}
