"""Reports and their parts, scenarios and rows. Made by tools/generate.py from schema/: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ._part import Part
from .errors import Fault
from .frame import Frame
from .result import Result

__all__ = [
    "AcceptedCode",
    "ActionCode",
    "ActionReport",
    "AdditionReport",
    "AddressChangeReport",
    "AddressFateCode",
    "AddressPlanReport",
    "AfterRecovery",
    "Amount",
    "Amounts",
    "AssignedAddress",
    "AuditCase",
    "AuditReport",
    "AvailabilityReport",
    "AvailabilityVerdict",
    "CapabilityCode",
    "CapabilityReport",
    "CapacityReport",
    "CaseCounts",
    "CaseReport",
    "CauseReport",
    "CertaintyCode",
    "Certificate",
    "CheckReport",
    "CheckVerdict",
    "ClusterNode",
    "ClusterPod",
    "ClusterReport",
    "ControlPlaneLoss",
    "ControlPlaneReport",
    "CrashReport",
    "DeploymentsReport",
    "DeviceReport",
    "DeviceVerdict",
    "DropReport",
    "EffectCode",
    "EffectReport",
    "EgressReport",
    "EndpointReport",
    "Estimate",
    "Evicted",
    "ExplainReport",
    "ExplainVerdict",
    "ExplainedPod",
    "FailureReport",
    "FateCode",
    "Finding",
    "FixReport",
    "GapReport",
    "HandOverReport",
    "HandOverWay",
    "HindranceReport",
    "HintCode",
    "HintReport",
    "HopCode",
    "HopReport",
    "HostFitReport",
    "HostNode",
    "HostReport",
    "LayoutCode",
    "LeaderElection",
    "LeaderGoes",
    "LeaseTerm",
    "Level",
    "LintReport",
    "LintSeverity",
    "LintVerdict",
    "LintsReport",
    "Listed",
    "LostReport",
    "Machine",
    "MemberReport",
    "Mode",
    "NearestFix",
    "NetworkConflict",
    "NetworkLossReport",
    "NetworkPart",
    "NetworkReport",
    "NetworkVerdict",
    "NodeAnswer",
    "NodeReport",
    "NodesReason",
    "NoteReport",
    "ObjectRef",
    "OpenCode",
    "OutageCode",
    "PartCode",
    "PartFailure",
    "PartSums",
    "PathReport",
    "PlacePod",
    "PlacePodVerdict",
    "PlaceReport",
    "PlaceVerdict",
    "PlanReport",
    "PlanStep",
    "PlaneFinding",
    "PlaneVerdict",
    "PodCounts",
    "PodKind",
    "PodReason",
    "PodReasonCode",
    "PodReport",
    "PodVerdict",
    "PoolReport",
    "PortReport",
    "PredictionReport",
    "QuorumRow",
    "ReachReport",
    "Reason",
    "RemedyReport",
    "RenewalCode",
    "RepairReport",
    "RepairStep",
    "ResponseCode",
    "ResponseReport",
    "ReturnCode",
    "RouteKindCode",
    "RouteReport",
    "RoutesReport",
    "Row",
    "RunPart",
    "Scenario",
    "Scope",
    "SequenceReport",
    "SequenceState",
    "ServiceLossReport",
    "ServiceReport",
    "SeverityCode",
    "ShortageReport",
    "Span",
    "StageCode",
    "StateCode",
    "Status",
    "StopCode",
    "TermCode",
    "TermReport",
    "TimelinePod",
    "TimelineReport",
    "TimelineVerdict",
    "TopologyReport",
    "Unrequested",
    "Verdict",
    "VerdictCounts",
    "ViaCode",
    "ViolationReport",
    "WayReport",
    "WhatIfReport",
    "Why",
    "WhyCode",
    "WorkloadAvailability",
    "WorkloadSums",
]

AcceptedCode = Literal[
    "yes",
    "later",
    "no",
    "not-known",
]
"""Whether the API server takes what is deployed. yes: It does. later: Once the control plane is up again. no: Not in this state. not-known: The input does not show where the control plane runs."""

ActionCode = Literal[
    "out-of-service",
    "force-delete",
    "delete-node",
]
"""What an operator does. out-of-service: Taints the node `node.kubernetes.io/out-of-service`. force-delete: Deletes the pod by force. delete-node: Deletes the Node object."""

AddressFateCode = Literal[
    "moves",
    "gone",
    "replaced",
    "stays",
]
"""What becomes of an address. moves: Its machine restarts elsewhere, and keeps it. gone: Nobody answers for it. replaced: The pod's replacement gets another one. stays: It stays; the node that answers for it may be another."""

AvailabilityVerdict = Literal[
    "estimated",
    "partly",
]
"""Whether all that was down was asked about. estimated: It was. partly: Sets of nodes were down that were not asked about: pods count as down meanwhile."""

CapabilityCode = Literal[
    "api",
    "shared-api",
    "etcd-writes",
    "etcd-reads",
    "scheduling",
    "controllers",
]
"""What the control plane can do. api: Some API server serves at its own address. shared-api: The API is served at the address that kubelets and clients share. etcd-writes: Etcd takes writes: it has its majority. etcd-reads: Etcd answers reads. scheduling: New pods get a node. controllers: Controllers act: pods are made anew, evicted, scaled; endpoints are kept."""

CertaintyCode = Literal[
    "nothing-to-place",
    "one-node-each",
    "room-to-spare",
]
"""Why it is certain. nothing-to-place: Nothing needs a place. one-node-each: Each pod has one node that it may enter, and all fit there together. room-to-spare: The others together cannot fill every node that a pod may enter."""

Certificate = Literal[
    "placement",
    "integer-sum",
    "integer-dual",
    "enumeration",
    "solver-float",
]
"""What a verdict rests on. placement: The placement itself, confirmed by the referee. integer-sum: Sums of integers that anyone can redo. integer-dual: What every pod is worth, and the most that a node holds of that, in integers that anyone can price anew. enumeration: Every reachable state was visited. solver-float: The word of a floating-point solver; placements themselves are re-judged in integers."""

CheckVerdict = Literal[
    "legal",
    "violations",
]
"""Whether a rule is broken. legal: None. violations: Some."""

DeviceVerdict = Literal[
    "fits",
    "does-not-fit",
    "one-node",
]
"""Whether the machines fit on each host alone. fits: Two nodes, and what is highly available fits on either. does-not-fit: On one of them it does not. one-node: One node: nothing is highly available."""

EffectCode = Literal[
    "running-pods",
    "container-crash",
    "changes",
    "new-pods",
    "replacement",
    "worker-loss",
    "node-reboot",
    "endpoints",
]
"""What goes on in the cluster meanwhile, or waits. running-pods: Pods that run. container-crash: A container that crashes on a node that lives. changes: Changes by kubectl, deployments. new-pods: Pods without a node. replacement: Pods that are gone and should be made anew. worker-loss: A worker that is lost meanwhile. node-reboot: A node that is rebooted meanwhile. endpoints: Endpoints of services."""

ExplainVerdict = Literal[
    "placed",
    "pending",
]
"""Whether the pods asked for have a place. placed: Each has one, or some node would take it. pending: Some node takes none of them."""

FateCode = Literal[
    "recreated",
    "recreated-assumed",
    "recreated-late",
    "refused-at-first",
    "stuck-volume",
    "not-wanted",
    "lost",
    "orphaned",
    "namespace-ends",
    "job-fails",
    "gone",
    "was-terminating",
    "stuck-stateful-set",
    "stuck-job",
    "stuck-never-evicted",
    "halted",
    "gated",
    "in-order",
    "refused",
    "preempted",
    "runs-on",
    "stays-put",
]
"""What becomes of a pod of a lost node by its owner, before anyone looks for a new place. recreated: Its controller makes a replacement. recreated-assumed: A custom resource owns it; that its controller makes a replacement is assumed. recreated-late: As recreated, but only after it has tolerated the loss for more than an hour. refused-at-first: As recreated, but a quota refuses it until the old pod is charged no longer. stuck-volume: A replacement is made, but does not start: the volume stays attached to the silent node. not-wanted: Its owner wants no replacement. lost: Nothing makes it again: it has no controller. orphaned: Nothing makes it again: its controller is gone. namespace-ends: Nothing makes it again: its namespace is being deleted. job-fails: Nothing makes it again: its Job fails. gone: It goes with its node and is missed nowhere else. was-terminating: It was being deleted already. stuck-stateful-set: No replacement until the old pod is known to be gone. stuck-job: No replacement until the old pod is known to have failed. stuck-never-evicted: It is never evicted. halted: It is not evicted until someone acts. gated: A scheduling gate holds its replacement back. in-order: It is made once those of lower numbers are ready. refused: Admission refuses what its owner makes. preempted: The scheduler evicts it for a pod of higher priority. runs-on: It runs on through a drain. stays-put: Its node is back before it would be evicted."""

HintCode = Literal[
    "first",
    "cordon",
    "move",
    "order",
]
"""What kind of hint. first: Schedule these pods before the others. cordon: Cordon a node until all are placed. move: Move a pod beforehand. order: Schedule all in an order."""

HopCode = Literal[
    "sender",
    "node",
    "service-proxy",
    "pod-network",
    "external-switch",
    "internal-switch",
    "port",
    "next-hop",
    "destination",
]
"""A place that a packet passes. sender: The sender. node: The node it is on. service-proxy: kube-proxy on that node. pod-network: The network of pods. external-switch: The external virtual switch of the device. internal-switch: The internal virtual switch of the device, which translates addresses. port: An interface, or a port of the device. next-hop: The next router. destination: Where it goes."""

LayoutCode = Literal[
    "stacked",
    "external",
    "mixed",
    "etcd-not-shown",
    "not-known",
]
"""How etcd and the API servers are put together. stacked: Every member of etcd is on a machine with an API server. external: Etcd has machines of its own. mixed: Members of both kinds. etcd-not-shown: There is an API server, and the input shows nothing of etcd. not-known: The input shows no control plane."""

LeaderGoes = Literal[
    "crash",
    "release",
    "cut-off",
]
"""How a leader goes: kube-scheduler's or kube-controller-manager's. crash: Its process or its machine ends without a word. release: It is told to stop and gives its lease back; kube-controller-manager does not. cut-off: It lives, and no longer reaches the API."""

LintSeverity = Literal[
    "error",
    "warning",
]
"""How bad it is. error: The loss of one node takes it down for sure, and it does not come back by itself. warning: It is less available than it looks."""

LintVerdict = Literal[
    "clean",
    "warnings",
    "errors",
]
"""The worst that was found. clean: Nothing. warnings: Warnings. errors: The loss of one node takes something down for sure."""

Mode = Literal[
    "not-ready",
    "deleted",
    "drained",
]
"""How nodes are lost. not-ready: The kubelet is silent; the Node object stays, tainted, and evicted pods linger as Terminating. deleted: The Node object is deleted. drained: The node is cordoned and drained; DaemonSet and static pods run on."""

NetworkPart = Literal[
    "plan",
    "reach",
    "routes",
]
"""What is asked about the network. plan: Who gets which address, or what conflicts; how much of each range is left. reach: By which names, addresses and ports services and pods are reached, and what a loss changes. routes: What is wrong with the routes, and which one a destination takes."""

NetworkVerdict = Literal[
    "good",
    "conflicts",
    "unreachable",
    "no-endpoint",
    "not-known",
]
"""The verdict on a network. good: All addresses fit, all that was asked for is reached, all routes are right. conflicts: Something in the description cannot be. unreachable: There is no way to what was asked for. no-endpoint: A service has no ready endpoint, or loses its last. not-known: The input does not tell."""

OpenCode = Literal[
    "yes",
    "no-endpoint",
    "inside-only",
    "no-address",
    "not-running",
    "not-known",
]
"""Whether a way is open. yes: Yes. no-endpoint: No: no endpoint is ready. inside-only: No: the address is one of the cluster alone. no-address: No: it has no address for that. not-running: No: the pod does not run. not-known: The input does not tell."""

