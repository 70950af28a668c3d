// What comes in: files dropped or chosen, pasted text, a link.

import type { Source } from "../engine/protocol";
import { T } from "../text";
import type { FormState } from "./form";
import { fromFragment, isScenarioLink, scenarioFile, type Packed } from "./link";
import { sample } from "./samples";
import { EMPTY, type Plan } from "./scenario";
import { fail, open } from "./store";

/** Larger files are inputs, not saved scenarios: those carry their input as text. */
const SCENARIO_MAX = 64 * 1024 * 1024;

export async function openSources(sources: Source[]): Promise<void> {
  const [only] = sources;
  if (!only) return;
  if (sources.length === 1 && only.blob.size <= SCENARIO_MAX) {
    const head = await only.blob.slice(0, 200).text();
    if (head.includes('"scenario/v1"')) return openSaved(() => only.blob.text().then((t) => scenarioFile(t)!));
  }
  await open({ sources, sample: null, form: null });
}

/** Copied into memory: a file may change or go while its cluster is open, and the other workers read it later. */
export async function openFiles(files: Iterable<File>): Promise<void> {
  const read = async (file: File) => ({ name: file.name, blob: new Blob([await file.arrayBuffer()]) });
  try {
    await openSources(await Promise.all(Array.from(files, read)));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    fail([{ code: "unreadable", place: [...files].map((f) => f.name).join(", "), cause, fix: T.errors.unreadableFix }]);
  }
}

export const openText = (text: string, name = "pasted"): Promise<void> => openSources([{ name, blob: new Blob([text]) }]);

export async function openFromLocation(): Promise<void> {
  const { hash } = location;
  if (isScenarioLink(hash)) await openSaved(() => fromFragment(hash));
}

async function openSaved(read: () => Promise<Packed>): Promise<void> {
  let saved: Packed;
  try {
    saved = await read();
  } catch (error) {
    const cause = error instanceof Error && error.message === "too large" ? T.link.tooLarge : T.link.brokenCause;
    return fail([{ code: "link-broken", place: T.link.broken, cause, fix: T.link.brokenFix }]);
  }
  await openPacked(saved);
}

export async function openPacked(saved: Packed, form: FormState | null = null): Promise<void> {
  const plan: Plan = { ...EMPTY, ...saved.plan };
  if (saved.sample) return openSample(saved.sample, plan);
  const sources = (saved.sources ?? []).map((s) => ({ name: s.name, blob: new Blob([s.text]) }));
  await open({ sources, sample: null, form }, plan, saved.leaveOut);
}

export async function openSample(key: string, plan: Plan = EMPTY): Promise<void> {
  try {
    await open(await sample(key), plan);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    fail([{ code: "sample", place: key, cause, fix: T.link.brokenFix }]);
  }
}
