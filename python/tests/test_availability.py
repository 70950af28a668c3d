"""Times and availability: the words of requests, and runs in parts on any executor."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import timedelta

import pytest

import podfit
from podfit import Cluster

FAILURES = [
    {"nodes": "*", "between_failures": timedelta(days=40), "repair": timedelta(hours=5)},
    {"domain": "zone", "between_failures": 8e6, "repair": 4000},
]


@pytest.fixture(scope="module")
def three() -> Cluster:
    return Cluster.from_yaml("""
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}, labels: {zone: x}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}, labels: {zone: x}}
  - {name: c, allocatable: {cpu: 4, memory: 8Gi}, labels: {zone: y}}
workloads:
  - {name: web, replicas: 2, runsOn: [a, b], requests: {cpu: 1, memory: 1Gi}}
  - {name: db, kind: StatefulSet, replicas: 1, runsOn: [c], requests: {cpu: 1, memory: 1Gi}}
""")


def test_a_timeline_has_the_terms(three: Cluster) -> None:
    report = three.timeline("a", timing={"kubernetes": "1.31", "start_seconds": 5, "schedule_seconds": (0, timedelta(seconds=2))})
    [web] = report.pods
    assert web.returns == "back"
    assert web.back_after_seconds is not None
    # 40 s and 300 s, a heartbeat up to 10.4 s before, looks of 5 s to 15.1 s, then 5 s to 7 s.
    assert (web.back_after_seconds.min, web.back_after_seconds.max) == (339.6, 362.1)
    assert web.evicted_path is not None
    assert report.paths[web.evicted_path].by_settings_seconds.max == 340
    starts = three.timeline("a", timing={"kubernetes": "1.31", "starts": {"web": 90}}).pods[0]
    assert starts.back_after_seconds is not None
    assert starts.back_after_seconds.min == 424.6
    moved = three.what_if("a", timing={"kubernetes": "1.31", "start_seconds": 5, "schedule_seconds": (0, 2)}).pods[0]
    assert moved.back_after_seconds == web.back_after_seconds


def test_wrong_times_are_told_all_at_once(three: Cluster) -> None:
    with pytest.raises(podfit.RequestError) as raised:
        three.timeline("zz", timing={"kubernetes": "2", "start_seconds": (5, 1)})
    assert [fault.code for fault in raised.value.errors] == ["unknown-node", "bad-version", "empty-span"]


def test_availability_is_the_same_on_every_executor(three: Cluster, executor: Executor) -> None:
    whole = three.availability(FAILURES, runs=60, run_seed=2)
    parts = three.availability(FAILURES, runs=60, run_seed=2, executor=executor, workers=2)
    assert parts == whole
    assert whole.verdict == "estimated"
    assert whole.workloads[0].name == "db"
    assert whole.workloads[0].down_seconds.mean > whole.workloads[1].down_seconds.mean > 0
    assert three.availability(FAILURES, runs=60, run_seed=3) != whole
