//! A report: JSON, text, tables.

use crate::errors;
use crate::table::{self, Table};
use podfit_api::Envelope;
use podfit_api::render::{Format, RenderOptions, render};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A report with what differs from run to run.
#[pyclass(frozen, module = "podfit._podfit")]
pub struct Answer {
    pub envelope: Envelope,
    pub interrupted: bool,
}

#[pymethods]
impl Answer {
    /// An answer from the JSON of its envelope.
    #[staticmethod]
    #[pyo3(signature = (envelope, interrupted, /))]
    fn from_json(py: Python<'_>, envelope: &str, interrupted: bool) -> PyResult<Self> {
        let envelope = serde_json::from_str(envelope)
            .map_err(|e| errors::malformed(py, "envelope", &e.to_string()))?;
        Ok(Self { envelope, interrupted })
    }

    /// The report as the door writes it.
    fn report_json(&self, py: Python<'_>) -> PyResult<String> {
        let text = py.detach(|| serde_json::to_string_pretty(&self.envelope.report));
        text.map(|t| t + "\n").map_err(|e| errors::internal(py, &e.to_string(), ""))
    }

    /// The envelope on one line.
    fn envelope_json(&self, py: Python<'_>) -> PyResult<String> {
        let text = py.detach(|| serde_json::to_string(&self.envelope));
        text.map_err(|e| errors::internal(py, &e.to_string(), ""))
    }

    /// The envelope as the command writes it: `table`, `wide`, `json`, `yaml` or `csv`.
    #[pyo3(signature = (format, /, *, width, color, ascii, sort_by))]
    fn text(
        &self,
        py: Python<'_>,
        format: &str,
        width: usize,
        color: bool,
        ascii: bool,
        sort_by: Option<String>,
    ) -> PyResult<String> {
        let format = self::format(format)?;
        let options = RenderOptions { format, width, color, ascii, sort_by };
        py.detach(|| render(&self.envelope, &options))
            .map_err(|e| PyValueError::new_err(e.to_string()))
    }

    /// Whether the answer is the good one; see the command's exit code.
    #[pyo3(signature = (*, accept_losses))]
    fn is_good(&self, accept_losses: bool) -> bool {
        self.envelope.report.is_good(accept_losses)
    }

    /// A list of the report, as `pods`, as a table.
    #[pyo3(signature = (field, /))]
    fn table(&self, py: Python<'_>, field: &str) -> PyResult<Table> {
        let report = py.detach(|| serde_json::to_value(&self.envelope.report));
        let mut report = report.map_err(|e| errors::internal(py, &e.to_string(), ""))?;
        let row = report["kind"].as_str().and_then(|kind| table::row_of(kind, field));
        let rows = report.get_mut(field).map(serde_json::Value::take).unwrap_or_default();
        let Some(row) = row else {
            return Err(PyValueError::new_err(format!("the report has no list {field:?}")));
        };
        py.detach(|| Table::new(row, rows)).map_err(|e| errors::internal(py, &e, ""))
    }

    /// Whether Ctrl-C ended the search.
    #[getter]
    fn interrupted(&self) -> bool {
        self.interrupted
    }

    /// Time it took to answer.
    #[getter]
    fn seconds(&self) -> f64 {
        self.envelope.seconds
    }

    /// Version of podfit that answered.
    #[getter]
    fn version(&self) -> String {
        self.envelope.version.clone()
    }
}

fn format(name: &str) -> PyResult<Format> {
    let known = || Format::ALL.iter().map(|f| f.name());
    Format::from_name(name).ok_or_else(|| errors::no_such_word("format", name, known()))
}
