import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";

/** What fits an upright sheet of A4 or Letter, in CSS pixels. */
const PAPER_WIDTH = 680;

/** The width that an element has, also on paper. */
export function useWidth<E extends HTMLElement>(): { ref: RefObject<E | null>; width: number } {
  const ref = useRef<E>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current!;
    const measure = () => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const paper = () => setWidth(Math.min(element.clientWidth, PAPER_WIDTH));
    window.addEventListener("beforeprint", paper);
    window.addEventListener("afterprint", measure);
    return () => {
      observer.disconnect();
      window.removeEventListener("beforeprint", paper);
      window.removeEventListener("afterprint", measure);
    };
  }, []);
  return { ref, width };
}
