//! The table of an audit: cases, worst first, one line of verdict.

use super::list::{Item, Key, SortError, csv, sort};
use super::page::{Cell, Page, Tone};
use super::what_if::{assumed, notes, verdict_symbol};
use super::{Format, Render, RenderOptions};
use crate::report::{AuditCase, AuditReport, Verdict, cut_words};

/// Cases in a table before the rest is counted.
const CASES_MAX: usize = 40;

/// Worst first.
fn rank(verdict: Verdict) -> i64 {
    -i64::from(verdict.rank())
}

impl Item for AuditCase {
    const COLUMNS: &'static [&'static str] = &[
        "failed",
        "host",
        "domain",
        "verdict",
        "predicted",
        "moves",
        "pending",
        "waiting",
        "lost",
        "stuck",
        "not-evaluated",
        "certificate",
        "why",
    ];

    fn key(&self, column: &str) -> Key {
        let c = &self.counts;
        match column {
            "failed" => self.failed.join("+").as_str().into(),
            "host" => self.host.as_deref().into(),
            "domain" => self.domain.as_deref().into(),
            "verdict" => rank(self.verdict).into(),
            "predicted" => self.predicted.as_str().into(),
            "moves" => c.moves.into(),
            "pending" => c.pending.into(),
            "waiting" => c.waiting.into(),
            "lost" => c.lost.into(),
            "stuck" => c.stuck.into(),
            "not-evaluated" => c.not_evaluated.into(),
            "certificate" => self.certificate.map(|c| c.name()).into(),
            _ => self.why.text.as_str().into(),
        }
    }

    fn cell(&self, column: &str) -> Key {
        match column {
            "verdict" => self.verdict.words().replace(' ', "-").as_str().into(),
            _ => self.key(column),
        }
    }
}

impl Render for AuditReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let mut cases: Vec<&AuditCase> = self.cases.iter().collect();
        match &options.sort_by {
            None => cases.sort_by_key(|c| {
                let hurt = c.counts.pending + c.counts.waiting + c.counts.lost + c.counts.stuck;
                (rank(c.verdict), std::cmp::Reverse(hurt))
            }),
            Some(column) => sort(&mut cases, Some(column))?,
        }
        let what = match (&self.domain, self.k) {
            (Some(domain), _) => format!("every {domain}"),
            (None, 1) => "every single node".into(),
            (None, k) => format!("every set of up to {k} nodes"),
        };
        page.put(&format!("Audit: {what} lost, one case after the other"), Tone::Head);
        page.put(&format!("  ({})", self.mode.name()), Tone::Dim);
        page.end();
        page.blank();
        let shown = if wide { cases.len() } else { cases.len().min(CASES_MAX) };
        let rows: Vec<Vec<Cell>> = cases[..shown].iter().map(|c| row(page, c)).collect();
        page.table(&["LOST", "VERDICT", "SCHEDULER", "WHY"], &rows);
        if shown < cases.len() {
            let text = format!(
                "{} {} more cases, none worse (-o wide)",
                page.glyphs.more,
                cases.len() - shown
            );
            page.line(&text, Tone::Dim);
        }
        page.blank();
        if self.nodes_without_domain > 0 {
            let text = format!(
                "{} node(s) have no such label and are in no case",
                self.nodes_without_domain
            );
            page.line(&text, Tone::Warn);
        }
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let (symbol, tone) = verdict_symbol(page, self.verdict);
        page.put(&format!("{symbol} {}", self.verdict.words().to_uppercase()), tone);
        let scope = self.scope.words(self.moves_allowed);
        let rest = format!(" ({scope}): {}.{}", self.why.text, assumed(&self.assumed));
        page.line(&rest, Tone::Plain);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.cases.iter().collect(), sort_by)
    }
}

fn row(page: &Page, case: &AuditCase) -> Vec<Cell> {
    let (symbol, tone) = verdict_symbol(page, case.verdict);
    let lost = match (&case.host, &case.domain) {
        (Some(host), _) => format!("host {host}"),
        (_, Some(domain)) => domain.clone(),
        _ => case.failed.join(" + "),
    };
    let proof = case.certificate.map(|c| match c {
        crate::report::Certificate::Placement => String::new(),
        c => format!(" ({})", c.words()),
    });
    let hint = case.hint.as_ref().map(|h| format!("; {}", h.words));
    let cut = cut_words(case.stop, case.cut_stage).map(|cut| format!(". {cut}"));
    vec![
        lost.into(),
        Cell::new(format!("{symbol} {}", case.verdict.words()), tone),
        case.predicted.as_str().into(),
        [
            case.why.text.clone(),
            proof.unwrap_or_default(),
            hint.unwrap_or_default(),
            cut.unwrap_or_default(),
        ]
        .concat()
        .into(),
    ]
}
