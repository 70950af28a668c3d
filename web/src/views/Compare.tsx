import { useMemo } from "preact/hooks";
import { answer, cluster, pin, pinned, plan, takePinned, type Pinned } from "../state/store";
import type { PodVerdict } from "../engine/protocol";
import { appliedWords } from "../edit-words";
import { short } from "../format";
import { T } from "../text";
import { Picture } from "./Picture";

const SHOWN_MAX = 100;

/** What was kept as plan A beside what there is now. */
export function Compare() {
  const a = pinned.value;
  const b: Pinned = { plan: plan.value, cluster: cluster.value!, answer: answer.value };
  return (
    <section class="compare" aria-labelledby="compare-title">
      <h2 id="compare-title">{T.compare.title}</h2>
      {!a && <p>{T.compare.intro}</p>}
      <p class="row">
        <button class={a ? "" : "primary"} onClick={pin}>
          {T.compare.keep}
        </button>
        {a && <button onClick={takePinned}>{T.compare.take}</button>}
        {a && <button onClick={() => (pinned.value = null)}>{T.compare.forget}</button>}
      </p>
      {a && (
        <>
          <Differences a={a} b={b} />
          <div class="sides">
            <PlanView title={T.compare.a} of={a} />
            <PlanView title={T.compare.b} of={b} />
          </div>
        </>
      )}
    </section>
  );
}

function PlanView({ title, of }: { title: string; of: Pinned }) {
  const verdict = of.answer?.verdict;
  const counts = Object.entries(of.answer?.counts ?? {}).filter(([, n]) => n > 0);
  return (
    <section class={`card plan v-${verdict ?? "idle"}`} aria-label={title}>
      <h3>{title}</h3>
      <p class="plan-verdict">
        {verdict ? (
          <>
            <span class="mark" aria-hidden="true">
              {T.verdictMark[verdict]}
            </span>
            {T.verdicts[verdict]}
          </>
        ) : (
          T.compare.nothing
        )}
      </p>
      <p>{of.answer?.why}</p>
      <p class="muted">
        {of.plan.fail.length > 0 && `${T.without} ${of.plan.fail.map((f) => short(f, 40)).join(", ")} (${T.ask.modes[of.plan.mode]}). `}
        {of.plan.applied.length ? of.plan.applied.map(appliedWords).join("; ") : T.compare.none}
      </p>
      <dl class="counts">
        {counts.map(([key, n]) => (
          <div key={key}>
            <dt>{T.pods[key] ?? T.pods["not-evaluated"]}</dt>
            <dd>{n.toLocaleString("en")}</dd>
          </div>
        ))}
      </dl>
      <Picture cluster={of.cluster} answer={of.answer} still />
    </section>
  );
}

/** Fate of every pod by name: an edit may add or take away pods. */
function fates(of: Pinned): Map<string, PodVerdict> {
  const changed = new Map(of.answer?.changed.map((c) => [c.pod, c.verdict]));
  return new Map(of.cluster.podNames.map((name, p) => [name, changed.get(p) ?? "stays"]));
}

function Differences({ a, b }: { a: Pinned; b: Pinned }) {
  const different = useMemo(() => {
    const [fatesA, fatesB] = [fates(a), fates(b)];
    const names = new Set([...fatesA.keys(), ...fatesB.keys()]);
    return [...names].map((name) => ({ name, a: fatesA.get(name), b: fatesB.get(name) })).filter((d) => d.a !== d.b);
  }, [a, b.cluster, b.answer]);
  if (!different.length) return <p role="status">{T.compare.same}</p>;
  const words = (v: PodVerdict | undefined) => (v ? `${T.podMark[v]} ${T.pods[v]}` : "–");
  return (
    <details open>
      <summary>{T.compare.differ(different.length)}</summary>
      <div class="rows short" tabIndex={0} role="region" aria-label={T.compare.differ(different.length)}>
        <table>
          <thead>
            <tr>
              <th scope="col">{T.tables.pod}</th>
              <th scope="col">{T.compare.a}</th>
              <th scope="col">{T.compare.b}</th>
            </tr>
          </thead>
          <tbody>
            {different.slice(0, SHOWN_MAX).map((d) => (
              <tr key={d.name}>
                <th scope="row">
                  <bdi>{short(d.name, 80)}</bdi>
                </th>
                <td class={`p-${d.a ?? "none"}`}>{words(d.a)}</td>
                <td class={`p-${d.b ?? "none"}`}>{words(d.b)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
