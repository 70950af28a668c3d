"""Builds podfit's wheel: maturin, told where PyPI's HiGHS and libclang are.

pip installs the build requirements of ``pyproject.toml``, among them ``highsbox`` (HiGHS, library and headers) and
``libclang`` (for bindgen), and calls the functions below. They make cargo find both, and put the library into the
wheel, beside the extension module that loads it. So a build needs Rust, a C++ compiler and Python, nothing else, and
the wheel needs nothing.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import maturin
from maturin import (  # noqa: F401  (hooks of PEP 517 that need nothing of ours)
    build_sdist,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_wheel,
)

HERE = Path(__file__).resolve().parent.parent
CARRIED = HERE / "podfit" / "_lib"


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:
    """The wheel, with HiGHS in it."""
    with _highs():
        return str(maturin.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_editable(wheel_directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:
    """An editable installation; HiGHS then lies in the source tree (ignored by git)."""
    with _highs(keep=True):
        return str(maturin.build_editable(wheel_directory, config_settings, metadata_directory))


@contextlib.contextmanager
def _highs(keep: bool = False) -> Iterator[None]:
    """Inside, cargo finds HiGHS and libclang, and the package carries the library and its licence."""
    dist = _folder("highsbox") / "highs_dist"
    library = next(lib for lib in sorted((dist / "lib").iterdir()) if lib.name.startswith("libhighs."))
    CARRIED.mkdir(exist_ok=True)
    shutil.copy2(library, CARRIED / library.name)
    shutil.copy2(dist / "share" / "doc" / "HIGHS" / "LICENSE.txt", CARRIED / "HiGHS-LICENSE.txt")
    for licence in HERE.parent.glob("LICENSE-*"):
        shutil.copy2(licence, CARRIED / licence.name)
    before = dict(os.environ)
    try:
        with tempfile.TemporaryDirectory(prefix="podfit-build-") as scratch:
            os.environ.update(_environment(dist, Path(scratch)))
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        if not keep:
            shutil.rmtree(CARRIED)


def _environment(dist: Path, scratch: Path) -> dict[str, str]:
    version = importlib.import_module("importlib.metadata").version("highsbox")
    pkg_config = scratch / "pkg-config"
    # Machines need no pkg-config for one library, and an own one may know another HiGHS. The wheel's own .pc file
    # names the folder that it was built in.
    pkg_config.write_text(
        "#!/bin/sh\n"
        'case " $* " in *" highs "*) ;; *) echo "only highs is known here" >&2; exit 1 ;; esac\n'
        f'case " $* " in *" --modversion "*) echo {version} ;;\n'
        f"*) echo '-I{_escaped(dist / 'include' / 'highs')} -L{_escaped(dist / 'lib')} -lhighs' ;; esac\n"
    )
    pkg_config.chmod(0o755)
    # The module finds the library beside itself. In the encoded form flags of a cargo configuration do not come in:
    # they may name folders of this machine.
    origin = "@loader_path" if sys.platform == "darwin" else "$ORIGIN"
    # Nor do messages of the library name them.
    cargo_home = os.environ.get("CARGO_HOME", str(Path.home() / ".cargo"))
    flags = [
        f"-Clink-arg=-Wl,-rpath,{origin}/_lib",
        f"--remap-path-prefix={cargo_home}=cargo",
        f"--remap-path-prefix={HERE.parent}=podfit",
    ]
    environment = {
        "PKG_CONFIG": str(pkg_config),
        "LIBCLANG_PATH": str(_folder("clang") / "native"),
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags),
        # Not in pyproject.toml: tools/stubs.py reads type information that this takes away.
        "MATURIN_PEP517_ARGS": os.environ.get("MATURIN_PEP517_ARGS", "--strip"),
        # Flags differ from those of the other builds: in one folder each would undo the other's work.
        "CARGO_TARGET_DIR": os.environ.get("PODFIT_PYTHON_TARGET", str(HERE.parent / "target" / "python")),
    }
    # PyPI's libclang comes without the compiler's own headers (stddef.h).
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        shown = subprocess.run(["cc", "-print-file-name=include"], capture_output=True, text=True, check=True)
        builtin = shown.stdout.strip()
        if os.path.isabs(builtin):
            environment["BINDGEN_EXTRA_CLANG_ARGS"] = f"-I'{builtin}'"
    return environment


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(
            f"podfit: the build requirement {package} is not installed "
            "(with --no-build-isolation, install those of pyproject.toml first)"
        )
    return Path(spec.submodule_search_locations[0])


def _escaped(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace(" ", "\\ ")
