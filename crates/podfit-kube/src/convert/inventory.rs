//! Everything read so far that others may point at.

use super::{
    Out,
    bounds::{ENTRIES_MAX, within},
    budgets::BudgetDraft,
    label_selector, labels,
    limits::Limits,
    owners::{JobSpec, job, on_disruption},
    pod::{DraftShape, PodDraft, preempts, priority_value},
    selector_of,
    template::{TemplateDraft, template},
    volumes::{self, Capacity, Claim, Class, PvDraft, Wish},
};
use crate::{
    fault::Path,
    wire::{self, LabelSelector, Leaf, Map, Metadata, Template},
};
use podfit::model::{Kinds, Labels, Manner, NodeSpec, OwnerKind, Quota, ResourceId, Selector, Sym};
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
    /// Free storage by class.
    pub capacities: FxHashMap<Sym, Vec<Capacity>>,
    /// CSI drivers, and what they say of themselves.
    pub drivers: FxHashMap<Sym, Driver>,
    /// By node, in the order read: CSI drivers and the number of volumes that each may attach there.
    pub csi_nodes: Vec<(Sym, Vec<(Sym, i64)>)>,
    pub csi_node_index: FxHashMap<Sym, usize>,
    /// Volumes that are attached: driver, node, volume.
    pub attachments: Vec<(Sym, Sym, Sym)>,
    pub namespaces: FxHashMap<Sym, Labels>,
    /// Namespaces that are being deleted.
    pub ending_namespaces: Vec<Sym>,
    pub quotas: Vec<Quota>,
    /// By namespace.
    pub limits: FxHashMap<Sym, Limits>,
    /// Extended resources that dynamic resource allocation serves.
    pub dynamic_resources: FxHashSet<Sym>,
    /// By namespace, kind and name: the most replicas that an autoscaler gives it.
    pub autoscaled: Vec<((Sym, Kind, Sym), u32)>,
    /// What kinds of objects there are.
    pub known: Kinds,
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
    pub controllers: bool,
    pub claims: bool,
    pub volumes: bool,
    pub classes: bool,
}

impl KindsLeftOut {
    /// Notes that an object of this kind was left out; `None` is one whose kind could not be read.
    pub fn note(&mut self, kind: Option<&str>) {
        let is = |k| kind.is_none_or(|kind| kind == k);
        let owners = ["ReplicaSet", "ReplicationController", "Deployment", "StatefulSet", "Job"];
        self.controllers |= owners.into_iter().any(is);
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
    /// Where it was read, for messages.
    pub origin: u32,
    /// Its pods; kept of those that want any, and only where the scheduler's default spread looks at it.
    pub selector: Option<Box<Selector>>,
    /// `spec.template.spec.nodeName`.
    pub node_name: Option<Sym>,
    /// The Deployment behind a ReplicaSet.
    pub deployment: Option<Sym>,
    /// What its pods are made from; kept of those that want any.
    pub template: Option<Box<TemplateDraft>>,
    /// The template's shape, by position in the inventory.
    pub template_shape: u32,
    /// `spec.volumeClaimTemplates`: name and what is asked.
    pub claim_templates: Vec<(Sym, Box<Wish>)>,
    /// The revision of the template (`status.updateRevision`).
    pub revision: Option<Sym>,
    pub deleting: bool,
    pub manner: Manner,
    /// Pods that its status counts, where it says.
    pub counted: Option<u32>,
    /// It comes from an API server and its status was cut off: whether it has as many pods as it wants is not told.
    pub is_cut: bool,
    /// Nodes that should have a pod of a DaemonSet and have none, by its status.
    pub daemons_missing: Option<bool>,
}

/// What a CSI driver says of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Driver {
    /// Volumes of it are attached to nodes.
    pub attaches: bool,
    /// It says how much storage is free where, and the scheduler looks at that.
    pub tracks_capacity: bool,
}

impl Inventory {
    pub fn add_pod(&mut self, mut draft: PodDraft, shape: DraftShape, origin: u32) {
        draft.origin = origin;
        draft.shape = self.add_shape(shape);
        self.pods.push(draft);
    }

    /// The position of a shape, added if new.
    pub fn add_shape(&mut self, shape: DraftShape) -> u32 {
        if let Some(&i) = self.shape_index.get(&shape) {
            return i;
        }
        let i = self.shapes.len() as u32;
        self.shapes.push(shape.clone());
        self.shape_index.insert(shape, i);
        i
    }

