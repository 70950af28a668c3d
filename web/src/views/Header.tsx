import { close, cluster, origin } from "../state/store";
import { openFiles } from "../state/incoming";
import type { Origin } from "../state/scenario";
import { survivesReload } from "../state/session";
import { switchTheme } from "../theme";
import { short } from "../format";
import { T } from "../text";
import { dialog } from "./dialogs";
import { ExportMenu } from "./Export";

export function Header() {
  return (
    <header class="top">
      <a class="brand" href="./" onClick={home}>
        <img src="./icon.svg" width="26" height="26" alt="" /> {T.name}
      </a>
      {cluster.value && origin.value ? <Opened of={origin.value} /> : <p class="promise">{T.promise}</p>}
      <nav aria-label={T.name}>
        {cluster.value && <Tools />}
        <button class="quiet" onClick={() => (dialog.value = "help")} aria-label={T.header.help} title={T.header.help}>
          ?
        </button>
        <button class="quiet" onClick={switchTheme} aria-label={T.header.theme} title={T.header.theme}>
          ◐
        </button>
      </nav>
    </header>
  );
}

/** What is open, and whether a reload loses it. */
function Opened({ of }: { of: Origin }) {
  return (
    <p class="promise opened" title={T.promise}>
      <bdi>{short(originName(of), 60)}</bdi>
      {survivesReload.value === false && <span class="hint"> · {T.header.reloadLoses}</span>}
    </p>
  );
}

/** As people know it. */
export function originName({ sample, form, sources }: Origin): string {
  if (sample) return T.samples[sample]?.title ?? sample;
  if (form) return T.header.form;
  const [first, ...more] = sources.map((s) => s.name);
  return more.length ? T.moreNames(first!, more.length) : (first ?? "");
}

function home(event: Event): void {
  event.preventDefault();
  history.replaceState(null, "", location.pathname);
  close();
}

function Tools() {
  return (
    <>
      <button class="primary" onClick={() => (dialog.value = "share")}>
        {T.share.button}
      </button>
      <ExportMenu />
      {origin.value?.form ? (
        <button onClick={() => (dialog.value = "form")}>{T.header.form}</button>
      ) : (
        <button onClick={() => (dialog.value = "paste")}>{T.header.source}</button>
      )}
      <FileButton label={T.header.open} />
      <button onClick={home}>{T.header.new}</button>
    </>
  );
}

export function FileButton({ label, primary }: { label: string; primary?: boolean }) {
  const pick = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    if (input.files?.length) void openFiles([...input.files]);
    input.value = "";
  };
  return (
    <label class={`button ${primary ? "primary" : ""}`}>
      {label}
      <input type="file" multiple class="hidden-file" onChange={pick} />
    </label>
  );
}
