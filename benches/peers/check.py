#!/usr/bin/env python3
"""Is a solution one, and what is it worth? Each suite by its own definition, with the standard library alone.

    check.py SUITE FILES... --solution FILE

Written from the definitions of the suites. It shares no code with podfit, with its `yardstick`, nor with the programs of
the peers beside it: not the readers either. Prints one JSON line:

    {"valid": true, "objective": 97, "violations": [], ...}

`objective` is null where the solution is not valid. Exit code 0 valid, 1 not valid, 2 files that cannot be read.
"""

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict

VIOLATIONS_TOLD = 20


class Unreadable(Exception):
    """A file is not what it should be."""


class Verdict:
    """Violations found so far, and what else is worth telling."""

    def __init__(self):
        self.violations = []
        self.more = {}

    def wrong(self, text):
        self.violations.append(text)

    def as_dict(self, objective):
        told = self.violations[:VIOLATIONS_TOLD]
        if len(self.violations) > VIOLATIONS_TOLD:
            told.append(f"and {len(self.violations) - VIOLATIONS_TOLD} more")
        valid = not self.violations
        return {"valid": valid, "objective": objective if valid else None, "violations": told, **self.more}


def is_index(value, end):
    """Whether a value of JSON is an integer from 0 to before `end`; `true` is none."""
    return type(value) is int and 0 <= value < end


# --- vector-packing: every item in exactly one bin, no bin above its capacity in any dimension; fewest bins.


def vector_packing(files, solution):
    (path,) = files
    with open(path) as file:
        numbers = [int(word) for word in file.read().split()]
    dims = numbers[0]
    capacity = numbers[1 : 1 + dims]
    rows = numbers[1 + dims]
    sizes = []
    at = 2 + dims
    for _ in range(rows):
        *size, demand = numbers[at : at + dims + 1]
        sizes += [size] * demand
        at += dims + 1
    if at != len(numbers):
        raise Unreadable(f"{path}: {len(numbers)} numbers where {at} belong")

    verdict = Verdict()
    bins = json.loads(solution).get("bins")
    if not isinstance(bins, list) or not all(isinstance(b, list) for b in bins):
        verdict.wrong("there is no list of bins")
        return verdict.as_dict(None)
    seen = Counter()
    for number, items in enumerate(bins):
        known = [i for i in items if is_index(i, len(sizes))]
        for item in items:
            if not is_index(item, len(sizes)):
                verdict.wrong(f"bin {number}: there is no item {item!r}")
        seen.update(known)
        for d in range(dims):
            load = sum(sizes[i][d] for i in known)
            if load > capacity[d]:
                verdict.wrong(f"bin {number}: {load} of {capacity[d]} in dimension {d}")
        if not items:
            verdict.wrong(f"bin {number} is empty")
    for item in range(len(sizes)):
        if seen[item] != 1:
            verdict.wrong(f"item {item} is in {seen[item]} bins")
    return verdict.as_dict(len(bins))


# --- cloud-balancing: every process on one computer, three capacities; sum of the cost of computers with a process.


def cloud_balancing(files, solution):
    (path,) = files
    with open(path) as file:
        instance = json.load(file)
    computers = {c["id"]: c for c in instance["computerList"]}
    processes = {p["id"]: p for p in instance["processList"]}
    pairs = [
        ("requiredCpuPower", "cpuPower"),
        ("requiredMemory", "memory"),
        ("requiredNetworkBandwidth", "networkBandwidth"),
    ]

    verdict = Verdict()
    assignment = json.loads(solution).get("assignment")
    if not isinstance(assignment, dict):
        verdict.wrong("there is no assignment")
        return verdict.as_dict(None)
    names = {str(id): id for id in processes}
    for name in assignment.keys() - names.keys():
        verdict.wrong(f"there is no process {name!r}")
    on = defaultdict(list)
    for name, id in names.items():
        computer = assignment.get(name)
        if type(computer) is not int or computer not in computers:
            verdict.wrong(f"process {name} is on {computer!r}, which is no computer")
        else:
            on[computer].append(processes[id])
    for computer, placed in sorted(on.items()):
        for wanted, given in pairs:
            load = sum(p[wanted] for p in placed)
            if load > computers[computer][given]:
                verdict.wrong(f"computer {computer}: {load} of {computers[computer][given]} {given}")
    return verdict.as_dict(sum(computers[c]["cost"] for c in on))


