//! A cluster that is being edited: a batch of edits, checked and indexed once, at its end.

use super::{
    cluster::Cluster,
    edit::{Edit, TemplateChange},
    finish::{Check, ModelError, finish},
    happening,
    names::Sym,
    node::{Node, NodeId},
    pod::{Pod, PodId, WorkloadId},
    resources::{RESOURCES_MAX, ResourceId},
    shape::{Shape, ShapeId},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Taints of a node's condition, not of its kind: a new node has none of them.
const CONDITION_TAINTS: &str = "node.kubernetes.io/";

/// A cluster with edits carried out on it that are not checked yet. Ids are stable while it is edited: what is added
/// comes after all others, and what is deleted keeps its id until [`build`](Self::build).
///
/// ```
/// use podfit::model::{ClusterBuilder, Draft, Edit, NodeChange, NodeId, NodeSpec};
/// let mut b = ClusterBuilder::new();
/// b.add_node(NodeSpec { name: "a".into(), ..NodeSpec::default() }, 0);
/// let cluster = b.build().expect("valid");
/// let mut draft = Draft::of(&cluster);
/// draft.apply(&Edit::CopyNode { node: NodeId(0), count: 1 }, 0);
/// draft.apply(&Edit::Node { node: NodeId(1), change: NodeChange::Cordon }, 1);
/// let edited = draft.build().expect("still valid").cluster;
/// assert_eq!(edited.node_name(NodeId(1)), "a-copy");
/// assert!(edited.node(NodeId(1)).unschedulable && !edited.node(NodeId(0)).unschedulable);
/// ```
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its `pods_on` has pods that moved in the order in which they came, and none that are deleted.
    pub(super) cluster: Cluster,
    gone: Vec<bool>,
    /// Nodes that are not there any more; none of their pods is.
    pub(super) gone_nodes: Vec<NodeId>,
    /// Made when a shape is first changed.
    shape_index: FxHashMap<Shape, ShapeId>,
    /// Position of the edit that is being applied.
    position: u32,
    /// By node and by pod: position of the last edit that touched it.
    node_edit: Vec<u32>,
    pod_edit: Vec<u32>,
}

/// A cluster made of a [`Draft`].
#[derive(Clone, Debug)]
pub struct Edited {
    /// The cluster.
    pub cluster: Cluster,
    /// Of each of its pods the id in the draft.
    pub pods: Vec<PodId>,
}

impl Cluster {
    /// The cluster with these edits carried out, in order. A [`ModelError::origin`] is the position of the edit.
    ///
    /// # Errors
    /// What [`ClusterBuilder::build`](super::ClusterBuilder::build) finds wrong with amounts and cards.
    ///
    /// # Panics
    /// If an edit names what is not there.
    pub fn edited(&self, edits: &[Edit]) -> Result<Edited, Vec<ModelError>> {
        let mut draft = Draft::of(self);
        for (edit, position) in edits.iter().zip(0..) {
            draft.apply(edit, position);
        }
        draft.build()
    }
}

impl Draft {
    /// A draft of `cluster`, nothing changed.
    pub fn of(cluster: &Cluster) -> Self {
        Self {
            cluster: Cluster { by_controller: OnceLock::new(), ..cluster.clone() },
            gone: vec![false; cluster.pods.len()],
            gone_nodes: Vec::new(),
            shape_index: FxHashMap::default(),
            position: 0,
            node_edit: vec![0; cluster.nodes.len()],
            pod_edit: vec![0; cluster.pods.len()],
        }
    }

    /// The cluster as edited so far, deleted pods still among its pods. [`Cluster::pods_of`] is not to be asked of it:
    /// it would not see later edits.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Whether the pod was deleted.
    pub fn is_deleted(&self, pod: PodId) -> bool {
        self.gone[pod.index()]
    }

    /// The symbol of a string, made if new.
    pub fn intern(&mut self, s: &str) -> Sym {
        match self.cluster.names.get(s) {
            Some(sym) => sym,
            None => Arc::make_mut(&mut self.cluster.names).intern(s),
        }
    }

    /// The id of a resource, made if new; `None` where there are [`RESOURCES_MAX`] already.
    pub fn resource(&mut self, name: &str) -> Option<ResourceId> {
        let names = &mut self.cluster.resource_names;
        let at = names.iter().position(|n| **n == *name).unwrap_or(names.len());
        if at == RESOURCES_MAX {
            return None;
        }
        if at == names.len() {
            names.push(name.into());
        }
        Some(ResourceId(at as u16))
    }

    /// Carries an edit out. `position` is the caller's number for it: the [`ModelError::origin`] of what is wrong after
    /// it.
    ///
    /// # Panics
    /// If it names what is not there.
    pub fn apply(&mut self, edit: &Edit, position: u32) {
        self.position = position;
        match edit {
            Edit::Put { pod, node } => self.put(*pod, *node),
            Edit::Delete { pods } => self.delete(pods),
            Edit::Replicas { pods, count } => self.set_replicas(pods, *count),
            Edit::Template { pods, change } => self.edit_templates(pods, change),
            Edit::Node { node, change } => {
                change.apply(&mut self.cluster.nodes[node.index()]);
                self.node_edit[node.index()] = self.position;
            }
            Edit::CopyNode { node, count } => self.copy_node(*node, *count),
        }
    }

