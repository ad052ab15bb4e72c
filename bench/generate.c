/* Which events there are, and how many of which kind. */
#include "generate.h"

#include "measure.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN_MAX     16384 /* shipments on their way, once as many have departed */
#define PLEDGES_MAX  8192
#define PLEDGES_OPEN 256 /* the newest ones, which shipments that depart may name */
#define SOURCES      12

/* What is needed to report a shipment again when it has arrived. */
struct voyage {
    uint64_t number;
    place_id from, to;
    commodity_id commodity;
    uint32_t tonnes, source, pledge; /* pledge 0: none */
    int64_t departed, eta;
};

struct pledge_made {
    uint32_t source;
    place_id from, to;
    commodity_id commodity;
};

struct generator {
    struct generate_options options;
    uint64_t random, index, facts;
    place_id places[GENERATE_COUNTRIES];
    commodity_id commodities[GENERATE_COMMODITIES], steel;
    struct voyage open[OPEN_MAX];
    uint64_t departed, arrived; /* voyages ever; the open ones are between */
    struct pledge_made pledges[PLEDGES_MAX];
    uint32_t pledges_made;
    char source[32], id[64], number[32], pledge[64], arrived_number[32];
};

static const char *const commodity_codes[GENERATE_COMMODITIES] = {
    "crude_oil",   "heavy_fuel_oil", "gas_diesel_oil",
    "gasoline",    "kerosene",       "lpg",
    "natural_gas", "anthracite",     "coal",
    "electricity", "wheat",          "maize",
    "barley",      "cereals",        "rice",
    "paddy",       "wheat_flour",    "potatoes",
    "soybeans",    "sorghum",        "fertilizer",
    "rye"};

