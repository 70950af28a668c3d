"""The linear model that an engineer would write down first, for CP-SAT and HiGHS alike.

`naive`: a column for each item and bin. `classes`: a column for each kind of items and bin, how many.
"""

from instances import Packing, best_fit
from peer import CannotRun

COLUMNS_MAX = 3_000_000


class Model:
    """Integer columns with limits, costs and a start; rows of (column, coefficient) with limits."""

    def __init__(self):
        self.least, self.most, self.cost, self.start = [], [], [], []
        self.rows = []  # (least or None, most or None, columns, coefficients)
        self.offset = 0

    def column(self, most, cost=0, start=0, least=0):
        if len(self.least) >= COLUMNS_MAX:
            raise CannotRun(f"the model has more than {COLUMNS_MAX:,} columns")
        self.least.append(least)
        self.most.append(most)
        self.cost.append(cost)
        self.start.append(start)
        return len(self.least) - 1

    def row(self, least, most, terms):
        if terms:
            columns, coefficients = zip(*terms)
            self.rows.append((least, most, columns, coefficients))


def build(instance, on_classes):
    """The model, and a function from its columns to the text of a solution and its objective."""
    if isinstance(instance, Packing):
        return _packing(instance, on_classes)
    if on_classes:
        raise CannotRun("no two processes are alike")
    return _reassignment(instance)


def _packing(packing, on_classes):
    model = Model()
    groups = packing.classes() if on_classes else [[i] for i in range(len(packing.items))]
    pairs = sum(packing.items[g[0]].may_enter(b) for g in groups for b in packing.bins)
    if pairs > COLUMNS_MAX:
        raise CannotRun(f"the model has {pairs:,} columns; {COLUMNS_MAX:,} are tried")
    start = best_fit(packing)
    known, known_cards = {}, {}
    group_of = {i: g for g, members in enumerate(groups) for i in members}
    for i, at in enumerate(start):
        if at is not None:
            known[group_of[i], at[0]] = known.get((group_of[i], at[0]), 0) + 1
            for card in at[1]:
                known_cards[group_of[i], at[0], card] = known_cards.get((group_of[i], at[0], card), 0) + 1

    # Thousandths of cards first, then pods.
    most_pods = len(packing.items) + 1
    x = {}
    in_bin = [[] for _ in packing.bins]
    for g, members in enumerate(groups):
        item = packing.items[members[0]]
        worth = item.cards * item.milli * most_pods + 1 if packing.weigh_cards else 0
        for b, bin in enumerate(packing.bins):
            if item.may_enter(bin):
                x[g, b] = model.column(len(members), -worth, known.get((g, b), 0))
                in_bin[b].append(g)
        terms = [(x[g, b], 1) for b in range(len(packing.bins)) if (g, b) in x]
        model.row(None if packing.weigh_cards else len(members), len(members), terms)
    share_of = {}
    used = {at[0] for at in start if at is not None}
    for b, bin in enumerate(packing.bins):
        y = model.column(1, bin.cost, int(b in used)) if bin.cost else None
        for d, capacity in enumerate(bin.capacity):
            terms = [(x[g, b], packing.items[groups[g][0]].size[d]) for g in in_bin[b]]
            terms = [(column, size) for column, size in terms if size]
            if y is None:
                model.row(None, capacity, terms)
            elif terms:
                model.row(None, 0, [*terms, (y, -capacity)])
        if bin.cards:
            _cards(model, packing, groups, x, b, in_bin[b], known_cards, share_of)

    def read(columns):
        place = [None] * len(packing.items)
        for g, members in enumerate(groups):
            item, at = packing.items[members[0]], 0
            for b in range(len(packing.bins)):
                if (g, b) not in x:
                    continue
                shares = share_of.get((g, b))
                held = [c for c, z in shares or () for _ in range(round(columns[z]))]
                for k in range(round(columns[x[g, b]])):
                    place[members[at]] = (b, [held[k]] if shares else item.cards)
                    at += 1
        _whole_cards(packing, place)
        return packing.solution(place), packing.objective(place)

    return model, read