    /// Takes out the nodes and pods of these origins. Reading is over.
    pub fn leave_out(&mut self, origins: &FxHashSet<u32>) {
        self.nodes.retain(|(_, origin)| !origins.contains(origin));
        self.pods.retain(|pod| !origins.contains(&pod.origin));
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

    pub fn add_driver(
        &mut self,
        driver: &wire::CSIDriver,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let (at, spec) = (root.field("spec"), &driver.spec);
        let attaches = match spec.attach_required {
            Leaf::Absent => true,
            ref leaf => leaf.flag(&at.field("attachRequired"), out.faults),
        };
        let tracks_capacity = spec.storage_capacity.flag(&at.field("storageCapacity"), out.faults);
        self.drivers.insert(out.builder.intern(name), Driver { attaches, tracks_capacity });
    }

    pub fn add_capacity(
        &mut self,
        capacity: &wire::CSIStorageCapacity,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let at = root.field("storageClassName");
        if let Some(class) = capacity.storage_class_name.text(&at, out.faults) {
            let class = out.builder.intern(class);
            let capacity = volumes::capacity(capacity, root, out);
            self.capacities.entry(class).or_default().push(capacity);
        }
    }

    pub fn add_limit_range(
        &mut self,
        range: &wire::LimitRange,
        namespace: &str,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let namespace = out.builder.intern(namespace);
        self.limits.entry(namespace).or_default().add(range, name, root, out);
    }

    pub fn add_device_class(&mut self, class: &wire::DeviceClass, out: &mut Out<'_>) {
        if let Some(name) = class.spec.extended_resource_name.as_str().filter(|n| !n.is_empty()) {
            self.dynamic_resources.insert(out.builder.intern(name));
        }
    }

    pub fn add_autoscaler(
        &mut self,
        autoscaler: &wire::HorizontalPodAutoscaler,
        namespace: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let (at, spec) = (root.field("spec"), &autoscaler.spec);
        let target = &spec.scale_target_ref;
        let kind = match target.kind.as_str() {
            Some("Deployment") => Kind::Deployment,
            Some("StatefulSet") => Kind::StatefulSet,
            Some("ReplicaSet") => Kind::ReplicaSet,
            Some("ReplicationController") => Kind::ReplicationController,
            _ => return,
        };
        let most = replicas(&spec.max_replicas, "maxReplicas", 0, root, out);
        let name_at = at.field("scaleTargetRef");
        if let Some(name) = target.name.text(&name_at.field("name"), out.faults) {
            let key = (out.builder.intern(namespace), kind, out.builder.intern(name));
            self.autoscaled.push((key, most));
        }
    }

    /// Gives workloads with an autoscaler as many replicas as it gives them at most.
    pub fn scale_to_the_most(&mut self) {
        for (key, most) in std::mem::take(&mut self.autoscaled) {
            if let Some(&at) = self.controller_index.get(&key) {
                let replicas = &mut self.controllers[at].replicas;
                *replicas = most.max(*replicas);
            }
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
        if !ns.metadata.deletion_timestamp.is_empty() {
            self.ending_namespaces.push(name);
        }
        self.namespaces.insert(name, with_name_label(own, name, out));
    }

    pub fn add_controller(
        &mut self,
        kind: Kind,
        w: &wire::Workload,
        named: Named<'_>,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let (replicas, manner) = match kind {
            Kind::Job => job(&job_spec(&w.spec, &w.status, root, out)),
            // A DaemonSet has no number of its own; the others default to 1.
            Kind::DaemonSet => (0, Manner::AtOnce),
            Kind::StatefulSet => {
                let replicas = replicas(&w.spec.replicas, "replicas", 1, root, out);
                (replicas, numbered(&w.spec, root, out))
            }
            _ => (replicas(&w.spec.replicas, "replicas", 1, root, out), Manner::AtOnce),
        };
        let spreads = matches!(kind, Kind::ReplicaSet | Kind::StatefulSet) && replicas > 0;
        let selector = w.spec.selector.as_ref().filter(|_| spreads);
        let selector = selector.map(|s| self.label_selector(s, root, out));
        let of = (&w.metadata, &w.spec.template, &w.status);
        let claims = w.spec.volume_claim_templates.as_deref().unwrap_or_default();
        let wanted = Wanted { replicas, manner, selector, claims };
        self.push_controller(kind, named, wanted, of, root, out);
    }

    pub fn add_replication_controller(
        &mut self,
        rc: &wire::ReplicationController,
        named: Named<'_>,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let replicas = replicas(&rc.spec.replicas, "replicas", 1, root, out);
        let map = rc.spec.selector.as_ref().filter(|_| replicas > 0);
        let selector = map.map(|map| selector_of_map(map, root, out));
        let of = (&rc.metadata, &rc.spec.template, &rc.status);
        let wanted = Wanted { replicas, manner: Manner::AtOnce, selector, claims: &[] };
        self.push_controller(Kind::ReplicationController, named, wanted, of, root, out);
    }

    /// Adds the Job that a CronJob makes when its time comes.
    pub fn add_cron_job(
        &mut self,
        cron: &wire::CronJob,
        named: Named<'_>,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let at = root.field("spec");
        let at = at.field("jobTemplate");
        let suspended = cron.spec.suspend.flag(&root.field("spec").field("suspend"), out.faults);
        let spec = &cron.spec.job_template.spec;
        let status = wire::WorkloadStatus::default();
        let (replicas, manner) = job(&job_spec(spec, &status, &at, out));
        let replicas = if suspended { 0 } else { replicas };
        let of = (&cron.metadata, &spec.template, &status);
        let wanted = Wanted { replicas, manner, selector: None, claims: &[] };
        self.push_controller(Kind::Job, named, wanted, of, &at, out);
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
        named: Named<'_>,
        wanted: Wanted<'_>,
        (metadata, made_from, status): (&Metadata, &Template, &wire::WorkloadStatus),
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let at = root.field("spec");
        let node = made_from.spec.node_name.as_str().filter(|n| !n.is_empty());
        let deployment = metadata
            .owner_references
            .iter()
            .flatten()
            .find_map(|r| (r.kind.as_str() == Some("Deployment")).then(|| r.name.as_str())?);
        // Old ReplicaSets are many, and make nothing.
        let makes = wanted.replicas > 0 || kind == Kind::DaemonSet;
        let read = makes.then(|| {
            let (names, stays) = ((named.namespace, named.name), kind == Kind::DaemonSet);
            template(made_from, names, stays, named.assumed, &at.field("template"), out)
        });
        let read = read.flatten().map(Box::new);
        let template_shape = read.as_ref().map_or(0, |t| self.add_shape(t.shape.clone()));
        let claims_at = at.field("volumeClaimTemplates");
        let claim_templates = wanted.claims.iter().enumerate().filter_map(|(i, claim)| {
            let name = claim.metadata.name.as_str()?;
            let wish = volumes::wish(&claim.metadata, &claim.spec, &claims_at.index(i), out);
            Some((out.builder.intern(name), Box::new(wish)))
        });
        let claim_templates = if makes { claim_templates.collect() } else { Vec::new() };
        let (status_at, has) = (root.field("status"), counted(kind, status));
        let mut number = |leaf: &Leaf, field| leaf.int(&status_at.field(field), out.faults);
        let counted = has.and_then(|(leaf, field)| u32::try_from(number(leaf, field)?).ok());
        let current = number(&status.current_number_scheduled, "currentNumberScheduled");
        let desired = number(&status.desired_number_scheduled, "desiredNumberScheduled");
        let revision = status.update_revision.as_str().filter(|r| !r.is_empty());
        let controller = Controller {
            namespace: out.builder.intern(named.namespace),
            name: out.builder.intern(named.name),
            kind,
            replicas: wanted.replicas,
            origin: named.origin,
            selector: wanted.selector.map(Box::new),
            node_name: node.map(|n| out.builder.intern(n)),
            deployment: deployment.map(|n| out.builder.intern(n)),
            template: read,
            template_shape,
            claim_templates,
            revision: revision.map(|r| out.builder.intern(r)),
            deleting: !metadata.deletion_timestamp.is_empty(),
            manner: wanted.manner,
            counted,
            is_cut: is_cut(kind, metadata, status),
            daemons_missing: current.zip(desired).map(|(current, desired)| current < desired),
        };
        let key = (controller.namespace, kind, controller.name);
        self.controller_index.insert(key, self.controllers.len());
        self.controllers.push(controller);
    }
}

/// What an object is called, and what else reading it needs.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub namespace: &'a str,
    pub name: &'a str,
    /// Where it was read.
    pub origin: u32,
    /// Requests to assume.
    pub assumed: &'a [(ResourceId, i64)],
}

