#!/bin/sh
# `make demo`: builds the command and asks it what happens when node A of a two-node device fails.
set -eu
. "$(dirname -- "$0")/lib.sh"

say "demo: building podfit (release; first time 1 to 4 minutes on 2 cores, then seconds)"
run_cargo build --release --locked -p podfit-cli
podfit="$(target_dir)/release/podfit"
podfit=${podfit#"$root/"}

say ""
say "demo: a two-node edge device, ten workloads. What if node A fails?"
say "      $podfit what-if examples/clusters/two-node-edge.yaml --fail A"
say ""
status=0
"$podfit" what-if examples/clusters/two-node-edge.yaml --fail A || status=$?
say ""
case $status in
    0) say "demo: exit code 0: everything fits on the node that is left." ;;
    1) say "demo: exit code 1: not everything fits, as the table says. That is the answer, not a fault." ;;
    *) die "the demo ended with exit code $status: see above" ;;
esac
say ""
say "demo: and where room exists, but the default scheduler may miss it?"
say "      $podfit what-if examples/clusters/stranded.yaml --fail node-a"
say ""
"$podfit" what-if examples/clusters/stranded.yaml --fail node-a || [ $? -eq 1 ] || die "the second answer failed: see above"
say ""
say "      Next: kubectl get nodes,pods -A -o json | $podfit what-if - --fail NODE"
