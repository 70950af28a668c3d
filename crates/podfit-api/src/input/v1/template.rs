//! What workloads and single pods have in common: the shape of their pods.

use super::{
    super::{
        form,
        walk::{Field, Fields},
    },
    Doc, nodes,
};
use podfit::model::{
    Charges, ClaimKind, Effect, Gap, GpuRequest, HostPort, Labels, NamespaceSet, NodeSelector,
    NodeTerm, OwnerKind, PodTerm, Protocol, Requirement, ResourceId, Resources, Selector, Shape,
    Soft, Sym, Toleration, VolumeClaim,
};
use podfit_kube::{
    convert::{self, DraftTerm, Out},
    fault::quote,
    tree::Node,
    wire,
};

/// Fields of every workload and pod.
pub(super) const FIELDS: [&str; 18] = [
    "name",
    "namespace",
    "kind",
    "requests",
    "gpu",
    "gpuModels",
    "priority",
    "preemptionPolicy",
    "podManagementPolicy",
    "labels",
    "nodeName",
    "nodeSelector",
    "affinity",
    "tolerations",
    "topologySpreadConstraints",
    "hostPorts",
    "volumes",
    "schedulingGates",
];
/// What people write instead.
pub(super) const RENAMED: [(&str, &str); 5] = [
    ("resources", "requests"),
    ("gpus", "gpu"),
    ("spread", "topologySpreadConstraints"),
    ("ports", "hostPorts"),
    ("priorityClassName", "priority"),
];

/// The shape of a workload's pods and what is said of each.
pub(super) struct Template {
    pub shape: Shape,
    pub gaps: Vec<Gap>,
    pub unrequested: bool,
    /// Pending pods are held back by a scheduling gate.
    pub gated: bool,
    /// A StatefulSet makes its pods one after the other.
    pub in_order: bool,
    /// Claims on the disk of the node that a pod runs on, where the input does not say which.
    pub local: Vec<Sym>,
}

impl Template {
    /// What a pod of it asks whose local volumes lie on this node. A class of that kind waits for its first pod
    /// (`WaitForFirstConsumer`), so that one without a node may go anywhere.
    pub fn shape_on(&self, node: Option<&str>, doc: &mut Doc<'_>) -> Shape {
        let mut shape = self.shape.clone();
        if let Some(node) = node.filter(|_| !self.local.is_empty()) {
            let nodes = lies_on(node, doc);
            let bound =
                |&claim: &Sym| VolumeClaim { claim, kind: ClaimKind::Bound, nodes: nodes.clone() };
            shape.volumes.extend(self.local.iter().map(bound));
        }
        shape
    }

    /// That nothing is known of where these volumes lie.
    pub fn local_gaps(&self) -> impl Iterator<Item = Gap> + '_ {
        self.local.iter().map(|&what| Gap { code: "unbound-claim", what })
    }
}

fn lies_on(node: &str, doc: &mut Doc<'_>) -> NodeSelector {
    let term = nodes::only(doc.builder.intern(node));
    NodeSelector { labels: Vec::new(), terms: Some(vec![term]) }
}

const POLICIES: [(&str, bool); 2] = [("PreemptLowerPriority", true), ("Never", false)];
const MANAGEMENT: [(&str, bool); 2] = [("OrderedReady", true), ("Parallel", false)];
/// The device's class that makes volumes on the disk of the worker where the pod runs, for one node at a time
/// [azure-stack-edge-gpu-kubernetes-storage]. Its shares (SMB, NFS), which have no class, are for all nodes.
const LOCAL_CLASS: &str = "ase-node-local";
/// Names in Kubernetes are shorter than this.
const NAME_BYTES_MAX: usize = 253;
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// The name of an object; `None` where it is missing or unusable, which is reported.
pub(super) fn name<'t>(
    field: Option<Field<'t, '_>>,
    object: &Field<'_, '_>,
    doc: &mut Doc<'_>,
) -> Option<&'t str> {
    let Some(field) = field else {
        doc.report.fault(object, "name-missing", "it has no name", "name it");
        return None;
    };
    let text = doc.report.text(Some(field))?;
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '/';
    if text.len() > NAME_BYTES_MAX || text.contains(odd) {
        let cause = format!("{} is no name", quote(text));
        let fix = "use letters, digits, dots and dashes, 253 bytes at most";
        doc.report.fault(&field, "name-invalid", cause, fix);
        return None;
    }
    Some(text)
}

