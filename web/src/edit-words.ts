// Edits in words, from nothing but what they carry: an edit may come in a link, or have other names by now.

import type { Applied, Edit } from "./engine/protocol";
import { amount, resourceName, short } from "./format";
import { type EditWords, T } from "./text";

const NAMES_MAX = 3;

/** Which change was applied, and for which pods where it does not name them itself. */
export function appliedWords({ edits, pods }: Applied): string {
  const what = edits.map(words).join("; ");
  return pods.length && !edits.some((e) => "pods" in e) ? T.editFor(list(pods), what) : what;
}

function words(edit: Edit): string {
  const shown: EditWords = Object.fromEntries(Object.entries(edit).map(([field, value]) => [field, fieldWords(field, value)]));
  return Object.hasOwn(T.edits, edit.op) ? T.edits[edit.op](shown) : short(edit.op, 60);
}

function list(names: unknown[]): string {
  const shown = names.slice(0, NAMES_MAX).map((name) => short(String(name), 60)).join(", ");
  return names.length > NAMES_MAX ? T.moreNames(shown, names.length - NAMES_MAX) : shown;
}

function fieldWords(field: string, value: unknown): string {
  if (Array.isArray(value)) return list(value);
  if (typeof value !== "object" || value === null) return short(String(value), 60);
  const one = ([what, n]: [string, unknown]) =>
    field === "cards" ? `${T.cards(Number(n))} (${short(what, 40)})` : `${quantity(what, String(n))} ${resourceName(short(what, 60))}`;
  return Object.entries(value).slice(0, NAMES_MAX).map(one).join(", ");
}

/** Fixes tell whole numbers: thousandths of a core, bytes, pieces. Whatever else is there is shown as it is. */
function quantity(resource: string, text: string): string {
  const match = /^(\d+)(m?)$/.exec(text);
  if (!match || (match[2] && resource !== "cpu")) return short(text, 40);
  return amount(resource, Number(match[1]) * (resource === "cpu" && !match[2] ? 1000 : 1));
}
