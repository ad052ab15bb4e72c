/* What sources say in stories: events from short words. */
#include "story.h"

#include <criterion/criterion.h>

#include <string.h>

int64_t day(const char *time)
{
    int64_t at;
    struct why why;

    cr_assert(timestamp_parse(text_of(time), &at, &why) == ST_OK, "%s: %s", time,
              why.text);
    return at;
}

place_id place(const char *code)
{
    place_id id = strcmp(code, "*") == 0 ? PLACE_ANY : place_find(text_of(code));

    cr_assert(id != PLACE_NONE, "no place %s", code);
    return id;
}

commodity_id goods_of(const char *code)
{
    commodity_id id =
        strcmp(code, "*") == 0 ? COMMODITY_ANY : commodity_find(text_of(code));

    cr_assert(id != COMMODITY_NONE, "no commodity %s", code);
    return id;
}

struct amount amount_of(const char *number, const char *unit, commodity_id goods)
{
    struct amount a = {.number = text_of(number), .unit = unit_find(text_of(unit))};
    struct decimal decimal;
    struct why why;

    cr_assert(decimal_parse(a.number, &decimal) == ST_OK, "%s", number);
    cr_assert(unit_convert(&decimal, a.unit, goods, a.set, &a.amount, &why) == ST_OK,
              "%s", why.text);
    return a;
}

/* Tonnes, or gigajoules where the commodity is energy: a million base units each. */
static struct amount millions(const char *number, commodity_id goods)
{
    bool energy = commodity_get(goods)->dimension == DIMENSION_ENERGY;

    return amount_of(number, energy ? "GJ" : "t", goods);
}

static struct event event(enum event_kind kind, const char *id, const char *time)
{
    return (struct event){.kind = kind,
                          .source = text_of("a"),
                          .id = text_of(id),
                          .time = day(time),
                          .published = day(time)};
}

struct event ship(const char *id, const char *from, const char *to, const char *goods,
                  const char *tonnes)
{
    struct event ev = event(EVENT_SHIPMENT, id, "2008-01-01");
    struct shipment *s = &ev.as.shipment;

    *s = (struct shipment){.from = place(from),
                           .to = place(to),
                           .commodity = goods_of(goods),
                           .departed = TIME_NONE,
                           .eta = TIME_NONE,
                           .arrived = TIME_NONE};
    s->quantity = s->arrived_quantity = millions(tonnes, s->commodity);
    s->arrived_quantity.number = (struct text){NULL, 0};
    return ev;
}

struct event pledge(const char *id, const char *from, const char *to, const char *goods,
                    const char *tonnes)
{
    struct event ev = event(EVENT_PLEDGE, id, "2008-01-01");

    ev.as.pledge = (struct pledge){.from = place(from),
                                   .to = place(to),
                                   .commodity = goods_of(goods),
                                   .quantity = millions(tonnes, goods_of(goods)),
                                   .due = TIME_NONE,
                                   .status = PLEDGE_AGREED};
    return ev;
}

static struct event level(enum event_kind kind, const char *id, const char *country,
                          const char *goods, const char *tonnes, const char *time)
{
    struct event ev = event(kind, id, time);

    ev.as.stock = (struct level){.country = place(country),
                                 .commodity = goods_of(goods),
                                 .quantity = millions(tonnes, goods_of(goods)),
                                 .until = TIME_NONE};
    return ev;
}

struct event harvest(const char *id, const char *country, const char *goods,
                     const char *tonnes, const char *time)
{
    return level(EVENT_PRODUCTION, id, country, goods, tonnes, time);
}

struct event stock(const char *id, const char *country, const char *goods,
                   const char *tonnes, const char *time)
{
    return level(EVENT_STOCK, id, country, goods, tonnes, time);
}

struct event use(const char *id, const char *country, const char *goods,
                 const char *tonnes, const char *time, const char *until_time)
{
    struct event ev = level(EVENT_USE, id, country, goods, tonnes, time);

    ev.as.use.until = day(until_time);
    return ev;
}

struct event price(const char *id, const char *goods, const char *market,
                   const char *money_per_unit, const char *time)
{
    struct event ev = event(EVENT_PRICE, id, time);
    const char *space = strchr(money_per_unit, ' ');
    struct price *p = &ev.as.price;
    struct decimal money;

    cr_assert(space != NULL && strlen(space) > 5, "%s", money_per_unit);
    *p = (struct price){.commodity = goods_of(goods),
                        .market = text_of(market),
                        .number = {money_per_unit, (uint32_t)(space - money_per_unit)},
                        .unit = unit_find(text_of(space + 5))};
    memcpy(p->currency, space + 1, 3);
    cr_assert(decimal_parse(p->number, &money) == ST_OK);
    cr_assert(decimal_scale(&money, MONEY_ONE, 1, &p->money) == ST_OK);
    return ev;
}

struct event policy(const char *id, const char *actor, const char *target,
                    const char *goods, int32_t factor, const char *time)
{
    struct event ev = event(EVENT_POLICY, id, time);

    ev.as.policy = (struct policy){.actor = place(actor),
                                   .target = place(target),
                                   .commodity = goods_of(goods),
                                   .instrument = text_of("ban"),
                                   .factor = factor,
                                   .until = TIME_NONE};
    return ev;
}

struct event by(struct event ev, const char *source)
{
    ev.source = text_of(source);
    return ev;
}

struct event departed(struct event ev, const char *time)
{
    ev.as.shipment.departed = day(time);
    return ev;
}

struct event eta(struct event ev, const char *time)
{
    ev.as.shipment.eta = day(time);
    return ev;
}

struct event arrived(struct event ev, const char *time)
{
    ev.as.shipment.arrived = day(time);
    return ev;
}

struct event arrived_with(struct event ev, const char *tonnes, const char *time)
{
    ev.as.shipment.arrived_quantity = millions(tonnes, ev.as.shipment.commodity);
    return arrived(ev, time);
}

struct event cancelled(struct event ev)
{
    ev.as.shipment.cancelled = true;
    return ev;
}

struct event toward(struct event ev, const char *pledge_name)
{
    ev.as.shipment.pledge = text_of(pledge_name);
    return ev;
}

struct event credited(struct event ev, const char *tonnes)
{
    ev.as.shipment.credit = text_of(tonnes);
    return ev;
}

struct event due(struct event ev, const char *time)
{
    ev.as.pledge.due = day(time);
    return ev;
}

struct event status(struct event ev, enum pledge_status pledge_status)
{
    ev.as.pledge.status = pledge_status;
    return ev;
}

struct event until(struct event ev, const char *time)
{
    if (ev.kind == EVENT_POLICY)
        ev.as.policy.until = day(time);
    else
        ev.as.production.until = day(time);
    return ev;
}

struct event alternative(struct event ev, const char *fact)
{
    ev.alternative_to = text_of(fact);
    return ev;
}

struct event revised(struct event ev, int32_t revision)
{
    ev.revision = revision;
    ev.states_published = true;
    return ev;
}

struct event retracted(struct event ev, int32_t revision)
{
    struct event gone = {.kind = ev.kind,
                         .source = ev.source,
                         .id = ev.id,
                         .revision = revision,
                         .retract = true,
                         .time = ev.time,
                         .published = ev.published,
                         .states_published = true};

    return gone;
}
