import { useRef, useState } from "preact/hooks";
import { askMatrix, change, cluster, matrix, stopMatrix, tab } from "../state/store";
import type { Cluster, MatrixRow } from "../engine/protocol";
import { short } from "../format";
import { T } from "../text";

const ROW = 30;
const COLUMN = 34;
const HEAD = 170;
/** Of the sheet, as its stylesheet says. */
const HEIGHT_MAX = 620;
/** So many workloads are shown whether or not something happens to them. */
const ALL_MAX = 60;
const BAD = ["pending", "stuck", "lost", "waiting", "not-evaluated"];
const GOOD = ["survives"];

interface Grid {
  rows: number[];
  columns: number[];
}

/** Each node lost in turn × what becomes of each workload. Only what is in sight is in the page. */
export function Matrix() {
  const of = cluster.value!;
  const state = matrix.value;
  const [all, setAll] = useState(of.workloads.length <= ALL_MAX);
  const [onlyBad, setOnlyBad] = useState(false);
  const rows = state?.rows ?? [];
  const done = rows.filter((r) => r !== undefined);
  const counts = Object.keys(T.verdicts).map((v) => [v, done.filter((r) => r.verdict === v).length] as const);
  const summary = counts.filter(([, n]) => n > 0).map(([v, n]) => T.matrix.summary(T.verdicts[v]!, n));
  const grid = { rows: rowsShown(rows, onlyBad), columns: columnsShown(done, of, all) };
  return (
    <section class="matrix" aria-labelledby="matrix-title">
      <h2 id="matrix-title">{T.matrix.title}</h2>
      <p class="muted">{T.matrix.intro}</p>
      <p class="row">
        {state?.running ? (
          <button onClick={stopMatrix}>{T.matrix.stop}</button>
        ) : (
          <button class={state ? "" : "primary"} onClick={() => void askMatrix()}>
            {state ? T.matrix.again : T.matrix.start}
          </button>
        )}
        {state && (
          <>
            <progress max={state.cases.length} value={state.done} aria-label={T.matrix.title} />
            <span role="status">
              {T.matrix.progress(state.done, state.cases.length)}
              {done.length > 0 && `: ${summary.join(" · ")}`}
            </span>
          </>
        )}
      </p>
      {state && (
        <>
          <p class="row">
            <label>
              <input type="checkbox" checked={onlyBad} onChange={() => setOnlyBad(!onlyBad)} /> {T.matrix.only}
            </label>
            <label>
              <input type="checkbox" checked={all} onChange={() => setAll(!all)} /> {T.matrix.all}
            </label>
            <span class="muted">{T.matrix.keys}</span>
          </p>
          <Marks />
          <Sheet of={of} rows={rows} grid={grid} cases={state.cases} />
        </>
      )}
    </section>
  );
}

/** What the symbols in the cells mean. */
function Marks() {
  const shown = Object.entries(T.podMark).filter(([, mark]) => mark);
  return (
    <ul class="legend marks" aria-label={T.matrix.legend}>
      {shown.map(([verdict, mark]) => (
        <li key={verdict} title={T.podHelp[verdict]}>
          <b aria-hidden="true">{mark}</b> {T.pods[verdict]}
        </li>
      ))}
    </ul>
  );
}

function rowsShown(rows: (MatrixRow | undefined)[], onlyBad: boolean): number[] {
  const all = Array.from(rows, (_, i) => i);
  return onlyBad ? all.filter((i) => rows[i] && !GOOD.includes(rows[i]!.verdict)) : all;
}

function columnsShown(done: MatrixRow[], of: Cluster, all: boolean): number[] {
  if (all) return of.workloads.map((_, w) => w);
  const hit = new Set(done.flatMap((r) => r.cells.filter((c) => BAD.includes(c.worst)).map((c) => c.workload)));
  return [...hit].sort((a, b) => a - b);
}

interface SheetProps {
  of: Cluster;
  rows: (MatrixRow | undefined)[];
  grid: Grid;
  cases: string[][];
}

