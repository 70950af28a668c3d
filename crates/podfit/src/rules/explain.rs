use super::{
    Detail, Refusal, Rule, RuleSet, State, judge, judge_lost,
    refusal::{driver, format_port, format_taint, need_and_free, scheduler_reason},
    reserved_in,
    state::View,
};
use crate::model::{Cluster, NodeId, PodId, ResourceId, Sym};
use std::{cmp::Reverse, collections::BTreeMap};

/// How many reasons [`Explanation::sentence`] has before it only counts the rest.
const REASONS_MAX: usize = 8;

/// Why a pod is where it is not: the refusals of every node.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// Every node that is still there, in the cluster's order (nodes lost as deleted are not), with its
    /// refusals as [`refusals`](super::refusals) gives them; without any, the node would take the pod.
    pub per_node: Vec<(NodeId, Vec<Refusal>)>,
    /// The lost nodes among them once more, as the scheduler sees them: it knows a cordon or a taint, and goes on
    /// to the other rules where the pod tolerates that. Without a refusal it would take the node.
    pub lost: Vec<(NodeId, Vec<Refusal>)>,
}

/// Asks every node for `pod`, as a newcomer.
///
/// # Panics
/// If `pod` is not of the state's cluster.
pub fn explain(state: &State, pod: PodId, rules: RuleSet) -> Explanation {
    let reserved = reserved_in(state, pod, rules);
    let view = View::new(state, pod, rules);
    let judge_all = |node| match reserved.iter().find(|(there, _)| *there == node) {
        Some((_, why)) => why.clone(),
        None => judge(&view, node),
    };
    let nodes = state.cluster().node_ids().filter(|&node| !state.standing().is_deleted(node));
    let per_node: Vec<_> = nodes.map(|node| (node, judge_all(node))).collect();
    let loss = |node| state.loss_of(node).filter(|_| rules.contains(Rule::Lost));
    let lost = per_node.iter().filter_map(|&(node, _)| Some((node, loss(node)?)));
    let lost = lost.map(|(node, loss)| (node, judge_lost(&view, node, loss))).collect();
    Explanation { per_node, lost }
}

/// Nodes that refuse a pod for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefusalGroup<'e> {
    /// How many nodes.
    pub nodes: usize,
    /// The refusal with the most free; the first of equals.
    pub best: &'e Refusal,
    /// The reason in words, as `short of memory`.
    pub label: String,
}

impl Explanation {
    /// What this node says; nothing if it would take the pod, or is not there.
    pub fn refusals_of(&self, node: NodeId) -> &[Refusal] {
        self.per_node.iter().find(|(there, _)| *there == node).map_or(&[], |(_, why)| why)
    }

    /// Whether every node refuses for one reason that the scheduler finds before it looks at nodes (its PreFilter stage).
    pub fn is_for_all_nodes(&self) -> bool {
        self.seen().any(|(_, why)| why.iter().any(|refusal| refusal.detail.is_for_all_nodes()))
    }

    /// Every node as the scheduler sees it: of those that it does not know to be lost what keeps the pod off them.
    fn seen(&self) -> impl Iterator<Item = &(NodeId, Vec<Refusal>)> {
        let kept = self.per_node.iter().filter(|(_, r)| r.iter().all(|r| r.rule != Rule::Lost));
        kept.chain(&self.lost)
    }

    /// Nodes that would take the pod.
    pub fn allowed(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.per_node.iter().filter(|(_, refusals)| refusals.is_empty()).map(|&(node, _)| node)
    }

    /// The message that kube-scheduler 1.34 (from 1.34.2) writes into the pod's condition, without the part about
    /// preemption: `0/3 nodes are available: 1 Insufficient memory, 2 node(s) had untolerated taint(s).` Its
    /// reasons are sorted as text, so 10 comes before 9; what its PreFilter stage refuses is given once, without a
    /// count (since 1.25; `FitError` in `pkg/scheduler/framework/types.go`). Two things are ours: GPU cards, and
    /// `node(s) were lost` where the scheduler would use a lost node because the pod tolerates its taint.
    pub fn scheduler_message(&self, cluster: &Cluster) -> String {
        if self.per_node.is_empty() {
            return "no nodes available to schedule pods".into();
        }
        let is_seen = |r: &&Refusal| RuleSet::SCHEDULER.contains(r.rule);
        let allowed = self.per_node.iter().filter(|(_, r)| !r.iter().any(|r| is_seen(&r))).count();
        let head = format!("{allowed}/{} nodes are available", self.per_node.len());
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (_, refusals) in self.seen() {
            for refusal in refusals.iter().filter(is_seen) {
                if refusal.detail.is_for_all_nodes() {
                    return format!("{head}: {}.", scheduler_reason(cluster, refusal));
                }
                *counts.entry(scheduler_reason(cluster, refusal)).or_default() += 1;
            }
        }
        let tolerated = self.lost.iter().filter(|(_, refusals)| refusals.is_empty()).count();
        if tolerated > 0 {
            counts.insert("node(s) were lost".into(), tolerated);
        }
        let mut reasons: Vec<String> =
            counts.into_iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        reasons.sort();
        if reasons.is_empty() { head + "." } else { format!("{head}: {}.", reasons.join(", ")) }
    }