OutageCode = Literal[
    "none",
    "until",
    "lasting",
    "had-none",
    "not-known",
]
"""How long a service has no ready endpoint. none: Not at all: it always has one. until: Until the first replacement is ready. lasting: It gets none again by itself. had-none: It had none before. not-known: Its endpoints are not known."""

PartCode = Literal[
    "setting",
    "loop",
    "elapsed",
]
"""What a term counts as. setting: What a setting or the input says must pass. loop: What loops of controllers add to it, which look now and then. elapsed: What has passed already when the node fails: it is subtracted."""

PlacePodVerdict = Literal[
    "pending",
    "not-evaluated",
    "placed",
]
"""What becomes of a pending pod. pending: Finds no place. not-evaluated: Has a place by all that is known, but something about it could not be evaluated. placed: Has a place."""

PlaceVerdict = Literal[
    "fits",
    "fits-if-placed-well",
    "does-not-fit",
    "unknown",
]
"""Whether the pending pods fit. fits: Every one has a place. fits-if-placed-well: Every one has a place, but the default scheduler may miss it (or was not asked). does-not-fit: Proved: some pod finds none. unknown: Neither."""

PlaneVerdict = Literal[
    "works",
    "fragile",
    "down",
    "unknown",
    "planned",
]
"""The verdict on a control plane. works: Everything works with these failures, if need be after a hand-over; without any, after as many as were asked too. fragile: It works now, and fewer failures than were asked stop it. down: Something does not work. unknown: That depends on what the input does not show. planned: There is no control plane in the input; one was planned."""

PodKind = Literal[
    "control-plane",
    "daemon-set",
    "static",
    "bare",
    "controlled",
]
"""What becomes of a pod by its kind. control-plane: A part of the control plane. daemon-set: Of a DaemonSet: there is one a node. static: Static: its node's own. bare: Without a controller. controlled: Its controller brings it back."""

PodReasonCode = Literal[
    "node-survives",
    "runs-through-drain",
    "stays-put",
    "terminating",
    "recreated",
    "recreated-assumed",
    "placed",
    "makes-room",
    "preempted",
    "no-node",
    "control-plane",
    "bare",
    "owner-gone",
    "namespace-ends",
    "job-fails",
    "not-wanted",
    "quota",
    "limit-range",
    "gate",
    "in-order",
    "late",
    "job-waits",
    "volume-attached",
    "with-node",
    "was-terminating",
    "stateful-set",
    "never-evicted",
    "eviction-halted",
]
"""What decides how a pod ends. node-survives: Its node survives. runs-through-drain: Its node is drained, and pods of its kind run on. stays-put: Its node is back before it would be evicted. terminating: It is being deleted, on a node that survives. recreated: Its controller makes it again, and a node takes it. recreated-assumed: As `recreated`, by a custom controller: that it does so is assumed. placed: It was pending, and a node takes it. makes-room: It is moved to make room for others. preempted: It is evicted for a pod of higher priority, and finds a new place. no-node: No node takes it. control-plane: The control plane is down. bare: Nothing makes it again: it has no controller. owner-gone: Nothing makes it again: its controller is gone. namespace-ends: Nothing makes it again: its namespace is being deleted. job-fails: Nothing makes it again: its Job fails over the loss. not-wanted: Its owner wants no replacement. quota: A quota refuses the replacement. limit-range: A limit range refuses the replacement. gate: A scheduling gate holds it back. in-order: Its StatefulSet makes it once those of lower numbers are ready. late: It is made again only after it has tolerated the loss for more than an hour. job-waits: Its Job makes no replacement until the old pod is known to have failed. volume-attached: Its replacement does not start while the volume is attached to the silent node. with-node: It goes with its node: it is a DaemonSet's, or static. was-terminating: It was being deleted already. stateful-set: Its StatefulSet makes no replacement until the old pod is known to be gone. never-evicted: It tolerates an unreachable node for ever. eviction-halted: Its eviction is halted: too many nodes are down, or a disruption budget allows none."""

PodVerdict = Literal[
    "pending",
    "not-evaluated",
    "stuck",
    "lost",
    "waiting",
    "moves",
    "placed",
    "gone",
    "stays",
]
"""What becomes of a pod. pending: Finds no place. not-evaluated: Has a place by all that is known, but something about it could not be evaluated. stuck: Not recreated until an operator acts or the node returns. lost: Nothing recreates it. waiting: Is recreated once something else has happened: the control plane is back, a gate is lifted, its turn comes. moves: Recreated, or moved to make room, on another node. placed: Was pending before, and has a place. gone: Went with its node, as it should, or is wanted no more. stays: Runs on where it is."""

RenewalCode = Literal[
    "now",
    "waits",
    "never",
    "by-kubelet",
    "with-node",
    "not-known",
]
"""Whether a pod that is gone is made anew. now: At once, by its controller. waits: Once the control plane is back. never: Never: nothing makes it. by-kubelet: By the kubelet of its node, from its file. with-node: With its node. not-known: Whether the control plane works is not known."""

ResponseCode = Literal[
    "runs-on",
    "degraded",
    "ambiguous",
    "fails-over",
    "offline",
]
"""What the device does. runs-on: Everything runs on where it is. degraded: The same, but a further failure of the kind is not borne. ambiguous: Pages differ, or say nothing: it is asked as if the host were lost. fails-over: The host is lost: what is highly available restarts on the other. offline: Everything is down."""

ReturnCode = Literal[
    "back",
    "runs-on",
    "operator",
    "control-plane",
    "no-place",
    "with-node",
    "never",
]
"""Whether a pod comes back, and by whom. back: By itself. runs-on: It is never away: it runs on where it is. operator: Once an operator acts, or its node is back. control-plane: Once the control plane is back, and when that is is not known. no-place: Once there is room, a gate is lifted, a quota allows it or its turn comes. with-node: With its node: DaemonSet and static pods. never: Nothing makes it again, or nobody wants it to."""

RouteKindCode = Literal[
    "connected",
    "custom",
    "default",
]
"""Where a route comes from. connected: The subnet of an interface. custom: It was added. default: For all that no other is for."""

Scope = Literal[
    "survivors-fixed",
    "moves-allowed",
    "preemption",
]
"""What may be moved: every claim is made within it. survivors-fixed: Only displaced pods find new places; all others stay. moves-allowed: Some others may be moved to make room (`movesAllowed` says how many). preemption: Pods of lower priority may be evicted, as the scheduler does it, and find new places too."""

SeverityCode = Literal[
    "error",
    "warning",
    "open",
]
"""How much a finding matters. error: One loss stops the control plane, or a member does not work now. warning: It is weaker than it looks. open: Something that decides is not known."""

StageCode = Literal[
    "placement",
    "prediction",
    "hint",
    "cause",
    "fixes",
    "repair",
]
"""A part of a question, in the order in which they come. placement: Is there a place for all? prediction: Does the default scheduler find it? hint: What to do beforehand, so that it does. cause: Why does it not fit, and what is the least that would make it fit? fixes: What gives one kind of pods a place? repair: What gives all a place?"""

StateCode = Literal[
    "works",
    "stale",
    "down",
    "unknown",
]
"""Whether something works. works: Yes. stale: Of reads: answers are given that may be old. down: No. unknown: That depends on what the input does not show."""

Status = Literal[
    "optimal",
    "feasible",
    "unknown",
]
"""How good the placement is. optimal: Every level is at its bound: no placement is better. feasible: A legal placement; some level's bound is open. unknown: As feasible, and it is open whether everything fits."""

StopCode = Literal[
    "done",
    "time-limit",
    "cancelled",
    "work-limit",
]
"""Whether something was cut short, and by what. done: Nothing was: all that is looked for was looked for, as far as the solvers go. time-limit: The time limit ended it. cancelled: The caller cancelled. work-limit: The limit of work ended it: the same on every machine."""

TermCode = Literal[
    "host-silent",
    "host-isolated",
    "control-plane-back",
    "lease-expires",
    "leader-lost",
    "heartbeat-age",
    "grace-period",
    "node-monitor",
    "taint-queue",
    "toleration",
    "quarantine",
    "garbage-collector",
    "termination",
    "budget",
    "preemption",
    "quota",
    "order",
    "detach",
    "attach",
    "schedule",
    "start",
    "step-time",
    "settles",
    "host-update",
    "machine-update",
]
"""What happens in a term. host-silent: The edge device notices that a host is silent. host-isolated: It waits for a host that is isolated. control-plane-back: The control plane is away. lease-expires: A restarted controller-manager waits for the lease of the old one. leader-lost: Another controller-manager takes over, if the leader was lost. heartbeat-age: The last heartbeat was before the failure. grace-period: `--node-monitor-grace-period`. node-monitor: The node controller looks now and then. taint-queue: Nodes of a zone are tainted one after the other. toleration: The pod tolerates the taint. quarantine: The garbage collector waits for a node that is missing. garbage-collector: The garbage collector looks now and then. termination: The old pod ends. budget: A drain waits for a budget. preemption: Pods of lower priority end. quota: A quota charges for the old pod. order: Pods of lower numbers become ready first. detach: The volume is detached from the old node. attach: The volume is attached to the new node. schedule: The replacement is made and scheduled. start: The image is pulled, and the pod becomes ready. step-time: A step lasts as long as it was given. settles: Pods that come back by themselves are ready. host-update: A host of an edge device is updated and restarts. machine-update: Kubernetes is updated on a machine."""

TimelineVerdict = Literal[
    "recovers",
    "recovers-partly",
    "does-not-recover",
]
"""Whether everything comes back. recovers: All pods that the loss takes come back by themselves, or none is taken. recovers-partly: Some do, others need an operator, room, or are lost. does-not-recover: None of those taken comes back by itself, or when is not known."""

Verdict = Literal[
    "survives",
    "survives-with-losses",
    "survives-if-placed-well",
    "does-not-fit",
    "unknown",
    "stalls",
    "down",
]
"""The verdict on the whole. survives: Every pod that should come back does; none is lost or stuck. survives-with-losses: All that can come back by itself fits, but some pods are lost, stuck or must wait. survives-if-placed-well: A placement of all exists, but the default scheduler may miss it (or was not asked). does-not-fit: Proved: some pod finds no place in this scope. unknown: Neither a complete placement nor a proof. stalls: Recovery does not go on by itself: the control plane is down, evictions are halted, or a drain hangs. down: Nothing is left to run on."""

ViaCode = Literal[
    "cluster-ip",
    "headless",
    "external-name",
    "load-balancer",
    "external-ip",
    "node-port",
    "pod",
]
"""By what traffic gets to a service or a pod. cluster-ip: The service's address inside the cluster. headless: The name alone: it stands for the addresses of the endpoints. external-name: The name of another host. load-balancer: The service's address outside the cluster. external-ip: An address of `externalIPs`. node-port: A port of any node. pod: The pod's own address."""

WhyCode = Literal[
    "nothing-to-place",
    "all-placed",
    "some-unplaced",
    "control-plane",
    "all-nodes-lost",
    "eviction-halted",
    "drain-hangs",
    "refused",
    "no-room-afterwards",
    "host-too-small",
    "not-evaluated",
    "time-limit",
    "cancelled",
    "work-limit",
    "solver-fault",
    "greedy-only",
    "no-solver",
    "too-large",
    "no-proof",
    "counted",
    "faulty",
    "control-plane-works",
    "single-loss-stops",
    "control-plane-not-known",
    "planned",
]
"""What decides a verdict. nothing-to-place: No pod needs a place. all-placed: Every pod that needs a place has one. some-unplaced: Some pods find no place. control-plane: The control plane is down, so nothing is recreated until it is back. all-nodes-lost: Every node is lost. eviction-halted: Too many nodes are not ready: the node controller evicts nothing. drain-hangs: A disruption budget keeps the drain waiting. refused: Admission refuses what owners make: a quota or a limit range. no-room-afterwards: Stuck pods find no place once an operator has acted. host-too-small: The machines of the edge device do not all run on the surviving host. not-evaluated: Something about some pods could not be evaluated. time-limit: The time limit ended the search for a proof. cancelled: The search for a proof was cancelled. work-limit: The limit of work ended the search. solver-fault: What the solver that was given says cannot be true. greedy-only: Only the greedy solver was asked, which proves no more. no-solver: The input would need an exact solver, and none was at hand. too-large: The problem is too large for the exact solver. no-proof: The search ended without a proof. counted: The verdict sums up cases, findings, pods or violations; the sentence counts them. faulty: The scenario has faults. control-plane-works: The control plane works, and survives what was asked. single-loss-stops: The control plane works now, and fewer failures than were asked stop it. control-plane-not-known: Whether the control plane works is not known. planned: A control plane was planned."""


