// The golden cases: the same reports here as from the command.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "../dist/index.js";
import { loadHighs } from "../dist/highs.js";
import { cases } from "./helpers/cases.js";

const podfit = await load();
const lp = await loadHighs();
const open = ({ text }) => podfit.open([{ name: "case", data: text }]);

test("there are cases", () => assert.ok(cases.length > 50, `${cases.length} cases`));

for (const one of cases) {
  test(`${one.name}: the table`, () => {
    const answer = open(one).answerText(one.request, { lp });
    assert.equal(podfit.render(answer, { width: 90 }), one.table);
  });
}

/** The request as arguments of the command. */
function args({ kind, fail = [], mode, moves, predict, pods = [], fewestNodes }, path) {
  const command = { WhatIf: "what-if", Audit: "audit", Place: "place", Explain: "explain", Lint: "lint", Check: "check" };
  const loss = kind === "Audit" || kind === "Lint" ? [] : fail.flatMap((f) => ["--fail", f]);
  const option = (name, value) => (value === undefined ? [] : [name, String(value)]);
  const rest = [...option("--mode", mode), ...option("--moves", moves), ...option("--predict", predict)];
  return [command[kind], ...pods, path, ...loss, ...rest, ...(fewestNodes ? ["--fewest-nodes"] : []), "-o", "json"];
}

/** What differs from run to run. */
const timeless = (json) => json.replace(/^ {2}"seconds": .*$/m, "");

const command = process.env.PODFIT ?? fileURLToPath(new URL("../../../target/debug/podfit", import.meta.url));
const skip = existsSync(command) ? false : `no command to compare with: cargo build -p podfit-cli (${command})`;

for (const one of cases) {
  test(`${one.name}: the bytes that the command prints`, { skip }, () => {
    const printed = run(args(one.request, one.path));
    assert.equal(timeless(open(one).answerText(one.request, { lp })), timeless(printed));
  });
}

function run(list) {
  try {
    return execFileSync(command, list, { encoding: "utf8", maxBuffer: 1 << 28 });
  } catch (error) {
    // 1: it does not fit.
    if (error.status === 1) return error.stdout;
    throw error;
  }
}
