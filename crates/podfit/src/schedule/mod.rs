//! What Kubernetes does by default, on a snapshot: whom the scheduler evicts to make room, and when pods of a
//! lost node are evicted.
//!
//! In: a [`Cluster`](crate::model::Cluster), or a [`State`](crate::rules::State) of it. Out: victims, or the
//! reasons why there are none; times of eviction.

mod eviction;
mod preempt;

pub use eviction::{Eviction, evictions};
pub use preempt::{Declined, Preemption, Spared, budgets_left, preempt};
