// What of an input may leave the page. Fields that podfit does not read are dropped always: environment variables,
// annotations and the like never leave. Names are kept, or become others: the same one everywhere, so that every rule
// still selects what it did.

import { REAL, Substitutes, type Addresses } from "./addresses";
import type { Applied, Edit, Redacted, Source } from "./protocol";
import { isOurs, sections } from "./site";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
type Object = JsonObject;

/** Fields copied as they are: amounts, kinds, enumerations, times. */
export const KEEP = new Set(
  `requests limits allocatable allocatedResources capacity overhead phase effect operator whenUnsatisfiable
  nodeAffinityPolicy nodeTaintsPolicy maxSkew minDomains weight replicas parallelism priority preemptionPolicy hostNetwork
  unschedulable restartPolicy accessModes volumeMode volumeBindingMode creationTimestamp deletionTimestamp startTime type
  status reason resize sizeBytes containerPort hostPort port protocol minAvailable maxUnavailable disruptionsAllowed value
  globalDefault controller count gpu gpuModels model cards tolerationSeconds allowed nodes gpus worker kubeletReserve usagePercent
  highlyAvailable vcpu memory host memoryTotal hypervReserve infraVm memoryFree memoryUsed memoryFailover gpusTotal gpusUsed
  gpusFree gpusReservedForFailover resourceVersion activeDeadlineSeconds terminationGracePeriodSeconds podManagementPolicy
  ordinals start completions suspend backoffLimit backoffLimitPerIndex podReplacementPolicy action active succeeded failed
  currentNumberScheduled desiredNumberScheduled maxReplicas hard scopes scopeName max min default defaultRequest
  extendedResourceName unhealthyPodEvictionPolicy currentHealthy desiredHealthy storageCapacity attachRequired
  maximumVolumeSize leaseDurationSeconds imagePullPolicy externalTrafficPolicy ipFamilies publishNotReadyAddresses nodePort targetPort ready`.split(/\s+/),
);

/** Fields walked into, or whose text is a name. All others are dropped. */
export const WALK = new Set(
  `items metadata spec status name namespace uid ownerReferences nodeName node schedulerName affinity nodeAffinity podAffinity
  podAntiAffinity requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution preference
  podAffinityTerm nodeSelectorTerms matchExpressions matchFields matchLabelExpressions labelSelector namespaceSelector
  namespaces values tolerations taints topologySpreadConstraints containers initContainers resources priorityClassName volumes
  persistentVolumeClaim ephemeral volumeClaimTemplate emptyDir hostPath gcePersistentDisk awsElasticBlockStore azureDisk
  azureFile cinder portworxVolume vsphereVolume iscsi rbd csi driver claimName resourceClaims schedulingGates ports image
  conditions containerStatuses initContainerStatuses images names template provisioner volumeName storageClassName claimRef
  required allowedTopologies drivers attacher source persistentVolumeName workloads pods runsOn claim class hostPorts hostIP
  budgets device otherVms term schedulingGroup workloadRef os nominatedNodeName volumeClaimTemplates podFailurePolicy rules
  onPodConditions updateRevision jobTemplate scaleTargetRef scopeSelector nodeTopology endpoints targetRef
  holderIdentity`.split(/\s+/),
);

/**
 * Fields of Kubernetes that podfit reads and that stay here: commands always, addresses unless they are asked for. What rests on
 * them is not known of what is shared. The sections of podfit/v1 have a file of their own: `site.ts`.
 */
const COMMANDS = ["command", "args"];
const ADDRESSES = new Set(
  `podIP podIPs hostIP addresses address clusterIP clusterIPs loadBalancerIP externalIPs externalName loadBalancer ingress ip
  hostname`.split(/\s+/),
);
/** The same as the reader calls them. */
export const WITHHELD = new Set([...COMMANDS, ...[...ADDRESSES].map((field) => field.replace("IP", "Ip"))]);

