/* Checkpoints of a world: a world that was written and read back after every step goes
 * on exactly as one that never was. */
#include "checkpoint_bytes.h"
#include "scenario.h"
#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- worlds ------------------------------------------------------------------------- */

static void take_step(struct world *w, const struct scenario *s, size_t index,
                      uint64_t *seq, const struct world_sink *sink)
{
    const struct oracle_step end = {.clock = s->until};
    const struct oracle_step *at = index < s->steps_len ? &s->steps[index] : &end;

    cr_assert(world_reserve(w, at->events_len, NULL) == ST_OK);
    world_begin(w, at->clock, sink);
    for (size_t k = 0; k < at->events_len; k++)
        (void)world_apply(w, at->events[k], ++*seq);
    world_end(w, sink);
}

static void compare_transitions(const struct scenario *s, const struct heard *a,
                                const struct heard *b)
{
    cr_assert(a->len == b->len, "seed %" PRIu64 ": %zu transitions, not %zu", s->seed,
              b->len, a->len);
    for (size_t i = 0; i < a->len; i++) {
        const struct transition *t = &a->list[i];
        const struct transition *u = &b->list[i];

        cr_assert(memcmp(t->notification, u->notification, ALERT_HASH_SIZE) == 0 &&
                      t->at == u->at && t->clock == u->clock && t->seq == u->seq &&
                      t->state == u->state && t->balance.stock == u->balance.stock &&
                      t->moved_first == u->moved_first &&
                      t->moved_last == u->moved_last && t->movers_len == u->movers_len &&
                      memcmp(t->movers, u->movers, sizeof t->movers) == 0,
                  "seed %" PRIu64 ": transition %zu is another one", s->seed, i);
    }
}

static void run_both(const struct scenario *s, struct buffer *buffer)
{
    static struct heard plain;
    static struct heard resumed;
    const struct world_sink sinks[] = {{hear, NULL, &plain}, {hear, NULL, &resumed}};
    struct world *a = world_begun(&s->set, &sinks[0]);
    struct world *b = world_begun(&s->set, &sinks[1]);
    uint64_t seq_a = 0;
    uint64_t seq_b = 0;

    plain.len = resumed.len = 0;
    for (size_t i = 0; i <= s->steps_len; i++) {
        take_step(a, s, i, &seq_a, &sinks[0]);
        take_step(b, s, i, &seq_b, &sinks[1]);
        cr_assert(world_bytes(b, buffer) == ST_OK);
        world_free(b);
        cr_assert(world_of_bytes(buffer, &s->set, 0, &b) == ST_OK, "seed %" PRIu64,
                  s->seed);
        cr_assert(buffer->at == buffer->len, "seed %" PRIu64 ": bytes remain", s->seed);
        same_digests(s->seed, a, b);
    }
    compare_transitions(s, &plain, &resumed);
    cr_assert(world_settle(b, NULL) == ST_OK);
    for (size_t i = 0; i < s->goods_len; i++)
        cr_assert(world_imbalance(b, s->goods[i]) == 0, "seed %" PRIu64, s->seed);
    same_balances(s->seed, s->until, a, b);
    world_free(a);
    world_free(b);
}

Test(checkpoint, a_world_goes_on_as_if_nothing_had_been)
{
    struct buffer buffer = buffer_new(16 << 20);

    for (uint64_t seed = 77000000; seed < 77000300; seed++) {
        struct scenario *s = scenario_new(seed, true);

        run_both(s, &buffer);
        free(s);
    }
    free(buffer.bytes);
}

/* Before the first step, without rules, and with rules but no facts. */
Test(checkpoint, a_world_may_be_empty)
{
    static const struct ruleset no_rules = {.hash = {7}};
    const struct ruleset *const rows[] = {NULL, &no_rules};
    const struct world_sink sink = {hear, NULL, NULL};
    struct buffer buffer = buffer_new(4 << 20);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world *w = world_begun(rows[i], &sink);
        struct world *again;

        cr_assert(world_bytes(w, &buffer) == ST_OK);
        cr_assert(world_of_bytes(&buffer, rows[i], 0, &again) == ST_OK, "row %zu", i);
        cr_assert(world_clock(again) == TIME_NONE && world_accounts_len(again) == 0);
        world_free(again);
        world_free(w);
    }
    free(buffer.bytes);
}

/* --- what must not be believed ------------------------------------------------------ */

static struct world *small_world(const struct scenario *s)
{
    static struct heard heard;
    const struct world_sink sink = {hear, NULL, &heard};
    struct world *w = world_begun(&s->set, &sink);
    uint64_t seq = 0;

