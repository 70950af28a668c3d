//! The end of the input: drafts become pods of the model.

use super::{
    DraftTerm, Out,
    attach::Attach,
    budgets,
    claims::Claims,
    defaults::Defaults,
    inventory::{Controller, Inventory, Kind, NAME_LABEL, with_name_label},
    pod::PodDraft,
};
use podfit::model::{
    Gap, Labels, NodeSpec, OwnerKind, Pod, PodSpec, PodTerm, Requirement, Selector, Shape, Soft,
    Sym, Workload, WorkloadId,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// Gives every draft to the builder, in the order of the input. Returns what was taken for granted, a sentence
/// each.
pub(crate) fn finish(mut inventory: Inventory, out: &mut Out<'_>) -> Vec<String> {
    inventory.done_reading();
    let pods = std::mem::take(&mut inventory.pods);
    let nodes = std::mem::take(&mut inventory.nodes);
    let budgets = std::mem::take(&mut inventory.budgets);
    let spaces = Namespaces::new(&inventory, out);
    let shapes: Vec<_> =
        (0..inventory.shapes.len()).map(|i| complete(&inventory, i, &spaces, out)).collect();
    let mut rest = Rest {
        inventory: &inventory,
        shapes,
        workloads: Workloads::default(),
        claims: Claims::new(&inventory, &pods, out),
        attach: Attach::new(&inventory, &pods, out),
        defaults: Defaults::new(&inventory, out),
    };
    add_nodes(nodes, &rest, out);
    let computed = budgets::add(budgets, &pods, &inventory, out);
    for draft in pods {
        let spec = rest.pod_spec(draft, out);
        out.builder.add_pod(spec.0, spec.1);
    }
    // Controllers without a pod at the moment are workloads too.
    for c in inventory.controllers.iter().filter(|c| c.replicas > 0) {
        rest.workloads.of_controller(c, &inventory, out);
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

/// Nodes with those images that some pod uses, and with what they can attach.
fn add_nodes(nodes: Vec<(NodeSpec, u32)>, rest: &Rest<'_>, out: &mut Out<'_>) {
    let used: FxHashSet<Sym> =
        rest.shapes.iter().flat_map(|(shape, _)| shape.soft.images.iter().copied()).collect();
    for (mut node, origin) in nodes {
        node.images.retain(|(name, _)| used.contains(name));
        node.images.shrink_to_fit();
        rest.attach.offer(&mut node, out);
        out.builder.add_node(node, origin);
    }
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
    (shape, std::mem::take(&mut out.gaps))
}

/// What pods need of the rest of the input.
struct Rest<'i> {
    inventory: &'i Inventory,
    /// Shapes by their number, and what about them is unknown.
    shapes: Vec<(Shape, Vec<Gap>)>,
    workloads: Workloads,
    claims: Claims<'i>,
    attach: Attach<'i>,
    defaults: Defaults<'i>,
}

impl Rest<'_> {
    fn pod_spec(&mut self, mut draft: PodDraft, out: &mut Out<'_>) -> (PodSpec, u32) {
        let extra = draft.extra.take().map(|e| *e).unwrap_or_default();
        let (shape, shape_gaps) = &self.shapes[draft.shape as usize];
        let mut shape = shape.clone();
        let resolved = self.claims.resolve(&draft, &extra, out);
        (shape.volumes, shape.one_pod_claims) = (resolved.volumes, resolved.one_pod_claims);
        let attached = self.attach.ask(&draft, &extra, out);
        let controller = controller_of(self.inventory, &draft, out);
        shape.node_name = controller.and_then(|c| c.node_name);
        let spread = self.defaults.of(&draft, controller, out);
        if !spread.is_empty() {
            (shape.soft.spread, shape.soft.spread_is_default) = (spread, true);
        }
        let incoming = extra.incoming.map(|mut asked| {
            attached.iter().for_each(|(id, n)| asked.amounts.set(id, n));
            let (scored, arriving) = (asked.scored, asked.arriving);
            let soft = Soft { scored, arriving, ..shape.soft.clone() };
            Shape { requests: asked.amounts, soft, ..shape.clone() }
        });
        attached.iter().for_each(|(id, n)| shape.requests.set(id, n));
        let mut gaps = extra.gaps;
        gaps.extend_from_slice(shape_gaps);
        gaps.append(&mut out.gaps);
        let mut notes = extra.notes;
        if !draft.owner.kind.stays_with_node() {
            notes.extend(resolved.notes);
        }
        let workload = controller.map(|c| self.workloads.of_controller(c, self.inventory, out));
        let name = out.builder.names().str(draft.name).to_owned();
        let named = |node: Option<Sym>| node.map(|n| out.builder.names().str(n).to_owned());
        let (node, nominated) = (named(draft.node), named(extra.nominated));
        let spec = PodSpec {
            node,
            incoming,
            owner: draft.owner,
            workload,
            terminating: draft.terminating,
            preempted: extra.preempted,
            grace: extra.grace.unwrap_or(Pod::GRACE_SECONDS),
            nominated,
            created: draft.created,
            started: draft.started,
            gated: draft.gated,
            component: draft.component,
            unrequested: draft.unrequested,
            gaps,
            notes,
            ..PodSpec::new(name, shape)
        };
        (spec, draft.origin)
    }
}

/// The controller object of a pod, if the input has it. Without the ReplicaSet the Deployment is found by
/// the ReplicaSet's name, which ends in the pod's template hash.
pub(super) fn controller_of<'a>(
    inventory: &'a Inventory,
    pod: &PodDraft,
    out: &Out<'_>,
) -> Option<&'a Controller> {
    let names = out.builder.names();
    let shape = &inventory.shapes[pod.shape as usize].shape;
    let name = pod.owner.name?;
    let find = |kind, name| {
        let &i = inventory.controller_index.get(&(shape.namespace, kind, name))?;
        Some(&inventory.controllers[i])
    };
    let deployment = || {
        let hash = shape.labels.get(names.get("pod-template-hash")?)?;
        let deployment = names.str(name).strip_suffix(names.str(hash))?.strip_suffix('-')?;
        find(Kind::Deployment, names.get(deployment)?)
    };
    match pod.owner.kind {
        OwnerKind::Deployment => find(Kind::Deployment, name),
        OwnerKind::ReplicaSet => find(Kind::ReplicaSet, name).or_else(deployment),
        OwnerKind::ReplicationController => find(Kind::ReplicationController, name),
        OwnerKind::StatefulSet => find(Kind::StatefulSet, name),
        OwnerKind::DaemonSet => find(Kind::DaemonSet, name),
        OwnerKind::Job => find(Kind::Job, name),
        OwnerKind::Static | OwnerKind::Bare | OwnerKind::Custom(_) => None,
    }
}

