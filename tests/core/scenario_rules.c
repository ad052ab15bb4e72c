/* The rules of a random world, and how it is shown when something went wrong. */
#include "scenario.h"

#include "story.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const scenario_uids[SCENARIO_RULES_MAX] = {"one",  "two",  "three",
                                                       "four", "five", "six"};

static void write_comparison(struct scenario *s, commodity_id goods, char *out,
                             size_t size)
{
    struct random *r = &s->random;
    bool energy = commodity_get(goods)->dimension == DIMENSION_ENERGY;
    const char *unit = energy ? "kJ" : "g";
    static const char *const signs[] = {"<", "<=", ">", ">="};
    static const int horizons[] = {1, 30, 90};
    const char *sign = signs[random_below(r, 4)];
    int64_t most = 3 * s->scale * (energy ? 20 : 1);
    int64_t amount =
        random_chance(r, 15) ? 0 : random_below(r, random_below(r, most) + 1);
    int horizon = horizons[random_below(r, 3)];
    int percent = (int)random_below(r, 130);
    int days = (int)random_below(r, 90);

    switch ((enum metric)random_below(r, METRIC_COUNT)) {
    case METRIC_STOCK:
    case METRIC_COUNT:
        (void)snprintf(out, size, "stock %s %" PRId64 " %s", sign, amount, unit);
        return;
    case METRIC_UNMET:
        (void)snprintf(out, size, "unmet %s %" PRId64 " %s", sign, amount, unit);
        return;
    case METRIC_DAYS_OF_COVER:
        (void)snprintf(out, size, "days_of_cover %s %d.25", sign, days);
        return;
    case METRIC_SHORTFALL:
        (void)snprintf(out, size, "shortfall(%dd) %s %" PRId64 " %s", horizon, sign,
                       amount, unit);
        return;
    case METRIC_SHORTFALL_RATIO:
        (void)snprintf(out, size, "shortfall_ratio(%dd) %s %d.%02d", horizon, sign,
                       percent / 100, percent % 100);
        return;
    case METRIC_UNCOVERED_DEFICIT:
        (void)snprintf(out, size, "uncovered_deficit %s %" PRId64 " %s", sign, amount,
                       unit);
        return;
    case METRIC_DELIVERY_RATIO:
        (void)snprintf(out, size, "delivery_ratio %s 0.%02d", sign, percent % 100);
        return;
    case METRIC_OVERDUE:
        (void)snprintf(out, size, "overdue %s %" PRId64 " %s", sign, amount, unit);
        return;
    case METRIC_PRICE:
        (void)snprintf(out, size, "price(spot) %s %d USD/%s", sign, 4 * days,
                       energy ? "GJ" : "t");
        return;
    case METRIC_PRICE_CHANGE:
        (void)snprintf(out, size, "price_change(spot, %dd) %s %d.%02d", horizon, sign,
                       percent / 100, percent % 100);
        return;
    case METRIC_COST_TO_COVER:
        (void)snprintf(out, size, "cost_to_cover(spot, %dd) %s %" PRId64 " USD", horizon,
                       sign, amount / 10000);
        return;
    case METRIC_AGE:
        (void)snprintf(out, size, "age %s %d.5", sign, days);
        return;
    }
}

static void write_condition(struct scenario *s, commodity_id goods, char *out,
                            size_t size)
{
    static const char *const shapes[] = {"%s",
                                         "%s",
                                         "%s and %s",
                                         "%s or %s",
                                         "not (%s) and %s",
                                         "has(delivery_ratio) and %s",
                                         "not has(days_of_cover) or %s"};
    const char *shape = shapes[random_below(&s->random, 7)];
    char first[96];
    char second[96];
    char *words[] = {first, second};

    write_comparison(s, goods, first, sizeof first);
    write_comparison(s, goods, second, sizeof second);
    /* The shape's parts one after the other: formats are never made at run time. */
    size_t len = 0;

    for (int word = 0; *shape != '\0'; shape++) {
        if (*shape == '%') {
            len += (size_t)snprintf(out + len, size - len, "%s", words[word++]);
            shape++;
        } else {
            out[len++] = *shape;
        }
    }
    out[len] = '\0';
}

void scenario_rules(struct scenario *s);

