// HiGHS (the npm package `highs`) as podfit's solver of integer programs.
import loadRuntime, { type InitOptions, type Model } from "highs";
import type { IntegerProgram, LpAnswer, LpSolver } from "./lp.js";

/**
 * Presolve rules 12 (aggregator) and 13 (parallel rows and columns): together they made HiGHS 1.15.1 call an answer
 * optimal that is off by one. The command leaves them out too.
 */
const PRESOLVE_RULES_OFF = (1 << 12) | (1 << 13);

/** Loads HiGHS, which has one thread here; `options` say where its `highs.wasm` is, if not beside its script. */
export async function loadHighs(options?: InitOptions): Promise<LpSolver> {
  const highs = await loadRuntime(options);
  const { modelStatus, variableType } = highs.constants;

  function read(model: Model, offset: number): LpAnswer {
    const status = model.getModelStatus();
    // No column at all: nothing can be placed, the objective is its constant.
    if (status === modelStatus.empty) return { stop: "proved", bound: offset, columns: new Float64Array() };
    // 2: feasible, as in HiGHS's own SolutionStatus.
    const found = model.info.get("primal_solution_status") === 2;
    const columns = found ? model.getSolution().colValue : new Float64Array();
    const bound = Number(model.info.get("mip_dual_bound"));
    if (status === modelStatus.optimal) return { stop: "proved", bound, columns };
    if (status === modelStatus.timeLimit) return { stop: "time-limit", bound, columns };
    return { stop: "gave-up", bound, columns };
  }

  function solve(p: IntegerProgram): LpAnswer {
    const numCols = p.most.length;
    const numRows = p.rowMost.length;
    const source = {
      numCols,
      numRows,
      offset: p.offset,
      colCost: p.cost,
      colLower: new Float64Array(numCols),
      colUpper: p.most,
      rowLower: p.rowLeast,
      rowUpper: p.rowMost,
      matrix: {
        format: "csr" as const,
        numRows,
        numCols,
        starts: Int32Array.from(p.rowStarts),
        indices: Int32Array.from(p.columns),
        values: p.values,
      },
      integrality: new Int32Array(numCols).fill(variableType.integer),
    };
    return highs.withModel(source, (model) => {
      model.options.set({
        output_flag: false,
        mip_rel_gap: 0,
        mip_abs_gap: 0,
        presolve_rule_off: PRESOLVE_RULES_OFF,
        random_seed: p.seed,
      });
      if (Number.isFinite(p.timeLimitSeconds)) model.options.set("time_limit", p.timeLimitSeconds);
      if (numCols > 0) model.setSolution({ colValue: p.start });
      model.run();
      return read(model, p.offset);
    });
  }

  return { solve };
}
