#!/usr/bin/env bash
# A live journal: publish returns positions, an alert fires in silence by a tick at the
# exact microsecond, a repeat changes nothing, a conflict is quarantined, and a replay of
# the journal gives the same digest.
set -u -o pipefail
bin=$1
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=scripts/lib/exercise.sh
. "$top/scripts/lib/exercise.sh"
work_folder
rules=$work/rules.yaml
cat >"$rules" <<'EOT'
version: 1
groups:
  - name: live
    rules:
      - alert: StockLow
        uid: stock-low
        for_each: {country: [PRK], commodity: [rice]}
        when: stock < 8 t
        annotations: {summary: "{{stock}} left"}
EOT
publish() { "$bin/shortfall" publish "$@" --ingest "ipc://$work/ingest" --timeout 20s; }

# Declared feeds make an exercise; a live journal has none.
start recorder shortfall-recorder --journal "$work/journal" \
    --ingest "ipc://$work/ingest" --reader "ipc://$work/reader" ||
    fail "the recorder did not start"
start_aggregator || fail "the aggregator did not start"
: >"$work/notifier.out"
start_notifier --stdout json --command "cat >>'$work/command.out'" ||
    fail "the notifier did not start"

# A tonne a second is used; ten tonnes are there: below eight after two seconds.
now=$(date -u +%s)
at() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }
cat >"$work/events.jsonl" <<EOT
{"kind":"stock","source":"t","id":"s","time":"$(at "$now")","country":"PRK","commodity":"rice","quantity":10,"unit":"t"}
{"kind":"use","source":"t","id":"u","time":"$(at "$now")","until":"$(at $((now + 86400)))","country":"PRK","commodity":"rice","line":"food","quantity":86400,"unit":"t"}
EOT
publish "$work/events.jsonl" >"$work/positions.txt" || fail "publish failed"
grep -q 'events.jsonl:2: position [0-9]*, event 2' "$work/positions.txt" ||
    fail "no positions: $(cat "$work/positions.txt")"

# Nothing more is published: only a tick can bring the alert.
fired() { grep -q '"state":"firing"' "$work/command.out" 2>/dev/null; }
wait_until 30 fired || fail "the alert did not fire in silence"
want=$(date -u -d "@$((now + 2))" +%Y-%m-%dT%H:%M:%S).000001Z
grep -q "\"at\":\"$want\"" "$work/command.out" ||
    fail "it fired at another instant than $want: $(cat "$work/command.out")"

# The same again is harmless; another number under the same revision is a conflict.
publish "$work/events.jsonl" >/dev/null || fail "a repeat was refused"
sed 's/"quantity":10,/"quantity":11,/' "$work/events.jsonl" | head -n 1 |
    publish - >/dev/null || fail "a conflict must be recorded"
quarantined() { [ "$(status_field "$work/state.db" quarantined)" = 1 ]; }
wait_until 30 quarantined || fail "the conflict is not in quarantine"
"$bin/shortfall" status --db "$work/state.db" | grep -q 't/s revision 0: conflict' ||
    fail "status does not list the conflict"
[ "$(status_field "$work/state.db" repeated)" = 2 ] || fail "repeats were not counted"

# Two wrong lines among good ones: named, left out, and the good ones go in.
cat >"$work/mixed.jsonl" <<EOT
{"kind":"stock","source":"t","id":"m1","time":"$(at "$now")","country":"PRK","commodity":"maze","quantity":1,"unit":"t"}
{"kind":"stock","source":"t","id":"m2","time":"$(at "$now")","country":"PRK","commodity":"maize","quantity":1,"unit":"t"}
{"kind":"stock","source":"t","id":"m3","time":"$(at "$now")","country":"PRK","commodity":"maize","quantity":-1,"unit":"t"}
EOT
publish "$work/mixed.jsonl" >"$work/mixed.out" 2>"$work/mixed.err"
[ $? -eq 65 ] || fail "wrong lines must give exit code 65"
grep -q 'mixed.jsonl:1:[0-9]*: commodity: .*did you mean "maize"' "$work/mixed.err" ||
    fail "line 1 is not named: $(cat "$work/mixed.err")"
grep -q 'mixed.jsonl:3:[0-9]*: quantity: ' "$work/mixed.err" || fail "line 3 is not named"
grep -q 'mixed.jsonl:2: position' "$work/mixed.out" || fail "the good line did not go in"

stop notifier || fail "the notifier did not end cleanly"
applied() { [ "$(status_field "$work/state.db" lag)" = 0 ]; }
wait_until 30 applied || fail "the aggregator did not catch up"
stop aggregator || fail "the aggregator did not end cleanly"
stop recorder || fail "the recorder did not end cleanly"
"$bin/shortfall" replay --journal "$work/journal" --db "$work/again.db" >/dev/null ||
    fail "the journal does not replay"
[ "$(digest_of "$work/again.db")" = "$(digest_of "$work/state.db")" ] ||
    fail "a replay gives another digest"
rm -f "$work"/state.db*
echo "a live journal: on time in silence, repeats harmless, conflicts quarantined"
