// A cluster with other names: the same one everywhere, so that every rule still selects what it did. Fields that
// podfit does not read are dropped: environment variables, annotations and the like never leave.

import type { Redacted, Source } from "./protocol";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Object = { [key: string]: Json };

/** Fields copied as they are: amounts, kinds, enumerations, times. */
const KEEP = new Set(
  `requests limits allocatable allocatedResources capacity overhead phase effect operator whenUnsatisfiable
  nodeAffinityPolicy nodeTaintsPolicy maxSkew minDomains weight replicas parallelism priority preemptionPolicy hostNetwork
  unschedulable restartPolicy accessModes volumeMode volumeBindingMode creationTimestamp deletionTimestamp startTime type
  status reason resize sizeBytes containerPort hostPort port protocol minAvailable maxUnavailable disruptionsAllowed value
  globalDefault controller count gpu gpuModels model cards tolerationSeconds allowed nodes gpus worker kubeletReserve
  highlyAvailable vcpu memory host memoryTotal hypervReserve infraVm memoryFree memoryUsed memoryFailover gpusTotal gpusUsed
  gpusFree gpusReservedForFailover`.split(/\s+/),
);

/** Fields walked into, or whose text is a name. All others are dropped. */
const WALK = new Set(
  `items metadata spec status name namespace uid ownerReferences nodeName node schedulerName affinity nodeAffinity podAffinity
  podAntiAffinity requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution preference
  podAffinityTerm nodeSelectorTerms matchExpressions matchFields matchLabelExpressions labelSelector namespaceSelector
  namespaces values tolerations taints topologySpreadConstraints containers initContainers resources priorityClassName volumes
  persistentVolumeClaim ephemeral volumeClaimTemplate emptyDir hostPath gcePersistentDisk awsElasticBlockStore azureDisk
  azureFile cinder portworxVolume vsphereVolume iscsi rbd csi driver claimName resourceClaims schedulingGates ports image
  conditions containerStatuses initContainerStatuses images names template provisioner volumeName storageClassName claimRef
  required allowedTopologies drivers attacher source persistentVolumeName workloads pods runsOn claim class hostPorts hostIP
  budgets device otherVms term`.split(/\s+/),
);

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
]);

/** Names that say nothing of whose cluster it is, and that podfit or Kubernetes knows by heart. */
const KNOWN = new Set(
  `default kube-system kube-public kube-node-lease control-plane kube-apiserver kube-scheduler kube-controller-manager etcd linux
  windows amd64 arm64 default-scheduler system-node-critical system-cluster-critical A B master worker-a worker-b`.split(/\s+/),
);
const COMPONENT = /^(kube-apiserver|kube-scheduler|kube-controller-manager|etcd)(?=-|$)/;
/** Kinds that say nothing: those of Kubernetes and of podfit. Controllers of others have names of their own. */
const KINDS = new Set(
  `List Cluster Pod Node Namespace PersistentVolume PersistentVolumeClaim StorageClass CSINode VolumeAttachment ReplicaSet
  ReplicationController Deployment StatefulSet DaemonSet Job CronJob Service PodDisruptionBudget PriorityClass LimitRange
  Status`.split(/\s+/),
);
const PLAIN = /^(true|false|yes|no|)$|^-?\d+(\.\d+)?$/;

const PREFIX: Record<string, string> = {
  Node: "node", Pod: "pod", Namespace: "ns", namespace: "ns", namespaces: "ns", nodeName: "node", node: "node", runsOn: "node",
  nodes: "node", pods: "pod", workloads: "app", image: "image", names: "image", claim: "claim", claimName: "claim",
  PersistentVolumeClaim: "claim", PersistentVolume: "volume", volumeName: "volume", storageClassName: "class", class: "class",
  StorageClass: "class", labels: "value", values: "value", uid: "uid", ReplicaSet: "app", Deployment: "app", StatefulSet: "app",
  DaemonSet: "app", Job: "app", kind: "Kind", group: "group", containers: "container", hostIP: "ip",
};

export class Renamer {
  private aliases = new Map<string, string>();
  private counts = new Map<string, number>();

  get renamed(): number {
    return this.aliases.size;
  }

