"""Makes `podfit/_reports.py` from the schemas of answers, scenarios and rows, and `podfit/_vocabulary.py` from the words
that options take; with --check only says whether they are current.

A dataclass for each object on the wire, a result with a property for each field of a report. So a new report, or a new
field, is one run of this.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE / "podfit"))
from _part import attribute  # noqa: E402  (podfit itself may not be built yet)

SCHEMAS = HERE.parent / "schema"
TARGET = HERE / "podfit" / "_reports.py"
VOCABULARY = HERE / "podfit" / "_vocabulary.py"
HEAD = '''"""Reports and their parts, scenarios and rows. Made by tools/generate.py from schema/: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ._part import Part
from .errors import Fault
from .frame import Frame
from .result import Result

'''
PLAIN = {"integer": "int", "number": "float", "boolean": "bool", "string": "str"}


def refers(schema: dict[str, Any]) -> str | None:
    ref = schema.get("$ref")
    name = ref.rsplit("/", 1)[1] if ref else None
    # The exception of that name carries these.
    return "Fault" if name == "RequestError" else name


def split(schema: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The schema without null, and whether null was in it."""
    if "anyOf" in schema:
        kept = [s for s in schema["anyOf"] if s.get("type") != "null"]
        if len(kept) == 1:
            return kept[0], len(kept) < len(schema["anyOf"])
    if isinstance(schema.get("type"), list):
        kinds = [t for t in schema["type"] if t != "null"]
        return {**schema, "type": kinds[0]}, "null" in schema["type"]
    return schema, False


def python(schema: dict[str, Any], objects: set[str]) -> str:
    """The annotation."""
    inner, nullable = split(schema)
    name = refers(inner)
    if name:
        text = name if name in objects else "Mapping[str, Any]"
    elif inner.get("type") == "array":
        text = f"tuple[{python(inner.get('items', {}), objects)}, ...]"
    elif "additionalProperties" in inner and inner["additionalProperties"] is not False:
        values = inner["additionalProperties"]
        text = f"Mapping[str, {python(values, objects) if isinstance(values, dict) else 'Any'}]"
    else:
        text = PLAIN.get(str(inner.get("type")), "Any")
    return f"{text} | None" if nullable else text


def doc(schema: dict[str, Any], indent: str) -> str:
    about = str(schema.get("description", "")).split("```")[0]
    # Links of rustdoc.
    about = re.sub(r"(?: See)? \[`[^`]*`\](?:\([^)]*\))?\.?", "", about)
    words = " ".join(about.split()).replace("\\", "\\\\").replace('"""', "'''")
    words = words + " " if words.endswith('"') else words
    return f'{indent}"""{words}"""\n' if words else ""


def ordered(schema: dict[str, Any]) -> list[str]:
    """Those that are always there first, in the order of the wire type."""
    always = list(schema.get("required", []))
    return always + [k for k in schema["properties"] if k not in always]


def enum(name: str, schema: dict[str, Any]) -> str:
    values = [v["const"] if "const" in v else v for v in schema.get("oneOf", schema.get("enum", []))]
    lines = "".join(f"\n    {json.dumps(v)}," for v in values)
    told = [v for v in schema.get("oneOf", []) if "description" in v]
    meanings = " ".join(f"{v['const']}: {' '.join(v['description'].split())}" for v in told)
    about = {"description": f"{schema.get('description', '')} {meanings}"}
    return f"{name} = Literal[{lines}\n]\n{doc(about, '')}"


def part(name: str, schema: dict[str, Any], objects: set[str]) -> str:
    text = f"\n\n@dataclass(frozen=True)\nclass {name}(Part):\n{doc(schema, '    ')}\n"
    always = schema.get("required", [])
    for key in ordered(schema):
        about = schema["properties"][key]
        hint = python(about, objects)
        options = ["hash=False"] if "Mapping[" in hint else []
        if key not in always:
            empty = "default_factory=dict" if hint.startswith("Mapping[") else f"default={default(about, hint)}"
            options.insert(0, empty)
        value = f" = field({', '.join(options)})" if options else ""
        text += f"    {attribute(key)}: {hint}{value}\n{doc(about, '    ')}"
    return text


