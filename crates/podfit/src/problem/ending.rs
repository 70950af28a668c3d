//! What must hold when everything is where it ends, whatever the order.
//!
//! Nothing is asked of counters that count nothing: leaving all as it is is allowed, or [`validate`](super::Problem::validate)
//! says so.

use super::{Problem, Term};

/// A counter that counts anything does so in at least so many domains: spread over a least number of locations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The counter.
    pub counter: u32,
    /// How many domains at least.
    pub domains_min: u32,
}

/// In every domain in which one counter counts something, another one does too: what depends on something has it near,
/// items that stay included. Both counters have the same domains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// What needs company.
    pub counter: u32,
    /// What it needs.
    pub needs: u32,
}

/// What a problem has that looks at more than how many items are placed or moved and which bins are used. Bounds and the
/// integer program do not know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// [`Term::Reserve`](super::Term::Reserve).
    Reserve,
    /// [`Term::Balance`](super::Term::Balance).
    Balance,
    /// [`Term::MovesBetween`](super::Term::MovesBetween).
    MovesBetween,
    /// [`Term::MostMoves`](super::Term::MostMoves).
    MostMoves,
    /// [`Problem::held_by_moved`].
    HeldByMoved,
    /// [`Problem::spans`].
    Spans,
    /// [`Problem::companions`].
    Companions,
}

impl Feature {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reserve => "reserve",
            Self::Balance => "balance",
            Self::MovesBetween => "moves-between",
            Self::MostMoves => "most-moves",
            Self::HeldByMoved => "held-by-moved",
            Self::Spans => "spans",
            Self::Companions => "companions",
        }
    }
}

impl Problem {
    /// The first thing in the problem that looks at more than counts, if any.
    pub fn beyond_counts(&self) -> Option<Feature> {
        let of_term = |t: &Term| match t {
            Term::Unplaced(_) | Term::Moves(_) | Term::BinsUsed(_) => None,
            Term::Reserve(_) => Some(Feature::Reserve),
            Term::Balance(_) => Some(Feature::Balance),
            Term::MovesBetween(_) => Some(Feature::MovesBetween),
            Term::MostMoves(_) => Some(Feature::MostMoves),
        };
        let rules = [
            (!self.held_by_moved.is_clear(), Feature::HeldByMoved),
            (!self.spans.is_empty(), Feature::Spans),
            (!self.companions.is_empty(), Feature::Companions),
        ];
        let mut terms = self.levels.iter().flat_map(|l| &l.terms).filter_map(of_term);
        terms.next().or_else(|| rules.iter().find(|(there, _)| *there).map(|&(_, f)| f))
    }

    /// Whether spans and companions hold where `count(counter, domain)` items are counted in each domain.
    pub fn ends_well(&self, count: impl Fn(u32, u32) -> i64) -> bool {
        let domains = |counter: u32| 0..self.counters[counter as usize].base.len() as u32;
        let spans = self.spans.iter().all(|s| {
            let there = domains(s.counter).filter(|&d| count(s.counter, d) > 0).count();
            there == 0 || there >= s.domains_min as usize
        });
        spans
            && self.companions.iter().all(|c| {
                domains(c.counter).all(|d| count(c.counter, d) <= 0 || count(c.needs, d) > 0)
            })
    }
}
