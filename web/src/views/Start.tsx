import { KUBECTL } from "podfit/vocabulary";
import { SAMPLES } from "../state/samples";
import { openSample } from "../state/incoming";
import { closed, phase, reopen } from "../state/store";
import { short } from "../format";
import { T } from "../text";
import { CopyButton } from "./CopyButton";
import { FileButton, originName } from "./Header";
import { dialog } from "./dialogs";

/** What podfit reads, as the command prints it with `podfit collect`. */
export const COLLECT = `${KUBECTL} > cluster.json`;

export function Start() {
  return (
    <div class="start">
      <h1>{T.question}</h1>
      <p class="lead">{T.start.lead}</p>
      {phase.value === "opening" && (
        <p role="status" class="reading">
          {T.opening}
        </p>
      )}
      {closed.value && (
        <p class="back">
          <button onClick={() => void reopen()}>
            ↶ {T.start.back} <bdi>{short(originName(closed.value.origin), 60)}</bdi>
          </button>
        </p>
      )}
      <div class="ways">
        <section class="way" aria-labelledby="way-samples">
          <h2 id="way-samples">{T.start.samples}</h2>
          <ul class="samples">
            {SAMPLES.map((key) => (
              <li key={key}>
                <button onClick={() => void openSample(key)}>
                  <strong>{T.samples[key]?.title}</strong>
                  <span>{T.samples[key]?.text}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
        <section class="way" aria-labelledby="way-dump">
          <h2 id="way-dump">{T.start.dump}</h2>
          <p>{T.start.dumpHow}</p>
          <div class="command">
            <code>{COLLECT}</code>
            <CopyButton text={COLLECT} />
          </div>
          <p class="row">
            <FileButton label={T.start.choose} primary />
            <button onClick={() => (dialog.value = "paste")}>{T.start.paste}</button>
          </p>
        </section>
        <section class="way" aria-labelledby="way-form">
          <h2 id="way-form">{T.start.form}</h2>
          <p>{T.start.formHow}</p>
          <p class="row">
            <button class="primary" onClick={() => (dialog.value = "form")}>
              {T.start.formOpen}
            </button>
          </p>
          <p class="muted">
            {T.promise} {T.start.offline}
          </p>
        </section>
      </div>
    </div>
  );
}
