// The form's rows → podfit/v1 text. JSON strings are YAML too, so quoting is JSON's.

export interface FormState {
  device: { model: string; nodes: 1 | 2; gpus: string } | null;
  nodes: { name: string; cpu: string; memory: string; gpus: string }[];
  workloads: FormWorkload[];
}

export interface FormWorkload {
  name: string;
  namespace: string;
  kind: string;
  replicas: string;
  cpu: string;
  memory: string;
  gpu: string;
  runsOn: string;
  priority: string;
}


export function emptyWorkload(n: number): FormWorkload {
  return { name: `app-${n}`, namespace: "default", kind: "Deployment", replicas: "2", cpu: "500m", memory: "1Gi", gpu: "", runsOn: "", priority: "" };
}

export const FORM: FormState = {
  device: { model: "pro-gpu", nodes: 2, gpus: "" },
  nodes: [
    { name: "node-1", cpu: "8", memory: "32Gi", gpus: "" },
    { name: "node-2", cpu: "8", memory: "32Gi", gpus: "" },
  ],
  workloads: [
    { ...emptyWorkload(1), name: "web", replicas: "4", cpu: "1", memory: "4Gi", runsOn: "A, B" },
    { ...emptyWorkload(2), name: "vision", replicas: "1", cpu: "2", memory: "8Gi", gpu: "1", runsOn: "A" },
  ],
};

/** A plain scalar where it is one, else quoted. */
function scalar(text: string): string {
  const plain = /^[A-Za-z][A-Za-z0-9./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return plain || /^[0-9]+(\.[0-9]+)?$/.test(text) ? text : JSON.stringify(text);
}

/** Optional fields are left out when empty. */
function fields(pairs: [string, string][]): string {
  return `{${pairs.filter(([, v]) => v.trim() !== "").map(([k, v]) => `${k}: ${scalar(v.trim())}`).join(", ")}}`;
}

export function names(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** A replica on each named node in turn. */
function runsOn(workload: FormWorkload): string[] {
  const nodes = names(workload.runsOn);
  if (!nodes.length || workload.kind === "DaemonSet") return nodes;
  const replicas = Math.min(Math.max(0, Math.trunc(Number(workload.replicas)) || 0), 10_000);
  return Array.from({ length: replicas }, (_, i) => nodes[i % nodes.length]!);
}

export function toText(form: FormState): string {
  const lines = ["apiVersion: podfit/v1", "kind: Cluster"];
  if (form.device) {
    const { model, nodes, gpus } = form.device;
    lines.push(`device: ${fields([["model", model], ["nodes", String(nodes)], ["gpus", gpus]])}`);
  } else {
    lines.push("nodes:");
    for (const n of form.nodes) {
      const gpus = n.gpus.trim() ? `, gpus: ${fields([["count", n.gpus]])}` : "";
      lines.push(`  - {name: ${scalar(n.name)}, allocatable: ${fields([["cpu", n.cpu], ["memory", n.memory]])}${gpus}}`);
    }
  }
  lines.push(form.workloads.length ? "workloads:" : "workloads: []");
  for (const w of form.workloads) lines.push(...workload(w));
  return lines.join("\n") + "\n";
}

function workload(w: FormWorkload): string[] {
  const on = runsOn(w);
  const lines = [
    `  - name: ${scalar(w.name)}`,
    `    namespace: ${scalar(w.namespace || "default")}`,
    `    kind: ${scalar(w.kind)}`,
    `    requests: ${fields([["cpu", w.cpu], ["memory", w.memory]])}`,
  ];
  if (w.kind !== "DaemonSet" && w.kind !== "Pod") lines.push(`    replicas: ${scalar(w.replicas.trim() || "1")}`);
  if (on.length) lines.push(`    runsOn: [${on.map(scalar).join(", ")}]`);
  if (w.gpu.trim()) lines.push(`    gpu: ${scalar(w.gpu.trim())}`);
  if (w.priority.trim()) lines.push(`    priority: ${scalar(w.priority.trim())}`);
  return lines;
}
