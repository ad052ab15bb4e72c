/* Price ticks: of each market two sources, each a little later than it was. */
#include "generate_parts.h"

#include <stdio.h>

static const char *const markets[MARKETS] = {"gulf", "asia", "europe", "blacksea",
                                             "plate"};

void generate_open_markets(struct generator *g)
{
    for (size_t i = 0; i < g->options.commodities; i++) {
        uint32_t cents = 10000 + (uint32_t)generate_draw(g, 90000);

        for (size_t m = 0; m < MARKETS; m++)
            g->cents[i][m] = cents + (uint32_t)generate_draw(g, cents / 10);
    }
}

/* One source's word on one market comes after as many seconds as always, so the times of
 * a series differ; those that come late fall between all hundreds of microseconds, each
 * on a place of its own within 32 seconds. */
static int64_t draw_price_time(struct generator *g, size_t series)
{
    const int64_t grid = 32 * SECOND_US;

    if (!generate_draw_late(g))
        return generate_reported(g) - (int64_t)(series * 31 % FRESH_MAX_S) * SECOND_US;
    int64_t time =
        generate_reported(g) - (int64_t)generate_draw(g, LATE_MAX_S) * SECOND_US;

    return time / grid * grid + (int64_t)(g->late_prices++ % 320000) * 100 + 50;
}

/* By up to 0.8 per cent of the last one: about two per cent a day. */
static uint32_t draw_cents(struct generator *g, size_t commodity, size_t market)
{
    uint32_t *cents = &g->cents[commodity][market];
    int64_t next =
        *cents + (int64_t)*cents * ((int64_t)generate_draw(g, 1601) - 800) / 100000;

    if (next >= 2000 && next <= 400000)
        *cents = (uint32_t)next;
    return *cents;
}

/* A tick has no id of its own: it has the one that a price is given by default. */
void generate_price(struct generator *g, struct event *ev)
{
    size_t goods = generate_draw(g, g->options.commodities);
    size_t market = generate_draw(g, MARKETS);
    size_t source = market * QUOTING + generate_draw(g, QUOTING);
    commodity_id commodity = g->commodities[goods];
    const char *unit = generate_is_energy(commodity) ? "MWh" : "t";
    uint32_t cents = draw_cents(g, goods, market);

    generate_begin(g, ev, EVENT_PRICE, source, "", 0);
    ev->time = draw_price_time(g, goods * MARKETS * QUOTING + source);
    (void)snprintf(g->id, sizeof g->id, "%s/%s/USD/%s/%" PRId64,
                   commodity_code(commodity), markets[market], unit, ev->time);
    ev->id = text_of(g->id);
    (void)snprintf(g->number, sizeof g->number, "%" PRIu32 ".%02" PRIu32, cents / 100,
                   cents % 100);
    ev->as.price = (struct price){.commodity = commodity,
                                  .market = text_of(markets[market]),
                                  .money = (int64_t)cents * (MONEY_ONE / 100),
                                  .number = text_of(g->number),
                                  .currency = "USD",
                                  .unit = unit_find(text_of(unit))};
    g->facts++;
}
