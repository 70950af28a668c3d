//! Small clusters with a question, one for every verdict.

use podfit_api::{
    AnswerOptions, AuditRequest, AvailabilityRequest, CheckPlan, CheckRequest, ControlPlaneRequest,
    DeviceRequest, Envelope, FailureRate, Input, Mode, OpenOptions, PlaceRequest, PlanStep,
    Request, Rolling, Seconds, SequenceRequest, SequenceStep, Snapshot, TimelineRequest, Timing,
    WhatIfRequest,
};

/// A question to a cluster; the name is that of the golden files.
pub struct Case {
    pub name: &'static str,
    pub cluster: &'static str,
    pub request: Request,
    /// Verdict expected, as on the wire.
    pub verdict: &'static str,
}

pub fn open(text: &str) -> Snapshot {
    let input = Input::new("case", text.as_bytes());
    podfit_api::open(vec![input], &OpenOptions::default()).expect("the cases are valid")
}

pub fn answer(case: &Case) -> Envelope {
    open(case.cluster).answer(&case.request, &AnswerOptions::default()).expect("an answer")
}

pub fn fail(nodes: &[&str]) -> WhatIfRequest {
    let fail = nodes.iter().map(ToString::to_string).collect();
    WhatIfRequest { fail, ..WhatIfRequest::default() }
}

/// What is lost and the version of Kubernetes.
pub fn timeline(nodes: &[&str], kubernetes: &str) -> TimelineRequest {
    let timing = Timing { kubernetes: Some(kubernetes.into()), ..Timing::default() };
    TimelineRequest { fail: fail(nodes).fail, timing, ..TimelineRequest::default() }
}

/// Nodes that fail each 1,000 h for 5 h.
pub fn rate(nodes: &[&str], together: bool) -> FailureRate {
    FailureRate {
        nodes: fail(nodes).fail,
        domain: None,
        together,
        between_failures_seconds: Seconds::from_ms(3_600_000_000),
        repair_seconds: Seconds::from_ms(18_000_000),
    }
}

pub const ROOMY: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}, labels: {zone: x}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}, labels: {zone: x}}
  - {name: c, allocatable: {cpu: 4, memory: 8Gi}, labels: {zone: y}}
workloads:
  - {name: web, namespace: shop, replicas: 3, runsOn: [a, b, c], requests: {cpu: 1, memory: 1Gi}, labels: {app: web}}
  - {name: agent, namespace: system, kind: DaemonSet, replicas: 3, runsOn: [a, b, c], requests: {cpu: 100m, memory: 64Mi}}
";

pub const WITH_LOSSES: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - {name: web, replicas: 1, runsOn: [a], requests: {cpu: 1, memory: 1Gi}}
  - {name: db, kind: StatefulSet, replicas: 1, runsOn: [a], requests: {cpu: 1, memory: 1Gi}}
  - {name: quiet, replicas: 1, runsOn: [a]}
pods:
  - {name: shell, node: a, requests: {cpu: 100m, memory: 64Mi}}
";

pub const TIGHT: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: node-a, allocatable: {cpu: 4, memory: 8Gi, example.com/fpga: 1}}
  - {name: node-b, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - {name: cache, replicas: 2, runsOn: [node-a, node-b], requests: {cpu: 500m, memory: 5Gi}, priority: 100}
  - {name: api, replicas: 2, runsOn: [node-a, node-a], requests: {cpu: 500m, memory: 1Gi}}
  - {name: codec, replicas: 1, runsOn: [node-a], requests: {cpu: 100m, memory: 64Mi, example.com/fpga: 1}}
";

pub const MAKE_ROOM: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 4Gi}}
  - {name: b, allocatable: {cpu: 4, memory: 4Gi}}
  - {name: c, allocatable: {cpu: 4, memory: 4Gi}}
workloads:
  - {name: large, replicas: 1, runsOn: [a], requests: {cpu: 1, memory: 3Gi}}
  - {name: small, replicas: 2, runsOn: [b, c], requests: {cpu: 1, memory: 2Gi}}
