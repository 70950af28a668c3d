//! The end of the input: drafts become pods of the model.

use super::{
    DraftTerm, Out,
    attach::Attach,
    budgets,
    claims::Claims,
    daemons,
    defaults::Defaults,
    inventory::{Controller, Inventory},
    limits::Limits,
    namespaces::Namespaces,
    owners::Owners,
    pod::{DraftShape, PodDraft},
    template::{Kept, replacement},
};
use podfit::model::{Gap, NodeSpec, OwnerKind, PodSpec, ResourceId, Shape, Sym};
use rustc_hash::{FxHashMap, FxHashSet};
use std::mem::take;

/// What is asked of the reader beside the objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked<'a> {
    /// Requests to assume for pods that state none.
    pub assumed: &'a [(ResourceId, i64)],
    /// Workloads with an autoscaler have as many replicas as it gives them at most.
    pub autoscaled: bool,
}

/// Gives every draft to the builder, in the order of the input. Returns what was taken for granted, a sentence
/// each.
pub(crate) fn finish(
    mut inventory: Inventory,
    asked: &Asked<'_>,
    out: &mut Out<'_>,
) -> Vec<String> {
    if asked.autoscaled {
        inventory.scale_to_the_most();
    }
    let pods = take(&mut inventory.pods);
    let nodes = take(&mut inventory.nodes);
    let budgets = take(&mut inventory.budgets);
    take(&mut inventory.quotas).into_iter().for_each(|quota| out.builder.add_quota(quota));
    take(&mut inventory.ending_namespaces).into_iter().for_each(|ns| out.builder.end_namespace(ns));
    out.builder.knows(inventory.known);
    let made = inventory.replacements(&pods, asked, out);
    let spaces = Namespaces::new(&inventory, out);
    let shapes: Vec<_> =
        (0..inventory.shapes.len()).map(|i| complete(&inventory, i, &spaces, out)).collect();
    let owners = Owners::new(&inventory, &pods, out);
    let mut rest = Rest {
        inventory: &inventory,
        shapes,
        claims: Claims::new(&inventory, &pods, out),
        attach: Attach::new(&inventory, &pods, out),
        defaults: Defaults::new(&inventory, out),
        owners,
    };
    let computed = budgets::add(budgets, &pods, &rest.owners, &inventory, out);
    let mut wanted = rest.owners.wanted(&pods, out);
    wanted.extend(daemons::wanted(&inventory, &rest.owners, &pods, &nodes, out));
    rest.add_nodes(nodes, out);
    for (i, draft) in pods.into_iter().enumerate() {
        let controller = rest.owners.of_pod[i];
        let (spec, origin) = rest.pod_spec(draft, controller, made[i], out);
        out.builder.add_pod(spec, origin);
    }
    for (draft, controller) in wanted {
        let shape = draft.shape;
        let (spec, origin) = rest.pod_spec(draft, Some(controller), shape, out);
        out.builder.add_pod(spec, origin);
    }
    // Controllers without a pod at the moment are workloads too.
    for (at, c) in inventory.controllers.iter().enumerate() {
        if c.replicas > 0 {
            rest.owners.workload(at, out);
        }
    }
    let mut assumptions = Vec::new();
    if rest.defaults.assumed > 0 {
        let n = rest.defaults.assumed;
        assumptions.push(format!(
            "{n} pods spread by default over pods of their own labels (their controllers are not in the input)"
        ));
    }
    if computed > 0 {
        assumptions.push(format!(
            "{computed} disruption budgets have no status: what they allow is computed from the pods in the input"
        ));
    }
    assumptions
}

