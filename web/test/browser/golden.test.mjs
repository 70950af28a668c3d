// The golden cases in Chromium: the npm package as it is published, HiGHS included, gives the tables that the command
// gives, and byte for byte the reports that Node gives (which its own tests compare with the command's).

import assert from "node:assert/strict";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { loadHighs } from "../../podfit/dist/highs.js";
import { load } from "../../podfit/dist/index.js";
import { cases } from "../../podfit/test/helpers/cases.js";
import { ARGS, CHROMIUM } from "./harness.mjs";

const folder = fileURLToPath(new URL("../../podfit", import.meta.url));
const highs = existsSync(`${folder}/node_modules/highs`) ? folder : fileURLToPath(new URL("../..", import.meta.url));
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };
const PAGE = `<!doctype html><script type="importmap">{"imports":{
  "#own-wasm": "/dist/own-wasm.js", "highs": "/node_modules/highs/build/highs.mjs"}}</script>
<script type="module">
  import { load } from "/dist/index.js";
  import { loadHighs } from "/dist/highs.js";
  const [podfit, lp] = await Promise.all([load(), loadHighs()]);
  globalThis.answer = ({ text, request }, render) => {
    const snapshot = podfit.open([{ name: "case", data: text }]);
    const answered = snapshot.answerText(request, { lp }, render);
    snapshot.free();
    return answered;
  };
</script>`;

const timeless = (json) => json.replace(/^ {2}"seconds": .*$/m, "");
const at = {};

before(async () => {
  at.server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    response.setHeader("content-type", TYPES[extname(path)] ?? "text/html");
    if (path === "/") return response.end(PAGE);
    const file = (path.startsWith("/node_modules/") ? highs : folder) + path;
    if (!existsSync(file)) return response.writeHead(404).end();
    createReadStream(file).pipe(response);
  });
  await new Promise((ok) => at.server.listen(0, "127.0.0.1", ok));
  at.browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
  at.page = await at.browser.newPage();
  await at.page.goto(`http://127.0.0.1:${at.server.address().port}/`);
  await at.page.waitForFunction(() => globalThis.answer);
  at.podfit = await load();
  at.lp = await loadHighs();
});

after(async () => {
  await at.browser?.close();
  at.server?.close();
});

test("every golden case: the command's table, and Node's bytes", async () => {
  assert.ok(cases.length > 50, `${cases.length} cases`);
  for (const one of cases) {
    const answer = (render) => at.page.evaluate(([one, render]) => globalThis.answer(one, render), [one, render]);
    assert.equal(await answer({ format: "table", width: 90 }), one.table, one.name);
    const there = at.podfit.open([{ name: "case", data: one.text }]).answerText(one.request, { lp: at.lp });
    assert.equal(timeless(await answer({ format: "json" })), timeless(there), one.name);
  }
});
