import type { PathReport, TermReport } from "podfit";
import { kindOf } from "../layout/timeline";
import { exactly } from "../format";
import { T } from "../text";
import { Sheet, type SheetRow } from "./Sheet";

const W = T.timeline;

/** What had passed before is taken off. */
export const sign = (term: TermReport): string => (term.part === "elapsed" ? W.less : "");

/** A time as the sum of its terms, each with its source. */
export function Sum({ title, path, evicted, isStacked = false }: { title: string; path: PathReport; evicted: PathReport | null; isStacked?: boolean }) {
  const until = evicted && evicted.terms.length > 0 && evicted.terms.length < path.terms.length ? evicted.terms.length : -1;
  const rows = path.terms.flatMap((term, i) => (i === until ? [total(W.evictedSum, evicted!), termRow(term)] : [termRow(term)]));
  return <Sheet label={title} {...(isStacked ? { isStacked } : { caption: title })} head={[W.term, W.takes, W.source]} rows={[...rows, total(W.inAll, path)]} />;
}

function termRow(term: TermReport): SheetRow {
  const what = (
    <>
      <span class={`swatch k-${kindOf(term)}`} aria-hidden="true" /> {term.text} {term.assumed && <span class="assumed">{W.assumed}</span>}
    </>
  );
  return { cells: [what, `${sign(term)}${exactly(term.seconds)}`, <span class="muted">{term.source}</span>] };
}

const total = (words: string, path: PathReport): SheetRow => ({
  cells: [words, exactly(path.seconds), <span class="muted">{W.settings(exactly(path.bySettingsSeconds))}</span>],
  look: "total",
});
