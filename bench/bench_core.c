/* The core alone, at its edges: what an entry costs that comes late into a path of a
 * million, until the balance that it changes has been read; and what a fact takes. */
#include "measure.h"

#include "shortfall/core/world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_US   (INT64_C(1167609600) * SECOND_US) /* 2007-01-01 */
#define STEP       256
#define LATE_TIMES 2000
#define RATE_TIMES 50

static void *heap_resize(void *self, void *old, size_t size)
{
    (void)self;
    if (size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, size);
}

static void hear(void *self, const struct transition *t)
{
    (void)self;
    (void)t;
}

static const struct world_sink sink = {hear, NULL, NULL};

struct bench {
    struct world *w;
    int64_t clock;
    uint64_t seq;
    char id[96];
    char number[24];
};

static struct bench bench_new(void)
{
    const struct memory memory = {heap_resize, NULL, 0};
    struct bench b = {.clock = START_US + INT64_C(4000) * DAY_US};
    struct why why = {""};

    measure_check(world_new(&memory, &b.w, &why), "make a world", &why);
    return b;
}

static void step_begin(struct bench *b, size_t events)
{
    struct why why = {""};

    measure_check(world_reserve(b->w, events, &why), "reserve", &why);
    world_begin(b->w, b->clock += SECOND_US, &sink);
}

static struct amount tonnes(struct bench *b, int64_t count)
{
    struct amount a = {.unit = unit_find(TEXT_LITERAL("t")), .set = FACTOR_SET_DEFAULT};

    (void)snprintf(b->number, sizeof b->number, "%" PRId64, count);
    a.number = text_of(b->number);
    measure_check(qty_make(count * 1000000, DIMENSION_MASS, &a.amount), "amount", NULL);
    return a;
}

static struct event event_of(struct bench *b, enum event_kind kind, int64_t time)
{
    struct event ev = {.kind = kind, .time = time, .published = b->clock};

    (void)snprintf(b->id, sizeof b->id, "fact-%010" PRIu64, b->seq + 1);
    ev.source = TEXT_LITERAL("bench");
    ev.id = text_of(b->id);
    ev.states_published = true;
    return ev;
}

static void apply(struct bench *b, const struct event *ev)
{
    enum verdict verdict = world_apply(b->w, ev, ++b->seq);

    if (verdict != VERDICT_APPLIED && verdict != VERDICT_DANGLING)
        measure_fail("an event was not applied: %s", verdict_name(verdict));
}

static void apply_level(struct bench *b, enum event_kind kind, const char *goods,
                        int64_t time, int64_t until)
{
    struct event ev = event_of(b, kind, time);

    ev.as.use = (struct level){.country = place_find(TEXT_LITERAL("PRK")),
                               .commodity = commodity_find(text_of(goods)),
                               .quantity = tonnes(b, 1 + (int64_t)(b->seq % 7)),
                               .until = until,
                               .line = USE_OTHER};
    apply(b, &ev);
}

/* A harvest a minute. */
static void fill(struct bench *b, const char *goods, uint64_t entries)
{
    for (uint64_t i = 0; i < entries; i += STEP) {
        step_begin(b, STEP);
        for (uint64_t k = i; k < i + STEP && k < entries; k++)
            apply_level(b, EVENT_PRODUCTION, goods,
                        START_US + (int64_t)k * 60 * SECOND_US, TIME_NONE);
        world_end(b->w, &sink);
    }
}

static void read_balance(struct bench *b, const char *goods)
{
    struct balance balance;
    struct why why = {""};

    measure_check(world_balance(b->w, place_find(TEXT_LITERAL("PRK")),
                                commodity_find(text_of(goods)), b->clock, 90 * DAY_US,
                                &balance, &why),
                  "read a balance", &why);
}

static void late(struct bench *b, const char *name, enum event_kind kind,
                 const char *goods, const char *read, size_t times, int64_t span)
{
    int64_t *ns = calloc(times, sizeof *ns);

    if (ns == NULL)
        measure_fail("no memory");
    for (size_t i = 0; i < times; i++) {
        /* Anywhere in the path, but for a rate, which spans it all. */
        int64_t shift = (int64_t)(i * 2654435761U % 1000003) * (span / 1000003);
        int64_t time = kind == EVENT_USE ? START_US + (int64_t)i : START_US + shift;
        int64_t begin = measure_now_ns();

        step_begin(b, 1);
        apply_level(b, kind, goods, time,
                    kind == EVENT_USE ? START_US + span : TIME_NONE);
        world_end(b->w, &sink);
        read_balance(b, read);
        ns[i] = measure_now_ns() - begin;
    }
    measure_print_latency(name, ns, times);
    free(ns);
}

