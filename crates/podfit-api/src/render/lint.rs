//! The table of lints.

use super::list::{Item, Key, SortError, csv, sort};
use super::page::{Cell, Page, Tone};
use super::what_if::notes;
use super::{Format, Render, RenderOptions};
use crate::report::{Finding, LintSeverity, LintVerdict, LintsReport};

/// Findings in a table before the rest is counted.
const LINES_MAX: usize = 60;

fn severity(finding: &Finding) -> &'static str {
    match finding.severity {
        LintSeverity::Error => "error",
        LintSeverity::Warning => "warning",
    }
}

impl Item for Finding {
    const COLUMNS: &'static [&'static str] =
        &["severity", "code", "subject", "pods", "nodes", "cause", "fix"];

    fn key(&self, column: &str) -> Key {
        match column {
            "severity" => severity(self).into(),
            "code" => self.code.as_str().into(),
            "subject" => self.subject.as_str().into(),
            "pods" => self.pods.len().into(),
            "nodes" => self.nodes.join("+").as_str().into(),
            "cause" => self.cause.as_str().into(),
            _ => self.fix.as_str().into(),
        }
    }
}

impl Render for LintsReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let mut lints: Vec<&Finding> = self.lints.iter().collect();
        sort(&mut lints, options.sort_by.as_deref())?;
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
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let (symbol, tone, word) = match self.verdict {
            LintVerdict::Clean => (page.glyphs.good, Tone::Good, "CLEAN"),
            LintVerdict::Warnings => (page.glyphs.warn, Tone::Warn, "WARNINGS"),
            LintVerdict::Errors => (page.glyphs.bad, Tone::Bad, "ERRORS"),
        };
        page.put(&format!("{symbol} {word}"), tone);
        page.line(&format!(": {}.", self.why.text), Tone::Plain);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.lints.iter().collect(), sort_by)
    }
}
