//! Everything read so far that others may point at.

use super::{
    Out,
    bounds::{ENTRIES_MAX, within},
    budgets::BudgetDraft,
    label_selector, labels,
    pod::{DraftShape, PodDraft, preempts, priority_value},
    selector_of,
    volumes::{self, Claim, Class, PvDraft},
};
use crate::{
    fault::Path,
    wire::{self, LabelSelector, Leaf, Map, Metadata, Template},
};
use podfit::model::{Labels, NodeSpec, OwnerKind, Selector, Sym};
use rustc_hash::{FxHashMap, FxHashSet};

/// What waits for the end of the input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inventory {
    /// Nodes with the builder's number of each.
    pub nodes: Vec<(NodeSpec, u32)>,
    pub pods: Vec<PodDraft>,
    pub shapes: Vec<DraftShape>,
    shape_index: FxHashMap<DraftShape, u32>,
    /// By namespace and name.
    pub claims: FxHashMap<(Sym, Sym), Claim>,
    pub volumes: FxHashMap<Sym, PvDraft>,
    /// Volumes that are free, in the order read.
    pub offers: Vec<Sym>,
    pub classes: FxHashMap<Sym, Class>,
    /// By node, in the order read: CSI drivers and the number of volumes that each may attach there.
    pub csi_nodes: Vec<(Sym, Vec<(Sym, i64)>)>,
    pub csi_node_index: FxHashMap<Sym, usize>,
    /// Volumes that are attached: driver, node, volume.
    pub attachments: Vec<(Sym, Sym, Sym)>,
    pub namespaces: FxHashMap<Sym, Labels>,
    pub priorities: FxHashMap<Sym, Priority>,
    /// For pods that name no class.
    pub default_priority: Option<Priority>,
    /// Selectors of services, by namespace.
    pub services: FxHashMap<Sym, Vec<Selector>>,
    /// There is a service in the input, whatever it selects.
    pub services_seen: bool,
    pub budgets: Vec<BudgetDraft>,
    /// Controllers in the order read.
    pub controllers: Vec<Controller>,
    pub controller_index: FxHashMap<(Sym, Kind, Sym), usize>,
    pub left_out: KindsLeftOut,
}

/// Kinds of which some object was left out as faulty: one that is not there may exist.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KindsLeftOut {
    pub claims: bool,
    pub volumes: bool,
    pub classes: bool,
}

impl KindsLeftOut {
    /// Notes that an object of this kind was left out; `None` is one whose kind could not be read.
    pub fn note(&mut self, kind: Option<&str>) {
        let is = |k| kind.is_none_or(|kind| kind == k);
        self.claims |= is("PersistentVolumeClaim");
        self.volumes |= is("PersistentVolume");
        self.classes |= is("StorageClass");
    }
}

/// What a priority class gives its pods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Priority {
    pub value: i32,
    pub preempts: bool,
}

/// Kinds of controllers that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    ReplicaSet,
    ReplicationController,
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
}

impl Kind {
    /// The same in the model.
    pub fn owner(self) -> OwnerKind {
        match self {
            Self::Deployment => OwnerKind::Deployment,
            Self::ReplicaSet => OwnerKind::ReplicaSet,
            Self::ReplicationController => OwnerKind::ReplicationController,
            Self::StatefulSet => OwnerKind::StatefulSet,
            Self::DaemonSet => OwnerKind::DaemonSet,
            Self::Job => OwnerKind::Job,
        }
    }
}

/// A controller object.
#[derive(Clone, Debug)]
pub(crate) struct Controller {
    pub namespace: Sym,
    pub name: Sym,
    pub kind: Kind,
    pub replicas: u32,
    /// Its pods; kept of those that want any, and only where the scheduler's default spread looks at it.
    pub selector: Option<Box<Selector>>,
    /// `spec.template.spec.nodeName`.
    pub node_name: Option<Sym>,
    /// The Deployment behind a ReplicaSet.
    pub deployment: Option<Sym>,
}

impl Inventory {
    pub fn add_pod(&mut self, mut draft: PodDraft, shape: DraftShape, origin: u32) {
        draft.origin = origin;
        draft.shape = match self.shape_index.get(&shape) {
            Some(&i) => i,
            None => {
                let i = self.shapes.len() as u32;
                self.shapes.push(shape.clone());
                self.shape_index.insert(shape, i);
                i
            }
        };
        self.pods.push(draft);
    }

