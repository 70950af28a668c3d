//! The table of lints.

use super::page::{Cell, Page, Tone};
use super::sort::{Key, SortError, sort};
use super::what_if::notes;
use super::{Format, RenderOptions};
use crate::report::{Finding, LintSeverity, LintVerdict, LintsReport};

/// Findings in a table before the rest is counted.
const LINES_MAX: usize = 60;

pub(super) const COLUMNS: [&str; 7] =
    ["severity", "code", "subject", "pods", "nodes", "cause", "fix"];

fn severity(finding: &Finding) -> &'static str {
    match finding.severity {
        LintSeverity::Error => "error",
        LintSeverity::Warning => "warning",
    }
}

pub(super) fn key(finding: &Finding, column: &str) -> Key {
    match column {
        "severity" => severity(finding).into(),
        "code" => finding.code.as_str().into(),
        "subject" => finding.subject.as_str().into(),
        "pods" => finding.pods.len().into(),
        "nodes" => finding.nodes.join("+").as_str().into(),
        "cause" => finding.cause.as_str().into(),
        _ => finding.fix.as_str().into(),
    }
}

pub(super) fn text(
    page: &mut Page,
    report: &LintsReport,
    options: &RenderOptions,
) -> Result<(), SortError> {
    let wide = options.format == Format::Wide;
    let mut lints: Vec<&Finding> = report.lints.iter().collect();
    sort(&mut lints, options.sort_by.as_deref(), &COLUMNS, |_, _| None, key)?;
    let shown = if wide { lints.len() } else { lints.len().min(LINES_MAX) };
    let row = |l: &&Finding| {
        let (symbol, tone) = match l.severity {
            LintSeverity::Error => (page.glyphs.bad, Tone::Bad),
            LintSeverity::Warning => (page.glyphs.warn, Tone::Warn),
        };
        vec![
            Cell::new(format!("{symbol} {}", l.code), tone),
            l.subject.as_str().into(),
            format!("{}. Fix: {}", l.cause, l.fix).into(),
        ]
    };
    let rows: Vec<Vec<Cell>> = lints[..shown].iter().map(row).collect();
    if !rows.is_empty() {
        page.table(&["LINT", "ABOUT", "WHY"], &rows);
    }
    if shown < lints.len() {
        let text = format!("{} {} more (-o wide)", page.glyphs.more, lints.len() - shown);
        page.line(&text, Tone::Dim);
    }
    page.blank();
    notes(page, &report.assumptions, &report.not_evaluated, wide);
    page.blank();
    let (symbol, tone, word) = match report.verdict {
        LintVerdict::Clean => (page.glyphs.good, Tone::Good, "CLEAN"),
        LintVerdict::Warnings => (page.glyphs.warn, Tone::Warn, "WARNINGS"),
        LintVerdict::Errors => (page.glyphs.bad, Tone::Bad, "ERRORS"),
    };
    page.put(&format!("{symbol} {word}"), tone);
    page.line(&format!(": {}.", report.why), Tone::Plain);
    Ok(())
}
