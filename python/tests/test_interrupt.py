"""Ctrl-C during a long exact solve, in a process of its own. What happens next follows from what happened, not from
how long it took."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

# 80 pods of many sizes on 40 nodes, on as few as can be: a second's work at least.
HARD = """
import os, random, signal, sys, threading, time
import podfit

rng = random.Random(3)
nodes = [{"name": f"n{i:02}", "cpu": 10, "memory": "100Gi"} for i in range(40)]
pods = [
    {"name": f"p{i}", "cpu": rng.randint(2000, 4500) / 1000, "memory": f"{rng.randint(20, 45)}Gi"} for i in range(80)
]
cluster = podfit.Cluster.from_frames(nodes=nodes, pods=pods)
at_work = threading.Event()
sent = []

def tell(progress):
    # The first level, all placed, is soon closed; the second, as few nodes as can be, is what takes long.
    if progress.done == 1:
        at_work.set()

def solve():
    return cluster.place(fewest_nodes=True, solver="exact", time_limit=None, on_progress=tell)

def interrupt():
    sent.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)

def once():
    at_work.wait()
    interrupt()
"""

# Nothing here takes so long on any machine: what has not come by then does not come.
NEVER_SECONDS = 600


def run(code: str) -> str:
    command = [sys.executable, "-c", HARD + textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=NEVER_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_the_incumbent_comes_back_and_the_next_solve_works() -> None:
    out = run("""
        threading.Thread(target=once, daemon=True).start()
        result = solve()
        waited = time.perf_counter() - sent[0]
        assert result.stopped == "interrupted", result.stopped
        assert result.status == "feasible", result.status
        assert result.levels[0].bound == 0 and 0 < result.levels[1].bound < result.levels[1].objective, result.levels
        assert all(pod.to for pod in result.pods)
        assert "Stopped" in result._repr_html_()
        again = cluster.place()
        assert again.stopped is None and again.verdict.startswith("fits"), again.verdict
        exact = cluster.place(fewest_nodes=True, solver="exact", time_limit=1)
        assert exact.stopped is None and exact.status in ("feasible", "optimal"), (exact.stopped, exact.status)
        print(waited)
    """)
    print(f"the incumbent was back after {float(out):.2f} s")  # pytest -s; how long is no matter of tests


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_an_audit_gives_the_cases_that_were_asked() -> None:
    run("""
        nodes = {"name": [f"n{i}" for i in range(400)], "cpu": [8] * 400, "memory": ["32Gi"] * 400}
        pods = {"name": [f"p{i}" for i in range(8000)], "node": [f"n{i % 400}" for i in range(8000)], "cpu": [0.3] * 8000}
        many = podfit.Cluster.from_frames(nodes=nodes, pods=pods)
        threading.Thread(target=once, daemon=True).start()
        # It may be raised in the listener: the answer is the same.
        result = many.audit(k=2, cases_max=100_000, on_progress=lambda progress: at_work.set())
        assert result.stopped == "interrupted" and result.verdict == "unknown"
        assert 0 < result.cases_asked == len(result.cases) < result.cases_all
    """)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_second_one_is_raised() -> None:
    run("""
        heard = threading.Event()

        def handler(number, frame):
            heard.set()
            raise KeyboardInterrupt

        def twice():
            once()
            heard.wait()
            interrupt()

        signal.signal(signal.SIGINT, handler)
        threading.Thread(target=twice, daemon=True).start()
        try:
            solve()
            # The answer may be sooner than the second one.
            while True:
                time.sleep(0.01)
        except KeyboardInterrupt:
            assert len(sent) == 2
        assert cluster.place().verdict.startswith("fits")
    """)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_an_exception_of_a_signal_handler_is_raised() -> None:
    run("""
        def handler(number, frame):
            raise RuntimeError("mine")
        signal.signal(signal.SIGINT, handler)
        threading.Thread(target=once, daemon=True).start()
        try:
            solve()
        except RuntimeError as error:
            assert str(error) == "mine"
        else:
            raise SystemExit("not raised")
        assert cluster.place().verdict.startswith("fits")
    """)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_other_threads_go_on() -> None:
    """The interpreter's lock is released while Rust works: else nobody would end it."""
    run("""
        counted = []
        def count():
            at_work.wait()
            for i in range(1000):
                counted.append(i)
                time.sleep(0)  # gives the lock away
            interrupt()
        threading.Thread(target=count, daemon=True).start()
        assert solve().stopped == "interrupted" and len(counted) == 1000
    """)
