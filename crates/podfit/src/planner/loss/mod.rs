//! What a loss does to pods, before anyone looks for a new place.
//!
//! In: nodes and how they are lost. Out: [`Displaced`]: the fate of each of their pods, who leaves, who needs a place
//! and when.

mod displaced;
mod fate;
mod movable;
mod order;
mod owners;

pub use displaced::Displaced;
pub use fate::{Fate, fate};
pub(in crate::planner) use movable::{is_remade_elsewhere, may_move};
pub(in crate::planner) use owners::{number_of, ordered};
