#!/usr/bin/env bash
# clang-tidy with the list of .clang-tidy over every source of the product, one file a run.
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build}
[ -e "$build/compile_commands.json" ] || { echo "build first: $build has no compile commands"; exit 1; }
mapfile -t files < <(git ls-files 'core/*.c' 'proto/*.c' 'bus/*.c' 'storage/*.c' \
    'fold/*.c' 'daemons/*.c' 'tools/*.c' 'data/*.c')
[ ${#files[@]} -gt 50 ] || { echo "only ${#files[@]} files were found"; exit 1; }
# The inner shell expands its own arguments.
# shellcheck disable=SC2016
printf '%s\n' "${files[@]}" |
    xargs -P "$(nproc)" -I {} sh -c 'clang-tidy --quiet -p "$1" "$2" 2>/dev/null ||
        { echo "$2: see above"; exit 255; }' sh "$build" {} || exit 1
echo "${#files[@]} files"