impl Inventory {
    /// Of each pod the position of the shape that its replacement has. Shapes that only replacements have are added.
    fn replacements(&mut self, pods: &[PodDraft], asked: &Asked<'_>, out: &Out<'_>) -> Vec<u32> {
        let revision_label = out.builder.names().get("controller-revision-hash");
        let none = Limits::default();
        let mut known: FxHashMap<(u32, Option<u32>, Kept), u32> = FxHashMap::default();
        let owned = Owners::new(self, pods, out).of_pod;
        let mut made = Vec::with_capacity(pods.len());
        for (pod, owner) in pods.iter().zip(owned) {
            if pod.is_waiting() {
                made.push(pod.shape);
                continue;
            }
            let draft = &self.shapes[pod.shape as usize];
            let controller = owner.map(|at| &self.controllers[at]);
            let template = controller.filter(|c| c.template.is_some());
            let keeps = pod.extra.as_ref().is_some_and(|extra| extra.keeps_requests);
            let kept = match template {
                None => Kept::All,
                Some(_) if keeps => Kept::All,
                Some(c) if c.kind.owner() != pod.owner.kind => Kept::Most,
                Some(c) if is_of_other_revision(c, draft, revision_label) => Kept::Little,
                Some(_) => Kept::Added,
            };
            let template = template.filter(|_| kept != Kept::All).map(|c| c.template_shape);
            let key = (pod.shape, template, kept);
            if let Some(&shape) = known.get(&key) {
                made.push(shape);
                continue;
            }
            let limits = match pod.owner.kind.stays_with_node() || pod.owner.kind == OwnerKind::Bare
            {
                true => &none,
                false => self.limits.get(&draft.shape.namespace).unwrap_or(&none),
            };
            let template = template.map_or(draft, |t| &self.shapes[t as usize]);
            let replacement = replacement(template, draft, kept, limits, asked.assumed);
            let shape = self.add_shape(replacement);
            known.insert(key, shape);
            made.push(shape);
        }
        self.done_reading();
        made
    }
}

/// Whether the pod was made from an older template of its StatefulSet or DaemonSet.
fn is_of_other_revision(c: &Controller, pod: &DraftShape, label: Option<Sym>) -> bool {
    let own = label.and_then(|label| pod.shape.labels.get(label));
    own.is_some() && c.revision.is_some() && own != c.revision
}

/// A shape with its namespaces and priority, and what about them is unknown.
fn complete(
    inventory: &Inventory,
    i: usize,
    spaces: &Namespaces,
    out: &mut Out<'_>,
) -> (Shape, Vec<Gap>) {
    let draft = &inventory.shapes[i];
    let mut shape = draft.shape.clone();
    let resolve = |t: &DraftTerm, out: &mut Out<'_>| {
        if !spaces.knows(t) {
            out.gap("namespace-labels-not-in-input", "namespaceSelector");
        }
        spaces.resolve(t, out)
    };
    shape.affinity = draft.affinity.iter().map(|t| resolve(t, out)).collect();
    shape.anti_affinity = draft.anti_affinity.iter().map(|t| resolve(t, out)).collect();
    let preferred = draft.preferred.iter().map(|(weight, t)| {
        if !spaces.knows(t) {
            out.skipped.count("namespaces by label in preferred pod affinity (it only scores)");
        }
        (*weight, spaces.resolve(t, out))
    });
    shape.soft.pods = preferred.collect();
    let from = &draft.priority;
    let class = match from.class {
        Some(class) => inventory.priorities.get(&class),
        None => inventory.default_priority.as_ref().filter(|_| from.value),
    };
    match (class, from.class) {
        (Some(class), _) => {
            shape.priority = if from.value { class.value } else { shape.priority };
            shape.preempts = if from.policy { class.preempts } else { shape.preempts };
        }
        (None, Some(class)) if from.value => {
            let class = out.builder.names().str(class).to_owned();
            out.gap("priority-class-not-in-input", &class);
        }
        _ => {}
    }
    for (id, _) in shape.requests.iter() {
        let name = out.builder.resource_name(id).to_owned();
        let dynamic = out.builder.names().get(&name);
        if dynamic.is_some_and(|name| inventory.dynamic_resources.contains(&name)) {
            out.gap("dynamic-resource", &name);
        }
        if SHARED_CARDS.contains(&name.as_str()) {
            out.gap("gpu-share-by-resource", &name);
        }
    }
    (shape, take(&mut out.gaps))
}

/// Resources by which device plugins share cards: a node has the sum over its cards, and which card has how much is not
/// in its object (gpushare of Alibaba, HAMi, Volcano).
const SHARED_CARDS: [&str; 8] = [
    "aliyun.com/gpu-mem",
    "nvidia.com/gpumem",
    "nvidia.com/gpumem-percentage",
    "nvidia.com/gpucores",
    "volcano.sh/gpu-memory",
    "volcano.sh/vgpu-cores",
    "volcano.sh/vgpu-memory",
    "volcano.sh/vgpu-number",
];

/// What pods need of the rest of the input.
struct Rest<'i> {
    inventory: &'i Inventory,
    /// Shapes by their number, and what about them is unknown.
    shapes: Vec<(Shape, Vec<Gap>)>,
    claims: Claims<'i>,
    attach: Attach<'i>,
    defaults: Defaults<'i>,
    owners: Owners<'i>,
}

