/* Facts: which report of several stands, and what the core says of each. */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>

#define JAN "2008-01-01"
#define FEB "2008-02-01"

static struct event rice(const char *tonnes)
{
    return harvest("h", "PRK", "rice", tonnes, JAN);
}

static void expect_verdict(const char *label, size_t i, enum verdict is,
                           enum verdict want)
{
    cr_assert(is == want, "%s: report %zu is %s, not %s", label, i, verdict_name(is),
              verdict_name(want));
}

Test(facts, highest_revision_stands_whichever_comes_first)
{
    static const struct {
        const char *label;
        struct {
            const char *tonnes; /* NULL: a retraction */
            int32_t revision;
            enum verdict verdict;
        } reports[4];
        const char *expected;
    } rows[] = {
        {"in order", {{"100", 0, VERDICT_APPLIED}, {"80", 1, VERDICT_APPLIED}}, "85"},
        {"highest first",
         {{"80", 2, VERDICT_APPLIED},
          {"100", 0, VERDICT_SUPERSEDED},
          {"90", 1, VERDICT_SUPERSEDED}},
         "85"},
        {"said twice", {{"100", 0, VERDICT_APPLIED}, {"100", 0, VERDICT_REPEAT}}, "105"},
        {"the same in other words",
         {{"100", 0, VERDICT_APPLIED}, {"100.0", 0, VERDICT_REPEAT}},
         "105"},
        {"another content",
         {{"100", 0, VERDICT_APPLIED}, {"90", 0, VERDICT_CONFLICT}},
         "105"},
        {"a gram more",
         {{"100", 1, VERDICT_APPLIED}, {"100.000001", 1, VERDICT_CONFLICT}},
         "105"},
        {"an old word said again",
         {{"100", 0, VERDICT_APPLIED},
          {"90", 1, VERDICT_APPLIED},
          {"100", 0, VERDICT_SUPERSEDED},
          {"90", 1, VERDICT_REPEAT}},
         "95"},
        {"retracted", {{"100", 0, VERDICT_APPLIED}, {NULL, 1, VERDICT_APPLIED}}, "5"},
        {"retracted before it is known",
         {{NULL, 1, VERDICT_APPLIED}, {"100", 0, VERDICT_SUPERSEDED}},
         "5"},
        {"restored",
         {{"100", 0, VERDICT_APPLIED},
          {NULL, 1, VERDICT_APPLIED},
          {"70", 2, VERDICT_APPLIED}},
         "75"},
        {"restored before it is retracted",
         {{"70", 2, VERDICT_APPLIED}, {NULL, 1, VERDICT_SUPERSEDED}},
         "75"},
        {"retracted twice", {{NULL, 1, VERDICT_APPLIED}, {NULL, 1, VERDICT_REPEAT}}, "5"},
        {"retracted and kept in one revision",
         {{NULL, 1, VERDICT_APPLIED}, {"90", 1, VERDICT_CONFLICT}},
         "5"},
        {"the greatest revision",
         {{"1", EVENT_REVISION_MAX, VERDICT_APPLIED},
          {"2", EVENT_REVISION_MAX - 1, VERDICT_SUPERSEDED}},
         "6"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        char expected[128];

        (void)record(s, JAN, harvest("other", "PRK", "rice", "5", JAN));
        for (size_t k = 0; k < 4 && (rows[i].reports[k].tonnes != NULL ||
                                     rows[i].reports[k].revision > 0);
             k++) {
            const char *tonnes = rows[i].reports[k].tonnes;
            int32_t revision = rows[i].reports[k].revision;
            struct event ev = tonnes != NULL ? revised(rice(tonnes), revision)
                                             : retracted(rice("1"), revision);

            expect_verdict(rows[i].label, k, record(s, JAN, ev),
                           rows[i].reports[k].verdict);
        }
        show(s, "PRK/rice", FEB, "stock");
        (void)snprintf(expected, sizeof expected, "2008-02-01 PRK/rice stock %s\n",
                       rows[i].expected);
        story_row_end(s, rows[i].label, expected);
    }
}

Test(facts, a_revision_may_not_change_the_kind)
{
    struct story *s = story_begin();

    (void)record(s, JAN, rice("100"));
    expect_verdict("kind", 1,
                   record(s, JAN, revised(stock("h", "PRK", "rice", "7", JAN), 1)),
                   VERDICT_KIND);
    (void)record(s, JAN, retracted(rice("100"), 2));
    expect_verdict("kind after a retraction", 3,
                   record(s, JAN, revised(stock("h", "PRK", "rice", "7", JAN), 3)),
                   VERDICT_KIND);
    expect_verdict("its own kind", 4, record(s, JAN, revised(rice("60"), 4)),
                   VERDICT_APPLIED);
    show(s, "PRK/rice", FEB, "stock");
    story_end(s, "2008-02-01 PRK/rice stock 60\n");
}

/* Each says of one fact two different things. */
Test(facts, any_other_content_of_a_revision_is_a_conflict)
{
    struct event s = ship("s", "RUS", "PRK", "rice", "10");
    struct event p = pledge("p", "RUS", "PRK", "rice", "10");
    struct event m = price("m", "rice", "thai", "300 USD/t", JAN);
    struct event y = policy("y", "RUS", "PRK", "rice", 500, JAN);
    struct event k = stock("k", "PRK", "rice", "10", JAN);
    struct event u = use("u", "PRK", "rice", "10", JAN, FEB);
    struct event noted = k;
    struct event feed = u;
    struct event grant = s;
    struct event tariff = y;
    struct event later = k;

    noted.note = text_of("counted twice");
    feed.as.use.line = USE_FEED;
    grant.as.shipment.terms = TERMS_GRANT;
    tariff.as.policy.instrument = text_of("tariff");
    later.published += 1;
    later.states_published = true;

    const struct {
        const char *label;
        struct event first, second;
    } rows[] = {
        {"from", s, ship("s", "USA", "PRK", "rice", "10")},
        {"to", s, ship("s", "RUS", "USA", "rice", "10")},
        {"commodity", s, ship("s", "RUS", "PRK", "wheat", "10")},
        {"quantity", s, ship("s", "RUS", "PRK", "rice", "11")},
        {"departed", s, departed(s, JAN)},
        {"eta", s, eta(s, JAN)},
        {"arrived", s, arrived(s, JAN)},
        {"arrived quantity", arrived(s, JAN), arrived_with(s, "9", JAN)},
        {"cancelled", s, cancelled(s)},
        {"terms", s, grant},
        {"pledge", s, toward(s, "p")},
        {"credit", s, credited(s, "5")},
        {"due", p, due(p, FEB)},
        {"status", p, status(p, PLEDGE_OFFERED)},
        {"market", m, price("m", "rice", "viet", "300 USD/t", JAN)},
        {"money", m, price("m", "rice", "thai", "300.0001 USD/t", JAN)},
        {"currency", m, price("m", "rice", "thai", "300 EUR/t", JAN)},
        {"unit", m, price("m", "rice", "thai", "300 USD/st", JAN)},
        {"actor", y, policy("y", "*", "PRK", "rice", 500, JAN)},
        {"target", y, policy("y", "RUS", "*", "rice", 500, JAN)},
        {"factor", y, policy("y", "RUS", "PRK", "rice", 501, JAN)},
        {"until", y, until(y, FEB)},
        {"instrument", y, tariff},
        {"country", k, stock("k", "USA", "rice", "10", JAN)},
        {"time", k, stock("k", "PRK", "rice", "10", FEB)},
        {"published", k, later},
        {"note", k, noted},
        {"alternative", k, alternative(k, "b/k")},
        {"use until", u, use("u", "PRK", "rice", "10", JAN, "2008-02-02")},
        {"line", u, feed},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *story = story_begin();

        (void)record(story, JAN, rows[i].first);
        expect_verdict(rows[i].label, 1, record(story, JAN, rows[i].second),
                       VERDICT_CONFLICT);
        expect_verdict(rows[i].label, 2, record(story, JAN, rows[i].first),
                       VERDICT_REPEAT);
        story_end(story, "");
    }
}

Test(facts, another_sources_word_for_the_same_thing_is_kept_but_not_counted)
{
    struct story *s = story_begin();

    (void)record(s, JAN, rice("100"));
    (void)record(s, JAN, by(rice("20"), "b")); /* the same id, another fact */
    show(s, "PRK/rice", FEB, "stock");
    (void)record(s, FEB, by(revised(alternative(rice("20"), "a/h"), 1), "b"));
    show(s, "PRK/rice", FEB, "stock");
    (void)record(s, "2008-02-02", by(revised(rice("30"), 2), "b"));
    show(s, "PRK/rice", FEB, "stock");
    story_end(s, "2008-02-01 PRK/rice stock 120\n"
                 "2008-02-01 PRK/rice stock 100\n"
                 "2008-02-01 PRK/rice stock 130\n");
}

Test(facts, a_ship_may_name_a_pledge_that_nobody_knows)
{
    struct story *s = story_begin();
    struct event sails = toward(ship("s", "RUS", "PRK", "rice", "10"), "p");

    expect_verdict("unknown", 0, record(s, JAN, arrived(sails, JAN)), VERDICT_DANGLING);
    show(s, "PRK/rice", FEB, "delivery");
    (void)record(s, FEB, pledge("p", "RUS", "PRK", "rice", "40"));
    show(s, "PRK/rice", FEB, "delivery");
    expect_verdict("known", 2, record(s, FEB, revised(arrived(sails, JAN), 1)),
                   VERDICT_APPLIED);
    (void)record(s, "2008-02-02", retracted(pledge("p", "RUS", "PRK", "rice", "40"), 1));
    show(s, "PRK/rice", FEB, "delivery");
    story_end(s, "2008-02-01 PRK/rice delivery none\n"
                 "2008-02-01 PRK/rice delivery 0.25\n"
                 "2008-02-01 PRK/rice delivery none\n");
}

/* The retraction states neither place nor commodity, and nothing may be made up. */
Test(facts, a_pledge_known_by_its_retraction_alone_has_no_account)
{
    struct story *s = story_begin();
    struct event gone = retracted(pledge("p", "RUS", "PRK", "rice", "40"), 1);
    struct event sails = toward(ship("s", "RUS", "PRK", "rice", "10"), "p");

    (void)record(s, JAN, gone);
    (void)record(s, JAN, arrived(sails, JAN));
    struct world *w = story_world(s);

    for (size_t i = 0; i < world_accounts_len(w); i++) {
        place_id country;
        commodity_id goods;

        world_account_key(w, i, &country, &goods);
        cr_assert(country == place("PRK") || country == place("RUS"), "%s/%s",
                  place_code(country), commodity_code(goods));
    }
    story_end(s, "");
}

Test(facts, late_reports_give_the_account_that_early_ones_give)
{
    struct event facts[] = {
        stock("k", "PRK", "potatoes", "40", "2008-01-10"),
        use("u", "PRK", "potatoes", "267.84", JAN, FEB),
        harvest("h", "PRK", "potatoes", "70", "2008-01-05"),
        arrived(ship("s", "RUS", "PRK", "potatoes", "30"), "2008-01-15"),
    };
    static const int orders[][4] = {
        {0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}};

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct story *s = story_begin();
        static const char *const clocks[] = {"2008-01-20", "2008-01-25", "2008-02-01",
                                             "2008-03-01"};

        for (int k = 0; k < 4; k++)
            (void)record(s, clocks[k], facts[orders[i][k]]);
        show(s, "PRK/potatoes", "2008-01-09", "stock unmet");
        show(s, "PRK/potatoes", "2008-01-20", "stock unmet");
        show(s, "PRK/food", "2008-01-20", "stock unmet");
        /* 8.64 t a day. On the 5th 34.56 are missing and 70 come; on the 10th 26.8 are
         * left and 40 are found; on the 15th 3.2 more are missing and 30 come; on the
         * 20th it is 16.4 since the count. For food all is a quarter of it. */
        story_end(s, "2008-01-09 PRK/potatoes stock 35.44 unmet 34.56\n"
                     "2008-01-20 PRK/potatoes stock 0 unmet 50.96\n"
                     "2008-01-20 PRK/food stock 0 unmet 12.74\n");
    }
}
