import { describe, expect, test } from "vitest";
import { readdirSync, readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { appliedWords } from "../../src/edit-words";
import { KEEP, KINDS, redactAll, redactValue, Renamer, WALK, WITHHELD } from "../../src/engine/redact";
import type { Edit } from "../../src/engine/protocol";
import { FORM, toText } from "../../src/state/form";
import { fromFragment, packed, parsePacked, toFragment } from "../../src/state/link";
import { EMPTY } from "../../src/state/scenario";
import { escape } from "../../src/layout/svg";
import { T } from "../../src/text";
import { amount, objectsOf, percent, short } from "../../src/format";

const source = (text: string) => ({ sources: [{ name: "a.yaml", text }] });

describe("link", () => {
  test("what goes in comes out", async () => {
    const applied = [{ edits: [{ op: "cordon" as const, node: "b" }], pods: ["x/y"] }];
    const plan = { ...EMPTY, fail: ["näme", "b"], moves: 2, applied, parts: ["m1:etcd"] };
    const input = { ...source("kind: Cluster\n".repeat(500)), leaveOut: true as const };
    const back = await fromFragment(await toFragment(packed(input, plan)));
    expect({ ...EMPTY, ...back.plan }).toEqual(plan);
    expect({ sources: back.sources, leaveOut: back.leaveOut }).toEqual(input);
  });

  test("a sample is named, not carried", async () => {
    const fragment = await toFragment(packed({ sample: "stranded" }, EMPTY));
    expect(fragment.length).toBeLessThan(120);
    expect((await fromFragment(fragment)).sample).toBe("stranded");
  });

  test.each(["#s=", "#s=%%%", "#s=AAAA", "#s=" + "A".repeat(500)])("damage is refused: %s", async (hash) => {
    await expect(fromFragment(hash)).rejects.toThrow();
  });

  test("a bomb is not unpacked", async () => {
    const bomb = { podfit: "scenario/v1" as const, plan: {}, sources: [{ name: "b", text: "0".repeat(65 * 1024 * 1024) }] };
    const fragment = await toFragment(bomb);
    expect(fragment.length).toBeLessThan(200_000);
    await expect(fromFragment(fragment)).rejects.toThrow("too large");
  });

  test.each(["[]", "null", '{"podfit":"scenario/v2"}', '{"podfit":"scenario/v1"}', '{"podfit":"scenario/v1","sources":[{"name":1}]}'])(
    "a file of another shape is refused: %s",
    (text) => expect(() => parsePacked(text)).toThrow(),
  );

  test("fields of the wrong type are not taken over", () => {
    const { plan } = parsePacked('{"podfit":"scenario/v1","sample":"x","plan":{"fail":[1],"mode":"exploded","moves":-1,"assume":[],"applied":[1,{"edits":[null,{"op":1}],"pods":7}],"parts":["lb",2]}}');
    expect(plan).toEqual({ ...EMPTY, applied: [{ edits: [], pods: [] }] });
  });
});

describe("redaction", () => {
  const json = (value: unknown, i = 0) => ({ name: `${i}`, blob: new Blob([JSON.stringify(value)]) });
  const PLAN = { fail: ["acme-node-1"], applied: [{ edits: [{ op: "delete-pods" as const, pods: ["a/b"] }], pods: [] }], parts: [] };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "payroll-7d9-x",
      namespace: "finance",
      labels: { app: "payroll", "acme.com/owner": "jane" },
      annotations: { note: "secret" },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "payroll-7d9", controller: true },
        { apiVersion: "ops.acme.com/v1", kind: "AcmeRunner", name: "payroll" },
      ],
    },
    spec: {
      nodeName: "acme-node-1",
      nodeSelector: { "kubernetes.io/hostname": "acme-node-1" },
      containers: [{ name: "c", image: "acme.registry/payroll:1", env: [{ name: "TOKEN", value: "hunter2" }], resources: { requests: { cpu: "1" } } }],
      tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }],
    },
  };

  test("names go, rules stay, the rest is dropped", () => {
    const out = redactValue(pod, "items", new Renamer()) as typeof pod;
    const text = JSON.stringify(out);
    for (const word of ["payroll", "finance", "acme", "jane", "secret", "hunter2", "TOKEN", "Acme"]) expect(text).not.toContain(word);
    expect(out.spec.containers[0]!.resources).toEqual(pod.spec.containers[0]!.resources);
    expect(out.spec.tolerations).toEqual(pod.spec.tolerations);
    expect(out.spec.nodeSelector["kubernetes.io/hostname"]).toBe(out.spec.nodeName);
    expect(out.kind).toBe("Pod");
    expect(out.metadata.ownerReferences[0]).toMatchObject({ apiVersion: "apps/v1", kind: "ReplicaSet" });
    expect(out.metadata.ownerReferences[0]!.controller).toBe(true);
  });

  test("a name is the same in all files, and in the plan", async () => {
    const node = { kind: "Node", metadata: { name: "acme-node-1", labels: { zone: "acme-zone" } }, status: { allocatable: { cpu: "4" } } };
    const fail = ["acme-node-1", "acme-node-1-copy", "zone=acme-zone", "nobody", "/".repeat(1e6)];
    const applied = [{ edits: [{ op: "tolerate" as const, pods: ["ReplicaSet/finance/payroll-7d9"], key: "acme.com/owner", effect: "NoSchedule" }], pods: ["finance/payroll-7d9-x"] }];
    const out = await redactAll([node, pod].map(json), { fail, applied, parts: ["acme-node-1:etcd", "nobody:etcd"] }, { rename: true });
    const [first, second] = out.files.map((f) => JSON.parse(f.text));
    expect(second.spec.nodeName).toBe(first.metadata.name);
    const { name, labels } = first.metadata;
    expect(out.fail).toEqual([name, `${name}-copy`, `zone=${labels.zone}`, "unknown", "unknown"]);
    expect(out.parts).toEqual([`${name}:etcd`, "unknown"]);
    expect(out.applied[0]!.pods).toEqual([`${second.metadata.namespace}/${second.metadata.name}`]);
    const [own] = Object.keys(second.metadata.labels).filter((k) => k !== "app");
    const workload = `ReplicaSet/${second.metadata.namespace}/${second.metadata.ownerReferences[0].name}`;
    expect(out.applied[0]!.edits).toEqual([{ op: "tolerate", pods: [workload], key: own, effect: "NoSchedule" }]);
    expect(out.renamed).toBeGreaterThan(5);
  });

  test("with their own names too, only what podfit reads goes out", async () => {
    const text = `# told in confidence\n${stringify(pod)}`;
    const { files, fail, applied, parts, renamed } = await redactAll([{ name: "a.yaml", blob: new Blob([text]) }], PLAN, {});
    for (const word of ["secret", "hunter2", "TOKEN", "confidence"]) expect(files[0]!.text).not.toContain(word);
    const { annotations, ...metadata } = pod.metadata;
    const { env, ...container } = pod.spec.containers[0]!;
    expect(JSON.parse(files[0]!.text)).toEqual({ ...pod, metadata, spec: { ...pod.spec, containers: [container] } });
    expect({ name: files[0]!.name, fail, applied, parts, renamed }).toEqual({ name: "a.yaml", ...PLAN, renamed: 0 });
  });

  test("the machines of a device keep their names, nodes of that name elsewhere do not", async () => {
    const nodes = { apiVersion: "podfit/v1", kind: "Cluster", nodes: [{ name: "worker-a", allocatable: { cpu: 1, memory: "1Gi" } }] };
    const device = { apiVersion: "podfit/v1", kind: "Cluster", device: { model: "pro-gpu" }, workloads: [{ name: "x", runsOn: ["worker-a"] }] };
    const out = async (value: unknown) => (await redactAll([json(value)], { ...PLAN, fail: ["worker-a", "A:psus", "witness"] }, { rename: true }));
    expect((await out(nodes)).files[0]!.text).not.toContain("worker-a");
    expect((await out(device)).files[0]!.text).toContain("worker-a");
    expect((await out(device)).fail).toEqual(["worker-a", "A:psus", "witness"]);
  });

  test("documents that are no YAML go where faulty objects are left out, and are told otherwise", async () => {
    const blob = new Blob([`${JSON.stringify(pod)}\n---\nkind: Pod\nspec: [}\n`]);
    const files = async (lenient: boolean) => (await redactAll([{ name: "a", blob }], PLAN, { lenient })).files;
    expect(JSON.parse((await files(true))[0]!.text).metadata.name).toBe("payroll-7d9-x");
    await expect(files(false)).rejects.toThrow();
  });

  test("addresses of a dump stay here, unless they are asked for", async () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "d" },
      spec: { type: "LoadBalancer", clusterIP: "10.9.8.7", clusterIPs: ["10.9.8.7"], ports: [{ port: 80 }], selector: { app: "web" } },
      status: { loadBalancer: { ingress: [{ ip: "203.0.113.9", ports: [{ port: 80, error: "told" }] }] } },
    };
    const text = async (addresses: boolean, rename = false) => (await redactAll([json(service)], PLAN, { addresses, rename })).files[0]!.text;
    for (const out of [await text(false), await text(true, true)]) for (const own of ["10.9.8.7", "203.0.113.9"]) expect(out).not.toContain(own);
    const out = JSON.parse(await text(true));
    expect(out.spec).toEqual(service.spec);
    expect(out.status).toEqual({ loadBalancer: { ingress: [{ ip: "203.0.113.9" }] } });
  });

  test("who holds a lease is a node, by the name that the node has", async () => {
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "acme-7" } };
    const lease = {
      apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "kube-scheduler", namespace: "kube-system" },
      spec: { holderIdentity: "acme-7_5f1d", leaseDurationSeconds: 15, renewTime: "2026-01-01T00:00:00Z" },
    };
    const { files } = await redactAll([json({ apiVersion: "v1", kind: "List", items: [lease, node] })], PLAN, { rename: true });
    const [held, owner] = JSON.parse(files[0]!.text).items;
    expect(held.spec).toEqual({ holderIdentity: owner.metadata.name, leaseDurationSeconds: 15 });
    expect(files[0]!.text).not.toContain("acme");
    expect(held.metadata).toEqual(lease.metadata);
  });

  test("of objects that podfit does not read the kind alone goes out", async () => {
    const named = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: "stripe-key", labels: { app: "stripe" } } });
    const items = [named("v1", "Secret"), named("longhorn.io/v1beta1", "Node"), named("v1", "ConfigMap"), named("v1", "Node")];
    const { files } = await redactAll([json({ apiVersion: "v1", kind: "List", items })], PLAN, {});
    const short = items.slice(0, 3).map(({ apiVersion, kind }) => ({ apiVersion, kind }));
    expect(JSON.parse(files[0]!.text)).toEqual({ apiVersion: "v1", kind: "List", items: [...short, items[3]] });
    const list = { apiVersion: "v1", kind: "SecretList", items: [{ metadata: { name: "stripe-key" } }] };
    const pods = { apiVersion: "v1", kind: "PodList", items: [{ metadata: { name: "web-1" } }] };
    const lists = (await redactAll([json(list), json(pods)], PLAN, {})).files.map((f) => JSON.parse(f.text));
    expect(lists).toEqual([{ apiVersion: "v1", kind: "SecretList" }, pods]);
    const reader = readFileSync(new URL("../../../crates/podfit-kube/src/reader/session.rs", import.meta.url), "utf8");
    const kinds = [...reader.matchAll(/^ {12}"(\w+)"(?: if [^=]*(?:==[^=]*)?)? =>/gm)].map((m) => m[1]!).filter((kind) => kind !== "Table");
    expect(kinds.length).toBeGreaterThan(14);
    expect(kinds.filter((kind) => !KINDS.has(kind))).toEqual([]);
  });

  test("every field that podfit reads of Kubernetes is kept", () => {
    const wire = new URL("../../../crates/podfit-kube/src/wire/", import.meta.url);
    const text = readdirSync(wire).map((file) => readFileSync(new URL(file, wire), "utf8")).join("\n");
    const fields = [...text.matchAll(/^ {8}(\w+): (?:Option|Leaf|Vec|\w+),?/gm)].map((m) => m[1]!.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()));
    expect(fields.length).toBeGreaterThan(80);
    // Of the API server's own answer, that there are no objects is enough; annotations have a list of their own.
    const special = ["message", "annotations", "labels", "matchLabels", "nodeSelector", "key", "topologyKey", "matchLabelKeys", "mismatchLabelKeys", "kind", "apiVersion", "selector", "snakeCase"];
    const read = new Set([...KEEP, ...WALK, ...WITHHELD, ...special]);
    expect(fields.filter((f) => !read.has(f))).toEqual([]);
  });

  test("parts of the control plane keep the names that podfit knows them by", () => {
    expect(new Renamer().name("kube-apiserver-acme-1", "Pod")).toMatch(/^kube-apiserver-\d+$/);
  });
});

