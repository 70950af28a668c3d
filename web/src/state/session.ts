// The scenario, kept for the tab: a reload brings it back. As a link, it holds only what podfit reads of the input.

import { computed, effect, signal } from "@preact/signals";
import type { FormState } from "./form";
import { openPacked } from "./incoming";
import { fromFragment, parsePlan, toFragment } from "./link";
import { outgoing } from "./outgoing";
import { EMPTY, type Origin } from "./scenario";
import { cluster, origin, plan } from "./store";

const KEY = "podfit.tab";
const PLAN = "podfit.plan";
/** Browsers give a tab about five million characters. */
const KEPT_MAX = 4_500_000;
/** Larger inputs are not worth the work of packing them at each opening. */
const INPUT_BYTES_MAX = 50_000_000;

/** Whether a reload brings back what is open; null while that is being seen to. */
export const survivesReload = signal<boolean | null>(null);

interface Kept {
  /** The link that was open; another one in the address goes first. */
  hash: string;
  scenario: string;
  form: FormState | null;
}

/** From here on what is open is kept. */
export function keepForReload(): void {
  const isOpen = computed(() => cluster.value !== null);
  effect(() => {
    const from = origin.value;
    survivesReload.value = null;
    forget();
    if (!from || !isOpen.value) return;
    const gone = () => origin.peek() !== from;
    void keepInput(from, gone).then((kept) => gone() || (survivesReload.value = kept));
  });
  effect(() => {
    store(PLAN, JSON.stringify(plan.value));
  });
}

async function keepInput(from: Origin, gone: () => boolean): Promise<boolean> {
  if (from.sources.reduce((sum, s) => sum + s.blob.size, 0) > INPUT_BYTES_MAX) return false;
  try {
    // It stays in this browser: addresses are kept.
    const { scenario } = await outgoing(from, EMPTY, { addresses: true });
    const kept: Kept = { hash: location.hash, scenario: await toFragment(scenario), form: from.form };
    if (gone() || kept.scenario.length > KEPT_MAX) return false;
    return store(KEY, JSON.stringify(kept)) && store(PLAN, JSON.stringify(plan.peek()));
  } catch (error) {
    console.info("not kept for a reload:", error);
    return false;
  }
}

/** Storage may be full or forbidden. */
function store(key: string, text: string): boolean {
  try {
    sessionStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Where nothing may be stored, nothing was.
  }
}

/** Opens what the tab held before a reload; false if there is nothing. */
export async function restore(): Promise<boolean> {
  try {
    const text = sessionStorage.getItem(KEY);
    if (!text) return false;
    const { hash, scenario, form } = JSON.parse(text) as Kept;
    if (hash !== location.hash) return false;
    const planText = sessionStorage.getItem(PLAN) ?? "null";
    const saved = await fromFragment(scenario);
    await openPacked({ ...saved, plan: parsePlan(JSON.parse(planText)) }, form);
    return true;
  } catch (error) {
    console.info("nothing to bring back:", error);
    return false;
  }
}
