/* The reports of a random world: every kind, and later words on each of them. */
#include "scenario_make.h"

#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>

static struct amount some_amount(struct scenario *s, commodity_id goods, int64_t most)
{
    bool energy = commodity_get(goods)->dimension == DIMENSION_ENERGY;
    int64_t whole = 1 + random_below(&s->random, most);

    if (random_chance(&s->random, 10))
        whole = random_below(&s->random, 3);
    if (!energy && s->scale > 1000000 && random_chance(&s->random, 20))
        return amount_of(scenario_keep(s, "%" PRId64, whole / 907184), "st", goods);
    return amount_of(scenario_keep(s, "%" PRId64, whole), energy ? "kJ" : "g", goods);
}

static struct event *next_event(struct scenario *s)
{
    cr_assert(s->events_len < s->events_max, "the scenario has too many reports");
    return &s->events[s->events_len++];
}

static struct event *new_event(struct scenario *s, enum event_kind kind)
{
    struct event *ev = next_event(s);
    int64_t time = scenario_time(s);

    /* Much happens at the very instant of something else. */
    if (s->events_len > 1 && random_chance(&s->random, 10))
        time = s->events[random_below(&s->random, (int64_t)s->events_len - 1)].time;
    *ev = (struct event){
        .kind = kind,
        .source = text_of(random_chance(&s->random, 50) ? "a" : "b"),
        .id = text_of(scenario_keep(s, "%c%zu", "sgpylhu"[kind], s -> events_len)),
        .time = time,
        .published = time,
        .states_published = true};
    return ev;
}

/* --- levels ------------------------------------------------------------------------- */

static void set_until(struct scenario *s, struct event *ev)
{
    do {
        ev->as.use.until = scenario_time(s);
    } while (ev->as.use.until == ev->time);
    if (ev->as.use.until < ev->time) {
        int64_t time = ev->time;

        ev->time = ev->as.use.until;
        ev->as.use.until = time;
    }
}

static void add_level(struct scenario *s, enum event_kind kind, int64_t most)
{
    struct event *ev = new_event(s, kind);
    commodity_id goods = scenario_goods(s);
    place_id country = scenario_country(s);

    if (s->size == SCENARIO_LARGE && random_chance(&s->random, 85)) {
        country = place("PRK"); /* one account gets nearly all of it */
        goods = s->goods[0];
    }
    ev->as.stock = (struct level){.country = country,
                                  .commodity = goods,
                                  .quantity = some_amount(s, goods, most),
                                  .until = TIME_NONE};
    if (kind == EVENT_USE)
        ev->as.use.line = (enum use_line)random_below(&s->random, USE_LINE_COUNT);
    if (kind == EVENT_USE || (kind == EVENT_PRODUCTION && random_chance(&s->random, 40)))
        set_until(s, ev);
}

/* --- shipments and pledges ---------------------------------------------------------- */

/* Now and then somebody who has no balance, and hands it on under another report. */
static place_id receiver(struct scenario *s)
{
    return random_chance(&s->random, 4) ? place("WFP") : scenario_country(s);
}

static void set_milestones(struct scenario *s, struct shipment *ship)
{
    ship->departed = random_chance(&s->random, 30) ? scenario_time(s) : TIME_NONE;
    ship->eta = random_chance(&s->random, 70) ? scenario_time(s) : TIME_NONE;
    ship->arrived = random_chance(&s->random, 45) ? scenario_time(s) : TIME_NONE;
    ship->cancelled = random_chance(&s->random, 8);
    ship->arrived_quantity = ship->quantity;
    ship->arrived_quantity.number = (struct text){NULL, 0};
    if (ship->arrived == TIME_NONE || random_chance(&s->random, 70))
        return;
    ship->arrived_quantity =
        amount_of(scenario_keep(s, "%" PRId64, random_below(&s->random, 90) + 1),
                  unit_code(ship->quantity.unit), ship->commodity);
}

