#!/bin/sh
# The browser's page. `web.sh build` writes web/dist, `web.sh serve` shows it on loopback, `web.sh test` asks a real
# browser, `web.sh ready` says what is missing for the tests.
#
# In: CHROMIUM      the browser of the tests (default: chromium, chromium-browser or google-chrome from PATH)
#     PODFIT_DATA   folder with the public data; the real dump is tried where it is set
set -eu
. "$(dirname -- "$0")/lib.sh"

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

engine() {
    wasm_is_there || die "the target $wasm is not there: rustup target add $wasm"
    run_cargo run --quiet --manifest-path xtask/Cargo.toml -- wasm
    packages web/podfit
    (cd web/podfit && npm run --silent build)
}

build() {
    node_is_there || die "Node 20.19+ or 22.12+ with npm is needed"
    engine
    packages web
    (cd web && npm run --silent types && npm run --silent build)
    say "web/dist holds the page: copy it to any static host"
}

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
test)
    build
    CHROMIUM=$(browser) || CHROMIUM=
    export CHROMIUM
    (cd web/podfit && npm test --silent)
    cd web
    npm run --silent unit
    if [ -n "$CHROMIUM" ]; then
        npm run --silent browser
    else
        say "tests in a browser: SKIPPED: no Chromium (apt-get install chromium, or set CHROMIUM)"
    fi
    ;;
*) die "usage: web.sh build | serve | test | ready" ;;
esac
