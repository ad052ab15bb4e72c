/* A bump allocator with the contract that yajl expects. yajl 2.1 does not look whether an
 * allocation failed, so one that does not fit must end the process: the size is proved
 * from JSON_LINE_MAX, and to be wrong about it is an error of ours. */
#include "json_arena.h"

#include <assert.h>
#include <string.h>

#define ALIGNMENT _Alignof(max_align_t)

void json_arena_clear(struct json_arena *arena)
{
    arena->len = 0;
    arena->last = 0;
}

static void *arena_malloc(void *self, size_t size)
{
    struct json_arena *arena = self;

    assert(size <= JSON_ARENA_SIZE - arena->len);
    arena->last = arena->len;
    arena->len += size;
    arena->len += (ALIGNMENT - arena->len % ALIGNMENT) % ALIGNMENT;
    assert(arena->len <= JSON_ARENA_SIZE);
    return arena->block + arena->last;
}

/* The newest block grows where it stands; another is copied. How long the other was is
 * not known: it ends before the newest, so no more than that is copied. */
static void *arena_realloc(void *self, void *old, size_t size)
{
    struct json_arena *arena = self;
    size_t from;
    size_t known;
    void *grown;

    if (!old)
        return arena_malloc(arena, size);
    from = (size_t)((char *)old - arena->block);
    assert(from <= arena->last);
    if (from == arena->last) {
        arena->len = arena->last;
        return arena_malloc(arena, size);
    }
    known = arena->len - from;
    grown = arena_malloc(arena, size);
    memcpy(grown, old, size < known ? size : known);
    return grown;
}

static void arena_free(void *self, void *old)
{
    (void)self;
    (void)old;
}

yajl_alloc_funcs json_arena_funcs(struct json_arena *arena)
{
    return (yajl_alloc_funcs){
        .malloc = arena_malloc,
        .realloc = arena_realloc,
        .free = arena_free,
        .ctx = arena,
    };
}
