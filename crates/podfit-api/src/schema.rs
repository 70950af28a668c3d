//! JSON Schemas of the wire types, and the words that options take: what other languages' types are made from.

use crate::answer::{Row, Scenario};
use crate::edit::Edit;
use crate::questions::questions;
use crate::report::{
    AuditReport, AvailabilityReport, CheckReport, ClusterReport, ControlPlaneReport, DeviceReport,
    Envelope, ExplainReport, LintsReport, NetworkReport, PlaceReport, SequenceReport,
    TimelineReport, WhatIfReport,
};
use crate::request::Request;
use crate::vocabulary::{Format, LeaderGoes, Mode, NetworkPart, Solver, WORKLOAD_KINDS};
use podfit::device::Model;
use serde::Serialize;

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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Vocabulary {
    /// Gathers what podfit reads.
    kubectl: String,
    questions: Vec<&'static str>,
    modes: Vec<Word>,
    leader_goes: Vec<Word>,
    solvers: Vec<Word>,
    formats: Vec<Word>,
    network_parts: Vec<Word>,
    workload_kinds: Vec<&'static str>,
    models: Vec<ModelWord>,
}

#[derive(Serialize)]
struct Word {
    name: &'static str,
    meaning: &'static str,
}

#[derive(Serialize)]
struct ModelWord {
    name: &'static str,
    title: &'static str,
    /// Numbers of GPU cards that it is sold with, the default first.
    gpus: &'static [u16],
}

/// The words as JSON: the questions, how nodes are lost, solvers, forms of output, kinds of workloads, device models.
/// The first of each list is the default.
///
/// ```
/// assert!(podfit_api::vocabulary().contains("not-ready"));
/// ```
pub fn vocabulary() -> String {
    macro_rules! all {
        ($word:ident) => {{
            let word = |w: &$word| Word { name: w.name(), meaning: w.meaning().trim() };
            $word::ALL.iter().map(word).collect()
        }};
    }
    let model = |m: Model| {
        let spec = m.spec();
        ModelWord { name: spec.name, title: spec.title, gpus: spec.gpu_choices }
    };
    let vocabulary = Vocabulary {
        kubectl: podfit_kube::kubectl_line(),
        questions: Request::KINDS.to_vec(),
        modes: all!(Mode),
        leader_goes: all!(LeaderGoes),
        solvers: all!(Solver),
        formats: all!(Format),
        network_parts: all!(NetworkPart),
        workload_kinds: WORKLOAD_KINDS.map(|(name, _)| name).into(),
        models: Model::ALL.map(model).into(),
    };
    serde_json::to_string_pretty(&vocabulary).expect("words are plain JSON") + "\n"
}
