#!/usr/bin/env python3
"""podfit and its peers on public instances, side by side in one run: `make yardstick` calls it.

    measure.py --yardstick PROGRAM --data FOLDER --cache FOLDER --out FOLDER [choices]

A result is one call of one solver on one instance with a limit, threads and a seed. It is kept as a file below
`CACHE/yardstick`, so that a run goes on where one before it ended. podfit's are kept by the program's checksum: another
build is measured anew. Every solution passes through `check.py` before its figure is told. Writes `yardstick.md` and
`yardstick.json` into `--out`.
"""

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import environments
import report
from check import Unreadable, check

HERE = Path(__file__).resolve().parent
# What a solver may take above its limit before it is ended: half of it, and this many seconds.
GRACE_SECONDS = 30


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yardstick", required=True, type=Path, help="the program")
    parser.add_argument("--data", required=True, type=Path, help="folder with the public data")
    parser.add_argument("--cache", required=True, type=Path, help="folder for results and environments")
    parser.add_argument("--out", required=True, type=Path, help="folder for the table")
    parser.add_argument("--instances", choices=["sample", "vectors"], default="sample",
                        help="the named sample, or every file of vector-packing")
    parser.add_argument("--suites", type=words, help="of the sample, by comma (default: all)")
    parser.add_argument("--only", type=words, help="instances by name, by comma (default: all)")
    parser.add_argument("--solvers", type=words,
                        help="podfit and peers, by comma (default: all for the sample, podfit for vectors)")
    parser.add_argument("--limits", type=lambda t: [float(w) for w in words(t)],
                        help="seconds, by comma (default: 10,60; 300 for machine-reassignment; 10 for vectors)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seeds", type=lambda t: [int(w) for w in words(t)], default=[0])
    parser.add_argument("--again", action="store_true", help="measure what is there already, too")
    parser.add_argument("--table-only", action="store_true", help="measure nothing")
    return parser.parse_args()


def words(text):
    return [word for word in text.split(",") if word]


class Solver:
    """podfit or a peer: how it is called, and where its results lie."""

    def __init__(self, name, command, more, suites, key):
        self.name, self.command, self.more, self.suites, self.key = name, command, more, suites, key


def solvers(options, described):
    """Those that can be called, and why others cannot."""
    wanted = options.solvers or (["podfit", *described] if options.instances == "sample" else ["podfit"])
    peers = json.loads((HERE / "peers.json").read_text())
    for name in wanted:
        if name != "podfit" and name not in peers:
            sys.exit(f"error: there is no solver {name}; there are podfit, {', '.join(peers)}")
    found, missing = [], {}
    for name in wanted:
        if name == "podfit":
            digest = hashlib.sha256(options.yardstick.read_bytes()).hexdigest()[:12]
            found.append(Solver(name, [str(options.yardstick)], [], None, f"podfit-{digest}"))
            continue
        peer = peers[name]
        program, *more = peer["program"]
        try:
            command, extra = environments.make(peer["environment"], options.cache)
        except environments.Missing as e:
            missing[name] = str(e)
            print(f"{name}: cannot be had here: {e}", file=sys.stderr)
            continue
        command = [*command, str(HERE / program), *more, *extra]
        pinned = environments.PYTHON.get(peer["environment"], {"java": environments.JAVA})
        sources = [HERE / name for name in (program, "model.py", "instances.py", "peer.py", "highs.py")]
        sources += sorted((HERE / "timefold").rglob("*.java")) if name == "timefold" else []
        digest = hashlib.sha256(b"".join(f.read_bytes() for f in sources) + json.dumps(pinned).encode()).hexdigest()
        found.append(Solver(name, command, more, peer["suites"], f"{name}-{digest[:12]}"))
    return found, missing


