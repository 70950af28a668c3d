//! The question as numbers: bins, classes of identical items, counters that couple them, levels.
//!
//! In: a [`Cluster`](crate::model::Cluster) through [`Index`], or numbers directly (benchmarks enter here,
//! without Kubernetes). Out: a [`Problem`] for `solve/`, and the way back from its answer to pods and nodes.
//! A new objective term is a variant of [`Term`]; the compiler names what must know it. Whoever makes numbers without
//! [`Index`] asks [`Problem::validate`] whether they make a problem, and may ask [`judge`] what an answer is worth.

mod build;
mod counters;
mod ending;
mod evaluate;
mod index;
mod referee;
mod terms;
mod validate;

pub use build::{MOVES, Mapping, NODES_USED, Query};
pub use ending::{Companion, Feature, Span};
pub use evaluate::{Placement, levels_at_least, levels_of};
pub use index::Index;
pub use referee::{Broken, Judged, judge};
pub use terms::{Balance, Level, MostMoves, MovesBetween, NO_GROUP, Reserve, Term};
pub use validate::{Flaw, FlawCode};

use fixedbitset::FixedBitSet;
use std::sync::Arc;

/// Marks a bin outside every domain of a partition.
pub const NO_DOMAIN: u32 = u32::MAX;

/// A bin-packing problem with coupling and lexicographic levels.
///
/// ```
/// use podfit::problem::{Class, Problem};
/// use podfit::solve::{Options, solve};
/// // Two bins of 10, three items of 5: all fit; a fourth and fifth item of 5: one is left over.
/// let mut p = Problem::new(1, vec![vec![10], vec![10]]);
/// p.add_class(Class::new(5, vec![5]));
/// p.minimise_unplaced();
/// let outcome = solve(&p, &Options::default());
/// assert_eq!(outcome.levels[0].objective, 1);
/// assert_eq!(outcome.levels[0].bound, Some(1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// Number of resources.
    pub dims: usize,
    /// Free amounts, a row of `dims` a bin, what movable items hold at their origin *not* deducted.
    /// Negative where a bin is overcommitted by what cannot move.
    pub free: Vec<i64>,
    /// First card of each bin in `card_free`, one entry more than bins.
    pub card_start: Vec<u32>,
    /// Free thousandths of each card.
    pub card_free: Vec<i64>,
    /// Model number of each card.
    pub card_model: Vec<u32>,
    /// Bins that take nothing new (lost nodes), whatever a class's `eligible` says.
    pub closed: FixedBitSet,
    /// Classes of identical items.
    pub classes: Vec<Class>,
    /// What couples classes.
    pub counters: Vec<Counter>,
    /// What is minimised, lexicographically.
    pub levels: Vec<Level>,
    /// How many items with an origin may leave it.
    pub moves_max: u64,
    /// Resources of which an item that left its origin still holds its amount there: a copy needs both places at once. An
    /// item put back on its origin holds it once.
    pub held_by_moved: FixedBitSet,
    /// Counters that must count in several domains in the end.
    pub spans: Vec<Span>,
    /// Counters that must have company in the end.
    pub companions: Vec<Companion>,
}

/// Which cards an item wants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CardDemand {
    /// How many cards; 0 is none.
    pub count: u16,
    /// Thousandths of each; less than 1000 only with one card.
    pub milli_each: i64,
    /// Model numbers accepted, sorted; empty accepts any.
    pub models: Vec<u32>,
}

/// `needs`: every counter must be positive in the domain of the bin, or all counters are zero in all
/// domains and `self_match`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Need {
    /// A counter for each term.
    pub counters: Vec<u32>,
    /// The item itself is of the kind it needs.
    pub self_match: bool,
}

/// `spread`: count + self − least count ≤ skew, at the moment of placing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SpreadRow {
    /// Counter over the domains that matter.
    pub counter: u32,
    /// Largest surplus over the least domain.
    pub max_skew: i64,
    /// Whether the item counts itself.
    pub self_match: bool,
    /// The least count is taken as 0 (fewer domains than `minDomains`).
    pub least_is_zero: bool,
}

/// A class: `count` identical items.
#[derive(Clone, Debug)]
pub struct Class {
    /// How many.
    pub count: u32,
    /// Amount of each resource for one item; 0 does not look at the bin's free amount.
    pub demand: Vec<i64>,
    /// Cards for one item.
    pub cards: CardDemand,
    /// Bins allowed by everything that does not depend on other items; `None` is all.
    pub eligible: Option<Arc<FixedBitSet>>,
    /// Where the items are now, if they are placed and may move; they must not be left unplaced.
    pub origin: Option<Origin>,
    /// Counters that must be zero in the domain of the bin. Mutual: what keeps one class away from another keeps the other
    /// away from it, wherever they meet, so that no order of the two is allowed ([`Problem::validate`] sees to that).
    pub forbids: Vec<u32>,
    /// What must be near: all of these.
    pub needs: Vec<Need>,
    /// Even distribution.
    pub spread: Vec<SpreadRow>,
    /// Counters that an item of this class adds 1 to, in the domain of its bin.
    pub counts_in: Vec<u32>,
}

