//! The table of availability: workloads, the one that is down longest first.

use super::list::{Item, Key, SortError, csv, sort};
use super::page::{Cell, Page, Tone};
use super::what_if::{assumed, notes};
use super::{Format, Render, RenderOptions};
use crate::report::{AvailabilityReport, AvailabilityVerdict, Estimate, WorkloadAvailability};
use crate::time::Seconds;
use podfit::model::Interval;

/// Workloads in a table before the rest is counted.
const LINES_MAX: usize = 40;

impl Item for WorkloadAvailability {
    const COLUMNS: &'static [&'static str] = &[
        "namespace",
        "name",
        "kind",
        "pods",
        "down-ms",
        "down-low-ms",
        "down-high-ms",
        "degraded-ms",
        "availability",
    ];

    fn key(&self, column: &str) -> Key {
        let ms = |seconds: Option<Seconds>| seconds.map_or(Key::None, |s| s.ms().into());
        match column {
            "namespace" => self.namespace.as_str().into(),
            "name" => self.name.as_str().into(),
            "kind" => self.kind.as_str().into(),
            "pods" => i64::from(self.pods).into(),
            "down-ms" => self.down_seconds.mean.ms().into(),
            "down-low-ms" => ms(self.down_seconds.low),
            "down-high-ms" => ms(self.down_seconds.high),
            "degraded-ms" => self.degraded_seconds.mean.ms().into(),
            _ => format!("{:.9}", self.availability.value()).as_str().into(),
        }
    }
}

/// Whole seconds in words.
fn words(seconds: Seconds) -> String {
    Interval::exactly((seconds.ms() + 500) / 1000 * 1000).to_string()
}

fn estimate(estimate: &Estimate) -> String {
    let mean = words(estimate.mean);
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{mean} ({} to {})", words(low), words(high)),
        _ => mean,
    }
}

impl Render for AvailabilityReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let mut workloads: Vec<&WorkloadAvailability> = self.workloads.iter().collect();
        sort(&mut workloads, options.sort_by.as_deref())?;
        page.put("Availability in a year, on average", Tone::Head);
        page.put(&format!("  ({} runs, seed {})", self.runs_made, self.seed), Tone::Dim);
        page.end();
        page.blank();
        let shown = if wide { workloads.len() } else { workloads.len().min(LINES_MAX) };
        let row = |w: &&WorkloadAvailability| -> Vec<Cell> {
            vec![
                format!("{}/{}", w.namespace, w.name).into(),
                w.pods.to_string().into(),
                format!("{:.5} %", w.availability.value() * 100.0).into(),
                format!("{:.2}", w.outages_per_year.value()).into(),
                format!(
                    "{}; fewer than all: {}",
                    estimate(&w.down_seconds),
                    words(w.degraded_seconds.mean)
                )
                .into(),
            ]
        };
        let rows: Vec<Vec<Cell>> = workloads[..shown].iter().map(row).collect();
        page.table(&["WORKLOAD", "PODS", "UP", "OUTAGES", "DOWN A YEAR (95 %)"], &rows);
        if shown < workloads.len() {
            let text = format!("{} {} more (-o wide)", page.glyphs.more, workloads.len() - shown);
            page.line(&text, Tone::Dim);
        }
        page.blank();
        let some = words(self.some_node_down_seconds);
        let text = format!(
            "Some node is down for {some} a year; {} of {} sets of nodes were asked about.",
            self.sets_asked, self.sets_seen
        );
        page.wrapped(&text, Tone::Plain, 2);
        if self.not_watched > 0 {
            let text = format!(
                "Not watched: {} pods of DaemonSets, static ones, and those that do not run.",
                self.not_watched
            );
            page.wrapped(&text, Tone::Dim, 2);
        }
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let (symbol, tone, word) = match self.verdict {
            AvailabilityVerdict::Estimated => (page.glyphs.good, Tone::Good, "ESTIMATED"),
            AvailabilityVerdict::Partly => (page.glyphs.open, Tone::Warn, "ESTIMATED IN PART"),
        };
        page.put(&format!("{symbol} {word}"), tone);
        page.line(&format!(": {}.{}", self.why.text, assumed(&self.assumed)), Tone::Plain);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.workloads.iter().collect(), sort_by)
    }
}
