/* Accounts of one commodity (semantics section 3): what adds, what flows, what is
 * counted, and what is missing. A use of 8.64 t a day is exactly 100 g a second. */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>

#define JAN "2008-01-01"

Test(path, jumps_stand_at_their_own_time)
{
    struct story *s = story_begin();

    (void)record(s, "2008-03-01", harvest("h", "PRK", "rice", "100", "2008-01-10"));
    (void)record(
        s, "2008-03-01",
        departed(arrived_with(ship("s", "PRK", "USA", "rice", "30"), "28", "2008-02-20"),
                 "2008-02-01"));
    (void)record(s, "2008-03-01", harvest("u", "USA", "rice", "1", JAN));
    show(s, "PRK/rice", "2008-01-09T23:59:59.999999Z", "stock");
    show(s, "PRK/rice", "2008-01-10", "stock");
    show(s, "PRK/rice", "2008-01-31T23:59:59.999999Z", "stock");
    show(s, "PRK/rice", "2008-02-01", "stock");
    show(s, "USA/rice", "2008-02-19T23:59:59.999999Z", "stock");
    show(s, "USA/rice", "2008-02-20", "stock unmet");
    story_end(s, "2008-01-09T23:59:59.999999Z PRK/rice stock 0\n"
                 "2008-01-10 PRK/rice stock 100\n"
                 "2008-01-31T23:59:59.999999Z PRK/rice stock 100\n"
                 "2008-02-01 PRK/rice stock 70\n"
                 "2008-02-19T23:59:59.999999Z USA/rice stock 1\n"
                 "2008-02-20 USA/rice stock 29 unmet 0\n");
}

Test(path, cancelling_a_ship_undoes_no_milestone)
{
    struct story *s = story_begin();
    struct event sails = departed(ship("s", "USA", "PRK", "rice", "30"), JAN);

    (void)record(s, JAN, harvest("h", "USA", "rice", "100", JAN));
    (void)record(s, JAN, harvest("i", "PRK", "rice", "100", JAN));
    (void)record(s, JAN, eta(sails, "2008-01-20"));
    show(s, "PRK/rice", JAN, "stock expected");
    (void)record(s, "2008-01-02", revised(cancelled(eta(sails, "2008-01-20")), 1));
    show(s, "USA/rice", "2008-01-02", "stock");
    show(s, "PRK/rice", "2008-01-02", "stock expected");
    (void)record(s, "2008-01-03", revised(cancelled(arrived(sails, "2008-01-03")), 2));
    show(s, "PRK/rice", "2008-01-03", "stock expected");
    story_end(s, "2008-01-01 PRK/rice stock 100 expected 30\n"
                 "2008-01-02 USA/rice stock 70\n"
                 "2008-01-02 PRK/rice stock 100 expected 0\n"
                 "2008-01-03 PRK/rice stock 130 expected 0\n");
}

