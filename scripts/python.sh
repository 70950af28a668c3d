#!/bin/sh
# The Python side: `pip install ./python` into a fresh virtual environment, then every check of it.
#
# In:  PODFIT_PYTHON   the interpreter (default: python3)
# Exit: 0 passed, 1 failed, 77 skipped: no Python 3.10+ with venv, or no network (the last line says which)
set -eu
. "$(dirname -- "$0")/lib.sh"

skip() { say "$1"; exit 77; }

python=${PODFIT_PYTHON:-python3}
have "$python" || skip "no $python on this machine"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || skip "Python 3.10 or later is needed"

venv="$cache/python-venv"
rm -rf "$venv"
"$python" -m venv "$venv" 2>/dev/null || skip "$python has no venv (Debian, Ubuntu: apt-get install python3-venv)"
bin="$venv/bin"
run() { say "--> $*"; "$@"; }

# A first look at the index, so that no network is told from a build that fails.
"$bin/pip" download --quiet --no-deps --dest "$venv/probe" maturin >/dev/null 2>&1 ||
    skip "pip cannot reach a package index"
run "$bin/pip" install --quiet "./python[test]"

# Tests see what was installed, not the source tree: they run from a folder without it.
cd python
failed=
part() { # part NAME COMMAND…
    name=$1
    shift
    run "$@" || failed="$failed $name"
}
part reports "$bin/python" tools/generate.py --check
part tests "$bin/python" -m pytest
part stubs "$bin/python" -m mypy.stubtest podfit --ignore-disjoint-bases
part mypy "$bin/python" -m mypy --strict -p podfit examples/user.py
part pyright "$bin/python" -m pyright --pythonpath "$bin/python"
[ -z "$failed" ] || die "failed:$failed"
