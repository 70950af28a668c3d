// Made from schema/ by `npm run types`: do not edit.

/** What an operator does. */
export type ActionCode = "out-of-service" | "force-delete" | "delete-node";

/** What an operator may do. */
export type ActionReport = {
  /** What. */
  action: ActionCode;
  /** From then on until the pod is ready; its node is known not to be ready then. */
  backAfterSeconds: Span;
  /** How that comes about, as a position in `paths`. */
  path: number;
};

/** More of one node that makes everything fit. */
export type AdditionReport = {
  /** How much more of what, in whole numbers; cards by the piece. */
  amounts: Record<string, number>;
  /** The same as edits of the input. */
  edits: Edit[];
  /** The node. */
  node: string;
  /** Whether any less would not do. */
  provedLeast: boolean;
  /** Size, as a share of the node in millionths. */
  sharePpm: number;
  /** In words. */
  text: string;
};

/** The verdict once the control plane is back and the failed nodes are not. */
export type AfterRecovery = {
  /** Whether the displaced pods have a place; null where that is open. */
  fits?: boolean | null;
  /** The verdict then. */
  verdict: Verdict;
  /** Why. */
  why: Why;
};

/** A resource of a node. */
export type Amount = {
  /** What pods may use. */
  allocatable: number;
  /** Requested by the pods there. */
  used: number;
};

/** CPU and memory of a machine or host. */
export type Amounts = {
  /** Bytes. */
  memoryBytes: number;
  /** Thousandths of a virtual CPU. */
  vcpuMilli: number;
};

/** One loss. */
export type AuditCase = {
  /** What it rests on. */
  certificate?: Certificate | null;
  /** Whether the control plane is down. */
  controlPlaneDown: boolean;
  /** Pods by verdict. */
  counts: CaseCounts;
  /** Which stage was, if one was: those before it were not. */
  cutStage?: StageCode | null;
  /** The failure domain that they are. */
  domain?: string | null;
  /** Names of the nodes lost. */
  failed: string[];
  /**
   * What to do beforehand, where the scheduler may miss the placement and something helps; looked for in the first
   * ten such cases.
   */
  hint?: HintReport | null;
  /** The host of the edge device that they are lost with. */
  host?: string | null;
  /**
   * How often the default scheduler places everything: `certain`, or seeds as `200/200`; empty where nothing
   * needs a place or it was not asked.
   */
  predicted: string;
  /** Until the last pod that comes back by itself is ready; null where none does, or when is not known. */
  recoveredAfterSeconds?: Span | null;
  /** What may be moved. */
  scope: Scope;
  /** Whether something was cut short, and by what. */
  stop?: StopCode;
  /** The verdict. */
  verdict: Verdict;
  /** Why. */
  why: Why;
};

/** The answer to an audit. */
export type AuditReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What the verdicts rest on beside the input, in short clauses. */
  assumed: string[];
  /** What was supposed. */
  assumptions: string[];
  /**
   * The cases: hosts of the edge device, then nodes in the order of the input (or domains in that of
   * their names), then pairs and so on.
   */
  cases: AuditCase[];
  /** How many cases there are. */
  casesAll: number;
  /** How many were asked. */
  casesAsked: number;
  /** Cases by verdict. */
  counts: VerdictCounts;
  /** The label whose values are the failure domains, if they were asked for. */
  domain?: string | null;
  /**
   * What is left of each resource in the worst case for it: what the nodes left have free once all that is displaced or
   * pending has taken its part, a sum over nodes in whole numbers, negative where it is short. Whether pods fit is what
   * the verdicts say.
   */
  headroom?: Record<string, number>;
  /** Sets of up to so many nodes. */
  k: number;
  /** `AuditReport`. */
  kind: string;
  /** How nodes are lost. */
  mode: Mode;
  /** How many pods on surviving nodes may be moved in each case. */
  movesAllowed: number;
  /** Nodes without the label, which are in no case. */
  nodesWithoutDomain: number;
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /** Seeds of the scheduler's simulation asked for; null: as many as the size allows. */
  predict?: number | null;
  /** Until the last pod that comes back by itself is ready, in the slowest case; null where none is known. */
  recoveredAfterSeconds?: Span | null;
  /** What may be moved in each case. */
  scope: Scope;
  /** Pods that state no CPU or no memory request: "fits" says little of them. */
  unrequestedPods?: number;
  /**
   * The worst verdict of all cases, `does-not-fit` before `unknown`; `unknown` where cases were not
   * asked and none of the others failed.
   */
  verdict: Verdict;
  /** Why. */
  why: Why;
};

/** The answer to an availability request. */
export type AvailabilityReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What is supposed of how nodes fail and pods come back. */
  assumed: string[];
  /** What was supposed. */
  assumptions: string[];
  /** What fails. */
  failures: FailureReport[];
  /** `AvailabilityReport`. */
  kind: string;
  /** Time in a year while sets of nodes are down that were not asked about. */
  notAskedSeconds: number;
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /** Pods of DaemonSets, static ones, and those that do not run now: nothing is said of them. */
  notWatched: number;
  /** Runs asked for, each of a year. */
  runs: number;
  /** Runs that the estimates are of: fewer than `runs` in a part. */
  runsMade: number;
  /** What decided the chance. */
  seed: number;
  /** Sets that were asked about. */
  setsAsked: number;
  /** Sets of nodes that were down in some run. */
  setsSeen: number;
  /** Time in a year while some node is down. */
  someNodeDownSeconds: number;
  /** What parts made elsewhere are added up by. */
  sums: PartSums;
  /** Whether all that was down was asked about. */
  verdict: AvailabilityVerdict;
  /** Why. */
  why: Why;
  /** Workloads, the one that is down longest first; then pods without a controller as such. */
  workloads: WorkloadAvailability[];
};

/** Whether all that was down was asked about. */
export type AvailabilityVerdict = "estimated" | "partly";

/** Pods of a case by verdict; those that were pending before are counted apart. */
export type CaseCounts = {
  lost: number;
  moves: number;
  notEvaluated: number;
  pending: number;
  /** Pods that were pending before and find no place. */
  stillPending: number;
  stuck: number;
  waiting: number;
};

/** Why it does not fit. Told for the survivors fixed in their places. */
export type CauseReport = {
  /** The smallest additions to one node each, the smallest share of a node first. */
  additions: AdditionReport[];
  /** What was cut short. */
  cuts?: string[];
  /**
   * The smallest sets of pods to leave out, by priority: among the displaced, and, where that is better, with
   * survivors of lower priority.
   */
  drops: DropReport[];
  /** What is in the way of each kind of pod without a place. */
  hindrances: HindranceReport[];
  /** Existing nodes of which one more makes everything fit. */
  newNodes: string[];
  /** Several changes that together make everything fit, or one that does; null where none were found. */
  repair?: RepairReport | null;
  /** Pods that may go only to some nodes, and need more than these have. */
  shortages: ShortageReport[];
};

