use super::{node::NodeId, pod::PodId};

/// How a node is gone. It decides what still counts on it: see `planner/loss` for the sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The kubelet is silent: the Node object stays (tainted unreachable, an empty spread domain), evicted
    /// pods linger as Terminating.
    #[default]
    NotReady,
    /// The Node object is deleted, and with it every pod on it.
    Deleted,
    /// The node was cordoned and drained: it lives, DaemonSet and static pods run on.
    Drained,
}

/// A pod that leaves its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The pod.
    pub pod: PodId,
    /// It stays Terminating on a lost node: it counts for inter-pod (anti-)affinity and holds its
    /// resources there, but no longer counts for spread.
    pub lingers: bool,
}

/// A pod that is put on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// A pod that was pending, or that [`Change::removed`] names (then this is its replacement).
    pub pod: PodId,
    /// Where it goes.
    pub node: NodeId,
    /// Cards of the node it gets, one index a card wanted.
    pub cards: Vec<u16>,
}

/// What happens to a cluster: nodes lost, then pods removed, then pods placed one by one in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Lost nodes, each once. No step may go there.
    pub lost: Vec<NodeId>,
    /// How they were lost.
    pub loss: Loss,
    /// Pods that leave, each once. With [`Loss::Deleted`] every pod of a lost node must be among them.
    pub removed: Vec<Removal>,
    /// Pods placed, in order: affinity and spread are judged as each is placed.
    pub steps: Vec<Step>,
}
