//! The cluster as it stands: nodes with what they have and hold, and every pod.

use super::host::{self, HostReport};
use super::nodes::{Amount, amounts_now};
use super::pods::requests;
use super::reason::{ObjectRef, owner, workload};
use super::{API_VERSION, Context, Outcome};
use podfit::model::{Cluster, Component, NodeId, OwnerKind, PodId};
use podfit::rules::format_taint;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answer to a show request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `ClusterReport`.
    pub kind: String,
    /// Every node, in the order of the input.
    pub nodes: Vec<ClusterNode>,
    /// Every live pod, in the order of the input.
    pub pods: Vec<ClusterPod>,
    /// The edge device, if the cluster is described as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostReport>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

impl Outcome for ClusterReport {
    fn is_good(&self, _accept_losses: bool) -> bool {
        true // nothing was claimed
    }
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterNode {
    /// Name.
    pub name: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Taints, as `key=value:NoSchedule`.
    pub taints: Vec<String>,
    /// Whether it is cordoned.
    pub unschedulable: bool,
    /// Whether it holds a part of the control plane.
    pub control_plane: bool,
    /// Resources by name: CPU in thousandths of a core, bytes, pieces.
    pub resources: BTreeMap<String, Amount>,
}

/// What becomes of a pod by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PodKind {
    /// A part of the control plane.
    ControlPlane,
    /// Of a DaemonSet: there is one a node.
    DaemonSet,
    /// Static: its node's own.
    Static,
    /// Without a controller.
    Bare,
    /// Its controller brings it back.
    Controlled,
}

/// A pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterPod {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Where it runs; null: pending.
    pub node: Option<String>,
    /// What becomes of it by its kind.
    pub kind: PodKind,
    /// What owns it; null for a bare pod, the node for a static one.
    pub owner: Option<ObjectRef>,
    /// The controller whose template it has, a Deployment rather than its ReplicaSet; null for bare and static pods.
    pub workload: Option<ObjectRef>,
    /// Priority.
    pub priority: i32,
    /// Whether it is being deleted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub terminating: bool,
    /// What it requests, by resource, in whole numbers.
    pub requests: BTreeMap<String, i64>,
}

/// The cluster of a context.
pub(crate) fn cluster(context: &Context<'_>) -> ClusterReport {
    let cluster = context.cluster;
    let mut resources = amounts_now(cluster).into_iter();
    let node = |id: NodeId| {
        let object = cluster.node(id);
        let label = |(k, v)| (cluster.str(k).to_string(), cluster.str(v).to_string());
        ClusterNode {
            name: cluster.node_name(id).into(),
            labels: object.labels.iter().map(label).collect(),
            taints: object.taints.iter().map(|t| format_taint(cluster, t)).collect(),
            unschedulable: object.unschedulable,
            control_plane: (cluster.pods_on(id).iter())
                .any(|&p| cluster.pod(p).component.is_some_and(|c| c != Component::Scheduler)),
            resources: resources.next().unwrap_or_default(),
        }
    };
    ClusterReport {
        api_version: API_VERSION.into(),
        kind: "ClusterReport".into(),
        nodes: cluster.node_ids().map(node).collect(),
        pods: cluster.pod_ids().map(|p| pod(cluster, p)).collect(),
        host: context.device.map(|d| host::host(d, cluster, &[], &[])),
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}

fn pod(cluster: &Cluster, id: PodId) -> ClusterPod {
    let (pod, shape) = (cluster.pod(id), cluster.shape_of(id));
    let kind = match pod.owner.kind {
        _ if pod.component.is_some() => PodKind::ControlPlane,
        OwnerKind::DaemonSet => PodKind::DaemonSet,
        OwnerKind::Static => PodKind::Static,
        OwnerKind::Bare => PodKind::Bare,
        _ => PodKind::Controlled,
    };
    ClusterPod {
        namespace: cluster.str(shape.namespace).into(),
        name: cluster.str(pod.name).into(),
        node: pod.node.map(|n| cluster.node_name(n).to_string()),
        kind,
        owner: owner(cluster, id),
        workload: workload(cluster, id),
        priority: shape.priority,
        terminating: pod.terminating,
        requests: requests(cluster, id),
    }
}
