/* What the tests of checkpoints share: bytes in memory, and whether two worlds agree. */
#ifndef SHORTFALL_TESTS_CORE_CHECKPOINT_BYTES_H
#define SHORTFALL_TESTS_CORE_CHECKPOINT_BYTES_H

#include "shortfall/core/checkpoint.h"

#define TRANSITIONS_MAX 512

struct heard {
    struct transition list[TRANSITIONS_MAX];
    size_t len;
};

/* A sink's function: self is a struct heard. */
void hear(void *self, const struct transition *t);

struct buffer {
    unsigned char *bytes;
    size_t len, max, at;
};

struct buffer buffer_new(size_t max); /* its bytes are freed by the test */

/* world_save and world_load, by the buffer; `limit` of memory, 0: none. */
enum status world_bytes(struct world *w, struct buffer *b);
enum status world_of_bytes(struct buffer *b, const struct ruleset *rules, size_t limit,
                           struct world **out);

/* A new world under these rules; NULL: none. */
struct world *world_begun(const struct ruleset *rules, const struct world_sink *sink);

/* Fail the test, naming the seed, where two worlds differ. */
void same_digests(uint64_t seed, const struct world *a, const struct world *b);
void same_balances(uint64_t seed, int64_t as_of, struct world *a, struct world *b);

#endif
