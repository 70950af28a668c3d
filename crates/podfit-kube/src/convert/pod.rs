//! A pod → its draft: everything that can be said without the other objects, kept small.

use super::{
    DraftTerm, Out, host_ports, labels, node_selector, pod_terms, requests, spread, tolerations,
    volumes,
};
use crate::{
    fault::Path,
    wire::{Affinity, Leaf, Metadata, Pod},
};
use podfit::model::{Component, Gap, GpuRequest, Owner, OwnerKind, ResourceId, Shape, Soft, Sym};

/// A pod that waits for the end of the input. 100,000 of them take some 10 MB.
#[derive(Debug)]
pub(crate) struct PodDraft {
    pub name: Sym,
    /// Where it runs.
    pub node: Option<Sym>,
    /// Its [`DraftShape`], by position in the inventory.
    pub shape: u32,
    pub owner: Owner,
    pub component: Option<Component>,
    pub terminating: bool,
    pub unrequested: bool,
    /// Where it was read, for messages.
    pub origin: u32,
    /// `None` for most pods.
    pub extra: Option<Box<Extra>>,
}

/// What few pods have.
#[derive(Debug, Default)]
pub(crate) struct Extra {
    pub claims: Vec<Sym>,
    pub gaps: Vec<Gap>,
    pub notes: Vec<Sym>,
}

/// What pods of one template share. `shape` has no pod terms yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DraftShape {
    pub shape: Shape,
    pub affinity: Vec<DraftTerm>,
    pub anti_affinity: Vec<DraftTerm>,
    /// The priority class that gives the priority, where the pod itself does not.
    pub priority_class: Option<Sym>,
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
    let requests = requests::effective(pod, assumed, root, out);
    let owner = owner(&pod.metadata, out);
    let stays = matches!(owner.kind, OwnerKind::DaemonSet | OwnerKind::Static);
    let used = volumes::used(spec.volumes.as_deref(), name, stays, &at.field("volumes"), out);
    if node.is_none() && spec.scheduling_gates.as_ref().is_some_and(|g| !g.is_empty()) {
        out.gap("scheduling-gates", "spec.schedulingGates");
    }
    for claim in spec.resource_claims.iter().flatten() {
        out.gap("resource-claims", claim.name.as_str().unwrap_or("spec.resourceClaims"));
    }
    if !matches!(spec.scheduler_name.as_str(), None | Some("" | "default-scheduler")) {
        out.skipped.count("schedulers other than the default one (spec.schedulerName)");
    }
    let draft_shape = shape(pod, namespace, requests.amounts, root, out);
    let gaps = std::mem::take(&mut out.gaps);
    let some = !(used.claims.is_empty() && used.notes.is_empty() && gaps.is_empty());
    let extra = Extra { claims: used.claims, gaps, notes: used.notes };
    let draft = PodDraft {
        name: out.builder.intern(name),
        node: node.map(|n| out.builder.intern(n)),
        shape: 0,
        component: component(&pod.metadata, name, owner.kind),
        owner,
        terminating,
        unrequested: requests.unrequested,
        origin: 0,
        extra: some.then(|| Box::new(extra)),
    };
    Read::Live(Box::new((draft, draft_shape)))
}

