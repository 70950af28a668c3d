"""Parts of a report: frozen dataclasses made from the JSON that crosses from Rust, by their annotations."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, TypeVar

__all__ = ["Part", "attribute", "wire"]

P = TypeVar("P", bound="Part")
Convert = Callable[[Any], Any]
Plan = list[tuple[str, str, Convert, bool]]

_PLANS: dict[type, Plan] = {}


def attribute(name: str) -> str:
    """The attribute of a field on the wire.

    >>> attribute("notEvaluated"), attribute("from")
    ('not_evaluated', 'from_')
    """
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "_" + m[1].lower(), name)
    return snake + "_" if snake == "from" else snake


def wire(name: str) -> str:
    """The field on the wire of an attribute; `attribute` the other way round."""
    return re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), name.rstrip("_"))


@dataclass(frozen=True)
class Part:
    """A piece of a report. Frozen; lists are tuples, objects are parts, maps are mappings by name."""

    @classmethod
    def from_dict(cls: type[P], data: Mapping[str, Any]) -> P:
        """The part that this piece of JSON is. Fields of a later version are left aside."""
        given = ((name, convert(data.get(key))) for name, key, convert, always in _plan(cls) if always or key in data)
        return cls(**dict(given))

    def __str__(self) -> str:
        """Its sentence, of parts that have one: `str(pod.reason)`."""
        text = getattr(self, "text", None)
        return text if isinstance(text, str) else repr(self)

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON, but for fields that are none."""
        values = {wire(f.name): _plain(getattr(self, f.name)) for f in fields(self)}
        return {key: value for key, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return value.to_dict()
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return value


def _plan(part: type[Part]) -> Plan:
    """Attribute, field, conversion, and whether it has no default, of all fields: looked up once for each class."""
    if part not in _PLANS:
        hints = typing.get_type_hints(part)
        _PLANS[part] = [(f.name, wire(f.name), converter(hints[f.name]), _is_needed(f)) for f in fields(part)]
    return _PLANS[part]


def _is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def converter(hint: Any) -> Convert:
    """From JSON to what is annotated."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (converter(a) for a in args if a is not type(None))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        item = converter(args[0])
        # Empty lists and maps may be left out on the wire.
        return lambda value: tuple(item(v) for v in value or ())
    if isinstance(origin, type) and issubclass(origin, Mapping):
        item = converter(args[1])
        return lambda value: {k: item(v) for k, v in (value or {}).items()}
    if isinstance(hint, type) and issubclass(hint, Part):
        return hint.from_dict
    return lambda value: value
