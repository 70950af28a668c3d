use super::{
    labels::Labels,
    names::{Names, Sym},
    node::{Node, NodeId},
    pod::{Budget, Pod, PodId, Workload, WorkloadId},
    resources::{ResourceId, VOLUMES_PREFIX},
    shape::{Shape, ShapeId},
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

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
    pub(super) pods_on: Vec<Vec<PodId>>,
    pub(super) node_index: FxHashMap<Sym, NodeId>,
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

    /// The value of a node's label, the node's domain under that topology key.
    pub fn domain(&self, node: NodeId, key: Sym) -> Option<Sym> {
        self.node(node).labels.get(key)
    }

    /// Labels of a node.
    pub fn node_labels(&self, node: NodeId) -> &Labels {
        &self.node(node).labels
    }
}
