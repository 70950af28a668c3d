use crate::model::{Cluster, Effect, HostPort, NodeId, PodId, Protocol, ResourceId, Sym, Taint};
use std::fmt;

/// A rule that a change breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Position in [`Change::steps`](crate::model::Change::steps); `None` for the lost and the removed.
    pub step: Option<usize>,
    /// The pod; `None` where the fault is a lost node's alone. May be unknown to the cluster.
    pub pod: Option<PodId>,
    /// The node; `None` where the fault is a removed pod's alone. May be unknown to the cluster.
    pub node: Option<NodeId>,
    /// The rule, with the figures that break it.
    pub kind: ViolationKind,
}

/// Which rule is broken. Amounts are in the units of [`ResourceId`], cards in thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ViolationKind {
    /// The change names a pod that the cluster does not have.
    UnknownPod,
    /// The change names a node that the cluster does not have.
    UnknownNode,
    /// A node is lost a second time.
    LostTwice,
    /// A pod is removed a second time.
    RemovedTwice,
    /// The node is deleted and the change does not remove this pod of it.
    NotRemoved,
    /// The step goes to a lost node.
    LostNode,
    /// The pod runs and was not removed.
    StillRunning,
    /// An earlier step placed the pod.
    PlacedTwice,
    /// The pod is evicted, or said to be gone, but is not there as such a one.
    NotThere,
    /// Short of a resource (of pod slots too).
    Resource {
        /// Which.
        resource: ResourceId,
        /// What the pod asks.
        need: i64,
        /// What is free; negative on an overcommitted node.
        free: i64,
    },
    /// The step does not give as many cards as the pod asks.
    CardCount {
        /// Cards asked.
        want: u16,
        /// Cards given.
        given: usize,
    },
    /// The node has no such card.
    CardUnknown {
        /// Index of the card.
        card: u16,
    },
    /// The step gives a card twice.
    CardRepeated {
        /// Index of the card.
        card: u16,
    },
    /// The pod does not accept the card's model.
    CardModel {
        /// Index of the card.
        card: u16,
    },
    /// The pod asks a share of a card that is not shared.
    CardNotShared {
        /// Index of the card.
        card: u16,
    },
    /// The card has less free than the pod asks of it.
    CardFull {
        /// Index of the card.
        card: u16,
        /// What the pod asks of it.
        need: i64,
        /// What is free.
        free: i64,
    },
    /// The node is not ready: the pod does not start there.
    NodeDown,
    /// The Node object is being deleted: the pod goes with it.
    NodeEnding,
    /// The node runs another operating system than the pod wants.
    Os {
        /// What it runs.
        os: Sym,
    },
    /// A volume that one node at a time may have is used on another.
    VolumeElsewhere {
        /// The claim.
        claim: Sym,
        /// A pod that uses it there.
        holder: PodId,
    },
    /// The node is cordoned and the pod does not tolerate that.
    Unschedulable,
    /// The node has a taint that the pod does not tolerate.
    Taint(Taint),
    /// The pod names another node.
    NodeName {
        /// The node it names.
        wanted: Sym,
    },
    /// The node does not match the pod's nodeSelector and required node affinity.
    NodeSelector,
    /// The node cannot reach a volume of the pod, or none can be had there for a claim that waits for the pod.
    Volume {
        /// The claim.
        claim: Sym,
    },
    /// A volume of the pod is in another zone or region than the node.
    VolumeZone {
        /// The claim.
        claim: Sym,
    },
    /// A claim is not bound and does not wait for the pod.
    ClaimUnbound {
        /// The claim.
        claim: Sym,
    },
    /// A claim does not exist.
    ClaimMissing {
        /// The claim.
        claim: Sym,
    },
    /// A claim that one pod alone may use (ReadWriteOncePod) is in use.
    ClaimInUse {
        /// The claim.
        claim: Sym,
        /// The first pod found to use it.
        holder: PodId,
    },
    /// More volumes than may be attached to the node.
    VolumeLimit {
        /// The resource that counts them.
        resource: ResourceId,
        /// Volumes the pod brings.
        need: i64,
        /// How many more may be attached.
        free: i64,
    },
    /// A port of the node is taken.
    HostPort {
        /// The port the pod wants.
        port: HostPort,
        /// The first pod found to hold it.
        holder: PodId,
    },
    /// The node lacks the topology key of an affinity term.
    AffinityKey {
        /// The key.
        key: Sym,
    },
    /// No pod that the affinity selects runs in the node's domain.
    Affinity {
        /// The key of the domain.
        key: Sym,
    },
    /// A pod that the anti-affinity selects runs in the node's domain.
    AntiAffinity {
        /// The key of the domain.
        key: Sym,
    },
    /// A pod in the node's domain has an anti-affinity against this one.
    OthersAntiAffinity {
        /// The key of the domain.
        key: Sym,
    },
    /// The node lacks the topology key of a spread constraint.
    SpreadKey {
        /// The key.
        key: Sym,
    },
    /// Too many pods in the node's domain: `count` (this one included, if selected) − `least` > `max_skew`.
    Spread {
        /// The key of the domain.
        key: Sym,
        /// Pods selected in the domain, the placed one included.
        count: i64,
        /// The same in the emptiest domain; 0 with fewer than `minDomains`.
        least: i64,
        /// The surplus allowed.
        max_skew: i64,
    },
}

