import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { change, plan } from "../state/store";
import { scene } from "../state/story";
import { toggleNode } from "../state/scenario";
import type { Answer, Cluster, PodChange } from "../engine/protocol";
import { shownBars } from "../layout/stage";
import { nodeUse } from "../layout/use";
import { amount, percent, resourceName, short } from "../format";
import { T } from "../text";
import { Rows } from "./Rows";

/** The picture as numbers: every node, every pod. */
export function Tables() {
  return (
    <div class="tables">
      <Folded title={T.tables.nodes} table={NodeTable} />
      <Folded title={T.tables.pods} table={PodTable} />
    </div>
  );
}

interface TableProps {
  of: Cluster;
  current: Answer | null;
}

/** A table is made when it is opened. */
function Folded({ title, table: Table }: { title: string; table: (props: TableProps) => JSX.Element }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{title}</summary>
      {open && <Table of={scene.value.cluster} current={scene.value.answer} />}
    </details>
  );
}

function NodeTable({ of, current }: TableProps) {
  const resources = shownBars(of);
  const lost = new Set(current?.failed);
  const cell = (node: number, r: number, after: Answer | null) => {
    const { used, whole } = nodeUse(of, after, node, r);
    return `${amount(of.resources[r]!, used)}/${amount(of.resources[r]!, whole)} (${percent(used, whole)})`;
  };
  const head = (
    <>
      <th scope="col">{T.tables.node}</th>
      <th scope="col">{T.tables.state}</th>
      {resources.map((r) => (
        <th key={r} scope="col">
          {resourceName(of.resources[r]!)} {current ? `${T.tables.now} → ${T.tables.after}` : T.tables.now}
        </th>
      ))}
    </>
  );
  const row = (n: number) => {
    const { name, unschedulable } = of.nodes[n]!;
    return (
      <>
        <th scope="row">
          <bdi>{short(name, 80)}</bdi>
        </th>
        <td>
          {lost.has(n) ? `✗ ${T.node.lost} ` : unschedulable ? `${T.node.cordoned} ` : ""}
          <button class="small" onClick={() => change({ fail: toggleNode(plan.value, of, n, lost.has(n)) })}>
            {lost.has(n) ? T.node.restoreShort : T.node.failShort}
            <span class="hidden"> {short(name)}</span>
          </button>
        </td>
        {resources.map((r) => (
          <td key={r} class="number">
            {cell(n, r, null)}
            {current && ` → ${lost.has(n) ? T.node.lost : cell(n, r, current)}`}
          </td>
        ))}
      </>
    );
  };
  return <Rows count={of.nodes.length} rowHeight={38} columns={2 + resources.length} label={T.tables.nodes} head={head} row={row} />;
}

const FILTERS = ["all", "notable"] as const;

function PodTable({ of, current }: TableProps) {
  const [text, setText] = useState("");
  const [only, setOnly] = useState<(typeof FILTERS)[number]>("all");
  const changes = useMemo(() => new Map(current?.changed.map((c) => [c.pod, c])), [current]);
  const shown = useMemo(() => {
    const all = of.podNames.map((_, p) => p);
    const matches = (p: number) => !text || of.podNames[p]!.includes(text) || (changes.get(p)?.reason.includes(text) ?? false);
    return all.filter((p) => (only === "all" || changes.has(p)) && matches(p));
  }, [of, changes, text, only]);
  const head = [T.tables.pod, T.tables.workload, T.tables.becomes, T.tables.from, T.tables.to, T.tables.reason].map((h) => (
    <th key={h} scope="col">
      {h}
    </th>
  ));
  return (
    <>
      <p class="row">
        <input type="search" placeholder={T.tables.filter} aria-label={T.tables.filter} value={text} onInput={(e) => setText(e.currentTarget.value)} />
        <select aria-label={T.tables.filter} value={only} onChange={(e) => setOnly(e.currentTarget.value as typeof only)}>
          {FILTERS.map((f) => (
            <option key={f} value={f}>
              {T.tables[f]}
            </option>
          ))}
        </select>
        <span role="status" class="muted">
          {T.tables.shown(shown.length, of.podNames.length)}
        </span>
      </p>
      {shown.length === 0 && <p class="muted">{T.tables.none}</p>}
      <Rows
        count={shown.length}
        rowHeight={38}
        columns={6}
        label={T.tables.pods}
        head={head}
        row={(i) => <PodRow pod={shown[i]!} of={of} change={changes.get(shown[i]!)} asked={current !== null} />}
      />
    </>
  );
}

function PodRow({ pod, of, change, asked }: { pod: number; of: Cluster; change: PodChange | undefined; asked: boolean }) {
  const workload = of.workloads[of.podWorkload[pod]!]!;
  const home = of.podNode[pod]!;
  const verdict = change?.verdict ?? (asked ? "stays" : null);
  const text = (name: string, max = 80) => (
    <bdi title={short(name, 1000)}>{short(name, max)}</bdi>
  );
  return (
    <>
      <th scope="row">{text(of.podNames[pod]!)}</th>
      <td>{text(`${workload.kind} ${workload.name}`)}</td>
      <td class={`p-${verdict ?? "none"}`}>{verdict ? `${T.podMark[verdict]} ${T.pods[verdict]}` : home >= 0 ? T.tables.runs : T.pods.pending}</td>
      <td>{home >= 0 ? text(of.nodes[home]!.name) : T.tables.noNode}</td>
      <td>{change && change.to >= 0 ? text(of.nodes[change.to]!.name) : ""}</td>
      <td>{text(change?.reason ?? "", 200)}</td>
    </>
  );
}