static void add_pledge(struct scenario *s)
{
    struct event *ev = new_event(s, EVENT_PLEDGE);
    commodity_id goods = scenario_goods(s);
    place_id to = receiver(s);

    ev->as.pledge = (struct pledge){
        .from = scenario_supplier(s, to),
        .to = to,
        .commodity = goods,
        .quantity = some_amount(s, goods, 2 * s->scale),
        .due = random_chance(&s->random, 60) ? scenario_time(s) : TIME_NONE,
        .status = PLEDGE_AGREED};
    if (random_chance(&s->random, 20))
        ev->as.pledge.status =
            (enum pledge_status)random_below(&s->random, PLEDGE_STATUS_COUNT);
}

/* A pledge of the scenario by name, sometimes one that nobody reports, or a report that
 * is no pledge. */
static struct text some_pledge(struct scenario *s, struct text source)
{
    for (int tries = 0; tries < 40; tries++) {
        const struct event *ev =
            &s->events[random_below(&s->random, (int64_t)s->events_len)];

        if (ev->kind != EVENT_PLEDGE && !random_chance(&s->random, 1))
            continue;
        if (text_equal(ev->source, source) && random_chance(&s->random, 50))
            return ev->id;
        return text_of(
            scenario_keep(s, "%.*s/%.*s", TEXT_ARGS(ev->source), TEXT_ARGS(ev->id)));
    }
    return text_of("nobody/said");
}

static void set_pledge(struct scenario *s, struct event *ev)
{
    struct shipment *ship = &ev->as.shipment;

    ship->pledge = ship->credit = (struct text){NULL, 0};
    if (random_chance(&s->random, 60))
        ship->pledge = some_pledge(s, ev->source);
    if (random_chance(&s->random, 25))
        ship->credit =
            text_of(scenario_keep(s, "%" PRId64, random_below(&s->random, 120) + 1));
}

static void add_shipment(struct scenario *s)
{
    struct event *ev = new_event(s, EVENT_SHIPMENT);
    struct shipment *ship = &ev->as.shipment;
    commodity_id goods =
        random_chance(&s->random, 10) ? goods_of("steel") : scenario_goods(s);
    place_id to = receiver(s);

    *ship = (struct shipment){.from = scenario_supplier(s, to),
                              .to = to,
                              .commodity = goods,
                              .terms = (enum terms)random_below(&s->random, TERMS_COUNT),
                              .quantity = some_amount(s, goods, s->scale)};
    set_pledge(s, ev);
    set_milestones(s, ship);
}

/* --- policies and prices ------------------------------------------------------------ */

static void add_policy(struct scenario *s)
{
    struct event *ev = new_event(s, EVENT_POLICY);
    static const int32_t factors[] = {0, 1, 333, 500, 999, 1000};
    bool any = random_chance(&s->random, 40);

    ev->as.policy = (struct policy){
        .actor = any ? PLACE_ANY : scenario_supplier(s, PLACE_NONE),
        .target = random_chance(&s->random, 50) ? PLACE_ANY : scenario_country(s),
        .commodity = random_chance(&s->random, 30) ? COMMODITY_ANY : scenario_goods(s),
        .instrument = text_of("ban"),
        .factor = factors[random_below(&s->random, 6)],
        .until = TIME_NONE};
    if (random_chance(&s->random, 60))
        ev->as.policy.until = ev->time + (1 + random_below(&s->random, 200)) * DAY_US;
}

static void set_price(struct scenario *s, struct price *p)
{
    int64_t whole = 1 + random_below(&s->random, 400);

    if (s->has_odd_prices && random_chance(&s->random, 40))
        whole = random_below(&s->random, 3) - 1;
    p->money = whole * MONEY_ONE;
    p->number = text_of(scenario_keep(s, "%" PRId64, whole));
}

static bool is_reported(const struct scenario *s, const struct event *ev)
{
    for (const struct event *other = s->events; other < ev; other++) {
        if (text_equal(other->source, ev->source) && text_equal(other->id, ev->id))
            return true;
    }
    return false;
}

/* Named by what it is, as a price is that states no id, unless something else has the
 * name. */
static void name_price(struct scenario *s, struct event *ev)
{
    const struct price *p = &ev->as.price;
    struct text own = ev->id;

    ev->id = text_of(scenario_keep(s, "%s/%.*s/%s/%s/%" PRId64,
                                   commodity_code(p->commodity), TEXT_ARGS(p->market),
                                   p->currency, unit_code(p->unit), ev->time));
    if (is_reported(s, ev))
        ev->id = own;
}

