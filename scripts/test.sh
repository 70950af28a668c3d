#!/bin/sh
# `make test`: every check, in order, each to its end whatever the ones before said; then a summary.
set -u
. "$(dirname -- "$0")/lib.sh"
. "$(dirname -- "$0")/parts.sh"

wasm=wasm32-unknown-unknown

# Toolchains of the minimal profile come without these two.
component() { # component NAME: is it there, or can it be had?
    cargo "$1" --version >/dev/null 2>&1 && return
    have rustup && rustup component add "$2"
}

wasm_target() {
    [ -d "$(rustc --print sysroot)/lib/rustlib/$wasm" ] && return
    have rustup && rustup target add $wasm
}

packages() {
    cargo metadata --no-deps --format-version 1 --locked |
        tr '{' '\n' | sed -n 's/^"name":"\([^"]*\)","version":.*/\1/p'
}

format() {
    cargo fmt --all --check &&
        cargo fmt --check --manifest-path xtask/Cargo.toml &&
        cargo fmt --check --manifest-path fuzz/Cargo.toml
}

lint() {
    say "--> $*"
    run_cargo clippy --quiet --all-targets --locked "$@" -- -D warnings
}

# Package by package, since what one of them asks of a dependency hides, in a build of all, what another forgets to ask.
lints() {
    lint_failed=
    for package in $(packages); do
        lint -p "$package" || lint_failed="$lint_failed $package"
    done
    for package in podfit podfit-api; do
        lint -p "$package" --no-default-features || lint_failed="$lint_failed $package(no-default-features)"
    done
    [ -z "$lint_failed" ] || { say "failed:$lint_failed"; return 1; }
}

spelling() {
    typos=$(sh scripts/setup.sh tool typos) && "$typos" --config typos.toml
}

document() (
    export RUSTDOCFLAGS="-D warnings"
    run_cargo doc "$@"
)

# shellcheck disable=SC2046
parts_begin "make test" format spelling lints tests benches yardstick wasm \
    $(sh scripts/web.sh parts) $(sh scripts/python.sh parts) documentation

if component fmt rustfmt; then
    part format format
else
    skip_part format "cargo fmt is not installed and rustup cannot add it"
fi
if sh scripts/setup.sh tool typos >/dev/null; then
    part spelling spelling
else
    skip_part spelling "the wheel typos cannot be had from PyPI here"
fi
if component clippy clippy; then
    part lints lints
else
    skip_part lints "cargo clippy is not installed and rustup cannot add it"
fi
# Unit, integration and documentation tests; examples are built.
part tests run_cargo test --workspace --locked --no-fail-fast
# `make bench` with another profile, each bench run once at its smallest size.
part benches run_cargo bench --locked -p podfit-benches --profile dev -- --test
if why=$(sh scripts/yardstick.sh ready); then
    part yardstick sh scripts/yardstick.sh test
else
    skip_part yardstick "$why"
fi
# The core must build for the browser: no C++, no clock, no files.
if wasm_target; then
    part wasm run_cargo build -p podfit --locked --target $wasm --no-default-features
else
    skip_part wasm "rustup cannot add the target $wasm"
fi
for side in web python; do
    if why=$(sh "scripts/$side.sh" ready); then
        sh "scripts/$side.sh" test
    else
        for name in $(sh "scripts/$side.sh" parts); do skip_part "$name" "$why"; done
    fi
done
part documentation document --workspace --lib --no-deps --locked
parts_end