/** Maps of labels: their keys are kept where they are Kubernetes' own or common, their values renamed. */
const LABELS = new Set(["labels", "matchLabels", "nodeSelector"]);
const LABEL_KEYS = new Set(["key", "topologyKey"]);
const LABEL_KEY_LISTS = new Set(["matchLabelKeys", "mismatchLabelKeys"]);
const COMMON = /^(metadata\.name|app|component|tier|zone|name|k8s-app|role|version|release|gpu|pod-template-hash|controller-revision-hash)$|(^|[./])(kubernetes|k8s)\.io\//;
const ANNOTATIONS = new Set([
  "kubernetes.io/config.mirror",
  "pv.kubernetes.io/bind-completed",
  "volume.kubernetes.io/selected-node",
  "volume.beta.kubernetes.io/storage-class",
  "scheduling.k8s.io/group-name",
  "vpaUpdates",
]);
/** Of these it matters whether they say yes or no. */
const FLAGS = new Set(["cluster-autoscaler.kubernetes.io/safe-to-evict", "karpenter.sh/do-not-disrupt", "karpenter.sh/do-not-evict"]);
/** Of these it matters that they ask for something: shares of GPUs. */
const SHARES = /^(4pd\.io\/|ALIYUN_COM_GPU_|alibabacloud\.com\/gpu-|aliyun\.com\/gpu-|gpu-(fraction|memory)|hami\.io\/|nvidia\.com\/(nouse-|use-gpu)|scheduler\.framework\.gpushare\.|scheduling\.koordinator\.sh\/device-allocated|volcano\.sh\/v?gpu-)/;

/** Names that say nothing of whose cluster it is, and that podfit or Kubernetes knows by heart. */
const KNOWN = new Set(
  `default kube-system kube-public kube-node-lease control-plane kube-apiserver kube-scheduler kube-controller-manager etcd linux
  windows amd64 arm64 default-scheduler system-node-critical system-cluster-critical`.split(/\s+/),
);
/** What an edge device calls its hosts and machines, whoever owns it; elsewhere they are names like any other. */
const OF_DEVICE = ["A", "B", "master", "worker-a", "worker-b", "witness"];
const COMPONENT = /^(kube-apiserver|kube-scheduler|kube-controller-manager|etcd)(?=-|$)/;
/** Kinds that say nothing: those of Kubernetes and of podfit. Controllers of others have names of their own. */
export const KINDS = new Set(
  `List Cluster Pod Node Namespace PersistentVolume PersistentVolumeClaim StorageClass CSINode VolumeAttachment ReplicaSet
  ReplicationController Deployment StatefulSet DaemonSet Job CronJob Service PodDisruptionBudget PriorityClass LimitRange
  ResourceQuota HorizontalPodAutoscaler EndpointSlice CSIDriver CSIStorageCapacity DeviceClass Lease
  Status`.split(/\s+/),
);
/** Others have kinds of these names too. */
const GROUPS = new Set(["", "apps", "extensions", "batch", "policy", "storage.k8s.io", "scheduling.k8s.io", "autoscaling", "resource.k8s.io", "coordination.k8s.io", "podfit"]);

const PLAIN = /^(true|false|yes|no|)$|^-?\d+(\.\d+)?$/;

const PREFIX: Record<string, string> = {
  Node: "node", Pod: "pod", Namespace: "ns", namespace: "ns", namespaces: "ns", nodeName: "node", node: "node", runsOn: "node",
  nodes: "node", pods: "pod", workloads: "app", image: "image", names: "image", claim: "claim", claimName: "claim",
  PersistentVolumeClaim: "claim", PersistentVolume: "volume", volumeName: "volume", storageClassName: "class", class: "class",
  StorageClass: "class", labels: "value", values: "value", uid: "uid", ReplicaSet: "app", Deployment: "app", StatefulSet: "app",
  DaemonSet: "app", Job: "app", kind: "Kind", group: "group", containers: "container", hostIP: "ip",
  balancers: "lb", hosts: "host", interfaces: "interface", domains: "domain", services: "service", Service: "service",
};

