//! The table of a what-if: nodes, pods without a good end, movers, one line of verdict.

use super::host::device;
use super::list::{Item, Key, SortError, csv, sort};
use super::nodes;
use super::page::{Cell, Page, Tone, sentence_case};
use super::services::services;
use super::{Format, Render, RenderOptions};
use crate::report::{
    CertaintyCode, Evicted, HintReport, Listed, NearestFix, ObjectRef, PodCounts, PodReason,
    PodReasonCode, PodReport, PodVerdict, PredictionReport, Unrequested, Verdict, WhatIfReport,
    cut_words,
};
use std::collections::BTreeMap;

/// Lines of pods in a table before the rest is counted.
const LINES_MAX: usize = 40;

impl Item for PodReport {
    const COLUMNS: &'static [&'static str] = &[
        "namespace",
        "name",
        "verdict",
        "from",
        "to",
        "predicted",
        "owner",
        "priority",
        "notes",
        "code",
        "reason",
    ];

    fn key(&self, column: &str) -> Key {
        match column {
            "namespace" => self.namespace.as_str().into(),
            "name" => self.name.as_str().into(),
            "verdict" => Key::Number(self.verdict as i64),
            "from" => self.from.as_deref().into(),
            "to" => self.to.as_deref().into(),
            "predicted" => self.predicted.map_or(Key::None, |n| i64::from(n).into()),
            "owner" => self.owner.as_ref().map(ObjectRef::words).as_deref().into(),
            "priority" => i64::from(self.priority).into(),
            "notes" => self.notes.join("; ").as_str().into(),
            "code" => self.reason.code.name().as_str().into(),
            _ => with_fix(&self.reason, self.fix.as_ref()).as_str().into(),
        }
    }

    fn cell(&self, column: &str) -> Key {
        match column {
            "verdict" => self.verdict.name().into(),
            _ => self.key(column),
        }
    }

    fn requests(&self) -> Option<&BTreeMap<String, i64>> {
        Some(&self.requests)
    }
}

impl Render for WhatIfReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let mut pods: Vec<&PodReport> = self.pods.iter().collect();
        match &options.sort_by {
            None => pods.sort_by_key(|p| p.verdict),
            Some(column) => sort(&mut pods, Some(column))?,
        }
        headline(page, self);
        if let Some(host) = &self.host {
            page.blank();
            device(page, host);
        }
        page.blank();
        nodes::draw(page, &self.nodes, wide);
        let troubled = |p: &&&PodReport| {
            use PodVerdict as V;
            matches!(p.verdict, V::Pending | V::NotEvaluated | V::Stuck | V::Lost | V::Waiting)
        };
        let trouble: Vec<&PodReport> = pods.iter().filter(troubled).copied().collect();
        troubles(page, &trouble, wide);
        movers(page, &pods, self.prediction.as_ref(), wide);
        if let Some(cause) = &self.cause {
            let pending: Vec<String> = pods
                .iter()
                .filter(|p| matches!(p.verdict, PodVerdict::Pending | PodVerdict::Stuck))
                .map(|p| format!("{}/{}", p.namespace, p.name))
                .collect();
            super::cause::text(page, cause, &pending, wide);
        }
        if wide {
            levels(page, self);
        }
        small_print(page, self, wide);
        page.blank();
        verdict_line(page, self);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.pods.iter().collect(), sort_by)
    }
}

fn headline(page: &mut Page, report: &WhatIfReport) {
    let what = match report.failed_hosts.as_slice() {
        _ if !report.failed_parts.is_empty() => Some(report.failed_parts.join(" and ")),
        [] => None,
        hosts => {
            Some(format!("host{} {}", if hosts.len() > 1 { "s" } else { "" }, hosts.join(" and ")))
        }
    };
    let nodes = match report.failed.len() {
        0 => "no node".to_string(),
        1..=6 => {
            let (last, others) = report.failed.split_last().expect("one or more");
            let others = others.join(", ");
            if others.is_empty() { last.clone() } else { format!("{others} and {last}") }
        }
        n => format!("{}, {} {} more", report.failed[..5].join(", "), page.glyphs.more, n - 5),
    };
    let (question, verb) = match report.mode {
        crate::Mode::NotReady => ("fails", "not ready"),
        crate::Mode::Deleted => ("is deleted", "deleted"),
        crate::Mode::Drained => ("is drained", "drained"),
    };
    let is_many = report.failed_parts.len() > 1
        || report.failed.len() + report.failed_hosts.len() > 1 && what.is_none();
    let question = if is_many {
        question.replace("fails", "fail").replace("is ", "are ")
    } else {
        question.into()
    };
    let detail = match &what {
        Some(_) if report.failed.is_empty() => "  no node is lost".into(),
        Some(_) => format!("  {nodes}: {verb}"),
        None if report.mode == crate::Mode::NotReady => format!("  ({verb})"),
        None => String::new(),
    };
    page.put(&format!("What if {} {question}?", what.as_deref().unwrap_or(&nodes)), Tone::Head);
    page.put(&detail, Tone::Dim);
    page.end();
}