test("faults are counted by the objects they are about", () => {
  const fault = (object: string, code = "x") => ({ code, place: `${object}: spec`, cause: "", fix: "", object });
  const faults = [fault("d.json: items[1] (Pod a/b)"), fault("d.json: items[1] (Pod a/b)"), fault("d.json: items[2] (Pod a/c)")];
  expect(objectsOf(faults)).toEqual({ n: 2, more: false });
  expect(objectsOf([...faults, fault("other objects", "more-errors")])).toEqual({ n: 2, more: true });
});

test("the form writes YAML, whatever is typed", () => {
  const workloads = [{ ...FORM.workloads[0]!, name: 'a"]: {x', runsOn: "A, B", replicas: "3", priority: "5" }];
  const read = parse(toText({ ...FORM, workloads }));
  expect(read.workloads[0]).toMatchObject({ name: 'a"]: {x', runsOn: ["A", "B", "A"], replicas: 3, priority: 5 });
  expect(parse(toText({ ...FORM, device: null, workloads: [] })).nodes).toHaveLength(2);
  expect(parse(toText({ ...FORM, workloads: [{ ...workloads[0]!, name: "true" }] })).workloads[0].name).toBe("true");
});

test("SVG text is escaped", () => {
  expect(escape(`<a b="c">&'\u0000`)).toBe("&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
});

test("an applied change says what and for whom, whatever a link carries", () => {
  const words = (edits: unknown, pods: string[] = []) => appliedWords({ edits: edits as Edit[], pods });
  expect(words([{ op: "enlarge-node", node: "n", add: { memory: "268435456", cpu: "250m" }, cards: { T4: 2 } }], ["p/a", "p/b"])).toBe(
    "for p/a, p/b: n: 256Mi memory, 250m CPU, 2 GPU cards (T4) more",
  );
  expect(words([{ op: "prefer-anti-affinity", pods: ["v/web"], topologyKey: "zone" }], ["v/web-0"])).toBe(
    "v/web: anti-affinity over zone preferred, not required",
  );
  expect(words([{ op: "delete-pods", pods: ["a", "b", "c", "d", "e"] }])).toBe("without a, b, c and 2 more");
  expect(words([{ op: "constructor" }])).toBe("constructor");
  expect(words([{ op: "set-requests", pods: { x: 1 }, requests: null }])).toContain("requests null");
});

test("one and many", () => {
  expect(T.compare.differ(1)).toBe("1 pod fares differently");
  expect(T.idle.foreseen(0, 2, 3)).toBe("Survives the loss of 0 of its 2 hosts and 3 nodes, one at a time.");
  expect(T.idle.foreseen(3, 0, 3)).toBe("Survives the loss of any one of its 3 nodes.");
});

test("amounts, as the reports write them", () => {
  expect(amount("cpu", 8200)).toBe("8.2");
  expect(amount("cpu", 6725)).toBe("6.725");
  expect(amount("cpu", 500)).toBe("500m");
  expect(amount("memory", 16 * 2 ** 30)).toBe("16Gi");
  expect(amount("memory", 1.5 * 2 ** 30)).toBe("1.5Gi");
  expect(amount("memory", 11.28 * 2 ** 30)).toBe("11.2Gi");
  expect(amount("memory", 0)).toBe("0");
  expect(amount("example.com/fpga", 1200)).toBe("1200");
  expect(percent(999, 1000)).toBe("99 %");
  expect(percent(1, 0)).toBe("∞");
  expect(short("x".repeat(500), 10)).toHaveLength(10);
});
