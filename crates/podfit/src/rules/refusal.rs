use super::{Rule, amount::format_apart};
use crate::model::{
    Card, Cluster, Effect, HostPort, Loss, NodeId, PodId, Protocol, ResourceId, Sym, Taint,
};

/// Why a pod may not be placed on a node: data first, [`sentence`] makes words of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The rule that refuses.
    pub rule: Rule,
    /// Stable code of the reason, finer than the rule's, as `untolerated-taint`.
    pub code: &'static str,
    /// The node.
    pub node: NodeId,
    /// The resource that is short ([`Rule::Resources`], [`Rule::VolumeLimits`]).
    pub resource: Option<ResourceId>,
    /// What is needed: in the resource's unit; for cards their number, or thousandths of one where the pod
    /// wants a share.
    pub need: Option<i64>,
    /// What is free, in the same unit; below zero where the node is overcommitted.
    pub free: Option<i64>,
    /// What else the sentence says.
    pub detail: Detail,
}

impl Refusal {
    pub(super) fn new(rule: Rule, node: NodeId, detail: Detail) -> Self {
        Self { rule, code: detail.code(), node, resource: None, need: None, free: None, detail }
    }
}

/// What a reason is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Detail {
    /// The node is lost, in this manner.
    Lost(Loss),
    /// The node is not ready.
    NodeDown,
    /// The Node object is being deleted.
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
    /// The node is cordoned.
    Cordoned,
    /// The pod names this other node.
    NamesNode(Sym),
    /// This taint is not tolerated.
    Taint(Taint),
    /// The pod's nodeSelector wants this label; the node has not this value of it.
    NodeLabel {
        /// Key.
        key: Sym,
        /// Value wanted.
        value: Sym,
    },
    /// No term of the required node affinity matches.
    NodeAffinity,
    /// A port is taken.
    HostPort {
        /// The port that is wanted.
        port: HostPort,
        /// A pod that holds it.
        holder: PodId,
    },
    /// This resource is short.
    Short(ResourceId),
    /// The node has no GPU card that the pod accepts.
    NoCard,
    /// The pod asks a share of a card, and the node's cards are not shared.
    NotShared,
    /// Too few cards with enough free.
    Cards {
        /// The pod wants a share of one card, not whole cards.
        share: bool,
    },
    /// Every term of the required node affinity contradicts itself.
    TermsConflict,
    /// The required node affinity names nodes, and this is none of them.
    NotNamed,
    /// A claim that one pod alone may use is in use.
    ClaimInUse {
        /// The claim.
        claim: Sym,
        /// A pod that uses it.
        holder: PodId,
    },
    /// No more volumes may be attached of the driver that this resource counts.
    Volumes(ResourceId),
    /// A bound volume is out of reach.
    Volume {
        /// Its claim.
        claim: Sym,
    },
    /// The driver has not the storage free here that this claim asks for.
    NoSpace {
        /// Claim name.
        claim: Sym,
    },
    /// A claim waits for its pod, and here is no volume for it.
    NoVolume {
        /// The claim.
        claim: Sym,
    },
    /// A bound volume is in another zone or region.
    VolumeZone {
        /// Its claim.
        claim: Sym,
    },
    /// A claim is not bound, and its class does not wait for the pod: no node until that is done.
    ClaimUnbound {
        /// The claim.
        claim: Sym,
    },
    /// A claim is not in the cluster: no node.
    ClaimMissing {
        /// The claim.
        claim: Sym,
    },
    /// The node lacks the label that makes the domains.
    LabelMissing {
        /// Topology key.
        key: Sym,
    },
    /// One more pod would make the domain too full.
    Spread {
        /// Topology key.
        key: Sym,
        /// The node's domain.
        domain: Sym,
        /// Pods there, this one included.
        would_have: i64,
        /// Pods in the emptiest domain.
        least: i64,
        /// Largest surplus allowed.
        max_skew: i64,
    },
    /// No pod that the affinity wants is in the domain.
    Affinity {
        /// Topology key.
        key: Sym,
        /// The node's domain.
        domain: Sym,
    },
    /// A pod that the own anti-affinity shuns is in the domain.
    AntiAffinity {
        /// Topology key.
        key: Sym,
        /// The node's domain.
        domain: Sym,
        /// The first such pod.
        pod: PodId,
    },
    /// A pod whose anti-affinity shuns the newcomer is in the domain.
    ExistingAntiAffinity {
        /// Topology key.
        key: Sym,
        /// The node's domain.
        domain: Sym,
        /// The first such pod.
        pod: PodId,
    },
}

