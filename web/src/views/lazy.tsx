import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fail } from "../state/store";
import { T } from "../text";

/** A part that is fetched when it is first shown: what answers at once does not wait for it. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => JSX.Element {
  let Loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [, setLoaded] = useState(Loaded !== null);
    useEffect(() => {
      if (Loaded) return;
      load().then(
        (component) => {
          Loaded = component;
          setLoaded(true);
        },
        (error: unknown) => fail([{ code: "load", place: T.name, cause: error instanceof Error ? error.message : String(error), fix: T.errors.reloadFix }]),
      );
    }, []);
    return Loaded ? <Loaded {...props} /> : <p class="muted">{T.working}</p>;
  };
}
