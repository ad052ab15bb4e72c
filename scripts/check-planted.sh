#!/usr/bin/env bash
# Plants the bugs of tests/planted/bugs.txt in core/, one by one in a copy, and demands
# that the tests fail each time. Prints a line a bug; exit 1 if one is not caught, cannot
# be planted or does not compile.
# Usage: check-planted.sh [BUILD] [WORD]: only bugs whose description has the word.
set -u -o pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$top/build}
only=${2:-}
bugs=$top/tests/planted/bugs.txt
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# The oracle proves nothing about what it shares with the core.
shared=$(grep -nE '#include "(\.\./|[^"]*core/(world|state|run|path|timeline|ledger|metric|view)\.h)' \
    "$top"/tests/core/oracle*.[ch] | grep -v '"shortfall/core/world.h"')
if [ -n "$shared" ]; then
    echo "$shared"
    echo "the oracle may include headers of values only"
    exit 1
fi
calls=$(nm -u "$build"/tests/CMakeFiles/test_core.dir/core/oracle*.o 2>/dev/null |
    grep -E ' (world|timeline|path|run|view|metric_compare|ledger|fact|pledge|policy)_')
if [ -n "$calls" ]; then
    echo "the oracle calls the core: $calls"
    exit 1
fi

cmake --build "$build" --target test_core >"$work/build.log" 2>&1 || {
    tail -n 20 "$work/build.log"
    echo "test_core does not build"
    exit 1
}
objects=("$build"/tests/CMakeFiles/test_core.dir/core/*.o)
libraries=("$build"/lib/libshortfall_core.a -lcriterion -lxxhash)
flags=(-std=c17 -O1 -w -D_POSIX_C_SOURCE=200809L -I"$top/include" -I"$build/generated")

# plant NUMBER DESCRIPTION FILE SED FILTER: prints its line; false if it is not caught.
plant() {
    local number=$1 what=$2 file=$3 sed=$4 filter=$5 dir=$work/$1 changed out
    mkdir -p "$dir/core"
    cp "$top"/core/*.h "$dir/core/"
    sed -e "$sed" "$top/$file" >"$dir/$file" || { echo "BROKEN  $what: sed"; return 1; }
    changed=$(diff "$top/$file" "$dir/$file" | grep -c '^[<>]')
    if [ "$changed" -ne 2 ]; then
        echo "BROKEN  $what: changes $changed lines of $file, not one"
        return 1
    fi
    if ! gcc "${flags[@]}" -c -o "$dir/planted.o" "$dir/$file" 2>"$dir/log" ||
        ! gcc -o "$dir/test" "${objects[@]}" "$dir/planted.o" "${libraries[@]}" 2>>"$dir/log"; then
        echo "BROKEN  $what: $(head -n 3 "$dir/log")"
        return 1
    fi
    # Few worlds first: most bugs show at once.
    for worlds in 400 4000 20000; do
        out=$(SHORTFALL_WORLDS=$worlds SHORTFALL_SHRINK=no timeout 60 "$dir/test" \
            --filter="$filter" --fail-fast --color=never 2>&1)
        if grep -qE 'Failing: [1-9]|Crashing: [1-9]' <<<"$out"; then
            rm -rf "$dir"
            printf 'caught  within %5d worlds  %s: %s\n' "$worlds" "$file" "$what"
            return 0
        fi
        [[ $filter == oracle/* ]] || break # other tests have their own size
    done
    echo "ALIVE   $what ($file): $(tail -n 1 <<<"$out")"
    return 1
}

number=0
bug='' file='' script='' filter=''
flush() {
    [ -n "$bug" ] || return 0
    if [[ $bug == *"$only"* ]]; then
        number=$((number + 1))
        while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || true; done
        { plant "$number" "$bug" "$file" "$script" "${filter:-oracle/*}" || touch "$work/failed"; } \
            >"$work/line.$number" 2>&1 &
    fi
    bug='' file='' script='' filter=''
}
while IFS= read -r line; do
    case $line in
    'bug  '*) flush; bug=${line#bug  } ;;
    'file '*) file=${line#file } ;;
    'sed  '*) script=${line#sed  } ;;
    'by   '*) filter=${line#by   } ;;
    '' | '#'*) ;;
    *) echo "what is \"$line\"?"; touch "$work/failed" ;;
    esac
done <"$bugs"
flush
wait
for ((i = 1; i <= number; i++)); do cat "$work/line.$i"; done
if [ "$number" -eq 0 ] || { [ -z "$only" ] && [ "$number" -lt 20 ]; }; then
    echo "only $number bugs were planted"
    exit 1
fi
if [ -e "$work/failed" ]; then
    echo "not every bug is caught"
    exit 1
fi
echo "all $number bugs are caught"
