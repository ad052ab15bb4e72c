/* When conditions turn: at reports, at dates that are known, and at instants of their
 * own, to the microsecond. 100 g of rice are used a second, 8.64 t a day, from 1 January
 * on. */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>

#define JAN "2008-01-01"

static void eat(struct story *s, const char *stock_tonnes)
{
    (void)record(s, JAN, use("u", "PRK", "rice", "864", JAN, "2008-04-10"));
    (void)record(s, JAN, stock("k", "PRK", "rice", stock_tonnes, JAN));
}

/* Each report alone in its step, on the 3rd: what it changes is seen at once. */
Test(instants, see_what_any_report_changes)
{
    struct event sails = toward(ship("s", "RUS", "PRK", "rice", "50"), "p");
    struct event elsewhere = toward(ship("e", "RUS", "USA", "rice", "50"), "p");
    struct event p = due(pledge("p", "RUS", "PRK", "rice", "400"), "2008-01-08");
    const struct {
        const char *label, *account, *condition;
        struct event before, then;
    } rows[] = {
        {"a pledge", "PRK/rice", "shortfall(20d) <= 0 t", sails, p},
        {"a pledge, on the group", "PRK/food", "shortfall(20d) <= 0 t", sails, p},
        {"a policy", "PRK/rice", "shortfall(20d) > 0 t", p,
         policy("y", "RUS", "*", "rice", 0, JAN)},
        {"a policy, on the group", "PRK/food", "shortfall(20d) > 0 t", p,
         policy("y", "*", "PRK", "*", 0, JAN)},
        {"an arrival", "PRK/rice", "delivery_ratio > 0.1", p, arrived(sails, JAN)},
        {"an arrival elsewhere", "PRK/rice", "delivery_ratio > 0.1", p,
         arrived(elsewhere, JAN)},
        {"an arrival elsewhere, on the group", "PRK/food", "delivery_ratio > 0.1", p,
         arrived(elsewhere, JAN)},
        {"a pledge withdrawn", "PRK/rice", "not has(delivery_ratio)", p, retracted(p, 1)},
        {"a pledge lapsed", "PRK/rice", "not has(delivery_ratio)", p,
         revised(status(p, PLEDGE_LAPSED), 1)},
        {"a price", "PRK/rice", "price(thai) > 300 USD/t", p,
         price("m", "rice", "thai", "301 USD/t", JAN)},
        {"a price withdrawn", "PRK/rice", "not has(price(thai))",
         price("m", "rice", "thai", "301 USD/t", JAN),
         retracted(price("m", "rice", "thai", "301 USD/t", JAN), 1)},
        {"a count in the past", "PRK/rice", "stock < 60 t", p,
         stock("l", "PRK", "rice", "65", "2008-01-02")},
        {"a count of a member", "PRK/food", "stock < 60 t", p,
         stock("l", "PRK", "rice", "65", "2008-01-02")},
        {"a use to come", "PRK/rice", "uncovered_deficit > 800 t", p,
         use("v", "PRK", "rice", "900", "2008-06-01", "2008-07-01")},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        char expected[128];

        (void)story_rule(s, "r", rows[i].account, rows[i].condition);
        eat(s, "86.4");
        (void)record(s, JAN, rows[i].before);
        (void)record(s, "2008-01-03", rows[i].then);
        (void)snprintf(expected, sizeof expected, "2008-01-03 r %s firing\n",
                       rows[i].account);
        story_row_end(s, rows[i].label, expected);
    }
}

