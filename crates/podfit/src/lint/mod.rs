//! Lints: what makes a workload less available than its replicas promise, before any node is lost.
//!
//! In: a cluster and how nodes are lost. Out: [`Lint`]s, one for each workload and finding, as data, with cause and
//! fix in words. Asked per shape and per workload, never per pair of pods, so that 100,000 pods cost no more than
//! a second or two. `groups` makes workloads of pods, `workload` holds what one pod or shape says by itself,
//! `coupled` what depends on others (anti-affinity, affinity), `spread` asks each loss, `cluster` is about
//! budgets and the control plane, `words` has the sentences.
//!
//! A lint is a warning, unless it is sure that the loss of one single node takes the workload down for good: all
//! its running pods are on one node, and the finding keeps them from coming back (or the control plane is gone).

mod cluster;
mod coupled;
mod groups;
mod spread;
mod words;
mod workload;

use crate::model::{Component, Loss, NodeId, OwnerKind, PodId, Sym};
use crate::planner::Planner;
use crate::rules::Rule;

/// The question.
#[derive(Clone, Copy, Debug, Default)]
pub struct LintQuestion {
    /// How nodes would be lost. It decides what is stuck and which domains stay.
    pub loss: Loss,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The loss of one node takes it down for sure, and it does not come back by itself.
    Error,
    /// It is less available than it looks.
    Warning,
}

/// What a lint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// A workload: a controller and its pods. Unnamed ones are distinguished by shape.
    Workload {
        /// Namespace.
        namespace: Sym,
        /// Kind of the controller.
        kind: OwnerKind,
        /// Its name.
        name: Option<Sym>,
    },
    /// The pods of a namespace that have no controller.
    BarePods {
        /// Namespace.
        namespace: Sym,
    },
    /// A disruption budget, by its position in [`Cluster::budgets`](crate::model::Cluster::budgets).
    Budget(usize),
    /// The control plane.
    ControlPlane,
    /// A node.
    Node(NodeId),
}

/// What was found, in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// One replica.
    SingleReplica,
    /// All of several replicas run on one node.
    OneNode {
        /// How many.
        replicas: usize,
    },
    /// Hard anti-affinity among the replicas leaves no domain for a replacement.
    AntiAffinity {
        /// Topology key.
        key: Sym,
        /// Replicas.
        replicas: usize,
        /// Domains with a node that they may enter.
        domains: usize,
    },
    /// Hard topology spread refuses the replacement on every node left.
    Spread {
        /// Topology key of the constraint that refuses.
        key: Sym,
        /// The label value of the domain lost, where it was a whole domain and not a node.
        domain: Option<Sym>,
        /// Pods that the best node's domain would have, the replacement among them.
        would_have: i64,
        /// Pods of the emptiest domain.
        least: i64,
        /// Largest surplus allowed.
        max_skew: i64,
    },
    /// Required affinity to a pod of which there is one.
    Affinity {
        /// That pod.
        target: PodId,
    },
    /// All volumes of a pod together reach one node, or none.
    LocalVolume {
        /// A claim of the first such pod that confines it.
        claim: Sym,
    },
    /// The budget allows no eviction now, so a drain waits.
    BudgetBlocks {
        /// What it allows.
        allowed: i64,
    },
    /// Pods without a CPU or a memory request: that they fit says little.
    NoRequests {
        /// Pods of the workload in all.
        replicas: usize,
    },
    /// No controller makes it again.
    BarePod,
    /// It tolerates an unreachable node for ever, so it is never evicted.
    NeverEvicted,
    /// Not recreated until an operator acts or the node returns.
    StatefulSetStuck,
    /// The template names its node.
    NodeNamePinned {
        /// The node's name.
        node: Sym,
    },
    /// One node accepts it: which rules keep it off the others, and on how many.
    SingleNode {
        /// The rules.
        refused: Vec<(Rule, usize)>,
    },
    /// No node accepts a replacement: which rules keep it off, and on how many.
    NoNode {
        /// The rules.
        refused: Vec<(Rule, usize)>,
    },
    /// The loss of any one of the nodes stops the control plane.
    ControlPlaneSingle {
        /// Parts that stop; empty where only labels show where the control plane is.
        down: Vec<Component>,
    },
    /// The node is not ready now, and its pods are not either.
    NodeDown,
    /// The one node of a DaemonSet's pod is full of pods that it does not outrank.
    DaemonSetStarves {
        /// Its priority.
        priority: i32,
    },
}

