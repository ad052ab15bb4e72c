#!/usr/bin/env bash
# Every C file is as clang-format would write it.
set -u
cd "$(dirname "$0")/.." || exit 2
mapfile -t files < <(git ls-files '*.c' '*.h')
[ ${#files[@]} -gt 50 ] || { echo "only ${#files[@]} files were found"; exit 1; }
clang-format --dry-run -Werror "${files[@]}" && echo "${#files[@]} files"