@dataclass(frozen=True)
class ActionReport(Part):
    """What an operator may do."""

    action: ActionCode
    """What."""
    back_after_seconds: Span
    """From then on until the pod is ready; its node is known not to be ready then."""
    path: int
    """How that comes about, as a position in `paths`."""


@dataclass(frozen=True)
class AdditionReport(Part):
    """More of one node that makes everything fit."""

    node: str
    """The node."""
    amounts: Mapping[str, int] = field(hash=False)
    """How much more of what, in whole numbers; cards by the piece."""
    proved_least: bool
    """Whether any less would not do."""
    share_ppm: int
    """Size, as a share of the node in millionths."""
    text: str
    """In words."""
    edits: tuple[Mapping[str, Any], ...] = field(hash=False)
    """The same as edits of the input."""


@dataclass(frozen=True)
class AddressChangeReport(Part):
    """What becomes of an address."""

    kind: str
    """`node`, `service` or `pod`."""
    name: str
    """Who has it; `namespace/name` of services and pods."""
    addresses: tuple[str, ...]
    """The addresses; empty: not known."""
    fate: AddressFateCode
    """What becomes of them."""
    from_: str | None = field(default=None)
    """The node or host where it was."""
    to: str | None = field(default=None)
    """Where it is then."""


@dataclass(frozen=True)
class AddressPlanReport(Part):
    """The plan of addresses."""

    assigned: tuple[AssignedAddress, ...]
    """Who gets which address; empty where there is a conflict."""
    pools: tuple[PoolReport, ...]
    """Ranges and subnets, and how far they go."""


@dataclass(frozen=True)
class AfterRecovery(Part):
    """The verdict once the control plane is back and the failed nodes are not."""

    verdict: Verdict
    """The verdict then."""
    why: Why
    """Why."""
    fits: bool | None = field(default=None)
    """Whether the displaced pods have a place; null where that is open."""


@dataclass(frozen=True)
class Amount(Part):
    """A resource of a node."""

    used: int
    """Requested by the pods there."""
    allocatable: int
    """What pods may use."""


@dataclass(frozen=True)
class Amounts(Part):
    """CPU and memory of a machine or host."""

    vcpu_milli: int
    """Thousandths of a virtual CPU."""
    memory_bytes: int
    """Bytes."""


@dataclass(frozen=True)
class AssignedAddress(Part):
    """An address and who has it."""

    address: str
    """The address."""
    kind: str
    """`node` or `service`."""
    name: str
    """The node; of a service `namespace/name`."""
    given: bool
    """It was given, or asked for; else it is the first that was free."""


@dataclass(frozen=True)
class AuditCase(Part):
    """One loss."""

    failed: tuple[str, ...]
    """Names of the nodes lost."""
    verdict: Verdict
    """The verdict."""
    why: Why
    """Why."""
    scope: Scope
    """What may be moved."""
    predicted: str
    """How often the default scheduler places everything: `certain`, or seeds as `200/200`; empty where nothing needs a place or it was not asked."""
    control_plane_down: bool
    """Whether the control plane is down."""
    counts: CaseCounts
    """Pods by verdict."""
    certificate: Certificate | None = field(default=None)
    """What it rests on."""
    cut_stage: StageCode | None = field(default=None)
    """Which stage was, if one was: those before it were not."""
    domain: str | None = field(default=None)
    """The failure domain that they are."""
    hint: HintReport | None = field(default=None)
    """What to do beforehand, where the scheduler may miss the placement and something helps; looked for in the first ten such cases."""
    host: str | None = field(default=None)
    """The host of the edge device that they are lost with."""
    recovered_after_seconds: Span | None = field(default=None)
    """Until the last pod that comes back by itself is ready; null where none does, or when is not known."""
    stop: StopCode = field(default='done')
    """Whether something was cut short, and by what."""


@dataclass(frozen=True)
class CapabilityReport(Part):
    """What works."""

    code: CapabilityCode
    """What."""
    state: StateCode
    """Whether it does."""
    text: str
    """In words."""
    hand_over: HandOverReport | None = field(default=None)
    """Of scheduling and controllers, the hand-over where the leader may be among those that fail."""


@dataclass(frozen=True)
class CapacityReport(Part):
    """A figure that the device states of its capacity."""

    name: str
    """The vendor's name of it."""
    read: str
    """How it is read: `has`, `withheld` from machines, `checked` against the total, or only `shown`."""
    bytes: int | None = field(default=None)
    """Bytes of memory; null where it counts cards."""
    cards: int | None = field(default=None)
    """GPU cards; null where it is memory."""


@dataclass(frozen=True)
class CaseCounts(Part):
    """Pods of a case by verdict; those that were pending before are counted apart."""

    moves: int
    pending: int
    waiting: int
    lost: int
    stuck: int
    not_evaluated: int
    still_pending: int
    """Pods that were pending before and find no place."""


@dataclass(frozen=True)
class CaseReport(Part):
    """A set of failures."""

    failed: tuple[str, ...]
    """What fails; empty: nothing."""
    state: StateCode
    """Whether everything works."""
    api: StateCode
    """The API at a server's own address."""
    etcd_writes: StateCode
    """Writes to etcd."""
    etcd_reads: StateCode
    """Reads of etcd."""
    scheduling: StateCode
    """Scheduling."""
    controllers: StateCode
    """Controllers."""
    shared_api: StateCode | None = field(default=None)
    """The API at the shared address; null: the input does not say what that is."""
    why: str | None = field(default=None)
    """What is missing, in words; null: nothing."""


@dataclass(frozen=True)
class CauseReport(Part):
    """Why it does not fit. Told for the survivors fixed in their places."""

    shortages: tuple[ShortageReport, ...]
    """Pods that may go only to some nodes, and need more than these have."""
    hindrances: tuple[HindranceReport, ...]
    """What is in the way of each kind of pod without a place."""
    drops: tuple[DropReport, ...]
    """The smallest sets of pods to leave out, by priority: among the displaced, and, where that is better, with survivors of lower priority."""
    additions: tuple[AdditionReport, ...]
    """The smallest additions to one node each, the smallest share of a node first."""
    new_nodes: tuple[str, ...]
    """Existing nodes of which one more makes everything fit."""
    cuts: tuple[str, ...] = field(default=())
    """What was cut short."""
    repair: RepairReport | None = field(default=None)
    """Several changes that together make everything fit, or one that does; null where none were found."""


@dataclass(frozen=True)
class ClusterNode(Part):
    """A node."""

    name: str
    """Name."""
    labels: Mapping[str, str] = field(hash=False)
    """Labels."""
    taints: tuple[str, ...]
    """Taints, as `key=value:NoSchedule`."""
    unschedulable: bool
    """Whether it is cordoned."""
    control_plane: bool
    """Whether it holds a part of the control plane."""
    resources: Mapping[str, Amount] = field(hash=False)
    """Resources by name: CPU in thousandths of a core, bytes, pieces."""


@dataclass(frozen=True)
class ClusterPod(Part):
    """A pod."""

    namespace: str
    """Namespace."""
    name: str
    """Name."""
    kind: PodKind
    """What becomes of it by its kind."""
    priority: int
    """Priority."""
    requests: Mapping[str, int] = field(hash=False)
    """What it requests, by resource, in whole numbers."""
    node: str | None = field(default=None)
    """Where it runs; null: pending."""
    owner: ObjectRef | None = field(default=None)
    """What owns it; null for a bare pod, the node for a static one."""
    terminating: bool = field(default=False)
    """Whether it is being deleted."""
    workload: ObjectRef | None = field(default=None)
    """The controller whose template it has, a Deployment rather than its ReplicaSet; null for bare and static pods."""


@dataclass(frozen=True)
class ControlPlaneLoss(Part):
    """What the loss does to the control plane."""

    down: tuple[str, ...]
    """Parts that are down. While any is, nothing is recreated."""
    known: bool
    """Whether the input shows where it runs: pods, labelled nodes, or the device's master machine. If not, nothing is known of it."""
    assumed_down: bool
    """It is taken to be down by labels of nodes, or because the device's master machine cannot start; the input shows none of its pods."""
    why: str | None = field(default=None)
    """Why, in words: `etcd has 1 of 3 members, and needs 2`; null while it works, as far as is known."""


@dataclass(frozen=True)
class CrashReport(Part):
    """A pod that crashes."""

    pod: str
    """As `namespace/name`."""
    in_place: bool
    """Its containers are started again where it is, by the kubelet, as its restartPolicy says."""
    renewal: RenewalCode
    """If the pod itself is gone (evicted, deleted): whether it is made anew."""
    text: str
    """In words."""
    node: str | None = field(default=None)
    """Where it runs."""


@dataclass(frozen=True)
class DeploymentsReport(Part):
    """Whether what is deployed meanwhile is accepted: a matter of the API server."""

    accepted: AcceptedCode
    """Whether it is."""
    text: str
    """In words."""
    after_seconds: Span | None = field(default=None)
    """From when on; null unless `accepted` is `later`."""


@dataclass(frozen=True)
class DropReport(Part):
    """Pods without which all others are placed."""

    displaced: tuple[str, ...]
    """Displaced pods that get no place, as `namespace/name`."""
    survivors: tuple[str, ...]
    """Survivors of lower priority that leave their nodes."""
    proved_least: bool
    """Whether no set is better."""
    text: str
    """In words."""
    edits: tuple[Mapping[str, Any], ...] = field(hash=False)
    """The same as edits of the input."""


@dataclass(frozen=True)
class EffectReport(Part):
    """What goes on, or waits."""

    code: EffectCode
    """What."""
    state: StateCode
    """Whether it goes on, or is repaired."""
    text: str
    """In words."""


@dataclass(frozen=True)
class EgressReport(Part):
    """How packets leave."""

    way: str
    """`inside` the cluster, `leaves`, `open` which way, `no-route`, `no-node` that the sender is on."""
    hops: tuple[HopReport, ...]
    """The places that a packet passes, as far as they are known."""
    open: tuple[str, ...]
    """Entries of the routing table that it may take, in words, where that is open."""
    seen_as: tuple[str, ...]
    """Addresses that the other side may see as the sender's; empty: not known."""
    seen_because: str
    """Why these, or why none."""
    interface: str | None = field(default=None)
    """The interface or port that it leaves by."""


@dataclass(frozen=True)
class EndpointReport(Part):
    """An endpoint of a service."""

    addresses: tuple[str, ...]
    """Its addresses; empty: not known."""
    ready: bool
    """Whether it gets traffic."""
    node: str | None = field(default=None)
    """The node that it is on."""
    pod: str | None = field(default=None)
    """The pod, as `namespace/name`; null: it is none of the cluster."""


@dataclass(frozen=True)
class Estimate(Part):
    """A mean over runs."""

    mean: float
    """The mean."""
    high: float | None = field(default=None)
    """The upper end."""
    low: float | None = field(default=None)
    """The lower end of the 95 % confidence interval; null where there were too few outages or runs for one."""


@dataclass(frozen=True)
class Evicted(Part):
    """A pod that is evicted in some seeds."""

    pod: str
    """`namespace/name`."""
    seeds: int
    """In how many seeds."""


