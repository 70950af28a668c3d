// From an empty profile to a verdict: sample, pasted text, broken file, half-broken dump, link, saved file.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dump, example, openFile, openSample, paste, proved, setUp, verdict, visit, visitHolding } from "./harness.mjs";

const at = setUp();

test("the sample: two clicks to the verdict, then why, fix, undo", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  const words = await verdict(page, "Does not fit");
  assert.match(words, /4 of 10 displaced pods find no place, 1 is lost and 1 is stuck/);
  await proved(page);
  const stranded = page.locator(".stranded-list");
  await stranded.getByText("vision/detector-0").waitFor();
  assert.equal(await stranded.locator("li.p-pending").count(), 4);
  assert.match(await stranded.locator("li.p-stuck").innerText(), /mqtt-broker-0[\s\S]*delete the node/);
  assert.equal(await page.locator(".tray-frame").innerText(), "Without a place: 6");
  await page.getByRole("button", { name: "Undo" }).click();
  await verdict(page, "19 pods on 3 nodes");
  await page.getByRole("button", { name: "Redo" }).click();
  await verdict(page, "Does not fit");
  await done();
});

const SECOND_FILE = "**/podfit_rest*.wasm";

test("the first verdict does not wait for the engine's second file; the proof does", async () => {
  const { page, done, release, context } = await visitHolding(at, SECOND_FILE);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await verdict(page, "Does not fit");
  await page.locator(".stranded-list").getByText("vision/detector-0").waitFor();
  release();
  await page.locator(".fixes button", { hasText: "Apply" }).first().waitFor();
  await done();
  await context.close();
});

test("a dump that is sooner than the engine's second file waits for it, and the page does not freeze", async () => {
  const { page, done, asked, release, context } = await visitHolding(at, SECOND_FILE);
  await openFile(page, "small.json", dump(2, 10));
  await asked;
  await page.locator(".reading").waitFor();
  assert.equal(await page.locator(".question").count(), 0);
  release();
  await page.locator(".question").waitFor();
  await done();
  await context.close();
});

test("a fix applied with a click changes the answer, and can be taken back", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail worker-b" }).click();
  await verdict(page, "Does not fit");
  await proved(page);
  const before = await page.locator(".verdict-words").innerText();
  await page.locator(".fixes button", { hasText: "Apply" }).first().click();
  await page.locator(".chips .chip").first().waitFor();
  await page.waitForFunction((old) => document.querySelector(".verdict-words").innerText !== old, before);
  await page.locator(".chips .chip").first().click();
  await page.waitForFunction((old) => document.querySelector(".verdict-words").innerText === old, before);
  await done();
});

test("several changes that together make all fit are one click, and each can be taken back", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await verdict(page, "Does not fit");
  const steps = page.locator(".fixes li");
  await steps.first().waitFor();
  assert.match((await steps.allInnerTexts()).join("\n"), /detector-0: add 1 GPU card[\s\S]*leave out plant\/line-historian-0/);
  await page.getByRole("button", { name: "Apply all" }).click();
  await verdict(page, "Survives");
  assert.equal(await page.locator(".stranded-list li.p-pending").count(), 0);
  const chips = page.locator(".chips .chip", { hasText: "✓" });
  assert.equal(await chips.count(), 4);
  await chips.filter({ hasText: "GPU" }).click();
  await verdict(page, "Does not fit");
  await page.getByRole("button", { name: "Undo" }).click();
  await verdict(page, "Survives");
  await page.getByRole("button", { name: "Undo" }).click();
  await verdict(page, "Does not fit");
  assert.equal(await chips.count(), 0);
  await done();
});

test("pasted YAML", async () => {
  const { page, done } = await visit(at);
  await paste(page, example("stranded.yaml"));
  await page.getByRole("button", { name: "Fail node-a" }).click();
  await verdict(page, "Survives if placed well");
  await proved(page);
  await done();
});

