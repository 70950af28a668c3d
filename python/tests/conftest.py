"""Shared by the tests: where things are, and a few clusters."""

from __future__ import annotations

import os
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
