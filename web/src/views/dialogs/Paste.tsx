import { useEffect, useRef, useState } from "preact/hooks";
import { origin, problem } from "../../state/store";
import { openText } from "../../state/incoming";
import { T } from "../../text";
import { spotOf } from "../Problems";
import { closeDialog, Modal } from "./index";

/** A larger input is not put into an editor. */
const EDIT_BYTES_MAX = 500_000;

/** Selects a line and brings it into sight, a few lines below the top. */
function goToLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, line - 4) * (area.scrollHeight / lines.length);
}

/** Text to open; what is open (or would not open) can be edited here. */
export function PasteDialog() {
  const from = problem.value?.origin ?? origin.value;
  const editable = from?.sources.length === 1 && from.sources[0]!.blob.size <= EDIT_BYTES_MAX ? from.sources[0]! : null;
  const [text, setText] = useState("");
  const shown = useRef(false);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    void editable?.blob.text().then(setText);
  }, []);
  const fault = problem.value?.faults.map((f) => spotOf(f.place)).find((spot) => spot !== null);
  useEffect(() => {
    if (text && fault && area.current && !shown.current) goToLine(area.current, fault.line);
    shown.current ||= text !== "";
  }, [text]);
  const open = (event: Event) => {
    event.preventDefault();
    if (!text.trim()) return;
    closeDialog();
    void openText(text, editable?.name);
  };
  return (
    <Modal title={T.paste.title} wide>
      <form onSubmit={open}>
        <label class="stacked">
          {T.paste.label} <span class="muted">{T.paste.hint}</span>
          <textarea ref={area} rows={18} spellcheck={false} autocomplete="off" value={text} onInput={(e) => setText(e.currentTarget.value)} />
        </label>
        <p class="row">
          <button class="primary" type="submit" disabled={!text.trim()}>
            {T.paste.open}
          </button>
          <button type="button" onClick={closeDialog}>
            {T.paste.cancel}
          </button>
        </p>
      </form>
    </Modal>
  );
}
