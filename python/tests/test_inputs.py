"""Whatever Python has a cluster in."""

from __future__ import annotations

import datetime
import json
import pickle
from pathlib import Path
from typing import Any

import pandas
import podfit
import polars
import pyarrow
import pytest
import yaml
from podfit import Cluster

from conftest import EXAMPLES, ROOT, TIGHT

DUMP = EXAMPLES / "two-node-edge.kubectl.json"
ITEMS = json.loads(DUMP.read_text())["items"]
NODE = "worker-a"


def report(cluster: Cluster) -> str:
    """All but the places where it was read."""
    return cluster.what_if(NODE).to_json()


EXPECTED = report(Cluster.from_kubectl(DUMP))


class Kr8s:
    """As an object of kr8s."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw


def snake(value: Any, free: bool = False) -> Any:
    """As the official client's ``to_dict``: snake_case, none for what is missing, times as objects."""
    import re

    if isinstance(value, list):
        return [snake(v) for v in value]
    if not isinstance(value, dict):
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
            return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        return value
    free_maps = {"labels", "annotations", "matchLabels", "nodeSelector", "requests", "limits", "capacity", "allocatable"}
    special = {"podIP": "pod_ip", "podIPs": "pod_i_ps", "hostIP": "host_ip", "clusterIP": "cluster_ip"}

    def name(key: str) -> str:
        return special.get(key) or re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()

    return {
        "finalizers": None,
        **{(k if free else name(k)): v if k in free_maps else snake(v) for k, v in value.items()},
    }


