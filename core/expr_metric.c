/* The table of metrics (semantics, section 5) and how a term is written. */
#include "expr_metric.h"

#include "codes.h"

#include "shortfall/core/timestamp.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Of one argument as text: a market with its quotes, or a duration. */
#define ARGUMENT_SIZE (EVENT_MARKET_MAX + 3)
#define NO_ARGUMENTS                                                                     \
    {                                                                                    \
        ARGUMENT_NONE, ARGUMENT_NONE                                                     \
    }

static_assert(ARGUMENT_SIZE >= DURATION_SIZE, "holds a market or a duration");

static const struct metric_row rows[METRIC_COUNT] = {
    [METRIC_STOCK] = {"stock", MEASURE_AMOUNT, NO_ARGUMENTS, 0, "stock",
                      "what is there; never below zero"},
    [METRIC_UNMET] = {"unmet", MEASURE_AMOUNT, NO_ARGUMENTS, 0, "unmet",
                      "need that found no stock since the balance year began"},
    [METRIC_DAYS_OF_COVER] = {"days_of_cover", MEASURE_DAYS, NO_ARGUMENTS, 0,
                              "days_of_cover",
                              "how long the stock lasts if nothing arrives; none when no "
                              "use lies ahead"},
    [METRIC_SHORTFALL] = {"shortfall",
                          MEASURE_AMOUNT,
                          {ARGUMENT_HORIZON, ARGUMENT_NONE},
                          0,
                          "shortfall(90d)",
                          "the deepest gap between use and what is there or expected by "
                          "then, within the horizon"},
    [METRIC_SHORTFALL_RATIO] = {"shortfall_ratio",
                                MEASURE_RATIO,
                                {ARGUMENT_HORIZON, ARGUMENT_NONE},
                                0,
                                "shortfall_ratio(90d)",
                                "shortfall as a share of the use within the horizon; "
                                "none when there is no use"},
    [METRIC_UNCOVERED_DEFICIT] =
        {"uncovered_deficit", MEASURE_AMOUNT, NO_ARGUMENTS, 0, "uncovered_deficit",
         "unmet need and use to the end of the balance year, less the stock and what is "
         "expected until then; at least 0"},
    [METRIC_DELIVERY_RATIO] = {"delivery_ratio", MEASURE_RATIO, NO_ARGUMENTS, 0,
                               "delivery_ratio",
                               "share of the agreed and complete pledges that has "
                               "arrived; none without a pledge"},
    [METRIC_OVERDUE] = {"overdue", MEASURE_AMOUNT, NO_ARGUMENTS, 0, "overdue",
                        "what has not arrived of agreed pledges whose date has passed"},
    [METRIC_PRICE] = {"price",
                      MEASURE_PRICE,
                      {ARGUMENT_MARKET, ARGUMENT_NONE},
                      1,
                      "price(market)",
                      "the latest price on this market; none before the first"},
    [METRIC_PRICE_CHANGE] = {"price_change",
                             MEASURE_RATIO,
                             {ARGUMENT_MARKET, ARGUMENT_WINDOW},
                             2,
                             "price_change(market, 30d)",
                             "the price against the price so long ago, as a share: 0.5 "
                             "is half as much again"},
    [METRIC_COST_TO_COVER] = {"cost_to_cover",
                              MEASURE_MONEY,
                              {ARGUMENT_MARKET, ARGUMENT_HORIZON},
                              1,
                              "cost_to_cover(market, 90d)",
                              "the shortfall at the latest price; none without a price"},
    [METRIC_AGE] = {"age", MEASURE_DAYS, NO_ARGUMENTS, 0, "age",
                    "time since the newest arrival, departure, harvest or stock report "
                    "of the account"},
};

const struct metric_row *metric_row(enum metric metric)
{
    assert(metric < METRIC_COUNT);
    return &rows[metric];
}

const char *metric_name(enum metric metric)
{
    return metric_row(metric)->name;
}

enum measure metric_measure(enum metric metric)
{
    return metric_row(metric)->measure;
}

const char *metric_usage(enum metric metric)
{
    return metric_row(metric)->usage;
}

const char *metric_meaning(enum metric metric)
{
    return metric_row(metric)->meaning;
}

enum metric metric_find(struct text name)
{
    for (unsigned i = 0; i < METRIC_COUNT; i++) {
        if (text_is(name, rows[i].name))
            return (enum metric)i;
    }
    return METRIC_COUNT;
}

const char *metric_suggest(struct text name)
{
    unsigned best = codes_reach(name);
    const char *near = NULL;
    for (unsigned i = 0; i < METRIC_COUNT; i++) {
        unsigned edits = text_distance(name, text_of(rows[i].name), best);
        if (edits > best || (near && edits == best))
            continue;
        best = edits;
        near = rows[i].name;
    }
    return near;
}

/* Whether lex_argument reads it back without quotes. */
static bool is_bare(const char *market)
{
    return !strpbrk(market, " \t\r\n,()<>=");
}

static const char *argument_format(const struct term *term, enum argument argument,
                                   char buffer[ARGUMENT_SIZE])
{
    switch (argument) {
    case ARGUMENT_MARKET:
        (void)snprintf(buffer, ARGUMENT_SIZE, is_bare(term->market) ? "%s" : "\"%s\"",
                       term->market);
        return buffer;
    case ARGUMENT_HORIZON:
        return duration_format(term->horizon, buffer);
    case ARGUMENT_WINDOW:
        return duration_format(term->window, buffer);
    case ARGUMENT_NONE:
        break;
    }
    return "";
}

const char *term_format(const struct term *term, char buffer[TERM_SIZE])
{
    const struct metric_row *row = metric_row(term->metric);
    char first_text[ARGUMENT_SIZE];
    char second_text[ARGUMENT_SIZE];
    if (row->arguments[0] == ARGUMENT_NONE) {
        (void)snprintf(buffer, TERM_SIZE, "%s", row->name);
        return buffer;
    }
    const char *first = argument_format(term, row->arguments[0], first_text);
    const char *second = argument_format(term, row->arguments[1], second_text);
    (void)snprintf(buffer, TERM_SIZE, "%s(%s%s%s)", row->name, first, *second ? ", " : "",
                   second);
    return buffer;
}
