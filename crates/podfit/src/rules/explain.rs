use super::{
    Detail, Refusal, Rule, RuleSet, State, judge,
    refusal::{format_port, format_taint, need_and_free, scheduler_reason},
    state::View,
};
use crate::model::{Cluster, NodeId, PodId, ResourceId, Sym};
use std::{cmp::Reverse, collections::BTreeMap};

/// How many reasons [`Explanation::sentence`] tells before it only counts the rest.
const REASONS_TOLD: usize = 8;

/// Why a pod is where it is not: the refusals of every node.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// Every node that is still there, in the cluster's order (nodes lost as deleted are not), with its
    /// refusals as [`refusals`](super::refusals) gives them; without any, the node would take the pod.
    pub per_node: Vec<(NodeId, Vec<Refusal>)>,
}

/// Asks every node for `pod`, as a newcomer.
///
/// # Panics
/// If `pod` is not of the state's cluster.
pub fn explain(state: &State, pod: PodId, rules: RuleSet) -> Explanation {
    let view = View::new(state, pod, rules);
    let nodes = state.cluster().node_ids().filter(|&node| !state.standing().is_deleted(node));
    Explanation { per_node: nodes.map(|node| (node, judge(&view, node))).collect() }
}

/// Nodes refused for one reason.
struct Group<'e> {
    nodes: usize,
    /// The refusal with the most free; the first of equals.
    best: &'e Refusal,
}

impl Explanation {
    /// Nodes that would take the pod.
    pub fn allowed(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.per_node.iter().filter(|(_, refusals)| refusals.is_empty()).map(|&(node, _)| node)
    }

    /// The message that kube-scheduler 1.34 writes into the pod's condition, without the part about
    /// preemption: `0/3 nodes are available: 1 Insufficient memory, 2 node(s) had untolerated taint
    /// {gpu: true}.` Its reasons are sorted as text, so 10 comes before 9. Two things differ: a lost node is
    /// told by its unreachable taint or cordon even where the pod tolerates that, and GPU cards are ours.
    pub fn scheduler_message(&self, cluster: &Cluster) -> String {
        if self.per_node.is_empty() {
            return "no nodes available to schedule pods".into();
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (_, refusals) in &self.per_node {
            for refusal in refusals {
                *counts.entry(scheduler_reason(cluster, refusal)).or_default() += 1;
            }
        }
        let mut reasons: Vec<String> =
            counts.into_iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        reasons.sort();
        let head =
            format!("{}/{} nodes are available", self.allowed().count(), self.per_node.len());
        if reasons.is_empty() { head + "." } else { format!("{head}: {}.", reasons.join(", ")) }
    }

    /// The same for people: `0/5 nodes. 3 short of memory (need 4Gi, best free 3.2Gi on node-c), 1 taint
    /// gpu=true:NoSchedule, 1 zone spread`. The commonest reason comes first, lost nodes last; a node short of
    /// two resources is told twice; beyond eight reasons the rest is counted.
    pub fn sentence(&self, cluster: &Cluster) -> String {
        let mut groups: BTreeMap<(Rule, String), Group> = BTreeMap::new();
        for refusal in self.per_node.iter().flat_map(|(_, refusals)| refusals) {
            let key = (refusal.rule, label(cluster, refusal));
            let group = groups.entry(key).or_insert(Group { nodes: 0, best: refusal });
            group.nodes += 1;
            if refusal.free > group.best.free {
                group.best = refusal;
            }
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|((rule, _), group)| (*rule == Rule::Lost, Reverse(group.nodes)));
        let mut told: Vec<String> = groups
            .iter()
            .take(REASONS_TOLD)
            .map(|((_, label), group)| {
                format!("{} {label}{}", group.nodes, amounts(cluster, group.best))
            })
            .collect();
        if groups.len() > REASONS_TOLD {
            told.push(format!("{} more reasons", groups.len() - REASONS_TOLD));
        }
        let head = format!("{}/{} nodes", self.allowed().count(), self.per_node.len());
        if told.is_empty() { head } else { format!("{head}. {}", told.join(", ")) }
    }
}

/// What a group of nodes is called.
fn label(cluster: &Cluster, refusal: &Refusal) -> String {
    let s = |sym| cluster.str(sym);
    match refusal.detail {
        Detail::Lost(_) => "lost".into(),
        Detail::Cordoned => "cordoned".into(),
        Detail::NamesNode(name) => format!("not the named node {}", s(name)),
        Detail::Taint(taint) => format!("taint {}", format_taint(cluster, &taint)),
        Detail::NodeLabel { key, value } => format!("node selector {}={}", s(key), s(value)),
        Detail::NodeAffinity => "node affinity".into(),
        Detail::HostPort { port, .. } => format!("host port {} taken", format_port(cluster, &port)),
        Detail::Short(ResourceId::PODS) => "too many pods".into(),
        Detail::Short(resource) => format!("short of {}", cluster.resource_name(resource)),
        Detail::NoCard => "no GPU card it accepts".into(),
        Detail::Cards { .. } => "short of GPU cards".into(),
        Detail::Volume { claim } => format!("volume of claim {} elsewhere", s(claim)),
        Detail::LabelMissing { key } => format!("no label {}", s(key)),
        Detail::Spread { key, .. } => format!("{} spread", short_key(cluster, key)),
        Detail::Affinity { key, .. } => format!("{} affinity", short_key(cluster, key)),
        Detail::AntiAffinity { key, .. } => format!("{} anti-affinity", short_key(cluster, key)),
        Detail::ExistingAntiAffinity { key, .. } => {
            format!("{} anti-affinity of others", short_key(cluster, key))
        }
    }
}

fn amounts(cluster: &Cluster, best: &Refusal) -> String {
    match best.detail {
        Detail::Short(ResourceId::PODS) => String::new(),
        Detail::Short(_) | Detail::Cards { .. } => {
            let (need, free) = need_and_free(cluster, best);
            format!(" (need {need}, best free {free} on {})", cluster.node_name(best.node))
        }
        _ => String::new(),
    }
}

/// `topology.kubernetes.io/zone` is "zone" among people.
fn short_key(cluster: &Cluster, key: Sym) -> &str {
    let key = cluster.str(key);
    key.rsplit('/').next().unwrap_or(key)
}
