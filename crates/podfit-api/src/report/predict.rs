//! What the default scheduler would do, and what helps it.

use crate::edit::{Edit, written};
use podfit::model::{Cluster, PodId};
use podfit::planner::{self, Certainty, HintKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the default scheduler's simulation does, over many seeds. A seed decides what life leaves open: the order
/// of arrival within equal priority, and which of equally good nodes is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PredictionReport {
    /// Seeds asked; 0 where it is certain.
    pub seeds: u32,
    /// In how many of them everything found a place, pods evicted for it included.
    pub complete: u32,
    /// Why it is certain whatever the scheduler chooses; null where it is a sample.
    pub certain: Option<CertaintyCode>,
    /// The same in a sentence.
    pub words: String,
    /// Pods that the scheduler evicts for others of higher priority.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evicted: Vec<Evicted>,
}

/// Why it is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CertaintyCode {
    /// Nothing needs a place.
    NothingToPlace,
    /// Each pod has one node that it may enter, and all fit there together.
    OneNodeEach,
    /// The others together cannot fill every node that a pod may enter.
    RoomToSpare,
}

/// A pod that is evicted in some seeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Evicted {
    /// `namespace/name`.
    pub pod: String,
    /// In how many seeds.
    pub seeds: u32,
}

/// What to do beforehand so that the default scheduler misses nothing: tried, it places everything in every seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HintReport {
    /// What kind.
    pub kind: HintCode,
    /// The pods to be scheduled first, or in this order, or the one to be moved, as `namespace/name`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pods: Vec<String>,
    /// The node to cordon, or to move to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Seeds asked, all of which placed everything.
    pub seeds: u32,
    /// In a sentence.
    pub words: String,
    /// The same as edits of the input; none for an order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
}

/// What kind of hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HintCode {
    /// Schedule these pods before the others.
    First,
    /// Cordon a node until all are placed.
    Cordon,
    /// Move a pod beforehand.
    Move,
    /// Schedule all in an order.
    Order,
}

pub(crate) fn prediction(cluster: &Cluster, prediction: &planner::Prediction) -> PredictionReport {
    let share = &prediction.share;
    let evicted = |&(pod, seeds): &(PodId, u32)| Evicted { pod: cluster.pod_name(pod), seeds };
    PredictionReport {
        seeds: share.seeds,
        complete: share.complete,
        certain: share.certain.map(|c| match c {
            Certainty::NothingToPlace => CertaintyCode::NothingToPlace,
            Certainty::OneNodeEach => CertaintyCode::OneNodeEach,
            Certainty::RoomToSpare => CertaintyCode::RoomToSpare,
        }),
        words: words(share),
        evicted: prediction.evicted.iter().map(evicted).collect(),
    }
}

/// A share in words, as `the default scheduler places all in 200/200 seeds`.
pub(crate) fn words(share: &planner::Share) -> String {
    match (share.certain, share.seeds) {
        (Some(Certainty::NothingToPlace), _) => "nothing needs a place".into(),
        (Some(Certainty::OneNodeEach), _) => {
            "certain: each pod has one node that it may enter, and all fit there".into()
        }
        (Some(Certainty::RoomToSpare), _) => {
            "certain: there is room to spare whatever the default scheduler chooses".into()
        }
        (None, 0) => "the default scheduler was not asked".into(),
        (None, seeds) if share.complete == seeds => {
            format!("the default scheduler places all in {seeds}/{seeds} seeds (a sample)")
        }
        (None, seeds) => {
            format!("the default scheduler misses a place in {} of {seeds} seeds", share.missed())
        }
    }
}

/// A share in a word, as `200/200` or `certain`; empty where nothing needs a place or nobody asked.
pub(crate) fn brief(share: Option<&planner::Share>) -> String {
    match share {
        None => String::new(),
        Some(s) => match (s.certain, s.seeds) {
            (Some(Certainty::NothingToPlace), _) | (None, 0) => String::new(),
            (Some(_), _) => "certain".into(),
            (None, seeds) => format!("{}/{seeds}", s.complete),
        },
    }
}

pub(crate) fn hint(cluster: &Cluster, hint: &planner::Hint) -> HintReport {
    let names = |pods: &[PodId]| pods.iter().map(|&p| cluster.pod_name(p)).collect::<Vec<_>>();
    let (kind, pods, node) = match &hint.kind {
        HintKind::First(pods) => (HintCode::First, names(pods), None),
        HintKind::Cordon(node) => (HintCode::Cordon, Vec::new(), Some(*node)),
        HintKind::Move { pod, to } => (HintCode::Move, names(&[*pod]), Some(*to)),
        HintKind::Order(pods) => (HintCode::Order, names(pods), None),
    };
    let node = node.map(|n| cluster.node_name(n).to_string());
    let at = node.as_deref().unwrap_or_default();
    let does = match kind {
        HintCode::First => {
            format!("let {} be scheduled first (a higher priority does it)", several(&pods))
        }
        HintCode::Cordon => format!("cordon {at} until all are placed"),
        HintCode::Move => format!("move {} to {at} beforehand", several(&pods)),
        HintCode::Order => format!("let them be scheduled in this order: {}", several(&pods)),
    };
    let words = format!("{does}: then all have a place in {0}/{0} seeds", hint.seeds);
    HintReport {
        kind,
        pods,
        node,
        seeds: hint.seeds,
        words,
        edits: written(cluster, &hint.edits(cluster)),
    }
}

/// Names, beyond eight counted.
fn several(names: &[String]) -> String {
    match names.get(8..) {
        None | Some([]) => names.join(", "),
        Some(more) => format!("{} and {} more", names[..8].join(", "), more.len()),
    }
}
