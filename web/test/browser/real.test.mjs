// The real dump, where PODFIT_DATA says where it is.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { openFile, setUp, verdict, visit } from "./harness.mjs";

const at = setUp();
const file = `${process.env.PODFIT_DATA}/kubernetes-dump/real-cluster.json`;
const skip = process.env.PODFIT_DATA && existsSync(file) ? false : "PODFIT_DATA is not set";

test("the real dump: opened, each node asked, requests assumed", { skip }, async () => {
  const { page, done } = await visit(at);
  await openFile(page, "real-cluster.json", readFileSync(file, "utf8"));
  await verdict(page, /pods on 3 nodes/);
  await page.keyboard.press("1");
  await page.locator(".dial.d-proved, .dial.d-open").waitFor();
  const first = await page.locator(".verdict-words").innerText();
  assert.match(first, /Does not fit|Survives|Unknown/);
  await page.getByRole("button", { name: /Assume 100m and 256Mi/ }).click();
  await page.locator(".dial.d-proved, .dial.d-open").waitFor();
  await page.getByRole("tab", { name: "N-1 matrix" }).click();
  await page.getByText("3 of 3 asked").waitFor();
  await done();
});

test("the real dump with other names: smaller, and the same verdict", { skip }, async (t) => {
  const { page, done } = await visit(at);
  await openFile(page, "real-cluster.json", readFileSync(file, "utf8"));
  await verdict(page, /pods on 3 nodes/);
  await page.keyboard.press("2");
  await page.locator(".dial.d-proved, .dial.d-open").waitFor();
  const words = async (p) => (await p.locator(".verdict h1").innerText()) + (await p.locator(".verdict-words p").allInnerTexts()).join(" ").replace(/Without .*?:/, "");
  const before = await words(page);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("checkbox", { name: "Rename everything first" }).check();
  await page.getByText(/names renamed/).waitFor();
  t.diagnostic(await page.locator("dialog [role=status]").innerText());
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as file" }).click();
  const text = readFileSync(await (await saved).path(), "utf8");
  await done();
  for (const name of ["longhorn", "troubleshoot-demo", "minio", "velero", "kurl"]) assert.ok(!text.includes(name), `${name} is still there`);
  const other = await visit(at);
  await openFile(other.page, "s.podfit.json", text);
  await other.page.locator(".dial.d-proved, .dial.d-open").waitFor();
  assert.equal(await words(other.page), before);
  await other.done();
});
