//! Taints that mark a passing state of a node: nobody tolerates them to get a place, and no copy of the node has them in
//! mind.

use crate::model::{Cluster, Effect, Node, Taint};

/// What a taint says about its node, if it goes by itself or with the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passing {
    /// The node is down: its kubelet is silent, or reports that it is not ready.
    Down,
    /// The node is starting, and an agent or the cloud's controller takes the taint off when it has started.
    Starting,
    /// The autoscaler is about to take the node away, or has disrupted it.
    Leaving,
    /// Another condition of the node, as pressure on its memory; or a cordon.
    Condition,
}

/// Keys by what they say, the first that matches counts; of one with `*` at an end the rest is looked for there.
///
/// Sources: the well-known labels, annotations and taints of Kubernetes; cluster-autoscaler's FAQ on start-up taints and
/// its `taints` package; Karpenter's disruption and NodePool pages; the installation pages of Cilium and of the AWS CSI
/// drivers, which name their start-up taints `…/agent-not-ready`.
const KEYS: [(&str, Passing); 15] = [
    ("node.kubernetes.io/not-ready", Passing::Down),
    ("node.kubernetes.io/unreachable", Passing::Down),
    ("node.kubernetes.io/*", Passing::Condition),
    ("node.cloudprovider.kubernetes.io/shutdown", Passing::Down),
    ("node.cloudprovider.kubernetes.io/*", Passing::Starting),
    ("node.cluster.x-k8s.io/uninitialized", Passing::Starting),
    ("startup-taint.cluster-autoscaler.kubernetes.io/*", Passing::Starting),
    ("ignore-taint.cluster-autoscaler.kubernetes.io/*", Passing::Starting),
    ("*/agent-not-ready", Passing::Starting),
    ("karpenter.sh/unregistered", Passing::Starting),
    ("karpenter.sh/disrupted", Passing::Leaving),
    ("karpenter.sh/disruption", Passing::Leaving),
    ("ToBeDeletedByClusterAutoscaler", Passing::Leaving),
    ("ToBeDeletedTaint", Passing::Leaving),
    ("DeletionCandidateOfClusterAutoscaler", Passing::Leaving),
];

impl Passing {
    /// What the taint says; `None` where it stays until somebody takes it off.
    pub(super) fn of(cluster: &Cluster, taint: &Taint) -> Option<Self> {
        let key = cluster.str(taint.key);
        let matches = |pattern: &str| match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
            (Some(start), _) => key.starts_with(start),
            (_, Some(end)) => key.ends_with(end),
            _ => key == pattern,
        };
        KEYS.iter().find(|(pattern, _)| matches(pattern)).map(|&(_, passing)| passing)
    }

    /// Whether the node is down, starting or about to go: pressure and cordons are no state of the machine.
    pub(super) fn is_on(cluster: &Cluster, node: &Node) -> bool {
        if node.down || node.ending {
            return true;
        }
        let hard = node.taints.iter().filter(|t| t.effect != Effect::PreferNoSchedule);
        hard.filter_map(|taint| Self::of(cluster, taint)).any(|passing| passing != Self::Condition)
    }
}
