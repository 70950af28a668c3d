import type { ComponentChildren } from "preact";
import type { Answer } from "../engine/protocol";
import { cluster } from "../state/store";
import { amount, objectsOf, short } from "../format";
import { T } from "../text";
import { assumeRequests } from "./Side";

/** What the verdict rests on, and what was supposed. */
export function Details({ current }: { current: Answer }) {
  const { unrequested, prediction, host } = current;
  return (
    <section class="card details">
      {current.proof && (
        <p>
          <strong>{T.details.certificate}:</strong> {current.proof.replace(/^proved: /, "")}.
        </p>
      )}
      <p>
        <strong>{T.details.scope}:</strong> {T.scopes[current.scope]}.
      </p>
      {prediction && (
        <p>
          <strong>{T.details.scheduler}:</strong> {prediction.words}. {prediction.seeds > 0 && <span class="muted">{T.details.seed}</span>}
        </p>
      )}
      {unrequested.unrequested > 0 && (
        <p class="warn">
          {T.details.unrequested(unrequested.unrequested, unrequested.displaced)}{" "}
          <button class="small" onClick={assumeRequests}>
            {T.details.assume}
          </button>
        </p>
      )}
      {host && <Responses of={host} />}
      <Notes of={current} />
      {host && <Device host={host} />}
      <Levels current={current} />
    </section>
  );
}

/** What a step of a story rests on. */
export function StepDetails({ current }: { current: Answer }) {
  const { prediction, host } = current;
  return (
    <section class="card details">
      {prediction && (
        <p>
          <strong>{T.details.scheduler}:</strong> {prediction.words}. {prediction.seeds > 0 && <span class="muted">{T.details.seed}</span>}
        </p>
      )}
      {host && <Responses of={host} />}
      <Notes of={current} />
      {host && <Device host={host} />}
    </section>
  );
}

/** What of the input was left out, not evaluated, supposed. */
export function Notes({ of }: { of: { notEvaluated: string[]; assumptions: string[] } }) {
  const leftOut = cluster.value?.leftOut ?? [];
  return (
    <>
      <List title={`! ${T.details.leftOut(objectsOf(leftOut))}`} items={leftOut.map((f) => `${f.place}: ${f.cause}`)} />
      <List title={T.details.notEvaluated(of.notEvaluated.length)} items={of.notEvaluated} />
      <List title={T.details.assumptions(of.assumptions.length)} items={of.assumptions} />
    </>
  );
}

function Fold({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <details>
      <summary>{title}</summary>
      <ul>{children}</ul>
    </details>
  );
}

function List({ title, items }: { title: string; items: string[] }) {
  if (!items.length) return null;
  return (
    <Fold title={title}>
      {items.map((item, i) => (
        <li key={i}>
          <bdi>{short(item, 400)}</bdi>
        </li>
      ))}
    </Fold>
  );
}

/** What the device does about the parts that fail, with the page of its documentation. */
function Responses({ of: { responses = [] } }: { of: NonNullable<Answer["host"]> }) {
  if (!responses.length) return null;
  return (
    <ul class="responses">
      {responses.map((r, i) => (
        <li key={i} class={`response-${r.response}`}>
          <strong>{T.details.responses[r.response] ?? r.response}</strong>: {r.text} <span class="muted">[{r.page}]</span>
        </li>
      ))}
    </ul>
  );
}

function Device({ host }: { host: NonNullable<Answer["host"]> }) {
  const size = (vcpu: number, memory: number) => `${amount("cpu", vcpu)} vCPU, ${amount("memory", memory)}`;
  return (
    <Fold title={T.details.host}>
      {host.hosts.map((h) => (
        <li key={h.name}>
          {T.ask.host(h.name)}: {h.before.map((m) => `${m.name} (${size(m.size.vcpuMilli, m.size.memoryBytes)})`).join(", ")} →{" "}
          {h.lost ? T.node.lost : h.after.join(", ")} {T.node.of} {size(h.usable.vcpuMilli, h.usable.memoryBytes)}
        </li>
      ))}
      {host.warnings.map((w, i) => (
        <li key={i}>{w.text}</li>
      ))}
    </Fold>
  );
}

function Levels({ current }: { current: Answer }) {
  if (!current.levels.length) return null;
  return (
    <Fold title={T.details.levels}>
      {current.levels.map((l) => (
        <li key={l.name}>
          {l.name}: {l.objective} {l.bound == null ? "" : `(${T.details.atLeast(l.bound)})`}
        </li>
      ))}
    </Fold>
  );
}
