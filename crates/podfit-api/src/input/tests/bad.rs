use super::*;

/// Opens a document that must be refused; each wanted line is `code place cause-or-fix-part`.
fn refuse(text: &str, wanted: &[(&str, &str, &str)]) {
    let errors = open(text).expect_err(text);
    let all = lines(&errors);
    assert_eq!(errors.len(), wanted.len(), "{text}\n{all}");
    for ((code, place, part), e) in wanted.iter().zip(&errors) {
        assert_eq!((e.code, e.place.as_str()), (*code, *place), "{text}\n{all}");
        assert!(e.to_string().contains(part), "{part:?} in\n{all}");
    }
}

fn refuse_body(body: &str, wanted: &[(&str, &str, &str)]) {
    refuse(&document(&format!("{TWO_NODES}{body}")), wanted);
}

#[test]
fn one_fault_one_error_with_place_and_suggestion() {
    for (body, code, place, part) in [
        ("workload: []", "unknown-field", "f.yaml:6:1: workload", "did you mean workloads?"),
        (
            "workloads: [{name: w, replics: 3}]",
            "unknown-field",
            "f.yaml:6:23: workloads[0].replics",
            "did you mean replicas?",
        ),
        (
            "workloads: [{name: w, on: [n1]}]",
            "unknown-field",
            "f.yaml:6:23: workloads[0].on",
            "did you mean runsOn?",
        ),
        (
            "workloads: [{name: w, zzz: 1}]",
            "unknown-field",
            "f.yaml:6:23: workloads[0].zzz",
            "known are name, namespace",
        ),
        (
            "pods: [{name: w, replicas: 1}]",
            "unknown-field",
            "f.yaml:6:18: pods[0].replicas",
            "remove it",
        ),
        (
            "workloads: [{name: w, affinity: {podAntiAfinity: {}}}]",
            "unknown-field",
            "f.yaml:6:34: workloads[0].affinity.podAntiAfinity",
            "did you mean podAntiAffinity?",
        ),
        (
            "workloads: [{name: w, runsOn: [n3]}]",
            "unknown-node",
            "f.yaml:6:32: workloads[0].runsOn[0]",
            "\"n3\"",
        ),
        (
            "workloads: [{name: w, runsOn: [A]}]",
            "unknown-node",
            "f.yaml:6:32: workloads[0].runsOn[0]",
            "\"A\"",
        ),
        (
            "workloads: [{name: w, nodeName: elsewhere}]",
            "unknown-node",
            "f.yaml:6:33: workloads[0].nodeName",
            "name a node",
        ),
        (
            "workloads: [{name: w, runsOn: n1}]",
            "wrong-type",
            "f.yaml:6:31: workloads[0].runsOn",
            "not a list",
        ),
        (
            "workloads: [{name: w, replicas: '3'}]",
            "wrong-type",
            "f.yaml:6:33: workloads[0].replicas",
            "whole number",
        ),
        (
            "workloads: [{name: w, replicas: 1.5}]",
            "wrong-type",
            "f.yaml:6:33: workloads[0].replicas",
            "1.5",
        ),
        (
            "workloads: [{name: w, replicas: -1}]",
            "out-of-range",
            "f.yaml:6:33: workloads[0].replicas",
            "0 to 1000000",
        ),
        (
            "workloads: [{name: w, replicas: 1000001}]",
            "out-of-range",
            "f.yaml:6:33: workloads[0].replicas",
            "1000001",
        ),
        (
            "workloads: [{name: w, replicas: 1, runsOn: [n1, n2]}]",
            "too-many-places",
            "f.yaml:6:44: workloads[0].runsOn",
            "2 nodes for 1",
        ),
        (
            "workloads: [{name: w, requests: {cpu: 1x}}]",
            "quantity-invalid",
            "f.yaml:6:39: workloads[0].requests.cpu",
            "not a quantity",
        ),
        (
            "workloads: [{name: w, requests: {memory: -1}}]",
            "quantity-negative",
            "f.yaml:6:42: workloads[0].requests.memory",
            "negative",
        ),
        (
            "workloads: [{name: w, requests: {mem: 1}}]",
            "unknown-resource",
            "f.yaml:6:39: workloads[0].requests.mem",
            "did you mean mem",
        ),
        (
            "workloads: [{name: w, requests: {pods: 2}}]",
            "unknown-resource",
            "f.yaml:6:33: workloads[0].requests",
            "one slot",
        ),
        (
            "workloads: [{name: w, requests: {nvidia.com/gpu: 0.5}}]",
            "quantity-fraction",
            "f.yaml:6:50: workloads[0].requests[\"nvidia.com/gpu\"]",
            "whole",
        ),
        (
            "workloads: [{name: w, requests: [1]}]",
            "wrong-type",
            "f.yaml:6:33: workloads[0].requests",
            "not a map",
        ),
        (
            "workloads: [{name: w, gpu: 1.5}]",
            "gpu-request-invalid",
            "f.yaml:6:28: workloads[0].gpu",
            "1.5 cards",
        ),
        (
            "workloads: [{name: w, gpu: 0.0005}]",
            "gpu-request-invalid",
            "f.yaml:6:28: workloads[0].gpu",
            "thousandths",
        ),
        (
            "workloads: [{name: w, gpu: 70000}]",
            "gpu-request-invalid",
            "f.yaml:6:28: workloads[0].gpu",
            "70000",
        ),
        (
            "workloads: [{name: w, gpu: -1}]",
            "quantity-negative",
            "f.yaml:6:28: workloads[0].gpu",
            "negative",
        ),
        (
            "workloads: [{name: w, gpuModels: [T4]}]",
            "gpu-request-invalid",
            "f.yaml:6:34: workloads[0].gpuModels",
            "without gpu",
        ),
        (
            "workloads: [{name: w, gpu: 1, runsOn: [n2]}]",
            "cards-overfull",
            "f.yaml:6:13: workloads[0] (pod w-0)",
            "n2",
        ),
        (
            "workloads: [{name: w, priority: 3000000000}]",
            "out-of-range",
            "f.yaml:6:33: workloads[0].priority",
            "3000000000",
        ),
        (
            "workloads: [{name: w, kind: Cronjob}]",
            "value-unknown",
            "f.yaml:6:29: workloads[0].kind",
            "use Deployment, StatefulSet",
        ),
        (
            "workloads: [{name: w, kind: DaemonSet, replicas: 2}]",
            "daemonset-replicas",
            "f.yaml:6:50: workloads[0].replicas",
            "leave replicas out",
        ),
        (
            "workloads: [{name: w}, {name: w, kind: Job}]",
            "duplicate-name",
            "f.yaml:6:24: workloads[1]",
            "f.yaml:6:13: workloads[0]",
        ),
        (
            "workloads: [{name: w}]\npods: [{name: w-0}]",
            "duplicate-name",
            "f.yaml:7:8: pods[0] (pod default/w-0)",
            "two pods",
        ),
        ("workloads: [{replicas: 1}]", "name-missing", "f.yaml:6:13: workloads[0]", "name it"),
        ("workloads: [{name: 12}]", "wrong-type", "f.yaml:6:20: workloads[0].name", "quotes"),
        ("workloads: [{name: a b}]", "name-invalid", "f.yaml:6:20: workloads[0].name", "a b"),
        ("workloads: [{name: ''}]", "value-empty", "f.yaml:6:20: workloads[0].name", "empty"),
        ("workloads: [7]", "wrong-type", "f.yaml:6:13: workloads[0]", "7 is not a map"),
        ("workloads: {name: w}", "wrong-type", "f.yaml:6:12: workloads", "not a list"),
        (
            "workloads: [{name: w, labels: {a: 1}}]",
            "wrong-type",
            "f.yaml:6:13: workloads[0].labels.a",
            "quotes",
        ),
        (
            "workloads: [{name: w, labels: {a: {}}}]",
            "wrong-type",
            "f.yaml:6:35: workloads[0].labels.a",
            "single value",
        ),
        (
            "workloads: [{name: w, tolerations: {}}]",
            "wrong-type",
            "f.yaml:6:36: workloads[0].tolerations",
            "not a list",
        ),
        (
            "workloads: [{name: w, tolerations: [{operator: Is}]}]",
            "operator-unknown",
            "f.yaml:6:13: workloads[0].tolerations[0].operator",
            "use Equal",
        ),
        (
            "workloads: [{name: w, hostPorts: [0]}]",
            "out-of-range",
            "f.yaml:6:35: workloads[0].hostPorts[0]",
            "1 to 65535",
        ),
        (
            "workloads: [{name: w, hostPorts: [{port: 1, protocol: udp}]}]",
            "value-unknown",
            "f.yaml:6:55: workloads[0].hostPorts[0].protocol",
            "TCP, UDP",
        ),
        (
            "workloads: [{name: w, volumes: [{class: nfs}]}]",
            "value-missing",
            "f.yaml:6:33: workloads[0].volumes[0]",
            "no claim",
        ),
        (
            "workloads: [{name: w, volumes: [{claim: c, node: n9}]}]",
            "unknown-node",
            "f.yaml:6:50: workloads[0].volumes[0].node",
            "n9",
        ),
        (
            "pods: [{name: p, cards: [0], gpu: 1}]",
            "card-unknown",
            "f.yaml:6:25: pods[0].cards",
            "pending",
        ),
        (
            "pods: [{name: p, node: n1, cards: [5], gpu: 1}]",
            "card-unknown",
            "f.yaml:6:8: pods[0] (pod p)",
            "no card 5",
        ),
        ("device: {model: pro-gpu}", "device-and-nodes", "f.yaml:4:3: nodes", "leave one"),
    ] {
        refuse_body(body, &[(code, place, part)]);
    }
}

