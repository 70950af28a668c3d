// What panels ask: lazily, in a worker of their own, and no longer than somebody wants to know.

import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import type { Report, Request } from "podfit";
import { Cancelled, Engine, Refused } from "../engine/client";
import type { Fault } from "../engine/protocol";
import { cluster, ensureOpen, opening, phase, plan } from "./store";

export interface Asked<R extends Report> {
  /** The last answer, also while another is on its way; null before the first, and where the question is refused. */
  report: R | null;
  /** Why it is refused. */
  fault: Fault | null;
  /** Whether the answer is not there yet. */
  isAsking: boolean;
}

/** Several changes in a row are one question, and what the person asks goes first. */
const AFTER_MS = 120;

const worker = new Engine();
const wanted = new Set<AbortSignal>();

/** The answer is of no interest any more: where nobody waits for another, the worker ends. */
function giveUp(signal: AbortSignal): void {
  wanted.delete(signal);
  if (!wanted.size && worker.busy) worker.cancel();
}

async function answer(request: Request, signal: AbortSignal): Promise<Report> {
  wanted.add(signal);
  signal.addEventListener("abort", () => giveUp(signal));
  try {
    await ensureOpen(worker);
    if (signal.aborted) throw new Cancelled("outdated");
    return await worker.call({ op: "report", request });
  } finally {
    wanted.delete(signal);
  }
}

const kindOf = (request: Request): string => `${request.kind}Report`;

/** Asks whatever `request` says while it is not null and something is open; again when it or the cluster changes. */
export function asked<R extends Report>(request: () => Request | null): ReadonlySignal<Asked<R>> {
  const state = signal<Asked<R>>({ report: null, fault: null, isAsking: false });
  /** The question that is answered, and the cluster that the report is of. */
  let known = "";
  let about = "";
  const question = computed(() => {
    const next = cluster.value && request();
    return next && JSON.stringify([opening(plan.value).id, next]);
  });
  const isFree = computed(() => !["empty", "opening", "asking"].includes(phase.value));
  effect(() => {
    const key = question.value;
    const waits = (isAsking: boolean) => {
      if (state.peek().isAsking !== isAsking) state.value = { ...state.peek(), isAsking };
    };
    if (key === null || key === known) {
      waits(false);
      return;
    }
    if (!isFree.value) {
      waits(true);
      return;
    }
    const [open, next] = JSON.parse(key) as [string, Request];
    const end = new AbortController();
    known = "";
    // What was said of another cluster is not shown meanwhile.
    state.value = { report: about === open ? state.peek().report : null, fault: null, isAsking: true };
    const told = (report: R | null, fault: Fault | null) => {
      if (end.signal.aborted) return;
      known = key;
      about = open;
      state.value = { report, fault, isAsking: false };
    };
    const timer = setTimeout(() => {
      answer(next, end.signal).then(
        (report) => told(report.kind === kindOf(next) ? (report as R) : null, null),
        (error: unknown) => error instanceof Cancelled || told(null, faultOf(error)),
      );
    }, AFTER_MS);
    return () => {
      clearTimeout(timer);
      if (known === key) return;
      end.abort();
    };
  });
  return state;
}

function faultOf(error: unknown): Fault {
  if (error instanceof Refused) return error.faults[0]!;
  return { code: "broken", place: "podfit", cause: error instanceof Error ? error.message : String(error), fix: "" };
}