# --- gpu-trace: processor, memory; a share of a card on one card, whole cards on cards with nothing else; gpu_spec names
# the models that may be used. Thousandths of cards placed; then pods placed.


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def gpu_trace(files, solution):
    node_path, pod_path = files
    nodes = {row["sn"]: row for row in table(node_path)}
    pods = {row["name"]: row for row in table(pod_path)}

    verdict = Verdict()
    assignment = json.loads(solution).get("assignment")
    if not isinstance(assignment, dict):
        verdict.wrong("there is no assignment")
        return verdict.as_dict(None)
    cpu, memory = Counter(), Counter()
    cards = defaultdict(lambda: [0] * 0)
    milli_placed = 0
    for name, place in assignment.items():
        pod = pods.get(name)
        node = nodes.get(place.get("node")) if isinstance(place, dict) else None
        if pod is None or node is None:
            verdict.wrong(f"pod {name!r} at {place!r}: one of them is not there")
            continue
        sn = node["sn"]
        cpu[sn] += int(pod["cpu_milli"])
        memory[sn] += int(pod["memory_mib"])
        models = [m for m in pod["gpu_spec"].split("|") if m]
        if models and node["model"] not in models:
            verdict.wrong(f"pod {name} wants {pod['gpu_spec']} and is on {sn} with {node['model']!r}")
        count = int(pod["num_gpu"])
        milli = int(pod["gpu_milli"]) if count else 0
        used = place.get("gpus")
        there = int(node["gpu"])
        if not isinstance(used, list) or not all(is_index(g, there) for g in used):
            verdict.wrong(f"pod {name} on {sn} has the cards {used!r} of {there}")
            continue
        if len(used) != count or len(set(used)) != count:
            verdict.wrong(f"pod {name} wants {count} cards and has {used!r}")
            continue
        load = cards[sn] or [0] * there
        for g in used:
            load[g] += milli
        cards[sn] = load
        milli_placed += count * milli
    for sn, node in nodes.items():
        if cpu[sn] > int(node["cpu_milli"]):
            verdict.wrong(f"node {sn}: {cpu[sn]} of {node['cpu_milli']} cpu_milli")
        if memory[sn] > int(node["memory_mib"]):
            verdict.wrong(f"node {sn}: {memory[sn]} of {node['memory_mib']} memory_mib")
        for g, load in enumerate(cards.get(sn, ())):
            if load > 1000:
                verdict.wrong(f"node {sn}: {load} of 1000 thousandths of card {g}")
    verdict.more["pods_placed"] = len(assignment)
    return verdict.as_dict(milli_placed)


# --- machine-reassignment (ROADEF/EURO 2012): the hard constraints of section 1.2 and the costs of section 1.3.


class Numbers:
    """The integers of a file, one after the other."""

    def __init__(self, path):
        with open(path) as file:
            self.rest = iter([int(word) for word in file.read().split()])
        self.path = path

    def one(self):
        for n in self.rest:
            return n
        raise Unreadable(f"{self.path}: ends too early")

    def some(self, n):
        return [self.one() for _ in range(n)]


