/* What a condition says at one instant: true, false or unknown. Each row's condition and
 * its negation are both rules; the one that fires tells, and neither when it is unknown.
 */
#include "story.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#define JAN "2008-01-01"
#define NOW "2008-03-01"

/* 100 t of rice in the country, 8.64 t a day for 100 days; wheat that nobody uses; prices
 * of rice; steel that is only pledged. */
static void set_the_scene(struct story *s)
{
    struct event facts[] = {
        stock("k", "PRK", "rice", "100", "2008-02-20T12:00:00Z"),
        use("u", "PRK", "rice", "864", "2008-03-01", "2008-06-09"),
        stock("w", "PRK", "wheat", "7", JAN),
        due(pledge("p", "RUS", "PRK", "steel", "10"), JAN),
        price("m1", "rice", "thai", "300 USD/t", "2008-01-15"),
        price("m2", "rice", "thai", "450 USD/t", "2008-02-15"),
        price("m3", "rice", "thai", "600 USD/t", "2008-03-02"), /* not yet */
        price("n1", "rice", "viet", "0.3 USD/kg", "2008-01-15"),
        price("n2", "rice", "viet", "330 USD/t", "2008-02-15"),
        price("o", "rice", "euro", "200 EUR/t", "2008-01-15"),
        price("q1", "rice", "tie", "1 USD/t", NOW),
        by(price("q0", "rice", "tie", "2 USD/t", NOW), "b"),
        price("r", "natural_gas", "hub", "3 USD/MMBtu", JAN),
        price("q2", "rice", "tie", "3 USD/t", NOW),
    };

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        (void)record(s, NOW, facts[i]);
}

struct row {
    const char *account, *condition;
    char truth; /* 't', 'f', '?' */
};

static void truth_rows(const struct row *rows, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        struct story *s = story_begin();
        char negated[256];
        char expected[128];

        (void)snprintf(negated, sizeof negated, "not (%s)", rows[i].condition);
        (void)story_rule(s, "yes", rows[i].account, rows[i].condition);
        (void)story_rule(s, "no", rows[i].account, negated);
        set_the_scene(s);
        expected[0] = '\0';
        if (rows[i].truth != '?')
            (void)snprintf(expected, sizeof expected, "2008-03-01 %s %s firing\n",
                           rows[i].truth == 't' ? "yes" : "no", rows[i].account);
        story_row_end(s, rows[i].condition, expected);
    }
}

Test(truth, comparisons_at_and_beside_the_threshold)
{
    static const struct row rows[] = {
        {"PRK/rice", "stock < 100 t", 'f'},
        {"PRK/rice", "stock < 100.000001 t", 't'},
        {"PRK/rice", "stock <= 100 t", 't'},
        {"PRK/rice", "stock > 100 t", 'f'},
        {"PRK/rice", "stock > 99999999 g", 't'},
        {"PRK/rice", "stock >= 0.1 kt", 't'},
        {"PRK/rice", "unmet > 0 t", 'f'},
        {"PRK/rice", "unmet >= 0 t", 't'},
        /* 100 t last 11.574074 days: 1,000,000 seconds. */
        {"PRK/rice", "days_of_cover < 11.574074074", 'f'},
        {"PRK/rice", "days_of_cover < 11.574074075", 't'},
        {"PRK/rice", "days_of_cover >= 11", 't'},
        {"PRK/rice", "days_of_cover <= 11", 'f'},
        {"PRK/rice", "shortfall > 677.6 t", 'f'},
        {"PRK/rice", "shortfall >= 677.6 t", 't'},
        {"PRK/rice", "shortfall(10d) > 0 t", 'f'},
        {"PRK/rice", "shortfall(12d) > 3.67 t", 't'},
        {"PRK/rice", "shortfall(12d) > 3.68 t", 'f'},
        {"PRK/rice", "shortfall_ratio(20d) > 0.42129", 't'},
        {"PRK/rice", "shortfall_ratio(20d) > 0.4213", 'f'},
        {"PRK/rice", "uncovered_deficit >= 764 t", 't'},
        {"PRK/rice", "uncovered_deficit > 764 t", 'f'},
        {"PRK/steel", "delivery_ratio < 0.000001", 't'},
        {"PRK/steel", "delivery_ratio < 0", 'f'},
        {"PRK/steel", "overdue >= 10 t", 't'},
        {"PRK/steel", "overdue > 10 t", 'f'},
        {"PRK/rice", "age >= 9.5", 't'},
        {"PRK/rice", "age > 9.5", 'f'},
        {"PRK/food", "age < 9.5", 'f'},
        {"PRK/food", "stock >= 107 t", 't'},
        {"PRK/food", "stock > 107 t", 'f'},
    };

    truth_rows(rows, sizeof rows / sizeof rows[0]);
}