/* 10 g over 3 us: 3,333,333,333,333 pico-grams a microsecond, and 1 left for the end. */
Test(path, rates_are_straight_and_their_totals_exact)
{
    static const struct {
        const char *label, *tonnes, *until, *as_of, *expected;
    } rows[] = {
        {"before", "0.00001", "2008-01-01T00:00:00.000003Z", JAN, "0.0001"},
        {"a third, 96.67 g", "0.00001", "2008-01-01T00:00:00.000003Z",
         "2008-01-01T00:00:00.000001Z", "0.000097"},
        {"two thirds, 93.33 g", "0.00001", "2008-01-01T00:00:00.000003Z",
         "2008-01-01T00:00:00.000002Z", "0.000093"},
        {"the end", "0.00001", "2008-01-01T00:00:00.000003Z",
         "2008-01-01T00:00:00.000003Z", "0.00009"},
        {"long after", "0.00001", "2008-01-01T00:00:00.000003Z", "2009-01-01", "0.00009"},
        {"half of 1 g: to even", "0.000001", "2008-01-01T00:00:00.000002Z",
         "2008-01-01T00:00:00.000001Z", "0.0001"},
        {"half of 3 g: to even", "0.000003", "2008-01-01T00:00:00.000002Z",
         "2008-01-01T00:00:00.000001Z", "0.000098"},
        {"a rate of nothing, until the end", "0.000001", "2008-02-01",
         "2008-01-31T23:59:59.999999Z", "0.0001"},
        {"all of it at the end", "0.000001", "2008-02-01", "2008-02-01", "0.000099"},
        {"the largest fact", "10000000000", "2009-01-01", "2009-01-01", "0"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        char expected[128];

        (void)record(s, JAN, harvest("h", "PRK", "rice", "0.0001", "2007-12-31"));
        (void)record(s, JAN, use("u", "PRK", "rice", rows[i].tonnes, JAN, rows[i].until));
        show(s, "PRK/rice", rows[i].as_of, "stock");
        (void)snprintf(expected, sizeof expected, "%s PRK/rice stock %s\n", rows[i].as_of,
                       rows[i].expected);
        story_row_end(s, rows[i].label, expected);
    }
}

Test(path, production_may_be_spread)
{
    struct story *s = story_begin();

    (void)record(s, JAN, until(harvest("h", "PRK", "rice", "86.4", JAN), "2008-01-11"));
    show(s, "PRK/rice", JAN, "stock");
    show(s, "PRK/rice", "2008-01-02T12:00:00Z", "stock");
    show(s, "PRK/rice", "2008-01-11", "stock");
    show(s, "PRK/rice", "2008-01-12", "stock");
    story_end(s, "2008-01-01 PRK/rice stock 0\n"
                 "2008-01-02T12:00:00Z PRK/rice stock 12.96\n"
                 "2008-01-11 PRK/rice stock 86.4\n"
                 "2008-01-12 PRK/rice stock 86.4\n");
}

Test(path, a_count_comes_after_all_that_happens_at_its_instant)
{
    struct event count = stock("k", "PRK", "rice", "40", "2008-01-10");
    struct event same = harvest("h", "PRK", "rice", "5", "2008-01-10");
    struct event next = harvest("i", "PRK", "rice", "5", "2008-01-10T00:00:00.000001Z");
    struct story *s = story_begin();

    (void)record(s, JAN, harvest("g", "PRK", "rice", "100", JAN));
    (void)record(s, JAN, count);
    (void)record(s, JAN, same);
    show(s, "PRK/rice", "2008-01-09", "stock");
    show(s, "PRK/rice", "2008-01-10", "stock");
    (void)record(s, "2008-01-02", next);
    show(s, "PRK/rice", "2008-01-11", "stock");
    story_end(s, "2008-01-09 PRK/rice stock 100\n"
                 "2008-01-10 PRK/rice stock 40\n"
                 "2008-01-11 PRK/rice stock 45\n");
}

/* Of counts at one instant the greatest (source, id) counts, by bytes. */
Test(path, of_several_counts_the_greatest_name_counts)
{
    static const struct {
        const char *label;
        struct {
            const char *source, *id;
        } counts[3];
        int wins;
    } rows[] = {
        {"by source", {{"a", "z"}, {"b", "a"}, {"a", "zz"}}, 1},
        {"by id", {{"a", "k1"}, {"a", "k2"}, {"a", "k10"}}, 1},
        {"a prefix is less", {{"a", "k"}, {"a", "kk"}, {"a", ""}}, 1},
        {"a source that is a prefix", {{"ab", "a"}, {"a", "z"}, {"a", "b"}}, 0},
        {"bytes, not letters", {{"a", "Z"}, {"a", "a"}, {"a", "B"}}, 1},
    };
    static const char *const tonnes[] = {"1", "2", "3"};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int first = 0; first < 3; first++) { /* each one first in turn */
            struct story *s = story_begin();
            char expected[128];

            for (int k = 0; k < 3; k++) {
                int which = (first + k) % 3;

                if (rows[i].counts[which].id[0] == '\0')
                    continue;
                (void)record(s, JAN,
                             by(stock(rows[i].counts[which].id, "PRK", "potatoes",
                                      tonnes[which], JAN),
                                rows[i].counts[which].source));
            }
            show(s, "PRK/potatoes", JAN, "stock");
            show(s, "PRK/food", JAN, "stock");
            (void)snprintf(expected, sizeof expected,
                           "2008-01-01 PRK/potatoes stock %s\n"
                           "2008-01-01 PRK/food stock %s\n",
                           tonnes[rows[i].wins], rows[i].wins == 0 ? "0.25" : "0.5");
            story_row_end(s, rows[i].label, expected);
        }
    }
}

/* The winner withdrawn, the one before it counts again, in the group too. */
Test(path, a_withdrawn_count_gives_way)
{
    struct story *s = story_begin();
    struct event greater = stock("z", "PRK", "potatoes", "80", JAN);

    (void)record(s, JAN, greater);
    (void)record(s, JAN, stock("a", "PRK", "potatoes", "40", JAN));
    show(s, "PRK/food", JAN, "stock");
    (void)record(s, "2008-01-02", retracted(greater, 1));
    show(s, "PRK/potatoes", JAN, "stock");
    show(s, "PRK/food", JAN, "stock");
    (void)record(s, "2008-01-03", revised(greater, 2));
    show(s, "PRK/food", JAN, "stock");
    story_end(s, "2008-01-01 PRK/food stock 20\n"
                 "2008-01-01 PRK/potatoes stock 40\n"
                 "2008-01-01 PRK/food stock 10\n"
                 "2008-01-01 PRK/food stock 20\n");
}