def _cards(model, packing, groups, x, b, inside, known_cards, share_of):
    """A share sits on one card; whole cards are those without shares."""
    cards = range(packing.bins[b].cards)
    whole, shares = [], []
    for g in inside:
        item = packing.items[groups[g][0]]
        if item.cards and item.milli == 1000:
            whole.append((x[g, b], item.cards))
        elif item.cards:
            shares.append((g, item.milli))
    if not shares:
        return model.row(None, len(cards), whole)
    on_card = []
    for g, milli in shares:
        known = [known_cards.get((g, b, c), 0) for c in cards]
        z = [model.column(min(len(groups[g]), 1000 // milli), start=known[c]) for c in cards]
        share_of[g, b] = list(zip(cards, z))
        model.row(0, 0, [(x[g, b], -1), *((column, 1) for column in z)])
        on_card.append((z, milli))
    opened = []
    for c in cards:
        is_shared = any(model.start[z[c]] for z, _ in on_card)
        opened.append(model.column(1, start=int(is_shared)))
        model.row(None, 0, [*((z[c], milli) for z, milli in on_card), (opened[c], -1000)])
    return model.row(None, len(cards), [*whole, *((column, 1) for column in opened)])


def _whole_cards(packing, place):
    """Gives pods with whole cards those that no share is on. `place` holds their number where others hold cards."""
    taken = {}
    for at in place:
        if at is not None and isinstance(at[1], list):
            taken.setdefault(at[0], set()).update(at[1])
    for i, at in enumerate(place):
        if at is not None and not isinstance(at[1], list):
            gone = taken.setdefault(at[0], set())
            free = [c for c in range(packing.bins[at[0]].cards) if c not in gone]
            place[i] = (at[0], free[: at[1]])
            gone.update(free[: at[1]])


def _reassignment(i):
    """Section 1 of the challenge's definition, a column for each process and machine."""
    processes, machines, resources = range(len(i.service)), range(len(i.capacity)), range(len(i.transient))
    if len(processes) * len(machines) > COLUMNS_MAX:
        raise CannotRun(f"the model has {len(processes) * len(machines):,} columns; {COLUMNS_MAX:,} are tried")
    model = Model()
    weight_process, weight_service, weight_machine = i.weights
    members = {}
    for p in processes:
        members.setdefault(i.service[p], []).append(p)
    x = []
    for p in processes:
        at = i.initial[p]
        moved = [weight_process * i.process_move[p] + weight_machine * i.machine_move[at][m] for m in machines]
        moved[at] = 0
        x.append([model.column(1, moved[m], int(m == at)) for m in machines])
        model.row(1, 1, [(column, 1) for column in x[p]])

    at_first = [[p for p in processes if i.initial[p] == m] for m in machines]
    for m in machines:
        usage = [[(x[p][m], i.need[p][r]) for p in processes if i.need[p][r]] for r in resources]
        held = [sum(i.need[p][r] for p in at_first[m]) for r in resources]
        for r in resources:
            capacity = i.capacity[m][r]
            if i.transient[r]:
                new = [(column, n) for (column, n) in usage[r]]
                stay = {x[p][m] for p in at_first[m]}
                model.row(None, capacity - held[r], [(c, n) for c, n in new if c not in stay])
            else:
                model.row(None, capacity, usage[r])
            if i.load_weight[r]:
                start = max(0, held[r] - i.safety[m][r])
                over = model.column(max(0, capacity - i.safety[m][r]), i.load_weight[r], start)
                model.row(None, i.safety[m][r], [*usage[r], (over, -1)])
        for r1, r2, target, weight in i.balances:
            if not weight:
                continue
            free = [i.capacity[m][r] - held[r] for r in resources]
            most = max(0, target * i.capacity[m][r1])
            short = model.column(most, weight, max(0, target * free[r1] - free[r2]))
            # target (C1 − U1) − (C2 − U2) ≤ short
            terms = {}
            for column, n in usage[r1]:
                terms[column] = terms.get(column, 0) - target * n
            for column, n in usage[r2]:
                terms[column] = terms.get(column, 0) + n
            room = i.capacity[m][r2] - target * i.capacity[m][r1]
            model.row(None, room, [*terms.items(), (short, -1)])
    if weight_service:
        most = model.column(max(map(len, members.values())), weight_service)
        for group in members.values():
            terms = [(x[p][i.initial[p]], -1) for p in group]
            model.row(None, -len(group), [*terms, (most, -1)])
    for group in members.values():
        if len(group) > 1:
            for m in machines:
                model.row(None, 1, [(x[p][m], 1) for p in group])
    _places(model, i, members, x)

    def read(columns):
        place = [next(m for m in machines if columns[x[p][m]] > 0.5) for p in processes]
        cost = sum(c * round(v) for c, v in zip(model.cost, columns))
        return i.solution(place), cost

    return model, read


def _places(model, i, members, x):
    """Spread over locations, and dependencies in neighbourhoods."""
    by_location, by_neighbourhood = {}, {}
    for m, (location, near) in enumerate(zip(i.location, i.neighbourhood)):
        by_location.setdefault(location, []).append(m)
        by_neighbourhood.setdefault(near, []).append(m)
    for s, group in members.items():
        if i.spread_min[s] > 1:
            there = []
            for inside in by_location.values():
                is_there = any(i.initial[p] in inside for p in group)
                there.append(model.column(1, start=int(is_there)))
                model.row(None, 0, [(there[-1], 1), *((x[p][m], -1) for p in group for m in inside)])
            model.row(i.spread_min[s], None, [(column, 1) for column in there])
        for other in i.depends[s]:
            for inside in by_neighbourhood.values():
                near = [(x[q][m], -1) for q in members.get(other, ()) for m in inside]
                for p in group:
                    model.row(None, 0, [*((x[p][m], 1) for m in inside), *near])
