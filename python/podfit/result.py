"""What every answer has, whatever the question."""

from __future__ import annotations

import json
import shutil
import typing
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from . import _podfit
from ._part import Convert, Part, attribute, converter
from ._vocabulary import Format
from .frame import Frame

if TYPE_CHECKING:
    import altair

__all__ = ["Format", "Result"]

R = TypeVar("R", bound=Part)


class Result:
    """An answer: fields (the properties), lists as frames, text, JSON, and a picture in a notebook.

    Frozen. Two results are equal where their reports are, whatever time they took.
    """

    _kinds: ClassVar[dict[str, type[Result]]] = {}
    _answer: _podfit.Answer
    _report: dict[str, Any] | None

    def __init_subclass__(cls) -> None:
        Result._kinds[cls.__name__] = cls

    @staticmethod
    def _of(answer: _podfit.Answer) -> Result:
        """The result of the class that the report names."""
        report = json.loads(answer.report_json())
        result = object.__new__(Result._kinds.get(report["kind"], Result))
        object.__setattr__(result, "_answer", answer)
        object.__setattr__(result, "_report", report)
        return result

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    # --- what differs from run to run

    @property
    def seconds(self) -> float:
        """Time it took to answer, reading left out."""
        return self._answer.seconds

    @property
    def version(self) -> str:
        """Version of podfit that answered."""
        return self._answer.version

    @property
    def stopped(self) -> Literal["interrupted"] | None:
        """``"interrupted"`` where Ctrl-C (Stop in a notebook) ended the search: the best found so far, whose ``status``
        says how good it is known to be."""
        return "interrupted" if self._answer.interrupted else None

    # --- the report in other forms

    def is_good(self, *, accept_losses: bool = False) -> bool:
        """Whether it is the answer one hopes for: survives, fits, no violation (exit code 0 of the command).

        With `accept_losses`, pods that are lost or stuck by their kind do not spoil it.
        """
        return self._answer.is_good(accept_losses=accept_losses)

    def to_json(self) -> str:
        """The report as ``podfit/v1``, byte for byte what the other faces of podfit give; its schemas are in ``schema/``."""
        return self._answer.report_json()

    def to_dict(self) -> dict[str, Any]:
        """The report as dicts and lists, under its names on the wire."""
        report: dict[str, Any] = json.loads(self.to_json())
        return report

    def text(
        self,
        format: Format = "table",
        *,
        width: int | None = None,
        color: bool = False,
        ascii: bool = False,
        sort_by: str | None = None,
    ) -> str:
        """As the command ``podfit`` prints it.

        Args:
            format: ``table``, ``wide`` (every pod and node), ``csv``; ``json`` and ``yaml`` are of the whole envelope.
            width: Columns of a table; that of the terminal if None.
            color: Colours by ANSI codes.
            ascii: ASCII characters alone.
            sort_by: Column to sort lists by, in tables and CSV.

        Raises:
            ValueError: There is no such format or column.
        """
        columns = width or shutil.get_terminal_size((100, 24)).columns
        return self._answer.text(format, width=columns, color=color, ascii=ascii, sort_by=sort_by)

    def plot(self) -> altair.TopLevelMixin:
        """A chart of the report. Needs altair: ``pip install 'podfit[plot]'``.

        Raises:
            TypeError: There is nothing to draw in this kind of report.
        """
        from . import plots

        return plots.chart(self)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from . import html

        return html.page(self)

    @property
    def moves(self) -> Frame[Any]:
        """The pods that get a place, of a what-if or place: those whose ``to`` is set."""
        pods: Frame[Any] = getattr(self, "pods", Frame(Part, ()))
        return Frame(pods._row, [row for row in pods.to_dicts() if row.get("to")])

    # --- equality, copies, pickles

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Result) and self._data == other._data

    def __hash__(self) -> int:
        return hash((type(self), self.to_json()))

    def __copy__(self) -> Result:
        return self

    def __deepcopy__(self, memo: object) -> Result:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._answer.envelope_json(), self._answer.interrupted)

    # --- for the properties, which are generated

    @property
    def _data(self) -> dict[str, Any]:
        return self._report if self._report is not None else {}

    def _field(self, key: str) -> Any:
        return _converter(type(self), attribute(key))(self._data.get(key))

    def _frame(self, key: str, row: type[R]) -> Frame[R]:
        return Frame(row, self._data.get(key, []), lambda: self._answer.table(key))


def _restore(envelope: str, interrupted: bool) -> Result:
    return Result._of(_podfit.Answer.from_json(envelope, interrupted))


_CONVERTERS: dict[tuple[type, str], Convert] = {}


def _converter(result: type, name: str) -> Convert:
    """By the annotation of the property: looked up once."""
    if (result, name) not in _CONVERTERS:
        getter = getattr(result, name).fget
        _CONVERTERS[result, name] = converter(typing.get_type_hints(getter)["return"])
    return _CONVERTERS[result, name]
