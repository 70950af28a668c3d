// Dark or light: what the system says, unless the person says otherwise.

import { signal } from "@preact/signals";

type Theme = "dark" | "light";
const KEY = "podfit-theme";

const dark = matchMedia("(prefers-color-scheme: dark)");

function kept(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "dark" || value === "light" ? value : null;
  } catch {
    return null; // storage may be forbidden
  }
}

/** Changes whenever colours do: the canvas draws with them. */
export const theme = signal<Theme>(kept() ?? (dark.matches ? "dark" : "light"));

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value;
  dark.addEventListener("change", () => {
    if (!kept()) set(dark.matches ? "dark" : "light");
  });
}

function set(value: Theme): void {
  theme.value = value;
  document.documentElement.dataset.theme = value;
}

export function switchTheme(): void {
  set(theme.value === "dark" ? "light" : "dark");
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // It holds until the page is closed.
  }
}
