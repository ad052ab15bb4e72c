# An exercise with real processes: recorder, aggregator, notifier and three feeds that race
# over the bundled log. Sourced by quickstart and by the end-to-end tests, never run.
# shellcheck shell=bash
#
# shellcheck disable=SC2154
# The caller sets: bin (folder of the programs), log (folder of the event files), rules (a
# rule file), work (a folder to work in). Processes are known by name: pid_of[recorder].

declare -A pid_of
FEEDS=(shipments prices policies)
log_level=info

# start NAME PROGRAM [OPTION...]: starts it in the background and waits until it is ready.
# Its standard error goes to $work/NAME.log, its standard output to $work/NAME.out.
start() {
    local name=$1 program=$2 ready
    shift 2
    ready=$work/$name.ready
    rm -f "$ready"
    mkfifo "$ready"
    "$bin/$program" "$@" --log-level "$log_level" --ready-fd 7 7>"$ready" \
        >>"$work/$name.out" 2>>"$work/$name.log" &
    pid_of[$name]=$!
    # Ends at once when the program dies: then nobody holds the other end any more.
    read -r _ <"$ready"
    rm -f "$ready"
    kill -0 "${pid_of[$name]}" 2>/dev/null
}

start_recorder() {
    local names
    names=$(IFS=,; echo "${FEEDS[*]}")
    start recorder shortfall-recorder --journal "$work/journal" \
        --ingest "ipc://$work/ingest" --reader "ipc://$work/reader" \
        --exercise "$names,aggregator" "$@"
}

start_aggregator() {
    start aggregator shortfall-aggregator --journal "$work/journal" \
        --ingest "ipc://$work/ingest" --reader "ipc://$work/reader" \
        --serve "ipc://$work/alerts" --db "$work/state.db" --rules "$rules" "$@"
}

start_notifier() {
    start notifier shortfall-notifier --reader "ipc://$work/alerts" \
        --ledger "$work/delivered.db" "$@"
}

# start_feed NAME [OPTION...]: does not wait; a feed is ready when it has read its file.
start_feed() {
    local name=$1
    shift
    "$bin/shortfall-feed" --source "$log/$name.jsonl" --producer "$name" --exercise \
        --ingest "ipc://$work/ingest" --log-level "$log_level" "$@" \
        >>"$work/$name.out" 2>>"$work/$name.log" &
    pid_of[$name]=$!
}

# stop NAME: asks it to end, waits, and returns its exit code.
stop() {
    local pid=${pid_of[$1]:-}
    [ -n "$pid" ] || return 0
    unset "pid_of[$1]"
    kill -TERM "$pid" 2>/dev/null
    wait "$pid"
}

stop_all() {
    local name code=0
    for name in notifier aggregator recorder "${FEEDS[@]}"; do
        stop "$name" || code=$?
    done
    return "$code"
}

# status_field FILE KEY: one number or word of `shortfall status --json`.
status_field() {
    "$bin/shortfall" status --db "$1" --json 2>/dev/null | head -n 1 |
        sed -n "s/.*\"$2\":\"\{0,1\}\([^,\"}]*\).*/\1/p"
}

digest_of() { status_field "$1" digest; }

# The committed form of an alert list: rule, country, commodity, state, at.
alert_list() {
    "$bin/shortfall" alerts --db "$1" --json |
        sed 's/^\(.*"at":"[^"]*"\),.*/\1}/'
}

# caught_up: the database has everything that the journal has, and it is delivered.
caught_up() {
    [ "$(status_field "$work/state.db" lag)" = 0 ] &&
        [ "$(status_field "$work/state.db" transitions)" = "$(wc -l <"$work/notifier.out")" ]
}

# wait_until SECONDS COMMAND...: asks again and again; a test never waits for a fixed time.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.05
    done
}

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    tail -n 5 "$work"/*.log >&2 2>/dev/null
    exit 1
}

# work_folder: a folder to work in, and everything ended and removed when the shell exits.
work_folder() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/shortfall.XXXXXX") || exit 1
    trap 'stop_all >/dev/null 2>&1; rm -rf "$work"' EXIT
}

start_daemons() {
    start_recorder --commit-wait 1ms || fail "the recorder did not start"
    start_aggregator --commit-every 100ms || fail "the aggregator did not start"
    : >>"$work/notifier.out"
    start_notifier --stdout text || fail "the notifier did not start"
}

# wait_for_feeds: until each has ended, which it does when all it read is durable.
wait_for_feeds() {
    local feed
    for feed in "${FEEDS[@]}"; do
        wait "${pid_of[$feed]}" || fail "the feed $feed ended with an error"
        unset "pid_of[$feed]"
    done
}

# prove_same DIR EXPECTED: replays the journal, and the event files, into DIR; all three
# databases must have one digest and the alerts of the file EXPECTED.
prove_same() {
    local keep=$1 expected=$2 feed db live files=()
    mkdir -p "$keep"
    rm -f "$keep"/{journal,files}.db*
    for feed in "${FEEDS[@]}"; do
        files+=("$log/$feed.jsonl")
    done
    "$bin/shortfall" replay --journal "$work/journal" --db "$keep/journal.db" ||
        fail "the journal does not replay"
    "$bin/shortfall" replay "${files[@]}" --rules "$rules" --db "$keep/files.db" ||
        fail "the event files do not replay"
    live=$(digest_of "$work/state.db")
    printf 'digest live     %s\n' "$live"
    printf 'digest journal  %s\n' "$(digest_of "$keep/journal.db")"
    printf 'digest files    %s\n' "$(digest_of "$keep/files.db")"
    [ -n "$live" ] || fail "no digest of the live run"
    [ "$live" = "$(digest_of "$keep/journal.db")" ] || fail "the journal gives another digest"
    [ "$live" = "$(digest_of "$keep/files.db")" ] || fail "the files give another digest"
    for db in "$work/state.db" "$keep/journal.db" "$keep/files.db"; do
        alert_list "$db" | diff -u "$expected" - >"$keep/alerts.diff" || {
            cat "$keep/alerts.diff" >&2
            fail "$(basename "$db"): the alerts are not those of $expected"
        }
    done
}
