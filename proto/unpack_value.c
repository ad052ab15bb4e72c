/* The values of an event: each form of the layout has one reader. What is unknown is
 * refused and named; must never guess, and never look past its own value. */
#include "unpack_value.h"

#include <assert.h>
#include <inttypes.h>

#define SHOWN_MAX 40 /* bytes of a foreign text in a message */

static enum status refuse(struct event_reading *r, enum status st, const char *text)
{
    return why_set(r->why, st, "%s: %s", event_field_name(r->field), text);
}

static enum status explain(struct event_reading *r, const struct cursor *c,
                           enum status st)
{
    return cursor_explain(c, st, event_field_name(r->field), r->why);
}

static inline enum status read_integer(struct event_reading *r, struct cursor *c,
                                       int64_t min, int64_t max, int64_t *out)
{
    int64_t value = 0;
    enum status st = cursor_int(c, &value);
    if (st)
        return explain(r, c, st);
    if (value < min || value > max)
        return why_set(r->why, ST_OVERFLOW,
                       "%s: %" PRId64 " is not from %" PRId64 " to %" PRId64,
                       event_field_name(r->field), value, min, max);
    *out = value;
    return ST_OK;
}

static enum status read_int32(struct event_reading *r, struct cursor *c, int32_t *out)
{
    int64_t value = 0;
    enum status st = read_integer(r, c, INT32_MIN, INT32_MAX, &value);
    if (!st)
        *out = (int32_t)value;
    return st;
}

/* The number of a closed enum's value. */
static enum status read_choice(struct event_reading *r, struct cursor *c, unsigned count,
                               unsigned *out)
{
    int64_t value = 0;
    enum status st = cursor_int(c, &value);
    if (st)
        return explain(r, c, ST_INVALID);
    if (value < 0 || value >= (int64_t)count)
        return why_set(r->why, ST_INVALID,
                       "%s: %" PRId64 " names nothing; there are 0 to %u",
                       event_field_name(r->field), value, count - 1);
    *out = (unsigned)value;
    return ST_OK;
}

static inline enum status read_text(struct event_reading *r, struct cursor *c,
                                    struct text *out)
{
    enum status st = cursor_text(c, out);
    if (st)
        return explain(r, c, st);
    if (out->len == 0)
        return refuse(r, ST_INVALID, "an empty text; leave the key out instead");
    return ST_OK;
}

static enum status unknown_code(struct event_reading *r, struct text code,
                                const char *suggestion)
{
    if (code.len > SHOWN_MAX || !text_is_printable(code))
        return refuse(r, ST_INVALID, "a text that is no code");
    return why_set(r->why, ST_INVALID, "%s: unknown code \"%.*s\"%s%s%s",
                   event_field_name(r->field), TEXT_ARGS(code),
                   suggestion ? " (did you mean \"" : "", suggestion ? suggestion : "",
                   suggestion ? "\"?)" : "");
}

static enum status read_place(struct event_reading *r, struct cursor *c, bool or_any,
                              place_id *out)
{
    struct text code = {NULL, 0};
    enum status st = read_text(r, c, &code);
    if (st)
        return st;
    place_id id = or_any && text_is(code, "*") ? PLACE_ANY : place_find(code);
    if (id == PLACE_NONE)
        return unknown_code(r, code, place_suggest(code));
    *out = id;
    return ST_OK;
}

static enum status read_commodity(struct event_reading *r, struct cursor *c, bool or_any,
                                  commodity_id *out)
{
    struct text code = {NULL, 0};
    enum status st = read_text(r, c, &code);
    if (st)
        return st;
    commodity_id id = or_any && text_is(code, "*") ? COMMODITY_ANY : commodity_find(code);
    if (id == COMMODITY_NONE)
        return unknown_code(r, code, commodity_suggest(code));
    r->commodity = id;
    *out = id;
    return ST_OK;
}

static enum status read_unit(struct event_reading *r, struct cursor *c, unit_id *out)
{
    struct text code = {NULL, 0};
    enum status st = read_text(r, c, &code);
    if (st)
        return st;
    unit_id unit = unit_find(code);
    if (unit == UNIT_NONE)
        return unknown_code(r, code, unit_suggest(code));
    *out = unit;
    return ST_OK;
}

/* A list of `min` to `max` values. */
static enum status read_list(struct event_reading *r, struct cursor *c, uint32_t min,
                             uint32_t max, uint32_t *len)
{
    enum status st = cursor_list(c, len);
    if (st)
        return explain(r, c, st);
    if (*len < min || *len > max)
        return why_set(r->why, ST_INVALID, "%s: a list of %u values; it has %u to %u",
                       event_field_name(r->field), (unsigned)*len, (unsigned)min,
                       (unsigned)max);
    return ST_OK;
}

