/* Prices that are named by what they are: kept as ticks or as facts, they must answer as
 * any fact does. */
#include "../../core/ticks.h"

#include "scenario.h"
#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JAN "2008-01-01"
#define ID  "wheat/spot/USD/t/1199145600000000"

/* One report of the price of wheat at JAN. */
struct word {
    const char *money; /* NULL: a retraction */
    int32_t revision;
    int64_t later_us; /* published after JAN */
    const char *note, *id;
    enum verdict verdict;
};

static struct event said(const struct word *w)
{
    struct event ev = price(w->id != NULL ? w->id : ID, "wheat", "spot",
                            w->money != NULL ? w->money : "1 USD/t", JAN);

    ev.published += w->later_us;
    ev.states_published = true;
    ev.note = text_of(w->note != NULL ? w->note : "");
    ev.revision = w->revision;
    return w->money != NULL ? ev : retracted(ev, w->revision);
}

Test(prices, a_tick_answers_as_a_fact)
{
    static const struct {
        const char *label;
        struct word words[4];
    } rows[] = {
        {"said twice",
         {{"300 USD/t", .verdict = VERDICT_APPLIED},
          {"300 USD/t", .verdict = VERDICT_REPEAT}}},
        {"other money",
         {{"300 USD/t", .verdict = VERDICT_APPLIED},
          {"301 USD/t", .verdict = VERDICT_CONFLICT},
          {"300 USD/t", .verdict = VERDICT_REPEAT}}},
        {"the least other money",
         {{"300 USD/t", .verdict = VERDICT_APPLIED},
          {"300.0001 USD/t", .verdict = VERDICT_CONFLICT}}},
        {"published later",
         {{"300 USD/t", .verdict = VERDICT_APPLIED},
          {"300 USD/t", .later_us = 1, .verdict = VERDICT_CONFLICT}}},
        {"with a note",
         {{"300 USD/t", .verdict = VERDICT_APPLIED},
          {"300 USD/t", .note = "n", .verdict = VERDICT_CONFLICT},
          {"300 USD/t", .verdict = VERDICT_REPEAT}}},
        {"with a note first",
         {{"300 USD/t", .note = "n", .verdict = VERDICT_APPLIED},
          {"300 USD/t", .verdict = VERDICT_CONFLICT},
          {"300 USD/t", .note = "n", .verdict = VERDICT_REPEAT}}},
        {"revised",
         {{"300 USD/t", .verdict = VERDICT_APPLIED},
          {"310 USD/t", 1, .verdict = VERDICT_APPLIED},
          {"300 USD/t", .verdict = VERDICT_SUPERSEDED},
          {"310 USD/t", 1, .verdict = VERDICT_REPEAT}}},
        {"the revision first",
         {{"310 USD/t", 1, .verdict = VERDICT_APPLIED},
          {"300 USD/t", .verdict = VERDICT_SUPERSEDED}}},
        {"retracted and restored",
         {{"300 USD/t", .verdict = VERDICT_APPLIED},
          {NULL, 1, .verdict = VERDICT_APPLIED},
          {"300 USD/t", .verdict = VERDICT_SUPERSEDED},
          {"300 USD/t", 2, .verdict = VERDICT_APPLIED}}},
        {"the retraction first",
         {{NULL, 1, .verdict = VERDICT_APPLIED},
          {"300 USD/t", .verdict = VERDICT_SUPERSEDED}}},
        {"a name that only looks like it",
         {{"300 USD/t", .id = "wheat/spot/USD/t/1199145600000001"},
          {"300 USD/t", .id = "wheat/spot/USD/t/01199145600000000"},
          {"300 USD/t", .id = "maize/spot/USD/t/1199145600000000"},
          {"300 USD/t", .verdict = VERDICT_APPLIED}}},
        {"a short time",
         {{"300 USD/t", .id = "wheat/spot/USD/t/119914560000000"},
          {"301 USD/t", .id = "wheat/spot/USD/t/119914560000000",
           .verdict = VERDICT_CONFLICT},
          {"301 USD/t", .id = "wheat/spot/USD/t/-119914560000000"},
          {"301 USD/t", .id = "wheat/spot/USD/t/11991456000000/0"}}},
        {"another time has the name",
         {{"300 USD/t", .verdict = VERDICT_APPLIED},
          {"300 USD/t", .id = "wheat/spot/USD/t/0", .verdict = VERDICT_APPLIED},
          {"301 USD/t", .id = "wheat/spot/USD/t/0", .verdict = VERDICT_CONFLICT}}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();

        for (size_t k = 0; k < 4 && (rows[i].words[k].money || rows[i].words[k].revision);
             k++) {
            enum verdict is = record(s, JAN, said(&rows[i].words[k]));

            cr_assert(is == rows[i].words[k].verdict, "%s: report %zu is %s",
                      rows[i].label, k, verdict_name(is));
        }
        story_row_end(s, rows[i].label, "");
    }
}

static struct hash128 digest_of(const struct event *events, size_t len)
{
    struct story *s = story_begin();
    struct hash128 sum;

    for (size_t i = 0; i < len; i++)
        (void)record(s, JAN, events[i]);
    world_digest(story_world(s), (uint8_t *)&sum);
    story_end(s, "");
    return sum;
}

/* The digest is that of the facts that stand, however they are kept. */
Test(prices, the_digest_does_not_tell_ticks_from_facts)
{
    const struct word first = {.money = "300 USD/t"};
    const struct word second = {.money = "310 USD/t", .revision = 1};
    const struct event both[] = {said(&first), said(&second)};
    const struct event turned[] = {said(&second), said(&first)};
    const struct event gone[] = {said(&second)};
    struct hash128 want = digest_of(gone, 1);

    cr_assert(hash128_equal(digest_of(both, 2), want), "revised");
    cr_assert(hash128_equal(digest_of(turned, 2), want), "the revision first");
    cr_assert(!hash128_equal(digest_of(both, 1), want), "not revised yet");
}

/* A tick that somebody takes for a pledge, or reports as another kind. */
Test(prices, the_name_of_a_tick_is_taken)
{
    const struct word tick = {.money = "300 USD/t"};
    struct story *s = story_begin();

    cr_assert(record(s, JAN, said(&tick)) == VERDICT_APPLIED, "the tick");
    cr_assert(record(s, JAN,
                     toward(eta(ship("s", "CHN", "PRK", "wheat", "5"), JAN), "a/" ID)) ==
                  VERDICT_DANGLING,
              "a price is no pledge");
    cr_assert(record(s, JAN, said(&tick)) == VERDICT_REPEAT, "the tick again");
    cr_assert(record(s, JAN, revised(pledge(ID, "CHN", "PRK", "wheat", "5"), 1)) ==
                  VERDICT_KIND,
              "a pledge of its name");
    story_end(s, "");

    s = story_begin();
    (void)record(s, JAN,
                 toward(eta(ship("s", "CHN", "PRK", "wheat", "5"), JAN), "a/" ID));
    cr_assert(record(s, JAN, said(&tick)) == VERDICT_APPLIED, "named before it came");
    cr_assert(record(s, JAN, revised(pledge(ID, "CHN", "PRK", "wheat", "5"), 1)) ==
                  VERDICT_KIND,
              "a pledge of its name, later");
    story_end(s, "");
}

/* Of two prices for one time the one of the greater (source, id) counts, tick or fact. */
Test(prices, names_decide_between_ticks_and_facts)
{
    static const struct {
        const char *label, *id;
        const char *expected;
    } rows[] = {
        {"the tick's name is greater", "a-price", "2008-01-01 high PRK/wheat firing\n"},
        {"the fact's name is greater", "z-price", ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct word tick = {.money = "300 USD/t"};
        struct story *s = story_begin();

        (void)story_rule(s, "high", "PRK/wheat", "price(spot) > 200 USD/t");
        story_rules(s);
        (void)record(s, JAN, said(&tick));
        (void)record(s, JAN, price(rows[i].id, "wheat", "spot", "100 USD/t", JAN));
        (void)record(s, JAN, stock("k", "PRK", "wheat", "5", JAN));
        story_row_end(s, rows[i].label, rows[i].expected);
    }
}

/* The same of two series that a term may look at. */
Test(prices, names_decide_between_currencies)
{
    struct story *s = story_begin();
    struct event euro =
        price("wheat/spot/EUR/t/1199145600000000", "wheat", "spot", "100 EUR/t", JAN);
    const struct word dollar = {.money = "300 USD/t"};

    (void)story_rule(s, "up", "PRK/wheat", "price_change(spot, 90d) > 0.5");
    story_rules(s);
    (void)record(s, JAN, price("old", "wheat", "spot", "100 USD/t", "2007-09-01"));
    (void)record(s, JAN, said(&dollar));
    (void)record(s, JAN, euro);
    (void)record(s, JAN, stock("k", "PRK", "wheat", "5", JAN));
    story_end(s, "2008-01-01 up PRK/wheat firing\n");
}

/* --- the tree, against an array ------------------------------------------------------
 */

#define TICKS_MAX 6000

struct plain_ticks {
    struct tick list[TICKS_MAX];
    size_t len;
};

static int by_number(const void *self, uint32_t a, uint32_t b, int64_t time)
{
    (void)self;
    (void)time;
    return a < b ? -1 : 1;
}

static const struct tick_order order = {by_number, NULL};

static size_t plain_place(const struct plain_ticks *p, const struct tick *tick)
{
    size_t at = p->len;

    while (at > 0 &&
           (p->list[at - 1].time > tick->time ||
            (p->list[at - 1].time == tick->time && p->list[at - 1].who > tick->who)))
        at--;
    return at;
}

static void plain_insert(struct plain_ticks *p, const struct tick *tick)
{
    size_t at = plain_place(p, tick);

    memmove(&p->list[at + 1], &p->list[at], (p->len - at) * sizeof *tick);
    p->list[at] = *tick;
    p->len++;
}

static bool equal(const struct tick *a, const struct tick *b)
{
    return a->time == b->time && a->who == b->who && a->money == b->money &&
           a->published == b->published;
}

static void compare(const struct ticks *t, const struct tick_pools *pools,
                    const struct plain_ticks *p, int64_t time, uint64_t seed)
{
    struct tick tick;
    size_t len = 0;

    while (len < p->len && p->list[len].time <= time)
        len++;
    bool known = ticks_latest(t, pools, time, &tick);
    int64_t next = ticks_next_time(t, pools, time);

    cr_assert(known == (len > 0), "seed %" PRIu64 ": latest at %" PRId64, seed, time);
    cr_assert(!known || equal(&tick, &p->list[len - 1]),
              "seed %" PRIu64 ": another is the latest at %" PRId64, seed, time);
    cr_assert(next == (len < p->len ? p->list[len].time : TIME_NONE),
              "seed %" PRIu64 ": next after %" PRId64 " at %" PRId64, seed, time, next);
}

static void remove_some(struct ticks *t, struct tick_pools *pools, struct plain_ticks *p,
                        struct random *r)
{
    size_t at = (size_t)random_below(r, (int64_t)p->len);
    size_t len = (size_t)random_below(r, 200);

    for (; len > 0 && at < p->len; len--) {
        struct tick tick = p->list[at];
        struct tick found;

        cr_assert(ticks_find(t, pools, tick.time, tick.who, order, &found) &&
                      equal(&tick, &found),
                  "it is not found");
        ticks_remove(t, pools, tick.time, tick.who, order);
        cr_assert(!ticks_find(t, pools, tick.time, tick.who, order, &found),
                  "it is there still");
        p->len--;
        memmove(&p->list[at], &p->list[at + 1], (p->len - at) * sizeof tick);
    }
}

/* `late` of a hundred do not come in order; times are one of `span`. */
static void run(uint64_t seed, int late, int64_t span)
{
    struct random r = {seed};
    struct budget budget = {.memory = heap_memory()};
    struct plain_ticks *p = calloc(1, sizeof *p);
    struct tick_pools pools;
    struct tick old;
    struct ticks t;

    tick_pools_init(&pools, &budget);
    ticks_init(&t);
    compare(&t, &pools, p, 0, seed);
    for (uint32_t i = 0; i < TICKS_MAX; i++) {
        int64_t time = random_chance(&r, late) ? random_below(&r, span)
                                               : (int64_t)i * span / TICKS_MAX;
        struct tick tick = {time, time + 1, random_below(&r, 1000), i * 7919 % TICKS_MAX};

        cr_assert(tick_pools_reserve(&pools, 1) == ST_OK);
        cr_assert(ticks_insert(&t, &pools, &tick, order, &old), "it is there already");
        cr_assert(!ticks_insert(&t, &pools, &tick, order, &old) && equal(&old, &tick),
                  "it is put in twice");
        plain_insert(p, &tick);
        if (random_chance(&r, 1))
            remove_some(&t, &pools, p, &r);
    }
    for (int64_t n = 0; n < 500; n++)
        compare(&t, &pools, p, random_below(&r, span + 2) - 1, seed);
    compare(&t, &pools, p, INT64_MIN, seed);
    compare(&t, &pools, p, INT64_MAX, seed);
    tick_pools_free(&pools);
    cr_assert(budget.used == 0, "%zu bytes are left", budget.used);
    free(p);
}

Test(prices, a_tree_of_ticks_is_an_array_in_order)
{
    run(1, 0, 1000000);
    run(2, 2, 1000000);
    run(3, 100, 1000000);
    run(4, 50, 40); /* many of one time */
    run(5, 100, 1);
}
