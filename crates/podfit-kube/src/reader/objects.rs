//! One object: its wire struct, its place for messages, and where it goes in the inventory.

use super::{
    Reader,
    session::{OBJECT, Session},
};
use crate::{
    convert::{
        Out,
        budgets::budget,
        control_plane,
        inventory::{Inventory, Kind, Named},
        node::node,
        pod,
        quotas::quota,
    },
    fault::{Mark, Path, SNAKE_CASE},
    split::Piece,
    wire::{self, Metadata, hash_of},
};
use podfit::model::{ResourceId, Sym};
use std::{collections::hash_map::Entry, fmt};

/// An object's place, for messages.
pub(super) struct Place<'a> {
    pub source: &'a str,
    pub index: Option<u64>,
    pub kind: &'a str,
    pub namespace: Option<&'a str>,
    pub name: &'a str,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.source)?;
        if let Some(i) = self.index {
            write!(f, ": items[{i}]")?;
        }
        write!(f, " ({})", Title(self))
    }
}

/// An object as people call it: `Pod default/web-1`.
struct Title<'a>(&'a Place<'a>);

impl fmt::Display for Title<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { kind, namespace, name, .. } = self.0;
        match (namespace, *name) {
            (_, "") => f.write_str(kind),
            (Some(ns), name) => write!(f, "{kind} {ns}/{name}"),
            (None, name) => write!(f, "{kind} {name}"),
        }
    }
}

/// Namespace (`default` if not said) and name of an object.
struct Names<'a> {
    namespace: &'a str,
    name: &'a str,
}

