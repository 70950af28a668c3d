use super::{labels::Labels, names::Sym, resources::Resources};
use std::net::IpAddr;

/// A node, by its position in [`Cluster::nodes`](super::Cluster::nodes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// Position in the list of nodes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a taint does to pods that do not tolerate it. `PreferNoSchedule` only scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// New pods are kept off.
    NoSchedule,
    /// New pods are avoided, not refused.
    PreferNoSchedule,
    /// New pods are kept off and running ones are evicted.
    NoExecute,
}

/// A taint of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Taint {
    /// Key.
    pub key: Sym,
    /// Value; the empty string's symbol where there is none.
    pub value: Sym,
    /// Effect.
    pub effect: Effect,
}

/// A toleration of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Toleration {
    /// `None`: any key (operator Exists with an empty key).
    pub key: Option<Sym>,
    /// `None`: any value (operator Exists); else the value must be equal.
    pub value: Option<Sym>,
    /// `None`: every effect.
    pub effect: Option<Effect>,
    /// `tolerationSeconds`: how long a NoExecute taint is borne; `None` is for ever.
    pub seconds: Option<i64>,
}

impl Toleration {
    /// Whether this toleration is for `taint`, for however long.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        self.effect.is_none_or(|e| e == taint.effect)
            && self.key.is_none_or(|k| k == taint.key)
            && self.value.is_none_or(|v| v == taint.value)
    }
}

/// One GPU card of a node: a bin of its own, 1000 thousandths wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Card {
    /// Model name, as a pod's [`GpuRequest`](super::GpuRequest) may restrict it.
    pub model: Sym,
    /// Sharing is switched off: it serves a pod that asks whole cards, and no share of it is to be had.
    pub whole: bool,
}

impl Card {
    /// Thousandths in a whole card.
    pub const WHOLE_MILLI: i64 = 1000;

    /// A card of this model that pods may share.
    pub const fn of(model: Sym) -> Self {
        Self { model, whole: false }
    }
}

/// A node as the scheduler sees it.
#[derive(Clone, Debug)]
pub struct Node {
    /// Name, unique in the cluster.
    pub name: Sym,
    /// Labels.
    pub labels: Labels,
    /// Taints.
    pub taints: Vec<Taint>,
    /// Cordoned (`spec.unschedulable`).
    pub unschedulable: bool,
    /// What pods may use (never the node's capacity).
    pub allocatable: Resources,
    /// GPU cards that are shared or counted as bins; empty where GPUs are an extended resource.
    pub cards: Vec<Card>,
    /// Images that are there, by every name they have, with their size in bytes. It only scores.
    pub images: Vec<(Sym, i64)>,
    /// Not ready, by its condition or by the taint that says so: no pod starts on it, and those on it are lost.
    pub down: bool,
    /// The Node object is being deleted: what is placed there goes with it.
    pub ending: bool,
    /// Its addresses, where they are known.
    pub addresses: Vec<IpAddr>,
}

/// Taints that the node controller gives to a node that is not ready, or whose kubelet is silent.
pub const DOWN_TAINTS: [&str; 2] =
    ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
