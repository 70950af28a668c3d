use super::{
    cluster::Cluster,
    finish::{Check, ModelError, finish},
    known::Kinds,
    labels::Labels,
    names::{Names, Sym},
    node::{Card, DOWN_TAINTS, Node, NodeId, Taint},
    plane::{EtcdPlace, Leadership, Links, PlaneSpec},
    pod::{Budget, Component, Gap, Owner, OwnerKind, Pod, Workload, WorkloadId},
    quota::Quota,
    resources::{RESOURCES_MAX, ResourceId, Resources},
    service::{ListedEndpoint, Service},
    shape::{Charges, GpuRequest, Shape, ShapeId, Soft},
};
use rustc_hash::FxHashMap;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

/// A node to add.
#[derive(Clone, Debug, Default)]
pub struct NodeSpec {
    /// Name.
    pub name: String,
    /// Labels.
    pub labels: Labels,
    /// Taints.
    pub taints: Vec<Taint>,
    /// Cordoned.
    pub unschedulable: bool,
    /// Allocatable.
    pub allocatable: Resources,
    /// GPU cards.
    pub cards: Vec<Card>,
    /// Images that are there, with their size in bytes.
    pub images: Vec<(Sym, i64)>,
    /// Its condition is not Ready. (A taint that says so is enough.)
    pub down: bool,
    /// It is being deleted.
    pub ending: bool,
    /// Its addresses, where they are known.
    pub addresses: Vec<IpAddr>,
}

/// A pod to add.
#[derive(Clone, Debug)]
pub struct PodSpec {
    /// Name.
    pub name: String,
    /// Shape.
    pub shape: Shape,
    /// What a replacement asks, where that differs.
    pub incoming: Option<Shape>,
    /// Name of the node it runs on; `None` is pending.
    pub node: Option<String>,
    /// Cards it holds; empty: they are chosen first-fit when the cluster is built.
    pub cards: Vec<u16>,
    /// Controller.
    pub owner: Owner,
    /// Workload.
    pub workload: Option<WorkloadId>,
    /// Its controller is gone.
    pub orphan: bool,
    /// Being deleted.
    pub terminating: bool,
    /// Being deleted by the scheduler, to make room for another pod.
    pub preempted: bool,
    /// Seconds from its deletion until it is gone.
    pub grace: i64,
    /// Of a pending pod: name of the node on which the scheduler made room for it. One that does not exist is none.
    pub nominated: Option<String>,
    /// When it was made, in seconds since 1970; 0 is unknown.
    pub created: i64,
    /// When it was started, in seconds since 1970; 0 is unknown.
    pub started: i64,
    /// Held back by a scheduling gate.
    pub gated: bool,
    /// Part of the control plane.
    pub component: Option<Component>,
    /// Of such a part: where it is found and what it names.
    pub links: Option<Box<Links>>,
    /// No CPU or no memory request stated.
    pub unrequested: bool,
    /// What could not be evaluated.
    pub gaps: Vec<Gap>,
    /// What its move costs.
    pub notes: Vec<Sym>,
    /// Claims whose volume is attached to one node at a time.
    pub attached: Vec<Sym>,
    /// Whether it uses persistent volume claims.
    pub claims: bool,
    /// Counts as healthy.
    pub ready: bool,
    /// It exists.
    pub made: bool,
    /// Why admission refuses what its owner makes.
    pub barred: Option<Sym>,
    /// Its addresses, where they are known.
    pub addresses: Vec<IpAddr>,
}

impl PodSpec {
    /// A pod of this name and shape, pending and without a controller.
    pub fn new(name: impl Into<String>, shape: Shape) -> Self {
        Self {
            name: name.into(),
            shape,
            incoming: None,
            node: None,
            cards: Vec::new(),
            owner: Owner { kind: OwnerKind::Bare, name: None },
            workload: None,
            orphan: false,
            terminating: false,
            preempted: false,
            grace: Pod::GRACE_SECONDS,
            nominated: None,
            created: 0,
            started: 0,
            gated: false,
            component: None,
            links: None,
            unrequested: false,
            gaps: Vec::new(),
            notes: Vec::new(),
            attached: Vec::new(),
            claims: false,
            ready: true,
            made: true,
            barred: None,
            addresses: Vec::new(),
        }
    }
}

/// A workload to add.
pub type WorkloadSpec = Workload;

