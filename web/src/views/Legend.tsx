import { T } from "../text";

const ENTRIES = ["system", "daemon", "pod", "arrived", "gone", "stranded", "free"] as const;
const MARKS: Partial<Record<(typeof ENTRIES)[number], string>> = { arrived: "→", stranded: "✗", gone: "–" };

export function Legend() {
  return (
    <ul class="legend" aria-label={T.stage.legend}>
      {ENTRIES.map((key) => (
        <li key={key}>
          <span class={`swatch s-${key}`} aria-hidden="true">
            {MARKS[key]}
          </span>
          {T.stage[key]}
        </li>
      ))}
    </ul>
  );
}
