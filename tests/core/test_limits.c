/* As much as a fact may say, as often as it takes to pass what 64 bits hold, at the first
 * and the last microsecond there is. Nothing wraps: figures beyond the range are cut at
 * it. Worth most under the sanitizer of undefined behaviour. */
#include "judge.h"
#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FACTS    3000 /* of 10^16 g: three times what fits an int64 */
#define CENTURY  (100 * INT64_C(365) * DAY_US)
#define IDS_SIZE 16

static struct heard heard;
static char ids[FACTS][IDS_SIZE];

/* Half of the days' microseconds are odd, so that spans divide nothing. */
static struct event level(enum event_kind kind, size_t number, const char *goods,
                          const char *grams, int64_t time, int64_t until)
{
    struct event ev = {.kind = kind,
                       .source = text_of("a"),
                       .time = time,
                       .published = time,
                       .states_published = true};

    (void)snprintf(ids[number], IDS_SIZE, "%c%zu", "sgpylhu"[kind], number);
    ev.id = text_of(ids[number]);
    ev.as.use = (struct level){.country = place("PRK"),
                               .commodity = goods_of(goods),
                               .quantity = amount_of(grams, "g", goods_of(goods)),
                               .until = until};
    return ev;
}

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

static void tell(struct world *w, int64_t clock, const struct event *ev, uint64_t *seq)
{
    const struct oracle_step step = {clock, &ev, 1};
    struct event_problem problem;

    cr_assert(event_check(ev, &problem) == ST_OK, "%s", problem.text);
    scenario_step(w, &step, seq, &heard);
}

#define MOST "10000000000000000" /* QTY_MASS_MAX */

static const struct ruleset no_rules;

/* Expected figures of PRK at some instant; DONT_CARE where the row is about another. */
#define DONT_CARE (INT64_MIN + 1)

struct row {
    const char *label, *goods;
    int64_t as_of, horizon;
    int64_t stock, unmet, shortfall, deficit;
};

static void check_rows(struct world *w, const struct row *rows, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const struct row *r = &rows[i];
        struct balance b;

        cr_assert(world_balance(w, place("PRK"), goods_of(r->goods), r->as_of, r->horizon,
                                &b, NULL) == ST_OK,
                  "%s", r->label);
        const struct {
            const char *name;
            int64_t is, wanted;
        } figures[] = {{"stock", b.stock, r->stock},
                       {"unmet", b.unmet, r->unmet},
                       {"shortfall", b.shortfall, r->shortfall},
                       {"deficit", b.uncovered_deficit, r->deficit}};

        for (size_t k = 0; k < 4; k++)
            cr_assert(figures[k].wanted == DONT_CARE ||
                          figures[k].is == figures[k].wanted,
                      "%s: %s is %" PRId64 ", not %" PRId64, r->label, figures[k].name,
                      figures[k].is, figures[k].wanted);
    }
}

Test(limits, stocks_beyond_the_range_are_cut_at_it)
{
    struct world *w = new_world(&no_rules);
    int64_t start = day("2008-01-01");
    uint64_t seq = 0;

    /* 922 harvests fit and 923 do not: 922 * 10^16 < 2^63 < 923 * 10^16. */
    for (size_t i = 0; i < FACTS; i++) {
        const struct event ev =
            level(EVENT_PRODUCTION, i, "crude_oil", MOST, start + (int64_t)i, TIME_NONE);

        tell(w, start + (int64_t)i, &ev, &seq);
    }
    const struct row rows[] = {
        {"the last that fits", "crude_oil", start + 921, DAY_US, 922 * QTY_MASS_MAX, 0, 0,
         0},
        {"one more", "crude_oil", start + 922, DAY_US, INT64_MAX, 0, 0, 0},
        {"all", "crude_oil", start + FACTS, DAY_US, INT64_MAX, 0, 0, 0},
        {"the first microsecond", "crude_oil", TIME_MIN, DAY_US, 0, 0, 0, 0},
        {"the last microsecond", "crude_oil", TIME_MAX, CENTURY, INT64_MAX, 0, 0, 0},
        /* 42.3 kJ/g: twenty-one of them fit, and not one more. */
        {"the group", "energy", start + 20, DAY_US, 21 * INT64_C(423000000000000000), 0,
         0, 0},
        {"the group, one more", "energy", start + 21, DAY_US, INT64_MAX, 0, 0, 0},
    };

    check_rows(w, rows, sizeof rows / sizeof rows[0]);
    cr_assert(world_settle(w, NULL) == ST_OK);
    cr_assert(world_imbalance(w, goods_of("crude_oil")) == 0);
    world_free(w);
}

/* Uses from the first microsecond to the last, and within one: what is missing is beyond
 * the range both ways. */
