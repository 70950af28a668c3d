//! Of which existing nodes would one more make everything fit?

use super::trial::Trials;
use super::{Asked, CauseCut};
use crate::model::{Card, Cluster, Edit, NodeId, Resources, Sym, Taint};
use crate::planner::Planner;
use crate::planner::advice::passing::Passing;
use crate::planner::plan::Refused;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Kinds of nodes tried. Each costs an index of the cluster.
const KINDS_MAX: usize = 8;
/// Kinds returned.
const FOUND_MAX: usize = 3;

/// One more node like this one, empty but for DaemonSet and static pods, makes everything fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNode {
    /// The node to copy; see [`Edit::CopyNode`].
    pub like: NodeId,
    /// How many of the displaced pods the plan puts there.
    pub pods: usize,
}

/// What makes two nodes of one kind: everything but what carries the node's name.
type Kind = (Resources, Vec<Card>, Vec<(Sym, Sym)>, Vec<Taint>);

/// Kinds of which one more does, in the order of the input.
pub(super) fn one_more(
    asked: &Asked<'_>,
    trials: &mut Trials,
    cuts: &mut Vec<CauseCut>,
) -> Result<Vec<NewNode>, Refused> {
    let cluster = asked.planner.cluster();
    let kinds = node_kinds(cluster);
    let seen = kinds.len().min(KINDS_MAX);
    let mut found = Vec::new();
    for &like in &kinds[..seen] {
        if trials.is_rest_over() || found.len() == FOUND_MAX {
            break;
        }
        trials.count();
        let copy = Edit::CopyNode { node: like, count: 1 };
        // Only a cluster whose amounts are near the end of what is counted takes no further node.
        let Ok(grown) = cluster.edited(&[copy]) else { continue };
        let new = NodeId(cluster.nodes().len() as u32);
        let planner = Planner::with_rules(Arc::new(grown.cluster), asked.planner.index.rules());
        let plan = planner.solve(asked.query, trials.rest())?;
        if plan.unplaced.is_empty() {
            let pods = plan.change.steps.iter().filter(|s| s.node == new).count();
            found.push(NewNode { like, pods });
        }
    }
    if seen < kinds.len() && found.len() < FOUND_MAX {
        cuts.push(CauseCut::NodeKinds { seen, all: kinds.len() });
    }
    Ok(found)
}

/// One node of each kind, lost ones among them: the most frequent kinds first. Of one kind are nodes that differ in
/// nothing but what carries their name. Nodes that are down, starting or about to go are no pattern for another.
pub fn node_kinds(cluster: &Cluster) -> Vec<NodeId> {
    let mut known: FxHashMap<Kind, usize> = FxHashMap::default();
    let mut kinds: Vec<(usize, NodeId)> = Vec::new();
    for id in cluster.node_ids() {
        let node = cluster.node(id);
        if Passing::is_on(cluster, node) {
            continue;
        }
        let labels = node.labels.iter().filter(|&(_, v)| v != node.name).collect();
        let taints = node.taints.clone();
        let next = kinds.len();
        let kind = (node.allocatable.clone(), node.cards.clone(), labels, taints);
        let at = *known.entry(kind).or_insert(next);
        if at == next {
            kinds.push((0, id));
        }
        kinds[at].0 += 1;
    }
    kinds.sort_by_key(|&(count, id)| (std::cmp::Reverse(count), id));
    kinds.into_iter().map(|(_, id)| id).collect()
}
