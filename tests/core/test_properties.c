/* What holds of every random world, whatever the numbers are: the core against itself. */
#include "../../core/state.h"

#include "judge.h"
#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct heard once;
static struct heard again;

/* Of a scenario: every account, at a time at which something may be going on. */
static void check_balances(struct scenario *s, struct world *a, struct world *b,
                           const char *country, const char *label)
{
    static const char *const countries[] = {"PRK", "USA", "RUS"};
    struct difference d;

    for (size_t i = 0; i < 3 * s->goods_len; i++) {
        const char *code = country != NULL ? country : countries[i % 3];
        commodity_id goods = s->goods[i / 3];
        int64_t as_of = scenario_time(s);
        struct balance x;
        struct balance y;

        cr_assert(world_balance(a, place(code), goods, as_of, 90 * DAY_US, &x, NULL) ==
                  ST_OK);
        cr_assert(world_balance(b, place(code), goods, as_of, 90 * DAY_US, &y, NULL) ==
                  ST_OK);
        cr_assert(balances_agree(&x, &y, &d), "seed %" PRIu64 ", %s: %s", s->seed, label,
                  d.text);
    }
}

static void check_digests(const struct scenario *s, const struct world *a,
                          const struct world *b, const char *label)
{
    uint8_t digests[2][DIGEST_SIZE];

    world_digest(a, digests[0]);
    world_digest(b, digests[1]);
    cr_assert(memcmp(digests[0], digests[1], DIGEST_SIZE) == 0,
              "seed %" PRIu64 ", %s: another digest", s->seed, label);
}

/* Small ones, and now and then a large one. */
static struct scenario *some_world(uint64_t seed, bool conflicts)
{
    return scenario_sized(seed, conflicts,
                          seed % 50 == 0 ? SCENARIO_LARGE : SCENARIO_SMALL);
}

/* --- order and repetition ----------------------------------------------------------- */

/* Facts only: the states of alerts do depend on when something became known. */
Test(properties, order_of_arrival_and_repetition_do_not_matter)
{
    for (uint64_t seed = 3000000; seed < 3000500; seed++) {
        struct scenario *s = some_world(seed, false);
        int64_t until = s->until;

        s->set.rules_len = 0;
        struct world *a = scenario_run(s, &once);

        scenario_repeat(s, 2);
        scenario_shuffle(s);
        struct world *b = scenario_run(s, &again);

        until = (s->until > until ? s->until : until) + 400 * DAY_US;
        scenario_tick(a, until, &once);
        scenario_tick(b, until, &again);
        check_digests(s, a, b, "shuffled");
        check_balances(s, a, b, NULL, "shuffled");
        world_free(a);
        world_free(b);
        free(s);
    }
}

/* A step is atomic: what it says is the same in any order, alerts included. */
Test(properties, order_within_a_step_does_not_matter)
{
    struct difference d;
    size_t said = 0;

    for (uint64_t seed = 3100000; seed < 3100500; seed++) {
        struct scenario *s = some_world(seed, false);
        struct world *a = scenario_run(s, &once);

        scenario_stir(s);
        struct world *b = scenario_run(s, &again);

        cr_assert(transitions_alike(&once, &again, &d), "seed %" PRIu64 ": %s", seed,
                  d.text);
        check_digests(s, a, b, "stirred");
        check_balances(s, a, b, NULL, "stirred");
        said += once.len;
        world_free(a);
        world_free(b);
        free(s);
    }
    cr_assert(said >= 500, "too little is said to test anything: %zu", said);
}

/* The reports that stand at the end, and nothing of how they came to. */
static size_t standing(const struct scenario *s, const struct event **out)
{
    static struct oracle o;
    size_t len = 0;

    o.len = 0;
    for (size_t i = 0; i < s->order_len; i++)
        (void)oracle_apply(&o, s->order[i]);
    for (size_t i = 0; i < o.len; i++) {
        if (!o.facts[i]->retract)
            out[len++] = o.facts[i];
    }
    return len;
}

Test(properties, only_what_stands_counts)
{
    for (uint64_t seed = 3200000; seed < 3200500; seed++) {
        struct scenario *s = some_world(seed, true);
        const struct event *facts[ORACLE_FACTS_MAX];
        uint64_t seq = 0;

        s->set.rules_len = 0;
        struct world *a = scenario_run(s, &once);
        struct world *b = scenario_begin(s, &again);
        const struct oracle_step step = {s->until, facts, standing(s, facts)};

        scenario_step(b, &step, &seq, &again);
        check_digests(s, a, b, "what stands");
        check_balances(s, a, b, NULL, "what stands");
        world_free(a);
        world_free(b);
        free(s);
    }
}

/* --- steps ---------------------------------------------------------------------------
 */