/// Namespace, `default` if not said.
pub(super) fn namespace<'t>(fields: &Fields<'t, '_>, doc: &mut Doc<'_>) -> &'t str {
    match fields.get("namespace") {
        Some(field) => name(Some(field), &field, doc).unwrap_or("default"),
        None => "default",
    }
}

/// Reads the fields that bear on placement.
pub(super) fn read(
    fields: &Fields<'_, '_>,
    item: &Field<'_, '_>,
    name: &str,
    kind: OwnerKind,
    doc: &mut Doc<'_>,
) -> Template {
    let namespace = namespace(fields, doc);
    let namespace = doc.builder.intern(namespace);
    let Requests { amounts, scored, unrequested } = requests(fields, doc);
    let gpu = gpu(fields, doc);
    let priority = doc.report.int(fields.get("priority"), i64::from(i32::MIN), i64::from(i32::MAX));
    let preempts = doc.report.choice(fields.get("preemptionPolicy"), &POLICIES);
    let node_name = fields.get("nodeName").and_then(|f| nodes::reference(f, doc));
    let host_ports = host_ports(fields.get("hostPorts"), doc);
    let (volumes, local) = volumes(fields.get("volumes"), doc);
    let mut gaps = Vec::new();
    let kube = kubernetes(fields, item, name, namespace, doc);
    gaps.extend(kube.gaps);
    let (shape_affinity, more) = terms(kube.near, doc);
    gaps.extend(more);
    let (shape_anti, more) = terms(kube.far, doc);
    gaps.extend(more);
    // What is unknown of a preferred term only scores.
    let (weights, preferred): (Vec<_>, Vec<_>) = kube.preferred.into_iter().unzip();
    let (preferred, _) = terms(preferred, doc);
    let mut tolerations = kube.tolerations;
    default_tolerations(&mut tolerations, kind == OwnerKind::DaemonSet, doc);
    let mut soft = Soft {
        nodes: kube.preferred_nodes,
        pods: weights.into_iter().zip(preferred).collect(),
        spread: kube.spreads.soft,
        scored,
        ..Soft::default()
    };
    let stated = fields.get("topologySpreadConstraints");
    if stated.is_none_or(|f| doc.report.list(Some(&f)).len() == 0) {
        soft.spread = default_spread(kind, &kube.labels, doc);
        soft.spread_is_default = !soft.spread.is_empty();
    }
    let gates: Option<Vec<wire::Map>> =
        form::read(fields.get("schedulingGates"), &form::GATES, &mut doc.report);
    let shape = Shape {
        namespace,
        labels: kube.labels,
        requests: amounts,
        gpu,
        priority: priority.unwrap_or(0) as i32,
        preempts: preempts.unwrap_or(true),
        node_name: node_name.map(|n| doc.builder.intern(&n)),
        node_selector: kube.node_selector,
        tolerations,
        host_ports,
        affinity: shape_affinity,
        anti_affinity: shape_anti,
        spread: kube.spreads.hard,
        volumes,
        one_pod_claims: Vec::new(),
        one_node_claims: Vec::new(),
        os: None,
        charges: Charges::default(),
        soft,
    };
    let in_order = doc.report.choice(fields.get("podManagementPolicy"), &MANAGEMENT);
    let gated = gates.is_some_and(|list| !list.is_empty());
    Template { shape, gaps, unrequested, gated, in_order: in_order.unwrap_or(true), local }
}

/// The scheduler's default spread: over the pods that a ReplicaSet or StatefulSet selects, which are here those
/// with its labels.
fn default_spread(
    kind: OwnerKind,
    labels: &Labels,
    doc: &mut Doc<'_>,
) -> Vec<podfit::model::Spread> {
    match kind {
        OwnerKind::Deployment | OwnerKind::ReplicaSet | OwnerKind::StatefulSet => {
            convert::default_spread(&convert::selector_of(labels.iter()), &mut doc.builder)
        }
        _ => Vec::new(),
    }
}

