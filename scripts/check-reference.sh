#!/usr/bin/env bash
# docs/reference and man are what the programs say of themselves: made again in a temporary
# folder, they must be the committed ones.
set -u -o pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
bin=${1:-$top/build/bin}
work=$(mktemp -d "${TMPDIR:-/tmp}/shortfall.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
made=$("$top/scripts/make-reference" "$bin" "$work") || exit 1
for folder in docs/reference man; do
    diff -ru "$top/$folder" "$work/$folder" || {
        echo "$folder is not what the programs say: run scripts/make-reference"
        exit 1
    }
done
echo "$made, as committed"
