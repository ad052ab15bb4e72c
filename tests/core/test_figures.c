/* The metrics (semantics section 5), one by one, and where there is none. 8.64 t a day is
 * exactly 100 g a second. */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>

#define JAN "2008-01-01"

/* Figures of PRK/rice on 1 January, by these reports. */
#define FACTS_MAX 5

struct row {
    const char *label;
    struct event facts[FACTS_MAX];
    const char *fields, *expected;
};

static void figure_rows(const struct row *rows, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        struct story *s = story_begin();
        char expected[256];

        for (size_t k = 0; k < FACTS_MAX && rows[i].facts[k].id.len > 0; k++)
            (void)record(s, JAN, rows[i].facts[k]);
        show(s, "PRK/rice", JAN, rows[i].fields);
        (void)snprintf(expected, sizeof expected, "2008-01-01 PRK/rice %s\n",
                       rows[i].expected);
        story_row_end(s, rows[i].label, expected);
    }
}

static struct event have(const char *tonnes)
{
    return stock("k", "PRK", "rice", tonnes, JAN);
}

static struct event eat(const char *id, const char *tonnes, const char *from,
                        const char *until_time)
{
    return use(id, "PRK", "rice", tonnes, from, until_time);
}

Test(figures, days_of_cover)
{
    struct event ten = eat("u", "86.4", JAN, "2008-01-11");
    struct event arriving = eta(ship("s", "RUS", "PRK", "rice", "1000"), "2008-01-02");
    const struct row rows[] = {
        {"half of it", {have("43.2"), ten}, "cover out", "cover 5 out 2008-01-06"},
        {"arrivals do not count",
         {have("43.2"), ten, arriving},
         "cover out",
         "cover 5 out 2008-01-06"},
        {"a harvest to come does not count",
         {have("43.2"), ten, harvest("h", "PRK", "rice", "9", "2008-01-02")},
         "cover out",
         "cover 5 out 2008-01-06"},
        {"a gram more, a hundredth of a second",
         {have("43.200001"), ten},
         "cover out",
         "cover 5 out 2008-01-06T00:00:00.010000Z"},
        {"to the last gram", {have("86.4"), ten}, "cover out", "cover 10 out 2008-01-11"},
        {"a gram above all use",
         {have("86.400001"), ten},
         "cover out",
         "cover none out -"},
        {"no stock", {have("0"), ten}, "cover out", "cover 0 out 2008-01-01"},
        {"no stock and no use", {have("0")}, "cover out", "cover none out -"},
        {"the use is over",
         {have("5"), eat("u", "9", "2007-12-01", JAN)},
         "cover out",
         "cover none out -"},
        {"no stock, the use is to come",
         {have("0"), eat("u", "8.64", "2008-01-05", "2008-01-06")},
         "cover out",
         "cover 0 out 2008-01-01"},
        {"the use is to come",
         {have("4.32"), eat("u", "8.64", "2008-01-05", "2008-01-06")},
         "cover out",
         "cover 4.5 out 2008-01-05T12:00:00Z"},
        {"two uses",
         {have("43.2"), ten, eat("v", "86.4", JAN, "2008-01-11")},
         "cover out",
         "cover 2.5 out 2008-01-03T12:00:00Z"},
        /* 1 g over 3 us: 333,333,333,333 pico-grams each, so 1 g takes all three. */
        {"the first whole microsecond",
         {have("0.000001"), eat("u", "0.000002", JAN, "2008-01-01T00:00:00.000006Z")},
         "out",
         "out 2008-01-01T00:00:00.000004Z"},
        {"the rest at the end of a use",
         {have("0.000001"), eat("u", "0.000001", JAN, "2008-02-01")},
         "cover out",
         "cover 31 out 2008-02-01"},
    };

    figure_rows(rows, sizeof rows / sizeof rows[0]);
}

