//! What should be different in a cluster, as data: edits by id. Names are resolved before this
//! (`podfit-api/src/edit/`); carrying edits out is [`Draft`](super::Draft)'s work.

use super::{
    Card, HostPort, Labels, Node, NodeId, PodId, Protocol, ResourceId, Shape, Sym, Toleration,
};

/// One change to a cluster. Ids are those of the [`Draft`](super::Draft) that it is applied to: the ids of the
/// cluster, and after them those of what earlier edits of the same batch added.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// The pod runs on this node, whatever the rules say. It is a new pod there: it asks what its template asks, and
    /// gets its cards anew.
    Put {
        /// The pod.
        pod: PodId,
        /// The node.
        node: NodeId,
    },
    /// The pods are not there.
    Delete {
        /// Which.
        pods: Vec<PodId>,
    },
    /// A controller has so many pods: further ones are pending, surplus ones go, pending and last ones first.
    Replicas {
        /// All its pods, at least one.
        pods: Vec<PodId>,
        /// How many it has then.
        count: u32,
    },
    /// The pods ask something else, where they run and anew.
    Template {
        /// Which.
        pods: Vec<PodId>,
        /// What.
        change: TemplateChange,
    },
    /// A node is different.
    Node {
        /// Which.
        node: NodeId,
        /// How.
        change: NodeChange,
    },
    /// There are more nodes like this one: see `podfit::model::Draft`.
    CopyNode {
        /// Which.
        node: NodeId,
        /// How many more.
        count: u32,
    },
}

impl Edit {
    /// The same edit where the pod `p` is called `id(p)`.
    #[must_use]
    pub fn with_pods(mut self, id: impl Fn(PodId) -> PodId) -> Self {
        match &mut self {
            Self::Put { pod, .. } => *pod = id(*pod),
            Self::Delete { pods } | Self::Replicas { pods, .. } | Self::Template { pods, .. } => {
                pods.iter_mut().for_each(|p| *p = id(*p));
            }
            Self::Node { .. } | Self::CopyNode { .. } => {}
        }
        self
    }
}

/// A change to what a pod template asks. Amounts are in the unit of their resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TemplateChange {
    /// It requests this; resources that are not named stay as they are.
    Requests(Vec<(ResourceId, i64)>),
    /// It requests so many percent of its CPU, memory and ephemeral storage, rounded up. Pod slots, devices and
    /// volumes, which are had by the piece, stay as they are.
    ScaleRequests(u32),
    /// It has this priority, and may evict others for it or not.
    Priority {
        /// The priority.
        priority: i32,
        /// Whether it may evict others.
        preempts: bool,
    },
    /// It tolerates one taint more.
    Tolerate(Toleration),
    /// Hard spread constraints over this topology key count no domain of nodes whose taints the pod does not tolerate.
    HonorTaints(Sym),
    /// Hard spread constraints over `key` allow at least this skew.
    RaiseSkew {
        /// Topology key.
        key: Sym,
        /// maxSkew.
        max_skew: i64,
    },
    /// Hard spread constraints over this topology key become `ScheduleAnyway`.
    SpreadAnyway(Sym),
    /// Required pod affinity over this topology key becomes preferred.
    PreferAffinity(Sym),
    /// Required pod anti-affinity over this topology key becomes preferred.
    PreferAntiAffinity(Sym),
    /// The nodeSelector asks one label less.
    DropSelector {
        /// Key of the label.
        key: Sym,
        /// Its value.
        value: Sym,
    },
    /// The required node affinity accepts the node of this name too, and a template that names another node names
    /// none.
    AcceptNode(Sym),
    /// It takes this host port no more, on whatever address.
    DropPort {
        /// Port number.
        port: u16,
        /// Protocol.
        protocol: Protocol,
    },
}

