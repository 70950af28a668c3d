"""Executors: what they must not do, and Ray as one."""

from __future__ import annotations

import concurrent.futures
import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

__all__ = ["RayExecutor"]


def refuse_fork(executor: Executor) -> None:
    context = getattr(executor, "_mp_context", None)
    if context is not None and context.get_start_method() == "fork":
        raise ValueError(
            "the executor forks, which breaks threads: "
            "ProcessPoolExecutor(mp_context=multiprocessing.get_context('spawn'))"
        )


class RayExecutor(concurrent.futures.Executor):
    """Ray as an executor: each call is a task of the cluster that ``ray.init`` connected to.

    Needs the package ``ray``.
    """

    def __init__(self) -> None:
        ray: Any = importlib.import_module("ray")
        if not ray.is_initialized():
            ray.init()
        self._ray: Any = ray

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = self._ray.remote(fn).remote(*args, **kwargs).future()
        return future
