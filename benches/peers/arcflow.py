"""Arc-flow: VPSolver makes a compressed graph, HiGHS solves its flow. vector-packing alone."""

import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import highspy
from highs import round_up, run
from instances import read
from peer import Call, CannotRun


def tool(name, *arguments, call):
    """A program that pyvpsolver installed beside Python."""
    program = Path(sys.executable).parent / name
    try:
        done = subprocess.run(
            [program, *arguments], capture_output=True, text=True, timeout=call.left(), check=False
        )
    except subprocess.TimeoutExpired as e:
        raise CannotRun(f"{name} does not end within the limit") from e
    if done.returncode:
        raise CannotRun(f"{name}: exit {done.returncode}: {(done.stderr or done.stdout).strip()[-200:]}")
    return done.stdout


def solve(call):
    if call.suite != "vector-packing":
        raise CannotRun("arc-flow packs equal bins")
    packing = read(call.suite, call.files)
    with tempfile.TemporaryDirectory() as folder:
        graph, program, values = (str(Path(folder) / f"x.{end}") for end in ("afg", "mps", "sol"))
        tool("vbp2afg", os.path.abspath(call.files[0]), graph, call=call)
        tool("afg2mps", graph, program, call=call)
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", call.threads)
        highs.setOptionValue("random_seed", call.seed)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.readModel(program)
        columns, bound, is_optimal = run(highs, call)
        bound = None if bound is None else round_up(bound)
        if columns is None:
            return call.answer(None, bound, "none", None)
        names = [highs.getColName(k)[1] for k in range(len(columns))]
        lines = (f"{name} {round(v)}" for name, v in zip(names, columns) if round(v))
        Path(values).write_text("\n".join(lines) + "\n")
        bins = parse(tool("vbpsol", graph, values, call=call), packing, call.files[0])
    place = [None] * len(packing.items)
    for b, items in enumerate(bins):
        for i in items:
            place[i] = (b, [])
    if None in place:
        raise CannotRun("vbpsol gave no bin to some items")
    return call.answer(len(bins), bound, "optimal" if is_optimal else "feasible", packing.solution(place))


def parse(text, packing, path):
    """Lines as `2 x [i=1, i=4, i=4]`: kinds of items (rows of the file) from 1, in the file's order."""
    waiting = {}
    for i, item in enumerate(packing.items):
        waiting.setdefault(item.size, []).append(i)
    with open(path) as file:
        lines = [line.split() for line in file if line.strip()]
    rows = [tuple(map(int, line[:-1])) for line in lines[3:]]
    bins = []
    for line in text.splitlines():
        count, cross, rest = line.strip().partition(" x ")
        if not cross or not count.strip().isdigit():
            continue
        kinds = [int(part.split("=")[1].split()[0]) - 1 for part in rest.strip(" []").split(",") if "=" in part]
        for _ in range(int(count)):
            inside = [waiting[rows[k]].pop() for k in kinds if waiting[rows[k]]]
            if inside:
                bins.append(inside)
    return bins


if __name__ == "__main__":
    call = Call("arc-flow-highs", f"{version('pyvpsolver')}, HiGHS {version('highspy')}")
    call.run(solve)
    os._exit(0)