impl<'a> Names<'a> {
    fn named(&self, origin: u32, assumed: &'a [(ResourceId, i64)]) -> Named<'a> {
        Named { namespace: self.namespace, name: self.name, origin, assumed }
    }
}

/// Kind, namespace and name of an object.
pub(super) type Id = (&'static str, Sym, Sym);

/// What an object says, as numbers: all that is read of it, and its uid with its version, where it has both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    content: u64,
    version: Option<u64>,
    source: usize,
}

/// Kind of an object for messages, and whether it is in a namespace.
type Kinded = (&'static str, bool);

impl Reader {
    /// The faults since `mark`, if any, are those of one object. Whether it is left out.
    pub(super) fn faulty(&mut self, mark: Mark, place: &Place<'_>) -> bool {
        if !self.faults.of_object(mark, place) || !self.leave_out_faulty {
            return false;
        }
        match place.name {
            "" => self.left_out.add(place),
            _ => self.left_out.add(&Title(place)),
        }
        self.inventory.left_out.note((place.kind != OBJECT).then_some(place.kind));
        if place.kind == "Node" {
            self.nodes_left_out.insert(place.name.into());
        }
        true
    }
}

impl Session<'_> {
    pub(super) fn pod(&mut self, piece: &Piece<'_>, text: &str) {
        let Some(wire) = self.parse::<wire::Pod>(piece, text, "Pod") else { return };
        let origin = self.origin(piece);
        let assumed = self.reader.assumed.clone();
        let mut read = None;
        let kept = self.add(piece, ("Pod", true), &wire.metadata, |names, root, _, out| {
            read = Some(pod::pod(&wire, names.name, names.namespace, &assumed, root, out));
        });
        let counts = &mut self.reader.counts;
        match read.filter(|_| kept) {
            None => {}
            Some(pod::Read::Terminal) => counts.pods_ended += 1,
            Some(pod::Read::Live(live)) => {
                let (draft, shape) = *live;
                counts.pods += 1;
                counts.pods_unrequested += u64::from(draft.unrequested);
                self.reader.inventory.add_pod(draft, shape, origin);
            }
        }
    }

    pub(super) fn node(&mut self, piece: &Piece<'_>, text: &str) {
        let Some(wire) = self.parse::<wire::Node>(piece, text, "Node") else {
            self.reader.incomplete = true;
            return;
        };
        let origin = self.origin(piece);
        let kept =
            self.add(piece, ("Node", false), &wire.metadata, |names, root, inventory, out| {
                inventory.nodes.push((node(&wire, names.name, root, out), origin));
            });
        self.reader.counts.nodes += u64::from(kept);
    }

    pub(super) fn volume(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "PersistentVolume";
        let Some(wire) = self.parse::<wire::PersistentVolume>(piece, text, KIND) else { return };
        self.add(piece, (KIND, false), &wire.metadata, |names, root, inventory, out| {
            inventory.add_volume(&wire, names.name, root, out);
        });
    }

    pub(super) fn claim(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "PersistentVolumeClaim";
        let Some(wire) = self.parse::<wire::PersistentVolumeClaim>(piece, text, KIND) else {
            return;
        };
        let kept = self.add(piece, (KIND, true), &wire.metadata, |names, root, inventory, out| {
            inventory.add_claim(&wire, names.namespace, names.name, root, out);
        });
        self.reader.counts.claims += u64::from(kept);
    }

    pub(super) fn storage_class(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "StorageClass";
        let Some(wire) = self.parse::<wire::StorageClass>(piece, text, KIND) else { return };
        self.add(piece, (KIND, false), &wire.metadata, |names, root, inventory, out| {
            inventory.add_class(&wire, names.name, root, out);
        });
    }

    pub(super) fn csi_node(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "CSINode";
        let Some(wire) = self.parse::<wire::CSINode>(piece, text, KIND) else { return };
        self.add(piece, (KIND, false), &wire.metadata, |names, root, inventory, out| {
            inventory.add_csi_node(&wire, names.name, root, out);
        });
    }

    pub(super) fn attachment(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "VolumeAttachment";
        let Some(wire) = self.parse::<wire::VolumeAttachment>(piece, text, KIND) else { return };
        self.add(piece, (KIND, false), &wire.metadata, |_, root, inventory, out| {
            inventory.add_attachment(&wire, root, out);
        });
    }

    /// A lease: of those of the control plane who holds them, of others nothing.
    pub(super) fn lease(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "Lease";
        let Some(wire) = self.parse::<wire::Lease>(piece, text, KIND) else { return };
        self.add(piece, (KIND, true), &wire.metadata, |names, root, _, out| {
            control_plane::lease(&wire, (names.namespace, names.name), root, out);
        });
    }

    pub(super) fn namespace(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "Namespace";
        let Some(wire) = self.parse::<wire::Namespace>(piece, text, KIND) else { return };
        let kept = self.add(piece, (KIND, false), &wire.metadata, |names, root, inventory, out| {
            inventory.add_namespace(&wire, names.name, root, out);
        });
        self.reader.counts.namespaces += u64::from(kept);
    }

    pub(super) fn controller(&mut self, kind: Kind, piece: &Piece<'_>, text: &str) {
        let word = match kind {
            Kind::ReplicaSet => "ReplicaSet",
            Kind::ReplicationController => "ReplicationController",
            Kind::Deployment => "Deployment",
            Kind::StatefulSet => "StatefulSet",
            Kind::DaemonSet => "DaemonSet",
            Kind::Job => "Job",
        };
        let Some(wire) = self.parse::<wire::Workload>(piece, text, word) else { return };
        let (origin, assumed) = (self.origin(piece), self.reader.assumed.clone());
        let kept = self.add(piece, (word, true), &wire.metadata, |names, root, inventory, out| {
            inventory.add_controller(kind, &wire, names.named(origin, &assumed), root, out);
        });
        self.reader.counts.controllers += u64::from(kept);
    }

    pub(super) fn replication_controller(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "ReplicationController";
        let Some(wire) = self.parse::<wire::ReplicationController>(piece, text, KIND) else {
            return;
        };
        let (origin, assumed) = (self.origin(piece), self.reader.assumed.clone());
        let kept = self.add(piece, (KIND, true), &wire.metadata, |names, root, inventory, out| {
            inventory.add_replication_controller(&wire, names.named(origin, &assumed), root, out);
        });
        self.reader.counts.controllers += u64::from(kept);
    }

    pub(super) fn cron_job(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "CronJob";
        let Some(wire) = self.parse::<wire::CronJob>(piece, text, KIND) else { return };
        let (origin, assumed) = (self.origin(piece), self.reader.assumed.clone());
        self.add(piece, (KIND, true), &wire.metadata, |names, root, inventory, out| {
            inventory.add_cron_job(&wire, names.named(origin, &assumed), root, out);
        });
    }

    pub(super) fn autoscaler(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "HorizontalPodAutoscaler";
        let Some(wire) = self.parse::<wire::HorizontalPodAutoscaler>(piece, text, KIND) else {
            return;
        };
        self.add(piece, (KIND, true), &wire.metadata, |names, root, inventory, out| {
            inventory.add_autoscaler(&wire, names.namespace, root, out);
        });
    }

    pub(super) fn quota(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "ResourceQuota";
        let Some(wire) = self.parse::<wire::ResourceQuota>(piece, text, KIND) else { return };
        self.add(piece, (KIND, true), &wire.metadata, |names, root, inventory, out| {
            inventory.quotas.push(quota(&wire, names.namespace, names.name, root, out));
        });
    }

    pub(super) fn limit_range(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "LimitRange";
        let Some(wire) = self.parse::<wire::LimitRange>(piece, text, KIND) else { return };
        self.add(piece, (KIND, true), &wire.metadata, |names, root, inventory, out| {
            inventory.add_limit_range(&wire, names.namespace, names.name, root, out);
        });
    }

    pub(super) fn csi_driver(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "CSIDriver";
        let Some(wire) = self.parse::<wire::CSIDriver>(piece, text, KIND) else { return };
        self.add(piece, (KIND, false), &wire.metadata, |names, root, inventory, out| {
            inventory.add_driver(&wire, names.name, root, out);
        });
    }

    pub(super) fn storage_capacity(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "CSIStorageCapacity";
        let Some(wire) = self.parse::<wire::CSIStorageCapacity>(piece, text, KIND) else { return };
        self.add(piece, (KIND, true), &wire.metadata, |_, root, inventory, out| {
            inventory.add_capacity(&wire, root, out);
        });
    }

    pub(super) fn device_class(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "DeviceClass";
        let Some(wire) = self.parse::<wire::DeviceClass>(piece, text, KIND) else { return };
        self.add(piece, (KIND, false), &wire.metadata, |_, _, inventory, out| {
            inventory.add_device_class(&wire, out);
        });
    }

    pub(super) fn service(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "Service";
        let Some(wire) = self.parse::<wire::Service>(piece, text, KIND) else { return };
        self.add(piece, (KIND, true), &wire.metadata, |names, root, inventory, out| {
            inventory.add_service(&wire, names.namespace, names.name, root, out);
        });
    }

    pub(super) fn endpoint_slice(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "EndpointSlice";
        let Some(wire) = self.parse::<wire::EndpointSlice>(piece, text, KIND) else { return };
        self.add(piece, (KIND, true), &wire.metadata, |names, root, inventory, out| {
            inventory.add_endpoint_slice(&wire, names.namespace, root, out);
        });
    }

    /// `beta` is `policy/v1beta1`.
    pub(super) fn budget(&mut self, beta: bool, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "PodDisruptionBudget";
        let Some(wire) = self.parse::<wire::PodDisruptionBudget>(piece, text, KIND) else {
            return;
        };
        self.add(piece, (KIND, true), &wire.metadata, |names, root, inventory, out| {
            let budget = budget(&wire, names.namespace, names.name, beta, root, out);
            inventory.budgets.push(budget);
        });
    }

    pub(super) fn priority_class(&mut self, piece: &Piece<'_>, text: &str) {
        const KIND: &str = "PriorityClass";
        let Some(wire) = self.parse::<wire::PriorityClass>(piece, text, KIND) else { return };
        self.add(piece, (KIND, false), &wire.metadata, |names, root, inventory, out| {
            inventory.add_priority_class(&wire, names.name, root, out);
        });
    }

    /// Whether an object was read before: printed twice, as in archives of several tools. It is counted once.
    fn twice(&mut self, place: &Place<'_>, kind: &'static str, metadata: &Metadata) -> bool {
        if place.name.is_empty() {
            return false;
        }
        let stated = !metadata.uid.is_empty() && !metadata.resource_version.is_empty();
        let version = stated.then(|| hash_of(&[&metadata.uid, &metadata.resource_version]));
        let said = Said { content: self.content, version, source: self.reader.sources.len() };
        let builder = &mut self.reader.builder;
        let namespace = builder.intern(place.namespace.unwrap_or(""));
        let id = (kind, namespace, builder.intern(place.name));
        let before = match self.reader.seen.entry(id) {
            Entry::Occupied(before) => *before.get(),
            Entry::Vacant(new) => {
                new.insert(said);
                return false;
            }
        };
        let same_version = said.version.is_some() && said.version == before.version;
        // In one source, a name that is there twice is a mistake, unless the API server gave both.
        let same_content = said.content == before.content && said.source != before.source;
        let twice = same_version || same_content;
        self.reader.notes.twice += u64::from(twice);
        twice
    }

    /// Runs `add` on an object that has a name; one without is reported. Whether the object is kept. Where faulty ones
    /// are left out, it is added on trial first, so that one with faults leaves no trace.
    fn add(
        &mut self,
        piece: &Piece<'_>,
        (kind, namespaced): Kinded,
        metadata: &Metadata,
        mut add: impl FnMut(Names<'_>, &Path<'_>, &mut Inventory, &mut Out<'_>),
    ) -> bool {
        let namespace = metadata.namespace.as_str().filter(|n| !n.is_empty()).unwrap_or("default");
        let name = metadata.name.as_str().unwrap_or("");
        let place = Place {
            source: self.source,
            index: piece.index,
            kind,
            namespace: namespaced.then_some(namespace),
            name,
        };
        let root = Path::Root(&place);
        if self.twice(&place, kind, metadata) {
            return false;
        }
        let reader = &mut *self.reader;
        let mark = reader.faults.mark();
        if name.is_empty() {
            let metadata = root.field("metadata");
            reader.faults.push(&metadata, "name-missing", "the object has no name", "name it");
            let (line, column) = piece.start.line_column();
            let source = format!("{}:{line}:{column}", self.source);
            reader.faulty(mark, &Place { source: &source, ..place });
            return false;
        }
        if metadata.snake_case.is_some() {
            let (cause, fix) = SNAKE_CASE;
            reader.faults.push(&root.field("metadata"), "snake-case", cause, fix);
        }
        if reader.leave_out_faulty {
            let (mut builder, mut inventory, mut skipped) = Default::default();
            let faults = &mut reader.faults;
            let gaps = Vec::new();
            let mut out = Out { builder: &mut builder, faults, gaps, skipped: &mut skipped };
            add(Names { namespace, name }, &root, &mut inventory, &mut out);
            if reader.faulty(mark, &place) {
                return false;
            }
        }
        let mut out = Out {
            builder: &mut reader.builder,
            faults: &mut reader.faults,
            gaps: Vec::new(),
            skipped: &mut reader.skipped,
        };
        add(Names { namespace, name }, &root, &mut reader.inventory, &mut out);
        reader.faulty(mark, &place);
        true
    }
}
