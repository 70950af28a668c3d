// The control plane and the network, and what a link carries of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openFile, openSample, setUp, verdict, visit } from "./harness.mjs";

const at = setUp();
const document = (name) => readFileSync(new URL(`../../../examples/documents/${name}`, import.meta.url), "utf8");
const tab = (page, name) => page.getByRole("tab", { name }).click();
/** The panel, once it shows the answer to what is asked now. */
const ready = (page) => page.locator('.panel[aria-busy="false"]').waitFor();
const row = (page, table, name) => page.getByRole("region", { name: table }).getByRole("row", { name });

test("members of a control plane fail one by one", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Three servers, two balancers");
  await tab(page, "Control plane");
  await page.locator(".panel-verdict", { hasText: "Any one machine or balancer may fail." }).waitFor();
  const works = page.getByRole("region", { name: "What works" });
  assert.equal(await works.getByText("yes").count(), 6);
  await row(page, "Majorities of etcd", /^3 \(this one\) 2 1$/).waitFor();
  await row(page, "One at a time", /server-1:etcd.* yes/).waitFor();

  await page.getByRole("button", { name: "Fail server-1:etcd" }).click();
  await page.locator(".panel-verdict", { hasText: "etcd has 2 of 3 members, and needs 2" }).waitFor();
  await page.getByRole("button", { name: "Fail server-2:etcd" }).click();
  await page.locator(".panel-verdict", { hasText: "Down" }).waitFor();
  await works.getByText("etcd has 1 of 3 members, and needs 2").waitFor();
  await works.locator(".st-stale", { hasText: "may be old" }).waitFor();
  await page.getByText("a pod that is deleted, evicted or lost is not made anew until it is back").waitFor();
  await page.getByRole("button", { name: "Fail server-3:kube-apiserver, down; runs, but what it depends on does not work" }).waitFor();
  // They are no part of the what-if, and can be undone as all else.
  await verdict(page, "10 pods on 6 nodes");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.locator(".panel-verdict", { hasText: "etcd has 2 of 3 members, and needs 2" }).waitFor();
  // A machine that is a node fails in the what-if too.
  await page.getByRole("button", { name: "Fail server-2", exact: true }).click();
  assert.match(await verdict(page, "Survives"), /Without server-2/);
  await page.locator(".panel-verdict", { hasText: "Down" }).waitFor();
  await page.getByRole("button", { name: "Fail lb-1" }).click();
  await page.locator(".panel-verdict", { hasText: "server-2, server-1:etcd, lb-1 failed" }).waitFor();
  await page.getByRole("button", { name: "Restore the members" }).click();
  await page.locator(".panel-verdict", { hasText: "server-2 failed: the control plane works" }).waitFor();
  await done();
});

test("a leader that fails is followed by another, after an interval", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Three servers, two balancers");
  await tab(page, "Control plane");
  await page.getByRole("button", { name: "Fail server-1:kube-scheduler" }).click();
  await page.getByText(/if the leader was server-1:kube-scheduler, another leads after 13 s to 23\.8 s/).waitFor();
  await done();
});

test("on a device the master machine moves; of other clusters it may not be known", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Two-node edge device");
  await page.getByRole("combobox", { name: "Step through" }).selectOption({ label: "Node A: both power supplies" });
  await verdict(page, "Does not fit");
  await tab(page, "Control plane");
  // The control plane knows no parts of hosts: the host that is lost with them is asked.
  await page.locator(".panel-verdict", { hasText: "A failed: the control plane works: etcd has 1 of 1 members" }).waitFor();
  await page.getByText("etcd has one member, and tolerates no loss").waitFor();
  await page.getByRole("button", { name: "Start over" }).click();
  await openSample(page, "Ten nodes, three zones");
  await tab(page, "Control plane");
  await page.getByText("The input does not show where the control plane runs").waitFor();
  assert.equal(await page.locator(".panel .card").count(), 0);
  await tab(page, "Network");
  await page.getByText("The input describes no network and has no services").waitFor();
  assert.equal(await page.locator(".panel .card").count(), 0);
  await done();
});

