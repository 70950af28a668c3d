// What can be stepped through: causes at an edge device, and sequences at any cluster.

import type { Request, SequenceStep } from "podfit";
import type { Cluster, Mode } from "../engine/protocol";
import { T } from "../text";
import type { Plan } from "./scenario";

/** A cause or a sequence. */
export interface Plot {
  key: string;
  /** The heading it stands under. */
  group: string;
  words: string;
  /** What fails in its first step: that is asked as a what-if too, with all that belongs to one. */
  fail: string[] | null;
  /** How it fails. */
  mode: Mode;
  request: Request;
}

/** Parts of a host that may fail, as a what-if names them after `A:`. */
export const PARTS = ["psu1", "psus", "port1", "port2", "port3", "port4", "port5", "port6", "disk", "core", "reboot"] as const;
/** Of these it is asked too what happens if both hosts lose one. */
const BOTH = ["psu1", "psus", "disk", "core"] as const;
export const WITNESS = "witness";

export function plots(of: Cluster, plan: Plan): Plot[] {
  const hosts = of.hosts.map((h) => h.name);
  return [...hosts.flatMap((host) => causesOf(host, hosts)), ...(hosts.length > 1 ? causesOfBoth(hosts) : []), ...sequences(of, hosts, plan)];
}

function cause(group: string, words: string, fail: string[], hosts: string[]): Plot {
  const back: SequenceStep[] = hosts.length ? [{ step: "return", nodes: hosts }] : [];
  const request: Request = { kind: "Sequence", steps: [{ step: "lose", nodes: fail }, ...back] };
  return { key: fail.join("+"), group, words, fail, mode: "not-ready", request };
}

function causesOf(host: string, hosts: string[]): Plot[] {
  const group = T.story.host(host);
  // One node has no other to talk to, and pages say nothing of its ports.
  const of = (what: string) => T.story.of(T.story.node(host), what);
  const parts = PARTS.map((part) => cause(group, of(T.story.parts[part]!), [`${host}:${part}`], [host]));
  return [cause(group, of(T.story.whole), [host], [host]), ...(hosts.length > 1 ? parts : parts.filter((p) => !p.key.includes("port")))];
}

function causesOfBoth(hosts: string[]): Plot[] {
  const group = T.story.both;
  const of = (what: string) => T.story.of(group, what);
  const parts = BOTH.map((part) => cause(group, of(T.story.bothParts[part]!), hosts.map((host) => `${host}:${part}`), hosts));
  const witness = hosts.map((host) => cause(group, T.story.witnessAnd(host), [host, WITNESS], hosts));
  return [cause(group, of(T.story.whole), hosts, hosts), ...parts, cause(group, T.story.witness, [WITNESS], []), ...witness];
}

function sequences(of: Cluster, hosts: string[], plan: Plan): Plot[] {
  const plot = (key: string, words: string, request: Request): Plot => ({ key, group: T.story.sequences, words, fail: null, mode: "not-ready", request });
  const reboot = hosts.map((host) => {
    const steps: SequenceStep[] = [{ step: "drain", nodes: [host] }, { step: "lose", nodes: [host] }, { step: "return", nodes: [host] }];
    return plot(`reboot ${host}`, T.story.reboot(host), { kind: "Sequence", steps });
  });
  const rolling = plot("rolling", hosts.length ? T.story.deviceUpdate : T.story.rolling, { kind: "Sequence", rolling: {} });
  const kubernetes = plot("kubernetes", T.story.kubernetes, { kind: "Sequence", rolling: { kubernetes: true } });
  const byDomain = of.domains.map(({ label }) => plot(`rolling ${label}`, T.story.rollingBy(label.slice(label.lastIndexOf("/") + 1)), { kind: "Sequence", rolling: { domain: label } }));
  return [...reboot, rolling, ...(hosts.length > 1 ? [kubernetes] : []), ...byDomain, ...returning(plan)];
}

/** What fails now, and comes back: a node that is deleted is another one then. */
function returning({ fail, mode }: Plan): Plot[] {
  const isWhole = fail.every((name) => !name.includes(":") && name !== WITNESS);
  if (!fail.length || !isWhole || mode === "deleted") return [];
  const first: SequenceStep = { step: mode === "drained" ? "drain" : "lose", nodes: fail };
  const request: Request = { kind: "Sequence", steps: [first, { step: "return", nodes: fail }] };
  return [{ key: `return ${fail.join("+")}`, group: T.story.sequences, words: T.story.returning, fail, mode, request }];
}