/// Where the items of a movable class are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The bin.
    pub bin: u32,
    /// Cards held there, the same for each item (so such classes have one item where cards are held).
    pub cards: Vec<u16>,
}

impl Class {
    /// `count` items of `demand`, free to go anywhere.
    pub fn new(count: u32, demand: Vec<i64>) -> Self {
        Self {
            count,
            demand,
            cards: CardDemand::default(),
            eligible: None,
            origin: None,
            forbids: Vec::new(),
            needs: Vec::new(),
            spread: Vec::new(),
            counts_in: Vec::new(),
        }
    }
}

/// Counts items per domain. Movable items are not in `base`; they are counted where they stay or go.
#[derive(Clone, Debug)]
pub struct Counter {
    /// Domain of each bin, or [`NO_DOMAIN`].
    pub domain_of: Arc<Vec<u32>>,
    /// What is counted before anything is placed, per domain; `None`: the domain is not there (no live
    /// node in it) and does not count for the least.
    pub base: Vec<Option<i64>>,
}

impl Problem {
    /// Bins with these free amounts of `dims` resources, no cards, no classes, no levels.
    ///
    /// # Panics
    /// If a bin has not exactly `dims` amounts.
    pub fn new(dims: usize, bins: Vec<Vec<i64>>) -> Self {
        assert!(bins.iter().all(|b| b.len() == dims), "each bin states every resource");
        Self {
            dims,
            card_start: vec![0; bins.len() + 1],
            closed: FixedBitSet::with_capacity(bins.len()),
            free: bins.into_iter().flatten().collect(),
            ..Self::default()
        }
    }

    /// Number of bins.
    pub fn bins(&self) -> usize {
        self.card_start.len().saturating_sub(1)
    }

    /// Adds a class and gives its number.
    ///
    /// # Panics
    /// If it does not state every resource.
    pub fn add_class(&mut self, class: Class) -> usize {
        assert_eq!(class.demand.len(), self.dims, "a class states every resource");
        self.classes.push(class);
        self.classes.len() - 1
    }

    /// Adds the level "fewest items unplaced".
    pub fn minimise_unplaced(&mut self) {
        let weights = self.classes.iter().map(|c| i64::from(c.origin.is_none())).collect();
        self.levels.push(Level { name: "unplaced".into(), terms: vec![Term::Unplaced(weights)] });
    }

    /// Free amounts of a bin.
    pub fn free_of(&self, bin: usize) -> &[i64] {
        &self.free[bin * self.dims..(bin + 1) * self.dims]
    }

    /// Cards of a bin, as positions in `card_free`.
    pub fn cards_of(&self, bin: usize) -> std::ops::Range<usize> {
        self.card_start[bin] as usize..self.card_start[bin + 1] as usize
    }

    /// Whether the class may enter the bin as far as no other item is concerned, amounts left aside.
    pub fn may_enter(&self, class: usize, bin: usize) -> bool {
        !self.closed.contains(bin)
            && self.classes[class].eligible.as_ref().is_none_or(|e| e.contains(bin))
    }

    /// Number of items to place: those without an origin.
    pub fn items(&self) -> u64 {
        self.classes.iter().filter(|c| c.origin.is_none()).map(|c| u64::from(c.count)).sum()
    }

    /// Whether the order of placing can matter: some class has needs or spread.
    pub fn order_matters(&self) -> bool {
        self.classes.iter().any(|c| !c.needs.is_empty() || !c.spread.is_empty())
    }

    /// By class: whether it takes part in an order-dependent rule: it has one, or is counted by one.
    pub fn order_coupled(&self) -> Vec<bool> {
        let mut dependent = vec![false; self.counters.len()];
        for class in &self.classes {
            let needs = class.needs.iter().flat_map(|n| &n.counters);
            let counters = needs.chain(class.spread.iter().map(|s| &s.counter));
            counters.for_each(|&k| dependent[k as usize] = true);
        }
        let is_coupled = |c: &Class| {
            !c.needs.is_empty()
                || !c.spread.is_empty()
                || c.counts_in.iter().any(|&k| dependent[k as usize])
        };
        self.classes.iter().map(is_coupled).collect()
    }
}

/// One item put into a bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// Class of the item.
    pub class: u32,
    /// Bin it goes to. For a class with an origin that may be the bin it left (to other cards, or to come
    /// after another item): that is a move like any other.
    pub bin: u32,
    /// Cards of the bin it gets, from 0 within the bin.
    pub cards: Vec<u16>,
}
