import { useMemo, useState } from "preact/hooks";
import type { TermReport, TimelineReport } from "podfit";
import { layOutTimeline, type Row, type Timeline as Layout } from "../layout/timeline";
import { around, exactly, short, time } from "../format";
import { T } from "../text";
import { sign, Sum } from "./Sum";
import { Tip } from "./Tip";
import { useWidth } from "./width";

const W = T.timeline;
const BAR_HEIGHT = 18;
/** What the earliest and the latest end are marked with, below a bar. */
const ENDS_HEIGHT = 9;
const ROWS_SHOWN = 12;
const ROWS_STEP = 100;

/** The bars of a report, and the arithmetic of the one that is chosen. */
export function TimelineBars({ report }: { report: TimelineReport }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const layout = useMemo(() => (width > 0 ? layOutTimeline(report, width) : null), [report, width]);
  const [most, setMost] = useState(ROWS_SHOWN);
  const [chosen, setChosen] = useState(0);
  const rows = layout?.rows ?? [];
  const row = rows[Math.min(chosen, rows.length - 1)];
  return (
    <>
      <p>{report.why.text}.</p>
      <div ref={ref} class="timeline-rows">
        {layout && rows.length > 0 && (
          <>
            <Hatch />
            <ol class="plain">
              {rows.slice(0, most).map((r, i) => (
                <RowView key={i} row={r} layout={layout} isChosen={r === row} onChoose={() => setChosen(i)} />
              ))}
            </ol>
            <Axis layout={layout} />
          </>
        )}
      </div>
      {rows.length > most && (
        <button class="small" onClick={() => setMost(most + ROWS_STEP)}>
          {W.more(rows.length - most)}
        </button>
      )}
      <Quiet quiet={layout?.quiet ?? {}} />
      {layout && layout.kinds.length > 0 && <Legend layout={layout} />}
      {row && <Arithmetic row={row} report={report} />}
    </>
  );
}

/** The patterns of what may take longer, and of what is assumed. */
const Hatch = () => (
  <svg width="0" height="0" class="hatch" aria-hidden="true">
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="3" height="6" />
      </pattern>
    </defs>
  </svg>
);

const nameOf = (row: Row) => W.row(short(row.name, 80), row.pods.length);

/** What the bar says, in words. */
function outcome({ returns, span }: Row): string {
  if (returns === "back") return span ? `${W.returns.back} ${around(span)}` : W.returns["back"]!;
  return [W.returns[returns] ?? returns, span && W.evicted(around(span))].filter(Boolean).join("; ");
}

interface RowProps {
  row: Row;
  layout: Layout;
  isChosen: boolean;
  onChoose: () => void;
}

/** A bar that tells its arithmetic: of one term under the pointer, of all where it is chosen or has the focus. */
function RowView({ row, layout, isChosen, onChoose }: RowProps) {
  const [tip, setTip] = useState<{ x: number; y: number; lines: string[] } | null>(null);
  const point = (event: PointerEvent) => {
    const at = (event.target as Element).closest<SVGElement>("[data-term]")?.dataset.term;
    const term = at === undefined ? undefined : row.path?.terms[Number(at)];
    setTip(term && event.pointerType !== "touch" ? { x: event.clientX, y: event.clientY, lines: termLines(term) } : null);
  };
  return (
    <li>
      <button class={`t-row r-${row.returns}`} aria-pressed={isChosen} onClick={onChoose} onFocus={onChoose} onPointerMove={point} onPointerLeave={() => setTip(null)}>
        <span class="t-words">
          <strong>
            <bdi>{nameOf(row)}</bdi>
          </strong>{" "}
          <span class="t-outcome">{outcome(row)}</span>
        </span>
        <Bar row={row} layout={layout} />
      </button>
      {tip && <Tip x={tip.x} y={tip.y} lines={tip.lines} />}
    </li>
  );
}

function termLines(term: TermReport): string[] {
  return [`${term.text}: ${sign(term)}${exactly(term.seconds)}`, term.assumed ? `${W.assumed}: ${term.source}` : term.source];
}

