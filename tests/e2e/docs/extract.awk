# Splits a Markdown file into what test_docs.sh runs and compares. Writes into the folder
# `out`: script (the ```sh blocks in their order), N.want (the output that is shown behind
# block N), N.codes (the exit codes that block N is said to give), counts (ran, not run).
#
# A comment on the line before a block says what is special about it:
#   <!-- not run: REASON -->     it is left out
#   <!-- exit code 65 -->        one command of it ends with this code
BEGIN { script = out "/script"; printf "" >script }

function wrong(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; bad = 1; exit 1 }

/^ +```/ { wrong("a block stands at the left edge, or it is not found") }

fence != "" && /^```$/ { fence = ""; next }
fence == "run" { print >script; next }
fence == "want" { print >(out "/" n ".want"); next }
fence != "" { next }

/^<!-- not run: .+ -->$/ { skip = 1; next }
/^<!-- exit code [0-9]+ -->$/ { code = $4; next }
/^#/ { last = 0 }

/^```sh$/ {
    if (skip) {
        left_out++
        fence = "left out"
        last = 0
    } else {
        n++
        last = n
        fence = "run"
        printf "docs_begin %d %d\n", n, FNR >script
        print code >(out "/" n ".codes")
    }
    skip = 0
    code = ""
    next
}
/^```$/ {
    fence = last ? "want" : "not output"
    if (last)
        printf "" >(out "/" n ".want")
    last = 0
    next
}
/^```/ { fence = "other"; next }
NF { skip = 0; code = "" }

END {
    if (bad)
        exit 1
    if (fence != "")
        wrong("a block has no end")
    print n + 0, left_out + 0 >(out "/counts")
}