def machine_reassignment(files, solution):
    model_path, initial_path = files
    n = Numbers(model_path)
    resources = [(n.one(), n.one()) for _ in range(n.one())]  # (is transient, weight of load cost)
    R = range(len(resources))
    neighbourhood, location, C, SC, MMC = [], [], [], [], []
    M = range(n.one())
    for _ in M:
        neighbourhood.append(n.one())
        location.append(n.one())
        C.append(n.some(len(R)))
        SC.append(n.some(len(R)))
        MMC.append(n.some(len(M)))
    spread_min, depends = [], []
    S = range(n.one())
    for _ in S:
        spread_min.append(n.one())
        depends.append(n.some(n.one()))
    service, need, PMC = [], [], []
    P = range(n.one())
    for _ in P:
        service.append(n.one())
        need.append(n.some(len(R)))
        PMC.append(n.one())
    balances = [(*n.some(3), n.one()) for _ in range(n.one())]  # (r1, r2, target, weight)
    weight_process, weight_service, weight_machine = n.some(3)
    if next(n.rest, None) is not None:
        raise Unreadable(f"{model_path}: goes on after its end")
    M0 = Numbers(initial_path).some(len(P))

    verdict = Verdict()
    words = solution.split()
    new = [int(w) if w.isdecimal() else -1 for w in words]
    if len(new) != len(P):
        verdict.wrong(f"{len(new)} machines for {len(P)} processes")
        return verdict.as_dict(None)
    for p in P:
        if new[p] not in M:
            verdict.wrong(f"process {p}: there is no machine {words[p]!r}")
    if verdict.violations:
        return verdict.as_dict(None)

    usage = [[0] * len(R) for _ in M]
    both = [[0] * len(R) for _ in M]
    at = defaultdict(list)
    for p in P:
        at[service[p]].append(new[p])
        for r in R:
            usage[new[p]][r] += need[p][r]
            both[new[p]][r] += need[p][r]
            if M0[p] != new[p]:
                both[M0[p]][r] += need[p][r]
    for m in M:
        for r in R:
            if usage[m][r] > C[m][r]:
                verdict.wrong(f"machine {m}: {usage[m][r]} of {C[m][r]} of resource {r}")
            elif resources[r][0] and both[m][r] > C[m][r]:
                verdict.wrong(f"machine {m}: {both[m][r]} of {C[m][r]} of transient resource {r}")
    for s in S:
        if len(set(at[s])) < len(at[s]):
            verdict.wrong(f"service {s}: two processes on one machine")
        places = len({location[m] for m in at[s]})
        if places < spread_min[s]:
            verdict.wrong(f"service {s}: {places} locations of {spread_min[s]}")
        for other in depends[s]:
            near = {neighbourhood[m] for m in at[other]}
            for m in at[s]:
                if neighbourhood[m] not in near:
                    verdict.wrong(f"service {s} on machine {m}: none of service {other} is near")

    load = sum(w * sum(max(0, usage[m][r] - SC[m][r]) for m in M) for r, (_, w) in enumerate(resources))
    balance = 0
    for r1, r2, target, weight in balances:
        free = ((C[m][r1] - usage[m][r1], C[m][r2] - usage[m][r2]) for m in M)
        balance += weight * sum(max(0, target * a1 - a2) for a1, a2 in free)
    moved = [p for p in P if new[p] != M0[p]]
    process_move = weight_process * sum(PMC[p] for p in moved)
    service_move = weight_service * max(Counter(service[p] for p in moved).values(), default=0)
    machine_move = weight_machine * sum(MMC[M0[p]][new[p]] for p in moved)
    verdict.more["costs"] = {
        "load": load,
        "balance": balance,
        "process_move": process_move,
        "service_move": service_move,
        "machine_move": machine_move,
    }
    return verdict.as_dict(load + balance + process_move + service_move + machine_move)


SUITES = {
    "vector-packing": (vector_packing, 1),
    "cloud-balancing": (cloud_balancing, 1),
    "gpu-trace": (gpu_trace, 2),
    "machine-reassignment": (machine_reassignment, 2),
}


def check(suite, files, solution):
    """The verdict on the text of a solution."""
    function, wanted = SUITES[suite]
    if len(files) != wanted:
        raise Unreadable(f"{suite} takes {wanted} files, not {len(files)}")
    try:
        return function(files, solution)
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as e:
        raise Unreadable(f"{type(e).__name__}: {e}") from e


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--solution", required=True)
    arguments = parser.parse_args()
    try:
        with open(arguments.solution) as file:
            verdict = check(arguments.suite, arguments.files, file.read())
    except (OSError, Unreadable) as e:
        print(f"error: {e}", file=sys.stderr)
        return 2
    print(json.dumps(verdict))
    return 0 if verdict["valid"] else 1


if __name__ == "__main__":
    sys.exit(main())
