import { describe, expect, test } from "vitest";
import { pack } from "../../src/layout/pack";

const frame = { x: 10, y: 20, w: 200, h: 100 };
const area = (b: { w: number; h: number }) => b.w * b.h;

/** Shares of a pseudo-random sequence, so that a failure can be repeated. */
function shares(n: number, seed: number, total: number): number[] {
  let state = seed;
  const raw = Array.from({ length: n }, () => ((state = (state * 48271) % 2147483647), 1 + (state % 97)));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((r) => (r / sum) * total);
}

describe("pack", () => {
  test.each([1, 2, 3, 7, 30, 200])("%i blocks: area is the share, nothing overlaps or leaves the frame", (n) => {
    const wanted = shares(n, n + 1, 0.8);
    const boxes = pack(wanted, frame);
    expect(boxes.length).toBe(n);
    boxes.forEach((b, i) => {
      expect(area(b)).toBeCloseTo(Math.max(wanted[i]!, 0.0015) * area(frame), 5);
      expect(b.x).toBeGreaterThanOrEqual(frame.x - 1e-6);
      expect(b.x + b.w).toBeLessThanOrEqual(frame.x + frame.w + 1e-6);
      expect(b.y).toBeGreaterThanOrEqual(frame.y - 1e-6);
      expect(b.y + b.h).toBeLessThanOrEqual(frame.y + frame.h + 1e-6);
    });
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const wide = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
        const high = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
        expect(Math.min(wide, high)).toBeLessThan(1e-6);
      }
    }
  });

  test("what comes last does not move the rows below it", () => {
    const some = shares(12, 5, 0.5);
    const before = pack(some, frame);
    const after = pack([...some, 0.05, 0.05], frame);
    const lastRow = before.at(-1)!.y;
    const fixed = before.filter((b) => b.y > lastRow + 1e-6);
    expect(fixed.length).toBeGreaterThan(0);
    fixed.forEach((b, i) => expect(after[i]).toEqual(b));
  });

  test("more than the whole is drawn within the frame", () => {
    const boxes = pack([0.9, 0.9, 0.2], frame);
    expect(boxes.reduce((sum, b) => sum + area(b), 0)).toBeCloseTo(area(frame), 5);
  });

  test("nothing is nothing", () => expect(pack([], frame)).toEqual([]));
});
