"""What goes on while a question is answered."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Progress", "listener"]


@dataclass(frozen=True)
class Progress:
    """One step.

    >>> str(Progress("cases", 3, 20)), str(Progress("ilp", 0))
    ('case 3 of 20', 'ilp, level 1')
    >>> str(Progress("fixes", 0))
    'looking for fixes'
    """

    what: str
    """``cases`` of an audit, ``fixes`` where the verdict is there and what would help is looked for, or the name of a solver that starts on a level."""
    done: int
    """Cases done, or the level, from 0."""
    all: int | None = None
    """Of so many cases."""

    def __str__(self) -> str:
        if self.what == "fixes":
            return "looking for fixes"
        if self.all is None:
            return f"{self.what}, level {self.done + 1}"
        return f"case {self.done} of {self.all}"


Listener = Callable[[str, int, "int | None"], None]


@contextlib.contextmanager
def listener(show: bool, on_progress: Callable[[Progress], object] | None) -> Iterator[Listener | None]:
    """What Rust calls, if anybody listens."""
    if not show and on_progress is None:
        yield None
        return
    with contextlib.ExitStack() as stack:
        draw = stack.enter_context(_drawn()) if show else None

        def tell(what: str, done: int, all: int | None) -> None:
            event = Progress(what, done, all)
            if draw is not None:
                draw(event)
            if on_progress is not None:
                on_progress(event)

        yield tell


@contextlib.contextmanager
def _drawn() -> Iterator[Callable[[Progress], None]]:
    """A bar where tqdm is installed, else a line on standard error."""
    bar: Any = None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield lambda event: print(f"podfit: {event}", file=sys.stderr)
        return

    def draw(event: Progress) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(desc="podfit", unit="case", leave=False)
        if event.all is None:
            bar.set_postfix_str(str(event))
        else:
            bar.total = event.all
            bar.update(event.done - bar.n)

    try:
        yield draw
    finally:
        if bar is not None:
            bar.close()
