"""Rebalancer, the assignment solver of Meta: local search from the best-fit placement."""

import os
from importlib.metadata import version

from instances import Packing, best_fit, read
from peer import Call, CannotRun
from rebalancer import ProblemSolver


def solve(call):
    packing = read(call.suite, call.files)
    if not isinstance(packing, Packing) or packing.weigh_cards:
        raise CannotRun("the constraints of this suite are not written down for it: an object is in one container")
    start = best_fit(packing)
    if None in start:
        raise CannotRun("best fit leaves items without a bin, and it starts from a complete assignment")
    assignment = {f"b{b}": [] for b in range(len(packing.bins))}
    for i, at in enumerate(start):
        assignment[f"b{at[0]}"].append(f"i{i}")
    solver = ProblemSolver(service_name="yardstick", service_scope="packing")
    solver.set_object_name("item").set_container_name("bin").set_assignment(assignment)
    for d in range(len(packing.bins[0].capacity)):
        sizes = {f"i{i}": float(item.size[d]) for i, item in enumerate(packing.items)}
        capacities = {f"b{b}": float(bin.capacity[d]) for b, bin in enumerate(packing.bins)}
        solver.add_object_dimension(f"d{d}", sizes).add_container_dimension(f"d{d}", capacities)
        solver.add_constraint({"capacitySpec": {"name": f"capacity {d}", "scope": "bin", "dimension": f"d{d}"}})
    solver.add_object_dimension("items", {}, 1.0)
    costs = {f"b{b}": float(bin.cost) for b, bin in enumerate(packing.bins)}
    goal = {"name": "cost", "scope": "bin", "dimension": "items", "containerCosts": costs}
    solver.add_goal({"minimizeContainersSpec": goal})
    moves = [{"singleMoveTypeSpec": {}}, {"swapMoveTypeSpec": {}}, {"tripleLoopMoveTypeSpec": {}}]
    search = {"solveTime": max(1, int(call.left())), "randomSeed": call.seed, "moveTypeList": moves}
    solver.add_solver({"localSearchSolverSpec": search})
    solver.disable_solution_summary()
    found = solver.solve()["assignment"]
    place = [(int(found[f"i{i}"][1:]), []) for i in range(len(packing.items))]
    call.answer(packing.objective(place), None, "feasible", packing.solution(place))


if __name__ == "__main__":
    call = Call("rebalancer", version("rebalancer"))
    call.run(solve)
    os._exit(0)
