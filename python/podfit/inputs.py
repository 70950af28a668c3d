"""What a cluster is read from → named bytes for the door."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from . import kube
from .errors import Fault, InputError
from .frames import Raw

__all__ = ["Inputs", "document", "kubectl", "text"]

#: Of each input its name, its bytes, and whether it was found in a folder, where not every file is an input.
Inputs = tuple[tuple[str, bytes, bool], ...]

_SUFFIXES = (".json", ".yaml", ".yml")


def kubectl(source: Any) -> Inputs:
    """A path, text, a dict or object, or a list of any of these."""
    if isinstance(source, (str, os.PathLike)):
        return text(source)
    if isinstance(source, (bytes, bytearray)):
        return (("input", bytes(source), False),)
    if isinstance(source, (list, tuple)):
        return _list(source)
    return (("dict", _json(kube.plain(source)), False),)


def _list(items: Iterable[Any]) -> Inputs:
    """Paths and texts are inputs of their own, objects are gathered into one list."""
    inputs: list[tuple[str, bytes, bool]] = []
    objects: list[Any] = []
    for item in items:
        if isinstance(item, (str, os.PathLike, bytes, bytearray)):
            inputs.extend(kubectl(item))
        else:
            objects.append(kube.plain(item))
    if objects or not inputs:
        inputs.append(("list", _json({"apiVersion": "v1", "kind": "List", "items": objects}), False))
    return tuple(inputs)


def text(source: str | os.PathLike[str]) -> Inputs:
    """The contents of a file or of the files of a folder, `-` for standard input, or text itself."""
    if isinstance(source, str):
        start = source.lstrip()
        if "\n" in source or start[:1] in ("{", "["):
            return (("text", source.encode("utf-8", "surrogatepass"), False),)
        if source == "-":
            return (("-", sys.stdin.buffer.read(), False),)
    path = Path(source)
    try:
        if path.is_dir():
            return _folder(path)
        return ((str(path), path.read_bytes(), False),)
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), str(error)) from None


def _folder(folder: Path) -> Inputs:
    """Its files and those below; hidden ones (`.git`, settings of editors) are left alone, as the command does."""

    def hidden(path: Path) -> bool:
        return any(part.startswith(".") for part in path.relative_to(folder).parts)

    found = (p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES and not hidden(p))
    files = sorted(p for p in found if p.is_file())
    if not files:
        raise _unreadable(str(folder), "no .json, .yaml or .yml file is in this folder")
    return tuple((str(p), p.read_bytes(), True) for p in files)


def document(name: str, fields: Mapping[str, Any]) -> Inputs:
    """A `podfit/v1` document; what is None is left out."""
    whole = {"apiVersion": "podfit/v1", "kind": "Cluster", **fields}
    written = [
        f'"{key}": '.encode() + (value.encode() if isinstance(value, Raw) else _json(value))
        for key, value in whole.items()
        if value is not None
    ]
    return ((name, b"{" + b", ".join(written) + b"}", False),)


def _json(value: Any) -> bytes:
    """As JSON. What JSON has no word for is written as text, so that the reader refuses it at its place."""
    try:
        return json.dumps(value, default=str, allow_nan=False).encode("utf-8", "surrogatepass")
    except ValueError:
        return json.dumps(_finite(value), default=str).encode("utf-8", "surrogatepass")
    except (TypeError, RecursionError) as error:
        raise _unreadable("dict", f"this cannot be written as JSON: {error}") from None


def _finite(value: Any, depth: int = 0) -> Any:
    if depth > 200:
        raise _unreadable("dict", "this is nested too deeply, or contains itself")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if isinstance(value, dict):
        return {k: _finite(v, depth + 1) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(v, depth + 1) for v in value]
    return value


def _unreadable(place: str, cause: str) -> InputError:
    return InputError([Fault("unreadable", place, cause, "give a file, a folder, text, a dict or a list")])
