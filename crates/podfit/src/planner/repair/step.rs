//! One of several changes.

use crate::model::{Cluster, Edit, NodeId, PodId, ResourceId, TemplateChange};
use crate::planner::advice::{Fix, FixKind};

/// One of several changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepairStep {
    /// For whom it was found.
    pub pods: Vec<PodId>,
    /// In words.
    pub text: String,
    /// The same as edits, after the steps before.
    pub edits: Vec<Edit>,
}

/// A step with what the search knows about it.
#[derive(Clone)]
pub(super) struct Step {
    pub inner: RepairStep,
    /// The nearest fix that it is; of other steps, which buy something, none.
    pub fix: Option<Fix>,
}

impl Step {
    /// A step that buys something and is no nearest fix.
    pub fn purchase(inner: RepairStep) -> Self {
        Self { inner, fix: None }
    }

    /// More nodes like this one.
    pub fn more_nodes(cluster: &Cluster, node: NodeId, count: u32) -> Self {
        let name = cluster.node_name(node);
        let text = match count {
            1 => format!("add one more node like {name}"),
            n => format!("add {n} more nodes like {name}"),
        };
        let edits = vec![Edit::CopyNode { node, count }];
        Self::purchase(RepairStep { pods: Vec::new(), text, edits })
    }

    /// Whether it is more of a node, or more nodes.
    pub fn buys(&self) -> bool {
        let more =
            |fix: &Fix| matches!(fix.kind, FixKind::EnlargeNode { .. } | FixKind::AddCards { .. });
        self.fix.as_ref().is_none_or(more)
    }

    /// Which node gets how much more of what.
    fn enlarges(&self) -> Option<(NodeId, ResourceId, i64)> {
        let fix = self.fix.as_ref()?;
        let FixKind::EnlargeNode { resource, add } = fix.kind else { return None };
        Some((fix.node, resource, add))
    }
}

/// `steps`, then `step`; a node that gets more of the same twice gets it at once.
pub(super) fn with(steps: &[Step], step: Step, cluster: &Cluster) -> Vec<Step> {
    let mut all = steps.to_vec();
    let Some((node, resource, add)) = step.enlarges() else {
        all.push(step);
        return all;
    };
    let same = |s: &Step| s.enlarges().is_some_and(|(n, r, _)| (n, r) == (node, resource));
    let Some(old) = all.iter_mut().find(|s| same(s)) else {
        all.push(step);
        return all;
    };
    let so_far = old.enlarges().map_or(0, |(_, _, add)| add);
    if let Some(fix) = &mut old.fix {
        fix.kind = FixKind::EnlargeNode { resource, add: add.saturating_add(so_far) };
        old.inner.text = fix.words(cluster);
        old.inner.edits = fix.edits(cluster, &[]);
        old.inner.pods.extend(step.inner.pods);
    }
    all
}

/// Whether a step alters already what `edit` does: its words would speak of a state that nobody sees.
pub(super) fn is_altered(steps: &[Step], edit: &Edit) -> bool {
    let same = |old: &&Edit| match (old, edit) {
        (Edit::Put { pod: a, .. }, Edit::Put { pod: b, .. }) => a == b,
        (Edit::Template { pods: a, change: x }, Edit::Template { pods: b, change: y }) => {
            a.iter().any(|pod| b.contains(pod)) && alter_the_same(x, y)
        }
        _ => false,
    };
    steps.iter().flat_map(|s| &s.inner.edits).any(|old| same(&old))
}

/// Whether the second change states anew what the first one states.
fn alter_the_same(first: &TemplateChange, second: &TemplateChange) -> bool {
    use TemplateChange::{RaiseSkew, Requests};
    match (first, second) {
        (Requests(a), Requests(b)) => a.iter().any(|(r, _)| b.iter().any(|(s, _)| r == s)),
        (RaiseSkew { key: a, .. }, RaiseSkew { key: b, .. }) => a == b,
        _ => false,
    }
}
