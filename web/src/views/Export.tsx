import { exportReport, fail, origin, plan, resource } from "../state/store";
import { scene, story } from "../state/story";
import type { Format } from "../engine/protocol";
import { outgoing } from "../state/outgoing";
import { pictureSvg } from "../layout/svg";
import { T } from "../text";

export function save(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** `what-if-worker-a`, from names of any kind. */
function fileName(): string {
  const lost = plan.value.fail.slice(0, 3).join("-").replace(/[^A-Za-z0-9.-]+/g, "-").slice(0, 60);
  return lost ? `podfit-without-${lost}` : "podfit-cluster";
}

/** Saves what is being made, or says why it could not be. */
async function saved(ending: string, type: string, made: Promise<string>): Promise<void> {
  try {
    save(`${fileName()}.${ending}`, await made, type);
  } catch (error) {
    fail([{ code: "export", place: T.exports.button, cause: error instanceof Error ? error.message : String(error), fix: "" }]);
  }
}

const scenario = () => outgoing(origin.value!, plan.value).then((made) => JSON.stringify(made.scenario));

/** Of the steps, where one of them is shown. */
const report = (format: Format) => exportReport(format, scene.value.step ? story.value?.request : undefined);

function svg(): void {
  const { cluster, answer } = scene.value;
  save(`${fileName()}.svg`, pictureSvg(cluster, answer, resource.value), "image/svg+xml");
}

const ITEMS: [string, () => void][] = [
  [T.exports.json, () => void saved("json", "application/json", report("json"))],
  [T.exports.csv, () => void saved("csv", "text/csv", report("csv"))],
  [T.exports.text, () => void saved("txt", "text/plain", report("table"))],
  [T.exports.svg, svg],
  [T.exports.scenario, () => void saved("podfit.json", "application/json", scenario())],
  [T.exports.print, () => window.print()],
];

/** A disclosure: plain buttons, no menu keys to learn. */
export function ExportMenu() {
  const run = (event: Event, action: () => void) => {
    (event.currentTarget as Element).closest("details")!.open = false;
    action();
  };
  return (
    <details class="menu" onKeyDown={(e) => e.key === "Escape" && ((e.currentTarget.open = false), e.stopPropagation())}>
      <summary class="button">{T.exports.button}</summary>
      <div class="menu-items">
        {ITEMS.map(([label, action]) => (
          <button key={label} onClick={(e) => run(e, action)}>
            {label}
          </button>
        ))}
      </div>
    </details>
  );
}
