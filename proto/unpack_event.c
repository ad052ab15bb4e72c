/* Data bodies to events: the door for what other programs encoded. An event is decoded
 * and checked whole before it is handed out; one that is wrong costs only itself as long
 * as its end can be found. Must never hand out an event that event_check has not passed.
 */
#include "shortfall/proto/pack.h"

#include "slots.h"
#include "unpack_value.h"

#include <assert.h>

/* The body is one list, an event one map: so much is left for a value, for all. */
#define EVENT_DEPTH (CURSOR_DEPTH_MAX - 1)
#define VALUE_DEPTH (EVENT_DEPTH - 1)

/* A price's default id has to be built, and a view cannot hold it: on the wire every
 * event states its id. */
static bool is_required(enum event_kind kind, enum event_field field)
{
    return field == FIELD_ID || event_field_required(kind, field);
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
            enum status st =
                event_value_read(r, &c, row->form, (char *)&r->ev + row->offset);
            if (st)
                return st;
        } else if (is_required(r->ev.kind, row->field)) {
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

/* What a key that is not there means, where that is not zero. */
static void set_defaults(struct event *ev)
{
    switch (ev->kind) {
    case EVENT_SHIPMENT:
        ev->as.shipment.departed = TIME_NONE;
        ev->as.shipment.eta = TIME_NONE;
        ev->as.shipment.arrived = TIME_NONE;
        break;
    case EVENT_PLEDGE:
        ev->as.pledge.due = TIME_NONE;
        break;
    case EVENT_POLICY:
        ev->as.policy.until = TIME_NONE;
        break;
    case EVENT_STOCK:
        ev->as.stock.until = TIME_NONE;
        break;
    case EVENT_PRODUCTION:
        ev->as.production.until = TIME_NONE;
        break;
    case EVENT_USE:
        ev->as.use.until = TIME_NONE;
        break;
    case EVENT_PRICE:
    case EVENT_KIND_COUNT:
        break;
    }
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

static enum status read_all(struct event_reading *r, struct slots *slots)
{
    enum status st = read_rows(r, &layout_common, slots);
    if (st)
        return st;
    if (!r->ev.states_published)
        r->ev.published = r->ev.time;
    if (!r->ev.retract) {
        struct layout own = layout_of(r->ev.kind);
        set_defaults(&r->ev);
        st = read_rows(r, &own, slots);
    }
    if (st)
        return st;
    if (r->ev.kind == EVENT_SHIPMENT && !r->ev.retract)
        complete_shipment(&r->ev.as.shipment);
    return refuse_rest(r, slots);
}

/* One event at `c`. A failure says nothing about where `c` is then. */
static enum status event_read(struct cursor *c, struct event *out, struct why *why)
{
    static const struct slots_rule rule = {.last = EVENT_KEY_LAST, .depth = VALUE_DEPTH};
    const uint8_t *start = c->at;
    struct slots slots;
    enum status st = slots_read(c, &rule, &slots, why);
    if (st)
        return st;
    if (c->at - start > EVENT_SIZE_MAX)
        return why_set(why, ST_OVERFLOW, "%td bytes; at most %d are allowed",
                       c->at - start, EVENT_SIZE_MAX);
    struct event_reading r = {.commodity = COMMODITY_NONE, .why = why};
    st = read_all(&r, &slots);
    if (st)
        return st;
    struct event_problem problem;
    st = event_check(&r.ev, &problem);
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
    enum status st = event_read(&c, out, why);
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
