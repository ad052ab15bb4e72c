/* The state machine of an alert (semantics section 6). 100 g of rice are used a second,
 * 8.64 t a day, from 1 January on. */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>

#define JAN "2008-01-01"

static void eat(struct story *s, const char *stock_tonnes)
{
    (void)record(s, JAN, use("u", "PRK", "rice", "864", JAN, "2008-04-10"));
    (void)record(s, JAN, stock("k", "PRK", "rice", stock_tonnes, JAN));
}

Test(alerts, wait_for_their_time)
{
    static const struct {
        const char *label;
        int64_t hold;
        const char *relief; /* when 500 t come; NULL: never */
        const char *expected;
    } rows[] = {
        {"at once", 0, NULL, "2008-01-06"},
        {"a day", DAY_US, NULL, "2008-01-07"},
        {"a microsecond", 1, NULL, "2008-01-06T00:00:00.000001Z"},
        {"relief in time", DAY_US, "2008-01-06T23:59:59.999999Z", NULL},
        {"relief at the very instant", DAY_US, "2008-01-07", NULL},
        {"relief too late", DAY_US, "2008-01-07T00:00:00.000001Z", "2008-01-07"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int known = 0; known < 2; known++) { /* the relief, beforehand or not */
            struct story *s = story_begin();
            char expected[192] = "";

            story_rule(s, "r", "PRK/rice", "days_of_cover <= 5")->hold = rows[i].hold;
            eat(s, "86.4");
            if (rows[i].relief != NULL)
                (void)record(s, known == 1 ? JAN : rows[i].relief,
                             harvest("h", "PRK", "rice", "500", rows[i].relief));
            step(s, "2008-01-08");
            if (rows[i].expected != NULL && rows[i].relief == NULL)
                (void)snprintf(expected, sizeof expected, "%s r PRK/rice firing\n",
                               rows[i].expected);
            else if (rows[i].expected != NULL)
                (void)snprintf(expected, sizeof expected,
                               "%s r PRK/rice firing\n%s r PRK/rice resolved\n",
                               rows[i].expected, rows[i].relief);
            story_row_end(s, rows[i].label, expected);
        }
    }
}

/* A condition that comes and goes begins its wait anew each time. */
Test(alerts, never_false_in_between)
{
    struct story *s = story_begin();

    story_rule(s, "r", "PRK/rice", "stock < 50 t")->hold = 3 * DAY_US;
    (void)record(s, JAN, stock("1", "PRK", "rice", "40", JAN));
    (void)record(s, "2008-01-03", stock("2", "PRK", "rice", "60", "2008-01-03"));
    (void)record(s, "2008-01-03T12:00:00Z",
                 stock("3", "PRK", "rice", "40", "2008-01-03T12:00:00Z"));
    step(s, "2008-01-20");
    story_end(s, "2008-01-06T12:00:00Z r PRK/rice firing\n");
}

/* What became true before the first step is pending since that step. */
Test(alerts, nothing_is_looked_at_before_the_first_step)
{
    struct story *s = story_begin();

    story_rule(s, "r", "PRK/rice", "stock < 50 t")->hold = DAY_US;
    (void)record(s, "2008-02-01", stock("1", "PRK", "rice", "40", JAN));
    step(s, "2008-03-01");
    story_end(s, "2008-02-02 r PRK/rice firing\n");
}

