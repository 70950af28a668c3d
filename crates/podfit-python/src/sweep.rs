//! Many scenarios of one snapshot: rows as they are done, on Rust's threads, while Python takes them.

use crate::ask::POLL;
use crate::errors;
use crate::snapshot::Snapshot;
use podfit_api::report::{CaseCounts, StopCode, Why, WhyCode};
use podfit_api::{AnswerOptions, CancelToken, RequestError, Row, Scenario};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};

type Sent = Result<String, String>;

/// Rows in JSON, in the order in which they are done. Dropping it stops the rest.
#[pyclass(frozen, module = "podfit._podfit")]
pub struct Rows {
    rows: Mutex<Receiver<Sent>>,
    cancel: CancelToken,
    interrupted: AtomicBool,
}

#[pymethods]
impl Rows {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    /// The next row. Ctrl-C ends the list; see `interrupted`.
    fn __next__(&self, py: Python<'_>) -> PyResult<Option<String>> {
        loop {
            if self.cancel.is_cancelled() {
                return Ok(None);
            }
            match py.detach(|| self.wait()) {
                Ok(Ok(row)) => return Ok(Some(row)),
                Ok(Err(panic)) => return Err(errors::internal(py, &panic, "")),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Err(signal) = py.check_signals() {
                self.cancel.cancel();
                if !signal.is_instance_of::<PyKeyboardInterrupt>(py) {
                    return Err(signal);
                }
                self.interrupted.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Whether Ctrl-C ended the sweep.
    #[getter]
    fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}

impl Rows {
    fn wait(&self) -> Result<Sent, RecvTimeoutError> {
        // A thread that panicked while it waited left nothing half done.
        let rows = self.rows.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        rows.recv_timeout(POLL)
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// Starts a sweep over scenarios in JSON. One that cannot be read has its fault in its row.
pub fn start(
    py: Python<'_>,
    snapshot: &Snapshot,
    scenarios: Vec<Value>,
    options: AnswerOptions,
) -> PyResult<Rows> {
    let (send, rows) = mpsc::channel();
    let (mut read, mut places) = (Vec::new(), Vec::new());
    for (index, scenario) in scenarios.into_iter().enumerate() {
        let id = scenario["id"].as_str().unwrap_or_default().to_string();
        match serde_json::from_value::<Scenario>(scenario) {
            Ok(scenario) => {
                read.push(scenario);
                places.push(index);
            }
            Err(error) => pass_on(&send, &malformed(index, id, &error.to_string())),
        }
    }
    let cancel = options.cancel.clone();
    let inner = snapshot.inner.clone();
    let work = move || {
        let sender = Mutex::new(send.clone());
        let on_row = |mut row: Row| {
            row.index = places[row.index];
            if let Ok(send) = sender.lock() {
                pass_on(&send, &row);
            }
        };
        let done =
            catch_unwind(AssertUnwindSafe(|| podfit_api::sweep(&inner, &read, &options, on_row)));
        if let Err(panic) = done {
            drop(send.send(Err(errors::panicked(&*panic))));
        }
    };
    let started = std::thread::Builder::new().name("podfit-sweep".into()).spawn(work);
    started.map_err(|e| errors::internal(py, &format!("no thread to be had: {e}"), ""))?;
    Ok(Rows { rows: Mutex::new(rows), cancel, interrupted: AtomicBool::new(false) })
}

/// Nobody may listen any more: then the rest is for nobody.
fn pass_on(send: &Sender<Sent>, row: &Row) {
    drop(send.send(serde_json::to_string(row).map_err(|e| e.to_string())));
}

fn malformed(index: usize, id: String, cause: &str) -> Row {
    let fault = RequestError {
        code: "malformed",
        place: "scenario".into(),
        cause: cause.into(),
        fix: "see schema/Scenario.json".into(),
    };
    Row {
        index,
        id,
        verdict: None,
        good: false,
        why: Why { code: WhyCode::Faulty, text: fault.to_string() },
        certificate: None,
        scope: None,
        predicted: String::new(),
        stop: StopCode::Done,
        cut_stage: None,
        counts: CaseCounts::default(),
        pending_before: 0,
        pending: Vec::new(),
        errors: vec![fault],
    }
}