Test(limits, shortfalls_beyond_the_range_are_cut_at_it)
{
    struct world *w = new_world(&no_rules);
    int64_t start = day("2008-01-01");
    uint64_t seq = 0;

    for (size_t i = 0; i < FACTS; i++) {
        int64_t from = i % 3 == 0 ? TIME_MIN : start;
        int64_t until = i % 3 == 0 ? TIME_MAX : start + (i % 3 == 1 ? 1 : CENTURY);
        const struct event ev = level(EVENT_USE, i, "rice", MOST, from, until);

        tell(w, TIME_MIN + (int64_t)i, &ev, &seq);
    }
    const struct row rows[] = {
        {"a microsecond", "rice", start, 1, 0, DONT_CARE, INT64_MAX, INT64_MAX},
        {"that year", "rice", start + 1, 1, 0, INT64_MAX, DONT_CARE, INT64_MAX},
        {"a century on", "rice", start, CENTURY, 0, DONT_CARE, INT64_MAX, DONT_CARE},
        {"the group too", "food", start, CENTURY, 0, DONT_CARE, INT64_MAX, DONT_CARE},
        {"the first microsecond", "rice", TIME_MIN, CENTURY, 0, 0, DONT_CARE, DONT_CARE},
        {"the last microsecond", "rice", TIME_MAX, CENTURY, 0, DONT_CARE, 0, DONT_CARE},
    };

    check_rows(w, rows, sizeof rows / sizeof rows[0]);
    cr_assert(world_settle(w, NULL) == ST_OK);
    cr_assert(world_imbalance(w, goods_of("rice")) == 0);
    world_free(w);
}

/* Every metric with the greatest thresholds and the greatest figures beside each other.
 */
Test(limits, rules_on_the_greatest_figures_come_out_right)
{
    static const struct {
        const char *when;
        bool fires;
    } rows[] = {
        {"stock > 10000000 kt", true}, /* as much as a fact may state */
        {"stock < 1 g", false},
        {"unmet > 0 g", false},
        {"unmet >= 10000000 kt", false},
        {"shortfall(36500d) > 10000000 kt", false},
        {"shortfall_ratio(36500d) > 900000000", false},
        {"has(days_of_cover)", false}, /* no use lies ahead */
        {"uncovered_deficit > 10000000 kt", false},
        {"uncovered_deficit <= 10000000 kt", true},
        {"price(spot) >= 922337203685477 USD/g", true},
        {"price(spot) > 922337203685477 USD/g", false},
        {"price(spot) > 922337203685477 USD/t", true},
        {"cost_to_cover(spot, 36500d) > 900000000000000 USD", false},
        {"price_change(spot, 36500d) > 900000000", false},
        {"age > 3000000", false},
        {"age <= 3000000", true},
        {"overdue > 10000000 kt", false},
    };
    int64_t start = day("2008-01-01");

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        place_id country = place("PRK");
        commodity_id goods = goods_of("rice");
        struct rule rule = {.uid = "one",
                            .alert = "one",
                            .countries = &country,
                            .countries_len = 1,
                            .commodities = &goods,
                            .commodities_len = 1};
        const struct ruleset set = {.rules = &rule, .rules_len = 1};
        struct expr_error error;
        uint64_t seq = 0;

        cr_assert(expr_parse(text_of(rows[i].when), &rule.when, &error) == ST_OK,
                  "%s: %s", rows[i].when, error.text);
        cr_assert(expr_check_commodity(&rule.when, goods, &error) == ST_OK, "%s: %s",
                  rows[i].when, error.text);
        struct world *w = new_world(&set);
        struct event dear =
            price("p", "rice", "spot", "922337203685477 USD/g", "2008-01-01");

        for (size_t k = 0; k < 1000; k++) {
            const struct event ev =
                level(EVENT_PRODUCTION, k, "rice", MOST, start, TIME_NONE);

            tell(w, start + (int64_t)k, &ev, &seq);
        }
        tell(w, start + 1000, &dear, &seq);
        scenario_tick(w, TIME_MAX, &heard);
        bool fires = heard.len > 0 && heard.list[0].state == ALERT_FIRING;

        cr_assert(fires == rows[i].fires, "%s", rows[i].when);
        world_free(w);
    }
}

/* One step from the first microsecond to the last. */
Test(limits, the_clock_runs_from_end_to_end)
{
    place_id country = place("PRK");
    commodity_id goods = goods_of("rice");
    struct rule rule = {.uid = "one",
                        .alert = "one",
                        .countries = &country,
                        .countries_len = 1,
                        .commodities = &goods,
                        .commodities_len = 1,
                        .hold = CENTURY,
                        .keep = CENTURY};
    const struct ruleset set = {.rules = &rule, .rules_len = 1};
    const struct event eaten = level(EVENT_USE, 0, "rice", MOST, TIME_MIN, TIME_MAX);
    const struct event there =
        level(EVENT_STOCK, 1, "rice", MOST, TIME_MAX - 1, TIME_NONE);
    struct expr_error error;
    uint64_t seq = 0;

    cr_assert(expr_parse(text_of("stock <= 0 g"), &rule.when, &error) == ST_OK);
    struct world *w = new_world(&set);

    tell(w, TIME_MIN, &eaten, &seq);
    tell(w, TIME_MIN + 1, &there, &seq);
    scenario_tick(w, TIME_MAX, &heard);
    cr_assert(heard.len == 1 && heard.list[0].state == ALERT_FIRING &&
                  heard.list[0].at == TIME_MIN + CENTURY,
              "%zu transitions", heard.len);
    cr_assert(world_next_instant(w) == TIME_NONE || world_next_instant(w) > TIME_MAX);
    world_free(w);
}

