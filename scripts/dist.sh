#!/bin/sh
# `make dist`: dist/podfit, one stripped file with HiGHS inside, built from source (10 to 15 minutes
# on 2 cores the first time). It needs nothing of this folder and runs on systems of this kind.
set -eu
. "$(dirname -- "$0")/lib.sh"

CMAKE=${CMAKE:-$(sh scripts/setup.sh build-tools)}
export CMAKE

say "dist: building podfit and HiGHS from source: 10 to 15 minutes on 2 cores, less when done before"
# No HiGHS of the system or of set-up, and no run path into this folder.
HIGHS_NO_PKG_CONFIG=1 RUSTFLAGS='' cargo build --profile dist --locked -p podfit-cli
mkdir -p dist
cp "$(target_dir)/dist/podfit" dist/podfit

say "dist/podfit: $(wc -c <dist/podfit | tr -d ' ') bytes, $(dist/podfit --version 2>/dev/null || echo 'version unknown')"
libraries=$({ ldd dist/podfit || otool -L dist/podfit; } 2>/dev/null | sed 's/^[[:space:]]*//; s/ (.*//')
say "needs at run time:
$libraries"
case $libraries in
    *libhighs*) die "dist/podfit still needs libhighs: HiGHS was not linked statically" ;;
esac
