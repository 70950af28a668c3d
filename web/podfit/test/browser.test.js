// The golden cases and the prover in Chromium: byte by byte what Node answers, which is what the command prints.
import assert from "node:assert/strict";
import { execSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { load } from "../dist/index.js";
import { loadHighs } from "../dist/highs.js";
import { cases } from "./helpers/cases.js";
import { tight } from "./helpers/packing.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const executablePath = process.env.CHROMIUM || found(["chromium", "chromium-browser", "google-chrome"]);
const skip = executablePath ? false : "no Chromium (set CHROMIUM)";

/** The first of these commands that is there. */
function found(names) {
  try {
    return execSync(names.map((name) => `command -v ${name}`).join(" || "), { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

const PAGE = `<!doctype html><script type="importmap">{"imports": {
  "#own-wasm": "/dist/own-wasm.js", "highs": "/node_modules/highs/build/highs.mjs"
}}</script>`;
const TYPES = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };

/** The package's folder on loopback, as a static host would show it. */
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/") return response.setHeader("content-type", "text/html").end(PAGE);
  const body = await readFile(root + pathname).catch(() => null);
  response.statusCode = body ? 200 : 404;
  response.setHeader("content-type", TYPES[pathname.split(".").pop()] ?? "text/plain");
  response.end(body);
});

let browser;
let page;

before(async () => {
  if (skip) return;
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  // What has not come by then does not come.
  const timeout = 120_000;
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-background-networking"], timeout });
  page = await browser.newPage();
  page.setDefaultTimeout(timeout);
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
});

after(async () => {
  await browser?.close();
  server.close();
});

/** The answers to questions, in the page. */
function answered(questions) {
  return page.evaluate(async (questions) => {
    const { load } = await import("/dist/index.js");
    const { loadHighs } = await import("/dist/highs.js");
    const [podfit, lp] = await Promise.all([load(), loadHighs()]);
    return questions.map(({ text, request }) =>
      podfit.open([{ name: "case", data: text }]).answerText(request, { lp }),
    );
  }, questions);
}

const timeless = (json) => json.replace(/^ {2}"seconds": .*$/m, "");

test("the golden cases", { skip }, async () => {
  const [podfit, lp] = await Promise.all([load(), loadHighs()]);
  const there = await answered(cases.map(({ text, request }) => ({ text, request })));
  assert.equal(there.length, cases.length);
  for (const [i, { name, text, request }] of cases.entries()) {
    const here = podfit.open([{ name: "case", data: text }]).answerText(request, { lp });
    assert.equal(timeless(there[i]), timeless(here), name);
  }
});

test("HiGHS proves", { skip }, async () => {
  const request = { kind: "Place", predict: 0 };
  const [no, yes] = await answered([
    { text: tight(29, 2500, 5500), request },
    { text: tight(146, 2000, 4500), request },
  ]);
  assert.equal(JSON.parse(no).report.certificate, "solver-float");
  assert.equal(JSON.parse(yes).report.verdict, "fits-if-placed-well");
});
