/* A report that moves to another account, or keeps one end of its time, when it is
 * revised: for a moment two entries of one fact stand in one place. Whatever was looked
 * at before, the balance is that of a world which never heard the first word. */
#include "judge.h"
#include "story.h"

#include <criterion/criterion.h>

static struct heard heard;

static struct world *new_world(const struct ruleset *rules)
{
    const struct world_sink sink = heard_sink(&heard);
    struct memory memory = heap_memory();
    struct world *w;

    heard.len = 0;
    cr_assert(world_new(&memory, &w, NULL) == ST_OK);
    cr_assert(world_rules(w, rules, &sink, NULL) == ST_OK);
    return w;
}

static void tell(struct world *w, int64_t clock, const struct event *ev)
{
    const struct oracle_step step = {clock, &ev, 1};
    uint64_t seq = 0;

    scenario_step(w, &step, &seq, &heard);
}

/* Who looks between the two words, and so brings the paths up to date. */
enum looks { NOBODY, READER, RULE };

static void check(const char *label, const struct event *first,
                  const struct event *second, enum looks looks)
{
    static const char *const goods[] = {"anthracite", "electricity", "energy"};
    place_id country = place("PRK");
    commodity_id group = goods_of("energy");
    struct rule rule = {.uid = "one",
                        .alert = "one",
                        .countries = &country,
                        .countries_len = 1,
                        .commodities = &group,
                        .commodities_len = 1};
    const struct ruleset set = {.rules = &rule, .rules_len = looks == RULE};
    struct expr_error error;
    struct difference d;
    int64_t clock = day("2008-01-01");

    cr_assert(expr_parse(text_of("unmet > 0 GJ"), &rule.when, &error) == ST_OK);
    struct world *w = new_world(&set);

    tell(w, clock, first);
    if (looks == READER)
        cr_assert(world_settle(w, NULL) == ST_OK);
    tell(w, clock + DAY_US, second);
    struct world *fresh = new_world(&set);

    tell(fresh, clock + DAY_US, second);
    for (size_t i = 0; i < 3 * 12; i++) {
        int64_t as_of = clock + (int64_t)(i / 3) * 31 * DAY_US;
        struct balance a;
        struct balance b;

        cr_assert(world_balance(w, country, goods_of(goods[i % 3]), as_of, 90 * DAY_US,
                                &a, NULL) == ST_OK);
        cr_assert(world_balance(fresh, country, goods_of(goods[i % 3]), as_of,
                                90 * DAY_US, &b, NULL) == ST_OK);
        /* An account that was mentioned and is not any more has no figures either. */
        cr_assert(balances_agree(&a, &b, &d), "%s, looks %d: %s", label, (int)looks,
                  d.text);
    }
    for (size_t i = 0; i < 3; i++)
        cr_assert(world_settle(w, NULL) == ST_OK &&
                      world_imbalance(w, goods_of(goods[i])) == 0,
                  "%s, looks %d: books of %s", label, (int)looks, goods[i]);
    world_free(w);
    world_free(fresh);
}

Test(revised, reports_leave_nothing_of_themselves_behind)
{
    const char *const a = "2008-03-01";
    const char *const b = "2008-05-01";
    const char *const c = "2008-09-01";
    const char *const e = "2008-11-01";
    const struct {
        const char *label;
        struct event first, second;
    } rows[] = {
        {"an earlier end", use("u", "PRK", "anthracite", "900", a, e),
         use("u", "PRK", "anthracite", "100", a, c)},
        {"a later end", use("u", "PRK", "anthracite", "900", a, c),
         use("u", "PRK", "anthracite", "100", a, e)},
        {"an earlier start", use("u", "PRK", "anthracite", "900", b, e),
         use("u", "PRK", "anthracite", "100", a, e)},
        {"a later start", use("u", "PRK", "anthracite", "900", a, e),
         use("u", "PRK", "anthracite", "100", b, e)},
        {"a start where it ended", use("u", "PRK", "anthracite", "900", a, b),
         use("u", "PRK", "anthracite", "100", b, e)},
        {"an end where it began", use("u", "PRK", "anthracite", "900", b, e),
         use("u", "PRK", "anthracite", "100", a, b)},
        {"from member to member", use("u", "PRK", "electricity", "900", a, e),
         use("u", "PRK", "anthracite", "100", a, e)},
        {"and back", use("u", "PRK", "anthracite", "900", a, e),
         use("u", "PRK", "electricity", "100", a, e)},
        {"from the group to a member", use("u", "PRK", "energy", "900", a, e),
         use("u", "PRK", "anthracite", "100", a, e)},
        {"from a member to the group", use("u", "PRK", "anthracite", "900", a, e),
         use("u", "PRK", "energy", "100", a, e)},
        {"a stock report", stock("s", "PRK", "electricity", "900", b),
         stock("s", "PRK", "anthracite", "100", b)},
        {"a harvest", harvest("h", "PRK", "electricity", "900", b),
         harvest("h", "PRK", "anthracite", "100", b)},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct event second = revised(rows[i].second, 1);

        for (int looks = NOBODY; looks <= RULE; looks++)
            check(rows[i].label, &rows[i].first, &second, (enum looks)looks);
    }
}
