#!/usr/bin/env bash
# Worked cases through the real commands: our own, those that lie beside the tree where
# there are any, and copies with one thing wrong, which must not pass.
set -u -o pipefail
bin=$(cd "$1" && pwd)
top=$(cd "$(dirname "$0")/../.." && pwd)
cases=$top/tests/cases
work=$(mktemp -d "${TMPDIR:-/tmp}/shortfall.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
check() { "$top/scripts/check-cases" "$@" "$bin"; }

# Every case says why its numbers are right, and our own cover what they are there for.
for case in "$cases"/*/; do
    [ -s "$case/REASONING.md" ] || { echo "$case has no reasoning"; exit 1; }
done
for word in price_change cost_to_cover age has not '"\*"' alternative_to MNG; do
    n=$(grep -lwrE -- "$word" "$cases"/*/rules.yaml "$cases"/*/events.jsonl | wc -l)
    [ "$n" -ge 1 ] || { echo "no case has $word"; exit 1; }
done
check "$cases" || exit 1
if [ -d "$top/../shared/cases" ]; then
    check "$top/../shared/cases" || exit 1
fi

# wrong FILE EDIT: a case with one thing changed in one of its files.
wrong=0
wrong() {
    rm -rf "$work/case"
    cp -r "$cases/case-cost-to-cover-rises" "$work/case"
    chmod -R u+w "$work/case"
    sed -i "$2" "$work/case/$1"
    cmp -s "$work/case/$1" "$cases/case-cost-to-cover-rises/$1" &&
        { echo "$1: $2 changes nothing"; exit 1; }
    check "$work/case" >"$work/out.txt" && { echo "$1: $2 passes"; exit 1; }
    [ "$(tail -n 1 "$work/out.txt")" = "0 passed, 1 failed" ] || { cat "$work/out.txt"; exit 1; }
    wrong=$((wrong + 1))
}

wrong alerts.expected.jsonl '1d'
wrong alerts.expected.jsonl 2p
wrong alerts.expected.jsonl '1s/:20Z/:20.000001Z/'
wrong alerts.expected.jsonl '1s/firing/resolved/'
wrong alerts.expected.jsonl '1{h;d};2G'
wrong balance.expected.jsonl '1s/"stock": 432000000,/"stock": 432000001,/'
wrong balance.expected.jsonl '1s/0.833333/0.833334/'
wrong balance.expected.jsonl '2s/5.787037/5.787036/'
wrong balance.expected.jsonl '1s/"delivery_ratio": null/"delivery_ratio": 0/'
wrong balance.expected.jsonl '1s/, "overdue": 0//'
wrong balance.expected.jsonl '1s/"horizon": "30d"/"horizon": "31d"/'
wrong events.jsonl '1s/864/865/'
wrong events.jsonl '1s/"rice"/"maze"/'
wrong rules.yaml 's/1000000/1000001/'
wrong rules.yaml 's/cost_to_cover/cost/'
echo "and $wrong cases with one thing wrong, each of which fails"
