#!/usr/bin/env bash
# The supervisor: everything from one configuration; what is killed comes back and the
# digest stays right; what cannot run is said once; told to stop, all end in order with 0.
set -u -o pipefail
bin=$1
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=scripts/lib/exercise.sh
. "$top/scripts/lib/exercise.sh"
log=$top/data/dprk-2007-2009
rules=$top/data/rules/dprk.yaml
expected=$top/data/dprk-2007-2009/expected/alerts.jsonl
work_folder
trap 'stop run >/dev/null 2>&1; rm -rf "$work"' EXIT
shortfall=$bin/shortfall
config=$work/shortfall.yaml
state=$work

# run_all: starts the supervisor; alerts go to notifier.out, log lines to run.log.
run_all() {
    "$shortfall" run --config "$config" >>"$work/notifier.out" 2>>"$work/run.log" &
    pid_of[run]=$!
}
# row NAME COLUMN: of the supervisor's note: 2 its state, 3 its process, 5 restarts, 6 end.
row() { awk -v name="$1" -v column="$2" '$1 == name { print $column }' "$state/run.state" 2>/dev/null; }
is() { [ "$(row "$1" 2)" = "$2" ]; }
running() { # NAME...
    local name
    for name in "$@"; do is "$name" running || return 1; done
}
came_back() { is "$1" running && [ "$(row "$1" 3)" != "$2" ]; }
gone() { ! kill -0 "$1" 2>/dev/null; }
said() { grep -q "$1" "$work/run.log"; }

# --- an exercise under kills ---------------------------------------------------------

# Small frames and a recorder that waits a little: so that there is time to kill.
cat >"$config" <<EOC
state: .
log_level: debug
recorder:
  commit_wait: 20ms
  exercise: [shipments, prices, policies, aggregator]
aggregator:
  rules: $rules
feeds:
  - {name: shipments, source: $log/shipments.jsonl, batch: 1, window: 1}
  - {name: prices, source: $log/prices.jsonl, batch: 1, window: 1}
  - {name: policies, source: $log/policies.jsonl, batch: 1, window: 1}
EOC
"$shortfall" config check "$config" >/dev/null || fail "the configuration is refused"
run_all
daemons=(recorder aggregator notifier)
wait_until 30 running "${daemons[@]}" || fail "not everything started"
for name in recorder aggregator notifier feed/prices; do
    pid=$(row "$name" 3)
    kill -KILL "$pid" || fail "$name was not running"
    wait_until 30 came_back "$name" "$pid" || fail "$name did not come back"
    said "warn run ended name=$name end=-9 .*restart=" || fail "nothing was said of $name"
done
"$shortfall" run --config "$config" 2>"$work/second.err"
[ $? -eq 1 ] || fail "a second supervisor must be refused"
grep -q "process ${pid_of[run]} supervises there already" "$work/second.err" ||
    fail "it does not name the first: $(cat "$work/second.err")"
fed() {
    local feed
    for feed in "${FEEDS[@]}"; do is "feed/$feed" "done" || return 1; done
}
wait_until 120 fed || fail "the feeds did not end"

# Nobody but the declared feeds may publish here: the recorder counts what it refuses.
echo '{"kind":"stock","source":"t","id":"s","time":"2009-12-31","country":"PRK","commodity":"rice","quantity":10,"unit":"t"}' |
    "$shortfall" publish - --ingest "ipc://$work/run/ingest" --timeout 20s >/dev/null 2>&1 &&
    fail "a stranger published in an exercise"
refused() {
    "$shortfall" status --config "$config" --json 2>/dev/null | head -n 1 |
        grep -q '"refused":[1-9]'
}
wait_until 30 refused || fail "status does not count the refusal"
settled() { [ "$(status_field "$work/state.db" lag)" = 0 ]; }
wait_until 120 settled || fail "the aggregator did not catch up"
delivered() { [ "$(sort -u "$work/notifier.out" | wc -l)" -ge "$(wc -l <"$expected")" ]; }
wait_until 120 delivered || fail "not every alert was delivered"
"$shortfall" status --config "$config" >"$work/status.txt" || fail "status failed"
for text in "supervisor   process ${pid_of[run]} since" \
    'recorder *running  process .*, started again [0-9]* times*, ended before by signal 9' \
    'feed/prices *done' 'refusals     [1-9][0-9]* frames refused' 'last commit  20' \
    '0 frames behind' 'quarantine'; do
    grep -q -- "$text" "$work/status.txt" || fail "status lacks \"$text\": $(cat "$work/status.txt")"
done
pids=("$(row recorder 3)" "$(row aggregator 3)" "$(row notifier 3)")
stop run || fail "the supervisor ended with $?"
for pid in "${pids[@]}"; do
    gone "$pid" || fail "process $pid was left behind"
done
sed -n 's/.* info run stopped name=\([a-z]*\) end=0$/\1/p' "$work/run.log" >"$work/order.txt"
printf 'notifier\naggregator\nrecorder\n' | cmp -s - "$work/order.txt" ||
    fail "stopped in another order: $(tr '\n' ' ' <"$work/order.txt")"
