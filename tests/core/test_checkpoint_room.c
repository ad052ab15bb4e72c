/* What comes behind a checkpoint finds its place: blocks that were left, new accounts,
 * the end of a year. */
#include "checkpoint_bytes.h"
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

/* --- a path of many blocks ------------------------------------------------------------
 */

#define REPORTS 2000

/* The report `i` in its first form, or taken back. */
static struct event report(size_t i, bool taken_back)
{
    static char ids[REPORTS][8];
    static char days[REPORTS][32];
    struct event ev;

    snprintf(ids[i], sizeof ids[i], "%zu", i);
    snprintf(days[i], sizeof days[i], "20%02zu-%02zu-%02zu", i / 336 % 10,
             i / 28 % 12 + 1, i % 28 + 1);
    ev = i % 7 == 0 ? stock(ids[i], "PRK", "rice", "7", days[i])
                    : harvest(ids[i], "PRK", "rice", "3", days[i]);
    return taken_back ? retracted(ev, 1) : ev;
}

/* Whole blocks come and go, and what they leave is used again behind a checkpoint. */
static void take_reports(struct world *w, size_t from, size_t to, bool taken_back)
{
    const struct world_sink sink = {hear, NULL, NULL};

    cr_assert(world_reserve(w, to - from, NULL) == ST_OK);
    world_begin(w, world_clock(w) == TIME_NONE ? 0 : world_clock(w) + 1, &sink);
    for (size_t i = from; i < to; i++) {
        const struct event ev = report(i, taken_back);

        cr_assert_eq(world_apply(w, &ev, 1), VERDICT_APPLIED);
    }
    world_end(w, &sink);
    cr_assert(world_settle(w, NULL) == ST_OK);
}

Test(checkpoint_room, blocks_of_paths_come_and_go_behind_it)
{
    static const struct {
        size_t from, to;
        bool taken_back;
    } rows[] = {{0, 800, false},  {100, 700, true},     {800, 1500, false},
                {0, 100, true},   {900, 1400, true},    {1500, REPORTS, false},
                {700, 800, true}, {1400, REPORTS, true}};
    struct buffer buffer = buffer_new(16 << 20);
    struct world *a = world_begun(NULL, NULL);
    struct world *b = world_begun(NULL, NULL);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        take_reports(a, rows[i].from, rows[i].to, rows[i].taken_back);
        take_reports(b, rows[i].from, rows[i].to, rows[i].taken_back);
        cr_assert(world_bytes(b, &buffer) == ST_OK);
        world_free(b);
        cr_assert(world_of_bytes(&buffer, NULL, 0, &b) == ST_OK, "row %zu", i);
        same_digests(i, a, b);
        same_balances(i, 20 * 365 * DAY_US, a, b);
        cr_assert(world_imbalance(b, goods_of("rice")) == 0, "row %zu", i);
    }
    world_free(a);
    world_free(b);
    free(buffer.bytes);
}

/* --- room for what comes behind it
 * ------------------------------------------------------ */

/* Through bytes and back. */
static struct world *again(struct world *w, const struct ruleset *rules,
                           struct buffer *buffer)
{
    struct world *read = NULL;

    cr_assert(world_bytes(w, buffer) == ST_OK);
    world_free(w);
    cr_assert(world_of_bytes(buffer, rules, 0, &read) == ST_OK);
    return read;
}

static void take_events(struct world *w, int64_t clock, const struct event *events,
                        size_t len)
{
    static struct heard heard;
    const struct world_sink sink = {hear, NULL, &heard};

    heard.len = 0;
    cr_assert(world_reserve(w, len, NULL) == ST_OK);
    world_begin(w, clock, &sink);
    for (size_t i = 0; i < len; i++)
        cr_assert_eq(world_apply(w, &events[i], 1), VERDICT_APPLIED);
    world_end(w, &sink);
}

#define PLACES 40

/* Rules with a star watch accounts that a checkpoint did not know. */
Test(checkpoint_room, new_accounts_are_watched_behind_it)
{
    static const char *const uids[] = {"a", "b", "c", "d"};
    static struct rule rules[4];
    const struct ruleset set = {.rules = rules, .rules_len = 4, .hash = {1}};
    struct buffer buffer = buffer_new(16 << 20);
    struct expr_error error;

    for (size_t i = 0; i < 4; i++) {
        rules[i].uid = uids[i];
        cr_assert(expr_parse(TEXT_LITERAL("stock < 5 t"), &rules[i].when, &error) ==
                  ST_OK);
    }
    struct world *w = world_begun(&set, NULL);
    struct event events[PLACES];

    for (size_t i = 0; i < PLACES; i++) {
        events[i] = stock("s", "PRK", "rice", "1", "2008-01-01");
        events[i].source = text_of(place_code((place_id)i));
        events[i].as.stock.country = (place_id)i;
    }
    take_events(w, 1, events, 1);
    w = again(w, &set, &buffer);
    take_events(w, 2, events + 1, PLACES - 1);
    cr_assert_eq(world_counts(w).instances, world_accounts_len(w) * 4);
    world_free(w);
    free(buffer.bytes);
}

/* Pledges without a date move at the end of their year, without an event. */
Test(checkpoint_room, a_year_ends_behind_it)
{
    static const char *const names[] = {"1", "2", "3", "4", "5", "6", "7"};
    struct buffer buffer = buffer_new(16 << 20);
    struct world *w = world_begun(NULL, NULL);

    for (size_t i = 0; i < PLACES; i++) {
        struct event events[7];

        for (size_t k = 0; k < 7; k++) {
            events[k] = pledge(names[k], "CHN", "PRK", "rice", "1");
            events[k].source = text_of(place_code((place_id)i));
            events[k].as.pledge.to = (place_id)i;
        }
        take_events(w, day("2008-06-01") + (int64_t)i, events, 7);
    }
    w = again(w, NULL, &buffer);
    take_events(w, day("2009-06-01"), NULL, 0);
    cr_assert(world_settle(w, NULL) == ST_OK);
    world_free(w);
    free(buffer.bytes);
}

/* The tree of a path grows by several blocks at once. */
Test(checkpoint_room, a_path_grows_behind_each)
{
    struct buffer buffer = buffer_new(16 << 20);
    struct world *w = world_begun(NULL, NULL);

    for (size_t i = 0; i < 700; i++) {
        const struct event ev = report(i, false);

        take_events(w, (int64_t)i, &ev, 1);
        cr_assert(world_settle(w, NULL) == ST_OK);
        w = again(w, NULL, &buffer);
    }
    cr_assert(world_imbalance(w, goods_of("rice")) == 0);
    world_free(w);
    free(buffer.bytes);
}