@dataclass(frozen=True)
class ExplainedPod(Part):
    """One pod."""

    namespace: str
    """Namespace."""
    name: str
    """Name."""
    line: str
    """Everything in a line, with the nearest fix."""
    message: str
    """What kube-scheduler writes into the pod's condition."""
    nodes: tuple[NodeAnswer, ...]
    """Every node."""
    fixes: tuple[FixReport, ...]
    """What would give it a place, the cheapest first; empty for a pod that has one."""
    fixes_cut: bool = field(default=False)
    """The search for moves and preemptions ended at its limit."""
    later: str | None = field(default=None)
    """The node that takes it once pods that are being deleted have ended, where none does before."""
    node: str | None = field(default=None)
    """Where it runs, or where the plan puts it after the loss; null: nowhere. Nodes are asked as if it were not there."""


@dataclass(frozen=True)
class FailureReport(Part):
    """Nodes that fail together."""

    nodes: tuple[str, ...]
    """The nodes."""
    between_failures_seconds: float
    """Mean time from a repair to the next failure."""
    repair_seconds: float
    """Mean time to repair."""


@dataclass(frozen=True)
class Finding(Part):
    """One finding."""

    severity: LintSeverity
    """`error` or `warning`."""
    code: str
    """Stable code, as `single-replica`."""
    subject: str
    """What it is about, as `ReplicaSet default/web`."""
    cause: str
    """Why, with the numbers."""
    fix: str
    """What to do."""
    pods: tuple[str, ...]
    """The pods it holds for, as `namespace/name`."""
    nodes: tuple[str, ...]
    """The nodes that matter."""


@dataclass(frozen=True)
class FixReport(Part):
    """A step that gives a pod a place."""

    code: str
    """Stable code, as `move` or `lower-request`."""
    cost: int
    """A rank: the smaller is the cheaper."""
    node: str
    """Where the pod can go then."""
    text: str
    """In words."""
    edits: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    """The same as edits of the input."""


@dataclass(frozen=True)
class GapReport(Part):
    """Something about a pod that could not be evaluated."""

    code: str
    """Stable code, as `claim-not-in-input`."""
    what: str | None = field(default=None)
    """What it is about: a claim's name, a field."""


@dataclass(frozen=True)
class HandOverReport(Part):
    """A hand-over to another leader."""

    among: tuple[str, ...]
    """The members that the leader may be."""
    is_certain: bool
    """Whether it is one of them for sure."""
    goes: tuple[LeaderGoes, ...]
    """How it goes: one way, or several where members go differently."""
    seconds: Span
    """From the failure until another leads, if the leader is among them."""


@dataclass(frozen=True)
class HandOverWay(Part):
    """One way in which a leader goes."""

    goes: LeaderGoes
    """How."""
    seconds: Span
    """From the failure until another leads: the sum of the terms."""
    terms: tuple[LeaseTerm, ...]
    """The terms."""
    gives_up_seconds: Span | None = field(default=None)
    """Of one that is cut off: from then until it gives up."""


@dataclass(frozen=True)
class HindranceReport(Part):
    """What is in the way of one kind of pod."""

    pods: tuple[str, ...]
    """The pods, as `namespace/name`."""
    text: str
    """In words."""
    fixes: tuple[FixReport, ...]
    """The nearest fixes for one of them, the cheapest first."""


@dataclass(frozen=True)
class HintReport(Part):
    """What to do beforehand so that the default scheduler misses nothing: tried, it places everything in every seed."""

    kind: HintCode
    """What kind."""
    seeds: int
    """Seeds asked, all of which placed everything."""
    words: str
    """In a sentence."""
    edits: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    """The same as edits of the input; none for an order."""
    node: str | None = field(default=None)
    """The node to cordon, or to move to."""
    pods: tuple[str, ...] = field(default=())
    """The pods to be scheduled first, or in this order, or the one to be moved, as `namespace/name`."""


@dataclass(frozen=True)
class HopReport(Part):
    """A place that a packet passes."""

    at: HopCode
    """What it is."""
    name: str
    """Its name, or its address."""


@dataclass(frozen=True)
class HostFitReport(Part):
    """Whether the machines fit the surviving host."""

    host: str
    """The survivor."""
    needed: Amounts
    """What its machines and those that restart there need."""
    slack: Amounts
    """What is left, negative where short."""
    binding: str
    """The resource of which the largest part is needed: `vcpu` or `memory`."""
    fits: bool
    """Whether they fit."""
    restarted: tuple[str, ...]
    """Machines that restart there."""
    down: tuple[str, ...]
    """Machines that are down."""


@dataclass(frozen=True)
class HostNode(Part):
    """A host of the device."""

    name: str
    """`A` or `B`."""
    lost: bool
    """Whether it is lost."""
    usable: Amounts
    """What machines may use."""
    raw: Amounts
    """All it has."""
    gpus: int
    """GPU cards, all with the worker."""
    before: tuple[Machine, ...]
    """Machines that run there now."""
    after: tuple[str, ...]
    """Names of the machines that run there after the loss."""


@dataclass(frozen=True)
class HostReport(Part):
    """The edge device."""

    hosts: tuple[HostNode, ...]
    """Its hosts."""
    all_down: bool
    """Whether no host is left: everything is down."""
    master_restarts: bool
    """Whether the master machine restarts on the survivor: until it has, there is no API and nothing is scheduled."""
    lint: tuple[LintReport, ...]
    """The vendor's rule that at most half (or `usagePercent`) is used in normal operation: a lint beside the fit, never instead of it."""
    usage_percent: int
    """The percentage."""
    warnings: tuple[NoteReport, ...]
    """Doubts about the description."""
    capacity: tuple[CapacityReport, ...] = field(default=())
    """What the device states of its capacity, for all nodes together, where the input has it."""
    fit: HostFitReport | None = field(default=None)
    """The fit on the survivor; null where no host is lost or none is left."""
    responses: tuple[ResponseReport, ...] = field(default=())
    """What the device does about each part that fails, and about all of them."""


@dataclass(frozen=True)
class LeaderElection(Part):
    """How leaders are elected."""

    locks: tuple[str, ...]
    """The objects that a leader holds."""
    lease_seconds: float
    """A lease that nobody renewed for so long may be taken."""
    renew_deadline_seconds: float
    """A leader that cannot renew for so long gives up."""
    retry_period_seconds: float
    """Time between two tries; those who wait add up to 1.2 of it."""
    ways: tuple[HandOverWay, ...]
    """Each way in which a leader goes, with the arithmetic."""


@dataclass(frozen=True)
class LeaseTerm(Part):
    """A term of a time."""

    text: str
    """What takes the time."""
    seconds: Span
    """How long."""
    is_subtracted: bool
    """Whether it had passed before the failure: it is subtracted."""
    source: str
    """Where the rule is from."""


@dataclass(frozen=True)
class Level(Part):
    """One objective; levels are lexicographic, the first matters most."""

    name: str
    """What is made least, as `unplaced (priority 100)`."""
    objective: int
    """What the placement reaches."""
    bound: int | None = field(default=None)
    """No placement as good on the levels above reaches less; null while one above is open."""
    gap: int | None = field(default=None)
    """Objective less bound."""


@dataclass(frozen=True)
class LintReport(Part):
    """One line of the 50 % rule."""

    host: str
    """Host."""
    resource: str
    """`vcpu` or `memory`."""
    denominator: str
    """Half of what: `worker` (the pods' requests against the worker machine), `usable-host` or `raw-host` (the machines against the host)."""
    of: int
    """The whole."""
    verdict: str
    """`pass`, `fail` or `not-evaluated`."""
    used: int | None = field(default=None)
    """In use now; null where the input does not say."""


@dataclass(frozen=True)
class Listed(Part):
    """The list of pods was filtered."""

    shown: int
    """Pods listed."""
    all: int
    """Pods judged; verdict and counts are about all of them."""
    filter: str
    """The filter."""


@dataclass(frozen=True)
class LostReport(Part):
    """Nodes that are lost."""

    nodes: tuple[str, ...]
    """Which."""
    state: StateCode
    """Whether their pods are made anew while the failures last."""
    to_renew: int
    """Pods that their controllers make anew."""
    lost: int
    """Pods that nothing makes anew."""
    stuck: int
    """Pods that stay as they are until somebody acts."""
    after_recovery: Verdict
    """The verdict of a what-if with these nodes, a working control plane supposed; the scheduler is not asked."""
    text: str
    """In words."""


@dataclass(frozen=True)
class Machine(Part):
    """A virtual machine."""

    name: str
    """Name; of a Kubernetes machine, that of its node."""
    kind: str
    """`master`, `worker` or `other`."""
    highly_available: bool
    """Whether it restarts on the other host when its own is lost."""
    size: Amounts
    """Size."""


@dataclass(frozen=True)
class MemberReport(Part):
    """A part on a machine."""

    name: str
    """As `m1:etcd`."""
    component: str
    """As `kube-apiserver`."""
    machine: str
    """Its machine."""
    is_node: bool
    """Whether the machine is a node of the cluster."""
    now: StateCode
    """Whether it runs as the input stands."""
    runs: StateCode
    """Whether it runs while the failures last."""
    state: StateCode
    """Whether it does its work while the failures last: what it depends on works too."""
    etcd: tuple[str, ...] = field(default=())
    """Of an API server, the members of etcd that it names."""
    leads: bool = field(default=False)
    """Whether it leads as the input stands, by its lease; of none of a part where the input has no lease of it."""


@dataclass(frozen=True)
class NearestFix(Part):
    """The first of the nearest fixes: all of them are with the cause."""

    code: str
    """Stable code, as `move` or `lower-request`."""
    text: str
    """In words."""


@dataclass(frozen=True)
class NetworkConflict(Part):
    """Something that cannot be as it is described."""

    code: str
    """Stable code, as `too-small`."""
    field: str
    """The field of the description, as `network.nodeRange` or `services default/web`."""
    cause: str
    """What is wrong, with the addresses."""
    fix: str
    """What to do."""


@dataclass(frozen=True)
class NetworkLossReport(Part):
    """What a loss changes in the network."""

    failed: tuple[str, ...]
    """Names of the nodes lost."""
    services: tuple[ServiceLossReport, ...]
    """Every service."""
    addresses: tuple[AddressChangeReport, ...]
    """Addresses that it touches: of nodes, services and pods."""
    stale_seconds: Span
    """How long endpoints on lost nodes still get traffic."""


@dataclass(frozen=True)
class NodeAnswer(Part):
    """What a node says to a pod."""

    node: str
    """The node."""
    takes: bool
    """Whether it takes the pod."""
    reasons: tuple[Reason, ...]
    """Why not: all shortages of the first rule that refuses, in the scheduler's order."""


@dataclass(frozen=True)
class NodeReport(Part):
    """A node."""

    name: str
    """Name."""
    lost: bool
    """Whether it is lost."""
    before: Mapping[str, Amount] = field(hash=False)
    """Resources now, by name: CPU in thousandths of a core, bytes, pieces."""
    after: Mapping[str, Amount] = field(hash=False)
    """Resources after the change; empty for a node that is lost and takes its resources along."""


@dataclass(frozen=True)
class NodesReason(Part):
    """What some nodes say to a pod."""

    rule: str
    """Code of the rule."""
    code: str
    """Code of the reason, finer than the rule's."""
    text: str
    """In words, as `short of memory`."""
    nodes: int
    """How many nodes say so."""
    free: int | None = field(default=None)
    """The most that is free on one of these nodes."""
    need: int | None = field(default=None)
    """What is needed, in whole numbers."""
    node: str | None = field(default=None)
    """The node where that is."""
    resource: str | None = field(default=None)
    """The resource that is short."""


@dataclass(frozen=True)
class NoteReport(Part):
    """A warning, with the page of the vendor's documentation it is about."""

    code: str
    """Stable code."""
    text: str
    """The sentence."""
    page: str
    """End of the page's address."""


@dataclass(frozen=True)
class ObjectRef(Part):
    """An object of Kubernetes, in the namespace of the pod that it owns."""

    kind: str
    """Kind, as `StatefulSet`."""
    name: str | None = field(default=None)
    """Name; null where the input does not say."""


