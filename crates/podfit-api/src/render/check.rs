//! The table of a check.

use super::list::{Item, Key, SortError, csv, sort};
use super::page::{Cell, Page, Tone};
use super::what_if::notes;
use super::{Format, Render, RenderOptions};
use crate::report::{CheckReport, CheckVerdict, ViolationReport};

/// Violations in a table before the rest is counted.
const LINES_MAX: usize = 100;

impl Item for ViolationReport {
    const COLUMNS: &'static [&'static str] = &["code", "step", "namespace", "name", "node", "text"];

    fn key(&self, column: &str) -> Key {
        match column {
            "code" => self.code.as_str().into(),
            "step" => self.step.map_or(Key::None, Into::into),
            "namespace" => self.namespace.as_deref().into(),
            "name" => self.name.as_deref().into(),
            "node" => self.node.as_deref().into(),
            _ => self.text.as_str().into(),
        }
    }
}

impl Render for CheckReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let mut violations: Vec<&ViolationReport> = self.violations.iter().collect();
        sort(&mut violations, options.sort_by.as_deref())?;
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
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let (symbol, tone, word) = match self.verdict {
            CheckVerdict::Legal => (page.glyphs.good, Tone::Good, "LEGAL"),
            CheckVerdict::Violations => (page.glyphs.bad, Tone::Bad, "VIOLATIONS"),
        };
        page.put(&format!("{symbol} {word}"), tone);
        page.line(&format!(": {} (the referee's word).", self.why.text), Tone::Plain);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.violations.iter().collect(), sort_by)
    }
}
