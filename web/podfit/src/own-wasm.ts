// The WebAssembly files beside us, in a browser: fetched.

/** The functions that first answers run. */
export const FIRST = new URL("../wasm/podfit_bg.wasm", import.meta.url);
/** The others. */
export const REST = new URL("../wasm/podfit_rest.wasm", import.meta.url);

/** What is there. */
export async function compile(url: URL): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href}: ${response.status}`);
  // A host may not know the type.
  const typed = response.headers.get("content-type")?.startsWith("application/wasm");
  return typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** What is there, while everything else waits. */
export function compileNow(url: URL): WebAssembly.Module {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  // Bytes as characters: a page, other than a worker, may not ask for a buffer here.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${url.href}: ${request.status}`);
  return new WebAssembly.Module(Uint8Array.from(request.responseText, (c) => c.charCodeAt(0) & 0xff));
}
