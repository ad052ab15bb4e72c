#!/usr/bin/env bash
# No hindsight: what became known after K changes no answer for K. A database of only what
# was known by K, and one of all there ever was, with corrections of the past in it, must
# print the same, byte by byte, in every form of every reading command.
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

# same COMMAND...: of the databases past.db and all.db; and it says something.
same() {
    "$bin/shortfall" "$@" --db "$work/past.db" >"$work/past.txt" || fail "$* of past.db"
    "$bin/shortfall" "$@" --db "$work/all.db" >"$work/all.txt" || fail "$* of all.db"
    [ -s "$work/past.txt" ] || fail "$* says nothing"
    diff "$work/past.txt" "$work/all.txt" >&2 || fail "$*: it depends on what came later"
    compared=$((compared + 1))
}

# same_answers K AS_OF...: all forms, about each of these instants.
same_answers() {
    local known=$1 as_of form
    shift
    for as_of in "$known" "$@"; do
        for form in '' --csv --json '--csv --sheet' '--json --sheet'; do
            # shellcheck disable=SC2086
            same balance --known "$known" --as-of "$as_of" $form
        done
        for form in '' --json; do
            # shellcheck disable=SC2086
            same alerts --known "$known" --as-of "$as_of" $form
        done
    done
    same balance --known "$known"
    same alerts --known "$known" --json
    same status --known "$known"
    same status --known "$known" --json
}

# differs COMMAND...: the two databases are not one and the same.
differs() {
    "$bin/shortfall" "$@" --db "$work/past.db" >"$work/past.txt" 2>/dev/null
    "$bin/shortfall" "$@" --db "$work/all.db" >"$work/all.txt" 2>/dev/null
    ! cmp -s "$work/past.txt" "$work/all.txt" || fail "$*: nothing came later"
}

# record FILE: by a recorder that runs just for it.
record() {
    start recorder shortfall-recorder --journal "$work/journal" \
        --ingest "ipc://$work/ingest" --reader "ipc://$work/reader" --commit-wait 1ms ||
        fail "the recorder did not start"
    "$bin/shortfall" publish "$work/$1" --ingest "ipc://$work/ingest" >/dev/null ||
        fail "publish $1"
    stop recorder || fail "the recorder did not end cleanly"
}

# Corrections of the past, and reports on it, all published on 17 December 2008 or later.
cat >"$work/later.jsonl" <<'EOT'
{"kind":"production","source":"cfsam","id":"harvest-2008","revision":1,"time":"2008-11-01","published":"2008-12-17","country":"PRK","commodity":"food","quantity":4000000,"unit":"t"}
{"kind":"stock","source":"late","id":"oil","time":"2007-11-30","published":"2008-12-17","country":"PRK","commodity":"heavy_fuel_oil","quantity":900000,"unit":"t"}
{"kind":"stock","source":"late","id":"oil","time":"2007-11-30","published":"2008-12-17","country":"PRK","commodity":"heavy_fuel_oil","quantity":1,"unit":"t"}
{"kind":"use","source":"late","id":"feed","time":"2007-01-01","until":"2010-01-01","published":"2008-12-18","country":"PRK","commodity":"maize","line":"feed","quantity":500000,"unit":"t"}
{"kind":"policy","source":"late","id":"ban","time":"2007-01-01","published":"2008-12-18","actor":"*","target":"*","commodity":"*","instrument":"ban","factor":0}
{"kind":"pledge","source":"late","id":"p","time":"2008-01-01","published":"2008-12-19","from":"CHN","to":"PRK","commodity":"rice","quantity":10,"unit":"kt","due":"2008-02-01","status":"agreed"}
{"kind":"shipment","source":"late","id":"s","time":"2008-01-01","published":"2008-12-19","from":"CHN","to":"PRK","commodity":"rice","quantity":10,"unit":"kt","arrived":"2008-01-20","pledge":"p"}
{"kind":"price","source":"late","time":"2008-01-01","published":"2008-12-20","commodity":"crude_oil","market":"brent","price":1,"currency":"USD","unit":"bbl"}
EOT

# --- files, by their own clock --------------------------------------------------------------

cat "$log"/*.jsonl "$work/later.jsonl" >"$work/all.jsonl"
awk '{
    match($0, /"published":"[^"]*"/) || match($0, /"time":"[^"]*"/)
    split(substr($0, RSTART, RLENGTH), part, "\"")
    if (part[4] <= "2008-12-16")
        print
}' "$work/all.jsonl" >"$work/past.jsonl"
[ "$(wc -l <"$work/past.jsonl")" -gt 200 ] || fail "too few events were known"
for db in past all; do
    "$bin/shortfall" replay "$work/$db.jsonl" --rules "$rules" --db "$work/$db.db" \
        >/dev/null || fail "replay of $db.jsonl"
done
for known in 2008-06-30 2008-12-08 2008-12-16; do
    same_answers "$known" 2008-02-29 2008-11-01 2009-10-31
done
# Alerts that fired between two events: found by a step that came after K.
"$bin/shortfall" alerts --db "$work/past.db" --json |
    sed -n 's/.*"at":"\([^"]*\)","clock":"\([^"]*\)".*/\1 \2/p' |
    awk '$1 != $2 { print $1 }' | sort -u >"$work/between.txt"
[ "$(wc -l <"$work/between.txt")" -gt 3 ] || fail "no alert fired between two events"
while read -r known; do
    same alerts --known "$known" --json
    "$bin/shortfall" alerts --db "$work/all.db" --known "$known" --json >"$work/all.txt"
    grep -q "\"clock\":\"$known\"" "$work/all.txt" || fail "an alert at $known is found later"
done <"$work/between.txt"
differs balance --country PRK --commodity food --known 2008-12-17
differs alerts --known 2008-12-17

# What a database says for K is what a replay until K says of itself.
"$bin/shortfall" replay "$work/all.jsonl" --rules "$rules" --until 2008-09-15 \
    --db "$work/until.db" >/dev/null || fail "replay --until"
"$bin/shortfall" alerts --db "$work/until.db" --json >"$work/until.txt"
"$bin/shortfall" alerts --db "$work/all.db" --known 2008-09-15 --json >"$work/known.txt"
cmp "$work/until.txt" "$work/known.txt" || fail "alerts --known is not replay --until"
[ "$("$bin/shortfall" status --db "$work/all.db" --known 2008-09-15 --json |
    sed 's/.*"digest":"\([^"]*\).*/\1/')" = "$(status_field "$work/until.db" digest)" ] ||
    fail "status --known has another digest than replay --until"

# --- a live journal, by the time at which it was recorded -----------------------------------

rm -f "$work"/*.db*
record past.jsonl
cp -r "$work/journal" "$work/past"
record later.jsonl
"$bin/shortfall" replay --journal "$work/past" --rules "$rules" --db "$work/past.db" \
    >/dev/null || fail "replay of the past"
"$bin/shortfall" replay --journal "$work/journal" --rules "$rules" --db "$work/all.db" \
    >/dev/null || fail "replay of the journal"
known=$(status_field "$work/past.db" clock)
same_answers "$known" 2100-01-01
same balance --known "$known" --as-of 2008-12-08
same balance --known "$known" --as-of 2008-12-08 --json
differs balance --country PRK --commodity food --as-of 2008-12-08
echo "$compared answers, none of which depends on what came later"
