/* The chain of blocks against a plain sorted array: whatever is put in, taken out and
 * replaced, both hold the same entries in the same order, and the states kept in between
 * are those of a walk from the start. */
#include "../../core/path.h"

#include "scenario.h"
#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <string.h>

#define ENTRIES_MAX 400

struct plain {
    struct entry list[ENTRIES_MAX];
    size_t len;
};

/* Facts are ordered by their number, turned round, so that it is not the order of coming.
 */
static int fact_order(const void *self, uint32_t a, uint32_t b)
{
    (void)self;
    return a > b ? -1 : a < b;
}

static bool is_ordered_by_fact(const struct entry *e)
{
    return e->kind == ENTRY_SET || e->kind == ENTRY_PRICE;
}

/* Whether a stands before b; of equals, the one that came first. */
static bool stands_before(const struct entry *a, const struct entry *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->kind != b->kind)
        return a->kind < b->kind;
    return !is_ordered_by_fact(a) || fact_order(NULL, a->fact, b->fact) <= 0;
}

static void plain_insert(struct plain *p, struct entry e)
{
    size_t at = p->len;

    while (at > 0 && !stands_before(&p->list[at - 1], &e))
        at--;
    memmove(&p->list[at + 1], &p->list[at], (p->len - at) * sizeof e);
    p->list[at] = e;
    p->len++;
}

static struct entry random_entry(struct random *r, uint32_t fact, int64_t span)
{
    return (struct entry){.time = random_below(r, span),
                          .fact = fact,
                          .kind = (uint8_t)random_below(r, ENTRY_SET + 1),
                          .value = random_below(r, 2001) - 1000};
}

static bool same_entry(const struct entry *a, const struct entry *b)
{
    return a->time == b->time && a->fact == b->fact && a->kind == b->kind &&
           a->value == b->value;
}

/* From the start to the end, and back. */
static void compare_walks(struct timeline *t, const struct pool *blocks,
                          const struct plain *p, uint64_t seed)
{
    struct timeline_place place = timeline_after(t, blocks, INT64_MIN);
    const struct entry *e;

    cr_assert(t->len == p->len, "seed %" PRIu64 ": %u of %zu", seed, t->len, p->len);
    for (size_t i = 0; i < p->len; i++) {
        e = timeline_entry(blocks, place);
        cr_assert(e != NULL && same_entry(e, &p->list[i]), "seed %" PRIu64 ", entry %zu",
                  seed, i);
        place = timeline_next(blocks, place);
    }
    cr_assert(timeline_entry(blocks, place) == NULL, "seed %" PRIu64 ": more", seed);
    for (size_t i = p->len; i > 0; i--) {
        e = timeline_back(t, blocks, &place);
        cr_assert(e != NULL && same_entry(e, &p->list[i - 1]),
                  "seed %" PRIu64 ", entry %zu on the way back", seed, i - 1);
    }
    cr_assert(timeline_back(t, blocks, &place) == NULL, "seed %" PRIu64, seed);
}

static void compare_search(struct timeline *t, const struct pool *blocks,
                           const struct plain *p, int64_t time, uint64_t seed)
{
    const struct entry *e = timeline_entry(blocks, timeline_after(t, blocks, time));
    size_t i = 0;

    while (i < p->len && p->list[i].time <= time)
        i++;
    cr_assert((e == NULL) == (i == p->len), "seed %" PRIu64 ", after %" PRId64, seed,
              time);
    cr_assert(e == NULL || same_entry(e, &p->list[i]), "seed %" PRIu64 ", after %" PRId64,
              seed, time);
}

/* The state at `time` by a walk of the array: X, its least value since the last SET, and
 * what the segments before left unmet. */
