/* Which events there are, and how many of which kind. */
#include "generate_parts.h"

#include "measure.h"

#include <assert.h>
#include <stdlib.h>

static const char *const commodity_codes[GENERATE_COMMODITIES] = {
    "crude_oil", "heavy_fuel_oil", "gas_diesel_oil", "gasoline",    "kerosene",
    "lpg",       "natural_gas",    "coal",           "electricity", "wheat",
    "maize",     "barley",         "cereals",        "rice",        "paddy",
    "potatoes",  "wheat_flour",    "soybeans",       "sorghum",     "fertilizer"};

struct generator *generator_new(const struct generate_options *options)
{
    struct generator *g = calloc(1, sizeof *g);
    size_t places = 0;

    if (g == NULL)
        measure_fail("no memory");
    assert(options->start % SECOND_US == 0 && options->pace_us % 100 == 0);
    g->options = *options;
    g->random = options->seed;
    for (; g->elsewhere < place_count() && places < options->countries; g->elsewhere++)
        if (place_has_balance(g->elsewhere))
            g->places[places++] = g->elsewhere;
    if (places < options->countries)
        measure_fail("there are only %zu countries", places);
    for (size_t i = 0; i < options->commodities; i++) {
        g->commodities[i] = commodity_find(text_of(commodity_codes[i]));
        assert(g->commodities[i] != COMMODITY_NONE);
    }
    g->steel = commodity_find(TEXT_LITERAL("steel"));
    generate_open_markets(g);
    return g;
}

void generator_free(struct generator *g)
{
    free(g);
}

uint64_t generator_facts(const struct generator *g)
{
    return g->facts;
}

/* --- kinds ---- */

static void make_level(struct generator *g, struct event *ev, enum event_kind kind)
{
    static const char *const names[EVENT_KIND_COUNT] = {
        [EVENT_STOCK] = "count", [EVENT_PRODUCTION] = "output", [EVENT_USE] = "need"};
    commodity_id commodity = generate_draw_commodity(g);
    uint64_t tonnes = (20000 + generate_draw(g, 180000)) * (kind == EVENT_STOCK ? 3 : 1);

    generate_begin(g, ev, kind, generate_draw(g, SOURCES), names[kind], g->index);
    ev->as.use = (struct level){.country = generate_draw_place(g),
                                .commodity = commodity,
                                .quantity = generate_amount(g->number, tonnes, commodity),
                                .until = TIME_NONE,
                                .line = USE_OTHER};
    if (kind == EVENT_USE || (kind == EVENT_PRODUCTION && generate_draw(g, 5) < 3))
        ev->as.use.until = ev->time + 30 * DAY_US;
    g->facts++;
}

static void make_policy(struct generator *g, struct event *ev)
{
    place_id actor;
    place_id target;

    generate_draw_route(g, &actor, &target);
    generate_begin(g, ev, EVENT_POLICY, generate_draw(g, SOURCES), "order", g->index);
    ev->as.policy = (struct policy){.actor = actor,
                                    .target = target,
                                    .commodity = generate_draw_commodity(g),
                                    .instrument = TEXT_LITERAL("export licence"),
                                    .factor = 500,
                                    .until = ev->time + 60 * DAY_US};
    g->facts++;
}

bool generator_elsewhere(struct generator *g, struct event *out)
{
    size_t i = g->elsewhere_done++ % (2 * g->options.commodities);
    commodity_id commodity = g->commodities[i / 2];
    bool use = i % 2 == 1;

    if (i == 0 && g->elsewhere_done > 1)
        g->elsewhere++;
    while (g->elsewhere < place_count() && !place_has_balance(g->elsewhere))
        g->elsewhere++;
    if (g->elsewhere == place_count())
        return false;
    generate_begin(g, out, use ? EVENT_USE : EVENT_STOCK, 0, "elsewhere",
                   g->elsewhere_done);
    out->time = g->options.start;
    out->as.use = (struct level){.country = g->elsewhere,
                                 .commodity = commodity,
                                 .until = use ? out->time + 3650 * DAY_US : TIME_NONE,
                                 .line = USE_OTHER};
    out->as.use.quantity = generate_amount(g->number, use ? 9000000 : 300000, commodity);
    return true;
}

bool generate_is_trigger(const struct generate_options *options, uint64_t index)
{
    return options->trigger_every > 0 &&
           index % options->trigger_every == options->trigger_every - 1;
}

bool generate_fires(const struct generate_options *options, uint64_t index)
{
    return generate_is_trigger(options, index) &&
           index / options->trigger_every / options->countries % 2 == 0;
}

static void make_trigger(struct generator *g, struct event *ev)
{
    uint64_t turn = g->index / g->options.trigger_every;
    bool low = generate_fires(&g->options, g->index);

    generate_begin(g, ev, EVENT_STOCK, 0, "count", g->index);
    ev->time = generate_reported(g);
    ev->as.stock = (struct level){
        .country = g->places[turn % g->options.countries],
        .commodity = g->steel,
        .quantity = generate_amount(g->number, low ? 1000 : 900000, g->steel),
        .until = TIME_NONE};
    g->facts++;
}

static void make_ordinary(struct generator *g, struct event *ev)
{
    uint64_t dice = generate_draw(g, 1000);

    if (dice < 700)
        generate_price(g, ev);
    else if (dice < 950)
        generate_shipment(g, ev);
    else if (dice < 965)
        make_level(g, ev, EVENT_USE);
    else if (dice < 978)
        make_level(g, ev, EVENT_PRODUCTION);
    else if (dice < 988)
        make_level(g, ev, EVENT_STOCK);
    else if (dice < 998)
        generate_pledge(g, ev);
    else
        make_policy(g, ev);
}

void generator_next(struct generator *g, struct event *out)
{
    struct event_problem problem;

    assert(g->index < GENERATE_EVENTS_MAX);
    if (generate_is_trigger(&g->options, g->index))
        make_trigger(g, out);
    else
        make_ordinary(g, out);
    if (event_check(out, &problem))
        measure_fail("event %" PRIu64 " of the generator: %s: %s", g->index,
                     event_field_name(problem.field), problem.text);
    g->index++;
}
