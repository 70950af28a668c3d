use crate::model::{Change, Cluster, HostPort, NodeId, PodId, ResourceId, Sym, Taint};
use crate::planner::words::{plural, rounded_up, short_name};
use crate::rules::{format_amount, format_apart, format_port, format_taint};

/// The cheapest that several moves can be; they are looked for where nothing cheaper was found.
pub(super) const SEVERAL_MOVES: u32 = 24;

/// A fix: afterwards the scheduler's rules let the pod run on [`node`](Self::node).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// What to do.
    pub kind: FixKind,
    /// Where the pod can go then.
    pub node: NodeId,
    /// The whole change with the fix in it, as the referee passed it, where the fix is made of moves or of a
    /// preemption.
    pub change: Option<Change>,
}

/// What a fix does. Amounts are in the resource's unit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FixKind {
    /// A running pod goes elsewhere first (its controller makes it anew there).
    Move {
        /// The pod.
        pod: PodId,
        /// Where to; the node it is on where it only has to come after the other.
        to: NodeId,
    },
    /// Several running pods go elsewhere; [`Fix::change`] has the order and where the displaced pods go then.
    Moves {
        /// Pods with the nodes they go to.
        moves: Vec<(PodId, NodeId)>,
    },
    /// The node that is down comes back.
    BringBack,
    /// The node is starting: the taint goes by itself.
    Wait {
        /// The taint.
        taint: Taint,
    },
    /// No node has so much of the resource, and the same number in the next smaller unit would fit: it may be a slip.
    CheckUnit {
        /// Which.
        resource: ResourceId,
        /// What it asks.
        from: i64,
        /// The same number in the smaller unit.
        to: i64,
        /// The most that any node has.
        largest: i64,
    },
    /// A pod of the older template, which the pod replaces, goes: the rollout may have no more pods than there is room for.
    Replace {
        /// The older pod.
        old: PodId,
    },
    /// The node is opened again.
    Uncordon,
    /// The Node object of a lost node is deleted: its domain counts no more.
    DeleteNode {
        /// Which.
        lost: NodeId,
    },
    /// The node gets a label that the pod's nodeSelector asks for.
    LabelNode {
        /// Key.
        key: Sym,
        /// Value.
        value: Sym,
    },
    /// A pod that may run on that node only gets a priority above that of others there, so that it evicts them.
    RaisePriority {
        /// Whom it evicts then.
        victim: PodId,
        /// The priority.
        to: i32,
    },
    /// The pod asks less of one resource: what is free.
    LowerRequest {
        /// Which.
        resource: ResourceId,
        /// What it asks.
        from: i64,
        /// What it would ask.
        to: i64,
    },
    /// The node gets more of one resource.
    EnlargeNode {
        /// Which.
        resource: ResourceId,
        /// How much more.
        add: i64,
    },
    /// The node gets more GPU cards.
    AddCards {
        /// Their model.
        model: Sym,
        /// How many.
        add: u16,
    },
    /// The hard spread constraint counts no domain of nodes whose taints the pod does not tolerate
    /// (`nodeTaintsPolicy: Honor`).
    HonorTaints {
        /// Topology key.
        key: Sym,
    },
    /// The hard spread constraint allows more.
    RaiseSkew {
        /// Topology key.
        key: Sym,
        /// maxSkew now.
        from: i64,
        /// maxSkew then.
        to: i64,
    },
    /// The hard spread constraint becomes `ScheduleAnyway`.
    SpreadAnyway {
        /// Topology key.
        key: Sym,
    },
    /// The pod tolerates a taint.
    Tolerate {
        /// The taint.
        taint: Taint,
    },
    /// The pod takes another host port.
    OtherPort {
        /// Instead of this.
        port: HostPort,
    },
    /// A required term of pod affinity becomes a preferred one.
    PreferAffinity {
        /// Topology key.
        key: Sym,
    },
    /// A required term of pod anti-affinity becomes a preferred one.
    PreferAntiAffinity {
        /// Topology key.
        key: Sym,
    },
    /// One label less in the nodeSelector.
    DropSelector {
        /// Key.
        key: Sym,
        /// Value.
        value: Sym,
    },
    /// The required node affinity accepts the node too.
    ExtendAffinity,
    /// The pod names no node.
    DropNodeName {
        /// The node it names.
        name: Sym,
    },
    /// A pod of lower priority is evicted from the node and stays pending.
    Preempt {
        /// The pod.
        victim: PodId,
        /// Priority of the pod that gets its place; the victim's is lower.
        priority: i32,
        /// Whether kube-scheduler does it by itself: the preemptionPolicy is not Never.
        by_scheduler: bool,
    },
}

