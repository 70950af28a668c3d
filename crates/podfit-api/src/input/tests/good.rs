use super::*;
use podfit::model::{Cluster, NodeId, OwnerKind, PodId, Protocol, ResourceId, Shape};

fn pod(c: &Cluster, name: &str) -> PodId {
    c.pod_ids().find(|&id| c.pod_name(id) == name).unwrap_or_else(|| panic!("no pod {name}"))
}

fn shape<'c>(c: &'c Cluster, name: &str) -> &'c Shape {
    c.shape_of(pod(c, name))
}

fn node_of<'c>(c: &'c Cluster, name: &str) -> Option<&'c str> {
    c.pod(pod(c, name)).node.map(|n| c.node_name(n))
}

#[test]
fn the_examples_read() {
    for (name, text) in EXAMPLES {
        let opened = read(vec![input(name, text.as_bytes())], &OpenOptions::default())
            .unwrap_or_else(|e| panic!("{name}:\n{}", lines(&e)));
        let (nodes, pods) = (opened.cluster.nodes().len(), opened.cluster.pods().len());
        let wanted = match name {
            "two-node-edge.yaml" => (3, 19),
            "ten-node-zones.yaml" => (10, 116),
            _ => (nodes, pods),
        };
        assert_eq!((nodes, pods), wanted, "{name}");
        assert!(nodes > 0 && pods > 0, "{name}");
        let of_device = ["two-node-edge.yaml", "network.yaml"].contains(&name);
        assert_eq!(opened.device.is_some(), of_device, "{name}");
    }
}

/// The dump shows the same device as the document, with system pods besides.
#[test]
fn the_edge_device_and_its_dump_agree() {
    let [ours, dump] = [0, 2].map(|i| {
        let (name, text) = EXAMPLES[i];
        read(vec![input(name, text.as_bytes())], &OpenOptions::default()).unwrap().cluster
    });
    let load = |c: &Cluster, node: &str| {
        let ours = |p: &&PodId| c.str(c.shape_of(**p).namespace) != "kube-system";
        let on: Vec<_> = c.pods_on(c.find_node(node).unwrap()).iter().filter(ours).collect();
        let sum = |id| on.iter().map(|&&p| c.shape_of(p).requests.get(id)).sum::<i64>();
        (sum(ResourceId::CPU), sum(ResourceId::MEMORY), on.len())
    };
    for worker in ["worker-a", "worker-b"] {
        assert_eq!(load(&ours, worker), load(&dump, worker), "{worker}");
    }
}

#[test]
fn replicas_are_named_and_placed_in_order_and_the_rest_is_pending() {
    let o = good(&format!(
        "{TWO_NODES}workloads:\n  - {{name: web, replicas: 3, runsOn: [n2, n1], requests: {{cpu: 0.5, memory: 1Gi}}}}\n  - {{name: lone}}\n"
    ));
    let c = &o.cluster;
    assert_eq!(node_of(c, "default/web-0"), Some("n2"));
    assert_eq!(node_of(c, "default/web-1"), Some("n1"));
    assert_eq!(node_of(c, "default/web-2"), None);
    assert_eq!(node_of(c, "default/lone-0"), None);
    assert_eq!((c.pods().len(), c.workloads().len()), (4, 2));
    assert_eq!(c.workloads()[0].replicas, 3);
    let s = shape(c, "default/web-0");
    assert_eq!((s.requests.get(ResourceId::CPU), s.requests.get(ResourceId::PODS)), (500, 1));
    let labels: Vec<_> = s.labels.iter().map(|(k, v)| (c.str(k), c.str(v))).collect();
    assert_eq!(labels, [("app", "web")]);
    assert!(c.pod(pod(c, "default/lone-0")).unrequested);
    assert!(!c.pod(pod(c, "default/web-0")).unrequested);
    assert_eq!(
        o.assumptions,
        [
            "1 nodes state no allocatable pods: 110 assumed",
            "1 of 4 pods state no cpu or no memory request: they count as 0",
        ]
    );
}

