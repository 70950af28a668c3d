// podfit for browsers and Node. Nothing is decided here: requests go in as JSON, reports come out as JSON.
import init, * as wasm from "../wasm/podfit.js";
import { FIRST, REST } from "#own-wasm";
import { CrashError, type Fault, RequestErrors, thrown } from "./errors.js";
import { type LpSolver, flat } from "./lp.js";
import { type Wasm, compiled, complete } from "./rest.js";
import type { Edit, Envelope, Request } from "./types.js";
import type { Format, Solver } from "./vocabulary.js";

export {
  CrashError,
  type Fault,
  InputErrors,
  InternalError,
  PodfitError,
  RequestErrors,
  SolverError,
} from "./errors.js";
export type { IntegerProgram, LpAnswer, LpSolver } from "./lp.js";
export type { Wasm } from "./rest.js";
export type * from "./types.js";
export * from "./vocabulary.js";

/** A file. */
export interface Input {
  /** Its name; it starts the place of every fault. */
  name: string;
  /** What is in it. */
  data: string | Uint8Array;
}

/** How to read. */
export interface OpenOptions {
  /** Requests to assume for pods that state none. */
  assumeRequests?: { cpu?: string; memory?: string };
  /** Workloads with a HorizontalPodAutoscaler have as many replicas as it gives them at most. */
  autoscaled?: boolean;
  /** Each CronJob has a Job, as when its time comes. */
  cronJobs?: boolean;
  /** The nodes are machines of an edge device: its model, and nodes by host, `A` or `B`; without hosts, by the nodes' labels. */
  device?: { model: string; hosts?: Record<string, string[]> };
  /** Read the rest where objects have faults; `leftOut` and every report say what is missing. */
  leaveOutFaulty?: boolean;
}

/** How to answer. */
export interface AnswerOptions {
  /**
   * `auto` (default): greedy first, exact where sums do not prove its answer; `greedy`: greedy and sums only; `exact`:
   * exact although sums prove the greedy answer. Without `lp`, exact is what enumeration of small cases can do, so that
   * the answer comes at once.
   */
  solver?: Solver;
  /** For the question with everything that is looked for; `stop` and `cutStage` of the report say what was cut short. */
  timeLimitSeconds?: number;
  /** Breaks ties among equally good orders of the greedy solver. */
  seed?: number;
  /** No search for what would help (cause, fixes, hint): the verdict comes sooner. */
  verdictOnly?: boolean;
  /** Pods to list: of this namespace. */
  namespace?: string;
  /** Pods to list: with labels as kubectl's `-l` takes them. */
  selector?: string;
  /** Pods to list: of a what-if, only those that something becomes of, none that stay as they are. */
  changed?: boolean;
  /** Solves integer programs: `loadHighs()` of `podfit/highs` gives one. */
  lp?: LpSolver;
}

/** How to render. */
export interface RenderOptions {
  /** `table` and `wide` for people, `json` (default) and the others for programs. */
  format?: Format;
  /** Columns, for tables. */
  width?: number;
  /** Colours by ANSI codes. */
  color?: boolean;
  /** ASCII characters alone. */
  ascii?: boolean;
  /** Column to sort lists by. */
  sortBy?: string;
}

/** A cluster, opened once and asked often. */
export interface Snapshot {
  /** Asks; throws {@link RequestErrors}. */
  answer(request: Request, options?: AnswerOptions): Envelope;
  /** The same as the text that the command prints, by default JSON: integers beyond 2^53 are exact. */
  answerText(request: Request | string, options?: AnswerOptions, render?: RenderOptions): string;
  /** The same with these edits carried out; this one stays as it is. Throws {@link RequestErrors}. */
  edited(edits: Edit[]): Snapshot;
  /** Every fault of the objects that were left out, where that was asked for. */
  readonly leftOut: Fault[];
  /** Gives its memory back; it cannot be asked any more. */
  free(): void;
}

/** podfit, ready to open inputs. */
export interface Podfit {
  /** Version of podfit. */
  readonly version: string;
  /**
   * Kept when all of podfit is loaded. Nothing has to wait for it: what is asked sooner loads what it needs, and blocks
   * meanwhile.
   */
  readonly complete: Promise<void>;
  /** Reads files: kubectl's JSON or YAML, or one podfit/v1 document. Throws {@link InputErrors}. */
  open(inputs: Input[], options?: OpenOptions): Snapshot;
}

/** podfit, once it is asked for. */
let whole: Promise<Podfit> | undefined;

/** What made podfit's memory unusable, if anything did. */
let crash: CrashError | undefined;

/** Calls into the WebAssembly. */
function call<T>(work: () => T): T {
  if (crash) throw crash;
  try {
    return work();
  } catch (error) {
    const told = thrown(error);
    if (told instanceof CrashError) crash = told;
    throw told;
  }
}

const json = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function snapshot(opened: wasm.Snapshot): Snapshot {
  let inner: wasm.Snapshot | undefined = opened;
  const alive = (): wasm.Snapshot => {
    if (inner) return inner;
    throw new RequestErrors([
      { code: "freed", place: "snapshot", cause: "its memory was given back", fix: "open the input again" },
    ]);
  };
  const answerText: Snapshot["answerText"] = (request, { lp, ...options } = {}, render = {}) =>
    call(() => alive().answer(json(request), json(options), json(render), lp && flat(lp)));
  return {
    answerText,
    answer: (request, options) => JSON.parse(answerText(request, options)) as Envelope,
    leftOut: JSON.parse(call(() => opened.leftOut())) as Fault[],
    edited: (edits) => call(() => snapshot(alive().edited(json(edits)))),
    free: () => {
      call(() => inner?.free());
      inner = undefined;
    },
  };
}

function open(inputs: Input[], options: OpenOptions = {}): Snapshot {
  const encoder = new TextEncoder();
  return call(() => {
    const files = new wasm.Inputs();
    for (const { name, data } of inputs) {
      files.add(name, typeof data === "string" ? encoder.encode(data) : data);
    }
    return snapshot(files.open(json(options)));
  });
}

/** Other copies of the two WebAssembly files in this package, which belong together. */
export interface LoadOptions {
  /** `podfit_bg.wasm`: what first answers need. */
  wasm?: Wasm;
  /** `podfit_rest.wasm`: everything else; it comes in the background. */
  rest?: Wasm;
}

/** Makes podfit ready. */
export async function load({ wasm: first = FIRST, rest = REST }: LoadOptions = {}): Promise<Podfit> {
  whole ??= compiled(first)
    .then((module) => init({ module_or_path: module }))
    .then((exports) => ({ version: call(() => wasm.version()), open, complete: complete(exports, rest) }));
  // What could not be fetched may be asked for again.
  whole.catch(() => (whole = undefined));
  return whole;
}
