import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

interface Props {
  count: number;
  rowHeight: number;
  columns: number;
  label: string;
  head: ComponentChildren;
  row: (index: number) => ComponentChildren;
}

const VIEW_HEIGHT = 420;
const SPARE = 6;

/** A real table of any length: rows out of sight are two empty ones of their height. */
export function Rows({ count, rowHeight, columns, label, head, row }: Props) {
  const [top, setTop] = useState(0);
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight) - SPARE, count));
  const last = Math.min(count, Math.ceil((top + VIEW_HEIGHT) / rowHeight) + SPARE);
  const gap = (rows: number) =>
    rows > 0 && (
      <tr aria-hidden="true" class="gap">
        <td colSpan={columns} style={{ height: `${rows * rowHeight}px` }} />
      </tr>
    );
  const indices = Array.from({ length: last - first }, (_, i) => first + i);
  return (
    <div class="rows" tabIndex={0} role="region" aria-label={label} onScroll={(e) => setTop(e.currentTarget.scrollTop)}>
      <table aria-rowcount={count + 1}>
        <thead>
          <tr aria-rowindex={1}>{head}</tr>
        </thead>
        <tbody>
          {gap(first)}
          {indices.map((i) => (
            <tr key={i} aria-rowindex={i + 2} style={{ height: `${rowHeight}px` }}>
              {row(i)}
            </tr>
          ))}
          {gap(count - last)}
        </tbody>
      </table>
    </div>
  );
}
