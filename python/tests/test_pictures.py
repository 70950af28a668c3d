"""HTML and charts of results: whole, escaped, and with the figures of the report."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from podfit import Cluster


class Balanced(HTMLParser):
    """Every element that begins ends."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag


def parsed(text: str) -> set[str]:
    parser = Balanced()
    parser.feed(text)
    assert not parser.open
    return parser.seen


def test_html_is_whole_and_says_the_verdict(edge: Cluster) -> None:
    result = edge.what_if("A")
    text = result._repr_html_()
    assert {"svg", "table", "details"} <= parsed(text)
    assert "does not fit" in text and "if A is lost" in text and "Proved: memory short by 256Mi" in text
    # The bar of memory on worker-b afterwards.
    assert "24.2Gi/32Gi" in text and "memory: 24.2Gi of 32Gi, 76%" in text
    for other in (edge.audit(), edge.lint(), edge.explain(fail="A"), edge.check(), edge.show(), result.pods, edge.nodes):
        parsed(other._repr_html_())


def test_html_is_escaped() -> None:
    cluster = Cluster.from_frames(
        nodes=[{"name": "<b>a", "cpu": 1, "memory": "1Gi"}],
        pods=[{"name": "<script>alert(1)</script>".replace("/", ""), "node": "<b>a", "cpu": 1}],
    )
    for result in (cluster.what_if("<b>a"), cluster.show(), cluster.lint()):
        assert "<script" not in result._repr_html_() and "<b>" not in result._repr_html_()
    assert "<script" not in cluster.pods._repr_html_()


def test_charts(edge: Cluster) -> None:
    for result, expected in ((edge.what_if("A"), "worker-b"), (edge.audit(), "survives-with-losses"), (edge.place(), "now")):
        spec = json.dumps(result.plot().to_dict())
        assert expected in spec
    rows = edge.what_if("A").plot().to_dict()["data"]["values"]
    after = [r["used"] for r in rows if (r["node"], r["resource"], r["when"]) == ("worker-b", "memory", "after")]
    memory = {n.name: n.after.get("memory") for n in edge.what_if("A").nodes}["worker-b"]
    assert memory is not None and after == [memory.used / memory.allocatable]
    rows = edge.sequence(rolling=True).plot().to_dict()["data"]["values"]
    assert [row["step"] for row in rows][:3] == ["1 drain A", "2 lose A", "3 return A"]
    assert rows[1]["end"] - rows[1]["begin"] == 75 and rows[2]["begin"] == rows[1]["end"]
    rows = edge.timeline("A").plot().to_dict()["data"]["values"]
    assert {row["returns"] for row in rows} >= {"back", "operator", "never"}
    squares = edge.control_plane(k=1).plot().to_dict()["data"]["values"]
    assert {row["capability"] for row in squares} >= {"API, directly", "scheduling"}
    with pytest.raises(TypeError, match="no chart of a LintsReport"):
        edge.lint().plot()
