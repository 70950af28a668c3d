/** Where the WebAssembly file is that lies beside us: fetched by the browser. */
export async function ownWasm(): Promise<URL> {
  return new URL("../wasm/podfit_bg.wasm", import.meta.url);
}
