//! Everything read so far that others may point at.

use super::{
    Out, labels,
    pod::{DraftShape, PodDraft},
    volumes::{self, Claim},
};
use crate::{fault::Path, wire};
use podfit::model::{Labels, NodeSelector, OwnerKind, Sym};
use rustc_hash::FxHashMap;

/// What waits for the end of the input.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    pub pods: Vec<PodDraft>,
    pub shapes: Vec<DraftShape>,
    shape_index: FxHashMap<DraftShape, u32>,
    /// By namespace and name.
    pub claims: FxHashMap<(Sym, Sym), Claim>,
    /// Node selectors by volume, all of which must hold.
    pub volumes: FxHashMap<Sym, Vec<NodeSelector>>,
    pub namespaces: FxHashMap<Sym, Labels>,
    /// By storage class: whether volumes are made only when a pod needs them.
    pub class_waits: FxHashMap<Sym, bool>,
    pub priorities: FxHashMap<Sym, i32>,
    /// Controllers in the order read.
    pub controllers: Vec<Controller>,
    pub controller_index: FxHashMap<(Sym, Kind, Sym), usize>,
}

/// Kinds of controllers that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    ReplicaSet,
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
}

impl Kind {
    /// The kind of its pods' owner.
    pub fn owner(self) -> OwnerKind {
        match self {
            Self::ReplicaSet | Self::Deployment => OwnerKind::ReplicaSet,
            Self::StatefulSet => OwnerKind::StatefulSet,
            Self::DaemonSet => OwnerKind::DaemonSet,
            Self::Job => OwnerKind::Job,
        }
    }
}

/// A controller object.
#[derive(Debug)]
pub(crate) struct Controller {
    pub namespace: Sym,
    pub name: Sym,
    pub kind: Kind,
    pub replicas: u32,
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
        let reach = volumes::reach(pv, root, out);
        self.volumes.insert(out.builder.intern(name), reach);
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
        let at = root.field("spec");
        let (leaf, field) = match kind {
            Kind::Job => (&w.spec.parallelism, "parallelism"),
            _ => (&w.spec.replicas, "replicas"),
        };
        // A DaemonSet has no number of its own; the others default to 1.
        let absent = if kind == Kind::DaemonSet { 0 } else { 1 };
        let path = at.field(field);
        let replicas = u32::try_from(leaf.int(&path, out.faults).unwrap_or(absent));
        if replicas.is_err() {
            let fix = "write a whole number from 0";
            out.faults.push(&path, "out-of-range", format!("{field} is {leaf}"), fix);
        }
        let node = w.spec.template.spec.node_name.as_str().filter(|n| !n.is_empty());
        let deployment = w
            .metadata
            .owner_references
            .iter()
            .flatten()
            .find_map(|r| (r.kind.as_str() == Some("Deployment")).then(|| r.name.as_str())?);
        let controller = Controller {
            namespace: out.builder.intern(namespace),
            name: out.builder.intern(name),
            kind,
            replicas: replicas.unwrap_or(0),
            node_name: node.map(|n| out.builder.intern(n)),
            deployment: deployment.map(|n| out.builder.intern(n)),
        };
        let key = (controller.namespace, kind, controller.name);
        self.controller_index.insert(key, self.controllers.len());
        self.controllers.push(controller);
    }
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
