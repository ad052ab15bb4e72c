/* What waits on accounts until somebody looks: whenever that is, and however little
 * memory there is for it, the balances are the same and nothing is lost. */
#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HARVESTS 1500

/* After `left` more blocks there is no memory, once. */
struct scarce {
    int64_t left;
};

static void *scarce_resize(void *self, void *old, size_t size)
{
    struct scarce *scarce = self;

    if (size == 0) {
        free(old);
        return NULL;
    }
    if (scarce->left-- == 0)
        return NULL;
    return realloc(old, size);
}

static void hear(void *self, const struct transition *t)
{
    (void)self;
    (void)t;
}

static const struct world_sink sink = {hear, NULL, NULL};

static const struct {
    const char *country, *goods;
} accounts[] = {{"PRK", "rice"}, {"PRK", "paddy"}, {"PRK", "food"}, {"CHN", "paddy"}};

#define ACCOUNTS (sizeof accounts / sizeof accounts[0])

/* Harvests out of order, every third put right later, every fifth withdrawn; each a step
 * of its own, so that no step's room is room for all. */
static void apply_round(struct world *w, int round, uint64_t *seq)
{
    char id[16];
    char tonnes[16];

    for (int i = 0; i < HARVESTS; i++) {
        size_t at = (size_t)i % ACCOUNTS;

        if ((round == 1 && i % 3 != 0) || (round == 2 && i % 5 != 0))
            continue;
        (void)snprintf(id, sizeof id, "h%d", i);
        (void)snprintf(tonnes, sizeof tonnes, "%d", 1 + i % 97 + round);
        struct event ev =
            harvest(id, accounts[at].country, accounts[at].goods, tonnes, "2008-01-01");

        ev.time += INT64_C(1) * (i * 7919 % HARVESTS) * HOUR_US;
        if (round > 0)
            ev = round == 1 ? revised(ev, 1) : retracted(ev, 2);
        cr_assert(world_reserve(w, 1, NULL) == ST_OK);
        world_begin(w, day("2008-02-20") + (int64_t)*seq, &sink);
        cr_assert(world_apply(w, &ev, ++*seq) == VERDICT_APPLIED, "%d of round %d", i,
                  round);
        world_end(w, &sink);
    }
}

static void look(struct world *w, struct scarce *scarce, int64_t left,
                 int64_t out[ACCOUNTS], size_t *refusals)
{
    for (size_t i = 0; i < ACCOUNTS; i++) {
        enum status st;

        scarce->left = left;
        for (;;) {
            struct balance b;

            st = world_balance(w, place(accounts[i].country), goods_of(accounts[i].goods),
                               day("2008-02-27"), DAY_US, &b, NULL);
            out[i] = b.stock;
            if (st == ST_OK)
                break;
            cr_assert(st == ST_NO_MEMORY, "%s", status_text(st));
            ++*refusals;
        }
        scarce->left = INT64_MAX;
    }
}

/* `often`: somebody looks after each round; `left`: blocks before one is refused. */
static void live(bool often, int64_t left, int64_t out[ACCOUNTS], size_t *refusals)
{
    struct scarce scarce = {INT64_MAX};
    struct memory memory = {scarce_resize, &scarce, 0};
    struct world *w;
    uint64_t seq = 0;

    cr_assert(world_new(&memory, &w, NULL) == ST_OK);
    for (int round = 0; round < 3; round++) {
        apply_round(w, round, &seq);
        if (often || round == 2)
            look(w, &scarce, left, out, refusals);
    }
    world_free(w);
}

Test(pending, it_does_not_matter_when_somebody_looks)
{
    int64_t seldom[ACCOUNTS];
    int64_t often[ACCOUNTS];
    size_t refusals = 0;

    live(false, INT64_MAX, seldom, &refusals);
    live(true, INT64_MAX, often, &refusals);
    cr_assert(refusals == 0);
    for (size_t i = 0; i < ACCOUNTS; i++)
        cr_assert(seldom[i] == often[i] && seldom[i] > 0,
                  "%s/%s: %" PRId64 " or %" PRId64, accounts[i].country,
                  accounts[i].goods, seldom[i], often[i]);
}

Test(pending, what_finds_no_room_goes_on_waiting)
{
    int64_t expected[ACCOUNTS];
    size_t refusals = 0;

    live(false, INT64_MAX, expected, &refusals);
    for (int64_t left = 0; left < 12; left++) {
        int64_t got[ACCOUNTS];

        for (int often = 0; often < 2; often++) {
            live(often, left, got, &refusals);
            for (size_t i = 0; i < ACCOUNTS; i++)
                cr_assert(got[i] == expected[i], "%s/%s after %" PRId64 " blocks",
                          accounts[i].country, accounts[i].goods, left);
        }
    }
    cr_assert(refusals > 15, "only %zu refusals", refusals);
}
