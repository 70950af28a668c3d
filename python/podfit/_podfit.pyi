"""
The door to podfit's core; use the package `podfit`.
"""

from _typeshed import SupportsGetItem
from typing_extensions import CapsuleType
from typing import Any, Final, SupportsFloat, SupportsIndex, final

__all__ = ["__version__", "Answer", "Rows", "Snapshot", "Table", "schema", "table"]

__version__: Final[str]
"""
Version of podfit.
"""

@final
class Answer:
    """
    A report with what differs from run to run.
    """
    def envelope_json(self, /) -> str:
        """
        The envelope on one line.
        """
    @staticmethod
    def from_json(envelope: str, interrupted: bool, /) -> Answer:
        """
        An answer from the JSON of its envelope.
        """
    @property
    def interrupted(self, /) -> bool:
        """
        Whether Ctrl-C ended the search.
        """
    def is_good(self, /, *, accept_losses: bool) -> bool:
        """
        Whether the answer is the good one; see the command's exit code.
        """
    def report_json(self, /) -> str:
        """
        The report as the door writes it.
        """
    @property
    def seconds(self, /) -> float:
        """
        Time it took to answer.
        """
    def table(self, field: str, /) -> Table:
        """
        A list of the report, as `pods`, as a table.
        """
    def text(self, format: str, /, *, width: SupportsIndex, color: bool, ascii: bool, sort_by: str | None) -> str:
        """
        The envelope as the command writes it: `table`, `wide`, `json`, `yaml` or `csv`.
        """
    @property
    def version(self, /) -> str:
        """
        Version of podfit that answered.
        """

@final
class Rows:
    """
    Rows in JSON, in the order in which they are done. Dropping it stops the rest.
    """
    def __iter__(self, /) -> Rows: ...
    def __next__(self, /) -> str:
        """
        The next row. Ctrl-C ends the list; see `interrupted`.
        """
    @property
    def interrupted(self, /) -> bool:
        """
        Whether Ctrl-C ended the sweep.
        """

@final
class Snapshot:
    """
    A cluster opened once and asked often.
    """
    def __new__(cls, inputs: SupportsGetItem[int, tuple[str, bytes, bool]], assume_requests: SupportsGetItem[int, tuple[str, str]], autoscaled: bool, cron_jobs: bool, leave_out_faulty: bool, device: tuple[str, SupportsGetItem[int, tuple[str, SupportsGetItem[int, str]]]] | None, /) -> Snapshot:
        """
        Reads inputs, each a name (it starts the place of every fault), its bytes, and whether it was found in a folder.
        """
    def answer(self, request: str, /, *, solver: str, time_limit: SupportsFloat | SupportsIndex | None, seed: SupportsIndex, threads: SupportsIndex | None, selection: tuple[str | None, str | None, bool], cause: bool, on_progress: Any | None) -> Answer:
        """
        Answers a request in JSON. `selection` is a namespace, a label selector, and whether of a what-if only pods are
        listed that something becomes of; without `cause` nothing is looked for that would help.
        """
    @property
    def assumptions(self, /) -> list[str]:
        """
        What was supposed when reading.
        """
    def edited(self, edits: str, /) -> Snapshot:
        """
        The same with edits carried out, a JSON list of them.
        """
    @property
    def left_out(self, /) -> list[tuple[str, str, str, str, str | None]]:
        """
        Every fault of the objects that were left out: code, place, cause, fix, object.
        """
    @property
    def nodes(self, /) -> int:
        """
        Number of nodes.
        """
    @property
    def not_evaluated(self, /) -> list[str]:
        """
        What the input has that placement depends on and that is not evaluated.
        """
    @property
    def pods(self, /) -> int:
        """
        Number of pods.
        """
    def sweep(self, scenarios: str, /, *, solver: str, time_limit: SupportsFloat | SupportsIndex | None, threads: SupportsIndex | None) -> Rows:
        """
        Answers scenarios, a JSON list of them, on all threads or so many: rows in JSON as they are done.
        """

@final
class Table:
    """
    Rows and columns that any library of frames reads through Arrow's C stream.
    """
    def __arrow_c_stream__(self, /, requested_schema: Any | None = None) -> CapsuleType:
        """
        Arrow's C stream (the Arrow PyCapsule interface). A requested schema is not cast to.
        """
    def __len__(self, /) -> int: ...
    @property
    def columns(self, /) -> list[str]:
        """
        Names of the columns.
        """

def schema(kind: str, /) -> str | None:
    """
    JSON Schema of a wire type; None for a name that it does not know.
    """

def table(row: str, rows: str, /) -> Table:
    """
    A table of rows in JSON, of the wire type `row`.
    """
