// Bad input is answered with every fault at once, and never by a trap.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CrashError, InputErrors, RequestErrors, load } from "../dist/index.js";
import { thrown } from "../dist/errors.js";
import { cases } from "./helpers/cases.js";
import { numbers } from "./helpers/packing.js";
import { soak } from "./helpers/soak.js";

const podfit = await load();
const CLUSTER = `
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - {name: web, replicas: 4, runsOn: [a, b], requests: {cpu: 1, memory: 1Gi}}
`;
const open = (data, options) => podfit.open([{ name: "input", data }], options);
const codes = (work) => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof InputErrors || error instanceof RequestErrors, String(error.stack));
    assert.ok(error.errors.every((e) => e.code && e.place && e.cause));
    return error.errors.map((e) => e.code);
  }
  return [];
};

test("every fault of an input at once", () => {
  const twice = CLUSTER.replace("cpu: 4", "cpu: many").replace("8Gi}}", "-8Gi}}");
  assert.deepEqual(codes(() => open(twice)), ["quantity-invalid", "quantity-negative"]);
});

test("faulty objects are left out on request, and told", () => {
  const twice = CLUSTER + "  - {name: db, requests: {cpu: 1x, memory: -1}}\n";
  assert.deepEqual(codes(() => open(twice)), ["quantity-invalid", "quantity-negative"]);
  const snapshot = open(twice, { leaveOutFaulty: true });
  assert.deepEqual(
    snapshot.leftOut.map((f) => [f.code, f.object]),
    ["quantity-invalid", "quantity-negative"].map((code) => [code, "input:9:5: workloads[1]"]),
  );
  const { report } = snapshot.edited([]).answer({ kind: "WhatIf", fail: ["a"] });
  assert.deepEqual(report.notEvaluated, ["1 object was left out as faulty: input:9:5: workloads[1]"]);
  assert.deepEqual(open(CLUSTER, { leaveOutFaulty: true }).leftOut, []);
});

test("every unknown name of a request at once", () => {
  const ask = () => open(CLUSTER).answer({ kind: "WhatIf", fail: ["x", "y"] });
  assert.deepEqual(codes(ask), ["unknown-node", "unknown-node"]);
});

test("what is no request, option, edit or report is refused", () => {
  const snapshot = open(CLUSTER);
  const whatIf = { kind: "WhatIf", fail: ["a"] };
  const unreadable = ["unreadable"];
  assert.deepEqual(codes(() => snapshot.answer({ kind: "Nothing" })), unreadable);
  assert.deepEqual(codes(() => snapshot.answer({ ...whatIf, extra: 1 })), unreadable);
  assert.deepEqual(codes(() => snapshot.answerText("{")), unreadable);
  assert.deepEqual(codes(() => snapshot.answer(whatIf, { solver: "magic" })), unreadable);
  assert.deepEqual(codes(() => snapshot.answer(whatIf, { timeLimitSeconds: -1 })), ["option-invalid"]);
  assert.deepEqual(codes(() => snapshot.answer(whatIf, { selector: "=" })), ["option-invalid"]);
  assert.deepEqual(codes(() => snapshot.edited([{ op: "explode" }])), unreadable);
  assert.deepEqual(codes(() => snapshot.answerText(whatIf, {}, { format: "papyrus" })), unreadable);
  assert.deepEqual(codes(() => snapshot.answerText(whatIf, {}, { format: "csv", sortBy: "x" })), ["option-invalid"]);
  assert.deepEqual(codes(() => open(CLUSTER, { assume: 1 })), unreadable);
  assert.equal(snapshot.answer(whatIf).report.verdict, "survives");
});

test("edits make another snapshot; all their faults come at once", () => {
  const snapshot = open(CLUSTER);
  const edit = (node) => ({ op: "cordon", node });
  assert.equal(codes(() => snapshot.edited([edit("x"), edit("y")])).length, 2);
  const whatIf = { kind: "WhatIf", fail: ["a"] };
  assert.equal(snapshot.edited([edit("b")]).answer(whatIf).report.verdict, "does-not-fit");
  assert.equal(snapshot.answer(whatIf).report.verdict, "survives");
});

test("a snapshot whose memory was given back", () => {
  const snapshot = open(CLUSTER);
  snapshot.free();
  snapshot.free();
  assert.deepEqual(codes(() => snapshot.answer({ kind: "Show" })), ["freed"]);
  assert.equal(open(CLUSTER).answer({ kind: "Show" }).report.nodes.length, 2);
});

test("a fault of the caller's is not a crash of ours", () => {
  assert.throws(() => podfit.open([{ name: "input", data: undefined }]), TypeError);
  assert.throws(() => podfit.open([{ name: undefined, data: CLUSTER }]), TypeError);
  const circle = {};
  circle.circle = circle;
  assert.throws(() => open(CLUSTER).answer(circle), TypeError);
  assert.equal(open(CLUSTER).answer({ kind: "Show" }).report.nodes.length, 2);
});

test("a trap, the end of the stack, and a panic are crashes", () => {
  const panic = '{"kind":"crashed","errors":[{"code":"crashed","place":"podfit","cause":"panicked","fix":""}]}';
  for (const what of [new WebAssembly.RuntimeError("unreachable"), new RangeError("stack"), panic]) {
    assert.ok(thrown(what) instanceof CrashError);
  }
});

test("hostile texts end in an answer or in errors", () => {
  const deep = 100_000;
  const nasty = [
    "",
    "\0",
    "{",
    "[".repeat(deep),
    '{"a":'.repeat(deep),
    "- ".repeat(deep),
    "a: ".repeat(deep),
    `${"[".repeat(1000)}${"]".repeat(1000)}`,
    `apiVersion: podfit/v1\nx: ${"[".repeat(5000)}${"]".repeat(5000)}`,
    `kind: Pod\nmetadata: {name: p}\nspec: ${"{a: ".repeat(250)}1${"}".repeat(250)}`,
    `kind: Pod\nspec: ${"[".repeat(255)}${"]".repeat(255)}`,
    bomb(),
    CLUSTER.replace("cpu: 4", `cpu: ${"9".repeat(400)}`),
    CLUSTER.replace("cpu: 4", "cpu: 1e308"),
    CLUSTER.replace("cpu: 4", "cpu: .inf"),
    CLUSTER.replace("replicas: 4", "replicas: 4294967296"),
    CLUSTER.replace("replicas: 4", "replicas: 9223372036854775807"),
    CLUSTER.replaceAll("web", "\u202e<script>".repeat(1000)),
    new Uint8Array([0xff, 0xfe, 0, 1, 2]),
  ];
  for (const text of nasty) codes(() => open(text));
});

function bomb() {
  let text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (let i = 1; i < 12; i++) text += `a${i}: &a${i} [${Array(10).fill(`*a${i - 1}`).join(", ")}]\n`;
  return `${text}kind: Pod\nmetadata: {name: p}\nspec: *a11\n`;
}

test("cases with a byte changed end in an answer or in errors", () => {
  for (const seed of soak("cases with a byte changed", 10, 2000)) {
    const random = numbers(seed);
    for (const { text, request } of cases) {
      const bytes = new TextEncoder().encode(text);
      bytes[random(bytes.length)] = random(256);
      codes(() => {
        const snapshot = open(bytes);
        snapshot.answer(request, { timeLimitSeconds: 1 });
        snapshot.free();
      });
    }
  }
});
