//! The table of a check.

use super::page::{Cell, Page, Tone};
use super::sort::{Key, SortError, sort};
use super::what_if::notes;
use super::{Format, RenderOptions};
use crate::report::{CheckReport, CheckVerdict, ViolationReport};

/// Violations in a table before the rest is counted.
const LINES_MAX: usize = 100;

pub(super) const COLUMNS: [&str; 6] = ["code", "step", "namespace", "name", "node", "text"];

pub(super) fn key(v: &ViolationReport, column: &str) -> Key {
    match column {
        "code" => v.code.as_str().into(),
        "step" => v.step.map_or(Key::None, Into::into),
        "namespace" => v.namespace.as_deref().into(),
        "name" => v.name.as_deref().into(),
        "node" => v.node.as_deref().into(),
        _ => v.text.as_str().into(),
    }
}

pub(super) fn text(
    page: &mut Page,
    report: &CheckReport,
    options: &RenderOptions,
) -> Result<(), SortError> {
    let wide = options.format == Format::Wide;
    let mut violations: Vec<&ViolationReport> = report.violations.iter().collect();
    sort(&mut violations, options.sort_by.as_deref(), &COLUMNS, |_, _| None, key)?;
    let shown = if wide { violations.len() } else { violations.len().min(LINES_MAX) };
    let row = |v: &&ViolationReport| {
        let symbol = page.glyphs.bad;
        vec![Cell::new(format!("{symbol} {}", v.code), Tone::Bad), v.text.as_str().into()]
    };
    let rows: Vec<Vec<Cell>> = violations[..shown].iter().map(row).collect();
    page.table(&[], &rows);
    if shown < violations.len() {
        let text = format!("{} {} more (-o wide)", page.glyphs.more, violations.len() - shown);
        page.line(&text, Tone::Dim);
    }
    page.blank();
    notes(page, &report.assumptions, &report.not_evaluated, wide);
    page.blank();
    let (symbol, tone, word) = match report.verdict {
        CheckVerdict::Legal => (page.glyphs.good, Tone::Good, "LEGAL"),
        CheckVerdict::Violations => (page.glyphs.bad, Tone::Bad, "VIOLATIONS"),
    };
    page.put(&format!("{symbol} {word}"), tone);
    page.line(&format!(": {} (the referee's word).", report.why), Tone::Plain);
    Ok(())
}
