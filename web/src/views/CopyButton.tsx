import { useState } from "preact/hooks";
import { T } from "../text";

export function CopyButton({ text, label = T.start.copy, primary }: { text: string; label?: string; primary?: boolean }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button class={primary ? "primary" : ""} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? `✓ ${T.start.copied}` : label}</span>
    </button>
  );
}