impl FixKind {
    /// What it costs: a rank, not an amount. The smallest comes first.
    ///
    /// | cost | fix |
    /// |---|---|
    /// | 5 to 7 | what is not as it should be: a node that is down, one that is starting, a unit that may be a slip |
    /// | 9 | an older pod that the pod replaces |
    /// | 10 | one move |
    /// | 20, 22 | uncordon, label the node: nothing restarts |
    /// | 24 + n | n moves |
    /// | 30 | lower the request |
    /// | 35 | a higher priority for a pod that may run on one node only |
    /// | 38, 39 | a spread that counts no nodes whose taints keep the pod off, or the Node of a lost one deleted |
    /// | 40 to 47 | one rule relaxed, from the softest (a larger skew) to the hardest (another node than named) |
    /// | 48, 49 | enlarge the node, add cards: what is bought comes after what costs nothing |
    /// | 50, 51 | a preemption: a pod stays pending; dearer where the scheduler would not do it by itself |
    ///
    /// Among moves, and among preemptions of one priority, the smallest pod comes first, then names.
    pub fn cost(&self) -> u32 {
        match self {
            Self::BringBack => 5,
            Self::Wait { .. } => 6,
            Self::CheckUnit { .. } => 7,
            Self::Replace { .. } => 9,
            Self::Move { .. } => 10,
            Self::Uncordon => 20,
            Self::LabelNode { .. } => 22,
            Self::Moves { moves } => SEVERAL_MOVES + moves.len().min(5) as u32,
            Self::LowerRequest { .. } => 30,
            Self::RaisePriority { .. } => 35,
            Self::HonorTaints { .. } => 38,
            Self::DeleteNode { .. } => 39,
            Self::EnlargeNode { .. } => 48,
            Self::AddCards { .. } => 49,
            Self::RaiseSkew { .. } => 40,
            Self::SpreadAnyway { .. } => 41,
            Self::Tolerate { .. } => 42,
            Self::OtherPort { .. } => 43,
            Self::PreferAffinity { .. } | Self::PreferAntiAffinity { .. } => 44,
            Self::DropSelector { .. } => 45,
            Self::ExtendAffinity => 46,
            Self::DropNodeName { .. } => 47,
            Self::Preempt { by_scheduler, .. } => 50 + u32::from(!by_scheduler),
        }
    }

    /// Stable code, as `move` or `lower-request`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Move { .. } => "move",
            Self::Moves { .. } => "moves",
            Self::BringBack => "bring-back",
            Self::Wait { .. } => "wait",
            Self::CheckUnit { .. } => "check-unit",
            Self::Replace { .. } => "replace",
            Self::DeleteNode { .. } => "delete-node",
            Self::RaisePriority { .. } => "raise-priority",
            Self::HonorTaints { .. } => "honor-taints",
            Self::Uncordon => "uncordon",
            Self::LabelNode { .. } => "label-node",
            Self::LowerRequest { .. } => "lower-request",
            Self::EnlargeNode { .. } => "enlarge-node",
            Self::AddCards { .. } => "add-cards",
            Self::RaiseSkew { .. } => "raise-skew",
            Self::SpreadAnyway { .. } => "spread-anyway",
            Self::Tolerate { .. } => "tolerate",
            Self::OtherPort { .. } => "other-port",
            Self::PreferAffinity { .. } => "prefer-affinity",
            Self::PreferAntiAffinity { .. } => "prefer-anti-affinity",
            Self::DropSelector { .. } => "drop-selector",
            Self::ExtendAffinity => "extend-affinity",
            Self::DropNodeName { .. } => "drop-node-name",
            Self::Preempt { .. } => "preempt",
        }
    }
}

impl Fix {
    /// See [`FixKind::cost`].
    pub fn cost(&self) -> u32 {
        self.kind.cost()
    }

    /// The fix in words, as `move cache-2 → node-d` or `lower the memory request from 4Gi to 3.2Gi (then node-c takes it)`.
    ///
    /// # Panics
    /// If the fix is not of `cluster`.
    pub fn sentence(&self, cluster: &Cluster) -> String {
        let words = self.words(cluster);
        match &self.kind {
            FixKind::LowerRequest { .. }
            | FixKind::CheckUnit { .. }
            | FixKind::DeleteNode { .. }
            | FixKind::HonorTaints { .. }
            | FixKind::RaiseSkew { .. }
            | FixKind::SpreadAnyway { .. }
            | FixKind::Tolerate { .. }
            | FixKind::OtherPort { .. }
            | FixKind::PreferAffinity { .. }
            | FixKind::PreferAntiAffinity { .. }
            | FixKind::DropSelector { .. }
            | FixKind::DropNodeName { .. } => {
                format!("{words} (then {} takes it)", cluster.node_name(self.node))
            }
            _ => words,
        }
    }

