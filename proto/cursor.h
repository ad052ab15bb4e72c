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
MUST_USE static inline enum status cursor_int(struct cursor *c, int64_t *out);
MUST_USE enum status cursor_uint(struct cursor *c, uint64_t *out);
MUST_USE enum status cursor_flag(struct cursor *c, bool *out);
MUST_USE static inline enum status cursor_text(struct cursor *c, struct text *out);
MUST_USE enum status cursor_bytes(struct cursor *c, struct bytes *out);
MUST_USE static inline enum status cursor_list(struct cursor *c, uint32_t *len);
MUST_USE enum status cursor_map(struct cursor *c, uint32_t *len); /* pairs */

/* Moves over a nil and says true; else stays. */
bool cursor_nil(struct cursor *c);

/* Moves over one value of any type, with at most `depth` lists and maps within each
 * other. ST_INVALID: torn, deeper, or not msgpack. */
MUST_USE enum status cursor_skip(struct cursor *c, unsigned depth);

/* Writes "what: byte N: expected A, found B" of the last failure; returns `st`. */
enum status cursor_explain(const struct cursor *c, enum status st, const char *what,
                           struct why *why);

/* The readers in full, of every form and with every refusal. The three below go past them
 * where a value has the form that it nearly always has. */
MUST_USE enum status cursor_int_any(struct cursor *c, int64_t *out);
MUST_USE enum status cursor_text_any(struct cursor *c, struct text *out);
MUST_USE enum status cursor_list_any(struct cursor *c, uint32_t *len);

/* Eight bytes as a big-endian number; compilers make one load of it. */
static inline uint64_t cursor_load8(const uint8_t *at)
{
    return (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 | (uint64_t)at[2] << 40 |
           (uint64_t)at[3] << 32 | (uint64_t)at[4] << 24 | (uint64_t)at[5] << 16 |
           (uint64_t)at[6] << 8 | (uint64_t)at[7];
}

/* An integer of one byte; or one without a sign, of 1, 2, 4 or 8 more, that is not so
 * near to the end that eight bytes cannot be loaded. */
static inline enum status cursor_int(struct cursor *c, int64_t *out)
{
    size_t left = (size_t)(c->end - c->at);

    if (left > 0 && *c->at < 0x80) {
        *out = *c->at++;
        return ST_OK;
    }
    if (left > 8 && *c->at >= 0xcc && *c->at <= 0xcf) {
        unsigned width = 1U << (*c->at & 3);
        uint64_t number = cursor_load8(c->at + 1) >> (64 - 8 * width);

        if (number <= INT64_MAX) {
            *out = (int64_t)number;
            c->at += 1 + width;
            return ST_OK;
        }
    }
    int64_t any = 0; /* not `out`: a caller's may then stay in a register */
    enum status st = cursor_int_any(c, &any);
    if (!st)
        *out = any;
    return st;
}

/* A text of up to 255 bytes. */
static inline enum status cursor_text(struct cursor *c, struct text *out)
{
    size_t left = (size_t)(c->end - c->at);

    if (left > 1) {
        unsigned head = (*c->at & 0xe0) == 0xa0 ? 1 : 2;
        uint32_t len = head == 1 ? *c->at & 0x1fU : c->at[1];

        if ((head == 1 || *c->at == 0xd9) && len <= left - head) {
            out->at = (const char *)c->at + head;
            out->len = len;
            c->at += head + len;
            return ST_OK;
        }
    }
    struct text any = {NULL, 0}; /* as above */
    enum status st = cursor_text_any(c, &any);
    if (!st)
        *out = any;
    return st;
}

/* A list of up to 15 values, each of which has at least one byte. */
static inline enum status cursor_list(struct cursor *c, uint32_t *len)
{
    size_t left = (size_t)(c->end - c->at);

    if (left > 0 && (*c->at & 0xf0) == 0x90 && (*c->at & 0x0fU) < left) {
        *len = *c->at++ & 0x0fU;
        return ST_OK;
    }
    return cursor_list_any(c, len);
}

#endif
