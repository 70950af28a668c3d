// The state of the page and what changes it. Signals down, actions up: views read signals and call actions.

import { computed, signal } from "@preact/signals";
import type { Request } from "podfit";
import { Cancelled, Engine, Refused } from "../engine/client";
import type { Answer, Applied, Cluster, Fault, Format, MatrixRow, Opening, Redacted, Source, Verdict } from "../engine/protocol";
import type { Ways } from "../engine/redact";
import { editsOf, EMPTY, sameCluster, sameLoss, type Origin, type Plan } from "./scenario";

export type Phase = "empty" | "opening" | "idle" | "asking" | "proving" | "proved" | "open";
export type Tab = "picture" | "matrix" | "compare" | "plane" | "network";

export interface Problem {
  about: "input" | "request" | "broken";
  faults: Fault[];
  /** Every fault is about a single object, and the rest has not been tried yet. */
  mayLeaveOut: boolean;
  /** Input to show the faults in. */
  origin: Origin | null;
}

export interface Pinned {
  plan: Plan;
  cluster: Cluster;
  answer: Answer | null;
}

export const origin = signal<Origin | null>(null);
export const plan = signal<Plan>(EMPTY);
export const cluster = signal<Cluster | null>(null);
export const answer = signal<Answer | null>(null);
export const phase = signal<Phase>("empty");
export const problem = signal<Problem | null>(null);
export const tab = signal<Tab>("picture");
export const pinned = signal<Pinned | null>(null);
export const resource = signal<number>(0);
/** The pod whose block was clicked, and where on the picture. */
export const shown = signal<{ pod: number; x: number; y: number } | null>(null);
export const matrix = signal<{ cases: string[][]; rows: (MatrixRow | undefined)[]; done: number; running: boolean } | null>(null);

const past = signal<Plan[]>([]);
const future = signal<Plan[]>([]);
export const canUndo = computed(() => past.value.length > 0);
export const canRedo = computed(() => future.value.length > 0);

/** Answers at once. */
const engine = new Engine();
/** Packs inputs for links and reloads, without the wasm. */
const packer = new Engine();
/** Takes its time; ended when the question changes. */
const prover = new Engine();
/** Asks for each node in turn. */
const auditor = new Engine();

let opened = 0;
let leaveOut = false;

/** Opens in `worker` what is open here. */
export const ensureOpen = (worker: Engine): Promise<void> => worker.ensure(opening(plan.value), leaveOut);
let turn = 0;

/** What a plan opens. */
export const opening = (of: Plan): Opening => ({
  id: `${opened}+${JSON.stringify([of.assume, editsOf(of)])}`,
  sources: origin.value?.sources ?? [],
  assume: of.assume,
  edits: editsOf(of),
});

/** Opens another cluster; without its faulty objects, if asked to. */
export async function open(from: Origin, start: Plan = EMPTY, withoutFaulty = false): Promise<void> {
  const before = { origin: origin.value, leaveOut, phase: phase.value };
  stopMatrix();
  endProof();
  opened += 1;
  origin.value = from;
  leaveOut = withoutFaulty;
  phase.value = "opening";
  problem.value = null;
  const mine = ++turn;
  try {
    const read = await engine.open(opening(start), leaveOut);
    if (mine !== turn) return;
    show(read, start);
  } catch (error) {
    if (mine !== turn || error instanceof Cancelled) return;
    origin.value = before.origin;
    leaveOut = before.leaveOut;
    phase.value = cluster.value ? before.phase : "empty";
    report(error, from, withoutFaulty);
  }
}

export async function reopen(): Promise<void> {
  const back = closed.value;
  if (back) await open(back.origin, back.plan, back.leaveOut);
}

function show(read: Cluster, start: Plan): void {
  cluster.value = read;
  closed.value = null;
  shown.value = null;
  past.value = [];
  future.value = [];
  answer.value = null;
  matrix.value = null;
  pinned.value = null;
  tab.value = "picture";
  plan.value = start;
  resource.value = bindingResource(read);
  void ask();
  foresee();
}

/** CPU or memory, whichever is fuller in all. */
function bindingResource(of: Cluster): number {
  const width = of.resources.length;
  const share = of.resources.slice(0, 2).map((_, r) => {
    const whole = of.nodes.reduce((sum, n) => sum + n.allocatable[r]!, 0);
    let used = 0;
    for (let p = 0; p < of.podNames.length; p++) used += of.podRequests[p * width + r]!;
    return whole > 0 ? used / whole : -1;
  });
  return Math.max(0, share.indexOf(Math.max(...share)));
}