    /// What is done; not who takes the pod then.
    ///
    /// # Panics
    /// As [`sentence`](Self::sentence).
    pub fn words(&self, cluster: &Cluster) -> String {
        let s = |sym: &Sym| cluster.str(*sym);
        let on = cluster.node_name(self.node);
        match &self.kind {
            FixKind::Move { pod, to } => move_words(cluster, *pod, *to),
            FixKind::Moves { moves } => {
                let moves: Vec<String> =
                    moves.iter().map(|&(pod, to)| move_words(cluster, pod, to)).collect();
                moves.join(", ")
            }
            FixKind::BringBack => format!("bring {on} back"),
            FixKind::Wait { taint } => format!(
                "wait until {on} has started: the taint {} goes by itself",
                format_taint(cluster, taint)
            ),
            FixKind::CheckUnit { resource, from, to, largest } => {
                let name = cluster.resource_name(*resource);
                let [from, to, largest] = [from, to, largest].map(|n| format_amount(name, *n));
                format!(
                    "check the {name} request of {from}: no node is that large (the largest has {largest}); was {to} meant?"
                )
            }
            FixKind::Replace { old } => {
                let old = short_name(cluster, *old);
                format!(
                    "delete {old} on {on}, which it replaces (maxSurge 0 and maxUnavailable 1 let the rollout do it)"
                )
            }
            FixKind::DeleteNode { lost } => {
                let lost = cluster.node_name(*lost);
                format!("delete the Node {lost}: it counts for the spread as long as it is there")
            }
            FixKind::RaisePriority { victim, to } => {
                let victim = short_name(cluster, *victim);
                format!(
                    "give it a priority class of {to} or more, as it may run on {on} only: it evicts {victim} then"
                )
            }
            FixKind::HonorTaints { key } => {
                format!("set nodeTaintsPolicy: Honor for the spread over {}", s(key))
            }
            FixKind::Uncordon => format!("uncordon {on}"),
            FixKind::LabelNode { key, value } => format!("label {on} with {}={}", s(key), s(value)),
            FixKind::LowerRequest { resource, from, to } => {
                let name = cluster.resource_name(*resource);
                // What is free is rounded down, so that a request of the amount shown fits.
                let (from, to) = format_apart(name, *from, *to);
                format!("lower the {name} request from {from} to {to}")
            }
            FixKind::EnlargeNode { resource: ResourceId::PODS, add } => {
                format!("let {on} take {add} more {}", plural(*add, "pod"))
            }
            FixKind::EnlargeNode { resource, add } => {
                let name = cluster.resource_name(*resource);
                format!("add {} {name} to {on}", format_amount(name, rounded_up(name, *add)))
            }
            FixKind::AddCards { model, add } => {
                let (model, cards) = (s(model), plural(i64::from(*add), "card"));
                format!("add {add} GPU {cards} ({model}) to {on}")
            }
            FixKind::RaiseSkew { key, from, to } => {
                format!("raise maxSkew over {} from {from} to {to}", s(key))
            }
            FixKind::SpreadAnyway { key } => {
                format!("make the spread over {} ScheduleAnyway", s(key))
            }
            FixKind::Tolerate { taint } => {
                format!("tolerate taint {}", format_taint(cluster, taint))
            }
            FixKind::OtherPort { port } => {
                format!("use another host port than {}", format_port(cluster, port))
            }
            FixKind::PreferAffinity { key } => {
                format!("make the pod affinity over {} preferred", s(key))
            }
            FixKind::PreferAntiAffinity { key } => {
                format!("make the pod anti-affinity over {} preferred", s(key))
            }
            FixKind::DropSelector { key, value } => {
                format!("drop {}={} from the node selector", s(key), s(value))
            }
            FixKind::ExtendAffinity => format!("let the required node affinity accept {on}"),
            FixKind::DropNodeName { name } => {
                format!("drop the node name {}", s(name))
            }
            FixKind::Preempt { victim, priority, by_scheduler } => {
                let (name, low) =
                    (short_name(cluster, *victim), cluster.shape_of(*victim).priority);
                let by_hand = if *by_scheduler { "" } else { ", by hand: preemptionPolicy Never" };
                format!("preempt {name} on {on} (priority {low} < {priority}{by_hand})")
            }
        }
    }
}

fn move_words(cluster: &Cluster, pod: PodId, to: NodeId) -> String {
    let name = short_name(cluster, pod);
    if cluster.pod(pod).node == Some(to) {
        return format!("delete {name}, to come back on {} after it", cluster.node_name(to));
    }
    format!("move {name} → {}", cluster.node_name(to))
}
