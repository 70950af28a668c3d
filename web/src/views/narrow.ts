import { signal } from "@preact/signals";

const phone = matchMedia("(max-width: 560px)");
const narrow = signal(phone.matches);
phone.addEventListener("change", () => (narrow.value = phone.matches));

/** Whether there is the room of a phone only. */
export const isNarrow = (): boolean => narrow.value;