    /// Takes out the nodes and pods of these origins, and shapes that none but these have. Reading is over.
    pub fn leave_out(&mut self, origins: &FxHashSet<u32>) {
        self.done_reading();
        self.nodes.retain(|(_, origin)| !origins.contains(origin));
        self.pods.retain(|pod| !origins.contains(&pod.origin));
        let mut moved = vec![None; self.shapes.len()];
        let mut shapes = Vec::new();
        for pod in &mut self.pods {
            let old = pod.shape as usize;
            pod.shape = *moved[old].get_or_insert_with(|| {
                shapes.push(self.shapes[old].clone());
                shapes.len() as u32 - 1
            });
        }
        self.shapes = shapes;
    }

    /// The namespace of a pod.
    pub fn namespace_of(&self, pod: &PodDraft) -> Sym {
        self.shapes[pod.shape as usize].shape.namespace
    }

    /// Frees what only reading needs.
    pub fn done_reading(&mut self) {
        self.shape_index = FxHashMap::default();
    }

    pub fn add_claim(
        &mut self,
        pvc: &wire::PersistentVolumeClaim,
        namespace: &str,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let key = (out.builder.intern(namespace), out.builder.intern(name));
        self.claims.insert(key, volumes::claim(pvc, root, out));
    }

    pub fn add_volume(
        &mut self,
        pv: &wire::PersistentVolume,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let volume = volumes::volume(pv, root, out);
        let name = out.builder.intern(name);
        if volume.offer.is_some() {
            self.offers.push(name);
        }
        self.volumes.insert(name, volume);
    }

    pub fn add_class(
        &mut self,
        class: &wire::StorageClass,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let class = volumes::class(class, root, out);
        self.classes.insert(out.builder.intern(name), class);
    }

    pub fn add_csi_node(
        &mut self,
        node: &wire::CSINode,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let at = root.field("spec");
        let at = at.field("drivers");
        let mut limits = Vec::new();
        let drivers = within(node.spec.drivers.as_deref(), ENTRIES_MAX, &at, out);
        for (i, driver) in drivers.iter().enumerate() {
            let at = at.index(i);
            let Some(allocatable) = &driver.allocatable else { continue };
            let count_at = at.field("allocatable");
            let count_at = count_at.field("count");
            match allocatable.count.int(&count_at, out.faults) {
                Some(n) if (0..=i64::from(i32::MAX)).contains(&n) => {
                    if let Some(name) = driver.name.text(&at.field("name"), out.faults) {
                        limits.push((out.builder.intern(name), n));
                    }
                }
                Some(n) => {
                    let fix = "write the number of volumes";
                    out.faults.push(&count_at, "out-of-range", format!("count is {n}"), fix);
                }
                None => {}
            }
        }
        let name = out.builder.intern(name);
        self.csi_node_index.insert(name, self.csi_nodes.len());
        self.csi_nodes.push((name, limits));
    }

    pub fn add_attachment(
        &mut self,
        attachment: &wire::VolumeAttachment,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let (at, spec) = (root.field("spec"), &attachment.spec);
        let source = at.field("source");
        let driver = spec.attacher.text(&at.field("attacher"), out.faults);
        let node = spec.node_name.text(&at.field("nodeName"), out.faults);
        let volume = &spec.source.persistent_volume_name;
        let volume = volume.text(&source.field("persistentVolumeName"), out.faults);
        if let (Some(driver), Some(node), Some(volume)) = (driver, node, volume) {
            let mut intern = |s| out.builder.intern(s);
            self.attachments.push((intern(driver), intern(node), intern(volume)));
        }
    }

    pub fn add_priority_class(
        &mut self,
        class: &wire::PriorityClass,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let at = root.field("value");
        let value = class.value.int(&at, out.faults).unwrap_or(0);
        let priority = Priority {
            value: priority_value(value, &at, out),
            preempts: preempts(&class.preemption_policy, root, out).unwrap_or(true),
        };
        if class.global_default.flag(&root.field("globalDefault"), out.faults) {
            // Of several the API server takes the lowest (`plugin/pkg/admission/priority`).
            let lowest = self.default_priority.is_none_or(|p| priority.value < p.value);
            self.default_priority = if lowest { Some(priority) } else { self.default_priority };
        }
        self.priorities.insert(out.builder.intern(name), priority);
    }

