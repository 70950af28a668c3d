//! How fast and in how much memory a dump is read: `measure FILE…`, or `measure --generate MB` for a made
//! dump of realistic pods (about 6 KB each, managedFields included) that never exists as a whole. With `--leave-out`
//! first, faulty objects are left out.
#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use podfit_kube::{Options, Reader};
use std::{fmt::Write as _, io::Read, time::Instant};

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let leave_out_faulty = args.first().is_some_and(|a| a == "--leave-out");
    args.drain(..usize::from(leave_out_faulty));
    let mut reader = Reader::new(Options { leave_out_faulty, ..Options::default() });
    let start = Instant::now();
    let mut bytes = 0;
    if args.first().is_some_and(|a| a == "--generate") {
        let megabytes: u64 = args.get(1).and_then(|m| m.parse().ok()).unwrap_or(100);
        let mut dump = Dump::new(megabytes * 1_000_000);
        reader.read("made.json", &mut dump);
        bytes = dump.written;
        println!("made and read in {:.2} s", start.elapsed().as_secs_f64());
        println!("of that making (run alone) takes {:.2} s", making(megabytes * 1_000_000));
    } else {
        for path in &args {
            match std::fs::File::open(path) {
                Ok(file) => {
                    bytes += file.metadata().map_or(0, |m| m.len());
                    reader.read(path, file);
                }
                Err(e) => println!("{path}: {e}"),
            }
        }
    }
    let read = start.elapsed().as_secs_f64();
    let result = reader.finish();
    let all = start.elapsed().as_secs_f64();
    match result {
        Ok(loaded) => {
            let c = &loaded.cluster;
            println!(
                "{:?}, {} shapes, {} workloads",
                loaded.counts,
                c.shapes().len(),
                c.workloads().len()
            );
            loaded.not_evaluated.iter().for_each(|s| println!("not evaluated: {s}"));
            loaded.assumptions.iter().for_each(|s| println!("assumed: {s}"));
            if args.last().is_some_and(|a| a.ends_with("real-cluster.json")) {
                show(c);
            }
        }
        Err(errors) => errors.iter().take(20).for_each(|e| println!("{e}")),
    }
    println!(
        "{bytes} bytes, read {read:.3} s, all {all:.3} s, {:.0} MB/s",
        bytes as f64 / 1e6 / all
    );
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|l| l.starts_with("VmHWM")).for_each(|l| println!("{l}"));
    }
}

fn show(c: &podfit::model::Cluster) {
    for (i, p) in c.pods().iter().enumerate() {
        let shape = c.shape(p.shape);
        let gaps: Vec<_> = p.gaps.iter().map(|g| (g.code, c.str(g.what))).collect();
        let notes: Vec<_> = p.notes.iter().map(|&n| c.str(n)).collect();
        println!(
            "{} on {} {:?} {:?} requests {:?} unrequested {} claims {} {gaps:?} {notes:?}",
            c.pod_name(podfit::model::PodId(i as u32)),
            p.node.map_or("-", |n| c.node_name(n)),
            p.owner.kind,
            p.component,
            shape.requests.as_slice(),
            p.unrequested,
            shape.volumes.len(),
        );
    }
}

fn making(bytes: u64) -> f64 {
    let start = Instant::now();
    let copied = std::io::copy(&mut Dump::new(bytes), &mut std::io::sink());
    copied.map_or(0.0, |_| start.elapsed().as_secs_f64())
}

/// A list of 100 nodes and as many pods as fill the bytes, made while it is read.
struct Dump {
    wanted: u64,
    written: u64,
    pods: u64,
    buffer: String,
    at: usize,
    closed: bool,
}

