// Amounts as people read them. Reports count CPU in thousandths of a core, bytes, cards in thousandths, pieces.

import type { Fault } from "podfit";
import { T } from "./text";

export const GPU = "podfit.dev/gpu-milli";

const precise = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const coarse = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** Three or four digits that matter. */
const number = { format: (n: number): string => (Math.abs(n) < 10 ? precise : Math.abs(n) < 1000 ? coarse : whole).format(n) };

/** Whether amounts of a resource are bytes. */
const isBytes = (resource: string): boolean => /^(memory|ephemeral-storage|hugepages-)/.test(resource);

export function amount(resource: string, value: number): string {
  if (resource === "cpu" || resource === GPU) return number.format(value / 1000);
  if (!isBytes(resource)) return number.format(value);
  for (const [unit, size] of [["Ti", 2 ** 40], ["Gi", 2 ** 30], ["Mi", 2 ** 20], ["Ki", 2 ** 10]] as const) {
    if (Math.abs(value) >= size) return number.format(value / size) + unit;
  }
  return number.format(value);
}

/** A quantity that Kubernetes reads, exact. */
export function quantity(resource: string, value: number): string {
  if (resource === "cpu") return value % 1000 ? `${value}m` : String(value / 1000);
  return String(value);
}

/** The name of a resource, short. */
export function resourceName(resource: string): string {
  return T.resources[resource] ?? resource.replace(/^.*\//, "");
}

export function percent(used: number, of: number): string {
  if (of <= 0) return used > 0 ? "∞" : "–";
  return `${Math.round((used / of) * 100)} %`;
}

export const count = (n: number): string => whole.format(n);

export function bytes(n: number): string {
  return n < 1024 ? `${n} B` : n < 1024 * 1024 ? `${number.format(n / 1024)} KB` : `${number.format(n / 1024 / 1024)} MB`;
}

export function duration(seconds: number): string {
  return seconds < 0.9995 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${number.format(seconds)} s`;
}

/** Names come from outside and may be of any length. */
export function short(name: string, max = 120): string {
  return name.length <= max ? name : `${name.slice(0, max - 1)}…`;
}

/** How many objects these faults are about; `more` where not all faults are listed. */
export function objectsOf(faults: Fault[]): { n: number; more: boolean } {
  const listed = faults.filter((f) => f.code !== "more-errors");
  return { n: new Set(listed.map((f) => f.object)).size, more: listed.length < faults.length };
}

/** The pod's name without its namespace. */
export const bare = (name: string): string => name.slice(name.indexOf("/") + 1);