impl ViolationKind {
    /// Whether the scheduler does not look at it: it may put the pod there, and the pod does not start.
    pub fn is_after_scheduling(&self) -> bool {
        matches!(
            self,
            Self::NodeDown | Self::NodeEnding | Self::Os { .. } | Self::VolumeElsewhere { .. }
        )
    }

    /// Stable code of the rule.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownPod => "unknown-pod",
            Self::UnknownNode => "unknown-node",
            Self::LostTwice => "lost-twice",
            Self::RemovedTwice => "removed-twice",
            Self::NotRemoved => "not-removed",
            Self::LostNode => "lost-node",
            Self::StillRunning => "still-running",
            Self::PlacedTwice => "placed-twice",
            Self::NotThere => "not-there",
            Self::Resource { .. } => "resource",
            Self::CardCount { .. } => "card-count",
            Self::CardUnknown { .. } => "card-unknown",
            Self::CardRepeated { .. } => "card-repeated",
            Self::CardModel { .. } => "card-model",
            Self::CardNotShared { .. } => "card-not-shared",
            Self::CardFull { .. } => "card-full",
            Self::NodeDown => "node-down",
            Self::NodeEnding => "node-ending",
            Self::Os { .. } => "other-os",
            Self::VolumeElsewhere { .. } => "volume-on-another-node",
            Self::Unschedulable => "unschedulable",
            Self::Taint(_) => "taint",
            Self::NodeName { .. } => "node-name",
            Self::NodeSelector => "node-selector",
            Self::Volume { .. } => "volume",
            Self::VolumeZone { .. } => "volume-zone",
            Self::ClaimUnbound { .. } => "claim-unbound",
            Self::ClaimMissing { .. } => "claim-missing",
            Self::ClaimInUse { .. } => "claim-in-use",
            Self::VolumeLimit { .. } => "volume-limit",
            Self::HostPort { .. } => "host-port",
            Self::AffinityKey { .. } => "affinity-key",
            Self::Affinity { .. } => "affinity",
            Self::AntiAffinity { .. } => "anti-affinity",
            Self::OthersAntiAffinity { .. } => "others-anti-affinity",
            Self::SpreadKey { .. } => "spread-key",
            Self::Spread { .. } => "spread",
        }
    }
}

impl Violation {
    /// The violation as a sentence, with the names of `cluster` (the one that was checked).
    pub fn display<'a>(&'a self, cluster: &'a Cluster) -> impl fmt::Display + 'a {
        Sentence { violation: self, cluster }
    }
}

struct Sentence<'a> {
    violation: &'a Violation,
    cluster: &'a Cluster,
}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { step, pod, node, kind } = self.violation;
        if let Some(step) = step {
            write!(f, "step {}: ", step + 1)?;
        }
        if let Some(pod) = pod {
            write!(f, "{}", self.pod(*pod))?;
        }
        if let Some(node) = node {
            let on = if pod.is_some() { " on " } else { "" };
            match node.index() < self.cluster.nodes().len() {
                true => write!(f, "{on}node {}", self.cluster.node_name(*node))?,
                false => write!(f, "{on}node number {}", node.0)?,
            }
        }
        f.write_str(": ")?;
        self.fmt_kind(kind, f)
    }
}