/// What podfit-kube converts.
struct Kubernetes {
    labels: Labels,
    node_selector: NodeSelector,
    near: Vec<DraftTerm>,
    far: Vec<DraftTerm>,
    preferred: Vec<(i64, DraftTerm)>,
    preferred_nodes: Vec<(i64, NodeTerm)>,
    spreads: convert::Spreads,
    tolerations: Vec<Toleration>,
    gaps: Vec<Gap>,
}

fn kubernetes(
    fields: &Fields<'_, '_>,
    item: &Field<'_, '_>,
    name: &str,
    namespace: Sym,
    doc: &mut Doc<'_>,
) -> Kubernetes {
    let report = &mut doc.report;
    let stated = fields.get("labels");
    let labels: Option<wire::Map> = form::read(stated, &form::LABELS, report);
    let selector: Option<wire::Map> = form::read(fields.get("nodeSelector"), &form::LABELS, report);
    let affinity = fields.get("affinity");
    let affinity: wire::Affinity =
        form::read(affinity, &form::AFFINITY, report).unwrap_or_default();
    let spread: Option<Vec<wire::TopologySpreadConstraint>> =
        form::read(fields.get("topologySpreadConstraints"), &form::SPREAD, report);
    let tolerations: Option<Vec<wire::Toleration>> =
        form::read(fields.get("tolerations"), &form::TOLERATIONS, report);
    let path = item.path;
    let run = |out: &mut Out<'_>| {
        let labels = match stated {
            Some(_) => convert::labels(labels.as_ref(), &path.field("labels"), out),
            None => Labels::new([(out.builder.intern("app"), out.builder.intern(name))]),
        };
        let at = path.field("affinity");
        let (near_at, far_at) = (at.field("podAffinity"), at.field("podAntiAffinity"));
        let (near, far) = (affinity.pod_affinity.as_ref(), affinity.pod_anti_affinity.as_ref());
        let node = affinity.node_affinity.as_ref();
        let mut preferred = convert::preferred_pods(near, false, &labels, namespace, &near_at, out);
        preferred.extend(convert::preferred_pods(far, true, &labels, namespace, &far_at, out));
        let spread_at = path.field("topologySpreadConstraints");
        Kubernetes {
            node_selector: convert::node_selector(selector.as_ref(), node, &path, out),
            near: convert::pod_terms(near, &labels, namespace, &near_at, out),
            far: convert::pod_terms(far, &labels, namespace, &far_at, out),
            preferred,
            preferred_nodes: convert::preferred_nodes(node, &path, out),
            spreads: convert::spread(spread.as_deref(), &labels, &spread_at, out),
            tolerations: convert::tolerations(
                tolerations.as_deref(),
                &path.field("tolerations"),
                out,
            ),
            labels,
            gaps: Vec::new(),
        }
    };
    let (read, gaps) = doc.convert(item.tree, run);
    Kubernetes { gaps, ..read }
}

/// Resolves the namespaces of pod terms. Of a namespace only its name is known.
fn terms(drafts: Vec<DraftTerm>, doc: &mut Doc<'_>) -> (Vec<PodTerm>, Vec<Gap>) {
    let mut gaps = Vec::new();
    let key = doc.builder.intern(NAMESPACE_NAME);
    let resolve =
        |draft: DraftTerm| {
            let mut names = draft.namespaces;
            let mut all = false;
            if let Some(selector) = &draft.namespace_selector {
                all = *selector == Selector::default();
                if !selector.all.iter().all(|r: &Requirement| r.key() == key) {
                    let what = doc.builder.intern("namespaceSelector");
                    gaps.push(Gap { code: "namespace-labels-not-in-input", what });
                }
                names.extend(doc.namespaces.iter().filter(|&&ns| {
                    selector.matches(&Labels::new([(key, ns)]), doc.builder.names())
                }));
                names.sort_unstable();
                names.dedup();
            }
            let namespaces = if all { NamespaceSet::All } else { NamespaceSet::Of(names) };
            PodTerm { namespaces, selector: draft.selector, topology_key: draft.topology_key }
        };
    let terms = drafts.into_iter().map(resolve).collect();
    gaps.dedup();
    (terms, gaps)
}

