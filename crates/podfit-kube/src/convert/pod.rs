//! A pod → its draft: everything that can be said without the other objects, kept small.

use super::{
    DraftTerm, Out, asks,
    asks::{Asked, Asks},
    control_plane::{self, component},
    host_ports, images, labels, node_selector, pod_terms, preferred_nodes, preferred_pods,
    requests,
    services::addresses,
    spread, time, tolerations, volumes,
};
use crate::{
    fault::{Path, SNAKE_CASE},
    wire::{Affinity, Leaf, Metadata, Pod, PodSpec},
};
use podfit::model::{
    Charges, Component, Gap, GpuRequest, Links, Owner, OwnerKind, Pod as ModelPod, ResourceId,
    Shape, Soft, Sym,
};
use std::net::IpAddr;

/// A pod that waits for the end of the input. 100,000 of them take some 10 MB.
#[derive(Clone, Debug)]
pub(crate) struct PodDraft {
    pub name: Sym,
    /// Where it runs.
    pub node: Option<Sym>,
    /// Its [`DraftShape`], by position in the inventory.
    pub shape: u32,
    pub owner: Owner,
    /// What else the owner reference says.
    pub reference: Reference,
    pub component: Option<Component>,
    pub terminating: bool,
    pub unrequested: bool,
    /// Seconds since 1970, 0 is unknown.
    pub created: i64,
    pub started: i64,
    pub gated: bool,
    /// Counts as healthy for disruption budgets.
    pub ready: bool,
    /// It exists; else its owner wants it.
    pub made: bool,
    /// The node for which a DaemonSet will make it.
    pub daemon_of: Option<Sym>,
    /// Where it was read, for messages.
    pub origin: u32,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// `None` for most pods.
    pub extra: Option<Box<Extra>>,
}

impl PodDraft {
    /// Whether it is there and waits for a node: it is placed as it is, whatever its controller would make anew.
    pub fn is_waiting(&self) -> bool {
        self.made && self.node.is_none()
    }
}

/// What an owner reference says beside kind and name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Reference {
    /// The owner is of Kubernetes itself: if the input has such owners, it has this one, or the owner is gone.
    pub is_native: bool,
    /// The owner is one of those whose selector the scheduler's default spread looks at.
    pub spreads: bool,
}

/// What few pods have.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Extra {
    /// Claims by name, and for generic ephemeral volumes what is made where there is none of that name.
    pub claims: Vec<(Sym, Option<Box<volumes::Wish>>)>,
    /// Something at admission sets its requests (a vertical autoscaler), whatever its template states.
    pub keeps_requests: bool,
    /// Seconds from its deletion until it is gone, where it states them and they are not the default.
    pub grace: Option<i64>,
    /// Being deleted by the scheduler.
    pub preempted: bool,
    /// Where the scheduler makes room for it.
    pub nominated: Option<Sym>,
    pub gaps: Vec<Gap>,
    pub notes: Vec<Sym>,
    /// Of a part of the control plane.
    pub links: Option<Box<Links>>,
}

/// What pods of one template share. `shape` has no pod terms yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DraftShape {
    pub shape: Shape,
    /// What its spec asks, container by container.
    pub asks: Asks,
    pub affinity: Vec<DraftTerm>,
    pub anti_affinity: Vec<DraftTerm>,
    pub preferred: Vec<(i64, DraftTerm)>,
    /// It states no spread constraint at all, so that the scheduler's defaults apply.
    pub default_spread: bool,
    pub priority: DraftPriority,
}

/// What a pod leaves to its priority class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct DraftPriority {
    pub class: Option<Sym>,
    /// A class that every cluster has.
    pub built_in: Option<Sym>,
    /// The class gives the value.
    pub value: bool,
    /// The class gives the preemption policy.
    pub policy: bool,
}

