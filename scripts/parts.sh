# Checks in parts (POSIX sh, sourced after lib.sh): each part runs to its end whatever the others say, a line after
# each tells how far it is, and a summary names them all.
#
#   parts_begin TITLE PART…   announces the parts; a script that another one calls adds to the caller's
#   part NAME COMMAND…        runs one; status 1 if it failed
#   skip_part NAME WHY        it cannot run here
#   leave_out WHY NAME…       not run, because of a part before that failed
#   parts_end                 the summary; status 1 if any part failed

parts_begin() {
    parts_are_mine=
    [ -z "${PODFIT_PARTS-}" ] || return 0
    parts_are_mine=$1
    shift
    PODFIT_PARTS=$(mktemp)
    PODFIT_PARTS_ALL=$#
    PODFIT_PARTS_BEGAN=$(date +%s)
    export PODFIT_PARTS PODFIT_PARTS_ALL PODFIT_PARTS_BEGAN
    trap 'rm -f "$PODFIT_PARTS"' EXIT
    trap 'say "
interrupted"; parts_summary; exit 130' INT TERM
}

part_done() { # part_done NAME RESULT SECONDS [WHY]
    printf '  %-17s %-8s %5s s%s\n' "$1" "$2" "$3" "${4:+  ($4)}" >>"$PODFIT_PARTS"
    say "<== $1: $2${4:+: $4} after $3 s ($(($(wc -l <"$PODFIT_PARTS"))) of $PODFIT_PARTS_ALL parts, $(($(date +%s) - PODFIT_PARTS_BEGAN)) s so far)"
}

part() {
    part_name=$1
    shift
    say "
==> $part_name: $*"
    part_began=$(date +%s)
    if "$@" </dev/null; then part_result=ok; else part_result=FAILED; fi
    part_done "$part_name" "$part_result" $(($(date +%s) - part_began))
    [ "$part_result" = ok ]
}

skip_part() { part_done "$1" SKIPPED 0 "$2"; }

leave_out() {
    part_why=$1
    shift
    for part_name in "$@"; do part_done "$part_name" "NOT RUN" 0 "$part_why"; done
}

parts_summary() {
    say "
$parts_are_mine: $(($(wc -l <"$PODFIT_PARTS"))) of $PODFIT_PARTS_ALL parts, $(($(date +%s) - PODFIT_PARTS_BEGAN)) s
$(cat "$PODFIT_PARTS")
"
}

parts_end() {
    if [ -n "$parts_are_mine" ]; then
        parts_summary
        [ "$(($(wc -l <"$PODFIT_PARTS")))" = "$PODFIT_PARTS_ALL" ] || die "a part was announced and not run, or run and not announced"
        if grep -q ' FAILED ' "$PODFIT_PARTS"; then
            say "FAILED"
            return 1
        fi
        say "all passed"
    fi
}
