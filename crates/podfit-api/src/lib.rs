//! The one door to podfit: open an input, ask, get a report.
//!
//! In: bytes ([`open`]) and a [`Request`]. Out: an [`Envelope`] with a report in the wire types of
//! `podfit/v1`, whose JSON Schema [`schema`] gives, and its text ([`render`](mod@render)). Every face of
//! podfit (command, Python, browser) goes through here and adds no logic.
//!
//! | folder | what it is for; each may use those above it |
//! |---|---|
//! | `vocabulary.rs` | words that options take |
//! | `time.rs` | times in seconds |
//! | `input/` | bytes → cluster |
//! | `questions.rs` | the table of questions, from which all that lists them is made |
//! | `names/` | names in requests and edits → nodes and pods |
//! | `edit/` | what should be different before asking, as data |
//! | `request/` | the questions as data |
//! | `select.rs` | which pods to list |
//! | `report/` | the core's answer → wire types with a reason for every pod |
//! | `snapshot.rs` | a cluster opened once and asked often |
//! | `answer/` | a question a file: request → names → planner → report; many scenarios, a row each |
//! | `render/` | report → table, CSV, YAML, JSON |
//! | `schema.rs` | JSON Schemas of the wire types |

mod answer;
mod edit;
pub mod input;
mod names;
mod questions;
pub mod render;
pub mod report;
mod request;
mod schema;
mod select;
mod snapshot;
mod time;
mod vocabulary;

pub use answer::{AnswerError, AnswerOptions, Row, Scenario, sweep};
pub use edit::Edit;
pub use input::{DeviceUnder, Input, InputError, OpenOptions, Opened};
pub use names::RequestError;
pub use podfit::solve::{
    CancelToken, IntegerAnswer, IntegerProgram, Outside, Progress, SolverFault, Stop,
};
pub use podfit_kube::{kubectl_line, role_rules};
pub use report::{API_VERSION, Envelope, Report};
pub use request::{
    AuditRequest, AvailabilityRequest, CheckPlan, CheckRequest, ControlPlaneRequest, DeviceRequest,
    ExplainRequest, FailureRate, LintRequest, NetworkRequest, PartSums, PlaceRequest, PlanStep,
    Request, Rolling, RouteChange, RunPart, SequenceRequest, SequenceStep, ShowRequest, StartTime,
    TimelineRequest, Timing, WhatIfRequest, WorkloadSums,
};
pub use schema::{SCHEMA_KINDS, schema, vocabulary};
pub use select::{Selection, SelectionError};
pub use snapshot::Snapshot;
pub use time::{Decimal, Seconds, Span};
pub use vocabulary::{Format, LeaderGoes, Mode, NetworkPart, Solver};

/// Reads inputs into a [`Snapshot`].
///
/// # Errors
/// Every fault of the inputs at once.
pub fn open(inputs: Vec<Input<'_>>, options: &OpenOptions) -> Result<Snapshot, Vec<InputError>> {
    input::read(inputs, options).map(Snapshot::from_opened)
}
