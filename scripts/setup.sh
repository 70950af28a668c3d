#!/bin/sh
# Makes cargo find HiGHS, the solver, without building it: `make setup`. Quick when done before.
#
# Tried in this order; PODFIT_HIGHS=system|prebuilt|source forces one:
#   system    pkg-config knows HiGHS already
#   prebuilt  PyPI's wheels `highsbox` (library, headers) and `libclang` (for bindgen), fetched with
#             your pip and its settings, checked by hash (scripts/wheels.txt), unpacked, not installed
#   source    the crate highs-sys builds HiGHS with cmake while cargo runs: about 10 minutes
# The outcome is a few lines in .cargo/config.toml, so that plain `cargo test` works as well.
set -eu
. "$(dirname -- "$0")/lib.sh"

version_at_least() { # version_at_least 1.95.0 1.89
    awk -v a="$1" -v b="$2" 'BEGIN { n = split(a, x, "."); m = split(b, y, ".")
        for (i = 1; i <= (n > m ? n : m); i++) if (x[i] + 0 != y[i] + 0) exit !(x[i] + 0 > y[i] + 0) }'
}

# --- What no way of setting up can do without: everything that is missing, at once.

check_tools() {
    missing=
    need_rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    if ! have cargo || ! have rustc; then
        missing="$missing
  Rust $need_rust or later: https://rustup.rs"
    else
        rust=$(rustc --version | sed 's/^rustc \([0-9.]*\).*/\1/')
        version_at_least "$rust" "$need_rust" || missing="$missing
  Rust $need_rust or later (here: $rust): rustup update stable"
    fi
    have cc || missing="$missing
  a C compiler and linker (cc):
      Debian, Ubuntu: sudo apt-get install build-essential
      Fedora:         sudo dnf install gcc gcc-c++
      macOS:          xcode-select --install"
    [ -z "$missing" ] || die "missing on this machine:$missing"
}

# --- Fetching from PyPI: pip where it is, else uv. No index is passed: yours applies.

run_pip() {
    case $pip in
        module) python3 -m pip "$@" ;;
        *) "$pip" "$@" ;;
    esac
}

find_pip() {
    pip=
    if have python3 && python3 -m pip --version >/dev/null 2>&1; then pip=module
    elif have python3 && have pip3; then pip=pip3
    elif have python3 && have pip; then pip=pip
    elif have uv; then pip=uv
    fi
    [ -n "$pip" ]
}

# fetch NAME FOLDER: unpacks the wheel of NAME into FOLDER. On failure: $fetch_error, status 1.
fetch() {
    mkdir -p "$2/in"
    grep "^$1==" scripts/wheels.txt >"$2/in/wanted.txt"
    if [ "$pip" = uv ]; then
        uv pip install --quiet --no-deps --only-binary :all: --require-hashes --target "$2" \
            --requirement "$2/in/wanted.txt" 2>"$2/in/errors"
    else
        run_pip download --quiet --no-deps --only-binary :all: --require-hashes --dest "$2/in" \
            --requirement "$2/in/wanted.txt" >"$2/in/errors" 2>&1 &&
            python3 -m zipfile -e "$2"/in/*.whl "$2" >>"$2/in/errors" 2>&1
    fi || {
        fetch_error=$(grep -i '^error' "$2/in/errors" | head -n 1)
        [ -n "$fetch_error" ] || fetch_error=$(grep -v '^$' "$2/in/errors" | tail -n 1)
        return 1
    }
}

wheel() { sed -n "s/^\($1==[^ ]*\).*/\1/p" scripts/wheels.txt; }

# --- Prebuilt: $highs gets include/, lib/, pkgconfig/ and a stamp that names the versions.

stamp() { echo "$(wheel highsbox) $(wheel libclang)"; }
shared_libs() { find "$1" -name 'lib*.so' -o -name 'lib*.so.*' -o -name 'lib*.dylib'; }
prebuilt_is_there() { [ "$(cat "$highs/stamp" 2>/dev/null)" = "$(stamp)" ]; }

fetch_prebuilt() {
    prebuilt_is_there && return
    why=
    find_pip || { why="neither python3 with pip nor uv is here"; return 1; }
    say "setup: fetching HiGHS and libclang from PyPI ($(stamp); 35 MB, once)"
    new=$(mktemp -d "$cache/fetching.XXXXXX")
    trap 'rm -rf "$new"' EXIT
    trap 'exit 130' INT TERM
    fetch highsbox "$new/a" || { why="PyPI: $fetch_error"; return 1; }
    fetch libclang "$new/b" || { why="PyPI: $fetch_error"; return 1; }

    mkdir -p "$new/highs/lib"
    dist=$(find "$new/a" -type d -name highs_dist)
    mv "$dist/include" "$dist/share" "$new/highs/"
    shared_libs "$new/a" >"$new/libs"
    shared_libs "$new/b" >>"$new/libs"
    while IFS= read -r lib; do mv "$lib" "$new/highs/lib/"; done <"$new/libs"
    loads "$new/highs/lib" || return 1

    # Two set-ups may meet in a shared cache: the first one's folder stands.
    if ! prebuilt_is_there; then
        stamp >"$new/highs/stamp"
        rm -rf "$highs"
        mv "$new/highs" "$highs" || { why="cannot write $highs"; return 1; }
    fi
    rm -rf "$new"
    trap - EXIT
}

# The wheel's library wants libz and libstdc++, which nearly every machine has.
loads() {
    have python3 || return 0
    for lib in "$1"/libhighs.*; do
        why=$(python3 -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$lib" 2>&1 | tail -n 1)
        [ -z "$why" ] || return 1
    done
}

# The wheel's own .pc file names the folder it was built in; ours stands beside it.
write_pkgconfig() {
    mkdir -p "$highs/pkgconfig"
    escaped=$(printf '%s' "$highs" | sed 's/[ \\]/\\&/g')
    version=$(wheel highsbox)
    cat >"$highs/pkgconfig/highs.pc" <<PC
Name: HiGHS
Description: Linear Optimization Software
Version: ${version#*==}
Libs: -L$escaped/lib -lhighs
Cflags: -I$escaped/include/highs
PC
    # Many machines have no pkg-config, and one library does not need it.
    cat >"$highs/pkgconfig/pkg-config" <<PC
#!/bin/sh
# Stands in for pkg-config where there is none: knows highs, nothing else.
case " \$* " in
    *" highs "*) ;;
    *) echo "pkg-config is not installed" >&2; exit 1 ;;
esac
case " \$* " in
    *" --modversion "*) echo '${version#*==}' ;;
    *) cat <<'FLAGS'