Test(truth, prices)
{
    static const struct row rows[] = {
        {"PRK/rice", "price(thai) >= 450 USD/t", 't'},
        {"PRK/rice", "price(thai) > 450 USD/t", 'f'},
        {"PRK/rice", "price(thai) > 0.4499 USD/kg", 't'},
        {"PRK/rice", "price(thai) > 0.45 USD/kg", 'f'},
        {"PRK/rice", "price(thai) > 1 EUR/t", '?'},
        {"PRK/rice", "price(nobody) > 1 USD/t", '?'},
        {"PRK/wheat", "price(thai) > 1 USD/t", '?'},
        {"PRK/food", "price(thai) > 1 USD/t", '?'},
        {"PRK/rice", "price(tie) >= 2 USD/t", 't'},
        {"PRK/rice", "price(tie) > 2 USD/t", 'f'},
        {"PRK/rice", "price_change(thai, 30d) >= 0.5", 't'},
        {"PRK/rice", "price_change(thai, 30d) > 0.5", 'f'},
        {"PRK/rice", "price_change(thai, 10d) >= 0", 't'},
        {"PRK/rice", "price_change(thai, 10d) > 0", 'f'},
        {"PRK/rice", "price_change(thai, 46d) > 0.4", 't'},
        {"PRK/rice", "price_change(thai, 47d) > 0.4", '?'},
        /* 300 a tonne, then 330: another unit is no reason to know nothing. */
        {"PRK/rice", "price_change(viet, 30d) >= 0.1", 't'},
        {"PRK/rice", "price_change(viet, 30d) > 0.1", 'f'},
        /* By its heat: no price against tonnes, and still a price. */
        {"PRK/natural_gas", "has(price(hub))", 't'},
        {"PRK/natural_gas", "price_change(hub, 1d) >= 0", 't'},
        /* 677.6 t at 450 USD. */
        {"PRK/rice", "cost_to_cover(thai) >= 304920 USD", 't'},
        {"PRK/rice", "cost_to_cover(thai) > 304920 USD", 'f'},
        {"PRK/rice", "cost_to_cover(thai, 10d) > 0 USD", 'f'},
        {"PRK/rice", "cost_to_cover(euro) > 135519 EUR", 't'},
        {"PRK/rice", "cost_to_cover(euro) > 1 USD", '?'},
        {"PRK/wheat", "cost_to_cover(thai) > 1 USD", '?'},
    };

    truth_rows(rows, sizeof rows / sizeof rows[0]);
}

Test(truth, none_is_neither_true_nor_false)
{
    static const struct row rows[] = {
        {"PRK/wheat", "days_of_cover < 30", '?'}, /* no use lies ahead */
        {"PRK/wheat", "days_of_cover > 30", '?'},
        {"PRK/wheat", "shortfall_ratio > 0", '?'},
        {"PRK/rice", "delivery_ratio < 1", '?'},
        {"PRK/steel", "stock < 1 t", '?'}, /* nothing describes it */
        {"PRK/steel", "unmet < 1 t", '?'},
        {"PRK/steel", "days_of_cover < 1", '?'},
        {"PRK/steel", "shortfall < 1 t", '?'},
        {"PRK/steel", "shortfall_ratio < 1", '?'},
        {"PRK/steel", "uncovered_deficit < 1 t", '?'},
        {"PRK/steel", "age < 1", '?'},
        {"PRK/steel", "cost_to_cover(thai) < 1 USD", '?'},
        {"USA/rice", "stock < 1 t", '?'}, /* nobody mentions it */
        {"USA/rice", "overdue < 1 t", 't'},
        {"USA/rice", "price(thai) > 1 USD/t", 't'},
        {"PRK/rice", "has(stock)", 't'},
        {"PRK/rice", "has(delivery_ratio)", 'f'},
        {"PRK/steel", "has(delivery_ratio)", 't'},
        {"PRK/steel", "has(stock)", 'f'},
        {"PRK/steel", "has(overdue)", 't'},
        {"PRK/wheat", "has(days_of_cover)", 'f'},
        {"PRK/wheat", "has(shortfall)", 't'},
        {"PRK/rice", "has(price(thai))", 't'},
        {"PRK/rice", "has(price(nobody))", 'f'},
        {"PRK/rice", "has(price_change(thai, 46d))", 't'},
        {"PRK/rice", "has(price_change(thai, 47d))", 'f'},
        {"USA/rice", "has(stock)", 'f'},
    };

    truth_rows(rows, sizeof rows / sizeof rows[0]);
}

