"""A cluster: opened once, asked often."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from . import _podfit, frames, inputs
from . import availability as availabilities
from ._part import Part
from ._reports import (
    AuditReport,
    AvailabilityReport,
    CheckReport,
    ClusterNode,
    ClusterPod,
    ClusterReport,
    ControlPlaneReport, DeviceReport,
    ExplainReport,
    HostReport,
    LeaderGoes,
    LintsReport,
    Mode,
    NetworkPart,
    NetworkReport,
    PlaceReport,
    SequenceReport,
    TimelineReport,
    WhatIfReport,
)
from .errors import Fault
from .frame import Frame
from .progress import Progress, listener
from .result import Result

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from typing import TypedDict

    from typing_extensions import Self, Unpack

    from ._vocabulary import Solver

    class Options(TypedDict, total=False):
        """How to answer; every question takes these, by keyword."""

        solver: Solver
        time_limit: float | None
        seed: int
        threads: int | None
        namespace: str | None
        selector: str | None
        changed: bool
        cause: bool
        progress: bool
        on_progress: Callable[[Progress], object] | None


__all__ = ["Cluster"]

R = TypeVar("R", bound=Result)
Names = str | Iterable[str]
Edit = Mapping[str, Any] | Part
Timing = Mapping[str, Any]

_log = logging.getLogger("podfit")
_TIME_LIMIT_SECONDS = 10.0


class _Reading(NamedTuple):
    """How the input is read."""

    assume_requests: tuple[tuple[str, str], ...] = ()
    autoscaled: bool = False
    cron_jobs: bool = False
    leave_out_faulty: bool = False
    device: tuple[str, tuple[tuple[str, tuple[str, ...]], ...]] | None = None


class Cluster:
    """Nodes and pods, indexed for many questions. Frozen; equal where the input is; pickles as its input.

    Make one with `from_kubectl`, `from_yaml`, `from_frames` or `from_device`.

    Every question takes these keywords:

    * ``time_limit``: seconds for the question (each case of an audit is one, each step of a sequence) with everything that is looked for, 10 if
      not given; None is no limit; ``stop`` of a report says whether something was cut short;
    * ``cause=False``: the verdict alone, no search for causes, fixes and hints;
    * ``solver``: ``"auto"``, ``"greedy"`` (greedy and bounds only) or ``"exact"``; ``seed`` breaks ties: the same seed
      gives the same answer; ``threads`` of an audit, one for each processor if not given;
    * ``namespace``, ``selector`` (as ``app=web,tier!=db``): pods to list, or with ``changed=True``
      only those of a what-if that something becomes of; everything is computed for all;
    * ``progress=True`` shows it (with tqdm where that is installed), ``on_progress`` is called with `Progress`.

    Ctrl-C, or Stop in a notebook, ends the search and gives the best answer so far, with ``result.stopped`` set; a
    second one raises ``KeyboardInterrupt``.

    All of them raise `RequestError` for names that are not there, all at once.
    """

    __slots__ = ("__weakref__", "_digest", "_edits", "_inputs", "_reading", "_snapshot")

    _inputs: inputs.Inputs
    _reading: _Reading
    _edits: str
    _digest: bytes
    _snapshot: _podfit.Snapshot

    # --- made from

    @classmethod
    def from_kubectl(
        cls,
        source: Any,
        *,
        assume_requests: Mapping[str, str] | None = None,
        autoscaled: bool = False,
        cron_jobs: bool = False,
        leave_out_faulty: bool = False,
        device: str | None = None,
        hosts: Mapping[str, Names] | None = None,
    ) -> Self:
        """What ``kubectl get … -o json`` or ``-o yaml`` printed.

        Args:
            source: A path to a file or folder, ``"-"``, the text itself, an object as a dict (as kr8s and the official
                client's ``to_dict()`` give it, or such objects themselves), or a list of any of these.
            assume_requests: Requests of pods that state none: ``{"cpu": "100m", "memory": "256Mi"}``.
            autoscaled: Workloads with a HorizontalPodAutoscaler have as many replicas as it gives them at most.
            cron_jobs: Each CronJob has a Job, as when its time comes.
            leave_out_faulty: Read the rest where objects have faults; see `left_out`. Every report says so.
            device: The nodes are machines of an edge device of this model, as ``"pro-gpu"``.
            hosts: Which nodes are on which host of it: ``{"A": ["worker-a", "master"], "B": "worker-b"}``; if not given, by
                the label ``podfit.dev/host`` of the nodes.

        Raises:
            InputError: Every fault at once.

        >>> room = {"cpu": "4", "memory": "8Gi", "pods": "9"}
        >>> node = {"kind": "Node", "metadata": {"name": "a"}, "status": {"allocatable": room}}
        >>> pod = {"kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"containers": [{"name": "c"}]}}
        >>> Cluster.from_kubectl([node, pod])
        <Cluster of 1 node and 1 pod>
        """
        on_hosts = tuple((host, tuple(_names(nodes))) for host, nodes in (hosts or {}).items())
        under = None if device is None else (device, on_hosts)
        reading = _Reading(_pairs(assume_requests), bool(autoscaled), bool(cron_jobs), bool(leave_out_faulty), under)
        return cls._open(inputs.kubectl(source), reading)

    @classmethod
    def from_yaml(
        cls,
        source: str | os.PathLike[str],
        *,
        assume_requests: Mapping[str, str] | None = None,
        leave_out_faulty: bool = False,
    ) -> Self:
        """A ``podfit/v1`` document in YAML or JSON: a path, or the text itself. Options are those of `from_kubectl`.

        Raises:
            InputError: Every fault at once.
        """
        reading = _Reading(_pairs(assume_requests), leave_out_faulty=bool(leave_out_faulty))
        return cls._open(inputs.text(source), reading)

    @classmethod
    def from_frames(
        cls,
        *,
        nodes: Any,
        pods: Any = None,
        workloads: Any = None,
        kind: str = "Deployment",
        budgets: Sequence[Mapping[str, Any]] | None = None,
        assume_requests: Mapping[str, str] | None = None,
    ) -> Self:
        """Tables of nodes and of pods, or of workloads: frames of pandas, polars or pyarrow (through narwhals), dicts of
        columns, or lists of dicts.

        Amounts are columns named ``cpu``, ``memory`` or by a name with a slash (``nvidia.com/gpu``): numbers are cores,
        bytes and pieces, text is a quantity as ``500m`` or ``8Gi``. ``label:zone`` is a label, ``selector:zone`` asks
        for one. Other columns are fields of ``podfit/v1``, in camelCase or snake_case.

        Args:
            nodes: A row a node: ``name``, ``cpu``, ``memory``; also ``pods``, ``taints``, ``unschedulable``, ``gpus``.
            pods: A row a pod: ``name``, and the ``node`` it runs on (none: it is pending); also ``namespace``, ``kind``,
                ``priority``, ``labels``, ``tolerations``, ``affinity`` and so on.
            workloads: A row a workload: ``name`` and ``replicas``; also ``runs_on``, a list of nodes.
            kind: Kind of the pods without one. Pods of a Deployment come back when their node is lost, a bare ``Pod``
                does not.
            budgets: Disruption budgets, as in ``podfit/v1``.
            assume_requests: Requests of pods that state none.

        Raises:
            InputError: Every fault at once, with row and column as ``frames: pods[17].requests.cpu``.
            ImportError: A frame is given and narwhals is not installed.

        >>> cluster = Cluster.from_frames(
        ...     nodes={"name": ["a", "b"], "cpu": [4, 4], "memory": ["8Gi", "8Gi"], "label:zone": ["x", "y"]},
        ...     workloads=[{"name": "web", "replicas": 3, "cpu": 0.5, "memory": "1Gi"}],
        ... )
        >>> cluster.place().verdict
        'fits'
        """
        fields = {
            "nodes": frames.nodes(nodes),
            "pods": None if pods is None else frames.pods(pods, kind),
            "workloads": None if workloads is None else frames.workloads(workloads),
            "budgets": budgets,
        }
        return cls._open(inputs.document("frames", fields), _Reading(_pairs(assume_requests)))

    @classmethod
    def from_device(
        cls,
        model: str,
        *,
        nodes: int = 2,
        gpus: int | None = None,
        worker: Mapping[str, Any] | None = None,
        other_vms: Sequence[Mapping[str, Any]] | None = None,
        capacity: Mapping[str, Any] | None = None,
        kubelet_reserve: Mapping[str, str] | None = None,
        usage_percent: int | None = None,
        pods: Any = None,
        workloads: Any = None,
        budgets: Sequence[Mapping[str, Any]] | None = None,
    ) -> Self:
        """An edge device (Azure Stack Edge) by its model: the catalogue gives its machines.

        Args:
            model: As ``pro-gpu``, ``pro-2-128g4t1gpu``, ``mini-r``; the error for a wrong one lists all.
            nodes: 1 or 2.
            gpus: Cards of each node, where the model leaves the choice.
            worker: Size of the worker machine: ``{"cpu": "30%", "memory": "64Gi"}``.
            other_vms: Other machines: ``{"name": "vm1", "host": "A", "vcpu": 4, "memory": "8Gi"}``.
            capacity: What the device states of itself, for all nodes together: ``{"memoryTotal": "256Gi"}``.
            kubelet_reserve: What the kubelet keeps of each machine: ``{"cpu": "100m", "memory": "1Gi"}``.
            usage_percent: How much of a node may be used in normal operation; 50 if not given.
            pods: As in `from_frames`; nodes are called ``worker-a`` (or ``A``) and ``worker-b``.
            workloads: As in `from_frames`.
            budgets: Disruption budgets, as in ``podfit/v1``.

        Raises:
            InputError: Every fault at once.

        >>> edge = Cluster.from_device(
        ...     "pro-gpu", workloads=[{"name": "web", "replicas": 2, "runs_on": ["A", "B"], "cpu": 5, "memory": "10Gi"}]
        ... )
        >>> edge.what_if("A").verdict
        'survives'
        """
        device = {
            "model": model,
            "nodes": nodes,
            "gpus": gpus,
            "worker": worker,
            "otherVms": other_vms,
            "capacity": capacity,
            "kubeletReserve": kubelet_reserve,
            "usagePercent": usage_percent,
        }
        fields = {
            "device": {key: value for key, value in device.items() if value is not None},
            "pods": None if pods is None else frames.pods(pods, "Deployment"),
            "workloads": None if workloads is None else frames.workloads(workloads),
            "budgets": budgets,
        }
        return cls._open(inputs.document("device", fields))

    # --- questions

    def what_if(
        self,
        fail: Names,
        *,
        mode: Mode = "not-ready",
        moves: int = 0,
        predict: int | None = None,
        timing: Timing | None = None,
        **options: Unpack[Options],
    ) -> WhatIfReport:
        """What if these nodes are lost?

        Args:
            fail: Names of nodes, all lost at once; ``label=value`` for a failure domain; ``A`` or ``B`` on a device.
            mode: ``not-ready``: the kubelet is silent; ``deleted``: the Node object goes; ``drained``.
            moves: How many pods on surviving nodes may be moved to make room.
            predict: Seeds of the default scheduler's simulation; None is 200, fewer where there is much; 0 is none.
            timing: What times rest on, as for `timeline`.
        """
        return self._ask(
            WhatIfReport,
            "WhatIf",
            options,
            fail=_names(fail),
            mode=mode,
            moves=moves,
            predict=predict,
            timing=availabilities.timing(timing),
        )

    def timeline(
        self,
        fail: Names,
        *,
        mode: Mode = "not-ready",
        predict: int | None = None,
        timing: Timing | None = None,
        **options: Unpack[Options],
    ) -> TimelineReport:
        """When is everything back after these nodes are lost?

        Args:
            fail: Names of nodes, all lost at once, as for `what_if`.
            mode: How they are lost.
            predict: Seeds of the default scheduler's simulation.
            timing: What times rest on: ``kubernetes`` (a version, as ``"1.31"``), ``isolated``, and times in seconds, as
                timedeltas, or as pairs of the two ends: ``grace_seconds``, ``control_plane_seconds``, ``host_seconds``,
                ``schedule_seconds``, ``attach_seconds``, ``start_seconds``, and ``starts`` by workload.
        """
        return self._ask(
            TimelineReport,
            "Timeline",
            options,
            fail=_names(fail),
            mode=mode,
            predict=predict,
            timing=availabilities.timing(timing),
        )

    def availability(
        self,
        failures: Iterable[Mapping[str, Any]],
        *,
        runs: int = 1000,
        run_seed: int = 0,
        sets_max: int = 2000,
        timing: Timing | None = None,
        executor: Executor | None = None,
        workers: int | None = None,
        **options: Unpack[Options],
    ) -> AvailabilityReport:
        """How long are workloads down in a year, on average, where nodes fail and are repaired by chance?

        Args:
            failures: Dicts with ``nodes`` (names, ``label=value``, or ``"*"`` for all) or ``domain`` (a label), ``together``
                for a common cause, and the mean times ``between_failures`` and to ``repair``, in seconds or as timedeltas.
            runs: Runs, each of a year.
            run_seed: Decides what chance leaves open.
            sets_max: Sets of nodes that are asked about at most.
            timing: What times rest on, as for `timeline`.
            executor: None for threads in Rust, or any ``concurrent.futures.Executor`` as for `sweep`, or a `RayExecutor`:
                each worker makes some of the runs. The answer is the same.
            workers: About how many work at a time.
        """
        fields: dict[str, Any] = {
            "failures": availabilities.failures(failures),
            "runs": runs,
            "seed": run_seed,
            "setsMax": sets_max,
            "timing": availabilities.timing(timing),
        }
        if executor is not None:
            request = {"kind": "Availability", **fields}
            fields["sums"] = availabilities.sums(self, request, executor, workers)
        return self._ask(AvailabilityReport, "Availability", options, **fields)

    def predict(self, fail: Names, *, seeds: int = 200, mode: Mode = "not-ready", **options: Unpack[Options]) -> WhatIfReport:
        """What would the default scheduler do? `what_if` with its simulation asked for: see ``result.prediction``."""
        return self.what_if(fail, mode=mode, predict=seeds, **options)

    def audit(
        self,
        *,
        k: int = 1,
        domain: str | None = None,
        cases_max: int = 10_000,
        mode: Mode = "not-ready",
        moves: int = 0,
        predict: int | None = None,
        timing: Timing | None = None,
        **options: Unpack[Options],
    ) -> AuditReport:
        """Which losses does the cluster survive? Every set of up to `k` nodes, or every value of the label `domain`."""
        return self._ask(
            AuditReport,
            "Audit",
            options,
            k=k,
            domain=domain,
            casesMax=cases_max,
            mode=mode,
            moves=moves,
            predict=predict,
            timing=availabilities.timing(timing),
        )

    def sequence(
        self,
        steps: Iterable[tuple[str, Names] | tuple[str, Names, availabilities.Time] | Mapping[str, Any]] = (),
        *,
        rolling: bool = False,
        batch: int = 1,
        domain: str | None = None,
        kubernetes: bool = False,
        update_seconds: availabilities.Time | None = None,
        share_again: bool = False,
        predict: int | None = None,
        timing: Timing | None = None,
        **options: Unpack[Options],
    ) -> SequenceReport:
        """What if these things happen, one after the other?

        Args:
            steps: Each ``("drain", "a")``, with `cordon`, `drain`, `lose`, `delete`, `return`, `share`, `unshare` or `fail-over` and nodes, and as a
                third part how long it lasts (pods that tolerate the loss of their node for longer stay), or
                ``{"step": "edit", "edits": [...]}``.
            rolling: Every node in turn instead.
            batch: So many at a time.
            domain: By this label instead.
            kubernetes: An update of Kubernetes on an edge device instead.
            update_seconds: Of an update: how long each node, host or batch is away; seconds, a timedelta, or a pair.
            share_again: Of an update of an edge device, which switches sharing of GPU cards off: it is switched on again.
            predict: Seeds of the default scheduler's simulation.
            timing: What times rest on, as for `timeline`.
        """
        turns: dict[str, Any] | None = None
        if rolling or kubernetes:
            turns = {"batch": batch, "domain": domain, "kubernetes": kubernetes, "shareAgain": share_again}
            if update_seconds is not None:
                turns["updateSeconds"] = availabilities.span(update_seconds)
        return self._ask(
            SequenceReport,
            "Sequence",
            options,
            steps=[_step(step) for step in steps],
            rolling=turns,
            predict=predict,
            timing=availabilities.timing(timing),
        )

    def place(self, *, fewest_nodes: bool = False, predict: int | None = None, **options: Unpack[Options]) -> PlaceReport:
        """Where do pending pods go? With `fewest_nodes` on as few nodes that are empty now as can be."""
        return self._ask(PlaceReport, "Place", options, fewestNodes=fewest_nodes, predict=predict)

    def explain(
        self, pods: Names = (), *, fail: Names = (), mode: Mode = "not-ready", **options: Unpack[Options]
    ) -> ExplainReport:
        """Why does no node take these pods, and what is the nearest fix? Without names: every pod without a place."""
        return self._ask(ExplainReport, "Explain", options, pods=_names(pods), fail=_names(fail), mode=mode)

    def lint(self, *, mode: Mode = "not-ready", **options: Unpack[Options]) -> LintsReport:
        """What is less available than it looks?"""
        return self._ask(LintsReport, "Lint", options, mode=mode)

    def network(
        self,
        about: NetworkPart = "plan",
        *,
        from_: str | None = None,
        to: str | None = None,
        fail: Names = (),
        mode: Mode = "not-ready",
        timing: Timing | None = None,
        more_services: int = 0,
        more_nodes: int = 0,
        add_routes: Iterable[Mapping[str, Any]] = (),
        remove_routes: Iterable[Mapping[str, Any]] = (),
        **options: Unpack[Options],
    ) -> NetworkReport:
        """Who gets which address, what reaches what, which way do packets take?

        Args:
            about: ``plan``: addresses, or what conflicts; ``reach``: services, ways to them, what a loss changes; ``routes``.
            from_: Of reach: who sends: ``outside``, a pod, a service or a node; None is a pod somewhere in the cluster.
            to: Of reach: a service, a pod or an address; None is all services. Of routes: an address.
            fail: Of reach: what is lost, as in `what_if`.
            mode: How.
            timing: Of a loss: what times rest on, as for `timeline`.
            more_services: Of a plan: so many services more should get an address from outside.
            more_nodes: Of a plan: so many nodes more.
            add_routes: Custom routes as ``{"destination": …, "nextHop": …, "interface": …, "metric": …}``.
            remove_routes: Custom routes to leave out first; fields that are absent match any.
        """
        return self._ask(
            NetworkReport,
            "Network",
            options,
            about=about,
            to=to,
            fail=_names(fail),
            mode=mode,
            timing=availabilities.timing(timing),
            moreServices=more_services,
            moreNodes=more_nodes,
            addRoutes=[dict(route) for route in add_routes],
            removeRoutes=[dict(route) for route in remove_routes],
            **{"from": from_},
        )

    def check(self, plan: Result | Mapping[str, Any] | None = None, **options: Unpack[Options]) -> CheckReport:
        """Is it legal: what runs where it runs now, or the plan of an earlier what-if or place?"""
        return self._ask(CheckReport, "Check", options, plan=plan.to_dict() if isinstance(plan, Result) else plan)

    def device_report(self, **options: Unpack[Options]) -> DeviceReport:
        """What is the edge device made of, and what does it do when parts of it fail?"""
        return self._ask(DeviceReport, "Device", options)

    def control_plane(
        self,
        fail: Names = (),
        *,
        leader: LeaderGoes = "crash",
        k: int = 1,
        cases_max: int = 10_000,
        survive: int | None = None,
        members: int | None = None,
        **options: Unpack[Options],
    ) -> ControlPlaneReport:
        """What works of the control plane while something fails, and what would survive more?

        ``fail`` takes a part on a machine as ``"m1:etcd"``, machines, nodes, ``"lb"`` for the balancers, and
        ``"pod/NAMESPACE/NAME"`` for a pod that crashes; without it each single failure is asked. ``survive`` plans the fewest
        machines of which any so many may fail, ``members`` plans for so many members of etcd.
        """
        return self._ask(
            ControlPlaneReport,
            "ControlPlane",
            options,
            fail=_names(fail),
            leader=leader,
            k=k,
            casesMax=cases_max,
            survive=survive,
            members=members,
        )

    def show(self, **options: Unpack[Options]) -> ClusterReport:
        """What is there: nodes with what they have and hold, and every pod."""
        return self._ask(ClusterReport, "Show", options)

    def ask(self, request: Mapping[str, Any], **options: Unpack[Options]) -> Result:
        """Any question as ``podfit/v1`` has it: ``{"kind": "WhatIf", "fail": ["a"]}``; its schema is in ``schema/``."""
        settings = _Settings(options)
        with listener(settings.progress, settings.on_progress) as on_progress:
            answer = self._snapshot.answer(
                json.dumps(request, default=_plain),
                solver=settings.solver,
                time_limit=settings.time_limit,
                seed=settings.seed,
                threads=settings.threads,
                selection=(settings.namespace, settings.selector, settings.changed),
                cause=settings.cause,
                on_progress=on_progress,
            )
        result = Result._of(answer)
        _log.debug("%s answered in %.6f s", request.get("kind"), result.seconds)
        return result

    def _ask(self, result: type[R], kind: str, options: Options, **fields: Any) -> R:
        return cast(R, self.ask({"kind": kind, **fields}, **options))

    # --- other clusters

    def edited(self, *edits: Edit | Iterable[Edit]) -> Self:
        """The same cluster with edits carried out, in order; ``schema/Edit.json`` lists them.

        What a report suggests comes with the edits that carry it out: ``cluster.edited(fix.edits)``.

        Raises:
            RequestError: Every wrong name and amount.

        >>> small = Cluster.from_frames(
        ...     nodes=[{"name": "a", "cpu": 1, "memory": "1Gi"}], pods=[{"name": "web-0", "cpu": 2, "memory": "1Mi"}]
        ... )
        >>> small.place().verdict
        'does-not-fit'
        >>> small.edited({"op": "enlarge-node", "node": "a", "add": {"cpu": "1"}}).place().verdict
        'fits'
        """
        given = [e for one in edits for e in ([one] if isinstance(one, (Mapping, Part)) else one)]
        snapshot = self._snapshot.edited(json.dumps(given, default=_plain))
        made = json.dumps([*json.loads(self._edits), *given], default=_plain, sort_keys=True)
        return self._made(self._inputs, self._reading, made, snapshot)

    # --- what it is

    @property
    def nodes(self) -> Frame[ClusterNode]:
        """Every node, in the order of the input."""
        return self.show().nodes

    @property
    def pods(self) -> Frame[ClusterPod]:
        """Every live pod, in the order of the input."""
        return self.show().pods

    @property
    def device(self) -> HostReport | None:
        """The edge device, its hosts and machines, if the cluster is described as one."""
        return self.show().host

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was supposed when reading."""
        return tuple(self._snapshot.assumptions)

    @property
    def not_evaluated(self) -> tuple[str, ...]:
        """What the input has that bears on placement and is not evaluated."""
        return tuple(self._snapshot.not_evaluated)

    @property
    def left_out(self) -> tuple[Fault, ...]:
        """Every fault of the objects that were left out (``leave_out_faulty``).

        >>> text = '''
        ... apiVersion: podfit/v1
        ... kind: Cluster
        ... nodes: [{name: a, allocatable: {cpu: 4, memory: 8Gi}}]
        ... workloads: [{name: web, requests: {cpu: 1}}, {name: db, requests: {cpu: 1x}}]
        ... '''
        >>> for fault in Cluster.from_yaml(text, leave_out_faulty=True).left_out:
        ...     print(fault.object, fault.code)
        text:5:46: workloads[1] quantity-invalid
        """
        return tuple(Fault(*fault) for fault in self._snapshot.left_out)

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return self._snapshot.nodes

    @property
    def pod_count(self) -> int:
        """Number of pods."""
        return self._snapshot.pods

    def __repr__(self) -> str:
        def count(n: int, what: str) -> str:
            return f"{n} {what}{'' if n == 1 else 's'}"

        return f"<Cluster of {count(self.node_count, 'node')} and {count(self.pod_count, 'pod')}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cluster) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._inputs, self._reading, self._edits)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Cluster is frozen")

    @classmethod
    def _open(cls, given: inputs.Inputs, reading: _Reading = _Reading()) -> Self:
        assume, autoscaled, cron_jobs, lenient, device = reading
        under = None if device is None else (device[0], [(host, list(nodes)) for host, nodes in device[1]])
        snapshot = _podfit.Snapshot(list(given), list(assume), autoscaled, cron_jobs, lenient, under)
        return cls._made(given, reading, "[]", snapshot)

    @classmethod
    def _made(cls, given: inputs.Inputs, reading: _Reading, edits: str, snapshot: _podfit.Snapshot) -> Self:
        cluster = object.__new__(cls)
        values = {"_inputs": given, "_reading": reading, "_edits": edits, "_snapshot": snapshot}
        for name, value in {**values, "_digest": _digest(given, reading, edits)}.items():
            object.__setattr__(cluster, name, value)
        for text in snapshot.assumptions:
            _log.info("assumed: %s", text)
        for text in snapshot.not_evaluated:
            _log.info("not evaluated: %s", text)
        return cluster


def _pairs(amounts: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(amount)) for name, amount in (amounts or {}).items())