void scenario_rules(struct scenario *s)
{
    const int64_t spans[] = {0, 0, HOUR_US, 3 * DAY_US, 10 * DAY_US + 1};
    struct expr_error error;

    for (size_t i = 0; i < SCENARIO_RULES_MAX; i++) {
        struct rule *rule = &s->rules[i];
        bool clear = random_chance(&s->random, 40);

        s->countries[i] = scenario_country(s);
        s->commodities[i] = scenario_goods(s);
        *rule = (struct rule){.uid = scenario_uids[i],
                              .alert = scenario_uids[i],
                              .countries = &s->countries[i],
                              .countries_len = 1,
                              .commodities = &s->commodities[i],
                              .commodities_len = 1,
                              .hold = spans[random_below(&s->random, 5)],
                              .keep = spans[random_below(&s->random, 5)]};
        write_condition(s, s->commodities[i], s->whens[i][0], sizeof s->whens[i][0]);
        write_condition(s, s->commodities[i], s->whens[i][1], sizeof s->whens[i][1]);
        cr_assert(expr_parse(text_of(s->whens[i][0]), &rule->when, &error) == ST_OK,
                  "%s: %s", s->whens[i][0], error.text);
        cr_assert(!clear ||
                      expr_parse(text_of(s->whens[i][1]), &rule->clear, &error) == ST_OK,
                  "%s: %s", s->whens[i][1], error.text);
    }
    s->years[0] = (struct year_setting){place("PRK"), s->goods[2], 11, 1};
    s->years[1] = (struct year_setting){PLACE_ANY, COMMODITY_ANY, 7, 15};
    s->set = (struct ruleset){.rules = s->rules,
                              .rules_len = SCENARIO_RULES_MAX,
                              .years = s->years,
                              .years_len = (size_t)random_below(&s->random, 3)};
}

static void print_time(const char *name, int64_t time)
{
    char buffer[TIMESTAMP_SIZE];

    if (time != TIME_NONE)
        (void)fprintf(stderr, " %s %s", name, timestamp_format(time, buffer));
}

static void print_amount(commodity_id goods, const struct amount *a)
{
    (void)fprintf(stderr, " %s %" PRId64, commodity_code(goods),
                  qty_base_units(a->amount));
}

static void print_shipment(const struct shipment *s)
{
    (void)fprintf(stderr, " %s-%s", place_code(s->from), place_code(s->to));
    print_amount(s->commodity, &s->quantity);
    print_time("departed", s->departed);
    print_time("eta", s->eta);
    print_time("arrived", s->arrived);
    (void)fprintf(stderr, " with %" PRId64 " for %.*s credit %.*s%s",
                  qty_base_units(s->arrived_quantity.amount), TEXT_ARGS(s->pledge),
                  TEXT_ARGS(s->credit), s->cancelled ? " cancelled" : "");
}

static void print_event(const struct event *ev)
{
    const struct pledge *p = &ev->as.pledge;
    const struct policy *y = &ev->as.policy;

    (void)fprintf(stderr, "  %s %.*s/%.*s.%" PRId32 "%s%s", event_kind_name(ev->kind),
                  TEXT_ARGS(ev->source), TEXT_ARGS(ev->id), ev->revision,
                  ev->retract ? " retracted" : "",
                  ev->alternative_to.len > 0 ? " alternative" : "");
    print_time("time", ev->time);
    if (ev->retract) {
        (void)fprintf(stderr, "\n");
        return;
    }
    if (ev->kind == EVENT_SHIPMENT)
        print_shipment(&ev->as.shipment);
    if (ev->kind == EVENT_PLEDGE) {
        (void)fprintf(stderr, " %s-%s %s", place_code(p->from), place_code(p->to),
                      pledge_status_name(p->status));
        print_amount(p->commodity, &p->quantity);
        print_time("due", p->due);
    }
    if (ev->kind == EVENT_POLICY) {
        (void)fprintf(stderr, " %s-%s %s %" PRId32, place_code(y->actor),
                      place_code(y->target), commodity_code(y->commodity), y->factor);
        print_time("until", y->until);
    }
    if (ev->kind == EVENT_PRICE)
        (void)fprintf(stderr, " %s %" PRId64 "/%s",
                      commodity_code(ev->as.price.commodity), ev->as.price.money,
                      unit_code(ev->as.price.unit));
    if (ev->kind == EVENT_STOCK || ev->kind == EVENT_PRODUCTION ||
        ev->kind == EVENT_USE) {
        (void)fprintf(stderr, " %s", place_code(ev->as.stock.country));
        print_amount(ev->as.stock.commodity, &ev->as.stock.quantity);
        print_time("until", ev->as.stock.until);
    }
    (void)fprintf(stderr, "\n");
}

void scenario_print(const struct scenario *s)
{
    char buffer[TIMESTAMP_SIZE];

    for (size_t i = 0; i < s->steps_len; i++) {
        (void)fprintf(stderr, "%s\n", timestamp_format(s->steps[i].clock, buffer));
        for (size_t k = 0; k < s->steps[i].events_len; k++)
            print_event(s->steps[i].events[k]);
    }
    (void)fprintf(stderr, "%s end\n", timestamp_format(s->until, buffer));
    for (size_t i = 0; i < s->set.rules_len; i++)
        (void)fprintf(stderr,
                      "%s %s/%s: %s; clear: %s; for %" PRId64 " keep %" PRId64 "\n",
                      s->rules[i].uid, place_code(s->countries[i]),
                      commodity_code(s->commodities[i]), s->whens[i][0],
                      s->rules[i].clear.len > 0 ? s->whens[i][1] : "-", s->rules[i].hold,
                      s->rules[i].keep);
    for (size_t i = 0; i < s->set.years_len; i++)
        (void)fprintf(stderr, "year %s %s %u-%u\n", place_code(s->years[i].country),
                      commodity_code(s->years[i].commodity), s->years[i].month,
                      s->years[i].day);
}