@dataclass(frozen=True)
class PartFailure(Part):
    """What the device does when parts of it fail together."""

    parts: tuple[str, ...]
    """The parts, as a what-if's `fail` names them."""
    response: ResponseCode
    """The worst that is done."""
    lost: tuple[str, ...]
    """Names of the hosts that are lost."""
    text: str
    """In words."""
    page: str
    """End of the page's address."""


@dataclass(frozen=True)
class PartSums(Part):
    """Sums over some of the runs. Times are whole milliseconds; those that may be large are decimal numbers in text."""

    part: RunPart
    """Which runs."""
    workloads: tuple[WorkloadSums, ...]
    """By workload, in the order of the report."""
    sets_seen: int
    """Sets of nodes that were down in some run."""
    sets_asked: int
    """Sets that were asked about."""
    not_asked_ms: str
    """Time while sets were down that were not asked about."""
    some_down_ms: str
    """Time while some node was down."""
    not_evaluated: int
    """Pods that have a place by all that is known, though something about them could not be evaluated."""


@dataclass(frozen=True)
class PathReport(Part):
    """Terms one after the other, from a failure on, or from when an operator acts."""

    seconds: Span
    """The sum of all terms, those that had passed before subtracted."""
    by_settings_seconds: Span
    """The sum of the settings alone, as documents compute it: as if the last heartbeat came with the failure, and controllers looked at once."""
    terms: tuple[TermReport, ...]
    """The terms, in order."""


@dataclass(frozen=True)
class PlacePod(Part):
    """A pending pod."""

    namespace: str
    """Namespace."""
    name: str
    """Name."""
    verdict: PlacePodVerdict
    """What becomes of it."""
    reason: PodReason
    """Why."""
    priority: int
    """Priority."""
    requests: Mapping[str, int] = field(hash=False)
    """What it requests, by resource, in whole numbers."""
    fix: NearestFix | None = field(default=None)
    """The nearest fix, where no node takes it and one was found."""
    owner: ObjectRef | None = field(default=None)
    """What owns it; null for a bare pod."""
    to: str | None = field(default=None)
    """Where it goes."""
    workload: ObjectRef | None = field(default=None)
    """The controller whose template it has, a Deployment rather than its ReplicaSet; null for a bare pod."""


@dataclass(frozen=True)
class PlanReport(Part):
    """A control plane that survives what is asked."""

    layout: LayoutCode
    """Stacked or external."""
    servers: int
    """Machines with an API server, a scheduler and a controller-manager."""
    members: int
    """Members of etcd."""
    machines: int
    """Machines in all, balancers left aside."""
    balancers: int
    """Balancers before the API servers."""
    survives: int
    """Any so many of them may fail at once."""
    documented: bool
    """Whether it is what the documentation of Kubernetes asks for, rather than the least that does."""
    text: str
    """In words."""
    missing: tuple[str, ...] | None = field(default=None)
    """Servers, members of etcd, and balancers that are missing here; null where the input shows none."""


@dataclass(frozen=True)
class PlanStep(Part):
    """One pod put on a node."""

    namespace: str
    """Namespace of the pod."""
    name: str
    """Its name; for a replacement, the name of the pod it replaces."""
    to: str
    """The node."""
    cards: tuple[int, ...] = field(default=())
    """Indices of the node's GPU cards that it gets."""


@dataclass(frozen=True)
class PlaneFinding(Part):
    """Something weak."""

    severity: SeverityCode
    """How much it matters."""
    code: str
    """Stable code, as `etcd-no-loss-tolerated`."""
    cause: str
    """What it is, with the numbers."""
    fix: str
    """What to do."""


@dataclass(frozen=True)
class PodCounts(Part):
    """Pods by verdict."""

    moves: int
    pending: int
    waiting: int
    lost: int
    stuck: int
    not_evaluated: int
    gone: int
    stays: int
    placed: int
    pending_before: int
    """Of the pending, placed, waiting and not evaluated: pods that were pending before the loss."""


@dataclass(frozen=True)
class PodReason(Part):
    """Why a pod ends as it does."""

    code: PodReasonCode
    """What decides."""
    text: str
    """In words, never empty."""
    nodes: tuple[NodesReason, ...] = field(default=())
    """Of a pod that no node takes: what the nodes say, the commonest reason first."""
    not_evaluated: tuple[GapReport, ...] = field(default=())
    """What about the pod could not be evaluated."""


@dataclass(frozen=True)
class PodReport(Part):
    """A live pod."""

    namespace: str
    """Namespace."""
    name: str
    """Name; a replacement goes by the name of the pod it replaces."""
    verdict: PodVerdict
    """What becomes of it."""
    reason: PodReason
    """Why."""
    priority: int
    """Priority."""
    requests: Mapping[str, int] = field(hash=False)
    """What it requests, by resource, in whole numbers."""
    back_after_seconds: Span | None = field(default=None)
    """From the failure until it is ready again, where it comes back by itself and when is known."""
    back_path: int | None = field(default=None)
    """How that comes about: the position of its terms in the `paths` of the report."""
    fate: FateCode | None = field(default=None)
    """What becomes of it by its owner, if its node is lost."""
    fix: NearestFix | None = field(default=None)
    """The nearest fix, where no node takes it and one was found."""
    from_: str | None = field(default=None)
    """Node it runs on now; null: it was pending before."""
    notes: tuple[str, ...] = field(default=())
    """What a move costs: data lost, volumes to detach."""
    owner: ObjectRef | None = field(default=None)
    """What owns it; null for a bare pod, the node for a static one."""
    predicted: int | None = field(default=None)
    """In how many seeds of the prediction it found room; null where the scheduler was not asked about it, or where it is certain."""
    to: str | None = field(default=None)
    """Where it goes; of a waiting pod, once the control plane is back."""
    workload: ObjectRef | None = field(default=None)
    """The controller whose template it has, a Deployment rather than its ReplicaSet; null for bare and static pods."""


@dataclass(frozen=True)
class PoolReport(Part):
    """Addresses for one purpose. Counts end at 2^53."""

    kind: str
    """What for: `nodes`, `services` (from outside), `pods`, `cluster-ips` (of services)."""
    family: str
    """`IPv4` or `IPv6`."""
    ranges: tuple[str, ...]
    """The ranges, as `FIRST-LAST`."""
    addresses: int
    """How many addresses there are."""
    unusable: int
    """Of these, those that cannot be given out: networks' own, reserved, in use."""
    needed: int
    """How many are needed now."""
    advised: int
    """How many more the vendor advises."""
    more: int
    """How many more were asked about."""
    free: int
    """How many are left: `addresses` less `unusable` less `needed`. Below 0, so many are short."""
    required: int
    """How many usable ones it must have: `needed` and `advised` and `more`."""
    assigned_by: str | None = field(default=None)
    """Who gives the addresses out, where that is known."""
    required_last: str | None = field(default=None)
    """Where the first range must end to have so many; null where it cannot."""


@dataclass(frozen=True)
class PortReport(Part):
    """A port of a service."""

    port: int
    """At the service's addresses."""
    protocol: str
    """`TCP`, `UDP` or `SCTP`."""
    target: str
    """The port of the pods: its number or its name."""
    node_port: int | None = field(default=None)
    """The port of every node."""


@dataclass(frozen=True)
class PredictionReport(Part):
    """What the default scheduler's simulation does, over many seeds. A seed decides what life leaves open: the order of arrival within equal priority, and which of equally good nodes is taken."""

    seeds: int
    """Seeds asked; 0 where it is certain."""
    complete: int
    """In how many of them everything found a place, pods evicted for it included."""
    words: str
    """The same in a sentence."""
    certain: CertaintyCode | None = field(default=None)
    """Why it is certain whatever the scheduler chooses; null where it is a sample."""
    evicted: tuple[Evicted, ...] = field(default=())
    """Pods that the scheduler evicts for others of higher priority."""


@dataclass(frozen=True)
class QuorumRow(Part):
    """A majority."""

    members: int
    """Members."""
    quorum: int
    """Members that must live."""
    tolerated: int
    """Members that may fail."""
    here: bool
    """Whether this control plane has so many."""


@dataclass(frozen=True)
class ReachReport(Part):
    """What reaches what."""

    services: tuple[ServiceReport, ...]
    """Every service, in the order of the input; none where a way was asked for."""
    paths: tuple[WayReport, ...]
    """The ways to a service or a pod."""
    endpoints: tuple[EndpointReport, ...]
    """The endpoints of the service that it goes to: kube-proxy on every node spreads the traffic over the ready ones."""
    egress: tuple[EgressReport, ...]
    """How packets to an address leave, by sender."""
    from_: str | None = field(default=None)
    """Who sends, where a way was asked for."""
    loss: NetworkLossReport | None = field(default=None)
    """What a loss changes."""
    to: str | None = field(default=None)
    """Where it goes."""


@dataclass(frozen=True)
class Reason(Part):
    """Why a node does not take a pod."""

    rule: str
    """Code of the rule."""
    code: str
    """Code of the reason, finer than the rule's."""
    text: str
    """In words."""
    free: int | None = field(default=None)
    """What is free."""
    need: int | None = field(default=None)
    """What is needed, in whole numbers."""
    resource: str | None = field(default=None)
    """The resource that is short."""


@dataclass(frozen=True)
class RemedyReport(Part):
    """What a part's loss means, and what helps."""

    component: str
    """The part."""
    issue: str
    """What its loss means."""
    mitigation: str
    """What helps."""
    state: StateCode | None = field(default=None)
    """Whether it works while the failures last; null: there is none, or the input does not say."""


@dataclass(frozen=True)
class RepairReport(Part):
    """Changes that together make everything fit. Each is needed as far as the fast solver sees; a shorter plan may exist."""

    steps: tuple[RepairStep, ...]
    """The changes, in order: each may rest on those before it."""
    without: tuple[str, ...]
    """Pods that nothing was found for, as `namespace/name`: all others fit without them."""
    edits: tuple[Mapping[str, Any], ...] = field(hash=False)
    """All of it as edits of the input."""


@dataclass(frozen=True)
class RepairStep(Part):
    """One of several changes."""

    pods: tuple[str, ...]
    """For whom it was found, as `namespace/name`."""
    text: str
    """In words."""
    edits: tuple[Mapping[str, Any], ...] = field(hash=False)
    """The same as edits of the input after the steps before."""


@dataclass(frozen=True)
class ResponseReport(Part):
    """What the device does when parts of it fail."""

    response: ResponseCode
    """What is done."""
    text: str
    """The sentence."""
    page: str
    """End of the page's address."""
    host: str | None = field(default=None)
    """The host; null: the whole device."""


@dataclass(frozen=True)
class RouteReport(Part):
    """An entry of a routing table."""

    kind: RouteKindCode
    """Where it comes from."""
    destination: str
    """The addresses that it is for, as `192.168.21.0/24`."""
    prefix_length: int
    """Length of the prefix."""
    interface: str
    """The interface that they leave by."""
    device_command: str | None = field(default=None)
    """The command that adds it to the device; of custom routes."""
    metric: int | None = field(default=None)
    """Of entries to one destination the least wins; null: not known."""
    next_hop: str | None = field(default=None)
    """Where packets go next; null: they are there."""
    switch: str | None = field(default=None)
    """The virtual switch of the device that they go through: `external`, or `internal`, which translates addresses."""


@dataclass(frozen=True)
class RoutesReport(Part):
    """The routing table of the nodes."""

    nodes: tuple[str, ...]
    """The nodes that have it; of the device its master and worker machines, not its hosts."""
    routes: tuple[RouteReport, ...]
    """All entries: connected, custom, default."""
    matching: tuple[int, ...]
    """Positions of the entries that are for it, the best first: the longest prefix, then the least metric."""
    taken: tuple[int, ...]
    """Positions of those that it takes: one; several where they are equally good or a metric is not known."""
    to: str | None = field(default=None)
    """The address that was asked about."""