    fn put(&mut self, pod: PodId, node: NodeId) {
        self.leave(pod);
        let object = &mut self.cluster.pods[pod.index()];
        object.node = Some(node);
        object.shape = object.incoming;
        object.cards.clear();
        (object.terminating, object.preempted, object.nominated) = (false, false, None);
        (object.made, object.ready) = (true, true);
        self.cluster.pods_on[node.index()].push(pod);
        self.pod_edit[pod.index()] = self.position;
    }

    /// Takes a pod off its node.
    pub(super) fn leave(&mut self, pod: PodId) {
        if let Some(node) = self.cluster.pods[pod.index()].node {
            self.cluster.pods_on[node.index()].retain(|&p| p != pod);
        }
    }

    pub(super) fn delete(&mut self, pods: &[PodId]) {
        let leaving: FxHashSet<NodeId> =
            pods.iter().filter_map(|p| self.cluster.pods[p.index()].node).collect();
        pods.iter().for_each(|p| self.gone[p.index()] = true);
        let mut leaving: Vec<NodeId> = leaving.into_iter().collect();
        leaving.sort_unstable();
        for node in leaving {
            self.cluster.pods_on[node.index()].retain(|p| !self.gone[p.index()]);
        }
    }

    fn set_replicas(&mut self, pods: &[PodId], count: u32) {
        let wanted = count as usize;
        match pods.last() {
            Some(&last) if wanted > pods.len() => self.copy_pod(last, wanted - pods.len()),
            _ => {
                let mut surplus = pods.to_vec();
                surplus
                    .sort_by_key(|&p| (self.cluster.pod(p).node.is_some(), std::cmp::Reverse(p)));
                surplus.truncate(pods.len() - wanted);
                self.delete(&surplus);
            }
        }
        self.want(pods, count);
    }

    /// Workloads want as many pods as they have: that of `pods` wants `count`, each of its ReplicaSets its own.
    fn want(&mut self, pods: &[PodId], count: u32) {
        let all = self.cluster.pod_ids().filter(|&p| !self.is_deleted(p));
        let workloads: FxHashSet<WorkloadId> =
            pods.iter().filter_map(|&p| self.cluster.pod(p).workload).collect();
        let mut has: FxHashMap<WorkloadId, u32> = workloads.iter().map(|&w| (w, 0)).collect();
        for pod in all {
            if let Some(n) = self.cluster.pod(pod).workload.and_then(|w| has.get_mut(&w)) {
                *n += 1;
            }
        }
        let has: BTreeMap<WorkloadId, u32> = has.into_iter().collect();
        for (workload, n) in has {
            let root = self.cluster.root_of(workload);
            self.cluster.workloads[workload.index()].replicas = n;
            self.cluster.workloads[root.index()].replicas = count;
        }
    }

    /// Adds pending pods like `pod`, with names of their own: `web-1-copy-1`, …
    fn copy_pod(&mut self, pod: PodId, count: usize) {
        let like = self.cluster.pod(pod).clone();
        let stem = self.cluster.str(like.name).to_owned();
        let namespace = self.cluster.shape(like.incoming).namespace;
        let used: FxHashSet<Sym> = (self.cluster.pod_ids())
            .filter(|&p| self.cluster.shape_of(p).namespace == namespace && !self.is_deleted(p))
            .map(|p| self.cluster.pod(p).name)
            .collect();
        let names = Arc::make_mut(&mut self.cluster.names);
        let fresh = (1u32..).map(|n| names.intern(&format!("{stem}-copy-{n}")));
        let fresh: Vec<Sym> = fresh.filter(|name| !used.contains(name)).take(count).collect();
        for name in fresh {
            self.add_pod(Pod {
                name,
                shape: like.incoming,
                node: None,
                cards: Vec::new(),
                terminating: false,
                made: false,
                ready: true,
                preempted: false,
                nominated: None,
                ..like.clone()
            });
        }
    }

    fn add_pod(&mut self, pod: Pod) {
        self.cluster.pods.push(pod);
        self.gone.push(false);
        self.pod_edit.push(self.position);
    }