/** Longer names are no composed ones: a link may mention anything. */
const MENTIONED_MAX = 2000;

/** What becomes of names. */
export interface Names {
  readonly renamed: number;
  /** Whether addresses leave as they are. */
  readonly hasAddresses?: boolean;
  name(text: string, about: string): string;
  labelKey(key: string): string;
  /** What has become of a name that a plan mentions: a node, `namespace/pod`, `Kind/namespace/name`, `label=value`. Null: not in the input. */
  known(text: string): string | null;
}

export const KEPT: Names = { renamed: 0, name: (text) => text, labelKey: (key) => key, known: (text) => text };

export class Renamer implements Names {
  private aliases = new Map<string, string>();
  private counts = new Map<string, number>();
  private common: Set<string>;

  constructor(ofDevice = false) {
    this.common = new Set([...KNOWN, ...(ofDevice ? OF_DEVICE : [])]);
  }

  get renamed(): number {
    return this.aliases.size;
  }

  name(text: string, about: string): string {
    if (this.common.has(text) || PLAIN.test(text) || text.startsWith("kubernetes.io/")) return text;
    const known = this.aliases.get(text);
    if (known !== undefined) return known;
    const prefix = PREFIX[about] ?? "x";
    const n = (this.counts.get(prefix) ?? 0) + 1;
    this.counts.set(prefix, n);
    const component = COMPONENT.exec(text)?.[0];
    const alias = prefix === "ip" ? `192.0.2.${n % 250}` : component ? `${component}-${n}` : `${prefix}-${n}`;
    this.aliases.set(text, alias);
    return alias;
  }

  known(text: string): string | null {
    if (this.common.has(text)) return text;
    const own = this.aliases.get(text);
    if (own !== undefined) return own;
    // A controller is mentioned with its kind: `StatefulSet/namespace/name`.
    if (KINDS.has(text)) return text;
    if (text.length > MENTIONED_MAX) return null;
    // A part of a machine, as `m1:etcd` or `A:psus`: it is called so everywhere.
    const part = /^(.+):([a-z]+(-[a-z]+)*\d?)$/s.exec(text);
    const machine = part && this.known(part[1]!);
    if (machine) return `${machine}:${part[2]!}`;
    for (const separator of ["/", "="]) {
      const at = text.lastIndexOf(separator);
      if (at < 0) continue;
      const head = separator === "=" ? this.labelKey(text.slice(0, at)) : this.known(text.slice(0, at));
      const tail = this.known(text.slice(at + 1));
      if (head !== null && tail !== null) return head + separator + tail;
    }
    // A replica of a workload of podfit/v1 is called NAME-0, NAME-1 and so on; what an edit copies, NAME-copy.
    const made = /^(.+?)(-\d+|(-copy)+(-\d+)?)$/s.exec(text);
    const from = made && this.known(made[1]!);
    return from ? from + made[2]! : null;
  }

  labelKey(key: string): string {
    return COMMON.test(key) ? key : this.name(key, "labelKey");
  }
}

/** Lists of podfit/v1 whose `name` is of a certain sort, and kinds of Kubernetes. */
function sortOf(object: Object, list: string): string {
  return typeof object.kind === "string" && !["workloads", "pods"].includes(list) ? object.kind : list;
}

/** The kind of what is in a list of one kind. */
const singular = (kind: string) => kind.replace(/(?<=.)List$/, "");

/** Of an object that podfit does not read, a Secret say, only its kind is left: it holds the place of those after it. */
function isUnread({ kind, apiVersion = "" }: Object): boolean {
  if (typeof kind !== "string" || typeof apiVersion !== "string") return false;
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0]! : "";
  const one = singular(kind);
  return !KINDS.has(one) || !GROUPS.has(group);
}

