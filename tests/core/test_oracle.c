/* The core against the oracle on random worlds, and properties that hold on all of them.
 * SHORTFALL_WORLDS=n makes n times as many; SHORTFALL_SEED=n begins at that seed. */
#include "scenario.h"
#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRANSITIONS_MAX 512

struct heard {
    struct oracle_transition transitions[TRANSITIONS_MAX];
    size_t len;
};

static void hear(void *self, const struct transition *t)
{
    struct heard *h = self;

    cr_assert(h->len < TRANSITIONS_MAX);
    for (size_t i = 0; i < SCENARIO_RULES_MAX; i++) {
        if (strcmp(scenario_uids[i], t->uid) == 0)
            h->transitions[h->len++] = (struct oracle_transition){
                scenario_uids[i], t->country, t->commodity, t->state, t->at, t->begun};
    }
}

static int64_t number_of(const char *variable, int64_t otherwise)
{
    const char *text = getenv(variable);

    return text != NULL ? strtoll(text, NULL, 10) : otherwise;
}

/* `count` seeds, of a range of their own for each test. */
static uint64_t first_seed(uint64_t test)
{
    return (uint64_t)number_of("SHORTFALL_SEED", (int64_t)(test * 1000000));
}

static uint64_t last_seed(uint64_t test, int64_t count)
{
    return first_seed(test) + (uint64_t)(count * number_of("SHORTFALL_WORLDS", 1));
}

static struct world *new_world(const struct scenario *s, const struct world_sink *sink)
{
    struct memory memory = heap_memory();
    struct world *w;
    struct why why;

    cr_assert(world_new(&memory, &w, &why) == ST_OK, "%s", why.text);
    cr_assert(world_rules(w, &s->set, sink, &why) == ST_OK, "%s", why.text);
    return w;
}

static void begin(struct world *w, int64_t clock, size_t events,
                  const struct world_sink *sink)
{
    struct why why;

    cr_assert(world_reserve(w, events, &why) == ST_OK, "%s", why.text);
    world_begin(w, clock, sink);
}

/* All steps of the scenario and its end. */
static struct world *run(const struct scenario *s, struct heard *heard)
{
    struct world_sink sink = {hear, NULL, heard};
    struct world *w = new_world(s, &sink);
    uint64_t seq = 0;

    for (size_t i = 0; i < s->steps_len; i++) {
        begin(w, s->steps[i].clock, s->steps[i].events_len, &sink);
        for (size_t k = 0; k < s->steps[i].events_len; k++)
            (void)world_apply(w, s->steps[i].events[k], ++seq);
        world_end(w, &sink);
    }
    begin(w, s->until, 0, &sink);
    world_end(w, &sink);
    return w;
}

static const struct {
    const char *name;
    size_t offset;
} figures[] = {
    {"stock", offsetof(struct balance, stock)},
    {"unmet", offsetof(struct balance, unmet)},
    {"days of cover", offsetof(struct balance, days_of_cover)},
    {"stock out", offsetof(struct balance, stock_out)},
    {"shortfall", offsetof(struct balance, shortfall)},
    {"shortfall ratio", offsetof(struct balance, shortfall_ratio)},
    {"uncovered deficit", offsetof(struct balance, uncovered_deficit)},
    {"delivery ratio", offsetof(struct balance, delivery_ratio)},
    {"overdue", offsetof(struct balance, overdue)},
    {"expected", offsetof(struct balance, expected)},
};

static void compare_balances(const struct scenario *s, const struct balance *core,
                             const struct balance *oracle)
{
    char as_of[TIMESTAMP_SIZE];

    cr_assert(core->country == oracle->country && core->commodity == oracle->commodity &&
                  core->as_of == oracle->as_of && core->horizon == oracle->horizon,
              "seed %" PRIu64 ": a balance of something else", s->seed);
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        int64_t a;
        int64_t b;

        memcpy(&a, (const char *)core + figures[i].offset, sizeof a);
        memcpy(&b, (const char *)oracle + figures[i].offset, sizeof b);
        if (a == b)
            continue;
        scenario_print(s);
        cr_assert_fail(
            "seed %" PRIu64 ": %s/%s as of %s, horizon %" PRId64 ": %s is %" PRId64
            ", the oracle says %" PRId64,
            s->seed, place_code(core->country), commodity_code(core->commodity),
            timestamp_format(core->as_of, as_of), core->horizon, figures[i].name, a, b);
    }
}