fn symbol(page: &Page, verdict: PodVerdict) -> (&'static str, Tone) {
    match verdict {
        PodVerdict::Pending | PodVerdict::Lost => (page.glyphs.bad, Tone::Bad),
        PodVerdict::Stuck | PodVerdict::Waiting => (page.glyphs.warn, Tone::Warn),
        PodVerdict::NotEvaluated => (page.glyphs.open, Tone::Warn),
        PodVerdict::Moves | PodVerdict::Placed => (page.glyphs.good, Tone::Good),
        PodVerdict::Gone | PodVerdict::Stays => (" ", Tone::Dim),
    }
}

/// Pods without a good end. In the table, those of one workload with one reason share a line.
pub(super) fn troubles(page: &mut Page, pods: &[&PodReport], wide: bool) {
    if pods.is_empty() {
        return;
    }
    let mut groups: Vec<(&PodReport, usize)> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for pod in pods {
        let workload = workload_or_pod(pod.workload.as_ref().filter(|_| !wide), &pod.name);
        let key = (&pod.namespace, workload, pod.verdict, &pod.reason.text);
        let at = known.entry(key).or_insert(groups.len());
        match groups.get_mut(*at) {
            Some(group) => group.1 += 1,
            None => groups.push((pod, 1)),
        }
    }
    page.blank();
    let shown = if wide { groups.len() } else { groups.len().min(LINES_MAX) };
    let rows: Vec<Vec<Cell>> = groups[..shown]
        .iter()
        .map(|(pod, n)| {
            let (symbol, tone) = symbol(page, pod.verdict);
            let others = if *n > 1 { format!(" +{} alike", n - 1) } else { String::new() };
            vec![
                Cell::new(format!("{symbol} {}", pod.verdict.name()), tone),
                Cell::from(format!("{}/{}{others}", pod.namespace, pod.name)),
                with_fix(&pod.reason, pod.fix.as_ref()).into(),
            ]
        })
        .collect();
    page.table(&["", "POD", "REASON"], &rows);
    if shown < groups.len() {
        let text = format!("{} {} more (-o wide)", page.glyphs.more, groups.len() - shown);
        page.line(&text, Tone::Dim);
    }
}

/// Pods that move: by workload in the table, each in `wide`.
fn movers(page: &mut Page, pods: &[&PodReport], prediction: Option<&PredictionReport>, wide: bool) {
    let movers: Vec<&PodReport> = pods
        .iter()
        .filter(|p| matches!(p.verdict, PodVerdict::Moves | PodVerdict::Placed))
        .copied()
        .collect();
    if movers.is_empty() {
        return;
    }
    page.blank();
    let arrow = page.glyphs.arrow;
    let way = |p: &PodReport| {
        let end = |n: &Option<String>| n.clone().unwrap_or_else(|| "-".into());
        format!("{} {arrow} {}", end(&p.from), end(&p.to))
    };
    let note = |p: &PodReport| {
        // Those that stood on a surviving node say why they do not stay.
        let by_us = matches!(p.reason.code, PodReasonCode::MakesRoom | PodReasonCode::Preempted);
        let room = by_us.then(|| p.reason.text.clone());
        let is_assumed = p.reason.code == PodReasonCode::RecreatedAssumed;
        let assumed = p.owner.as_ref().filter(|_| is_assumed);
        let assumed = assumed.map(|owner| format!("recreated by {} (assumed)", owner.kind));
        let seeds = prediction.map_or(0, |p| p.seeds);
        let missed = p
            .predicted
            .filter(|&n| n < seeds)
            .map(|n| format!("the default scheduler finds room in {n} of {seeds} seeds"));
        let back = p.back_after_seconds.as_ref().map(|span| format!("back after {}", span.words()));
        room.into_iter()
            .chain(back)
            .chain(missed)
            .chain(assumed)
            .chain(p.notes.iter().cloned())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let (good, tone) = symbol(page, PodVerdict::Moves);
    if wide {
        let row = |p: &&PodReport| {
            vec![
                Cell::new(format!("{good} moves"), tone),
                format!("{}/{}", p.namespace, p.name).into(),
                way(p).into(),
                note(p).into(),
            ]
        };
        page.table(&["", "POD", "WAY", "NOTE"], &movers.iter().map(row).collect::<Vec<_>>());
        return;
    }
    let mut groups: Vec<(String, String, String, usize)> = Vec::new();
    let mut known: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for pod in movers {
        let (_, workload) = workload_or_pod(pod.workload.as_ref(), &pod.name);
        let group = (format!("{}/{workload}", pod.namespace), way(pod), note(pod));
        let at = *known.entry(group.clone()).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.3 += 1,
            None => groups.push((group.0, group.1, group.2, 1)),
        }
    }
    let shown = groups.len().min(LINES_MAX);
    let times = page.glyphs.times;
    let rows: Vec<Vec<Cell>> = groups[..shown]
        .iter()
        .map(|(workload, way, note, n)| {
            vec![
                Cell::new(format!("{good} moves"), tone),
                if *n > 1 { format!("{workload} {times}{n}") } else { workload.clone() }.into(),
                way.as_str().into(),
                note.as_str().into(),
            ]
        })
        .collect();
    page.table(&["", "WORKLOAD", "WAY", "NOTE"], &rows);
    if shown < groups.len() {
        let text = format!("{} {} more (-o wide)", page.glyphs.more, groups.len() - shown);
        page.line(&text, Tone::Dim);
    }
}

