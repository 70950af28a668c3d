"""Sweeps: the same rows on threads, in processes and on Dask."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import textwrap
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pandas
import podfit
import polars
import pytest
from podfit import Cluster, Scenario, sweep

from conftest import EXAMPLES


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return Cluster.from_yaml(EXAMPLES / "ten-node-zones.yaml")


def many(cluster: Cluster, number: int = 60) -> list[Any]:
    """Losses, growth and seeds; one is wrong by its node, one by its form."""
    names = [n.name for n in cluster.nodes]
    made: list[Any] = [
        Scenario(
            id=f"s{i}",
            fail=(names[i % len(names)],),
            edits=({"op": "scale-requests", "percent": 90 + i},),
            seed=i,
            predict=20,
        )
        for i in range(number)
    ]
    return [*made, {"fail": ["nowhere"]}, {"fail": "everything", "colour": 1}, {}]


@pytest.fixture(scope="module")
def expected(cluster: Cluster) -> list[podfit.Row]:
    return list(sweep(cluster, many(cluster)).collect())


def test_rows(cluster: Cluster, expected: list[podfit.Row]) -> None:
    assert [row.index for row in expected] == list(range(63))
    assert {row.verdict for row in expected} >= {"survives", "does-not-fit", None}
    first = expected[0]
    alone = cluster.edited(*many(cluster)[0].edits).what_if(many(cluster)[0].fail, predict=20)
    assert (first.id, first.verdict, first.counts.moves) == ("s0", alone.verdict, alone.counts.moves)
    assert [e.code for e in expected[60].errors] == ["unknown-node"]
    assert [e.code for e in expected[61].errors] == ["malformed"]
    assert expected[62].verdict == cluster.place().verdict


def test_comes_as_completed_and_can_be_left(cluster: Cluster) -> None:
    run = sweep(cluster, many(cluster))
    seen = [next(run), next(run)]
    rest = run.collect()
    assert len(run) == 63 and len(rest) == 61
    assert not {row.index for row in seen} & {row.index for row in rest}
    left = sweep(cluster, many(cluster, 2000))
    next(left)
    del left  # does not hang
    assert list(sweep(cluster, [])) == []


def test_same_whatever_the_threads_and_order(cluster: Cluster, expected: list[podfit.Row]) -> None:
    assert list(sweep(cluster, many(cluster), workers=1).collect()) == expected
    backwards = list(sweep(cluster, many(cluster)[::-1]).collect())
    assert [(r.id, r.verdict, r.why, r.predicted) for r in backwards[::-1]] == [
        (r.id, r.verdict, r.why, r.predicted) for r in expected
    ]


def test_executors_give_the_same(cluster: Cluster, expected: list[podfit.Row], executor: Executor) -> None:
    # Which worker gets which batch, and so who lacks the cluster how often, is no matter of this test.
    for _ in range(2):
        assert list(sweep(cluster, many(cluster), executor=executor, workers=2, batch=3).collect()) == expected


def test_a_process_gets_the_cluster_once(cluster: Cluster, expected: list[podfit.Row]) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        run = sweep(cluster, many(cluster), executor=pool, workers=1, batch=3)
        assert list(run.collect()) == expected
        # Of 21 batches two are under way at a time: those are sent again, with the cluster.
        assert run.shipped == 2
        again = sweep(cluster, many(cluster), executor=pool, workers=1, batch=3)
        assert list(again.collect()) == expected
        assert again.shipped == 0


def test_edited_clusters_are_shipped_with_their_edits(cluster: Cluster) -> None:
    grown = cluster.edited({"op": "scale-requests", "percent": 130})
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        there = sweep(grown, many(cluster, 5), executor=pool).collect()
    assert there == sweep(grown, many(cluster, 5)).collect()
    assert there != sweep(cluster, many(cluster, 5)).collect()


class Dying(Executor):
    """Every second batch is lost with its worker."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._calls = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        self._calls += 1
        if self._calls > 8:
            raise RuntimeError("cannot schedule new futures")
        return self._pool.submit(_die if self._calls % 2 else fn, *args, **kwargs)


