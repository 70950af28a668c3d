//! Whole objects. Crate-private: what they become is in [`crate::convert`].

use super::{
    Affinity, Annotations, ContainerPort, LabelSelector, Leaf, Map, PersistentVolumeClaimSpec,
    Taint, Toleration, TopologySpreadConstraint,
};
use serde::{Deserialize, de::IgnoredAny};

/// Structs of optional fields, named as Kubernetes does.
macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attr:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub(crate) struct $name { $($(#[$attr])* pub(crate) $field: $ty,)* }
    )*};
}
pub(super) use objects;

objects! {
    Metadata {
        name: Leaf,
        namespace: Leaf,
        uid: Leaf,
        labels: Option<Map>,
        annotations: Option<Annotations>,
        owner_references: Option<Vec<OwnerReference>>,
        creation_timestamp: Leaf,
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
        preemption_policy: Leaf,
        host_network: Leaf,
        volumes: Option<Vec<Volume>>,
        resource_claims: Option<Vec<Named>>,
        scheduling_gates: Option<Vec<Named>>,
        termination_grace_period_seconds: Leaf,
    }
    Named {
        name: Leaf,
    }
    Container {
        name: Leaf,
        image: Leaf,
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
        ephemeral: Option<EphemeralSource>,
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
    EphemeralSource {
        volume_claim_template: ClaimTemplate,
    }
    ClaimTemplate {
        metadata: Metadata,
        spec: PersistentVolumeClaimSpec,
    }
    PodStatus {
        phase: Leaf,
        nominated_node_name: Leaf,
        start_time: Leaf,
        /// Of Kubernetes before 1.33; later it is a condition.
        resize: Leaf,
        conditions: Option<Vec<Condition>>,
        container_statuses: Option<Vec<ContainerStatus>>,
        init_container_statuses: Option<Vec<ContainerStatus>>,
        resources: Option<Resources>,
        allocated_resources: Option<Map>,
    }
    Condition {
        #[serde(rename = "type")]
        kind: Leaf,
        status: Leaf,
        reason: Leaf,
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
        images: Option<Vec<Image>>,
    }
    Image {
        names: Option<Vec<Leaf>>,
        size_bytes: Leaf,
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
        selector: Option<LabelSelector>,
        template: Template,
    }
    Template {
        spec: TemplateSpec,
    }
    TemplateSpec {
        node_name: Leaf,
    }
    /// Its selector is a map of labels, unlike those of other controllers.
    ReplicationController {
        metadata: Metadata,
        spec: ReplicationControllerSpec,
    }
    ReplicationControllerSpec {
        replicas: Leaf,
        selector: Option<Map>,
        template: Template,
    }
    Service {
        metadata: Metadata,
        spec: ServiceSpec,
    }
    ServiceSpec {
        selector: Option<Map>,
    }
    PodDisruptionBudget {
        metadata: Metadata,
        spec: BudgetSpec,
        status: BudgetStatus,
    }
    BudgetSpec {
        selector: Option<LabelSelector>,
        min_available: Leaf,
        max_unavailable: Leaf,
    }
    BudgetStatus {
        disruptions_allowed: Leaf,
    }
    PriorityClass {
        metadata: Metadata,
        value: Leaf,
        global_default: Leaf,
        preemption_policy: Leaf,
    }
    /// The API server's answer when it has no objects to give.
    Status {
        message: Leaf,
        reason: Leaf,
    }
}
