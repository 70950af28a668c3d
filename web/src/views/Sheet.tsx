import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { T } from "../text";
import { isNarrow } from "./narrow";

const ROWS_SHOWN = 60;
const ROWS_STEP = 300;

export interface SheetRow {
  /** The first names the row. */
  cells: ComponentChildren[];
  look?: "marked" | "total" | "";
}

interface Props {
  label: string;
  head: string[];
  rows: SheetRow[];
  caption?: string;
  /** So few and short columns that a phone has room for them. */
  isSmall?: boolean;
  /** There is never room for columns. */
  isStacked?: boolean;
}

/** A table of a panel; on a phone one entry below the other. Long ones show more at a press. */
export function Sheet(props: Props) {
  const [most, setMost] = useState(ROWS_SHOWN);
  const { rows, isSmall, isStacked } = props;
  const shown = { ...props, rows: rows.slice(0, most) };
  return (
    <>
      {isStacked || (isNarrow() && !isSmall) ? <Stack {...shown} /> : <Table {...shown} />}
      {rows.length > most && (
        <button class="small" onClick={() => setMost(most + ROWS_STEP)}>
          {T.tables.more(rows.length - most)}
        </button>
      )}
    </>
  );
}

function Table({ label, head, rows, caption }: Props) {
  return (
    <div class="rows free" tabIndex={0} role="region" aria-label={label}>
      <table>
        {caption && <caption>{caption}</caption>}
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
          {rows.map(({ cells: [first, ...rest], look }, i) => (
            <tr key={i} class={look ?? ""}>
              <th scope="row">{first}</th>
              {rest.map((cell, c) => (
                <td key={c}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Stack({ label, head, rows, caption }: Props) {
  const isEmpty = (cell: ComponentChildren) => cell === "" || cell == null;
  return (
    <div class="stack">
      {caption && <strong>{caption}</strong>}
      <ul aria-label={label}>
        {rows.map(({ cells: [first, ...rest], look }, i) => (
          <li key={i} class={look ?? ""}>
            <strong>{first}</strong>
            <dl>
              {rest.map((cell, c) =>
                isEmpty(cell) ? null : (
                  <div key={c}>
                    <dt>{head[c + 1]}</dt>
                    <dd>{cell}</dd>
                  </div>
                ),
              )}
            </dl>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Rows without a look of their own. */
export const plain = (rows: ComponentChildren[][]): SheetRow[] => rows.map((cells) => ({ cells }));