function Sheet({ of, rows, grid, cases }: SheetProps) {
  const name = innerWidth < 560 ? 170 : 300;
  const [scroll, setScroll] = useState({ x: 0, y: 0 });
  const [focus, setFocus] = useState(0);
  const holder = useRef<HTMLDivElement>(null);
  const r0 = Math.max(0, Math.floor(scroll.y / ROW) - 4);
  const r1 = Math.min(grid.rows.length, r0 + Math.ceil(HEIGHT_MAX / ROW) + 8);
  const c0 = Math.max(0, Math.floor(scroll.x / COLUMN) - 4);
  const c1 = Math.min(grid.columns.length, c0 + Math.ceil(innerWidth / COLUMN) + 8);
  const columns = grid.columns.slice(c0, c1);
  const before = c0 * COLUMN;
  const after = (grid.columns.length - c1) * COLUMN;
  // Keys may come faster than the page is drawn.
  const current = useRef(0);
  current.current = focus;
  const go = (step: number) => {
    const next = Math.max(0, Math.min(grid.rows.length - 1, current.current + step));
    current.current = next;
    setFocus(next);
    const element = holder.current!;
    if (next * ROW < element.scrollTop) element.scrollTop = next * ROW;
    const bottom = (next + 1) * ROW + HEAD - element.clientHeight;
    if (bottom > element.scrollTop) element.scrollTop = bottom;
    // At once where the row is there, so that Enter means it; else as soon as it is drawn.
    const button = () => element.querySelector<HTMLElement>(`[data-row="${current.current}"]`);
    if (button()) button()!.focus();
    else requestAnimationFrame(() => button()?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    go(step);
  };
  return (
    <div
      class="sheet"
      ref={holder}
      role="region"
      aria-label={T.matrix.title}
      tabIndex={-1}
      onScroll={(e) => setScroll({ x: e.currentTarget.scrollLeft, y: e.currentTarget.scrollTop })}
      onKeyDown={onKeyDown}
    >
      <table aria-rowcount={grid.rows.length + 1} aria-colcount={grid.columns.length + 1} style={{ width: `${name + grid.columns.length * COLUMN}px` }}>
        <thead>
          <tr style={{ height: `${HEAD}px` }}>
            <th scope="col" class="corner" style={{ width: `${name}px` }}>
              {T.matrix.lost}
            </th>
            {before > 0 && <td aria-hidden="true" style={{ width: `${before}px` }} />}
            {columns.map((w, i) => (
              <th key={w} scope="col" aria-colindex={c0 + i + 2} class="tilted" style={{ width: `${COLUMN}px` }} title={short(of.workloads[w]!.name)}>
                <span>
                  <bdi>{short(of.workloads[w]!.name.split("/")[1] ?? "", 100)}</bdi>
                </span>
              </th>
            ))}
            {after > 0 && <td aria-hidden="true" style={{ width: `${after}px` }} />}
          </tr>
        </thead>
        <tbody>
          <Gap rows={r0} />
          {grid.rows.slice(r0, r1).map((index, i) => (
            <Row key={index} {...{ index, of, columns, before, after, cases }} row={rows[index]} at={r0 + i} focused={focus === r0 + i} onFocus={setFocus} />
          ))}
          <Gap rows={grid.rows.length - r1} />
        </tbody>
      </table>
    </div>
  );
}

const Gap = ({ rows }: { rows: number }) =>
  rows > 0 ? (
    <tr aria-hidden="true">
      <td style={{ height: `${rows * ROW}px` }} />
    </tr>
  ) : null;

interface RowProps {
  index: number;
  at: number;
  of: Cluster;
  columns: number[];
  before: number;
  after: number;
  cases: string[][];
  row: MatrixRow | undefined;
  focused: boolean;
  onFocus: (row: number) => void;
}

function Row({ index, at, of, columns, before, after, cases, row, focused, onFocus }: RowProps) {
  const name = cases[index]!.map((lost) => of.hosts.some((h) => h.name === lost) ? T.ask.host(lost) : lost).join(", ");
  const cells = new Map(row?.cells.map((c) => [c.workload, c]));
  const show = () => {
    change({ fail: cases[index]! });
    tab.value = "picture";
  };
  return (
    <tr aria-rowindex={at + 2} style={{ height: `${ROW}px` }}>
      <th scope="row" class={row ? `v-${row.verdict}` : ""}>
        <button
          class="row-button"
          data-row={at}
          tabIndex={focused ? 0 : -1}
          onFocus={() => onFocus(at)}
          onClick={show}
          title={row ? row.why : T.matrix.open(short(name))}
        >
          <span class="mark" aria-hidden="true">
            {row ? T.verdictMark[row.verdict] : "·"}
          </span>
          <bdi>{short(name, 40)}</bdi>
          <span class="words">{row ? T.verdicts[row.verdict] : ""}</span>
        </button>
      </th>
      {before > 0 && <td aria-hidden="true" />}
      {columns.map((w, i) => {
        const cell = cells.get(w);
        const words = cell && T.matrix.cell(short(of.workloads[w]!.name), T.pods[cell.worst]!, cell.pods);
        return (
          <td key={w} class={cell ? `p-${cell.worst}` : ""} aria-colindex={columns.indexOf(columns[i]!) + 2} title={words}>
            {cell && (
              <>
                <span aria-hidden="true">
                  {T.podMark[cell.worst]}
                  {cell.pods > 1 ? cell.pods : ""}
                </span>
                <span class="hidden">{words}</span>
              </>
            )}
          </td>
        );
      })}
      {after > 0 && <td aria-hidden="true" />}
    </tr>
  );
}
