# What report.awk and growth.awk share: results (round TAB name TAB unit TAB value) and
# their medians. Before each other file stands words_of=NAME.
BEGIN { FS = "\t" }
/^#/ { next }
words_of == "results" {
    n = ++runs[$2]
    value[$2, n] = $4
    of_round[$2, $1] = $4
    unit[$2] = $3
    if ($1 > rounds) rounds = $1
    parts[part_of($2)] = 1
    next
}

function part_of(name) { sub(/\/.*/, "", name); return name }

# min, median and max of list[1..n] into low, middle, high.
function spread(n,    i, j, held) {
    for (i = 2; i <= n; i++) {
        held = list[i]
        for (j = i - 1; j > 0 && list[j] > held; j--) list[j + 1] = list[j]
        list[j + 1] = held
    }
    low = list[1]; high = list[n]
    middle = n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
function spread_of(name,    i) {
    for (i = 1; i <= runs[name]; i++) list[i] = value[name, i]
    spread(runs[name])
}
function median_of(name) {
    spread_of(name)
    return middle
}
function short(x) {
    if (x == "-") return "-"
    if (x >= 1e6) return sprintf("%.2f M", x / 1e6)
    if (x >= 1e4) return sprintf("%.0f k", x / 1e3)
    if (x >= 1e3) return sprintf("%.2f k", x / 1e3)
    if (x >= 100) return sprintf("%.0f", x)
    return sprintf("%.3g", x)
}