/** What was closed last, to go back to. */
export const closed = signal<{ origin: Origin; plan: Plan; leaveOut: boolean } | null>(null);

export function close(): void {
  stopMatrix();
  endProof();
  turn++;
  closed.value = origin.value && cluster.value && { origin: origin.value, plan: plan.value, leaveOut };
  origin.value = null;
  cluster.value = null;
  answer.value = null;
  problem.value = null;
  pinned.value = null;
  matrix.value = null;
  plan.value = EMPTY;
  past.value = future.value = [];
  phase.value = "empty";
}

/** Changes the plan; can be undone. */
export function change(patch: Partial<Plan>): void {
  past.value = [...past.value, plan.value].slice(-200);
  future.value = [];
  go({ ...plan.value, ...patch });
}

export function undo(): void {
  const last = past.value.at(-1);
  if (!last) return;
  past.value = past.value.slice(0, -1);
  future.value = [plan.value, ...future.value];
  go(last);
}

export function redo(): void {
  const [next, ...rest] = future.value;
  if (!next) return;
  future.value = rest;
  past.value = [...past.value, plan.value];
  go(next);
}

export function apply(...fixes: Applied[]): void {
  change({ applied: [...plan.value.applied, ...fixes] });
}

export function takeBack(index: number): void {
  change({ applied: plan.value.applied.filter((_, i) => i !== index) });
}

function go(next: Plan): void {
  const before = plan.value;
  const { mode, moves } = before;
  const otherCluster = !sameCluster(before, next);
  shown.value = null;
  plan.value = next;
  problem.value = null;
  if (otherCluster || mode !== next.mode || moves !== next.moves) {
    stopMatrix();
    matrix.value = null;
    foresee();
  }
  if (otherCluster) void reopenAndAsk();
  else if (!sameLoss(before, next)) void ask();
}

async function reopenAndAsk(): Promise<void> {
  const mine = ++turn;
  endProof();
  phase.value = "asking";
  try {
    const read = await engine.open(opening(plan.value), leaveOut);
    if (mine !== turn) return;
    // A cluster with other pods does not fit the old answer.
    answer.value = null;
    cluster.value = read;
    await ask();
  } catch (error) {
    refused(error, mine);
  }
}

async function ask(): Promise<void> {
  const mine = ++turn;
  endProof();
  const { fail, mode, moves } = plan.value;
  if (!fail.length) {
    answer.value = null;
    phase.value = "idle";
    return;
  }
  phase.value = "asking";
  try {
    await ensureOpen(engine);
    const quick = await engine.call({ op: "answer", question: { fail, mode, moves }, depth: "now" });
    if (mine !== turn) return;
    answer.value = quick;
    if (quick.certificate) phase.value = "proved";
    if (quick.certificate && !mayBeHelped(quick)) return;
    await painted();
    if (mine === turn) await prove();
  } catch (error) {
    refused(error, mine);
  }
}

/** Starting the prover takes processor time: the answer that is there is drawn first. */
const painted = () => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done)));

/** Something could be done that would change the verdict. */
export function mayBeHelped(a: Answer): boolean {
  return a.verdict === "does-not-fit" || a.verdict === "survives-if-placed-well";
}

/** The prover is at work: on the verdict, or, where that is proved, on what would help. */
export const searching = signal(false);

/** An idle prover keeps its cluster open. */
function endProof(): void {
  if (prover.busy) prover.cancel();
  searching.value = false;
}

/** Asks the prover, in a worker of its own. */
export async function prove(): Promise<void> {
  const mine = turn;
  const { fail, mode, moves } = plan.value;
  searching.value = true;
  if (!answer.value?.certificate) phase.value = "proving";
  try {
    await ensureOpen(prover);
    const proved = await prover.call({ op: "answer", question: { fail, mode, moves }, depth: "proof" });
    if (mine !== turn) return;
    answer.value = proved;
    phase.value = proved.certificate ? "proved" : "open";
  } catch (error) {
    refused(error, mine);
  } finally {
    if (mine === turn) searching.value = false;
  }
}

/** Ends the prover only; the quick answer and the cluster stay. */
export function stopProving(): void {
  endProof();
  if (phase.value === "proving") phase.value = "open";
}

function refused(error: unknown, mine: number): void {
  if (mine !== turn || error instanceof Cancelled) return;
  phase.value = !answer.value ? "idle" : answer.value.certificate ? "proved" : "open";
  report(error, null);
}

