#!/usr/bin/env bash
# Every script passes shellcheck.
set -u
cd "$(dirname "$0")/.." || exit 2
mapfile -t files < <(git ls-files | while read -r file; do
    head -n 1 "$file" 2>/dev/null | grep -qaE '^#!.*(ba)?sh$' && echo "$file"
done; git ls-files 'scripts/lib/*.sh')
[ ${#files[@]} -gt 5 ] || { echo "only ${#files[@]} scripts were found"; exit 1; }
shellcheck -x "${files[@]}" && echo "${#files[@]} scripts"
