// The times of what fails: asked while the timeline is in sight.

import { computed, signal } from "@preact/signals";
import type { TimelineReport } from "podfit";
import { asked } from "./asked";
import { scene } from "./story";
import { cluster, isSmall, plan, tab } from "./store";

/** Opened or closed by hand; else open where the answer comes at once. */
const byHand = signal<boolean | null>(null);

export const isOpen = computed(() => byHand.value ?? (cluster.value !== null && isSmall(cluster.value)));

export const setOpen = (open: boolean): void => {
  if (open !== isOpen.peek()) byHand.value = open;
};

/** There is a loss to ask about, and the picture shows it. */
export const hasLoss = computed(() => cluster.value !== null && plan.value.fail.length > 0 && scene.value.step === null);

export const timeline = asked<TimelineReport>(() => {
  const { fail, mode } = plan.value;
  return isOpen.value && tab.value === "picture" && hasLoss.value ? { kind: "Timeline", fail, mode } : null;
});
