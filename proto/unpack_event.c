/* Data bodies to events: the door for what other programs encoded. An event is decoded
 * and checked whole before it is handed out; one that is wrong costs only itself as long
 * as its end can be found. Must never hand out an event that the check of its
 * level has not passed. */
#include "shortfall/proto/pack.h"

#include "slots.h"
#include "unpack_value.h"

#include <assert.h>

/* The body is one list, an event one map: so much is left for a value, for all. */
#define EVENT_DEPTH (CURSOR_DEPTH_MAX - 1)
#define VALUE_DEPTH (EVENT_DEPTH - 1)

static enum status read_row(struct event_reading *r, struct cursor *c,
                            const struct layout_row *row)
{
    r->field = row->field;
    r->stated |= UINT64_C(1) << row->field;
    return event_value_read(r, c, row->form, (char *)&r->ev + row->offset);
}

/* Reads the rows of a layout that are there; of the others the event must not state all,
 * and keeps what absence means. */
static enum status read_rows(struct event_reading *r, const struct layout *layout,
                             struct slots *slots)
{
    for (size_t i = 0; i < layout->len; i++) {
        const struct layout_row *row = &layout->rows[i];
        unsigned key = FIELD_KEY(row->field);
        r->field = row->field;
        if (slots_has(slots, key)) {
            struct cursor c = slots_cursor(slots, key);
            slots->seen &= ~(UINT64_C(1) << key);
            enum status st = read_row(r, &c, row);
            if (st)
                return st;
        } else if (layout->required >> row->field & 1) {
            return why_set(r->why, ST_INVALID, "%s: missing (key %u)",
                           event_field_name(row->field), key);
        }
    }
    return ST_OK;
}

/* What is left over belongs to another kind. */
static enum status refuse_rest(struct event_reading *r, const struct slots *slots)
{
    for (unsigned key = 1; key <= EVENT_KEY_LAST; key++) {
        if (!slots_has(slots, key))
            continue;
        r->field = (enum event_field)(key - 1);
        return why_set(r->why, ST_INVALID, "%s: not of %s %s (key %u)",
                       event_field_name(r->field), r->ev.retract ? "a retracted" : "a",
                       event_kind_name(r->ev.kind), key);
    }
    return ST_OK;
}

/* What arrived is what was sent, where nothing else is stated; and was converted alike.
 */
static void complete_shipment(struct shipment *ship)
{
    struct amount *arrived = &ship->arrived_quantity;
    if (arrived->number.len == 0)
        arrived->amount = ship->quantity.amount;
    arrived->unit = ship->quantity.unit;
    arrived->set = ship->quantity.set;
}

/* Between the common fields and those of the kind; the latter's layout. */
static struct layout begin_own(struct event_reading *r)
{
    struct layout own = layout_of(r->ev.kind);
    if (!r->ev.states_published)
        r->ev.published = r->ev.time;
    if (r->ev.retract)
        own.len = 0; /* nothing of `as` is stated */
    else
        r->ev.as = layout_defaults[r->ev.kind].as;
    return own;
}

static void complete(struct event *ev)
{
    if (ev->kind == EVENT_SHIPMENT && !ev->retract)
        complete_shipment(&ev->as.shipment);
}

/* Reads pairs as long as their keys rise through the rows of one layout. */
static enum status read_rising(struct event_reading *r, struct cursor *c, uint32_t *pairs,
                               const struct layout *layout)
{
    const struct layout_row *row = layout->rows;
    const struct layout_row *end = row + layout->len;
    for (; *pairs > 0 && c->at < c->end; --*pairs, row++) {
        unsigned key = *c->at;
        while (row < end && FIELD_KEY(row->field) < key)
            row++;
        if (row == end || FIELD_KEY(row->field) != key)
            return ST_OK;
        c->at++;
        enum status st = read_row(r, c, row);
        if (st)
            return st;
    }
    return ST_OK;
}

/* An event as our own writers write it: each key one byte, and rising. One pass, which
 * finds no words for what is wrong: ST_INVALID and the like only mean that it is not
 * known to be right. */
static enum status read_in_order(struct event_reading *r, struct cursor *c)
{
    uint32_t pairs = 0;
    enum status st = cursor_map(c, &pairs);
    if (!st)
        st = read_rising(r, c, &pairs, &layout_common);
    if (st)
        return st;
    struct layout own = begin_own(r);
    st = read_rising(r, c, &pairs, &own);
    if (st)
        return st;
    uint64_t required = r->ev.retract ? layout_common.required : own.required;
    if (pairs > 0 || (required & ~r->stated) != 0)
        return ST_INVALID;
    complete(&r->ev);
    return ST_OK;
}