";

pub const CONTROL_PLANE: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: cp, allocatable: {cpu: 4, memory: 8Gi}, labels: {node-role.kubernetes.io/control-plane: ''}}
  - {name: w, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - {name: web, replicas: 2, runsOn: [cp, w], requests: {cpu: 1, memory: 1Gi}}
  - {name: huge, replicas: 1, runsOn: [cp], requests: {cpu: 3500m, memory: 1Gi}}
";

/// Two servers with stacked etcd, one balancer, two workers.
pub const FIVE_NODES: &str = include_str!("../../../../examples/documents/five-nodes.yaml");

/// Three servers with stacked etcd, two balancers, two workers.
pub const THREE_SERVERS: &str = include_str!("../../../../examples/documents/three-servers.yaml");

/// Three servers that name one external member of etcd each, one of them down; no balancer.
pub const EXTERNAL_ETCD: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: m1, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: w1, allocatable: {cpu: 4, memory: 8Gi}}
controlPlane:
  servers: [m1, m2, m3]
  etcd: [e1, e2, e3]
  etcdServers: {m1: [e1], m2: [e2]}
  balancers: []
  down: ['e1:etcd']
workloads:
  - {name: web, runsOn: [w1], requests: {cpu: 1, memory: 1Gi}}
  - {name: one, kind: Pod, runsOn: [w1], requests: {cpu: 1, memory: 1Gi}}
";

pub fn plane(fail: &[&str]) -> ControlPlaneRequest {
    let fail = fail.iter().map(ToString::to_string).collect();
    ControlPlaneRequest { fail, ..ControlPlaneRequest::default() }
}

pub const HOST_TOO_SMALL: &str = "
apiVersion: podfit/v1
kind: Cluster
device:
  model: pro-gpu
  nodes: 2
  otherVms:
    - {name: video-wall, host: B, vcpu: 8, memory: 62Gi}
workloads:
  - {name: web, replicas: 2, runsOn: [worker-a, worker-b], requests: {cpu: 1, memory: 1Gi}}
";

pub const TWO_WORKERS: &str = "
apiVersion: podfit/v1
kind: Cluster
device: {model: pro-gpu, nodes: 2}
workloads:
  - {name: web, replicas: 2, runsOn: [worker-a, worker-b], requests: {cpu: 1, memory: 1Gi}}
  - {name: agent, kind: DaemonSet, replicas: 2, runsOn: [worker-a, worker-b]}
";

pub const ONE_HOST: &str = "
apiVersion: podfit/v1
kind: Cluster
device: {model: pro-2-128g4t1gpu, nodes: 1}
workloads:
  - {name: web, replicas: 1, runsOn: [worker-a], requests: {cpu: 1, memory: 1Gi}}
";

/// A claim that the dump does not have: nobody knows where its volume is.
pub const GAP: &str = r#"
{"apiVersion": "v1", "kind": "List", "items": [
 {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}, "status": {"allocatable": {"cpu": "4", "memory": "8Gi", "pods": "110"}}},
 {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "b"}, "status": {"allocatable": {"cpu": "4", "memory": "8Gi", "pods": "110"}}},
 {"apiVersion": "v1", "kind": "Pod",
  "metadata": {"name": "db-0", "namespace": "default",
   "ownerReferences": [{"apiVersion": "db.example.com/v1", "kind": "Database", "name": "db", "controller": true}]},
  "spec": {"nodeName": "a",
   "containers": [{"name": "db", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}],
   "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data-db-0"}},
               {"name": "scratch", "emptyDir": {}}]},
  "status": {"phase": "Running"}},
 {"apiVersion": "v1", "kind": "Pod",
  "metadata": {"name": "web", "namespace": "default",
   "ownerReferences": [{"apiVersion": "db.example.com/v1", "kind": "Site", "name": "web", "controller": true}]},
  "spec": {"nodeName": "a",
   "containers": [{"name": "web"}],
   "volumes": [{"name": "scratch", "emptyDir": {}}]},
  "status": {"phase": "Running"}}]}