impl Detail {
    /// Whether the scheduler's PreFilter stage gives this reason: for all nodes at once.
    pub(super) fn is_for_all_nodes(&self) -> bool {
        matches!(self, Self::TermsConflict | Self::ClaimUnbound { .. } | Self::ClaimMissing { .. })
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Lost(_) => "node-lost",
            Self::NodeDown => "node-down",
            Self::NodeEnding => "node-ending",
            Self::Os { .. } => "other-os",
            Self::VolumeElsewhere { .. } => "volume-on-another-node",
            Self::Cordoned => "node-cordoned",
            Self::NamesNode(_) => "names-other-node",
            Self::Taint(_) => "untolerated-taint",
            Self::NodeLabel { .. } => "node-selector",
            Self::NodeAffinity => "node-affinity",
            Self::HostPort { .. } => "host-port-taken",
            Self::Short(ResourceId::PODS) => "too-many-pods",
            Self::Short(_) => "insufficient-resource",
            Self::NoCard => "no-gpu-card",
            Self::NotShared => "gpu-not-shared",
            Self::Cards { .. } => "insufficient-gpu-cards",
            Self::TermsConflict => "node-affinity-conflict",
            Self::NotNamed => "node-affinity",
            Self::ClaimInUse { .. } => "claim-in-use",
            Self::Volumes(_) => "too-many-volumes",
            Self::Volume { .. } => "volume-elsewhere",
            Self::NoVolume { .. } => "no-volume-to-bind",
            Self::NoSpace { .. } => "no-storage",
            Self::VolumeZone { .. } => "volume-zone",
            Self::ClaimUnbound { .. } => "claim-unbound",
            Self::ClaimMissing { .. } => "claim-missing",
            Self::LabelMissing { .. } => "topology-label-missing",
            Self::Spread { .. } => "topology-spread",
            Self::Affinity { .. } => "pod-affinity",
            Self::AntiAffinity { .. } => "pod-anti-affinity",
            Self::ExistingAntiAffinity { .. } => "existing-anti-affinity",
        }
    }
}

