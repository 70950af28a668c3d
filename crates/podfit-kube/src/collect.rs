//! What podfit reads of a cluster: the one list behind the kubectl line, the read-only role, and every message that names
//! them.

use podfit::model::Kind;

/// A resource that podfit reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Kind of its objects.
    pub kind: &'static str,
    /// What the kubectl line calls it.
    pub short: &'static str,
    /// API group; empty is the core group.
    pub group: &'static str,
    /// Its name in a role.
    pub resource: &'static str,
    /// What the model calls it, where an answer may hang on whether the input has it.
    pub known: Option<Kind>,
}

const fn collected(
    kind: &'static str,
    short: &'static str,
    group: &'static str,
    resource: &'static str,
    known: Option<Kind>,
) -> Collected {
    Collected { kind, short, group, resource, known }
}

/// All of them, in the order of the kubectl line.
pub const COLLECTED: [Collected; 25] = [
    collected("Node", "nodes", "", "nodes", None),
    collected("Pod", "pods", "", "pods", None),
    collected("PersistentVolume", "pv", "", "persistentvolumes", Some(Kind::Volumes)),
    collected("PersistentVolumeClaim", "pvc", "", "persistentvolumeclaims", Some(Kind::Claims)),
    collected("StorageClass", "sc", "storage.k8s.io", "storageclasses", Some(Kind::StorageClasses)),
    collected("PodDisruptionBudget", "pdb", "policy", "poddisruptionbudgets", Some(Kind::Budgets)),
    collected("Namespace", "ns", "", "namespaces", Some(Kind::Namespaces)),
    collected("ReplicaSet", "rs", "apps", "replicasets", Some(Kind::ReplicaSets)),
    collected(
        "ReplicationController",
        "rc",
        "",
        "replicationcontrollers",
        Some(Kind::ReplicationControllers),
    ),
    collected("StatefulSet", "sts", "apps", "statefulsets", Some(Kind::StatefulSets)),
    collected("Deployment", "deploy", "apps", "deployments", Some(Kind::Deployments)),
    collected("DaemonSet", "ds", "apps", "daemonsets", Some(Kind::DaemonSets)),
    collected("Job", "jobs", "batch", "jobs", Some(Kind::Jobs)),
    collected("CronJob", "cronjobs", "batch", "cronjobs", None),
    collected(
        "HorizontalPodAutoscaler",
        "hpa",
        "autoscaling",
        "horizontalpodautoscalers",
        Some(Kind::Autoscalers),
    ),
    collected("Service", "svc", "", "services", Some(Kind::Services)),
    collected(
        "EndpointSlice",
        "endpointslices",
        "discovery.k8s.io",
        "endpointslices",
        Some(Kind::EndpointSlices),
    ),
    collected("CSINode", "csinodes", "storage.k8s.io", "csinodes", Some(Kind::CsiNodes)),
    collected("CSIDriver", "csidrivers", "storage.k8s.io", "csidrivers", Some(Kind::CsiDrivers)),
    collected(
        "CSIStorageCapacity",
        "csistoragecapacities",
        "storage.k8s.io",
        "csistoragecapacities",
        Some(Kind::StorageCapacities),
    ),
    collected(
        "VolumeAttachment",
        "volumeattachments",
        "storage.k8s.io",
        "volumeattachments",
        Some(Kind::Attachments),
    ),
    collected("ResourceQuota", "quota", "", "resourcequotas", Some(Kind::Quotas)),
    collected("LimitRange", "limits", "", "limitranges", Some(Kind::LimitRanges)),
    collected(
        "PriorityClass",
        "pc",
        "scheduling.k8s.io",
        "priorityclasses",
        Some(Kind::PriorityClasses),
    ),
    collected("Lease", "leases", "coordination.k8s.io", "leases", None),
];

/// What the model calls the kind of an object, if an input that lacks it may lack something. (Of groups that many
/// clusters do not have, kubectl would refuse the whole line: they are not in it.)
pub(crate) fn kind_of(kind: &str, group: &str) -> Option<Kind> {
    let is_it = |c: &&Collected| c.kind == kind && (group.is_empty() || c.group == group);
    match (kind, group) {
        ("PodGroup", _) => Some(Kind::PodGroups),
        ("ResourceSlice" | "ResourceClaim" | "DeviceClass", "" | "resource.k8s.io") => {
            Some(Kind::DynamicResources)
        }
        _ => COLLECTED.iter().find(is_it)?.known,
    }
}

/// What the kubectl line calls a kind; of those that it does not gather the plural.
pub fn short_name(kind: Kind) -> &'static str {
    match COLLECTED.iter().find(|c| c.known == Some(kind)) {
        Some(collected) => collected.short,
        None if kind == Kind::PodGroups => "podgroups",
        None => "deviceclasses",
    }
}

/// The kubectl line that prints all of it as one JSON list.
///
/// ```
/// assert!(podfit_kube::kubectl_line().starts_with("kubectl get nodes,pods,"));
/// ```
pub fn kubectl_line() -> String {
    let kinds: Vec<&str> = COLLECTED.iter().map(|c| c.short).collect();
    format!("kubectl get {} -A -o json", kinds.join(","))
}

/// The rules of a read-only role for it, as YAML list items indented by two.
pub fn role_rules() -> String {
    let mut groups: Vec<&str> = Vec::new();
    for c in COLLECTED {
        if !groups.contains(&c.group) {
            groups.push(c.group);
        }
    }
    let rule = |group: &&str| {
        let of_group = COLLECTED.iter().filter(|c| c.group == *group).map(|c| c.resource);
        let resources = of_group.collect::<Vec<_>>().join(", ");
        let group = if group.is_empty() { "\"\"" } else { group };
        format!("  - apiGroups: [{group}]\n    resources: [{resources}]\n    verbs: [get, list]\n")
    };
    groups.iter().map(rule).collect()
}
