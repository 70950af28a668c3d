"""Timefold, in Java: construction heuristic and local search on one thread (more are in its paid edition)."""

import os
import subprocess
import tempfile
from pathlib import Path

from instances import Packing, read
from peer import Call, CannotRun

VERSION = "1.24.0"


def solve(call):
    packing = read(call.suite, call.files)
    if not isinstance(packing, Packing) or packing.weigh_cards:
        raise CannotRun("the constraints of this suite are not written down for it")
    lines = [f"{len(packing.bins[0].capacity)} {len(packing.bins)} {len(packing.items)}"]
    lines += [" ".join(map(str, (bin.cost, *bin.capacity))) for bin in packing.bins]
    lines += [" ".join(map(str, item.size)) for item in packing.items]
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "in", Path(folder) / "out"
        given.write_text("\n".join(lines) + "\n")
        jars = ":".join(map(str, Path(call.arguments.build).rglob("*.jar")))
        # The start of the Java machine is a part of its time.
        milliseconds = int(call.left() * 1000)
        began = call.elapsed()
        command = ["java", f"-XX:ActiveProcessorCount={call.threads}", "-cp", jars, "peers.Main"]
        command += [str(given), str(found), str(milliseconds), str(call.seed)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotRun(f"exit {done.returncode}: {done.stderr.strip()[-300:]}")
        bins = [int(word) for word in found.read_text().split()]
    best = [line.split() for line in done.stdout.splitlines() if line.startswith("best ")]
    if not best or best[-1][2] != "0" or -1 in bins:
        return call.answer(None, None, "none", None)
    call.seconds_to_best = began + int(best[-1][1]) / 1000
    place = [(b, []) for b in bins]
    return call.answer(packing.objective(place), None, "feasible", packing.solution(place))


if __name__ == "__main__":
    call = Call("timefold", VERSION, [("--build", {"required": True})])
    call.run(solve)
    os._exit(0)
