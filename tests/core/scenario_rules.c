/* The rules of a random world: every metric, every operator, all the waiting times. */
#include "scenario_make.h"

#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdio.h>

const char *const scenario_uids[SCENARIO_RULES_MAX] = {"one",  "two",  "three",
                                                       "four", "five", "six"};

/* A metric with its arguments, as a rule writes it. */
static void write_metric(struct scenario *s, enum metric metric, char *out, size_t size)
{
    struct random *r = &s->random;
    static const int horizons[] = {1, 30, 90};
    const char *market = random_chance(r, 80) ? "spot" : "border";
    int days = horizons[random_below(r, 3)];
    const char *name = metric_name(metric);

    switch (metric) {
    case METRIC_SHORTFALL:
    case METRIC_SHORTFALL_RATIO:
        (void)snprintf(out, size, "%s(%dd)", name, days);
        return;
    case METRIC_PRICE:
        (void)snprintf(out, size, "%s(%s)", name, market);
        return;
    case METRIC_PRICE_CHANGE:
    case METRIC_COST_TO_COVER:
        (void)snprintf(out, size, "%s(%s, %dd)", name, market, days);
        return;
    case METRIC_STOCK:
    case METRIC_UNMET:
    case METRIC_DAYS_OF_COVER:
    case METRIC_UNCOVERED_DEFICIT:
    case METRIC_DELIVERY_RATIO:
    case METRIC_OVERDUE:
    case METRIC_AGE:
    case METRIC_COUNT:
        (void)snprintf(out, size, "%s", name);
    }
}

/* The threshold's number and unit. */
static void write_threshold(struct scenario *s, enum metric metric, commodity_id goods,
                            char *out, size_t size)
{
    struct random *r = &s->random;
    bool energy = commodity_get(goods)->dimension == DIMENSION_ENERGY;
    int64_t most = 3 * s->scale * (energy ? 20 : 1);
    int64_t amount =
        random_chance(r, 15) ? 0 : random_below(r, random_below(r, most) + 1);
    int percent = (int)random_below(r, 130);
    int days = (int)random_below(r, 90);
    const char *currency = random_chance(r, 85) ? "USD" : "EUR";
    const char *sign = metric == METRIC_PRICE_CHANGE && random_chance(r, 40) ? "-" : "";

    switch (metric_measure(metric)) {
    case MEASURE_AMOUNT:
        (void)snprintf(out, size, "%" PRId64 " %s", amount, energy ? "kJ" : "g");
        return;
    case MEASURE_DAYS:
        (void)snprintf(out, size, "%d.%s", days, metric == METRIC_AGE ? "5" : "25");
        return;
    case MEASURE_RATIO:
        if (metric == METRIC_DELIVERY_RATIO)
            percent %= 100;
        (void)snprintf(out, size, "%s%d.%02d", sign, percent / 100, percent % 100);
        return;
    case MEASURE_PRICE:
        (void)snprintf(out, size, "%d %s/%s", 4 * days, currency, energy ? "GJ" : "t");
        return;
    case MEASURE_MONEY:
        (void)snprintf(out, size, "%" PRId64 " %s", amount / 10000, currency);
        return;
    }
}

static enum metric some_metric(struct scenario *s)
{
    enum metric metric;

    if (s->is_dry && random_chance(&s->random, 70))
        return METRIC_SHORTFALL + (enum metric)random_below(&s->random, 2);
    do {
        metric = (enum metric)random_below(&s->random, METRIC_COUNT);
    } while (s->has_odd_prices && metric == METRIC_COST_TO_COVER);
    return metric;
}

static void write_comparison(struct scenario *s, commodity_id goods, char *out,
                             size_t size)
{
    static const char *const signs[] = {"<", "<=", ">", ">="};
    enum metric metric = some_metric(s);
    char name[40];
    char threshold[40];

    write_metric(s, metric, name, sizeof name);
    write_threshold(s, metric, goods, threshold, sizeof threshold);
    (void)snprintf(out, size, "%s %s %s", name, signs[random_below(&s->random, 4)],
                   threshold);
}

static void write_has(struct scenario *s, char *out, size_t size)
{
    char name[40];

    write_metric(s, some_metric(s), name, sizeof name);
    (void)snprintf(out, size, "has(%s)", name);
}

/* One letter a word: `c` a comparison, `h` a has(). */
static void write_condition(struct scenario *s, commodity_id goods, char *out,
                            size_t size)
{
    static const char *const shapes[] = {"%c",
                                         "%c",
                                         "%c",
                                         "%c and %c",
                                         "%c or %c",
                                         "not (%c) and %c",
                                         "not (%c or %c)",
                                         "%h and %c",
                                         "not %h or %c",
                                         "(%c or %c) and not (%c)",
                                         "%h"};
    size_t len = 0;

    for (const char *shape = shapes[random_below(&s->random, 11)]; *shape; shape++) {
        if (*shape != '%') {
            out[len++] = *shape;
            continue;
        }
        shape++;
        if (*shape == 'h')
            write_has(s, out + len, size - len);
        else
            write_comparison(s, goods, out + len, size - len);
        while (out[len] != '\0')
            len++;
    }
    out[len] = '\0';
}

static void parse(const char *text, struct expr *out)
{
    struct expr_error error;

    cr_assert(expr_parse(text_of(text), out, &error) == ST_OK, "%s: %s", text,
              error.text);
}

void scenario_rules(struct scenario *s)
{
    const int64_t spans[] = {0, 0, HOUR_US, 3 * DAY_US, 10 * DAY_US + 1};

    /* In some worlds nothing ever looks by itself. */
    s->set.rules_len = (size_t)random_below(&s->random, SCENARIO_RULES_MAX + 1);
    for (size_t i = 0; i < s->set.rules_len; i++) {
        struct rule *rule = &s->rules[i];

        s->countries[i] =
            random_chance(&s->random, 95) ? scenario_country(s) : place("RUS");
        s->commodities[i] = scenario_goods(s);
        *rule = (struct rule){.uid = scenario_uids[i],
                              .alert = scenario_uids[i],
                              .countries = &s->countries[i],
                              .countries_len = 1,
                              .commodities = &s->commodities[i],
                              .commodities_len = 1,
                              .hold = spans[random_below(&s->random, 5)],
                              .keep = spans[random_below(&s->random, 5)]};
        write_condition(s, s->commodities[i], s->whens[i][0], SCENARIO_TEXT_SIZE);
        parse(s->whens[i][0], &rule->when);
        if (!random_chance(&s->random, 40))
            continue;
        write_condition(s, s->commodities[i], s->whens[i][1], SCENARIO_TEXT_SIZE);
        parse(s->whens[i][1], &rule->clear);
    }
    s->years[0] = (struct year_setting){place("PRK"), s->goods[2], 11, 1};
    s->years[1] = (struct year_setting){PLACE_ANY, COMMODITY_ANY, 7, 15};
    s->set.rules = s->rules;
    s->set.years = s->years;
    s->set.years_len = (size_t)random_below(&s->random, SCENARIO_YEARS_MAX + 1);
}
