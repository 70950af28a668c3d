// A dump with faulty objects, opened without them on request: each is replaced by one that the engine ignores, so
// that the places of the others stay true.

import type { Fault } from "./protocol";

const PLACE = /^(.*?): items\[(\d+)\]/s;

/** Which object of which file a fault is about; null if it is about more than one object. */
export function objectOf(fault: Fault): { file: string; item: number } | null {
  const match = PLACE.exec(fault.place);
  return match ? { file: match[1]!, item: Number(match[2]) } : null;
}

const IGNORED = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "left-out" } };

export function withoutObjects<I extends { name: string; data: Uint8Array }>(inputs: I[], faults: Fault[]): I[] {
  return inputs.map((input) => {
    const items = faults.map(objectOf).filter((o) => o?.file === input.name).map((o) => o!.item);
    return items.length ? { ...input, data: replaced(input.data, items) } : input;
  });
}

/** Only JSON can be taken apart here; anything else is given back as it is, and its faults come again. */
function replaced(data: Uint8Array, items: number[]): Uint8Array {
  let whole: unknown;
  try {
    whole = JSON.parse(new TextDecoder().decode(data));
  } catch {
    return data;
  }
  const list = Array.isArray(whole) ? whole : (whole as { items?: unknown[] }).items;
  if (!Array.isArray(list)) return data;
  for (const item of items) if (item < list.length) list[item] = IGNORED;
  return new TextEncoder().encode(JSON.stringify(whole));
}
