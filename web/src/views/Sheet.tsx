import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { T } from "../text";

const ROWS_SHOWN = 60;
const ROWS_STEP = 300;

interface Props {
  label: string;
  head: string[];
  /** The first cell names the row. */
  rows: ComponentChildren[][];
  /** The row that stands out. */
  marked?: number;
}

/** A table of a panel: it scrolls within its own frame, and shows more at a press. */
export function Sheet({ label, head, rows, marked = -1 }: Props) {
  const [most, setMost] = useState(ROWS_SHOWN);
  return (
    <>
      <div class="rows free" tabIndex={0} role="region" aria-label={label}>
        <table>
          <thead>
            <tr>
              {head.map((h) => (
                <th key={h} scope="col">
                  {h}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map(([first, ...rest], i) => (
              <tr key={i} class={i === marked ? "marked" : ""}>
                <th scope="row">{first}</th>
                {rest.map((cell, c) => (
                  <td key={c}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most && (
        <button class="small" onClick={() => setMost(most + ROWS_STEP)}>
          {T.timeline.more(rows.length - most)}
        </button>
      )}
    </>
  );
}
