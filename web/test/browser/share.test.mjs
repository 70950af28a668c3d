// What leaves the page in a link or a file: what podfit reads, and nothing else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { dump, example, openFile, paste, proved, setUp, verdict, visit } from "./harness.mjs";

const at = setUp();

const decoded = (link) => inflateRawSync(Buffer.from(link.slice(link.indexOf("#s=") + 3), "base64url")).toString();

/** A dump with what people would not send: values of variables, annotations, who applied what. */
function confidential() {
  const list = JSON.parse(dump(3, 30));
  for (const item of list.items) {
    item.metadata.annotations = { "acme.com/token": "s3cr3t-note" };
    item.metadata.managedFields = [{ manager: "jane-doe-laptop" }];
    if (item.kind !== "Pod") continue;
    Object.assign(item.spec.containers[0], { env: [{ name: "DB_PASSWORD", value: "hunter2" }], args: ["--password=hunter2"] });
  }
  const data = { token: "aHVudGVyMg==" };
  list.items.push({ apiVersion: "v1", kind: "Secret", metadata: { name: "stripe-key", namespace: "default" }, data });
  return list;
}
const SECRETS = /stripe-key|aHVudGVyMg|hunter2|DB_PASSWORD|s3cr3t-note|jane-doe|managedFields/;

async function linkOf(page) {
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press("Escape");
  return link;
}

async function savedScenario(page) {
  const saved = page.waitForEvent("download");
  await page.getByText("Export").click();
  await page.getByRole("button", { name: /^Scenario/ }).click();
  return readFileSync(await (await saved).path(), "utf8");
}

const clipboard = async () => {
  const context = await at.context();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  return context;
};

test("the plain link and the saved file carry no secret of a dump, and say the same", async () => {
  const context = await clipboard();
  const { page, done } = await visit(at, { context });
  await openFile(page, "dump.json", JSON.stringify(confidential()));
  await page.getByRole("button", { name: "Fail node-0" }).click();
  const before = await verdict(page, /Survives|Does not fit/);
  const link = await linkOf(page);
  const text = decoded(link);
  assert.match(text, /pod-7/, "names are kept");
  assert.doesNotMatch(text, SECRETS);
  const file = await savedScenario(page);
  assert.match(file, /pod-7/);
  assert.doesNotMatch(file, SECRETS);
  await done();
  const other = await visit(at, { hash: link.slice(link.indexOf("#")) });
  assert.equal(await verdict(other.page, /Survives|Does not fit/), before);
  await other.done();
  const third = await visit(at);
  await openFile(third.page, "s.podfit.json", file);
  assert.equal(await verdict(third.page, /Survives|Does not fit/), before);
  await third.done();
  await context.close();
});

test("a cluster opened without its faulty objects opens so from the link too", async () => {
  const context = await clipboard();
  const { page, done } = await visit(at, { context });
  const list = confidential();
  list.items[1].status.allocatable.memory = "64Qi";
  list.items[5].spec.containers[0].resources.requests.cpu = "much";
  await openFile(page, "dump.json", JSON.stringify(list));
  await page.getByRole("button", { name: /Open without the 2 faulty objects/ }).click();
  const before = await verdict(page, "19 pods on 2 nodes");
  const link = await linkOf(page);
  assert.doesNotMatch(decoded(link), SECRETS);
  await done();
  const other = await visit(at, { hash: link.slice(link.indexOf("#")) });
  assert.match(await verdict(other.page, "19 pods on 2 nodes"), /objects of the input left out/);
  await other.page.locator("summary", { hasText: "objects of the input left out" }).click();
  assert.match(await other.page.locator(".side .details").innerText(), /dump\.json: items\[1\] \(Node node-1\)[\s\S]*64Qi/);
  assert.match(before, /left out/);
  await other.done();
  await context.close();
});

test("with other names the changes applied keep their words, and whom they are for", async () => {
  const { page, done } = await visit(at);
  await paste(page, example("two-node-edge.yaml"));
  await page.getByRole("button", { name: "Fail host A" }).click();
  await proved(page);
  await page.getByRole("button", { name: /Apply: make the pod anti-affinity/ }).click();
  await page.locator(".chip", { hasText: "vision/camera-ingest: anti-affinity over kubernetes.io/hostname preferred" }).waitFor();
  await proved(page);
  await page.getByRole("button", { name: /Apply: add 1 GPU card/ }).click();
  await page.locator(".chip", { hasText: "for vision/detector-0: worker-b: 1 GPU card (T4) more" }).waitFor();
  await verdict(page, "Does not fit");
  await proved(page);
  const before = (await page.locator(".verdict-words").innerText()).replace(/[\w-]+\/[\w-]+/g, "");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("checkbox", { name: "Rename everything first" }).check();
  await page.getByText(/names renamed/).waitFor();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await done();
  assert.doesNotMatch(decoded(link), /vision|camera|detector|historian/);
  const other = await visit(at, { hash: link.slice(link.indexOf("#")) });
  await verdict(other.page, "Does not fit");
  const chips = await other.page.locator(".chips").innerText();
  assert.match(chips, /ns-\d+\/app-\d+: anti-affinity over kubernetes\.io\/hostname preferred/);
  assert.match(chips, /for ns-\d+\/app-\d+-0: worker-b: 1 GPU card \(T4\) more/);
  await proved(other.page);
  assert.equal((await other.page.locator(".verdict-words").innerText()).replace(/[\w-]+\/[\w-]+/g, ""), before);
  await other.done();
});