"$shortfall" status --config "$config" | grep -q '^supervisor   not running' ||
    fail "status believes a supervisor that has ended"
prove_same "$work/proof" "$expected"

# --- what cannot run is said once, and the rest runs ------------------------------------

mkdir "$work/live"
state=$work/live
: >"$work/run.log"
cat >"$config" <<EOC
state: live
journal: journal # the exercise's
feeds:
  - {name: prices, source: $log/prices.jsonl}
EOC
run_all
waits() { is feed/prices waiting; }
wait_until 30 waits || fail "the feed of another clock did not end"
wait_until 30 running recorder aggregator notifier || fail "not everything else started"
[ "$(row feed/prices 6)" = exit-78 ] || fail "it ended with $(row feed/prices 6)"
said 'error run ended name=feed/prices end=78 why=".*configuration.*" restart=30s' ||
    fail "no reason, or in a hurry: $(grep feed/prices "$work/run.log")"

# The supervisor itself is killed: nothing goes on behind its back.
pids=("$(row recorder 3)" "$(row aggregator 3)" "$(row notifier 3)")
kill -KILL "${pid_of[run]}"
{ wait "${pid_of[run]}"; } 2>/dev/null
unset 'pid_of[run]'
for pid in "${pids[@]}"; do
    wait_until 30 gone "$pid" || fail "process $pid outlives its supervisor"
done

# --- live, and a Ctrl-C -----------------------------------------------------------------

rm -rf "$work/live"
cat >"$config" <<EOC
state: live
notifier:
  stdout: json
EOC
run_all
wait_until 30 running recorder aggregator notifier || fail "not everything started"
echo '{"kind":"stock","source":"t","id":"s","time":"2008-01-01","country":"PRK","commodity":"rice","quantity":10,"unit":"t"}' |
    "$shortfall" publish - --ingest "ipc://$work/live/run/ingest" --timeout 20s >"$work/position.txt" ||
    fail "publish failed"
grep -q 'position 2' "$work/position.txt" || fail "no position: $(cat "$work/position.txt")"
applied() { [ "$(status_field "$work/live/state.db" applied)" = 1 ]; }
wait_until 30 applied || fail "the event was not applied"
[ "$(stat -c %a "$work/live/run")" = 700 ] || fail "others may look into the folder of the sockets"
kill -INT "${pid_of[run]}"
wait "${pid_of[run]}" || fail "a Ctrl-C gave exit code $?"
unset 'pid_of[run]'

# --- one validator ----------------------------------------------------------------------

printf 'version: 1\ngroups: {}\n' >"$work/bad-rules.yaml"
cat >"$config" <<'EOC'
recorder:
  rotate: 1MB
  serve: ipc:///x
aggregator:
  rules: bad-rules.yaml
notifer: {}
EOC
"$shortfall" config check "$config" >/dev/null 2>"$work/check.err"
[ $? -eq 78 ] || fail "check must give exit code 78"
"$shortfall" run --config "$config" 2>"$work/run.err"
[ $? -eq 78 ] || fail "run must give exit code 78"
cmp -s "$work/check.err" "$work/run.err" || fail "run and check say different things"
sed "s,$work/,,g; /^bad-rules.yaml: 1 error/d" "$work/check.err" | diff - /dev/fd/3 3<<'EOC' || fail "the errors are others"
shortfall.yaml:2:11: error: "1MB": expected a size such as 4096, 64KiB, 256MiB or 1GiB
  rotate: 1MB
          ^
shortfall.yaml:3:3: error: "serve" does not belong into "recorder": it stands at the top of the file
  serve: ipc:///x
  ^
shortfall.yaml:6:1: error: unknown key "notifer" in a configuration (did you mean "notifier"?)
notifer: {}
^
shortfall.yaml: 3 errors
bad-rules.yaml:2:9: error: "groups" must be a list
groups: {}
        ^
EOC
printf 'state: s\nrecorder:\n  rotate: 1GiB\n' >"$config"
"$shortfall" config show "$config" >"$work/show.txt" || fail "show failed"
grep -qE "^recorder\.rotate +1GiB +$config:3\$" "$work/show.txt" || fail "no origin in the file"
grep -qE "^journal +$work/s/journal +default\$" "$work/show.txt" || fail "no default"
"$shortfall" config show "$config" --json |
    grep -qF "{\"key\":\"recorder.rotate\",\"value\":\"1GiB\",\"origin\":\"file\",\"file\":\"$config\",\"line\":3,\"column\":11}" ||
    fail "no JSON"
"$shortfall" config chek "$config" 2>"$work/chek.err"
[ $? -eq 2 ] || fail "a command that is not there must give exit code 2"
grep -q 'did you mean "check"' "$work/chek.err" || fail "no suggestion"
"$shortfall" config check "$work/nowhere.yaml" 2>/dev/null
[ $? -eq 78 ] || fail "a file that is not there must give exit code 78"
XDG_STATE_HOME=$work/xdg "$shortfall" config show "$top/config/shortfall.yaml" |
    grep -qE "^state +$work/xdg/shortfall +default\$" || fail "the example does not stand"
echo "four daemons and three feeds came back, stopped in order, and one validator for all"