static void compare_state(struct timeline *t, const struct pool *blocks,
                          const struct plain *p, int64_t time, uint64_t seed)
{
    struct path_state s = path_at(t, blocks, time);
    int128_t x = 0;
    int128_t least = 0;
    int128_t closed = 0;
    int128_t rate = 0;
    int64_t now = INT64_MIN;

    for (size_t i = 0; i < p->len && p->list[i].time <= time; i++) {
        const struct entry *e = &p->list[i];

        if (now != e->time && now != INT64_MIN) {
            least = x < least ? x : least; /* after all jumps of an instant */
            x += rate * (e->time - now);
            least = x < least ? x : least; /* before those of the next */
        }
        now = e->time;
        switch ((enum entry_kind)e->kind) {
        case ENTRY_ADD:
        case ENTRY_DIFFERENCE:
        case ENTRY_SUPPLY_REST:
            x += e->value;
            break;
        case ENTRY_SUPPLY_RATE:
            rate += e->value;
            break;
        case ENTRY_USE_RATE:
            rate -= e->value;
            break;
        case ENTRY_USE_REST:
            x -= e->value;
            break;
        case ENTRY_SET: /* of several at one instant the last counts */
            least = x < least ? x : least;
            closed -= least;
            x = e->value;
            least = 0;
            break;
        case ENTRY_PRICE:
            break;
        }
    }
    least = x < least ? x : least;
    if (now != INT64_MIN)
        x += rate * (time - now);
    least = x < least ? x : least;
    cr_assert(path_stock(&s) == x - least && path_unmet(&s) == closed - least,
              "seed %" PRIu64 ", state at %" PRId64 ": stock %" PRId64 " for %" PRId64
              ", unmet %" PRId64 " for %" PRId64,
              seed, time, (int64_t)path_stock(&s), (int64_t)(x - least),
              (int64_t)path_unmet(&s), (int64_t)(closed - least));
}

struct bench {
    struct budget budget;
    struct pool blocks;
    struct timeline t;
    struct plain p;
};

static void change(struct bench *b, struct random *r, int64_t span, uint32_t *fact,
                   int percent_in)
{
    struct timeline_order order = {fact_order, NULL};

    if (b->p.len == 0 || (b->p.len < ENTRIES_MAX && random_chance(r, percent_in))) {
        struct entry e = random_entry(r, ++*fact, span);

        if (e.kind == ENTRY_SET) /* a level is never below zero */
            e.value = e.value < 0 ? -e.value : e.value;
        cr_assert(pool_reserve(&b->blocks, TIMELINE_BLOCKS_PER_INSERT) == ST_OK);
        timeline_insert(&b->t, &b->blocks, e, order);
        plain_insert(&b->p, e);
        return;
    }
    size_t at = (size_t)random_below(r, (int64_t)b->p.len);
    struct entry *e = &b->p.list[at];
    enum entry_kind kind = (enum entry_kind)e->kind;

    if (random_chance(r, 30)) {
        e->value = random_below(r, 1000);
        cr_assert(timeline_replace(&b->t, &b->blocks, e->time, e->fact, kind, e->value));
        return;
    }
    cr_assert(!timeline_remove(&b->t, &b->blocks, e->time, e->fact + 100000, kind));
    cr_assert(!timeline_remove(&b->t, &b->blocks, e->time + span, e->fact, kind));
    cr_assert(timeline_remove(&b->t, &b->blocks, e->time, e->fact, kind));
    memmove(e, e + 1, (b->p.len - at - 1) * sizeof *e);
    b->p.len--;
}

static void live(struct bench *b, uint64_t seed)
{
    static const int64_t spans[] = {1, 3, 40, 100000};
    struct random r = {seed};
    int64_t span = spans[seed % 4];
    uint32_t fact = 0;

    for (int i = 0; i < 800; i++) {
        /* Growing first, then shrinking to nothing, then a little of both. */
        change(b, &r, span, &fact, i < 300 ? 80 : i < 600 ? 5 : 50);
        if (random_chance(&r, 30)) {
            int64_t time = random_below(&r, span + 2) - 1;

            compare_search(&b->t, &b->blocks, &b->p, time, seed);
            compare_state(&b->t, &b->blocks, &b->p, time, seed);
        }
        if (i % 40 == 0)
            compare_walks(&b->t, &b->blocks, &b->p, seed);
    }
    while (b->p.len > 0)
        change(b, &r, span, &fact, 0);
    compare_walks(&b->t, &b->blocks, &b->p, seed);
    cr_assert(b->t.first == INDEX_NONE && b->blocks.len == b->blocks.free_len,
              "seed %" PRIu64 ": blocks are lost", seed);
}

Test(timeline, holds_what_a_sorted_array_holds)
{
    static struct bench b;

    for (uint64_t seed = 0; seed < 40; seed++) {
        b.budget = (struct budget){.memory = heap_memory()};
        b.p.len = 0;
        timeline_init(&b.t);
        pool_init(&b.blocks, &b.budget, sizeof(struct block));
        live(&b, seed);
        pool_free(&b.blocks);
        cr_assert(b.budget.used == 0);
    }
}
