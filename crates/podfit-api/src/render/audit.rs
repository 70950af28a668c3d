//! The table of an audit: cases, worst first, one line of verdict.

use super::list::{Item, Key, SortError, csv, sort};
use super::metrics::{Family, Value};
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

    fn metrics(&self) -> Option<Vec<Family>> {
        Some(metrics(self))
    }
}

/// What a case is one of: the device's hosts, a label's values, or nodes.
fn kind(report: &AuditReport, case: &AuditCase) -> String {
    match (&case.host, &report.domain) {
        (Some(_), _) => "host".into(),
        (None, Some(label)) => label.clone(),
        (None, None) => "node".into(),
    }
}

/// The name of what one thing alone is lost; none where several nodes are, each with a name of its own.
fn name(case: &AuditCase) -> Option<&str> {
    match (&case.host, &case.domain, case.failed.as_slice()) {
        (Some(name), _, _) | (None, Some(name), _) => Some(name),
        (None, None, [node]) => Some(node),
        _ => None,
    }
}

/// Whether a loss is survived; none where that is not known.
fn survived(case: &AuditCase) -> Option<bool> {
    match case.verdict {
        Verdict::Survives => Some(true),
        Verdict::Unknown => None,
        _ => Some(false),
    }
}

fn metrics(report: &AuditReport) -> Vec<Family> {
    let mut losses = Family::new(
        "podfit_survivable_losses",
        "How many may be lost at once, whichever they are, so that every pod that should come back does; as far as was asked. NaN: not known.",
    );
    let mut kinds: Vec<String> = report.cases.iter().map(|case| kind(report, case)).collect();
    kinds.dedup();
    for of in kinds {
        let value = survivable(report, &of);
        losses = losses.with(vec![("of", of)], value);
    }
    let mut survive = Family::new(
        "podfit_loss_survived",
        "Whether every pod that should come back does after this loss: 1 yes, 0 no, NaN not known.",
    );
    let mut recovery = Family::new(
        "podfit_recovery_seconds",
        "From this loss until the last pod that comes back by itself is ready, at least (bound=min) and at most (bound=max). Absent where none does or when is not known.",
    );
    for case in &report.cases {
        let Some(lost) = name(case) else { continue };
        let labels = vec![("lost", lost.to_string()), ("of", kind(report, case))];
        let value = survived(case).map_or(Value::Unknown, |yes| Value::Number(yes.into()));
        survive = survive.with(labels.clone(), value);
        if let Some(span) = case.recovered_after_seconds {
            let bound = |bound: &str| {
                let bound = ("bound", bound.to_string());
                labels.iter().cloned().chain([bound]).collect::<Vec<_>>()
            };
            let max = span.max.map_or(Value::Unbounded, Value::from);
            recovery = recovery.with(bound("min"), span.min.into()).with(bound("max"), max);
        }
    }
    let mut headroom = Family::new(
        "podfit_headroom",
        "What the nodes left have free of a resource in the worst case asked, once all that is displaced has taken its part: cores, bytes, or pieces. Negative: short.",
    );
    for (resource, &left) in &report.headroom {
        let value = if resource == "cpu" { Value::Milli(left) } else { Value::Number(left) };
        headroom = headroom.with(vec![("resource", resource.clone())], value);
    }
    let unrequested = Family::new(
        "podfit_unrequested_pods",
        "Pods that state no request for CPU or none for memory: what is said of them says little.",
    );
    let unrequested = unrequested.with(vec![], Value::Number(report.unrequested_pods as i64));
    vec![losses, survive, recovery, headroom, unrequested]
}

/// The greatest number of things of a kind whose loss is survived, whichever they are.
fn survivable(report: &AuditReport, of: &str) -> Value {
    let size = |case: &AuditCase| if of == "node" { case.failed.len() } else { 1 };
    let cases = || report.cases.iter().filter(|case| kind(report, case) == of);
    let sizes = cases().map(size).max().unwrap_or(0);
    // Cases that were not asked are sets of the greatest size, or of greater ones.
    let left_out = report.cases_all > report.cases_asked as u64;
    for n in 1..=sizes {
        let mut all = cases().filter(|case| size(case) == n).map(survived);
        let is_open = all.clone().any(|s| s.is_none()) || left_out && n == sizes && of != "host";
        if all.any(|s| s == Some(false)) {
            return Value::Number(n as i64 - 1);
        }
        if is_open {
            return Value::Unknown;
        }
    }
    Value::Number(sizes as i64)
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
    let back = case.recovered_after_seconds.map(|span| format!("; back after {}", span.words()));
    let cut = cut_words(case.stop, case.cut_stage).map(|cut| format!(". {cut}"));
    vec![
        lost.into(),
        Cell::new(format!("{symbol} {}", case.verdict.words()), tone),
        case.predicted.as_str().into(),
        [
            case.why.text.clone(),
            proof.unwrap_or_default(),
            hint.unwrap_or_default(),
            back.unwrap_or_default(),
            cut.unwrap_or_default(),
        ]
        .concat()
        .into(),
    ]
}