/// Collects objects and makes a [`Cluster`] of them, or says everything that is wrong.
///
/// ```
/// use podfit::model::{ClusterBuilder, NodeSpec, PodSpec, ResourceId, Resources};
/// let mut b = ClusterBuilder::new();
/// let allocatable = Resources::new().with(ResourceId::CPU, 4000).with(ResourceId::PODS, 110);
/// b.add_node(NodeSpec { name: "a".into(), allocatable, ..NodeSpec::default() }, 0);
/// let shape = b.shape("default", Resources::new().with(ResourceId::CPU, 500));
/// b.add_pod(PodSpec { node: Some("a".into()), ..PodSpec::new("web-1", shape) }, 1);
/// let cluster = b.build().expect("valid");
/// assert_eq!(cluster.pods().len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct ClusterBuilder {
    pub(super) names: Names,
    pub(super) resource_names: Vec<Box<str>>,
    pub(super) resource_index: FxHashMap<Box<str>, ResourceId>,
    pub(super) nodes: Vec<(NodeSpec, u32)>,
    pub(super) shapes: Vec<Shape>,
    pub(super) shape_index: FxHashMap<Shape, ShapeId>,
    pub(super) pods: Vec<(Added, u32)>,
    pub(super) workloads: Vec<Workload>,
    pub(super) budgets: Vec<Budget>,
    pub(super) quotas: Vec<Quota>,
    pub(super) services: Vec<Service>,
    pub(super) endpoints: Vec<ListedEndpoint>,
    pub(super) ending_namespaces: Vec<Sym>,
    pub(super) known: Kinds,
    pub(super) plane: Option<PlaneSpec>,
    pub(super) leaders: Vec<Leadership>,
    pub(super) errors: Vec<ModelError>,
}

/// A pod whose shape is already interned: what is kept until the build.
#[derive(Clone, Debug)]
pub(super) struct Added {
    pub(super) name: Sym,
    pub(super) node: Option<Sym>,
    pub(super) nominated: Option<Sym>,
    pub(super) pod: Pod,
}

const TOO_MANY_RESOURCES: &str = "too-many-resources";

impl Default for ClusterBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ClusterBuilder {
    /// An empty cluster.
    pub fn new() -> Self {
        let mut b = Self {
            names: Names::default(),
            resource_names: Vec::new(),
            resource_index: FxHashMap::default(),
            nodes: Vec::new(),
            shapes: Vec::new(),
            shape_index: FxHashMap::default(),
            pods: Vec::new(),
            workloads: Vec::new(),
            budgets: Vec::new(),
            quotas: Vec::new(),
            services: Vec::new(),
            endpoints: Vec::new(),
            ending_namespaces: Vec::new(),
            known: Kinds::ALL,
            plane: None,
            leaders: Vec::new(),
            errors: Vec::new(),
        };
        for name in ResourceId::FIXED {
            b.resource(name);
        }
        b
    }

    /// The symbol of a string.
    pub fn intern(&mut self, s: &str) -> Sym {
        self.names.intern(s)
    }

    /// The strings interned so far.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The id of a resource, made if new. There may be [`RESOURCES_MAX`]; any beyond share the last id, which
    /// [`build`](Self::build) reports as an error.
    pub fn resource(&mut self, name: &str) -> ResourceId {
        if let Some(&id) = self.resource_index.get(name) {
            return id;
        }
        if self.resource_names.len() == RESOURCES_MAX {
            if !self.errors.iter().any(|e| e.code == TOO_MANY_RESOURCES) {
                self.errors.push(ModelError {
                    code: TOO_MANY_RESOURCES,
                    origin: None,
                    subject: format!("resource {name}"),
                    cause: format!("more than {RESOURCES_MAX} distinct resource names"),
                    fix: "check the names of the extended resources".into(),
                });
            }
            return ResourceId(RESOURCES_MAX as u16 - 1);
        }
        let id = ResourceId(self.resource_names.len() as u16);
        self.resource_names.push(name.into());
        self.resource_index.insert(name.into(), id);
        id
    }

    /// Name of a resource.
    pub fn resource_name(&self, id: ResourceId) -> &str {
        &self.resource_names[id.index()]
    }

