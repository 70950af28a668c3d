// A colour for each workload, the same whatever an edit adds or takes away, and in both plans of a comparison.

const HUES = 8;
const given = new Map<string, number>();

/** A number below 8; neighbours in the input differ. */
export function hue(workload: string): number {
  let own = given.get(workload);
  if (own === undefined) given.set(workload, (own = given.size % HUES));
  return own;
}