static void look(struct scenario *s, struct world *w, const struct oracle *o)
{
    static const int64_t horizons[] = {1, DAY_US, 30 * DAY_US, 90 * DAY_US, 400 * DAY_US};

    for (int i = 0; i < 6; i++) {
        place_id country = scenario_country(s);
        commodity_id goods = scenario_goods(s);
        int64_t as_of = scenario_time(s);
        int64_t horizon = horizons[random_below(&s->random, 5)];
        struct balance core;
        struct balance oracle;

        if (random_chance(&s->random, 20))
            as_of += random_below(&s->random, 3) - 1;
        cr_assert(world_balance(w, country, goods, as_of, horizon, &core, NULL) == ST_OK);
        oracle_balance(o, country, goods, as_of, horizon, &oracle);
        compare_balances(s, &core, &oracle);
    }
}

Test(oracle, figures_and_verdicts_agree)
{
    for (uint64_t seed = first_seed(1); seed < last_seed(1, 100); seed++) {
        struct scenario *s = scenario_new(seed, true);
        struct heard heard = {.len = 0};
        struct world_sink sink = {hear, NULL, &heard};
        struct oracle o = {.years = s->years, .years_len = s->set.years_len};
        struct world *w = new_world(s, &sink);
        uint64_t seq = 0;

        for (size_t i = 0; i < s->steps_len; i++) {
            begin(w, s->steps[i].clock, s->steps[i].events_len, &sink);
            for (size_t k = 0; k < s->steps[i].events_len; k++) {
                const struct event *ev = s->steps[i].events[k];
                enum verdict core = world_apply(w, ev, ++seq);
                enum verdict oracle = oracle_apply(&o, ev);

                if (core == VERDICT_DANGLING)
                    core = VERDICT_APPLIED;
                cr_assert(core == oracle, "seed %" PRIu64 ", %.*s.%d: %s, not %s", seed,
                          TEXT_ARGS(ev->id), ev->revision, verdict_name(core),
                          verdict_name(oracle));
            }
            world_end(w, &sink);
            look(s, w, &o);
        }
        world_free(w);
        free(s);
    }
}

static const char *say(const struct oracle_transition *t, char out[160])
{
    char at[TIMESTAMP_SIZE];
    char begun[TIMESTAMP_SIZE];

    (void)snprintf(out, 160, "%s %s/%s %s at %s, begun %s", t->uid,
                   place_code(t->country), commodity_code(t->commodity),
                   alert_state_name(t->state), timestamp_format(t->at, at),
                   timestamp_format(t->begun, begun));
    return out;
}

static void compare_alerts(const struct scenario *s, const struct oracle_transition *a,
                           size_t a_len, const struct oracle_transition *b, size_t b_len,
                           const char *other)
{
    static const struct oracle_transition nothing = {
        "nothing", PLACE_NONE, COMMODITY_NONE, ALERT_FIRING, 0, 0};
    char left[160];
    char right[160];

    for (size_t i = 0; i < a_len || i < b_len; i++) {
        const struct oracle_transition *x = i < a_len ? &a[i] : &nothing;
        const struct oracle_transition *y = i < b_len ? &b[i] : &nothing;

        if (strcmp(x->uid, y->uid) == 0 && x->country == y->country &&
            x->commodity == y->commodity && x->state == y->state && x->at == y->at &&
            x->begun == y->begun)
            continue;
        scenario_print(s);
        cr_assert_fail("seed %" PRIu64 ", transition %zu: %s, but %s: %s", s->seed, i,
                       say(x, left), other, say(y, right));
    }
}

