/* Rules over the life of a world: which accounts they watch, what becomes of their alerts
 * when other rules come, and what a transition says of itself. */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#define JAN "2008-01-01"

static struct event low(const char *id, const char *country, const char *goods)
{
    return stock(id, country, goods, "40", JAN);
}

Test(rulesets, stars_meet_accounts_as_they_come)
{
    struct story *s = story_begin();

    (void)story_rule(s, "all", "*/*", "stock < 50 t");
    (void)story_rule(s, "of-prk", "PRK/*", "stock < 50 t");
    (void)story_rule(s, "of-rice", "*/rice", "stock < 50 t");
    step(s, JAN);
    (void)record(s, "2008-01-02", low("1", "PRK", "steel"));
    (void)record(s, "2008-01-03", low("2", "USA", "rice"));
    (void)record(s, "2008-01-04", low("3", "USA", "electricity")); /* not in tonnes */
    story_end(s, "2008-01-02 all PRK/steel firing\n"
                 "2008-01-02 of-prk PRK/steel firing\n"
                 "2008-01-03 all USA/food firing\n"
                 "2008-01-03 all USA/rice firing\n"
                 "2008-01-03 of-rice USA/rice firing\n");
}

/* Its group, too, comes with the first member. */
Test(rulesets, stars_do_not_fire_on_suppliers)
{
    struct story *s = story_begin();

    (void)story_rule(s, "all", "*/*", "stock < 50 t");
    (void)record(s, JAN,
                 arrived(departed(ship("s", "RUS", "PRK", "rice", "9"), JAN), JAN));
    (void)record(s, "2008-01-02",
                 use("u", "PRK", "rice", "1", "2008-01-02", "2008-01-03"));
    story_end(s, "2008-01-02 all PRK/food firing\n"
                 "2008-01-02 all PRK/rice firing\n");
}

Test(rulesets, a_stated_account_is_watched_before_anybody_mentions_it)
{
    struct story *s = story_begin();

    (void)story_rule(s, "nobody", "KOR/steel", "not has(stock)");
    (void)record(s, JAN, low("1", "PRK", "steel"));
    (void)record(s, "2008-01-02", low("2", "KOR", "steel"));
    story_end(s, "2008-01-01 nobody KOR/steel firing\n"
                 "2008-01-02 nobody KOR/steel resolved\n");
}

Test(rulesets, alerts_are_carried_over_by_uid)
{
    struct story *s = story_begin();

    story_rule(s, "kept", "PRK/rice", "stock < 50 t")->hold = 3 * DAY_US;
    (void)story_rule(s, "gone", "PRK/rice", "stock < 50 t");
    (void)story_rule(s, "firing", "PRK/rice", "stock < 50 t");
    (void)record(s, JAN, low("1", "PRK", "rice"));
    /* Withdrawn, widened, and one new, at the world's clock; what was pending since the
     * 1st still is. */
    (void)story_rule(s, "new", "PRK/rice", "stock < 50 t");
    (void)story_rule(s, "firing", "PRK/*", "stock < 45 t");
    story_rule(s, "kept", "PRK/rice", "stock < 45 t")->hold = 3 * DAY_US;
    step(s, "2008-01-02");
    step(s, "2008-01-10");
    story_end(s, "2008-01-01 firing PRK/rice firing\n"
                 "2008-01-01 gone PRK/rice firing\n"
                 "2008-01-01 gone PRK/rice resolved\n"
                 "2008-01-01 firing PRK/food firing\n"
                 "2008-01-01 new PRK/rice firing\n"
                 "2008-01-04 kept PRK/rice firing\n");
}

/* The rule says another thing now: the alert's state is judged by it from the next step.
 */
Test(rulesets, a_changed_condition_is_judged_at_the_next_step)
{
    struct story *s = story_begin();

    (void)story_rule(s, "r", "PRK/rice", "stock < 50 t");
    story_rule(s, "q", "PRK/rice", "stock < 50 t")->hold = 9 * DAY_US;
    (void)record(s, JAN, low("1", "PRK", "rice"));
    (void)story_rule(s, "r", "PRK/rice", "stock < 30 t");
    story_rule(s, "q", "PRK/rice", "stock < 50 t")->hold = 2 * DAY_US;
    step(s, "2008-01-05");
    story_end(s, "2008-01-01 r PRK/rice firing\n"
                 "2008-01-01 r PRK/rice resolved\n"
                 "2008-01-03 q PRK/rice firing\n");
}