test("services, addresses and routes; what changes when a host is lost", async () => {
  const { page, done } = await visit(at);
  await openSample(page, "Edge device and its network");
  await tab(page, "Network");
  await row(page, "Services", /line\/orders-db ClusterIP 172\.28\.0\.20 1\/1/).waitFor();
  await row(page, "Who has which address", /192\.168\.20\.10 master/).waitFor();
  await row(page, "Ranges", /nodes 192\.168\.20\.10-192\.168\.20\.12 device 3 3/).waitFor();
  await row(page, "Routes of the nodes", /192\.168\.21\.0\/24 192\.168\.20\.1 port3, external switch 100 custom/).waitFor();
  assert.equal(await page.getByText("What the loss does").count(), 0);
  await page.getByRole("button", { name: "Fail host A" }).click();
  await row(page, "Services", /line\/hmi .*stays reachable 1 of 2 left, 1 comes back/).waitFor();
  await row(page, "Services", /line\/orders-db .*none is ready any more/).waitFor();
  await row(page, "Addresses that the loss touches", /node master 192\.168\.20\.10 moves from host A to host B/).waitFor();
  await done();
});

test("conflicts of a plan come with their fixes", async () => {
  const { page, done } = await visit(at);
  await openFile(page, "faulty.yaml", document("network-faulty.yaml"));
  await page.locator(".question").waitFor();
  await tab(page, "Network");
  const all = page.getByRole("list", { name: "6 conflicts" });
  await all.getByText("network.nodeRange").first().waitFor();
  await all.getByText("192.168.20.1 is the gateway of port3").waitFor();
  assert.equal(await all.getByText("Fix:").count(), 6);
  await row(page, "Ranges", /services, from outside .* 1 short/).waitFor();
  await done();
});

test("a link carries the network with other addresses, or with the real ones", async () => {
  const { page, context, done } = await visit(at);
  await openFile(page, "site.yaml", document("network.yaml"));
  await page.locator(".question").waitFor();
  await page.getByRole("button", { name: "Fail host A" }).click();
  await page.getByRole("button", { name: "Share" }).click();
  const link = async () => {
    await page.getByRole("button", { name: "Copy link" }).waitFor();
    return page.getByRole("textbox", { name: "Link" }).inputValue();
  };
  await page.getByText("Addresses of the network are others").waitFor();
  const others = await link();
  await page.getByRole("checkbox", { name: "With real addresses" }).check();
  await page.getByText("are in it as they are").waitFor();
  const real = await link();
  await page.getByRole("checkbox", { name: "Rename everything first" }).check();
  await page.getByText(/names? renamed/).waitFor();
  const renamed = await link();
  for (const [hash, isReal] of [[others, false], [real, true], [renamed, false]]) {
    const other = await context.newPage();
    await other.goto(hash);
    await verdict(other, /Survives/);
    await tab(other, "Network");
    await ready(other);
    await other.getByText("3 nodes and 1 service have an address; 0 more nodes fit (IPv4); 2 more services fit (IPv4)").waitFor();
    await other.getByText(/has no ready endpoint for/).first().waitFor();
    const text = await other.locator(".panel").innerText();
    for (const address of ["192.168.20.10", "192.168.21.0/24", "172.28.0.20", "10.0.0.1"]) assert.equal(text.includes(address), isReal, address);
    await other.close();
  }
  // The tab itself keeps what it had.
  await page.reload();
  await verdict(page, /Survives/);
  await tab(page, "Network");
  await page.getByText("192.168.20.10").first().waitFor();
  await done();
});

test("a link carries the control plane and its failed members, under other names too", async () => {
  const { page, context, done } = await visit(at);
  await openFile(page, "plane.yaml", document("external-etcd.yaml"));
  await page.locator(".question").waitFor();
  await tab(page, "Control plane");
  await page.getByRole("button", { name: "Fail e1:etcd" }).click();
  await page.locator(".panel-verdict", { hasText: "etcd has 2 of 3 members" }).waitFor();
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("checkbox", { name: "Rename everything first" }).check();
  await page.getByText(/names? renamed/).waitFor();
  await page.getByRole("button", { name: "Copy link" }).waitFor();
  const other = await context.newPage();
  await other.goto(await page.getByRole("textbox", { name: "Link" }).inputValue());
  await other.locator(".question").waitFor();
  await tab(other, "Control plane");
  await other.locator(".panel-verdict", { hasText: "etcd has 2 of 3 members, and needs 2" }).waitFor();
  assert.equal(await other.getByRole("button", { name: /^Restore .*:etcd/ }).count(), 1);
  await other.close();
  await done();
});
