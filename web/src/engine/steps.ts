// A sequence → a picture a step: the cluster as it was before, and what the step makes of it. Pure.

import type { HostReport, NoteReport, PathReport, SequenceReport, SequenceState, Span } from "podfit";
import type { Answer, Cluster, PodChange, PodVerdict } from "./protocol";
import { changes, indexOf } from "./view";

/** A state to look at. */
export interface Step {
  cluster: Cluster;
  /** What it comes to; null before anything happened. */
  answer: Answer | null;
  /** What the engine says of it; null before anything happened. */
  state: SequenceState | null;
}

/** The state before, then one a step. A return of what was never down is left out. */
export function stepsOf(report: SequenceReport, start: Cluster): Step[] {
  const steps: Step[] = [{ cluster: start, answer: null, state: null }];
  let podNode = start.podNode;
  let down: string[] = [];
  for (const state of report.states) {
    if (state.step.step === "return" && !down.length && !state.pods.length && !cordonedIn(steps.at(-1)!)) continue;
    const before = { ...start, podNode, nodes: cordon(start, state) };
    const answer = answerOf(before, state, report);
    steps.push({ cluster: before, answer, state });
    podNode = placesAfter(before, answer);
    down = state.down;
  }
  return steps;
}

const cordonedIn = ({ state }: Step): boolean => (state?.cordoned.length ?? 0) > 0;

function cordon(of: Cluster, state: SequenceState): Cluster["nodes"] {
  const cordoned = new Set(state.cordoned);
  return of.nodes.map((node) => ({ ...node, unschedulable: cordoned.has(node.name) }));
}

function answerOf(before: Cluster, state: SequenceState, report: SequenceReport): Answer {
  const index = indexOf(before);
  const changed = changes(state, index).filter((c) => c.pod !== undefined);
  const failed = state.down.map((name) => index.nodes.get(name) ?? -1).filter((i) => i >= 0);
  return {
    depth: "now",
    verdict: state.verdict,
    why: state.why.text,
    scope: "survivors-fixed",
    certificate: null,
    proof: null,
    status: "unknown",
    levels: [],
    prediction: state.prediction ?? null,
    hint: null,
    cause: null,
    failed,
    failedHosts: state.hosts ?? [],
    failedParts: [],
    counts: state.counts,
    unrequested: { displaced: 0, unrequested: 0 },
    controlPlane: state.controlPlane,
    afterRecovery: null,
    host: state.host ?? null,
    changed: [...changed, ...shadows(before, changed, failed)],
    assumptions: report.assumptions,
    notEvaluated: report.notEvaluated,
    seconds: 0,
  };
}

/** Pods that went with their node before, and wait for it there. */
function shadows(before: Cluster, changed: PodChange[], failed: number[]): PodChange[] {
  const lost = new Set(failed);
  const told = new Set(changed.map((c) => c.pod));
  const there = before.podNames.map((_, pod) => pod).filter((pod) => lost.has(before.podNode[pod]!) && !told.has(pod));
  return there.map((pod) => ({ pod, verdict: "gone" as const, to: -1, reason: "", predicted: null, notes: [] }));
}

/** Verdicts of pods that have left their node. */
const LEFT: PodVerdict[] = ["pending", "stuck", "lost", "waiting"];

function placesAfter(before: Cluster, { changed, failed }: Answer): Int32Array {
  const after = Int32Array.from(before.podNode);
  const lost = new Set(failed);
  for (const { pod, verdict, to } of changed) {
    if (verdict === "moves" || verdict === "placed") after[pod] = to;
    else if (LEFT.includes(verdict)) after[pod] = -1;
    // What goes with its node comes back with it; what nobody wants any more does not.
    else if (verdict === "gone" && !lost.has(before.podNode[pod]!)) after[pod] = -1;
  }
  return after;
}

/** Pods of a workload to which the same happens in a step. */
export interface Offline {
  name: string;
  verdict: PodVerdict;
  pods: number;
  /** Until they are back, of those that come back by themselves: from the first to the last. */
  back: Span | null;
}

/** What does not run meanwhile: what moves until it is back, what finds no place, what is lost. Worst first. */
export function offline(state: SequenceState): Offline[] {
  const order: PodVerdict[] = ["lost", "pending", "stuck", "waiting", "not-evaluated", "moves", "placed"];
  const groups = new Map<string, Offline>();
  for (const pod of state.pods) {
    if (!order.includes(pod.verdict) || (pod.verdict === "placed" && !pod.backAfterSeconds)) continue;
    const name = `${pod.namespace}/${pod.workload?.name ?? pod.name}`;
    const key = `${pod.verdict} ${name}`;
    const back = pod.backAfterSeconds ?? null;
    const group = groups.get(key);
    if (!group) groups.set(key, { name, verdict: pod.verdict, pods: 1, back });
    else groups.set(key, { ...group, pods: group.pods + 1, back: hull(group.back, back) });
  }
  return [...groups.values()].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

/** From the least of both to the most; no end where either has none. */
export function hull(a: Span | null, b: Span | null): Span | null {
  if (!a || !b) return a ?? b;
  const max = a.max == null || b.max == null ? null : Math.max(a.max, b.max);
  return { min: Math.min(a.min, b.min), max };
}

/** From when the first is back to when all are. */
export const recovery = (state: SequenceState): Span | null =>
  state.pods.reduce<Span | null>((all, pod) => hull(all, pod.backAfterSeconds ?? null), null);

/** What an engine may tell of a state beside: it is shown where it is there. */
export interface MoreOfState {
  seconds?: Span;
  /** How that comes about, as a position in `paths`. */
  path?: number;
  paths?: PathReport[];
  offlinePods?: number;
  deployments?: { accepted: string; afterSeconds?: Span | null; text: string };
  mayBeEvicted?: string[];
}

/** The same of a sequence. */
export interface MoreOfSequence {
  seconds?: Span;
  notes?: NoteReport[];
}

const isSpan = (v: unknown): v is Span => typeof v === "object" && v !== null && typeof (v as Span).min === "number";

/** Times that the engine gives a state, by field: `seconds` is how long it lasts, others are called `…Seconds`. */
export function timesOf(state: SequenceState): [string, Span][] {
  const isTime = (field: string) => field === "seconds" || field.endsWith("Seconds");
  return Object.entries(state as Record<string, unknown>).flatMap(([field, v]) => (isTime(field) && isSpan(v) ? [[field, v]] : []));
}

/** How the time that a state lasts comes about. */
export function pathOf(state: SequenceState): PathReport | null {
  const { path, paths } = state as MoreOfState;
  return path === undefined ? null : (paths?.[path] ?? null);
}

/** The host on which the master machine of a device restarts, if it does in this step. */
export function masterGoesTo(host: HostReport | null | undefined): string | null {
  return host?.masterRestarts && host.fit?.fits ? host.fit.host : null;
}

