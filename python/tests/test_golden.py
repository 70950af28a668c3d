"""The golden cases of the Rust door through Python: the same text, and the same JSON as the command prints."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import podfit
import pytest

from conftest import ROOT

CASES = sorted(p for p in (ROOT / "crates/podfit-api/tests/cases").rglob("*") if p.suffix in (".yaml", ".json"))


def head(path: Path) -> tuple[dict[str, Any], str]:
    """Request and verdict of a case."""
    text = path.read_text()
    if path.suffix == ".json":
        case = json.loads(text)["case"]
        return case["request"], case["verdict"]
    lines = text.splitlines()[:4]

    def said(what: str) -> str:
        return next(line.removeprefix(f"# {what}: ") for line in lines if line.startswith(f"# {what}: "))

    return json.loads(said("request")), said("verdict")


def test_there_are_cases() -> None:
    assert len(CASES) > 100


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_case(path: Path) -> None:
    request, verdict = head(path)
    # The Rust suite opens the text under the name `case`, with no limit of time.
    result = podfit.Cluster.from_yaml(path.read_text()).ask(request, time_limit=None)
    assert result.to_dict()["verdict"] == verdict
    assert result.text(width=90) == path.with_suffix(".txt").read_text()


def command() -> str | None:
    built = [ROOT / "target" / profile / "podfit" for profile in ("release", "debug")]
    found = [str(p) for p in built if p.exists()]
    return os.environ.get("PODFIT_COMMAND") or (found[0] if found else shutil.which("podfit"))


ASKED = [
    ("two-node-edge.yaml", ["what-if", "--fail", "A"], {"kind": "WhatIf", "fail": ["A"]}),
    ("two-node-edge.kubectl.json", ["audit"], {"kind": "Audit"}),
    ("stranded.yaml", ["what-if", "--fail", "node-a"], {"kind": "WhatIf", "fail": ["node-a"]}),
    ("ten-node-zones.yaml", ["audit", "--k", "2"], {"kind": "Audit", "k": 2}),
    ("ten-node-zones.yaml", ["lint"], {"kind": "Lint"}),
    ("two-node-edge.yaml", ["control-plane", "--fail", "master"], {"kind": "ControlPlane", "fail": ["master"]}),
    ("two-node-edge.yaml", ["explain", "--fail", "B"], {"kind": "Explain", "fail": ["B"]}),
    ("two-node-edge.kubectl.json", ["check"], {"kind": "Check"}),
    ("ten-node-zones.yaml", ["place"], {"kind": "Place"}),
]


# Whose answers have a limit of time, which a busy machine might reach.
LIMITED = ("what-if", "audit", "place")


@pytest.mark.skipif(command() is None, reason="the command podfit is not built: cargo build, or PODFIT_COMMAND")
@pytest.mark.parametrize(("file", "words", "request_"), ASKED, ids=lambda v: v if isinstance(v, str) else None)
def test_json_is_the_commands(file: str, words: list[str], request_: dict[str, Any]) -> None:
    path = ROOT / "examples" / "clusters" / file
    patience = ["--time-limit", "24h"] if words[0] in LIMITED else []
    args = [str(command()), words[0], str(path), *words[1:], *patience, "-o", "json"]
    printed = subprocess.run(args, capture_output=True, text=True, check=False).stdout
    result = podfit.Cluster.from_kubectl(path).ask(request_, time_limit=None)
    # The command prints the envelope, indented by one step more.
    start = printed.index('"report": ') + len('"report": ')
    lines = printed[start : printed.rindex('  "seconds"')].rstrip().removesuffix(",").splitlines()
    inner = "\n".join([lines[0], *(line[2:] for line in lines[1:])]) + "\n"
    assert result.to_json() == inner
