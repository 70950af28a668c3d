"""Charts with altair, an optional extra."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import _reports
from .result import Result

if TYPE_CHECKING:
    import altair

__all__ = ["chart"]

_USED, _OVER = "#4c78a8", "#c62828"
_VERDICTS = {
    "survives": "#2e7d32",
    "survives-with-losses": "#7cb342",
    "survives-if-placed-well": "#f9a825",
    "does-not-fit": "#c62828",
    "stalls": "#ad1457",
    "down": "#4e342e",
    "unknown": "#9e9e9e",
}


def chart(result: Result) -> altair.TopLevelMixin:
    """The chart of this kind of report."""
    try:
        import altair
    except ImportError:
        raise ImportError("plots are drawn by altair: pip install 'podfit[plot]'") from None
    draw = _DRAWN.get(type(result))
    if draw is None:
        drawn = ", ".join(sorted(kind.__name__ for kind in _DRAWN))
        raise TypeError(f"there is no chart of a {type(result).__name__}, only of {drawn}")
    return draw(altair, result)


def _nodes(alt: Any, result: Any) -> altair.FacetChart:
    """Nodes by resource, now and after: the share of what pods may use."""
    rows = []
    for node in result.nodes:
        for when, side in (("now", node.before), ("after", node.after)):
            for resource, one in side.items():
                if resource != "pods" and one.allocatable > 0:
                    used = one.used / one.allocatable
                    rows.append({"node": node.name, "resource": resource, "when": when, "used": used})
    # The data is given once, to the whole: charts inside a facet with data of their own would show all of it in each cell.
    bars = alt.Chart().mark_bar().encode(
        y=alt.Y("when:N", sort=["now", "after"], title=None),
        x=alt.X("used:Q", axis=alt.Axis(format="%"), title="of what pods may use"),
        tooltip=["node:N", "resource:N", "when:N", alt.Tooltip("used:Q", format=".1%")],
        color=alt.condition("datum.used > 1", alt.value(_OVER), alt.value(_USED)),
    )
    full = alt.Chart().mark_rule(strokeDash=[3, 2]).encode(x=alt.datum(1))
    drawn: altair.FacetChart = (
        alt.layer(bars, full, data=alt.Data(values=rows))
        .properties(width=200)
        .facet(
            row=alt.Row("node:N", header=alt.Header(labelAngle=0, labelAlign="left"), title=None),
            column=alt.Column("resource:N", title=None),
        )
        .properties(title=f"{result.verdict}: {result.why}", spacing=4)
    )
    return drawn


def _cases(alt: Any, result: _reports.AuditReport) -> altair.LayerChart:
    """Each loss that was asked, by verdict and by the pods without a place."""
    rows = [
        {
            "lost": case.host or case.domain or ", ".join(case.failed),
            "verdict": case.verdict,
            "pending": case.counts.pending,
            "moves": case.counts.moves,
            "why": case.why.text,
        }
        for case in result.cases
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("lost:N", sort=alt.EncodingSortField("pending", order="descending"), title="lost"),
        x=alt.X("pending:Q", title="pods without a place", axis=alt.Axis(tickMinStep=1)),
        tooltip=["lost:N", "verdict:N", "pending:Q", "moves:Q", "why:N"],
    )
    scale = alt.Scale(domain=list(_VERDICTS), range=list(_VERDICTS.values()))
    bars = base.mark_bar().encode(color=alt.Color("verdict:N", scale=scale, legend=None))
    words = base.mark_text(align="left", dx=4).encode(text="verdict:N")
    drawn: altair.LayerChart = (bars + words).properties(title=f"{result.verdict}: {result.why}")
    return drawn


def _states(alt: Any, result: _reports.SequenceReport) -> altair.LayerChart:
    """Each state from its beginning to its end, one after the other: the longest that they take, where that is known."""
    rows, begin = [], 0.0
    for number, state in enumerate(result.states, 1):
        least, most = state.seconds.min, state.seconds.max
        end = begin + (least if most is None else most) / 60
        named = ", ".join(state.hosts or state.nodes) or "cluster"
        rows.append(
            {
                "step": f"{number} {state.step['step']} {named}",
                "begin": begin,
                "end": end,
                "lasts": _minutes(least, most),
                "verdict": state.verdict,
                "deployments": state.deployments.accepted,
                "offline": state.offline_pods,
                "why": state.why.text,
            }
        )
        begin = end
    order = [row["step"] for row in rows]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("step:N", sort=order, title=None, axis=alt.Axis(labelLimit=300)),
        tooltip=["step:N", "lasts:N", "verdict:N", "deployments:N", "offline:Q", "why:N"],
    )
    scale = alt.Scale(domain=list(_VERDICTS), range=list(_VERDICTS.values()))
    below = alt.Legend(orient="bottom", title=None, columns=4)
    bars = base.mark_bar(minBandSize=12).encode(
        x=alt.X("begin:Q", title="minutes, at the most"), x2="end:Q", color=alt.Color("verdict:N", scale=scale, legend=below)
    )
    # A state of no length is a line.
    starts = base.mark_tick(thickness=2).encode(x="begin:Q", color=alt.Color("verdict:N", scale=scale, legend=below))
    words = base.mark_text(align="left", dx=4).encode(x="end:Q", text="lasts:N")
    drawn: altair.LayerChart = (bars + starts + words).properties(title=f"{result.verdict}: {result.why}")
    return drawn


def _minutes(least: float, most: float | None) -> str:
    """A time between two ends, in words: the lower one in seconds that have passed, the upper one in such that will have."""
    low = _words(int(least))
    if most is None:
        return f"{low} or more"
    high = _words(math.ceil(most))
    return high if low == high else f"{low} to {high}"


def _words(seconds: int) -> str:
    parts = [(seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 s"


def _returns(alt: Any, result: _reports.TimelineReport) -> altair.LayerChart:
    """Pods that come back, by when: from the failure to the earliest moment, and on to the latest; others with what they wait for."""
    rows = []
    for pod in result.pods:
        back, evicted = pod.back_after_seconds, pod.evicted_after_seconds
        rows.append(
            {
                "pod": f"{pod.namespace}/{pod.name}",
                "evicted": None if evicted is None else evicted.min / 60,
                "least": None if back is None else back.min / 60,
                "most": None if back is None or back.max is None else back.max / 60,
                "returns": pod.returns,
                "words": pod.returns if back is None else _minutes(back.min, back.max),
                "reason": pod.reason.text,
            }
        )
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("pod:N", sort=None, title=None, axis=alt.Axis(labelLimit=300)),
        tooltip=["pod:N", "returns:N", "words:N", "reason:N"],
    )
    away = base.mark_bar(color=_OVER, height=10).encode(
        x=alt.X("from:Q", title="minutes from the failure"), x2="least:Q"
    ).transform_calculate(**{"from": "0"}).transform_filter("datum.least != null")
    maybe = base.mark_bar(color="#f4a582", height=10).encode(x="least:Q", x2="most:Q").transform_filter(
        "datum.most != null"
    )
    gone = base.mark_tick(color="black", height=16).encode(x="evicted:Q").transform_filter("datum.evicted != null")
    words = base.mark_text(align="left", dx=4).encode(x="at:Q", text="words:N").transform_calculate(
        at="datum.most != null ? datum.most : datum.least != null ? datum.least : 0"
    )
    drawn: altair.LayerChart = (away + maybe + gone + words).properties(title=f"{result.verdict}: {result.why}")
    return drawn


_STATES = {"works": "#2e7d32", "stale": "#f9a825", "not-known": "#9e9e9e", "down": "#c62828"}


def _capabilities(alt: Any, result: _reports.ControlPlaneReport) -> altair.Chart:
    """What works in each failure that was asked, a square each; of a question without failures, as it stands."""
    names = {
        "api": "API, directly",
        "shared_api": "API, shared address",
        "etcd_writes": "etcd, writes",
        "etcd_reads": "etcd, reads",
        "scheduling": "scheduling",
        "controllers": "controllers",
    }
    rows = [
        {
            "failed": " + ".join(case.failed) or "nothing",
            "capability": words,
            "state": getattr(case, name) or "not-known",
            "why": case.why or "",
        }
        for case in result.cases
        for name, words in names.items()
    ]
    if not rows:
        failed = " + ".join(result.failed) or "nothing"
        rows = [
            {
                "failed": failed,
                "capability": names[one.code.replace("-", "_")],
                "state": one.state,
                "why": one.text,
            }
            for one in result.capabilities
        ]
    scale = alt.Scale(domain=list(_STATES), range=list(_STATES.values()))
    drawn: altair.Chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_rect(stroke="white")
        .encode(
            x=alt.X("capability:N", sort=list(names.values()), title=None, axis=alt.Axis(labelAngle=-30)),
            y=alt.Y("failed:N", sort=None, title="fails", axis=alt.Axis(labelLimit=300)),
            color=alt.Color("state:N", scale=scale, title=None),
            tooltip=["failed:N", "capability:N", "state:N", "why:N"],
        )
        .properties(title=f"{result.verdict}: {result.why}")
    )
    return drawn


_DRAWN: dict[type[Result], Callable[[Any, Any], "altair.TopLevelMixin"]] = {
    _reports.WhatIfReport: _nodes,
    _reports.PlaceReport: _nodes,
    _reports.AuditReport: _cases,
    _reports.SequenceReport: _states,
    _reports.TimelineReport: _returns,
    _reports.ControlPlaneReport: _capabilities,
}