#[test]
fn as_many_replicas_as_places_where_no_number_is_given() {
    let o = good(&format!("{TWO_NODES}workloads: [{{name: web, runsOn: [n1, n1, n2]}}]"));
    assert_eq!(o.cluster.pods().len(), 3);
    let o = good(&format!("{TWO_NODES}workloads: [{{name: web, replicas: 0}}]"));
    assert_eq!((o.cluster.pods().len(), o.cluster.workloads().len()), (0, 1));
}

#[test]
fn every_field_reaches_the_model() {
    let o = good(&format!(
        "{TWO_NODES}
workloads:
  - name: w
    namespace: ns
    kind: StatefulSet
    runsOn: [n1]
    requests: {{cpu: 250m, memory: 1.5Gi, example.com/fpga: 2}}
    gpu: 0.5
    gpuModels: [T4, A100]
    priority: -7
    preemptionPolicy: Never
    schedulingGates: [{{name: quota}}]
    labels: {{team: x, zone: '1'}}
    nodeName: n1
    nodeSelector: {{zone: b}}
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms: [{{matchExpressions: [{{key: zone, operator: Exists}}]}}]
        preferredDuringSchedulingIgnoredDuringExecution:
          - {{weight: 100, preference: {{matchExpressions: [{{key: zone, operator: Exists}}]}}}}
          - {{weight: 1, preference: {{}}}}
      podAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          - {{labelSelector: {{matchLabels: {{team: x}}}}, topologyKey: zone, namespaceSelector: {{}}}}
        preferredDuringSchedulingIgnoredDuringExecution:
          - {{weight: 3, podAffinityTerm: {{labelSelector: {{matchLabels: {{team: x}}}}, topologyKey: zone}}}}
      podAntiAffinity:
        preferredDuringSchedulingIgnoredDuringExecution:
          - {{weight: 4, podAffinityTerm: {{topologyKey: host, namespaces: [other]}}}}
    tolerations: [{{key: gpu, operator: Exists}}]
    topologySpreadConstraints:
      - {{maxSkew: 2, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {{matchLabels: {{team: x}}}}}}
      - {{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}}
    hostPorts: [8080, {{port: 53, protocol: UDP, hostIP: 10.0.0.1}}, {{port: 1, hostIP: 0.0.0.0}}]
    volumes: [{{claim: a, class: fast, node: n1}}, {{claim: b, class: nfs}}, {{claim: c, class: ase-node-local}}]
"
    ));
    let c = &o.cluster;
    let (s, p) = (shape(c, "ns/w-0"), c.pod(pod(c, "ns/w-0")));
    let amounts: Vec<_> =
        s.requests.iter().map(|(id, n)| (c.resource_name(id).to_owned(), n)).collect();
    let wanted = [("cpu", 250), ("memory", 3 << 29), ("pods", 1), ("example.com/fpga", 2)];
    assert_eq!(amounts, wanted.map(|(name, n)| (name.to_owned(), n)));
    assert_eq!((s.gpu.cards, s.gpu.milli_each, s.gpu.models.len()), (1, 500, 2));
    assert_eq!(p.cards, [0]);
    assert_eq!((s.priority, s.node_name.map(|n| c.str(n))), (-7, Some("n1")));
    assert_eq!(s.labels.iter().count(), 2);
    assert_eq!(s.node_selector.labels.len(), 1);
    assert_eq!(s.node_selector.terms.as_ref().map(Vec::len), Some(1));
    assert_eq!(s.affinity.len(), 1);
    assert_eq!(s.affinity[0].namespaces, podfit::model::NamespaceSet::All);
    assert!(s.affinity[0].selector.matches(&s.labels, c.names()));
    assert_eq!((s.spread.len(), s.spread[0].max_skew), (1, 2));
    assert_eq!(s.tolerations.len(), 3, "its own and two defaults");
    let ports: Vec<_> =
        s.host_ports.iter().map(|p| (p.port, p.protocol, p.ip.map(|ip| c.str(ip)))).collect();
    let wanted = [
        (1, Protocol::Tcp, None),
        (53, Protocol::Udp, Some("10.0.0.1")),
        (8080, Protocol::Tcp, None),
    ];
    assert_eq!(ports, wanted);
    assert_eq!(s.volumes.len(), 2, "one that says where it lies, one that lies where its pod runs");
    let (n1, n2) = (c.node(NodeId(0)), c.node(NodeId(1)));
    for volume in &s.volumes {
        assert!(volume.nodes.matches(n1.name, &n1.labels, c.names()));
        assert!(!volume.nodes.matches(n2.name, &n2.labels, c.names()));
    }
    assert!(p.gaps.is_empty());
    assert_eq!(p.owner.kind, OwnerKind::StatefulSet);
    assert_eq!(p.owner.name.map(|n| c.str(n)), Some("w"));
    assert_eq!(o.not_evaluated, [""; 0]);
    assert!(!s.preempts && !p.gated, "gates hold back what is pending");
    assert_eq!((s.soft.nodes.len(), s.soft.nodes[0].0), (1, 100), "an empty term prefers nothing");
    let pods: Vec<_> = s
        .soft
        .pods
        .iter()
        .map(|(weight, t)| (*weight, c.str(t.topology_key), t.matches(s, c.names())))
        .collect();
    assert_eq!(pods, [(3, "zone", true), (-4, "host", false)]);
    assert_eq!((s.soft.spread.len(), s.soft.spread_is_default), (1, false));
    assert_eq!(s.soft.scored, None);
}