@dataclass(frozen=True)
class Row(Part):
    """The answer to a scenario."""

    index: int
    """Position of the scenario."""
    id: str
    """The caller's name for it."""
    good: bool
    """Whether that is the good answer and no pod was pending before the loss."""
    why: Why
    """Why."""
    predicted: str
    """How often the default scheduler places everything: `certain`, or seeds as `200/200`."""
    stop: StopCode
    """Whether something was cut short, and by what."""
    counts: CaseCounts
    """Pods by verdict; `moves` are those that get a place."""
    pending_before: int
    """Pods that were pending before the loss: they are no part of a what-if."""
    pending: tuple[str, ...]
    """Pods that find no place, as `namespace/name`."""
    errors: tuple[Fault, ...]
    """What is wrong with the scenario."""
    certificate: Certificate | None = field(default=None)
    """What it rests on."""
    cut_stage: StageCode | None = field(default=None)
    """Which stage was, if one was."""
    scope: Scope | None = field(default=None)
    """What may be moved."""
    verdict: str | None = field(default=None)
    """The verdict, as in the report of a what-if or a place; null where there are errors."""


@dataclass(frozen=True)
class RunPart(Part):
    """Some of the runs."""

    first: int
    """The first, from 0."""
    count: int
    """How many."""


@dataclass(frozen=True)
class Scenario(Part):
    """One scenario: edits, then a loss; without a loss, where the pending pods go."""

    edits: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    """What is different, in order."""
    fail: tuple[str, ...] = field(default=())
    """What is lost, as in a what-if; empty: nothing, and pending pods are placed."""
    id: str = field(default='')
    """The caller's name for it."""
    mode: Mode = field(default='not-ready')
    """How."""
    moves: int = field(default=0)
    """How many pods on surviving nodes may be moved to make room."""
    predict: int | None = field(default=None)
    """Seeds of the default scheduler's simulation; null: 200, fewer where pods times nodes are many; 0: none."""
    seed: int = field(default=0)
    """Breaks ties among equally good orders."""


@dataclass(frozen=True)
class SequenceState(Part):
    """What a step makes of the state before it."""

    step: Mapping[str, Any] = field(hash=False)
    """What happens."""
    nodes: tuple[str, ...]
    """Names of the nodes that it happens to."""
    verdict: Verdict
    """The verdict on what it does."""
    why: Why
    """Why."""
    counts: PodCounts
    """Pods by verdict, in the whole cluster."""
    losses: tuple[str, ...]
    """Pods that are lost or stuck, as `namespace/name`."""
    only_losses: bool
    """Whether nothing else keeps the verdict from the good one."""
    control_plane: ControlPlaneLoss
    """The control plane."""
    seconds: Span
    """How long it lasts."""
    path: int
    """How that comes about, as a position in `paths`."""
    offline_pods: int
    """How many pods do not run for some of that time, or all of it."""
    deployments: DeploymentsReport
    """Whether what is deployed is accepted."""
    pods: tuple[PodReport, ...]
    """Pods that something becomes of; names and nodes are those of this state."""
    paths: tuple[PathReport, ...]
    """How times come about."""
    down: tuple[str, ...]
    """Nodes that are down afterwards."""
    cordoned: tuple[str, ...]
    """Nodes that take no pods afterwards though they live."""
    cut_stage: StageCode | None = field(default=None)
    """Which stage was, if one was."""
    ends_with: int | None = field(default=None)
    """Position in `states` of the return that ends it, where nothing is recreated or nothing runs, and it passes."""
    host: HostReport | None = field(default=None)
    """The edge device, if the cluster is described as one."""
    hosts: tuple[str, ...] = field(default=())
    """Names of the hosts of the edge device that it happens to."""
    may_be_evicted: tuple[str, ...] = field(default=())
    """Pods that may be evicted from silent nodes before these are back, or not: taken as evicted."""
    prediction: PredictionReport | None = field(default=None)
    """What the default scheduler would do; null where it was not asked."""
    stop: StopCode = field(default='done')
    """Whether something was cut short, and by what."""


@dataclass(frozen=True)
class ServiceLossReport(Part):
    """What becomes of the endpoints of a service."""

    namespace: str
    """Namespace."""
    name: str
    """Name."""
    before: int
    """Ready endpoints before."""
    left: int
    """Of these, those that are left."""
    back: int
    """Replacements that find a place by themselves."""
    outage: OutageCode
    """Whether it has none for a while."""
    terms: tuple[TermReport, ...]
    """The parts of that time, of the replacement that may be ready first."""
    outage_seconds: Span | None = field(default=None)
    """How long it has none; null unless `outage` is `until`."""


@dataclass(frozen=True)
class ServiceReport(Part):
    """A service."""

    namespace: str
    """Namespace."""
    name: str
    """Name."""
    type: str
    """`ClusterIP`, `Headless`, `NodePort`, `LoadBalancer` or `ExternalName`."""
    dns_name: str
    """Its name in the cluster's DNS."""
    families: tuple[str, ...]
    """Families of its addresses."""
    cluster_ips: tuple[str, ...]
    """Addresses inside the cluster; empty: it has none, or they are not known yet."""
    outer_addresses: tuple[str, ...]
    """Addresses from outside: given, or by the plan."""
    ports: tuple[PortReport, ...]
    """Ports."""
    endpoints_by: str
    """How its endpoints are known: `listed`, `selector`, `not-known`, `none`."""
    endpoints: int
    """How many endpoints it has."""
    ready: int
    """How many of them get traffic."""
    external_name: str | None = field(default=None)
    """What that stands for, of an ExternalName."""


@dataclass(frozen=True)
class ShortageReport(Part):
    """Pods that may go only to some nodes, and need more than these have free in all."""

    resource: str
    """The resource; cards in thousandths."""
    nodes: tuple[str, ...]
    """The nodes."""
    pods: tuple[str, ...]
    """The pods, as `namespace/name`."""
    need: int
    """What they need in all, in whole numbers."""
    free: int
    """What is free in all."""
    text: str
    """In words."""


@dataclass(frozen=True)
class Span(Part):
    """A time between two ends, in seconds."""

    min: float
    """At least."""
    max: float | None = field(default=None)
    """At most; null where no end is known."""


@dataclass(frozen=True)
class TermReport(Part):
    """A part of a time."""

    code: TermCode
    """What happens."""
    text: str
    """The same in words."""
    seconds: Span
    """How long it takes."""
    part: PartCode
    """What it counts as."""
    assumed: bool
    """Whether it is assumed: neither the input nor Kubernetes states it."""
    source: str
    """Where it is stated: a setting with its default, a file of kubernetes/kubernetes, or the input."""


@dataclass(frozen=True)
class TimelinePod(Part):
    """A pod that the loss touches."""

    namespace: str
    """Namespace."""
    name: str
    """Name; a replacement goes by the name of the pod it replaces."""
    verdict: PodVerdict
    """What becomes of it."""
    returns: ReturnCode
    """Whether it comes back, and by whom."""
    reason: PodReason
    """Why."""
    runs_meanwhile: bool
    """Whether the old pod runs on meanwhile, on a node that is cut off."""
    actions: tuple[ActionReport, ...] = field(default=())
    """What an operator may do where it waits for one."""
    back_after_seconds: Span | None = field(default=None)
    """From the failure until it is ready again; null where it does not come back by itself, or when is not known."""
    back_path: int | None = field(default=None)
    """How that comes about, as a position in `paths`."""
    down_seconds: Span | None = field(default=None)
    """How long it does not run, where that is known: of a drain from its eviction on."""
    evicted_after_seconds: Span | None = field(default=None)
    """From the failure until it is evicted; null where it is not, or when is not known."""
    evicted_path: int | None = field(default=None)
    """How that comes about, as a position in `paths`."""
    from_: str | None = field(default=None)
    """Node it runs on now."""
    to: str | None = field(default=None)
    """Where it goes."""
    workload: ObjectRef | None = field(default=None)
    """The controller whose template it has; null for bare and static pods."""


@dataclass(frozen=True)
class TopologyReport(Part):
    """Where a control plane runs."""

    layout: LayoutCode
    """How etcd and the API servers are put together."""
    servers: tuple[str, ...]
    """Machines with an API server."""
    etcd: tuple[str, ...]
    """Machines with a member of etcd."""
    etcd_is_counted: bool
    """Whether these are all members of etcd."""
    port: int
    """Where API servers and balancers listen, unless told otherwise."""
    by_provider: bool
    """Whether a provider runs the control plane."""
    balancers: tuple[str, ...] | None = field(default=None)
    """Balancers before the API servers; null: the input does not say."""
    installer: str | None = field(default=None)
    """Who set the cluster up, by labels of nodes; null where no known label says it."""
    tolerates: int | None = field(default=None)
    """Any so many machines and balancers may fail and everything works, of the sizes that were asked; null where that was not asked, or it does not work without a failure."""


@dataclass(frozen=True)
class Unrequested(Part):
    """How many of the pods that need a place state no CPU or no memory request: "fits" says little of them."""

    displaced: int
    """Pods that need a place."""
    unrequested: int
    """Of these, pods without a CPU or memory request."""


@dataclass(frozen=True)
class VerdictCounts(Part):
    """Cases by verdict."""

    survives: int
    survives_with_losses: int
    survives_if_placed_well: int
    does_not_fit: int
    unknown: int
    stalls: int
    down: int


@dataclass(frozen=True)
class ViolationReport(Part):
    """A broken rule."""

    code: str
    """Stable code of the rule, as `resource`."""
    text: str
    """All of it in a sentence."""
    name: str | None = field(default=None)
    """Its name."""
    namespace: str | None = field(default=None)
    """Namespace of the pod."""
    node: str | None = field(default=None)
    """The node."""
    step: int | None = field(default=None)
    """The step of the plan, from 0."""


@dataclass(frozen=True)
class WayReport(Part):
    """A way to a service or a pod."""

    via: ViaCode
    """By what."""
    addresses: tuple[str, ...]
    """Addresses; empty where they are not known."""
    open: OpenCode
    """Whether it is open."""
    name: str | None = field(default=None)
    """The name to ask DNS for."""
    port: int | None = field(default=None)
    """The port."""
    protocol: str | None = field(default=None)
    """`TCP`, `UDP` or `SCTP`."""
    target: str | None = field(default=None)
    """The port of the endpoints: its number or its name."""


@dataclass(frozen=True)
class Why(Part):
    """Why a verdict is what it is."""

    code: WhyCode
    """What decides."""
    text: str
    """In a sentence, without its full stop."""


@dataclass(frozen=True)
class WorkloadAvailability(Part):
    """A workload."""

    namespace: str
    """Namespace."""
    name: str
    """Name."""
    kind: str
    """Kind, as `Deployment`; `Pod` for a pod without a controller."""
    pods: int
    """How many pods it has."""
    availability: float
    """Share of the time with a ready pod, from 0 to 1."""
    down_seconds: Estimate
    """Time in a year without any ready pod."""
    degraded_seconds: Estimate
    """Time in a year with fewer ready pods than now."""
    outages_per_year: float
    """How often a year it goes down."""


@dataclass(frozen=True)
class WorkloadSums(Part):
    """Sums of one workload."""

    down_ms: str
    """Time without a ready pod."""
    down_squares: str
    """The squares, run by run."""
    degraded_ms: str
    """Time with fewer than all."""
    degraded_squares: str
    """The squares, run by run."""
    outages: int
    """How often it went down."""


