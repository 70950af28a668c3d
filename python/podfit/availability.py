"""Availability: requests in Python's words, and runs in parts on any executor."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from . import cluster as clusters
from .executors import refuse_fork

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from .cluster import Cluster

_PARTS_PER_WORKER = 4


Moment = float | timedelta
"""Seconds, or a timedelta."""

Time = Moment | tuple[Moment, Moment]
"""A time, or the two ends between which it is."""


def seconds(time: Any) -> Any:
    """Seconds of a number or a timedelta."""
    return time.total_seconds() if isinstance(time, timedelta) else time


def span(time: Any) -> Any:
    """``{min, max}`` of a time, or of a pair of times."""
    if isinstance(time, Mapping):
        return dict(time)
    low, high = time if isinstance(time, (tuple, list)) else (time, time)
    return {"min": seconds(low), "max": seconds(high)}


def timing(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Times as a request has them. Names may be written as in Python; a time is seconds, a timedelta, or a pair of them."""
    made: dict[str, Any] = {}
    for name, value in (given or {}).items():
        head, *tail = name.split("_")
        name = head + "".join(word.capitalize() for word in tail)
        if name == "starts" and isinstance(value, Mapping):
            value = [{"workload": workload, "seconds": span(time)} for workload, time in value.items()]
        elif name.endswith("Seconds") and value is not None:
            value = span(value)
        made[name] = value
    return made


def failures(given: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rates as a request has them."""
    made = []
    for rate in given:
        fields = dict(rate)
        for name, wire in (("between_failures", "betweenFailuresSeconds"), ("repair", "repairSeconds")):
            if name in fields:
                fields[wire] = seconds(fields.pop(name))
        if isinstance(fields.get("nodes"), str):
            fields["nodes"] = [fields["nodes"]]
        made.append(fields)
    return made


def sums(
    cluster: Cluster, request: Mapping[str, Any], executor: Executor, workers: int | None
) -> list[dict[str, Any]]:
    """The sums of all parts of the runs, each made by a worker."""
    refuse_fork(executor)
    runs = int(request["runs"])
    parts = min(runs, (workers or os.cpu_count() or 1) * _PARTS_PER_WORKER)
    bounds = [runs * i // parts for i in range(parts + 1)]
    payload = pickle.dumps(cluster)
    under_way: list[Future[str]] = []
    try:
        for first, end in zip(bounds, bounds[1:], strict=False):
            text = json.dumps({**request, "part": {"first": first, "count": end - first}})
            under_way.append(executor.submit(_part, cluster._digest, payload, text))
        return [json.loads(future.result()) for future in under_way]
    finally:
        for future in under_way:
            future.cancel()


def _part(digest: bytes, cluster: bytes, request: str) -> str:
    """Runs in a worker: the sums of a part in JSON."""
    known = clusters._RESTORED.get(digest) or pickle.loads(cluster)
    report = known.ask(json.loads(request), threads=1)
    return json.dumps(report.to_dict()["sums"])
