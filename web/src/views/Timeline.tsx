import type { TimelineReport } from "podfit";
import { hasLoss, isOpen, setOpen, timeline } from "../state/timeline";
import { T } from "../text";
import { lazy } from "./lazy";

const W = T.timeline;

const TimelineBars = lazy<{ report: TimelineReport }>(() => import("./TimelineBars").then((m) => m.TimelineBars));

/** When pods are back, and how that comes about. */
export function Timeline() {
  if (!hasLoss.value) return null;
  const { report, fault, isAsking } = timeline.value;
  return (
    <details class="timeline" open={isOpen.value} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{W.title}</summary>
      {isOpen.value && (
        <div class={isAsking ? "stale" : ""} aria-busy={isAsking}>
          {report ? <TimelineBars report={report} /> : <p class="muted">{fault?.cause ?? W.asking}</p>}
        </div>
      )}
    </details>
  );
}
