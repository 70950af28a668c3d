//! When pods are back after a loss: from the failure to the last of them ready.
//!
//! In: a [`WhatIf`](super::WhatIf) and [`Times`]. Out: a [`Timeline`]: for each pod that goes an interval, as a sum of
//! [`Term`]s that each name a setting of Kubernetes, a loop of a controller, or a time that was given or assumed. Time is
//! an input: nothing here reads a clock. Both ends of an interval can happen, as far as the times given can.
//!
//! | file | what it is for; each may use those above it |
//! |---|---|
//! | `term.rs` | terms, and their sums |
//! | `times.rs` | the settings, with their sources, and the times that are given or assumed |
//! | `path.rs` | from a failure to the eviction of a pod, and from there to its start |
//! | `order.rs` | who waits for whom: StatefulSets, budgets of a drain |
//! | `answer.rs` | the timeline of all pods |

mod answer;
mod order;
mod path;
mod term;
mod times;

pub use answer::{Acted, PodTimeline, Return, Timeline};
pub use term::{Part, Path, Term, TermCode};
pub use times::{Action, Away, Times, grace_period};