function report(error: unknown, from: Origin | null, withoutFaulty = false): void {
  if (error instanceof Refused) {
    const { about, faults } = error;
    const mayLeaveOut = about === "input" && !withoutFaulty && faults.every((f) => f.object);
    problem.value = { about, faults, mayLeaveOut, origin: from };
    return;
  }
  const cause = error instanceof Error ? error.message : String(error);
  problem.value = { about: "broken", faults: [{ code: "broken", place: "podfit", cause, fix: "" }], mayLeaveOut: false, origin: from };
}

export function fail(faults: Fault[]): void {
  problem.value = { about: "input", faults, mayLeaveOut: false, origin: null };
}

export function pin(): void {
  if (cluster.value) pinned.value = { plan: plan.value, cluster: cluster.value, answer: answer.value };
}

/** Goes back to the plan that was kept. */
export function takePinned(): void {
  if (pinned.value) change(pinned.value.plan);
}

/** Each case of the matrix: hosts of a device, then every node. */
export function matrixCases(of: Cluster): string[][] {
  return [...of.hosts.map((h) => [h.name]), ...of.nodes.map((n) => [n.name])];
}

export async function askMatrix(): Promise<void> {
  const of = cluster.value;
  if (!of) return;
  auditor.cancel();
  const cases = matrixCases(of);
  const state = { cases, rows: new Array<MatrixRow | undefined>(cases.length), done: 0, running: true };
  matrix.value = state;
  const { mode, moves } = plan.value;
  let drawn = 0;
  const update = (patch: Partial<typeof state>) => (matrix.value = { ...matrix.value!, ...patch });
  try {
    await ensureOpen(auditor);
    await auditor.call({ op: "matrix", cases, mode, moves }, (row) => {
      state.rows[row.index] = row;
      state.done += 1;
      // Rows may come faster than frames.
      if (performance.now() - drawn > 200) {
        drawn = performance.now();
        update({ done: state.done });
      }
    });
    update({ done: state.done, running: false });
  } catch (error) {
    if (matrix.value) update({ done: state.done, running: false });
    if (!(error instanceof Cancelled)) report(error, null);
  }
}

export function stopMatrix(): void {
  clearTimeout(foreseeing);
  auditor.cancel();
}

/** Small clusters are asked for each node before anyone does. */
const FORESEE_MAX = { cases: 40, pods: 2000 };
/** Not at once: the person's own question goes first. */
const FORESEE_AFTER_MS = 400;
let foreseeing: ReturnType<typeof setTimeout> | undefined;

/** So small that what may be wanted is asked before anyone does. */
export const isSmall = (of: Cluster): boolean => matrixCases(of).length <= FORESEE_MAX.cases && of.podNames.length <= FORESEE_MAX.pods;

function foresee(): void {
  clearTimeout(foreseeing);
  if (!cluster.value || !isSmall(cluster.value)) return;
  foreseeing = setTimeout(() => void askMatrix(), FORESEE_AFTER_MS);
}

/** Verdict by what alone is lost, once all have been asked; null before, and while something has failed. */
export const foreseen = computed<Map<string, Verdict> | null>(() => {
  const state = matrix.value;
  if (!state || state.running || state.done < state.cases.length || plan.value.fail.length) return null;
  return new Map(state.rows.map((row, i) => [state.cases[i]![0]!, row!.verdict]));
});

/** Fetches and compiles the engine before it is needed. */
export function warmUp(): void {
  engine.call({ op: "ready" }).catch((error: unknown) => report(error, null));
}

/** A report as the command would print it: on the question, or on another one. */
export async function exportReport(format: Format, other?: Request): Promise<string> {
  const { fail, mode, moves } = plan.value;
  const depth = other ? "now" : (answer.value?.depth ?? "now");
  // The engine stays free for quick answers.
  const worker = depth === "proof" ? prover : engine;
  await ensureOpen(worker);
  const request: Request = other ?? (fail.length ? { kind: "WhatIf", fail, mode, moves } : { kind: "Show" });
  return worker.call({ op: "export", request, format, depth });
}

/** What may leave the page of an input and a plan for it. */
export async function redacted(sources: Source[], plan: Plan, ways: Partial<Ways>): Promise<Redacted & { leaveOut?: true }> {
  const { fail, applied, parts } = plan;
  const all = { rename: false, addresses: false, ...ways, lenient: leaveOut };
  const result = await packer.call({ op: "redact", sources, plan: { fail, applied, parts }, ways: all });
  return leaveOut ? { ...result, leaveOut } : result;
}
