// How many cases a test looks at: `few` in an ordinary run, in a soak (PODFIT_SOAK: seconds for each such test) until
// the time is up or there were `full`. Cases begin at PODFIT_SEED; PODFIT_SOAK_LOG gets a line with the count.
import { appendFileSync } from "node:fs";

const { PODFIT_SOAK, PODFIT_SEED, PODFIT_SOAK_LOG } = process.env;

/** Seeds of the cases; `name` is what the line calls them. */
export function* soak(name, few, full) {
  const first = Number(PODFIT_SEED ?? 0);
  const end = performance.now() + 1000 * Number(PODFIT_SOAK ?? 0);
  let done = 0;
  let failed = `, FAILED with PODFIT_SEED=`;
  try {
    while (done < few || (done < full && performance.now() < end)) yield first + done++;
    failed = "";
  } finally {
    const line = `${name}: ${done} of ${full} cases${failed && failed + (first + done - 1)}\n`;
    if (PODFIT_SOAK_LOG) appendFileSync(PODFIT_SOAK_LOG, line);
    else if (PODFIT_SOAK) process.stderr.write(line);
  }
}