fn shape(
    pod: &Pod,
    namespace: &str,
    requests: podfit::model::Resources,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> DraftShape {
    let spec = &pod.spec;
    let (metadata, at) = (root.field("metadata"), root.field("spec"));
    let namespace = out.builder.intern(namespace);
    let own = labels(pod.metadata.labels.as_ref(), &metadata.field("labels"), out);
    let none = Affinity::default();
    let affinity = spec.affinity.as_ref().unwrap_or(&none);
    if prefers(affinity) {
        out.skipped.count("preferred affinity: it only scores");
    }
    let near = pod_terms(
        affinity.pod_affinity.as_ref(),
        &own,
        namespace,
        &at.field("affinity").field("podAffinity"),
        out,
    );
    let far = pod_terms(
        affinity.pod_anti_affinity.as_ref(),
        &own,
        namespace,
        &at.field("affinity").field("podAntiAffinity"),
        out,
    );
    let hard = spread(
        spec.topology_spread_constraints.as_deref(),
        &own,
        &at.field("topologySpreadConstraints"),
        out,
    );
    let (priority, priority_class) = priority(pod, &at, out);
    let shape = Shape {
        namespace,
        labels: own,
        requests,
        gpu: GpuRequest::default(),
        priority,
        preempts: true,
        node_name: None,
        node_selector: node_selector(
            spec.node_selector.as_ref(),
            affinity.node_affinity.as_ref(),
            &at,
            out,
        ),
        tolerations: tolerations(spec.tolerations.as_deref(), &at.field("tolerations"), out),
        host_ports: ports(pod, &at, out),
        affinity: Vec::new(),
        anti_affinity: Vec::new(),
        spread: hard,
        volumes: Vec::new(),
        one_pod_claims: Vec::new(),
        soft: Soft::default(),
    };
    DraftShape { shape, affinity: near, anti_affinity: far, priority_class }
}

fn prefers(affinity: &Affinity) -> bool {
    let some = |list: Option<usize>| list.is_some_and(|n| n > 0);
    let pods = |a: &Option<crate::wire::PodAffinity>| {
        a.as_ref()
            .and_then(|a| a.preferred_during_scheduling_ignored_during_execution.as_ref())
            .map(Vec::len)
    };
    let nodes = affinity
        .node_affinity
        .as_ref()
        .and_then(|a| a.preferred_during_scheduling_ignored_during_execution.as_ref())
        .map(Vec::len);
    some(nodes) || some(pods(&affinity.pod_affinity)) || some(pods(&affinity.pod_anti_affinity))
}

/// Ports of containers and sidecars; plain init containers are gone by the time others run.
fn ports(pod: &Pod, at: &Path<'_>, out: &mut Out<'_>) -> Vec<podfit::model::HostPort> {
    let spec = &pod.spec;
    let host_network = spec.host_network.flag(&at.field("hostNetwork"), out.faults);
    let mut ports = Vec::new();
    for (field, list) in
        [("containers", &spec.containers), ("initContainers", &spec.init_containers)]
    {
        let at = at.field(field);
        for (i, c) in list.iter().flatten().enumerate() {
            if field == "containers" || requests::is_sidecar(c) {
                let at = at.index(i);
                host_ports(c.ports.as_deref(), host_network, &at.field("ports"), &mut ports, out);
            }
        }
    }
    ports.sort_unstable_by_key(|p| (p.port, p.protocol, p.ip));
    ports
}

fn priority(pod: &Pod, at: &Path<'_>, out: &mut Out<'_>) -> (i32, Option<Sym>) {
    let spec = &pod.spec;
    let path = at.field("priority");
    if let Some(n) = spec.priority.int(&path, out.faults) {
        return match i32::try_from(n) {
            Ok(n) => (n, None),
            Err(_) => {
                let fix = "priorities are 32-bit numbers";
                out.faults.push(&path, "out-of-range", format!("priority {n}"), fix);
                (0, None)
            }
        };
    }
    match spec.priority_class_name.text(&at.field("priorityClassName"), out.faults) {
        None | Some("") => (0, None),
        Some("system-cluster-critical") => (2_000_000_000, None),
        Some("system-node-critical") => (2_000_001_000, None),
        Some(class) => (0, Some(out.builder.intern(class))),
    }
}

/// The controller, from the owner reference that says it is one.
fn owner(metadata: &Metadata, out: &mut Out<'_>) -> Owner {
    let reference =
        metadata.owner_references.iter().flatten().find(|r| r.controller == Leaf::Bool(true));
    let mirror = metadata.annotations.as_ref().is_some_and(|a| a.mirror);
    let Some(reference) = reference else {
        let kind = if mirror { OwnerKind::Static } else { OwnerKind::Bare };
        return Owner { kind, name: None };
    };
    let group = reference.api_version.as_str().unwrap_or("");
    let kind = reference.kind.as_str().unwrap_or("");
    let kind = match kind {
        _ if mirror => OwnerKind::Static,
        "Node" => OwnerKind::Static,
        // Others' StatefulSets and DaemonSets (OpenKruise) hold to the same contract.
        "StatefulSet" => OwnerKind::StatefulSet,
        "DaemonSet" => OwnerKind::DaemonSet,
        "ReplicaSet" | "Deployment" | "ReplicationController" => OwnerKind::ReplicaSet,
        "Job" | "CronJob" if group.is_empty() || group.starts_with("batch/") => OwnerKind::Job,
        other => OwnerKind::Custom(out.builder.intern(other)),
    };
    let name = reference.name.as_str().map(|n| out.builder.intern(n));
    Owner { kind, name }
}

const COMPONENTS: [(&str, Component); 4] = [
    ("kube-apiserver", Component::ApiServer),
    ("kube-scheduler", Component::Scheduler),
    ("kube-controller-manager", Component::ControllerManager),
    ("etcd", Component::Etcd),
];

/// Which part of the control plane a static pod is: by its labels, else by its name.
fn component(metadata: &Metadata, name: &str, kind: OwnerKind) -> Option<Component> {
    if kind != OwnerKind::Static {
        return None;
    }
    let label = |key: &str| metadata.labels.as_ref()?.get(key)?.as_str();
    let by_label = match label("tier") {
        Some("control-plane") => label("component"),
        _ => None,
    };
    COMPONENTS
        .iter()
        .find(|(text, _)| match by_label {
            Some(label) => label == *text,
            None => {
                name.strip_prefix(text).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }
        })
        .map(|&(_, component)| component)
}
