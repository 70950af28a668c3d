import { answer, cluster, exportReport, fail, origin, plan, resource } from "../state/store";
import { packed } from "../state/link";
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

async function report(format: "json" | "csv" | "table"): Promise<void> {
  try {
    const text = await exportReport(format);
    const [ending, type] = { json: ["json", "application/json"], csv: ["csv", "text/csv"], table: ["txt", "text/plain"] }[format] as [string, string];
    save(`${fileName()}.${ending}`, text, type);
  } catch (error) {
    fail([{ code: "export", place: T.exports.button, cause: error instanceof Error ? error.message : String(error), fix: "" }]);
  }
}

async function scenario(): Promise<void> {
  save(`${fileName()}.podfit.json`, JSON.stringify(await packed(origin.value!, plan.value)), "application/json");
}

function svg(): void {
  save(`${fileName()}.svg`, pictureSvg(cluster.value!, answer.value, resource.value), "image/svg+xml");
}

const ITEMS: [string, () => void][] = [
  [T.exports.json, () => void report("json")],
  [T.exports.csv, () => void report("csv")],
  [T.exports.text, () => void report("table")],
  [T.exports.svg, svg],
  [T.exports.scenario, () => void scenario()],
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
