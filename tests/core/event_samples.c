/* Sample events of each kind and the assertions over them. */
#include "event_samples.h"

#include <criterion/criterion.h>
#include <string.h>

struct amount sample_tonnes(const char *number, int64_t grams)
{
    struct amount a = {.number = text_of(number), .unit = unit_find(text_of("t"))};

    cr_assert(qty_make(grams, DIMENSION_MASS, &a.amount) == ST_OK, "%s", number);
    return a;
}

struct event sample_event(enum event_kind kind)
{
    return (struct event){.kind = kind,
                          .source = text_of("6pt"),
                          .id = text_of("rus-1"),
                          .time = TIME_2008,
                          .published = TIME_2008};
}

place_id sample_place(const char *code)
{
    place_id id = place_find(text_of(code));

    cr_assert(id != PLACE_NONE, "%s", code);
    return id;
}

commodity_id sample_goods(const char *code)
{
    commodity_id id = commodity_find(text_of(code));

    cr_assert(id != COMMODITY_NONE, "%s", code);
    return id;
}

struct event sample_shipment(void)
{
    struct event ev = sample_event(EVENT_SHIPMENT);

    ev.as.shipment = (struct shipment){.from = sample_place("RUS"),
                                       .to = sample_place("PRK"),
                                       .commodity = sample_goods("heavy_fuel_oil"),
                                       .quantity = sample_tonnes("50000", 50000000000),
                                       .departed = TIME_NONE,
                                       .eta = TIME_NONE,
                                       .arrived = TIME_2008};
    ev.as.shipment.arrived_quantity = ev.as.shipment.quantity;
    ev.as.shipment.arrived_quantity.number = (struct text){NULL, 0};
    return ev;
}

struct event sample_pledge(void)
{
    struct event ev = sample_event(EVENT_PLEDGE);

    ev.as.pledge = (struct pledge){.from = sample_place("RUS"),
                                   .to = sample_place("PRK"),
                                   .commodity = sample_goods("heavy_fuel_oil"),
                                   .quantity = sample_tonnes("200000", 200000000000),
                                   .due = TIME_NONE,
                                   .status = PLEDGE_AGREED};
    return ev;
}

struct event sample_price(void)
{
    struct event ev = sample_event(EVENT_PRICE);

    ev.as.price = (struct price){.commodity = sample_goods("crude_oil"),
                                 .market = text_of("brent"),
                                 .money = 1439500,
                                 .number = text_of("143.95"),
                                 .currency = "USD",
                                 .unit = unit_find(text_of("bbl"))};
    return ev;
}

struct event sample_policy(void)
{
    struct event ev = sample_event(EVENT_POLICY);

    ev.as.policy = (struct policy){.actor = sample_place("KOR"),
                                   .target = sample_place("PRK"),
                                   .commodity = COMMODITY_ANY,
                                   .instrument = text_of("aid suspension"),
                                   .until = TIME_NONE};
    return ev;
}

struct level sample_level(void)
{
    return (struct level){.country = sample_place("PRK"),
                          .commodity = sample_goods("food"),
                          .quantity = sample_tonnes("3342000", 3342000000000),
                          .until = TIME_NONE};
}

struct event sample_stock(void)
{
    struct event ev = sample_event(EVENT_STOCK);

    ev.as.stock = sample_level();
    return ev;
}

struct event sample_production(void)
{
    struct event ev = sample_event(EVENT_PRODUCTION);

    ev.as.production = sample_level();
    return ev;
}

struct event sample_use(void)
{
    struct event ev = sample_event(EVENT_USE);

    ev.as.use = sample_level();
    ev.as.use.until = TIME_2008 + 365 * DAY_US;
    return ev;
}

void assert_passes(const struct event *ev, const char *label)
{
    struct event_problem problem = {0};
    enum status st = event_check(ev, &problem);

    cr_assert(st == ST_OK, "%s: %s: %s", label, event_field_name(problem.field),
              problem.text);
}

void assert_refused(const struct event *ev, enum event_field field, enum status st,
                    const char *label)
{
    struct event_problem problem = {.field = FIELD_COUNT};
    enum status found = event_check(ev, &problem);

    cr_assert(found == st, "%s: %s, expected %s", label, status_text(found),
              status_text(st));
    cr_assert(problem.field == field, "%s: in %s: %s", label,
              problem.field < FIELD_COUNT ? event_field_name(problem.field) : "no field",
              problem.text);
    cr_assert(problem.text[0] != '\0', "%s: says nothing", label);
    cr_assert(event_check(ev, NULL) == st, "%s: without a problem", label);
}

struct text long_text(uint32_t len)
{
    static char bytes[1024];

    cr_assert(len <= sizeof(bytes), "%u", len);
    memset(bytes, 'x', sizeof(bytes));
    return (struct text){bytes, len};
}

struct event sample_paid_in(const char currency[4])
{
    struct event ev = sample_price();

    memcpy(ev.as.price.currency, currency, sizeof(ev.as.price.currency));
    return ev;
}
