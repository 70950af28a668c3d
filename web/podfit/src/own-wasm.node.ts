import { readFile } from "node:fs/promises";

/** The WebAssembly file that lies beside us: Node fetches no files. */
export async function ownWasm(): Promise<BufferSource> {
  return new Uint8Array(await readFile(new URL("../wasm/podfit_bg.wasm", import.meta.url)));
}