test("a broken file: every fault at its place with the fix; mended, it opens", async () => {
  const { page, done } = await visit(at);
  const broken = example("stranded.yaml").replace("cpu: 8, memory: 16Gi", "cpu: 8x, memory: 16Gi").replace("replicas: 3", "replica: 3");
  await openFile(page, "broken.yaml", broken);
  const problems = page.locator(".problems");
  await problems.waitFor();
  const words = await problems.innerText();
  assert.match(words, /2 faults/);
  assert.match(words, /broken\.yaml:8:\d+: nodes\[0\]\.allocatable\.cpu/);
  assert.match(words, /8 .*cpu: 8x/, "the line itself is shown");
  assert.match(words, /did you mean replicas\?/);
  await problems.getByRole("button", { name: "Edit the text" }).click();
  const area = page.getByRole("textbox", { name: "JSON or YAML" });
  await page.waitForFunction(() => document.activeElement.selectionEnd > document.activeElement.selectionStart);
  const selected = await area.evaluate((e) => e.value.slice(e.selectionStart, e.selectionEnd));
  assert.match(selected, /cpu: 8x/, "the editor opens at the first fault");
  await area.fill(example("stranded.yaml"));
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await verdict(page, "6 pods on 3 nodes");
  assert.equal(await problems.count(), 0);
  await done();
});

test("a half-broken dump: what can be read is shown, what not is listed", async () => {
  const { page, done } = await visit(at);
  const list = JSON.parse(dump(3, 30));
  list.items[1].status.allocatable.memory = "64Qi";
  list.items[5].spec.containers[0].resources.requests.cpu = "much";
  await openFile(page, "dump.json", JSON.stringify(list));
  await page.locator(".problems").waitFor();
  await page.getByRole("button", { name: /Open without the 2 faulty objects/ }).click();
  // node-1 takes its ten pods along; pod-2 was on another.
  assert.match(await verdict(page, "19 pods on 2 nodes"), /objects of the input left out/);
  await page.locator("summary", { hasText: "objects of the input left out" }).click();
  assert.match(await page.locator(".side .details").innerText(), /items\[1\] \(Node node-1\)/);
  await page.getByRole("button", { name: "Fail node-0" }).click();
  await page.locator("summary", { hasText: "objects of the input left out" }).click();
  assert.match(await page.locator(".details").innerText(), /items\[5\] \(Pod default\/pod-2\)/);
  await done();
});

test("a half-broken dump in YAML too, even where a document is no YAML", async () => {
  const { page, done } = await visit(at);
  const documents = JSON.parse(dump(3, 30)).items.map((o) => JSON.stringify(o));
  documents[4] = documents[4].replace(/"cpu":"[^"]*"/, '"cpu":"much"');
  documents[6] = "apiVersion: v1\nkind: Pod\nmetadata: {name: broken\nspec: [}";
  await openFile(page, "dump.yaml", `---\n${documents.join("\n---\n")}\n`);
  const problems = page.locator(".problems");
  await problems.waitFor();
  assert.match(await problems.innerText(), /2 faults/);
  assert.match(await problems.innerText(), /dump\.yaml:1[4-8]:\d+ \(Pod\)/, "the broken document has its place");
  await problems.getByRole("button", { name: /Open without the 2 faulty objects/ }).click();
  assert.match(await verdict(page, "28 pods on 3 nodes"), /2 objects of the input left out/);
  await page.getByRole("button", { name: "Fail node-0" }).click();
  await page.locator("summary", { hasText: "objects of the input left out" }).click();
  assert.match(await page.locator(".details").innerText(), /cpu: .*much/);
  assert.equal(await problems.count(), 0);
  await done();
});

test("text that is no cluster, and a damaged link, are refused in words", async () => {
  const { page, done } = await visit(at);
  await paste(page, "what is this?");
  await page.locator(".problems").waitFor();
  await page.goto(`${at.url}#s=notAScenario`);
  await page.getByText("The link is damaged").waitFor();
  await done();
});

test("a link carries the scenario; it is not longer than it must be", async () => {
  const context = await at.context();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { page, done } = await visit(at, { context });
  await paste(page, example("two-node-edge.yaml"));
  await page.getByRole("button", { name: "Fail host A" }).click();
  await verdict(page, "Does not fit");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(link.length < 3000, `${link.length} characters`);
  await done();
  const other = await visit(at, { hash: link.slice(link.indexOf("#")) });
  assert.match(await verdict(other.page, "Does not fit"), /4 of 10 displaced pods/);
  await other.done();
});