fn levels(page: &mut Page, report: &WhatIfReport) {
    page.blank();
    levels_table(page, &report.levels);
}

pub(super) fn levels_table(page: &mut Page, levels: &[crate::report::Level]) {
    let number = |n: Option<i64>| n.map_or("open".to_string(), |n| n.to_string());
    let row = |l: &crate::report::Level| {
        let cells = [l.name.clone(), l.objective.to_string(), number(l.bound), number(l.gap)];
        cells.into_iter().map(Cell::from).collect()
    };
    page.table(
        &["LEVEL", "OBJECTIVE", "BOUND", "GAP"],
        &levels.iter().map(row).collect::<Vec<_>>(),
    );
}

/// How many pods of each verdict, those left out that stay or go with their nodes: `2 move`, `1 pending`.
pub(super) fn touched(c: &PodCounts) -> Vec<String> {
    let all = [
        (c.moves, "move"),
        (c.placed, "placed"),
        (c.pending, "pending"),
        (c.waiting, "waiting"),
        (c.stuck, "stuck"),
        (c.lost, "lost"),
        (c.not_evaluated, "not evaluated"),
    ];
    counted(all).collect()
}

fn counted<const N: usize>(counts: [(usize, &'static str); N]) -> impl Iterator<Item = String> {
    counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"))
}

/// Counts, what was pending before, assumptions and what was not evaluated.
fn small_print(page: &mut Page, report: &WhatIfReport, wide: bool) {
    page.blank();
    let c = &report.counts;
    let before = c.pending_before;
    let rest = [(c.gone, "gone"), (c.stays, "stay")];
    let parts: Vec<String> = touched(c).into_iter().chain(counted(rest)).collect();
    let mut text = format!("Pods: {}", parts.join(page.glyphs.dot));
    if before > 0 {
        text += &format!(" ({before} pending before)");
    }
    page.wrapped(&text, Tone::Plain, 6);
    services(page, &report.services);
    if let Some(listed) = &report.pods_listed {
        page.wrapped(&listed_note(listed), Tone::Dim, 2);
    }
    notes(page, &report.assumptions, &report.not_evaluated, wide);
}

pub(super) fn listed_note(listed: &Listed) -> String {
    format!(
        "Listed: {} of {} pods ({}). Verdict and counts are for all.",
        listed.shown, listed.all, listed.filter
    )
}

pub(super) fn notes(page: &mut Page, assumptions: &[String], not_evaluated: &[String], wide: bool) {
    if !wide {
        if !not_evaluated.is_empty() {
            let text = format!("Not evaluated: {}", brief(not_evaluated));
            page.wrapped(&text, Tone::Warn, 2);
        }
        if !assumptions.is_empty() {
            let text = format!("Assumptions: {} (-o wide lists them)", assumptions.len());
            page.line(&text, Tone::Dim);
        }
        return;
    }
    for (head, items) in [("Not evaluated:", not_evaluated), ("Assumed:", assumptions)] {
        if !items.is_empty() {
            page.line(head, Tone::Dim);
            items.iter().for_each(|item| page.wrapped(&format!("- {item}"), Tone::Plain, 2));
        }
    }
}

fn brief(items: &[String]) -> String {
    let shown = items.len().min(3);
    let more = if items.len() > shown {
        format!("; {} more (-o wide)", items.len() - shown)
    } else {
        String::new()
    };
    format!("{}{more}", items[..shown].join("; "))
}

/// What the verdict rests on beside the input; empty where on nothing.
pub(super) fn assumed(clauses: &[String]) -> String {
    match clauses {
        [] => String::new(),
        clauses => format!(" Assumed: {}.", clauses.join("; ")),
    }
}

/// How many pods say nothing of what they need; empty where all do.
pub(super) fn unrequested(u: Unrequested) -> String {
    match u.unrequested {
        0 => String::new(),
        n => format!(
            " {n} of {} state no request for CPU or memory: \"fits\" says little of them.",
            if u.displaced == 1 { "1 pod".into() } else { format!("{} pods", u.displaced) }
        ),
    }
}

/// What the default scheduler does, and what helps it.
pub(super) fn scheduler(
    prediction: Option<&PredictionReport>,
    hint: Option<&HintReport>,
) -> String {
    let mut text = match prediction {
        None => " The default scheduler was not asked.".into(),
        Some(p) if p.certain == Some(CertaintyCode::NothingToPlace) => String::new(),
        Some(p) => format!(" {}.", sentence_case(&p.words)),
    };
    if let Some(hint) = hint {
        text += &format!(" {}.", sentence_case(&hint.words));
    }
    text
}

/// Where not all fit: whom the default scheduler evicts all the same, and `then` what that means for the lists. Empty where
/// nobody.
pub(super) fn preempted(prediction: Option<&PredictionReport>, then: &str) -> String {
    const NAMES_MAX: usize = 4;
    let Some(p) = prediction.filter(|p| !p.evicted.is_empty()) else { return String::new() };
    let name = |e: &Evicted| match e.seeds == p.seeds {
        true => e.pod.clone(),
        false => format!("{} (in {} of {} seeds)", e.pod, e.seeds, p.seeds),
    };
    let mut names: Vec<String> = p.evicted.iter().take(NAMES_MAX).map(name).collect();
    if p.evicted.len() > NAMES_MAX {
        names.push(format!("{} more", p.evicted.len() - NAMES_MAX));
    }
    format!(" The default scheduler evicts {} for pods of higher priority{then}.", names.join(", "))
}

fn verdict_line(page: &mut Page, report: &WhatIfReport) {
    let (symbol, tone) = verdict_symbol(page, report.verdict);
    let scope = report.scope.words(report.moves_allowed);
    page.put(&format!("{symbol} {}", report.verdict.words().to_uppercase()), tone);
    let mut rest = format!(" ({scope}): {}.", report.why.text);
    rest += &match report.verdict {
        Verdict::DoesNotFit | Verdict::Unknown => {
            preempted(report.prediction.as_ref(), ": the lists have what happens then")
        }
        Verdict::Stalls | Verdict::Down => String::new(),
        _ => scheduler(report.prediction.as_ref(), report.hint.as_ref()),
    };
    if let Some(proof) = &report.proof {
        rest += &format!(" {}.", sentence_case(proof));
    }
    if let Some(cut) = cut_words(report.stop, report.cut_stage) {
        rest += &format!(" {cut}");
    }
    if let Some(after) = &report.after_recovery {
        let fits = match (after.fits, after.verdict) {
            (_, Verdict::Unknown) | (None, _) => "unknown",
            (Some(true), _) => "fits",
            (Some(false), _) => "does not fit",
        };
        rest += &format!(" Once the control plane is back: {fits}.");
    }
    rest += &unrequested(report.unrequested);
    rest += &assumed(&report.assumed);
    page.line(&rest, Tone::Plain);
}

/// Kind and name of what a line of a table is for: a workload, or a pod that has none.
pub(super) fn workload_or_pod<'r>(
    workload: Option<&'r ObjectRef>,
    pod: &'r str,
) -> (&'r str, &'r str) {
    let named = workload.and_then(|w| Some((w.kind.as_str(), w.name.as_deref()?)));
    named.unwrap_or(("Pod", pod))
}

/// A reason with the nearest fix.
pub(super) fn with_fix(reason: &PodReason, fix: Option<&NearestFix>) -> String {
    match fix {
        Some(fix) => format!("{}. Nearest fix: {}", reason.text, fix.text),
        None => reason.text.clone(),
    }
}

pub(super) fn verdict_symbol(page: &Page, verdict: Verdict) -> (&'static str, Tone) {
    match verdict {
        Verdict::Survives => (page.glyphs.good, Tone::Good),
        Verdict::SurvivesWithLosses | Verdict::SurvivesIfPlacedWell => {
            (page.glyphs.warn, Tone::Warn)
        }
        Verdict::DoesNotFit | Verdict::Stalls | Verdict::Down => (page.glyphs.bad, Tone::Bad),
        Verdict::Unknown => (page.glyphs.open, Tone::Warn),
    }
}
