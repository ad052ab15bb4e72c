#!/usr/bin/env bash
# Builds the fuzz targets as OSS-Fuzz asks for it: with its compiler, flags and engine, into
# $OUT, together with their seeds and words. Takes nothing from the network: the image has
# the packages that scripts/lib/setup.sh lists.
#
#   CC=clang CFLAGS='-g -O1 -fsanitize=address,fuzzer-no-link' \
#       LIB_FUZZING_ENGINE=-fsanitize=fuzzer OUT=/tmp/out tests/fuzz/oss-fuzz-build.sh
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
: "${CC:?}" "${CFLAGS:?}" "${LIB_FUZZING_ENGINE:?}" "${OUT:?}"
work=${WORK:-$OUT/work}
read -ra flags <<<"$CFLAGS"

# Some engines are written in C++: where there is its compiler, it links.
linker=${CXX:-$CC}
read -ra link_flags <<<"${CXXFLAGS:-$CFLAGS}"
read -ra engine <<<"$LIB_FUZZING_ENGINE"

# Their clang is newer than ours and warns of more.
export CCC_OVERRIDE_OPTIONS='# x-Werror'
export LIB_FUZZING_ENGINE
mkdir -p "$OUT" "$work"
cmake -S "$top" -B "$work" -G Ninja -DSHORTFALL_TESTS=OFF -DSHORTFALL_FUZZ=ON
cmake --build "$work" --target shortfall_fold

# Whole programs: where they run there is nothing but the C library.
libraries=("$work/lib/libshortfall_fold.a" "$work/lib/libshortfall_proto.a"
    "$work/lib/libshortfall_core.a" -Xlinker -Bstatic -lmsgpackc -lyajl_s -lyaml -lxxhash
    -Xlinker -Bdynamic)

for source in "$top"/tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    objects=()
    for part in "$source" "$top/tests/fuzz/frames.c"; do
        object=$work/$name-$(basename "$part" .c).o
        "$CC" "${flags[@]}" -std=c17 -D_POSIX_C_SOURCE=200809L -I"$top/include" \
            -c "$part" -o "$object"
        objects+=("$object")
    done
    "$linker" "${link_flags[@]}" "${objects[@]}" -o "$OUT/$name" "${engine[@]}" \
        "${libraries[@]}"
    corpus=$top/tests/fuzz/corpus/${name#fuzz_}
    (cd "$corpus" && cmake -E tar cf "$OUT/${name}_seed_corpus.zip" --format=zip .)
    [ ! -e "$top/tests/fuzz/$name.dict" ] || cp "$top/tests/fuzz/$name.dict" "$OUT/"
done
