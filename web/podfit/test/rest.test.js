// The WebAssembly is in two files: first answers come without the second, and whatever needs it brings it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

/** What a process of its own prints: podfit is loaded once in each. */
function run(code) {
  const head = `
    import { load } from "./dist/index.js";
    const text = \`apiVersion: podfit/v1
kind: Cluster
nodes: [{name: a, allocatable: {cpu: 4, memory: 8Gi}}, {name: b, allocatable: {cpu: 4, memory: 8Gi}}]
workloads: [{name: w, replicas: 6, runsOn: [a, a, a, b, b, b], requests: {cpu: 1, memory: 1Gi}}]\`;
    const ask = { kind: "WhatIf", fail: ["a"], mode: "not-ready", moves: 0 };
    const missing = { rest: new URL("wasm/missing.wasm", "file://" + process.cwd() + "/") };
  `;
  const cwd = new URL("..", import.meta.url);
  return execFileSync(process.execPath, ["--input-type=module", "-e", head + code], { cwd, encoding: "utf8" }).trim();
}

test("first answers need the first file alone", () => {
  const told = run(`
    const podfit = await load(missing);
    const snapshot = podfit.open([{ name: "a.yaml", data: text }]);
    console.log(snapshot.answer(ask, { verdictOnly: true }).report.verdict);
  `);
  assert.equal(told, "does-not-fit");
});

test("what needs the second brings it, before it has come by itself", () => {
  const told = run(`
    const podfit = await load();
    let here = false;
    podfit.complete.then(() => (here = true));
    const snapshot = podfit.open([{ name: "a.yaml", data: text }]);
    const table = snapshot.answerText(ask, {}, { format: "table" });
    console.log(here, table.startsWith("What if a fails?"));
    await podfit.complete;
    console.log(table === snapshot.answerText(ask, {}, { format: "table" }));
  `);
  assert.equal(told, "false true\ntrue");
});

test("a second file that is not there is told, once it is needed", () => {
  const told = run(`
    import { CrashError } from "./dist/index.js";
    const podfit = await load(missing);
    const snapshot = podfit.open([{ name: "a.yaml", data: text }]);
    const refusals = [() => snapshot.answerText(ask, {}, { format: "table" }), () => snapshot.answer(ask)];
    for (const refused of refusals) {
      try {
        refused();
      } catch (error) {
        console.log(error instanceof CrashError, error.errors[0].code);
      }
    }
    console.log(await podfit.complete.catch((error) => error.code));
  `);
  assert.equal(told, "true rest-missing\ntrue rest-missing\nENOENT");
});
