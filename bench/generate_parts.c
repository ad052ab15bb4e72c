/* What is drawn, and what every event has. */
#include "generate_parts.h"

#include "measure.h"

#include <stdio.h>

uint64_t generate_draw(struct generator *g, uint64_t below)
{
    uint64_t z = g->random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

place_id generate_draw_place(struct generator *g)
{
    return g->places[generate_draw(g, g->options.countries)];
}

void generate_draw_route(struct generator *g, place_id *from, place_id *to)
{
    *from = generate_draw_place(g);
    do
        *to = generate_draw_place(g);
    while (*to == *from);
}

commodity_id generate_draw_commodity(struct generator *g)
{
    return g->commodities[generate_draw(g, g->options.commodities)];
}

int64_t generate_reported(const struct generator *g)
{
    return g->options.start + (int64_t)g->index * g->options.pace_us;
}

bool generate_draw_late(struct generator *g)
{
    return generate_draw(g, LATE_ONE_IN) == 0;
}

/* Of so many minutes ago; what comes late, evenly of the last year. */
static int64_t draw_time(struct generator *g)
{
    uint64_t ago = generate_draw_late(g) ? generate_draw(g, LATE_MAX_S)
                                         : generate_draw(g, FRESH_MAX_S);

    return generate_reported(g) - (int64_t)ago * SECOND_US;
}

bool generate_is_energy(commodity_id commodity)
{
    return commodity_get(commodity)->dimension == DIMENSION_ENERGY;
}

struct amount generate_amount(char number[32], uint64_t whole, commodity_id commodity)
{
    struct amount amount = {
        .unit = unit_find(text_of(generate_is_energy(commodity) ? "MWh" : "t")),
        .set = FACTOR_SET_DEFAULT};
    struct decimal decimal;

    (void)snprintf(number, 32, "%" PRIu64, whole);
    amount.number = text_of(number);
    enum status st = decimal_parse(amount.number, &decimal);

    if (st == ST_OK)
        st = unit_convert(&decimal, amount.unit, commodity, amount.set, &amount.amount,
                          NULL);
    measure_check(st, "make an amount", NULL);
    return amount;
}

void generate_begin(struct generator *g, struct event *ev, enum event_kind kind,
                    uint64_t source, const char *what, uint64_t number)
{
    *ev = (struct event){.kind = kind, .time = draw_time(g)};
    (void)snprintf(g->source, sizeof g->source, "authority-%02u", (unsigned)source);
    (void)snprintf(g->id, sizeof g->id, "%s-%09" PRIu64, what, number);
    ev->source = text_of(g->source);
    ev->id = text_of(g->id);
    ev->published = generate_reported(g);
    ev->states_published = true;
}
