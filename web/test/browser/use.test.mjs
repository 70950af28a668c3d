// By keyboard alone, offline, for screen readers, and with names that mean harm.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { dump, openFile, openSample, proved, setUp, verdict, visit } from "./harness.mjs";

const at = setUp();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

test("by keyboard alone: sample, fail, undo, matrix, table", async () => {
  const { page, done } = await visit(at);
  const focus = async (name) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const text = await page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
      if (text.includes(name)) return;
    }
    assert.fail(`${name} is not reached with Tab`);
  };
  await focus("Two-node edge device");
  await page.keyboard.press("Enter");
  await page.locator(".question").waitFor();
  await focus("Fail worker-b");
  await page.keyboard.press("Enter");
  await verdict(page, "Does not fit");
  await page.keyboard.press("Control+z");
  await verdict(page, "19 pods on 3 nodes");
  await page.keyboard.press("3");
  await verdict(page, "Does not fit");
  await page.keyboard.press("/");
  await page.keyboard.type("worker-b");
  await verdict(page, "19 pods on 3 nodes");
  await page.locator("#tab-picture").focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText("5 of 5 asked").waitFor();
  await focus("Ask again");
  await page.keyboard.press("Enter");
  await page.getByText("5 of 5 asked").waitFor();
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.locator('[data-row="2"]:focus', { hasText: "master" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await verdict(page, "Does not fit");
  await done();
});

test("offline after the first visit", async () => {
  const context = await at.context({ serviceWorkers: "allow" });
  const { page, done } = await visit(at, { context });
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state !== "activated") await new Promise((ok) => active.addEventListener("statechange", () => active.state === "activated" && ok()));
  });
  await context.setOffline(true);
  await page.reload();
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await verdict(page, "Does not fit");
  await proved(page);
  await done();
  await context.close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing serious, ${colorScheme}`, async () => {
    const context = await at.context({ colorScheme, bypassCSP: true, reducedMotion: "reduce" });
    const { page } = await visit(at, { context });
    const check = async (state) => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      const serious = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
      assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.html} ${n.failureSummary}`).join(" | ")}`), [], state);
    };
    await check("start");
    await page.getByRole("button", { name: "Fill in a form…" }).click();
    await check("form");
    await page.keyboard.press("Escape");
    await openFile(page, "bad.yaml", "apiVersion: podfit/v1\nkind: Cluster\nnodes: 3\n");
    await page.locator(".problems").waitFor();
    await check("faults");
    await openSample(page, "Two-node edge device");
    await check("cluster");
    await page.getByRole("button", { name: "Fail host A" }).click();
    await proved(page);
    for (const summary of await page.locator("main summary").all()) await summary.click();
    await check("verdict");
    await page.locator(".block.stranded").first().click({ position: { x: 4, y: 4 } });
    await page.locator(".pod-box").waitFor();
    await check("pod");
    await page.getByRole("button", { name: "Help" }).click();
    await check("help");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("button", { name: "Copy link" }).waitFor();
    await check("share");
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: "N-1 matrix" }).click();
    await page.getByText("5 of 5 asked").waitFor();
    await check("matrix");
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByRole("button", { name: "Keep this as plan A" }).click();
    await page.getByRole("button", { name: "Restore host A" }).click();
    await page.getByText(/fare differently/).waitFor();
    await check("compare");
    await page.getByRole("button", { name: "Start over" }).click();
    await openSample(page, "Edge device and its network");
    await page.getByRole("combobox", { name: "Step through" }).selectOption({ label: "Node A: both power supplies" });
    await page.locator(".walk").waitFor();
    // It was closed with the other folds.
    await page.getByText("How long it takes").click();
    await page.locator(".t-row").last().click();
    for (const summary of await page.locator(".arithmetic summary").all()) await summary.click();
    await check("cause and timeline");
    await page.getByRole("button", { name: "Step forward" }).click();
    await verdict(page, "Survives");
    await check("step");
    await page.getByRole("tab", { name: "Network" }).click();
    await page.getByText("What the loss does").waitFor();
    await check("network");
    await page.getByRole("tab", { name: "Control plane" }).click();
    await page.getByText("What works").waitFor();
    await page.getByRole("button", { name: "Fail master:etcd" }).click();
    await page.locator(".panel-verdict", { hasText: "Down" }).waitFor();
    await check("control plane");
    await context.close();
  });
}

test("names that mean harm are shown as text, and only as text", async () => {
  const { page, done } = await visit(at);
  await page.evaluate(() => (globalThis.harmed = 0));
  const evil = [
    '<img src=x onerror="harmed=1">',
    "<script>harmed=1</script>",
    "\u202Egnp.exe\u2066",
    "javascript:harmed=1",
    "A".repeat(10_240),
    '"><svg onload=harmed=1>',
    "]]>&amp;{{harmed=1}}",
  ];
  const list = JSON.parse(dump(3, 21));
  list.items.forEach((item, i) => {
    item.metadata.labels = { ...item.metadata.labels, evil: evil[i % evil.length] };
    if (item.kind === "Pod") {
      item.metadata.name = `${evil[i % evil.length]}${i}`;
      item.metadata.ownerReferences[0].name = evil[i % evil.length];
    }
  });
  const node = list.items[0].metadata.name;
  list.items[0].metadata.name = evil[0];
  for (const item of list.items) if (item.spec.nodeName === node) item.spec.nodeName = evil[0];
  await openFile(page, `${evil[1]}.json`, JSON.stringify(list));
  await page.locator(".question, .problems").first().waitFor();
  assert.equal(await page.locator(".question").count(), 1, await page.locator("main").innerText());
  await page.getByRole("button", { name: `Fail ${evil[0]}` }).click();
  await page.locator(".verdict .dial").waitFor();
  for (const summary of await page.locator("main summary").all()) await summary.click();
  await page.getByRole("tab", { name: "N-1 matrix" }).click();
  await page.getByText("3 of 3 asked").waitFor();
  const saved = page.waitForEvent("download");
  await page.getByText("Export").click();
  await page.getByRole("button", { name: /SVG/ }).click();
  const svg = readFileSync(await (await saved).path(), "utf8");
  const found = await page.evaluate((text) => {
    const picture = new DOMParser().parseFromString(text, "image/svg+xml");
    return { fault: picture.querySelector("parsererror")?.textContent ?? null, active: picture.querySelectorAll("script, img, [onload], [onerror]").length };
  }, svg);
  assert.deepEqual(found, { fault: null, active: 0 });
  assert.equal(await page.evaluate(() => globalThis.harmed), 0);
  assert.equal(await page.locator("main img, main script").count(), 0);
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(width <= 0, `the page is ${width} px too wide`);
  await done();
});
