//! Several changes that together make everything fit.
//!
//! In: a planner and a question that leaves pods without a place. Out: a [`Repair`], as edits by id. Tried in this order:
//!
//! 1. Nearest fixes: of those of each kind of pod the one is carried out that leaves the fewest pods without a place,
//!    then the next. Done, if that needs nothing bought.
//! 2. The rules: the same in a cluster whose nodes are so large that amounts do not matter. Who has no place even there
//!    is left out, unless more nodes give all a place.
//! 3. The amounts, after the rules: nearest fixes again; where these buy more than once, or are not enough, one larger
//!    node, or more nodes of a kind.
//!
//! In the end what is not needed is taken back. Every trial is an edited cluster that is asked the whole question, so
//! that the repair is what comes of it. The fast solver alone is asked: the repair is the same wherever podfit runs, and
//! a shorter one may exist.

mod question;
mod search;
mod step;

pub use question::RepairQuestion;
pub use step::RepairStep;

use super::advice::Cause;
use super::plan::Refused;
use super::{Options, Planner};
use crate::model::{Edit, PodId};
use search::Search;

/// Changes that together make everything fit. Each is needed as far as the fast solver sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The changes, in order: each may rest on those before it.
    pub steps: Vec<RepairStep>,
    /// Pods that nothing was found for: all others fit without them.
    pub without: Vec<PodId>,
}

impl Repair {
    /// All of it as one batch of edits: first whom to leave out, then the steps.
    pub fn edits(&self) -> Vec<Edit> {
        let steps = self.steps.iter().flat_map(|s| s.edits.clone());
        deletion(&self.without).into_iter().chain(steps).collect()
    }
}

/// What the search for a repair found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepairSearch {
    /// The repair; `None` where none was found, or one known change does as well.
    pub repair: Option<Repair>,
    /// Whether a limit ended the search.
    pub cut: bool,
}

impl Planner {
    /// Changes that together make everything fit, unless `cause` knows one node that is larger, or one more, to be
    /// enough, and nothing cheaper is.
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with a solver's placement.
    pub fn repair(
        &self,
        question: &RepairQuestion<'_>,
        cause: &Cause,
        options: &Options,
    ) -> Result<RepairSearch, Refused> {
        Search::new(self, question, options).run(cause)
    }
}

/// The edit that leaves pods out.
fn deletion(pods: &[PodId]) -> Option<Edit> {
    (!pods.is_empty()).then(|| Edit::Delete { pods: pods.to_vec() })
}
