//! What is thrown into JavaScript.

use podfit_api::{AnswerError, InputError, RequestError};
use serde::Serialize;
use std::fmt::Display;
use wasm_bindgen::JsValue;

/// Why there is no answer, as JSON text.
#[derive(Serialize)]
pub struct Thrown {
    /// `input`, `request` (or its options), `solver` (the caller's), `internal`, `crashed`.
    kind: &'static str,
    errors: Vec<Fault>,
    /// Of an internal error: what a bug report needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
}

#[derive(Serialize)]
struct Fault {
    code: &'static str,
    place: String,
    cause: String,
    fix: String,
    /// Of an input: the object, where the rest can be read without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<String>,
}

impl From<InputError> for Fault {
    fn from(e: InputError) -> Self {
        let InputError { code, place, cause, fix, object } = e;
        Self { code, place, cause, fix, object }
    }
}

/// Faults as a JSON list.
pub fn list(errors: &[InputError]) -> String {
    let faults: Vec<Fault> = errors.iter().cloned().map(Fault::from).collect();
    serde_json::to_string(&faults).unwrap_or_default()
}

impl Thrown {
    fn one(kind: &'static str, code: &'static str, place: &str, cause: &dyn Display) -> Self {
        let (place, cause, fix) = (place.into(), cause.to_string(), String::new());
        let fault = Fault { code, place, cause, fix, object: None };
        Self { kind, errors: vec![fault], instance: None }
    }

    pub fn unreadable(what: &str, cause: &dyn Display) -> Self {
        Self::one("request", "unreadable", what, cause)
    }

    pub fn option(name: &str, cause: &dyn Display) -> Self {
        Self::one("request", "option-invalid", name, cause)
    }

    pub fn crashed(cause: &dyn Display) -> Self {
        Self::one("crashed", "crashed", "podfit", cause)
    }

    pub fn solver(cause: &dyn Display) -> Self {
        Self::one("solver", "solver-failed", "lp", cause)
    }
}

impl From<Vec<InputError>> for Thrown {
    fn from(errors: Vec<InputError>) -> Self {
        let errors = errors.into_iter().map(Fault::from).collect();
        Self { kind: "input", errors, instance: None }
    }
}

impl From<Vec<RequestError>> for Thrown {
    fn from(errors: Vec<RequestError>) -> Self {
        let fault = |e: RequestError| {
            let RequestError { code, place, cause, fix } = e;
            Fault { code, place, cause, fix, object: None }
        };
        Self { kind: "request", errors: errors.into_iter().map(fault).collect(), instance: None }
    }
}

impl From<AnswerError> for Thrown {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Request(errors) => errors.into(),
            AnswerError::Internal { message, instance } => Self {
                instance: Some(instance),
                ..Self::one("internal", "internal", "podfit", &message)
            },
        }
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        serde_json::to_string(&thrown).unwrap_or_default().into()
    }
}
