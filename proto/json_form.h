/* How a value of each form becomes a member of an event. */
#ifndef PROTO_JSON_FORM_H
#define PROTO_JSON_FORM_H

#include "json_object.h"
#include "layout.h"

/* An event under construction. */
struct reading {
    const struct json_object *object;
    factor_set_id set;
    struct event ev;
    char *id; /* JSON_ID_SIZE bytes */
    struct json_error *error;
};

/* The field must be stated. */
const struct json_value *reading_value(const struct reading *r, enum event_field field);

/* The field's row in the layout of the event's kind, which must have it. */
const struct layout_row *reading_row(const struct reading *r, enum event_field field);

/* Fills the error, at the field's value or at the object where it is not stated, and
 * returns `st`. */
enum status reading_refuse(struct reading *r, enum event_field field, enum status st,
                           const char *format, ...) PRINTF_LIKE(4, 5);

/* Reads a stated field of the event's kind by its form. An amount comes after all
 * others: it needs the commodity and the unit. */
MUST_USE enum status reading_field(struct reading *r, enum event_field field);

#endif
