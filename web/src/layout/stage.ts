// Where everything is on the stage: nodes in a grid, their pods as blocks, the stranded in a tray below.
// Pure: a cluster, an answer and a width in; boxes out. Page, canvas and SVG draw from it.

import type { Answer, Cluster, PodVerdict, Workload } from "../engine/protocol";
import { hue } from "./hue";
import { pack, type Box } from "./pack";

/** How much a node shows: columns have names, bars and blocks; tiles a name and blocks; dots blocks only. */
export type Detail = "column" | "tile" | "dot";

export interface NodeBox {
  node: number;
  frame: Box;
  /** Where the blocks are. */
  area: Box;
  lost: boolean;
}

export interface Block {
  pod: number;
  box: Box;
  /** What becomes of it; null while nothing has failed. */
  verdict: PodVerdict | null;
  /** It has come to this node. */
  arrived: boolean;
  role: Workload["role"];
  hue: number;
}

export interface Stage {
  detail: Detail;
  width: number;
  height: number;
  nodes: NodeBox[];
  blocks: Block[];
  /** Where pods without a place gather; null if there are none. */
  tray: Box | null;
}

const GAP = { column: 14, tile: 10, dot: 5 };
const BLOCK_GAP = 1;
export const HEADER = 56;
export const BAR = 30;
const TRAY_HEADER = 30;
/** Verdicts whose pods have no place any more. */
const STRANDED: PodVerdict[] = ["pending", "stuck", "lost", "waiting"];

export const isStranded = (verdict: PodVerdict | null): boolean => verdict !== null && STRANDED.includes(verdict);

/** Beyond so many blocks the stage is drawn on a canvas. */
export const BLOCKS_MAX = 1500;

export function detailOf(cluster: Cluster): Detail {
  if (cluster.podNames.length > BLOCKS_MAX || cluster.nodes.length > 80) return "dot";
  return cluster.nodes.length > 12 ? "tile" : "column";
}

/** Lays out `cluster`, after `answer` if there is one; block areas are shares of `resource`. */
export function layOut(cluster: Cluster, answer: Answer | null, resource: number, width: number): Stage {
  const detail = detailOf(cluster);
  const frames = grid(cluster, detail, width);
  const lost = new Set(answer?.failed ?? []);
  const nodes = frames.map((frame, node) => ({ node, frame, area: areaOf(frame, detail, cluster), lost: lost.has(node) }));
  const { onNode, stranded } = podsByPlace(cluster, answer);
  const blocks: Block[] = [];
  nodes.forEach(({ area }, n) => blocks.push(...blocksOf(cluster, resource, n, area, onNode[n]!)));
  const bottom = frames.reduce((y, f) => Math.max(y, f.y + f.h), 0);
  const tray = stranded.length ? trayBox(cluster, resource, stranded, bottom + GAP[detail], width, nodes) : null;
  if (tray) blocks.push(...traysBlocks(cluster, resource, stranded, tray, nodes));
  const height = tray ? tray.y + tray.h : bottom;
  return { detail, width, height, nodes, blocks, tray };
}

function grid(cluster: Cluster, detail: Detail, width: number): Box[] {
  const count = cluster.nodes.length;
  const gap = GAP[detail];
  const least = detail === "column" ? (width < 480 ? 150 : 190) : detail === "tile" ? 118 : dotWidth(count, width);
  const columns = Math.max(1, Math.min(count, Math.floor((width + gap) / (least + gap))));
  const most = detail === "column" ? 360 : detail === "tile" ? 200 : 400;
  const w = Math.min(most, (width - gap * (columns - 1)) / columns);
  const bars = shownBars(cluster).length * BAR;
  // On a phone nodes stand two abreast: lower, so that more of them are in sight.
  const blocks = width < 480 ? 120 : 200;
  const h = detail === "column" ? HEADER + bars + blocks : detail === "tile" ? 128 : Math.max(10, w * 0.8);
  return cluster.nodes.map((_, i) => ({
    x: (i % columns) * (w + gap),
    y: Math.floor(i / columns) * (h + gap),
    w,
    h,
  }));
}

/** As wide as lets all tiles fit about 1,500 pixels of height. */
function dotWidth(count: number, width: number): number {
  const area = (width * 1500) / Math.max(1, count);
  return Math.max(12, Math.min(150, Math.sqrt(area / 0.8) - GAP.dot));
}

/** Resources with a bar of their own: those that some pod of some node asks for, pod slots left aside. */
export function shownBars(cluster: Cluster): number[] {
  const all = cluster.resources.map((_, i) => i);
  const asked = all.filter((i) => cluster.resources[i] !== "pods" && asks(cluster, i));
  return asked.slice(0, 4);
}

function asks(cluster: Cluster, resource: number): boolean {
  const width = cluster.resources.length;
  for (let p = 0; p < cluster.podNames.length; p++) if (cluster.podRequests[p * width + resource]! > 0) return true;
  return false;
}

