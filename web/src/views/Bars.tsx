import type { Answer, Cluster } from "../engine/protocol";
import { shownBars } from "../layout/stage";
import { nodeUse, type Use } from "../layout/use";
import { amount, percent, resourceName } from "../format";
import { T } from "../text";

const PARTS = ["system", "daemon", "pod", "arrived"] as const;

/** A stacked bar for each resource of a node, with percent and amount. */
export function Bars({ cluster, answer, node, lost }: { cluster: Cluster; answer: Answer | null; node: number; lost: boolean }) {
  return (
    <div class="bars">
      {shownBars(cluster).map((r) => (
        <Bar key={r} name={cluster.resources[r]!} use={nodeUse(cluster, answer, node, r)} lost={lost} />
      ))}
    </div>
  );
}

function Bar({ name, use, lost }: { name: string; use: Use; lost: boolean }) {
  if (use.whole <= 0) return <div class="bar-row empty" />;
  const part = (value: number) => `${Math.min(100, (value / use.whole) * 100)}%`;
  return (
    <div class="bar-row">
      <div class="bar-words">
        <span>{resourceName(name)}</span>
        <span>
          <b>{lost ? "–" : percent(use.used, use.whole)}</b> {amount(name, use.used)}/{amount(name, use.whole)}
        </span>
      </div>
      <div class="bar" title={`${amount(name, use.whole - use.used)} ${T.node.free}`}>
        {PARTS.map((key) => (use[key] > 0 ? <span key={key} class={`part s-${key}`} style={{ width: part(use[key]) }} /> : null))}
      </div>
    </div>
  );
}
