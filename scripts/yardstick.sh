#!/bin/sh
# `make yardstick`: podfit and its peers on public instances, one table (target/yardstick.md and .json).
#
#   yardstick.sh            the sample of 30, with every peer that can be had here; goes on where a run before it ended
#   yardstick.sh ARGUMENTS  as `measure.py --help` says: --suites, --only, --solvers, --limits, --instances vectors, …
#   yardstick.sh test       the checkers and the programs around them on tiny instances (a part of `make test`)
#   yardstick.sh ready      says why that cannot be tested here, status 1
#
# In:  PODFIT_DATA    folder with the public data
#      PODFIT_PYTHON  the interpreter (default: python3)
set -eu
. "$(dirname -- "$0")/lib.sh"

python=${PODFIT_PYTHON:-python3}

case ${1-} in
    ready)
        have "$python" || { printf '%s\n' "no $python on this machine"; exit 1; }
        exit
        ;;
    test)
        exec "$python" -m unittest discover -s benches/peers
        ;;
esac

have "$python" || die "no $python on this machine"
[ -n "${PODFIT_DATA-}" ] || die "PODFIT_DATA is not set: it names the folder with the public data (vector-packing/, cloud-balancing/, gpu-trace-2023/, machine-reassignment/)"
run_cargo build --release --locked -p podfit-yardstick
out=${CARGO_TARGET_DIR:-$root/target}
"$python" benches/peers/measure.py --yardstick "$out/release/yardstick" --data "$PODFIT_DATA" \
    --cache "$cache" --out "$out" "$@"
say "written: $out/yardstick.md, $out/yardstick.json"
