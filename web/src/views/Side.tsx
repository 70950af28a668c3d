import { answer, apply, change, cluster, mayBeHelped, plan, searching, stopProving } from "../state/store";
import type { Answer, Cluster, Edit, PodChange } from "../engine/protocol";
import { isStranded } from "../layout/stage";
import { short } from "../format";
import { T } from "../text";
import { Details } from "./Details";

const KINDS_MAX = 40;

/** Beside the picture: who has no place and why, and what would help. */
export function Side() {
  const current = answer.value!;
  return (
    <aside class="side">
      <Stranded current={current} of={cluster.value!} />
      <Fixes current={current} />
      <Details current={current} />
    </aside>
  );
}

/** Pods of one workload with one reason are told once. */
function alike(current: Answer, of: Cluster): { first: PodChange; pods: number }[] {
  const groups = new Map<string, { first: PodChange; pods: number }>();
  for (const change of current.changed) {
    if (!isStranded(change.verdict) && change.verdict !== "not-evaluated") continue;
    const key = `${of.podWorkload[change.pod]} ${change.verdict} ${change.reason}`;
    const group = groups.get(key);
    if (group) group.pods += 1;
    else groups.set(key, { first: change, pods: 1 });
  }
  return [...groups.values()];
}

function Stranded({ current, of }: { current: Answer; of: Cluster }) {
  const groups = alike(current, of);
  return (
    <section class="card" aria-labelledby="stranded">
      <h2 id="stranded">{T.tray.title}</h2>
      {groups.length === 0 && <p class="good">✓ {T.tray.none}</p>}
      <ul class="stranded-list" tabIndex={0} aria-labelledby="stranded">
        {groups.slice(0, KINDS_MAX).map(({ first, pods }) => (
          <li key={first.pod} class={`p-${first.verdict}`}>
            <span class="verdict-tag">
              <span aria-hidden="true">{T.podMark[first.verdict]}</span> {T.pods[first.verdict]}
            </span>
            <strong>
              <bdi>{short(of.podNames[first.pod]!)}</bdi>
            </strong>
            {pods > 1 && <span class="muted"> {T.tray.alike(pods - 1)}</span>}
            <p>
              <bdi>{short(first.reason, 600)}</bdi>
            </p>
          </li>
        ))}
      </ul>
      {groups.length > KINDS_MAX && <p class="muted">{T.tray.more(groups.length - KINDS_MAX)}</p>}
    </section>
  );
}

function Fixes({ current }: { current: Answer }) {
  const { hint, cause } = current;
  if (!hint && !cause && !mayBeHelped(current)) return null;
  return (
    <section class="card fixes" aria-labelledby="fixes">
      <h2 id="fixes">{current.verdict === "does-not-fit" ? T.fixes.title : T.fixes.hint}</h2>
      {hint && <Fix text={hint.words} edits={hint.edits} />}
      {!cause && !hint && <Searching />}
      {cause && <CauseFixes cause={cause} />}
    </section>
  );
}

function Searching() {
  if (!searching.value) return <p class="muted">{T.fixes.noFix}</p>;
  return (
    <p class="row muted">
      {T.fixes.proving}
      <button class="small" onClick={stopProving}>
        {T.fixes.stop}
      </button>
    </p>
  );
}

type Cause = NonNullable<Answer["cause"]>;

function CauseFixes({ cause }: { cause: Cause }) {
  const empty = !cause.additions.length && !cause.newNodes.length && !cause.drops.length && !cause.hindrances.some((h) => h.fixes.length);
  return (
    <>
      {cause.additions.length > 0 && <h3>{T.fixes.additions}</h3>}
      {cause.additions.map((a, i) => (
        <Fix key={i} text={a.text} edits={a.edits} least={a.provedLeast} />
      ))}
      {cause.newNodes.length > 0 && <h3>{T.fixes.nodes}</h3>}
      {cause.newNodes.map((n, i) => (
        <Fix key={i} text={T.fixes.node(short(n))} edits={[{ op: "copy-node", node: n }]} />
      ))}
      {cause.hindrances.map((h, i) => (
        <div key={i} class="hindrance">
          <p>
            <bdi>{short(h.text, 500)}</bdi>
          </p>
          {h.fixes.map((f, j) => (
            <Fix key={j} text={f.text} edits={f.edits} />
          ))}
        </div>
      ))}
      {cause.drops.length > 0 && <h3>{T.fixes.drops}</h3>}
      {cause.drops.map((d, i) => (
        <Fix key={i} text={d.text} edits={d.edits} least={d.provedLeast} />
      ))}
      {empty && <p class="muted">{T.fixes.noFix}</p>}
      {cause.cuts && cause.cuts.length > 0 && (
        <p class="muted">
          {T.fixes.cuts} {cause.cuts.join("; ")}
        </p>
      )}
    </>
  );
}

function Fix({ text, edits = [], least }: { text: string; edits?: Edit[] | undefined; least?: boolean }) {
  return (
    <div class="fix-row">
      <p>
        <bdi>{short(text, 400)}</bdi> {least && <span class="muted">({T.fixes.least})</span>}
      </p>
      {edits.length > 0 ? (
        <button class="primary small" onClick={() => apply({ text, edits })} aria-label={`${T.fixes.apply}: ${short(text)}`}>
          {T.fixes.apply}
        </button>
      ) : (
        <span class="muted">{T.fixes.byHand}</span>
      )}
    </div>
  );
}

/** Requests for pods that state none, so that "fits" says something. */
export function assumeRequests(): void {
  change({ assume: { ...plan.value.assume, cpu: "100m", memory: "256Mi" } });
}