/* wheat counts one to one in its group; fuel oil is converted. */
static void run_late(uint64_t entries)
{
    static const struct {
        const char *name, *goods, *group;
    } rows[] = {{"wheat", "wheat", "food"}, {"fuel", "heavy_fuel_oil", "energy"}};
    int64_t span = (int64_t)entries * 60 * SECOND_US;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench b = bench_new();
        char name[64];

        fill(&b, rows[i].goods, entries);
        read_balance(&b, rows[i].group);
        (void)snprintf(name, sizeof name, "core/late/add/%s", rows[i].name);
        late(&b, name, EVENT_PRODUCTION, rows[i].goods, rows[i].goods, LATE_TIMES, span);
        (void)snprintf(name, sizeof name, "core/late/set/%s", rows[i].name);
        late(&b, name, EVENT_STOCK, rows[i].goods, rows[i].goods, LATE_TIMES, span);
        (void)snprintf(name, sizeof name, "core/late/set-group/%s", rows[i].name);
        late(&b, name, EVENT_STOCK, rows[i].goods, rows[i].group, LATE_TIMES, span);
        (void)snprintf(name, sizeof name, "core/late/rate/%s", rows[i].name);
        late(&b, name, EVENT_USE, rows[i].goods, rows[i].goods, RATE_TIMES, span);
        world_free(b.w);
    }
}

static void apply_ship(struct bench *b, uint64_t i)
{
    static const char *const goods[] = {"wheat", "rice", "heavy_fuel_oil", "coal"};
    struct event ev = event_of(b, EVENT_SHIPMENT, b->clock);
    size_t from = i * 7 % 200;

    ev.as.shipment = (struct shipment){.from = (place_id)from,
                                       .to = (place_id)((from + 1 + i % 40) % 240),
                                       .commodity = commodity_find(text_of(goods[i % 4])),
                                       .quantity = tonnes(b, 1000 + (int64_t)(i % 999)),
                                       .departed = b->clock - (int64_t)(i % 9) * DAY_US,
                                       .eta = b->clock + (int64_t)(i % 40) * DAY_US,
                                       .arrived = TIME_NONE};
    ev.as.shipment.arrived_quantity.amount = ev.as.shipment.quantity.amount;
    apply(b, &ev);
}

static void apply_price(struct bench *b, uint64_t i)
{
    struct event ev = event_of(b, EVENT_PRICE, b->clock - (int64_t)(i % STEP) * 1000);

    (void)snprintf(b->id, sizeof b->id, "crude_oil/brent/USD/bbl/%" PRId64, ev.time);
    ev.id = text_of(b->id);
    (void)snprintf(b->number, sizeof b->number, "%" PRIu64, 50 + i % 90);
    ev.as.price = (struct price){.commodity = commodity_find(TEXT_LITERAL("crude_oil")),
                                 .market = TEXT_LITERAL("brent"),
                                 .money = (int64_t)(50 + i % 90) * MONEY_ONE,
                                 .number = text_of(b->number),
                                 .currency = "USD",
                                 .unit = unit_find(TEXT_LITERAL("bbl"))};
    apply(b, &ev);
}

/* What so many facts of a kind take, settled, less the empty world. */
static void run_memory(const char *name, void (*one)(struct bench *, uint64_t),
                       uint64_t facts)
{
    struct bench b = bench_new();
    struct why why = {""};

    step_begin(&b, STEP); /* the room of a step is no fact's */
    world_end(b.w, &sink);
    size_t empty = world_counts(b.w).memory_bytes;

    for (uint64_t i = 0; i < facts; i += STEP) {
        step_begin(&b, STEP);
        for (uint64_t k = i; k < i + STEP; k++)
            one(&b, k);
        world_end(b.w, &sink);
    }
    measure_check(world_settle(b.w, &why), "settle", &why);
    size_t used = world_counts(b.w).memory_bytes - empty;

    measure_print(name, "B/fact", (double)used / (double)facts);
    world_free(b.w);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        measure_fail("usage: bench_core ENTRIES");
    uint64_t entries = measure_number(argv[1]);

    run_late(entries);
    run_memory("core/memory/shipment", apply_ship, entries);
    run_memory("core/memory/price", apply_price, entries);
    return 0;
}
