"""Timefold, in Java: construction heuristic and local search on one thread (more are in its paid edition)."""

import os
import subprocess
import tempfile
from pathlib import Path

from instances import Packing, read
from peer import Call, CannotRun

VERSION = "1.24.0"


def solve(call):
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "in", Path(folder) / "out"
        if call.suite == "machine-reassignment":
            arguments, main = [*call.files, str(found)], "peers.Reassignment"
        else:
            packing = read(call.suite, call.files)
            if not isinstance(packing, Packing) or packing.weigh_cards:
                raise CannotRun("the constraints of this suite are not written down for it")
            given.write_text(as_text(packing))
            arguments, main = [str(given), str(found)], "peers.Main"
        # The start of the Java machine is a part of its time.
        milliseconds = int(call.left() * 1000)
        began = call.elapsed()
        jars = ":".join(map(str, Path(call.arguments.build).rglob("*.jar")))
        command = ["java", f"-XX:ActiveProcessorCount={call.threads}", "-cp", jars, main]
        command += [*arguments, str(milliseconds), str(call.seed)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotRun(f"exit {done.returncode}: {done.stderr.strip()[-300:]}")
        text = found.read_text()
    lines = [line.split() for line in done.stdout.splitlines()]
    hard, soft = next((int(line[1]), int(line[2])) for line in lines if line[:1] == ["end"])
    places = [int(word) for word in text.split()]
    if hard or -1 in places:
        return call.answer(None, None, "none", None)
    best = [int(line[1]) for line in lines if line[:1] == ["best"]]
    call.seconds_to_best = began + best[-1] / 1000 if best else None
    if call.suite == "machine-reassignment":
        return call.answer(-soft, None, "feasible", text)
    place = [(b, []) for b in places]
    return call.answer(packing.objective(place), None, "feasible", packing.solution(place))


def as_text(packing):
    """The packing in the form that peers.Main reads."""
    lines = [f"{len(packing.bins[0].capacity)} {len(packing.bins)} {len(packing.items)}"]
    lines += [" ".join(map(str, (bin.cost, *bin.capacity))) for bin in packing.bins]
    lines += [" ".join(map(str, item.size)) for item in packing.items]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    call = Call("timefold", VERSION, [("--build", {"required": True})])
    call.run(solve)
    os._exit(0)
