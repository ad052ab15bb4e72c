#!/usr/bin/env bash
# Every command in the documents is run, and prints what the documents show: the ```sh
# blocks of a file in their order, in one shell, in a copy of the tree's data with the
# programs on PATH. tests/e2e/docs/extract.awk says how a block is marked that is not run.
# Links to files of the tree must lead somewhere.
set -u -o pipefail
bin=$(cd "$1" && pwd)
top=$(cd "$(dirname "$0")/../.." && pwd)
parts=$top/tests/e2e/docs
work=$(mktemp -d "${TMPDIR:-/tmp}/shortfall.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
failed=0 ran=0 left_out=0

complain() {
    printf '%s\n' "$@"
    failed=$((failed + 1))
}

# tree DIR: what a reader has after scripts/quickstart.
tree() {
    mkdir -p "$1/build/quickstart"
    cp -r "$top/data" "$top/config" "$1"
    ln -s "$bin" "$1/build/bin"
    cp "$work/files.db" "$1/build/quickstart"
}

# run_blocks DIR: runs DIR/script in DIR/tree; DIR/N.out is what block N printed, DIR/N.failed
# the exit codes of its commands that failed.
run_blocks() {
    tree "$1/tree"
    {
        cat <<'EOT'
docs_begin() {
    docs_block=$1
    exec >"$DOCS_OUT/$1.out" 2>&1
    echo "$2" >"$DOCS_OUT/$1.line"
    : >"$DOCS_OUT/$1.failed"
}
trap 'echo $? >>"$DOCS_OUT/$docs_block.failed"' ERR
trap 'trap - ERR; kill $(jobs -p) 2>/dev/null; wait' EXIT
EOT
        cat "$1/script"
        echo "echo end >'$1/end'"
    } >"$1/run.sh"
    (cd "$1/tree" && PATH=$bin:$PATH DOCS_OUT=$1 timeout 120 bash "$1/run.sh") \
        </dev/null >"$1/rest.out" 2>&1
}

# check_block DIR N NAME: says what is wrong with block N of the document NAME.
check_block() {
    local at codes
    [ -e "$1/$2.failed" ] || {
        echo "$3: block $2 was not reached"
        return 1
    }
    at=$3:$(cat "$1/$2.line")
    codes=$(cat "$1/$2.failed")
    [ "$codes" = "$(cat "$1/$2.codes")" ] || {
        echo "$at: exit codes of its commands: ${codes:-all 0}"
        cat "$1/$2.out"
        return 1
    }
    [ -e "$1/$2.want" ] || return 0
    awk -f "$parts/compare.awk" "$1/$2.want" "$1/$2.out" && return
    echo "$at: printed something else than is shown"
    diff -u --label shown --label printed "$1/$2.want" "$1/$2.out"
    return 1
}

# check_document FILE NAME DIR: fails if a command or an output is not as the file says.
check_document() {
    local n blocks skipped wrong=0
    mkdir -p "$3"
    awk -v out="$3" -f "$parts/extract.awk" "$1" || return 1
    read -r blocks skipped <"$3/counts"
    ran=$((ran + blocks)) left_out=$((left_out + skipped))
    [ "$blocks" -gt 0 ] || return 0
    run_blocks "$3"
    for ((n = 1; n <= blocks; n++)); do
        check_block "$3" "$n" "$2" || wrong=1
    done
    [ -e "$3/end" ] || { echo "$2: did not run to its end"; cat "$3/rest.out"; wrong=1; }
    [ "$wrong" -eq 0 ]
}

# must_fail NAME: a document on standard input that is wrong must be found to be.
must_fail() {
    cat >"$work/$1.md"
    (check_document "$work/$1.md" "$1" "$work/$1") >/dev/null 2>&1 &&
        complain "a document with a wrong $1 passes"
}

# check_links FILE NAME
check_links() {
    local target dir
    dir=$(dirname "$1")
    while read -r target; do
        [ -e "$dir/${target%%#*}" ] || complain "$2: nothing at $target"
    done < <(grep -oE '\]\([^)#: ]+(#[^)]*)?\)' "$1" | sed 's/^](//; s/)$//')
}

"$bin/shortfall" replay "$top"/data/dprk-2007-2009/*.jsonl --rules "$top/data/rules/dprk.yaml" \
    --db "$work/files.db" >/dev/null || { echo "the bundled log does not replay"; exit 1; }
documents=$(cd "$top" && ls ./*.md docs/*.md docs/how-to/*.md data/*/README.md)
index=0
for name in $documents; do
    index=$((index + 1))
    check_document "$top/$name" "${name#./}" "$work/$index" || failed=$((failed + 1))
done
for name in $documents $(cd "$top" && ls docs/reference/*.md proto/*.md bus/*.md); do
    check_links "$top/$name" "${name#./}"
done

must_fail figure <<'EOT'
```sh
echo "deficit 836"; echo t
```
```
deficit 835
...
```
EOT
must_fail line <<'EOT'
```sh
echo one; echo two
```
```
one
```
EOT
must_fail command <<'EOT'
```sh
false; true
```
EOT
must_fail code <<'EOT'
<!-- exit code 65 -->
```sh
true
```
EOT
must_fail end <<'EOT'
```sh
exit 0
```
EOT
[ "$failed" -eq 0 ] || { echo "$failed documents or links are wrong"; exit 1; }
echo "$index documents: $ran blocks ran, $left_out are marked as not run"
