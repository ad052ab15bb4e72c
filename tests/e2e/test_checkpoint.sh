#!/usr/bin/env bash
# Checkpoints of the aggregator: whatever becomes of them, and wherever it is killed, the
# database has the digest and the alerts of a replay of the journal, and none of them twice.
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
        for_each: {country: ["*"], commodity: [rice]}
        when: stock < 5 t
EOT
every=(--checkpoint-every 1ms --checkpoint-events 1 --commit-every 0)
event=0

# publish COUNT: as many stock counts, one a frame, so that each begins or ends an alert.
publish() {
    local last=$((event + $1)) tonnes
    while [ "$event" -lt "$last" ]; do
        event=$((event + 1))
        tonnes=$((event % 2 == 1 ? 1 : 9))
        printf '{"kind":"stock","source":"t","id":"%d","time":"%s","country":"PRK","commodity":"rice","quantity":%d,"unit":"t"}\n' \
            "$event" "$(date -u -d "2000-01-01 + $event days" +%Y-%m-%d)" "$tonnes" |
            "$bin/shortfall" publish - --ingest "ipc://$work/ingest" >/dev/null ||
            fail "publish $event"
    done
}
counted() { [ "$(status_field "$work/state.db" seq)" = "$event" ]; }
checkpoints() { find "$work" -maxdepth 1 -name 'state.db-checkpoint-*' | sort; }
newest() { checkpoints | tail -n 1; }
has_two() { [ "$(checkpoints | grep -vc new)" -eq 2 ]; }
aggregator() {
    : >"$work/aggregator.log"
    start_aggregator "${every[@]}" "$@" || fail "the aggregator did not start"
}
end_aggregator() { stop aggregator || fail "the aggregator did not end cleanly"; }
resumed() { sed -n 's/.* resumed pos=\([0-9]*\).*/\1/p' "$work/aggregator.log"; }
unfit() { grep -c 'checkpoint-unfit' "$work/aggregator.log"; }
pos_of() { expr "$(basename "$1" | sed 's/.*-0*//')" : '\(.*\)'; }

# same_state: the database is what the journal gives, with each alert once.
same_state() {
    wait_until 20 counted || fail "$1: not all events were counted"
    rm -f "$work"/replayed.db*
    "$bin/shortfall" replay --journal "$work/journal" --db "$work/replayed.db" >/dev/null ||
        fail "$1: the journal does not replay"
    [ "$(digest_of "$work/state.db")" = "$(digest_of "$work/replayed.db")" ] ||
        fail "$1: another digest than that of the journal"
    "$bin/shortfall" alerts --db "$work/state.db" --json >"$work/live.txt"
    "$bin/shortfall" alerts --db "$work/replayed.db" --json >"$work/replayed.txt"
    cmp "$work/live.txt" "$work/replayed.txt" || fail "$1: other alerts than the journal's"
    [ "$(wc -l <"$work/live.txt")" = "$event" ] || fail "$1: not an alert for each event"
}
keep() { rm -rf "$work/kept" && mkdir "$work/kept" && cp "$work"/state.db* "$work/kept"; }
# put_back FILE...: of what was kept; all others of the database are gone.
put_back() {
    rm -f "$work"/state.db*
    (cd "$work/kept" && cp "$@" "$work")
}

start recorder shortfall-recorder --journal "$work/journal" --ingest "ipc://$work/ingest" \
    --reader "ipc://$work/reader" || fail "the recorder did not start"

# --- they are written, two of them, and private -----------------------------------------

aggregator
publish 6
wait_until 20 has_two || fail "no checkpoints: $(checkpoints)"
same_state "running"
[ "$(stat -c %a "$(newest)")" = 600 ] || fail "a checkpoint is open to others"
end_aggregator
[ "$(pos_of "$(newest)")" = "$(status_field "$work/state.db" pos)" ] ||
    fail "no checkpoint at the end"
keep

# --- a start from the newest one ----------------------------------------------------------

aggregator
[ "$(resumed)" = "$(pos_of "$(newest)")" ] || fail "it did not begin with the checkpoint"
publish 3
same_state "resumed"
end_aggregator
# The rules were its own: they were not submitted a second time.
[ "$(grep -c submitted "$work/aggregator.log")" = 0 ] || fail "the rules were said twice"

# --- the database went on without a checkpoint: frames in between have no effects again ----

put_back state.db
cp "$work/kept"/state.db-checkpoint-* "$work"
aggregator
[ "$(resumed)" -lt "$(status_field "$work/state.db" pos)" ] || fail "nothing was behind it"
same_state "frames behind the checkpoint"
keep
end_aggregator
mkdir "$work/late" && cp "$work"/state.db-checkpoint-* "$work/late"

# --- a checkpoint ahead of the database is not used ----------------------------------------

publish 2
aggregator
same_state "two more"
end_aggregator
cp "$work"/state.db-checkpoint-* "$work/late"
rm -f "$work"/state.db*
cp "$work/late"/* "$work"
aggregator
[ -z "$(resumed)" ] || fail "it began with a checkpoint that a new database lacks"
[ "$(unfit)" -ge 1 ] || fail "nothing was said of the checkpoints ahead"
same_state "a new database"
end_aggregator

# --- damaged ones are passed over, one by one ---------------------------------------------

flip() { printf '\377' | dd of="$1" bs=1 seek=3000 conv=notrunc status=none; }
publish 2
aggregator
wait_until 20 has_two || fail "no two checkpoints: $(checkpoints)"
same_state "two are there"
end_aggregator
older=$(checkpoints | head -n 1)
flip "$(newest)"
aggregator
[ "$(unfit)" = 1 ] || fail "the damaged checkpoint was not told"
[ "$(resumed)" = "$(pos_of "$older")" ] || fail "not the older one: $(resumed)"
same_state "one damaged"
end_aggregator
for file in $(checkpoints); do flip "$file"; done
aggregator
[ -z "$(resumed)" ] || fail "it began with a damaged checkpoint"
same_state "all damaged"
end_aggregator

# --- under another name, and with none ------------------------------------------------------

aggregator --producer another
[ -z "$(resumed)" ] || fail "it began with the checkpoint of another name"
same_state "another name"
end_aggregator
rm -f "$work"/state.db-checkpoint-*
mapfile -t kept_options < <(printf '%s\n' "${every[@]}")
every=(--checkpoint-every 0 --checkpoint-events 1)
aggregator
every=("${kept_options[@]}")
publish 1
same_state "without checkpoints"
end_aggregator
[ -z "$(checkpoints)" ] || fail "a checkpoint was written all the same"

# --- killed at any moment ---------------------------------------------------------------------

for ((round = 0; round < ${KILLS:-10}; round++)); do
    aggregator
    publish 2
    kill -KILL "${pid_of[aggregator]}"
    wait "${pid_of[aggregator]}" 2>/dev/null
    publish 1
done
aggregator
same_state "killed"
end_aggregator
! checkpoints | grep -q new || fail "what a killed one left is still there"
echo "$event events, one alert for each, whatever became of the checkpoints"
