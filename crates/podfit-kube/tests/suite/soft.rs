//! What only scores, and what a pod's class and state say.

use super::*;
use podfit::model::{Cluster, NodeId, NodePolicy, PodId, ResourceId, Shape, Spread};

fn shape(loaded: &Loaded) -> &Shape {
    loaded.cluster.shape_of(PodId(0))
}

fn keys<'c>(c: &'c Cluster, spread: &[Spread]) -> Vec<(&'c str, i64)> {
    spread.iter().map(|s| (c.str(s.topology_key), s.max_skew)).collect()
}

#[test]
fn preferred_terms_keep_weight_and_sign() {
    let p = pod(
        "p",
        r#""affinity":{
        "nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[
            {"weight":100,"preference":{"matchFields":[{"key":"metadata.name","operator":"In","values":["a"]}]}},
            {"weight":7,"preference":{}}]},
        "podAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[
            {"weight":1,"podAffinityTerm":{"topologyKey":"zone","labelSelector":{"matchLabels":{"app":"web"}},"matchLabelKeys":["pod-template-hash"]}}]},
        "podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[
            {"weight":50,"podAffinityTerm":{"topologyKey":"host","namespaceSelector":{"matchLabels":{"team":"x"}},"labelSelector":{}}}]}}"#,
    );
    let ns = |name: &str, team: &str| {
        format!(
            r#"{{"kind":"Namespace","metadata":{{"name":"{name}","labels":{{"team":"{team}"}}}}}}"#
        )
    };
    let loaded = load(&[NODE, &p, &ns("d", "y"), &ns("e", "x")]);
    let (c, soft) = (&loaded.cluster, &shape(&loaded).soft);
    assert_eq!((soft.nodes.len(), soft.nodes[0].0, soft.nodes[0].1.names.len()), (1, 100, 1));
    let (near, far) = (&soft.pods[0], &soft.pods[1]);
    assert_eq!((near.0, c.str(near.1.topology_key), near.1.selector.all.len()), (1, "zone", 2));
    assert_eq!((far.0, c.str(far.1.topology_key)), (-50, "host"));
    assert!(near.1.matches(shape(&loaded), c.names()));
    assert!(!far.1.matches(shape(&loaded), c.names()), "its namespace is of another team");
    assert!(loaded.not_evaluated.iter().all(|s| !s.contains("preferred")));
    // Without the namespaces' labels the term is scored as if nobody were meant: no gap, but it is said.
    let loaded = load(&[NODE, &p]);
    assert!(loaded.cluster.pods()[0].gaps.is_empty());
    assert!(loaded.not_evaluated.iter().any(|s| s.contains("preferred pod affinity")));
}

const RS: &str = r#"{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web-h1","namespace":"d"},
    "spec":{"replicas":1,"selector":{"matchExpressions":[{"key":"app","operator":"In","values":["web"]}]}}}"#;

fn owned(api: &str, kind: &str, name: &str, labels: &str, spec: &str) -> String {
    format!(
        r#"{{"kind":"Pod","metadata":{{"name":"p","namespace":"d","labels":{labels},"ownerReferences":[
        {{"apiVersion":"{api}","kind":"{kind}","name":"{name}","controller":true}}]}},"spec":{{"nodeName":"a",{CONTAINER}{spec}}}}}"#
    )
}

