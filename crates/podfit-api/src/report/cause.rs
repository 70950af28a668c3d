//! Why it does not fit, in numbers, and the least that would make it fit.

use super::{FixReport, GPU_RESOURCE};
use crate::edit::{Edit, written};
use podfit::model::{Cluster, NodeId, PodId};
use podfit::planner::{self, CauseCut, Repair, RepairSearch, Short, What};
use podfit::solve::Stop;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why it does not fit. Told for the survivors fixed in their places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CauseReport {
    /// Pods that may go only to some nodes, and need more than these have.
    pub shortages: Vec<ShortageReport>,
    /// What is in the way of each kind of pod without a place.
    pub hindrances: Vec<HindranceReport>,
    /// The smallest sets of pods to leave out, by priority: among the displaced, and, where that is better, with
    /// survivors of lower priority.
    pub drops: Vec<DropReport>,
    /// The smallest additions to one node each, the smallest share of a node first.
    pub additions: Vec<AdditionReport>,
    /// Existing nodes of which one more makes everything fit.
    pub new_nodes: Vec<String>,
    /// Several changes that together make everything fit, or one that does; null where none were found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<RepairReport>,
    /// What was cut short.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cuts: Vec<String>,
}

/// Changes that together make everything fit. Each is needed as far as the fast solver sees; a shorter plan may exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepairReport {
    /// The changes, in order: each may rest on those before it.
    pub steps: Vec<RepairStep>,
    /// Pods that nothing was found for, as `namespace/name`: all others fit without them.
    pub without: Vec<String>,
    /// All of it as edits of the input.
    pub edits: Vec<Edit>,
}

/// One of several changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepairStep {
    /// For whom it was found, as `namespace/name`.
    pub pods: Vec<String>,
    /// In words.
    pub text: String,
    /// The same as edits of the input after the steps before.
    pub edits: Vec<Edit>,
}

/// Pods that may go only to some nodes, and need more than these have free in all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShortageReport {
    /// The resource; cards in thousandths.
    pub resource: String,
    /// The nodes.
    pub nodes: Vec<String>,
    /// The pods, as `namespace/name`.
    pub pods: Vec<String>,
    /// What they need in all, in whole numbers.
    pub need: i64,
    /// What is free in all.
    pub free: i64,
    /// In words.
    pub text: String,
}

/// What is in the way of one kind of pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HindranceReport {
    /// The pods, as `namespace/name`.
    pub pods: Vec<String>,
    /// In words.
    pub text: String,
    /// The nearest fixes for one of them, the cheapest first.
    pub fixes: Vec<FixReport>,
}

/// Pods without which all others are placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DropReport {
    /// Displaced pods that get no place, as `namespace/name`.
    pub displaced: Vec<String>,
    /// Survivors of lower priority that leave their nodes.
    pub survivors: Vec<String>,
    /// Whether no set is better.
    pub proved_least: bool,
    /// In words.
    pub text: String,
    /// The same as edits of the input.
    pub edits: Vec<Edit>,
}

/// More of one node that makes everything fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdditionReport {
    /// The node.
    pub node: String,
    /// How much more of what, in whole numbers; cards by the piece.
    pub amounts: std::collections::BTreeMap<String, i64>,
    /// Whether any less would not do.
    pub proved_least: bool,
    /// Size, as a share of the node in millionths.
    pub share_ppm: u64,
    /// In words.
    pub text: String,
    /// The same as edits of the input.
    pub edits: Vec<Edit>,
}