/// Amounts by resource in the order written, `None` where an amount is wrong. Names that Kubernetes does not
/// know are faults.
pub(super) fn amounts(field: &Field<'_, '_>, doc: &mut Doc<'_>) -> Vec<(ResourceId, Option<i64>)> {
    let mut list = Vec::new();
    for e in doc.report.map(field).into_iter().flatten() {
        let at = Field { tree: &e.value, path: field.path.field(&e.key) };
        let known = ResourceId::FIXED.contains(&e.key.as_str())
            || e.key.contains('/')
            || e.key.starts_with("hugepages-");
        if !known {
            let fix = match doc.report.nearest(&e.key, ResourceId::FIXED.into_iter()) {
                Some(near) => format!("did you mean {near}?"),
                None => "use cpu, memory, ephemeral-storage or a name with a domain".into(),
            };
            let cause = format!("there is no resource {}", quote(&e.key));
            doc.report.fault(&at, "unknown-resource", cause, fix);
            continue;
        }
        if at.tree.is_absent() {
            continue;
        }
        let id = doc.builder.resource(&e.key);
        let amount = doc.report.amount(&e.key, &at);
        list.push((id, amount.map(|q| q.in_unit_of(id))));
    }
    list
}

struct Requests {
    /// One pod slot included.
    amounts: Resources,
    /// With what the scheduler's scores count where cpu or memory is not stated.
    scored: Option<[i64; 2]>,
    /// Cpu or memory is missing.
    unrequested: bool,
}

/// Requests; assumed ones fill what is missing.
fn requests(fields: &Fields<'_, '_>, doc: &mut Doc<'_>) -> Requests {
    const SCORED: [(ResourceId, i64); 2] = [
        (ResourceId::CPU, convert::SCORED_CPU_MILLI),
        (ResourceId::MEMORY, convert::SCORED_MEMORY_BYTES),
    ];
    let field = fields.get("requests");
    let stated = field.as_ref().map(|f| amounts(f, doc)).unwrap_or_default();
    let mut amounts = Resources::new();
    for &(id, amount) in &stated {
        if let (ResourceId::PODS, Some(field)) = (id, &field) {
            let fix = "leave it out: every pod takes one slot";
            doc.report.fault(field, "unknown-resource", "pods cannot be requested", fix);
            continue;
        }
        amounts.set(id, amount.unwrap_or(0));
    }
    amounts.set(ResourceId::PODS, 1);
    let unrequested = SCORED.iter().any(|&(id, _)| amounts.get(id) == 0);
    // A request of 0 is one, and is not defaulted.
    let mut scored = SCORED.map(|(id, default)| match stated.iter().any(|(i, _)| *i == id) {
        true => amounts.get(id),
        false => default,
    });
    for &(id, amount) in &doc.assumed {
        if amounts.get(id) == 0 {
            amounts.set(id, amount);
            scored[id.index()] = amount;
        }
    }
    let defaulted = scored != SCORED.map(|(id, _)| amounts.get(id));
    Requests { amounts, scored: defaulted.then_some(scored), unrequested }
}

fn gpu(fields: &Fields<'_, '_>, doc: &mut Doc<'_>) -> GpuRequest {
    const MILLI: i128 = 1_000_000;
    let models = fields.get("gpuModels");
    let mut accepted = Vec::new();
    for item in doc.report.list(models.as_ref()) {
        if let Some(model) = doc.report.text(Some(item)) {
            accepted.push(doc.builder.intern(model));
        }
    }
    accepted.sort_unstable();
    accepted.dedup();
    let field = fields.get("gpu");
    let Some(q) = doc.report.quantity(field) else {
        if let (Some(models), None) = (models, field) {
            let fix = "write gpu: 1, or leave gpuModels out";
            doc.report.fault(&models, "gpu-request-invalid", "gpuModels without gpu", fix);
        }
        return GpuRequest::default();
    };
    let Some(field) = field.filter(|_| q.nano() > 0) else { return GpuRequest::default() };
    if !doc.nodes.any_cards {
        let fix = "write gpus: {count: 1, model: T4} at a node, or request nvidia.com/gpu instead";
        doc.report.fault(&field, "gpu-without-cards", "no node has GPU cards", fix);
        return GpuRequest::default();
    }
    let (cards, milli_each) = match q.nano() / MILLI {
        _ if q.nano() % MILLI != 0 => (0, 0),
        milli @ ..1000 => (1, milli as i64),
        milli if milli % 1000 == 0 => (u16::try_from(milli / 1000).unwrap_or(0), 1000),
        _ => (0, 0),
    };
    if cards == 0 {
        let cause = format!("{} cards cannot be had", field.tree);
        let fix = "ask for a share of one card, in thousandths, or for whole ones";
        doc.report.fault(&field, "gpu-request-invalid", cause, fix);
        return GpuRequest::default();
    }
    GpuRequest { cards, milli_each, models: accepted }
}

