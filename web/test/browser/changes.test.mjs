// What fails, what is changed, and what the page says of both.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dump, openFile, openSample, proved, setUp, verdict, visit } from "./harness.mjs";

const at = setUp();

test("the headline names all that failed: hosts, zones and nodes", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await page.getByText("Without host A:").waitFor();
  await page.getByRole("button", { name: "Fail worker-b" }).click();
  await page.getByText("Without host A, worker-b:").waitFor();
  await page.getByRole("button", { name: "Start over" }).click();
  await openSample(page, "Ten nodes, three zones");
  await page.getByRole("button", { name: "Fail zone zone-a (4 nodes)" }).click();
  await page.getByText("Without zone zone-a (4 nodes):").waitFor();
  await done();
});

test("restoring the nodes keeps the fixes, which have a button of their own; Escape changes nothing", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await proved(page);
  for (const fix of [/Apply: make the pod anti-affinity/, /Apply: add 1 GPU card/]) {
    await page.getByRole("button", { name: fix }).click();
    await proved(page);
  }
  await page.getByText("Export").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".menu[open]").count(), 0);
  await verdict(page, "Does not fit");
  await page.getByRole("button", { name: "Restore nodes" }).click();
  await verdict(page, "19 pods on 3 nodes");
  assert.equal(await page.locator(".chip", { hasText: "×" }).count(), 2);
  await page.getByRole("button", { name: "Remove fixes" }).click();
  await page.locator(".chips").waitFor({ state: "detached" });
  await done();
});

test("what is stuck on a silent node: a button asks whether it has a place once the node is deleted", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  const stuck = page.locator(".stranded-list li.p-stuck");
  await stuck.getByRole("button", { name: "Ask as if the node were deleted" }).click();
  await stuck.waitFor({ state: "detached" });
  assert.equal(await page.getByRole("combobox", { name: "A failed node is" }).inputValue(), "deleted");
  assert.doesNotMatch(await verdict(page, "Does not fit"), /stuck/);
  await page.getByRole("button", { name: "Undo" }).click();
  await stuck.waitFor();
  await done();
});

test("what helps all, what helps one, and what nothing helps are told apart", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await proved(page);
  const fixes = page.locator(".fixes");
  await fixes.locator("h3").first().waitFor();
  const words = await fixes.innerText();
  assert.match(words, /One change that makes all fit\s+No single change found[\s\S]*Pod by pod[\s\S]*Or do without these: all others fit then \(no smaller set does\)/);
  assert.match(words, /line-historian-0: no node accepts it[^\n]*\s+No single change found that gives it a place now/);
  await page.getByRole("button", { name: "Start over" }).click();
  await openFile(page, "small.json", dump(2, 20));
  await page.getByRole("button", { name: "Fail node-0" }).click();
  await proved(page);
  await fixes.getByText("One more node like node-1").waitFor();
  assert.equal(await fixes.getByText("No single change found that makes all").count(), 0);
  await done();
});

test("all without a place are listed, twelve at first; their blocks tell of them where they are clicked", async () => {
  const { page, done } = await visit(at);
  const list = JSON.parse(dump(3, 120));
  list.items.forEach((o, i) => o.kind === "Pod" && (o.metadata.ownerReferences[0].name = `own-${i}`));
  list.items.slice(0, 3).forEach((o) => (o.status.allocatable.memory = "52Gi"));
  await openFile(page, "dump.json", JSON.stringify(list));
  await page.getByRole("button", { name: "Fail node-1" }).click();
  await verdict(page, "Does not fit");
  await proved(page);
  const entries = page.locator(".stranded-list li");
  assert.equal(await entries.count(), 12);
  const all = Number((await page.locator(".tray-frame").innerText()).match(/\d+/)[0]);
  await page.locator(".side").getByRole("button", { name: `${all - 12} more` }).click();
  assert.equal(await entries.count(), all);
  const { scrollHeight, clientHeight } = await page.locator(".stranded-list").evaluate((e) => ({ scrollHeight: e.scrollHeight, clientHeight: e.clientHeight }));
  assert.equal(scrollHeight, clientHeight, "nothing is hidden in a scrolled list");
  // The timeline has as many rows, and shows the first too.
  await page.getByRole("button", { name: `${all - 12} more workloads` }).click();
  await page.locator(".t-row").nth(all - 1).waitFor();
  const block = page.locator(".block.stranded").last();
  const pod = await block.getAttribute("data-pod");
  // In its corner, where its words are.
  await block.click({ position: { x: 4, y: 4 } });
  const box = page.locator(".pod-box");
  assert.match(await box.innerText(), new RegExp(`default/pod-${pod}\\b[\\s\\S]*pending[\\s\\S]*own-`));
  await page.keyboard.press("Escape");
  await box.waitFor({ state: "detached" });
  await verdict(page, "Does not fit");
  await done();
});

test("what is told of a block stays within the window", async () => {
  const { page, done } = await visit(at, { context: await at.context({ viewport: { width: 900, height: 620 }, reducedMotion: "reduce" }) });
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await proved(page);
  for (const block of [page.locator(".block.stranded").last(), page.locator(".block.stranded").first()]) {
    await block.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await block.boundingBox();
    await page.mouse.move(x + width - 2, Math.min(615, y + height - 2));
    const tip = await page.locator(".tip").boundingBox();
    assert.ok(tip.x >= 0 && tip.y >= 0 && tip.x + tip.width <= 900 && tip.y + tip.height <= 620, JSON.stringify(tip));
  }
  await done();
});

test("a name that is not there is told so; one that begins another waits for Enter", async () => {
  const { page, done } = await visit(at);
  await openFile(page, "dump.json", dump(12, 24));
  const find = page.locator("#find");
  assert.equal(await find.getAttribute("placeholder"), "Fail a node…");
  await find.fill("nosuch");
  await find.press("Enter");
  await page.getByText("No node, host or zone is called “nosuch”.").waitFor();
  await find.fill("");
  await find.pressSequentially("node-1");
  assert.equal(await page.locator("#find-unknown").innerText(), "");
  assert.equal(await find.inputValue(), "node-1", "node-10 may be meant");
  await find.press("Enter");
  await page.getByText("Without node-1:").waitFor();
  assert.equal(await find.getAttribute("placeholder"), "Fail another…");
  await done();
});
