use super::{
    known::Kinds,
    labels::Labels,
    names::{Names, Sym},
    node::{Node, NodeId},
    plane::{Leadership, PlaneSpec},
    pod::{Budget, Controller, OwnerKind, Pod, PodId, Workload, WorkloadId},
    quota::Quota,
    resources::{ResourceId, VOLUMES_PREFIX},
    service::{ListedEndpoint, Service},
    shape::{Shape, ShapeId},
};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// A cluster at one moment: validated, indexed, immutable. Made by
/// [`ClusterBuilder`](super::ClusterBuilder).
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Shared: copies of the cluster that differ in a shape or a node have the same names.
    pub(super) names: Arc<Names>,
    pub(super) resource_names: Vec<Box<str>>,
    pub(super) nodes: Vec<Node>,
    pub(super) shapes: Vec<Shape>,
    pub(super) pods: Vec<Pod>,
    pub(super) workloads: Vec<Workload>,
    pub(super) budgets: Vec<Budget>,
    pub(super) quotas: Vec<Quota>,
    pub(super) services: Vec<Service>,
    pub(super) endpoints: Vec<ListedEndpoint>,
    pub(super) ending_namespaces: Vec<Sym>,
    pub(super) known: Kinds,
    pub(super) plane: Option<PlaneSpec>,
    pub(super) leaders: Vec<Leadership>,
    pub(super) pods_on: Vec<Vec<PodId>>,
    pub(super) node_index: FxHashMap<Sym, NodeId>,
    /// Made when first asked for.
    pub(super) by_controller: OnceLock<Arc<FxHashMap<Controller, Vec<PodId>>>>,
}

impl Cluster {
    /// The interned strings.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The string behind a symbol.
    pub fn str(&self, sym: Sym) -> &str {
        self.names.str(sym)
    }

    /// Nodes, in the order of the input.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Ids of all nodes.
    pub fn node_ids(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// The node `id`.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The node of this name.
    pub fn find_node(&self, name: &str) -> Option<NodeId> {
        self.node_index.get(&self.names.get(name)?).copied()
    }

    /// Name of a node.
    pub fn node_name(&self, id: NodeId) -> &str {
        self.str(self.node(id).name)
    }

    /// Pods, in the order of the input.
    pub fn pods(&self) -> &[Pod] {
        &self.pods
    }

    /// Ids of all pods.
    pub fn pod_ids(&self) -> impl ExactSizeIterator<Item = PodId> + use<> {
        (0..self.pods.len() as u32).map(PodId)
    }

    /// The pod `id`.
    pub fn pod(&self, id: PodId) -> &Pod {
        &self.pods[id.index()]
    }

    /// `namespace/name` of a pod.
    pub fn pod_name(&self, id: PodId) -> String {
        format!("{}/{}", self.str(self.shape_of(id).namespace), self.str(self.pod(id).name))
    }

    /// Distinct shapes of pods.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The shape `id`.
    pub fn shape(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.index()]
    }

    /// The shape of a pod.
    pub fn shape_of(&self, pod: PodId) -> &Shape {
        self.shape(self.pod(pod).shape)
    }

    /// What a pod asks when it is placed anew. See [`Pod::incoming`].
    pub fn incoming_of(&self, pod: PodId) -> &Shape {
        self.shape(self.pod(pod).incoming)
    }

    /// Disruption budgets.
    pub fn budgets(&self) -> &[Budget] {
        &self.budgets
    }

    /// Quotas.
    pub fn quotas(&self) -> &[Quota] {
        &self.quotas
    }

    /// Services, in the order of the input.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// Endpoints that the input lists for services, in its order.
    pub fn listed_endpoints(&self) -> &[ListedEndpoint] {
        &self.endpoints
    }

    /// Whether the namespace is being deleted.
    pub fn is_ending(&self, namespace: Sym) -> bool {
        self.ending_namespaces.contains(&namespace)
    }

    /// Which kinds of objects the input has. One that it lacks may have none in the cluster, or was not asked for.
    pub fn known(&self) -> Kinds {
        self.known
    }

    /// Who leads parts of the control plane, as far as the input shows it.
    pub fn leaders(&self) -> &[Leadership] {
        &self.leaders
    }

    /// What the input describes of the control plane; `None`: nothing.
    pub fn plane(&self) -> Option<&PlaneSpec> {
        self.plane.as_ref()
    }

