import { describe, expect, test } from "vitest";
import type { PathReport, SequenceReport, SequenceState, TermReport, TimelinePod, TimelineReport } from "podfit";
import type { Cluster } from "../../src/engine/protocol";
import { hull, offline, pathOf, recovery, stepsOf, timesOf } from "../../src/engine/steps";
import { layOutTimeline } from "../../src/layout/timeline";
import { around, exactly, time } from "../../src/format";

const WIDTH = 1000;

const term = (code: string, min: number, max: number | null, more: Partial<TermReport> = {}): TermReport =>
  ({ code, text: code, seconds: { min, max }, part: "setting", assumed: false, source: "somewhere", ...more }) as TermReport;

/** A path with the sums that the engine gives it. */
function path(terms: TermReport[]): PathReport {
  const isBefore = (t: TermReport) => t.part === "elapsed";
  const sum = (of: (t: TermReport) => number | null) => terms.reduce<number | null>((s, t) => (s === null || of(t) === null ? null : s + of(t)!), 0);
  const seconds = {
    min: sum((t) => (isBefore(t) ? -(t.seconds.max ?? 0) : t.seconds.min))!,
    max: sum((t) => (isBefore(t) ? -t.seconds.min : (t.seconds.max ?? null))),
  };
  return { terms, seconds, bySettingsSeconds: seconds };
}

const pod = (name: string, more: Partial<TimelinePod>): TimelinePod =>
  ({ namespace: "n", name, workload: { kind: "Deployment", name: name.replace(/-\d+$/, "") }, verdict: "moves", returns: "back", runsMeanwhile: false, reason: { code: "placed", text: "" }, ...more }) as TimelinePod;

const report = (paths: PathReport[], pods: TimelinePod[]): TimelineReport => ({ paths, pods }) as TimelineReport;

describe("timeline", () => {
  const leave = path([term("heartbeat-age", 0, 10, { part: "elapsed" }), term("grace-period", 40, 50), term("toleration", 300, 300)]);
  const back = path([...leave.terms, term("schedule", 0, 1, { assumed: true }), term("start", 1, 30, { assumed: true })]);
  const times = { backAfterSeconds: back.seconds, backPath: 1, evictedAfterSeconds: leave.seconds, evictedPath: 0 };

  test("pieces follow each other, and the last ends where the latest is", () => {
    const { rows, zero } = layOutTimeline(report([leave, back], [pod("web-0", times)]), WIDTH);
    const [{ pieces, ends }] = rows as [(typeof rows)[0]];
    const drawn = pieces.filter((p) => !p.before);
    drawn.slice(1).forEach((p, i) => expect(p.x).toBeCloseTo(drawn[i]!.x + drawn[i]!.w, 6));
    expect(drawn[0]!.x).toBeCloseTo(zero, 6);
    const last = drawn.at(-1)!;
    expect(last.x + last.w).toBeCloseTo(WIDTH, 6);
    expect(ends!.to).toBeCloseTo(WIDTH, 6);
    expect(ends!.from).toBeLessThan(ends!.to!);
    expect(pieces[0]).toMatchObject({ before: true, x: 0 });
    expect(pieces[0]!.w).toBeCloseTo(zero, 6);
  });

  test("a length is a time: what is certain of it, and the most", () => {
    const [row] = layOutTimeline(report([leave, back], [pod("web-0", times)]), WIDTH).rows;
    const [grace, toleration] = [row!.pieces[1]!, row!.pieces[2]!];
    expect(toleration.w / grace.w).toBeCloseTo(300 / 50, 6);
    expect(grace.sure / grace.w).toBeCloseTo(40 / 50, 6);
    expect(toleration.sure).toBeCloseTo(toleration.w, 6);
    expect(row!.pieces.map((p) => p.assumed)).toEqual([false, false, false, true, true]);
    expect(row!.pieces.map((p) => p.kind)).toEqual(["detect", "grace", "toleration", "schedule", "start"]);
  });

  test("pods of one workload with the same times are one row; others are not", () => {
    const pods = [pod("web-0", times), pod("web-1", times), pod("db-0", times), pod("web-2", { ...times, backPath: 0, backAfterSeconds: leave.seconds })];
    const { rows } = layOutTimeline(report([leave, back], pods), WIDTH);
    expect(rows.map((r) => [r.name, r.pods.length]).sort()).toEqual([["n/db", 1], ["n/web", 1], ["n/web", 2]]);
  });

  test("who does not come back is drawn until it is evicted, after those who do", () => {
    const stuck = pod("db-0", { returns: "operator", evictedAfterSeconds: leave.seconds, evictedPath: 0 });
    const { rows } = layOutTimeline(report([leave, back], [stuck, pod("web-0", times)]), WIDTH);
    expect(rows.map((r) => r.returns)).toEqual(["back", "operator"]);
    expect(rows[1]).toMatchObject({ span: leave.seconds, evicted: null });
    expect(rows[1]!.pieces).toHaveLength(leave.terms.length);
    expect(rows[0]!.evicted).toBe(leave);
  });

  test("what has no end goes on to the edge, and what comes after it is still there", () => {
    const open = path([term("grace-period", 40, 50), term("control-plane-back", 120, null), term("start", 1, 30)]);
    const { rows } = layOutTimeline(report([open], [pod("web-0", { backAfterSeconds: open.seconds, backPath: 0 })]), WIDTH);
    const { pieces, ends } = rows[0]!;
    expect(pieces[1]).toMatchObject({ open: true });
    expect(pieces[1]!.w).toBeGreaterThan(pieces[1]!.sure);
    expect(ends!.to).toBeNull();
    expect(pieces[2]!.x + pieces[2]!.w).toBeCloseTo(WIDTH, 6);
  });

  test("pods that go with their node, or run on, are counted and not drawn", () => {
    const { rows, quiet } = layOutTimeline(report([], [pod("agent-0", { returns: "with-node" }), pod("agent-1", { returns: "with-node" }), pod("web-0", { returns: "runs-on" })]), WIDTH);
    expect([rows, quiet]).toEqual([[], { "with-node": 2, "runs-on": 1 }]);
  });

  test("a term that is new to the page is drawn all the same", () => {
    const odd = path([term("to-be-invented", 1, 2)]);
    const { rows, kinds } = layOutTimeline(report([odd], [pod("web-0", { backAfterSeconds: odd.seconds, backPath: 0 })]), WIDTH);
    expect(rows[0]!.pieces[0]!.kind).toBe("other");
    expect(kinds).toEqual(["other"]);
  });

  test.each([0.5, 3, 47, 720, 90_000, 3e6])("ticks have room and begin at the failure: up to %d s", (max) => {
    const one = path([term("start", 0, max)]);
    for (const width of [200, 340, 900, 1500]) {
      const { ticks } = layOutTimeline(report([one], [pod("web-0", { backAfterSeconds: one.seconds, backPath: 0 })]), width);
      expect(ticks[0]).toEqual({ x: 0, seconds: 0 });
      expect(ticks.length).toBeLessThanOrEqual(1 + width / 80);
      ticks.slice(1).forEach((t, i) => expect(t.x - ticks[i]!.x).toBeGreaterThan(60));
      expect(ticks.at(-1)!.x).toBeLessThanOrEqual(width + 1e-6);
    }
  });
});

