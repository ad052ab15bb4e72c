/* What is still expected (semantics section 4): ships, pledges, credits, policies. */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>

#define JAN       "2008-01-01"
#define FEB       "2008-02-01"
#define FACTS_MAX 5

/* What PRK/rice (and PRK/food) expect within 90 days of 1 February, by these reports. */
struct row {
    const char *label;
    struct event facts[FACTS_MAX];
    const char *rice, *food;
};

static void expect_rows(const struct row *rows, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        struct story *s = story_begin();
        char expected[160];

        (void)record(s, JAN, harvest("base", "PRK", "rice", "1", JAN));
        for (size_t k = 0; k < FACTS_MAX && rows[i].facts[k].id.len > 0; k++)
            (void)record(s, JAN, rows[i].facts[k]);
        show(s, "PRK/rice", FEB, "expected");
        show(s, "PRK/food", FEB, "expected");
        (void)snprintf(expected, sizeof expected,
                       "2008-02-01 PRK/rice expected %s\n"
                       "2008-02-01 PRK/food expected %s\n",
                       rows[i].rice, rows[i].food);
        story_row_end(s, rows[i].label, expected);
    }
}

Test(expected, ships_at_their_eta)
{
    struct event s = ship("s", "RUS", "PRK", "rice", "10");
    struct event p = ship("s", "RUS", "PRK", "potatoes", "10");
    const struct row rows[] = {
        {"none", {{.id = {NULL, 0}}}, "0", "0"},
        {"within", {eta(s, "2008-03-01")}, "10", "10"},
        {"a microsecond ahead", {eta(s, "2008-02-01T00:00:00.000001Z")}, "10", "10"},
        {"now: overdue", {eta(s, FEB)}, "0", "0"},
        {"overdue", {eta(s, JAN)}, "0", "0"},
        {"at the horizon", {eta(s, "2008-05-01")}, "10", "10"},
        {"beyond it", {eta(s, "2008-05-01T00:00:00.000001Z")}, "0", "0"},
        {"without eta", {s}, "0", "0"},
        {"departed", {departed(eta(s, "2008-03-01"), JAN)}, "10", "10"},
        {"cancelled", {cancelled(eta(s, "2008-03-01"))}, "0", "0"},
        {"arrived", {arrived(eta(s, "2008-03-01"), JAN)}, "0", "0"},
        {"said to arrive", {arrived(eta(s, "2008-03-01"), "2008-03-02")}, "0", "0"},
        {"retracted", {eta(s, "2008-03-01"), retracted(s, 1)}, "0", "0"},
        {"in place of another", {alternative(eta(s, "2008-03-01"), "b/s")}, "0", "0"},
        {"later than it was",
         {eta(s, "2008-03-01"), revised(eta(s, "2008-06-01"), 1)},
         "0",
         "0"},
        {"from a party",
         {eta(ship("s", "WFP", "PRK", "rice", "10"), "2008-03-01")},
         "10",
         "10"},
        {"of another member", {eta(p, "2008-03-01")}, "0", "2.5"},
        {"of the group",
         {eta(ship("s", "RUS", "PRK", "food", "7"), "2008-03-01")},
         "0",
         "7"},
        {"to another country",
         {eta(ship("s", "RUS", "USA", "rice", "10"), "2008-03-01")},
         "0",
         "0"},
        {"of no group",
         {eta(ship("s", "RUS", "PRK", "steel", "10"), "2008-03-01")},
         "0",
         "0"},
    };

    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

Test(expected, pledges_at_their_remainder)
{
    struct event p = due(pledge("p", "RUS", "PRK", "rice", "100"), "2008-03-01");
    struct event open = pledge("p", "RUS", "PRK", "rice", "100");
    struct event s = toward(ship("s", "RUS", "PRK", "rice", "30"), "p");
    struct event t = toward(ship("t", "RUS", "PRK", "rice", "90"), "a/p");
    struct event far = toward(ship("f", "RUS", "USA", "rice", "30"), "p");
    const struct row rows[] = {
        {"agreed", {p}, "100", "100"},
        {"offered", {status(p, PLEDGE_OFFERED)}, "0", "0"},
        {"suspended", {status(p, PLEDGE_SUSPENDED)}, "0", "0"},
        {"refused", {status(p, PLEDGE_REFUSED)}, "0", "0"},
        {"lapsed", {status(p, PLEDGE_LAPSED)}, "0", "0"},
        {"complete", {status(p, PLEDGE_COMPLETE)}, "0", "0"},
        {"due now", {due(open, FEB)}, "0", "0"},
        {"due at the horizon", {due(open, "2008-05-01")}, "100", "100"},
        {"due beyond it", {due(open, "2008-05-02")}, "0", "0"},
        {"part arrived", {p, arrived(s, JAN)}, "70", "70"},
        {"less arrived than sent", {p, arrived_with(s, "25", JAN)}, "75", "75"},
        {"arrived more than pledged", {p, arrived(s, JAN), arrived(t, JAN)}, "0", "0"},
        {"said to arrive", {p, arrived(s, "2008-04-01")}, "70", "70"},
        {"a ship that is counted on", {p, eta(s, "2008-02-02")}, "100", "100"},
        {"one that comes after the due date", {p, eta(s, "2008-04-01")}, "100", "100"},
        {"one that comes after the horizon", {p, eta(s, "2008-06-01")}, "70", "70"},
        {"one that is overdue", {p, eta(s, FEB)}, "100", "100"},
        {"one without eta", {p, s}, "100", "100"},
        {"one cancelled", {p, cancelled(eta(s, "2008-02-02"))}, "100", "100"},
        {"cancelled after it arrived", {p, cancelled(arrived(s, JAN))}, "70", "70"},
        {"one larger than the pledge",
         {p, eta(s, "2008-02-02"), eta(t, "2008-02-03")},
         "120",
         "120"},
        {"one that goes elsewhere", {p, eta(far, "2008-02-02")}, "70", "70"},
        {"retracted", {p, arrived(s, JAN), retracted(s, 1)}, "100", "100"},
        {"a pledge of the same name of another source",
         {by(p, "b"), arrived(s, JAN)},
         "100",
         "100"},
        {"named by another source", {p, by(arrived(t, JAN), "b")}, "10", "10"},
    };

    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

Test(expected, credits_count_toward_the_pledge)
{
    struct event p = due(pledge("p", "RUS", "PRK", "rice", "100"), "2008-03-01");
    struct event s = toward(ship("s", "RUS", "PRK", "rice", "30"), "p");
    struct event steel = toward(ship("s", "RUS", "PRK", "steel", "30"), "p");
    struct event potatoes = toward(ship("s", "RUS", "PRK", "potatoes", "40"), "p");
    const struct row rows[] = {
        {"steel that says nothing", {p, arrived(steel, JAN)}, "100", "100"},
        {"steel that says 12", {p, arrived(credited(steel, "12"), JAN)}, "88", "88"},
        {"steel counted on", {p, eta(credited(steel, "12"), "2008-02-02")}, "88", "88"},
        {"another credit than the quantity",
         {p, arrived(credited(s, "60"), JAN)},
         "40",
         "40"},
        {"the credit stands whatever arrives",
         {p, arrived_with(credited(s, "60"), "1", JAN)},
         "40",
         "40"},
        {"potatoes that say nothing", {p, arrived(potatoes, JAN)}, "100", "100"},
        {"potatoes that say 10", {p, arrived(credited(potatoes, "10"), JAN)}, "90", "90"},
        {"more than pledged", {p, arrived(credited(s, "101"), JAN)}, "0", "0"},
        {"a pledge that comes later", {arrived(credited(s, "60"), JAN), p}, "40", "40"},
        {"a pledge of another commodity then",
         {p, arrived(s, JAN),
          revised(due(pledge("p", "RUS", "PRK", "wheat", "100"), "2008-03-01"), 1)},
         "0",
         "100"},
    };

    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

Test(expected, the_least_policy_that_matches_counts)
{
    struct event s = eta(ship("s", "RUS", "PRK", "rice", "0.00001"), "2008-03-01");
    struct event all = policy("y", "*", "*", "*", 500, JAN);
    struct event third = policy("z", "RUS", "PRK", "rice", 333, JAN);
    struct event p = due(pledge("p", "WFP", "PRK", "rice", "0.00001"), "2008-03-01");
    struct event potatoes =
        eta(ship("q", "RUS", "PRK", "potatoes", "0.000005"), "2008-03-01");
    const struct row rows[] = {
        {"none", {s}, "0.00001", "0.00001"},
        {"everybody's", {s, all}, "0.000005", "0.000005"},
        {"floored", {s, third}, "0.000003", "0.000003"},
        {"the least of two", {s, third, all}, "0.000003", "0.000003"},
        {"the least, not the last", {s, all, third}, "0.000003", "0.000003"},
        {"nothing comes through", {s, policy("y", "RUS", "*", "*", 0, JAN)}, "0", "0"},
        {"another actor",
         {s, policy("y", "USA", "*", "*", 0, JAN)},
         "0.00001",
         "0.00001"},
        {"a party", {p, policy("y", "WFP", "*", "*", 100, JAN)}, "0.000001", "0.000001"},
        {"another target",
         {s, policy("y", "*", "USA", "*", 0, JAN)},
         "0.00001",
         "0.00001"},
        {"its target", {s, policy("y", "*", "PRK", "*", 0, JAN)}, "0", "0"},
        {"another commodity",
         {s, policy("y", "*", "*", "wheat", 0, JAN)},
         "0.00001",
         "0.00001"},
        {"its group", {s, policy("y", "*", "*", "food", 0, JAN)}, "0", "0"},
        {"another group",
         {s, policy("y", "*", "*", "energy", 0, JAN)},
         "0.00001",
         "0.00001"},
        {"a member, of what is stated for the group",
         {eta(ship("s", "RUS", "PRK", "food", "2"), "2008-03-01"),
          policy("y", "*", "*", "rice", 0, JAN)},
         "0",
         "2"},
        {"in force from the day",
         {s, policy("y", "*", "*", "*", 0, "2008-03-01")},
         "0",
         "0"},
        {"from the day after",
         {s, policy("y", "*", "*", "*", 0, "2008-03-02")},
         "0.00001",
         "0.00001"},
        {"until the day",
         {s, until(policy("y", "*", "*", "*", 0, JAN), "2008-03-01")},
         "0.00001",
         "0.00001"},
        {"until just after",
         {s, until(policy("y", "*", "*", "*", 0, JAN), "2008-03-01T00:00:00.000001Z")},
         "0",
         "0"},
        {"withdrawn", {s, all, retracted(all, 1)}, "0.00001", "0.00001"},
        {"in place of another", {s, alternative(all, "b/y")}, "0.00001", "0.00001"},
        /* floor(5 * 0.999) = 4, and a quarter of it 1; not a quarter of 5, floored. */
        {"converted after it",
         {potatoes, policy("y", "*", "*", "*", 999, JAN)},
         "0",
         "0.000001"},
    };

    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

/* Ships and pledges of a remainder change with the clock alone. */
Test(expected, learning_of_a_ship_never_lowers_what_is_expected)
{
    struct story *s = story_begin();
    struct event sails = toward(ship("s", "RUS", "PRK", "rice", "30"), "p");

    (void)record(s, JAN, harvest("base", "PRK", "rice", "1", JAN));
    (void)record(s, JAN, due(pledge("p", "RUS", "PRK", "rice", "100"), "2008-03-01"));
    show(s, "PRK/rice", JAN, "expected");
    (void)record(s, "2008-01-02", eta(sails, "2008-01-20"));
    show(s, "PRK/rice", "2008-01-02", "expected");
    show(s, "PRK/rice", "2008-01-20", "expected"); /* overdue */
    (void)record(s, "2008-01-21", revised(arrived_with(sails, "29", "2008-01-21"), 1));
    show(s, "PRK/rice", "2008-01-21", "expected stock");
    show(s, "PRK/rice", "2008-03-01", "expected overdue");
    story_end(s, "2008-01-01 PRK/rice expected 100\n"
                 "2008-01-02 PRK/rice expected 100\n"
                 "2008-01-20 PRK/rice expected 100\n"
                 "2008-01-21 PRK/rice expected 71 stock 30\n"
                 "2008-03-01 PRK/rice expected 0 overdue 71\n");
}

/* Without a due date: the end of the year of the pledge's own commodity. */
Test(expected, pledges_without_a_date_at_the_end_of_their_year)
{
    static const struct {
        const char *label, *rice_year; /* month 3, this day; NULL: no setting */
        uint8_t month, day;
        const char *rice, *food;
    } rows[] = {
        {"1 January", NULL, 0, 0, "0", "0"},
        {"of rice, within the horizon", "rice", 5, 1, "100", "100"},
        {"of rice, beyond it", "rice", 5, 2, "0", "0"},
        {"it begins now", "rice", 2, 1, "0", "0"},
        {"it ends a day ahead", "rice", 2, 2, "100", "100"},
        {"of its group", "food", 3, 1, "100", "100"},
        {"of another member", "wheat", 3, 1, "0", "0"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        char expected[160];

        if (rows[i].rice_year != NULL)
            story_year(s, "PRK", rows[i].rice_year, rows[i].month, rows[i].day);
        story_year(s, "*", "rice", 12, 31); /* the first that matches counts */
        (void)record(s, JAN, harvest("base", "PRK", "rice", "1", JAN));
        (void)record(s, JAN, pledge("p", "RUS", "PRK", "rice", "100"));
        show(s, "PRK/rice", FEB, "expected overdue");
        show(s, "PRK/food", FEB, "expected overdue");
        (void)snprintf(expected, sizeof expected,
                       "2008-02-01 PRK/rice expected %s overdue 0\n"
                       "2008-02-01 PRK/food expected %s overdue 0\n",
                       rows[i].rice, rows[i].food);
        story_row_end(s, rows[i].label, expected);
    }
}

/* It is dated in the future, so it comes like a harvest to come. */
Test(expected, an_arrival_stated_ahead_comes_but_is_not_expected)
{
    struct story *s = story_begin();

    (void)record(s, JAN, use("u", "PRK", "rice", "86.4", JAN, "2008-01-11"));
    (void)record(s, JAN,
                 arrived_with(ship("s", "RUS", "PRK", "rice", "50"), "40", "2008-01-06"));
    (void)record(s, JAN, departed(ship("t", "PRK", "USA", "rice", "5"), "2008-01-07"));
    show(s, "PRK/rice", JAN, "stock expected shortfall deficit");
    /* 43.2 are missed before it comes; 86.4 - 40 + 5 at the end. */
    story_end(s, "2008-01-01 PRK/rice stock 0 expected 0 shortfall 51.4 deficit 51.4\n");
}
