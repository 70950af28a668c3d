//! podfit for Python: the door (`podfit_api`) as an extension module, `podfit._podfit`.
//!
//! In: bytes and JSON. Out: reports as JSON, as text, and as Arrow tables. There is no logic here: what a user sees is
//! the pure Python package `python/podfit`, which is built on these few classes.
//!
//! | file | what it is for |
//! |---|---|
//! | `snapshot.rs` | a cluster opened once: ask it, edit it |
//! | `ask.rs` | a question on a thread of its own, while this one watches for Ctrl-C and reports progress |
//! | `sweep.rs` | many scenarios, rows as they are done |
//! | `answer.rs` | a report: JSON, text, tables |
//! | `table.rs` | lists of a report as Arrow tables, their columns from the JSON Schema |
//! | `errors.rs` | faults → Python's exceptions |

mod answer;
mod ask;
mod errors;
mod snapshot;
mod sweep;
mod table;

/// The door to podfit's core; use the package `podfit`.
#[pyo3::pymodule]
mod _podfit {
    #[pymodule_export]
    use crate::answer::Answer;
    #[pymodule_export]
    use crate::snapshot::Snapshot;
    #[pymodule_export]
    use crate::sweep::Rows;
    #[pymodule_export]
    use crate::table::{Table, table};
    use pyo3::pyfunction;

    /// Version of podfit.
    #[pymodule_export]
    #[allow(non_upper_case_globals)] // Python's name for it
    const __version__: &str = env!("CARGO_PKG_VERSION");

    /// JSON Schema of a wire type; None for a name that it does not know.
    #[pyfunction]
    #[pyo3(signature = (kind, /))]
    fn schema(kind: &str) -> Option<String> {
        podfit_api::schema(kind)
    }
}
