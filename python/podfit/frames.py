"""Frames → lists of a `podfit/v1` document, a row an entry. A column at a time: 100,000 rows take a fifth of a second."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .errors import Fault, InputError

__all__ = ["Raw", "is_missing", "nested", "nodes", "pods", "table", "workloads"]

# Columns of amounts: these, and any with a slash, as nvidia.com/gpu.
_RESOURCES = frozenset(("cpu", "memory", "pods", "ephemeral-storage"))
_NODE = frozenset(("name", "labels", "taints", "unschedulable", "gpus"))
_POD = frozenset(
    "name namespace kind gpu gpuModels priority preemptionPolicy labels nodeName nodeSelector affinity tolerations "
    "topologySpreadConstraints hostPorts schedulingGates volumes node cards replicas runsOn".split()
)
_PREFIXES = {"label": "labels", "selector": "nodeSelector"}
# Its encoder of strings is C where there is C.
_quoted: Callable[[str], str] = json.encoder.encode_basestring_ascii
_written: Callable[[Any], str] = json.JSONEncoder(default=str, allow_nan=False).encode


class Raw(str):
    """JSON, as text."""


def nodes(frame: Any) -> Raw:
    """Entries of `nodes`."""
    return _entries("nodes", frame, _NODE, "allocatable", {})


def pods(frame: Any, kind: str) -> Raw:
    """Entries of `pods`. Those without a kind get `kind`, and those without labels have none: each would have its name for
    one otherwise, and no two pods would be alike."""
    return _entries("pods", frame, _POD, "requests", {"kind": kind, "labels": {}})


def workloads(frame: Any) -> Raw:
    """Entries of `workloads`."""
    return _entries("workloads", frame, _POD, "requests", {})


Columns = list[Sequence[Any]]


def table(what: str, frame: Any) -> tuple[list[str], Columns, int]:
    """Names, columns and number of rows of anything that is like a table."""
    if isinstance(frame, Mapping):
        columns = {str(k): list(v) if _is_column(v) else [v] for k, v in frame.items()}
        if len({len(v) for v in columns.values()}) > 1:
            sizes = ", ".join(f"{k} {len(v)}" for k, v in columns.items())
            raise _fault(what, "ragged", f"the columns differ in length: {sizes}", "give every column the same length")
        return list(columns), list(columns.values()), len(next(iter(columns.values()), ()))
    if isinstance(frame, Sequence) and not isinstance(frame, (str, bytes)):
        if not all(isinstance(row, Mapping) for row in frame):
            raise _fault(what, "rows-invalid", "a row is no mapping", "give each row as a dict of its columns")
        names = list(dict.fromkeys(k for row in frame for k in row))
        return [str(n) for n in names], [[row.get(n) for row in frame] for n in names], len(frame)
    return _frame(what, frame)


def _is_column(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))


def _frame(what: str, frame: Any) -> tuple[list[str], Columns, int]:
    try:
        import narwhals
    except ImportError:
        raise ImportError("frames are read through narwhals: pip install 'podfit[frames]'") from None
    try:
        wide = narwhals.from_native(frame)
    except TypeError:
        cause = f"{type(frame).__name__} is no table"
        fix = "give a frame of pandas, polars or pyarrow, a dict of columns, or a list of dicts"
        raise _fault(what, "frame-invalid", cause, fix) from None
    eager = wide.collect() if isinstance(wide, narwhals.LazyFrame) else wide
    names = [str(n) for n in eager.columns]
    return names, [eager[:, i].to_list() for i in range(len(names))], len(eager)


def _entries(what: str, frame: Any, known: Iterable[str], amounts: str, missing: Mapping[str, Any]) -> Raw:
    """The rows as a JSON list. `missing` is what an entry has where no column says otherwise."""
    names, columns, count = table(what, frame)
    found = [_target(what, name, known, amounts) for name in names]
    targets = [t for t in found if not isinstance(t, Fault)]
    faults = [t for t in found if isinstance(t, Fault)] or _doubles(what, names, targets)
    if faults:
        raise InputError(faults)
    fields: dict[str, list[str]] = {}
    groups: dict[str, list[list[str]]] = {}
    for target, cells in zip(targets, columns, strict=True):
        group, key = target
        made = _fragments(key, cells, _amount if group == amounts else nested)
        if group:
            groups.setdefault(group, []).append(made)
        else:
            fields[key] = made
    for group, parts in groups.items():
        inner = (", ".join(filter(None, row)) for row in zip(*parts, strict=True))
        fields[group] = [f"{_quoted(group)}: {{{text}}}" if text else "" for text in inner]
    for key, value in missing.items():
        default = f"{_quoted(key)}: {json.dumps(value)}"
        fields[key] = [text or default for text in fields.get(key, [""] * count)]
    if not fields:
        return Raw("[" + ", ".join(["{}"] * count) + "]")
    return Raw("[" + ", ".join("{" + ", ".join(filter(None, row)) + "}" for row in zip(*fields.values(), strict=True)) + "]")


def _target(what: str, name: str, known: Iterable[str], amounts: str) -> tuple[str, str] | Fault:
    """Where a column goes: a group of the entry (or none), and the field in it."""
    prefix, _, key = name.partition(":")
    if prefix in _PREFIXES and key:
        return _PREFIXES[prefix], key
    if name in _RESOURCES or "/" in name:
        return amounts, name
    camel = "".join(part.capitalize() if i else part for i, part in enumerate(name.split("_")))
    for field in (name, camel):
        if field in known:
            return "", field
    listed = ", ".join(sorted(known))
    fix = f"fields are {listed}; amounts are cpu, memory or a name with a slash; labels are columns as label:zone"
    return Fault("unknown-column", f"{what}: column {name}", "no field of this name is known", fix)


def _doubles(what: str, names: list[str], targets: list[tuple[str, str]]) -> list[Fault]:
    """Columns that say what another says."""
    seen: dict[Any, str] = {}
    faults = []
    whole = {key for group, key in targets if not group}
    for name, (group, key) in zip(names, targets, strict=True):
        if (group, key) in seen or group in whole:
            other = seen.get((group, key), group)
            cause = f"it says the same as column {other}"
            faults.append(Fault("column-twice", f"{what}: column {name}", cause, "leave one of them out"))
        seen[group, key] = name
    return faults


def _fragments(key: str, cells: Sequence[Any], convert: Callable[[Any], Any]) -> list[str]:
    """`"key": value` for each cell, and nothing for what is missing. Cells of a column are much alike, so each is written
    once."""
    head = f"{_quoted(key)}: "
    made: dict[Any, str] = {}
    fragments = []
    for value in cells:
        plain = type(value) is str or type(value) is int or type(value) is float
        # 1 and 1.0 are one key and one amount; True is not among them.
        text = made.get(value) if plain else None
        if text is None:
            text = "" if is_missing(value) else head + _json(convert(value))
            if plain:
                made[value] = text
        fragments.append(text)
    return fragments


def _json(value: Any) -> str:
    """What JSON has no word for is written as text, so that the reader refuses it at its place."""
    try:
        return _quoted(value) if type(value) is str else _written(value)
    except (ValueError, TypeError, RecursionError):
        return _quoted(str(value))


def is_missing(value: Any) -> bool:
    """None, NaN, and pandas' own marks."""
    if isinstance(value, float):
        return value != value
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def _amount(value: Any) -> Any:
    """A number as it is; whole floats, which frames make of integers with gaps, as integers."""
    value = _whole(value)
    return value if isinstance(value, (int, float, str)) and not isinstance(value, bool) else str(value)


def nested(value: Any) -> Any:
    """Lists and maps may be given as JSON text, as files of columns hold them."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return _whole(value)


def _whole(value: Any) -> Any:
    # numpy's numbers and arrays
    item = getattr(value, "tolist", None)
    value = item() if callable(item) else value
    return int(value) if isinstance(value, float) and math.isfinite(value) and value == int(value) else value


def _fault(what: str, code: str, cause: str, fix: str) -> InputError:
    return InputError([Fault(code, what, cause, fix)])
