"""A planner's morning, typed: what mypy --strict and pyright see of podfit."""

from __future__ import annotations

from collections.abc import Mapping

import podfit
from podfit import Cluster, Frame, PodReport, Scenario, WhatIfReport, sweep


def build() -> Cluster:
    """Three nodes in two zones."""
    return Cluster.from_frames(
        nodes=[
            {"name": "a", "cpu": 4, "memory": "8Gi", "label:zone": "x"},
            {"name": "b", "cpu": 4, "memory": "8Gi", "label:zone": "x"},
            {"name": "c", "cpu": 4, "memory": "8Gi", "label:zone": "y"},
        ],
        workloads=[{"name": "web", "replicas": 6, "runs_on": list("aabbcc"), "cpu": 1, "memory": "2Gi"}],
    )


def pending(result: WhatIfReport) -> list[str]:
    """Names of the pods without a place."""
    pods: Frame[PodReport] = result.pods.where(verdict="pending")
    return [f"{pod.namespace}/{pod.name}: {pod.reason}" for pod in pods]


def spare(result: WhatIfReport) -> Mapping[str, int]:
    """Memory left on the survivors, in bytes."""
    return {
        node.name: node.after["memory"].allocatable - node.after["memory"].used for node in result.nodes if not node.lost
    }


def smallest_addition(result: WhatIfReport) -> str | None:
    """What to buy."""
    if result.cause is None or not result.cause.additions:
        return None
    best = min(result.cause.additions, key=lambda addition: addition.share_ppm)
    return best.text


def grow(cluster: Cluster, percents: range) -> list[tuple[str, bool]]:
    """How far requests may grow."""
    scenarios = [
        Scenario(id=f"{percent} %", fail=("a",), edits=({"op": "scale-requests", "percent": percent},), seed=percent)
        for percent in percents
    ]
    return [(row.id, row.good) for row in sweep(cluster, scenarios, time_limit=5).collect()]


def main() -> None:
    cluster = build()
    result = cluster.what_if("a", mode="drained", time_limit=2.5)
    verdict: podfit.Verdict = result.verdict
    print(verdict, result.why, pending(result), spare(result), smallest_addition(result))
    for case in cluster.audit(k=2).cases:
        print(case.failed, case.verdict, case.counts.pending)
    print(grow(cluster, range(100, 160, 20)))
    try:
        cluster.what_if("nowhere")
    except podfit.RequestError as error:
        for fault in error.errors:
            print(fault.code, fault.place, fault.fix)


if __name__ == "__main__":
    main()