    heard.len = 0;
    for (size_t i = 0; i <= s->steps_len; i++)
        take_step(w, s, i, &seq, &sink);
    return w;
}

Test(checkpoint, other_rules_are_a_conflict)
{
    struct scenario *s = scenario_new(77000001, false);
    struct world *w = small_world(s);
    struct buffer buffer = buffer_new(16 << 20);
    struct ruleset other = s->set;
    struct ruleset fewer = s->set;

    other.hash[0] ^= 1;
    fewer.rules_len--;
    const struct {
        const char *label;
        const struct ruleset *rules;
        enum status st;
    } rows[] = {{"the same", &s->set, ST_OK},
                {"none", NULL, ST_CONFLICT},
                {"another text", &other, ST_CONFLICT},
                {"one less", &fewer, ST_CONFLICT}};

    cr_assert(world_bytes(w, &buffer) == ST_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world *again = NULL;
        enum status st = world_of_bytes(&buffer, rows[i].rules, 0, &again);

        cr_assert_eq(st, rows[i].st, "%s: %d", rows[i].label, (int)st);
        world_free(again);
    }
    world_free(w);
    free(buffer.bytes);
    free(s);
}

Test(checkpoint, bytes_that_end_too_early_give_no_world)
{
    struct scenario *s = scenario_new(77000002, false);
    struct world *w = small_world(s);
    struct buffer buffer = buffer_new(16 << 20);
    struct world *again = NULL;

    cr_assert(world_bytes(w, &buffer) == ST_OK);
    const size_t whole = buffer.len;

    for (size_t len = 0; len < whole; len += len < 4096 ? 1 : 4093) {
        buffer.len = len;
        cr_assert_eq(world_of_bytes(&buffer, &s->set, 0, &again), ST_CORRUPT, "%zu bytes",
                     len);
    }
    /* And where there is no room to write it, the writer's word is handed on. */
    buffer.max = whole - 1;
    cr_assert_eq(world_bytes(w, &buffer), ST_FULL);
    world_free(w);
    free(buffer.bytes);
    free(s);
}

/* The head is first: another layout shows in its first bytes. */
Test(checkpoint, another_layout_is_another_version)
{
    struct scenario *s = scenario_new(77000003, false);
    struct world *w = small_world(s);
    struct buffer buffer = buffer_new(16 << 20);
    struct world *again = NULL;

    cr_assert(world_bytes(w, &buffer) == ST_OK);
    for (size_t i = 0; i < sizeof(struct hash128); i++) {
        buffer.bytes[i] ^= 1;
        cr_assert_eq(world_of_bytes(&buffer, &s->set, 0, &again), ST_VERSION, "byte %zu",
                     i);
        buffer.bytes[i] ^= 1;
    }
    world_free(w);
    free(buffer.bytes);
    free(s);
}

Test(checkpoint, the_limit_of_memory_holds)
{
    struct scenario *s = scenario_new(77000004, false);
    struct world *w = small_world(s);
    struct buffer buffer = buffer_new(16 << 20);
    struct world *again = NULL;

    cr_assert(world_bytes(w, &buffer) == ST_OK);
    cr_assert(world_of_bytes(&buffer, &s->set, 0, &again) == ST_OK);
    const size_t bytes = world_counts(again).memory_bytes;

    world_free(again);
    cr_assert_eq(world_of_bytes(&buffer, &s->set, bytes - 1, &again), ST_FULL);
    cr_assert_eq(world_of_bytes(&buffer, &s->set, bytes, &again), ST_OK);
    world_free(again);
    world_free(w);
    free(buffer.bytes);
    free(s);
}

Test(checkpoint, a_world_knows_which_revision_it_holds)
{
    struct story *s = story_begin();
    const struct event first = stock("s", "PRK", "rice", "5", "2008-01-01");
    const struct event second = revised(stock("s", "PRK", "rice", "6", "2008-01-01"), 1);
    const struct event third = revised(stock("s", "PRK", "rice", "7", "2008-01-01"), 2);

    record(s, "2008-01-02", first);
    record(s, "2008-01-03", second);
    record(s, "2008-01-04", toward(ship("x", "CHN", "PRK", "rice", "1"), "named"));
    const struct {
        const char *label;
        struct event ev;
        bool holds;
    } rows[] = {{"replaced", first, false},
                {"in force", second, true},
                {"to come", third, false},
                {"only named", pledge("named", "CHN", "PRK", "rice", "1"), false},
                {"never seen", by(first, "nobody"), false}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_assert_eq(world_holds(story_world(s), &rows[i].ev), rows[i].holds, "%s",
                     rows[i].label);
    story_forget(s);
    story_end(s, "");
}
