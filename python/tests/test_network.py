"""Addresses and routes against the standard library's `ipaddress`, on networks of both families."""

from __future__ import annotations

import ipaddress
import random
from typing import Any

import podfit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Subnet = ipaddress.IPv4Network | ipaddress.IPv6Network

NODES = "nodes: [{name: a, allocatable: {cpu: 1, memory: 1Gi}}, {name: b, allocatable: {cpu: 1, memory: 1Gi}}]"


def opened(body: str) -> podfit.Cluster:
    return podfit.Cluster.from_yaml(f"apiVersion: podfit/v1\nkind: Cluster\n{NODES}\n{body}")


def expected_plan(
    subnet: Subnet, ranges: dict[str, tuple[Address, Address]], busy: set[Address], services: int
) -> tuple[set[tuple[str, str]], list[Address]]:
    """Conflicts as code and field, and the addresses given out, by going through all of them."""
    conflicts = set()
    own, last = subnet.network_address, subnet.broadcast_address
    special = {own: "network-address"} | ({last: "broadcast-address"} if subnet.version == 4 else {})
    given: list[Address] = []
    members = {}
    for name, (first, end) in ranges.items():
        field = f"network.{name}"
        members[name] = [ipaddress.ip_address(int(first) + i) for i in range(int(end) - int(first) + 1)]
        if subnet.version == 6:
            members[name] = [ipaddress.IPv6Address(int(a)) for a in members[name]]
        for address in members[name]:
            if address not in subnet:
                conflicts.add(("outside-subnet", field))
            if address in special:
                conflicts.add((special[address], field))
            if address in busy:
                conflicts.add(("address-in-use", field))
        free = [a for a in members[name] if a not in special and a not in busy]
        needed = 2 if name == "nodeRange" else services
        if len(free) < needed:
            conflicts.add(("too-small", field))
            if name == "serviceRange":
                conflicts |= {("service-without-address", f"services default/s{i}") for i in range(len(free), services)}
        given += free[:needed]
    if set(members["nodeRange"]) & set(members["serviceRange"]):
        conflicts.add(("overlap", "network.nodeRange"))
    return conflicts, given


def test_a_plan_is_what_ipaddress_finds() -> None:
    clean = 0
    for seed in range(300):
        dice = random.Random(seed)
        base = ipaddress.ip_address(dice.choice(["10.0.0.0", "fd00::"]))
        subnet = ipaddress.ip_network(f"{base}/{base.max_prefixlen - 5}")

        def at(n: int, base: Any = base) -> Address:
            return base + n

        def some(dice: random.Random = dice) -> tuple[int, int]:
            first = dice.randrange(0, 34)
            return first, first + dice.randrange(1, 8)

        numbers = {"nodeRange": some(), "serviceRange": some()}
        ranges = {name: (at(first), at(end)) for name, (first, end) in numbers.items()}
        gateway, services = at(dice.randrange(1, 30)), dice.randrange(0, 5)
        texts = "\n".join(f"  {name}: '{first}-{end}'" for name, (first, end) in ranges.items())
        family = f"IPv{subnet.version}"
        listed = "\n".join(
            f"  - {{name: s{i}, type: LoadBalancer, selector: {{app: a}}, ports: [80], ipFamilies: [{family}]}}"
            for i in range(services)
        )
        cluster = opened(
            f"network:\n  ports: [{{name: eth0, subnet: '{subnet}', gateway: '{gateway}'}}]\n{texts}\n"
            + (f"services:\n{listed}\n" if services else "")
        )
        report = cluster.network().to_dict()
        conflicts, given = expected_plan(subnet, ranges, {gateway}, services)
        assert {(c["code"], c["field"]) for c in report["conflicts"]} == conflicts, seed
        assert all(c["cause"] and c["fix"] for c in report["conflicts"])
        if not conflicts:
            clean += 1
            assert [a["address"] for a in report["plan"]["assigned"]] == [str(a) for a in given], seed
    assert clean > 5


def test_a_route_is_what_ipaddress_finds() -> None:
    routes, several = [], 0
    dice = random.Random(7)
    for i in range(60):
        length = dice.randrange(16, 33)
        destination = ipaddress.ip_network((0xAC10 << 16 | dice.getrandbits(16), length), strict=False)
        routes.append((destination, f"192.168.20.{i + 10}", dice.randrange(1, 4)))
    listed = ", ".join(
        f"{{destination: {d}, nextHop: {hop}, interface: eth0, metric: {metric}}}" for d, hop, metric in routes
    )
    network = f"network:\n  ports: [{{name: eth0, subnet: 192.168.20.0/24}}]\n  routes: [{listed}]\n"
    cluster = opened(network)
    targets = [d.network_address + dice.randrange(d.num_addresses) for d, _, _ in routes]
    for target in targets:
        matching = [(d, hop, metric) for d, hop, metric in routes if target in d]
        longest = max(d.prefixlen for d, _, _ in matching)
        least = min(metric for d, _, metric in matching if d.prefixlen == longest)
        ways = {hop for d, hop, metric in matching if d.prefixlen == longest and metric == least}
        report = cluster.network("routes", to=str(target)).to_dict()
        table = report["routes"]
        taken = {table["routes"][i]["nextHop"] for i in table["taken"]}
        assert taken == ways, target
        several += len(matching) > 1
    assert several > 20


def test_what_a_loss_changes_is_told_in_seconds() -> None:
    cluster = opened(
        "workloads: [{name: web, runsOn: [a], requests: {cpu: 100m, memory: 1Mi}}]\n"
        "services: [{name: web, selector: {app: web}, ports: [80]}]\n"
    )
    report = cluster.network("reach", fail="a", mode="deleted", timing={"start_seconds": 5, "schedule_seconds": 0})
    assert report.reach.loss.services[0].outage == "until"
    assert report.reach.loss.to_dict()["services"][0]["outageSeconds"] == {"min": 45, "max": 85}
    added = {"destination": "10.9.0.0/16", "nextHop": "10.0.0.1", "interface": "eth0"}
    network = opened("network: {ports: [{name: eth0, subnet: 10.0.0.0/24}]}")
    way = network.network("routes", to="10.9.1.1", add_routes=[added])
    assert way.verdict == "good"
    assert network.network("routes", to="10.9.1.1").verdict == "unreachable"
