//! What objects mean: the rules of Kubernetes that a reader must know.

use super::*;
use podfit::model::{
    ClaimKind, Cluster, Component, NamespaceSet, NodeId, NodePolicy, OwnerKind, Pod, Protocol,
    ResourceId, Shape,
};

fn only(loaded: &Loaded) -> (&Pod, &Shape) {
    let c = &loaded.cluster;
    assert_eq!(c.pods().len(), 1);
    (&c.pods()[0], c.shape(c.pods()[0].shape))
}

fn requests(spec: &str) -> (i64, i64) {
    let loaded = load(&[NODE, &pod("p", spec)]);
    let r = &only(&loaded).1.requests;
    assert_eq!(r.get(ResourceId::PODS), 1);
    (r.get(ResourceId::CPU), r.get(ResourceId::MEMORY))
}

fn container(cpu: &str, memory: &str, more: &str) -> String {
    format!(r#"{{"resources":{{"requests":{{"cpu":"{cpu}","memory":"{memory}"}}}}{more}}}"#)
}

#[test]
fn effective_requests_follow_the_order_of_init_containers() {
    let (big, side) =
        (container("3", "100", ""), container("1", "10", r#","restartPolicy":"Always""#));
    let main = container("500m", "50", "");
    // (init containers, cpu, memory): a sidecar counts for the init containers after it only.
    for (init, expected) in [
        (vec![], (500, 50)),
        (vec![&big], (3000, 100)),
        (vec![&side], (1500, 60)),
        (vec![&big, &side], (3000, 100)),
        (vec![&side, &big], (4000, 110)),
        (vec![&side, &big, &side], (4000, 110)),
        (vec![&side, &side, &side, &side], (4500, 90)),
    ] {
        let list: Vec<_> = init.iter().map(|s| s.as_str()).collect();
        let spec = format!(r#""containers":[{main}],"initContainers":[{}]"#, list.join(","));
        assert_eq!(requests(&spec), expected, "{spec}");
    }
}

#[test]
fn pod_level_overhead_limits_and_rounding() {
    let main = container("500m", "50", "");
    let spec = format!(
        r#""containers":[{main}],"resources":{{"requests":{{"cpu":"2"}}}},"overhead":{{"cpu":"100m","memory":"7"}}"#
    );
    assert_eq!(requests(&spec), (2100, 57));
    let limits = r#""containers":[{"resources":{"limits":{"cpu":"1","memory":"64"},"requests":{"cpu":"250m"}}}]"#;
    assert_eq!(requests(limits), (250, 64));
    // Rounded up once, after the sum: 3 × 0.4 milli is 2, not 3.
    let small = container("400u", "0.4", "");
    assert_eq!(requests(&format!(r#""containers":[{small},{small},{small}]"#)), (2, 2));
    // A pod-level limit stands in where nothing is requested.
    let level = r#""containers":[{}],"resources":{"limits":{"memory":"1Ki"}}"#;
    assert_eq!(requests(level), (0, 1024));
}

#[test]
fn assumed_requests_fill_what_is_missing() {
    let mut reader = podfit_kube::Reader::new(podfit_kube::Options {
        assume_request: vec![("cpu".into(), "100m".into()), ("memory".into(), "1Ki".into())],
        ..podfit_kube::Options::default()
    });
    reader.read_slice("n", NODE.as_bytes());
    let spec = r#""containers":[{"resources":{"requests":{"cpu":"2"}}}]"#;
    reader.read_slice("p", pod("p", spec).as_bytes());
    let loaded = reader.finish().unwrap();
    let (pod, shape) = only(&loaded);
    assert_eq!(shape.requests.as_slice(), [2000, 1024, 0, 1]);
    assert!(pod.unrequested, "the input does not state it");
    assert!(loaded.assumptions[0].contains("cpu=100m, memory=1Ki"), "{:?}", loaded.assumptions);
}

#[test]
fn ended_pods_are_left_out_and_deleted_ones_marked() {
    let with = |name: &str, metadata: &str, rest: &str| {
        format!(r#"{{"kind":"Pod","metadata":{{"name":"{name}"{metadata}}},{rest}}}"#)
    };
    let deleted = r#","deletionTimestamp":"2026-01-01T00:00:00Z""#;
    let pods = [
        with("done", "", r#""spec":{"nodeName":"a"},"status":{"phase":"Succeeded"}"#),
        with("failed", "", r#""spec":{"nodeName":"a"},"status":{"phase":"Failed"}"#),
        with("never", deleted, r#""spec":{}"#),
        with(
            "going",
            deleted,
            r#""spec":{"nodeName":"a","containers":[{"name":"c"}]},"status":{"phase":"Running"}"#,
        ),
        with("waiting", "", r#""spec":{"containers":[{"name":"c"}]},"status":{"phase":"Pending"}"#),
    ];
    let loaded = load(&[NODE, &pods.join("\n")]);
    let c = &loaded.cluster;
    let told: Vec<_> =
        c.pods().iter().map(|p| (c.str(p.name), p.terminating, p.node.is_some())).collect();
    assert_eq!(told, [("going", true, true), ("waiting", false, false)]);
    assert_eq!(loaded.counts.pods_ended, 3);
}

fn owned(name: &str, owner: &str, more: &str) -> String {
    format!(
        r#"{{"kind":"Pod","metadata":{{"name":"{name}","namespace":"d",{more}"ownerReferences":[{owner}]}},
        "spec":{{"nodeName":"a",{CONTAINER}}}}}"#
    )
}

fn by(kind: &str, group: &str) -> String {
    format!(r#"{{"apiVersion":"{group}","kind":"{kind}","name":"o","controller":true}}"#)
}

/// What static pods of the control plane say of themselves and of etcd.
#[test]
fn static_pods_name_the_members_of_etcd() {
    let part = |name: &str, command: &str, host: &str| {
        format!(
            r#"{{"kind":"Pod","metadata":{{"name":"{name}","namespace":"kube-system","annotations":{{"kubernetes.io/config.mirror":"x"}}}},
            "spec":{{"nodeName":"a","containers":[{{"name":"c","command":{command}}}]}},"status":{{"hostIP":"{host}"}}}}"#
        )
    };
    let links = |pod: &str| {
        let loaded = load(&[NODE, pod]);
        let c = &loaded.cluster;
        let links = c.pods()[0].links.as_deref().cloned();
        let text = |syms: Vec<podfit::model::Sym>| {
            syms.into_iter().map(|s| c.str(s).to_string()).collect::<Vec<_>>()
        };
        links.map(|l| (text(l.own), text(l.etcd)))
    };
    let all = |own: &[&str], etcd: &[&str]| {
        let strings = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        Some((strings(own), strings(etcd)))
    };
    let api = r#"["kube-apiserver","--etcd-servers=https://10.0.0.1:2379,https://[fd00::2]:2379,https://10.0.0.1:2379"]"#;
    assert_eq!(
        links(&part("kube-apiserver-a", api, "10.0.0.1")),
        all(&["10.0.0.1"], &["10.0.0.1", "fd00::2"])
    );
    let own = r#"["kube-apiserver","--etcd-servers","https://127.0.0.1:2379"]"#;
    assert_eq!(links(&part("kube-apiserver-a", own, "")), all(&[], &["127.0.0.1"]));
    let etcd = r#"["etcd","--advertise-client-urls=https://10.0.0.9:2379","--listen-client-urls=https://127.0.0.1:2379,https://etcd-a:2379"]"#;
    assert_eq!(
        links(&part("etcd-a", etcd, "10.0.0.1")),
        all(&["10.0.0.1", "10.0.0.9", "etcd-a"], &[])
    );
    // Neither other pods nor other kinds of values say anything.
    assert_eq!(links(&part("web", api, "10.0.0.1")), None);
    for odd in
        ["null", "1", "\"--etcd-servers=a\"", "{\"a\":[]}", "[1,null,[\"--etcd-servers=a\"]]"]
    {
        assert_eq!(links(&part("kube-apiserver-a", odd, "")), None, "{odd}");
    }
}

#[test]
fn owners_decide_what_becomes_of_a_pod() {
    let mirror = r#""annotations":{"kubernetes.io/config.mirror":"x"},"#;
    let control = r#""labels":{"component":"etcd","tier":"control-plane"},"#;
    for (pod, kind, component) in [
        (owned("p", &by("ReplicaSet", "apps/v1"), ""), OwnerKind::ReplicaSet, None),
        (owned("p", &by("StatefulSet", "apps/v1"), ""), OwnerKind::StatefulSet, None),
        (owned("p", &by("DaemonSet", "apps/v1"), ""), OwnerKind::DaemonSet, None),
        (owned("p", &by("Job", "batch/v1"), ""), OwnerKind::Job, None),
        (owned("p", &by("Node", "v1"), ""), OwnerKind::Static, None),
        (owned("p", "", mirror), OwnerKind::Static, None),
        (owned("p", "", ""), OwnerKind::Bare, None),
        (owned("p", r#"{"kind":"ReplicaSet","name":"o"}"#, ""), OwnerKind::Bare, None),
        (
            owned("kube-scheduler-a", &by("Node", "v1"), ""),
            OwnerKind::Static,
            Some(Component::Scheduler),
        ),
        (owned("x", "", &format!("{mirror}{control}")), OwnerKind::Static, Some(Component::Etcd)),
        (owned("kube-apiserver-a", &by("ReplicaSet", "apps/v1"), ""), OwnerKind::ReplicaSet, None),
    ] {
        let loaded = load(&[NODE, &pod]);
        let p = only(&loaded).0;
        assert_eq!((p.owner.kind, p.component), (kind, component), "{pod}");
    }
    let loaded = load(&[NODE, &owned("p", &by("Job", "batch.volcano.sh/v1"), "")]);
    let OwnerKind::Custom(kind) = only(&loaded).0.owner.kind else { panic!("a custom owner") };
    assert_eq!(loaded.cluster.str(kind), "Job");
}

#[test]
fn workloads_are_found_behind_their_pods_in_any_order() {
    let pods = owned(
        "web-h1-x",
        r#"{"kind":"ReplicaSet","name":"web-h1","controller":true}"#,
        r#""labels":{"pod-template-hash":"h1"},"#,
    );
    let rs = r#"{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web-h1","namespace":"d",
        "ownerReferences":[{"kind":"Deployment","name":"web","controller":true}]},
        "spec":{"replicas":2,"template":{"spec":{"nodeName":"b"}}}}"#;
    let deploy = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"d"},"spec":{"replicas":3}}"#;
    for (inputs, name, replicas, node) in [
        (vec![rs, deploy], "web", 3, Some("b")),
        (vec![rs], "web-h1", 2, Some("b")),
        (vec![deploy], "web", 3, None),
    ] {
        let mut all = vec![pods.as_str(), NODE];
        all.extend(inputs);
        let loaded = load(&all);
        let c = &loaded.cluster;
        let (p, shape) = only(&loaded);
        let w = c.workload(c.root_of(p.workload.unwrap()));
        assert_eq!((c.str(w.name), w.replicas), (name, replicas));
        assert_eq!(shape.node_name.map(|n| c.str(n)), node);
    }
    assert!(only(&load(&[NODE, &pods])).0.workload.is_none());
}

fn gaps(c: &Cluster) -> Vec<(&'static str, &str)> {
    c.pods()[0].gaps.iter().map(|g| (g.code, c.str(g.what))).collect()
}

#[test]
fn claims_lead_to_the_nodes_of_their_volumes() {
    let p = pod("p", r#""volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"data"}}]"#);
    let pvc = r#"{"kind":"PersistentVolumeClaim","metadata":{"name":"data","namespace":"d"},
        "spec":{"volumeName":"pv1","accessModes":["ReadWriteOnce"],"storageClassName":"local"}}"#;
    let pv = r#"{"kind":"PersistentVolume","metadata":{"name":"pv1"},"spec":{"csi":{"driver":"disk.example.com"},"nodeAffinity":{"required":{"nodeSelectorTerms":[
        {"matchExpressions":[{"key":"zone","operator":"In","values":["z1"]}]}]}}}}"#;
    let loaded = load(&[&p, NODE, pvc, pv]);
    let (found, shape) = only(&loaded);
    let c = &loaded.cluster;
    assert_eq!(gaps(c), []);
    assert_eq!(found.attached.iter().map(|&v| c.str(v)).collect::<Vec<_>>(), ["data"]);
    let nodes = &shape.volumes[0].nodes;
    let node = c.node(NodeId(0));
    assert!(nodes.matches(node.name, &node.labels, c.names()));
    assert!(!nodes.matches(node.name, &Default::default(), c.names()));

    assert_eq!(gaps(&load(&[NODE, &p]).cluster), [("claim-not-in-input", "data")]);
    assert_eq!(gaps(&load(&[NODE, &p, pvc]).cluster), [("claim-not-in-input", "data")]);
    let lone = pvc.replace("pv1", "");
    assert_eq!(gaps(&load(&[NODE, &p, &lone]).cluster), [("claim-unbound", "data")]);
    assert_eq!(shape.volumes[0].kind, ClaimKind::Bound);
}

#[test]
fn zone_labels_of_a_volume_bind_it_like_the_scheduler_does() {
    let p = pod("p", r#""volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"data"}}]"#);
    let pvc = r#"{"kind":"PersistentVolumeClaim","metadata":{"name":"data","namespace":"d"},"spec":{"volumeName":"pv1"}}"#;
    let pv = r#"{"kind":"PersistentVolume","metadata":{"name":"pv1","labels":{"failure-domain.beta.kubernetes.io/zone":"z1__z2"}}}"#;
    let node = |name: &str, labels: &str| {
        NODE.replace("\"a\"", &format!("\"{name}\"")).replace(r#""zone":"z1""#, labels)
    };
    let loaded = load(&[
        &p,
        pvc,
        pv,
        &node("a", r#""failure-domain.beta.kubernetes.io/zone":"z2""#),
        &node("b", r#""topology.kubernetes.io/zone":"z1""#),
        &node("c", r#""topology.kubernetes.io/zone":"z3""#),
        &node("d", r#""x":"y""#),
    ]);
    assert_eq!(only(&loaded).1.volumes[0].kind, ClaimKind::Zone);
    let nodes = &only(&loaded).1.volumes[0].nodes;
    let c = &loaded.cluster;
    let fits: Vec<_> =
        c.nodes().iter().map(|n| nodes.matches(n.name, &n.labels, c.names())).collect();
    assert_eq!(fits, [true, true, false, true]);
}

#[test]
fn what_moves_lose_is_noted() {
    let p = pod(
        "p",
        r#""volumes":[{"name":"cache","emptyDir":{}},{"name":"etc","hostPath":{"path":"/etc"}},{"name":"t","emptyDir":{"medium":"Memory"}},{"name":"s","secret":{}}]"#,
    );
    let loaded = load(&[NODE, &p]);
    let notes: Vec<_> = only(&loaded).0.notes.iter().map(|&n| loaded.cluster.str(n)).collect();
    assert_eq!(notes, ["loses emptyDir data (cache, t)", "leaves hostPath data behind (etc)"]);
}

#[test]
fn unknown_features_become_gaps() {
    let p = pod(
        "p",
        r#""resourceClaims":[{"name":"gpu"}],"schedulingGates":[{"name":"g"}],"priorityClassName":"mine",
        "tolerations":[{"key":"k","operator":"Gt","value":"5"}],"volumes":[{"name":"disk","iscsi":{}}]"#,
    );
    let told = gaps(&load(&[NODE, &p]).cluster).iter().map(|g| g.0).collect::<Vec<_>>();
    assert_eq!(
        told,
        ["inline-disk", "resource-claims", "toleration-operator", "priority-class-not-in-input"]
    );
    let class = r#"{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","metadata":{"name":"mine"},"value":77}"#;
    let loaded = load(&[NODE, &p, class]);
    assert_eq!(only(&loaded).1.priority, 77);
}

#[test]
fn host_ports_are_those_of_containers_and_sidecars() {
    let port = |p: u16, more: &str| {
        format!(r#"{{"ports":[{{"containerPort":80,"hostPort":{p}{more}}}]}}"#)
    };
    let spec = format!(
        r#""containers":[{},{}],"initContainers":[{},{}]"#,
        port(81, r#","protocol":"UDP","hostIP":"0.0.0.0""#),
        port(80, r#","hostIP":"192.0.2.1""#),
        port(82, ""),
        port(83, "").replacen('{', r#"{"restartPolicy":"Always","#, 1),
    );
    let loaded = load(&[NODE, &pod("p", &spec)]);
    let ports: Vec<_> =
        only(&loaded).1.host_ports.iter().map(|p| (p.port, p.protocol, p.ip.is_some())).collect();
    assert_eq!(
        ports,
        [(80, Protocol::Tcp, true), (81, Protocol::Udp, false), (83, Protocol::Tcp, false)]
    );
    let host = load(&[
        NODE,
        &pod("p", r#""hostNetwork":true,"containers":[{"ports":[{"containerPort":9100}]}]"#),
    ]);
    assert_eq!(only(&host).1.host_ports[0].port, 9100);
}

fn term(more: &str) -> String {
    format!(
        r#""affinity":{{"podAntiAffinity":{{"requiredDuringSchedulingIgnoredDuringExecution":[
        {{"labelSelector":{{"matchLabels":{{"app":"web"}}}},"topologyKey":"zone"{more}}}]}}}}"#
    )
}

#[test]
fn namespaces_of_pod_terms() {
    let ns = |name: &str| {
        format!(
            r#"{{"kind":"Namespace","metadata":{{"name":"{name}","labels":{{"team":"{name}"}}}}}}"#
        )
    };
    let (d, e) = (ns("d"), ns("e"));
    let by_team = r#","namespaceSelector":{"matchLabels":{"team":"e"}}"#;
    let by_name = r#","namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"d"}}"#;
    for (more, spaces, expected, gap) in [
        ("", vec![], Some(vec!["d"]), false),
        (r#","namespaces":["x","d"]"#, vec![], Some(vec!["d", "x"]), false),
        (r#","namespaceSelector":{}"#, vec![], None, false),
        (by_team, vec![&d, &e], Some(vec!["e"]), false),
        (by_team, vec![&e], Some(vec!["e"]), true),
        (by_team, vec![], Some(vec![]), true),
        (by_name, vec![], Some(vec!["d"]), false),
    ] {
        let p = pod("p", &term(more));
        let mut inputs = vec![NODE, &p];
        inputs.extend(spaces.iter().map(|s| s.as_str()));
        let loaded = load(&inputs);
        let c = &loaded.cluster;
        let found = match &only(&loaded).1.anti_affinity[0].namespaces {
            NamespaceSet::All => None,
            NamespaceSet::Of(list) => {
                let mut names: Vec<_> = list.iter().map(|&n| c.str(n)).collect();
                names.sort_unstable();
                Some(names)
            }
        };
        assert_eq!((found, !gaps(c).is_empty()), (expected, gap), "{more}");
    }
}

#[test]
fn label_keys_are_merged_into_selectors_once() {
    let merged = |more: &str| {
        let loaded = load(&[NODE, &pod("p", &term(more))]);
        only(&loaded).1.anti_affinity[0].selector.all.len()
    };
    assert_eq!(merged(""), 1);
    assert_eq!(merged(r#","matchLabelKeys":["pod-template-hash"]"#), 2);
    assert_eq!(merged(r#","matchLabelKeys":["app"]"#), 1, "it is there already");
    assert_eq!(merged(r#","matchLabelKeys":["absent"]"#), 1);
    assert_eq!(merged(r#","mismatchLabelKeys":["pod-template-hash"]"#), 2);
    let loaded = load(&[
        NODE,
        &pod("p", &term("").replace(r#""labelSelector":{"matchLabels":{"app":"web"}},"#, "")),
    ]);
    assert!(only(&loaded).1.anti_affinity[0].selector.never, "no selector matches nothing");
}

#[test]
fn spread_constraints_keep_all_their_fields() {
    let p = pod(
        "p",
        r#""topologySpreadConstraints":[
        {"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"ScheduleAnyway"},
        {"maxSkew":2,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule","minDomains":3,"nodeAffinityPolicy":"Ignore",
         "nodeTaintsPolicy":"Honor","labelSelector":{"matchExpressions":[{"key":"app","operator":"Exists"}]},"matchLabelKeys":["pod-template-hash"]},
        {"maxSkew":1,"topologyKey":"kubernetes.io/hostname","whenUnsatisfiable":"DoNotSchedule"}]"#,
    );
    let loaded = load(&[NODE, &p]);
    let spread = &only(&loaded).1.spread;
    assert_eq!(spread.len(), 2);
    let s = &spread[0];
    assert_eq!((s.max_skew, s.min_domains, s.selector.all.len()), (2, 3, 2));
    assert_eq!(
        (s.node_affinity_policy, s.node_taints_policy),
        (NodePolicy::Ignore, NodePolicy::Honor)
    );
    let s = &spread[1];
    assert_eq!((s.min_domains, s.selector.never), (1, true));
    assert_eq!(
        (s.node_affinity_policy, s.node_taints_policy),
        (NodePolicy::Honor, NodePolicy::Ignore)
    );
    let soft = &only(&loaded).1.soft;
    assert_eq!((soft.spread.len(), soft.spread[0].max_skew, soft.spread_is_default), (1, 1, false));
}

#[test]
fn node_affinity_with_every_operator() {
    let nodes = ["1", "5", "x"]
        .map(|size| NODE.replace("\"a\"", &format!("\"n{size}\"")).replace("z1", size));
    let fits = |expression: &str| {
        let spec = format!(
            r#""affinity":{{"nodeAffinity":{{"requiredDuringSchedulingIgnoredDuringExecution":{{"nodeSelectorTerms":[{expression}]}}}}}}"#
        );
        let p = pod("p", &spec).replace(r#""nodeName":"a","#, "");
        let loaded = load(&[&nodes[0], &nodes[1], &nodes[2], &p]);
        let c = &loaded.cluster;
        let selector = &only(&loaded).1.node_selector;
        c.nodes()
            .iter()
            .map(|n| u8::from(selector.matches(n.name, &n.labels, c.names())))
            .collect::<Vec<_>>()
    };
    let on = |op: &str, values: &str| {
        fits(&format!(
            r#"{{"matchExpressions":[{{"key":"zone","operator":"{op}","values":{values}}}]}}"#
        ))
    };
    assert_eq!(on("In", r#"["1","x"]"#), [1, 0, 1]);
    assert_eq!(on("NotIn", r#"["1","x"]"#), [0, 1, 0]);
    assert_eq!(on("Exists", "null"), [1, 1, 1]);
    assert_eq!(on("DoesNotExist", "[]"), [0, 0, 0]);
    assert_eq!(on("Gt", r#"["1"]"#), [0, 1, 0]);
    assert_eq!(on("Lt", r#"["5"]"#), [1, 0, 0]);
    assert_eq!(
        fits(r#"{"matchFields":[{"key":"metadata.name","operator":"In","values":["n5"]}]}"#),
        [0, 1, 0]
    );
    assert_eq!(
        fits(r#"{"matchFields":[{"key":"metadata.name","operator":"NotIn","values":["n5"]}]}"#),
        [1, 0, 1]
    );
    assert_eq!(fits("{}"), [0, 0, 0]);
    assert_eq!(fits(""), [0, 0, 0]);
}

#[test]
fn tolerations_keep_their_blanks() {
    let p = pod(
        "p",
        r#""tolerations":[{"operator":"Exists"},{"key":"k","value":"v","effect":"NoExecute","tolerationSeconds":300},{"key":"k"}]"#,
    );
    let loaded = load(&[NODE, &p]);
    let t = &only(&loaded).1.tolerations;
    assert!(t[0].key.is_none() && t[0].value.is_none() && t[0].effect.is_none());
    assert_eq!(t[1].seconds, Some(300));
    assert_eq!(t[2].value.map(|v| loaded.cluster.str(v)), Some(""), "Equal to the empty value");
}

#[test]
fn cordons_and_taints_of_nodes() {
    let node = NODE.replacen(
        "\"status\"",
        r#""spec":{"unschedulable":true,"taints":[{"key":"gpu","value":"true","effect":"NoSchedule"}]},"status""#,
        1,
    );
    let loaded = load(&[&node]);
    let n = loaded.cluster.node(NodeId(0));
    assert!(n.unschedulable);
    assert_eq!((loaded.cluster.str(n.taints[0].key), n.taints.len()), ("gpu", 1));
    assert_eq!(n.allocatable.as_slice(), [4000, 8 << 30, 0, 110]);
}

#[test]
fn conditions_bring_the_taints_that_the_node_controller_gives() {
    let status = |conditions: &str| {
        NODE.replacen("\"status\":{", &format!("\"status\":{{\"conditions\":[{conditions}],"), 1)
    };
    let taints = |node: &str| {
        let loaded = load(&[node]);
        let taints = &loaded.cluster.node(NodeId(0)).taints;
        taints.iter().map(|t| loaded.cluster.str(t.key).to_owned()).collect::<Vec<_>>()
    };
    let disk =
        r#"{"type":"DiskPressure","status":"True"},{"type":"MemoryPressure","status":"False"}"#;
    assert_eq!(taints(&status(disk)), ["node.kubernetes.io/disk-pressure"]);
    let there = status(disk).replacen(
        "\"status\":{",
        r#""spec":{"taints":[{"key":"node.kubernetes.io/disk-pressure","effect":"NoSchedule"}]},"status":{"#,
        1,
    );
    assert_eq!(taints(&there), ["node.kubernetes.io/disk-pressure"]);
}

#[test]
fn leases_of_the_control_plane_say_who_leads() {
    let lease = |namespace: &str, name: &str, spec: &str| {
        format!(
            r#"{{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{{"name":"{name}","namespace":"{namespace}"}},"spec":{{{spec}}}}}"#
        )
    };
    let led = |leases: &[String]| -> Vec<(Component, String, Option<i64>)> {
        let mut all = vec![NODE];
        all.extend(leases.iter().map(String::as_str));
        let c = load(&all).cluster;
        c.leaders().iter().map(|l| (l.part, c.str(l.host).to_owned(), l.lease_ms)).collect()
    };
    let held = r#""holderIdentity":"m1_0d","leaseDurationSeconds":30"#;
    let scheduler = lease("kube-system", "kube-scheduler", held);
    let manager =
        lease("kube-system", "kube-controller-manager", r#""holderIdentity":"m2.local_7_x""#);
    let found = led(&[scheduler, manager]);
    assert_eq!(found[0], (Component::Scheduler, "m1".into(), Some(30_000)));
    assert_eq!(found[1], (Component::ControllerManager, "m2.local".into(), None));
    // Of others, of nodes, and where nobody holds it: nothing.
    let none = [
        lease("kube-node-lease", "kube-scheduler", held),
        lease("kube-system", "apiserver-x", held),
        lease("kube-system", "kube-scheduler", r#""holderIdentity":"""#),
        lease("kube-system", "kube-scheduler", ""),
    ];
    for one in none {
        assert!(led(std::slice::from_ref(&one)).is_empty(), "{one}");
    }
}
