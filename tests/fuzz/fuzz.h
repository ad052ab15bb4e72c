/* What the fuzz targets share. A target is one function over any bytes; a fuzzer calls it
 * from a program of its own, replay_corpus.c under a name of its own. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* 0, always: what must not be is an abort. The bytes are lent. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_fail(const char *what, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: must hold: %s\n", file, line, what);
    abort();
}

/* Not assert: what stands in it is also done. */
#define MUST(what) ((what) ? (void)0 : fuzz_fail(#what, __FILE__, __LINE__))

#endif