impl Dump {
    fn new(wanted: u64) -> Self {
        let mut buffer = String::from("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n");
        for i in 0..100 {
            let _ = write!(
                buffer,
                r#"{}{{"apiVersion":"v1","kind":"Node","metadata":{{"name":"node-{i}","labels":{{"zone":"z{}"}}}},
"status":{{"allocatable":{{"cpu":"64","memory":"256Gi","pods":"250000"}}}}}}"#,
                if i > 0 { ",\n" } else { "" },
                i % 3
            );
        }
        Self { wanted, written: 0, pods: 0, buffer, at: 0, closed: false }
    }

    fn pod(&mut self) {
        let (i, app) = (self.pods, self.pods % 200);
        self.pods += 1;
        let mut managed = String::new();
        for field in ["name", "image", "resources", "ports", "env", "volumeMounts", "livenessProbe"]
        {
            let _ = write!(
                managed,
                r#"
                                    "f:{field}": {{
                                        ".": {{}},
                                        "k:{{\"name\":\"{field}-{app}\"}}": {{
                                            ".": {{}},
                                            "f:mountPath": {{}},
                                            "f:name": {{}}
                                        }}
                                    }},"#
            );
        }
        let _ = write!(
            self.buffer,
            r#",
        {{
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {{
                "annotations": {{
                    "cni.projectcalico.org/podIP": "10.32.0.{i}/32",
                    "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z"
                }},
                "creationTimestamp": "2026-01-01T00:00:00Z",
                "generateName": "app-{app}-7d9c5b8f6d-",
                "labels": {{
                    "app": "app-{app}",
                    "pod-template-hash": "7d9c5b8f6d",
                    "team": "t{}"
                }},
                "managedFields": [
                    {{
                        "apiVersion": "v1",
                        "fieldsType": "FieldsV1",
                        "fieldsV1": {{
                            "f:spec": {{
                                "f:containers": {{{managed}
                                    "f:terminationMessagePath": {{}}
                                }}
                            }}
                        }},
                        "manager": "kube-controller-manager",
                        "operation": "Update",
                        "time": "2026-01-01T00:00:00Z"
                    }}
                ],
                "name": "app-{app}-7d9c5b8f6d-{i:06}",
                "namespace": "ns-{}",
                "ownerReferences": [
                    {{
                        "apiVersion": "apps/v1",
                        "blockOwnerDeletion": true,
                        "controller": true,
                        "kind": "ReplicaSet",
                        "name": "app-{app}-7d9c5b8f6d",
                        "uid": "3f0d34c1-2a44-4a7a-a3a3-{i:012}"
                    }}
                ],
                "uid": "9e1c7bb4-1c68-4ac4-8c2f-{i:012}"
            }},
            "spec": {{
                "affinity": {{
                    "podAntiAffinity": {{
                        "requiredDuringSchedulingIgnoredDuringExecution": [
                            {{
                                "labelSelector": {{"matchLabels": {{"app": "app-{app}"}}}},
                                "topologyKey": "kubernetes.io/hostname"
                            }}
                        ]
                    }}
                }},
                "containers": [
                    {{
                        "env": [
                            {{"name": "GREETING", "value": "a \"quoted\" value with \\ and \n"}},
                            {{"name": "POD_IP", "valueFrom": {{"fieldRef": {{"fieldPath": "status.podIP"}}}}}}
                        ],
                        "image": "registry.example/app-{app}:1.2.3",
                        "imagePullPolicy": "IfNotPresent",
                        "livenessProbe": {{
                            "failureThreshold": 3,
                            "httpGet": {{"path": "/healthz", "port": 8080, "scheme": "HTTP"}},
                            "periodSeconds": 10
                        }},
                        "name": "app",
                        "ports": [{{"containerPort": 8080, "name": "http", "protocol": "TCP"}}],
                        "resources": {{
                            "limits": {{"memory": "256Mi"}},
                            "requests": {{"cpu": "100m", "memory": "{}Mi"}}
                        }},
                        "volumeMounts": [
                            {{"mountPath": "/tmp", "name": "tmp"}},
                            {{
                                "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
                                "name": "kube-api-access",
                                "readOnly": true
                            }}
                        ]
                    }}
                ],
                "dnsPolicy": "ClusterFirst",
                "nodeName": "node-{}",
                "priority": 0,
                "restartPolicy": "Always",
                "schedulerName": "default-scheduler",
                "serviceAccountName": "default",
                "tolerations": [
                    {{
                        "effect": "NoExecute",
                        "key": "node.kubernetes.io/not-ready",
                        "operator": "Exists",
                        "tolerationSeconds": 300
                    }},
                    {{
                        "effect": "NoExecute",
                        "key": "node.kubernetes.io/unreachable",
                        "operator": "Exists",
                        "tolerationSeconds": 300
                    }}
                ],
                "volumes": [
                    {{"emptyDir": {{}}, "name": "tmp"}},
                    {{"name": "kube-api-access", "projected": {{"sources": []}}}}
                ]
            }},
            "status": {{
                "conditions": [
                    {{"lastTransitionTime": "2026-01-01T00:00:00Z", "status": "True", "type": "Ready"}},
                    {{"lastTransitionTime": "2026-01-01T00:00:00Z", "status": "True", "type": "PodScheduled"}}
                ],
                "containerStatuses": [
                    {{
                        "containerID": "containerd://{i:064}",
                        "image": "registry.example/app-{app}:1.2.3",
                        "name": "app",
                        "ready": true,
                        "restartCount": 0,
                        "started": true
                    }}
                ],
                "hostIP": "192.0.2.1",
                "phase": "Running",
                "qosClass": "Burstable",
                "startTime": "2026-01-01T00:00:00Z"
            }}
        }}"#,
            app % 7,
            app % 20,
            64 + app,
            i % 100,
        );
    }
}

impl Read for Dump {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
            if self.written < self.wanted {
                (0..32).for_each(|_| self.pod());
            } else if !self.closed {
                self.closed = true;
                self.buffer.push_str("],\n\"kind\": \"List\", \"metadata\": {}}\n");
            }
        }
        let n = into.len().min(self.buffer.len() - self.at);
        into[..n].copy_from_slice(&self.buffer.as_bytes()[self.at..self.at + n]);
        self.at += n;
        self.written += n as u64;
        Ok(n)
    }
}
