//! The table of an edge device: machines, losses, failures.

use super::host::{capacity, half_rule};
use super::list::{Item, Key, SortError, csv};
use super::page::{Cell, Page, Tone};
use super::what_if::notes;
use super::{Format, Render, RenderOptions};
use crate::report::{DeviceReport, DeviceVerdict, HostFitReport, PartFailure, ResponseCode};
use podfit::rules::format_amount;

impl Item for PartFailure {
    const COLUMNS: &'static [&'static str] = &["parts", "response", "lost", "text", "page"];

    fn key(&self, column: &str) -> Key {
        match column {
            "parts" => self.parts.join("+").as_str().into(),
            "response" => words(self.response).into(),
            "lost" => self.lost.join("+").as_str().into(),
            "page" => self.page.as_str().into(),
            _ => self.text.as_str().into(),
        }
    }
}

fn words(response: ResponseCode) -> &'static str {
    match response {
        ResponseCode::RunsOn => "runs on",
        ResponseCode::Degraded => "degraded",
        ResponseCode::Ambiguous => "ambiguous",
        ResponseCode::FailsOver => "fails over",
        ResponseCode::Offline => "offline",
    }
}

impl Render for DeviceReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let nodes = if self.host.hosts.len() == 1 { "one node" } else { "two nodes" };
        page.line(&format!("{}, {nodes}", self.title), Tone::Head);
        page.wrapped(&format!("[{}, {}]", self.page, self.page_date), Tone::Dim, 2);
        page.blank();
        let machines: Vec<Vec<Cell>> = self
            .host
            .hosts
            .iter()
            .flat_map(|host| {
                host.before.iter().map(move |m| {
                    let size = format!(
                        "{} vCPU, {}",
                        format_amount("cpu", m.size.vcpu_milli),
                        format_amount("memory", m.size.memory_bytes)
                    );
                    let over =
                        if m.highly_available { "restarts on the other host" } else { "stays" };
                    vec![
                        host.name.as_str().into(),
                        m.name.as_str().into(),
                        m.kind.as_str().into(),
                        size.into(),
                        over.into(),
                    ]
                })
            })
            .collect();
        page.table(&["HOST", "MACHINE", "KIND", "SIZE", "HOST LOST"], &machines);
        page.blank();
        let now = self.now.iter().map(|fit| holds(page, &format!("host {} now", fit.host), fit));
        let left =
            self.losses.iter().map(|fit| holds(page, &format!("host {} alone", fit.host), fit));
        let fits: Vec<Vec<Cell>> = now.chain(left).collect();
        if !fits.is_empty() {
            page.table(&["HOST", "HOLDS", "FREE", "FIT"], &fits);
            page.blank();
        }
        capacity(page, &self.host);
        half_rule(page, &self.host);
        page.blank();
        let row = |f: &PartFailure| {
            let tone = match f.response {
                ResponseCode::RunsOn | ResponseCode::Degraded => Tone::Plain,
                ResponseCode::Ambiguous | ResponseCode::FailsOver => Tone::Warn,
                ResponseCode::Offline => Tone::Bad,
            };
            vec![
                f.parts.join(", ").into(),
                Cell::new(words(f.response), tone),
                f.text.as_str().into(),
            ]
        };
        let rows: Vec<Vec<Cell>> = self.failures.iter().map(row).collect();
        page.table(&["FAILS", "DEVICE", "WHY"], &rows);
        page.blank();
        for warning in &self.host.warnings {
            page.wrapped(&format!("{} {}", page.glyphs.warn, warning.text), Tone::Warn, 2);
        }
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let (symbol, tone, word) = match self.verdict {
            DeviceVerdict::Fits => (page.glyphs.good, Tone::Good, "FITS"),
            DeviceVerdict::DoesNotFit => (page.glyphs.bad, Tone::Bad, "DOES NOT FIT"),
            DeviceVerdict::OneNode => (page.glyphs.warn, Tone::Warn, "ONE NODE"),
        };
        page.put(&format!("{symbol} {word}"), tone);
        page.line(&format!(": {}.", self.why.text), Tone::Plain);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.failures.iter().collect(), sort_by)
    }
}

/// What a host holds, now or as the one that is left.
fn holds(page: &Page, name: &str, fit: &HostFitReport) -> Vec<Cell> {
    let amounts = |a: crate::report::Amounts| {
        format!(
            "{} vCPU, {}",
            format_amount("cpu", a.vcpu_milli),
            format_amount("memory", a.memory_bytes)
        )
    };
    let (text, tone) = match fit.fits {
        true => (format!("{} fits", page.glyphs.good), Tone::Good),
        false => (format!("{} does not fit", page.glyphs.bad), Tone::Bad),
    };
    vec![name.into(), amounts(fit.needed).into(), amounts(fit.slack).into(), Cell::new(text, tone)]
}
