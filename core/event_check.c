/* The checks of an event that need nothing but the event. They are made at every door, by
 * the publisher and again by the recorder, and must give both the same answer: so nothing
 * here may depend on other events, on the clock or on settings. What needs other facts is
 * judged later, by the world. */
#include "check.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* "source/id" or the id of a fact of the same source; nothing is allowed too. */
static bool reference_ok(struct check *c, enum event_field field, struct text t)
{
    struct text source;
    struct text id;

    if (t.len == 0)
        return true;
    if (!check_size(c, field, t, EVENT_FACT_MAX))
        return false;
    fact_name_split(t, c->ev->source, &source, &id);
    return check_source(c, field, source) && check_name(c, field, id, EVENT_ID_MAX);
}

static bool alternative_ok(struct check *c)
{
    struct text t = c->ev->alternative_to;
    struct text source;
    struct text id;

    if (t.len == 0)
        return true;
    if (!memchr(t.at, '/', t.len))
        return check_fail_text(c, FIELD_ALTERNATIVE_TO, t,
                               "names no source: expected source/id");
    if (!reference_ok(c, FIELD_ALTERNATIVE_TO, t))
        return false;
    fact_name_split(t, c->ev->source, &source, &id);
    if (text_equal(source, c->ev->source) && text_equal(id, c->ev->id))
        return check_fail_text(c, FIELD_ALTERNATIVE_TO, t,
                               "is the event itself: expected another fact");
    return true;
}

static bool until_ok(struct check *c, int64_t until)
{
    char from[TIMESTAMP_SIZE];
    char to[TIMESTAMP_SIZE];

    if (!check_time(c, FIELD_UNTIL, until))
        return false;
    if (until <= c->ev->time)
        return check_fail(c, ST_INVALID, FIELD_UNTIL, "%s is not after time, %s",
                          timestamp_format(until, to),
                          timestamp_format(c->ev->time, from));
    return true;
}

static bool until_optional_ok(struct check *c, int64_t until)
{
    return until == TIME_NONE || until_ok(c, until);
}

/* A country or a registered party, but not `*`. */
static bool place_ok(struct check *c, enum event_field field, place_id place)
{
    if (place == PLACE_ANY)
        return check_fail(c, ST_INVALID, field, "\"*\" is allowed in a policy only");
    if (place >= place_count())
        return check_fail(c, ST_INVALID, field,
                          "missing: expected an ISO 3166-1 alpha-3 code");
    return true;
}

static bool place_or_any_ok(struct check *c, enum event_field field, place_id place)
{
    return place == PLACE_ANY || place_ok(c, field, place);
}

static bool country_ok(struct check *c, place_id place)
{
    if (!place_ok(c, FIELD_COUNTRY, place))
        return false;
    if (!place_has_balance(place))
        return check_fail(c, ST_INVALID, FIELD_COUNTRY,
                          "\"%s\" is a party without a balance: expected a country",
                          place_code(place));
    return true;
}

static bool route_ok(struct check *c, place_id from, place_id to)
{
    if (!place_ok(c, FIELD_FROM, from) || !place_ok(c, FIELD_TO, to))
        return false;
    if (from == to)
        return check_fail(c, ST_INVALID, FIELD_TO,
                          "\"%s\" is from, too: expected another place", place_code(to));
    return true;
}

static bool commodity_ok(struct check *c, commodity_id commodity)
{
    if (commodity == COMMODITY_ANY)
        return check_fail(c, ST_INVALID, FIELD_COMMODITY,
                          "\"*\" is allowed in a policy only");
    if (commodity >= commodity_count())
        return check_fail(c, ST_INVALID, FIELD_COMMODITY,
                          "missing: expected a commodity's code");
    return true;
}

static bool unit_ok(struct check *c, unit_id unit)
{
    if (unit == UNIT_NONE)
        return check_fail(c, ST_INVALID, FIELD_UNIT,
                          "missing: expected a unit such as t or GJ");
    return true;
}

/* The amount must be what its own number and unit give: whoever reads the journal later
 * may trust either. */
