// What goes out in a link or a file: what podfit reads of the input and the plan, if asked for with other names, or with the
// addresses of the network.

import type { Ways } from "../engine/redact";
import { packed, type Packed } from "./link";
import type { Origin, Plan } from "./scenario";
import { redacted } from "./store";

export interface Outgoing {
  scenario: Packed;
  renamed: number;
  /** Whether addresses of a network are others in it. */
  substituted: boolean;
}

export async function outgoing(origin: Origin, plan: Plan, ways: Pick<Partial<Ways>, "rename" | "addresses"> = {}): Promise<Outgoing> {
  if (origin.sample && !ways.rename) return { scenario: packed({ sample: origin.sample }, plan), renamed: 0, substituted: false };
  const { files, fail, applied, parts, renamed, substituted, leaveOut } = await redacted(origin.sources, plan, ways);
  const sources = { sources: files, ...(leaveOut ? { leaveOut } : {}) };
  return { scenario: packed(sources, { ...plan, fail, applied, parts }), renamed, substituted };
}
