//! Why it does not fit and what would make it fit, in a table of a few lines.

use super::page::{Page, Tone};
use crate::report::{CauseReport, DropReport, RepairReport, RepairStep};

/// Lines of each part before the rest is counted.
const LINES_MAX: usize = 5;

/// `pending`: the pods that are listed as without a place above; that the others fit without them says nothing new.
pub(super) fn text(page: &mut Page, cause: &CauseReport, pending: &[String], wide: bool) {
    let most = if wide { usize::MAX } else { LINES_MAX };
    let shortages = cause.shortages.iter().map(|s| s.text.clone());
    let hindrances = cause.hindrances.iter().map(|h| h.text.clone());
    let why: Vec<String> = shortages.chain(hindrances).collect();
    list(page, "Why it does not fit:", &why, most, bullet);
    let is_news = |d: &&DropReport| {
        !d.survivors.is_empty() || d.displaced.iter().any(|p| !pending.contains(p))
    };
    let drops = cause.drops.iter().filter(is_news).map(|d| d.text.clone());
    let additions = cause.additions.iter().map(|a| a.text.clone());
    let nodes = cause.new_nodes.iter().map(|n| format!("one more node like {n}"));
    let mut together = cause.repair.as_ref().map(together).unwrap_or_default();
    let single = if together.len() == 1 { together.pop() } else { None };
    let all: Vec<String> = single.into_iter().chain(additions).chain(nodes).chain(drops).collect();
    list(page, "What would make it fit, one of:", &all, most, bullet);
    list(page, "What would make it fit, together:", &together, usize::MAX, number);
    if !cause.cuts.is_empty() {
        page.wrapped(&format!("The search was cut: {}.", cause.cuts.join("; ")), Tone::Dim, 2);
    }
}

/// The first names, and how many more.
fn some(names: &[String]) -> String {
    let shown = names[..names.len().min(LINES_MAX)].join(", ");
    match names.len().saturating_sub(LINES_MAX) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A line for each change, and one for those left out.
fn together(repair: &RepairReport) -> Vec<String> {
    let step = |s: &RepairStep| match s.pods.as_slice() {
        [one] => format!("{one}: {}", s.text),
        [] => s.text.clone(),
        [first, others @ ..] => format!("{first} and {} more: {}", others.len(), s.text),
    };
    let mut lines: Vec<String> = repair.steps.iter().map(step).collect();
    if !repair.without.is_empty() {
        lines.push(format!("leave out {}: nothing found gives a place", some(&repair.without)));
    }
    lines
}

/// At most so many lines, each after its mark.
fn list(page: &mut Page, head: &str, items: &[String], most: usize, mark: fn(usize) -> String) {
    if items.is_empty() {
        return;
    }
    page.blank();
    page.line(head, Tone::Dim);
    let shown = items.len().min(most);
    for (i, item) in items[..shown].iter().enumerate() {
        let mark = mark(i);
        page.wrapped(&format!("{mark} {item}"), Tone::Plain, mark.len() + 1);
    }
    if shown < items.len() {
        let text = format!("{} {} more (-o wide)", page.glyphs.more, items.len() - shown);
        page.line(&text, Tone::Dim);
    }
}

fn bullet(_: usize) -> String {
    "-".into()
}

fn number(index: usize) -> String {
    format!("{}.", index + 1)
}