impl Finding {
    /// Every code.
    pub const CODES: [&str; 17] = [
        "single-replica",
        "replicas-on-one-node",
        "anti-affinity-cannot-survive",
        "spread-cannot-survive",
        "affinity-to-single-pod",
        "local-volume",
        "budget-blocks-eviction",
        "no-requests",
        "bare-pod",
        "never-evicted",
        "statefulset-stuck",
        "node-name-pinned",
        "node-selector-single-node",
        "no-eligible-node",
        "control-plane-single",
        "node-down",
        "daemonset-starves",
    ];

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SingleReplica => "single-replica",
            Self::OneNode { .. } => "replicas-on-one-node",
            Self::AntiAffinity { .. } => "anti-affinity-cannot-survive",
            Self::Spread { .. } => "spread-cannot-survive",
            Self::Affinity { .. } => "affinity-to-single-pod",
            Self::LocalVolume { .. } => "local-volume",
            Self::BudgetBlocks { .. } => "budget-blocks-eviction",
            Self::NoRequests { .. } => "no-requests",
            Self::BarePod => "bare-pod",
            Self::NeverEvicted => "never-evicted",
            Self::StatefulSetStuck => "statefulset-stuck",
            Self::NodeNamePinned { .. } => "node-name-pinned",
            Self::SingleNode { .. } => "node-selector-single-node",
            Self::NoNode { .. } => "no-eligible-node",
            Self::ControlPlaneSingle { .. } => "control-plane-single",
            Self::NodeDown => "node-down",
            Self::DaemonSetStarves { .. } => "daemonset-starves",
        }
    }
}

/// One finding about one workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// How bad.
    pub severity: Severity,
    /// What it is about.
    pub about: About,
    /// The pods it holds for, in the order of the input; those being deleted are left out.
    pub pods: Vec<PodId>,
    /// The nodes that matter: those whose loss does it, or the only one that accepts it.
    pub nodes: Vec<NodeId>,
    /// The finding.
    pub finding: Finding,
}

impl Planner {
    /// Everything that makes workloads less available than they look, errors first, then by code and workload in
    /// the order of the input. Every namespace counts; DaemonSet and static pods are no workloads here.
    pub fn lint(&self, question: &LintQuestion) -> Vec<Lint> {
        let groups = groups::groups(self.cluster());
        let mut lints = Vec::new();
        for group in &groups {
            workload::lint(self, question, group, &mut lints);
        }
        coupled::lint(self, &groups, &mut lints);
        spread::lint(self, question, &groups, &mut lints);
        cluster::budgets(self.cluster(), &mut lints);
        cluster::control_plane(self.cluster(), question.loss, &mut lints);
        cluster::down(self.cluster(), &mut lints);
        cluster::starving(self, &mut lints);
        lints.sort_by_key(|l| (l.severity, l.finding.code()));
        lints
    }
}

#[cfg(test)]
mod tests {
    use super::Finding::{self, *};
    use crate::model::{Names, PodId};

    /// The finding after this one, of any content; a new one has to be linked in.
    fn after(finding: &Finding) -> Option<Finding> {
        let name = Names::default().intern("x");
        Some(match finding {
            SingleReplica => OneNode { replicas: 2 },
            OneNode { .. } => AntiAffinity { key: name, replicas: 2, domains: 2 },
            AntiAffinity { .. } => {
                Spread { key: name, domain: None, would_have: 2, least: 0, max_skew: 1 }
            }
            Spread { .. } => Affinity { target: PodId(0) },
            Affinity { .. } => LocalVolume { claim: name },
            LocalVolume { .. } => BudgetBlocks { allowed: 0 },
            BudgetBlocks { .. } => NoRequests { replicas: 1 },
            NoRequests { .. } => BarePod,
            BarePod => NeverEvicted,
            NeverEvicted => StatefulSetStuck,
            StatefulSetStuck => NodeNamePinned { node: name },
            NodeNamePinned { .. } => SingleNode { refused: Vec::new() },
            SingleNode { .. } => NoNode { refused: Vec::new() },
            NoNode { .. } => ControlPlaneSingle { down: Vec::new() },
            ControlPlaneSingle { .. } => NodeDown,
            NodeDown => DaemonSetStarves { priority: 0 },
            DaemonSetStarves { .. } => return None,
        })
    }

    #[test]
    fn every_code_is_listed() {
        let all = std::iter::successors(Some(SingleReplica), after);
        let codes: Vec<&str> = all.map(|f| f.code()).collect();
        assert_eq!(codes, Finding::CODES);
    }
}