/** Why it is certain. */
export type CertaintyCode = "nothing-to-place" | "one-node-each" | "room-to-spare";

/** What a verdict rests on. */
export type Certificate = "placement" | "integer-sum" | "enumeration" | "solver-float";

/**
 * The part of a what-if or place report that the referee replays. Other fields of a report are ignored,
 * so a whole report may be given.
 */
export type CheckPlan = {
  /** Running pods that are evicted and get no new place, as `namespace/name`. */
  evicted?: string[];
  /** Names of the nodes lost. */
  failed?: string[];
  /** How. */
  mode?: Mode;
  /** What goes where, in order. */
  steps?: PlanStep[];
};

/** The answer to a check. */
export type CheckReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What was supposed. */
  assumptions: string[];
  /** `CheckReport`. */
  kind: string;
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /** Steps of the plan that were replayed; null where what runs now was judged. */
  steps?: number | null;
  /** Whether a rule is broken. */
  verdict: CheckVerdict;
  /** What is broken, in the order of the steps or of the pods. */
  violations: ViolationReport[];
  /** Why. */
  why: Why;
};

/** Whether a rule is broken. */
export type CheckVerdict = "legal" | "violations";

/** A node. */
export type ClusterNode = {
  /** Whether it holds a part of the control plane. */
  controlPlane: boolean;
  /** Labels. */
  labels: Record<string, string>;
  /** Name. */
  name: string;
  /** Resources by name: CPU in thousandths of a core, bytes, pieces. */
  resources: Record<string, Amount>;
  /** Taints, as `key=value:NoSchedule`. */
  taints: string[];
  /** Whether it is cordoned. */
  unschedulable: boolean;
};

/** A pod. */
export type ClusterPod = {
  /** What becomes of it by its kind. */
  kind: PodKind;
  /** Name. */
  name: string;
  /** Namespace. */
  namespace: string;
  /** Where it runs; null: pending. */
  node?: string | null;
  /** What owns it; null for a bare pod, the node for a static one. */
  owner?: ObjectRef | null;
  /** Priority. */
  priority: number;
  /** What it requests, by resource, in whole numbers. */
  requests: Record<string, number>;
  /** Whether it is being deleted. */
  terminating?: boolean;
  /** The controller whose template it has, a Deployment rather than its ReplicaSet; null for bare and static pods. */
  workload?: ObjectRef | null;
};

/** The answer to a show request. */
export type ClusterReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What was supposed. */
  assumptions: string[];
  /** The edge device, if the cluster is described as one. */
  host?: HostReport | null;
  /** `ClusterReport`. */
  kind: string;
  /** Every node, in the order of the input. */
  nodes: ClusterNode[];
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /** Every live pod, in the order of the input. */
  pods: ClusterPod[];
};

/** What the loss does to the control plane. */
export type ControlPlaneReport = {
  /**
   * It is taken to be down by labels of nodes, or because the device's master machine cannot start; the input shows
   * none of its pods.
   */
  assumedDown: boolean;
  /** Parts that are down. While any is, nothing is recreated. */
  down: string[];
  /**
   * Whether the input shows where it runs: pods, labelled nodes, or the device's master machine. If not, nothing is
   * known of it.
   */
  known: boolean;
  /** Why, in words: `etcd has 1 of 3 members, and needs 2`; null while it works, as far as is known. */
  why?: string | null;
};

/** Pods without which all others are placed. */
export type DropReport = {
  /** Displaced pods that get no place, as `namespace/name`. */
  displaced: string[];
  /** The same as edits of the input. */
  edits: Edit[];
  /** Whether no set is better. */
  provedLeast: boolean;
  /** Survivors of lower priority that leave their nodes. */
  survivors: string[];
  /** In words. */
  text: string;
};

/**
 * One change. A pod is named as `namespace/name`, a controller, which means all of its pods, as
 * `StatefulSet/namespace/name`; a shorter name will do where it means one thing. Where a list of pods is empty, every pod
 * that is no DaemonSet's, static, bare or part of the control plane is meant.
 * Amounts are quantities as Kubernetes writes them.
 */
export type Edit = {
  op: "move-pod";
  /** The pod. */
  pod: string;
  /** The node. */
  to: string;
} | {
  op: "delete-pods";
  /** Which; the full name of a pod means that pod alone. */
  pods: string[];
} | {
  /** How many pods. */
  count: number;
  op: "replicas";
  /** The controller. */
  workload: string;
} | {
  op: "scale-replicas";
  /** 100 is as now. */
  percent: number;
  /** Which; empty: all. */
  pods?: string[];
} | {
  op: "place-pending";
} | {
  op: "set-requests";
  /** Which. */
  pods: string[];
  /** Quantities by resource. */
  requests: Record<string, string>;
} | {
  op: "scale-requests";
  /** 100 is as now. */
  percent: number;
  /** Which; empty: all. */
  pods?: string[];
} | {
  op: "set-priority";
  /** Which. */
  pods: string[];
  /** Whether they may evict others for it. */
  preempts?: boolean;
  /** The priority. */
  priority: number;
} | {
  /** The node. */
  node: string;
  op: "cordon";
} | {
  /** The node. */
  node: string;
  op: "uncordon";
} | {
  /** The node. */
  node: string;
  op: "return-node";
} | {
  /** Key. */
  key: string;
  /** The node. */
  node: string;
  op: "label-node";
  /** Value. */
  value: string;
} | {
  /** How much more, by resource. */
  add?: Record<string, string>;
  /** How many more GPU cards, by model. */
  cards?: Record<string, number>;
  /** The node. */
  node: string;
  op: "enlarge-node";
} | {
  /** Quantities by resource. */
  allocatable: Record<string, string>;
  /** The node. */
  node: string;
  op: "resize-node";
} | {
  /** How many. */
  count?: number;
  /** The node. */
  node: string;
  op: "copy-node";
} | {
  /** Its effect: `NoSchedule`, `NoExecute` or `PreferNoSchedule`. */
  effect: string;
  /** Key of the taint. */
  key: string;
  op: "tolerate";
  /** Which. */
  pods: string[];
  /** Its value. */
  value?: string;
} | {
  /** maxSkew. */
  maxSkew: number;
  op: "raise-skew";
  /** Which pods. */
  pods: string[];
  /** Topology key. */
  topologyKey: string;
} | {
  op: "honor-taints";
  /** Which pods. */
  pods: string[];
  /** Topology key. */
  topologyKey: string;
} | {
  op: "spread-anyway";
  /** Which pods. */
  pods: string[];
  /** Topology key. */
  topologyKey: string;
} | {
  op: "prefer-affinity";
  /** Which pods. */
  pods: string[];
  /** Topology key. */
  topologyKey: string;
} | {
  op: "prefer-anti-affinity";
  /** Which pods. */
  pods: string[];
  /** Topology key. */
  topologyKey: string;
} | {
  /** Key. */
  key: string;
  op: "drop-selector";
  /** Which pods. */
  pods: string[];
  /** Value. */
  value: string;
} | {
  /** The node. */
  node: string;
  op: "accept-node";
  /** Which pods. */
  pods: string[];
} | {
  op: "drop-host-port";
  /** Which pods. */
  pods: string[];
  /** Port number. */
  port: number;
  /** `TCP`, `UDP` or `SCTP`. */
  protocol?: string;
};