#[test]
fn faults_of_nodes() {
    for (node, code, place, part) in [
        ("name: a", "allocatable-missing", "f.yaml:3:9: nodes[0]", "cpu"),
        (
            "name: a, allocatable: {cpu: 1}",
            "allocatable-missing",
            "f.yaml:3:32: nodes[0].allocatable",
            "memory",
        ),
        (
            "name: a, allocatable: {cpu: 1, memory: 1}, unschedulable: 'no'",
            "wrong-type",
            "f.yaml:3:68: nodes[0].unschedulable",
            "true or false",
        ),
        (
            "name: a, allocatable: {cpu: 1, memory: 1}, taints: [{key: k, effect: Never}]",
            "effect-unknown",
            "f.yaml:3:9: nodes[0].taints[0].effect",
            "NoSchedule",
        ),
        (
            "name: a, allocatable: {cpu: 1, memory: 1}, gpus: {count: 2000}",
            "out-of-range",
            "f.yaml:3:67: nodes[0].gpus.count",
            "1024",
        ),
        (
            "name: a, allocatable: {cpu: 1, memory: 1}, gpus: {model: T4}",
            "value-missing",
            "f.yaml:3:59: nodes[0].gpus",
            "count",
        ),
        (
            "name: a, allocatable: {cpu: 1, memory: 9Ei}",
            "amount-out-of-range",
            "f.yaml:3:49: nodes[0].allocatable.memory",
            "2^63",
        ),
        ("allocatable: {cpu: 1, memory: 1}", "name-missing", "f.yaml:3:9: nodes[0]", "name it"),
        (
            "name: a, allocatable: {cpu: 1, memory: 1}}, {name: a, allocatable: {cpu: 1, memory: 1}",
            "duplicate-name",
            "f.yaml:3:54: nodes[1] (node a)",
            "two nodes",
        ),
    ] {
        let mut wanted = vec![(code, place, part)];
        if node == "name: a" {
            wanted.push((code, place, "memory"));
        }
        refuse(&document(&format!("nodes: [{{{node}}}]\n")), &wanted);
    }
}

