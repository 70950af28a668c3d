"""Many scenarios of one cluster, on this machine's threads or on any executor."""

from __future__ import annotations

import concurrent.futures
import itertools
import json
import logging
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from . import cluster as clusters
from . import frames
from ._part import Part
from ._reports import CaseCounts, Row, Scenario, Why
from .cluster import Cluster
from .errors import Fault
from .executors import refuse_fork
from .frame import Frame
from .progress import Progress, listener

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from ._vocabulary import Solver

__all__ = ["Sweep", "scenarios", "sweep"]

_log = logging.getLogger("podfit")
# Longer batches leave workers idle at the end, shorter ones pay more for the way.
_BATCHES_PER_WORKER = 16
_BATCH_MAX = 500
_NO_COUNTS = CaseCounts(moves=0, pending=0, waiting=0, lost=0, stuck=0, not_evaluated=0, still_pending=0)


def sweep(
    cluster: Cluster,
    scenarios: Any,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    batch: int | None = None,
    solver: Solver = "auto",
    time_limit: float | None = 10.0,
    progress: bool = False,
    on_progress: Callable[[Progress], object] | None = None,
) -> Sweep:
    """Answers many scenarios; rows come as they are done.

    A scenario is what is different, then what is lost; without a loss, where the pending pods go. Each has its own seed,
    so its row is the same wherever it is answered, and in whatever order. What is wrong with a scenario is in its row.

    Args:
        cluster: What the scenarios start from. To an executor it is sent about once for each of its processes.
        scenarios: `Scenario` objects, dicts with the same fields, or a table with a row a scenario. Columns of a table
            are the fields ``id``, ``fail`` (a list, or names by commas), ``mode``, ``moves``, ``predict``, ``seed``,
            ``edits``, and edits: ``scale_requests`` and ``scale_replicas`` (percent, 100 is as now),
            ``replicas:WORKLOAD`` (a number), ``copies:NODE`` (how many nodes more like this one),
            ``resize:NODE:RESOURCE`` (its allocatable), ``enlarge:NODE:RESOURCE`` (how much more of it).
        executor: None for threads in Rust, or any ``concurrent.futures.Executor``: a ``ProcessPoolExecutor`` (by spawn,
            not fork), ``dask.distributed.Client.get_executor()``, loky, `RayExecutor`. A worker answers one scenario at a time.
        workers: How many work at a time: threads, or about the size of the executor (twice so many batches are under
            way). One for each processor if not given.
        batch: Scenarios sent at a time to an executor.
        solver: As of a single question.
        time_limit: Seconds for one scenario; None is no limit.
        progress: Show it.
        on_progress: Called with a `Progress` after every row.

    Raises:
        InputError: The table cannot be read as scenarios.
        ValueError: The executor forks.

    >>> small = Cluster.from_frames(
    ...     nodes=[{"name": n, "cpu": 4, "memory": "8Gi"} for n in "ab"],
    ...     pods=[{"name": f"web-{i}", "node": "ab"[i % 2], "cpu": 1, "memory": "1Gi"} for i in range(4)],
    ... )
    >>> rows = sweep(small, {"fail": ["a", "a", "c"], "scale_requests": [100, 150, 100]}).collect()
    >>> [(row.verdict, row.good) for row in rows]
    [('survives', True), ('does-not-fit', False), (None, False)]
    >>> print(rows[2].errors[0])
    fail[0]: there is no node "c" (known: a, b) [unknown-node]
    """
    return Sweep(cluster, scenarios, executor, workers, batch, (solver, time_limit), (progress, on_progress))