/** A report with what differs from run to run. */
export type Envelope = {
  /** The answer. */
  report: Report;
  /** Time it took to answer, reading left out. */
  seconds: number;
  /** Version of podfit. */
  version: string;
};

/** A mean over runs. */
export type Estimate = {
  /** The upper end. */
  high?: number | null;
  /** The lower end of the 95 % confidence interval; null where there were too few outages or runs for one. */
  low?: number | null;
  /** The mean. */
  mean: number;
};

/** A pod that is evicted in some seeds. */
export type Evicted = {
  /** `namespace/name`. */
  pod: string;
  /** In how many seeds. */
  seeds: number;
};

/** The answer to an explain request. */
export type ExplainReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What was supposed. */
  assumptions: string[];
  /** Names of the nodes lost, if it was asked for the time after a loss. */
  failed: string[];
  /** `ExplainReport`. */
  kind: string;
  /** How they are lost. */
  mode: Mode;
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /** The pods. */
  pods: ExplainedPod[];
  /** Whether the pods asked for have a place. */
  verdict: ExplainVerdict;
  /** Why. */
  why: Why;
};

/** Whether the pods asked for have a place. */
export type ExplainVerdict = "placed" | "pending";

/** One pod. */
export type ExplainedPod = {
  /** What would give it a place, the cheapest first; empty for a pod that has one. */
  fixes: FixReport[];
  /** The search for moves and preemptions ended at its limit. */
  fixesCut?: boolean;
  /** The node that takes it once pods that are being deleted have ended, where none does before. */
  later?: string | null;
  /** Everything in a line, with the nearest fix. */
  line: string;
  /** What kube-scheduler writes into the pod's condition. */
  message: string;
  /** Name. */
  name: string;
  /** Namespace. */
  namespace: string;
  /**
   * Where it runs, or where the plan puts it after the loss; null: nowhere. Nodes are asked as if it were not
   * there.
   */
  node?: string | null;
  /** Every node. */
  nodes: NodeAnswer[];
};

/** Something that fails and is repaired, by chance, at exponential times. */
export type FailureRate = {
  /** Mean time from a repair to the next failure, in seconds. */
  betweenFailuresSeconds: number;
  /** A node label, instead: the nodes of each of its values fail together. */
  domain?: string | null;
  /** Nodes, hosts of an edge device, `label=value` for all nodes of a failure domain, or `*` for all nodes. */
  nodes?: string[];
  /** Mean time to repair, in seconds. */
  repairSeconds: number;
  /** Whether the nodes fail together (a common cause), not each for itself. */
  together?: boolean;
};

/** Nodes that fail together. */
export type FailureReport = {
  /** Mean time from a repair to the next failure. */
  betweenFailuresSeconds: number;
  /** The nodes. */
  nodes: string[];
  /** Mean time to repair. */
  repairSeconds: number;
};

/** What becomes of a pod of a lost node by its owner, before anyone looks for a new place. */
export type FateCode = "recreated" | "recreated-assumed" | "recreated-late" | "refused-at-first" | "stuck-volume" | "not-wanted" | "lost" | "orphaned" | "namespace-ends" | "job-fails" | "gone" | "was-terminating" | "stuck-stateful-set" | "stuck-job" | "stuck-never-evicted" | "halted" | "gated" | "in-order" | "refused" | "preempted" | "runs-on";

/** One finding. */
export type Finding = {
  /** Why, with the numbers. */
  cause: string;
  /** Stable code, as `single-replica`. */
  code: string;
  /** What to do. */
  fix: string;
  /** The nodes that matter. */
  nodes: string[];
  /** The pods it holds for, as `namespace/name`. */
  pods: string[];
  /** `error` or `warning`. */
  severity: LintSeverity;
  /** What it is about, as `ReplicaSet default/web`. */
  subject: string;
};

/** A step that gives a pod a place. */
export type FixReport = {
  /** Stable code, as `move` or `lower-request`. */
  code: string;
  /** A rank: the smaller is the cheaper. */
  cost: number;
  /** The same as edits of the input. */
  edits?: Edit[];
  /** Where the pod can go then. */
  node: string;
  /** In words. */
  text: string;
};

/** Something about a pod that could not be evaluated. */
export type GapReport = {
  /** Stable code, as `claim-not-in-input`. */
  code: string;
  /** What it is about: a claim's name, a field. */
  what?: string | null;
};

/** What is in the way of one kind of pod. */
export type HindranceReport = {
  /** The nearest fixes for one of them, the cheapest first. */
  fixes: FixReport[];
  /** The pods, as `namespace/name`. */
  pods: string[];
  /** In words. */
  text: string;
};

/** What kind of hint. */
export type HintCode = "first" | "cordon" | "move" | "order";

/** What to do beforehand so that the default scheduler misses nothing: tried, it places everything in every seed. */
export type HintReport = {
  /** The same as edits of the input; none for an order. */
  edits?: Edit[];
  /** What kind. */
  kind: HintCode;
  /** The node to cordon, or to move to. */
  node?: string | null;
  /** The pods to be scheduled first, or in this order, or the one to be moved, as `namespace/name`. */
  pods?: string[];
  /** Seeds asked, all of which placed everything. */
  seeds: number;
  /** In a sentence. */
  words: string;
};

/** Whether the machines fit the surviving host. */
export type HostFitReport = {
  /** The resource of which the largest part is needed: `vcpu` or `memory`. */
  binding: string;
  /** Machines that are down. */
  down: string[];
  /** Whether they fit. */
  fits: boolean;
  /** The survivor. */
  host: string;
  /** What its machines and those that restart there need. */
  needed: Amounts;
  /** Machines that restart there. */
  restarted: string[];
  /** What is left, negative where short. */
  slack: Amounts;
};

/** A host of the device. */
export type HostNode = {
  /** Names of the machines that run there after the loss. */
  after: string[];
  /** Machines that run there now. */
  before: Machine[];
  /** GPU cards, all with the worker. */
  gpus: number;
  /** Whether it is lost. */
  lost: boolean;
  /** `A` or `B`. */
  name: string;
  /** All it has. */
  raw: Amounts;
  /** What machines may use. */
  usable: Amounts;
};

