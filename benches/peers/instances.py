"""Instances of the suites as the peers' models take them. Readers of their own: `check.py` does not use them."""

import csv
import heapq
import json
from dataclasses import dataclass, field


@dataclass
class Bin:
    """A bin: its name in solutions, capacities, what it costs to use, how many cards of which model."""

    name: object
    capacity: tuple
    cost: int = 0
    cards: int = 0
    model: str = ""


@dataclass
class Item:
    """An item: its name in solutions, sizes, cards (thousandths of each) and the models that it takes (none is any)."""

    name: object
    size: tuple
    cards: int = 0
    milli: int = 0
    models: tuple = ()

    def kind(self):
        return (self.size, self.cards, self.milli, self.models)

    def may_enter(self, bin):
        if self.models and bin.model not in self.models:
            return False
        return self.cards <= bin.cards and all(s <= c for s, c in zip(self.size, bin.capacity))


@dataclass
class Packing:
    """Items into bins: all of them as cheaply as can be, or (`weigh_cards`) as many thousandths of cards as can be."""

    suite: str
    bins: list
    items: list
    weigh_cards: bool = False

    def classes(self):
        """Positions of equal items, in the order of the first of each."""
        known = {}
        for i, item in enumerate(self.items):
            known.setdefault(item.kind(), []).append(i)
        return list(known.values())

    def solution(self, place):
        """`place[item]`: (bin, cards) or None."""
        if self.suite == "vector-packing":
            bins = {}
            for i, at in enumerate(place):
                bins.setdefault(at[0], []).append(i)
            return json.dumps({"bins": [bins[b] for b in sorted(bins)]})
        assignment = {}
        for item, at in zip(self.items, place):
            if at is None:
                continue
            name = self.bins[at[0]].name
            assignment[str(item.name)] = {"node": name, "gpus": at[1]} if self.weigh_cards else name
        return json.dumps({"assignment": assignment})

    def objective(self, place):
        if self.weigh_cards:
            return sum(i.cards * i.milli for i, at in zip(self.items, place) if at is not None)
        return sum(self.bins[b].cost for b in {at[0] for at in place})


def read(suite, files):
    """The instance of `files`."""
    if suite == "vector-packing":
        return _vector_packing(*files)
    if suite == "cloud-balancing":
        return _cloud_balancing(*files)
    if suite == "gpu-trace":
        return _gpu_trace(*files)
    if suite == "machine-reassignment":
        return Reassignment.read(*files)
    raise ValueError(f"no suite {suite}")


def _vector_packing(path):
    with open(path) as file:
        lines = [[int(word) for word in line.split()] for line in file if line.strip()]
    (dims,), capacity, (rows,) = lines[:3]
    items = []
    for *size, demand in lines[3 : 3 + rows]:
        assert len(size) == dims
        items += [Item(len(items) + k, tuple(size)) for k in range(demand)]
    bins = [Bin(b, tuple(capacity), cost=1) for b in range(len(items))]
    packing = Packing("vector-packing", bins, items)
    # As many bins as a simple answer uses: models with more are larger and no better.
    used = 1 + max(at[0] for at in best_fit(packing))
    packing.bins = bins[:used]
    return packing


def _cloud_balancing(path):
    with open(path) as file:
        instance = json.load(file)
    bins = [
        Bin(c["id"], (c["cpuPower"], c["memory"], c["networkBandwidth"]), cost=c["cost"])
        for c in instance["computerList"]
    ]
    items = [
        Item(p["id"], (p["requiredCpuPower"], p["requiredMemory"], p["requiredNetworkBandwidth"]))
        for p in instance["processList"]
    ]
    return Packing("cloud-balancing", bins, items)


def _gpu_trace(node_path, pod_path):
    with open(node_path, newline="") as file:
        bins = [
            Bin(r["sn"], (int(r["cpu_milli"]), int(r["memory_mib"])), cards=int(r["gpu"]), model=r["model"])
            for r in csv.DictReader(file)
        ]
    items = []
    with open(pod_path, newline="") as file:
        for r in csv.DictReader(file):
            cards = int(r["num_gpu"])
            models = tuple(sorted(m for m in r["gpu_spec"].split("|") if m))
            size = (int(r["cpu_milli"]), int(r["memory_mib"]))
            items.append(Item(r["name"], size, cards, int(r["gpu_milli"]) if cards else 0, models))
    return Packing("gpu-trace", bins, items, weigh_cards=True)


