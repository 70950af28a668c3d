// Which functions do first answers run? `node first.js MARKED.wasm` asks what a visitor asks first, of every example:
// what is there, and what becomes of it when a node is lost. It prints the index of each function that ran, a line each.
// xtask keeps these in the first file; the rest comes after. See xtask/src/split.rs.

import { readFileSync, readdirSync } from "node:fs";
import init, { Inputs, bringRest, setRest, version } from "../wasm/podfit.js";

const MODES = ["not-ready", "deleted", "drained"];
const examples = new URL("../../../examples/clusters/", import.meta.url);

const exports = await init({ module_or_path: readFileSync(process.argv[2]) });

function ask(files, options = {}) {
  const inputs = new Inputs();
  for (const [name, data] of files) inputs.add(name, data);
  const snapshot = inputs.open(JSON.stringify(options));
  const answer = (request) =>
    JSON.parse(snapshot.answer(JSON.stringify(request), JSON.stringify({ verdictOnly: true }), "{}")).report;
  const nodes = answer({ kind: "Show" }).nodes.map((n) => n.name);
  for (const mode of MODES) {
    for (const node of nodes) answer({ kind: "WhatIf", fail: [node], mode, moves: 0 });
  }
  answer({ kind: "WhatIf", fail: nodes.slice(0, 2), mode: MODES[0], moves: 0 });
  snapshot.free();
}

version();
setRest({ bring() {} });
bringRest();
for (const name of readdirSync(examples)) ask([[name, readFileSync(new URL(name, examples))]]);

const ran = Object.entries(exports).filter(([name, item]) => name.startsWith("ran") && item.value === 1);
for (const [name] of ran) console.log(name.slice("ran".length));
