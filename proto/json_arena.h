/* Memory for one parse of one line: yajl asks for a handle, a lexer and buffers a line,
 * and cannot be reset; this gives them without malloc and takes all of it back at once.
 */
#ifndef PROTO_JSON_ARENA_H
#define PROTO_JSON_ARENA_H

#include "shortfall/proto/json.h"

#include <yajl/yajl_common.h>

/* yajl has two buffers that double from 2 KiB until a line fits: each, with all the sizes
 * it grew out of, stays below 4 lines. Its handle, lexer and stack of states take the
 * rest. */
#define JSON_ARENA_SIZE (8 * JSON_LINE_MAX + 8192)

struct json_arena {
    size_t len;
    size_t last; /* offset of the newest block, which can grow in place */
    _Alignas(max_align_t) char block[JSON_ARENA_SIZE];
};

void json_arena_clear(struct json_arena *arena);

/* yajl's three functions over the arena; lent `arena`. */
yajl_alloc_funcs json_arena_funcs(struct json_arena *arena);

#endif