Test(rulesets, rules_may_come_within_a_step)
{
    struct story *s = story_begin();

    (void)story_rule(s, "first", "PRK/rice", "stock < 50 t");
    (void)record(s, JAN, low("1", "PRK", "rice"));
    (void)story_rule(s, "second", "PRK/rice", "stock < 50 t");
    story_rules(s);
    (void)record(s, JAN, stock("2", "PRK", "rice", "45", JAN));
    story_end(s, "2008-01-01 second PRK/rice firing\n");
}

Test(rulesets, years_may_change)
{
    struct story *s = story_begin();

    (void)record(s, JAN, use("u", "PRK", "rice", "86.4", "2007-12-30", "2008-01-09"));
    show(s, "PRK/rice", "2008-01-03", "unmet");
    story_year(s, "PRK", "rice", 11, 1);
    step(s, "2008-01-03");
    show(s, "PRK/rice", "2008-01-03", "unmet");
    story_end(s, "2008-01-03 PRK/rice unmet 17.28\n"
                 "2008-01-03 PRK/rice unmet 34.56\n");
}

/* Episode and ordinal; the range of seq that moved the account since the condition last
 * had the other value, and the newest of them. */
Test(rulesets, transitions_tell_their_evidence)
{
    struct story *s = story_begin();

    story_evidence(s);
    story_rule(s, "r", "PRK/rice", "stock < 50 t")->hold = DAY_US;
    (void)record(s, JAN, stock("1", "PRK", "rice", "60", JAN));  /* seq 1 */
    (void)record(s, JAN, stock("2", "PRK", "wheat", "60", JAN)); /* 2: another account */
    (void)record(s, "2008-01-02", harvest("3", "PRK", "rice", "5", "2008-01-02"));
    (void)record(s, "2008-01-03", stock("4", "PRK", "rice", "40", "2008-01-03"));
    (void)record(s, "2008-01-03", stock("5", "USA", "rice", "40", "2008-01-03"));
    (void)record(s, "2008-01-03", harvest("6", "PRK", "rice", "1", "2008-01-03"));
    (void)record(s, "2008-01-03T12:00:00Z",
                 harvest("7", "PRK", "rice", "1", "2008-01-03T12:00:00Z"));
    (void)record(s, "2008-01-05", stock("8", "PRK", "rice", "70", "2008-01-05"));
    step(s, "2008-01-06");
    story_end(s, "2008-01-04 r PRK/rice firing\n"
                 "  seq 7 begun 2008-01-03.0 moved 4 to 7: 4 6 7\n"
                 "2008-01-05 r PRK/rice resolved\n"
                 "  seq 8 begun 2008-01-03.0 moved 8 to 8: 8\n");
}

/* Of forty reports the newest 32, oldest first. */
Test(rulesets, the_newest_movers_are_kept)
{
    struct story *s = story_begin();
    char ids[40][8];

    story_evidence(s);
    story_rule(s, "r", "PRK/rice", "stock < 50 t")->hold = DAY_US;
    for (int i = 0; i < 40; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "h%d", i);
        (void)record(s, JAN, harvest(ids[i], "PRK", "rice", "1", JAN));
    }
    step(s, "2008-01-02");
    story_end(s,
              "2008-01-02 r PRK/rice firing\n"
              "  seq 40 begun 2008-01-01.0 moved 1 to 40: 9 10 11 12 13 14 15 16 17 18 "
              "19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40\n");
}

struct episodes {
    struct transition list[8];
    size_t len;
};

static void keep_transition(void *self, const struct transition *t)
{
    struct episodes *e = self;

    cr_assert(e->len < 8);
    e->list[e->len++] = *t;
}

static void tell(struct world *w, const char *clock, struct event ev, uint64_t seq,
                 struct episodes *e)
{
    struct world_sink sink = {keep_transition, NULL, e};

    cr_assert(world_reserve(w, 1, NULL) == ST_OK);
    world_begin(w, day(clock), &sink);
    (void)world_apply(w, &ev, seq);
    world_end(w, &sink);
}