#[test]
fn pods_without_constraints_get_the_schedulers_own() {
    let labels = r#"{"app":"web","pod-template-hash":"h1","tier":"x"}"#;
    let p = owned("apps/v1", "ReplicaSet", "web-h1", labels, "");
    let service = |name: &str, selector: &str| {
        format!(
            r#"{{"apiVersion":"v1","kind":"Service","metadata":{{"name":"{name}","namespace":"d"}},"spec":{{{selector}}}}}"#
        )
    };
    let tier = service("s", r#""selector":{"tier":"x"}"#);
    let other = service("o", r#""selector":{"tier":"y"}"#);
    let external = service("e", "");
    let loaded = load(&[NODE, &p, RS, &tier, &other, &external]);
    let (c, soft) = (&loaded.cluster, &shape(&loaded).soft);
    assert!(soft.spread_is_default && shape(&loaded).spread.is_empty());
    let default = [("kubernetes.io/hostname", 3), ("topology.kubernetes.io/zone", 5)];
    assert_eq!(keys(c, &soft.spread), default);
    let selected = |s: &Spread| {
        let mut keys: Vec<_> = s.selector.all.iter().map(|r| c.str(r.key())).collect();
        keys.sort_unstable();
        keys.join(",")
    };
    assert_eq!(selected(&soft.spread[0]), "app,tier");
    let s = &soft.spread[0];
    assert_eq!((s.min_domains, s.node_taints_policy), (1, NodePolicy::Ignore));
    assert!(loaded.not_evaluated.is_empty(), "{:?}", loaded.not_evaluated);

    // Without its ReplicaSet the labels of the pod say the same.
    let loaded = load(&[NODE, &p, &other]);
    assert_eq!(shape(&loaded).soft.spread[0].selector.all.len(), 3);
    assert_eq!(loaded.assumptions.len(), 1, "{:?}", loaded.assumptions);
    // Without any service that is said, once.
    let loaded = load(&[NODE, &p]);
    assert!(loaded.not_evaluated[0].starts_with("services: "), "{:?}", loaded.not_evaluated);
    // A constraint of its own, hard or soft, and the defaults are gone.
    for when in ["DoNotSchedule", "ScheduleAnyway"] {
        let own = format!(
            r#","topologySpreadConstraints":[{{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"{when}"}}]"#
        );
        let loaded = load(&[NODE, &owned("apps/v1", "ReplicaSet", "web-h1", labels, &own), RS]);
        assert!(!shape(&loaded).soft.spread_is_default);
        assert_eq!(shape(&loaded).soft.spread.len(), usize::from(when == "ScheduleAnyway"));
    }
}

#[test]
fn only_the_controllers_that_the_scheduler_asks_give_a_default_spread() {
    let own = r#"{"app":"db","statefulset.kubernetes.io/pod-name":"p","apps.kubernetes.io/pod-index":"0","controller-revision-hash":"r"}"#;
    for (api, kind, requirements, assumed) in [
        ("apps/v1", "StatefulSet", Some(1), true),
        ("v1", "ReplicationController", Some(1), true),
        ("apps/v1", "ReplicaSet", Some(1), true),
        ("apps.kruise.io/v1", "StatefulSet", None, false),
        ("apps/v1", "DaemonSet", None, false),
        ("batch/v1", "Job", None, false),
    ] {
        let loaded = load(&[NODE, &owned(api, kind, "db", own, "")]);
        let spread = &shape(&loaded).soft.spread;
        assert_eq!(spread.first().map(|s| s.selector.all.len()), requirements, "{api} {kind}");
        let said = loaded.assumptions.iter().any(|a| a.contains("spread by default"));
        assert_eq!(said, assumed, "{api} {kind}");
    }
    let rc = r#"{"apiVersion":"v1","kind":"ReplicationController","metadata":{"name":"db","namespace":"d"},
        "spec":{"replicas":4,"selector":{"app":"db","x":"y"}}}"#;
    let loaded = load(&[NODE, &owned("v1", "ReplicationController", "db", own, ""), rc]);
    assert_eq!(shape(&loaded).soft.spread[0].selector.all.len(), 2);
    assert_eq!(loaded.cluster.workloads()[0].replicas, 4);
    assert!(load(&[NODE, &pod("bare", "")]).cluster.shape_of(PodId(0)).soft.spread.is_empty());
}

#[test]
fn images_of_pods_are_looked_for_on_nodes_and_others_dropped() {
    let node = NODE.replacen(
        "\"status\":{",
        r#""status":{"images":[{"names":["reg/web@sha256:1","reg/web:2"],"sizeBytes":1000},{"names":["unused:1"],"sizeBytes":5},
        {"names":["init:latest"],"sizeBytes":7},{"names":null}],"#,
        1,
    );
    let p = pod(
        "p",
        r#""initContainers":[{"image":"init"}],"containers":[{"image":"reg/web:2"},{"image":"gone@sha256:9"}]"#,
    );
    let loaded = load(&[&node, &p]);
    let c = &loaded.cluster;
    let used: Vec<_> = shape(&loaded).soft.images.iter().map(|&i| c.str(i)).collect();
    assert_eq!(used, ["init:latest", "reg/web:2", "gone@sha256:9"]);
    let there: Vec<_> =
        c.node(NodeId(0)).images.iter().map(|&(i, bytes)| (c.str(i), bytes)).collect();
    assert_eq!(there, [("reg/web:2", 1000), ("init:latest", 7)]);
    assert!(shape(&load(&[NODE, &pod("p", r#""containers":[{}]"#)])).soft.images.is_empty());
    let negative = node.replace("1000", "-1");
    assert_eq!(faults(&[&negative])[0].code, "out-of-range");
}

#[test]
fn scores_count_something_for_containers_that_state_nothing() {
    const MI200: i64 = 200 << 20;
    let scored = |spec: &str| {
        let loaded = load(&[NODE, &pod("p", spec)]);
        shape(&loaded).soft.scored
    };
    let full = r#"{"resources":{"requests":{"cpu":"1","memory":"1Gi"}}}"#;
    let cpu = r#"{"resources":{"requests":{"cpu":"1"}}}"#;
    let limit = r#"{"resources":{"limits":{"cpu":"1","memory":"1Gi"}}}"#;
    let zero = r#"{"resources":{"requests":{"cpu":"0","memory":"0"}}}"#;
    for (spec, expected) in [
        (format!(r#""containers":[{full}]"#), None),
        (format!(r#""containers":[{limit}]"#), None),
        (format!(r#""containers":[{zero}]"#), None),
        (r#""containers":[{}]"#.into(), Some([100, MI200])),
        (format!(r#""containers":[{{}},{cpu}]"#), Some([1100, 2 * MI200])),
        (format!(r#""containers":[{full}],"initContainers":[{{}}]"#), None),
        (
            format!(r#""containers":[{full}],"initContainers":[{{"restartPolicy":"Always"}}]"#),
            Some([1100, (1 << 30) + MI200]),
        ),
        (r#""containers":[{}],"overhead":{"cpu":"50m"}"#.into(), Some([150, MI200])),
        // The pod as a whole states CPU: only memory is made up.
        (
            r#""containers":[{},{}],"resources":{"requests":{"cpu":"2"}}"#.into(),
            Some([2000, 2 * MI200]),
        ),
        // … and a container states memory, so nothing is.
        (format!(r#""containers":[{{}},{full}],"resources":{{"requests":{{"cpu":"2"}}}}"#), None),
    ] {
        assert_eq!(scored(&spec), expected, "{spec}");
    }
    let assume = vec![("memory".to_owned(), "1Gi".to_owned())];
    let mut reader = podfit_kube::Reader::new(podfit_kube::Options {
        assume_request: assume,
        ..podfit_kube::Options::default()
    });
    reader.read_slice("n", NODE.as_bytes());
    reader.read_slice("p", pod("p", r#""containers":[{}]"#).as_bytes());
    let loaded = reader.finish().unwrap();
    assert_eq!(shape(&loaded).soft.scored, Some([100, 1 << 30]));
}

/// What arrives is scored by its containers, whatever the pod as a whole requests; what is there by what it holds.
#[test]
fn pod_level_requests_are_not_scored_on_arrival() {
    const MI200: i64 = 200 << 20;
    let [full, none] = [r#"{"resources":{"requests":{"cpu":"1","memory":"1Gi"}}}"#, "{}"];
    let level = r#""resources":{"requests":{"cpu":"2"}}"#;
    for (spec, scored, arriving) in [
        (format!(r#""containers":[{full}]"#), None, None),
        (format!(r#""containers":[{none}]"#), Some([100, MI200]), None),
        (format!(r#""containers":[{full}],{level}"#), None, Some([1000, 1 << 30])),
        (format!(r#""containers":[{none}],{level}"#), Some([2000, MI200]), Some([100, MI200])),
        (
            format!(r#""containers":[{full},{none}],{level},"overhead":{{"cpu":"50m"}}"#),
            None,
            Some([1150, (1 << 30) + MI200]),
        ),
        // The containers make up just that.
        (format!(r#""containers":[{full},{full}],{level}"#), None, None),
    ] {
        let loaded = load(&[NODE, &pod("p", &spec)]);
        let soft = &shape(&loaded).soft;
        assert_eq!((soft.scored, soft.arriving), (scored, arriving), "{spec}");
    }
}

#[test]
fn classes_give_priority_and_policy_to_pods_that_do_not_say() {
    let class = |name: &str, value: i32, more: &str| {
        format!(
            r#"{{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","metadata":{{"name":"{name}"}},"value":{value}{more}}}"#
        )
    };
    let mine = class("mine", 77, r#","preemptionPolicy":"Never""#);
    let (low, high) =
        (class("low", 5, r#","globalDefault":true"#), class("high", 9, r#","globalDefault":true"#));
    let classes = [mine.as_str(), &high, &low];
    let told = |spec: &str, classes: &[&str]| {
        let p = pod("p", spec);
        let loaded = load(&[&[NODE, &p], classes].concat());
        (shape(&loaded).priority, shape(&loaded).preempts)
    };
    assert_eq!(told("", &classes), (5, true), "the lowest default");
    assert_eq!(told("", &[&mine]), (0, true));
    assert_eq!(told(r#""priorityClassName":"mine""#, &classes), (77, false));
    assert_eq!(told(r#""priorityClassName":"mine","priority":3"#, &classes), (3, false));
    assert_eq!(told(r#""priority":3"#, &classes), (3, true));
    let stated = r#""priorityClassName":"mine","preemptionPolicy":"PreemptLowerPriority""#;
    assert_eq!(told(stated, &classes), (77, true));
    assert_eq!(told(r#""preemptionPolicy":"Never""#, &[]), (0, false));
    assert_eq!(told(r#""priorityClassName":"system-node-critical""#, &[]), (2_000_001_000, true));
}

/// A pod with this status, whose one container asks for a core and a sidecar for half of one.
fn resized(status: &str) -> Loaded {
    let spec = r#""containers":[{"name":"c","resources":{"requests":{"cpu":"1","memory":"1Gi"}}}],
        "initContainers":[{"name":"s","restartPolicy":"Always","resources":{"requests":{"cpu":"500m","memory":"1Gi"}}},
        {"name":"i","resources":{"requests":{"cpu":"1"}}}]"#;
    let p = pod("p", spec).replacen("\"spec\"", &format!(r#""status":{{{status}}},"spec""#), 1);
    load(&[NODE, &p])
}

#[test]
fn a_running_pod_holds_the_most_of_spec_and_status_and_its_replacement_asks_the_spec() {
    let statuses = |actual: &str, allocated: &str| {
        format!(
            r#""containerStatuses":[{{"name":"c","resources":{{"requests":{{"cpu":"{actual}"}}}},"allocatedResources":{{"cpu":"{allocated}"}}}}]"#
        )
    };
    let infeasible =
        r#","conditions":[{"type":"PodResizePending","status":"True","reason":"Infeasible"}]"#;
    let cpu = |loaded: &Loaded| {
        let c = &loaded.cluster;
        let pod = PodId(0);
        assert!(c.pod(pod).gaps.is_empty());
        let of = |s: &Shape| s.requests.get(ResourceId::CPU);
        (of(c.shape_of(pod)), of(c.incoming_of(pod)))
    };
    for (status, expected) in [
        (String::new(), (1500, 1500)),
        (statuses("1", "1"), (1500, 1500)),
        (statuses("3", "2"), (3500, 1500)),
        (statuses("2", "3"), (3500, 1500)),
        (statuses("500m", "500m"), (1500, 1500)),
        // Refused for good: the spec counts no more for what is held.
        (statuses("200m", "300m") + infeasible, (1500, 1500)),
        (statuses("600m", "700m") + infeasible, (1500, 1500)),
        (statuses("1200m", "700m") + infeasible, (1700, 1500)),
        (statuses("600m", "700m") + r#","resize":"Infeasible""#, (1500, 1500)),
        // Before 1.33 `allocatedResources` came alone, and does not count.
        (r#""containerStatuses":[{"name":"c","allocatedResources":{"cpu":"9"}}]"#.into(), (1500, 1500)),
        // A sidecar can be resized, an init container cannot.
        (
            r#""initContainerStatuses":[{"name":"s","resources":{"requests":{"cpu":"1"}}},{"name":"i","resources":{"requests":{"cpu":"9"}}}]"#.into(),
            (2000, 1500),
        ),
    ] {
        assert_eq!(cpu(&resized(&status)), expected, "{status}");
    }
    // What is not being resized shares its shape.
    let same = resized(&statuses("1", "1"));
    assert_eq!(same.cluster.pods()[0].shape, same.cluster.pods()[0].incoming);
    let fewer = resized(&(statuses("900m", "100m") + infeasible));
    assert_eq!(cpu(&fewer), (1500, 1500), "the init container keeps it at that");
    let memory = fewer.cluster.shape_of(PodId(0)).requests.get(ResourceId::MEMORY);
    assert_eq!(memory, 1 << 30, "the status states no memory of the container");
}

#[test]
fn pod_level_resizes_count_without_the_overhead() {
    let level = |status: &str| {
        let spec =
            r#""containers":[{}],"resources":{"requests":{"cpu":"1"}},"overhead":{"cpu":"100m"}"#;
        let p = pod("p", spec).replacen("\"spec\"", &format!(r#""status":{{{status}}},"spec""#), 1);
        let loaded = load(&[NODE, &p]);
        let c = &loaded.cluster;
        [c.shape_of(PodId(0)), c.incoming_of(PodId(0))].map(|s| s.requests.get(ResourceId::CPU))
    };
    assert_eq!(level(""), [1100, 1100]);
    assert_eq!(level(r#""resources":{"requests":{"cpu":"2100m"}}"#), [2100, 1100]);
    let both = r#""resources":{"requests":{"cpu":"600m"}},"allocatedResources":{"cpu":"3100m"}"#;
    assert_eq!(level(both), [3100, 1100]);
    let infeasible = r#""resources":{"requests":{"cpu":"600m"}},"conditions":[{"type":"PodResizePending","reason":"Infeasible"}]"#;
    assert_eq!(level(infeasible), [600, 1100]);
}

/// How long a pod takes to go, whether it is the scheduler that deletes it, and where room is made for one that waits.
#[test]
fn what_preemption_left_behind() {
    let read = |spec: &str, metadata: &str, status: &str| {
        let p = format!(
            r#"{{"kind":"Pod","metadata":{{"name":"p"{metadata}}},"spec":{{{CONTAINER}{spec}}},"status":{{{status}}}}}"#
        );
        let loaded = load(&[NODE, &p]);
        let pod = loaded.cluster.pod(PodId(0));
        (pod.grace, pod.preempted, pod.nominated.is_some())
    };
    let seconds = |n: &str| format!(r#","terminationGracePeriodSeconds":{n}"#);
    for (stated, grace) in [("30", 30), ("0", 0), ("3600", 3600), ("-7", 1)] {
        assert_eq!(read(&seconds(stated), "", "").0, grace, "{stated}");
    }
    let name = NODE.split_once(r#""name":""#).and_then(|(_, rest)| rest.split_once('"'));
    let name = name.expect("the node has a name").0;
    let (runs, deleted) =
        (format!(r#","nodeName":"{name}""#), r#","deletionTimestamp":"2026-01-01T00:00:00Z""#);
    let target = |status: &str, reason: &str| {
        format!(
            r#""conditions":[{{"type":"DisruptionTarget","status":"{status}","reason":"{reason}"}}]"#
        )
    };
    let ours = target("True", "PreemptionByScheduler");
    assert_eq!(read(&runs, deleted, &ours), (30, true, false));
    for (metadata, status) in [
        ("", ours.clone()),
        (deleted, String::new()),
        (deleted, target("False", "PreemptionByScheduler")),
        (deleted, target("True", "EvictionByEvictionAPI")),
    ] {
        assert!(!read(&runs, metadata, &status).1, "{metadata} {status}");
    }
    let nominated = |node: &str| format!(r#""nominatedNodeName":"{node}""#);
    assert_eq!(read("", "", &nominated(name)), (30, false, true));
    assert!(!read("", "", &nominated("")).2 && !read("", "", &nominated("gone")).2);
    assert!(!read(&runs, "", &nominated(name)).2, "it has come");
    let text = pod("p", r#""terminationGracePeriodSeconds":"long""#);
    assert!(faults(&[&text])[0].place.ends_with("spec.terminationGracePeriodSeconds"));
}

#[test]
fn ages_and_gates() {
    let p = |name: &str, node: &str, created: &str| {
        format!(
            r#"{{"kind":"Pod","metadata":{{"name":"{name}","creationTimestamp":{created}}},"spec":{{{node}{CONTAINER},"schedulingGates":[{{"name":"g"}}]}},
            "status":{{"startTime":"2022-04-11T22:50:00Z"}}}}"#
        )
    };
    let loaded = load(&[
        NODE,
        &p("runs", r#""nodeName":"a","#, "\"2022-04-11T22:49:59Z\""),
        &p("waits", "", "null"),
        &pod("x", ""),
    ]);
    let told: Vec<_> =
        loaded.cluster.pods().iter().map(|p| (p.created, p.started, p.gated)).collect();
    let at = 1_649_717_400;
    assert_eq!(told, [(at - 1, at, false), (0, at, true), (0, 0, false)]);
    assert!(loaded.cluster.pods().iter().all(|p| p.gaps.is_empty()));
    let wrong = faults(&[NODE, &p("late", "", "\"yesterday\""), &p("x", "", "5")]);
    let codes: Vec<_> = wrong.iter().map(|e| e.code).collect();
    assert_eq!(codes, ["time-invalid", "wrong-type"]);
    assert!(wrong[0].place.ends_with("metadata.creationTimestamp"), "{}", wrong[0].place);
}
