import { expect, test } from "vitest";
import type { Cluster } from "../../src/engine/protocol";
import { loseable, partWords } from "../../src/state/loseable";
import { plots } from "../../src/state/plots";
import { EMPTY, toggleNode } from "../../src/state/scenario";

const cluster = (hosts: string[], domains: Cluster["domains"] = []): Cluster => ({
  resources: ["cpu"],
  nodes: ["a", "b"].map((name) => ({ name, allocatable: [1], controlPlane: false, unschedulable: false, taints: [] })),
  podNames: [],
  podNode: new Int32Array(),
  podWorkload: new Int32Array(),
  podRequests: new Float64Array(),
  workloads: [],
  domains,
  hosts: hosts.map((name, i) => ({ name, nodes: [i] })),
  assumptions: [],
  notEvaluated: [],
  leftOut: [],
});

test("a device has causes for each node, for both, and its own sequences", () => {
  const all = plots(cluster(["A", "B"]), EMPTY);
  expect(new Set(all.map((p) => p.key)).size).toBe(all.length);
  const fails = all.flatMap((p) => (p.fail ? [p.fail.join("+")] : []));
  for (const fail of ["A", "B:psus", "A:port6", "B:core", "A+B", "A:disk+B:disk", "witness", "A+witness"]) expect(fails).toContain(fail);
  expect(all.filter((p) => !p.fail).map((p) => p.key)).toEqual(["reboot A", "reboot B", "rolling", "kubernetes"]);
  expect(all.find((p) => p.key === "A:psus")!.request).toEqual({ kind: "Sequence", steps: [{ step: "lose", nodes: ["A:psus"] }, { step: "return", nodes: ["A"] }] });
  expect(all.find((p) => p.key === "witness")!.request).toMatchObject({ steps: [{ step: "lose", nodes: ["witness"] }] });
});

test("of one node nothing is asked that takes two", () => {
  const all = plots(cluster(["A"]), EMPTY);
  expect(all.some((p) => p.key.includes("port") || p.key.includes("witness") || p.key.includes("+"))).toBe(false);
  expect(all.map((p) => p.key)).not.toContain("kubernetes");
  expect(all.map((p) => p.key)).toContain("A:psus");
});

test("any cluster has rolling updates, by failure domain too, and what fails comes back", () => {
  const zones = [{ label: "topology.kubernetes.io/zone", values: [{ value: "x", nodes: [0] }, { value: "y", nodes: [1] }] }];
  expect(plots(cluster([], zones), EMPTY).map((p) => p.request)).toEqual([
    { kind: "Sequence", rolling: {} },
    { kind: "Sequence", rolling: { domain: "topology.kubernetes.io/zone" } },
  ]);
  const back = plots(cluster([]), { ...EMPTY, fail: ["a", "b"] }).at(-1)!;
  expect(back.fail).toEqual(["a", "b"]);
  expect(back.request).toMatchObject({ steps: [{ step: "lose", nodes: ["a", "b"] }, { step: "return", nodes: ["a", "b"] }] });
  const drained = plots(cluster([]), { ...EMPTY, fail: ["a"], mode: "drained" }).at(-1)!;
  expect([drained.mode, drained.request]).toMatchObject(["drained", { steps: [{ step: "drain" }, { step: "return" }] }]);
  expect(plots(cluster([]), { ...EMPTY, fail: ["a"], mode: "deleted" }).some((p) => p.fail)).toBe(false);
  // A part of a device is no node that comes back.
  expect(plots(cluster(["A", "B"]), { ...EMPTY, fail: ["A:psus"] }).some((p) => p.key.startsWith("return"))).toBe(false);
});

test("parts of a device have words, and go with the node that is restored", () => {
  const of = cluster(["A", "B"]);
  expect(loseable(of).filter((l) => l.sort === "part").map((l) => l.name)).toContain("B:port3");
  expect(loseable(cluster([])).some((l) => l.sort === "part")).toBe(false);
  expect([partWords("A:psus"), partWords("witness"), partWords("A:invented")]).toEqual(["both power supplies of node A", "the witness", "A:invented"]);
  expect(toggleNode({ ...EMPTY, fail: ["A:psus", "B:psu1", "witness"] }, of, 0, true)).toEqual(["B:psu1", "witness"]);
});