Test(instants, fire_at_the_first_microsecond_at_which_it_is_true)
{
    static const struct {
        const char *label, *condition, *expected;
    } rows[] = {
        {"true at once", "stock < 90 t", JAN},
        /* 36.4 t are eaten in 364,000 s. */
        {"at 50 t", "stock <= 50 t", "2008-01-05T05:06:40Z"},
        {"below 50 t", "stock < 50 t", "2008-01-05T05:06:40.000001Z"},
        {"no stock", "stock <= 0 t", "2008-01-11"},
        {"cover of 5 days", "days_of_cover <= 5", "2008-01-06"},
        {"less", "days_of_cover < 5", "2008-01-06T00:00:00.000001Z"},
        {"something is missing", "unmet > 0 t", "2008-01-11T00:00:00.000001Z"},
        {"a gram is missing", "unmet >= 1 g", "2008-01-11T00:00:00.010000Z"},
        {"short within 5 days", "shortfall(5d) > 0 t", "2008-01-06T00:00:00.000001Z"},
        {"by 8.64 t", "shortfall(5d) >= 8.64 t", "2008-01-07"},
        {"by a fifth", "shortfall_ratio(5d) >= 0.2", "2008-01-07"},
        {"a report grows old", "age >= 10", "2008-01-11"},
        {"older", "age > 10", "2008-01-11T00:00:00.000001Z"},
        {"as deep as it will be", "uncovered_deficit >= 777.6 t", JAN},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        char expected[128];

        (void)story_rule(s, "r", "PRK/rice", rows[i].condition);
        eat(s, "86.4");
        step(s, "2008-02-01");
        (void)snprintf(expected, sizeof expected, "%s r PRK/rice firing\n",
                       rows[i].expected);
        story_row_end(s, rows[i].label, expected);
    }
}

