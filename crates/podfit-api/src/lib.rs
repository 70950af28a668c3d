//! The one door to podfit: open an input, ask, get a report.
//!
//! In: bytes ([`open`]) and a [`Request`]. Out: an [`Envelope`] with a report in the wire types of
//! `podfit/v1`, whose JSON Schema [`schema`] gives, and its text ([`render`](mod@render)). Every face of
//! podfit (command, Python, browser) goes through here and adds no logic.
//!
//! | folder | what it is for |
//! |---|---|
//! | `input/` | bytes → cluster |
//! | `snapshot.rs` | a cluster opened once and asked often |
//! | `request.rs`, `resolve.rs` | the questions as data; names in them → nodes and pods |
//! | `edit/` | what should be different before asking, as data |
//! | `report/` | the core's answer → wire types with a reason for every pod |
//! | `render/` | report → table, CSV, YAML, JSON |
//! | `sweep.rs` | many scenarios, a row for each |
//! | `select.rs` | which pods to list |

mod edit;
pub mod input;
pub mod render;
mod repair;
pub mod report;
mod request;
mod resolve;
mod select;
mod snapshot;
mod sweep;

pub use edit::Edit;
pub use input::{Input, InputError, OpenOptions, Opened};
pub use podfit::solve::{CancelToken, IntegerAnswer, IntegerProgram, Outside, Progress, Stop};
pub use report::{Envelope, Report};
pub use request::{
    AuditRequest, CheckPlan, CheckRequest, ExplainRequest, LintRequest, Mode, PlaceRequest,
    PlanStep, Request, ShowRequest, WhatIfRequest,
};
pub use resolve::RequestError;
pub use select::{Selection, SelectionError};
pub use snapshot::{AnswerError, AnswerOptions, Snapshot, Solver};
pub use sweep::{Row, Scenario, sweep};

/// `podfit/v1`: the version of every wire type here. It changes when a field changes its meaning or goes.
pub const API_VERSION: &str = "podfit/v1";

/// Reads inputs into a [`Snapshot`].
///
/// # Errors
/// Every fault of the inputs at once.
pub fn open(inputs: Vec<Input<'_>>, options: &OpenOptions) -> Result<Snapshot, Vec<InputError>> {
    input::read(inputs, options).map(Snapshot::from_opened)
}

/// The kinds that [`schema`] knows.
pub const SCHEMA_KINDS: [&str; 12] = [
    "Request",
    "Envelope",
    "WhatIfReport",
    "AuditReport",
    "PlaceReport",
    "CheckReport",
    "ExplainReport",
    "LintsReport",
    "ClusterReport",
    "Edit",
    "Scenario",
    "Row",
];

/// The JSON Schema (draft 2020-12) of a wire type, one of [`SCHEMA_KINDS`]; `None` for any other name.
///
/// ```
/// let schema = podfit_api::schema("WhatIfReport").expect("known");
/// assert!(schema.contains("afterRecovery"));
/// ```
pub fn schema(kind: &str) -> Option<String> {
    let schema = match kind {
        "Request" => schemars::schema_for!(Request),
        "Envelope" => schemars::schema_for!(Envelope),
        "WhatIfReport" => schemars::schema_for!(report::WhatIfReport),
        "AuditReport" => schemars::schema_for!(report::AuditReport),
        "PlaceReport" => schemars::schema_for!(report::PlaceReport),
        "CheckReport" => schemars::schema_for!(report::CheckReport),
        "LintsReport" => schemars::schema_for!(report::LintsReport),
        "ClusterReport" => schemars::schema_for!(report::ClusterReport),
        "Edit" => schemars::schema_for!(Edit),
        "Scenario" => schemars::schema_for!(Scenario),
        "Row" => schemars::schema_for!(Row),
        "ExplainReport" => schemars::schema_for!(report::ExplainReport),
        _ => return None,
    };
    let text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    Some(text + "\n")
}
