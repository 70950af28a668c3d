//! Lints in words: what it is about, the cause with its numbers, the fix.

use super::{About, Finding, Lint};
use crate::model::{Cluster, Component};
use crate::planner::words::{by_rule, node_names};

impl Lint {
    /// Stable code, as `single-replica`.
    pub fn code(&self) -> &'static str {
        self.finding.code()
    }

    /// What it is about, as `ReplicaSet default/web`.
    ///
    /// # Panics
    /// As the others here: if it is not of `cluster`.
    pub fn subject(&self, cluster: &Cluster) -> String {
        let s = |sym| cluster.str(sym);
        match self.about {
            About::Workload { namespace, kind, name: Some(name) } => {
                format!("{} {}/{}", cluster.kind_name(kind), s(namespace), s(name))
            }
            About::Workload { namespace, kind, name: None } => {
                let first = self.pods.first().map(|&p| cluster.pod_name(p));
                let of = first.unwrap_or_else(|| s(namespace).into());
                format!("{} of {of}", cluster.kind_name(kind))
            }
            About::BarePods { namespace } => match self.pods.as_slice() {
                [pod] => format!("pod {}", cluster.pod_name(*pod)),
                _ => format!("bare pods of {}", s(namespace)),
            },
            About::Budget(i) => {
                let budget = &cluster.budgets()[i];
                format!("budget {}/{}", s(budget.namespace), s(budget.name))
            }
            About::ControlPlane => "control plane".into(),
            About::Node(node) => format!("node {}", cluster.node_name(node)),
        }
    }

    /// Why, with the numbers.
    ///
    /// # Panics
    /// If it is not of `cluster`.
    pub fn cause(&self, cluster: &Cluster) -> String {
        let s = |sym| cluster.str(sym);
        let pods = count(self.pods.len(), "pod");
        let nodes = node_names(cluster, &self.nodes);
        match &self.finding {
            Finding::SingleReplica => "one replica: the loss of its node interrupts it".into(),
            Finding::OneNode { replicas: 2 } => format!("both replicas run on {nodes}"),
            Finding::OneNode { replicas } => format!("all {replicas} replicas run on {nodes}"),
            Finding::AntiAffinity { key, replicas, domains } => format!(
                "hard anti-affinity over {}: {} in {}, so the replacement of a lost one has none left",
                s(*key),
                count(*replicas, "replica"),
                count(*domains, "domain")
            ),
            Finding::Spread { key, domain, would_have, least, max_skew } => {
                let lost = match domain {
                    Some(domain) => format!("the domain {} is lost", s(*domain)),
                    None => format!("{nodes} is lost"),
                };
                format!(
                    "hard spread over {}: once {lost}, any domain would have {would_have} or more, the emptiest \
                     has {least}, and at most {max_skew} more is allowed",
                    s(*key)
                )
            }
            Finding::Affinity { target } => format!(
                "{pods} must be near {}, of which there is one, on {nodes}",
                cluster.pod_name(*target)
            ),
            Finding::LocalVolume { claim } => {
                let at = if self.nodes.is_empty() { "no node".into() } else { nodes };
                format!(
                    "{pods} with volumes (claim {}) that one node alone reaches: {at}",
                    s(*claim)
                )
            }
            Finding::BudgetBlocks { allowed } => format!(
                "allows {} evictions now of the {pods} that it selects, on {nodes}: a drain waits for them",
                allowed.max(&0)
            ),
            Finding::NoRequests { replicas } => {
                format!("{} of {replicas} pods state no CPU or no memory request", self.pods.len())
            }
            Finding::BarePod => format!("{pods} without a controller: lost with the node"),
            Finding::NeverEvicted => {
                format!("{pods} tolerate an unreachable node for ever, so nothing evicts them")
            }
            Finding::StatefulSetStuck => format!(
                "{pods} stay Terminating on a node that is not ready, and are not made anew until an operator acts"
            ),
            Finding::NodeNamePinned { node } => format!("the template names node {}", s(*node)),
            Finding::SingleNode { refused } => {
                format!("{nodes} alone accepts {pods}; others refuse: {}", by_rule(refused))
            }
            Finding::NoNode { refused } => {
                format!("no node accepts a replacement of {pods}: {}", by_rule(refused))
            }
            Finding::NodeDown => {
                format!("{nodes} is not ready: {pods} on it do not run, or are not known to")
            }
            Finding::DaemonSetStarves { priority } => format!(
                "{pods} pending: {nodes} full of pods whose priority is not below {priority}, and no other node will do"
            ),
            Finding::ControlPlaneSingle { down } if down.is_empty() => {
                format!("{nodes} is the only node labelled as control plane")
            }
            Finding::ControlPlaneSingle { down } => {
                let parts: Vec<&str> = down.iter().map(|c| component_name(*c)).collect();
                format!("the loss of {nodes} stops {}", parts.join(", "))
            }
        }
    }

    /// What to do.
    ///
    /// # Panics
    /// If it is not of `cluster`.
    pub fn fix(&self, cluster: &Cluster) -> String {
        let s = |sym| cluster.str(sym);
        match &self.finding {
            Finding::SingleReplica => "run two replicas or more".into(),
            Finding::OneNode { .. } => {
                "spread them over nodes: topologySpreadConstraints or preferred anti-affinity".into()
            }
            Finding::AntiAffinity { key, replicas, .. } => format!(
                "prefer the anti-affinity instead of requiring it, or have {} domains of {}, or fewer replicas",
                replicas + 1,
                s(*key)
            ),
            Finding::Spread { least, would_have, .. } => format!(
                "whenUnsatisfiable: ScheduleAnyway, or maxSkew {} or more, or nodeTaintsPolicy: Honor",
                would_have - least
            ),
            Finding::Affinity { .. } => {
                "run several of the pods that it wants, or prefer the affinity instead of requiring it".into()
            }
            Finding::LocalVolume { .. } => {
                "use volumes that other nodes reach, or replicas whose data is copied".into()
            }
            Finding::BudgetBlocks { .. } if self.pods.len() == 1 => {
                "one pod can never spare one: run two replicas or allow maxUnavailable: 1".into()
            }
            Finding::BudgetBlocks { .. } => {
                "wait until all its pods are ready, add a replica, or raise maxUnavailable".into()
            }
            Finding::NoRequests { .. } => "state requests for CPU and memory".into(),
            Finding::BarePod => "run it by a Deployment, StatefulSet or Job".into(),
            Finding::NeverEvicted => {
                "give the tolerations of unreachable and not-ready tolerationSeconds".into()
            }
            Finding::StatefulSetStuck => {
                "taint a lost node node.kubernetes.io/out-of-service, or delete the Node or the pod by force"
                    .into()
            }
            Finding::NodeNamePinned { .. } => "remove nodeName from the template".into(),
            Finding::SingleNode { .. } => {
                "let more nodes accept it: label a second one, or tolerate its taint".into()
            }
            Finding::NoNode { .. } => {
                "label, uncordon or add a node that accepts it: it runs only until it is stopped".into()
            }
            Finding::DaemonSetStarves { .. } => {
                "give it a priority class above theirs: no other pod has but one node".into()
            }
            Finding::NodeDown => {
                "bring it back, or delete the node: what is stuck on it is made again then".into()
            }
            Finding::ControlPlaneSingle { .. } => {
                "run the control plane on three nodes, etcd with three members".into()
            }
        }
    }
}

fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

fn component_name(component: Component) -> &'static str {
    match component {
        Component::ApiServer => "the API server",
        Component::Scheduler => "the scheduler",
        Component::ControllerManager => "the controller-manager",
        Component::Etcd => "etcd's majority",
    }
}