/* An event in any order of its keys, in two passes; and the words for whatever is wrong
 * with one. */
static enum status read_in_any_order(struct event_reading *r, struct cursor *c)
{
    static const struct slots_rule rule = {.last = EVENT_KEY_LAST, .depth = VALUE_DEPTH};
    const uint8_t *start = c->at;
    struct slots slots;
    enum status st = slots_read(c, &rule, &slots, r->why);
    if (st)
        return st;
    if (c->at - start > EVENT_SIZE_MAX)
        return why_set(r->why, ST_OVERFLOW, "%td bytes; at most %d are allowed",
                       c->at - start, EVENT_SIZE_MAX);
    st = read_rows(r, &layout_common, &slots);
    if (st)
        return st;
    struct layout own = begin_own(r);
    st = read_rows(r, &own, &slots);
    if (st)
        return st;
    complete(&r->ev);
    return refuse_rest(r, &slots);
}

/* All zero, as the defaults of a price are: a copy takes a fifth of the time that gcc's
 * way to clear so much memory takes. */
static void reading_begin(struct event_reading *r, struct why *why)
{
    r->ev = layout_defaults[EVENT_PRICE];
    r->field = FIELD_KIND;
    r->commodity = COMMODITY_NONE;
    r->stated = 0;
    r->why = why;
}

/* One event at `c`. A failure says nothing about where `c` is then. */
static enum status event_read(struct cursor *c, enum unpack_level level,
                              struct event *out, struct why *why)
{
    const uint8_t *start = c->at;
    struct event_reading r;
    struct event_problem problem;
    reading_begin(&r, NULL);
    enum status st = read_in_order(&r, c);
    if (st || c->at - start > EVENT_SIZE_MAX) {
        c->at = start;
        reading_begin(&r, why);
        st = read_in_any_order(&r, c);
    }
    if (st)
        return st;
    st = level == UNPACK_RECORDED ? event_check_recorded(&r.ev, &problem)
                                  : event_check(&r.ev, &problem);
    if (st)
        return why_set(why, st, "%s: %s", event_field_name(problem.field), problem.text);
    *out = r.ev;
    return ST_OK;
}

enum status unpack_begin(struct bytes body, struct unpacker *out, struct why *why)
{
    struct cursor c = cursor_of(body);
    uint32_t events = 0;
    if (body.len > FRAME_BODY_MAX)
        return why_set(why, ST_INVALID, "body: %zu bytes; at most %d are allowed",
                       body.len, FRAME_BODY_MAX);
    enum status st = cursor_list(&c, &events);
    if (st)
        return cursor_explain(&c, st, "body", why);
    if (events > FRAME_EVENTS_MAX)
        return why_set(why, ST_INVALID, "body: byte 0: %u events; at most %d are allowed",
                       (unsigned)events, FRAME_EVENTS_MAX);
    *out = (struct unpacker){.rest = {c.at, cursor_left(&c)}, .events = events};
    return ST_OK;
}

/* Nothing of the body can be read any more. */
static void give_up(struct unpacker *u)
{
    u->rest.len = 0;
    u->index = u->events;
}

static enum status unpack_end(struct unpacker *u, bool *skipped, struct why *why)
{
    if (u->rest.len == 0)
        return ST_NOT_FOUND;
    *skipped = false;
    size_t left = u->rest.len;
    give_up(u);
    return why_set(why, ST_INVALID, "body: %zu bytes after its last event", left);
}

enum status unpack_next(struct unpacker *u, struct event *out, bool *skipped,
                        struct why *why)
{
    struct cursor c = cursor_of(u->rest);
    uint32_t index = u->index;
    if (index == u->events)
        return unpack_end(u, skipped, why);
    enum status st = event_read(&c, u->level, out, why);
    if (st) {
        c.at = c.begin;
        *skipped = !cursor_skip(&c, EVENT_DEPTH);
        if (!*skipped) {
            give_up(u);
            return why_wrap(why, st, "event %u", (unsigned)index);
        }
    }
    u->rest = (struct bytes){c.at, cursor_left(&c)};
    u->index++;
    return st ? why_wrap(why, st, "event %u", (unsigned)index) : ST_OK;
}
