// What the browser tests share: the built page on loopback, a browser with an empty profile, and the watch that
// no request leaves the origin and that nothing breaks the Content-Security-Policy.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { preview } from "vite";

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Nothing here takes so long on any machine: what has not come by then does not come. */
const NEVER_MS = 120_000;

const root = fileURLToPath(new URL("../..", import.meta.url));
export const example = (name) => readFileSync(new URL(`../../../examples/clusters/${name}`, import.meta.url), "utf8");

/** Starts server and browser around the tests of a file; `context(options)` gives an empty profile. */
export function setUp() {
  const at = {};
  before(async () => {
    assert.ok(existsSync(`${root}/dist/index.html`), "build the page first: npm run build");
    at.server = await preview({ root, logLevel: "error", preview: { port: 0, host: "127.0.0.1" } });
    at.url = at.server.resolvedUrls.local[0];
    at.browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS, timeout: NEVER_MS });
  });
  after(async () => {
    await at.browser?.close();
    await at.server?.close();
  });
  at.context = async (options = {}) => {
    const context = await at.browser.newContext({ serviceWorkers: "block", ...options });
    context.setDefaultTimeout(NEVER_MS);
    return context;
  };
  return at;
}

/** Opens the page and watches it; `done()` says that nothing left the origin and nothing broke. */
export async function visit(at, { context, hash = "" } = {}) {
  const own = context ?? (await at.context());
  const page = await own.newPage();
  const foreign = [];
  const broken = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["blob:", "data:"].includes(url.protocol) && url.origin !== new URL(at.url).origin) foreign.push(request.url());
  });
  page.on("pageerror", (error) => broken.push(error.message));
  page.on("console", (message) => message.type() === "error" && broken.push(message.text()));
  await page.goto(at.url + hash);
  const done = async () => {
    assert.deepEqual(foreign, [], "no request leaves the origin");
    assert.deepEqual(broken, [], "nothing is thrown, no policy is broken");
    await (context ? page.close() : own.close());
  };
  return { page, done, context: own };
}

/**
 * A visit where files that match come only when `release` is called, so that what needs them is not done before;
 * `asked` is when the first of them is asked for.
 */
export async function visitHolding(at, pattern) {
  const context = await at.context();
  const [asked, ask] = promise();
  const [released, release] = promise();
  await context.route(pattern, async (route) => {
    ask();
    await released;
    // Who asked may be gone.
    await route.continue().catch(() => {});
  });
  return { ...(await visit(at, { context })), asked, release, context };
}

function promise() {
  let resolve;
  return [new Promise((ok) => (resolve = ok)), () => resolve()];
}

/** The verdict in large words, once the question is answered. */
export async function verdict(page, words) {
  await page.locator("h1#verdict", { hasText: words }).waitFor();
  return page.locator(".verdict-words").innerText();
}

export const proved = (page) => page.locator(".dial.d-proved").waitFor();

export async function openSample(page, title) {
  await page.getByRole("button", { name: title }).click();
  await page.locator(".question").waitFor();
}

export async function paste(page, text) {
  await page.getByRole("button", { name: "Paste text…" }).click();
  await page.getByRole("textbox", { name: "JSON or YAML" }).fill(text);
  await page.getByRole("button", { name: "Open", exact: true }).click();
}

/** A dump as kubectl prints it, of any size; four of five parts of each node are in use. */
export function dump(nodes, pods, name = (kind, i) => `${kind}-${i}`) {
  const node = (i) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: name("node", i), labels: { "kubernetes.io/hostname": name("node", i), "topology.kubernetes.io/zone": `zone-${i % 3}` } },
    spec: {},
    status: { allocatable: { cpu: "16", memory: "64Gi", pods: "110" } },
  });
  const each = Math.ceil(pods / nodes);
  const cpu = Math.floor((16_000 * 0.8) / each);
  const memory = Math.floor((64 * 1024 * 0.8) / each);
  const pod = (i) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: name("pod", i),
      namespace: "default",
      labels: { app: `app-${i % 200}` },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: `app-${i % 200}`, uid: "1", controller: true }],
    },
    spec: {
      nodeName: name("node", i % nodes),
      containers: [{ name: "c", resources: { requests: { cpu: `${cpu}m`, memory: `${memory}Mi` } } }],
    },
    status: { phase: "Running" },
  });
  const items = [...Array.from({ length: nodes }, (_, i) => node(i)), ...Array.from({ length: pods }, (_, i) => pod(i))];
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

export async function openFile(page, name, text) {
  await page.locator("input[type=file]").first().setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
}