def instances(options, described):
    """(suite, name, files) to measure."""
    if options.instances == "vectors":
        paths = sorted((options.data / "vector-packing").glob("*/*.vbp"))
        chosen = [("vector-packing", p.stem, [str(p)]) for p in paths]
    else:
        chosen = [
            (suite, name, [str(options.data / f) for f in files])
            for suite, members in described["sample"].items()
            for name, files in members.items()
        ]
    suites = {suite for suite, _, _ in chosen}
    for suite in options.suites or ():
        if suite not in suites:
            sys.exit(f"error: there is no suite {suite}; there are {', '.join(sorted(suites))}")
    chosen = [c for c in chosen if not options.suites or c[0] in options.suites]
    chosen = [c for c in chosen if not options.only or c[1] in options.only]
    if not chosen:
        sys.exit("error: nothing is chosen")
    for _, _, files in chosen:
        for file in files:
            if not Path(file).is_file():
                sys.exit(f"error: {file} is not there: is PODFIT_DATA the folder with the public data?")
    return chosen


def measure(solver, suite, name, files, limit, threads, seed, folder):
    """Calls the solver once; gives the line with what the checker says."""
    solution = folder / f"{name}-{limit:g}-{threads}-{seed}.solution"
    solution.unlink(missing_ok=True)
    call = [*solver.command]
    call += [suite, *files, "--time-limit", f"{limit:g}", "--threads", str(threads), "--seed", str(seed)]
    call += ["--out", str(solution)]
    before = os.getloadavg()[0]
    started = time.monotonic()
    line = {"objective": None, "bound": None}
    # Libraries for linear algebra would start threads of their own.
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    try:
        done = subprocess.run(call, capture_output=True, text=True, timeout=1.5 * limit + GRACE_SECONDS,
                              env=environment, check=False)
        last = done.stdout.strip().splitlines()[-1:] or [""]
        try:
            line = json.loads(last[0])
        except ValueError:
            said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
            line.update(status="failed", why=f"exit {done.returncode}: {said[0][:300]}")
    except subprocess.TimeoutExpired:
        line.update(status="ended", why=f"was still running after {1.5 * limit + GRACE_SECONDS:g} s")
    wall = time.monotonic() - started
    line.update(name=name, suite=suite, solver=solver.name, time_limit=limit, threads=threads, seed=seed,
                wall_seconds=round(wall, 3), load_before=round(before, 2))
    if solution.is_file():
        line["check"] = judged(suite, files, solution)
    return line


def judged(suite, files, solution):
    try:
        return check(suite, files, solution.read_text())
    except (Unreadable, OSError) as e:
        return {"valid": False, "objective": None, "violations": [f"cannot be read: {e}"]}


def main():
    options = arguments()
    described = json.loads((HERE / "sample.json").read_text())
    peers = json.loads((HERE / "peers.json").read_text())
    chosen = instances(options, described)
    callable_, missing = solvers(options, peers)
    lines = []
    for suite, name, files in chosen:
        limits = options.limits or ([10.0] if options.instances == "vectors" else described["limits"][suite])
        for limit in limits:
            for seed in options.seeds:
                for solver in callable_:
                    if solver.suites is not None and suite not in solver.suites:
                        continue
                    folder = options.cache / "yardstick" / solver.key / suite
                    folder.mkdir(parents=True, exist_ok=True)
                    kept = folder / f"{name}-{limit:g}-{options.threads}-{seed}.json"
                    if kept.is_file() and not options.again:
                        lines.append(json.loads(kept.read_text()))
                        continue
                    if options.table_only:
                        continue
                    line = measure(solver, suite, name, files, limit, options.threads, seed, folder)
                    # Written beside and moved: an interrupted run leaves no half of a result.
                    fresh = kept.with_suffix(".new")
                    fresh.write_text(json.dumps(line, indent=1) + "\n")
                    fresh.replace(kept)
                    lines.append(line)
                    print(f"{suite} {name} {limit:g} s: {solver.name}: {report.cell(line)}", file=sys.stderr)
    published = dict(described["published"])
    table = options.data / "vector-packing" / "published.csv"
    if table.is_file():
        published["vector-packing"] = {**published["vector-packing"], **report.published_vectors(table)}
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}"
    text = report.markdown(lines, published, missing, machine)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "yardstick.md").write_text(text)
    everything = {"machine": machine, "missing": missing, "results": lines}
    (options.out / "yardstick.json").write_text(json.dumps(everything, indent=1) + "\n")
    print(text)
    wrong = [line for line in lines if "check" in line and not line["check"]["valid"]]
    # A solution of ours that the checker refuses is a fault of ours.
    return 1 if any(line["solver"] == "podfit" for line in wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
