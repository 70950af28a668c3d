// Causes and sequences stepped through on the picture, and the timeline below it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dump, example, openFile, openSample, proved, setUp, verdict, visit, visitHolding } from "./harness.mjs";

const at = setUp();

const chooser = (page) => page.getByRole("combobox", { name: "Step through a cause or a sequence" });
const choose = (page, words) => chooser(page).selectOption({ label: words });
/** The step that is shown, with what stands in the verdict. */
async function shows(page, step, words) {
  await page.locator(".walk-at", { hasText: step }).waitFor();
  return verdict(page, words);
}
/** Names of the pods on the picture that arrive, and of those without a place. */
const blocks = (page, state) => page.locator(`.block.${state}`).evaluateAll((all) => all.map((b) => b.textContent.replace(/^[^a-z]+/, "")).sort());

test("a cause: before, when it fails, when it is back", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await choose(page, "Node A: both power supplies");
  const told = await shows(page, "Step 1 of 2", "Does not fit");
  assert.match(told, /Failing: both power supplies of node A: 4 of 10 displaced pods find no place/);
  await proved(page);
  // The first step is the what-if, with all that belongs to one.
  await page.locator("#fixes", { hasText: "What would make it fit" }).waitFor();
  await page.locator(".responses", { hasText: "both power supplies of node A fail: what is highly available restarts on node B" }).waitFor();
  const facts = page.locator(".facts");
  await facts.getByText(/there is no API until the master machine/i).waitFor();
  await facts.getByText("back after 8 min 11 s to 12 min 1 s").first().waitFor();
  await page.locator(".node.lost .name", { hasText: "worker-a" }).waitFor();

  await page.getByRole("button", { name: "Step forward" }).click();
  await shows(page, "Step 2 of 2", "Survives");
  assert.equal(await page.locator(".node.lost").count(), 0);
  assert.ok((await page.locator(".block.arrived").count()) >= 5, "what was pending comes back");
  await page.locator(".facts", { hasText: "Nothing is offline." }).waitFor();
  assert.ok(await page.getByRole("button", { name: "Step forward" }).isDisabled());
  // No fixes and no times of another question stand beside it.
  assert.equal(await page.locator("#fixes, .timeline").count(), 0);

  await page.getByRole("button", { name: "First step" }).click();
  await shows(page, "Step 0 of 2", "19 pods on 3 nodes");
  assert.equal(await page.locator(".block.arrived, .block.stranded").count(), 0);
  await done();
});

test("a part whose loss the device bears: nothing moves, and there is nothing to come back", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await choose(page, "Node B: one power supply");
  assert.match(await shows(page, "Step 1 of 1", "Survives"), /Failing: one power supply of node B: no pod needs a new place/);
  await page.locator(".responses", { hasText: "Runs on, degraded: one power supply of node B fails: the other one feeds it" }).waitFor();
  await page.locator(".timeline", { hasText: "no pod is away" }).waitFor();
  // It is among what fails, by name too, and can be taken back there.
  await page.locator(".chips .chip", { hasText: "one power supply of node B" }).click();
  await verdict(page, "19 pods on 3 nodes");
  assert.equal(await page.locator(".story").count(), 0);
  await page.locator("#find").fill("A:port3");
  await page.keyboard.press("Enter");
  assert.match(await verdict(page, "Does not fit"), /Failing: port 3 of node A/);
  await done();
});

test("an update of the device by keyboard: each step has its picture, and the page stays where it is", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Edge device and its network");
  await choose(page, "Update of the device, node after node");
  assert.match(await shows(page, "Step 1 of 6", "Survives"), /drain host A/);
  assert.deepEqual(await blocks(page, "arrived"), ["hmi-0", "inspect-0", "orders-db-0"]);
  await page.locator(".node .state", { hasText: "cordoned" }).waitFor();
  const top = () => page.locator(".stage").evaluate((e) => e.getBoundingClientRect().top + scrollY);
  const before = await top();
  await page.locator(".story h2").click();
  await page.keyboard.press("ArrowRight");
  assert.match(await shows(page, "Step 2 of 6", "Survives"), /away: host A/);
  await page.locator(".node.lost .name", { hasText: "worker-a" }).waitFor();
  for (let i = 0; i < 2; i++) await page.keyboard.press("ArrowRight");
  assert.match(await shows(page, "Step 4 of 6", "Survives"), /drain host B/);
  assert.deepEqual(await blocks(page, "arrived"), ["hmi-0", "hmi-1", "inspect-0", "orders-db-0"]);
  assert.equal(await top(), before, "the picture does not move under the pointer");
  // What is saved is what is shown.
  await page.getByText("Export", { exact: true }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Report (JSON)" }).click()]);
  const saved = JSON.parse(readFileSync(await download.path(), "utf8"));
  const report = saved.report ?? saved;
  assert.deepEqual([report.kind, report.states.length], ["SequenceReport", 6]);
  await page.getByRole("list", { name: "Steps" }).getByRole("button", { name: "before" }).click();
  await shows(page, "Step 0 of 6", "6 pods on 3 nodes");
  await page.keyboard.press("ArrowLeft");
  await shows(page, "Step 0 of 6", "6 pods on 3 nodes");
  // The list follows the step that is shown.
  await page.getByRole("button", { name: "Last step" }).click();
  await page.locator('.walk-steps [aria-current="step"]', { hasText: "back: host B" }).waitFor();
  // The table is of the step too.
  await page.getByText("Pods, as a table").click();
  await page.locator(".tables td", { hasText: "worker-a" }).first().waitFor();
  await page.locator(".story h2").click();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".story").count(), 0);
  await verdict(page, "6 pods on 3 nodes");
  await done();
});

