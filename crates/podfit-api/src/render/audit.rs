//! The table of an audit: cases, worst first, one line of verdict.

use super::page::{Cell, Page, Tone};
use super::sort::{Key, SortError, sort};
use super::what_if::{notes, verdict_symbol};
use super::{Format, RenderOptions};
use crate::report::{AuditCase, AuditReport, Verdict};

/// Cases in a table before the rest is counted.
const CASES_MAX: usize = 40;

pub(super) const COLUMNS: [&str; 13] = [
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

/// Worst first.
fn rank(verdict: Verdict) -> i64 {
    match verdict {
        Verdict::DoesNotFit => 0,
        Verdict::Unknown => 1,
        Verdict::SurvivesIfPlacedWell => 2,
        Verdict::SurvivesWithLosses => 3,
        Verdict::Survives => 4,
    }
}

pub(super) fn key(case: &AuditCase, column: &str) -> Key {
    let c = &case.counts;
    match column {
        "failed" => case.failed.join("+").as_str().into(),
        "host" => case.host.as_deref().into(),
        "domain" => case.domain.as_deref().into(),
        "verdict" => rank(case.verdict).into(),
        "predicted" => case.predicted.as_str().into(),
        "moves" => c.moves.into(),
        "pending" => c.pending.into(),
        "waiting" => c.waiting.into(),
        "lost" => c.lost.into(),
        "stuck" => c.stuck.into(),
        "not-evaluated" => c.not_evaluated.into(),
        "certificate" => case.certificate.map(|c| c.name()).into(),
        _ => case.why.as_str().into(),
    }
}

pub(super) fn text(
    page: &mut Page,
    report: &AuditReport,
    options: &RenderOptions,
) -> Result<(), SortError> {
    let wide = options.format == Format::Wide;
    let mut cases: Vec<&AuditCase> = report.cases.iter().collect();
    match &options.sort_by {
        None => cases.sort_by_key(|c| {
            let hurt = c.counts.pending + c.counts.waiting + c.counts.lost + c.counts.stuck;
            (rank(c.verdict), std::cmp::Reverse(hurt))
        }),
        Some(column) => sort(&mut cases, Some(column), &COLUMNS, |_, _| None, key)?,
    }
    let what = match (&report.domain, report.k) {
        (Some(domain), _) => format!("every {domain}"),
        (None, 1) => "every single node".into(),
        (None, k) => format!("every set of up to {k} nodes"),
    };
    page.put(&format!("Audit: {what} lost, one case after the other"), Tone::Head);
    page.put(&format!("  ({})", report.mode.name()), Tone::Dim);
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
    if report.nodes_without_domain > 0 {
        let text = format!(
            "{} node(s) have no such label and are in no case",
            report.nodes_without_domain
        );
        page.line(&text, Tone::Warn);
    }
    notes(page, &report.assumptions, &report.not_evaluated, wide);
    page.blank();
    let (symbol, tone) = verdict_symbol(page, report.verdict);
    page.put(&format!("{symbol} {}", report.verdict.words().to_uppercase()), tone);
    let scope = report.scope.words(report.moves_allowed);
    page.line(&format!(" ({scope}): {}.", report.why), Tone::Plain);
    Ok(())
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
    vec![
        lost.into(),
        Cell::new(format!("{symbol} {}", case.verdict.words()), tone),
        case.predicted.as_str().into(),
        format!("{}{}{}", case.why, proof.unwrap_or_default(), hint.unwrap_or_default()).into(),
    ]
}