def _die(*args: Any) -> None:
    raise MemoryError("the worker died")


def test_failures_of_workers_are_rows(cluster: Cluster, expected: list[podfit.Row]) -> None:
    rows = sweep(cluster, many(cluster), executor=Dying(), workers=1, batch=10).collect()
    assert [row.index for row in rows] == list(range(63))
    failed = [row for row in rows if any(e.code == "worker-failed" for e in row.errors)]
    assert failed and len(failed) < 63
    assert [row for row in rows if row not in failed] == [expected[r.index] for r in rows if r not in failed]


def test_a_process_that_is_killed(cluster: Cluster) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.submit(os._exit, 1)
        rows = sweep(cluster, many(cluster, 4), executor=pool).collect()
    assert len(rows) == 7 and all(row.errors and row.verdict is None for row in rows)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_fork_is_refused(cluster: Cluster) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        with pytest.raises(ValueError, match="spawn"):
            sweep(cluster, [{}], executor=pool)


@pytest.mark.parametrize("kind", [dict, pandas.DataFrame, polars.DataFrame], ids=["columns", "pandas", "polars"])
def test_tables_of_scenarios(cluster: Cluster, kind: Any) -> None:
    names = [n.name for n in cluster.nodes]
    table = {
        "id": [1, 2, 3],
        "fail": [names[0], f"{names[0]},{names[1]}", None],
        "seed": [7, 8, 9],
        "predict": [0, 0, 0],
        "scale_requests": [110.0, None, 120.0],
        f"copies:{names[0]}": [None, 1.0, None],
        f"resize:{names[2]}:cpu": ["8", None, None],
        f"enlarge:{names[2]}:memory": [None, None, "1Gi"],
    }
    rows = sweep(cluster, kind(table)).collect()
    same = [
        {
            "id": "1",
            "fail": [names[0]],
            "seed": 7,
            "predict": 0,
            "edits": [
                {"op": "scale-requests", "percent": 110},
                {"op": "resize-node", "node": names[2], "allocatable": {"cpu": "8"}},
            ],
        },
        {"id": "2", "fail": names[:2], "seed": 8, "predict": 0, "edits": [{"op": "copy-node", "node": names[0], "count": 1}]},
        {
            "id": "3",
            "seed": 9,
            "predict": 0,
            "edits": [
                {"op": "scale-requests", "percent": 120},
                {"op": "enlarge-node", "node": names[2], "add": {"memory": "1Gi"}},
            ],
        },
    ]
    assert not any(row.errors for row in rows)
    assert rows == sweep(cluster, iter(same)).collect()
    frame = rows.to_polars()
    assert frame["id"].to_list() == ["1", "2", "3"] and "counts.pending" in frame.columns


def test_progress(cluster: Cluster) -> None:
    seen: list[podfit.Progress] = []
    sweep(cluster, many(cluster, 5), on_progress=seen.append).collect()
    assert [p.done for p in seen] == list(range(1, 9)) and {p.all for p in seen} == {8}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_interrupt_keeps_what_is_done() -> None:
    code = f"""
        import os, signal, threading, podfit
        cluster = podfit.Cluster.from_yaml({str(EXAMPLES / "ten-node-zones.yaml")!r})
        name = cluster.nodes[0].name
        scenarios = [{{"fail": [name], "seed": i, "predict": 1000,
                       "edits": [{{"op": "scale-requests", "percent": 101}}]}} for i in range(200_000)]
        some = threading.Event()
        run = podfit.sweep(cluster, scenarios, on_progress=lambda progress: progress.done == 2 and some.set())
        rows = [next(run)]
        def interrupt():
            some.wait()
            os.kill(os.getpid(), signal.SIGINT)
        threading.Thread(target=interrupt, daemon=True).start()
        rows += run
        assert run.stopped == "interrupted" and 0 < len(rows) < 200_000
        assert cluster.what_if(name).stopped is None
        os._exit(0)  # the rest winds down by itself; no need to wait for it here
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
