/* The table of an event's fields. Journals hold what was written by it: a field that was
 * ever written keeps its number and its form for ever. */
#include "layout.h"

#include <assert.h>

_Static_assert(FIELD_KIND == 0 && FIELD_REF == 9 && FIELD_FROM == 10 &&
                   FIELD_QUANTITY == 14 && FIELD_CREDIT == 23 && FIELD_LINE == 34 &&
                   FIELD_COUNT == 35,
               "wire keys are numbers of enum event_field: add to its end only");
_Static_assert(EVENT_SHIPMENT == 0 && EVENT_USE == 6 && TERMS_BARTER == 4 &&
                   PLEDGE_COMPLETE == 5 && USE_OTHER == 8,
               "closed enums stand on the wire as their numbers: add to their end only");

#define AT(member) offsetof(struct event, member)

static const struct layout_row common_rows[] = {
    {FIELD_KIND, LAYOUT_KIND, AT(kind)},
    {FIELD_SOURCE, LAYOUT_TEXT, AT(source)},
    {FIELD_ID, LAYOUT_TEXT, AT(id)},
    {FIELD_REVISION, LAYOUT_REVISION, AT(revision)},
    {FIELD_RETRACT, LAYOUT_FLAG, AT(retract)},
    {FIELD_TIME, LAYOUT_TIME, AT(time)},
    {FIELD_PUBLISHED, LAYOUT_PUBLISHED, AT(published)},
    {FIELD_ALTERNATIVE_TO, LAYOUT_TEXT, AT(alternative_to)},
    {FIELD_NOTE, LAYOUT_TEXT, AT(note)},
    {FIELD_REF, LAYOUT_TEXT, AT(ref)},
};

static const struct layout_row shipment_rows[] = {
    {FIELD_FROM, LAYOUT_PLACE, AT(as.shipment.from)},
    {FIELD_TO, LAYOUT_PLACE, AT(as.shipment.to)},
    {FIELD_COMMODITY, LAYOUT_COMMODITY, AT(as.shipment.commodity)},
    {FIELD_QUANTITY, LAYOUT_AMOUNT, AT(as.shipment.quantity)},
    {FIELD_UNIT, LAYOUT_UNIT, AT(as.shipment.quantity.unit)},
    {FIELD_DEPARTED, LAYOUT_TIME, AT(as.shipment.departed)},
    {FIELD_ETA, LAYOUT_TIME, AT(as.shipment.eta)},
    {FIELD_ARRIVED, LAYOUT_TIME, AT(as.shipment.arrived)},
    {FIELD_ARRIVED_QUANTITY, LAYOUT_AMOUNT_OPTIONAL, AT(as.shipment.arrived_quantity)},
    {FIELD_CANCELLED, LAYOUT_FLAG, AT(as.shipment.cancelled)},
    {FIELD_TERMS, LAYOUT_TERMS, AT(as.shipment.terms)},
    {FIELD_PLEDGE, LAYOUT_TEXT, AT(as.shipment.pledge)},
    {FIELD_CREDIT, LAYOUT_TEXT, AT(as.shipment.credit)},
};

static const struct layout_row pledge_rows[] = {
    {FIELD_FROM, LAYOUT_PLACE, AT(as.pledge.from)},
    {FIELD_TO, LAYOUT_PLACE, AT(as.pledge.to)},
    {FIELD_COMMODITY, LAYOUT_COMMODITY, AT(as.pledge.commodity)},
    {FIELD_QUANTITY, LAYOUT_AMOUNT, AT(as.pledge.quantity)},
    {FIELD_UNIT, LAYOUT_UNIT, AT(as.pledge.quantity.unit)},
    {FIELD_DUE, LAYOUT_TIME, AT(as.pledge.due)},
    {FIELD_STATUS, LAYOUT_STATUS, AT(as.pledge.status)},
};

static const struct layout_row price_rows[] = {
    {FIELD_COMMODITY, LAYOUT_COMMODITY, AT(as.price.commodity)},
    {FIELD_UNIT, LAYOUT_UNIT, AT(as.price.unit)},
    {FIELD_MARKET, LAYOUT_TEXT, AT(as.price.market)},
    {FIELD_PRICE, LAYOUT_MONEY, AT(as.price)},
    {FIELD_CURRENCY, LAYOUT_CURRENCY, AT(as.price.currency)},
};