class Official:
    """As a model of the official client; the class is called V1Pod or V1Node."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._raw = raw

    def to_dict(self) -> dict[str, Any]:
        return {**snake(self._raw), "kind": None, "api_version": None}


def official(item: dict[str, Any]) -> Official:
    return type(f"V1{item['kind']}", (Official,), {})(item)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "source",
    [
        DUMP,
        str(DUMP),
        DUMP.read_text(),
        json.loads(DUMP.read_text()),
        DUMP.read_bytes(),
        ITEMS,
        [Kr8s(i) for i in ITEMS],
        [official(i) for i in ITEMS],
        [snake(i) for i in ITEMS],
        snake({"items": ITEMS}),
        [{"kind": "List", "apiVersion": "v1", "items": ITEMS[:3]}, {"kind": "List", "items": ITEMS[3:]}],
    ],
    ids="path str text dict bytes list kr8s official to_dict to_dict_list lists".split(),
)
def test_from_kubectl(source: Any) -> None:
    assert report(Cluster.from_kubectl(source)) == EXPECTED


def test_from_a_folder(tmp_path: Path) -> None:
    for i, item in enumerate(ITEMS):
        (tmp_path / f"{i:03}.yaml").write_text(yaml.safe_dump(item, explicit_end=True))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config.json").write_text("no JSON")
    assert report(Cluster.from_kubectl(tmp_path)) == EXPECTED
    # What is no object is passed over, and the reports say so.
    (tmp_path / "package.json").write_text('{"name": "web"}')
    assert any("1 file skipped" in said for said in Cluster.from_kubectl(tmp_path).not_evaluated)
    with pytest.raises(podfit.InputError, match="kind-missing|without kind"):
        Cluster.from_kubectl([tmp_path, tmp_path / "package.json"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(podfit.InputError, match="no .json"):
        Cluster.from_kubectl(tmp_path / "empty")


@pytest.mark.parametrize("source", [None, 5, [], {}, "", "no-such-file.json", "\0", [None], [[1]], {"items": None}, object()])
def test_what_is_no_cluster(source: Any) -> None:
    with pytest.raises(podfit.InputError) as caught:
        Cluster.from_kubectl(source)
    assert all(e.place and e.cause and e.fix for e in caught.value.errors)


def test_assumed_requests() -> None:
    plain = Cluster.from_kubectl(DUMP)
    assumed = Cluster.from_kubectl(DUMP, assume_requests={"cpu": "1", "memory": "1Gi"})
    assert plain != assumed
    with pytest.raises(podfit.InputError):
        Cluster.from_kubectl(DUMP, assume_requests={"cpu": "lots"})


NODES = {"name": ["a", "b"], "cpu": [4, 4], "memory": ["8Gi", "8Gi"], "label:zone": ["x", None]}
PODS = {
    "name": ["web-0", "web-1", "api-0"],
    "namespace": ["shop", "shop", "core"],
    "node": ["a", "b", None],
    "cpu": [0.5, 1.0, None],
    "memory": [1 << 30, 1 << 30, 5 << 30],
    "priority": [None, 5, None],
}


def columns(kind: Any) -> tuple[Any, Any]:
    return kind(NODES), kind(PODS)


@pytest.mark.parametrize(
    "kind",
    [
        dict,
        lambda d: [dict(zip(d, row, strict=True)) for row in zip(*d.values(), strict=True)],
        pandas.DataFrame,
        lambda d: pandas.DataFrame(d).convert_dtypes(),
        polars.DataFrame,
        lambda d: polars.LazyFrame(d),
        pyarrow.table,
    ],
    ids="columns rows pandas pandas-nullable polars polars-lazy pyarrow".split(),
)
def test_from_frames(kind: Any) -> None:
    nodes, pods = columns(kind)
    cluster = Cluster.from_frames(nodes=nodes, pods=pods)
    shown = cluster.show()
    assert [(p.namespace, p.name, p.node) for p in shown.pods] == [
        ("shop", "web-0", "a"),
        ("shop", "web-1", "b"),
        ("core", "api-0", None),
    ]
    assert [dict(p.requests) for p in shown.pods] == [
        {"cpu": 500, "memory": 1 << 30, "pods": 1},
        {"cpu": 1000, "memory": 1 << 30, "pods": 1},
        {"memory": 5 << 30, "pods": 1},
    ]
    assert [p.priority for p in shown.pods] == [0, 5, 0]
    assert shown.nodes[0].labels["zone"] == "x" and "zone" not in shown.nodes[1].labels


def test_frames_out() -> None:
    cluster = Cluster.from_frames(nodes=NODES, pods=PODS)
    pods = cluster.what_if("a").pods
    table = pyarrow.table(pods)
    assert table.num_rows == 3 and table.column("requests.cpu").to_pylist() == [500, 1000, None]
    assert table.schema.field("priority").type == pyarrow.int64()
    assert table.schema.field("notes").type == pyarrow.list_(pyarrow.string())
    assert polars.DataFrame(pods).equals(pods.to_polars()) and pods.to_polars().columns == pods.columns
    frame = pods.to_pandas()
    assert list(frame.columns) == pods.columns and str(frame["requests.cpu"].dtype) == "Int64"
    assert pods.to_dicts() == json.loads(cluster.what_if("a").to_json())["pods"]
    assert list(pods[1:]) == [pods[1], pods[2]] and pods[-1] == pods[2]
    with pytest.raises(IndexError):
        pods[3]
    # What comes out goes in again: names and nodes.
    shown = cluster.pods.to_polars()
    assert shown.columns[:2] == ["namespace", "name"]


def test_empty_lists_have_their_columns() -> None:
    violations = Cluster.from_frames(nodes=NODES, pods=PODS).check().violations
    assert len(violations) == 0
    assert {"code", "text", "namespace"} <= set(violations.columns)
    assert violations.to_polars().filter(polars.col("code") == "x").height == 0


def test_faults_of_frames_have_row_and_column() -> None:
    with pytest.raises(podfit.InputError) as caught:
        Cluster.from_frames(nodes={"name": ["a", "b"], "cpu": [4, "four"], "memory": ["8Gi", float("inf")]}, pods=PODS)
    places = [e.place for e in caught.value.errors]
    assert any("nodes[1].allocatable.cpu" in p for p in places)
    assert any("nodes[1].allocatable.memory" in p for p in places)
    for wrong, code in [
        ({"name": ["a"], "colour": [1]}, "unknown-column"),
        ({"name": ["a", "b"], "cpu": [1]}, "ragged"),
        (7, "frame-invalid"),
        ([1, 2], "rows-invalid"),
    ]:
        with pytest.raises(podfit.InputError) as caught:
            Cluster.from_frames(nodes=wrong, pods=PODS)
        assert caught.value.errors[0].code == code


def test_from_yaml_and_device() -> None:
    assert Cluster.from_yaml(TIGHT).node_count == 2
    edge = Cluster.from_device("pro-gpu", nodes=2, gpus=1, workloads=[{"name": "w", "replicas": 1, "runs_on": ["A"], "cpu": 1}])
    assert edge.device is not None and [h.name for h in edge.device.hosts] == ["A", "B"]
    with pytest.raises(podfit.InputError) as caught:
        Cluster.from_device("pro-cpu", nodes=7)
    assert {e.place.split(": ", 1)[1] for e in caught.value.errors} >= {"device.model", "device.nodes"}


def test_the_build_pins_what_setup_pins() -> None:
    pinned = [line.split(" ")[0] for line in (ROOT / "scripts/wheels.txt").read_text().splitlines() if "==" in line]
    project = (ROOT / "python/pyproject.toml").read_text()
    for name in ("highsbox", "libclang"):
        (wanted,) = [p for p in pinned if p.startswith(name)]
        assert f'"{wanted}"' in project


def test_of_a_half_broken_dump_the_rest_is_read() -> None:
    broken = json.loads(json.dumps(ITEMS))
    pod = next(i for i in broken if i["kind"] == "Pod" and i["spec"].get("nodeName") == NODE)
    pod["spec"]["containers"] = "none"
    name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
    with pytest.raises(podfit.InputError) as refused:
        Cluster.from_kubectl(broken)
    cluster = Cluster.from_kubectl(broken, leave_out_faulty=True)
    assert cluster.left_out == refused.value.errors
    assert name in (cluster.left_out[0].object or "")
    assert cluster.not_evaluated[0] == f"1 object was left out as faulty: Pod {name}"
    rest = Cluster.from_kubectl([i for i in broken if i is not pod])
    assert cluster.what_if(NODE).counts == rest.what_if(NODE).counts
    # It is the same cluster wherever it goes, and not that of the strict reading.
    again = pickle.loads(pickle.dumps(cluster))
    assert again == cluster and again.left_out == cluster.left_out
    assert Cluster.from_kubectl(ITEMS, leave_out_faulty=True) != Cluster.from_kubectl(ITEMS)