static void add_price(struct scenario *s)
{
    struct event *ev = new_event(s, EVENT_PRICE);
    commodity_id goods = scenario_goods(s);
    bool energy = commodity_get(goods)->dimension == DIMENSION_ENERGY;
    static const char *const mass[] = {"t", "kg", "lb"};
    static const char *const currencies[] = {"USD", "USD", "EUR"};

    ev->as.price = (struct price){
        .commodity = goods,
        .market = text_of(random_chance(&s->random, 85) ? "spot" : "border"),
        .unit = unit_find(text_of(energy ? "GJ" : mass[random_below(&s->random, 3)]))};
    text_copy(text_of(currencies[random_below(&s->random, 3)]), ev->as.price.currency,
              sizeof ev->as.price.currency);
    set_price(s, &ev->as.price);
    /* Often another currency's word, or another source's, for the very same price. */
    const struct event *before = ev > s->events ? ev - 1 : ev;

    if (before->kind == EVENT_PRICE && random_chance(&s->random, 40)) {
        ev->time = ev->published = before->time;
        ev->as.price.commodity = before->as.price.commodity;
        ev->as.price.market = before->as.price.market;
        ev->as.price.unit = before->as.price.unit;
    }
    if (random_chance(&s->random, 60))
        name_price(s, ev);
}

/* --- revisions ---------------------------------------------------------------------- */

static void revise_shipment(struct scenario *s, struct event *ev)
{
    struct shipment *ship = &ev->as.shipment;

    if (random_chance(&s->random, 20)) {
        ship->to = receiver(s);
        ship->from = scenario_supplier(s, ship->to);
    }
    if (random_chance(&s->random, 20)) {
        ship->commodity = scenario_goods(s);
        ship->quantity = some_amount(s, ship->commodity, s->scale);
    }
    if (random_chance(&s->random, 25))
        set_pledge(s, ev);
    set_milestones(s, ship);
}

static void revise_pledge(struct scenario *s, struct pledge *p)
{
    p->status = (enum pledge_status)random_below(&s->random, PLEDGE_STATUS_COUNT);
    if (random_chance(&s->random, 40))
        p->status = PLEDGE_AGREED;
    if (random_chance(&s->random, 30))
        p->due = random_chance(&s->random, 50) ? scenario_time(s) : TIME_NONE;
    if (random_chance(&s->random, 30))
        p->quantity = some_amount(s, p->commodity, 2 * s->scale);
    if (random_chance(&s->random, 10)) {
        p->to = receiver(s);
        p->from = scenario_supplier(s, p->to);
    }
}

static void revise_level(struct scenario *s, struct event *ev)
{
    struct level *l = &ev->as.stock;

    if (random_chance(&s->random, 15))
        l->country = scenario_country(s);
    if (random_chance(&s->random, 15))
        l->commodity = scenario_goods(s);
    if (random_chance(&s->random, 20) && l->until == TIME_NONE)
        ev->time = scenario_time(s);
    if (random_chance(&s->random, 30) && l->until != TIME_NONE)
        set_until(s, ev);
    l->quantity = some_amount(s, l->commodity, s->scale);
}

static void revise_policy(struct scenario *s, struct event *ev)
{
    if (random_chance(&s->random, 50))
        ev->as.policy.factor = (int32_t)random_below(&s->random, POLICY_FACTOR_ONE + 1);
    if (random_chance(&s->random, 50))
        ev->as.policy.until = ev->time + (1 + random_below(&s->random, 200)) * DAY_US;
    if (random_chance(&s->random, 20))
        ev->as.policy.target = scenario_country(s);
}

static void revise(struct scenario *s, struct event *ev)
{
    switch (ev->kind) {
    case EVENT_SHIPMENT:
        revise_shipment(s, ev);
        return;
    case EVENT_PLEDGE:
        revise_pledge(s, &ev->as.pledge);
        return;
    case EVENT_PRICE:
        set_price(s, &ev->as.price);
        return;
    case EVENT_POLICY:
        revise_policy(s, ev);
        return;
    case EVENT_STOCK:
    case EVENT_PRODUCTION:
    case EVENT_USE:
    case EVENT_KIND_COUNT:
        revise_level(s, ev);
    }
}