Test(path, what_is_missing_stays_missing_and_stock_is_never_below_zero)
{
    struct story *s = story_begin();

    (void)record(s, JAN, harvest("h", "PRK", "rice", "10", JAN));
    (void)record(s, JAN, departed(ship("s", "PRK", "USA", "rice", "30"), "2008-01-05"));
    (void)record(s, JAN, harvest("i", "PRK", "rice", "5", "2008-01-06"));
    show(s, "PRK/rice", "2008-01-04", "stock unmet");
    show(s, "PRK/rice", "2008-01-05", "stock unmet");
    show(s, "PRK/rice", "2008-01-06", "stock unmet");
    story_end(s, "2008-01-04 PRK/rice stock 10 unmet 0\n"
                 "2008-01-05 PRK/rice stock 0 unmet 20\n"
                 "2008-01-06 PRK/rice stock 5 unmet 20\n");
}

/* 86.4 t are used in ten days; 43.2 are there, and at the end of the ten 100 t come. */
Test(path, the_value_just_before_a_jump_counts)
{
    struct story *s = story_begin();

    (void)record(s, JAN, harvest("h", "PRK", "rice", "43.2", JAN));
    (void)record(s, JAN, use("u", "PRK", "rice", "86.4", JAN, "2008-01-11"));
    (void)record(s, JAN, harvest("i", "PRK", "rice", "100", "2008-01-11"));
    show(s, "PRK/rice", "2008-01-06", "stock unmet");
    show(s, "PRK/rice", "2008-01-08", "stock unmet");
    show(s, "PRK/rice", "2008-01-11", "stock unmet");
    story_end(s, "2008-01-06 PRK/rice stock 0 unmet 0\n"
                 "2008-01-08 PRK/rice stock 0 unmet 17.28\n"
                 "2008-01-11 PRK/rice stock 100 unmet 43.2\n");
}

Test(path, all_jumps_of_one_instant_are_one)
{
    struct story *s = story_begin();

    (void)record(s, JAN, departed(ship("s", "PRK", "USA", "rice", "30"), JAN));
    (void)record(s, JAN, harvest("h", "PRK", "rice", "20", JAN));
    (void)record(s, JAN, arrived(ship("t", "RUS", "PRK", "rice", "10"), JAN));
    show(s, "PRK/rice", JAN, "stock unmet");
    story_end(s, "2008-01-01 PRK/rice stock 0 unmet 0\n");
}

/* Each count ends a segment: what was missing in it is kept beside what follows. */
Test(path, missing_amounts_add_up_over_counts)
{
    struct story *s = story_begin();

    (void)record(s, JAN, use("u", "PRK", "rice", "86.4", JAN, "2008-01-11"));
    (void)record(s, JAN, stock("k", "PRK", "rice", "5", "2008-01-03"));
    (void)record(s, JAN, departed(ship("s", "PRK", "USA", "rice", "2"), "2008-01-03"));
    (void)record(s, JAN, stock("l", "PRK", "rice", "0", "2008-01-06"));
    show(s, "PRK/rice", "2008-01-02", "stock unmet");
    show(s, "PRK/rice", "2008-01-03", "stock unmet");
    show(s, "PRK/rice", "2008-01-05", "stock unmet");
    show(s, "PRK/rice", "2008-01-06", "stock unmet");
    show(s, "PRK/rice", "2008-01-07", "stock unmet");
    /* 17.28 and the 2 that sailed before the count; 25.92 - 5; then 8.64 a day. */
    story_end(s, "2008-01-02 PRK/rice stock 0 unmet 8.64\n"
                 "2008-01-03 PRK/rice stock 5 unmet 19.28\n"
                 "2008-01-05 PRK/rice stock 0 unmet 31.56\n"
                 "2008-01-06 PRK/rice stock 0 unmet 40.2\n"
                 "2008-01-07 PRK/rice stock 0 unmet 48.84\n");
}

Test(path, missing_amounts_are_of_the_balance_year)
{
    static const struct {
        const char *label, *country, *goods;
        uint8_t month, day;
        const char *expected; /* missing on the 3rd of January */
    } rows[] = {
        {"no setting: 1 January", "USA", "*", 11, 1, "17.28"},
        {"its own", "PRK", "rice", 11, 1, "34.56"},
        {"its group's", "PRK", "food", 1, 2, "8.64"},
        {"everybody's", "*", "*", 1, 3, "0"},
        {"another commodity's", "PRK", "wheat", 1, 3, "17.28"},
        {"of the year before", "PRK", "rice", 1, 4, "34.56"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        char expected[128];

        story_year(s, rows[i].country, rows[i].goods, rows[i].month, rows[i].day);
        (void)record(s, JAN, use("u", "PRK", "rice", "86.4", "2007-12-30", "2008-01-09"));
        show(s, "PRK/rice", "2008-01-03", "unmet");
        (void)snprintf(expected, sizeof expected, "2008-01-03 PRK/rice unmet %s\n",
                       rows[i].expected);
        story_row_end(s, rows[i].label, expected);
    }
}