    pub fn add_service(
        &mut self,
        service: &wire::Service,
        namespace: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        self.services_seen = true;
        // Without a selector it selects nothing; an empty one adds nothing to the spread.
        let Some(map) = service.spec.selector.as_ref().filter(|m| !m.0.is_empty()) else { return };
        let selector = selector_of_map(map, root, out);
        let namespace = out.builder.intern(namespace);
        self.services.entry(namespace).or_default().push(selector);
    }

    pub fn add_namespace(
        &mut self,
        ns: &wire::Namespace,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let own = labels(ns.metadata.labels.as_ref(), &root.field("metadata").field("labels"), out);
        let name = out.builder.intern(name);
        self.namespaces.insert(name, with_name_label(own, name, out));
    }

    pub fn add_controller(
        &mut self,
        kind: Kind,
        w: &wire::Workload,
        namespace: &str,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let (leaf, field) = match kind {
            Kind::Job => (&w.spec.parallelism, "parallelism"),
            _ => (&w.spec.replicas, "replicas"),
        };
        // A DaemonSet has no number of its own; the others default to 1.
        let absent = if kind == Kind::DaemonSet { 0 } else { 1 };
        let replicas = replicas(leaf, field, absent, root, out);
        let spreads = matches!(kind, Kind::ReplicaSet | Kind::StatefulSet) && replicas > 0;
        let selector = w.spec.selector.as_ref().filter(|_| spreads);
        let selector = selector.map(|s| self.label_selector(s, root, out));
        let of = (&w.metadata, &w.spec.template);
        self.push_controller(kind, (namespace, name), replicas, selector, of, out);
    }

    pub fn add_replication_controller(
        &mut self,
        rc: &wire::ReplicationController,
        namespace: &str,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let replicas = replicas(&rc.spec.replicas, "replicas", 1, root, out);
        let map = rc.spec.selector.as_ref().filter(|_| replicas > 0);
        let selector = map.map(|map| selector_of_map(map, root, out));
        let of = (&rc.metadata, &rc.spec.template);
        let kind = Kind::ReplicationController;
        self.push_controller(kind, (namespace, name), replicas, selector, of, out);
    }

    fn label_selector(
        &self,
        selector: &LabelSelector,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) -> Selector {
        label_selector(Some(selector), &root.field("spec").field("selector"), out)
    }

    fn push_controller(
        &mut self,
        kind: Kind,
        (namespace, name): (&str, &str),
        replicas: u32,
        selector: Option<Selector>,
        (metadata, template): (&Metadata, &Template),
        out: &mut Out<'_>,
    ) {
        let node = template.spec.node_name.as_str().filter(|n| !n.is_empty());
        let deployment = metadata
            .owner_references
            .iter()
            .flatten()
            .find_map(|r| (r.kind.as_str() == Some("Deployment")).then(|| r.name.as_str())?);
        let controller = Controller {
            namespace: out.builder.intern(namespace),
            name: out.builder.intern(name),
            kind,
            replicas,
            selector: selector.map(Box::new),
            node_name: node.map(|n| out.builder.intern(n)),
            deployment: deployment.map(|n| out.builder.intern(n)),
        };
        let key = (controller.namespace, kind, controller.name);
        self.controller_index.insert(key, self.controllers.len());
        self.controllers.push(controller);
    }
}

/// A number of replicas; one that is none is reported.
fn replicas(leaf: &Leaf, field: &str, absent: i64, root: &Path<'_>, out: &mut Out<'_>) -> u32 {
    let at = root.field("spec");
    let path = at.field(field);
    let replicas = u32::try_from(leaf.int(&path, out.faults).unwrap_or(absent));
    replicas.unwrap_or_else(|_| {
        let fix = "write a whole number from 0";
        out.faults.push(&path, "out-of-range", format!("{field} is {leaf}"), fix);
        0
    })
}

/// The selector of a Service or ReplicationController: labels that must be equal.
fn selector_of_map(map: &Map, root: &Path<'_>, out: &mut Out<'_>) -> Selector {
    let labels = labels(Some(map), &root.field("spec").field("selector"), out);
    selector_of(labels.iter())
}

/// The label that every namespace has since Kubernetes 1.22, its name.
pub(super) fn with_name_label(own: Labels, name: Sym, out: &mut Out<'_>) -> Labels {
    let key = out.builder.intern(NAME_LABEL);
    if own.get(key).is_some() {
        return own;
    }
    Labels::new(own.iter().chain([(key, name)]).collect::<Vec<_>>())
}

pub(super) const NAME_LABEL: &str = "kubernetes.io/metadata.name";
