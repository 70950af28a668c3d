use super::{labels::Selector, names::Sym, node::NodeId, shape::ShapeId};

/// A pod, by its position in [`Cluster::pods`](super::Cluster::pods).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodId(pub u32);

impl PodId {
    /// Position in the list of pods.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A workload, by its position in [`Cluster::workloads`](super::Cluster::workloads).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkloadId(pub u32);

impl WorkloadId {
    /// Position in the list of workloads.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Kind of the controller that owns a pod: it decides what becomes of the pod when its node is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnerKind {
    /// Deployment: recreated elsewhere.
    Deployment,
    /// ReplicaSet: recreated elsewhere.
    ReplicaSet,
    /// ReplicationController: recreated elsewhere.
    ReplicationController,
    /// StatefulSet: recreated only once the old pod is known to be gone.
    StatefulSet,
    /// DaemonSet: stays with its node.
    DaemonSet,
    /// Job or CronJob: recreated elsewhere.
    Job,
    /// Static pod of a kubelet (mirror annotation, owner kind Node): stays with its node.
    Static,
    /// No controller: lost with its node.
    Bare,
    /// A custom resource of this kind: its operator recreates it, we assume.
    Custom(Sym),
}

impl OwnerKind {
    /// Whether pods of this kind live and die with their node: there is one a node, none goes elsewhere.
    pub fn stays_with_node(self) -> bool {
        matches!(self, Self::DaemonSet | Self::Static)
    }
}

/// What to edit for a change to the template of a pod: the Deployment rather than its ReplicaSet, where the input has
/// it. No two controllers of one kind and namespace have one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Controller {
    /// Namespace.
    pub namespace: Sym,
    /// Kind.
    pub kind: OwnerKind,
    /// Name.
    pub name: Sym,
}

/// A pod's controller, as its owner reference names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    /// Its kind.
    pub kind: OwnerKind,
    /// Its name, `None` for a bare pod.
    pub name: Option<Sym>,
}

/// A part of the control plane that runs as a pod on a node of the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// kube-apiserver.
    ApiServer,
    /// kube-scheduler.
    Scheduler,
    /// kube-controller-manager.
    ControllerManager,
    /// etcd; a majority of its members must live.
    Etcd,
}

/// Something about a pod that placement depends on and that could not be evaluated: data that the input lacks,
/// or a feature that podfit does not know yet. It makes the pod's verdict "not evaluated", never "fits".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gap {
    /// Stable code, as `claim-not-in-input` or `resource-claims`.
    pub code: &'static str,
    /// What it is about: a claim's name, a field.
    pub what: Sym,
}

/// One pod that holds or wants a place (terminal pods are not in the model).
#[derive(Clone, Debug)]
pub struct Pod {
    /// Name, unique in its shape's namespace.
    pub name: Sym,
    /// What its placement depends on: what it holds where it runs.
    pub shape: ShapeId,
    /// What a replacement asks when it is placed anew. It differs from `shape` while an in-place resize is
    /// under way: a running pod holds the most of spec and status, a newcomer asks its spec.
    pub incoming: ShapeId,
    /// Where it runs; `None` is pending.
    pub node: Option<NodeId>,
    /// GPU cards of that node it holds, by index; empty where it wants none.
    pub cards: Vec<u16>,
    /// Its controller.
    pub owner: Owner,
    /// The workload it is a replica of, where the input has it.
    pub workload: Option<WorkloadId>,
    /// Being deleted: holds its resources, counts for inter-pod affinity, not for spread.
    pub terminating: bool,
    /// Being deleted by the scheduler, to make room for another pod.
    pub preempted: bool,
    /// Seconds from its deletion until it is gone (`terminationGracePeriodSeconds`): meanwhile it is terminating.
    pub grace: i64,
    /// Of a pending pod: the node on which the scheduler made room for it before the input was taken.
    pub nominated: Option<NodeId>,
    /// When it was made (seconds since 1970; 0 is unknown): its place in the scheduler's queue.
    pub created: i64,
    /// When it was started (seconds since 1970; 0 is unknown): preemption spares the older pods.
    pub started: i64,
    /// Held back by a scheduling gate: it is in no queue.
    pub gated: bool,
    /// Part of the control plane.
    pub component: Option<Component>,
    /// Whether the input states no CPU request or no memory request ("fits" says little about it).
    pub unrequested: bool,
    /// What could not be evaluated.
    pub gaps: Vec<Gap>,
    /// What its move costs: data lost, volumes to detach.
    pub notes: Vec<Sym>,
}

impl Pod {
    /// [`Pod::grace`] of a pod that states none.
    pub const GRACE_SECONDS: i64 = 30;
}

/// A PodDisruptionBudget.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Namespace: it speaks of pods there.
    pub namespace: Sym,
    /// Name.
    pub name: Sym,
    /// Which pods.
    pub selector: Selector,
    /// `status.disruptionsAllowed`: how many of them may be evicted now.
    pub allowed: i64,
}

/// A controller with its replicas, for `place` and for names in reports.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Namespace.
    pub namespace: Sym,
    /// Name.
    pub name: Sym,
    /// Kind.
    pub kind: OwnerKind,
    /// Replicas wanted.
    pub replicas: u32,
}
