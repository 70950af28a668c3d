// The picture as an SVG file: the same stage, with its own colours and every name escaped.

import type { Answer, Cluster } from "../engine/protocol";
import { bare, short } from "../format";
import { T } from "../text";
import type { Box } from "./pack";
import { isStranded, layOut, type Block } from "./stage";

const WIDTH = 1200;
const HUES = ["#bcd0f7", "#c9e4de", "#f2dcb8", "#dccbf2", "#f3cfd9", "#cfe3f5", "#dfe6b8", "#d9d4cc"];
const COLOURS = { system: "#9aa5b1", daemon: "#b8c1cc", arrived: "#8fd19e", stranded: "#ff9b9b" };

export function escape(text: string): string {
  const marks: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  // Control characters are not allowed in XML at all.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"']/g, (c) => marks[c]!);
}

export function pictureSvg(cluster: Cluster, answer: Answer | null, resource: number): string {
  const stage = layOut(cluster, answer, Math.min(resource, cluster.resources.length - 1), WIDTH);
  const title = answer ? `${T.verdicts[answer.verdict]}: ${answer.why}` : T.idle.title(cluster.podNames.length, cluster.nodes.length);
  const top = 44;
  const parts = stage.nodes.map((n) => {
    const name = stage.detail === "dot" ? "" : text(n.frame.x + 10, n.frame.y + 22, cluster.nodes[n.node]!.name + (n.lost ? ` (${T.node.lost})` : ""), 600, 28);
    return rect(n.frame, "#ffffff", n.lost ? "#c92a2a" : "#8b95a1", n.lost ? ' stroke-dasharray="5 4"' : "") + name;
  });
  if (stage.tray) parts.push(rect(stage.tray, "#fff5f5", "#c92a2a", "") + text(stage.tray.x + 10, stage.tray.y + 20, T.stage.tray(stage.blocks.filter((b) => isStranded(b.verdict)).length), 600));
  parts.push(...stage.blocks.map((b) => blockSvg(b, cluster)));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${Math.ceil(stage.height + top)}" font-family="system-ui, sans-serif" font-size="12">` +
    `<title>${escape(title)}</title><rect width="100%" height="100%" fill="#f5f6f8"/>` +
    text(0, 24, title, 700, 150, 18) +
    `<g transform="translate(0 ${top})">${parts.join("")}</g></svg>\n`
  );
}

const n = (value: number) => String(Math.round(value * 100) / 100);

function rect(box: Box, fill: string, stroke: string, more: string): string {
  return `<rect x="${n(box.x)}" y="${n(box.y)}" width="${n(Math.max(1, box.w))}" height="${n(Math.max(1, box.h))}" rx="3" fill="${fill}" stroke="${stroke}"${more}/>`;
}

function text(x: number, y: number, words: string, weight: number, max = 80, size = 13): string {
  return `<text x="${n(x)}" y="${n(y)}" font-weight="${weight}" font-size="${size}">${escape(short(words, max))}</text>`;
}

function blockSvg(block: Block, cluster: Cluster): string {
  const { box, verdict } = block;
  const state = isStranded(verdict) ? "stranded" : block.arrived ? "arrived" : null;
  const fill = state ? COLOURS[state] : block.role === "pod" ? HUES[block.hue]! : COLOURS[block.role];
  const mark = block.arrived ? T.podMark.moves! : (verdict && T.podMark[verdict]) || "";
  const name = `${mark} ${bare(cluster.podNames[block.pod]!)}`.trim();
  const fits = Math.floor(box.w / 7);
  const label = box.h > 14 && fits > 3 ? text(box.x + 4, box.y + 13, name, 400, fits, 11) : "";
  const full = `<title>${escape(short(cluster.podNames[block.pod]!, 300))}</title>`;
  return `<g opacity="${verdict === "gone" ? 0.35 : 1}">${full}${rect(box, fill, state ? "#16202c" : "none", "")}${label}</g>`;
}
