//! DaemonSet pods that are not made yet: one for each node that the DaemonSet wants and that has none.
//!
//! Where its status says that no node lacks one, it is believed.

use super::{
    Out,
    inventory::{Inventory, Kind},
    owners::{Owners, not_made},
    pod::PodDraft,
};
use podfit::model::{Effect, NodeSpec, NodeTerm, Shape, Sym, Toleration};
use rustc_hash::FxHashSet;

/// Taints that every DaemonSet pod tolerates (`AddOrUpdateDaemonPodTolerations` in `pkg/controller/daemon/util`).
const TOLERATED: [(&str, Effect); 6] = [
    ("node.kubernetes.io/not-ready", Effect::NoExecute),
    ("node.kubernetes.io/unreachable", Effect::NoExecute),
    ("node.kubernetes.io/disk-pressure", Effect::NoSchedule),
    ("node.kubernetes.io/memory-pressure", Effect::NoSchedule),
    ("node.kubernetes.io/pid-pressure", Effect::NoSchedule),
    ("node.kubernetes.io/unschedulable", Effect::NoSchedule),
];

/// Pods that DaemonSets want, with the controller of each.
pub(super) fn wanted(
    inventory: &Inventory,
    owners: &Owners<'_>,
    pods: &[PodDraft],
    nodes: &[(NodeSpec, u32)],
    out: &mut Out<'_>,
) -> Vec<(PodDraft, usize)> {
    let mut has: FxHashSet<(usize, Sym)> = FxHashSet::default();
    for (pod, owner) in pods.iter().zip(&owners.of_pod) {
        let Some(owner) = *owner else { continue };
        has.extend(pod.node.map(|node| (owner, node)));
        // One that is pending is made for one node, which its affinity names.
        let terms = inventory.shapes[pod.shape as usize].shape.node_selector.terms.iter().flatten();
        has.extend(terms.flat_map(|term| term.names.iter().map(|&(name, _)| (owner, name))));
    }
    let mut wanted = Vec::new();
    for (at, c) in inventory.controllers.iter().enumerate() {
        let Some(template) = c.template.as_deref() else { continue };
        if c.kind != Kind::DaemonSet || c.deleting || c.daemons_missing == Some(false) {
            continue;
        }
        let shape = &inventory.shapes[c.template_shape as usize].shape;
        let mut tolerations = shape.tolerations.clone();
        tolerations.extend(tolerated(out));
        for (node, _) in nodes {
            let name = out.builder.intern(&node.name);
            let kept_off = |t: &&podfit::model::Taint| {
                let tolerates = |own: &Toleration| own.tolerates(t);
                t.effect != Effect::PreferNoSchedule && !tolerations.iter().any(tolerates)
            };
            let runs = shape.node_selector.matches(name, &node.labels, out.builder.names())
                && !node.taints.iter().any(|t| kept_off(&t));
            if runs && !has.contains(&(at, name)) {
                let pod = format!("{}-{}", out.builder.names().str(c.name), node.name);
                let pod = out.builder.intern(&pod);
                let draft = not_made(c, template, pod, out);
                wanted.push((PodDraft { daemon_of: Some(name), ..draft }, at));
            }
        }
    }
    wanted
}

fn tolerated(out: &mut Out<'_>) -> [Toleration; 6] {
    TOLERATED.map(|(key, effect)| Toleration {
        key: Some(out.builder.intern(key)),
        value: None,
        effect: Some(effect),
        seconds: None,
    })
}

/// Makes the shape of a DaemonSet's pod that of its pod for `node`.
pub(super) fn bind(shape: &mut Shape, node: Sym, out: &mut Out<'_>) {
    shape.tolerations.extend(tolerated(out));
    let terms = shape
        .node_selector
        .terms
        .get_or_insert_with(|| vec![NodeTerm { labels: Vec::new(), names: Vec::new() }]);
    terms.iter_mut().for_each(|term| term.names.push((node, true)));
}
