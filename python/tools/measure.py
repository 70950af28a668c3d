"""Python's figures, once each. Needs podfit with its test extras.

The ratio of a sweep to Rust wants the same loop in Rust: `cargo build --release -p podfit-api --example sweep`.
"""

from __future__ import annotations

import json
import random
import re
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars
from podfit import Cluster, sweep

HERE = Path(__file__).resolve().parent.parent
RUST = HERE.parent / "target" / "release" / "examples" / "sweep"


def seconds(work: Callable[[], Any], times: int) -> str:
    """Median and best."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return f"median {statistics.median(taken) * 1000:8.2f} ms, best {min(taken) * 1000:8.2f} ms"


def tables(nodes: int, pods: int, percent: int, seed: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    """A cluster of equal nodes and 40 shapes of pods, so full in memory."""
    rng = random.Random(seed)
    shapes = [(rng.choice([0.1, 0.25, 0.5, 1.0]), rng.randint(1, 32) << 26) for _ in range(40)]
    drawn = [rng.choice(shapes) for _ in range(pods)]
    memory = sum(m for _, m in drawn) * 100 // percent // nodes
    return (
        {"name": [f"n{i}" for i in range(nodes)], "cpu": [64] * nodes, "memory": [memory] * nodes},
        {
            "name": [f"p{i}" for i in range(pods)],
            "namespace": ["default"] * pods,
            "node": [f"n{i % nodes}" for i in range(pods)],
            "cpu": [c for c, _ in drawn],
            "memory": [m for _, m in drawn],
        },
    )


def questions() -> None:
    for percent in (40, 92):
        nodes, pods = tables(2, 100, percent)
        cluster = Cluster.from_frames(nodes=nodes, pods=pods)

        def ask(cluster: Cluster = cluster) -> None:
            result = cluster.what_if("n0")
            assert result.verdict and all(pod.verdict for pod in result.pods)

        print(f"what_if, 2 nodes, 100 pods, {percent} % full, every row read: {seconds(ask, 200)}")
        print(f"    of that in Rust {cluster.what_if('n0').seconds * 1000:.2f} ms, {cluster.what_if('n0').verdict}")


def loading() -> None:
    given = [polars.DataFrame(t) for t in tables(5_000, 100_000, 90)]
    for kind, (nodes, pods) in {
        "polars": given,
        "pandas": [t.to_pandas() for t in given],
        "pyarrow": [t.to_arrow() for t in given],
    }.items():
        made = seconds(lambda nodes=nodes, pods=pods: Cluster.from_frames(nodes=nodes, pods=pods), 5)  # type: ignore[misc]
        print(f"100,000 pods on 5,000 nodes from {kind}: {made}")
    cluster = Cluster.from_frames(nodes=given[0], pods=given[1])
    print(f"what_if of it: {seconds(lambda: cluster.what_if('n0').verdict, 3)}")
    pods = cluster.what_if("n0").pods
    print(f"its pods to polars: {seconds(pods.to_polars, 3)}")


def sweeping() -> None:
    nodes, pods = tables(20, 200, 80)
    cluster = Cluster.from_frames(nodes=nodes, pods=pods)
    for predict in (0, 20):
        scenarios = [
            {
                "id": str(i),
                "fail": [f"n{i % 20}"],
                "edits": [{"op": "scale-requests", "percent": 90 + i % 40}],
                "predict": predict,
                "seed": i,
            }
            for i in range(10_000)
        ]
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / "cluster.json", Path(folder) / "scenarios.json"]
            paths[0].write_bytes(cluster._inputs[0][1])
            paths[1].write_text(json.dumps(scenarios))
            here, rust = [], []
            for _ in range(3):  # in turn, as other work on the machine comes and goes
                rows: Any = None
                wall, cpu = time.perf_counter(), time.process_time()
                rows = sweep(cluster, scenarios).collect()
                here.append((time.perf_counter() - wall, time.process_time() - cpu))
                if RUST.exists():
                    before = resource.getrusage(resource.RUSAGE_CHILDREN)
                    told = subprocess.run([RUST, *paths], capture_output=True, check=True, text=True).stderr
                    count, good, taken = re.findall(r"[\d.]+", told)[:3]
                    after = resource.getrusage(resource.RUSAGE_CHILDREN)
                    assert (int(count), int(good)) == (len(rows), sum(row.good for row in rows))
                    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                    rust.append((float(taken), spent))
        wall, cpu = (min(column) for column in zip(*here, strict=True))
        print(f"sweep, 10,000 scenarios, 20 nodes, 200 pods, {predict} seeds: {10_000 / wall:.0f} scenarios/s")
        if rust:
            rust_wall, rust_cpu = (min(column) for column in zip(*rust, strict=True))
            # Of a busy machine the second says more.
            print(f"    of the same in Rust: {rust_wall / wall:.3f} by the clock, {rust_cpu / cpu:.3f} by processor time")


if __name__ == "__main__":
    questions()
    loading()
    sweeping()