class _Settings:
    """Options with their defaults."""

    def __init__(self, options: Options) -> None:
        unknown = options.keys() - _OPTIONS
        if unknown:
            raise TypeError(f"unknown option {', '.join(sorted(unknown))}; there are {', '.join(sorted(_OPTIONS))}")
        self.solver = options.get("solver", "auto")
        self.time_limit = options.get("time_limit", _TIME_LIMIT_SECONDS)
        self.seed = options.get("seed", 0)
        self.threads = options.get("threads")
        self.namespace = options.get("namespace")
        self.selector = options.get("selector")
        self.changed = options.get("changed", False)
        self.cause = options.get("cause", True)
        self.progress = options.get("progress", False)
        self.on_progress = options.get("on_progress")


_OPTIONS = frozenset(
    ("solver", "time_limit", "seed", "threads", "namespace", "selector", "changed", "cause", "progress", "on_progress")
)

# A process that gets the same cluster with many tasks opens it once.
_RESTORED: OrderedDict[bytes, Cluster] = OrderedDict()
_RESTORED_MAX = 4


def _restore(given: inputs.Inputs, reading: _Reading, edits: str) -> Cluster:
    digest = _digest(given, reading, edits)
    cluster = _RESTORED.pop(digest, None)
    if cluster is None:
        cluster = Cluster._open(given, _Reading(*reading)).edited(json.loads(edits))
    _RESTORED[digest] = cluster
    while len(_RESTORED) > _RESTORED_MAX:
        _RESTORED.popitem(last=False)
    return cluster


def _digest(given: inputs.Inputs, reading: _Reading, edits: str) -> bytes:
    digest = hashlib.blake2b(repr((reading, edits)).encode(), digest_size=16)
    for name, data, of_folder in given:
        digest.update(f"\0{name}\0{of_folder}\0{len(data)}\0".encode("utf-8", "surrogatepass"))
        digest.update(data)
    return digest.digest()


def _names(names: Names) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _step(step: tuple[Any, ...] | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(step, Mapping):
        return dict(step)
    what, nodes, *time = step
    made = {"step": what, "nodes": _names(nodes)}
    if time:
        made["forSeconds"] = availabilities.span(time[0])
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return value.to_dict()
    raise TypeError(f"a request holds a {type(value).__name__}, which JSON has no word for")
