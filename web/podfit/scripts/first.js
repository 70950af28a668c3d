// Which functions do first answers run? `node first.js MARKED.wasm` asks what a visitor asks first, of every example and
// golden verdict in podfit/v1: what is there, and what becomes of it when a node is lost. It prints the index of each
// function that ran, a line each. xtask keeps these in the first file; the rest comes after. See xtask/src/split.rs.
// Kubernetes objects are read by the rest: who looks for a dump on a disk gives it the time to come, and it is a fifth. So are
// the sections of podfit/v1 that describe more than nodes and pods.

import { readFileSync, readdirSync } from "node:fs";
import init, { Inputs, bringRest, setRest, version } from "../wasm/podfit.js";

const MODES = ["not-ready", "deleted", "drained"];
const root = new URL("../../../", import.meta.url);
const IN_REST = /^(controlPlane|network|services):/m;
const FOLDERS = ["examples/clusters/", "crates/podfit-api/tests/cases/verdicts/"];

const exports = await init({ module_or_path: readFileSync(process.argv[2]) });

function ask(name, text) {
  const inputs = new Inputs();
  inputs.add(name, text);
  const snapshot = inputs.open('{"assumeRequests": {}, "leaveOutFaulty": false}');
  snapshot.leftOut();
  const answer = (request, changed = true) =>
    JSON.parse(snapshot.answer(JSON.stringify(request), JSON.stringify({ verdictOnly: true, changed }), "{}")).report;
  const shown = answer({ kind: "Show" });
  const nodes = shown.nodes.map((n) => n.name);
  const hosts = shown.host?.hosts.map((h) => h.name) ?? [];
  for (const mode of MODES) {
    for (const lost of [...hosts, ...nodes]) answer({ kind: "WhatIf", fail: [lost], mode, moves: 0 });
  }
  for (const changed of [true, false]) answer({ kind: "WhatIf", fail: nodes.slice(0, 2), mode: MODES[0], moves: 0 }, changed);
  snapshot.free();
}

version();
setRest({ bring() {} });
bringRest();
const asked = [];
for (const folder of FOLDERS) {
  for (const name of readdirSync(new URL(folder, root), { recursive: true })) {
    if (!name.endsWith(".yaml")) continue;
    const data = readFileSync(new URL(folder + name, root));
    const text = data.toString();
    if (text.includes("podfit/v1") && !IN_REST.test(text)) asked.push([name, data]);
  }
}
// What allocates and frees runs other ways on memory that others have left: in another order, and with one kept open.
for (const [name, text] of asked) ask(name, text);
for (const [name, text] of asked.toReversed()) {
  const kept = new Inputs();
  kept.add(name, text);
  const open = kept.open("{}");
  ask(name, text);
  open.free();
}

const ran = Object.entries(exports).filter(([name, item]) => name.startsWith("ran") && item.value === 1);
for (const [name] of ran) console.log(name.slice("ran".length));
