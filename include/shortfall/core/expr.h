/* Rule expressions: comparisons of a metric with a number, joined by and, or, not. */
#ifndef SHORTFALL_CORE_EXPR_H
#define SHORTFALL_CORE_EXPR_H

#include "shortfall/core/decimal.h"
#include "shortfall/core/event.h"
#include "shortfall/core/unit.h"

#define EXPR_NODES_MAX  64
#define HORIZON_DEFAULT (90 * DAY_US)

enum metric {
    METRIC_STOCK,
    METRIC_UNMET,
    METRIC_DAYS_OF_COVER,
    METRIC_SHORTFALL,
    METRIC_SHORTFALL_RATIO,
    METRIC_UNCOVERED_DEFICIT,
    METRIC_DELIVERY_RATIO,
    METRIC_OVERDUE,
    METRIC_PRICE,
    METRIC_PRICE_CHANGE,
    METRIC_COST_TO_COVER,
    METRIC_AGE,
    METRIC_COUNT
};

/* What a metric's number measures, and so which threshold it takes. */
enum measure {
    MEASURE_AMOUNT,
    MEASURE_DAYS,
    MEASURE_RATIO,
    MEASURE_PRICE,
    MEASURE_MONEY
};

const char *metric_name(enum metric metric);
enum measure metric_measure(enum metric metric);

/* For pages of reference: how it is written with all its arguments, and what it is. */
const char *metric_usage(enum metric metric);
const char *metric_meaning(enum metric metric);

/* A metric with its arguments; those it does not take are zero. */
struct term {
    enum metric metric;
    int64_t horizon; /* microseconds, > 0 */
    int64_t window;  /* microseconds, > 0 */
    char market[EVENT_MARKET_MAX + 1];
    char currency[4];
};

enum comparison { LESS, LESS_EQUAL, GREATER, GREATER_EQUAL };

struct threshold {
    struct decimal number;
    unit_id unit; /* of an amount or a price; UNIT_NONE for days, ratios, money */
};

enum expr_op { EXPR_AND, EXPR_OR, EXPR_NOT, EXPR_HAS, EXPR_COMPARE };

struct expr_node {
    enum expr_op op;
    uint8_t left, right; /* operands of and, or; not: left */
    enum comparison comparison;
    struct term term; /* of a comparison or has() */
    struct threshold threshold;
    uint32_t offset; /* where the comparison begins in the text, in bytes */
    uint32_t threshold_offset;
};

/* nodes[len - 1] is the root; operands stand before their operator. len 0: none. */
struct expr {
    uint8_t len;
    struct expr_node nodes[EXPR_NODES_MAX];
};

struct expr_error {
    uint32_t offset; /* bytes from the start of the text */
    char text[200];
};

/* Reads an expression. ST_INVALID with the place and the reason, with a suggestion for an
 * unknown metric or unit; ST_FULL when it has more than EXPR_NODES_MAX nodes. */
MUST_USE enum status expr_parse(struct text text, struct expr *out,
                                struct expr_error *error);

/* Whether every threshold can be compared with this commodity: an amount of another
 * dimension cannot. ST_INVALID with the place and the reason. */
MUST_USE enum status expr_check_commodity(const struct expr *expr, commodity_id commodity,
                                          struct expr_error *error);

/* Whether `clear` can be true where `when` is: judged where both are one comparison of
 * the same term. */
bool expr_overlaps(const struct expr *when, const struct expr *clear);

#define TERM_SIZE 80
/* "shortfall(90d)", "price(brent)"; returns `buffer`. */
const char *term_format(const struct term *term, char buffer[TERM_SIZE]);

#endif
