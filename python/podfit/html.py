"""Results as HTML for a notebook: the verdict, nodes as bars, a table of what matters. No script, no library.

Meaning is never in colour alone: symbols and words say the same. Text takes the colour of the page, so it reads on dark
pages too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from .result import Result
from .units import amount, share

__all__ = ["page"]

_GOOD, _FAIR, _BAD = ("#2e7d32", "✓"), ("#b26a00", "!"), ("#c62828", "✗")
_VERDICTS = {
    **dict.fromkeys(("survives", "fits", "legal", "clean", "placed", "moves", "stays", "gone"), _GOOD),
    **dict.fromkeys(("does-not-fit", "stalls", "down", "violations", "errors", "pending", "lost", "error"), _BAD),
}
_ROWS_MAX = 40
_NODES_MAX = 24
_BAR = 190
_LINE = 18
_LABEL = 60


def page(result: Result) -> str:
    """The whole result."""
    data: dict[str, Any] = result.to_dict()
    parts = [_banner(result, data)]
    if any("before" in node for node in data.get("nodes", [])[:1]):
        parts.append(_bars(data["nodes"]))
    parts += [_table(*table) for table in _tables(data)]
    parts += [_notes(data)]
    style = "font-family:system-ui,sans-serif;font-size:13px;line-height:1.45;max-width:62em"
    return f'<div class="podfit" style="{style}">{"".join(parts)}</div>'


def _banner(result: Result, data: dict[str, Any]) -> str:
    color, symbol = _VERDICTS.get(data.get("verdict", ""), _FAIR)
    verdict = str(data.get("verdict", data.get("kind", ""))).replace("-", " ")
    asked = ", ".join(data.get("failedHosts") or data.get("failed") or [])
    lines = [(data.get("why") or {}).get("text", ""), data.get("proof") or ""]
    lines += [p["words"] for p in (data.get("prediction"), data.get("hint")) if p and p.get("words")]
    if result.stopped:
        lines.append(f"Stopped ({result.stopped}): the best found so far, {data.get('status', 'feasible')}.")
    said = "".join(f'<div style="margin-top:2px">{escape(_sentence(line))}</div>' for line in lines if line)
    lost = f' <span style="opacity:.75">if {escape(asked)} is lost</span>' if asked else ""
    head = f'<span style="color:{color};font-weight:600">{symbol} {escape(verdict)}</span>{lost}'
    return f'<div style="border-left:4px solid {color};padding:2px 0 2px 10px;margin:6px 0">{head}{said}</div>'


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- nodes as bars


def _bars(nodes: Sequence[dict[str, Any]]) -> str:
    """Each resource that pods of some node use: now, and after the loss."""
    busy = [n for n in nodes if n["lost"] or any(a["used"] for side in ("before", "after") for a in n[side].values())]
    shown = sorted(busy, key=lambda n: not n["lost"])[:_NODES_MAX]
    used = {r for n in shown for side in ("before", "after") for r, a in n[side].items() if a["used"]}
    resources = [r for r in _order(used) if r != "pods"]
    width = 130 + _LABEL + 2 * (_BAR + 120)
    lines: list[str] = [_text(190, 12, "now", weight=600), _text(190 + _BAR + 120, 12, "after", weight=600)]
    y = 22
    for node in shown:
        lines.append(_text(0, y + 12, _cut(node["name"], 20), weight=600, title=node["name"]))
        for resource in resources:
            before, after = node["before"].get(resource), node["after"].get(resource)
            if before is None:
                continue
            lines.append(_text(130, y + 12, _cut(_short(resource), 8), title=resource))
            lines.append(_bar(190, y, resource, before))
            if node["lost"] and not node["after"]:
                lines.append(_text(190 + _BAR + 120, y + 12, "lost"))
            elif after is not None:
                lines.append(_bar(190 + _BAR + 120, y, resource, after))
            y += _LINE
        y += 6
    more = f'<div style="opacity:.75">{len(nodes) - len(shown)} more nodes</div>' if len(nodes) > len(shown) else ""
    label = "Resources of the nodes now and after; the same figures are in result.nodes"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" width="{width}" height="{y}" '
        f'viewBox="0 0 {width} {y}" style="max-width:100%;height:auto;font:11px system-ui,sans-serif">'
        f'{"".join(lines)}</svg>{more}'
    )


def _bar(x: int, y: int, resource: str, one: dict[str, int]) -> str:
    used, of = one["used"], one["allocatable"]
    full = min(1.0, used / of) if of > 0 else float(used > 0)
    fill, mark = ("#c62828", " over") if used > of else ("#4c78a8", "")
    words = f"{amount(resource, used)} of {amount(resource, of)}, {share(used, of)}{mark}"
    return (
        f"<g><title>{escape(resource)}: {words}</title>"
        f'<rect x="{x}" y="{y + 2}" width="{_BAR}" height="12" rx="2" fill="currentColor" opacity=".13"/>'
        f'<rect x="{x}" y="{y + 2}" width="{_BAR * full:.1f}" height="12" rx="2" fill="{fill}"/>'
        f"{_text(x + _BAR + 6, y + 12, f'{amount(resource, used)}/{amount(resource, of)}{mark}')}</g>"
    )


def _text(x: int, y: int, text: str, *, weight: int = 400, title: str = "") -> str:
    about = f"<title>{escape(title)}</title>" if title else ""
    return f'<text x="{x}" y="{y}" font-weight="{weight}" fill="currentColor">{about}{escape(text)}</text>'


def _order(resources: Iterable[str]) -> list[str]:
    first = {"cpu": 0, "memory": 1}
    return sorted(resources, key=lambda r: (first.get(r, 2), r))


def _short(resource: str) -> str:
    name = resource.rsplit("/", 1)[-1]
    return "gpu" if name == "gpu-milli" else name


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


# --- tables: a line for each list of a report that has one

_NAMES = ("namespace", "name", "from", "to", "node", "host", "subject")
_RANKS = {_BAD: 0, _FAIR: 1, _GOOD: 2}
_COLUMNS = {
    "pods": ("verdict", "namespace", "name", "from", "to", "node", "reason", "line"),
    "cases": ("verdict", "host", "domain", "failed", "why"),
    "violations": ("code", "namespace", "name", "node", "text"),
    "lints": ("severity", "code", "subject", "cause", "fix"),
}


def _tables(data: dict[str, Any]) -> Iterable[tuple[str, tuple[str, ...], list[dict[str, Any]]]]:
    for name, columns in _COLUMNS.items():
        rows = [_in_words(r) for r in data.get(name, []) if r.get("verdict") not in ("stays", "gone")]
        if rows:
            rows.sort(key=lambda r: _RANKS.get(_VERDICTS.get(r.get("verdict", ""), _FAIR), 1))
            yield name, tuple(c for c in columns if any(r.get(c) for r in rows)), rows
    fixes = [{"what": what, "in words": a["text"]} for what, a in _fixes(data.get("cause") or {})]
    if fixes:
        yield "what is short, and what would make it fit", ("what", "in words"), fixes


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the sentences of what has one; a reason with the nearest fix."""
    words = {key: value["text"] for key, value in row.items() if isinstance(value, dict) and "text" in value}
    if "reason" in words and "fix" in words:
        words["reason"] += f". Nearest fix: {words['fix']}"
    return {**row, **words}