/// A refusal in words, as `short of memory: needs 4Gi, free 3.2Gi`. The node is not named.
///
/// # Panics
/// If `refusal` is not of `cluster`.
pub fn sentence(cluster: &Cluster, refusal: &Refusal) -> String {
    let s = |sym| cluster.str(sym);
    match refusal.detail {
        Detail::Lost(_) => "node is lost".into(),
        Detail::NodeDown => "node is not ready".into(),
        Detail::NodeEnding => "node is being deleted".into(),
        Detail::Os { os } => format!("node runs {}", s(os)),
        Detail::VolumeElsewhere { claim, holder } => {
            format!(
                "volume of claim {} is on another node, with {}",
                s(claim),
                cluster.pod_name(holder)
            )
        }
        Detail::Cordoned => "node is cordoned".into(),
        Detail::NamesNode(name) => format!("pod names another node: {}", s(name)),
        Detail::Taint(taint) => format!("taint {} is not tolerated", format_taint(cluster, &taint)),
        Detail::NodeLabel { key, value } => {
            format!("node selector {}={} does not match", s(key), s(value))
        }
        Detail::NodeAffinity => "required node affinity does not match".into(),
        Detail::HostPort { port, holder } => {
            let port = format_port(cluster, &port);
            format!("host port {port} is taken by {}", cluster.pod_name(holder))
        }
        Detail::Short(ResourceId::PODS) => {
            let allowed = cluster.node(refusal.node).allocatable.get(ResourceId::PODS);
            format!("too many pods: the node takes {allowed}")
        }
        Detail::Short(resource) => {
            let (need, free) = need_and_free(cluster, refusal);
            format!("short of {}: needs {need}, free {free}", cluster.resource_name(resource))
        }
        Detail::NoCard => "node has no GPU card that the pod accepts".into(),
        Detail::NotShared => "sharing of the node's GPU cards is switched off".into(),
        Detail::Cards { .. } => {
            let (need, free) = need_and_free(cluster, refusal);
            format!("short of GPU cards: needs {need}, free {free}")
        }
        Detail::TermsConflict => {
            "the terms of the required node affinity contradict themselves".into()
        }
        Detail::NotNamed => "required node affinity names other nodes".into(),
        Detail::ClaimInUse { claim, holder } => {
            let holder = cluster.pod_name(holder);
            format!("claim {} is for one pod alone, and {holder} uses it", s(claim))
        }
        Detail::Volumes(resource) => {
            let (need, free) = need_and_free(cluster, refusal);
            let driver = driver(cluster, resource);
            format!("too many volumes of {driver}: needs {need}, room for {free}")
        }
        Detail::Volume { claim } => format!("volume of claim {} is bound to other nodes", s(claim)),
        Detail::NoVolume { claim } => format!("no volume to be had here for claim {}", s(claim)),
        Detail::NoSpace { claim } => format!("not enough storage here for claim {}", s(claim)),
        Detail::VolumeZone { claim } => format!("volume of claim {} is in another zone", s(claim)),
        Detail::ClaimUnbound { claim } => {
            format!("claim {} is not bound, and its class does not wait for the pod", s(claim))
        }
        Detail::ClaimMissing { claim } => format!("claim {} does not exist", s(claim)),
        Detail::LabelMissing { key } if refusal.rule == Rule::Spread => {
            format!("node has no label {}, over which the pod spreads", s(key))
        }
        Detail::LabelMissing { key } => {
            format!("node has no label {}, which the pod's affinity asks for", s(key))
        }
        Detail::Spread { key, domain, would_have, least, max_skew } => format!(
            "spread over {}: {} would have {would_have}, the emptiest has {least}, at most {max_skew} more allowed",
            s(key),
            s(domain)
        ),
        Detail::Affinity { key, domain } => {
            format!("pod affinity: no pod it wants to be with in {}={}", s(key), s(domain))
        }
        Detail::AntiAffinity { key, domain, pod } => {
            let pod = cluster.pod_name(pod);
            format!("pod anti-affinity: {pod} is in {}={}", s(key), s(domain))
        }
        Detail::ExistingAntiAffinity { key, domain, pod } => {
            let pod = cluster.pod_name(pod);
            format!("anti-affinity of {pod}, which is in {}={}", s(key), s(domain))
        }
    }
}

/// The CSI driver whose volumes a resource counts.
pub(crate) fn driver(cluster: &Cluster, resource: ResourceId) -> &str {
    let name = cluster.resource_name(resource);
    let name = name.strip_prefix("attachable-volumes-").unwrap_or(name);
    name.strip_prefix("csi-").unwrap_or(name)
}

