// The story that is stepped through on the picture, and what the picture shows.

import { computed, signal } from "@preact/signals";
import type { SequenceReport } from "podfit";
import { stepsOf, type Step } from "../engine/steps";
import type { Answer, Cluster } from "../engine/protocol";
import { asked } from "./asked";
import type { Plot } from "./plots";
import { sameLoss, type Origin, type Plan } from "./scenario";
import { answer, change, cluster, origin, plan, shown, tab } from "./store";

/** The story that was chosen, and what it belongs to: another plan or another input ends it. */
const chosen = signal<{ plot: Plot; of: Plan; from: Origin | null } | null>(null);
/** The step that is shown: 0 is before anything happens. */
const position = signal(1);

export const story = computed<Plot | null>(() => {
  const now = chosen.value;
  return now && now.of === plan.value && now.from === origin.value ? now.plot : null;
});

export const told = asked<SequenceReport>(() => story.value?.request ?? null);

/** All steps; empty until they are known. */
export const steps = computed<Step[]>(() => {
  const { report, isAsking } = told.value;
  const of = cluster.value;
  return story.value && report && of && !isAsking ? stepsOf(report, of) : [];
});

/** The step that is shown, and its number. */
export const at = computed(() => Math.min(position.value, Math.max(0, steps.value.length - 1)));
export const step = computed<Step | null>(() => steps.value[at.value] ?? null);

/** The first step of a cause is the what-if that is asked anyway: with fixes, proof and times. */
const isLive = computed(() => step.value === null || (story.value?.fail != null && at.value === 1));

export interface Scene {
  cluster: Cluster;
  answer: Answer | null;
  /** A step of a story; null: the question as it is asked. */
  step: Step | null;
}

/** What picture, lists and verdict show; only while something is open. */
export const scene = computed<Scene>(() => {
  const now = step.value;
  if (!now || isLive.value || tab.value !== "picture") return { cluster: cluster.value!, answer: answer.value, step: null };
  return { cluster: now.cluster, answer: now.answer, step: now };
});

export function begin(plot: Plot): void {
  shown.value = null;
  tab.value = "picture";
  const next = plot.fail ? { fail: plot.fail, mode: plot.mode } : { fail: [] };
  if (!sameLoss(plan.value, { ...plan.value, ...next })) change(next);
  chosen.value = { plot, of: plan.value, from: origin.value };
  position.value = 1;
}

export function end(): void {
  chosen.value = null;
}

export function goTo(index: number): void {
  if (!steps.value.length) return;
  shown.value = null;
  position.value = Math.max(0, Math.min(index, steps.value.length - 1));
}
