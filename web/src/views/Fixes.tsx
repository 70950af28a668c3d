import { apply, mayBeHelped, searching, stopProving } from "../state/store";
import type { Answer, Edit } from "../engine/protocol";
import { short } from "../format";
import { T } from "../text";

/** What would help, each with a button that does it. */
export function Fixes({ current }: { current: Answer }) {
  const { hint, cause } = current;
  if (!hint && !cause && !mayBeHelped(current)) return null;
  return (
    <section class="card fixes" aria-labelledby="fixes">
      <h2 id="fixes">{current.verdict === "does-not-fit" ? T.fixes.title : T.fixes.hint}</h2>
      {hint && <Fix text={hint.words} edits={hint.edits} pods={[]} />}
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

/** Names of those left out before the rest is counted. */
const NAMES_MAX = 5;

type Cause = NonNullable<Answer["cause"]>;

/** What helps all comes first; then each kind of pod with what helps it alone; then whom to do without. */
function CauseFixes({ cause }: { cause: Cause }) {
  const { additions, newNodes, hindrances, drops, repair, cuts = [] } = cause;
  const steps = repair ? repairSteps(repair) : [];
  const [single] = steps.length === 1 ? steps : [];
  return (
    <>
      <h3>{T.fixes.forAll}</h3>
      {!single && !additions.length && !newNodes.length && <p class="muted">{T.fixes.noneForAll}</p>}
      {single && <Fix text={single.text} edits={single.edits} pods={single.pods} />}
      {additions.map((a, i) => (
        <Fix key={i} text={a.text} edits={a.edits} least={a.provedLeast} pods={[]} />
      ))}
      {newNodes.map((n, i) => (
        <Fix key={i} text={T.fixes.node(short(n))} edits={[{ op: "copy-node", node: n }]} pods={[]} />
      ))}
      {steps.length > 1 && <Together steps={steps} />}
      {hindrances.length > 0 && <h3>{T.fixes.podByPod}</h3>}
      {hindrances.map((h, i) => (
        <Hindrance key={i} of={h} />
      ))}
      {drops.length > 0 && <h3>{T.fixes.drops(drops.every((d) => d.provedLeast))}</h3>}
      {drops.map((d, i) => (
        <Fix key={i} text={d.text} edits={d.edits} pods={[]} />
      ))}
      {cuts.length > 0 && (
        <p class="muted">
          {T.fixes.cuts} {cuts.join("; ")}
        </p>
      )}
    </>
  );
}

interface Step {
  text: string;
  edits: Edit[];
  pods: string[];
}

/** The changes, and last those who are left out. */
function repairSteps({ steps, without }: NonNullable<Cause["repair"]>): Step[] {
  const told = steps.map(({ pods, text, edits }) => ({ pods, edits, text: pods.length ? T.fixes.forPods(short(pods[0]!), pods.length - 1, text) : text }));
  if (!without.length) return told;
  const some = without.slice(0, NAMES_MAX).map((name) => short(name, 80)).join(", ");
  const text = T.fixes.without(some, without.length - Math.min(without.length, NAMES_MAX));
  return [...told, { pods: [], edits: [{ op: "delete-pods", pods: without }], text }];
}

/** One button does all; each can be taken back alone. */
function Together({ steps }: { steps: Step[] }) {
  return (
    <>
      <h3>{T.fixes.together}</h3>
      <div class="fix-row">
        <ol>
          {steps.map((step, i) => (
            <li key={i}>
              <bdi>{short(step.text, 400)}</bdi>
            </li>
          ))}
        </ol>
        <button class="primary small" onClick={() => apply(...steps.map(({ edits, pods }) => ({ edits, pods })))}>
          {T.fixes.applyAll}
        </button>
      </div>
    </>
  );
}

function Hindrance({ of: { text, fixes, pods } }: { of: Cause["hindrances"][number] }) {
  return (
    <div class="hindrance">
      <p>
        <bdi>{short(text, 500)}</bdi>
      </p>
      {fixes.map((f, i) => (
        <Fix key={i} text={f.text} edits={f.edits} pods={pods} />
      ))}
      {!fixes.length && <p class="muted">{T.fixes.noneForPod}</p>}
    </div>
  );
}

interface FixProps {
  text: string;
  edits?: Edit[] | undefined;
  least?: boolean;
  /** Whom it helps; none: all. */
  pods: string[];
}

function Fix({ text, edits = [], least, pods }: FixProps) {
  return (
    <div class="fix-row">
      <p>
        <bdi>{short(text, 400)}</bdi> {least && <span class="muted">({T.fixes.least})</span>}
      </p>
      {edits.length > 0 ? (
        <button class="primary small" onClick={() => apply({ edits, pods })} aria-label={`${T.fixes.apply}: ${short(text)}`}>
          {T.fixes.apply}
        </button>
      ) : (
        <span class="muted">{T.fixes.byHand}</span>
      )}
    </div>
  );
}