class WhatIfReport(Result):
    """The answer to a what-if."""

    @property
    def verdict(self) -> Verdict:
        """The verdict on the whole."""
        found: Verdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def scope(self) -> Scope:
        """What may be moved: the claim holds within it."""
        found: Scope = self._field("scope")
        return found

    @property
    def moves_allowed(self) -> int:
        """How many pods on surviving nodes may be moved."""
        found: int = self._field("movesAllowed")
        return found

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the nodes lost."""
        found: tuple[str, ...] = self._field("failed")
        return found

    @property
    def mode(self) -> Mode:
        """How they are lost."""
        found: Mode = self._field("mode")
        return found

    @property
    def status(self) -> Status:
        """How good the placement is."""
        found: Status = self._field("status")
        return found

    @property
    def levels(self) -> Frame[Level]:
        """Objective, bound and gap of each level, the first matters most."""
        found: Frame[Level] = self._frame("levels", Level)
        return found

    @property
    def unrequested(self) -> Unrequested:
        """How many pods that need a place state no request."""
        found: Unrequested = self._field("unrequested")
        return found

    @property
    def counts(self) -> PodCounts:
        """Pods by verdict, in the whole cluster."""
        found: PodCounts = self._field("counts")
        return found

    @property
    def losses(self) -> tuple[str, ...]:
        """Pods that are lost or stuck, as `namespace/name`."""
        found: tuple[str, ...] = self._field("losses")
        return found

    @property
    def only_losses(self) -> bool:
        """Whether nothing else keeps the verdict from the good one: no pod waits for more than that, none that was pending before finds no place."""
        found: bool = self._field("onlyLosses")
        return found

    @property
    def control_plane(self) -> ControlPlaneLoss:
        """The control plane."""
        found: ControlPlaneLoss = self._field("controlPlane")
        return found

    @property
    def pods(self) -> Frame[PodReport]:
        """Every pod, unless the list was filtered."""
        found: Frame[PodReport] = self._frame("pods", PodReport)
        return found

    @property
    def nodes(self) -> Frame[NodeReport]:
        """Every node."""
        found: Frame[NodeReport] = self._frame("nodes", NodeReport)
        return found

    @property
    def steps(self) -> Frame[PlanStep]:
        """The plan, in an order in which every step is allowed: `check` replays it. Where the default scheduler finds room in any case it is what the scheduler does in the first seed, else the solver's."""
        found: Frame[PlanStep] = self._frame("steps", PlanStep)
        return found

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the verdict rests on beside the input, in short clauses: who is taken to make pods anew, what is taken as absent because the input has none of it."""
        found: tuple[str, ...] = self._field("assumed")
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found

    @property
    def after_recovery(self) -> AfterRecovery | None:
        """What the verdict is once the control plane is back; null while it works, or if no node is left."""
        found: AfterRecovery | None = self._field("afterRecovery")
        return found

    @property
    def cause(self) -> CauseReport | None:
        """Why it does not fit, and the least that would make it fit."""
        found: CauseReport | None = self._field("cause")
        return found

    @property
    def certificate(self) -> Certificate | None:
        """What the verdict rests on; null where nothing is claimed."""
        found: Certificate | None = self._field("certificate")
        return found

    @property
    def cut_stage(self) -> StageCode | None:
        """Which stage was, if one was: those before it were not."""
        found: StageCode | None = self._field("cutStage")
        return found

    @property
    def evicted(self) -> tuple[str, ...]:
        """Running pods that the plan evicts and that get no new place, as `namespace/name`: they are being deleted."""
        found: tuple[str, ...] = self._field("evicted")
        return found

    @property
    def failed_hosts(self) -> tuple[str, ...]:
        """Names of the hosts of the edge device that are lost."""
        found: tuple[str, ...] = self._field("failedHosts")
        return found

    @property
    def failed_parts(self) -> tuple[str, ...]:
        """Parts of the edge device that fail, as they were named."""
        found: tuple[str, ...] = self._field("failedParts")
        return found

    @property
    def hint(self) -> HintReport | None:
        """What to do beforehand, where the scheduler may miss the placement and something helps."""
        found: HintReport | None = self._field("hint")
        return found

    @property
    def host(self) -> HostReport | None:
        """The edge device, if the cluster is described as one."""
        found: HostReport | None = self._field("host")
        return found

    @property
    def paths(self) -> Frame[PathReport]:
        """How the times until pods are back come about."""
        found: Frame[PathReport] = self._frame("paths", PathReport)
        return found

    @property
    def pods_listed(self) -> Listed | None:
        """Set where the list of pods was filtered."""
        found: Listed | None = self._field("podsListed")
        return found

    @property
    def prediction(self) -> PredictionReport | None:
        """What the default scheduler would do; null where it was not asked."""
        found: PredictionReport | None = self._field("prediction")
        return found

    @property
    def proof(self) -> str | None:
        """The same as a sentence with its figures."""
        found: str | None = self._field("proof")
        return found

    @property
    def recovered_after_seconds(self) -> Span | None:
        """Until the last pod that comes back by itself is ready; null where none does, or when is not known."""
        found: Span | None = self._field("recoveredAfterSeconds")
        return found

    @property
    def services(self) -> Frame[ServiceLossReport]:
        """Services that lose their last ready endpoint, for a while or for good."""
        found: Frame[ServiceLossReport] = self._frame("services", ServiceLossReport)
        return found

    @property
    def stop(self) -> StopCode:
        """Whether something was cut short, and by what."""
        found: StopCode = self._field("stop")
        return found


class AuditReport(Result):
    """The answer to an audit."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all cases, `does-not-fit` before `unknown`; `unknown` where cases were not asked and none of the others failed."""
        found: Verdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def scope(self) -> Scope:
        """What may be moved in each case."""
        found: Scope = self._field("scope")
        return found

    @property
    def moves_allowed(self) -> int:
        """How many pods on surviving nodes may be moved in each case."""
        found: int = self._field("movesAllowed")
        return found

    @property
    def k(self) -> int:
        """Sets of up to so many nodes."""
        found: int = self._field("k")
        return found

    @property
    def mode(self) -> Mode:
        """How nodes are lost."""
        found: Mode = self._field("mode")
        return found

    @property
    def cases_all(self) -> int:
        """How many cases there are."""
        found: int = self._field("casesAll")
        return found

    @property
    def cases_asked(self) -> int:
        """How many were asked."""
        found: int = self._field("casesAsked")
        return found

    @property
    def nodes_without_domain(self) -> int:
        """Nodes without the label, which are in no case."""
        found: int = self._field("nodesWithoutDomain")
        return found

    @property
    def counts(self) -> VerdictCounts:
        """Cases by verdict."""
        found: VerdictCounts = self._field("counts")
        return found

    @property
    def cases(self) -> Frame[AuditCase]:
        """The cases: hosts of the edge device, then nodes in the order of the input (or domains in that of their names), then pairs and so on."""
        found: Frame[AuditCase] = self._frame("cases", AuditCase)
        return found

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the verdicts rest on beside the input, in short clauses."""
        found: tuple[str, ...] = self._field("assumed")
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found

    @property
    def domain(self) -> str | None:
        """The label whose values are the failure domains, if they were asked for."""
        found: str | None = self._field("domain")
        return found

    @property
    def headroom(self) -> Mapping[str, int]:
        """What is left of each resource in the worst case for it: what the nodes left have free once all that is displaced or pending has taken its part, a sum over nodes in whole numbers, negative where it is short. Whether pods fit is what the verdicts say."""
        found: Mapping[str, int] = self._field("headroom")
        return found

    @property
    def predict(self) -> int | None:
        """Seeds of the scheduler's simulation asked for; null: as many as the size allows."""
        found: int | None = self._field("predict")
        return found

    @property
    def recovered_after_seconds(self) -> Span | None:
        """Until the last pod that comes back by itself is ready, in the slowest case; null where none is known."""
        found: Span | None = self._field("recoveredAfterSeconds")
        return found

    @property
    def unrequested_pods(self) -> int:
        """Pods that state no CPU or no memory request: "fits" says little of them."""
        found: int = self._field("unrequestedPods")
        return found


class TimelineReport(Result):
    """The answer to a timeline request."""

    @property
    def verdict(self) -> TimelineVerdict:
        """Whether everything comes back by itself."""
        found: TimelineVerdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def what_if(self) -> Verdict:
        """The verdict of the what-if behind it."""
        found: Verdict = self._field("whatIf")
        return found

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the nodes lost."""
        found: tuple[str, ...] = self._field("failed")
        return found

    @property
    def mode(self) -> Mode:
        """How they are lost."""
        found: Mode = self._field("mode")
        return found

    @property
    def isolated(self) -> bool:
        """Whether silent nodes are cut off rather than dead: their pods run on."""
        found: bool = self._field("isolated")
        return found

    @property
    def pods(self) -> Frame[TimelinePod]:
        """Pods that the loss touches."""
        found: Frame[TimelinePod] = self._frame("pods", TimelinePod)
        return found

    @property
    def paths(self) -> Frame[PathReport]:
        """How the times come about."""
        found: Frame[PathReport] = self._frame("paths", PathReport)
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found

    @property
    def cut_stage(self) -> StageCode | None:
        """Which stage was, if one was."""
        found: StageCode | None = self._field("cutStage")
        return found

    @property
    def failed_hosts(self) -> tuple[str, ...]:
        """Names of the hosts of the edge device that are lost."""
        found: tuple[str, ...] = self._field("failedHosts")
        return found

    @property
    def kubernetes(self) -> str | None:
        """The version of Kubernetes, if it was given."""
        found: str | None = self._field("kubernetes")
        return found

    @property
    def pods_listed(self) -> Listed | None:
        """Set where the list of pods was filtered."""
        found: Listed | None = self._field("podsListed")
        return found

    @property
    def recovered_after_seconds(self) -> Span | None:
        """Until the last pod that comes back by itself is ready; null where none does."""
        found: Span | None = self._field("recoveredAfterSeconds")
        return found

    @property
    def stop(self) -> StopCode:
        """Whether something was cut short, and by what."""
        found: StopCode = self._field("stop")
        return found

    @property
    def tainted_path(self) -> int | None:
        """Until the first lost node has its taint, as a path; null where none gets one, or when is not known."""
        found: int | None = self._field("taintedPath")
        return found


class AvailabilityReport(Result):
    """The answer to an availability request."""

    @property
    def verdict(self) -> AvailabilityVerdict:
        """Whether all that was down was asked about."""
        found: AvailabilityVerdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def runs(self) -> int:
        """Runs asked for, each of a year."""
        found: int = self._field("runs")
        return found

    @property
    def runs_made(self) -> int:
        """Runs that the estimates are of: fewer than `runs` in a part."""
        found: int = self._field("runsMade")
        return found

    @property
    def seed(self) -> int:
        """What decided the chance."""
        found: int = self._field("seed")
        return found

    @property
    def failures(self) -> Frame[FailureReport]:
        """What fails."""
        found: Frame[FailureReport] = self._frame("failures", FailureReport)
        return found

    @property
    def workloads(self) -> Frame[WorkloadAvailability]:
        """Workloads, the one that is down longest first; then pods without a controller as such."""
        found: Frame[WorkloadAvailability] = self._frame("workloads", WorkloadAvailability)
        return found

    @property
    def some_node_down_seconds(self) -> float:
        """Time in a year while some node is down."""
        found: float = self._field("someNodeDownSeconds")
        return found

    @property
    def not_asked_seconds(self) -> float:
        """Time in a year while sets of nodes are down that were not asked about."""
        found: float = self._field("notAskedSeconds")
        return found

    @property
    def sets_seen(self) -> int:
        """Sets of nodes that were down in some run."""
        found: int = self._field("setsSeen")
        return found

    @property
    def sets_asked(self) -> int:
        """Sets that were asked about."""
        found: int = self._field("setsAsked")
        return found

    @property
    def not_watched(self) -> int:
        """Pods of DaemonSets, static ones, and those that do not run now: nothing is said of them."""
        found: int = self._field("notWatched")
        return found

    @property
    def sums(self) -> PartSums:
        """What parts made elsewhere are added up by."""
        found: PartSums = self._field("sums")
        return found

    @property
    def assumed(self) -> tuple[str, ...]:
        """What is supposed of how nodes fail and pods come back."""
        found: tuple[str, ...] = self._field("assumed")
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found


class SequenceReport(Result):
    """The answer to a sequence."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all states."""
        found: Verdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why: which step comes to it first."""
        found: Why = self._field("why")
        return found

    @property
    def states(self) -> Frame[SequenceState]:
        """The states, one a step. In each, pods that something becomes of."""
        found: Frame[SequenceState] = self._frame("states", SequenceState)
        return found

    @property
    def steps(self) -> int:
        """How many steps there are; fewer states where it was cancelled."""
        found: int = self._field("steps")
        return found

    @property
    def total_seconds(self) -> Span:
        """How long all states last, one after the other; of an update of Kubernetes at least what its vendor claims."""
        found: Span = self._field("totalSeconds")
        return found

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the verdict rests on beside the input, in short clauses."""
        found: tuple[str, ...] = self._field("assumed")
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found

    @property
    def notes(self) -> Frame[NoteReport]:
        """What the pages of an edge device's vendor say of it, and where they contradict each other."""
        found: Frame[NoteReport] = self._frame("notes", NoteReport)
        return found

    @property
    def stop(self) -> StopCode:
        """Whether it was cancelled before its end."""
        found: StopCode = self._field("stop")
        return found

    @property
    def worst(self) -> int | None:
        """Position in `states` of the first with the worst verdict."""
        found: int | None = self._field("worst")
        return found


