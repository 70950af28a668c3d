// The WebAssembly files beside us, in Node, which fetches no files.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** The functions that first answers run. */
export const FIRST = new URL("../wasm/podfit_bg.wasm", import.meta.url);
/** The others. */
export const REST = new URL("../wasm/podfit_rest.wasm", import.meta.url);

/** What is there. */
export async function compile(url: URL): Promise<WebAssembly.Module> {
  return WebAssembly.compile(new Uint8Array(await readFile(url)));
}

/** What is there, while everything else waits. */
export function compileNow(url: URL): WebAssembly.Module {
  return new WebAssembly.Module(new Uint8Array(readFileSync(url)));
}
