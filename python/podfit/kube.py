"""Kubernetes objects as Python has them → JSON as kubectl prints it.

Taken are plain dicts, objects of kr8s and others that hold one (`.raw`), and those of the official client: themselves or
their ``to_dict()``, whose keys are snake_case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any

__all__ = ["plain"]

# Fields whose keys are a user's own and stay as they are.
_FREE = frozenset(
    "labels annotations match_labels matchLabels node_selector nodeSelector requests limits capacity allocatable "
    "overhead default default_request defaultRequest data string_data stringData binary_data binaryData parameters "
    "volume_attributes volumeAttributes hard used allocated_resources allocatedResources selector".split()
)
# A service's selector is a user's own map, any other has these.
_SELECTOR = frozenset(("match_labels", "match_expressions", "matchLabels", "matchExpressions"))
# Where a capital follows another, snake_case has lost it.
_SPECIAL = {
    "cluster_ip": "clusterIP",
    "cluster_i_ps": "clusterIPs",
    "external_i_ps": "externalIPs",
    "host_ip": "hostIP",
    "host_i_ps": "hostIPs",
    "host_ipc": "hostIPC",
    "host_pid": "hostPID",
    "load_balancer_ip": "loadBalancerIP",
    "pod_cidr": "podCIDR",
    "pod_cid_rs": "podCIDRs",
    "pod_ip": "podIP",
    "pod_i_ps": "podIPs",
    "provider_id": "providerID",
    "system_uuid": "systemUUID",
    "boot_id": "bootID",
    "machine_id": "machineID",
    "target_ww_ns": "targetWWNs",
}
# Inside a list of the official client items have no kind: these fields tell it.
_TELLING = {("spec", "containers"): "Pod", ("status", "node_info"): "Node", ("status", "nodeInfo"): "Node"}


def plain(value: Any) -> Any:
    """`value` as dicts, lists and plain values, under the names that kubectl prints."""
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    raw = getattr(value, "raw", None)
    if isinstance(raw, Mapping):
        value = raw
    elif not isinstance(value, Mapping) and callable(getattr(value, "to_dict", None)):
        kind = re.fullmatch(r"(?:Core)?V\d\w*?([A-Z]\w*)", type(value).__name__)
        value = value.to_dict()
        if kind and isinstance(value, Mapping) and not value.get("kind"):
            value = {**value, "kind": kind[1]}
    if not isinstance(value, Mapping):
        return value
    tree = _structure(value)
    return _with_kind(tree) if isinstance(tree, dict) else tree


def _structure(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_key(k): _entry(k, v) for k, v in value.items() if v is not None}
    if isinstance(value, (list, tuple)):
        return [_structure(v) if not hasattr(v, "raw") else plain(v) for v in value]
    return _leaf(value)


def _entry(key: Any, value: Any) -> Any:
    if key in _FREE and isinstance(value, Mapping) and not (_SELECTOR & value.keys()):
        return {str(k): _leaf(v) if not isinstance(v, (Mapping, list)) else v for k, v in value.items() if v is not None}
    return _structure(value)


def _key(key: Any) -> str:
    text = str(key)
    if "_" not in text:
        return text
    return _SPECIAL.get(text) or re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), text.lstrip("_"))


def _leaf(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    # What json cannot write is told as it prints; the reader says what is wrong with it, and where.
    return str(value)


def _with_kind(tree: dict[str, Any]) -> dict[str, Any]:
    if isinstance(tree.get("items"), Sequence) and not isinstance(tree["items"], str):
        items = [_with_kind(i) if isinstance(i, dict) else i for i in tree["items"]]
        tree = {"kind": "List", "apiVersion": "v1", **tree, "items": items}
    elif not tree.get("kind"):
        for (outer, inner), kind in _TELLING.items():
            if isinstance(tree.get(outer), dict) and inner in tree[outer]:
                tree = {**tree, "kind": kind}
    if tree.get("kind") in _TELLING.values() and not tree.get("apiVersion"):
        tree = {**tree, "apiVersion": "v1"}
    return tree
