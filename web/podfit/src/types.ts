// Made from schema/ by `npm run types`: do not edit.

/** Whether the API server takes what is deployed. */
export type AcceptedCode = "yes" | "later" | "no" | "not-known";

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

/** What becomes of an address. */
export type AddressChangeReport = {
  /** The addresses; empty: not known. */
  addresses: string[];
  /** What becomes of them. */
  fate: AddressFateCode;
  /** The node or host where it was. */
  from?: string | null;
  /** `node`, `service` or `pod`. */
  kind: string;
  /** Who has it; `namespace/name` of services and pods. */
  name: string;
  /** Where it is then. */
  to?: string | null;
};

/** What becomes of an address. */
export type AddressFateCode = "moves" | "gone" | "replaced" | "stays";

/** The plan of addresses. */
export type AddressPlanReport = {
  /** Who gets which address; empty where there is a conflict. */
  assigned: AssignedAddress[];
  /** Ranges and subnets, and how far they go. */
  pools: PoolReport[];
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

/** An address and who has it. */
export type AssignedAddress = {
  /** The address. */
  address: string;
  /** It was given, or asked for; else it is the first that was free. */
  given: boolean;
  /** `node` or `service`. */
  kind: string;
  /** The node; of a service `namespace/name`. */
  name: string;
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

/** What the control plane can do. */
export type CapabilityCode = "api" | "shared-api" | "etcd-writes" | "etcd-reads" | "scheduling" | "controllers";

/** What works. */
export type CapabilityReport = {
  /** What. */
  code: CapabilityCode;
  /** Of scheduling and controllers, the hand-over where the leader may be among those that fail. */
  handOver?: HandOverReport | null;
  /** Whether it does. */
  state: StateCode;
  /** In words. */
  text: string;
};

/** A figure that the device states of its capacity. */
export type CapacityReport = {
  /** Bytes of memory; null where it counts cards. */
  bytes?: number | null;
  /** GPU cards; null where it is memory. */
  cards?: number | null;
  /** The vendor's name of it. */
  name: string;
  /** How it is read: `has`, `withheld` from machines, `checked` against the total, or only `shown`. */
  read: string;
};

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

/** A set of failures. */
export type CaseReport = {
  /** The API at a server's own address. */
  api: StateCode;
  /** Controllers. */
  controllers: StateCode;
  /** Reads of etcd. */
  etcdReads: StateCode;
  /** Writes to etcd. */
  etcdWrites: StateCode;
  /** What fails; empty: nothing. */
  failed: string[];
  /** Scheduling. */
  scheduling: StateCode;
  /** The API at the shared address; null: the input does not say what that is. */
  sharedApi?: StateCode | null;
  /** Whether everything works. */
  state: StateCode;
  /** What is missing, in words; null: nothing. */
  why?: string | null;
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
export type Certificate = "placement" | "integer-sum" | "integer-dual" | "enumeration" | "solver-float";

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
export type ControlPlaneLoss = {
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

/** The answer to a control-plane request. */
export type ControlPlaneReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What was supposed. */
  assumptions: string[];
  /** What works while the failures last. */
  capabilities: CapabilityReport[];
  /** Where nothing is said to fail: each single part, and each set of machines and balancers. */
  cases: CaseReport[];
  /** Sets that were not asked. */
  casesLeftOut: number;
  /** What goes on in the cluster meanwhile, and what waits. */
  effects: EffectReport[];
  /** What fails, as asked. */
  failed: string[];
  /** What is weak, whatever fails. */
  findings: PlaneFinding[];
  /** `ControlPlaneReport`. */
  kind: string;
  /** How leaders are elected, and how long nobody leads. */
  leaderElection: LeaderElection;
  /** Nodes that are lost, with what becomes of their pods; null where none is. */
  lost?: LostReport | null;
  /** Every part on every machine. */
  members: MemberReport[];
  /** What was not evaluated. */
  notEvaluated: string[];
  /** Control planes that survive what is asked, the fewest machines first. */
  plans: PlanReport[];
  /** Pods that crash. */
  pods: CrashReport[];
  /** Majorities of 1 to 7 members. */
  quorum: QuorumRow[];
  /** What each part's loss means, and what helps. */
  remedies: RemedyReport[];
  /** Where it runs. */
  topology: TopologyReport;
  /** The verdict. */
  verdict: PlaneVerdict;
  /** Why. */
  why: Why;
};

/** A pod that crashes. */
export type CrashReport = {
  /** Its containers are started again where it is, by the kubelet, as its restartPolicy says. */
  inPlace: boolean;
  /** Where it runs. */
  node?: string | null;
  /** As `namespace/name`. */
  pod: string;
  /** If the pod itself is gone (evicted, deleted): whether it is made anew. */
  renewal: RenewalCode;
  /** In words. */
  text: string;
};

/** Whether what is deployed meanwhile is accepted: a matter of the API server. */
export type DeploymentsReport = {
  /** Whether it is. */
  accepted: AcceptedCode;
  /** From when on; null unless `accepted` is `later`. */
  afterSeconds?: Span | null;
  /** In words. */
  text: string;
};

/** The answer to a device request. */
export type DeviceReport = {
  /** `podfit/v1`. */
  apiVersion: string;
  /** What was supposed. */
  assumptions: string[];
  /** What the device does when parts fail, a line each. */
  failures: PartFailure[];
  /** Hosts, machines and the rule of normal use. */
  host: HostReport;
  /** `DeviceReport`. */
  kind: string;
  /** What kubelet and system keep of each Kubernetes machine. */
  kubeletReserve: Amounts;
  /** What the other host holds once one is lost; empty for one node. */
  losses: HostFitReport[];
  /** The model's name, as `pro-gpu`. */
  model: string;
  /** What placement depends on and was not evaluated. */
  notEvaluated: string[];
  /** What each host holds as it stands. */
  now: HostFitReport[];
  /** End of the address of the page with its hardware. */
  page: string;
  /** Date of that page. */
  pageDate: string;
  /** What the vendor calls it. */
  title: string;
  /** Whether the machines fit on each host alone. */
  verdict: DeviceVerdict;
  /** Why. */
  why: Why;
};

/** Whether the machines fit on each host alone. */
export type DeviceVerdict = "fits" | "does-not-fit" | "one-node";

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
  /** The node. */
  node: string;
  op: "share-gpus";
  /** Whether they are shared. */
  shared: boolean;
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

/** What goes on in the cluster meanwhile, or waits. */
export type EffectCode = "running-pods" | "container-crash" | "changes" | "new-pods" | "replacement" | "worker-loss" | "node-reboot" | "endpoints";

/** What goes on, or waits. */
export type EffectReport = {
  /** What. */
  code: EffectCode;
  /** Whether it goes on, or is repaired. */
  state: StateCode;
  /** In words. */
  text: string;
};

/** How packets leave. */
export type EgressReport = {
  /** The places that a packet passes, as far as they are known. */
  hops: HopReport[];
  /** The interface or port that it leaves by. */
  interface?: string | null;
  /** Entries of the routing table that it may take, in words, where that is open. */
  open: string[];
  /** Addresses that the other side may see as the sender's; empty: not known. */
  seenAs: string[];
  /** Why these, or why none. */
  seenBecause: string;
  /** `inside` the cluster, `leaves`, `open` which way, `no-route`, `no-node` that the sender is on. */
  way: string;
};

/** An endpoint of a service. */
export type EndpointReport = {
  /** Its addresses; empty: not known. */
  addresses: string[];
  /** The node that it is on. */
  node?: string | null;
  /** The pod, as `namespace/name`; null: it is none of the cluster. */
  pod?: string | null;
  /** Whether it gets traffic. */
  ready: boolean;
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
export type FateCode = "recreated" | "recreated-assumed" | "recreated-late" | "refused-at-first" | "stuck-volume" | "not-wanted" | "lost" | "orphaned" | "namespace-ends" | "job-fails" | "gone" | "was-terminating" | "stuck-stateful-set" | "stuck-job" | "stuck-never-evicted" | "halted" | "gated" | "in-order" | "refused" | "preempted" | "runs-on" | "stays-put";

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

/** A hand-over to another leader. */
export type HandOverReport = {
  /** The members that the leader may be. */
  among: string[];
  /** How it goes: one way, or several where members go differently. */
  goes: LeaderGoes[];
  /** Whether it is one of them for sure. */
  isCertain: boolean;
  /** From the failure until another leads, if the leader is among them. */
  seconds: Span;
};

/** One way in which a leader goes. */
export type HandOverWay = {
  /** Of one that is cut off: from then until it gives up. */
  givesUpSeconds?: Span | null;
  /** How. */
  goes: LeaderGoes;
  /** From the failure until another leads: the sum of the terms. */
  seconds: Span;
  /** The terms. */
  terms: LeaseTerm[];
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

/** A place that a packet passes. */
export type HopCode = "sender" | "node" | "service-proxy" | "pod-network" | "external-switch" | "internal-switch" | "port" | "next-hop" | "destination";

/** A place that a packet passes. */
export type HopReport = {
  /** What it is. */
  at: HopCode;
  /** Its name, or its address. */
  name: string;
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
  /** What the device states of its capacity, for all nodes together, where the input has it. */
  capacity?: CapacityReport[];
  /** The fit on the survivor; null where no host is lost or none is left. */
  fit?: HostFitReport | null;
  /** Its hosts. */
  hosts: HostNode[];
  /**
   * The vendor's rule that at most half (or `usagePercent`) is used in normal operation: a lint beside the fit, never
   * instead of it.
   */
  lint: LintReport[];
  /**
   * Whether the master machine restarts on the survivor: until it has, there is no API and nothing is
   * scheduled.
   */
  masterRestarts: boolean;
  /** What the device does about each part that fails, and about all of them. */
  responses?: ResponseReport[];
  /** The percentage. */
  usagePercent: number;
  /** Doubts about the description. */
  warnings: NoteReport[];
};

/** How etcd and the API servers are put together. */
export type LayoutCode = "stacked" | "external" | "mixed" | "etcd-not-shown" | "not-known";

/** How leaders are elected. */
export type LeaderElection = {
  /** A lease that nobody renewed for so long may be taken. */
  leaseSeconds: number;
  /** The objects that a leader holds. */
  locks: string[];
  /** A leader that cannot renew for so long gives up. */
  renewDeadlineSeconds: number;
  /** Time between two tries; those who wait add up to 1.2 of it. */
  retryPeriodSeconds: number;
  /** Each way in which a leader goes, with the arithmetic. */
  ways: HandOverWay[];
};

/** How a leader goes: kube-scheduler's or kube-controller-manager's. */
export type LeaderGoes = "crash" | "release" | "cut-off";

/** A term of a time. */
export type LeaseTerm = {
  /** Whether it had passed before the failure: it is subtracted. */
  isSubtracted: boolean;
  /** How long. */
  seconds: Span;
  /** Where the rule is from. */
  source: string;
  /** What takes the time. */
  text: string;
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

/** Nodes that are lost. */
export type LostReport = {
  /** The verdict of a what-if with these nodes, a working control plane supposed; the scheduler is not asked. */
  afterRecovery: Verdict;
  /** Pods that nothing makes anew. */
  lost: number;
  /** Which. */
  nodes: string[];
  /** Whether their pods are made anew while the failures last. */
  state: StateCode;
  /** Pods that stay as they are until somebody acts. */
  stuck: number;
  /** In words. */
  text: string;
  /** Pods that their controllers make anew. */
  toRenew: number;
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

/** A part on a machine. */
export type MemberReport = {
  /** As `kube-apiserver`. */
  component: string;
  /** Of an API server, the members of etcd that it names. */
  etcd?: string[];
  /** Whether the machine is a node of the cluster. */
  isNode: boolean;
  /** Whether it leads as the input stands, by its lease; of none of a part where the input has no lease of it. */
  leads?: boolean;
  /** Its machine. */
  machine: string;
  /** As `m1:etcd`. */
  name: string;
  /** Whether it runs as the input stands. */
  now: StateCode;
  /** Whether it runs while the failures last. */
  runs: StateCode;
  /** Whether it does its work while the failures last: what it depends on works too. */
  state: StateCode;
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

/** Something that cannot be as it is described. */
export type NetworkConflict = {
  /** What is wrong, with the addresses. */
  cause: string;
  /** Stable code, as `too-small`. */
  code: string;
  /** The field of the description, as `network.nodeRange` or `services default/web`. */
  field: string;
  /** What to do. */
  fix: string;
};

/** What a loss changes in the network. */
export type NetworkLossReport = {
  /** Addresses that it touches: of nodes, services and pods. */
  addresses: AddressChangeReport[];
  /** Names of the nodes lost. */
  failed: string[];
  /** Every service. */
  services: ServiceLossReport[];
  /** How long endpoints on lost nodes still get traffic. */
  staleSeconds: Span;
};

/** What is asked about the network. */
export type NetworkPart = "plan" | "reach" | "routes";

/** The answer to a question about the network. */
export type NetworkReport = {
  /** What was asked. */
  about: NetworkPart;
  /** `podfit/v1`. */
  apiVersion: string;
  /** What was supposed. */
  assumptions: string[];
  /** All that cannot be as it is described: of the plan, or of the routes. */
  conflicts: NetworkConflict[];
  /** `NetworkReport`. */
  kind: string;
  /** What was not evaluated. */
  notEvaluated: string[];
  /** What the vendor of the device says of it. */
  notes: NoteReport[];
  /** Addresses, where the plan was asked for. */
  plan?: AddressPlanReport | null;
  /** Services and ways, where reach was asked for. */
  reach?: ReachReport | null;
  /** Routes, where these were asked for. */
  routes?: RoutesReport | null;
  /** The verdict. */
  verdict: NetworkVerdict;
  /** Why. */
  why: Why;
};

/** The verdict on a network. */
export type NetworkVerdict = "good" | "conflicts" | "unreachable" | "no-endpoint" | "not-known";

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

/** Whether a way is open. */
export type OpenCode = "yes" | "no-endpoint" | "inside-only" | "no-address" | "not-running" | "not-known";

/** How long a service has no ready endpoint. */
export type OutageCode = "none" | "until" | "lasting" | "had-none" | "not-known";

/** What a term counts as. */
export type PartCode = "setting" | "loop" | "elapsed";

/** What the device does when parts of it fail together. */
export type PartFailure = {
  /** Names of the hosts that are lost. */
  lost: string[];
  /** End of the page's address. */
  page: string;
  /** The parts, as a what-if's `fail` names them. */
  parts: string[];
  /** The worst that is done. */
  response: ResponseCode;
  /** In words. */
  text: string;
};

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

/** A control plane that survives what is asked. */
export type PlanReport = {
  /** Balancers before the API servers. */
  balancers: number;
  /** Whether it is what the documentation of Kubernetes asks for, rather than the least that does. */
  documented: boolean;
  /** Stacked or external. */
  layout: LayoutCode;
  /** Machines in all, balancers left aside. */
  machines: number;
  /** Members of etcd. */
  members: number;
  /** Servers, members of etcd, and balancers that are missing here; null where the input shows none. */
  missing?: string[] | null;
  /** Machines with an API server, a scheduler and a controller-manager. */
  servers: number;
  /** Any so many of them may fail at once. */
  survives: number;
  /** In words. */
  text: string;
};

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

/** Something weak. */
export type PlaneFinding = {
  /** What it is, with the numbers. */
  cause: string;
  /** Stable code, as `etcd-no-loss-tolerated`. */
  code: string;
  /** What to do. */
  fix: string;
  /** How much it matters. */
  severity: SeverityCode;
};

/** The verdict on a control plane. */
export type PlaneVerdict = "works" | "fragile" | "down" | "unknown" | "planned";

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
export type PodReasonCode = "node-survives" | "runs-through-drain" | "stays-put" | "terminating" | "recreated" | "recreated-assumed" | "placed" | "makes-room" | "preempted" | "no-node" | "control-plane" | "bare" | "owner-gone" | "namespace-ends" | "job-fails" | "not-wanted" | "quota" | "limit-range" | "gate" | "in-order" | "late" | "job-waits" | "volume-attached" | "with-node" | "was-terminating" | "stateful-set" | "never-evicted" | "eviction-halted";

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

/** Addresses for one purpose. Counts end at 2^53. */
export type PoolReport = {
  /** How many addresses there are. */
  addresses: number;
  /** How many more the vendor advises. */
  advised: number;
  /** Who gives the addresses out, where that is known. */
  assignedBy?: string | null;
  /** `IPv4` or `IPv6`. */
  family: string;
  /** How many are left: `addresses` less `unusable` less `needed`. Below 0, so many are short. */
  free: number;
  /** What for: `nodes`, `services` (from outside), `pods`, `cluster-ips` (of services). */
  kind: string;
  /** How many more were asked about. */
  more: number;
  /** How many are needed now. */
  needed: number;
  /** The ranges, as `FIRST-LAST`. */
  ranges: string[];
  /** How many usable ones it must have: `needed` and `advised` and `more`. */
  required: number;
  /** Where the first range must end to have so many; null where it cannot. */
  requiredLast?: string | null;
  /** Of these, those that cannot be given out: networks' own, reserved, in use. */
  unusable: number;
};

/** A port of a service. */
export type PortReport = {
  /** The port of every node. */
  nodePort?: number | null;
  /** At the service's addresses. */
  port: number;
  /** `TCP`, `UDP` or `SCTP`. */
  protocol: string;
  /** The port of the pods: its number or its name. */
  target: string;
};

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

/** A majority. */
export type QuorumRow = {
  /** Whether this control plane has so many. */
  here: boolean;
  /** Members. */
  members: number;
  /** Members that must live. */
  quorum: number;
  /** Members that may fail. */
  tolerated: number;
};

/** What reaches what. */
export type ReachReport = {
  /** How packets to an address leave, by sender. */
  egress: EgressReport[];
  /** The endpoints of the service that it goes to: kube-proxy on every node spreads the traffic over the ready ones. */
  endpoints: EndpointReport[];
  /** Who sends, where a way was asked for. */
  from?: string | null;
  /** What a loss changes. */
  loss?: NetworkLossReport | null;
  /** The ways to a service or a pod. */
  paths: WayReport[];
  /** Every service, in the order of the input; none where a way was asked for. */
  services: ServiceReport[];
  /** Where it goes. */
  to?: string | null;
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

/** What a part's loss means, and what helps. */
export type RemedyReport = {
  /** The part. */
  component: string;
  /** What its loss means. */
  issue: string;
  /** What helps. */
  mitigation: string;
  /** Whether it works while the failures last; null: there is none, or the input does not say. */
  state?: StateCode | null;
};

/** Whether a pod that is gone is made anew. */
export type RenewalCode = "now" | "waits" | "never" | "by-kubelet" | "with-node" | "not-known";

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
export type Report = WhatIfReport | AuditReport | TimelineReport | AvailabilityReport | SequenceReport | PlaceReport | CheckReport | ExplainReport | LintsReport | DeviceReport | NetworkReport | ControlPlaneReport | ClusterReport;

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
  /** What times rest on. */
  timing?: Timing;
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
  kind: "Device";
} | {
  /** Which of these. */
  about?: NetworkPart;
  /** Custom routes to add. */
  addRoutes?: RouteChange[];
  /** Of reach: what is lost, as in a what-if; empty: the cluster as it stands. */
  fail?: string[];
  /** Of reach: who sends: `outside`, a pod, a service (for its pods) or a node. Null: a pod somewhere in the cluster. */
  from?: string | null;
  kind: "Network";
  /** How. */
  mode?: Mode;
  /** Of a plan: so many nodes more. */
  moreNodes?: number;
  /** Of a plan: so many services more should get an address from outside. */
  moreServices?: number;
  /** Custom routes to leave out, before others are added; a field that is null matches any. */
  removeRoutes?: RouteChange[];
  /** Of a loss: what times rest on. */
  timing?: Timing;
  /** Of reach: a service, a pod or an address; null: all services. Of routes: an address. */
  to?: string | null;
} | {
  /** Sets asked at most. */
  casesMax?: number;
  /**
   * What fails, all at once: a part on a machine as `m1:etcd`, a machine or node, `lb` for the balancers (or one by its
   * name), a host of an edge device, `label=value`, or a pod that crashes as `pod/NAMESPACE/NAME`. Empty: each single part,
   * machine and balancer is asked.
   */
  fail?: string[];
  /** Where nothing is said to fail: each set of up to so many machines and balancers is asked. */
  k?: number;
  kind: "ControlPlane";
  /** How leaders go that fail themselves. */
  leader?: LeaderGoes;
  /** Plan one with so many members of etcd, an odd number up to 7. */
  members?: number | null;
  /** Plan a control plane of which any so many machines may fail, 0 to 3. */
  survive?: number | null;
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

/** What the device does. */
export type ResponseCode = "runs-on" | "degraded" | "ambiguous" | "fails-over" | "offline";

/** What the device does when parts of it fail. */
export type ResponseReport = {
  /** The host; null: the whole device. */
  host?: string | null;
  /** End of the page's address. */
  page: string;
  /** What is done. */
  response: ResponseCode;
  /** The sentence. */
  text: string;
};

/** Whether a pod comes back, and by whom. */
export type ReturnCode = "back" | "runs-on" | "operator" | "control-plane" | "no-place" | "with-node" | "never";

/** Every node in turn: of an edge device every host. */
export type Rolling = {
  /** So many nodes at a time. */
  batch?: number;
  /** Failure domains at a time instead: a node label. */
  domain?: string | null;
  /**
   * Of an edge device an update of Kubernetes instead: the master machine restarts on the other host, then each worker is
   * drained and comes back.
   */
  kubernetes?: boolean;
  /**
   * Of an edge device whose pods share GPU cards: sharing, which the update switches off, is switched on again on each host
   * when it is back.
   */
  shareAgain?: boolean;
  /**
   * How long each node (host, batch) is away while it is updated. Null: of a device update what its vendor claims, else not
   * known.
   */
  updateSeconds?: Span | null;
};

/** A custom route, to add or to leave out. */
export type RouteChange = {
  /** The subnet or the address that it is for. */
  destination?: string;
  /** The interface; needed to add one. */
  interface?: string | null;
  /** Of those to one destination the least wins; null: 256. */
  metric?: number | null;
  /** The next hop; needed to add one. */
  nextHop?: string | null;
};

/** Where a route comes from. */
export type RouteKindCode = "connected" | "custom" | "default";

/** An entry of a routing table. */
export type RouteReport = {
  /** The addresses that it is for, as `192.168.21.0/24`. */
  destination: string;
  /** The command that adds it to the device; of custom routes. */
  deviceCommand?: string | null;
  /** The interface that they leave by. */
  interface: string;
  /** Where it comes from. */
  kind: RouteKindCode;
  /** Of entries to one destination the least wins; null: not known. */
  metric?: number | null;
  /** Where packets go next; null: they are there. */
  nextHop?: string | null;
  /** Length of the prefix. */
  prefixLength: number;
  /** The virtual switch of the device that they go through: `external`, or `internal`, which translates addresses. */
  switch?: string | null;
};

/** The routing table of the nodes. */
export type RoutesReport = {
  /** Positions of the entries that are for it, the best first: the longest prefix, then the least metric. */
  matching: number[];
  /** The nodes that have it; of the device its master and worker machines, not its hosts. */
  nodes: string[];
  /** All entries: connected, custom, default. */
  routes: RouteReport[];
  /** Positions of those that it takes: one; several where they are equally good or a metric is not known. */
  taken: number[];
  /** The address that was asked about. */
  to?: string | null;
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
  /** What the pages of an edge device's vendor say of it, and where they contradict each other. */
  notes?: NoteReport[];
  /** The states, one a step. In each, pods that something becomes of. */
  states: SequenceState[];
  /** How many steps there are; fewer states where it was cancelled. */
  steps: number;
  /** Whether it was cancelled before its end. */
  stop?: StopCode;
  /** How long all states last, one after the other; of an update of Kubernetes at least what its vendor claims. */
  totalSeconds: Span;
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
  controlPlane: ControlPlaneLoss;
  /** Nodes that take no pods afterwards though they live. */
  cordoned: string[];
  /** Pods by verdict, in the whole cluster. */
  counts: PodCounts;
  /** Which stage was, if one was. */
  cutStage?: StageCode | null;
  /** Whether what is deployed is accepted. */
  deployments: DeploymentsReport;
  /** Nodes that are down afterwards. */
  down: string[];
  /** Position in `states` of the return that ends it, where nothing is recreated or nothing runs, and it passes. */
  endsWith?: number | null;
  /** The edge device, if the cluster is described as one. */
  host?: HostReport | null;
  /** Names of the hosts of the edge device that it happens to. */
  hosts?: string[];
  /** Pods that are lost or stuck, as `namespace/name`. */
  losses: string[];
  /** Pods that may be evicted from silent nodes before these are back, or not: taken as evicted. */
  mayBeEvicted?: string[];
  /** Names of the nodes that it happens to. */
  nodes: string[];
  /** How many pods do not run for some of that time, or all of it. */
  offlinePods: number;
  /** Whether nothing else keeps the verdict from the good one. */
  onlyLosses: boolean;
  /** How that comes about, as a position in `paths`. */
  path: number;
  /** How times come about. */
  paths: PathReport[];
  /** Pods that something becomes of; names and nodes are those of this state. */
  pods: PodReport[];
  /** What the default scheduler would do; null where it was not asked. */
  prediction?: PredictionReport | null;
  /** How long it lasts. */
  seconds: Span;
  /** What happens. */
  step: SequenceStep;
  /** Whether something was cut short, and by what. */
  stop?: StopCode;
  /** The verdict on what it does. */
  verdict: Verdict;
  /** Why. */
  why: Why;
};

/**
 * One thing that happens. Nodes are named as what a what-if loses: nodes, hosts of an edge device, `label=value`.
 *
 * `forSeconds` is how long it lasts until the next step; of nodes that are lost, pods that tolerate it for longer are not
 * evicted. Null: until what it sets off has settled, evictions from silent nodes included.
 */
export type SequenceStep = {
  /** How long. */
  forSeconds?: Span | null;
  /** Which. */
  nodes: string[];
  step: "cordon";
} | {
  /** How long. */
  forSeconds?: Span | null;
  /** Which. */
  nodes: string[];
  step: "drain";
} | {
  /** How long. */
  forSeconds?: Span | null;
  /** Which. */
  nodes: string[];
  step: "lose";
} | {
  /** How long. */
  forSeconds?: Span | null;
  /** Which. */
  nodes: string[];
  step: "delete";
} | {
  /** How long. */
  forSeconds?: Span | null;
  /** Which. */
  nodes: string[];
  step: "return";
} | {
  /** How long. */
  forSeconds?: Span | null;
  /** The host, `A` or `B`. */
  nodes: string[];
  step: "fail-over";
} | {
  /** How long. */
  forSeconds?: Span | null;
  /** Which. */
  nodes: string[];
  step: "share";
} | {
  /** How long. */
  forSeconds?: Span | null;
  /** Which. */
  nodes: string[];
  step: "unshare";
} | {
  /** How, in order. */
  edits: Edit[];
  step: "edit";
};

/** What becomes of the endpoints of a service. */
export type ServiceLossReport = {
  /** Replacements that find a place by themselves. */
  back: number;
  /** Ready endpoints before. */
  before: number;
  /** Of these, those that are left. */
  left: number;
  /** Name. */
  name: string;
  /** Namespace. */
  namespace: string;
  /** Whether it has none for a while. */
  outage: OutageCode;
  /** How long it has none; null unless `outage` is `until`. */
  outageSeconds?: Span | null;
  /** The parts of that time, of the replacement that may be ready first. */
  terms: TermReport[];
};

/** A service. */
export type ServiceReport = {
  /** Addresses inside the cluster; empty: it has none, or they are not known yet. */
  clusterIps: string[];
  /** Its name in the cluster's DNS. */
  dnsName: string;
  /** How many endpoints it has. */
  endpoints: number;
  /** How its endpoints are known: `listed`, `selector`, `not-known`, `none`. */
  endpointsBy: string;
  /** What that stands for, of an ExternalName. */
  externalName?: string | null;
  /** Families of its addresses. */
  families: string[];
  /** Name. */
  name: string;
  /** Namespace. */
  namespace: string;
  /** Addresses from outside: given, or by the plan. */
  outerAddresses: string[];
  /** Ports. */
  ports: PortReport[];
  /** How many of them get traffic. */
  ready: number;
  /** `ClusterIP`, `Headless`, `NodePort`, `LoadBalancer` or `ExternalName`. */
  type: string;
};

/** How much a finding matters. */
export type SeverityCode = "error" | "warning" | "open";

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

/** Whether something works. */
export type StateCode = "works" | "stale" | "down" | "unknown";

/** How good the placement is. */
export type Status = "optimal" | "feasible" | "unknown";

/** Whether something was cut short, and by what. */
export type StopCode = "done" | "time-limit" | "cancelled" | "work-limit";

/** What happens in a term. */
export type TermCode = "host-silent" | "host-isolated" | "control-plane-back" | "lease-expires" | "leader-lost" | "heartbeat-age" | "grace-period" | "node-monitor" | "taint-queue" | "toleration" | "quarantine" | "garbage-collector" | "termination" | "budget" | "preemption" | "quota" | "order" | "detach" | "attach" | "schedule" | "start" | "step-time" | "settles" | "host-update" | "machine-update";

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

/** Where a control plane runs. */
export type TopologyReport = {
  /** Balancers before the API servers; null: the input does not say. */
  balancers?: string[] | null;
  /** Whether a provider runs the control plane. */
  byProvider: boolean;
  /** Machines with a member of etcd. */
  etcd: string[];
  /** Whether these are all members of etcd. */
  etcdIsCounted: boolean;
  /** Who set the cluster up, by labels of nodes; null where no known label says it. */
  installer?: string | null;
  /** How etcd and the API servers are put together. */
  layout: LayoutCode;
  /** Where API servers and balancers listen, unless told otherwise. */
  port: number;
  /** Machines with an API server. */
  servers: string[];
  /**
   * Any so many machines and balancers may fail and everything works, of the sizes that were asked; null where that was not
   * asked, or it does not work without a failure.
   */
  tolerates?: number | null;
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

/** By what traffic gets to a service or a pod. */
export type ViaCode = "cluster-ip" | "headless" | "external-name" | "load-balancer" | "external-ip" | "node-port" | "pod";

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

/** A way to a service or a pod. */
export type WayReport = {
  /** Addresses; empty where they are not known. */
  addresses: string[];
  /** The name to ask DNS for. */
  name?: string | null;
  /** Whether it is open. */
  open: OpenCode;
  /** The port. */
  port?: number | null;
  /** `TCP`, `UDP` or `SCTP`. */
  protocol?: string | null;
  /** The port of the endpoints: its number or its name. */
  target?: string | null;
  /** By what. */
  via: ViaCode;
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
  controlPlane: ControlPlaneLoss;
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
  /** Parts of the edge device that fail, as they were named. */
  failedParts?: string[];
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
  /** Services that lose their last ready endpoint, for a while or for good. */
  services?: ServiceLossReport[];
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
export type WhyCode = "nothing-to-place" | "all-placed" | "some-unplaced" | "control-plane" | "all-nodes-lost" | "eviction-halted" | "drain-hangs" | "refused" | "no-room-afterwards" | "host-too-small" | "not-evaluated" | "time-limit" | "cancelled" | "work-limit" | "solver-fault" | "greedy-only" | "no-solver" | "too-large" | "no-proof" | "counted" | "faulty" | "control-plane-works" | "single-loss-stops" | "control-plane-not-known" | "planned";

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
