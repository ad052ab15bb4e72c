/* One value of an event, from msgpack to its place in a struct event. Private to proto.
 */
#ifndef SHORTFALL_PROTO_UNPACK_VALUE_H
#define SHORTFALL_PROTO_UNPACK_VALUE_H

#include "cursor.h"
#include "layout.h"

/* An event in the making, and what the next values need of those before. */
struct event_reading {
    struct event ev;
    enum event_field field; /* that is being read: named in messages */
    commodity_id commodity; /* once it has been read: an amount needs its dimension */
    uint64_t stated;        /* fields read so far, a bit for each */
    struct why *why;        /* NULL: no words are wanted */
};

/* Reads the value at `c` into `to`, which is of the form's type. ST_INVALID, ST_OVERFLOW
 * with the field's name and the reason. */
MUST_USE enum status event_value_read(struct event_reading *r, struct cursor *c,
                                      enum layout_form form, void *to);

#endif
