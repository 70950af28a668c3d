//! The answer to "what works of the control plane while something fails?".

mod capabilities;
mod made;
mod rules;

pub(crate) use made::{Asked, control_plane};

use super::Outcome;
use super::common::Verdict;
use super::reason::Why;
use crate::time::Span;
use crate::vocabulary::LeaderGoes;
use podfit::control_plane::{EffectKind, Known, Layout, Weight};
use podfit::planner::Renewal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Enums of words on the wire with the core's.
macro_rules! codes {
    ($($(#[$about:meta])* $name:ident from $core:ty { $($(#[$doc:meta])* $variant:ident,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl From<$core> for $name {
            fn from(of: $core) -> Self {
                match of {
                    $(<$core>::$variant => Self::$variant,)*
                }
            }
        }
    )*};
}

codes! {
    /// How etcd and the API servers are put together.
    LayoutCode from Layout {
        /// Every member of etcd is on a machine with an API server.
        Stacked,
        /// Etcd has machines of its own.
        External,
        /// Members of both kinds.
        Mixed,
        /// There is an API server, and the input shows nothing of etcd.
        EtcdNotShown,
        /// The input shows no control plane.
        NotKnown,
    }
    /// How much a finding matters.
    SeverityCode from Weight {
        /// One loss stops the control plane, or a member does not work now.
        Error,
        /// It is weaker than it looks.
        Warning,
        /// Something that decides is not known.
        Open,
    }
    /// What goes on in the cluster meanwhile, or waits.
    EffectCode from EffectKind {
        /// Pods that run.
        RunningPods,
        /// A container that crashes on a node that lives.
        ContainerCrash,
        /// Changes by kubectl, deployments.
        Changes,
        /// Pods without a node.
        NewPods,
        /// Pods that are gone and should be made anew.
        Replacement,
        /// A worker that is lost meanwhile.
        WorkerLoss,
        /// A node that is rebooted meanwhile.
        NodeReboot,
        /// Endpoints of services.
        Endpoints,
    }
    /// Whether a pod that is gone is made anew.
    RenewalCode from Renewal {
        /// At once, by its controller.
        Now,
        /// Once the control plane is back.
        Waits,
        /// Never: nothing makes it.
        Never,
        /// By the kubelet of its node, from its file.
        ByKubelet,
        /// With its node.
        WithNode,
        /// Whether the control plane works is not known.
        NotKnown,
    }
}

/// Whether something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StateCode {
    /// Yes.
    Works,
    /// Of reads: answers are given that may be old.
    Stale,
    /// No.
    Down,
    /// That depends on what the input does not show.
    Unknown,
}

impl From<Known> for StateCode {
    fn from(known: Known) -> Self {
        match known {
            Known::Yes => Self::Works,
            Known::No => Self::Down,
            Known::Unknown => Self::Unknown,
        }
    }
}

/// The verdict on a control plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlaneVerdict {
    /// Everything works with these failures, if need be after a hand-over; without any, after as many as were asked too.
    Works,
    /// It works now, and fewer failures than were asked stop it.
    Fragile,
    /// Something does not work.
    Down,
    /// That depends on what the input does not show.
    Unknown,
    /// There is no control plane in the input; one was planned.
    Planned,
}

/// What the control plane can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CapabilityCode {
    /// Some API server serves at its own address.
    Api,
    /// The API is served at the address that kubelets and clients share.
    SharedApi,
    /// Etcd takes writes: it has its majority.
    EtcdWrites,
    /// Etcd answers reads.
    EtcdReads,
    /// New pods get a node.
    Scheduling,
    /// Controllers act: pods are made anew, evicted, scaled; endpoints are kept.
    Controllers,
}

