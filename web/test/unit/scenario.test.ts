import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { redactAll, redactValue, Renamer } from "../../src/engine/redact";
import { FORM, toText } from "../../src/state/form";
import { fromFragment, packed, parsePacked, toFragment } from "../../src/state/link";
import { EMPTY } from "../../src/state/scenario";
import { escape } from "../../src/layout/svg";
import { amount, objectsOf, percent, short } from "../../src/format";

const origin = (text: string) => ({ sources: [{ name: "a.yaml", blob: new Blob([text]) }], sample: null, form: null });

describe("link", () => {
  test("what goes in comes out", async () => {
    const plan = { ...EMPTY, fail: ["näme", "b"], moves: 2, applied: [{ text: "t", edits: [{ op: "cordon" as const, node: "b" }] }] };
    const back = await fromFragment(await toFragment(await packed(origin("kind: Cluster\n".repeat(500)), plan)));
    expect({ ...EMPTY, ...back.plan }).toEqual(plan);
    expect(back.sources).toEqual([{ name: "a.yaml", text: "kind: Cluster\n".repeat(500) }]);
  });

  test("a sample is named, not carried", async () => {
    const fragment = await toFragment(await packed({ ...origin("x"), sample: "stranded" }, EMPTY));
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
    const { plan } = parsePacked('{"podfit":"scenario/v1","sample":"x","plan":{"fail":[1],"mode":"exploded","moves":-1,"assume":[],"applied":[{"text":1}]}}');
    expect(plan).toEqual(EMPTY);
  });
});

describe("redaction", () => {
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
    const sources = [node, pod].map((o, i) => ({ name: `${i}`, blob: new Blob([JSON.stringify(o)]) }));
    const { files, names } = await redactAll(sources, ["acme-node-1", "finance/payroll-7d9-x", "zone=acme-zone", "nobody"]);
    const [first, second] = files.map((f) => JSON.parse(f.text));
    expect(second.spec.nodeName).toBe(first.metadata.name);
    expect(names["acme-node-1"]).toBe(first.metadata.name);
    expect(names["finance/payroll-7d9-x"]).toBe(`${second.metadata.namespace}/${second.metadata.name}`);
    expect(names["zone=acme-zone"]).toBe(`zone=${first.metadata.labels.zone}`);
    expect(names.nobody).toBeUndefined();
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

test("amounts", () => {
  expect(amount("cpu", 8200)).toBe("8.2");
  expect(amount("memory", 16 * 2 ** 30)).toBe("16Gi");
  expect(amount("memory", 1.5 * 2 ** 30)).toBe("1.5Gi");
  expect(percent(1, 0)).toBe("∞");
  expect(short("x".repeat(500), 10)).toHaveLength(10);
});
