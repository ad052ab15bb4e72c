/* One JSON object as it was stated, field by field, and its interpretation as an event:
 * the seam between the JSON grammar (json_read.c) and the meaning (json_event.c). */
#ifndef PROTO_JSON_OBJECT_H
#define PROTO_JSON_OBJECT_H

#include "shortfall/core/event.h"
#include "shortfall/proto/json.h"

#include <stdarg.h>

enum json_type { JSON_NULL, JSON_FLAG, JSON_NUMBER, JSON_STRING, JSON_TYPE_COUNT };

struct json_value {
    enum json_type type;
    bool truth;       /* JSON_FLAG only */
    struct text text; /* JSON_NUMBER: its own text; JSON_STRING: decoded */
    unsigned key_column, column;
};

/* Keys in any order; no key twice. */
struct json_object {
    unsigned column; /* of the opening brace */
    size_t len;
    enum event_field order[FIELD_COUNT]; /* of the line, `len` of them */
    bool stated[FIELD_COUNT];
    struct json_value values[FIELD_COUNT]; /* where `stated` */
};

#define JSON_ID_SIZE (EVENT_ID_MAX + 1)

/* The event that the object states, checked. `id` keeps the id of a price that states
 * none and must live as long as the event. */
MUST_USE enum status json_object_event(const struct json_object *object,
                                       factor_set_id set, char id[JSON_ID_SIZE],
                                       struct event *out, struct json_error *error);

/* Fills `error` and returns `st`. */
enum status json_refuse(struct json_error *error, unsigned column, const char *field,
                        enum status st, const char *format, ...) PRINTF_LIKE(5, 6);
enum status json_refuse_list(struct json_error *error, unsigned column, const char *field,
                             enum status st, const char *format, va_list arguments)
    PRINTF_LIKE(5, 0);

/* ` (did you mean "nearest"?)`, or nothing where `nearest` is NULL. */
struct json_hint {
    char text[64];
};
struct json_hint json_hint(const char *nearest);

#endif