/// The answer to a control-plane request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlPlaneReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `ControlPlaneReport`.
    pub kind: String,
    /// The verdict.
    pub verdict: PlaneVerdict,
    /// Why.
    pub why: Why,
    /// What fails, as asked.
    pub failed: Vec<String>,
    /// Where it runs.
    pub topology: TopologyReport,
    /// Every part on every machine.
    pub members: Vec<MemberReport>,
    /// What works while the failures last.
    pub capabilities: Vec<CapabilityReport>,
    /// What goes on in the cluster meanwhile, and what waits.
    pub effects: Vec<EffectReport>,
    /// Pods that crash.
    pub pods: Vec<CrashReport>,
    /// Nodes that are lost, with what becomes of their pods; null where none is.
    pub lost: Option<LostReport>,
    /// How leaders are elected, and how long nobody leads.
    pub leader_election: LeaderElection,
    /// Where nothing is said to fail: each single part, and each set of machines and balancers.
    pub cases: Vec<CaseReport>,
    /// Sets that were not asked.
    pub cases_left_out: u64,
    /// Majorities of 1 to 7 members.
    pub quorum: Vec<QuorumRow>,
    /// What is weak, whatever fails.
    pub findings: Vec<PlaneFinding>,
    /// What each part's loss means, and what helps.
    pub remedies: Vec<RemedyReport>,
    /// Control planes that survive what is asked, the fewest machines first.
    pub plans: Vec<PlanReport>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What was not evaluated.
    pub not_evaluated: Vec<String>,
}

impl Outcome for ControlPlaneReport {
    fn is_good(&self, _accept_losses: bool) -> bool {
        matches!(self.verdict, PlaneVerdict::Works | PlaneVerdict::Planned)
    }

    fn bad_code(&self) -> u8 {
        match self.verdict {
            PlaneVerdict::Down => Verdict::Stalls.code(),
            PlaneVerdict::Unknown => Verdict::Unknown.code(),
            _ => 1,
        }
    }
}

/// Where a control plane runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TopologyReport {
    /// How etcd and the API servers are put together.
    pub layout: LayoutCode,
    /// Machines with an API server.
    pub servers: Vec<String>,
    /// Machines with a member of etcd.
    pub etcd: Vec<String>,
    /// Whether these are all members of etcd.
    pub etcd_is_counted: bool,
    /// Balancers before the API servers; null: the input does not say.
    pub balancers: Option<Vec<String>>,
    /// Where API servers and balancers listen, unless told otherwise.
    pub port: u16,
    /// Who set the cluster up, by labels of nodes; null where no known label says it.
    pub installer: Option<String>,
    /// Whether a provider runs the control plane.
    pub by_provider: bool,
    /// Any so many machines and balancers may fail and everything works, of the sizes that were asked; null where that was not
    /// asked, or it does not work without a failure.
    pub tolerates: Option<u32>,
}

/// A part on a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberReport {
    /// As `m1:etcd`.
    pub name: String,
    /// As `kube-apiserver`.
    pub component: String,
    /// Its machine.
    pub machine: String,
    /// Whether the machine is a node of the cluster.
    pub is_node: bool,
    /// Whether it runs as the input stands.
    pub now: StateCode,
    /// Whether it runs while the failures last.
    pub runs: StateCode,
    /// Whether it does its work while the failures last: what it depends on works too.
    pub state: StateCode,
    /// Of an API server, the members of etcd that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub etcd: Vec<String>,
    /// Whether it leads as the input stands, by its lease; of none of a part where the input has no lease of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leads: bool,
}

/// What works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CapabilityReport {
    /// What.
    pub code: CapabilityCode,
    /// Whether it does.
    pub state: StateCode,
    /// In words.
    pub text: String,
    /// Of scheduling and controllers, the hand-over where the leader may be among those that fail.
    pub hand_over: Option<HandOverReport>,
}

/// A hand-over to another leader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HandOverReport {
    /// The members that the leader may be.
    pub among: Vec<String>,
    /// Whether it is one of them for sure.
    pub is_certain: bool,
    /// How it goes: one way, or several where members go differently.
    pub goes: Vec<LeaderGoes>,
    /// From the failure until another leads, if the leader is among them.
    pub seconds: Span,
}

/// How leaders are elected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeaderElection {
    /// The objects that a leader holds.
    pub locks: Vec<String>,
    /// A lease that nobody renewed for so long may be taken.
    pub lease_seconds: crate::time::Seconds,
    /// A leader that cannot renew for so long gives up.
    pub renew_deadline_seconds: crate::time::Seconds,
    /// Time between two tries; those who wait add up to 1.2 of it.
    pub retry_period_seconds: crate::time::Seconds,
    /// Each way in which a leader goes, with the arithmetic.
    pub ways: Vec<HandOverWay>,
}