Test(oracle, transitions_agree)
{
    static struct oracle_transition expected[TRANSITIONS_MAX];
    static struct heard heard;
    size_t total = 0;

    for (uint64_t seed = first_seed(2); seed < last_seed(2, 120); seed++) {
        struct scenario *s = scenario_new(seed, true);

        heard.len = 0;
        struct world *w = run(s, &heard);
        size_t len = oracle_alerts(&s->set, s->steps, s->steps_len, s->until, expected,
                                   TRANSITIONS_MAX);

        compare_alerts(s, heard.transitions, heard.len, expected, len, "the oracle says");
        total += len;
        world_free(w);
        free(s);
    }
    cr_assert(total >= 200, "the rules say too little to test anything: %zu", total);
}

/* The digest of the end, and every figure, whatever the order of arrival. */
Test(oracle, order_of_arrival_does_not_matter)
{
    static struct heard heard;

    for (uint64_t seed = first_seed(3); seed < last_seed(3, 60); seed++) {
        struct scenario *s = scenario_new(seed, false);
        uint8_t digests[2][DIGEST_SIZE];
        struct world *worlds[2];
        int64_t until = s->until;

        s->set.rules_len = 0; /* the states of alerts do depend on it */
        for (int i = 0; i < 2; i++) {
            heard.len = 0;
            worlds[i] = run(s, &heard);
            scenario_shuffle(s);
            s->until = s->until > until ? s->until : until;
        }
        for (int i = 0; i < 2; i++) {
            struct world_sink sink = {hear, NULL, &heard};

            begin(worlds[i], s->until + 400 * DAY_US, 0, &sink);
            world_end(worlds[i], &sink);
            world_digest(worlds[i], digests[i]);
        }
        cr_assert(memcmp(digests[0], digests[1], DIGEST_SIZE) == 0,
                  "seed %" PRIu64 ": another digest", seed);
        for (int i = 0; i < 20; i++) {
            struct balance a;
            struct balance b;
            place_id country = scenario_country(s);
            commodity_id goods = scenario_goods(s);
            int64_t as_of = scenario_time(s);

            cr_assert(world_balance(worlds[0], country, goods, as_of, 90 * DAY_US, &a,
                                    NULL) == ST_OK);
            cr_assert(world_balance(worlds[1], country, goods, as_of, 90 * DAY_US, &b,
                                    NULL) == ST_OK);
            compare_balances(s, &a, &b);
        }
        world_free(worlds[0]);
        world_free(worlds[1]);
        free(s);
    }
}

/* An empty step; nothing may happen before the instant that was announced. */
static void small_step(const struct scenario *s, struct world *w, int64_t clock,
                       struct heard *heard)
{
    struct world_sink sink = {hear, NULL, heard};
    int64_t announced = world_next_instant(w);
    size_t before = heard->len;

    begin(w, clock, 0, &sink);
    world_end(w, &sink);
    cr_assert(heard->len == before ||
                  (announced != TIME_NONE && announced <= heard->transitions[before].at),
              "seed %" PRIu64 ": unannounced before %" PRId64, s->seed, clock);
}

static struct world *run_in_small_steps(struct scenario *s, int parts,
                                        struct heard *heard)
{
    struct world_sink sink = {hear, NULL, heard};
    struct world *w = new_world(s, &sink);
    uint64_t seq = 0;

    for (size_t i = 0; i < s->steps_len; i++) {
        int64_t from = s->steps[i].clock;
        int64_t to = i + 1 < s->steps_len ? s->steps[i + 1].clock : s->until;

        begin(w, from, s->steps[i].events_len, &sink);
        for (size_t k = 0; k < s->steps[i].events_len; k++)
            (void)world_apply(w, s->steps[i].events[k], ++seq);
        world_end(w, &sink);
        for (int64_t part = 1; part < parts; part++) {
            int64_t next = from + (to - from) / parts * part;

            /* Also at the very instant of a timer, and just beside it. */
            if (part % 5 == 0 && world_next_instant(w) != TIME_NONE)
                next = world_next_instant(w) + random_below(&s->random, 3) - 1;
            if (next > world_clock(w) && next < to)
                small_step(s, w, next, heard);
        }
    }
    small_step(s, w, s->until, heard);
    return w;
}

