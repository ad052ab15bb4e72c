/* From an object's values to an event: which keys the kind allows and needs, what follows
 * from what is stated, and the check. Keys may come in any order, so the kind is read
 * first. Must never drop a stated value in silence. */
#include "json_form.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Amounts are read last: they need the commodity and the unit. */
static bool is_amount(const struct reading *r, enum event_field field)
{
    enum layout_form form = reading_row(r, field)->form;

    return form == LAYOUT_AMOUNT || form == LAYOUT_AMOUNT_OPTIONAL;
}

static bool is_stated(const struct reading *r, enum event_field field)
{
    const struct json_object *object = r->object;

    return object->stated[field] && (object->values[field].type != JSON_STRING ||
                                     object->values[field].text.len > 0);
}

/* The first key of the line that has no business in this kind. */
static enum status check_keys(struct reading *r)
{
    for (size_t i = 0; i < r->object->len; i++) {
        enum event_field field = r->object->order[i];

        if (!event_field_allowed(r->ev.kind, field))
            return json_refuse(r->error, r->object->values[field].key_column,
                               event_field_name(field), ST_INVALID,
                               "`%s` does not belong to a %s", event_field_name(field),
                               event_kind_name(r->ev.kind));
    }
    return ST_OK;
}

/* A retraction needs nothing of its kind: it withdraws the fact whole. */
static enum status check_missing(struct reading *r)
{
    const struct json_object *object = r->object;
    bool retract = object->stated[FIELD_RETRACT] && object->values[FIELD_RETRACT].truth;
    unsigned end = retract ? FIELD_FROM : FIELD_COUNT;

    for (unsigned i = 0; i < end; i++) {
        enum event_field field = (enum event_field)i;

        if (event_field_required(r->ev.kind, field) && !is_stated(r, field))
            return reading_refuse(r, field, ST_INVALID, "`%s` is %s: a %s must state it",
                                  event_field_name(field),
                                  object->stated[field] ? "empty" : "missing",
                                  event_kind_name(r->ev.kind));
    }
    return ST_OK;
}

static void clear_times(struct event *ev, struct layout layout)
{
    for (size_t i = 0; i < layout.len; i++) {
        enum layout_form form = layout.rows[i].form;
        void *at = (char *)ev + layout.rows[i].offset;

        if (form == LAYOUT_TIME || form == LAYOUT_PUBLISHED)
            *(int64_t *)at = TIME_NONE;
    }
}

/* What a key that is not there means, where that is not zero. */
static void set_defaults(struct event *ev)
{
    clear_times(ev, layout_common);
    clear_times(ev, layout_of(ev->kind));
    if (ev->kind == EVENT_STOCK)
        ev->as.stock.until = TIME_NONE; /* has no key: a level stands at one time */
}

static enum status read_fields(struct reading *r, bool amounts)
{
    for (size_t i = 0; i < r->object->len; i++) {
        enum event_field field = r->object->order[i];
        enum status st = ST_OK;

        if (is_amount(r, field) == amounts)
            st = reading_field(r, field);
        if (st)
            return st;
    }
    return ST_OK;
}

/* commodity/market/currency/unit/time, the default id of a price. */
static enum status name_price(struct reading *r)
{
    static const enum event_field parts[] = {FIELD_COMMODITY, FIELD_MARKET,
                                             FIELD_CURRENCY, FIELD_UNIT};
    const struct price *price = &r->ev.as.price;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!is_stated(r, parts[i]))
            return reading_refuse(r, FIELD_ID, ST_INVALID,
                                  "`id` is missing, and cannot be made without `%s`",
                                  event_field_name(parts[i]));
    if (price->market.len > EVENT_MARKET_MAX)
        return reading_refuse(r, FIELD_MARKET, ST_INVALID,
                              "%" PRIu32 " bytes, at most %d are allowed",
                              price->market.len, EVENT_MARKET_MAX);
    int len = snprintf(r->id, JSON_ID_SIZE, "%s/%.*s/%s/%s/%" PRId64,
                       commodity_code(price->commodity), TEXT_ARGS(price->market),
                       price->currency, unit_code(price->unit), r->ev.time);
    assert(len > 0 && len < JSON_ID_SIZE);
    r->ev.id = (struct text){r->id, (uint32_t)len};
    return ST_OK;
}

/* What follows from what is stated. */
static enum status complete(struct reading *r)
{
    struct event *ev = &r->ev;
    struct shipment *shipment = &ev->as.shipment;

    ev->states_published = ev->published != TIME_NONE;
    if (!ev->states_published)
        ev->published = ev->time;
    if (ev->kind == EVENT_SHIPMENT && shipment->arrived_quantity.number.len == 0) {
        shipment->arrived_quantity = shipment->quantity;
        shipment->arrived_quantity.number = (struct text){NULL, 0};
    }
    if (ev->kind == EVENT_PRICE && ev->id.len == 0)
        return name_price(r);
    return ST_OK;
}

static enum status read_object(struct reading *r)
{
    enum status st;

    if (!r->object->stated[FIELD_KIND])
        return reading_refuse(r, FIELD_KIND, ST_INVALID, "`kind` is missing");
    st = reading_field(r, FIELD_KIND);
    if (!st)
        st = check_keys(r);
    if (!st)
        st = check_missing(r);
    if (st)
        return st;
    set_defaults(&r->ev);
    st = read_fields(r, false);
    if (!st && !r->ev.retract)
        st = read_fields(r, true);
    return st ? st : complete(r);
}

enum status json_object_event(const struct json_object *object, factor_set_id set,
                              char id[JSON_ID_SIZE], struct event *out,
                              struct json_error *error)
{
    struct reading r = {.object = object, .set = set, .id = id, .error = error};
    struct event_problem problem;
    enum status st = read_object(&r);

    if (st)
        return st;
    if (r.ev.retract)
        memset(&r.ev.as, 0, sizeof r.ev.as);
    st = event_check(&r.ev, &problem);
    if (st)
        return reading_refuse(&r, problem.field, st, "%s", problem.text);
    *out = r.ev;
    return ST_OK;
}