-I$escaped/include/highs -L$escaped/lib -lhighs
FLAGS
        ;;
esac
PC
    chmod +x "$highs/pkgconfig/pkg-config"
}

# --- From source: cargo will do it; here only the tools it wants are found or fetched.

system_libclang() {
    { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -qE 'libclang(-[0-9.]+)?\.so' && return
    for folder in /usr/lib* /usr/lib/*-linux-gnu /usr/local/lib /usr/lib/llvm*/lib /usr/lib*/llvm*/lib* \
        /opt/homebrew/opt/llvm/lib /usr/local/opt/llvm/lib /Library/Developer/CommandLineTools/usr/lib; do
        for lib in "$folder"/libclang.so* "$folder"/libclang-[0-9]*.so* "$folder"/libclang.dylib; do
            if [ -e "$lib" ]; then return; fi
        done
    done
    return 1
}

# find_libclang: the system's, else ours. Sets $libclang ("" where it needs no telling).
find_libclang() {
    libclang=
    if prebuilt_is_there; then libclang="$highs/lib"; return; fi
    system_libclang && return
    fetch_tool libclang || return 1
    libclang=$(dirname "$(shared_libs "$cache/tools/libclang" | head -n 1)")
}

# find_cmake: the system's, else PyPI's. Sets $cmake ("" where it needs no telling).
find_cmake() {
    cmake=
    have cmake && return
    fetch_tool cmake || return 1
    cmake=$(find "$cache/tools/cmake" -path '*/bin/cmake' -type f | head -n 1)
    chmod +x "$(dirname "$cmake")"/*
}

# fetch_tool NAME: a wheel into $cache/tools/NAME, once.
fetch_tool() {
    [ "$(cat "$cache/tools/$1/stamp" 2>/dev/null)" = "$(wheel "$1")" ] && return
    find_pip || return 1
    say "setup: fetching $1 from PyPI ($(wheel "$1"), once)"
    rm -rf "$cache/tools/$1"
    fetch "$1" "$cache/tools/$1" || { say "  PyPI: $fetch_error"; return 1; }
    rm -rf "$cache/tools/$1/in"
    wheel "$1" >"$cache/tools/$1/stamp"
}

# find_build_tools: $cmake and $libclang, or $missing: a line for each tool that is not to be had.
find_build_tools() {
    missing=
    have c++ || have g++ || have clang++ || missing="$missing
  a C++ compiler:  apt-get install g++            dnf install gcc-c++       xcode-select --install"
    have make || have ninja || missing="$missing
  make:            apt-get install make           dnf install make          xcode-select --install"
    find_cmake || missing="$missing
  cmake 3.15+:     apt-get install cmake          dnf install cmake         brew install cmake"
    find_libclang || missing="$missing
  libclang:        apt-get install libclang-dev   dnf install clang-devel   brew install llvm"
    [ -z "$missing" ]
}

# --- The settings for cargo.

toml() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

# write_settings KIND RPATH: $settings, from $pkg_config_path, $pkg_config, $libclang, $cmake.
write_settings() {
    mkdir -p "$highs" "$cache/tools"
    builtin=$(cc -print-file-name=include 2>/dev/null || true)
    {
        printf '%s\n# HiGHS: %s, place: %s\n\n[env]\n' "$marker" "$1" "$highs"
        # Forced: with your own path alone HiGHS would not be found, and cargo would build it.
        [ -z "$pkg_config_path" ] ||
            printf 'PKG_CONFIG_PATH = { value = %s, force = true }\n' "$(toml "$pkg_config_path")"
        [ -z "$pkg_config" ] || printf 'PKG_CONFIG = %s\n' "$(toml "$pkg_config")"
        [ "$1" != source ] || printf 'HIGHS_NO_PKG_CONFIG = "1"\n'
        [ -z "$cmake" ] || printf 'CMAKE = %s\n' "$(toml "$cmake")"
        [ -z "$libclang" ] || printf 'LIBCLANG_PATH = %s\n' "$(toml "$libclang")"
        # PyPI's libclang comes without the compiler's own headers (stddef.h).
        case $builtin in
            /*) printf 'BINDGEN_EXTRA_CLANG_ARGS = %s\n' "$(toml "-I'$builtin'")" ;;
        esac
        if [ -n "$2" ]; then
            flags="[\"-C\", $(toml "link-arg=-Wl,-rpath,$2")]"
            # The second line is for documentation tests, which rustdoc links.
            printf '\n[target.%s]\nrustflags = %s\nrustdocflags = %s\n' "$host" "$flags" "$flags"
        fi
    } >"$cache/settings.$$"
    mv "$cache/settings.$$" "$settings"
}

install_settings() {
    if config_lacks_highs; then
        say "setup: .cargo/config.toml is yours, so it is left alone. The make targets work as they are;
  for plain cargo commands add the lines of
    $settings"
    elif ! config_is_foreign && ! cmp -s "$settings" "$config"; then
        mkdir -p .cargo
        cp "$settings" "$config"
        say "setup: wrote .cargo/config.toml"
    fi
}

# --- Which of the three.

use_system() {
    have pkg-config && pkg-config --exists 'highs >= 1.7' || return 1
    libdir=$(pkg-config --variable=libdir highs)
    find_libclang || return 1
    pkg_config_path=${PKG_CONFIG_PATH-}
    write_settings system "$libdir"
    say "setup: HiGHS $(pkg-config --modversion highs) of this system, in $libdir"
}

use_prebuilt() {
    fetch_prebuilt || return 1
    write_pkgconfig
    libclang="$highs/lib"
    if have pkg-config || have pkgconf; then
        pkg_config_path="$highs/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
    else
        pkg_config="$highs/pkgconfig/pkg-config"
    fi
    write_settings prebuilt "$highs/lib"
    say "setup: HiGHS prebuilt ($(wheel highsbox)), in $highs"
}

use_source() {
    find_build_tools || die "HiGHS, the solver, is not here. Either give python3 with pip and the network,
and \`make setup\` fetches it (quick):
  apt-get install python3-pip    dnf install python3-pip    brew install python3
or give what a build from source lacks (about 10 minutes):$missing"
    write_settings source ""
    say "setup: HiGHS will be built from source by the next cargo command: about 10 minutes on 2 cores"
}

# What the settings of an earlier run say, if what they point at is still there.
earlier_kind() {
    kind=$(sed -n "s|^# HiGHS: \([a-z]*\), place: .*|\1|p" "$settings" 2>/dev/null) || return 1
    grep -qxF -e "# HiGHS: $kind, place: $highs" "$settings" 2>/dev/null || return 1
    case $kind in
        prebuilt) prebuilt_is_there || return 1 ;;
        system) pkg-config --exists 'highs >= 1.7' 2>/dev/null || return 1 ;;
    esac
    [ "${PODFIT_HIGHS:-$kind}" = "$kind" ]
}

# choose_highs: settings from an earlier run, or the first way that works.
choose_highs() {
    if earlier_kind; then
        say "setup: ready (HiGHS: $kind)"
        return
    fi
    case ${PODFIT_HIGHS:-any} in
        any)
            use_system || use_prebuilt || {
                say "setup: no prebuilt HiGHS: $why"
                use_source
            } ;;
        system)
            use_system ||
                die "PODFIT_HIGHS=system: pkg-config finds no highs 1.7 or later, or libclang is missing" ;;
        prebuilt) use_prebuilt || die "PODFIT_HIGHS=prebuilt: $why" ;;
        source) use_source ;;
        *) die "PODFIT_HIGHS=$PODFIT_HIGHS: give system, prebuilt or source" ;;
    esac
}

check_tools
host=$(rustc -vV | sed -n 's/^host: //p')
pkg_config_path='' pkg_config='' libclang='' cmake=''
case ${1-} in
    "")
        choose_highs
        install_settings ;;
    # For `make dist`: finds or fetches what a build from source wants; prints which cmake to use.
    build-tools)
        find_build_tools || die "a build of HiGHS from source lacks:$missing"
        echo "${cmake:-cmake}" ;;
    # For `make test`: prints the command of a wheel that is one.
    tool)
        fetch_tool "$2" || exit 1
        tool=$(find "$cache/tools/$2" -path "*/scripts/$2" -o -path "*/bin/$2" | head -n 1)
        chmod +x "$tool"
        echo "$tool" ;;
    *) die "usage: setup.sh [build-tools | tool NAME]" ;;
esac
