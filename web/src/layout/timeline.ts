// Where everything is on a timeline: a row for pods of one workload with the same times, a piece for each term.
// Pure: a report and a width in; rows out. A piece is as long as its term takes at most, the part beyond the least is told
// apart; where no end is known it goes on to the edge.

import type { PathReport, ReturnCode, Span, TermReport, TimelinePod, TimelineReport } from "podfit";

/** What a term is waiting for. */
export type Kind = "detect" | "grace" | "plane" | "toleration" | "leave" | "volume" | "schedule" | "start" | "other";

export const KINDS: Kind[] = ["detect", "grace", "plane", "toleration", "leave", "volume", "schedule", "start", "other"];

/** Terms that are not here are drawn all the same: the engine may know more of them. */
const KIND_OF: Record<string, Kind> = {
  "host-silent": "detect",
  "host-isolated": "detect",
  "heartbeat-age": "detect",
  "node-monitor": "detect",
  "grace-period": "grace",
  "control-plane-back": "plane",
  "lease-expires": "plane",
  "leader-lost": "plane",
  "taint-queue": "toleration",
  toleration: "toleration",
  quarantine: "leave",
  "garbage-collector": "leave",
  termination: "leave",
  budget: "leave",
  preemption: "leave",
  quota: "leave",
  order: "leave",
  detach: "volume",
  attach: "volume",
  schedule: "schedule",
  start: "start",
};

export const kindOf = (term: TermReport): Kind => KIND_OF[term.code] ?? "other";

export interface Piece {
  /** Position in the path. */
  term: number;
  kind: Kind;
  x: number;
  w: number;
  /** How much of it is certain: the least that the term takes. */
  sure: number;
  assumed: boolean;
  /** No end is known. */
  open: boolean;
  /** It had passed when the failure came. */
  before: boolean;
}

export interface Row {
  /** `namespace/name` of a workload, or of a pod without one. */
  name: string;
  pods: TimelinePod[];
  returns: ReturnCode;
  /** Until they are back, or, where they do not come back by themselves, until they are evicted. */
  span: Span | null;
  path: PathReport | null;
  /** On the way there: until they are evicted. */
  evicted: PathReport | null;
  pieces: Piece[];
  /** From the earliest to the latest end; no latest where none is known. */
  ends: { from: number; to: number | null } | null;
}

export interface Ticks {
  x: number;
  seconds: number;
}

export interface Timeline {
  rows: Row[];
  ticks: Ticks[];
  /** Where the failure is. */
  zero: number;
  width: number;
  /** Pods that nothing is waited for: they go with their node, or run on. */
  quiet: Partial<Record<ReturnCode, number>>;
  /** Kinds of terms that are drawn, in a fixed order. */
  kinds: Kind[];
}

const ORDER: ReturnCode[] = ["back", "operator", "control-plane", "no-place", "never"];
/** A term that takes no time to speak of can still be seen. */
const PIECE_MIN = 2;
/** What has no known end goes on for this share of the known times. */
const OPEN_SHARE = 0.15;
const TICK_GAP = 84;

/** Lays out a report for `width` pixels. */
export function layOutTimeline(report: TimelineReport, width: number): Timeline {
  const groups = grouped(report);
  const quiet: Timeline["quiet"] = {};
  for (const { returns, pods } of groups) if (!ORDER.includes(returns)) quiet[returns] = (quiet[returns] ?? 0) + pods.length;
  const shown = groups.filter((g) => ORDER.includes(g.returns)).sort((a, b) => ORDER.indexOf(a.returns) - ORDER.indexOf(b.returns) || latest(a) - latest(b));
  const paths = shown.map((g) => g.path).filter((p) => p !== null);
  const scale = scaleOf(paths, width);
  const rows = shown.map((group) => ({ ...group, ...drawn(group, scale) }));
  const used = new Set(rows.flatMap((r) => r.pieces.map((p) => p.kind)));
  return { rows, ticks: ticks(scale), zero: scale.x(0), width, quiet, kinds: KINDS.filter((k) => used.has(k)) };
}