  name(text: string, about: string): string {
    if (KNOWN.has(text) || PLAIN.test(text) || text.startsWith("kubernetes.io/")) return text;
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

  /** The alias of a name that a plan mentions: a node, `namespace/pod`, `label=value`. Null: not seen in the input. */
  known(text: string): string | null {
    if (KNOWN.has(text)) return text;
    const own = this.aliases.get(text);
    if (own !== undefined) return own;
    for (const separator of ["/", "="]) {
      const at = text.lastIndexOf(separator);
      if (at < 0) continue;
      const head = separator === "=" ? this.labelKey(text.slice(0, at)) : this.known(text.slice(0, at));
      const tail = this.known(text.slice(at + 1));
      if (head !== null && tail !== null) return head + separator + tail;
    }
    // A replica of a workload of podfit/v1 is called NAME-0, NAME-1 and so on.
    const replica = /^(.+)(-\d+)$/s.exec(text);
    const workload = replica ? this.aliases.get(replica[1]!) : undefined;
    return workload === undefined ? null : workload + replica![2]!;
  }

  labelKey(key: string): string {
    return COMMON.test(key) ? key : this.name(key, "labelKey");
  }
}

/** Lists of podfit/v1 whose `name` is of a certain sort, and kinds of Kubernetes. */
function sortOf(object: Object, list: string): string {
  return typeof object.kind === "string" && !["workloads", "pods"].includes(list) ? object.kind : list;
}

export function redactValue(value: Json, key: string, renamer: Renamer, about = key): Json {
  if (typeof value === "string") return LABEL_KEYS.has(key) ? renamer.labelKey(value) : renamer.name(value, about);
  if (Array.isArray(value)) return value.map((v) => redactValue(v, key, renamer, key));
  if (value === null || typeof value !== "object") return value;
  const sort = key === "metadata" || key === "spec" ? about : sortOf(value, key);
  const out: Object = {};
  for (const [field, inner] of Object.entries(value)) {
    const kept = redactField(field, inner, key, sort, renamer);
    if (kept !== undefined) out[field] = kept;
  }
  return out;
}

function redactField(field: string, inner: Json, parent: string, sort: string, renamer: Renamer): Json | undefined {
  if (field === "kind" && typeof inner === "string") return KINDS.has(inner.replace(/(?<=.)List$/, "")) ? inner : renamer.name(inner, "kind");
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
  if (field === "name") return typeof inner === "string" ? renamer.name(inner, sort) : inner;
  if (field === "metadata" || field === "spec") return redactValue(inner, field, renamer, sort);
  if (WALK.has(field) || field === "selector") return redactValue(inner, field, renamer);
  return undefined;
}

const isObject = (value: Json): value is Object => typeof value === "object" && value !== null && !Array.isArray(value);

function labels(value: Json, renamer: Renamer): Json {
  if (!isObject(value)) return {};
  const rename = ([k, v]: [string, Json]): [string, Json] => [renamer.labelKey(k), typeof v === "string" ? renamer.name(v, "labels") : v];
  return Object.fromEntries(Object.entries(value).map(rename));
}

function annotations(value: Json, renamer: Renamer): Json | undefined {
  if (!isObject(value)) return undefined;
  const read = Object.entries(value).filter(([k]) => ANNOTATIONS.has(k));
  return read.length ? Object.fromEntries(read.map(([k, v]) => [k, typeof v === "string" ? renamer.name(v, "node") : v])) : undefined;
}

/** Groups with a dot are someone's domain, unless it is Kubernetes'. */
function apiVersion(value: string, renamer: Renamer): string {
  const [group, version] = value.split("/");
  const own = version !== undefined && group!.includes(".") && !group!.endsWith(".k8s.io");
  return own ? `${renamer.name(group!, "group")}/${version}` : value;
}

async function parse(text: string): Promise<Json[]> {
  try {
    return [JSON.parse(text) as Json];
  } catch {
    const { parseAllDocuments } = await import("yaml");
    return parseAllDocuments(text).map((document) => {
      if (document.errors.length) throw document.errors[0]!;
      return document.toJS({ maxAliasCount: 100 }) as Json;
    });
  }
}

/** Renames files together, so that a name in two of them stays one; and what a plan says of them. */
export async function redactAll(sources: Source[], mentioned: string[]): Promise<Redacted> {
  const renamer = new Renamer();
  const files: Redacted["files"] = [];
  for (const [i, source] of sources.entries()) {
    const documents = await parse(await source.blob.text());
    const values = documents.map((d) => redactValue(d, "", renamer));
    const text = values.length === 1 ? JSON.stringify(values[0]) : values.map((v) => JSON.stringify(v)).join("\n---\n");
    files.push({ name: `cluster-${i + 1}.json`, text });
  }
  const aliases = mentioned.map((name) => [name, renamer.known(name)] as const);
  const names = Object.fromEntries(aliases.filter((a): a is readonly [string, string] => a[1] !== null));
  return { files, names, renamed: renamer.renamed };
}
