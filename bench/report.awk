# Reads figures.tsv, then results, and writes a table in Markdown, or JSON when form is
# "json". -v reference: iterations a second of `calibrate` that go with the figures of
# house.md. A figure NAME may have a twin NAME/cpu: the same by the time that the process
# computed. With results.awk.
words_of == "figures" {
    shown[++shown_len] = $1
    words[$1] = $2; limit[$1] = $3; house[$1] = $4; goal[$1] = $5; least[$1] = $6
    share[$1] = $7; by[$1] = $8
    next
}

# Which of the twins is shown.
function shown_as(name, title) {
    return by[title] == "cpu" && (name "/cpu") in runs ? name "/cpu" : name
}
# Of the figure to its limit, each round by itself. Below 1 is always worse than the limit.
function spread_ratio(title,    i, n, over, ours, theirs) {
    n = 0
    ours = shown_as(title, title)
    theirs = shown_as(limit[title], title)
    for (i = 1; i <= rounds; i++) {
        if (!((ours, i) in of_round) || !((theirs, i) in of_round)) continue
        over = of_round[ours, i] / of_round[theirs, i]
        list[++n] = lower_is_better(ours) ? 1 / over : over
    }
    if (n) spread(n)
    return n
}
function lower_is_better(name) { return unit[name] != "1/s" }

function no_worse(name, value, than) { return lower_is_better(name) ? value <= than : value >= than }
# What the limit program reaches of what house.md says of such a program, on this machine
# as it is now. Below 0.8 our share of it would flatter.
function limit_state(title,    due, scale) {
    if (house[title] == "-" || !(limit[title] in runs)) return "-"
    scale = scale_of[by[title]]
    spread_of(shown_as(limit[title], title))
    due = lower_is_better(limit[title]) ? house[title] / scale / middle : middle / (house[title] * scale)
    return sprintf("%.2f%s", due, due >= 0.8 ? "" : " (below 0.8)")
}
function verdict(title, ratio,    reached, text) {
    spread_of(shown_as(title, title))
    if (goal[title] == "-") return "-"
    reached = no_worse(title, middle, goal[title])
    text = short(goal[title]) ": " (reached ? "reached" : "missed")
    if (!reached && least[title] != "-")
        text = text ", floor " short(least[title]) (no_worse(title, middle, least[title]) ? " reached" : " missed")
    if (share[title] != "-")
        text = text "; " share[title] " of the limit: " (ratio >= share[title] ? "reached" : "missed")
    return text
}
# A program that was cut off: its rate is that of the beginning of the log.
function cut_off(title) {
    return (title "/cut") in runs ? ", cut off after " short(median_of(title "/cut")) " events" : ""
}
function table(    i, title, name, n, theirs, ratio, of_limit, text) {
    printf "calibrate: %s/s by the wall, %s/s by computing time (medians of %d), reference %s/s: ", \
        short(median_of("calibrate")), short(median_of("calibrate/cpu")), runs["calibrate"], short(reference)
    printf "scale %.2f and %.2f.\n\n", scale_of["wall"], scale_of["cpu"]
    print "| what | by | min | median | max | limit | of the limit: min, median, max | limit against house.md | goal |"
    print "|---|---|---|---|---|---|---|---|---|"
    for (i = 1; i <= shown_len; i++) {
        title = shown[i]
        if (!(title in runs)) {
            if (goal[title] != "-" && part_of(title) in parts)
                printf "| %s | - | - | - | - | - | - | - | %s: not measured |\n", words[title], \
                    short(goal[title])
            continue
        }
        name = shown_as(title, title)
        theirs = shown_as(limit[title], title)
        n = spread_ratio(title)
        ratio = middle
        of_limit = n ? sprintf("%.3g, %.3g, %.3g", low, middle, high) : "-"
        theirs = theirs in runs ? short(median_of(theirs)) : "-"
        text = words[title] cut_off(title)
        spread_of(name)
        printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", text, \
            unit[name] (by[title] == "cpu" ? ", computing" : ""), short(low), short(middle), \
            short(high), theirs, of_limit, limit_state(title), verdict(title, ratio)
    }
}
function json_row(name, first) {
    spread_of(name)
    printf "%s\n    {\"name\":\"%s\",\"unit\":\"%s\",\"runs\":%d,\"min\":%.3f,\"median\":%.3f,\"max\":%.3f", \
        first ? "" : ",", name, unit[name], runs[name], low, middle, high
    if (name in limit && spread_ratio(name))
        printf ",\"limit\":\"%s\",\"by\":\"%s\",\"of_limit\":{\"min\":%.4f,\"median\":%.4f,\"max\":%.4f}", \
            limit[name], by[name], low, middle, high
    printf "}"
}
function json(    name, first) {
    printf "{\n  \"reference\":%.0f,\n  \"scale\":{\"wall\":%.4f,\"cpu\":%.4f},\n  \"results\":[", \
        reference, scale_of["wall"], scale_of["cpu"]
    first = 1
    for (name in runs) { json_row(name, first); first = 0 }
    print "\n  ]\n}"
}
END {
    if (!runs["calibrate"]) { print "no results" > "/dev/stderr"; exit 1 }
    scale_of["wall"] = median_of("calibrate") / reference
    scale_of["cpu"] = median_of("calibrate/cpu") / reference
    if (form == "json") json()
    else table()
}
