use super::{Size, cluster};
use podfit::model::{Cluster, PodId, ResourceId};
use std::io::{self, Write};

/// Writes the cluster of `size` as `kubectl get nodes,pods -A -o json` would, with managed fields, status and
/// environment: about 5 KB a pod.
pub fn write_dump(size: Size, out: &mut impl Write) -> io::Result<()> {
    let cluster = cluster(size);
    out.write_all(b"{\"apiVersion\":\"v1\",\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"\"},\"items\":[")?;
    for (i, node) in cluster.nodes().iter().enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        let name = cluster.str(node.name);
        write!(
            out,
            r#"{{"apiVersion":"v1","kind":"Node","metadata":{{"name":"{name}","labels":{{"kubernetes.io/hostname":"{name}","topology.kubernetes.io/zone":"zone-{}"}}}},"spec":{{}},"status":{{"allocatable":{{"cpu":"{}m","memory":"{}","pods":"{}"}}}}}}"#,
            i % 3,
            node.allocatable.get(ResourceId::CPU),
            node.allocatable.get(ResourceId::MEMORY),
            node.allocatable.get(ResourceId::PODS),
        )?;
    }
    for id in cluster.pod_ids() {
        out.write_all(b",")?;
        pod(&cluster, id, out)?;
    }
    out.write_all(b"]}")
}

fn pod(cluster: &Cluster, id: PodId, out: &mut impl Write) -> io::Result<()> {
    let pod = cluster.pod(id);
    let shape = cluster.shape_of(id);
    let name = cluster.str(pod.name);
    let app = pod.owner.name.map_or("none", |n| cluster.str(n));
    let node =
        pod.node.map_or(String::new(), |n| format!(r#""nodeName":"{}","#, cluster.node_name(n)));
    let coupled = if shape.anti_affinity.is_empty() {
        String::new()
    } else {
        format!(
            r#""affinity":{{"podAntiAffinity":{{"requiredDuringSchedulingIgnoredDuringExecution":[{{"labelSelector":{{"matchLabels":{{"app":"{app}"}}}},"topologyKey":"kubernetes.io/hostname"}}]}}}},"topologySpreadConstraints":[{{"maxSkew":5,"topologyKey":"topology.kubernetes.io/zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{{"matchLabels":{{"app":"{app}"}}}}}}],"#
        )
    };
    write!(
        out,
        r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{name}","namespace":"default","uid":"00000000-0000-4000-8000-{:012}","labels":{{"app":"{app}"}},"ownerReferences":[{{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"{app}","uid":"00000000-0000-4000-9000-000000000000","controller":true}}],"managedFields":["#,
        id.0
    )?;
    managed_fields(out)?;
    write!(
        out,
        r#"]}},"spec":{{{node}{coupled}"containers":[{{"name":"main","image":"registry.example/{app}:1.0","env":["#
    )?;
    for i in 0..12 {
        let comma = if i > 0 { "," } else { "" };
        write!(out, r#"{comma}{{"name":"SETTING_{i}","value":"value of setting {i} of {app}"}}"#)?;
    }
    write!(
        out,
        r#"],"resources":{{"requests":{{"cpu":"{}m","memory":"{}"}}}},"volumeMounts":[{{"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","name":"token","readOnly":true}}]}}],"tolerations":[{{"effect":"NoExecute","key":"node.kubernetes.io/not-ready","operator":"Exists","tolerationSeconds":300}},{{"effect":"NoExecute","key":"node.kubernetes.io/unreachable","operator":"Exists","tolerationSeconds":300}}],"volumes":[{{"name":"token","projected":{{"defaultMode":420}}}}]}},"status":{{"phase":"Running","conditions":["#,
        shape.requests.get(ResourceId::CPU),
        shape.requests.get(ResourceId::MEMORY),
    )?;
    for (i, kind) in ["Initialized", "Ready", "ContainersReady", "PodScheduled"].iter().enumerate()
    {
        let comma = if i > 0 { "," } else { "" };
        write!(
            out,
            r#"{comma}{{"lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:00Z","status":"True","type":"{kind}"}}"#
        )?;
    }
    write!(
        out,
        r#"],"containerStatuses":[{{"containerID":"containerd://{:064x}","image":"registry.example/{app}:1.0","imageID":"registry.example/{app}@sha256:{:064x}","name":"main","ready":true,"restartCount":0,"started":true,"state":{{"running":{{"startedAt":"2026-01-01T00:00:00Z"}}}}}}],"podIP":"10.0.0.1","qosClass":"Burstable"}}}}"#,
        id.0, id.0
    )
}

/// What `kubectl -o json` shows of field managers with `--show-managed-fields`: the larger half of a pod.
fn managed_fields(out: &mut impl Write) -> io::Result<()> {
    out.write_all(br#"{"apiVersion":"v1","fieldsType":"FieldsV1","manager":"kube-controller-manager","operation":"Update","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"#)?;
    for i in 0..20 {
        let comma = if i > 0 { "," } else { "" };
        write!(
            out,
            r#"{comma}"k:{{\"name\":\"main-{i}\"}}":{{".":{{}},"f:env":{{".":{{}},"f:name":{{}}}},"f:image":{{}}}}"#
        )?;
    }
    out.write_all(br#"}}}}"#)
}
