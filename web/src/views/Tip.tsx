import type { Answer, Cluster } from "../engine/protocol";
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
  return [short(cluster.podNames[pod] ?? ""), asks.join(" · "), becomes ?? ""].filter(Boolean);
}

export function Tip({ x, y, width, lines }: { x: number; y: number; width: number; lines: string[] }) {
  const left = Math.max(0, Math.min(x + 12, width - 290));
  return (
    <div class="tip" style={{ transform: `translate(${left}px, ${y + 16}px)` }} aria-hidden="true">
      {lines.map((line, i) => (
        <div key={i}>
          <bdi>{short(line, 300)}</bdi>
        </div>
      ))}
    </div>
  );
}
