//! The table of nodes of a cluster as it stands.

use super::bars::{bar, percent};
use super::list::{Item, Key, SortError, csv, sort};
use super::nodes::{of, resource_name};
use super::page::{Cell, Page, Tone};
use super::what_if::notes;
use super::{Format, Render, RenderOptions};
use crate::report::{ClusterNode, ClusterPod, ClusterReport, ObjectRef, PodKind};
use std::collections::BTreeMap;

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

impl Item for ClusterPod {
    const COLUMNS: &'static [&'static str] =
        &["namespace", "name", "node", "kind", "owner", "priority"];

    fn key(&self, column: &str) -> Key {
        match column {
            "namespace" => self.namespace.as_str().into(),
            "name" => self.name.as_str().into(),
            "node" => self.node.as_deref().into(),
            "kind" => kind(self).into(),
            "owner" => self.owner.as_ref().map(ObjectRef::words).as_deref().into(),
            _ => i64::from(self.priority).into(),
        }
    }

    fn requests(&self) -> Option<&BTreeMap<String, i64>> {
        Some(&self.requests)
    }
}

impl Item for ClusterNode {
    const COLUMNS: &'static [&'static str] = &["name", "pods", "cpu", "memory"];

    fn key(&self, column: &str) -> Key {
        match column {
            "name" => self.name.as_str().into(),
            resource => self.resources.get(resource).map_or(0, |a| a.used).into(),
        }
    }
}

impl Render for ClusterReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let mut nodes: Vec<&ClusterNode> = self.nodes.iter().collect();
        sort(&mut nodes, options.sort_by.as_deref())?;
        let shown = if wide { nodes.len() } else { nodes.len().min(NODES_MAX) };
        let rows: Vec<Vec<Cell>> = nodes[..shown].iter().map(|n| row(page, n)).collect();
        page.table(&["NODE", "PODS", "CPU", "MEMORY", "OTHER"], &rows);
        if shown < nodes.len() {
            let text = format!("{} {} more (-o wide)", page.glyphs.more, nodes.len() - shown);
            page.line(&text, Tone::Dim);
        }
        page.blank();
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let pending = self.pods.iter().filter(|p| p.node.is_none()).count();
        let (nodes, pods) = (self.nodes.len(), self.pods.len());
        page.line(
            &format!("nodes: {nodes}, pods: {pods}, of these pending: {pending}."),
            Tone::Plain,
        );
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.pods.iter().collect(), sort_by)
    }
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
