import { useState } from "preact/hooks";
import { change, plan } from "../state/store";
import { scene } from "../state/story";
import type { Answer, Cluster, PodChange } from "../engine/protocol";
import { isStranded } from "../layout/stage";
import { short } from "../format";
import { T } from "../text";
import { Details, Notes, StepDetails } from "./Details";
import { Fixes } from "./Fixes";
import { Facts } from "./Story";

const KINDS_SHOWN = 12;
/** So many more at a press: thousands at once would freeze the page. */
const KINDS_STEP = 200;

/** Beside the picture: who has no place and why, and what would help. */
export function Side() {
  const { cluster: of, answer: current, step } = scene.value;
  if (step && current) {
    return (
      <aside class="side">
        <Facts />
        <Stranded current={current} of={of} canAsk={false} />
        <StepDetails current={current} />
      </aside>
    );
  }
  return (
    <aside class="side">
      {current ? (
        <>
          <Facts />
          <Stranded current={current} of={of} canAsk />
          <Fixes current={current} />
          <Details current={current} />
        </>
      ) : (
        <section class="card details">
          <p class="muted">{T.idle.here}</p>
          <Notes of={of} />
        </section>
      )}
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

function Stranded({ current, of, canAsk }: { current: Answer; of: Cluster; canAsk: boolean }) {
  const [most, setMost] = useState(KINDS_SHOWN);
  const groups = alike(current, of);
  const firstStuck = groups.find(({ first }) => first.verdict === "stuck")?.first;
  return (
    <section class="card" aria-labelledby="stranded">
      <h2 id="stranded">{T.tray.title}</h2>
      {groups.length === 0 && <p class="good">✓ {T.tray.none}</p>}
      <ul class="stranded-list" aria-labelledby="stranded">
        {groups.slice(0, most).map(({ first, pods }) => (
          <li key={first.pod} class={`p-${first.verdict}`}>
            <span class="verdict-tag" title={T.podHelp[first.verdict]}>
              <span aria-hidden="true">{T.podMark[first.verdict]}</span> {T.pods[first.verdict]}
            </span>
            <strong>
              <bdi>{short(of.podNames[first.pod]!)}</bdi>
            </strong>
            {pods > 1 && <span class="muted"> {T.tray.alike(pods - 1)}</span>}
            <p>
              <bdi>{short(first.reason, 600)}</bdi>
            </p>
            {canAsk && first === firstStuck && plan.value.mode === "not-ready" && (
              <button class="small" onClick={() => change({ mode: "deleted" })} title={T.tray.askDeletedHelp}>
                {T.tray.askDeleted}
              </button>
            )}
          </li>
        ))}
      </ul>
      {groups.length > most && (
        <button class="small" onClick={() => setMost(most + KINDS_STEP)}>
          {T.tray.more(groups.length - most)}
        </button>
      )}
    </section>
  );
}

/** Requests for pods that state none, so that "fits" says something. */
export function assumeRequests(): void {
  change({ assume: { ...plan.value.assume, cpu: "100m", memory: "256Mi" } });
}