#[test]
fn nodes_carry_their_hostname_and_what_they_state() {
    let o = good(
        "nodes:
  - name: a
    unschedulable: true
    taints: [{key: k, value: v, effect: NoExecute}]
    allocatable: {cpu: 1500m, memory: 1e9, pods: 3, nvidia.com/gpu: 2}
  - {name: b, labels: {kubernetes.io/hostname: other}, allocatable: {cpu: 1, memory: 1}}
",
    );
    let c = &o.cluster;
    let key = c.names().get("kubernetes.io/hostname").unwrap();
    let (a, b) = (c.node(NodeId(0)), c.node(NodeId(1)));
    assert_eq!(a.labels.get(key).map(|v| c.str(v)), Some("a"));
    assert_eq!(b.labels.get(key).map(|v| c.str(v)), Some("other"));
    assert!(a.unschedulable && !b.unschedulable);
    assert_eq!((a.taints.len(), c.str(a.taints[0].value)), (1, "v"));
    let amounts: Vec<_> = a.allocatable.iter().map(|(_, n)| n).collect();
    assert_eq!(amounts, [1500, 1_000_000_000, 3, 2]);
    assert_eq!(b.allocatable.get(ResourceId::PODS), 110);
}

#[test]
fn decimals_are_exact() {
    // 0.1, 0.7 and 4.35 have no exact binary form; a detour through floats would show here.
    for (gpu, cards, milli) in
        [("0.001", 1, 1), ("0.7", 1, 700), ("'0.1'", 1, 100), ("2", 2, 1000), ("1.000", 1, 1000)]
    {
        let o = good(&format!("{TWO_NODES}workloads: [{{name: w, gpu: {gpu}}}]"));
        let s = shape(&o.cluster, "default/w-0");
        assert_eq!((s.gpu.cards, s.gpu.milli_each), (cards, milli), "{gpu}");
    }
    let o =
        good(&format!("{TWO_NODES}workloads: [{{name: w, requests: {{cpu: 4.35, memory: 1}}}}]"));
    assert_eq!(shape(&o.cluster, "default/w-0").requests.get(ResourceId::CPU), 4350);
    assert_eq!(
        shape(&good(&format!("{TWO_NODES}pods: [{{name: w, gpu: 0}}]")).cluster, "default/w")
            .gpu
            .cards,
        0
    );
}