/* An empty step; nothing may happen before the instant that was announced. */
static void small_step(const struct scenario *s, struct world *w, int64_t clock,
                       struct heard *heard)
{
    int64_t announced = world_next_instant(w);
    size_t before = heard->len;

    scenario_tick(w, clock, heard);
    cr_assert(heard->len == before ||
                  (announced != TIME_NONE && announced <= heard->list[before].at),
              "seed %" PRIu64 ": unannounced before %" PRId64, s->seed, clock);
}

static struct world *run_in_small_steps(struct scenario *s, int parts,
                                        struct heard *heard)
{
    struct world *w = scenario_begin(s, heard);
    uint64_t seq = 0;

    for (size_t i = 0; i < s->steps_len; i++) {
        int64_t from = s->steps[i].clock;
        int64_t to = i + 1 < s->steps_len ? s->steps[i + 1].clock : s->until;

        scenario_step(w, &s->steps[i], &seq, heard);
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

Test(properties, size_of_steps_does_not_matter)
{
    struct difference d;
    size_t said = 0;

    for (uint64_t seed = 3300000; seed < 3300200; seed++) {
        struct scenario *s = some_world(seed, true);
        struct world *a = scenario_run(s, &once);
        struct world *b = run_in_small_steps(s, seed % 10 == 0 ? 1000 : 50, &again);

        cr_assert(transitions_same(&once, &again, &d),
                  "seed %" PRIu64 ", in small steps: %s", seed, d.text);
        check_digests(s, a, b, "in small steps");
        said += once.len;
        world_free(a);
        world_free(b);
        free(s);
    }
    cr_assert(said >= 200, "too little is said to test anything: %zu", said);
}

/* --- withdrawn and said again --------------------------------------------------------
 */

/* The next revision of a report that stands. */
static struct event revision_of(const struct event *ev, int32_t by, bool retract)
{
    struct event next = *ev;

    if (retract)
        next = (struct event){.kind = ev->kind,
                              .source = ev->source,
                              .id = ev->id,
                              .retract = true,
                              .time = ev->time};
    next.revision = ev->revision + by;
    next.published = ev->time;
    next.states_published = true;
    return next;
}

static void apply_alone(struct world *w, const struct event *ev, int64_t clock,
                        uint64_t *seq)
{
    const struct event *list[] = {ev};
    const struct oracle_step step = {clock, list, 1};

    scenario_step(w, &step, seq, &again);
}

/* Whether somebody looks in between is as it comes. */
Test(properties, retract_and_restate_is_the_identity)
{
    for (uint64_t seed = 3400000; seed < 3400400; seed++) {
        struct scenario *s = some_world(seed, false);
        const struct event *facts[ORACLE_FACTS_MAX];
        size_t len = standing(s, facts);
        struct world *a = scenario_run(s, &once);
        struct world *b = scenario_run(s, &again);
        uint64_t seq = 1000;
        int64_t clock = s->until;

        for (int i = 0; i < 5 && len > 0; i++) {
            const struct event *ev = facts[random_below(&s->random, (int64_t)len)];
            const struct event gone = revision_of(ev, 2 * i + 1, true);
            const struct event back = revision_of(ev, 2 * i + 2, false);

            apply_alone(b, &gone, ++clock, &seq);
            if (random_chance(&s->random, 50))
                cr_assert(world_settle(b, NULL) == ST_OK);
            apply_alone(b, &back, ++clock, &seq);
        }
        if (clock > s->until)
            scenario_tick(a, clock, &once);
        check_balances(s, a, b, NULL, "said again");
        for (size_t i = 0; i < s->goods_len; i++)
            cr_assert(world_settle(b, NULL) == ST_OK &&
                          world_imbalance(b, s->goods[i]) == 0,
                      "seed %" PRIu64, seed);
        world_free(a);
        world_free(b);
        free(s);
    }
}

/* --- two countries --------------------------------------------------------------------
 */

enum { NAMES_FIRST = 1, NAMES_SECOND = 2, NAMES_BOTH = 3 };

static unsigned place_names(place_id p)
{
    if (p == PLACE_ANY)
        return NAMES_BOTH;
    return (p == place("PRK") ? NAMES_FIRST : 0) | (p == place("USA") ? NAMES_SECOND : 0);
}

static unsigned event_names(const struct event *ev)
{
    if (ev->retract)
        return 0;
    switch (ev->kind) {
    case EVENT_SHIPMENT:
        return place_names(ev->as.shipment.from) | place_names(ev->as.shipment.to);
    case EVENT_PLEDGE:
        return place_names(ev->as.pledge.from) | place_names(ev->as.pledge.to);
    case EVENT_PRICE:
        return NAMES_BOTH;
    case EVENT_POLICY:
        return place_names(ev->as.policy.actor) | place_names(ev->as.policy.target);
    case EVENT_STOCK:
    case EVENT_PRODUCTION:
    case EVENT_USE:
    case EVENT_KIND_COUNT:
        break;
    }
    return place_names(ev->as.stock.country);
}

static bool is_same_fact(const struct event *a, struct text source, struct text id)
{
    return text_equal(a->source, source) && text_equal(a->id, id);
}

/* Whom any report of the fact names. */
static unsigned fact_names(const struct scenario *s, struct text source, struct text id)
{
    unsigned names = 0;

    for (size_t i = 0; i < s->events_len; i++) {
        if (is_same_fact(&s->events[i], source, id))
            names |= event_names(&s->events[i]);
    }
    return names;
}

/* A ship that credits a pledge concerns those whom the pledge names, too. */
static unsigned fact_concerns(const struct scenario *s, const struct event *fact)
{
    unsigned names = fact_names(s, fact->source, fact->id);

    for (size_t i = 0; i < s->events_len; i++) {
        const struct event *ev = &s->events[i];
        struct text source;
        struct text id;

        if (ev->kind != EVENT_SHIPMENT || ev->retract ||
            !is_same_fact(ev, fact->source, fact->id) || ev->as.shipment.pledge.len == 0)
            continue;
        fact_name_split(ev->as.shipment.pledge, ev->source, &source, &id);
        names |= fact_names(s, source, id);
    }
    return names == 0 ? NAMES_BOTH : names;
}

/* The world of the facts that concern any of `first` and, if `both`, only those that
 * concern both. */
static struct world *run_part(const struct scenario *s, unsigned names, bool both)
{
    size_t len = scenario_parts(s);
    bool *kept = malloc(len);

    cr_assert(kept != NULL);
    memset(kept, true, len);
    for (size_t i = 0; i < s->order_len; i++) {
        unsigned concerns = fact_concerns(s, s->order[i]);

        kept[i] = both ? concerns == NAMES_BOTH : (concerns & names) != 0;
    }
    struct scenario *part = scenario_part(s, kept);
    struct world *w = scenario_run(part, &again);

    w->rules = NULL; /* those of the part go with it */
    free(part);
    free(kept);
    return w;
}

Test(properties, two_countries_are_the_sum_of_their_parts)
{
    for (uint64_t seed = 3500000; seed < 3500400; seed++) {
        struct scenario *s = scenario_new(seed, false);

        s->set.rules_len = s->set.years_len = 0;
        struct world *whole = scenario_run(s, &once);
        struct world *first = run_part(s, NAMES_FIRST, false);
        struct world *second = run_part(s, NAMES_SECOND, false);
        struct world *common = run_part(s, NAMES_BOTH, true);
        struct hash128 sum = hash128_add(first->fact_sum, second->fact_sum);

        check_balances(s, whole, first, "PRK", "the first alone");
        check_balances(s, whole, second, "USA", "the second alone");
        /* What concerns both is in both. */
        sum = hash128_subtract(sum, common->fact_sum);
        cr_assert(hash128_equal(sum, whole->fact_sum),
                  "seed %" PRIu64 ": the digests do not add up", seed);
        world_free(whole);
        world_free(first);
        world_free(second);
        world_free(common);
        free(s);
    }
}

/* --- several at hand ------------------------------------------------------------------
 */

#define HANDFUL 5

static void apply_by_the_handful(struct world *w, const struct oracle_step *step,
                                 uint64_t *seq)
{
    struct foreseen f[HANDFUL];

    for (size_t from = 0; from < step->events_len; from += HANDFUL) {
        size_t len = step->events_len - from;

        len = len < HANDFUL ? len : HANDFUL;
        for (size_t i = 0; i < len; i++)
            world_foresee(w, step->events[from + i], &f[i]);
        for (size_t i = 0; i < len; i++)
            world_approach(w, &f[i]);
        for (size_t i = 0; i < len; i++)
            (void)world_apply_foreseen(w, &f[i], ++*seq);
    }
}

/* What is foreseen is a hint and nothing else. */
Test(properties, events_by_the_handful_are_the_same_events)
{
    struct difference d;

    for (uint64_t seed = 3700000; seed < 3700200; seed++) {
        struct scenario *s = some_world(seed, true);
        struct world *a = scenario_run(s, &once);
        struct world *b = scenario_begin(s, &again);
        const struct world_sink sink = heard_sink(&again);
        uint64_t seq = 0;

        for (size_t i = 0; i < s->steps_len; i++) {
            cr_assert(world_reserve(b, s->steps[i].events_len, NULL) == ST_OK);
            world_begin(b, s->steps[i].clock, &sink);
            apply_by_the_handful(b, &s->steps[i], &seq);
            world_end(b, &sink);
        }
        scenario_tick(b, s->until, &again);
        cr_assert(transitions_same(&once, &again, &d), "seed %" PRIu64 ": %s", seed,
                  d.text);
        check_digests(s, a, b, "by the handful");
        world_free(a);
        world_free(b);
        free(s);
    }
}