function areaOf(frame: Box, detail: Detail, cluster: Cluster): Box {
  if (detail === "column") {
    const top = HEADER + shownBars(cluster).length * BAR;
    return { x: frame.x + 10, y: frame.y + top, w: frame.w - 20, h: frame.h - top - 10 };
  }
  const top = detail === "tile" ? 40 : 1;
  const pad = detail === "tile" ? 6 : 1;
  return { x: frame.x + pad, y: frame.y + top, w: frame.w - 2 * pad, h: frame.h - top - pad };
}

interface Placed {
  pod: number;
  verdict: PodVerdict | null;
  arrived: boolean;
}

function podsByPlace(cluster: Cluster, answer: Answer | null) {
  const onNode: Placed[][] = cluster.nodes.map(() => []);
  const stranded: Placed[] = [];
  const changed = new Map(answer?.changed.map((c) => [c.pod, c]));
  const arrivals: [number, Placed][] = [];
  for (let pod = 0; pod < cluster.podNames.length; pod++) {
    const change = changed.get(pod);
    const home = cluster.podNode[pod]!;
    if (!change) {
      if (home >= 0) onNode[home]!.push({ pod, verdict: answer ? "stays" : null, arrived: false });
      else if (!answer) stranded.push({ pod, verdict: "pending", arrived: false });
    } else if (isStranded(change.verdict)) stranded.push({ pod, verdict: change.verdict, arrived: false });
    else if (change.to >= 0) arrivals.push([change.to, { pod, verdict: change.verdict, arrived: change.to !== home }]);
    else if (change.verdict === "not-evaluated" && home >= 0 && !answer!.failed.includes(home))
      onNode[home]!.push({ pod, verdict: change.verdict, arrived: false });
    else if (change.verdict === "not-evaluated") stranded.push({ pod, verdict: change.verdict, arrived: false });
    // What is gone went with its node, as it should: it is drawn there, as a shadow.
    else if (home >= 0) onNode[home]!.push({ pod, verdict: "gone", arrived: false });
  }
  // The largest at the bottom; what comes stays on top.
  arrivals.forEach(([node, placed]) => onNode[node]!.push(placed));
  return { onNode, stranded };
}

function share(cluster: Cluster, resource: number, pod: number, node: number): number {
  const whole = cluster.nodes[node]?.allocatable[resource] ?? 0;
  return whole > 0 ? cluster.podRequests[pod * cluster.resources.length + resource]! / whole : 0;
}

function blocksOf(cluster: Cluster, resource: number, node: number, area: Box, pods: Placed[]): Block[] {
  const shares = new Map(pods.map((p) => [p.pod, share(cluster, resource, p.pod, node)]));
  const role = (p: Placed) => cluster.workloads[cluster.podWorkload[p.pod]!]!.role;
  const rank = (p: Placed) => (p.arrived ? 3 : { system: 0, daemon: 1, pod: 2 }[role(p)]);
  const ordered = [...pods].sort((a, b) => rank(a) - rank(b) || shares.get(b.pod)! - shares.get(a.pod)! || a.pod - b.pod);
  const boxes = pack(ordered.map((p) => shares.get(p.pod)!), area);
  return ordered.map((p, i) => block(cluster, p, boxes[i]!));
}

function block(cluster: Cluster, placed: Placed, box: Box): Block {
  const workload = cluster.podWorkload[placed.pod]!;
  const gap = box.w > 6 && box.h > 6 ? BLOCK_GAP : 0;
  const inner = { x: box.x + gap, y: box.y + gap, w: box.w - 2 * gap, h: box.h - 2 * gap };
  const { name, role } = cluster.workloads[workload]!;
  return { ...placed, box: inner, hue: hue(name), role };
}

/** Stranded blocks keep their size: area per amount is that of the first node that has the resource. */
function trayScale(cluster: Cluster, resource: number, nodes: NodeBox[]): (pod: number) => number {
  const width = cluster.resources.length;
  const at = nodes.find((n) => cluster.nodes[n.node]!.allocatable[resource]! > 0);
  const whole = at ? cluster.nodes[at.node]!.allocatable[resource]! : 1;
  const area = at ? at.area.w * at.area.h : 10_000;
  return (pod) => Math.max((cluster.podRequests[pod * width + resource]! / whole) * area, 0.0015 * area, 24);
}

function trayBox(cluster: Cluster, resource: number, stranded: Placed[], y: number, width: number, nodes: NodeBox[]): Box {
  const size = trayScale(cluster, resource, nodes);
  const area = stranded.reduce((sum, p) => sum + size(p.pod), 0);
  const h = Math.min(Math.max(44, area / (width - 20)), 600);
  return { x: 0, y, w: width, h: h + TRAY_HEADER + 10 };
}

function traysBlocks(cluster: Cluster, resource: number, stranded: Placed[], tray: Box, nodes: NodeBox[]): Block[] {
  const size = trayScale(cluster, resource, nodes);
  const area = { x: tray.x + 10, y: tray.y + TRAY_HEADER, w: tray.w - 20, h: tray.h - TRAY_HEADER - 10 };
  const whole = area.w * area.h;
  const ordered = [...stranded].sort((a, b) => size(b.pod) - size(a.pod) || a.pod - b.pod);
  const boxes = pack(ordered.map((p) => size(p.pod) / whole), area);
  return ordered.map((p, i) => block(cluster, p, boxes[i]!));
}
