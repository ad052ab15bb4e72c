#!/usr/bin/env bash
# A sanitized test that leaks, or does what C does not define, fails: proved by planting
# both in a Criterion test, which passes them when nobody looks.
set -u
cd "$(dirname "$0")/.." || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cat >"$work/planted.c" <<'EOT'
#include <criterion/criterion.h>
#include <limits.h>
#include <stdlib.h>
Test(planted, leak) { cr_assert(malloc(7) != NULL); }
Test(planted, overflow) { volatile int i = INT_MAX; i = i + 1; cr_assert(1); }
Test(planted, clean) { cr_assert(1); }
EOT
gcc -fsanitize=address,undefined -g -o "$work/planted" "$work/planted.c" -lcriterion || exit 1
for test in leak overflow clean; do
    # What scripts/test asks of the output of a sanitized program.
    "$work/planted" --filter="planted/$test" >"$work/out.txt" 2>&1
    if grep -qE 'LeakSanitizer: detected|runtime error:' "$work/out.txt"; then
        found=yes
    else
        found=no
    fi
    case $test-$found in
    leak-yes | overflow-yes | clean-no) ;;
    *) cat "$work/out.txt"; echo "planted/$test: reported: $found"; exit 1 ;;
    esac
done
echo "a planted leak and a planted overflow are found"
