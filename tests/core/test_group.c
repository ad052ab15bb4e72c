/* Group accounts (semantics section 3, Groups): what members bring, in the group's unit,
 * fact by fact. A tonne of potatoes is 0.25 t of food, of anthracite 26.7 GJ of energy.
 */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>

#define JAN "2008-01-01"

Test(group, each_fact_is_rounded_half_to_even_before_it_counts)
{
    static const struct {
        const char *label, *goods, *first, *second, *group, *expected;
    } rows[] = {
        {"whole", "rice", "1", "2", "food", "3"},
        {"0.5 g to 0, twice", "potatoes", "0.000002", "0.000002", "food", "0"},
        {"1.5 g to 2, twice", "potatoes", "0.000006", "0.000006", "food", "0.000004"},
        {"2.5 g to 2", "potatoes", "0.00001", "0", "food", "0.000002"},
        {"0.75 g to 1", "potatoes", "0.000003", "0", "food", "0.000001"},
        {"0.25 g to 0", "potatoes", "0.000001", "0.000001", "food", "0"},
        {"0.667 g to 1", "paddy", "0.000001", "0.000001", "food", "0.000002"},
        {"heat", "anthracite", "2", "1", "energy", "80.1"},
        {"26.7 kJ to 27", "anthracite", "0.000001", "0", "energy", "0.000027"},
        {"energy itself", "electricity", "7", "1", "energy", "8"},
        {"on the group's own code", "food", "7", "1", "food", "8"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        char account[32];
        char expected[128];

        (void)record(s, JAN, harvest("h", "PRK", rows[i].goods, rows[i].first, JAN));
        (void)record(s, JAN, harvest("i", "PRK", rows[i].goods, rows[i].second, JAN));
        (void)snprintf(account, sizeof account, "PRK/%s", rows[i].group);
        show(s, account, JAN, "stock");
        (void)snprintf(expected, sizeof expected, "2008-01-01 %s stock %s\n", account,
                       rows[i].expected);
        story_row_end(s, rows[i].label, expected);
    }
}

/* The amount is converted before a rate is made of it: 10 g of potatoes are 2 g of food
 * over 3 us, not a third of 2.5 each. */
Test(group, rates_are_made_of_the_converted_amount)
{
    struct story *s = story_begin();

    (void)record(s, JAN, harvest("h", "PRK", "food", "0.00001", JAN));
    (void)record(
        s, JAN,
        use("u", "PRK", "potatoes", "0.00001", JAN, "2008-01-01T00:00:00.000003Z"));
    show(s, "PRK/food", "2008-01-01T00:00:00.000001Z", "stock"); /* 9.33 */
    show(s, "PRK/food", "2008-01-01T00:00:00.000002Z", "stock"); /* 8.67 */
    show(s, "PRK/food", "2008-01-01T00:00:00.000003Z", "stock");
    story_end(s, "2008-01-01T00:00:00.000001Z PRK/food stock 0.000009\n"
                 "2008-01-01T00:00:00.000002Z PRK/food stock 0.000009\n"
                 "2008-01-01T00:00:00.000003Z PRK/food stock 0.000008\n");
}

Test(group, commodities_stand_in_for_each_other)
{
    struct story *s = story_begin();

    (void)record(s, JAN, use("u", "PRK", "rice", "86.4", JAN, "2008-01-11"));
    (void)record(s, JAN, harvest("h", "PRK", "potatoes", "200", JAN));
    show(s, "PRK/rice", "2008-01-06", "stock unmet");
    show(s, "PRK/potatoes", "2008-01-06", "stock unmet");
    show(s, "PRK/food", "2008-01-06", "stock unmet");
    show(s, "PRK/food", "2008-01-11", "stock unmet");
    story_end(s, "2008-01-06 PRK/rice stock 0 unmet 43.2\n"
                 "2008-01-06 PRK/potatoes stock 200 unmet 0\n"
                 "2008-01-06 PRK/food stock 6.8 unmet 0\n"
                 "2008-01-11 PRK/food stock 0 unmet 36.4\n");
}

Test(group, a_members_count_brings_its_statistical_difference)
{
    static const struct {
        const char *label, *counted, *expected;
    } rows[] = {
        {"what was computed", "60", "40"},
        {"less", "20", "30"},
        {"more", "100", "50"},
        {"nothing", "0", "25"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story *s = story_begin();
        char expected[128];

        (void)record(s, JAN, harvest("h", "PRK", "potatoes", "100", JAN));
        (void)record(s, JAN, harvest("i", "PRK", "rice", "25", JAN));
        (void)record(s, JAN,
                     departed(ship("s", "PRK", "USA", "potatoes", "40"), "2008-01-05"));
        (void)record(s, JAN,
                     stock("k", "PRK", "potatoes", rows[i].counted, "2008-01-10"));
        show(s, "PRK/food", "2008-01-09", "stock");
        show(s, "PRK/food", "2008-01-10", "stock unmet");
        (void)snprintf(expected, sizeof expected,
                       "2008-01-09 PRK/food stock 40\n"
                       "2008-01-10 PRK/food stock %s unmet 0\n",
                       rows[i].expected);
        story_row_end(s, rows[i].label, expected);
    }
}

/* 10 t sail although nothing is there: what is missing of them is not found again by a
 * count of 0, but a count of 8 brings 8. */
Test(group, the_stock_before_a_count_is_never_below_zero)
{
    struct story *s = story_begin();

    (void)record(s, JAN, harvest("h", "PRK", "rice", "100", JAN));
    (void)record(s, JAN, departed(ship("s", "PRK", "USA", "potatoes", "10"), JAN));
    (void)record(s, JAN, stock("k", "PRK", "potatoes", "0", "2008-01-02"));
    (void)record(s, JAN, stock("l", "PRK", "potatoes", "8", "2008-01-03"));
    show(s, "PRK/food", JAN, "stock");
    show(s, "PRK/food", "2008-01-02", "stock");
    show(s, "PRK/food", "2008-01-03", "stock");
    story_end(s, "2008-01-01 PRK/food stock 97.5\n"
                 "2008-01-02 PRK/food stock 97.5\n"
                 "2008-01-03 PRK/food stock 99.5\n");
}

/* A harvest that becomes known after the count explains part of what the count found. */
Test(group, a_late_report_changes_what_a_count_brings)
{
    struct story *s = story_begin();

    (void)record(s, JAN, harvest("h", "PRK", "potatoes", "40", JAN));
    (void)record(s, JAN, stock("k", "PRK", "potatoes", "100", "2008-01-10"));
    (void)record(s, JAN, stock("l", "PRK", "potatoes", "90", "2008-01-20"));
    show(s, "PRK/food", "2008-01-09", "stock");
    show(s, "PRK/food", "2008-01-10", "stock");
    (void)record(s, "2008-01-30", harvest("i", "PRK", "potatoes", "60", "2008-01-05"));
    show(s, "PRK/food", "2008-01-09", "stock");
    show(s, "PRK/food", "2008-01-10", "stock");
    show(s, "PRK/food", "2008-01-20", "stock");
    (void)record(s, "2008-01-31", harvest("j", "PRK", "potatoes", "20", "2008-01-15"));
    show(s, "PRK/food", "2008-01-19", "stock");
    show(s, "PRK/food", "2008-01-20", "stock");
    story_end(s, "2008-01-09 PRK/food stock 10\n"
                 "2008-01-10 PRK/food stock 25\n"
                 "2008-01-09 PRK/food stock 25\n"
                 "2008-01-10 PRK/food stock 25\n"
                 "2008-01-20 PRK/food stock 22.5\n"
                 "2008-01-19 PRK/food stock 30\n"
                 "2008-01-20 PRK/food stock 22.5\n");
}

Test(group, a_count_of_the_group_is_a_count_of_its_account)
{
    struct story *s = story_begin();

    (void)record(s, JAN, harvest("h", "PRK", "potatoes", "100", JAN));
    (void)record(s, JAN, stock("k", "PRK", "food", "40", "2008-01-10"));
    (void)record(s, JAN, stock("l", "PRK", "potatoes", "60", "2008-01-10"));
    (void)record(s, JAN, stock("m", "PRK", "potatoes", "80", "2008-01-20"));
    show(s, "PRK/food", "2008-01-09", "stock");
    show(s, "PRK/food", "2008-01-10", "stock"); /* after the member's difference */
    show(s, "PRK/potatoes", "2008-01-10", "stock");
    show(s, "PRK/food", "2008-01-20", "stock");
    story_end(s, "2008-01-09 PRK/food stock 25\n"
                 "2008-01-10 PRK/food stock 40\n"
                 "2008-01-10 PRK/potatoes stock 60\n"
                 "2008-01-20 PRK/food stock 45\n");
}

/* They are reports of the future, and not of what will come. */
Test(group, counts_dated_ahead_are_ignored_until_then)
{
    struct story *s = story_begin();

    (void)record(s, JAN, harvest("h", "PRK", "potatoes", "100", JAN));
    (void)record(s, JAN, use("u", "PRK", "rice", "86.4", JAN, "2008-01-11"));
    (void)record(s, JAN, stock("k", "PRK", "potatoes", "500", "2008-01-05"));
    (void)record(s, JAN, harvest("i", "PRK", "potatoes", "40", "2008-01-06"));
    show(s, "PRK/food", JAN, "stock shortfall deficit");
    show(s, "PRK/food", "2008-01-05", "stock shortfall deficit");
    /* 86.4 - 25 - 10; then 34.56 are used and missed by 9.56, and 100 are found. */
    story_end(s, "2008-01-01 PRK/food stock 25 shortfall 51.4 deficit 51.4\n"
                 "2008-01-05 PRK/food stock 100 shortfall 0 deficit 0\n");
}
