//! A cluster opened once and asked often.

use crate::answer::Answer;
use crate::sweep::{self, Rows};
use crate::{ask, errors};
use podfit_api::{
    AnswerOptions, DeviceUnder, Edit, Input, OpenOptions, Request, Selection, Solver,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// A model, and the names of the nodes on each host.
type Device = (String, Vec<(String, Vec<String>)>);

/// A cluster opened once and asked often.
#[pyclass(frozen, module = "podfit._podfit")]
pub struct Snapshot {
    pub inner: Arc<podfit_api::Snapshot>,
}

#[pymethods]
impl Snapshot {
    /// Reads inputs, each a name (it starts the place of every fault), its bytes, and whether it was found in a folder.
    #[new]
    #[pyo3(signature = (inputs, assume_requests, autoscaled, cron_jobs, leave_out_faulty, device, /))]
    fn new(
        py: Python<'_>,
        inputs: Vec<(String, Bound<'_, PyBytes>, bool)>,
        assume_requests: Vec<(String, String)>,
        autoscaled: bool,
        cron_jobs: bool,
        leave_out_faulty: bool,
        device: Option<Device>,
    ) -> PyResult<Self> {
        let held: Vec<(String, &[u8], bool)> =
            inputs.iter().map(|(name, data, of)| (name.clone(), data.as_bytes(), *of)).collect();
        let device = device.map(|(model, hosts)| DeviceUnder { model, hosts });
        let options =
            OpenOptions { assume_requests, autoscaled, cron_jobs, device, leave_out_faulty };
        let opened = py.detach(|| {
            let inputs = held.into_iter().map(input).collect();
            catch_unwind(AssertUnwindSafe(|| podfit_api::open(inputs, &options)))
        });
        match opened {
            Ok(Ok(snapshot)) => Ok(Self { inner: Arc::new(snapshot) }),
            Ok(Err(faults)) => Err(errors::input(py, &faults)),
            Err(panic) => Err(errors::internal(py, &errors::panicked(&*panic), "")),
        }
    }

    /// Answers a request in JSON. `selection` is a namespace, a label selector, and whether of a what-if only pods are
    /// listed that something becomes of; without `cause` nothing is looked for that would help.
    #[pyo3(signature = (request, /, *, solver, time_limit, seed, threads, selection, cause, on_progress))]
    #[allow(clippy::too_many_arguments)] // all by keyword
    fn answer(
        &self,
        py: Python<'_>,
        request: &str,
        solver: &str,
        time_limit: Option<f64>,
        seed: u64,
        threads: Option<usize>,
        selection: (Option<String>, Option<String>, bool),
        cause: bool,
        on_progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Answer> {
        let request: Request = serde_json::from_str(request)
            .map_err(|e| errors::malformed(py, "request", &e.to_string()))?;
        let list = Selection::new(selection.0.as_deref(), selection.1.as_deref())
            .map_err(|e| errors::malformed(py, "selector", &e.to_string()))?
            .changed(selection.2);
        let options = AnswerOptions {
            solver: self::solver(solver)?,
            time_limit: time_limit.map(seconds).transpose()?,
            seed,
            threads,
            list,
            verdict_only: !cause,
            ..AnswerOptions::default()
        };
        let listener = on_progress.as_ref();
        let (envelope, interrupted) =
            ask::answer(py, &self.inner, &Arc::new(request), options, listener)?;
        Ok(Answer { envelope, interrupted })
    }

    /// The same with edits carried out, a JSON list of them.
    #[pyo3(signature = (edits, /))]
    fn edited(&self, py: Python<'_>, edits: &str) -> PyResult<Self> {
        let edits: Vec<Edit> = serde_json::from_str(edits)
            .map_err(|e| errors::malformed(py, "edits", &e.to_string()))?;
        let edited = py.detach(|| catch_unwind(AssertUnwindSafe(|| self.inner.edited(&edits))));
        match edited {
            Ok(Ok(snapshot)) => Ok(Self { inner: Arc::new(snapshot) }),
            Ok(Err(faults)) => Err(errors::request(py, &faults)),
            Err(panic) => Err(errors::internal(py, &errors::panicked(&*panic), "")),
        }
    }

    /// Answers scenarios, a JSON list of them, on all threads or so many: rows in JSON as they are done.
    #[pyo3(signature = (scenarios, /, *, solver, time_limit, threads))]
    fn sweep(
        &self,
        py: Python<'_>,
        scenarios: &str,
        solver: &str,
        time_limit: Option<f64>,
        threads: Option<usize>,
    ) -> PyResult<Rows> {
        let scenarios: Vec<serde_json::Value> = serde_json::from_str(scenarios)
            .map_err(|e| errors::malformed(py, "scenarios", &e.to_string()))?;
        let options = AnswerOptions {
            solver: self::solver(solver)?,
            time_limit: time_limit.map(seconds).transpose()?,
            threads,
            ..AnswerOptions::default()
        };
        sweep::start(py, self, scenarios, options)
    }

    /// Number of nodes.
    #[getter]
    fn nodes(&self) -> usize {
        self.inner.cluster().nodes().len()
    }

    /// Number of pods.
    #[getter]
    fn pods(&self) -> usize {
        self.inner.cluster().pods().len()
    }

    /// What was supposed when reading.
    #[getter]
    fn assumptions(&self) -> Vec<String> {
        self.inner.assumptions().to_vec()
    }

    /// What the input has that placement depends on and that is not evaluated.
    #[getter]
    fn not_evaluated(&self) -> Vec<String> {
        self.inner.not_evaluated().to_vec()
    }

    /// Every fault of the objects that were left out: code, place, cause, fix, object.
    #[getter]
    fn left_out(&self) -> Vec<errors::Fault> {
        self.inner.left_out().iter().map(errors::of_input).collect()
    }
}

fn input((name, data, of_folder): (String, &[u8], bool)) -> Input<'_> {
    Input { of_folder, ..Input::new(name, data) }
}

/// A solver by its name on the command line.
pub fn solver(name: &str) -> PyResult<Solver> {
    let known = || Solver::ALL.iter().map(|s| s.name());
    Solver::from_name(name).ok_or_else(|| errors::no_such_word("solver", name, known()))
}

/// A number of seconds that a clock can hold.
pub fn seconds(limit: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(limit)
        .map_err(|e| PyValueError::new_err(format!("time_limit: {limit} seconds: {e}")))
}