export function redactValue(value: Json, key: string, renamer: Names, about = key): Json {
  if (typeof value === "string") return LABEL_KEYS.has(key) ? renamer.labelKey(value) : renamer.name(value, about);
  if (Array.isArray(value)) return value.map((v) => redactValue(v, key, renamer, key));
  if (value === null || typeof value !== "object") return value;
  const sort = key === "metadata" || key === "spec" ? about : sortOf(value, key);
  const out: Object = {};
  const unread = (key === "" || key === "items") && isUnread(value);
  for (const [field, inner] of Object.entries(value)) {
    if (unread && field !== "kind" && field !== "apiVersion") continue;
    const kept = redactField(field, inner, key, sort, renamer);
    if (kept !== undefined) out[field] = kept;
  }
  return out;
}

function redactField(field: string, inner: Json, parent: string, sort: string, renamer: Names): Json | undefined {
  if (field === "kind" && typeof inner === "string") return KINDS.has(singular(inner)) ? inner : renamer.name(inner, "kind");
  if (field === "apiVersion" && typeof inner === "string") return apiVersion(inner, renamer);
  if (field === "annotations") return annotations(inner, renamer);
  const plainSelector = field === "selector" && isObject(inner) && !("matchLabels" in inner) && !("matchExpressions" in inner);
  if (LABELS.has(field) || plainSelector) return labels(inner, renamer);
  if (LABEL_KEY_LISTS.has(field) && Array.isArray(inner)) return inner.map((k) => renamer.labelKey(String(k)));
  if (LABEL_KEYS.has(field)) return redactValue(inner, field, renamer);
  // podfit/v1 has lists by these names; elsewhere they are plain values.
  if ((field === "nodes" || field === "pods") && Array.isArray(inner)) return redactValue(inner, field, renamer);
  if (field === "value" && parent === "taints" && typeof inner === "string") return renamer.name(inner, "labels");
  if (field === "value" && parent === "tolerations" && typeof inner === "string") return renamer.name(inner, "labels");
  if ((field === "status" || field === "template") && isObject(inner)) return redactValue(inner, field, renamer);
  if (KEEP.has(field)) return inner;
  if (ADDRESSES.has(field) && renamer.hasAddresses) return addressesOnly(inner);
  // A host name, and after `_` a number of its own.
  if (field === "holderIdentity") return typeof inner === "string" ? renamer.name(inner.split("_")[0]!, "nodeName") : inner;
  if (field === "name") return typeof inner === "string" ? renamer.name(inner, sort) : inner;
  if (field === "metadata" || field === "spec") return redactValue(inner, field, renamer, sort);
  if (WALK.has(field) || field === "selector") return redactValue(inner, field, renamer);
  return undefined;
}

/** Of a service's status, say: `{ingress: [{ip, ports}]}` → `{ingress: [{ip}]}`. */
function addressesOnly(value: Json): Json {
  if (Array.isArray(value)) return value.map(addressesOnly);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => ADDRESSES.has(key) || key === "type" || key === "ipMode");
  return Object.fromEntries(kept.map(([key, inner]) => [key, addressesOnly(inner)]));
}

const isObject = (value: Json): value is Object => typeof value === "object" && value !== null && !Array.isArray(value);

function labels(value: Json, renamer: Names): Json {
  if (!isObject(value)) return {};
  const rename = ([k, v]: [string, Json]): [string, Json] => [renamer.labelKey(k), typeof v === "string" ? renamer.name(v, "labels") : v];
  return Object.fromEntries(Object.entries(value).map(rename));
}

function annotations(value: Json, renamer: Names): Json | undefined {
  if (!isObject(value)) return undefined;
  const said = ([k, v]: [string, Json]): [string, Json][] => {
    if (ANNOTATIONS.has(k)) return [[k, typeof v === "string" ? renamer.name(v, "node") : v]];
    if (FLAGS.has(k) && /^(true|false)$/.test(String(v))) return [[k, String(v)]];
    if (SHARES.test(k)) return [[k, Number(v) === 0 ? "0" : "1"]];
    return [];
  };
  const read = Object.entries(value).flatMap(said);
  return read.length ? Object.fromEntries(read) : undefined;
}

