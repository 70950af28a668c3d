// What a reload keeps, what Start over can take back, and what the page says of itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { dump, openFile, openSample, proved, setUp, verdict, visit } from "./harness.mjs";

const at = setUp();

const kept = (page) => page.waitForFunction(() => sessionStorage.getItem("podfit.tab") !== null);

test("a reload brings back a sample and a dump, with what failed and was changed, and without secrets", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await proved(page);
  await page.getByRole("button", { name: /Apply: add 1 GPU card/ }).click();
  await verdict(page, "Does not fit");
  await kept(page);
  await page.reload();
  await page.getByText("Without host A:").waitFor();
  await page.locator(".chip", { hasText: "1 GPU card (T4) more" }).waitFor();
  await page.locator(".opened", { hasText: "Two-node edge device" }).waitFor();
  const list = JSON.parse(dump(3, 30));
  list.items.forEach((item) => (item.metadata.annotations = { note: "hunter2" }));
  await openFile(page, "dump.json", JSON.stringify(list));
  await verdict(page, "30 pods on 3 nodes");
  await page.getByRole("button", { name: "Fail node-0" }).click();
  const before = await verdict(page, /Survives|Does not fit/);
  await kept(page);
  await page.reload();
  assert.equal(await verdict(page, /Survives|Does not fit/), before);
  assert.match(await page.locator(".opened").innerText(), /^dump\.json$/);
  await kept(page);
  const { scenario } = JSON.parse(await page.evaluate(() => sessionStorage.getItem("podfit.tab")));
  const text = inflateRawSync(Buffer.from(scenario.slice("#s=".length), "base64url")).toString();
  assert.match(text, /pod-7/);
  assert.doesNotMatch(text, /hunter2/);
  await done();
});

test("where the tab keeps nothing, the page says that a reload loses it", async () => {
  const context = await at.context();
  await context.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  const { page, done } = await visit(at, { context });
  await openFile(page, "dump.json", dump(2, 10));
  await page.getByText("a reload loses it").waitFor();
  await done();
  await context.close();
});

test("Start over can be taken back", async () => {
  const { page, done } = await visit(at);
  await openFile(page, "dump.json", dump(3, 30));
  await page.getByRole("button", { name: "Fail node-0" }).click();
  const before = await verdict(page, /Survives|Does not fit/);
  await page.getByRole("button", { name: "Start over" }).click();
  await page.getByRole("button", { name: "Go back to dump.json" }).click();
  assert.equal(await verdict(page, /Survives|Does not fit/), before);
  await done();
});

test("help tells every verdict, every fate of a pod, how nodes fail, and the words of the page", async () => {
  const { page, done } = await visit(at);
  await page.getByRole("button", { name: "Help" }).click();
  const words = await page.getByRole("dialog").innerText();
  for (const word of ["Survives if placed well", "‖ stuck", "† lost", "– gone", "not ready", "drained", "proved", "seeds", "other pods may move"]) assert.ok(words.includes(word), word);
  await done();
});

test("the matrix has a key of its symbols, and names of workloads are not cut before their end", async () => {
  const { page, done } = await visit(at);
  await openFile(page, "dump.json", dump(3, 30));
  await page.getByRole("tab", { name: "N-1 matrix" }).click();
  await page.getByText(/3 of 3 asked: 3 × (survives|does not fit)/).waitFor();
  assert.match(await page.getByRole("list", { name: "What the symbols mean" }).innerText(), /✗\s+pending[\s\S]*‖\s+stuck/);
  await page.getByRole("button", { name: "Start over" }).click();
  await openSample(page, "Two-node edge device");
  await page.getByRole("tab", { name: "N-1 matrix" }).click();
  await page.getByText("5 of 5 asked").waitFor();
  const cut = await page.locator(".tilted span").evaluateAll((all) => all.filter((e) => e.scrollHeight > e.clientHeight).map((e) => e.textContent));
  assert.deepEqual(cut, []);
  await done();
});

test("by keyboard a sample is opened and the focus is at the answer; on a phone the first node is soon in sight", async () => {
  const context = await at.context({ viewport: { width: 390, height: 844 } });
  const { page, done } = await visit(at, { context });
  await page.getByRole("button", { name: "Two-node edge device" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("main:focus .question").waitFor();
  await page.getByRole("button", { name: "Fail host A" }).click();
  await proved(page);
  const { y } = await page.locator(".node").first().boundingBox();
  assert.ok(y < 500, `the first node is at ${y} px`);
  await page.locator(".how summary").click();
  await page.getByRole("combobox", { name: "A failed node is" }).selectOption("deleted");
  await page.locator(".how summary", { hasText: "deleted" }).waitFor();
  await done();
  await context.close();
});

test("on a phone nothing reaches over the side: start, faults, picture, matrix, steps, timeline, control plane, network", async () => {
  const context = await at.context({ viewport: { width: 390, height: 844 } });
  const { page, done } = await visit(at, { context });
  const over = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.equal(await over(), 0, "start");
  await openFile(page, "broken.json", dump(2, 6).replace('"cpu":"', '"cpu":"x'));
  await page.locator(".problems").waitFor();
  assert.equal(await over(), 0, "faults");
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await proved(page);
  assert.equal(await over(), 0, "picture");
  await page.getByRole("tab", { name: "N-1 matrix" }).click();
  assert.equal(await over(), 0, "matrix");
  await page.getByRole("button", { name: "Start over" }).click();
  await openSample(page, "Edge device and its network");
  await page.getByRole("combobox", { name: "Step through" }).selectOption({ label: "Update of the device, node after node" });
  await page.locator(".walk").waitFor();
  assert.equal(await over(), 0, "steps");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await page.locator(".t-row").last().click();
  for (const summary of await page.locator(".arithmetic summary").all()) await summary.click();
  assert.equal(await over(), 0, "timeline");
  await page.getByRole("tab", { name: "Control plane" }).click();
  await page.getByText("What works").waitFor();
  assert.equal(await over(), 0, "control plane");
  await page.getByRole("tab", { name: "Network" }).click();
  await page.getByText("What the loss does").first().waitFor();
  assert.equal(await over(), 0, "network");
  await done();
  await context.close();
});
