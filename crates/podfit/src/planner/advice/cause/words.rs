//! Causes as sentences.

use super::{Addition, Drop, GroupShortage, Hindrance, NewNode, Obstacle, Short, What};
use crate::model::{Card, Cluster, NodeId, PodId, ResourceId};
use crate::planner::words::{by_rule, listed, node_names, plural, rounded_up};
use crate::rules::{driver, format_amount};
use std::borrow::Cow;

impl GroupShortage {
    /// As `3 pods that need label disk=ssd: need 6Gi of memory, free 4Gi on node-b, node-c: 2Gi short`.
    ///
    /// # Panics
    /// If it is not of `cluster`.
    pub fn sentence(&self, cluster: &Cluster) -> String {
        let label = |l: &(_, _)| match (cluster.str(l.0), cluster.str(l.1)) {
            (key, "") => key.to_string(),
            (key, value) => format!("{key}={value}"),
        };
        let labels: Vec<String> = self.labels.iter().map(label).collect();
        let (verb, who) = if self.pods.len() == 1 { ("needs", "pod") } else { ("need", "pods") };
        let asking = match labels.len() {
            0 => String::new(),
            1 => format!(" that {verb} label {}", labels[0]),
            _ => format!(" that {verb} labels {}", labels.join(", ")),
        };
        let amount = |n: i64| amount(cluster, self.short, n);
        format!(
            "{} {who}{asking}: {verb} {} of {}, free {} on {}: {} short",
            self.pods.len(),
            amount(self.need),
            short_name(cluster, self.short),
            amount(self.free),
            nodes(cluster, &self.nodes),
            amount(self.missing())
        )
    }
}

impl Hindrance {
    /// As `default/web-7 (and 2 alike): no node has room for one: memory: needed 4Gi, largest free piece 3.2Gi
    /// on node-c, free in all 9Gi`.
    ///
    /// # Panics
    /// If it is not of `cluster`.
    pub fn sentence(&self, cluster: &Cluster) -> String {
        let first = self.pods.first().map(|&p| cluster.pod_name(p)).unwrap_or_default();
        let alike = match self.pods.len() {
            0 | 1 => String::new(),
            n => format!(" (and {} alike)", n - 1),
        };
        let when = if self.others_placed { ", with all others placed" } else { "" };
        let obstacles: Vec<String> = self.obstacles.iter().map(|o| obstacle(cluster, o)).collect();
        format!("{first}{alike}{when}: {}", obstacles.join("; "))
    }
}

fn obstacle(cluster: &Cluster, obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::NoNode(rules) if rules.is_empty() => "no node is left".into(),
        Obstacle::NoNode(rules) => format!("no node accepts it: {}", by_rule(rules)),
        Obstacle::TooLittle { short, need, free } => format!(
            "{}: needed {}, free in all {}",
            short_name(cluster, *short),
            amount(cluster, *short, *need),
            amount(cluster, *short, *free)
        ),
        Obstacle::InPieces { short, need, largest, node, free } => format!(
            "{}: needed {}, largest free piece {} on {}, free in all {}",
            short_name(cluster, *short),
            amount(cluster, *short, *need),
            amount(cluster, *short, *largest),
            cluster.node_name(*node),
            amount(cluster, *short, *free)
        ),
        Obstacle::NotTogether => "no node has enough of everything at once".into(),
        Obstacle::Cards => "no node with room has enough free GPU cards that it accepts".into(),
        Obstacle::Rules(rules) => format!("nodes with room refuse it: {}", by_rule(rules)),
        Obstacle::Together => "room for each, but not for all together".into(),
    }
}

impl Drop {
    /// As `without default/batch-3 (on node-c), all others are placed`.
    ///
    /// # Panics
    /// If it is not of `cluster`.
    pub fn sentence(&self, cluster: &Cluster) -> String {
        let at = |p: PodId| match cluster.pod(p).node {
            Some(node) => format!("{} (on {})", cluster.pod_name(p), cluster.node_name(node)),
            None => cluster.pod_name(p),
        };
        let displaced = self.displaced.iter().map(|&p| cluster.pod_name(p));
        let names: Vec<String> = displaced.chain(self.survivors.iter().map(|&p| at(p))).collect();
        let proved = if self.proved_least { "" } else { "; fewer might do" };
        format!(
            "without {}, all others are placed{proved}",
            listed(names.iter().map(String::as_str))
        )
    }
}

impl Addition {
    /// As `2Gi more memory on node-b`.
    ///
    /// # Panics
    /// If it is not of `cluster`.
    pub fn sentence(&self, cluster: &Cluster) -> String {
        let amounts: Vec<String> = self
            .amounts
            .iter()
            .map(|a| match a.what {
                What::Resource(ResourceId::PODS) => {
                    format!("{} more {}", a.amount, plural(a.amount, "pod slot"))
                }
                What::Resource(r) => {
                    let name = cluster.resource_name(r);
                    format!("{} more {name}", format_amount(name, rounded_up(name, a.amount)))
                }
                What::Cards(model) => {
                    let cards = plural(a.amount, "GPU card");
                    format!("{} more {cards} {}", a.amount, cluster.str(model))
                }
            })
            .collect();
        let proved = self.amounts.iter().all(|a| a.least.is_some());
        let proved = if proved { "" } else { " (less might do)" };
        format!("{} on {}{proved}", amounts.join(" and "), cluster.node_name(self.node))
    }
}

impl NewNode {
    /// As `one more node like node-b`.
    ///
    /// # Panics
    /// If it is not of `cluster`.
    pub fn sentence(&self, cluster: &Cluster) -> String {
        format!("one more node like {}", cluster.node_name(self.like))
    }
}

fn short_name(cluster: &Cluster, short: Short) -> Cow<'_, str> {
    match short {
        Short::Resource(ResourceId::PODS) => "pod slots".into(),
        Short::Resource(r) if cluster.is_volume_limit(r) => {
            format!("attachable volumes of {}", driver(cluster, r)).into()
        }
        Short::Resource(r) => cluster.resource_name(r).into(),
        Short::Cards => "GPU cards".into(),
    }
}

/// Cards in thousandths where they are not whole.
fn amount(cluster: &Cluster, short: Short, n: i64) -> String {
    match short {
        Short::Resource(r) => format_amount(cluster.resource_name(r), n),
        Short::Cards if n % Card::WHOLE_MILLI == 0 => (n / Card::WHOLE_MILLI).to_string(),
        Short::Cards => format!("{n}/{}", Card::WHOLE_MILLI),
    }
}

fn nodes(cluster: &Cluster, nodes: &[NodeId]) -> String {
    if nodes.is_empty() { "no node".into() } else { node_names(cluster, nodes) }
}
