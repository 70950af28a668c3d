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

impl Gap {
    /// Whether what was not evaluated may give the pod room that podfit does not see; other gaps only take some away.
    pub fn may_make_room(&self) -> bool {
        matches!(self.code, "dynamic-resource" | "resource-claims")
    }
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
    /// The controller that made it, where the input has it: of a Deployment's pod the ReplicaSet.
    pub workload: Option<WorkloadId>,
    /// Its controller is gone: the input has others of its kind.
    pub orphan: bool,
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
    /// What its move costs: data lost, data left behind.
    pub notes: Vec<Sym>,
    /// Claims whose volume is attached to one node at a time: a new pod elsewhere waits until it is detached.
    pub attached: Vec<Sym>,
    /// Whether it uses persistent volume claims: what nodes and drivers say of volumes may bear on it.
    pub claims: bool,
    /// Whether it is ready, as disruption budgets count it and as StatefulSets wait for it.
    pub ready: bool,
    /// Whether it exists: one that does not is wanted by its owner and has not been made yet.
    pub made: bool,
    /// Why admission refuses what its owner makes, whatever quotas allow: a limit range in words.
    pub barred: Option<Sym>,
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
    /// Which of its pods that are not ready may be evicted although nothing is allowed.
    pub unready: Unready,
}

impl Budget {
    /// A budget that allows so many disruptions now.
    pub fn new(namespace: Sym, name: Sym, selector: Selector, allowed: i64) -> Self {
        Self { namespace, name, selector, allowed, unready: Unready::Kept }
    }
}

/// Whether a budget lets pods go that are not ready (`unhealthyPodEvictionPolicy`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Unready {
    /// No: as many pods are healthy as it wants at most, or fewer (`IfHealthyBudget`, the default).
    #[default]
    Kept,
    /// Yes: more than it wants are healthy (`IfHealthyBudget`), or it says `AlwaysAllow`.
    MayGo,
}

/// A controller, as far as it decides what becomes of its pods.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Namespace.
    pub namespace: Sym,
    /// Name.
    pub name: Sym,
    /// Kind.
    pub kind: OwnerKind,
    /// How many pods it wants at a time; of a Job, so many as may run and are not done yet.
    pub replicas: u32,
    /// The controller that it belongs to: of a ReplicaSet its Deployment.
    pub parent: Option<WorkloadId>,
    /// It is being deleted: it makes no pod any more.
    pub deleting: bool,
    /// Its pods are held back by a scheduling gate when they are made.
    pub gated: bool,
    /// How it goes about its work.
    pub manner: Manner,
    /// How many of its pods its status counts that are not in the input.
    pub unseen: u32,
}

impl Workload {
    /// A controller of this name that wants so many pods and replaces them as they go.
    pub fn new(namespace: Sym, kind: OwnerKind, name: Sym, replicas: u32) -> Self {
        Self {
            namespace,
            name,
            kind,
            replicas,
            parent: None,
            deleting: false,
            gated: false,
            manner: Manner::AtOnce,
            unseen: 0,
        }
    }
}

/// How a controller goes about its work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// It replaces pods as they go, in any order.
    #[default]
    AtOnce,
    /// StatefulSet: pods have numbers.
    Numbered {
        /// The first number.
        start: u32,
        /// Each waits until all of lower numbers are ready (`OrderedReady`).
        in_order: bool,
    },
    /// Job.
    Job {
        /// How many more pods may fail before the Job does; `None`: any number.
        failures_left: Option<u32>,
        /// A pod is replaced once it has failed, not while it is terminating (`podReplacementPolicy: Failed`).
        after_failure: bool,
        /// What `podFailurePolicy` says of a pod that was disrupted.
        on_disruption: Disrupted,
        /// It fails so many seconds after its start (`activeDeadlineSeconds`), if it has one.
        deadline: Option<i64>,
    },
}

/// What a Job's failure policy does about a pod that was disrupted (condition `DisruptionTarget`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Disrupted {
    /// It counts as a failure.
    #[default]
    Counts,
    /// It does not.
    Ignored,
    /// The Job fails.
    FailsJob,
}