/// Namespace, kind and name of a controller's root: the Deployment rather than its ReplicaSets.
fn root_of(c: &Controller) -> (Sym, Kind, Sym) {
    match c.deployment {
        Some(deployment) if c.kind == Kind::ReplicaSet => {
            (c.namespace, Kind::Deployment, deployment)
        }
        _ => (c.namespace, c.kind, c.name),
    }
}

/// The root of a controller and the replicas that it wants.
pub(super) fn root_replicas(c: &Controller, inventory: &Inventory) -> ((Sym, Kind, Sym), u32) {
    let root = root_of(c);
    let replicas = match inventory.controller_index.get(&root) {
        Some(&i) => inventory.controllers[i].replicas,
        // The Deployment itself is not in the input: its ReplicaSets add up to it.
        None => inventory
            .controllers
            .iter()
            .filter(|o| o.namespace == c.namespace && o.deployment == Some(root.2))
            .fold(0, |sum, o| o.replicas.saturating_add(sum)),
    };
    (root, replicas)
}

/// Workloads given to the builder so far, by their root: the Deployment rather than its ReplicaSets.
#[derive(Default)]
struct Workloads(FxHashMap<(Sym, Kind, Sym), WorkloadId>);

impl Workloads {
    fn of_controller(
        &mut self,
        c: &Controller,
        inventory: &Inventory,
        out: &mut Out<'_>,
    ) -> WorkloadId {
        let key @ (namespace, kind, name) = root_of(c);
        if let Some(&id) = self.0.get(&key) {
            return id;
        }
        let (_, replicas) = root_replicas(c, inventory);
        let workload = Workload { namespace, name, kind: kind.owner(), replicas };
        let id = out.builder.add_workload(workload);
        self.0.insert(key, id);
        id
    }
}

/// The namespaces that the input knows, by object or because a pod is in them.
struct Namespaces {
    labels: Vec<(Sym, Labels)>,
    /// Whether every one has its labels.
    complete: bool,
    name_label: Sym,
}

impl Namespaces {
    fn new(inventory: &Inventory, out: &mut Out<'_>) -> Self {
        let name_label = out.builder.intern(NAME_LABEL);
        let mut names: Vec<Sym> = inventory.shapes.iter().map(|s| s.shape.namespace).collect();
        names.extend(inventory.namespaces.keys().copied());
        names.sort_unstable();
        names.dedup();
        let mut complete = true;
        let labels = names
            .into_iter()
            .map(|name| match inventory.namespaces.get(&name) {
                Some(labels) => (name, labels.clone()),
                None => {
                    complete = false;
                    (name, with_name_label(Labels::default(), name, out))
                }
            })
            .collect();
        Self { labels, complete, name_label }
    }

    /// Whether the namespaces that a term means are known.
    fn knows(&self, term: &DraftTerm) -> bool {
        let by_name = term.namespace_selector.as_ref().is_none_or(|s| self.is_by_name(s));
        self.complete || by_name
    }

    fn resolve(&self, term: &DraftTerm, out: &Out<'_>) -> PodTerm {
        term.resolve(&self.labels, out.builder.names())
    }

    /// Whether a selector asks for nothing but the name (or for nothing), which is known of every
    /// namespace.
    fn is_by_name(&self, selector: &Selector) -> bool {
        selector.all.iter().all(|r| {
            let (Requirement::In(key, _)
            | Requirement::NotIn(key, _)
            | Requirement::Exists(key)
            | Requirement::DoesNotExist(key)
            | Requirement::Number(key, ..)) = r;
            *key == self.name_label
        })
    }
}
