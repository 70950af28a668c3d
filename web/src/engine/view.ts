// Reports → what the page draws: names become indices, pods that stay are left out.

import type { ClusterReport, Envelope, PodCounts, Snapshot, WhatIfReport } from "podfit";
import { nearest } from "../text-engine";
import type { Answer, Cluster, Depth, MatrixRow, NodeInfo, PodChange, PodVerdict, Workload } from "./protocol";

/** CPU, memory and cards first; pods last, as they say least. */
const FIRST = ["cpu", "memory", "podfit.dev/gpu-milli"];
const LAST = "pods";

/** Labels that usually name failure domains. */
const DOMAINS = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region", "topology.kubernetes.io/rack"];

/** Worst first. */
const SEVERITY: PodVerdict[] = ["pending", "stuck", "lost", "waiting", "not-evaluated", "gone", "moves", "placed", "stays"];

export function clusterOf(snapshot: Snapshot): Cluster {
  const report = snapshot.answer({ kind: "Show" }).report as ClusterReport;
  const resources = resourcesOf(report);
  const nodeIndex = new Map(report.nodes.map((n, i) => [n.name, i]));
  const pods = report.pods;
  const workloads: Workload[] = [];
  const workloadIndex = new Map<string, number>();
  const podWorkload = new Int32Array(pods.length);
  const podRequests = new Float64Array(pods.length * resources.length);
  pods.forEach((pod, p) => {
    const workload = workloadOf(pod);
    const key = `${workload.kind} ${workload.name}`;
    let index = workloadIndex.get(key);
    if (index === undefined) {
      index = workloads.push(workload) - 1;
      workloadIndex.set(key, index);
    }
    podWorkload[p] = index;
    resources.forEach((r, i) => (podRequests[p * resources.length + i] = pod.requests[r] ?? 0));
  });
  return {
    resources,
    nodes: report.nodes.map((n) => nodeInfo(n, resources)),
    podNames: pods.map((p) => `${p.namespace}/${p.name}`),
    podNode: Int32Array.from(pods, (p) => (p.node == null ? -1 : (nodeIndex.get(p.node) ?? -1))),
    podWorkload,
    podRequests,
    workloads,
    domains: domainsOf(report),
    hosts: hostsOf(report, nodeIndex),
    assumptions: report.assumptions,
    notEvaluated: report.notEvaluated,
    leftOut: snapshot.leftOut,
  };
}

type ShownNode = ClusterReport["nodes"][number];
type ShownPod = ClusterReport["pods"][number];

function resourcesOf(report: ClusterReport): string[] {
  const all = new Set(report.nodes.flatMap((n) => Object.keys(n.resources)));
  const others = [...all].filter((r) => !FIRST.includes(r) && r !== LAST).sort();
  return [...FIRST.filter((r) => all.has(r)), ...others, ...(all.has(LAST) ? [LAST] : [])];
}

function nodeInfo(node: ShownNode, resources: string[]): NodeInfo {
  return {
    name: node.name,
    allocatable: resources.map((r) => node.resources[r]?.allocatable ?? 0),
    controlPlane: node.controlPlane,
    unschedulable: node.unschedulable,
    taints: node.taints,
  };
}

/** A bare pod is a workload of its own, and so is a static one. */
function workloadOf(pod: ShownPod): Workload {
  const { kind, name } = pod.workload ?? { kind: pod.kind === "bare" ? "Pod" : "Static pod", name: pod.name };
  const role = pod.kind === "daemon-set" ? "daemon" : pod.kind === "static" || pod.kind === "control-plane" ? "system" : "pod";
  return { name: `${pod.namespace}/${name ?? pod.name}`, kind, role };
}

/** On a device, a host takes along the nodes whose machines run there. */
function hostsOf(report: ClusterReport, nodeIndex: Map<string, number>): Cluster["hosts"] {
  return (report.host?.hosts ?? []).map((host) => ({
    name: host.name,
    nodes: host.before.map((m) => nodeIndex.get(m.name) ?? -1).filter((i) => i >= 0),
  }));
}

function domainsOf(report: ClusterReport): Cluster["domains"] {
  return DOMAINS.map((label) => {
    const values = new Map<string, number[]>();
    report.nodes.forEach((node, i) => {
      const value = node.labels[label];
      if (value !== undefined) values.set(value, [...(values.get(value) ?? []), i]);
    });
    return { label, values: [...values].map(([value, nodes]) => ({ value, nodes })) };
  }).filter((d) => d.values.length > 1);
}

export function answerOf(envelope: Envelope, cluster: Cluster, depth: Depth): Answer {
  const report = envelope.report as WhatIfReport;
  const index = indexOf(cluster);
  return {
    depth,
    verdict: report.verdict,
    why: report.why.text,
    scope: report.scope,
    certificate: report.certificate ?? null,
    proof: report.proof ?? null,
    status: report.status,
    levels: report.levels,
    prediction: report.prediction ?? null,
    hint: report.hint ?? null,
    cause: report.cause ?? null,
    failed: report.failed.map((name) => index.nodes.get(name) ?? -1).filter((i) => i >= 0),
    failedHosts: report.failedHosts ?? [],
    failedParts: report.failedParts ?? [],
    counts: report.counts,
    unrequested: report.unrequested,
    controlPlane: report.controlPlane,
    afterRecovery: report.afterRecovery ?? null,
    host: report.host ?? null,
    changed: changes(report, index),
    assumptions: report.assumptions,
    notEvaluated: report.notEvaluated,
    seconds: envelope.seconds,
  };
}

/** The report lists the pods that do not stay. */
export function changes(report: Pick<WhatIfReport, "pods">, { nodes, pods }: Index): PodChange[] {
  return report.pods.map((pod) => ({
    pod: pods.get(`${pod.namespace}/${pod.name}`)!,
    verdict: pod.verdict,
    to: pod.to == null ? -1 : (nodes.get(pod.to) ?? -1),
    reason: pod.fix ? `${pod.reason.text}. ${nearest(pod.fix.text)}` : pod.reason.text,
    predicted: pod.predicted ?? null,
    notes: pod.notes ?? [],
  }));
}

export interface Index {
  nodes: Map<string, number>;
  pods: Map<string, number>;
}

const indexes = new WeakMap<Cluster, Index>();

/** Nodes and pods by name, made once for a cluster. */
export function indexOf(cluster: Cluster): Index {
  let index = indexes.get(cluster);
  if (!index) {
    const byName = (names: string[]) => new Map(names.map((name, i) => [name, i]));
    index = { nodes: byName(cluster.nodes.map((n) => n.name)), pods: byName(cluster.podNames) };
    indexes.set(cluster, index);
  }
  return index;
}

export function rowOf(index: number, answer: Answer, cluster: Cluster): MatrixRow {
  const cells = new Map<number, { worst: PodVerdict; pods: number }>();
  for (const { pod, verdict } of answer.changed) {
    const workload = cluster.podWorkload[pod]!;
    const cell = cells.get(workload);
    if (!cell || SEVERITY.indexOf(verdict) < SEVERITY.indexOf(cell.worst)) cells.set(workload, { worst: verdict, pods: 1 });
    else if (verdict === cell.worst) cell.pods += 1;
  }
  const { verdict, why, counts, seconds } = answer as Answer & { counts: PodCounts };
  const list = [...cells].map(([workload, cell]) => ({ workload, ...cell }));
  return { index, verdict, why, counts, cells: list, seconds };
}