def best_fit(packing):
    """Kind by kind, each item into the bin that is cheapest to open and then tightest: where every peer starts.

    Kinds that only some models take come first, then those with most of cards, then the largest.
    """
    largest = [max((b.capacity[d] for b in packing.bins), default=0) or 1 for d in range(len(packing.bins[0].capacity))]
    free = [list(b.capacity) for b in packing.bins]
    cards = [[1000] * b.cards for b in packing.bins]
    is_open = [False] * len(packing.bins)
    place = [None] * len(packing.items)

    def weight(members):
        item = packing.items[members[0]]
        return (bool(item.models), item.cards * item.milli, sum(s / l for s, l in zip(item.size, largest)))

    def choose(item, b):
        fits = sorted((left, g) for g, left in enumerate(cards[b]) if left >= item.milli)
        return [g for _, g in fits[: item.cards]] if len(fits) >= item.cards else None

    def score(item, b):
        """Less is better; None where it does not fit."""
        bin = packing.bins[b]
        if any(s > f for s, f in zip(item.size, free[b])) or (item.models and bin.model not in item.models):
            return None
        if item.cards and choose(item, b) is None:
            return None
        spare = sum(cards[b]) - item.cards * item.milli if packing.weigh_cards else 0
        slack = sum((f - s) / l for s, f, l in zip(item.size, free[b], largest))
        return (0 if is_open[b] else bin.cost, spare, slack)

    for members in sorted(packing.classes(), key=weight, reverse=True):
        item = packing.items[members[0]]
        # A put changes the score of its own bin alone.
        scores = ((score(item, b), b) for b in range(len(packing.bins)))
        heap = [entry for entry in scores if entry[0] is not None]
        heapq.heapify(heap)
        for i in members:
            if not heap:
                break
            b = heap[0][1]
            used = choose(item, b) if item.cards else []
            for g in used:
                cards[b][g] -= item.milli
            free[b] = [f - s for s, f in zip(item.size, free[b])]
            is_open[b] = True
            place[i] = (b, used)
            again = score(item, b)
            if again is None:
                heapq.heappop(heap)
            else:
                heapq.heapreplace(heap, (again, b))
    return place


@dataclass
class Reassignment:
    """An instance of machine-reassignment, in the challenge's letters."""

    suite = "machine-reassignment"
    transient: list = field(default_factory=list)
    load_weight: list = field(default_factory=list)
    neighbourhood: list = field(default_factory=list)
    location: list = field(default_factory=list)
    capacity: list = field(default_factory=list)
    safety: list = field(default_factory=list)
    machine_move: list = field(default_factory=list)
    spread_min: list = field(default_factory=list)
    depends: list = field(default_factory=list)
    service: list = field(default_factory=list)
    need: list = field(default_factory=list)
    process_move: list = field(default_factory=list)
    balances: list = field(default_factory=list)
    weights: tuple = ()
    initial: list = field(default_factory=list)

    @classmethod
    def read(cls, model_path, initial_path):
        with open(model_path) as file:
            rest = iter(file.read().split())

        def one():
            return int(next(rest))

        def row(n):
            return [one() for _ in range(n)]

        self = cls()
        resources = one()
        for _ in range(resources):
            self.transient.append(one())
            self.load_weight.append(one())
        machines = one()
        for _ in range(machines):
            self.neighbourhood.append(one())
            self.location.append(one())
            self.capacity.append(row(resources))
            self.safety.append(row(resources))
            self.machine_move.append(row(machines))
        for _ in range(one()):
            self.spread_min.append(one())
            self.depends.append(row(one()))
        for _ in range(one()):
            self.service.append(one())
            self.need.append(row(resources))
            self.process_move.append(one())
        self.balances = [row(4) for _ in range(one())]
        self.weights = tuple(row(3))
        with open(initial_path) as file:
            self.initial = [int(word) for word in file.read().split()]
        return self

    @staticmethod
    def solution(place):
        return " ".join(map(str, place)) + "\n"
