#!/bin/sh
# `make test`: every check, in order, each to its end whatever the one before said; then a summary.
set -u
. "$(dirname -- "$0")/lib.sh"

summary=
failed=0
wasm=wasm32-unknown-unknown

note() { # note NAME RESULT SECONDS
    summary="$summary$(printf '  %-16s %-8s %5s s' "$1" "$2" "$3")
"
}

check() { # check NAME COMMAND…
    name=$1
    shift
    say "
==> $name: $*"
    begin=$(date +%s)
    if "$@" </dev/null; then result=ok; else result=FAILED failed=1; fi
    note "$name" $result $(($(date +%s) - begin))
}

skip() { # skip NAME WHY
    say "
==> $1: SKIPPED: $2"
    note "$1" SKIPPED 0
    summary="$summary                     ($2)
"
}

# Toolchains of the minimal profile come without these two.
component() { # component NAME: is it there, or can it be had?
    cargo "$1" --version >/dev/null 2>&1 && return
    have rustup && rustup component add "$2"
}

wasm_target() {
    [ -d "$(rustc --print sysroot)/lib/rustlib/$wasm" ] && return
    have rustup && rustup target add $wasm
}

document() (
    export RUSTDOCFLAGS="-D warnings"
    run_cargo doc "$@"
)

if component fmt rustfmt; then
    check format cargo fmt --all --check
else
    skip format "cargo fmt is not installed and rustup cannot add it"
fi
if component clippy clippy; then
    check lints run_cargo clippy --workspace --all-targets --locked -- -D warnings
else
    skip lints "cargo clippy is not installed and rustup cannot add it"
fi
# Unit, integration and documentation tests; examples are built.
check tests run_cargo test --workspace --locked --no-fail-fast
# The core must build for the browser: no C++, no clock, no files.
if wasm_target; then
    check wasm run_cargo build -p podfit --locked --target $wasm --no-default-features
else
    skip wasm "rustup cannot add the target $wasm"
fi
if why=$(sh scripts/web.sh ready); then
    check web sh scripts/web.sh test
else
    skip web "$why"
fi
if why=$(sh scripts/python.sh ready); then
    check python sh scripts/python.sh test
else
    skip python "$why"
fi
check documentation document --workspace --lib --no-deps --locked

say "
make test:
$summary"
[ $failed = 0 ] || { say "FAILED"; exit 1; }
say "all passed"