    /// A plain shape: a namespace and requests, one pod slot added, nothing else asked.
    pub fn shape(&mut self, namespace: &str, requests: Resources) -> Shape {
        Shape {
            namespace: self.intern(namespace),
            labels: Labels::default(),
            requests: requests.with(ResourceId::PODS, 1),
            gpu: GpuRequest::default(),
            priority: 0,
            preempts: true,
            node_name: None,
            node_selector: Default::default(),
            tolerations: Vec::new(),
            host_ports: Vec::new(),
            affinity: Vec::new(),
            anti_affinity: Vec::new(),
            spread: Vec::new(),
            volumes: Vec::new(),
            one_pod_claims: Vec::new(),
            one_node_claims: Vec::new(),
            os: None,
            charges: Charges::default(),
            soft: Soft::default(),
        }
    }

    /// Adds a node. `origin` is the caller's number for error messages.
    pub fn add_node(&mut self, node: NodeSpec, origin: u32) {
        self.nodes.push((node, origin));
    }

    /// Adds a workload.
    pub fn add_workload(&mut self, workload: WorkloadSpec) -> WorkloadId {
        self.workloads.push(workload);
        WorkloadId(self.workloads.len() as u32 - 1)
    }

    /// Adds a disruption budget.
    pub fn add_budget(&mut self, budget: Budget) {
        self.budgets.push(budget);
    }

    /// Adds a quota.
    pub fn add_quota(&mut self, quota: Quota) {
        self.quotas.push(quota);
    }

    /// Adds a service.
    pub fn add_service(&mut self, service: Service) {
        self.services.push(service);
    }

    /// Adds an endpoint that the input lists for a service.
    pub fn add_endpoint(&mut self, endpoint: ListedEndpoint) {
        self.endpoints.push(endpoint);
    }

    /// Notes that a namespace is being deleted: nothing can be made in it.
    pub fn end_namespace(&mut self, namespace: Sym) {
        self.ending_namespaces.push(namespace);
    }

    /// Says which kinds of objects the input has; all unless said.
    pub fn knows(&mut self, known: Kinds) {
        self.known = known;
    }

    /// Says who leads a part of the control plane; what is said last holds.
    pub fn add_leader(&mut self, leader: Leadership) {
        self.leaders.retain(|l| l.part != leader.part);
        self.leaders.push(leader);
    }

    /// Says what the input describes of the control plane.
    pub fn describe_plane(&mut self, plane: PlaneSpec) {
        self.plane = Some(plane);
    }

    /// Adds a pod. `origin` is the caller's number for error messages.
    pub fn add_pod(&mut self, spec: PodSpec, origin: u32) {
        let shape = self.intern_shape(spec.shape);
        let incoming = spec.incoming.map_or(shape, |incoming| self.intern_shape(incoming));
        let name = self.names.intern(&spec.name);
        let node = spec.node.as_deref().map(|n| self.names.intern(n));
        let nominated = spec.nominated.as_deref().map(|n| self.names.intern(n));
        let pod = Pod {
            name,
            shape,
            incoming,
            node: None,
            cards: spec.cards,
            owner: spec.owner,
            workload: spec.workload,
            orphan: spec.orphan,
            terminating: spec.terminating,
            preempted: spec.terminating && spec.preempted,
            grace: spec.grace,
            nominated: None,
            created: spec.created,
            started: spec.started,
            gated: spec.gated,
            component: spec.component,
            links: spec.links,
            unrequested: spec.unrequested,
            gaps: spec.gaps,
            notes: spec.notes,
            attached: spec.attached,
            claims: spec.claims,
            ready: spec.ready,
            made: spec.made,
            barred: spec.barred,
            addresses: spec.addresses,
        };
        self.pods.push((Added { name, node, nominated, pod }, origin));
    }

    pub(super) fn intern_shape(&mut self, shape: Shape) -> ShapeId {
        if let Some(&id) = self.shape_index.get(&shape) {
            return id;
        }
        let id = ShapeId(self.shapes.len() as u32);
        self.shapes.push(shape.clone());
        self.shape_index.insert(shape, id);
        id
    }

