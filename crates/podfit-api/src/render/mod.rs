//! Reports as text: tables for people, CSV, YAML and JSON for programs.
//!
//! In: an [`Envelope`] and [`RenderOptions`]. Out: one string. Names come from outside, so whatever could
//! steer a terminal is shown escaped in tables; JSON, YAML and CSV quote by their own rules. Meaning is
//! never in colour alone: each symbol and colour goes with a word.

mod audit;
mod availability;
mod bars;
mod cause;
mod check;
mod cluster;
mod control_plane;
mod device;
mod explain;
mod host;
mod json;
mod lint;
mod list;
mod metrics;
mod network;
mod nodes;
mod page;
mod place;
mod sequence;
mod services;
mod timeline;
mod what_if;
mod yaml;

use crate::questions::questions;
use crate::report::{Envelope, Report};
pub use crate::vocabulary::Format;
pub use list::SortError;
use page::Page;

/// How to render.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// The form.
    pub format: Format,
    /// Columns of the terminal, for tables.
    pub width: usize,
    /// Whether to colour tables by ANSI codes.
    pub color: bool,
    /// Whether to draw with ASCII characters alone.
    pub ascii: bool,
    /// Column to sort lists by, in tables and CSV.
    pub sort_by: Option<String>,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { format: Format::Table, width: 100, color: false, ascii: false, sort_by: None }
    }
}

/// Why an envelope cannot be rendered so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderError {
    /// There is no such column to sort by.
    Sort(SortError),
    /// The report has no metrics.
    NoMetrics,
}

impl RenderError {
    /// The option that is at fault: `sortBy` or `format`.
    pub fn option(&self) -> &'static str {
        match self {
            Self::Sort(_) => "sortBy",
            Self::NoMetrics => "format",
        }
    }
}

impl From<SortError> for RenderError {
    fn from(error: SortError) -> Self {
        Self::Sort(error)
    }
}

impl std::fmt::Display for RenderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sort(error) => error.fmt(f),
            Self::NoMetrics => f.write_str("the answer has no metrics; ask for an audit"),
        }
    }
}

impl std::error::Error for RenderError {}

/// The text of an envelope, with a line end at its end.
///
/// # Errors
/// [`RenderError`], if there is no such column to sort by, or no metrics.
pub fn render(envelope: &Envelope, options: &RenderOptions) -> Result<String, RenderError> {
    Ok(match options.format {
        Format::Json => json::text(envelope),
        Format::Yaml => yaml::text(envelope),
        Format::Csv => shown(&envelope.report).csv(options.sort_by.as_deref())?,
        Format::Prometheus => {
            let families = shown(&envelope.report).metrics().ok_or(RenderError::NoMetrics)?;
            metrics::text(&families)
        }
        Format::Table | Format::Wide => table(&envelope.report, options)?,
    })
}

/// How a report is shown.
trait Render {
    /// The table, or all of it.
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError>;

    /// Its list.
    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError>;

    /// Its metrics, if it has some.
    fn metrics(&self) -> Option<Vec<metrics::Family>> {
        None
    }
}

macro_rules! render {
    ($($(#[$doc:meta])* $kind:ident, $request:ident, $report:ident;)*) => {
        fn shown(report: &Report) -> &dyn Render {
            match report {
                $(Report::$kind(report) => report,)*
            }
        }
    };
}
questions!(render);

#[inline(never)] // A page that asks for JSON does not load it.
fn table(report: &Report, options: &RenderOptions) -> Result<String, SortError> {
    let mut page = Page::new(options);
    shown(report).text(&mut page, options)?;
    Ok(page.finish())
}
