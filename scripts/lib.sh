# Shared by the scripts here (POSIX sh, sourced): where things are, how to speak, how to call cargo.
#
# In:  PODFIT_CACHE  folder for what set-up fetches (default: target/ of this checkout)
# Out: $root, $cache, $highs, $config; functions say, die, have, run_cargo, exe_dir

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root" || exit 3
mkdir -p "${PODFIT_CACHE:-target}" || exit 3
cache=$(CDPATH='' cd -- "${PODFIT_CACHE:-target}" && pwd -P)
highs="$cache/highs"             # HiGHS, libclang, and the settings that make cargo find them
settings="$highs/cargo-config.toml"
config="$root/.cargo/config.toml"
marker="# Written by podfit's \`make setup\`. Delete this file to undo it."

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 2; }
have() { command -v "$1" >/dev/null 2>&1; }

# True where .cargo/config.toml was written by someone else.
config_is_foreign() { [ -f "$config" ] && ! grep -qxF -e "$marker" "$config"; }

# True where cargo does not learn of our HiGHS from .cargo/config.toml.
config_lacks_highs() { config_is_foreign && ! grep -qF -e "$highs/pkgconfig" "$config"; }

# run_cargo SUBCOMMAND ARGS…: cargo with the settings of set-up, also where they could not be
# written to .cargo/config.toml, and where RUSTFLAGS would hide the run path they give.
run_cargo() {
    podfit_sub=$1
    shift
    if config_lacks_highs; then set -- --config "$settings" "$@"; fi
    if [ "${RUSTFLAGS+set}" ] && grep -q rpath "$settings"; then
        podfit_rpath=$(sed -n 's/^rustflags = .*\(-Wl,-rpath,.*\)"\]$/-C link-arg=\1/p' "$settings")
        RUSTFLAGS="$RUSTFLAGS $podfit_rpath" cargo "$podfit_sub" "$@"
    else
        cargo "$podfit_sub" "$@"
    fi
}

# The folder that cargo builds into, as cargo sees it.
target_dir() {
    cargo metadata --no-deps --format-version 1 --locked | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'
}
