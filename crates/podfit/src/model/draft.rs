//! A cluster that is to be a little different: its objects back in a builder, changed there, and checked again by
//! [`ClusterBuilder::build`].

use super::{
    Sym,
    builder::{Added, ClusterBuilder, NodeSpec},
    cluster::Cluster,
    node::NodeId,
    pod::{PodId, WorkloadId},
    shape::{Shape, ShapeId},
};
use rustc_hash::FxHashMap;

/// Changes to a draft. Ids are positions in the order of the input; those of a cluster hold in its draft until pods
/// are deleted.
impl ClusterBuilder {
    /// Everything that is in `cluster`, to be changed and built anew.
    ///
    /// ```
    /// use podfit::model::{ClusterBuilder, NodeId, NodeSpec};
    /// let mut b = ClusterBuilder::new();
    /// b.add_node(NodeSpec { name: "a".into(), ..NodeSpec::default() }, 0);
    /// let cluster = b.build().expect("valid");
    /// let mut draft = ClusterBuilder::copy_of(&cluster);
    /// draft.edit_node(NodeId(0), |node| node.unschedulable = true);
    /// assert!(draft.build().expect("still valid").nodes()[0].unschedulable);
    /// ```
    pub fn copy_of(cluster: &Cluster) -> Self {
        let name = |sym: Sym| cluster.str(sym).to_string();
        let node = |n: &super::Node| NodeSpec {
            name: name(n.name),
            labels: n.labels.clone(),
            taints: n.taints.clone(),
            unschedulable: n.unschedulable,
            allocatable: n.allocatable.clone(),
            cards: n.cards.clone(),
            images: n.images.clone(),
        };
        let pod = |pod: &super::Pod| {
            let node = pod.node.map(|n| cluster.node(n).name);
            Added { name: pod.name, node, pod: pod.clone() }
        };
        let resources = cluster.resource_names.iter().zip(0..);
        Self {
            names: (*cluster.names).clone(),
            resource_names: cluster.resource_names.clone(),
            resource_index: resources.map(|(r, i)| (r.clone(), super::ResourceId(i))).collect(),
            nodes: cluster.nodes.iter().map(|n| (node(n), 0)).collect(),
            shape_index: cluster.shapes.iter().cloned().zip((0..).map(ShapeId)).collect(),
            shapes: cluster.shapes.clone(),
            pods: cluster.pods.iter().map(|p| (pod(p), 0)).collect(),
            workloads: cluster.workloads.clone(),
            budgets: cluster.budgets.clone(),
            errors: Vec::new(),
        }
    }

    /// Changes a node.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn edit_node(&mut self, node: NodeId, change: impl FnOnce(&mut NodeSpec)) {
        change(&mut self.nodes[node.index()].0);
    }

    /// Puts a pod on a node, whatever the rules say; cards are given out anew.
    ///
    /// # Panics
    /// If there is no such pod or node.
    pub fn put(&mut self, pod: PodId, node: NodeId) {
        let node = self.names.intern(&self.nodes[node.index()].0.name);
        let added = &mut self.pods[pod.index()].0;
        added.node = Some(node);
        // It is a new pod there: it asks what its template asks.
        added.pod.shape = added.pod.incoming;
        added.pod.cards.clear();
        added.pod.terminating = false;
    }

    /// Changes what pods ask, where they run and anew.
    ///
    /// # Panics
    /// If there is no such pod.
    pub fn edit_shapes(&mut self, pods: &[PodId], change: impl Fn(&mut Shape)) {
        let mut changed: FxHashMap<ShapeId, ShapeId> = FxHashMap::default();
        for &pod in pods {
            let old = &self.pods[pod.index()].0.pod;
            let [shape, incoming] = [old.shape, old.incoming].map(|old| {
                *changed.entry(old).or_insert_with(|| {
                    let mut shape = self.shapes[old.index()].clone();
                    change(&mut shape);
                    self.intern_shape(shape)
                })
            });
            let pod = &mut self.pods[pod.index()].0.pod;
            (pod.shape, pod.incoming) = (shape, incoming);
        }
    }

    /// Takes pods out.
    pub fn delete(&mut self, pods: &[PodId]) {
        let mut gone = vec![false; self.pods.len()];
        pods.iter().for_each(|p| gone[p.index()] = true);
        let mut gone = gone.into_iter();
        self.pods.retain(|_| !gone.next().unwrap_or(false));
    }

    /// Adds pending pods like `pod`, with names of their own.
    ///
    /// # Panics
    /// If there is no such pod.
    pub fn copy_pod(&mut self, pod: PodId, count: u32) {
        let (like, origin) = &self.pods[pod.index()];
        let (stem, namespace, origin) =
            (like.name, self.shapes[like.pod.shape.index()].namespace, *origin);
        let mut copy = like.pod.clone();
        copy.shape = copy.incoming;
        copy.node = None;
        copy.cards.clear();
        copy.terminating = false;
        let used: rustc_hash::FxHashSet<Sym> = (self.pods.iter())
            .filter(|(p, _)| self.shapes[p.pod.shape.index()].namespace == namespace)
            .map(|(p, _)| p.name)
            .collect();
        let mut number = 0u32;
        for _ in 0..count {
            let name = loop {
                number += 1;
                let name = format!("{}-copy-{number}", self.names.str(stem));
                let name = self.names.intern(&name);
                if !used.contains(&name) {
                    break name;
                }
            };
            let pod = super::Pod { name, ..copy.clone() };
            self.pods.push((Added { name, node: None, pod }, origin));
        }
    }

    /// States how many replicas a workload wants.
    ///
    /// # Panics
    /// If there is no such workload.
    pub fn set_replicas(&mut self, workload: WorkloadId, replicas: u32) {
        self.workloads[workload.index()].replicas = replicas;
    }
}
