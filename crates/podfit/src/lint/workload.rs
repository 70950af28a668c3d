//! What a pod or a shape says by itself.

use super::groups::Group;
use super::{Finding, Lint, LintQuestion, Severity};
use crate::model::{Cluster, NodeId, OwnerKind, PodId, ShapeId, Sym};
use crate::planner::{Fate, Planner, fate};
use crate::rules::{Rule, RuleSet, static_refusal};

pub(super) fn lint(
    planner: &Planner,
    question: &LintQuestion,
    group: &Group,
    lints: &mut Vec<Lint>,
) {
    let cluster = planner.cluster().as_ref();
    lints.extend(replicas(group));
    let unrequested = picked(group, |p| cluster.pod(p).unrequested);
    if !unrequested.is_empty() {
        let finding = Finding::NoRequests { replicas: group.pods.len() };
        lints.push(group.lint(false, unrequested, finding));
    }
    lints.extend(fates(cluster, question, group));
    lints.extend(confined(planner, group));
}

fn picked(group: &Group, is: impl Fn(PodId) -> bool) -> Vec<PodId> {
    group.pods.iter().copied().filter(|&p| is(p)).collect()
}

/// Too few replicas, or all in one place. A Job runs once; bare pods have a lint of their own.
fn replicas(group: &Group) -> Option<Lint> {
    if matches!(group.kind, OwnerKind::Job | OwnerKind::Bare) {
        return None;
    }
    if group.replicas == 1 {
        let mut lint = group.lint(false, group.pods.clone(), Finding::SingleReplica);
        lint.nodes.extend(group.only_node);
        return Some(lint);
    }
    let node = group.only_node.filter(|_| group.pods.len() > 1)?;
    let finding = Finding::OneNode { replicas: group.pods.len() };
    Some(Lint { nodes: vec![node], ..group.lint(false, group.pods.clone(), finding) })
}

/// What does not come back by itself when its node is lost.
fn fates(cluster: &Cluster, question: &LintQuestion, group: &Group) -> Vec<Lint> {
    let of = |wanted: Fate| picked(group, |p| fate(cluster, p, question.loss) == wanted);
    let rows = [
        (Fate::Lost, Finding::BarePod),
        (Fate::StuckNeverEvicted, Finding::NeverEvicted),
        (Fate::StuckStatefulSet, Finding::StatefulSetStuck),
    ];
    let lint = |(fate, finding)| {
        let pods = of(fate);
        let bare = finding == Finding::BarePod;
        let mut lint = (!pods.is_empty()).then(|| group.lint(true, pods, finding))?;
        if bare {
            // Bare pods are replicas of nothing: each goes down with its own node.
            lint.severity = Severity::Error;
        }
        Some(lint)
    };
    rows.into_iter().filter_map(lint).collect()
}

/// Pods that one node accepts, or none, by the cause: the template names it, the volumes are there, or selectors
/// and taints leave no other; none at all where a claim can be had nowhere.
fn confined(planner: &Planner, group: &Group) -> Vec<Lint> {
    let cluster = planner.cluster().as_ref();
    if cluster.nodes().len() < 2 {
        return Vec::new(); // there is nowhere else to go
    }
    let (mut pinned, mut local) = (Found::default(), Found::default());
    let (mut single, mut none) = (Found::default(), Found::default());
    for (shape, pods) in &group.shapes {
        let eligible = planner.eligible(*shape);
        if let Some(name) = cluster.shape(*shape).node_name {
            pinned.add(pods, *shape, Some(name), cluster.find_node(cluster.str(name)));
        } else if cluster.shape(*shape).volumes.iter().any(|v| v.kind.is_nowhere()) {
            none.add(pods, *shape, None, None);
        } else if eligible.count_ones(..) > 1 {
            continue;
        } else if let Some((claim, node)) = local_volume(cluster, *shape) {
            local.add(pods, *shape, Some(claim), node);
        } else if let Some(node) = eligible.minimum() {
            single.add(pods, *shape, None, Some(NodeId(node as u32)));
        } else {
            none.add(pods, *shape, None, None);
        }
    }
    let refused = |f: &Found| f.shape.map(|s| refused(cluster, s)).unwrap_or_default();
    let mut lints = Vec::new();
    if let Some(node) = pinned.what {
        lints.push(pinned.lint(group, Finding::NodeNamePinned { node }));
    }
    if let Some(claim) = local.what {
        lints.push(local.lint(group, Finding::LocalVolume { claim }));
    }
    if single.shape.is_some() {
        let finding = Finding::SingleNode { refused: refused(&single) };
        lints.push(single.lint(group, finding));
    }
    if none.shape.is_some() {
        let finding = Finding::NoNode { refused: refused(&none) };
        lints.push(none.lint(group, finding));
    }
    lints
}

/// Pods of one workload that are confined for one cause.
#[derive(Default)]
struct Found {
    pods: Vec<PodId>,
    nodes: Vec<NodeId>,
    /// The first shape, and the name of what confines it.
    shape: Option<ShapeId>,
    what: Option<Sym>,
}

impl Found {
    fn add(&mut self, pods: &[PodId], shape: ShapeId, what: Option<Sym>, node: Option<NodeId>) {
        self.pods.extend(pods);
        self.nodes.extend(node);
        self.shape.get_or_insert(shape);
        self.what = self.what.or(what);
    }

    fn lint(mut self, group: &Group, finding: Finding) -> Lint {
        self.pods.sort_unstable();
        self.nodes.sort_unstable();
        self.nodes.dedup();
        Lint { nodes: self.nodes, ..group.lint(true, self.pods, finding) }
    }
}

/// A claim that confines the shape to one node or none, and that node, if all its volumes together reach no other.
fn local_volume(cluster: &Cluster, shape: ShapeId) -> Option<(Sym, Option<NodeId>)> {
    let volumes = &cluster.shape(shape).volumes;
    if volumes.is_empty() {
        return None;
    }
    let names = cluster.names();
    let reaches = |n: &NodeId| {
        let node = cluster.node(*n);
        volumes.iter().all(|v| v.nodes.matches(node.name, &node.labels, names))
    };
    let mut reached = cluster.node_ids().filter(reaches);
    let node = reached.next();
    let confining = volumes.iter().find(|v| !v.nodes.is_empty()).unwrap_or(&volumes[0]);
    reached.next().is_none().then_some((confining.claim, node))
}

/// Which static rule keeps the shape off how many nodes.
fn refused(cluster: &Cluster, shape: ShapeId) -> Vec<(Rule, usize)> {
    let shape = cluster.shape(shape);
    let mut rules: Vec<Rule> = cluster
        .node_ids()
        .filter_map(|n| static_refusal(cluster, shape, n, RuleSet::ALL))
        .map(|r| r.rule)
        .collect();
    rules.sort_unstable();
    rules.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect()
}