test("a link with other names says the same", async () => {
  const { page, done } = await visit(at);
  await paste(page, example("two-node-edge.yaml"));
  await page.getByRole("button", { name: "Fail host A" }).click();
  await verdict(page, "Does not fit");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("checkbox", { name: "Rename everything first" }).check();
  await page.getByText(/names renamed/).waitFor();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await done();
  const other = await visit(at, { hash: link.slice(link.indexOf("#")) });
  assert.match(await verdict(other.page, "Does not fit"), /4 of 10 displaced pods find no place, 1 is lost and 1 is stuck/);
  await proved(other.page);
  const text = await other.page.locator("main").innerText();
  assert.doesNotMatch(text, /vision|mqtt|camera|historian|recorder|classifier/);
  await other.done();
});

test("a scenario saved as a file opens again", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Room, but missed");
  await page.getByRole("button", { name: "Fail node-a" }).click();
  await verdict(page, "Survives if placed well");
  const saved = page.waitForEvent("download");
  await page.getByText("Export").click();
  await page.getByRole("button", { name: /^Scenario/ }).click();
  const text = readFileSync(await (await saved).path(), "utf8");
  await page.getByRole("button", { name: "Start over" }).click();
  await openFile(page, "s.podfit.json", text);
  await verdict(page, "Survives if placed well");
  await done();
});

test("exports: JSON is the command's report, CSV has a line a pod, SVG is well formed", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail worker-b" }).click();
  await proved(page);
  const take = async (label) => {
    const saved = page.waitForEvent("download");
    await page.getByText("Export").click();
    await page.getByRole("button", { name: label }).click();
    return readFileSync(await (await saved).path(), "utf8");
  };
  const json = JSON.parse(await take(/JSON/));
  assert.equal((json.report ?? json).verdict, "does-not-fit");
  const text = await take(/text/);
  const [amounts, percents] = (await page.locator(".node", { hasText: "worker-a" }).locator(".bar-words").allInnerTexts()).reduce(
    ([a, p], words) => [[...a, words.match(/\S+\/\S+/)[0]], [...p, words.match(/\d+ %/)[0].replace(" ", "")]],
    [[], []],
  );
  assert.equal(amounts.length, 3);
  const line = text.slice(text.indexOf("worker-a"));
  for (const figure of [...amounts, ...percents]) assert.ok(line.includes(figure), `${figure} is on the page, not in the text`);
  const csv = await take(/CSV/);
  assert.equal(csv.trim().split("\n").length, 20);
  const svg = await take(/SVG/);
  const fault = await page.evaluate((text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror")?.textContent, svg);
  assert.equal(fault, undefined);
  await done();
});

test("the form makes a cluster", async () => {
  const { page, done } = await visit(at);
  await page.getByRole("button", { name: "Fill in a form…" }).click();
  await page.getByRole("textbox", { name: "Replicas, web" }).fill("6");
  await page.getByRole("button", { name: "Open this cluster" }).click();
  await verdict(page, "7 pods on 3 nodes");
  await page.getByRole("button", { name: "Fail host A" }).click();
  await page.locator(".verdict h1:not(:has-text('pods on'))").waitFor();
  await done();
});

test("two plans side by side", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("button", { name: "Fail worker-b" }).click();
  await proved(page);
  await page.getByRole("tab", { name: "Compare" }).click();
  await page.getByRole("button", { name: "Keep this as plan A" }).click();
  await page.getByText("Both plans do the same").waitFor();
  await page.getByRole("button", { name: "Fail host A" }).click();
  await page.getByText(/pods fare differently/).waitFor();
  await done();
});

test("a zone fails: the verdict at once, then what would help from the prover; stopping it leaves all else", async () => {
  // Without HiGHS the prover cannot be done before it is stopped.
  const { page, done, asked, release, context } = await visitHolding(at, "**/highs*.wasm");
  await openSample(page, "Ten nodes, three zones");
  const fail = (zone) => page.locator("#find").fill(`topology.kubernetes.io/zone=${zone}`);
  await fail("zone-a");
  await verdict(page, "Does not fit");
  await asked;
  await page.locator(".fixes").getByRole("button", { name: "Stop" }).click();
  await page.locator(".fixes").getByText("No single step found").waitFor();
  assert.match(await page.locator(".verdict-words").innerText(), /Does not fit[\s\S]*23 of 42 displaced pods/);
  await proved(page);
  await page.getByRole("button", { name: "Restore nodes" }).click();
  await verdict(page, "116 pods on 10 nodes");
  release();
  await fail("zone-b");
  await verdict(page, "Does not fit");
  await page.locator(".fix-row").first().waitFor();
  await done();
  await context.close();
});