static bool amount_ok(struct check *c, enum event_field field, const struct amount *a,
                      commodity_id commodity)
{
    struct decimal number;
    struct qty converted;
    struct why why;
    enum status st;

    if (c->recorded)
        return check_number_size(c, field, a->number);
    if (!check_number_not_negative(c, field, a->number, &number))
        return false;
    st = unit_convert(&number, a->unit, commodity, a->set, &converted, &why);
    if (st)
        return check_fail(c, st, st == ST_OVERFLOW ? field : FIELD_UNIT, "%.230s",
                          why.text);
    if (qty_base_units(converted) != qty_base_units(a->amount))
        return check_fail(c, ST_INVALID, field,
                          "counted as %" PRId64
                          " base units, but number and unit give %" PRId64,
                          qty_base_units(a->amount), qty_base_units(converted));
    return true;
}

static bool quantity_ok(struct check *c, const struct amount *a, commodity_id commodity)
{
    if (!commodity_ok(c, commodity) || !unit_ok(c, a->unit))
        return false;
    if (!factor_set_name(a->set))
        return check_fail(c, ST_INVALID, FIELD_UNIT,
                          "converted with unknown factor set %u", (unsigned)a->set);
    return amount_ok(c, FIELD_QUANTITY, a, commodity);
}

/* Not stated, it is the quantity; stated, it shares the quantity's unit and factor set.
 */
static bool arrived_quantity_ok(struct check *c, const struct shipment *s)
{
    const struct amount *a = &s->arrived_quantity;
    bool same_amount = qty_base_units(a->amount) == qty_base_units(s->quantity.amount);

    if (a->number.len > 0 && (a->unit != s->quantity.unit || a->set != s->quantity.set))
        return check_fail(c, ST_INVALID, FIELD_ARRIVED_QUANTITY,
                          "converted otherwise than quantity: expected the same unit");
    if (a->number.len > 0)
        return amount_ok(c, FIELD_ARRIVED_QUANTITY, a, s->commodity);
    if (!same_amount)
        return check_fail(c, ST_INVALID, FIELD_ARRIVED_QUANTITY,
                          "counted as %" PRId64 " base units without a number",
                          qty_base_units(a->amount));
    return true;
}

/* Only the form: what it is worth depends on the pledge's commodity. */
static bool credit_ok(struct check *c, struct text credit)
{
    struct decimal number;

    if (c->recorded && credit.len > 0)
        return check_number_size(c, FIELD_CREDIT, credit);
    return credit.len == 0 || check_number_not_negative(c, FIELD_CREDIT, credit, &number);
}

static bool shipment_ok(struct check *c, const struct shipment *s)
{
    return route_ok(c, s->from, s->to) && quantity_ok(c, &s->quantity, s->commodity) &&
           check_time_optional(c, FIELD_DEPARTED, s->departed) &&
           check_time_optional(c, FIELD_ETA, s->eta) &&
           check_time_optional(c, FIELD_ARRIVED, s->arrived) &&
           arrived_quantity_ok(c, s) &&
           check_choice(c, FIELD_TERMS, s->terms, TERMS_COUNT) &&
           reference_ok(c, FIELD_PLEDGE, s->pledge) && credit_ok(c, s->credit);
}

static bool pledge_ok(struct check *c, const struct pledge *p)
{
    return route_ok(c, p->from, p->to) && quantity_ok(c, &p->quantity, p->commodity) &&
           check_time_optional(c, FIELD_DUE, p->due) &&
           check_choice(c, FIELD_STATUS, p->status, PLEDGE_STATUS_COUNT);
}

static bool money_ok(struct check *c, const struct price *p)
{
    struct decimal number;
    int64_t money;

    if (c->recorded)
        return check_number_size(c, FIELD_PRICE, p->number);
    if (!check_number(c, FIELD_PRICE, p->number, &number))
        return false;
    if (decimal_scale(&number, MONEY_ONE, 1, &money))
        return check_fail(c, ST_OVERFLOW, FIELD_PRICE,
                          "beyond the greatest price, %" PRId64, INT64_MAX / MONEY_ONE);
    if (money != p->money)
        return check_fail(c, ST_INVALID, FIELD_PRICE,
                          "counted as %" PRId64
                          "/%d of the currency, but its number gives %" PRId64,
                          p->money, MONEY_ONE, money);
    return true;
}

static bool currency_ok(struct check *c, const char currency[4])
{
    struct text t = {currency, 0};

    while (t.len < 4 && currency[t.len] >= 'A' && currency[t.len] <= 'Z')
        t.len++;
    if (t.len == 3 && currency[3] == '\0')
        return true;
    t.len = 0;
    while (t.len < 4 && currency[t.len] != '\0')
        t.len++;
    return check_fail_text(c, FIELD_CURRENCY, t,
                           "is not three capital letters such as USD");
}

