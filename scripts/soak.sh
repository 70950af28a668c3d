#!/bin/sh
# `make soak`: property tests, differential tests and fuzzers, each until its share of the time is up or it has looked
# at all it should. What was reached is told at the end. Builds come on top of the time.
#
# In:  SOAK   minutes of testing in all (default: 10)
#      SEED   where the cases begin (default: another number each time; a failure names its own)
set -u
. "$(dirname -- "$0")/lib.sh"
. "$(dirname -- "$0")/parts.sh"

seconds=$(awk -v minutes="${SOAK:-10}" 'BEGIN { print int(minutes * 60) }')
[ "$seconds" -gt 0 ] || die "SOAK=${SOAK-}: minutes are wanted, as SOAK=10"
percent() { echo $((seconds * $1 / 100)); }

PODFIT_SEED=${SEED:-$(date +%s)000}
PODFIT_SOAK_LOG="$cache/soak.log"
export PODFIT_SEED PODFIT_SOAK_LOG
: >"$PODFIT_SOAK_LOG"
targets=$(ls fuzz/fuzz_targets | sed 's/\.rs$//')
# shellcheck disable=SC2086
set -- $targets
fuzz_parts=$(printf 'fuzz-%s ' "$@")

# Each program of tests gets time by how many such tests it has; they run all at once.
rust() (
    tests=$(grep -rE 'podfit_soak::(seeds|rounds)\(' crates/*/src crates/*/tests | wc -l)
    PODFIT_SOAK_PER_TEST=$(awk -v all="$1" -v tests="$tests" 'BEGIN { print all / tests }')
    export PODFIT_SOAK_PER_TEST RUST_TEST_THREADS=64
    run_cargo test --workspace --locked --no-fail-fast --lib --tests \
        --config "target.'cfg(all())'.runner = ['sh', '$root/scripts/soak-program.sh']"
)

python() (
    export PODFIT_SOAK="$1"
    sh scripts/python.sh soak
)

javascript() (
    tests=$(grep -rhE '\bsoak\("' web/podfit/test/*.test.js | wc -l)
    export PODFIT_SOAK="$(($1 / tests))"
    sh scripts/web.sh soak
)

say "soak: $((seconds / 60)) min $((seconds % 60)) s of testing, cases from SEED=$PODFIT_SEED on"
# shellcheck disable=SC2086
parts_begin "make soak" rust python javascript $fuzz_parts
part rust rust "$(percent 60)" || :
if why=$(sh scripts/python.sh ready); then
    part python python "$(percent 15)" || :
else
    skip_part python "$why"
fi
if why=$(sh scripts/web.sh ready); then
    part javascript javascript "$(percent 5)" || :
else
    skip_part javascript "$why"
fi
why=
have c++ || have g++ || have clang++ || why="libFuzzer needs a C++ compiler"
[ -n "$why" ] || cargo fetch --quiet --locked --manifest-path fuzz/Cargo.toml || why="cargo cannot fetch libFuzzer"
for target in $targets; do
    if [ -n "$why" ]; then
        skip_part "fuzz-$target" "$why"
    else
        part "fuzz-$target" fuzz/run "$target" "$(($(percent 20) / $#))" || :
    fi
done
say "
reached, from SEED=$PODFIT_SEED on:
$(sort "$PODFIT_SOAK_LOG" | sed 's/^/  /')"
parts_end