test("an update of Kubernetes, a restart, and any cluster's rolling update", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Edge device and its network");
  await choose(page, "Update of Kubernetes: master, then workers");
  assert.match(await shows(page, "Step 1 of 5", "Survives"), /the master machine leaves host A/);
  await choose(page, "Planned restart of node B: drained, away, back");
  assert.match(await shows(page, "Step 1 of 3", "Survives"), /drain host B/);
  await page.getByRole("button", { name: "Start over" }).click();
  await openSample(page, "Ten nodes, three zones");
  const options = await chooser(page).locator("option").allInnerTexts();
  assert.deepEqual(options.slice(1), ["Rolling update, node after node", "Rolling update, zone after zone"]);
  await choose(page, "Rolling update, zone after zone");
  await page.locator(".walk-at", { hasText: "Step 1 of 9" }).waitFor();
  // What fails now can come back.
  await page.getByRole("button", { name: "Fail node-01" }).first().click();
  await verdict(page, /Survives/);
  assert.equal(await page.locator(".story").count(), 0, "another question ends the story");
  await choose(page, "What fails now comes back");
  await shows(page, "Step 1 of 2", /Survives/);
  await page.getByRole("button", { name: "Step forward" }).click();
  assert.match(await shows(page, "Step 2 of 2", "Survives"), /back: node-01/);
  await done();
});

test("undo leaves a cause, redo goes back to it", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await choose(page, "Node A: all of it");
  await shows(page, "Step 1 of 2", "Does not fit");
  await page.getByRole("button", { name: "Undo" }).click();
  await verdict(page, "19 pods on 3 nodes");
  assert.equal(await page.locator(".story").count(), 0);
  await page.getByRole("button", { name: "Redo" }).click();
  await shows(page, "Step 1 of 2", "Does not fit");
  await page.getByRole("tab", { name: "Compare" }).click();
  await page.getByRole("tab", { name: "Picture" }).click();
  await shows(page, "Step 1 of 2", "Does not fit");
  await done();
});

test("a timeline tells the arithmetic of the row that has the focus", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  const row = (name) => page.locator(".t-row", { hasText: name });
  await row("vision/stream-recorder ×3").waitFor();
  assert.match(await row("vision/stream-recorder").innerText(), /back after 8 min 11 s to 12 min 1 s/);
  assert.match(await row("plant/report-batch").innerText(), /finds no place; evicted after 8 min 10 s to 11 min 30 s/);
  const sum = page.locator(".arithmetic");
  await sum.getByText("Until vision/stream-recorder ×3 is back").waitFor();
  const cells = await sum.locator("tbody tr").evaluateAll((rows) => rows.map((r) => r.querySelectorAll("td")[0].textContent));
  assert.deepEqual(cells, ["10 s", "2 min to 5 min", "15 s to 19.4 s", "40 s to 50 s", "5 s to 10.1 s", "5 min", "8 min 10 s to 11 min 29.5 s", "0 s to 1 s", "1 s to 30 s", "8 min 11 s to 12 min 0.5 s"]);
  assert.equal(await sum.locator("tbody .assumed").count(), 4);
  // By keyboard, from bar to bar.
  await row("vision/stream-recorder").focus();
  for (let i = 0; i < 2; i++) await page.keyboard.press("Tab");
  await sum.getByText("Until plant/mqtt-broker is evicted").waitFor();
  assert.equal(await row("plant/mqtt-broker").getAttribute("aria-pressed"), "true");
  await sum.getByText("Once the node is tainted out-of-service: back after 1 s to 51 s").click();
  await sum.getByText("the garbage collector looks").first().waitFor();
  // Under the pointer, of one term.
  await row("vision/stream-recorder").locator(".t-toleration").hover();
  await page.locator(".tip", { hasText: "the pod tolerates the taint: 5 min" }).waitFor();
  // What fails otherwise takes other times.
  await page.getByRole("combobox", { name: "A failed node is" }).selectOption("drained");
  await page.locator(".t-outcome", { hasText: "back after 1 s to 31 s" }).first().waitFor();
  await done();
});

test("closed, nothing is asked; large clusters begin so", async () => {
  const { page, done } = await visit(at);
  await openFile(page, "large.json", dump(60, 3000));
  await page.locator("#find").fill("node-7");
  await page.keyboard.press("Enter");
  await proved(page);
  assert.equal(await page.locator(".timeline[open]").count(), 0);
  await page.getByText("How long it takes").click();
  await page.locator(".t-row").first().waitFor();
  assert.equal(await page.locator(".t-row").count(), 10, "pods of a workload with the same times are one row");
  await done();
});

test("a question that is outdated is not waited for", async () => {
  const { page, done, asked, release } = await visitHolding(at, /podfit_rest/);
  await openFile(page, "edge.yaml", example("two-node-edge.yaml"));
  await page.locator(".question").waitFor();
  await choose(page, "Update of the device, node after node");
  await page.locator(".story", { hasText: "Working out the steps" }).waitFor();
  await asked;
  await page.getByRole("button", { name: "Stop" }).click();
  assert.equal(await page.locator(".story").count(), 0);
  await page.getByRole("button", { name: "Fail host B" }).click();
  await verdict(page, "Does not fit");
  release();
  await page.locator(".t-row", { hasText: "vision/classifier" }).waitFor();
  assert.equal(await page.locator(".story").count(), 0);
  await done();
});
