//! JSON Schemas of the wire types.

use crate::answer::{Row, Scenario};
use crate::edit::Edit;
use crate::questions::questions;
use crate::report::{
    AuditReport, CheckReport, ClusterReport, Envelope, ExplainReport, LintsReport, PlaceReport,
    WhatIfReport,
};
use crate::request::Request;

macro_rules! schemas {
    ($($(#[$doc:meta])* $kind:ident, $request:ident, $report:ident;)*) => {
        /// The kinds that [`schema`] knows.
        pub const SCHEMA_KINDS: &[&str] =
            &["Request", "Envelope", $(stringify!($report),)* "Edit", "Scenario", "Row"];

        fn schema_of(kind: &str) -> Option<schemars::Schema> {
            $(if kind == stringify!($report) {
                return Some(schemars::schema_for!($report));
            })*
            Some(match kind {
                "Request" => schemars::schema_for!(Request),
                "Envelope" => schemars::schema_for!(Envelope),
                "Edit" => schemars::schema_for!(Edit),
                "Scenario" => schemars::schema_for!(Scenario),
                "Row" => schemars::schema_for!(Row),
                _ => return None,
            })
        }
    };
}
questions!(schemas);

/// The JSON Schema (draft 2020-12) of a wire type, one of [`SCHEMA_KINDS`]; `None` for any other name.
///
/// ```
/// let schema = podfit_api::schema("WhatIfReport").expect("known");
/// assert!(schema.contains("afterRecovery"));
/// ```
pub fn schema(kind: &str) -> Option<String> {
    let text = serde_json::to_string_pretty(&schema_of(kind)?).expect("a schema is plain JSON");
    Some(text + "\n")
}
