#!/bin/sh
# What cargo runs a program of tests with in a soak: soak-program.sh PROGRAM ARGUMENTS…, in the folder of its package.
# Its time is PODFIT_SOAK_PER_TEST seconds for each test in it that soaks; without any it is not run.
set -eu
case $1 in
    */suite-*) code=tests ;;
    *) code=src ;;
esac
tests=$(grep -rE 'podfit_soak::(seeds|rounds)\(' "$code" | wc -l)
[ "$tests" -gt 0 ] || exit 0
PODFIT_SOAK=$(awk -v tests="$tests" -v each="$PODFIT_SOAK_PER_TEST" 'BEGIN { print int(tests * each) + 1 }')
export PODFIT_SOAK
exec "$@"
