"""The environments of the peers: made on demand, outside of the repository, versions pinned.

Each is a virtual environment of Python below a cache folder, made anew where its list of packages changed. Timefold is
built by Maven with the machine's JDK.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Packages in the order in which pip is called; Python's versions that there are wheels (or a source that builds) for.
PYTHON = {
    "cp-sat": {"python": ["3.10", "3.11", "3.12", "3.13"], "pip": [["ortools==9.15.6755"]]},
    "highs": {"python": ["3.10", "3.11", "3.12", "3.13"], "pip": [["highspy==1.15.1", "numpy"]]},
    # Builds from source with distutils, whose last setuptools is 59.
    "arc-flow": {
        "python": ["3.11", "3.10"],
        "pip": [["setuptools==59.8.0", "wheel"], ["--no-build-isolation", "pyvpsolver==3.1.4", "highspy==1.15.1"]],
    },
    "rebalancer": {"python": ["3.12", "3.13"], "pip": [["rebalancer==1.0.4"]]},
}
JAVA = 17


class Missing(Exception):
    """The environment cannot be made here; says why."""


def make(name, cache):
    """The command that runs a program in the environment, and arguments that it takes besides."""
    folder = Path(cache) / "peers" / name
    if name == "timefold":
        return [sys.executable], ["--build", str(_timefold(folder))]
    wanted = PYTHON[name]
    stamp = json.dumps(wanted)
    python = folder / "bin" / "python"
    if not (folder / "stamp").is_file() or (folder / "stamp").read_text() != stamp:
        shutil.rmtree(folder, ignore_errors=True)
        interpreter = _interpreter(wanted["python"])
        _run([interpreter, "-m", "venv", str(folder)], "python -m venv")
        for packages in wanted["pip"]:
            _run([str(python), "-m", "pip", "install", "--quiet", *packages], "pip install " + " ".join(packages))
        (folder / "stamp").write_text(stamp)
    return [str(python)], []


def _interpreter(versions):
    """A Python of one of these versions: on the path, or where pyenv puts it."""
    for version in versions:
        roots = [os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))]
        found = [f"python{version}"]
        found += [p for root in roots for p in sorted(glob.glob(f"{root}/versions/{version}.*/bin/python{version}"))]
        for candidate in found:
            try:
                ask = [candidate, "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
                said = subprocess.run(ask, capture_output=True, text=True, check=False)
            except OSError:
                continue
            if said.returncode == 0 and said.stdout.strip() == version:
                return candidate
    raise Missing(f"there is no Python {' or '.join(versions)} with venv on this machine")


def _timefold(folder):
    source = HERE / "timefold"
    files = [source / "pom.xml", *sorted(source.rglob("*.java"))]
    stamp = "\n".join(f.read_text() for f in files)
    if (folder / "stamp").is_file() and (folder / "stamp").read_text() == stamp:
        return folder
    for tool in ("java", "javac", "mvn"):
        if shutil.which(tool) is None:
            raise Missing(f"there is no {tool} on this machine (a JDK {JAVA} and Maven are needed)")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _run(["mvn", "-q", "-B", "-f", str(source / "pom.xml"), f"-Dpeers.build={folder}", "package"], "mvn package")
    (folder / "stamp").write_text(stamp)
    return folder


def _run(command, what):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as e:
        raise Missing(f"{what}: {e}") from e
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        errors = [line for line in said if "error" in line.lower()] or said or ["no word"]
        raise Missing(f"{what} failed: {errors[0].strip()[:200]}")
