"""How many examples Hypothesis looks at: few in an ordinary run, as many as there is time for in a soak.

    @soak(full=20_000)
    @given(...)
    def test_it(...): ...

`make soak` sets PODFIT_SOAK, the seconds for all these tests together, which then go on in rounds of `few` until their
share is up or there were `full`; PODFIT_SOAK_LOG is the file that gets a line a test, with the number reached.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, settings

SECONDS = float(os.environ.get("PODFIT_SOAK", "0"))
FEW = 200

_tests = 0


def soak(full: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Settings of a property, and in a soak its rounds."""
    # How long an example takes is no matter of tests; an ordinary run looks at the same ones each time.
    few = settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=not SECONDS)

    def decorate(test: Callable[[], None]) -> Callable[[], None]:
        global _tests
        _tests += 1
        property_: Callable[[], None] = few(test)
        if not SECONDS:
            return property_

        def rounds() -> None:
            end = time.monotonic() + SECONDS / _tests
            done = 0
            failed = ", FAILED"
            try:
                while done == 0 or (done < full and time.monotonic() < end):
                    property_()
                    done += FEW
                failed = ""
            finally:
                _tell(f"{test.__name__}: {done} of {full} examples{failed}")

        rounds.__name__ = test.__name__
        rounds.__doc__ = test.__doc__
        return rounds

    return decorate


def _tell(line: str) -> None:
    log = os.environ.get("PODFIT_SOAK_LOG")
    if log is None:
        print(line, file=sys.stderr)
    else:
        with Path(log).open("a") as file:
            file.write(line + "\n")