class Sweep:
    """Rows as they are done; `collect` gives them in the order of the scenarios."""

    def __init__(
        self,
        cluster: Cluster,
        given: Any,
        executor: Executor | None,
        workers: int | None,
        batch: int | None,
        settings: tuple[str, float | None],
        told: tuple[bool, Callable[[Progress], object] | None],
    ) -> None:
        self._scenarios = scenarios(given)
        self._stopped = False
        self._shipped = 0
        self._make: Callable[[dict[str, Any]], Any] = Row.from_dict
        workers = workers or os.cpu_count() or 1
        if executor is None:
            rows = self._threads(cluster, workers, settings)
        else:
            refuse_fork(executor)
            size = batch or max(1, min(_BATCH_MAX, len(self._scenarios) // (workers * _BATCHES_PER_WORKER)))
            rows = self._executor(cluster, executor, workers, size, settings)
        self._rows = self._told(rows, *told)

    def __iter__(self) -> Iterator[Row]:
        # The generator itself, which minds Ctrl-C also between two rows.
        return self._rows

    def __next__(self) -> Row:
        row: Row = next(self._rows)
        return row

    def __len__(self) -> int:
        """Number of scenarios."""
        return len(self._scenarios)

    def collect(self) -> Frame[Row]:
        """All rows that are left, in the order of the scenarios. After Ctrl-C those that were done, see `stopped`."""
        # A frame makes its rows when they are looked at.
        self._make = dict
        rows = sorted(self._rows, key=lambda row: row["index"])
        return Frame(Row, rows)

    @property
    def stopped(self) -> Literal["interrupted"] | None:
        """``"interrupted"`` where Ctrl-C ended the sweep."""
        return "interrupted" if self._stopped else None

    @property
    def shipped(self) -> int:
        """How often the cluster was sent to an executor."""
        return self._shipped

    def _told(
        self, rows: Iterator[dict[str, Any]], show: bool, on_progress: Callable[[Progress], object] | None
    ) -> Iterator[Any]:
        try:
            with listener(show, on_progress) as tell:
                for done, row in enumerate(rows, 1):
                    if tell is not None:
                        tell("cases", done, len(self))
                    yield self._make(row)
        except KeyboardInterrupt:
            self._stopped = True

    def _threads(self, cluster: Cluster, workers: int, settings: tuple[str, float | None]) -> Iterator[dict[str, Any]]:
        solver, time_limit = settings
        rows = cluster._snapshot.sweep(_text(self._scenarios), solver=solver, time_limit=time_limit, threads=workers)
        for row in rows:
            yield json.loads(row)
        self._stopped = self._stopped or rows.interrupted

    def _executor(
        self, cluster: Cluster, executor: Executor, workers: int, size: int, settings: tuple[str, float | None]
    ) -> Iterator[dict[str, Any]]:
        """Batches, a few under way at a time. They go without the cluster; a worker that lacks it says so."""
        starts = iter(range(0, len(self._scenarios), size))
        under_way: dict[Future[list[str] | None], int] = {}
        payload: bytes | None = None

        def submit(start: int, with_cluster: bytes | None) -> Iterator[dict[str, Any]]:
            part = self._scenarios[start : start + size]
            try:
                under_way[executor.submit(_answer, cluster._digest, with_cluster, _text(part), settings)] = start
            except RuntimeError as error:  # a broken pool, or one that is shut down
                yield from _failed(part, start, error)

        try:
            for start in itertools.islice(starts, 2 * workers):
                yield from submit(start, None)
            while under_way:
                done, _ = concurrent.futures.wait(under_way, return_when=concurrent.futures.FIRST_COMPLETED)
                for future in done:
                    start = under_way.pop(future)
                    try:
                        texts = future.result()
                    except Exception as error:  # whatever a worker dies of
                        yield from _failed(self._scenarios[start : start + size], start, error)
                    else:
                        if texts is None:
                            payload = payload or pickle.dumps(cluster)
                            self._shipped += 1
                            yield from submit(start, payload)
                            continue
                        yield from (_placed(text, start) for text in texts)
                    for another in itertools.islice(starts, 1):
                        yield from submit(another, None)
        finally:
            for future in under_way:
                future.cancel()


def _answer(
    digest: bytes, cluster: bytes | None, scenarios: str, settings: tuple[str, float | None]
) -> list[str] | None:
    """Runs in a worker: rows in JSON, or None where it does not have the cluster."""
    known = clusters._RESTORED.get(digest)
    if known is None:
        if cluster is None:
            return None
        known = pickle.loads(cluster)
    solver, time_limit = settings
    return list(known._snapshot.sweep(scenarios, solver=solver, time_limit=time_limit, threads=1))


def _placed(text: str, start: int) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(text)
    return {**row, "index": row["index"] + start}


def _failed(part: list[dict[str, Any]], start: int, error: BaseException) -> Iterator[dict[str, Any]]:
    _log.warning("a worker failed with %d scenarios: %s", len(part), error)
    words = f"{type(error).__name__}: {error}"
    fault = Fault("worker-failed", "scenario", words, "ask again; the other scenarios have their rows")
    for index, scenario in enumerate(part, start):
        row = Row(
            index=index,
            id=str(scenario.get("id", "")),
            good=False,
            why=Why(code="faulty", text=str(fault)),
            predicted="",
            stop="done",
            counts=_NO_COUNTS,
            pending_before=0,
            pending=(),
            errors=(fault,),
        )
        yield row.to_dict()


def _text(part: Iterable[Any]) -> str:
    return json.dumps(list(part), default=str)


# --- scenarios from whatever they are given as


def scenarios(given: Any) -> list[dict[str, Any]]:
    """Scenarios as in JSON: of objects and dicts as they are, of a table a row each."""
    if isinstance(given, (list, tuple)) or (isinstance(given, Iterator)):
        return [_one(s) for s in given]
    if isinstance(given, Iterable) and not isinstance(given, Mapping) and not _is_table(given):
        return [_one(s) for s in given]
    names, columns, count = frames.table("scenarios", given)
    return [_row(names, row) for row in zip(*columns, strict=True)] if names else [{}] * count


def _is_table(given: Any) -> bool:
    return any(hasattr(given, name) for name in ("__arrow_c_stream__", "columns", "__dataframe__", "collect_schema"))


def _one(scenario: Any) -> dict[str, Any]:
    fields = scenario.to_dict() if isinstance(scenario, Scenario) else scenario
    if not isinstance(fields, Mapping):
        # Refused with its position where all others are.
        return {"id": "", "scenario": str(fields)}
    made = {key: _plain(value) for key, value in fields.items()}
    if isinstance(made.get("fail"), str):
        made["fail"] = [made["fail"]]
    if "id" in made:
        made["id"] = str(made["id"])
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return value.to_dict()
    return [_plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def _row(names: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    scenario: dict[str, Any] = {}
    edits: list[Any] = []
    for name, value in zip(names, row, strict=True):
        if frames.is_missing(value):
            continue
        value = frames.nested(value)
        edit = _edit(name, value)
        if edit is not None:
            edits.append(edit)
        elif name == "edits":
            edits = [*value, *edits] if isinstance(value, list) else [value, *edits]
        elif name == "fail" and isinstance(value, str):
            scenario["fail"] = [part.strip() for part in value.split(",") if part.strip()]
        else:
            scenario[name] = value
    return _one({**scenario, "edits": edits} if edits else scenario)


def _edit(column: str, value: Any) -> dict[str, Any] | None:
    """The edit of a column that is one."""
    head, *rest = column.split(":", 2)
    match head.replace("-", "_"), rest:
        case "scale_requests" | "scale_replicas", []:
            return {"op": head.replace("_", "-"), "percent": value}
        case "replicas", [workload]:
            return {"op": "replicas", "workload": workload, "count": value}
        case "copies", [node]:
            return {"op": "copy-node", "node": node, "count": value}
        case "resize", [node, resource]:
            return {"op": "resize-node", "node": node, "allocatable": {resource: str(value)}}
        case "enlarge", [node, resource]:
            return {"op": "enlarge-node", "node": node, "add": {resource: str(value)}}
        case _:
            return None
