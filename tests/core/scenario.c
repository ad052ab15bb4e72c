/* The reports of a random world. */
#include "scenario.h"

#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64: any seed will do. */
uint64_t random_next(struct random *r)
{
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t random_below(struct random *r, int64_t below)
{
    return (int64_t)(random_next(r) % (uint64_t)below);
}

bool random_chance(struct random *r, int percent)
{
    return random_below(r, 100) < percent;
}

static const char *keep(struct scenario *s, const char *format, ...) PRINTF_LIKE(2, 3);

static const char *keep(struct scenario *s, const char *format, ...)
{
    char *at = s->texts + s->texts_len;
    size_t room = sizeof s->texts - s->texts_len;
    va_list args;

    va_start(args, format);
    int len = vsnprintf(at, room, format, args);
    va_end(args);
    cr_assert(len >= 0 && (size_t)len < room, "the scenario's texts are full");
    s->texts_len += (size_t)len + 1;
    return at;
}

/* Mostly midnights, so that many things happen at one instant. */
int64_t scenario_time(struct scenario *s)
{
    int64_t t = day("2007-10-20") + random_below(&s->random, 60) * 7 * DAY_US;

    if (random_chance(&s->random, 30))
        t += random_below(&s->random, 7) * DAY_US;
    if (random_chance(&s->random, 25))
        t += random_below(&s->random, DAY_US);
    return t;
}

place_id scenario_country(struct scenario *s)
{
    return place(random_chance(&s->random, 75) ? "PRK" : "USA");
}

commodity_id scenario_goods(struct scenario *s)
{
    return s->goods[random_below(&s->random, (int64_t)s->goods_len)];
}

static struct amount some_amount(struct scenario *s, commodity_id goods, int64_t most)
{
    bool energy = commodity_get(goods)->dimension == DIMENSION_ENERGY;
    int64_t whole = 1 + random_below(&s->random, most);

    if (random_chance(&s->random, 10))
        whole = random_below(&s->random, 3);
    if (!energy && s->scale > 1000000 && random_chance(&s->random, 20))
        return amount_of(keep(s, "%" PRId64, whole / 907184), "st", goods);
    return amount_of(keep(s, "%" PRId64, whole), energy ? "kJ" : "g", goods);
}

static struct event *new_event(struct scenario *s, enum event_kind kind)
{
    struct event *ev = &s->events[s->events_len++];
    int64_t time = scenario_time(s);

    cr_assert(s->events_len < SCENARIO_EVENTS_MAX);
    *ev =
        (struct event){.kind = kind,
                       .source = text_of(random_chance(&s->random, 50) ? "a" : "b"),
                       .id = text_of(keep(s, "%c%zu", "sgpylhu"[kind], s -> events_len)),
                       .time = time,
                       .published = time,
                       .states_published = true};
    return ev;
}

static struct event *add_level(struct scenario *s, enum event_kind kind, int64_t most)
{
    struct event *ev = new_event(s, kind);
    commodity_id goods = scenario_goods(s);

    ev->as.stock = (struct level){.country = scenario_country(s),
                                  .commodity = goods,
                                  .quantity = some_amount(s, goods, most),
                                  .until = TIME_NONE};
    if (kind == EVENT_USE ||
        (kind == EVENT_PRODUCTION && random_chance(&s->random, 40))) {
        do {
            ev->as.stock.until = scenario_time(s);
        } while (ev->as.stock.until == ev->time);
        if (ev->as.stock.until < ev->time) {
            int64_t time = ev->time;

            ev->time = ev->as.stock.until;
            ev->as.stock.until = time;
        }
    }
    return ev;
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
        amount_of(keep(s, "%" PRId64, random_below(&s->random, 90) + 1),
                  unit_code(ship->quantity.unit), ship->commodity);
}

static place_id supplier(struct scenario *s, place_id to)
{
    static const char *const codes[] = {"USA", "RUS", "WFP", "PRK"};
    place_id from;

    do {
        from = place(codes[random_below(&s->random, 4)]);
    } while (from == to);
    return from;
}

static void add_pledge(struct scenario *s)
{
    struct event *ev = new_event(s, EVENT_PLEDGE);
    commodity_id goods = scenario_goods(s);
    place_id to = scenario_country(s);

    ev->as.pledge = (struct pledge){
        .from = supplier(s, to),
        .to = to,
        .commodity = goods,
        .quantity = some_amount(s, goods, 2 * s->scale),
        .due = random_chance(&s->random, 60) ? scenario_time(s) : TIME_NONE,
        .status = PLEDGE_AGREED};
    if (random_chance(&s->random, 20))
        ev->as.pledge.status = (enum pledge_status)random_below(&s->random, 6);
}

/* A pledge of the scenario by name, sometimes one that nobody reports. */
static struct text some_pledge(struct scenario *s, struct text source)
{
    for (int tries = 0; tries < 40; tries++) {
        const struct event *ev =
            &s->events[random_below(&s->random, (int64_t)s->events_len)];

        if (ev->kind != EVENT_PLEDGE)
            continue;
        if (text_equal(ev->source, source) && random_chance(&s->random, 50))
            return ev->id;
        return text_of(keep(s, "%.*s/%.*s", TEXT_ARGS(ev->source), TEXT_ARGS(ev->id)));
    }
    return text_of("nobody/said");
}

static void add_shipment(struct scenario *s)
{
    struct event *ev = new_event(s, EVENT_SHIPMENT);
    struct shipment *ship = &ev->as.shipment;
    commodity_id goods =
        random_chance(&s->random, 10) ? goods_of("steel") : scenario_goods(s);
    place_id to = scenario_country(s);

    *ship = (struct shipment){.from = supplier(s, to),
                              .to = to,
                              .commodity = goods,
                              .quantity = some_amount(s, goods, s->scale)};
    if (random_chance(&s->random, 60))
        ship->pledge = some_pledge(s, ev->source);
    if (random_chance(&s->random, 25))
        ship->credit = text_of(keep(s, "%" PRId64, random_below(&s->random, 120) + 1));
    set_milestones(s, ship);
}

static void add_policy(struct scenario *s)
{
    struct event *ev = new_event(s, EVENT_POLICY);
    static const int32_t factors[] = {0, 1, 333, 500, 999, 1000};
    bool any = random_chance(&s->random, 40);

    ev->as.policy = (struct policy){
        .actor = any ? PLACE_ANY : supplier(s, PLACE_NONE),
        .target = random_chance(&s->random, 50) ? PLACE_ANY : scenario_country(s),
        .commodity = random_chance(&s->random, 30) ? COMMODITY_ANY : scenario_goods(s),
        .instrument = text_of("ban"),
        .factor = factors[random_below(&s->random, 6)],
        .until = TIME_NONE};
    if (random_chance(&s->random, 60))
        ev->as.policy.until = ev->time + (1 + random_below(&s->random, 200)) * DAY_US;
}

static void add_price(struct scenario *s)
{
    struct event *ev = new_event(s, EVENT_PRICE);
    commodity_id goods = scenario_goods(s);
    bool energy = commodity_get(goods)->dimension == DIMENSION_ENERGY;
    static const char *const mass[] = {"t", "kg", "lb"};

    ev->as.price = (struct price){
        .commodity = goods,
        .market = text_of("spot"),
        .money = (1 + random_below(&s->random, 400)) * MONEY_ONE,
        .currency = "USD",
        .unit = unit_find(text_of(energy ? "GJ" : mass[random_below(&s->random, 3)]))};
    ev->as.price.number = text_of(keep(s, "%" PRId64, ev->as.price.money / MONEY_ONE));
}

/* A later word on a report: other milestones, another amount, a retraction, a restored
 * fact, or (conflicts) the same revision with another content. */
static void add_revision(struct scenario *s, const struct event *of, bool conflicts)
{
    struct event *ev = &s->events[s->events_len++];

    cr_assert(s->events_len < SCENARIO_EVENTS_MAX);
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
    if (of->kind == EVENT_SHIPMENT)
        set_milestones(s, &ev->as.shipment);
    else if (of->kind == EVENT_PLEDGE)
        ev->as.pledge.status = (enum pledge_status)random_below(&s->random, 6);
    else if (of->kind != EVENT_PRICE && of->kind != EVENT_POLICY)
        ev->as.stock.quantity = some_amount(s, ev->as.stock.commodity, s->scale);
    if (conflicts && random_chance(&s->random, 10) && of->kind == EVENT_STOCK)
        ev->kind = EVENT_PRODUCTION;
}

static void add_reports(struct scenario *s, bool conflicts)
{
    struct random *r = &s->random;

    for (int64_t n = 2 + random_below(r, 4); n > 0; n--)
        (void)add_level(s, EVENT_USE, 3 * s->scale);
    for (int64_t n = 1 + random_below(r, 5); n > 0; n--)
        (void)add_level(s, EVENT_PRODUCTION, 2 * s->scale);
    for (int64_t n = random_below(r, 6); n > 0; n--)
        (void)add_level(s, EVENT_STOCK, s->scale);
    for (int64_t n = random_below(r, 4); n > 0; n--)
        add_pledge(s);
    for (int64_t n = random_below(r, 7); n > 0; n--)
        add_shipment(s);
    for (int64_t n = random_below(r, 3); n > 0; n--)
        add_policy(s);
    for (int64_t n = random_below(r, 4); n > 0; n--)
        add_price(s);
    for (int64_t n = (int64_t)s->events_len; n > 0; n--) {
        struct event *ev = &s->events[random_below(r, (int64_t)s->events_len)];

        if (random_chance(r, 25) && !ev->retract)
            add_revision(s, ev, conflicts);
        else if (random_chance(r, 2))
            ev->alternative_to = text_of("c/elsewhere");
    }
}

void scenario_shuffle(struct scenario *s)
{
    int64_t clock = day("2007-11-01");
    size_t at = 0;

    for (size_t i = s->order_len - 1; i > 0; i--) {
        size_t k = (size_t)random_below(&s->random, (int64_t)i + 1);
        const struct event *ev = s->order[i];

        s->order[i] = s->order[k];
        s->order[k] = ev;
    }
    s->steps_len = 2 + (size_t)random_below(&s->random, SCENARIO_STEPS_MAX - 2);
    for (size_t i = 0; i < s->steps_len; i++) {
        size_t len = (s->order_len - at) / (s->steps_len - i);

        s->steps[i] = (struct oracle_step){clock, s->order + at, len};
        at += len;
        clock += 1 + random_below(&s->random, 60) * DAY_US / 2;
        if (random_chance(&s->random, 30))
            clock += random_below(&s->random, DAY_US);
    }
    s->until = clock + random_below(&s->random, 150) * DAY_US;
}

static void choose_goods(struct scenario *s)
{
    static const char *const sets[][4] = {
        {"rice", "potatoes", "food", "food"},
        {"rice", "paddy", "wheat_flour", "food"},
        {"potatoes", "soybeans", "food", "rice"},
        {"anthracite", "electricity", "energy", "crude_oil"},
    };
    static const int64_t scales[] = {40, 5000, INT64_C(30000000000)};
    const char *const *set = sets[random_below(&s->random, 4)];

    for (s->goods_len = 0; s->goods_len < 4; s->goods_len++)
        s->goods[s->goods_len] = goods_of(set[s->goods_len]);
    s->scale = scales[random_below(&s->random, 3)];
}

void scenario_rules(struct scenario *s); /* scenario_rules.c */

struct scenario *scenario_new(uint64_t seed, bool conflicts)
{
    struct scenario *s = calloc(1, sizeof *s);
    struct event_problem problem;

    cr_assert(s != NULL);
    s->seed = s->random.state = seed;
    choose_goods(s);
    add_reports(s, conflicts);
    for (size_t i = 0; i < s->events_len; i++) {
        cr_assert(event_check(&s->events[i], &problem) == ST_OK, "%.*s: %s",
                  TEXT_ARGS(s->events[i].id), problem.text);
        s->order[s->order_len++] = &s->events[i];
    }
    for (int i = 0; i < 2; i++) /* said twice */
        s->order[s->order_len++] =
            &s->events[random_below(&s->random, (int64_t)s->events_len)];
    scenario_rules(s);
    scenario_shuffle(s);
    return s;
}