/** The edge device. */
export type HostReport = {
  /** Whether no host is left: everything is down. */
  allDown: boolean;
  /** The fit on the survivor; null where no host is lost or none is left. */
  fit?: HostFitReport | null;
  /** Its hosts. */
  hosts: HostNode[];
  /**
   * The vendor's rule that at most half is used in normal operation: a lint beside the fit, never
   * instead of it.
   */
  lint: LintReport[];
  /**
   * Whether the master machine restarts on the survivor: until it has, there is no API and nothing is
   * scheduled.
   */
  masterRestarts: boolean;
  /** Doubts about the description. */
  warnings: NoteReport[];
};

/** One objective; levels are lexicographic, the first matters most. */
export type Level = {
  /** No placement as good on the levels above reaches less; null while one above is open. */
  bound?: number | null;
  /** Objective less bound. */
  gap?: number | null;
  /** What is made least, as `unplaced (priority 100)`. */
  name: string;
  /** What the placement reaches. */
  objective: number;
};

/** One line of the 50 % rule. */
export type LintReport = {
  /**
   * Half of what: `worker` (the pods' requests against the worker machine), `usable-host` or `raw-host`
   * (the machines against the host).
   */
  denominator: string;
  /** Host. */
  host: string;
  /** The whole. */
  of: number;
  /** `vcpu` or `memory`. */
  resource: string;
  /** In use now; null where the input does not say. */
  used?: number | null;
  /** `pass`, `fail` or `not-evaluated`. */
  verdict: string;
};

/** How bad it is. */
export type LintSeverity = "error" | "warning";

/** The worst that was found. */
export type LintVerdict = "clean" | "warnings" | "errors";

/** The answer to a lint request. */
export type LintsReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What was supposed. */
  assumptions: string[];
  /** `LintsReport`. */
  kind: string;
  /** What was found, errors first. */
  lints: Finding[];
  /** How nodes would be lost. */
  mode: Mode;
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /** The worst that was found. */
  verdict: LintVerdict;
  /** Why. */
  why: Why;
};

/** The list of pods was filtered. */
export type Listed = {
  /** Pods judged; verdict and counts are about all of them. */
  all: number;
  /** The filter. */
  filter: string;
  /** Pods listed. */
  shown: number;
};

/** A virtual machine. */
export type Machine = {
  /** Whether it restarts on the other host when its own is lost. */
  highlyAvailable: boolean;
  /** `master`, `worker` or `other`. */
  kind: string;
  /** Name; of a Kubernetes machine, that of its node. */
  name: string;
  /** Size. */
  size: Amounts;
};

/** How nodes are lost. */
export type Mode = "not-ready" | "deleted" | "drained";

/** The first of the nearest fixes: all of them are with the cause. */
export type NearestFix = {
  /** Stable code, as `move` or `lower-request`. */
  code: string;
  /** In words. */
  text: string;
};

/** What a node says to a pod. */
export type NodeAnswer = {
  /** The node. */
  node: string;
  /** Why not: all shortages of the first rule that refuses, in the scheduler's order. */
  reasons: Reason[];
  /** Whether it takes the pod. */
  takes: boolean;
};

/** A node. */
export type NodeReport = {
  /** Resources after the change; empty for a node that is lost and takes its resources along. */
  after: Record<string, Amount>;
  /** Resources now, by name: CPU in thousandths of a core, bytes, pieces. */
  before: Record<string, Amount>;
  /** Whether it is lost. */
  lost: boolean;
  /** Name. */
  name: string;
};

/** What some nodes say to a pod. */
export type NodesReason = {
  /** Code of the reason, finer than the rule's. */
  code: string;
  /** The most that is free on one of these nodes. */
  free?: number | null;
  /** What is needed, in whole numbers. */
  need?: number | null;
  /** The node where that is. */
  node?: string | null;
  /** How many nodes say so. */
  nodes: number;
  /** The resource that is short. */
  resource?: string | null;
  /** Code of the rule. */
  rule: string;
  /** In words, as `short of memory`. */
  text: string;
};

/** A warning, with the page of the vendor's documentation it is about. */
export type NoteReport = {
  /** Stable code. */
  code: string;
  /** End of the page's address. */
  page: string;
  /** The sentence. */
  text: string;
};

/** An object of Kubernetes, in the namespace of the pod that it owns. */
export type ObjectRef = {
  /** Kind, as `StatefulSet`. */
  kind: string;
  /** Name; null where the input does not say. */
  name?: string | null;
};

/** What a term counts as. */
export type PartCode = "setting" | "loop" | "elapsed";

/** Sums over some of the runs. Times are whole milliseconds; those that may be large are decimal numbers in text. */
export type PartSums = {
  /** Time while sets were down that were not asked about. */
  notAskedMs: string;
  /** Pods that have a place by all that is known, though something about them could not be evaluated. */
  notEvaluated: number;
  /** Which runs. */
  part: RunPart;
  /** Sets that were asked about. */
  setsAsked: number;
  /** Sets of nodes that were down in some run. */
  setsSeen: number;
  /** Time while some node was down. */
  someDownMs: string;
  /** By workload, in the order of the report. */
  workloads: WorkloadSums[];
};

/** Terms one after the other, from a failure on, or from when an operator acts. */
export type PathReport = {
  /**
   * The sum of the settings alone, as documents compute it: as if the last heartbeat came with the failure, and
   * controllers looked at once.
   */
  bySettingsSeconds: Span;
  /** The sum of all terms, those that had passed before subtracted. */
  seconds: Span;
  /** The terms, in order. */
  terms: TermReport[];
};

/** A pending pod. */
export type PlacePod = {
  /** The nearest fix, where no node takes it and one was found. */
  fix?: NearestFix | null;
  /** Name. */
  name: string;
  /** Namespace. */
  namespace: string;
  /** What owns it; null for a bare pod. */
  owner?: ObjectRef | null;
  /** Priority. */
  priority: number;
  /** Why. */
  reason: PodReason;
  /** What it requests, by resource, in whole numbers. */
  requests: Record<string, number>;
  /** Where it goes. */
  to?: string | null;
  /** What becomes of it. */
  verdict: PlacePodVerdict;
  /** The controller whose template it has, a Deployment rather than its ReplicaSet; null for a bare pod. */
  workload?: ObjectRef | null;
};

/** What becomes of a pending pod. */
export type PlacePodVerdict = "pending" | "not-evaluated" | "placed";