function Bar({ row: { pieces, ends }, layout }: { row: Row; layout: Layout }) {
  const middle = BAR_HEIGHT + ENDS_HEIGHT / 2;
  return (
    <svg class="t-bar" width={layout.width} height={BAR_HEIGHT + ENDS_HEIGHT} aria-hidden="true">
      <line class="t-zero" x1={layout.zero} x2={layout.zero} y1="0" y2={BAR_HEIGHT + ENDS_HEIGHT} />
      {pieces.map((p) => (
        <g key={p.term} data-term={p.term}>
          <rect class={`t-${p.kind} ${p.before ? "t-before" : ""}`} x={p.x} y="0" width={p.w} height={BAR_HEIGHT} />
          {p.w - p.sure > 0.5 && <rect class="t-unsure" x={p.x + p.sure} y="0" width={p.w - p.sure} height={BAR_HEIGHT} fill="url(#hatch)" />}
          {p.assumed && <rect class="t-assumed" x={p.x + 0.75} y="0.75" width={Math.max(0.5, p.w - 1.5)} height={BAR_HEIGHT - 1.5} />}
          {p.open && <path class="t-open" d={`M${p.x + p.w - 7} 3 l5 ${BAR_HEIGHT / 2 - 3} l-5 ${BAR_HEIGHT / 2 - 3}`} />}
        </g>
      ))}
      {ends && (
        <path
          class="t-ends"
          d={`M${ends.from} ${BAR_HEIGHT + 1} V${BAR_HEIGHT + ENDS_HEIGHT} M${ends.from} ${middle} H${ends.to ?? layout.width}${ends.to === null ? "" : ` M${ends.to} ${BAR_HEIGHT + 1} V${BAR_HEIGHT + ENDS_HEIGHT}`}`}
        />
      )}
    </svg>
  );
}

function Axis({ layout }: { layout: Layout }) {
  const last = layout.ticks.length - 1;
  return (
    <svg class="t-axis" width={layout.width} height="22" role="img" aria-label={W.axis}>
      {layout.ticks.map(({ x, seconds }, i) => (
        <g key={seconds}>
          <line x1={x} x2={x} y1="0" y2="5" />
          <text x={x} y="18" text-anchor={x < 20 ? "start" : i === last && x > layout.width - 30 ? "end" : "middle"}>
            {time(seconds)}
          </text>
        </g>
      ))}
    </svg>
  );
}

function Quiet({ quiet }: { quiet: Layout["quiet"] }) {
  const parts = (["with-node", "runs-on"] as const).flatMap((key) => (quiet[key] ? [W.quiet[key](quiet[key])] : []));
  return parts.length ? <p class="muted">{parts.join("; ")}.</p> : null;
}

function Legend({ layout }: { layout: Layout }) {
  return (
    <>
      <ul class="legend" aria-label={W.legend}>
        {layout.kinds.map((kind) => (
          <li key={kind}>
            <span class={`swatch k-${kind}`} aria-hidden="true" />
            {W.kinds[kind]}
          </li>
        ))}
      </ul>
      <p class="muted t-note">{W.assumedNote}</p>
    </>
  );
}

/** The sum behind the row that is chosen. */
function Arithmetic({ row, report }: { row: Row; report: TimelineReport }) {
  const { path, evicted, returns, pods } = row;
  const actions = pods[0]!.actions ?? [];
  return (
    <section class="arithmetic" aria-live="polite">
      {path && <Sum title={W.arithmetic(nameOf(row), returns === "back" ? W.isBack : W.isEvicted)} path={path} evicted={evicted} />}
      {returns !== "back" && (
        <p>
          <bdi>{short(pods[0]!.reason.text, 600)}</bdi>.
        </p>
      )}
      {actions.map(({ action, backAfterSeconds, path: at }) => (
        <details key={action}>
          <summary>
            {W.actions[action] ?? action}: {W.returns.back} {around(backAfterSeconds)}
          </summary>
          {report.paths[at] && <Sum title={W.actions[action] ?? action} path={report.paths[at]} evicted={null} />}
        </details>
      ))}
    </section>
  );
}
