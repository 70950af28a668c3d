import { useState } from "preact/hooks";
import { change, plan } from "../state/store";
import { toggle } from "../state/scenario";
import type { Loseable } from "../state/loseable";
import { short } from "../format";
import { T } from "../text";

const SUGGESTIONS_MAX = 200;

/** A node, a host or all nodes of a zone, by name. */
export function Find({ all }: { all: Loseable[] }) {
  const [text, setText] = useState("");
  const [unknown, setUnknown] = useState<string | null>(null);
  const matching = text ? all.filter(({ name, words }) => name.includes(text) || words.includes(text)) : all;
  const exact = matching.find(({ name, words }) => text === name || text === words);
  const take = (one: Loseable) => {
    change({ fail: toggle(plan.value.fail, one.name) });
    setText("");
  };
  const onInput = (event: Event) => {
    const { value } = event.currentTarget as HTMLInputElement;
    setText(value);
    setUnknown(null);
    const one = all.find(({ name, words }) => value === name || value === words);
    // One who types node-1 may be on the way to node-10; one who chooses from the list is not.
    const typed = event instanceof InputEvent && event.inputType !== "insertReplacementText";
    const longer = typed && all.some(({ name, words }) => name !== value && words !== value && (name.startsWith(value) || words.startsWith(value)));
    if (one && !longer) take(one);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !text) return;
    const one = exact ?? matching[0];
    if (one) take(one);
    else setUnknown(text);
  };
  const label = plan.value.fail.length ? T.ask.findAnother : T.ask.find;
  return (
    <span class="find">
      <input id="find" type="search" list="find-list" placeholder={label} aria-label={T.ask.findLabel} aria-describedby="find-unknown" value={text} onInput={onInput} onKeyDown={onKeyDown} />
      <datalist id="find-list">
        {matching.slice(0, SUGGESTIONS_MAX).map(({ name, words }) => (
          <option key={name} value={words} />
        ))}
      </datalist>
      <span id="find-unknown" class="unknown" role="status">
        {unknown !== null && T.ask.unknown(short(unknown, 60))}
      </span>
    </span>
  );
}