/** The answer to a place request. Running pods stay where they are. */
export type PlaceReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What the verdict rests on beside the input, in short clauses. */
  assumed: string[];
  /** What was supposed. */
  assumptions: string[];
  /** Why it does not fit, and the least that would make it fit. */
  cause?: CauseReport | null;
  /** What the verdict rests on; null where nothing is claimed. */
  certificate?: Certificate | null;
  /** Which stage was, if one was: those before it were not. */
  cutStage?: StageCode | null;
  /** Running pods that the plan evicts and that get no new place, as `namespace/name`: they are being deleted. */
  evicted?: string[];
  /** Whether as few empty nodes as can be are used. */
  fewestNodes: boolean;
  /** What to do, where the scheduler may miss the placement and something helps. */
  hint?: HintReport | null;
  /** `PlaceReport`. */
  kind: string;
  /** Objective, bound and gap of each level, the first matters most. */
  levels: Level[];
  /** Every node. */
  nodes: NodeReport[];
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /** Every pending pod, unless the list was filtered. */
  pods: PlacePod[];
  /** Set where the list of pods was filtered. */
  podsListed?: Listed | null;
  /** What the default scheduler would do; null where it was not asked. */
  prediction?: PredictionReport | null;
  /** The same as a sentence with its figures. */
  proof?: string | null;
  /** What may be moved. */
  scope: Scope;
  /** How good the placement is. */
  status: Status;
  /** The plan, in an order in which every step is allowed: `check` replays it. */
  steps: PlanStep[];
  /** Whether something was cut short, and by what. */
  stop?: StopCode;
  /** How many of the pods state no request. */
  unrequested: Unrequested;
  /** The verdict on the whole. */
  verdict: PlaceVerdict;
  /** Why. */
  why: Why;
};

/** Whether the pending pods fit. */
export type PlaceVerdict = "fits" | "fits-if-placed-well" | "does-not-fit" | "unknown";

/** One pod put on a node. */
export type PlanStep = {
  /** Indices of the node's GPU cards that it gets. */
  cards?: number[];
  /** Its name; for a replacement, the name of the pod it replaces. */
  name: string;
  /** Namespace of the pod. */
  namespace: string;
  /** The node. */
  to: string;
};

/** Pods by verdict. */
export type PodCounts = {
  gone: number;
  lost: number;
  moves: number;
  notEvaluated: number;
  pending: number;
  /** Of the pending, placed, waiting and not evaluated: pods that were pending before the loss. */
  pendingBefore: number;
  placed: number;
  stays: number;
  stuck: number;
  waiting: number;
};

/** What becomes of a pod by its kind. */
export type PodKind = "control-plane" | "daemon-set" | "static" | "bare" | "controlled";

/** Why a pod ends as it does. */
export type PodReason = {
  /** What decides. */
  code: PodReasonCode;
  /** Of a pod that no node takes: what the nodes say, the commonest reason first. */
  nodes?: NodesReason[];
  /** What about the pod could not be evaluated. */
  notEvaluated?: GapReport[];
  /** In words, never empty. */
  text: string;
};

/** What decides how a pod ends. */
export type PodReasonCode = "node-survives" | "runs-through-drain" | "terminating" | "recreated" | "recreated-assumed" | "placed" | "makes-room" | "preempted" | "no-node" | "control-plane" | "bare" | "owner-gone" | "namespace-ends" | "job-fails" | "not-wanted" | "quota" | "limit-range" | "gate" | "in-order" | "late" | "job-waits" | "volume-attached" | "with-node" | "was-terminating" | "stateful-set" | "never-evicted" | "eviction-halted";

/** A live pod. */
export type PodReport = {
  /** From the failure until it is ready again, where it comes back by itself and when is known. */
  backAfterSeconds?: Span | null;
  /** How that comes about: the position of its terms in the `paths` of the report. */
  backPath?: number | null;
  /** What becomes of it by its owner, if its node is lost. */
  fate?: FateCode | null;
  /** The nearest fix, where no node takes it and one was found. */
  fix?: NearestFix | null;
  /** Node it runs on now; null: it was pending before. */
  from?: string | null;
  /** Name; a replacement goes by the name of the pod it replaces. */
  name: string;
  /** Namespace. */
  namespace: string;
  /** What a move costs: data lost, volumes to detach. */
  notes?: string[];
  /** What owns it; null for a bare pod, the node for a static one. */
  owner?: ObjectRef | null;
  /**
   * In how many seeds of the prediction it found room; null where the scheduler was not asked about it, or where
   * it is certain.
   */
  predicted?: number | null;
  /** Priority. */
  priority: number;
  /** Why. */
  reason: PodReason;
  /** What it requests, by resource, in whole numbers. */
  requests: Record<string, number>;
  /** Where it goes; of a waiting pod, once the control plane is back. */
  to?: string | null;
  /** What becomes of it. */
  verdict: PodVerdict;
  /** The controller whose template it has, a Deployment rather than its ReplicaSet; null for bare and static pods. */
  workload?: ObjectRef | null;
};

/** What becomes of a pod. */
export type PodVerdict = "pending" | "not-evaluated" | "stuck" | "lost" | "waiting" | "moves" | "placed" | "gone" | "stays";

/**
 * What the default scheduler's simulation does, over many seeds. A seed decides what life leaves open: the order
 * of arrival within equal priority, and which of equally good nodes is taken.
 */
export type PredictionReport = {
  /** Why it is certain whatever the scheduler chooses; null where it is a sample. */
  certain?: CertaintyCode | null;
  /** In how many of them everything found a place, pods evicted for it included. */
  complete: number;
  /** Pods that the scheduler evicts for others of higher priority. */
  evicted?: Evicted[];
  /** Seeds asked; 0 where it is certain. */
  seeds: number;
  /** The same in a sentence. */
  words: string;
};

/** Why a node does not take a pod. */
export type Reason = {
  /** Code of the reason, finer than the rule's. */
  code: string;
  /** What is free. */
  free?: number | null;
  /** What is needed, in whole numbers. */
  need?: number | null;
  /** The resource that is short. */
  resource?: string | null;
  /** Code of the rule. */
  rule: string;
  /** In words. */
  text: string;
};

/** Changes that together make everything fit. Each is needed as far as the fast solver sees; a shorter plan may exist. */
export type RepairReport = {
  /** All of it as edits of the input. */
  edits: Edit[];
  /** The changes, in order: each may rest on those before it. */
  steps: RepairStep[];
  /** Pods that nothing was found for, as `namespace/name`: all others fit without them. */
  without: string[];
};

/** One of several changes. */
export type RepairStep = {
  /** The same as edits of the input after the steps before. */
  edits: Edit[];
  /** For whom it was found, as `namespace/name`. */
  pods: string[];
  /** In words. */
  text: string;
};

/** An answer. */
export type Report = WhatIfReport | AuditReport | TimelineReport | AvailabilityReport | SequenceReport | PlaceReport | CheckReport | ExplainReport | LintsReport | ClusterReport;

