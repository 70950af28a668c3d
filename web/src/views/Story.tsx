import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { SequenceState, SequenceStep } from "podfit";
import { answer, cluster, plan } from "../state/store";
import { partWords } from "../state/loseable";
import { plots } from "../state/plots";
import { at, begin, end, goTo, steps, step, story, told } from "../state/story";
import { masterGoesTo, offline, pathOf, recovery, timesOf, type MoreOfSequence, type MoreOfState, type Step } from "../engine/steps";
import type { Cluster } from "../engine/protocol";
import { around, short } from "../format";
import { T } from "../text";
import { Sum } from "./Sum";

const W = T.story;
const NAMES_MAX = 3;

/** Which cause or sequence is stepped through. */
export function ChooseStory() {
  const all = plots(cluster.value!, plan.value);
  const current = story.value;
  const groups = [...new Set(all.map((p) => p.group))];
  const choose = (key: string) => {
    const plot = all.find((p) => p.key === key);
    if (plot) begin(plot);
    else end();
  };
  // What fails now goes by another name once it is the story.
  const known = !current || all.some((p) => p.key === current.key);
  return (
    <select class="choose-story" aria-label={W.label} value={current?.key ?? ""} onChange={(e) => choose(e.currentTarget.value)}>
      <option value="">{W.choose}</option>
      {!known && <option value={current.key}>{current.words}</option>}
      {groups.map((group) => (
        <optgroup key={group} label={group}>
          {all
            .filter((p) => p.group === group)
            .map((p) => (
              <option key={p.key} value={p.key}>
                {p.words}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}

/** The steps, and what is so in the one that is shown. */
export function Story() {
  const plot = story.value;
  if (!plot) return null;
  const { fault, isAsking } = told.value;
  const all = steps.value;
  const title = W.title(plot.words);
  const { seconds: lasts, notes = [] } = (isAsking ? {} : (told.value.report ?? {})) as MoreOfSequence;
  return (
    <section class="story card" aria-labelledby="story">
      <div class="story-head">
        <h2 id="story">
          {title} {lasts && <span class="muted">{W.inAll(around(lasts))}</span>}
        </h2>
        <button class="quiet" aria-label={W.close} title={W.close} onClick={end}>
          ×
        </button>
      </div>
      {all.length > 0 ? (
        <>
          <Walk all={all} />
          {notes.length > 0 && (
            <details>
              <summary>{W.notes(notes.length)}</summary>
              <ul class="findings">
                {notes.map((n) => (
                  <li key={n.code}>
                    {n.text} <span class="muted">[{n.page}]</span>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      ) : (
        <p class="row" role="status">
          {fault ? `${fault.cause}. ${fault.fix}` : isAsking ? W.asking : ""}
          {isAsking && (
            <button class="small" onClick={end}>
              {W.stop}
            </button>
          )}
        </p>
      )}
    </section>
  );
}

function Walk({ all }: { all: Step[] }) {
  const here = at.value;
  const last = all.length - 1;
  const list = useRef<HTMLOListElement>(null);
  // The page stays where it is: only the list goes along.
  useEffect(() => {
    const chip = list.current!.children[here] as HTMLElement;
    const { scrollLeft, clientWidth } = list.current!;
    const [from, to] = [chip.offsetLeft - 8, chip.offsetLeft + chip.offsetWidth + 8];
    if (from < scrollLeft) list.current!.scrollLeft = from;
    else if (to > scrollLeft + clientWidth) list.current!.scrollLeft = to - clientWidth;
  }, [here]);
  const button = (to: number, mark: string, words: string) => (
    <button disabled={to < 0 || to > last || to === here} aria-label={words} title={words} onClick={() => goTo(to)}>
      {mark}
    </button>
  );
  return (
    <div class="walk">
      <span class="row" role="group" aria-label={W.list}>
        {button(0, "|◀", W.first)}
        {button(here - 1, "◀", W.back)}
        <span class="walk-at" role="status">
          {W.step(here, last)}
        </span>
        {button(here + 1, "▶", W.forward)}
        {button(last, "▶|", W.last)}
        <span class="muted walk-keys">{W.keys}</span>
      </span>
      <ol ref={list} class="walk-steps" aria-label={W.list}>
        {all.map(({ state }, i) => {
          // What is asked as a what-if may be known better by now.
          const verdict = (story.value?.fail && i === 1 && answer.value?.verdict) || state?.verdict;
          return (
            <li key={i}>
              <button class={`chip ${verdict ? `v-${verdict}` : ""}`} aria-current={i === here ? "step" : undefined} onClick={() => goTo(i)}>
                {verdict && (
                  <span class="mark" aria-hidden="true">
                    {T.verdictMark[verdict]}
                  </span>
                )}
                <bdi>{stepWords(state)}</bdi>
                {verdict && <span class="hidden">, {T.verdicts[verdict]}</span>}
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** What happens in a step: hosts of a device by their names, else nodes. */
export function stepWords(state: SequenceState | null): string {
  if (!state) return W.before;
  const { step } = state;
  // In a sequence a node is away as planned.
  const what = step.step === "lose" && !story.value?.fail ? "away" : step.step;
  return (W.steps[what] ?? ((names: string) => `${what} ${names}`))(namesOf(step, cluster.value!));
}

function namesOf(step: SequenceStep, of: Cluster): string {
  if (!("nodes" in step)) return "";
  return list(step.nodes.map((name) => nameOf(name, of)));
}

const nameOf = (name: string, of: Cluster): string => (of.hosts.some((h) => h.name === name) ? T.ask.host(name) : partWords(name));

function list(names: string[]): string {
  const some = names.slice(0, NAMES_MAX).map((n) => short(n, 60)).join(", ");
  return names.length > NAMES_MAX ? T.moreNames(some, names.length - NAMES_MAX) : some;
}

/** What is offline in the step that is shown, and for how long. */
export function Facts() {
  const state = story.value && step.value?.state;
  if (!state) return null;
  const off = offline(state);
  const back = recovery(state);
  const { offlinePods, deployments, mayBeEvicted = [] } = state as MoreOfState;
  const master = deployments ? null : masterGoesTo(state.host);
  const path = pathOf(state);
  const lines: ComponentChildren[] = [
    master && W.master(master),
    state.controlPlane.down.length > 0 && W.plane(state.controlPlane.down.join(", ")),
    state.cordoned.length > 0 && W.cordoned(list(state.cordoned)),
    mayBeEvicted.length > 0 && W.mayBeEvicted(list(mayBeEvicted)),
  ].filter(Boolean);
  return (
    <section class="card facts" aria-labelledby="facts">
      <h2 id="facts">{W.now}</h2>
      <dl>
        {timesOf(state).map(([field, span]) => (
          <div key={field}>
            <dt>{W.times[field] ?? spaced(field)}</dt>
            <dd>{around(span)}</dd>
          </div>
        ))}
        {deployments && (
          <div>
            <dt>{W.deployments}</dt>
            <dd>
              {W.accepted[deployments.accepted] ?? deployments.accepted}
              {deployments.afterSeconds && ` ${W.after(around(deployments.afterSeconds))}`}: {deployments.text}
            </dd>
          </div>
        )}
        {back && (
          <div>
            <dt>{W.time}</dt>
            <dd>{W.backAfter(around(back))}</dd>
          </div>
        )}
        <div>
          <dt>
            {W.offline}
            {offlinePods !== undefined && offlinePods > 0 && `: ${W.pods(offlinePods)}`}
          </dt>
          <dd>
            {off.length === 0 && lines.length === 0 && W.nothing}
            <ul>
              {lines.map((line, i) => (
                <li key={`l${i}`}>{line}</li>
              ))}
              {off.slice(0, 8).map((o) => (
                <li key={`${o.verdict} ${o.name}`} class={`p-${o.verdict}`}>
                  <span class="verdict-tag">
                    <span aria-hidden="true">{T.podMark[o.verdict]}</span> {T.pods[o.verdict]}
                  </span>
                  <bdi>{short(o.name, 80)}</bdi> <span class="muted">{[W.pods(o.pods), o.back && W.backAfter(around(o.back))].filter(Boolean).join(", ")}</span>
                </li>
              ))}
              {off.length > 8 && <li class="muted">{T.timeline.more(off.length - 8)}</li>}
            </ul>
          </dd>
        </div>
      </dl>
      {path && path.terms.length > 0 && (
        <details>
          <summary>{W.how}</summary>
          <Sum title={W.how} path={path} evicted={null} isStacked />
        </details>
      )}
    </section>
  );
}

/** A field that has no words of its own yet: `lastsSeconds` → `lasts`. */
const spaced = (field: string): string => field.replace(/Seconds$/, "").replace(/([A-Z])/g, (c) => ` ${c.toLowerCase()}`);
