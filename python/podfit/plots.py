"""Charts with altair, an optional extra."""

from __future__ import annotations

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


_DRAWN: dict[type[Result], Callable[[Any, Any], "altair.TopLevelMixin"]] = {
    _reports.WhatIfReport: _nodes,
    _reports.PlaceReport: _nodes,
    _reports.AuditReport: _cases,
}
