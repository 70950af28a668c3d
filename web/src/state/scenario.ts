// What a person has set: the cluster, what fails, and changes. One value, so that undo, links and files are simple.

import type { Applied, Cluster, Edit, Mode, Source } from "../engine/protocol";
import type { FormState } from "./form";

/** Where the cluster comes from. */
export interface Origin {
  sources: Source[];
  /** Key of a sample: links name it instead of carrying it. */
  sample: string | null;
  /** Filled in, if the form made it. */
  form: FormState | null;
}

/** What may be undone. */
export interface Plan {
  fail: string[];
  mode: Mode;
  moves: number;
  assume: { cpu?: string; memory?: string };
  applied: Applied[];
  /** What else of the control plane fails, as `m1:etcd` or a balancer: only that is asked about it. */
  parts: string[];
}

export const EMPTY: Plan = { fail: [], mode: "not-ready", moves: 0, assume: {}, applied: [], parts: [] };

export const editsOf = (plan: Plan): Edit[] => plan.applied.flatMap((a) => a.edits);

/** Whether two plans open the same cluster. */
export const sameCluster = (a: Plan, b: Plan): boolean =>
  JSON.stringify([a.assume, editsOf(a)]) === JSON.stringify([b.assume, editsOf(b)]);

/** Whether two plans ask the same what-if. */
export const sameLoss = (a: Plan, b: Plan): boolean =>
  JSON.stringify([a.fail, a.mode, a.moves]) === JSON.stringify([b.fail, b.mode, b.moves]);

/** Fails a node, or brings it back: then whatever takes it along (its host, its zone) no longer fails. */
export function toggleNode(plan: Plan, cluster: Cluster, node: number, lost: boolean): string[] {
  const name = cluster.nodes[node]!.name;
  if (!lost) return [...plan.fail, name];
  const hosts = cluster.hosts.filter((h) => h.nodes.includes(node)).map((h) => h.name);
  const domains = cluster.domains.flatMap((d) => d.values.filter((v) => v.nodes.includes(node)).map((v) => `${d.label}=${v.value}`));
  const covers = new Set([name, ...hosts, ...domains]);
  return plan.fail.filter((f) => !covers.has(f) && !hosts.some((h) => f.startsWith(`${h}:`)));
}

export function toggle(list: string[], name: string): string[] {
  return list.includes(name) ? list.filter((n) => n !== name) : [...list, name];
}