Test(alerts, resolve_after_their_time)
{
    static const struct {
        const char *label;
        int64_t keep;
        const char *clear; /* NULL: not `when` */
        struct {
            const char *time, *tonnes;
        } counts[3];
        const char *expected;
    } rows[] = {
        {"at once", 0, NULL, {{"2008-01-05", "50"}}, "2008-01-05"},
        {"a day", DAY_US, NULL, {{"2008-01-05", "50"}}, "2008-01-06"},
        {"relapsed within it",
         DAY_US,
         NULL,
         {{"2008-01-05", "50"}, {"2008-01-05T12:00:00Z", "40"}, {"2008-01-07", "60"}},
         "2008-01-08"},
        {"relapsed at the very instant",
         DAY_US,
         NULL,
         {{"2008-01-05", "50"}, {"2008-01-06", "40"}, {"2008-01-07", "60"}},
         "2008-01-08"},
        {"not clear yet", 0, "stock >= 70 t", {{"2008-01-05", "60"}}, NULL},
        {"clear",
         0,
         "stock >= 70 t",
         {{"2008-01-05", "60"}, {"2008-01-08", "70"}},
         "2008-01-08"},
        {"neither clear nor true again",
         2 * DAY_US,
         "stock >= 70 t",
         {{"2008-01-05", "75"}, {"2008-01-06", "60"}, {"2008-01-10", "75"}},
         "2008-01-12"},
        /* `clear` is true all the time, but counts as false while `when` is true. */
        {"clear where it is true",
         0,
         "unmet <= 0 t",
         {{"2008-01-05", "60"}},
         "2008-01-05"},
        {"its time begins when it is no more",
         DAY_US,
         "unmet <= 0 t",
         {{"2008-01-05", "60"}},
         "2008-01-06"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        struct rule *rule = story_rule(s, "r", "PRK/rice", "stock < 50 t");
        static const char *const ids[] = {"1", "2", "3"};
        char expected[192] = "";

        rule->keep = rows[i].keep;
        if (rows[i].clear != NULL)
            story_clear(rule, rows[i].clear);
        (void)record(s, JAN, stock("0", "PRK", "rice", "40", JAN));
        for (size_t k = 0; k < 3 && rows[i].counts[k].time != NULL; k++)
            (void)record(s, rows[i].counts[k].time,
                         stock(ids[k], "PRK", "rice", rows[i].counts[k].tonnes,
                               rows[i].counts[k].time));
        step(s, "2008-02-01");
        if (rows[i].expected != NULL)
            (void)snprintf(expected, sizeof expected,
                           "2008-01-01 r PRK/rice firing\n%s r PRK/rice resolved\n",
                           rows[i].expected);
        else
            (void)snprintf(expected, sizeof expected, "2008-01-01 r PRK/rice firing\n");
        story_row_end(s, rows[i].label, expected);
    }
}

/* While nobody knows, a pending alert keeps its time but cannot fire. */
Test(alerts, unknown_lets_a_pending_alert_wait)
{
    struct story *s = story_begin();
    struct event u = use("u", "PRK", "rice", "864", JAN, "2008-04-10");

    story_rule(s, "r", "PRK/rice", "days_of_cover < 11")->hold = 3 * DAY_US;
    eat(s, "86.4");
    (void)record(s, "2008-01-02", retracted(u, 1)); /* no use ahead: none */
    step(s, "2008-01-05");
    (void)record(s, "2008-01-06", revised(u, 2));
    story_end(s, "2008-01-06 r PRK/rice firing\n");
}

/* A firing one stays, its keep runs, and it ends when it is known to be clear. */
Test(alerts, unknown_lets_a_firing_alert_fire)
{
    struct story *s = story_begin();
    struct event u = use("u", "PRK", "rice", "864", JAN, "2008-04-10");

    story_rule(s, "r", "PRK/rice", "days_of_cover < 11")->keep = 3 * DAY_US;
    eat(s, "86.4");
    (void)record(s, "2008-01-02", stock("l", "PRK", "rice", "800", "2008-01-02"));
    (void)record(s, "2008-01-03", retracted(u, 1));
    step(s, "2008-01-06");
    (void)record(s, "2008-01-07", revised(u, 2));
    (void)record(s, "2008-01-08", retracted(u, 3));
    story_end(s, "2008-01-01 r PRK/rice firing\n"
                 "2008-01-07 r PRK/rice resolved\n");
}

/* The step at the instant of a timer comes first, whatever the step says. */
Test(alerts, a_step_at_the_instant_of_a_timer_is_applied_first)
{
    struct story *s = story_begin();

    story_rule(s, "r", "PRK/rice", "stock < 50 t")->hold = DAY_US;
    (void)story_rule(s, "q", "PRK/rice", "stock < 50 t");
    (void)record(s, JAN, stock("1", "PRK", "rice", "40", JAN));
    (void)record(s, "2008-01-02", stock("2", "PRK", "rice", "50", "2008-01-02"));
    (void)record(s, "2008-01-03", stock("3", "PRK", "rice", "40", "2008-01-03"));
    (void)record(s, "2008-01-04T00:00:00.000001Z",
                 stock("4", "PRK", "rice", "50", "2008-01-04"));
    story_end(s, "2008-01-01 q PRK/rice firing\n"
                 "2008-01-02 q PRK/rice resolved\n"
                 "2008-01-03 q PRK/rice firing\n"
                 "2008-01-04 r PRK/rice firing\n"
                 "2008-01-04T00:00:00.000001Z q PRK/rice resolved\n"
                 "2008-01-04T00:00:00.000001Z r PRK/rice resolved\n");
}

Test(alerts, of_one_instant_are_in_order_of_rule_country_and_commodity)
{
    struct story *s = story_begin();

    (void)story_rule(s, "b", "*/*", "stock < 50 t");
    (void)story_rule(s, "a-2", "*/*", "stock < 50 t");
    (void)story_rule(s, "a", "*/*", "stock < 50 t");
    (void)record(s, JAN, stock("1", "USA", "steel", "40", JAN));
    (void)record(s, JAN, stock("2", "PRK", "wheat", "40", JAN));
    (void)record(s, JAN, stock("3", "PRK", "steel", "40", JAN));
    story_end(s, "2008-01-01 a PRK/food firing\n"
                 "2008-01-01 a PRK/steel firing\n"
                 "2008-01-01 a PRK/wheat firing\n"
                 "2008-01-01 a USA/steel firing\n"
                 "2008-01-01 a-2 PRK/food firing\n"
                 "2008-01-01 a-2 PRK/steel firing\n"
                 "2008-01-01 a-2 PRK/wheat firing\n"
                 "2008-01-01 a-2 USA/steel firing\n"
                 "2008-01-01 b PRK/food firing\n"
                 "2008-01-01 b PRK/steel firing\n"
                 "2008-01-01 b PRK/wheat firing\n"
                 "2008-01-01 b USA/steel firing\n");
}
