//! Faults of the door → exceptions of `podfit.errors`, every fault in one exception.

use podfit_api::{AnswerError, InputError, RequestError};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Code, place, cause, fix, and of an input the object.
pub type Fault = (String, String, String, String, Option<String>);

/// A fault of an input.
pub fn of_input(e: &InputError) -> Fault {
    (e.code.into(), e.place.clone(), e.cause.clone(), e.fix.clone(), e.object.clone())
}

/// `podfit.InputError` with all faults.
pub fn input(py: Python<'_>, faults: &[InputError]) -> PyErr {
    raise(py, "InputError", faults.iter().map(of_input).collect::<Vec<Fault>>())
}

/// `podfit.RequestError` with all faults.
pub fn request(py: Python<'_>, faults: &[RequestError]) -> PyErr {
    let one =
        |e: &RequestError| (e.code.into(), e.place.clone(), e.cause.clone(), e.fix.clone(), None);
    raise(py, "RequestError", faults.iter().map(one).collect::<Vec<Fault>>())
}

/// `podfit.RequestError` for one fault that is found before the door is asked.
pub fn malformed(py: Python<'_>, place: &str, cause: &str) -> PyErr {
    let fault: Fault =
        ("malformed".into(), place.into(), cause.into(), "see the documentation".into(), None);
    raise(py, "RequestError", vec![fault])
}

/// `podfit.InternalError`: a bug of podfit, with what a report of it needs.
pub fn internal(py: Python<'_>, message: &str, instance: &str) -> PyErr {
    raise(py, "InternalError", (message, instance))
}

/// Why there is no answer.
pub fn answer(py: Python<'_>, error: &AnswerError) -> PyErr {
    match error {
        AnswerError::Request(faults) => request(py, faults),
        AnswerError::Internal { message, instance } => internal(py, message, instance),
    }
}

/// The text of a panic.
pub fn panicked(cause: &(dyn std::any::Any + Send)) -> String {
    let text = cause.downcast_ref::<&str>().copied();
    let text = text.or_else(|| cause.downcast_ref::<String>().map(String::as_str));
    format!("podfit panicked: {}", text.unwrap_or("no message"))
}

/// The classes are Python's, so that they pickle and can be documented and typed there.
fn raise<'py>(py: Python<'py>, class: &str, data: impl IntoPyObject<'py>) -> PyErr {
    let made = py.import("podfit.errors").and_then(|m| m.getattr(class)?.call1((data,)));
    made.map_or_else(|e| e, PyErr::from_value)
}

/// An option takes one of these words, and this is none.
pub fn no_such_word<'w>(option: &str, word: &str, known: impl Iterator<Item = &'w str>) -> PyErr {
    let known: Vec<String> = known.map(|k| format!("'{k}'")).collect();
    PyValueError::new_err(format!("{option}: {word:?} is none of {}", known.join(", ")))
}
