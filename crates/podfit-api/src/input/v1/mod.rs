//! podfit's own format, `podfit/v1`: a cluster as a person would write it down, in YAML or JSON.
//!
//! In: one document. Out: [`Opened`], or every fault. A field that is not listed here is a fault, not ignored.
//!
//! ```yaml
//! apiVersion: podfit/v1
//! kind: Cluster
//!
//! # Either an edge device, whose machines become the nodes (master, worker-a, worker-b) …
//! device:
//!   model: pro-gpu
//!   nodes: 2                   # 1 or 2, default 1
//!   gpus: 1                    # of each node, where the model leaves the choice
//!   worker: {cpu: 30%, memory: 64Gi, cpuBasis: usableVcpu, cpuRounding: down, memoryRounding: exact}
//!   otherVms: [{name: vm1, host: A, vcpu: 4, memory: 8Gi, highlyAvailable: true}]
//!   capacity: {memoryTotal: 256Gi}     # what the device states of itself, for all nodes together
//!   kubeletReserve: {cpu: 100m, memory: 1Gi}
//!   usagePercent: 50                   # how much of a node may be used in normal operation
//!
//! # … or nodes.
//! nodes:
//!   - name: node-1
//!     labels: {zone: a}        # kubernetes.io/hostname is added: the name
//!     taints: [{key: gpu, value: 'true', effect: NoSchedule}]
//!     unschedulable: false
//!     allocatable: {cpu: 8, memory: 32Gi, pods: 110}     # cpu and memory are needed, pods is 110
//!     gpus: {count: 1, model: T4}    # cards that can be shared; whole ones only may also be
//!                                    # allocatable: {nvidia.com/gpu: 1}
//!
//! controlPlane:                # default: by the labels of the nodes, as node-role.kubernetes.io/control-plane
//!   servers: [m1, m2, m3]      # machines with API server, scheduler and controller-manager: nodes, or others
//!   etcd: stacked              # the default: a member on each server; or [e1, e2, e3], or elsewhere: not shown
//!   etcdServers: {m1: [e1]}    # of a server that names other members than its own (stacked) or all
//!   balancers: [lb]            # before the API servers; [] where there is none; default: not known
//!   down: ['m2:etcd']          # parts that do not work now
//!   leadersAsk: own-server     # the default, as kubeadm has it; or balancer
//!   lease: {durationSeconds: 15, renewDeadlineSeconds: 10, retryPeriodSeconds: 2}    # the defaults
//!
//! workloads:
//!   - name: web
//!     namespace: default
//!     kind: Deployment         # or StatefulSet, DaemonSet, Job, ReplicaSet, Pod (owned by nothing)
//!     replicas: 3              # default: as many as runsOn lists, at least 1
//!     runsOn: [node-1]         # node of each replica; those beyond the list are pending
//!     requests: {cpu: 500m, memory: 1Gi}
//!     gpu: 0.5                 # a share of one card, or 1, 2 … whole ones
//!     gpuModels: [T4]          # default: any
//!     priority: 0
//!     preemptionPolicy: PreemptLowerPriority   # the default, or Never
//!     podManagementPolicy: OrderedReady        # of a StatefulSet; or Parallel
//!     labels: {app: web}       # this is the default: app is the name
//!     nodeName: node-1         # that every new replica would name
//!     nodeSelector: {zone: a}  # this and the next three as in Kubernetes
//!     affinity: {}             # preferred terms are read too: they only score
//!     tolerations: []
//!     topologySpreadConstraints: []
//!     hostPorts: [8080, {port: 53, protocol: UDP, hostIP: 10.0.0.1}]
//!     schedulingGates: []      # with [{name: wait}] its pending pods are in no queue
//!     volumes:                 # node: on the disk there; of the class ase-node-local without it, where the pod runs; of
//!                              # other classes on a share, which all nodes reach
//!       - {claim: data, class: ase-node-local, node: node-1}
//!
//! pods:                        # single pods: the same fields, without replicas and runsOn
//!   - name: shell
//!     kind: Pod                # the default
//!     node: node-1             # default: pending
//!     cards: [0]               # cards it holds, default first-fit
//!
//! budgets:                     # disruption budgets
//!   - name: web
//!     namespace: default
//!     selector: {matchLabels: {app: web}}    # as in Kubernetes; {} is every pod of the namespace
//!     allowed: 1               # how many of its pods may be evicted now
//!
//! network:                     # addresses, interfaces and routes, for the question about the network
//!   ports:                     # of the device, or interfaces that all nodes have
//!     - name: port2
//!       subnet: 10.0.0.0/24    # here and below: one, or a list, as for IPv4 and IPv6
//!       addresses: [10.0.0.5, 10.0.0.6]        # of the hosts, in their order
//!       gateway: 10.0.0.1
//!       assignment: dhcp       # default: static
//!     - {name: port3, subnet: 192.168.20.0/24, compute: true, teamed: false}
//!   nodeRange: 192.168.20.10-192.168.20.12     # of the device's master and workers, or of all nodes
//!   serviceRange: 192.168.20.20-192.168.20.29  # of services of type LoadBalancer
//!   podSubnet: 172.27.0.0/16                   # the device's defaults
//!   serviceSubnet: 172.28.0.0/16
//!   hosts: [{name: camera, address: 192.168.20.50}]      # others, whose addresses (or ranges) are taken
//!   routes: [{destination: 192.168.21.0/24, nextHop: 192.168.20.1, interface: port3, metric: 100}]
//!   computeConfigured: false   # of the device
//!   dnsDomain: cluster.local
//!
//! services:
//!   - name: web
//!     namespace: default
//!     type: LoadBalancer       # or ClusterIP (the default), NodePort, ExternalName
//!     selector: {app: web}     # or, without one, addresses: endpoints: [10.0.0.7]
//!     ports: [80, {name: https, port: 443, targetPort: 8443, nodePort: 30443, protocol: TCP}]
//!     clusterIP: 172.28.0.20   # default: whatever is free; None: a headless service
//!     loadBalancerIP: 192.168.20.20            # default: the first that is free
//!     externalIPs: []
//!     externalName: db.example.com             # of an ExternalName
//!     externalTrafficPolicy: Cluster           # or Local
//!     ipFamilies: [IPv4]
//!     publishNotReadyAddresses: false
//! ```
//!
//! Replicas are pods called NAME-0, NAME-1 and so on, whatever the kind. On a device, `A` and `B` stand for the
//! worker of that host wherever a node is named. A DaemonSet without `runsOn` has a pod on every node that its
//! selector and tolerations allow. As admission does, pods get tolerations of 300 s for nodes that are not ready
//! or unreachable, unless they state their own; DaemonSets get those of their controller, without an end. As the
//! scheduler does, it spreads the pods of a Deployment, ReplicaSet or StatefulSet that states no spread constraint
//! softly over hosts and zones, and its scores count a pod without a request as 100m of CPU and 200 MiB.

