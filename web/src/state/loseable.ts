// What can be lost at a stroke, with the words for it: zones, hosts of a device, nodes.

import type { Answer, Cluster } from "../engine/protocol";
import { T } from "../text";
import { PARTS, WITNESS } from "./plots";

export interface Loseable {
  sort: "zone" | "host" | "node" | "part";
  /** As a question names it. */
  name: string;
  words: string;
  nodes: number[];
}

const known = new WeakMap<Cluster, Loseable[]>();

export function loseable(of: Cluster): Loseable[] {
  let all = known.get(of);
  if (!all) known.set(of, (all = [...zones(of), ...hosts(of), ...nodes(of), ...parts(of)]));
  return all;
}

function zones(of: Cluster): Loseable[] {
  return of.domains.flatMap(({ label, values }) =>
    values.map(({ value, nodes }) => {
      const words = T.ask.zone(label.slice(label.lastIndexOf("/") + 1), value, nodes.length);
      return { sort: "zone" as const, name: `${label}=${value}`, words, nodes };
    }),
  );
}

const hosts = (of: Cluster): Loseable[] => of.hosts.map(({ name, nodes }) => ({ sort: "host", name, words: T.ask.host(name), nodes }));

const nodes = (of: Cluster): Loseable[] => of.nodes.map(({ name }, i) => ({ sort: "node", name, words: name, nodes: [i] }));

/** Of an edge device: which nodes go with a part, if any, is the engine's to say. */
function parts(of: Cluster): Loseable[] {
  const names = of.hosts.flatMap(({ name }) => PARTS.map((part) => `${name}:${part}`));
  return [...names, ...(of.hosts.length > 1 ? [WITNESS] : [])].map((name) => ({ sort: "part", name, words: partWords(name), nodes: [] }));
}

/** A part of a device, as `A:psus`. */
export function partWords(name: string): string {
  const [host, part] = name.split(":");
  if (name === WITNESS) return T.story.theWitness;
  return part && T.story.parts[part] ? T.story.part(host!, T.story.parts[part]) : name;
}

/** What an answer says is lost, as few names as tell all of it: parts, whole zones and hosts that were asked for, then nodes. */
export function lostWords(of: Cluster, answer: Answer, fail: string[]): string[] {
  const lost = new Set(answer.failed);
  const asked = loseable(of).filter((l) => fail.includes(l.name));
  const whole = (l: Loseable) => (l.sort === "host" ? answer.failedHosts.includes(l.name) : l.sort === "zone" && l.nodes.every((n) => lost.has(n)));
  const groups = asked.filter(whole);
  const byParts = answer.failedParts.length ? of.hosts.filter((h) => answer.failedHosts.includes(h.name)) : [];
  const covered = new Set([...groups, ...byParts].flatMap((l) => l.nodes));
  const named = new Set(asked.filter((l) => l.sort === "node").map((l) => l.name));
  const single = answer.failed.map((n) => ({ n, name: of.nodes[n]!.name })).filter(({ n, name }) => named.has(name) || !covered.has(n));
  return [...answer.failedParts.map(partWords), ...groups.map((l) => l.words), ...single.map(({ name }) => name)];
}
