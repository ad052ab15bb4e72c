#!/usr/bin/env bash
# Rules of the house that a search can keep. Each row: where, what, what to write instead.
set -u
cd "$(dirname "$0")/.." || exit 2
wrong=0

# forbid PATTERN ADVICE PATH...: no line of these paths may match (outside comments).
forbid() {
    local pattern=$1 advice=$2 hits
    shift 2
    hits=$(git grep -nE "$pattern" -- "$@" | grep -vE ':[0-9]+:[[:space:]]*(/?\*|//)')
    [ -n "$hits" ] || return 0
    printf '%s\n      %s\n' "$hits" "$advice"
    wrong=$((wrong + 1))
}

forbid '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|strtod|sscanf)\(' \
    'use text_copy, snprintf, or the parser of decimals, times or options' '*.c' '*.h' ':!tests/*'
forbid '\b(time|gettimeofday|clock_gettime|localtime|gmtime|rand|random|getenv)\(' \
    'core knows no clock, chance or environment: the caller hands them in' 'core/*.c' 'core/*.h'
forbid '\b(malloc|calloc|realloc|free|alloca|strdup)\(' \
    'core takes memory through pool.h, between steps' 'core/*.c' 'core/*.h'
forbid '\b(float|double)[ *]+[a-z_]+ *[;=,)]' 'no floating point: amounts, rates and ratios are integers' \
    'core/*.c' 'core/*.h' 'proto/*.c' 'fold/*.c' 'storage/*.c'
forbid '[.>]base_units' 'only qty.c looks inside an amount: qty_base_units, qty_pico' \
    'core/*.c' 'proto/*.c' 'fold/*.c' 'storage/*.c' 'tools/*.c' 'daemons/*.c' ':!core/qty.c'
forbid '\bgt\(' "Criterion's gt passes on equality: write lt(b, a)" 'tests/*.c'
forbid '\b(sleep|usleep|nanosleep)\(' 'wait on a descriptor' 'tests/*.c' 'bus/*.c' 'daemons/*.c'
forbid '^[[:space:]]*//|[;{}][[:space:]]*//' 'comments that stay are /* */' '*.c' '*.h'
forbid 'setlocale\(' 'numbers are read and written without a locale' '*.c'

long=$(git ls-files '*.c' '*.h' | xargs wc -l | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines: which two ideas are in it?" }')
if [ -n "$long" ]; then
    echo "$long"
    wrong=$((wrong + 1))
fi
[ "$wrong" -eq 0 ] && echo "all rules are kept"
[ "$wrong" -eq 0 ]
