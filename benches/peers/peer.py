"""What the programs of the peers share: the call, and the JSON line that is like podfit's `yardstick`.

    PROGRAM SUITE FILES... --time-limit S --threads T --seed N --out FILE

Seconds count from the start of the program, as they do for podfit: reading and building the model are a peer's time too.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

STARTED = time.monotonic()


class CannotRun(Exception):
    """This peer cannot run this instance; says why."""


class Call:
    """The arguments, and the clock."""

    def __init__(self, solver, version, more=()):
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("suite")
        parser.add_argument("files", nargs="+")
        parser.add_argument("--time-limit", type=float, default=10.0)
        parser.add_argument("--threads", type=int, default=1)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--out", required=True)
        for name, options in more:
            parser.add_argument(name, **options)
        self.arguments = parser.parse_args()
        self.solver, self.version = solver, version
        self.suite, self.files = self.arguments.suite, self.arguments.files
        self.threads, self.seed = self.arguments.threads, self.arguments.seed
        self.seconds_to_best = None

    def elapsed(self):
        return time.monotonic() - STARTED

    def left(self):
        """Seconds until the limit; something, so that a solver's option takes it."""
        return max(0.1, self.arguments.time_limit - self.elapsed())

    def improved(self):
        self.seconds_to_best = self.elapsed()

    def answer(self, objective, bound, status, solution, **more):
        """Writes the solution, if there is one, and prints the line."""
        seconds = self.elapsed()
        if solution is not None:
            Path(self.arguments.out).write_text(solution)
        self._line(objective=objective, bound=bound, status=status, seconds=seconds, **more)

    def _line(self, seconds=None, **more):
        usage = resource.getrusage(resource.RUSAGE_SELF)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        line = {
            "solver": self.solver,
            "version": self.version,
            "suite": self.suite,
            "instance": "+".join(Path(f).stem for f in self.files),
            **more,
            "seconds": round(seconds if seconds is not None else self.elapsed(), 3),
            "seconds_to_best": round(self.seconds_to_best, 3) if self.seconds_to_best is not None else None,
            "cpu_seconds": round(sum(u.ru_utime + u.ru_stime for u in (usage, children)), 2),
            "memory_mb": round(max(usage.ru_maxrss, children.ru_maxrss) / 1024, 1),
            "time_limit": self.arguments.time_limit,
            "threads": self.threads,
            "seed": self.seed,
        }
        print(json.dumps(line), flush=True)

    def run(self, solve):
        """Calls `solve(self)`; what cannot be run is a line too."""
        try:
            solve(self)
        except CannotRun as e:
            self._line(objective=None, bound=None, status="cannot-run", why=str(e))
        except MemoryError:
            self._line(objective=None, bound=None, status="cannot-run", why="out of memory")
        sys.stdout.flush()
