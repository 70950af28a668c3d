import { useEffect, useState } from "preact/hooks";
import { open, problem } from "../state/store";
import type { Fault, Source } from "../engine/protocol";
import { objectsOf, short } from "../format";
import { T } from "../text";
import { dialog } from "./dialogs";

const SHOWN_MAX = 50;
const NONE: Source[] = [];
/** Larger inputs are not searched for the line of a fault. */
const EXCERPT_BYTES_MAX = 2_000_000;

export function Problems() {
  const current = problem.value;
  const sources = current?.origin?.sources ?? NONE;
  const texts = useTexts(current?.about === "input" ? sources : NONE);
  if (!current) return null;
  const { about, faults, mayLeaveOut, origin } = current;
  const title = about === "input" ? T.errors.input(faults.length) : about === "request" ? T.errors.request : T.errors.broken;
  return (
    <section class="problems" role="alert" aria-label={title}>
      <h2>{title}</h2>
      {about === "broken" && <p>{T.errors.brokenNote}</p>}
      <ol>
        {faults.slice(0, SHOWN_MAX).map((fault, i) => (
          <FaultItem key={i} fault={fault} texts={texts} />
        ))}
      </ol>
      {faults.length > SHOWN_MAX && <p>{T.errors.more(faults.length - SHOWN_MAX)}</p>}
      <p class="row">
        {mayLeaveOut && origin && (
          <button class="primary" onClick={() => void open(origin, undefined, true)} title={T.errors.leaveOutNote}>
            {T.errors.leaveOut(objectsOf(faults))}
          </button>
        )}
        {texts.size > 0 && <button onClick={() => (dialog.value = "paste")}>{T.paste.editing}</button>}
        <button onClick={() => (problem.value = null)}>{T.errors.dismiss}</button>
      </p>
    </section>
  );
}

function FaultItem({ fault, texts }: { fault: Fault; texts: Map<string, string> }) {
  const spot = spotOf(fault.place);
  const line = spot ? texts.get(spot.file)?.split("\n")[spot.line - 1] : undefined;
  return (
    <li>
      <p class="place">
        <bdi>{short(fault.place, 300)}</bdi>
      </p>
      {line !== undefined && spot && (
        <pre class="excerpt" tabIndex={0}>
          <span class="line-number">{spot.line}</span> {short(line, 200)}
          {"\n"}
          <span class="caret">{" ".repeat(String(spot.line).length + Math.min(spot.column, 200))}▲</span>
        </pre>
      )}
      <p>
        <bdi>{short(fault.cause, 500)}</bdi>
      </p>
      {fault.fix && (
        <p class="fix">
          <strong>{T.errors.fix}:</strong> <bdi>{short(fault.fix, 500)}</bdi> <code class="code">{fault.code}</code>
        </p>
      )}
    </li>
  );
}

/** `file:LINE:COLUMN: path` → where it is. */
export function spotOf(place: string): { file: string; line: number; column: number } | null {
  const match = /^(.*?):(\d+):(\d+)(?::|$)/s.exec(place);
  return match ? { file: match[1]!, line: Number(match[2]), column: Number(match[3]) } : null;
}

function useTexts(sources: Source[]): Map<string, string> {
  const [texts, setTexts] = useState(new Map<string, string>());
  const size = sources.reduce((sum, s) => sum + s.blob.size, 0);
  useEffect(() => {
    let current = true;
    if (!sources.length || size > EXCERPT_BYTES_MAX) setTexts(new Map());
    else {
      void Promise.all(sources.map(async (s) => [s.name, await s.blob.text()] as const)).then((all) => {
        if (current) setTexts(new Map(all));
      });
    }
    return () => {
      current = false;
    };
  }, [sources]);
  return texts;
}
