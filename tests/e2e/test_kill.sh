#!/usr/bin/env bash
# kill -9 of each daemon, ten times each, while frames are unacknowledged; afterwards the
# digests are equal and the alerts are the committed ones, each delivered.
set -u -o pipefail
bin=$1
rounds=${KILLS:-10}
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=scripts/lib/exercise.sh
. "$top/scripts/lib/exercise.sh"
log=$top/data/dprk-2007-2009
rules=$top/data/rules/dprk.yaml
expected=$top/data/dprk-2007-2009/expected/alerts.jsonl
log_level=debug
work_folder

# Small frames, few of them on their way, and a recorder that lets each wait a little: so
# there is always something unacknowledged, and the feed lasts long enough to be disturbed.
recorder_options=(--commit-wait 20ms)
feed_options=(--batch 1 --window 1)

# last LOG WORD: the highest number that a feed's log says was sent, or is durable.
last() {
    sed -n "s/.* debug feed $2 number=\([0-9]*\).*/\1/p" "$1" 2>/dev/null | sort -n | tail -n 1
}
unacknowledged() {
    local feed sum=0 sent durable
    for feed in "${FEEDS[@]}"; do
        sent=$(last "$work/$feed.log" sent)
        durable=$(last "$work/$feed.log" durable)
        sum=$((sum + ${sent:-0} - ${durable:-0}))
    done
    echo "$sum"
}
feeding() {
    local feed
    for feed in "${FEEDS[@]}"; do
        [ -z "${pid_of[$feed]:-}" ] || ! kill -0 "${pid_of[$feed]}" 2>/dev/null || return 0
    done
    return 1
}
again() {
    case $1 in
    recorder) start_recorder "${recorder_options[@]}" ;;
    aggregator) start_aggregator ;;
    notifier) start_notifier ;;
    *) start_feed "$1" "${feed_options[@]}" ;;
    esac
}

declare -A killed frames
# kill_one NAME: counts only if something was unacknowledged at the moment of the kill.
kill_one() {
    local name=$1 pid=${pid_of[$1]:-} open
    [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 1
    kill -STOP "$pid" 2>/dev/null
    open=$(unacknowledged)
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    if [ "$open" -gt 0 ]; then
        killed[$name]=$((${killed[$name]:-0} + 1))
        frames[$name]=$((${frames[$name]:-0} + open))
    fi
    again "$name" || fail "$name did not come back"
}

start_recorder "${recorder_options[@]}" || fail "the recorder did not start"
start_aggregator || fail "the aggregator did not start"
: >"$work/notifier.out"
start_notifier || fail "the notifier did not start"
for feed in "${FEEDS[@]}"; do
    start_feed "$feed" "${feed_options[@]}"
done
victims=(recorder aggregator notifier "${FEEDS[@]}")
for ((round = 0; round < 4 * rounds; round++)); do
    for name in "${victims[@]}"; do
        [ "${killed[$name]:-0}" -ge "$rounds" ] || kill_one "$name" || true
    done
    feeding || break
done
wait_for_feeds
settled() { [ "$(status_field "$work/state.db" lag)" = 0 ]; }
wait_until 120 settled || fail "the aggregator did not catch up"
delivered() {
    [ "$(sort -u "$work/notifier.out" | wc -l)" -ge "$(wc -l <"$expected")" ]
}
wait_until 120 delivered || fail "not every alert was delivered"
stop_all || fail "a daemon did not end cleanly"
for name in "${victims[@]}"; do
    echo "$name: killed ${killed[$name]:-0} times with ${frames[$name]:-0} frames unacknowledged"
done
for name in recorder aggregator notifier; do
    [ "${killed[$name]:-0}" -ge "$rounds" ] || fail "$name was not killed often enough"
done
fed=0
for feed in "${FEEDS[@]}"; do
    fed=$((fed + ${killed[$feed]:-0}))
done
[ "$fed" -ge "$rounds" ] || fail "the feeds were not killed often enough"
prove_same "$work/proof" "$expected"