Test(oracle, size_of_steps_does_not_matter)
{
    static struct heard once;
    static struct heard often;

    for (uint64_t seed = first_seed(4); seed < last_seed(4, 40); seed++) {
        struct scenario *s = scenario_new(seed, true);
        uint8_t digests[2][DIGEST_SIZE];

        once.len = often.len = 0;
        struct world *w = run(s, &once);

        world_digest(w, digests[0]);
        world_free(w);
        w = run_in_small_steps(s, seed % 10 == 0 ? 1000 : 50, &often);
        world_digest(w, digests[1]);
        world_free(w);
        compare_alerts(s, once.transitions, once.len, often.transitions, often.len,
                       "in small steps");
        cr_assert(memcmp(digests[0], digests[1], DIGEST_SIZE) == 0,
                  "seed %" PRIu64 ": another digest", seed);
        free(s);
    }
}

/* Every quantity has two sides. */
Test(oracle, books_balance)
{
    static struct heard heard;

    for (uint64_t seed = first_seed(5); seed < last_seed(5, 50); seed++) {
        struct scenario *s = scenario_new(seed, true);

        heard.len = 0;
        struct world *w = run(s, &heard);

        cr_assert(world_settle(w, NULL) == ST_OK);
        for (size_t i = 0; i < commodity_count(); i++)
            cr_assert(world_imbalance(w, (commodity_id)i) == 0, "seed %" PRIu64 ", %s",
                      seed, commodity_code((commodity_id)i));
        world_free(w);
        free(s);
    }
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

/* Runs the scenario; whenever there is no room, checks that nothing is lost, then gives
 * more and goes on. */
static struct world *run_scarce(const struct scenario *s, struct heard *heard,
                                size_t *refusals)
{
    struct scarce scarce = {1000};
    struct memory memory = {scarce_resize, &scarce, 0};
    struct world_sink sink = {hear, NULL, heard};
    uint8_t before[DIGEST_SIZE];
    uint8_t after[DIGEST_SIZE];
    struct world *w;
    uint64_t seq = 0;

    cr_assert(world_new(&memory, &w, NULL) == ST_OK);
    cr_assert(world_rules(w, &s->set, &sink, NULL) == ST_OK);
    for (size_t i = 0; i < s->steps_len; i++) {
        world_digest(w, before);
        scarce.left = 0;
        for (int64_t more = 1; world_reserve(w, s->steps[i].events_len, NULL) != ST_OK;
             scarce.left = more++)
            ++*refusals;
        world_digest(w, after);
        cr_assert(memcmp(before, after, DIGEST_SIZE) == 0, "seed %" PRIu64, s->seed);
        scarce.left = 0;
        world_begin(w, s->steps[i].clock, &sink);
        for (size_t k = 0; k < s->steps[i].events_len; k++)
            (void)world_apply(w, s->steps[i].events[k], ++seq);
        world_end(w, &sink);
    }
    world_begin(w, s->until, &sink);
    world_end(w, &sink);
    return w;
}

Test(oracle, memory_that_fails_loses_nothing)
{
    static struct heard plenty;
    static struct heard little;

    for (uint64_t seed = first_seed(6); seed < last_seed(6, 10); seed++) {
        struct scenario *s = scenario_new(seed, true);
        uint8_t digests[2][DIGEST_SIZE];
        size_t refusals = 0;

        plenty.len = little.len = 0;
        struct world *w = run(s, &plenty);

        world_digest(w, digests[0]);
        world_free(w);
        w = run_scarce(s, &little, &refusals);
        world_digest(w, digests[1]);
        world_free(w);
        cr_assert(refusals > 0, "seed %" PRIu64 ": never refused", seed);
        compare_alerts(s, plenty.transitions, plenty.len, little.transitions, little.len,
                       "with little memory");
        cr_assert(memcmp(digests[0], digests[1], DIGEST_SIZE) == 0,
                  "seed %" PRIu64 ": another digest", seed);
        free(s);
    }
}
