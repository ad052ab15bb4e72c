/* Memory that is given back all at once: a list of blocks, one for each allocation. Rule
 * files are read rarely and are small, so nothing here tries to be fast. */
#include "arena.h"

#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    max_align_t data[];
};

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    struct arena_block *block = NULL;

    if (!__builtin_mul_overflow(count, size, &bytes) &&
        !__builtin_add_overflow(bytes, sizeof(*block), &bytes))
        block = calloc(1, bytes);
    if (!block) {
        arena->failed = true;
        return NULL;
    }
    block->next = arena->blocks;
    arena->blocks = block;
    return block->data;
}

const char *arena_copy(struct arena *arena, struct text text)
{
    char *copy = arena_alloc(arena, 1, (size_t)text.len + 1);

    if (copy && text.len > 0)
        memcpy(copy, text.at, text.len);
    return copy;
}

void arena_free(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    arena->failed = false;
}