Test(figures, shortfall_is_the_deepest_gap_on_the_way)
{
    struct event u = eat("u", "864", JAN, "2008-04-10");
    struct event late = ship("s", "RUS", "PRK", "rice", "1000");
    const struct row rows[] = {
        {"enough", {have("1000"), u}, "shortfall ratio", "shortfall 0 ratio 0"},
        {"90 days of it", {have("0"), u}, "shortfall ratio", "shortfall 777.6 ratio 1"},
        {"a quarter",
         {have("583.2"), u},
         "shortfall ratio",
         "shortfall 194.4 ratio 0.25"},
        {"a ship on day 89 feeds nobody on day 30",
         {have("100"), u, eta(late, "2008-03-30")},
         "shortfall expected",
         "shortfall 668.96 expected 1000"},
        {"a ship in time",
         {have("100"), u, eta(late, "2008-01-12")},
         "shortfall",
         "shortfall 0"},
        {"a day late",
         {have("86.4"), u, eta(late, "2008-01-12")},
         "shortfall",
         "shortfall 8.64"},
        {"harvest on the way",
         {have("0"), u, harvest("h", "PRK", "rice", "864", "2008-01-11")},
         "shortfall ratio",
         "shortfall 86.4 ratio 0.111111"},
        {"a spread harvest",
         {have("0"), u, until(harvest("h", "PRK", "rice", "432", JAN), "2008-04-10")},
         "shortfall",
         "shortfall 388.8"},
        {"a departure on the way",
         {have("1000"), u,
          departed(ship("d", "PRK", "USA", "rice", "500"), "2008-01-02")},
         "shortfall",
         "shortfall 277.6"},
        {"a departure made good at the same instant",
         {have("0"), departed(ship("d", "PRK", "USA", "rice", "50"), "2008-01-02"),
          arrived(ship("e", "RUS", "PRK", "rice", "50"), "2008-01-02"),
          eat("u", "0.5", "2008-03-30", "2008-03-31")},
         "shortfall",
         "shortfall 0.5"},
        {"use beyond the horizon",
         {have("0"), eat("u", "9", "2008-03-31", "2008-04-05")},
         "shortfall ratio",
         "shortfall 0 ratio none"},
        {"no use", {have("0")}, "shortfall ratio", "shortfall 0 ratio none"},
        {"what is missing already is not asked for again",
         {departed(ship("d", "PRK", "USA", "rice", "50"), "2007-12-01"), u},
         "stock shortfall unmet",
         "stock 0 shortfall 777.6 unmet 0"},
    };

    figure_rows(rows, sizeof rows / sizeof rows[0]);
}

Test(figures, uncovered_deficit_is_of_the_whole_year)
{
    struct event u = eat("u", "864", JAN, "2008-04-10");
    struct event s = ship("s", "RUS", "PRK", "rice", "300");
    struct event early = eat("v", "86.4", "2007-12-22", JAN);
    const struct row rows[] = {
        {"nothing there", {u}, "deficit", "deficit 864"},
        {"stock", {have("64"), u}, "deficit", "deficit 800"},
        {"a ship on the last day", {u, eta(s, "2008-12-31")}, "deficit", "deficit 564"},
        {"a ship at the end of the year",
         {u, eta(s, "2009-01-01")},
         "deficit",
         "deficit 564"},
        {"a ship after it",
         {u, eta(s, "2009-01-01T00:00:00.000001Z")},
         "deficit",
         "deficit 864"},
        {"use after it",
         {u, eat("w", "10", "2009-01-01", "2009-02-01")},
         "deficit",
         "deficit 864"},
        {"missing since the year began, not before",
         {early, u},
         "unmet deficit",
         "unmet 0 deficit 864"},
        {"more than enough", {have("900"), u}, "deficit", "deficit 0"},
    };

    figure_rows(rows, sizeof rows / sizeof rows[0]);
}

/* What was missing this year counts, though it cannot be eaten any more. */
Test(figures, uncovered_deficit_keeps_what_was_missing)
{
    struct story *s = story_begin();

    (void)record(s, JAN, eat("u", "86.4", JAN, "2008-01-11"));
    (void)record(s, JAN, harvest("h", "PRK", "rice", "60", "2008-01-06"));
    show(s, "PRK/rice", JAN, "unmet deficit");
    show(s, "PRK/rice", "2008-01-06", "stock unmet deficit");
    show(s, "PRK/rice", "2008-12-31T23:59:59.999999Z", "stock unmet deficit");
    show(s, "PRK/rice", "2009-01-01", "stock unmet deficit");
    story_end(s, "2008-01-01 PRK/rice unmet 0 deficit 26.4\n"
                 "2008-01-06 PRK/rice stock 60 unmet 43.2 deficit 26.4\n"
                 "2008-12-31T23:59:59.999999Z PRK/rice stock 16.8 unmet 43.2 deficit "
                 "26.4\n"
                 "2009-01-01 PRK/rice stock 16.8 unmet 0 deficit 0\n");
}

