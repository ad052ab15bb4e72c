#!/usr/bin/env bash
# A reading command that begins with a checkpoint prints what it prints without one, byte
# by byte; and where it can begin with one it does, without looking at what lies before.
set -u -o pipefail
bin=$1
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=scripts/lib/exercise.sh
. "$top/scripts/lib/exercise.sh"
work_folder
log=$top/data/dprk-2007-2009
rules=$top/data/rules/dprk.yaml
log_level=warn
compared=0

checkpoints() { find "$work" -maxdepth 1 -name "$1-checkpoint-*" | sort; }

# answers DB OUT K...: all forms of all commands, as known at each K ("": at the end).
answers() {
    local db=$1 out=$2 known form
    shift 2
    mkdir -p "$out"
    for known in "$@"; do
        local option=()
        [ -z "$known" ] || option=(--known "$known")
        for form in '' --csv --json '--csv --sheet' '--json --sheet' '--as-of=2008-06-30' \
            '--as-of=2009-10-31 --json' '--country=PRK --commodity=food'; do
            # shellcheck disable=SC2086
            "$bin/shortfall" balance --db "$db" ${option[@]+"${option[@]}"} $form \
                >"$out/balance$known$form" 2>>"$out.err" || fail "balance $known $form"
        done
        for form in '' --json '--as-of=2011-01-01'; do
            # shellcheck disable=SC2086
            "$bin/shortfall" alerts --db "$db" ${option[@]+"${option[@]}"} $form \
                >"$out/alerts$known$form" 2>>"$out.err" || fail "alerts $known $form"
        done
        [ -z "$known" ] || "$bin/shortfall" status --db "$db" --known "$known" --json \
            >"$out/status$known" 2>>"$out.err" || fail "status $known"
    done
}

# same_answers DB K...: with its checkpoints, and when they are gone.
same_answers() {
    local db=$1
    shift
    [ -n "$(checkpoints "$(basename "$db")")" ] || fail "$db has no checkpoint"
    rm -rf "$work/with" "$work/without" "$work"/*.err
    answers "$db" "$work/with" "$@"
    mkdir -p "$work/kept"
    mv "$db"-checkpoint-* "$work/kept"
    answers "$db" "$work/without" "$@"
    diff -r "$work/with" "$work/without" >&2 || fail "$db: a checkpoint changes an answer"
    [ ! -s "$work/with.err" ] || fail "$db: $(cat "$work/with.err")"
    mv "$work"/kept/* "$work"
    compared=$((compared + $(find "$work/with" -type f | wc -l)))
}

# --- replays of files ----------------------------------------------------------------------

replay() {
    "$bin/shortfall" replay "$@" --checkpoint-events 1 >/dev/null || fail "replay $*"
}
replay "$log"/*.jsonl --rules "$rules" --db "$work/files.db"
same_answers "$work/files.db" '' 2008-06-30 2008-12-08 2009-10-31 2030-01-01
replay "$log"/*.jsonl --rules "$rules" --until 2030-01-01 --db "$work/longer.db"
same_answers "$work/longer.db" '' 2008-06-30 2009-12-31 2030-01-01 2040-01-01
# What --until left out is in the database, for who asks about a later time.
replay "$log"/*.jsonl --rules "$rules" --until 2008-09-15 --db "$work/until.db"
[ -z "$(checkpoints until.db)" ] || fail "a checkpoint of a part was written"
# Few events are applied sooner than a checkpoint is read.
"$bin/shortfall" replay "$log"/*.jsonl --rules "$rules" --db "$work/plain.db" >/dev/null ||
    fail "replay"
[ -z "$(checkpoints plain.db)" ] || fail "a checkpoint of a few events was written"
# A database that was removed leaves none to the next one of that name.
rm "$work/files.db"
"$bin/shortfall" replay "$log/prices.jsonl" --db "$work/files.db" >/dev/null || fail "again"
[ -z "$(checkpoints files.db)" ] || fail "a checkpoint outlived its database"

# --- a live journal, with checkpoints in its middle ------------------------------------------

publish() {
    "$bin/shortfall" publish "$@" --ingest "ipc://$work/ingest" >/dev/null ||
        fail "publish"
}
start recorder shortfall-recorder --journal "$work/journal" --ingest "ipc://$work/ingest" \
    --reader "ipc://$work/reader" || fail "the recorder did not start"
start_aggregator --checkpoint-every 1ms --checkpoint-events 1 ||
    fail "the aggregator did not start"
for part in 1,40p 41,80p 81,999p; do
    sed -n "$part" "$log/shipments.jsonl" | publish -
done
two_there() { [ "$(checkpoints state.db | grep -vc new)" -eq 2 ]; }
wait_until 20 two_there || fail "no two checkpoints"
stop aggregator || fail "the aggregator did not end cleanly"
middle=$(status_field "$work/state.db" clock)
publish "$log/policies.jsonl"
publish "$log/prices.jsonl"
start_aggregator --checkpoint-every 0 || fail "the aggregator did not start"
caught_up() { [ "$(status_field "$work/state.db" lag)" = 0 ]; }
wait_until 20 caught_up || fail "the aggregator did not catch up"
stop aggregator || fail "the aggregator did not end cleanly"
[ "$middle" != "$(status_field "$work/state.db" clock)" ] || fail "nothing came behind it"
same_answers "$work/state.db" '' 2008-06-30 "$middle" 2100-01-01

# --- it is the checkpoint that is read --------------------------------------------------------

# damage FILE TEXT: an event of the beginning, whose frame nobody can read any more.
damage() {
    local at
    at=$(grep -obUaF "$2" "$1" | head -n 1 | cut -d : -f 1)
    [ -n "$at" ] || fail "$1 does not hold $2"
    printf '\377' | dd of="$1" bs=1 seek="$at" conv=notrunc status=none
}
first=$(sed -n '1s/.*"id":"\([^"]*\)".*/\1/p' "$log/shipments.jsonl")
damage "$work/longer.db" "$first"
"$bin/shortfall" balance --db "$work/longer.db" --json >"$work/answer" 2>/dev/null ||
    fail "the checkpoint was not used"
[ -s "$work/answer" ] || fail "no answer from the checkpoint"
! "$bin/shortfall" balance --db "$work/longer.db" --json --known 2009-12-31 \
    >/dev/null 2>&1 || fail "an answer for a time before the checkpoint"

# A damaged one is told and passed over.
file=$(checkpoints state.db | tail -n 1)
printf '\377' | dd of="$file" bs=1 seek=5000 conv=notrunc status=none
"$bin/shortfall" balance --db "$work/state.db" --json >"$work/again" 2>"$work/told" ||
    fail "a damaged checkpoint stops an answer"
cmp "$work/again" "$work/without/balance--json" || fail "a damaged checkpoint changes it"
[ "$(grep -c 'is not used' "$work/told")" = 1 ] || fail "it was not told: $(cat "$work/told")"
[ -e "$file" ] || fail "a reading command removed something"
echo "$compared answers, the same with checkpoints and without"
