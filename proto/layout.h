/* Which fields each kind of event has, in which form, and where their values stand in a
 * struct event: one table that msgpack and JSON, writers and readers all walk, so that
 * they cannot disagree. SCHEMA.md says in words what it means on the wire. Private to
 * proto. */
#ifndef SHORTFALL_PROTO_LAYOUT_H
#define SHORTFALL_PROTO_LAYOUT_H

#include "shortfall/core/event.h"

/* The key of a field: written to journals, so the order of enum event_field is fixed and
 * new fields go to its end. */
#define FIELD_KEY(field) ((unsigned)(field) + 1)
#define EVENT_KEY_LAST   FIELD_KEY(FIELD_COUNT - 1)

/* Text forms of JSON and numbers of msgpack hang on these: a form says what type `offset`
 * leads to, and what the wire leaves out. */
enum layout_form {
    LAYOUT_KIND,             /* enum event_kind */
    LAYOUT_TEXT,             /* struct text, left out when empty */
    LAYOUT_REVISION,         /* int32_t, left out when 0 */
    LAYOUT_FLAG,             /* bool, left out when false */
    LAYOUT_TIME,             /* int64_t, left out when TIME_NONE */
    LAYOUT_PUBLISHED,        /* int64_t, left out when the source did not state it */
    LAYOUT_PLACE,            /* place_id, by its code */
    LAYOUT_PLACE_OR_ANY,     /* the same, or `*` */
    LAYOUT_COMMODITY,        /* commodity_id, by its code */
    LAYOUT_COMMODITY_OR_ANY, /* the same, or `*` */
    LAYOUT_UNIT,             /* unit_id, by its code */
    LAYOUT_AMOUNT,           /* struct amount; its unit is another field */
    LAYOUT_AMOUNT_OPTIONAL,  /* the same in the quantity's unit and factor set; left out
                                when not stated */
    LAYOUT_MONEY,            /* struct price: its `money` and `number` */
    LAYOUT_CURRENCY,         /* char[4] */
    LAYOUT_THOUSANDTHS,      /* int32_t */
    LAYOUT_TERMS,            /* enum terms, left out when unknown */
    LAYOUT_STATUS,           /* enum pledge_status */
    LAYOUT_LINE              /* enum use_line */
};

struct layout_row {
    enum event_field field;
    enum layout_form form;
    size_t offset; /* in struct event */
};

/* Rows in the order of their fields. `required`: what an event on the wire must state, a
 * bit for each field, the common ones among them. */
struct layout {
    const struct layout_row *rows;
    size_t len;
    uint64_t required;
};

extern const struct layout layout_common;
/* What keys that are not there mean: an event of each kind that states nothing. */
extern const struct event layout_defaults[EVENT_KIND_COUNT];
struct layout layout_of(enum event_kind kind);

#endif
