/** Minimise `offset + cost · x` over integers `0 ≤ x ≤ most` that keep the rows. */
export interface IntegerProgram {
  /** Most of each column. */
  most: Float64Array;
  /** Cost of each column. */
  cost: Float64Array;
  /** The objective where all columns are 0. */
  offset: number;
  /** Where the entries of each row begin, and after the last row their number. */
  rowStarts: Uint32Array;
  /** The column of each entry. */
  columns: Uint32Array;
  /** The coefficient of each entry. */
  values: Float64Array;
  /** Least sum of each row: -Infinity, or the same as its most. */
  rowLeast: Float64Array;
  /** Most sum of each row. */
  rowMost: Float64Array;
  /** A complete point that keeps all rows. */
  start: Float64Array;
  /** For what the solver draws at random. */
  seed: number;
  /** Infinity: no limit. */
  timeLimitSeconds: number;
}

/** What the solver says of a program. */
export interface LpAnswer {
  /** `proved`: the columns are the best there are. Else why it stopped. */
  stop: "proved" | "time-limit" | "cancelled" | "gave-up";
  /** No point is below it; NaN where nothing is known. */
  bound: number;
  /** The best point found; empty where there is none. */
  columns: Float64Array;
}

/** Solves integer programs for podfit; `podfit/highs` has one. podfit judges its answers anew, in integers. */
export interface LpSolver {
  /** The arrays are views of podfit's memory: copy what is to outlive the call. */
  solve(program: IntegerProgram): LpAnswer;
}

/** As the WebAssembly calls it. */
export interface FlatSolver {
  solve(...numbers: FlatProgram): LpAnswer;
}

type FlatProgram = [
  most: Float64Array,
  cost: Float64Array,
  offset: number,
  rowStarts: Uint32Array,
  columns: Uint32Array,
  values: Float64Array,
  rowLeast: Float64Array,
  rowMost: Float64Array,
  start: Float64Array,
  seed: number,
  timeLimitSeconds: number,
];

export function flat(solver: LpSolver): FlatSolver {
  return {
    solve: (most, cost, offset, rowStarts, columns, values, rowLeast, rowMost, start, seed, timeLimitSeconds) =>
      solver.solve({
        most,
        cost,
        offset,
        rowStarts,
        columns,
        values,
        rowLeast,
        rowMost,
        start,
        seed,
        timeLimitSeconds,
      }),
  };
}
