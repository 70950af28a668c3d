import { useEffect, useState } from "preact/hooks";
import { origin, plan } from "../../state/store";
import { LINK_LONG, toFragment } from "../../state/link";
import { outgoing, type Outgoing } from "../../state/outgoing";
import { bytes } from "../../format";
import { T } from "../../text";
import { CopyButton } from "../CopyButton";
import { save } from "../Export";
import { Modal } from "./index";

/** What the person has chosen. */
interface Choice {
  rename: boolean;
  addresses: boolean;
}

interface Made extends Outgoing {
  /** A link made for another choice is never shown. */
  choice: Choice;
  link: string;
}

async function make(choice: Choice): Promise<Made> {
  const out = await outgoing(origin.value!, plan.value, choice);
  const page = location.href.split("#")[0]!;
  return { ...out, choice, link: page + (await toFragment(out.scenario)) };
}

export function ShareDialog() {
  const [choice, setChoice] = useState<Choice>({ rename: false, addresses: false });
  const { rename, addresses } = choice;
  const [last, setMade] = useState<Made | null>(null);
  const [broken, setBroken] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    setBroken(null);
    make(choice).then(
      (m) => current && setMade(m),
      (error: unknown) => current && setBroken(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      current = false;
    };
  }, [choice]);
  const made = last?.choice === choice ? last : null;
  const isSample = origin.value?.sample != null && !rename;
  const long = made !== null && made.link.length > LINK_LONG;
  return (
    <Modal title={T.share.title}>
      <p>{T.share.intro}</p>
      <p>
        <label>
          <input type="checkbox" checked={rename} onChange={() => setChoice({ rename: !rename, addresses: false })} /> {T.share.redact}
        </label>
      </p>
      {!isSample && (
        <p>
          <label>
            <input type="checkbox" checked={addresses} disabled={rename} onChange={() => setChoice({ rename, addresses: !addresses })} /> {T.share.addresses}
          </label>
        </p>
      )}
      <p class="muted">{isSample ? T.share.sample : `${T.share.dropped} ${rename ? T.share.renames : T.share.names}`}</p>
      {made && !isSample && <p class="muted">{addresses ? T.share.realAddresses : made.substituted ? T.share.otherAddresses : T.share.noAddresses}</p>}
      <p role="status">
        {broken ?? (made ? T.share.size(bytes(made.link.length)) : T.share.making)} {made && rename && T.share.redacted(made.renamed)}
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