/** A question. */
export type Request = {
  /**
   * What is lost, all at once: names of nodes; on an edge device `A` or `B` for a host; or
   * `label=value` for all nodes of a failure domain, as `topology.kubernetes.io/zone=zone-a`.
   */
  fail: string[];
  kind: "WhatIf";
  /** How. */
  mode?: Mode;
  /** How many pods on surviving nodes may be moved to make room. */
  moves?: number;
  /**
   * How many seeds of the default scheduler's simulation to ask; null: 200, fewer where pods times nodes are
   * many; 0: none, so that nothing is said of the scheduler.
   */
  predict?: number | null;
  /** What times rest on. */
  timing?: Timing;
} | {
  /** Cases asked at most. */
  casesMax?: number;
  /** Failure domains instead: a node label, each of whose values is one case. */
  domain?: string | null;
  /** Sets of up to so many nodes. */
  k?: number;
  kind: "Audit";
  /** How nodes are lost. */
  mode?: Mode;
  /** How many pods on surviving nodes may be moved to make room, in each case. */
  moves?: number;
  /**
   * How many seeds of the default scheduler's simulation to ask in each case; null: 200, fewer where pods times nodes are
   * many; 0: none, so that nothing is said of the scheduler.
   */
  predict?: number | null;
  /** What times rest on. */
  timing?: Timing;
} | {
  /** What is lost, as in a what-if. */
  fail: string[];
  kind: "Timeline";
  /** How. */
  mode?: Mode;
  /** How many seeds of the default scheduler's simulation to ask, as in a what-if. */
  predict?: number | null;
  /** What times rest on. */
  timing?: Timing;
} | {
  /** What fails, how often and for how long; at least one. */
  failures?: FailureRate[];
  kind: "Availability";
  /** Runs to make, where others make the rest; the report has their sums. Null: all. */
  part?: RunPart | null;
  /** Runs, each of a year: the more, the narrower the intervals. */
  runs?: number;
  /** Decides what chance leaves open. */
  seed?: number;
  /** Sets of nodes that are asked about at most, those that are down longest; pods count as down while another set is. */
  setsMax?: number;
  /** Sums of parts that were made elsewhere: nothing is run, they are added up. */
  sums?: PartSums[];
  /** What times rest on. */
  timing?: Timing;
} | {
  kind: "Sequence";
  /**
   * How many seeds of the default scheduler's simulation to ask in each state; null: 200, fewer where pods times nodes
   * are many; 0: none, so that nothing is said of the scheduler.
   */
  predict?: number | null;
  /** Every node in turn instead: drained, away while it restarts, back. */
  rolling?: Rolling | null;
  /** What happens, in order. After each step pods that wait get a place, if there is one. */
  steps?: SequenceStep[];
} | {
  /** Use as few nodes that are empty now as can be. */
  fewestNodes?: boolean;
  kind: "Place";
  /**
   * How many seeds of the default scheduler's simulation to ask; null: 200, fewer where pods times nodes are
   * many; 0: none, so that nothing is said of the scheduler.
   */
  predict?: number | null;
} | {
  kind: "Check";
  /** A plan to replay, from an earlier report. */
  plan?: CheckPlan | null;
} | {
  /** What is lost, as in a what-if; empty: the cluster as it stands. */
  fail?: string[];
  kind: "Explain";
  /** How. */
  mode?: Mode;
  /** Pods, as `name` or `namespace/name`; a controller's name means its pods. Empty: every pod without a place. */
  pods?: string[];
} | {
  kind: "Lint";
  /** How nodes would be lost. */
  mode?: Mode;
} | {
  kind: "Show";
};

/** A fault of a request. */
export type RequestError = {
  /** What is wrong. */
  cause: string;
  /** Stable code, as `nothing-fails`, `unknown-node`, `unknown-label`, `unknown-pod`, `ambiguous-name` or `too-few`. */
  code: string;
  /** What to do. */
  fix: string;
  /** Where in the request, as `fail[0]`. */
  place: string;
};

/** Whether a pod comes back, and by whom. */
export type ReturnCode = "back" | "runs-on" | "operator" | "control-plane" | "no-place" | "with-node" | "never";

/** Every node in turn: of an edge device every host. */
export type Rolling = {
  /** So many nodes at a time. */
  batch?: number;
  /** Failure domains at a time instead: a node label. */
  domain?: string | null;
};

/** The answer to a scenario. */
export type Row = {
  /** What it rests on. */
  certificate?: Certificate | null;
  /** Pods by verdict; `moves` are those that get a place. */
  counts: CaseCounts;
  /** Which stage was, if one was. */
  cutStage?: StageCode | null;
  /** What is wrong with the scenario. */
  errors: RequestError[];
  /** Whether that is the good answer and no pod was pending before the loss. See [`Report::is_good`]. */
  good: boolean;
  /** The caller's name for it. */
  id: string;
  /** Position of the scenario. */
  index: number;
  /** Pods that find no place, as `namespace/name`. */
  pending: string[];
  /** Pods that were pending before the loss: they are no part of a what-if. */
  pendingBefore: number;
  /** How often the default scheduler places everything: `certain`, or seeds as `200/200`. */
  predicted: string;
  /** What may be moved. */
  scope?: Scope | null;
  /** Whether something was cut short, and by what. */
  stop: StopCode;
  /** The verdict, as in the report of a what-if or a place; null where there are errors. */
  verdict?: string | null;
  /** Why. */
  why: Why;
};

/** Some of the runs. */
export type RunPart = {
  /** How many. */
  count: number;
  /** The first, from 0. */
  first: number;
};

/** One scenario: edits, then a loss; without a loss, where the pending pods go. */
export type Scenario = {
  /** What is different, in order. */
  edits?: Edit[];
  /** What is lost, as in a what-if; empty: nothing, and pending pods are placed. */
  fail?: string[];
  /** The caller's name for it. */
  id?: string;
  /** How. */
  mode?: Mode;
  /** How many pods on surviving nodes may be moved to make room. */
  moves?: number;
  /** Seeds of the default scheduler's simulation; null: 200, fewer where pods times nodes are many; 0: none. */
  predict?: number | null;
  /** Breaks ties among equally good orders. */
  seed?: number;
};

/** What may be moved: every claim is made within it. */
export type Scope = "survivors-fixed" | "moves-allowed" | "preemption";

/** The answer to a sequence. */
export type SequenceReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What the verdict rests on beside the input, in short clauses. */
  assumed: string[];
  /** What was supposed. */
  assumptions: string[];
  /** `SequenceReport`. */
  kind: string;
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /** The states, one a step. In each, pods that something becomes of. */
  states: SequenceState[];
  /** How many steps there are; fewer states where it was cancelled. */
  steps: number;
  /** Whether it was cancelled before its end. */
  stop?: StopCode;
  /** The worst verdict of all states. */
  verdict: Verdict;
  /** Why: which step comes to it first. */
  why: Why;
  /** Position in `states` of the first with the worst verdict. */
  worst?: number | null;
};