/* U is unknown, T and F are what they are called. */
#define T "stock > 0 t"
#define F "stock < 0 t"
#define U "delivery_ratio > 0"

Test(truth, three_values)
{
    static const struct row rows[] = {
        {"PRK/rice", T " and " T, 't'},
        {"PRK/rice", T " and " F, 'f'},
        {"PRK/rice", T " and " U, '?'},
        {"PRK/rice", F " and " U, 'f'},
        {"PRK/rice", U " and " F, 'f'},
        {"PRK/rice", U " and " U, '?'},
        {"PRK/rice", T " or " U, 't'},
        {"PRK/rice", U " or " T, 't'},
        {"PRK/rice", F " or " U, '?'},
        {"PRK/rice", F " or " F, 'f'},
        {"PRK/rice", F " or " T, 't'},
        {"PRK/rice", U " or " U, '?'},
        {"PRK/rice", "not " T, 'f'},
        {"PRK/rice", "not " U, '?'},
        {"PRK/rice", "not not " U, '?'},
        {"PRK/rice", U " or not " U, '?'},
        {"PRK/rice", "not (" F " and " U ")", 't'},
        {"PRK/rice", "not (" T " or " U ")", 'f'},
        {"PRK/rice", "has(delivery_ratio) and " U, 'f'},
        {"PRK/rice", "not has(delivery_ratio) or " U, 't'},
        {"PRK/rice", T " or " F " and " F, 't'},
        {"PRK/rice", "(" T " or " F ") and " F, 'f'},
    };

    truth_rows(rows, sizeof rows / sizeof rows[0]);
}

/* A use that ends before the stock does: above every number, which is not none. */
Test(truth, cover_above_every_number)
{
    struct story *s = story_begin();

    (void)story_rule(s, "1-less", "PRK/rice", "days_of_cover < 100000");
    (void)story_rule(s, "2-not-less", "PRK/rice", "not days_of_cover < 100000");
    (void)story_rule(s, "3-more", "PRK/rice", "days_of_cover > 100000");
    (void)story_rule(s, "4-has", "PRK/rice", "has(days_of_cover)");
    (void)record(s, NOW, stock("k", "PRK", "rice", "100", JAN));
    (void)record(s, NOW, use("u", "PRK", "rice", "99", NOW, "2008-06-09"));
    story_end(s, "2008-03-01 2-not-less PRK/rice firing\n"
                 "2008-03-01 3-more PRK/rice firing\n"
                 "2008-03-01 4-has PRK/rice firing\n");
}

/* In the unit of the threshold where there is one, in millionths where there is not. */
Test(truth, transitions_show_each_metric_and_its_threshold)
{
    struct story *s = story_begin();

    story_readings(s);
    (void)story_rule(s, "a-amounts", "PRK/rice",
                     "stock < 200 t and shortfall(20d) > 0.07 kt and overdue >= 0 t");
    (void)story_rule(s, "b-ratios", "PRK/rice",
                     "days_of_cover < 30 or delivery_ratio < 0.5 or age > 2.25");
    (void)story_rule(s, "b-thai", "PRK/rice", "price(thai) < 0.46 USD/kg");
    (void)story_rule(s, "b-viet", "PRK/rice",
                     "price(viet) < 400 USD/st and cost_to_cover(viet, 20d) > 24000 USD");
    (void)story_rule(s, "c-food", "PRK/food", "stock <= 120000 kg");
    (void)story_rule(s, "d-has", "PRK/wheat", "has(stock) and unmet <= 0 st");
    set_the_scene(s);
    story_end(s, "2008-03-01 a-amounts PRK/rice firing\n"
                 "  stock 100 < 200\n"
                 "  shortfall(20d) 72.8 > 70\n"
                 "  overdue 0 >= 0\n"
                 "2008-03-01 b-ratios PRK/rice firing\n"
                 "  days_of_cover 11.574074 < 30\n"
                 "  delivery_ratio none < 0.5\n"
                 "  age 9.5 > 2.25\n"
                 "2008-03-01 b-thai PRK/rice firing\n"
                 "  price(thai) 0.0045 < 0.0046\n"
                 "2008-03-01 b-viet PRK/rice firing\n"
                 "  price(viet) 2.99371 < 4\n"
                 "  cost_to_cover(viet, 20d) 240.24 > 240\n"
                 "2008-03-01 c-food PRK/food firing\n"
                 "  stock 107 <= 120\n"
                 "2008-03-01 d-has PRK/wheat firing\n"
                 "  unmet 0 <= 0\n");
}
