/* The tree of blocks against a plain sorted array: whatever is put in, taken out and
 * replaced, both hold the same entries in the same order, and a fold over any stretch,
 * made from the runs kept in between, says what a walk of the array says. */
#include "../../core/path.h"

#include "scenario.h"
#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <string.h>

#define ITEMS_MAX 3000

struct item {
    struct entry_key key;
    int128_t value;
};

struct plain {
    struct item list[ITEMS_MAX];
    size_t len;
};

/* Facts are ordered by their number, turned round, so that it is not the order of coming.
 */
static int fact_order(const void *self, uint32_t a, uint32_t b)
{
    (void)self;
    return a > b ? -1 : a < b;
}

static const struct timeline_order order = {fact_order, NULL};

static bool stands_before(const struct item *a, const struct item *b)
{
    if (a->key.time != b->key.time)
        return a->key.time < b->key.time;
    if (a->key.kind != b->key.kind)
        return a->key.kind < b->key.kind;
    return a->key.kind == ENTRY_SET ? a->key.fact > b->key.fact
                                    : a->key.fact < b->key.fact;
}

static void plain_insert(struct plain *p, struct item item)
{
    size_t at = p->len;

    while (at > 0 && stands_before(&item, &p->list[at - 1]))
        at--;
    memmove(&p->list[at + 1], &p->list[at], (p->len - at) * sizeof item);
    p->list[at] = item;
    p->len++;
}

static struct item random_item(struct random *r, uint32_t fact, int64_t span)
{
    struct item item = {.key = {.time = random_below(r, span),
                                .fact = fact,
                                .kind = (enum entry_kind)random_below(r, ENTRY_SET + 1)}};

    item.value = random_below(r, 2001) - 1000;
    if (item.key.kind == ENTRY_SET && item.value < 0) /* a level is never below zero */
        item.value = -item.value;
    if (random_chance(r, 3) && item.key.kind != ENTRY_SET) /* beyond 64 bits */
        item.value *= (int128_t)1 << 70;
    return item;
}

static bool same(const struct entry *e, const struct item *item, const struct pool *wides)
{
    return e->time == item->key.time && e->fact == item->key.fact &&
           e->kind == (uint8_t)item->key.kind && entry_value(e, wides) == item->value;
}

/* From the start to the end, and back. */
static void compare_walks(const struct timeline *t, const struct timeline_pools *pools,
                          const struct plain *p, uint64_t seed)
{
    struct timeline_place place = timeline_find(t, pools, TIMELINE_START);
    const struct entry *e;

    cr_assert(t->len == p->len, "seed %" PRIu64 ": %u of %zu", seed, t->len, p->len);
    for (size_t i = 0; i < p->len; i++) {
        e = timeline_entry(pools, place);
        cr_assert(e != NULL && same(e, &p->list[i], &pools->wides),
                  "seed %" PRIu64 ", entry %zu", seed, i);
        place = timeline_next(pools, place);
    }
    cr_assert(timeline_entry(pools, place) == NULL, "seed %" PRIu64 ": more", seed);
    for (size_t i = p->len; i > 0; i--) {
        e = timeline_back(t, pools, &place);
        cr_assert(e != NULL && same(e, &p->list[i - 1], &pools->wides),
                  "seed %" PRIu64 ", entry %zu on the way back", seed, i - 1);
    }
    cr_assert(timeline_back(t, pools, &place) == NULL, "seed %" PRIu64, seed);
}

static void compare_search(const struct timeline *t, const struct timeline_pools *pools,
                           const struct plain *p, int64_t time, uint64_t seed)
{
    const struct entry *e =
        timeline_entry(pools, timeline_find(t, pools, timeline_behind(time)));
    size_t i = 0;

    while (i < p->len && p->list[i].key.time <= time)
        i++;
    cr_assert((e == NULL) == (i == p->len), "seed %" PRIu64 ", after %" PRId64, seed,
              time);
    cr_assert(e == NULL || same(e, &p->list[i], &pools->wides),
              "seed %" PRIu64 ", after %" PRId64, seed, time);
}

/* A walk of the array, by the definitions. */
struct walk {
    int64_t now; /* INT64_MIN: nothing yet */
    int128_t x, least, most, closed, use_rate, supply_rate, used, supplied, expected, gap;
};

static void walk_close(struct walk *w)
{
    int128_t gap = w->used - w->supplied - w->expected;

    w->least = w->x < w->least ? w->x : w->least;
    w->most = w->x > w->most ? w->x : w->most;
    w->gap = gap > w->gap ? gap : w->gap;
}

static void walk_accrue(struct walk *w, int64_t time)
{
    if (w->now != INT64_MIN && w->now != time) {
        walk_close(w); /* after all jumps of an instant */
        w->used += w->use_rate * (time - w->now);
        w->supplied += w->supply_rate * (time - w->now);
        w->x += (w->supply_rate - w->use_rate) * (time - w->now);
        walk_close(w); /* before those of the next */
    }
    w->now = time;
}

static void walk_enter(struct walk *w, const struct item *item)
{
    walk_accrue(w, item->key.time);
    switch (item->key.kind) {
    case ENTRY_ADD:
        w->x += item->value * PICO;
        w->supplied += item->value * PICO;
        break;
    case ENTRY_SUPPLY_REST:
        w->x += item->value;
        w->supplied += item->value;
        break;
    case ENTRY_DIFFERENCE:
        w->x += item->value;
        break;
    case ENTRY_SUPPLY_RATE:
        w->supply_rate += item->value;
        break;
    case ENTRY_USE_RATE:
        w->use_rate += item->value;
        break;
    case ENTRY_USE_REST:
        w->x -= item->value;
        w->used += item->value;
        break;
    case ENTRY_EXPECTED:
        w->expected += item->value * PICO;
        break;
    case ENTRY_SET: /* of several at one instant the last counts */
        w->least = w->x < w->least ? w->x : w->least;
        w->closed -= w->least;
        w->x = w->most = item->value * PICO;
        w->least = 0;
        break;
    }
}