impl TemplateChange {
    /// Carries the change out.
    pub fn apply(&self, shape: &mut Shape) {
        match self {
            Self::Requests(requests) => {
                for &(id, amount) in requests {
                    shape.requests.set(id, amount);
                    if let Some(unstated) = shape.charges.unstated.requests.get_mut(id.index()) {
                        *unstated = false;
                    }
                }
                (shape.soft.scored, shape.soft.arriving) = (None, None);
            }
            Self::ScaleRequests(percent) => {
                for id in [ResourceId::CPU, ResourceId::MEMORY, ResourceId::EPHEMERAL] {
                    shape.requests.set(id, scaled(shape.requests.get(id), *percent));
                }
                (shape.soft.scored, shape.soft.arriving) = (None, None);
            }
            Self::Priority { priority, preempts } => {
                (shape.priority, shape.preempts) = (*priority, *preempts);
            }
            Self::Tolerate(toleration) => shape.tolerations.push(toleration.clone()),
            Self::HonorTaints(key) => shape.honor_taints(*key),
            Self::RaiseSkew { key, max_skew } => shape.raise_skew(*key, *max_skew),
            Self::SpreadAnyway(key) => shape.spread_anyway(*key),
            Self::PreferAffinity(key) => shape.prefer_affinity(*key),
            Self::PreferAntiAffinity(key) => shape.prefer_anti_affinity(*key),
            Self::DropSelector { key, value } => shape.drop_selector(*key, *value),
            Self::AcceptNode(name) => {
                shape.accept_node(*name);
                shape.node_name = shape.node_name.filter(|n| n == name);
            }
            Self::DropPort { port, protocol } => {
                let is_it = |p: &HostPort| p.port == *port && p.protocol == *protocol;
                shape.host_ports.retain(|p| !is_it(p));
            }
        }
    }
}

/// `percent` of an amount, rounded up. What is too much is reported when the draft is built.
fn scaled(amount: i64, percent: u32) -> i64 {
    let all = i128::from(amount) * i128::from(percent);
    i64::try_from((all + 99).div_euclid(100)).unwrap_or(i64::MAX)
}

/// A change to a node. Amounts are in the unit of their resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NodeChange {
    /// It takes no new pods.
    Cordon,
    /// It takes new pods again.
    Uncordon {
        /// Key of the taint that a cordon puts on the node; `None`: it occurs nowhere in the cluster.
        taint: Option<Sym>,
    },
    /// It is ready again.
    Return {
        /// Keys of the taints that say that it is not, as far as they occur in the cluster.
        taints: Vec<Sym>,
    },
    /// It has this label.
    Label {
        /// Key.
        key: Sym,
        /// Value.
        value: Sym,
    },
    /// It has so much more.
    Enlarge {
        /// How much of what.
        add: Vec<(ResourceId, i64)>,
        /// Further GPU cards.
        cards: Vec<Card>,
    },
    /// Its GPU cards are shared, or serve whole pods alone.
    ShareCards(bool),
    /// It has this allocatable; resources that are not named stay as they are.
    Resize(Vec<(ResourceId, i64)>),
}

impl NodeChange {
    /// Carries the change out. What is more than
    /// [`AMOUNT_MAX`](super::AMOUNT_MAX) is reported when the draft is built.
    pub fn apply(&self, node: &mut Node) {
        match self {
            Self::Cordon => node.unschedulable = true,
            Self::Uncordon { taint } => {
                node.unschedulable = false;
                node.taints.retain(|t| Some(t.key) != *taint);
            }
            Self::Return { taints } => {
                node.down = false;
                node.taints.retain(|t| !taints.contains(&t.key));
            }
            Self::Label { key, value } => {
                node.labels = Labels::new(node.labels.iter().chain([(*key, *value)]));
            }
            Self::Enlarge { add, cards } => {
                for &(id, amount) in add {
                    let sum = node.allocatable.get(id).saturating_add(amount);
                    node.allocatable.set(id, sum);
                }
                node.cards.extend_from_slice(cards);
            }
            Self::ShareCards(shared) => {
                node.cards.iter_mut().for_each(|card| card.whole = !shared);
            }
            Self::Resize(amounts) => {
                amounts.iter().for_each(|&(id, amount)| node.allocatable.set(id, amount));
            }
        }
    }
}
