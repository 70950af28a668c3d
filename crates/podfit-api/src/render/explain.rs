//! The table of an explanation: for each pod its line, the nodes by what they say, the scheduler's message, fixes.

use super::list::{Item, Key, SortError, csv, sort};
use super::page::{Cell, Page, Tone};
use super::what_if::notes;
use super::{Format, Render, RenderOptions};
use crate::report::{ExplainReport, ExplainVerdict, ExplainedPod, NodeAnswer};
use std::collections::BTreeMap;

/// Pods shown in full; of others only the line.
const PODS_MAX: usize = 10;
/// Groups of nodes in a table before the rest is counted.
const LINES_MAX: usize = 20;
/// Nodes of a group that are named.
const NODES_NAMED: usize = 4;

/// A pod, a node and what it says.
pub(super) type Entry<'r> = (&'r ExplainedPod, &'r NodeAnswer, Option<&'r crate::report::Reason>);

/// The matrix, an entry each reason.
pub(super) fn entries(report: &ExplainReport) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    for pod in &report.pods {
        for node in &pod.nodes {
            match node.reasons.as_slice() {
                [] => entries.push((pod, node, None)),
                reasons => entries.extend(reasons.iter().map(|r| (pod, node, Some(r)))),
            }
        }
    }
    entries
}

impl Item for Entry<'_> {
    const COLUMNS: &'static [&'static str] =
        &["namespace", "name", "node", "takes", "rule", "code", "reason", "need", "free"];

    fn key(&self, column: &str) -> Key {
        let (pod, node, reason) = self;
        match column {
            "namespace" => pod.namespace.as_str().into(),
            "name" => pod.name.as_str().into(),
            "node" => node.node.as_str().into(),
            "takes" => if node.takes { "yes" } else { "no" }.into(),
            "rule" => reason.map(|r| r.rule.as_str()).into(),
            "code" => reason.map(|r| r.code.as_str()).into(),
            "need" => reason.and_then(|r| r.need).map_or(Key::None, Into::into),
            "free" => reason.and_then(|r| r.free).map_or(Key::None, Into::into),
            _ => reason.map(|r| r.text.as_str()).into(),
        }
    }
}

impl Render for ExplainReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let shown = if wide { self.pods.len() } else { self.pods.len().min(PODS_MAX) };
        for pod in &self.pods[..shown] {
            one(page, pod, options)?;
        }
        for pod in &self.pods[shown..] {
            page.wrapped(&pod.line, Tone::Plain, 2);
        }
        if shown < self.pods.len() {
            page.blank();
        }
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let (symbol, tone, word) = match self.verdict {
            ExplainVerdict::Placed => (page.glyphs.good, Tone::Good, "PLACED"),
            ExplainVerdict::Pending => (page.glyphs.bad, Tone::Bad, "PENDING"),
        };
        page.put(&format!("{symbol} {word}"), tone);
        page.line(&format!(": {}.", self.why.text), Tone::Plain);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(entries(self).iter().collect(), sort_by)
    }
}

fn one(page: &mut Page, pod: &ExplainedPod, options: &RenderOptions) -> Result<(), SortError> {
    let wide = options.format == Format::Wide;
    page.wrapped(&pod.line, Tone::Head, 2);
    page.blank();
    let mut groups: Vec<(Vec<&str>, &NodeAnswer)> = Vec::new();
    let first: Vec<Entry<'_>> = pod.nodes.iter().map(|n| (pod, n, n.reasons.first())).collect();
    let mut nodes: Vec<&Entry<'_>> = first.iter().collect();
    sort(&mut nodes, options.sort_by.as_deref())?;
    let mut known: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for &&(_, node, _) in &nodes {
        let said: Vec<&str> = match wide {
            true => vec![&node.node],
            false => node.reasons.iter().map(|r| r.text.as_str()).collect(),
        };
        let at = *known.entry(said).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.0.push(&node.node),
            None => groups.push((vec![&node.node], node)),
        }
    }
    let shown = if wide { groups.len() } else { groups.len().min(LINES_MAX) };
    let row = |(names, node): &(Vec<&str>, &NodeAnswer)| {
        let more = names.len().saturating_sub(NODES_NAMED);
        let mut text = names[..names.len() - more].join(", ");
        if more > 0 {
            text += &format!(" +{more}");
        }
        let said: Vec<&str> = node.reasons.iter().map(|r| r.text.as_str()).collect();
        let cell = match node.takes {
            true => Cell::new(format!("{} takes it", page.glyphs.good), Tone::Good),
            false => Cell::from(format!("{} {}", page.glyphs.bad, said.join("; "))),
        };
        vec![text.into(), cell]
    };
    let rows: Vec<Vec<Cell>> = groups[..shown].iter().map(row).collect();
    page.table(&["NODE", "SAYS"], &rows);
    if shown < groups.len() {
        let text = format!("{} {} more (-o wide)", page.glyphs.more, groups.len() - shown);
        page.line(&text, Tone::Dim);
    }
    page.blank();
    // Where some node takes it, the scheduler writes no such message.
    if pod.nodes.iter().all(|n| !n.takes) {
        page.wrapped(&format!("kube-scheduler: {}", pod.message), Tone::Dim, 2);
    }
    for (i, fix) in pod.fixes.iter().enumerate() {
        let what = if i == 0 { "Nearest fix" } else { "or" };
        page.wrapped(&format!("{what}: {}", fix.text), Tone::Plain, 2);
    }
    page.blank();
    Ok(())
}
