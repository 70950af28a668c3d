"""CP-SAT of OR-Tools: `--model naive` or `--model classes`."""

import os
from importlib.metadata import version

from instances import read
from model import build
from ortools.sat.python import cp_model
from peer import Call


class Watch(cp_model.CpSolverSolutionCallback):
    def __init__(self, call):
        super().__init__()
        self.call = call

    def on_solution_callback(self):
        self.call.improved()


def solve(call):
    instance = read(call.suite, call.files)
    ours, read_columns = build(instance, call.arguments.model == "classes")
    model = cp_model.CpModel()
    columns = [model.new_int_var(least, most, "") for least, most in zip(ours.least, ours.most)]
    for least, most, at, coefficients in ours.rows:
        row = cp_model.LinearExpr.weighted_sum([columns[k] for k in at], coefficients)
        if least is not None and most is not None:
            model.add_linear_constraint(row, least, most)
        else:
            model.add(row <= most if most is not None else row >= least)
    costly = [k for k, cost in enumerate(ours.cost) if cost]
    model.minimize(cp_model.LinearExpr.weighted_sum([columns[k] for k in costly], [ours.cost[k] for k in costly]))
    for column, value in zip(columns, ours.start):
        model.add_hint(column, value)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = call.left()
    solver.parameters.num_workers = call.threads
    solver.parameters.random_seed = call.seed
    status = solver.solve(model, Watch(call))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        text, objective = read_columns([solver.value(column) for column in columns])
        is_optimal = status == cp_model.OPTIMAL
        # The objective of gpu-trace is two in one; its bound is not taken apart.
        bound = None if call.suite == "gpu-trace" else round(solver.best_objective_bound)
        call.answer(objective, bound, "optimal" if is_optimal else "feasible", text)
    else:
        call.answer(None, None, "infeasible" if status == cp_model.INFEASIBLE else "none", None)


if __name__ == "__main__":
    models = ("--model", {"choices": ["naive", "classes"], "default": "naive"})
    call = Call("cp-sat", version("ortools"), [models])
    call.solver = f"cp-sat-{call.arguments.model}"
    call.run(solve)
    # Its threads are not waited for.
    os._exit(0)
