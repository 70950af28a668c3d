// Keys that work anywhere on the page, where nothing is being typed.

import { answer, canRedo, canUndo, change, cluster, plan, redo, shown, undo } from "../state/store";
import { toggleNode } from "../state/scenario";
import { at, end, goTo, story } from "../state/story";
import { dialog } from "./dialogs";

export function onKey(event: KeyboardEvent): void {
  if (!cluster.value || dialog.value || event.altKey) return;
  if ((event.target as Element).closest("input, textarea, select, dialog")) return;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === "z" && !event.shiftKey && canUndo.value) undo(), event.preventDefault();
    else if ((key === "y" || (key === "z" && event.shiftKey)) && canRedo.value) redo(), event.preventDefault();
    return;
  }
  const node = cluster.value.nodes[Number(key) - 1];
  const lost = answer.value?.failed.includes(Number(key) - 1) ?? false;
  if (/^[1-9]$/.test(key) && node) change({ fail: toggleNode(plan.value, cluster.value, Number(key) - 1, lost) });
  else if (story.value && (key === "arrowleft" || key === "arrowright") && !ownsArrows(event.target as Element)) {
    goTo(at.value + (key === "arrowright" ? 1 : -1));
    event.preventDefault();
  } else if (key === "/") document.getElementById("find")?.focus(), event.preventDefault();
  else if (key === "?") dialog.value = "help";
  else if (key === "escape") closeOpen();
}

/** Where the arrow keys have a meaning already. */
const ownsArrows = (on: Element): boolean => on.closest('[role="tablist"], [role="region"], .matrix') !== null;

/** Escape closes what is open, and changes nothing. */
function closeOpen(): void {
  if (!shown.value) end();
  shown.value = null;
  document.querySelectorAll<HTMLDetailsElement>("details.menu[open]").forEach((menu) => (menu.open = false));
}