def default(schema: dict[str, Any], hint: str) -> str:
    """What a field is that is left out."""
    if "default" in schema:
        return "()" if schema["default"] == [] else repr(schema["default"])
    if hint.endswith("| None"):
        return "None"
    return {"int": "0", "float": "0.0", "bool": "False", "str": '""'}.get(hint, "()")


def report(name: str, schema: dict[str, Any], objects: set[str]) -> str:
    text = f"\n\nclass {name}(Result):\n{doc(schema, '    ')}"
    for key in ordered(schema):
        if key in ("apiVersion", "kind"):
            continue
        about = schema["properties"][key]
        hint, row = python(about, objects), refers(split(about)[0].get("items", {}))
        if row in objects and "properties" in DEFS[row]:
            kind, value = f"Frame[{row}]", f'self._frame("{key}", {row})'
        else:
            kind, value = hint, f'self._field("{key}")'
        text += f"\n    @property\n    def {attribute(key)}(self) -> {kind}:\n{doc(about, '        ')}"
        text += f"        found: {kind} = {value}\n        return found\n"
    return text


def generate() -> str:
    reports = [refers(s) for s in DEFS["Report"]["anyOf"]]
    classes = {n for n, s in DEFS.items() if "properties" in s}
    enums = {n for n, s in DEFS.items() if is_enum(s)}
    known = classes | enums | {"Fault"}
    text = HEAD
    names = sorted(known - {"Fault"})
    text += "__all__ = [\n" + "".join(f'    "{n}",\n' for n in names) + "]\n\n"
    text += "\n".join(enum(n, DEFS[n]) for n in sorted(enums))
    text += "".join(part(n, DEFS[n], known) for n in sorted(classes - set(reports)))
    text += "".join(report(n, DEFS[n], known) for n in reports if n)
    return text


def is_enum(schema: dict[str, Any]) -> bool:
    values = schema.get("oneOf", [])
    return bool(values) and all("const" in v for v in values) or "enum" in schema




def definitions() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in ("Envelope", "Scenario", "Row"):
        schema = json.loads((SCHEMAS / f"{kind}.json").read_text())
        found |= schema.pop("$defs")
        if kind != "Envelope":
            found[kind] = schema
    found.pop("RequestError")
    return found


def vocabulary() -> str:
    """The words that options take, as types."""
    words = json.loads((SCHEMAS / "vocabulary.json").read_text())
    text = '"""Words that options take. Made by tools/generate.py from schema/: do not edit."""\n\n'
    text += "from __future__ import annotations\n\nfrom typing import Literal\n\n"
    text += '__all__ = ["KUBECTL", "QUESTIONS", "DeviceModel", "Format", "Solver", "WorkloadKind"]\n\n'
    text += f'KUBECTL = {json.dumps(words["kubectl"])}\n"""Gathers what podfit reads of a cluster."""\n'
    questions = "".join(f"\n    {json.dumps(q)}," for q in words["questions"])
    text += f'QUESTIONS = ({questions}\n)\n"""Kinds of requests."""\n'
    lists = {
        "Solver": ("Which solvers may be asked.", words["solvers"]),
        "Format": ("Forms of output.", words["formats"]),
        "WorkloadKind": ("Kinds of workloads that a podfit/v1 document takes.", words["workloadKinds"]),
        "DeviceModel": ("Models of the edge device.", words["models"]),
    }
    for name, (about, values) in lists.items():
        names = [v if isinstance(v, str) else v["name"] for v in values]
        meanings = [f" {v['name']}: {v.get('meaning') or v['title'] + '.'}" for v in values if not isinstance(v, str)]
        text += f"{name} = Literal[" + "".join(f"\n    {json.dumps(n)}," for n in names) + "\n]\n"
        text += f'"""{about}{"".join(meanings)}"""\n'
    return text


DEFS = definitions()

if __name__ == "__main__":
    for target, made in ((TARGET, generate()), (VOCABULARY, vocabulary())):
        if "--check" not in sys.argv:
            target.write_text(made)
        elif not target.is_file() or target.read_text() != made:
            sys.exit(f"{target.name} is not current: run python tools/generate.py")