mod budgets;
mod device;
mod network;
mod nodes;
mod plane;
mod pods;
mod services;
mod template;

use super::{
    opened::{OpenOptions, Opened},
    walk::{Field, File, Report},
};
use nodes::Nodes;
use podfit::model::{ClusterBuilder, Gap, ModelError, ResourceId, Sym};
use podfit::network::Network;
use podfit_kube::{
    InputError,
    convert::{Out, Skipped},
    fault::{Faults, LeftOut, Mark, Path, quote},
    tree::{self, Limits, Tree},
    wire::Leaf,
};
use std::{cell::Cell, collections::BTreeSet};

const VERSION: &str = "podfit/v1";

/// How large a podfit/v1 document may be. A pod that stands alone takes some twenty values, so 100,000 pods fit; the
/// format itself nests 12 deep.
pub(super) const LIMITS: Limits = Limits { bytes: 64 << 20, nodes: 3_000_000, depth: 64 };

/// What is collected while a document is read.
struct Doc<'a> {
    report: Report<'a>,
    builder: ClusterBuilder,
    skipped: Skipped,
    /// Places by the number given to the builder; 0 is the file itself.
    places: Vec<String>,
    /// Namespaces that occur, sorted.
    namespaces: Vec<Sym>,
    nodes: Nodes,
    /// Machines of the control plane that are no nodes.
    machines: Vec<String>,
    assumed: Vec<(ResourceId, i64)>,
    pods: u64,
    pods_unrequested: u64,
    /// Entries of lists that are left out, by their place.
    without: &'a BTreeSet<String>,
    /// Entries with faults, by their place, as found: some come twice.
    faulty: Vec<String>,
}

impl<'a> Doc<'a> {
    fn new(file: &'a File<'a>, faults: Faults, without: &'a BTreeSet<String>) -> Self {
        Self {
            report: Report::new(file, faults),
            builder: ClusterBuilder::new(),
            skipped: Skipped::default(),
            places: vec![file.name.into()],
            namespaces: Vec::new(),
            nodes: Nodes::default(),
            machines: Vec::new(),
            assumed: Vec::new(),
            pods: 0,
            pods_unrequested: 0,
            without,
            faulty: Vec::new(),
        }
    }

