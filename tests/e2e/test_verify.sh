#!/usr/bin/env bash
# shortfall verify: a database that agrees with its journal, one that was altered in any of
# its parts, and a journal that was; each with the position at which they part.
set -u -o pipefail
bin=$1
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=scripts/lib/exercise.sh
. "$top/scripts/lib/exercise.sh"
log=$top/data/dprk-2007-2009
rules=$top/data/rules/dprk.yaml
log_level=warn
work_folder
cases=0

# expect CODE TEXT DB [OPTION...]: what verify says, on either stream.
expect() {
    local code=$1 text=$2 got
    shift 2
    "$bin/shortfall" verify "$@" >"$work/said.txt" 2>&1
    got=$?
    [ "$got" -eq "$code" ] ||
        fail "verify $* gave exit code $got, not $code: $(cat "$work/said.txt")"
    grep -qF -- "$text" "$work/said.txt" ||
        fail "verify $* does not say \"$text\": $(cat "$work/said.txt")"
    cases=$((cases + 1))
}

# altered FROM SQL: a copy of a database, or of a journal's folder, with something altered.
altered() {
    local file=$work/altered.db
    rm -rf "$work"/altered*
    if [ -d "$1" ]; then
        cp -r "$1" "$work/altered"
        file=$(echo "$work"/altered/journal-*.db)
    else
        sqlite3 "$1" "VACUUM INTO '$file'"
    fi
    sqlite3 "$file" "$2" || fail "$2"
}

# --- a database of a replay, which keeps its frames ---------------------------------------

