import { answer, cluster, foreseen, phase, plan, prove, stopProving } from "../state/store";
import { lostWords } from "../state/loseable";
import { at, scene, steps } from "../state/story";
import type { Answer, Cluster } from "../engine/protocol";
import { duration, objectsOf, short } from "../format";
import type { Step } from "../engine/steps";
import { T } from "../text";
import { stepWords } from "./Story";

/** The answer in large words. One live region, so that a screen reader hears each verdict once. */
export function VerdictBar() {
  const current = answer.value;
  const of = cluster.value!;
  const { step } = scene.value;
  if (step) {
    return (
      <section class={`verdict v-${step.state?.verdict ?? "idle"}`} aria-labelledby="verdict">
        <div class="verdict-words" role="status" aria-live="polite" aria-atomic="true">
          <StepWords step={step} of={of} />
        </div>
      </section>
    );
  }
  const kind = current?.verdict ?? "idle";
  return (
    <section class={`verdict v-${kind} ${phase.value === "asking" ? "stale" : ""}`} aria-labelledby="verdict">
      <div class="verdict-words" role="status" aria-live="polite" aria-atomic="true">
        {current ? <Words current={current} of={of} /> : <Idle of={of} />}
      </div>
      {(current || phase.value === "asking") && <Dial />}
    </section>
  );
}

function Words({ current, of }: { current: Answer; of: Cluster }) {
  const names = lostWords(of, current, plan.value.fail);
  const lost = names.length > 4 ? `${names.slice(0, 3).join(", ")} +${names.length - 3}` : names.join(", ");
  return (
    <>
      <h1 id="verdict" title={T.verdictHelp[current.verdict]}>
        <span class="mark" aria-hidden="true">
          {T.verdictMark[current.verdict]}
        </span>
        {T.verdicts[current.verdict]}
      </h1>
      <p>
        <span class="muted">
          {current.failedParts.length ? T.failing : T.without} <bdi>{short(lost, 80)}</bdi>:
        </span>{" "}
        {current.why}.
      </p>
      {current.afterRecovery && (
        <p>
          <span class="muted">{T.recovery}</span> <strong>{T.verdicts[current.afterRecovery.verdict]}</strong>: {current.afterRecovery.why.text}.
        </p>
      )}
    </>
  );
}

function StepWords({ step: { state }, of }: { step: Step; of: Cluster }) {
  return (
    <>
      <h1 id="verdict">
        {state ? (
          <>
            <span class="mark" aria-hidden="true">
              {T.verdictMark[state.verdict]}
            </span>
            {T.verdicts[state.verdict]}
          </>
        ) : (
          T.idle.title(of.podNames.length, of.nodes.length)
        )}
      </h1>
      <p>
        <span class="muted">
          {T.story.step(at.value, steps.value.length - 1)}, <bdi>{stepWords(state)}</bdi>
          {state && ":"}
        </span>{" "}
        {state && `${state.why.text}.`}
      </p>
    </>
  );
}

function Idle({ of }: { of: Cluster }) {
  const pending = of.podNode.reduce((n, node) => n + (node < 0 ? 1 : 0), 0);
  const seen = foreseen.value;
  const good = seen ? [...seen.values()].filter((v) => v === "survives").length : 0;
  return (
    <>
      <h1 id="verdict">{phase.value === "opening" ? T.opening : T.idle.title(of.podNames.length, of.nodes.length)}</h1>
      <p>
        {phase.value === "asking" ? T.working : T.idle.why} {seen && <strong>{T.idle.foreseen(good, of.hosts.length, of.nodes.length)} </strong>}
        {of.leftOut.length > 0 && <strong>{T.details.leftOut(objectsOf(of.leftOut))}. </strong>}
        {pending > 0 && <strong>{T.idle.pending(pending)}</strong>}
      </p>
    </>
  );
}

/** How sure the answer is: now, proving, proved. */
function Dial() {
  const current = answer.value;
  const state = phase.value;
  const step = state === "proved" ? 2 : state === "proving" ? 1 : 0;
  const names = [T.dial.now, T.dial.proving, state === "open" ? T.dial.open : T.dial.proved];
  const at = state === "open" ? 2 : step;
  return (
    <div class={`dial d-${state}`}>
      <ol aria-label={T.dial.steps}>
        {names.map((name, i) => (
          <li key={i} class={i === at ? "at" : i < at ? "past" : ""} aria-current={i === at ? "step" : undefined}>
            {name}
          </li>
        ))}
      </ol>
      <p class="muted">
        <span class="how-sure">
          {current?.certificate && state !== "asking" && <>{T.certificates[current.certificate]} · </>}
          {current && <>{T.dial.took(duration(current.seconds))} </>}
        </span>
        {state === "proving" && (
          <button class="small" onClick={stopProving}>
            {T.dial.stop}
          </button>
        )}
        {state === "open" && plan.value.fail.length > 0 && (
          <button class="small" onClick={() => void prove()}>
            {T.dial.again}
          </button>
        )}
      </p>
    </div>
  );
}