#[test]
fn single_pods_are_bare_and_may_hold_named_cards() {
    let o = good(&format!(
        "{TWO_NODES}pods:\n  - {{name: shell, node: n1, gpu: 1, cards: [1]}}\n  - {{name: job, kind: Job}}\n"
    ));
    let c = &o.cluster;
    let shell = c.pod(pod(c, "default/shell"));
    assert_eq!((shell.owner.kind, shell.owner.name), (OwnerKind::Bare, None));
    assert_eq!(shell.cards, [1]);
    assert_eq!(c.pod(pod(c, "default/job")).owner.kind, OwnerKind::Job);
    assert_eq!(node_of(c, "default/job"), None);
    assert!(c.workloads().is_empty());
}

#[test]
fn a_daemonset_is_on_every_node_that_admits_it() {
    let nodes = "nodes:
  - {name: a, allocatable: {cpu: 1, memory: 1Gi}, unschedulable: true}
  - {name: b, allocatable: {cpu: 1, memory: 1Gi}, taints: [{key: k, effect: NoSchedule}]}
  - {name: c, allocatable: {cpu: 1, memory: 1Gi}, labels: {disk: ssd}}
  - {name: d, allocatable: {cpu: 1, memory: 1Gi}, taints: [{key: k, effect: PreferNoSchedule}]}
";
    for (fields, wanted) in [
        ("", "acd"),
        (", tolerations: [{operator: Exists}]", "abcd"),
        (", nodeSelector: {disk: ssd}", "c"),
        (", runsOn: [b]", "b"),
        (", nodeName: d", "d"),
    ] {
        let o = good(&format!("{nodes}workloads: [{{name: ds, kind: DaemonSet{fields}}}]"));
        let c = &o.cluster;
        let on: String = c.pods().iter().map(|p| c.node_name(p.node.unwrap())).collect();
        assert_eq!(on, wanted, "{fields}");
        assert_eq!(c.workloads()[0].replicas as usize, wanted.len());
    }
}

#[test]
fn admission_adds_tolerations_unless_they_are_there() {
    let seconds = |fields: &str, kind: &str| {
        let o = good(&format!(
            "{TWO_NODES}workloads: [{{name: w, kind: {kind}, runsOn: [n1]{fields}}}]"
        ));
        let c = &o.cluster;
        let key = c.names().get("node.kubernetes.io/not-ready").unwrap();
        let fits = |t: &&podfit::model::Toleration| t.key.is_none_or(|k| k == key);
        shape(c, "default/w-0")
            .tolerations
            .iter()
            .filter(fits)
            .map(|t| t.seconds)
            .collect::<Vec<_>>()
    };
    assert_eq!(seconds("", "Deployment"), [Some(300)]);
    assert_eq!(seconds("", "DaemonSet"), [None]);
    let own = ", tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists, tolerationSeconds: 5}]";
    assert_eq!(seconds(own, "Deployment"), [Some(5)]);
    assert_eq!(seconds(", tolerations: [{operator: Exists}]", "Deployment"), [None]);
}

#[test]
fn a_namespace_selector_by_name_is_resolved_and_others_are_a_gap() {
    let term = |selector: &str| {
        format!(
            "affinity: {{podAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{{labelSelector: {{}}, topologyKey: zone, namespaceSelector: {selector}}}]}}}}"
        )
    };
    let by_name = term(
        "{matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [a, gone]}]}",
    );
    let by_team = term("{matchLabels: {team: x}}");
    let o = good(&format!(
        "{TWO_NODES}workloads:\n  - {{name: w, namespace: b, {by_name}}}\n  - {{name: v, namespace: a, {by_team}}}\n"
    ));
    let c = &o.cluster;
    let podfit::model::NamespaceSet::Of(names) = &shape(c, "b/w-0").affinity[0].namespaces else {
        panic!("not all")
    };
    assert_eq!(names.iter().map(|&n| c.str(n)).collect::<Vec<_>>(), ["a"]);
    assert_eq!(c.pod(pod(c, "a/v-0")).gaps[0].code, "namespace-labels-not-in-input");
    assert!(c.pod(pod(c, "b/w-0")).gaps.is_empty());
}

