// The functions that first answers do not run are in a second file. It comes in the background; where one of them is
// called before that, it comes at once, while the call waits.
import { type InitOutput, setRest } from "../wasm/podfit.js";
import { compile, compileNow } from "#own-wasm";
import { CrashError } from "./errors.js";

/** Where WebAssembly is, or what it is. */
export type Wasm = URL | BufferSource | WebAssembly.Module;

export async function compiled(wasm: Wasm): Promise<WebAssembly.Module> {
  if (wasm instanceof WebAssembly.Module) return wasm;
  return wasm instanceof URL ? compile(wasm) : WebAssembly.compile(wasm);
}

function compiledNow(wasm: Wasm): WebAssembly.Module {
  if (wasm instanceof WebAssembly.Module) return wasm;
  return wasm instanceof URL ? compileNow(wasm) : new WebAssembly.Module(wasm);
}

/** Completes the running WebAssembly; the promise is kept when all of it is there. */
export function complete(first: InitOutput, rest: Wasm): Promise<void> {
  let isThere = false;
  const start = (module: WebAssembly.Module) => {
    // It puts its functions into the table of the first.
    if (!isThere) new WebAssembly.Instance(module, { first: first as unknown as WebAssembly.ModuleImports });
    isThere = true;
  };
  setRest({
    bring() {
      try {
        start(compiledNow(rest));
      } catch (error) {
        // The call that needs it is half done, and stays so.
        const cause = error instanceof Error ? error.message : String(error);
        throw new CrashError([{ code: "rest-missing", place: "podfit", cause, fix: "serve podfit_rest.wasm too" }]);
      }
    },
  });
  const done = compiled(rest).then(start);
  // Whoever waits for it hears of it, and so does the call that needs it.
  done.catch(() => {});
  return done;
}
