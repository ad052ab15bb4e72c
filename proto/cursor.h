/* A place in msgpack bytes, for reading what strangers wrote: it allocates nothing,
 * believes no length (each is compared with the bytes left before it is used), never
 * nests deeper than CURSOR_DEPTH_MAX and never reads beyond `end`. Any width of an
 * integer or a length is accepted; floats are for nobody. */
#ifndef SHORTFALL_PROTO_CURSOR_H
#define SHORTFALL_PROTO_CURSOR_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

#define CURSOR_DEPTH_MAX 4 /* lists and maps within each other, the outermost counted */

struct cursor {
    const uint8_t *begin; /* offsets in messages count from here */
    const uint8_t *at, *end;
    const uint8_t *bad;   /* after a failure: where; and what stood there */
    const char *expected; /* NULL: `found` says it all */
    const char *found;
};

struct cursor cursor_of(struct bytes bytes);
size_t cursor_left(const struct cursor *c);

/* Each reads one value and moves behind it (list and map: to the first thing within).
 * ST_INVALID: another type, or torn; ST_OVERFLOW: an integer that does not fit. The
 * cursor then stands where it stood. What they hand out is lent by the bytes. */
MUST_USE enum status cursor_int(struct cursor *c, int64_t *out);
MUST_USE enum status cursor_uint(struct cursor *c, uint64_t *out);
MUST_USE enum status cursor_flag(struct cursor *c, bool *out);
MUST_USE enum status cursor_text(struct cursor *c, struct text *out);
MUST_USE enum status cursor_bytes(struct cursor *c, struct bytes *out);
MUST_USE enum status cursor_list(struct cursor *c, uint32_t *len);
MUST_USE enum status cursor_map(struct cursor *c, uint32_t *len); /* pairs */

/* Moves over a nil and says true; else stays. */
bool cursor_nil(struct cursor *c);

/* Moves over one value of any type, with at most `depth` lists and maps within each
 * other. ST_INVALID: torn, deeper, or not msgpack. */
MUST_USE enum status cursor_skip(struct cursor *c, unsigned depth);

/* Writes "what: byte N: expected A, found B" of the last failure; returns `st`. */
enum status cursor_explain(const struct cursor *c, enum status st, const char *what,
                           struct why *why);

#endif
