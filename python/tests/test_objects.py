"""Results, clusters and exceptions as Python objects: frozen, equal, copied, pickled."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import re
from datetime import timedelta
from typing import Any

import podfit
import pytest
from podfit import Cluster
from podfit._vocabulary import QUESTIONS

from conftest import EXAMPLES, TIGHT


def test_fields_are_those_of_the_report(edge: Cluster) -> None:
    result = edge.what_if("A")
    data = result.to_dict()
    assert result.verdict == data["verdict"] == "does-not-fit"
    assert result.counts.pending == data["counts"]["pending"] > 0
    assert result.failed_hosts == ("A",)
    assert result.host is not None and result.host.fit is not None and result.host.fit.fits
    assert [p.name for p in result.pods] == [p["name"] for p in data["pods"]]
    assert result.pods[0].from_ == data["pods"][0]["from"]
    assert {n.name: n.before["cpu"].used for n in result.nodes}["worker-a"] == 8200
    assert [p.name for p in result.moves] == [p["name"] for p in data["pods"] if p["verdict"] == "moves"]


def test_every_question_has_a_method() -> None:
    for question in QUESTIONS:
        name = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", question).lower()
        assert hasattr(Cluster, name), question


def test_every_question_answers(tight: Cluster) -> None:
    kinds = [
        tight.what_if("a"),
        tight.predict("a", seeds=5),
        tight.timeline("a", timing={"kubernetes": "1.31"}),
        tight.availability([{"nodes": "*", "between_failures": 4e6, "repair": 2e4}], runs=20),
        tight.audit(k=2),
        tight.sequence([("drain", "a"), ("return", "a", timedelta(minutes=2))], timing={"kubernetes": "1.31"}),
        tight.sequence(rolling=True, update_seconds=(300, 600)),
        tight.place(fewest_nodes=True),
        tight.explain(fail="a"),
        tight.lint(),
        tight.control_plane(survive=1),
        tight.check(),
        tight.check(tight.what_if("a")),
        tight.show(),
        tight.network("reach"),
    ]
    for result in kinds:
        assert type(result) is not podfit.Result
        assert result.text() == str(result) == repr(result)
        assert json.loads(result.to_json())["kind"] == type(result).__name__
        assert result.seconds > 0 and result.version == podfit.__version__ and result.stopped is None
        assert "<div" in result._repr_html_()
        for name in dir(type(result)):
            getattr(result, name)


def test_every_field_of_every_part_converts(edge: Cluster) -> None:
    for result in (edge.what_if("A"), edge.audit(), edge.explain(fail="A"), edge.show(), edge.lint(), edge.control_plane(), edge.control_plane("master:etcd")):
        for name in [n for n in dir(type(result)) if isinstance(getattr(type(result), n), property)]:
            value = getattr(result, name)
            if isinstance(value, podfit.Frame):
                assert [bare(row.to_dict()) for row in value] == [bare(row) for row in value.to_dicts()]
            if isinstance(value, podfit.CauseReport | podfit.HostReport):
                assert bare(value.to_dict()) == bare(result.to_dict()[name])


def bare(value: Any) -> Any:
    """Without what may be left out on the wire: nulls, what is false, empty lists and maps."""
    if isinstance(value, dict):
        kept = {k: bare(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v not in (None, [], {}, False)}
    return [bare(v) for v in value] if isinstance(value, list) else value


def test_results_are_frozen_equal_and_hashable(tight: Cluster) -> None:
    one, two = tight.what_if("a"), tight.what_if("a")
    assert one == two and hash(one) == hash(two) and one != tight.what_if("b")
    assert len({one, two, tight.what_if("b")}) == 2
    with pytest.raises(AttributeError):
        one.verdict = "survives"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        one.anything = 1  # type: ignore[attr-defined]
    assert hash(one.pods[0]) == hash(two.pods[0]) and hash(one.pods) == hash(two.pods)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(tight: Cluster, protocol: int) -> None:
    result = tight.what_if("a")
    for value in (tight, result, result.pods, result.pods[0], result.cause):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert again == value and hash(again) == hash(value) and type(again) is type(value)
        assert copy.copy(value) == value and copy.deepcopy(value) == value
    again = pickle.loads(pickle.dumps(tight, protocol))
    assert again.what_if("a") == result
    assert pickle.loads(pickle.dumps(result.pods, protocol)).columns == result.pods.columns


def test_cluster_is_frozen_and_equal_by_its_input(tight: Cluster) -> None:
    assert tight == Cluster.from_yaml(TIGHT) and hash(tight) == hash(Cluster.from_yaml(TIGHT))
    assert tight != Cluster.from_yaml(TIGHT + "\n# other\n")
    with pytest.raises(AttributeError):
        tight._snapshot = None  # type: ignore[assignment]


def test_exceptions_carry_everything_and_pickle(tight: Cluster) -> None:
    with pytest.raises(podfit.RequestError) as caught:
        tight.what_if(["x", "y"])
    error = caught.value
    assert [(e.code, e.place) for e in error.errors] == [("unknown-node", "fail[0]"), ("unknown-node", "fail[1]")]
    with pytest.raises(podfit.InputError) as caught_input:
        Cluster.from_yaml("apiVersion: podfit/v1\nkind: Cluster\nnodes: [{name: a}, {nam: b}]")
    assert len(caught_input.value.errors) >= 4
    assert isinstance(caught_input.value, ValueError)
    internal = podfit.InternalError(("what happened", "instance"))
    for exception in (error, caught_input.value, internal):
        for again in (pickle.loads(pickle.dumps(exception)), copy.copy(exception), copy.deepcopy(exception)):
            assert again == exception and hash(again) == hash(exception)
            assert str(again) == str(exception) and vars(again) == vars(exception)
    assert error != internal


def test_edits_carry_out_what_a_report_suggests(tight: Cluster) -> None:
    result = tight.what_if("a")
    assert result.verdict == "does-not-fit" and result.cause is not None
    addition = result.cause.additions[0]
    larger = tight.edited(addition.edits)
    assert larger.what_if("a").verdict == "survives"
    assert larger != tight and pickle.loads(pickle.dumps(larger)) == larger
    assert pickle.loads(pickle.dumps(larger)).what_if("a").verdict == "survives"
    step = {"op": "replicas", "workload": "web", "count": 3}
    assert larger.edited(step) == tight.edited(*addition.edits, step)
    assert larger.edited(step).pod_count == 4
    with pytest.raises(podfit.RequestError):
        tight.edited({"op": "cordon", "node": "nowhere"})
    with pytest.raises(podfit.RequestError):
        tight.edited({"op": "explode"})


def test_options(edge: Cluster) -> None:
    one = edge.what_if("A", namespace="plant", selector="app=operator-api")
    assert {p.namespace for p in one.pods} == {"plant"} and one.pods_listed is not None
    every, changed = edge.what_if("A"), edge.what_if("A", changed=True)
    assert [p.name for p in changed.pods] == [p.name for p in every.pods if p.verdict != "stays"]
    assert changed.counts == every.counts and len(changed.pods) < len(every.pods)
    with pytest.raises(TypeError, match="unknown option"):
        edge.what_if("A", tme_limit=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        edge.what_if("A", "drained")  # type: ignore[misc]
    for wrong in ({"solver": "magic"}, {"time_limit": -1.0}, {"time_limit": float("nan")}):
        with pytest.raises(ValueError, match="solver|time_limit"):
            edge.what_if("A", **wrong)  # type: ignore[arg-type]
    with pytest.raises(podfit.RequestError):
        edge.what_if("A", selector="=x")
    with pytest.raises(podfit.RequestError):
        edge.ask({"kind": "Nothing"})
    with pytest.raises(ValueError, match="no column"):
        edge.what_if("A").text("csv", sort_by="no-such-column")


def test_progress(tight: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[podfit.Progress] = []
    tight.audit(k=2, on_progress=seen.append)
    cases = [p for p in seen if p.what == "cases"]
    assert cases and cases[-1].all == 3 and max(p.done for p in cases) == 3
    tight.audit(progress=True)
    assert capsys.readouterr().out == ""

    def refuse(event: podfit.Progress) -> None:
        raise KeyError(event.what)

    with pytest.raises(KeyError):
        tight.audit(on_progress=refuse)
    assert tight.audit().verdict == "does-not-fit"


def test_quiet_but_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG, logger="podfit"):
        Cluster.from_yaml(EXAMPLES / "two-node-edge.yaml").what_if("A")
    assert any(r.message.startswith("assumed: ") for r in caplog.records)
    assert any("answered in" in r.message for r in caplog.records)
    assert capfd.readouterr() == ("", "")


def test_stdout_is_never_written_by_the_solver(capfd: pytest.CaptureFixture[str], edge: Cluster) -> None:
    edge.what_if("A", solver="exact")
    edge.audit(k=2, solver="exact")
    assert capfd.readouterr() == ("", "")