/* A later word on a report: another content, a retraction, a restored fact, or
 * (conflicts) the same revision with another content. */
static void add_revision(struct scenario *s, const struct event *of, bool conflicts)
{
    struct event *ev = next_event(s);

    *ev = *of;
    ev->revision = (int32_t)s->events_len; /* no two reports are of one revision */
    ev->published = of->time + (int64_t)s->events_len * SECOND_US;
    if (conflicts)
        ev->revision = of->revision + (int32_t)random_below(&s->random, 3);
    if (random_chance(&s->random, 25)) {
        *ev = (struct event){.kind = of->kind,
                             .source = of->source,
                             .id = of->id,
                             .revision = ev->revision,
                             .retract = true,
                             .time = of->time,
                             .published = ev->published,
                             .states_published = true};
        return;
    }
    revise(s, ev);
    if (random_chance(&s->random, 15))
        ev->alternative_to =
            ev->alternative_to.len > 0 ? (struct text){NULL, 0} : text_of("c/elsewhere");
    if (conflicts && random_chance(&s->random, 10) && of->kind == EVENT_STOCK)
        ev->kind = EVENT_PRODUCTION;
}

/* --- all of them -------------------------------------------------------------------- */

static void add_small(struct scenario *s)
{
    struct random *r = &s->random;

    for (int64_t n = 2 + random_below(r, 4); n > 0; n--)
        add_level(s, EVENT_USE, 3 * s->scale);
    for (int64_t n = 1 + random_below(r, 5); n > 0; n--)
        add_level(s, EVENT_PRODUCTION, 2 * s->scale);
    for (int64_t n = random_below(r, 6); n > 0; n--)
        add_level(s, EVENT_STOCK, s->scale);
    for (int64_t n = random_below(r, 4); n > 0; n--)
        add_pledge(s);
    for (int64_t n = random_below(r, 7); n > 0; n--)
        add_shipment(s);
    for (int64_t n = random_below(r, 3); n > 0; n--)
        add_policy(s);
    for (int64_t n = random_below(r, 6); n > 0; n--)
        add_price(s);
}

/* Nothing but uses that begin and end, and a little that comes: what is missing falls and
 * rises again within one stretch. */
static void add_dry(struct scenario *s)
{
    struct random *r = &s->random;

    for (int64_t n = 3 + random_below(r, 6); n > 0; n--)
        add_level(s, EVENT_USE, 3 * s->scale);
    for (int64_t n = random_below(r, 2); n > 0; n--)
        add_level(s, EVENT_PRODUCTION, s->scale);
    for (int64_t n = random_below(r, 3); n > 0; n--)
        add_shipment(s);
}

static void add_large(struct scenario *s)
{
    struct random *r = &s->random;

    for (int64_t n = 30 + random_below(r, 30); n > 0; n--)
        add_level(s, EVENT_USE, s->scale);
    for (int64_t n = 120 + random_below(r, 150); n > 0; n--)
        add_level(s, EVENT_PRODUCTION, s->scale);
    for (int64_t n = random_below(r, 40); n > 0; n--)
        add_level(s, EVENT_STOCK, s->scale);
    for (int64_t n = random_below(r, 6); n > 0; n--)
        add_pledge(s);
    for (int64_t n = random_below(r, 40); n > 0; n--)
        add_shipment(s);
    for (int64_t n = random_below(r, 4); n > 0; n--)
        add_policy(s);
}

void scenario_reports(struct scenario *s, bool conflicts)
{
    struct random *r = &s->random;

    if (s->size == SCENARIO_LARGE)
        add_large(s);
    else if (s->is_dry)
        add_dry(s);
    else
        add_small(s);
    for (int64_t n = (int64_t)s->events_len; n > 0; n--) {
        struct event *ev = &s->events[random_below(r, (int64_t)s->events_len)];

        if (random_chance(r, 25) && !ev->retract)
            add_revision(s, ev, conflicts);
        else if (random_chance(r, 3))
            ev->alternative_to = text_of("c/elsewhere");
    }
}