    /// Checks everything and makes the cluster.
    ///
    /// # Errors
    /// Every fault at once: `duplicate-name`, `unknown-node`, `amount-out-of-range`, `sum-too-large`,
    /// `card-unknown`, `cards-overfull`, `gpu-request-invalid`, `too-many-resources`.
    pub fn build(mut self) -> Result<Cluster, Vec<ModelError>> {
        let mut check = Check { errors: std::mem::take(&mut self.errors) };
        let mut node_index = FxHashMap::default();
        let mut nodes = Vec::with_capacity(self.nodes.len());
        let down_taints = DOWN_TAINTS.map(|key| self.names.get(key));
        for (spec, origin) in std::mem::take(&mut self.nodes) {
            let name = self.names.intern(&spec.name);
            let id = NodeId(nodes.len() as u32);
            if node_index.insert(name, id).is_some() {
                check.errors.push(duplicate("node", &spec.name, origin));
            }
            let subject = || format!("node {}", spec.name);
            check.amounts(&spec.allocatable, &self.resource_names, subject, origin);
            let is_tainted_down = spec.taints.iter().any(|t| down_taints.contains(&Some(t.key)));
            nodes.push(Node {
                name,
                labels: spec.labels,
                down: spec.down || is_tainted_down,
                ending: spec.ending,
                taints: spec.taints,
                unschedulable: spec.unschedulable,
                allocatable: spec.allocatable,
                cards: spec.cards,
                images: spec.images,
                addresses: spec.addresses,
            });
        }
        let (pods, origins) = self.resolve_pods(&node_index, &mut check);
        if let Some(plane) = &mut self.plane {
            let etcd: &[Sym] = match &plane.etcd {
                EtcdPlace::On(machines) => machines,
                _ => &[],
            };
            let machines = plane.servers.iter().chain(etcd).copied();
            plane.nodes = machines.filter(|m| node_index.contains_key(m)).collect();
        }
        let errors = check.errors;
        let cluster = Cluster {
            names: Arc::new(self.names),
            resource_names: self.resource_names,
            nodes,
            shapes: self.shapes,
            pods,
            workloads: self.workloads,
            budgets: self.budgets,
            quotas: self.quotas,
            services: self.services,
            endpoints: self.endpoints,
            ending_namespaces: self.ending_namespaces,
            known: self.known,
            plane: self.plane,
            leaders: self.leaders,
            pods_on: Vec::new(),
            node_index,
            by_controller: OnceLock::new(),
        };
        finish(cluster, &origins, errors)
    }

    fn resolve_pods(
        &mut self,
        node_index: &FxHashMap<Sym, NodeId>,
        check: &mut Check,
    ) -> (Vec<Pod>, Vec<u32>) {
        let mut seen = FxHashMap::default();
        let mut shape_is_right = vec![false; self.shapes.len()];
        // Of each wrong shape the origin that it was last reported for: a workload's pods share one.
        let mut reported = FxHashMap::default();
        let mut pods = Vec::with_capacity(self.pods.len());
        let mut origins = Vec::with_capacity(self.pods.len());
        for (spec, origin) in std::mem::take(&mut self.pods) {
            let shape = &self.shapes[spec.pod.shape.index()];
            let mut pod = spec.pod;
            let subject =
                || format!("pod {}/{}", self.names.str(shape.namespace), self.names.str(spec.name));
            if seen.insert((shape.namespace, spec.name), ()).is_some() {
                check.errors.push(ModelError {
                    code: "duplicate-name",
                    origin: Some(origin),
                    subject: subject(),
                    cause: "two pods of one namespace have this name".into(),
                    fix: "remove one of them".into(),
                });
            }
            if let Some(name) = spec.node {
                pod.node = node_index.get(&name).copied();
                if pod.node.is_none() {
                    check.errors.push(ModelError {
                        code: "unknown-node",
                        origin: Some(origin),
                        subject: subject(),
                        cause: format!(
                            "it runs on node {:?}, which is not in the input",
                            self.names.str(name)
                        ),
                        fix: "add the node, or leave the pod out".into(),
                    });
                }
            }
            let is_pending = spec.node.is_none();
            pod.nominated = spec
                .nominated
                .filter(|_| is_pending)
                .and_then(|name| node_index.get(&name).copied());
            for id in [pod.shape, pod.incoming] {
                if shape_is_right[id.index()] || reported.get(&id) == Some(&origin) {
                    continue;
                }
                let before = check.errors.len();
                check.shape(&self.shapes[id.index()], &self.resource_names, subject, origin);
                shape_is_right[id.index()] = check.errors.len() == before;
                reported.insert(id, origin);
            }
            pods.push(pod);
            origins.push(origin);
        }
        (pods, origins)
    }
}

fn duplicate(kind: &str, name: &str, origin: u32) -> ModelError {
    ModelError {
        code: "duplicate-name",
        origin: Some(origin),
        subject: format!("{kind} {name}"),
        cause: format!("two {kind}s have this name"),
        fix: "remove one of them".into(),
    }
}