pub(crate) fn cause(
    cluster: &Cluster,
    cause: &planner::Cause,
    fixes: impl Fn(&[PodId]) -> Vec<FixReport>,
) -> CauseReport {
    let pods = |pods: &[PodId]| pods.iter().map(|&p| cluster.pod_name(p)).collect::<Vec<_>>();
    let name = |n: NodeId| cluster.node_name(n).to_string();
    let shortage = |s: &planner::GroupShortage| ShortageReport {
        resource: match s.short {
            Short::Resource(r) => cluster.resource_name(r).into(),
            Short::Cards => GPU_RESOURCE.into(),
        },
        nodes: s.nodes.iter().map(|&n| name(n)).collect(),
        pods: pods(&s.pods),
        need: s.need,
        free: s.free,
        text: s.sentence(cluster),
    };
    let hindrance = |h: &planner::Hindrance| HindranceReport {
        pods: pods(&h.pods),
        text: h.sentence(cluster),
        fixes: fixes(&h.pods),
    };
    let drop = |d: &planner::Drop| DropReport {
        displaced: pods(&d.displaced),
        survivors: pods(&d.survivors),
        proved_least: d.proved_least,
        text: d.sentence(cluster),
        edits: written(cluster, &[d.edit()]),
    };
    let what = |what: What| match what {
        What::Resource(r) => cluster.resource_name(r).to_string(),
        What::Cards(model) => format!("{GPU_RESOURCE} {}", cluster.str(model)),
    };
    let addition = |a: &planner::Addition| AdditionReport {
        node: name(a.node),
        amounts: a.amounts.iter().map(|a| (what(a.what), a.amount)).collect(),
        proved_least: a.amounts.iter().all(|a| a.least.is_some()),
        share_ppm: a.share_ppm,
        text: a.sentence(cluster),
        edits: written(cluster, &[a.edit()]),
    };
    CauseReport {
        // Pods that no node accepts are among the hindrances.
        shortages: cause.shortages.iter().filter(|s| !s.nodes.is_empty()).map(shortage).collect(),
        hindrances: cause.hindrances.iter().map(hindrance).collect(),
        drops: cause.drop.iter().chain(&cause.drop_with_survivors).map(drop).collect(),
        additions: cause.additions.iter().map(addition).collect(),
        new_nodes: cause.new_nodes.iter().map(|n| name(n.like)).collect(),
        repair: None,
        cuts: cause.cuts.iter().map(cut).collect(),
    }
}

impl CauseReport {
    /// Adds what the search for several changes found.
    pub(crate) fn with_repair(mut self, cluster: &Cluster, search: &RepairSearch) -> Self {
        self.repair = search.repair.as_ref().map(|found| repair(cluster, found));
        if search.cut {
            self.cuts.push("the search for several changes at once ended at its limit".into());
        }
        self
    }

    /// The nearest fix of each pod that has one, by `namespace/name`.
    pub(crate) fn nearest(&self) -> std::collections::BTreeMap<&str, &FixReport> {
        let kinds = self.hindrances.iter().filter_map(|h| Some((h, h.fixes.first()?)));
        kinds.flat_map(|(h, fix)| h.pods.iter().map(move |p| (p.as_str(), fix))).collect()
    }
}

fn repair(cluster: &Cluster, repair: &Repair) -> RepairReport {
    let names = |pods: &[PodId]| pods.iter().map(|&p| cluster.pod_name(p)).collect();
    // Written as one batch, as each is for the state after those before it.
    let edits = written(cluster, &repair.edits());
    let mut rest = &edits[usize::from(!repair.without.is_empty())..];
    let step = |step: &planner::RepairStep| {
        let (own, others) = rest.split_at(step.edits.len());
        rest = others;
        RepairStep { pods: names(&step.pods), text: step.text.clone(), edits: own.to_vec() }
    };
    let steps = repair.steps.iter().map(step).collect();
    RepairReport { steps, without: names(&repair.without), edits }
}

fn cut(cut: &CauseCut) -> String {
    let of = |seen: &usize, all: &usize, what: &str| format!("{seen} of {all} {what} looked at");
    match cut {
        CauseCut::Kinds { seen, all } => of(seen, all, "kinds of pods"),
        CauseCut::Survivors { seen, all } => of(seen, all, "survivors of lower priority"),
        CauseCut::Nodes { seen, all } => of(seen, all, "nodes"),
        CauseCut::NodeKinds { seen, all } => of(seen, all, "kinds of nodes"),
        CauseCut::Open { solves } => format!("{solves} questions stayed open"),
        CauseCut::SolvesSpent => "the limit of questions was reached".into(),
        CauseCut::Ended(Stop::Cancelled) => "the search was cancelled".into(),
        CauseCut::Ended(Stop::TimeLimit) => "the time limit ended the search".into(),
        CauseCut::Ended(_) => "the limit of work ended the search".into(),
    }
}
