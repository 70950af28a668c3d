//! How to solve.

use super::control::Control;
use super::ilp::Backend;

/// Which solvers may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Greedy first; exact where bounds do not prove its answer.
    #[default]
    Auto,
    /// Greedy and bounds only.
    Greedy,
    /// As `Auto`, but the exact solvers run although bounds prove the greedy answer.
    Exact,
}

/// How to solve.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which solvers.
    pub method: Method,
    /// Backend of the ILP.
    pub backend: Backend,
    /// Breaks ties among equally good orders of the greedy solver.
    pub seed: u64,
    /// States the enumeration may visit before it gives way to the ILP; `None` is 20,000, 0 leaves it out.
    pub enumeration_states_max: Option<usize>,
    /// Steps that the search for better placements may do; `None` is 2,000 for each pair of
    /// an item and a bin, 200 million at most; 0 leaves it out. See
    /// [`control`](super::control).
    pub search_steps_max: Option<u64>,
    /// Exact solvers start from nothing instead of the greedy answer and what the search makes of it: to see what they do by themselves.
    pub cold_start: bool,
    /// Steps of one solve; see [`control`](super::control). `None` is no limit.
    pub work_max: Option<u64>,
    /// Deadline, cancel, progress.
    pub control: Control,
}