class PlaceReport(Result):
    """The answer to a place request. Running pods stay where they are."""

    @property
    def verdict(self) -> PlaceVerdict:
        """The verdict on the whole."""
        found: PlaceVerdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def scope(self) -> Scope:
        """What may be moved."""
        found: Scope = self._field("scope")
        return found

    @property
    def fewest_nodes(self) -> bool:
        """Whether as few empty nodes as can be are used."""
        found: bool = self._field("fewestNodes")
        return found

    @property
    def status(self) -> Status:
        """How good the placement is."""
        found: Status = self._field("status")
        return found

    @property
    def levels(self) -> Frame[Level]:
        """Objective, bound and gap of each level, the first matters most."""
        found: Frame[Level] = self._frame("levels", Level)
        return found

    @property
    def unrequested(self) -> Unrequested:
        """How many of the pods state no request."""
        found: Unrequested = self._field("unrequested")
        return found

    @property
    def pods(self) -> Frame[PlacePod]:
        """Every pending pod, unless the list was filtered."""
        found: Frame[PlacePod] = self._frame("pods", PlacePod)
        return found

    @property
    def nodes(self) -> Frame[NodeReport]:
        """Every node."""
        found: Frame[NodeReport] = self._frame("nodes", NodeReport)
        return found

    @property
    def steps(self) -> Frame[PlanStep]:
        """The plan, in an order in which every step is allowed: `check` replays it."""
        found: Frame[PlanStep] = self._frame("steps", PlanStep)
        return found

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the verdict rests on beside the input, in short clauses."""
        found: tuple[str, ...] = self._field("assumed")
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found

    @property
    def cause(self) -> CauseReport | None:
        """Why it does not fit, and the least that would make it fit."""
        found: CauseReport | None = self._field("cause")
        return found

    @property
    def certificate(self) -> Certificate | None:
        """What the verdict rests on; null where nothing is claimed."""
        found: Certificate | None = self._field("certificate")
        return found

    @property
    def cut_stage(self) -> StageCode | None:
        """Which stage was, if one was: those before it were not."""
        found: StageCode | None = self._field("cutStage")
        return found

    @property
    def evicted(self) -> tuple[str, ...]:
        """Running pods that the plan evicts and that get no new place, as `namespace/name`: they are being deleted."""
        found: tuple[str, ...] = self._field("evicted")
        return found

    @property
    def hint(self) -> HintReport | None:
        """What to do, where the scheduler may miss the placement and something helps."""
        found: HintReport | None = self._field("hint")
        return found

    @property
    def pods_listed(self) -> Listed | None:
        """Set where the list of pods was filtered."""
        found: Listed | None = self._field("podsListed")
        return found

    @property
    def prediction(self) -> PredictionReport | None:
        """What the default scheduler would do; null where it was not asked."""
        found: PredictionReport | None = self._field("prediction")
        return found

    @property
    def proof(self) -> str | None:
        """The same as a sentence with its figures."""
        found: str | None = self._field("proof")
        return found

    @property
    def stop(self) -> StopCode:
        """Whether something was cut short, and by what."""
        found: StopCode = self._field("stop")
        return found


class CheckReport(Result):
    """The answer to a check."""

    @property
    def verdict(self) -> CheckVerdict:
        """Whether a rule is broken."""
        found: CheckVerdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def violations(self) -> Frame[ViolationReport]:
        """What is broken, in the order of the steps or of the pods."""
        found: Frame[ViolationReport] = self._frame("violations", ViolationReport)
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found

    @property
    def steps(self) -> int | None:
        """Steps of the plan that were replayed; null where what runs now was judged."""
        found: int | None = self._field("steps")
        return found


class ExplainReport(Result):
    """The answer to an explain request."""

    @property
    def verdict(self) -> ExplainVerdict:
        """Whether the pods asked for have a place."""
        found: ExplainVerdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the nodes lost, if it was asked for the time after a loss."""
        found: tuple[str, ...] = self._field("failed")
        return found

    @property
    def mode(self) -> Mode:
        """How they are lost."""
        found: Mode = self._field("mode")
        return found

    @property
    def pods(self) -> Frame[ExplainedPod]:
        """The pods."""
        found: Frame[ExplainedPod] = self._frame("pods", ExplainedPod)
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found


class LintsReport(Result):
    """The answer to a lint request."""

    @property
    def verdict(self) -> LintVerdict:
        """The worst that was found."""
        found: LintVerdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def mode(self) -> Mode:
        """How nodes would be lost."""
        found: Mode = self._field("mode")
        return found

    @property
    def lints(self) -> Frame[Finding]:
        """What was found, errors first."""
        found: Frame[Finding] = self._frame("lints", Finding)
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found


class DeviceReport(Result):
    """The answer to a device request."""

    @property
    def verdict(self) -> DeviceVerdict:
        """Whether the machines fit on each host alone."""
        found: DeviceVerdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def model(self) -> str:
        """The model's name, as `pro-gpu`."""
        found: str = self._field("model")
        return found

    @property
    def title(self) -> str:
        """What the vendor calls it."""
        found: str = self._field("title")
        return found

    @property
    def page(self) -> str:
        """End of the address of the page with its hardware."""
        found: str = self._field("page")
        return found

    @property
    def page_date(self) -> str:
        """Date of that page."""
        found: str = self._field("pageDate")
        return found

    @property
    def host(self) -> HostReport:
        """Hosts, machines and the rule of normal use."""
        found: HostReport = self._field("host")
        return found

    @property
    def now(self) -> Frame[HostFitReport]:
        """What each host holds as it stands."""
        found: Frame[HostFitReport] = self._frame("now", HostFitReport)
        return found

    @property
    def losses(self) -> Frame[HostFitReport]:
        """What the other host holds once one is lost; empty for one node."""
        found: Frame[HostFitReport] = self._frame("losses", HostFitReport)
        return found

    @property
    def failures(self) -> Frame[PartFailure]:
        """What the device does when parts fail, a line each."""
        found: Frame[PartFailure] = self._frame("failures", PartFailure)
        return found

    @property
    def kubelet_reserve(self) -> Amounts:
        """What kubelet and system keep of each Kubernetes machine."""
        found: Amounts = self._field("kubeletReserve")
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found


class NetworkReport(Result):
    """The answer to a question about the network."""

    @property
    def about(self) -> NetworkPart:
        """What was asked."""
        found: NetworkPart = self._field("about")
        return found

    @property
    def verdict(self) -> NetworkVerdict:
        """The verdict."""
        found: NetworkVerdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def conflicts(self) -> Frame[NetworkConflict]:
        """All that cannot be as it is described: of the plan, or of the routes."""
        found: Frame[NetworkConflict] = self._frame("conflicts", NetworkConflict)
        return found

    @property
    def notes(self) -> Frame[NoteReport]:
        """What the vendor of the device says of it."""
        found: Frame[NoteReport] = self._frame("notes", NoteReport)
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found

    @property
    def plan(self) -> AddressPlanReport | None:
        """Addresses, where the plan was asked for."""
        found: AddressPlanReport | None = self._field("plan")
        return found

    @property
    def reach(self) -> ReachReport | None:
        """Services and ways, where reach was asked for."""
        found: ReachReport | None = self._field("reach")
        return found

    @property
    def routes(self) -> RoutesReport | None:
        """Routes, where these were asked for."""
        found: RoutesReport | None = self._field("routes")
        return found


class ControlPlaneReport(Result):
    """The answer to a control-plane request."""

    @property
    def verdict(self) -> PlaneVerdict:
        """The verdict."""
        found: PlaneVerdict = self._field("verdict")
        return found

    @property
    def why(self) -> Why:
        """Why."""
        found: Why = self._field("why")
        return found

    @property
    def failed(self) -> tuple[str, ...]:
        """What fails, as asked."""
        found: tuple[str, ...] = self._field("failed")
        return found

    @property
    def topology(self) -> TopologyReport:
        """Where it runs."""
        found: TopologyReport = self._field("topology")
        return found

    @property
    def members(self) -> Frame[MemberReport]:
        """Every part on every machine."""
        found: Frame[MemberReport] = self._frame("members", MemberReport)
        return found

    @property
    def capabilities(self) -> Frame[CapabilityReport]:
        """What works while the failures last."""
        found: Frame[CapabilityReport] = self._frame("capabilities", CapabilityReport)
        return found

    @property
    def effects(self) -> Frame[EffectReport]:
        """What goes on in the cluster meanwhile, and what waits."""
        found: Frame[EffectReport] = self._frame("effects", EffectReport)
        return found

    @property
    def pods(self) -> Frame[CrashReport]:
        """Pods that crash."""
        found: Frame[CrashReport] = self._frame("pods", CrashReport)
        return found

    @property
    def leader_election(self) -> LeaderElection:
        """How leaders are elected, and how long nobody leads."""
        found: LeaderElection = self._field("leaderElection")
        return found

    @property
    def cases(self) -> Frame[CaseReport]:
        """Where nothing is said to fail: each single part, and each set of machines and balancers."""
        found: Frame[CaseReport] = self._frame("cases", CaseReport)
        return found

    @property
    def cases_left_out(self) -> int:
        """Sets that were not asked."""
        found: int = self._field("casesLeftOut")
        return found

    @property
    def quorum(self) -> Frame[QuorumRow]:
        """Majorities of 1 to 7 members."""
        found: Frame[QuorumRow] = self._frame("quorum", QuorumRow)
        return found

    @property
    def findings(self) -> Frame[PlaneFinding]:
        """What is weak, whatever fails."""
        found: Frame[PlaneFinding] = self._frame("findings", PlaneFinding)
        return found

    @property
    def remedies(self) -> Frame[RemedyReport]:
        """What each part's loss means, and what helps."""
        found: Frame[RemedyReport] = self._frame("remedies", RemedyReport)
        return found

    @property
    def plans(self) -> Frame[PlanReport]:
        """Control planes that survive what is asked, the fewest machines first."""
        found: Frame[PlanReport] = self._frame("plans", PlanReport)
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found

    @property
    def lost(self) -> LostReport | None:
        """Nodes that are lost, with what becomes of their pods; null where none is."""
        found: LostReport | None = self._field("lost")
        return found


class ClusterReport(Result):
    """The answer to a show request."""

    @property
    def nodes(self) -> Frame[ClusterNode]:
        """Every node, in the order of the input."""
        found: Frame[ClusterNode] = self._frame("nodes", ClusterNode)
        return found

    @property
    def pods(self) -> Frame[ClusterPod]:
        """Every live pod, in the order of the input."""
        found: Frame[ClusterPod] = self._frame("pods", ClusterPod)
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed."""
        found: tuple[str, ...] = self._field("assumptions")
        return found

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What placement depends on and was not evaluated."""
        found: tuple[str, ...] = self._field("notEvaluated")
        return found

    @property
    def host(self) -> HostReport | None:
        """The edge device, if the cluster is described as one."""
        found: HostReport | None = self._field("host")
        return found
