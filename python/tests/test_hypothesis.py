"""Whatever is given: a cluster, or an InputError that says where. No panic crosses the border."""

from __future__ import annotations

import json
from typing import Any

import podfit
from hypothesis import given
from hypothesis import strategies as st
from podfit import Cluster

from soak import soak

LEAF = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["4", "500m", "8Gi", "1e3", "-1", "a", "b", "default", "NoSchedule", "Running", "v1", "podfit/v1"]),
)
KEYS = st.sampled_from(
    "apiVersion kind items metadata name namespace labels ownerReferences spec status containers resources requests "
    "limits allocatable capacity nodeName nodeSelector affinity tolerations taints volumes phase priority key value "
    "effect operator nodes pods workloads device model replicas runsOn cpu memory selector matchLabels node_name "
    "api_version owner_references topologySpreadConstraints maxSkew topologyKey whenUnsatisfiable".split()
)
TREE = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=6),
    max_leaves=25,
)
AMOUNT = st.one_of(LEAF, st.integers(0, 64), st.floats(0, 64), st.sampled_from(["1", "250m", "1Gi", "64Mi"]))
NAME = st.one_of(st.sampled_from(["a", "b", "c", "web-0"]), LEAF)


def opens(make: Any) -> Cluster | None:
    """The cluster, or none where it was refused as it should be."""
    try:
        cluster: Cluster = make()
    except podfit.InputError as error:
        assert error.errors
        for fault in error.errors:
            assert fault.code and fault.place and fault.cause and fault.fix, fault
        return None
    return cluster


def answers(cluster: Cluster | None) -> None:
    """Questions give reports that come through JSON."""
    if cluster is None or cluster.node_count > 50 or cluster.pod_count > 50:
        return
    nodes = [n.name for n in cluster.nodes]
    results: list[podfit.Result] = [cluster.place(predict=2), cluster.lint(), cluster.check(), cluster.audit(predict=2)]
    if nodes:
        results.append(cluster.what_if(nodes[0], predict=2))
    for result in results:
        assert json.loads(result.to_json()) == result.to_dict()
        assert result.text() and result._repr_html_()


@soak(full=20_000)
@given(TREE)
def test_dicts(tree: Any) -> None:
    answers(opens(lambda: Cluster.from_kubectl(tree)))


@soak(full=20_000)
@given(st.lists(st.fixed_dictionaries({}, optional={k: TREE for k in ("metadata", "spec", "status")}), max_size=4), st.data())
def test_objects(items: list[dict[str, Any]], data: st.DataObject) -> None:
    kinds = [data.draw(st.sampled_from(["Node", "Pod", "PersistentVolume", "Deployment"])) for _ in items]
    given_ = [{"apiVersion": "v1", "kind": k, **i} for k, i in zip(kinds, items, strict=True)]
    answers(opens(lambda: Cluster.from_kubectl(given_)))


@soak(full=20_000)
@given(st.text(max_size=200))
def test_texts(text: str) -> None:
    answers(opens(lambda: Cluster.from_yaml("{" + text)))
    answers(opens(lambda: Cluster.from_yaml("apiVersion: podfit/v1\nkind: Cluster\n" + text)))


NODE_ROW = st.fixed_dictionaries(
    {"name": NAME, "cpu": AMOUNT, "memory": AMOUNT},
    optional={"label:zone": NAME, "unschedulable": LEAF, "taints": TREE, "nvidia.com/gpu": AMOUNT, "pods": AMOUNT},
)
POD_ROW = st.fixed_dictionaries(
    {"name": NAME, "node": NAME, "cpu": AMOUNT},
    optional={"memory": AMOUNT, "kind": NAME, "priority": LEAF, "tolerations": TREE, "affinity": TREE, "labels": TREE},
)


@soak(full=20_000)
@given(st.lists(NODE_ROW, max_size=4), st.lists(POD_ROW, max_size=6))
def test_frames(nodes: list[dict[str, Any]], pods: list[dict[str, Any]]) -> None:
    answers(opens(lambda: Cluster.from_frames(nodes=nodes, pods=pods)))


GOOD_NODE = st.fixed_dictionaries(
    {"cpu": st.integers(1, 16), "memory": st.integers(1, 32).map(lambda g: f"{g}Gi")},
    optional={"label:zone": st.sampled_from("xyz"), "unschedulable": st.booleans()},
)
GOOD_POD = st.fixed_dictionaries(
    {"cpu": st.integers(0, 4000).map(lambda m: m / 1000), "memory": st.integers(1, 4096).map(lambda m: f"{m}Mi")},
    optional={"priority": st.integers(-5, 5), "selector:zone": st.sampled_from("xyz")},
)


@soak(full=20_000)
@given(st.lists(GOOD_NODE, min_size=1, max_size=4), st.lists(GOOD_POD, min_size=1, max_size=8), st.data())
def test_good_frames_always_open(nodes: list[dict[str, Any]], pods: list[dict[str, Any]], data: st.DataObject) -> None:
    for i, node in enumerate(nodes):
        node["name"] = f"n{i}"
    for i, pod in enumerate(pods):
        pod["name"] = f"p{i}"
        pod["node"] = data.draw(st.none() | st.sampled_from([n["name"] for n in nodes]))
    cluster = Cluster.from_frames(nodes=nodes, pods=pods)
    assert (cluster.node_count, cluster.pod_count) == (len(nodes), len(pods))
    answers(cluster)
    # By the pods as rows or as columns: the same cluster.
    names = sorted({k for p in pods for k in p})
    columns = {k: [p.get(k) for p in pods] for k in names}
    assert Cluster.from_frames(nodes=nodes, pods=columns).what_if("n0") == cluster.what_if("n0")


@soak(full=20_000)
@given(TREE, st.lists(TREE, max_size=3))
def test_requests_and_edits(request: Any, edits: list[Any]) -> None:
    cluster = Cluster.from_frames(nodes=[{"name": "a", "cpu": 1, "memory": "1Gi"}], pods=[{"name": "web-0", "node": "a"}])
    for kind in ("WhatIf", "Audit", "Place", "Check", "Explain"):
        asked = {**request, "kind": kind} if isinstance(request, dict) else {"kind": kind, "fail": request}
        try:
            cluster.ask(asked)
        except podfit.RequestError as error:
            assert all(e.place and e.cause for e in error.errors)
    for edit in edits:
        try:
            cluster.edited({"op": "cordon", **edit} if isinstance(edit, dict) else {"op": "replicas", "count": edit})
        except podfit.RequestError as error:
            assert error.errors
