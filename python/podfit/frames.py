"""Frames → lists of a `podfit/v1` document, a row an entry."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .errors import Fault, InputError

__all__ = ["is_missing", "nested", "nodes", "pods", "rows", "workloads"]

# Columns of amounts: these, and any with a slash, as nvidia.com/gpu.
_RESOURCES = frozenset(("cpu", "memory", "pods", "ephemeral-storage"))
_NODE = frozenset(("name", "labels", "taints", "unschedulable", "gpus"))
_POD = frozenset(
    "name namespace kind gpu gpuModels priority preemptionPolicy labels nodeName nodeSelector affinity tolerations "
    "topologySpreadConstraints hostPorts schedulingGates volumes node cards replicas runsOn".split()
)


def nodes(frame: Any) -> list[dict[str, Any]]:
    """Entries of `nodes`."""
    return _entries("nodes", frame, _NODE, "allocatable")


def pods(frame: Any, kind: str) -> list[dict[str, Any]]:
    """Entries of `pods`; those without a kind get `kind`."""
    entries = _entries("pods", frame, _POD, "requests")
    for entry in entries:
        entry.setdefault("kind", kind)
    return entries


def workloads(frame: Any) -> list[dict[str, Any]]:
    """Entries of `workloads`."""
    return _entries("workloads", frame, _POD, "requests")


def rows(what: str, frame: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names of the columns, and the rows, of anything that is like a table."""
    if isinstance(frame, Mapping):
        columns = {str(k): list(v) for k, v in frame.items()}
        if len({len(v) for v in columns.values()}) > 1:
            sizes = ", ".join(f"{k} {len(v)}" for k, v in columns.items())
            raise _fault(what, "ragged", f"the columns differ in length: {sizes}", "give every column the same length")
        return list(columns), list(zip(*columns.values(), strict=True))
    if isinstance(frame, Sequence) and not isinstance(frame, (str, bytes)):
        if not all(isinstance(row, Mapping) for row in frame):
            raise _fault(what, "rows-invalid", "a row is no mapping", "give each row as a dict of its columns")
        names = list(dict.fromkeys(str(k) for row in frame for k in row))
        return names, [tuple(row.get(n) for n in names) for row in frame]
    return _frame(what, frame)


def _frame(what: str, frame: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
    try:
        import narwhals
    except ImportError:
        raise ImportError("frames are read through narwhals: pip install 'podfit[frames]'") from None
    try:
        table = narwhals.from_native(frame)
    except TypeError:
        cause = f"{type(frame).__name__} is no table"
        fix = "give a frame of pandas, polars or pyarrow, a dict of columns, or a list of dicts"
        raise _fault(what, "frame-invalid", cause, fix) from None
    if isinstance(table, narwhals.LazyFrame):
        table = table.collect()
    names = [str(n) for n in table.columns]
    return names, list(zip(*(table[:, i].to_list() for i in range(len(names))), strict=True))


def _entries(what: str, frame: Any, known: Iterable[str], amounts: str) -> list[dict[str, Any]]:
    names, values = rows(what, frame)
    columns = [_column(what, name, known, amounts) for name in names]
    faults = [c for c in columns if isinstance(c, Fault)]
    if faults:
        raise InputError(faults)
    plan = [c for c in columns if not isinstance(c, Fault)]
    return [_entry(plan, row) for row in values]


Column = tuple[str, str]


def _column(what: str, name: str, known: Iterable[str], amounts: str) -> Column | Fault:
    """Where a column goes: a group of the entry (or none), and the field in it."""
    if name in _RESOURCES or ("/" in name and ":" not in name):
        return amounts, name
    group, _, key = name.partition(":")
    if group == "label" and key:
        return "labels", key
    if group == "selector" and key:
        return "nodeSelector", key
    camel = "".join(part.capitalize() if i else part for i, part in enumerate(name.split("_")))
    if camel in known:
        return "", camel
    listed = ", ".join(sorted(known))
    fix = f"fields are {listed}; amounts are cpu, memory or a name with a slash; labels are columns as label:zone"
    return Fault("unknown-column", f"{what}: column {name}", "no field of this name is known", fix)


def _entry(plan: list[Column], row: tuple[Any, ...]) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for (group, key), value in zip(plan, row, strict=True):
        if is_missing(value):
            continue
        if group:
            entry.setdefault(group, {})[key] = _amount(value) if group in ("allocatable", "requests") else value
        else:
            entry[key] = nested(value)
    return entry


def is_missing(value: Any) -> bool:
    """None, NaN, and pandas' own marks."""
    if isinstance(value, float):
        return value != value
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def _amount(value: Any) -> Any:
    """A number as it is; whole floats, which frames make of integers with gaps, as integers."""
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return int(value)
    return value if isinstance(value, (int, float, str)) and not isinstance(value, bool) else str(value)


def nested(value: Any) -> Any:
    """Lists and maps may be given as JSON text, as files of columns hold them."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return int(value)
    # numpy's numbers and arrays
    item = getattr(value, "tolist", None)
    return item() if callable(item) else value


def _fault(what: str, code: str, cause: str, fix: str) -> InputError:
    return InputError([Fault(code, what, cause, fix)])