/* splitmix64: the sequence is part of what the benchmark is. */
static uint64_t draw(struct generator *g, uint64_t below)
{
    uint64_t z = g->random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

struct generator *generator_new(const struct generate_options *options)
{
    struct generator *g = calloc(1, sizeof *g);
    size_t places = 0;

    if (g == NULL)
        measure_fail("no memory");
    g->options = *options;
    g->random = options->seed;
    for (place_id p = 0; p < place_count() && places < options->countries; p++)
        if (place_has_balance(p))
            g->places[places++] = p;
    if (places < options->countries)
        measure_fail("there are only %zu countries", places);
    for (size_t i = 0; i < options->commodities; i++) {
        g->commodities[i] = commodity_find(text_of(commodity_codes[i]));
        assert(g->commodities[i] != COMMODITY_NONE);
    }
    g->steel = commodity_find(TEXT_LITERAL("steel"));
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

/* --- parts of an event ----------------------------------------------------------------
 */

static place_id draw_place(struct generator *g)
{
    return g->places[draw(g, g->options.countries)];
}

static void draw_route(struct generator *g, place_id *from, place_id *to)
{
    *from = draw_place(g);
    do
        *to = draw_place(g);
    while (*to == *from);
}

static commodity_id draw_commodity(struct generator *g)
{
    return g->commodities[draw(g, g->options.commodities)];
}

static int64_t reported(const struct generator *g)
{
    return g->options.start + (int64_t)g->index * g->options.pace_us;
}

/* Half of all reports are of the last hour, the others up to thirty days late. */
static int64_t draw_time(struct generator *g)
{
    uint64_t late = draw(g, 2) == 0 ? draw(g, 3600) : draw(g, UINT64_C(30) * 86400);

    return reported(g) - (int64_t)late * SECOND_US;
}

static struct amount amount_of(char number[32], uint64_t whole, commodity_id commodity)
{
    bool energy = commodity_get(commodity)->dimension == DIMENSION_ENERGY;
    struct amount amount = {.unit = unit_find(text_of(energy ? "MWh" : "t")),
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

static void begin(struct generator *g, struct event *ev, enum event_kind kind,
                  uint64_t source, const char *what, uint64_t number)
{
    *ev = (struct event){.kind = kind, .time = draw_time(g)};
    (void)snprintf(g->source, sizeof g->source, "authority-%02u", (unsigned)source);
    (void)snprintf(g->id, sizeof g->id, "%s-%09" PRIu64, what, number);
    ev->source = text_of(g->source);
    ev->id = text_of(g->id);
    ev->published = reported(g);
    ev->states_published = true;
    g->facts++;
}

/* --- kinds ----------------------------------------------------------------------------
 */

static void name_pledge(struct generator *g, uint32_t source, uint32_t number,
                        struct shipment *s)
{
    (void)snprintf(g->pledge, sizeof g->pledge, "authority-%02u/pledge-%09u",
                   (unsigned)source, (unsigned)number);
    s->pledge = text_of(g->pledge);
}

static void write_voyage(struct generator *g, struct event *ev, const struct voyage *v)
{
    const struct pledge_made *p = &g->pledges[v->pledge % PLEDGES_MAX];
    struct shipment *s = &ev->as.shipment;

    *s = (struct shipment){.from = v->from,
                           .to = v->to,
                           .commodity = v->commodity,
                           .quantity = amount_of(g->number, v->tonnes, v->commodity),
                           .departed = v->departed,
                           .eta = v->eta,
                           .arrived = TIME_NONE,
                           .terms = v->pledge ? TERMS_GRANT : TERMS_COMMERCIAL};
    s->arrived_quantity.amount = s->quantity.amount;
    if (v->pledge != 0)
        name_pledge(g, p->source, v->pledge, s);
}

static void make_departure(struct generator *g, struct event *ev)
{
    struct voyage *v = &g->open[g->departed++ % OPEN_MAX];
    uint32_t source = (uint32_t)draw(g, SOURCES);

    begin(g, ev, EVENT_SHIPMENT, source, "voyage", g->departed);
    *v = (struct voyage){.number = g->departed, .source = source, .departed = ev->time};
    v->tonnes = 1000 + (uint32_t)draw(g, 60000);
    v->eta = v->departed + (5 + (int64_t)draw(g, 40)) * DAY_US;
    if (g->pledges_made >= PLEDGES_OPEN && draw(g, 10) < 3) {
        v->pledge = g->pledges_made - (uint32_t)draw(g, PLEDGES_OPEN);
        v->from = g->pledges[v->pledge % PLEDGES_MAX].from;
        v->to = g->pledges[v->pledge % PLEDGES_MAX].to;
        v->commodity = g->pledges[v->pledge % PLEDGES_MAX].commodity;
    } else {
        draw_route(g, &v->from, &v->to);
        v->commodity = draw_commodity(g);
    }
    write_voyage(g, ev, v);
}

/* The oldest voyage that is open, reported again with its arrival. */
static void make_arrival(struct generator *g, struct event *ev)
{
    struct voyage *v = &g->open[g->arrived++ % OPEN_MAX];

    begin(g, ev, EVENT_SHIPMENT, v->source, "voyage", v->number);
    g->facts--;
    ev->revision = 1;
    assert(v->pledge == 0 || g->pledges_made - v->pledge < PLEDGES_MAX);
    if (ev->time < v->departed)
        ev->time = v->departed;
    write_voyage(g, ev, v);
    ev->as.shipment.arrived = ev->time;
    ev->as.shipment.arrived_quantity =
        amount_of(g->arrived_number, v->tonnes - v->tonnes / 200, v->commodity);
}

static void make_pledge(struct generator *g, struct event *ev)
{
    struct pledge_made *p = &g->pledges[++g->pledges_made % PLEDGES_MAX];
    p->source = (uint32_t)draw(g, SOURCES);
    draw_route(g, &p->from, &p->to);
    p->commodity = draw_commodity(g);
    uint64_t tonnes = 20000 + draw(g, 200000);
    int64_t days = 30 + (int64_t)draw(g, 150);

    begin(g, ev, EVENT_PLEDGE, p->source, "pledge", g->pledges_made);
    ev->as.pledge =
        (struct pledge){.from = p->from,
                        .to = p->to,
                        .commodity = p->commodity,
                        .quantity = amount_of(g->number, tonnes, p->commodity),
                        .due = ev->time + days * DAY_US,
                        .status = PLEDGE_AGREED};
}

static void make_level(struct generator *g, struct event *ev, enum event_kind kind)
{
    static const char *const names[EVENT_KIND_COUNT] = {
        [EVENT_STOCK] = "count", [EVENT_PRODUCTION] = "output", [EVENT_USE] = "need"};
    commodity_id commodity = draw_commodity(g);
    uint64_t tonnes = 20000 + draw(g, 180000);

    begin(g, ev, kind, draw(g, SOURCES), names[kind], g->index);
    ev->as.use = (struct level){.country = draw_place(g),
                                .commodity = commodity,
                                .quantity = amount_of(g->number, tonnes, commodity),
                                .until = TIME_NONE,
                                .line = USE_OTHER};
    if (kind == EVENT_USE || (kind == EVENT_PRODUCTION && draw(g, 5) < 3))
        ev->as.use.until = ev->time + 30 * DAY_US;
}

static void make_price(struct generator *g, struct event *ev)
{
    static const char *const markets[] = {"gulf", "asia", "europe"};
    uint64_t cents = 5000 + draw(g, 100000);
    commodity_id commodity = draw_commodity(g);
    bool energy = commodity_get(commodity)->dimension == DIMENSION_ENERGY;

    begin(g, ev, EVENT_PRICE, draw(g, SOURCES), "quote", g->index);
    (void)snprintf(g->number, sizeof g->number, "%" PRIu64 ".%02" PRIu64, cents / 100,
                   cents % 100);
    ev->as.price = (struct price){.commodity = commodity,
                                  .market = text_of(markets[draw(g, 3)]),
                                  .money = (int64_t)cents * (MONEY_ONE / 100),
                                  .number = text_of(g->number),
                                  .currency = "USD",
                                  .unit = unit_find(text_of(energy ? "MWh" : "t"))};
}

static void make_policy(struct generator *g, struct event *ev)
{
    place_id actor;
    place_id target;

    draw_route(g, &actor, &target);
    begin(g, ev, EVENT_POLICY, draw(g, SOURCES), "order", g->index);
    ev->as.policy = (struct policy){.actor = actor,
                                    .target = target,
                                    .commodity = draw_commodity(g),
                                    .instrument = TEXT_LITERAL("export licence"),
                                    .factor = 500,
                                    .until = ev->time + 60 * DAY_US};
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

    begin(g, ev, EVENT_STOCK, 0, "count", g->index);
    ev->time = reported(g);
    ev->as.stock =
        (struct level){.country = g->places[turn % g->options.countries],
                       .commodity = g->steel,
                       .quantity = amount_of(g->number, low ? 1000 : 900000, g->steel),
                       .until = TIME_NONE};
}

/* Ships depart until so many are on their way; then each departure is followed by an
 * arrival, and a voyage takes about three weeks at the usual pace. */
static void make_shipment(struct generator *g, struct event *ev)
{
    if (g->departed - g->arrived < OPEN_MAX)
        make_departure(g, ev);
    else
        make_arrival(g, ev);
}

/* Of a thousand events: 610 shipments, 150 uses, 100 productions, 60 counts, 45 prices,
 * 35 pledges; and one policy in 5,000. */
static void make_ordinary(struct generator *g, struct event *ev)
{
    uint64_t dice = draw(g, 5000);

    if (dice == 0)
        make_policy(g, ev);
    else if (dice < 3050)
        make_shipment(g, ev);
    else if (dice < 3800)
        make_level(g, ev, EVENT_USE);
    else if (dice < 4300)
        make_level(g, ev, EVENT_PRODUCTION);
    else if (dice < 4600)
        make_level(g, ev, EVENT_STOCK);
    else if (dice < 4825)
        make_price(g, ev);
    else
        make_pledge(g, ev);
}

void generator_next(struct generator *g, struct event *out)
{
    struct event_problem problem;

    if (generate_is_trigger(&g->options, g->index))
        make_trigger(g, out);
    else
        make_ordinary(g, out);
    if (event_check(out, &problem))
        measure_fail("event %" PRIu64 " of the generator: %s: %s", g->index,
                     event_field_name(problem.field), problem.text);
    g->index++;
}
