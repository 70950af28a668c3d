// What goes out in a link or a file: what podfit reads of the input and the plan, if asked for with other names.

import { packed, type Packed } from "./link";
import type { Origin, Plan } from "./scenario";
import { redacted } from "./store";

export async function outgoing(origin: Origin, plan: Plan, rename = false): Promise<{ scenario: Packed; renamed: number }> {
  if (origin.sample && !rename) return { scenario: packed({ sample: origin.sample }, plan), renamed: 0 };
  const { files, fail, applied, renamed, leaveOut } = await redacted(origin.sources, plan, rename);
  const sources = { sources: files, ...(leaveOut ? { leaveOut } : {}) };
  return { scenario: packed(sources, { ...plan, fail, applied }), renamed };
}
