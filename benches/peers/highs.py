"""HiGHS on the plain model: a column for each item and bin."""

import os
from importlib.metadata import version

import highspy
import numpy as np
from instances import read
from model import build
from peer import Call


def load(ours, call):
    """The model in HiGHS, with our start."""
    model = highspy.HighsModel()
    lp = model.lp_
    columns, rows = len(ours.cost), len(ours.rows)
    infinity = highspy.kHighsInf
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = np.array(ours.cost, dtype=float)
    lp.col_lower_ = np.array(ours.least, dtype=float)
    lp.col_upper_ = np.array(ours.most, dtype=float)
    lp.row_lower_ = np.array([-infinity if r[0] is None else r[0] for r in ours.rows], dtype=float)
    lp.row_upper_ = np.array([infinity if r[1] is None else r[1] for r in ours.rows], dtype=float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(r[2]) for r in ours.rows)], dtype=np.int32)
    lp.a_matrix_.index_ = np.concatenate([np.array(r[2], dtype=np.int32) for r in ours.rows])
    lp.a_matrix_.value_ = np.concatenate([np.array(r[3], dtype=float) for r in ours.rows])
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", call.threads)
    highs.setOptionValue("random_seed", call.seed)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.passModel(model)
    start = highspy.HighsSolution()
    start.col_value = [float(v) for v in ours.start]
    highs.setSolution(start)
    return highs


def run(highs, call):
    """Runs it; gives the columns and the bound, both None where there are none."""
    highs.setOptionValue("time_limit", call.left())
    highs.cbMipImprovingSolution += lambda _: call.improved()
    highs.run()
    info = highs.getInfo()
    columns = list(highs.getSolution().col_value)
    is_feasible = info.primal_solution_status == highspy.kSolutionStatusFeasible
    bound = info.mip_dual_bound if abs(info.mip_dual_bound) < 1e18 else None
    is_optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return (columns if is_feasible else None), bound, is_optimal


def solve(call):
    instance = read(call.suite, call.files)
    ours, read_columns = build(instance, False)
    columns, bound, is_optimal = run(load(ours, call), call)
    bound = None if bound is None or call.suite == "gpu-trace" else round_up(bound)
    if columns is None:
        return call.answer(None, bound, "none", None)
    text, objective = read_columns(columns)
    bound = objective if is_optimal else bound
    return call.answer(objective, bound, "optimal" if is_optimal else "feasible", text)


def round_up(bound):
    """Objectives are integers; a bound is a float with noise."""
    return int(np.ceil(bound - 1e-6 * max(1.0, abs(bound))))


if __name__ == "__main__":
    call = Call("highs-naive", version("highspy"))
    call.run(solve)
    os._exit(0)
