import { canRedo, canUndo, change, plan, redo, undo } from "../state/store";
import { T } from "../text";

/** Beside the tabs, where it stays whatever the question is. */
export function History() {
  return (
    <span class="history">
      <button onClick={undo} disabled={!canUndo.value} aria-label={T.ask.undo} title={T.ask.undo}>
        ↶ <span class="words">{T.ask.undo}</span>
      </button>
      <button onClick={redo} disabled={!canRedo.value} aria-label={T.ask.redo} title={T.ask.redo}>
        ↷ <span class="words">{T.ask.redo}</span>
      </button>
      <button onClick={() => change({ fail: [] })} disabled={!plan.value.fail.length}>
        {T.ask.reset}
      </button>
    </span>
  );
}