static void live_through(struct ruleset *set, struct episodes *e)
{
    struct memory memory = heap_memory();
    struct world *w;

    e->len = 0;
    cr_assert(world_new(&memory, &w, NULL) == ST_OK);
    cr_assert(world_rules(w, set, &(struct world_sink){keep_transition, NULL, e}, NULL) ==
              ST_OK);
    tell(w, JAN, low("1", "PRK", "rice"), 1, e);
    /* The same step goes on: ended and begun again at one instant. */
    tell(w, JAN, revised(stock("1", "PRK", "rice", "60", JAN), 1), 2, e);
    tell(w, JAN, revised(low("1", "PRK", "rice"), 2), 3, e);
    tell(w, "2008-01-02", stock("2", "PRK", "rice", "60", "2008-01-02"), 4, e);
    world_free(w);
}

Test(rulesets, episodes_and_notifications_have_names_of_their_own)
{
    static struct rule rule;
    place_id country = place("PRK");
    commodity_id goods = goods_of("rice");
    struct ruleset set = {.rules = &rule, .rules_len = 1, .hash = {7, 1}};
    static struct episodes first;
    static struct episodes again;
    struct expr_error error;

    rule.uid = rule.alert = "r";
    rule.countries = &country;
    rule.commodities = &goods;
    rule.countries_len = rule.commodities_len = 1;
    cr_assert(expr_parse(text_of("stock < 50 t"), &rule.when, &error) == ST_OK);
    live_through(&set, &first);
    live_through(&set, &again);
    cr_assert(first.len == 4 && again.len == 4, "%zu and %zu", first.len, again.len);
    for (size_t i = 0; i < 4; i++) {
        const struct transition *t = &first.list[i];

        cr_assert(t->state == (i % 2 == 0 ? ALERT_FIRING : ALERT_RESOLVED));
        cr_assert(t->at == (i < 3 ? day(JAN) : day("2008-01-02")));
        cr_assert(t->begun == day(JAN) && t->ordinal == (i < 2 ? 0 : 1), "%zu: %u", i,
                  t->ordinal);
        cr_assert(t->seq == i + 1 && t->clock == t->at, "%zu", i);
        cr_assert(memcmp(t->rules_hash, set.hash, sizeof set.hash) == 0);
        cr_assert(t->balance.stock == INT64_C(1000000) * (i % 2 == 0 ? 40 : 60) &&
                  t->balance.as_of == t->at && t->balance.horizon == HORIZON_DEFAULT);
        cr_assert(
            memcmp(t->episode, again.list[i].episode, ALERT_HASH_SIZE) == 0 &&
                memcmp(t->notification, again.list[i].notification, ALERT_HASH_SIZE) == 0,
            "%zu: another name in another run", i);
        for (size_t k = 0; k < i; k++) {
            bool same = memcmp(t->episode, first.list[k].episode, ALERT_HASH_SIZE) == 0;

            cr_assert(same == (i / 2 == k / 2), "episodes of %zu and %zu", i, k);
            cr_assert(
                memcmp(t->notification, first.list[k].notification, ALERT_HASH_SIZE) != 0,
                "one notification for %zu and %zu", i, k);
        }
    }
}

Test(rulesets, the_next_instant_is_where_something_may_happen)
{
    struct story *s = story_begin();
    struct world *w;

    story_rule(s, "r", "PRK/rice", "stock < 50 t")->hold = DAY_US;
    step(s, JAN);
    w = story_world(s);
    cr_assert(world_clock(w) == day(JAN));
    cr_assert(world_next_instant(w) == TIME_NONE, "nothing will happen");
    (void)record(s, JAN, harvest("h", "PRK", "rice", "60", JAN));
    (void)record(s, JAN, departed(ship("s", "PRK", "USA", "rice", "9"), "2008-01-05"));
    (void)record(s, JAN, departed(ship("t", "PRK", "USA", "rice", "9"), "2008-01-06"));
    w = story_world(s);
    cr_assert(world_next_instant(w) > day(JAN) &&
              world_next_instant(w) <= day("2008-01-06"));
    step(s, "2008-01-06"); /* pending */
    w = story_world(s);
    cr_assert(world_next_instant(w) == day("2008-01-07"));
    step(s, "2008-01-07");
    w = story_world(s);
    cr_assert(world_next_instant(w) == TIME_NONE, "all is said");
    story_end(s, "2008-01-07 r PRK/rice firing\n");
}