#[test]
fn faults_of_a_device() {
    for (device, code, place, part) in [
        ("{model: pro-gpv}", "unknown-model", "f.yaml:3:17: device.model", "pro-gpu"),
        ("{nodes: 2}", "value-missing", "f.yaml:3:9: device", "model"),
        ("{model: pro-gpu, nodes: 3}", "node-count", "f.yaml:3:9: device.nodes", "not 3"),
        (
            "{model: pro-gpu, worker: {cpu: 130%}}",
            "percent-out-of-range",
            "f.yaml:3:9: device.worker.cpu",
            "130",
        ),
        (
            "{model: pro-gpu, worker: {cpu: x%}}",
            "percent-invalid",
            "f.yaml:3:40: device.worker.cpu",
            "30%",
        ),
        (
            "{model: pro-gpu, worker: {cpuBasis: all}}",
            "value-unknown",
            "f.yaml:3:45: device.worker.cpuBasis",
            "usableVcpu",
        ),
        ("{model: pro-gpu, sizing: {}}", "unknown-field", "f.yaml:3:26: device.sizing", "worker"),
        (
            "{model: pro-gpu, otherVms: [{name: v, host: B, vcpu: 1, memory: 1Gi}]}",
            "unknown-host",
            "f.yaml:3:9: device.otherVms[0].host",
            "no host B",
        ),
        (
            "{model: pro-gpu, otherVms: [{name: v, host: A, vcpu: 1}]}",
            "value-missing",
            "f.yaml:3:37: device.otherVms[0]",
            "no memory",
        ),
        (
            "{model: pro-gpu, kubeletReserve: {memory: 900Gi}}",
            "reserve-too-large",
            "f.yaml:3:9: device.kubeletReserve.memory",
            "smallest",
        ),
    ] {
        let text = document(&format!("device: {device}\nworkloads: [{{name: w, runsOn: [A]}}]\n"));
        refuse(&text, &[(code, place, part)]);
    }
}

