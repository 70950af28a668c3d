#!/bin/sh
# The Python side.
#
#   python.sh ready   says why it cannot be tested here, status 1: no Python 3.10+ with venv, or no package index
#   python.sh test    `pip install ./python` into a fresh virtual environment, then every check of it
#
# In:  PODFIT_PYTHON   the interpreter (default: python3)
set -eu
. "$(dirname -- "$0")/lib.sh"

python=${PODFIT_PYTHON:-python3}
venv="$cache/python-venv"
bin="$venv/bin"

not_ready() { printf '%s\n' "$1"; exit 1; }

ready() {
    have "$python" || not_ready "no $python on this machine"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || not_ready "Python 3.10 or later is needed"
    rm -rf "$venv"
    "$python" -m venv "$venv" >/dev/null 2>&1 ||
        not_ready "$python has no venv (Debian, Ubuntu: apt-get install python3-venv)"
    # A first look at the index, so that no network is told from a build that fails.
    "$bin/pip" download --quiet --no-deps --dest "$venv/probe" maturin >/dev/null 2>&1 ||
        not_ready "pip reaches no package index"
}

ready
case ${1-} in
    ready) exit 0 ;;
    test) ;;
    *) die "usage: python.sh ready|test" ;;
esac

failed=
part() { # part NAME COMMAND…
    name=$1
    shift
    say "--> $name: $*"
    "$@" </dev/null || failed="$failed $name"
}

PODFIT_PYTHON_TARGET="${CARGO_TARGET_DIR:-$root/target}/python"
export PODFIT_PYTHON_TARGET
# The command, where it is built: its JSON is compared.
command="${CARGO_TARGET_DIR:-$root/target}/debug/podfit"
if [ -x "$command" ]; then export PODFIT_COMMAND="$command"; fi
say "--> pip install ./python[test]"
"$bin/pip" install --quiet "./python[test]" || die "pip install ./python failed"

part reports "$bin/python" python/tools/generate.py --check
part notebooks "$bin/python" python/tools/notebooks.py --check
part stubs "$bin/python" python/tools/stubs.py --check
# From a folder without the source of the package, so that what was installed is tested.
cd python/tests
part tests "$bin/pytest" -c ../pyproject.toml --rootdir ..
part doctests "$bin/pytest" -c ../pyproject.toml --rootdir .. --pyargs podfit ../README.md
part stubtest "$bin/python" -m mypy.stubtest podfit._podfit --mypy-config-file ../pyproject.toml
cd ..
part mypy "$bin/mypy" --strict --package podfit
part example "$bin/mypy" --strict examples/user.py
if have node; then
    part pyright "$bin/pyright" --pythonpath "$bin/python"
else
    say "--> pyright: skipped, there is no node"
fi
[ -z "$failed" ] || { say "failed:$failed"; exit 1; }
