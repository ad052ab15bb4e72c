/* Memory that is given back all at once. Private to proto; never used per event. */
#ifndef PROTO_ARENA_H
#define PROTO_ARENA_H

#include "shortfall/core/text.h"

struct arena_block;

/* Zero-initialised is empty. */
struct arena {
    struct arena_block *blocks;
    bool failed; /* some allocation got NULL: the system has no memory left */
};

/* `count` times `size` bytes, zeroed, aligned for anything, valid until arena_free; NULL
 * when there is no memory (see `failed`). */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* A copy with a final NUL; NULL as above. */
const char *arena_copy(struct arena *arena, struct text text);

void arena_free(struct arena *arena);

#endif