/** What a step makes of the state before it. */
export type SequenceState = {
  /** The control plane. */
  controlPlane: ControlPlaneReport;
  /** Nodes that take no pods afterwards though they live. */
  cordoned: string[];
  /** Pods by verdict, in the whole cluster. */
  counts: PodCounts;
  /** Which stage was, if one was. */
  cutStage?: StageCode | null;
  /** Nodes that are down afterwards. */
  down: string[];
  /** The edge device, if the cluster is described as one. */
  host?: HostReport | null;
  /** Names of the hosts of the edge device that it happens to. */
  hosts?: string[];
  /** Pods that are lost or stuck, as `namespace/name`. */
  losses: string[];
  /** Names of the nodes that it happens to. */
  nodes: string[];
  /** Whether nothing else keeps the verdict from the good one. */
  onlyLosses: boolean;
  /** Pods that something becomes of; names and nodes are those of this state. */
  pods: PodReport[];
  /** What the default scheduler would do; null where it was not asked. */
  prediction?: PredictionReport | null;
  /** What happens. */
  step: SequenceStep;
  /** Whether something was cut short, and by what. */
  stop?: StopCode;
  /** The verdict on what it does. */
  verdict: Verdict;
  /** Why. */
  why: Why;
};

/** One thing that happens. Nodes are named as what a what-if loses: nodes, hosts of an edge device, `label=value`. */
export type SequenceStep = {
  /** Which. */
  nodes: string[];
  step: "cordon";
} | {
  /** Which. */
  nodes: string[];
  step: "drain";
} | {
  /** Which. */
  nodes: string[];
  step: "lose";
} | {
  /** Which. */
  nodes: string[];
  step: "delete";
} | {
  /** Which. */
  nodes: string[];
  step: "return";
} | {
  /** How, in order. */
  edits: Edit[];
  step: "edit";
};

/** Pods that may go only to some nodes, and need more than these have free in all. */
export type ShortageReport = {
  /** What is free in all. */
  free: number;
  /** What they need in all, in whole numbers. */
  need: number;
  /** The nodes. */
  nodes: string[];
  /** The pods, as `namespace/name`. */
  pods: string[];
  /** The resource; cards in thousandths. */
  resource: string;
  /** In words. */
  text: string;
};

/** A time between two ends, in seconds. */
export type Span = {
  /** At most; null where no end is known. */
  max?: number | null;
  /** At least. */
  min: number;
};

/** A part of a question, in the order in which they come. */
export type StageCode = "placement" | "prediction" | "hint" | "cause" | "fixes" | "repair";

/** How long pods of a workload take to start. */
export type StartTime = {
  /** To pull the image, start, and become ready. */
  seconds: Span;
  /** A controller, or a pod of it, by name. */
  workload: string;
};

/** How good the placement is. */
export type Status = "optimal" | "feasible" | "unknown";

/** Whether something was cut short, and by what. */
export type StopCode = "done" | "time-limit" | "cancelled" | "work-limit";

/** What happens in a term. */
export type TermCode = "host-silent" | "host-isolated" | "control-plane-back" | "lease-expires" | "leader-lost" | "heartbeat-age" | "grace-period" | "node-monitor" | "taint-queue" | "toleration" | "quarantine" | "garbage-collector" | "termination" | "budget" | "preemption" | "quota" | "order" | "detach" | "attach" | "schedule" | "start";

/** A part of a time. */
export type TermReport = {
  /** Whether it is assumed: neither the input nor Kubernetes states it. */
  assumed: boolean;
  /** What happens. */
  code: TermCode;
  /** What it counts as. */
  part: PartCode;
  /** How long it takes. */
  seconds: Span;
  /** Where it is stated: a setting with its default, a file of kubernetes/kubernetes, or the input. */
  source: string;
  /** The same in words. */
  text: string;
};

/** A pod that the loss touches. */
export type TimelinePod = {
  /** What an operator may do where it waits for one. */
  actions?: ActionReport[];
  /** From the failure until it is ready again; null where it does not come back by itself, or when is not known. */
  backAfterSeconds?: Span | null;
  /** How that comes about, as a position in `paths`. */
  backPath?: number | null;
  /** How long it does not run, where that is known: of a drain from its eviction on. */
  downSeconds?: Span | null;
  /** From the failure until it is evicted; null where it is not, or when is not known. */
  evictedAfterSeconds?: Span | null;
  /** How that comes about, as a position in `paths`. */
  evictedPath?: number | null;
  /** Node it runs on now. */
  from?: string | null;
  /** Name; a replacement goes by the name of the pod it replaces. */
  name: string;
  /** Namespace. */
  namespace: string;
  /** Why. */
  reason: PodReason;
  /** Whether it comes back, and by whom. */
  returns: ReturnCode;
  /** Whether the old pod runs on meanwhile, on a node that is cut off. */
  runsMeanwhile: boolean;
  /** Where it goes. */
  to?: string | null;
  /** What becomes of it. */
  verdict: PodVerdict;
  /** The controller whose template it has; null for bare and static pods. */
  workload?: ObjectRef | null;
};

/** The answer to a timeline request. */
export type TimelineReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What was supposed. */
  assumptions: string[];
  /** Which stage was, if one was. */
  cutStage?: StageCode | null;
  /** Names of the nodes lost. */
  failed: string[];
  /** Names of the hosts of the edge device that are lost. */
  failedHosts?: string[];
  /** Whether silent nodes are cut off rather than dead: their pods run on. */
  isolated: boolean;
  /** `TimelineReport`. */
  kind: string;
  /** The version of Kubernetes, if it was given. */
  kubernetes?: string | null;
  /** How they are lost. */
  mode: Mode;
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /** How the times come about. */
  paths: PathReport[];
  /** Pods that the loss touches. */
  pods: TimelinePod[];
  /** Set where the list of pods was filtered. */
  podsListed?: Listed | null;
  /** Until the last pod that comes back by itself is ready; null where none does. */
  recoveredAfterSeconds?: Span | null;
  /** Whether something was cut short, and by what. */
  stop?: StopCode;
  /** Until the first lost node has its taint, as a path; null where none gets one, or when is not known. */
  taintedPath?: number | null;
  /** Whether everything comes back by itself. */
  verdict: TimelineVerdict;
  /** The verdict of the what-if behind it. */
  whatIf: Verdict;
  /** Why. */
  why: Why;
};

/** Whether everything comes back. */
export type TimelineVerdict = "recovers" | "recovers-partly" | "does-not-recover";

