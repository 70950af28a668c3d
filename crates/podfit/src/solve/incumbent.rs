//! The best placement known.

use crate::problem::Put;

/// A placement that every solver may improve.
pub(super) struct Incumbent {
    /// What it reaches, level by level.
    pub value: Vec<i64>,
    /// Items put, in an order that is legal step by step.
    pub puts: Vec<Put>,
    /// Which solver's it is.
    pub provenance: &'static str,
}
