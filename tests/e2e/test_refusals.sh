#!/usr/bin/env bash
# What bad input gets: every command and daemon names what is wrong and where, with its
# exit code, and starts or writes nothing.
set -u -o pipefail
bin=$1
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=scripts/lib/exercise.sh
. "$top/scripts/lib/exercise.sh"
work_folder
cases=0

# expect CODE TEXT COMMAND...: its exit code, and a text on its standard error.
expect() {
    local code=$1 text=$2 got
    shift 2
    "$@" >"$work/out.txt" 2>"$work/err.txt" </dev/null
    got=$?
    [ "$got" -eq "$code" ] || fail "$* gave exit code $got, not $code: $(cat "$work/err.txt")"
    grep -qF -- "$text" "$work/err.txt" || fail "$* does not say \"$text\": $(cat "$work/err.txt")"
    cases=$((cases + 1))
}

cat >"$work/bad.yaml" <<'EOT'
version: 1
groups:
  - name: bad
    rules:
      - alert: A
        uid: a
        for_each: {country: [PRK], commodity: [maze]}
        when: stock < 5 t
      - alert: B
        uid: b
        for_each: {country: [PRK], commodity: [rice]}
        when: stok < 5 t
EOT
good='{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"PRK","commodity":"rice","quantity":10,"unit":"t"}'
echo "$good" >"$work/good.jsonl"
shortfall=$bin/shortfall

# one line each: what is wrong with it, and what must be said of it
while IFS='|' read -r what line; do
    echo "$line" >"$work/line.jsonl"
    expect 65 "$what" "$shortfall" replay "$work/line.jsonl" --db "$work/no.db"
    grep -qE 'line.jsonl:1:[0-9]+: ' "$work/err.txt" || fail "no place: $(cat "$work/err.txt")"
    [ ! -e "$work/no.db" ] || fail "a database was made of wrong lines"
done <<'EOT'
did you mean "maize"|{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"PRK","commodity":"maze","quantity":1,"unit":"t"}
did you mean "commodity"|{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"PRK","comodity":"rice","quantity":1,"unit":"t"}
did you mean "shipment"|{"kind":"shipmnt","source":"t","id":"s","time":"2008-01-01"}
unit|{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"PRK","commodity":"rice","quantity":1,"unit":"GWh"}
quantity|{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"PRK","commodity":"rice","quantity":-1,"unit":"t"}
quantity|{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"PRK","commodity":"rice","quantity":1e30,"unit":"t"}
quantity|{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"PRK","commodity":"rice","quantity":"NaN","unit":"t"}
country|{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"XKZ","commodity":"rice","quantity":1,"unit":"t"}
until|{"kind":"use","source":"t","id":"s","time":"2008-01-02","until":"2008-01-01","country":"PRK","commodity":"rice","line":"food","quantity":1,"unit":"t"}
to|{"kind":"shipment","source":"t","id":"s","time":"2008-01-01","from":"PRK","to":"PRK","commodity":"rice","quantity":1,"unit":"t"}
published|{"kind":"stock","source":"t","id":"s","revision":1,"time":"2008-01-01","country":"PRK","commodity":"rice","quantity":1,"unit":"t"}
EOT

expect 78 'bad.yaml:7:48: error: unknown commodity "maze" (did you mean "maize"?)' \
    "$shortfall" replay "$work/good.jsonl" --rules "$work/bad.yaml" --db "$work/no.db"
grep -q 'bad.yaml:12:15: error: ' "$work/err.txt" || fail "not all errors: $(cat "$work/err.txt")"
expect 78 'error: unknown commodity "maze"' "$bin/shortfall-aggregator" \
    --journal "$work/journal" --ingest "ipc://$work/i" --reader "ipc://$work/r" \
    --serve "ipc://$work/s" --db "$work/state.db" --rules "$work/bad.yaml"
[ ! -e "$work/state.db" ] || fail "the aggregator made a database before it read its rules"
expect 2 'did you mean "replay"' "$shortfall" repaly
expect 2 'did you mean "--commodity"' "$shortfall" balance --db x --comodity rice
expect 2 'db' "$shortfall" balance
expect 69 'no recorder answers' "$shortfall" publish "$work/good.jsonl" \
    --ingest "ipc://$work/nobody" --timeout 200ms
expect 1 'nowhere.db' "$shortfall" balance --db "$work/nowhere.db"
expect 74 'good.jsonl' "$shortfall" balance --db "$work/good.jsonl"
"$shortfall" replay "$work/good.jsonl" --db "$work/once.db" >/dev/null || fail "replay"
expect 1 'once.db' "$shortfall" replay "$work/good.jsonl" --db "$work/once.db"
expect 65 'unknown country "PRX"' "$shortfall" balance --db "$work/once.db" --country PRX
# A revision that changes kind is recorded, judged and listed.
echo '{"kind":"production","source":"t","id":"s","revision":1,"time":"2008-01-01","published":"2008-01-02","country":"PRK","commodity":"rice","quantity":1,"unit":"t"}' >>"$work/good.jsonl"
"$shortfall" replay "$work/good.jsonl" --db "$work/kind.db" >/dev/null || fail "replay"
"$shortfall" status --db "$work/kind.db" | grep -q 't/s revision 1: kind changed' ||
    fail "a change of kind is not listed"
# A newer schema is recognised and named; a damaged file gives no figure.
cp "$work/once.db" "$work/newer.db"
sqlite3 "$work/newer.db" 'PRAGMA user_version = 9999'
expect 78 '9999' "$shortfall" balance --db "$work/newer.db"
echo "$cases refusals, each with its reason and exit code"
