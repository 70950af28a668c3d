// The golden cases: the same reports here as from the command.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../dist/index.js";
import { loadHighs } from "../dist/highs.js";
import { cases } from "./helpers/cases.js";
import { command, run } from "./helpers/command.js";

const podfit = await load();
const lp = await loadHighs();
const open = ({ text }, name = "case") => podfit.open([{ name, data: text }]);

test("there are cases", () => assert.ok(cases.length > 50, `${cases.length} cases`));

for (const one of cases) {
  test(`${one.name}: the table`, () => {
    const table = open(one).answerText(one.request, { lp }, { format: "table", width: 90 });
    assert.equal(table, one.table);
  });
}

/** A question about the network as arguments of the command. */
function networkArgs({ about, from, to, fail = [], mode, timing = {}, moreServices, addRoutes = [] }, path) {
  const option = (name, value, unit = "") => (value === undefined ? [] : [name, `${value}${unit}`]);
  const route = (r) => `${r.destination} via ${r.nextHop} dev ${r.interface} metric ${r.metric}`;
  return [
    ...["network", about, path, ...option("--from", from), ...option("--to", to), ...option("--mode", mode)],
    ...fail.flatMap((f) => ["--fail", f]),
    ...option("--start-time", timing.startSeconds?.min, "s"),
    ...option("--schedule-time", timing.scheduleSeconds?.min, "s"),
    ...option("--more-services", moreServices),
    ...addRoutes.flatMap((r) => ["--add-route", route(r)]),
    ...["-o", "json"],
  ];
}

/** The request as arguments of the command. */
function args(request, path) {
  if (request.kind === "Network") return networkArgs(request, path);
  const { kind, fail = [], mode, moves, predict, pods = [], fewestNodes } = request;
  const verb = { WhatIf: "what-if", Audit: "audit", Place: "place", Explain: "explain", Lint: "lint", Check: "check" };
  const loss = kind === "Audit" || kind === "Lint" ? [] : fail.flatMap((f) => ["--fail", f]);
  const option = (name, value) => (value === undefined ? [] : [name, String(value)]);
  const rest = [...option("--mode", mode), ...option("--moves", moves), ...option("--predict", predict)];
  // Here there is no limit of time; on a busy machine the command's own might be reached.
  const patience = ["WhatIf", "Audit", "Place"].includes(kind) ? ["--time-limit", "24h"] : [];
  return [verb[kind], ...pods, path, ...loss, ...rest, ...patience, ...(fewestNodes ? ["--fewest-nodes"] : []), "-o", "json"];
}

/** What differs from run to run. */
const timeless = (json) => json.replace(/^ {2}"seconds": .*$/m, "");

for (const one of cases) {
  test(`${one.name}: the bytes that the command prints`, { skip: command.missing }, () => {
    const printed = run(args(one.request, one.path));
    assert.equal(timeless(open(one, one.path).answerText(one.request, { lp })), timeless(printed));
  });
}
