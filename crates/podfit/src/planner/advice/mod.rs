//! Why something does not fit, and what would help.
//!
//! In: a solved query that leaves pods without a place. Out: its [`Cause`] in numbers with the least that would make all
//! fit, and the nearest [`Fix`] for one pod.

mod cause;
mod fix;
mod passing;

pub use cause::{
    Addition, Amount, Cause, CauseCut, Drop, GroupShortage, Hindrance, NewNode, NodeGroup,
    Obstacle, Short, What, node_kinds,
};
pub use fix::{Fix, FixKind, Fixes};
