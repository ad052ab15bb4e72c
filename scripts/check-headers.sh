#!/usr/bin/env bash
# Each header compiles alone: it includes what it uses.
set -u
cd "$(dirname "$0")/.." || exit 2
mapfile -t headers < <(git ls-files 'include/*.h' 'core/*.h' 'proto/*.h' 'bus/*.h' \
    'storage/*.h' 'fold/*.h' 'daemons/*.h' 'tools/*.h' 'data/*.h')
[ ${#headers[@]} -gt 40 ] || { echo "only ${#headers[@]} headers were found"; exit 1; }
flags=(-std=c17 -D_POSIX_C_SOURCE=200809L -Iinclude -fsyntax-only -Wall -Wextra -Werror)
# shellcheck disable=SC2207
flags+=($(pkg-config --cflags libzmq msgpack sqlite3 yajl yaml-0.1 libsodium libxxhash))
wrong=0
for header in "${headers[@]}"; do
    # Twice: the guard is there too. The function gives the file something of its own.
    printf '#include "%s"\n#include "%s"\nint alone(void);\n' "$PWD/$header" "$PWD/$header" |
        gcc "${flags[@]}" -I "$(dirname "$header")" -x c - || {
        echo "$header does not compile alone"
        wrong=$((wrong + 1))
    }
done
[ "$wrong" -eq 0 ] && echo "${#headers[@]} headers"
[ "$wrong" -eq 0 ]