    /// Positions in [`budgets`](Self::budgets) of those that speak of pods of this shape.
    pub fn budgets_of(&self, shape: &Shape) -> impl Iterator<Item = usize> {
        self.budgets.iter().enumerate().filter_map(move |(i, b)| {
            let meant =
                b.namespace == shape.namespace && b.selector.matches(&shape.labels, &self.names);
            meant.then_some(i)
        })
    }

    /// Pods that run on a node (terminating ones too), in the order of the input.
    pub fn pods_on(&self, node: NodeId) -> &[PodId] {
        &self.pods_on[node.index()]
    }

    /// Workloads.
    pub fn workloads(&self) -> &[Workload] {
        &self.workloads
    }

    /// The workload `id`.
    pub fn workload(&self, id: WorkloadId) -> &Workload {
        &self.workloads[id.index()]
    }

    /// The Deployment of a ReplicaSet, where the input has it; else the workload itself.
    pub fn root_of(&self, id: WorkloadId) -> WorkloadId {
        self.workload(id).parent.unwrap_or(id)
    }

    /// How many resources the cluster knows; ids run from 0.
    pub fn resource_count(&self) -> usize {
        self.resource_names.len()
    }

    /// Name of a resource, as `cpu` or `nvidia.com/gpu`.
    pub fn resource_name(&self, id: ResourceId) -> &str {
        &self.resource_names[id.index()]
    }

    /// Whether a resource counts volumes attached to a node: the scheduler checks it apart from the others
    /// (plugin NodeVolumeLimits).
    pub fn is_volume_limit(&self, id: ResourceId) -> bool {
        self.resource_name(id).starts_with(VOLUMES_PREFIX)
    }

    /// The controller of a pod; `None` for a bare pod, for a static one, and where its name is not known.
    pub fn controller(&self, pod: PodId) -> Option<Controller> {
        let object = self.pod(pod);
        let (kind, name) = match object.workload.map(|w| self.workload(self.root_of(w))) {
            Some(workload) => (workload.kind, Some(workload.name)),
            None => (object.owner.kind, object.owner.name),
        };
        let has_template = !matches!(kind, OwnerKind::Bare | OwnerKind::Static);
        let namespace = self.shape_of(pod).namespace;
        name.filter(|_| has_template).map(|name| Controller { namespace, kind, name })
    }

    /// The pods of a controller, in the order of the input.
    pub fn pods_of(&self, controller: Controller) -> &[PodId] {
        let by_controller = self.by_controller.get_or_init(|| {
            let mut pods: FxHashMap<Controller, Vec<PodId>> = FxHashMap::default();
            for pod in self.pod_ids() {
                if let Some(controller) = self.controller(pod) {
                    pods.entry(controller).or_default().push(pod);
                }
            }
            Arc::new(pods)
        });
        by_controller.get(&controller).map_or(&[], Vec::as_slice)
    }

    /// These pods and all others of their controllers, in the order of the input: who is altered with a template.
    pub fn with_siblings(&self, pods: &[PodId]) -> Vec<PodId> {
        let of = pods.iter().filter_map(|&p| self.controller(p));
        let siblings = of.collect::<BTreeSet<_>>().into_iter().flat_map(|c| self.pods_of(c));
        let mut all: Vec<PodId> = siblings.chain(pods).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The word of Kubernetes for a kind of owner, as `StatefulSet`; of a bare pod `Pod`, of a static one `Node`, which
    /// owns it.
    pub fn kind_name(&self, kind: OwnerKind) -> &str {
        match kind {
            OwnerKind::Deployment => "Deployment",
            OwnerKind::ReplicaSet => "ReplicaSet",
            OwnerKind::ReplicationController => "ReplicationController",
            OwnerKind::StatefulSet => "StatefulSet",
            OwnerKind::DaemonSet => "DaemonSet",
            OwnerKind::Job => "Job",
            OwnerKind::Static => "Node",
            OwnerKind::Bare => "Pod",
            OwnerKind::Custom(kind) => self.str(kind),
        }
    }

    /// The value of a node's label, the node's domain under that topology key.
    pub fn domain(&self, node: NodeId, key: Sym) -> Option<Sym> {
        self.node(node).labels.get(key)
    }

    /// Labels of a node.
    pub fn node_labels(&self, node: NodeId) -> &Labels {
        &self.node(node).labels
    }
}
