import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Answer, Cluster } from "../engine/protocol";
import { shown } from "../state/store";
import { amount, resourceName, short } from "../format";
import { T } from "../text";

/** What a block is: name, requests, what becomes of it and why. */
export function tipText(cluster: Cluster, answer: Answer | null, pod: number): string[] {
  const width = cluster.resources.length;
  const asks = cluster.resources
    .map((name, r) => [name, cluster.podRequests[pod * width + r]!] as const)
    .filter(([name, value]) => value > 0 && name !== "pods")
    .map(([name, value]) => `${resourceName(name)} ${amount(name, value)}`);
  const change = answer?.changed.find((c) => c.pod === pod);
  const becomes = change && `${T.podMark[change.verdict]} ${T.pods[change.verdict]}: ${change.reason}`;
  return [short(cluster.podNames[pod] ?? ""), asks.join(" · ") || T.pod.asksNothing, becomes ?? ""].filter(Boolean);
}

/** Beside the pointer, and within the window. */
export function Tip({ x, y, lines }: { x: number; y: number; lines: string[] }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { style, offsetWidth, offsetHeight } = element.current!;
    const left = Math.max(4, Math.min(x + 12, document.documentElement.clientWidth - offsetWidth - 8));
    const below = y + 16;
    const top = below + offsetHeight < innerHeight ? below : Math.max(4, y - offsetHeight - 10);
    style.transform = `translate(${left}px, ${top}px)`;
  });
  return (
    <div class="tip" ref={element} aria-hidden="true">
      <Lines lines={lines} max={300} />
    </div>
  );
}

const Lines = ({ lines, max }: { lines: string[]; max: number }) => (
  <>
    {lines.map((line, i) => (
      <div key={i}>
        <bdi>{short(line, max)}</bdi>
      </div>
    ))}
  </>
);

const BOX_WIDTH = 330;

/** The pod whose block was clicked: all that is known of it, until it is closed. */
export function PodBox({ cluster, answer, width }: { cluster: Cluster; answer: Answer | null; width: number }) {
  const element = useRef<HTMLElement>(null);
  const at = shown.value;
  useEffect(() => element.current?.scrollIntoView({ block: "nearest" }), [at]);
  if (!at || at.pod >= cluster.podNames.length) return null;
  const left = Math.max(0, Math.min(at.x + 8, width - Math.min(BOX_WIDTH, width)));
  return (
    <section class="pod-box" ref={element} role="status" style={{ transform: `translate(${left}px, ${at.y + 8}px)` }}>
      <button class="quiet small" aria-label={T.share.close} onClick={() => (shown.value = null)}>
        ×
      </button>
      <Lines lines={[...tipText(cluster, answer, at.pod), ...more(cluster, answer, at.pod)]} max={1000} />
    </section>
  );
}

function more(cluster: Cluster, answer: Answer | null, pod: number): string[] {
  const workload = cluster.workloads[cluster.podWorkload[pod]!]!;
  const change = answer?.changed.find((c) => c.pod === pod);
  const name = (node: number) => cluster.nodes[node]?.name ?? T.tables.noNode;
  const home = cluster.podNode[pod]!;
  const to = change && change.to >= 0 ? change.to : -1;
  const where = to >= 0 && to !== home ? `${T.tables.node}: ${name(home)} → ${name(to)}` : `${T.tables.node}: ${name(home)}`;
  return [`${T.tables.workload}: ${workload.kind} ${workload.name}`, where, ...(change?.notes ?? [])];
}