/* Dates at which something changes without any step. */
Test(instants, fire_at_dates_that_are_known)
{
    const struct {
        const char *label, *condition;
        struct event facts[2];
        const char *expected;
    } rows[] = {
        {"a ship gets overdue",
         "shortfall(5d) > 0 t",
         {eta(ship("s", "RUS", "PRK", "rice", "500"), "2008-01-04")},
         "2008-01-06T00:00:00.000001Z"},
        {"a ship comes within the horizon",
         "shortfall(20d) < 86.4 t",
         {eta(ship("s", "RUS", "PRK", "rice", "500"), "2008-01-11")},
         "2008-01-01"},
        {"a ship arrives as it was said",
         "stock > 100 t",
         {arrived(ship("s", "RUS", "PRK", "rice", "50"), "2008-01-03")},
         "2008-01-03"},
        {"a harvest comes",
         "stock > 100 t",
         {harvest("h", "PRK", "rice", "50", "2008-01-03T00:00:00.000001Z")},
         "2008-01-03T00:00:00.000001Z"},
        {"a count says so",
         "stock < 20 t",
         {stock("l", "PRK", "rice", "10", "2008-01-03")},
         "2008-01-03"},
        {"a pledge gets overdue",
         "overdue > 5 t",
         {due(pledge("p", "RUS", "PRK", "rice", "9"), "2008-01-03")},
         "2008-01-03"},
        {"a pledge is kept",
         "delivery_ratio > 0.5",
         {pledge("p", "RUS", "PRK", "rice", "9"),
          toward(arrived(ship("s", "RUS", "PRK", "rice", "5"), "2008-01-03"), "p")},
         "2008-01-03"},
        {"another use is to begin",
         "days_of_cover <= 5",
         {use("v", "PRK", "rice", "86.4", "2008-01-03", "2008-01-13")},
         "2008-01-02"},
        {"the price rises",
         "price(thai) > 300 USD/t",
         {price("m", "rice", "thai", "300 USD/t", JAN),
          price("n", "rice", "thai", "301 USD/t", "2008-01-03")},
         "2008-01-03"},
        {"it rose a while ago",
         "has(price_change(thai, 30d))",
         {price("m", "rice", "thai", "300 USD/t", "2008-01-02")},
         "2008-02-01"},
        {"the year ends",
         "unmet <= 0 t and uncovered_deficit <= 0 t",
         {harvest("h", "PRK", "rice", "0", JAN)},
         "2009-01-01"},
        {"all use is over",
         "not has(days_of_cover)",
         {harvest("h", "PRK", "rice", "0", JAN)},
         "2008-04-10"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        char expected[128];

        (void)story_rule(s, "r", "PRK/rice", rows[i].condition);
        eat(s, "86.4");
        for (size_t k = 0; k < 2 && rows[i].facts[k].id.len > 0; k++)
            (void)record(s, JAN, rows[i].facts[k]);
        step(s, "2009-01-02");
        (void)snprintf(expected, sizeof expected, "%s r PRK/rice firing\n",
                       rows[i].expected);
        /* What follows is another row's matter. */
        story_first_line(s);
        story_row_end(s, rows[i].label, expected);
    }
}

/* Nothing but the year's end makes an end of it; 86.4 t are missing in ten days. */
Test(instants, end_with_the_balance_year_and_begin_again)
{
    struct story *s = story_begin();

    (void)story_rule(s, "r", "PRK/rice", "unmet > 86.4 t");
    story_year(s, "PRK", "food", 2, 1);
    (void)record(s, JAN, use("u", "PRK", "rice", "864", JAN, "2008-04-10"));
    step(s, "2009-03-01");
    story_end(s, "2008-01-11T00:00:00.000001Z r PRK/rice firing\n"
                 "2008-02-01 r PRK/rice resolved\n"
                 "2008-02-11T00:00:00.000001Z r PRK/rice firing\n"
                 "2009-02-01 r PRK/rice resolved\n");
}

/* Prices come and go between all other instants. */
Test(instants, turn_with_the_price)
{
    struct story *s = story_begin();

    (void)story_rule(s, "dear", "PRK/rice", "price(thai) > 300 USD/t");
    (void)story_rule(s, "rising", "PRK/rice", "price_change(thai, 2d) > 0");
    (void)record(s, JAN, price("1", "rice", "thai", "300 USD/t", "2007-12-01"));
    (void)record(s, JAN, price("2", "rice", "thai", "301 USD/t", "2008-01-03"));
    (void)record(s, JAN, price("3", "rice", "thai", "299 USD/t", "2008-01-05"));
    (void)record(s, JAN, price("4", "rice", "thai", "301 USD/t", "2008-01-09"));
    (void)record(s, JAN, price("5", "rice", "viet", "999 USD/t", "2008-01-04"));
    step(s, "2008-02-01");
    story_end(s, "2008-01-03 dear PRK/rice firing\n"
                 "2008-01-03 rising PRK/rice firing\n"
                 "2008-01-05 dear PRK/rice resolved\n"
                 "2008-01-05 rising PRK/rice resolved\n"
                 "2008-01-09 dear PRK/rice firing\n"
                 "2008-01-09 rising PRK/rice firing\n"
                 "2008-01-11 rising PRK/rice resolved\n");
}

/* The gap before the harvest of the 21st shrinks by 100 g a second (what is not eaten is
 * not asked for again) while use from 5 February on comes within the horizon at 500 g a
 * second less these 100: above 100 t until 728,000 s, and again after 858,000 s. */
Test(instants, of_a_shortfall_that_dips)
{
    struct story *s = story_begin();

    (void)story_rule(s, "cost", "PRK/rice", "cost_to_cover(thai, 30d) > 100 USD");
    (void)story_rule(s, "gap", "PRK/rice", "shortfall(30d) > 100 t");
    (void)record(s, JAN, use("u", "PRK", "rice", "172.8", JAN, "2008-01-21"));
    (void)record(s, JAN, harvest("h", "PRK", "rice", "200", "2008-01-21"));
    (void)record(s, JAN, use("v", "PRK", "rice", "4320", "2008-02-05", "2008-05-15"));
    (void)record(s, JAN, price("1", "rice", "thai", "1 USD/t", JAN));
    step(s, "2008-01-15");
    story_end(s, "2008-01-01 cost PRK/rice firing\n"
                 "2008-01-01 gap PRK/rice firing\n"
                 "2008-01-09T10:13:20Z cost PRK/rice resolved\n"
                 "2008-01-09T10:13:20Z gap PRK/rice resolved\n"
                 "2008-01-10T22:20:00.000001Z cost PRK/rice firing\n"
                 "2008-01-10T22:20:00.000001Z gap PRK/rice firing\n");
}
