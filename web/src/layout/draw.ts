// A stage on a canvas: for clusters with more pods than a page should have elements.

import type { Cluster } from "../engine/protocol";
import { isStranded, type Block, type Stage } from "./stage";
import { T } from "../text";

/** Canvas has no stylesheets: the colours are read from the page's. */
function palette(element: Element) {
  const style = getComputedStyle(element);
  const get = (name: string) => style.getPropertyValue(name).trim();
  return {
    hues: Array.from({ length: 8 }, (_, i) => get(`--hue-${i}`)),
    daemon: get("--daemon"),
    system: get("--system"),
    arrived: get("--good"),
    stranded: get("--bad"),
    frame: get("--line-strong"),
    surface: get("--surface"),
    lost: get("--bad"),
    ink: get("--ink"),
    gone: get("--muted"),
  };
}

type Palette = ReturnType<typeof palette>;

export function draw(canvas: HTMLCanvasElement, stage: Stage, cluster: Cluster): void {
  const scale = Math.min(2, window.devicePixelRatio || 1);
  canvas.width = Math.max(1, Math.round(stage.width * scale));
  canvas.height = Math.max(1, Math.round(stage.height * scale));
  canvas.style.width = `${stage.width}px`;
  canvas.style.height = `${stage.height}px`;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  const colours = palette(canvas);
  nodes(context, stage, cluster, colours);
  for (const block of stage.blocks) drawBlock(context, block, colours);
  if (stage.tray) {
    context.fillStyle = colours.ink;
    context.font = "600 14px system-ui, sans-serif";
    context.fillText(T.stage.tray(stage.blocks.filter((b) => isStranded(b.verdict)).length), stage.tray.x + 2, stage.tray.y + 18);
  }
}

function nodes(context: CanvasRenderingContext2D, stage: Stage, cluster: Cluster, colours: Palette): void {
  context.lineWidth = 1;
  for (const { frame, lost, node } of stage.nodes) {
    context.fillStyle = colours.surface;
    context.fillRect(frame.x, frame.y, frame.w, frame.h);
    context.strokeStyle = lost ? colours.lost : colours.frame;
    context.setLineDash(lost ? [3, 2] : []);
    context.strokeRect(frame.x + 0.5, frame.y + 0.5, frame.w - 1, frame.h - 1);
    if (!lost) continue;
    context.beginPath();
    context.moveTo(frame.x, frame.y);
    context.lineTo(frame.x + frame.w, frame.y + frame.h);
    context.moveTo(frame.x + frame.w, frame.y);
    context.lineTo(frame.x, frame.y + frame.h);
    context.stroke();
    if (frame.w > 60) context.fillText(cluster.nodes[node]!.name.slice(0, 12), frame.x + 4, frame.y + 12);
  }
  context.setLineDash([]);
}

function drawBlock(context: CanvasRenderingContext2D, { box, hue, role, arrived, verdict }: Block, colours: Palette): void {
  const stranded = isStranded(verdict);
  const w = Math.max(1, box.w);
  const h = Math.max(1, box.h);
  context.globalAlpha = verdict === "gone" ? 0.3 : 1;
  context.fillStyle = stranded ? colours.stranded : arrived ? colours.arrived : role !== "pod" ? colours[role] : colours.hues[hue]!;
  context.fillRect(box.x, box.y, w, h);
  context.globalAlpha = 1;
  // Colour never alone: what arrives has a frame, what is stranded a cross.
  if (arrived || stranded) {
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.5;
    context.strokeRect(box.x + 0.75, box.y + 0.75, Math.max(1, w - 1.5), Math.max(1, h - 1.5));
  }
  if (stranded && w > 6 && h > 6) {
    context.beginPath();
    context.moveTo(box.x + 2, box.y + 2);
    context.lineTo(box.x + w - 2, box.y + h - 2);
    context.moveTo(box.x + w - 2, box.y + 2);
    context.lineTo(box.x + 2, box.y + h - 2);
    context.stroke();
  }
}

const starts = new WeakMap<Stage, Map<number, Block>>();

/** The stage at time `t` of the way from one to another: 0 to 1. */
export function glide(from: Stage, to: Stage, t: number): Stage {
  let start = starts.get(from);
  if (!start) starts.set(from, (start = new Map(from.blocks.map((b) => [b.pod, b]))));
  const mix = (a: number, b: number) => a + (b - a) * t;
  const blocks = to.blocks.map((block) => {
    const a = start.get(block.pod)?.box;
    if (!a) return block;
    const b = block.box;
    if (a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h) return block;
    return { ...block, box: { x: mix(a.x, b.x), y: mix(a.y, b.y), w: mix(a.w, b.w), h: mix(a.h, b.h) } };
  });
  return { ...to, height: Math.max(from.height, to.height), blocks };
}