#[test]
fn faults_of_the_head_and_of_the_text() {
    let nodes = "nodes: [{name: a, allocatable: {cpu: 1, memory: 1}}]\n";
    refuse(
        &format!("apiVersion: podfit/v2\nkind: Cluster\n{nodes}"),
        &[("version-unknown", "f.yaml:1:13: apiVersion", "write podfit/v1")],
    );
    refuse(
        &format!("apiVersion: podfit/v1\n{nodes}"),
        &[("version-unknown", "f.yaml:1:1", "no kind")],
    );
    refuse("apiVersion: podfit/v1\nkind: Cluster\n", &[("no-nodes", "f.yaml:1:1", "neither")]);
    refuse(&document("nodes: []"), &[("no-nodes", "f.yaml:3:8: nodes", "empty")]);
    refuse(&document("nodes: [{name: a, name: b}]"), &[("duplicate-key", "f.yaml:3:19", "name")]);
    refuse(
        &document(&format!("{nodes}---\na: b\n")),
        &[("several-documents", "f.yaml:4:1", "stands alone")],
    );
    refuse(&document("nodes: [}"), &[("syntax", "f.yaml:3:8", "mend the YAML")]);
    let json = r#"{"apiVersion": "podfit/v1", "kind": "Cluster", "nodes": [}"#;
    refuse(json, &[("syntax", "f.yaml:1:58", "mend the JSON")]);
    let json = r#"{"apiVersion": "podfit/v1", "kind": "Cluster", "kind": "Cluster"}"#;
    refuse(json, &[("duplicate-key", "f.yaml:1:65", "kind")]);
    let json = r#"{"apiVersion": "podfit/v1", "kind": "Cluster", "nodes": [{"nam": "a"}]} x"#;
    refuse(json, &[("syntax", "f.yaml:1:73", "trailing")]);
}

