import { useEffect, useState } from "preact/hooks";
import { origin, plan } from "../../state/store";
import { LINK_LONG, toFragment, type Packed } from "../../state/link";
import { outgoing } from "../../state/outgoing";
import { bytes } from "../../format";
import { T } from "../../text";
import { CopyButton } from "../CopyButton";
import { save } from "../Export";
import { Modal } from "./index";

interface Made {
  /** Whether names are others in it: a link made for the other choice is never shown. */
  redact: boolean;
  scenario: Packed;
  link: string;
  renamed: number;
}

async function make(redact: boolean): Promise<Made> {
  const { scenario, renamed } = await outgoing(origin.value!, plan.value, redact);
  const page = location.href.split("#")[0]!;
  return { redact, scenario, link: page + (await toFragment(scenario)), renamed };
}

export function ShareDialog() {
  const [redact, setRedact] = useState(false);
  const [last, setMade] = useState<Made | null>(null);
  const [broken, setBroken] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    setBroken(null);
    make(redact).then(
      (m) => current && setMade(m),
      (error: unknown) => current && setBroken(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      current = false;
    };
  }, [redact]);
  const made = last?.redact === redact ? last : null;
  const long = made !== null && made.link.length > LINK_LONG;
  return (
    <Modal title={T.share.title}>
      <p>{T.share.intro}</p>
      <p>
        <label>
          <input type="checkbox" checked={redact} onChange={() => setRedact(!redact)} /> {T.share.redact}
        </label>
      </p>
      <p class="muted">
        {origin.value?.sample && !redact ? T.share.sample : `${T.share.dropped} ${redact ? T.share.renames : T.share.names}`}
      </p>
      <p role="status">
        {broken ?? (made ? T.share.size(bytes(made.link.length)) : T.share.making)} {made && redact && T.share.redacted(made.renamed)}
      </p>
      {long && <p class="warn">! {T.share.long}</p>}
      {made && (
        <>
          <label class="stacked">
            {T.share.link}
            <input type="text" readOnly value={long ? `${made.link.slice(0, 300)}…` : made.link} onFocus={(e) => e.currentTarget.select()} />
          </label>
          <p class="row">
            <CopyButton text={made.link} label={T.share.copy} primary={!long} />
            <button class={long ? "primary" : ""} onClick={() => save("scenario.podfit.json", JSON.stringify(made.scenario), "application/json")}>
              {T.share.file}
            </button>
          </p>
        </>
      )}
    </Modal>
  );
}
