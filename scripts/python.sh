#!/bin/sh
# The Python side.
#
#   python.sh ready   says why it cannot be tested here, status 1: no Python 3.10+ with venv, or no package index
#   python.sh test    `pip install ./python` into a fresh virtual environment, then every check of it;
#                     `python.sh parts` names its parts
#   python.sh soak    installs it and runs the tests that soak (see soak.sh)
#
# In:  PODFIT_PYTHON   the interpreter (default: python3)
set -eu
. "$(dirname -- "$0")/lib.sh"
. "$(dirname -- "$0")/parts.sh"

checks="python-reports python-books python-stubs python-tests python-doctests python-stubtest python-mypy python-example python-pyright"
if [ "${1-}" = parts ]; then
    echo "python-install $checks"
    exit
fi

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
    test | soak) ;;
    *) die "usage: python.sh ready | test | parts | soak" ;;
esac

PODFIT_PYTHON_TARGET="${CARGO_TARGET_DIR:-$root/target}/python"
export PODFIT_PYTHON_TARGET
# The command, where it is built: its JSON is compared.
command="${CARGO_TARGET_DIR:-$root/target}/debug/podfit"
if [ -x "$command" ]; then export PODFIT_COMMAND="$command"; fi

# From a folder without the source of the package, so that what was installed is tested.
tests() (
    cd python/tests && "$bin/pytest" -c ../pyproject.toml --rootdir .. "$@"
)
typed() (
    cd python && "$bin/mypy" --strict "$@"
)
stubtest() (
    cd python/tests && "$bin/python" -m mypy.stubtest podfit._podfit --mypy-config-file ../pyproject.toml
)
pyright() (
    cd python && "$bin/pyright" --pythonpath "$bin/python"
)

install() { "$bin/pip" install --quiet "./python[test]"; }

if [ "$1" = soak ]; then
    install || die "pip install ./python failed"
    tests test_hypothesis.py
    exit
fi
# shellcheck disable=SC2086
parts_begin python python-install $checks
if part python-install install; then
    part python-reports "$bin/python" python/tools/generate.py --check || :
    part python-books "$bin/python" python/tools/notebooks.py --check || :
    part python-stubs "$bin/python" python/tools/stubs.py --check || :
    part python-tests tests || :
    part python-doctests tests --pyargs podfit ../README.md || :
    part python-stubtest stubtest || :
    part python-mypy typed --package podfit || :
    part python-example typed examples/user.py || :
    if have node; then part python-pyright pyright || :; else skip_part python-pyright "there is no node"; fi
else
    # shellcheck disable=SC2086
    leave_out "python-install failed" $checks
fi
parts_end
