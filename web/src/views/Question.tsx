import { change, cluster, plan, takeBack } from "../state/store";
import { toggle } from "../state/scenario";
import { loseable, type Loseable } from "../state/loseable";
import { MODES } from "podfit/vocabulary";
import type { Mode } from "../engine/protocol";
import { appliedWords } from "../edit-words";
import { short } from "../format";
import { T } from "../text";
import { Find } from "./Find";
import { ChooseStory } from "./Story";
import { isNarrow } from "./narrow";

/** More zones than these have no buttons of their own. */
const BUTTONS_MAX = 6;

export function QuestionBar() {
  const all = loseable(cluster.value!);
  const hosts = all.filter((l) => l.sort === "host");
  const zones = all.filter((l) => l.sort === "zone");
  const buttons = [...hosts, ...(zones.length <= BUTTONS_MAX ? zones : [])];
  return (
    <section class="question" aria-label={T.ask.bar}>
      {buttons.map((l) => (
        <LoseButton key={l.name} of={l} />
      ))}
      <Find all={all} />
      <ChooseStory />
      <How />
      <Chips all={all} buttons={buttons} />
    </section>
  );
}

function LoseButton({ of: { name, words } }: { of: Loseable }) {
  const lost = plan.value.fail.includes(name);
  const [fail, restore] = [T.node.fail(short(words)), T.node.restore(short(words))];
  return (
    <button
      class={`lose ${lost ? "danger" : ""}`}
      aria-pressed={lost}
      data-other={lost ? fail : restore}
      onClick={() => change({ fail: toggle(plan.value.fail, name) })}
    >
      {lost ? restore : fail}
    </button>
  );
}

/** How a node fails and what may move: on a phone folded, as it is seldom changed. */
function How() {
  const { mode, moves } = plan.value;
  const fields = (
    <>
      <label title={T.ask.modeHelp}>
        {T.ask.mode}{" "}
        <select value={mode} onChange={(e) => change({ mode: e.currentTarget.value as Mode })}>
          {MODES.map((m) => (
            <option key={m} value={m}>
              {T.ask.modes[m]}
            </option>
          ))}
        </select>
      </label>
      <label title={T.ask.movesHelp}>
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
    </>
  );
  if (!isNarrow()) return fields;
  return (
    <details class="how">
      <summary>{T.ask.how(T.ask.modes[mode]!, moves)}</summary>
      {fields}
    </details>
  );
}

interface ChipsProps {
  all: Loseable[];
  buttons: Loseable[];
}

/** What fails and has no button in sight, and the changes applied: each can be taken back. */
function Chips({ all, buttons }: ChipsProps) {
  const { fail, applied } = plan.value;
  const nodes = cluster.value!.nodes.length;
  const seen = new Set([...buttons, ...(nodes <= 12 ? all.filter((l) => l.sort === "node") : [])].map((l) => l.name));
  const far = fail.filter((name) => !seen.has(name));
  if (!applied.length && !far.length) return null;
  const words = (name: string) => short(all.find((l) => l.name === name)?.words ?? name, 60);
  return (
    <ul class="chips" aria-label={T.ask.edits}>
      {far.map((name) => (
        <li key={name}>
          <button class="chip danger" onClick={() => change({ fail: fail.filter((f) => f !== name) })} title={T.node.restore(words(name))}>
            ✗ <bdi>{words(name)}</bdi> <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
      {applied.map((fix, i) => (
        <li key={i}>
          <button class="chip" onClick={() => takeBack(i)} title={T.ask.unedit(appliedWords(fix))}>
            ✓ <bdi>{short(appliedWords(fix), 160)}</bdi> <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
      {applied.length > 1 && (
        <li>
          <button class="chip" onClick={() => change({ applied: [] })}>
            {T.ask.uneditAll}
          </button>
        </li>
      )}
    </ul>
  );
}