#[test]
fn a_device_has_every_option_and_hosts_stand_for_workers() {
    let o = good(
        "device:
  model: pro-gpu
  nodes: 2
  gpus: 2
  worker: {cpu: 40%, memory: 48Gi, cpuBasis: rawVcpu, cpuRounding: up, memoryRounding: down}
  otherVms: [{name: vm1, host: B, vcpu: 2, memory: 4Gi, highlyAvailable: false}]
  capacity: {memoryTotal: 262144Mi}
  kubeletReserve: {cpu: 100m, memory: 1Gi}
workloads:
  - {name: w, runsOn: [A, b, worker-a], gpu: 1, volumes: [{claim: x, node: A}]}
pods: [{name: m, node: master}]
",
    );
    let c = &o.cluster;
    assert_eq!(node_of(c, "default/w-0"), Some("worker-a"));
    assert_eq!(node_of(c, "default/w-1"), Some("worker-b"));
    assert_eq!(node_of(c, "default/m"), Some("master"));
    let plan = o.device.expect("a device");
    let vm = plan.vms.iter().find(|vm| vm.name == "vm1").unwrap();
    assert_eq!((vm.highly_available, vm.size.vcpu_milli), (false, 2000));
    for (nodes, wanted) in [(1, false), (2, true)] {
        let vm = "{name: v, host: A, vcpu: 1, memory: 1Gi}";
        let o = good(&format!("device: {{model: pro-gpu, nodes: {nodes}, otherVms: [{vm}]}}"));
        let plan = o.device.expect("a device");
        assert_eq!(plan.vms.last().map(|vm| vm.highly_available), Some(wanted));
    }
    let a = c.node(c.find_node("worker-a").unwrap());
    assert_eq!(a.cards.len(), 2);
    assert_eq!(a.allocatable.get(ResourceId::MEMORY), 47 << 30);
    let raw = plan.model.spec().raw_vcpu;
    assert_eq!(a.allocatable.get(ResourceId::CPU), (raw * 40 + 99) / 100 * 1000 - 100);
    assert!(
        o.assumptions.iter().any(|a| a.contains("40 % of all virtual CPUs")),
        "{:?}",
        o.assumptions
    );
}

#[test]
fn json_and_yaml_with_anchors_read_alike() {
    let json = br#"{"apiVersion":"podfit/v1","kind":"Cluster",
      "nodes":[{"name":"a","allocatable":{"cpu":0.5,"memory":"1Gi"}}],
      "pods":[{"name":"\ud83d\ude80","node":"a","labels":{"a":"b"},"priority":null}]}"#;
    let c = open_bytes(json).unwrap().cluster;
    assert!(open_bytes(&[b"\xef\xbb\xbf", &json[..]].concat()).is_ok());
    assert_eq!(c.node(NodeId(0)).allocatable.get(ResourceId::CPU), 500);
    assert_eq!(c.pod_name(PodId(0)), "default/🚀");
    let yaml = "\u{feff}---
apiVersion: 'podfit/v1'
kind: Cluster
nodes:
  - &first {name: a, allocatable: &size {cpu: 2, memory: 1Gi}}
  - {<<: *first, name: b}
  - {name: c, allocatable: *size}
";
    let c = open(yaml).unwrap_or_else(|e| panic!("{}", lines(&e))).cluster;
    let names: Vec<_> = c.node_ids().map(|n| c.node_name(n)).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert!(c.nodes().iter().all(|n| n.allocatable.get(ResourceId::CPU) == 2000));
}

