/* Events as JSON lines: one object a line, every key known, every number read digit by
 * digit. What is wrong is told by column, field and reason. */
#ifndef SHORTFALL_PROTO_JSON_H
#define SHORTFALL_PROTO_JSON_H

#include "shortfall/core/event.h"

#define JSON_LINE_MAX 65536 /* bytes of one line that is read */
#define JSON_EVENT_SIZE                                                                  \
    8192 /* bytes that any checked event fits in, with the final NUL */

/* Where a line is wrong, ready to print as file:line:column: field: text. */
struct json_error {
    unsigned column; /* bytes from 1: of the value; of the key where the key is wrong; of
                        the opening brace where a field is missing */
    char field[32];  /* "" where no field is concerned */
    char text[300];  /* what was found and what is allowed, with a suggestion */
};

struct json_reader; /* keeps the buffers of one line; one is enough for a file */

/* ST_NO_MEMORY. */
MUST_USE enum status json_reader_new(struct json_reader **out);
void json_reader_free(struct json_reader *r);

/* Reads one line (without its newline) into `out`, converted with factor set `set` and
 * checked by event_check. Texts are lent by the reader, not by the line, until the next
 * call on this reader. ST_NOT_FOUND: a line of nothing but blanks, to be skipped.
 * ST_INVALID, ST_OVERFLOW (a number beyond its range, a line above JSON_LINE_MAX) with
 * the first error. A retraction may repeat fields of its kind; they are not kept. An
 * empty text is a text that is not stated. */
MUST_USE enum status json_read_event(struct json_reader *r, struct text line,
                                     factor_set_id set, struct event *out,
                                     struct json_error *error);

/* Writes the event, which has passed event_check, as one JSON object without a newline,
 * as stated (original number and unit), so that reading it gives the same event. ST_FULL:
 * does not fit `size`. *len excludes the final NUL. */
MUST_USE enum status json_write_event(const struct event *ev, char *out, size_t size,
                                      size_t *len);

#endif
