// Addresses → others that stand to each other as they did: what was in one subnet is in one, ranges keep their order and
// their size, the last part of an address stays. So a plan of addresses can be asked about without telling whose it is.

import ipaddr from "ipaddr.js";

/** What becomes of a text that names addresses: one, `FIRST-LAST`, `SUBNET/BITS`. Null: it names none. */
export interface Addresses {
  of(text: string): string | null;
}

/** As they are. */
export const REAL: Addresses = { of: (text) => text };

interface Family {
  bits: number;
  /** Blocks are moved as a whole; they have at least what is behind so many bits. */
  block: number;
  /** What is wider belongs to nobody, and stays: the default route, say. */
  wide: number;
  /** Where they go. */
  home: bigint;
  homeBits: number;
}

const V4: Family = { bits: 32, block: 24, wide: 8, home: 10n << 24n, homeBits: 8 };
const V6: Family = { bits: 128, block: 64, wide: 16, home: 0xfdn << 120n, homeBits: 8 };
const V4_ROOM_LEFT = { home: 96n << 24n, homeBits: 3 };

interface Range {
  family: Family;
  first: bigint;
  last: bigint;
  /** How it was written. */
  write: (move: (address: bigint) => string) => string;
}

interface Block {
  family: Family;
  /** Bits behind its prefix. */
  size: number;
  first: bigint;
  to: bigint | null;
}

/** Substitutes for all addresses that are noted before the first is asked for. */
export class Substitutes implements Addresses {
  private noted: Range[] = [];
  private blocks: Block[] | null = null;

  /** To be passed over a document once: notes what it names. */
  readonly note: Addresses = {
    of: (text) => {
      const range = rangeOf(text);
      if (range && !isWide(range)) this.noted.push(range);
      return text;
    },
  };

  of(text: string): string | null {
    const range = rangeOf(text);
    if (!range) return null;
    if (isWide(range)) return text;
    this.blocks ??= placed(this.noted);
    const block = this.blocks.find((b) => b.family === range.family && isIn(range, b));
    if (block?.to == null) return null;
    const { first, to } = block;
    return range.write((address) => format(range.family, address - first + to));
  }
}

function number(text: string): { family: Family; value: bigint } | null {
  const trimmed = text.trim();
  const isV4 = ipaddr.IPv4.isValidFourPartDecimal(trimmed);
  if (!isV4 && !ipaddr.IPv6.isValid(trimmed)) return null;
  const value = ipaddr.parse(trimmed).toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family: isV4 ? V4 : V6, value };
}

function format(family: Family, value: bigint): string {
  const bytes = Array.from({ length: family.bits / 8 }, (_, i) => Number((value >> BigInt(family.bits - 8 * (i + 1))) & 0xffn));
  return ipaddr.fromByteArray(bytes).toString();
}

function rangeOf(text: string): Range | null {
  const dash = text.indexOf("-");
  if (dash >= 0) {
    const [a, b] = [number(text.slice(0, dash)), number(text.slice(dash + 1))];
    if (!a || !b || a.family !== b.family) return null;
    const [first, last] = a.value <= b.value ? [a.value, b.value] : [b.value, a.value];
    return { family: a.family, first, last, write: (move) => `${move(a.value)}-${move(b.value)}` };
  }
  const [head, prefix] = text.split("/");
  const one = number(head!);
  if (!one) return null;
  if (prefix === undefined) return { family: one.family, first: one.value, last: one.value, write: (move) => move(one.value) };
  const bits = Number(prefix);
  if (!/^\d+$/.test(prefix) || bits > one.family.bits) return null;
  const behind = BigInt(one.family.bits - bits);
  const first = (one.value >> behind) << behind;
  return { family: one.family, first, last: first + (1n << behind) - 1n, write: (move) => `${move(one.value)}/${bits}` };
}

/** Bits behind the longest prefix that first and last have in common. */
function sizeOf({ first, last }: Range): number {
  let size = 0;
  while (first >> BigInt(size) !== last >> BigInt(size)) size++;
  return size;
}

const isWide = (range: Range): boolean => sizeOf(range) >= range.family.bits - range.family.wide;

const lastOf = (b: Block, first = b.first): bigint => first + (1n << BigInt(b.size)) - 1n;

const isIn = (range: Range, block: Block): boolean => range.first >= block.first && range.last <= lastOf(block);

/** Blocks that hold all ranges, none within another, each with a new place that nobody had. */
function placed(ranges: Range[]): Block[] {
  const all = ranges.map((range): Block => {
    const size = Math.max(sizeOf(range), range.family.bits - range.family.block);
    return { family: range.family, size, first: (range.first >> BigInt(size)) << BigInt(size), to: null };
  });
  const bySize = [...all].sort((a, b) => b.size - a.size);
  const blocks: Block[] = [];
  for (const block of bySize) {
    if (!blocks.some((b) => b.family === block.family && block.first >= b.first && lastOf(block) <= lastOf(b))) blocks.push(block);
  }
  const taken = blocks.map((b) => ({ family: b.family, first: b.first, last: lastOf(b) }));
  for (const block of blocks) {
    const at = placeFor(block, block.family, taken) ?? (block.family === V4 ? placeFor(block, V4_ROOM_LEFT, taken) : null);
    if (at === null) continue;
    block.to = at;
    taken.push({ family: block.family, first: at, last: lastOf(block, at) });
  }
  return blocks;
}

interface Taken {
  family: Family;
  first: bigint;
  last: bigint;
}

/** The first place of its size in `room` that overlaps nothing. */
function placeFor(block: Block, room: Pick<Family, "home" | "homeBits">, taken: Taken[]): bigint | null {
  const step = 1n << BigInt(block.size);
  const end = room.home + (1n << BigInt(block.family.bits - room.homeBits));
  // What is in the way is passed at a stride: there are no more strides than blocks.
  for (let at = room.home; at + step <= end; ) {
    const inWay = taken.find((t) => t.family === block.family && at <= t.last && at + step - 1n >= t.first);
    if (!inWay) return at;
    at = ((inWay.last >> BigInt(block.size)) + 1n) << BigInt(block.size);
  }
  return null;
}