test("times are written as reports write them", () => {
  expect([0, 0.05, 19.4, 60, 300, 334.6, 340, 3600, 3 * 86_400 + 7261].map(time)).toEqual(["0 s", "0.05 s", "19.4 s", "1 min", "5 min", "5 min 34.6 s", "5 min 40 s", "1 h", "3 d 2 h 1 min 1 s"]);
  expect(exactly({ min: 15, max: 19.4 })).toBe("15 s to 19.4 s");
  expect(exactly({ min: 5, max: 5 })).toBe("5 s");
  expect(around({ min: 334.6, max: 396.1 })).toBe("5 min 34 s to 6 min 37 s");
  expect(around({ min: 1.5, max: null })).toBe("1 s or more");
});

describe("steps", () => {
  const POD_NAMES = ["n/web-0", "n/db-0", "n/agent-0", "n/shell"];
  const cluster = {
    resources: ["cpu"],
    nodes: ["a", "b"].map((name) => ({ name, allocatable: [10], controlPlane: false, unschedulable: false, taints: [] })),
    podNames: POD_NAMES,
    podNode: Int32Array.from([0, 0, 0, 0]),
    podWorkload: Int32Array.from([0, 1, 2, 3]),
    podRequests: Float64Array.from([1, 1, 1, 1]),
    workloads: POD_NAMES.map((name) => ({ name, kind: "x", role: "pod" as const })),
    domains: [],
    hosts: [],
    assumptions: [],
    notEvaluated: [],
    leftOut: [],
  } satisfies Cluster;
  const change = (name: string, verdict: string, to: string | null = null, more = {}) => ({ namespace: "n", name, verdict, to, reason: { code: "x", text: verdict }, priority: 0, requests: {}, ...more });
  const state = (step: string, more: Partial<SequenceState> = {}) =>
    ({ step: { step, nodes: ["a"] }, nodes: ["a"], verdict: "survives", why: { code: "x", text: "" }, down: [], cordoned: [], losses: [], pods: [], counts: {}, controlPlane: { down: [], known: true, assumedDown: false }, onlyLosses: true, ...more }) as unknown as SequenceState;
  const sequence = (...states: SequenceState[]) => ({ states, assumptions: [], notEvaluated: [] }) as unknown as SequenceReport;
  const lose = state("lose", {
    down: ["a"],
    pods: [change("web-0", "moves", "b", { backAfterSeconds: { min: 2, max: 9 } }), change("db-0", "stuck"), change("agent-0", "gone"), change("shell", "lost")] as SequenceState["pods"],
  });

  test("each begins with what the one before made of the cluster", () => {
    const back = state("return", { pods: [change("db-0", "placed", "a")] as SequenceState["pods"] });
    const steps = stepsOf(sequence(lose, state("cordon", { down: ["a"], cordoned: ["b"] }), back, state("cordon")), cluster);
    expect(steps.map((s) => [...s.cluster.podNode])).toEqual([[0, 0, 0, 0], [0, 0, 0, 0], [1, -1, 0, -1], [1, -1, 0, -1], [1, 0, 0, -1]]);
    expect(steps.map((s) => s.answer?.failed ?? null)).toEqual([null, [0], [0], [], []]);
    expect(steps.map((s) => s.cluster.nodes.map((n) => n.unschedulable))).toEqual([[false, false], [false, false], [false, true], [false, false], [false, false]]);
    // What went with its node is a shadow there until it is back.
    expect(steps.map((s) => s.answer?.changed.filter((c) => c.pod === 2).map((c) => c.verdict))).toEqual([undefined, ["gone"], ["gone"], [], []]);
  });

  test("what nobody wants any more does not come back", () => {
    const drained = state("drain", { cordoned: ["a"], pods: [change("agent-0", "gone")] as SequenceState["pods"] });
    const steps = stepsOf(sequence(drained, state("return")), cluster);
    expect([...steps[2]!.cluster.podNode]).toEqual([0, 0, -1, 0]);
  });

  test("the return of what never was down is no step", () => {
    expect(stepsOf(sequence(state("lose"), state("return")), cluster).map((s) => s.state?.step.step)).toEqual([undefined, "lose"]);
    expect(stepsOf(sequence(lose, state("return")), cluster)).toHaveLength(3);
    expect(stepsOf(sequence(state("drain", { cordoned: ["a"] }), state("return")), cluster)).toHaveLength(3);
  });

  test("pods that the page does not know are left out", () => {
    const [, step] = stepsOf(sequence(state("lose", { pods: [change("new-0", "placed", "b")] as SequenceState["pods"] })), cluster);
    expect(step!.answer!.changed).toEqual([]);
  });

  test("what is offline, the worst first, and for how long", () => {
    const web = change("web-1", "moves", "b", { backAfterSeconds: { min: 1, max: null }, workload: { kind: "Deployment", name: "web" } });
    const first = change("web-0", "moves", "b", { backAfterSeconds: { min: 2, max: 9 }, workload: { kind: "Deployment", name: "web" } });
    const all = state("lose", { pods: [first, web, change("agent-0", "gone"), change("shell", "lost"), change("db-0", "pending")] as SequenceState["pods"] });
    expect(offline(all)).toEqual([
      { name: "n/shell", verdict: "lost", pods: 1, back: null },
      { name: "n/db-0", verdict: "pending", pods: 1, back: null },
      { name: "n/web", verdict: "moves", pods: 2, back: { min: 1, max: null } },
    ]);
    expect(recovery(all)).toEqual({ min: 1, max: null });
    expect(recovery(state("return"))).toBeNull();
    expect(hull({ min: 2, max: 3 }, { min: 1, max: 2 })).toEqual({ min: 1, max: 3 });
  });

  test("times that the engine gives a state are told, whatever they are called", () => {
    const lasts = { min: 3, max: 4 };
    const more = { seconds: lasts, backSeconds: { min: 1, max: 2 }, noSeconds: null, other: { min: 1 } };
    expect(timesOf({ ...state("lose"), ...more } as SequenceState)).toEqual([["seconds", lasts], ["backSeconds", { min: 1, max: 2 }]]);
    const paths = [path([]), path([term("start", 3, 4)])];
    expect(pathOf({ ...state("lose"), path: 1, paths } as SequenceState)).toBe(paths[1]);
    expect(pathOf(state("lose"))).toBeNull();
  });
});
