//! Nodes before and after, as bars.

use super::bars::{bar, percent};
use super::page::{Page, Tone, columns};
use crate::report::{Amount, GPU_RESOURCE, NodeReport};
use podfit::rules::format_amount;
use std::collections::BTreeMap;

/// Nodes drawn in a table before the rest is counted.
const NODES_DRAWN: usize = 12;

struct Line<'r> {
    node: &'r str,
    resource: &'r str,
    before: Option<Amount>,
    after: Option<Amount>,
    lost: bool,
}

/// Draws nodes that are lost or changed (all, in `wide`), a line a resource that matters.
pub(super) fn draw(page: &mut Page, nodes: &[NodeReport], wide: bool) {
    let changed = |n: &&NodeReport| wide || n.lost || n.before != n.after;
    let mut chosen: Vec<&NodeReport> = nodes.iter().filter(changed).collect();
    if !wide && chosen.len() > NODES_DRAWN {
        // The lost ones, then the fullest.
        chosen.sort_by_key(|n| (!n.lost, -fullest(&n.after)));
        chosen.truncate(NODES_DRAWN);
    }
    let lines: Vec<Line<'_>> = chosen.iter().flat_map(|n| lines(n)).collect();
    let all = Layout::of(page, &lines);
    if let Some(layout) = &all {
        layout.draw(page, &lines);
    }
    let left_out = nodes.len() - chosen.len();
    if left_out > 0 {
        let nodes = if left_out == 1 { "node" } else { "nodes" };
        let text = format!("{} {left_out} more {nodes} (-o wide)", page.glyphs.more);
        page.line(&text, Tone::Dim);
    }
}

fn fullest(amounts: &BTreeMap<String, Amount>) -> i64 {
    amounts.values().filter_map(|a| percent(a.used, a.allocatable)).max().unwrap_or(0)
}

/// CPU and memory always, other resources where used, pod slots where they run out.
fn lines(node: &NodeReport) -> Vec<Line<'_>> {
    let mut names: Vec<&str> = vec!["cpu", "memory"];
    let used = |name: &str| {
        [&node.before, &node.after].into_iter().filter_map(move |m| m.get(name)).any(|a| a.used > 0)
    };
    let full = |name: &str| {
        node.after.get(name).and_then(|a| percent(a.used, a.allocatable)).is_some_and(|p| p >= 90)
    };
    for name in node.before.keys().map(String::as_str) {
        let matters = match name {
            "cpu" | "memory" => false,
            "pods" | "ephemeral-storage" => full(name),
            _ => used(name),
        };
        if matters {
            names.push(name);
        }
    }
    let line = |resource: &'_ str| {
        let (resource, _) = node.before.get_key_value(resource)?;
        Some(Line {
            node: &node.name,
            resource,
            before: node.before.get(resource).copied(),
            after: node.after.get(resource).copied(),
            lost: node.lost,
        })
    };
    names.into_iter().filter_map(line).collect()
}

/// Cards have a shorter name here.
pub(super) fn resource_name(name: &str) -> &str {
    if name == GPU_RESOURCE { "gpu" } else { name }
}

/// `5.5/12`, in the resource's own notation.
pub(super) fn of(resource: &str, amount: Amount) -> String {
    if resource == GPU_RESOURCE {
        let cards = crate::report::cards;
        return format!("{}/{}", cards(amount.used), cards(amount.allocatable));
    }
    let format = |a| format_amount(resource, a);
    format!("{}/{}", format(amount.used), format(amount.allocatable))
}

struct Layout {
    name: usize,
    resource: usize,
    amount: usize,
    bar: usize,
    /// Names stand on lines of their own.
    own_line: bool,
}

impl Layout {
    fn of(page: &Page, lines: &[Line<'_>]) -> Option<Self> {
        let widest = |text: &dyn Fn(&Line<'_>) -> usize| lines.iter().map(text).max();
        let name = widest(&|l| columns(l.node))?;
        let resource = widest(&|l| columns(resource_name(l.resource)))?;
        let amount = widest(&|l| {
            [l.before, l.after]
                .into_iter()
                .flatten()
                .map(|a| columns(&of(l.resource, a)))
                .max()
                .unwrap_or(0)
        })?;
        let arrow = columns(page.glyphs.arrow) + 2;
        let fixed = resource + 1 + 2 * (amount + 7) + arrow;
        let bars = |left: usize| page.width.saturating_sub(fixed + left) / 2;
        let own_line = bars(name + 2) < 7;
        let name = if own_line { 2 } else { name + 2 };
        Some(Self { name, resource, amount, bar: bars(name).clamp(4, 20), own_line })
    }

    fn draw(&self, page: &mut Page, lines: &[Line<'_>]) {
        let half = self.bar + self.amount + 7 + columns(page.glyphs.arrow) + 2;
        let lead = self.name + self.resource + 1;
        page.line(&format!("{:<lead$}{:<half$}AFTER", "NODE", "BEFORE"), Tone::Dim);
        let mut last = None;
        for line in lines {
            let first = last != Some(line.node);
            last = Some(line.node);
            let tone = if line.lost { Tone::Bad } else { Tone::Plain };
            if self.own_line {
                if first {
                    page.line(line.node, tone);
                }
                page.put("  ", Tone::Plain);
            } else {
                let name = if first { line.node } else { "" };
                page.put(name, tone);
                page.put(&" ".repeat(self.name.saturating_sub(columns(name))), Tone::Plain);
            }
            let resource = resource_name(line.resource);
            page.put(&format!("{resource:<width$} ", width = self.resource), Tone::Plain);
            self.side(page, line.resource, line.before);
            if line.after.is_some() || first {
                page.put(&format!(" {} ", page.glyphs.arrow), Tone::Dim);
            }
            match line.after {
                Some(_) if line.before == line.after => page.put("unchanged", Tone::Dim),
                Some(_) => self.side(page, line.resource, line.after),
                None if first => page.put("lost", Tone::Bad),
                None => {}
            }
            page.end();
        }
    }

    fn side(&self, page: &mut Page, resource: &str, amount: Option<Amount>) {
        let Some(amount) = amount else {
            page.put(&" ".repeat(self.bar + 1 + self.amount + 6), Tone::Plain);
            return;
        };
        let percent = percent(amount.used, amount.allocatable);
        let tone = match percent {
            Some(..=79) => Tone::Good,
            Some(80..=100) => Tone::Warn,
            _ => Tone::Bad,
        };
        page.put(&bar(amount.used, amount.allocatable, self.bar, page.glyphs.ascii), tone);
        let percent = percent.map_or("-".into(), |p| format!("{p}%"));
        page.put(
            &format!(" {:>w$} {percent:>5}", of(resource, amount), w = self.amount),
            Tone::Plain,
        );
    }
}
