import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { Substitutes } from "../../src/engine/addresses";
import { redactAll } from "../../src/engine/redact";

const PLAN = { fail: [], applied: [], parts: [] };

/** Substitutes for these texts, each noted first. */
function substitutes(texts: string[]): Map<string, string | null> {
  const all = new Substitutes();
  texts.forEach((text) => all.note.of(text));
  return new Map(texts.map((text) => [text, all.of(text)]));
}

const number = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
/** First and last address that a text of IPv4 names. */
function range(text: string): [number, number] {
  if (text.includes("-")) return text.split("-").map(number) as [number, number];
  const [address, bits = "32"] = text.split("/");
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(number(address!) / size) * size;
  return [first, first + size - 1];
}

describe("addresses", () => {
  test("what was in one subnet is in one, and none is real", () => {
    const texts = ["192.168.20.0/24", "192.168.20.10-192.168.20.12", "192.168.20.50", "10.0.0.0/24", "10.0.0.1", "172.28.0.20", "172.28.0.0/16", "0.0.0.0/0"];
    const of = substitutes(texts);
    expect(of.get("0.0.0.0/0")).toBe("0.0.0.0/0");
    expect(of.get("192.168.20.10-192.168.20.12")).toBe(of.get("192.168.20.0/24")!.replace("0/24", "10-") + of.get("192.168.20.0/24")!.replace("0/24", "12"));
    expect(of.get("10.0.0.1")).toBe(of.get("10.0.0.0/24")!.replace("0/24", "1"));
    for (const text of texts.slice(0, -1)) expect(of.get(text)).not.toBe(text);
  });

  test("of IPv6 too", () => {
    const of = substitutes(["2001:db8:1::/48", "2001:db8:1::53", "fe80::1", "::/0"]);
    expect(of.get("2001:db8:1::53")).toMatch(/^fd.*::53$/);
    expect(of.get("2001:db8:1::/48")).toMatch(/^fd.*\/48$/);
    expect(of.get("::/0")).toBe("::/0");
  });

  test("what is no address is left out, and what was not noted", () => {
    const all = new Substitutes();
    all.note.of("10.0.0.1");
    for (const text of ["", "secret", "10.1", "0x7f.1", "10.0.0.1/33", "10.0.0.1-", "10.0.0.1-::1", "1.2.3.4"]) expect(all.of(text)).toBeNull();
  });

  test("random plans keep every relation of theirs", () => {
    let state = 7;
    const random = (n: number) => (state = (state * 48271) % 2147483647) % n;
    const dotted = (n: number) => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join(".");
    for (let round = 0; round < 300; round++) {
      const texts = Array.from({ length: 2 + random(9) }, () => {
        const at = (10 + random(2)) * 2 ** 24 + random(3) * 2 ** 16 + random(2 ** 16);
        const bits = 12 + random(21);
        return [`${dotted(at)}/${bits}`, dotted(at), `${dotted(at)}-${dotted(at + random(5000))}`][random(3)]!;
      });
      const of = substitutes(texts);
      const pairs = texts.flatMap((a) => texts.map((b) => [a, b] as const));
      for (const [a, b] of pairs) {
        const [before, after] = [[range(a), range(b)], [range(of.get(a)!), range(of.get(b)!)]];
        const relation = ([[a1, a2], [b1, b2]]: [number, number][]) => [a1 <= b2 && b1 <= a2, a1 >= b1 && a2 <= b2, a2 - a1];
        expect(relation(after as [number, number][]), `${a} and ${b}: ${of.get(a)} and ${of.get(b)}`).toEqual(relation(before as [number, number][]));
        const [[c1, c2]] = after as [number, number][];
        const [, [d1, d2]] = before as [number, number][];
        expect(c1! > d2! || c2! < d1!, `${of.get(a)} is nobody's: ${b}`).toBe(true);
      }
    }
  });
});