impl Rest<'_> {
    /// Nodes with those images that some pod uses, and with what they can attach.
    fn add_nodes(&self, nodes: Vec<(NodeSpec, u32)>, out: &mut Out<'_>) {
        let images = self.shapes.iter().flat_map(|(shape, _)| shape.soft.images.iter().copied());
        let used: FxHashSet<Sym> = images.collect();
        for (mut node, origin) in nodes {
            node.images.retain(|(name, _)| used.contains(name));
            node.images.shrink_to_fit();
            self.attach.offer(&mut node, out);
            out.builder.add_node(node, origin);
        }
    }

    /// A pod of the model. `made`: the number of the shape of its replacement.
    fn pod_spec(
        &mut self,
        mut draft: PodDraft,
        at: Option<usize>,
        made: u32,
        out: &mut Out<'_>,
    ) -> (PodSpec, u32) {
        let extra = draft.extra.take().map(|e| *e).unwrap_or_default();
        let controller = at.map(|at| &self.inventory.controllers[at]);
        let resolved = self.claims.resolve(&draft, &extra, out);
        let claims = !extra.claims.is_empty();
        let asked = self.attach.ask(&draft, &extra, out);
        let mut gaps = extra.gaps;
        gaps.append(&mut out.gaps);
        let mut whole = |number: u32, gaps: &mut Vec<Gap>, out: &mut Out<'_>| {
            let (shape, unknown) = &self.shapes[number as usize];
            let mut shape = shape.clone();
            shape.volumes.clone_from(&resolved.volumes);
            shape.one_pod_claims.clone_from(&resolved.one_pod_claims);
            shape.one_node_claims.clone_from(&resolved.one_node_claims);
            shape.node_name = controller.and_then(|c| c.node_name);
            if let Some(node) = draft.daemon_of {
                daemons::bind(&mut shape, node, out);
            }
            let pod = PodDraft { shape: number, ..draft.clone() };
            let spread = self.defaults.of(&pod, controller, out);
            if !spread.is_empty() {
                (shape.soft.spread, shape.soft.spread_is_default) = (spread, true);
            }
            asked.iter().for_each(|(id, n)| shape.requests.set(id, n));
            gaps.extend(
                unknown.iter().filter(|gap| !gaps.contains(gap)).copied().collect::<Vec<_>>(),
            );
            shape
        };
        let shape = whole(draft.shape, &mut gaps, out);
        let incoming = (made != draft.shape).then(|| whole(made, &mut gaps, out));
        gaps.append(&mut out.gaps);
        let template = controller.and_then(|c| c.template.as_deref());
        for gap in template.iter().flat_map(|t| &t.extra.gaps) {
            if !gaps.contains(gap) {
                gaps.push(*gap);
            }
        }
        let mut notes = extra.notes;
        if !draft.owner.kind.stays_with_node() {
            notes.extend(resolved.notes);
        }
        let named = |node: Option<Sym>| node.map(|n| out.builder.names().str(n).to_owned());
        let (node, nominated) = (named(draft.node), named(extra.nominated));
        let spec = PodSpec {
            node,
            incoming,
            owner: draft.owner,
            orphan: self.owners.is_orphan(&draft, at),
            barred: self.bar(&draft, made, out),
            workload: at.map(|at| self.owners.workload(at, out)),
            terminating: draft.terminating,
            preempted: extra.preempted,
            grace: extra.grace.unwrap_or(podfit::model::Pod::GRACE_SECONDS),
            nominated,
            created: draft.created,
            started: draft.started,
            gated: draft.gated,
            component: draft.component,
            unrequested: draft.unrequested,
            ready: draft.ready,
            made: draft.made,
            attached: resolved.attached,
            claims,
            gaps,
            notes,
            ..PodSpec::new(out.builder.names().str(draft.name), shape)
        };
        (spec, draft.origin)
    }

    /// Why a limit range refuses what is made anew.
    fn bar(&self, draft: &PodDraft, made: u32, out: &mut Out<'_>) -> Option<Sym> {
        let stays = draft.owner.kind.stays_with_node() || draft.owner.kind == OwnerKind::Bare;
        if (stays && draft.made) || draft.is_waiting() {
            return None;
        }
        let limits = self.inventory.limits.get(&self.inventory.namespace_of(draft))?;
        let asks = &self.inventory.shapes[made as usize].asks;
        let refused = limits.refuse(asks, out.builder)?;
        Some(out.builder.intern(&refused))
    }
}
