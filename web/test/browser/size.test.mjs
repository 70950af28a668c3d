// Small is quick, large is usable. Times are told, not judged: what a machine does besides is not known here.
// `npm run figures` prints them.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { dump, openFile, proved, setUp, visit } from "./harness.mjs";

const at = setUp();
const assets = new URL("../../dist/assets/", import.meta.url);
const gzipped = (pattern) =>
  readdirSync(assets)
    .filter((name) => pattern.test(name))
    .reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, assets))).length, 0);

const watchTasks = (page) =>
  page.evaluate(() => {
    globalThis.tasks = [];
    new PerformanceObserver((list) => list.getEntries().forEach((e) => globalThis.tasks.push(Math.round(e.duration)))).observe({ type: "longtask" });
  });

/**
 * Milliseconds from a click to the frame that shows its verdict, and what the engine says it took. textContent: asking
 * for innerText would lay the page out in the middle of the measurement.
 */
const timeClick = (page, selector) =>
  page.evaluate(async (selector) => {
    const told = () => /Survives|Does not fit|Unknown/.test(document.querySelector(".verdict h1")?.textContent ?? "");
    const start = performance.now();
    document.querySelector(selector).click();
    await new Promise((ok) => {
      const observer = new MutationObserver(() => told() && (observer.disconnect(), ok()));
      observer.observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true });
    });
    await new Promise((ok) => requestAnimationFrame(() => setTimeout(ok)));
    const paint = performance.now() - start;
    const took = document.querySelector(".dial p").textContent.match(/in ([\d.]+) (ms|s)/);
    return { paint, compute: Number(took[1]) * (took[2] === "s" ? 1000 : 1) };
  }, selector);

test("bytes: script under 60 KB gzipped", (t) => {
  const script = gzipped(/^index-.*\.js$/) + gzipped(/^worker-.*\.js$/);
  // xtask holds both files of the engine to their own limits.
  const [first, rest] = [gzipped(/^podfit_bg.*\.wasm$/), gzipped(/^podfit_rest.*\.wasm$/)];
  t.diagnostic(`script ${script} bytes, engine ${first} bytes and the rest ${rest}, gzipped`);
  assert.ok(script < 60 * 1024, `script ${script}`);
});

test("two nodes and 100 pods: compute and paint", async (t) => {
  const times = [];
  // Each in a fresh page; neighbours on the machine can only add, so the best counts.
  for (let round = 0; round < 5; round++) {
    const { page, done } = await visit(at);
    const interactive = await page.evaluate(() => performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd);
    await openFile(page, "small.json", dump(2, 100));
    await page.locator(".question").waitFor();
    // Nobody clicks before seeing the nodes: drawing them is no part of the answer.
    await page.evaluate(() => new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(ok))));
    times.push({ interactive, ...(await timeClick(page, ".node button")) });
    await done();
  }
  const best = (what) => Math.round(Math.min(...times.map((x) => x[what])));
  t.diagnostic(`interactive after ${best("interactive")} ms, compute ${best("compute")} ms, painted after ${best("paint")} ms`);
});

test("500 nodes and 10,000 pods: a picture, tables and a matrix that hold what is in sight", async (t) => {
  const { page, done } = await visit(at);
  await watchTasks(page);
  const text = dump(500, 10_000);
  const start = performance.now();
  // From a folder: the test's own copying of 4 MB into the page would be a long task.
  const folder = mkdtempSync(join(tmpdir(), "podfit-"));
  writeFileSync(join(folder, "large.json"), text);
  await page.locator("input[type=file]").first().setInputFiles(join(folder, "large.json"));
  await page.locator(".question").waitFor();
  rmSync(folder, { recursive: true });
  t.diagnostic(`opened ${Math.round(text.length / 1e6)} MB after ${Math.round(performance.now() - start)} ms`);
  const click = await page.evaluate(() => {
    const canvas = document.querySelector("canvas");
    canvas.id = "stage";
    return canvas.clientWidth > 0;
  });
  assert.ok(click, "the picture is drawn");
  await page.locator("#find").fill("node-");
  const { paint, compute } = await timeFill(page, "node-77");
  t.diagnostic(`verdict of one node: compute ${compute} ms, painted after ${Math.round(paint)} ms`);
  await proved(page);
  await page.locator("summary", { hasText: "Pods, as a table" }).click();
  assert.ok((await page.locator(".tables tbody tr").count()) < 100, "tables hold what is in sight");
  await page.getByRole("tab", { name: "N-1 matrix" }).click();
  await page.getByRole("button", { name: "Ask for each node" }).click();
  await page.getByText(/\b([2-9]\d|\d{3}) of 500 asked/).waitFor();
  await page.getByRole("checkbox", { name: "All workloads" }).check();
  assert.ok((await page.locator(".sheet tbody tr").count()) < 60);
  const sheet = page.locator(".sheet");
  await sheet.evaluate((e) => (e.scrollTop = 9000));
  await page.locator('.sheet [data-row="310"]').waitFor();
  // By now all may have been asked.
  const stop = page.getByRole("button", { name: "Stop", exact: true });
  await stop.or(page.getByRole("button", { name: "Ask again" })).click();
  const tasks = await page.evaluate(() => globalThis.tasks);
  t.diagnostic(`long tasks: ${tasks.join(", ") || "none"} ms`);
  await done();
});

async function timeFill(page, name) {
  await page.evaluate((name) => {
    globalThis.fill = () => {
      const input = document.querySelector("#find");
      input.value = name;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
  }, name);
  await page.evaluate(() => {
    const button = document.createElement("button");
    button.id = "go";
    button.onclick = () => globalThis.fill();
    document.body.append(button);
  });
  return timeClick(page, "#go");
}
