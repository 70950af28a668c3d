//! Why it does not fit and what would make it fit, in a table of a few lines.

use super::page::{Page, Tone};
use crate::report::{CauseReport, DropReport, RepairReport, RepairStep};

/// Lines of each part before the rest is counted.
const LINES_MAX: usize = 5;

/// `pending`: the pods that are told as without a place already; that the others fit without them is no news.
pub(super) fn text(page: &mut Page, cause: &CauseReport, pending: &[String], wide: bool) {
    let shortages = cause.shortages.iter().map(|s| s.text.clone());
    let hindrances = cause.hindrances.iter().map(|h| h.text.clone());
    list(page, "Why it does not fit:", shortages.chain(hindrances).collect(), wide);
    let is_news = |d: &&DropReport| {
        !d.survivors.is_empty() || d.displaced.iter().any(|p| !pending.contains(p))
    };
    let drops = cause.drops.iter().filter(is_news).map(|d| d.text.clone());
    let additions = cause.additions.iter().map(|a| a.text.clone());
    let nodes = cause.new_nodes.iter().map(|n| format!("one more node like {n}"));
    let mut together = cause.repair.as_ref().map(together).unwrap_or_default();
    let single = if together.len() == 1 { together.pop() } else { None };
    let all = single.into_iter().chain(additions).chain(nodes).chain(drops).collect();
    list(page, "What would make it fit, one of:", all, wide);
    numbered(page, "What would make it fit, together:", &together);
    if !cause.cuts.is_empty() {
        page.wrapped(&format!("The search was cut: {}.", cause.cuts.join("; ")), Tone::Dim, 2);
    }
}

/// The first names, and how many more.
fn some(names: &[String]) -> String {
    let told = names[..names.len().min(LINES_MAX)].join(", ");
    match names.len().saturating_sub(LINES_MAX) {
        0 => told,
        more => format!("{told} and {more} more"),
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

/// A line each, in an order that matters.
fn numbered(page: &mut Page, head: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    page.blank();
    page.line(head, Tone::Dim);
    for (i, item) in items.iter().enumerate() {
        page.wrapped(&format!("{}. {item}", i + 1), Tone::Plain, 3);
    }
}

fn list(page: &mut Page, head: &str, items: Vec<String>, wide: bool) {
    if items.is_empty() {
        return;
    }
    page.blank();
    page.line(head, Tone::Dim);
    let shown = if wide { items.len() } else { items.len().min(LINES_MAX) };
    items[..shown].iter().for_each(|item| page.wrapped(&format!("- {item}"), Tone::Plain, 2));
    if shown < items.len() {
        let text = format!("{} {} more (-o wide)", page.glyphs.more, items.len() - shown);
        page.line(&text, Tone::Dim);
    }
}
