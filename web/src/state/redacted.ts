// A scenario with other names: its input is renamed in the worker, its plan after it.

import type { Edit } from "../engine/protocol";
import { packed, type Packed } from "./link";
import type { Origin, Plan } from "./scenario";
import { redacted } from "./store";

/** Fields of edits that hold names. */
const NAMES = new Set(["pod", "pods", "node", "to", "workload", "value"]);

export async function redactedScenario(origin: Origin, plan: Plan): Promise<{ scenario: Packed; renamed: number }> {
  const { files, names, renamed } = await redacted(origin.sources, mentioned(plan));
  const alias = (name: string) => names[name] ?? "unknown";
  const scenario = await packed({ sources: [], sample: null, form: null }, { ...plan, fail: plan.fail.map(alias), applied: [] });
  scenario.sources = files;
  if (plan.applied.length) {
    // The words of a fix hold names too.
    scenario.plan.applied = plan.applied.map((a, i) => ({ text: `change ${i + 1}`, edits: a.edits.map((e) => renameEdit(e, alias)) }));
  }
  return { scenario, renamed };
}

/** Every name that a plan mentions. */
function mentioned(plan: Plan): string[] {
  const found = new Set(plan.fail);
  for (const { edits } of plan.applied) edits.forEach((e) => renameEdit(e, (name) => (found.add(name), name)));
  return [...found];
}

function renameEdit(edit: Edit, alias: (name: string) => string): Edit {
  const rename = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return NAMES.has(key) ? alias(value) : value;
    if (Array.isArray(value)) return value.map((v) => rename(v, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, rename(v, k)]));
  };
  return rename(edit, "") as Edit;
}
