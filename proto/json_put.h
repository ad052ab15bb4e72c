/* JSON into a buffer of the caller's, piece by piece. What does not fit is remembered and
 * told once, at the end, so that the writers need no checks. */
#ifndef PROTO_JSON_PUT_H
#define PROTO_JSON_PUT_H

#include "shortfall/core/status.h"
#include "shortfall/core/text.h"

struct json_line {
    char *out;
    size_t size, len;
    bool full;
};

void json_put(struct json_line *l, const char *bytes, size_t len);
void json_put_plain(struct json_line *l, const char *s);

/* In its quotes: `"`, `\` and control characters escaped, other bytes as they are. */
void json_put_string(struct json_line *l, struct text text);

/* Ends the line with a NUL that *len does not count. ST_FULL: it did not fit. */
MUST_USE enum status json_end(struct json_line *l, size_t *len);

#endif
