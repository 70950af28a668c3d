//! The table of nodes of a cluster as it stands.

use super::bars::{bar, percent};
use super::nodes::{of, resource_name};
use super::page::{Cell, Page, Tone};
use super::sort::{Key, SortError, sort};
use super::what_if::notes;
use super::{Format, RenderOptions};
use crate::report::{ClusterNode, ClusterPod, ClusterReport, PodKind};

pub(super) const COLUMNS: [&str; 6] = ["namespace", "name", "node", "kind", "owner", "priority"];
const NODE_COLUMNS: [&str; 4] = ["name", "pods", "cpu", "memory"];

/// Nodes in a table before the rest is counted.
const NODES_MAX: usize = 60;
/// Columns of a bar.
const BAR: usize = 10;

fn kind(pod: &ClusterPod) -> &'static str {
    match pod.kind {
        PodKind::ControlPlane => "control-plane",
        PodKind::DaemonSet => "daemon-set",
        PodKind::Static => "static",
        PodKind::Bare => "bare",
        PodKind::Controlled => "controlled",
    }
}

pub(super) fn key(pod: &ClusterPod, column: &str) -> Key {
    match column {
        "namespace" => pod.namespace.as_str().into(),
        "name" => pod.name.as_str().into(),
        "node" => pod.node.as_deref().into(),
        "kind" => kind(pod).into(),
        "owner" => pod.owner.as_deref().into(),
        _ => i64::from(pod.priority).into(),
    }
}

pub(super) fn request(pod: &ClusterPod, resource: &str) -> Option<Key> {
    pod.requests.get(resource).map(|&amount| amount.into())
}

pub(super) fn text(
    page: &mut Page,
    report: &ClusterReport,
    options: &RenderOptions,
) -> Result<(), SortError> {
    let wide = options.format == Format::Wide;
    let mut nodes: Vec<&ClusterNode> = report.nodes.iter().collect();
    let used = |n: &ClusterNode, r: &str| n.resources.get(r).map_or(0, |a| a.used);
    let key = |n: &ClusterNode, column: &str| match column {
        "name" => n.name.as_str().into(),
        resource => used(n, resource).into(),
    };
    sort(&mut nodes, options.sort_by.as_deref(), &NODE_COLUMNS, |_, _| None, key)?;
    let shown = if wide { nodes.len() } else { nodes.len().min(NODES_MAX) };
    let rows: Vec<Vec<Cell>> = nodes[..shown].iter().map(|n| row(page, n)).collect();
    page.table(&["NODE", "PODS", "CPU", "MEMORY", "OTHER"], &rows);
    if shown < nodes.len() {
        let text = format!("{} {} more (-o wide)", page.glyphs.more, nodes.len() - shown);
        page.line(&text, Tone::Dim);
    }
    page.blank();
    notes(page, &report.assumptions, &report.not_evaluated, wide);
    page.blank();
    let pending = report.pods.iter().filter(|p| p.node.is_none()).count();
    let (nodes, pods) = (report.nodes.len(), report.pods.len());
    page.line(&format!("nodes: {nodes}, pods: {pods}, of these pending: {pending}."), Tone::Plain);
    Ok(())
}

fn row(page: &Page, node: &ClusterNode) -> Vec<Cell> {
    let drawn = |name: &str| {
        let Some(&amount) = node.resources.get(name) else { return Cell::from("") };
        let bar = bar(amount.used, amount.allocatable, BAR, page.glyphs.ascii);
        let percent = percent(amount.used, amount.allocatable);
        let percent = percent.map_or("-".into(), |p| format!("{p}%"));
        format!("{bar} {} {percent}", of(name, amount)).into()
    };
    let pods = node.resources.get("pods").map_or(String::new(), |&a| of("pods", a));
    let mut other: Vec<String> = (node.resources.iter())
        .filter(|(name, a)| !["cpu", "memory", "pods"].contains(&name.as_str()) && a.used > 0)
        .map(|(name, &a)| format!("{} {}", resource_name(name), of(name, a)))
        .collect();
    if node.unschedulable {
        other.push("cordoned".into());
    }
    if node.control_plane {
        other.push("control plane".into());
    }
    other.extend(node.taints.iter().cloned());
    vec![
        Cell::from(node.name.as_str()),
        pods.into(),
        drawn("cpu"),
        drawn("memory"),
        other.join(", ").into(),
    ]
}