/* Money beyond the range is cut at it, below zero too. */
Test(limits, costs_beyond_the_range_are_cut_at_it)
{
    static const struct {
        const char *label, *price, *when;
        int64_t value;
    } rows[] = {
        {"as dear as can be", "922337203685477 USD/g", "cost_to_cover(spot, 1d) > 1 USD",
         INT64_MAX},
        {"and below zero", "-922337203685477 USD/g", "cost_to_cover(spot, 1d) < 1 USD",
         -INT64_MAX},
        {"by the short ton", "922337203685477 USD/st", "cost_to_cover(spot, 1d) > 1 USD",
         INT64_MAX},
        {"nothing a gram", "0 USD/g", "cost_to_cover(spot, 1d) < 1 USD", 0},
    };
    int64_t start = day("2008-01-01");
    place_id country = place("PRK");
    commodity_id goods = goods_of("rice");

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rule rule = {.uid = "one",
                            .alert = "one",
                            .countries = &country,
                            .countries_len = 1,
                            .commodities = &goods,
                            .commodities_len = 1};
        const struct ruleset set = {.rules = &rule, .rules_len = 1};
        const struct event eaten =
            level(EVENT_USE, 0, "rice", MOST, start, start + DAY_US);
        const struct event paid = price("p", "rice", "spot", rows[i].price, "2008-01-01");
        struct expr_error error;
        uint64_t seq = 0;

        cr_assert(expr_parse(text_of(rows[i].when), &rule.when, &error) == ST_OK, "%s",
                  error.text);
        struct world *w = new_world(&set);

        tell(w, start - 2, &eaten, &seq);
        tell(w, start - 1, &paid, &seq);
        scenario_tick(w, start + 1, &heard);
        cr_assert(heard.len >= 1 && heard.list[0].readings[0].value == rows[i].value,
                  "%s: %zu transitions, %" PRId64, rows[i].label, heard.len,
                  heard.len > 0 ? heard.list[0].readings[0].value : 0);
        world_free(w);
    }
}

/* Thresholds that no figure reaches, and units that nothing is held against. */
Test(limits, odd_thresholds_come_out_right)
{
    static const struct {
        const char *goods, *when;
        bool fires;
    } rows[] = {
        {"rice", "days_of_cover < 3700000", true}, /* beyond the year 9999 */
        {"rice", "days_of_cover > 3700000", false},
        {"rice", "days_of_cover < 0", false},
        {"rice", "days_of_cover >= 0", true},
        {"rice", "age > 3700000", false},
        {"natural_gas", "price(spot) > 1 USD/MMBtu", true},
        {"natural_gas", "price(spot) > 1 USD/t", false}, /* has no heat a tonne */
        {"natural_gas", "not (price(spot) > 1 USD/t)", false},
        {"natural_gas", "has(price(spot))", true},
        {"natural_gas", "has(cost_to_cover(spot, 90d))", false},
        {"natural_gas", "price_change(spot, 1d) > 0.5", true},    /* of one unit */
        {"natural_gas", "price_change(border, 1d) > 0.5", false}, /* of two */
    };
    int64_t start = day("2008-01-01");
    place_id country = place("PRK");

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        commodity_id goods = goods_of(rows[i].goods);
        struct rule rule = {.uid = "one",
                            .alert = "one",
                            .countries = &country,
                            .countries_len = 1,
                            .commodities = &goods,
                            .commodities_len = 1};
        const struct ruleset set = {.rules = &rule, .rules_len = 1};
        const struct event told[] = {
            level(EVENT_STOCK, 0, rows[i].goods, "700", start, TIME_NONE),
            level(EVENT_USE, 1, rows[i].goods, "7000", start, start + 70 * DAY_US),
            price("p1", rows[i].goods, "spot", "4 USD/MMBtu", "2008-01-01"),
            price("p2", rows[i].goods, "spot", "8 USD/MMBtu", "2008-01-02"),
            price("p3", rows[i].goods, "border", "4 USD/MMBtu", "2008-01-01"),
            price("p4", rows[i].goods, "border", "8 USD/t", "2008-01-02")};
        size_t len = strcmp(rows[i].goods, "rice") == 0 ? 2 : 6;
        struct expr_error error;
        uint64_t seq = 0;

        cr_assert(expr_parse(text_of(rows[i].when), &rule.when, &error) == ST_OK,
                  "%s: %s", rows[i].when, error.text);
        struct world *w = new_world(&set);

        for (size_t k = 0; k < len; k++)
            tell(w, start + DAY_US + (int64_t)k, &told[k], &seq);
        scenario_tick(w, start + 2 * DAY_US, &heard);
        bool fires = heard.len > 0 && heard.list[0].state == ALERT_FIRING;

        cr_assert(fires == rows[i].fires, "%s %s", rows[i].goods, rows[i].when);
        world_free(w);
    }
}
