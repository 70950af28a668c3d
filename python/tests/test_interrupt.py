"""Ctrl-C during a long exact solve, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

# 80 pods of many sizes on 40 nodes, on as few as can be: HiGHS works on this for hours.
HARD = """
import os, random, signal, sys, threading, time
import podfit

rng = random.Random(3)
nodes = [{"name": f"n{i:02}", "cpu": 10, "memory": "100Gi"} for i in range(40)]
pods = [
    {"name": f"p{i}", "cpu": rng.randint(2000, 4500) / 1000, "memory": f"{rng.randint(20, 45)}Gi"} for i in range(80)
]
cluster = podfit.Cluster.from_frames(nodes=nodes, pods=pods)
sent = []

def interrupt(times):
    for _ in range(times):
        time.sleep(1.5)
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HARD + textwrap.dedent(code)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_the_incumbent_comes_back_and_the_next_solve_works() -> None:
    out = run("""
        threading.Thread(target=interrupt, args=(1,), daemon=True).start()
        result = cluster.place(fewest_nodes=True, solver="exact", time_limit=None)
        waited = time.perf_counter() - sent[0]
        assert result.stopped == "interrupted", result.stopped
        assert result.status == "feasible", result.status
        assert result.levels[0].bound == 0 and 0 < result.levels[1].bound < result.levels[1].objective, result.levels
        assert all(pod.to for pod in result.pods)
        assert "Stopped" in result._repr_html_()
        again = cluster.place()
        assert again.stopped is None and again.verdict.startswith("fits"), again.verdict
        exact = cluster.place(fewest_nodes=True, solver="exact", time_limit=1)
        assert exact.stopped is None and exact.status == "feasible"
        print(waited)
    """)
    print(f"the incumbent was back after {float(out):.2f} s")  # pytest -s; how long is no matter of tests


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_an_audit_gives_the_cases_that_were_asked() -> None:
    run("""
        nodes = {"name": [f"n{i}" for i in range(400)], "cpu": [8] * 400, "memory": ["32Gi"] * 400}
        pods = {"name": [f"p{i}" for i in range(8000)], "node": [f"n{i % 400}" for i in range(8000)], "cpu": [0.3] * 8000}
        many = podfit.Cluster.from_frames(nodes=nodes, pods=pods)
        some = threading.Event()

        def after_some():
            some.wait()
            os.kill(os.getpid(), signal.SIGINT)

        threading.Thread(target=after_some, daemon=True).start()
        # It may be raised in the listener: the answer is the same.
        result = many.audit(k=2, cases_max=100_000, on_progress=lambda progress: some.set())
        assert result.stopped == "interrupted" and result.verdict == "unknown"
        assert 0 < result.cases_asked == len(result.cases) < result.cases_all
    """)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_second_one_is_raised() -> None:
    run("""
        def twice():
            time.sleep(1)
            for _ in range(2):
                sent.append(time.perf_counter())
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.1)
        threading.Thread(target=twice, daemon=True).start()
        try:
            result = cluster.place(fewest_nodes=True, solver="exact", time_limit=None)
            time.sleep(1)
        except KeyboardInterrupt:
            assert len(sent) == 2
        else:
            raise SystemExit("not raised")
        assert cluster.place().verdict.startswith("fits")
    """)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_an_exception_of_a_signal_handler_is_raised() -> None:
    run("""
        def handler(number, frame):
            raise RuntimeError("mine")
        signal.signal(signal.SIGINT, handler)
        threading.Thread(target=interrupt, args=(1,), daemon=True).start()
        try:
            cluster.place(fewest_nodes=True, solver="exact", time_limit=None)
        except RuntimeError as error:
            assert str(error) == "mine"
        else:
            raise SystemExit("not raised")
        assert cluster.place().verdict.startswith("fits")
    """)


def test_other_threads_go_on() -> None:
    """The interpreter's lock is released while Rust works."""
    run("""
        counted = 0
        def count():
            global counted
            while True:
                counted += 1
                time.sleep(0.001)
        threading.Thread(target=count, daemon=True).start()
        cluster.place(fewest_nodes=True, solver="exact", time_limit=1)
        assert counted > 200, counted
    """)
