/* The single checks that event_check.c puts together: of a text, a time, a number. Each
 * answers whether to go on; one that fails has set the status and the problem. Private to
 * core. */
#ifndef SHORTFALL_CORE_CHECK_H
#define SHORTFALL_CORE_CHECK_H

#include "shortfall/core/event.h"

/* An event under check. */
struct check {
    const struct event *ev;
    bool recorded; /* passed before: no look at characters, no conversion */
    struct event_problem *problem; /* may be NULL */
    enum status st;                /* ST_OK until a check fails */
};

/* Sets the first problem; always false. */
bool check_fail(struct check *c, enum status st, enum event_field field,
                const char *format, ...) PRINTF_LIKE(4, 5);

/* ST_INVALID: `t` was found, `wrong` says what is wrong with it and what is allowed. */
bool check_fail_text(struct check *c, enum event_field field, struct text t,
                     const char *wrong);

bool check_size(struct check *c, enum event_field field, struct text t, unsigned max);

/* Free text: printable, at most EVENT_NOTE_MAX bytes; nothing is allowed too. */
bool check_prose(struct check *c, enum event_field field, struct text t);

/* A name by which something is found again, so that what looks equal must be equal:
 * printable, 1 to `max` bytes, without a space at either end. */
bool check_name(struct check *c, enum event_field field, struct text t, unsigned max);

/* A name without '/', which ends the name of a source. */
bool check_source(struct check *c, enum event_field field, struct text source);

bool check_time(struct check *c, enum event_field field, int64_t time);
bool check_time_optional(struct check *c, enum event_field field, int64_t time);

/* The text of a stated decimal: there, and at most EVENT_NUMBER_MAX bytes. */
bool check_number_size(struct check *c, enum event_field field, struct text number);

/* A stated decimal. ST_OVERFLOW: beyond EVENT_NUMBER_MAX bytes or what a decimal holds.
 */
bool check_number(struct check *c, enum event_field field, struct text number,
                  struct decimal *out);
/* The same, zero or more. */
bool check_number_not_negative(struct check *c, enum event_field field,
                               struct text number, struct decimal *out);

/* A value of a list of names: `value` comes as a number, because what was read from
 * outside may be none of them. */
bool check_choice(struct check *c, enum event_field field, unsigned value,
                  unsigned count);

#endif
