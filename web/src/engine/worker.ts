// The worker: owns the wasm engine and one opened cluster. No logic of its own: it opens, asks, cuts reports to
// what the page draws. The prover is this same worker with HiGHS loaded on its first proof.

import { InputErrors, load, RequestErrors, type LpSolver, type Podfit, type Report, type Request, type Snapshot } from "podfit";
import type { Answer, Ask, Depth, Fault, FromWorker, Opening, Question, Results } from "./protocol";
import { answerOf, clusterOf, rowOf } from "./view";

/** A proof that takes longer than this is given up, with what was found. */
const PROOF_SECONDS = 120;

let podfit: Promise<Podfit> | null = null;
let lp: Promise<LpSolver> | null = null;
let open: { key: string; base: Snapshot; snapshot: Snapshot; cluster: Results["open"] } | null = null;

const send = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

self.onmessage = async (event: MessageEvent<{ id: number; ask: Ask }>) => {
  const { id, ask } = event.data;
  try {
    send({ id, ok: await handle(id, ask) });
  } catch (error) {
    send({ id, ...failure(error) });
  }
};

function handle(id: number, ask: Ask): Promise<Results[keyof Results]> {
  switch (ask.op) {
    case "ready":
      return engine().then(warm);
    case "open":
      return openCluster(ask.opening, ask.leaveOut);
    case "answer":
      return answer(ask.question, ask.depth);
    case "matrix":
      return matrix(id, ask);
    case "report":
      return report(ask.request);
    case "export":
      return exported(ask);
    case "redact":
      return import("./redact").then((m) => m.redactAll(ask.sources, ask.plan, ask.ways));
  }
}

type Failure = { faults: Fault[]; about: "input" | "request" } | { broken: string };

function failure(error: unknown): Failure {
  if (error instanceof InputErrors) return { faults: error.errors, about: "input" };
  if (error instanceof RequestErrors) return { faults: error.errors, about: "request" };
  return { broken: error instanceof Error ? error.message : String(error) };
}

const engine = () => (podfit ??= load());

/** Compiles the ways that a question takes before a person waits for it. */
function warm(podfit: Podfit): null {
  const small = `apiVersion: podfit/v1
kind: Cluster
nodes: [{name: a, allocatable: {cpu: 4, memory: 8Gi}}, {name: b, allocatable: {cpu: 4, memory: 8Gi}}]
workloads: [{name: w, replicas: 6, runsOn: [a, a, a, b, b, b], requests: {cpu: 1, memory: 1Gi}}]`;
  const snapshot = podfit.open([{ name: "warm.yaml", data: small }]);
  snapshot.answer({ kind: "Show" });
  snapshot.answer(whatIf({ fail: ["a"], mode: "not-ready", moves: 0 }), { verdictOnly: true });
  snapshot.free();
  return null;
}

async function openCluster(opening: Opening, leaveOut: boolean): Promise<Results["open"]> {
  const podfit = await engine();
  const key = JSON.stringify([opening.sources.map((s) => s.name), opening.assume, leaveOut]);
  const source = opening.id.split("+")[0] + key;
  if (open?.key !== source) {
    closeAll();
    const read = await Promise.all(
      opening.sources.map(async (s) => ({ name: s.name, data: new Uint8Array(await s.blob.arrayBuffer()) })),
    );
    // Anything else is read by podfit's second file: it would be brought at once, and a second time where it is on its way.
    if (!read.every(isOurs)) await podfit.complete;
    const base = podfit.open(read, { assumeRequests: opening.assume, leaveOutFaulty: leaveOut });
    open = { key: source, base, snapshot: base, cluster: clusterOf(base) };
  }
  if (opening.edits.length) await podfit.complete;
  const snapshot = opening.edits.length ? open.base.edited(opening.edits) : open.base;
  if (open.snapshot !== open.base) open.snapshot.free();
  open.snapshot = snapshot;
  open.cluster = clusterOf(snapshot);
  return open.cluster;
}

/** Sections of podfit/v1 that the second file reads. */
const IN_REST = /^ ?"?(controlPlane|network|services)"?:/m;

/** Whether this looks like podfit/v1 of nodes and pods, which the first file reads. */
function isOurs({ data }: { data: Uint8Array }): boolean {
  const head = new TextDecoder().decode(data.subarray(0, 4096));
  return head.includes("podfit/v1") && !IN_REST.test(new TextDecoder().decode(data));
}

function closeAll(): void {
  if (open && open.snapshot !== open.base) open.snapshot.free();
  open?.base.free();
  open = null;
}

function opened(): NonNullable<typeof open> {
  if (!open) throw new Error("nothing is open");
  return open;
}

async function solving(depth: Depth) {
  // Without `lp` nothing takes long: greedy, sums, enumeration of small cases; the search for fixes would.
  if (depth === "now") return { verdictOnly: true };
  lp ??= import("podfit/highs").then((m) => m.loadHighs());
  await (await engine()).complete;
  return { lp: await lp, timeLimitSeconds: PROOF_SECONDS };
}

const whatIf = (q: Question): Request => ({ kind: "WhatIf", fail: q.fail, mode: q.mode, moves: q.moves });

async function answer(question: Question, depth: Depth): Promise<Answer> {
  const options = { ...(await solving(depth)), changed: true };
  const { snapshot, cluster } = opened();
  return answerOf(snapshot.answer(whatIf(question), options), cluster, depth);
}

async function matrix(id: number, ask: Ask & { op: "matrix" }): Promise<Results["matrix"]> {
  const options = { ...(await solving("now")), changed: true };
  const { snapshot, cluster } = opened();
  for (const [index, fail] of ask.cases.entries()) {
    const envelope = snapshot.answer(whatIf({ fail, mode: ask.mode, moves: ask.moves }), options);
    send({ id, row: rowOf(index, answerOf(envelope, cluster, "now"), cluster) });
  }
  return { rows: ask.cases.length };
}

/** What a panel shows, as it is: of pods, those that something becomes of. */
async function report(request: Request): Promise<Report> {
  await (await engine()).complete;
  return opened().snapshot.answer(request, { verdictOnly: true, changed: true }).report;
}

async function exported(ask: Ask & { op: "export" }): Promise<string> {
  const { snapshot } = opened();
  return snapshot.answerText(ask.request, await solving(ask.depth), { format: ask.format, width: 120 });
}
