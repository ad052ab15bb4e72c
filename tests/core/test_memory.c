/* Memory that fails at any of its blocks: nothing is lost by it, and with more of it
 * everything goes on as if nothing had happened. */
#include "judge.h"
#include "story.h"

#include "shortfall/core/sheet.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct heard once;
static struct heard again;

static void check_same_digest(const struct world *a, const struct world *b, uint64_t seed)
{
    uint8_t digests[2][DIGEST_SIZE];

    world_digest(a, digests[0]);
    world_digest(b, digests[1]);
    cr_assert(memcmp(digests[0], digests[1], DIGEST_SIZE) == 0,
              "seed %" PRIu64 ": another digest", seed);
}

/* Memory that has an end: after `left` more blocks there is none. */
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
    if (scarce->left == 0)
        return NULL;
    scarce->left--;
    return realloc(old, size);
}

/* Whenever there is no room, nothing is lost; then there is more, and it goes on. */
static struct world *run_scarce(const struct scenario *s, struct scarce *scarce,
                                struct heard *heard, size_t *refusals)
{
    struct memory memory = {scarce_resize, scarce, 0};
    struct world_sink sink = heard_sink(heard);
    uint8_t before[DIGEST_SIZE];
    uint8_t after[DIGEST_SIZE];
    struct world *w;
    uint64_t seq = 0;

    heard->len = 0;
    cr_assert(world_new(&memory, &w, NULL) == ST_OK);
    cr_assert(world_rules(w, &s->set, &sink, NULL) == ST_OK);
    for (size_t i = 0; i < s->steps_len; i++) {
        world_digest(w, before);
        scarce->left = 0;
        for (int64_t more = 1; world_reserve(w, s->steps[i].events_len, NULL) != ST_OK;
             scarce->left = more++)
            ++*refusals;
        world_digest(w, after);
        cr_assert(memcmp(before, after, DIGEST_SIZE) == 0, "seed %" PRIu64, s->seed);
        scarce->left = 0;
        world_begin(w, s->steps[i].clock, &sink);
        for (size_t k = 0; k < s->steps[i].events_len; k++)
            (void)world_apply(w, s->steps[i].events[k], ++seq);
        world_end(w, &sink);
    }
    world_begin(w, s->until, &sink);
    world_end(w, &sink);
    scarce->left = INT64_MAX;
    return w;
}

Test(memory, steps_without_room_lose_nothing)
{
    struct difference d;

    for (uint64_t seed = 3600000; seed < 3600020; seed++) {
        struct scenario *s = scenario_new(seed, true);
        struct scarce scarce = {1000};
        size_t refusals = 0;
        struct world *a = scenario_run(s, &once);
        struct world *b = run_scarce(s, &scarce, &again, &refusals);

        cr_assert(refusals > 0, "seed %" PRIu64 ": never refused", seed);
        cr_assert(transitions_same(&once, &again, &d),
                  "seed %" PRIu64 ", with little memory: %s", seed, d.text);
        check_same_digest(a, b, seed);
        world_free(a);
        world_free(b);
        free(s);
    }
}

/* --- each call, with one block more each time ------------------------------------------
 */

Test(memory, a_world_is_made_whole_or_not_at_all)
{
    struct scarce scarce = {0};
    struct memory memory = {scarce_resize, &scarce, 0};
    struct world *w = NULL;
    int64_t blocks = 0;
    struct why why;

    for (scarce.left = 0; world_new(&memory, &w, &why) != ST_OK; scarce.left = ++blocks)
        cr_assert(w == NULL && strstr(why.text, "make the world") != NULL, "%s",
                  why.text);
    cr_assert(blocks >= 2 && w != NULL, "%" PRId64 " blocks", blocks);
    world_free(w);
    world_free(NULL);
}

static enum status put_rules(struct world *w, struct scenario *s, struct why *why)
{
    const struct world_sink sink = heard_sink(&again);

    return world_rules(w, &s->set, &sink, why);
}

static enum status settle(struct world *w, struct scenario *s, struct why *why)
{
    (void)s;
    return world_settle(w, why);
}

static enum status look(struct world *w, struct scenario *s, struct why *why)
{
    struct balance b;

    return world_balance(w, place("PRK"), s->goods[2], s->until + DAY_US, DAY_US, &b,
                         why);
}

static enum status make_sheet(struct world *w, struct scenario *s, struct why *why)
{
    struct sheet sheet;
    const struct sheet_question question = {place("PRK"), s->goods[2], s->until + DAY_US,
                                            DAY_US,       NULL,        0};

    return world_sheet(w, &question, &sheet, why);
}

/* All of the scenario within memory that does not end. */
static struct world *run_in(const struct scenario *s, struct scarce *scarce)
{
    struct memory memory = {scarce_resize, scarce, 0};
    const struct world_sink sink = heard_sink(&again);
    struct world *w;
    uint64_t seq = 0;

    scarce->left = INT64_MAX;
    again.len = 0;
    cr_assert(world_new(&memory, &w, NULL) == ST_OK);
    for (size_t i = 0; i < s->steps_len; i++) {
        cr_assert(world_reserve(w, s->steps[i].events_len, NULL) == ST_OK);
        world_begin(w, s->steps[i].clock, &sink);
        for (size_t k = 0; k < s->steps[i].events_len; k++)
            (void)world_apply(w, s->steps[i].events[k], ++seq);
        world_end(w, &sink);
    }
    return w;
}

Test(memory, every_call_fails_cleanly_and_works_with_more)
{
    static const struct {
        const char *name;
        enum status (*call)(struct world *w, struct scenario *s, struct why *why);
    } rows[] = {{"rules", put_rules},
                {"settle", settle},
                {"balance", look},
                {"sheet", make_sheet}};
    size_t failures[4] = {0};

    for (uint64_t seed = 3800000; seed < 3800100; seed++) {
        struct scenario *s = scenario_new(seed, true);
        size_t row = seed % 4;
        struct scarce scarce;
        struct world *w = run_in(s, &scarce);
        uint8_t before[DIGEST_SIZE];
        uint8_t after[DIGEST_SIZE];
        enum status st;
        struct why why;

        world_digest(w, before);
        for (int64_t blocks = 0; scarce.left = blocks, st = rows[row].call(w, s, &why);
             blocks++) {
            cr_assert(st == ST_NO_MEMORY, "%s: %s", rows[row].name, why.text);
            world_digest(w, after);
            cr_assert(memcmp(before, after, DIGEST_SIZE) == 0, "%s, seed %" PRIu64,
                      rows[row].name, seed);
            failures[row]++;
        }
        scarce.left = INT64_MAX;
        cr_assert(world_settle(w, NULL) == ST_OK);
        for (size_t i = 0; i < s->goods_len; i++)
            cr_assert(world_imbalance(w, s->goods[i]) == 0, "%s, seed %" PRIu64,
                      rows[row].name, seed);
        world_free(w);
        free(s);
    }
    for (size_t i = 0; i < 4; i++)
        cr_assert(failures[i] > 0, "%s never failed", rows[i].name);
}
