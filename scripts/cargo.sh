#!/bin/sh
# cargo with the settings of `make setup`, also where those are not in .cargo/config.toml.
set -eu
. "$(dirname -- "$0")/lib.sh"
run_cargo "$@"