/** Groups with a dot are someone's domain, unless it is Kubernetes'. */
function apiVersion(value: string, renamer: Names): string {
  const [group, version] = value.split("/");
  const own = version !== undefined && group!.includes(".") && !group!.endsWith(".k8s.io");
  return own ? `${renamer.name(group!, "group")}/${version}` : value;
}

async function parse(text: string, lenient: boolean): Promise<Json[]> {
  try {
    return [JSON.parse(text) as Json];
  } catch {
    const { parseAllDocuments } = await import("yaml");
    return parseAllDocuments(text, { logLevel: "error" }).flatMap((document) => {
      // What is no YAML is not read by podfit either, where it leaves out what is faulty.
      if (document.errors.length && lenient) return [];
      if (document.errors.length) throw document.errors[0]!;
      return [document.toJS({ maxAliasCount: 100 }) as Json];
    });
  }
}

/** One that a person wrote stays readable. */
const print = (value: Json) => JSON.stringify(value, null, isObject(value) && value.apiVersion === "podfit/v1" ? 1 : 0);

/** Fields of edits that hold names, and those that hold keys of labels. */
const EDIT_NAMES = new Set(["pod", "pods", "node", "to", "workload", "value"]);
const EDIT_KEYS = new Set(["key", "topologyKey"]);

function renamedEdit(edit: Edit, names: Names): Edit {
  const rename = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return EDIT_NAMES.has(key) ? mentioned(value, names) : EDIT_KEYS.has(key) ? names.labelKey(value) : value;
    if (Array.isArray(value)) return value.map((v) => rename(v, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, rename(v, k)]));
  };
  return rename(edit, "") as Edit;
}

const mentioned = (name: string, names: Names) => names.known(name) ?? "unknown";

interface Plan {
  fail: string[];
  applied: Applied[];
  parts: string[];
}

/** How what leaves the page is made. */
export interface Ways {
  /** Other names; then addresses are others too. */
  rename: boolean;
  /** Addresses as they are. */
  addresses: boolean;
  /** Documents that cannot be read are left out. */
  lenient: boolean;
}

/** What podfit reads of files and of a plan for them; with other names, the same for a name in two of them. */
export async function redactAll(sources: Source[], plan: Plan, ways: Partial<Ways>): Promise<Redacted> {
  const { rename = false, lenient = false, addresses: asTheyAre = false } = ways;
  const files = await Promise.all(sources.map(async (s) => ({ name: s.name, documents: await parse(await s.blob.text(), lenient) })));
  const documents = files.flatMap((f) => f.documents);
  const ofDevice = documents.some((d) => isObject(d) && d.device !== undefined);
  const names = rename ? new Renamer(ofDevice) : { ...KEPT, hasAddresses: asTheyAre };
  const addresses = asTheyAre && !rename ? REAL : substitutes(documents);
  const all = (mention: string[]) => mention.map((name) => mentioned(name, names));
  const written = files.map(({ name, documents }, i) => ({
    name: rename ? `cluster-${i + 1}.json` : name,
    text: documents.map((d) => print(redactDocument(d, names, addresses))).join("\n---\n"),
  }));
  return {
    files: written,
    fail: all(plan.fail),
    applied: plan.applied.map(({ edits, pods }) => ({ edits: edits.map((e) => renamedEdit(e, names)), pods: all(pods) })),
    parts: all(plan.parts),
    renamed: names.renamed,
    substituted: addresses !== REAL && documents.some(hasSite),
  };
}

const hasSite = (d: Json): boolean => isOurs(d) && (d.network !== undefined || d.services !== undefined);

/** The sections of podfit/v1 that have rules of their own come last: nodes have their names by then. */
function redactDocument(document: Json, names: Names, addresses: Addresses): Json {
  const out = redactValue(document, "", names);
  return isOurs(document) && isObject(out) ? { ...out, ...sections(document, { names, addresses }) } : out;
}

function substitutes(documents: Json[]): Addresses {
  const all = new Substitutes();
  for (const document of documents) if (isOurs(document)) sections(document, { names: KEPT, addresses: all.note });
  return all;
}
