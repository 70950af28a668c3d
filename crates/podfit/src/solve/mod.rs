//! Problem → [`Outcome`]: the best placement found, its order, and how far from the best it can be.
//!
//! In: a [`Problem`](crate::problem::Problem) and [`Options`]. Out: puts in an order that is legal step by step, the
//! objective and bound of each level, what the bound rests on, and why the search stopped. Nothing here knows Kubernetes.
//!
//! | file | what it is for; each may use those above it |
//! |---|---|
//! | `outcome.rs` | the answer, and what is claimed of it |
//! | `control.rs` | deadline, limit of work, cancel, progress |
//! | `room.rs` | what bins hold and what is counted; whether an item may enter |
//! | `packing.rs` | items put so far, in an order |
//! | `cover.rs` | the cheapest whole bins that hold a need |
//! | `bounds.rs` | proofs by sums of integers |
//! | `sizes.rs` | what greedy orders and choices go by |
//! | `exchange.rs` | room for what is left over |
//! | `greedy.rs` | an answer at once |
//! | `enumerate.rs` | all states of a small problem |
//! | `sequence.rs` | an order for final counts |
//! | `incumbent.rs` | the best placement known |
//! | `search/` | better placements, at any size |
//! | `ilp/` | the rest |
//! | `columns/` | bounds and placements from what single bins may hold |
//! | `options.rs` | how to solve |
//! | `portfolio.rs` | the order in which the solvers are asked |

mod bounds;
mod columns;
pub mod control;
mod cover;
mod enumerate;
mod exchange;
mod greedy;
mod ilp;
mod incumbent;
mod options;
mod outcome;
mod packing;
mod portfolio;
mod room;
mod search;
mod sequence;
mod sizes;

pub use control::{CancelToken, Control, Cut, Progress, Stage};
pub use ilp::{Backend, IntegerAnswer, IntegerProgram, Outside};
pub use options::{Method, Options};
pub use outcome::{Certificate, LevelOutcome, Outcome, Shortage, SolverFault, Status, Stop};
pub use portfolio::{solve, try_solve};