"#;

pub const PENDING: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - {name: web, replicas: 3, requests: {cpu: 1, memory: 1Gi}}
  - {name: huge, replicas: 1, requests: {cpu: 1, memory: 9Gi}}
";

/// Two hosts that can take each other's pods, with one that is bound to host A.
pub const TWO_HOSTS: &str = "
apiVersion: podfit/v1
kind: Cluster
device: {model: pro-gpu, nodes: 2}
workloads:
  - {name: web, replicas: 2, runsOn: [worker-a, worker-b], requests: {cpu: 1, memory: 1Gi}}
  - {name: db, kind: StatefulSet, replicas: 1, runsOn: [worker-a], requests: {cpu: 1, memory: 1Gi}}
";

/// Steps on the wire, as `[{\"step\": \"lose\", \"nodes\": [\"A\"]}]`.
pub fn steps(text: &str) -> SequenceRequest {
    let steps: Vec<SequenceStep> = serde_json::from_str(text).expect("valid");
    SequenceRequest { steps, ..SequenceRequest::default() }
}

pub fn all() -> Vec<Case> {
    let what_if = |name, cluster, request, verdict| Case {
        name,
        cluster,
        request: Request::WhatIf(request),
        verdict,
    };
    let control_plane = |name, cluster, request, verdict| Case {
        name,
        cluster,
        request: Request::ControlPlane(request),
        verdict,
    };
    let step = PlanStep {
        namespace: "default".into(),
        name: "cache-0".into(),
        to: "node-b".into(),
        cards: vec![],
    };
    let plan = CheckPlan {
        failed: vec!["node-a".into()],
        mode: Mode::NotReady,
        steps: vec![step],
        ..CheckPlan::default()
    };
    let audit = AuditRequest { k: 2, ..AuditRequest::default() };
    let domain = AuditRequest { domain: Some("zone".into()), ..AuditRequest::default() };
    vec![
        what_if("survives", ROOMY, fail(&["a"]), "survives"),
        what_if(
            "drained",
            ROOMY,
            WhatIfRequest { mode: Mode::Drained, ..fail(&["zone=x"]) },
            "survives",
        ),
        what_if("with-losses", WITH_LOSSES, fail(&["a"]), "survives-with-losses"),
        what_if("does-not-fit", TIGHT, fail(&["node-a"]), "does-not-fit"),
        what_if("no-room", MAKE_ROOM, fail(&["a"]), "does-not-fit"),
        what_if("make-room", MAKE_ROOM, WhatIfRequest { moves: 1, ..fail(&["a"]) }, "survives"),
        what_if("unknown", GAP, fail(&["a"]), "unknown"),
        what_if("control-plane", CONTROL_PLANE, fail(&["cp"]), "stalls"),
        what_if("host-too-small", HOST_TOO_SMALL, fail(&["A"]), "does-not-fit"),
        what_if("one-host", ONE_HOST, fail(&["A"]), "down"),
        control_plane("plane", FIVE_NODES, plane(&[]), "fragile"),
        control_plane(
            "plane-server-down",
            FIVE_NODES,
            plane(&["m1", "w1", "pod/default/web-1"]),
            "down",
        ),
        control_plane("plane-hand-over", FIVE_NODES, plane(&["m2:kube-apiserver"]), "works"),
        control_plane(
            "plane-external",
            EXTERNAL_ETCD,
            plane(&["w1", "pod/default/web-0", "pod/default/one-0"]),
            "unknown",
        ),
        control_plane(
            "plane-plan",
            FIVE_NODES,
            ControlPlaneRequest { survive: Some(1), k: 2, ..plane(&[]) },
            "fragile",
        ),
        control_plane("plane-not-known", ROOMY, plane(&[]), "unknown"),
        Case {
            name: "timeline",
            cluster: WITH_LOSSES,
            request: Request::Timeline(timeline(&["a"], "1.31")),
            verdict: "recovers-partly",
        },
        Case {
            name: "timeline-host",
            cluster: TWO_WORKERS,
            request: Request::Timeline(timeline(&["A"], "v1.32.1")),
            verdict: "recovers",
        },
        Case {
            name: "timeline-control-plane",
            cluster: CONTROL_PLANE,
            request: Request::Timeline(TimelineRequest {
                fail: vec!["cp".into()],
                ..TimelineRequest::default()
            }),
            verdict: "does-not-recover",
        },
        Case {
            name: "availability",
            cluster: TWO_WORKERS,
            request: Request::Availability(AvailabilityRequest {
                failures: vec![rate(&["*"], false), rate(&["A", "B"], true)],
                runs: 200,
                ..AvailabilityRequest::default()
            }),
            verdict: "estimated",
        },
        Case { name: "audit", cluster: TIGHT, request: Request::Audit(audit), verdict: "down" },
        Case {
            name: "audit-domains",
            cluster: ROOMY,
            request: Request::Audit(domain),
            verdict: "survives",
        },
        Case {
            name: "device",
            cluster: TWO_HOSTS,
            request: Request::Device(DeviceRequest {}),
            verdict: "fits",
        },
        Case {
            name: "rolling",
            cluster: TIGHT,
            request: Request::Sequence(SequenceRequest {
                rolling: Some(Rolling::default()),
                ..SequenceRequest::default()
            }),
            verdict: "does-not-fit",
        },
        Case {
            name: "fail-over-and-back",
            cluster: TWO_HOSTS,
            request: Request::Sequence(steps(
                r#"[{"step": "lose", "nodes": ["A"]}, {"step": "return", "nodes": ["A"]},
                    {"step": "drain", "nodes": ["B"]}, {"step": "lose", "nodes": ["B"]},
                    {"step": "lose", "nodes": ["A"]}, {"step": "return", "nodes": ["B"]}]"#,
            )),
            verdict: "down",
        },
        Case {
            name: "early-return",
            cluster: TWO_HOSTS,
            request: Request::Sequence(SequenceRequest {
                timing: Timing { kubernetes: Some("1.31".into()), ..Timing::default() },
                ..steps(
                    r#"[{"step": "lose", "nodes": ["A"], "forSeconds": {"min": 120, "max": 180}},
                        {"step": "return", "nodes": ["A"]},
                        {"step": "lose", "nodes": ["B"], "forSeconds": {"min": 300, "max": 345}},
                        {"step": "return", "nodes": ["B"], "forSeconds": {"min": 60, "max": 60}}]"#,
                )
            }),
            verdict: "survives",
        },
        Case {
            name: "kubernetes-update",
            cluster: TWO_HOSTS,
            request: Request::Sequence(SequenceRequest {
                rolling: Some(Rolling { kubernetes: true, ..Rolling::default() }),
                ..SequenceRequest::default()
            }),
            verdict: "survives",
        },
        Case {
            name: "replace-nodes",
            cluster: ROOMY,
            request: Request::Sequence(steps(
                r#"[{"step": "edit", "edits": [{"op": "copy-node", "node": "a", "count": 2}]},
                    {"step": "cordon", "nodes": ["a", "b"]}, {"step": "drain", "nodes": ["a"]},
                    {"step": "delete", "nodes": ["a"]}, {"step": "drain", "nodes": ["b"]},
                    {"step": "delete", "nodes": ["b", "c"]}]"#,
            )),
            verdict: "survives",
        },
        Case {
            name: "place",
            cluster: PENDING,
            request: Request::Place(PlaceRequest::default()),
            verdict: "does-not-fit",
        },
        Case {
            name: "check",
            cluster: ROOMY,
            request: Request::Check(CheckRequest::default()),
            verdict: "legal",
        },
        Case {
            name: "check-plan",
            cluster: TIGHT,
            request: Request::Check(CheckRequest { plan: Some(plan) }),
            verdict: "violations",
        },
    ]
}
