"""Results as a table in Markdown."""

import csv

# Suites whose objective is made large.
MOST = {"gpu-trace"}


def figure(line):
    """The objective, if a checker passed the solution, and it is what the solver says."""
    checked = line.get("check")
    if not checked or not checked["valid"]:
        return None
    return checked["objective"]


def cell(line):
    """A result in a cell."""
    checked = line.get("check")
    if checked and not checked["valid"]:
        return f"WRONG: {checked['violations'][0]}"
    value = figure(line)
    if value is None:
        why = line.get("why")
        return line.get("status", "none") + (f" ({why})" if why else "")
    if line.get("objective") != value:
        return f"WRONG: says {line.get('objective')}, is {value}"
    late = line["wall_seconds"] > line["time_limit"] * 1.1 + 1
    return f"{value:,}" + ("*" if line.get("status") == "optimal" else "") + (" (late)" if late else "")


def published_vectors(path):
    """By instance: (proven optimum or None, best of the published heuristics)."""
    with open(path, newline="") as file:
        return {
            r["instance"]: (int(r["optimum"]) if r["optimum"] else None, int(r["best_heuristic"]))
            for r in csv.DictReader(file)
        }


def markdown(lines, published, missing, machine):
    """All results: a table for each suite and limit, instances down, solvers across."""
    out = ["# Yardstick", ""]
    if lines:
        loads = sorted(line["load_before"] for line in lines)
        out.append(
            f"On {machine}. Load of the machine when a call began: {loads[len(loads) // 2]} in the middle, "
            f"{loads[-1]} at most. Each solution passed the suite's checker. `*` is proved by the solver, `late` took more "
            "than a tenth and a second above the limit, a dash was not asked."
        )
    for name, why in missing.items():
        out.append(f"\n{name} cannot be had here: {why}.")
    keys = {(line["suite"], line["time_limit"], line["threads"], line["seed"]): None for line in lines}
    for suite, limit, threads, seed in keys:
        here = [
            line for line in lines
            if (line["suite"], line["time_limit"], line["threads"], line["seed"]) == (suite, limit, threads, seed)
        ]
        out += ["", f"## {suite}, {limit:g} s, {threads} threads, seed {seed}", ""]
        out += _table(suite, here, published.get(suite))
    return "\n".join(out) + "\n"


def _table(suite, lines, published):
    names = list(dict.fromkeys(line["name"] for line in lines))
    solvers = list(dict.fromkeys(line["solver"] for line in lines))
    at = {(line["name"], line["solver"]): line for line in lines}
    head = ["instance", "published"] if published else ["instance"]
    head += ["podfit's bound", "gap", "s to best"] if "podfit" in solvers else []
    head += solvers
    rows = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name in names:
        row = [name]
        if published:
            row.append(_published(published.get(name)))
        own = at.get((name, "podfit"))
        if "podfit" in solvers:
            row += _own(own)
        row += [cell(at[name, s]) if (name, s) in at else "–" for s in solvers]
        rows.append("| " + " | ".join(row) + " |")
    notes = [_against(suite, at, names, solvers)] if "podfit" in solvers and len(solvers) > 1 else []
    if suite == "vector-packing" and published and "podfit" in solvers:
        notes.append(_vectors(at, names, published))
    if published:
        notes.append(f"Published: {published['source']}.")
    return rows + ["", *notes]


def _published(value):
    if value is None:
        return "–"
    if isinstance(value, tuple):
        optimum, heuristic = value
        return f"{heuristic}, optimum {optimum}" if optimum is not None else f"{heuristic}"
    return f"{value:,}"


def _own(line):
    if line is None or line.get("bound") is None:
        return ["–", "–", "–"]
    bound, value, best = line["bound"], figure(line), line.get("seconds_to_best")
    gap = "–" if value is None else f"{abs(value - bound) / max(1, abs(bound)):.2%}"
    return [f"{bound:,}", gap, "–" if best is None else f"{best:g}"]


def _against(suite, at, names, solvers):
    """How often podfit is better, the same, worse than the best of the peers."""
    better = same = worse = alone = 0
    sign = -1 if suite in MOST else 1
    for name in names:
        own = at.get((name, "podfit"))
        own = figure(own) if own else None
        others = [figure(at[name, s]) for s in solvers if s != "podfit" and (name, s) in at]
        others = [sign * v for v in others if v is not None]
        if own is None:
            worse += bool(others)
        elif not others:
            alone += 1
        else:
            better += sign * own < min(others)
            same += sign * own == min(others)
            worse += sign * own > min(others)
    text = f"podfit against the best of the peers: {better} better, {same} the same, {worse} worse"
    return text + (f", {alone} with no answer of theirs." if alone else ".")


def _vectors(at, names, published):
    """Against the published heuristics and optima."""
    known = [n for n in names if n in published and (n, "podfit") in at]
    values = {n: figure(at[n, "podfit"]) for n in known}
    found = [n for n in known if values[n] is not None]
    better = sum(values[n] < published[n][1] for n in found)
    same = sum(values[n] == published[n][1] for n in found)
    with_optimum = [n for n in known if published[n][0] is not None]
    met = sum(values[n] == published[n][0] for n in with_optimum)
    proved = sum(at[n, "podfit"].get("status") == "optimal" for n in with_optimum)
    closed = [n for n in known if published[n][0] is None and at[n, "podfit"].get("status") == "optimal"]
    return (
        f"podfit on {len(known)} instances: fewer bins than the best published heuristic on {better}, the same on {same}, "
        f"more on {len(known) - better - same}. Of {len(with_optimum)} known optima {met} are met and {proved} proved; "
        f"{len(closed)} are proved whose optimum was not known{': ' + ', '.join(closed) if closed else ''}."
    )
