// Pods as blocks in a node, like sand in a glass: area is the share of the node, rows fill from the bottom, in the
// order given, so that pods that arrive come on top and those that stay keep their places.

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** The least share drawn: a pod that requests nothing is still there. */
const SHARE_MIN = 0.0015;

/** Boxes for `shares` (of 1) within `frame`; more than the whole is drawn as the whole, in proportion. */
export function pack(shares: ArrayLike<number>, frame: Box): Box[] {
  const drawn = Array.from(shares, (s) => Math.max(s, SHARE_MIN));
  const total = drawn.reduce((a, b) => a + b, 0);
  const scale = (frame.w * frame.h) / Math.max(1, total);
  const boxes: Box[] = [];
  let bottom = frame.y + frame.h;
  for (let start = 0; start < drawn.length; ) {
    const end = rowEnd(drawn, start, scale, frame.w);
    const sum = drawn.slice(start, end).reduce((a, b) => a + b, 0) * scale;
    const h = sum / frame.w;
    let x = frame.x;
    for (let i = start; i < end; i++) {
      const w = (drawn[i]! * scale) / h;
      boxes.push({ x, y: bottom - h, w, h });
      x += w;
    }
    bottom -= h;
    start = end;
  }
  return boxes;
}

/** The row takes boxes as long as its worst one does not get longer and thinner. */
function rowEnd(shares: number[], start: number, scale: number, width: number): number {
  let sum = 0;
  let worst = Infinity;
  let least = Infinity;
  let most = 0;
  for (let end = start; end < shares.length; end++) {
    const area = shares[end]! * scale;
    sum += area;
    least = Math.min(least, area);
    most = Math.max(most, area);
    const h = sum / width;
    const now = Math.max((h * h) / least, most / (h * h));
    if (now > worst) return end;
    worst = now;
  }
  return shares.length;
}