/// What reading a pod gives.
pub(crate) enum Read {
    /// It holds or wants a place.
    Live(Box<(PodDraft, DraftShape)>),
    /// Succeeded or Failed, or deleted before it was placed.
    Terminal,
}

pub(crate) fn pod(
    pod: &Pod,
    name: &str,
    namespace: &str,
    assumed: &[(ResourceId, i64)],
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Read {
    let at = root.field("spec");
    let spec = &pod.spec;
    let terminating = !pod.metadata.deletion_timestamp.is_empty();
    let node = spec.node_name.text(&at.field("nodeName"), out.faults).filter(|n| !n.is_empty());
    let ended = matches!(pod.status.phase.as_str(), Some("Succeeded" | "Failed"));
    if ended || (terminating && node.is_none()) {
        return Read::Terminal;
    }
    form(spec, &at, out);
    let asks = Asks::of(spec, &at, out);
    let held = match node {
        Some(_) => requests::held(pod, &asks, assumed, root, out),
        None => asks.asked(assumed),
    };
    let unrequested = asks.is_unrequested();
    let (owner, reference) = owner(&pod.metadata, out);
    let stays = matches!(owner.kind, OwnerKind::DaemonSet | OwnerKind::Static);
    let used = volumes::used(spec.volumes.as_deref(), name, stays, &at.field("volumes"), out);
    let annotations = pod.metadata.annotations.as_ref();
    if let Some(key) = annotations.and_then(|a| a.gpu.as_deref()) {
        out.gap("gpu-share-by-annotation", key);
    }
    let draft_shape = shape(&pod.metadata, spec, namespace, (held, asks), root, out);
    let mut notes = used.notes;
    if !stays {
        notes.extend(
            annotations.into_iter().flat_map(|a| a.stay_notes()).map(|n| out.builder.intern(n)),
        );
        let never = images::never_pulled(spec);
        if !never.is_empty() {
            let note = format!(
                "starts only where its image is, as it is never pulled ({})",
                never.join(", ")
            );
            notes.push(out.builder.intern(&note));
        }
    }
    let (metadata, status) = (root.field("metadata"), root.field("status"));
    let nominated_at = status.field("nominatedNodeName");
    let nominated = pod.status.nominated_node_name.text(&nominated_at, out.faults);
    let part = component(&pod.metadata, name, owner.kind);
    let extra = Extra {
        links: part.and_then(|part| control_plane::links(part, pod, out)).map(Box::new),
        claims: used.claims,
        keeps_requests: annotations.is_some_and(|a| a.vertical_autoscaler),
        grace: grace(spec, &at, out),
        preempted: terminating && is_preempted(pod),
        nominated: nominated
            .filter(|n| node.is_none() && !n.is_empty())
            .map(|n| out.builder.intern(n)),
        gaps: std::mem::take(&mut out.gaps),
        notes,
    };
    let created_at = metadata.field("creationTimestamp");
    let gates = spec.scheduling_gates.as_ref();
    let draft = PodDraft {
        name: out.builder.intern(name),
        node: node.map(|n| out.builder.intern(n)),
        shape: 0,
        component: part,
        owner,
        reference,
        terminating,
        unrequested,
        created: time::seconds(&pod.metadata.creation_timestamp, &created_at, out),
        started: time::seconds(&pod.status.start_time, &status.field("startTime"), out),
        // Gates are lifted before a pod is placed.
        gated: node.is_none() && gates.is_some_and(|g| !g.is_empty()),
        ready: ready(pod),
        made: true,
        daemon_of: None,
        origin: 0,
        addresses: addresses(pod.status.pod_ips.as_deref(), &pod.status.pod_ip, out),
        extra: (extra != Extra::default()).then(|| Box::new(extra)),
    };
    Read::Live(Box::new((draft, draft_shape)))
}

/// What every pod has, whoever wrote the input.
fn form(spec: &PodSpec, at: &Path<'_>, out: &mut Out<'_>) {
    if spec.snake_case.is_some() {
        let (cause, fix) = SNAKE_CASE;
        out.faults.push(at, "snake-case", cause, fix);
    }
    if spec.containers.as_ref().is_none_or(Vec::is_empty) {
        let fix = "give pods as kubectl prints them: every one has a container";
        let at = at.field("containers");
        out.faults.push(&at, "containers-missing", "a pod without containers", fix);
    }
}

/// Seconds from the deletion of the pod until it is gone, where they are not the default.
pub(super) fn grace(spec: &PodSpec, at: &Path<'_>, out: &mut Out<'_>) -> Option<i64> {
    let path = at.field("terminationGracePeriodSeconds");
    let stated = spec.termination_grace_period_seconds.int(&path, out.faults);
    // A negative one counts as a second (`Convert_v1_Pod_To_core_Pod` in `pkg/apis/core/v1/conversion.go`).
    let stated = stated.map(|seconds| if seconds < 0 { 1 } else { seconds });
    stated.filter(|&seconds| seconds != ModelPod::GRACE_SECONDS)
}

/// Whether it is the scheduler that deletes the pod (`podTerminatingByPreemption` in
/// `pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go`).
fn is_preempted(pod: &Pod) -> bool {
    let conditions = pod.status.conditions.as_deref().unwrap_or(&[]);
    let target = conditions.iter().find(|c| c.kind.as_str() == Some("DisruptionTarget"));
    target.is_some_and(|c| {
        c.status.as_str() == Some("True") && c.reason.as_str() == Some("PreemptionByScheduler")
    })
}

/// Whether the pod is ready; where its conditions are not in the input, whether it has a node.
fn ready(pod: &Pod) -> bool {
    let conditions = pod.status.conditions.as_deref().unwrap_or(&[]);
    match conditions.iter().find(|c| c.kind.as_str() == Some("Ready")) {
        Some(condition) => condition.status.as_str() == Some("True"),
        None => conditions.is_empty() && !pod.spec.node_name.is_empty(),
    }
}

/// What a pod of this metadata and spec is: a pod's own, or a template's. It holds `held` where it runs and asks `asks`
/// anew. What cannot be evaluated is among `out`'s gaps.
pub(super) fn shape(
    metadata: &Metadata,
    spec: &PodSpec,
    namespace: &str,
    (held, asks): (Asked, Asks),
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> DraftShape {
    let (metadata_at, at) = (root.field("metadata"), root.field("spec"));
    note_gaps(metadata, spec, out);
    let namespace = out.builder.intern(namespace);
    let own = labels(metadata.labels.as_ref(), &metadata_at.field("labels"), out);
    let none = Affinity::default();
    let affinity = spec.affinity.as_ref().unwrap_or(&none);
    let (near_at, far_at) = (at.field("affinity"), at.field("affinity"));
    let (near_at, far_at) = (near_at.field("podAffinity"), far_at.field("podAntiAffinity"));
    let (near, far) = (affinity.pod_affinity.as_ref(), affinity.pod_anti_affinity.as_ref());
    let mut preferred = preferred_pods(near, false, &own, namespace, &near_at, out);
    preferred.extend(preferred_pods(far, true, &own, namespace, &far_at, out));
    let near = pod_terms(near, &own, namespace, &near_at, out);
    let far = pod_terms(far, &own, namespace, &far_at, out);
    let constraints = spec.topology_spread_constraints.as_deref();
    let spreads = spread(constraints, &own, &at.field("topologySpreadConstraints"), out);
    let soft = Soft {
        nodes: preferred_nodes(affinity.node_affinity.as_ref(), &at, out),
        pods: Vec::new(),
        spread: spreads.soft,
        spread_is_default: false,
        images: images::used(spec, &at, out),
        scored: held.scored,
        arriving: held.arriving,
    };
    let (value, preempts, priority) = priority(spec, &at, out);
    let os = spec.os.as_ref().and_then(|os| os.name.as_str()).filter(|os| !os.is_empty());
    let charges = Charges {
        limits: asks.limits(),
        ends: !spec.active_deadline_seconds.is_empty(),
        class: priority.class.or(priority.built_in),
        unstated: asks.unstated(),
    };
    let shape = Shape {
        namespace,
        labels: own,
        requests: held.amounts,
        gpu: GpuRequest::default(),
        priority: value,
        preempts,
        node_name: None,
        node_selector: node_selector(
            spec.node_selector.as_ref(),
            affinity.node_affinity.as_ref(),
            &at,
            out,
        ),
        tolerations: tolerations(spec.tolerations.as_deref(), &at.field("tolerations"), out),
        host_ports: ports(spec, &at, out),
        affinity: Vec::new(),
        anti_affinity: Vec::new(),
        spread: spreads.hard,
        volumes: Vec::new(),
        one_pod_claims: Vec::new(),
        one_node_claims: Vec::new(),
        os: os.map(|os| out.builder.intern(os)),
        charges,
        soft,
    };
    let default_spread = constraints.is_none_or(|list| list.is_empty());
    let (affinity, anti_affinity) = (near, far);
    DraftShape { shape, asks, affinity, anti_affinity, preferred, default_spread, priority }
}

/// Who places the pod, and with whom, where that is not evaluated.
fn note_gaps(metadata: &Metadata, spec: &PodSpec, out: &mut Out<'_>) {
    for claim in spec.resource_claims.iter().flatten() {
        out.gap("resource-claims", claim.name.as_str().unwrap_or("spec.resourceClaims"));
    }
    if let Some(scheduler) = spec.scheduler_name.as_str()
        && !matches!(scheduler, "" | "default-scheduler")
    {
        out.gap("other-scheduler", scheduler);
    }
    let label = |key: &&str| metadata.labels.as_ref()?.get(key)?.as_str();
    let gang = GANG_LABELS.iter().find_map(label);
    let annotated = || metadata.annotations.as_ref()?.gang.as_str();
    let stated = spec.scheduling_group.is_some() || spec.workload_ref.is_some();
    let stated = stated.then_some("spec.schedulingGroup");
    if let Some(gang) = gang.or_else(annotated).or(stated) {
        out.gap("gang", gang);
    }
}

/// Labels by which gang schedulers know the pods of a group.
const GANG_LABELS: [&str; 3] = [
    "scheduling.x-k8s.io/pod-group",
    "pod-group.scheduling.sigs.k8s.io",
    "pod-group.scheduling.sigs.k8s.io/name",
];

/// Ports of containers and sidecars; plain init containers are gone by the time others run.
fn ports(spec: &PodSpec, at: &Path<'_>, out: &mut Out<'_>) -> Vec<podfit::model::HostPort> {
    let host_network = spec.host_network.flag(&at.field("hostNetwork"), out.faults);
    let mut ports = Vec::new();
    for (field, list) in
        [("containers", &spec.containers), ("initContainers", &spec.init_containers)]
    {
        let at = at.field(field);
        for (i, c) in list.iter().flatten().enumerate() {
            if field == "containers" || asks::is_sidecar(c) {
                let at = at.index(i);
                host_ports(c.ports.as_deref(), host_network, &at.field("ports"), &mut ports, out);
            }
        }
    }
    ports.sort_unstable_by_key(|p| (p.port, p.protocol, p.ip));
    ports.dedup();
    ports
}

/// Priority and whether the pod may preempt, as far as the pod itself says, and what it leaves to its class.
/// (Admission copies both from the class into the pod, so dumps of a cluster have them.)
fn priority(spec: &PodSpec, at: &Path<'_>, out: &mut Out<'_>) -> (i32, bool, DraftPriority) {
    let path = at.field("priority");
    let stated = spec.priority.int(&path, out.faults).map(|n| priority_value(n, &path, out));
    let policy = preempts(&spec.preemption_policy, at, out);
    let class = spec.priority_class_name.text(&at.field("priorityClassName"), out.faults);
    let built_in = match class {
        Some("system-cluster-critical") => Some(2_000_000_000),
        Some("system-node-critical") => Some(2_000_001_000),
        _ => None,
    };
    let value = stated.or(built_in);
    let class = class.filter(|c| !c.is_empty()).map(|c| out.builder.intern(c));
    let draft = DraftPriority {
        class: class.filter(|_| built_in.is_none()),
        built_in: class.filter(|_| built_in.is_some()),
        value: value.is_none(),
        policy: policy.is_none() && built_in.is_none(),
    };
    (value.unwrap_or(0), policy.unwrap_or(true), draft)
}

/// A priority; one that is no 32-bit number is reported.
pub(super) fn priority_value(n: i64, path: &Path<'_>, out: &mut Out<'_>) -> i32 {
    i32::try_from(n).unwrap_or_else(|_| {
        let fix = "priorities are 32-bit numbers";
        out.faults.push(path, "out-of-range", format!("priority {n}"), fix);
        0
    })
}

/// Whether a `preemptionPolicy` lets a pod preempt; `None` where it is not stated.
pub(super) fn preempts(policy: &Leaf, at: &Path<'_>, out: &mut Out<'_>) -> Option<bool> {
    match policy {
        Leaf::Absent => None,
        Leaf::Text(text) if text.is_empty() => None,
        Leaf::Text(text) if text == "Never" => Some(false),
        Leaf::Text(text) if text == "PreemptLowerPriority" => Some(true),
        _ => {
            let cause = format!("preemptionPolicy is {policy}");
            let fix = "use Never or PreemptLowerPriority";
            out.faults.push(&at.field("preemptionPolicy"), "value-unknown", cause, fix);
            None
        }
    }
}

/// The controller, from the owner reference that says it is one. The scheduler's default spread looks at the selectors of
/// some (`DefaultSelector` in `pkg/scheduler/framework/plugins/helper/spread.go`).
fn owner(metadata: &Metadata, out: &mut Out<'_>) -> (Owner, Reference) {
    let reference =
        metadata.owner_references.iter().flatten().find(|r| r.controller == Leaf::Bool(true));
    let mirror = metadata.annotations.as_ref().is_some_and(|a| a.mirror);
    let Some(reference) = reference else {
        let kind = if mirror { OwnerKind::Static } else { OwnerKind::Bare };
        return (Owner { kind, name: None }, Reference::default());
    };
    let group = reference.api_version.as_str().unwrap_or("");
    let word = reference.kind.as_str().unwrap_or("");
    let spreads = match word {
        "ReplicaSet" | "StatefulSet" => matches!(group, "" | "apps/v1"),
        "ReplicationController" => matches!(group, "" | "v1"),
        _ => false,
    };
    let kind = match word {
        _ if mirror => OwnerKind::Static,
        "Node" => OwnerKind::Static,
        // Others' StatefulSets and DaemonSets (OpenKruise) hold to the same contract.
        "StatefulSet" => OwnerKind::StatefulSet,
        "DaemonSet" => OwnerKind::DaemonSet,
        "Deployment" => OwnerKind::Deployment,
        "ReplicaSet" => OwnerKind::ReplicaSet,
        "ReplicationController" => OwnerKind::ReplicationController,
        "Job" | "CronJob" if group.is_empty() || group.starts_with("batch/") => OwnerKind::Job,
        other => OwnerKind::Custom(out.builder.intern(other)),
    };
    let name = reference.name.as_str().map(|n| out.builder.intern(n));
    let is_native = match kind {
        OwnerKind::Job => word == "Job",
        OwnerKind::ReplicationController => spreads,
        _ => {
            matches!(group, "" | "apps/v1" | "extensions/v1beta1" | "apps/v1beta1" | "apps/v1beta2")
        }
    };
    (Owner { kind, name }, Reference { is_native, spreads })
}