static const struct layout_row policy_rows[] = {
    {FIELD_COMMODITY, LAYOUT_COMMODITY_OR_ANY, AT(as.policy.commodity)},
    {FIELD_ACTOR, LAYOUT_PLACE_OR_ANY, AT(as.policy.actor)},
    {FIELD_TARGET, LAYOUT_PLACE_OR_ANY, AT(as.policy.target)},
    {FIELD_INSTRUMENT, LAYOUT_TEXT, AT(as.policy.instrument)},
    {FIELD_FACTOR, LAYOUT_THOUSANDTHS, AT(as.policy.factor)},
    {FIELD_UNTIL, LAYOUT_TIME, AT(as.policy.until)},
};

#define LEVEL_ROWS(kind)                                                                 \
    {FIELD_COUNTRY, LAYOUT_PLACE, AT(as.kind.country)},                                  \
        {FIELD_COMMODITY, LAYOUT_COMMODITY, AT(as.kind.commodity)},                      \
        {FIELD_QUANTITY, LAYOUT_AMOUNT, AT(as.kind.quantity)},                           \
    {                                                                                    \
        FIELD_UNIT, LAYOUT_UNIT, AT(as.kind.quantity.unit)                               \
    }

static const struct layout_row stock_rows[] = {LEVEL_ROWS(stock)};

static const struct layout_row production_rows[] = {
    LEVEL_ROWS(production),
    {FIELD_UNTIL, LAYOUT_TIME, AT(as.production.until)},
};

static const struct layout_row use_rows[] = {
    LEVEL_ROWS(use),
    {FIELD_UNTIL, LAYOUT_TIME, AT(as.use.until)},
    {FIELD_LINE, LAYOUT_LINE, AT(as.use.line)},
};

#define BIT(field) (UINT64_C(1) << (field))
#define GOODS      (BIT(FIELD_COMMODITY) | BIT(FIELD_QUANTITY) | BIT(FIELD_UNIT))
#define ROUTE      (BIT(FIELD_FROM) | BIT(FIELD_TO) | GOODS)
#define LEVEL      (BIT(FIELD_COUNTRY) | GOODS)

/* A price's default id has to be built, and a view cannot hold it: on the wire every
 * event states its id. */
#define COMMON (BIT(FIELD_KIND) | BIT(FIELD_SOURCE) | BIT(FIELD_ID) | BIT(FIELD_TIME))

#define LAYOUT(rows, own_required)                                                       \
    {                                                                                    \
        (rows), sizeof(rows) / sizeof((rows)[0]), COMMON | (own_required)                \
    }

const struct layout layout_common = LAYOUT(common_rows, 0);

static const struct layout layouts[EVENT_KIND_COUNT] = {
    [EVENT_SHIPMENT] = LAYOUT(shipment_rows, ROUTE),
    [EVENT_PLEDGE] = LAYOUT(pledge_rows, ROUTE | BIT(FIELD_STATUS)),
    [EVENT_PRICE] =
        LAYOUT(price_rows, BIT(FIELD_COMMODITY) | BIT(FIELD_UNIT) | BIT(FIELD_MARKET) |
                               BIT(FIELD_PRICE) | BIT(FIELD_CURRENCY)),
    [EVENT_POLICY] =
        LAYOUT(policy_rows, BIT(FIELD_COMMODITY) | BIT(FIELD_ACTOR) | BIT(FIELD_TARGET) |
                                BIT(FIELD_INSTRUMENT) | BIT(FIELD_FACTOR)),
    [EVENT_STOCK] = LAYOUT(stock_rows, LEVEL),
    [EVENT_PRODUCTION] = LAYOUT(production_rows, LEVEL),
    [EVENT_USE] = LAYOUT(use_rows, LEVEL | BIT(FIELD_UNTIL) | BIT(FIELD_LINE)),
};

const struct event layout_defaults[EVENT_KIND_COUNT] = {
    [EVENT_SHIPMENT] = {.as.shipment = {.departed = TIME_NONE,
                                        .eta = TIME_NONE,
                                        .arrived = TIME_NONE}},
    [EVENT_PLEDGE] = {.as.pledge = {.due = TIME_NONE}},
    [EVENT_POLICY] = {.as.policy = {.until = TIME_NONE}},
    [EVENT_STOCK] = {.as.stock = {.until = TIME_NONE}},
    [EVENT_PRODUCTION] = {.as.production = {.until = TIME_NONE}},
    [EVENT_USE] = {.as.use = {.until = TIME_NONE}},
};

struct layout layout_of(enum event_kind kind)
{
    assert(kind < EVENT_KIND_COUNT);
    return layouts[kind];
}
