//! The best placement known.

use super::control::{Control, Progress};
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

impl Incumbent {
    /// Tells who listens that this is the best now.
    pub(super) fn report(&self, control: &Control) {
        let (solver, value) = (self.provenance, self.value.clone());
        control.report(Progress::Improved { solver, value });
    }
}