static enum status read_set(struct event_reading *r, struct cursor *c, factor_set_id *out)
{
    struct text name = {NULL, 0};
    enum status st = read_text(r, c, &name);
    if (st)
        return st;
    factor_set_id set = factor_set_find(name);
    if (set == FACTOR_SET_NONE)
        return unknown_code(r, name, factor_set_name(FACTOR_SET_DEFAULT));
    *out = set;
    return ST_OK;
}

/* [base, number], and the name of a factor set where `max` is 3; the unit has a key of
 * its own. Whether the two numbers agree is event_check's question. */
static enum status read_amount(struct event_reading *r, struct cursor *c, uint32_t max,
                               struct amount *out)
{
    uint32_t len = 0;
    int64_t base = 0;
    if (r->commodity == COMMODITY_NONE)
        return refuse(r, ST_INVALID, "an amount of nothing: the commodity is missing");
    enum status st = read_list(r, c, 2, max, &len);
    if (!st)
        st = read_integer(r, c, 0, INT64_MAX, &base);
    if (!st)
        st = read_text(r, c, &out->number);
    if (!st && len == 3)
        st = read_set(r, c, &out->set);
    if (st)
        return st;
    st = qty_make(base, commodity_get(r->commodity)->dimension, &out->amount);
    return st ? refuse(r, st, "beyond the largest amount of one fact") : ST_OK;
}

/* [money, number]. */
static enum status read_money(struct event_reading *r, struct cursor *c,
                              struct price *out)
{
    uint32_t len = 0;
    enum status st = read_list(r, c, 2, 2, &len);
    if (!st)
        st = read_integer(r, c, INT64_MIN, INT64_MAX, &out->money);
    return st ? st : read_text(r, c, &out->number);
}

static enum status read_currency(struct event_reading *r, struct cursor *c, char out[4])
{
    struct text code = {NULL, 0};
    enum status st = read_text(r, c, &code);
    if (st)
        return st;
    if (code.len != 3)
        return refuse(r, ST_INVALID, "not a code of three letters");
    (void)text_copy(code, out, 4);
    return ST_OK;
}

static enum status read_flag(struct event_reading *r, struct cursor *c, bool *out)
{
    enum status st = cursor_flag(c, out);
    return st ? explain(r, c, st) : ST_OK;
}

static enum status read_enum(struct event_reading *r, struct cursor *c,
                             enum layout_form form, void *to)
{
    static const unsigned counts[] = {
        [LAYOUT_KIND] = EVENT_KIND_COUNT,
        [LAYOUT_TERMS] = TERMS_COUNT,
        [LAYOUT_STATUS] = PLEDGE_STATUS_COUNT,
        [LAYOUT_LINE] = USE_LINE_COUNT,
    };
    unsigned value = 0;
    enum status st = read_choice(r, c, counts[form], &value);
    if (st)
        return st;
    if (form == LAYOUT_KIND)
        *(enum event_kind *)to = (enum event_kind)value;
    else if (form == LAYOUT_TERMS)
        *(enum terms *)to = (enum terms)value;
    else if (form == LAYOUT_STATUS)
        *(enum pledge_status *)to = (enum pledge_status)value;
    else
        *(enum use_line *)to = (enum use_line)value;
    return ST_OK;
}

enum status event_value_read(struct event_reading *r, struct cursor *c,
                             enum layout_form form, void *to)
{
    switch (form) {
    case LAYOUT_KIND:
    case LAYOUT_TERMS:
    case LAYOUT_STATUS:
    case LAYOUT_LINE:
        return read_enum(r, c, form, to);
    case LAYOUT_TEXT:
        return read_text(r, c, to);
    case LAYOUT_REVISION:
    case LAYOUT_THOUSANDTHS:
        return read_int32(r, c, to);
    case LAYOUT_FLAG:
        return read_flag(r, c, to);
    case LAYOUT_PUBLISHED:
        r->ev.states_published = true;
        return read_integer(r, c, TIME_MIN, TIME_MAX, to);
    case LAYOUT_TIME:
        return read_integer(r, c, TIME_MIN, TIME_MAX, to);
    case LAYOUT_PLACE:
    case LAYOUT_PLACE_OR_ANY:
        return read_place(r, c, form == LAYOUT_PLACE_OR_ANY, to);
    case LAYOUT_COMMODITY:
    case LAYOUT_COMMODITY_OR_ANY:
        return read_commodity(r, c, form == LAYOUT_COMMODITY_OR_ANY, to);
    case LAYOUT_UNIT:
        return read_unit(r, c, to);
    case LAYOUT_AMOUNT:
        return read_amount(r, c, 3, to);
    case LAYOUT_AMOUNT_OPTIONAL:
        return read_amount(r, c, 2, to);
    case LAYOUT_MONEY:
        return read_money(r, c, to);
    case LAYOUT_CURRENCY:
        return read_currency(r, c, to);
    }
    assert(false); /* a form without a reader */
    return ST_INVALID;
}