/// What a controller asks for.
struct Wanted<'w> {
    replicas: u32,
    manner: Manner,
    selector: Option<Selector>,
    claims: &'w [wire::ClaimTemplate],
}

/// What a status says of the number of pods. (Of Jobs `active` leaves out pods that are terminating, of the others
/// `replicas` does.)
fn counted(kind: Kind, status: &wire::WorkloadStatus) -> Option<(&Leaf, &'static str)> {
    match kind {
        Kind::Job => Some((&status.active, "active")),
        Kind::ReplicaSet | Kind::ReplicationController | Kind::StatefulSet => {
            Some((&status.replicas, "replicas"))
        }
        Kind::Deployment | Kind::DaemonSet => None,
    }
}

/// The API server never gives one of these kinds without a status.
fn is_cut(kind: Kind, metadata: &wire::Metadata, status: &wire::WorkloadStatus) -> bool {
    let told = [&status.replicas, &status.active, &status.succeeded, &status.failed];
    let has_status = told.iter().any(|leaf| !leaf.is_empty()) || status.conditions.is_some();
    let always = !matches!(kind, Kind::Deployment | Kind::DaemonSet);
    always && !metadata.creation_timestamp.is_empty() && !has_status
}

fn numbered(spec: &wire::WorkloadSpec, root: &Path<'_>, out: &mut Out<'_>) -> Manner {
    let at = root.field("spec");
    let ordinals = at.field("ordinals");
    let start =
        spec.ordinals.as_ref().and_then(|o| o.start.int(&ordinals.field("start"), out.faults));
    let start = u32::try_from(start.unwrap_or(0)).unwrap_or(0);
    Manner::Numbered { start, in_order: spec.pod_management_policy.as_str() != Some("Parallel") }
}