/** What times rest on. What is not given is a default of Kubernetes, or assumed; reports say which. */
export type Timing = {
  /** To attach a volume (assumed: up to 20 s). */
  attachSeconds?: Span | null;
  /**
   * From the loss of the control plane until its API answers again; on an edge device from when the device notices the
   * loss until its master machine is up on the other host (assumed: 2 to 5 minutes). Null elsewhere: not known.
   */
  controlPlaneSeconds?: Span | null;
  /** `--node-monitor-grace-period`, where it is not the default of the version. */
  graceSeconds?: Span | null;
  /** Until the edge device notices that a host is silent (assumed: 10 s). */
  hostSeconds?: Span | null;
  /**
   * Nodes that are silent are cut off from the others rather than dead: their pods run on, and the edge device waits
   * before it restarts their machines elsewhere.
   */
  isolated?: boolean;
  /** Version of Kubernetes, as `1.31`: since 1.32 the grace period is 50 s, before it 40 s. Null: either. */
  kubernetes?: string | null;
  /** To make and schedule a replacement (assumed: up to 1 s). */
  scheduleSeconds?: Span | null;
  /** To pull the image, start, and become ready (assumed: 1 s to 30 s). */
  startSeconds?: Span | null;
  /** The same for the pods of some workloads. */
  starts?: StartTime[];
};

/** How many of the pods that need a place state no CPU or no memory request: "fits" says little of them. */
export type Unrequested = {
  /** Pods that need a place. */
  displaced: number;
  /** Of these, pods without a CPU or memory request. */
  unrequested: number;
};

/** The verdict on the whole. */
export type Verdict = "survives" | "survives-with-losses" | "survives-if-placed-well" | "does-not-fit" | "unknown" | "stalls" | "down";

/** Cases by verdict. */
export type VerdictCounts = {
  doesNotFit: number;
  down: number;
  stalls: number;
  survives: number;
  survivesIfPlacedWell: number;
  survivesWithLosses: number;
  unknown: number;
};

/** A broken rule. */
export type ViolationReport = {
  /** Stable code of the rule, as `resource`. */
  code: string;
  /** Its name. */
  name?: string | null;
  /** Namespace of the pod. */
  namespace?: string | null;
  /** The node. */
  node?: string | null;
  /** The step of the plan, from 0. */
  step?: number | null;
  /** All of it in a sentence. */
  text: string;
};

/** The answer to a what-if. */
export type WhatIfReport = {
  /** What the verdict is once the control plane is back; null while it works, or if no node is left. */
  afterRecovery?: AfterRecovery | null;
  /** `podfit/v1`. */
  apiVersion: string;
  /**
   * What the verdict rests on beside the input, in short clauses: who is taken to make pods anew, what is taken as
   * absent because the input has none of it.
   */
  assumed: string[];
  /** What was supposed. */
  assumptions: string[];
  /** Why it does not fit, and the least that would make it fit. */
  cause?: CauseReport | null;
  /** What the verdict rests on; null where nothing is claimed. */
  certificate?: Certificate | null;
  /** The control plane. */
  controlPlane: ControlPlaneReport;
  /** Pods by verdict, in the whole cluster. */
  counts: PodCounts;
  /** Which stage was, if one was: those before it were not. */
  cutStage?: StageCode | null;
  /** Running pods that the plan evicts and that get no new place, as `namespace/name`: they are being deleted. */
  evicted?: string[];
  /** Names of the nodes lost. */
  failed: string[];
  /** Names of the hosts of the edge device that are lost. */
  failedHosts?: string[];
  /** What to do beforehand, where the scheduler may miss the placement and something helps. */
  hint?: HintReport | null;
  /** The edge device, if the cluster is described as one. */
  host?: HostReport | null;
  /** `WhatIfReport`. */
  kind: string;
  /** Objective, bound and gap of each level, the first matters most. */
  levels: Level[];
  /** Pods that are lost or stuck, as `namespace/name`. */
  losses: string[];
  /** How they are lost. */
  mode: Mode;
  /** How many pods on surviving nodes may be moved. */
  movesAllowed: number;
  /** Every node. */
  nodes: NodeReport[];
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /**
   * Whether nothing else keeps the verdict from the good one: no pod waits for more than that, none that was pending
   * before finds no place.
   */
  onlyLosses: boolean;
  /** How the times until pods are back come about. */
  paths?: PathReport[];
  /** Every pod, unless the list was filtered. */
  pods: PodReport[];
  /** Set where the list of pods was filtered. */
  podsListed?: Listed | null;
  /** What the default scheduler would do; null where it was not asked. */
  prediction?: PredictionReport | null;
  /** The same as a sentence with its figures. */
  proof?: string | null;
  /** Until the last pod that comes back by itself is ready; null where none does, or when is not known. */
  recoveredAfterSeconds?: Span | null;
  /** What may be moved: the claim holds within it. */
  scope: Scope;
  /** How good the placement is. */
  status: Status;
  /**
   * The plan, in an order in which every step is allowed: `check` replays it. Where the default scheduler finds room
   * in any case it is what the scheduler does in the first seed, else the solver's.
   */
  steps: PlanStep[];
  /** Whether something was cut short, and by what. */
  stop?: StopCode;
  /** How many pods that need a place state no request. */
  unrequested: Unrequested;
  /** The verdict on the whole. */
  verdict: Verdict;
  /** Why. */
  why: Why;
};

/** Why a verdict is what it is. */
export type Why = {
  /** What decides. */
  code: WhyCode;
  /** In a sentence, without its full stop. */
  text: string;
};

/** What decides a verdict. */
export type WhyCode = "nothing-to-place" | "all-placed" | "some-unplaced" | "control-plane" | "all-nodes-lost" | "eviction-halted" | "drain-hangs" | "refused" | "no-room-afterwards" | "host-too-small" | "not-evaluated" | "time-limit" | "cancelled" | "work-limit" | "solver-fault" | "greedy-only" | "no-solver" | "too-large" | "no-proof" | "counted" | "faulty";

/** A workload. */
export type WorkloadAvailability = {
  /** Share of the time with a ready pod, from 0 to 1. */
  availability: number;
  /** Time in a year with fewer ready pods than now. */
  degradedSeconds: Estimate;
  /** Time in a year without any ready pod. */
  downSeconds: Estimate;
  /** Kind, as `Deployment`; `Pod` for a pod without a controller. */
  kind: string;
  /** Name. */
  name: string;
  /** Namespace. */
  namespace: string;
  /** How often a year it goes down. */
  outagesPerYear: number;
  /** How many pods it has. */
  pods: number;
};

/** Sums of one workload. */
export type WorkloadSums = {
  /** Time with fewer than all. */
  degradedMs: string;
  /** The squares, run by run. */
  degradedSquares: string;
  /** Time without a ready pod. */
  downMs: string;
  /** The squares, run by run. */
  downSquares: string;
  /** How often it went down. */
  outages: number;
};