describe("sections of podfit/v1", () => {
  const documents = new URL("../../../examples/documents/", import.meta.url);
  const source = (name: string) => ({ name, blob: new Blob([readFileSync(new URL(name, documents))]) });
  const ours = readdirSync(documents).filter((name) => name.endsWith(".yaml") && /^apiVersion: podfit\/v1$/m.test(readFileSync(new URL(name, documents), "utf8")));
  const KEYS = ["controlPlane", "network", "services"];
  const ADDRESS = /\b\d+\.\d+\.\d+\.\d+\b/g;

  test.each(ours)("%s keeps them, with other addresses unless they are asked for", async (name) => {
    const before = parse(readFileSync(new URL(name, documents), "utf8"));
    const out = async (addresses: boolean, rename = false) => JSON.parse((await redactAll([source(name)], PLAN, { addresses, rename })).files[0]!.text);
    const real = await out(true);
    const plan = before.device && before.network ? { ...before.network, podSubnet: before.network.podSubnet ?? "172.27.0.0/16", serviceSubnet: before.network.serviceSubnet ?? "172.28.0.0/16" } : before.network;
    expect(Object.fromEntries(KEYS.map((k) => [k, real[k]]))).toEqual({ controlPlane: before.controlPlane, network: plan, services: before.services });
    const theirs = new Set((JSON.stringify(KEYS.map((k) => before[k])).match(ADDRESS) ?? []).filter((a) => a !== "0.0.0.0"));
    for (const other of [await out(false), await out(true, true)]) {
      expect(KEYS.filter((k) => other[k] !== undefined)).toEqual(KEYS.filter((k) => before[k] !== undefined));
      const seen = JSON.stringify(KEYS.map((k) => other[k])).match(ADDRESS) ?? [];
      expect(seen.filter((a) => theirs.has(a))).toEqual([]);
    }
  });

  test("every field that podfit reads of them is carried", async () => {
    const read = (file: string) => readFileSync(new URL(`../../../crates/podfit-api/src/input/v1/${file}.rs`, import.meta.url), "utf8");
    const fields = (file: string) => [...read(file).matchAll(/const KNOWN: \[&str; \d+\] =\s*\[([^\]]*)\]/g)].flatMap((m) => [...m[1]!.matchAll(/"(\w+)"/g)].map((f) => f[1]!));
    const site = readFileSync(new URL("../../src/engine/site.ts", import.meta.url), "utf8");
    const known = ["plane", "network", "services"].flatMap(fields);
    expect(known.length).toBeGreaterThan(30);
    // Times of the lease are numbers, carried whatever they are called.
    const lease = ["durationSeconds", "renewDeadlineSeconds", "retryPeriodSeconds"];
    expect(known.filter((f) => !lease.includes(f) && !new RegExp(`\\b${f}\\b`).test(site))).toEqual([]);
  });

  test("names become others, the same ones everywhere", async () => {
    const document = {
      apiVersion: "podfit/v1",
      kind: "Cluster",
      nodes: [{ name: "acme-1", allocatable: { cpu: 1, memory: "1Gi" } }],
      controlPlane: { servers: ["acme-1", "10.5.5.5"], etcd: ["acme-e1"], etcdServers: { "acme-1": ["acme-e1"] }, balancers: ["acme-lb"], down: ["acme-e1:etcd"], lease: { durationSeconds: 60 } },
      workloads: [{ name: "acme-web", runsOn: ["acme-1"] }],
      services: [{ name: "acme-web", selector: { app: "acme-web" }, type: "ExternalName", externalName: "db.acme.com", clusterIP: "None", externalIPs: ["10.5.5.77"], loadBalancerIP: "10.5.5.78", endpoints: ["10.5.5.79"], ports: [80, { name: "http", port: 81, targetPort: "web" }] }],
      network: { ports: [{ name: "acme0", subnet: "10.5.5.0/24" }, { name: "port3" }], hosts: [{ name: "acme-cam", address: "10.5.5.9" }], dnsDomain: "acme.com" },
    };
    const json = { name: "a.json", blob: new Blob([JSON.stringify(document)]) };
    const { files, parts } = await redactAll([json], { ...PLAN, parts: ["acme-e1:etcd", "acme-lb"] }, { rename: true });
    const out = JSON.parse(files[0]!.text);
    expect(files[0]!.text).not.toMatch(/acme|10\.5\.5/);
    const { servers, etcd, etcdServers, balancers, down, lease } = out.controlPlane;
    expect(servers[0]).toBe(out.nodes[0].name);
    expect(etcdServers).toEqual({ [servers[0]]: etcd });
    expect(parts).toEqual([`${etcd[0]}:etcd`, balancers[0]]);
    expect([down, lease]).toEqual([[`${etcd[0]}:etcd`], { durationSeconds: 60 }]);
    expect(out.services[0].selector.app).toBe(out.workloads[0].name);
    expect(out.services[0]).toMatchObject({ clusterIP: "None", ports: [80, { name: "http", port: 81, targetPort: "web" }], externalName: "external.example" });
    const subnet = out.network.ports[0].subnet.replace("0/24", "");
    const { externalIPs, loadBalancerIP, endpoints } = out.services[0];
    expect([externalIPs, loadBalancerIP, endpoints]).toEqual([[`${subnet}77`], `${subnet}78`, [`${subnet}79`]]);
    expect(out.network.ports[1].name).toBe("port3");
  });
});
