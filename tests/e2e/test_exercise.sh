#!/usr/bin/env bash
# The quickstart's run, with the programs of the folder that is given: three digests are
# equal and the alerts are the committed ones; one changed quantity makes it fail.
set -u -o pipefail
bin=$1
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=scripts/lib/exercise.sh
. "$top/scripts/lib/exercise.sh"
log=$top/data/dprk-2007-2009
rules=$top/data/rules/dprk.yaml
expected=$top/data/dprk-2007-2009/expected/alerts.jsonl
work_folder

# exercise: one whole run in $work, ended cleanly.
exercise() {
    start_daemons
    for feed in "${FEEDS[@]}"; do
        start_feed "$feed" "$@"
    done
    wait_for_feeds
    wait_until 120 caught_up || fail "the aggregator did not catch up"
    stop_all || fail "a daemon did not end cleanly"
}

exercise --batch 8
prove_same "$work/proof" "$expected"

# The harvest that FAO and WFP found in December 2008, a tenth too small.
mkdir "$work/changed"
cp "$log"/*.jsonl "$work/changed"
sed -i '0,/"quantity":3342000/s//"quantity":3007800/' "$work/changed/policies.jsonl"
cmp -s "$log/policies.jsonl" "$work/changed/policies.jsonl" && fail "nothing was changed"
log=$work/changed
rm -rf "$work/journal" "$work"/*.db* "$work"/*.out "$work/proof"
exercise --batch 256
(prove_same "$work/proof" "$expected") >"$work/changed.txt" 2>&1 &&
    fail "a changed quantity went unnoticed"
grep -q 'the alerts are not those of' "$work/changed.txt" || {
    cat "$work/changed.txt"
    fail "a changed quantity failed for another reason"
}
echo "the same three times, and a changed quantity is found"