#[test]
fn assumed_requests_fill_what_is_missing() {
    let text = document(&format!(
        "{TWO_NODES}pods:\n  - {{name: a, requests: {{cpu: 1}}}}\n  - {{name: b, requests: {{cpu: 1, memory: 1}}}}\n"
    ));
    let options = OpenOptions {
        assume_requests: vec![("cpu".into(), "100m".into()), ("memory".into(), "256Mi".into())],
        ..OpenOptions::default()
    };
    let o = read(vec![input("f", text.as_bytes())], &options).unwrap();
    let c = &o.cluster;
    let memory = |name| shape(c, name).requests.get(ResourceId::MEMORY);
    assert_eq!((memory("default/a"), memory("default/b")), (256 << 20, 1));
    assert_eq!(shape(c, "default/a").requests.get(ResourceId::CPU), 1000);
    assert!(c.pod(pod(c, "default/a")).unrequested);
    assert_eq!(o.assumptions[1], "1 of 2 pods lack a request: cpu=100m, memory=256Mi assumed");
}

#[test]
fn several_kubernetes_inputs_are_one_cluster() {
    let node = br#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"a"},"status":{"allocatable":{"cpu":"1","memory":"1Gi","pods":"5"}}}"#;
    let pod =
        b"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {nodeName: a, containers: [{name: c}]}\n";
    let inputs = vec![input("n.json", node), input("p.yaml", pod)];
    let o = read(inputs, &OpenOptions::default()).unwrap();
    assert_eq!(node_of(&o.cluster, "default/p"), Some("a"));
}

#[test]
fn budgets_gates_and_the_schedulers_own_spread() {
    let o = good(&format!(
        "{TWO_NODES}
workloads:
  - {{name: web, replicas: 2, runsOn: [n1], schedulingGates: [{{name: quota}}], requests: {{cpu: 1}}}}
  - {{name: db, kind: StatefulSet, requests: {{cpu: 1, memory: 0}}, topologySpreadConstraints: []}}
  - {{name: agent, kind: DaemonSet}}
  - {{name: own, topologySpreadConstraints: [{{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}}]}}
budgets:
  - {{name: web, selector: {{matchLabels: {{app: web}}}}, allowed: 1}}
  - {{name: all, namespace: other, selector: {{}}, allowed: 0}}
"
    ));
    let c = &o.cluster;
    let budgets: Vec<_> =
        c.budgets().iter().map(|b| (c.str(b.namespace), c.str(b.name), b.allowed)).collect();
    assert_eq!(budgets, [("default", "web", 1), ("other", "all", 0)]);
    assert_eq!(c.budgets_of(shape(c, "default/web-0")).collect::<Vec<_>>(), [0]);
    assert_eq!(c.budgets_of(shape(c, "default/db-0")).count(), 0);
    assert!(c.budgets()[1].selector.is_empty() && !c.budgets()[1].selector.never);
    let gated = ["web-0", "web-1"].map(|p| c.pod(pod(c, &format!("default/{p}"))).gated);
    assert_eq!(gated, [false, true]);
    for (name, skews) in
        [("web-0", vec![3, 5]), ("db-0", vec![3, 5]), ("agent-0", vec![]), ("own-0", vec![])]
    {
        let s = shape(c, &format!("default/{name}"));
        let found: Vec<_> = s.soft.spread.iter().map(|s| s.max_skew).collect();
        assert_eq!(found, skews, "{name}");
        assert_eq!(s.soft.spread_is_default, !skews.is_empty());
        assert!(s.soft.spread.iter().all(|one| one.selector.matches(&s.labels, c.names())));
        assert!(s.preempts);
    }
    let scored =
        ["web-0", "db-0", "agent-0"].map(|p| shape(c, &format!("default/{p}")).soft.scored);
    assert_eq!(scored, [Some([1000, 200 << 20]), None, Some([100, 200 << 20])]);
}

