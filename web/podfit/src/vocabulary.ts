// Made from schema/ by `npm run types`: do not edit.

/** Gathers what podfit reads of a cluster. */
export const KUBECTL = "kubectl get nodes,pods,pv,pvc,sc,pdb,ns,rs,rc,sts,deploy,ds,jobs,cronjobs,hpa,svc,endpointslices,csinodes,csidrivers,csistoragecapacities,volumeattachments,quota,limits,pc,leases -A -o json";

/** Kinds of requests; the first is the default. */
export const QUESTIONS = [
  "WhatIf",
  "Audit",
  "Timeline",
  "Availability",
  "Sequence",
  "Place",
  "Check",
  "Explain",
  "Lint",
  "Device",
  "Network",
  "ControlPlane",
  "Show",
] as const;
export type Question = (typeof QUESTIONS)[number];

/**
 * How nodes are lost; the first is the default.
 *
 * - `not-ready`: The kubelet is silent; the Node object stays, tainted, and evicted pods linger as Terminating.
 * - `deleted`: The Node object is deleted.
 * - `drained`: The node is cordoned and drained; DaemonSet and static pods run on.
 */
export const MODES = [
  "not-ready",
  "deleted",
  "drained",
] as const;

/**
 * Which solvers may be asked; the first is the default.
 *
 * - `auto`: Greedy first; exact where bounds do not prove its answer.
 * - `greedy`: Greedy and bounds only.
 * - `exact`: The exact solvers run although bounds prove the greedy answer.
 */
export const SOLVERS = [
  "auto",
  "greedy",
  "exact",
] as const;
export type Solver = (typeof SOLVERS)[number];

/**
 * Forms of output; the first is the default.
 *
 * - `table`: For people; pods of one workload are summed up.
 * - `wide`: For people; every pod and node.
 * - `json`: The whole report.
 * - `yaml`: The whole report.
 * - `csv`: The list of pods (of an audit, cases; of a check, violations; of an explanation, pods by nodes; of a network, addresses, services or routes), amounts as whole numbers.
 * - `prometheus`: Of an audit: gauges in Prometheus' text format, for a textfile collector.
 */
export const FORMATS = [
  "table",
  "wide",
  "json",
  "yaml",
  "csv",
  "prometheus",
] as const;
export type Format = (typeof FORMATS)[number];

/** Kinds of workloads that a podfit/v1 document takes; the first is the default. */
export const WORKLOAD_KINDS = [
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "ReplicaSet",
  "Pod",
] as const;
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

/** A model of the edge device. */
export interface DeviceModel {
  /** As in `device.model` of a podfit/v1 document. */
  name: string;
  /** What the vendor calls it. */
  title: string;
  /** Numbers of GPU cards that it is sold with, the default first. */
  gpus: readonly number[];
}
/** Models of the edge device. */
export const MODELS: readonly DeviceModel[] = [
  {
    "name": "pro-gpu",
    "title": "Azure Stack Edge Pro GPU",
    "gpus": [
      1,
      2
    ]
  },
  {
    "name": "pro-2-64g2t",
    "title": "Azure Stack Edge Pro 2, 64G2T",
    "gpus": [
      0
    ]
  },
  {
    "name": "pro-2-128g4t1gpu",
    "title": "Azure Stack Edge Pro 2, 128G4T1GPU",
    "gpus": [
      1
    ]
  },
  {
    "name": "pro-2-256g6t2gpu",
    "title": "Azure Stack Edge Pro 2, 256G6T2GPU",
    "gpus": [
      2
    ]
  },
  {
    "name": "pro-r",
    "title": "Azure Stack Edge Pro R",
    "gpus": [
      1
    ]
  },
  {
    "name": "mini-r",
    "title": "Azure Stack Edge Mini R",
    "gpus": [
      0
    ]
  }
];
