"""Shared by the tests: where things are, and a few clusters."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import podfit
import pytest

# Dask gives up after 30 seconds, which a busy machine may need to start its workers.
os.environ.setdefault("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "600s")

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "clusters"

TIGHT = """
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - {name: web, replicas: 2, runsOn: [a, b], requests: {cpu: 1, memory: 5Gi}}
  - {name: api, replicas: 1, runsOn: [a], requests: {cpu: 1, memory: 1Gi}}
"""


@pytest.fixture
def tight() -> podfit.Cluster:
    return podfit.Cluster.from_yaml(TIGHT)


@pytest.fixture
def edge() -> podfit.Cluster:
    return podfit.Cluster.from_yaml(EXAMPLES / "two-node-edge.yaml")


@pytest.fixture(params=["processes", "threads", "dask", "ray"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    """Executors to work on; Dask and Ray where they are installed, else the test says that it was skipped."""
    if request.param == "processes":
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
            yield pool
    elif request.param == "threads":
        with ThreadPoolExecutor(2) as threads:
            yield threads
    elif request.param == "dask":
        distributed = pytest.importorskip("distributed")
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
            ) as local,
            distributed.Client(local) as client,
        ):
            yield client.get_executor()
    else:
        ray = pytest.importorskip("ray")
        ray.init(num_cpus=2, include_dashboard=False)
        try:
            yield podfit.RayExecutor()
        finally:
            ray.shutdown()