# Two reports that contradict each other, so that something is in quarantine.
cat >"$work/odd.jsonl" <<'EOT'
{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"MNG","commodity":"rice","quantity":10,"unit":"t"}
{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"MNG","commodity":"rice","quantity":11,"unit":"t"}
EOT
files=("$log"/*.jsonl)
"$bin/shortfall" replay "${files[@]}" "$work/odd.jsonl" --rules "$rules" --db "$work/own.db" \
    >/dev/null || fail "replay"
last=$(status_field "$work/own.db" pos)
expect 0 "equal: $last frames, 322 events" "$work/own.db"
expect 0 '"equal":true' "$work/own.db" --json
expect 0 'equal: ' "$work/own.db" --journal "$work/own.db"

while IFS='|' read -r code what sql; do
    altered "$work/own.db" "$sql"
    expect "$code" "$what" "$work/altered.db"
done <<EOT
1|they part at position $last: the database states the digest 00000000|UPDATE cursor SET digest = zeroblob(16)
1|they part at position $last: the database counts 322 applied events, the journal gives 321|UPDATE cursor SET applied = applied + 1
1|position $last: the database counts 321 applied events, the journal gives|UPDATE cursor SET clock = clock - 1
1|which the database does not have|DELETE FROM alert_reading WHERE pos = (SELECT max(pos) FROM alert); DELETE FROM alert WHERE pos = (SELECT max(pos) FROM alert)
1|which the journal up to there does not give|INSERT INTO alert SELECT pos + 1, rule, country, commodity, state, alert, severity, summary, at, clock, begun, at_us, clock_us, begun_us, seq, ordinal, episode, notification, rules_hash, moved_first, moved_last, movers, as_of_us, horizon_us, stock, unmet, days_of_cover, stock_out_us, shortfall, shortfall_ratio, uncovered_deficit, delivery_ratio, overdue, expected FROM alert ORDER BY pos DESC LIMIT 1
1|stands with other evidence in the database|UPDATE alert SET summary = 'all is well' WHERE pos = 7
1|stands with other evidence in the database|UPDATE alert SET stock = stock + 1 WHERE pos = 7
1|stands with other evidence in the database|UPDATE alert_reading SET value = value - 1 WHERE pos = 3
1|, the database has |UPDATE alert SET state = 'resolved' WHERE state = 'firing' AND pos = 1
1|, the database has |UPDATE alert SET at_us = at_us + 1 WHERE pos = 20
1|t/s, is in quarantine (conflict), which the database does not say|DELETE FROM quarantine
1|t/s, stands otherwise in the database's quarantine|UPDATE quarantine SET revision = 1
1|which the journal does not give|INSERT INTO quarantine SELECT seq - 1, 3, event, clock_us, clock, code, reason, advice, source, id, revision FROM quarantine
1|they part at position $last: the journal ends before it|DELETE FROM frame WHERE pos = $last
74|frame 3|UPDATE frame SET body = zeroblob(length(body)) WHERE pos = 3
74|frame 3|UPDATE frame SET clock = clock + 1 WHERE pos = 3
EOT

# One letter of one report is another: the frames part where it stands.
sed 's/"quantity":3342000,/"quantity":3342001,/' "$log/policies.jsonl" >"$work/policies.jsonl"
cmp -s "$log/policies.jsonl" "$work/policies.jsonl" && fail "nothing was altered"
"$bin/shortfall" replay "${files[@]/"$log/policies.jsonl"/"$work/policies.jsonl"}" \
    "$work/odd.jsonl" --rules "$rules" --db "$work/other.db" >/dev/null || fail "replay"
expect 1 'the database was made from another frame' "$work/own.db" --journal "$work/other.db"

# --- a database of the aggregator, and its journal ----------------------------------------

start_daemons
for feed in "${FEEDS[@]}"; do start_feed "$feed"; done
wait_for_feeds
wait_until 60 caught_up || fail "the daemons did not catch up"
stop_all || fail "a daemon did not end cleanly"
state=$work/state.db
expect 0 'equal: ' "$state"
expect 0 'equal: ' "$state" --journal "$work/journal"
# A replay of that journal names it, as the aggregator does, and keeps no frame; with rules
# of its own it keeps them all.
"$bin/shortfall" replay --journal "$work/journal" --db "$work/again.db" >/dev/null ||
    fail "replay of the journal"
[ "$(sqlite3 "$work/again.db" 'SELECT count(*) FROM frame')" -eq 0 ] ||
    fail "a replay copied the journal"
expect 0 'equal: ' "$work/again.db"
expect 1 'they part at position 1: the database was made from another journal' \
    "$work/again.db" --journal "$work/own.db"
"$bin/shortfall" replay --journal "$work/journal" --rules "$rules" --db "$work/ruled.db" \
    >/dev/null || fail "replay of the journal with rules"
mv "$work/journal" "$work/elsewhere"
"$bin/shortfall" verify "$work/ruled.db" >/dev/null || fail "its own frames are not enough"
"$bin/shortfall" balance --db "$work/again.db" --country PRK --commodity food \
    >"$work/said.txt" 2>&1 && fail "a balance without the journal"
grep -qF "was made from the journal $work/journal" "$work/said.txt" ||
    fail "it does not name the journal: $(cat "$work/said.txt")"
mv "$work/elsewhere" "$work/journal"
altered "$state" "UPDATE alert SET summary = 'all is well' WHERE pos = 7"
expect 1 'stands with other evidence' "$work/altered.db" --journal "$work/journal"
altered "$state" "UPDATE cursor SET clock = clock + 1"
expect 1 'the database has another clock' "$work/altered.db" --journal "$work/journal"
altered "$work/journal" "UPDATE frame SET body = zeroblob(length(body)) WHERE pos = 5"
expect 74 'frame 5' "$state" --journal "$work/altered"
altered "$work/journal" "UPDATE frame SET hash = zeroblob(32) WHERE pos = 4"
expect 74 'frame 4' "$state" --journal "$work/altered"
expect 1 'they part at position 1: the database was made from another journal' \
    "$state" --journal "$work/own.db"
expect 2 'name one database' "$state" "$state"
expect 1 'nowhere.db' "$work/nowhere.db"
expect 74 'odd.jsonl' "$work/odd.jsonl"
echo "$cases databases and journals, each with what verify must say of it"