def _fixes(cause: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for key, what in (("additions", "add"), ("drops", "leave out"), ("shortages", "short")):
        yield from ((what, one) for one in cause.get(key, []) if "text" in one)


def _table(name: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> str:
    head = "".join(f'<th scope="col" style="text-align:left">{escape(c)}</th>' for c in columns)
    body = "".join("<tr>" + "".join(_cell(c, r.get(c)) for c in columns) + "</tr>" for r in rows[:_ROWS_MAX])
    more = f", the first {_ROWS_MAX} shown" if len(rows) > _ROWS_MAX else ""
    caption = f'<caption style="text-align:left;opacity:.75">{escape(name)}: {len(rows)}{more}</caption>'
    style = "margin:8px 0;font-size:inherit;border-spacing:8px 2px"
    return f'<table style="{style}">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cell(column: str, value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    style = "text-align:left;vertical-align:top"
    if column in ("verdict", "severity"):
        color, symbol = _VERDICTS.get(text, _FAIR)
        return f'<td style="{style};color:{color};white-space:nowrap">{symbol} {escape(text.replace("-", " "))}</td>'
    wrap = ";white-space:nowrap" if column in _NAMES else ""
    return f'<td style="{style}{wrap}">{escape(text)}</td>'


def _notes(data: dict[str, Any]) -> str:
    notes = [("Assumed", data.get("assumptions", [])), ("Not evaluated", data.get("notEvaluated", []))]
    made = ""
    for title, lines in notes:
        if lines:
            items = "".join(f"<li>{escape(line)}</li>" for line in lines)
            made += f"<details><summary>{title}: {len(lines)}</summary><ul>{items}</ul></details>"
    return made
