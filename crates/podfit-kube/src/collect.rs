//! What podfit reads of a cluster: the one list behind the kubectl line, the read-only role, and every message that names
//! them.

/// A resource that podfit reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collected {
    /// What the kubectl line calls it.
    pub short: &'static str,
    /// API group; empty is the core group.
    pub group: &'static str,
    /// Its name in a role.
    pub resource: &'static str,
}

const fn collected(short: &'static str, group: &'static str, resource: &'static str) -> Collected {
    Collected { short, group, resource }
}

/// All of them, in the order of the kubectl line.
pub const COLLECTED: [Collected; 17] = [
    collected("nodes", "", "nodes"),
    collected("pods", "", "pods"),
    collected("pv", "", "persistentvolumes"),
    collected("pvc", "", "persistentvolumeclaims"),
    collected("sc", "storage.k8s.io", "storageclasses"),
    collected("pdb", "policy", "poddisruptionbudgets"),
    collected("ns", "", "namespaces"),
    collected("rs", "apps", "replicasets"),
    collected("sts", "apps", "statefulsets"),
    collected("deploy", "apps", "deployments"),
    collected("ds", "apps", "daemonsets"),
    collected("jobs", "batch", "jobs"),
    collected("svc", "", "services"),
    collected("csinodes", "storage.k8s.io", "csinodes"),
    collected("volumeattachments", "storage.k8s.io", "volumeattachments"),
    collected("limitranges", "", "limitranges"),
    collected("priorityclasses", "scheduling.k8s.io", "priorityclasses"),
];

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
