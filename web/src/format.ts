// Amounts as people read them. Reports count CPU in thousandths of a core, bytes, cards in thousandths, pieces.

import type { Fault, Span } from "podfit";
import { T } from "./text";

export const GPU = "podfit.dev/gpu-milli";

const precise = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const coarse = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** Three or four digits that matter. */
const number = { format: (n: number): string => (Math.abs(n) < 10 ? precise : Math.abs(n) < 1000 ? coarse : whole).format(n) };

/** Whether amounts of a resource are bytes. */
const isBytes = (resource: string): boolean => resource === "memory" || resource === "ephemeral-storage" || resource.startsWith("hugepages-");

/** As reports and tables of podfit write it (`rules/amount.rs`): bytes are cut to a tenth of a unit, the rest is exact. */
export function amount(resource: string, value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? "-" : "";
  if (resource === "cpu" && size < 1000) return size ? `${sign}${size}m` : "0";
  if (resource === "cpu" || resource === GPU) return sign + String(size / 1000);
  const unit = isBytes(resource) ? UNITS.findIndex(([, bytes]) => size >= bytes) : -1;
  if (unit < 0) return String(value);
  const [name, bytes] = UNITS[unit]!;
  return `${sign}${Math.floor((size / bytes) * 10) / 10}${name}`;
}

const UNITS = [["Ei", 2 ** 60], ["Pi", 2 ** 50], ["Ti", 2 ** 40], ["Gi", 2 ** 30], ["Mi", 2 ** 20], ["Ki", 2 ** 10]] as const;

/** The name of a resource, short. */
export function resourceName(resource: string): string {
  return T.resources[resource] ?? resource.replace(/^.*\//, "");
}

/** Cut, never rounded up: full is full. */
export function percent(used: number, of: number): string {
  if (of <= 0) return used > 0 ? "∞" : "–";
  return `${Math.floor((used * 100) / of)} %`;
}

export function bytes(n: number): string {
  return n < 1024 ? `${n} B` : n < 1024 * 1024 ? `${number.format(n / 1024)} KB` : `${number.format(n / 1024 / 1024)} MB`;
}

export function duration(seconds: number): string {
  return seconds < 0.9995 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${number.format(seconds)} s`;
}

const CLOCK = [["d", 86_400], ["h", 3600], ["min", 60]] as const;

/** A time as reports write it: all units that are not 0, seconds to the thousandth. */
export function time(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.round(seconds * 1000);
  for (const [name, size] of CLOCK) {
    if (rest >= size * 1000) parts.push(`${Math.floor(rest / size / 1000)} ${name}`);
    rest %= size * 1000;
  }
  return rest || !parts.length ? [...parts, `${rest / 1000} s`].join(" ") : parts.join(" ");
}

/** An interval to the millisecond, as arithmetic needs it. */
export function exactly({ min, max }: Span): string {
  if (max == null) return T.span.open(time(min));
  return max === min ? time(min) : T.span.between(time(min), time(max));
}

/** An interval in whole seconds around it. */
export const around = ({ min, max }: Span): string => exactly({ min: Math.floor(min), max: max == null ? null : Math.ceil(max) });

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
