//! The end of the input: drafts become pods of the model.

use super::{
    DraftTerm, Out,
    inventory::{Controller, Inventory, Kind, NAME_LABEL, with_name_label},
    pod::PodDraft,
    volumes,
};
use podfit::model::{
    Gap, Labels, OwnerKind, PodSpec, PodTerm, Requirement, Selector, Shape, Sym, Workload,
    WorkloadId,
};
use rustc_hash::FxHashMap;

/// Gives every draft to the builder, in the order of the input.
pub(crate) fn finish(mut inventory: Inventory, out: &mut Out<'_>) {
    inventory.done_reading();
    let pods = std::mem::take(&mut inventory.pods);
    let spaces = Namespaces::new(&inventory, out);
    let shapes: Vec<_> =
        (0..inventory.shapes.len()).map(|i| complete(&inventory, i, &spaces, out)).collect();
    let mut workloads = Workloads::default();
    for draft in pods {
        let (shape, shape_gaps) = &shapes[draft.shape as usize];
        let spec = pod_spec(draft, shape, shape_gaps, &inventory, &mut workloads, out);
        out.builder.add_pod(spec.0, spec.1);
    }
    // Controllers without a pod at the moment are workloads too.
    for c in inventory.controllers.iter().filter(|c| c.replicas > 0) {
        workloads.of_controller(c, &inventory, out);
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
    shape.affinity = draft.affinity.iter().map(|t| spaces.resolve(t, out)).collect();
    shape.anti_affinity = draft.anti_affinity.iter().map(|t| spaces.resolve(t, out)).collect();
    if let Some(class) = draft.priority_class {
        match inventory.priorities.get(&class) {
            Some(&priority) => shape.priority = priority,
            None => {
                let class = out.builder.names().str(class).to_owned();
                out.gap("priority-class-not-in-input", &class);
            }
        }
    }
    (shape, std::mem::take(&mut out.gaps))
}

fn pod_spec(
    draft: PodDraft,
    shape: &Shape,
    shape_gaps: &[Gap],
    inventory: &Inventory,
    workloads: &mut Workloads,
    out: &mut Out<'_>,
) -> (PodSpec, u32) {
    let extra = draft.extra.map(|e| *e).unwrap_or_default();
    let mut shape = shape.clone();
    let (volumes, waits) = volumes::resolve(&extra.claims, shape.namespace, inventory, out);
    shape.volumes = volumes;
    let mut gaps = extra.gaps;
    gaps.extend_from_slice(shape_gaps);
    gaps.append(&mut out.gaps);
    let mut notes = extra.notes;
    if !matches!(draft.owner.kind, OwnerKind::DaemonSet | OwnerKind::Static) {
        notes.extend(waits);
    }
    let controller = draft.owner.name.and_then(|name| {
        controller_of(inventory, shape.namespace, draft.owner.kind, name, &shape.labels, out)
    });
    shape.node_name = controller.and_then(|c| c.node_name);
    let workload = controller.map(|c| workloads.of_controller(c, inventory, out));
    let name = out.builder.names().str(draft.name).to_owned();
    let node = draft.node.map(|n| out.builder.names().str(n).to_owned());
    let spec = PodSpec {
        node,
        owner: draft.owner,
        workload,
        terminating: draft.terminating,
        component: draft.component,
        unrequested: draft.unrequested,
        gaps,
        notes,
        ..PodSpec::new(name, shape)
    };
    (spec, draft.origin)
}

/// The controller object of a pod, if the input has it. Without the ReplicaSet the Deployment is found by
/// the ReplicaSet's name, which ends in the pod's template hash.
fn controller_of<'a>(
    inventory: &'a Inventory,
    namespace: Sym,
    kind: OwnerKind,
    name: Sym,
    labels: &Labels,
    out: &mut Out<'_>,
) -> Option<&'a Controller> {
    let find = |kind, name| {
        let &i = inventory.controller_index.get(&(namespace, kind, name))?;
        Some(&inventory.controllers[i])
    };
    match kind {
        OwnerKind::ReplicaSet => find(Kind::ReplicaSet, name).or_else(|| {
            let hash = labels.get(out.builder.names().get("pod-template-hash")?)?;
            let names = out.builder.names();
            let deployment = names.str(name).strip_suffix(names.str(hash))?.strip_suffix('-')?;
            find(Kind::Deployment, names.get(deployment)?)
        }),
        OwnerKind::StatefulSet => find(Kind::StatefulSet, name),
        OwnerKind::DaemonSet => find(Kind::DaemonSet, name),
        OwnerKind::Job => find(Kind::Job, name),
        OwnerKind::Static | OwnerKind::Bare | OwnerKind::Custom(_) => None,
    }
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
        let (kind, name) = match c.deployment {
            Some(deployment) if c.kind == Kind::ReplicaSet => (Kind::Deployment, deployment),
            _ => (c.kind, c.name),
        };
        let key = (c.namespace, kind, name);
        if let Some(&id) = self.0.get(&key) {
            return id;
        }
        let replicas = match inventory.controller_index.get(&key) {
            Some(&i) => inventory.controllers[i].replicas,
            // The Deployment itself is not in the input: its ReplicaSets add up to it.
            None => inventory
                .controllers
                .iter()
                .filter(|o| o.namespace == c.namespace && o.deployment == Some(name))
                .fold(0, |sum, o| o.replicas.saturating_add(sum)),
        };
        let workload = Workload { namespace: c.namespace, name, kind: kind.owner(), replicas };
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

    fn resolve(&self, term: &DraftTerm, out: &mut Out<'_>) -> PodTerm {
        let selector = term.namespace_selector.as_ref();
        let by_name = selector.is_none_or(|s| self.is_by_name(s));
        if !self.complete && !by_name {
            out.gap("namespace-labels-not-in-input", "namespaceSelector");
        }
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