Test(figures, delivery_and_overdue)
{
    struct event p = due(pledge("p", "RUS", "PRK", "rice", "100"), JAN);
    struct event q = pledge("q", "USA", "PRK", "rice", "300");
    struct event s = toward(ship("s", "RUS", "PRK", "rice", "25"), "p");
    struct event t = toward(ship("t", "RUS", "PRK", "rice", "90"), "p");
    const struct row rows[] = {
        {"no pledge", {have("1")}, "delivery overdue", "delivery none overdue 0"},
        {"nothing came", {p}, "delivery overdue", "delivery 0 overdue 100"},
        {"part came",
         {p, arrived(s, JAN)},
         "delivery overdue",
         "delivery 0.25 overdue 75"},
        {"it comes in a microsecond",
         {p, arrived(s, "2008-01-01T00:00:00.000001Z")},
         "delivery overdue",
         "delivery 0 overdue 100"},
        {"more came than was pledged",
         {p, arrived(s, JAN), arrived(t, JAN)},
         "delivery overdue",
         "delivery 1 overdue 0"},
        {"it does not help another pledge",
         {p, q, arrived(s, JAN), arrived(t, JAN)},
         "delivery overdue",
         "delivery 0.25 overdue 0"},
        {"due in a microsecond",
         {due(pledge("p", "RUS", "PRK", "rice", "100"), "2008-01-01T00:00:00.000001Z")},
         "delivery overdue",
         "delivery 0 overdue 0"},
        {"no due date", {q}, "delivery overdue", "delivery 0 overdue 0"},
        {"complete",
         {status(p, PLEDGE_COMPLETE), arrived(s, JAN)},
         "delivery overdue",
         "delivery 0.25 overdue 0"},
        {"suspended",
         {status(p, PLEDGE_SUSPENDED), arrived(s, JAN)},
         "delivery overdue",
         "delivery none overdue 0"},
        {"lapsed",
         {status(p, PLEDGE_LAPSED)},
         "delivery overdue",
         "delivery none overdue 0"},
        {"a pledge of nothing",
         {pledge("p", "RUS", "PRK", "rice", "0")},
         "delivery overdue",
         "delivery none overdue 0"},
    };

    figure_rows(rows, sizeof rows / sizeof rows[0]);
}

/* Each pledge and each credit is converted first: 3 g and 2 g of potatoes are 1 g and,
 * half to even, none. */
Test(figures, delivery_of_a_group_is_converted_piece_by_piece)
{
    struct story *s = story_begin();
    struct event sails =
        arrived(toward(ship("s", "RUS", "PRK", "potatoes", "0.000002"), "p"), JAN);

    (void)record(s, JAN, due(pledge("p", "RUS", "PRK", "potatoes", "0.000003"), JAN));
    (void)record(s, JAN, pledge("q", "RUS", "PRK", "rice", "0.000001"));
    (void)record(s, JAN, sails);
    show(s, "PRK/potatoes", JAN, "delivery overdue");
    show(s, "PRK/food", JAN, "delivery overdue");
    (void)record(s, "2008-01-02",
                 arrived(toward(ship("t", "RUS", "PRK", "rice", "9"), "q"), JAN));
    show(s, "PRK/food", JAN, "delivery overdue");
    story_end(s, "2008-01-01 PRK/potatoes delivery 0.666667 overdue 0.000001\n"
                 "2008-01-01 PRK/food delivery 0 overdue 0.000001\n"
                 "2008-01-01 PRK/food delivery 0.5 overdue 0.000001\n");
}

/* A supplier known only by what it sends, and an account that nobody mentions. */
Test(figures, accounts_that_nothing_describes_have_none)
{
    static const char all[] = "stock unmet cover out shortfall ratio deficit delivery "
                              "overdue expected";
    struct story *s = story_begin();

    (void)record(s, JAN, departed(ship("s", "RUS", "PRK", "rice", "5"), JAN));
    (void)record(s, JAN, due(pledge("p", "PRK", "RUS", "rice", "5"), JAN));
    show(s, "RUS/rice", JAN, all);
    show(s, "RUS/food", JAN, all);
    show(s, "KOR/rice", JAN, all);
    (void)record(s, "2008-01-02", harvest("h", "RUS", "wheat", "9", JAN));
    show(s, "RUS/rice", JAN, "stock unmet");
    show(s, "RUS/food", JAN, "stock unmet");
    (void)record(s, "2008-01-03", retracted(harvest("h", "RUS", "wheat", "9", JAN), 1));
    show(s, "RUS/food", JAN, "stock unmet");
    story_end(s, "2008-01-01 RUS/rice stock none unmet none cover none out - shortfall "
                 "none ratio none deficit none delivery 0 overdue 5 expected none\n"
                 "2008-01-01 RUS/food stock none unmet none cover none out - shortfall "
                 "none ratio none deficit none delivery 0 overdue 5 expected none\n"
                 "2008-01-01 KOR/rice stock none unmet none cover none out - shortfall "
                 "none ratio none deficit none delivery none overdue 0 expected none\n"
                 "2008-01-01 RUS/rice stock none unmet none\n"
                 "2008-01-01 RUS/food stock 4 unmet 0\n"
                 "2008-01-01 RUS/food stock none unmet none\n");
}
