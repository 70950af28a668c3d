"""What podfit raises. Every fault comes at once, as data: ``error.errors``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ._part import Part

__all__ = ["Fault", "InputError", "InternalError", "PodfitError", "RequestError"]


@dataclass(frozen=True)
class Fault(Part):
    """One thing that is wrong.

    >>> print(Fault("unknown-node", "fail[0]", "there is no node b", "did you mean a?"))
    fail[0]: there is no node b (did you mean a?) [unknown-node]
    """

    code: str
    """A stable name of the kind of fault, as ``quantity-invalid``."""
    place: str
    """Where: the input and the path in it, as ``cluster.yaml: nodes[0].allocatable.cpu``."""
    cause: str
    """What is wrong."""
    fix: str
    """What to do."""
    object: str | None = None
    """Of an input: what it is about, as ``dump.json: items[12] (Pod default/web-1)``, if the rest can be read without."""

    def __str__(self) -> str:
        return f"{self.place}: {self.cause} ({self.fix}) [{self.code}]"


class PodfitError(Exception):
    """Base of all that podfit raises by itself. Equal where kind and contents are; pickles and copies."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, PodfitError) and self.args == other.args

    def __hash__(self) -> int:
        return hash((type(self), self.args))


class _Faults(PodfitError, ValueError):
    errors: tuple[Fault, ...]
    """Every fault."""

    def __init__(self, errors: Iterable[Fault | tuple[str, str, str, str, str | None]]) -> None:
        self.errors = tuple(e if isinstance(e, Fault) else Fault(*e) for e in errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


class InputError(_Faults):
    """The input cannot be read as a cluster.

    >>> import podfit
    >>> try:
    ...     podfit.Cluster.from_yaml("apiVersion: podfit/v1\\nkind: Cluster\\nnodes: [{name: a}]")
    ... except podfit.InputError as error:
    ...     [fault.code for fault in error.errors]
    ['allocatable-missing', 'allocatable-missing']
    """


class RequestError(_Faults):
    """A question names what is not there, or cannot be understood."""


class InternalError(PodfitError, RuntimeError):
    """A bug of podfit: please report it with ``error.instance``."""

    message: str
    """What happened."""
    instance: str
    """What a report of the bug needs."""

    def __init__(self, detail: tuple[str, str]) -> None:
        self.message, self.instance = detail
        super().__init__(detail)

    def __str__(self) -> str:
        return self.message
