import { useState } from "preact/hooks";
import { canRedo, canUndo, change, cluster, plan, redo, takeBack, undo } from "../state/store";
import { toggle } from "../state/scenario";
import type { Cluster, Mode } from "../engine/protocol";
import { short } from "../format";
import { T } from "../text";

const MODES: Mode[] = ["not-ready", "deleted", "drained"];
const SUGGESTIONS_MAX = 200;

export function QuestionBar() {
  const { mode, moves, fail } = plan.value;
  const of = cluster.value!;
  return (
    <section class="question" aria-label={T.ask.bar}>
      {of.hosts.map((host) => (
        <HostButton key={host.name} name={host.name} />
      ))}
      <Find of={of} />
      <label>
        {T.ask.mode}{" "}
        <select value={mode} onChange={(e) => change({ mode: e.currentTarget.value as Mode })}>
          {MODES.map((m) => (
            <option key={m} value={m}>
              {T.ask.modes[m]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {T.ask.moves}{" "}
        <input
          type="number"
          min="0"
          max="1000"
          class="narrow"
          value={moves}
          onChange={(e) => change({ moves: Math.max(0, Math.trunc(e.currentTarget.valueAsNumber) || 0) })}
        />
      </label>
      <span class="buttons">
        <button onClick={undo} disabled={!canUndo.value}>
          ↶ {T.ask.undo}
        </button>
        <button onClick={redo} disabled={!canRedo.value}>
          ↷ {T.ask.redo}
        </button>
        <button onClick={() => change({ fail: [] })} disabled={!fail.length}>
          {T.ask.reset}
        </button>
      </span>
      <Chips of={of} />
    </section>
  );
}

function HostButton({ name }: { name: string }) {
  const lost = plan.value.fail.includes(name);
  return (
    <button class={`host ${lost ? "danger" : ""}`} aria-pressed={lost} onClick={() => change({ fail: toggle(plan.value.fail, name) })}>
      {lost ? T.ask.restoreHost(name) : T.ask.failHost(name)}
    </button>
  );
}

/** A node, a host or all nodes with a label, by name. */
function Find({ of }: { of: Cluster }) {
  const [text, setText] = useState("");
  const all = [
    ...of.domains.flatMap((d) => d.values.map((v) => `${d.label}=${v.value}`)),
    ...of.hosts.map((h) => h.name),
    ...of.nodes.map((n) => n.name),
  ];
  const matching = all.filter((name) => name.includes(text)).slice(0, SUGGESTIONS_MAX);
  const take = (value: string) => {
    setText(value);
    if (!all.includes(value)) return;
    change({ fail: toggle(plan.value.fail, value) });
    setText("");
  };
  return (
    <span class="find">
      <input
        id="find"
        type="search"
        list="find-list"
        placeholder={T.ask.find}
        aria-label={T.ask.findLabel}
        value={text}
        onInput={(e) => take(e.currentTarget.value)}
        onKeyDown={(e) => e.key === "Enter" && matching[0] && take(matching[0])}
      />
      <datalist id="find-list">
        {matching.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </span>
  );
}

/** What fails by a label, and the changes applied: each can be taken back. */
function Chips({ of }: { of: Cluster }) {
  const { fail, applied } = plan.value;
  const named = new Set([...of.nodes.map((n) => n.name), ...of.hosts.map((h) => h.name)]);
  const domains = fail.filter((f) => !named.has(f));
  const far = of.nodes.length > 12 ? fail.filter((f) => named.has(f)) : [];
  if (!domains.length && !applied.length && !far.length) return null;
  return (
    <ul class="chips" aria-label={T.ask.edits}>
      {[...domains, ...far].map((name) => (
        <li key={name}>
          <button class="chip danger" onClick={() => change({ fail: fail.filter((f) => f !== name) })} title={T.node.restore(short(name))}>
            ✗ <bdi>{short(name, 60)}</bdi> <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
      {applied.map((fix, i) => (
        <li key={i}>
          <button class="chip" onClick={() => takeBack(i)} title={T.ask.unedit(short(fix.text))}>
            ✓ {short(fix.text, 90)} <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