#[test]
fn all_faults_come_at_once() {
    let text = document(
        "nodes:
  - {name: a, allocatable: {cpu: eight, memory: 32Gi}, lables: {}}
  - {name: a, allocatable: {cpu: 8, memory: 32Gi}}
workloads:
  - name: web
    replicas: many
    runsOn: [a, b]
    requests: {cpu: -1, memory: 1GiB}
    affinity:
      podAntiAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          - {labelSelector: {matchlabels: {app: web}}}
  - {name: web, gpu: 1}
pods:
  - {nam: shell}
",
    );
    let term =
        "workloads[0].affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]";
    refuse(
        &text,
        &[
            ("unknown-field", "f.yaml:4:56: nodes[0].lables", "did you mean labels?"),
            ("quantity-invalid", "f.yaml:4:34: nodes[0].allocatable.cpu", "eight"),
            ("unknown-field", "f.yaml:17:6: pods[0].nam", "did you mean name?"),
            ("quantity-negative", "f.yaml:10:21: workloads[0].requests.cpu", "-1"),
            ("quantity-invalid", "f.yaml:10:33: workloads[0].requests.memory", "1GiB"),
            (
                "unknown-field",
                &format!("f.yaml:14:30: {term}.labelSelector.matchlabels"),
                "matchLabels?",
            ),
            ("topology-key-missing", &format!("f.yaml:7:5: {term}.topologyKey"), "node label"),
            ("unknown-node", "f.yaml:9:17: workloads[0].runsOn[1]", "name a node"),
            ("wrong-type", "f.yaml:8:15: workloads[0].replicas", "many"),
            ("gpu-without-cards", "f.yaml:15:22: workloads[1].gpu", "gpus: {count"),
            ("duplicate-name", "f.yaml:15:5: workloads[1]", "f.yaml:7:5: workloads[0]"),
            ("name-missing", "f.yaml:17:5: pods[0]", "name it"),
            ("duplicate-name", "f.yaml:5:5: nodes[1] (node a)", "two nodes"),
        ],
    );
}

#[test]
fn too_many_pods_are_counted_not_built() {
    let body = format!(
        "{TWO_NODES}workloads:\n  - {{name: a, replicas: 999999}}\n  - {{name: b, replicas: 1000000}}\n"
    );
    let errors = open(&document(&body)).expect_err("too many");
    assert_eq!(errors[0].code, "too-many-pods");
    assert!(errors[0].cause.contains("1999999"), "{}", errors[0].cause);
}

#[test]
fn budgets_policies_and_preferences_are_checked() {
    let budget = "{name: b, selector: {}, allowed: 1}";
    for (body, code, place, part) in [
        (
            "budgets: [{name: b, allowed: 1}]",
            "value-missing",
            "f.yaml:6:11: budgets[0]",
            "no selector",
        ),
        (
            "budgets: [{name: b, selector: {}}]",
            "value-missing",
            "f.yaml:6:11: budgets[0]",
            "allowed: 1",
        ),
        (
            "budgets: [{selector: {}, allowed: 1}]",
            "name-missing",
            "f.yaml:6:11: budgets[0]",
            "name it",
        ),
        (
            "budgets: [{name: b, selector: {}, allowed: -1}]",
            "out-of-range",
            "f.yaml:6:44: budgets[0].allowed",
            "0 to",
        ),
        (
            "budgets: [{name: b, selector: {app: web}, allowed: 1}]",
            "unknown-field",
            "f.yaml:6:32: budgets[0].selector.app",
            "matchLabels",
        ),
        (
            "budgets: [{name: b, selector: {}, disruptionsAllowed: 1, allowed: 1}]",
            "unknown-field",
            "f.yaml:6:35: budgets[0].disruptionsAllowed",
            "did you mean allowed?",
        ),
        (
            &format!("budgets: [{budget}, {budget}]"),
            "duplicate-name",
            "f.yaml:6:48: budgets[1]",
            "called b",
        ),
        (
            "workloads: [{name: w, preemptionPolicy: Always}]",
            "value-unknown",
            "f.yaml:6:41: workloads[0].preemptionPolicy",
            "use PreemptLowerPriority, Never",
        ),
        (
            "workloads: [{name: w, schedulingGates: [wait]}]",
            "wrong-type",
            "f.yaml:6:41: workloads[0].schedulingGates[0]",
            "is not a map",
        ),
        (
            "workloads: [{name: w, affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 101, podAffinityTerm: {topologyKey: k}}]}}}]",
            "out-of-range",
            "f.yaml:6:13: workloads[0].affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight",
            "from 1 to 100",
        ),
        (
            "workloads: [{name: w, affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weigth: 1, weight: 1}]}}}]",
            "unknown-field",
            "f.yaml:6:100: workloads[0].affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weigth",
            "did you mean weight?",
        ),
    ] {
        refuse_body(body, &[(code, place, part)]);
    }
}

