import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { T } from "../../text";
import { FormDialog } from "./Form";
import { HelpDialog } from "./Help";
import { PasteDialog } from "./Paste";
import { ShareDialog } from "./Share";

/** The dialog that is open; there is one at a time. */
export const dialog = signal<"share" | "paste" | "form" | "help" | null>(null);

export const closeDialog = () => (dialog.value = null);

export function Dialogs() {
  switch (dialog.value) {
    case "share":
      return <ShareDialog />;
    case "paste":
      return <PasteDialog />;
    case "form":
      return <FormDialog />;
    case "help":
      return <HelpDialog />;
    default:
      return null;
  }
}

/** The browser's own modal dialog: it keeps the focus and closes with Escape. */
export function Modal({ title, wide, children }: { title: string; wide?: boolean; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    element.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog ref={element} class={wide ? "wide" : ""} aria-labelledby="dialog-title" onClose={closeDialog}>
      <div class="dialog-head">
        <h2 id="dialog-title">{title}</h2>
        <button class="quiet" aria-label={T.share.close} onClick={closeDialog}>
          ×
        </button>
      </div>
      {children}
    </dialog>
  );
}
