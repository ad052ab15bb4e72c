#!/usr/bin/env bash
# The arrows of the house: a file may include only what its folder may know. Prints every
# include that runs against them; exit 1 if there is one.
set -u
cd "$(dirname "$0")/.." || exit 2

# folder: the layers whose contracts (include/shortfall/LAYER/) it may include.
allowed() {
    case $1 in
    core) echo core ;;
    proto) echo "core proto" ;;
    bus) echo "core bus" ;;
    storage) echo "core storage" ;;
    fold) echo "core proto storage fold" ;;
    daemons | tools) echo "core proto bus storage fold daemons" ;;
    esac
}

# folder: headers of the system's libraries it may include beside the C library's.
libraries() {
    case $1 in
    core) echo 'xxhash.h' ;;
    proto) echo 'msgpack(\.h|/.*)|yajl/.*|yaml.h' ;;
    bus) echo 'zmq.h' ;;
    storage) echo 'sqlite3.h|sodium.h' ;;
    tools) echo '(msgpack|sodium|sqlite3|xxhash|yaml|zmq)\.h|yajl/yajl_version\.h' ;;
    *) echo 'none' ;;
    esac
}

ALL_LIBRARIES='(xxhash|zmq|sqlite3|sodium|yaml|msgpack)\.h|msgpack/.*|yajl/.*'
wrong=0
checked=0
for folder in core proto bus storage fold daemons tools; do
    for file in "$folder"/*.[ch] include/shortfall/"$folder"/*.h; do
        [ -e "$file" ] || continue
        checked=$((checked + 1))
        while read -r line include; do
            case $include in
            \"shortfall/*)
                layer=${include#\"shortfall/}
                layer=${layer%%/*}
                case " $(allowed "$folder") " in
                *" $layer "*) continue ;;
                esac
                ;;
            \"*/*) ;; # a private header of another folder
            \"*) continue ;;
            \<*)
                name=${include#<}
                name=${name%>}
                [[ $name =~ ^($ALL_LIBRARIES)$ ]] || continue
                [[ $name =~ ^($(libraries "$folder"))$ ]] && continue
                ;;
            esac
            echo "$file:$line: $folder may not include $include"
            wrong=$((wrong + 1))
        done < <(sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]+([<"][^>"]*[>"]).*/\1/p;=' "$file" |
            awk '/^[<"]/ { held = $0; next } held != "" { print $0, held; held = "" }')
    done
done
[ "$checked" -gt 50 ] || { echo "only $checked files were found"; exit 1; }
[ "$wrong" -eq 0 ] && echo "$checked files, every include runs with the arrows"
[ "$wrong" -eq 0 ]