    /// Whether an entry of a list is left out.
    fn is_left_out(&self, item: &Field<'_, '_>) -> bool {
        !self.without.is_empty() && self.without.contains(&self.place(item))
    }

    /// Runs `read` on an entry of a list: the faults that it finds are the entry's.
    fn entry<T>(&mut self, item: &Field<'_, '_>, read: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.report.faults.mark();
        let value = read(self);
        if self.report.faults.mark() != mark {
            let place = self.place(item);
            self.own(mark, place);
        }
        value
    }

    /// The faults since `mark` are those of the entry at `place`.
    fn own(&mut self, mark: Mark, place: String) {
        self.report.faults.of_object(mark, &place);
        self.faulty.push(place);
    }
    /// Runs a converter of podfit-kube. Faults get the place of `field`; what it could not evaluate comes back.
    fn convert<T>(&mut self, at: &Tree, run: impl FnOnce(&mut Out<'_>) -> T) -> (T, Vec<Gap>) {
        self.report.file.spot.set(at.spot);
        let mut out = Out {
            builder: &mut self.builder,
            faults: &mut self.report.faults,
            gaps: Vec::new(),
            skipped: &mut self.skipped,
        };
        let value = run(&mut out);
        (value, out.gaps)
    }

    /// Where a value is, as text.
    fn place(&self, field: &Field<'_, '_>) -> String {
        self.report.file.spot.set(field.tree.spot);
        field.path.to_string()
    }

    /// Notes a fault that the model found.
    fn model_fault(&mut self, e: ModelError) {
        let entry = e.origin.and_then(|origin| self.places.get(origin as usize));
        let entry = entry.unwrap_or(&self.places[0]).clone();
        let mark = self.report.faults.mark();
        self.report.faults.push(&format_args!("{entry} ({})", e.subject), e.code, e.cause, e.fix);
        // What the device makes has the place of the file.
        if entry != self.places[0] {
            self.own(mark, entry);
        }
    }

    /// A number for the builder, by which its faults find back to this place.
    fn origin(&mut self, field: &Field<'_, '_>) -> u32 {
        self.places.push(self.place(field));
        self.places.len() as u32 - 1
    }
}

/// Reads a document. Where faulty entries are left out, it is read again without them until none is found: others may
/// be at fault without these.
pub(super) fn read(
    name: &str,
    text: &str,
    json: bool,
    options: &OpenOptions,
) -> Result<Opened, Vec<InputError>> {
    let file = File { name, spot: Cell::default() };
    let tree = if json { tree::json(text, LIMITS) } else { tree::yaml(text, LIMITS) };
    let tree = match tree {
        Ok(tree) => tree,
        Err(e) => {
            let mut report = Report::new(&file, Faults::default());
            report.fault_at(e.spot, &Path::Root(&file), e.code, e.cause, e.fix);
            return Err(report.into_list());
        }
    };
    let (mut faults, mut without) = (Faults::default(), BTreeSet::new());
    let mut left_out = LeftOut::default();
    loop {
        let mut doc = Doc::new(&file, faults, &without);
        let mark = doc.report.faults.mark();
        assume(options, &mut doc);
        let around = document(&Field { tree: &tree, path: Path::Root(&file) }, &mut doc);
        match finish(doc, mark, around, options) {
            Ok((opened, found)) => {
                let mut opened = Opened { left_out: found.into_list(), ..opened };
                left_out.sentence().into_iter().for_each(|s| opened.not_evaluated.insert(0, s));
                return Ok(opened);
            }
            Err((found, faulty)) => {
                if !options.leave_out_faulty || !found.all_of_objects() {
                    return Err(found.into_list());
                }
                faults = found;
                for place in faulty {
                    if without.insert(place.clone()) {
                        left_out.add(&place);
                    }
                }
            }
        }
    }
}

/// What a document describes beside the cluster.
#[derive(Default)]
struct Around {
    device: Option<podfit::device::Plan>,
    network: Option<Network>,
}

fn document(root: &Field<'_, '_>, doc: &mut Doc<'_>) -> Around {
    const KNOWN: [&str; 10] = [
        "apiVersion",
        "kind",
        "device",
        "nodes",
        "controlPlane",
        "workloads",
        "pods",
        "budgets",
        "network",
        "services",
    ];
    let Some(fields) = doc.report.fields(root, &KNOWN, &[]) else { return Around::default() };
    for (name, wanted) in [("apiVersion", VERSION), ("kind", "Cluster")] {
        let Some(field) = fields.get(name) else {
            let fix = format!("write {name}: {wanted}");
            doc.report.fault(root, "version-unknown", format!("there is no {name}"), fix);
            continue;
        };
        match doc.report.text(Some(field)) {
            Some(text) if text != wanted => {
                let cause = format!("{name} {} is not read", quote(text));
                doc.report.fault(&field, "version-unknown", cause, format!("write {wanted}"));
            }
            _ => {}
        }
    }
    let plan = match (fields.get("device"), fields.get("nodes")) {
        (Some(device), None) => device::read(&device, doc),
        (None, Some(list)) => {
            nodes::read(&list, doc);
            None
        }
        (Some(_), Some(list)) => {
            let cause = "there is a device and a list of nodes";
            let fix = "leave one of them out: the device makes its own nodes";
            doc.report.fault(&list, "device-and-nodes", cause, fix);
            nodes::read(&list, doc);
            None
        }
        (None, None) => {
            let fix = "list nodes, or describe a device";
            doc.report.fault(root, "no-nodes", "there is neither a node nor a device", fix);
            None
        }
    };
    if let Some(field) = fields.get("controlPlane") {
        plane::read(&field, fields.get("device").is_some(), doc);
    }
    let (workloads, single) = (fields.get("workloads"), fields.get("pods"));
    pods::read(workloads.as_ref(), single.as_ref(), doc);
    budgets::read(fields.get("budgets").as_ref(), doc);
    services::read(fields.get("services").as_ref(), doc);
    let on_device = fields.get("device").is_some();
    let network = fields.get("network").and_then(|f| network::read(&f, on_device, doc));
    Around { device: plan, network }
}

/// Requests to assume, from the caller.
fn assume(options: &OpenOptions, doc: &mut Doc<'_>) {
    let root = Path::Root(&"assumed request");
    for (name, value) in &options.assume_requests {
        let (path, faults) = (root.field(name), &mut doc.report.faults);
        if name != "cpu" && name != "memory" {
            let cause = format!("{} cannot be assumed", quote(name));
            faults.push(&path, "assumption-invalid", cause, "assume cpu and memory only");
            continue;
        }
        let amount = podfit_kube::convert::amount(name, &Leaf::Text(value.clone()), &path, faults);
        if let Some(q) = amount {
            let id = doc.builder.resource(name);
            doc.assumed.push((id, q.in_unit_of(id)));
        }
    }
}

/// The cluster, unless there are faults since `mark`; with all faults so far, and where there are new ones, the entries
/// that these are about.
fn finish(
    mut doc: Doc<'_>,
    mark: Mark,
    around: Around,
    options: &OpenOptions,
) -> Result<(Opened, Faults), (Faults, Vec<String>)> {
    let Around { device, network } = around;
    let assumptions = assumptions(&doc, device.as_ref(), options);
    let clean = doc.report.faults.mark() == mark;
    let cluster = match std::mem::take(&mut doc.builder).build() {
        Ok(cluster) if clean => cluster,
        built => {
            for e in built.err().unwrap_or_default() {
                // Of a node that could not be read in full the cards may be missing.
                if !clean && e.code == "cards-overfull" {
                    continue;
                }
                doc.model_fault(e);
            }
            return Err((doc.report.faults, doc.faulty));
        }
    };
    let not_evaluated = doc.skipped.sentences();
    let left_out = Vec::new();
    let opened = Opened { cluster, device, network, assumptions, not_evaluated, left_out };
    Ok((opened, doc.report.faults))
}

fn assumptions(
    doc: &Doc<'_>,
    device: Option<&podfit::device::Plan>,
    options: &OpenOptions,
) -> Vec<String> {
    let mut list = Vec::new();
    if !doc.machines.is_empty() {
        let (names, are) =
            (doc.machines.join(", "), if doc.machines.len() == 1 { "is" } else { "are" });
        list.push(format!(
            "{names} {are} no node of the document: taken as machines beside the cluster"
        ));
    }
    for note in device.iter().flat_map(|d| d.warnings.iter().chain(&d.assumptions)) {
        list.push(format!("{} [{}]", note.text, note.page));
    }
    if doc.nodes.without_pods > 0 {
        let n = doc.nodes.without_pods;
        list.push(format!("{n} nodes state no allocatable pods: {} assumed", nodes::POD_SLOTS));
    }
    if doc.pods_unrequested > 0 {
        let (n, all) = (doc.pods_unrequested, doc.pods);
        let assumed: Vec<_> =
            options.assume_requests.iter().map(|(name, value)| format!("{name}={value}")).collect();
        list.push(match assumed.as_slice() {
            [] => format!("{n} of {all} pods state no cpu or no memory request: they count as 0"),
            _ => format!("{n} of {all} pods lack a request: {} assumed", assumed.join(", ")),
        });
    }
    list
}