fn host_ports(field: Option<Field<'_, '_>>, doc: &mut Doc<'_>) -> Vec<HostPort> {
    const PROTOCOLS: [(&str, Protocol); 3] =
        [("TCP", Protocol::Tcp), ("UDP", Protocol::Udp), ("SCTP", Protocol::Sctp)];
    let mut ports = Vec::new();
    for item in doc.report.list(field.as_ref()) {
        let (mut number, mut protocol, mut ip) = (Some(item), None, None);
        if let Node::Map(_) = item.tree.node {
            let fields = doc.report.fields(&item, &["port", "protocol", "hostIP"], &[]);
            let Some(fields) = fields else { continue };
            number = fields.get("port");
            protocol = doc.report.choice(fields.get("protocol"), &PROTOCOLS);
            ip = doc.report.text(fields.get("hostIP"));
            if number.is_none() {
                let fix = "write {port: 53, protocol: UDP}";
                doc.report.fault(&item, "value-missing", "the host port has no port", fix);
            }
        }
        let Some(number) = doc.report.int(number, 1, i64::from(u16::MAX)) else { continue };
        ports.push(HostPort {
            protocol: protocol.unwrap_or(Protocol::Tcp),
            port: number as u16,
            ip: ip.filter(|ip| !matches!(*ip, "0.0.0.0" | "::")).map(|ip| doc.builder.intern(ip)),
        });
    }
    ports.sort_unstable_by_key(|p| (p.port, p.protocol, p.ip));
    ports.dedup();
    ports
}

/// Claims that are bound to a node, and those of a local class that do not say to which. Others are on shares, which every
/// node reaches.
fn volumes(field: Option<Field<'_, '_>>, doc: &mut Doc<'_>) -> (Vec<VolumeClaim>, Vec<Sym>) {
    let (mut bound, mut local) = (Vec::new(), Vec::new());
    for item in doc.report.list(field.as_ref()) {
        let fields = doc.report.fields(&item, &["claim", "class", "node"], &[("name", "claim")]);
        let Some(fields) = fields else { continue };
        let class = doc.report.text(fields.get("class"));
        let node = fields.get("node");
        let on = node.and_then(|f| nodes::reference(f, doc));
        let Some(claim) = fields.get("claim") else {
            let fix = "write {claim: data, class: nfs}";
            doc.report.fault(&item, "value-missing", "the volume has no claim", fix);
            continue;
        };
        let Some(claim) = doc.report.text(Some(claim)) else { continue };
        let claim = doc.builder.intern(claim);
        if let Some(on) = on {
            let nodes = lies_on(&on, doc);
            bound.push(VolumeClaim { claim, kind: ClaimKind::Bound, nodes });
        } else if node.is_none() && class == Some(LOCAL_CLASS) {
            local.push(claim);
        }
    }
    (bound, local)
}

/// What the API server's admission and the DaemonSet controller add to every pod.
fn default_tolerations(list: &mut Vec<Toleration>, daemon: bool, doc: &mut Doc<'_>) {
    const SECONDS: i64 = 300;
    let mut add = |key: &str, effect: Effect, seconds: Option<i64>| {
        let key = doc.builder.intern(key);
        let fits =
            |t: &Toleration| t.key.is_none_or(|k| k == key) && t.effect.is_none_or(|e| e == effect);
        // A DaemonSet's own tolerations do not replace those of its controller.
        if daemon || !list.iter().any(fits) {
            list.push(Toleration { key: Some(key), value: None, effect: Some(effect), seconds });
        }
    };
    let seconds = (!daemon).then_some(SECONDS);
    add("node.kubernetes.io/not-ready", Effect::NoExecute, seconds);
    add("node.kubernetes.io/unreachable", Effect::NoExecute, seconds);
    if daemon {
        for pressure in ["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"] {
            add(&format!("node.kubernetes.io/{pressure}"), Effect::NoSchedule, None);
        }
    }
}