/// The words of kube-scheduler 1.34 for the same reason; each plugin of `pkg/scheduler/framework/plugins` has its
/// own in a constant `ErrReason…`.
pub(crate) fn scheduler_reason(cluster: &Cluster, refusal: &Refusal) -> String {
    let fixed = match refusal.detail {
        // Ours: the scheduler does not look at these.
        Detail::NodeDown | Detail::NodeEnding => "node(s) on which nothing starts",
        Detail::Os { .. } => "node(s) of another operating system",
        Detail::VolumeElsewhere { .. } => "node(s) without the volume",
        // Up to 1.34.1 the taint was named (`… taint {key: value}`; changed by kubernetes/kubernetes#134740).
        Detail::Taint(_) | Detail::Lost(Loss::NotReady) => "node(s) had untolerated taint(s)",
        Detail::Short(ResourceId::PODS) => "Too many pods",
        Detail::Short(resource) => {
            return format!("Insufficient {}", cluster.resource_name(resource));
        }
        Detail::Lost(Loss::Deleted) => "node(s) were deleted",
        Detail::Lost(Loss::Drained) | Detail::Cordoned => "node(s) were unschedulable",
        Detail::NamesNode(_) => "node(s) didn't match the requested node name",
        Detail::NodeLabel { .. } | Detail::NodeAffinity => {
            "node(s) didn't match Pod's node affinity/selector"
        }
        Detail::TermsConflict => "pod affinity terms conflict",
        Detail::NotNamed => "node(s) didn't satisfy plugin(s) [NodeAffinity]",
        Detail::HostPort { .. } => "node(s) didn't have free ports for the requested pod ports",
        Detail::NoCard | Detail::NotShared | Detail::Cards { .. } => "Insufficient GPU cards",
        Detail::ClaimInUse { .. } => {
            "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod"
        }
        Detail::Volumes(_) => "node(s) exceed max volume count",
        Detail::Volume { .. } => "node(s) didn't match PersistentVolume's node affinity",
        Detail::NoVolume { .. } => "node(s) didn't find available persistent volumes to bind",
        Detail::NoSpace { .. } => "node(s) did not have enough free storage",
        Detail::VolumeZone { .. } => "node(s) had no available volume zone",
        Detail::ClaimUnbound { .. } => "pod has unbound immediate PersistentVolumeClaims",
        Detail::ClaimMissing { claim } => {
            return format!("persistentvolumeclaim \"{}\" not found", cluster.str(claim));
        }
        Detail::LabelMissing { .. } if refusal.rule == Rule::Spread => {
            "node(s) didn't match pod topology spread constraints (missing required label)"
        }
        Detail::Spread { .. } => "node(s) didn't match pod topology spread constraints",
        Detail::LabelMissing { .. } | Detail::Affinity { .. } => {
            "node(s) didn't match pod affinity rules"
        }
        Detail::AntiAffinity { .. } => "node(s) didn't match pod anti-affinity rules",
        Detail::ExistingAntiAffinity { .. } => {
            "node(s) didn't satisfy existing pods anti-affinity rules"
        }
    };
    fixed.into()
}

/// Need and free of a shortage, in words.
pub(super) fn need_and_free(cluster: &Cluster, refusal: &Refusal) -> (String, String) {
    let (need, free) = (refusal.need.unwrap_or(0), refusal.free.unwrap_or(0));
    match (refusal.detail, refusal.resource) {
        (Detail::Cards { share: true }, _) => {
            let whole = Card::WHOLE_MILLI;
            (format!("{need}/{whole} of one"), format!("{free}/{whole}"))
        }
        (_, Some(resource)) => format_apart(cluster.resource_name(resource), need, free),
        _ => (need.to_string(), free.to_string()),
    }
}

/// A taint as kubectl writes it: `key=value:NoSchedule`.
pub fn format_taint(cluster: &Cluster, taint: &Taint) -> String {
    let effect = match taint.effect {
        Effect::NoSchedule => "NoSchedule",
        Effect::PreferNoSchedule => "PreferNoSchedule",
        Effect::NoExecute => "NoExecute",
    };
    match (cluster.str(taint.key), cluster.str(taint.value)) {
        (key, "") => format!("{key}:{effect}"),
        (key, value) => format!("{key}={value}:{effect}"),
    }
}

pub(crate) fn format_port(cluster: &Cluster, port: &HostPort) -> String {
    let protocol = match port.protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Sctp => "SCTP",
    };
    match port.ip.map(|ip| cluster.str(ip)) {
        None => format!("{}/{protocol}", port.port),
        // An IPv6 address has colons of its own.
        Some(ip) if ip.contains(':') => format!("[{ip}]:{}/{protocol}", port.port),
        Some(ip) => format!("{ip}:{}/{protocol}", port.port),
    }
}
