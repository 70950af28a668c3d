"""Lists of a report: rows to walk over, columns for any library of frames."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from . import _podfit
from ._part import Part

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

__all__ = ["Frame"]

R = TypeVar("R", bound=Part)

_SHOWN_ROWS = 20
_SHOWN_CHARACTERS = 80


class Frame(Generic[R]):
    """A list of a report: rows with fields, and a table.

    It has a length, indices, slices and iteration, but is no ``Sequence`` by type: libraries of frames would then walk over
    the rows. It speaks Arrow's C stream (``__arrow_c_stream__``), so that ``polars.DataFrame(frame)``, ``pyarrow.table(frame)``,
    ``duckdb`` and others read it as it is. Columns are the fields of a row under their names on the wire
    (``notEvaluated``); objects and maps are spread out (``requests.cpu``). CPU is in thousandths of a core, memory in
    bytes, everything else by the piece.

    >>> import podfit
    >>> cluster = podfit.Cluster.from_frames(
    ...     nodes=[{"name": n, "cpu": 4, "memory": "8Gi"} for n in "ab"],
    ...     pods=[{"name": "web-0", "node": "a", "cpu": 1, "memory": "1Gi"}],
    ... )
    >>> pods = cluster.what_if("a").pods
    >>> len(pods), pods[0].verdict, pods[0].to
    (1, 'moves', 'b')
    """

    __slots__ = ("_made", "_row", "_rows", "_table")

    def __init__(
        self,
        row: type[R],
        rows: Sequence[Mapping[str, Any]],
        table: Callable[[], _podfit.Table] | None = None,
    ) -> None:
        self._row = row
        self._rows = rows
        self._table = table
        self._made: dict[int, R] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> Frame[R]: ...
    def __getitem__(self, index: int | slice) -> R | Frame[R]:
        if isinstance(index, slice):
            return Frame(self._row, self._rows[index])
        at = range(len(self._rows))[index]
        if at not in self._made:
            self._made[at] = self._row.from_dict(self._rows[at])
        return self._made[at]

    def __iter__(self) -> Iterator[R]:
        return (self[i] for i in range(len(self)))

    def where(self, **equal: object) -> Frame[R]:
        """The rows whose fields equal these: ``pods.where(verdict="pending")``."""
        kept = [i for i, row in enumerate(self) if all(getattr(row, k) == v for k, v in equal.items())]
        return Frame(self._row, [self._rows[i] for i in kept])

    def table(self) -> _podfit.Table:
        """The columns, in Rust's memory."""
        if self._table is not None:
            return self._table()
        return _podfit.table(self._row.__name__, json.dumps(self._rows))

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self.table().columns

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table().__arrow_c_stream__(requested_schema)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as in the JSON."""
        return [dict(row) for row in self._rows]

    def to_arrow(self) -> pyarrow.Table:
        """A pyarrow table. Needs pyarrow."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas frame; whole numbers that may be missing are nullable. Needs pandas and pyarrow."""
        import pandas

        nullable = dict(_nullable(pandas))
        frame: pandas.DataFrame = self.to_arrow().to_pandas(types_mapper=nullable.get)
        return frame

    def to_polars(self) -> polars.DataFrame:
        """A polars frame. Needs polars."""
        import polars

        return polars.DataFrame(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and self._row is other._row and list(self._rows) == list(other._rows)

    def __hash__(self) -> int:
        return hash((self._row, json.dumps(self._rows, sort_keys=True)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Frame, (self._row, list(self._rows))

    def __copy__(self) -> Frame[R]:
        return self

    def __deepcopy__(self, memo: object) -> Frame[R]:
        return self

    def __repr__(self) -> str:
        shown = [f"  {row!r}" for row in self[: min(3, len(self))]]
        more = [f"  … {len(self) - 3} more"] if len(self) > 3 else []
        return "\n".join([f"<Frame of {len(self)} × {self._row.__name__}>", *shown, *more])

    def _repr_html_(self) -> str:
        keys = list(dict.fromkeys(k for row in self._rows[:_SHOWN_ROWS] for k in row))
        head = "".join(f"<th scope='col'>{escape(k)}</th>" for k in keys)
        body = "".join(
            "<tr>" + "".join(f"<td style='text-align:left'>{_cell(row.get(k))}</td>" for k in keys) + "</tr>"
            for row in self._rows[:_SHOWN_ROWS]
        )
        shown = f", the first {_SHOWN_ROWS} shown" if len(self) > _SHOWN_ROWS else ""
        caption = f"{len(self)} × {self._row.__name__}{shown}"
        return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _nullable(pandas: Any) -> list[tuple[Any, Any]]:
    import pyarrow

    return [(pyarrow.int64(), pandas.Int64Dtype()), (pyarrow.bool_(), pandas.BooleanDtype())]


def _cell(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value)
    cut = text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
    return f"<span title='{escape(text, quote=True)}'>{escape(cut)}</span>" if cut != text else escape(text)
