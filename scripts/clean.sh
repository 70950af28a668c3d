#!/bin/sh
# `make clean`: back to a fresh clone.
set -eu
. "$(dirname -- "$0")/lib.sh"
config_is_foreign || rm -f "$config"
rm -rf "$highs" "$cache/tools" "$cache/python-venv" dist
cargo clean