/* The unit need not fit the commodity: gas is counted in tonnes and priced per MMBtu. */
static bool price_ok(struct check *c, const struct price *p)
{
    return commodity_ok(c, p->commodity) &&
           check_name(c, FIELD_MARKET, p->market, EVENT_MARKET_MAX) && money_ok(c, p) &&
           currency_ok(c, p->currency) && unit_ok(c, p->unit);
}

static bool factor_ok(struct check *c, int32_t factor)
{
    if (factor < 0 || factor > POLICY_FACTOR_ONE)
        return check_fail(c, ST_INVALID, FIELD_FACTOR,
                          "%" PRId32 " thousandths, allowed are 0.000 to 1.000", factor);
    return true;
}

static bool policy_ok(struct check *c, const struct policy *p)
{
    return place_or_any_ok(c, FIELD_ACTOR, p->actor) &&
           place_or_any_ok(c, FIELD_TARGET, p->target) &&
           (p->commodity == COMMODITY_ANY || commodity_ok(c, p->commodity)) &&
           check_name(c, FIELD_INSTRUMENT, p->instrument, EVENT_INSTRUMENT_MAX) &&
           factor_ok(c, p->factor) && until_optional_ok(c, p->until);
}

static bool level_ok(struct check *c, const struct level *l)
{
    return country_ok(c, l->country) && quantity_ok(c, &l->quantity, l->commodity);
}

static bool use_ok(struct check *c, const struct level *l)
{
    return level_ok(c, l) && until_ok(c, l->until) &&
           check_choice(c, FIELD_LINE, l->line, USE_LINE_COUNT);
}

static bool content_ok(struct check *c)
{
    const struct event *ev = c->ev;

    switch (ev->kind) {
    case EVENT_SHIPMENT:
        return shipment_ok(c, &ev->as.shipment);
    case EVENT_PLEDGE:
        return pledge_ok(c, &ev->as.pledge);
    case EVENT_PRICE:
        return price_ok(c, &ev->as.price);
    case EVENT_POLICY:
        return policy_ok(c, &ev->as.policy);
    case EVENT_STOCK:
        return level_ok(c, &ev->as.stock);
    case EVENT_PRODUCTION:
        return level_ok(c, &ev->as.production) &&
               until_optional_ok(c, ev->as.production.until);
    case EVENT_USE:
        return use_ok(c, &ev->as.use);
    case EVENT_KIND_COUNT:
        break;
    }
    return false;
}

static bool published_ok(struct check *c)
{
    const struct event *ev = c->ev;

    if (!check_time(c, FIELD_PUBLISHED, ev->published))
        return false;
    if (ev->states_published)
        return true;
    /* It would else be able to backdate itself. */
    if (ev->revision > 0 || ev->retract)
        return check_fail(c, ST_INVALID, FIELD_PUBLISHED,
                          "missing: a revision above 0 and a retraction must state it");
    if (ev->published != ev->time)
        return check_fail(c, ST_INVALID, FIELD_PUBLISHED,
                          "not stated, but other than time");
    return true;
}

static bool revision_ok(struct check *c)
{
    if (c->ev->revision < 0)
        return check_fail(c, ST_INVALID, FIELD_REVISION,
                          "%" PRId32 ", allowed are 0 to %" PRId32, c->ev->revision,
                          EVENT_REVISION_MAX);
    return true;
}

static bool common_ok(struct check *c)
{
    const struct event *ev = c->ev;

    return check_choice(c, FIELD_KIND, ev->kind, EVENT_KIND_COUNT) &&
           check_source(c, FIELD_SOURCE, ev->source) &&
           check_name(c, FIELD_ID, ev->id, EVENT_ID_MAX) && revision_ok(c) &&
           check_time(c, FIELD_TIME, ev->time) && published_ok(c) && alternative_ok(c) &&
           check_prose(c, FIELD_NOTE, ev->note) && check_prose(c, FIELD_REF, ev->ref);
}

static enum status check_run(struct check c)
{
    bool ok = common_ok(&c) && (c.ev->retract || content_ok(&c));

    assert(ok == (c.st == ST_OK));
    return c.st;
}

enum status event_check(const struct event *ev, struct event_problem *problem)
{
    return check_run((struct check){.ev = ev, .problem = problem});
}

enum status event_check_recorded(const struct event *ev, struct event_problem *problem)
{
    return check_run((struct check){.ev = ev, .recorded = true, .problem = problem});
}
