//! The questions, a file each: what if nodes are lost, which losses does the cluster survive, where do pending pods go,
//! why is a pod where it is not, is a placement legal, what works of the control plane. A new question is a new file here.
//!
//! In: a [`Planner`](super::Planner) and a question in ids. Out: an answer in ids, with what it rests on.

mod audit;
mod control_plane;
mod explain;
mod place;
mod verify;
mod what_if;

pub use audit::{Audit, AuditCase, AuditQuestion};
pub use control_plane::{ControlPlaneAnswer, ControlPlaneQuestion, Crashed, Renewal};
pub use explain::{ExplainQuestion, Explained};
pub use place::Placed;
pub use verify::{standing, standing_of};
pub use what_if::{PodOutcome, PodVerdict, WhatIf, WhatIfQuestion};
