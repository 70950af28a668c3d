// What crosses between the page and its workers. In: an input and a question. Out: what the page draws.
// The engine's reports are cut to what changes (`Answer`), so that 10,000 pods cross in a few milliseconds.

import type {
  AfterRecovery,
  CauseReport,
  Certificate,
  ControlPlaneLoss,
  Edit,
  Fault,
  HintReport,
  HostReport,
  Level,
  Mode,
  PodCounts,
  PodVerdict,
  PredictionReport,
  Report,
  Request,
  Scope,
  Status,
  Unrequested,
  Verdict,
} from "podfit";
import type { Ways } from "./redact";

export type { Edit, Fault, Mode, PodVerdict, Verdict };

/** One file of an input. A Blob crosses to a worker without being copied. */
export interface Source {
  name: string;
  blob: Blob;
}

/** What is opened: files, what to assume, and edits on top. `id` changes whenever any of them does. */
export interface Opening {
  id: string;
  sources: Source[];
  assume: { cpu?: string; memory?: string };
  edits: Edit[];
}

/** A change to the cluster, as a fix told it. */
export interface Applied {
  edits: Edit[];
  /** The pods that it was for, as `namespace/name`; none: for all. */
  pods: string[];
}

/** What runs where, once per opening. Pods and nodes are known by their index from here on. */
export interface Cluster {
  /** Resource names; the rows of every amount below, as many as this is long. */
  resources: string[];
  nodes: NodeInfo[];
  /** `namespace/name`. */
  podNames: string[];
  /** Index of the node, -1 for none. */
  podNode: Int32Array;
  podWorkload: Int32Array;
  /** Amount of resource r that pod p requests, at p * resources.length + r. */
  podRequests: Float64Array;
  workloads: Workload[];
  /** Values of labels that name failure domains. */
  domains: { label: string; values: { value: string; nodes: number[] }[] }[];
  /** Hosts of an edge device and the indices of their nodes. */
  hosts: { name: string; nodes: number[] }[];
  assumptions: string[];
  notEvaluated: string[];
  /** Faults of the objects that were left out. */
  leftOut: Fault[];
}

export interface NodeInfo {
  name: string;
  /** By resource. */
  allocatable: number[];
  controlPlane: boolean;
  unschedulable: boolean;
  taints: string[];
}

export interface Workload {
  /** `namespace/name`. */
  name: string;
  kind: string;
  /** `system`: static pods and the control plane; `daemon`: of a DaemonSet. */
  role: "system" | "daemon" | "pod";
}

/**
 * How deep to look: `now` is quick, may leave the verdict open and looks for no fix; `proof` takes its time, may use
 * HiGHS, and looks for what would help.
 */
export type Depth = "now" | "proof";

export interface Question {
  fail: string[];
  mode: Mode;
  moves: number;
}

/** A what-if report, cut to what changes. */
export interface Answer {
  depth: Depth;
  verdict: Verdict;
  why: string;
  scope: Scope;
  certificate: Certificate | null;
  proof: string | null;
  status: Status;
  levels: Level[];
  prediction: PredictionReport | null;
  hint: HintReport | null;
  cause: CauseReport | null;
  /** Indices of the nodes lost. */
  failed: number[];
  failedHosts: string[];
  /** Parts of an edge device that fail, as they were named. */
  failedParts: string[];
  counts: PodCounts;
  unrequested: Unrequested;
  controlPlane: ControlPlaneLoss;
  afterRecovery: AfterRecovery | null;
  host: HostReport | null;
  /** Pods that do not simply stay, in the order of the input. */
  changed: PodChange[];
  assumptions: string[];
  notEvaluated: string[];
  /** Compute time in the engine. */
  seconds: number;
}

export interface PodChange {
  pod: number;
  verdict: PodVerdict;
  /** Index of the node it goes to, -1 for none. */
  to: number;
  reason: string;
  predicted: number | null;
  notes: string[];
}

/** A row of the N-1 matrix. */
export interface MatrixRow {
  index: number;
  verdict: Verdict;
  why: string;
  counts: PodCounts;
  /** What becomes of each workload that does not simply stay, with the worst verdict and how many pods. */
  cells: { workload: number; worst: PodVerdict; pods: number }[];
  seconds: number;
}

export type Format = "json" | "csv" | "table";

/** What a worker is asked. */
export type Ask =
  | { op: "ready" }
  | { op: "open"; opening: Opening; leaveOut: boolean }
  | { op: "answer"; question: Question; depth: Depth }
  | { op: "matrix"; cases: string[][]; mode: Mode; moves: number }
  | { op: "report"; request: Request }
  | { op: "export"; request: Request; format: Format; depth: Depth }
  | { op: "redact"; sources: Source[]; plan: { fail: string[]; applied: Applied[]; parts: string[] }; ways: Ways };

/** What may leave the page. */
export interface Redacted {
  files: { name: string; text: string }[];
  /** A plan for them. */
  fail: string[];
  applied: Applied[];
  parts: string[];
  /** Whether addresses of a network are others. */
  substituted: boolean;
  /** How many names became others. */
  renamed: number;
}

/** What it says in the end. */
export interface Results {
  ready: null;
  open: Cluster;
  answer: Answer;
  matrix: { rows: number };
  report: Report;
  export: string;
  redact: Redacted;
}

export type FromWorker =
  | { id: number; ok: unknown }
  | { id: number; row: MatrixRow }
  | { id: number; faults: Fault[]; about: "input" | "request" }
  | { id: number; broken: string };
