//! Bounds and placements by columns: a pattern is what one bin may hold, and the master program says how often each is
//! used.
//!
//! In: a problem, a level, what the levels above reach. Out: a bound that rests on integers alone, and placements that are
//! made of patterns and judged item by item.
//!
//! | file | what it is for; each may use those above it |
//! |---|---|
//! | `relaxation.rs` | items, kinds of equal bins, levels as costs |
//! | `cards.rs` | whether items find cards in one bin |
//! | `worth.rs` | what the resources of one bin are worth |
//! | `knapsack.rs` | the most that one bin can be worth, exactly |
//! | `duals.rs` | what items are worth, in integers, and the bound that follows |
//! | `feasible.rs` | first duals, without a linear program |
//! | `place.rs` | from patterns to a placement |
//! | `master.rs` | the linear program over the patterns known |
//! | `generate.rs` | column generation |
//! | `dive.rs` | placements by fixing patterns one after the other |
//! | `enumerate.rs` | all patterns that a better placement could use |
//! | `restricted.rs` | the integer program over given patterns |
//! | `close.rs` | the order in which these are asked |

// Without linear programs nobody asks for patterns.
#![cfg_attr(not(feature = "highs"), allow(dead_code))]

mod cards;
#[cfg(feature = "highs")]
mod close;
#[cfg(feature = "highs")]
mod dive;
mod duals;
#[cfg(feature = "highs")]
mod enumerate;
mod feasible;
#[cfg(feature = "highs")]
mod generate;
mod knapsack;
#[cfg(feature = "highs")]
mod master;
#[cfg(feature = "highs")]
mod place;
mod relaxation;
#[cfg(feature = "highs")]
mod restricted;
#[cfg(test)]
mod tests;
mod worth;

use super::control::Control;
use super::ilp::Backend;
use super::incumbent::Incumbent;
use super::outcome::Certificate;
use crate::problem::Problem;
use duals::Priced;
use relaxation::Relaxation;

/// One level of a problem, seen as columns.
pub(super) struct Columns<'p> {
    problem: &'p Problem,
    relaxation: Relaxation,
}

impl<'p> Columns<'p> {
    /// `reached`: what is known to be reached at each level down to this one. `None` where columns have nothing to say.
    pub(super) fn new(problem: &'p Problem, level: usize, reached: &[i64]) -> Option<Self> {
        let relaxation = Relaxation::new(problem, level, &reached[..level], reached[level])?;
        Some(Self { problem, relaxation })
    }

    /// Raises `known`, a bound of the level by sums, and improves the incumbent, until they meet or no way is left.
    pub(super) fn close(
        self,
        incumbent: &mut Incumbent,
        known: i64,
        backend: &Backend,
        seed: u64,
        control: &Control,
    ) -> (i64, Certificate) {
        let first = feasible::first_duals(&self.relaxation, control);
        if let Some(closed) =
            self.by_program(incumbent, known, first.as_ref(), backend, seed, control)
        {
            return closed;
        }
        match first {
            Some((_, best)) if best.bound > known => (best.bound, Certificate::IntegerDual),
            _ => (known, Certificate::IntegerSum),
        }
    }

    /// What linear programs add; `None` where there is no solver for them.
    #[cfg(feature = "highs")]
    fn by_program(
        &self,
        incumbent: &mut Incumbent,
        known: i64,
        first: Option<&(Priced, Priced)>,
        backend: &Backend,
        seed: u64,
        control: &Control,
    ) -> Option<(i64, Certificate)> {
        if !matches!(backend, Backend::Highs) {
            return None;
        }
        let close =
            close::Close::new(self.problem, &self.relaxation, backend, seed, control, known);
        Some(close.run(incumbent, first))
    }

    #[cfg(not(feature = "highs"))]
    fn by_program(
        &self,
        _: &mut Incumbent,
        _: i64,
        _: Option<&(Priced, Priced)>,
        _: &Backend,
        _: u64,
        _: &Control,
    ) -> Option<(i64, Certificate)> {
        None
    }
}
