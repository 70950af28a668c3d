// A scenario as text: `#s=…` in a link, or a file. Compressed with what browsers have built in.

import { MODES } from "podfit/vocabulary";
import type { Edit, Mode } from "../engine/protocol";
import { EMPTY, type Plan } from "./scenario";

export const LINK_LONG = 8 * 1024;
/** A link may come from anyone: it is not unpacked beyond this. */
const UNPACKED_MAX = 64 * 1024 * 1024;
const PREFIX = "#s=";

/** An input that travels: a sample by its key, anything else as text. */
export type Input = { sample: string } | { sources: { name: string; text: string }[]; leaveOut?: true };

export interface Packed {
  podfit: "scenario/v1";
  sample?: string;
  sources?: { name: string; text: string }[];
  /** Opened without its faulty objects. */
  leaveOut?: true;
  plan: Partial<Plan>;
}

export function packed(input: Input, plan: Plan): Packed {
  const changed = Object.entries(plan).filter(([k, v]) => JSON.stringify(v) !== JSON.stringify(EMPTY[k as keyof Plan]));
  return { podfit: "scenario/v1", plan: Object.fromEntries(changed) as Partial<Plan>, ...input };
}

export async function toFragment(scenario: Packed): Promise<string> {
  const stream = new Blob([JSON.stringify(scenario)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return PREFIX + base64url(new Uint8Array(await new Response(stream).arrayBuffer()));
}

export const isScenarioLink = (hash: string): boolean => hash.startsWith(PREFIX);

export async function fromFragment(hash: string): Promise<Packed> {
  const stream = new Blob([fromBase64url(hash.slice(PREFIX.length))]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return parsePacked(await readAtMost(stream, UNPACKED_MAX));
}

async function readAtMost(stream: ReadableStream<Uint8Array>, max: number): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > max) {
      await reader.cancel();
      throw new Error("too large");
    }
    chunks.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Blob(chunks).text();
}

function base64url(data: Uint8Array): string {
  let text = "";
  for (let i = 0; i < data.length; i += 0x8000) text += String.fromCharCode(...data.subarray(i, i + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

const isText = (v: unknown): v is string => typeof v === "string";
const list = (v: unknown): unknown[] => (Array.isArray(v) ? v : []);
const isEdit = (v: unknown): v is Edit => isRecord(v) && isText(v.op);
const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);

/** Whatever comes from outside has the shape of a scenario, or is refused. Edits are for the engine to judge. */
export function parsePacked(text: string): Packed {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value) || value.podfit !== "scenario/v1") throw new Error("not a scenario");
  const result: Packed = { podfit: "scenario/v1", plan: parsePlan(value.plan) };
  if (isText(value.sample)) return { ...result, sample: value.sample };
  if (!Array.isArray(value.sources) || !value.sources.length) throw new Error("no input");
  result.sources = value.sources.map((s: unknown) => {
    if (!isRecord(s) || !isText(s.name) || !isText(s.text)) throw new Error("a broken input");
    return { name: s.name, text: s.text };
  });
  if (value.leaveOut === true) result.leaveOut = true;
  return result;
}

export function parsePlan(value: unknown): Plan {
  if (!isRecord(value)) return EMPTY;
  const { fail, mode, moves, assume, applied, parts } = value;
  const plan: Plan = { ...EMPTY };
  if (Array.isArray(fail) && fail.every(isText)) plan.fail = fail;
  if (Array.isArray(parts) && parts.every(isText)) plan.parts = parts;
  const known: Mode | undefined = MODES.find((m) => m === mode);
  if (known) plan.mode = known;
  if (typeof moves === "number" && Number.isInteger(moves) && moves >= 0) plan.moves = moves;
  if (isRecord(assume)) {
    if (isText(assume.cpu)) plan.assume = { ...plan.assume, cpu: assume.cpu };
    if (isText(assume.memory)) plan.assume = { ...plan.assume, memory: assume.memory };
  }
  if (Array.isArray(applied)) {
    plan.applied = applied.filter(isRecord).map((a) => ({ edits: list(a.edits).filter(isEdit), pods: list(a.pods).filter(isText) }));
  }
  return plan;
}

/** A scenario saved as a file, or null if the text is something else. */
export function scenarioFile(text: string): Packed | null {
  if (!text.slice(0, 200).includes('"scenario/v1"')) return null;
  return parsePacked(text);
}