fn job_spec(
    spec: &wire::WorkloadSpec,
    status: &wire::WorkloadStatus,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> JobSpec {
    let (at, status_at) = (root.field("spec"), root.field("status"));
    let mut int = |leaf: &Leaf, at: &Path<'_>, field| leaf.int(&at.field(field), out.faults);
    let mut parallelism = int(&spec.parallelism, &at, "parallelism").unwrap_or(1);
    if !(0..=i64::from(i32::MAX)).contains(&parallelism) {
        let cause = format!("parallelism is {parallelism}");
        out.faults.push(
            &at.field("parallelism"),
            "out-of-range",
            cause,
            "write a whole number from 0",
        );
        parallelism = 0;
    }
    let mut int = |leaf: &Leaf, at: &Path<'_>, field| leaf.int(&at.field(field), out.faults);
    let policy = spec.pod_failure_policy.as_ref();
    let per_index = !spec.backoff_limit_per_index.is_empty();
    // Neither is stated: one success is enough, and so many pods as run at a time.
    let completions = int(&spec.completions, &at, "completions");
    let deadline = int(&spec.active_deadline_seconds, &at, "activeDeadlineSeconds");
    let completions = completions.or(spec.parallelism.is_empty().then_some(1));
    let is = |c: &wire::Condition, kind| {
        c.kind.as_str() == Some(kind) && c.status.as_str() == Some("True")
    };
    let mut conditions = status.conditions.iter().flatten();
    JobSpec {
        parallelism,
        completions,
        succeeded: int(&status.succeeded, &status_at, "succeeded").unwrap_or(0),
        failed: int(&status.failed, &status_at, "failed").unwrap_or(0),
        backoff_limit: int(&spec.backoff_limit, &at, "backoffLimit").unwrap_or(6),
        per_index,
        suspended: spec.suspend.flag(&at.field("suspend"), out.faults),
        ended: conditions.any(|c| is(c, "Complete") || is(c, "Failed") || is(c, "FailureTarget")),
        after_failure: match spec.pod_replacement_policy.as_str() {
            Some(policy) => policy == "Failed",
            None => policy.is_some(),
        },
        on_disruption: on_disruption(policy),
        deadline,
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