/// One way in which a leader goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HandOverWay {
    /// How.
    pub goes: LeaderGoes,
    /// From the failure until another leads: the sum of the terms.
    pub seconds: Span,
    /// Of one that is cut off: from then until it gives up.
    pub gives_up_seconds: Option<Span>,
    /// The terms.
    pub terms: Vec<LeaseTerm>,
}

/// A term of a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeaseTerm {
    /// What takes the time.
    pub text: String,
    /// How long.
    pub seconds: Span,
    /// Whether it had passed before the failure: it is subtracted.
    pub is_subtracted: bool,
    /// Where the rule is from.
    pub source: String,
}

/// What goes on, or waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EffectReport {
    /// What.
    pub code: EffectCode,
    /// Whether it goes on, or is repaired.
    pub state: StateCode,
    /// In words.
    pub text: String,
}

/// A pod that crashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CrashReport {
    /// As `namespace/name`.
    pub pod: String,
    /// Where it runs.
    pub node: Option<String>,
    /// Its containers are started again where it is, by the kubelet, as its restartPolicy says.
    pub in_place: bool,
    /// If the pod itself is gone (evicted, deleted): whether it is made anew.
    pub renewal: RenewalCode,
    /// In words.
    pub text: String,
}

/// Nodes that are lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LostReport {
    /// Which.
    pub nodes: Vec<String>,
    /// Whether their pods are made anew while the failures last.
    pub state: StateCode,
    /// Pods that their controllers make anew.
    pub to_renew: usize,
    /// Pods that nothing makes anew.
    pub lost: usize,
    /// Pods that stay as they are until somebody acts.
    pub stuck: usize,
    /// The verdict of a what-if with these nodes, a working control plane supposed; the scheduler is not asked.
    pub after_recovery: Verdict,
    /// In words.
    pub text: String,
}

/// A set of failures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseReport {
    /// What fails; empty: nothing.
    pub failed: Vec<String>,
    /// Whether everything works.
    pub state: StateCode,
    /// The API at a server's own address.
    pub api: StateCode,
    /// The API at the shared address; null: the input does not say what that is.
    pub shared_api: Option<StateCode>,
    /// Writes to etcd.
    pub etcd_writes: StateCode,
    /// Reads of etcd.
    pub etcd_reads: StateCode,
    /// Scheduling.
    pub scheduling: StateCode,
    /// Controllers.
    pub controllers: StateCode,
    /// What is missing, in words; null: nothing.
    pub why: Option<String>,
}

/// A majority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuorumRow {
    /// Members.
    pub members: u32,
    /// Members that must live.
    pub quorum: u32,
    /// Members that may fail.
    pub tolerated: u32,
    /// Whether this control plane has so many.
    pub here: bool,
}

/// Something weak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaneFinding {
    /// How much it matters.
    pub severity: SeverityCode,
    /// Stable code, as `etcd-no-loss-tolerated`.
    pub code: String,
    /// What it is, with the numbers.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

/// What a part's loss means, and what helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RemedyReport {
    /// The part.
    pub component: String,
    /// Whether it works while the failures last; null: there is none, or the input does not say.
    pub state: Option<StateCode>,
    /// What its loss means.
    pub issue: String,
    /// What helps.
    pub mitigation: String,
}

/// A control plane that survives what is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanReport {
    /// Stacked or external.
    pub layout: LayoutCode,
    /// Machines with an API server, a scheduler and a controller-manager.
    pub servers: u32,
    /// Members of etcd.
    pub members: u32,
    /// Machines in all, balancers left aside.
    pub machines: u32,
    /// Balancers before the API servers.
    pub balancers: u32,
    /// Any so many of them may fail at once.
    pub survives: u32,
    /// Whether it is what the documentation of Kubernetes asks for, rather than the least that does.
    pub documented: bool,
    /// Servers, members of etcd, and balancers that are missing here; null where the input shows none.
    pub missing: Option<Vec<String>>,
    /// In words.
    pub text: String,
}