impl Sentence<'_> {
    fn pod(&self, pod: PodId) -> String {
        match pod.index() < self.cluster.pods().len() {
            true => format!("pod {}", self.cluster.pod_name(pod)),
            false => format!("pod number {}", pod.0),
        }
    }

    fn fmt_kind(&self, kind: &ViolationKind, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ViolationKind as K;
        let str = |sym: &Sym| self.cluster.str(*sym);
        match kind {
            K::UnknownPod => f.write_str("the cluster has no such pod"),
            K::UnknownNode => f.write_str("the cluster has no such node"),
            K::LostTwice => f.write_str("it is lost twice"),
            K::RemovedTwice => f.write_str("it is removed twice"),
            K::NotRemoved => f.write_str("the node is deleted but the pod is not removed"),
            K::LostNode => f.write_str("the node is lost"),
            K::StillRunning => f.write_str("it runs already and was not removed"),
            K::PlacedTwice => f.write_str("an earlier step has placed it"),
            K::NotThere => f.write_str("it is evicted or gone, but was not there to be"),
            K::Resource { resource, need, free } => {
                let name = self.cluster.resource_name(*resource);
                write!(f, "short of {name}: needs {need}, free {free}")
            }
            K::CardCount { want, given } => write!(f, "asks for {want} GPU cards, gets {given}"),
            K::CardUnknown { card } => write!(f, "the node has no GPU card {card}"),
            K::CardRepeated { card } => write!(f, "gets GPU card {card} twice"),
            K::CardModel { card } => write!(f, "does not accept the model of GPU card {card}"),
            K::CardNotShared { card } => {
                write!(f, "asks a share of GPU card {card}, which is not shared")
            }
            K::CardFull { card, need, free } => {
                write!(f, "GPU card {card} is too full: needs {need}/1000, free {free}/1000")
            }
            K::NodeDown => f.write_str("the node is not ready"),
            K::NodeEnding => f.write_str("the node is being deleted"),
            K::Os { os } => write!(f, "the node runs {}", str(os)),
            K::VolumeElsewhere { claim, holder } => {
                let holder = self.pod(*holder);
                write!(f, "the volume of claim {} is on another node, with {holder}", str(claim))
            }
            K::Unschedulable => f.write_str("the node is unschedulable"),
            K::Taint(taint) => write!(
                f,
                "does not tolerate taint {}={}:{}",
                str(&taint.key),
                str(&taint.value),
                effect(taint.effect)
            ),
            K::NodeName { wanted } => write!(f, "must run on node {}", str(wanted)),
            K::NodeSelector => f.write_str("the node does not match its node selector or affinity"),
            K::Volume { claim } => {
                write!(f, "the node cannot reach the volume of claim {}", str(claim))
            }
            K::VolumeZone { claim } => {
                write!(f, "the volume of claim {} is in another zone", str(claim))
            }
            K::ClaimUnbound { claim } => write!(f, "claim {} is not bound", str(claim)),
            K::ClaimMissing { claim } => write!(f, "claim {} does not exist", str(claim)),
            K::ClaimInUse { claim, holder } => {
                let holder = self.pod(*holder);
                write!(f, "claim {} is for one pod alone and {holder} uses it", str(claim))
            }
            K::VolumeLimit { resource, need, free } => {
                let name = self.cluster.resource_name(*resource);
                write!(f, "too many {name}: brings {need}, room for {free}")
            }
            K::HostPort { port, holder } => {
                let holder = self.pod(*holder);
                write!(
                    f,
                    "host port {}/{} is taken by {holder}",
                    protocol(port.protocol),
                    port.port
                )
            }
            K::AffinityKey { key } => write!(f, "pod affinity: the node has no label {}", str(key)),
            K::Affinity { key } => {
                write!(f, "pod affinity: no pod it wants is in this {}", str(key))
            }
            K::AntiAffinity { key } => {
                write!(f, "pod anti-affinity: a pod it shuns is in this {}", str(key))
            }
            K::OthersAntiAffinity { key } => {
                write!(f, "pod anti-affinity: a pod that shuns it is in this {}", str(key))
            }
            K::SpreadKey { key } => {
                write!(f, "topology spread: the node has no label {}", str(key))
            }
            K::Spread { key, count, least, max_skew } => write!(
                f,
                "topology spread: {count} in this {}, {least} in the emptiest, skew allowed {max_skew}",
                str(key)
            ),
        }
    }
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::NoSchedule => "NoSchedule",
        Effect::PreferNoSchedule => "PreferNoSchedule",
        Effect::NoExecute => "NoExecute",
    }
}

fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Sctp => "SCTP",
    }
}
