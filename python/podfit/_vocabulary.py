"""Words that options take. Made by tools/generate.py from schema/: do not edit."""

from __future__ import annotations

from typing import Literal

__all__ = ["KUBECTL", "QUESTIONS", "DeviceModel", "Format", "Solver", "WorkloadKind"]

KUBECTL = "kubectl get nodes,pods,pv,pvc,sc,pdb,ns,rs,rc,sts,deploy,ds,jobs,cronjobs,hpa,svc,endpointslices,csinodes,csidrivers,csistoragecapacities,volumeattachments,quota,limits,pc,leases -A -o json"
"""Gathers what podfit reads of a cluster."""
QUESTIONS = (
    "WhatIf",
    "Audit",
    "Timeline",
    "Availability",
    "Sequence",
    "Place",
    "Check",
    "Explain",
    "Lint",
    "Device",
    "Network",
    "ControlPlane",
    "Show",
)
"""Kinds of requests."""
Solver = Literal[
    "auto",
    "greedy",
    "exact",
]
"""Which solvers may be asked. auto: Greedy first; exact where bounds do not prove its answer. greedy: Greedy and bounds only. exact: The exact solvers run although bounds prove the greedy answer."""
Format = Literal[
    "table",
    "wide",
    "json",
    "yaml",
    "csv",
    "prometheus",
]
"""Forms of output. table: For people; pods of one workload are summed up. wide: For people; every pod and node. json: The whole report. yaml: The whole report. csv: The list of pods (of an audit, cases; of a check, violations; of an explanation, pods by nodes; of a network, addresses, services or routes), amounts as whole numbers. prometheus: Of an audit: gauges in Prometheus' text format, for a textfile collector."""
WorkloadKind = Literal[
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "ReplicaSet",
    "Pod",
]
"""Kinds of workloads that a podfit/v1 document takes."""
DeviceModel = Literal[
    "pro-gpu",
    "pro-2-64g2t",
    "pro-2-128g4t1gpu",
    "pro-2-256g6t2gpu",
    "pro-r",
    "mini-r",
]
"""Models of the edge device. pro-gpu: Azure Stack Edge Pro GPU. pro-2-64g2t: Azure Stack Edge Pro 2, 64G2T. pro-2-128g4t1gpu: Azure Stack Edge Pro 2, 128G4T1GPU. pro-2-256g6t2gpu: Azure Stack Edge Pro 2, 256G6T2GPU. pro-r: Azure Stack Edge Pro R. mini-r: Azure Stack Edge Mini R."""