    fn edit_templates(&mut self, pods: &[PodId], change: &TemplateChange) {
        if self.shape_index.is_empty() {
            let shapes = self.cluster.shapes.iter().cloned();
            self.shape_index = shapes.zip((0..).map(ShapeId)).collect();
        }
        let mut changed: FxHashMap<ShapeId, ShapeId> = FxHashMap::default();
        for &pod in pods {
            let old = &self.cluster.pods[pod.index()];
            let [shape, incoming] = [old.shape, old.incoming].map(|old| {
                *changed.entry(old).or_insert_with(|| {
                    let mut shape = self.cluster.shapes[old.index()].clone();
                    change.apply(&mut shape);
                    let next = ShapeId(self.cluster.shapes.len() as u32);
                    *self.shape_index.entry(shape.clone()).or_insert_with(|| {
                        self.cluster.shapes.push(shape);
                        next
                    })
                })
            });
            let pod_object = &mut self.cluster.pods[pod.index()];
            (pod_object.shape, pod_object.incoming) = (shape, incoming);
            self.pod_edit[pod.index()] = self.position;
        }
    }

    /// Adds nodes like `node` in allocatable, cards, labels and taints, but with names of their own (`a-copy`, `a-copy-2`, …;
    /// labels that hold the old name hold the new one), not cordoned, without the taints of conditions, and empty but
    /// for copies of the DaemonSet and static pods there; parts of the control plane are not copied.
    fn copy_node(&mut self, node: NodeId, count: u32) {
        let (stem, old) = (self.cluster.node_name(node).to_owned(), self.cluster.node(node).name);
        let staying = |p: &&PodId| {
            let pod = self.cluster.pod(**p);
            pod.owner.kind.stays_with_node() && pod.component.is_none() && !pod.terminating
        };
        let residents: Vec<PodId> =
            self.cluster.pods_on(node).iter().filter(staying).copied().collect();
        let mut number = 0u32;
        for _ in 0..count {
            let name = loop {
                number += 1;
                let name = match number {
                    1 => format!("{stem}-copy"),
                    n => format!("{stem}-copy-{n}"),
                };
                if self.cluster.find_node(&name).is_none() {
                    break name;
                }
            };
            let new = self.intern(&name);
            let like = self.cluster.node(node);
            let renamed = like.labels.iter().map(|(k, v)| (k, if v == old { new } else { v }));
            let lasts = |t: &&super::Taint| !self.cluster.str(t.key).starts_with(CONDITION_TAINTS);
            let copy = Node {
                name: new,
                labels: super::Labels::new(renamed),
                unschedulable: false,
                down: false,
                ending: false,
                taints: like.taints.iter().filter(lasts).copied().collect(),
                ..like.clone()
            };
            let id = NodeId(self.cluster.nodes.len() as u32);
            self.cluster.nodes.push(copy);
            self.node_edit.push(self.position);
            self.cluster.node_index.insert(new, id);
            let first = self.cluster.pods.len() as u32;
            for &pod in &residents {
                let pod = self.cluster.pod(pod).clone();
                let pod_name = format!("{}-{name}", self.cluster.str(pod.name));
                let pod_name = self.intern(&pod_name);
                self.add_pod(Pod { name: pod_name, node: Some(id), ready: true, ..pod });
            }
            self.cluster.pods_on.push((first..self.cluster.pods.len() as u32).map(PodId).collect());
        }
    }

    /// Checks the cluster as it is now and makes it one to be asked. A [`ModelError::origin`] is the position of the
    /// last edit of what is wrong.
    ///
    /// # Errors
    /// What [`ClusterBuilder::build`](super::ClusterBuilder::build) finds wrong with amounts and cards.
    pub fn build(self) -> Result<Edited, Vec<ModelError>> {
        let Self { mut cluster, gone, gone_nodes, mut node_edit, pod_edit, .. } = self;
        let kept: Vec<PodId> = cluster.pod_ids().filter(|p| !gone[p.index()]).collect();
        let mut is_gone = gone.into_iter();
        cluster.pods.retain(|_| !is_gone.next().unwrap_or(false));
        let origins: Vec<u32> = kept.iter().map(|p| pod_edit[p.index()]).collect();
        if !gone_nodes.is_empty() {
            let mut at = 0..;
            node_edit.retain(|_| at.next().is_some_and(|i| !gone_nodes.contains(&NodeId(i))));
            happening::without_nodes(&mut cluster, &gone_nodes);
        }
        let mut check = Check::default();
        for (node, &origin) in cluster.nodes.iter().zip(&node_edit) {
            let subject = || format!("node {}", cluster.names.str(node.name));
            check.amounts(&node.allocatable, &cluster.resource_names, subject, origin);
        }
        let mut seen = vec![false; cluster.shapes.len()];
        for (pod, &origin) in cluster.pods.iter().zip(&origins) {
            for id in [pod.shape, pod.incoming] {
                if !std::mem::replace(&mut seen[id.index()], true) {
                    let shape = &cluster.shapes[id.index()];
                    let names = (&cluster.names, shape.namespace, pod.name);
                    let subject =
                        || format!("pod {}/{}", names.0.str(names.1), names.0.str(names.2));
                    check.shape(shape, &cluster.resource_names, subject, origin);
                }
            }
        }
        let errors = check.errors;
        let cluster = finish(cluster, &origins, errors)?;
        Ok(Edited { cluster, pods: kept })
    }
}