type Group = Omit<Row, "pieces" | "ends">;

const latest = ({ span }: Group): number => span?.max ?? Infinity;

function grouped(report: TimelineReport): Group[] {
  const groups = new Map<string, Group>();
  const pathAt = (index: number | null | undefined) => (index == null ? null : (report.paths[index] ?? null));
  for (const pod of report.pods) {
    const name = `${pod.namespace}/${pod.workload?.name ?? pod.name}`;
    const isBack = pod.returns === "back" && pod.backPath != null;
    const key = JSON.stringify([name, pod.returns, pod.from, pod.backPath, pod.evictedPath, pod.reason.code]);
    const group = groups.get(key);
    if (group) group.pods.push(pod);
    else {
      const span = (isBack ? pod.backAfterSeconds : pod.evictedAfterSeconds) ?? null;
      const evicted = pathAt(pod.evictedPath);
      groups.set(key, { name, pods: [pod], returns: pod.returns, span, path: isBack ? pathAt(pod.backPath) : evicted, evicted: isBack ? evicted : null });
    }
  }
  return [...groups.values()];
}

interface Scale {
  from: number;
  to: number;
  /** How long what has no end is drawn. */
  open: number;
  width: number;
  x: (seconds: number) => number;
}

const isBefore = (term: TermReport): boolean => term.part === "elapsed";

/** Where a path begins in its latest course, and how long it is then. */
function extent(path: PathReport, open: number): { from: number; to: number } {
  const before = path.terms.filter(isBefore);
  const from = -before.reduce((sum, t) => sum + (t.seconds.max ?? t.seconds.min), 0);
  const start = -before.reduce((sum, t) => sum + t.seconds.min, 0);
  const to = path.terms.filter((t) => !isBefore(t)).reduce((sum, t) => sum + (t.seconds.max ?? t.seconds.min + open), start);
  return { from, to };
}

function scaleOf(paths: PathReport[], width: number): Scale {
  const known = Math.max(1, ...paths.map((p) => extent(p, 0).to));
  const open = known * OPEN_SHARE;
  const extents = paths.map((p) => extent(p, open));
  const from = Math.min(0, ...extents.map((e) => e.from));
  const to = Math.max(1, ...extents.map((e) => e.to));
  return { from, to, open, width, x: (seconds) => ((seconds - from) / (to - from)) * width };
}

function drawn({ path, span }: Group, scale: Scale): Pick<Row, "pieces" | "ends"> {
  if (!path) return { pieces: [], ends: null };
  const pieces: Piece[] = [];
  const before = path.terms.filter(isBefore);
  let past = extent(path, 0).from;
  let now = -before.reduce((sum, t) => sum + t.seconds.min, 0);
  path.terms.forEach((term, i) => {
    const { min } = term.seconds;
    const max = term.seconds.max ?? min + scale.open;
    const start = isBefore(term) ? past : now;
    const x = scale.x(start);
    const w = Math.max(PIECE_MIN, scale.x(start + max) - x);
    const sure = Math.min(w, scale.x(start + min) - x);
    pieces.push({ term: i, kind: kindOf(term), x, w, sure, assumed: term.assumed, open: term.seconds.max == null, before: isBefore(term) });
    if (isBefore(term)) past += max;
    else now += max;
  });
  const ends = span ? { from: scale.x(span.min), to: span.max == null ? null : scale.x(span.max) } : null;
  return { pieces, ends };
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Round times, as many as have room. */
function ticks(scale: Scale): Ticks[] {
  const room = Math.max(1, Math.floor(scale.width / TICK_GAP));
  const least = scale.to / room;
  const step = STEPS.find((s) => s >= least) ?? Math.ceil(least / 86_400) * 86_400;
  const count = Math.floor(scale.to / step);
  return Array.from({ length: count + 1 }, (_, i) => ({ x: scale.x(i * step), seconds: i * step }));
}
