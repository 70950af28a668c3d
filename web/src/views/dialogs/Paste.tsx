import { useEffect, useState } from "preact/hooks";
import { origin, problem } from "../../state/store";
import { openText } from "../../state/incoming";
import { T } from "../../text";
import { closeDialog, Modal } from "./index";

/** A larger input is not put into an editor. */
const EDIT_BYTES_MAX = 500_000;

/** Text to open; what is open (or would not open) can be edited here. */
export function PasteDialog() {
  const from = problem.value?.origin ?? origin.value;
  const editable = from?.sources.length === 1 && from.sources[0]!.blob.size <= EDIT_BYTES_MAX ? from.sources[0]! : null;
  const [text, setText] = useState("");
  useEffect(() => {
    void editable?.blob.text().then(setText);
  }, []);
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
          <textarea rows={18} spellcheck={false} autocomplete="off" value={text} onInput={(e) => setText(e.currentTarget.value)} />
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
