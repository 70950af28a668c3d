//! What the default scheduler would do.
//!
//! In: what arrives, and the cluster as it is by then. Out: a [`Prediction`] over many seeds, or a [`Certainty`](super::Certainty) that no
//! seed can miss a place, or a [`Hint`] that makes it so.

mod certain;
mod hint;
mod predict;

pub(in crate::planner) use certain::certain;
pub use hint::{Hint, HintKind};
pub(in crate::planner) use predict::Backlog;
pub use predict::{Prediction, Share};
