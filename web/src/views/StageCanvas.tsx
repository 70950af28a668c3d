import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Cluster } from "../engine/protocol";
import type { Block, Stage } from "../layout/stage";
import { draw, glide } from "../layout/draw";
import { change, plan, shown } from "../state/store";
import { toggleNode } from "../state/scenario";
import { theme } from "../theme";
import { short } from "../format";
import { T } from "../text";
import { Tip, tipText } from "./Tip";

interface Props {
  stage: Stage;
  cluster: Cluster;
  answer: Answer | null;
  still: boolean;
}

const GLIDE_MS = 450;

/** Thousands of pods: the same stage drawn on a canvas. The table of nodes below has the buttons for the keyboard. */
export function StageCanvas({ stage, cluster, answer, still }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const before = useRef<{ stage: Stage; cluster: Cluster } | null>(null);
  const [tip, setTip] = useState<{ x: number; y: number; lines: string[] } | null>(null);
  const colours = theme.value;
  useEffect(() => {
    const from = before.current?.cluster === cluster ? before.current.stage : null;
    before.current = { stage, cluster };
    return animate(canvas.current!, from, stage, cluster);
  }, [stage, cluster, colours]);
  const press = (event: MouseEvent) => {
    if (still) return;
    const node = nodeAt(stage, event);
    const block = node === null ? blockAt(stage, event) : null;
    if (block) shown.value = { pod: block.pod, x: event.offsetX, y: event.offsetY };
    if (node !== null) change({ fail: toggleNode(plan.value, cluster, node, answer?.failed.includes(node) ?? false) });
  };
  const point = (event: PointerEvent) => {
    const block = blockAt(stage, event);
    const node = nodeAt(stage, event);
    const lines = block ? tipText(cluster, answer, block.pod) : [];
    if (node !== null) lines.unshift(short(cluster.nodes[node]!.name));
    setTip(lines.length ? { x: event.clientX, y: event.clientY, lines } : null);
  };
  const label = T.stage.label(cluster.nodes.length, cluster.podNames.length);
  return (
    <div class="stage dot" style={{ height: `${stage.height}px` }}>
      <canvas ref={canvas} role="img" aria-label={label} onClick={press} onPointerMove={point} onPointerLeave={() => setTip(null)} />
      {tip && <Tip x={tip.x} y={tip.y} lines={tip.lines} />}
    </div>
  );
}

function animate(canvas: HTMLCanvasElement, from: Stage | null, to: Stage, cluster: Cluster): () => void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!from || still || from.width !== to.width) {
    draw(canvas, to, cluster);
    return () => {};
  }
  let frame = 0;
  const start = performance.now();
  const step = () => {
    const t = Math.min(1, (performance.now() - start) / GLIDE_MS);
    draw(canvas, t < 1 ? glide(from, to, 1 - (1 - t) ** 3) : to, cluster);
    if (t < 1) frame = requestAnimationFrame(step);
  };
  step();
  return () => cancelAnimationFrame(frame);
}

const within = (event: MouseEvent, b: { x: number; y: number; w: number; h: number }) =>
  event.offsetX >= b.x && event.offsetX < b.x + b.w && event.offsetY >= b.y && event.offsetY < b.y + b.h;

function nodeAt(stage: Stage, event: MouseEvent): number | null {
  return stage.nodes.find((n) => within(event, n.frame))?.node ?? null;
}

function blockAt(stage: Stage, event: MouseEvent): Block | null {
  return stage.blocks.find((b) => within(event, b.box)) ?? null;
}
