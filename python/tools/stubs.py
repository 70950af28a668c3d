"""Makes `podfit/_podfit.pyi` from the type information that PyO3 leaves in the library; --check says whether it is current.

Needs maturin, and cargo as `make setup` leaves it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
TARGET = HERE / "podfit" / "_podfit.pyi"


def generate() -> str:
    with tempfile.TemporaryDirectory() as out:
        command = ["maturin", "generate-stubs", "--quiet", "--features", "stubs", "--profile", "dev", "--out", out]
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        subprocess.run(command, cwd=HERE, check=True, env={**os.environ, "PATH": path})
        made = (Path(out) / "podfit" / "_podfit.pyi").read_text()
    # In `types` only from Python 3.13 on.
    return made.replace("from types import CapsuleType", "from typing_extensions import CapsuleType")


if __name__ == "__main__":
    made = generate()
    if "--check" in sys.argv:
        if TARGET.read_text() != made:
            sys.exit(f"{TARGET.name} is not current: run python tools/stubs.py")
    else:
        TARGET.write_text(made)
