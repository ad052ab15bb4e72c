# Whether an output is the one that a document shows: awk -f compare.awk WANT GOT. `...` on
# a line of its own stands for any lines, within a line for any characters.
FILENAME == ARGV[1] { want[++wants] = $0; next }
{ got[++gots] = $0 }

# The pieces between the dots, in their order: the first at the start, the last at the end.
function same_line(pattern, line,    pieces, k, i, at) {
    k = split(pattern, pieces, /\.\.\./)
    if (k <= 1)
        return pattern == line
    if (substr(line, 1, length(pieces[1])) != pieces[1])
        return 0
    line = substr(line, length(pieces[1]) + 1)
    for (i = 2; i < k; i++) {
        at = index(line, pieces[i])
        if (!at)
            return 0
        line = substr(line, at + length(pieces[i]))
    }
    return length(line) >= length(pieces[k]) &&
           substr(line, length(line) - length(pieces[k]) + 1) == pieces[k]
}

function same(w, g,    skip) {
    if (w > wants)
        return g > gots
    if (want[w] ~ /^ *\.\.\.$/) {
        for (skip = g; skip <= gots + 1; skip++)
            if (same(w + 1, skip))
                return 1
        return 0
    }
    return g <= gots && same_line(want[w], got[g]) && same(w + 1, g + 1)
}

END {
    while (gots && got[gots] == "") # a sheet ends with an empty line
        gots--
    exit !same(1, 1)
}
