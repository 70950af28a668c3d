//! How long workloads are down in a year, on average, where nodes fail and are repaired.
//!
//! In: causes of failure with their mean times, and [`Times`](super::Times). Out: for each workload sums over many runs,
//! by Monte Carlo. A run is a year in which each cause comes and goes by chance (exponential times, begun as things stand in
//! the long run); what becomes of pods is the answer to the what-if of the set of nodes that is down, asked once a set, with
//! the times of its timeline.
//!
//! What is supposed: a set of nodes is lost at once, whatever the order was; pods are back on their own nodes, without being
//! away for it, once these are repaired; pods go where the solver places them.
//!
//! The same question gives the same sums on every machine, whatever the threads: chance is by seed and run, times are
//! whole milliseconds, and which sets are asked about is decided before any is.
//!
//! | file | what it is for; each may use those above it |
//! |---|---|
//! | `failures.rs` | which nodes are down when, in one run |
//! | `places.rs` | what becomes of pods while a set of nodes is down |
//! | `run.rs` | workloads in one run |
//! | `answer.rs` | all runs, and sums over them |

mod answer;
mod failures;
mod places;
mod run;

pub use answer::{Availability, AvailabilityQuestion, Estimate, Sums};
pub use failures::FailureCause;
pub use run::Subject;
