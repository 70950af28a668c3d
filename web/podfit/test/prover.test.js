// HiGHS beside podfit: what sums and enumeration leave open.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SolverError, load } from "../dist/index.js";
import { loadHighs } from "../dist/highs.js";
import { command, run } from "./helpers/command.js";
import { tight } from "./helpers/packing.js";

const podfit = await load();
const lp = await loadHighs();
const request = { kind: "Place", predict: 0 };
const cases = [
  { seed: 29, least: 2500, most: 5500, verdict: "does-not-fit", certificate: "solver-float" },
  { seed: 136, least: 2500, most: 5500, verdict: "does-not-fit", certificate: "solver-float" },
  { seed: 146, least: 2000, most: 4500, verdict: "fits-if-placed-well", certificate: "placement" },
  // A bound by sums of integers that is looked for once there is a solver.
  { seed: 116, least: 2500, most: 5500, verdict: "does-not-fit", certificate: "integer-dual" },
];
const open = ({ seed, least, most }) => podfit.open([{ name: "tight", data: tight(seed, least, most) }]);
const name = ({ seed, verdict }) => `cluster ${seed}, ${verdict}`;

for (const one of cases) {
  test(`${name(one)}: open without HiGHS, proved with it`, () => {
    const snapshot = open(one);
    const before = snapshot.answer(request).report;
    assert.equal(before.verdict, "unknown");
    assert.match(before.why.code, /^no-solver$/);
    const { report } = snapshot.answer(request, { lp });
    assert.equal(report.verdict, one.verdict);
    assert.equal(report.certificate, one.certificate);
    // The referee's word on the plan.
    const check = snapshot.answer({ kind: "Check", plan: { steps: report.steps } });
    assert.equal(check.report.verdict, "legal");
  });

  test(`${name(one)}: the command says the same`, { skip: command.missing }, () => {
    const { report } = open(one).answer(request, { lp });
    const printed = JSON.parse(run(["place", "-", "--predict", "0", "--time-limit", "24h", "-o", "json"], tight(one.seed, one.least, one.most))).report;
    assert.equal(printed.verdict, report.verdict);
    // The command has linear programs to price columns by, and may prove in integers what rests on HiGHS' word here.
    assert.ok([report.certificate, "integer-dual"].includes(printed.certificate), printed.certificate);
    assert.deepEqual(closed(printed), closed(report));
  });
}

/** The levels whose objective is proved the best. */
const closed = ({ levels }) => levels.filter((l) => l.objective === l.bound).map(({ name, objective }) => [name, objective]);

test("HiGHS gives its memory back", () => {
  const snapshot = open(cases[2]);
  for (let i = 0; i < 50; i++) snapshot.answer(request, { lp });
});

/** The answer where the solver gets `seconds` each time, and what it would have got. */
function within(seconds, options) {
  const given = [];
  const solve = (program) => {
    given.push(program.timeLimitSeconds);
    return lp.solve({ ...program, timeLimitSeconds: seconds });
  };
  const { report } = open(cases[1]).answer(request, { lp: { solve }, ...options });
  return { report, given };
}

test("the time limit goes to the solver, none where there is none", () => {
  // The verdict comes first; what it rests on is looked for in limits of its own.
  assert.equal(within(Infinity, {}).given[0], Infinity);
  const [given] = within(Infinity, { timeLimitSeconds: 1000 }).given;
  assert.ok(given > 0 && given <= 1000, `${given} s`);
});

test("time is up: for HiGHS, which says so, and before it is asked", () => {
  const { report, given } = within(0, {});
  assert.equal(given.length, 1);
  assert.equal(report.verdict, "unknown");
  assert.match(report.why.code, /^time-limit$/);
  const none = within(0, { timeLimitSeconds: 0 });
  assert.deepEqual([none.given, none.report.verdict, none.report.why], [[], "unknown", report.why]);
});

test("a solver that lies is not believed", () => {
  const lies = [
    () => ({ stop: "proved", bound: 0, columns: new Float64Array() }),
    ({ most }) => ({ stop: "proved", bound: 0, columns: most.slice() }),
    ({ start }) => ({ stop: "proved", bound: Number.NaN, columns: start.map(() => Number.NaN) }),
    () => ({ stop: "nonsense", bound: -Infinity, columns: new Float64Array([1e300]) }),
  ];
  for (const solve of lies) {
    let asked = 0;
    const counted = (program) => {
      asked++;
      return solve(program);
    };
    const { report } = open(cases[2]).answer(request, { lp: { solve: counted } });
    assert.equal(report.verdict, "unknown");
    assert.ok(asked > 0);
  }
});

test("a solver that throws, or gives nothing, is told by name; podfit lives on", () => {
  const snapshot = open(cases[2]);
  const broken = [
    () => {
      throw new Error("out of order");
    },
    () => undefined,
    () => ({ stop: 1 }),
  ];
  for (const solve of broken) assert.throws(() => snapshot.answer(request, { lp: { solve } }), SolverError);
  const thrown = () => snapshot.answer(request, { lp: { solve: broken[0] } });
  assert.throws(thrown, /out of order/);
  assert.equal(snapshot.answer(request, { lp }).report.verdict, "fits-if-placed-well");
});