static void walk_until(struct walk *w, const struct plain *p, int64_t after, int64_t time)
{
    for (size_t i = 0; i < p->len && p->list[i].key.time <= time; i++) {
        if (p->list[i].key.time > after)
            walk_enter(w, &p->list[i]);
    }
    walk_accrue(w, time);
    walk_close(w);
}

/* The path at `time`, and from there on to `later`. */
static void compare_folds(struct timeline *t, struct timeline_pools *pools,
                          const struct plain *p, int64_t time, int64_t later,
                          uint64_t seed)
{
    struct run r = path_at(t, pools, time);
    struct walk w = {.now = INT64_MIN, .gap = RUN_LOWEST};

    walk_until(&w, p, INT64_MIN, time);
    cr_assert(run_stock(&r) == w.x - w.least && run_unmet(&r) == w.closed - w.least,
              "seed %" PRIu64 ", the path at %" PRId64, seed, time);
    r.gap = w.gap = RUN_LOWEST;
    r.lowest = r.highest = w.least = w.most = w.x;
    path_carry(t, pools, &r, later);
    if (later > time)
        walk_until(&w, p, time, later);
    cr_assert(r.position == w.x && r.used == w.used && r.supplied == w.supplied &&
                  r.expected == w.expected,
              "seed %" PRIu64 ", sums from %" PRId64 " to %" PRId64, seed, time, later);
    cr_assert(r.lowest == w.least && r.highest == w.most && r.gap == w.gap,
              "seed %" PRIu64 ", extremes from %" PRId64 " to %" PRId64, seed, time,
              later);
}

struct bench {
    struct budget budget;
    struct timeline_pools pools;
    struct timeline t;
    struct plain p;
};

static void replace(struct bench *b, struct random *r, struct item *item)
{
    if (item->value > INT64_MAX || item->value < INT64_MIN)
        return;
    item->value = random_below(r, 1000);
    cr_assert(timeline_replace(&b->t, &b->pools, item->key, item->value, order));
}

static void change(struct bench *b, struct random *r, int64_t span, uint32_t *fact,
                   int percent_in)
{
    if (b->p.len == 0 || (b->p.len < ITEMS_MAX && random_chance(r, percent_in))) {
        struct item item = random_item(r, ++*fact, span);

        cr_assert(timeline_pools_reserve(&b->pools, 1) == ST_OK);
        timeline_insert(&b->t, &b->pools, item.key, item.value, order);
        plain_insert(&b->p, item);
        return;
    }
    size_t at = (size_t)random_below(r, (int64_t)b->p.len);
    struct item *item = &b->p.list[at];
    struct entry_key other = item->key;

    if (random_chance(r, 30)) {
        replace(b, r, item);
        return;
    }
    other.fact += 100000;
    cr_assert(!timeline_remove(&b->t, &b->pools, other, order));
    other = item->key;
    other.time += span;
    cr_assert(!timeline_remove(&b->t, &b->pools, other, order));
    cr_assert(timeline_remove(&b->t, &b->pools, item->key, order));
    memmove(item, item + 1, (b->p.len - at - 1) * sizeof *item);
    b->p.len--;
}

static void live(struct bench *b, uint64_t seed, int changes)
{
    static const int64_t spans[] = {1, 3, 40, 100000};
    struct random r = {seed};
    int64_t span = spans[seed % 4];
    uint32_t fact = 0;

    for (int i = 0; i < changes; i++) {
        /* Growing first, then shrinking to nothing, then a little of both. */
        change(b, &r, span, &fact, i < changes / 2 ? 85 : i < changes / 4 * 3 ? 5 : 50);
        if (random_chance(&r, 15)) {
            int64_t time = random_below(&r, span + 2) - 1;

            compare_search(&b->t, &b->pools, &b->p, time, seed);
            compare_folds(&b->t, &b->pools, &b->p, time, time + random_below(&r, span),
                          seed);
        }
        if (i % 100 == 0)
            compare_walks(&b->t, &b->pools, &b->p, seed);
    }
    while (b->p.len > 0)
        change(b, &r, span, &fact, 0);
    compare_walks(&b->t, &b->pools, &b->p, seed);
    cr_assert(b->t.root == INDEX_NONE &&
                  b->pools.leaves.len == b->pools.leaves.free_len &&
                  b->pools.nodes.len == b->pools.nodes.free_len &&
                  b->pools.wides.len == b->pools.wides.free_len,
              "seed %" PRIu64 ": blocks are lost", seed);
}

Test(timeline, holds_what_a_sorted_array_holds)
{
    static struct bench b;

    for (uint64_t seed = 0; seed < 24; seed++) {
        b.budget = (struct budget){.memory = heap_memory()};
        b.p.len = 0;
        timeline_init(&b.t);
        timeline_pools_init(&b.pools, &b.budget);
        /* One in eight is large enough for three levels. */
        live(&b, seed, seed % 8 == 3 || seed % 8 == 6 ? 6000 : 800);
        timeline_pools_free(&b.pools);
        cr_assert(b.budget.used == 0);
    }
}
