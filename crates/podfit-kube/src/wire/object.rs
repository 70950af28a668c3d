//! Whole objects. Crate-private: what they become is in [`crate::convert`].

use super::{
    Affinity, Annotations, ContainerPort, Flags, LabelSelector, Leaf, Map,
    PersistentVolumeClaimSpec, Taint, Toleration, TopologySpreadConstraint,
};
use serde::{Deserialize, de::IgnoredAny};

/// Structs of optional fields, named as Kubernetes does.
macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attr:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize)]
        #[serde(rename_all = "camelCase", default, remote = "Self")]
        pub(crate) struct $name { $($(#[$attr])* pub(crate) $field: $ty,)* }

        crate::wire::null_is_absent!($name);

        impl crate::wire::Content for $name {
            fn content(&self, to: &mut rustc_hash::FxHasher) {
                $(self.$field.content(to);)*
            }
        }
    )*};
}
pub(super) use objects;

objects! {
    Metadata {
        name: Leaf,
        namespace: Leaf,
        uid: Leaf,
        resource_version: Leaf,
        labels: Option<Map>,
        annotations: Option<Annotations>,
        owner_references: Option<Vec<OwnerReference>>,
        creation_timestamp: Leaf,
        deletion_timestamp: Leaf,
        /// As the client of Python names `creationTimestamp`.
        #[serde(rename = "creation_timestamp")]
        snake_case: Option<IgnoredAny>,
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
        scheduling_group: Option<IgnoredAny>,
        workload_ref: Option<IgnoredAny>,
        os: Option<Named>,
        active_deadline_seconds: Leaf,
        /// As the client of Python names `nodeName`.
        #[serde(rename = "node_name")]
        snake_case: Option<IgnoredAny>,
        termination_grace_period_seconds: Leaf,
    }
    Named {
        name: Leaf,
    }
    Container {
        name: Leaf,
        image: Leaf,
        image_pull_policy: Leaf,
        resources: Option<Resources>,
        ports: Option<Vec<ContainerPort>>,
        restart_policy: Leaf,
        command: Flags,
        args: Flags,
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
    /// Also one of a StatefulSet.
    ClaimTemplate {
        metadata: Metadata,
        spec: PersistentVolumeClaimSpec,
    }
    PodStatus {
        phase: Leaf,
        nominated_node_name: Leaf,
        start_time: Leaf,
        #[serde(rename = "podIP")]
        pod_ip: Leaf,
        #[serde(rename = "podIPs")]
        pod_ips: Option<Vec<Ip>>,
        #[serde(rename = "hostIP")]
        host_ip: Leaf,
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
        conditions: Option<Vec<Condition>>,
        images: Option<Vec<Image>>,
        addresses: Option<Vec<NodeAddress>>,
    }
    NodeAddress {
        #[serde(rename = "type")]
        kind: Leaf,
        address: Leaf,
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
        status: WorkloadStatus,
    }
    WorkloadSpec {
        replicas: Leaf,
        selector: Option<LabelSelector>,
        template: Template,
        pod_management_policy: Leaf,
        ordinals: Option<Ordinals>,
        volume_claim_templates: Option<Vec<ClaimTemplate>>,
        parallelism: Leaf,
        completions: Leaf,
        suspend: Leaf,
        backoff_limit: Leaf,
        backoff_limit_per_index: Leaf,
        active_deadline_seconds: Leaf,
        pod_replacement_policy: Leaf,
        pod_failure_policy: Option<FailurePolicy>,
    }
    Ordinals {
        start: Leaf,
    }
    FailurePolicy {
        rules: Option<Vec<FailureRule>>,
    }
    FailureRule {
        action: Leaf,
        on_pod_conditions: Option<Vec<Condition>>,
    }
    WorkloadStatus {
        replicas: Leaf,
        active: Leaf,
        succeeded: Leaf,
        failed: Leaf,
        update_revision: Leaf,
        current_number_scheduled: Leaf,
        desired_number_scheduled: Leaf,
        conditions: Option<Vec<Condition>>,
    }
    /// Its selector is a map of labels, unlike those of other controllers.
    ReplicationController {
        metadata: Metadata,
        spec: ReplicationControllerSpec,
        status: WorkloadStatus,
    }
    ReplicationControllerSpec {
        replicas: Leaf,
        selector: Option<Map>,
        template: Template,
    }
    Template {
        metadata: Metadata,
        spec: PodSpec,
    }
    CronJob {
        metadata: Metadata,
        spec: CronJobSpec,
    }
    CronJobSpec {
        suspend: Leaf,
        job_template: JobTemplate,
    }
    JobTemplate {
        metadata: Metadata,
        spec: WorkloadSpec,
    }
    HorizontalPodAutoscaler {
        metadata: Metadata,
        spec: AutoscalerSpec,
    }
    AutoscalerSpec {
        scale_target_ref: OwnerReference,
        max_replicas: Leaf,
    }
    ResourceQuota {
        metadata: Metadata,
        spec: QuotaSpec,
    }
    QuotaSpec {
        hard: Option<Map>,
        scopes: Option<Vec<Leaf>>,
        scope_selector: Option<ScopeSelector>,
    }
    ScopeSelector {
        match_expressions: Option<Vec<ScopeRequirement>>,
    }
    ScopeRequirement {
        scope_name: Leaf,
        operator: Leaf,
        values: Option<Vec<Leaf>>,
    }
    LimitRange {
        metadata: Metadata,
        spec: LimitRangeSpec,
    }
    LimitRangeSpec {
        limits: Option<Vec<LimitRangeItem>>,
    }
    LimitRangeItem {
        #[serde(rename = "type")]
        kind: Leaf,
        max: Option<Map>,
        min: Option<Map>,
        default: Option<Map>,
        default_request: Option<Map>,
    }
    /// What DeviceClass says about extended resources.
    DeviceClass {
        metadata: Metadata,
        spec: DeviceClassSpec,
    }
    DeviceClassSpec {
        extended_resource_name: Leaf,
    }
    Service {
        metadata: Metadata,
        spec: ServiceSpec,
        status: ServiceStatus,
    }
    ServiceSpec {
        #[serde(rename = "type")]
        kind: Leaf,
        selector: Option<Map>,
        ports: Option<Vec<ServicePort>>,
        #[serde(rename = "clusterIP")]
        cluster_ip: Leaf,
        #[serde(rename = "clusterIPs")]
        cluster_ips: Option<Vec<Leaf>>,
        #[serde(rename = "loadBalancerIP")]
        load_balancer_ip: Leaf,
        #[serde(rename = "externalIPs")]
        external_ips: Option<Vec<Leaf>>,
        external_name: Leaf,
        external_traffic_policy: Leaf,
        ip_families: Option<Vec<Leaf>>,
        publish_not_ready_addresses: Leaf,
    }
    ServicePort {
        name: Leaf,
        port: Leaf,
        target_port: Leaf,
        node_port: Leaf,
        protocol: Leaf,
    }
    ServiceStatus {
        load_balancer: LoadBalancer,
    }
    LoadBalancer {
        ingress: Option<Vec<Ip>>,
    }
    /// An address, or a name for one.
    Ip {
        ip: Leaf,
        hostname: Leaf,
    }
    EndpointSlice {
        metadata: Metadata,
        endpoints: Option<Vec<SliceEndpoint>>,
    }
    SliceEndpoint {
        addresses: Option<Vec<Leaf>>,
        conditions: EndpointConditions,
        node_name: Leaf,
        target_ref: TargetRef,
    }
    EndpointConditions {
        ready: Leaf,
    }
    TargetRef {
        kind: Leaf,
        namespace: Leaf,
        name: Leaf,
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
        unhealthy_pod_eviction_policy: Leaf,
    }
    BudgetStatus {
        disruptions_allowed: Leaf,
        current_healthy: Leaf,
        desired_healthy: Leaf,
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