    /// The nodes that refuse the pod, by reason: the commonest first, lost nodes last. A node short of two resources is
    /// in two groups.
    pub fn groups(&self, cluster: &Cluster) -> Vec<RefusalGroup<'_>> {
        let mut groups: BTreeMap<(Rule, String), (usize, &Refusal)> = BTreeMap::new();
        for refusal in self.per_node.iter().flat_map(|(_, refusals)| refusals) {
            let key = (refusal.rule, label(cluster, refusal));
            let (nodes, best) = groups.entry(key).or_insert((0, refusal));
            *nodes += 1;
            if refusal.free > best.free {
                *best = refusal;
            }
        }
        let group = |((_, label), (nodes, best))| RefusalGroup { nodes, best, label };
        let mut groups: Vec<_> = groups.into_iter().map(group).collect();
        groups.sort_by_key(|group| (group.best.rule == Rule::Lost, Reverse(group.nodes)));
        groups
    }

    /// The same for people: `0/5 nodes. 3 short of memory (need 4Gi, best free 3.2Gi on node-c), 1 taint
    /// gpu=true:NoSchedule, 1 zone spread`. Beyond eight reasons the rest is counted.
    pub fn sentence(&self, cluster: &Cluster) -> String {
        let groups = self.groups(cluster);
        let reason = |group: &RefusalGroup<'_>| {
            format!("{} {}{}", group.nodes, group.label, amounts(cluster, group.best))
        };
        let mut reasons: Vec<String> = groups.iter().take(REASONS_MAX).map(reason).collect();
        if groups.len() > REASONS_MAX {
            reasons.push(format!("{} more reasons", groups.len() - REASONS_MAX));
        }
        let head = format!("{}/{} nodes", self.allowed().count(), self.per_node.len());
        if reasons.is_empty() { head } else { format!("{head}. {}", reasons.join(", ")) }
    }
}

/// What a group of nodes is called.
fn label(cluster: &Cluster, refusal: &Refusal) -> String {
    let s = |sym| cluster.str(sym);
    match refusal.detail {
        Detail::Lost(_) => "lost".into(),
        Detail::NodeDown => "not ready".into(),
        Detail::NodeEnding => "being deleted".into(),
        Detail::Os { os } => format!("running {}", s(os)),
        Detail::VolumeElsewhere { claim, .. } => {
            format!("without the volume of claim {} (on another node)", s(claim))
        }
        Detail::Cordoned => "cordoned".into(),
        Detail::NamesNode(name) => format!("not the named node {}", s(name)),
        Detail::Taint(taint) => format!("taint {}", format_taint(cluster, &taint)),
        Detail::NodeLabel { key, value } => format!("node selector {}={}", s(key), s(value)),
        Detail::NodeAffinity => "node affinity".into(),
        Detail::HostPort { port, .. } => format!("host port {} taken", format_port(cluster, &port)),
        Detail::Short(ResourceId::PODS) => "too many pods".into(),
        Detail::Short(resource) => format!("short of {}", cluster.resource_name(resource)),
        Detail::NoCard => "no GPU card it accepts".into(),
        Detail::NotShared => "GPU sharing switched off".into(),
        Detail::Cards { .. } => "short of GPU cards".into(),
        Detail::TermsConflict => "contradicting node affinity".into(),
        Detail::NotNamed => "not a node that the affinity names".into(),
        Detail::ClaimInUse { claim, holder } => {
            format!("claim {} in use by {}", s(claim), cluster.pod_name(holder))
        }
        Detail::Volumes(resource) => format!("too many volumes of {}", driver(cluster, resource)),
        Detail::Volume { claim } => format!("volume of claim {} elsewhere", s(claim)),
        Detail::NoVolume { claim } => format!("no volume for claim {}", s(claim)),
        Detail::NoSpace { claim } => format!("not enough storage for claim {}", s(claim)),
        Detail::VolumeZone { claim } => format!("volume of claim {} in another zone", s(claim)),
        Detail::ClaimUnbound { claim } => format!("claim {} not bound", s(claim)),
        Detail::ClaimMissing { claim } => format!("claim {} does not exist", s(claim)),
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
        Detail::Short(_) | Detail::Volumes(_) | Detail::Cards { .. } => {
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
