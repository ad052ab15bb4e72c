# Reads growth.tsv, then results, and writes how each figure of core/tenth/ is in
# core/long/, as a table in Markdown, and what that says of a log a hundred times as long
# as the long one. With results.awk.
words_of == "growth" { shown[++shown_len] = $1; words[$1] = $2; next }

function figure(size, what) {
    return what == "limit" ? "limit/core/" size : "core/" size "/" what
}
# By computing where that is known at both sizes.
function name_of(size, what) {
    return (figure("long", what) "/cpu") in runs && (figure("tenth", what) "/cpu") in runs ? \
        figure(size, what) "/cpu" : figure(size, what)
}
function row(what,    tenth, long, few, many) {
    tenth = name_of("tenth", what); long = name_of("long", what)
    if (!(tenth in runs) || !(long in runs)) return
    if ((figure("tenth", what) "/cut") in runs || (figure("long", what) "/cut") in runs) return
    few = median_of(tenth); many = median_of(long)
    printf "| %s | %s | %s | %s | %s |\n", words[what], \
        unit[long] (long ~ /\/cpu$/ ? ", computing" : ""), short(few), short(many), \
        few == 0 ? "-" : sprintf("%.2f", many / few)
}
# How much more of the long log's time an event takes for ten times as many events.
function growth_of(what,    decades) {
    decades = log(median_of("core/long/events") / median_of("core/tenth/events")) / log(10)
    return exp(log(median_of(name_of("tenth", what)) / median_of(name_of("long", what))) / decades)
}
# What that makes of 1,000 million events; what becomes cheaper is taken to stay as it is.
function says(what, of,    many, growth, far) {
    if (!(name_of("tenth", what) in runs) || !(name_of("long", what) in runs)) return
    many = 1e9 / median_of(name_of("long", what))
    growth = growth_of(what)
    far = growth > 1 ? many * exp(log(growth) * (9 - log(median_of("core/long/events")) / log(10))) : many
    printf "%s, an event takes %.2f times as much for ten times as many events, %.0f ns in the " \
        "long log. If that goes on, 1,000 million events take %.0f ns each: %s/s, %.1f hours in all.\n", \
        of, growth, many, far, short(1e9 / far), far / 3.6e3
}
function memory(    bytes, facts, gib) {
    if (!("core/long/fold/memory" in runs)) return
    bytes = median_of("core/long/fold/memory")
    facts = median_of("core/long/facts") / median_of("core/long/events") * 1e9
    gib = bytes * facts / 1073741824
    printf "All facts stand in memory, at %.0f bytes each: of 1,000 million events %.0f GiB", bytes, gib
    print (gib > 64 ? ", which ends it before the time does." : ".")
}
END {
    if (!("core/long/events" in runs)) exit
    printf "## Growth\n\n| what | by | %d events | %d events | factor |\n|---|---|---|---|---|\n", \
        median_of("core/tenth/events"), median_of("core/long/events")
    for (i = 1; i <= shown_len; i++) row(shown[i])
    print ""
    says("fold", "With 1,000 rules")
    says("plain", "Without rules")
    memory()
}
