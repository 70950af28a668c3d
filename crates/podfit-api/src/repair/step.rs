//! One of several changes.

use crate::edit::Edit;
use crate::report::{self, RepairStep};
use podfit::model::{Cluster, NodeId, ResourceId};
use podfit::planner::{Fix, FixKind};

#[derive(Clone)]
pub(super) struct Step {
    pub told: RepairStep,
    /// The nearest fix that it is; of other steps, which buy something, none.
    pub fix: Option<Fix>,
}

impl Step {
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
        old.told.text = fix.words(cluster);
        old.told.edits = report::edits::of_fix(cluster, fix, &[]);
        old.told.pods.extend(step.told.pods);
    }
    all
}

/// Whether a step alters already what `edit` does: its words would tell of a state that nobody sees.
pub(super) fn is_altered(steps: &[Step], edit: &Edit) -> bool {
    let common = |a: &[String], b: &[String]| a.iter().any(|name| b.contains(name));
    let same = |old: &Edit| match (old, edit) {
        (Edit::MovePod { pod: a, .. }, Edit::MovePod { pod: b, .. }) => a == b,
        (
            Edit::SetRequests { pods: a, requests: x },
            Edit::SetRequests { pods: b, requests: y },
        ) => common(a, b) && x.keys().any(|resource| y.contains_key(resource)),
        (
            Edit::RaiseSkew { pods: a, topology_key: x, .. },
            Edit::RaiseSkew { pods: b, topology_key: y, .. },
        ) => common(a, b) && x == y,
        _ => false,
    };
    steps.iter().flat_map(|s| &s.told.edits).any(same)
}

/// More nodes like this one.
pub(super) fn copies(node: &str, count: u32) -> Step {
    let text = match count {
        1 => format!("add one more node like {node}"),
        n => format!("add {n} more nodes like {node}"),
    };
    let edits = vec![Edit::CopyNode { node: node.into(), count }];
    bought(RepairStep { pods: Vec::new(), text, edits })
}

pub(super) fn bought(told: RepairStep) -> Step {
    Step { told, fix: None }
}