#[test]
fn a_control_plane_is_read_as_it_is_written() {
    use podfit::control_plane::{Known, Layout, Topology};
    use podfit::model::LeaseTimes;
    let body = "controlPlane:
  servers: [n1, m2]
  etcd: [e1, e2, e3]
  etcdServers: {m2: [e2]}
  balancers: lb
  down: ['e1:etcd', 'm2:scheduler']
  leadersAsk: balancer
  lease: {durationSeconds: 30, renewDeadlineSeconds: 20}
";
    let opened = open(&document(&format!("{TWO_NODES}{body}"))).expect("valid");
    let t = Topology::of(&opened.cluster);
    assert_eq!((t.layout(), t.machines.len(), t.nodes().len()), (Layout::External, 5, 1));
    assert_eq!(t.balancers.as_deref(), Some(&["lb".to_string()][..]));
    assert_eq!((t.leaders_use_balancer, t.etcd_is_counted), (true, true));
    assert_eq!(t.lease, LeaseTimes { lease_ms: 30_000, renew_ms: 20_000, retry_ms: 2_000 });
    let down = (0..t.members.len()).filter(|&m| t.members[m].works == Known::No);
    assert_eq!(
        down.map(|m| t.member_name(m)).collect::<Vec<_>>(),
        ["m2:kube-scheduler", "e1:etcd"]
    );
    let named = |server: &str| {
        let is_meant = |m: &usize| t.member_name(*m) == format!("{server}:kube-apiserver");
        let server = (0..t.members.len()).find(is_meant).expect("there");
        t.etcd_of(server).iter().map(|&m| t.member_name(m)).collect::<Vec<_>>()
    };
    assert_eq!(named("m2"), ["e2:etcd"]);
    assert_eq!(named("n1"), ["e1:etcd", "e2:etcd", "e3:etcd"]);
    let beside = "m2, e1, e2, e3 are no node of the document: taken as machines beside the cluster";
    assert!(opened.assumptions.contains(&beside.to_string()), "{:?}", opened.assumptions);
    // What is not said is not known.
    let plain =
        open(&document(&format!("{TWO_NODES}controlPlane: {{servers: n1}}"))).expect("valid");
    let t = Topology::of(&plain.cluster);
    assert_eq!((t.layout(), t.balancers.clone()), (Layout::Stacked, None));
    let elsewhere =
        open(&document(&format!("{TWO_NODES}controlPlane: {{servers: [n1], etcd: elsewhere}}")))
            .expect("valid");
    assert_eq!(Topology::of(&elsewhere.cluster).layout(), Layout::EtcdNotShown);
}

/// Pods of a StatefulSet have a local volume each; those of a Deployment share one, which cannot be on two nodes.
#[test]
fn a_volume_of_the_local_class_lies_where_its_pod_runs() {
    let o = good(
        "nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi, pods: 10}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi, pods: 10}}
workloads:
  - {name: set, kind: StatefulSet, replicas: 3, runsOn: [a, b], volumes: [{claim: c, class: ase-node-local}]}
  - {name: one, replicas: 2, runsOn: [a], volumes: [{claim: c, class: ase-node-local}]}
  - {name: two, replicas: 2, runsOn: [a, b], volumes: [{claim: c, class: ase-node-local}]}
  - {name: none, replicas: 1, volumes: [{claim: c, class: ase-node-local}]}
",
    );
    let c = &o.cluster;
    let lies = |name: &str| -> String {
        let name = format!("default/{name}");
        let bound = &shape(c, &name).volumes;
        let on = c.node_ids().filter(|&n| {
            let node = c.node(n);
            bound.iter().all(|v| v.nodes.matches(node.name, &node.labels, c.names()))
        });
        let nodes: Vec<&str> = on.map(|n| c.node_name(n)).collect();
        format!("{} {}", nodes.join("+"), c.pod(pod(c, &name)).gaps.len())
    };
    let found: Vec<String> =
        ["set-0", "set-1", "set-2", "one-0", "one-1", "two-0", "none-0"].map(lies).into();
    assert_eq!(found, ["a 0", "b 0", "a+b 0", "a 0", "a 0", "a+b 1", "a+b 0"]);
}
