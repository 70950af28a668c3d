#!/bin/sh
# The browser's page.
#
#   web.sh build   writes web/dist
#   web.sh serve   and shows it on loopback
#   web.sh ready   says what is missing for the tests, status 1
#   web.sh test    builds it and runs every test of package and page; `web.sh parts` names the parts of that
#   web.sh soak    the tests of the package that soak (see soak.sh)
#
# In: CHROMIUM      the browser of the tests (default: chromium, chromium-browser or google-chrome from PATH)
#     PODFIT_DATA   folder with the public data; the real dump is tried where it is set
set -eu
. "$(dirname -- "$0")/lib.sh"
. "$(dirname -- "$0")/parts.sh"

parts="web-types web-engine web-package web-page web-units web-browser"
wasm=wasm32-unknown-unknown

node_is_there() {
    have node && have npm && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'
}

wasm_is_there() {
    [ -d "$(rustc --print sysroot)/lib/rustlib/$wasm" ] || { have rustup && rustup target add $wasm; }
}

browser() {
    for name in ${CHROMIUM:-chromium chromium-browser google-chrome}; do
        command -v "$name" && return
    done
    return 1
}

# On standard output, why the tests cannot run; nothing if they can.
missing() {
    node_is_there || { echo "Node 20.19+ or 22.12+ with npm is not installed"; return; }
    wasm_is_there >/dev/null 2>&1 || { echo "the target $wasm is not there and rustup cannot add it"; return; }
    # A first look at the registry, so that no network is told from a build that fails.
    [ -d web/node_modules ] || npm view preact version >/dev/null 2>&1 || echo "npm reaches no registry"
}

# What is fetched and unchanged is not fetched again.
packages() { # packages FOLDER
    if [ ! -f "$1/node_modules/.package-lock.json" ] || [ "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ]; then
        (cd "$1" && npm ci --no-fund --no-audit)
    fi
}

engine() (
    wasm_is_there || die "the target $wasm is not there: rustup target add $wasm"
    run_cargo run --quiet --manifest-path xtask/Cargo.toml -- wasm &&
        packages web/podfit && cd web/podfit && npm run --silent build
)

page() (
    packages web && cd web && npm run --silent types && npm run --silent build
)

build() {
    node_is_there || die "Node 20.19+ or 22.12+ with npm is needed"
    engine
    page
    say "web/dist holds the page: copy it to any static host"
}

# What does not need the engine is tested where that cannot be built.
tests() {
    # shellcheck disable=SC2086
    parts_begin "web" $parts
    CHROMIUM=$(browser) || CHROMIUM=
    export CHROMIUM
    page_is_built=
    part web-types node web/podfit/scripts/types.js --check || :
    if part web-engine engine; then
        part web-package npm --prefix web/podfit run --silent unit || :
        if part web-page page; then page_is_built=yes; fi
    else
        leave_out "web-engine failed" web-package web-page
    fi
    part web-units units || :
    if [ -z "$CHROMIUM" ]; then
        skip_part web-browser "no Chromium: apt-get install chromium, or set CHROMIUM"
    elif [ -z "$page_is_built" ]; then
        leave_out "the page was not built" web-browser
    else
        part web-browser npm --prefix web run --silent browser || :
    fi
    parts_end
}

units() { packages web && npm --prefix web run --silent unit; }

case "${1:-}" in
ready)
    why=$(missing)
    [ -z "$why" ] || { echo "$why"; exit 1; }
    ;;
build) build ;;
serve)
    build
    say "Ctrl-C ends it."
    cd web && exec npm run --silent preview
    ;;
parts) echo "$parts" ;;
test) tests ;;
soak)
    engine
    cd web/podfit && exec node --test test/faults.test.js
    ;;
*) die "usage: web.sh build | serve | test | ready | parts | soak" ;;
esac
