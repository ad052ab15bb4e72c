/* Events as JSON lines. */
#ifndef SHORTFALL_PROTO_JSON_H
#define SHORTFALL_PROTO_JSON_H

#include "shortfall/core/event.h"

/* Where a line is wrong, ready to print as file:line:column: field: text. */
struct json_error {
    unsigned column;  /* bytes from 1 */
    char field[32];   /* "" where no field is concerned */
    char text[300];   /* what was found and what is allowed, with a suggestion */
};

struct json_reader; /* keeps the buffers of one line; one is enough for a file */

MUST_USE enum status json_reader_new(struct json_reader **out);
void json_reader_free(struct json_reader *r);

/* Reads one line (without its newline) into `out`, converted with factor set `set` and
 * checked by event_check. Texts are lent until the next call on this reader. ST_INVALID,
 * ST_OVERFLOW with the first error. */
MUST_USE enum status json_read_event(struct json_reader *r, struct text line,
                                     factor_set_id set, struct event *out,
                                     struct json_error *error);

/* Writes the event as one JSON object without a newline, as stated (original number and
 * unit). ST_FULL: does not fit `size`. *len excludes the final NUL. */
MUST_USE enum status json_write_event(const struct event *ev, char *out, size_t size,
                                      size_t *len);

#endif
