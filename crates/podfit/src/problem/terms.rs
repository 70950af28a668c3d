//! What is made least: levels, and the terms that they are sums of.

use std::sync::Arc;

/// Marks a class outside every group.
pub const NO_GROUP: u32 = u32::MAX;

/// One objective: a sum of terms to be made least.
#[derive(Clone, Debug)]
pub struct Level {
    /// Name for reports, as `unplaced (priority 100)`.
    pub name: String,
    /// The terms.
    pub terms: Vec<Term>,
}

/// A term of an objective. All amounts are non-negative integers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Term {
    /// Weight of each unplaced item, by class.
    Unplaced(Vec<i64>),
    /// Cost of each item that leaves its origin, by class.
    Moves(Vec<i64>),
    /// Cost of each bin that holds at least one of the items, by bin.
    BinsUsed(Vec<i64>),
    /// Load that eats into a reserve.
    Reserve(Reserve),
    /// Two resources that should be left over in proportion.
    Balance(Balance),
    /// Moves by where they begin and end.
    MovesBetween(MovesBetween),
    /// The group of classes of which most items move.
    MostMoves(MostMoves),
}

/// `cost` × Σ over bins of max(0, `keep` − what is left of the resource): load above a safety capacity, where `keep` is
/// the capacity without it.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// The resource.
    pub resource: usize,
    /// How much of it should be left, by bin.
    pub keep: Vec<i64>,
    /// Cost of each unit that is missing.
    pub cost: i64,
}

/// `cost` × Σ over bins of max(0, `ratio` × left of `first` − left of `second`).
#[derive(Clone, Debug)]
pub struct Balance {
    /// The resource that is of no use alone.
    pub first: usize,
    /// The resource that should be left over with it.
    pub second: usize,
    /// Units of `second` wanted for each unit of `first`.
    pub ratio: i64,
    /// Cost of each unit that is missing.
    pub cost: i64,
}

/// Σ over items that leave their origin of the cost between the groups of the two bins.
#[derive(Clone, Debug)]
pub struct MovesBetween {
    /// Group of each bin, from 0.
    pub group_of: Arc<Vec<u32>>,
    /// A row for each group of origins: the cost of a move to each group of destinations. Its own group counts like any
    /// other: a move within it ends on another bin, or on the bin that it left.
    pub costs: Arc<Vec<i64>>,
    /// How many groups there are: the length of a row.
    pub groups: usize,
}

impl MovesBetween {
    /// Cost of a move from bin to bin.
    pub fn cost(&self, from: usize, to: usize) -> i64 {
        self.costs[self.group_of[from] as usize * self.groups + self.group_of[to] as usize]
    }
}

/// `cost` × the largest number of items of one group of classes that leave their origin.
#[derive(Clone, Debug)]
pub struct MostMoves {
    /// Group of each class, from 0, or [`NO_GROUP`].
    pub group_of: Vec<u32>,
    /// Cost of each item of that number.
    pub cost: i64,
}
