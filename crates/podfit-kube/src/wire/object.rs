//! Whole objects. Crate-private: what they become is in [`crate::convert`].

use super::{
    Affinity, ContainerPort, Leaf, Map, NodeSelector, Taint, Toleration, TopologySpreadConstraint,
};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use std::fmt;

macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attr:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub(crate) struct $name { $($(#[$attr])* pub(crate) $field: $ty,)* }
    )*};
}

objects! {
    Metadata {
        name: Leaf,
        namespace: Leaf,
        labels: Option<Map>,
        annotations: Option<Annotations>,
        owner_references: Option<Vec<OwnerReference>>,
        deletion_timestamp: Leaf,
    }
    OwnerReference {
        api_version: Leaf,
        kind: Leaf,
        name: Leaf,
        controller: Leaf,
    }
    Pod {
        metadata: Metadata,
        spec: PodSpec,
        status: PodStatus,
    }
    PodSpec {
        node_name: Leaf,
        scheduler_name: Leaf,
        node_selector: Option<Map>,
        affinity: Option<Affinity>,
        tolerations: Option<Vec<Toleration>>,
        topology_spread_constraints: Option<Vec<TopologySpreadConstraint>>,
        containers: Option<Vec<Container>>,
        init_containers: Option<Vec<Container>>,
        overhead: Option<Map>,
        resources: Option<Resources>,
        priority: Leaf,
        priority_class_name: Leaf,
        host_network: Leaf,
        volumes: Option<Vec<Volume>>,
        resource_claims: Option<Vec<Named>>,
        scheduling_gates: Option<Vec<Named>>,
    }
    Named {
        name: Leaf,
    }
    Container {
        name: Leaf,
        resources: Option<Resources>,
        ports: Option<Vec<ContainerPort>>,
        restart_policy: Leaf,
    }
    Resources {
        requests: Option<Map>,
        limits: Option<Map>,
    }
    /// A volume of a pod; of most kinds only the presence matters.
    Volume {
        name: Leaf,
        persistent_volume_claim: Option<ClaimSource>,
        ephemeral: Option<IgnoredAny>,
        empty_dir: Option<IgnoredAny>,
        host_path: Option<IgnoredAny>,
        gce_persistent_disk: Option<IgnoredAny>,
        aws_elastic_block_store: Option<IgnoredAny>,
        azure_disk: Option<IgnoredAny>,
        iscsi: Option<IgnoredAny>,
        rbd: Option<IgnoredAny>,
    }
    ClaimSource {
        claim_name: Leaf,
    }
    PodStatus {
        phase: Leaf,
        resize: Leaf,
        conditions: Option<Vec<Condition>>,
        container_statuses: Option<Vec<ContainerStatus>>,
    }
    Condition {
        #[serde(rename = "type")]
        kind: Leaf,
        status: Leaf,
    }
    ContainerStatus {
        name: Leaf,
        resources: Option<Resources>,
        allocated_resources: Option<Map>,
    }
    Node {
        metadata: Metadata,
        spec: NodeSpec,
        status: NodeStatus,
    }
    NodeSpec {
        taints: Option<Vec<Taint>>,
        unschedulable: Leaf,
    }
    NodeStatus {
        allocatable: Option<Map>,
    }
    PersistentVolume {
        metadata: Metadata,
        spec: PersistentVolumeSpec,
    }
    PersistentVolumeSpec {
        node_affinity: Option<VolumeNodeAffinity>,
    }
    VolumeNodeAffinity {
        required: Option<NodeSelector>,
    }
    PersistentVolumeClaim {
        metadata: Metadata,
        spec: PersistentVolumeClaimSpec,
        status: ClaimStatus,
    }
    PersistentVolumeClaimSpec {
        volume_name: Leaf,
        access_modes: Option<Vec<Leaf>>,
        storage_class_name: Leaf,
    }
    ClaimStatus {
        phase: Leaf,
    }
    /// Namespace, and any object of which only the metadata matter.
    Namespace {
        metadata: Metadata,
    }
    /// ReplicaSet, StatefulSet, Deployment, DaemonSet or Job.
    Workload {
        metadata: Metadata,
        spec: WorkloadSpec,
    }
    WorkloadSpec {
        replicas: Leaf,
        parallelism: Leaf,
        template: Template,
    }
    Template {
        spec: TemplateSpec,
    }
    TemplateSpec {
        node_name: Leaf,
    }
    StorageClass {
        metadata: Metadata,
        volume_binding_mode: Leaf,
    }
    PriorityClass {
        metadata: Metadata,
        value: Leaf,
    }
    /// The API server's answer when it has no objects to give.
    Status {
        message: Leaf,
        reason: Leaf,
    }
}

/// Of all annotations, whether the one is there that marks a mirror pod.
#[derive(Debug, Default)]
pub(crate) struct Annotations {
    pub(crate) mirror: bool,
}

impl<'de> Deserialize<'de> for Annotations {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct KeysVisitor;
        impl<'de> Visitor<'de> for KeysVisitor {
            type Value = Annotations;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of annotations")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Annotations, A::Error> {
                let mut found = Annotations::default();
                while let Some(Key(mirror)) = map.next_key()? {
                    map.next_value::<IgnoredAny>()?;
                    found.mirror |= mirror;
                }
                Ok(found)
            }
        }
        d.deserialize_map(KeysVisitor)
    }
}

/// A key that is compared and not kept.
struct Key(bool);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E>(self, v: &str) -> Result<Key, E> {
                Ok(Key(v == "kubernetes.io/config.mirror"))
            }
        }
        d.deserialize_str(KeyVisitor)
    }
}