#[test]
fn a_control_plane_with_every_fault_at_once() {
    let body = "controlPlane:
  servers: [m1, m1, 'a b', n1]
  etcd: [e1, e2]
  etcdServers: {m1: [e9], zz: [e1], n1: []}
  balancers: [e1]
  down: ['m1', 'm1:etdc', 'm1:etcd', 'e1:etcd']
  leadersAsk: nobody
  lease: {durationSeconds: 5, renewDeadlineSeconds: 10, retryPeriodSeconds: 9}
";
    refuse_body(
        body,
        &[
            ("duplicate-name", "f.yaml:7:17: controlPlane.servers[1]", "named twice"),
            ("name-invalid", "f.yaml:7:21: controlPlane.servers[2]", "no name of a machine"),
            ("duplicate-name", "f.yaml:10:14: controlPlane.balancers", "and a balancer"),
            ("unknown-machine", "f.yaml:9:21: controlPlane.etcdServers.m1", "known: e1, e2"),
            ("unknown-machine", "f.yaml:9:31: controlPlane.etcdServers.zz", "known: m1, n1"),
            ("no-members", "f.yaml:9:41: controlPlane.etcdServers.n1", "no member"),
            ("value-unknown", "f.yaml:11:10: controlPlane.down[0]", "m1:etcd"),
            ("unknown-component", "f.yaml:11:16: controlPlane.down[1]", "parts: kube-apiserver"),
            ("unknown-machine", "f.yaml:11:27: controlPlane.down[2]", "known: e1, e2"),
            ("value-unknown", "f.yaml:12:15: controlPlane.leadersAsk", "own-server, balancer"),
            ("lease-invalid", "f.yaml:13:10: controlPlane.lease", "greater than the renew"),
            ("lease-invalid", "f.yaml:13:10: controlPlane.lease", "times 1.2"),
        ],
    );
    refuse_body(
        "controlPlane: {etcd: nowhere}",
        &[
            ("no-members", "f.yaml:6:15: controlPlane", "servers: [m1, m2, m3]"),
            ("value-unknown", "f.yaml:6:22: controlPlane.etcd", "stacked, elsewhere"),
        ],
    );
    let many: Vec<String> = (0..65).map(|i| format!("m{i}")).collect();
    refuse_body(
        &format!("controlPlane: {{servers: [{}]}}", many.join(", ")),
        &[
            ("too-many", "f.yaml:6:25: controlPlane.servers", "64 may be"),
            ("no-members", "f.yaml:6:25: controlPlane.servers", "no server"),
        ],
    );
    refuse(
        &document("device: {model: pro-gpu}\ncontrolPlane: {servers: [m1]}"),
        &[("device-and-control-plane", "f.yaml:4:15: controlPlane", "leave controlPlane out")],
    );
}
