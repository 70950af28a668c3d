"""Do the pods still fit when a node is gone? Which not, why, and the shortest way to make it so.

>>> import podfit
>>> cluster = podfit.Cluster.from_yaml('''
... apiVersion: podfit/v1
... kind: Cluster
... nodes:
...   - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
...   - {name: b, allocatable: {cpu: 4, memory: 8Gi}}
... workloads:
...   - {name: web, replicas: 2, runsOn: [a, b], requests: {cpu: 1, memory: 5Gi}}
... ''')
>>> result = cluster.what_if("a")
>>> result.verdict
'does-not-fit'
>>> [(pod.name, pod.verdict) for pod in result.pods]
[('web-0', 'pending'), ('web-1', 'stays')]
>>> result.cause.additions[0].text
'2Gi more memory on b'
"""

import logging

from . import _reports
from ._podfit import __version__, schema
from ._reports import *  # noqa: F403
from .cluster import Cluster
from .errors import Fault, InputError, InternalError, PodfitError, RequestError
from .executors import RayExecutor
from .frame import Frame
from .progress import Progress
from .result import Result
from .sweeps import Sweep, sweep

__all__ = [
    "Cluster",
    "Fault",
    "Frame",
    "InputError",
    "InternalError",
    "PodfitError",
    "Progress",
    "RayExecutor",
    "RequestError",
    "Result",
    "Sweep",
    "__version__",
    "schema",
    "sweep",
]
__all__ += _reports.__all__

logging.getLogger(__name__).addHandler(logging.NullHandler())
